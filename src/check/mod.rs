//! Questions about the evidence. A check knows no rule, no weight and no colour; it touches nothing but the evidence.

pub mod artifact;
pub mod component;
pub mod data;
pub mod integrity;
pub mod license;
pub mod recipe;
pub mod record;
pub mod summary;

use std::str::FromStr;

use crate::evidence::{ArtifactKind, BaseModel, Card, Dataset, Evidence, FrontMatter, Gap, Place, Topic};
use crate::finding::{Answer, Outcome, Strength, Text};
use crate::lists::artifacts;
use crate::lists::judgement::{self, Use};
use crate::lists::licenses::Restriction;

/// A question, by topic. Written `topic.name` in a profile.
#[derive(Clone, Debug, PartialEq)]
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
    /// About a component, and its license.
    Component(component::Question),
    /// About the record that stands for a release.
    Record(record::Question),
    /// About the public summary of training content.
    Summary(summary::Question),
    /// What no machine answers.
    Person,
}

impl Check {
    /// Every check that a profile names without parameters, with that name.
    pub fn all() -> impl Iterator<Item = (String, Check)> {
        let named = |topic: &'static str| move |name: &str| format!("{topic}.{name}");
        let license = license::QUESTIONS.iter().map(move |(n, q)| (named("license")(n), Check::License(q.clone())));
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
pub fn ask(check: &Check, evidence: &Evidence) -> Answer {
    let answer = match check {
        Check::License(q) => license::ask(q, evidence),
        Check::Data(q) => data::ask(*q, evidence),
        Check::Recipe(q) => recipe::ask(*q, evidence),
        Check::Artifact(q) => artifact::ask(*q, evidence),
        Check::Integrity(q) => integrity::ask(*q, evidence),
        Check::Component(q) => return component::ask(q, evidence),
        Check::Record(q) => return record::ask(q, evidence),
        Check::Summary(q) => return summary::ask(q, evidence),
        Check::Person => Answer::unknown(Text::new(
            "this is for a person to read and to judge",
            "c'est à une personne de le lire et d'en juger",
        )),
    };
    // What a record says of a license is said; what it leaves out may be in the release.
    let told = match check {
        Check::License(q) => {
            use license::Question::{BasesUngated, NoGate, TextPresent, Ungated};
            !matches!(q, TextPresent | Ungated | NoGate | BasesUngated)
        }
        Check::Data(data::Question::Licensed) => !evidence.datasets.is_empty(),
        _ => false,
    };
    if evidence.record.is_some() && answer.outcome == Outcome::NotMet && !told {
        let says = Text::new(
            format!("{}; a record was read, not the release", answer.says.en),
            format!("{} ; on a lu une notice, non la publication", answer.says.fr),
        );
        return Answer { outcome: Outcome::Unknown, strength: Strength::Declared, says, ..answer };
    }
    answer
}

/// Questions of one topic that another builds on.
#[derive(Clone, Copy, Debug)]
enum Asked {
    Unrestricted,
    AddedTerms,
    TrainingCode,
    CodeLicense,
    Configuration,
    Checkpoints,
    ProcessingCode,
    DataDeclared,
    DataAccessible,
    DataComplete,
    BaseDataPublished,
    BaseUnrestricted,
    BaseCode,
}

/// The answer that another topic builds on: the same that a profile gets.
fn asked(question: Asked, e: &Evidence) -> Answer {
    let check = match question {
        Asked::Unrestricted => Check::License(license::Question::Unrestricted),
        Asked::AddedTerms => Check::License(license::Question::NoAddedTerms),
        Asked::TrainingCode => Check::Recipe(recipe::Question::Code),
        Asked::CodeLicense => Check::Recipe(recipe::Question::CodeLicense),
        Asked::Configuration => Check::Recipe(recipe::Question::Configuration),
        Asked::Checkpoints => Check::Recipe(recipe::Question::Checkpoints),
        Asked::ProcessingCode => Check::Data(data::Question::ProcessingCode),
        Asked::DataDeclared => Check::Data(data::Question::Declared),
        Asked::DataAccessible => Check::Data(data::Question::Accessible),
        Asked::DataComplete => Check::Data(data::Question::Complete),
        Asked::BaseDataPublished => Check::Data(data::Question::BasePublished),
        Asked::BaseUnrestricted => Check::License(license::Question::BaseUnrestricted),
        Asked::BaseCode => Check::Recipe(recipe::Question::BaseCode),
    };
    ask(&check, e)
}

/// Where one would look for what is absent: the card, or where a card would be.
fn where_to_look(card: &Card) -> Vec<Place> {
    card.path.as_deref().map(Place::file).into_iter().collect()
}

/// The files of some kinds that are there and could not be read; one that was not even listed, such as a link that leads out, is of
/// the kind that its name tells, or a folder of such.
fn unread<'a>(evidence: &'a Evidence, kinds: &[ArtifactKind]) -> impl Iterator<Item = &'a Gap> {
    let is_one = move |gap: &&Gap| {
        let of = |kind: ArtifactKind| kinds.contains(&kind);
        // A long name is cut: what it ends with is not known.
        let named = || {
            let (file, folder) = (artifacts::kind_of(&gap.what), artifacts::kind_of(&format!("{}/text", gap.what)));
            of(file) || of(folder) || gap.what.ends_with('…')
        };
        let listed = || evidence.files.iter().find(|f| f.path == gap.what);
        gap.kind.hides() && listed().map_or_else(|| gap.topic == Topic::Integrity && named(), |f| of(f.kind))
    };
    evidence.gaps.iter().filter(is_one)
}

