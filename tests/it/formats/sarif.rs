//! SARIF: its schema, Microsoft's own validator with the rules of code scanning, and what GitHub does with it.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use ouvert::render;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{consumers, golden, hostile, rendered};
use crate::support::{Release, run};

fn frozen() -> Value {
    serde_json::from_str(&rendered("sarif")).unwrap()
}

fn results(run: &Value) -> &Vec<Value> {
    run["results"].as_array().unwrap()
}

#[test]
fn a_run_each_profile_that_was_asked_for() {
    golden("report.sarif", &rendered("sarif"));
    let all = frozen();
    let ids: Vec<&str> =
        all["runs"].as_array().unwrap().iter().map(|r| r["automationDetails"]["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["ouvert/three-criteria/merry/", "ouvert/osaid/merry/"]);
    for run in all["runs"].as_array().unwrap() {
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        let unique: BTreeSet<&str> = rules.iter().map(|r| r["id"].as_str().unwrap()).collect();
        assert_eq!(unique.len(), rules.len());
        for result in results(run) {
            let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
            assert_eq!(rule["id"], result["ruleId"]);
            assert!(rule["properties"]["tags"].as_array().unwrap().len() <= 10);
            // GitHub shows the first place, and takes an alert for the same by this fingerprint.
            assert_eq!(result["locations"].as_array().unwrap().len(), 1);
            assert!(result["locations"][0]["physicalLocation"]["region"]["startLine"].as_u64().unwrap() >= 1);
            assert_eq!(result["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap().len(), 64);
        }
    }
}

#[test]
fn levels_follow_needs_and_an_unknown_fails_nothing() {
    let report = hostile::frozen();
    let all = frozen();
    let mut seen = BTreeSet::new();
    for result in results(&all["runs"][0]) {
        let finding = report["findings"].as_array().unwrap().iter().find(|f| f["rule"] == result["ruleId"]).unwrap();
        let wanted = match (finding["outcome"].as_str().unwrap(), finding["need"].as_str().unwrap()) {
            ("not-met", "essential") => ("fail", "error"),
            ("not-met", "required") => ("fail", "warning"),
            ("not-met", "recommended") => ("fail", "note"),
            ("unknown", "essential" | "required") => ("open", "none"),
            other => panic!("{other:?} is no alert"),
        };
        assert_eq!(
            (result["kind"].as_str().unwrap(), result["level"].as_str().unwrap()),
            wanted,
            "{}",
            result["ruleId"]
        );
        seen.insert(wanted);
    }
    assert_eq!(seen.len(), 4);
}

#[test]
fn what_nobody_could_look_at_has_no_clean_list() {
    let mut report = hostile::frozen();
    for finding in report["findings"].as_array_mut().unwrap() {
        finding["outcome"] = json!("unknown");
    }
    let text = render::sarif::render(&serde_json::from_value(report).unwrap());
    let all: Value = serde_json::from_str(&text).unwrap();
    let run = &all["runs"][0];
    assert!(results(run).len() > 20);
    assert!(results(run).iter().all(|r| r["kind"] == "open"));
    let notes = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    let ids: BTreeSet<&str> = notes.iter().map(|n| n["descriptor"]["id"].as_str().unwrap()).collect();
    assert_eq!(ids, BTreeSet::from(["not-seen", "not-told"]));
}

#[test]
fn a_waiver_is_a_suppression_with_its_reason() {
    let of = |report: &ouvert::report::Report| -> Value {
        let all: Value = serde_json::from_str(&render::sarif::render(report)).unwrap();
        let all = results(&all["runs"][0])
            .iter()
            .map(|r| (r["ruleId"].as_str().unwrap().to_owned(), r["suppressions"].clone()));
        Value::Object(all.collect())
    };
    let waived = of(&waived());
    assert_eq!(waived["recipe-code"][0]["justification"], "agreed with legal (waived by Ann until 2026-12-31)");
    // All results of a run tell whether they are suppressed, or none does.
    assert_eq!(waived["data-base-declared"], json!([]));
    let mut none = super::sarif::waived();
    none.findings.iter_mut().for_each(|f| f.waiver = None);
    assert!(of(&none).as_object().unwrap().values().all(Value::is_null));
}

/// The frozen report with one finding waived.
pub(super) fn waived() -> ouvert::report::Report {
    let mut report = hostile::frozen();
    let findings = report["findings"].as_array_mut().unwrap();
    findings.iter_mut().find(|f| f["rule"] == "recipe-code").unwrap()["waiver"] = json!("agreed with legal");
    let note = json!({ "rule": "recipe-code", "subject": null, "path": null, "reason": "agreed with legal", "by": "Ann",
        "until": "2026-12-31", "says": "silences the gate" });
    report["waivers"]["used"] = json!([note]);
    serde_json::from_value(report).unwrap()
}

#[test]
fn files_carry_their_digests() {
    let all = frozen();
    let files = all["runs"][0]["artifacts"].as_array().unwrap();
    let weights = files.iter().find(|f| f["location"]["uri"] == "merry/model.safetensors").unwrap();
    assert_eq!(weights["hashes"]["sha-256"], "1793445f28e413031c83a5a8ae7b098c05ade373d8c2ceafa965c03f988f4dce");
    // One that is listed and missing is no file.
    assert!(!files.iter().any(|f| f["location"]["uri"] == "merry/vocab.txt"));
}

#[test]
fn lines_above_a_quote_change_no_fingerprint() {
    let before = "---\nlicense: apache-2.0\ndatasets:\n- org/set\n---\n# T\n\nThe weights may be used for non-commercial purposes only.\n";
    let after =
        before.replace("datasets:", "# a remark\n\ndatasets:").replace("# T\n", "# T\n\nWords.\n\nMore words.\n");
    let prints = |card: &str| {
        let release = Release::with_card(card);
        let sarif: Value =
            serde_json::from_str(&release.run(&["audit", "release", "--format", "sarif"]).stdout).unwrap();
        let gitlab: Value =
            serde_json::from_str(&release.run(&["audit", "release", "--format", "gitlab"]).stdout).unwrap();
        let lines: Vec<u64> = results(&sarif["runs"][0])
            .iter()
            .map(|r| r["locations"][0]["physicalLocation"]["region"]["startLine"].as_u64().unwrap())
            .collect();
        let sarif: BTreeSet<String> =
            results(&sarif["runs"][0]).iter().map(|r| r["partialFingerprints"].to_string()).collect();
        let gitlab: BTreeSet<String> =
            gitlab.as_array().unwrap().iter().map(|r| r["fingerprint"].to_string()).collect();
        (lines, sarif, gitlab)
    };
    let (old, new) = (prints(before), prints(&after));
    assert_ne!(old.0, new.0, "no line has moved");
    assert_eq!((old.1, old.2), (new.1, new.2));
    let other = prints(&before.replace("non-commercial purposes only", "research purposes only"));
    assert_ne!(other.1, prints(before).1, "another quote has another fingerprint");
}

/// What is wrong with a file for GitHub and for people, beyond what a schema can tell.
fn fault(text: &str) -> Option<String> {
    if hostile::is_unclean(text) {
        return Some("a character that hides".into());
    }
    let all: Value = match serde_json::from_str(text) {
        Ok(all) => all,
        Err(e) => return Some(e.to_string()),
    };
    let mut stack = vec![("", &all)];
    while let Some((key, value)) = stack.pop() {
        match value {
            Value::Object(fields) => stack.extend(fields.iter().map(|(k, v)| (k.as_str(), v))),
            Value::Array(items) => stack.extend(items.iter().map(|v| (key, v))),
            Value::String(text) if key == "uri" => {
                let relative =
                    !text.starts_with('/') && !text.contains([':', '\\', ' ', '<', '"', '|']) && text.is_ascii();
                if !relative || text.split('/').any(|p| matches!(p, "" | "." | "..")) {
                    return Some(format!("no path of the release: {text}"));
                }
            }
            Value::String(text)
                if (key == "helpUri" || key == "repositoryUri")
                    && !text.starts_with("http://")
                    && !text.starts_with("https://") =>
            {
                return Some(format!("no page: {text}"));
            }
            _ => {}
        }
    }
    for run in all["runs"].as_array()? {
        let texts = results(run).iter().map(|r| &r["message"]["text"]);
        for text in texts.chain(run["tool"]["driver"]["rules"].as_array()?.iter().map(|r| &r["help"]["text"])) {
            let text = text.as_str()?;
            if text.is_empty() || text.contains("](") || text.replace("{{", "").contains('{') {
                return Some(format!("a link or a placeholder in a message: {text}"));
            }
        }
    }
    None
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn hostile_words_stay_words(words in hostile::words()) {
        prop_assert_eq!(fault(&render::sarif::render(&hostile::report(&words))), None);
    }
}

/// Errors and warnings that the validator has for a file, each its rule and its place.
fn validate(folder: &std::path::Path, text: &str) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    let (file, log) = (dir.path().join("report.sarif"), dir.path().join("log.sarif"));
    fs::write(&file, text).unwrap();
    let program = folder.join("node/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool");
    let out = Command::new(program)
        .arg("validate")
        .arg(&file)
        .args(["--rule-kind", "Sarif;Ghas", "--level", "Error;Warning", "--log", "ForceOverwrite", "--output"])
        .arg(&log)
        .output()
        .unwrap();
    let log = fs::read_to_string(&log).unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&out.stdout)));
    let log: Value = serde_json::from_str(log.trim_start_matches('\u{feff}')).unwrap();
    let run = &log["runs"][0];
    let stopped = run["invocations"].as_array().into_iter().flatten().filter(|i| i["executionSuccessful"] == false);
    let stopped = stopped.map(|i| format!("the validator stopped: {i}"));
    let faults = results(run).iter().map(|r| format!("{} {}", r["ruleId"].as_str().unwrap(), r["message"]));
    stopped.chain(faults).collect()
}

