//! Whether a component of a release is there, by what was seen of the release itself. What one cannot see is unknown.

use crate::check::{Asked, asked, some, where_to_look};
use crate::evidence::{ArtifactKind, CodeRef, CodeTarget, Evidence, FileStatus, Part, Place, Stage};
use crate::finding::{Answer, Outcome, Text};
use crate::lists::components;

/// Whether a component is there, and where.
pub(super) fn found(e: &Evidence, part: Part) -> (Answer, Vec<String>) {
    let answer = match part {
        Part::ModelArchitecture => named(e, part, &[]).unwrap_or_else(|| general(e, part)),
        Part::FinalModelParameters => seen(e, part, weights(e)),
        Part::EvaluationResults => seen(e, part, some(e.recipe.evaluation_results.iter().cloned())),
        Part::ModelCard => {
            seen(e, part, e.card.path.iter().filter(|_| e.card.lines > 0).map(|p| Place::file(p)).collect())
        }
        Part::DataCard => data_card(e, part),
        Part::TechnicalReport => seen(e, part, papers(e, false)),
        Part::ResearchPaper => seen(e, part, papers(e, true)),
        Part::SampleModelOutputs => named(e, part, &[]).unwrap_or_else(|| unseen(e, part)),
        Part::TrainingCode => asked(Asked::TrainingCode, e),
        Part::InferenceCode => named(e, part, &[ArtifactKind::InferenceCode]).unwrap_or_else(|| general(e, part)),
        Part::EvaluationCode => match some(e.recipe.evaluation_code.iter().cloned()) {
            places if places.is_empty() => {
                named(e, part, &[ArtifactKind::EvaluationCode]).unwrap_or_else(|| unseen(e, part))
            }
            places => seen(e, part, places),
        },
        Part::EvaluationData => evaluation_data(e, part),
        Part::SupportingLibrariesAndTools => seen(e, part, some(e.recipe.environment.iter().map(|f| f.place.clone()))),
        Part::Datasets => datasets(e),
        Part::DataPreprocessingCode => asked(Asked::ProcessingCode, e),
        Part::IntermediateModelParameters => asked(Asked::Checkpoints, e),
        Part::ModelMetadata => asked(Asked::Configuration, e),
    };
    let links = if answer.outcome == Outcome::Met { links(e, part, &answer) } else { vec![] };
    (answer, links)
}

/// Where a component that is there can be had: paths in the release and addresses, at most eight.
fn links(e: &Evidence, part: Part, answer: &Answer) -> Vec<String> {
    const MOST: usize = 8;
    let code = |all: &[CodeRef]| -> Vec<String> {
        let target = |c: &CodeRef| match &c.target {
            CodeTarget::Local { path, .. } => Some(path.clone()),
            CodeTarget::Url(url) => Some(url.clone()),
            CodeTarget::Missing(_) => None,
        };
        all.iter().filter_map(target).take(MOST).collect()
    };
    let kind = match part {
        Part::TrainingCode => return code(&e.recipe.code),
        Part::DataPreprocessingCode => return code(&e.data.processing),
        Part::Datasets => {
            let sets = e.trained_on();
            return sets.iter().filter_map(|d| d.target.as_deref()).map(address).take(MOST).collect();
        }
        Part::EvaluationResults => ArtifactKind::EvaluationResults,
        Part::EvaluationCode => ArtifactKind::EvaluationCode,
        Part::TechnicalReport => ArtifactKind::Report,
        Part::IntermediateModelParameters => ArtifactKind::Checkpoint,
        Part::ModelMetadata => ArtifactKind::TrainingConfig,
        _ => ArtifactKind::Other,
    };
    let here = e.files.iter().filter(|f| kind != ArtifactKind::Other && f.kind == kind && f.bytes > Some(0));
    let here: Vec<String> = here.map(|f| f.path.clone()).take(MOST).collect();
    let places = || answer.places.iter().map(|p| p.url.clone().unwrap_or_else(|| p.path.clone())).take(MOST).collect();
    if here.is_empty() { places() } else { here }
}

/// A dataset's reference as a path or an address.
fn address(target: &str) -> String {
    match target.split_once(':') {
        Some(("hub", id)) => format!("https://huggingface.co/datasets/{id}"),
        Some(("doi", id)) => format!("https://doi.org/{id}"),
        Some(("path", path)) => path.to_owned(),
        _ => target.to_owned(),
    }
}

/// The answer that places give: there are some, or it was not seen.
fn seen(e: &Evidence, part: Part, places: Vec<Place>) -> Answer {
    if places.is_empty() {
        return unseen(e, part);
    }
    let title = components::title(part);
    Answer::met(Text::new(format!("there: {}", title.en), format!("présent : {}", title.fr))).at(places)
}

