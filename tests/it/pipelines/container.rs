//! The container file: what it copies is all that a build needs. `.ci/container` builds it and runs it as nobody.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::file;
use crate::support::{HERE, Run};

#[test]
fn what_is_copied_is_there_and_not_ignored() {
    let text = file(".ci/Containerfile");
    let ignored = file(".dockerignore");
    let ignored: Vec<&str> = ignored.lines().collect();
    let copied: Vec<&str> = text
        .lines()
        .filter_map(|l| l.strip_prefix("COPY ")?.rsplit_once(' '))
        .filter(|(from, _)| !from.starts_with("--from"))
        .flat_map(|(from, _)| from.split(' '))
        .collect();
    assert!(copied.len() > 3);
    let temp = tempfile::tempdir().unwrap();
    for name in &copied {
        assert!(Path::new(HERE).join(name).exists() && !ignored.contains(name), "{name}");
        if Path::new(HERE).join(name).is_file() {
            fs::copy(Path::new(HERE).join(name), temp.path().join(name)).unwrap();
        }
    }
    // Cargo reads the manifest though no test and no benchmark is there.
    fs::create_dir(temp.path().join("src")).unwrap();
    fs::write(temp.path().join("src/lib.rs"), "").unwrap();
    fs::write(temp.path().join("src/main.rs"), "fn main() {}").unwrap();
    let cargo = Command::new(env!("CARGO"))
        .args(["metadata", "--offline", "--locked", "--no-deps", "--format-version=1"])
        .current_dir(temp.path())
        .output();
    let run = Run::of(cargo.unwrap());
    assert_eq!(run.code, 0, "{}", run.stderr);
}
