//! Annotations of GitHub Actions: a line each finding that falls short, as the commands that a runner reads from standard output.
//!
//! A runner takes a line for a command when it begins with `::`, and an annotation's text for what follows the next `::`. So every
//! line begins with a command of ours, and no text of a release stands on a line that it begins, nor before that second sign
//! unescaped. A step shows ten errors, ten warnings and ten notices, and drops the rest without a word: here the rest is counted.

use std::collections::BTreeMap;

use super::{Places, asked, clean, is_amiss, level, number, outcome_word, shorten, told, waived};
use crate::finding::{Finding, Lang, Need};
use crate::report::Report;
use crate::words::forge::Forge as Word;
use crate::words::screen::Screen;

/// Annotations of a level that a step shows.
const SHOWN: usize = 10;
/// Of the notices two are kept for what was cut and for the verdict.
const NOTICES: usize = SHOWN - 2;
/// Characters of a text.
const LONG: usize = 1000;
/// Reasons told for which the gate is closed.
const REASONS: usize = 8;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Error,
    Warning,
    Notice,
}

impl Level {
    fn word(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Notice => "notice",
        }
    }

    fn most(self) -> usize {
        match self {
            Level::Error | Level::Warning => SHOWN,
            Level::Notice => NOTICES,
        }
    }

    /// An unknown is one step milder than the same thing not met, and one that is waived is told and no more.
    fn of(finding: &Finding) -> Level {
        match (finding.need, is_amiss(finding), finding.waiver.is_some()) {
            (_, _, true) | (Need::Recommended, ..) | (Need::Required, false, _) => Level::Notice,
            (Need::Essential, true, _) => Level::Error,
            (Need::Essential, false, _) | (Need::Required, true, _) => Level::Warning,
        }
    }
}

/// Writes the report, and those by other profiles that were asked for.
pub fn render(report: &Report, lang: Lang) -> String {
    let places = Places::of(report);
    let reports = asked(report);
    let mut all: BTreeMap<Level, Vec<String>> = BTreeMap::new();
    let mut add = |level: Level, line: String| all.entry(level).or_default().push(line);
    if !report.gate.passed {
        let mut reasons: Vec<&str> = report.gate.reasons(lang).iter().map(String::as_str).collect();
        let more = Screen::More.with(lang, &[("n", &reasons.len().saturating_sub(REASONS))]);
        if reasons.len() > REASONS {
            reasons.truncate(REASONS);
            reasons.push(&more);
        }
        let title = Word::AuditFailsTitle.say(lang);
        add(Level::Error, line(Level::Error, &[("title", title)], &reasons.join("; ")));
    }
    for report in &reports {
        for finding in told(report) {
            let level = Level::of(finding);
            add(level, annotation(report, finding, level, &places, lang));
        }
    }
    let mut out: Vec<String> = Vec::new();
    let mut cut: BTreeMap<Level, usize> = BTreeMap::new();
    for (level, lines) in all {
        cut.insert(level, lines.len().saturating_sub(level.most()));
        out.extend(lines.into_iter().take(level.most()));
    }
    if cut.values().any(|n| *n > 0) {
        let n = |level| cut.get(&level).copied().unwrap_or(0);
        let (errors, warnings, notices) = (n(Level::Error), n(Level::Warning), n(Level::Notice));
        let text = Word::Cut.with(lang, &[("errors", &errors), ("warnings", &warnings), ("notices", &notices)]);
        out.push(line(Level::Notice, &[("title", Word::CutTitle.say(lang))], &text));
    }
    out.push(verdict(&reports, lang));
    out.join("\n") + "\n"
}

fn annotation(report: &Report, finding: &Finding, level: Level, places: &Places, lang: Lang) -> String {
    let spot = places.first(finding);
    let number = spot.line.to_string();
    let (outcome, colon) = (outcome_word(finding.outcome, lang), Screen::Colon.say(lang));
    let title = format!("{outcome}{colon} {} [{}]", finding.title(lang), finding.rule);
    let mut text = finding.says(lang).to_owned();
    if let Some(place) = places.elsewhere(finding).first().filter(|_| spot.place.is_none()) {
        text = format!("{text}; {}", Word::SeenIn.with(lang, &[("place", place)]));
    }
    let next = match is_amiss(finding) {
        true => format!("{} {}", Word::Remedy.say(lang), finding.remedy(lang)),
        false => finding.question(lang).to_owned(),
    };
    text = format!("{}. {next}", text.trim_end_matches('.'));
    if let Some(reason) = waived(report, finding, lang) {
        text = format!("{reason} – {text}");
    }
    // An absent thing has no line to stand at; the run itself shows it.
    match spot.place {
        Some(_) => line(level, &[("file", spot.path.as_str()), ("line", &number), ("title", &title)], &text),
        None => line(level, &[("title", &title)], &text),
    }
}

/// The verdicts, one after the other.
fn verdict(reports: &[Report], lang: Lang) -> String {
    let one = |report: &Report| {
        let level = level(report.verdict.title(lang), &report.level, &report.verdict, lang);
        let score = match report.profile.scoreless {
            true => String::new(),
            false => format!(", {} {}", number(report.score, 1, lang), Screen::OfHundred.say(lang)),
        };
        format!("{} {}{} {level}{score}", report.profile.id, report.profile.version, Screen::Colon.say(lang))
    };
    let all: Vec<String> = reports.iter().map(one).collect();
    let name = reports.first().map_or("", |r| r.subject.name.as_str());
    let title = format!("{}{} {name}", Word::Verdict.say(lang), Screen::Colon.say(lang));
    line(Level::Notice, &[("title", &title)], &all.join("; "))
}

/// A command. `%`, which escapes, is escaped first; what ends a line is gone already, and is escaped all the same.
fn line(level: Level, properties: &[(&str, &str)], text: &str) -> String {
    let data =
        |text: &str| shorten(clean(text).trim(), LONG).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let properties: Vec<String> =
        properties.iter().map(|(name, value)| format!("{name}={}", property(value))).collect();
    format!("::{} {}::{}", level.word(), properties.join(","), data(text))
}
