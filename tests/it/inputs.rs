//! Bills of materials and Croissant records as input: what they declare is evidence, and never outweighs what else is said.

use std::time::Duration;

use ouvert::digest::Digest;
use serde_json::{Value, json};

use crate::support::{Audit, Release, run_in, within};

/// Adds the keys of one object to another.
fn add(to: &mut Value, more: Value) {
    let (Value::Object(to), Value::Object(more)) = (to, more) else { panic!("two objects") };
    to.extend(more);
}

/// A document of one model with these keys beside its name.
fn bom(more: Value) -> Value {
    let mut model = json!({"type": "machine-learning-model", "bom-ref": "model", "name": "made-up", "version": "1.0"});
    add(&mut model, more);
    json!({"bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": {"component": model}})
}

fn written(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap()
}

fn license(id: &str) -> Value {
    json!({"licenses": [{"license": {"id": id}}]})
}

/// A model without a card, and what its document says of it.
fn alone(more: Value) -> Audit {
    let release = Release::empty();
    release.write("model.bin", "weights");
    release.write("bom.json", written(&bom(more)));
    release.audit(&[])
}

fn ids(audit: &Audit) -> Vec<&str> {
    let sets = audit.report["datasets"].as_array().expect("datasets");
    sets.iter().map(|d| d["id"].as_str().expect("an id")).collect()
}

#[test]
fn a_document_alone_declares() {
    let card = json!({"modelParameters": {"datasets": [{"type": "dataset", "name": "set",
          "contents": {"url": "https://huggingface.co/datasets/a/set/tree/0123abc"}}]},
        "quantitativeAnalysis": {"performanceMetrics": [{"type": "accuracy", "value": "0.5"}]},
        "considerations": {"environmentalConsiderations": {"energyConsumptions": [{"activity": "training",
          "activityEnergyCost": {"value": 3, "unit": "kWh"}}]}}});
    let audit = alone(json!({"licenses": [{"license": {"id": "Apache-2.0"}}], "modelCard": card,
        "externalReferences": [{"type": "vcs", "url": "https://github.com/a/b.git"},
            {"type": "documentation", "url": "https://example.org/docs"},
            {"type": "model-card", "url": "https://example.org/card"}]}));
    assert_eq!(audit.outcome("license-declared"), "met");
    let place = &audit.finding("license-declared")["places"][0];
    assert_eq!((place["path"].as_str(), place["line"].is_number()), (Some("bom.json"), true), "{place}");
    assert!(place["excerpt"].as_str().unwrap().contains("Apache-2.0"), "{place}");
    assert_eq!(audit.outcome("license-identifier-valid"), "met", "{}", audit.says("license-identifier-valid"));
    // A record names a license; no text was read that could add a term, nor one that grants anything.
    assert_eq!(audit.outcome("license-no-added-terms"), "unknown");
    assert_eq!(audit.outcome("license-text-present"), "not-met");
    assert_eq!(ids(&audit), ["a/set"]);
    assert_eq!(audit.outcome("data-pinned"), "met");
    assert_eq!(audit.outcome("data-accessible"), "unknown");
    assert_eq!(audit.report["subject"]["name"], "made-up");
    // A repository may hold training code; a page of documentation is no paper.
    assert_eq!(audit.outcome("recipe-code"), "unknown", "{}", audit.says("recipe-code"));
    assert!(audit.says("recipe-report").contains("none found"), "{}", audit.says("recipe-report"));
    assert_ne!(audit.level(), "open-source");
}

#[test]
fn it_disagrees_with_the_card() {
    let with = |id: &str| {
        let release = Release::with_card("---\nlicense: apache-2.0\n---\n\n# A model\n");
        release.write("model.cdx.json", written(&bom(license(id))));
        release.audit(&[])
    };
    let audit = with("CC-BY-NC-4.0");
    assert_eq!(audit.outcome("license-consistent"), "not-met");
    assert_eq!(audit.outcome("license-unrestricted"), "not-met");
    let places = audit.finding("license-consistent")["places"].to_string();
    assert!(places.contains("README.md") && places.contains("model.cdx.json"), "{places}");
    assert_eq!(with("Apache-2.0").outcome("license-consistent"), "met");
    // One in a folder of others' work is none of the release's.
    let release = Release::with_card("# A model\n");
    release.write("vendor/x/bom.json", written(&bom(license("MIT"))));
    assert_eq!(release.audit(&[]).outcome("license-declared"), "not-met");
}

