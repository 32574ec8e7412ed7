//! Releases in object stores: held against the same files on disk, in stores that `.ci/stores` starts and fills on loopback, and
//! against a store that lies. Nothing but loopback is spoken to.

mod hostile;
mod real;
mod shop;

use std::process::Command;

use serde_json::Value;

use crate::support::{Audit, Run, program};

/// The program, which may speak to what a test starts and to nothing else: what a release points to lies behind a closed port.
fn reaching() -> Command {
    let mut command = program();
    for name in ["https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "no_proxy"] {
        command.env_remove(name);
    }
    command.env_remove("HF_HUB_OFFLINE").env_remove("TRANSFORMERS_OFFLINE");
    command
        .env("HTTPS_PROXY", "http://127.0.0.1:9")
        .env("NO_PROXY", "127.0.0.1")
        .env("HF_ENDPOINT", "http://127.0.0.1:9");
    command
}

/// Runs the program.
fn run(command: &mut Command, args: &[&str]) -> Run {
    Run::of(command.args(args).output().expect("it runs"))
}

/// Audits a release; the report must be there.
fn audited(command: &mut Command, target: &str, args: &[&str]) -> Audit {
    let run = run(command, &[&["audit", target, "--format", "json"], args].concat());
    let report = serde_json::from_str(&run.stdout)
        .unwrap_or_else(|e| panic!("{target}: no report ({e}), exit {}: {}", run.code, run.stderr));
    Audit { report, code: run.code, stderr: run.stderr }
}

/// Verifies a release: the answer in JSON, and the exit code.
fn verified(command: &mut Command, target: &str) -> (Value, i32) {
    let run = run(command, &["verify", target, "--format", "json"]);
    let answer = serde_json::from_str(&run.stdout)
        .unwrap_or_else(|e| panic!("{target}: no answer ({e}), exit {}: {}", run.code, run.stderr));
    (answer, run.code)
}

/// A file of an answer.
fn file<'a>(answer: &'a Value, path: &str) -> &'a Value {
    let all = answer["files"].as_array().expect("files");
    all.iter().find(|f| f["path"] == path).unwrap_or_else(|| panic!("no file {path}: {answer}"))
}

/// A run that must be refused: exit 2, nothing on standard output, one error and what to do next.
fn refused(command: &mut Command, args: &[&str]) -> String {
    let run = run(command, args);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{args:?}: {}", run.stderr);
    assert_eq!(run.stderr.matches("error:").count(), 1, "{args:?}: {}", run.stderr);
    assert!(run.stderr.contains("hint:"), "{args:?}: {}", run.stderr);
    run.stderr
}
