//! The TOML text of a profile becomes a [`Profile`]; a mistake is refused with its line.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::asks::{self, Asks, GradeEntry, ListEntry, TestEntry};
use super::{Cover, Criterion, Level, Profile, Rule, Scoring, Words, text_of};
use crate::digest::Digest;
use crate::error::Error;
use crate::finding::{Need, Text};
use crate::lists;
use crate::lists::openness::Openness;

/// Rules of a profile, at most.
const MOST_RULES: usize = 1000;

/// The whole file. One that extends another holds what differs: lists, criteria and rules of the same name replace the
/// other's, levels replace all.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: u32,
    id: String,
    version: semver::Version,
    title: Text,
    label: Option<Text>,
    origin: String,
    extends: Option<String>,
    asks: Option<Text>,
    note: Option<Text>,
    #[serde(default)]
    covers: BTreeMap<String, Cover>,
    #[serde(default)]
    beside: Vec<String>,
    records: Option<String>,
    score: Option<Scoring>,
    words: Option<Words>,
    #[serde(default)]
    list: BTreeMap<String, ListEntry>,
    #[serde(default)]
    criterion: Vec<Criterion>,
    #[serde(default)]
    level: Vec<Level>,
    #[serde(default)]
    rule: Vec<toml::Spanned<RuleEntry>>,
}

/// `[[rule]]` as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleEntry {
    id: String,
    criterion: String,
    need: Need,
    weight: f64,
    check: Option<TestEntry>,
    #[serde(default)]
    grades: Vec<GradeEntry>,
    letter: Option<String>,
    instead: Option<String>,
    mirrors: Option<String>,
    title: Text,
    why: Text,
    remedy: Text,
    ask: Text,
    refs: Vec<String>,
}

/// A rule as written, and where.
struct Entry {
    rule: RuleEntry,
    line: usize,
}

/// Reads a profile's text.
///
/// # Errors
/// [`Error::Malformed`] with the line, a caret under the word, and the names that are allowed.
pub fn read(path: &Path, text: &str) -> Result<Profile, Error> {
    let (file, entries) = file(path, text)?;
    let Some(base) = file.extends.clone() else {
        return profile(path, file, entries, Digest::of(text.as_bytes()));
    };
    let (name, below) = text_of(&base)?;
    let base_path = format!("rules/{name}.toml");
    let (under, under_entries) = self::file(Path::new(&base_path), below)?;
    if under.extends.is_some() {
        let message = format!("`{base}` extends another profile itself; extend that one");
        return Err(Error::Malformed { path: path.into(), line: None, message });
    }
    let digest = Digest::of(format!("{text}\n{below}").as_bytes());
    let (file, entries) = joined(under, under_entries, file, entries);
    profile(path, file, entries, digest)
}

fn file(path: &Path, text: &str) -> Result<(File, Vec<Entry>), Error> {
    let mut file: File = lists::parse(path, text)?;
    let wrong = |message: String| Err(Error::Malformed { path: path.into(), line: None, message });
    if file.schema != 1 {
        return wrong(format!("schema {} is not known here; this version reads schema 1", file.schema));
    }
    if file.rule.len() > MOST_RULES {
        return wrong(format!("it has more than {MOST_RULES} rules"));
    }
    let line = |at: usize| 1 + text.bytes().take(at).filter(|b| *b == b'\n').count();
    let rules = std::mem::take(&mut file.rule);
    let entries = rules.into_iter().map(|r| Entry { line: line(r.span().start), rule: r.into_inner() }).collect();
    Ok((file, entries))
}

/// A profile with what another changes in it.
fn joined(under: File, mut rules: Vec<Entry>, over: File, own: Vec<Entry>) -> (File, Vec<Entry>) {
    for entry in own {
        match rules.iter_mut().find(|r| r.rule.id == entry.rule.id) {
            Some(old) => *old = entry,
            None => rules.push(entry),
        }
    }
    let mut criterion = under.criterion;
    for one in over.criterion {
        match criterion.iter_mut().find(|c| c.id == one.id) {
            Some(old) => *old = one,
            None => criterion.push(one),
        }
    }
    let mut list = under.list;
    list.extend(over.list);
    let mut covers = under.covers;
    covers.extend(over.covers);
    let file = File {
        label: over.label.or(under.label),
        asks: over.asks.or(under.asks),
        note: over.note.or(under.note),
        score: over.score.or(under.score),
        words: over.words.or(under.words),
        level: if over.level.is_empty() { under.level } else { over.level },
        beside: if over.beside.is_empty() { under.beside } else { over.beside },
        covers,
        criterion,
        list,
        ..over
    };
    (file, rules)
}

