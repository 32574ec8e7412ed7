//! Two reports held against each other: what got more open, what less, and what can no longer be told. It knows no profile,
//! and compares only what both reports were asked.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::evidence::{Access, FileStatus, Place};
use crate::finding::{Finding, Lang, Outcome, Text, Verdict, pick};
use crate::report::{Criterion, LevelText, Report};

/// Version of the shape of a comparison; fields are added, never renamed.
pub const SCHEMA: u32 = 1;

/// Where a change leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Less open, or less sure.
    Worse,
    /// What was seen not to be so can no longer be told: that is no improvement.
    Unclear,
    /// More open.
    Better,
    /// Neither.
    Same,
}

/// Two reports, compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Diff {
    /// Shape of this value, [`SCHEMA`].
    pub schema: u32,
    /// The earlier report.
    pub old: Side,
    /// The later one.
    pub new: Side,
    /// Whether anything got worse.
    pub regressed: bool,
    /// Where the level leads; the same when the two were not asked the same rules.
    pub level: Direction,
    /// Rules that only the later report was asked.
    pub new_rules: Vec<String>,
    /// Rules that only the earlier report was asked.
    pub dropped_rules: Vec<String>,
    /// Criteria whose verdict or score changed.
    pub criteria: Vec<CriterionChange>,
    /// Findings that changed, the worse first, each in the order of the profile.
    pub findings: Vec<FindingChange>,
    /// Findings that both reports have and that did not change.
    pub unchanged: u32,
    /// Levels by other profiles that both reports hold, where they changed.
    pub others: Vec<OtherChange>,
    /// Files that came, went or changed, sorted by path.
    pub files: Vec<FileChange>,
    /// Datasets that came, went or are to be had otherwise, sorted by id.
    pub datasets: Vec<DatasetChange>,
    /// Models that it now derives from.
    pub new_bases: Vec<String>,
    /// Models that it no longer derives from.
    pub dropped_bases: Vec<String>,
}

/// One of the reports compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Side {
    /// The release's name.
    pub name: String,
    /// Its version, where it has one.
    pub version: Option<String>,
    /// Its commit, where that is known.
    pub revision: Option<String>,
    /// Id and version of the profile.
    pub profile: String,
    /// When it was audited, RFC 3339.
    pub audited_at: String,
    /// Id of the level.
    pub level: String,
    /// The level in words.
    pub verdict: LevelText,
    /// The overall score, 0 to 100.
    pub score: f64,
}

/// A criterion that changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CriterionChange {
    /// Where it leads.
    pub direction: Direction,
    /// As it was.
    pub was: Criterion,
    /// As it is.
    pub now: Criterion,
}

/// A finding that changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FindingChange {
    /// Where it leads.
    pub direction: Direction,
    /// Id of the rule.
    pub rule: String,
    /// What should be true.
    pub title: Text,
    /// The outcome then.
    pub was: Outcome,
    /// The outcome now.
    pub now: Outcome,
    /// The reason then.
    pub said: Text,
    /// The reason now.
    pub says: Text,
    /// Where it is seen now and was not then.
    pub places: Vec<Place>,
    /// The waiver that silences the gate for it, if any.
    pub waiver: Option<String>,
}

/// A level by another profile that changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OtherChange {
    /// Where it leads.
    pub direction: Direction,
    /// Id of the profile.
    pub profile: String,
    /// The level then, by its id.
    pub was: String,
    /// The level now, by its id.
    pub now: String,
}

/// A file that came, went or changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FileChange {
    /// Where it leads: worse for bytes that are not those published, or a listed file that is missing.
    pub direction: Direction,
    /// Path in the release.
    pub path: String,
    /// What comparing it with published digests gave then; absent for a file that came.
    pub was: Option<FileStatus>,
    /// What it gives now; absent for a file that went.
    pub now: Option<FileStatus>,
    /// Whether its bytes are others.
    pub other_bytes: bool,
}

/// A dataset that came, went or is to be had otherwise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DatasetChange {
    /// Its id.
    pub id: String,
    /// Whether anyone could fetch it then; absent for one that came.
    pub was: Option<Access>,
    /// Whether anyone can now; absent for one that went.
    pub now: Option<Access>,
}

