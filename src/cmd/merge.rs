//! `ouvert merge DIR`: the shards of a survey as one table, and what it comes to.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use ouvert::error::Error;
use ouvert::ledger::{Draft, Put};
use ouvert::merge::{Lack, Line, Shards, array, ranges};
use ouvert::profile::Profile;
use ouvert::render::Detail;
use ouvert::render::rows::page::Board;
use ouvert::render::rows::parquet::Parquet;
use ouvert::render::rows::{About, Named, Tally, table};
use ouvert::survey::Run;
use ouvert::words::merge::Merge as Word;
use ouvert::words::{Lang, Text};

use super::output::by_end;
use super::usage::Mistake;
use super::{Outcome, Screen, load_profile, print, printable};

#[derive(Args)]
#[command(
    after_help = "The rows of a merge stand in the order of the releases' names, so that any number of shards gives what one would. What\n\
    failed is a row too. Files are put in their place when they are whole.\n\n\
    Examples:\n  ouvert merge survey\n  ouvert merge survey --output survey.parquet --output survey.html\n  \
    ouvert merge node-1/survey node-2/survey --output survey.jsonl\n  \
    sbatch --array=$(ouvert merge survey --missing) job.sh\n\n\
    Exit codes: 0 merged; 1 with --missing: shards are missing; 2 could not merge."
)]
pub(super) struct Merge {
    /// The folders that hold the shards of one run
    #[arg(value_name = "DIR", required = true)]
    folders: Vec<PathBuf>,
    /// Write FILE, its format by extension: .jsonl, .parquet or .html (repeatable)
    #[arg(long, value_name = "FILE", value_parser = parse)]
    output: Vec<Output>,
    /// Print only the shards that are missing, as a job array counts them, from 0: 0,3-5,9
    #[arg(long, conflicts_with_all = ["output", "partial", "quiet", "profile"])]
    missing: bool,
    /// Merge what is there though shards are missing; every output but JSON Lines says so
    #[arg(long)]
    partial: bool,
    /// The profile of the survey, for the names and the order of criteria [default: looked for among those of `ouvert frameworks`]
    #[arg(long, value_name = "ID|FILE")]
    profile: Option<String>,
    /// Show nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

/// The formats of a table.
#[derive(Clone, Copy, Debug)]
enum Format {
    Lines,
    Parquet,
    Page,
}

/// A file to be written.
#[derive(Clone, Debug)]
struct Output {
    format: Format,
    path: PathBuf,
}

/// The formats that the end of a name tells.
const ENDS: &[(&str, Format)] = &[
    (".jsonl", Format::Lines),
    (".ndjson", Format::Lines),
    (".parquet", Format::Parquet),
    (".html", Format::Page),
    (".htm", Format::Page),
];

fn parse(text: &str) -> Result<Output, Mistake> {
    let format = by_end(text, ENDS).map_err(|list| Mistake(Word::NoExtension.text(&[("list", &list)])))?;
    Ok(Output { format, path: text.into() })
}

impl Merge {
    pub(super) fn run(&self, screen: &Screen) -> Outcome {
        let shards = Shards::open(&self.folders)?;
        if self.missing {
            print(&lines_of(&array(shards.missing())))?;
            return Ok(ExitCode::from(u8::from(!shards.missing().is_empty())));
        }
        let lang = screen.language();
        if let Some(twice) = twice(&self.output) {
            return Err(Error::Usage(Word::SameOutput.text(&[("path", &twice.display())])).into());
        }
        // What cannot be written is told before anything is read.
        let begin = |o: &Output| Draft::begin(&o.path).map_err(|cause| Error::Write { path: o.path.clone(), cause });
        let drafts: Vec<Draft> = self.output.iter().map(begin).collect::<Result<_, _>>()?;
        let rows = shards.rows(if self.partial { Lack::Told } else { Lack::Refused })?;
        let lack = (!shards.missing().is_empty()).then(|| lack(&shards));
        let profile = self.profile(shards.run())?;
        let about = about(shards.run(), profile.as_ref(), rows.criteria(), lack);
        let (mut tally, mut sinks) = (Tally::new(&about), Vec::new());
        for (output, draft) in self.output.iter().zip(drafts) {
            sinks.push(Sink::begin(output, draft, &about)?);
        }
        rows.each(|lines| take(lines, &mut tally, &mut sinks, &about))?;
        let done: Vec<Draft> = sinks.into_iter().map(|s| s.end(&tally, &about, lang)).collect::<Result<_, _>>()?;
        for (output, draft) in self.output.iter().zip(done) {
            draft.finish(Put::Over).map_err(|cause| Error::Write { path: output.path.clone(), cause })?;
        }
        // When stderr is gone there is nobody left to tell.
        let tell = |text: &Text| drop(writeln!(std::io::stderr().lock(), "{}", printable(text.get(lang))));
        if let (None, Some(rules)) = (&profile, &shards.run().profile) {
            tell(&Word::NoProfile.text(&[("profile", &format!("{}@{}", rules.id, rules.version))]));
        }
        if let Some(lack) = &about.lack {
            tell(lack);
        }
        if !self.quiet {
            print(&table::render(&tally, &about, screen.options(Detail::Normal)))?;
        }
        Ok(ExitCode::SUCCESS)
    }