fn profile(path: &Path, file: File, entries: Vec<Entry>, digest: Digest) -> Result<Profile, Error> {
    let wrong = |line: Option<usize>, message: String| Error::Malformed { path: path.into(), line, message };
    let lists = asks::lists(&file.list).map_err(|m| wrong(None, m))?;
    let mut rules: Vec<Rule> = Vec::new();
    for Entry { rule, line } in entries {
        if rules.iter().any(|r| r.id == rule.id) {
            return Err(wrong(Some(line), format!("the rule `{}` stands twice", rule.id)));
        }
        let id = rule.id.clone();
        let built = build(rule, &file.criterion, &lists);
        rules.push(built.map_err(|message| wrong(Some(line), format!("the rule `{id}`: {message}")))?);
    }
    whole(&file, &rules).map_err(|message| wrong(None, message))?;
    Ok(Profile {
        label: file.label.unwrap_or_else(|| file.title.clone()),
        id: file.id,
        version: file.version,
        title: file.title,
        origin: file.origin,
        asks: file.asks.unwrap_or_default(),
        note: file.note.unwrap_or_default(),
        covers: file.covers,
        beside: file.beside,
        records: file.records,
        score: file.score.unwrap_or_default(),
        words: file.words.unwrap_or_default(),
        criteria: file.criterion,
        levels: file.level,
        rules,
        digest,
    })
}

fn build(rule: RuleEntry, criteria: &[Criterion], lists: &BTreeMap<String, Openness>) -> Result<Rule, String> {
    if !criteria.iter().any(|c| c.id == rule.criterion) {
        return Err(format!("it is of criterion `{}`, which this profile does not have", rule.criterion));
    }
    if !(rule.weight.is_finite() && rule.weight > 0.0 && rule.weight <= 1000.0) {
        return Err("its weight must be above 0 and at most 1000".into());
    }
    let asks = match (&rule.check, rule.grades.as_slice()) {
        (Some(test), []) => Asks::Test(test.resolve(lists)?),
        (None, grades @ [_, ..]) => Asks::Grades(asks::grades(grades, lists)?),
        _ => return Err("it needs `check` or `grades`, one of the two".into()),
    };
    if rule.letter.is_some() && !matches!(asks, Asks::Grades(_)) {
        return Err("a `letter` chooses among `grades`, and there are none".into());
    }
    Ok(Rule {
        id: rule.id,
        criterion: rule.criterion,
        need: rule.need,
        weight: rule.weight,
        asks,
        letter: rule.letter,
        instead: rule.instead,
        mirrors: rule.mirrors,
        title: rule.title,
        why: rule.why,
        remedy: rule.remedy,
        ask: rule.ask,
        refs: rule.refs,
    })
}

/// Whether the parts name each other rightly.
fn whole(file: &File, rules: &[Rule]) -> Result<(), String> {
    let criterion = |id: &str| file.criterion.iter().any(|c| c.id == id);
    let rule = |id: &str| rules.iter().any(|r| r.id == id);
    for one in &file.criterion {
        if let Some(id) = one.includes.iter().find(|id| !(criterion(id) || rule(id)) || **id == one.id) {
            return Err(format!(
                "the criterion `{}` includes `{id}`, which is no other criterion or rule here",
                one.id
            ));
        }
        let earlier = |id: &String| file.criterion.iter().take_while(|c| c.id != one.id).any(|c| c.id == *id);
        if let Some(id) = one.after.iter().find(|id| !earlier(id)) {
            return Err(format!("the criterion `{}` comes after `{id}`, which does not stand before it", one.id));
        }
    }
    for one in rules {
        if let Some(id) = one.instead.iter().chain(&one.mirrors).find(|id| !rule(id) || **id == one.id) {
            return Err(format!("the rule `{}` points at `{id}`, which is no other rule here", one.id));
        }
    }
    for level in &file.level {
        if let Some(id) = level.all.keys().chain(level.any.keys()).find(|id| !criterion(id)) {
            return Err(format!(
                "the level `{}` asks for criterion `{id}`, which this profile does not have",
                level.id
            ));
        }
    }
    if !file.level.last().is_some_and(|l| l.all.is_empty() && l.any.is_empty()) {
        return Err("the last level must have no condition, so that every release has one".into());
    }
    if file.score.is_some_and(|s| s.decimals > 9) {
        return Err("scores are rounded to at most 9 decimals".into());
    }
    Ok(())
}
