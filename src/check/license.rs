//! May anyone use it for anything? Questions about the licenses named, their texts, and terms added elsewhere.

use std::collections::BTreeMap;

use super::{about_bases, card_is_torn, names, some, where_to_look};
use crate::evidence::{
    ArtifactKind, ClaimSource, Component, Evidence, Gap, GapKind, LicenseClaim, Place, SubjectKind, TextForm,
};
use crate::finding::{Answer, Strength, Text};
use crate::lists::judgement::{self, Judgement, Use};
use crate::lists::licenses::{self, Body, Restriction, Spelling, Standing};

/// The questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // each is explained by its rule in rules/three-criteria.toml
pub enum Question {
    Declared,
    Unrestricted,
    BaseUnrestricted,
    NoAddedTerms,
    Recognised,
    Consistent,
    TextPresent,
    IdentifierValid,
    Ungated,
    DataCompatible,
    TeacherTerms,
}

/// The questions by name.
pub const QUESTIONS: &[(&str, Question)] = &[
    ("declared", Question::Declared),
    ("unrestricted", Question::Unrestricted),
    ("base-unrestricted", Question::BaseUnrestricted),
    ("no-added-terms", Question::NoAddedTerms),
    ("recognised", Question::Recognised),
    ("consistent", Question::Consistent),
    ("text-present", Question::TextPresent),
    ("identifier-valid", Question::IdentifierValid),
    ("ungated", Question::Ungated),
    ("data-compatible", Question::DataCompatible),
    ("teacher-terms", Question::TeacherTerms),
];

pub(super) fn ask(question: Question, e: &Evidence) -> Answer {
    match question {
        Question::Declared => declared(e),
        Question::Unrestricted => unrestricted(e),
        Question::BaseUnrestricted => about_bases(e, &Text::new("the license", "la licence")),
        Question::NoAddedTerms => no_added_terms(e),
        Question::Recognised => recognised(e),
        Question::Consistent => consistent(e),
        Question::TextPresent => text_present(e),
        Question::IdentifierValid => identifier_valid(e),
        Question::Ungated => ungated(e),
        Question::DataCompatible => data_compatible(e),
        Question::TeacherTerms => teacher_terms(e),
    }
}

/// The claims that decide on use: those for the weights or the release, for a dataset also those for data.
fn deciding(e: &Evidence) -> Vec<&LicenseClaim> {
    let counts = |c: &&LicenseClaim| {
        c.component == Component::Weights || (e.subject.kind == SubjectKind::Dataset && c.component == Component::Data)
    };
    e.licenses.iter().filter(counts).collect()
}

/// A license or policy file that is there and could not be read: whatever it says, nobody here knows.
fn unread(e: &Evidence) -> Option<&Gap> {
    let kinds = [ArtifactKind::License, ArtifactKind::Policy];
    let is_text = |path: &str| e.files.iter().any(|f| f.path == path && kinds.contains(&f.kind));
    e.gaps.iter().find(|g| matches!(g.kind, GapKind::Unreadable | GapKind::TooBig) && is_text(&g.what))
}

/// The answer for a file that could not be read.
fn unread_answer(gap: &Gap) -> Answer {
    Answer::unknown(Text::new(
        format!("{} is there and could not be read", gap.what),
        format!("{} est là et n'a pas pu être lu", gap.what),
    ))
    .at([Place::file(&gap.what)])
}

/// What a claim comes to. A text that was not accounted for word by word decides nothing.
fn judged(claim: &LicenseClaim) -> Judgement {
    let mut judgement = judgement::judge(claim.expression.as_deref().unwrap_or(&claim.written));
    let whole = claim.text.as_ref().is_none_or(|t| matches!(t.form, TextForm::Exact | TextForm::Notice));
    if !whole && judgement.use_ == Use::Free {
        judgement.use_ = Use::Unknown;
    }
    judgement
}

/// Whether a claim names a license at all ("other" and "unknown" do not).
fn names_one(claim: &LicenseClaim) -> bool {
    let judgement = judgement::judge(claim.expression.as_deref().unwrap_or_default());
    claim.expression.is_some()
        && judgement.licenses.iter().all(|l| l.standing != Standing::None)
        && claim.text.as_ref().is_none_or(|t| matches!(t.form, TextForm::Exact | TextForm::Notice))
}

