//! Repositories of code that a release points at.

use std::sync::Arc;

use ouvert::error::FaultKind;
use ouvert::net::{Endpoint, Lookup, Net, Settings};
use ouvert::source::code::look;
use url::Url;

use super::faults::world;
use super::{Site, audit};
use crate::support::Audit;

/// Audits a model whose card links to training code.
fn linked(site: &Site, link: &str) -> Audit {
    site.model("acme/m", &format!("---\nlicense: mit\n---\n# M\n\nTraining code: <{link}>\n"));
    audit(&site.serve(), "hf:acme/m")
}

#[test]
fn what_stands_behind_a_link_to_github() {
    // The files there, what the host says of it, and what an audit makes of it: code, its license.
    type Row = (&'static [&'static str], &'static str, &'static str, &'static str);
    let rows: [Row; 10] = [
        (&["train.py", "LICENSE"], r#"{"license": "MIT"}"#, "met", "met"),
        (&["train.py"], "{}", "met", "not-met"),
        (&["train.py", "LICENSE"], r#"{"other": true}"#, "met", "not-met"),
        (&["train.py"], r#"{"license": "CC-BY-NC-4.0"}"#, "met", "not-met"),
        (&["train.py"], r#"{"archived": true, "license": "MIT"}"#, "met", "met"),
        (&["README.md"], "{}", "not-met", "not-met"),
        (&["inference.py", "README.md"], "{}", "not-met", "not-met"),
        (&[], r#"{"empty": true}"#, "not-met", "not-met"),
        // Code that the card calls training code is that, unless its names say otherwise; launch scripts alone are not.
        (&["main.py", "model.py"], "{}", "met", "not-met"),
        (&["launch.sh", "configs/a.yaml"], r#"{"license": "MIT"}"#, "not-met", "not-met"),
    ];
    for (files, meta, code, license) in rows {
        let site = Site::empty();
        site.code("acme/train", files);
        site.write("code/acme/train/meta.json", meta);
        let audit = linked(&site, "https://github.com/acme/train");
        let got = (audit.outcome("recipe-code"), audit.outcome("recipe-code-license"));
        assert_eq!(got, (code, license), "{files:?} {meta}: {}", audit.shortfalls());
        let strength = &audit.finding("recipe-code")["strength"];
        assert!(code == "unknown" || strength == "resolved", "{files:?} {meta}: {strength}");
    }
}

#[test]
fn a_repository_that_is_not_there() {
    let audit = linked(&Site::empty(), "https://github.com/acme/gone");
    assert_eq!(audit.outcome("recipe-code"), "not-met", "{}", audit.shortfalls());
    assert!(audit.says("recipe-code").contains("is not there"), "{}", audit.says("recipe-code"));
}

#[test]
fn a_general_framework_tells_with_what_and_not_how() {
    let site = Site::empty();
    site.code("huggingface/transformers", &["src/transformers/trainer.py", "examples/train.py"]);
    site.write("code/huggingface/transformers/meta.json", r#"{"license": "Apache-2.0"}"#);
    let audit = linked(&site, "https://github.com/huggingface/transformers");
    assert_eq!(audit.outcome("recipe-code"), "not-met", "{}", audit.shortfalls());
    assert!(audit.says("recipe-code").contains("general framework"), "{}", audit.says("recipe-code"));
}

#[test]
fn a_listing_that_breaks_off_proves_no_absence() {
    let site = Site::empty();
    site.code("acme/train", &["README.md", "a.txt", "train.py", "zz.py"]);
    site.write("code/acme/train/meta.json", r#"{"truncated": true, "license": "MIT"}"#);
    let audit = linked(&site, "https://github.com/acme/train");
    assert_eq!(audit.outcome("recipe-code"), "unknown", "{}", audit.shortfalls());
}

#[test]
fn a_pinned_revision_is_looked_for() {
    let commit = "0123456789abcdef0123456789abcdef01234567";
    for (revision, outcome) in [(commit, "met"), ("ffffffffffffffffffffffffffffffffffffffff", "not-met")] {
        let site = Site::empty();
        site.code("acme/train", &["train.py"]);
        site.write("code/acme/train/meta.json", format!(r#"{{"commit": "{commit}", "license": "MIT"}}"#));
        let audit = linked(&site, &format!("https://github.com/acme/train/tree/{revision}"));
        assert_eq!(audit.outcome("recipe-pinned"), outcome, "{revision}: {}", audit.shortfalls());
        assert_eq!(audit.outcome("recipe-code"), "met", "{revision}: {}", audit.shortfalls());
    }
}

#[test]
fn projects_of_gitlab() {
    let site = Site::empty();
    site.code("group/train", &["train.py", "LICENSE"]);
    site.write("code/group/train/meta.json", r#"{"license": "MIT"}"#);
    let audit = linked(&site, "https://gitlab.com/group/train");
    let got = (audit.outcome("recipe-code"), audit.outcome("recipe-code-license"));
    assert_eq!(got, ("met", "met"), "{}", audit.shortfalls());
    let gone = linked(&Site::empty(), "https://gitlab.com/group/gone");
    assert_eq!(gone.outcome("recipe-code"), "not-met", "{}", gone.shortfalls());
    let site = Site::empty();
    site.write("code/group/train/meta.json", r#"{"empty": true}"#);
    let empty = linked(&site, "https://gitlab.com/group/train");
    assert_eq!(empty.outcome("recipe-code"), "not-met", "{}", empty.shortfalls());
    // More files than a page holds.
    let site = Site::empty();
    let names: Vec<String> = (0..120).map(|i| format!("a/{i:03}.txt")).chain(["z/train.py".to_owned()]).collect();
    site.code("group/train", &names.iter().map(String::as_str).collect::<Vec<_>>());
    let long = linked(&site, "https://gitlab.com/group/train");
    assert_eq!(long.outcome("recipe-code"), "met", "{}", long.shortfalls());
}

struct Here;

impl Lookup for Here {
    fn lookup(&self, _: &str, port: u16) -> std::io::Result<Vec<std::net::SocketAddr>> {
        Ok(vec![([127, 0, 0, 1], port).into()])
    }
}

#[test]
fn any_other_git_host_tells_its_references() {
    let site = Site::empty();
    site.code("acme/train", &["train.py"]);
    let commit = "0123456789abcdef0123456789abcdef01234567";
    let meta = format!(r#"{{"commit": "{commit}", "tags": ["v1", "v2"], "annotated": ["v2"], "branches": ["dev"]}}"#);
    site.write("code/acme/train/meta.json", meta);
    let stub = site.serve();
    // A name that only the settings of this test make fit to be spoken to.
    let host = stub.url().replace("127.0.0.1", "git.example");
    let endpoints = vec![Endpoint { url: Url::parse(&host).unwrap(), token: None }];
    let settings = Settings { endpoints, lookup: Arc::new(Here), ..Settings::default() };
    let world = world(&stub, Net::new(settings));
    let link = format!("{host}/acme/train");
    for (revision, exists) in [("v1", true), ("v2", true), ("dev", true), (commit, true), ("v3", false)] {
        let found = look(&world, &link, Some(revision)).unwrap();
        // A commit below a tip is not advertised.
        assert_eq!(found.revision_exists, exists.then_some(true), "{revision}");
        assert!(!found.absent && !found.listed && found.name == "git.example/acme/train", "{found:?}");
    }
    // Such hosts do not tell strangers whether it is private or missing.
    let hidden = look(&world, &format!("{host}/acme/none"), None).map_err(|fault| fault.kind);
    assert!(matches!(hidden, Err(FaultKind::BadToken | FaultKind::Hidden | FaultKind::Forbidden)), "{hidden:?}");
}
