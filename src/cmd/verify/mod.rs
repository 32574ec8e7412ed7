//! `ouvert verify TARGET`: hashes and manifests only, by one process or shared out among many.

mod part;

use std::path::PathBuf;

use clap::Args;
use ouvert::collect::{self, Options};
use ouvert::error::Error;
use ouvert::evidence::FileStatus;
use ouvert::ledger;
use ouvert::render::files;
use ouvert::words::shards::Shards as Word;

use super::audit::{Job, bytes_of, watched};
use super::known::Cache;
use super::output::{self, Plain};
use super::shard::ShardArgs;
use super::trust::TrustArgs;
use super::world::Reach;
use super::{Outcome, Screen};

#[derive(Args)]
#[command(
    after_help = "Compares every file with every digest published of it: ouvert.toml, SHA256SUMS and its kin, *.sha256,\n\
    checklist.chk, Git LFS pointers, what the hub's client keeps beside a download, and signed manifests (model.sig).\n\n\
    Of a signature it tells three things apart: whether the files are those signed, whether the signature is verified, and\n\
    whether the signer is the one expected. Nothing is verified without a key or a root that you give:\n  \
    ouvert verify . --public-key signer.pub\n  \
    ouvert verify . --certificate-chain roots.pem --identity signer@example.org\n  \
    ouvert verify . --trust-root trusted_root.json --identity NAME --identity-provider URL\n\n\
    One huge release can be shared out: each part hashes some of its files (by size, the same ones whenever it is run), and goes on\n\
    where it was stopped; then all parts are put together, as if one process had read everything:\n  \
    ouvert verify RELEASE --shard 3/8 --output DIR\n  \
    ouvert verify RELEASE --from DIR\n\n\
    Exit codes: 0 nothing differs, nothing listed is missing and no signature is broken (with --strict: every file is\n\
    verified; with a key, a root or an identity: a signature is verified by it); 1 otherwise; 2 could not verify. Of a part: 0 every\n\
    file of it is hashed; 1 some could not be read; 2 it did not come to its end."
)]
pub(super) struct Verify {
    /// The directory of a release, `hf:ORG/NAME[@REV]` in the hub's cache, or a release in an object store, of which every byte
    /// is fetched (s3://BUCKET/PREFIX, gs://BUCKET/PREFIX, az://CONTAINER/PREFIX)
    #[arg(default_value = ".")]
    target: PathBuf,
    /// Format on standard output
    #[arg(long, value_enum, default_value = "table")]
    format: Plain,
    /// Fail (exit 1) unless every file is verified, manifests themselves left out
    #[arg(long)]
    strict: bool,
    /// Never use the network (this command does so only for a release in an object store)
    #[arg(long)]
    offline: bool,
    #[command(flatten)]
    trust: TrustArgs,
    /// Files hashed at a time [default: one a core]
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    #[command(flatten)]
    cache: Cache,
    #[command(flatten)]
    shard: ShardArgs,
    /// With --shard: the folder that all parts write to; made where there is none
    #[arg(long, value_name = "DIR", requires = "shard", conflicts_with_all = NOT_OF_A_PART)]
    output: Option<PathBuf>,
    /// Read no file for its digest: take those that all parts wrote to DIR
    #[arg(long, value_name = "DIR", conflicts_with_all = ["shard", "trust_cache", "jobs"])]
    from: Option<PathBuf>,
    /// Show the counts on one line
    #[arg(long, short, conflicts_with = "verbose")]
    quiet: bool,
    /// Show every file, with the source of each published digest
    #[arg(long, short)]
    verbose: bool,
}

/// Flags about the answer, which a part does not give.
const NOT_OF_A_PART: [&str; 8] = [
    "strict",
    "format",
    "public_key",
    "certificate_chain",
    "trust_root",
    "identity",
    "identity_provider",
    "trust_cache",
];

impl Verify {
    pub(super) fn run(&self, screen: &Screen) -> Outcome {
        let (target, jobs, quiet) = (&self.target, self.jobs, self.quiet);
        let trusted = self.trust.read(target)?;
        let (hashing, reach) = bytes_of(target, self.offline);
        let job = Job {
            target,
            trusted: &trusted,
            hashing,
            jobs,
            quiet,
            dossiers: &[],
            reach,
            lang: screen.language(),
            verbose: self.verbose && (self.shard.is_asked() || reach == Reach::Store),
            cache: self.cache,
        };
        if self.shard.is_asked() {
            let folder = self.output.as_ref().ok_or_else(|| Error::Usage(Word::NoFolder.text(&[])))?;
            return part::run(&job, self.shard, folder, screen);
        }
        let joined = self.from.as_ref().map(|folder| ledger::joined(folder)).transpose()?;
        let evidence = watched(&job, |source, options| {
            collect::collect(source, &Options { joined: joined.as_ref(), ..*options })
        })?;
        let short = trusted.falls_short(&evidence.signatures);
        let options = screen.options(output::detail(self.quiet, self.verbose));
        let text = match self.format {
            Plain::Table => files::table(&evidence, short.as_ref(), options),
            Plain::Json => files::json(&evidence, short.is_none())
                .map_err(|e| Error::Write { path: "verification.json".into(), cause: e.into() })?,
        };
        let bare = |f: &ouvert::evidence::FileFact| {
            use ouvert::evidence::ArtifactKind;
            f.status != FileStatus::Verified && !matches!(f.kind, ArtifactKind::Manifest | ArtifactKind::Housekeeping)
        };
        let strict = !self.strict || !evidence.files.iter().any(bare);
        let passed = files::passes(&evidence) && strict && short.is_none();
        output::answered(&text, passed)
    }
}
