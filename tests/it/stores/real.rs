//! Against stores that others wrote: MiniStack and moto for S3 (the second checks every signature), Azurite, and Google's stand-in.
//! `.ci/stores DIR` starts and fills them, and `OUVERT_STORES` names the folder; without it these tests are skipped.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::{audited, file, reaching, refused, run, verified};
use crate::support::{HERE, Release, Run, skip};

/// The stores, and how the name of a release in each begins.
const ALL: &[(&str, &str)] = &[("s3", "s3://"), ("moto", "s3://"), ("az", "az://"), ("gs", "gs://")];
/// Bytes of a file that every store holds twice under a name that is escaped.
const BIG: u64 = 1_500_000;

/// What is known of the stores.
fn stores() -> Option<Value> {
    let Some(folder) = std::env::var_os("OUVERT_STORES").map(PathBuf::from) else {
        skip("run `.ci/stores DIR` and set OUVERT_STORES to DIR");
        return None;
    };
    let text = std::fs::read_to_string(folder.join("stores.json")).expect("stores.json of .ci/stores");
    Some(serde_json::from_str(&text).expect("JSON"))
}

/// The program with what opens a store.
fn at(stores: &Value, name: &str) -> Command {
    let told = |key: &str| stores[name][key].as_str().unwrap_or_else(|| panic!("{name} has no {key}")).to_owned();
    let mut command = reaching();
    match name {
        "az" => command
            .env("AZURE_STORAGE_ENDPOINT", told("endpoint"))
            .env("AZURE_STORAGE_ACCOUNT_NAME", told("account"))
            .env("AZURE_STORAGE_ACCOUNT_KEY", told("key")),
        "gs" => command.env("STORAGE_EMULATOR_HOST", told("endpoint")),
        _ => command
            .env("AWS_ENDPOINT_URL", told("endpoint"))
            .env("AWS_ACCESS_KEY_ID", told("id"))
            .env("AWS_SECRET_ACCESS_KEY", told("secret")),
    };
    command
}

#[test]
fn a_release_is_the_same_from_disk_and_from_each_store() {
    let Some(stores) = stores() else { return };
    let disk = audited(&mut reaching(), "tests/releases/tiny-open", &["--download"]);
    assert_eq!(disk.level(), "open-source");
    for (name, scheme) in ALL {
        for args in [&[][..], &["--download"]] {
            let there = audited(&mut at(&stores, name), &format!("{scheme}releases/tiny-open"), args);
            for key in ["level", "score", "files", "gaps"] {
                assert_eq!(there.report[key], disk.report[key], "{name} {key}");
            }
            assert_eq!(there.report["subject"]["files_digest"], disk.report["subject"]["files_digest"], "{name}");
        }
    }
}

#[test]
fn names_that_are_escaped_are_read_and_signed_in_each_store() {
    let Some(stores) = stores() else { return };
    for (name, scheme) in ALL {
        let (answer, code) = verified(&mut at(&stores, name), &format!("{scheme}releases/spelled/"));
        assert_eq!((code, &answer["counts"]["verified"]), (0, &9.into()), "{name}: {answer}");
        for path in ["a b+c.txt", "é~!*'().txt", " space .txt", "per%20cent.txt", "sub/dir/f#1.txt"] {
            assert_eq!(file(&answer, path)["status"], "verified", "{name} {path}");
        }
        assert_eq!(file(&answer, "big 0+.bin")["bytes"], BIG, "{name}");
    }
}

