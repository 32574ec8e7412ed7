//! Subcommands. Only this room prints, reads the environment or looks at the clock, and nobody imports it.

mod audit;
mod certify;
mod completions;
mod diff;
mod environment;
mod explain;
mod frameworks;
mod gate;
mod help;
mod import;
mod init;
mod known;
mod man;
mod merge;
mod output;
mod profiles;
mod progress;
mod record;
mod render;
mod saved;
mod shard;
mod stores;
mod survey;
mod template;
mod trust;
mod usage;
mod verify;
mod world;

use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ColorChoice, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use ouvert::error::Error;
use ouvert::finding::Lang;
use ouvert::profile::{self, Profile};
use ouvert::render::{Color, Detail, Options, wrapped};
use ouvert::words::errors::{Errors as Word, Wanted};
use ouvert::words::{Text, foreign};

/// Audits a release of an AI model for openness: license, training data, recipe.
#[derive(Parser)]
#[command(
    name = "ouvert",
    version,
    about = "Audits a release of an AI model: unrestricted license, published datasets, reproducible recipe",
    long_about = "Audits a release of an AI model and tells, with evidence for every word, whether it lays its cards on the \
                  table: may anyone use it for anything (unrestricted license), are the datasets it was trained on \
                  published, can somebody else train it again (reproducible recipe)?",
    after_help = "Exit codes: 0 audited, and the gate passed; 1 audited, and a gate or a digest falls short; 2 could not audit.",
    propagate_version = false,
    disable_help_subcommand = true
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    screen: Screen,
}

/// Flags of the screen, the same for every command.
#[derive(Args, Clone, Debug)]
struct Screen {
    /// Colour: auto (on a terminal, unless NO_COLOR is set), always or never
    #[arg(long, global = true, value_enum, default_value_t = When::Auto, value_name = "WHEN")]
    color: When,
    /// Language of the screen: en or fr [default: from OUVERT_LANG, LC_ALL, LC_MESSAGES or LANG]
    #[arg(long, global = true, value_enum, value_name = "LANG")]
    lang: Option<Language>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum When {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Language {
    En,
    Fr,
}

#[derive(Subcommand)]
enum Command {
    /// Audit a release: collect, hash, judge, report
    Audit(audit::Audit),
    /// Hash the files and compare them with every digest published of them
    Verify(verify::Verify),
    /// Audit, and if the level is reached, write a signed certificate of it
    Certify(certify::Certify),
    /// Check a certificate: its signature, its files, its profile, and what changed since
    CheckCertificate(certify::Check),
    /// Write ouvert.toml for a release from what can be seen, digests included
    Init(init::Init),
    /// Read a record of another catalogue: as a dossier, with what is wrong with it
    Import(import::Import),
    /// Explain a rule or a license; without an id, list all rules
    Explain(explain::Explain),
    /// List the profiles: version, origin, what each asks, and how it relates to the three criteria
    Frameworks(frameworks::Frameworks),
    /// Compare two reports, or two releases: what got more open, what less
    Diff(diff::Diff),
    /// Show a saved report in another format
    Render(render::Render),
    /// Audit many releases, a JSON line each; goes on where it was stopped
    Survey(survey::Survey),
    /// Join the shards of a survey: one table, and the page that ranks its releases
    Merge(merge::Merge),
    /// Print a completion script for a shell
    Completions(completions::Completions),
    /// Print the manual page (roff)
    Man(man::Man),
    /// Print a script or a manifest that runs shards on a cluster
    Template(template::Template),
}

/// Where a failure ended: an error of the library, or a broken pipe, which is no failure of ours.
enum Failure {
    Error(Error),
    Pipe,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Error(error)
    }
}

type Outcome = Result<ExitCode, Failure>;

/// Parses the command line and runs it.
pub(crate) fn run() -> ExitCode {
    let args: Vec<OsString> = std::env::args_os().collect();
    let screen = usage::screen(&args);
    let color = if screen.colors(std::io::stderr().is_terminal()) { ColorChoice::Auto } else { ColorChoice::Never };
    let read = help::command(screen.language()).color(color).try_get_matches_from(&args);
    let cli = match read.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => return usage::tell(&error, &screen, &args),
    };
    let screen = &cli.screen;
    interrupts(screen.language());
    let outcome = match &cli.command {
        Command::Audit(c) => c.run(screen),
        Command::Verify(c) => c.run(screen),
        Command::Certify(c) => c.run(screen),
        Command::CheckCertificate(c) => c.run(screen),
        Command::Init(c) => c.run(screen),
        Command::Import(c) => c.run(screen),
        Command::Explain(c) => c.run(screen),
        Command::Frameworks(c) => c.run(screen),
        Command::Diff(c) => c.run(screen),
        Command::Render(c) => c.run(screen),
        Command::Survey(c) => c.run(screen),
        Command::Merge(c) => c.run(screen),
        Command::Completions(c) => c.run(),
        Command::Man(c) => c.run(),
        Command::Template(c) => c.run(),
    };
    match outcome {
        Ok(code) => code,
        Err(Failure::Pipe) => ExitCode::SUCCESS,
        Err(Failure::Error(error)) => {
            complain(screen, &error);
            ExitCode::from(error.exit_code())
        }
    }
}

