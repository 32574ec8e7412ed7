//! The frozen report with hostile words in every text of it that a release, a rule or whoever saved the report may have written.

use ouvert::render::{Color, Detail, Options};
use ouvert::report::Report;
use ouvert::words::Lang;
use proptest::prelude::*;
use serde_json::Value;

use super::REPORT;

/// Keys whose strings are free text. Ids that a report refers to itself by stay, and so do words of closed sets.
const FREE: &[&str] = &[
    "says",
    "says_fr",
    "title",
    "title_fr",
    "excerpt",
    "url",
    "path",
    "what",
    "why",
    "why_fr",
    "remedy",
    "question",
    "name",
    "locator",
    "version",
    "reasons",
    "reasons_fr",
    "rule",
    "refs",
    "en",
    "fr",
    "label",
    "digest",
    "remote",
    "revision",
    "waiver",
    "expected_by",
    "audited_at",
    "files_digest",
    "reason",
    "by",
    "until",
];

/// Words that forges, runners, shells, XML, JSON and Markdown take for more than words.
pub(super) const WORDS: &[&str] = &[
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](http://evil.example)",
    "![x](http://evil.example/p.png)",
    "http://evil.example",
    "https://evil.example/?a=b|c",
    "www.evil.example",
    "mailto:a@b.example",
    "a@b.example",
    "@everyone",
    "@acme/team",
    "#1",
    "org/repo#12",
    "GH-7",
    "!3",
    "~bug",
    "%4",
    "&5",
    "$x$",
    "$`x`$",
    ":tada:",
    "[^1]",
    "[[page]]",
    "[x]: http://e.x",
    "`",
    "``",
    "```",
    "`a`",
    "*",
    "**a**",
    "_a_",
    "~~a~~",
    "~~~",
    "# h",
    "===",
    "---",
    "- [ ] t",
    "1. x",
    "> q",
    "> [!NOTE]",
    "|",
    "a|b",
    "| --- |",
    "\\",
    "\\|",
    "&lt;",
    "&#64;",
    "&amp;",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "</failure>",
    "<?xml?>",
    "::error::x",
    "::stop-commands::x",
    "::",
    "##[error]x",
    "%0A",
    "%25",
    ",line=1",
    "{0}",
    "{{x}}",
    "](1)",
    "../..",
    "/etc/passwd",
    "C:\\x",
    "a:b",
    "\n",
    "\r\n",
    "\t",
    "\u{0}",
    "\u{1b}[31m",
    "\u{7}",
    "\u{202e}",
    "\u{2028}",
    "\u{200b}",
    "\u{feff}",
    "\u{fffe}",
    "\u{ffff}",
    "é",
    "日本",
    "🎉",
    "0123456",
    "deadbeef",
    "\"",
    "'",
    "=",
    "  ",
];

/// A line of such words and of any characters.
pub(super) fn words() -> impl Strategy<Value = String> {
    let one = prop_oneof![4 => prop::sample::select(WORDS).prop_map(str::to_owned), 1 => "\\PC{0,6}", 1 => any::<char>().prop_map(String::from)];
    let between = prop_oneof![Just(""), Just(" ")];
    prop::collection::vec((one, between), 1..5).prop_map(|all| all.into_iter().map(|(a, b)| a + b).collect())
}

/// The frozen report, every free text of it after these words.
pub(super) fn report(words: &str) -> Report {
    let mut value = frozen();
    spoil(&mut value, "", words);
    serde_json::from_value(value).expect("still a report")
}

/// The frozen report.
pub(super) fn frozen() -> Value {
    serde_json::from_str(&std::fs::read_to_string(REPORT).expect("the frozen report")).expect("JSON")
}

/// A few reports with hostile words, for consumers that take long to start.
pub(super) fn several() -> Vec<Report> {
    WORDS
        .chunks(8)
        .map(|words| report(&words.join(" ")))
        .chain(WORDS.chunks(8).map(|words| report(&words.concat())))
        .collect()
}

/// How a report is shown in a language.
pub(super) fn options(lang: Lang) -> Options {
    Options { lang, width: 80, detail: Detail::Normal, color: Color::Never }
}

fn spoil(value: &mut Value, key: &str, words: &str) {
    match value {
        Value::String(text) if FREE.contains(&key) && !text.is_empty() => *text = format!("{words}{text}"),
        Value::Array(all) => all.iter_mut().for_each(|v| spoil(v, key, words)),
        Value::Object(all) => all.iter_mut().for_each(|(key, v)| spoil(v, key, words)),
        _ => {}
    }
}

/// Whether a text holds a character that moves a cursor or hides, but for the ends of its lines.
pub(super) fn is_unclean(text: &str) -> bool {
    text.chars().any(|c| c != '\n' && ouvert::evidence::is_unsafe(c))
}
