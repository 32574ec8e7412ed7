//! The report as JSON, schema 1, and that schema.

use crate::report::Report;

/// The JSON Schema of a report, as it ships.
pub const SCHEMA: &str = include_str!("report.schema.json");

/// The report as indented JSON with a final line end.
///
/// # Errors
/// When a number in it is not finite, which counting excludes.
pub fn render(report: &Report) -> serde_json::Result<String> {
    Ok(serde_json::to_string_pretty(report)? + "\n")
}

/// The schema as the types give it; a test holds [`SCHEMA`] to it.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn schema() -> serde_json::Result<String> {
    Ok(serde_json::to_string_pretty(&schemars::schema_for!(Report))? + "\n")
}
