//! Findings: what to mend first, what to ask, and every one with its evidence, those that fall short first.

use std::collections::{BTreeMap, HashSet};

use super::{Link, Rich, Row, Tone, flat, link, ours, plain, sentence, theirs};
use crate::evidence::Place;
use crate::finding::{self, Lang, Outcome};
use crate::render::{gain, more as left_out, need_word, outcome_word, strength_word, waived};
use crate::report::Report;
use crate::words::page::Page as Word;
use crate::words::screen::Screen;

/// Findings shown of a report.
pub(super) const MOST: usize = 250;
/// Findings shown of another profile.
const OF_VIEW: usize = 60;
/// Findings to mend, and questions, that are shown in full.
const IN_FULL: usize = 8;
/// Those that are named after them.
const NAMED: usize = 40;
/// Places shown of a finding.
const PLACES: usize = 6;
/// References shown of a rule.
const REFS: usize = 8;

/// The findings that are shown, those that fall short first, each with its anchor.
pub(super) type Shown<'a> = Vec<(String, &'a finding::Finding)>;

/// A finding with its evidence.
pub(super) struct Finding {
    pub(super) id: String,
    pub(super) tone: Tone,
    /// Whether its evidence is shown from the start.
    pub(super) open: bool,
    pub(super) outcome: &'static str,
    pub(super) rule: String,
    pub(super) title: String,
    pub(super) facts: Vec<String>,
    pub(super) says: Rich,
    pub(super) places: Vec<Seen>,
    pub(super) more_places: Option<String>,
    /// What to do, or what to ask.
    pub(super) step: Option<(String, Rich)>,
    pub(super) waiver: Option<String>,
    pub(super) why: Rich,
    pub(super) refs: Vec<Link>,
}

/// Where a fact was seen.
pub(super) struct Seen {
    pub(super) at: String,
    pub(super) quote: Option<String>,
    pub(super) link: Option<Link>,
}

/// The findings of a criterion.
pub(super) struct Group {
    pub(super) title: String,
    /// What the criterion came to.
    pub(super) row: Option<Row>,
    pub(super) findings: Vec<Finding>,
}

/// What to do or to ask, in order: the first in full, others by name, the rest counted.
pub(super) struct Next {
    /// What its steps do.
    pub(super) to: String,
    pub(super) full: Vec<Step>,
    pub(super) named: Vec<Step>,
    pub(super) more: usize,
}

impl Next {
    pub(super) fn count(&self) -> usize {
        self.full.len() + self.named.len() + self.more
    }
}

/// One of them.
pub(super) struct Step {
    pub(super) title: Rich,
    pub(super) says: Rich,
    pub(super) remedy: Rich,
    pub(super) gain: String,
    pub(super) rule: String,
    pub(super) anchor: Option<String>,
}

/// What falls short stands first.
fn rank(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::NotMet => 0,
        Outcome::Unknown => 1,
        Outcome::Met => 2,
        Outcome::NotApplicable => 3,
    }
}

/// The findings that are shown, those that fall short first, with where they stand in the report.
fn ranked(report: &Report, most: usize) -> Vec<(usize, &finding::Finding)> {
    let mut all: Vec<_> = report.findings.iter().enumerate().collect();
    all.sort_by_key(|(_, f)| rank(f.outcome));
    all.truncate(most);
    all
}

/// The findings with a name for each: of its rule, so that a link to it holds from audit to audit.
pub(super) fn anchored(report: &Report) -> Shown<'_> {
    let mut taken = HashSet::new();
    let name = |(at, f): (usize, _)| {
        let f: &finding::Finding = f;
        let plain = f.rule.len() <= 64 && f.rule.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let own = format!("rule-{}", f.rule);
        (if plain && taken.insert(f.rule.as_str()) { own } else { format!("finding-{at}") }, f)
    };
    ranked(report, MOST).into_iter().map(name).collect()
}

/// Every finding, by criterion.
pub(super) fn groups(report: &Report, all: &Shown, lang: Lang) -> Vec<Group> {
    let mut by: BTreeMap<&str, Vec<Finding>> = BTreeMap::new();
    for (anchor, f) in all {
        by.entry(&f.criterion).or_default().push(shown(report, f, anchor.clone(), lang));
    }
    let mut out = Vec::new();
    for criterion in &report.criteria {
        if let Some(findings) = by.remove(criterion.id.as_str()) {
            let row = Row::of(report, criterion, lang);
            out.push(Group { title: row.title.clone(), row: Some(row), findings });
        }
    }
    // A saved report may hold findings of a criterion that it does not list.
    out.extend(by.into_iter().map(|(id, findings)| Group { title: theirs(id), row: None, findings }));
    out
}