/// Whether a part of the card could not be read.
fn card_is_torn(evidence: &Evidence) -> bool {
    matches!(evidence.card.front, FrontMatter::Broken { .. })
        || unread(evidence, &[ArtifactKind::ModelCard]).next().is_some()
}

/// A sentence about one, or about several: their number stands where it has a `#`.
fn counted(n: usize, one: &str, several: &str) -> String {
    if n == 1 { one.to_owned() } else { several.replacen('#', &n.to_string(), 1) }
}

/// A list of names for a sentence: at most five, then how many more.
fn names<'a>(all: impl IntoIterator<Item = &'a str>) -> (String, String) {
    let all: Vec<&str> = all.into_iter().collect();
    let shown: Vec<String> = all.iter().take(5).map(|n| format!("`{n}`")).collect();
    match all.len().saturating_sub(5) {
        0 => (shown.join(", "), shown.join(", ")),
        more => (format!("{} and {more} more", shown.join(", ")), format!("{} et {more} de plus", shown.join(", "))),
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

/// A kind of restriction in words.
fn restriction(kind: &str) -> Text {
    serde_json::from_value::<Restriction>(kind.into()).map(Restriction::text).unwrap_or_else(|_| Text::new(kind, kind))
}

/// What the license of a set and the terms that a record adds to it come to; none where nothing is named.
fn use_of(set: &Dataset) -> Option<Use> {
    let named = set.license.as_deref().map(|l| judgement::judge(l).use_);
    match set.terms.iter().map(|t| t.certain).max() {
        Some(true) => Some(Use::Barred),
        Some(false) => Some(named.map_or(Use::Unknown, |u| u.min(Use::Unknown))),
        None => named,
    }
}

/// The answer that decides among several: one not met, else one unknown, else the first.
fn worst(answers: impl IntoIterator<Item = Answer>) -> Answer {
    let rank = |a: &Answer| match a.outcome {
        Outcome::NotMet => 0,
        Outcome::Unknown => 1,
        Outcome::Met => 2,
        Outcome::NotApplicable => 3,
    };
    let nothing = || Answer::not_applicable(Text::new("nothing to ask", "rien à demander"));
    answers.into_iter().min_by_key(rank).unwrap_or_else(nothing)
}

/// A model up the chain of bases.
struct Ancestor<'a> {
    /// The model that names it as its base.
    child: &'a Evidence,
    model: &'a BaseModel,
}

/// Every model that a release was made from, up the chain, the nearest first.
fn ancestors(evidence: &Evidence) -> Vec<Ancestor<'_>> {
    let mut out: Vec<Ancestor<'_>> = Vec::new();
    let mut open = vec![evidence];
    while let Some(child) = open.pop() {
        for model in &child.bases.models {
            open.extend(model.evidence.as_deref());
            out.push(Ancestor { child, model });
        }
    }
    out
}

