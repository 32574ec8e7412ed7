//! The two languages of the screens, and the one catalogue of what screens say in them. It knows no report, rule or color.
//!
//! A sentence that tells of a release carries both languages from where it is made ([`Text`]); rules carry theirs in `rules/`.
//! What is left, the words that stand on a screen whatever the release is, stands here, a file an area: each entry has its
//! English and its French in one place, and the compiler asks for both. A `{name}` in an entry is filled in by `with`.

pub mod board;
pub mod certificates;
pub mod commands;
pub mod compare;
pub mod errors;
pub mod foreign;
pub mod forge;
pub mod formats;
pub mod gate;
pub mod help;
pub mod merge;
pub mod page;
pub mod progress;
pub mod screen;
pub mod shards;
pub mod signatures;
pub mod survey;
pub mod usage;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A sentence in the two languages of the reports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// English, the language of every machine-readable format.
    pub en: String,
    /// French.
    pub fr: String,
}

impl Text {
    /// The same thing said twice.
    pub fn new(en: impl Into<String>, fr: impl Into<String>) -> Text {
        Text { en: en.into(), fr: fr.into() }
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.en.is_empty() && self.fr.is_empty()
    }

    /// The sentence in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Fr => &self.fr,
        }
    }
}

/// A language of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// French.
    Fr,
}

/// The French sentence when it is asked for and there, else the English one.
pub fn pick<'a>(lang: Lang, en: &'a str, fr: &'a str) -> &'a str {
    if lang == Lang::Fr && !fr.is_empty() { fr } else { en }
}

/// Fills the `{name}`s of an entry of the catalogue. What fills one is never read for names again.
pub fn filled(pattern: &str, values: &[(&str, &dyn std::fmt::Display)]) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let named = after.split_once('}').and_then(|(name, tail)| {
            let value = values.iter().find(|(known, _)| *known == name)?;
            Some((value.1, tail))
        });
        match named {
            Some((value, tail)) => {
                out.push_str(&value.to_string());
                rest = tail;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out + rest
}

/// What fills the `{name}`s of a pattern so that it gives a text, where the text is of that form: each as short as can be, the
/// last up to the end.
pub fn fits<'p, 't>(pattern: &'p str, text: &'t str) -> Option<Vec<(&'p str, &'t str)>> {
    if pattern == text {
        return Some(vec![]);
    }
    let (head, mut pattern) = pattern.split_once('{').unwrap_or((pattern, ""));
    let mut text = text.strip_prefix(head)?;
    let mut found = Vec::new();
    while let Some((name, after)) = pattern.split_once('}') {
        let (between, rest) = after.split_once('{').unwrap_or((after, ""));
        let value = match (between, rest) {
            ("", "") => std::mem::take(&mut text),
            (end, "") => std::mem::take(&mut text).strip_suffix(end)?,
            _ => {
                let (value, left) = text.split_once(between)?;
                text = left;
                value
            }
        };
        found.push((name, value));
        pattern = rest;
    }
    text.is_empty().then_some(found)
}

/// One area of the catalogue: an enum of its entries, each with its English and its French.
macro_rules! words {
    ($(#[$about:meta])* $area:ident { $($name:ident: $en:literal, $fr:literal;)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs)] // each entry says itself
        pub enum $area { $($name),* }

        impl $area {
            /// All entries, with their names.
            pub const ALL: &[($area, &str)] = &[$(($area::$name, stringify!($name))),*];

            /// The entry in both languages, English first.
            pub fn both(self) -> (&'static str, &'static str) {
                match self { $($area::$name => ($en, $fr)),* }
            }

            /// The entry in one language, for one without `{name}`s.
            pub fn say(self, lang: crate::words::Lang) -> &'static str {
                let (en, fr) = self.both();
                match lang {
                    crate::words::Lang::En => en,
                    crate::words::Lang::Fr => fr,
                }
            }

            /// The entry in one language, its `{name}`s filled in.
            pub fn with(self, lang: crate::words::Lang, values: &[(&str, &dyn std::fmt::Display)]) -> String {
                crate::words::filled(self.say(lang), values)
            }

            /// The entry in both languages, its `{name}`s filled in.
            pub fn text(self, values: &[(&str, &dyn std::fmt::Display)]) -> crate::words::Text {
                use crate::words::{Lang, Text};
                Text::new(self.with(Lang::En, values), self.with(Lang::Fr, values))
            }
        }
    };
}
pub(crate) use words;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_filled_once() {
        let values: &[(&str, &dyn std::fmt::Display)] = &[("a", &"{b}"), ("b", &2)];
        assert_eq!(filled("{a} of {b}, {c} {", values), "{b} of 2, {c} {");
    }

    #[test]
    fn texts_fit_patterns() {
        assert_eq!(fits("all", "all"), Some(vec![]));
        assert_eq!(fits("no `{a}`, but {b}", "no `x`, but y, but z"), Some(vec![("a", "x"), ("b", "y, but z")]));
        assert_eq!(fits("{a} at {b}!", "x at y!"), Some(vec![("a", "x"), ("b", "y")]));
        for (pattern, text) in [("all", "al"), ("no `{a}`", "no `x"), ("no {a} at {b}", "no x"), ("a", "ab")] {
            assert_eq!(fits(pattern, text), None, "{pattern} {text}");
        }
    }
}