/// An interrupt ends the program with a clear line and exit code 130, as shells expect; nothing is half written, for
/// files are written whole at the end.
fn interrupts(lang: Lang) {
    let handler = move || {
        let mut err = std::io::stderr().lock();
        let clear = if is_smart(std::io::stderr().is_terminal()) { "\r\u{1b}[K" } else { "" };
        let _ = writeln!(err, "{clear}{}", Word::Interrupted.say(lang));
        #[expect(clippy::exit, reason = "the thread that works cannot be asked to stop")]
        std::process::exit(130)
    };
    // Without a handler the system's own remains: the program still ends.
    let _ = ctrlc::set_handler(handler);
}

/// One error, its cause, and a hint, to stderr.
fn complain(screen: &Screen, error: &Error) {
    let lang = screen.language();
    let text = complaint(screen, &error.text(lang), error.hint(lang).as_deref());
    // When stderr is gone there is nobody left to tell.
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// An error and a hint, as lines for stderr: wrapped where they are read, whole where they are kept.
fn complaint(screen: &Screen, what: &str, hint: Option<&str>) -> String {
    let (lang, terminal) = (screen.language(), std::io::stderr().is_terminal());
    let colors = screen.colors(terminal);
    let width = if terminal { columns(terminal).min(PROSE) } else { usize::MAX };
    let mut out = String::new();
    let mut say = |label: Word, paint: (&str, &str), text: &str| {
        let label = Word::Quoted.with(lang, &[("what", &label.say(lang)), ("words", &"")]);
        let (told, shown) = text.split_once('\n').unwrap_or((text, ""));
        let lines = wrapped(told, width, &label, "  ");
        let (on, off) = if colors { paint } else { ("", "") };
        for (at, line) in lines.iter().enumerate() {
            match line.strip_prefix(label.as_str()).filter(|_| at == 0) {
                Some(rest) => out.push_str(&format!("{on}{label}{off}{rest}\n")),
                None => out.push_str(&format!("{line}\n")),
            }
        }
        // Below stands a line of a file with a caret under a word of it.
        out.extend(shown.lines().map(|line| printable(line) + "\n"));
    };
    say(Word::Error, ("\u{1b}[1;31m", "\u{1b}[0m"), what);
    if let Some(hint) = hint {
        say(Word::Hint, ("\u{1b}[36m", "\u{1b}[0m"), hint);
    }
    out
}

/// Text that may hold words of a release, without characters that move a cursor; line ends stay.
fn printable(text: &str) -> String {
    text.chars().filter(|c| *c == '\n' || !ouvert::evidence::is_unsafe(*c)).collect()
}

/// Writes to stdout; a reader that went away ends the program quietly.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Err(Failure::Pipe),
        Err(cause) => Err(Failure::Error(Error::Write { path: PathBuf::from("stdout"), cause })),
    }
}

