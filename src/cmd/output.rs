//! Formats and files that a report goes to.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use ouvert::error::Error;
use ouvert::render::{Color, Detail, Options};
use ouvert::render::{json, mot, table};
use ouvert::report::Report;
use ouvert::words::usage::Usage as Word;

use super::usage::Mistake;
use super::{Failure, Screen, print};

/// The formats of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people, at a terminal
    Table,
    /// For programs: the report JSON, schema 1
    Json,
    /// A record for the Model Openness Tool (YAML), to be submitted by the maintainer
    Mot,
}

/// `--output FILE` or `--output FORMAT=FILE`.
#[derive(Clone, Debug)]
pub(super) struct Output {
    format: Format,
    path: PathBuf,
}

/// How much `--quiet` and `--verbose` ask to be shown.
pub(super) fn detail(quiet: bool, verbose: bool) -> Detail {
    match (quiet, verbose) {
        (true, _) => Detail::Line,
        (_, true) => Detail::All,
        _ => Detail::Normal,
    }
}

/// Parses the value of `--output`.
pub(super) fn parse(text: &str) -> Result<Output, Mistake> {
    if let Some((format, path)) = text.split_once('=')
        && let Ok(format) = Format::from_str(format, true)
    {
        return Ok(Output { format, path: path.into() });
    }
    let format = match Path::new(text).extension().and_then(|e| e.to_str()) {
        Some("json") => Format::Json,
        Some("txt") => Format::Table,
        Some("yml" | "yaml") => Format::Mot,
        _ => {
            let names =
                Format::value_variants().iter().filter_map(|f| Some(f.to_possible_value()?.get_name().to_owned()));
            let list = names.collect::<Vec<_>>().join(", ");
            return Err(Mistake(Word::NoExtension.text(&[("list", &list)])));
        }
    };
    Ok(Output { format, path: text.into() })
}

/// Renders a report for the screen or a file.
fn text(report: &Report, format: Format, options: Options) -> Result<String, Error> {
    match format {
        Format::Table => Ok(table::render(report, options)),
        Format::Mot => Ok(mot::render(report)),
        Format::Json => json::render(report).map_err(|e| Error::Write { path: "report.json".into(), cause: e.into() }),
    }
}

/// Writes one of many reports to stdout: as JSON, one on a line.
pub(super) fn one_of_many(
    report: &Report,
    screen: &Screen,
    detail: Detail,
    format: Option<Format>,
) -> Result<(), Failure> {
    if format == Some(Format::Json) {
        let line = json::line(report).map_err(|e| Error::Write { path: "report.json".into(), cause: e.into() });
        return print(&line?);
    }
    let color = if screen.colors(std::io::stdout().is_terminal()) { Color::Always } else { Color::Never };
    let options = Options { lang: screen.language(), width: screen.width(), detail, color };
    print(&text(report, format.unwrap_or(Format::Table), options)?)
}

/// Writes a report to stdout in one format, and to every file asked for. All are tried; the first failure is returned.
pub(super) fn write(
    report: &Report,
    screen: &Screen,
    detail: Detail,
    format: Option<Format>,
    outputs: &[Output],
) -> Result<(), Failure> {
    let color = if screen.colors(std::io::stdout().is_terminal()) { Color::Always } else { Color::Never };
    let options = Options { lang: screen.language(), width: screen.width(), detail, color };
    let mut failure: Option<Failure> = None;
    for output in outputs {
        let plain = Options { color: Color::Never, width: 80, ..options };
        let done = text(report, output.format, plain).and_then(|t| {
            std::fs::write(&output.path, t).map_err(|cause| Error::Write { path: output.path.clone(), cause })
        });
        if let Err(e) = done {
            failure.get_or_insert(e.into());
        }
    }
    // With files and no format named, the screen still shows the table: a report is never lost to a later failure.
    let shown = text(report, format.unwrap_or(Format::Table), options).map_err(Failure::from).and_then(|t| print(&t));
    match failure {
        Some(failure) => Err(failure),
        None => shown,
    }
}
