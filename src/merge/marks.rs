//! Which shards of a run came to their end, and where they lie. It reads marks, and no row.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use super::unjoined;
use crate::error::Error;
use crate::ledger::{read_done, read_run};
use crate::survey::{Done, Part, Run, Shard};
use crate::words::merge::Merge as Word;
use crate::words::{Lang, Text};

/// The shards of one run, in one or several folders.
#[derive(Debug)]
pub struct Shards {
    folder: PathBuf,
    run: Run,
    ended: Vec<Ended>,
    missing: Vec<u32>,
}

/// A shard that came to its end.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) folder: PathBuf,
    pub(super) done: Done,
}

impl Ended {
    /// The path of a file of it.
    pub(super) fn path(&self, what: Part) -> PathBuf {
        self.folder.join(self.done.shard.file(what))
    }
}

impl Shards {
    /// Finds the shards of the run that one or several folders hold.
    ///
    /// # Errors
    /// When a folder holds no run, or another than the first; when a shard lies in two of them; when a mark is none, or is of another
    /// run, or the result is shorter or longer than it says.
    pub fn open(folders: &[PathBuf]) -> Result<Shards, Error> {
        let first = folders.first().cloned().unwrap_or_default();
        let run = read_run(&first)?;
        for other in folders.iter().skip(1) {
            same(&run, &first, &read_run(other)?, other)?;
        }
        let (mut ended, mut missing) = (Vec::new(), Vec::new());
        for shard in run.all_shards() {
            match find(folders, shard, &run)? {
                Some(found) => ended.push(found),
                None => missing.push(shard.k()),
            }
        }
        Ok(Shards { folder: first, run, ended, missing })
    }

    /// The run that they are of.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// Those that did not come to their end, from 1.
    pub fn missing(&self) -> &[u32] {
        &self.missing
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn all(&self) -> &[Ended] {
        &self.ended
    }
}

/// Refuses the run of a folder that is not that of the first.
fn same(run: &Run, first: &Path, read: &Run, other: &Path) -> Result<(), Error> {
    let Some((what, old, new)) = run.differs(read) else { return Ok(()) };
    let values: [(&str, &dyn Display); 5] =
        [("path", &other.display()), ("other", &first.display()), ("what", &what), ("old", &old), ("new", &new)];
    Err(unjoined(Word::OtherRun, Word::HintOtherRun, &values))
}

/// The folder in which a shard came to its end, with its mark.
fn find(folders: &[PathBuf], shard: Shard, run: &Run) -> Result<Option<Ended>, Error> {
    let mut found: Option<Ended> = None;
    for folder in folders {
        let Some(done) = read_done(folder, shard, run)? else { continue };
        if let Some(other) = &found {
            let values: [(&str, &dyn Display); 3] =
                [("shard", &shard), ("path", &other.folder.display()), ("other", &folder.display())];
            return Err(unjoined(Word::TwicePlaced, Word::HintTwicePlaced, &values));
        }
        found = Some(Ended { folder: folder.clone(), done });
    }
    Ok(found)
}

/// An error about a file that is not what its shard ended with.
pub(super) fn altered(path: &Path, what: Word, old: &dyn Display, new: &dyn Display) -> Error {
    let said = |lang: Lang| {
        Word::Altered.with(lang, &[("path", &path.display()), ("what", &what.say(lang)), ("old", old), ("new", new)])
    };
    let message = Text::new(said(Lang::En), said(Lang::Fr));
    Error::Unjoined { message, hint: Word::HintAltered.text(&[("path", &path.display())]) }
}

/// Shards as a job array counts them, from 0: `0,3-5,9`.
pub fn array(shards: &[u32]) -> String {
    ranges(shards, 1)
}

/// Ascending numbers, less an offset, as ranges.
pub fn ranges(numbers: &[u32], less: u32) -> String {
    let mut out: Vec<(u32, u32)> = Vec::new();
    for n in numbers.iter().map(|n| n.saturating_sub(less)) {
        match out.last_mut() {
            Some((_, last)) if *last + 1 == n => *last = n,
            _ => out.push((n, n)),
        }
    }
    let told = |(a, b): &(u32, u32)| if a == b { a.to_string() } else { format!("{a}-{b}") };
    out.iter().map(told).collect::<Vec<_>>().join(",")
}
