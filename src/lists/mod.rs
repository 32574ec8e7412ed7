//! The tables of `rules/` that collecting and judging both read: licenses, phrases, file patterns.
//! They are embedded, parsed on first use, and refuse a key they do not know. Nothing here sees a release.

pub mod artifacts;
pub mod components;
pub mod duo;
pub mod families;
pub mod frameworks;
pub mod judgement;
pub mod licenses;
pub mod mentions;
pub mod openness;
pub mod pickle;
pub mod sentences;
pub mod summary;
pub mod teachers;
pub mod terms;
pub mod texts;

use std::path::Path;

use globset::{Glob, GlobBuilder};
use regex::{Regex, RegexBuilder};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use textwrap::core::display_width;

use crate::error::Error;
use crate::evidence::is_unsafe;
use crate::words::foreign;

/// Parses a TOML file that people write; a mistake is shown with its line, a caret and the allowed names.
///
/// # Errors
/// [`Error::Malformed`] with the line of the mistake.
pub fn parse<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T, Error> {
    toml::from_str(text).map_err(|e| {
        let message: String = e.message().chars().take(1000).collect();
        match e.span() {
            None => Error::malformed(path, None, &message),
            Some(span) => mistake(path, text, &span, &message),
        }
    })
}

/// A day in a file that people write: TOML's own date, or the same as a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day(pub jiff::civil::Date);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Day, D::Error> {
        let written = match toml::Value::deserialize(from)? {
            toml::Value::String(text) => text,
            toml::Value::Datetime(date) => date.to_string(),
            _ => return Err(D::Error::custom("a day is written as 2026-12-31")),
        };
        let day =
            written.parse().map_err(|_| D::Error::custom(format!("`{written}` is no day; write it as 2026-12-31")));
        day.map(Day)
    }
}

/// A mistake at a span of a text, with the line and a caret.
pub fn mistake(path: &Path, text: &str, span: &std::ops::Range<usize>, message: &str) -> Error {
    let (line, shown) = snippet(text, span);
    Error::Malformed { path: path.into(), line: Some(line), message: foreign::told(message), shown: Some(shown) }
}

/// The line of a span, from 1, and that line with a caret under the span; of a long line the part around it. Columns are those
/// of a terminal, where some letters take two.
fn snippet(text: &str, span: &std::ops::Range<usize>) -> (usize, String) {
    /// Columns shown before the span, and in all.
    const BEFORE: usize = 40;
    const SHOWN: usize = 100;
    let head = text.get(..span.start).unwrap_or(text);
    let line = 1 + head.matches('\n').count();
    let start = head.rfind('\n').map_or(0, |at| at + 1);
    let whole = text.get(start..).and_then(|t| t.lines().next()).unwrap_or_default();
    let within = whole.get(..head.len() - start).unwrap_or(whole);
    let word = text.get(span.clone()).unwrap_or_default().lines().next().unwrap_or_default();
    let (before, word) = (shown(within), shown(word));
    let (mut skipped, mut surplus) = (0, display_width(&before).saturating_sub(BEFORE));
    for c in before.chars() {
        if surplus == 0 {
            break;
        }
        surplus = surplus.saturating_sub(display_width(c.encode_utf8(&mut [0; 4])));
        skipped += 1;
    }
    let before: String = before.chars().skip(skipped).collect();
    let mut part = String::new();
    for c in shown(whole).chars().skip(skipped) {
        if display_width(&part) >= SHOWN {
            break;
        }
        part.push(c);
    }
    let column = display_width(&before);
    let carets = "^".repeat(display_width(&word).clamp(1, SHOWN.saturating_sub(column).max(1)));
    let number = line.to_string();
    let margin = " ".repeat(number.len());
    (line, format!("{margin} |\n{number} | {part}\n{margin} | {}{carets}", " ".repeat(column)))
}

/// A part of a line as a terminal shows it: what moves its cursor or hides is left out, so that what stands below stays below.
fn shown(text: &str) -> String {
    text.chars().map(|c| if c == '\t' { ' ' } else { c }).filter(|c| !is_unsafe(*c)).collect()
}

/// A glob of a table on a whole path in lower case: `*` ends at a folder, `**/` also stands for none. One that does not compile
/// is `None`; the tests that count each table's globs would fail.
fn glob(text: &str) -> Option<Glob> {
    GlobBuilder::new(text).literal_separator(true).build().ok()
}

