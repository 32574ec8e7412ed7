//! The template for Slurm on a real one of three emulated nodes (`OUVERT_SLURM` names its slurm.conf, which `.ci/run` makes): a task is
//! killed, another requeued, a node drained, and what comes of it in the end is what one process gives.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::support::{Run, program, skip};

/// How long anything is waited for.
const PATIENCE: Duration = Duration::from_secs(300);
/// Tasks that are stopped once they have written something: the first is requeued, the second killed.
const REQUEUED: u32 = 2;
const KILLED: u32 = 5;

/// One test at a time drains nodes.
static CLUSTER: Mutex<()> = Mutex::new(());

/// Stands before the program: the two tasks stop at their first start, as soon as there is a line of theirs.
const STOPPER: &str = r#"#!/usr/bin/env bash
set -euo pipefail
id=${SLURM_ARRAY_TASK_ID:-none}
case $id in
  2 | 5) mkdir "$HOLD/$id" 2>/dev/null || exec "$REAL" "$@" ;;
  *) exec "$REAL" "$@" ;;
esac
"$REAL" "$@" &
pid=$!
until [ -s "$OUT/$LINES-$((id + 1))-of-8.jsonl" ]; do kill -0 "$pid"; sleep 0.005; done
kill -STOP "$pid"
echo "$pid" > "$HOLD/$id/new"
mv "$HOLD/$id/new" "$HOLD/$id/pid"
wait "$pid"
"#;

/// A folder that every node sees, and the cluster.
struct Site {
    dir: TempDir,
    conf: String,
}

/// A node that takes no jobs, until this is dropped.
struct Drained<'a> {
    site: &'a Site,
    node: String,
}

impl Drop for Drained<'_> {
    fn drop(&mut self) {
        let _ = self.site.ask("scontrol", &["update", &format!("nodename={}", self.node), "state=resume"]);
    }
}

impl Site {
    fn new() -> Option<Site> {
        let Ok(conf) = std::env::var("OUVERT_SLURM") else {
            skip("start a Slurm of three nodes and set OUVERT_SLURM to its slurm.conf");
            return None;
        };
        Some(Site { dir: tempfile::tempdir().unwrap(), conf })
    }

