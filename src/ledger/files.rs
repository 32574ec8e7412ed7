//! One huge release that several processes hashed, read back: every shard whole, every file in one of them.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::Path;

use super::{Lines, ended, read_run};
use crate::digest::Summed;
use crate::error::Error;
use crate::evidence::{GapKind, Hashed, Joined};
use crate::survey::{Done, Failure, Part, Work};
use crate::words::shards::Shards as Word;
use crate::words::{Text, foreign};

/// Shards that an error names.
const NAMED: usize = 20;

/// What the shards of a run hashed of one release.
///
/// # Errors
/// When the folder holds another work, when a shard did not come to its end or is not what it ended with, and when a file stands twice.
pub fn joined(folder: &Path) -> Result<Joined, Error> {
    let run = read_run(folder)?;
    if run.work != Work::Verify {
        return Err(Error::Usage(Word::OtherWork.text(&[("path", &folder.display())])));
    }
    let (ended, open) = ended(folder, &run)?;
    if !open.is_empty() {
        let mut list: Vec<String> = open.iter().take(NAMED).map(u32::to_string).collect();
        list.extend((open.len() > NAMED).then(|| "…".to_owned()));
        let values: [(&str, &dyn std::fmt::Display); 4] =
            [("path", &folder.display()), ("n", &open.len()), ("of", &run.shards), ("list", &list.join(", "))];
        return Err(Error::Usage(Word::Open.text(&values)));
    }
    let mut out = Joined { list: run.list.digest, ..Joined::default() };
    for done in &ended {
        hashed(&folder.join(done.shard.file(Part::Files)), done, &mut out.hashed)?;
    }
    for done in &ended {
        unread(&folder.join(done.shard.file(Part::Failed)), done, &mut out)?;
    }
    Ok(out)
}

/// Reads what a shard hashed.
fn hashed(path: &Path, done: &Done, out: &mut BTreeMap<String, Hashed>) -> Result<(), Error> {
    let file = File::open(path).map_err(|cause| Error::reading(path, cause))?;
    let mut summed = Summed::new(file);
    let mut lines = Lines::new(path, &mut summed);
    let mut count = 0;
    while let Some(line) = lines.next_whole()? {
        let read = serde_json::from_slice::<Hashed>(line).ok().filter(Hashed::is_sound);
        let file = read.ok_or_else(|| lines.wrong(Word::NoFile.text(&[])))?;
        let name = file.path.clone();
        if out.insert(name.clone(), file).is_some() {
            return Err(lines.wrong(Word::Twice.text(&[("path", &name)])));
        }
        count += 1;
    }
    drop(lines);
    if count == done.lines && summed.end().tagged() == done.digest {
        return Ok(());
    }
    Err(Error::Malformed { path: path.into(), line: None, message: Word::Altered.text(&[]), shown: None })
}

/// Reads what a shard could not read.
fn unread(path: &Path, done: &Done, out: &mut Joined) -> Result<(), Error> {
    let file = match File::open(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound && done.failed == 0 => return Ok(()),
        opened => opened.map_err(|cause| Error::reading(path, cause))?,
    };
    let mut lines = Lines::new(path, file);
    let mut count = 0;
    while let Some(line) = lines.next_whole()? {
        let read = serde_json::from_slice::<Failure>(line).ok().and_then(|f| Some((gap(&f)?, f.target)));
        let (why, name) = read.ok_or_else(|| lines.wrong(Word::NoFile.text(&[])))?;
        if out.hashed.contains_key(&name) || out.unread.insert(name.clone(), why).is_some() {
            return Err(lines.wrong(Word::Twice.text(&[("path", &name)])));
        }
        count += 1;
    }
    if count == done.failed {
        return Ok(());
    }
    Err(Error::Malformed { path: path.into(), line: None, message: Word::Altered.text(&[]), shown: None })
}

/// Why a file could not be read, as one process would have told it.
fn gap(failure: &Failure) -> Option<(GapKind, Text)> {
    let kind = serde_json::from_value(failure.kind.clone().into()).ok()?;
    let detail = &failure.failure;
    Some(match kind {
        // Two numbers.
        GapKind::Changed => (kind, Text::new(detail.clone(), detail.clone())),
        _ => (kind, foreign::told(detail)),
    })
}