/// The findings of another profile, and how many are left out.
pub(super) fn of_view(report: &Report, view: usize, lang: Lang) -> (Vec<Finding>, usize) {
    let some = ranked(report, OF_VIEW);
    let shown = some.into_iter().map(|(at, f)| shown(report, f, format!("view-{view}-{at}"), lang));
    (shown.collect(), left_out(&report.findings, OF_VIEW))
}

fn shown(report: &Report, f: &finding::Finding, id: String, lang: Lang) -> Finding {
    let mut facts = vec![need_word(f.need, lang).to_owned()];
    if f.tally.of > 1 {
        facts.push(Word::Tally.with(lang, &[("met", &f.tally.met), ("of", &f.tally.of)]));
    }
    if let Some(grade) = &f.grade {
        facts.push(Word::Grade.with(lang, &[("grade", &grade.title(lang))]));
    }
    if matches!(f.outcome, Outcome::Met | Outcome::NotMet) {
        let how = strength_word(f.strength, lang);
        facts.push(Screen::KnownBy.with(lang, &[("how", &how)]));
    }
    let gained = gain(report, f, lang);
    let step = match f.outcome {
        Outcome::NotMet => Some((Word::ToMend, f.remedy(lang))),
        Outcome::Unknown => Some((Word::ToAsk, f.question(lang))),
        Outcome::Met | Outcome::NotApplicable => None,
    };
    if step.is_some() && !gained.is_empty() {
        facts.push(Word::Gains.with(lang, &[("gain", &gained)]));
    }
    let hidden = left_out(&f.places, PLACES);
    let title = plain(f.title(lang), lang);
    Finding {
        id,
        tone: f.outcome.into(),
        open: matches!(f.outcome, Outcome::NotMet | Outcome::Unknown),
        outcome: outcome_word(f.outcome, lang),
        title: if title.is_empty() { theirs(&f.rule) } else { title },
        rule: theirs(&f.rule),
        facts: facts.iter().map(|fact| plain(fact, lang)).collect(),
        says: sentence(f.says(lang), lang),
        places: f.places.iter().take(PLACES).map(seen).collect(),
        more_places: (hidden > 0).then(|| Screen::MorePlaces.with(lang, &[("n", &hidden)])),
        step: step
            .filter(|(_, text)| !text.is_empty())
            .map(|(word, text)| (plain(word.say(lang), lang), ours(text, lang))),
        waiver: waived(report, f, lang).map(|w| plain(&w, lang)),
        why: ours(f.why(lang), lang),
        refs: f.refs.iter().take(REFS).map(|r| link(&r.replace('`', ""))).collect(),
    }
}

fn seen(place: &Place) -> Seen {
    let line = place.line.map(|l| format!(":{l}")).unwrap_or_default();
    Seen {
        at: format!("{}{line}", theirs(&place.path)),
        quote: place.excerpt.as_deref().map(theirs).filter(|q| !q.is_empty()),
        link: place.url.as_deref().map(link),
    }
}

/// What to mend first.
pub(super) fn mend(report: &Report, all: &Shown, lang: Lang) -> Next {
    let title = |f: &finding::Finding| ours(f.title(lang), lang);
    next(report, &report.to_mend(), Word::ToMend, all, &title, lang)
}

/// What only a person can answer.
pub(super) fn ask(report: &Report, all: &Shown, lang: Lang) -> Next {
    let title = |f: &finding::Finding| {
        let question = f.question(lang);
        ours(if question.is_empty() { f.title(lang) } else { question }, lang)
    };
    next(report, &report.to_ask(), Word::ToAsk, all, &title, lang)
}

fn next(
    report: &Report,
    open: &[&finding::Finding],
    to: Word,
    all: &Shown,
    title: &dyn Fn(&finding::Finding) -> Rich,
    lang: Lang,
) -> Next {
    let step = |f: &&finding::Finding| {
        let gain = plain(&gain(report, f, lang), lang);
        let mut title = title(f);
        if flat(&title).trim().is_empty() {
            title = ours(&f.rule, lang);
        }
        Step {
            title,
            says: sentence(f.says(lang), lang),
            remedy: ours(f.remedy(lang), lang),
            gain,
            rule: theirs(&f.rule),
            anchor: all.iter().find(|(_, one)| std::ptr::eq(*one, *f)).map(|(anchor, _)| anchor.clone()),
        }
    };
    Next {
        to: plain(to.say(lang), lang),
        full: open.iter().take(IN_FULL).map(step).collect(),
        named: open.iter().skip(IN_FULL).take(NAMED).map(step).collect(),
        more: left_out(open, IN_FULL + NAMED),
    }
}