    /// The profile that the survey judged by, where it is at hand.
    fn profile(&self, run: &Run) -> Result<Option<Profile>, Error> {
        let Some(rules) = &run.profile else { return Ok(None) };
        let found = match &self.profile {
            Some(named) => Some(load_profile(named)?),
            None => ouvert::profile::built_in(&rules.id).ok(),
        };
        match found {
            Some(found) if found.digest.tagged() == rules.digest => Ok(Some(found)),
            Some(found) if self.profile.is_some() => {
                let (old, new) = (format!("{}@{}", rules.id, rules.version), format!("{}@{}", found.id, found.version));
                let values: [(&str, &dyn std::fmt::Display); 4] =
                    [("old", &old), ("was", &rules.digest), ("new", &new), ("is", &found.digest.tagged())];
                Err(Error::Usage(Word::OtherProfile.text(&values)))
            }
            _ => Ok(None),
        }
    }
}

/// A file that is named twice.
fn twice(outputs: &[Output]) -> Option<&Path> {
    let mut known = std::collections::BTreeSet::new();
    outputs.iter().map(|output| output.path.as_path()).find(|path| !known.insert(*path))
}

/// A line where there is something to say.
fn lines_of(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{text}\n") }
}

/// What lacks, in words.
fn lack(shards: &Shards) -> Text {
    Word::Partial.text(&[("list", &ranges(shards.missing(), 0)), ("of", &shards.run().shards)])
}

/// What the rows are about, in the profile's order and words where it is known, else by ids.
fn about<'a>(run: &'a Run, profile: Option<&Profile>, ids: &[String], lack: Option<Text>) -> About<'a> {
    let id = run.profile.as_ref().map(|p| format!("{}@{}", p.id, p.version)).unwrap_or_default();
    let Some(profile) = profile else {
        let criteria = ids.iter().map(|id| Named::bare(id)).collect();
        let title = Text::new(id.clone(), id);
        return About { run, title, criteria, levels: vec![], rules: BTreeMap::new(), lack };
    };
    let named = |id: &str, title: &Text| Named { id: id.to_owned(), title: title.clone() };
    let criteria = profile.criteria.iter().map(|c| named(&c.id.replace('-', "_"), &c.title));
    // Rows of other columns than the profile's are shown by what they have.
    let known: Vec<Named> = criteria.filter(|c| ids.contains(&c.id) || ids.is_empty()).collect();
    let others = ids.iter().filter(|id| known.iter().all(|c| c.id != **id)).map(|id| Named::bare(id));
    About {
        run,
        title: profile.title.clone(),
        criteria: known.iter().cloned().chain(others).collect(),
        levels: profile.levels.iter().map(|l| named(&l.id, &l.title)).collect(),
        rules: profile.rules.iter().map(|r| (r.id.clone(), r.title.clone())).collect(),
        lack,
    }
}

/// Where rows go.
enum Sink {
    Lines(Draft),
    Parquet(Box<Parquet<Draft>>, PathBuf),
    Page(Draft, Board),
}

/// Counts some rows, and hands them to every file.
fn take(lines: &[Line], tally: &mut Tally, sinks: &mut [Sink], about: &About) -> Result<(), Error> {
    for line in lines {
        tally.add(&line.row);
        for sink in &mut *sinks {
            sink.add(line, tally, about)?;
        }
    }
    Ok(())
}

impl Sink {
    fn begin(output: &Output, draft: Draft, about: &About) -> Result<Sink, Error> {
        let path = output.path.clone();
        let wrong = |cause| Error::Write { path: output.path.clone(), cause };
        Ok(match output.format {
            Format::Lines => Sink::Lines(draft),
            Format::Parquet => Sink::Parquet(Box::new(Parquet::begin(draft, about).map_err(wrong)?), path),
            Format::Page => Sink::Page(draft, Board::new(about)),
        })
    }

    fn add(&mut self, line: &Line, tally: &Tally, about: &About) -> Result<(), Error> {
        match self {
            Sink::Lines(draft) => {
                let written = draft.write_all(&line.text).and_then(|()| draft.write_all(b"\n"));
                written.map_err(|cause| draft.wrong(cause))
            }
            Sink::Parquet(file, path) => {
                file.add(&line.row, about).map_err(|cause| Error::Write { path: path.clone(), cause })
            }
            Sink::Page(_, board) => {
                board.add(&line.row, tally);
                Ok(())
            }
        }
    }

    /// The whole file, not yet in its place.
    fn end(self, tally: &Tally, about: &About, lang: Lang) -> Result<Draft, Error> {
        match self {
            Sink::Lines(draft) => Ok(draft),
            Sink::Parquet(file, path) => file.finish().map_err(|cause| Error::Write { path, cause }),
            Sink::Page(mut draft, board) => {
                let text = board.render(tally, about, lang).map_err(|e| draft.wrong(std::io::Error::other(e)))?;
                draft.write_all(text.as_bytes()).map_err(|cause| draft.wrong(cause))?;
                Ok(draft)
            }
        }
    }
}
