//! Hosts that ask to be left alone, answers kept from before, no network at all, and repositories of very many files.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use ouvert::net::Net;

use super::faults::{by_library, hasty, world};
use super::{Site, access, audit, audited, lasting, live};
use crate::stub::Fault;
use crate::support::{Release, Run};

#[test]
fn a_limit_makes_an_audit_slower_and_no_poorer() {
    let site = Site::whole();
    let stub = site.serve();
    let free = audit(&stub, "hf:acme/tuned");
    for says_when in [false, true] {
        stub.retry_after(says_when);
        stub.limit(5, Duration::from_secs(2));
        let start = Instant::now();
        let limited = audit(&stub, "hf:acme/tuned");
        assert_eq!(lasting(&limited), lasting(&free), "{}", limited.shortfalls());
        assert!(start.elapsed() >= Duration::from_secs(1), "the limit was not met");
        assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
    }
}

#[test]
fn a_host_that_never_lets_go_is_a_gap() {
    for (path, when) in [
        ("/api/datasets/acme/corpus", "30"),
        ("/api/models/acme/base", "18446744073709551615"),
        ("/code-api/repos/acme/train", "soon"),
    ] {
        let site = Site::whole();
        let stub = site.serve();
        stub.fault(path, Fault::RetryAfter(429, when));
        let world = world(&stub, Net::new(hasty(&stub)));
        let start = Instant::now();
        let audit = by_library(&world, "hf:acme/tuned").expect("a report");
        assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
        let what = path.rsplit_once("acme/").map_or(path, |(_, name)| name);
        let found = audit.report["gaps"].as_array().unwrap().iter().find(|g| {
            g["what"].as_str().is_some_and(|w| w.ends_with(&format!("acme/{what}"))) && g["kind"] == "rate-limited"
        });
        assert!(found.is_some(), "{path}: {}", audit.gaps());
        assert_ne!(access(&audit, "acme/corpus"), "absent", "{path}");
        for rule in ["data-accessible", "data-resolvable", "license-base-unrestricted", "recipe-code"] {
            assert_ne!(audit.outcome(rule), "not-met", "{path} {rule}: {}", audit.says(rule));
        }
    }
}

#[test]
fn a_refusal_for_now_is_asked_again() {
    // GitHub's second limit is a 403 that says when to come again.
    for fault in [
        Fault::Status(503, "busy"),
        Fault::RetryAfter(429, "1"),
        Fault::RetryAfter(503, "1"),
        Fault::RetryAfter(403, "1"),
        Fault::Drop,
    ] {
        let site = Site::whole();
        let stub = site.serve();
        for path in ["/api/models/acme/tuned", "/api/datasets/acme/corpus", "/code-api/repos/acme/train"] {
            stub.fault(path, Fault::Once(Box::new(fault.clone())));
        }
        let start = Instant::now();
        let audit = audit(&stub, "hf:acme/tuned");
        assert_eq!(audit.report["gaps"], serde_json::json!([]), "{fault:?}");
        assert_eq!(audit.outcome("recipe-code"), "met", "{fault:?}");
        let least = if matches!(fault, Fault::RetryAfter(..)) { 2000 } else { 500 };
        assert!(start.elapsed() >= Duration::from_millis(least), "{fault:?}: {:?}", start.elapsed());
    }
}

#[test]
fn offline_opens_no_socket() {
    let site = Site::whole();
    let stub = site.serve();
    let mut command = live(&stub);
    let run = Run::of(command.args(["audit", "hf:acme/tuned", "--offline"]).output().unwrap());
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{}", run.stderr);
    let release = Release::with_card("---\nlicense: mit\ndatasets: [acme/corpus]\nbase_model: acme/base\n---\n# M\n");
    let folder = release.path();
    let offline = audited(&mut live(&stub), &folder.to_string_lossy(), &["--offline"]);
    assert_eq!((access(&offline, "acme/corpus"), offline.gap("acme/corpus")), ("unresolved", Some("offline")));
    assert_eq!(offline.gap("acme/base"), Some("offline"), "{}", offline.gaps());
    let switched = audited(live(&stub).env("HF_HUB_OFFLINE", "1"), &folder.to_string_lossy(), &[]);
    assert_eq!(lasting(&switched), lasting(&offline));
    assert_eq!(stub.requests(), []);
    // The same folder with the network: its references are looked up.
    let online = audited(&mut live(&stub), &folder.to_string_lossy(), &[]);
    assert_eq!((access(&online, "acme/corpus"), online.report["gaps"].clone()), ("public", serde_json::json!([])));
}

