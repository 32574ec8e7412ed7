//! The folder that a stub serves: files with their true hashes, the trees of git, cards.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, SystemTime};
use std::vec::IntoIter;

use granit_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Value};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use walkdir::WalkDir;

use super::held;

/// Endings of files that a repository of the hub keeps in LFS.
const LFS: [&str; 6] = [".safetensors", ".bin", ".gguf", ".parquet", ".pt", ".zst"];

pub(super) struct File {
    /// With forward slashes, from the revision's folder.
    pub(super) path: String,
    pub(super) full: PathBuf,
    pub(super) size: u64,
    pub(super) sha256: String,
    /// The git blob id: of the pointer where there is one.
    pub(super) oid: String,
    /// The pointer that git holds for a file in LFS.
    pub(super) pointer: Option<String>,
}

impl File {
    pub(super) fn bytes(&self) -> Vec<u8> {
        fs::read(&self.full).unwrap_or_default()
    }
}

struct Hash {
    size: u64,
    changed: Option<SystemTime>,
    sha256: String,
    blob: String,
}

/// Hashes of files that have not changed since.
#[derive(Default)]
pub(super) struct Hashes(Mutex<HashMap<PathBuf, Hash>>);

impl Hashes {
    /// The files of a folder, by path. Where LFS is on, some are held as pointers.
    pub(super) fn listing(&self, root: &Path, lfs: bool) -> Vec<File> {
        let found = WalkDir::new(root).into_iter().filter_map(Result::ok).filter(|e| e.file_type().is_file());
        let mut out: Vec<File> = found.map(|entry| self.file(root, entry.path(), lfs)).collect();
        out.sort_by(|a, b| a.path.cmp(&b.path));
        out
    }

    fn file(&self, root: &Path, full: &Path, lfs: bool) -> File {
        let path = full.strip_prefix(root).unwrap_or(full).to_string_lossy().replace('\\', "/");
        let (size, sha256, blob) = self.hash(full);
        let pointer = (lfs && LFS.iter().any(|ending| path.ends_with(ending)))
            .then(|| format!("version https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\nsize {size}\n"));
        let oid = pointer.as_ref().map_or(blob, |pointer| git("blob", pointer.as_bytes()));
        File { path, full: full.to_owned(), size, sha256, oid, pointer }
    }

    fn hash(&self, path: &Path) -> (u64, String, String) {
        let meta = fs::metadata(path).ok();
        let size = meta.as_ref().map_or(0, fs::Metadata::len);
        let changed = meta.and_then(|m| m.modified().ok());
        if let Some(known) = held(&self.0).get(path).filter(|k| k.size == size && k.changed == changed) {
            return (known.size, known.sha256.clone(), known.blob.clone());
        }
        let bytes = fs::read(path).unwrap_or_default();
        let (sha256, blob) = (hex(&Sha256::digest(&bytes)), git("blob", &bytes));
        // A file written a moment ago may be written again without a later time of change.
        if changed.is_some_and(|c| c.elapsed().is_ok_and(|age| age > Duration::from_millis(100))) {
            let hash = Hash { size, changed, sha256: sha256.clone(), blob: blob.clone() };
            held(&self.0).insert(path.to_owned(), hash);
        }
        (bytes.len() as u64, sha256, blob)
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// The id of an object of git.
pub(super) fn git(kind: &str, bytes: &[u8]) -> String {
    let head = format!("{kind} {}\0", bytes.len());
    hex(&Sha1::new().chain_update(head).chain_update(bytes).finalize())
}

/// The id that stands for a commit: 40 digits that change with any file.
pub(super) fn commit(files: &[File]) -> String {
    let lines: String = files.iter().map(|f| format!("{} {}\n", f.oid, f.path)).collect();
    git("commit", lines.as_bytes())
}

/// The ids of the folders of a listing; that of the root is at the empty path.
pub(super) fn trees(files: &[File]) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    tree(files, "", &mut out);
    out
}

fn tree(files: &[File], folder: &str, out: &mut BTreeMap<String, String>) -> String {
    // Git sorts a folder as if its name ended with a slash.
    let mut entries = BTreeMap::new();
    for file in files {
        let Some(rest) = file.path.strip_prefix(folder) else { continue };
        match rest.split_once('/') {
            None => entries.insert(rest.to_owned(), file.oid.clone()),
            Some((name, _)) if entries.contains_key(&format!("{name}/")) => None,
            Some((name, _)) => entries.insert(format!("{name}/"), tree(files, &format!("{folder}{name}/"), out)),
        };
    }
    let mut body = Vec::new();
    for (name, oid) in &entries {
        let mode = if name.ends_with('/') { "40000" } else { "100644" };
        body.extend(format!("{mode} {}\0", name.trim_end_matches('/')).bytes());
        body.extend((0..20).filter_map(|i| u8::from_str_radix(&oid[2 * i..2 * i + 2], 16).ok()));
    }
    let oid = git("tree", &body);
    out.insert(folder.trim_end_matches('/').to_owned(), oid.clone());
    oid
}

/// A JSON file; null where there is none.
pub(super) fn json(path: &Path) -> Value {
    let Ok(text) = fs::read_to_string(path) else { return Value::Null };
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The strings of a text or of a list.
pub(super) fn strings(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        other => other.as_str().into_iter().collect(),
    }
}

/// The front matter of a card as the hub gives it; none where there is none, or none that can be read.
pub(super) fn card(text: &str) -> Option<Value> {
    let text = text.replace("\r\n", "\n");
    let (front, _) = text.strip_prefix("---\n")?.split_once("\n---")?;
    let mut parser = Parser::new_from_str(front);
    let mut events = Vec::new();
    while let Some(next) = parser.next_event() {
        events.push(next.ok()?.0);
    }
    node(&mut events.into_iter()).filter(Value::is_object)
}

/// The next node; none at the end of what is open.
fn node(events: &mut IntoIter<Event<'_>>) -> Option<Value> {
    match events.next()? {
        Event::Scalar(text, style, ..) => Some(scalar(&text, style == ScalarStyle::Plain)),
        Event::SequenceStart(..) => {
            let mut items = Vec::new();
            while let Some(item) = node(events) {
                items.push(item);
            }
            Some(Value::Array(items))
        }
        Event::MappingStart(..) => {
            let mut map = Map::new();
            while let Some(key) = node(events) {
                let key = key.as_str().map_or_else(|| key.to_string(), str::to_owned);
                map.insert(key, node(events).unwrap_or_default());
            }
            Some(Value::Object(map))
        }
        Event::SequenceEnd | Event::MappingEnd | Event::DocumentEnd | Event::StreamEnd => None,
        Event::Alias(_) => Some(Value::Null),
        _ => node(events),
    }
}

fn scalar(text: &str, plain: bool) -> Value {
    let number = text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    match text {
        _ if !plain => text.into(),
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => true.into(),
        "false" | "False" | "FALSE" => false.into(),
        _ if number => {
            let float = || text.parse::<f64>().ok().and_then(serde_json::Number::from_f64).map(Value::Number);
            text.parse::<i64>().ok().map(Value::from).or_else(float).unwrap_or_else(|| text.into())
        }
        _ => text.into(),
    }
}
