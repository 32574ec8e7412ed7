//! Two reports compared: as JSON, for a terminal, as Markdown; and what the last two share. It sees the comparison alone.

mod markdown;
mod table;

pub use markdown::markdown;
pub use table::table;

use super::{access_word, clean, escaped, number, outcome_word, status_word};
use crate::diff::{CriterionChange, Diff, Direction, FileChange, FindingChange, Side};
use crate::finding::Lang;
use crate::words::compare::Compare as Word;
use crate::words::screen::Screen;

/// Entries of a list that are shown before the rest is counted.
const SHOWN: usize = 12;

/// The comparison as indented JSON with a final line end.
///
/// # Errors
/// When a number in it is not finite, which counting excludes.
pub fn json(diff: &Diff) -> serde_json::Result<String> {
    Ok(escaped(&serde_json::to_string_pretty(diff)?) + "\n")
}

/// All that a script or a glance needs, on one line.
fn line(diff: &Diff, lang: Lang) -> String {
    let count = |d: Direction| diff.findings.iter().filter(|f| f.direction == d).count();
    let (was, now) = (clean(diff.old.level(lang)), clean(diff.new.level(lang)));
    let (worse, unclear, better) = (count(Direction::Worse), count(Direction::Unclear), count(Direction::Better));
    let text = if worse + unclear + better == 0 && was == now {
        Word::NoLine.with(lang, &[("level", &now), ("score", &number(diff.new.score, 1, lang))])
    } else {
        let values: [(&str, &dyn std::fmt::Display); 5] =
            [("worse", &worse), ("better", &better), ("unclear", &unclear), ("was", &was), ("now", &now)];
        Word::Line.with(lang, &values)
    };
    clean(&text)
}

/// What was and what is, or the one word where they are the same.
fn arrow(was: &str, now: &str) -> String {
    let (was, now) = (clean(was), clean(now));
    if was == now { now } else { format!("{was} → {now}") }
}

/// A release's name with its version or commit.
fn name(side: &Side) -> String {
    let revision = side.revision.as_ref().map(|r| r.chars().take(12).collect::<String>());
    let which = side.version.clone().or(revision).map(|v| format!(" {v}")).unwrap_or_default();
    clean(&format!("{}{which}", side.name))
}

/// Both overall scores, of 100.
fn scores(diff: &Diff, lang: Lang) -> String {
    let (was, now) = (number(diff.old.score, 1, lang), number(diff.new.score, 1, lang));
    if was == now {
        format!("{now} {}", Screen::OfHundred.say(lang))
    } else {
        Word::Score.with(lang, &[("was", &was), ("now", &now)])
    }
}

/// Both scores of a criterion; a gate has none.
fn criterion_scores(change: &CriterionChange, lang: Lang) -> Option<String> {
    let (was, now) = (number(change.was.score, 1, lang), number(change.now.score, 1, lang));
    (!change.now.gate).then(|| format!("{was} → {now}"))
}

/// Both outcomes of a finding.
fn outcomes(change: &FindingChange, lang: Lang) -> String {
    arrow(outcome_word(change.was, lang), outcome_word(change.now, lang))
}

/// Something beside the findings that changed.
struct Thing<'a> {
    /// A profile, a path, a dataset, a model.
    what: &'a str,
    /// What became of it.
    told: String,
    direction: Direction,
}

/// Levels by other profiles, files, datasets and base models that changed, each list under its heading; none is empty.
fn things(diff: &Diff, lang: Lang) -> Vec<(Word, Vec<Thing<'_>>)> {
    let (came, went) = (Word::Came.say(lang), Word::Went.say(lang));
    let others = diff.others.iter();
    let others =
        others.map(|o| Thing { what: &o.profile, told: arrow(&o.was, &o.now), direction: o.direction }).collect();
    let mut files: Vec<&FileChange> = diff.files.iter().collect();
    files.sort_by_key(|f| f.direction);
    let of_file = |f: &FileChange| {
        let word = |s| status_word(s, false, lang);
        match (f.was, f.now) {
            (None, Some(now)) => format!("{came} ({})", word(now)),
            (Some(_), None) => went.to_owned(),
            (Some(was), Some(now)) if was != now => arrow(word(was), word(now)),
            _ => Word::OtherBytes.say(lang).to_owned(),
        }
    };
    let files = files.into_iter().map(|f| Thing { what: &f.path, told: of_file(f), direction: f.direction }).collect();
    let sets = diff.datasets.iter().map(|d| {
        let word = |a| access_word(a, lang);
        let told = match (d.was, d.now) {
            (None, Some(now)) => format!("{came} ({})", word(now)),
            (Some(was), Some(now)) => arrow(word(was), word(now)),
            _ => went.to_owned(),
        };
        Thing { what: &d.id, told, direction: Direction::Same }
    });
    let bases = diff.new_bases.iter().map(|id| (id, came)).chain(diff.dropped_bases.iter().map(|id| (id, went)));
    let bases = bases.map(|(id, told)| Thing { what: id, told: told.into(), direction: Direction::Same }).collect();
    let all = [
        (Word::Others, others),
        (Word::FilesChanged, files),
        (Word::DatasetsChanged, sets.collect()),
        (Word::BasesChanged, bases),
    ];
    all.into_iter().filter(|(_, list): &(Word, Vec<Thing>)| !list.is_empty()).collect()
}