#[test]
fn a_text_that_is_attached_is_read() {
    let text = "Permission is granted to use this model for non-commercial purposes only.";
    let entry = |text: Value| json!({"licenses": [{"license": {"name": "MIT", "text": text}}]});
    let encoded =
        "UGVybWlzc2lvbiBpcyBncmFudGVkIHRvIHVzZSB0aGlzIG1vZGVsIGZvciBub24tY29tbWVyY2lhbCBwdXJwb3NlcyBvbmx5Lg==";
    for text in [json!({"content": text}), json!({"content": encoded, "encoding": "base64"})] {
        let audit = alone(entry(text));
        assert_eq!(audit.outcome("license-no-added-terms"), "not-met", "{}", audit.says("license-no-added-terms"));
        assert_ne!(audit.outcome("license-unrestricted"), "met");
    }
    let said = json!({"licenses": [{"license": {"id": "MIT"}}], "modelCard": {"considerations": {"useCases":
        ["The model may not be used for commercial purposes."]}}});
    assert_eq!(alone(said).outcome("license-no-added-terms"), "not-met");
}

#[test]
fn datasets_by_reference_join_those_of_the_card() {
    let data = |name: &str, id: &str, url: &str, license: &str| {
        json!({"type": "data", "bom-ref": id, "name": name, "licenses": [{"license": {"id": license}}],
            "data": [{"type": "dataset", "contents": {"url": url}}]})
    };
    let mut document = bom(json!({"modelCard": {"modelParameters": {"datasets": [{"ref": "one"}, {"ref": "two"},
        {"ref": "nowhere"}, {"type": "dataset", "name": "a benchmark", "description": "used for evaluation"}]}}}));
    document["components"] = json!([
        data("Set One", "one", "https://huggingface.co/datasets/a/one", "CC0-1.0"),
        data("Set Two", "two", "https://example.org/two", "CC-BY-NC-4.0"),
    ]);
    let release = Release::with_card("---\nlicense: mit\ndatasets:\n- a/one\n---\n\n# A model\n");
    release.write("model.bin", "w");
    release.write("sbom/mlbom.json", written(&document));
    let audit = release.audit(&[]);
    assert_eq!(ids(&audit), ["a/one", "https://example.org/two", "nowhere"]);
    assert_eq!(audit.report["datasets"][0]["license"], "CC0-1.0");
    assert_eq!(audit.outcome("license-data-compatible"), "not-met");
    assert_eq!(audit.outcome("data-resolvable"), "not-met");
    assert_eq!(audit.gap("sbom/mlbom.json"), Some("malformed"));
}

#[test]
fn a_pedigree_names_bases() {
    let base = json!({"type": "machine-learning-model", "group": "org", "name": "base-7b",
        "pedigree": {"ancestors": [{"type": "machine-learning-model", "name": "older"}]}});
    let audit = alone(json!({"licenses": [{"license": {"id": "MIT"}}], "pedigree": {"ancestors": [base]}}));
    assert_eq!(audit.outcome("license-base-unrestricted"), "unknown");
    assert!(audit.gap("org/base-7b").is_some() && audit.gap("older").is_some(), "{}", audit.gaps());
}

