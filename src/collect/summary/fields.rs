//! The fields of a summary: which headings, rows and lines name one, and whether anything stands there.

use std::collections::{BTreeMap, BTreeSet};

use crate::evidence::Place;
use crate::lists::summary::{Field, Names, is_answer, names, numbered};
use crate::parse::outline::{Entry, Part};

/// What was found in a summary.
#[derive(Default)]
pub(super) struct Found {
    /// The fields that are answered.
    pub(super) fields: BTreeMap<String, Place>,
    /// Fields that are named, answered or not.
    pub(super) named: BTreeSet<&'static str>,
    /// Fields whose section's title is there.
    pub(super) titles: BTreeSet<&'static str>,
    /// Fields whose section's title is there with its number.
    pub(super) numbered: BTreeSet<&'static str>,
    /// Characters that stand in no field.
    pub(super) prose: usize,
}

/// The field that what comes next is of.
#[derive(Clone, Copy)]
struct Current {
    field: &'static Field,
    /// The level of the heading that names it; absent where a line or a row does.
    level: Option<u8>,
    /// Whether an item of a list names it: it reaches no further than the list.
    listed: bool,
}

/// Words that stand together, and the field they are of.
struct Held {
    field: Option<&'static Field>,
    line: usize,
    text: String,
}

struct Reader<'a> {
    path: &'a str,
    found: Found,
    current: Option<Current>,
}

/// What a line is.
enum Line<'a> {
    /// A title or label.
    Names(Names),
    /// A label and what stands behind it.
    Pair(Names, &'a str),
    /// A title of a section that the template does not have.
    Other,
    /// Words.
    Words,
}

/// Reads the fields out of the entries of a document or section.
pub(super) fn fields<'e>(path: &str, entries: impl Iterator<Item = &'e Entry> + Clone) -> Found {
    let mut reader = Reader { path, found: Found::default(), current: None };
    let mut rest = entries;
    while let Some(entry) = rest.next() {
        match &entry.part {
            Part::Heading(level, text) => reader.heading(entry.line, *level, text),
            Part::Row { head, cells } => {
                reader.leave_list();
                // A head holds values only where the rows below are labels with values too.
                let holds =
                    !head || rest.clone().map_while(body).any(|cells| cells.first().and_then(|c| names(c)).is_some());
                reader.row(entry.line, cells, holds);
            }
            Part::Item(text) => reader.text(entry.line, text, true),
            Part::Text(text) => {
                reader.leave_list();
                reader.text(entry.line, text, false);
            }
        }
    }
    reader.found
}

/// The cells of a row that heads no table.
fn body(entry: &Entry) -> Option<&[String]> {
    match &entry.part {
        Part::Row { head: false, cells } => Some(cells),
        _ => None,
    }
}

