//! Digests known from an earlier run, with real files: what is read again, what is not, and what is told of bytes that changed
//! in silence.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Release, Run, program};

/// A release whose files are a day old, and a folder for what is kept of it.
struct Kept {
    release: Release,
    cache: TempDir,
}

fn day_ago() -> SystemTime {
    SystemTime::now() - Duration::from_secs(86_400)
}

fn set_back(path: &Path, time: SystemTime) {
    File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
}

/// As long as a change may go unseen by the clock of a file system.
fn settle() {
    std::thread::sleep(Duration::from_millis(2200));
}

impl Kept {
    fn new() -> Kept {
        let release = Release::with_card("---\nlicense: mit\n---\n# A\n");
        release.write("model.safetensors", "weights");
        release.write("data/part", "bytes");
        for path in release.files() {
            set_back(&release.path().join(path), day_ago());
        }
        Kept { release, cache: tempfile::tempdir().unwrap() }
    }

    /// A release of which digests were kept.
    fn hashed() -> Kept {
        let kept = Kept::new();
        settle();
        assert_eq!(kept.ways(&["--trust-cache"]), [("recomputed", 3)]);
        kept
    }

    fn run(&self, args: &[&str]) -> Run {
        let mut command = program();
        command.current_dir(self.release.outside()).env("OUVERT_CACHE", self.cache.path()).args(args);
        Run::of(command.output().unwrap())
    }

    fn verify(&self, args: &[&str]) -> (Value, Run) {
        let run = self.run(&[&["verify", "release", "--format", "json"], args].concat());
        (serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}", run.stderr)), run)
    }

    /// How many digests were had in which way.
    fn ways(&self, args: &[&str]) -> Vec<(&'static str, usize)> {
        let (found, run) = self.verify(args);
        assert_eq!(run.stderr, "");
        let files = found["files"].as_array().unwrap();
        let count = |way: &'static str| (way, files.iter().filter(|f| f["digest_by"] == way).count());
        ["recomputed", "cached"].map(count).into_iter().filter(|(_, n)| *n > 0).collect()
    }

    fn place(&self, path: &str) -> PathBuf {
        self.release.path().join(path)
    }

    /// The one file in which all is kept.
    fn file(&self) -> Option<PathBuf> {
        let mut folders = vec![self.cache.path().join("digests")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_file() {
                    return Some(path);
                }
                folders.push(path);
            }
        }
        None
    }
}

fn file<'a>(found: &'a Value, path: &str) -> &'a Value {
    found["files"].as_array().unwrap().iter().find(|f| f["path"] == path).unwrap()
}

#[test]
fn what_did_not_change_is_not_read_again() {
    let kept = Kept::hashed();
    assert_eq!(kept.ways(&["--trust-cache"]), [("cached", 3)]);
    let (found, _) = kept.verify(&["--trust-cache"]);
    let weights = file(&found, "model.safetensors");
    assert_eq!(weights["sha256"], ouvert::digest::Digest::of(b"weights").hex());
    assert!(weights["digest_age"].as_u64().unwrap() < 60, "{weights}");
    // Every file is read unless it is asked for otherwise, and where the digest is too old.
    assert_eq!(kept.ways(&[]), [("recomputed", 3)]);
    settle();
    assert_eq!(kept.ways(&["--trust-cache", "--cache-max-age", "1s"]), [("recomputed", 3)]);
    assert_eq!(kept.ways(&["--trust-cache", "--cache-max-age", "1s"]), [("cached", 3)]);
    // A file that comes, one that changes, one that goes.
    kept.release.write("new", "n");
    kept.release.write("data/part", "other");
    kept.release.remove("README.md");
    assert_eq!(kept.ways(&["--trust-cache"]), [("recomputed", 2), ("cached", 1)]);
}

#[test]
fn how_each_digest_was_had_is_told() {
    let kept = Kept::hashed();
    let says = |args: &[&str]| kept.run(args).stdout;
    let table = says(&["verify", "release", "--trust-cache", "--verbose"]);
    assert!(table.contains("  model.safetensors  (cached, ") && table.contains("digests: cached 3 ("), "{table}");
    let plain = says(&["verify", "release", "--verbose"]);
    assert!(plain.contains("  model.safetensors  (recomputed)") && !plain.contains("cached"), "{plain}");
    let french = says(&["verify", "release", "--trust-cache", "--quiet", "--lang", "fr"]);
    assert!(french.contains("(empreintes : gardées d'avant 3 ("), "{french}");
    let report: Value =
        serde_json::from_str(&says(&["audit", "release", "--trust-cache", "--format", "json"])).unwrap();
    assert_eq!(file(&report, "model.safetensors")["digest_by"], "cached");
    let schema: Value = serde_json::from_str(&says(&["render", "--schema"])).unwrap();
    let faults: Vec<String> =
        jsonschema::validator_for(&schema).unwrap().iter_errors(&report).map(|e| e.to_string()).collect();
    assert!(faults.is_empty(), "{faults:?}");
    let page = says(&["audit", "release", "--trust-cache", "--format", "html"]);
    assert!(page.contains("<span class=\"faint\">cached, ") && page.contains("cached 3 ("));
    let screen = says(&["audit", "release", "--trust-cache"]);
    assert!(screen.contains("digests: cached 3"), "{screen}");
}