#[test]
fn digests_of_files_are_held_to_the_bytes() {
    let with = |hash: &str, name: &str| {
        let release = Release::with_card("---\nlicense: mit\n---\n\n# A model\n");
        release.write("weights/model.bin", "weights");
        let file = json!({"type": "file", "name": name, "hashes": [{"alg": "SHA-256", "content": hash}]});
        let mut document = bom(json!({}));
        document["components"] = json!([file]);
        release.write("sbom/bom.json", written(&document));
        release.audit(&[])
    };
    let good = Digest::of(b"weights").hex().to_owned();
    let audit = with(&good, "weights/model.bin");
    assert_eq!((audit.code, audit.status("weights/model.bin")), (0, Some("verified")), "{}", audit.shortfalls());
    assert!(audit.report["files"].to_string().contains("sbom/bom.json"));
    let audit = with(&"0".repeat(64), "./weights/model.bin");
    assert_eq!((audit.code, audit.status("weights/model.bin")), (1, Some("mismatched")));
    // A file that is not here may lie elsewhere; a path that leads out is not followed.
    for name in ["weights/other.bin", "../../../etc/passwd", "/etc/passwd", "file:///etc/passwd"] {
        let audit = with(&"0".repeat(64), name);
        assert_eq!((audit.code, audit.status(name)), (0, None), "{name}");
    }
}

#[test]
fn what_is_hostile_or_broken_is_told() {
    let limit = Duration::from_secs(60);
    let release = |text: &str| {
        let release = Release::with_card("---\nlicense: mit\n---\n\n# A model\n");
        release.write("bom.json", text);
        within(limit, &release)
    };
    let head = "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":";
    let nested = |n: usize| {
        let open = "[{\"type\":\"machine-learning-model\",\"name\":\"m\",\"components\":".repeat(n);
        format!("{head}{open}[]{}}}", "}]".repeat(n))
    };
    for (text, told) in [
        ("{", true),
        ("{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.3\"}", true),
        (nested(10_000).as_str(), true),
        (nested(20).as_str(), false),
        ("{\"spdxVersion\":\"SPDX-2.3\"}", false),
        (format!("{head}[{{\"type\":\"library\"}}]}}").as_str(), false),
    ] {
        let audit = release(text);
        let shown: String = text.chars().take(60).collect();
        assert_eq!(audit.gap("bom.json"), told.then_some("malformed"), "{shown}");
        assert_eq!(audit.outcome("license-consistent"), "met", "{shown}");
    }
    // References that name each other, themselves, and one large component ten thousand times.
    let long: Vec<Value> = (0..2_000).map(|n| json!({"license": {"name": format!("license {n}")}})).collect();
    let data = json!({"type": "data", "bom-ref": "d", "name": "d", "licenses": long, "data": [{"ref": "d"}],
        "components": [{"type": "data", "bom-ref": "d"}]});
    let refs: Vec<Value> = (0..10_000).map(|_| json!({"ref": "d"})).chain([json!({"ref": "model"})]).collect();
    let mut document = bom(json!({"modelCard": {"modelParameters": {"datasets": refs}},
        "licenses": (0..5_000).map(|n| json!({"expression": format!("\u{1b}[31mA{n} AND MIT")})).collect::<Vec<_>>()}));
    document["components"] = json!([data]);
    let audit = release(&document.to_string());
    assert_ne!(audit.outcome("license-consistent"), "met");
    // The escape stands in the excerpt as the document spells it, and is none.
    let shown = serde_json::to_string(&audit.report).unwrap().replace("\\\\u001b", "");
    assert!(!shown.contains("\\u001b"), "an escape is shown");
    let hostile = json!([{"type": "dataset", "name": "\u{1b}[2Jx", "contents": {"url": "https://x.example/\u{1b}[2J\u{202e}"}},
        {"type": "dataset", "name": "y", "contents": {"url": "https://huggingface.co/datasets/a/b/tree/\u{1b}[2J"}}]);
    let links = json!([{"type": "vcs", "url": "https://github.com/a/b\u{1b}[2J", "comment": "training code"}]);
    let document = bom(json!({"modelCard": {"modelParameters": {"datasets": hostile}}, "externalReferences": links}));
    let shown = serde_json::to_string(&release(&document.to_string()).report).unwrap().replace("\\\\u001b", "");
    assert!(!shown.contains("\\u001b") && !shown.contains('\u{202e}'), "an escape is shown");
    let names: Vec<Value> = (0..20_000).map(|n| json!({"type": "dataset", "name": format!("set {n}")})).collect();
    let audit = release(&bom(json!({"modelCard": {"modelParameters": {"datasets": names}}})).to_string());
    assert!(ids(&audit).len() <= 200);
    for wrong in [json!({"licenses": "MIT"}), json!({"modelCard": {"modelParameters": {"datasets": {"ref": []}}}})] {
        assert_eq!(release(&bom(wrong).to_string()).gap("bom.json"), Some("malformed"));
    }
}

