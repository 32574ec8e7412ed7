//! `ouvert verify TARGET --shard K/N --output DIR`: a part of the files of one huge release, a line each as soon as it is hashed.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ouvert::collect::{self, Options, Read, Task};
use ouvert::digest::Digest;
use ouvert::error::Error;
use ouvert::evidence::{GapKind, Hashed, id_of};
use ouvert::ledger::Ledger;
use ouvert::report::Tool;
use ouvert::source::Source;
use ouvert::survey::{Failure, Run, SCHEMA, Shard, Work};
use ouvert::words::Lang;
use ouvert::words::shards::Shards as Word;
use ouvert::words::survey::Survey;

use super::super::audit::{Job, watched};
use super::super::shard::ShardArgs;
use super::super::{Outcome, Screen, now, printable};

/// A part that was hashed.
struct Part {
    shard: Shard,
    /// Its files, those hashed by an earlier process, and those that could not be read.
    files: usize,
    before: usize,
    unread: u64,
    /// Where it was written, where that file system has no locks.
    unlocked: Option<PathBuf>,
}

/// Hashes a part of a release and writes it to a folder.
pub(super) fn run(job: &Job<'_>, shard: ShardArgs, folder: &Path, screen: &Screen) -> Outcome {
    if is_inside(folder, job.target) {
        return Err(Error::Usage(Word::Nowhere.text(&[("path", &folder.display())])).into());
    }
    let signature = job.trusted.signature.as_ref().map(|s| Digest::of(s.text.as_bytes()).tagged());
    let part = watched(job, |source, options| part(source, options, shard, folder, signature))?;
    if !job.quiet {
        part.tell(folder, screen.language());
    }
    Ok(ExitCode::from(u8::from(part.unread > 0)))
}

fn part(
    source: &dyn Source,
    options: &Options<'_>,
    shard: ShardArgs,
    folder: &Path,
    signature: Option<String>,
) -> Result<Part, Error> {
    let tasks = collect::tasks(source, options)?;
    let shard = shard.of(folder)?;
    let run = Run {
        schema: SCHEMA,
        tool: Tool::this(),
        work: Work::Verify,
        list: collect::list(&tasks),
        shards: shard.n(),
        profile: None,
        // A signature from elsewhere may ask for digests that the release does not.
        settings: BTreeMap::from_iter(signature.map(|digest| ("signature".to_owned(), digest))),
        started: now(),
    };
    let ledger = Ledger::open(folder, &run, shard)?;
    let mine = collect::share(&tasks, shard);
    let files = mine.len();
    let left = mine.into_iter().filter(|task| !ledger.has(&task.path)).collect();
    collect::read(source, left, options, &|task, read| keep(&ledger, source, task, read))?;
    let unlocked = (!ledger.is_locked()).then(|| ledger.path().to_owned());
    let before = ledger.before();
    let done = ledger.finish()?;
    Ok(Part { shard, files, before, unread: done.failed, unlocked })
}

/// Writes down what came of a file.
fn keep(ledger: &Ledger, source: &dyn Source, task: &Task, read: Read) -> Result<(), Error> {
    let fail = |kind: GapKind, failure: String| {
        ledger.fail(&Failure { target: task.path.clone(), failure, kind: id_of(kind) })
    };
    let reading = match read {
        Err((kind, why)) => return fail(kind, why.get(Lang::En).to_owned()),
        Ok(reading) => reading,
    };
    // A file that changed while it was read has a digest of neither state.
    let now = source.stamp(&task.path).map(|stamp| stamp.modified);
    if reading.bytes != task.bytes || now != task.modified {
        return fail(GapKind::Changed, format!("{} / {}", reading.bytes, task.bytes));
    }
    ledger.add(&Hashed { path: task.path.clone(), modified: task.modified, reading })
}

/// Whether a folder lies in a release, or would once it is made.
fn is_inside(folder: &Path, release: &Path) -> bool {
    let here = std::env::current_dir().unwrap_or_default().join(folder);
    let Some(there) = here.ancestors().find_map(|above| std::fs::canonicalize(above).ok()) else { return false };
    std::fs::canonicalize(release).is_ok_and(|release| there.starts_with(release))
}

impl Part {
    fn tell(&self, folder: &Path, lang: Lang) {
        let hashed = (self.files as u64).saturating_sub(self.unread);
        let values: [(&str, &dyn std::fmt::Display); 3] = [("shard", &self.shard), ("n", &hashed), ("of", &self.files)];
        let mut parts = vec![Word::Files.with(lang, &values)];
        if self.before > 0 {
            parts.push(Word::Before.with(lang, &[("n", &self.before)]));
        }
        if self.unread > 0 {
            parts.push(Word::Unread.with(lang, &[("n", &self.unread)]));
        }
        let unlocked = self.unlocked.iter().map(|path| Survey::Unlocked.with(lang, &[("path", &path.display())]));
        let ended = Word::Ended.with(lang, &[("parts", &parts.join(", ")), ("path", &folder.display())]);
        let text: String = unlocked.chain([ended]).map(|line| printable(&line) + "\n").collect();
        // When stderr is gone there is nobody left to tell.
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }
}
