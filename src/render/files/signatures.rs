//! What came of the signatures of a release: three answers of each, and every file that is not as signed, with both digests.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use super::{clean, labelled};
use crate::evidence::{SignatureFact, SignedFault, SignedFaultKind, SigningMethod, Told};
use crate::finding::Lang;

use crate::render::{Answer, Color, Detail, Options, answered, answered_shortly};
use crate::words::commands::Commands as Word;

/// Files that are shown of one signature.
const SHOWN: usize = 50;

/// A signature in JSON.
#[derive(Debug, Serialize)]
pub(super) struct Signature<'a> {
    path: &'a str,
    method: SigningMethod,
    subject: &'a str,
    subject_digest: Option<&'a str>,
    listed: usize,
    files_match: Answer<'a>,
    signature_valid: Answer<'a>,
    signer_as_expected: Answer<'a>,
    signer: &'a [String],
    faults: &'a [SignedFault],
    ignored: &'a [String],
    uncovered: &'a [String],
}

impl<'a> Signature<'a> {
    pub(super) fn of(fact: &'a SignatureFact) -> Signature<'a> {
        Signature {
            path: &fact.path,
            method: fact.method,
            subject: &fact.subject,
            subject_digest: fact.subject_digest.as_deref(),
            listed: fact.listed,
            files_match: Answer::of(&fact.files),
            signature_valid: Answer::of(&fact.signature),
            signer_as_expected: Answer::of(&fact.expected),
            signer: &fact.signer,
            faults: &fact.faults,
            ignored: &fact.ignored,
            uncovered: &fact.uncovered,
        }
    }
}

/// The three questions with their answers.
fn answers(fact: &SignatureFact) -> [(Word, &Told); 3] {
    [(Word::FilesMatch, &fact.files), (Word::SignatureValid, &fact.signature), (Word::SignerExpected, &fact.expected)]
}

/// A signature on one line.
pub(super) fn line(fact: &SignatureFact, lang: Lang) -> String {
    let all: Vec<String> = answers(fact).into_iter().map(|(label, told)| answered_shortly(label, told, lang)).collect();
    labelled(&clean(&fact.path), &all.join(", "), lang)
}

/// A signature for a terminal.
pub(super) fn table(out: &mut String, fact: &SignatureFact, options: Options) {
    let lang = options.lang;
    let paint = |style: Style, text: &str| match options.color {
        Color::Always => format!("{style}{text}{style:#}"),
        Color::Never => text.to_owned(),
    };
    let head = Word::Signature.with(lang, &[("path", &clean(&fact.path))]);
    let _ = writeln!(out, "{}", paint(Style::new().bold(), &head));
    for (label, told) in answers(fact) {
        let _ = writeln!(out, "  {}", answered(label, told, options));
    }
    if options.detail == Detail::Verdict {
        return;
    }
    let shown = if options.detail == Detail::All { usize::MAX } else { SHOWN };
    for fault in fact.faults.iter().take(shown) {
        one(out, fault, lang);
    }
    if fact.faults.len() > shown {
        let _ = writeln!(out, "    {}", Word::MoreFaults.with(lang, &[("n", &(fact.faults.len() - shown))]));
    }
    if !fact.uncovered.is_empty() {
        let all: Vec<String> = fact.uncovered.iter().take(shown).map(|path| clean(path)).collect();
        let told = labelled(Word::Uncovered.say(lang), &all.join(", "), lang);
        let _ = writeln!(out, "  {}", paint(AnsiColor::Yellow.on_default(), &told));
    }
    if options.detail == Detail::All && !fact.ignored.is_empty() {
        let all: Vec<String> = fact.ignored.iter().map(|path| clean(path)).collect();
        let _ = writeln!(out, "  {}", labelled(Word::LeftOut.say(lang), &all.join(", "), lang));
    }
}

/// A file that is not as signed, with what was signed and what was found.
fn one(out: &mut String, fault: &SignedFault, lang: Lang) {
    let what = match (fault.kind, fault.piece) {
        (SignedFaultKind::Digest, Some((start, end))) => {
            Word::FaultPiece.with(lang, &[("start", &start), ("end", &end)])
        }
        (kind, _) => word(kind).say(lang).to_owned(),
    };
    let _ = match fault.path.is_empty() {
        true => writeln!(out, "    {what}"),
        false => writeln!(out, "    {}", labelled(&clean(&fault.path), &what, lang)),
    };
    for (label, value) in [(Word::SignedAs, &fault.signed), (Word::Found, &fault.found)] {
        if let Some(value) = value {
            let _ = writeln!(out, "      {} {}", label.say(lang), clean(value));
        }
    }
}

fn word(kind: SignedFaultKind) -> Word {
    match kind {
        SignedFaultKind::Digest => Word::FaultDigest,
        SignedFaultKind::Length => Word::FaultLength,
        SignedFaultKind::Missing => Word::FaultMissing,
        SignedFaultKind::Renamed => Word::FaultRenamed,
        SignedFaultKind::Unsigned => Word::FaultUnsigned,
        SignedFaultKind::Link => Word::FaultLink,
        SignedFaultKind::Unread => Word::FaultUnread,
        SignedFaultKind::Subject => Word::FaultSubject,
    }
}
