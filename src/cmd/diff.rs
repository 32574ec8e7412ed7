//! `ouvert diff OLD NEW`: what got more open, what less.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use ouvert::audit;
use ouvert::collect::Hashing;
use ouvert::diff as compare;
use ouvert::error::Error;
use ouvert::finding::Lang;
use ouvert::profile::{self, Profile};
use ouvert::render::diff;
use ouvert::report::Report;
use ouvert::words::errors::{Errors as Word, Wanted};

use super::audit::{Job, collect};
use super::known::Cache;
use super::trust::Trusted;
use super::{Outcome, Screen, load_profile, now, output, read_text, record, saved, world};

#[derive(Args)]
#[command(
    after_help = "Examples:\n  ouvert diff report-1.0.json report-1.1.json\n  ouvert diff hf:ORG/NAME@v1 hf:ORG/NAME@v2\n  ouvert diff report.json . --format json\n  ouvert diff old.json new.json --format markdown > comment.md\n\n\
    What was seen not to be so and can no longer be told is no improvement, and what can no longer be told of what was met is a\n\
    regression.\n\nExit codes: 0 nothing got worse; 1 something did; 2 could not compare."
)]
pub(super) struct Diff {
    /// The earlier one: a report saved as JSON, or a target of `ouvert audit`
    old: PathBuf,
    /// The later one
    new: PathBuf,
    /// The profile that targets are judged by [default: that of a report that stands beside, else three-criteria]
    #[arg(long, value_name = "ID|FILE")]
    profile: Option<String>,
    /// Format on standard output
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    /// Never use the network: read the hub's cache, and answers kept from before
    #[arg(long)]
    offline: bool,
    /// Do not hash: published digests stay unchecked
    #[arg(long)]
    no_hash: bool,
    /// Show one line
    #[arg(long, short, conflicts_with = "verbose")]
    quiet: bool,
    /// Show every change
    #[arg(long, short)]
    verbose: bool,
}

/// The formats of a comparison.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For people, at a terminal
    Table,
    /// For programs
    Json,
    /// In Markdown, for a pull request or the summary of a build step
    Markdown,
}

impl Diff {
    pub(super) fn run(&self, screen: &Screen) -> Outcome {
        let saved: Vec<Option<Report>> =
            [&self.old, &self.new].into_iter().map(|path| a_report(path)).collect::<Result<_, _>>()?;
        let beside = saved.iter().flatten().next().map(|r| r.profile.id.as_str());
        let named = self.profile.as_deref().or(beside).unwrap_or("three-criteria");
        let mut sides = Vec::new();
        for (path, report) in [&self.old, &self.new].into_iter().zip(saved.iter().cloned()) {
            sides.push(match report {
                Some(report) => report,
                None => self.audit(path, &load_profile(named)?, screen.language())?,
            });
        }
        let [old, new] = sides.as_slice() else { return Ok(ExitCode::SUCCESS) };
        if old.profile.id != new.profile.id {
            let values: [(&str, &dyn std::fmt::Display); 2] = [("old", &old.profile.id), ("new", &new.profile.id)];
            return Err(Error::Usage(Word::OtherProfiles.text(&values)).into());
        }
        let found = compare::compare(old, new);
        let options = screen.options(output::detail(self.quiet, self.verbose));
        let text = match self.format {
            Format::Table => diff::table(&found, options),
            Format::Markdown => diff::markdown(&found, options),
            Format::Json => {
                diff::json(&found).map_err(|e| Error::Write { path: "diff.json".into(), cause: e.into() })?
            }
        };
        output::answered(&text, !found.regressed)
    }

    /// The report of a target, made now.
    fn audit(&self, target: &Path, profile: &Profile, lang: Lang) -> Result<Report, Error> {
        let evidence = if target.is_file() {
            record::of_file(target)?
        } else {
            let trusted = Trusted::nobody();
            collect(&Job {
                trusted: &trusted,
                target,
                hashing: if self.no_hash { Hashing::Skip } else { Hashing::AtHand },
                jobs: None,
                quiet: self.quiet,
                lang,
                verbose: self.verbose,
                dossiers: &[],
                reach: world::reach(self.offline),
                cache: Cache::unused(),
            })?
        };
        let mut report = audit::audit(&evidence, profile, &now());
        for id in &profile.beside {
            report.others.push(audit::view(&evidence, &profile::built_in(id)?, false));
        }
        Ok(report)
    }
}

/// The report that a file holds; nothing for another target.
fn a_report(path: &Path) -> Result<Option<Report>, Error> {
    let json = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("json"));
    if !json || !path.is_file() {
        return Ok(None);
    }
    let text = read_text(path, Wanted::Report)?;
    let findings = serde_json::from_str::<serde_json::Value>(&text).is_ok_and(|v| v.get("findings").is_some());
    if findings { saved::of_text(path, &text).map(Some) } else { Ok(None) }
}
