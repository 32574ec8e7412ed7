//! Licenses that a running text names: in it, words such as "gemma" or "JSON" are mostly something else.

use std::sync::LazyLock;

use regex::Regex;

use super::licenses::{self, License, Standing};
use super::pattern;

/// What only names of licenses look like.
static LIKE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"\b(licen[sc]e|(open)?rail|cc[- ]?(by|0)|cc0|apache|mit|[al]?gpl|bsd|mpl|odc|odbl|cdla|pddl|osl|eupl)\b")
});

/// Whether a text looks like the name of a license, and not like that of a model or a format.
pub fn is_like(text: &str) -> bool {
    LIKE.as_ref().is_some_and(|p| p.is_match(text))
}

/// The licenses that a running text names, each in at most six words; of a long text its first two hundred words.
pub fn licenses_in(text: &str) -> Vec<License> {
    /// Words that are looked at.
    const MOST: usize = 200;
    let trimmed = |w: &str| w.trim_matches(|c: char| !c.is_alphanumeric() && c != '+').to_owned();
    let words: Vec<String> = text.split_whitespace().take(MOST).map(trimmed).collect();
    let mut out: Vec<License> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let found = (1..=6).rev().find_map(|n| {
            let name = words.get(at..at + n)?.join(" ");
            if !is_like(&name) {
                return None;
            }
            licenses::find(&name).filter(|l| l.standing != Standing::None).map(|l| (n, l))
        });
        if let Some((n, license)) = found {
            out.push(license.into_owned());
            at += n;
        } else {
            at += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_between_other_words() {
        for (text, ids) in [
            ("Weights under Apache License 2.0, data as CC-BY-NC-4.0.", &["apache-2.0", "cc-by-nc-4.0"][..]),
            ("shared through the MIT license (see below)", &["mit"]),
            ("Llama 2 Community License Agreement, not an OSI-approved license", &["llama2"]),
            ("a JSON file of gemma and qwen outputs by Intel", &[]),
            ("license unknown, other license, not an open license", &[]),
            ("", &[]),
        ] {
            assert_eq!(licenses_in(text).iter().map(|l| l.id.as_str()).collect::<Vec<_>>(), ids, "{text}");
        }
        assert!(licenses_in(&"x ".repeat(100_000)).is_empty());
    }
}
