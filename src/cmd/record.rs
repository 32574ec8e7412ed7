//! Files that stand for a release: saved evidence, and records of catalogues.

use std::io::Read;
use std::path::Path;

use ouvert::collect::record::{self, Format};
use ouvert::error::Error;
use ouvert::evidence::{self, Evidence};
use ouvert::parse::decode;
use ouvert::words::errors::{Errors as Word, Wanted};

use super::{because, missing, read_text};

/// The evidence that a file holds, or that its record tells.
pub(super) fn of_file(path: &Path) -> Result<Evidence, Error> {
    let json = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("json"));
    let text = if json { read_text(path, Wanted::Evidence)? } else { text(path)? };
    match Format::of(&text) {
        Some(_) if text.len() as u64 > record::LONGEST => Err(too_long(path)),
        Some(format) => record::read(format, path, &text),
        None if json => saved(path, &text),
        None if ["yml", "yaml"].iter().any(|e| path.extension().is_some_and(|x| x.eq_ignore_ascii_case(e))) => {
            Err(record::refusal(path, &text))
        }
        None => Err(Error::NotADirectory(path.into())),
    }
}

fn too_long(path: &Path) -> Error {
    let message = Word::RecordTooLong.text(&[("n", &record::LONGEST)]);
    Error::Malformed { path: path.into(), line: None, message, shown: None }
}

/// The text of a record, bounded.
pub(super) fn text(path: &Path) -> Result<String, Error> {
    let wrong = |e| missing(path, Wanted::Record, e);
    let mut bytes = Vec::new();
    std::fs::File::open(path).map_err(wrong)?.take(record::LONGEST + 1).read_to_end(&mut bytes).map_err(wrong)?;
    if bytes.len() as u64 > record::LONGEST {
        return Err(too_long(path));
    }
    Ok(decode(&bytes).0)
}

/// Evidence saved with `--save-evidence`.
fn saved(path: &Path, text: &str) -> Result<Evidence, Error> {
    let at = |line, message| Error::NotARecord { path: path.into(), line, message, other: None };
    let wrong = |message| at(None, message);
    if text.trim().is_empty() {
        return Err(wrong(Word::FileEmpty.text(&[])));
    }
    let value: serde_json::Value =
        serde_json::from_str(text).map_err(|e| at(Some(e.line()), because(Word::NotJson, &e)))?;
    if value.get("schema").is_none() || value.get("subject").is_none() {
        return Err(wrong(Word::NeitherEvidence.text(&[])));
    }
    if value.get("findings").is_some() {
        return Err(wrong(Word::AReport.text(&[])));
    }
    let evidence: Evidence =
        serde_json::from_str(text).map_err(|e| at(Some(e.line()), because(Word::OtherEvidence, &e)))?;
    if evidence.schema != evidence::SCHEMA {
        return Err(wrong(Word::EvidenceSchema.text(&[("n", &evidence.schema), ("known", &evidence::SCHEMA)])));
    }
    Ok(evidence)
}
