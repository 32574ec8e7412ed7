//! `ouvert audit TARGET`: the main job.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;
use ouvert::audit;
use ouvert::collect::{self, Declaration, Hashing, Options, Progress};
use ouvert::error::Error;
use ouvert::evidence::Evidence;
use ouvert::finding::Lang;
use ouvert::render::Detail;
use ouvert::report::Report;
use ouvert::source::{self, BucketId, Locator, Source};
use ouvert::words::errors::{Errors as Word, Wanted};
use ouvert::words::progress::Progress as Sent;

use super::known::{self, Cache};
use super::output::{self, Format, Output};
use super::profiles::Profiles;
use super::progress::{Shown, Watch};
use super::trust::{TrustArgs, Trusted};
use super::world::{self, Reach};
use super::{Failure, Outcome, Screen, complain, gate, now, read_text, record};

#[derive(Args)]
#[command(
    after_help = "Examples:\n  ouvert audit\n  ouvert audit path/to/release --verbose\n  ouvert audit hf:ORG/NAME\n  ouvert audit . --format json > report.json\n  ouvert audit . --require open-source --output report.json\n\nExit codes: 0 audited, digests hold and the gate passes; 1 a gate or a digest falls short; 2 could not audit."
)]
pub(super) struct Audit {
    /// A directory, a repository of the hub (hf:ORG/NAME[@REV], hf:datasets/ORG/NAME, the URL of its page), a release in an
    /// object store (s3://BUCKET/PREFIX, gs://BUCKET/PREFIX, az://CONTAINER/PREFIX), evidence saved with --save-evidence, or a record that `ouvert import` reads: of a catalogue, a CycloneDX document of a model, a
    /// Croissant record of a dataset. Of several, one that cannot be audited does not stop the others
    #[arg(default_value = ".", value_name = "TARGET")]
    targets: Vec<PathBuf>,
    /// Judge by this profile: an id of `ouvert frameworks`, or a TOML file. Repeatable: one evidence, several profiles
    #[arg(long, value_name = "ID|FILE", default_value = "three-criteria")]
    profile: Vec<String>,
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
    #[command(flatten)]
    gate: gate::Flags,
    /// Never use the network: read the hub's cache, and answers kept from before
    #[arg(long)]
    offline: bool,
    /// Fetch every file of a repository of the hub, or of an object store, and hash it; nothing is kept
    #[arg(long, conflicts_with_all = ["no_hash", "offline"])]
    download: bool,
    /// Do not hash: published digests stay unchecked
    #[arg(long)]
    no_hash: bool,
    #[command(flatten)]
    cache: Cache,
    /// Save the evidence, to be judged elsewhere
    #[arg(long, value_name = "FILE")]
    save_evidence: Option<PathBuf>,
    #[command(flatten)]
    trust: TrustArgs,
    /// Files hashed at a time [default: one a core]
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// Show the verdict on one line
    #[arg(long, short, conflicts_with = "verbose")]
    quiet: bool,
    /// Show all that is met, every file and every dataset too
    #[arg(long, short)]
    verbose: bool,
}

impl Audit {
    pub(super) fn run(&self, screen: &Screen) -> Outcome {
        let profiles = Profiles::load(&self.profile)?;
        let gate = gate::Gate::read(&self.gate, &profiles)?;
        let read = |path: &PathBuf| Declaration::dossier(path, read_text(path, Wanted::Dossier)?);
        let dossiers: Vec<Declaration> = self.dossier.iter().map(read).collect::<Result<_, _>>()?;
        if let [target] = self.targets.as_slice() {
            let (report, evidence) = self.audit(target, &profiles, &gate, &dossiers, screen.language())?;
            let detail = output::detail(self.quiet, self.verbose);
            let saved = self.save(&evidence);
            match output::write(&report, screen, detail, self.format, &self.output) {
                // Whoever reads the report may stop reading: that opens no gate.
                Ok(()) | Err(Failure::Pipe) => saved?,
                Err(failure) => return Err(failure),
            }
            return Ok(if report.gate.passed { ExitCode::SUCCESS } else { ExitCode::from(1) });
        }
        self.batch(&profiles, &gate, &dossiers, screen)
    }