/// Asks the same of every model that this one was made from. One that fails decides; one that could not be seen leaves it
/// open; a model whose card speaks of a base and names none does too.
fn about_bases(evidence: &Evidence, what: &Text, ask: &dyn Fn(&Ancestor<'_>, &Evidence) -> Answer) -> Answer {
    let all = ancestors(evidence);
    if all.is_empty() {
        return without_bases(evidence);
    }
    let (mut bad, mut blind, mut good) = (Vec::new(), Vec::new(), Vec::new());
    for ancestor in &all {
        let Some(base) = ancestor.model.evidence.as_deref() else {
            blind.push((ancestor, None));
            continue;
        };
        let answer = ask(ancestor, base);
        match answer.outcome {
            Outcome::NotMet => bad.push((ancestor, answer)),
            Outcome::Unknown => blind.push((ancestor, Some(answer))),
            _ if base.bases.models.is_empty() && without_bases(base).outcome == Outcome::Unknown => {
                blind.push((ancestor, Some(without_bases(base))));
            }
            _ => good.push((ancestor, answer)),
        }
    }
    let of = all.len();
    let places = |ancestor: &Ancestor<'_>, answer: Option<&Answer>| {
        let own = ancestor.model.places.first().cloned();
        let id = &ancestor.model.id;
        let theirs = answer.into_iter().flat_map(|a| a.places.iter().take(2));
        let theirs = theirs.map(|p| Place { path: format!("{id}: {}", p.path), ..p.clone() });
        some(own.into_iter().chain(theirs))
    };
    if let Some((ancestor, answer)) = bad.first() {
        let id = &ancestor.model.id;
        let says = Text::new(format!("`{id}`: {}", answer.says.en), format!("`{id}` : {}", answer.says.fr));
        return Answer::not_met(says)
            .by(Strength::Resolved)
            .counting(good.len(), of)
            .at(places(ancestor, Some(answer)));
    }
    if let Some((ancestor, answer)) = blind.first() {
        let id = &ancestor.model.id;
        let says = match answer {
            Some(answer) => Text::new(format!("`{id}`: {}", answer.says.en), format!("`{id}` : {}", answer.says.fr)),
            None if ancestor.model.again => Text::new(
                format!("the chain of bases bites its tail at `{id}`"),
                format!("la chaîne des modèles de base se mord la queue à `{id}`"),
            ),
            None => Text::new(
                format!("not resolved: {} of `{id}` could not be looked up", what.en),
                format!("non résolu : {} de `{id}`, qui n'a pas pu être consulté", what.fr),
            ),
        };
        return Answer::unknown(says).counting(good.len(), of).at(places(ancestor, answer.as_ref()));
    }
    let (en, fr) = names(good.iter().map(|(a, _)| a.model.id.as_str()));
    let told = good.first().filter(|_| of == 1).map(|(_, answer)| answer.says.clone());
    let says = match told {
        Some(told) => Text::new(format!("{en}: {}", told.en), format!("{fr} : {}", told.fr)),
        None => Text::new(
            format!("{} of all {of} models it derives from: {en}", what.en),
            format!("{} des {of} modèles dont il est tiré : {fr}", what.fr),
        ),
    };
    Answer::met(says)
        .by(Strength::Resolved)
        .counting(of, of)
        .at(some(good.iter().flat_map(|(a, answer)| places(a, Some(answer)))))
}

/// What a question about base models comes to when none is named.
fn without_bases(evidence: &Evidence) -> Answer {
    let bases = &evidence.bases;
    match (bases.hints.first(), &bases.from_scratch) {
        (Some(_), None) => Answer::unknown(Text::new(
            "the card speaks of a model that this one was made from, and names none",
            "la fiche parle d'un modèle dont celui-ci est tiré, sans le nommer",
        ))
        .at(some(bases.hints.iter().cloned())),
        _ if evidence.record.is_some() => Answer::unknown(Text::new(
            "the record names no base model; whether there is one, it does not tell",
            "la notice ne nomme aucun modèle de base ; s'il y en a un, elle ne le dit pas",
        )),
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
    fn one_thing_is_told_in_the_singular() {
        let evidence = |steps| {
            let mut e = Evidence::default();
            e.recipe.steps = Some((steps, Place::file("README.md")));
            e
        };
        let check: Check = "recipe.steps".parse().unwrap();
        let says = |steps| ask(&check, &evidence(steps)).says;
        assert_eq!(says(1).en, "one command leads from data to weights");
        assert_eq!(
            says(3),
            Text::new("3 commands lead from data to weights", "3 commandes mènent des données aux poids")
        );
        assert_eq!(counted(0, "one", "# of #"), "0 of #");
    }

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
            let answer = ask(&check, &Evidence::default());
            assert_ne!(answer.outcome, Outcome::Met, "{name}: {}", answer.says.en);
            assert!(!answer.says.fr.is_empty(), "{name}");
        }
    }
}
