//! The public summary of training content (EU AI Act, Art. 53(1)(d)): what says that a document is one, which fields it has, and
//! what is no answer: `rules/summary.toml`. Nothing here sees a release.

mod answers;

use std::path::Path;
use std::sync::LazyLock;

use regex::{Regex, RegexSet};
use serde::Deserialize;

use crate::finding::Text;
use crate::lists::sentences::{folded, plain};
use crate::lists::{parse, pattern};

pub use answers::is_answer;
use answers::without;

/// The embedded table.
pub const TABLE: &str = include_str!("../../../rules/summary.toml");

/// Bytes of the longest title or label.
const LONGEST_LABEL: usize = 200;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[allow(dead_code)] // checked by the parser
    schema: u32,
    #[allow(dead_code)] // for the reader of the table
    version: Option<semver::Version>,
    names: Says,
    titles: Says,
    denials: Denials,
    statements: Patterns,
    sections: Patterns,
    neutral: Patterns,
    unanswered: Patterns,
    field: Vec<Row>,
}

/// Words that say that something is a summary.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Says {
    sure: Vec<String>,
    maybe: Vec<String>,
    #[allow(dead_code)] // read by the test of the table
    matches: Vec<String>,
    #[allow(dead_code)] // read by the test of the table
    misses: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Denials {
    sentences: Vec<String>,
    links: Vec<String>,
    hosts: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Patterns {
    patterns: Vec<String>,
    #[allow(dead_code)] // read by the test of the table
    #[serde(default)]
    matches: Vec<String>,
    #[allow(dead_code)] // read by the test of the table
    #[serde(default)]
    misses: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    number: String,
    title: Text,
    holds: Text,
    titles: Vec<String>,
    labels: Vec<String>,
    threshold: Option<Threshold>,
    refs: Vec<String>,
    #[allow(dead_code)] // read by the test of the table
    matches: Vec<String>,
}

/// A field of the summary.
#[derive(Debug)]
pub struct Field {
    /// Its id.
    pub id: String,
    /// The number of its section in the template; `0` for its head.
    pub number: String,
    /// Its name.
    pub title: Text,
    /// What it must hold, in a sentence.
    pub holds: Text,
    /// From what size on something must be told.
    pub threshold: Option<Threshold>,
    /// Where it comes from.
    pub refs: Vec<String>,
}

/// From what size on something must be told.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// In English.
    pub en: String,
    /// In French.
    pub fr: String,
    /// How it is known.
    pub known: Known,
}

/// How a threshold is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Known {
    /// It was read in the text.
    Read,
    /// It is told from memory, and was not held against the text.
    FromMemory,
}

/// How surely words say that something is a summary of training content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sure {
    /// Only together with fields of the template.
    Maybe,
    /// The words alone do.
    Yes,
}

/// What a heading or label names.
#[derive(Clone, Copy, Debug)]
pub enum Names {
    /// A field.
    Field {
        /// Which.
        field: &'static Field,
        /// Whether it is the title of the field's section, and not a label in it.
        title: bool,
        /// Whether the section's number stands before it.
        numbered: bool,
    },
    /// A section that is no field.
    Section,
    /// Something that belongs to the field it stands under.
    Neutral,
}

struct Table {
    names: [Option<RegexSet>; 2],
    titles: [Option<RegexSet>; 2],
    denials: Option<RegexSet>,
    empty: Option<RegexSet>,
    hosts: Vec<String>,
    statements: Option<RegexSet>,
    unanswered: Option<RegexSet>,
    fields: Vec<Field>,
    /// Two patterns a field, its titles and its labels, then that of the sections and that of the neutral labels.
    labels: Option<RegexSet>,
}

static PARSED: LazyLock<Table> = LazyLock::new(|| {
    // Embedded: the tests below fail before a user could meet an empty table.
    let file: File = parse(Path::new("rules/summary.toml"), TABLE).unwrap_or_default();
    let whole = |patterns: &[String]| whole(&patterns.join("|"));
    let mut labels: Vec<String> = file.field.iter().flat_map(|f| [whole(&f.titles), whole(&f.labels)]).collect();
    labels.extend([whole(&file.sections.patterns), whole(&file.neutral.patterns)]);
    let fields = file.field.into_iter().map(|row| {
        let Row { id, number, title, holds, threshold, refs, .. } = row;
        Field { id, number, title, holds, threshold, refs }
    });
    Table {
        names: [set(&file.names.maybe), set(&file.names.sure)],
        titles: [set(&file.titles.maybe), set(&file.titles.sure)],
        denials: set(&file.denials.sentences),
        empty: set(&file.denials.links),
        hosts: file.denials.hosts,
        statements: set(&file.statements.patterns),
        unanswered: set([whole(&file.unanswered.patterns)]),
        fields: fields.collect(),
        labels: set(labels),
    }
});

