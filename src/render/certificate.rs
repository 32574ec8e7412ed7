//! A certificate held against files: three answers and what changed since, for a terminal and as JSON. It sees the check alone.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use super::{Answer, Color, Detail, Options, answered, answered_shortly, clean, escaped, number, wrapped};
use crate::certificate::{Change, ChangeKind, Checked, Predicate};
use crate::words::certificates::Certificates as Word;
use crate::words::commands::Commands as Asked;
use crate::words::screen::Screen;

/// Files that are shown before the rest is counted.
const SHOWN: usize = 12;

/// A check in JSON. Fields are added, never renamed.
#[derive(Serialize)]
struct Wire<'a> {
    schema: u32,
    valid: bool,
    certificate: Option<&'a Predicate>,
    signature_valid: Answer<'a>,
    files_match: Answer<'a>,
    profile_as_named: Answer<'a>,
    changes: &'a [Change],
}

/// The check as indented JSON with a final line end.
///
/// # Errors
/// When a number in it is not finite.
pub fn json(checked: &Checked) -> serde_json::Result<String> {
    let wire = Wire {
        schema: 1,
        valid: checked.is_valid(),
        certificate: checked.certificate.as_ref(),
        signature_valid: Answer::of(&checked.signature),
        files_match: Answer::of(&checked.files),
        profile_as_named: Answer::of(&checked.profile),
        changes: &checked.changes,
    };
    Ok(escaped(&serde_json::to_string_pretty(&wire)?) + "\n")
}

/// The check for a person.
pub fn table(checked: &Checked, options: Options) -> String {
    let lang = options.lang;
    let answers = [
        (Asked::SignatureValid, &checked.signature),
        (Asked::FilesMatch, &checked.files),
        (Asked::ProfileNamed, &checked.profile),
    ];
    let sum = if checked.is_valid() { Word::Valid } else { Word::Invalid };
    if options.detail == Detail::Line {
        let all: Vec<String> = answers.iter().map(|(label, told)| answered_shortly(*label, told, lang)).collect();
        return format!("{} ({})\n", sum.say(lang), all.join(", "));
    }
    let paint = |style: Style, text: &str| match options.color {
        Color::Always => format!("{style}{text}{style:#}"),
        Color::Never => text.to_owned(),
    };
    let mut out = String::new();
    if let Some(said) = &checked.certificate {
        head(&mut out, said, options);
    }
    for (label, told) in answers {
        let _ = writeln!(out, "  {}", answered(label, told, options));
    }
    let shown = if options.detail == Detail::All { usize::MAX } else { SHOWN };
    for change in checked.changes.iter().take(shown) {
        one(&mut out, change, options);
    }
    if let Some(rest) = checked.changes.len().checked_sub(shown).filter(|n| *n > 0) {
        let _ = writeln!(out, "  {}", Word::More.with(lang, &[("n", &rest)]));
    }
    let color = if checked.is_valid() { AnsiColor::Green } else { AnsiColor::Red };
    let _ = writeln!(out, "{}", paint(color.on_default().bold(), sum.say(lang)));
    out
}

/// What the certificate says.
fn head(out: &mut String, said: &Predicate, options: Options) {
    let lang = options.lang;
    let version = said.version.as_deref().map(|v| format!(" {v}")).unwrap_or_default();
    let name = format!("{}{version}", said.name);
    let score = said.score.map(|s| number(s, 1, lang)).unwrap_or_default();
    let word = if said.score.is_some() { Word::Head } else { Word::HeadBare };
    let (rules, tool) = (&said.profile, &said.tool);
    let text = word.with(
        lang,
        &[("name", &name), ("level", &said.level), ("score", &score), ("id", &rules.id), ("version", &rules.version)],
    );
    let digest = said.evidence_digest.as_deref().unwrap_or_default();
    let made = Word::Audited.with(
        lang,
        &[("date", &said.audited_at), ("tool", &tool.name), ("version", &tool.version), ("digest", &digest)],
    );
    for text in [text, made] {
        for line in wrapped(&clean(&text), options.width, "", "") {
            let _ = writeln!(out, "{line}");
        }
    }
}

fn one(out: &mut String, change: &Change, options: Options) {
    let lang = options.lang;
    let found = change.found.as_deref().unwrap_or_default();
    let word = match change.kind {
        ChangeKind::Changed => Word::Changed.say(lang).to_owned(),
        ChangeKind::Missing => Word::Missing.say(lang).to_owned(),
        ChangeKind::New => Word::New.say(lang).to_owned(),
        ChangeKind::Unread => Word::Unread.say(lang).to_owned(),
        ChangeKind::Renamed => Word::Renamed.with(lang, &[("path", &clean(found))]),
    };
    let colon = Screen::Colon.say(lang);
    let _ = writeln!(out, "  {}{colon} {word}", clean(&change.path));
    if change.kind == ChangeKind::Changed || options.detail == Detail::All {
        if let Some(was) = &change.certified {
            let _ = writeln!(out, "    {}", Word::Certified.with(lang, &[("digest", was)]));
        }
        if change.kind != ChangeKind::Renamed && !found.is_empty() {
            let _ = writeln!(out, "    {}", Word::Found.with(lang, &[("digest", &found)]));
        }
    }
}
