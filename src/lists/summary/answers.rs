//! What is an answer in a field of the summary, and what only stands where one should.

use super::{LONGEST_LABEL, PARSED, is_in, seen};
use crate::lists::sentences::sentences;

/// Whether a text answers something: neither a question, an unticked box, a stand-in nor a word that it is kept back.
pub fn is_answer(text: &str) -> bool {
    let ticked: Vec<String> = text.lines().map(ticked).collect();
    let bare = without(&without(&without(&ticked.join("\n"), '[', ']'), '{', '}'), '(', ')');
    let bare = ["e.g.", "i.e.", "etc.", "p. ex."].iter().fold(tagless(&bare), |text, short| text.replace(short, " "));
    sentences(&bare).iter().map(|(_, sentence)| sentence.trim()).any(|sentence| {
        let seen = seen(sentence);
        let counts = seen.chars().any(|c| c.is_ascii_alphanumeric())
            || sentence.chars().any(|c| c.is_alphabetic() && !c.is_ascii());
        counts && !sentence.ends_with(['?', ':']) && !is_in(&PARSED.unanswered, &seen)
    })
}

/// A text without what stands between two signs.
pub(super) fn without(text: &str, open: char, close: char) -> String {
    let mut depth = 0usize;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c == open {
            depth += 1;
        } else if c == close && depth > 0 {
            depth -= 1;
        } else if depth == 0 {
            out.push(c);
        }
    }
    out
}

/// What is ticked in a line of boxes; a line without boxes is all of it.
fn ticked(line: &str) -> String {
    const OFF: &[&str] = &["[ ]", "[]", "☐", "□", "▢", "◻"];
    const ON: &[&str] = &["[x]", "[X]", "☒", "☑", "✅", "✔", "✓"];
    let marked = |text: &str, marks: &[&str], by: &str| marks.iter().fold(text.to_owned(), |t, m| t.replace(m, by));
    let line = marked(&marked(line, OFF, "\u{0}\u{1}"), ON, "\u{0}\u{2}");
    let mut parts = line.split('\u{0}');
    let first = parts.next().unwrap_or_default();
    let on: Vec<&str> = parts.clone().filter_map(|p| p.strip_prefix('\u{2}')).collect();
    // What stands before boxes asks; what stands behind a ticked one answers.
    if parts.next().is_none() { first.to_owned() } else { on.join(" ") }
}

/// A text without stand-ins in angle brackets; an address in them stays.
fn tagless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((head, tail)) = rest.split_once('<') {
        out.push_str(head);
        let end = tail.char_indices().take(LONGEST_LABEL).find(|(_, c)| *c == '>').map(|(at, _)| at);
        match end.and_then(|end| tail.get(..end)) {
            Some(inner) if inner.contains(['@', '/']) => out.push_str(inner),
            Some(_) => {}
            None => {
                rest = tail;
                continue;
            }
        }
        rest = end.and_then(|end| tail.get(end + 1..)).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_told_from_stand_ins() {
        let table: toml::Table = toml::from_str(crate::lists::summary::TABLE).unwrap();
        let all = |key: &str| {
            let texts = table["unanswered"][key].as_array().unwrap().clone();
            texts.into_iter().map(|t| t.as_str().unwrap().to_owned())
        };
        for text in all("matches") {
            assert!(!is_answer(&text), "{text}");
        }
        for text in all("misses") {
            assert!(is_answer(&text), "{text}");
        }
        assert!(is_answer("日本語のデータ") && !is_answer(""));
        for hostile in ["[", "<", "(", "☐", "? ", "{["] {
            assert!(!is_answer(&hostile.repeat(100_000)), "{hostile}");
        }
    }
}
