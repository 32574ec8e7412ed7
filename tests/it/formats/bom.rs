//! What the tests of the two bills of materials share: reports to render, a hostile one among them, and Python's readers.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

pub(super) use super::hostile::frozen;
use crate::support::{Run, run};

/// A bidirectional override, an escape and a null, as they stand in hostile names.
const UNSAFE: [char; 3] = ['\u{202e}', '\u{1b}', '\0'];

/// A report in a format, rendered from a file of a folder.
pub(super) fn render(folder: &TempDir, report: &Value, format: &str) -> String {
    let path = folder.path().join("made.json");
    std::fs::write(&path, report.to_string()).unwrap();
    let run = run(&["render", path.to_str().unwrap(), "--format", format]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{format}");
    run.stdout
}

/// The frozen report with every name, address and text taken over by somebody who means harm, and many things of one name.
pub(super) fn hostile() -> Value {
    let mut report = frozen();
    let bad = format!("\"}}]<script>{}javascript:alert(1)//", UNSAFE.iter().collect::<String>());
    report["subject"]["name"] = json!(bad);
    report["subject"]["revision"] = json!("../../x@y?z#w");
    report["subject"]["hub_id"] = json!("../..%2f/a b");
    report["subject"]["remote"] = json!("javascript:alert(1)");
    report["audited_at"] = json!("yesterday");
    report["profile"]["title"] = json!("");
    report["tool"]["name"] = json!("");
    report["licenses"] = json!(["MIT OR llama 3 (c)", bad, "NOASSERTION", "mit", "", "x".repeat(9_000), "é è", "é-è"]);
    report["terms"] = json!([{"path": bad, "line": 1, "excerpt": format!("{bad} {}", "y".repeat(9_000)), "url": null}]);
    let id = |id: &str, target: Value, access: &str| json!({"id": id, "target": target, "license": bad, "access": access, "stage": null});
    report["datasets"] = json!([
        id("same", json!("hub:same/same"), "gated"),
        id("same", json!("hub:same/same"), "public"),
        id("", json!("javascript:alert(1)"), "public"),
        id("file", json!("file:///etc/passwd"), "public"),
        id("path", json!("path:../../etc/pass wd"), "included"),
        id("doi", json!(format!("doi:10.1/{bad}")), "reached"),
        id("swh", json!("swh:1:rev:94a9ed024d3859793618152ea559a168bbcbb5e2"), "reached"),
        id("url", json!("https://user:secret@example.org/a|b^c`d{e}[f]\\g \"h\"<i>?q=[1]|#[x]"), "public"),
        id("ipv6", json!("http://[::1]:80/a"), "public"),
    ]);
    let up = |id: &str, of: Value, declared: bool| {
        json!({"id": id, "of": of, "revision": "MAIN", "declared": declared, "seen": true,
        "licenses": [bad, "llama3.1", "Llama3.1"], "datasets": 0})
    };
    // Two that each derive from the other, and one that derives from itself.
    report["lineage"] = json!([
        up("a/b", Value::Null, true),
        up("c/d", json!("a/b"), false),
        up("a/b", json!("c/d"), false),
        up("a/b", json!("a/b"), true),
        up(&bad, Value::Null, true),
        up("", json!("nobody"), true),
    ]);
    let file = |path: &str| json!({"path": path, "bytes": 1, "sha256": "ab".repeat(32), "status": "verified"});
    let mut files: Vec<Value> = (0..3).map(|_| file("same")).collect();
    files.extend([file(&bad), file(""), file(&"long/".repeat(3_000))]);
    report["files"] = files.into();
    for criterion in report["criteria"].as_array_mut().unwrap() {
        criterion["id"] = json!(bad);
        criterion["score"] = json!(1e300);
    }
    for finding in report["findings"].as_array_mut().unwrap() {
        finding["rule"] = json!(bad);
        finding["says"] = json!(bad.repeat(1_000));
        finding["places"] = json!([{"path": bad, "line": 1, "excerpt": bad, "url": "data:text/html,x"}]);
    }
    for component in report["components"].as_array_mut().unwrap() {
        component["name"] = json!("");
        component["outcome"] = json!("met");
        component["license"] = json!(bad);
        component["links"] = json!([bad, "javascript:alert(1)", "https://example.org/\u{202e}x y", "same", ""]);
    }
    let again = report["components"].as_array().unwrap().clone();
    report["components"].as_array_mut().unwrap().extend(again);
    report
}

/// Every text below a value with its key, the keys of objects left out.
pub(super) fn texts<'a>(value: &'a Value, key: &'a str, out: &mut Vec<(&'a str, &'a str)>) {
    match value {
        Value::String(text) => out.push((key, text)),
        Value::Array(all) => all.iter().for_each(|v| texts(v, key, out)),
        Value::Object(all) => all.iter().for_each(|(k, v)| texts(v, k, out)),
        _ => {}
    }
}

/// Nothing in a document moves a cursor or leads elsewhere than to the web.
pub(super) fn is_harmless(document: &str, addresses: &[&str]) {
    let value: Value = serde_json::from_str(document).unwrap();
    let mut all = Vec::new();
    texts(&value, "", &mut all);
    for (key, text) in all {
        assert!(!text.contains(UNSAFE), "{key}: {text:?}");
        if addresses.contains(&key) {
            let harmless = text.starts_with("https://") || text.starts_with("http://");
            assert!(harmless || !text.contains(':'), "{key}: {text:?}");
            let plain = |c: char| c.is_ascii_graphic() && !"<>\"\\^`{|}".contains(c);
            assert!(text.chars().all(plain) && !text.contains("secret"), "{key}: {text:?}");
        }
        assert!(text.len() < 80_000, "{key}: {} bytes", text.len());
    }
}

/// Runs a script of Python in the environment of the consumers.
pub(super) fn python(consumers: &Path, script: &str, files: &[&Path]) -> Run {
    let python = consumers.join("venv/bin/python3");
    Run::of(Command::new(python).arg("-c").arg(script).args(files).output().expect("python runs"))
}
