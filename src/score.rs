//! Counting: findings become verdicts, points, a level, and what mending each would gain. An unknown never rounds up.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Finding, Gain, Need, Outcome, Verdict};
use crate::profile::{Level, Mean, Profile};
use crate::report::Criterion;

/// What findings come to by a profile.
#[derive(Debug)]
pub struct Count {
    /// The criteria, counted.
    pub criteria: Vec<Criterion>,
    /// The level reached.
    pub level: Level,
    /// The highest level that what is unknown does not rule out, where that is another.
    pub highest: Option<Level>,
    /// The overall score, 0 to 100.
    pub overall: f64,
}

/// A finding as it is counted.
#[derive(Clone, Copy)]
struct Row {
    need: Need,
    weight: f64,
    outcome: Outcome,
    /// The share of its points that it has, 0 to 1.
    share: f64,
    /// Whether it has grades, so that a part of it is more than nothing.
    graded: bool,
}

/// A criterion's points and verdict.
struct Sum {
    got: f64,
    of: f64,
    verdict: Verdict,
    /// 0 to 100, not rounded.
    score: f64,
}

/// The verdict of a criterion by the needs and outcomes of its rules; `true` for one that is met in part by its grades.
pub fn verdict(rules: &[(Need, Outcome, bool)]) -> Verdict {
    let any = |need: Need, outcome: Outcome| rules.iter().any(|(n, o, _)| *n == need && *o == outcome);
    let failed = rules.iter().any(|(n, o, partly)| *n == Need::Essential && *o == Outcome::NotMet && !partly);
    if failed {
        Verdict::Fail
    } else if any(Need::Essential, Outcome::Unknown) {
        Verdict::Unknown
    } else if any(Need::Required, Outcome::NotMet) || any(Need::Essential, Outcome::NotMet) {
        Verdict::Partial
    } else if any(Need::Required, Outcome::Unknown) || rules.iter().all(|(_, o, _)| *o == Outcome::NotApplicable) {
        // Where no question arises, nothing was shown.
        Verdict::Unknown
    } else {
        Verdict::Pass
    }
}

/// The rules of each criterion, by their place in the profile: its own, and those of what it includes.
fn members(profile: &Profile) -> Vec<BTreeSet<usize>> {
    let of = |criterion: &crate::profile::Criterion| {
        let mut names: Vec<&str> = vec![&criterion.id];
        let mut at = 0;
        while let Some(name) = names.get(at) {
            let more = profile.criteria.iter().filter(|c| c.id == *name).flat_map(|c| &c.includes);
            let more: Vec<&str> = more.map(String::as_str).filter(|n| !names.contains(n)).collect();
            names.extend(more);
            at += 1;
        }
        let is = |r: &crate::profile::Rule| names.contains(&r.criterion.as_str()) || names.contains(&r.id.as_str());
        profile.rules.iter().enumerate().filter(|(_, r)| is(r)).map(|(i, _)| i).collect()
    };
    profile.criteria.iter().map(of).collect()
}

/// Counting by one profile.
struct Counting<'a> {
    profile: &'a Profile,
    members: Vec<BTreeSet<usize>>,
    /// For each rule the one that may be met in its place.
    instead: Vec<Option<usize>>,
}

