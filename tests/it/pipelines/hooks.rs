//! The pre-commit hooks, run by pre-commit itself on a repository that holds a release.

use std::fs;
use std::path::Path;

use super::command;
use crate::formats::consumers;
use crate::support::{HERE, Release, Run, program};

fn git(folder: &Path, args: &[&str]) -> String {
    let mut git = command("git");
    git.args(["-c", "user.name=a", "-c", "user.email=a@b.invalid", "-c", "commit.gpgsign=false"]).args(args);
    let run = Run::of(git.current_dir(folder).env("HOME", folder).output().unwrap());
    assert_eq!(run.code, 0, "git {args:?}: {}", run.stderr);
    run.stdout.trim().to_owned()
}

#[test]
fn pre_commit_runs_the_hook_and_its_gate() {
    let Some(folder) = consumers() else { return };
    let ours = tempfile::tempdir().unwrap();
    fs::copy(Path::new(HERE).join(".pre-commit-hooks.yaml"), ours.path().join(".pre-commit-hooks.yaml")).unwrap();
    git(ours.path(), &["init", "-q"]);
    git(ours.path(), &["add", "."]);
    git(ours.path(), &["commit", "-qm", "hooks"]);
    let revision = git(ours.path(), &["rev-parse", "HEAD"]);
    let release = Release::tiny_open();
    git(&release.path(), &["init", "-q"]);
    let bin = Path::new(program().get_program()).parent().unwrap().to_owned();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    let commit = || {
        let config = format!(
            "repos:\n  - repo: {}\n    rev: {revision}\n    hooks:\n      - id: ouvert-system\n        args: [--require, open-source]\n",
            ours.path().display()
        );
        release.write(".pre-commit-config.yaml", config);
        git(&release.path(), &["add", "."]);
        let mut run = command(folder.join("venv/bin/pre-commit").to_str().unwrap());
        run.args(["run", "--all-files", "--verbose", "--color=never"]).env("PATH", &path);
        run.env("PRE_COMMIT_HOME", release.outside().join("kept")).env("HOME", release.outside());
        Run::of(run.current_dir(release.path()).output().unwrap())
    };
    let passed = commit();
    assert_eq!(passed.code, 0, "{}{}", passed.stdout, passed.stderr);
    assert!(passed.stdout.contains("OPEN SOURCE"), "{}", passed.stdout);
    release.write("README.md", release.text("README.md") + "\nYou may not use it commercially.\n");
    let failed = commit();
    assert_eq!(failed.code, 1, "{}{}", failed.stdout, failed.stderr);
    assert!(failed.stdout.contains("open-source is required"), "{}", failed.stdout);
}
