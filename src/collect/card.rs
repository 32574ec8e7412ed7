//! The model card: which file it is, its front matter and text taken apart, and the files it says are in the release.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use super::{CardDoc, Release, inside, matches, pattern};
use crate::evidence::{ArtifactKind, FileClaim, GapKind, Topic};
use crate::parse::markdown::{self, Block, BlockKind};
use crate::parse::yaml;

/// Files kept that a card names.
const MOST_CLAIMS: usize = 1_000;

/// Reads the card: the README at the top, else the model card with the shortest path.
pub(super) fn read(release: &mut Release<'_>) -> Option<CardDoc> {
    let mut cards = release.of_kind(ArtifactKind::ModelCard);
    cards.sort_by_key(|p| (p.to_lowercase() != "readme.md", p.len(), p.clone()));
    let path = cards.into_iter().next()?;
    let (path, text) = match release.text(&path, Topic::License) {
        Some(text) => (path, text),
        None => from_hub(release)?,
    };
    let split = yaml::split(&text);
    let (front_offset, body_offset, closed) = (split.front_offset, split.body_offset, split.closed);
    let front = split.front.map(yaml::parse);
    let doc = markdown::read(split.body, body_offset);
    if let Some((line, message)) = front.as_ref().and_then(|f| f.error.as_ref()) {
        release.gap(Topic::License, &path, GapKind::Malformed, &format!("line {}, {message}", line + front_offset));
    } else if !closed {
        release.gap(Topic::License, &path, GapKind::Malformed, "---");
    }
    Some(CardDoc { path, text, front, front_offset, body_offset, closed, doc })
}

/// The front matter as the hub read it, where the card itself may not be fetched. JSON is YAML.
fn from_hub(release: &Release<'_>) -> Option<(String, String)> {
    let card = release.hub.as_ref()?.card.as_ref()?;
    let text = serde_json::to_string_pretty(card).ok()?;
    Some(("hub cardData".to_owned(), format!("---\n{text}\n---\n")))
}

/// Files that the card says are in the release: code spans that name one, and links without a host.
pub(super) fn claims(release: &Release<'_>) -> Vec<FileClaim> {
    let Some(card) = &release.card else { return vec![] };
    let mut out: Vec<FileClaim> = Vec::new();
    let mut seen: HashSet<String> = HashSet::new();
    for block in card.doc.blocks.iter().filter(|b| b.kind != BlockKind::Code) {
        let mut named: Vec<(String, usize)> = Vec::new();
        if !elsewhere(block) {
            named.extend(block.spans.iter().filter(|(s, _)| is_file_name(s)).cloned());
        }
        named.extend(local_links(block));
        for (name, line) in named {
            let Some(path) = inside("", &name) else { continue };
            if out.len() == MOST_CLAIMS || !seen.insert(path.clone()) {
                continue;
            }
            let present = is_there(release, &path);
            out.push(FileClaim { path, present, place: card.place(line) });
        }
    }
    out
}

/// Whether a paragraph speaks of files in another place: it links to a code host or shows how to call a library.
fn elsewhere(block: &Block) -> bool {
    static HOSTS: LazyLock<Option<Regex>> =
        LazyLock::new(|| pattern(r"https?://(www\.)?(github|gitlab|bitbucket|codeberg|sourcehut|git\.)[.\w-]*/"));
    let here = ["current repository", "this repository", "this repo", "this release", "current repo", "ce dépôt"];
    let low = block.text.to_lowercase();
    !here.iter().any(|h| low.contains(h))
        && (matches(&HOSTS, &block.text) || block.links.iter().any(|l| matches(&HOSTS, &l.url)))
}

/// Whether a code span is a file name: a path with an extension that files of a release have, and no space or wildcard.
fn is_file_name(span: &str) -> bool {
    static NAME: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"^(\./)?[\w.-]+(/[\w.-]+)*\.(py|sh|json|jsonl|yaml|yml|txt|md|ipynb|toml|csv|tsv|parquet|safetensors|gguf|bin|lock|cff|pdf|slurm|sbatch)$",
        )
    });
    matches(&NAME, span) && !span.starts_with('.')
}

fn local_links(block: &Block) -> impl Iterator<Item = (String, usize)> + '_ {
    block.links.iter().filter_map(|link| {
        let url = link.url.split(['#', '?']).next().unwrap_or_default();
        let local = !url.is_empty() && !url.contains(':') && !url.starts_with(['/', '#']);
        local.then(|| (url.to_owned(), link.line))
    })
}

/// Whether a path, a folder or a file of that name is in the release.
fn is_there(release: &Release<'_>, path: &str) -> bool {
    let folder = format!("{path}/");
    let tail = format!("/{path}");
    release.has(path)
        || release.files.iter().any(|f| f.bytes.is_some() && (f.path.starts_with(&folder) || f.path.ends_with(&tail)))
}
