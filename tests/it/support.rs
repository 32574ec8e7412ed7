//! Small releases made by tests, and the program run on them with nothing of the machine's environment.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use ouvert::digest::Digest;
use serde_json::Value;
use tempfile::TempDir;

/// The directory of this crate.
pub(crate) const HERE: &str = env!("CARGO_MANIFEST_DIR");

/// 2026-01-01T00:00:00Z, the only moment that tests know.
const EPOCH: &str = "1767225600";

/// The program, freed of every variable that could change what it writes.
pub(crate) fn program() -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("ouvert"));
    let unset =
        ["OUVERT_LANG", "LANG", "LC_ALL", "LC_MESSAGES", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "TERM"];
    for name in unset {
        command.env_remove(name);
    }
    for name in ["HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "XDG_CACHE_HOME"] {
        command.env_remove(name);
    }
    for name in ["HF_TOKEN", "HF_TOKEN_PATH", "GITHUB_TOKEN", "GH_TOKEN", "GITLAB_TOKEN", "OUVERT_CONTACT"] {
        command.env_remove(name);
    }
    for name in ["OUVERT_SHARD_INDEX", "OUVERT_SHARD_OFFSET", "SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX"] {
        command.env_remove(name);
    }
    for name in ["AWS_BATCH_JOB_ARRAY_INDEX", "CI_NODE_INDEX"] {
        command.env_remove(name);
    }
    // What opens a store of whoever runs the tests is none of theirs.
    let opens =
        |name: &str| ["AWS_", "GOOGLE_", "AZURE_", "STORAGE_EMULATOR_"].iter().any(|start| name.starts_with(start));
    std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(opens)).for_each(|(name, _)| {
        command.env_remove(name);
    });
    // A test that speaks to a stand-in on loopback says so; no other sends a packet, and none keeps an answer.
    command.env("HF_HUB_OFFLINE", "1").env("OUVERT_CACHE", "off");
    // A cache that holds nothing, wherever the tests run.
    command.env("HF_HOME", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/no-cache"));
    command.env("SOURCE_DATE_EPOCH", EPOCH);
    command
}

/// Says that a test was skipped, past the capture of the test runner; CI must not skip it.
pub(crate) fn skip(why: &str) {
    assert!(std::env::var_os("CI").is_none(), "CI must not skip this: {why}");
    let _ = writeln!(std::io::stderr(), "skipped: {why}");
}