#[test]
fn bytes_that_change_in_silence_are_told_as_corrupted() {
    for args in [&[][..], &["--trust-cache"]] {
        let kept = Kept::hashed();
        let place = kept.place("model.safetensors");
        let time = fs::metadata(&place).unwrap().modified().unwrap();
        fs::write(&place, "weighTs").unwrap();
        set_back(&place, time);
        // It is told again as long as the bytes are these.
        for _ in 0..2 {
            let (found, run) = kept.verify(args);
            let weights = file(&found, "model.safetensors");
            assert_eq!((run.code, weights["status"].as_str()), (1, Some("corrupted")), "{weights}");
            assert_eq!(weights["before"]["hex"], ouvert::digest::Digest::of(b"weights").hex());
        }
        let table = kept.run(&["verify", "release"]).stdout;
        assert!(table.starts_with("corrupted: 1\n  model.safetensors\n"), "{table}");
        assert!(table.contains("the bytes changed though the modification time did not: sha256:"), "{table}");
        let audit = kept.run(&["audit", "release", "--format", "json"]);
        assert_eq!(audit.code, 1);
        let says = "the bytes changed though the modification time did not: `model.safetensors`";
        assert!(audit.stdout.contains(says), "{}", audit.stdout);
        // Once a time of change says so, it is another file.
        fs::write(&place, "weighTs").unwrap();
        assert_eq!(file(&kept.verify(args).0, "model.safetensors")["status"], "unpublished");
    }
}

#[test]
fn a_published_digest_that_holds_outranks_one_from_before() {
    let kept = Kept::new();
    let place = kept.place("model.safetensors");
    let (good, time) = (fs::read(&place).unwrap(), fs::metadata(&place).unwrap().modified().unwrap());
    fs::write(&place, "weighTs").unwrap();
    set_back(&place, time);
    settle();
    kept.verify(&["--trust-cache"]);
    // What was broken before is mended from a copy, with its time.
    kept.release.write("model.safetensors.sha256", ouvert::digest::Digest::of(&good).hex());
    fs::write(&place, &good).unwrap();
    set_back(&place, time);
    let (found, run) = kept.verify(&["--trust-cache"]);
    assert_eq!((run.code, file(&found, "model.safetensors")["status"].as_str()), (0, Some("verified")), "{found}");
}

#[test]
fn another_file_of_the_same_name_and_time_is_read() {
    let kept = Kept::hashed();
    let place = kept.place("model.safetensors");
    let time = fs::metadata(&place).unwrap().modified().unwrap();
    let other = kept.place("other");
    fs::write(&other, "weights").unwrap();
    set_back(&other, time);
    fs::rename(&other, &place).unwrap();
    let (found, run) = kept.verify(&["--trust-cache"]);
    assert_eq!((run.code, file(&found, "model.safetensors")["digest_by"].as_str()), (0, Some("recomputed")));
    assert_eq!(file(&found, "README.md")["digest_by"], "cached");
}

#[test]
fn a_file_hashed_at_once_after_it_was_written_is_read_again() {
    let kept = Kept::hashed();
    kept.release.write("model.safetensors", "wEights");
    for _ in 0..2 {
        let (found, _) = kept.verify(&["--trust-cache"]);
        assert_eq!(file(&found, "model.safetensors")["digest_by"], "recomputed");
    }
    settle();
    assert_eq!(kept.ways(&["--trust-cache"]), [("recomputed", 1), ("cached", 2)]);
    assert_eq!(kept.ways(&["--trust-cache"]), [("cached", 3)]);
    // A file of tomorrow may change in the time until then.
    set_back(&kept.place("README.md"), SystemTime::now() + Duration::from_secs(86_400));
    settle();
    for _ in 0..2 {
        assert_eq!(kept.ways(&["--trust-cache"]), [("recomputed", 1), ("cached", 2)]);
    }
}

#[test]
fn what_is_kept_and_broken_is_told_and_not_trusted() {
    let kept = Kept::hashed();
    let file = kept.file().unwrap();
    let text = fs::read_to_string(&file).unwrap();
    // Somebody writes another digest into it.
    let digest = ouvert::digest::Digest::of(b"weights");
    fs::write(&file, text.replace(digest.hex(), &"0".repeat(64))).unwrap();
    let (found, run) = kept.verify(&["--trust-cache"]);
    assert!(run.stderr.contains("the digests kept from before are broken"), "{}", run.stderr);
    assert_eq!((run.code, found["files"][0]["digest_by"].as_str()), (0, Some("recomputed")));
    // It was written anew.
    assert_eq!(kept.ways(&["--trust-cache"]), [("cached", 3)]);
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
    let (found, run) = kept.verify(&["--trust-cache"]);
    assert!(run.stderr.contains("others may write them"), "{}", run.stderr);
    assert_eq!(found["files"][0]["digest_by"], "recomputed");
}

#[test]
fn nothing_is_kept_unless_asked_for() {
    let kept = Kept::new();
    assert_eq!(kept.ways(&[]), [("recomputed", 3)]);
    assert_eq!(kept.file(), None);
    let off = |args: &[&str]| {
        let mut command = program();
        Run::of(command.current_dir(kept.release.outside()).args(["verify", "release"]).args(args).output().unwrap())
    };
    let run = off(&["--trust-cache"]);
    assert!(run.code == 0 && run.stderr.contains("there is no folder to keep digests in"), "{}", run.stderr);
    for wrong in [&["--cache-max-age", "7d"][..], &["--trust-cache", "--cache-max-age", "soon"]] {
        assert_eq!(off(wrong).code, 2);
    }
}
