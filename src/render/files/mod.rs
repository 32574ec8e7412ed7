//! The files of a release and their digests, for `ouvert verify`: for a terminal and as JSON, schema 1.

mod signatures;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use super::{Color, Detail, Options};
use crate::digest::{Checksum, Digest};
use crate::evidence::{ArtifactKind, DigestBy, Evidence, FileFact, FileStatus, Format, Gap, Subject, Topic, is_unsafe};
use crate::finding::Lang;
use crate::words::Text;
use crate::words::commands::Commands as Word;
use crate::words::screen::Screen;

/// The result of a verification. Fields are added, never renamed.
#[derive(Debug, Serialize)]
struct Verification<'a> {
    schema: u32,
    subject: &'a Subject,
    passed: bool,
    counts: BTreeMap<FileStatus, usize>,
    files: Vec<File<'a>>,
    signatures: Vec<signatures::Signature<'a>>,
    gaps: Vec<&'a Gap>,
}

#[derive(Debug, Serialize)]
struct File<'a> {
    path: &'a str,
    bytes: Option<u64>,
    status: FileStatus,
    fetched: bool,
    sha256: Option<&'a Digest>,
    /// How the digest was had, and the seconds since where that was in an earlier run.
    digest_by: Option<DigestBy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest_age: Option<u64>,
    /// The digest of an earlier run, of a corrupted file.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<&'a Checksum>,
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
    evidence
        .files
        .iter()
        .all(|f| !matches!(f.status, FileStatus::Mismatched | FileStatus::Corrupted | FileStatus::Missing))
}

/// Gaps that concern the bytes.
fn gaps(evidence: &Evidence) -> impl Iterator<Item = &Gap> {
    evidence.gaps.iter().filter(|g| g.topic == Topic::Integrity)
}

/// The verification as indented JSON; `signed` tells whether signatures let it pass.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn json(evidence: &Evidence, signed: bool) -> serde_json::Result<String> {
    let file = |f: &'_ FileFact| -> Vec<Option<bool>> { f.expected.iter().map(|e| f.holds(e)).collect() };
    let files = evidence.files.iter().map(|f| File {
        path: &f.path,
        bytes: f.bytes,
        status: f.status,
        fetched: f.bytes.is_some() && f.format != Some(Format::Pointer),
        sha256: f.sha256.as_ref(),
        digest_by: f.digest_by,
        digest_age: f.digest_age,
        before: f.before.as_ref(),
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
        passed: passes(evidence) && signed,
        counts: counts(evidence),
        files: files.collect(),
        signatures: evidence.signatures.iter().map(signatures::Signature::of).collect(),
        gaps: gaps(evidence).collect(),
    };
    Ok(super::escaped(&serde_json::to_string_pretty(&verification)?) + "\n")
}

/// The verification for a terminal: what is wrong first, each with what was published where and what was found. `short` is why
/// signatures keep it from passing.
pub fn table(evidence: &Evidence, short: Option<&Text>, options: Options) -> String {
    let mut out = String::new();
    let lang = options.lang;
    if options.detail == Detail::Line {
        return line(evidence, lang);
    }
    let paint = |style: Style, text: &str| match options.color {
        Color::Always => format!("{style}{text}{style:#}"),
        Color::Never => text.to_owned(),
    };
    for (status, title, style) in [
        (FileStatus::Corrupted, Word::Corrupted.say(lang), AnsiColor::Red),
        (FileStatus::Mismatched, Word::Mismatched.say(lang), AnsiColor::Red),
        (FileStatus::Missing, Word::Missing.say(lang), AnsiColor::Red),
        (FileStatus::Unlisted, Word::Unlisted.say(lang), AnsiColor::Yellow),
        (FileStatus::Declared, Word::NotCompared.say(lang), AnsiColor::Yellow),
        (FileStatus::Unpublished, Word::Unpublished.say(lang), AnsiColor::Cyan),
        (FileStatus::Verified, Word::Verified.say(lang), AnsiColor::Green),
    ] {
        let own =
            |f: &&FileFact| f.status == status && (f.kind != ArtifactKind::Housekeeping || !f.expected.is_empty());
        let files: Vec<&FileFact> = evidence.files.iter().filter(own).collect();
        if files.is_empty() {
            continue;
        }
        let head = labelled(title, &files.len(), lang);
        let _ = writeln!(out, "{}", paint(style.on_default().bold(), &head));
        let quiet = matches!(status, FileStatus::Verified | FileStatus::Unpublished) && options.detail != Detail::All;
        if quiet || options.detail == Detail::Verdict {
            continue;
        }
        for file in files {
            one(&mut out, file, options.detail, lang);
        }
    }
    for signature in &evidence.signatures {
        signatures::table(&mut out, signature, options);
    }
    if let Some(short) = short {
        let _ = writeln!(out, "{}", paint(AnsiColor::Red.on_default().bold(), &clean(short.get(lang))));
    }
    let mut held = gaps(evidence).peekable();
    if held.peek().is_some() && options.detail != Detail::Verdict {
        let _ = writeln!(out, "{}", Word::NotSeen.say(lang));
        for gap in held {
            let why = crate::finding::pick(lang, &gap.why, &gap.why_fr);
            let _ = writeln!(out, "  {}", labelled(&clean(&gap.what), &clean(why), lang));
        }
    }
    if let Some(ways) = ways(evidence, lang) {
        let _ = writeln!(out, "{}", Screen::DigestWays.with(lang, &[("ways", &ways)]));
    }
    if counts(evidence).get(&FileStatus::Verified).copied().unwrap_or(0) == 0 {
        let _ = writeln!(out, "{}", Word::NothingVerified.say(lang));
    }
    out
}

