//! A command line that cannot be read: what is wrong with it and the next step, in the language of the screen.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use ouvert::words::usage::Usage as Word;
use ouvert::words::{Lang, Text, foreign};

use super::{Screen, When, printable};

/// A mistake in a value, as our own parsers tell it.
#[derive(Clone, Debug)]
pub(super) struct Mistake(pub(super) Text);

impl std::fmt::Display for Mistake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.en)
    }
}

impl std::error::Error for Mistake {}

/// The flags of the screen, from arguments that may be wrong elsewhere.
pub(super) fn screen(args: &[OsString]) -> Screen {
    let args: Vec<&str> = args.iter().filter_map(|a| a.to_str()).take_while(|a| *a != "--").collect();
    let given = |flag: &str| {
        let after = args.iter().zip(args.iter().skip(1)).filter(|(a, _)| **a == flag).map(|(_, value)| *value);
        let joined = args.iter().filter_map(|a| a.strip_prefix(flag)?.strip_prefix('='));
        after.chain(joined).last()
    };
    let color = match given("--color") {
        Some("always") => When::Always,
        Some("never") => When::Never,
        _ => When::Auto,
    };
    Screen { color, lang: given("--lang").and_then(|l| clap::ValueEnum::from_str(l, false).ok()) }
}

/// Tells what is wrong, or shows the help or the version that was asked for.
pub(super) fn tell(error: &clap::Error, screen: &Screen, args: &[OsString]) -> ExitCode {
    let code = if error.use_stderr() { 2 } else { 0 };
    let asked = matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    );
    let told = told(error, screen.language(), &called(args)).filter(|_| !asked);
    // When nobody reads there is nobody left to tell.
    let _ = match told {
        None => error.print(),
        Some((what, next, usage)) => {
            let lang = screen.language();
            let mut text = super::complaint(screen, &what, Some(&next));
            if let Some(usage) = usage {
                let _ = writeln!(text, "{}", Word::Usage.with(lang, &[("usage", &usage)]));
            }
            std::io::stderr().lock().write_all(text.as_bytes())
        }
    };
    ExitCode::from(code)
}

/// What is wrong, the next step and how the command is used; nothing for a kind that is not told here.
fn told(error: &clap::Error, lang: Lang, command: &str) -> Option<(String, String, Option<String>)> {
    let get = |kind| error.get(kind);
    let one = |kind| texts(get(kind)).into_iter().next();
    let arg = one(ContextKind::InvalidArg).unwrap_or_default();
    let value = one(ContextKind::InvalidValue).unwrap_or_default();
    let named: &[(&str, &dyn std::fmt::Display)] = &[("arg", &arg), ("value", &value)];
    let what = match error.kind() {
        ErrorKind::UnknownArgument => Word::UnknownArgument.with(lang, named),
        ErrorKind::InvalidValue if value.is_empty() => Word::NoValue.with(lang, named),
        ErrorKind::InvalidValue => Word::WrongValue.with(lang, named),
        ErrorKind::ValueValidation => {
            let why = std::error::Error::source(error).map(|e| match e.downcast_ref::<Mistake>() {
                Some(own) => own.0.clone(),
                None => foreign::told(&e.to_string()),
            });
            let why = why.unwrap_or_default();
            Word::WrongBecause.with(lang, &[("arg", &arg), ("value", &value), ("why", &why.get(lang))])
        }
        ErrorKind::MissingRequiredArgument => {
            Word::Missing.with(lang, &[("list", &quoted(&texts(get(ContextKind::InvalidArg))))])
        }
        ErrorKind::MissingSubcommand => {
            Word::NoCommand.with(lang, &[("list", &quoted(&texts(get(ContextKind::ValidSubcommand))))])
        }
        ErrorKind::InvalidSubcommand => {
            let name = one(ContextKind::InvalidSubcommand).unwrap_or_default();
            Word::UnknownCommand.with(lang, &[("name", &name)])
        }
        ErrorKind::ArgumentConflict => match texts(get(ContextKind::PriorArg)) {
            prior if prior.is_empty() || prior.as_slice() == [arg.as_str()] => Word::Twice.with(lang, named),
            prior => Word::Conflict.with(lang, &[("arg", &arg), ("list", &quoted(&prior))]),
        },
        ErrorKind::TooManyValues => Word::TooMany.with(lang, named),
        _ => return None,
    };
    let similar: Vec<String> =
        [ContextKind::SuggestedArg, ContextKind::SuggestedValue, ContextKind::SuggestedSubcommand]
            .into_iter()
            .flat_map(|kind| texts(get(kind)))
            .collect();
    let known = texts(get(ContextKind::ValidValue));
    let next = if !similar.is_empty() {
        Word::Similar.with(lang, &[("list", &quoted(&similar))])
    } else if !known.is_empty() {
        Word::Known.with(lang, &[("list", &quoted(&known))])
    } else if error.kind() == ErrorKind::UnknownArgument
        && arg.starts_with('-')
        && get(ContextKind::Suggested).is_some()
    {
        Word::AsValue.with(lang, &[("arg", &arg)])
    } else {
        Word::SeeHelp.with(lang, &[("command", &command)])
    };
    let usage = one(ContextKind::Usage).filter(|_| similar.is_empty() && error.kind() != ErrorKind::ArgumentConflict);
    let usage = usage.and_then(|u| u.find("ouvert").and_then(|at| u.get(at..)).map(bare));
    Some((what, next, usage))
}

/// A usage without the flags of the screen, which go with everything.
fn bare(usage: &str) -> String {
    let mut out = usage.trim_end().to_owned();
    for flag in [" --lang <", " --color <"] {
        while let Some((before, after)) = out.split_once(flag) {
            out = format!("{before}{}", after.split_once('>').map_or("", |(_, rest)| rest));
        }
    }
    out
}

/// The command that was called, as far as it is known.
fn called(args: &[OsString]) -> String {
    let top = super::command();
    let names: Vec<&str> = top.get_subcommands().map(clap::Command::get_name).collect();
    let named = args.iter().skip(1).filter_map(|a| a.to_str()).find(|a| names.contains(a));
    named.map_or("ouvert".to_owned(), |name| format!("ouvert {name}"))
}

/// The texts of a context; of a styled one, without its style.
fn texts(value: Option<&ContextValue>) -> Vec<String> {
    match value {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        Some(ContextValue::StyledStr(text)) => vec![text.to_string()],
        Some(ContextValue::StyledStrs(texts)) => texts.iter().map(ToString::to_string).collect(),
        _ => vec![],
    }
}

fn quoted(texts: &[String]) -> String {
    texts.iter().map(|t| format!("`{}`", printable(t))).collect::<Vec<_>>().join(", ")
}
