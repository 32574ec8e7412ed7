//! Formats and files that a report goes to.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use ouvert::error::Error;
use ouvert::render::{Color, Detail, Options};
use ouvert::render::{badge, github, gitlab, json, junit, markdown, mot, sarif, table};
use ouvert::report::Report;

use super::{Failure, Screen, print};

/// The formats of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people, at a terminal
    Table,
    /// For programs: the report JSON, schema 1
    Json,
    /// For code scanning: SARIF 2.1.0, as GitHub takes it
    Sarif,
    /// For what shows tests: JUnit XML
    Junit,
    /// For a pull request or the summary of a build step
    Markdown,
    /// For GitHub Actions: annotations, as commands on standard output
    Github,
    /// For GitLab: a code quality report
    Gitlab,
    /// A picture of the verdict (SVG)
    Badge,
    /// The JSON from which shields.io draws a badge
    BadgeJson,
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
        (true, _) => Detail::Verdict,
        (_, true) => Detail::All,
        _ => Detail::Normal,
    }
}

/// Parses the value of `--output`.
pub(super) fn parse(text: &str) -> Result<Output, String> {
    if let Some((format, path)) = text.split_once('=')
        && let Ok(format) = Format::from_str(format, true)
    {
        return Ok(Output { format, path: path.into() });
    }
    let format = match Path::new(text).extension().and_then(|e| e.to_str()) {
        Some("json") => Format::Json,
        Some("txt") => Format::Table,
        Some("yml" | "yaml") => Format::Mot,
        Some("sarif") => Format::Sarif,
        Some("xml") => Format::Junit,
        Some("md") => Format::Markdown,
        Some("svg") => Format::Badge,
        _ => {
            let all = Format::value_variants().iter().filter_map(|f| f.to_possible_value());
            let all: Vec<String> = all.map(|v| v.get_name().to_owned()).collect();
            let message = "the format is not told by the extension; write FORMAT=FILE, FORMAT one of";
            return Err(format!("{message} {}", all.join(", ")));
        }
    };
    Ok(Output { format, path: text.into() })
}

impl Format {
    /// Whether what stands in it one after the other is still read: by people, line by line, or part by part.
    pub(super) fn holds_many(self) -> bool {
        match self {
            Format::Table | Format::Json | Format::Markdown | Format::Github => true,
            Format::Mot | Format::Sarif | Format::Junit | Format::Gitlab | Format::Badge | Format::BadgeJson => false,
        }
    }
}

/// Renders a report for the screen or a file.
fn text(report: &Report, format: Format, options: Options) -> Result<String, Error> {
    match format {
        Format::Sarif => Ok(sarif::render(report)),
        Format::Junit => junit::render(report)
            .map_err(|e| Error::Write { path: "report.xml".into(), cause: std::io::Error::other(e) }),
        Format::Markdown => Ok(markdown::render(report, options)),
        Format::Github => Ok(github::render(report, options.lang)),
        Format::Gitlab => Ok(gitlab::render(report)),
        Format::Badge => Ok(badge::svg(report, options.lang)),
        Format::BadgeJson => Ok(badge::endpoint(report, options.lang)),
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
