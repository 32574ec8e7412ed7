//! What goes wrong on the way: with the target itself, which then has no report, and with what it points at, which is then
//! left open.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ouvert::collect::{self, Options};
use ouvert::error::{Error, FaultKind};
use ouvert::net::{Endpoint, Lookup, Net, Settings};
use ouvert::source::{self, Locator, Stores, World};
use ouvert::words::Lang;
use ouvert::{audit, profile};
use url::Url;

use super::{Site, access, audited, live};
use crate::stub::{Fault, Stub};
use crate::support::{Audit, Run};

/// The world with a stub in place of every service.
pub(super) fn world(stub: &Stub, net: Net) -> World {
    let at = |path: &str| Url::parse(&format!("{}{path}", stub.url())).expect("a URL");
    World {
        net: Arc::new(net),
        cache: None,
        hub: at(""),
        github: at("/code-api"),
        gitlab: at("/gitlab-api"),
        zenodo: at("/zenodo-api"),
        datacite: at("/datacite-api"),
        heritage: at("/heritage-api"),
        stores: Stores::default(),
    }
}

/// Settings under which a stub is the hub, and which give up soon.
pub(super) fn hasty(stub: &Stub) -> Settings {
    let endpoint = |url: &str| Endpoint { url: Url::parse(url).expect("a URL"), token: None };
    Settings {
        endpoints: vec![endpoint(stub.url()), endpoint(stub.cdn())],
        timeout: Duration::from_millis(400),
        patience: Duration::from_millis(600),
        ..Settings::default()
    }
}

/// Audits a target by the library.
pub(super) fn by_library(world: &World, target: &str) -> Result<Audit, Error> {
    let locator: Locator = target.parse()?;
    let source = source::open(&locator, world)?;
    let evidence = collect::collect(source.as_ref(), &Options { world: Some(world), ..Options::default() })?;
    let report = audit::audit(&evidence, &profile::built_in("three-criteria")?, "2026-01-01T00:00:00Z");
    Ok(Audit { report: serde_json::to_value(&report).expect("JSON"), code: 0, stderr: String::new() })
}

fn fault_of(result: Result<Audit, Error>) -> FaultKind {
    match result {
        Err(Error::Network { fault, .. }) => fault.kind,
        Err(other) => panic!("{other}"),
        Ok(audit) => panic!("a report: {}", audit.report),
    }
}

/// A port of loopback at which nobody listens.
fn closed() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port")
}

/// Runs an audit that must be refused: exit 2, nothing on standard output, one error.
fn refused(command: &mut std::process::Command, target: &str) -> String {
    let start = Instant::now();
    let run = Run::of(command.args(["audit", target, "--format", "json"]).output().expect("it runs"));
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{target}: {}", run.stderr);
    assert_eq!(run.stderr.matches("error:").count(), 1, "{target}: {}", run.stderr);
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
    run.stderr
}

const API: &str = "/api/models/acme/tuned";

#[test]
fn a_target_whose_hub_fails_has_no_report() {
    let away = || Fault::Redirect("http://169.254.169.254/latest/meta-data".into());
    let rows: [(Fault, &str, bool); 11] = [
        (Fault::Html, "not the answer of such a service", true),
        (Fault::NotJson, "not the answer of such a service", true),
        (Fault::Status(200, "[]"), "not the answer of such a service", true),
        (Fault::Status(200, "null"), "not the answer of such a service", true),
        (Fault::Gzip, "not the answer of such a service", true),
        (Fault::Truncated, "broke off", true),
        (Fault::Endless, "too long", true),
        (Fault::RedirectLoop, "redirected without end", true),
        (away(), "a link that is not followed", false),
        (Fault::Status(500, "{}"), "answered 500", false),
        (Fault::Drop, "HF_ENDPOINT", true),
    ];
    std::thread::scope(|scope| {
        for (fault, words, hint) in rows {
            scope.spawn(move || {
                let site = Site::whole();
                let stub = site.serve();
                stub.fault(API, fault.clone());
                let said = refused(&mut live(&stub), "hf:acme/tuned");
                assert!(said.contains(words), "{fault:?}: {said}");
                assert!(!hint || said.contains("hint:"), "{fault:?}: {said}");
                let seen = stub.requests();
                assert!(seen.len() <= 6, "{fault:?}: {} requests", seen.len());
                assert!(seen.iter().all(|r| r.path_and_query.starts_with(API)), "{fault:?}");
            });
        }
    });
}

