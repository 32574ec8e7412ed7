//! License texts by the fingerprint of their words: `rules/fingerprints.tsv` over a similarity search for the rest.
//! A fingerprint speaks only when every word is accounted for; similarity alone never names a text unchanged
//! (measured elsewhere: Apache-2.0 with one non-commercial line added scores 0.995).

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{licenses, words};
use crate::digest::Digest;
use crate::evidence::{TextForm, TextMatch};

/// The embedded table: fingerprint, id, form, one row a line.
pub const TABLE: &str = include_str!("../../rules/fingerprints.tsv");

/// Leading lines that may be a title.
const TITLE_LINES: usize = 8;

/// What a license text was taken for.
#[derive(Clone, Debug, PartialEq)]
pub struct Identified {
    /// Id of the license, known to [`licenses::find`]; absent when nothing is near.
    pub id: Option<String>,
    /// How well.
    pub how: TextMatch,
}

static ROWS: LazyLock<HashMap<&'static str, (&'static str, TextForm)>> = LazyLock::new(|| {
    TABLE
        .lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|l| {
            let mut cells = l.split('\t');
            let (print, id, form) = (cells.next()?, cells.next()?, cells.next()?);
            Some((print, (id, if form == "notice" { TextForm::Notice } else { TextForm::Exact })))
        })
        .collect()
});

/// Identifies a license from the whole of its text.
pub fn identify(text: &str) -> Identified {
    by_fingerprint(text).unwrap_or_else(|| by_similarity(text))
}

/// The license whose known words are exactly those of the text, copyright lines and a title left out.
fn by_fingerprint(text: &str) -> Option<Identified> {
    let lines: Vec<&str> = text.lines().filter(|l| l.chars().any(char::is_alphanumeric)).collect();
    for skip in 0..=TITLE_LINES.min(lines.len()) {
        let (title, body) = lines.split_at_checked(skip)?;
        let Some((id, form)) = ROWS.get(print_of(body).as_str()) else { continue };
        if title.iter().all(|l| is_copyright(l) || is_title(l, id)) {
            let how = TextMatch { form: *form, confidence: 1.0, residue: None };
            return Some(Identified { id: Some((*id).to_owned()), how });
        }
    }
    None
}

/// The fingerprint of a text as the table holds it for license `id`: leading title and copyright lines left out.
pub fn fingerprint(text: &str, id: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|l| l.chars().any(char::is_alphanumeric)).collect();
    let title = lines.iter().take(TITLE_LINES).take_while(|l| is_copyright(l) || is_title(l, id)).count();
    print_of(lines.get(title..).unwrap_or_default())
}

/// The first 16 digits of the SHA-256 of the words, copyright lines left out.
fn print_of(lines: &[&str]) -> String {
    let mut bytes = Vec::new();
    for line in lines.iter().filter(|l| !is_copyright(l)) {
        for word in words(line) {
            let word = match word.as_str() {
                "http" | "https" => continue,
                "licence" => "license",
                "licences" => "licenses",
                w => w,
            };
            bytes.extend_from_slice(word.as_bytes());
            bytes.push(b' ');
        }
    }
    Digest::of(&bytes).hex().chars().take(16).collect()
}

/// Whether a line only says whose the work is. A line that also grants or forbids something is not one.
fn is_copyright(line: &str) -> bool {
    const SPEAKS: &[&str] = &[
        "may",
        "must",
        "shall",
        "not",
        "no",
        "non",
        "only",
        "except",
        "unless",
        "without",
        "use",
        "used",
        "uses",
        "using",
        "permission",
        "permitted",
        "prohibited",
        "forbidden",
        "restricted",
        "commercial",
        "noncommercial",
        "research",
        "academic",
        "personal",
        "license",
        "licence",
        "licensed",
        "granted",
        "terms",
        "notice",
        "above",
        "this",
        "any",
        "interdit",
        "usage",
        "sauf",
        "seulement",
        "holder",
        "holders",
        "owner",
    ];
    let trimmed = line.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '©' && c != '(');
    let low = trimmed.to_lowercase();
    let rest = ["copyright", "©", "(c)", "all rights reserved", "tous droits réservés"]
        .iter()
        .find_map(|s| low.strip_prefix(s));
    let Some(rest) = rest else { return false };
    // "[name of copyright owner]", "<copyright holders>" and "{yyyy}" are blanks to fill in, not words.
    let filled: String = strip_blanks(rest);
    let said: Vec<String> = words(&filled).collect();
    said.len() <= 16 && !said.iter().any(|w| SPEAKS.contains(&w.as_str()))
}

