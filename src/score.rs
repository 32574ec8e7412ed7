//! Counting: findings become verdicts, points, a level, and what mending each would gain. An unknown never rounds up.

use std::collections::BTreeMap;

use crate::finding::{Finding, Gain, Need, Outcome, Verdict};
use crate::profile::{Level, Profile};
use crate::report::Criterion;

/// Rounds to one decimal, half away from zero, the only rounding of a report.
fn tenth(x: f64) -> f64 {
    (x * 10.0).round() / 10.0
}

/// The verdict of a criterion by the outcomes of its rules.
pub fn verdict(rules: &[(Need, Outcome)]) -> Verdict {
    let any = |need: Need, outcome: Outcome| rules.contains(&(need, outcome));
    if any(Need::Essential, Outcome::NotMet) {
        Verdict::Fail
    } else if any(Need::Essential, Outcome::Unknown) {
        Verdict::Unknown
    } else if any(Need::Required, Outcome::NotMet) {
        Verdict::Partial
    } else if any(Need::Required, Outcome::Unknown) {
        Verdict::Unknown
    } else {
        Verdict::Pass
    }
}

/// Points got and possible of a list of findings with their weights.
fn points(findings: &[(&Finding, f64)]) -> (f64, f64) {
    let mut got = 0.0;
    let mut of = 0.0;
    for (finding, weight) in findings {
        match finding.outcome {
            Outcome::NotApplicable => continue,
            Outcome::Met => got += weight,
            Outcome::NotMet => got += weight * finding.tally.share().min(1.0),
            Outcome::Unknown => {}
        }
        of += weight;
    }
    (got, of)
}

/// The counted criteria, the level and the overall score; fills in what mending each finding would gain.
pub fn count(profile: &Profile, findings: &mut [Finding]) -> (Vec<Criterion>, Level, f64) {
    let weights: BTreeMap<&str, f64> = profile.rules.iter().map(|r| (r.id.as_str(), r.weight)).collect();
    let weight = |f: &Finding| weights.get(f.rule.as_str()).copied().unwrap_or(0.0);
    let counted = profile.criteria.iter().filter(|c| !c.gate).count().max(1) as f64;
    let mut criteria = Vec::new();
    for criterion in &profile.criteria {
        let own: Vec<usize> =
            findings.iter().enumerate().filter(|(_, f)| f.criterion == criterion.id).map(|(i, _)| i).collect();
        let weighed: Vec<(&Finding, f64)> =
            own.iter().filter_map(|i| findings.get(*i)).map(|f| (f, weight(f))).collect();
        let (got, of) = points(&weighed);
        let outcomes: Vec<(Need, Outcome)> = weighed.iter().map(|(f, _)| (f.need, f.outcome)).collect();
        let today = verdict(&outcomes);
        let gains: Vec<(usize, Gain)> = own
            .iter()
            .zip(&weighed)
            .enumerate()
            .filter(|(_, (_, (f, _)))| matches!(f.outcome, Outcome::NotMet | Outcome::Unknown))
            .map(|(k, (i, (f, w)))| {
                let had = if f.outcome == Outcome::NotMet { w * f.tally.share().min(1.0) } else { 0.0 };
                let share = if of > 0.0 { (w - had) / of * 100.0 } else { 0.0 };
                let mend = |(j, (n, o)): (usize, &(Need, Outcome))| (*n, if j == k { Outcome::Met } else { *o });
                let mended: Vec<(Need, Outcome)> = outcomes.iter().enumerate().map(mend).collect();
                let then = verdict(&mended);
                let overall = if criterion.gate { 0.0 } else { share / counted };
                (
                    *i,
                    Gain { overall: tenth(overall), criterion: tenth(share), verdict: (then != today).then_some(then) },
                )
            })
            .collect();
        let tally = |o: Outcome| u32::try_from(outcomes.iter().filter(|(_, x)| *x == o).count()).unwrap_or(u32::MAX);
        let (met, not_met, unknown) = (tally(Outcome::Met), tally(Outcome::NotMet), tally(Outcome::Unknown));
        criteria.push(Criterion {
            id: criterion.id.clone(),
            verdict: today,
            score: tenth(if of > 0.0 { got / of * 100.0 } else { 0.0 }),
            met,
            not_met,
            unknown,
            total: met + not_met + unknown,
            gate: criterion.gate,
            title: criterion.title.en.clone(),
            title_fr: criterion.title.fr.clone(),
        });
        for (i, gain) in gains {
            if let Some(finding) = findings.get_mut(i) {
                finding.gain = gain;
            }
        }
    }
    let verdicts: BTreeMap<&str, Verdict> = criteria.iter().map(|c| (c.id.as_str(), c.verdict)).collect();
    let last = || Level {
        id: "undetermined".into(),
        title: Default::default(),
        says: Default::default(),
        all: BTreeMap::new(),
        any: BTreeMap::new(),
    };
    let level = profile.levels.iter().find(|l| l.holds(&verdicts)).cloned().unwrap_or_else(last);
    let sum: f64 = criteria.iter().filter(|c| !c.gate).map(|c| c.score).sum();
    (criteria, level, tenth(sum / counted))
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
        ] {
            assert_eq!(verdict(&rules), wanted, "{rules:?}");
        }
    }
}
