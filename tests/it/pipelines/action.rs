//! The steps of `action.yml`, run as scripts.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::step::{Done, Job};
use crate::support::HERE;

/// The shipped release.
const OPEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/releases/tiny-open");
/// A release that bars uses.
const RESTRICTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/restricted-fr.in");

fn output<'d>(done: &'d Done, name: &str) -> &'d str {
    done.outputs.get(name).unwrap_or_else(|| panic!("no output is called {name}"))
}

fn json(path: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn uploads(done: &Done) -> Vec<&str> {
    let uploads = done.used.iter().filter(|(uses, _)| uses.contains("upload-sarif"));
    uploads.map(|(_, with)| with["sarif_file"].as_str()).collect()
}

#[test]
fn a_release_that_reaches_its_level_passes_with_all_outputs() {
    let job = Job::new().with("target", OPEN).with("require", "open-source").with("fail-under", "80");
    let done = job.run();
    assert_eq!(done.code, 0, "{}", done.log);
    let report = json(output(&done, "report"));
    assert_eq!((output(&done, "level"), output(&done, "passed")), ("open-source", "true"));
    assert_eq!(output(&done, "score"), report["score"].to_string());
    assert_eq!(report["level"], "open-source");
    assert!(done.summary.starts_with("## tiny-open 1.0.0: Open source"), "{}", done.summary);
    assert_eq!(uploads(&done), [output(&done, "sarif")]);
    assert_eq!(json(uploads(&done)[0])["version"], "2.1.0");
    assert!(fs::read_to_string(output(&done, "page")).unwrap().starts_with("<!doctype html>"));
    // The build is kept under a key of its sources, where the install step puts it.
    let (cache, with) = &done.used[0];
    assert!(cache.starts_with("actions/cache@") && with["key"].starts_with("ouvert-Linux-X64-"), "{with:?}");
    assert!(Path::new(&with["path"]).join("bin/ouvert").exists());
    assert!(done.log.contains(&format!("cargo in {HERE}: install --locked")), "{}", done.log);
}

#[test]
fn a_release_that_falls_short_fails_after_its_findings_went_up() {
    let job = Job::new().with("target", RESTRICTED).with("require", "open-source").with("lang", "fr");
    let done = job.run();
    assert_eq!(done.code, 1, "{}", done.log);
    assert_eq!((output(&done, "level"), output(&done, "passed")), ("restricted", "false"));
    assert_eq!(uploads(&done).len(), 1);
    assert!(done.log.lines().any(|l| l.starts_with("::error ")), "{}", done.log);
    assert!(done.summary.contains("Licence sans restriction"), "{}", done.summary);
    let quiet = Job::new().with("target", RESTRICTED).with("require", "open-source").with("upload-sarif", "false");
    let done = quiet.run();
    assert_eq!((done.code, uploads(&done).len()), (1, 0));
}

#[test]
fn what_cannot_be_audited_is_said_and_uploads_nothing() {
    for (input, value, says) in [
        ("target", "not-here", "not-here"),
        ("policy", "no policy.toml", "no policy.toml"),
        ("require", "gold", "gold"),
        ("args", "--no-such-flag", "--no-such-flag"),
        ("output", "one\nlevel=open-source", "on one line"),
    ] {
        let job = Job::new().with("target", OPEN).with(input, value);
        let done = job.run();
        assert_eq!((done.code, uploads(&done).len()), (2, 0), "{input}: {}", done.log);
        assert!(done.log.contains(says), "{input}: {}", done.log);
        assert!(done.log.contains("::error title=ouvert::"), "{input}: {}", done.log);
        assert!(done.outputs.values().all(String::is_empty), "{input}: {:?}", done.outputs);
        assert_eq!(done.keys, ["code"], "{input}");
    }
}

#[test]
fn words_of_a_release_and_values_of_inputs_are_no_commands() {
    let job = Job::new()
        .with("target", "a $(touch pwned) `touch pwned` b")
        .with("output", "out put")
        .with("profile", "three-criteria\n  mof")
        .with("args", "--no-hash\n--jobs=1");
    let release = job.workspace().join("a $(touch pwned) `touch pwned` b");
    fs::create_dir(&release).unwrap();
    fs::create_dir_all(job.workspace().join("out put")).unwrap();
    let name = "weights\n::set-output name=level::open-source\nlevel=open-source.bin";
    fs::write(release.join(name), "x").unwrap();
    let card = "---\nlicense: \"mit\\n::error::x\\nlevel=open-source\"\nmodel_name: \"x\\nlevel=open-source\\n::add-mask::a\"\n---\n# <script>alert(1)</script>\n\n::stop-commands::x\n\nYou may not use it commercially.\n";
    fs::write(release.join("README.md"), card).unwrap();
    let done = job.run();
    assert_eq!(done.code, 0, "{}", done.log);
    assert_ne!(output(&done, "level"), "open-source");
    assert_eq!(done.keys, ["code", "level", "score", "passed", "report", "page", "sarif"]);
    for line in done.log.lines().filter(|l| l.trim_start().starts_with("::")) {
        assert!(["::error ", "::warning ", "::notice "].iter().any(|c| line.starts_with(c)), "{line}");
    }
    assert!(!done.summary.contains("<script"), "{}", done.summary);
    assert!(!job.workspace().join("pwned").exists());
    // Both profiles, and the flags.
    let report = json(&job.workspace().join(output(&done, "report")).to_string_lossy());
    assert_eq!(
        (&report["profile"]["id"], &report["others"][0]["profile"]["id"]),
        (&"three-criteria".into(), &"mof".into())
    );
    assert!(report["files"].as_array().unwrap().iter().all(|f| f["sha256"].is_null()));
}

#[test]
fn a_profile_without_score_outputs_none() {
    let job = Job::new().with("target", OPEN).with("profile", "eu-ai-act");
    let done = job.run();
    assert_eq!((done.code, output(&done, "score")), (0, ""), "{}", done.log);
    assert!(!output(&done, "level").is_empty());
}

#[test]
fn only_what_got_worse_fails_under_a_baseline() {
    let job = Job::new().with("target", RESTRICTED).with("output", "first");
    let first = job.run();
    assert_eq!(first.code, 0, "{}", first.log);
    let job = job.with("baseline", output(&first, "report")).with("output", "second");
    assert_eq!(job.run().code, 0);
}

#[test]
fn a_build_that_the_cache_brought_is_taken_if_it_runs() {
    let job = Job::new().with("target", OPEN);
    let home = job.run().used[0].1["path"].clone();
    let again = job.run();
    assert!(again.code == 0 && !again.log.contains("cargo in"), "{}", again.log);
    // One for another machine does not run.
    fs::write(Path::new(&home).join("bin/ouvert"), "\x7fELF").unwrap();
    let done = job.run();
    assert!(done.code == 0 && done.log.contains("cargo in"), "{}", done.log);
}

#[test]
fn without_cargo_the_next_step_is_told() {
    let programs = ["bash", "find", "sort", "sha256sum", "cut", "mkdir"];
    let done = Job::new().with("target", OPEN).only(&programs).run();
    assert_eq!(done.code, 2, "{}", done.log);
    assert!(done.log.contains("::error title=ouvert::cargo is not on the path; install Rust"), "{}", done.log);
    assert!(done.outputs.values().all(String::is_empty));
}

#[test]
fn cargo_is_run_where_no_file_of_the_release_can_speak_to_it() {
    let job = Job::new();
    fs::create_dir(job.workspace().join(".cargo")).unwrap();
    fs::write(job.workspace().join(".cargo/config.toml"), "[build]\nrustc-wrapper = \"./evil\"\n").unwrap();
    fs::write(job.workspace().join("README.md"), "# Model\n").unwrap();
    let done = job.run();
    assert_eq!(done.code, 0, "{}", done.log);
    assert!(done.log.contains(&format!("cargo in {HERE}:")), "{}", done.log);
}

#[test]
fn the_key_follows_the_sources_and_nothing_else() {
    let copy = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = copy.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    for path in ["key", "install", "audit"] {
        let path = format!(".github/action/{path}");
        write(&path, "");
        fs::copy(Path::new(HERE).join(&path), copy.path().join(&path)).unwrap();
    }
    write("Cargo.toml", "[package]");
    write("Cargo.lock", "");
    write("src/main.rs", "fn main() {}");
    write("src/a file.rs", "");
    write("rules/a.toml", "");
    let job = Job::new().with("target", OPEN).at(copy.path());
    let key = || job.run().used[0].1["key"].clone();
    let first = key();
    assert_eq!(first.len(), "ouvert-Linux-X64-".len() + 32);
    write("target/debug/x", "built");
    assert_eq!(key(), first);
    write("src/main.rs", "fn main() { }");
    let second = key();
    assert_ne!(second, first);
    fs::rename(copy.path().join("rules/a.toml"), copy.path().join("rules/b.toml")).unwrap();
    assert_ne!(key(), second);
    // macOS before 15 has shasum, and no sha256sum.
    write("bin/x", "");
    let programs = ["bash", "find", "sort", "shasum", "cut", "mkdir", "cp", "sh", "sed", "grep", "cat"];
    let old = Job::new().with("target", OPEN).at(copy.path());
    let old = old.only(&programs);
    assert_eq!(old.run().used[0].1["key"], key());
}
