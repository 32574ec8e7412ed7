//! The job of `.gitlab/ouvert.yml`: its lines run as one script, by the shell that the image has.

use std::fs;
use std::path::Path;

use ouvert::parse::yaml::Node;
use serde_json::Value;

use super::{at, command, file, tree};
use crate::support::{HERE, Run, program};

/// Runs the job's script in a folder, with variables beside those of the template.
fn job(folder: &Path, set: &[(&str, &str)]) -> Run {
    let template = tree(&file(".gitlab/ouvert.yml"));
    let script = template.get("ouvert").unwrap().get("script").unwrap();
    let lines: Vec<&str> = script.items().iter().map(|l| l.text().expect("each line is one text")).collect();
    let mut shell = command("sh");
    shell.args(["-e", "-c", &lines.join("\n")]).current_dir(folder);
    for (name, node) in template.get("variables").map(Node::pairs).unwrap() {
        shell.env(name, node.text().unwrap_or_default());
    }
    shell.envs(set.iter().copied());
    let bin = Path::new(program().get_program()).parent().unwrap().to_owned();
    let path = std::env::var("PATH").unwrap_or_default();
    Run::of(shell.env("PATH", format!("{}:{path}", bin.display())).output().unwrap())
}

#[test]
fn the_job_leaves_what_it_promises_and_fails_with_the_gate() {
    let template = tree(&file(".gitlab/ouvert.yml"));
    let artifacts = template.get("ouvert").unwrap().get("artifacts").unwrap();
    let mut promised: Vec<&str> = artifacts.get("paths").unwrap().items().iter().filter_map(Node::text).collect();
    promised.extend(artifacts.get("reports").unwrap().pairs().iter().filter_map(|(_, n)| n.text()));
    assert_eq!(promised.len(), 4);
    assert_eq!(at(artifacts, &["when"]), "always");
    let open = format!("{HERE}/tests/releases/tiny-open");
    let restricted = format!("{HERE}/tests/cases/restricted-fr.in");
    for (target, require, code) in [
        (&open, "", 0),
        (&open, "open-source", 0),
        (&restricted, "", 0),
        (&restricted, "open-source", 1),
        (&restricted, "open source $(touch pwned)", 2),
    ] {
        let temp = tempfile::tempdir().unwrap();
        let run = job(temp.path(), &[("OUVERT_TARGET", target), ("OUVERT_REQUIRE", require)]);
        assert_eq!(run.code, code, "{target} {require}\n{}{}", run.stdout, run.stderr);
        for name in promised.iter().filter(|_| code < 2) {
            assert!(fs::metadata(temp.path().join(name)).is_ok_and(|m| m.len() > 0), "{name}");
        }
        assert!(!temp.path().join("pwned").exists());
    }
}

#[test]
fn other_flags_are_cut_at_blanks_and_not_expanded() {
    let temp = tempfile::tempdir().unwrap();
    fs::write(temp.path().join("README.md"), "---\nlicense: mit\n---\n# Model\n").unwrap();
    let run = job(temp.path(), &[("OUVERT_ARGS", "--profile mof --no-hash")]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let report: Value = serde_json::from_str(&fs::read_to_string(temp.path().join("ouvert.json")).unwrap()).unwrap();
    assert_eq!(report["profile"]["id"], "mof");
    let run = job(temp.path(), &[("OUVERT_ARGS", "--profile *")]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains('*'), "{}", run.stderr);
}
