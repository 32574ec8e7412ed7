//! Releases made to hurt: each is generated, small on disk, and must end in time with a report or a clear refusal, reading
//! nothing outside the release.

use std::fs;
use std::io::{self, Read, Write as _};
#[cfg(unix)]
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use ouvert::audit::audit;
use ouvert::collect::{Options, collect};
use ouvert::digest::Digest;
use ouvert::error::Error;
use ouvert::evidence::{Evidence, FileFact, FileStatus, GapKind};
use ouvert::finding::{Finding, Outcome};
use ouvert::profile::built_in;
use ouvert::source::local::Dir;
use ouvert::source::{FileEntry, Listing, Source};

use crate::support::{Audit, Release, within};
#[cfg(target_os = "linux")]
use crate::support::{Run, program};

const CARD: &str = "---\nlicense: mit\n---\n# H\n";
const SOON: Duration = Duration::from_secs(20);
/// Bytes of the biggest buffer that a file is read into.
const BUFFER: u64 = 1024 * 1024;

#[test]
fn a_list_of_a_million_absent_files() {
    let release = Release::with_card(CARD);
    let hex = "a".repeat(32);
    release.write("MD5SUMS", (0..1_000_000).map(|i| format!("{hex}  f{i}\n")).collect::<String>());
    let audit = confined(&release, "release", 600, 120);
    assert_eq!((audit.code, audit.gap("MD5SUMS")), (1, Some("too-many")));
    assert!(audit.gaps().contains("10000 / 1000000"), "{}", audit.gaps());
    assert!(audit.report["files"].as_array().unwrap().len() < 11_000);
    assert_eq!(audit.outcome("integrity-digests"), "not-met");
}

#[test]
fn pickles_that_only_grow() {
    let release = Release::with_card(CARD);
    let pickle = |parts: &[&[u8]]| [&[&b"\x80\x04"[..]], parts].concat().concat();
    release.write("idle.pkl", pickle(&[&b"]0".repeat(30_000_000)]));
    release.write("stack.pkl", pickle(&[b"N", &b"2".repeat(9_000_000)]));
    release.write("memo.pkl", pickle(&[&b"\x8c\x08somewhat\x940".repeat(6_000_000)]));
    let far: Vec<u8> =
        (0..3_000_000u32).flat_map(|i| [&b"Nr"[..], &(2 * i + 1).to_le_bytes(), b"0"].concat()).collect();
    release.write("far.pkl", pickle(&[&far]));
    let names: String = (0..1_000_000).map(|i| format!("c{}{i}\nf\n0", "m.".repeat(20))).collect();
    release.write("names.pkl", pickle(&[names.as_bytes()]));
    release.write("line.pkl", pickle(&[b"c", &b"x".repeat(60_000_000)]));
    // A megabyte that unpacks to a thousand times as much, many times over.
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![0; 8_000_000];
    packed.write_all(&pickle(&[b"\x8e", &(1u64 << 40).to_le_bytes()])).unwrap();
    (0..100).for_each(|_| packed.write_all(&zeros).unwrap());
    let packed = packed.finish().unwrap();
    (0..20).for_each(|i| release.write(&format!("packed{i}.joblib"), &packed));
    let audit = confined(&release, "release", 700, 240);
    assert_eq!(audit.outcome("integrity-safe-format"), "not-met");
    let files = audit.report["files"].as_array().unwrap();
    for file in files.iter().filter(|f| f["path"] != "README.md") {
        let unread = file["imports"]["unread"][0].as_str().unwrap_or_default();
        assert!(unread.contains("too ") || file["path"] == "memo.pkl" || file["path"] == "far.pkl", "{file}");
    }
}

#[test]
fn a_manifest_of_a_hundred_thousand_files() {
    let release = Release::with_card(CARD);
    let entries: String = (0..110_000).map(|i| format!("[[artifact]]\npath = \"a/{i}\"\n")).collect();
    release.write("ouvert.toml", format!("schema = 1\n{entries}"));
    let audit = confined(&release, "release", 600, 60);
    assert_eq!((audit.code, audit.gap("ouvert.toml")), (1, Some("too-many")));
    let last = audit.report["files"].as_array().unwrap().iter().find(|f| f["path"] == "a/9999").unwrap();
    assert_eq!(last["status"], "missing");
}