/// A line without its `[…]`, `<…>` and `{…}` parts.
fn strip_blanks(line: &str) -> String {
    let mut out = String::new();
    let mut depth = 0usize;
    for c in line.chars() {
        match c {
            '[' | '<' | '{' => depth += 1,
            ']' | '>' | '}' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// Whether a line only names the license: its words are those of its id, its name, or of any title.
fn is_title(line: &str, id: &str) -> bool {
    const ANY: &[&str] = &[
        "the",
        "license",
        "licence",
        "version",
        "v",
        "text",
        "of",
        "and",
        "a",
        "for",
        "http",
        "https",
        "www",
        "org",
        "com",
        "opensource",
        "licenses",
        "spdx",
        "identifier",
        "txt",
        "html",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "date",
        "release",
        "dated",
        "copyright",
    ];
    let name =
        licenses::find(id).map(|l| format!("{} {} {}", l.id, l.name, l.spdx_id())).unwrap_or_else(|| id.to_owned());
    let own: Vec<String> = words(&name).collect();
    let mut count = 0;
    words(line).all(|w| {
        count += 1;
        count <= 20 && (own.contains(&w) || ANY.contains(&w.as_str()) || w.bytes().all(|b| b.is_ascii_digit()))
    })
}

/// The nearest SPDX text. Its words were not accounted for, so the form is never exact.
#[cfg(feature = "detect")]
fn by_similarity(text: &str) -> Identified {
    use spdx::detection::{Store, TextData};
    static STORE: LazyLock<Option<Store>> = LazyLock::new(|| Store::load_inline().ok().filter(|s| !s.is_empty()));
    /// Below this nothing is near: unlike texts score 0.06 to 0.46, edited ones 0.77 and more.
    const NEAR: f32 = 0.75;
    let nothing = Identified { id: None, how: TextMatch { form: TextForm::Unknown, confidence: 0.0, residue: None } };
    if words(text).take(20).count() < 20 {
        return nothing;
    }
    let Some(store) = STORE.as_ref() else { return nothing };
    let found = store.analyze(&TextData::new(text));
    let confidence = (found.score * 1000.0).round() / 1000.0;
    if confidence < NEAR {
        return Identified { how: TextMatch { confidence, ..nothing.how }, ..nothing };
    }
    let id = found.name.to_owned();
    let residue = residue(text);
    Identified { id: Some(id), how: TextMatch { form: TextForm::Changed, confidence, residue } }
}

/// Without the similarity search a text that no fingerprint knows is unknown.
#[cfg(not(feature = "detect"))]
fn by_similarity(_text: &str) -> Identified {
    Identified { id: None, how: TextMatch { form: TextForm::Unknown, confidence: 0.0, residue: None } }
}

/// The first line that a reader should look at: one that says what may not be done.
#[cfg(feature = "detect")]
fn residue(text: &str) -> Option<String> {
    super::terms::scan(text).first().map(|hit| crate::evidence::excerpt_of(&hit.sentence))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spdx_text(id: &str) -> &'static str {
        spdx::license_id(id).unwrap().text()
    }

    #[test]
    fn every_free_spdx_text_is_known_by_its_words() {
        let mut missing = Vec::new();
        for license in spdx::identifiers::LICENSES.iter().filter(|l| !l.name.contains("GFDL")) {
            let id = spdx::license_id(license.name).unwrap();
            if !(id.is_osi_approved() || id.is_fsf_free_libre()) || id.is_deprecated() {
                continue;
            }
            if by_fingerprint(id.text()).is_none() {
                missing.push(license.name);
            }
        }
        assert_eq!(missing, Vec::<&str>::new());
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
