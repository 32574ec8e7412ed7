//! Prose cut into sentences and clauses, each with its line. It knows no word's meaning.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::pattern;

/// Bytes after which a text without a stop is cut into sentences all the same.
const LONGEST: usize = 4000;
/// Characters that two parts of a cut sentence share.
const OVERLAP: usize = 400;

/// A sentence without the markup that could part its words: emphasis, tags, typographic signs and wide spaces.
pub fn plain(sentence: &str) -> String {
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
        // What stands under a heading does not go on with it.
        if line.starts_with('#') {
            flush(&mut current, start);
        }
    }
    flush(&mut current, start);
    out
}

/// A text in plain letters: accents dropped, quotation marks and signs of money in one spelling, case kept.
/// Patterns are folded too, so that they are written as the language is, and compiled as ASCII.
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            _ if c.is_ascii() => out.push(c),
            'À'..='Å' => out.push('A'),
            'à'..='å' => out.push('a'),
            'Ç' => out.push('C'),
            'ç' => out.push('c'),
            'È'..='Ë' => out.push('E'),
            'è'..='ë' => out.push('e'),
            'Ì'..='Ï' => out.push('I'),
            'ì'..='ï' => out.push('i'),
            'Ñ' => out.push('N'),
            'ñ' => out.push('n'),
            'Ò'..='Ö' => out.push('O'),
            'ò'..='ö' => out.push('o'),
            'Ù'..='Ü' => out.push('U'),
            'ù'..='ü' => out.push('u'),
            'Œ' | 'œ' => out.push_str("oe"),
            'Æ' | 'æ' => out.push_str("ae"),
            '«' | '»' | '“' | '”' | '„' => out.push('"'),
            '’' | '‘' => out.push('\''),
            '€' => out.push_str("EUR"),
            '£' => out.push_str("GBP"),
            '\u{300}'..='\u{36f}' => {}
            c if c.is_alphanumeric() => out.push('~'),
            _ => out.push(' '),
        }
    }
    out
}

/// A folded sentence cut into clauses by `|`: at semicolons, colons, dashes and words of contrast. What stands in brackets
/// is a clause of its own, put behind the others, so that it parts no phrase.
pub fn parted(sentence: &str) -> String {
    static JOINT: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"[;:]\s|\s-{1,3}\s|[.!?]\s|,?\s\b(but|however|although|though|while|whereas|even if|mais|toutefois|cependant|bien que|alors que|meme si|tandis que)\b",
        )
    });
    let mut main = String::with_capacity(sentence.len());
    let mut aside = String::new();
    let mut open = 0_usize;
    let mut in_link = false;
    for (at, c) in sentence.char_indices() {
        match c {
            _ if in_link => in_link = c != ')',
            '(' if sentence.get(at..).is_some_and(|r| r.starts_with("(http")) => in_link = true,
            // "model(s)" is one word.
            '(' if sentence.get(at..).is_some_and(|r| r.starts_with("(s)") || r.starts_with("(e)")) => continue,
            '(' => {
                open += 1;
                aside.push('|');
            }
            ')' if open > 0 => open -= 1,
            ')' | '[' | ']' => {}
            _ if open > 0 => aside.push(c),
            _ => main.push(c),
        }
    }
    main.push_str(&aside);
    match JOINT.as_ref() {
        Some(joint) => joint
            .replace_all(&main, |m: &regex::Captures<'_>| format!("|{}", m.get(0).map_or("", |j| j.as_str())))
            .into_owned(),
        None => main,
    }
}

/// The clauses of a sentence: what stands between semicolons, colons, dashes, brackets and words of contrast.
pub fn clauses(sentence: &str) -> Vec<Range<usize>> {
    static JOINT: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"[;:()]\s|\s[-–—]\s|[.!?]\s|,?\s\b(but|however|although|though|while|whereas|even if|mais|toutefois|cependant|bien que|alors que|même si)\b",
        )
    });
    let mut out = Vec::new();
    let mut from = 0;
    for joint in JOINT.iter().flat_map(|j| j.find_iter(sentence)) {
        out.push(from..joint.start());
        from = joint.start();
    }
    out.push(from..sentence.len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_looked_for_in_clauses() {
        for (text, parted) in [
            (
                "It was for research, but commercial use is free; see below.",
                "It was for research|, but commercial use is free|; see below.",
            ),
            ("Use (in part or whole) of the model(s) is free.", "Use  of the models is free.|in part or whole"),
            ("an unclosed (bracket", "an unclosed |bracket"),
            ("see [the policy](https://a.b/AI_POLICY.md) first", "see the policy first"),
        ] {
            assert_eq!(super::parted(text), parted);
        }
        assert_eq!(folded("Œuvre dérivée à 5 € « été » — ŷ語"), "oeuvre derivee a 5 EUR \" ete \"   ~~");
    }

    #[test]
    fn clauses_part_at_contrast() {
        let text = "It was for research, but commercial use is free; see (the license) below.";
        let parts: Vec<&str> = clauses(text).into_iter().filter_map(|r| text.get(r)).collect();
        assert_eq!(parts, ["It was for research", ", but commercial use is free", "; see (the license", ") below."]);
    }

    #[test]
    fn sentences_keep_their_lines() {
        let text = "# T\nOne is\nhere. Two v2.0 is.\n- three\n- four";
        let found: Vec<_> = sentences(text).into_iter().map(|(l, s)| format!("{l}:{}", s.trim())).collect();
        assert_eq!(found, ["1:# T", "2:One is here.", "3:Two v2.0 is.", "4:- three", "5:- four"]);
    }
}
