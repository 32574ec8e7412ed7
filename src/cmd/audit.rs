//! `ouvert audit TARGET`: the main job.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use clap::Args;
use ouvert::audit;
use ouvert::collect::{self, Declaration, Hashing, Options, Progress};
use ouvert::error::Error;
use ouvert::evidence::{self, Evidence};
use ouvert::finding::Text;
use ouvert::lists;
use ouvert::net::Net;
use ouvert::profile::Profile;
use ouvert::report::Report;
use ouvert::source::{self, Locator};

use super::output::{self, Format, Output};
use super::world::{self, Reach};
use super::{Failure, Outcome, Screen, load_profile, now, read_text};

#[derive(Args)]
#[command(
    after_help = "Examples:\n  ouvert audit\n  ouvert audit path/to/release --verbose\n  ouvert audit hf:ORG/NAME\n  ouvert audit . --format json > report.json\n  ouvert audit . --require open-source --output report.json\n\nExit codes: 0 audited, digests hold and the gate passes; 1 a gate or a digest falls short; 2 could not audit."
)]
pub(super) struct Audit {
    /// A directory, a repository of the hub (hf:ORG/NAME[@REV], hf:datasets/ORG/NAME, the URL of its page), evidence
    /// saved with --save-evidence, or a record in JSON: a CycloneDX document of a model, a Croissant record of a dataset
    #[arg(default_value = ".")]
    target: PathBuf,
    /// Judge by this profile: an id, or a TOML file
    #[arg(long, value_name = "ID|FILE", default_value = "three-criteria")]
    profile: String,
    /// Also take in what a reviewer's dossier says of the release: facts with their sources, and clarifications of what the
    /// audit leaves open (repeatable)
    #[arg(long, value_name = "FILE")]
    dossier: Vec<PathBuf>,
    /// Format on standard output
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Also write FILE, its format by extension, or FORMAT=FILE (repeatable)
    #[arg(long, value_name = "FILE", value_parser = output::parse)]
    output: Vec<Output>,
    /// Fail (exit 1) unless the verdict is this level or a higher one
    #[arg(long, value_name = "LEVEL")]
    require: Option<String>,
    /// Fail (exit 1) when the overall score is below this
    #[arg(long, value_name = "SCORE")]
    fail_under: Option<f64>,
    /// Never use the network: read the hub's cache, and answers kept from before
    #[arg(long)]
    offline: bool,
    /// Of a repository of the hub, also fetch every file and hash it; nothing is kept
    #[arg(long, conflicts_with_all = ["no_hash", "offline"])]
    download: bool,
    /// Do not hash: published digests stay unchecked
    #[arg(long)]
    no_hash: bool,
    /// Save the evidence, to be judged elsewhere
    #[arg(long, value_name = "FILE")]
    save_evidence: Option<PathBuf>,
    /// Files hashed at a time [default: one a core]
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// Show the verdict alone
    #[arg(long, short, conflicts_with = "verbose")]
    quiet: bool,
    /// Show all that is met, every file and every dataset too
    #[arg(long, short)]
    verbose: bool,
}

