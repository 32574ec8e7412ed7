//! Shards of small runs, made by the ledger.

use std::fs;
use std::path::PathBuf;

use super::*;
use crate::ledger::Ledger;
use crate::survey::{Failure, Row, SCHEMA, Shard, sample as run};
use crate::words::Lang;

fn row(target: &str) -> Row {
    Row { schema: SCHEMA, target: target.into(), ..Row::default() }
}

fn shard(folder: &Path, run: &Run, k: u32, targets: &[&str], failed: &[&str]) {
    let ledger = Ledger::open(folder, run, Shard::new(k, run.shards).unwrap()).unwrap();
    targets.iter().for_each(|t| ledger.add(&row(t)).unwrap());
    let gone = |t: &&str| Failure { target: (*t).into(), failure: "gone".into(), kind: "not-found".into() };
    failed.iter().for_each(|t| ledger.fail(&gone(t)).unwrap());
    ledger.finish().unwrap();
}

fn names(folders: &[PathBuf], lack: Lack) -> Result<Vec<String>, Error> {
    let mut out = Vec::new();
    Shards::open(folders)?.rows(lack)?.each(|lines| {
        out.extend(lines.iter().map(|line| line.row.target.clone()));
        Ok(())
    })?;
    Ok(out)
}

#[test]
fn numbers_are_told_as_ranges() {
    assert_eq!(array(&[]), "");
    assert_eq!(array(&[1]), "0");
    assert_eq!(array(&[1, 4, 5, 6, 10]), "0,3-5,9");
    assert_eq!(ranges(&[1, 4, 5, 6, 10], 0), "1,4-6,10");
}

#[test]
fn rows_of_all_shards_stand_in_the_order_of_their_names() {
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let run = run(2, 5);
    shard(a.path(), &run, 1, &["c", "é", "a"], &["d", "a", "d"]);
    shard(b.path(), &run, 2, &[], &["b"]);
    let folders = [a.path().to_owned(), b.path().to_owned()];
    assert_eq!(names(&folders, Lack::Refused).unwrap(), ["a", "b", "c", "d", "é"]);
    let (one, error) = (folders[..1].to_vec(), names(&folders[..1], Lack::Refused).unwrap_err());
    assert!(error.to_string().starts_with("1 shard of 2 is missing: 2. As an array of Slurm: --array=1"), "{error}");
    assert_eq!(names(&one, Lack::Told).unwrap(), ["a", "c", "d", "é"]);
    assert_eq!(Shards::open(&one).unwrap().missing(), [2]);
}

#[test]
fn a_release_in_two_shards_and_one_in_none_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let two = run(2, 2);
    shard(folder.path(), &two, 1, &["a"], &[]);
    shard(folder.path(), &two, 2, &["b", "a"], &[]);
    let folders = [folder.path().to_owned()];
    let error = names(&folders, Lack::Refused).unwrap_err();
    assert!(error.to_string().contains("`a` stands twice: in ") && error.to_string().contains("line 2"), "{error}");
    assert!(error.hint(Lang::En).unwrap().starts_with("remove one"));
    let few = tempfile::tempdir().unwrap();
    shard(few.path(), &run(1, 3), 1, &["a"], &["b"]);
    let error = names(&[few.path().to_owned()], Lack::Refused).unwrap_err();
    assert!(error.to_string().starts_with("items in the list: 3, in the shards: 2"), "{error}");
}

#[test]
fn a_changed_byte_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    shard(folder.path(), &run(1, 1), 1, &["a"], &[]);
    let path = folder.path().join("rows-1-of-1.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("\"gaps\":null", "\"gaps\":1234")).unwrap();
    let error = names(&[folder.path().to_owned()], Lack::Refused).unwrap_err().to_string();
    assert!(error.contains("is not what its shard ended with: digest sha256:"), "{error}");
    fs::write(&path, text.trim_end_matches('\n')).unwrap();
    let error = names(&[folder.path().to_owned()], Lack::Refused).unwrap_err().to_string();
    assert!(error.contains("it was cut or changed since"), "{error}");
}