#[test]
fn a_target_that_is_not_to_be_seen_has_no_report() {
    let site = Site::whole();
    site.model("acme/closed", "# Closed\n");
    site.write("models/acme/closed/meta.json", r#"{"disabled": true}"#);
    let stub = site.serve();
    for (target, token, words) in [
        ("hf:acme/none", "", "missing or private"),
        ("hf:acme/none", "hf_plain", "not found"),
        ("hf:acme/tuned@none", "", "no such revision"),
        ("hf:acme/tuned", "hf_expired", "the token was refused"),
        ("hf:acme/closed", "", "disabled by the hub"),
        ("hf:datasets/acme/tuned", "", "missing or private"),
    ] {
        let mut command = live(&stub);
        if !token.is_empty() {
            command.env("HF_TOKEN", token);
        }
        let said = refused(&mut command, target);
        assert!(said.contains(words), "{target}: {said}");
        assert!(words.starts_with("disabled") || said.contains("hint:"), "{target}: {said}");
        assert!(token.is_empty() || !said.contains(token), "{said}");
    }
    let asked = stub.requests().len();
    for target in ["hf:../tuned", "hf:acme/..", "hf:acme/tuned@../../x", "hf:acme/tuned/x", "hf:acme", "hf:acme/tuned@"]
    {
        refused(&mut live(&stub), target);
    }
    assert_eq!(stub.requests().len(), asked);
}

#[test]
fn a_hub_that_is_not_there() {
    let site = Site::whole();
    let stub = site.serve();
    for (endpoint, words) in [
        (format!("http://{}", closed()), "nobody answers"),
        (stub.url().replace("http://", "https://"), "no secure connection"),
        ("hub.example".to_owned(), "HF_ENDPOINT"),
        ("file:///etc".to_owned(), "HF_ENDPOINT"),
        ("http://user:secret@127.0.0.1:1".to_owned(), "HF_ENDPOINT"),
    ] {
        let said = refused(live(&stub).env("HF_ENDPOINT", &endpoint), "hf:acme/tuned");
        assert!(said.contains(words) && said.contains("hint:"), "{endpoint}: {said}");
    }
    assert!(stub.requests().is_empty());
}

#[test]
fn a_hub_that_says_nothing_or_little_is_given_up() {
    let site = Site::whole();
    for fault in [Fault::Hang, Fault::Drip] {
        let stub = site.serve();
        stub.fault(API, fault.clone());
        let start = Instant::now();
        let patience = Duration::from_secs(20);
        let world = world(&stub, Net::new(Settings { patience, ..hasty(&stub) }));
        assert_eq!(fault_of(by_library(&world, "hf:acme/tuned")), FaultKind::Timeout, "{fault:?}");
        assert!(start.elapsed() < Duration::from_secs(15), "{fault:?} {:?}", start.elapsed());
    }
}

struct Nowhere;

impl Lookup for Nowhere {
    fn lookup(&self, _: &str, _: u16) -> std::io::Result<Vec<SocketAddr>> {
        Err(std::io::ErrorKind::NotFound.into())
    }
}

#[test]
fn a_hub_whose_name_nobody_knows() {
    let site = Site::whole();
    let stub = site.serve();
    let net = Net::new(Settings { lookup: Arc::new(Nowhere), ..hasty(&stub) });
    let world = World { hub: Url::parse("https://hub.invalid").unwrap(), ..world(&stub, net) };
    let error = by_library(&world, "hf:acme/tuned").err().expect("no report");
    assert!(error.to_string().contains("no such host: hub.invalid"), "{error}");
    assert!(error.hint(Lang::En).is_some_and(|hint| hint.contains("HF_ENDPOINT")));
    assert_eq!((world.net.counts().0, stub.requests().len()), (0, 0));
}

#[test]
fn a_reference_that_fails_is_left_open() {
    let away = || Fault::Redirect("http://169.254.169.254/latest/meta-data".into());
    let rows: [(Fault, &str); 10] = [
        (Fault::Html, "bad-answer"),
        (Fault::NotJson, "bad-answer"),
        (Fault::Status(200, "[]"), "bad-answer"),
        (Fault::Gzip, "bad-answer"),
        (Fault::RedirectLoop, "bad-answer"),
        (Fault::Status(500, "{}"), "bad-answer"),
        (Fault::Truncated, "unreachable"),
        (Fault::Drop, "unreachable"),
        (Fault::Endless, "too-big"),
        (away(), "refused"),
    ];
    std::thread::scope(|scope| {
        for (fault, kind) in rows {
            scope.spawn(move || {
                let site = Site::whole();
                let stub = site.serve();
                for path in ["/api/datasets/acme/corpus", "/api/models/acme/base", "/code-api/repos/acme/train"] {
                    stub.fault(path, fault.clone());
                }
                let start = Instant::now();
                let audit = audited(&mut live(&stub), "hf:acme/tuned", &[]);
                assert_eq!(audit.code, 0, "{fault:?}: {}", audit.stderr);
                assert!(start.elapsed() < Duration::from_secs(60), "{fault:?}: {:?}", start.elapsed());
                assert_eq!(access(&audit, "acme/corpus"), "unresolved", "{fault:?}");
                for rule in ["data-accessible", "data-resolvable", "license-base-unrestricted", "recipe-code"] {
                    assert_eq!(audit.outcome(rule), "unknown", "{fault:?} {rule}: {}", audit.shortfalls());
                }
                for what in ["acme/corpus", "acme/base", "github.com/acme/train"] {
                    assert_eq!(audit.gap(what), Some(kind), "{fault:?} {what}: {}", audit.gaps());
                }
                assert!(!audit.says("license-base-unrestricted").contains("tail"), "{fault:?}");
            });
        }
    });
}

#[test]
fn a_reference_that_hangs_is_left_open() {
    let site = Site::whole();
    let stub = site.serve();
    for path in ["/api/datasets/acme/corpus", "/api/models/acme/base", "/code-api/repos/acme/train"] {
        stub.fault(path, Fault::Hang);
    }
    let patience = Duration::from_secs(20);
    let world = world(&stub, Net::new(Settings { patience, ..hasty(&stub) }));
    let start = Instant::now();
    let audit = by_library(&world, "hf:acme/tuned").expect("a report");
    assert!(start.elapsed() < Duration::from_secs(15), "{:?}", start.elapsed());
    for what in ["acme/corpus", "acme/base", "github.com/acme/train"] {
        assert_eq!(audit.gap(what), Some("unreachable"), "{what}: {}", audit.gaps());
    }
    assert_eq!(audit.outcome("data-accessible"), "unknown");
}

#[test]
fn a_file_that_fails_is_told_and_proves_nothing() {
    for (fault, kind) in [
        (Fault::Truncated, "unreachable"),
        (Fault::Status(200, "another text, of another length"), "bad-answer"),
        (Fault::Status(403, "{}"), "forbidden"),
    ] {
        let site = Site::whole();
        let stub = site.serve();
        stub.redirect_small_files(false);
        stub.fault("/acme/tuned/resolve/", fault.clone());
        let audit = audited(&mut live(&stub), "hf:acme/tuned", &[]);
        assert_eq!(audit.gap("README.md"), Some(kind), "{fault:?}: {}", audit.gaps());
        let says = audit.says("license-no-added-terms");
        assert_eq!(audit.outcome("license-no-added-terms"), "unknown", "{fault:?}: {says}");
        // The hub itself tells the front matter.
        assert_eq!(audit.outcome("license-declared"), "met", "{fault:?}: {}", audit.shortfalls());
        assert_eq!(access(&audit, "acme/corpus"), "public", "{fault:?}");
    }
    let site = Site::whole();
    let stub = site.serve();
    stub.fault("/cdn/", Fault::Status(403, "<Error/>"));
    let audit = audited(&mut live(&stub), "hf:acme/tuned", &[]);
    assert_eq!(audit.gap("model.safetensors"), Some("forbidden"), "{}", audit.gaps());
    assert_ne!(audit.outcome("integrity-well-formed"), "met", "{}", audit.says("integrity-well-formed"));
}

#[test]
fn a_listing_that_lies_leads_nowhere() {
    let site = Site::empty();
    site.model("acme/liar", "---\nlicense: mit\n---\n# Liar\n");
    let oid = "0123456789abcdef0123456789abcdef01234567";
    let paths = ["../../acme/base/README.md", "/etc/passwd", "a/../b", "./c", "", "d//e", "http://127.0.0.1:1/x"];
    let mut files: Vec<serde_json::Value> =
        paths.iter().map(|path| serde_json::json!({ "rfilename": path, "size": 9, "blobId": oid })).collect();
    for (path, size) in [("README.md", 9), ("LICENSE", u64::MAX), ("model.safetensors", u64::MAX)] {
        files.push(serde_json::json!({ "rfilename": path, "size": size, "blobId": oid }));
    }
    let info = serde_json::json!({ "id": "acme/liar", "sha": oid, "gated": false, "siblings": files });
    let stub = site.serve();
    stub.fault("/api/models/acme/liar?", Fault::Status(200, info.to_string().leak()));
    let audit = audited(&mut live(&stub), "hf:acme/liar", &[]);
    let listed: Vec<&str> =
        audit.report["files"].as_array().unwrap().iter().filter_map(|f| f["path"].as_str()).collect();
    for path in paths.iter().filter(|p| !p.starts_with("http")) {
        assert!(!listed.contains(path), "{path} {listed:?}");
        assert!(path.is_empty() || audit.gap(path) == Some("outside"), "{path}: {}", audit.gaps());
    }
    for request in stub.requests() {
        let path = &request.path_and_query;
        assert!(path.contains("acme/liar") && !path.contains("passwd") && !path.contains(".."), "{path}");
    }
    // There is no such commit: its card was not read.
    assert_eq!(audit.gap("README.md"), Some("not-found"), "{}", audit.gaps());
    assert_ne!(audit.outcome("license-unrestricted"), "met", "{}", audit.shortfalls());
    assert_ne!(audit.outcome("integrity-well-formed"), "met");
}

#[test]
fn bytes_at_an_address_that_nobody_trusts_are_not_fetched() {
    let site = Site::whole();
    let stub = site.serve();
    let audit = audited(live(&stub).env_remove("OUVERT_TRUSTED_HOSTS"), "hf:acme/tuned", &[]);
    assert_eq!(audit.gap("model.safetensors"), Some("refused"), "{}", audit.gaps());
    assert_ne!(audit.outcome("integrity-well-formed"), "met");
    assert!(!stub.requests().iter().any(|r| r.path_and_query.starts_with("/cdn/")));
}
