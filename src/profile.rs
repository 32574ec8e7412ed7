//! A profile: criteria, rules and levels, read from one TOML file in `rules/`. It knows no evidence.

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

use serde::{Deserialize, Deserializer};

use crate::check::Check;
use crate::digest::Digest;
use crate::error::Error;
use crate::finding::{Need, Text, Verdict};
use crate::lists;

/// Profiles that ship with the program.
const BUILT_IN: &[(&str, &str)] = &[("three-criteria", include_str!("../rules/three-criteria.toml"))];

/// A set of rules with its version.
#[derive(Debug)]
pub struct Profile {
    /// Its id.
    pub id: String,
    /// Its semantic version.
    pub version: semver::Version,
    /// Its name.
    pub title: Text,
    /// Where its criteria come from.
    pub origin: String,
    /// The criteria, in order.
    pub criteria: Vec<Criterion>,
    /// The levels, highest first; the last has no condition.
    pub levels: Vec<Level>,
    /// The rules, in order.
    pub rules: Vec<Rule>,
    /// Digest of the TOML text.
    pub digest: Digest,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: u32,
    id: String,
    version: semver::Version,
    title: Text,
    origin: String,
    criterion: Vec<Criterion>,
    level: Vec<Level>,
    rule: Vec<toml::Spanned<Rule>>,
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

/// A check bound to a criterion: how much it matters, why, and how to mend it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its id, which names what should be true.
    pub id: String,
    /// Id of its criterion.
    pub criterion: String,
    /// How much it matters.
    pub need: Need,
    /// Its share of the criterion's points, above 0.
    pub weight: f64,
    /// The check it binds.
    #[serde(deserialize_with = "check")]
    pub check: Check,
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

fn check<'de, D: Deserializer<'de>>(d: D) -> Result<Check, D::Error> {
    Check::from_str(&String::deserialize(d)?).map_err(serde::de::Error::custom)
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
    match BUILT_IN.iter().find(|(name, _)| *name == id) {
        Some((name, text)) => read(Path::new(&format!("rules/{name}.toml")), text),
        None => Err(Error::UnknownId { what: "profile", id: id.into(), near: lists::nearest(id, ids()) }),
    }
}

/// Reads a profile's text.
///
/// # Errors
/// [`Error::Malformed`] with the line, a caret under the word, and the names that are allowed.
pub fn read(path: &Path, text: &str) -> Result<Profile, Error> {
    let file: File = lists::parse(path, text)?;
    let wrong = |line: Option<usize>, message: String| Err(Error::Malformed { path: path.into(), line, message });
    if file.schema != 1 {
        return wrong(None, format!("schema {} is not known here; this version reads schema 1", file.schema));
    }
    let known = |id: &str| file.criterion.iter().any(|c| c.id == id);
    let mut seen: Vec<&str> = Vec::new();
    for rule in &file.rule {
        let line = 1 + text.bytes().take(rule.span().start).filter(|b| *b == b'\n').count();
        let rule = rule.get_ref();
        if seen.contains(&rule.id.as_str()) {
            return wrong(Some(line), format!("the rule `{}` stands twice", rule.id));
        }
        if !known(&rule.criterion) {
            return wrong(
                Some(line),
                format!(
                    "the rule `{}` is of criterion `{}`, which this profile does not have",
                    rule.id, rule.criterion
                ),
            );
        }
        if !(rule.weight.is_finite() && rule.weight > 0.0 && rule.weight <= 1000.0) {
            return wrong(Some(line), format!("the weight of `{}` must be above 0 and at most 1000", rule.id));
        }
        seen.push(&rule.id);
    }
    for level in &file.level {
        if let Some(id) = level.all.keys().chain(level.any.keys()).find(|id| !known(id)) {
            return wrong(
                None,
                format!("the level `{}` asks for criterion `{id}`, which this profile does not have", level.id),
            );
        }
    }
    if !file.level.last().is_some_and(|l| l.all.is_empty() && l.any.is_empty()) {
        return wrong(None, "the last level must have no condition, so that every release has one".into());
    }
    Ok(Profile {
        id: file.id,
        version: file.version,
        title: file.title,
        origin: file.origin,
        criteria: file.criterion,
        levels: file.level,
        rules: file.rule.into_iter().map(toml::Spanned::into_inner).collect(),
        digest: Digest::of(text.as_bytes()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_profile_asks_every_check_once() {
        let profile = built_in("three-criteria").unwrap();
        assert_eq!(profile.rules.len(), 44);
        for (name, check) in Check::all() {
            let rules: Vec<_> = profile.rules.iter().filter(|r| r.check == check).collect();
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
        assert!(built_in("three-criterion").unwrap_err().hint().unwrap().contains("three-criteria"));
    }
}
