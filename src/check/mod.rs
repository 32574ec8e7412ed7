//! Questions about the evidence. A check knows no rule, no weight and no colour; it touches nothing but the evidence.

pub mod artifact;
pub mod data;
pub mod integrity;
pub mod license;
pub mod recipe;

use std::str::FromStr;

use crate::evidence::{Card, Evidence, FrontMatter, GapKind, Place};
use crate::finding::{Answer, Text};

/// A question, by topic. Written `topic.name` in a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// About licenses and added terms.
    License(license::Question),
    /// About training data.
    Data(data::Question),
    /// About how it was trained.
    Recipe(recipe::Question),
    /// About files by kind and format.
    Artifact(artifact::Question),
    /// About digests.
    Integrity(integrity::Question),
}

impl Check {
    /// Every check, with the name a profile writes.
    pub fn all() -> impl Iterator<Item = (String, Check)> {
        let named = |topic: &'static str| move |name: &str| format!("{topic}.{name}");
        let license = license::QUESTIONS.iter().map(move |(n, q)| (named("license")(n), Check::License(*q)));
        let data = data::QUESTIONS.iter().map(move |(n, q)| (named("data")(n), Check::Data(*q)));
        let recipe = recipe::QUESTIONS.iter().map(move |(n, q)| (named("recipe")(n), Check::Recipe(*q)));
        let artifact = artifact::QUESTIONS.iter().map(move |(n, q)| (named("integrity")(n), Check::Artifact(*q)));
        let integrity = integrity::QUESTIONS.iter().map(move |(n, q)| (named("integrity")(n), Check::Integrity(*q)));
        license.chain(data).chain(recipe).chain(artifact).chain(integrity)
    }
}

impl FromStr for Check {
    type Err = String;

    fn from_str(text: &str) -> Result<Check, String> {
        Check::all().find(|(name, _)| name == text).map(|(_, check)| check).ok_or_else(|| {
            let names: Vec<String> = Check::all().map(|(name, _)| name).collect();
            let near = crate::lists::nearest(text, names.iter().map(String::as_str));
            match near.first() {
                Some(name) => format!("no check is called `{text}`; did you mean `{name}`?"),
                None => format!("no check is called `{text}`; known are {}", names.join(", ")),
            }
        })
    }
}

/// Asks a question.
pub fn ask(check: Check, evidence: &Evidence) -> Answer {
    match check {
        Check::License(q) => license::ask(q, evidence),
        Check::Data(q) => data::ask(q, evidence),
        Check::Recipe(q) => recipe::ask(q, evidence),
        Check::Artifact(q) => artifact::ask(q, evidence),
        Check::Integrity(q) => integrity::ask(q, evidence),
    }
}

/// Where one would look for what is absent: the card, or where a card would be.
fn where_to_look(card: &Card) -> Vec<Place> {
    card.path.as_deref().map(Place::file).into_iter().collect()
}

/// Whether a part of the card could not be read, so that an absence in it proves nothing.
fn card_is_torn(evidence: &Evidence) -> bool {
    let unread = |path: &str| {
        evidence.gaps.iter().any(|g| g.what == path && matches!(g.kind, GapKind::Unreadable | GapKind::TooBig))
    };
    matches!(evidence.card.front, FrontMatter::Broken { .. })
        || evidence.files.iter().any(|f| f.kind == crate::evidence::ArtifactKind::ModelCard && unread(&f.path))
}

/// A list of names for a sentence: at most five, then how many more.
fn names<'a>(all: impl IntoIterator<Item = &'a str>) -> (String, String) {
    let all: Vec<&str> = all.into_iter().collect();
    let shown: Vec<String> = all.iter().take(5).map(|n| format!("`{n}`")).collect();
    match all.len().saturating_sub(5) {
        0 => (shown.join(", "), shown.join(", ")),
        more => (format!("{} and {more} more", shown.join(", ")), format!("{} et {more} autres", shown.join(", "))),
    }
}

/// The places kept of many: a report shows some, the counts tell the rest.
fn some(places: impl IntoIterator<Item = Place>) -> Vec<Place> {
    let mut out: Vec<Place> = Vec::new();
    for place in places {
        if out.len() < 8 && !out.contains(&place) {
            out.push(place);
        }
    }
    out
}

/// What a question about base models comes to when none was followed.
fn about_bases(evidence: &Evidence, what: &Text) -> Answer {
    let bases = &evidence.bases;
    if let Some(first) = bases.models.first() {
        let (en, fr) = names(bases.models.iter().map(|m| m.id.as_str()));
        let says = Text::new(
            format!("not resolved: {} of {en} was not looked up, for this audit did not use the network", what.en),
            format!("non résolu : {} de {fr} n'a pas été consulté, car cet audit n'a pas utilisé le réseau", what.fr),
        );
        return Answer::unknown(says).counting(0, bases.models.len()).at(some(first.places.iter().cloned()));
    }
    match (bases.hints.first(), &bases.from_scratch) {
        (Some(_), None) => Answer::unknown(Text::new(
            "the card speaks of a model that this one was made from, and names none",
            "la fiche parle d'un modèle dont celui-ci est tiré, sans le nommer",
        ))
        .at(some(bases.hints.iter().cloned())),
        _ if card_is_torn(evidence) => Answer::unknown(Text::new(
            "a part of the card could not be read; it may name a base model",
            "une partie de la fiche n'a pu être lue ; elle nomme peut-être un modèle de base",
        ))
        .at(where_to_look(&evidence.card)),
        (_, scratch) => Answer::not_applicable(Text::new(
            "no base model is named or hinted at",
            "aucun modèle de base n'est nommé ni évoqué",
        ))
        .at(scratch.iter().cloned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_parse() {
        let all: Vec<(String, Check)> = Check::all().collect();
        for (name, check) in &all {
            assert_eq!(name.parse::<Check>().unwrap(), *check);
            assert_eq!(all.iter().filter(|(n, _)| n == name).count(), 1, "{name}");
        }
        assert!("license.declard".parse::<Check>().unwrap_err().contains("license.declared"));
    }

    #[test]
    fn an_empty_evidence_meets_nothing() {
        for (name, check) in Check::all() {
            let answer = ask(check, &Evidence::default());
            assert_ne!(answer.outcome, crate::finding::Outcome::Met, "{name}: {}", answer.says.en);
            assert!(!answer.says.fr.is_empty(), "{name}");
        }
    }
}