fn places<'a>(claims: impl IntoIterator<Item = &'a LicenseClaim>) -> Vec<Place> {
    some(claims.into_iter().map(|c| c.place.clone()))
}

fn declared(e: &Evidence) -> Answer {
    let claims = deciding(e);
    let named: Vec<_> = claims.iter().copied().filter(|c| names_one(c)).collect();
    if !named.is_empty() {
        let mut ids: Vec<&str> = named.iter().filter_map(|c| c.expression.as_deref()).collect();
        ids.sort_unstable();
        ids.dedup();
        let (en, fr) = names(ids);
        return Answer::met(Text::new(format!("the license is named: {en}"), format!("la licence est nommée : {fr}")))
            .at(places(named));
    }
    if let Some(claim) = claims.first() {
        return Answer::unknown(Text::new(
            format!("`{}` is named, but nothing here knows which license that is", claim.written),
            format!("`{}` est nommé, mais rien ici ne dit quelle licence c'est", claim.written),
        ))
        .at(places(claims));
    }
    if card_is_torn(e) {
        return Answer::unknown(Text::new(
            "no license was found in the part of the card that could be read",
            "aucune licence n'a été trouvée dans la partie lisible de la fiche",
        ))
        .at(where_to_look(&e.card));
    }
    Answer::not_met(Text::new(
        "no license is named: not in a card, a license file, the weights' metadata or ouvert.toml",
        "aucune licence n'est nommée : ni dans une fiche, ni dans un fichier de licence, ni dans les métadonnées des poids, ni dans ouvert.toml",
    ))
    .at(where_to_look(&e.card))
}

fn unrestricted(e: &Evidence) -> Answer {
    let claims = deciding(e);
    if claims.is_empty() {
        let nothing = Text::new(
            "no license was found, so no use is granted",
            "aucune licence n'a été trouvée, donc aucun usage n'est accordé",
        );
        let answer = if card_is_torn(e) { Answer::unknown(nothing) } else { Answer::not_met(nothing) };
        return answer.at(where_to_look(&e.card));
    }
    let with: Vec<(&LicenseClaim, Judgement)> = claims.iter().map(|c| (*c, judged(c))).collect();
    let barred: Vec<_> = with.iter().filter(|(_, j)| j.use_ == Use::Barred).collect();
    if let Some((_, first)) = barred.first() {
        let (en, fr) = restrictions(first);
        let id = first.licenses.iter().find(|l| l.restricts()).map(|l| l.name.clone()).unwrap_or_default();
        return Answer::not_met(Text::new(format!("{id} bars uses: {en}"), format!("{id} interdit des usages : {fr}")))
            .at(places(barred.iter().map(|(c, _)| *c)));
    }
    let changed =
        e.terms.iter().find(|t| t.certain && with.iter().any(|(c, _)| c.text.is_some() && c.written == t.place.path));
    if let Some(term) = changed {
        return Answer::not_met(Text::new(
            format!("the license text in {} adds a restriction", term.place.path),
            format!("le texte de licence de {} ajoute une restriction", term.place.path),
        ))
        .at([term.place.clone()]);
    }
    if !with.iter().any(|(c, _)| names_one(c))
        && let Some(term) = e.terms.iter().find(|t| t.certain)
    {
        let kind = restriction(&term.kind);
        return Answer::not_met(Text::new(
            format!("no license is identified, and the only terms seen restrict use: {}", kind.en),
            format!(
                "aucune licence n'est identifiée, et les seules conditions vues restreignent l'usage : {}",
                kind.fr
            ),
        ))
        .at([term.place.clone()]);
    }
    if let Some(gap) = unread(e) {
        return unread_answer(gap);
    }
    let unsure: Vec<_> = with.iter().filter(|(_, j)| j.use_ == Use::Unknown).collect();
    if let Some((claim, judgement)) = unsure.first() {
        return unsure_answer(claim, judgement).at(places(unsure.iter().map(|(c, _)| *c)));
    }
    let mut ids: Vec<&str> = with.iter().flat_map(|(_, j)| j.licenses.iter().map(|l| l.spdx_id())).collect();
    ids.sort_unstable();
    ids.dedup();
    let (en, fr) = names(ids);
    Answer::met(Text::new(format!("{en} bars no use"), format!("{fr} n'interdit aucun usage"))).at(places(claims))
}