impl Counting<'_> {
    /// The rules that count for a criterion: one that is not met gives way to the one that is met in its place, or that may be.
    fn counted(&self, own: &BTreeSet<usize>, rows: &[Row]) -> BTreeSet<usize> {
        let is = |i: usize, outcome: Outcome| rows.get(i).is_some_and(|r| r.outcome == outcome);
        let one = |i: &usize| match self.instead.get(*i).copied().flatten() {
            Some(other) if !is(*i, Outcome::Met) && is(other, Outcome::Met) => other,
            Some(other) if is(*i, Outcome::NotMet) && is(other, Outcome::Unknown) => other,
            _ => *i,
        };
        own.iter().map(one).collect()
    }

    fn sums(&self, rows: &[Row]) -> Vec<Sum> {
        let mut out: Vec<Sum> = Vec::new();
        for (criterion, own) in self.profile.criteria.iter().zip(&self.members) {
            let own = self.counted(own, rows);
            let rows: Vec<Row> = own.iter().filter_map(|i| rows.get(*i)).copied().collect();
            let (mut got, mut of) = (0.0, 0.0);
            for row in rows.iter().filter(|r| r.outcome != Outcome::NotApplicable) {
                got += row.weight * row.share;
                of += row.weight;
            }
            let verdicts: Vec<_> = rows.iter().map(|r| (r.need, r.outcome, r.graded && r.share > 0.0)).collect();
            let whole = |id: &String| {
                let earlier = self.profile.criteria.iter().zip(&out).find(|(c, _)| c.id == *id);
                earlier.is_some_and(|(_, sum)| sum.of > 0.0 && sum.got >= sum.of)
            };
            let open = criterion.after.iter().all(whole);
            let score = if of > 0.0 && open { got / of * 100.0 } else { 0.0 };
            out.push(Sum { got, of, verdict: verdict(&verdicts), score });
        }
        out
    }

    /// The overall score; that of a report is the mean of the numbers as they are shown, so that anybody can add them up.
    fn overall(&self, sums: &[Sum], shown: impl Fn(f64) -> f64) -> f64 {
        let counted = self.profile.criteria.iter().zip(sums).filter(|(c, _)| !c.gate).map(|(_, s)| s);
        match self.profile.score.overall {
            Mean::Criteria => {
                let n = counted.clone().count().max(1);
                counted.map(|s| shown(s.score)).fold(0.0, |sum, x| sum + x) / n as f64
            }
            Mean::Rules => {
                let (got, of) = counted.fold((0.0, 0.0), |(g, o), s| (g + s.got, o + s.of));
                if of > 0.0 { got / of * 100.0 } else { 0.0 }
            }
        }
    }

    fn level(&self, sums: &[Sum]) -> Option<&Level> {
        let verdicts = self.profile.criteria.iter().zip(sums).map(|(c, s)| (c.id.as_str(), s.verdict)).collect();
        self.profile.levels.iter().find(|l| l.holds(&verdicts))
    }

    /// What each finding that is open would gain if it alone were met.
    fn gain(&self, rows: &[Row], sums: &[Sum], at: usize, criterion: usize) -> Gain {
        let mut mended = rows.to_vec();
        if let Some(row) = mended.get_mut(at) {
            (row.outcome, row.share) = (Outcome::Met, 1.0);
        }
        let then = self.sums(&mended);
        let overall = self.overall(&then, |x| x) - self.overall(sums, |x| x);
        let (now, then) = (sums.get(criterion), then.get(criterion));
        let criterion = then.map_or(0.0, |s| s.score) - now.map_or(0.0, |s| s.score);
        let verdict = then.map(|s| s.verdict).filter(|v| now.is_some_and(|n| n.verdict != *v));
        let tenth = |x: f64| rounded(x.max(0.0), 1);
        let word = verdict.and_then(|v| self.profile.words.of(v)).cloned().unwrap_or_default();
        Gain { overall: tenth(overall), criterion: tenth(criterion), verdict, word }
    }
}

/// Rounds half away from zero, the only rounding of a report.
fn rounded(x: f64, decimals: u8) -> f64 {
    let unit = 10f64.powi(i32::from(decimals));
    (x * unit).round() / unit
}

impl Counting<'_> {
    fn of(profile: &Profile) -> Counting<'_> {
        let at = |id: &String| profile.rules.iter().position(|r| r.id == *id);
        let instead = profile.rules.iter().map(|r| r.instead.as_ref().and_then(at)).collect();
        Counting { profile, members: members(profile), instead }
    }

    fn rows(&self, findings: &[Finding]) -> Vec<Row> {
        let row = |(finding, weight): (&Finding, f64)| Row {
            need: finding.need,
            weight,
            outcome: finding.outcome,
            share: finding.share(),
            graded: finding.grade.is_some(),
        };
        findings.iter().zip(self.profile.rules.iter().map(|r| r.weight)).map(row).collect()
    }
}

