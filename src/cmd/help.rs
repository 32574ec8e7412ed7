//! The command line as a language has it: in English as it is declared, in French with the help of the catalogue.

use clap::builder::{PossibleValue, StyledStr};
use clap::{Arg, ArgAction, Command};
use ouvert::words::Lang;
use ouvert::words::help::{self, Labels};

/// The whole command, with its help in one language.
pub(super) fn command(lang: Lang) -> Command {
    let command = super::command();
    match lang {
        Lang::En => command,
        Lang::Fr => french(command, "ouvert"),
    }
}

/// A command with its help in French, and those below it.
fn french(mut command: Command, name: &str) -> Command {
    let ids: Vec<String> = command.get_arguments().map(|a| a.get_id().to_string()).collect();
    for id in ids {
        command = command.mut_arg(&id, |arg| argument(arg, name));
    }
    let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    let parent = !names.is_empty();
    for below in names {
        command = command.mut_subcommand(&below, |c| french(c, &below));
    }
    if let Some((about, after)) = help::command(name) {
        command = command.about(about).after_help(after);
        command = if parent { command.long_about(about) } else { command };
    }
    let title = command.get_styles().get_usage();
    let usage = Labels::Usage.say(Lang::Fr);
    let template = format!("{{about-with-newline}}\n{title}{usage}{title:#} {{usage}}\n\n{{all-args}}{{after-help}}");
    // Where clap sets a colon at once, the heading ends in the space that French sets before it.
    let heading = |arg: Arg| arg.help_heading(Labels::Options.say(Lang::Fr));
    let said = |id: &str| help::argument("ouvert", id).unwrap_or_default().1;
    let asks = Arg::new("help").short('h').long("help").action(ArgAction::Help).help(said("help"));
    command = command.disable_help_flag(true).arg(heading(asks)).help_template(StyledStr::from(template));
    if parent {
        let version = Arg::new("version").short('V').long("version").action(ArgAction::Version).help(said("version"));
        command = command
            .disable_version_flag(true)
            .arg(heading(version))
            .subcommand_help_heading(Labels::Commands.say(Lang::Fr))
            .subcommand_value_name(Labels::CommandName.say(Lang::Fr));
    }
    command
}

/// An argument with its help in French; what clap would add in English stands in it.
fn argument(arg: Arg, command: &str) -> Arg {
    let id = arg.get_id().to_string();
    let Some((value, about)) = help::argument(command, &id) else { return arg };
    let (mut short, mut long) = (about.to_owned(), about.to_owned());
    let takes = arg.get_action().takes_values();
    let values: Vec<_> = arg.get_possible_values().into_iter().filter(|v| takes && !v.is_hide_set()).collect();
    if !values.is_empty() {
        let list = values.iter().map(|v| v.get_name()).collect::<Vec<_>>().join(", ");
        let list = Labels::Values.with(Lang::Fr, &[("list", &list)]);
        short = format!("{short} {list}");
        let about = |v: &PossibleValue| Some(format!("\n- {} : {}", v.get_name(), help::value(&id, v.get_name())?));
        let rows: Vec<String> = values.iter().filter_map(about).collect();
        let rows = if rows.len() == values.len() { rows.concat() } else { format!("\n{list}") };
        long = format!("{long}\n{rows}");
    }
    let defaults: Vec<_> = arg.get_default_values().iter().map(|v| v.to_string_lossy().into_owned()).collect();
    if takes && !defaults.is_empty() && !arg.is_hide_default_value_set() {
        let text = Labels::Default.with(Lang::Fr, &[("value", &defaults.join(" "))]);
        short = format!("{short} {text}");
        long = format!("{long}\n\n{text}");
    }
    let title = if arg.is_positional() { Labels::Arguments } else { Labels::Options };
    let arg = arg.help(short).long_help(long).help_heading(title.say(Lang::Fr));
    let arg = if value.is_empty() { arg } else { arg.value_name(value) };
    if takes { arg.hide_possible_values(true).hide_default_value(true) } else { arg }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_command_argument_and_value_has_a_french_help() {
        let (mut used, mut lacking) = (BTreeSet::new(), Vec::new());
        let mut see = |key: String, found: bool| match found {
            true => used.extend([key]),
            false => lacking.push(key),
        };
        let top = super::super::command();
        for command in std::iter::once(&top).chain(top.get_subcommands()) {
            let name = command.get_name();
            see(
                name.to_owned(),
                help::command(name).is_some_and(|(about, after)| {
                    !about.is_empty() && after.is_empty() == command.get_after_help().is_none()
                }),
            );
            for arg in command.get_arguments().filter(|a| !a.is_hide_set()) {
                let id = arg.get_id().as_str();
                let named = arg.get_action().takes_values();
                let found = help::argument(name, id);
                see(
                    format!("{name} {id}"),
                    found.is_some_and(|(value, about)| !about.is_empty() && value.is_empty() != named),
                );
                for value in arg.get_possible_values().iter().filter(|v| v.get_help().is_some()) {
                    see(format!("{id} {}", value.get_name()), help::value(id, value.get_name()).is_some());
                }
            }
        }
        assert!(lacking.is_empty(), "no French help in src/words/help.rs for {lacking:#?}");
        let all = help::COMMANDS.iter().map(|(k, ..)| *k).chain(help::ARGUMENTS.iter().map(|(k, ..)| *k));
        let all = all.chain(help::VALUES.iter().map(|(k, _)| *k));
        let odd: Vec<&str> =
            all.filter(|k| !used.contains(*k) && !["ouvert help", "ouvert version"].contains(k)).collect();
        assert!(odd.is_empty(), "French help for what is not there: {odd:#?}");
    }

    #[test]
    fn both_command_lines_are_sound() {
        for lang in [Lang::En, Lang::Fr] {
            command(lang).debug_assert();
        }
    }

    #[test]
    fn no_english_is_left_in_french_help() {
        let mut top = command(Lang::Fr);
        top.build();
        let mut pages = vec![top.render_help().to_string(), top.render_long_help().to_string()];
        for below in top.get_subcommands_mut() {
            pages.push(below.render_help().to_string());
            pages.push(below.render_long_help().to_string());
        }
        for page in pages {
            for word in
                ["Usage", "Print", "default:", "possible values", "Possible values", " the ", "Options:", "COMMAND>"]
            {
                assert!(!page.contains(word), "{word}:\n{page}");
            }
            assert!(page.contains("Utilisation : ") && page.contains("Options :"), "{page}");
        }
    }
}