impl Audit {
    pub(super) fn run(&self, screen: &Screen) -> Outcome {
        let profile = load_profile(&self.profile)?;
        if let Some(level) = &self.require {
            known_level(&profile, level)?;
        }
        let evidence = self.evidence()?;
        let mut report = audit::audit(&evidence, &profile, &now());
        self.gate(&mut report, &profile);
        let detail = output::detail(self.quiet, self.verbose);
        let saved = self.save(&evidence);
        match output::write(&report, screen, detail, self.format, &self.output) {
            // Whoever reads the report may stop reading: that opens no gate.
            Ok(()) | Err(Failure::Pipe) => saved?,
            Err(failure) => return Err(failure),
        }
        Ok(if report.gate.passed { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }

    /// The evidence: saved, or collected now.
    fn evidence(&self) -> Result<Evidence, Error> {
        let read = |path: &PathBuf| Declaration::dossier(path, read_text(path)?);
        let dossiers: Vec<Declaration> = self.dossier.iter().map(read).collect::<Result<_, _>>()?;
        if self.target.is_file() && self.target.extension().is_some_and(|e| e == "json") {
            let text = read_text(&self.target)?;
            if let Some(evidence) = record(&self.target, &text) {
                return evidence;
            }
            let wrong = |message: String| Error::NotAReport { path: self.target.clone(), message };
            let evidence: Evidence = serde_json::from_str(&text).map_err(|e| wrong(e.to_string()))?;
            if evidence.schema != evidence::SCHEMA {
                return Err(wrong(format!(
                    "evidence of schema {}, this version reads {}",
                    evidence.schema,
                    evidence::SCHEMA
                )));
            }
            return Ok(evidence);
        }
        let hashing = match (self.no_hash, self.download) {
            (true, _) => Hashing::Skip,
            (_, true) => Hashing::All,
            _ => Hashing::AtHand,
        };
        let (target, jobs, quiet, verbose) = (&self.target, self.jobs, self.quiet, self.verbose);
        let dossiers = &dossiers;
        collect(&Job { target, hashing, jobs, quiet, verbose, dossiers, reach: world::reach(self.offline) })
    }

    fn save(&self, evidence: &Evidence) -> Result<(), Error> {
        let Some(path) = &self.save_evidence else { return Ok(()) };
        let wrong = |cause| Error::Write { path: path.clone(), cause };
        let text = serde_json::to_string_pretty(evidence).map_err(|e| wrong(e.into()))?;
        std::fs::write(path, text + "\n").map_err(wrong)
    }

    /// Adds what `--require` and `--fail-under` ask to the report's gate.
    fn gate(&self, report: &mut Report, profile: &Profile) {
        let rank = |id: &str| profile.levels.iter().position(|l| l.id == id).unwrap_or(usize::MAX);
        if let Some(level) = self.require.as_deref().filter(|l| rank(&report.level) > rank(l)) {
            let got = &report.level;
            report.gate.close(Text::new(
                format!("the level is {got}, {level} is required"),
                format!("le niveau est {got}, {level} est exigé"),
            ));
        }
        if let Some(least) = self.fail_under.filter(|least| report.score < *least) {
            let got = report.score;
            report.gate.close(Text::new(
                format!("the score is {got:.1}, at least {least} is required"),
                format!("la note est de {got:.1}, il faut au moins {least}"),
            ));
        }
    }
}

/// The evidence of a record that stands alone, where the file is one: CycloneDX or Croissant.
fn record(path: &Path, text: &str) -> Option<Result<Evidence, Error>> {
    let root: serde_json::Value = serde_json::from_str(text).ok()?;
    if root.get("bomFormat").is_some() {
        return Some(collect::record::cyclonedx::cyclonedx(path, text));
    }
    // Evidence has a schema, and no context.
    (root.get("@context").is_some() || root.get("@graph").is_some())
        .then(|| collect::record::croissant::croissant(path, text))
}

/// What to collect, and how.
pub(super) struct Job<'a> {
    /// The target as given.
    pub(super) target: &'a Path,
    /// Which bytes are hashed.
    pub(super) hashing: Hashing,
    /// Files hashed at a time.
    pub(super) jobs: Option<usize>,
    /// Whether to show no progress.
    pub(super) quiet: bool,
    /// Whether to tell how many requests were sent.
    pub(super) verbose: bool,
    /// What reviewers declare.
    pub(super) dossiers: &'a [Declaration],
    /// Whether the network may be used.
    pub(super) reach: Reach,
}

/// Collects the evidence of a target, with progress on a terminal.
pub(super) fn collect(job: &Job<'_>) -> Result<Evidence, Error> {
    let locator: Locator = job.target.to_string_lossy().parse()?;
    let world = world::world(job.reach)?;
    let progress = Progress::default();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let shown = std::io::stderr().is_terminal() && !job.quiet;
        let watcher = shown.then(|| scope.spawn(|| watch(&progress, &world.net, &done)));
        let looked_up = (job.reach != Reach::Disk).then_some(&world);
        let (jobs, hashing) = (job.jobs.unwrap_or(0), job.hashing);
        let options = Options {
            hashing,
            jobs,
            progress: Some(&progress),
            world: looked_up,
            dossiers: job.dossiers,
            ..Options::default()
        };
        let evidence = source::open(&locator, &world).and_then(|source| collect::collect(source.as_ref(), &options));
        done.store(true, Ordering::Relaxed);
        if let Some(watcher) = watcher {
            watcher.thread().unpark();
        }
        let (sent, reused) = world.net.counts();
        if job.verbose && sent + reused > 0 {
            // When stderr is gone there is nobody left to tell.
            let _ = writeln!(
                std::io::stderr().lock(),
                "network: {sent} requests sent, {} of them after a redirect, {reused} answers kept from before",
                world.net.redirects()
            );
        }
        evidence
    })
}

fn known_level(profile: &Profile, level: &str) -> Result<(), Error> {
    let ids = || profile.levels.iter().map(|l| l.id.as_str());
    if ids().any(|id| id == level) {
        return Ok(());
    }
    let near = lists::nearest(level, ids());
    let near = if near.is_empty() { ids().map(str::to_owned).collect() } else { near };
    Err(Error::UnknownId { what: "level", id: level.into(), near })
}

/// Shows how far it has come, from the second second on.
fn watch(progress: &Progress, net: &Net, done: &AtomicBool) {
    let start = Instant::now();
    let mut shown = false;
    loop {
        std::thread::park_timeout(Duration::from_millis(100));
        if done.load(Ordering::Relaxed) {
            break;
        }
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let (total, bytes) = (read(&progress.total), read(&progress.done));
        if start.elapsed() < Duration::from_secs(1) {
            continue;
        }
        if total == 0 || bytes == total {
            let (sent, _) = net.counts();
            if sent > 0 {
                shown = true;
                let mut err = std::io::stderr().lock();
                let _ =
                    write!(err, "\r\u{1b}[Klooking references up: {sent} requests, {} s", start.elapsed().as_secs());
                let _ = err.flush();
            }
            continue;
        }
        let (files, hashed) = (read(&progress.files), read(&progress.hashed));
        let gb = |n: u64| n as f64 / 1e9;
        let rate = bytes as f64 / start.elapsed().as_secs_f64().max(0.001);
        let left = total.saturating_sub(bytes) as f64 / rate.max(1.0);
        shown = true;
        let mut err = std::io::stderr().lock();
        // When stderr is gone there is nobody left to show it to.
        let _ = write!(
            err,
            "\r\u{1b}[Khashing: {hashed} of {files} files, {:.1} of {:.1} GB, {:.2} GB/s, {} left",
            gb(bytes),
            gb(total),
            rate / 1e9,
            duration(left)
        );
        let _ = err.flush();
    }
    if shown {
        let _ = write!(std::io::stderr().lock(), "\r\u{1b}[K");
    }
}

/// Seconds as a person reads them.
fn duration(seconds: f64) -> String {
    let whole = seconds.min(1e9).round() as u64;
    match whole {
        0..60 => format!("{whole} s"),
        60..3600 => format!("{} min {} s", whole / 60, whole % 60),
        _ => format!("{} h {} min", whole / 3600, whole / 60 % 60),
    }
}
