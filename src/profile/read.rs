//! The TOML text of a profile becomes a [`Profile`]; a mistake is refused with its line.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

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
    origin: Origin,
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

/// Where the criteria come from: in both languages, or the same words in both, as titles of works are.
#[derive(Clone, Deserialize)]
#[serde(untagged, expecting = "`origin` must be a text, or one in `en` and one in `fr`")]
enum Origin {
    One(String),
    Both(Text),
}

/// `[[rule]]` as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleEntry {
    id: String,
    criterion: String,
    need: Need,
    weight: f64,
    check: Option<toml::Spanned<TestEntry>>,
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

/// A rule as written, and where: the file, its text, and the bytes of it.
struct Entry<'a> {
    rule: RuleEntry,
    path: PathBuf,
    text: &'a str,
    span: Range<usize>,
}

impl Entry<'_> {
    /// A mistake in the rule: at a part of it, or at its line.
    fn wrong(&self, at: Option<Range<usize>>, message: &str) -> Error {
        match at {
            Some(span) => lists::mistake(&self.path, self.text, &span, message),
            None => {
                let before = self.text.bytes().take(self.span.start);
                let line = 1 + before.filter(|b| *b == b'\n').count();
                Error::malformed(&self.path, Some(line), message)
            }
        }
    }
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
        return Err(Error::malformed(path, None, &message));
    }
    let digest = Digest::of(format!("{text}\n{below}").as_bytes());
    let (file, entries) = joined(under, under_entries, file, entries);
    profile(path, file, entries, digest)
}

fn file<'a>(path: &Path, text: &'a str) -> Result<(File, Vec<Entry<'a>>), Error> {
    let mut file: File = lists::parse(path, text)?;
    let wrong = |message: String| Err(Error::malformed(path, None, &message));
    if file.schema != 1 {
        return wrong(format!("schema {} is not known here; this version reads schema 1", file.schema));
    }
    if file.rule.len() > MOST_RULES {
        return wrong(format!("it has more than {MOST_RULES} rules"));
    }
    let rules = std::mem::take(&mut file.rule);
    let entry = |r: toml::Spanned<RuleEntry>| Entry { span: r.span(), rule: r.into_inner(), path: path.into(), text };
    Ok((file, rules.into_iter().map(entry).collect()))
}

/// A profile with what another changes in it.
fn joined<'a>(under: File, mut rules: Vec<Entry<'a>>, over: File, own: Vec<Entry<'a>>) -> (File, Vec<Entry<'a>>) {
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
        records: over.records.or(under.records),
        beside: if over.beside.is_empty() { under.beside } else { over.beside },
        covers,
        criterion,
        list,
        ..over
    };
    (file, rules)
}

fn profile(path: &Path, file: File, entries: Vec<Entry<'_>>, digest: Digest) -> Result<Profile, Error> {
    let wrong = |message: String| Error::malformed(path, None, &message);
    let lists = asks::lists(&file.list).map_err(wrong)?;
    let mut rules: Vec<Rule> = Vec::new();
    for entry in entries {
        let id = &entry.rule.id;
        if rules.iter().any(|r| r.id == *id) {
            return Err(entry.wrong(None, &format!("the rule `{id}` stands twice")));
        }
        rules.push(build(&entry, &file.criterion, &lists)?);
    }
    whole(&file, &rules).map_err(wrong)?;
    Ok(Profile {
        label: file.label.unwrap_or_else(|| file.title.clone()),
        id: file.id,
        version: file.version,
        title: file.title,
        origin: match file.origin {
            Origin::One(text) => Text::new(text.clone(), text),
            Origin::Both(text) => text,
        },
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

fn build(entry: &Entry<'_>, criteria: &[Criterion], lists: &BTreeMap<String, Openness>) -> Result<Rule, Error> {
    let rule = entry.rule.clone();
    let wrong = |message: &str| Err(entry.wrong(None, &format!("the rule `{}`: {message}", rule.id)));
    if !criteria.iter().any(|c| c.id == rule.criterion) {
        return wrong(&format!("it is of criterion `{}`, which this profile does not have", rule.criterion));
    }
    if !(rule.weight.is_finite() && rule.weight > 0.0 && rule.weight <= 1000.0) {
        return wrong("its weight must be above 0 and at most 1000");
    }
    let asks = match (&rule.check, rule.grades.as_slice()) {
        (Some(test), []) => {
            let resolved = test.get_ref().resolve(lists);
            Asks::Test(resolved.map_err(|message| entry.wrong(Some(test.span()), &message))?)
        }
        (None, grades @ [_, ..]) => match asks::grades(grades, lists) {
            Ok(grades) => Asks::Grades(grades),
            Err(message) => return wrong(&message),
        },
        _ => return wrong("it needs `check` or `grades`, one of the two"),
    };
    if rule.letter.is_some() && !matches!(asks, Asks::Grades(_)) {
        return wrong("a `letter` chooses among `grades`, and there are none");
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
    let is_free = |l: &Level| l.all.is_empty() && l.any.is_empty();
    if !file.level.last().is_some_and(is_free) {
        return Err("the last level must have no condition, so that every release has one".into());
    }
    if let Some(level) = file.level.iter().rev().skip(1).find(|l| is_free(l)) {
        return Err(format!(
            "the level `{}` has no condition: every release would have it, and none a lower one",
            level.id
        ));
    }
    let criteria = file.criterion.iter().map(|c| ("criterion", &c.id));
    let ids: Vec<_> = criteria.chain(file.level.iter().map(|l| ("level", &l.id))).collect();
    if let Some((_, (what, id))) = ids.iter().enumerate().find(|(at, one)| ids.iter().take(*at).any(|o| o == *one)) {
        return Err(format!("the {what} `{id}` stands twice"));
    }
    if file.score.is_some_and(|s| s.decimals > 9) {
        return Err("scores are rounded to at most 9 decimals".into());
    }
    Ok(())
}
