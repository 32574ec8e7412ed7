//! `ouvert certify` and `ouvert check-certificate`: a report sealed with a key, and the seal held against the files.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use ouvert::audit;
use ouvert::certificate::{self, Checked, Rules, Statement};
use ouvert::collect::Hashing;
use ouvert::error::Error;
use ouvert::evidence::Evidence;
use ouvert::profile;
use ouvert::render::certificate as shown;
use ouvert::signature::{Envelope, PrivateKey, PublicKey};
use ouvert::source::BucketId;
use ouvert::words::Text;
use ouvert::words::certificates::Certificates as Word;
use ouvert::words::errors::Wanted;

use super::audit::{Job, bytes_of, collect};
use super::gate::Gate;
use super::known::Cache;
use super::output::Plain;
use super::profiles::Profiles;
use super::trust::{Trusted, inside, malformed};
use super::world::{self, Reach};
use super::{Outcome, Screen, load_profile, missing, now, output, print, printable, read_text};

#[derive(Args)]
#[command(
    after_help = "Writes an in-toto statement about every file and its SHA-256, in a DSSE envelope: the level reached, the criteria, the\n\
    profile and the evidence with their digests, the tool and the date. Every file is read for it; nothing is written unless the\n\
    level is reached and every published digest holds.\n\n\
    Make a key:\n  openssl genpkey -algorithm ed25519 -out key.pem\n  openssl pkey -in key.pem -pubout -out key.pub\n\n\
    Examples:\n  ouvert certify . --key key.pem --output certificate.json\n  ouvert check-certificate certificate.json . --public-key key.pub\n\n\
    Exit codes: 0 certified; 1 the level is not reached or a digest does not hold; 2 could not audit or sign."
)]
pub(super) struct Certify {
    /// A directory, a repository of the hub with --download, or a release in an object store (s3://BUCKET/PREFIX,
    /// gs://BUCKET/PREFIX, az://CONTAINER/PREFIX)
    #[arg(default_value = ".")]
    target: PathBuf,
    /// The private key that signs: Ed25519 or ECDSA P-256 in PEM, not encrypted
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The level that must be reached [default: the highest of the profile]
    #[arg(long, value_name = "LEVEL")]
    require: Option<String>,
    /// Judge by this profile: an id of `ouvert frameworks`, or a TOML file
    #[arg(long, value_name = "ID|FILE", default_value = "three-criteria")]
    profile: String,
    /// Write the certificate to FILE, not to standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Never use the network: read the hub's cache, and answers kept from before
    #[arg(long)]
    offline: bool,
    /// Of a repository of the hub, also fetch every file and hash it; nothing is kept
    #[arg(long, conflicts_with = "offline")]
    download: bool,
    /// Files hashed at a time [default: one a core]
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// Tell nothing but errors beside the certificate
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Args)]
#[command(
    after_help = "Tells three things apart: whether the certificate is signed with the key given, whether the files are those certified,\n\
    no more and no fewer, and whether the profile here is the one that it names; then every file that changed since. Nothing is\n\
    read of a certificate whose signature does not hold. `model.sig` may have come later.\n\n\
    Exit codes: 0 all three hold; 1 one does not; 2 could not check."
)]
pub(super) struct Check {
    /// The certificate that `ouvert certify` wrote
    #[arg(value_name = "CERTIFICATE")]
    certificate: PathBuf,
    /// The directory of the release, `hf:ORG/NAME[@REV]` in the hub's cache, or the release in an object store
    #[arg(default_value = ".")]
    target: PathBuf,
    /// The public key of who certified, in PEM
    #[arg(long, value_name = "FILE")]
    public_key: PathBuf,
    /// The profile at hand, a TOML file, where the certificate names none of `ouvert frameworks`
    #[arg(long, value_name = "ID|FILE")]
    profile: Option<String>,
    /// Format on standard output
    #[arg(long, value_enum, default_value = "table")]
    format: Plain,
    /// Files hashed at a time [default: one a core]
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// Show the answers on one line
    #[arg(long, short, conflicts_with = "verbose")]
    quiet: bool,
    /// Show every file that changed, with both digests
    #[arg(long, short)]
    verbose: bool,
}

