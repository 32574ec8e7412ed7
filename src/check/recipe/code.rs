//! The code and the settings that trained the model.

use super::{elsewhere, found_elsewhere, has_settings, linked, local, places, resolved};
use crate::check::{counted, names, some, where_to_look};
use crate::evidence::{ArtifactKind, CodeRef, CodeTarget, Evidence, Parameter, Repository, SubjectKind};
use crate::finding::{Answer, Strength, Text};
use crate::lists::frameworks;
use crate::lists::judgement;
use crate::lists::licenses::Body;
use crate::lists::words;

fn known_parameters(e: &Evidence) -> Vec<Parameter> {
    Parameter::NEEDED.into_iter().filter(|p| e.recipe.parameters.contains_key(p)).collect()
}

pub(super) fn disclosed(e: &Evidence) -> Answer {
    /// Without these there is nothing to train by.
    const CORE: [Parameter; 5] = [
        Parameter::Optimizer,
        Parameter::LearningRate,
        Parameter::Batch,
        Parameter::SequenceLength,
        Parameter::Duration,
    ];
    if e.subject.kind == SubjectKind::Dataset {
        let linked = e.data.processing.iter().chain(&e.recipe.code);
        let has_code = |c: &&CodeRef| {
            let made = |r: &Repository| !r.of_kind(ArtifactKind::ProcessingCode).is_empty();
            // What is said to train a model is not said to make a set.
            let makes = c.said && e.data.processing.contains(c);
            let called = |r: &Repository| makes && r.programs > 0;
            c.repository.as_ref().is_some_and(|r| (made(r) || called(r)) && !frameworks::is_general(&r.name))
        };
        if let Some((code, repository)) = linked.clone().find(has_code).and_then(|c| Some((c, c.repository.as_ref()?)))
        {
            let name = &repository.name;
            return Answer::met(Text::new(
                format!("{name} holds the code that made the set"),
                format!("{name} contient le code qui a produit le jeu"),
            ))
            .by(Strength::Resolved)
            .at([code.place.clone()]);
        }
        return match e.data.processing.iter().find(|c| matches!(c.target, CodeTarget::Local { .. })) {
            Some(code) => Answer::met(Text::new(
                "the code that made the set is published",
                "le code qui a produit le jeu est publié",
            ))
            .at([code.place.clone()]),
            None => {
                elsewhere(e, Text::new("nothing tells how the set was made", "rien ne dit comment le jeu a été fait"))
            }
        };
    }
    let code = local(e);
    if !code.is_empty() {
        let (en, fr) = names(code.iter().map(|(_, p)| *p));
        return Answer::met(Text::new(
            format!("training code is in the release: {en}"),
            format!("le code d'entraînement est dans la publication : {fr}"),
        ))
        .at(places(&code));
    }
    if let Some(answer) = found_elsewhere(e) {
        return answer;
    }
    if CORE.iter().all(|p| e.recipe.parameters.contains_key(p)) {
        return Answer::met(Text::new(
            "the hyper-parameters to train by are stated",
            "les hyperparamètres pour l'entraîner sont donnés",
        ))
        .at(some(e.recipe.parameters.values().cloned()));
    }
    elsewhere(
        e,
        Text::new(
            "neither training code nor a full set of hyper-parameters was found here",
            "ni code d'entraînement ni jeu complet d'hyperparamètres n'a été trouvé ici",
        ),
    )
}