/// A pattern that must cover a text whole; one without words covers none.
fn whole(pattern: &str) -> String {
    if pattern.is_empty() { r"\A\z.".to_owned() } else { format!(r"\A(?:{pattern})\z") }
}

/// Patterns compiled together, folded as texts are. One that does not compile leaves none, and the tests below fail.
fn set<S: AsRef<str>>(patterns: impl IntoIterator<Item = S>) -> Option<RegexSet> {
    let ascii =
        |text: &str| folded(text).replace(r"\w", "[0-9a-z]").replace(r"\W", "[^0-9a-z]").replace(r"\b", r"(?-u:\b)");
    RegexSet::new(patterns.into_iter().map(|p| ascii(p.as_ref()))).ok()
}

/// A text as the patterns see it: small letters without accents, one space for all between words.
fn seen(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in folded(&plain(text)).split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&word.to_ascii_lowercase());
    }
    out
}

fn is_in(set: &Option<RegexSet>, text: &str) -> bool {
    set.as_ref().is_some_and(|s| s.is_match(text))
}

fn surest([maybe, sure]: &[Option<RegexSet>; 2], text: &str) -> Option<Sure> {
    is_in(sure, text).then_some(Sure::Yes).or_else(|| is_in(maybe, text).then_some(Sure::Maybe))
}

/// The fields, in the order of the template.
pub fn fields() -> &'static [Field] {
    &PARSED.fields
}

/// The field of an id.
pub fn find(id: &str) -> Option<&'static Field> {
    fields().iter().find(|f| f.id == id)
}

/// Whether a file's name says that it is a summary.
pub fn name_says(path: &str) -> Option<Sure> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    (stem.len() <= LONGEST_LABEL).then(|| surest(&PARSED.names, &seen(stem)))?
}

/// Whether a title, or the words around a link, say that it is a summary.
pub fn title_says(title: &str) -> Option<Sure> {
    /// Words without one of which no title says so; looking for them is cheaper.
    const WORDS: &[&str] = &["summar", "sumé", "sume", "synth", "53", "ai act", "aiact", "ai-act", "règlement"];
    let low = title.to_lowercase();
    WORDS.iter().any(|w| low.contains(w)).then(|| surest(&PARSED.titles, &seen(title)))?
}

/// Whether the sentence around a link says that there is none, or not yet, or the link's own words that it leads to the empty
/// template.
pub fn denies(sentence: &str, link: &str) -> bool {
    is_in(&PARSED.denials, &seen(sentence)) || is_in(&PARSED.empty, &seen(link))
}

/// Whether a URL leads to the law or its template, and not to a model's summary.
pub fn is_of_law(url: &str) -> bool {
    let host =
        url.split_once("://").map_or(url, |(_, rest)| rest).split(['/', '?', '#', ':']).next().unwrap_or_default();
    let host = host.to_ascii_lowercase();
    PARSED
        .hosts
        .iter()
        .any(|known| host == *known || host.strip_suffix(known.as_str()).is_some_and(|h| h.ends_with('.')))
}

/// A heading's number, and what stands behind it.
pub fn numbered(text: &str) -> (Option<&str>, &str) {
    static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(r"^\s*(?:section |rubrique |partie |part )?(\d{1,2}(?:\.\d{1,2}){0,3})(?:[.):]|\s[–—-])?\s+(\S.*)$")
    });
    let found = NUMBER.as_ref().and_then(|p| p.captures(text));
    match found.as_ref().and_then(|c| Some((c.get(1)?.as_str(), c.get(2)?.as_str()))) {
        Some((number, rest)) => (Some(number), rest),
        None => (None, text),
    }
}

