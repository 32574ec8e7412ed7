//! Phrases that add a restriction, and those that only look like one: `rules/terms.toml`.
//! It reads sentences; it knows no file and no verdict.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::{LazyLock, OnceLock};

use regex::{Regex, RegexSet, RegexSetBuilder};
use serde::Deserialize;

use super::licenses::Restriction;
use super::sentences::{clauses, plain, sentences};
use super::{latin, parse, pattern};

/// The embedded table.
pub const TABLE: &str = include_str!("../../rules/terms.toml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[allow(dead_code)] // checked by the parser
    schema: u32,
    #[allow(dead_code)] // for the reader of the table
    version: semver::Version,
    /// Groups of words that patterns name as `{group}`; a group may name those before it in the alphabet.
    words: BTreeMap<String, String>,
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
    /// Whether it counts only in a text that sets terms (a gate, a policy, a license file), and not in prose.
    #[serde(default)]
    pub only_terms: bool,
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

/// A phrase that takes the sting out of its clause, or of its sentence.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Innocent {
    #[allow(dead_code)] // names the row for its reader
    id: String,
    pattern: String,
    /// Words beside which it takes nothing out.
    unless: Option<String>,
    /// Whether it speaks for the whole sentence, and not for its clause alone.
    #[serde(default)]
    sentence: bool,
    /// Whether it also speaks in a text that sets terms.
    #[serde(default)]
    in_terms: bool,
    #[allow(dead_code)] // read by the test of the table
    matches: Vec<String>,
}

/// What a text is: prose about a release, or a text that sets terms (a gate, a policy, a license file).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Voice {
    Prose,
    Terms,
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

/// A pattern that is compiled when it is first needed: most are for no sentence of a release.
struct Late {
    text: String,
    compiled: OnceLock<Option<Regex>>,
}

impl Late {
    fn new(text: String) -> Late {
        Late { text, compiled: OnceLock::new() }
    }

    fn get(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| pattern(&self.text)).as_ref()
    }
}

struct Table {
    phrases: Vec<(Phrase, Late)>,
    set: RegexSet,
    innocent: Vec<(Innocent, Late, Option<Late>)>,
    innocent_set: RegexSet,
}

impl Table {
    /// Whether an innocent phrase takes the sting out of what stands at `at` in a sentence.
    fn is_innocent(&self, sentence: &str, at: &Range<usize>, voice: Voice) -> bool {
        let touched = clauses(sentence).into_iter().filter(|c| c.start < at.end && at.start < c.end);
        let clause = touched.reduce(|a, b| a.start..b.end).unwrap_or(0..sentence.len());
        self.innocent_set.matches(sentence).iter().filter_map(|i| self.innocent.get(i)).any(|(row, late, unless)| {
            let part = if row.sentence { sentence } else { sentence.get(clause.clone()).unwrap_or(sentence) };
            (voice == Voice::Prose || row.in_terms)
                && late.get().is_some_and(|p| p.is_match(part))
                && !unless.as_ref().and_then(Late::get).is_some_and(|p| p.is_match(part))
        })
    }

    /// The phrase that decides on a sentence: a certain one before a doubtful one.
    fn decides(&self, sentence: &str, voice: Voice) -> Option<&Phrase> {
        let found = self.set.matches(sentence);
        let mut found: Vec<&(Phrase, Late)> = found.iter().filter_map(|i| self.phrases.get(i)).collect();
        found.retain(|(phrase, _)| voice == Voice::Terms || !phrase.only_terms);
        found.sort_by_key(|(phrase, _)| !phrase.certain);
        let stings = |(_, late): &&&(Phrase, Late)| {
            late.get().is_some_and(|p| p.find_iter(sentence).any(|m| !self.is_innocent(sentence, &m.range(), voice)))
        };
        found.iter().find(stings).map(|(phrase, _)| phrase)
    }
}