pub(super) fn code(e: &Evidence) -> Answer {
    let found = if e.subject.kind == SubjectKind::Dataset { vec![] } else { local(e) };
    if !found.is_empty() {
        let (en, fr) = names(found.iter().map(|(_, p)| *p));
        return Answer::met(Text::new(
            format!("training code is in the release: {en}"),
            format!("le code d'entraînement est dans la publication : {fr}"),
        ))
        .at(places(&found));
    }
    if e.subject.kind == SubjectKind::Dataset {
        return disclosed(e);
    }
    if let Some(answer) = found_elsewhere(e) {
        return answer;
    }
    let missing = e.recipe.code.iter().find_map(|c| match &c.target {
        CodeTarget::Missing(path) => Some((c, path.clone())),
        _ => None,
    });
    if let Some((code, path)) = missing {
        return Answer::not_met(Text::new(
            format!("{path} is named as the training code and is not there"),
            format!("{path} est nommé comme code d'entraînement et n'est pas là"),
        ))
        .at([code.place.clone()]);
    }
    let promised = e.claims.iter().find(|c| {
        !c.present
            && c.path.to_lowercase().contains("train")
            && (c.path.ends_with(".py") || c.path.ends_with(".sh") || c.path.ends_with(".ipynb"))
    });
    if let (Some(claim), true) = (promised, linked(e).is_empty()) {
        return Answer::not_met(Text::new(
            format!("the card names {} as being here, and it is not; no other training code was found", claim.path),
            format!(
                "la fiche dit que {} est là, et il n'y est pas ; aucun autre code d'entraînement n'a été trouvé",
                claim.path
            ),
        ))
        .at([claim.place.clone()]);
    }
    let stub = e.recipe.code.iter().find(|c| matches!(c.target, CodeTarget::Local { .. }));
    if let (Some(stub), true) = (stub, linked(e).is_empty()) {
        return Answer::not_met(Text::new(
            "the training code in the release has no code in it",
            "le code d'entraînement de la publication ne contient pas de code",
        ))
        .at([stub.place.clone()]);
    }
    elsewhere(e, Text::new("no training code is in the release", "aucun code d'entraînement n'est dans la publication"))
}

pub(super) fn code_license(e: &Evidence) -> Answer {
    let linked_code = resolved(e);
    let unknown = linked_code
        .iter()
        .find(|(c, _)| c.repository.as_ref().is_some_and(|r| r.license.as_deref() == Some("NOASSERTION")));
    if let (Some((code, name)), true) = (unknown, e.recipe.code_licenses.is_empty()) {
        let says = Text::new(
            format!("{name} has a license that its host does not know as an open one"),
            format!("{name} a une licence que son hébergeur ne connaît pas comme ouverte"),
        );
        // A license file that is listed and was not read may say more.
        let files = code.repository.as_ref().map(|r| r.of_kind(ArtifactKind::License)).unwrap_or_default();
        let listed = |path: &String| e.gaps.iter().any(|g| g.what == format!("{name}: {path}"));
        let answer = if files.iter().any(listed) { Answer::unknown(says) } else { Answer::not_met(says) };
        return answer.by(Strength::Resolved).at([code.place.clone()]);
    }
    let any = !local(e).is_empty()
        || !linked_code.is_empty()
        || (e.subject.kind == SubjectKind::Dataset && !e.data.processing.is_empty());
    if !any {
        return elsewhere(
            e,
            Text::new(
                "there is no training code here to have a license",
                "il n'y a pas ici de code d'entraînement qui puisse avoir une licence",
            ),
        );
    }
    if e.recipe.code_licenses.is_empty() {
        return Answer::not_met(Text::new(
            "no license is named for the training code",
            "aucune licence n'est nommée pour le code d'entraînement",
        ))
        .at(places(&local(e)))
        .at(places(&linked_code));
    }
    let approved = |id: &str| {
        let judgement = judgement::judge(id);
        judgement.strange.is_empty()
            && !judgement.licenses.is_empty()
            && judgement.licenses.iter().all(|l| l.approved.contains(&Body::Osi))
    };
    let (good, bad): (Vec<_>, Vec<_>) = e.recipe.code_licenses.iter().partition(|(id, _)| approved(id));
    let of = e.recipe.code_licenses.len();
    if let Some((id, place)) = bad.first() {
        return Answer::not_met(Text::new(
            format!("{id}, named for the code, is not OSI-approved"),
            format!("{id}, nommée pour le code, n'est pas approuvée par l'OSI"),
        ))
        .counting(good.len(), of)
        .at([place.clone()]);
    }
    let (en, fr) = names(good.iter().map(|(id, _)| id.as_str()));
    Answer::met(Text::new(
        format!("the training code is under {en}, OSI-approved"),
        format!("le code d'entraînement est sous {fr}, approuvée par l'OSI"),
    ))
    .at(some(good.iter().map(|(_, p)| p.clone())))
}

