//! One rich report in every format, each a golden file with its true extension, each read by a real consumer or its own schema.
//!
//! `tests/golden/formats/report.json` is a frozen report of a made-up release that has everything at once: a chain of base
//! models, datasets of every kind, digests that fail, markup in names. `UPDATE_GOLDEN=1` writes the others anew.
//! Consumers beyond Rust are installed by `.ci/consumers DIR`, which `OUVERT_CONSUMERS` then names.

mod badge;
mod bom;
mod browser;
mod compared;
mod cyclonedx;
mod exits;
mod github;
mod gitlab;
mod hostile;
mod html;
mod junit;
mod markdown;
mod sarif;
mod spdx;

use std::fs;
use std::path::{Path, PathBuf};

use ouvert::finding::Verdict;
use ouvert::report::Report;

use crate::support::{HERE, run, skip};

/// The frozen report.
pub(crate) const REPORT: &str = "tests/golden/formats/report.json";

/// The frozen report in a format.
pub(crate) fn rendered(format: &str) -> String {
    let run = run(&["render", REPORT, "--format", format]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{format}");
    run.stdout
}

/// Compares a text with the golden file of a name, or writes it anew.
pub(crate) fn golden(name: &str, text: &str) {
    let path = Path::new(HERE).join("tests/golden/formats").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, text).unwrap();
    }
    let wanted = fs::read_to_string(&path).unwrap_or_default();
    assert!(text == wanted, "{name} is not what it was; UPDATE_GOLDEN=1 writes it anew:\n{text}");
}

/// The text of a golden file.
pub(crate) fn golden_text(name: &str) -> String {
    fs::read_to_string(Path::new(HERE).join("tests/golden/formats").join(name)).unwrap()
}

/// The folder in which `.ci/consumers` installed the programs that read our formats; without it the test says that it is skipped.
pub(crate) fn consumers() -> Option<PathBuf> {
    let folder = std::env::var_os("OUVERT_CONSUMERS").map(PathBuf::from);
    if folder.is_none() {
        skip("OUVERT_CONSUMERS names no folder made by `.ci/consumers DIR`");
    }
    folder
}

#[test]
fn the_frozen_report_is_of_this_schema() {
    let schema: serde_json::Value = serde_json::from_str(&run(&["render", "--schema"]).stdout).unwrap();
    let report: serde_json::Value = serde_json::from_str(&fs::read_to_string(REPORT).unwrap()).unwrap();
    let faults: Vec<String> =
        jsonschema::validator_for(&schema).unwrap().iter_errors(&report).map(|e| e.to_string()).collect();
    assert!(faults.is_empty(), "{faults:?}");
    golden("report.txt", &rendered("table"));
}

#[test]
fn what_decides_a_verdict_is_to_be_mended_first() {
    let mut frozen: Report = serde_json::from_value(hostile::frozen()).unwrap();
    let rules = |report: &Report| report.to_mend().iter().map(|f| f.rule.clone()).collect::<Vec<_>>();
    // A digest that does not hold, what fails a criterion, the rest; each by what it gains.
    let wanted = [
        "integrity-digests",
        "data-base-declared",
        "recipe-disclosed",
        "license-base-unrestricted",
        "recipe-code",
        "data-base-published",
        "license-no-added-terms",
    ];
    assert_eq!(rules(&frozen)[..7], wanted);
    // Where the criterion does not fail, another rule decides.
    frozen.criteria[0].verdict = Verdict::Partial;
    let partial = rules(&frozen);
    assert_eq!(partial[3], "recipe-code");
    let at = |rule: &str| partial.iter().position(|r| r == rule).unwrap();
    assert!(at("license-base-unrestricted") > at("license-no-added-terms"), "{partial:?}");
}
