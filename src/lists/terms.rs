//! Phrases that add a restriction, and those that only look like one: `rules/terms.toml`.
//! It reads sentences; it knows no file and no verdict.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock, OnceLock};

use regex::bytes::{Regex, RegexBuilder};
use serde::Deserialize;

use super::licenses::Restriction;
use super::parse;
use super::sentences::{folded, parted, plain, sentences};

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
#[derive(Clone, Debug, Deserialize)]
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
    /// Words of which the sentence holds one of each group; without them the pattern is not tried.
    #[serde(default)]
    pub needs: Vec<String>,
    /// A pattern that must stand in the same sentence, before or behind.
    pub beside: Option<String>,
    /// Sentences it must find.
    #[allow(dead_code)] // read by the test of the table
    pub matches: Vec<String>,
    /// Sentences it must pass over, alone or through an innocent phrase.
    #[allow(dead_code)] // read by the test of the table
    #[serde(default)]
    pub misses: Vec<String>,
}

/// A phrase that takes the sting out of what stands near it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Innocent {
    #[allow(dead_code)] // names the row for its reader
    id: String,
    pattern: String,
    /// Words beside which it takes nothing out.
    unless: Option<String>,
    /// How far it reaches.
    #[serde(default)]
    reach: Reach,
    /// Whether it only takes the certainty out, so that a person reads the sentence.
    #[serde(default)]
    doubt: bool,
    /// Whether it also speaks in a text that sets terms.
    #[serde(default)]
    in_terms: bool,
    #[allow(dead_code)] // read by the test of the table
    matches: Vec<String>,
}

/// How far an innocent phrase reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Reach {
    /// What overlaps the innocent phrase itself.
    Itself,
    /// What stands in its clause.
    #[default]
    Clause,
    /// What stands in its sentence, or in one joined to it by a semicolon.
    Sentence,
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

/// Groups of words, each written out.
type Words = Arc<BTreeMap<String, String>>;

/// A pattern that is written out and compiled when it is first needed: most are for no sentence of a release.
struct Late {
    text: String,
    words: Words,
    compiled: OnceLock<Option<Regex>>,
}

impl Late {
    fn new(text: &str, words: &Words) -> Late {
        Late { text: text.to_owned(), words: Arc::clone(words), compiled: OnceLock::new() }
    }

    fn get(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| compiled(&written_out(&self.text, &self.words))).as_ref()
    }

    fn is_in(&self, text: &Cased<'_>) -> bool {
        self.get().is_some_and(|p| p.is_match(text.seen_by(p)))
    }
}

/// A folded text in its own case and in lower case, of the same length.
#[derive(Clone, Copy)]
struct Cased<'a> {
    own: &'a str,
    lower: &'a str,
}

impl Cased<'_> {
    fn part(&self, from: usize, to: usize) -> Cased<'_> {
        Cased { own: self.own.get(from..to).unwrap_or(self.own), lower: self.lower.get(from..to).unwrap_or(self.lower) }
    }

    /// The form that a pattern is written for.
    fn seen_by(&self, pattern: &Regex) -> &[u8] {
        if pattern.as_str().contains(MINDS_CASE) { self.own.as_bytes() } else { self.lower.as_bytes() }
    }
}

/// What stands in a pattern that tells capitals from small letters.
const MINDS_CASE: &str = "(?-i:";

struct Table {
    phrases: Vec<Row>,
    /// The words that phrases need, each group once.
    needs: Vec<Late>,
    innocent: Vec<(Innocent, Late, Option<Late>)>,
}

/// A phrase, and the same phrase where something near it takes the certainty out.
struct Row {
    phrase: Phrase,
    doubtful: Phrase,
    /// What it needs, by place in [`Table::needs`].
    needs: Vec<usize>,
    pattern: Late,
    beside: Option<Late>,
}

/// A sentence as the patterns see it.
struct Said<'a> {
    /// Its clauses, parted by `|`.
    clauses: Cased<'a>,
    /// The same with the sentences that a semicolon joins to it.
    context: Cased<'a>,
}

/// What a phrase is worth where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Worth {
    Nothing,
    Doubtful,
    Certain,
}