/// A configuration that could not be read, in a repository of the training code, whose path has the release's own name.
fn settings_by_name(e: &Evidence) -> Option<(&CodeRef, &str)> {
    /// Words of names that tell no release from another.
    const COMMON: &[&str] =
        &["base", "chat", "instruct", "model", "large", "small", "main", "hf", "v1", "v2", "it", "ai"];
    let id = e.subject.hub_id.as_deref().unwrap_or(&e.subject.name);
    let name = id.rsplit('/').next().unwrap_or(id).split('@').next().unwrap_or(id);
    let own: Vec<String> = words(name).filter(|w| w.len() >= 2 && !COMMON.contains(&w.as_str())).collect();
    let called = |c: &CodeRef| {
        c.said || c.repository.as_ref().is_some_and(|r| !r.of_kind(ArtifactKind::TrainingCode).is_empty())
    };
    resolved(e).into_iter().find_map(|(code, repository)| {
        let unread = e.gaps.iter().filter_map(|g| g.what.strip_prefix(repository)?.strip_prefix(": "));
        let shared = |path: &str| words(path).filter(|w| own.contains(w)).collect::<Vec<_>>();
        // "smollm3" tells by itself which model is meant; "opt" and "7b" do together.
        let named = |path: &&str| shared(path).len() >= 2 || shared(path).iter().any(|w| w.len() >= 5);
        unread.into_iter().find(named).filter(|_| called(code) && !own.is_empty()).map(|path| (code, path))
    })
}

/// The parameters in words.
fn parameter_names(parameters: &[Parameter]) -> (String, String) {
    let word = |p: &Parameter| match p {
        Parameter::Optimizer => ("optimizer", "optimiseur"),
        Parameter::LearningRate => ("learning rate", "taux d'apprentissage"),
        Parameter::Schedule => ("schedule", "calendrier du taux"),
        Parameter::Batch => ("batch size", "taille de lot"),
        Parameter::SequenceLength => ("sequence length", "longueur de séquence"),
        Parameter::Duration => ("steps or tokens", "pas ou jetons"),
        Parameter::Precision => ("precision", "précision"),
        Parameter::Parallelism => ("parallelism", "parallélisme"),
    };
    let all: Vec<_> = parameters.iter().map(word).collect();
    (all.iter().map(|w| w.0).collect::<Vec<_>>().join(", "), all.iter().map(|w| w.1).collect::<Vec<_>>().join(", "))
}

pub(super) fn configuration(e: &Evidence) -> Answer {
    if e.subject.kind == SubjectKind::Dataset {
        return Answer::not_applicable(Text::new(
            "a dataset has no hyper-parameters",
            "un jeu de données n'a pas d'hyperparamètres",
        ));
    }
    let known = known_parameters(e);
    let missing: Vec<Parameter> = Parameter::NEEDED.into_iter().filter(|p| !known.contains(p)).collect();
    let of = Parameter::NEEDED.len();
    let found = some(e.recipe.parameters.values().cloned());
    if missing.is_empty() {
        return Answer::met(Text::new(
            format!("all {of} hyper-parameters are stated"),
            format!("les {of} hyperparamètres sont donnés"),
        ))
        .counting(of, of)
        .at(found);
    }
    let (en, fr) = parameter_names(&missing);
    let says = Text::new(
        format!("hyper-parameters stated: {} of {of}; missing: {en}", known.len()),
        format!("hyperparamètres donnés : {} sur {of} ; il manque : {fr}", known.len()),
    );
    // Where all code was listed and none of it holds settings of this release, nothing is left to look at.
    let linked = linked(e);
    let bare =
        |c: &CodeRef| c.repository.as_ref().is_some_and(|r| r.absent || (r.listed && !r.cut && !has_settings(r)));
    if !linked.is_empty() && linked.iter().all(|(c, _)| bare(c)) {
        let at = if found.is_empty() { places(&linked) } else { found };
        return Answer::not_met(says).by(Strength::Resolved).counting(known.len(), of).at(at);
    }
    if let Some((code, path)) = settings_by_name(e) {
        let name = code.repository.as_ref().map_or("", |r| r.name.as_str());
        return Answer::met(Text::new(
            format!("{name} holds the settings of this release, by their name ({path}); what they say could not be read"),
            format!("{name} contient les réglages de cette publication, d'après leur nom ({path}) ; leur contenu n'a pas pu être lu"),
        ))
        .by(Strength::Resolved)
        .at([code.place.clone()]);
    }
    let answer = elsewhere(e, says).counting(known.len(), of);
    if found.is_empty() { answer } else { Answer { places: found, ..answer } }
}

