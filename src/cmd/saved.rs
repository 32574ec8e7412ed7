//! Reports saved as JSON, read back.

use std::path::Path;

use ouvert::error::Error;
use ouvert::report::{self, Report};
use ouvert::words::errors::{Errors as Word, Wanted};
use ouvert::words::foreign;

use super::read_text;

/// The report that a file holds.
pub(super) fn report(path: &Path) -> Result<Report, Error> {
    of_text(path, &read_text(path, Wanted::Report)?)
}

/// The report that the text of a file holds.
pub(super) fn of_text(path: &Path, text: &str) -> Result<Report, Error> {
    let wrong = |message| Error::NotAReport { path: path.into(), message };
    let foreign = |e: serde_json::Error| wrong(foreign::told(&e.to_string()));
    let value: serde_json::Value = serde_json::from_str(text).map_err(foreign)?;
    if value.get("schema").and_then(serde_json::Value::as_u64) != Some(u64::from(report::SCHEMA)) {
        return Err(wrong(Word::ReportSchema.text(&[("known", &report::SCHEMA)])));
    }
    serde_json::from_str(text).map_err(foreign)
}