#[test]
fn what_a_store_recorded_is_taken_and_never_called_recomputed() {
    let Some(stores) = stores() else { return };
    let audit = audited(&mut at(&stores, "s3"), "s3://releases/big", &[]);
    let by = |path: &str| file(&audit.report, path)["digest_by"].clone();
    // What stands for an upload in parts is compared with nothing: the object is read, and has the digest of its bytes.
    assert_eq!(["single.bin", "none.bin", "parts.bin"].map(by), ["recorded", "recomputed", "recomputed"]);
    for path in ["single.bin", "none.bin", "parts.bin"] {
        assert_eq!(audit.status(path), Some("verified"), "{path}");
    }
    let finding = audit.finding("integrity-digests");
    assert_eq!((&finding["outcome"], &finding["strength"]), (&"met".into(), &"declared".into()));
    assert!(audit.says("integrity-digests").contains("1 by a digest that the store recorded"), "{finding}");

    let read = audited(&mut at(&stores, "s3"), "s3://releases/big", &["--download"]);
    assert_eq!(read.finding("integrity-digests")["strength"], "verified");
    assert!(read.report["files"].as_array().unwrap().iter().all(|f| f["digest_by"] == "recomputed"), "{}", read.report);
    assert_eq!(read.report["subject"]["files_digest"], audit.report["subject"]["files_digest"]);

    let screen = run(&mut at(&stores, "s3"), &["audit", "s3://releases/big", "--verbose"]);
    let told = |words: &str| screen.stdout.split_whitespace().collect::<Vec<_>>().join(" ").contains(words);
    assert!(told("digests: recomputed 4, recorded by the store 1"), "{}", screen.stdout);
    let french = run(&mut at(&stores, "s3"), &["audit", "s3://releases/big", "--verbose", "--lang", "fr"]);
    assert!(french.stdout.contains("donnée par le stockage"), "{}", french.stdout);
}

#[test]
fn what_differs_and_what_is_missing_is_named() {
    let Some(stores) = stores() else { return };
    for command in ["audit", "verify"] {
        let said = run(&mut at(&stores, "s3"), &[command, "s3://releases/flipped", "--format", "json"]);
        let answer: Value = serde_json::from_str(&said.stdout).expect("JSON");
        assert_eq!((said.code, &file(&answer, "single.bin")["status"]), (1, &"mismatched".into()), "{command}");
        let said = run(&mut at(&stores, "s3"), &[command, "s3://releases/missing", "--format", "json"]);
        let answer: Value = serde_json::from_str(&said.stdout).expect("JSON");
        assert_eq!((said.code, &file(&answer, "single.bin")["status"]), (1, &"missing".into()), "{command}");
    }
}

#[test]
fn a_listing_of_several_pages_is_read_to_its_end() {
    let Some(stores) = stores() else { return };
    let (answer, code) = verified(&mut at(&stores, "s3"), "s3://releases/many");
    assert_eq!((code, answer["files"].as_array().unwrap().len()), (0, 1101));
    assert_eq!(file(&answer, "data/1099.txt")["bytes"], 5);
}

#[test]
fn keys_that_are_no_paths_are_told_and_none_is_lost() {
    let Some(stores) = stores() else { return };
    let audit = audited(&mut at(&stores, "s3"), "s3://releases/odd", &[]);
    let paths: Vec<_> = audit.report["files"].as_array().unwrap().iter().map(|f| f["path"].clone()).collect();
    assert_eq!(paths, ["README.md"]);
    assert_eq!(audit.outcome("license-declared"), "met");
    for (key, kind) in [
        ("../up.txt", "outside"),
        ("a/../../up.txt", "outside"),
        ("a//b.txt", "no-path"),
        ("./here.txt", "no-path"),
        ("back\\slash.txt", "no-path"),
        ("here.txt", "no-path"),
        ("folder/", "no-path"),
    ] {
        assert_eq!(audit.gap(key), Some(kind), "{key}: {}", audit.gaps());
    }
    // An empty object that stands for a folder hides nothing.
    assert_eq!(audit.gap("marker"), None);
    // A prefix is a folder, not the start of a name.
    let said = refused(&mut at(&stores, "s3"), &["audit", "s3://releases/od"]);
    assert!(said.contains("holds no file") && said.contains("check the prefix"), "{said}");
}

