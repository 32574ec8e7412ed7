//! A profile: criteria, rules and levels of one framework, read from one TOML file in `rules/`. It knows no evidence.

mod asks;
mod read;

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::digest::Digest;
use crate::error::Error;
use crate::finding::{Need, Text, Verdict};
use crate::lists;
use crate::words::errors::Unknown;

pub use self::asks::{Asks, Grade, Test};
pub use self::read::read;

/// Profiles that ship with the program: the default first.
const BUILT_IN: &[(&str, &str)] = &[
    ("three-criteria", include_str!("../../rules/three-criteria.toml")),
    ("mof", include_str!("../../rules/mof.toml")),
    ("osaid", include_str!("../../rules/osaid.toml")),
    ("eu-index", include_str!("../../rules/eu-index.toml")),
    ("eu-ai-act", include_str!("../../rules/eu-ai-act.toml")),
    ("g7", include_str!("../../rules/g7.toml")),
    ("mot-2024-10", include_str!("../../rules/mot-2024-10.toml")),
    ("mot-2024-06", include_str!("../../rules/mot-2024-06.toml")),
];

/// A set of rules with its version.
#[derive(Debug)]
pub struct Profile {
    /// Its id.
    pub id: String,
    /// Its semantic version.
    pub version: semver::Version,
    /// Its name.
    pub title: Text,
    /// Its name on a line beside another verdict.
    pub label: Text,
    /// Where its criteria come from.
    pub origin: Text,
    /// What it asks, in a sentence.
    pub asks: Text,
    /// Words that must stand with its verdict: who may and who may not call it what.
    pub note: Text,
    /// How it relates to each of the three criteria, by their ids.
    pub covers: BTreeMap<String, Cover>,
    /// Ids of profiles whose verdicts stand beside its own.
    pub beside: Vec<String>,
    /// The format of the records of a catalogue that judges by these rules.
    pub records: Option<String>,
    /// How numbers come about.
    pub score: Scoring,
    /// Words for the verdicts of its criteria, where they are its own.
    pub words: Words,
    /// The criteria, in order.
    pub criteria: Vec<Criterion>,
    /// The levels, highest first; the last has no condition.
    pub levels: Vec<Level>,
    /// The rules, in order.
    pub rules: Vec<Rule>,
    /// Digest of the TOML text, and of the one that it extends.
    pub digest: Digest,
}

/// How a framework relates to one of the three criteria.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cover {
    /// How much of it is asked.
    pub relation: Relation,
    /// Why, in a few words.
    pub says: Text,
}

/// How much of a criterion a framework asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// The same.
    Same,
    /// More.
    Stronger,
    /// Less.
    Weaker,
    /// Nothing of it.
    None,
}

/// How a profile's numbers come about.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scoring {
    /// What the overall score is the mean of.
    pub overall: Mean,
    /// Decimals that scores are rounded to, half away from zero; at most 9.
    pub decimals: u8,
    /// Whether the overall score means anything to a reader.
    pub shown: bool,
}

impl Default for Scoring {
    fn default() -> Scoring {
        Scoring { overall: Mean::Criteria, decimals: 1, shown: true }
    }
}

/// What an overall score is the mean of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mean {
    /// The scores of the criteria.
    Criteria,
    /// The points of all rules, by their weights.
    Rules,
}

/// Words for the verdicts of criteria.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Words {
    /// For [`Verdict::Pass`].
    pub pass: Option<Text>,
    /// For [`Verdict::Partial`].
    pub partial: Option<Text>,
    /// For [`Verdict::Fail`].
    pub fail: Option<Text>,
    /// For [`Verdict::Unknown`].
    pub unknown: Option<Text>,
}

impl Words {
    /// The profile's own word for a verdict.
    pub fn of(&self, verdict: Verdict) -> Option<&Text> {
        match verdict {
            Verdict::Pass => self.pass.as_ref(),
            Verdict::Partial => self.partial.as_ref(),
            Verdict::Fail => self.fail.as_ref(),
            Verdict::Unknown => self.unknown.as_ref(),
        }
    }
}

/// A question that a profile asks.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// The question in full.
    pub question: Text,
    /// Whether it stands beside the others, outside the overall score.
    #[serde(default)]
    pub gate: bool,
    /// Whether its counts are of files, not of rules.
    #[serde(default)]
    pub files: bool,
    /// Criteria whose rules are its own too, and single rules of others.
    #[serde(default)]
    pub includes: Vec<String>,
    /// Criteria that must have all their points before it gets any.
    #[serde(default)]
    pub after: Vec<String>,
}

/// An overall verdict and when it is reached.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// What it means, one sentence.
    pub says: Text,
    /// Verdicts that each of these criteria may have.
    #[serde(default)]
    pub all: BTreeMap<String, Vec<Verdict>>,
    /// Verdicts of which at least one criterion must have one.
    #[serde(default)]
    pub any: BTreeMap<String, Vec<Verdict>>,
}

