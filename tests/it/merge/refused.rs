//! What does not fit together, cannot be read or cannot be written: each is refused by name, and nothing of the old is lost.

use std::fs;

use ouvert::digest::Digest;
use ouvert::survey::{Done, Row, Run, Work};

use super::{Field, failure, row, survey_of};

/// A survey of sixty rows in ten shards.
fn field() -> Field {
    let field = Field::new();
    let rows: Vec<Row> = (0..60).map(row).collect();
    field.survey("s", 10, &rows, &[]);
    field
}

/// Writes other lines as the result of the only shard, and a mark that vouches for them.
fn forge(field: &Field, lines: &[u8]) {
    fs::write(field.at("s/rows-1-of-1.jsonl"), lines).unwrap();
    let path = field.at("s/done-1-of-1.json");
    let mut done: Done = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    done.lines = lines.iter().filter(|b| **b == b'\n').count() as u64;
    (done.bytes, done.digest) = (lines.len() as u64, Digest::of(lines).tagged());
    fs::write(&path, serde_json::to_vec(&done).unwrap()).unwrap();
}

#[test]
fn missing_shards_are_told_as_an_array() {
    let field = field();
    let whole = field.merge(&["s", "--missing"]);
    assert_eq!((whole.code, whole.stdout.as_str(), whole.stderr.as_str()), (0, "", ""));
    for k in ["01", "04", "05", "06", "10"] {
        fs::remove_file(field.at(&format!("s/done-{k}-of-10.json"))).unwrap();
    }
    let missing = field.merge(&["s", "--missing"]);
    assert_eq!((missing.code, missing.stdout.as_str(), missing.stderr.as_str()), (1, "0,3-5,9\n", ""));
    let told = field.refused(&["s", "--output", "s.jsonl"]);
    assert!(told.contains("5 shards of 10 are missing: 1,4-6,10. As an array of Slurm: --array=0,3-5,9\n"), "{told}");
    assert!(!field.at("s.jsonl").exists());
    let partial = field.merge(&["s", "--partial", "--output=s.jsonl", "--output=s.html", "--output=s.parquet"]);
    assert_eq!((partial.code, partial.stderr.as_str()), (0, "shards missing: 1,4-6,10 of 10\n"));
    assert!(partial.stdout.contains("This is not all of the survey: shards missing: 1,4-6,10 of 10."));
    for file in ["s.html", "s.parquet"] {
        let bytes = fs::read(field.at(file)).unwrap();
        assert!(bytes.windows(16).any(|w| w == b"shards missing: "), "{file} does not tell it");
    }
    let lines = fs::read_to_string(field.at("s.jsonl")).unwrap().lines().count();
    assert!((10..50).contains(&lines), "{lines}");
}

#[test]
fn every_kind_of_run_tells_what_is_missing_and_only_a_survey_is_merged() {
    let field = Field::new();
    for (work, told) in [(Work::Collect, "nobody has judged yet"), (Work::Verify, "the files of one release")] {
        let run = Run { work, profile: None, ..survey_of(2, 2) };
        let folder = format!("{work:?}");
        field.shard(&folder, &run, 2, &[], &[failure("a", "x"), failure("b", "x"), failure("c", "x")]);
        assert_eq!(field.merge(&[&folder, "--missing"]).stdout, "0\n");
        assert!(field.refused(&[&folder]).contains(told));
    }
}

#[test]
fn shards_of_other_runs_and_shards_in_two_places_are_refused() {
    let field = field();
    let rows: Vec<Row> = (0..60).map(row).collect();
    let mut other = survey_of(60, 10);
    other.profile.as_mut().unwrap().version = "2.0.0".into();
    field.shard("profile", &other, 1, &rows, &[]);
    let told = field.refused(&["s", "profile"]);
    assert!(told.contains("profile and s are not of one run: profile is {") && told.contains("\"2.0.0\""), "{told}");
    let mut other = survey_of(60, 10);
    other.list.digest = "sha256:1".into();
    field.shard("list", &other, 1, &rows, &[]);
    assert!(field.refused(&["s", "list"]).contains("not of one run: list is "));
    field.shard("again", &survey_of(60, 10), 3, &rows, &[]);
    assert!(field.refused(&["s", "again"]).contains("shard 3/10 is in two folders: s and again"));
    // The mark of another run, in this folder.
    fs::copy(field.at("list/done-01-of-10.json"), field.at("s/done-01-of-10.json")).unwrap();
    assert!(field.refused(&["s"]).contains("done-01-of-10.json: the mark of another run"));
    fs::copy(field.at("s/done-03-of-10.json"), field.at("s/done-01-of-10.json")).unwrap();
    assert!(field.refused(&["s"]).contains("done-01-of-10.json: the mark of another run"));
    fs::write(field.at("s/done-01-of-10.json"), "{").unwrap();
    assert!(field.refused(&["s", "--missing"]).contains("done-01-of-10.json"));
    assert!(field.refused(&["nowhere"]).contains("run.json"));
}

#[test]
fn a_shard_that_was_cut_or_changed_is_named() {
    let field = field();
    let path = field.at("s/rows-07-of-10.jsonl");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() - 40]).unwrap();
    for args in [&["s"][..], &["s", "--missing"], &["s", "--partial"]] {
        let told = field.refused(args);
        assert!(told.contains("rows-07-of-10.jsonl") && told.contains("cut or changed"), "{told}");
    }
    let mut changed = whole;
    let at = changed.windows(6).position(|w| w == b"model-").unwrap();
    changed[at] = b'M';
    fs::write(&path, &changed).unwrap();
    assert!(field.refused(&["s"]).contains("rows-07-of-10.jsonl is not what its shard ended with: digest "));
    fs::remove_file(&path).unwrap();
    assert!(field.refused(&["s"]).contains("rows-07-of-10.jsonl"));
}

