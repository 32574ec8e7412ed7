//! Whether the stub itself can be trusted, asked with nothing but a socket.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};

use ouvert::digest::Digest;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Fault, Stub};
use crate::support::HERE;

/// An answer; its body is what came before the connection closed or the promised length was reached.
#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        let pairs = self.head.lines().filter_map(|line| line.split_once(": "));
        pairs.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

fn connect(at: &str) -> TcpStream {
    let stream = TcpStream::connect(at.trim_start_matches("http://")).expect("the stub listens");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time-out");
    stream
}

/// Sends a request; headers as they stand on the wire, each with its line's end.
fn send(mut stream: &TcpStream, line: &str, headers: &str) {
    write!(stream, "{line} HTTP/1.1\r\nHost: stub\r\n{headers}\r\n").expect("the stub reads");
}

fn receive(reader: &mut BufReader<TcpStream>, has_body: bool) -> Option<Answer> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let mut answer = Answer { status, head, body: vec![] };
    let length = answer.header("content-length").and_then(|l| l.parse::<u64>().ok()).unwrap_or(0);
    if has_body {
        reader.take(length).read_to_end(&mut answer.body).ok()?;
    }
    Some(answer)
}

/// One request on a connection of its own; none where no answer came.
fn try_ask(stub: &Stub, line: &str, headers: &str) -> Option<Answer> {
    let stream = connect(if line.contains(stub.cdn()) { stub.cdn() } else { stub.url() });
    send(&stream, line, &format!("{headers}Connection: close\r\n"));
    receive(&mut BufReader::new(stream), !line.starts_with("HEAD"))
}

fn ask(stub: &Stub, line: &str, headers: &str) -> Answer {
    try_ask(stub, line, headers).unwrap_or_else(|| panic!("no answer to {line}"))
}

fn get(stub: &Stub, path: &str) -> Answer {
    ask(stub, &format!("GET {path}"), "")
}

fn write(root: &TempDir, path: &str, bytes: impl AsRef<[u8]>) {
    let path = root.path().join(path);
    fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    fs::write(path, bytes).expect("a file");
}

fn recorded(file: &str) -> Value {
    let text = fs::read(Path::new(HERE).join("tests/hub").join(file)).expect("a recorded reply");
    serde_json::from_slice(&text).expect("JSON")
}

/// The repository that the recorded replies are about, under its name.
fn acme() -> TempDir {
    let root = tempfile::tempdir().expect("a temporary directory");
    for name in ["README.md", "config.json", "model.safetensors", "recipe/train.yaml", "dot-gitattributes"] {
        let bytes = fs::read(Path::new(HERE).join("tests/hub/files").join(name)).expect("a file");
        write(&root, &format!("models/acme-lab/tiny-open-1/main/{}", name.replace("dot-", ".")), bytes);
    }
    root
}

fn sorted(list: &Value, key: &str) -> Vec<Value> {
    let mut out = list.as_array().expect("a list").clone();
    out.sort_by_key(|entry| entry[key].as_str().expect("a name").to_owned());
    out
}

const ACME: &str = "/api/models/acme-lab/tiny-open-1";
const WEIGHTS: &str = "/acme-lab/tiny-open-1/resolve/main/model.safetensors";
const CONFIG: &str = "/acme-lab/tiny-open-1/resolve/main/config.json";

