//! Subcommands. Only this room prints, reads the environment or looks at the clock, and nobody imports it.

mod audit;
mod completions;
mod diff;
mod explain;
mod frameworks;
mod gate;
mod import;
mod init;
mod man;
mod output;
mod record;
mod render;
mod saved;
mod verify;
mod world;

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use ouvert::error::Error;
use ouvert::finding::Lang;
use ouvert::profile::{self, Profile};

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
    /// Print a completion script for a shell
    Completions(completions::Completions),
    /// Print the manual page (roff)
    Man(man::Man),
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
    let cli = Cli::parse();
    interrupts();
    let screen = &cli.screen;
    let outcome = match &cli.command {
        Command::Audit(c) => c.run(screen),
        Command::Verify(c) => c.run(screen),
        Command::Init(c) => c.run(),
        Command::Import(c) => c.run(screen),
        Command::Explain(c) => c.run(screen),
        Command::Frameworks(c) => c.run(screen),
        Command::Diff(c) => c.run(screen),
        Command::Render(c) => c.run(screen),
        Command::Completions(c) => c.run(),
        Command::Man(c) => c.run(),
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
fn interrupts() {
    let handler = || {
        let mut err = std::io::stderr().lock();
        let clear = if std::io::stderr().is_terminal() { "\r\u{1b}[K" } else { "" };
        let _ = writeln!(err, "{clear}interrupted");
        #[expect(clippy::exit, reason = "the thread that works cannot be asked to stop")]
        std::process::exit(130)
    };
    // Without a handler the system's own remains: the program still ends.
    let _ = ctrlc::set_handler(handler);
}

/// One error, its cause, and a hint, to stderr.
fn complain(screen: &Screen, error: &Error) {
    let bold = if screen.colors(std::io::stderr().is_terminal()) { ("\u{1b}[1;31m", "\u{1b}[0m") } else { ("", "") };
    let text = printable(&error.to_string());
    let mut err = std::io::stderr().lock();
    // When stderr is gone there is nobody left to tell.
    let _ = writeln!(err, "{}error{}: {text}", bold.0, bold.1);
    if let Some(hint) = error.hint() {
        let _ = writeln!(err, "hint: {}", printable(&hint));
    }
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
        Err(cause) => Err(Failure::Error(Error::Write { path: PathBuf::from("standard output"), cause })),
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
            When::Auto => is_terminal && std::env::var("TERM").map_or(true, |t| t != "dumb"),
        }
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

    /// Columns: the terminal's, at most 100; 80 when piped.
    fn width(&self) -> usize {
        match terminal_size::terminal_size() {
            Some((terminal_size::Width(columns), _)) if std::io::stdout().is_terminal() => {
                usize::from(columns).min(100)
            }
            _ => 80,
        }
    }
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
    profile::read(&path, &read_text(&path, "profile")?)
}

/// Reads a text file that a person named; `what` is what it was to be.
fn read_text(path: &std::path::Path, what: &'static str) -> Result<String, Error> {
    std::fs::read_to_string(path).map_err(|e| missing(path, what, e))
}

/// Why a file that a person named could not be read.
fn missing(path: &std::path::Path, what: &'static str, cause: std::io::Error) -> Error {
    match cause.kind() {
        std::io::ErrorKind::NotFound => Error::NoFile { path: path.into(), what },
        _ => Error::Read { path: path.into(), cause },
    }
}

/// The whole command, for completions and the manual.
fn command() -> clap::Command {
    Cli::command()
}
