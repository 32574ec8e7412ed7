//! Phrases that add a restriction, and those that only look like one: `rules/terms.toml`.
//! It reads sentences; it knows no file and no verdict.

use std::path::Path;
use std::sync::LazyLock;

use regex::{Regex, RegexSet, RegexSetBuilder};
use serde::Deserialize;

use super::licenses::Restriction;
use super::{latin, parse, pattern};

/// The embedded table.
pub const TABLE: &str = include_str!("../../rules/terms.toml");

/// Bytes after which a text without a stop is cut into sentences all the same.
const LONGEST: usize = 4000;
/// Characters that two parts of a cut sentence share.
const OVERLAP: usize = 400;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[allow(dead_code)] // checked by the parser
    schema: u32,
    #[allow(dead_code)] // for the reader of the table
    version: semver::Version,
    phrase: Vec<Phrase>,
    innocent: Vec<Innocent>,
}

/// A phrase that restricts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrase {
    /// Its id.
    pub id: String,
    /// What kind of restriction it adds.
    pub kind: Restriction,
    /// Whether it decides, or asks for a human eye.
    pub certain: bool,
    /// The pattern, case-insensitive, within a sentence.
    pub pattern: String,
    /// Sentences it must find.
    #[allow(dead_code)] // read by the test of the table
    pub matches: Vec<String>,
    /// Sentences it must pass over, alone or through an innocent phrase.
    #[allow(dead_code)] // read by the test of the table
    #[serde(default)]
    pub misses: Vec<String>,
}

/// A phrase that takes the sting out of its sentence.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Innocent {
    #[allow(dead_code)] // names the row for its reader
    id: String,
    pattern: String,
    /// Words beside which it takes nothing out.
    unless: Option<String>,
    #[allow(dead_code)] // read by the test of the table
    matches: Vec<String>,
}

/// A sentence that restricts, or may.
#[derive(Debug)]
pub struct Hit {
    /// The phrase found.
    pub phrase: &'static Phrase,
    /// Line from 1 in the text that was scanned.
    pub line: usize,
    /// The whole sentence.
    pub sentence: String,
}

struct Table {
    phrases: Vec<Phrase>,
    set: RegexSet,
    innocent: RegexSet,
    unless: Vec<Option<Regex>>,
}

impl Table {
    /// Whether an innocent phrase takes the sting out of a sentence.
    fn is_innocent(&self, sentence: &str) -> bool {
        let guards = self.innocent.matches(sentence);
        guards.iter().any(|i| !self.unless.get(i).and_then(Option::as_ref).is_some_and(|r| r.is_match(sentence)))
    }
}

static PARSED: LazyLock<Table> = LazyLock::new(|| {
    // Embedded and held by the tests below: an empty table would find nothing, so they fail first.
    let file = parse::<File>(Path::new("rules/terms.toml"), TABLE).ok();
    let (phrases, innocent) = file.map(|f| (f.phrase, f.innocent)).unwrap_or_default();
    let set = |patterns: Vec<&str>| {
        RegexSetBuilder::new(patterns.into_iter().map(latin))
            .case_insensitive(true)
            .build()
            .unwrap_or_else(|_| RegexSet::empty())
    };
    let (a, b) = (
        set(phrases.iter().map(|p| p.pattern.as_str()).collect()),
        set(innocent.iter().map(|p| p.pattern.as_str()).collect()),
    );
    let unless = innocent.iter().map(|i| i.unless.as_deref().and_then(pattern)).collect();
    Table { phrases, set: a, innocent: b, unless }
});

/// Every sentence of a text in which a restricting phrase stands and no innocent one, each with its first such phrase;
/// certain phrases first.
pub fn scan(text: &str) -> Vec<Hit> {
    // Compiling the patterns costs milliseconds; most texts hold none of these stems.
    static STEMS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            "commerc|research|recherche|academi|acad[ée]m|prohibit|interdi|accept|polic|permi|autoris|restrict|not use|not be used|competit|concurren|revenue|monthly|european|union|charter|charte|agree|consent|utilis|usage|engage",
        )
    });
    if STEMS.as_ref().is_some_and(|stems| !stems.is_match(&plain(text))) {
        return Vec::new();
    }
    let mut hits = Vec::new();
    for (line, sentence) in sentences(text) {
        let plain = plain(&sentence);
        let found = PARSED.set.matches(&plain);
        let Some(phrase) = found.iter().filter_map(|i| PARSED.phrases.get(i)).max_by_key(|p| p.certain) else {
            continue;
        };
        if !PARSED.is_innocent(&plain) {
            hits.push(Hit { phrase, line, sentence });
        }
    }
    hits.sort_by_key(|h| (!h.phrase.certain, h.line));
    hits
}