#[test]
fn an_index_of_a_million_tensors() {
    let release = Release::with_card(CARD);
    let map: Vec<String> = (0..1_000_000).map(|i| format!(r#""layer.{i}.weight":"m{}""#, i % 1000)).collect();
    release.write("model.safetensors.index.json", format!(r#"{{"weight_map":{{{}}}}}"#, map.join(",")));
    let audit = confined(&release, "release", 600, 60);
    assert_eq!((audit.code, audit.status("m7")), (1, Some("missing")));
}

#[test]
fn lists_that_disagree_name_a_file_twice_or_lead_out() {
    let release = Release::with_card(CARD);
    let (right, wrong) = (Digest::of(CARD.as_bytes()), Digest::of(b"other"));
    release.write(
        "SHA256SUMS",
        format!("{right}  README.md\n{wrong}  README.md\n{wrong}  ../../etc/passwd\n{wrong}  /etc/passwd\n"),
    );
    let audit = within(SOON, &release);
    assert_eq!((audit.code, audit.status("README.md")), (1, Some("mismatched")));
    assert_eq!(audit.gap("SHA256SUMS"), Some("outside"));
    assert!(!audit.report.to_string().contains("root:"));
}

#[test]
fn deep_and_wide_documents() {
    let release = Release::with_card(CARD);
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    for name in [
        "adapter_config.json",
        "config.json",
        "data_config.json",
        "data/croissant.json",
        "model.safetensors.index.json",
    ] {
        release.write(name, &deep);
    }
    release.write("config/train.yaml", &deep);
    release.write("dvc.lock", format!("a: &a {}\nb: [{}]\n", "x".repeat(10_000), vec!["*a"; 40_000].join(", ")));
    release.write("big.yaml", vec![b'x'; 5_000_000]);
    let audit = within(SOON, &release);
    assert_eq!(audit.outcome("license-declared"), "met");
    assert_eq!(audit.outcome("license-base-unrestricted"), "unknown", "an adapter has a base");
    for name in ["adapter_config.json", "data_config.json", "data/croissant.json", "model.safetensors.index.json"] {
        assert_eq!(audit.gap(name), Some("malformed"), "{}", audit.gaps());
    }
}

#[test]
fn weights_that_lie() {
    let release = Release::with_card(CARD);
    let long = (1u64 << 63).to_le_bytes();
    release.write("a.safetensors", long);
    release.write("b.safetensors", [&8u64.to_le_bytes()[..], b"not json"].concat());
    release.write(
        "c.gguf",
        [&b"GGUF"[..], &3u32.to_le_bytes(), &(1u64 << 60).to_le_bytes(), &(1u64 << 60).to_le_bytes()].concat(),
    );
    release.write("d.gguf", b"GGUF");
    let audit = within(SOON, &release);
    assert_eq!(audit.outcome("integrity-well-formed"), "not-met");
    assert_eq!(audit.finding("integrity-well-formed")["tally"]["met"], 0);
    assert_eq!(audit.finding("integrity-well-formed")["tally"]["of"], 4);
}

#[test]
fn a_pointer_that_lies_and_a_listing_of_another_commit() {
    let release = Release::with_card(CARD);
    let oid = Digest::of(b"weights");
    release
        .write("model.safetensors", format!("version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize -7\n"));
    let (here, other) = ("a".repeat(40), "b".repeat(40));
    let id = "c".repeat(40);
    release.write(".cache/huggingface/download/README.md.metadata", format!("{here}\n{id}\n1.0\n"));
    let tree = format!(r#"{{"format_version":1,"files":{{"gone.bin":{{"blob_id":"{id}"}}}}}}"#);
    release.write(&format!(".cache/huggingface/trees/{other}.json"), tree);
    let audit = within(SOON, &release);
    assert_eq!(audit.gap("model.safetensors"), Some("malformed"));
    assert_eq!(audit.status("gone.bin"), None, "the listing is of another commit");
    assert_eq!((audit.status("README.md"), audit.code), (Some("mismatched"), 1));
    assert_eq!(audit.report["subject"]["revision"], here);
}

#[cfg(unix)]
#[test]
fn names_that_differ_in_case_hold_line_ends_or_escapes() {
    let release = Release::with_card(CARD);
    for name in ["model.bin", "MODEL.bin", "new\nline.txt", "esc\u{1b}[2Jape.txt", "\u{202e}txt.exe"] {
        release.write(name, name);
    }
    let audit = within(SOON, &release);
    let files = audit.report["files"].as_array().unwrap();
    assert_eq!(files.len(), 6);
    let shown = release.run(&["audit", "release", "--verbose"]);
    assert!(!shown.stdout.contains('\u{1b}') && !shown.stdout.contains('\u{202e}'));
    let verified = release.run(&["verify", "release", "--verbose"]);
    assert!(!verified.stdout.contains('\u{1b}') && !verified.stdout.contains("new\nline"), "{}", verified.stdout);
}

/// Audits a target beside the release with a program that may map so many MiB, and must end within so many seconds.
#[cfg(target_os = "linux")]
fn confined(release: &Release, target: &str, mib: u64, seconds: u64) -> Audit {
    let plain = program();
    let limits = format!("ulimit -v {} && exec timeout -s KILL {seconds} \"$0\" \"$@\"", mib * 1024);
    let mut command = Command::new("sh");
    for (name, value) in plain.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    // An arena for each thread reserves addresses that nobody uses; a core more must not change what is measured.
    command.env("MALLOC_ARENA_MAX", "1").current_dir(release.outside());
    command.arg("-c").arg(limits).arg(plain.get_program());
    command.args(["audit", target, "--jobs", "2", "--format", "json"]);
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code().is_some_and(|c| c < 2), "{}, {mib} MiB, {seconds} s: {told}", output.status);
    let run = Run::of(output);
    let report = serde_json::from_str(&run.stdout).unwrap();
    Audit { report, code: run.code, stderr: run.stderr }
}

/// Elsewhere time alone is bounded.
#[cfg(not(target_os = "linux"))]
fn confined(release: &Release, target: &str, _mib: u64, seconds: u64) -> Audit {
    assert_eq!(target, "release");
    within(Duration::from_secs(seconds), release)
}

/// What a file gives once it is opened.
enum Then {
    /// These bytes.
    Bytes(Vec<u8>),
    /// These bytes, then an error.
    Breaks(&'static [u8]),
    /// Spaces without end.
    Endless,
    /// Nothing: it is not there any more.
    Gone,
}

/// A release whose files need not be what they were listed as.
#[derive(Default)]
struct Shifting {
    files: Vec<(&'static str, u64, Then)>,
    /// The most bytes that one opened file gave.
    furthest: Arc<AtomicU64>,
}

struct Opened {
    bytes: io::Cursor<Vec<u8>>,
    then: Option<io::ErrorKind>,
    endless: bool,
    given: u64,
    furthest: Arc<AtomicU64>,
}

impl Read for Opened {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = if self.endless {
            buffer.fill(b' ');
            buffer.len()
        } else {
            self.bytes.read(buffer)?
        };
        self.given += n as u64;
        self.furthest.fetch_max(self.given, Ordering::Relaxed);
        match self.then {
            Some(kind) if n == 0 && !buffer.is_empty() => Err(kind.into()),
            _ => Ok(n),
        }
    }
}

impl Source for Shifting {
    fn subject(&self) -> String {
        "shifting".into()
    }

    fn list(&self) -> Result<Listing, Error> {
        let mut files: Vec<FileEntry> =
            self.files.iter().map(|(path, bytes, _)| FileEntry { path: (*path).into(), bytes: *bytes }).collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Listing { files, ..Listing::default() })
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn Read + Send>> {
        let found = self.files.iter().find(|(p, ..)| *p == path);
        let (bytes, then) = match found.map(|(_, _, then)| then) {
            Some(Then::Bytes(bytes)) => (bytes.clone(), None),
            Some(Then::Breaks(bytes)) => (bytes.to_vec(), Some(io::ErrorKind::ConnectionReset)),
            Some(Then::Endless) => (vec![], None),
            Some(Then::Gone) | None => return Err(io::ErrorKind::NotFound.into()),
        };
        let endless = matches!(found, Some((_, _, Then::Endless)));
        let furthest = Arc::clone(&self.furthest);
        Ok(Box::new(Opened { bytes: io::Cursor::new(bytes), then, endless, given: 0, furthest }))
    }
}

fn file<'a>(evidence: &'a Evidence, path: &str) -> &'a FileFact {
    evidence.files.iter().find(|f| f.path == path).unwrap_or_else(|| panic!("no {path}"))
}

/// Kinds and reasons of the gaps of a file.
fn gaps<'a>(evidence: &'a Evidence, path: &str) -> Vec<(GapKind, &'a str)> {
    evidence.gaps.iter().filter(|g| g.what == path).map(|g| (g.kind, g.why.as_str())).collect()
}

/// The finding of a rule.
fn finding(evidence: &Evidence, rule: &str) -> Finding {
    let report = audit(evidence, &built_in("three-criteria").unwrap(), "2026-01-01T00:00:00Z");
    report.findings.into_iter().find(|f| f.rule == rule).unwrap_or_else(|| panic!("no rule {rule}"))
}

#[test]
fn files_that_shrink_grow_break_or_vanish_while_they_are_read() {
    let pointer =
        format!("version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 7\n", Digest::of(b"weights").hex());
    let same = |text: &str| (text.len() as u64, Then::Bytes(text.into()));
    // Published is the digest of what each gives, or of what it was listed as: neither may pass for a verified file.
    let rows: [(&str, (u64, Then), &[u8]); 9] = [
        ("broken.bin", (9, Then::Breaks(b"midway")), b"midway"),
        ("emptied.bin", (4, Then::Bytes(vec![])), b""),
        ("empty.bin", (0, Then::Bytes(vec![])), b""),
        ("filled.bin", (0, Then::Bytes(b"bytes".into())), b""),
        ("gone.bin", (4, Then::Gone), b"gone"),
        ("grown.bin", (5, Then::Bytes(b"bytes and more".into())), b"bytes"),
        ("held.bin", same("bytes"), b"bytes"),
        ("model.safetensors", same(&pointer), b"weights"),
        ("shrunk.bin", (10, Then::Bytes(b"bytes".into())), b"bytes"),
    ];
    let list: String = rows.iter().map(|(path, _, bytes)| format!("{}  {path}\n", Digest::of(bytes))).collect();
    let mut source = Shifting::default();
    for (path, (bytes, then)) in rows.into_iter().map(|(path, listed, _)| (path, listed)).chain([
        ("README.md", same(CARD)),
        ("SHA256SUMS", same(&list)),
        ("bare.txt", (5, Then::Bytes(b"now".into()))),
    ]) {
        source.files.push((path, bytes, then));
    }
    for jobs in [1, 3] {
        let evidence = collect(&source, &Options { jobs, ..Options::default() }).unwrap();
        let changed = |n: &'static str| vec![(GapKind::Changed, n)];
        for (path, told) in [
            ("bare.txt", changed("changed while it was read: 3 / 5")),
            ("broken.bin", vec![(GapKind::Unreadable, "cannot be read: connection reset")]),
            ("emptied.bin", changed("changed while it was read: 0 / 4")),
            ("filled.bin", changed("changed while it was read: 1 / 0")),
            ("gone.bin", vec![(GapKind::Unreadable, "cannot be read: entity not found")]),
            ("grown.bin", changed("changed while it was read: 6 / 5")),
            ("shrunk.bin", changed("changed while it was read: 5 / 10")),
        ] {
            let status = if path == "bare.txt" { FileStatus::Unlisted } else { FileStatus::Declared };
            let file = file(&evidence, path);
            assert_eq!((file.status, &file.sha256, file.computed.len()), (status, &None, 0), "{path}");
            assert_eq!(gaps(&evidence, path), told, "{path}");
        }
        for (path, status) in [
            ("empty.bin", FileStatus::Verified),
            ("held.bin", FileStatus::Verified),
            ("model.safetensors", FileStatus::Declared),
        ] {
            assert_eq!((file(&evidence, path).status, gaps(&evidence, path)), (status, vec![]), "{path}");
        }
        let digests = finding(&evidence, "integrity-digests");
        assert_eq!(digests.outcome, Outcome::Unknown, "{}", digests.says);
        assert!(digests.says.contains("grown.bin") && digests.fr.says.contains("a changé"), "{}", digests.says);
        assert_eq!(finding(&evidence, "license-declared").outcome, Outcome::Met);
    }
}

#[test]
fn a_file_that_changed_is_told_though_no_digest_of_it_is_published() {
    let digest = format!("{}  README.md\n", Digest::of(CARD.as_bytes()));
    let listed = |bytes| {
        let files =
            [("README.md", CARD.len() as u64, CARD), ("README.md.sha256", digest.len() as u64, digest.as_str())];
        let files = files.into_iter().chain([("notes.txt", bytes, "notes")]);
        let files = files.map(|(path, bytes, text)| (path, bytes, Then::Bytes(text.into())));
        let source = Shifting { files: files.collect(), ..Shifting::default() };
        finding(&collect(&source, &Options::default()).unwrap(), "integrity-digests")
    };
    assert_eq!(listed(5).outcome, Outcome::Met);
    let changed = listed(6);
    assert_eq!((changed.outcome, changed.places[0].path.as_str()), (Outcome::Unknown, "notes.txt"), "{}", changed.says);
}

#[test]
fn a_file_that_grows_without_end_is_read_no_further() {
    // The second is long enough to be read ahead.
    for bytes in [10, 64 * 1024 * 1024] {
        for path in ["model.bin", "model.gguf", "model.safetensors"] {
            let source = Shifting { files: vec![(path, bytes, Then::Endless)], ..Shifting::default() };
            let evidence = collect(&source, &Options { jobs: 2, ..Options::default() }).unwrap();
            let read = source.furthest.load(Ordering::Relaxed);
            assert!((bytes..=bytes + BUFFER).contains(&read), "{path}: {read} of {bytes} bytes");
            assert!(file(&evidence, path).sha256.is_none());
            assert_eq!(gaps(&evidence, path)[0].0, GapKind::Changed);
        }
    }
    let text = vec![("README.md", 10, Then::Endless), ("SHA256SUMS", 10, Then::Endless)];
    let evidence = collect(&Shifting { files: text, ..Shifting::default() }, &Options::default()).unwrap();
    assert!(evidence.files.iter().all(|f| gaps(&evidence, &f.path).iter().any(|g| g.0 == GapKind::Changed)));
}

/// A directory to which something is done once it was listed.
struct Afterwards<F: Fn()> {
    dir: Dir,
    then: F,
}

impl<F: Fn() + Sync> Source for Afterwards<F> {
    fn subject(&self) -> String {
        self.dir.subject()
    }

    fn list(&self) -> Result<Listing, Error> {
        let listing = self.dir.list();
        (self.then)();
        listing
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn Read + Send>> {
        self.dir.open(path)
    }
}

/// A release with a card, two folders and a list of all digests; and its evidence when something is done midway.
fn midway(then: impl Fn(&Release) + Sync) -> Evidence {
    let release = Release::with_card(CARD);
    for path in ["data/a.txt", "data/deep/b.txt", "kept/c.txt"] {
        release.write(path, path);
    }
    release.refresh();
    let dir = Dir::open(&release.path()).unwrap();
    collect(&Afterwards { dir, then: || then(&release) }, &Options::default()).unwrap()
}

fn statuses(evidence: &Evidence) -> Vec<(&str, FileStatus)> {
    let listed = evidence.files.iter().filter(|f| f.path != "SHA256SUMS");
    listed.map(|f| (f.path.as_str(), f.status)).collect()
}

#[test]
fn a_folder_that_vanishes_between_listing_and_reading() {
    use FileStatus::{Declared, Verified};
    let evidence = midway(|release| fs::remove_dir_all(release.path().join("data")).unwrap());
    let wanted =
        [("README.md", Verified), ("data/a.txt", Declared), ("data/deep/b.txt", Declared), ("kept/c.txt", Verified)];
    assert_eq!(statuses(&evidence), wanted);
    for path in ["data/a.txt", "data/deep/b.txt"] {
        assert!(gaps(&evidence, path).iter().any(|g| g.0 == GapKind::Unreadable), "{:?}", evidence.gaps);
    }
    assert_eq!(finding(&evidence, "integrity-digests").outcome, Outcome::Unknown);
    assert_eq!(finding(&evidence, "license-declared").outcome, Outcome::Met);
}

#[test]
fn a_release_that_vanishes_midway() {
    let evidence = midway(|release| fs::remove_dir_all(release.path()).unwrap());
    assert!(evidence.files.iter().all(|f| f.sha256.is_none() && !gaps(&evidence, &f.path).is_empty()));
    assert_eq!(evidence.files.len(), 5);
    for rule in ["license-declared", "integrity-digests"] {
        assert_eq!(finding(&evidence, rule).outcome, Outcome::Unknown, "{rule}");
    }
    let release = Release::with_card(CARD);
    let dir = Dir::open(&release.path()).unwrap();
    fs::remove_dir_all(release.path()).unwrap();
    let evidence = collect(&dir, &Options::default()).unwrap();
    assert_eq!((evidence.files.len(), gaps(&evidence, ".")[0].0), (0, GapKind::Unreadable));
}

#[test]
fn files_of_a_directory_that_change_after_they_were_listed() {
    let evidence = midway(|release| {
        release.write("data/a.txt", "data");
        release.append("kept/c.txt", " and more");
        // As long as before: its digest tells.
        release.flip("data/deep/b.txt");
    });
    let wanted = [FileStatus::Declared, FileStatus::Mismatched, FileStatus::Declared];
    assert_eq!(statuses(&evidence).iter().skip(1).map(|s| s.1).collect::<Vec<_>>(), wanted);
    assert_eq!(gaps(&evidence, "data/a.txt"), [(GapKind::Changed, "changed while it was read: 4 / 10")]);
    assert_eq!(gaps(&evidence, "kept/c.txt"), [(GapKind::Changed, "changed while it was read: 11 / 10")]);
    assert_eq!(finding(&evidence, "integrity-digests").outcome, Outcome::NotMet);
}

#[cfg(unix)]
#[test]
fn files_that_become_pipes_folders_or_links_after_they_were_listed() {
    use std::os::unix::fs::symlink;
    let evidence = midway(|release| {
        for path in ["data/a.txt", "data/deep/b.txt", "kept/c.txt"] {
            release.remove(path);
        }
        fs::write(release.outside().join("secret"), "s3cr3t").unwrap();
        symlink(release.outside().join("secret"), release.path().join("data/a.txt")).unwrap();
        pipe(release, "data/deep/b.txt");
        fs::create_dir(release.path().join("kept/c.txt")).unwrap();
    });
    assert!(statuses(&evidence).iter().skip(1).all(|s| s.1 == FileStatus::Declared));
    for path in ["data/a.txt", "data/deep/b.txt", "kept/c.txt"] {
        assert!(gaps(&evidence, path).iter().any(|g| g.0 == GapKind::Unreadable), "{:?}", evidence.gaps);
    }
    assert_eq!(file(&evidence, "README.md").status, FileStatus::Verified);
}

#[test]
fn folders_that_come_and_go_while_they_are_listed() {
    let release = Release::with_card(CARD);
    release.write("zz.txt", "last");
    let (done, folder) = (AtomicBool::new(false), release.path().join("flicker"));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                // A folder that cannot be made or removed now will be in the next round.
                let _ = fs::create_dir_all(folder.join("a/b"));
                let _ = fs::write(folder.join("a/b/c.txt"), "c");
                let _ = fs::remove_dir_all(&folder);
            }
        });
        let rounds = (0..60).map(|_| collect(&Dir::open(&release.path()).unwrap(), &Options::default()).unwrap());
        let rounds: Vec<Evidence> = rounds.collect();
        done.store(true, Ordering::Relaxed);
        for evidence in rounds {
            for path in ["README.md", "zz.txt"] {
                assert!(file(&evidence, path).sha256.is_some(), "{path}");
            }
            let elsewhere = evidence.gaps.iter().find(|g| !g.what.starts_with("flicker"));
            assert_eq!(elsewhere, None);
        }
    });
}