impl Reader<'_> {
    fn heading(&mut self, line: usize, level: u8, text: &str) {
        match is_what(text) {
            Line::Names(name) => self.enter(name, Some(level), false),
            Line::Pair(name, value) => {
                self.enter(name, Some(level), false);
                // "Synthetic data: overview" answers nothing, "Provider name: X" does.
                if let Names::Field { field, title: false, .. } = name {
                    self.answer(Some(field), line, value);
                }
            }
            // A heading below the field's own parts it; another ends it.
            Line::Other | Line::Words => {
                self.current = self.current.filter(|c| c.level.is_some_and(|own| own < level));
            }
        }
    }

    /// Goes on in the field that a title or label names.
    fn enter(&mut self, name: Names, level: Option<u8>, listed: bool) {
        match name {
            Names::Neutral => {}
            Names::Section => self.current = None,
            Names::Field { field, title, numbered } => {
                self.note(field, title, numbered);
                // A label in its own section changes nothing.
                if title || self.current.is_none_or(|c| c.field.id != field.id) {
                    self.current = Some(Current { field, level, listed });
                }
            }
        }
    }

    fn note(&mut self, field: &'static Field, title: bool, numbered: bool) {
        self.found.named.insert(&field.id);
        if title {
            self.found.titles.insert(&field.id);
            if numbered {
                self.found.numbered.insert(&field.id);
            }
        }
    }

    fn leave_list(&mut self) {
        self.current = self.current.filter(|c| !c.listed);
    }

    /// A row: a label and its values, or values of the field that the table stands in.
    fn row(&mut self, line: usize, cells: &[String], holds: bool) {
        let (label, values) = match cells {
            [only] => return self.text(line, only, false),
            // "| 2.1 | Publicly available datasets | … |"
            [number, label, values @ ..] if is_number(number) => (format!("{} {label}", number.trim()), values),
            [label, values @ ..] => (label.clone(), values),
            [] => return,
        };
        let name = names(&label);
        if let Some(Names::Field { field, title, numbered }) = name {
            self.note(field, title, numbered);
        }
        let field = match name {
            Some(Names::Field { field, .. }) => Some(field),
            _ => self.current.map(|c| c.field),
        };
        if let Some(name @ (Names::Section | Names::Field { title: true, .. })) = name {
            self.enter(name, None, false);
        }
        if holds && !matches!(name, Some(Names::Section)) {
            let told: Vec<&str> = values.iter().map(String::as_str).filter(|v| names(v).is_none()).collect();
            self.answer(field, line, &told.join("\n"));
        }
    }

    /// A paragraph or an item: its lines may be labels, labels with values, or words.
    fn text(&mut self, line: usize, text: &str, item: bool) {
        let mut held = Held { field: self.current.map(|c| c.field), line, text: String::new() };
        for (number, words) in text.lines().enumerate().map(|(index, l)| (line + index, l.trim())) {
            let what = is_what(words);
            if matches!(what, Line::Words) {
                if held.text.is_empty() {
                    held.line = number;
                }
                held.text.push_str(words);
                held.text.push('\n');
                continue;
            }
            self.answer(held.field, held.line, &held.text);
            held = Held { field: None, line: number, text: String::new() };
            match what {
                Line::Pair(name, value) => {
                    held.text = format!("{value}\n");
                    if let Names::Field { field, title, numbered } = name {
                        self.note(field, title, numbered);
                        held.field = Some(field);
                    }
                    if !matches!(name, Names::Field { title: false, .. }) {
                        self.enter(name, None, item);
                    }
                }
                Line::Names(name) => self.enter(name, None, item),
                Line::Other => self.current = self.current.filter(|c| c.level.is_some()),
                Line::Words => {}
            }
            held.field = held.field.or(self.current.map(|c| c.field));
        }
        self.answer(held.field, held.line, &held.text);
    }

    /// Keeps the first answer of a field.
    fn answer(&mut self, field: Option<&'static Field>, line: usize, text: &str) {
        let known = field.is_some_and(|f| self.found.fields.contains_key(&f.id));
        if known || !is_answer(text) {
            return;
        }
        match field {
            Some(field) => {
                self.found.fields.insert(field.id.clone(), Place::line(self.path, line, text));
            }
            None => self.found.prose += text.chars().count(),
        }
    }
}

/// Whether a cell holds nothing but the number of a section.
fn is_number(cell: &str) -> bool {
    cell.contains(|c: char| c.is_ascii_digit()) && cell.trim().chars().all(|c| c.is_ascii_digit() || c == '.')
}

/// What a line is: a title or label as a whole or up to its colon.
fn is_what(text: &str) -> Line<'_> {
    if let Some(name) = names(text) {
        return Line::Names(name);
    }
    let (number, rest) = numbered(text);
    let from = text.len().saturating_sub(rest.len());
    for sign in [": ", " – ", " — ", " - "] {
        let at = rest.find(sign).map(|at| from + at);
        let parts = at.and_then(|at| Some((text.get(..at)?, text.get(at + sign.len()..)?)));
        if let Some((label, value)) = parts
            && let Some(name) = names(label)
        {
            return Line::Pair(name, value);
        }
    }
    // "4.1 Contact" starts something else; "2.5 billion tokens" does not.
    let is_title = number.is_some_and(|n| n.contains('.'))
        && rest.starts_with(char::is_uppercase)
        && rest.len() <= 80
        && !rest.ends_with(['.', ';', ',']);
    if is_title { Line::Other } else { Line::Words }
}