/// What a heading or a label names, all of it.
pub fn names(text: &str) -> Option<Names> {
    let text = text.trim();
    if text.len() > LONGEST_LABEL || text.contains('\n') || text.ends_with(['.', '?']) {
        return None;
    }
    let (number, rest) = numbered(text);
    let seen = seen(&without(rest, '(', ')'));
    if is_in(&PARSED.statements, &seen) {
        return None;
    }
    let found: Vec<usize> = PARSED.labels.as_ref()?.matches(&seen).into_iter().collect();
    // Titles before labels: a title may be spelt as another field's label is.
    let at = found.iter().find(|at| *at % 2 == 0 && **at < 2 * fields().len()).or(found.first())?;
    Some(match fields().get(at / 2) {
        Some(field) => Names::Field { field, title: at % 2 == 0, numbered: number == Some(field.number.as_str()) },
        None if at % 2 == 0 => Names::Section,
        None => Names::Neutral,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> File {
        parse(Path::new("rules/summary.toml"), TABLE).unwrap()
    }

    #[test]
    fn the_table_parses_and_finds_its_examples() {
        let file = file();
        let all = [
            &PARSED.names[0],
            &PARSED.names[1],
            &PARSED.titles[0],
            &PARSED.titles[1],
            &PARSED.denials,
            &PARSED.empty,
            &PARSED.statements,
            &PARSED.labels,
        ];
        assert!(all.iter().all(|s| s.is_some()) && PARSED.unanswered.is_some());
        let ids: Vec<&str> = fields().iter().map(|f| f.id.as_str()).collect();
        assert_eq!(
            ids.join(" "),
            "version provider model modalities public-datasets private-data crawled user-data synthetic other data-processing"
        );
        for row in &file.field {
            for text in &row.matches {
                let Some(Names::Field { field, .. }) = names(text) else { panic!("{text}: {:?}", names(text)) };
                assert_eq!(field.id, row.id, "{text}");
            }
            let numbered =
                row.matches.iter().any(|t| matches!(names(t), Some(Names::Field { title: true, numbered: true, .. })));
            assert!(numbered || row.number == "0", "{}", row.id);
            let field = find(&row.id).unwrap();
            for text in [&field.title, &field.holds] {
                assert!(!text.en.is_empty() && !text.fr.is_empty(), "{}", row.id);
            }
            assert!(
                !field.refs.is_empty()
                    && field.threshold.iter().all(|t| t.known == Known::FromMemory && !t.fr.is_empty())
            );
        }
        assert!(find("none").is_none());
    }

    #[test]
    fn names_and_titles_say_what_they_are() {
        let file = file();
        for (says, asks) in [(&file.names, name_says as fn(&str) -> Option<Sure>), (&file.titles, title_says)] {
            for text in &says.matches {
                assert!(asks(text).is_some(), "{text} as {}", seen(text));
            }
            for text in &says.misses {
                assert_eq!(asks(text), None, "{text}");
            }
        }
        for sure in [
            "Public summary of training content",
            "Art. 53(1)(d)",
            "Résumé public du contenu utilisé pour l'entraînement",
        ] {
            assert_eq!(title_says(sure), Some(Sure::Yes), "{sure}");
        }
        assert_eq!(title_says("Training data summary"), Some(Sure::Maybe));
    }

    #[test]
    fn labels_that_are_no_fields() {
        for text in ["1. General information", "Section 2: List of data sources", "2. Liste des sources de données"] {
            assert!(matches!(names(text), Some(Names::Section)), "{text}: {:?}", names(text));
        }
        assert!(matches!(names("Additional comments (optional)"), Some(Names::Neutral)));
        for text in ["Synthetic data was not used.", "Hyperparameters", "", "We crawled 3 sites", &"x".repeat(1000)] {
            assert!(names(text).is_none(), "{text}: {:?}", names(text));
        }
        assert!(matches!(names("Section 2.1: Publicly available datasets"), Some(Names::Field { numbered: true, .. })));
        assert_eq!(numbered("2.5 Billion tokens"), (Some("2.5"), "Billion tokens"));
    }

    #[test]
    fn links_to_the_law_are_no_summaries() {
        assert!(is_of_law("https://eur-lex.europa.eu/eli/reg/2024/1689") && is_of_law("https://cnil.fr"));
        assert!(!is_of_law("https://noteuropa.eu/x") && !is_of_law("https://acme.example/europa.eu"));
        assert!(denies("The summary will be published soon", "here") && denies("Aucun résumé", "nous"));
        let template = "Our public summary follows the Commission's template";
        assert!(denies(template, "template") && !denies(template, "public summary"));
    }
}
