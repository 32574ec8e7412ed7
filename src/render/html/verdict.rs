//! The head of the page: what was audited, by which rules, the level, and why the run fails.

use super::{Rich, Tone, more, ours, plain, theirs};
use crate::finding::{Lang, pick};
use crate::render::{Standing, first_of, level, level_standing, number};
use crate::report::Report;
use crate::words::page::Page as Word;
use crate::words::screen::Screen;

/// Reasons shown for which a run fails.
const REASONS: usize = 8;
/// Licenses named of the release.
const LICENSES: usize = 6;

/// Of what, by which rules, and what it came to.
pub(super) struct Hero {
    pub(super) title: String,
    pub(super) name: String,
    pub(super) version: Option<String>,
    pub(super) locator: String,
    pub(super) now: Option<String>,
    pub(super) licenses: Option<String>,
    pub(super) judged_by: String,
    pub(super) audited: String,
    pub(super) level: String,
    pub(super) tone: Tone,
    pub(super) says: Rich,
    pub(super) note: String,
    pub(super) mean: Option<String>,
    pub(super) reasons: Vec<(String, Rich)>,
    pub(super) more_reasons: Option<String>,
    pub(super) failed: bool,
}

/// The day of a moment, as a language writes it; none for what is no moment.
fn day(at: &str, lang: Lang) -> Option<String> {
    let day: jiff::civil::Date = at.get(..10)?.parse().ok()?;
    let months = Word::Months.say(lang);
    let month = months.split(' ').nth(usize::try_from(day.month() - 1).ok()?)?;
    let values: [(&str, &dyn std::fmt::Display); 3] = [("day", &day.day()), ("month", &month), ("year", &day.year())];
    Some(if day.day() == 1 { Word::FirstDay.with(lang, &values) } else { Word::Day.with(lang, &values) })
}

impl Hero {
    pub(super) fn of(report: &Report, lang: Lang) -> Hero {
        let (subject, profile) = (&report.subject, &report.profile);
        let given = if subject.name.trim().is_empty() { &subject.locator } else { &subject.name };
        let name = theirs(given);
        let level = plain(&level(report.verdict.title(lang), &report.level, &report.verdict, lang), lang);
        let title = pick(lang, &profile.title, &profile.title_fr);
        let title = if title.is_empty() { profile.id.as_str() } else { title };
        let day = day(&report.audited_at, lang).unwrap_or_else(|| theirs(&report.audited_at));
        let reasons = report.gate.reasons(lang);
        Hero {
            title: plain(&Word::Title.with(lang, &[("name", &name), ("level", &level)]), lang),
            version: subject.version.as_deref().map(theirs),
            // A repository that was renamed answers to its old name too.
            now: subject.hub_id.as_deref().filter(|id| !subject.locator.contains(*id)).map(theirs),
            locator: theirs(&subject.locator),
            licenses: licenses(report, lang),
            judged_by: plain(&Word::JudgedBy.with(lang, &[("profile", &title)]), lang),
            audited: plain(&Word::AuditedOn.with(lang, &[("date", &day)]), lang),
            tone: tone(report),
            says: ours(report.verdict.says(lang), lang),
            note: plain(profile.note.get(lang), lang),
            mean: (!profile.scoreless)
                .then(|| plain(&Word::Mean.with(lang, &[("score", &number(report.score, 1, lang))]), lang)),
            reasons: reasons.iter().take(REASONS).map(|r| reason(report, r, lang)).collect(),
            more_reasons: more(reasons, REASONS, lang),
            failed: !report.gate.passed,
            name,
            level,
        }
    }
}

/// A reason for which the run fails, the path of the file that it speaks of apart: a path is quoted as it is.
fn reason(report: &Report, text: &str, lang: Lang) -> (String, Rich) {
    let of = |path: &str| {
        let after = text.strip_prefix(path)?;
        after.trim_start().starts_with(':').then_some(after)
    };
    match report.files.iter().filter(|f| !f.path.is_empty()).find_map(|f| Some((&f.path, of(&f.path)?))) {
        Some((path, after)) => (theirs(path), ours(after, lang)),
        None => (String::new(), ours(text, lang)),
    }
}

/// The licenses that the release names for itself.
fn licenses(report: &Report, lang: Lang) -> Option<String> {
    let list = first_of(&report.licenses, LICENSES, lang, theirs);
    let colon = plain(&format!("{} ", Screen::Colon.say(lang)), lang);
    (!report.licenses.is_empty()).then(|| format!("{}{colon}{list}", Word::License.say(lang)))
}

/// The tone of a level.
pub(super) fn tone(report: &Report) -> Tone {
    match level_standing(report) {
        Standing::Barred => Tone::Fail,
        Standing::Short => Tone::Partial,
        Standing::Untold => Tone::Unknown,
        Standing::Whole => Tone::Pass,
    }
}
