//! The code quality report of GitLab: a JSON array, an entry each finding that falls short, with a path and a line. English.
//!
//! GitLab shows an entry beside its line and compares the list of a branch with that of its target by fingerprint; of entries with
//! the same one it drops all but one. An empty list would say that all is well, so what could not be told is listed too where it
//! decides a verdict.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Places, asked, clean, escaped, is_amiss, outcome_word, shorten, told, waived};
use crate::digest::Digest;
use crate::finding::{Finding, Lang, Need};
use crate::report::Report;

/// Characters of a description.
const LONG: usize = 1000;

/// Writes the report, and those by other profiles that were asked for.
pub fn render(report: &Report) -> String {
    let places = Places::of(report);
    let mut taken = BTreeSet::new();
    let mut all: Vec<Value> = Vec::new();
    for (i, report) in asked(report).iter().enumerate() {
        for finding in told(report) {
            let spot = places.first(finding);
            // The rules of another profile may have names of ours.
            let own = i == 0;
            let check = if own { finding.rule.clone() } else { format!("{}/{}", report.profile.id, finding.rule) };
            let mut print = finding.fingerprint(spot.place);
            if !own {
                print = joined(&check, &print);
            }
            while !taken.insert(print.clone()) {
                print = joined(&check, &print);
            }
            all.push(json!({
                "description": description(report, finding),
                "check_name": words(&check),
                "fingerprint": print,
                "severity": severity(finding),
                "location": { "path": spot.path, "lines": { "begin": spot.line } },
            }));
        }
    }
    escaped(&format!("{:#}\n", Value::Array(all)))
}

/// A fingerprint of two parts.
fn joined(check: &str, print: &str) -> String {
    Digest::of(format!("{check}\u{1f}{print}").as_bytes()).to_string()
}

fn description(report: &Report, finding: &Finding) -> String {
    let outcome = outcome_word(finding.outcome, Lang::En);
    let waiver = waived(report, finding, Lang::En).map(|reason| format!(" [{reason}]")).unwrap_or_default();
    words(&format!("{outcome}: {}. {}{waiver}", finding.title.trim_end_matches('.'), finding.says))
}

fn severity(finding: &Finding) -> &'static str {
    match (is_amiss(finding) && finding.waiver.is_none(), finding.need) {
        (false, _) => "info",
        (true, Need::Essential) => "critical",
        (true, Need::Required) => "major",
        (true, Need::Recommended) => "minor",
    }
}

fn words(text: &str) -> String {
    let text = shorten(clean(text).trim(), LONG);
    if text.is_empty() { "unnamed".into() } else { text }
}
