//! JUnit XML: read by a parser of it in Python, and by the deserializer of cargo-nextest's crate.

use std::fs;
use std::process::Command;

use ouvert::render;
use proptest::prelude::*;
use quick_junit::{NonSuccessKind, Report, TestCaseStatus};

use super::{consumers, golden, hostile, rendered, sarif};

/// Passed, failed, in error, skipped.
fn counts(report: &Report) -> [usize; 4] {
    let mut out = [0; 4];
    for case in report.test_suites.iter().flat_map(|s| &s.test_cases) {
        let index = match case.status {
            TestCaseStatus::Success { .. } => 0,
            TestCaseStatus::NonSuccess { kind: NonSuccessKind::Failure, .. } => 1,
            TestCaseStatus::NonSuccess { kind: NonSuccessKind::Error, .. } => 2,
            TestCaseStatus::Skipped { .. } => 3,
        };
        out[index] += 1;
    }
    out
}

/// The same by the outcomes and waivers of the frozen report, with those by the profile that was asked for beside its own.
fn outcomes() -> [usize; 4] {
    let report = hostile::frozen();
    let asked = report["others"].as_array().unwrap().iter().filter(|v| v["asked"] == true).map(|v| &v["findings"]);
    let findings = std::iter::once(&report["findings"]).chain(asked).flat_map(|f| f.as_array().unwrap());
    let mut out = [0; 4];
    for finding in findings {
        // One that is waived is skipped, whatever it is.
        let outcome = if finding["waiver"].is_null() { &finding["outcome"] } else { &"not-applicable".into() };
        let index = ["met", "not-met", "unknown", "not-applicable"].iter().position(|o| outcome == o).unwrap();
        out[index] += 1;
    }
    out
}

#[test]
fn a_case_each_rule_and_a_suite_each_criterion() {
    let text = rendered("junit");
    golden("report.xml", &text);
    let report = Report::deserialize_from_str(&text).unwrap();
    let counted = counts(&report);
    assert_eq!(counted, outcomes());
    assert!(counted.iter().all(|n| *n > 0), "{counted:?}");
    let names: Vec<&str> = report.test_suites.iter().map(|s| s.name.as_str()).take(2).collect();
    assert_eq!(names, ["three-criteria: Unrestricted license", "three-criteria: Published training data"]);
}

#[test]
fn what_is_waived_is_skipped_with_its_reason() {
    let report = Report::deserialize_from_str(&render::junit::render(&sarif::waived()).unwrap()).unwrap();
    let case =
        report.test_suites.iter().flat_map(|s| &s.test_cases).find(|c| c.name.as_str() == "recipe-code").unwrap();
    let TestCaseStatus::Skipped { message, .. } = &case.status else { panic!("{:?}", case.status) };
    assert!(
        message.as_deref().unwrap().starts_with("agreed with legal (waived by Ann until 2026-12-31): no training code")
    );
}

#[test]
fn a_finding_of_no_criterion_is_not_lost() {
    let mut report = hostile::frozen();
    report["criteria"] = serde_json::json!([]);
    let report = serde_json::from_value(report).unwrap();
    assert_eq!(counts(&Report::deserialize_from_str(&render::junit::render(&report).unwrap()).unwrap()), outcomes());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn hostile_words_stay_words(words in hostile::words()) {
        let text = render::junit::render(&hostile::report(&words)).unwrap();
        let barred = text.contains(['\u{fffe}', '\u{ffff}']);
        prop_assert!(!hostile::is_unclean(&text) && !barred);
        let read = Report::deserialize_from_str(&text).unwrap();
        prop_assert_eq!(counts(&read), outcomes());
    }
}

#[test]
fn a_parser_of_it_counts_the_same() {
    let Some(folder) = consumers() else { return };
    let script = "import sys\nfrom junitparser import JUnitXml\nfor path in sys.argv[1:]:\n x = JUnitXml.fromfile(path)\n \
                  cases = [c for s in x for c in s]\n assert x.tests == len(cases) == sum(s.tests for s in x)\n \
                  n = lambda t: sum(1 for c in cases for r in c.result if type(r).__name__ == t)\n \
                  print(x.tests - n('Failure') - n('Error') - n('Skipped'), n('Failure'), n('Error'), n('Skipped'))\n";
    let dir = tempfile::tempdir().unwrap();
    let mut paths = Vec::new();
    for (i, report) in hostile::several().iter().enumerate() {
        let path = dir.path().join(format!("{i}.xml"));
        fs::write(&path, render::junit::render(report).unwrap()).unwrap();
        paths.push(path);
    }
    let out = Command::new(folder.join("venv/bin/python3")).args(["-c", script]).args(&paths).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let wanted = outcomes().map(|n| n.to_string()).join(" ");
    let lines: Vec<&str> = std::str::from_utf8(&out.stdout).unwrap().lines().collect();
    assert_eq!(lines, vec![wanted.as_str(); paths.len()]);
}