impl Table {
    /// What the innocent phrases leave of what stands at `at` in a sentence.
    fn worth(&self, said: &Said<'_>, from: usize, to: usize, voice: Voice) -> Worth {
        let text = &said.clauses;
        let start = text.own.get(..from).and_then(|t| t.rfind('|')).map_or(0, |at| at + 1);
        let end = text.own.get(to..).and_then(|t| t.find('|')).map_or(text.own.len(), |at| to + at);
        let clause = text.part(start, end);
        let speaks = |(row, late, unless): &&(Innocent, Late, Option<Late>)| {
            let part = if row.reach == Reach::Sentence { &said.context } else { &clause };
            let reaches = || match row.reach {
                Reach::Itself => {
                    late.get().is_some_and(|p| p.find_iter(text.seen_by(p)).any(|m| m.start() < to && from < m.end()))
                }
                _ => late.is_in(part),
            };
            (voice == Voice::Prose || row.in_terms) && reaches() && !unless.as_ref().is_some_and(|u| u.is_in(part))
        };
        self.innocent
            .iter()
            .filter(speaks)
            .map(|(row, ..)| if row.doubt { Worth::Doubtful } else { Worth::Nothing })
            .min()
            .unwrap_or(Worth::Certain)
    }

    /// The phrase that decides on a sentence: a certain one before a doubtful one.
    fn decides(&self, said: &Said<'_>, voice: Voice) -> Option<&Phrase> {
        let text = &said.clauses;
        let mut there: Vec<Option<bool>> = vec![None; self.needs.len()];
        let mut is_there = |at: usize| match (there.get_mut(at), self.needs.get(at)) {
            (Some(known), Some(need)) => *known.get_or_insert_with(|| need.is_in(text)),
            _ => false,
        };
        let mut rows: Vec<&Row> = self.phrases.iter().filter(|r| r.needs.iter().all(|n| is_there(*n))).collect();
        rows.retain(|row| voice == Voice::Terms || !row.phrase.only_terms);
        rows.sort_by_key(|row| !row.phrase.certain);
        let mut best = None;
        for row in rows {
            if row.pattern.is_in(text) && row.beside.as_ref().is_some_and(|b| !b.is_in(text)) {
                continue;
            }
            let at = row.pattern.get().into_iter().flat_map(|p| p.find_iter(text.seen_by(p)));
            let worth = at.map(|m| self.worth(said, m.start(), m.end(), voice)).max().unwrap_or(Worth::Nothing);
            match worth {
                Worth::Certain => return Some(best.filter(|_| !row.phrase.certain).unwrap_or(&row.phrase)),
                Worth::Doubtful => best = best.or(Some(&row.doubtful)),
                Worth::Nothing => {}
            }
        }
        best
    }
}

static PARSED: LazyLock<Table> = LazyLock::new(|| {
    // Embedded and held by the tests below: an empty table would find nothing, so they fail first.
    let file = parse::<File>(Path::new("rules/terms.toml"), TABLE).ok();
    let (words, phrases, innocent) = file.map(|f| (f.words, f.phrase, f.innocent)).unwrap_or_default();
    let words = groups(&words);
    let late = |text: &str| Late::new(text, &words);
    let mut needs: Vec<Late> = Vec::new();
    let mut place = |text: &String| {
        needs.iter().position(|n| n.text == *text).unwrap_or_else(|| {
            needs.push(late(text));
            needs.len() - 1
        })
    };
    let phrases = phrases
        .into_iter()
        .map(|phrase| Row {
            needs: phrase.needs.iter().map(&mut place).collect(),
            pattern: late(&phrase.pattern),
            beside: phrase.beside.as_deref().map(late),
            doubtful: Phrase { certain: false, ..phrase.clone() },
            phrase,
        })
        .collect();
    let innocent = innocent.into_iter().map(|i| {
        let (own, unless) = (late(&i.pattern), i.unless.as_deref().map(late));
        (i, own, unless)
    });
    Table { phrases, needs, innocent: innocent.collect() }
});

/// A pattern over folded text. Its classes are ASCII, and it is compiled for lower case unless it minds case: Unicode's
/// classes and both cases of each letter take many times as long to compile.
/// A pattern that does not compile is `None`; the tests that use each one would fail.
fn compiled(text: &str) -> Option<Regex> {
    let cased = text.contains(MINDS_CASE);
    let text = if cased { text.to_owned() } else { small(text) };
    RegexBuilder::new(&text).unicode(false).case_insensitive(cased).build().ok()
}