/// Makes a pipe in a release.
#[cfg(unix)]
fn pipe(release: &Release, path: &str) {
    let path = release.path().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[cfg(unix)]
#[test]
fn pipes_sockets_and_devices_are_not_opened() {
    use std::os::unix::fs::symlink;
    let release = Release::with_card(CARD);
    for path in ["ouvert.toml", "SHA256SUMS", ".git/HEAD", "LICENSE"] {
        pipe(&release, path);
    }
    symlink("LICENSE", release.path().join("train.py")).unwrap();
    symlink("/dev/zero", release.path().join("model.safetensors")).unwrap();
    symlink("/dev/stdin", release.path().join("config.json")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(release.path().join("socket")).unwrap();
    // Only who may make devices can find one in a release.
    let device = Command::new("mknod").arg(release.path().join("model.gguf")).args(["c", "1", "5"]).output();
    let device = device.is_ok_and(|made| made.status.success());
    let audit = within(SOON, &release);
    let special = ["ouvert.toml", "SHA256SUMS", "LICENSE", "train.py", "socket"];
    for path in special.into_iter().chain(device.then_some("model.gguf")) {
        assert_eq!(audit.gap(path), Some("special"), "{path}: {}", audit.gaps());
    }
    for path in ["model.safetensors", "config.json"] {
        assert_eq!(audit.gap(path), Some("outside"), "{path}: {}", audit.gaps());
    }
    assert_eq!((audit.code, audit.outcome("license-declared")), (0, "met"));
    assert_eq!(audit.report["files"].as_array().unwrap().len(), 1);
}

#[cfg(unix)]
#[test]
fn links_in_circles_to_folders_above_and_in_long_chains() {
    use std::os::unix::fs::symlink;
    let release = Release::with_card(CARD);
    let link = |to: &str, path: &str| {
        let path = release.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(to, path).unwrap();
    };
    link("circle-b", "circle-a");
    link("circle-a", "circle-b");
    link("../sub", "sub/itself");
    link("..", "sub/above");
    link("../..", "sub/outside");
    link("README.md", "chain-0");
    for n in 1..100 {
        link(&format!("chain-{}", n - 1), &format!("chain-{n}"));
    }
    let audit = within(SOON, &release);
    for (path, kind) in [
        ("circle-a", "unreadable"),
        ("circle-b", "unreadable"),
        ("sub/itself", "special"),
        ("sub/above", "special"),
        ("sub/outside", "outside"),
        ("chain-99", "unreadable"),
    ] {
        assert_eq!(audit.gap(path), Some(kind), "{path}: {}", audit.gaps());
    }
    assert_eq!((audit.code, audit.status("chain-1")), (0, Some("unpublished")));
}

#[cfg(target_os = "linux")]
#[test]
fn a_cache_whose_blobs_are_links_to_links_or_pipes_with_a_tree_of_another_commit() {
    use std::os::unix::fs::symlink;
    let release = Release::empty();
    let commit = "0123456789abcdef0123456789abcdef01234567";
    let cache = release.path().join("models--a--b");
    let (root, blobs, trees) = (cache.join("snapshots").join(commit), cache.join("blobs"), cache.join("trees"));
    for folder in [&root, &blobs, &trees] {
        fs::create_dir_all(folder).unwrap();
    }
    let secret = "s3cr3t-words of a file outside\n";
    fs::write(release.outside().join("secret"), secret).unwrap();
    let id = |bytes: &[u8]| Digest::of(bytes).hex().to_owned();
    fs::write(blobs.join(id(CARD.as_bytes())), CARD).unwrap();
    symlink(release.outside().join("secret"), blobs.join("link")).unwrap();
    symlink("link", blobs.join(id(secret.as_bytes()))).unwrap();
    symlink(id(CARD.as_bytes()), blobs.join("again")).unwrap();
    pipe(&release, &format!("models--a--b/blobs/{}", id(b"pipe")));
    for (path, blob) in [
        ("README.md", id(CARD.as_bytes())),
        ("LICENSE", id(secret.as_bytes())),
        ("again.txt", "again".into()),
        ("train.py", id(b"pipe")),
        ("model.safetensors", id(b"gone")),
    ] {
        symlink(format!("../../blobs/{blob}"), root.join(path)).unwrap();
    }
    let other = format!(r#"{{"format_version":1,"files":{{"other.bin":{{"lfs_sha256":"{}"}}}}}}"#, id(b"other"));
    fs::write(trees.join(format!("{}.json", "b".repeat(40))), other).unwrap();
    let target = format!("release/models--a--b/snapshots/{commit}");
    let audit = confined(&release, &target, 400, 20);
    for (path, kind) in
        [("LICENSE", "outside"), ("again.txt", "outside"), ("train.py", "special"), ("model.safetensors", "dangling")]
    {
        assert_eq!(audit.gap(path), Some(kind), "{path}: {}", audit.gaps());
    }
    assert!(!audit.report.to_string().contains("s3cr3t"));
    assert_eq!((audit.code, audit.status("README.md"), audit.status("other.bin")), (0, Some("verified"), None));
    // The tree of this commit, nested too deep, then a pipe.
    let tree = trees.join(format!("{commit}.json"));
    fs::write(&tree, "[".repeat(10_000)).unwrap();
    assert_eq!(confined(&release, &target, 400, 20).gap("trees/"), Some("malformed"));
    fs::remove_file(&tree).unwrap();
    pipe(&release, &format!("models--a--b/trees/{commit}.json"));
    assert_eq!(confined(&release, &target, 400, 20).status("README.md"), Some("verified"));
}

#[test]
fn a_hundred_megabytes_of_yaml() {
    let release = Release::with_card(CARD);
    let row = "- {license: mit, tags: [a, b, c], name: &n x}\n";
    let many = |bytes: usize| format!("---\nlicense: mit\nrows:\n{}", row.repeat(bytes / row.len()));
    let huge = many(100_000_000);
    release.write("README.md", &huge);
    release.write("dvc.lock", &huge);
    let audit = confined(&release, "release", 400, 20);
    for path in ["README.md", "dvc.lock"] {
        assert_eq!(audit.gap(path), Some("too-big"), "{}", audit.gaps());
    }
    assert_eq!((audit.code, audit.outcome("license-declared")), (0, "unknown"));
    // As much as is read.
    for short in ["rows: [", "rows: {", "rows: [[],"] {
        let (item, end) = if short.contains('{') { ("a:,", "}") } else { ("a,", "]") };
        let front = format!("license: mit\n{short}{}{end}\n", item.repeat(4_000_000 / item.len()));
        release.write("README.md", format!("---\n{front}---\n# H\n"));
        release.write("dvc.lock", front);
        let audit = confined(&release, "release", 400, 20);
        assert_eq!((audit.code, audit.outcome("license-declared")), (0, "met"), "{}", audit.gaps());
    }
}

#[test]
fn ten_million_tensors() {
    // Headers that are read to their end: tiny tensors, and what a reader that keeps every value would choke on.
    let room = 24_000_000;
    let tiny: Vec<String> =
        (0..room / 60).map(|n| format!(r#""{n:07}":{{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#)).collect();
    let many = |item: &str| item.repeat(room / item.len());
    let headers = [
        (format!("{{{}}}", tiny.join(",")), "met"),
        (format!(r#"{{"a":{{"dtype":"U8","shape":[0{}],"data_offsets":[0,0]}}}}"#, many(",0")), "met"),
        (format!(r#"{{"__metadata__":{{{}"z":""}}}}"#, many(r#""":"","#)), "met"),
        (format!(r#"{{"a":[{}0]}}"#, many("[],")), "not-met"),
    ];
    for (header, outcome) in headers {
        let release = Release::with_card(CARD);
        let length = (header.len() as u64).to_le_bytes();
        release.write("model.safetensors", [&length, header.as_bytes()].concat());
        let audit = confined(&release, "release", 400, 10);
        let says = audit.says("integrity-well-formed");
        assert_eq!((audit.code, audit.outcome("integrity-well-formed")), (0, outcome), "{says}");
        assert_eq!(audit.outcome("license-declared"), "met");
    }
    // Ten million take a header of half a gigabyte: its length alone is refused.
    let release = Release::with_card(CARD);
    release.write("model.safetensors", 500_000_000u64.to_le_bytes());
    let file = fs::OpenOptions::new().write(true).open(release.path().join("model.safetensors")).unwrap();
    file.set_len(500_000_008).unwrap();
    let audit = confined(&release, "release", 400, 20);
    assert_eq!((audit.code, audit.outcome("integrity-well-formed")), (0, "not-met"));
    assert!(audit.says("integrity-well-formed").contains("500000000"), "{}", audit.says("integrity-well-formed"));
}

#[test]
fn gguf_that_is_cut_claims_long_strings_or_nests_arrays() {
    let part = |parts: &[&[u8]]| {
        [b"GGUF".as_slice(), &3u32.to_le_bytes()].iter().chain(parts).copied().collect::<Vec<_>>().concat()
    };
    let long = |n: u64| n.to_le_bytes();
    let key = [&long(1)[..], b"a"].concat();
    let kind = |n: u32| n.to_le_bytes();
    let array = [&kind(9)[..], &long(1)].concat().repeat(10_000);
    for (bytes, words) in [
        (part(&[&long(0), &long(1), &key, &kind(8), &long(1 << 60), &[0; 64]]), "1152921504606846976"),
        (part(&[&long(0), &long(1), &long(1 << 60), &[0; 64]]), "1152921504606846976"),
        (part(&[&long(0), &long(1), &key, &kind(9), &array]), "nested too deeply"),
        (part(&[&long(1), &long(0), &key, &kind(1), &long(1)[..4], &[0; 12]]), "inside its header"),
    ] {
        let release = Release::with_card(CARD);
        release.write("model.gguf", &bytes);
        let audit = confined(&release, "release", 400, 20);
        assert_eq!((audit.code, audit.outcome("integrity-well-formed")), (0, "not-met"), "{words}");
        assert!(
            audit.says("integrity-well-formed").contains(words),
            "{words}: {}",
            audit.says("integrity-well-formed")
        );
    }
}

#[test]
fn a_pointer_that_claims_exabytes() {
    let release = Release::with_card(CARD);
    let oid = Digest::of(b"weights");
    for (path, size) in [("a.safetensors", 1u64 << 60), ("b.safetensors", 0), ("c.safetensors", u64::MAX)] {
        release.write(path, format!("version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {size}\n"));
    }
    let audit = within(SOON, &release);
    for path in ["a.safetensors", "b.safetensors", "c.safetensors"] {
        assert_eq!((audit.status(path), audit.gap(path)), (Some("declared"), None), "{}", audit.gaps());
    }
    assert_eq!((audit.code, audit.outcome("integrity-fetched")), (0, "not-met"));
}

#[test]
fn a_manifest_nested_ten_thousand_deep_is_refused() {
    for (open, close) in [("[", "]"), ("{a=", "}")] {
        let release = Release::with_card(CARD);
        let nested = format!("schema = 1\nx = {}1{}\n", open.repeat(10_000), close.repeat(10_000));
        release.write("ouvert.toml", nested);
        assert!(release.refused(&[]).contains("ouvert.toml, line 2"));
    }
}

#[test]
fn a_tampered_report_moves_no_cursor_in_any_format() {
    fn hostile(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::String(text) => text.push_str("\u{1b}[2J\u{9b}2J\u{202e}\u{7f}x"),
            serde_json::Value::Array(items) => items.iter_mut().for_each(hostile),
            serde_json::Value::Object(map) => {
                // What is one of a few words, or a digest, would be refused.
                let fixed = ["id", "outcome", "verdict", "need", "strength", "status", "access", "stage", "kind"];
                let free = map.iter_mut().filter(|(key, value)| {
                    !(fixed.contains(&key.as_str()) || key.contains("digest") || *key == "sha256") || !value.is_string()
                });
                free.for_each(|(_, value)| hostile(value));
            }
            _ => {}
        }
    }
    let release = Release::tiny_open();
    let mut report = release.audit(&["--profile", "three-criteria", "--profile", "mof", "--profile", "g7"]).report;
    hostile(&mut report);
    release.beside("report.json", report.to_string());
    for args in [&["--verbose"][..], &["--lang", "fr"], &["--format", "json"], &["--format", "mot"]] {
        let run = release.run(&[&["render", "report.json"], args].concat());
        assert_eq!(run.code, 0, "{args:?}: {}", run.stderr);
        let shown = run.stdout + &run.stderr;
        let odd = |c: char| c == '\u{202e}' || c.is_control() && c != '\n';
        assert!(!shown.contains(odd), "{args:?}: {:?}", shown.lines().find(|l| l.contains(odd)));
    }
}
