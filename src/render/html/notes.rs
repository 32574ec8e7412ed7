//! What stands around the findings: gaps, what people decided, the meaning of the words, and how the audit was made.

use super::{Link, Rich, Tone, link, more, ours, plain, theirs, told};
use crate::evidence::Topic;
use crate::finding::{Lang, Need, Outcome, Strength, pick};
use crate::render::{by_reason, digest_counts, need_word, outcome_word, strength_word, topic_word, waivers};
use crate::report::{Note, Report};
use crate::words::page::Page as Word;
use crate::words::screen::Screen;

/// Reasons shown for which something was not seen.
const GAPS: usize = 60;
/// Things named for each.
const NAMED: usize = 8;
/// Waivers and clarifications shown of a kind.
const DECISIONS: usize = 40;

/// What was not seen for one reason.
pub(super) struct GapGroup {
    pub(super) topic: String,
    pub(super) why: Rich,
    pub(super) what: Vec<String>,
    pub(super) more: Option<String>,
}

/// What could not be seen, by topic and reason.
pub(super) fn gaps(report: &Report, lang: Lang) -> Vec<GapGroup> {
    let group = |((topic, why), what): ((Topic, &str), Vec<&str>)| GapGroup {
        topic: plain(topic_word(topic, lang), lang),
        why: ours(why, lang),
        more: more(&what, NAMED, lang),
        what: what.iter().take(NAMED).map(|w| theirs(w)).collect(),
    };
    by_reason(&report.gaps, lang).into_iter().take(GAPS).map(group).collect()
}

/// Waivers and clarifications by what became of them.
pub(super) struct People {
    /// What became of each waiver, in a line each.
    pub(super) waivers: Vec<String>,
    pub(super) more_waivers: Option<String>,
    pub(super) notes: Vec<NoteGroup>,
}

/// Clarifications of which the same became.
pub(super) struct NoteGroup {
    pub(super) title: String,
    pub(super) notes: Vec<Said>,
    pub(super) more: Option<String>,
}

/// A clarification.
pub(super) struct Said {
    pub(super) rule: String,
    pub(super) by: String,
    pub(super) says: String,
    pub(super) source: Link,
    pub(super) reason: Rich,
}

impl People {
    pub(super) fn of(report: &Report, lang: Lang) -> People {
        let notes = &report.clarifications;
        let waivers = waivers(report, lang);
        let idle: Vec<&Note> = notes.lapsed.iter().chain(&notes.unused).collect();
        let group = |title: &str, all: Vec<&Note>| NoteGroup {
            title: plain(title, lang),
            more: more(&all, DECISIONS, lang),
            notes: all.into_iter().take(DECISIONS).map(|n| said(n, lang)).collect(),
        };
        let settled = group(Word::Settled.say(lang), notes.used.iter().collect());
        let lapsed = group(Screen::Lapsed.say(lang), idle);
        let notes = [settled, lapsed].into_iter().filter(|g| !g.notes.is_empty()).collect();
        People {
            more_waivers: more(&waivers, DECISIONS, lang),
            waivers: waivers.iter().take(DECISIONS).map(|line| told(line)).collect(),
            notes,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waivers.is_empty() && self.notes.is_empty()
    }
}

fn said(note: &Note, lang: Lang) -> Said {
    let values: &[(&str, &dyn std::fmt::Display)] =
        &[("by", &theirs(&note.by)), ("on", &theirs(&note.on)), ("file", &theirs(&note.file))];
    Said {
        rule: theirs(&note.rule),
        by: Word::SettledBy.with(lang, values),
        says: told(&note.says),
        source: link(&note.source),
        reason: ours(pick(lang, &note.reason, &note.reason_fr), lang),
    }
}

/// A group of words and what they mean.
pub(super) struct Meaning {
    pub(super) title: String,
    pub(super) words: Vec<(Option<Tone>, &'static str, String)>,
}

/// The words that the page uses of every rule.
pub(super) fn meanings(lang: Lang) -> Vec<Meaning> {
    let say = |word: Word| plain(word.say(lang), lang);
    let outcomes = [
        (Outcome::Met, Word::DefMet),
        (Outcome::NotMet, Word::DefNotMet),
        (Outcome::Unknown, Word::DefUnknown),
        (Outcome::NotApplicable, Word::DefNotApplicable),
    ];
    let needs = [
        (Need::Essential, Word::DefEssential),
        (Need::Required, Word::DefRequired),
        (Need::Recommended, Word::DefRecommended),
    ];
    let strengths = [
        (Strength::Declared, Word::DefDeclared),
        (Strength::Observed, Word::DefObserved),
        (Strength::Resolved, Word::DefResolved),
        (Strength::Verified, Word::DefVerified),
    ];
    vec![
        Meaning {
            title: say(Word::Outcomes),
            words: outcomes.map(|(o, d)| (Some(o.into()), outcome_word(o, lang), say(d))).into(),
        },
        Meaning { title: say(Word::Needs), words: needs.map(|(n, d)| (None, need_word(n, lang), say(d))).into() },
        Meaning {
            title: say(Word::Strengths),
            words: strengths.map(|(s, d)| (None, strength_word(s, lang), say(d))).into(),
        },
    ]
}

/// A fact about the audit.
pub(super) struct Fact {
    pub(super) label: String,
    pub(super) value: Link,
}

/// By what, of what and when the report was made.
pub(super) fn facts(report: &Report, lang: Lang) -> Vec<Fact> {
    let (tool, profile, subject) = (&report.tool, &report.profile, &report.subject);
    let run = if report.gate.passed { Word::RunPasses } else { Word::RunFails };
    let text = |text: &str| Link { text: theirs(text), href: None };
    let rows = [
        (Word::MadeTool, Some(text(&format!("{} {}", tool.name, tool.version)))),
        (Word::MadeProfile, Some(text(&format!("{} {}", profile.id, profile.version)))),
        (Word::MadeProfileDigest, Some(text(&profile.digest))),
        (Word::MadeTarget, Some(link(&subject.locator))),
        (Word::MadeHub, subject.hub_id.as_deref().map(text)),
        (Word::MadeRemote, subject.remote.as_deref().map(link)),
        (Word::MadeRevision, subject.revision.as_deref().map(text)),
        (Word::MadeAt, Some(text(&report.audited_at))),
        (Word::MadeFiles, subject.files_digest.as_deref().map(text)),
        (Word::MadeDigests, digest_counts(report, lang).as_deref().map(text)),
        (Word::MadeEvidence, report.evidence_digest.as_deref().map(text)),
        (Word::MadeRun, Some(text(run.say(lang)))),
    ];
    let fact = |(word, value): (Word, Option<Link>)| Some(Fact { label: plain(word.say(lang), lang), value: value? });
    rows.into_iter().filter_map(fact).filter(|f| !f.value.text.is_empty()).collect()
}
