//! `ouvert import FORMAT FILE…`: records of other catalogues as dossiers, with what their own rules come to and what is wrong.

mod dossier;

use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use clap::builder::PossibleValuesParser;
use ouvert::audit;
use ouvert::collect::record::{self, Format};
use ouvert::error::Error;
use ouvert::evidence::{Evidence, Flaw, FlawKind, Place, excerpt_of, id_of};
use ouvert::finding::{Lang, pick};
use ouvert::profile::{self, Profile};
use ouvert::render::number;
use ouvert::report::View;
use ouvert::words::commands::Commands as Say;
use ouvert::words::errors::Errors as Word;
use ouvert::words::screen::Screen as Shared;

use super::record::text;
use super::{Failure, Outcome, Screen, complain, print};

#[derive(Args)]
#[command(after_help = "Standard output holds the dossier, for `ouvert audit RELEASE --dossier FILE`;\n\
    standard error tells what the catalogue's own rules come to, and each flaw\n\
    with its file and line. `ouvert audit FILE` judges a record directly.\n\n\
    Examples:\n  ouvert import mot Model.yml > dossier.toml\n  ouvert import eu-index System.yaml --check\n  ouvert import mot models/*.yml --output dossiers\n  ouvert import cyclonedx model.cdx.json\n\n\
    Exit codes: 0 read; 1 with --strict, and a record has flaws; 2 a record could\n\
    not be read (the others were).")]
pub(super) struct Import {
    /// The format of the records
    #[arg(value_parser = PossibleValuesParser::new(Format::ALL.iter().map(|(name, _)| *name)))]
    format: String,
    /// Records of that format
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Write the dossier to FILE; of several records, or where this is a folder, to NAME.toml each in it
    #[arg(long, short, value_name = "FILE|FOLDER")]
    output: Option<PathBuf>,
    /// Write no dossier: tell only what the record comes to and what is wrong with it
    #[arg(long)]
    check: bool,
    /// Exit 1 when a record has flaws
    #[arg(long)]
    strict: bool,
}

impl Import {
    pub(super) fn run(&self, screen: &Screen) -> Outcome {
        let format = Format::ALL.iter().find(|(name, _)| *name == self.format).map(|(_, f)| *f);
        let Some(format) = format else {
            return Err(Error::Usage(Word::NoFormat.text(&[("name", &self.format)])).into());
        };
        let several = self.files.len() > 1;
        if several && self.output.is_none() && !self.check {
            return Err(Error::Usage(Word::SeveralRecords.text(&[])).into());
        }
        let profile = profile::of_catalogue(&self.format)?;
        let mut names: Vec<(String, PathBuf)> = Vec::new();
        let mut written: Vec<PathBuf> = Vec::new();
        let (mut flawed, mut broken) = (false, false);
        for file in &self.files {
            let read = text(file).and_then(|text| record::read(format, file, &text));
            let mut evidence = match read {
                Ok(evidence) => evidence,
                Err(error) => {
                    complain(screen, &error);
                    broken = true;
                    continue;
                }
            };
            shared_name(&mut evidence, file, &mut names);
            self.tell(&evidence, profile.as_ref(), screen);
            flawed |= evidence.record.as_ref().is_some_and(|r| !r.flaws.is_empty());
            if !self.check {
                let dossier = dossier::write(&self.format, file, &evidence);
                // Whoever reads the dossier may stop reading: its flaws stay flaws.
                if let Err(Failure::Error(error)) = self.put(file, &dossier, &mut written) {
                    complain(screen, &error);
                    broken = true;
                }
            }
        }
        Ok(ExitCode::from(if broken { 2 } else { u8::from(flawed && self.strict) }))
    }

    /// Writes a dossier to where it was asked for.
    fn put(&self, file: &Path, dossier: &str, written: &mut Vec<PathBuf>) -> Result<(), Failure> {
        let Some(output) = &self.output else { return print(dossier) };
        let path = if self.files.len() > 1 || output.is_dir() {
            std::fs::create_dir_all(output).map_err(|cause| Error::Write { path: output.clone(), cause })?;
            let stem = file.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
            output.join(format!("{stem}.toml"))
        } else {
            output.clone()
        };
        if written.contains(&path) {
            let message = Word::DossierTwice.text(&[("file", &file.display()), ("path", &path.display())]);
            return Err(Error::Usage(message).into());
        }
        std::fs::write(&path, dossier).map_err(|cause| Error::Write { path: path.clone(), cause })?;
        written.push(path);
        Ok(())
    }

    /// Tells what the catalogue's own rules come to, and each flaw.
    fn tell(&self, evidence: &Evidence, profile: Option<&Profile>, screen: &Screen) {
        let lang = screen.language();
        let mut out = String::new();
        if let Some(profile) = profile {
            let view = audit::view(evidence, profile, true);
            let _ = writeln!(out, "{}", verdict(evidence, &view, lang));
        }
        let flaws = evidence.record.iter().flat_map(|r| &r.flaws);
        for flaw in flaws {
            let line = flaw.place.line.map(|l| format!(":{l}")).unwrap_or_default();
            let says = pick(lang, &flaw.says, &flaw.says_fr);
            let _ = writeln!(out, "{}{line}: {}: {says}", flaw.place.path, id_of(flaw.kind));
        }
        let clean: String = out.chars().filter(|c| *c == '\n' || !ouvert::evidence::is_unsafe(*c)).collect();
        let bold = screen.colors(std::io::stderr().is_terminal());
        let clean = match clean.split_once('\n').filter(|_| bold && profile.is_some()) {
            Some((first, rest)) => format!("\u{1b}[1m{first}\u{1b}[0m\n{rest}"),
            None => clean,
        };
        // When stderr is gone there is nobody left to tell.
        let _ = std::io::stderr().lock().write_all(clean.as_bytes());
    }
}

/// One line: what the record comes to by the rules of its catalogue.
fn verdict(evidence: &Evidence, view: &View, lang: Lang) -> String {
    let counted = view.criteria.iter().filter(|c| !c.gate);
    let each: Vec<String> = counted
        .map(|c| {
            let word = c.verdict_word(lang);
            let text = format!("{word} ({})", number(c.score, 1, lang));
            Say::Labelled.with(lang, &[("label", &c.title(lang)), ("text", &text)])
        })
        .collect();
    let (title, semicolon) = (view.verdict.title(lang), Shared::Semicolon.say(lang));
    let text = format!("{title}, {}{semicolon} {}", number(view.score, 1, lang), each.join(&format!("{semicolon} ")));
    Say::Labelled.with(lang, &[("label", &evidence.subject.name), ("text", &text)])
}

/// Two records of one name: the catalogue keeps one of them.
fn shared_name(evidence: &mut Evidence, file: &Path, names: &mut Vec<(String, PathBuf)>) {
    let name = evidence.subject.name.clone();
    let before = names.iter().find(|(n, _)| *n == name).map(|(_, path)| path.clone());
    names.push((name.clone(), file.to_owned()));
    if let (Some(before), Some(record)) = (before, &mut evidence.record) {
        let other = excerpt_of(&before.to_string_lossy());
        let name = excerpt_of(&name);
        let says = Say::SameName.text(&[("name", &name), ("other", &other)]);
        record.flaws.push(Flaw {
            kind: FlawKind::DuplicateName,
            says: says.en,
            says_fr: says.fr,
            place: Place::file(&record.place.path),
        });
    }
}