/// Holds two reports against each other.
pub fn compare(old: &Report, new: &Report) -> Diff {
    let rules = |r: &Report| r.findings.iter().map(|f| f.rule.clone()).collect::<BTreeSet<_>>();
    let (before, after) = (rules(old), rules(new));
    let same_rules = before == after;
    let mut findings = Vec::new();
    let mut unchanged = 0;
    for now in &new.findings {
        let Some(was) = old.findings.iter().find(|f| f.rule == now.rule) else { continue };
        match between(was, now) {
            Some(change) => findings.push(change),
            None => unchanged += 1,
        }
    }
    findings.sort_by_key(|c| c.direction);
    let level = if same_rules { of_levels(&old.verdict, &new.verdict) } else { Direction::Same };
    let (criteria, files) = (criteria(old, new), files(old, new));
    let others = others(old, new);
    let asked = |id: &str| new.others.iter().any(|v| v.asked && v.profile.id == id);
    let worse = |d: &Direction| *d == Direction::Worse;
    let regressed = worse(&level)
        || findings.iter().any(|f| worse(&f.direction))
        || files.iter().any(|f| worse(&f.direction))
        || others.iter().any(|o| worse(&o.direction) && asked(&o.profile));
    let added = |a: &[String], b: &[String]| a.iter().filter(|x| !b.contains(x)).cloned().collect::<Vec<_>>();
    Diff {
        schema: SCHEMA,
        old: side(old),
        new: side(new),
        regressed,
        level,
        new_rules: after.difference(&before).cloned().collect(),
        dropped_rules: before.difference(&after).cloned().collect(),
        criteria,
        findings,
        unchanged,
        others,
        files,
        datasets: datasets(old, new),
        new_bases: added(&new.bases, &old.bases),
        dropped_bases: added(&old.bases, &new.bases),
    }
}

fn side(report: &Report) -> Side {
    Side {
        name: report.subject.name.clone(),
        version: report.subject.version.clone(),
        revision: report.subject.revision.clone(),
        profile: format!("{} {}", report.profile.id, report.profile.version),
        audited_at: report.audited_at.clone(),
        level: report.level.clone(),
        verdict: report.verdict.clone(),
        score: report.score,
    }
}

/// Where a level leads, by the places of both among the levels of their profile.
fn of_levels(was: &LevelText, now: &LevelText) -> Direction {
    match (was.rank, now.rank) {
        (Some(was), Some(now)) if now > was => Direction::Worse,
        (Some(was), Some(now)) if now < was => Direction::Better,
        _ => Direction::Same,
    }
}

/// Where an outcome leads. What can no longer be told is worse than what was met, and no better than what was not.
fn of_outcomes(was: Outcome, now: Outcome) -> Direction {
    let height = |o: Outcome| match o {
        Outcome::Met | Outcome::NotApplicable => 2,
        Outcome::Unknown => 1,
        Outcome::NotMet => 0,
    };
    match height(now).cmp(&height(was)) {
        std::cmp::Ordering::Less => Direction::Worse,
        std::cmp::Ordering::Greater if now == Outcome::Unknown => Direction::Unclear,
        std::cmp::Ordering::Greater => Direction::Better,
        std::cmp::Ordering::Equal => Direction::Same,
    }
}

/// How a finding changed: by its outcome; where that is the same, by what share of it is so; then by where it is not so.
pub fn between(was: &Finding, now: &Finding) -> Option<FindingChange> {
    let seen: BTreeSet<String> = was.places.iter().map(|p| was.fingerprint(Some(p))).collect();
    let places: Vec<Place> = now.places.iter().filter(|p| !seen.contains(&now.fingerprint(Some(p)))).cloned().collect();
    let mut direction = of_outcomes(was.outcome, now.outcome);
    if direction == Direction::Same && now.outcome == Outcome::NotMet {
        let gained = now.share() - was.share();
        // Shares are ratios of small counts: what differs, differs by more than this.
        direction = if gained < -1e-9 {
            Direction::Worse
        } else if gained > 1e-9 {
            Direction::Better
        } else if places.is_empty() {
            Direction::Same
        } else {
            Direction::Worse
        };
    }
    (direction != Direction::Same).then(|| FindingChange {
        direction,
        rule: now.rule.clone(),
        title: Text::new(&now.title, &now.fr.title),
        was: was.outcome,
        now: now.outcome,
        said: Text::new(&was.says, &was.fr.says),
        says: Text::new(&now.says, &now.fr.says),
        places,
        waiver: now.waiver.clone(),
    })
}