/// Fills in what mending each finding would gain; they are those of a profile, one a rule in its order.
pub fn gains(profile: &Profile, findings: &mut [Finding]) {
    let counting = Counting::of(profile);
    let rows = counting.rows(findings);
    let sums = counting.sums(&rows);
    for (i, finding) in findings.iter_mut().enumerate() {
        let open = matches!(finding.outcome, Outcome::NotMet | Outcome::Unknown);
        let criterion = profile.criteria.iter().position(|c| c.id == finding.criterion);
        if let (true, Some(criterion)) = (open, criterion) {
            finding.gain = counting.gain(&rows, &sums, i, criterion);
        }
    }
}

/// Counts the findings of a profile, one a rule in its order.
pub fn count(profile: &Profile, findings: &[Finding]) -> Count {
    let counting = Counting::of(profile);
    let rows = counting.rows(findings);
    let sums = counting.sums(&rows);
    // What is unknown may be so.
    let hopeful: Vec<Row> = rows
        .iter()
        .map(|r| if r.outcome == Outcome::Unknown { Row { outcome: Outcome::Met, share: 1.0, ..*r } } else { *r })
        .collect();
    let level = counting.level(&sums).cloned().unwrap_or_else(nothing);
    let highest = counting.level(&counting.sums(&hopeful)).filter(|l| l.id != level.id).cloned();
    let decimals = profile.score.decimals;
    let criteria = profile.criteria.iter().zip(&sums).zip(&counting.members).map(|((criterion, sum), own)| {
        let own = counting.counted(own, &rows);
        let tally = |outcome: Outcome| {
            let n = own.iter().filter(|i| rows.get(**i).is_some_and(|r| r.outcome == outcome)).count();
            u32::try_from(n).unwrap_or(u32::MAX)
        };
        let (met, not_met, unknown) = (tally(Outcome::Met), tally(Outcome::NotMet), tally(Outcome::Unknown));
        Criterion {
            id: criterion.id.clone(),
            verdict: sum.verdict,
            score: rounded(sum.score, decimals),
            met,
            not_met,
            unknown,
            total: met + not_met + unknown,
            gate: criterion.gate,
            title: criterion.title.en.clone(),
            title_fr: criterion.title.fr.clone(),
            files: criterion.files,
            word: profile.words.of(sum.verdict).cloned().unwrap_or_default(),
        }
    });
    Count {
        criteria: criteria.collect(),
        level,
        highest,
        overall: rounded(counting.overall(&sums, |x| rounded(x, decimals)), decimals),
    }
}

/// A profile always ends with a level that holds.
fn nothing() -> Level {
    Level {
        id: "undetermined".into(),
        title: Default::default(),
        says: Default::default(),
        all: BTreeMap::new(),
        any: BTreeMap::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Need::{Essential as E, Recommended as R, Required as Q};
    use Outcome::{Met, NotApplicable, NotMet, Unknown};

    #[test]
    fn verdicts_by_the_table() {
        for (rules, wanted) in [
            (vec![(E, Met), (Q, Met), (R, NotMet)], Verdict::Pass),
            (vec![(E, Met), (Q, NotApplicable), (R, Unknown)], Verdict::Pass),
            (vec![(E, Met), (Q, NotMet), (Q, Unknown)], Verdict::Partial),
            (vec![(E, Met), (Q, Unknown)], Verdict::Unknown),
            (vec![(E, Unknown), (Q, NotMet)], Verdict::Unknown),
            (vec![(E, NotMet), (E, Unknown)], Verdict::Fail),
            (vec![(E, NotApplicable), (Q, NotApplicable)], Verdict::Unknown),
            (vec![], Verdict::Unknown),
        ] {
            let whole: Vec<_> = rules.iter().map(|(n, o)| (*n, *o, false)).collect();
            assert_eq!(verdict(&whole), wanted, "{rules:?}");
        }
        assert_eq!(verdict(&[(E, NotMet, true), (E, Met, false)]), Verdict::Partial);
        assert_eq!(verdict(&[(E, NotMet, true), (E, Unknown, false)]), Verdict::Unknown);
        assert_eq!(verdict(&[(E, NotMet, true), (E, NotMet, false)]), Verdict::Fail);
    }
}
