//! The policy file: what a run must reach, and what is waived, by whom, why and until when. It knows no profile and no report;
//! `audit::gate` holds them together.

use std::path::{Path, PathBuf};

use globset::{Glob, GlobMatcher};
use jiff::civil::Date;
use serde::Deserialize;
use toml::Spanned;

use crate::error::Error;
use crate::lists::{self, Day};

/// A policy as people write it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    schema: Option<Spanned<u32>>,
    #[serde(default)]
    gate: GateEntry,
    #[serde(default)]
    waiver: Vec<WaiverEntry>,
}

/// `[gate]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct GateEntry {
    require: Option<Spanned<String>>,
    fail_under: Option<Spanned<f64>>,
    #[serde(default)]
    rules: Vec<Spanned<String>>,
}

/// `[[waiver]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WaiverEntry {
    rule: Spanned<String>,
    subject: Option<Spanned<String>>,
    path: Option<Spanned<String>>,
    reason: Spanned<String>,
    by: Spanned<String>,
    until: Day,
}

/// What a run must reach, and what is waived.
#[derive(Debug)]
pub struct Policy {
    path: PathBuf,
    text: String,
    /// The level that the verdict must be, or a higher one.
    pub require: Option<Spanned<String>>,
    /// The overall score that it must have at least, 0 to 100.
    pub fail_under: Option<Spanned<f64>>,
    /// Ids of rules that must be met, where they apply.
    pub rules: Vec<Spanned<String>>,
    /// What is waived.
    pub waivers: Vec<Waiver>,
}

/// A finding that closes no gate for now. It silences the gate, never the truth: the finding stays what it is.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// Id of the rule.
    pub rule: Spanned<String>,
    /// The releases it is for, a glob on name, locator or hub id; absent for every one.
    pub subject: Option<String>,
    /// The files it is for, a glob on paths in the release; absent for every one.
    pub path: Option<String>,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub by: String,
    /// Its last day, UTC.
    pub until: Date,
    of: Option<GlobMatcher>,
    at: Option<GlobMatcher>,
}

impl Waiver {
    /// Whether it is for a release that goes by one of these names.
    pub fn is_for<'a>(&self, mut names: impl Iterator<Item = &'a str>) -> bool {
        self.of.as_ref().is_none_or(|glob| names.any(|name| glob.is_match(name)))
    }

    /// Whether it is for a path in the release.
    pub fn reaches(&self, path: &str) -> bool {
        self.at.as_ref().is_none_or(|glob| glob.is_match(path))
    }

    /// Whether it is for whole findings, not for some files of them.
    pub fn is_whole(&self) -> bool {
        self.at.is_none()
    }
}

impl Policy {
    /// Reads a policy; `path` is named in errors.
    ///
    /// # Errors
    /// [`Error::Malformed`] with the line of the mistake and a caret under it.
    pub fn read(path: &Path, text: &str) -> Result<Policy, Error> {
        let file: File = lists::parse(path, text)?;
        let wrong = |span, message: &str| Err(lists::mistake(path, text, &span, message));
        if let Some(schema) = file.schema.filter(|s| *s.get_ref() != 1) {
            return wrong(schema.span(), "this version reads policies of schema 1");
        }
        if let Some(least) = file.gate.fail_under.as_ref().filter(|s| !(0.0..=100.0).contains(s.get_ref())) {
            return wrong(least.span(), "a score is a number from 0 to 100");
        }
        let glob = |written: &Option<Spanned<String>>| match written {
            None => Ok(None),
            Some(written) => match Glob::new(written.get_ref()) {
                Ok(glob) if !written.get_ref().trim().is_empty() => Ok(Some(glob.compile_matcher())),
                _ => Err(lists::mistake(path, text, &written.span(), "not a name or a pattern such as `ORG/*`")),
            },
        };
        let mut waivers = Vec::new();
        for entry in file.waiver {
            for said in [&entry.reason, &entry.by] {
                if said.get_ref().trim().is_empty() {
                    return wrong(said.span(), "a waiver needs a reason and somebody who answers for it");
                }
            }
            waivers.push(Waiver {
                of: glob(&entry.subject)?,
                at: glob(&entry.path)?,
                rule: entry.rule,
                subject: entry.subject.map(Spanned::into_inner),
                path: entry.path.map(Spanned::into_inner),
                reason: entry.reason.into_inner(),
                by: entry.by.into_inner(),
                until: entry.until.0,
            });
        }
        let GateEntry { require, fail_under, rules } = file.gate;
        Ok(Policy { path: path.into(), text: text.into(), require, fail_under, rules, waivers })
    }

    /// Holds the ids that the policy names against those that there are: levels of the profiles asked for, rules that must be met
    /// against theirs, waived ones against those of every profile.
    ///
    /// # Errors
    /// [`Error::Malformed`] with the line of the id that names nothing.
    pub fn hold(&self, levels: &[&str], rules: &[&str], all_rules: &[&str]) -> Result<(), Error> {
        if let Some(level) = &self.require {
            self.known(level, levels, |id| format!("no level is called `{id}`"))?;
        }
        let no_rule = |id: &str| format!("no rule is called `{id}`");
        for rule in &self.rules {
            self.known(rule, rules, no_rule)?;
        }
        for waiver in &self.waivers {
            self.known(&waiver.rule, all_rules, no_rule)?;
        }
        Ok(())
    }

    /// Holds an id against those that there are; `none` says that there is no such thing.
    fn known(&self, id: &Spanned<String>, ids: &[&str], none: impl Fn(&str) -> String) -> Result<(), Error> {
        let (id, span) = (id.get_ref().as_str(), id.span());
        if ids.contains(&id) {
            return Ok(());
        }
        let near = lists::nearest(id, ids.iter().copied());
        let why = none(id);
        let why = if near.is_empty() { why } else { format!("{why}; did you mean `{}`?", near.join("`, `")) };
        Err(lists::mistake(&self.path, &self.text, &span, &why))
    }
}