    /// Several targets: one that cannot be audited is told, and the others go on.
    fn batch(&self, profiles: &Profiles, gate: &gate::Gate, dossiers: &[Declaration], screen: &Screen) -> Outcome {
        if !self.output.is_empty() || self.save_evidence.is_some() {
            return Err(Error::Usage(Word::OneFile.text(&[])).into());
        }
        if self.gate.baseline.is_some() {
            return Err(Error::Usage(Word::OneBaseline.text(&[])).into());
        }
        if self.format.is_some_and(|f| !f.holds_many()) {
            return Err(Error::Usage(Word::OneReport.text(&[])).into());
        }
        let detail = match output::detail(self.quiet, self.verbose) {
            Detail::Normal => Detail::Verdict,
            other => other,
        };
        let (mut code, mut unread) = (0, false);
        for target in &self.targets {
            let audited = self.audit(target, profiles, gate, dossiers, screen.language());
            let done = audited.map_err(Failure::from).and_then(|(report, _)| {
                code = code.max(u8::from(!report.gate.passed));
                if unread { Ok(()) } else { output::one_of_many(&report, screen, detail, self.format) }
            });
            match done {
                Ok(()) => {}
                // Whoever reads the reports may stop reading: that opens no gate, so the others are judged all the same.
                Err(Failure::Pipe) => unread = true,
                Err(Failure::Error(error)) => {
                    complain(screen, &error);
                    code = error.exit_code();
                }
            }
        }
        Ok(ExitCode::from(code))
    }

    /// Audits one target.
    fn audit(
        &self,
        target: &Path,
        profiles: &Profiles,
        gate: &gate::Gate,
        dossiers: &[Declaration],
        lang: Lang,
    ) -> Result<(Report, Evidence), Error> {
        let trusted = self.trust.read(target)?;
        let evidence = self.evidence(target, dossiers, &trusted, lang)?;
        let mut report = audit::audit(&evidence, &profiles.main, &now());
        report.others.extend(profiles.asked.iter().map(|p| audit::view(&evidence, p, true)));
        report.others.extend(profiles.beside.iter().map(|p| audit::view(&evidence, p, false)));
        if let Some(record) = &evidence.record {
            let own = profiles.of_catalogues()?.iter().filter(|p| p.records.as_ref() == Some(&record.catalogue));
            let new = own.filter(|p| p.id != report.profile.id && !report.others.iter().any(|v| v.profile.id == p.id));
            let views: Vec<_> = new.map(|p| audit::view(&evidence, p, false)).collect();
            report.others.extend(views);
        }
        gate.hold(&mut report, profiles);
        // What differs from a signature that nobody asked about is told by its finding, which a policy may waive.
        if let Some(short) = trusted.falls_short(&evidence.signatures).filter(|_| trusted.is_asked()) {
            report.gate.close(short);
        }
        Ok((report, evidence))
    }

    /// The evidence: saved, read from a record, or collected now.
    fn evidence(
        &self,
        target: &Path,
        dossiers: &[Declaration],
        trusted: &Trusted,
        lang: Lang,
    ) -> Result<Evidence, Error> {
        if target.is_file() {
            if trusted.is_asked() {
                return Err(Error::Usage(Word::SignatureOfNothing.text(&[("path", &target.display())])));
            }
            return record::of_file(target);
        }
        let hashing = match (self.no_hash, self.download) {
            (true, _) => Hashing::Skip,
            (_, true) => Hashing::All,
            _ => Hashing::AtHand,
        };
        let (jobs, quiet, verbose) = (self.jobs, self.quiet, self.verbose);
        let (cache, reach) = (self.cache, world::reach(self.offline));
        collect(&Job { target, hashing, jobs, quiet, verbose, dossiers, lang, reach, trusted, cache })
    }

