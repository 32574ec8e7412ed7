//! What was looked at: the release's name, kind and revision, and the state of its card.

use super::{Release, Scope, markdown_lines};
use crate::digest::Digest;
use crate::evidence::{self, ArtifactKind, Card, FileStatus, FrontMatter, Subject, SubjectKind};

pub(super) fn card_fact(release: &Release<'_>) -> Card {
    let Some(card) = &release.card else { return Card::default() };
    let front = match &card.front {
        None => FrontMatter::Absent,
        Some(_) if !card.closed => FrontMatter::Broken {
            place: card.place(card.front_offset),
            message: "the front matter has no end: a line `---` is missing".into(),
        },
        Some(front) => match &front.error {
            None => FrontMatter::Whole,
            Some((line, message)) => FrontMatter::Broken {
                place: card.place(line + card.front_offset),
                message: evidence::excerpt_of(message),
            },
        },
    };
    let body: Vec<&str> = card.text.lines().skip(card.body_offset).collect();
    Card { path: Some(card.path.clone()), front, lines: markdown_lines(&body.join("\n")) }
}

/// What was looked at; `remote` is the repository that it was cloned from.
pub(super) fn subject(release: &Release<'_>, hashed: bool, remote: Option<String>) -> Subject {
    let said = || release.declared.iter().map(|d| &d.manifest.release);
    let locator = release.source.subject();
    let title = release.card.as_ref().and_then(|c| c.doc.title.as_deref());
    let folder = locator.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let listed = release.boms.iter().filter_map(|b| b.facts.model.as_ref().map(|m| m.component.name.as_str()));
    let listed = listed.into_iter().find(|name| !name.is_empty());
    let name = said().find_map(|m| m.name.as_deref()).or(title).or(listed).unwrap_or(folder);
    let mut list = String::new();
    for file in release.files.iter().filter(|f| f.status != FileStatus::Missing) {
        let digest = file.sha256.as_ref().map(Digest::hex).unwrap_or("-");
        list.push_str(&format!("{digest} {} {}\n", file.bytes.unwrap_or(0), file.path));
    }
    Subject {
        locator: evidence::excerpt_of(&locator),
        kind: kind(release),
        name: evidence::excerpt_of(name),
        version: said().find_map(|m| m.version.as_ref()).map(ToString::to_string),
        revision: release.revision.clone(),
        hub_id: release.hub.as_ref().map(|hub| hub.id.clone()),
        remote,
        files_digest: hashed.then(|| Digest::of(list.as_bytes()).tagged()),
    }
}

/// A release without weights that holds data, or whose card is a dataset's, is a dataset.
pub(super) fn kind(release: &Release<'_>) -> SubjectKind {
    match release.scope {
        Scope::Base => return SubjectKind::Model,
        Scope::Dataset => return SubjectKind::Dataset,
        Scope::Whole => {}
    }
    let weights = [ArtifactKind::Weights, ArtifactKind::Checkpoint].iter().any(|k| !release.of_kind(*k).is_empty());
    let keys = ["dataset_info", "task_categories", "size_categories", "configs", "annotations_creators"];
    let dataset_card = release.card.as_ref().is_some_and(|c| keys.iter().any(|k| c.key(k).is_some()));
    let data = !release.of_kind(ArtifactKind::Data).is_empty();
    let model_card = release
        .card
        .as_ref()
        .is_some_and(|c| ["pipeline_tag", "base_model", "library_name"].iter().any(|k| c.key(k).is_some()));
    if !weights && !model_card && (dataset_card || (data && release.of_kind(ArtifactKind::TrainingCode).is_empty())) {
        SubjectKind::Dataset
    } else {
        SubjectKind::Model
    }
}
