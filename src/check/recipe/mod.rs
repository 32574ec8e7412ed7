//! Can somebody else train it again? Questions about code, settings, environment and records of the training.

mod code;
mod records;

use crate::check::{about_bases, card_is_torn, names, some, where_to_look, worst};
use crate::evidence::{ArtifactKind, CodeRef, CodeTarget, Evidence, Parameter, Place, Repository};
use crate::finding::{Answer, Strength, Text};
use crate::lists::frameworks;

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
        Question::BaseCode => {
            let what = Text::new("the training code", "le code d'entraînement");
            about_bases(e, &what, &|_, base| worst([code::disclosed(base), code::code(base)]))
        }
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

/// What stands at a link to training code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stands {
    /// Training code.
    Code,
    /// Code, none of which is named as training code is, and more of it may be there.
    Unclear,
    /// It was not looked at, or its files were not listed.
    Unseen,
    /// Nothing.
    Absent,
    /// No code at all.
    Empty,
    /// Code, none of which trains as far as names and words tell.
    Other,
    /// Launch scripts and configurations, and no program that they start.
    Launch,
    /// A framework that trains many models.
    Framework,
}

/// What stands at a link.
fn stands(e: &Evidence, code: &CodeRef) -> Stands {
    let Some(repository) = &code.repository else { return Stands::Unseen };
    let count = |kind| repository.kinds.get(&kind).map_or(0, |(n, _)| *n);
    let other = [ArtifactKind::InferenceCode, ArtifactKind::EvaluationCode, ArtifactKind::ProcessingCode];
    // A framework with the release's own configuration beside it is what trained it.
    let configured = e
        .files
        .iter()
        .any(|f| f.kind == ArtifactKind::TrainingConfig && f.bytes > Some(0) && !f.path.ends_with(".bin"));
    match repository {
        r if r.absent => Stands::Absent,
        // A framework of those who made the model is their own code.
        r if frameworks::is_general_to(&r.name, hub_id(e)) => {
            if configured {
                Stands::Code
            } else {
                Stands::Framework
            }
        }
        r if !r.listed => Stands::Unseen,
        _ if count(ArtifactKind::TrainingCode) > 0 => Stands::Code,
        r if r.cut => Stands::Unseen,
        r if r.code_files == 0 => Stands::Empty,
        r if r.programs == 0 => Stands::Launch,
        r if other.into_iter().map(count).sum::<usize>() >= r.code_files => Stands::Other,
        // Code that the release calls its training code is that, unless more of it has another name; so is code beside the
        // settings of a training.
        r if runs_only(&r.name) => Stands::Other,
        r if sets_parameters(e, r) || (code.said && 2 * other.into_iter().map(count).sum::<usize>() <= r.programs) => {
            Stands::Code
        }
        _ if code.said => Stands::Unclear,
        r if has_settings(r) => Stands::Unclear,
        _ => Stands::Other,
    }
}

/// The release's id on the hub, or nothing.
fn hub_id(e: &Evidence) -> &str {
    e.subject.hub_id.as_deref().or_else(|| e.subject.locator.strip_prefix("hf:")).unwrap_or_default()
}

/// Whether the name of a repository says that it runs or measures models.
fn runs_only(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or_default().to_lowercase();
    ["inference", "serving", "demo", "evaluation", "benchmark"].iter().any(|w| last.contains(w))
        && !last.contains("train")
}

/// Whether hyper-parameters to train by were read in files of a repository.
fn sets_parameters(e: &Evidence, repository: &Repository) -> bool {
    let core = [Parameter::Optimizer, Parameter::LearningRate, Parameter::Duration];
    let start = format!("{}: ", repository.name);
    let here = |p: &Parameter| e.recipe.parameters.get(p).is_some_and(|place| place.path.starts_with(&start));
    core.iter().filter(|p| here(p)).count() >= 2
}

/// Whether a repository holds files that may set hyper-parameters: configurations, launch scripts. Those of a copy of a
/// general framework are the framework's.
fn has_settings(repository: &Repository) -> bool {
    let script = |p: &String| [".sh", ".slurm", ".sbatch"].iter().any(|e| p.ends_with(e));
    let kinds = [ArtifactKind::TrainingCode, ArtifactKind::Other];
    let scripts = kinds.into_iter().any(|kind| repository.of_kind(kind).iter().any(script));
    !frameworks::is_copy(&repository.name) && (scripts || !repository.of_kind(ArtifactKind::TrainingConfig).is_empty())
}

/// Links at which training code stands, each with its repository.
fn resolved(e: &Evidence) -> Vec<(&CodeRef, &str)> {
    let name = |c: &CodeRef| c.repository.is_some() && stands(e, c) == Stands::Code;
    let code = e.recipe.code.iter().filter(|c| name(c));
    code.filter_map(|c| Some((c, c.repository.as_ref()?.name.as_str()))).collect()
}

/// The answer that training code stands at a link.
fn found_elsewhere(e: &Evidence) -> Option<Answer> {
    let code = resolved(e);
    let (first, name) = code.first()?;
    let path = first.repository.as_ref()?.of_kind(ArtifactKind::TrainingCode).first();
    let path = path.map(|p| format!(" ({p})")).unwrap_or_default();
    let says =
        Text::new(format!("training code is in {name}{path}"), format!("le code d'entraînement est dans {name}{path}"));
    Some(Answer::met(says).by(Strength::Resolved).at(places(&code)))
}

/// Links to training code.
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
    let with = |wanted: Stands| links.iter().find(|(c, _)| stands(e, c) == wanted);
    let open = [Stands::Unseen, Stands::Unclear, Stands::Code].into_iter().any(|s| with(s).is_some());
    if !open {
        let reasons = [
            (
                Stands::Framework,
                "is a general framework, without the release's own configuration",
                "est un cadriciel général, sans la configuration propre à la publication",
            ),
            (Stands::Other, "holds code that trains nothing", "contient du code qui n'entraîne rien"),
            (
                Stands::Launch,
                "holds launch scripts and settings, and no program that they start",
                "contient des scripts de lancement et des réglages, mais aucun programme",
            ),
            (Stands::Empty, "holds no code", "ne contient pas de code"),
            (Stands::Absent, "is not there", "n'est pas là"),
        ];
        let told = reasons.into_iter().find_map(|(s, en, fr)| with(s).map(|(_, url)| (*url, en, fr)));
        let (url, en, fr) = told.unwrap_or_default();
        let says = Text::new(format!("{}; `{url}` {en}", says.en), format!("{} ; `{url}` {fr}", says.fr));
        return Answer::not_met(says).by(Strength::Resolved).at(places(&links));
    }
    if let (Some((code, url)), None, None) = (with(Stands::Code), with(Stands::Unseen), with(Stands::Unclear)) {
        let says =
            Text::new(format!("{}, nor was it seen in `{url}`", says.en), format!("{}, ni vu dans `{url}`", says.fr));
        // A listing shows names: what a file says was not read.
        return Answer::unknown(says).at([code.place.clone()]);
    }
    if let (Some((code, url)), None) = (with(Stands::Unclear), with(Stands::Unseen)) {
        let says = Text::new(
            format!("{}; `{url}` holds code, none named as training code is", says.en),
            format!("{} ; `{url}` contient du code, dont rien ne porte un nom d'entraînement", says.fr),
        );
        return Answer::unknown(says).at([code.place.clone()]);
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
        e.recipe.code.push(CodeRef {
            target,
            revision: None,
            place: Place::file("README.md"),
            said: false,
            repository: None,
        });
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
