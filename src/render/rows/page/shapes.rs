//! The few shapes that the page of many releases shows: a bar of parts, a count, a group, and text made fit for it.

use super::super::{Named, share};
use crate::finding::Lang;
use crate::render::{clean, shorten};

/// Characters kept of a name.
const NAME: usize = 200;
/// The width of a bar, in units of its own.
const WIDTH: u64 = 1000;

/// A bar of parts, and each part in words.
pub(super) struct Bar {
    pub(super) segments: Vec<Segment>,
    pub(super) parts: Vec<Part>,
}

/// A part as it is drawn.
pub(super) struct Segment {
    pub(super) tone: usize,
    pub(super) x: u64,
    pub(super) width: u64,
}

/// A part as it is told.
pub(super) struct Part {
    pub(super) name: String,
    pub(super) tone: usize,
    pub(super) none: bool,
    pub(super) n: String,
    pub(super) share: String,
}

impl Bar {
    /// Of parts, each with its name, colour and count.
    pub(super) fn of<'a>(parts: impl Iterator<Item = (&'a Named, usize, u64)>, of: u64, lang: Lang) -> Bar {
        let mut bar = Bar { segments: vec![], parts: vec![] };
        let mut before = 0u64;
        let at = |n: u64| u64::try_from(u128::from(n) * u128::from(WIDTH) / u128::from(of.max(1))).unwrap_or(WIDTH);
        for (named, tone, n) in parts {
            let x = at(before);
            before += n;
            if n > 0 {
                // What is there is seen, however little it is.
                bar.segments.push(Segment { tone, x: x.min(WIDTH - 2), width: (at(before) - x).max(2) });
            }
            let (name, number) = (set(named.title.get(lang), lang), grouped(n, lang));
            bar.parts.push(Part { name, tone, none: n == 0, n: number, share: share(n, of, lang) });
        }
        bar
    }
}

/// How often something is so.
pub(super) struct Count {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) n: String,
    pub(super) share: String,
    pub(super) width: u64,
}

impl Count {
    /// Of an id, with its title.
    pub(super) fn of(id: String, title: String, n: u64, of: u64, lang: Lang) -> Count {
        let width = u64::try_from(u128::from(n) * u128::from(WIDTH) / u128::from(of.max(1))).unwrap_or(WIDTH);
        Count { id, title, n: grouped(n, lang), share: share(n, of, lang), width: width.min(WIDTH) }
    }
}

/// Some releases that have something in common.
pub(super) struct GroupRow {
    pub(super) name: String,
    pub(super) n: String,
    pub(super) bar: Bar,
    pub(super) mean: Option<String>,
}

/// Words of a release: bounded, and without what hides or moves a cursor.
pub(super) fn theirs(text: &str) -> String {
    let head: String = text.chars().take(2 * NAME).collect();
    shorten(&clean(&head), NAME)
}

/// Words of ours, with the signs and spaces that their language sets.
pub(super) fn set(text: &str, lang: Lang) -> String {
    let text = clean(text).replace('\'', "’");
    match lang {
        Lang::En => text,
        Lang::Fr => {
            let wide = text.replace(" :", "\u{a0}:").replace(" »", "\u{a0}»").replace("« ", "«\u{a0}");
            [" ;", " !", " ?"].iter().fold(wide, |t, sign| t.replace(sign, &sign.replace(' ', "\u{202f}")))
        }
    }
}

/// A count in groups of three digits, as a language writes it.
pub(super) fn grouped(n: u64, lang: Lang) -> String {
    let digits = n.to_string();
    let mark = match lang {
        Lang::En => ',',
        Lang::Fr => '\u{202f}',
    };
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(mark);
        }
        out.push(digit);
    }
    out
}