pub(super) fn claimed_files(e: &Evidence) -> Answer {
    if e.claims.is_empty() {
        return Answer::not_applicable(Text::new(
            "the card names no file of the release",
            "la fiche ne nomme aucun fichier de la publication",
        ));
    }
    let missing: Vec<_> = e.claims.iter().filter(|c| !c.present).collect();
    let (of, there) = (e.claims.len(), e.claims.len() - missing.len());
    if missing.is_empty() {
        return Answer::met(Text::new(
            counted(of, "the one file that the card names is there", "all # files that the card names are there"),
            counted(of, "le seul fichier que la fiche nomme est là", "les # fichiers que la fiche nomme sont là"),
        ))
        .counting(of, of)
        .at(some(e.claims.iter().map(|c| c.place.clone())).into_iter().take(3));
    }
    let (en, fr) = names(missing.iter().map(|c| c.path.as_str()));
    Answer::not_met(Text::new(
        format!("the card names files that are not there: {en}"),
        format!("la fiche nomme des fichiers qui ne sont pas là : {fr}"),
    ))
    .counting(there, of)
    .at(some(missing.iter().map(|c| c.place.clone())))
}

pub(super) fn pinned(e: &Evidence) -> Answer {
    let code = local(e);
    if !code.is_empty() {
        let hashed = code.iter().filter(|(c, _)| c.revision.is_some()).count();
        let says = Text::new(
            "the code lies in the release, pinned by its digest",
            "le code est dans la publication, figé par son empreinte",
        );
        if hashed == code.len() {
            return Answer::met(says).by(Strength::Verified).at(places(&code));
        }
        return Answer::unknown(Text::new(
            "the code lies in the release, which was not hashed",
            "le code est dans la publication, qui n'a pas été hachée",
        ))
        .at(places(&code));
    }
    let links = linked(e);
    let exists = |c: &CodeRef| c.repository.as_ref().and_then(|r| r.revision_exists);
    match links.iter().find(|(c, _)| c.revision.is_some()) {
        Some((code, url)) if exists(code).is_some() => {
            let revision = code.revision.as_deref().unwrap_or_default();
            let answer = match exists(code) {
                Some(true) => Answer::met(Text::new(
                    format!("`{revision}` is named, and exists in {url}"),
                    format!("`{revision}` est nommé, et existe dans {url}"),
                )),
                _ => Answer::not_met(Text::new(
                    format!("`{revision}` is named, and does not exist in {url}"),
                    format!("`{revision}` est nommé, et n'existe pas dans {url}"),
                )),
            };
            answer.by(Strength::Resolved).at([code.place.clone()])
        }
        Some((code, _)) => Answer::unknown(Text::new(
            format!("`{}` is named; that it exists was not resolved", code.revision.as_deref().unwrap_or_default()),
            format!(
                "`{}` est nommé ; son existence n'a pas été vérifiée",
                code.revision.as_deref().unwrap_or_default()
            ),
        ))
        .at([code.place.clone()]),
        None if links.is_empty() => Answer::not_met(Text::new(
            "there is no training code to pin",
            "il n'y a pas de code d'entraînement à figer",
        ))
        .at(where_to_look(&e.card)),
        None => Answer::not_met(Text::new(
            "the link to the code names no commit or tag",
            "le lien vers le code ne nomme ni commit ni étiquette",
        ))
        .at(places(&links)),
    }
}
