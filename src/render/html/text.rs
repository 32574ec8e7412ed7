//! Text made fit for the page: our own words set as their language sets them, those of a release bounded and left as they are,
//! and addresses that may be followed. It escapes nothing, for the templates escape everything.

use crate::finding::Lang;
use crate::render::{self, clean};
use crate::words::screen::Screen;

/// Characters kept of a sentence of ours.
const SENTENCE: usize = 1200;
/// Characters kept of a name, a path or a quote.
const QUOTE: usize = 300;
/// Bytes of the longest address that is a link.
const ADDRESS: usize = 2000;

/// A sentence of ours, in pieces.
pub(super) type Rich = Vec<Piece>;

/// A piece of a sentence.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Whether it stood between backticks: a name, a key or a path, quoted as it is.
    pub(super) code: bool,
    pub(super) text: String,
}

/// A reference, and where it leads.
pub(super) struct Link {
    pub(super) text: String,
    /// Absent for what is no address on the web.
    pub(super) href: Option<String>,
}

/// A text without what hides or moves a cursor, at most so long.
fn bounded(text: &str, most: usize) -> String {
    // What is dropped may be long too: no more is looked at than could be kept.
    let head: String = text.chars().take(2 * most).collect();
    let whole = clean(&head);
    if whole.chars().count() <= most && head.len() == text.len() {
        whole
    } else {
        whole.chars().take(most - 1).collect::<String>() + "…"
    }
}

/// Words of a release, or of a person who judged it, as they are.
pub(super) fn theirs(text: &str) -> String {
    bounded(text, QUOTE)
}

/// A sentence that a person wrote, as it is.
pub(super) fn told(text: &str) -> String {
    bounded(text, SENTENCE)
}

/// Words of ours without code in them.
pub(super) fn plain(text: &str, lang: Lang) -> String {
    typeset(&bounded(text, SENTENCE), lang)
}

/// Words of ours; what stands between backticks is code.
pub(super) fn ours(text: &str, lang: Lang) -> Rich {
    let text = bounded(text, SENTENCE);
    let parts: Vec<&str> = text.split('`').collect();
    // An odd backtick opens nothing.
    let closed = if parts.len().is_multiple_of(2) { parts.len() - 1 } else { parts.len() };
    let pieces = parts.iter().enumerate().map(|(i, part)| {
        let code = i % 2 == 1 && i < closed;
        Piece { code, text: if code { (*part).to_owned() } else { typeset(part, lang) } }
    });
    pieces.filter(|p| !p.text.is_empty()).collect()
}

/// A finding's reason as a sentence: a capital first, a full stop last.
pub(super) fn sentence(text: &str, lang: Lang) -> Rich {
    let mut pieces = ours(text, lang);
    if let Some(first) = pieces.first_mut().filter(|p| !p.code) {
        let mut chars = first.text.chars();
        first.text = chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default();
    }
    match pieces.last_mut() {
        Some(last) if last.code => pieces.push(Piece { code: false, text: ".".into() }),
        Some(last) if !last.text.ends_with(['.', '!', '?', '…']) => last.text.push('.'),
        _ => {}
    }
    pieces
}

/// How many are left out beyond a limit, in words.
pub(super) fn more<T>(all: &[T], most: usize, lang: Lang) -> Option<String> {
    let left = render::more(all, most);
    (left > 0).then(|| Screen::More.with(lang, &[("n", &left)]))
}

/// The pieces as one text.
pub(super) fn flat(pieces: &[Piece]) -> String {
    pieces.iter().map(|p| p.text.as_str()).collect()
}

/// Typographic signs for those of a keyboard, and the spaces that French sets beside double signs.
fn typeset(text: &str, lang: Lang) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        out.push(match (c, next) {
            ('\'', _) if before.is_alphanumeric() => '’',
            ('"', _) if before.is_whitespace() || before == '(' => '“',
            ('"', _) => '”',
            (' ' | '\u{a0}', Some(';' | '!' | '?')) if lang == Lang::Fr => '\u{202f}',
            (' ', Some(':' | '»' | '%')) if lang == Lang::Fr => '\u{a0}',
            (' ', _) if lang == Lang::Fr && before == '«' => '\u{a0}',
            _ => c,
        });
        before = c;
    }
    out
}

/// What a text leads to: an address on the web, shown as the browser will ask for it, or nothing.
pub(super) fn link(text: &str) -> Link {
    let text = text.trim();
    let address = (text.len() <= ADDRESS).then(|| url::Url::parse(text).ok()).flatten().filter(|u| {
        // Words before an `@` are there to be taken for the host.
        let bare = u.username().is_empty() && u.password().is_none();
        matches!(u.scheme(), "http" | "https") && bare && clean(text) == text
    });
    match address {
        Some(address) => Link { text: address.to_string(), href: Some(address.into()) },
        None => Link { text: theirs(text), href: None },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn french_is_set_with_its_spaces_and_code_is_not() {
        let set = flat(&ours("l'audit : « oui » ; `a'b : c ;` non ?", Lang::Fr));
        assert_eq!(set, "l’audit\u{a0}: «\u{a0}oui\u{a0}»\u{202f}; a'b : c ; non\u{202f}?");
        assert_eq!(flat(&ours("it's \"so\": `\"x\"`", Lang::En)), "it’s “so”: \"x\"");
    }

    #[test]
    fn an_odd_backtick_opens_nothing() {
        let pieces = ours("a `b` c `d", Lang::En);
        let code: Vec<(bool, &str)> = pieces.iter().map(|p| (p.code, p.text.as_str())).collect();
        assert_eq!(code, [(false, "a "), (true, "b"), (false, " c "), (false, "d")]);
    }

    #[test]
    fn a_reason_becomes_a_sentence() {
        assert_eq!(flat(&sentence("named: `MIT`", Lang::En)), "Named: MIT.");
        assert_eq!(flat(&sentence("`MIT` bars no use", Lang::En)), "MIT bars no use.");
        assert_eq!(flat(&sentence("", Lang::En)), "");
    }

    #[test]
    fn only_plain_addresses_are_links() {
        for no in [
            "javascript:alert(1)",
            "data:text/html,x",
            "https://good.example@evil.example/",
            "acme/set",
            "//x",
            "ftp://x/y",
        ] {
            assert_eq!(link(no).href, None, "{no}");
        }
        // A host that looks like another is shown as it is asked for.
        assert_eq!(link("https://аррle.example/").text, "https://xn--le-6kc8da.example/".to_owned());
    }

    #[test]
    fn what_is_long_or_hidden_is_cut() {
        assert_eq!(theirs("a\u{202e}b\u{0}c\nd"), "abc d");
        assert_eq!(theirs(&"x".repeat(1000)).chars().count(), QUOTE);
        assert_eq!(theirs(&"\u{200b}".repeat(100_000)), "…");
    }
}
