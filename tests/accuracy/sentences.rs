//! How well added terms are told from sentences that only look like them: labelled sentences, scanned as prose.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use ouvert::lists::terms::{Voice, scan};
use serde::Deserialize;

/// A file of sentences: by language, by kind.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sentences {
    #[allow(dead_code)] // checked by the parser
    schema: u32,
    restricts: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    traps: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

/// What scanning came to.
#[derive(Default)]
struct Count {
    all: usize,
    certain: usize,
    doubtful: usize,
}

impl Count {
    fn of(sentences: &BTreeMap<String, Vec<String>>, wrong: impl Fn(&Count) -> bool, told: &mut Vec<String>) -> Count {
        let mut sum = Count::default();
        for (kind, text) in sentences.iter().flat_map(|(kind, list)| list.iter().map(move |text| (kind, text))) {
            let hits = scan(text, Voice::Prose);
            let certain = usize::from(hits.iter().any(|h| h.phrase.certain));
            let one = Count { all: 1, certain, doubtful: usize::from(!hits.is_empty()) - certain };
            if wrong(&one) {
                told.push(format!("  {kind}: {text}"));
            }
            sum = Count { all: sum.all + 1, certain: sum.certain + one.certain, doubtful: sum.doubtful + one.doubtful };
        }
        sum
    }
}

/// Scans every sentence of a folder and prints what was found; whether every restriction of the tables was found, but for one
/// in fifty, and no trap was taken for a certain one.
pub(crate) fn hold(folder: &Path) -> bool {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    let (mut found, mut flagged, mut restricting, mut certain_traps) = (0, 0, 0, 0);
    let mut wrong = Vec::new();
    println!("\nadded terms                restrictions  certain  doubtful       traps  certain  doubtful");
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        let file: Sentences = toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        for (lang, restricts) in &file.restricts {
            let bad = Count::of(restricts, |one| one.certain + one.doubtful == 0, &mut wrong);
            let traps = Count::of(&file.traps[lang], |one| one.certain > 0, &mut wrong);
            let name = path.file_stem().unwrap().to_string_lossy();
            println!(
                "  {name:<8} {lang:<14} {:>12} {:>8} {:>9} {:>11} {:>8} {:>9}",
                bad.all, bad.certain, bad.doubtful, traps.all, traps.certain, traps.doubtful
            );
            restricting += bad.all;
            found += bad.certain + bad.doubtful;
            flagged += traps.certain + traps.doubtful;
            certain_traps += traps.certain;
        }
    }
    let share = |part: usize, of: usize| 100.0 * part as f64 / of.max(1) as f64;
    let (recall, precision) = (share(found, restricting), share(found, found + flagged));
    println!("  recall {recall:.1} %, precision {precision:.1} %; wrong:");
    wrong.iter().for_each(|line| println!("{line}"));
    assert!(restricting >= 60, "only {restricting} sentences that restrict");
    50 * (restricting - found) <= restricting && certain_traps == 0
}
