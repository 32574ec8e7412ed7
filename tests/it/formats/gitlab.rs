//! GitLab's code quality report: its documented fields, as a schema of our own.

use std::collections::BTreeSet;

use ouvert::render;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{golden, hostile, rendered, sarif};

fn schema() -> jsonschema::Validator {
    let word = json!({ "type": "string", "minLength": 1 });
    jsonschema::validator_for(&json!({
        "type": "array",
        "items": {
            "type": "object",
            "required": ["description", "check_name", "fingerprint", "severity", "location"],
            "properties": {
                "description": word,
                "check_name": word,
                "fingerprint": { "type": "string", "pattern": "^[0-9a-f]{64}$" },
                "severity": { "enum": ["info", "minor", "major", "critical", "blocker"] },
                "location": {
                    "type": "object",
                    "required": ["path", "lines"],
                    "properties": {
                        "path": { "type": "string", "minLength": 1, "not": { "pattern": "^(\\./|/)|(^|/)\\.\\.(/|$)" } },
                        "lines": {
                            "type": "object",
                            "required": ["begin"],
                            "properties": { "begin": { "type": "integer", "minimum": 1 } },
                        },
                    },
                },
            },
        },
    }))
    .unwrap()
}

/// What is wrong with a list.
fn faults(text: &str) -> Vec<String> {
    let all: Value = serde_json::from_str(text).unwrap();
    let mut faults: Vec<String> = schema().iter_errors(&all).map(|e| format!("{e} at {}", e.instance_path())).collect();
    let all = all.as_array().unwrap();
    let unique: BTreeSet<String> = all.iter().map(|e| e["fingerprint"].to_string()).collect();
    if unique.len() != all.len() {
        faults.push("entries with one fingerprint: GitLab drops all but one".into());
    }
    if hostile::is_unclean(text) {
        faults.push("a character that hides".into());
    }
    faults
}

#[test]
fn entries_are_whole_and_apart() {
    let text = rendered("gitlab");
    golden("report.gitlab.json", &text);
    assert_eq!(faults(&text), Vec::<String>::new());
    let all: Vec<Value> = serde_json::from_str(&text).unwrap();
    let severities: BTreeSet<&str> = all.iter().map(|e| e["severity"].as_str().unwrap()).collect();
    assert_eq!(severities, BTreeSet::from(["critical", "info", "major", "minor"]));
    assert!(all.iter().any(|e| e["check_name"] == "osaid/osaid-use"));
}

#[test]
fn rules_that_two_profiles_share_stay_apart() {
    let mut report = hostile::frozen();
    let findings = report["findings"].clone();
    report["others"][0]["findings"] = findings;
    assert_eq!(report["others"][0]["asked"], true);
    let text = render::gitlab::render(&serde_json::from_value(report).unwrap());
    assert_eq!(faults(&text), Vec::<String>::new());
    let all: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(all.iter().filter(|e| e["check_name"].as_str().unwrap().ends_with("recipe-code")).count(), 2);
}

#[test]
fn what_is_waived_is_told_with_its_reason() {
    let all: Vec<Value> = serde_json::from_str(&render::gitlab::render(&sarif::waived())).unwrap();
    let one = all.iter().find(|e| e["check_name"] == "recipe-code").unwrap();
    assert_eq!(one["severity"], "info");
    assert!(one["description"].as_str().unwrap().ends_with("[agreed with legal (waived by Ann until 2026-12-31)]"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn hostile_words_stay_words(words in hostile::words()) {
        prop_assert_eq!(faults(&render::gitlab::render(&hostile::report(&words))), Vec::<String>::new());
    }
}