/// What a run of the program left behind.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    pub(crate) fn of(output: Output) -> Run {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
        let code = output.status.code().expect("no signal ended the program");
        Run { code, stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

/// Runs the program in a directory.
pub(crate) fn run_in(folder: &Path, args: &[&str]) -> Run {
    Run::of(program().current_dir(folder).args(args).output().expect("the program runs"))
}

/// Runs the program in the crate's directory.
pub(crate) fn run(args: &[&str]) -> Run {
    run_in(Path::new(HERE), args)
}

/// What an audit left behind.
pub(crate) struct Audit {
    pub(crate) report: Value,
    pub(crate) code: i32,
    pub(crate) stderr: String,
}

impl Audit {
    /// The level reached.
    pub(crate) fn level(&self) -> &str {
        self.report["level"].as_str().expect("a level")
    }

    /// The verdict of a criterion.
    pub(crate) fn verdict(&self, criterion: &str) -> &str {
        let all = self.report["criteria"].as_array().expect("criteria");
        let one = all.iter().find(|c| c["id"] == criterion).unwrap_or_else(|| panic!("no criterion {criterion}"));
        one["verdict"].as_str().expect("a verdict")
    }

    /// The finding of a rule.
    pub(crate) fn finding(&self, rule: &str) -> &Value {
        let all = self.report["findings"].as_array().expect("findings");
        all.iter().find(|f| f["rule"] == rule).unwrap_or_else(|| panic!("no rule {rule}"))
    }

    /// The outcome of a rule.
    pub(crate) fn outcome(&self, rule: &str) -> &str {
        self.finding(rule)["outcome"].as_str().expect("an outcome")
    }

    /// What was found by a rule, in words.
    pub(crate) fn says(&self, rule: &str) -> &str {
        self.finding(rule)["says"].as_str().expect("a sentence")
    }

    /// The status of a file, where the report lists it.
    pub(crate) fn status(&self, path: &str) -> Option<&str> {
        let all = self.report["files"].as_array().expect("files");
        all.iter().find(|f| f["path"] == path).and_then(|f| f["status"].as_str())
    }

    /// The kind of the first gap whose subject holds these words.
    pub(crate) fn gap(&self, what: &str) -> Option<&str> {
        let all = self.report["gaps"].as_array().expect("gaps");
        all.iter().find(|g| g["what"].as_str().is_some_and(|w| w.contains(what))).and_then(|g| g["kind"].as_str())
    }

    /// All gaps, for words in them and for messages.
    pub(crate) fn gaps(&self) -> String {
        self.report["gaps"].to_string()
    }

    /// Findings that fall short and gaps, for a message.
    pub(crate) fn shortfalls(&self) -> String {
        let findings = self.report["findings"].as_array().expect("findings").iter();
        let short = findings.filter(|f| f["outcome"] == "not-met" || f["outcome"] == "unknown");
        let lines = short.map(|f| format!("  {} {} {}: {}\n", f["need"], f["rule"], f["outcome"], f["says"]));
        lines.chain([format!("  gaps {}\n  stderr {}", self.report["gaps"], self.stderr)]).collect()
    }
}

/// A release in a temporary directory, in its folder `release`.
pub(crate) struct Release {
    dir: TempDir,
}

impl Release {
    /// A release without files.
    pub(crate) fn empty() -> Release {
        let dir = tempfile::tempdir().expect("a temporary directory");
        fs::create_dir(dir.path().join("release")).expect("a folder");
        Release { dir }
    }

    /// A release with a card only.
    pub(crate) fn with_card(card: impl AsRef<[u8]>) -> Release {
        let release = Release::empty();
        release.write("README.md", card);
        release
    }

    /// A copy of the shipped release.
    pub(crate) fn tiny_open() -> Release {
        let release = Release::empty();
        copy(&Path::new(HERE).join("tests/releases/tiny-open"), &release.path());
        release
    }

    /// The folder above the release.
    pub(crate) fn outside(&self) -> &Path {
        self.dir.path()
    }

    /// The release's folder.
    pub(crate) fn path(&self) -> PathBuf {
        self.dir.path().join("release")
    }

    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }

    /// Writes a file beside the release, in the folder that the program is run in.
    pub(crate) fn beside(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.outside().join(name), bytes).expect("a file");
    }

    pub(crate) fn bytes(&self, path: &str) -> Vec<u8> {
        fs::read(self.path().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    pub(crate) fn text(&self, path: &str) -> String {
        String::from_utf8(self.bytes(path)).expect("UTF-8")
    }

    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.path().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"));
    }

    /// Replaces words that must be there.
    pub(crate) fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.text(path);
        assert!(text.contains(from), "{path} does not hold {from:?}");
        self.write(path, text.replace(from, to));
    }

    pub(crate) fn append(&self, path: &str, text: &str) {
        self.write(path, self.text(path) + text);
    }

    /// Flips the lowest bit of the byte in the middle of a file.
    pub(crate) fn flip(&self, path: &str) {
        let mut bytes = self.bytes(path);
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        self.write(path, bytes);
    }

    /// Writes SHA256SUMS anew for all files that are there, and the digests of ouvert.toml, whose missing files go.
    pub(crate) fn refresh(&self) {
        let old_corpus =
            Digest::of(&fs::read(Path::new(HERE).join("tests/releases/tiny-open/data/corpus.txt")).expect("corpus"));
        let mut sums = String::new();
        for path in self.files() {
            if path != "SHA256SUMS" && path != "ouvert.toml" {
                sums.push_str(&format!("{}  {path}\n", Digest::of(&self.bytes(&path)).hex()));
            }
        }
        self.write("SHA256SUMS", sums);
        if !self.path().join("ouvert.toml").exists() {
            return;
        }
        let text = self.text("ouvert.toml");
        let mut parts = text.split("[[artifact]]\n");
        let mut out = parts.next().unwrap_or_default().to_owned();
        if self.path().join("data/corpus.txt").exists() {
            out = out.replace(old_corpus.hex(), Digest::of(&self.bytes("data/corpus.txt")).hex());
        }
        for part in parts {
            let path = part.lines().find_map(|l| l.strip_prefix("path = \"")).expect("a path").trim_end_matches('"');
            if !self.path().join(path).exists() {
                continue;
            }
            let digest = format!("sha256 = \"{}\"", Digest::of(&self.bytes(path)).hex());
            let lines = part.lines().map(|l| if l.starts_with("sha256 = ") { digest.as_str() } else { l });
            out.push_str(&format!("[[artifact]]\n{}\n", lines.collect::<Vec<_>>().join("\n")));
        }
        self.write("ouvert.toml", out);
    }

    /// Paths of the files, sorted, with forward slashes.
    pub(crate) fn files(&self) -> Vec<String> {
        let mut out = Vec::new();
        let mut folders = vec![self.path()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let inside = path.strip_prefix(self.path()).expect("inside").to_string_lossy().replace('\\', "/");
                    out.push(inside);
                }
            }
        }
        out.sort();
        out
    }

    /// Runs a command on the release, from the folder above it: it is called `release` there.
    pub(crate) fn run(&self, args: &[&str]) -> Run {
        run_in(self.outside(), args)
    }

    /// Runs a command as a user who is not root; `None` when that cannot be done here.
    #[cfg(unix)]
    pub(crate) fn run_as_anybody(&self, args: &[&str]) -> Option<Run> {
        use std::os::unix::fs::PermissionsExt;
        let probe = self.outside().join("probe");
        fs::write(&probe, "").expect("a probe");
        fs::set_permissions(&probe, fs::Permissions::from_mode(0o000)).expect("permissions");
        if fs::File::open(&probe).is_err() {
            return Some(self.run(args));
        }
        fs::set_permissions(self.outside(), fs::Permissions::from_mode(0o755)).expect("permissions");
        let copy = self.outside().join("ouvert");
        fs::copy(program().get_program(), &copy).expect("a copy that anybody may run");
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(copy).args(args);
        command.current_dir(self.outside()).output().ok().map(Run::of)
    }

    /// Audits the release; the report must be there.
    pub(crate) fn audit(&self, args: &[&str]) -> Audit {
        let run = self.run(&[&["audit", "release", "--format", "json"], args].concat());
        let report = serde_json::from_str(&run.stdout)
            .unwrap_or_else(|e| panic!("no report ({e}), exit {}: {}", run.code, run.stderr));
        Audit { report, code: run.code, stderr: run.stderr }
    }

    /// Audits the release, which must be refused: exit 2, nothing on standard output. Returns standard error.
    pub(crate) fn refused(&self, args: &[&str]) -> String {
        let run = self.run(&[&["audit", "release", "--format", "json"], args].concat());
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{}", run.stderr);
        run.stderr
    }
}

/// Audits a release, which must end in time.
pub(crate) fn within(limit: Duration, release: &Release) -> Audit {
    let mut command = program();
    command.current_dir(release.outside()).args(["audit", "release", "--output", "within.json"]).stdout(Stdio::null());
    let mut child = command.stderr(Stdio::piped()).spawn().expect("the program runs");
    let start = Instant::now();
    while child.try_wait().expect("a status").is_none() {
        if start.elapsed() > limit {
            child.kill().expect("it ends");
            panic!("no end within {limit:?}");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let run = Run::of(child.wait_with_output().expect("an output"));
    let text = fs::read_to_string(release.outside().join("within.json"))
        .unwrap_or_else(|e| panic!("no report ({e}): {}", run.stderr));
    Audit { report: serde_json::from_str(&text).expect("JSON"), code: run.code, stderr: run.stderr }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}
