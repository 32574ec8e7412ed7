//! `ouvert render REPORT`: a saved report in another format.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use ouvert::error::Error;
use ouvert::render::json;
use ouvert::report::{self, Report};
use ouvert::words::errors::{Errors as Word, Wanted};
use ouvert::words::foreign;

use super::output::{self, Format, Output};
use super::{Outcome, Screen, print, read_text};

#[derive(Args)]
#[command(
    after_help = "Examples:\n  ouvert render report.json --lang fr\n  ouvert render --schema > report.schema.json"
)]
pub(super) struct Render {
    /// A report saved as JSON
    #[arg(required_unless_present = "schema")]
    report: Option<PathBuf>,
    /// Format on standard output
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Also write FILE, its format by extension, or FORMAT=FILE (repeatable)
    #[arg(long, value_name = "FILE", value_parser = output::parse)]
    output: Vec<Output>,
    /// Show all that is met, every file and every dataset too
    #[arg(long, short)]
    verbose: bool,
    /// Print the JSON Schema of a report instead
    #[arg(long, conflicts_with_all = ["report", "format", "output", "verbose"])]
    schema: bool,
}

impl Render {
    pub(super) fn run(&self, screen: &Screen) -> Outcome {
        let Some(path) = &self.report else {
            print(json::SCHEMA)?;
            return Ok(ExitCode::SUCCESS);
        };
        let text = read_text(path, Wanted::Report)?;
        let wrong = |message| Error::NotAReport { path: path.clone(), message };
        let foreign = |e: serde_json::Error| wrong(foreign::told(&e.to_string()));
        let schema = serde_json::from_str::<serde_json::Value>(&text).map_err(foreign)?.get("schema").cloned();
        if schema.as_ref().and_then(serde_json::Value::as_u64) != Some(u64::from(report::SCHEMA)) {
            return Err(wrong(Word::ReportSchema.text(&[("known", &report::SCHEMA)])).into());
        }
        let report: Report = serde_json::from_str(&text).map_err(foreign)?;
        let detail = output::detail(false, self.verbose);
        output::write(&report, screen, detail, self.format, &self.output)?;
        Ok(ExitCode::SUCCESS)
    }
}