    fn at(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn ask(&self, tool: &str, args: &[&str]) -> String {
        let run = Run::of(Command::new(tool).args(args).env("SLURM_CONF", &self.conf).output().unwrap());
        assert_eq!(run.code, 0, "{tool} {args:?}: {}{}", run.stdout, run.stderr);
        run.stdout
    }

    fn ouvert(&self, args: &[&str]) -> Run {
        Run::of(program().current_dir(self.dir.path()).args(args).output().unwrap())
    }

    /// The template, filled in by variables.
    fn submit(&self, work: &str, list: &str, lines: &str) -> Run {
        let script = self.at("ouvert.slurm.sh");
        let stopper = self.at("stopper");
        fs::write(&script, self.ouvert(&["template", "slurm"]).stdout).unwrap();
        fs::write(&stopper, STOPPER).unwrap();
        for path in [&script, &stopper] {
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        fs::create_dir_all(self.at("hold")).unwrap();
        let mut command = Command::new(script);
        let plain = program();
        for (name, value) in plain.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command.env("REAL", plain.get_program()).env("OUVERT", stopper).env("SLURM_CONF", &self.conf);
        command.envs([("WORK", work), ("LIST", list), ("SHARDS", "8"), ("CPUS", "1"), ("TIME", "00:10:00")]);
        command.env("OUT", self.at("out")).env("RESULT", self.at("result.jsonl")).env("HOLD", self.at("hold"));
        Run::of(command.env("LINES", lines).current_dir(self.dir.path()).output().unwrap())
    }

    /// Waits until something is so.
    fn until<T>(&self, what: &str, mut is: impl FnMut() -> Option<T>) -> T {
        let start = Instant::now();
        loop {
            if let Some(found) = is() {
                return found;
            }
            assert!(start.elapsed() < PATIENCE, "{what}: not in time\n{}\n{}", self.ask("squeue", &[]), self.logs());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn logs(&self) -> String {
        let Ok(all) = fs::read_dir(self.at("out.logs")) else { return String::new() };
        let text = |p: PathBuf| format!("{}:\n{}", p.display(), fs::read_to_string(&p).unwrap_or_default());
        all.map(|e| text(e.unwrap().path())).collect()
    }

    /// The process that a task stopped.
    fn stopped(&self, task: u32) -> String {
        let path = self.at(&format!("hold/{task}/pid"));
        self.until("a task that stopped", || fs::read_to_string(&path).ok()).trim().to_owned()
    }

    /// Runs an array while a node drains, one task is requeued and one killed; `items` are those of a shard at most.
    fn trouble(&self, work: &str, list: &str, lines: &str) {
        let run = self.submit(work, list, lines);
        assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
        let id = run.stdout.split("job ").nth(1).and_then(|rest| rest.split(',').next()).expect("an id").to_owned();
        let victim = self.stopped(KILLED);
        self.stopped(REQUEUED);
        for task in [KILLED, REQUEUED] {
            let done = self.at(&format!("out/done-{}-of-8.json", task + 1));
            assert!(!done.exists(), "task {task} was done before it was stopped");
        }
        let requeued = format!("{id}_{REQUEUED}");
        let node = self.ask("squeue", &["-h", "-j", &requeued, "-o", "%N"]).trim().to_owned();
        self.ask("scontrol", &["update", &format!("nodename={node}"), "state=drain", "reason=test"]);
        let drained = Drained { site: self, node };
        self.ask("kill", &["-KILL", &victim]);
        self.ask("scontrol", &["requeue", &requeued]);
        // Slurm lets a requeued task wait for two minutes.
        self.until("the task that was requeued", || {
            let state = self.ask("squeue", &["-h", "-j", &requeued, "-o", "%T"]);
            (state.trim() == "PENDING").then_some(())
        });
        self.ask("scontrol", &["update", &format!("jobid={requeued}"), "starttime=now"]);
        self.until("the result", || {
            let left = self.ask("squeue", &["-h", "-o", "%i", "-n", &format!("ouvert-{work}")]);
            left.trim().is_empty().then_some(())
        });
        let logs = self.logs();
        assert!(self.at("result.jsonl").exists(), "{logs}");
        self.told(&id, &drained.node);
    }

    /// What the logs tell: the requeued task went on on another node, and only the killed one was submitted again.
    fn told(&self, id: &str, drained: &str) {
        let log = fs::read_to_string(self.at(&format!("out.logs/{id}-{REQUEUED}"))).unwrap();
        let nodes: Vec<&str> = log.lines().filter_map(|l| l.strip_prefix(&format!("task {REQUEUED} on "))).collect();
        assert!(nodes.len() == 2 && nodes[0] == drained && nodes[1] != drained, "{log}");
        let logs = self.logs();
        assert_eq!(logs.matches(&format!("shards {KILLED}: job ")).count(), 1, "{logs}");
        assert_eq!(logs.matches("shards ").count(), 1, "{logs}");
    }
}

#[test]
fn a_survey_of_five_hundred_releases_is_that_of_one_process() {
    let Some(site) = Site::new() else { return };
    let _alone = CLUSTER.lock().unwrap_or_else(PoisonError::into_inner);
    let mut list = String::new();
    for i in 0..500 {
        let license = ["apache-2.0", "mit", "cc-by-nc-4.0", "llama3.1"][i % 4];
        write(
            &site.at(&format!("releases/r{i:03}/README.md")),
            &format!("---\nlicense: {license}\n---\n# Release {i}\n"),
        );
        write(&site.at(&format!("releases/r{i:03}/notes.txt")), &"text ".repeat(i));
        list += &format!("releases/r{i:03}\n");
    }
    write(&site.at("list.txt"), &list);
    site.trouble("survey", "list.txt", "rows");
    let one = site.ouvert(&["survey", "list.txt", "--output", "one"]);
    assert_eq!(one.code, 0, "{}", one.stderr);
    let merged = site.ouvert(&["merge", "one", "--output", "one.jsonl"]);
    assert_eq!(merged.code, 0, "{}", merged.stderr);
    let (array, single) = (fs::read(site.at("result.jsonl")).unwrap(), fs::read(site.at("one.jsonl")).unwrap());
    assert_eq!(array.iter().filter(|b| **b == b'\n').count(), 500);
    assert!(array == single, "the rows of eight shards are not those of one");
    // Once all is done nothing is submitted: the result is made again.
    fs::remove_file(site.at("result.jsonl")).unwrap();
    let again = site.submit("survey", "list.txt", "rows");
    assert_eq!((again.code, fs::read(site.at("result.jsonl")).unwrap() == single), (0, true), "{}", again.stderr);
}

#[test]
fn the_files_of_one_release_are_verified_as_by_one_process() {
    let Some(site) = Site::new() else { return };
    let _alone = CLUSTER.lock().unwrap_or_else(PoisonError::into_inner);
    write(&site.at("release/README.md"), "---\nlicense: mit\n---\n# Large\n");
    let digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"; // of "test"
    write(
        &site.at("release/SHA256SUMS"),
        &format!("{digest}  part-000.bin\n{digest}  small.txt\n{digest}  gone.bin\n"),
    );
    write(&site.at("release/small.txt"), "test");
    for i in 0..197_u64 {
        let path = site.at(&format!("release/part-{i:03}.bin"));
        write(&path, &format!("{i}"));
        // Holes take no room on a disk and are hashed like any bytes.
        let length = 8_000_000 + i * 97_001;
        fs::File::options().write(true).open(path).unwrap().set_len(length).unwrap();
    }
    site.trouble("verify", "release", "files");
    let one = site.ouvert(&["verify", "release", "--format", "json"]);
    assert_eq!(one.code, 1, "{}", one.stderr);
    assert!(one.stdout.contains("gone.bin") && one.stdout.contains("mismatched"), "{}", one.stdout);
    assert!(
        fs::read_to_string(site.at("result.jsonl")).unwrap() == one.stdout,
        "eight shards do not tell what one process tells"
    );
    let joined = site.ouvert(&["verify", "release", "--from", "out"]);
    assert_eq!(joined.code, 1, "{}", joined.stderr);
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}
