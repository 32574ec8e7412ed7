//! Whether a component of a release is there, by what was seen of the release itself. What one cannot see is unknown.

use super::evaluation_sets;
use crate::check::{Asked, asked, some, where_to_look, worst};
use crate::evidence::{
    Access, ArtifactKind, CodeRef, CodeTarget, Dataset, Evidence, FileFact, FileStatus, Format, Part, Place,
};
use crate::finding::{Answer, Outcome, Text};
use crate::lists::{artifacts, components};

/// Lines of code below which all files together that lay out or run a model are a stub.
const STUB: usize = 5;

/// Whether a component is there, and where.
pub(super) fn found(e: &Evidence, part: Part) -> (Answer, Vec<String>) {
    let answer = match part {
        Part::ModelArchitecture => named(e, part, &[]).unwrap_or_else(|| general(e, part)),
        Part::FinalModelParameters => final_weights(e, part),
        Part::EvaluationResults => seen(e, part, some(e.recipe.evaluation_results.iter().cloned())),
        Part::ModelCard => {
            seen(e, part, e.card.path.iter().filter(|_| e.card.lines > 0).map(|p| Place::file(p)).collect())
        }
        Part::DataCard => data_card(e, part),
        Part::TechnicalReport => seen(e, part, papers(e, false)),
        Part::ResearchPaper => seen(e, part, papers(e, true)),
        Part::SampleModelOutputs => named(e, part, &[]).unwrap_or_else(|| unseen(e, part)),
        Part::TrainingCode => worst([Asked::TrainingCode, Asked::BaseCode].map(|q| asked(q, e))),
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

/// Whether a file is there, with something in it, and is the one that was published as far as anybody knows.
pub(super) fn is_sound(f: &FileFact) -> bool {
    let lost = matches!(f.status, FileStatus::Missing | FileStatus::Mismatched | FileStatus::Corrupted);
    !lost && !f.is_hollow() && !matches!(f.format, Some(Format::Pointer | Format::Broken { .. }))
}

/// Whether a file may be sound, and what lies here is not it: bytes that were not fetched, or others than those published.
fn is_unseen(f: &FileFact) -> bool {
    matches!(f.status, FileStatus::Mismatched | FileStatus::Corrupted) || f.format == Some(Format::Pointer)
}

/// Whether a path is that of somebody else's code, of a test or of an example: none of it is the model's own.
fn is_aside(path: &str) -> bool {
    const ASIDE: [&str; 15] = [
        "third_party",
        "third-party",
        "thirdparty",
        "3rdparty",
        "vendor",
        "vendored",
        "external",
        "node_modules",
        "site-packages",
        "tests",
        "test",
        "docs",
        "doc",
        "examples",
        "example",
    ];
    let low = path.to_lowercase();
    let mut folders = low.split('/').rev();
    let name = folders.next().unwrap_or_default();
    name.starts_with("test_") || folders.any(|folder| ASIDE.contains(&folder))
}

/// Files of the release, or of the code it links to, whose kind or name tells the component.
fn named(e: &Evidence, part: Part, kinds: &[ArtifactKind]) -> Option<Answer> {
    let code = components::kind(part) == components::Kind::Code;
    let is = |path: &str, kind: ArtifactKind| {
        let fits = if code { artifacts::is_code(path) && !is_aside(path) } else { !artifacts::is_code(path) };
        fits && kind != ArtifactKind::DataCard && (kinds.contains(&kind) || components::lies_at(part, path))
    };
    let all: Vec<&FileFact> = e.files.iter().filter(|f| is(&f.path, f.kind)).collect();
    let sound: Vec<&FileFact> = all.iter().copied().filter(|f| is_sound(f)).collect();
    let lines = sound.iter().fold(0, |sum: usize, f| sum.saturating_add(f.lines.unwrap_or(STUB)));
    if !sound.is_empty() && (!code || lines >= STUB) {
        return Some(seen(e, part, some(sound.iter().map(|f| Place::file(&f.path)))));
    }
    let blind = some(all.iter().filter(|f| is_unseen(f)).map(|f| Place::file(&f.path)));
    if !blind.is_empty() {
        return Some(not_itself(part, blind));
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

/// The answer for files whose own bytes are not at hand.
fn not_itself(part: Part, places: Vec<Place>) -> Answer {
    let title = components::title(part);
    Answer::unknown(Text::new(
        format!("{}: the bytes here are not those of the file that was published", title.en),
        format!("{} : les octets présents ne sont pas ceux du fichier publié", title.fr),
    ))
    .at(places)
}

/// Files of weights: an index of shards holds none itself.
fn weight_files(e: &Evidence) -> impl Iterator<Item = &FileFact> {
    e.files.iter().filter(|f| f.kind == ArtifactKind::Weights && !f.path.to_lowercase().ends_with(".json"))
}

fn weights(e: &Evidence) -> Vec<Place> {
    some(weight_files(e).filter(|f| is_sound(f)).map(|f| Place::file(&f.path)))
}

/// The final weights are there when none of the files that are named is missing.
fn final_weights(e: &Evidence, part: Part) -> Answer {
    let gone = some(weight_files(e).filter(|f| f.status == FileStatus::Missing).map(|f| Place::file(&f.path)));
    if !gone.is_empty() {
        return Answer::not_met(Text::new(
            "files of the weights are named, and are not there",
            "des fichiers de poids sont nommés et ne sont pas là",
        ))
        .at(gone);
    }
    let there = weights(e);
    let blind = some(weight_files(e).filter(|f| is_unseen(f)).map(|f| Place::file(&f.path)));
    if there.is_empty() && !blind.is_empty() { not_itself(part, blind) } else { seen(e, part, there) }
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
    let here = here.filter(|f| f.bytes > Some(0) && !f.is_hollow()).map(|f| Place::file(&f.path));
    let places = some(here.chain(e.datasets.iter().filter_map(|d| d.documented.clone())));
    if !places.is_empty() {
        return seen(e, part, places);
    }
    // A set that was not looked at may have one.
    let answer = unseen(e, part);
    let blind = e.datasets.iter().any(|d| d.target.is_some() && !d.card_read);
    if blind && answer.outcome == Outcome::NotMet { Answer { outcome: Outcome::Unknown, ..answer } } else { answer }
}

/// The evaluation sets are there when anyone can fetch each of those named; else files of the release may be some.
fn evaluation_data(e: &Evidence, part: Part) -> Answer {
    let sets: Vec<&Dataset> = evaluation_sets(e).collect();
    let places = |sets: &[&Dataset]| some(sets.iter().filter_map(|d| d.places.first().cloned()));
    if sets.is_empty() {
        return named(e, part, &[]).unwrap_or_else(|| unseen(e, part));
    }
    let open = |d: &Dataset| d.withheld.is_none() && matches!(d.access, Access::Included | Access::Public);
    let blind = |d: &Dataset| d.withheld.is_none() && matches!(d.access, Access::Unresolved | Access::Reached);
    let short: Vec<&Dataset> = sets.iter().copied().filter(|d| !open(d)).collect();
    let Some(first) = short.iter().find(|d| !blind(d)).or(short.first()) else { return seen(e, part, places(&sets)) };
    let says = Text::new(
        format!("whether anyone can fetch `{}`, which it was evaluated on, was not seen", first.name),
        format!("on n'a pas vu si chacun peut obtenir `{}`, sur quoi il a été évalué", first.name),
    );
    if blind(first) {
        return Answer::unknown(says).at(places(&short));
    }
    Answer::not_met(Text::new(
        format!("not anyone can fetch `{}`, which it was evaluated on", first.name),
        format!("chacun ne peut pas obtenir `{}`, sur quoi il a été évalué", first.name),
    ))
    .at(places(&short))
}

/// The training sets are there when each is named, anyone can fetch it and none is kept back; those of base models too.
fn datasets(e: &Evidence) -> Answer {
    let questions = [Asked::DataDeclared, Asked::DataAccessible, Asked::DataComplete, Asked::BaseDataPublished];
    worst(questions.map(|q| asked(q, e)))
}