impl Level {
    /// Whether the criteria's verdicts reach it.
    pub fn holds(&self, verdicts: &BTreeMap<&str, Verdict>) -> bool {
        let is =
            |(id, allowed): (&String, &Vec<Verdict>)| verdicts.get(id.as_str()).is_some_and(|v| allowed.contains(v));
        self.all.iter().all(is) && (self.any.is_empty() || self.any.iter().any(is))
    }
}

/// What a framework asks, bound to a criterion: how much it matters, why, and how to mend it.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its id, which names what should be true.
    pub id: String,
    /// Id of its criterion.
    pub criterion: String,
    /// How much it matters.
    pub need: Need,
    /// Its share of the criterion's points, above 0.
    pub weight: f64,
    /// What it asks of the evidence.
    pub asks: Asks,
    /// The parameter whose letter, in a record of the framework's own catalogue, decides instead.
    pub letter: Option<String>,
    /// The rule that may be met in its place: it then counts once, whatever the two count for.
    pub instead: Option<String>,
    /// The rule whose answer it takes over when its own question does not arise.
    pub mirrors: Option<String>,
    /// What should be true.
    pub title: Text,
    /// Why it matters.
    pub why: Text,
    /// How to mend it.
    pub remedy: Text,
    /// The question that only a person can answer.
    pub ask: Text,
    /// Where it comes from.
    pub refs: Vec<String>,
}

/// The ids of the profiles that ship with the program.
pub fn ids() -> impl Iterator<Item = &'static str> {
    BUILT_IN.iter().map(|(id, _)| *id)
}

/// A profile that ships with the program.
///
/// # Errors
/// [`Error::UnknownId`] with the nearest ids.
pub fn built_in(id: &str) -> Result<Profile, Error> {
    let (name, text) = text_of(id)?;
    read(Path::new(&format!("rules/{name}.toml")), text)
}

/// The profile by which a catalogue judges its own records, where one ships with the program.
///
/// # Errors
/// When a profile that ships is malformed, which tests exclude.
pub fn of_catalogue(catalogue: &str) -> Result<Option<Profile>, Error> {
    for id in ids() {
        let profile = built_in(id)?;
        if profile.records.as_deref() == Some(catalogue) {
            return Ok(Some(profile));
        }
    }
    Ok(None)
}

/// The name and the text of a profile that ships with the program.
fn text_of(id: &str) -> Result<(&'static str, &'static str), Error> {
    let found = BUILT_IN.iter().find(|(name, _)| *name == id).copied();
    found.ok_or_else(|| Error::UnknownId { what: Unknown::Profile, id: id.into(), near: lists::nearest(id, ids()) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Check;

    #[test]
    fn the_default_profile_asks_every_check_once() {
        let profile = built_in("three-criteria").unwrap();
        assert_eq!(profile.rules.len(), 44);
        for (name, check) in Check::all() {
            let asks = |r: &&Rule| matches!(&r.asks, Asks::Test(Test::Holds(c)) if *c == check);
            let rules: Vec<_> = profile.rules.iter().filter(asks).collect();
            assert_eq!(rules.len(), 1, "{name}");
            assert_eq!(rules[0].id, name.replace('.', "-"));
        }
        for rule in &profile.rules {
            for text in [&rule.title, &rule.why, &rule.remedy, &rule.ask] {
                assert!(!text.en.is_empty() && !text.fr.is_empty(), "{}", rule.id);
            }
            assert!(!rule.refs.is_empty(), "{}", rule.id);
        }
    }

    #[test]
    fn mistakes_are_refused() {
        let text = BUILT_IN[0].1;
        let told = |text: &str| read(Path::new("p.toml"), text).unwrap_err().to_string();
        assert!(told(&text.replacen("need = \"essential\"", "neeed = \"essential\"", 1)).contains("`need`"));
        assert!(told(&text.replacen("weight = 3.0", "weight = -1.0", 1)).contains("weight"));
        assert!(
            told(&text.replacen("check = \"license.declared\"", "check = \"license.declard\"", 1))
                .contains("license.declared")
        );
        assert!(
            told(&text.replacen("id = \"license-unrestricted\"", "id = \"license-declared\"", 1)).contains("twice")
        );
        assert!(told(&text.replacen("version = \"1.0.0\"", "version = \"one\"", 1)).contains("line"));
        assert!(
            told(&text.replacen("\"license.declared\"", "{ ask = \"license.declared\", at-least = 0 }", 1))
                .contains("at-least")
        );
        assert!(told(&text.replacen("id = \"partly-open\"", "id = \"open-source\"", 1)).contains("twice"));
        let level = "[[level]]\nid = \"any\"\ntitle = { en = \"A\", fr = \"A\" }\nsays = { en = \"A\", fr = \"A\" }\n";
        assert!(told(&text.replacen("[[level]]", &format!("{level}[[level]]"), 1)).contains("no condition"));
        assert!(
            built_in("three-criterion").unwrap_err().hint(crate::words::Lang::En).unwrap().contains("three-criteria")
        );
    }
}
