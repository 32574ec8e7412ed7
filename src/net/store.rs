//! Answers kept on disk under the user's cache folder, one file each: asked again with their ETag, and read back offline.
//! File: one line of JSON about the answer, then its body.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Answer;
use crate::digest::Digest;

/// Bytes of an answer that is kept.
const LONGEST: usize = 8 * 1024 * 1024;
/// Bytes of the line about an answer.
const LONGEST_HEAD: u64 = 64 * 1024;

/// A folder of answers.
#[derive(Debug)]
pub(super) struct Store {
    folder: PathBuf,
}

/// The line about an answer.
#[derive(Serialize, Deserialize)]
struct Head {
    key: String,
    status: u16,
    url: String,
    headers: BTreeMap<String, String>,
    bytes: u64,
}

impl Store {
    pub(super) fn new(folder: PathBuf) -> Store {
        Store { folder }
    }

    fn path(&self, key: &str) -> PathBuf {
        let name = Digest::of(key.as_bytes());
        let (start, rest) = name.hex().split_at(2);
        self.folder.join(start).join(rest)
    }

    /// The answer kept for a request; a broken file is none.
    pub(super) fn get(&self, key: &str) -> Option<Answer> {
        let file = fs::File::open(self.path(key)).ok()?;
        let mut all = Vec::new();
        file.take(LONGEST as u64 + LONGEST_HEAD).read_to_end(&mut all).ok()?;
        let end = all.iter().position(|b| *b == b'\n')?;
        let head: Head = serde_json::from_slice(all.get(..end)?).ok()?;
        let body = all.get(end + 1..)?.to_vec();
        let whole = head.key == key && body.len() as u64 == head.bytes;
        whole.then_some(Answer { status: head.status, url: head.url, headers: head.headers, body })
    }

    /// Keeps an answer. What cannot be kept is asked again another time.
    pub(super) fn put(&self, key: &str, answer: &Answer) {
        if answer.body.len() <= LONGEST {
            let _ = self.write(key, answer);
        }
    }

    fn write(&self, key: &str, answer: &Answer) -> std::io::Result<()> {
        let path = self.path(key);
        let folder = path.parent().ok_or(std::io::ErrorKind::NotFound)?;
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        // Answers may be of private repositories.
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
        let head = Head {
            key: key.to_owned(),
            status: answer.status,
            url: answer.url.clone(),
            headers: answer.headers.clone(),
            bytes: answer.body.len() as u64,
        };
        let mut text = serde_json::to_vec(&head)?;
        text.push(b'\n');
        text.extend_from_slice(&answer.body);
        // Written whole and renamed: a reader never sees a half, and two writers do not mix.
        let temporary = folder.join(format!(".{}-{:?}", std::process::id(), std::thread::current().id()));
        let written = fs::File::create(&temporary).and_then(|mut f| f.write_all(&text));
        written.and_then(|()| fs::rename(&temporary, &path)).inspect_err(|_| {
            let _ = fs::remove_file(&temporary);
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_back_and_a_broken_file_is_none() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::new(dir.path().join("a"));
        let headers = BTreeMap::from([("etag".to_owned(), "\"x\"".to_owned())]);
        let answer = Answer { status: 200, url: "https://a/".into(), headers, body: b"a\nb".to_vec() };
        assert_eq!(store.get("k"), None);
        store.put("k", &answer);
        assert_eq!(store.get("k"), Some(answer));
        assert_eq!(store.get("other"), None);
        let path = store.path("k");
        let mut bytes = fs::read(&path).unwrap();
        bytes.pop();
        fs::write(&path, bytes).unwrap();
        assert_eq!(store.get("k"), None);
    }
}
