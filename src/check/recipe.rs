//! Can somebody else train it again? Questions about code, settings, environment and records of the training.

use super::{about_bases, card_is_torn, names, some, where_to_look};
use crate::evidence::{CodeRef, CodeTarget, Evidence, HardwareFact, Parameter, Place, SubjectKind};
use crate::finding::{Answer, Strength, Text};
use crate::lists::judgement;
use crate::lists::licenses::Body;

/// The questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // each is explained by its rule in rules/three-criteria.toml
pub enum Question {
    Disclosed,
    Code,
    BaseCode,
    CodeLicense,
    Configuration,
    ClaimedFiles,
    Pinned,
    Environment,
    Seeds,
    Steps,
    Hardware,
    Logs,
    Checkpoints,
    Evaluation,
    Report,
    Reproduced,
}

/// The questions by name.
pub const QUESTIONS: &[(&str, Question)] = &[
    ("disclosed", Question::Disclosed),
    ("code", Question::Code),
    ("base-code", Question::BaseCode),
    ("code-license", Question::CodeLicense),
    ("configuration", Question::Configuration),
    ("claimed-files", Question::ClaimedFiles),
    ("pinned", Question::Pinned),
    ("environment", Question::Environment),
    ("seeds", Question::Seeds),
    ("steps", Question::Steps),
    ("hardware", Question::Hardware),
    ("logs", Question::Logs),
    ("checkpoints", Question::Checkpoints),
    ("evaluation", Question::Evaluation),
    ("report", Question::Report),
    ("reproduced", Question::Reproduced),
];

/// Lines of code below which all the training code together is a stub.
const STUB: usize = 10;

pub(super) fn ask(question: Question, e: &Evidence) -> Answer {
    let r = &e.recipe;
    match question {
        Question::Disclosed => disclosed(e),
        Question::Code => code(e),
        Question::BaseCode => about_bases(e, &Text::new("the training code", "le code d'entraînement")),
        Question::CodeLicense => code_license(e),
        Question::Configuration => configuration(e),
        Question::ClaimedFiles => claimed_files(e),
        Question::Pinned => pinned(e),
        Question::Environment => environment(e),
        Question::Seeds => seeds(e),
        Question::Steps => steps(e),
        Question::Hardware => hardware(e),
        Question::Logs => records(e, &r.logs, "training logs", "des journaux d'entraînement"),
        Question::Checkpoints => records(e, &r.checkpoints, "intermediate checkpoints", "des points de contrôle"),
        Question::Evaluation => evaluation(e),
        Question::Report => records(e, &r.reports, "a paper or report", "un article ou un rapport"),
        Question::Reproduced => reproduced(e),
    }
}

/// Training code in the release, when it is more than a stub.
fn local(e: &Evidence) -> Vec<(&CodeRef, &str)> {
    let mut lines = 0;
    let mut found = Vec::new();
    for code in &e.recipe.code {
        if let CodeTarget::Local { path, lines: Some(n @ 1..) } = &code.target {
            lines += n;
            found.push((code, path.as_str()));
        }
    }
    if lines >= STUB { found } else { vec![] }
}

/// Links to training code that were not followed.
fn linked(e: &Evidence) -> Vec<(&CodeRef, &str)> {
    let mut found = Vec::new();
    for code in &e.recipe.code {
        if let CodeTarget::Url(url) = &code.target {
            found.push((code, url.as_str()));
        }
    }
    found
}

fn places(code: &[(&CodeRef, &str)]) -> Vec<Place> {
    some(code.iter().map(|(c, _)| c.place.clone()))
}

/// The answer when code lies behind a link, or nowhere.
fn elsewhere(e: &Evidence, says: Text) -> Answer {
    let links = linked(e);
    if links.is_empty() {
        let answer = if card_is_torn(e) { Answer::unknown(says) } else { Answer::not_met(says) };
        return answer.at(where_to_look(&e.card));
    }
    let (en, fr) = names(links.iter().map(|(_, u)| *u));
    Answer::unknown(Text::new(
        format!("{}; the linked code was not resolved: {en}", says.en),
        format!("{} ; le code en lien n'a pas été résolu : {fr}", says.fr),
    ))
    .at(places(&links))
}

fn known_parameters(e: &Evidence) -> Vec<Parameter> {
    Parameter::NEEDED.into_iter().filter(|p| e.recipe.parameters.contains_key(p)).collect()
}

