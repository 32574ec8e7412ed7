//! What a survey is of: a text of targets a line each, a folder of releases, evidence that was collected before, a query of the hub.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use ouvert::digest::Sum;
use ouvert::error::Error;
use ouvert::evidence::excerpt_of;
use ouvert::ledger::{self, Put};
use ouvert::parse::hub_stats;
use ouvert::source::{HubQuery, Locator, World};
use ouvert::survey::{Done, List, Part, RUN, Run, Work};
use ouvert::words::Text;
use ouvert::words::errors::Wanted;
use ouvert::words::survey::Survey as Word;

use super::super::missing;

/// What the hub answered to a query.
const FOUND: &str = "list.txt";
/// Releases of one list at most.
const MOST: usize = 20_000_000;
/// Bytes of a line of a list.
const LONGEST: usize = 4096;

/// What is surveyed.
pub(super) enum Items {
    /// Releases, each to be collected.
    Releases {
        /// Each once, in the list's order.
        all: Vec<Item>,
        /// How many were named again.
        twice: usize,
    },
    /// Evidence that a survey collected, shard by shard.
    Stored(Vec<Stored>),
}

/// A shard of collected evidence that came to its end.
pub(super) struct Stored {
    /// Its evidence, a release a line.
    pub(super) evidence: PathBuf,
    /// The releases that could not be collected.
    pub(super) failed: PathBuf,
    /// What it is known to hold.
    pub(super) done: Done,
}

/// One release of a list.
pub(super) struct Item {
    /// As the list names it.
    pub(super) target: String,
    /// Why it can be none, where that is so.
    pub(super) flaw: Option<Text>,
}

impl Items {
    /// Reads what `LIST` names. What the hub answers to a query is kept in the output folder: a survey that goes on asks no second
    /// time, for the answer may be another by then.
    pub(super) fn read(list: &str, folder: &Path, world: &dyn Fn() -> Result<World, Error>) -> Result<Items, Error> {
        if let Some(query) = HubQuery::parse(list) {
            let kept = folder.join(FOUND);
            if !kept.exists() {
                let found = world()?.search(&query);
                let found = found.map_err(|fault| Error::Network { what: query.to_string(), fault })?;
                let text: String = found.iter().map(|id| format!("{id}\n")).collect();
                let wrong = |cause| Error::Write { path: kept.clone(), cause };
                fs::create_dir_all(folder).map_err(wrong)?;
                match ledger::whole(&kept, text.as_bytes(), Put::New) {
                    // Another shard was first: its answer holds.
                    Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists => return Err(wrong(e)),
                    _ => {}
                }
            }
            return of_lines(BufReader::new(File::open(&kept).map_err(|e| Error::reading(&kept, e))?), &kept);
        }
        let path = Path::new(list);
        if list == "-" {
            return of_lines(std::io::stdin().lock(), Path::new("-"));
        }
        if path.is_dir() {
            return of_folder(path);
        }
        let file = File::open(path).map_err(|e| missing(path, Wanted::List, e))?;
        let mut text = BufReader::new(file);
        let head = text.fill_buf().map_err(|cause| Error::Read { path: path.into(), cause })?;
        if head.starts_with(hub_stats::MAGIC) {
            return of_statistics(path);
        }
        of_lines(text, path)
    }

    /// What a run fixes of it.
    pub(super) fn fixed(&self) -> Result<List, Error> {
        let mut sum = Sum::default();
        let items = match self {
            Items::Releases { all, .. } => {
                for item in all {
                    sum.add(item.target.as_bytes());
                    sum.add(b"\n");
                }
                all.len() as u64
            }
            Items::Stored(shards) => {
                for Stored { done, .. } in shards {
                    sum.add(format!("{} {} {}\n", done.shard, done.digest, done.failed).as_bytes());
                }
                shards.iter().map(|s| s.done.lines + s.done.failed).sum()
            }
        };
        Ok(List { digest: sum.end().tagged(), items })
    }
}

