//! What earlier versions wrote: saved reports, one a schema, and the evidence of real releases with the verdict each must
//! get. Reports are read and shown; evidence is judged without another look at the release.

use std::path::Path;

use serde_json::Value;

use crate::support::{HERE, run};

fn files(folder: &str) -> Vec<String> {
    let folder = Path::new(HERE).join("tests").join(folder);
    let mut all: Vec<String> =
        folder.read_dir().unwrap().map(|e| e.unwrap().path().to_string_lossy().into_owned()).collect();
    all.retain(|path| path.ends_with(".json"));
    all.sort();
    assert!(!all.is_empty(), "{}", folder.display());
    all
}

#[test]
fn saved_reports_are_read_and_fit_the_schema() {
    let schema: Value = serde_json::from_str(&run(&["render", "--schema"]).stdout).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for path in files("reports") {
        let report: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        assert!(
            validator.is_valid(&report),
            "{path}: {:?}",
            validator.iter_errors(&report).next().map(|e| e.to_string())
        );
        for lang in ["en", "fr"] {
            let shown = run(&["render", &path, "--lang", lang]);
            assert_eq!(shown.code, 0, "{path}: {}", shown.stderr);
            assert!(shown.stdout.contains(report["subject"]["name"].as_str().unwrap()), "{path}");
        }
    }
}

/// Level and verdicts of license, data, recipe and integrity.
const VERDICTS: &[(&str, &str, [&str; 4])] = &[
    ("LLM360--Amber", "open-source", ["pass", "pass", "pass", "unknown"]),
    ("all-MiniLM-L6-v2", "undetermined", ["unknown", "unknown", "partial", "unknown"]),
];

#[test]
fn frozen_evidence_gets_its_verdict() {
    for path in files("evidence") {
        let stem = Path::new(&path).file_stem().unwrap().to_string_lossy().into_owned();
        let (_, level, verdicts) =
            VERDICTS.iter().find(|(name, ..)| *name == stem).expect("a verdict for each evidence");
        let judged = run(&["audit", &path, "--format", "json"]);
        assert_eq!(judged.code, 0, "{path}: {}", judged.stderr);
        let report: Value = serde_json::from_str(&judged.stdout).unwrap();
        assert_eq!(report["level"], *level, "{path}");
        let found: Vec<&str> =
            report["criteria"].as_array().unwrap().iter().filter_map(|c| c["verdict"].as_str()).collect();
        assert_eq!(found, verdicts, "{path}");
    }
}
