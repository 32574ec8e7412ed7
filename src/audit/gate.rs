//! Whether a run passes: published digests, the level and score that are required, rules that must be met, what got worse since a
//! baseline; and which findings a policy waives. A waiver silences the gate and changes no finding, verdict or score.

use jiff::civil::Date;

use crate::config::Waiver;
use crate::diff::{self, Diff, Direction};
use crate::evidence::FileStatus;
use crate::finding::{Finding, Lang, Outcome, Text};
use crate::profile::Profile;
use crate::report::{Gate, Report, ReportFile, WaiverNote, Waivers};
use crate::score;
use crate::words::gate::Gate as Word;
use crate::words::screen::Screen;

/// What a run must reach. By default the published digests must hold, and nothing else is asked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Demands<'a> {
    /// The level that the verdict must be, or a higher one, by the first profile that knows it.
    pub require: Option<&'a str>,
    /// The overall score that it must have at least, 0 to 100.
    pub fail_under: Option<f64>,
    /// Rules that must be met, where they apply.
    pub rules: &'a [&'a str],
    /// What is waived.
    pub waivers: &'a [Waiver],
    /// An earlier report: what fell short then, and is no worse now, closes no gate.
    pub baseline: Option<&'a Report>,
}

/// Opens or closes a report's gate. `profiles` are those that were asked for, the report's own first.
pub fn hold(report: &mut Report, profiles: &[&Profile], demands: &Demands<'_>) {
    report.gate = Gate::open();
    waive(report, demands.waivers);
    let since = demands.baseline.map(|old| diff::compare(old, report));
    let gate = Holding { report, profiles, demands, since: since.as_ref() };
    let mut reasons = gate.files();
    reasons.extend(gate.level());
    reasons.extend(gate.score());
    reasons.extend(gate.rules());
    reasons.extend(gate.worse());
    for reason in reasons {
        report.gate.close(reason);
    }
}

/// A report that is being held against demands.
struct Holding<'a> {
    report: &'a Report,
    profiles: &'a [&'a Profile],
    demands: &'a Demands<'a>,
    since: Option<&'a Diff>,
}