/// The restrictions of a judgement in words: kind and reason of the first three.
fn restrictions(judgement: &Judgement) -> (String, String) {
    let bars: Vec<_> = judgement.bars().collect();
    let en: Vec<String> =
        bars.iter().take(3).map(|(_, b)| format!("{} ({})", b.en.trim_end_matches('.'), b.clause)).collect();
    let fr: Vec<String> =
        bars.iter().take(3).map(|(_, b)| format!("{} ({})", b.fr.trim_end_matches('.'), b.clause)).collect();
    (en.join("; "), fr.join(" ; "))
}

fn unsure_answer(claim: &LicenseClaim, judgement: &Judgement) -> Answer {
    let name = &claim.written;
    let says = match claim.text.as_ref().map(|t| (t.form, t.confidence)) {
        Some((TextForm::Changed, confidence)) => {
            let id = claim.expression.as_deref().unwrap_or_default();
            Text::new(
                format!(
                    "the text of {name} is near {id} ({confidence:.3}), but not word for word: read what was changed"
                ),
                format!(
                    "le texte de {name} est proche de {id} ({confidence:.3}), mais pas mot pour mot : lisez ce qui a changé"
                ),
            )
        }
        Some((TextForm::Unknown, _)) => Text::new(
            format!("the text of {name} is no license known here: a person must read it"),
            format!("le texte de {name} n'est aucune licence connue ici : quelqu'un doit le lire"),
        ),
        _ if judgement.licenses.iter().any(|l| l.standing == Standing::Family) => Text::new(
            format!("`{name}` is a family of licenses, some of which bar uses: name the one"),
            format!("`{name}` est une famille de licences dont certaines interdisent des usages : nommez laquelle"),
        ),
        _ => Text::new(
            format!("nobody has read the license `{name}` here: whether it bars a use is not known"),
            format!("personne n'a lu ici la licence `{name}` : on ne sait pas si elle interdit un usage"),
        ),
    };
    Answer::unknown(says)
}

fn no_added_terms(e: &Evidence) -> Answer {
    let certain: Vec<_> = e.terms.iter().filter(|t| t.certain).collect();
    if let Some(first) = certain.first() {
        let kind = restriction(&first.kind);
        return Answer::not_met(Text::new(
            format!("a sentence adds a restriction beside the license: {}", kind.en),
            format!("une phrase ajoute une restriction à côté de la licence : {}", kind.fr),
        ))
        .at(some(certain.iter().map(|t| t.place.clone())));
    }
    if !e.terms.is_empty() {
        return Answer::unknown(Text::new(
            "a sentence may add a restriction; a person must read it",
            "une phrase ajoute peut-être une restriction ; quelqu'un doit la lire",
        ))
        .at(some(e.terms.iter().map(|t| t.place.clone())));
    }
    if let Some(gap) = unread(e) {
        return unread_answer(gap);
    }
    if card_is_torn(e) {
        return Answer::unknown(Text::new(
            "a part of the card could not be read; it may add terms",
            "une partie de la fiche n'a pu être lue ; elle ajoute peut-être des conditions",
        ))
        .at(where_to_look(&e.card));
    }
    if e.card.path.is_none() && e.licenses.is_empty() {
        return Answer::unknown(Text::new("there is no text to read", "il n'y a aucun texte à lire"));
    }
    Answer::met(Text::new(
        "no sentence of the card, of a policy file or of a gate adds a restriction",
        "aucune phrase de la fiche, d'une politique d'usage ou d'un formulaire d'accès n'ajoute de restriction",
    ))
    .at(where_to_look(&e.card))
}

fn restriction(kind: &str) -> Text {
    serde_json::from_value::<Restriction>(kind.into()).map(Restriction::text).unwrap_or_else(|_| Text::new(kind, kind))
}

