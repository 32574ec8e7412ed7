//! A stand-in for the service that runs an Action: inputs with their defaults, steps in order, outputs from files, conditions.
//! Steps that run a script are run by bash as the service does; steps of other Actions are noted with what they were given.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use ouvert::parse::yaml::Node;

use super::{at, command, file, tree};
use crate::support::{HERE, Run, program};

/// A job that uses the Action of this repository.
pub(super) struct Job {
    temp: tempfile::TempDir,
    inputs: BTreeMap<String, String>,
    action: PathBuf,
    path: OsString,
}

/// What a job left behind.
pub(super) struct Done {
    /// The exit code of the first step that failed, else 0.
    pub(super) code: i32,
    /// What all steps printed, on both streams.
    pub(super) log: String,
    /// Values of the Action's outputs.
    pub(super) outputs: BTreeMap<String, String>,
    /// Keys that the step which audits wrote.
    pub(super) keys: Vec<String>,
    pub(super) summary: String,
    /// Steps of other Actions, each with its `with`.
    pub(super) used: Vec<(String, BTreeMap<String, String>)>,
}

impl Job {
    /// A job whose `cargo` installs the program under test; `target` and other inputs are set by [`Job::with`].
    pub(super) fn new() -> Job {
        let temp = tempfile::tempdir().unwrap();
        for folder in ["workspace", "runner", "bin"] {
            fs::create_dir(temp.path().join(folder)).unwrap();
        }
        let mut path = OsString::from(temp.path().join("bin"));
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap_or_default());
        let job = Job { temp, inputs: BTreeMap::new(), action: HERE.into(), path };
        job.tool(
            "cargo",
            "#!/bin/sh\necho \"cargo in $PWD: $*\"\nwhile [ \"$1\" != --root ]; do shift; done\nmkdir -p \"$2/bin\"\ncp \"$PROGRAM\" \"$2/bin/ouvert\"\n",
        );
        job
    }

    /// Gives an input.
    pub(super) fn with(mut self, input: &str, value: &str) -> Job {
        self.inputs.insert(input.to_owned(), value.to_owned());
        self
    }

    /// The folder of the job, which holds the release.
    pub(super) fn workspace(&self) -> PathBuf {
        self.temp.path().join("workspace")
    }

    /// Lets the Action lie elsewhere.
    pub(super) fn at(mut self, action: &Path) -> Job {
        self.action = action.to_owned();
        self
    }

    /// Lets only some programs of this machine be found.
    pub(super) fn only(mut self, programs: &[&str]) -> Job {
        let narrow = self.temp.path().join("narrow");
        fs::create_dir(&narrow).unwrap();
        let all = std::env::var_os("PATH").unwrap_or_default();
        for name in programs {
            let found = std::env::split_paths(&all).map(|p| p.join(name)).find(|p| p.exists());
            std::os::unix::fs::symlink(found.unwrap_or_else(|| panic!("{name} is not here")), narrow.join(name))
                .unwrap();
        }
        self.path = narrow.into();
        self
    }

    /// Puts a program before those of the machine.
    pub(super) fn tool(&self, name: &str, script: &str) {
        use std::os::unix::fs::PermissionsExt;
        let path = self.temp.path().join("bin").join(name);
        fs::write(&path, script).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Runs every step until one fails.
    pub(super) fn run(&self) -> Done {
        let action = tree(&file("action.yml"));
        let inputs = action.get("inputs").unwrap().pairs();
        let mut known: BTreeMap<String, String> =
            inputs.iter().map(|(key, node)| (format!("inputs.{key}"), at(node, &["default"]).to_owned())).collect();
        known.extend([("runner.os".to_owned(), "Linux".to_owned()), ("runner.arch".to_owned(), "X64".to_owned())]);
        for (key, value) in &self.inputs {
            assert!(known.insert(format!("inputs.{key}"), value.clone()).is_some(), "no input is called {key}");
        }
        let summary = self.temp.path().join("summary.md");
        fs::write(&summary, "").unwrap();
        let mut done = Done {
            code: 0,
            log: String::new(),
            outputs: BTreeMap::new(),
            keys: vec![],
            summary: String::new(),
            used: vec![],
        };
        for step in action.get("runs").unwrap().get("steps").unwrap().items() {
            if step.get("if").is_some_and(|node| !truth(node.text().unwrap(), &known)) {
                continue;
            }
            let uses = at(step, &["uses"]);
            if uses.is_empty() {
                let outputs = self.script(step, &known, &summary, &mut done);
                let id = at(step, &["id"]);
                if id == "audit" {
                    done.keys = outputs.iter().map(|(key, _)| key.clone()).collect();
                }
                known.extend(outputs.into_iter().map(|(key, value)| (format!("steps.{id}.outputs.{key}"), value)));
            } else {
                let with = step.get("with").map(Node::pairs).unwrap_or_default();
                done.used.push((
                    uses.to_owned(),
                    with.iter().map(|(k, v)| (k.clone(), written(v.text().unwrap(), &known))).collect(),
                ));
            }
            if done.code != 0 {
                break;
            }
        }
        for (key, node) in action.get("outputs").unwrap().pairs() {
            done.outputs.insert(key.clone(), written(at(node, &["value"]), &known));
        }
        done.summary = fs::read_to_string(summary).unwrap();
        done
    }

    /// Runs the script of a step; its outputs, in order.
    fn script(
        &self,
        step: &Node,
        known: &BTreeMap<String, String>,
        summary: &Path,
        done: &mut Done,
    ) -> Vec<(String, String)> {
        assert_eq!(at(step, &["shell"]), "bash", "a composite Action names the shell of each step");
        let outputs = self.temp.path().join("outputs");
        fs::write(&outputs, "").unwrap();
        let mut bash = command("bash");
        bash.args(["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", &written(at(step, &["run"]), known)]);
        bash.env("PATH", &self.path).env("PROGRAM", program().get_program());
        bash.env("GITHUB_ACTION_PATH", &self.action).env("GITHUB_OUTPUT", &outputs).env("GITHUB_STEP_SUMMARY", summary);
        bash.env("RUNNER_TEMP", self.temp.path().join("runner")).current_dir(self.workspace());
        for (key, node) in step.get("env").map(Node::pairs).unwrap_or_default() {
            bash.env(key, written(node.text().unwrap(), known));
        }
        let run = Run::of(bash.output().unwrap());
        done.code = run.code;
        done.log += &(run.stdout + &run.stderr);
        let text = fs::read_to_string(outputs).unwrap();
        text.lines()
            .map(|l| l.split_once('=').expect("an output is KEY=VALUE"))
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
            .collect()
    }
}

/// A text with its `${{ … }}` replaced; what is not known is empty, as the service has it.
fn written(text: &str, known: &BTreeMap<String, String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${{") {
        let (name, behind) = after.split_once("}}").expect("an expression that ends");
        let value = known.get(name.trim());
        assert!(value.is_some() || name.trim().starts_with("steps."), "nothing is called {name}");
        out += before;
        out += value.map_or("", String::as_str);
        rest = behind;
    }
    out + rest
}

/// Whether a condition of the shape `a == 'b' && c != ''` holds.
fn truth(condition: &str, known: &BTreeMap<String, String>) -> bool {
    let inner = condition.trim().strip_prefix("${{").and_then(|c| c.strip_suffix("}}")).expect("an expression");
    inner.split("&&").all(|part| {
        let (name, equal, wanted) = match part.split_once("==") {
            Some((name, wanted)) => (name, true, wanted),
            None => part.split_once("!=").map(|(name, wanted)| (name, false, wanted)).expect("a comparison"),
        };
        let wanted = wanted.trim().strip_prefix('\'').and_then(|w| w.strip_suffix('\'')).expect("a text");
        (known.get(name.trim()).map_or("", String::as_str) == wanted) == equal
    })
}