#[test]
fn listings_hold_true_hashes() {
    let root = acme();
    let stub = Stub::serve(root.path());
    let (ours, theirs) = (get(&stub, &format!("{ACME}?blobs=true")).json(), recorded("model-info-blobs.json"));
    assert_eq!(sorted(&ours["siblings"], "rfilename"), sorted(&theirs["siblings"], "rfilename"));
    assert_eq!(ours["cardData"], theirs["cardData"]);
    for tag in ["license:apache-2.0", "dataset:acme-lab/tiny-corpus", "base_model:finetune:acme-lab/tiny-open-0"] {
        assert!(ours["tags"].as_array().is_some_and(|tags| tags.contains(&tag.into())), "{tag}");
    }
    assert_eq!(get(&stub, ACME).json()["siblings"][1], json!({ "rfilename": "README.md" }));

    let tree = get(&stub, &format!("{ACME}/tree/main?recursive=true")).json();
    let mut recorded_tree = sorted(&recorded("tree-page-1.json"), "path");
    recorded_tree.extend(sorted(&recorded("tree-page-2.json"), "path"));
    let strip = |mut entry: Value| {
        // Xet has a hash with a key of its own, and the recorded folder has an id made up.
        entry.as_object_mut().expect("an entry").remove("xetHash");
        if entry["type"] == "directory" { entry["path"].clone() } else { entry }
    };
    let ours: Vec<Value> = tree.as_array().expect("a list").iter().cloned().map(strip).collect();
    let mut theirs: Vec<Value> = recorded_tree.into_iter().map(strip).collect();
    theirs.sort_by_key(|e| ours.iter().position(|o| o == e));
    assert_eq!(ours, theirs);
    // What `git write-tree --prefix=recipe/` says.
    assert_eq!(tree[0]["oid"], "68b08a8dba7f60916444c6b54e477965606c86b8");
}

