//! Known license texts by the fingerprint of their words (`rules/fingerprints.tsv`), found wherever they stand in a file.
//! No text is kept: a row holds the number of words, the first few of them, and the digest of them all.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use super::line::is_copyright;
use crate::digest::Digest;
use crate::evidence::TextForm;

/// The embedded table.
pub(super) const TABLE: &str = include_str!("../../../rules/fingerprints.tsv");

/// Words that open a text and lead to its row.
const HEAD: usize = 6;
/// Words hashed in all while texts are looked for in one file: a file made to look like the start of many has an end.
const EFFORT: usize = 20_000_000;

/// A word of a file in its one spelling, and where it stands.
pub(super) struct Word {
    pub text: String,
    /// Line, from 0.
    pub line: usize,
    /// Bytes of the line.
    pub at: Range<usize>,
}

/// The words of a file that count: copyright lines and the marks of lists are left out.
pub(super) fn tokens(text: &str) -> Vec<Word> {
    let mut out = Vec::new();
    for (line, content) in text.lines().enumerate() {
        if is_copyright(content) {
            continue;
        }
        let mut start = 0;
        for chunk in content.split_inclusive(char::is_whitespace) {
            let from = start;
            start += chunk.len();
            if is_list_mark(chunk.trim()) {
                continue;
            }
            let mut at = from;
            for piece in chunk.split_inclusive(|c: char| !c.is_alphanumeric()) {
                let word = piece.trim_end_matches(|c: char| !c.is_alphanumeric());
                let text = one_spelling(word);
                if !text.is_empty() {
                    out.push(Word { text, line, at: at..at + word.len() });
                }
                at += piece.len();
            }
        }
    }
    out
}

/// The spelling under which a word is compared; empty for one that is passed over.
fn one_spelling(word: &str) -> String {
    let low = word.to_lowercase();
    match low.as_str() {
        "http" | "https" => String::new(),
        "licence" => "license".into(),
        "licences" => "licenses".into(),
        _ => low,
    }
}

/// Whether a chunk only numbers an item: "1.", "(a)", "iv)", "*". Publishers number the same clauses in their own ways.
fn is_list_mark(chunk: &str) -> bool {
    let Some(inner) = chunk.strip_suffix(['.', ')']) else { return false };
    let inner = inner.strip_prefix('(').unwrap_or(inner);
    let digits = inner.len() <= 2 && inner.bytes().all(|b| b.is_ascii_digit());
    let letter = inner.len() == 1 && inner.bytes().all(|b| b.is_ascii_alphabetic());
    let roman = inner.len() <= 4 && inner.bytes().all(|b| matches!(b, b'i' | b'v' | b'x'));
    !inner.is_empty() && (digits || letter || roman)
}

struct Row {
    print: &'static str,
    words: usize,
    id: &'static str,
    form: TextForm,
}

static ROWS: LazyLock<HashMap<String, Vec<Row>>> = LazyLock::new(|| {
    let mut rows: HashMap<String, Vec<Row>> = HashMap::new();
    for line in TABLE.lines().filter(|l| !l.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [print, words, head, id, form] = *cells.as_slice() else { continue };
        let Ok(words) = words.parse() else { continue };
        let form = if form == "notice" { TextForm::Notice } else { TextForm::Exact };
        rows.entry(format!("{head} ")).or_default().push(Row { print, words, id, form });
    }
    // The longest first: a text that holds another is the one.
    for list in rows.values_mut() {
        list.sort_by_key(|r| std::cmp::Reverse(r.words));
    }
    rows
});

/// A known text inside a file.
#[derive(Debug)]
pub(super) struct Passage {
    pub id: &'static str,
    pub form: TextForm,
    /// The words it covers.
    pub at: Range<usize>,
}

/// The known texts of a file, in order, none inside another.
pub(super) fn passages(words: &[Word]) -> Vec<Passage> {
    let mut out = Vec::new();
    let mut effort = 0;
    let mut at = 0;
    while at < words.len() {
        let head = words.get(at..(at + HEAD).min(words.len())).map(joined).unwrap_or_default();
        let found = ROWS.get(head.as_str()).into_iter().flatten().find(|row| {
            effort += row.words;
            effort <= EFFORT && words.get(at..at + row.words).is_some_and(|w| print(w) == row.print)
        });
        match found {
            Some(row) => {
                out.push(Passage { id: row.id, form: row.form, at: at..at + row.words });
                at += row.words;
            }
            None => at += 1,
        }
    }
    out
}

/// Words, each followed by a space.
fn joined(words: &[Word]) -> String {
    let mut out = String::new();
    for word in words {
        out.push_str(&word.text);
        out.push(' ');
    }
    out
}

/// The first 16 digits of the SHA-256 of words, each followed by a space.
fn print(words: &[Word]) -> String {
    Digest::of(joined(words).as_bytes()).hex().chars().take(16).collect()
}

/// The row of the table for the text of license `id`, in `form` (text, notice): leading title lines are left out.
pub(super) fn row(text: &str, id: &str, form: &str) -> String {
    /// Leading lines that may be a title.
    const TITLE_LINES: usize = 8;
    let lines: Vec<&str> = text.lines().filter(|l| l.chars().any(char::is_alphanumeric)).collect();
    let is_title = |l: &&&str| is_copyright(l) || super::line::is_title(l, [id]);
    let title = lines.iter().take(TITLE_LINES).take_while(is_title).count();
    let words = tokens(&lines.get(title..).unwrap_or_default().join("\n"));
    let head = joined(words.get(..HEAD.min(words.len())).unwrap_or_default());
    format!("{}\t{}\t{}\t{id}\t{form}", print(&words), words.len(), head.trim_end())
}
