//! What is done with each release of a survey, several at a time: collected and judged, collected only, or judged from evidence
//! collected before. One that fails, in whatever way, is told and the others go on.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};

use ouvert::audit;
use ouvert::collect::{self, Hashing, Options, Scope};
use ouvert::error::Error;
use ouvert::evidence::{self, Evidence};
use ouvert::ledger::{Ledger, Lines, target_of};
use ouvert::profile::Profile;
use ouvert::source::{self, World};
use ouvert::survey::{Failure, Row, Saved, Shard};
use ouvert::words::Lang;
use ouvert::words::survey::Survey as Word;

use super::super::record;
use super::super::world::Reach;
use super::list::{Item, Stored};

/// How far a survey has come.
#[derive(Debug, Default)]
pub(super) struct Counts {
    /// Releases to be done in this run.
    pub(super) total: AtomicU64,
    /// Those done.
    pub(super) done: AtomicU64,
    /// Those that failed.
    pub(super) failed: AtomicU64,
}

/// How releases are done.
pub(super) struct Work<'a> {
    pub(super) world: &'a World,
    pub(super) reach: Reach,
    pub(super) hashing: Hashing,
    /// By which each is judged; without it evidence is kept.
    pub(super) profile: Option<&'a Profile>,
    pub(super) ledger: &'a Ledger,
    pub(super) shard: Shard,
    /// Releases at a time.
    pub(super) jobs: usize,
    pub(super) counts: &'a Counts,
    /// Failures of this run, those that are shown.
    pub(super) failures: &'a Mutex<Vec<Failure>>,
}

/// Failures that are shown.
const SHOWN: usize = 10;

