//! Data that lies in the release: is it there and whole, do its digests hold, is it documented?

use globset::GlobBuilder;

use super::{Draft, describe, local_files};
use crate::collect::{CardDoc, Release, inside, term, with_license};
use crate::evidence::{
    Access, ArtifactKind, Dataset, Evidence, FileFact, FileStatus, Format, GapKind, NamedIn, Place, Topic,
};
use crate::lists::terms::{self, Voice};
use crate::parse::croissant::Record;
use crate::parse::yaml::Node;

/// Patterns of data files that are looked up.
const MOST_PATTERNS: usize = 1_000;

/// A dataset release is its own set.
pub(super) fn itself(release: &mut Release<'_>, out: &mut Evidence) -> Draft {
    let files: Vec<&FileFact> =
        release.files.iter().filter(|f| f.kind == ArtifactKind::Data && f.status != FileStatus::Missing).collect();
    let pointers = files.iter().any(|f| f.format == Some(Format::Pointer));
    let bytes = files.iter().filter_map(|f| f.bytes).sum();
    let first = files.first().map(|f| f.path.clone());
    let access = match &release.hub {
        Some(hub) if hub.private => Access::Private,
        Some(hub) if hub.gated.is_some() => Access::Gated,
        _ if files.is_empty() => Access::Absent,
        // What the hub lists is there for anyone; its bytes were not read.
        Some(_) => Access::Public,
        None => Access::Included,
    };
    let mut set = Dataset {
        name: "this release".into(),
        target: Some("path:.".into()),
        access,
        bytes: (!pointers).then_some(bytes),
        named: vec![NamedIn::Release],
        ..Dataset::default()
    };
    documentation(release, &mut set, "", |path| !path.contains('/'));
    if let Some(card) = &release.card {
        let recorded = set.license.take();
        set.license = card.values("license").into_iter().next().map(|(l, _)| l);
        recorded.iter().for_each(|license| with_license(&mut set, license));
        set.documented = Some(Place::file(&card.path));
        set.card_read = true;
        set.places = vec![Place::file(&card.path)];
        set.said_bytes = said_bytes(card);
        out.data.unfound = unfound(release, card);
    } else {
        set.places = first.iter().map(|path| Place::file(path)).collect();
    }
    Draft { set, names: vec![".".into()] }
}

/// Bytes of the files of a set, by `dataset_info.download_size` of its card; each of several configurations counts.
fn said_bytes(card: &CardDoc) -> Option<u64> {
    let size = |info: &Node| info.get("download_size")?.text()?.parse::<u64>().ok();
    let infos: Vec<&Node> = card.nodes("dataset_info").flat_map(each).collect();
    let sizes: Vec<u64> = infos.iter().filter_map(|info| size(info)).filter(|n| *n > 0).collect();
    // Where one configuration tells no size the sum is none.
    (!sizes.is_empty() && sizes.len() == infos.len()).then(|| sizes.iter().fold(0u64, |a, b| a.saturating_add(*b)))
}

/// The items of a list, or the one value.
fn each(node: &Node) -> Vec<&Node> {
    match &node.value {
        crate::parse::yaml::Value::Seq(items) => items.iter().collect(),
        _ => vec![node],
    }
}

/// Data files that `configs` of the card names and that no file of the release is; those at a URL are not looked for.
fn unfound(release: &Release<'_>, card: &CardDoc) -> Vec<Place> {
    let mut patterns: Vec<(String, usize)> = Vec::new();
    for config in card.nodes("configs").flat_map(each) {
        let folder = config.get("data_dir").and_then(Node::text).map(|d| format!("{}/", d.trim_end_matches('/')));
        let named = config.get("data_files").into_iter().flat_map(each);
        let paths = named.flat_map(|n| n.get("path").unwrap_or(n).texts());
        patterns.extend(paths.map(|(p, line)| (format!("{}{p}", folder.as_deref().unwrap_or_default()), line)));
    }
    patterns.truncate(MOST_PATTERNS);
    let there = |pattern: &str| {
        // A pattern that is no glob of ours is not said to be missing.
        let Ok(glob) = GlobBuilder::new(pattern).literal_separator(true).build() else { return true };
        let (glob, folder) = (glob.compile_matcher(), format!("{pattern}/"));
        let mut files = release.files.iter().filter(|f| f.status != FileStatus::Missing);
        files.any(|f| f.path == pattern || f.path.starts_with(&folder) || glob.is_match(&f.path))
    };
    let mut out = Vec::new();
    for (pattern, line) in patterns {
        let path = pattern.trim_start_matches("./");
        if !path.contains("://") && !there(path) {
            out.push(card.place(line + card.front_offset));
        }
    }
    out
}