impl Screen {
    /// Whether to colour a stream.
    fn colors(&self, is_terminal: bool) -> bool {
        let set = |name: &str| std::env::var_os(name).is_some_and(|v| !v.is_empty());
        match self.color {
            When::Always => true,
            When::Never => false,
            When::Auto if set("NO_COLOR") => false,
            When::Auto if std::env::var("CLICOLOR_FORCE").is_ok_and(|v| !v.is_empty() && v != "0") => true,
            When::Auto => is_smart(is_terminal),
        }
    }

    /// How to show what goes to standard output.
    fn options(&self, detail: Detail) -> Options {
        let color = if self.colors(std::io::stdout().is_terminal()) { Color::Always } else { Color::Never };
        Options { lang: self.language(), width: self.width(), detail, color }
    }

    /// The language of the screen.
    fn language(&self) -> Lang {
        match self.lang {
            Some(Language::En) => Lang::En,
            Some(Language::Fr) => Lang::Fr,
            None => {
                let first = ["OUVERT_LANG", "LC_ALL", "LC_MESSAGES", "LANG"]
                    .iter()
                    .find_map(|n| std::env::var(n).ok().filter(|v| !v.is_empty()));
                if first.is_some_and(|l| l.to_lowercase().starts_with("fr")) { Lang::Fr } else { Lang::En }
            }
        }
    }

    /// Columns: the terminal's, at most as many as prose is read in with ease; 80 when piped.
    fn width(&self) -> usize {
        columns(std::io::stdout().is_terminal()).min(PROSE)
    }
}

/// Columns that prose takes at most, however wide the terminal is.
const PROSE: usize = 100;

/// The columns of a terminal; 80 of what is none, and of one that does not tell.
fn columns(is_terminal: bool) -> usize {
    let told = terminal_size::terminal_size().filter(|_| is_terminal);
    told.map(|(terminal_size::Width(columns), _)| usize::from(columns)).filter(|n| *n > 0).unwrap_or(80)
}

/// Whether a terminal knows how to go back on a line.
fn is_smart(is_terminal: bool) -> bool {
    is_terminal && std::env::var("TERM").map_or(true, |t| t != "dumb")
}

/// Seconds since 1970 as RFC 3339: `SOURCE_DATE_EPOCH`, else now.
fn now() -> String {
    let epoch = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|v| v.parse::<i64>().ok());
    let time = epoch.and_then(|s| jiff::Timestamp::from_second(s).ok()).unwrap_or_else(jiff::Timestamp::now);
    let whole = jiff::Timestamp::from_second(time.as_second()).unwrap_or(time);
    whole.to_string()
}

/// The profile that `--profile` names: an id, or a TOML file.
fn load_profile(named: &str) -> Result<Profile, Error> {
    if profile::ids().any(|id| id == named) || !named.contains(['/', '.', '\\']) {
        return profile::built_in(named);
    }
    let path = PathBuf::from(named);
    profile::read(&path, &read_text(&path, Wanted::Profile)?)
}

/// Reads a text file that a person named; `what` is what it was to be.
fn read_text(path: &std::path::Path, what: Wanted) -> Result<String, Error> {
    std::fs::read_to_string(path).map_err(|e| missing(path, what, e))
}

/// Why a file that a person named could not be read.
fn missing(path: &std::path::Path, what: Wanted, cause: std::io::Error) -> Error {
    match cause.kind() {
        std::io::ErrorKind::NotFound => Error::NoFile { path: path.into(), what },
        _ => Error::Read { path: path.into(), cause },
    }
}

/// A mistake that a foreign parser told, in a sentence of ours.
fn because(word: Word, why: &dyn std::fmt::Display) -> Text {
    let why = foreign::told(&why.to_string());
    let told = |lang: Lang| word.with(lang, &[("why", &why.get(lang))]);
    Text::new(told(Lang::En), told(Lang::Fr))
}

/// The whole command, for completions and the manual.
fn command() -> clap::Command {
    Cli::command()
}
