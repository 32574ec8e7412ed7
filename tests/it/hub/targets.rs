//! Targets by their names: datasets, pages, revisions, records of DOIs, whole downloads, and the hub's own client.

use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};

use super::{Site, audit, audited, live};
use crate::stub::Fault;
use crate::support::{self, Audit};

#[test]
fn one_repository_by_all_its_names() {
    let site = Site::whole();
    let stub = site.serve();
    let by_id = audit(&stub, "hf:acme/tuned");
    for name in
        ["acme/tuned", "https://huggingface.co/acme/tuned", "hf://acme/tuned", "hf:models/acme/tuned", "hf:Acme/Tuned"]
    {
        let found = audit(&stub, name);
        assert_eq!(found.report["findings"], by_id.report["findings"], "{name}");
        assert_eq!(found.report["subject"]["hub_id"], "acme/tuned", "{name}");
    }
}

#[test]
fn a_dataset_is_a_target_too() {
    let site = Site::whole();
    let stub = site.serve();
    let by_id = audit(&stub, "hf:datasets/acme/corpus");
    assert_eq!(by_id.report["subject"]["kind"], "dataset");
    assert_eq!(by_id.outcome("license-unrestricted"), "met", "{}", by_id.shortfalls());
    assert_eq!(by_id.outcome("license-ungated"), "met", "{}", by_id.shortfalls());
    let page = audit(&stub, "https://huggingface.co/datasets/acme/corpus/tree/main/data");
    assert_eq!(page.report["findings"], by_id.report["findings"]);
    site.write("datasets/acme/corpus/meta.json", r#"{"gated": "auto"}"#);
    let gated = audit(&stub, "hf:datasets/acme/corpus");
    assert_eq!(gated.outcome("license-ungated"), "not-met", "{}", gated.shortfalls());
    assert_eq!(gated.outcome("data-accessible"), "not-met", "{}", gated.shortfalls());
    assert_eq!(by_id.outcome("data-accessible"), "met", "{}", by_id.shortfalls());
}

#[test]
fn revisions_are_told_apart() {
    let site = Site::empty();
    let old = "0123456789abcdef0123456789abcdef01234567";
    site.model("acme/m", "---\nlicense: mit\n---\n# M\n");
    for (revision, license) in [("v2", "gpl-3.0"), (old, "cc-by-nc-4.0")] {
        site.write(&format!("models/acme/m/{revision}/README.md"), format!("---\nlicense: {license}\n---\n# M\n"));
    }
    site.write("models/acme/m/meta.json", r#"{"tags": ["v1"], "branches": ["refs/pr/1", "step1000"]}"#);
    let stub = site.serve();
    for (revision, license, outcome) in [
        ("", "MIT", "met"),
        ("@main", "MIT", "met"),
        ("@v1", "MIT", "met"),
        ("@refs/pr/1", "MIT", "met"),
        ("@v2", "GPL-3.0", "met"),
        (&format!("@{old}"), "CC-BY-NC-4.0", "not-met"),
    ] {
        let audit = audit(&stub, &format!("hf:acme/m{revision}"));
        assert!(audit.says("license-declared").contains(license), "{revision}: {}", audit.says("license-declared"));
        assert_eq!(audit.outcome("license-unrestricted"), outcome, "{revision}: {}", audit.shortfalls());
        assert_eq!(audit.report["subject"]["revision"].as_str().map(str::len), Some(40), "{revision}");
    }
    // A branch that is named as checkpoints are.
    let audit = audit(&stub, "hf:acme/m");
    assert_eq!(audit.outcome("recipe-checkpoints"), "met", "{}", audit.shortfalls());
    let page = super::audit(&stub, "https://huggingface.co/acme/m/blob/v2/README.md");
    assert!(page.says("license-declared").contains("GPL"), "{}", page.says("license-declared"));
}

/// Audits a model whose card links to its data.
fn trained_on(site: &Site, link: &str) -> Audit {
    site.model("acme/m", &format!("---\nlicense: mit\n---\n# M\n\n## Training Data\n\n- [The corpus]({link})\n"));
    audit(&site.serve(), "hf:acme/m")
}

#[test]
fn records_of_zenodo() {
    let file = json!([{ "key": "data.zip", "size": 9 }]);
    let rows = [
        (Some(("open", file)), "public", "met", "met"),
        (Some(("open", json!([]))), "empty", "met", "not-met"),
        (Some(("restricted", json!([]))), "on-request", "unknown", "not-met"),
        (Some(("embargoed", json!([]))), "withheld", "unknown", "not-met"),
        (None, "absent", "not-met", "not-met"),
    ];
    for (record, wanted, resolvable, accessible) in rows {
        let site = Site::empty();
        if let Some((right, files)) = &record {
            let record = json!({ "id": 123, "conceptrecid": "122", "files": files,
                "metadata": { "access_right": right, "license": { "id": "cc-by-4.0" } } });
            site.write("zenodo/123.json", record.to_string());
        }
        let audit = trained_on(&site, "https://doi.org/10.5281/zenodo.123");
        let set = &audit.report["datasets"][0];
        assert_eq!(set["access"], wanted, "{record:?} {set} {}", audit.gaps());
        let got = (audit.outcome("data-resolvable"), audit.outcome("data-accessible"));
        assert_eq!(got, (resolvable, accessible), "{record:?}: {}", audit.shortfalls());
        if wanted == "public" {
            assert_eq!(audit.outcome("data-licensed"), "met", "{}", audit.shortfalls());
            assert_eq!(audit.outcome("data-pinned"), "met", "{}", audit.says("data-pinned"));
            // The id of all versions leads to the newest, and pins none.
            let newest = trained_on(&site, "https://zenodo.org/records/122");
            assert_eq!(newest.report["datasets"][0]["access"], "public", "{}", newest.gaps());
            assert_eq!(newest.outcome("data-pinned"), "not-met", "{}", newest.says("data-pinned"));
        }
    }
}

#[test]
fn a_doi_of_another_registry() {
    let site = Site::empty();
    let rights = json!([{ "rightsIdentifier": "cc-by-4.0" }]);
    site.write("datacite/10.1234_abc.json", json!({ "data": { "attributes": { "rightsList": rights } } }).to_string());
    site.model("acme/m", "---\nlicense: mit\n---\n# M\n");
    site.write("models/acme/m/main/ouvert.toml", "schema = 1\n\n[[dataset]]\ndoi = \"10.1234/abc\"\n");
    let audit = audit(&site.serve(), "hf:acme/m");
    assert_eq!(audit.report["datasets"][0]["access"], "reached", "{}", audit.gaps());
    let got = (audit.outcome("data-resolvable"), audit.outcome("data-accessible"), audit.outcome("data-licensed"));
    assert_eq!(got, ("met", "unknown", "met"), "{}", audit.shortfalls());
}

#[test]
fn a_download_is_hashed() {
    let site = Site::whole();
    let stub = site.serve();
    let looked = audit(&stub, "hf:acme/tuned");
    assert_eq!(looked.status("model.safetensors"), Some("declared"), "{}", looked.report["files"]);
    let whole = audited(&mut live(&stub), "hf:acme/tuned", &["--download"]);
    assert_eq!(whole.code, 0, "{}", whole.stderr);
    for path in ["model.safetensors", "README.md", "LICENSE"] {
        assert_eq!(whole.status(path), Some("verified"), "{path}: {}", whole.report["files"]);
    }
    assert_eq!(whole.outcome("integrity-digests"), "met", "{}", whole.shortfalls());

    // As many bytes as are listed, and others.
    let stub = site.serve();
    stub.fault("/cdn/", Fault::Status(200, "x".repeat(super::weights().len()).leak()));
    let wrong = audited(&mut live(&stub), "hf:acme/tuned", &["--download"]);
    assert_eq!((wrong.status("model.safetensors"), wrong.code), (Some("mismatched"), 1), "{}", wrong.gaps());
    assert_eq!((wrong.status("README.md"), wrong.outcome("integrity-digests")), (Some("verified"), "not-met"));

    // Fewer bytes are others, for a commit never changes; of a connection that breaks off the file was not seen whole.
    for (fault, status) in [(Fault::Status(200, "other bytes"), "mismatched"), (Fault::Truncated, "declared")] {
        let stub = site.serve();
        stub.fault("/cdn/", fault.clone());
        let broken = audited(&mut live(&stub), "hf:acme/tuned", &["--download"]);
        assert_eq!(broken.status("model.safetensors"), Some(status), "{fault:?}: {}", broken.gaps());
        assert!(broken.gap("model.safetensors").is_some(), "{fault:?}");
        assert_ne!(broken.outcome("integrity-digests"), "met", "{fault:?}: {}", broken.shortfalls());
        assert_eq!(broken.code, i32::from(status == "mismatched"), "{fault:?}");
    }
}

/// The hub's own client, where `.ci/real` put it.
fn client() -> Option<PathBuf> {
    let found = std::env::var_os("OUVERT_REAL").map(|real| PathBuf::from(real).join("venv/bin/hf"));
    if found.is_none() {
        support::skip("run `.ci/real DIR` and set OUVERT_REAL to DIR");
    }
    found
}

#[test]
fn a_download_by_the_hubs_client_and_an_audit_by_name_agree() {
    let Some(client) = client() else { return };
    let site = Site::whole();
    let stub = site.serve();
    let home = tempfile::tempdir().unwrap();
    for (kind, id) in [("model", "acme/tuned"), ("model", "acme/base"), ("dataset", "acme/corpus")] {
        let mut command = Command::new("timeout");
        command.arg("120").arg(&client).args(["download", id, "--repo-type", kind]);
        command.env("HF_ENDPOINT", stub.url()).env("HF_HOME", home.path()).env("HF_HUB_DISABLE_XET", "1");
        command.env("HF_HUB_DISABLE_TELEMETRY", "1").env_remove("HF_TOKEN");
        let output = command.output().expect("the client runs");
        assert!(output.status.success(), "{id}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let by_name = audited(&mut live(&stub), "hf:acme/tuned", &["--download"]);
    let before = stub.requests().len();
    let cached = audited(live(&stub).env("HF_HOME", home.path()), "hf:acme/tuned", &["--offline"]);
    assert_eq!(stub.requests().len(), before);
    let files = |audit: &Audit| -> Vec<Value> {
        let all = audit.report["files"].as_array().unwrap().iter();
        all.map(|f| json!([f["path"], f["bytes"], f["sha256"], f["status"]])).collect()
    };
    assert_eq!(files(&cached), files(&by_name));
    assert!(files(&cached).len() == 4 && files(&cached).iter().all(|f| f[3] == "verified"), "{:?}", files(&cached));
    for key in ["datasets", "bases", "level"] {
        assert_eq!(cached.report[key], by_name.report[key], "{key}");
    }
    for key in ["revision", "kind", "name"] {
        assert_eq!(cached.report["subject"][key], by_name.report["subject"][key], "{key}");
    }
    let findings = cached.report["findings"].as_array().unwrap().iter();
    for (offline, online) in findings.zip(by_name.report["findings"].as_array().unwrap()) {
        let rule = offline["rule"].as_str().unwrap();
        match rule {
            // A cache does not tell how the hub serves the files.
            "license-ungated" => assert_eq!((&offline["outcome"], &online["outcome"]), (&unknown(), &json!("met"))),
            // The sentence says where the digests stand: blobs and listing here, the hub's answer there.
            "integrity-digests" | "integrity-complete" => assert_eq!(offline["outcome"], online["outcome"], "{rule}"),
            // The hub's cache holds no code of another host: what may stand there is open.
            _ if rule.starts_with("recipe-") && offline["says"] != online["says"] => {
                assert_eq!(offline["outcome"], unknown(), "{rule}");
                assert!(offline["says"].as_str().unwrap().contains("linked code was not resolved"), "{offline}");
            }
            _ => {
                assert_eq!((&offline["outcome"], &offline["says"]), (&online["outcome"], &online["says"]), "{rule}");
            }
        }
    }
    assert_eq!((cached.outcome("recipe-code"), by_name.outcome("recipe-code")), ("unknown", "met"));
    let gaps = cached.report["gaps"].as_array().unwrap();
    assert!(gaps.len() == 1 && cached.gap("github.com/acme/train") == Some("offline"), "{}", cached.gaps());
}

fn unknown() -> Value {
    json!("unknown")
}
