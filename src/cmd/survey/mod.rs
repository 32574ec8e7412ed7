//! `ouvert survey LIST`: many releases, a JSON line each as soon as it is done.

mod list;
mod watch;
mod work;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::Ordering;

use clap::Args;
use ouvert::certificate::Rules;
use ouvert::collect::Hashing;
use ouvert::error::Error;
use ouvert::ledger::Ledger;
use ouvert::profile::Profile;
use ouvert::report::Tool;
use ouvert::survey::{Failure, Run, SCHEMA, Shard};
use ouvert::words::survey::Survey as Word;

use self::list::Items;
use self::watch::Watch;
use self::work::{Counts, Work};
use super::progress::Shown;
use super::shard::ShardArgs;
use super::world::{self, Reach};
use super::{Outcome, Screen, load_profile, now, printable};

#[derive(Args)]
#[command(
    after_help = "Every release is one line of DIR/rows-*.jsonl, written as soon as it is done; what failed is in DIR/failed-*.jsonl. A survey\n\
    that was stopped, or where something failed, goes on with the same command: what is done is not done again.\n\n\
    Collect where the network is and judge where the cores are:\n  \
    ouvert survey list.txt --collect-only --output evidence\n  \
    ouvert survey evidence --output survey\n\n\
    Examples:\n  ouvert survey list.txt --output survey\n  ouvert survey folder/of/releases --output survey\n  \
    ouvert survey 'hf:ORG/*' --output survey\n  \
    ouvert survey list.txt --output survey --shard 3/16\n\n\
    Exit codes: 0 every release is done; 1 every release is done or told as failed; 2 the survey did not come to its end."
)]
pub(super) struct Survey {
    /// A text file with a target of `ouvert audit` on each line (`#` begins a comment), `-` for standard input, a folder of
    /// releases or of saved evidence, the hub's cache, what --collect-only wrote, the hub's statistics in Parquet
    /// (`models.parquet`), an organisation of the hub (`hf:ORG/*`) or a
    /// search there (`hf:?search=TEXT`)
    #[arg(value_name = "LIST")]
    list: String,
    /// The folder to write to; made where there is none
    #[arg(long, value_name = "DIR")]
    output: PathBuf,
    /// Judge by this profile: an id of `ouvert frameworks`, or a TOML file
    #[arg(long, value_name = "ID|FILE", default_value = "three-criteria")]
    profile: String,
    /// Keep the evidence of each release and judge nothing
    #[arg(long, conflicts_with = "profile")]
    collect_only: bool,
    #[command(flatten)]
    shard: ShardArgs,
    /// Never use the network: read the hub's cache, and answers kept from before
    #[arg(long)]
    offline: bool,
    /// Do not hash: published digests stay unchecked
    #[arg(long)]
    no_hash: bool,
    /// Releases at a time [default: one a core, 8 where the network is used]
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// Tell nothing but errors
    #[arg(long, short, conflicts_with = "verbose")]
    quiet: bool,
    /// Tell how far it has come, where no line can be written over too
    #[arg(long, short)]
    verbose: bool,
}

/// Releases at a time where most of the time is spent on waiting for answers.
const AT_ONCE: usize = 8;

impl Survey {
    pub(super) fn run(&self, screen: &Screen) -> Outcome {
        let asked = world::reach(self.offline);
        let items = Items::read(&self.list, &self.output, &|| world::world(asked, []))?;
        let is_stored = matches!(items, Items::Stored(_));
        if is_stored && self.collect_only {
            return Err(Error::Usage(Word::CollectStored.text(&[])).into());
        }
        let profile = if self.collect_only { None } else { Some(load_profile(&self.profile)?) };
        // Evidence is judged without a look at anything else.
        let reach = if is_stored { Reach::Disk } else { asked };
        let shard = self.shard.of(&self.output)?;
        let ledger = Ledger::open(&self.output, &self.fixed(&items, profile.as_ref(), shard, reach)?, shard)?;
        let world = world::world(reach, targets(&items))?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let waits = reach == Reach::Live && names_the_hub(&items);
        let (counts, failures) = (Counts::default(), Mutex::new(Vec::new()));
        let work = Work {
            world: &world,
            reach,
            hashing: if self.no_hash { Hashing::Skip } else { Hashing::AtHand },
            profile: profile.as_ref(),
            ledger: &ledger,
            shard,
            jobs: self.jobs.unwrap_or(if waits { AT_ONCE.max(cores) } else { cores }).max(1),
            counts: &counts,
            failures: &failures,
        };
        let lang = screen.language();
        let watch = Watch { counts: &counts, net: &world.net, lang };
        let done = watch.during(Shown::of(self.quiet, self.verbose), || match &items {
            Items::Releases { all, .. } => work.releases(all),
            Items::Stored(shards) => work.stored(shards),
        });
        let failures = failures.into_inner().unwrap_or_default();
        let ended =
            Ended { survey: self, items: &items, counts: &counts, failures: &failures, before: ledger.before() };
        let paths = (ledger.path().to_owned(), ledger.failed_path().to_owned());
        let unlocked = !ledger.is_locked();
        let finished = done.and_then(|()| ledger.finish());
        if !self.quiet {
            ended.tell(screen, &paths, unlocked);
        }
        Ok(ExitCode::from(u8::from(finished?.failed > 0)))
    }

