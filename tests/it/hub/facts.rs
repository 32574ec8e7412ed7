//! What one audit by name learns, how few requests that takes, and whom the tokens reach.

use std::time::{Duration, Instant};

use super::{Site, access, audit, audited, live};
use crate::stub::{Fault, Stub};

#[test]
fn a_model_and_what_it_points_at() {
    let site = Site::whole();
    let stub = site.serve();
    let audit = audited(&mut live(&stub), "hf:acme/tuned", &["--verbose"]);
    assert_eq!(audit.code, 0, "{}", audit.stderr);
    assert_eq!(audit.report["gaps"], serde_json::json!([]), "{}", audit.shortfalls());
    assert_eq!(access(&audit, "acme/corpus"), "public");
    assert_eq!(audit.report["datasets"][0]["license"], "cc0-1.0");
    for rule in ["license-unrestricted", "license-base-unrestricted", "license-ungated", "data-accessible"] {
        assert_eq!(audit.outcome(rule), "met", "{rule}: {}", audit.shortfalls());
    }
    assert_eq!(audit.outcome("license-no-added-terms"), "met", "{}", audit.shortfalls());
    let code = audit.finding("recipe-code");
    assert_eq!((&code["outcome"], &code["strength"]), (&"met".into(), &"resolved".into()), "{code}");
    assert_eq!(audit.outcome("integrity-well-formed"), "met", "{}", audit.says("integrity-well-formed"));
    assert_eq!(audit.verdict("license"), "pass", "{}", audit.shortfalls());
    // The base names no data.
    assert_eq!((audit.verdict("data"), audit.level()), ("fail", "open-weights"), "{}", audit.shortfalls());
    let revision = audit.report["subject"]["revision"].as_str().expect("a commit");
    assert!(revision.len() == 40 && revision.bytes().all(|b| b.is_ascii_hexdigit()), "{revision}");
    assert_eq!(audit.report["subject"]["hub_id"], "acme/tuned");

    let seen = stub.requests();
    // The hub answers for a file with a redirect, to its cache or to its storage.
    let is_hop = |path: &str| path.starts_with("/api/resolve-cache/") || path.starts_with("/cdn/");
    let hops = seen.iter().filter(|r| is_hop(&r.path_and_query)).count();
    assert!(seen.len() - hops <= 12 && hops <= 5, "{} requests, {hops} of them second hops", seen.len());
    let told = format!("network: requests sent: {}, {hops} of them after a redirect", seen.len());
    assert!(audit.stderr.contains(&told), "{told}: {}", audit.stderr);
    for request in &seen {
        let path = &request.path_and_query;
        assert!(!path.contains("config.json"), "{path} counts as a download");
        assert!(request.range.is_some() || !path.contains("safetensors") && !path.contains("/cdn/"), "{path} whole");
        let agent = request.user_agent.as_deref().unwrap_or_default();
        assert!(agent.contains(concat!("ouvert/", env!("CARGO_PKG_VERSION"))), "{agent}");
        assert_eq!(request.accept_encoding.as_deref(), Some("identity"), "{path}");
        assert_eq!(request.authorization, None, "{path}");
    }
    assert!(seen.iter().any(|r| r.range.is_some()), "no header of weights was read");
    for (i, one) in seen.iter().enumerate() {
        assert!(!seen[..i].contains(one), "asked twice: {one:?}");
    }
}

#[test]
fn what_can_be_asked_at_once_is() {
    let site = Site::whole();
    let stub = site.serve();
    stub.delay(Duration::from_millis(50));
    let start = Instant::now();
    let audit = audit(&stub, "hf:acme/tuned");
    let took = start.elapsed();
    eprintln!("{} requests, {took:?} with 50 ms each", stub.requests().len());
    assert_eq!(audit.report["gaps"], serde_json::json!([]));
    assert!(stub.highest_in_flight() > 2, "{} at a time", stub.highest_in_flight());
    assert!(took < Duration::from_secs(5), "{took:?}");
}

