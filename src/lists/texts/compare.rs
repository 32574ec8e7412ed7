//! A text that no fingerprint knows, against the nearest text of the SPDX list, word by word. Words that differ are quoted;
//! only another title, or another holder's name where the text names the holder, leave it the same license.

use std::sync::LazyLock;

use similar::{Algorithm, DiffOp};
use spdx::detection::{Store, TextData};

use super::known::{self, Word};
use super::{Identified, line};
use crate::evidence::{TextForm, TextMatch, excerpt_of};
use crate::lists::terms::{self, Voice};

/// Below this nothing is near: unlike texts score 0.06 to 0.46, edited ones 0.77 and more.
const NEAR: f32 = 0.75;
/// Words of a file that is compared at most: the longest text of the list has 13,000.
const LONGEST: usize = 20_000;
/// Words from the start within which a title ends.
const TITLE: usize = 24;
/// Places in which a text may name another holder, and words of a name.
const MOST_NAMES: usize = 12;
const LONGEST_NAME: usize = 12;

/// The nearest text of the SPDX list.
pub(super) fn identify(text: &str, words: &[Word]) -> Identified {
    static STORE: LazyLock<Option<Store>> = LazyLock::new(|| Store::load_inline().ok().filter(|s| !s.is_empty()));
    let Some(store) = STORE.as_ref().filter(|_| (20..=LONGEST).contains(&words.len())) else {
        return Identified::nothing(0.0);
    };
    let found = store.analyze(&TextData::new(text));
    let confidence = (found.score * 1000.0).round() / 1000.0;
    let Some(known) = spdx::license_id(found.name).filter(|_| confidence >= NEAR) else {
        return Identified::nothing(confidence);
    };
    let (form, residue) = match differences(text, words, known.text(), known.name) {
        None => (TextForm::Exact, None),
        Some(said) => {
            let spoken = terms::scan(text, Voice::Terms);
            let said = spoken.first().map(|hit| hit.sentence.trim().to_owned()).or(said);
            (TextForm::Changed, said.as_deref().map(excerpt_of))
        }
    };
    let confidence = if form == TextForm::Exact { 1.0 } else { confidence };
    Identified { id: Some(known.name.to_owned()), how: TextMatch { form, confidence, residue } }
}

/// `None` when a text differs from a known one in titles and holders' names alone; else the first other words that it has
/// and the known one has not, if any.
fn differences(text: &str, words: &[Word], known: &str, id: &str) -> Option<Option<String>> {
    let theirs = known::tokens(known);
    let old: Vec<&str> = theirs.iter().map(|w| w.text.as_str()).collect();
    let new: Vec<&str> = words.iter().map(|w| w.text.as_str()).collect();
    let ops = similar::capture_diff_slices(Algorithm::Patience, &old, &new);
    let lines: Vec<&str> = text.lines().collect();
    let mut names = 0;
    let mut missing = false;
    for op in ops {
        let (gone, come) = match op {
            DiffOp::Equal { .. } => continue,
            _ => (old.get(op.old_range()).unwrap_or_default(), words.get(op.new_range()).unwrap_or_default()),
        };
        let said = quoted(&lines, come);
        let is_title = |text: &str| text.is_empty() || line::is_title(text, [id]);
        // A title stands before the text; the same words inside it may change what it says.
        if op.new_range().start.max(op.old_range().start) < TITLE && is_title(&said) && is_title(&gone.join(" ")) {
            continue;
        }
        names += 1;
        let holder = is_holder(gone);
        if holder && come.len() <= LONGEST_NAME && line::is_names(&said) && names <= MOST_NAMES {
            continue;
        }
        if !come.is_empty() {
            return Some(Some(said));
        }
        missing = true;
    }
    missing.then_some(None)
}

/// Words as the file has them, with what stands between them.
fn quoted(lines: &[&str], words: &[Word]) -> String {
    let mut out = String::new();
    for word in words {
        let Some(text) = lines.get(word.line).and_then(|l| l.get(word.at.clone())) else { continue };
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(text);
    }
    out
}

/// Whether a text names a holder of rights as disclaimers do ("the copyright holders and contributors", "the regents").
fn is_holder(words: &[&str]) -> bool {
    const HOLDER: &str = "holder holders owner owners author authors contributor contributors regents university organization \
        company foundation project name names institute corporation";
    const AROUND: &str = "the copyright and or of its their his nor s by inc california group";
    words.iter().any(|w| line::has(HOLDER, w)) && words.iter().all(|w| line::has(HOLDER, w) || line::has(AROUND, w))
}