    fn save(&self, evidence: &Evidence) -> Result<(), Error> {
        let Some(path) = &self.save_evidence else { return Ok(()) };
        let wrong = |cause| Error::Write { path: path.clone(), cause };
        let text = serde_json::to_string_pretty(evidence).map_err(|e| wrong(e.into()))?;
        std::fs::write(path, text + "\n").map_err(wrong)
    }
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
    /// In which language.
    pub(super) lang: Lang,
    /// Whether to tell how many requests were sent.
    pub(super) verbose: bool,
    /// What reviewers declare.
    pub(super) dossiers: &'a [Declaration],
    /// Whether the network may be used.
    pub(super) reach: Reach,
    /// What the user trusts, for signatures.
    pub(super) trusted: &'a Trusted,
    /// What is done with digests known from before.
    pub(super) cache: Cache,
}

/// What a command that asks about bytes alone reads, and how far it reaches: every byte of a release in an object store.
pub(super) fn bytes_of(target: &Path, offline: bool) -> (Hashing, Reach) {
    match (BucketId::is_meant(&target.to_string_lossy()), world::reach(offline)) {
        (true, Reach::Live) => (Hashing::All, Reach::Store),
        _ => (Hashing::AtHand, Reach::Disk),
    }
}

/// Collects the evidence of a target, with progress on standard error.
pub(super) fn collect(job: &Job<'_>) -> Result<Evidence, Error> {
    watched(job, |source, options| collect::collect(source, options))
}

/// Works on a target, with progress on standard error.
pub(super) fn watched<T>(
    job: &Job<'_>,
    work: impl FnOnce(&dyn Source, &Options<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let target = job.target.to_string_lossy();
    let locator: Locator = target.parse()?;
    let world = world::world(job.reach, [&*target])?;
    let progress = Progress::default();
    let done = AtomicBool::new(false);
    let watch = Watch {
        progress: &progress,
        net: &world.net,
        done: &done,
        fetched: match locator {
            Locator::Dir(_) => false,
            Locator::Hub(_) => job.hashing == Hashing::All,
            Locator::Bucket(_) => true,
        },
        lang: job.lang,
    };
    let shown = Shown::of(job.quiet, job.verbose);
    std::thread::scope(|scope| {
        let watcher = (shown != Shown::Not).then(|| scope.spawn(|| watch.show(shown)));
        let looked_up = job.reach.looks_up().then_some(&world);
        let (jobs, hashing) = (job.jobs.unwrap_or(0), job.hashing);
        let opened = source::open(&locator, &world);
        let root = opened.as_ref().ok().and_then(|source| source.root()).filter(|_| hashing != Hashing::Skip);
        let mut warnings = Vec::new();
        let known = root.and_then(|root| job.cache.open(root, job.lang, &mut warnings));
        let options = Options {
            hashing,
            jobs,
            progress: Some(&progress),
            world: looked_up,
            dossiers: job.dossiers,
            trust: Some(&job.trusted.trust),
            signature: job.trusted.signature.as_ref(),
            known: known.as_ref(),
            ..Options::default()
        };
        let result = opened.and_then(|source| work(source.as_ref(), &options));
        if let Some(known) = known.filter(|_| result.is_ok()) {
            known::save(known, job.lang, &mut warnings);
        }
        done.store(true, Ordering::Relaxed);
        if let Some(watcher) = watcher {
            watcher.thread().unpark();
            // The line goes before anything else is written.
            let _ = watcher.join();
        }
        // When stderr is gone there is nobody left to tell.
        warnings.iter().for_each(|text| drop(writeln!(std::io::stderr().lock(), "{text}")));
        let (sent, reused) = world.net.counts();
        if job.verbose && sent + reused > 0 {
            let values: &[(&str, &dyn std::fmt::Display)] =
                &[("sent", &sent), ("redirected", &world.net.redirects()), ("reused", &reused)];
            // When stderr is gone there is nobody left to tell.
            let _ = writeln!(std::io::stderr().lock(), "{}", Sent::Sent.with(job.lang, values));
        }
        result
    })
}