#[test]
fn its_schema_and_the_validator_of_code_scanning_accept_it() {
    let Some(folder) = consumers() else { return };
    let schema = folder.join("node/node_modules/@microsoft/sarif-multitool-linux/sarif-2.1.0.json");
    let schema = fs::read_to_string(schema).unwrap();
    let schema: Value = serde_json::from_str(schema.trim_start_matches('\u{feff}')).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let tiny = run(&["audit", "tests/releases/tiny-open", "--format", "sarif"]).stdout;
    let spoiled = render::sarif::render(&hostile::report("a\u{1b}[x](http://e) {0} <b> \"../ "));
    for text in [rendered("sarif"), tiny, render::sarif::render(&waived()), spoiled] {
        let value: Value = serde_json::from_str(&text).unwrap();
        let faults: Vec<String> = schema.iter_errors(&value).map(|e| format!("{e} at {}", e.instance_path())).collect();
        assert!(faults.is_empty(), "{faults:?}");
        // The project has no page yet that a tool's entry could lead to. That this is told of every run shows that the validator
        // has read them: of a file that it cannot read it tells nothing.
        let runs = value["runs"].as_array().unwrap().len();
        // What else that rule finds is of the tool's name, which a saved report may have from anybody.
        let (known, mut faults): (Vec<_>, Vec<_>) =
            validate(&folder, &text).into_iter().partition(|f| f.contains("Warning_ProvideToolnformationUri"));
        faults.retain(|f| !f.starts_with("SARIF2005 "));
        assert_eq!((known.len(), faults), (runs, vec![]), "{known:?}");
    }
    let broken = rendered("sarif").replace("\"startLine\": 2,", "\"startLine\": 0,");
    let faults = validate(&folder, &broken);
    assert!(faults.iter().any(|f| f.starts_with("SARIF2017 ")), "the validator sees nothing: {faults:?}");
}