/// How many digests were had in which way, where not all were computed now.
fn ways(evidence: &Evidence, lang: Lang) -> Option<String> {
    super::digest_ways(evidence.files.iter().filter_map(|f| Some((f.digest_by?, f.digest_age))), lang)
}

/// The counts on one line, what is wrong first.
fn line(evidence: &Evidence, lang: Lang) -> String {
    let all = counts(evidence);
    let order = [
        FileStatus::Corrupted,
        FileStatus::Mismatched,
        FileStatus::Missing,
        FileStatus::Unlisted,
        FileStatus::Declared,
        FileStatus::Unpublished,
        FileStatus::Verified,
    ];
    let count = |status: &FileStatus| {
        let n = *all.get(status)?;
        Some(format!("{n} {}", super::status_word(*status, n > 1, lang)))
    };
    let parts: Vec<String> = order.iter().filter_map(count).collect();
    let signed: String = evidence.signatures.iter().map(|s| format!("; {}", signatures::line(s, lang))).collect();
    let counts = labelled(&clean(&evidence.subject.locator), &parts.join(", "), lang);
    match ways(evidence, lang) {
        Some(ways) => format!("{counts} ({}){signed}\n", Screen::DigestWays.with(lang, &[("ways", &ways)])),
        None => format!("{counts}{signed}\n"),
    }
}

/// A label and what it stands for, with a colon as the language sets it.
fn labelled(label: &str, text: &dyn std::fmt::Display, lang: Lang) -> String {
    Word::Labelled.with(lang, &[("label", &label), ("text", text)])
}

/// A file, and for each digest published of it where, and whether the bytes give it.
fn one(out: &mut String, file: &FileFact, detail: Detail, lang: Lang) {
    let pointer = match file.format == Some(Format::Pointer) {
        true => format!("  {}", Word::NotFetched.say(lang)),
        false => String::new(),
    };
    let by = match file.digest_by.filter(|_| detail == Detail::All && file.before.is_none()) {
        Some(by) => format!("  ({})", super::digest_word(by, file.digest_age, lang)),
        None => String::new(),
    };
    let _ = writeln!(out, "  {}{pointer}{by}", clean(&file.path));
    if let Some(before) = &file.before {
        let ago = super::age(file.digest_age.unwrap_or(0), lang);
        let _ = writeln!(out, "    {}", Screen::Before.with(lang, &[("digest", &before), ("age", &ago)]));
        if let Some(found) = file.computed_as(before) {
            let _ = writeln!(out, "    {}\n      {found}", Word::Found.say(lang));
        }
    }
    for expected in &file.expected {
        let line = expected.place.line.map(|l| format!(":{l}")).unwrap_or_default();
        let held = match file.holds(expected) {
            Some(true) => Word::Holds.say(lang),
            Some(false) => Word::HoldsNot.say(lang),
            None => Word::Uncompared.say(lang),
        };
        let held = match expected.checksum.kind.is_weak() {
            true => Word::Weak.with(lang, &[("held", &held)]),
            false => held.to_owned(),
        };
        let by = format!("{}{line}", clean(&expected.place.path));
        let _ = writeln!(out, "    {}\n      {}", labelled(&held, &by, lang), expected.checksum);
        if let (Some(false), Some(found)) = (file.holds(expected), file.found(expected)) {
            let _ = writeln!(out, "    {}\n      {found}", Word::Found.say(lang));
        }
    }
}

/// Text of a release without characters that could move a cursor or hide.
fn clean(text: &str) -> String {
    text.chars().map(|c| if is_unsafe(c) { '\u{fffd}' } else { c }).collect()
}