#[test]
fn who_may_not_read_is_told_so_and_what_they_hold_is_not() {
    let Some(stores) = stores() else { return };
    const WRONG: &str = "b25lIHRoYXQgb3BlbnMgbm90aGluZw==";
    let wrong = [
        ("moto", "s3://releases/spelled", "AWS_SECRET_ACCESS_KEY", "SignatureDoesNotMatch", "set AWS_ACCESS_KEY_ID"),
        ("moto", "s3://releases/spelled", "AWS_ACCESS_KEY_ID", "InvalidAccessKeyId", "set AWS_ACCESS_KEY_ID"),
        ("az", "az://releases/spelled", "AZURE_STORAGE_ACCOUNT_KEY", "AuthorizationFailure", "AZURE_STORAGE_SAS_TOKEN"),
    ];
    for (name, target, variable, code, next) in wrong {
        // An id has no padding.
        let value = if variable == "AWS_ACCESS_KEY_ID" { WRONG.trim_end_matches('=') } else { WRONG };
        let said = refused(at(&stores, name).env(variable, value), &["audit", target]);
        assert!(said.contains(&format!("the store refuses access: {code}")) && said.contains(next), "{said}");
        assert!(!said.contains(value), "{said}");
    }
    // Nobody is signed in, and the bucket is not public.
    let mut nobody = at(&stores, "az");
    assert!(
        refused(nobody.env_remove("AZURE_STORAGE_ACCOUNT_KEY"), &["verify", "az://releases/spelled"])
            .contains("refuses")
    );
    // A shared access signature opens too.
    let mut shared = at(&stores, "az");
    shared
        .env_remove("AZURE_STORAGE_ACCOUNT_KEY")
        .env("AZURE_STORAGE_SAS_TOKEN", stores["az"]["sas"].as_str().unwrap());
    assert_eq!(verified(&mut shared, "az://releases/spelled").0["counts"]["verified"], 9);
}

#[test]
fn a_bucket_that_is_not_there_is_told_so() {
    let Some(stores) = stores() else { return };
    for (name, scheme) in ALL {
        let said = refused(&mut at(&stores, name), &["audit", &format!("{scheme}nowhere/tiny-open")]);
        assert!(said.contains("no such bucket"), "{name}: {said}");
    }
}

/// Makes a key with openssl; nothing where there is none.
fn key_in(folder: &Path) -> Option<()> {
    let openssl = |args: &[&str]| Command::new("openssl").args(args).current_dir(folder).output().map(Run::of);
    if openssl(&["genpkey", "-algorithm", "ed25519", "-out", "key.pem"]).is_err() {
        skip("there is no openssl");
        return None;
    }
    openssl(&["pkey", "-in", "key.pem", "-pubout", "-out", "key.pub"]).ok().map(|_| ())
}

#[test]
fn a_release_in_a_store_is_certified_by_its_bytes_and_its_manifest_goes_to_the_screen() {
    let Some(stores) = stores() else { return };
    let release = Release::tiny_open();
    let Some(()) = key_in(release.outside()) else { return };
    let beside = || {
        let mut command = at(&stores, "s3");
        command.current_dir(release.outside());
        command
    };
    let target = "s3://releases/tiny-open";
    let made = run(&mut beside(), &["certify", target, "--key", "key.pem", "--output", "c.json"]);
    assert_eq!(made.code, 0, "{}", made.stderr);
    for place in [target, "release"] {
        let checked = run(&mut beside(), &["check-certificate", "c.json", place, "--public-key", "key.pub"]);
        assert_eq!(checked.code, 0, "{place}: {} {}", checked.stdout, checked.stderr);
    }
    let other = run(&mut beside(), &["check-certificate", "c.json", "s3://releases/big", "--public-key", "key.pub"]);
    assert_eq!(other.code, 1, "{}", other.stdout);

    let here = run(&mut reaching(), &["init", "tests/releases/tiny-open", "--output", "-"]);
    let there = run(&mut beside(), &["init", target]);
    let digests =
        |run: &Run| run.stdout.lines().filter(|l| l.starts_with("sha256")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(digests(&there), digests(&here), "{}", there.stderr);
    assert!(digests(&here).len() > 20 && Path::new(HERE).is_dir());
}