/// A pattern of this program or its tables, case-insensitive. Its classes are those of the languages it is written for:
/// Unicode's whole `\w` takes ten times as long to compile as the rest of an audit of a small release.
/// A pattern that does not compile is `None`; the tests that use each one would fail.
pub fn pattern(text: &str) -> Option<Regex> {
    RegexBuilder::new(&latin(text)).case_insensitive(true).build().ok()
}

/// A pattern with its Unicode classes narrowed to Latin letters.
fn latin(text: &str) -> String {
    text.replace(r"\w", "[0-9A-Za-z_À-ÿŒœ]")
        .replace(r"\W", "[^0-9A-Za-z_À-ÿŒœ]")
        .replace(r"\d", "[0-9]")
        .replace(r"\s", "[ \t\n\r\u{a0}]")
        .replace(r"\S", "[^ \t\n\r\u{a0}]")
}

/// Words of a text in one spelling: lower case, letters and digits only, accents kept.
pub fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase)
}

/// How many single-character edits turn `a` into `b`, counted up to `limit`.
pub fn distance(a: &str, b: &str, limit: usize) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > limit {
        return limit + 1;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.iter().enumerate() {
        let mut corner = i;
        let mut left = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let up = row.get(j + 1).copied().unwrap_or(usize::MAX - 1);
            let cell = (corner + usize::from(ca != cb)).min(left + 1).min(up + 1);
            corner = up;
            if let Some(slot) = row.get_mut(j) {
                *slot = left;
            }
            left = cell;
        }
        if let Some(slot) = row.last_mut() {
            *slot = left;
        }
    }
    row.last().copied().unwrap_or(0)
}

/// The known ids nearest to a word that is none of them, best first, at most three.
pub fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Vec<String> {
    // No id is as long as a text.
    if word.len() > 200 {
        return vec![];
    }
    let word = word.to_lowercase();
    let limit = 1 + word.chars().count() / 5;
    let mut near: Vec<(usize, &str)> =
        known.map(|id| (distance(&word, &id.to_lowercase(), limit), id)).filter(|(d, _)| *d <= limit).collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter().take(3).map(|(_, id)| id.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_edits() {
        for (a, b, d) in
            [("", "", 0), ("mit", "mit", 0), ("apache", "apach", 1), ("kitten", "sitting", 3), ("abc", "", 3)]
        {
            assert_eq!(distance(a, b, 9), d, "{a} {b}");
            assert_eq!(distance(b, a, 9), d, "{b} {a}");
        }
    }

    #[test]
    fn a_snippet_points_at_its_word_and_stays_short() {
        let text = "a = 1\nlicence = 2\n";
        assert_eq!(snippet(text, &(6..13)), (2, "  |\n2 | licence = 2\n  | ^^^^^^^".into()));
        let long = format!("x = {}", "[".repeat(5000));
        let (line, shown) = snippet(&long, &(84..85));
        assert_eq!(line, 1);
        assert!(shown.lines().all(|l| l.chars().count() < 120) && shown.ends_with('^'), "{shown}");
        let wide = "\ttitre = \"日本\" licence = \u{1b}2\n";
        let at = wide.find("licence").unwrap();
        let (_, shown) = snippet(wide, &(at..at + 7));
        assert_eq!(shown, "  |\n1 |  titre = \"日本\" licence = 2\n  |                 ^^^^^^^", "two columns a sign");
        let far = format!("x = \"{}\" y", "語".repeat(60));
        let (_, shown) = snippet(&far, &(far.len() - 1..far.len()));
        let rows: Vec<&str> = shown.lines().collect();
        let column = |row: &str, sign: char| display_width(row.split(sign).next().unwrap());
        assert_eq!(column(rows[1], 'y'), column(rows[2], '^'), "{shown}");
        assert_eq!(snippet("", &(0..0)).0, 1);
        assert_eq!(snippet("é", &(5..9)).0, 1);
    }

    #[test]
    fn nearest_suggests_the_likely_word() {
        assert_eq!(nearest("licence", ["license", "recipe"].into_iter()), ["license"]);
        assert!(nearest("zzz", ["license"].into_iter()).is_empty());
    }
}
