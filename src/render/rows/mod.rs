//! The rows of many releases become bytes: a table of columns, a page, a screen. Rows come one after the other and are not kept; what
//! they come to together is counted as they pass.

pub mod page;
pub mod parquet;
pub mod table;

use std::collections::{BTreeMap, HashMap};

use crate::survey::{Cell, Row, Run, VERDICTS};
use crate::words::{Lang, Text};

/// What rows are about, and how things are called in them.
#[derive(Debug)]
pub struct About<'a> {
    /// The run that gave them.
    pub run: &'a Run,
    /// The profile's title.
    pub title: Text,
    /// Criteria in the profile's order; ids as columns spell them.
    pub criteria: Vec<Named>,
    /// Levels, the highest first.
    pub levels: Vec<Named>,
    /// Titles of rules by id.
    pub rules: BTreeMap<String, Text>,
    /// What lacks, where not all shards are there.
    pub lack: Option<Text>,
}

/// An id and what people call it.
#[derive(Clone, Debug)]
pub struct Named {
    /// The id.
    pub id: String,
    /// What people call it.
    pub title: Text,
}

impl Named {
    /// One that has no other name than its id.
    pub fn bare(id: &str) -> Named {
        Named { id: id.to_owned(), title: Text::new(id, id) }
    }
}

/// What some rows come to together.
#[derive(Debug, Default)]
pub struct Tally {
    /// Rows.
    pub all: u64,
    /// Those that could not be audited, by kind.
    pub failures: BTreeMap<String, u64>,
    /// Levels in the profile's order, and behind them any other that a row names.
    pub levels: Vec<Named>,
    /// Of the audited ones.
    pub whole: Group,
    /// Verdicts by criterion, each in the order of [`VERDICTS`].
    pub verdicts: Vec<[u64; 4]>,
    /// How often an essential or required rule is not met.
    pub not_met: HashMap<String, u64>,
    /// By whose they are; those of nobody known under an empty name.
    pub organisations: HashMap<String, Group>,
    /// By the year in which their repository was made; of no known year under an empty name.
    pub years: BTreeMap<String, Group>,
    columns: Vec<String>,
    /// Levels of which the profile tells the order.
    ranked: usize,
}

/// Some audited releases.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// How many.
    pub n: u64,
    /// How many of each level, as [`Tally::levels`] has them; what lacks at its end is 0.
    pub levels: Vec<u64>,
    scores: f64,
    scored: u64,
}

impl Group {
    fn add(&mut self, level: Option<usize>, score: Option<f64>) {
        self.n += 1;
        if let Some(level) = level {
            self.levels.resize(self.levels.len().max(level + 1), 0);
            self.levels.iter_mut().skip(level).take(1).for_each(|n| *n += 1);
        }
        if let Some(score) = score {
            self.scores += score;
            self.scored += 1;
        }
    }

    /// How many are of a level.
    pub fn of_level(&self, level: usize) -> u64 {
        self.levels.get(level).copied().unwrap_or(0)
    }

    /// The mean of their scores, 0 to 100, where they have some.
    pub fn mean(&self) -> Option<f64> {
        #[allow(clippy::cast_precision_loss)] // releases are counted, not atoms
        (self.scored > 0).then(|| self.scores / self.scored as f64)
    }
}

impl Tally {
    /// Of no row yet.
    pub fn new(about: &About) -> Tally {
        let columns = about.criteria.iter().map(|c| format!("{}_verdict", c.id)).collect();
        let verdicts = vec![[0; 4]; about.criteria.len()];
        let ranked = about.levels.len();
        Tally { levels: about.levels.clone(), verdicts, columns, ranked, ..Tally::default() }
    }

    /// Counts a row.
    pub fn add(&mut self, row: &Row) {
        self.all += 1;
        if row.failure.is_some() {
            *self.failures.entry(row.failure_kind.clone().unwrap_or_default()).or_default() += 1;
            return;
        }
        let level = row.level.as_deref().map(|id| self.level(id));
        self.whole.add(level, row.score);
        for (column, counts) in self.columns.iter().zip(&mut self.verdicts) {
            if let Some(n) = verdict(row, column).and_then(|v| counts.get_mut(v)) {
                *n += 1;
            }
        }
        for rule in &row.not_met {
            match self.not_met.get_mut(rule) {
                Some(n) => *n += 1,
                None => drop(self.not_met.insert(rule.clone(), 1)),
            }
        }
        let owner = row.organisation.as_deref().unwrap_or_default();
        match self.organisations.get_mut(owner) {
            Some(group) => group.add(level, row.score),
            None => self.organisations.entry(owner.to_owned()).or_default().add(level, row.score),
        }
        self.years.entry(year(row).unwrap_or_default().to_owned()).or_default().add(level, row.score);
    }

    /// Those that were audited.
    pub fn audited(&self) -> u64 {
        self.whole.n
    }

    /// Those that were not.
    pub fn failed(&self) -> u64 {
        self.all - self.whole.n
    }

    /// The place of a level.
    fn level(&mut self, id: &str) -> usize {
        let known = self.levels.iter().position(|l| l.id == id);
        known.unwrap_or_else(|| {
            self.levels.push(Named::bare(id));
            self.levels.len() - 1
        })
    }

    /// The rules that are not met most often, most often first.
    pub fn worst(&self, most: usize) -> Vec<(&str, u64)> {
        let mut all: Vec<(&str, u64)> = self.not_met.iter().map(|(rule, n)| (rule.as_str(), *n)).collect();
        all.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        all.truncate(most);
        all
    }
}

/// The place of a row's verdict among [`VERDICTS`].
fn verdict(row: &Row, column: &str) -> Option<usize> {
    match row.criteria.get(column)? {
        Cell::Word(word) => VERDICTS.iter().position(|v| v == word),
        Cell::Count(_) | Cell::Score(_) => None,
    }
}

/// The year in which a release's repository was made.
fn year(row: &Row) -> Option<&str> {
    let year = row.created.as_deref()?.get(..4)?;
    year.bytes().all(|b| b.is_ascii_digit()).then_some(year)
}

/// A share in percent, as a language writes it.
fn share(n: u64, of: u64, lang: Lang) -> String {
    if of == 0 {
        return "–".into();
    }
    #[allow(clippy::cast_precision_loss)] // one decimal is shown
    let percent = 100.0 * n as f64 / of as f64;
    let text = super::number(percent, 1, lang);
    match lang {
        Lang::En => format!("{text}%"),
        Lang::Fr => format!("{text}\u{a0}%"),
    }
}