impl Certify {
    pub(super) fn run(&self, screen: &Screen) -> Outcome {
        let lang = screen.language();
        let key = PrivateKey::from_pem(read_text(&self.key, Wanted::PrivateKey)?.as_bytes());
        let key = key.map_err(|why| malformed(&self.key, why))?;
        let profiles = Profiles::load(std::slice::from_ref(&self.profile))?;
        let highest = profiles.main.levels.first().map(|level| level.id.clone());
        let required = self.require.clone().or(highest).unwrap_or_default();
        let gate = Gate::requiring(&required, &profiles)?;
        // What a store recorded certifies nothing.
        let every = self.download || BucketId::is_meant(&self.target.to_string_lossy());
        let hashing = if every { Hashing::All } else { Hashing::AtHand };
        let reach = world::reach(self.offline);
        let evidence = read(&self.target, self.jobs, self.quiet, hashing, reach, screen)?;
        let mut report = audit::audit(&evidence, &profiles.main, &now());
        gate.hold(&mut report, &profiles);
        if !report.gate.passed {
            tell(&refusal(&report, screen));
            return Ok(ExitCode::from(1));
        }
        let own = self.output.as_deref().and_then(|path| inside(path, &self.target));
        let statement = Statement::of(&report, &evidence, &required, own.as_deref()).map_err(Error::Usage)?;
        let text = statement.seal(&key).map_err(Error::Usage)?;
        match &self.output {
            Some(path) => std::fs::write(path, text).map_err(|cause| Error::Write { path: path.clone(), cause })?,
            None => print(&text)?,
        }
        if !self.quiet {
            let values: [(&str, &dyn std::fmt::Display); 4] = [
                ("level", &report.level),
                ("n", &statement.subject.len()),
                ("kind", &key.public().algorithm().name()),
                ("key", &key.public().fingerprint()),
            ];
            tell(&Word::Sealed.with(lang, &values));
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Why a report is not certified.
fn refusal(report: &ouvert::report::Report, screen: &Screen) -> String {
    let lang = screen.language();
    let reasons = report.gate.reasons(lang);
    let lines: String = reasons.iter().map(|reason| format!("\n  - {reason}")).collect();
    format!("{}{lines}", Word::Refused.say(lang))
}

impl Check {
    pub(super) fn run(&self, screen: &Screen) -> Outcome {
        let key = PublicKey::from_pem(read_text(&self.public_key, Wanted::Key)?.as_bytes());
        let key = key.map_err(|why| malformed(&self.public_key, why))?;
        let text = bounded(&self.certificate)?;
        let envelope = Envelope::from_json(&text).map_err(|why| malformed(&self.certificate, why))?;
        let checked = match certificate::open(&envelope, &key) {
            Err(signature) => Checked::refused(signature),
            Ok(opened) => {
                let rules = self.rules(&opened.statement)?;
                let (hashing, reach) = bytes_of(&self.target, false);
                let evidence = read(&self.target, self.jobs, self.quiet, hashing, reach, screen)?;
                let own = inside(&self.certificate, &self.target);
                Checked::of(&opened, &key, &evidence, own.as_deref(), rules.as_ref())
            }
        };
        let options = screen.options(output::detail(self.quiet, self.verbose));
        let text = match self.format {
            Plain::Table => shown::table(&checked, options),
            Plain::Json => {
                shown::json(&checked).map_err(|e| Error::Write { path: "check.json".into(), cause: e.into() })?
            }
        };
        output::answered(&text, checked.is_valid())
    }

    /// The profile at hand: the one given, else the built-in one of the id that the certificate names.
    fn rules(&self, statement: &Statement) -> Result<Option<Rules>, Error> {
        let id = statement.predicate.profile.id.as_str();
        let profile = match &self.profile {
            Some(named) => load_profile(named)?,
            None if profile::ids().any(|known| known == id) => profile::built_in(id)?,
            None => return Ok(None),
        };
        Ok(Some(Rules { id: profile.id, version: profile.version.to_string(), digest: profile.digest.tagged() }))
    }
}

/// Reads every file of a release.
fn read(
    target: &Path,
    jobs: Option<usize>,
    quiet: bool,
    hashing: Hashing,
    reach: Reach,
    screen: &Screen,
) -> Result<Evidence, Error> {
    // What is certified or held against a certificate was read now.
    let (trusted, cache) = (Trusted::nobody(), Cache::unused());
    let lang = screen.language();
    collect(&Job { target, trusted: &trusted, cache, hashing, jobs, quiet, dossiers: &[], reach, lang, verbose: false })
}

/// The bytes of a certificate; one that is too long is none.
fn bounded(path: &Path) -> Result<Vec<u8>, Error> {
    let wrong = |e| missing(path, Wanted::Certificate, e);
    let file = std::fs::File::open(path).map_err(wrong)?;
    let mut bytes = Vec::new();
    file.take(certificate::LONGEST + 1).read_to_end(&mut bytes).map_err(wrong)?;
    if bytes.len() as u64 > certificate::LONGEST {
        let why: Text = Word::TooLong.text(&[("n", &certificate::LONGEST)]);
        return Err(malformed(path, why));
    }
    Ok(bytes)
}

/// A line beside the result.
fn tell(text: &str) {
    // When stderr is gone there is nobody left to tell.
    let _ = writeln!(std::io::stderr().lock(), "{}", printable(text));
}