impl Holding<'_> {
    /// Files that are not those published, or are missing.
    fn files(&self) -> Vec<Text> {
        let known = |file: &ReportFile| {
            let then = self.demands.baseline.and_then(|old| old.files.iter().find(|f| f.path == file.path));
            then.is_some_and(|then| then.status == file.status && then.sha256 == file.sha256)
        };
        let today = day(self.report);
        let waived = |file: &ReportFile, rule: &str| {
            active(self.demands.waivers, self.report, today).any(|w| w.rule.get_ref() == rule && w.reaches(&file.path))
        };
        let one = |file: &ReportFile| {
            let (word, rule) = match file.status {
                FileStatus::Mismatched => (Word::OtherBytes, DIGESTS),
                FileStatus::Corrupted => (Word::Corrupted, DIGESTS),
                FileStatus::Missing => (Word::Absent, COMPLETE),
                _ => return None,
            };
            (!known(file) && !waived(file, rule)).then(|| word.text(&[("path", &file.path)]))
        };
        self.report.files.iter().filter_map(one).collect()
    }

    /// The level that is required.
    fn level(&self) -> Option<Text> {
        let wanted = self.demands.require?;
        let knows = |p: &&&Profile| p.levels.iter().any(|l| l.id == wanted);
        let profile = self.profiles.iter().find(knows).or(self.profiles.first())?;
        let rank = |id: &str| profile.levels.iter().position(|l| l.id == id).unwrap_or(usize::MAX);
        let of = |report: &Report| {
            if report.profile.id == profile.id {
                return Some((report.level.clone(), report.findings.clone()));
            }
            let view = report.others.iter().find(|v| v.profile.id == profile.id)?;
            Some((view.level.clone(), view.findings.clone()))
        };
        let (level, findings) = of(self.report)?;
        let waived = with_waivers(profile, &level, findings);
        if rank(&waived) <= rank(wanted) {
            return None;
        }
        let then = self.demands.baseline.and_then(of).map(|(level, _)| level);
        if then.is_some_and(|then| rank(&level) <= rank(&then)) {
            return None;
        }
        Some(match waived == level {
            true => Word::LevelShort.text(&[("level", &level), ("wanted", &wanted)]),
            false => Word::LevelShortWaived.text(&[("level", &level), ("wanted", &wanted), ("waived", &waived)]),
        })
    }

    /// The score that is required.
    fn score(&self) -> Option<Text> {
        let (least, score) = (self.demands.fail_under?, self.report.score);
        let same = |old: &&Report| old.profile.id == self.report.profile.id;
        if score >= least || self.demands.baseline.filter(same).is_some_and(|old| score >= old.score) {
            return None;
        }
        let word = |lang: Lang| {
            let number = |x: String| if lang == Lang::Fr { x.replace('.', ",") } else { x };
            let (score, least) = (number(format!("{score:.1}")), number(least.to_string()));
            Word::ScoreShort.with(lang, &[("score", &score), ("least", &least)])
        };
        Some(Text::new(word(Lang::En), word(Lang::Fr)))
    }

    /// Rules that must be met.
    fn rules(&self) -> Vec<Text> {
        let asked = self.report.others.iter().filter(|v| v.asked).flat_map(|v| &v.findings);
        let all: Vec<&Finding> = self.report.findings.iter().chain(asked).collect();
        let known = |f: &Finding| {
            let then = self.demands.baseline?;
            let mut then = then.findings.iter().chain(then.others.iter().flat_map(|v| &v.findings));
            let then = then.find(|old| old.rule == f.rule)?;
            let change = diff::between(then, f);
            Some(!is_good(then) && change.is_none_or(|c| c.direction != Direction::Worse))
        };
        let mut reasons = Vec::new();
        for rule in self.demands.rules {
            for f in all.iter().filter(|f| f.rule == **rule) {
                if is_good(f) || f.waiver.is_some() || known(f) == Some(true) {
                    continue;
                }
                let word = |lang: Lang| {
                    let outcome = outcome(f.outcome).say(lang);
                    Word::RuleShort.with(lang, &[("rule", rule), ("outcome", &outcome), ("says", &f.says(lang))])
                };
                reasons.push(Text::new(word(Lang::En), word(Lang::Fr)));
            }
        }
        reasons
    }

    /// What got worse since the baseline. Files tell of themselves.
    fn worse(&self) -> Vec<Text> {
        let Some(since) = self.since else { return vec![] };
        let mut reasons = Vec::new();
        let worse = since.findings.iter().filter(|c| c.direction == Direction::Worse && c.waiver.is_none());
        for change in worse.filter(|c| c.rule != DIGESTS && c.rule != COMPLETE) {
            let word = |lang: Lang| {
                let (was, now) = (outcome(change.was).say(lang), outcome(change.now).say(lang));
                let says = change.says(lang);
                Word::GotWorse.with(lang, &[("rule", &change.rule), ("was", &was), ("now", &now), ("says", &says)])
            };
            reasons.push(Text::new(word(Lang::En), word(Lang::Fr)));
        }
        let level = [("was", &since.old.level as &dyn std::fmt::Display), ("now", &since.new.level)];
        let mut worse = since.findings.iter().filter(|c| c.direction == Direction::Worse).peekable();
        let all_waived = worse.peek().is_some() && worse.all(|c| c.waiver.is_some());
        if since.level == Direction::Worse && !all_waived {
            reasons.push(Word::LevelFell.text(&level));
        }
        let asked = |id: &str| self.report.others.iter().any(|v| v.asked && v.profile.id == id);
        for other in since.others.iter().filter(|o| o.direction == Direction::Worse && asked(&o.profile)) {
            let values: &[(&str, &dyn std::fmt::Display)] =
                &[("profile", &other.profile), ("was", &other.was), ("now", &other.now)];
            reasons.push(Word::OtherFell.text(values));
        }
        reasons
    }
}

/// The rule that published digests hold.
const DIGESTS: &str = "integrity-digests";
/// The rule that no listed file is missing.
const COMPLETE: &str = "integrity-complete";

fn is_good(finding: &Finding) -> bool {
    matches!(finding.outcome, Outcome::Met | Outcome::NotApplicable)
}

fn outcome(outcome: Outcome) -> Screen {
    match outcome {
        Outcome::Met => Screen::OutcomeMet,
        Outcome::NotMet => Screen::OutcomeNotMet,
        Outcome::Unknown => Screen::OutcomeUnknown,
        Outcome::NotApplicable => Screen::OutcomeNotApplicable,
    }
}

/// The day of the audit; the last of all where its time is none, so that no waiver is good.
fn day(report: &Report) -> Date {
    report.audited_at.get(..10).and_then(|day| day.parse().ok()).unwrap_or(Date::MAX)
}

/// The names that a release goes by.
fn names(report: &Report) -> impl Iterator<Item = &str> {
    let subject = &report.subject;
    let locator = subject.locator.as_str();
    let bare = locator.strip_prefix("hf:").unwrap_or(locator);
    let bare = bare.split_once('@').map_or(bare, |(id, _)| id);
    [subject.name.as_str(), locator, bare].into_iter().chain(subject.hub_id.as_deref())
}