fn recognised(e: &Evidence) -> Answer {
    let claims: Vec<_> = deciding(e).into_iter().filter(|c| names_one(c)).collect();
    if claims.is_empty() {
        return Answer::unknown(Text::new("no license was identified", "aucune licence n'a été identifiée"))
            .at(where_to_look(&e.card));
    }
    let strange: Vec<_> = claims.iter().copied().filter(|c| !judged(c).recognised()).collect();
    if let Some(first) = strange.first() {
        let judgement = judged(first);
        let id = first.expression.as_deref().unwrap_or(&first.written);
        let unread = judgement.licenses.iter().all(|l| matches!(l.standing, Standing::Unread | Standing::Family));
        let says = Text::new(
            format!(
                "{id} is neither approved by OSI or FSF, nor conformant with the Open Definition, nor on the reviewed list"
            ),
            format!(
                "{id} n'est ni approuvée par l'OSI ou la FSF, ni conforme à l'Open Definition, ni sur la liste relue"
            ),
        );
        let answer =
            if unread && !judgement.licenses.is_empty() { Answer::unknown(says) } else { Answer::not_met(says) };
        return answer.counting(claims.len() - strange.len(), claims.len()).at(places(strange));
    }
    let bodies = |j: &Judgement, b: Body| j.licenses.iter().all(|l| l.approved.contains(&b));
    let all: Vec<Judgement> = claims.iter().map(|c| judged(c)).collect();
    let by: Vec<&str> = [(Body::Osi, "OSI"), (Body::Fsf, "FSF"), (Body::Od, "Open Definition")]
        .into_iter()
        .filter(|(b, _)| all.iter().all(|j| bodies(j, *b)))
        .map(|(_, name)| name)
        .collect();
    let says = if by.is_empty() {
        Text::new("the license is on the reviewed list", "la licence est sur la liste relue")
    } else {
        Text::new(
            format!("the license is recognised by: {}", by.join(", ")),
            format!("la licence est reconnue par : {}", by.join(", ")),
        )
    };
    Answer::met(says).at(places(claims))
}

/// One id for a license wherever it is named: GNU ids with and without `-only` name the same text.
fn canonical(claim: &LicenseClaim) -> Option<String> {
    let expression = claim.expression.as_deref()?;
    let one = |id: &str| id.trim_end_matches("-only").trim_end_matches("-or-later").to_owned();
    Some(licenses::find(expression).map_or_else(|| expression.to_owned(), |l| one(l.spdx_id())))
}

fn consistent(e: &Evidence) -> Answer {
    let claims = deciding(e);
    let mut by_id: BTreeMap<String, Vec<&LicenseClaim>> = BTreeMap::new();
    let mut unknown = Vec::new();
    for claim in claims.iter().copied() {
        let whole = claim.text.as_ref().is_none_or(|t| matches!(t.form, TextForm::Exact | TextForm::Notice));
        match canonical(claim).filter(|_| whole) {
            Some(id) => by_id.entry(id).or_default().push(claim),
            None => unknown.push(claim),
        }
    }
    if by_id.len() > 1 {
        let (en, fr) = names(by_id.keys().map(String::as_str));
        let most = by_id.values().map(Vec::len).max().unwrap_or(0);
        let firsts = by_id.values().filter_map(|c| c.first().copied());
        return Answer::not_met(Text::new(
            format!("places disagree: {en}"),
            format!("des endroits se contredisent : {fr}"),
        ))
        .counting(most, claims.len())
        .at(places(firsts));
    }
    let Some((id, agreeing)) = by_id.iter().next() else {
        return Answer::unknown(Text::new("no license was identified", "aucune licence n'a été identifiée"))
            .at(places(unknown));
    };
    if let Some(odd) = unknown.first() {
        return Answer::unknown(Text::new(
            format!("whether {} agrees with {id} cannot be told", odd.written),
            format!("on ne peut dire si {} s'accorde avec {id}", odd.written),
        ))
        .counting(agreeing.len(), claims.len())
        .at(places(unknown));
    }
    let n = agreeing.len();
    let says = if n == 1 {
        Text::new(format!("one place names the license, {id}"), format!("un seul endroit nomme la licence, {id}"))
    } else {
        Text::new(format!("{n} places agree on {id}"), format!("{n} endroits s'accordent sur {id}"))
    };
    Answer::met(says).counting(n, n).at(places(agreeing.iter().copied()))
}

