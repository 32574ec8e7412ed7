//! The catalogue of the screens' words, and the sentences that carry both languages: nothing is left untranslated, both languages
//! say the same things, every entry is used, and French is set as French is.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use ouvert::words;

use crate::support::HERE;

/// An entry: its area, its name, English, French.
type Entry = (&'static str, &'static str, &'static str, &'static str);

macro_rules! entries {
    ($($area:path),* $(,)?) => {
        vec![$((stringify!($area), <$area>::ALL.iter().map(|(word, name)| (*name, word.both())).collect::<Vec<_>>())),*]
    };
}

fn catalogue() -> Vec<Entry> {
    let areas = entries![words::forge::Forge, words::screen::Screen];
    let files = fs::read_dir(Path::new(HERE).join("src/words")).unwrap().count() - 1;
    assert_eq!(areas.len(), files, "an area of the catalogue is not looked at here");
    let flat = |(area, all): (&'static str, Vec<(&'static str, (&'static str, &'static str))>)| {
        all.into_iter().map(move |(name, (en, fr))| (area, name, en, fr))
    };
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
    assert!(all.len() > 60, "{}", all.len());
    for (area, name, en, fr) in all {
        assert!(!en.trim().is_empty() && !fr.trim().is_empty(), "{area}::{name}");
        assert_eq!(names(en), names(fr), "{area}::{name}");
    }
}

#[test]
fn every_entry_is_used() {
    let sources: Vec<String> =
        sources().into_iter().filter(|(path, _)| !path.to_string_lossy().contains("/words/")).map(|(_, t)| t).collect();
    for (area, name, ..) in catalogue() {
        let used = regex::Regex::new(&format!(r"::{name}\b")).unwrap();
        assert!(sources.iter().any(|text| used.is_match(text)), "{area}::{name} is used nowhere");
    }
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

#[test]
fn french_is_set_as_french_is() {
    for (area, name, _, fr) in catalogue() {
        assert_eq!(misset(fr), None, "{area}::{name}: {fr}");
    }
    for wrong in ["Attention:", "le «mot»", "quoi?", "et..."] {
        assert!(misset(wrong).is_some(), "{wrong}");
    }
}
