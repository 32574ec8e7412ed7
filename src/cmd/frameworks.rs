//! `ouvert frameworks [ID]`: the profiles that ship, and how each relates to the three criteria.

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use ouvert::error::Error;
use ouvert::finding::Lang;
use ouvert::profile::{self, Profile, Relation};
use ouvert::render::wrapped;
use ouvert::words::commands::Commands as Word;
use serde_json::json;

use super::{Outcome, Screen, load_profile, print};

/// The three criteria, by id and name, in the order of every list.
const CRITERIA: [(&str, Word); 3] = [("license", Word::License), ("data", Word::Data), ("recipe", Word::Recipe)];

#[derive(Args)]
#[command(
    after_help = "Examples:\n  ouvert frameworks\n  ouvert frameworks mof\n  ouvert audit . --profile mof --profile osaid\n  ouvert explain --profile mof"
)]
pub(super) struct Frameworks {
    /// Tell of this profile alone, with its levels: an id, or a TOML file
    id: Option<String>,
    /// Format on standard output
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, at a terminal
    Table,
    /// For programs
    Json,
    /// A table for a README
    Markdown,
}

impl Frameworks {
    pub(super) fn run(&self, screen: &Screen) -> Outcome {
        let profiles: Vec<Profile> = match &self.id {
            Some(id) => vec![load_profile(id)?],
            None => profile::ids().map(profile::built_in).collect::<Result<_, _>>()?,
        };
        let lang = screen.language();
        let text = match self.format {
            Format::Json => as_json(&profiles)?,
            Format::Markdown => markdown(&profiles, lang),
            Format::Table => {
                let bold = screen.colors(std::io::stdout().is_terminal());
                let pages = profiles.iter().map(|p| page(p, self.id.is_some(), lang, screen.width(), bold));
                pages.collect::<Vec<_>>().join("\n")
            }
        };
        print(&text)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn relation(relation: Relation, lang: Lang) -> &'static str {
    let word = match relation {
        Relation::Same => Word::TheSame,
        Relation::Stronger => Word::Stronger,
        Relation::Weaker => Word::Weaker,
        Relation::None => Word::NotAsked,
    };
    word.say(lang)
}

fn page(profile: &Profile, levels: bool, lang: Lang, width: usize, bold: bool) -> String {
    let mut out = String::new();
    let labelled = |label: &str, text: &str| Word::Labelled.with(lang, &[("label", &label), ("text", &text)]);
    let title = labelled(&format!("{} {}", profile.id, profile.version), profile.title.get(lang));
    for line in wrapped(&title, width, "", "  ") {
        out.push_str(&if bold { format!("\u{1b}[1m{line}\u{1b}[0m\n") } else { format!("{line}\n") });
    }
    let mut paragraph = |label: Word, text: &str| {
        if text.is_empty() {
            return;
        }
        for line in wrapped(text, width, &format!("  {:<8} ", label.say(lang)), "           ") {
            out.push_str(&line);
            out.push('\n');
        }
    };
    paragraph(Word::Asks, profile.asks.get(lang));
    paragraph(Word::Origin, profile.origin.get(lang));
    for (id, name) in CRITERIA {
        if let Some(cover) = profile.covers.get(id) {
            paragraph(name, &labelled(relation(cover.relation, lang), cover.says.get(lang)));
        }
    }
    if levels {
        for level in &profile.levels {
            paragraph(Word::Level, &labelled(&level.id, level.says.get(lang)));
        }
    }
    paragraph(Word::Note, profile.note.get(lang));
    out
}

fn as_json(profiles: &[Profile]) -> Result<String, Error> {
    let one = |p: &Profile| {
        let covers: serde_json::Map<String, serde_json::Value> = CRITERIA
            .iter()
            .filter_map(|(id, ..)| Some((id, p.covers.get(*id)?)))
            .map(|(id, c)| ((*id).to_owned(), json!({"relation": word(c.relation), "says": c.says.en})))
            .collect();
        let levels: Vec<_> =
            p.levels.iter().map(|l| json!({"id": l.id, "title": l.title.en, "says": l.says.en})).collect();
        json!({
            "id": p.id, "version": p.version.to_string(), "digest": p.digest.tagged(), "title": p.title.en,
            "origin": p.origin.en, "asks": p.asks.en, "note": p.note.en, "rules": p.rules.len(), "covers": covers,
            "levels": levels,
        })
    };
    let list: Vec<_> = profiles.iter().map(one).collect();
    let text = serde_json::to_string_pretty(&list);
    Ok(text.map_err(|e| Error::Write { path: "frameworks.json".into(), cause: e.into() })? + "\n")
}

/// The relation as an id.
fn word(relation: Relation) -> &'static str {
    match relation {
        Relation::Same => "same",
        Relation::Stronger => "stronger",
        Relation::Weaker => "weaker",
        Relation::None => "none",
    }
}

fn markdown(profiles: &[Profile], lang: Lang) -> String {
    let columns = [Word::ProfileColumn, Word::VersionColumn, Word::Asks, Word::License, Word::Data, Word::Recipe];
    let head = columns.map(|word| word.say(lang));
    let mut out = format!("| {} |\n|{}\n", head.join(" | "), "---|".repeat(head.len()));
    for p in profiles {
        let cover = |id: &str| p.covers.get(id).map_or("", |c| relation(c.relation, lang));
        let cells = [
            format!("`{}`", p.id),
            p.version.to_string(),
            p.asks.get(lang).replace('|', "\\|"),
            cover("license").into(),
            cover("data").into(),
            cover("recipe").into(),
        ];
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    out
}