fn text_present(e: &Evidence) -> Answer {
    let claims = deciding(e);
    let text = |c: &&LicenseClaim| {
        c.source == ClaimSource::LicenseText && c.text.as_ref().is_some_and(|t| t.form == TextForm::Exact)
    };
    if let Some(found) = claims.iter().copied().find(text) {
        let id = found.expression.as_deref().unwrap_or_default();
        return Answer::met(Text::new(
            format!("{} holds the full text of {id}, every word accounted for", found.written),
            format!("{} contient le texte entier de {id}, chaque mot étant vérifié", found.written),
        ))
        .at([found.place.clone()]);
    }
    if let Some(gap) = unread(e) {
        return unread_answer(gap);
    }
    let files: Vec<_> = claims.iter().copied().filter(|c| c.text.is_some()).collect();
    let says = match files.first().and_then(|c| Some((c, c.text.as_ref()?))) {
        None => Text::new(
            "no license text ships with the release: a name alone does not give the terms",
            "aucun texte de licence n'accompagne la publication : un nom seul ne donne pas les conditions",
        ),
        Some((claim, text)) if text.form == TextForm::Notice => Text::new(
            format!("{} holds a short notice, not the license's text", claim.written),
            format!("{} contient une courte notice, pas le texte de la licence", claim.written),
        ),
        Some((claim, text)) if text.form == TextForm::Changed => Text::new(
            format!(
                "the text of {} differs from {} ({:.3} alike)",
                claim.written,
                claim.expression.as_deref().unwrap_or_default(),
                text.confidence
            ),
            format!(
                "le texte de {} diffère de {} (ressemblance {:.3})",
                claim.written,
                claim.expression.as_deref().unwrap_or_default(),
                text.confidence
            ),
        ),
        Some((claim, _)) => {
            return Answer::unknown(Text::new(
                format!("the text of {} is no license known here", claim.written),
                format!("le texte de {} n'est aucune licence connue ici", claim.written),
            ))
            .at(places(files));
        }
    };
    let places = if files.is_empty() { places(claims) } else { places(files) };
    Answer::not_met(says).at(places)
}

fn identifier_valid(e: &Evidence) -> Answer {
    let written = |c: &&LicenseClaim| {
        let is_name_of_other = c.place.excerpt.as_deref().is_some_and(|x| x.trim_start().starts_with("license_name"));
        matches!(c.source, ClaimSource::FrontMatter | ClaimSource::Manifest | ClaimSource::WeightsMetadata)
            && !is_name_of_other
    };
    let claims: Vec<_> = deciding(e).into_iter().filter(written).collect();
    if claims.is_empty() {
        return Answer::not_met(Text::new(
            "no field holds a license identifier",
            "aucun champ ne contient d'identifiant de licence",
        ))
        .at(where_to_look(&e.card));
    }
    let mut odd = Vec::new();
    let mut says = None;
    for claim in &claims {
        let told = match licenses::spelling(&claim.written) {
            Spelling::Valid => continue,
            Spelling::Deprecated(what) => {
                Text::new(format!("a deprecated identifier: {what}"), format!("un identifiant périmé : {what}"))
            }
            Spelling::Invalid(near) => match near.first() {
                Some(id) => Text::new(
                    format!("`{}` is not a valid identifier; did you mean `{id}`?", claim.written),
                    format!("`{}` n'est pas un identifiant valide ; vouliez-vous dire `{id}` ?", claim.written),
                ),
                None => Text::new(
                    format!("`{}` is neither an SPDX expression nor a license id of the hub", claim.written),
                    format!("`{}` n'est ni une expression SPDX ni un identifiant de licence du hub", claim.written),
                ),
            },
        };
        odd.push(*claim);
        says.get_or_insert(told);
    }
    match says {
        Some(says) => Answer::not_met(says).counting(claims.len() - odd.len(), claims.len()).at(places(odd)),
        None => {
            let (en, fr) = names([claims.first().map_or("", |c| c.written.as_str())]);
            Answer::met(Text::new(format!("{en} is a valid identifier"), format!("{fr} est un identifiant valide")))
                .counting(claims.len(), claims.len())
                .at(places(claims))
        }
    }
}

fn ungated(e: &Evidence) -> Answer {
    if !e.gate.is_empty() {
        return Answer::not_met(Text::new(
            "the front matter sets up a gate: files are served after a form",
            "l'en-tête de la fiche met en place un contrôle d'accès : les fichiers sont servis après un formulaire",
        ))
        .by(Strength::Declared)
        .at(some(e.gate.iter().cloned()));
    }
    Answer::unknown(Text::new(
        "how the files are served was not seen: this audit read a directory",
        "on n'a pas vu comment les fichiers sont servis : cet audit a lu un dossier",
    ))
}