#[test]
fn failures_that_lack_and_releases_that_lack_are_told() {
    let field = Field::new();
    field.survey("s", 1, &[row(1)], &[failure("a", "network"), failure("b", "network")]);
    let path = field.at("s/failed-1-of-1.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, &text[..text.len() - 3]).unwrap();
    assert!(
        field.refused(&["s"]).contains("failed-1-of-1.jsonl is not what its shard ended with: failures 1 there, 2")
    );
    let two = Field::new();
    two.shard("s", &survey_of(3, 1), 1, &[row(1)], &[failure("a", "network")]);
    assert!(two.refused(&["s"]).contains("items in the list: 3, in the shards: 2"));
}

#[test]
fn hostile_lines_are_told_with_file_and_line() {
    let field = Field::new();
    field.survey("s", 1, &[row(1), row(2)], &[]);
    let good = serde_json::to_string(&row(1)).unwrap();
    let two = |bad: Vec<u8>| [good.clone().into_bytes(), vec![b'\n'], bad, vec![b'\n']].concat();
    let other = |from: &str, to: &str| {
        let text = serde_json::to_string(&row(2)).unwrap();
        assert!(text.contains(from), "{from}");
        text.replace(from, to).into_bytes()
    };
    let wide = format!("\"name\":\"{}\"", "x".repeat(1024 * 1024));
    for (bad, told) in [
        (b"{".to_vec(), "not a line"),
        (b"\0\0".to_vec(), "not a line"),
        (b"".to_vec(), "not a line"),
        (b"{\"schema\":1,\"target\":\"x\"}".to_vec(), "not a row"),
        (other("\"name\":\"model-2\"", "\"name\":\"a\0b\""), "not a row"),
        (other("\"name\":\"model-2\"", "\"name\":\"a\",\"name\":\"b\""), "not a row"),
        (other("\"name\":\"model-2\"", &wide), "a line of more than 1048576 bytes"),
        (other("\"license_met\"", "\"licence_met\""), "its columns are not those of the other rows"),
        (other("\"license_verdict\":\"", "\"license_verdict\":\"x"), "its columns are not those of the other rows"),
        (other("\"score\":", "\"score\":1e999,\"x\":"), "not a row"),
        (other("{\"schema\":1", "{\"schema\":2"), "of schema 2"),
        (other("hf:", "hf:").into_iter().map(|b| if b == b':' { 0xff } else { b }).collect(), "not a line"),
        (other("model-2\",\"org", "model-\u{e9}\",\"org").into_iter().filter(|b| *b != 0xc3).collect(), "not a row"),
    ] {
        forge(&field, &two(bad));
        let told_now = field.refused(&["s", "--output", "s.jsonl"]);
        assert!(told_now.contains("rows-1-of-1.jsonl, line 2") && told_now.contains(told), "{told}: {told_now}");
        assert!(!field.at("s.jsonl").exists());
    }
    forge(&field, &two(good.clone().into_bytes()));
    assert!(field.refused(&["s"]).contains("` stands twice: in s/rows-1-of-1.jsonl, line 2, and in"));
    // A line that was not ended is none.
    forge(&field, format!("{good}\n{{\"schema\":1").as_bytes());
    assert!(field.refused(&["s"]).contains("is not what its shard ended with: bytes "));
}

#[test]
fn what_cannot_be_written_leaves_the_old() {
    let field = field();
    let told = field.refused(&["s", "--output", "none/s.jsonl"]);
    assert!(told.contains("cannot write none/s.jsonl"), "{told}");
    fs::create_dir(field.at("folder.jsonl")).unwrap();
    assert!(field.refused(&["s", "--output", "folder.jsonl"]).contains("cannot write folder.jsonl"));
    assert!(field.refused(&["s", "--output", "s.csv"]).contains(".parquet"));
    assert!(field.refused(&["s", "--output=s.jsonl", "--output=s.jsonl"]).contains("s.jsonl is to be written twice"));
    let told = field.refused(&["s", "--profile", "mof"]);
    assert!(
        told.contains("the survey judged by three-criteria@1.0.0 (sha256:") && told.contains("not by mof@"),
        "{told}"
    );
    fs::write(field.at("s.jsonl"), "old").unwrap();
    // A file of it is no line of a run: nothing is written, and what stands there stays.
    fs::write(field.at("s/rows-07-of-10.jsonl"), "").unwrap();
    field.refused(&["s", "--output", "s.jsonl"]);
    assert_eq!(fs::read_to_string(field.at("s.jsonl")).unwrap(), "old");
    let left: Vec<_> = fs::read_dir(field.dir.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with('.')), "{left:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_and_a_folder_that_may_not_be_written_are_told() {
    let field = field();
    for end in ["jsonl", "parquet", "html"] {
        // A device that takes nothing, by a name that tells the format.
        let link = field.at(&format!("full.{end}"));
        std::os::unix::fs::symlink("/dev/full", &link).unwrap();
        let told = field.refused(&["s", "--output", &format!("full.{end}")]);
        assert!(told.contains(&format!("cannot write full.{end}: No space left on device")), "{told}");
        assert!(link.is_symlink());
    }
    let told = field.refused(&["s", "--output", "/proc/s.jsonl"]);
    assert!(told.contains("cannot write /proc/s.jsonl"), "{told}");
}