/// A sentence without the markup that could part its words: emphasis, tags, typographic signs and wide spaces.
fn plain(sentence: &str) -> String {
    let mut out = String::with_capacity(sentence.len());
    let mut in_tag = false;
    for (at, c) in sentence.char_indices() {
        let opens = c == '<'
            && sentence.get(at + 1..).is_some_and(|r| r.starts_with(|n: char| n.is_ascii_alphabetic() || n == '/'));
        in_tag = (in_tag || opens) && !(in_tag && c == '>');
        let c = match c {
            _ if in_tag => continue,
            '*' | '`' | '>' | '\\' | '\u{ad}' | '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{2060}' | '\u{feff}' => {
                continue;
            }
            '’' | '‘' => '\'',
            '\u{2010}'..='\u{2015}' => '-',
            '_' => ' ',
            c if c.is_whitespace() => ' ',
            c => c,
        };
        if !(c == ' ' && out.ends_with(' ')) {
            out.push(c);
        }
    }
    out
}

/// The sentences of a text, each with the line it starts on. A blank line, a list item and a heading end a sentence.
pub fn sentences(text: &str) -> Vec<(usize, String)> {
    let mut out = Vec::new();
    let mut current = String::new();
    let mut start = 1;
    let mut flush = |current: &mut String, start: usize| {
        if current.chars().any(char::is_alphanumeric) {
            out.push((start, std::mem::take(current)));
        }
        current.clear();
    };
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with(['#', '-', '*', '|', '>', '•']) {
            flush(&mut current, start);
        }
        if line.is_empty() {
            continue;
        }
        if current.is_empty() {
            start = index + 1;
        } else {
            current.push(' ');
        }
        let mut chars = line.chars().peekable();
        while let Some(c) = chars.next() {
            current.push(c);
            if current.len() > LONGEST && c.is_whitespace() {
                // A text without stops is cut; what stands at the cut is read twice, so that no phrase is parted.
                let keep = current.char_indices().rev().nth(OVERLAP).map_or(0, |(at, _)| at);
                let tail = current.get(keep..).unwrap_or_default().to_owned();
                flush(&mut current, start);
                start = index + 1;
                current = tail;
            }
            let ends = matches!(c, '.' | '!' | '?' | ';') && chars.peek().is_none_or(|next| next.is_whitespace());
            if ends {
                flush(&mut current, start);
                start = index + 1;
            }
        }
    }
    flush(&mut current, start);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phrase_finds_its_examples_and_passes_over_the_others() {
        let file: File = parse(Path::new("rules/terms.toml"), TABLE).unwrap();
        assert_eq!(PARSED.set.len(), file.phrase.len());
        assert_eq!(PARSED.innocent.len(), file.innocent.len());
        for phrase in &file.phrase {
            assert!(!phrase.matches.is_empty(), "{}", phrase.id);
            for text in &phrase.matches {
                let hits = scan(text);
                assert!(!hits.is_empty(), "{}: nothing found in: {text}", phrase.id);
                assert!(pattern(&phrase.pattern).unwrap().is_match(text), "{}: {text}", phrase.id);
                assert!(!phrase.certain || hits.iter().any(|h| h.phrase.certain), "{}: {text}", phrase.id);
            }
            for text in &phrase.misses {
                let hits = scan(text);
                assert!(hits.is_empty(), "{}: {} found in: {text}", phrase.id, hits[0].phrase.id);
            }
        }
        for innocent in &file.innocent {
            assert!(innocent.unless.as_deref().is_none_or(|p| pattern(p).is_some()), "{}", innocent.id);
            for text in &innocent.matches {
                assert!(scan(text).is_empty(), "{}: {text}", innocent.id);
            }
        }
    }

    #[test]
    fn innocence_is_not_catching() {
        for text in [
            "The model and the corpus are released for non-commercial use only.",
            "It is intended for research, and commercial use is prohibited.",
        ] {
            assert!(scan(text).iter().any(|h| h.phrase.certain), "{text}");
        }
    }

    #[test]
    fn markup_does_not_part_a_phrase() {
        for text in [
            "The model **may not** be used for _commercial_ purposes.",
            "For <b>non&#8209;commercial</b> <i>non-commercial</i> use only.",
            "Released for non‑commercial use only.",
            "The weights may not be used\nfor\u{a0}commercial purposes.",
            "Com\u{200b}mercial use is not per\u{ad}mitted.",
        ] {
            assert!(scan(text).iter().any(|h| h.phrase.certain), "{text}");
        }
        assert_eq!(plain("a < b and <b>c</b> > d"), "a < b and c d");
    }

    #[test]
    fn no_length_hides_a_phrase() {
        for padding in [3900, 3990, 4010, 20_000] {
            let text = format!(
                "{}may not be used for commercial purposes {}",
                "word ".repeat(padding / 5),
                "word ".repeat(2000)
            );
            assert!(scan(&text).iter().any(|h| h.phrase.certain), "{padding}");
        }
    }

    #[test]
    fn sentences_keep_their_lines() {
        let text = "# T\n\nOne is\nhere. Two v2.0 is.\n- three\n- four";
        let found: Vec<_> = sentences(text).into_iter().map(|(l, s)| format!("{l}:{}", s.trim())).collect();
        assert_eq!(found, ["1:# T", "3:One is here.", "4:Two v2.0 is.", "5:- three", "6:- four"]);
    }
}
