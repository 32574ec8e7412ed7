//! What is left of a ledger whose process was killed, and what is refused.

use super::*;
use crate::digest::Digest;
use crate::survey::{Row, sample};

fn run() -> Run {
    sample(1, 3)
}

fn row(target: &str) -> Row {
    Row { schema: SCHEMA, target: target.into(), ..Row::default() }
}

fn open(folder: &Path) -> Result<Ledger, Error> {
    Ledger::open(folder, &run(), Shard::WHOLE)
}

#[test]
fn what_was_written_is_known_again_whatever_was_left_behind_it() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open(folder.path()).unwrap();
    ledger.add(&row("a")).unwrap();
    ledger.add(&row("quote \" and \\ and é")).unwrap();
    let path = ledger.path().to_owned();
    drop(ledger);
    let whole = fs::read(&path).unwrap();
    let first = whole.iter().position(|b| *b == b'\n').unwrap() + 1;
    for cut in 0..=whole.len() {
        fs::write(&path, &whole[..cut]).unwrap();
        let ledger = open(folder.path()).unwrap();
        let lines = usize::from(cut >= first) + usize::from(cut == whole.len());
        assert_eq!(ledger.before(), lines, "{cut}");
        assert_eq!((ledger.has("a"), ledger.has("quote \" and \\ and é")), (lines > 0, lines > 1));
        ledger.add(&row("b")).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text.lines().filter_map(|l| target_of(l.as_bytes())).count(), lines + 1, "{cut}: {text}");
    }
}

#[test]
fn one_process_at_a_time_and_one_run_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open(folder.path()).unwrap();
    assert!(ledger.is_locked());
    assert!(open(folder.path()).unwrap_err().to_string().starts_with("another process writes to "));
    let other = Ledger::open(folder.path(), &Run { shards: 2, ..run() }, Shard::new(1, 2).unwrap()).unwrap_err();
    assert!(other.to_string().ends_with("another shards: 1 there, 2 now"), "{other}");
    drop(ledger);
    // The moment of the first start stays.
    let later = Run { started: "2026-02-02T00:00:00Z".into(), ..run() };
    assert_eq!(Ledger::open(folder.path(), &later, Shard::WHOLE).unwrap().run().started, run().started);
    fs::write(folder.path().join(RUN), "{").unwrap();
    assert!(open(folder.path()).unwrap_err().to_string().contains("run.json: not the file that"));
}

#[test]
fn a_line_of_something_else_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(Shard::WHOLE.file(Part::Rows));
    for bad in ["\0\0\0\n", "[]\n", "{\"a\":1}\n", "{\"target\":1}\n", "{\"target\":\"a\n", "\n"] {
        fs::write(&path, format!("{{\"target\":\"x\"}}\n{bad}")).unwrap();
        let error = open(folder.path()).unwrap_err().to_string();
        assert!(error.contains("rows-1-of-1.jsonl, line 2: not a line"), "{bad:?}: {error}");
    }
}

#[test]
fn an_ended_shard_is_marked_with_what_it_holds() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open(folder.path()).unwrap();
    ledger.add(&row("a")).unwrap();
    ledger.fail(&Failure { target: "b".into(), failure: "gone".into(), kind: "not-found".into() }).unwrap();
    let path = ledger.path().to_owned();
    let done = ledger.finish().unwrap();
    let bytes = fs::read(&path).unwrap();
    assert_eq!((done.lines, done.failed, done.bytes), (1, 1, bytes.len() as u64));
    assert_eq!((done.digest, done.run), (Digest::of(&bytes).tagged(), run().id()));
    let mark = folder.path().join("done-1-of-1.json");
    assert!(mark.exists());
    // Going on takes the mark away, and what failed is told anew.
    let ledger = open(folder.path()).unwrap();
    assert!(!mark.exists() && ledger.failures() == 0);
    assert_eq!(fs::read(ledger.failed_path()).unwrap(), b"");
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left.len(), 3, "{left:?}");
}

#[test]
fn a_full_disk_leaves_whole_lines() {
    let full = Path::new("/dev/full");
    if !full.exists() {
        return;
    }
    let file = OpenOptions::new().read(true).write(true).open(full).unwrap();
    let appender = Appender { path: full.into(), file: Mutex::new(file) };
    let error = appender.add(&row("a")).unwrap_err();
    assert!(matches!(error, Error::Write { ref cause, .. } if cause.kind() == io::ErrorKind::StorageFull), "{error}");
}

#[test]
fn a_draft_replaces_whole_or_not_at_all() {
    use std::io::Write;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x");
    fs::write(&path, "old").unwrap();
    let mut draft = Draft::begin(&path).unwrap();
    draft.write_all(b"half").unwrap();
    drop(draft);
    assert_eq!(fs::read(&path).unwrap(), b"old");
    let mut draft = Draft::begin(&path).unwrap();
    draft.write_all(b"new").unwrap();
    draft.finish(Put::Over).unwrap();
    assert_eq!((fs::read(&path).unwrap(), fs::read_dir(folder.path()).unwrap().count()), (b"new".to_vec(), 1));
    assert!(Draft::begin(folder.path()).is_err());
    assert!(Draft::begin(&folder.path().join("none/x")).is_err());
}
