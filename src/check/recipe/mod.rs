//! Can somebody else train it again? Questions about code, settings, environment and records of the training.

mod code;
mod records;

use crate::check::{about_bases, card_is_torn, names, some, where_to_look};
use crate::evidence::{CodeRef, CodeTarget, Evidence, Place};
use crate::finding::{Answer, Text};

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
        Question::Disclosed => code::disclosed(e),
        Question::Code => code::code(e),
        Question::BaseCode => about_bases(e, &Text::new("the training code", "le code d'entraînement")),
        Question::CodeLicense => code::code_license(e),
        Question::Configuration => code::configuration(e),
        Question::ClaimedFiles => code::claimed_files(e),
        Question::Pinned => code::pinned(e),
        Question::Environment => records::environment(e),
        Question::Seeds => records::seeds(e),
        Question::Steps => records::steps(e),
        Question::Hardware => records::hardware(e),
        Question::Logs => records::records(e, &r.logs, "training logs", "des journaux d'entraînement"),
        Question::Checkpoints => {
            records::records(e, &r.checkpoints, "intermediate checkpoints", "des points de contrôle")
        }
        Question::Evaluation => records::evaluation(e),
        Question::Report => records::records(e, &r.reports, "a paper or report", "un article ou un rapport"),
        Question::Reproduced => records::reproduced(e),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Parameter;
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
