//! The catalogue of the screens' words, and the sentences that carry both languages: nothing is left untranslated, both languages
//! say the same things, every entry is used, and French is set as French is.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use ouvert::words;

use crate::support::HERE;

/// An entry: its area, its name, English, French.
type Entry = (&'static str, &'static str, &'static str, &'static str);

/// An entry of an area: its name, English and French.
type Named = (&'static str, (&'static str, &'static str));

macro_rules! entries {
    ($($area:path),* $(,)?) => {
        vec![$((stringify!($area), <$area>::ALL.iter().map(|(word, name)| (*name, word.both())).collect::<Vec<_>>())),*]
    };
}

fn catalogue() -> Vec<Entry> {
    let areas = entries![
        words::board::Board,
        words::certificates::Certificates,
        words::commands::Commands,
        words::compare::Compare,
        words::errors::Errors,
        words::errors::Unknown,
        words::errors::Wanted,
        words::foreign::Foreign,
        words::foreign::Thing,
        words::forge::Forge,
        words::formats::Formats,
        words::gate::Gate,
        words::help::Labels,
        words::merge::Merge,
        words::page::Page,
        words::progress::Progress,
        words::survey::Survey,
        words::screen::Screen,
        words::shards::Shards,
        words::signatures::Signatures,
        words::usage::Usage,
    ];
    let in_words = |path: &Path| path.to_string_lossy().contains("/words/");
    let made =
        sources().into_iter().filter(|(path, _)| in_words(path)).map(|(_, t)| t.matches("super::words! {").count());
    assert_eq!(areas.len(), made.sum::<usize>(), "an area of the catalogue is not looked at here");
    let flat =
        |(area, all): (&'static str, Vec<Named>)| all.into_iter().map(move |(name, (en, fr))| (area, name, en, fr));
    areas.into_iter().flat_map(flat).collect()
}

/// The `{name}`s of an entry.
fn names(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
}

fn sources() -> Vec<(PathBuf, String)> {
    let mut out = Vec::new();
    let mut folders = vec![Path::new(HERE).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = fs::read_to_string(&path).unwrap();
                out.push((path, text));
            }
        }
    }
    out
}

#[test]
fn every_entry_says_the_same_in_both_languages() {
    let all = catalogue();
    assert!(all.len() > 400, "{}", all.len());
    for (area, name, en, fr) in all {
        assert!(!en.trim().is_empty() && !fr.trim().is_empty(), "{area}::{name}");
        let (en, fr) = (names(en), names(fr));
        // Of what a foreign parser names, French may leave out what means nothing to a reader.
        let same = if area.starts_with("words::foreign") { fr.is_subset(&en) } else { fr == en };
        assert!(same, "{area}::{name}: {en:?}, {fr:?}");
    }
}

#[test]
fn every_entry_is_used() {
    let sources: Vec<String> =
        sources().into_iter().filter(|(path, _)| !path.to_string_lossy().contains("/words/")).map(|(_, t)| t).collect();
    // Those that are found by the form of a sentence are looked for in another test.
    for (area, name, ..) in catalogue().into_iter().filter(|(area, ..)| !area.starts_with("words::fo")) {
        let used = regex::Regex::new(&format!(r"::{name}\b")).unwrap();
        assert!(sources.iter().any(|text| used.is_match(text)), "{area}::{name} is used nowhere");
    }
}

#[test]
fn what_may_be_one_is_not_said_in_the_plural() {
    /// What counts, in entries.
    const COUNTS: &str = "n|changed|added|worse|better|unclear|errors|warnings|notices|sent|reused";
    /// Entries that a singular stands beside, and one of a limit.
    const SEVERAL: &[&str] = &["Bytes", "Requests", "Points", "Sets", "Unknowns", "Longer"];
    let plural = regex::Regex::new(&format!(r"\{{({COUNTS})\}} (more |autres )?[a-zéèà]+s\b")).unwrap();
    // A limit is large.
    let limit = regex::Regex::new(r"(more than|plus de) \{n\} ").unwrap();
    // What a reader of files refuses is refused for its large numbers.
    for (area, name, en, fr) in catalogue().into_iter().filter(|(area, ..)| *area != "words::formats::Formats") {
        for text in [en, fr] {
            let several = plural.find_iter(text).any(|m| !m.as_str().ends_with(" less"));
            let wrong = several && !limit.is_match(text) && !SEVERAL.contains(&name);
            assert!(!wrong, "{area}::{name}: {text}");
        }
    }
    assert!(plural.is_match("{n} files") && plural.is_match("et {n} autres endroits"));
}

/// What is wrong with how a French text is set.
fn misset(fr: &str) -> Option<&'static str> {
    let tight = regex::Regex::new(r"[^\s«:/?(\d`]([:;!?])( |$)").unwrap();
    let quotes = regex::Regex::new(r"«\S|\S»").unwrap();
    let plain: String = fr.split('`').step_by(2).collect::<Vec<_>>().join("x");
    if tight.is_match(&plain) {
        Some("no space before a double sign")
    } else if quotes.is_match(&plain) {
        Some("no space inside quotes")
    } else if plain.contains("...") {
        Some("three dots for one sign")
    } else {
        None
    }
}