/// A text of targets: blank lines and those that begin with `#` are none.
fn of_lines(mut text: impl BufRead, path: &Path) -> Result<Items, Error> {
    let (mut all, mut twice, mut known) = (Vec::new(), 0, HashSet::new());
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        // One byte more tells a line that is too long; the rest of it is passed over.
        let read = (&mut text).take(LONGEST as u64 + 2).read_until(b'\n', &mut line);
        if read.map_err(|cause| Error::Read { path: path.into(), cause })? == 0 {
            break;
        }
        let long = line.strip_suffix(b"\n").unwrap_or(&line).len() > LONGEST;
        if long && !line.ends_with(b"\n") {
            pass_over(&mut text).map_err(|cause| Error::Read { path: path.into(), cause })?;
        }
        let Some(item) = item(&line, number, long) else { continue };
        if !known.insert(ledger::key(&item.target)) {
            twice += 1;
            continue;
        }
        all.push(item);
        if all.len() > MOST {
            return Err(Error::Usage(Word::TooManyItems.text(&[("n", &MOST)])));
        }
    }
    if all.is_empty() {
        return Err(Error::Usage(Word::EmptyList.text(&[("path", &path.display())])));
    }
    Ok(Items::Releases { all, twice })
}

/// The repositories of the hub's statistics: models, or datasets where the file is called so.
fn of_statistics(path: &Path) -> Result<Items, Error> {
    let file = File::open(path).map_err(|e| Error::reading(path, e))?;
    let ids = hub_stats::ids(file).map_err(|why| Error::malformed(path, None, &why))?;
    let is_data = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("datasets"));
    let kind = if is_data { "datasets/" } else { "" };
    let text: String = ids.iter().map(|id| format!("hf:{kind}{}\n", id.replace(['\r', '\n'], " "))).collect();
    of_lines(text.as_bytes(), path)
}

fn pass_over(text: &mut impl BufRead) -> std::io::Result<()> {
    loop {
        let part = text.fill_buf()?;
        let end = part.iter().position(|b| *b == b'\n');
        let n = end.map_or(part.len(), |at| at + 1);
        text.consume(n);
        if end.is_some() || n == 0 {
            return Ok(());
        }
    }
}

/// What a line names; nothing for one that says nothing.
fn item(line: &[u8], number: usize, long: bool) -> Option<Item> {
    let text = String::from_utf8_lossy(line.strip_suffix(b"\n").unwrap_or(line));
    let text = text.trim().trim_start_matches('\u{feff}');
    if text.is_empty() || text.starts_with('#') {
        return None;
    }
    let why = if long {
        Some(Word::LineLong.text(&[("n", &LONGEST)]))
    } else if std::str::from_utf8(line).is_err() {
        Some(Word::LineEncoding.text(&[]))
    } else if text.chars().any(ouvert::evidence::is_unsafe) {
        Some(Word::LineControl.text(&[]))
    } else if text.parse::<Locator>().is_err() {
        Some(Word::LineHub.text(&[]))
    } else {
        None
    };
    let flaw = why.map(|why| {
        let told = |lang| Word::LineAt.with(lang, &[("line", &number), ("why", &why.get(lang))]);
        Text::new(told(ouvert::words::Lang::En), told(ouvert::words::Lang::Fr))
    });
    // A name that is none is told fit to show.
    let target = if flaw.is_some() { format!("{number}: {}", excerpt_of(text)) } else { text.to_owned() };
    Some(Item { target, flaw })
}

/// A folder: of evidence that a survey collected, of saved evidence, of the hub's cache, or of releases.
fn of_folder(folder: &Path) -> Result<Items, Error> {
    let wrong = |cause| Error::reading(folder, cause);
    if folder.join(RUN).exists() {
        let run = ledger::read_run(folder)?;
        return match run.work {
            Work::Collect => stored(folder, &run),
            Work::Survey | Work::Verify => Err(Error::OfSurvey(folder.into())),
        };
    }
    let (mut saved, mut releases) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(folder).map_err(wrong)? {
        let entry = entry.map_err(wrong)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        match () {
            () if name.starts_with('.') => {}
            // Where a link leads is where the release lies.
            () if path.is_dir() => releases.extend(of_entry(&path, &name).map_err(wrong)?),
            () if name.ends_with(".json") => saved.push(path),
            () => {}
        }
    }
    let mut all = if releases.is_empty() { saved } else { releases };
    all.sort();
    if all.is_empty() {
        return Err(Error::Usage(Word::EmptyList.text(&[("path", &folder.display())])));
    }
    let item = |path: PathBuf| match path.to_str() {
        Some(text) => Item { target: text.to_owned(), flaw: None },
        None => Item { target: excerpt_of(&path.to_string_lossy()), flaw: Some(Word::LineEncoding.text(&[])) },
    };
    Ok(Items::Releases { all: all.into_iter().map(item).collect(), twice: 0 })
}