fn data_compatible(e: &Evidence) -> Answer {
    if e.datasets.is_empty() || e.subject.kind == SubjectKind::Dataset {
        return Answer::not_applicable(Text::new(
            "no training dataset is named",
            "aucun jeu d'entraînement n'est nommé",
        ));
    }
    let use_of = |license: Option<&String>| license.map_or(Use::Unknown, |l| judgement::judge(l).use_);
    let stricter: Vec<_> = e.datasets.iter().filter(|d| use_of(d.license.as_ref()) == Use::Barred).collect();
    let unknown = e.datasets.iter().filter(|d| use_of(d.license.as_ref()) == Use::Unknown).count();
    let of = e.datasets.len();
    if let Some(first) = stricter.first() {
        let license = first.license.clone().unwrap_or_default();
        return Answer::not_met(Text::new(
            format!("`{}` is under {license}, which bars uses that the model's license grants", first.name),
            format!("`{}` est sous {license}, qui interdit des usages que la licence du modèle accorde", first.name),
        ))
        .counting(of - stricter.len() - unknown, of)
        .at(some(stricter.iter().flat_map(|d| d.places.first().cloned())));
    }
    if unknown > 0 {
        return Answer::unknown(Text::new(
            format!("the license of {unknown} of {of} training datasets is not known"),
            format!("la licence de {unknown} des {of} jeux d'entraînement n'est pas connue"),
        ))
        .counting(of - unknown, of)
        .at(some(
            e.datasets
                .iter()
                .filter(|d| use_of(d.license.as_ref()) == Use::Unknown)
                .flat_map(|d| d.places.first().cloned()),
        ));
    }
    Answer::met(Text::new(
        "no training dataset's license bars a use",
        "aucune licence de jeu d'entraînement n'interdit un usage",
    ))
    .counting(of, of)
    .at(some(e.datasets.iter().flat_map(|d| d.places.first().cloned())))
}

