//! License texts by the fingerprint of their words, over a comparison with the nearest text for the rest. Every passage of
//! a file is accounted for: a known text, a copyright line, a title, a note of where a part comes from, or residue.
//! Similarity alone never names a text unchanged (measured elsewhere: Apache-2.0 with one non-commercial line added
//! scores 0.995).

#[cfg(feature = "detect")]
mod compare;
mod known;
mod line;
mod stub;

use crate::evidence::{TextForm, TextMatch, excerpt_of};
use crate::lists::judgement::{self, Use};
use crate::lists::licenses::{self, Standing};
use crate::lists::terms::{self, Voice};
use known::{Passage, Word};

/// The embedded table of whole files.
const BLOBS: &str = include_str!("../../../rules/blobs.tsv");

/// What a license text was taken for.
#[derive(Clone, Debug, PartialEq)]
pub struct Identified {
    /// The license, or the licenses joined by `AND` where a file holds several; each is known to
    /// [`find`](super::licenses::find). Absent when nothing is near.
    pub id: Option<String>,
    /// How well.
    pub how: TextMatch,
}

impl Identified {
    fn nothing(confidence: f32) -> Identified {
        Identified { id: None, how: TextMatch { form: TextForm::Unknown, confidence, residue: None } }
    }
}

/// Identifies the licenses of a file from the whole of its text.
pub fn identify(text: &str) -> Identified {
    let words = known::tokens(text);
    let passages = known::passages(&words);
    if passages.is_empty() {
        return stub::identify(text).unwrap_or_else(|| titled(text, by_comparison(text, &words)));
    }
    let mut ids: Vec<&str> = Vec::new();
    for passage in &passages {
        if !ids.contains(&passage.id) {
            ids.push(passage.id);
        }
    }
    let covered: usize = passages.iter().map(|p| p.at.len()).sum();
    let id = ids.join(" AND ");
    let Some(residue) = residue(text, &words, &passages, &ids) else {
        let whole = passages.iter().any(|p| p.form == TextForm::Exact);
        let form = if whole { TextForm::Exact } else { TextForm::Notice };
        return Identified { id: Some(id), how: TextMatch { form, confidence: 1.0, residue: None } };
    };
    // A text of its own that quotes a free one is not that; one that quotes a strict one is as strict.
    if 2 * covered < words.len() && judgement::judge(&id).use_ == Use::Free {
        return by_comparison(text, &words);
    }
    let confidence = (1000.0 * covered as f32 / words.len().max(1) as f32).round() / 1000.0;
    let how = TextMatch { form: TextForm::Changed, confidence, residue: Some(residue) };
    Identified { id: Some(id), how }
}

/// A text that is near nothing known, but whose title names a license: it is a changed text of that at best.
fn titled(text: &str, found: Identified) -> Identified {
    /// Lines in which a title stands.
    const TITLE_LINES: usize = 4;
    if found.id.is_some() {
        return found;
    }
    let lines = text.lines().map(|l| l.trim_matches(|c: char| !c.is_alphanumeric() && c != ')'));
    let titles = lines.filter(|l| !l.is_empty()).take(TITLE_LINES);
    let named = |title: &str| {
        let bare = title.split(" (").next().unwrap_or(title);
        [title, bare].iter().find_map(|t| licenses::find(t)).filter(|l| l.standing != Standing::None)
    };
    match titles.into_iter().find_map(named) {
        Some(license) => {
            let how = TextMatch { form: TextForm::Changed, ..found.how };
            Identified { id: Some(license.spdx_id().to_owned()), how }
        }
        None => found,
    }
}

/// The license of a file with this git object id (SHA-1 of the blob, hexadecimal): `rules/blobs.tsv` holds the forms in
/// which whole license files are copied about.
pub fn by_blob(id: &str) -> Option<&'static str> {
    let rows = BLOBS.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once('\t'));
    rows.into_iter().find(|(blob, _)| *blob == id).map(|(_, license)| license)
}

/// The row of `rules/fingerprints.tsv` for a text of license `id`; `form` is `text` or `notice`.
pub fn row(text: &str, id: &str, form: &str) -> String {
    known::row(text, id, form)
}