static PARSED: LazyLock<Table> = LazyLock::new(|| {
    // Embedded and held by the tests below: an empty table would find nothing, so they fail first.
    let file = parse::<File>(Path::new("rules/terms.toml"), TABLE).ok();
    let (words, phrases, innocent) = file.map(|f| (f.words, f.phrase, f.innocent)).unwrap_or_default();
    let set = |patterns: &mut dyn Iterator<Item = &str>| {
        RegexSetBuilder::new(patterns.map(latin))
            .case_insensitive(true)
            .size_limit(100 << 20)
            .build()
            .unwrap_or_else(|_| RegexSet::empty())
    };
    let late = |text: &str| Late::new(written_out(text, &words));
    let phrases: Vec<_> = phrases
        .into_iter()
        .map(|p| {
            let l = late(&p.pattern);
            (p, l)
        })
        .collect();
    let innocent: Vec<_> = innocent
        .into_iter()
        .map(|i| {
            let (own, unless) = (late(&i.pattern), i.unless.as_deref().map(late));
            (i, own, unless)
        })
        .collect();
    let sets = (
        set(&mut phrases.iter().map(|(_, l)| l.text.as_str())),
        set(&mut innocent.iter().map(|(_, l, _)| l.text.as_str())),
    );
    Table { phrases, set: sets.0, innocent, innocent_set: sets.1 }
});

/// A pattern with the groups of words that it names put in, the last of the alphabet first.
fn written_out(pattern: &str, words: &BTreeMap<String, String>) -> String {
    words
        .iter()
        .rev()
        .fold(pattern.to_owned(), |text, (name, group)| text.replace(&format!("{{{name}}}"), &format!("(?:{group})")))
}

/// Every sentence of a text that restricts, each with its first such phrase; certain ones first.
pub fn scan(text: &str, voice: Voice) -> Vec<Hit> {
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
        if let Some(phrase) = PARSED.decides(&plain, voice) {
            hits.push(Hit { phrase, line, sentence });
        }
    }
    hits.sort_by_key(|h| (!h.phrase.certain, h.line));
    hits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phrase_finds_its_examples_and_passes_over_the_others() {
        let file: File = parse(Path::new("rules/terms.toml"), TABLE).unwrap();
        assert_eq!(PARSED.set.len(), file.phrase.len());
        assert_eq!(PARSED.innocent_set.len(), file.innocent.len());
        for phrase in &file.phrase {
            assert!(!phrase.matches.is_empty(), "{}", phrase.id);
            for text in &phrase.matches {
                let voice = if phrase.only_terms { Voice::Terms } else { Voice::Prose };
                let hits = scan(text, voice);
                assert!(!hits.is_empty(), "{}: nothing found in: {text}", phrase.id);
                assert!(
                    pattern(&written_out(&phrase.pattern, &file.words)).unwrap().is_match(text),
                    "{}: {text}",
                    phrase.id
                );
                assert!(!phrase.certain || hits.iter().any(|h| h.phrase.certain), "{}: {text}", phrase.id);
            }
            for text in &phrase.misses {
                let hits = scan(text, Voice::Prose);
                assert!(hits.is_empty(), "{}: {} found in: {text}", phrase.id, hits[0].phrase.id);
            }
        }
        for innocent in &file.innocent {
            assert!(
                innocent.unless.as_deref().is_none_or(|p| pattern(&written_out(p, &file.words)).is_some()),
                "{}",
                innocent.id
            );
            for text in &innocent.matches {
                assert!(scan(text, Voice::Prose).is_empty(), "{}: {text}", innocent.id);
            }
        }
    }

    #[test]
    fn innocence_is_not_catching() {
        for text in [
            "The model and the corpus are released for non-commercial use only.",
            "It is intended for research, and commercial use is prohibited.",
        ] {
            assert!(scan(text, Voice::Prose).iter().any(|h| h.phrase.certain), "{text}");
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
            assert!(scan(text, Voice::Prose).iter().any(|h| h.phrase.certain), "{text}");
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
            assert!(scan(&text, Voice::Prose).iter().any(|h| h.phrase.certain), "{padding}");
        }
    }
}