#[test]
fn answers_kept_from_before_stand_in_for_the_network() {
    let site = Site::whole();
    let store = tempfile::tempdir().unwrap();
    let stub = site.serve();
    let run = |args: &[&str]| audited(live(&stub).env("OUVERT_CACHE", store.path()), "hf:acme/tuned", args);
    let first = run(&[]);
    let once = stub.requests().len();
    let offline = run(&["--offline"]);
    assert_eq!(stub.requests().len(), once, "a request in spite of --offline");
    assert_eq!(offline.report["findings"], first.report["findings"], "{}", offline.shortfalls());
    assert_eq!(lasting(&offline), lasting(&first));
    let again = run(&[]);
    assert_eq!(lasting(&again), lasting(&first));
    let twice = stub.requests().len() - once;
    assert!(twice < once, "{twice} requests, {once} the first time");
    // A kept file at a commit is not asked for again.
    assert!(!stub.requests()[once..].iter().any(|r| r.path_and_query.contains("/resolve/")));
    // What changed since is seen.
    site.write("models/acme/base/main/README.md", "---\nlicense: cc-by-nc-4.0\n---\n# Base\n");
    assert_eq!(run(&[]).outcome("license-base-unrestricted"), "met", "the same holder has both");
    site.write("datasets/acme/corpus/meta.json", r#"{"gated": "manual"}"#);
    assert_eq!(access(&run(&[]), "acme/corpus"), "gated");
    // Broken files are none.
    for entry in walk(store.path()) {
        fs::write(entry, "x").unwrap();
    }
    assert_eq!(access(&run(&[]), "acme/corpus"), "gated");
}

#[cfg(unix)]
#[test]
fn what_is_kept_is_for_its_owner_alone_and_holds_no_token() {
    use std::os::unix::fs::PermissionsExt;
    let site = Site::whole();
    let store = tempfile::tempdir().unwrap();
    let (stub, folder) = (site.serve(), store.path().join("kept"));
    audited(live(&stub).env("OUVERT_CACHE", &folder).env("HF_TOKEN", "hf_good"), "hf:acme/tuned", &[]);
    let files = walk(&folder);
    assert!(files.len() > 3, "{files:?}");
    for file in files {
        assert!(!String::from_utf8_lossy(&fs::read(&file).unwrap()).contains("hf_good"), "{}", file.display());
        let mode = fs::metadata(file.parent().unwrap()).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{mode:o} {}", file.display());
    }
}

/// What a token may see is not shown to those without one.
#[test]
fn kept_answers_are_those_of_the_token() {
    let site = Site::whole();
    site.write("datasets/acme/corpus/meta.json", r#"{"private": true}"#);
    site.write("models/acme/tuned/meta.json", r#"{"gated": "manual"}"#);
    let store = tempfile::tempdir().unwrap();
    let stub = site.serve();
    let kept = |token: Option<&str>, args: &[&str]| {
        let mut command = live(&stub);
        command.env("OUVERT_CACHE", store.path());
        if let Some(token) = token {
            command.env("HF_TOKEN", token);
        }
        audited(&mut command, "hf:acme/tuned", args)
    };
    let granted = kept(Some("hf_good"), &[]);
    assert_eq!((access(&granted, "acme/corpus"), granted.gap("README.md")), ("private", None));
    for args in [&[][..], &["--offline"]] {
        let anonymous = kept(None, args);
        assert_eq!(access(&anonymous, "acme/corpus"), "hidden", "{args:?}");
        assert_eq!(anonymous.gap("README.md"), Some("gated"), "{args:?}: {}", anonymous.gaps());
    }
    assert_eq!(kept(Some("hf_good"), &["--offline"]).gap("README.md"), None);
}

fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut out = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { out.extend(walk(&path)) } else { out.push(path) }
    }
    out
}

#[test]
fn a_repository_of_a_hundred_thousand_files() {
    let site = Site::empty();
    site.model("acme/huge", "---\nlicense: mit\n---\n# Huge\n");
    let oid = "0123456789abcdef0123456789abcdef01234567";
    let mut text = format!(
        r#"{{"id":"acme/huge","sha":"{oid}","gated":false,"siblings":[{{"rfilename":"README.md","size":28,"blobId":"{oid}"}}"#
    );
    for i in 0..100_000 {
        write!(text, r#",{{"rfilename":"data/{}/part-{i:06}.bin","size":9,"blobId":"{oid}"}}"#, i / 1000).unwrap();
    }
    text.push_str("]}");
    let stub = site.serve();
    stub.fault("/api/models/acme/huge?", Fault::Status(200, text.leak()));
    stub.fault("/api/models/acme/huge/refs", Fault::Status(200, r#"{"branches":[],"tags":[]}"#));
    let program = live(&stub);
    let mut command = std::process::Command::new("sh");
    // Kibibytes of address space: what the threads reserve is counted too.
    command.args(["-c", "ulimit -v 3000000 && exec \"$0\" \"$@\""]).arg(program.get_program());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let start = Instant::now();
    let audit = audited(&mut command, "hf:acme/huge", &[]);
    assert!(start.elapsed() < Duration::from_secs(90), "{:?}", start.elapsed());
    assert_eq!(audit.report["files"].as_array().map(Vec::len), Some(100_001));
    assert!(stub.requests().len() < 40, "{} requests", stub.requests().len());
}

#[test]
fn pages_are_read_where_the_hub_tells_no_sizes() {
    let site = Site::empty();
    site.model("acme/paged", "---\nlicense: mit\n---\n# Paged\n");
    for i in 0..40 {
        site.write(&format!("models/acme/paged/main/notes/{i:02}.txt"), i.to_string());
    }
    let stub = site.serve();
    let whole = audit(&stub, "hf:acme/paged");
    let sha = whole.report["subject"]["revision"].as_str().unwrap();
    let short = format!(
        r#"{{"id":"acme/paged","sha":"{sha}","gated":false,"cardData":{{"license":"mit"}},"siblings":[{{"rfilename":"README.md"}}]}}"#
    );
    stub.fault("/api/models/acme/paged?", Fault::Status(200, short.leak()));
    stub.page_size(7);
    let before = stub.requests().len();
    let paged = audit(&stub, "hf:acme/paged");
    assert_eq!(paged.report["files"], whole.report["files"]);
    assert_eq!(paged.report["findings"], whole.report["findings"]);
    let pages = stub.requests()[before..].iter().filter(|r| r.path_and_query.contains("/tree/")).count();
    assert_eq!(pages, 43usize.div_ceil(7));
}