/// A pattern in small letters, but for its escapes.
fn small(text: &str) -> String {
    let mut escaped = false;
    let lower = |c: char| {
        let kept = escaped;
        escaped = c == '\\' && !escaped;
        if kept { c } else { c.to_ascii_lowercase() }
    };
    text.chars().map(lower).collect()
}

/// Groups of words with the groups that they name put in: each may name those before it in the alphabet.
fn groups(words: &BTreeMap<String, String>) -> Words {
    let mut whole = BTreeMap::new();
    for (name, text) in words {
        let text = written_out(text, &whole);
        whole.insert(name.clone(), text);
    }
    Arc::new(whole)
}

/// A pattern with the groups of words that it names put in, and folded as texts are.
fn written_out(pattern: &str, words: &BTreeMap<String, String>) -> String {
    let mut out = String::with_capacity(pattern.len() * 4);
    let mut rest = pattern;
    while let Some((head, tail)) = rest.split_once('{') {
        out.push_str(&folded(head));
        match tail.split_once('}').and_then(|(name, tail)| Some((words.get(name)?, tail))) {
            Some((group, tail)) => {
                out.push_str("(?:");
                out.push_str(group);
                out.push(')');
                rest = tail;
            }
            None => {
                out.push('{');
                rest = tail;
            }
        }
    }
    out.push_str(&folded(rest));
    out
}

/// Every sentence of a text that restricts, each with its first such phrase; certain ones first.
pub fn scan(text: &str, voice: Voice) -> Vec<Hit> {
    let parts: Vec<(usize, String, String)> = sentences(text)
        .into_iter()
        .map(|(line, sentence)| {
            let said = parted(&folded(&plain(&sentence)));
            (line, sentence, said)
        })
        .collect();
    let joined = |part: Option<&(usize, String, String)>| part.is_some_and(|(_, _, said)| said.ends_with(';'));
    let mut hits = Vec::new();
    for (at, (line, sentence, said)) in parts.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|i| parts.get(i)).filter(|part| joined(Some(part)));
        let after = parts.get(at + 1).filter(|_| said.ends_with(';'));
        let context: Vec<&str> =
            [before, parts.get(at), after].into_iter().flatten().map(|(_, _, said)| said.as_str()).collect();
        let context = context.join("|");
        let lower = (said.to_ascii_lowercase(), context.to_ascii_lowercase());
        let clauses = Cased { own: said, lower: &lower.0 };
        let context = Cased { own: &context, lower: &lower.1 };
        if let Some(phrase) = PARSED.decides(&Said { clauses, context }, voice) {
            hits.push(Hit { phrase, line: *line, sentence: sentence.clone() });
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
        let words = groups(&file.words);
        assert_eq!(PARSED.phrases.len(), file.phrase.len());
        assert!(!PARSED.needs.is_empty());
        for phrase in &file.phrase {
            assert!(!phrase.matches.is_empty(), "{}", phrase.id);
            for text in &phrase.matches {
                let voice = if phrase.only_terms { Voice::Terms } else { Voice::Prose };
                let hits = scan(text, voice);
                assert!(!hits.is_empty(), "{}: nothing found in: {text}", phrase.id);
                let said = parted(&folded(&plain(text)));
                let cased = Cased { own: &said, lower: &said.to_ascii_lowercase() };
                let all = phrase.needs.iter().chain([&phrase.pattern]).chain(&phrase.beside);
                assert!(all.into_iter().all(|p| Late::new(p, &words).is_in(&cased)), "{}: {said}", phrase.id);
                assert!(!phrase.certain || hits.iter().any(|h| h.phrase.certain), "{}: {text}", phrase.id);
            }
            for text in &phrase.misses {
                let hits = scan(text, Voice::Prose);
                assert!(hits.is_empty(), "{}: {} found in: {text}", phrase.id, hits[0].phrase.id);
            }
        }
        for innocent in &file.innocent {
            let all = innocent.unless.iter().chain([&innocent.pattern]);
            assert!(all.into_iter().all(|p| Late::new(p, &words).get().is_some()), "{}", innocent.id);
            for text in &innocent.matches {
                let hits = scan(text, Voice::Prose);
                let stings = |h: &Hit| h.phrase.certain || !innocent.doubt;
                assert!(!hits.iter().any(stings), "{}: {text} {hits:?}", innocent.id);
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