    /// All that decides what is found.
    fn fixed(&self, items: &Items, profile: Option<&Profile>, shard: Shard, reach: Reach) -> Result<Run, Error> {
        let settings: BTreeMap<String, String> = match items {
            Items::Stored(_) => BTreeMap::new(),
            Items::Releases { .. } => [("offline", reach != Reach::Live), ("no-hash", self.no_hash)]
                .into_iter()
                .map(|(name, on)| (name.to_owned(), on.to_string()))
                .collect(),
        };
        Ok(Run {
            schema: SCHEMA,
            tool: Tool::this(),
            work: if self.collect_only { ouvert::survey::Work::Collect } else { ouvert::survey::Work::Survey },
            list: items.fixed()?,
            shards: shard.n(),
            profile: profile.map(|p| Rules {
                id: p.id.clone(),
                version: p.version.to_string(),
                digest: p.digest.tagged(),
            }),
            settings,
            started: now(),
        })
    }
}

/// The releases that are named.
fn targets(items: &Items) -> impl Iterator<Item = &str> {
    let all = match items {
        Items::Releases { all, .. } => all.as_slice(),
        Items::Stored(_) => &[],
    };
    all.iter().map(|item| item.target.as_str())
}

/// Whether a list names repositories of the hub.
fn names_the_hub(items: &Items) -> bool {
    match items {
        Items::Releases { all, .. } => all.iter().any(|item| !std::path::Path::new(&item.target).exists()),
        Items::Stored(_) => false,
    }
}

/// What is told at the end.
struct Ended<'a> {
    survey: &'a Survey,
    items: &'a Items,
    counts: &'a Counts,
    failures: &'a [Failure],
    before: usize,
}

impl Ended<'_> {
    fn tell(&self, screen: &Screen, (path, failed_path): &(PathBuf, PathBuf), unlocked: bool) {
        let lang = screen.language();
        let count = |c: &std::sync::atomic::AtomicU64| c.load(Ordering::Relaxed);
        let (total, done, failed) = (count(&self.counts.total), count(&self.counts.done), count(&self.counts.failed));
        let mut lines = Vec::new();
        if unlocked {
            lines.push(Word::Unlocked.with(lang, &[("path", &path.display())]));
        }
        for failure in self.failures {
            lines.push(Word::FailedAt.with(lang, &[("target", &failure.target), ("why", &failure.failure)]));
        }
        let shown = self.failures.len() as u64;
        if failed > shown {
            lines.push(Word::MoreFailed.with(lang, &[("n", &(failed - shown)), ("path", &failed_path.display())]));
        }
        let mut parts = vec![Word::Done.with(lang, &[("n", &done), ("total", &total)])];
        if failed > 0 {
            parts.push(Word::Failed.with(lang, &[("n", &failed)]));
        }
        if self.before > 0 {
            parts.push(Word::Before.with(lang, &[("n", &self.before)]));
        }
        if let Items::Releases { twice: 1.., .. } = self.items {
            let Items::Releases { twice, .. } = self.items else { return };
            parts.push(Word::Twice.with(lang, &[("n", twice)]));
        }
        lines.push(Word::Ended.with(lang, &[("parts", &parts.join(", ")), ("path", &self.survey.output.display())]));
        if failed > 0 {
            lines.push(Word::AgainFailed.say(lang).to_owned());
        }
        let text: String = lines.iter().map(|line| printable(line) + "\n").collect();
        // When stderr is gone there is nobody left to tell.
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }
}
