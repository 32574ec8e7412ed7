//! The shards of a run as one table: each row once, in the order of their names, so that many shards give what one would have. It
//! reads what [`ledger`](crate::ledger) wrote, believes none of it, and keeps names in memory, never rows.

mod index;
mod lines;
mod marks;

pub use lines::{Line, Rows};
pub use marks::{Shards, array, ranges};

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::error::Error;
use crate::survey::{Run, Work};
use crate::words::Text;
use crate::words::merge::Merge as Word;

/// Bytes of a line at most; a row is a thousandth of it.
pub const LONGEST: usize = 1024 * 1024;

/// Whether a table may lack shards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// Every shard must be there.
    Refused,
    /// What is there is merged.
    Told,
}

impl Shards {
    /// The rows of a survey, indexed: every line of every shard is looked at once.
    ///
    /// # Errors
    /// When a shard lacks and that is refused, when one is not what it ended with, when a release stands twice or in none of them,
    /// and when the run is no survey.
    pub fn rows(&self, lack: Lack) -> Result<Rows, Error> {
        let path = self.folder().display();
        match self.run().work {
            Work::Survey => {}
            Work::Collect => return Err(unjoined(Word::OfCollect, Word::HintOfCollect, &[("path", &path)])),
            Work::Verify => return Err(unjoined(Word::OfVerify, Word::HintOfVerify, &[("path", &path)])),
        }
        if lack == Lack::Refused && !self.missing().is_empty() {
            return Err(lacking(self.run(), self.missing()));
        }
        let index = index::Index::of(self.all())?;
        let of = self.run().list.items;
        if self.missing().is_empty() && index.len() < of {
            return Err(unjoined(Word::Fewer, Word::HintFewer, &[("of", &of), ("n", &index.len())]));
        }
        Rows::new(index)
    }
}

/// The shards that lack, as people and as Slurm count them.
fn lacking(run: &Run, missing: &[u32]) -> Error {
    let word = if missing.len() == 1 { Word::MissingOne } else { Word::MissingMany };
    let array = format!("--array={}", array(missing));
    let (n, list) = (missing.len(), ranges(missing, 0));
    unjoined(
        word,
        Word::HintMissing,
        &[("n", &n), ("many", &n), ("of", &run.shards), ("list", &list), ("array", &array)],
    )
}

/// An error about shards that do not fit, with the next step.
fn unjoined(word: Word, hint: Word, values: &[(&str, &dyn std::fmt::Display)]) -> Error {
    Error::Unjoined { message: word.text(values), hint: hint.text(values) }
}

/// An error about a file, or a line of it.
fn malformed(path: &Path, line: Option<usize>, message: Text) -> Error {
    Error::Malformed { path: path.into(), line, message, shown: None }
}

/// The number of the line that starts at an offset, from 1; what cannot be read is not counted.
fn number(path: &Path, offset: u64) -> usize {
    let Ok(file) = File::open(path) else { return 1 };
    let mut lines = 1;
    let mut left = std::io::BufReader::new(file.take(offset));
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(n @ 1..) = left.read(&mut buffer) {
        lines += buffer.iter().take(n).filter(|b| **b == b'\n').count();
    }
    lines
}

#[cfg(test)]
mod tests;