#[test]
fn a_document_is_a_target_of_its_own() {
    let release = Release::empty();
    release.beside("model.cdx.json", written(&bom(license("CC-BY-NC-4.0"))));
    let run = run_in(release.outside(), &["audit", "model.cdx.json", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}", run.stderr));
    assert_eq!((report["subject"]["name"].as_str(), run.code), (Some("made-up"), 0));
    let audit = Audit { report, code: run.code, stderr: run.stderr };
    assert_eq!(audit.outcome("license-unrestricted"), "not-met");
    release.beside("poor.json", "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\"}");
    let run = run_in(release.outside(), &["audit", "poor.json"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("machine-learning-model"), "{}", run.stderr);
    release.beside("croissant.json", written(&record(json!({"usageInfo": "DUO:0000018"}))));
    let run = run_in(release.outside(), &["audit", "croissant.json", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}", run.stderr));
    let audit = Audit { report, code: run.code, stderr: run.stderr };
    assert_eq!((audit.report["subject"]["kind"].as_str(), ids(&audit)), (Some("dataset"), vec!["a/set"]));
    assert_eq!(audit.outcome("data-licensed"), "not-met");
    assert_eq!(audit.outcome("license-no-added-terms"), "not-met");
}

#[test]
fn what_a_document_leaves_out_is_unknown_to_every_profile() {
    let release = Release::empty();
    release.beside("model.cdx.json", written(&bom(license("Apache-2.0"))));
    for profile in ["mof", "osaid", "eu-index", "g7", "three-criteria"] {
        let args = ["audit", "model.cdx.json", "--profile", profile, "--format", "json"];
        let report: Value = serde_json::from_str(&run_in(release.outside(), &args).stdout).unwrap();
        let findings = report["findings"].as_array().unwrap();
        let bad: Vec<&Value> = findings.iter().filter(|f| f["outcome"] == "not-met").collect();
        assert!(bad.is_empty(), "{profile}: {bad:?}");
    }
}

/// A record that holds all that Croissant asks for, of a set of the hub.
fn record(more: Value) -> Value {
    let mut record = json!({"@context": {"@vocab": "https://schema.org/"}, "@type": "sc:Dataset", "name": "The set",
        "conformsTo": "http://mlcommons.org/croissant/1.1", "description": "A set.", "version": "2.1.0",
        "license": "https://creativecommons.org/licenses/by/4.0/", "url": "https://huggingface.co/datasets/a/set",
        "creator": {"name": "x"}, "datePublished": "2026-01-01",
        "distribution": [{"@type": "cr:FileSet", "@id": "f", "containedIn": {"@id": "repo"}, "includes": "*.parquet"}]});
    add(&mut record, more);
    record
}

/// A model whose card says this of its data, with this record in `croissant.json`.
fn with_record(front: &str, record: &Value) -> Audit {
    let release = Release::with_card(format!("---\nlicense: mit\n{front}---\n\n# A model\n"));
    release.write("model.bin", "w");
    release.write("croissant.json", written(record));
    release.audit(&[])
}

#[test]
fn a_croissant_record_names_a_set_of_the_hub() {
    let audit = with_record("", &record(json!({})));
    assert_eq!(ids(&audit), ["a/set"]);
    assert_eq!(audit.report["datasets"][0]["license"], "https://creativecommons.org/licenses/by/4.0/");
    for rule in ["data-declared", "data-documented", "data-licensed", "data-pinned"] {
        assert_eq!(audit.outcome(rule), "met", "{rule}: {}", audit.says(rule));
    }
    // What it says was not looked at.
    for rule in ["data-resolvable", "data-accessible", "data-complete"] {
        assert_eq!(audit.outcome(rule), "unknown", "{rule}: {}", audit.says(rule));
    }
    let live = with_record("", &record(json!({"isLiveDataset": true})));
    assert_eq!(live.outcome("data-pinned"), "not-met");
    assert_eq!(ids(&with_record("datasets: a/set\n", &record(json!({})))), ["a/set"]);
    let poor = record(json!({"conformsTo": null}));
    let audit = with_record("", &poor);
    assert_eq!((ids(&audit), audit.outcome("data-licensed")), (vec!["a/set"], "unknown"));
}

#[test]
fn restrictions_on_use_are_the_sets_and_not_the_models() {
    let forbids = json!({"@type": "odrl:Offer", "odrl:prohibition": {"odrl:action": {"@id": "odrl:commercialize"}}});
    for (usage, wanted) in [
        (json!("DUO:0000046"), "not-met"),
        (forbids, "not-met"),
        (json!("https://example.org/terms"), "unknown"),
        (json!({"@id": "http://purl.obolibrary.org/obo/DUO_0000004"}), "met"),
    ] {
        let audit = with_record("", &record(json!({"usageInfo": usage})));
        assert_eq!(audit.outcome("data-licensed"), wanted, "{usage}");
        assert_eq!(audit.outcome("license-data-compatible"), wanted, "{usage}");
        assert_eq!(audit.outcome("license-no-added-terms"), "met", "{usage}");
        assert_eq!(audit.outcome("license-unrestricted"), "met", "{usage}");
    }
}

#[test]
fn where_a_set_comes_from_and_who_wrote_it() {
    let audit = with_record(
        "",
        &record(json!({"prov:wasDerivedFrom": [{"@id": "https://huggingface.co/datasets/b/raw"}],
        "rai:dataCollection": "The answers were generated by GPT-4."})),
    );
    assert_eq!(ids(&audit), ["a/set", "b/raw"]);
    assert_eq!(audit.outcome("license-teacher-terms"), "not-met", "{}", audit.says("license-teacher-terms"));
    // The source need not be had; the set made from it must be.
    assert_eq!(audit.finding("data-pinned")["tally"]["of"], 1);
    assert_eq!(audit.finding("data-documented")["places"][0]["path"], "croissant.json");
}

#[test]
fn a_record_beside_data_describes_that_data() {
    let release = Release::tiny_open();
    release.refresh();
    let audit = release.audit(&[]);
    assert_eq!((audit.level(), ids(&audit).len()), ("open-source", 1), "{}", audit.shortfalls());
    // Its license is one more place: where it disagrees the stricter one holds.
    release.edit("data/croissant.json", "publicdomain/zero/1.0/", "licenses/by-nc/4.0/");
    release.refresh();
    let audit = release.audit(&[]);
    assert_eq!((ids(&audit).len(), audit.outcome("data-licensed")), (1, "not-met"));
    // A file that the record names and that is not here leaves the rest no set of its own.
    let release = Release::with_card("---\nlicense: mit\n---\n\n# A model\n");
    release.write("model.bin", "w");
    release.write("data/a.csv", "1");
    // Data in the release that no word says the model was trained on is none of its training data.
    let own = json!([{"@type": "cr:FileObject", "contentUrl": "a.csv"}]);
    release.write("data/croissant.json", written(&record(json!({"distribution": own}))));
    assert_eq!(release.audit(&[]).report["datasets"], json!([]));
    let parts =
        json!([{"@type": "cr:FileObject", "contentUrl": "a.csv"}, {"@type": "cr:FileObject", "contentUrl": "b.csv"}]);
    for (name, wanted) in [("b.csv", vec!["a/set"]), ("a.csv", vec!["data/a.csv"])] {
        let parts = parts.to_string().replace("b.csv", name);
        let value = record(
            json!({"description": "Training data.", "distribution": serde_json::from_str::<Value>(&parts).unwrap()}),
        );
        release.write("data/croissant.json", written(&value));
        let audit = release.audit(&[]);
        let found: Vec<&str> = ids(&audit).into_iter().map(|id| id.trim_start_matches("path:")).collect();
        assert!(found == wanted || found == ["data"], "{found:?}");
        assert_eq!(found.contains(&"a/set"), name == "b.csv");
    }
}
