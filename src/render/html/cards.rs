//! The criteria as cards: those that are asked for in the hand, the gates beside it.

use super::{Tone, plain, theirs};
use crate::finding::{Lang, Verdict};
use crate::render::{asks, counts, criterion_word, number, shown_criteria};
use crate::report::{Criterion, Report};
use crate::words::page::Page as Word;
use crate::words::screen::Screen;

/// Criteria shown of a profile.
pub(super) const CARDS: usize = 12;
/// Rules of a criterion up to which each has a mark.
const PIPS: u32 = 30;

/// A criterion on a line.
pub(super) struct Row {
    pub(super) tone: Tone,
    pub(super) title: String,
    pub(super) word: String,
    pub(super) counts: String,
}

impl Row {
    pub(super) fn of(report: &Report, criterion: &Criterion, lang: Lang) -> Row {
        let title = plain(criterion.title(lang), lang);
        Row {
            // One that asks for nothing has no verdict.
            tone: if asks(report, criterion) { criterion.verdict.into() } else { Tone::Plain },
            title: if title.is_empty() { theirs(&criterion.id) } else { title },
            word: plain(&criterion_word(report, criterion, lang), lang),
            counts: plain(&counts(report, criterion, lang), lang),
        }
    }
}

/// A criterion, drawn as a card.
pub(super) struct Card {
    pub(super) row: Row,
    pub(super) emblem: &'static str,
    pub(super) score: Option<String>,
    /// A mark for each rule: met ones first.
    pub(super) pips: Vec<Tone>,
    /// What the drawing shows, in words.
    pub(super) drawn: String,
}

impl Card {
    fn of(report: &Report, criterion: &Criterion, lang: Lang) -> Card {
        let drawn = match criterion.verdict {
            Verdict::Pass => Word::CardUp,
            Verdict::Partial => Word::CardHalf,
            Verdict::Fail => Word::CardDown,
            Verdict::Unknown => Word::CardDashed,
        };
        let score = || format!("{} {}", number(criterion.score, 1, lang), Screen::OfHundred.say(lang));
        Card {
            row: Row::of(report, criterion, lang),
            emblem: emblem(&criterion.id),
            score: (!report.profile.scoreless).then(|| plain(&score(), lang)),
            pips: if criterion.files { vec![] } else { pips(criterion) },
            drawn: plain(drawn.say(lang), lang),
        }
    }
}

/// The sign on a card, for the topics that have one.
fn emblem(id: &str) -> &'static str {
    match id {
        "license" => "license",
        "data" => "data",
        "recipe" => "recipe",
        _ => "other",
    }
}

fn pips(c: &Criterion) -> Vec<Tone> {
    let parts = [(c.met, Tone::Pass), (c.not_met, Tone::Fail), (c.unknown, Tone::Unknown)];
    if parts.iter().map(|(n, _)| u64::from(*n)).sum::<u64>() > u64::from(PIPS) {
        return vec![];
    }
    parts.into_iter().flat_map(|(n, tone)| (0..n).map(move |_| tone)).collect()
}

/// The criteria as cards.
pub(super) fn hand(report: &Report, lang: Lang) -> Vec<Card> {
    shown_criteria(report).filter(|c| !c.gate).take(CARDS).map(|c| Card::of(report, c, lang)).collect()
}

/// The gates beside the criteria.
pub(super) fn seals(report: &Report, lang: Lang) -> Vec<Row> {
    shown_criteria(report).filter(|c| c.gate).take(CARDS).map(|c| Row::of(report, c, lang)).collect()
}