#[test]
fn commits_and_branches() {
    let root = acme();
    let old = "0123456789abcdef0123456789abcdef01234567";
    write(&root, &format!("models/acme-lab/tiny-open-1/{old}/README.md"), "# Old\n");
    write(&root, "models/acme-lab/tiny-open-1/meta.json", r#"{"branches": ["step1000"], "tags": ["v1"]}"#);
    let stub = Stub::serve(root.path());
    let sha = get(&stub, ACME).json()["sha"].clone();
    let sha = sha.as_str().expect("a commit");
    assert_eq!(sha.len(), 40);
    for rev in [sha, "step1000", "v1", "main"] {
        assert_eq!(get(&stub, &format!("{ACME}/revision/{rev}")).json()["sha"], sha, "{rev}");
    }
    let at_old = get(&stub, &format!("{ACME}/revision/{old}")).json();
    assert_eq!((&at_old["sha"], &at_old["siblings"]), (&json!(old), &json!([{ "rfilename": "README.md" }])));
    let refs = get(&stub, &format!("{ACME}/refs")).json();
    assert_eq!(refs["branches"][1], json!({ "name": "step1000", "ref": "refs/heads/step1000", "targetCommit": sha }));
    assert_eq!(refs["tags"][0]["ref"], "refs/tags/v1");
    assert_eq!(get(&stub, &format!("{ACME}/commits/main")).json()[0]["id"], sha);
    write(&root, "models/acme-lab/tiny-open-1/main/config.json", "{}");
    assert_ne!(get(&stub, ACME).json()["sha"], sha, "another file, another commit");
}

#[test]
fn pages_follow_each_other() {
    let root = tempfile::tempdir().expect("a temporary directory");
    for i in 0..7 {
        write(&root, &format!("datasets/a/b/main/data/{i}.txt"), i.to_string());
    }
    let stub = Stub::serve(root.path());
    stub.page_size(3);
    let (mut next, mut paths, mut pages) = (Some("/api/datasets/a/b/tree/main?recursive=true".to_owned()), vec![], 0);
    while let Some(path) = next {
        let answer = get(&stub, &path);
        paths.extend(answer.json().as_array().expect("a list").iter().map(|e| e["path"].as_str().unwrap().to_owned()));
        let link =
            answer.header("link").map(|l| l.strip_prefix('<').and_then(|l| l.strip_suffix(">; rel=\"next\"")).unwrap());
        next = link.map(|l| l.strip_prefix(stub.url()).expect("an absolute URL").to_owned());
        pages += 1;
    }
    let all: Vec<String> = ["data".to_owned()].into_iter().chain((0..7).map(|i| format!("data/{i}.txt"))).collect();
    assert_eq!((pages, paths), (3, all));
    let flat = get(&stub, "/api/datasets/a/b/tree/main").json();
    assert_eq!((flat.as_array().map(Vec::len), &flat[0]["type"]), (Some(1), &json!("directory")));
    assert_eq!(get(&stub, "/api/datasets/a/b/tree/main/data?limit=2").json()[1]["path"], "data/1.txt");
    assert_eq!(get(&stub, "/api/datasets/a/b/tree/main/none").header("x-error-code"), Some("EntryNotFound"));
}

#[test]
fn large_files_are_behind_a_cdn_with_a_tag_of_its_own() {
    let root = acme();
    let stub = Stub::serve(root.path());
    let bytes = fs::read(Path::new(HERE).join("tests/hub/files/model.safetensors")).expect("weights");
    let sha256 = Digest::of(&bytes);
    let hop = ask(&stub, &format!("HEAD {WEIGHTS}"), "");
    assert_eq!((hop.status, hop.header("x-linked-size")), (302, Some("112")));
    assert_eq!(hop.header("x-linked-etag"), Some(format!("\"{sha256}\"").as_str()));
    assert_eq!(hop.header("x-repo-commit").map(str::len), Some(40));
    let location = hop.header("location").expect("a location");
    assert!(location.starts_with(stub.cdn()) && stub.cdn() != stub.url(), "{location}");
    let object = get(&stub, location);
    assert_eq!((object.status, &object.body), (200, &bytes));
    let tag = object.header("etag").expect("a tag").trim_matches('"');
    assert!(tag.len() == 64 && tag != sha256.hex(), "{tag}");
    let pointer = fs::read(Path::new(HERE).join("tests/hub/files/model.safetensors.pointer")).expect("a pointer");
    assert_eq!(get(&stub, &WEIGHTS.replace("resolve", "raw")).body, pointer);
    stub.cdn_at("http://elsewhere");
    assert!(get(&stub, WEIGHTS).header("location").is_some_and(|l| l.starts_with("http://elsewhere/cdn/")));
}

#[test]
fn small_files_come_whole_in_part_or_not_at_all() {
    let root = acme();
    let stub = Stub::serve(root.path());
    let bytes = fs::read(Path::new(HERE).join("tests/hub/files/config.json")).expect("a config");
    let tag = "\"f10bc304da75675b6bc448470cd35efcca8507fa\"";
    let hop = ask(&stub, &format!("HEAD {CONFIG}"), "");
    assert_eq!((hop.status, hop.header("etag"), hop.body.len()), (307, Some(tag), 0));
    let location = hop.header("location").expect("a location");
    assert!(location.starts_with("/api/resolve-cache/models/acme-lab/tiny-open-1/"), "{location}");
    assert_eq!(get(&stub, location).body, bytes);
    stub.redirect_small_files(false);
    let line = format!("GET {CONFIG}");
    let whole = ask(&stub, &line, "");
    assert_eq!((whole.status, whole.header("etag"), &whole.body), (200, Some(tag), &bytes));
    assert_eq!(ask(&stub, &format!("HEAD {CONFIG}"), "").header("content-length"), Some("69"));
    for (range, status, body, says) in [
        ("bytes=0-3", 206, &bytes[..4], Some("bytes 0-3/69")),
        ("bytes=60-", 206, &bytes[60..], Some("bytes 60-68/69")),
        ("bytes=-5", 206, &bytes[64..], Some("bytes 64-68/69")),
        ("bytes=60-900", 206, &bytes[60..], Some("bytes 60-68/69")),
        ("bytes=69-", 416, &[], Some("bytes */69")),
        ("bytes=3-1", 200, &bytes, None),
        ("lines=0-1", 200, &bytes, None),
    ] {
        let part = ask(&stub, &line, &format!("Range: {range}\r\n"));
        assert_eq!((part.status, &part.body[..], part.header("content-range")), (status, body, says), "{range}");
    }
    assert_eq!(ask(&stub, &line, "Range: bytes=0-3\r\nIf-Range: \"old\"\r\n").status, 200);
    for (given, status) in [(tag.to_owned(), 304), (format!("W/{tag}"), 304), ("\"old\"".to_owned(), 200)] {
        let answer = ask(&stub, &line, &format!("If-None-Match: {given}\r\n"));
        assert_eq!((answer.status, answer.body.is_empty()), (status, status == 304), "{given}");
    }
    let seen = stub.requests().pop().expect("a request");
    assert_eq!((seen.path_and_query.as_str(), seen.if_none_match.as_deref()), (CONFIG, Some("\"old\"")));
}

#[test]
fn refusals_are_those_of_the_hub() {
    let root = acme();
    write(&root, "models/acme-lab/gated-1/main/README.md", "# Gated\n");
    write(&root, "models/acme-lab/gated-1/meta.json", r#"{"gated": "manual"}"#);
    write(&root, "models/acme-lab/secret/main/README.md", "# Secret\n");
    write(&root, "models/acme-lab/secret/meta.json", r#"{"private": true}"#);
    write(&root, "datasets/acme-lab/off/meta.json", r#"{"disabled": true}"#);
    let stub = Stub::serve(root.path());
    let gated = "/acme-lab/gated-1/resolve/main/README.md";
    let secret = "/api/models/acme-lab/secret";
    let nowhere = "/api/models/acme-lab/nope";
    let cases: [(&str, &str, u16, &str, &str); 17] = [
        (nowhere, "", 401, "", "error-anonymous-missing-401.json"),
        (nowhere, "hf_plain", 404, "RepoNotFound", "error-repo-not-found-404.json"),
        (secret, "", 401, "", "error-anonymous-missing-401.json"),
        (secret, "hf_plain", 404, "RepoNotFound", "error-repo-not-found-404.json"),
        (secret, "hf_good", 200, "", ""),
        (ACME, "hf_bad", 401, "", ""),
        (gated, "", 401, "GatedRepo", ""),
        (gated, "hf_plain", 403, "GatedRepo", "error-gated-403.json"),
        (gated, "hf_good", 307, "", ""),
        ("/acme-lab/gated-1/resolve/main/config.json", "", 401, "GatedRepo", "error-gated-401.json"),
        ("/acme-lab/gated-1/raw/main/README.md", "", 401, "GatedRepo", "error-gated-401.json"),
        ("/api/models/acme-lab/gated-1", "", 200, "", ""),
        ("/api/datasets/acme-lab/off", "hf_good", 403, "", "error-disabled-403.json"),
        ("/datasets/acme-lab/off/resolve/main/a", "", 403, "", "error-disabled-403.json"),
        (
            "/api/models/acme-lab/tiny-open-1/revision/no-such-branch",
            "",
            404,
            "RevisionNotFound",
            "error-revision-not-found-404.json",
        ),
        ("/acme-lab/tiny-open-1/resolve/main/none.txt", "", 404, "EntryNotFound", ""),
        ("/acme-lab/tiny-open-1/resolve/main/..%2F..%2Fmeta.json", "", 400, "", ""),
    ];
    for (path, token, status, code, file) in cases {
        let auth = if token.is_empty() { String::new() } else { format!("Authorization: Bearer {token}\r\n") };
        let answer = ask(&stub, &format!("GET {path}"), &auth);
        assert_eq!((answer.status, answer.header("x-error-code").unwrap_or("")), (status, code), "{path} {token}");
        if !file.is_empty() {
            assert_eq!(answer.json(), recorded(file), "{path} {token}");
            assert_eq!(answer.header("x-error-message"), recorded(file)["error"].as_str(), "{path} {token}");
        }
    }
    let bad = ask(&stub, &format!("GET {ACME}"), "Authorization: Bearer hf_bad\r\n");
    assert_eq!(bad.json()["error"], "Invalid credentials in Authorization header");
    assert_eq!(get(&stub, "/api/models/acme-lab/gated-1").json()["gated"], "manual");
    assert_eq!(stub.requests()[1].authorization.as_deref(), Some("Bearer hf_plain"));
}

#[test]
fn old_names_and_other_letters_lead_to_the_name() {
    let root = acme();
    write(&root, "models/acme-lab/old/meta.json", r#"{"renamed": "acme-lab/tiny-open-1"}"#);
    let stub = Stub::serve(root.path());
    for (from, to) in [
        (
            "/api/models/acme-lab/old/tree/main?recursive=true",
            "/api/models/acme-lab/tiny-open-1/tree/main?recursive=true",
        ),
        ("/acme-lab/old/resolve/main/config.json", CONFIG),
        ("/api/models/Acme-Lab/Tiny-Open-1", ACME),
    ] {
        let answer = get(&stub, from);
        assert_eq!((answer.status, answer.header("location")), (307, Some(to)), "{from}");
    }
}

#[test]
fn cards_keep_what_the_hub_keeps() {
    let front = "license: other\nlicense_name: no\nextra_gated_prompt: >-\n  You agree\n  to all.\nextra_gated_fields:\n  \
                 Company: text\n  I agree: checkbox\nversion: '1.0'\nshare: 0.5\ncount: 3\nnew: true\nbase_model: [a/b, 'c/d']\n";
    let card = super::files::card(&format!("---\n{front}---\n\n# Card\n")).expect("a card");
    let wanted = json!({
        "license": "other", "license_name": "no", "extra_gated_prompt": "You agree to all.",
        "extra_gated_fields": { "Company": "text", "I agree": "checkbox" },
        "version": "1.0", "share": 0.5, "count": 3, "new": true, "base_model": ["a/b", "c/d"],
    });
    assert_eq!(card, wanted);
    assert_eq!(super::files::card("# No front matter\n"), None);
    assert_eq!(super::files::card("---\na: [\n---\n"), None);
}

#[test]
fn the_limit_holds_for_a_window() {
    let root = acme();
    write(&root, "code/o/n/train.py", "#\n");
    let stub = Stub::serve(root.path());
    let before = get(&stub, ACME);
    assert_eq!(before.header("ratelimit-policy"), Some("\"fixed window\";\"api\";q=500;w=300"));
    let window = Duration::from_secs(3);
    let start = Instant::now();
    stub.limit(2, window);
    assert_eq!(get(&stub, ACME).header("ratelimit"), Some("\"api\";r=1;t=3"));
    assert_eq!(get(&stub, ACME).status, 200);
    let refused = get(&stub, ACME);
    assert_eq!((refused.status, refused.header("retry-after")), (429, None));
    assert!(refused.header("ratelimit").is_some_and(|r| r.starts_with("\"api\";r=0;t=")), "{refused:?}");
    stub.retry_after(true);
    assert!(get(&stub, ACME).header("retry-after").is_some_and(|t| ["1", "2", "3"].contains(&t)));
    let github = get(&stub, "/code-api/repos/o/n");
    assert_eq!((github.status, github.header("x-ratelimit-remaining")), (403, Some("0")));
    assert!(github.header("x-ratelimit-reset").is_some_and(|t| t.parse::<u64>().is_ok_and(|t| t > 1_700_000_000)));
    assert_eq!(get(&stub, "/gitlab-api/projects/o%2Fn").status, 429);
    assert!(start.elapsed() < window, "too slow a machine for a window of {window:?}");
    std::thread::sleep(window.saturating_sub(start.elapsed()) + Duration::from_millis(100));
    assert_eq!(get(&stub, ACME).status, 200);
}

#[test]
fn faults_happen_as_announced() {
    let root = acme();
    let stub = Stub::serve(root.path());
    stub.redirect_small_files(false);
    stub.fault("/api/models/one", Fault::Once(Box::new(Fault::Status(503, "<p>busy"))));
    stub.fault("/api/models/one", Fault::Once(Box::new(Fault::RetryAfter(429, "7"))));
    let busy = get(&stub, "/api/models/one/x");
    assert_eq!((busy.status, busy.header("content-type")), (503, Some("text/html; charset=utf-8")));
    assert_eq!(get(&stub, "/api/models/one/x").header("retry-after"), Some("7"));
    assert_eq!(get(&stub, "/api/models/one/x").status, 401);

    stub.fault(CONFIG, Fault::Truncated);
    let cut = get(&stub, CONFIG);
    assert_eq!((cut.header("content-length"), cut.body.len()), (Some("69"), 34));
    stub.fault("/html", Fault::Html);
    assert!(get(&stub, "/html").text().starts_with("<!doctype html>"));
    stub.fault("/json", Fault::NotJson);
    let broken = get(&stub, "/json");
    assert!(broken.header("content-type").is_some_and(|t| t.contains("json")));
    assert!(serde_json::from_slice::<Value>(&broken.body).is_err());
    stub.fault("/drop", Fault::Drop);
    assert!(try_ask(&stub, "GET /drop", "").is_none());
    stub.fault("/away", Fault::Redirect("http://127.0.0.1:1/".to_owned()));
    assert_eq!(get(&stub, "/away").header("location"), Some("http://127.0.0.1:1/"));
    stub.fault("/loop", Fault::RedirectLoop);
    assert_eq!(get(&stub, "/loop").header("location"), Some("/loop?hop=1"));
    assert_eq!(get(&stub, "/loop?hop=1").header("location"), Some("/loop?hop=2"));
    stub.fault("/gzip", Fault::Gzip);
    let bomb = get(&stub, "/gzip");
    assert_eq!((bomb.header("content-encoding"), &bomb.body[..2]), (Some("gzip"), &[0x1f, 0x8b][..]));
}

#[test]
fn endless_answers_end_with_the_client_or_the_stub() {
    let root = acme();
    let stub = Stub::serve(root.path());
    stub.fault("/endless", Fault::Endless);
    stub.fault("/drip", Fault::Drip);
    stub.fault("/hang", Fault::Hang);
    for path in ["/endless", "/drip"] {
        let stream = connect(stub.url());
        send(&stream, &format!("GET {path}"), "");
        let mut reader = BufReader::new(stream);
        let head = receive(&mut reader, false).expect("a head");
        assert_eq!(head.header("transfer-encoding"), Some("chunked"));
        let mut some = [0; 20];
        reader.read_exact(&mut some).expect("chunks");
    }
    // A second for the threads to see that nobody listens.
    let start = Instant::now();
    while stub.state.in_flight.load(std::sync::atomic::Ordering::SeqCst) > 0 && start.elapsed().as_secs() < 10 {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(start.elapsed().as_secs() < 10, "still sending to nobody");
    let waiting = connect(stub.url());
    send(&waiting, "GET /hang", "");
    while !stub.requests().iter().any(|seen| seen.path_and_query == "/hang") {
        std::thread::sleep(Duration::from_millis(5));
    }
    let (start, address) = (Instant::now(), stub.url().trim_start_matches("http://").to_owned());
    drop(stub);
    assert!(receive(&mut BufReader::new(waiting), true).is_none());
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    assert!(TcpStream::connect(address).is_err(), "it still listens");
}

#[test]
fn connections_are_kept_and_requests_at_one_time_counted() {
    let root = acme();
    let stub = Stub::serve(root.path());
    let stream = connect(stub.url());
    let mut reader = BufReader::new(stream.try_clone().expect("a handle"));
    for _ in 0..20 {
        send(&stream, &format!("GET {ACME}"), "");
        assert_eq!(receive(&mut reader, true).map(|a| a.status), Some(200));
    }
    for _ in 0..20 {
        get(&stub, ACME);
    }
    assert_eq!((stub.highest_in_flight(), stub.requests().len()), (1, 40));
    stub.delay(Duration::from_secs(1));
    let start = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| get(&stub, ACME));
        }
    });
    assert!(start.elapsed() >= Duration::from_secs(1));
    assert_eq!(stub.highest_in_flight(), 3);
}

fn code() -> TempDir {
    let root = tempfile::tempdir().expect("a temporary directory");
    write(&root, "code/o/n/train.py", "#\n");
    write(&root, "code/o/n/configs/a.yaml", "seed: 1\n");
    write(
        &root,
        "code/o/n/meta.json",
        r#"{"license": "Apache-2.0", "archived": true, "tags": ["v1"], "annotated": ["v1"]}"#,
    );
    write(&root, "code/o/other/a", "");
    write(&root, "code/o/other/meta.json", r#"{"license": null, "other": true, "truncated": true}"#);
    write(&root, "code/o/empty/meta.json", r#"{"empty": true}"#);
    root
}

#[test]
fn github_tells_of_code() {
    let root = code();
    let stub = Stub::serve(root.path());
    let info = get(&stub, "/code-api/repos/O/N").json();
    assert_eq!((&info["full_name"], &info["archived"]), (&json!("o/n"), &json!(true)));
    assert_eq!(info["license"]["spdx_id"], "Apache-2.0");
    assert_eq!(get(&stub, "/code-api/repos/o/other").json()["license"]["spdx_id"], "NOASSERTION");
    assert_eq!(get(&stub, "/code-api/repos/o/empty").json()["license"], Value::Null);
    let tree = get(&stub, "/code-api/repos/o/n/git/trees/main?recursive=1").json();
    let paths: Vec<_> = tree["tree"].as_array().expect("a tree").iter().map(|e| e["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["configs", "configs/a.yaml", "train.py"]);
    // What `git hash-object` and `git write-tree` say.
    assert_eq!(tree["tree"][2]["sha"], "792d6005489ebee62cde02066f19c5521e620451");
    assert_eq!(tree["sha"], "197f92d79e77c559053a55afda1a009647539770");
    assert_eq!(get(&stub, "/code-api/repos/o/other/git/trees/HEAD?recursive=1").json()["truncated"], true);
    let sha = get(&stub, "/code-api/repos/o/n/commits/main").json()["sha"].as_str().expect("a commit").to_owned();
    assert_eq!(get(&stub, &format!("/code-api/repos/o/n/commits/{}", &sha[..8])).json()["sha"], sha.as_str());
    for (path, status) in [
        ("o/none", 404),
        ("o/n/commits/0123456789abcdef0123456789abcdef01234567", 422),
        ("o/n/git/trees/none", 404),
        ("o/empty/git/trees/main", 409),
    ] {
        let answer = get(&stub, &format!("/code-api/repos/{path}"));
        assert_eq!(
            (answer.status, answer.json()["status"].as_str()),
            (status, Some(status.to_string().as_str())),
            "{path}"
        );
    }
    assert_eq!(ask(&stub, "GET /code-api/repos/o/n", "Authorization: Bearer hf_good\r\n").status, 401);
}

#[test]
fn gitlab_and_git_tell_of_code() {
    let root = code();
    let stub = Stub::serve(root.path());
    let info = get(&stub, "/gitlab-api/projects/o%2Fn?license=true").json();
    assert_eq!((&info["path_with_namespace"], &info["license"]["key"]), (&json!("o/n"), &json!("apache-2.0")));
    assert!(get(&stub, "/gitlab-api/projects/o%2Fn").json().get("license").is_none());
    assert_eq!(get(&stub, "/gitlab-api/projects/o%2Fempty").json()["empty_repo"], true);
    assert_eq!(get(&stub, "/gitlab-api/projects/o%2Fnone").json()["message"], "404 Project Not Found");
    let tree = "/gitlab-api/projects/o%2Fn/repository/tree?recursive=true&per_page=2&ref=main";
    let first = get(&stub, tree);
    assert_eq!((first.header("x-next-page"), first.json().as_array().map(Vec::len)), (Some("2"), Some(2)));
    let last = get(&stub, &format!("{tree}&page=2"));
    assert_eq!((last.header("x-next-page"), &last.json()[0]["path"]), (Some(""), &json!("train.py")));
    let sha = get(&stub, "/gitlab-api/projects/o%2Fn/repository/commits/HEAD").json()["id"].clone();
    assert_eq!(get(&stub, "/gitlab-api/projects/o%2Fn/repository/commits/none").status, 404);

    let refs = get(&stub, "/o/n.git/info/refs?service=git-upload-pack");
    assert_eq!(refs.header("content-type"), Some("application/x-git-upload-pack-advertisement"));
    let (mut rest, mut lines) = (refs.text(), vec![]);
    while !rest.is_empty() {
        let length = usize::from_str_radix(&rest[..4], 16).expect("a length").max(4);
        lines.push(rest[4..length].trim_end().split('\0').next().unwrap_or_default().to_owned());
        rest.drain(..length);
    }
    let sha = sha.as_str().expect("a commit");
    assert_eq!(lines[2..4], [format!("{sha} HEAD"), format!("{sha} refs/heads/main")]);
    assert!(lines[4].ends_with(" refs/tags/v1") && !lines[4].starts_with(sha), "{lines:?}");
    assert_eq!((&lines[5], lines[6].as_str()), (&format!("{sha} refs/tags/v1^{{}}"), ""));
    assert_eq!(get(&stub, "/o/none/info/refs?service=git-upload-pack").status, 401);
}

#[test]
fn registers_and_pages() {
    let root = acme();
    write(&root, "zenodo/12.json", r#"{"id": 12, "conceptrecid": "10"}"#);
    write(&root, "zenodo/11.json", r#"{"id": 11, "conceptrecid": "10"}"#);
    write(&root, "datacite/10.5281_zenodo.12.json", r#"{"data": {"id": "10.5281/zenodo.12"}}"#);
    write(&root, "web/example.org/page/index.html", "<p>page");
    write(&root, "datasets/a/b/meta.json", r#"{"croissant": {"name": "b"}}"#);
    let stub = Stub::serve(root.path());
    assert_eq!(get(&stub, "/zenodo-api/records/11").json()["id"], 11);
    let concept = get(&stub, "/zenodo-api/records/10");
    let newest = format!("{}/zenodo-api/records/12", stub.url());
    assert_eq!((concept.status, concept.header("location")), (302, Some(newest.as_str())));
    assert_eq!(get(&stub, "/zenodo-api/records/9").json()["status"], 404);
    for doi in ["10.5281/ZENODO.12", "10.5281%2Fzenodo.12"] {
        assert_eq!(get(&stub, &format!("/datacite-api/dois/{doi}")).json()["data"]["id"], "10.5281/zenodo.12", "{doi}");
    }
    assert_eq!(get(&stub, "/datacite-api/dois/10.1/x").status, 404);
    for path in ["/web/example.org/page/", "http://example.org/page"] {
        assert_eq!(get(&stub, path).text(), "<p>page", "{path}");
    }
    assert_eq!(get(&stub, "/web/example.org/none").status, 404);
    assert_eq!(get(&stub, "/api/datasets/a/b/croissant").json()["name"], "b");
}

#[test]
fn recorded_replies_are_all_played() {
    let folder = Path::new(HERE).join("tests/hub");
    let stub = Stub::recorded(&folder);
    let (index, mut played) = (recorded("index.json"), 0);
    for entry in index.as_array().expect("a list") {
        let (name, text) = (entry["name"].as_str().unwrap(), |key: &str| entry[key].as_str().unwrap_or_default());
        let token = name.contains("with token") || name.contains("token without");
        let mut headers = if token { "Authorization: Bearer hf_plain\r\n".to_owned() } else { String::new() };
        let body = entry.get("request_body").map(Value::to_string).unwrap_or_default();
        if !body.is_empty() {
            headers.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        if entry["status"] == 429 {
            stub.limit(0, Duration::from_secs(60));
        }
        let stream = connect(stub.url());
        send(&stream, &format!("{} {}", text("method"), text("path")), &headers);
        (&stream).write_all(body.as_bytes()).expect("the stub reads");
        let answer = receive(&mut BufReader::new(stream), text("method") != "HEAD").expect("an answer");
        assert_eq!(answer.status, entry["status"], "{name}");
        if text("method") != "HEAD" && entry["body_file"].is_string() {
            assert_eq!(answer.body, fs::read(folder.join(text("body_file"))).unwrap(), "{name}");
        }
        for (header, value) in entry["headers"].as_object().expect("headers") {
            let value = value.as_str().unwrap().replace("https://huggingface.co", stub.url());
            let timed = entry["status"] == 429 && header.starts_with("ratelimit");
            assert!(timed || answer.header(header) == Some(&value), "{name}: {header} {answer:?}");
        }
        played += 1;
    }
    assert!(played > 20, "{played}");
    let stub = Stub::recorded(&folder);
    let commit = "3c0ffee000000000000000000000000000000001";
    assert_eq!(get(&stub, &format!("{ACME}/tree/{commit}?recursive=true")).json(), recorded("tree-page-1.json"));
    assert_eq!(get(&stub, "/api/models/acme-lab/unheard-of").status, 501);
}