fn criteria(old: &Report, new: &Report) -> Vec<CriterionChange> {
    let height = |v: Verdict| match v {
        Verdict::Pass => 3,
        Verdict::Partial => 2,
        Verdict::Unknown => 1,
        Verdict::Fail => 0,
    };
    let one = |now: &Criterion| {
        let was = old.criteria.iter().find(|c| c.id == now.id)?;
        let direction = match height(now.verdict).cmp(&height(was.verdict)) {
            std::cmp::Ordering::Less => Direction::Worse,
            std::cmp::Ordering::Greater if now.verdict == Verdict::Unknown => Direction::Unclear,
            std::cmp::Ordering::Greater => Direction::Better,
            std::cmp::Ordering::Equal => Direction::Same,
        };
        (direction != Direction::Same || was.score != now.score).then(|| CriterionChange {
            direction,
            was: was.clone(),
            now: now.clone(),
        })
    };
    new.criteria.iter().filter_map(one).collect()
}

fn others(old: &Report, new: &Report) -> Vec<OtherChange> {
    let one = |now: &crate::report::View| {
        let was = old.others.iter().find(|v| v.profile.id == now.profile.id)?;
        (was.level != now.level).then(|| OtherChange {
            direction: of_levels(&was.verdict, &now.verdict),
            profile: now.profile.id.clone(),
            was: was.level.clone(),
            now: now.level.clone(),
        })
    };
    new.others.iter().filter_map(one).collect()
}

/// Both sides of everything that has a key, sorted by it.
fn paired<'a, T>(
    old: &'a [T],
    new: &'a [T],
    key: impl Fn(&'a T) -> &'a str,
) -> BTreeMap<&'a str, (Option<&'a T>, Option<&'a T>)> {
    let mut all: BTreeMap<&str, (Option<&T>, Option<&T>)> = BTreeMap::new();
    for item in old {
        all.entry(key(item)).or_default().0 = Some(item);
    }
    for item in new {
        all.entry(key(item)).or_default().1 = Some(item);
    }
    all
}

fn files(old: &Report, new: &Report) -> Vec<FileChange> {
    let fails =
        |s: Option<FileStatus>| matches!(s, Some(FileStatus::Mismatched | FileStatus::Corrupted | FileStatus::Missing));
    let mut out = Vec::new();
    for (path, (was, now)) in paired(&old.files, &new.files, |f| &f.path) {
        let digests = (was.and_then(|f| f.sha256.as_ref()), now.and_then(|f| f.sha256.as_ref()));
        let other_bytes = matches!(digests, (Some(was), Some(now)) if was != now);
        let (was, now) = (was.map(|f| f.status), now.map(|f| f.status));
        if was == now && !other_bytes {
            continue;
        }
        let direction = match (fails(was), fails(now)) {
            (false, true) => Direction::Worse,
            (true, true) if other_bytes || was != now => Direction::Worse,
            (true, false) => Direction::Better,
            _ => Direction::Same,
        };
        out.push(FileChange { direction, path: path.into(), was, now, other_bytes });
    }
    out
}

fn datasets(old: &Report, new: &Report) -> Vec<DatasetChange> {
    let pairs = paired(&old.datasets, &new.datasets, |d| &d.id);
    let one = |(id, (was, now)): (&str, (Option<&crate::report::ReportDataset>, Option<_>))| {
        let now: Option<&crate::report::ReportDataset> = now;
        let (was, now) = (was.map(|d| d.access), now.map(|d| d.access));
        (was != now).then(|| DatasetChange { id: id.into(), was, now })
    };
    pairs.into_iter().filter_map(one).collect()
}

impl Side {
    /// The level's name in one language.
    pub fn level(&self, lang: Lang) -> &str {
        let title = self.verdict.title(lang);
        if title.is_empty() { &self.level } else { title }
    }
}

impl FindingChange {
    /// What should be true, in one language.
    pub fn title(&self, lang: Lang) -> &str {
        pick(lang, &self.title.en, &self.title.fr)
    }

    /// The reason now, in one language.
    pub fn says(&self, lang: Lang) -> &str {
        pick(lang, &self.says.en, &self.says.fr)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Outcome::{Met, NotApplicable, NotMet, Unknown};

    #[test]
    fn what_can_no_longer_be_told_is_never_better() {
        for (was, now, wanted) in [
            (Met, NotMet, Direction::Worse),
            (Met, Unknown, Direction::Worse),
            (NotApplicable, Unknown, Direction::Worse),
            (Unknown, NotMet, Direction::Worse),
            (NotMet, Unknown, Direction::Unclear),
            (NotMet, Met, Direction::Better),
            (Unknown, NotApplicable, Direction::Better),
            (Met, NotApplicable, Direction::Same),
        ] {
            assert_eq!(of_outcomes(was, now), wanted, "{was:?} {now:?}");
        }
    }
}