/// Waivers that are for this release and not past their day.
fn active<'a>(waivers: &'a [Waiver], report: &'a Report, today: Date) -> impl Iterator<Item = &'a Waiver> {
    waivers.iter().filter(move |w| today <= w.until && w.is_for(names(report)))
}

/// The paths that a finding speaks of: of a digest that fails the file's own, not that of the list.
fn paths<'a>(finding: &'a Finding, files: &'a [ReportFile]) -> Vec<&'a str> {
    let with = |all: &[FileStatus]| files.iter().filter(|f| all.contains(&f.status)).map(|f| f.path.as_str()).collect();
    match finding.rule.as_str() {
        DIGESTS => with(&[FileStatus::Mismatched, FileStatus::Corrupted]),
        COMPLETE => with(&[FileStatus::Missing]),
        _ => finding.places.iter().map(|p| p.path.as_str()).collect(),
    }
}

/// Marks the findings that waivers silence, and tells of each waiver what became of it. A finding is silenced when all that it
/// shows is covered.
fn waive(report: &mut Report, waivers: &[Waiver]) {
    let today = day(report);
    let mut silenced: Vec<(String, String)> = Vec::new();
    let mut told = Waivers::default();
    let asked = report.others.iter().filter(|v| v.asked).flat_map(|v| &v.findings);
    let all: Vec<&Finding> = report.findings.iter().chain(asked).collect();
    let open = |rule: &str| all.iter().find(|f| f.rule == rule && !is_good(f)).copied();
    for waiver in waivers {
        let rule = waiver.rule.get_ref();
        let reaches = |path: &&str| waiver.reaches(path);
        let (list, word) = if !waiver.is_for(names(report)) {
            (&mut told.elsewhere, Word::WaiverElsewhere)
        } else if today > waiver.until {
            (&mut told.expired, Word::WaiverExpired)
        } else if let Some(finding) = open(rule) {
            let paths = paths(finding, &report.files);
            let covered =
                |path: &&str| active(waivers, report, today).any(|w| w.rule.get_ref() == rule && w.reaches(path));
            if waiver.is_whole() || (paths.iter().any(reaches) && paths.iter().all(covered)) {
                silenced.push((rule.clone(), said(waiver)));
                (&mut told.used, Word::WaiverUsed)
            } else if paths.iter().any(reaches) {
                (&mut told.used, Word::WaiverPartly)
            } else {
                (&mut told.unused, Word::WaiverNoPath)
            }
        } else if all.iter().any(|f| f.rule == *rule) {
            (&mut told.unused, Word::WaiverNotNeeded)
        } else {
            (&mut told.unused, Word::WaiverNoRule)
        };
        list.push(note(waiver, word));
    }
    let asked = report.others.iter_mut().filter(|v| v.asked).flat_map(|v| &mut v.findings);
    for finding in report.findings.iter_mut().chain(asked) {
        let by = silenced.iter().find(|(rule, _)| *rule == finding.rule && !is_good(finding));
        finding.waiver = by.map(|(_, said)| said.clone());
    }
    report.waivers = told;
}

fn said(waiver: &Waiver) -> String {
    let Waiver { reason, by, until, .. } = waiver;
    Word::WaivedBy.with(Lang::En, &[("reason", reason), ("by", by), ("until", until)])
}

fn note(waiver: &Waiver, word: Word) -> WaiverNote {
    let (says, says_fr) = word.both();
    WaiverNote {
        rule: waiver.rule.get_ref().clone(),
        subject: waiver.subject.clone(),
        path: waiver.path.clone(),
        reason: waiver.reason.clone(),
        by: waiver.by.clone(),
        until: waiver.until.to_string(),
        says: says.into(),
        says_fr: says_fr.into(),
    }
}

/// The level if the findings that are waived were met. Whether these are the bytes that were published is never waived so.
fn with_waivers(profile: &Profile, level: &str, mut findings: Vec<Finding>) -> String {
    let counted = score::count(profile, &findings).level.id;
    // A level that does not come from the count is one that nothing lifts.
    if counted != level || findings.iter().all(|f| f.waiver.is_none()) {
        return level.into();
    }
    let gates: Vec<&str> = profile.criteria.iter().filter(|c| c.gate).map(|c| c.id.as_str()).collect();
    for finding in findings.iter_mut().filter(|f| f.waiver.is_some() && !gates.contains(&f.criterion.as_str())) {
        (finding.outcome, finding.grade) = (Outcome::Met, None);
    }
    score::count(profile, &findings).level.id
}