/// The data card, datasheet or Croissant record of a set that lies at `path`, among the files that lie `beside` it. A record that
/// lacks what Croissant asks for is none; it frees nothing, and what it restricts is restricted all the same.
fn documentation(release: &mut Release<'_>, set: &mut Dataset, path: &str, beside: impl Fn(&str) -> bool) {
    for card in release.of_kind(ArtifactKind::DataCard).into_iter().filter(|f| beside(f)) {
        if !card.to_lowercase().ends_with(".json") {
            let written = release.file(&card).is_some_and(|f| f.bytes > Some(0) && !f.is_hollow());
            if !written {
                continue;
            }
            set.documented.get_or_insert_with(|| Place::file(&card));
            // What the card of a set asks of its use is a term of the set.
            let text = release.text(&card, Topic::Data).unwrap_or_default();
            for hit in terms::scan(&text, Voice::Prose) {
                let place = Place::line(&card, hit.line, &hit.sentence);
                set.terms.push(term(&hit.phrase.id, hit.phrase.kind, hit.phrase.certain, place));
            }
        }
    }
    let docs = std::mem::take(&mut release.croissants);
    for doc in docs.iter().filter(|d| beside(&d.path)) {
        let (here, _) = local_files(release, doc);
        let within = |file: &String| path.is_empty() || file == path || file.starts_with(&format!("{path}/"));
        // A record of other files that lie beside it is about another set.
        if here.is_empty() || here.iter().any(within) {
            describe(set, doc);
        }
        if let Some(lacks) = lacks(&doc.facts) {
            release.gap(Topic::Data, &doc.path, GapKind::Malformed, &format!("Croissant: {lacks}"));
        }
    }
    release.croissants = docs;
}

/// The keys that Croissant asks for and a record lacks; nothing for one that is whole.
fn lacks(record: &Record) -> Option<String> {
    let mut lacks = record.missing.clone();
    if record.conforms.is_none() && !lacks.contains(&"conformsTo") {
        lacks.push("conformsTo");
    }
    (!record.is_whole()).then(|| lacks.join(", "))
}

/// A set inside the release: is it there, whole by its digest, and documented?
pub(super) fn local(release: &mut Release<'_>, path: &str, set: &mut Dataset) {
    let Some(path) = inside("", path) else {
        set.access = Access::Absent;
        release.gap(Topic::Data, path, GapKind::Outside, "");
        return;
    };
    let folder = format!("{path}/");
    let files: Vec<_> = release
        .files
        .iter()
        .filter(|f| f.status != FileStatus::Missing && (f.path == path || f.path.starts_with(&folder)))
        .collect();
    let is_data = |f: &FileFact| f.kind == ArtifactKind::Data && f.format != Some(Format::Pointer) && f.bytes > Some(0);
    set.bytes = Some(files.iter().filter(|f| is_data(f)).filter_map(|f| f.bytes).sum());
    let held_back = matches!(set.access, Access::Gated | Access::OnRequest | Access::Withheld);
    let pointers = files.iter().any(|f| f.format == Some(Format::Pointer));
    if !held_back {
        set.access = match files.iter().any(|f| is_data(f)) {
            true if !pointers => Access::Included,
            // Git LFS pointers: the data is published, and was not fetched.
            _ if pointers => Access::Unresolved,
            _ => Access::Absent,
        };
    }
    let only = files.iter().find(|f| f.path == path);
    if let (Some(digest), Some(file)) = (&set.digest, only) {
        set.digest_status = Some(match &file.sha256 {
            None => FileStatus::Declared,
            Some(found) if found == digest => FileStatus::Verified,
            Some(_) => FileStatus::Mismatched,
        });
    } else if !files.is_empty() {
        set.digest_status =
            files.iter().map(|f| f.status).max_by_key(|s| matches!(s, FileStatus::Mismatched | FileStatus::Corrupted));
        if files.iter().all(|f| f.status == FileStatus::Verified) {
            set.digest_status = Some(FileStatus::Verified);
        }
    }
    let home = path.rsplit_once('/').map_or("", |(h, _)| h);
    let beside = |f: &str| f.rsplit_once('/').map_or("", |(h, _)| h) == home || f.starts_with(&folder);
    documentation(release, set, &path, beside);
}