/// The tokens that a stub was shown, each once.
fn tokens(stub: &Stub, path: &str) -> Vec<Option<String>> {
    let mut out: Vec<Option<String>> =
        stub.requests().into_iter().filter(|r| r.path_and_query.starts_with(path)).map(|r| r.authorization).collect();
    out.sort();
    out.dedup();
    out
}

#[test]
fn a_token_reaches_the_service_it_is_for_and_no_other() {
    let site = Site::whole();
    let (hub, code) = (site.serve(), site.serve());
    let hf = || Some("Bearer hf_good".to_owned());
    let mut command = live(&hub);
    command.env("GITHUB_API_URL", format!("{}/code-api", code.url()));
    let audit = audited(command.env("HF_TOKEN", "hf_good"), "hf:acme/tuned", &[]);
    assert_eq!(audit.report["gaps"], serde_json::json!([]));
    assert_eq!((tokens(&hub, "/api/"), tokens(&hub, "/acme/")), (vec![hf()], vec![hf()]));
    assert_eq!((tokens(&hub, "/cdn/"), tokens(&code, "/")), (vec![None], vec![None]));
    assert!(!audit.report.to_string().contains("hf_good") && !audit.stderr.contains("hf_good"));

    let code = site.serve();
    let mut command = live(&hub);
    command.env("GITHUB_API_URL", format!("{}/code-api", code.url())).env("GITHUB_TOKEN", "code_good");
    let before = hub.requests().len();
    let audit = audited(&mut command, "hf:acme/tuned", &[]);
    assert_eq!(audit.outcome("recipe-code"), "met", "{}", audit.shortfalls());
    assert_eq!(tokens(&code, "/"), [Some("Bearer code_good".to_owned())]);
    assert!(hub.requests()[before..].iter().all(|r| r.authorization.is_none()));
}

#[test]
fn a_service_on_the_hubs_own_host_gets_no_token_of_the_hubs() {
    let site = Site::whole();
    let stub = site.serve();
    audited(live(&stub).env("HF_TOKEN", "hf_good"), "hf:acme/tuned", &[]);
    assert_eq!(tokens(&stub, "/code-api/"), [None]);
    assert_eq!(tokens(&stub, "/api/"), [Some("Bearer hf_good".to_owned())]);
}

#[test]
fn a_redirect_to_another_origin_takes_no_token_along() {
    let site = Site::whole();
    let (hub, other) = (site.serve(), site.serve());
    let path = "/api/datasets/acme/corpus";
    hub.fault(path, Fault::Redirect(format!("{}{path}?blobs=true", other.url())));
    let mut command = live(&hub);
    command.env("HF_TOKEN", "hf_good").env("OUVERT_TRUSTED_HOSTS", format!("{},{}", hub.cdn(), other.url()));
    let audit = audited(&mut command, "hf:acme/tuned", &[]);
    assert_eq!(access(&audit, "acme/corpus"), "public", "{}", audit.gaps());
    assert_eq!(tokens(&other, "/"), [None]);
    assert_eq!(tokens(&hub, path), [Some("Bearer hf_good".to_owned())]);
}

#[test]
fn the_token_file_of_the_hubs_client_is_read_unless_that_is_turned_off() {
    let home = tempfile::tempdir().expect("a temporary directory");
    std::fs::write(home.path().join("token"), "hf_good\n").expect("a file");
    for (off, wanted) in [("0", Some("Bearer hf_good".to_owned())), ("1", None)] {
        let site = Site::whole();
        let stub = site.serve();
        let mut command = live(&stub);
        command.env("HF_HOME", home.path()).env("HF_HUB_DISABLE_IMPLICIT_TOKEN", off);
        audited(&mut command, "hf:acme/tuned", &[]);
        assert_eq!(tokens(&stub, "/api/models/"), [wanted], "{off}");
    }
}