impl Work<'_> {
    /// Does every release of a list that is of this shard and was not done before.
    pub(super) fn releases(&self, all: &[Item]) -> Result<(), Error> {
        let left: Vec<&Item> =
            all.iter().filter(|i| self.shard.holds(&i.target) && !self.ledger.has(&i.target)).collect();
        self.counts.total.store(left.len() as u64, Ordering::Relaxed);
        let next = AtomicUsize::new(0);
        self.all_at_once(|stop| {
            while let Some(item) = left.get(next.fetch_add(1, Ordering::Relaxed)) {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                self.release(item)?;
            }
            Ok(())
        })
    }

    /// Judges evidence that was collected before; what could not be collected failed here too.
    pub(super) fn stored(&self, shards: &[Stored]) -> Result<(), Error> {
        let total = shards.iter().map(|s| s.done.lines + s.done.failed).sum::<u64>() / u64::from(self.shard.n());
        self.counts.total.store(total.saturating_sub(self.ledger.before() as u64), Ordering::Relaxed);
        for shard in shards {
            self.failed_before(&shard.failed)?;
        }
        // Read by one thread, judged by the others; what waits is bounded.
        let (send, take) = sync_channel::<Batch>(2 * self.jobs);
        let take = Mutex::new(take);
        std::thread::scope(|scope| {
            let reader = scope.spawn(move || shards.iter().try_for_each(|s| self.read(&s.evidence, &send)));
            let done = self.all_at_once(|_| {
                while let Some(batch) = received(&take) {
                    batch.lines().try_for_each(|line| self.judge(line))?;
                }
                Ok(())
            });
            // After an error nobody takes what is read.
            drop(take);
            let read = reader.join().unwrap_or(Ok(()));
            done.and(read)
        })
    }

    /// Runs `work` in every thread, and gives the first error; it stops the others.
    fn all_at_once(&self, work: impl Fn(&AtomicBool) -> Result<(), Error> + Sync) -> Result<(), Error> {
        let (stop, first) = (AtomicBool::new(false), Mutex::new(None));
        std::thread::scope(|scope| {
            for _ in 0..self.jobs {
                scope.spawn(|| {
                    if let Err(error) = work(&stop) {
                        stop.store(true, Ordering::Relaxed);
                        first.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
                    }
                });
            }
        });
        first.into_inner().unwrap_or_else(PoisonError::into_inner).map_or(Ok(()), Err)
    }

    fn release(&self, item: &Item) -> Result<(), Error> {
        if let Some(flaw) = &item.flaw {
            let (target, failure) = (item.target.clone(), flaw.get(Lang::En).to_owned());
            return self.fail(Failure { target, failure, kind: "list".into() });
        }
        let target = item.target.as_str();
        // Nothing of a release is to end a survey of thousands, a mistake of ours in reading it neither.
        let found = catch_unwind(AssertUnwindSafe(|| {
            let evidence = self.collect(target)?;
            Ok(match self.profile {
                Some(profile) => Found::Row(Box::new(self.row(target, &evidence, profile))),
                None => Found::Evidence(Box::new(evidence)),
            })
        }));
        match found {
            Ok(Ok(Found::Row(row))) => self.ledger.add(&row)?,
            Ok(Ok(Found::Evidence(evidence))) => {
                self.ledger.add(&Saved { target: target.to_owned(), evidence: *evidence })?;
            }
            Ok(Err(error)) => return self.fail(Failure::of(target, &error)),
            Err(_) => return self.fail(panicked(target)),
        }
        self.counts.done.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    fn collect(&self, target: &str) -> Result<Evidence, Error> {
        if Path::new(target).is_file() {
            return record::of_file(Path::new(target));
        }
        let source = source::open(&target.parse()?, self.world)?;
        let world = (self.reach != Reach::Disk).then_some(self.world);
        let options = Options { hashing: self.hashing, jobs: 1, world, scope: Scope::Whole, ..Options::default() };
        collect::collect(source.as_ref(), &options)
    }

    fn row(&self, target: &str, evidence: &Evidence, profile: &Profile) -> Row {
        let report = audit::bare(evidence, profile, &self.ledger.run().started);
        Row::of(target, &report, evidence.hub.as_ref().and_then(|hub| hub.created.as_deref()))
    }

    /// Sends on the lines of a file of evidence that are to be judged here.
    fn read(&self, path: &Path, send: &SyncSender<Batch>) -> Result<(), Error> {
        let file = File::open(path).map_err(|e| Error::reading(path, e))?;
        let mut lines = Lines::new(path, file);
        let mut batch = Batch::default();
        while let Some(line) = lines.next_whole()? {
            let target = target_of(line);
            let Some(target) = target else { return Err(lines.wrong(Word::NoLine.text(&[]))) };
            if !self.shard.holds(&target) || self.ledger.has(&target) {
                continue;
            }
            batch.add(line);
            if batch.text.len() >= BATCH && send.send(std::mem::take(&mut batch)).is_err() {
                return Ok(());
            }
        }
        // Whoever takes none has an error of its own to tell.
        let _ = send.send(batch);
        Ok(())
    }

    fn judge(&self, line: &[u8]) -> Result<(), Error> {
        let target = target_of(line).unwrap_or_default();
        let Some(profile) = self.profile else { return Ok(()) };
        let row = catch_unwind(AssertUnwindSafe(|| {
            let Saved { target, evidence } = serde_json::from_slice(line).map_err(|e| e.to_string())?;
            if evidence.schema != evidence::SCHEMA {
                return Err(format!("evidence of schema {}", evidence.schema));
            }
            Ok(self.row(&target, &evidence, profile))
        }));
        match row {
            Ok(Ok(row)) => self.ledger.add(&row)?,
            Ok(Err(why)) => {
                let failure = evidence::excerpt_of(&why);
                return self.fail(Failure { target, failure, kind: "malformed".into() });
            }
            Err(_) => return self.fail(panicked(&target)),
        }
        self.counts.done.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// Tells again what failed when evidence was collected.
    fn failed_before(&self, path: &Path) -> Result<(), Error> {
        let file = File::open(path).map_err(|e| Error::reading(path, e))?;
        let mut lines = Lines::new(path, file);
        while let Some(line) = lines.next_whole()? {
            let failure = serde_json::from_slice::<Failure>(line);
            let failure = failure.map_err(|_| lines.wrong(Word::NoLine.text(&[])))?;
            if self.shard.holds(&failure.target) && !self.ledger.has(&failure.target) {
                self.fail(failure)?;
            }
        }
        Ok(())
    }

    fn fail(&self, failure: Failure) -> Result<(), Error> {
        self.ledger.fail(&failure)?;
        self.counts.failed.fetch_add(1, Ordering::Relaxed);
        let mut shown = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if shown.len() < SHOWN {
            shown.push(failure);
        }
        Ok(())
    }
}

/// What a release gave.
enum Found {
    Row(Box<Row>),
    Evidence(Box<Evidence>),
}

/// Bytes of evidence that one thread hands to another at a time: to wake it for each release would cost more than a tenth of the work.
const BATCH: usize = 128 * 1024;

/// Lines of evidence.
#[derive(Default)]
struct Batch {
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Batch {
    fn add(&mut self, line: &[u8]) {
        self.text.extend_from_slice(line);
        self.ends.push(self.text.len());
    }

    fn lines(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).filter_map(|(start, end)| self.text.get(start..*end))
    }
}

/// The next lines; `None` when the reader ended.
fn received(take: &Mutex<Receiver<Batch>>) -> Option<Batch> {
    take.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

fn panicked(target: &str) -> Failure {
    let failure = Word::Panicked.say(Lang::En).to_owned();
    Failure { target: target.to_owned(), failure, kind: "internal".into() }
}