/// What no known text covers and what is no title, copyright line or note of origin, quoted: the sentence that says what
/// may not be done where there is one, else the first.
fn residue(text: &str, words: &[Word], passages: &[Passage], ids: &[&str]) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut covered = vec![false; words.len()];
    for slot in passages.iter().flat_map(|p| p.at.clone()) {
        if let Some(slot) = covered.get_mut(slot) {
            *slot = true;
        }
    }
    let mut left: Vec<String> = Vec::new();
    let mut open: Vec<&Word> = Vec::new();
    let mut close = |open: &mut Vec<&Word>| {
        if let (Some(first), Some(last)) = (open.first(), open.last())
            && let Some(line) = lines.get(first.line)
        {
            let part = line.get(first.at.start..last.at.end).unwrap_or(line);
            let above = first.line.checked_sub(1).and_then(|above| lines.get(above));
            let more_names = above.is_some_and(|above| line::is_copyright(above)) && line::is_names(part);
            if !more_names && !is_harmless(part, ids) {
                left.push(part.to_owned());
            }
        }
        open.clear();
    };
    for (word, covered) in words.iter().zip(covered) {
        if covered || open.last().is_some_and(|last| last.line != word.line) {
            close(&mut open);
        }
        if !covered {
            open.push(word);
        }
    }
    close(&mut open);
    let first = left.first()?;
    let spoken = terms::scan(&left.join("\n"), Voice::Terms);
    Some(excerpt_of(spoken.first().map_or(first.as_str(), |hit| hit.sentence.trim())))
}

/// Whether words beside a known text say nothing about use.
fn is_harmless(part: &str, ids: &[&str]) -> bool {
    let mut said = part;
    // A file on one line: title, copyright line and text follow each other.
    if let Some(at) = part.find("Copyright").filter(|at| *at > 0) {
        let (title, rest) = part.split_at(at);
        if !line::is_title(title, ids.iter().copied()) {
            return false;
        }
        said = rest;
    }
    line::is_title(said, ids.iter().copied()) || line::is_copyright(said) || line::is_source_note(said)
}

#[cfg(feature = "detect")]
fn by_comparison(text: &str, words: &[Word]) -> Identified {
    compare::identify(text, words)
}

