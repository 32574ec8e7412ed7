//! Text of a release set in Markdown so that it stays text: no markup, link, image, mention or HTML of its own survives, on a
//! forge that turns more into links than CommonMark does either. It knows no report.

use super::{clean, shorten};

/// Characters of a page, with room for its last lines: GitHub's comments hold 65 536 characters, its step summaries 1 MiB.
const PAGE: usize = 60_000;

/// A page that takes whole blocks until it is full.
#[derive(Default)]
pub(super) struct Blocks {
    /// What it took.
    pub(super) text: String,
    taken: usize,
    cut: bool,
}

impl Blocks {
    /// Adds lines that stand or fall together.
    pub(super) fn add(&mut self, block: &str) {
        let length = block.chars().count();
        if self.cut || self.taken + length > PAGE {
            self.cut = true;
        } else {
            self.taken += length;
            self.text.push_str(block);
        }
    }

    /// Whether something did not fit.
    pub(super) fn is_cut(&self) -> bool {
        self.cut
    }
}

/// What a forge or a reader of Markdown could take for markup.
const SIGNS: &[char] = &['\\', '`', '*', '_', '{', '}', '[', ']', '<', '>', '&', '~', '^'];

/// A sentence of at most so many characters. Its pairs of backticks become code, and so do words that a forge would link.
pub(super) fn prose(text: &str, most: usize) -> String {
    let text = one_line(text, most);
    let parts: Vec<&str> = text.split('`').collect();
    let mut out = String::new();
    for (i, part) in parts.iter().enumerate() {
        let (inside, closed) = (i % 2 == 1, i + 1 < parts.len());
        match (inside, closed) {
            (true, true) if !part.trim().is_empty() => push_code(&mut out, part),
            (true, true) => out.push_str("\\`\\`"),
            (true, false) => {
                out.push_str("\\`");
                words(&mut out, part);
            }
            (false, _) => words(&mut out, part),
        }
    }
    out
}

/// Text of at most so many characters as code: a path, an id, a quote.
pub(super) fn code(text: &str, most: usize) -> String {
    let mut out = String::new();
    push_code(&mut out, &one_line(text, most));
    out
}

/// One line, no space at its ends, none doubled.
fn one_line(text: &str, most: usize) -> String {
    let text = clean(text).split(' ').filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ");
    shorten(text.trim(), most)
}

/// Code. A bar would end the cell of a table, inside code too: it stands between two pieces of code, as an entity.
fn push_code(out: &mut String, text: &str) {
    for (i, part) in text.split('|').enumerate() {
        if i > 0 {
            out.push_str("&#124;");
        }
        if part.trim().is_empty() {
            out.push_str(part);
            continue;
        }
        // Backticks that touch make one longer sign.
        if out.ends_with('`') {
            out.push(' ');
        }
        let longest = part.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest + 1);
        let pad = if part.starts_with('`') || part.ends_with('`') { " " } else { "" };
        out.push_str(&format!("{fence}{pad}{part}{pad}{fence}"));
    }
}

fn words(out: &mut String, text: &str) {
    for (i, word) in text.split(' ').enumerate() {
        if i > 0 {
            out.push(' ');
        }
        // What only stands around a word stays around its code, as long as the rest is still what a forge would link.
        let open = word.len() - word.trim_start_matches(['(', '<', '"', '\'']).len();
        let (before, rest) = word.split_at(open);
        let core = rest.trim_end_matches([')', '>', '"', '\'', ',', '.', ';', ':', '!', '?']);
        if is_linked(core) {
            push_word(out, before);
            push_code(out, core);
            push_word(out, rest.strip_prefix(core).unwrap_or_default());
        } else if is_linked(word) {
            push_code(out, word);
        } else {
            push_word(out, word);
        }
    }
}

fn push_word(out: &mut String, word: &str) {
    let starts = out.trim().is_empty();
    // At the start of a line these make a heading, a list, a quote, an underline, or a command to a runner that reads the line.
    let number = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = number.len() < word.len() && number.starts_with(['.', ')']);
    for (i, c) in word.char_indices() {
        let opens = starts && (i == 0 && "#+-=:".contains(c) || numbered && i == word.len() - number.len());
        match c {
            '|' => out.push_str("&#124;"),
            _ if opens || SIGNS.contains(&c) => out.extend(['\\', c]),
            _ => out.push(c),
        }
    }
}

/// Whether a forge would turn a word into a link, a mention, a reference, a formula or a picture. Forges look for these in the
/// text that is left when Markdown is read, where no backslash is seen any more; in code they look for none.
fn is_linked(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let named = ["://", "www.", "mailto:", "xmpp:", "gh-", "@", "$", "["].iter().any(|sign| lower.contains(sign));
    let refers = |pair: (char, char)| "#!~%&^".contains(pair.0) && (pair.1.is_alphanumeric() || pair.1 == '"');
    let emoji =
        || lower.split(':').skip(1).any(|p| !p.is_empty() && !p.contains('/')) && lower.matches(':').count() > 1;
    let commit = || lower.len() >= 7 && lower.chars().all(|c| c.is_ascii_hexdigit());
    named || lower.chars().zip(lower.chars().skip(1)).any(refers) || emoji() || commit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_keep_their_code_and_lose_their_markup() {
        for (text, wanted) in [
            ("`a` bars *no* use", "`a` bars \\*no\\* use"),
            ("odd ` one", "odd \\` one"),
            ("`a``b`", "`a` `b`"),
            ("``", "\\`\\`"),
            ("see https://x.org/a_b and @me", "see `https://x.org/a_b` and `@me`"),
            ("(Jo <jo@x.org>), :tada:.", "(Jo \\<`jo@x.org`\\>), `:tada:.`"),
            ("# no heading", "\\# no heading"),
            ("12. no list", "12\\. no list"),
            ("::error::x", "`::error::x`"),
            ("a|b `c|d`", "a&#124;b `c`&#124;`d`"),
            ("<b>x</b> &amp;", "\\<b\\>x\\</b\\> `&amp`;"),
            ("two\nlines", "two lines"),
            ("\u{a0}x ", "x"),
            ("3 of 5: fine", "3 of 5: fine"),
        ] {
            assert_eq!(prose(text, 100), wanted, "{text}");
        }
    }

    #[test]
    fn code_is_fenced_by_more_than_it_holds() {
        assert_eq!(code("a``b", 100), "```a``b```");
        assert_eq!(code("`", 100), "`` ` ``");
        assert_eq!(code("", 100), "");
        assert_eq!(code("abcdef", 3), "`ab…`");
    }
}
