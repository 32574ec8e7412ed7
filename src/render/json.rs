//! The report as JSON, schema 1, and that schema.

use super::escaped;
use crate::report::Report;

/// The JSON Schema of a report, as it ships.
pub const SCHEMA: &str = include_str!("report.schema.json");

/// The report as indented JSON with a final line end.
///
/// # Errors
/// When a number in it is not finite, which counting excludes.
pub fn render(report: &Report) -> serde_json::Result<String> {
    Ok(escaped(&serde_json::to_string_pretty(report)?) + "\n")
}

/// The report as JSON on one line, with its end.
///
/// # Errors
/// When a number in it is not finite, which counting excludes.
pub fn line(report: &Report) -> serde_json::Result<String> {
    Ok(escaped(&serde_json::to_string(report)?) + "\n")
}

/// The schema as the types give it; a test holds [`SCHEMA`] to it.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn schema() -> serde_json::Result<String> {
    Ok(serde_json::to_string_pretty(&schemars::schema_for!(Report))? + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_that_ships_is_that_of_the_types() {
        let now = schema().unwrap();
        if now != SCHEMA {
            let path = std::env::temp_dir().join("report.schema.json");
            std::fs::write(&path, &now).unwrap();
            panic!("src/render/report.schema.json is out of date; the types now give {}", path.display());
        }
    }
}
