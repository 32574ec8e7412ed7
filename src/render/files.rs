//! The files of a release and their digests, for `ouvert verify`: for a terminal and as JSON, schema 1.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use super::{Color, Detail, Options};
use crate::digest::{Checksum, Digest};
use crate::evidence::{ArtifactKind, Evidence, FileFact, FileStatus, Format, Gap, Subject, Topic, is_unsafe};
use crate::finding::Lang;

/// The result of a verification. Fields are added, never renamed.
#[derive(Debug, Serialize)]
struct Verification<'a> {
    schema: u32,
    subject: &'a Subject,
    passed: bool,
    counts: BTreeMap<FileStatus, usize>,
    files: Vec<File<'a>>,
    gaps: Vec<&'a Gap>,
}

#[derive(Debug, Serialize)]
struct File<'a> {
    path: &'a str,
    bytes: Option<u64>,
    status: FileStatus,
    fetched: bool,
    sha256: Option<&'a Digest>,
    published: Vec<Published<'a>>,
}

#[derive(Debug, Serialize)]
struct Published<'a> {
    #[serde(flatten)]
    checksum: &'a Checksum,
    by: &'a str,
    line: Option<usize>,
    /// Whether the bytes give it; null when that was not computed.
    holds: Option<bool>,
}

/// How many files have each status.
pub fn counts(evidence: &Evidence) -> BTreeMap<FileStatus, usize> {
    let mut counts = BTreeMap::new();
    for file in &evidence.files {
        *counts.entry(file.status).or_default() += 1;
    }
    counts
}

/// Whether no file differs from what was published of it and none that a list names is missing.
pub fn passes(evidence: &Evidence) -> bool {
    evidence.files.iter().all(|f| !matches!(f.status, FileStatus::Mismatched | FileStatus::Missing))
}

/// Gaps that concern the bytes.
fn gaps(evidence: &Evidence) -> impl Iterator<Item = &Gap> {
    evidence.gaps.iter().filter(|g| g.topic == Topic::Integrity)
}

/// The verification as indented JSON.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn json(evidence: &Evidence) -> serde_json::Result<String> {
    let file = |f: &'_ FileFact| -> Vec<Option<bool>> { f.expected.iter().map(|e| f.gives(&e.checksum)).collect() };
    let files = evidence.files.iter().map(|f| File {
        path: &f.path,
        bytes: f.bytes,
        status: f.status,
        fetched: f.bytes.is_some() && f.format != Some(Format::Pointer),
        sha256: f.sha256.as_ref(),
        published: f
            .expected
            .iter()
            .zip(file(f))
            .map(|(e, holds)| Published { checksum: &e.checksum, by: &e.place.path, line: e.place.line, holds })
            .collect(),
    });
    let verification = Verification {
        schema: 1,
        subject: &evidence.subject,
        passed: passes(evidence),
        counts: counts(evidence),
        files: files.collect(),
        gaps: gaps(evidence).collect(),
    };
    Ok(super::escaped(&serde_json::to_string_pretty(&verification)?) + "\n")
}

/// The verification for a terminal: what is wrong first, each with what was published where and what was found.
pub fn table(evidence: &Evidence, options: Options) -> String {
    let mut out = String::new();
    let say = |en: &'static str, fr: &'static str| if options.lang == Lang::Fr { fr } else { en };
    let paint = |style: Style, text: &str| match options.color {
        Color::Always => format!("{style}{text}{style:#}"),
        Color::Never => text.to_owned(),
    };
    for (status, title, style) in [
        (FileStatus::Mismatched, say("mismatched", "altérés"), AnsiColor::Red),
        (FileStatus::Missing, say("missing", "manquants"), AnsiColor::Red),
        (FileStatus::Unlisted, say("listed nowhere", "listés nulle part"), AnsiColor::Yellow),
        (FileStatus::Declared, say("published, not compared", "publiés, non comparés"), AnsiColor::Yellow),
        (FileStatus::Unpublished, say("without a published digest", "sans empreinte publiée"), AnsiColor::Cyan),
        (FileStatus::Verified, say("verified", "vérifiés"), AnsiColor::Green),
    ] {
        let own =
            |f: &&FileFact| f.status == status && (f.kind != ArtifactKind::Housekeeping || !f.expected.is_empty());
        let files: Vec<&FileFact> = evidence.files.iter().filter(own).collect();
        if files.is_empty() {
            continue;
        }
        let head = format!("{title}: {}", files.len());
        let _ = writeln!(out, "{}", paint(style.on_default().bold(), &head));
        let quiet = matches!(status, FileStatus::Verified | FileStatus::Unpublished) && options.detail != Detail::All;
        if quiet || options.detail == Detail::Verdict {
            continue;
        }
        for file in files {
            one(&mut out, file, say);
        }
    }
    let mut held = gaps(evidence).peekable();
    if held.peek().is_some() && options.detail != Detail::Verdict {
        let _ = writeln!(out, "{}", say("not seen:", "non vus :"));
        for gap in held {
            let why = crate::finding::pick(options.lang, &gap.why, &gap.why_fr);
            let _ = writeln!(out, "  {}: {}", clean(&gap.what), clean(why));
        }
    }
    if counts(evidence).get(&FileStatus::Verified).copied().unwrap_or(0) == 0 {
        let _ = writeln!(out, "{}", say("nothing was verified", "rien n'a été vérifié"));
    }
    out
}

/// A file, and for each digest published of it where, and whether the bytes give it.
fn one(out: &mut String, file: &FileFact, say: impl Fn(&'static str, &'static str) -> &'static str) {
    let pointer = if file.format == Some(Format::Pointer) {
        say("  (not fetched: a Git LFS pointer)", "  (non récupéré : un pointeur Git LFS)")
    } else {
        ""
    };
    let _ = writeln!(out, "  {}{pointer}", clean(&file.path));
    for expected in &file.expected {
        let line = expected.place.line.map(|l| format!(":{l}")).unwrap_or_default();
        let held = match file.gives(&expected.checksum) {
            Some(true) => say("holds", "tient"),
            Some(false) => say("does not hold", "ne tient pas"),
            None => say("not compared", "non comparé"),
        };
        let weak = if expected.checksum.kind.is_weak() { say(", weak", ", faible") } else { "" };
        let by = clean(&expected.place.path);
        let _ = writeln!(out, "    {held}{weak}: {by}{line}\n      {}", expected.checksum);
        if let (Some(false), Some(found)) = (file.gives(&expected.checksum), file.computed_as(&expected.checksum)) {
            let _ = writeln!(out, "    {}\n      {found}", say("found:", "trouvé :"));
        }
    }
}

/// Text of a release without characters that could move a cursor or hide.
fn clean(text: &str) -> String {
    text.chars().map(|c| if is_unsafe(c) { '\u{fffd}' } else { c }).collect()
}