/// It was not seen: not there, unless linked code may hold it.
fn unseen(e: &Evidence, part: Part) -> Answer {
    let title = components::title(part);
    let says = Text::new(format!("not seen: {}", title.en), format!("non vu : {}", title.fr));
    let hidden = e.record.is_some() || e.gaps.iter().any(|g| g.kind.hides());
    let answer = if hidden { Answer::unknown(says) } else { Answer::not_met(says) };
    answer.at(where_to_look(&e.card))
}

/// It was not seen in the release, and a general library may stand for it: whether that counts, a person says.
fn general(e: &Evidence, part: Part) -> Answer {
    if weights(e).is_empty() {
        return unseen(e, part);
    }
    let title = components::title(part);
    Answer::unknown(Text::new(
        format!("not seen in the release: {}; a general library may hold it", title.en),
        format!("non vu dans la publication : {} ; une bibliothèque générale le contient peut-être", title.fr),
    ))
    .at(where_to_look(&e.card))
}

/// Files of the release, or of the code it links to, whose kind or name tells the component.
fn named(e: &Evidence, part: Part, kinds: &[ArtifactKind]) -> Option<Answer> {
    let is = |path: &str, kind: ArtifactKind| kinds.contains(&kind) || components::lies_at(part, path);
    let here = e.files.iter().filter(|f| f.status != FileStatus::Missing && f.bytes > Some(0) && is(&f.path, f.kind));
    let here: Vec<Place> = some(here.map(|f| Place::file(&f.path)));
    if !here.is_empty() {
        return Some(seen(e, part, here));
    }
    let there = e.recipe.code.iter().filter_map(|c| Some((c, c.repository.as_ref().filter(|r| r.listed)?)));
    let there = there.flat_map(|(code, repository)| {
        let all = repository.kinds.iter().flat_map(|(kind, (_, paths))| paths.iter().map(move |p| (*kind, p)));
        let path = all.into_iter().find(|(kind, path)| is(path, *kind)).map(|(_, path)| path);
        path.map(|path| Place { path: format!("{}: {path}", repository.name), ..code.place.clone() })
    });
    let there = some(there);
    (!there.is_empty()).then(|| seen(e, part, there))
}

fn weights(e: &Evidence) -> Vec<Place> {
    let there = e.files.iter().filter(|f| f.kind == ArtifactKind::Weights && f.status != FileStatus::Missing);
    some(there.map(|f| Place::file(&f.path)))
}

/// Places of papers, which addresses tell, or else of reports.
fn papers(e: &Evidence, paper: bool) -> Vec<Place> {
    const PUBLISHERS: [&str; 8] = [
        "arxiv.org",
        "doi.org",
        "openreview.net",
        "aclanthology.org",
        "hal.science",
        "huggingface.co/papers",
        "proceedings",
        "paper",
    ];
    let is_paper = |p: &&Place| {
        let at = p.url.as_deref().unwrap_or(&p.path).to_lowercase();
        PUBLISHERS.iter().any(|host| at.contains(host))
    };
    some(e.recipe.reports.iter().filter(|p| is_paper(p) == paper).cloned())
}

fn data_card(e: &Evidence, part: Part) -> Answer {
    let here = e.files.iter().filter(|f| f.kind == ArtifactKind::DataCard && f.status != FileStatus::Missing);
    let here = here.filter(|f| f.bytes > Some(0)).map(|f| Place::file(&f.path));
    let places = some(here.chain(e.datasets.iter().filter_map(|d| d.documented.clone())));
    if !places.is_empty() {
        return seen(e, part, places);
    }
    // A set that was not looked at may have one.
    let answer = unseen(e, part);
    let blind = e.datasets.iter().any(|d| d.target.is_some() && !d.card_read);
    if blind && answer.outcome == Outcome::NotMet { Answer { outcome: Outcome::Unknown, ..answer } } else { answer }
}

fn evaluation_data(e: &Evidence, part: Part) -> Answer {
    let sets = e.datasets.iter().filter(|d| d.stage == Some(Stage::Evaluation));
    let places = some(sets.filter_map(|d| d.places.first().cloned()));
    if places.is_empty() { named(e, part, &[]).unwrap_or_else(|| unseen(e, part)) } else { seen(e, part, places) }
}

/// The training sets are there when each is named and anyone can fetch it.
fn datasets(e: &Evidence) -> Answer {
    let named = asked(Asked::DataDeclared, e);
    if named.outcome != Outcome::Met { named } else { asked(Asked::DataAccessible, e) }
}
