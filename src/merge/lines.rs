//! The rows of a merged run in their order, read a batch at a time and checked: each is one of a survey, with the columns of all.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::sync::mpsc::sync_channel;

use rayon::prelude::*;

use super::index::{Entry, Index};
use super::{malformed, number};
use crate::error::Error;
use crate::survey::{Cell, Failure, OF_CRITERION, Row, SCHEMA, VERDICTS};
use crate::words::merge::Merge as Word;

/// Rows that are handed over together, and bytes of them, unless one has more.
const BATCH: usize = 2048;
const BATCH_BYTES: usize = 8 * 1024 * 1024;
/// Files that are open at once: a system lets a process have a thousand.
const OPEN: usize = 400;

/// A row, and the line that it is.
#[derive(Debug)]
pub struct Line {
    /// JSON without an end of line; for what was audited, as its shard wrote it.
    pub text: Vec<u8>,
    /// The same, taken apart.
    pub row: Row,
}

/// The rows of a run.
#[derive(Debug)]
pub struct Rows {
    index: Index,
    criteria: Vec<String>,
    columns: Vec<(String, usize)>,
}

impl Rows {
    /// The rows that an index points at; the first that was audited tells the criteria.
    pub(super) fn new(index: Index) -> Result<Rows, Error> {
        let mut rows = Rows { index, criteria: vec![], columns: vec![] };
        let Some(first) = rows.index.entries.iter().find(|e| !e.failed()).copied() else { return Ok(rows) };
        let text = Files::default().text(&rows.index, first)?;
        let row: Row = serde_json::from_slice(&text).map_err(|e| rows.no_row(first, &e))?;
        let [verdict, ..] = OF_CRITERION;
        let criteria = row.criteria.keys().filter_map(|key| key.strip_suffix(verdict)?.strip_suffix('_'));
        rows.criteria = criteria.map(str::to_owned).collect();
        let parts =
            |id: &String| OF_CRITERION.iter().enumerate().map(|(i, part)| (format!("{id}_{part}"), i)).collect();
        rows.columns = rows.criteria.iter().flat_map(|id| -> Vec<(String, usize)> { parts(id) }).collect();
        rows.columns.sort();
        Ok(rows)
    }

    /// How many there are.
    pub fn len(&self) -> u64 {
        self.index.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.index.len() == 0
    }

    /// Ids of the criteria that every audited row has, as its columns spell them: `-` as `_`. In no order of meaning.
    pub fn criteria(&self) -> &[String] {
        &self.criteria
    }

    /// Hands over all rows in the order of their names, batch by batch; the next is read meanwhile.
    ///
    /// # Errors
    /// When a line is no row of this survey or changed meanwhile, and whatever `take` returns.
    pub fn each(&self, mut take: impl FnMut(&[Line]) -> Result<(), Error>) -> Result<(), Error> {
        std::thread::scope(|scope| {
            let (send, receive) = sync_channel(2);
            scope.spawn(move || {
                let mut files = Files::default();
                let mut left = self.index.entries.as_slice();
                while let Some((entries, rest)) = left.split_at_checked(together(left)).filter(|(e, _)| !e.is_empty()) {
                    left = rest;
                    let batch = self.batch(&mut files, entries);
                    // Whoever took the rows gave up.
                    if send.send(batch).is_err() {
                        return;
                    }
                }
            });
            receive.into_iter().try_for_each(|batch| {
                let batch = batch?;
                let taken = take(&batch);
                // Rows are many small things: what made them takes them apart again.
                rayon::spawn(move || drop(batch));
                taken
            })
        })
    }

    fn batch(&self, files: &mut Files, entries: &[Entry]) -> Result<Vec<Line>, Error> {
        let texts: Vec<Vec<u8>> = entries.iter().map(|e| files.text(&self.index, *e)).collect::<Result<_, _>>()?;
        texts.into_par_iter().zip(entries).map(|(text, entry)| self.line(text, *entry)).collect()
    }

    fn line(&self, text: Vec<u8>, entry: Entry) -> Result<Line, Error> {
        let line = if entry.failed() {
            let failure: Failure = serde_json::from_slice(&text).map_err(|e| self.no_row(entry, &e))?;
            let row = Row::from(failure);
            Line { text: serde_json::to_vec(&row).map_err(|e| self.no_row(entry, &e))?, row }
        } else {
            let row: Row = serde_json::from_slice(&text).map_err(|e| self.no_row(entry, &e))?;
            Line { text, row }
        };
        if line.row.target.as_bytes() != self.index.name(entry) {
            return Err(self.wrong(entry, Word::Moved.text(&[])));
        }
        if line.row.schema != SCHEMA {
            return Err(self.wrong(entry, Word::OtherSchema.text(&[("n", &line.row.schema), ("known", &SCHEMA)])));
        }
        let judged = !entry.failed() && line.row.failure.is_none();
        if judged && !self.fits(&line.row) {
            let list: Vec<&str> = self.columns.iter().map(|(name, _)| name.as_str()).take(10).collect();
            return Err(self.wrong(entry, Word::OtherColumns.text(&[("list", &list.join(", "))])));
        }
        Ok(line)
    }

    /// Whether a row has the columns of all, each with a value of its kind.
    fn fits(&self, row: &Row) -> bool {
        let kind = |part: usize, cell: &Cell| match (part, cell) {
            (0, Cell::Word(word)) => VERDICTS.contains(&word.as_str()),
            (1, Cell::Score(_) | Cell::Count(_)) => true,
            (2.., Cell::Count(_)) => true,
            _ => false,
        };
        let mut pairs = row.criteria.iter().zip(&self.columns);
        row.criteria.len() == self.columns.len()
            && pairs.all(|((name, cell), (wanted, part))| name == wanted && kind(*part, cell))
    }

    fn no_row(&self, entry: Entry, why: &serde_json::Error) -> Error {
        self.wrong(entry, Word::NoRow.text(&[("why", why)]))
    }

    fn wrong(&self, entry: Entry, message: crate::words::Text) -> Error {
        let path = self.index.path(entry);
        malformed(path, Some(number(path, entry.offset)), message)
    }
}

/// How many of some lines are handed over together.
fn together(entries: &[Entry]) -> usize {
    let mut bytes = 0;
    let fits = |entry: &&Entry| {
        bytes += entry.bytes as usize;
        bytes <= BATCH_BYTES
    };
    entries.iter().take(BATCH).take_while(fits).count().max(1)
}

/// Files of lines, a bounded number of them open.
#[derive(Default)]
struct Files {
    open: HashMap<u32, File>,
}

impl Files {
    /// A line of a file, without its end.
    fn text(&mut self, index: &Index, entry: Entry) -> Result<Vec<u8>, Error> {
        let path = index.path(entry);
        let wrong = |cause| Error::Read { path: path.into(), cause };
        if self.open.len() >= OPEN && !self.open.contains_key(&entry.file) {
            self.open.clear();
        }
        let file = match self.open.entry(entry.file) {
            std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::hash_map::Entry::Vacant(new) => new.insert(File::open(path).map_err(wrong)?),
        };
        let mut text = vec![0; entry.bytes as usize];
        file.seek(SeekFrom::Start(entry.offset)).and_then(|_| file.read_exact(&mut text)).map_err(wrong)?;
        Ok(text)
    }
}