fn teacher_terms(e: &Evidence) -> Answer {
    /// Names by which sets made by a model whose terms follow the output are known.
    const MADE_BY: &[&str] = &[
        "alpaca",
        "chatgpt",
        "sharegpt",
        "gpt4",
        "gpt-4",
        "gpt3",
        "gpt-3",
        "ultrachat",
        "self-instruct",
        "self_instruct",
        "vicuna",
        "synthetic",
        "distill",
        "gemma",
        "llama",
        "claude",
        "gemini",
    ];
    if let Some((teacher, place)) = e.data.synthetic.first() {
        let bound = licenses::find(teacher).is_some_and(|l| l.output_terms);
        let says = Text::new(
            format!("training text was made by {teacher}; that model's terms may follow its output"),
            format!(
                "du texte d'entraînement a été produit par {teacher} ; les conditions de ce modèle peuvent suivre ses sorties"
            ),
        );
        let answer = if bound { Answer::not_met(says) } else { Answer::unknown(says) };
        return answer.by(Strength::Declared).at([place.clone()]);
    }
    let hinted: Vec<_> =
        e.datasets.iter().filter(|d| MADE_BY.iter().any(|m| d.name.to_lowercase().contains(m))).collect();
    if let Some(first) = hinted.first() {
        return Answer::unknown(Text::new(
            format!("the name of `{}` suggests text made by another model", first.name),
            format!("le nom de `{}` évoque un texte produit par un autre modèle", first.name),
        ))
        .counting(e.datasets.len() - hinted.len(), e.datasets.len())
        .at(some(hinted.iter().flat_map(|d| d.places.first().cloned())));
    }
    if e.datasets.is_empty() {
        // Whether data is named at all is asked by the data criterion; terms of sets that nobody names cannot be read.
        return Answer::not_applicable(Text::new(
            "no training dataset is named",
            "aucun jeu d'entraînement n'est nommé",
        ));
    }
    let unread = e.datasets.iter().filter(|d| d.access != crate::evidence::Access::Included).count();
    if unread > 0 {
        return Answer::unknown(Text::new(
            format!(
                "not resolved: the cards of the training datasets were not read ({unread} of {})",
                e.datasets.len()
            ),
            format!(
                "non résolu : les fiches des jeux d'entraînement n'ont pas été lues ({unread} sur {})",
                e.datasets.len()
            ),
        ))
        .counting(e.datasets.len() - unread, e.datasets.len());
    }
    Answer::met(Text::new(
        "no training dataset is said to be another model's output",
        "aucun jeu d'entraînement n'est dit issu d'un autre modèle",
    ))
    .counting(e.datasets.len(), e.datasets.len())
    .at(some(e.datasets.iter().flat_map(|d| d.documented.clone())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{Term, TextMatch};
    use crate::finding::Outcome;

    fn claim(source: ClaimSource, written: &str, expression: Option<&str>) -> LicenseClaim {
        LicenseClaim {
            component: Component::Weights,
            source,
            written: written.into(),
            expression: expression.map(Into::into),
            text: None,
            place: Place::file("README.md"),
        }
    }

    fn with(claims: Vec<LicenseClaim>) -> Evidence {
        Evidence { licenses: claims, ..Evidence::default() }
    }

    fn outcome(q: Question, e: &Evidence) -> Outcome {
        ask(q, e).outcome
    }

    #[test]
    fn use_is_the_strictest_of_all_places() {
        let front = |id: &str| {
            claim(ClaimSource::FrontMatter, id, licenses::find(id).map(|l| l.spdx_id().to_owned()).as_deref())
        };
        for (ids, wanted) in [
            (vec!["apache-2.0"], Outcome::Met),
            (vec!["apache-2.0", "cc-by-nc-4.0"], Outcome::NotMet),
            (vec!["mit", "microsoft-research-license"], Outcome::NotMet),
            (vec!["llama2", "other"], Outcome::NotMet),
            (vec!["other"], Outcome::Unknown),
            (vec!["mit", "house-license"], Outcome::Unknown),
            (vec![], Outcome::NotMet),
        ] {
            let e = with(ids.iter().map(|i| front(i)).collect());
            assert_eq!(outcome(Question::Unrestricted, &e), wanted, "{ids:?}");
        }
    }

    #[test]
    fn a_changed_text_never_passes() {
        let mut text = claim(ClaimSource::LicenseText, "LICENSE", Some("Apache-2.0"));
        text.text = Some(TextMatch { form: TextForm::Changed, confidence: 0.995, residue: None });
        let mut e = with(vec![claim(ClaimSource::FrontMatter, "apache-2.0", Some("Apache-2.0")), text]);
        assert_eq!(outcome(Question::Unrestricted, &e), Outcome::Unknown);
        assert_eq!(outcome(Question::TextPresent, &e), Outcome::NotMet);
        assert_eq!(outcome(Question::Consistent, &e), Outcome::Unknown);
        e.terms.push(Term {
            phrase: "x".into(),
            kind: "non-commercial".into(),
            certain: true,
            place: Place::file("LICENSE"),
        });
        assert_eq!(outcome(Question::Unrestricted, &e), Outcome::NotMet);
        assert_eq!(outcome(Question::NoAddedTerms, &e), Outcome::NotMet);
    }

    #[test]
    fn gnu_spellings_are_one() {
        let e = with(vec![
            claim(ClaimSource::FrontMatter, "gpl-3.0", Some("GPL-3.0-only")),
            claim(ClaimSource::Manifest, "GPL-3.0-or-later", Some("GPL-3.0-or-later")),
        ]);
        assert_eq!(outcome(Question::Consistent, &e), Outcome::Met);
    }

    #[test]
    fn a_vendor_license_that_bars_nothing_is_not_recognised() {
        let e = with(vec![claim(ClaimSource::FrontMatter, "apple-ascl", Some("apple-ascl"))]);
        assert_eq!(outcome(Question::Recognised, &e), Outcome::NotMet);
        for id in ["CDLA-Permissive-2.0", "OpenMDW-1.0", "CC-BY-4.0", "etalab-2.0", "MIT"] {
            let e = with(vec![claim(ClaimSource::FrontMatter, id, Some(id))]);
            assert_eq!(outcome(Question::Recognised, &e), Outcome::Met, "{id}");
        }
    }
}
