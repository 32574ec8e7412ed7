//! Formats and files that a report goes to.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use ouvert::error::Error;
use ouvert::render::{Color, Detail, Options};
use ouvert::render::{badge, bom, github, gitlab, html, json, junit, markdown, mot, sarif, table};
use ouvert::report::Report;
use ouvert::words::usage::Usage as Word;

use super::usage::Mistake;
use super::{Failure, Outcome, Screen, print};

/// The formats of a list or a check: for people and for programs.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Plain {
    /// For people, at a terminal
    Table,
    /// For programs
    Json,
}

/// Prints an answer; the exit code is 0 when it is good, else 1.
pub(super) fn answered(text: &str, good: bool) -> Outcome {
    match print(text) {
        // Whoever reads the answer may stop reading: that opens no gate.
        Ok(()) | Err(Failure::Pipe) => Ok(if good { ExitCode::SUCCESS } else { ExitCode::from(1) }),
        Err(failure) => Err(failure),
    }
}

/// The formats of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people, at a terminal
    Table,
    /// For programs: the report JSON, schema 1
    Json,
    /// A page for people, complete in itself: no script, nothing from elsewhere
    Html,
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
    /// A bill of materials of the model: CycloneDX 1.6 in JSON
    #[value(name = "cyclonedx")]
    CycloneDx,
    /// A bill of materials: SPDX 3.0.1 in JSON-LD, with its profiles for AI and datasets
    Spdx,
}

/// The formats that the end of a name tells; an end of two parts stands before its last one.
const ENDS: &[(&str, Format)] = &[
    (".cdx.json", Format::CycloneDx),
    (".spdx.json", Format::Spdx),
    (".json", Format::Json),
    (".txt", Format::Table),
    (".html", Format::Html),
    (".htm", Format::Html),
    (".yml", Format::Mot),
    (".yaml", Format::Mot),
    (".sarif", Format::Sarif),
    (".xml", Format::Junit),
    (".md", Format::Markdown),
    (".svg", Format::Badge),
];

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
    let format = by_end(text, ENDS).map_err(|list| Mistake(Word::NoExtension.text(&[("list", &list)])))?;
    Ok(Output { format, path: text.into() })
}

/// What the end of a file's name tells; else the ends that tell something.
pub(super) fn by_end<T: Copy>(path: &str, ends: &[(&str, T)]) -> Result<T, String> {
    let name = Path::new(path).file_name().map(|n| n.to_string_lossy()).unwrap_or_default();
    let found = ends.iter().find(|(end, _)| name.ends_with(end)).map(|(_, what)| *what);
    found.ok_or_else(|| ends.iter().map(|(end, _)| *end).collect::<Vec<_>>().join(" "))
}

impl Format {
    /// Whether what stands in it one after the other is still read: by people, line by line, or part by part.
    pub(super) fn holds_many(self) -> bool {
        matches!(self, Format::Table | Format::Json | Format::Markdown | Format::Github)
    }
}

/// Renders a report for the screen or a file.
fn text(report: &Report, format: Format, options: Options) -> Result<String, Error> {
    let unwritten = |name: &str, cause| Error::Write { path: name.into(), cause };
    let written = match format {
        Format::Table => return Ok(table::render(report, options)),
        Format::Mot => return Ok(mot::render(report)),
        Format::Sarif => return Ok(sarif::render(report)),
        Format::Markdown => return Ok(markdown::render(report, options)),
        Format::Github => return Ok(github::render(report, options.lang)),
        Format::Gitlab => return Ok(gitlab::render(report)),
        Format::Badge => return Ok(badge::svg(report, options.lang)),
        Format::BadgeJson => return Ok(badge::endpoint(report, options.lang)),
        Format::Html => {
            return html::render(report, options.lang).map_err(|e| unwritten("report.html", io::Error::other(e)));
        }
        Format::Junit => return junit::render(report).map_err(|e| unwritten("report.xml", io::Error::other(e))),
        Format::Json => json::render(report),
        Format::CycloneDx => bom::cyclonedx::render(report),
        Format::Spdx => bom::spdx::render(report),
    };
    written.map_err(|e| unwritten("report.json", e.into()))
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
    let options = screen.options(detail);
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
    let options = screen.options(detail);
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
