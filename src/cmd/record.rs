//! Files that stand for a release: saved evidence, and records of catalogues.

use std::io::Read;
use std::path::Path;

use ouvert::collect::record::{self, Format};
use ouvert::error::Error;
use ouvert::evidence::{self, Evidence};
use ouvert::parse::decode;

use super::read_text;

/// The evidence that a file holds, or that its record tells.
pub(super) fn of_file(path: &Path) -> Result<Evidence, Error> {
    if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("json")) {
        return saved(path);
    }
    let text = text(path)?;
    match Format::of(&text) {
        Some(format) => record::read(format, path, &text),
        None => Err(Error::NotADirectory(path.into())),
    }
}

/// The text of a record, bounded.
pub(super) fn text(path: &Path) -> Result<String, Error> {
    let wrong = |e| Error::reading(path, e);
    let mut bytes = Vec::new();
    std::fs::File::open(path).map_err(wrong)?.take(record::LONGEST + 1).read_to_end(&mut bytes).map_err(wrong)?;
    if bytes.len() as u64 > record::LONGEST {
        let message = format!("it has more than {} bytes; no record has", record::LONGEST);
        return Err(Error::Malformed { path: path.into(), line: None, message });
    }
    Ok(decode(&bytes).0)
}

/// Evidence saved with `--save-evidence`.
fn saved(path: &Path) -> Result<Evidence, Error> {
    let text = read_text(path)?;
    let wrong = |message: String| Error::NotAReport { path: path.into(), message };
    let evidence: Evidence = serde_json::from_str(&text).map_err(|e| wrong(e.to_string()))?;
    if evidence.schema != evidence::SCHEMA {
        let message = format!("evidence of schema {}, this version reads {}", evidence.schema, evidence::SCHEMA);
        return Err(wrong(message));
    }
    Ok(evidence)
}
