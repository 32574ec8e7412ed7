//! Many releases: every one is done once or told, whatever happens on the way.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::hub::{Site, live};
use crate::support::{HERE, Run, program};

/// Releases in folders of their own, and a place for what surveys write.
struct Field {
    dir: TempDir,
}

const LICENSES: [&str; 4] = ["apache-2.0", "mit", "cc-by-nc-4.0", "llama3.1"];

impl Field {
    fn of(count: usize) -> Field {
        let field = Field { dir: tempfile::tempdir().unwrap() };
        for i in 0..count {
            let card = format!("---\nlicense: {}\n---\n# Release {i}\n\nTrained from scratch.\n", LICENSES[i % 4]);
            field.write(&format!("releases/r{i:04}/README.md"), &card);
            field.write(&format!("releases/r{i:04}/notes.txt"), &"text ".repeat(200 + i));
        }
        field
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn at(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = program();
        command.current_dir(self.dir.path()).arg("survey").args(args);
        command
    }

    fn run(&self, args: &[&str]) -> Run {
        Run::of(self.command(args).output().unwrap())
    }

    fn list(&self, text: &str, args: &[&str]) -> Run {
        self.write("list.txt", text);
        self.run(&[&["list.txt"], args].concat())
    }

    /// The lines of a kind of file of a survey, by target; none is there twice.
    fn lines(&self, folder: &str, what: &str) -> BTreeMap<String, Value> {
        let mut out = BTreeMap::new();
        for entry in fs::read_dir(self.at(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if !name.starts_with(&format!("{what}-")) || !name.ends_with(".jsonl") {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            assert!(text.is_empty() || text.ends_with('\n'), "{name}");
            for line in text.lines() {
                let value: Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{name}: {e}: {line}"));
                let target = value["target"].as_str().unwrap().to_owned();
                assert!(out.insert(target.clone(), value).is_none(), "{target} twice");
            }
        }
        out
    }

    fn rows(&self, folder: &str) -> BTreeMap<String, Value> {
        self.lines(folder, "rows")
    }
}

#[test]
fn every_release_of_a_folder_is_a_row_that_says_what_its_audit_says() {
    let field = Field::of(8);
    let run = field.run(&["releases", "--output", "out"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    assert_eq!(run.stderr, "releases: 8 of 8 done; out\n");
    let rows = field.rows("out");
    assert_eq!(rows.len(), 8);
    for (target, row) in &rows {
        let audit =
            program().current_dir(field.dir.path()).args(["audit", target, "--format", "json"]).output().unwrap();
        let report: Value = serde_json::from_slice(&audit.stdout).unwrap();
        for key in ["level", "score", "evidence_digest", "audited_at"] {
            assert_eq!(row[key], report[key], "{target} {key}");
        }
        assert_eq!(row["license_verdict"], report["criteria"][0]["verdict"]);
        assert_eq!(row["files_digest"], report["subject"]["files_digest"]);
        assert_eq!((row["files"].as_u64(), row["failure"].as_str()), (Some(2), None));
        let count = |outcome: &str| {
            let all = report["findings"].as_array().unwrap().iter();
            all.filter(|f| f["outcome"] == outcome && f["need"] != "recommended").count()
        };
        assert_eq!(row["not_met"].as_array().unwrap().len(), count("not-met"));
        assert_eq!(row["unknown"].as_array().unwrap().len(), count("unknown"));
    }
}

#[test]
fn what_fails_is_told_and_tried_again_and_the_others_go_on() {
    let field = Field::of(2);
    let list =
        "# a list\nreleases/r0000\n\ngone\nhf:bad\nreleases/r0000\nhf:acme/unseen\nesc\u{1b}[2Jape\nreleases/r0001\n";
    let run = field.list(list, &["--output", "out"]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{}", run.stderr);
    assert!(run.stderr.contains("releases: 2 of 6 done, 4 failed, named twice: 1; out\n"), "{}", run.stderr);
    assert!(!run.stderr.contains('\u{1b}'));
    let kinds: BTreeSet<String> =
        field.lines("out", "failed").values().map(|f| format!("{} {}", f["target"], f["kind"])).collect();
    let wanted = [
        "\"5: hf:bad\" \"list\"",
        "\"8: esc[2Jape\" \"list\"",
        "\"gone\" \"not-found\"",
        "\"hf:acme/unseen\" \"not-cached\"",
    ];
    assert_eq!(kinds.iter().map(String::as_str).collect::<Vec<_>>(), wanted);
    let first = field.rows("out");
    // One comes back; the rows that were there stay as they are.
    field.write("gone/README.md", "---\nlicense: mit\n---\n# Back\n");
    let again = field.list(list, &["--output", "out"]);
    assert_eq!(again.code, 1);
    assert!(
        again.stderr.contains("releases: 1 of 4 done, 3 failed, done before: 2, named twice: 1; out\n"),
        "{}",
        again.stderr
    );
    assert_eq!((field.rows("out").len(), field.lines("out", "failed").len()), (3, 3));
    assert!(first.iter().all(|(target, row)| field.rows("out")[target] == *row));
}

#[test]
fn a_survey_that_is_killed_goes_on_without_losing_or_repeating_one() {
    let field = Field::of(120);
    let whole = field.run(&["releases", "--output", "whole"]);
    assert_eq!(whole.code, 0, "{}", whole.stderr);
    let whole = field.rows("whole");
    // Times from a small generator: other moments on every machine, the same in no two rounds.
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for round in 0..3 {
        let out = format!("killed-{round}");
        let args = ["releases", "--output", out.as_str(), "--jobs", "3", "--quiet"];
        let mut kills = 0;
        for attempt in 0u64.. {
            assert!(attempt < 200, "it never ends");
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let mut child = field.command(&args).stderr(Stdio::null()).spawn().unwrap();
            std::thread::sleep(Duration::from_millis(20 + state % (180 + 40 * attempt)));
            match child.try_wait().unwrap() {
                Some(status) => {
                    assert_eq!(status.code(), Some(0));
                    break;
                }
                None => {
                    child.kill().unwrap();
                    child.wait().unwrap();
                    kills += 1;
                    assert!(!field.at(&format!("{out}/done-1-of-1.json")).exists() || field.rows(&out) == whole);
                }
            }
        }
        assert_eq!(field.rows(&out), whole, "after {kills} kills");
    }
}

#[test]
fn evidence_is_collected_here_and_judged_there() {
    let field = Field::of(12);
    let list: String = (0..12).map(|i| format!("releases/r{i:04}\n")).collect::<String>() + "gone\n";
    let collected = field.list(&list, &["--collect-only", "--output", "evidence"]);
    assert_eq!(collected.code, 1, "{}", collected.stderr);
    assert_eq!(field.lines("evidence", "evidence").len(), 12);
    // Judging looks at nothing else: the releases are gone.
    let direct = field.list(&list, &["--output", "direct"]);
    assert_eq!(direct.code, 1);
    fs::rename(field.at("releases"), field.at("moved")).unwrap();
    let judged = field.run(&["evidence", "--output", "judged"]);
    assert_eq!(judged.code, 1, "{}", judged.stderr);
    assert_eq!(field.rows("judged"), field.rows("direct"));
    assert_eq!(field.lines("judged", "failed"), field.lines("direct", "failed"));
    // By other rules, in two parts.
    for shard in ["1/2", "2/2"] {
        field.run(&["evidence", "--output", "mof", "--profile", "mof", "--shard", shard]);
    }
    let mof = field.rows("mof");
    assert_eq!(mof.len(), 12);
    assert!(mof.values().all(|row| row["profile"].as_str().unwrap().starts_with("mof@")));
    let twice = field.run(&["evidence", "--collect-only", "--output", "x"]);
    assert_eq!(twice.code, 2);
    assert!(twice.stderr.contains("leave `--collect-only` out"), "{}", twice.stderr);
    // Evidence that is not all there is not taken for all there is.
    fs::remove_file(field.at("evidence/done-1-of-1.json")).unwrap();
    let open = field.run(&["evidence", "--output", "y"]);
    assert!(open.code == 2 && open.stderr.contains("missing, of 1: 1"), "{}", open.stderr);
}

#[test]
fn stored_evidence_that_was_cut_or_changed_is_refused() {
    let field = Field::of(3);
    field.run(&["releases", "--collect-only", "--output", "evidence"]);
    let path = field.at("evidence/evidence-1-of-1.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, &text[..text.len() - 10]).unwrap();
    let cut = field.run(&["evidence", "--output", "out"]);
    assert!(cut.code == 2 && cut.stderr.contains("it was cut or changed since"), "{}", cut.stderr);
    // A line that is no evidence fails alone.
    let other = text.replacen("\"schema\":1", "\"schema\":9", 1);
    assert_eq!(other.len(), text.len());
    fs::write(&path, &other).unwrap();
    let odd = field.run(&["evidence", "--output", "odd"]);
    assert_eq!((odd.code, field.rows("odd").len()), (1, 2), "{}", odd.stderr);
    assert_eq!(field.lines("odd", "failed").values().next().unwrap()["kind"], "malformed");
    let rows = field.run(&["odd", "--output", "z"]);
    assert!(rows.code == 2 && rows.stderr.contains("holds the rows of a survey"), "{}", rows.stderr);
}

#[test]
fn shards_together_are_one_run() {
    let field = Field::of(40);
    field.run(&["releases", "--output", "whole"]);
    for k in 1..=3 {
        let run = field.run(&["releases", "--output", "parts", "--shard", &format!("{k}/3")]);
        assert_eq!(run.code, 0, "{}", run.stderr);
    }
    assert_eq!(field.rows("parts"), field.rows("whole"));
    let names: BTreeSet<String> = fs::read_dir(field.at("parts"))
        .unwrap()
        .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert!((1..=3).all(|k| names.contains(&format!("done-{k}-of-3.json"))), "{names:?}");
    // A retry that differs is refused, and tells in what.
    for (args, what) in [
        (&["--shard", "1/4"][..], "another shards: 3 there, 4 now"),
        (&["--shard", "1/3", "--no-hash"], "another settings: "),
        (&["--shard", "1/3", "--profile", "mof"], "another profile: "),
        (&["--shard", "1/3", "--collect-only"], "another work: "),
    ] {
        let run = field.run(&[&["releases", "--output", "parts"], args].concat());
        assert!(run.code == 2 && run.stderr.contains(what), "{what}: {}", run.stderr);
    }
    fs::remove_dir_all(field.at("releases/r0007")).unwrap();
    let other = field.run(&["releases", "--output", "parts", "--shard", "1/3"]);
    assert!(other.code == 2 && other.stderr.contains("another list: "), "{}", other.stderr);
    for bad in ["0/3", "4/3", "3", "x/y"] {
        let run = field.run(&["releases", "--output", "x", "--shard", bad]);
        assert!(run.code == 2 && run.stderr.contains("K/N"), "{bad}: {}", run.stderr);
    }
}

#[cfg(unix)]
#[test]
fn two_processes_do_not_write_one_shard() {
    let field = Field::of(2);
    // A release that takes its time: a pipe that nobody fills is no regular file, so a lock is held by this process instead.
    field.run(&["releases", "--output", "out"]);
    let held = fs::File::options().read(true).write(true).open(field.at("out/rows-1-of-1.jsonl")).unwrap();
    held.lock().unwrap();
    let run = field.run(&["releases", "--output", "out"]);
    assert!(run.code == 2 && run.stderr.contains("another process writes to out/rows-1-of-1.jsonl"), "{}", run.stderr);
    drop(held);
    assert_eq!(field.run(&["releases", "--output", "out"]).code, 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_takes_nothing_loses_nothing() {
    let field = Field::of(20);
    let into_file = field.run(&["releases", "--output", "releases/r0000/README.md"]);
    assert!(into_file.code == 2 && into_file.stderr.contains("cannot write"), "{}", into_file.stderr);
    // A disk that is full after some lines: a limit on the length of files, with the signal for it ignored.
    let limited = "trap '' XFSZ; ulimit -f 6; exec \"$0\" survey releases --output out --jobs 1";
    let mut command = Command::new("bash");
    let program = program();
    command.args(["-c", limited]).arg(program.get_program()).current_dir(field.dir.path());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let full = Run::of(command.output().unwrap());
    assert!(full.code == 2 && full.stderr.contains("error: cannot write out/rows-1-of-1.jsonl"), "{}", full.stderr);
    assert!(!field.at("out/done-1-of-1.json").exists());
    let kept = field.rows("out");
    assert!((1..20).contains(&kept.len()), "{}", kept.len());
    assert_eq!(field.run(&["releases", "--output", "out"]).code, 0);
    let all = field.rows("out");
    assert!(all.len() == 20 && kept.iter().all(|(target, row)| all[target] == *row));
    // What is there and is no file is not written to.
    fs::create_dir(field.at("odd")).unwrap();
    std::os::unix::fs::symlink("/dev/full", field.at("odd/rows-1-of-1.jsonl")).unwrap();
    let odd = field.run(&["releases", "--output", "odd"]);
    assert!(odd.code == 2 && odd.stderr.contains("not a regular file"), "{}", odd.stderr);
}

#[test]
fn a_list_comes_from_standard_input_and_an_empty_one_is_told() {
    let field = Field::of(2);
    let mut child =
        field.command(&["-", "--output", "out"]).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"releases/r0001\nreleases/r0000\n").unwrap();
    let run = Run::of(child.wait_with_output().unwrap());
    assert_eq!((run.code, field.rows("out").len()), (0, 2), "{}", run.stderr);
    let empty = field.list("# nothing\n\n", &["--output", "x"]);
    assert!(empty.code == 2 && empty.stderr.contains("list.txt names no release"), "{}", empty.stderr);
    let none = field.run(&["nowhere.txt", "--output", "x"]);
    assert!(none.code == 2 && none.stderr.contains("nowhere.txt"), "{}", none.stderr);
    assert!(!field.at("x").exists());
    let empty = tempfile::tempdir().unwrap();
    let run = field.run(&[&empty.path().to_string_lossy(), "--output", "x"]);
    assert!(run.code == 2 && run.stderr.contains("names no release"), "{}", run.stderr);
}

#[test]
fn saved_evidence_and_the_cache_of_the_hub_are_lists_too() {
    let field = Field::of(0);
    let from = Path::new(HERE).join("tests/evidence");
    let saved: Vec<PathBuf> = fs::read_dir(&from).unwrap().map(|e| e.unwrap().path()).collect();
    let count = saved.iter().filter(|p| p.extension().is_some_and(|e| e == "json")).count();
    assert!(count > 1);
    let run = field.run(&[&from.to_string_lossy(), "--output", "out"]);
    assert_eq!((run.code, field.rows("out").len()), (0, count), "{}", run.stderr);
    let commit = "c".repeat(40);
    for name in ["models--acme--one", "datasets--acme--two"] {
        field.write(&format!("hub/{name}/snapshots/{commit}/README.md"), "---\nlicense: mit\n---\n# One\n");
    }
    field.write("hub/.locks/x", "");
    let run = field.run(&["hub", "--output", "cached"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let revisions: Vec<Value> = field.rows("cached").values().map(|r| r["revision"].clone()).collect();
    assert_eq!(revisions, [commit.as_str(), commit.as_str()]);
}

/// Models of one owner, and one of another.
fn site() -> Site {
    let site = Site::empty();
    for i in 0..9 {
        site.model(&format!("acme/model-{i}"), &format!("---\nlicense: mit\n---\n# Model {i}\n"));
    }
    site.model("other/thing", "---\nlicense: mit\n---\n# Thing\n");
    site.dataset("acme/corpus", "---\nlicense: cc0-1.0\n---\n# Corpus\n");
    site
}

#[test]
fn the_hub_names_the_releases_of_an_owner_or_a_search_once() {
    let (site, field) = (site(), Field::of(0));
    let stub = site.serve();
    stub.page_size(4);
    let survey = |list: &str, folder: &str| {
        let mut command = live(&stub);
        command.current_dir(field.dir.path()).args(["survey", list, "--output", folder]);
        Run::of(command.output().unwrap())
    };
    let run = survey("hf:acme/*", "all");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let rows = field.rows("all");
    assert_eq!(rows.len(), 9);
    assert!(rows.values().all(|r| r["organisation"] == "acme" && r["created"] == "2026-01-01T00:00:00.000Z"));
    // It goes on with the list that it began with.
    site.model("acme/model-late", "# late\n");
    let asked = stub.requests().len();
    assert_eq!((survey("hf:acme/*", "all").code, field.rows("all").len()), (0, 9));
    assert_eq!(stub.requests().len(), asked);
    assert_eq!((survey("hf:?search=thing", "found").code, field.rows("found").len()), (0, 1));
    assert_eq!((survey("hf:datasets/acme/*", "data").code, field.rows("data").len()), (0, 1));
    let nothing = survey("hf:nobody/*", "none");
    assert!(nothing.code == 2 && nothing.stderr.contains("names no release"), "{}", nothing.stderr);
}

#[test]
fn all_releases_share_one_budget() {
    let site = site();
    let stub = site.serve();
    // Windows of two seconds: what is granted is used up several times, and never asked for more.
    stub.limit(12, Duration::from_secs(2));
    let field = Field::of(0);
    let list: String = (0..9).map(|i| format!("hf:acme/model-{i}\n")).collect();
    field.write("list.txt", &list);
    let mut command = live(&stub);
    command.current_dir(field.dir.path()).args(["survey", "list.txt", "--output", "out", "--jobs", "4"]);
    let run = Run::of(command.output().unwrap());
    assert_eq!((run.code, field.rows("out").len()), (0, 9), "{}", run.stderr);
    assert!(stub.requests().len() > 24, "{} requests met no limit", stub.requests().len());
    assert!(field.rows("out").values().all(|r| r["gaps"] == 0), "{:?}", field.rows("out"));
}

#[test]
fn judging_stored_evidence_opens_no_socket() {
    let site = site();
    let stub = site.serve();
    let field = Field::of(0);
    field.write("list.txt", "hf:acme/model-1\nhf:acme/model-2\nhf:acme/none\n");
    let survey = |args: &[&str]| {
        let mut command = live(&stub);
        command.current_dir(field.dir.path()).arg("survey").args(args);
        Run::of(command.output().unwrap())
    };
    assert_eq!(survey(&["list.txt", "--collect-only", "--output", "evidence"]).code, 1);
    assert_eq!(survey(&["list.txt", "--output", "direct"]).code, 1);
    let asked = stub.requests().len();
    assert!(asked > 3);
    assert_eq!(survey(&["evidence", "--output", "judged"]).code, 1);
    assert_eq!(stub.requests().len(), asked);
    assert_eq!(field.rows("judged"), field.rows("direct"));
    assert_eq!(field.lines("judged", "failed")["hf:acme/none"]["kind"], "hidden");
}

#[test]
fn a_bare_report_counts_what_the_whole_one_counts() {
    use ouvert::{audit, evidence::Evidence, profile};
    let folders = ["tests/evidence", "tests/golden"];
    let files = folders.iter().flat_map(|f| fs::read_dir(Path::new(HERE).join(f)).unwrap());
    let texts = files.map(|e| fs::read_to_string(e.unwrap().path()).unwrap_or_default());
    let mut all: Vec<Evidence> = texts.filter_map(|text| serde_json::from_str(&text).ok()).collect();
    assert!(all.len() >= 2);
    all.push(Evidence::default());
    for evidence in &all {
        for id in profile::ids() {
            let profile = profile::built_in(id).unwrap();
            let whole = audit::audit(evidence, &profile, "2026-01-31T12:00:00Z");
            let bare = audit::bare(evidence, &profile, "2026-01-31T12:00:00Z");
            assert_eq!((&bare.criteria, &bare.level, bare.score), (&whole.criteria, &whole.level, whole.score), "{id}");
            let counted = |r: &ouvert::report::Report| -> Vec<_> {
                r.findings.iter().map(|f| (f.rule.clone(), f.outcome, f.strength, f.grade.clone())).collect()
            };
            assert_eq!(counted(&bare), counted(&whole), "{id}");
            assert_eq!((&bare.evidence_digest, &bare.licenses), (&whole.evidence_digest, &whole.licenses));
            let row = |r| ouvert::survey::Row::of("x", r, None);
            assert_eq!(row(&bare), row(&whole), "{id}");
        }
    }
}

#[test]
fn how_far_it_has_come_is_told() {
    let site = site();
    let stub = site.serve();
    stub.delay(Duration::from_millis(150));
    let field = Field::of(0);
    field.write("list.txt", &(0..9).map(|i| format!("hf:acme/model-{i}\n")).collect::<String>());
    let mut command = live(&stub);
    command.current_dir(field.dir.path()).args(["survey", "list.txt", "--output", "out", "--jobs", "1", "--verbose"]);
    let run = Run::of(command.output().unwrap());
    assert_eq!(run.code, 0, "{}", run.stderr);
    let line = run.stderr.lines().find(|l| l.contains(" of 9, ")).unwrap_or_else(|| panic!("{}", run.stderr));
    for wanted in ["releases: ", "/s, ", " left", ": requests left: "] {
        assert!(line.contains(wanted), "{wanted}: {line}");
    }
}

/// A Parquet file with one column of text.
fn parquet(column: &str, values: &[&str]) -> Vec<u8> {
    use parquet::data_type::{ByteArray, ByteArrayType};
    let mut out = Vec::new();
    let schema =
        parquet::schema::parser::parse_message_type(&format!("message m {{ required binary {column} (UTF8); }}"));
    let schema = std::sync::Arc::new(schema.unwrap());
    let mut writer =
        parquet::file::writer::SerializedFileWriter::new(&mut out, schema, std::sync::Arc::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let mut one = group.next_column().unwrap().unwrap();
    let values: Vec<ByteArray> = values.iter().map(|v| ByteArray::from(*v)).collect();
    one.typed::<ByteArrayType>().write_batch(&values, None, None).unwrap();
    one.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
    out
}

#[test]
fn the_statistics_of_the_hub_are_a_list() {
    let field = Field::of(0);
    fs::write(field.at("models.parquet"), parquet("id", &["acme/one", "acme/one", "no id\nhf:x/y", "acme/two"]))
        .unwrap();
    let run = field.run(&["models.parquet", "--output", "out"]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let failed: Vec<String> = field.lines("out", "failed").into_keys().collect();
    assert_eq!(failed, ["3: hf:no id hf:x/y", "hf:acme/one", "hf:acme/two"], "{}", run.stderr);
    fs::write(field.at("datasets.parquet"), parquet("id", &["acme/corpus"])).unwrap();
    field.run(&["datasets.parquet", "--output", "data"]);
    assert!(field.lines("data", "failed").contains_key("hf:datasets/acme/corpus"));
    for (name, bytes) in
        [("other.parquet", parquet("name", &["a/b"])), ("broken.parquet", b"PAR1 and no more".to_vec())]
    {
        fs::write(field.at(name), bytes).unwrap();
        let run = field.run(&[name, "--output", "x"]);
        assert!(run.code == 2 && run.stderr.contains(&format!("error: {name}: Parquet")), "{}", run.stderr);
    }
}