fn disclosed(e: &Evidence) -> Answer {
    /// Without these there is nothing to train by.
    const CORE: [Parameter; 5] = [
        Parameter::Optimizer,
        Parameter::LearningRate,
        Parameter::Batch,
        Parameter::SequenceLength,
        Parameter::Duration,
    ];
    if e.subject.kind == SubjectKind::Dataset {
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

fn code(e: &Evidence) -> Answer {
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

fn code_license(e: &Evidence) -> Answer {
    let any = !local(e).is_empty() || (e.subject.kind == SubjectKind::Dataset && !e.data.processing.is_empty());
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
        .at(places(&local(e)));
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

fn configuration(e: &Evidence) -> Answer {
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
        format!("{} of {of} hyper-parameters are stated; missing: {en}", known.len()),
        format!("{} hyperparamètres sur {of} sont donnés ; il manque : {fr}", known.len()),
    );
    let answer = elsewhere(e, says).counting(known.len(), of);
    if found.is_empty() { answer } else { Answer { places: found, ..answer } }
}

fn claimed_files(e: &Evidence) -> Answer {
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
            format!("all {of} files that the card names are there"),
            format!("les {of} fichiers que la fiche nomme sont là"),
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

fn pinned(e: &Evidence) -> Answer {
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
    match links.iter().find(|(c, _)| c.revision.is_some()) {
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

fn environment(e: &Evidence) -> Answer {
    let files = &e.recipe.environment;
    if let Some(file) = files.iter().find(|f| f.pinned) {
        return Answer::met(Text::new(
            format!("{} pins the environment", file.place.path),
            format!("{} fixe l'environnement", file.place.path),
        ))
        .at([file.place.clone()]);
    }
    if let Some(file) = files.first() {
        return Answer::not_met(Text::new(
            format!("{} names dependencies without pinning them all", file.place.path),
            format!("{} nomme des dépendances sans toutes les figer", file.place.path),
        ))
        .at(some(files.iter().map(|f| f.place.clone())));
    }
    elsewhere(
        e,
        Text::new(
            "no lock file, pinned requirements or image digest was found",
            "aucun fichier de verrouillage, aucune dépendance figée ni empreinte d'image n'a été trouvé",
        ),
    )
}

fn seeds(e: &Evidence) -> Answer {
    let (seed, order) = (&e.recipe.seeds, &e.recipe.data_order);
    let found: Vec<Place> = seed.iter().chain(order).cloned().collect();
    match (seed, order) {
        (Some(_), Some(_)) => {
            Answer::met(Text::new("seed and data order are stated", "la graine et l'ordre des données sont donnés"))
                .counting(2, 2)
                .at(found)
        }
        (Some(_), None) => elsewhere(
            e,
            Text::new(
                "a seed is stated, the order of the data is not",
                "une graine est donnée, l'ordre des données ne l'est pas",
            ),
        )
        .counting(1, 2)
        .at(found),
        (None, Some(_)) => elsewhere(
            e,
            Text::new(
                "the order of the data is stated, no seed is",
                "l'ordre des données est donné, aucune graine ne l'est",
            ),
        )
        .counting(1, 2)
        .at(found),
        (None, None) => elsewhere(
            e,
            Text::new(
                "neither a seed nor the order of the data is stated",
                "ni graine ni ordre des données n'est donné",
            ),
        )
        .counting(0, 2),
    }
}

fn steps(e: &Evidence) -> Answer {
    match &e.recipe.steps {
        Some((n, place)) => Answer::met(Text::new(
            format!("{n} commands lead from data to weights"),
            format!("{n} commandes mènent des données aux poids"),
        ))
        .at([place.clone()]),
        None => elsewhere(
            e,
            Text::new("no ordered list of commands was found", "aucune liste ordonnée de commandes n'a été trouvée"),
        ),
    }
}

fn hardware(e: &Evidence) -> Answer {
    let stated = &e.recipe.hardware;
    let facts = [
        (HardwareFact::Hardware, "hardware", "matériel"),
        (HardwareFact::Duration, "duration", "durée"),
        (HardwareFact::Energy, "energy", "énergie"),
    ];
    let missing: Vec<_> = facts.iter().filter(|(f, ..)| !stated.contains_key(f)).collect();
    let found = some(stated.values().cloned());
    if missing.is_empty() {
        return Answer::met(Text::new(
            "hardware, duration and energy are stated",
            "matériel, durée et énergie sont donnés",
        ))
        .by(Strength::Declared)
        .counting(3, 3)
        .at(found);
    }
    let list = |pick: fn(&(HardwareFact, &'static str, &'static str)) -> &'static str| {
        missing.iter().map(|f| pick(f)).collect::<Vec<_>>().join(", ")
    };
    let places = if found.is_empty() { where_to_look(&e.card) } else { found };
    Answer::not_met(Text::new(format!("not stated: {}", list(|f| f.1)), format!("non donnés : {}", list(|f| f.2))))
        .counting(3 - missing.len(), 3)
        .at(places)
}

fn records(e: &Evidence, found: &[Place], en: &str, fr: &str) -> Answer {
    match found.len() {
        0 => elsewhere(e, Text::new(format!("{en}: none found"), format!("{fr} : rien de trouvé"))),
        1 => Answer::met(Text::new(format!("{en}: found"), format!("{fr} : trouvé"))).at(found.iter().cloned()),
        n => Answer::met(Text::new(format!("{en}: found in {n} places"), format!("{fr} : trouvé à {n} endroits")))
            .at(some(found.iter().cloned()).into_iter().take(3)),
    }
}

fn evaluation(e: &Evidence) -> Answer {
    let (code, results) = (&e.recipe.evaluation_code, &e.recipe.evaluation_results);
    let found: Vec<Place> = code.iter().take(2).chain(results.iter().take(2)).cloned().collect();
    match (code.is_empty(), results.is_empty()) {
        (false, false) => {
            Answer::met(Text::new("evaluation code and results are here", "code et résultats d'évaluation sont là"))
                .counting(2, 2)
                .at(found)
        }
        (false, true) => elsewhere(
            e,
            Text::new("evaluation code is here, results are not", "le code d'évaluation est là, les résultats non"),
        )
        .counting(1, 2)
        .at(found),
        (true, false) => elsewhere(
            e,
            Text::new(
                "evaluation results are here, the code is not",
                "les résultats d'évaluation sont là, le code non",
            ),
        )
        .counting(1, 2)
        .at(found),
        (true, true) => elsewhere(
            e,
            Text::new(
                "neither evaluation code nor results were found",
                "ni code ni résultats d'évaluation n'ont été trouvés",
            ),
        )
        .counting(0, 2),
    }
}

fn reproduced(e: &Evidence) -> Answer {
    let deterministic = e.recipe.steps.iter().map(|(_, p)| p.clone());
    Answer::unknown(Text::new(
        "no attested re-run was seen; this audit runs nothing of a release",
        "aucune réexécution attestée n'a été vue ; cet audit n'exécute rien d'une publication",
    ))
    .at(deterministic)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Outcome, Tally};

    fn with(target: CodeTarget) -> Evidence {
        let mut e = Evidence::default();
        e.recipe.code.push(CodeRef { target, revision: None, place: Place::file("README.md") });
        e
    }

    #[test]
    fn code_here_code_behind_a_link_and_a_stub() {
        let local = |n| CodeTarget::Local { path: "train.py".into(), lines: Some(n) };
        for (target, wanted) in [
            (local(40), Outcome::Met),
            (local(0), Outcome::NotMet),
            (CodeTarget::Url("https://github.com/a/b".into()), Outcome::Unknown),
            (CodeTarget::Missing("train.py".into()), Outcome::NotMet),
        ] {
            assert_eq!(ask(Question::Code, &with(target.clone())).outcome, wanted, "{target:?}");
        }
    }

    #[test]
    fn missing_parameters_are_counted_and_named() {
        let mut e = Evidence::default();
        for p in [
            Parameter::Optimizer,
            Parameter::LearningRate,
            Parameter::Batch,
            Parameter::SequenceLength,
            Parameter::Duration,
        ] {
            e.recipe.parameters.insert(p, Place::file("README.md"));
        }
        let answer = ask(Question::Configuration, &e);
        assert_eq!((answer.outcome, answer.tally), (Outcome::NotMet, Tally { met: 5, of: 7 }));
        assert!(answer.says.en.contains("schedule, precision"));
        assert_eq!(ask(Question::Disclosed, &e).outcome, Outcome::Met);
    }
}
