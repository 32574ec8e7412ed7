//! CycloneDX: the golden file, what two validators and our own importer make of it, and that it frees nothing.

use std::collections::HashSet;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{bom, consumers, golden, rendered};
use crate::support::{HERE, Run, run, run_in};

/// Validates, reads into the library's own model, and writes again; then the validator must refuse a spoilt copy.
const READS: &str = r#"
import json, sys
from cyclonedx.model.bom import Bom
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
validator = JsonStrictValidator(SchemaVersion.V1_6)
for path in sys.argv[1:]:
    text = open(path, encoding="utf-8").read()
    fault = validator.validate_str(text)
    assert fault is None, f"{path}: {fault}"
    document = json.loads(text)
    bom = Bom.from_json(document)
    bom.validate()
    assert len(bom.components) == len(document["components"]), path
    assert validator.validate_str(JsonV1Dot6(bom).output_as_string()) is None, path
    for spoil in ({"licence": []}, {"serialNumber": "urn:uuid:1"}, {"components": [{"type": "model", "name": "x"}]}):
        assert validator.validate_str(json.dumps({**document, **spoil})) is not None, spoil
    print(bom.metadata.component.name)
"#;

/// The same by the library for Node.
const READS_TOO: &str = r#"
import fs from 'node:fs'
import * as cdx from '@cyclonedx/cyclonedx-library'
const validator = new cdx.Validation.JsonStrictValidator(cdx.Spec.Version.v1dot6)
for (const path of process.argv.slice(2)) {
  const text = fs.readFileSync(path, 'utf8')
  const fault = await validator.validate(text)
  if (fault !== null) throw new Error(path + ': ' + JSON.stringify(fault))
  if (await validator.validate(text.replace('"bom-ref"', '"bomRef"')) === null) throw new Error('nothing is refused')
}
console.log('valid')
"#;

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}", run.stderr))
}

/// Refs are there once, and each that is referred to is there.
fn refs_hold(document: &Value) {
    let mut all = Vec::new();
    bom::texts(document, "", &mut all);
    let of = |keys: &[&str]| all.iter().filter(|(k, _)| keys.contains(k)).map(|(_, v)| *v).collect::<Vec<_>>();
    let refs = of(&["bom-ref"]);
    let known: HashSet<&str> = refs.iter().copied().collect();
    assert_eq!(refs.len(), known.len());
    let used = of(&["ref", "dependsOn", "target", "requirement", "counterClaims", "counterEvidence"]);
    assert!(!used.is_empty());
    for one in used {
        assert!(known.contains(one), "{one}");
    }
}

#[test]
fn the_frozen_report() {
    let text = rendered("cyclonedx");
    golden("report.cdx.json", &text);
    refs_hold(&serde_json::from_str(&text).unwrap());
    // The same audit gives the same bytes.
    assert_eq!(rendered("cyclonedx"), text);
}

#[test]
fn a_hostile_report() {
    let folder = TempDir::new().unwrap();
    let text = bom::render(&folder, &bom::hostile(), "cyclonedx");
    bom::is_harmless(&text, &["url"]);
    let document: Value = serde_json::from_str(&text).unwrap();
    refs_hold(&document);
    // A moment that is none, and a repository whose id is none, are left out.
    assert!(document["metadata"].get("timestamp").is_none());
    assert!(document["metadata"]["component"].get("purl").is_none());
    assert!(!text.contains("NOASSERTION\""));
}

#[test]
fn the_end_of_a_name_tells_the_format() {
    let folder = TempDir::new().unwrap();
    let place = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (cdx, spdx, report) = (place("a.cdx.json"), place("a.spdx.json"), place("a.json"));
    let audit = ["audit", "tests/releases/tiny-open", "--quiet"];
    let outputs =
        ["--output", &cdx, "--output", &spdx, "--output", &report, "--output", &format!("spdx={}", place("b"))];
    assert_eq!(run(&[&audit[..], &outputs[..]].concat()).code, 0);
    let read = |name: &str| -> Value { serde_json::from_str(&std::fs::read_to_string(name).unwrap()).unwrap() };
    assert_eq!(read(&cdx)["bomFormat"], "CycloneDX");
    assert_eq!(read(&spdx)["@context"], read(&place("b"))["@context"]);
    assert_eq!(read(&report)["schema"], 1);
    let unknown = run(&[&audit[..], &["--output", &place("a.bom")]].concat());
    assert!(unknown.code == 2 && unknown.stderr.contains(".cdx.json"), "{}", unknown.stderr);
}

/// Audits a document alone, and holds it to the report it was written from.
fn is_no_better(folder: &TempDir, before: &Value, document: &str) -> Value {
    let path = folder.path().join("model.cdx.json");
    std::fs::write(&path, document).unwrap();
    let after = json(&run(&["audit", path.to_str().unwrap(), "--format", "json"]));
    let name = &before["subject"]["name"];
    assert!(after["score"].as_f64().unwrap() <= before["score"].as_f64().unwrap(), "{name}");
    let pairs = |key: &'static str| {
        let one = |r: &Value| r[key].as_array().unwrap().clone();
        one(before).into_iter().zip(one(&after)).collect::<Vec<_>>()
    };
    for (before, after) in pairs("criteria") {
        // A record shows that something is there, never that it is not: what failed may be unknown to it.
        let verdict = &after["verdict"];
        assert!(*verdict == before["verdict"] || *verdict == "unknown", "{name}: {before} {after}");
    }
    for (before, after) in pairs("findings") {
        assert!(after["outcome"] != "met" || before["outcome"] == "met", "{name}: {before} {after}");
    }
    after
}

