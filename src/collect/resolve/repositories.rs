//! What the code repositories of a release hold beside code: licenses, lock files, logs, and the settings of the training.

use std::collections::HashSet;

use crate::collect::{Release, kind};
use crate::evidence::{
    ArtifactKind, CodeRef, CodeTarget, EnvironmentFile, Evidence, Gap, Parameter, Place, Repository, SubjectKind,
    TextForm, Topic,
};
use crate::lists::{frameworks, judgement, licenses, texts, words};
use crate::source::{World, code};

/// A configuration that lies in a code repository.
pub(in crate::collect) struct Configuration {
    /// Its path there.
    pub(in crate::collect) path: String,
    /// Its text.
    pub(in crate::collect) text: String,
    /// The path with the repository before it.
    pub(in crate::collect) spot: String,
}

/// What the repositories of the training code hold beside it: lock files, logs, evaluation, configurations, a license.
pub(super) fn from_repositories(release: &mut Release<'_>, out: &mut Evidence, world: &World) -> Vec<Configuration> {
    let mut found = Vec::new();
    let mut gaps = Vec::new();
    if kind(release) == SubjectKind::Dataset {
        // What made a set is its processing code.
        let all = out.data.processing.iter().chain(&out.recipe.code).filter_map(|c| c.repository.as_ref());
        out.recipe.code_licenses.extend(all.filter(|r| r.code_files > 0).filter_map(license_of));
        return found;
    }
    let id = release.hub.as_ref().map(|hub| hub.id.clone()).unwrap_or_default();
    let seen: Vec<(Repository, Option<String>, String)> = out
        .recipe
        .code
        .iter()
        .filter_map(|c| Some((c.repository.clone()?, c.revision.clone(), url_of(c))))
        .filter(|(r, _, _)| r.listed && !frameworks::is_general_to(&r.name, &id))
        .collect();
    for (repository, revision, url) in seen {
        let about = format!("{} {}", below_repository(&url), release.source.subject());
        let place = |path: &String| Place::file(&format!("{}: {path}", repository.name));
        let places = |kind| repository.of_kind(kind).iter().take(3).map(place).collect::<Vec<_>>();
        out.recipe.logs.extend(places(ArtifactKind::Log));
        out.recipe.checkpoints.extend(places(ArtifactKind::Checkpoint));
        out.recipe.evaluation_code.extend(places(ArtifactKind::EvaluationCode));
        out.recipe.evaluation_results.extend(places(ArtifactKind::EvaluationResults));
        for path in repository.of_kind(ArtifactKind::Environment).iter().take(3) {
            let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
            let pinned = name.ends_with(".lock") || name.starts_with("conda-lock");
            out.recipe.environment.push(EnvironmentFile { place: place(path), pinned });
        }
        match license_of(&repository) {
            Some(known) => out.recipe.code_licenses.extend([known]),
            None => match license_text(&repository, revision.as_deref(), world) {
                Ok(found) => out.recipe.code_licenses.extend(found),
                Err(unread) => gaps.push(unread),
            },
        }
        if !out.data.processing.iter().any(|c| c.repository.as_ref().is_some_and(|r| r.name == repository.name))
            && !repository.of_kind(ArtifactKind::ProcessingCode).is_empty()
        {
            let url = format!("https://{}", repository.name);
            let spot = places(ArtifactKind::ProcessingCode).into_iter().next().unwrap_or_default();
            out.data.processing.push(CodeRef {
                target: CodeTarget::Url(url),
                revision: revision.clone(),
                place: spot,
                said: false,
                repository: Some(repository.clone()),
            });
        }
        let (read, unread) = configurations(&repository, revision.as_deref(), out, world, &about);
        found.extend(read);
        gaps.extend(unread);
    }
    release.gaps.extend(gaps);
    found
}

/// The license that a host made out for a repository, and where.
fn license_of(repository: &Repository) -> Option<(String, Place)> {
    let written = repository.license.as_deref().filter(|l| *l != "NOASSERTION")?;
    let known = licenses::find(written).map(|l| l.spdx_id().to_owned());
    let place = Place { excerpt: Some(written.to_owned()), ..Place::file(&repository.name) };
    Some((known.unwrap_or_else(|| written.to_owned()), place))
}

/// The license of a repository by the text of its license file, where the host does not know it.
fn license_text(
    repository: &Repository,
    revision: Option<&str>,
    world: &World,
) -> Result<Option<(String, Place)>, Gap> {
    let files = repository.of_kind(ArtifactKind::License);
    let Some(path) = files.iter().find(|p| !p.contains('/')) else { return Ok(None) };
    let text = code::text(world, &repository.name, path, revision)
        .map_err(|fault| Gap::of_fault(Topic::Recipe, &format!("{}: {path}", repository.name), &fault))?;
    let found = texts::identify(&text);
    let line = text.lines().find(|l| !l.trim().is_empty()).unwrap_or_default();
    let place = Place::line(&format!("{}: {path}", repository.name), 1, line);
    // A changed text of an open license is not that license.
    let whole = matches!(found.how.form, TextForm::Exact | TextForm::Notice);
    let id = found.id.filter(|id| whole || judgement::judge(id).licenses.iter().all(|l| l.approved.is_empty()));
    Ok(id.map(|id| (id, place)))
}

/// The URL of code, or nothing.
fn url_of(code: &CodeRef) -> String {
    match &code.target {
        CodeTarget::Url(url) => url.clone(),
        _ => String::new(),
    }
}

/// The folder that a link leads to inside its repository.
fn below_repository(url: &str) -> &str {
    let page = ["/tree/", "/blob/"].iter().find_map(|p| url.split_once(p)).map_or("", |(_, rest)| rest);
    page.split_once('/').map_or("", |(_, folder)| folder)
}

/// Configuration files of a repository, where the release's own do not tell all hyper-parameters: those first whose path
/// has most words of `about`, the link's folder and the release's name.
fn configurations(
    repository: &Repository,
    revision: Option<&str>,
    out: &Evidence,
    world: &World,
    about: &str,
) -> (Vec<Configuration>, Vec<Gap>) {
    const MOST: usize = 3;
    let all = Parameter::NEEDED.iter().all(|p| out.recipe.parameters.contains_key(p));
    let readable = |p: &&String| [".yaml", ".yml", ".json", ".toml"].iter().any(|e| p.ends_with(e));
    if all || !repository.name.starts_with("github.com/") {
        return (vec![], vec![]);
    }
    let wanted: HashSet<String> = words(about).collect();
    let likeness = |path: &String| {
        let shared = words(path).filter(|w| wanted.contains(w)).count();
        let trains = ["pretrain", "train", "stage", "sft"].iter().any(|w| path.to_lowercase().contains(w));
        2 * shared + usize::from(trains)
    };
    let mut paths: Vec<&String> = repository.of_kind(ArtifactKind::TrainingConfig).iter().filter(readable).collect();
    paths.sort_by_key(|p| (std::cmp::Reverse(likeness(p)), p.len()));
    let (mut read, mut unread) = (Vec::new(), Vec::new());
    for path in paths.into_iter().take(MOST) {
        let spot = format!("{}: {path}", repository.name);
        match code::text(world, &repository.name, path, revision) {
            Ok(text) => read.push(Configuration { path: path.clone(), text, spot }),
            Err(fault) => unread.push(Gap::of_fault(Topic::Recipe, &spot, &fault)),
        }
    }
    (read, unread)
}