/// Without the comparison a text that no fingerprint knows is unknown.
#[cfg(not(feature = "detect"))]
fn by_comparison(_text: &str, _words: &[Word]) -> Identified {
    Identified::nothing(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spdx_text(id: &str) -> &'static str {
        spdx::license_id(id).unwrap().text()
    }

    /// Restrictions that a hostile or careless hand may add, in words of many kinds.
    const RIDERS: &[&str] = &[
        "You may not use the Work for commercial purposes.",
        "Use is limited to academic research.",
        "Military organisations are excluded from this grant.",
        "Companies with more than 100 million monthly active users must request a separate license.",
        "The software shall be used for good, not evil.",
        "This license does not extend to residents of the European Union.",
        "Outputs cannot serve to train another model.",
        "Commercial exploitation requires our written consent.",
        "Persons employed by a competitor get no rights.",
        "L'utilisation commerciale est interdite.",
        "Réservé à la recherche académique.",
        "For evaluation.",
        "Not for sale",
    ];

    #[test]
    fn every_spdx_text_is_known_word_for_word() {
        // Two ids hold no text of a license; four pairs share one text, as the GNU ids do.
        let mut missing = Vec::new();
        for license in spdx::identifiers::LICENSES.iter().filter(|l| !["NOASSERTION", "any-OSI"].contains(&l.name)) {
            let text = spdx_text(license.name);
            let found = identify(text);
            let id = found.id.as_deref().unwrap_or_default();
            let same = licenses::find(id).is_some_and(|l| {
                spdx::license_id(l.spdx_id()).is_some_and(|other| {
                    let words = |t| known::tokens(t).into_iter().map(|w| w.text).collect::<Vec<_>>();
                    other.name == license.name || words(other.text()) == words(text)
                })
            });
            if !same || found.how.form != TextForm::Exact {
                missing.push(format!("{} is {id} {:?}", license.name, found.how));
            }
        }
        assert_eq!(missing, Vec::<String>::new());
    }

    #[test]
    fn no_strict_text_is_taken_for_a_free_one() {
        let mut wrong = Vec::new();
        for license in spdx::identifiers::LICENSES {
            let id = identify(spdx_text(license.name)).id.unwrap_or_default();
            let (wanted, found) = (judgement::judge(license.name).use_, judgement::judge(&id).use_);
            if found > wanted {
                wrong.push(format!("{} {wanted:?}, taken for {id} {found:?}", license.name));
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
    }

    #[test]
    fn a_rider_anywhere_in_a_text_is_seen() {
        for id in ["MIT", "Apache-2.0", "CC-BY-4.0"] {
            let lines: Vec<&str> = spdx_text(id).lines().collect();
            // At the end of each line, on a line of its own after it, and after each full stop within it.
            for (at, line) in lines.iter().enumerate() {
                let rider = RIDERS[at % RIDERS.len()];
                let (before, after) = (lines[..at].join("\n"), lines[at + 1..].join("\n"));
                let mut changed =
                    vec![format!("{line} {rider}"), format!("{line}\n{rider}"), format!("{rider} {line}")];
                changed.extend(line.match_indices(". ").map(|(i, _)| {
                    let (head, tail) = line.split_at(i + 1);
                    format!("{head} {rider}{tail}")
                }));
                for line in changed {
                    let text = format!("{before}\n{line}\n{after}");
                    let words = known::tokens(&text);
                    let passages = known::passages(&words);
                    let ids: Vec<&str> = passages.iter().map(|p| p.id).collect();
                    assert!(passages.is_empty() || residue(&text, &words, &passages, &ids).is_some(), "{id}: {line}");
                }
            }
        }
    }

    #[test]
    fn every_rider_is_seen_in_the_whole() {
        for id in ["MIT", "Apache-2.0", "CC-BY-4.0"] {
            let text = spdx_text(id);
            for rider in RIDERS {
                let (before, after) = text.split_at(
                    text.match_indices(
                        "

",
                    )
                    .nth(1)
                    .unwrap()
                    .0,
                );
                for changed in
                    [format!("{rider}\n\n{text}"), format!("{text}\n{rider}\n"), format!("{before}\n\n{rider}{after}")]
                {
                    let found = identify(&changed);
                    assert_ne!(found.how.form, TextForm::Exact, "{id}: {rider}");
                    assert_ne!(found.how.form, TextForm::Notice, "{id}: {rider}");
                }
            }
        }
    }

    #[test]
    fn several_licenses_in_one_file_are_told_apart() {
        let (mit, nc) = (spdx_text("MIT"), spdx_text("CC-BY-NC-4.0"));
        let apache = spdx_text("Apache-2.0");
        let both = identify(&format!("{mit}\n\n---\n\n{nc}"));
        assert_eq!(both.id.as_deref(), Some("MIT AND CC-BY-NC-4.0"));
        assert_eq!(both.how.form, TextForm::Exact);
        let noted = format!("{apache}\n\nThis file is based on code from https://github.com/example/project:\n\n{mit}");
        assert_eq!(identify(&noted).id.as_deref(), Some("Apache-2.0 AND MIT"));
        assert_eq!(identify(&noted).how.form, TextForm::Exact);
        let strict = format!("{apache}\n\nThe weights are for members of the club.\n\n{mit}");
        assert_eq!(identify(&strict).how.form, TextForm::Changed);
        assert_eq!(identify(&strict).how.residue.as_deref(), Some("The weights are for members of the club"));
    }

    #[cfg(feature = "detect")]
    #[test]
    fn another_holder_is_the_same_license_and_other_words_are_quoted() {
        let bsd = spdx_text("BSD-3-Clause");
        let named = bsd.replace("the copyright holder nor", "Example Labs, Inc. nor");
        assert_ne!(bsd, named);
        let found = identify(&named);
        assert_eq!((found.id.as_deref(), found.how.form), (Some("BSD-3-Clause"), TextForm::Exact));
        let rider = bsd.replace("provided that the following", "for teaching, provided that the following");
        let found = identify(&rider);
        assert_eq!(found.how.form, TextForm::Changed);
        assert_eq!(found.how.residue.as_deref(), Some("for teaching"));
        for (from, to) in [
            ("and the following disclaimer", "or the following disclaimer"),
            ("Redistributions in", "For redistributions in"),
        ] {
            let changed = bsd.replacen(from, to, 1);
            assert_ne!(bsd, changed);
            assert_eq!(identify(&changed).how.form, TextForm::Changed, "{to}");
        }
        let apache = spdx_text("Apache-2.0").replace("perpetual,", "revocable,");
        assert_eq!(identify(&apache).how.residue.as_deref(), Some("revocable"));
    }

    #[test]
    fn the_forms_seen_in_the_wild_are_one_text() {
        let apache = spdx_text("Apache-2.0");
        let filled = apache.replace("[yyyy] [name of copyright owner]", "2023 EleutherAI");
        let braces = apache.replace("http:", "https:").replace('[', "{").replace(']', "}");
        let blank = format!("\n\n{apache}\n");
        for text in [apache, &filled, &braces, &blank] {
            let found = identify(text);
            assert_eq!((found.id.as_deref(), found.how.form), (Some("Apache-2.0"), TextForm::Exact));
        }
        let mit = spdx_text("MIT");
        let titled =
            format!("The MIT License (MIT)\n\n{}", mit.replace("<year> <copyright holders>", "2024 The authors"));
        for text in [mit, &titled] {
            assert_eq!(identify(text).id.as_deref(), Some("MIT"));
            assert_eq!(identify(text).how.form, TextForm::Exact);
        }
    }

    #[test]
    fn a_text_changed_by_one_clause_is_not_the_text() {
        let apache = spdx_text("Apache-2.0");
        let mit = spdx_text("MIT");
        for text in [
            format!("{apache}\nYou may not use the Work for commercial purposes.\n"),
            format!("Non-commercial MIT License\n\n{mit}"),
            format!("Copyright 2024 X. You may only use this for research.\n{mit}"),
            mit.replace("without restriction", "for non-commercial purposes"),
            apache.replace("perpetual,", "revocable,"),
        ] {
            assert_ne!(identify(&text).how.form, TextForm::Exact, "{}", text.lines().next().unwrap());
        }
    }

    #[test]
    fn every_blob_is_of_a_known_license() {
        for line in BLOBS.lines().filter(|l| !l.starts_with('#')) {
            let (blob, id) = line.split_once('\t').unwrap();
            assert!(blob.len() == 40 && licenses::find(id).is_some_and(|l| l.is_free()), "{line}");
            assert_eq!(by_blob(blob), Some(id));
        }
        assert_eq!(by_blob("0000000000000000000000000000000000000000"), None);
    }

    #[test]
    fn a_title_tells_of_a_text_that_nobody_knows() {
        let text = "# Llama 2 Community License (with changes)\n\nWhoever reads this may do this and that and other things, as long as the moon is blue and the tide is low and nobody minds.\n";
        let found = identify(text);
        assert_eq!((found.id.as_deref(), found.how.form), (Some("llama2"), TextForm::Changed));
        let free = text.replace("Llama 2 Community License", "MIT License");
        assert_eq!(identify(&free).how.form, TextForm::Changed);
    }

    #[test]
    fn nothing_and_prose_are_unknown() {
        for text in ["", "\n", "Released under Apache 2.0.", "words ".repeat(50).as_str()] {
            assert_eq!(identify(text).id, None);
            assert_eq!(identify(text).how.form, TextForm::Unknown);
        }
    }

    #[test]
    fn a_notice_is_told_from_the_text() {
        let notice = "Copyright 2022 BigScience\n\nLicensed under the Apache License, Version 2.0 (the \"License\");\nyou may not use this file except in compliance with the License.\nYou may obtain a copy of the License at\n\n    http://www.apache.org/licenses/LICENSE-2.0\n\nUnless required by applicable law or agreed to in writing, software\ndistributed under the License is distributed on an \"AS IS\" BASIS,\nWITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.\nSee the License for the specific language governing permissions and\nlimitations under the License.\n";
        let found = identify(notice);
        assert_eq!((found.id.as_deref(), found.how.form), (Some("Apache-2.0"), TextForm::Notice));
    }
}