#[test]
fn it_is_read_back_and_earns_nothing() {
    let folder = TempDir::new().unwrap();
    let audits = [
        "tests/releases/tiny-open",
        "tests/cases/bare-mit.in",
        "tests/cases/restricted-fr.in",
        "tests/cases/tampered.in",
        "tests/evidence/LLM360--Amber.json",
        "tests/evidence/all-MiniLM-L6-v2.json",
    ];
    for target in audits {
        let before = json(&run(&["audit", target, "--format", "json"]));
        let document = run(&["audit", target, "--format", "cyclonedx"]).stdout;
        let after = is_no_better(&folder, &before, &document);
        assert_eq!(after["licenses"].as_array().unwrap()[0], before["licenses"][0], "{target}");
        assert_eq!(after["bases"], before["bases"], "{target}");
        let version = before["subject"]["version"].as_str().or(before["subject"]["revision"].as_str());
        assert_eq!(after["subject"]["version"].as_str(), version, "{target}");
        let sets = |report: &Value| {
            let one =
                |d: &Value| (d["id"].clone(), d["target"].clone(), d["expression"].clone(), d["revision"].clone());
            report["datasets"].as_array().unwrap().iter().map(one).collect::<Vec<_>>()
        };
        assert_eq!(sets(&after), sets(&before), "{target}");
    }
    let after = is_no_better(&folder, &bom::frozen(), &rendered("cyclonedx"));
    let criteria = after["criteria"].as_array().unwrap();
    assert_eq!(criteria[0]["verdict"], "fail", "words that restrict use go along");
    let dossier = run(&["import", "cyclonedx", folder.path().join("model.cdx.json").to_str().unwrap()]).stdout;
    for held in [
        "license = \"Apache-2.0\"",
        "id = \"HuggingFaceFW/fineweb\"\nlicense = \"ODC-By-1.0\"",
        "mistralai/Mistral-7B-v0.1",
    ] {
        assert!(dossier.contains(held), "{held}: {dossier}");
    }
}

#[test]
fn a_release_that_ships_it_gains_its_digests_alone() {
    for name in ["bare-mit", "restricted-fr"] {
        let folder = TempDir::new().unwrap();
        let from = Path::new(HERE).join("tests/cases").join(format!("{name}.in"));
        let copied = Command::new("cp").arg("-r").arg(&from).arg(folder.path().join("release")).status().unwrap();
        assert!(copied.success());
        let audit = |format: &str| run_in(folder.path(), &["audit", "release", "--format", format]);
        let (before, document) = (json(&audit("json")), audit("cyclonedx").stdout);
        std::fs::write(folder.path().join("release/bom.json"), document).unwrap();
        let after = json(&audit("json"));
        for (before, after) in before["criteria"].as_array().unwrap().iter().zip(after["criteria"].as_array().unwrap())
        {
            let own = after["id"] == "integrity";
            assert!(own || after["verdict"] == before["verdict"], "{name}: {before} {after}");
            assert!(own || after["score"].as_f64() <= before["score"].as_f64(), "{name}: {before} {after}");
        }
        let file = after["files"].as_array().unwrap().iter().find(|f| f["path"] == "README.md");
        let file = file.unwrap_or_else(|| panic!("{name}: {}", after["files"]));
        assert_eq!((&file["status"], &file["expected_by"]), (&json!("verified"), &json!(["bom.json"])), "{name}");
    }
}

#[test]
fn two_validators_read_it() {
    let Some(consumers) = consumers() else { return };
    let folder = TempDir::new().unwrap();
    let put = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let all: Vec<Value> = ::spdx::identifiers::LICENSES
        .iter()
        .map(|l| json!({"id": l.name, "license": l.name, "access": "public", "stage": null}))
        .collect();
    let mut of_all = bom::frozen();
    of_all["datasets"] = all.into();
    let files = [
        put("frozen.cdx.json", &rendered("cyclonedx")),
        put("tiny.cdx.json", &run(&["audit", "tests/releases/tiny-open", "--format", "cyclonedx"]).stdout),
        put("hostile.cdx.json", &bom::render(&folder, &bom::hostile(), "cyclonedx")),
        put("licenses.cdx.json", &bom::render(&folder, &of_all, "cyclonedx")),
    ];
    let files: Vec<&Path> = files.iter().map(|p| p.as_path()).collect();
    let read = bom::python(&consumers, READS, &files);
    assert_eq!((read.code, read.stderr.as_str()), (0, ""));
    assert!(read.stdout.starts_with("Merry & Sons\ntiny-open\n"), "{}", read.stdout);
    let script = consumers.join("node/cyclonedx.mjs");
    std::fs::write(&script, READS_TOO).unwrap();
    let read = Run::of(Command::new("node").arg(&script).args(&files).output().expect("node runs"));
    assert_eq!((read.code, read.stdout.as_str()), (0, "valid\n"), "{}", read.stderr);
}
