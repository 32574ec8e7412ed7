//! The lines of a run's files, bounded: a line that was not ended is none.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::words::Text;
use crate::words::survey::Survey as Word;

/// Bytes of a line at most: the evidence of a release of a hundred thousand files.
pub const LONGEST: usize = 256 * 1024 * 1024;

/// The whole lines of a file, one after the other.
#[derive(Debug)]
pub struct Lines<R> {
    path: PathBuf,
    reader: BufReader<R>,
    line: Vec<u8>,
    most: usize,
    count: usize,
    whole: u64,
}

impl<R: Read> Lines<R> {
    /// The lines of a file; `path` is what it is called in an error.
    pub fn new(path: &Path, file: R) -> Lines<R> {
        Lines::bounded(path, file, LONGEST)
    }

    /// The lines of a file, each of at most so many bytes.
    pub fn bounded(path: &Path, file: R, most: usize) -> Lines<R> {
        let reader = BufReader::with_capacity(256 * 1024, file);
        Lines { path: path.into(), reader, line: vec![], most, count: 0, whole: 0 }
    }

    /// The next line without its end; `None` behind the last that was ended.
    ///
    /// # Errors
    /// When the file cannot be read, or a line is longer than it may be.
    pub fn next_whole(&mut self) -> Result<Option<&[u8]>, Error> {
        self.line.clear();
        let mut bounded = (&mut self.reader).take(self.most as u64 + 1);
        let read = bounded.read_until(b'\n', &mut self.line);
        let n = read.map_err(|cause| Error::Read { path: self.path.clone(), cause })?;
        self.count += 1;
        if n > self.most {
            return Err(self.wrong(Word::LongLine.text(&[("n", &self.most)])));
        }
        Ok(self.line.strip_suffix(b"\n").inspect(|_| self.whole += n as u64))
    }

    /// Bytes of the whole lines so far.
    pub fn whole(&self) -> u64 {
        self.whole
    }

    /// An error about the line at hand.
    pub fn wrong(&self, message: Text) -> Error {
        Error::Malformed { path: self.path.clone(), line: Some(self.count), message, shown: None }
    }
}

/// The item that a line is of: the string behind its first `"target":` or `"path":`, which stands at the line's head. The rest of the
/// line is not read.
pub fn target_of(line: &[u8]) -> Option<String> {
    let head = line.get(..line.len().min(64))?;
    let after = |key: &[u8]| head.windows(key.len()).position(|w| w == key).map(|at| at + key.len());
    let start = after(b"\"target\":").or_else(|| after(b"\"path\":"))?;
    if line.first() != Some(&b'{') || line.last() != Some(&b'}') {
        return None;
    }
    let mut values = serde_json::Deserializer::from_slice(line.get(start..)?).into_iter::<String>();
    values.next()?.ok()
}
