//! The verdicts of other profiles on the same evidence.

use super::{CARDS, Finding, Rich, Row, Tone, findings_of_view, ours, plain, theirs, tone};
use crate::finding::{Lang, pick};
use crate::render::{level, shown_criteria};
use crate::report::Report;

/// Other profiles shown.
const VIEWS: usize = 8;

/// The verdict of another profile.
pub(super) struct View {
    pub(super) label: String,
    pub(super) title: String,
    pub(super) level: String,
    pub(super) tone: Tone,
    pub(super) says: Rich,
    pub(super) note: String,
    pub(super) criteria: Vec<Row>,
    /// Its findings, where it was asked for.
    pub(super) findings: Vec<Finding>,
    pub(super) more: usize,
}

/// The verdicts of other profiles, those that were asked for first.
pub(super) fn others(report: &Report, lang: Lang) -> Vec<View> {
    let mut all: Vec<_> = report.others.iter().take(VIEWS).collect();
    all.sort_by_key(|v| !v.asked);
    let view = |(at, view): (usize, &&crate::report::View)| {
        let seen = report.seen_by(view);
        let profile = &seen.profile;
        let own = plain(pick(lang, &profile.title, &profile.title_fr), lang);
        let label = plain(profile.label.get(lang), lang);
        let label = if label.is_empty() { theirs(&profile.id) } else { label };
        let (findings, more) = match view.asked {
            true => findings_of_view(&seen, at, lang),
            false => (vec![], 0),
        };
        View {
            level: plain(&level(seen.verdict.title(lang), &seen.level, &seen.verdict, lang), lang),
            tone: tone(&seen),
            says: ours(seen.verdict.says(lang), lang),
            note: plain(profile.note.get(lang), lang),
            criteria: shown_criteria(&seen).filter(|c| !c.files).take(CARDS).map(|c| Row::of(&seen, c, lang)).collect(),
            title: if own.is_empty() { label.clone() } else { own },
            label,
            findings,
            more,
        }
    };
    all.iter().enumerate().map(view).collect()
}