/// The shards of evidence that a survey collected: all of them, each come to its end.
fn stored(folder: &Path, run: &Run) -> Result<Items, Error> {
    let (ended, open) = ledger::ended(folder, run)?;
    if open.is_empty() {
        let at = |done: &Done, part| folder.join(done.shard.file(part));
        let stored = |done| Stored { evidence: at(&done, Part::Evidence), failed: at(&done, Part::Failed), done };
        return Ok(Items::Stored(ended.into_iter().map(stored).collect()));
    }
    let open: Vec<String> = open.iter().map(u32::to_string).collect();
    let values: [(&str, &dyn std::fmt::Display); 3] =
        [("path", &folder.display()), ("shards", &open.join(", ")), ("n", &run.shards)];
    Err(Error::Usage(Word::NotCollected.text(&values)))
}

/// The releases of a folder's folder: the snapshots of a repository of the hub's cache, else itself.
fn of_entry(path: &Path, name: &str) -> std::io::Result<Vec<PathBuf>> {
    let snapshots = path.join("snapshots");
    let cached = ["models--", "datasets--", "spaces--"].iter().any(|kind| name.starts_with(kind));
    if !cached || !snapshots.is_dir() {
        return Ok(vec![path.into()]);
    }
    fs::read_dir(snapshots)?.map(|entry| Ok(entry?.path())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets(text: &[u8]) -> (Vec<(String, bool)>, usize) {
        match of_lines(text, Path::new("list")).unwrap() {
            Items::Releases { all, twice } => (all.into_iter().map(|i| (i.target, i.flaw.is_none())).collect(), twice),
            Items::Stored(_) => unreachable!(),
        }
    }

    #[test]
    fn every_line_of_a_list_is_a_release_or_told() {
        let long = "x".repeat(LONGEST + 1);
        let text = format!("\u{feff}hf:a/b\n\n# no\n  hf:c/d  \r\nhf:a/b\nhf:bad\nesc\u{1b}[2J\n{long}\nlast");
        let mut bytes = text.into_bytes();
        bytes.extend(b"\nlatin-\xe9");
        let (all, twice) = targets(&bytes);
        let names: Vec<&str> = all.iter().filter(|(_, good)| *good).map(|(name, _)| name.as_str()).collect();
        assert_eq!((names, twice), (vec!["hf:a/b", "hf:c/d", "last"], 1));
        let bad: Vec<&str> = all.iter().filter(|(_, good)| !good).map(|(name, _)| name.as_str()).collect();
        assert_eq!(bad.len(), 4);
        assert_eq!((bad[0], bad[1], bad[3]), ("6: hf:bad", "7: esc[2J", "10: latin-\u{fffd}"));
        assert!(bad[2].starts_with("8: xxx") && bad[2].len() < 300);
        assert!(of_lines(&b"\n# x\n"[..], Path::new("list")).is_err());
        let exact = "y".repeat(LONGEST);
        assert_eq!(targets(format!("{exact}\nz\n").as_bytes()).0, [(exact, true), ("z".into(), true)]);
    }

    #[test]
    fn a_list_is_fixed_by_its_names() {
        let fixed = |text: &str| of_lines(text.as_bytes(), Path::new("list")).unwrap().fixed().unwrap();
        assert_eq!(fixed("a\nb\n"), fixed("# x\na\n\na\nb"));
        assert_ne!(fixed("a\nb\n").digest, fixed("b\na\n").digest);
        assert_eq!(fixed("a\nb\n").items, 2);
    }
}