/// What stands around the `{name}`s of a pattern, escaped for a regular expression.
fn form(pattern: &str) -> String {
    let hole = regex::Regex::new(r"\\\{[a-z_]+\\\}").unwrap();
    hole.replace_all(&regex::escape(pattern), r"\{[^{}]*\}").into_owned()
}

#[test]
fn every_sentence_of_a_reader_is_one_that_it_says() {
    // A reader makes its sentence with `format!`, and the catalogue knows it by its form: they must not grow apart.
    let code: Vec<String> = sources()
        .into_iter()
        .filter(|(path, _)| !path.to_string_lossy().contains("/words/"))
        .map(|(_, text)| regex::Regex::new(r"\\\n\s*").unwrap().replace_all(&text, "").replace("\\\"", "\""))
        .collect();
    for (_, name, en, _) in catalogue().into_iter().filter(|(area, ..)| *area == "words::formats::Formats") {
        // A sentence in two parts is looked for part by part.
        let parts = en.split("; ").filter(|part| part.len() > 12 || !en.contains("; "));
        for part in parts {
            let said = regex::Regex::new(&form(part)).unwrap();
            assert!(code.iter().any(|text| said.is_match(text)), "nothing says Formats::{name}: {part}");
        }
    }
}

/// The arguments of a call whose bracket was just opened: strings, characters and brackets are kept whole.
fn arguments(code: &str) -> Vec<&str> {
    let (mut out, mut depth, mut start, mut quoted) = (Vec::new(), 0, 0, false);
    let mut chars = code.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => {
                out.push(&code[start..at]);
                break;
            }
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                out.push(&code[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    out.retain(|argument| !argument.trim().is_empty());
    out
}

/// The literals that are given to `Text::new`, or to a `format!` in it, in pairs; with the file.
fn pairs() -> Vec<(PathBuf, String, String)> {
    let literal = regex::Regex::new(r#"^\s*(?:format!\(\s*)?"((?:[^"\\]|\\.)*)""#).unwrap();
    let joint = regex::Regex::new(r"\\\n\s*").unwrap();
    let said = |argument: &str| Some(joint.replace_all(&literal.captures(argument)?[1], "").replace("\\\"", "\""));
    let mut out = Vec::new();
    for (path, text) in sources() {
        let above = text.split("#[cfg(test)]").next().unwrap();
        for (at, call) in above.match_indices("Text::new(") {
            if let [en, fr] = arguments(&above[at + call.len()..])[..] {
                out.extend(said(en).zip(said(fr)).map(|(en, fr)| (path.clone(), en, fr)));
            }
        }
    }
    out
}

#[test]
fn sentences_say_the_same_in_both_languages() {
    /// What is the same in both.
    const SAME: &[&str] = &[];
    let all = pairs();
    assert!(all.len() > 150, "{}", all.len());
    let holes = |text: &str| {
        let hole = regex::Regex::new(r"\{[^{}]*\}").unwrap();
        let named =
            |hole: &str| hole.trim_end_matches("_en}").trim_end_matches("_fr}").trim_end_matches('}').to_owned();
        let mut found: Vec<String> = hole.find_iter(text).map(|m| named(m.as_str())).collect();
        found.sort();
        found
    };
    let mut wrong = Vec::new();
    for (path, en, fr) in &all {
        let mut tell = |what: &str| wrong.push(format!("{}: {what}\n  {en}\n  {fr}", path.display()));
        if en.trim().is_empty() != fr.trim().is_empty() {
            tell("one is empty");
        }
        if en == fr && en.chars().any(char::is_alphabetic) && !SAME.contains(&en.as_str()) {
            tell("the same in both");
        }
        if holes(en).len() != holes(fr).len() {
            tell("other things filled in");
        }
        if let Some(why) = misset(fr) {
            tell(why);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn french_is_set_as_french_is() {
    let below = words::help::COMMANDS
        .iter()
        .flat_map(|(name, about, after)| [("help", *name, *about), ("help", *name, *after)]);
    let args = words::help::ARGUMENTS.iter().map(|(key, _, help)| ("help", *key, *help));
    let values = words::help::VALUES.iter().map(|(key, help)| ("help", *key, *help));
    let all = catalogue().into_iter().map(|(area, name, _, fr)| (area, name, fr));
    for (area, name, fr) in all.chain(below).chain(args).chain(values) {
        assert_eq!(misset(fr), None, "{area}::{name}: {fr}");
    }
    for wrong in ["Attention:", "le «mot»", "quoi?", "et..."] {
        assert!(misset(wrong).is_some(), "{wrong}");
    }
}
