//! A record of the European Open Source AI Index: one model family, and twelve letters with links and notes.
//! It reads what is written and judges none of it.

use std::path::Path;

use crate::error::Error;
use crate::evidence::excerpt_of;
use crate::lists::{distance, nearest};
use crate::parse::yaml::{self, Node, Value};

/// Bytes of a record; the longest known one has twelve thousand.
const LONGEST: usize = 1024 * 1024;
/// Keys of one mapping.
const MOST_KEYS: usize = 64;
/// Links of one parameter.
const MOST_LINKS: usize = 256;

/// The parameters, in the order of the form.
pub const PARAMETERS: [&str; 12] = [
    "datasources_basemodel",
    "datasources_endmodel",
    "weights_basemodel",
    "weights_endmodel",
    "trainingcode",
    "code",
    "hardware_architecture",
    "preprint",
    "paper",
    "modelcard",
    "datasheet",
    "licenses",
];

/// Parameters of the form that it had until 2026-03-13; they are not counted.
const DROPPED: [&str; 2] = ["package", "api"];

/// Keys of `system`.
const SYSTEM: [&str; 9] = [
    "name",
    "link",
    "type",
    "performanceclass",
    "basemodelname",
    "endmodelname",
    "endmodellicense",
    "releasedate",
    "notes",
];

/// Keys of `org`.
const ORG: [&str; 3] = ["name", "link", "notes"];

/// Keys of a parameter.
const PARAMETER: [&str; 3] = ["class", "link", "notes"];

/// A text of the record and its line, from 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Field {
    /// The text, blanks around it removed.
    pub text: String,
    /// Its line in the file.
    pub line: usize,
}

/// A system as the index describes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct System {
    /// Its name.
    pub name: Field,
    /// Its pages.
    pub links: Vec<Field>,
    /// What it makes: `text`, `image`, and so on.
    pub kind: Option<Field>,
    /// `limited`, `full` or `latest`.
    pub performance: Option<Field>,
    /// The model that was trained first.
    pub base: Option<Field>,
    /// The model that people use.
    pub end: Option<Field>,
    /// The license of that model, in free text.
    pub license: Option<Field>,
    /// When it came out, as `YYYY-MM`.
    pub released: Option<Field>,
    /// Remarks.
    pub notes: Option<Field>,
    /// Who made it.
    pub org: Org,
    /// The twelve parameters, in the order of [`PARAMETERS`].
    pub parameters: Vec<Parameter>,
    /// Keys that the form does not have.
    pub odd: Vec<OddKey>,
}

/// Who made a system.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Org {
    /// Their name.
    pub name: Option<Field>,
    /// Their pages.
    pub links: Vec<Field>,
    /// Remarks.
    pub notes: Option<Field>,
}

/// A parameter and its letter.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its id, one of [`PARAMETERS`].
    pub id: &'static str,
    /// The letter.
    pub grade: Grade,
    /// The line of the letter.
    pub line: usize,
    /// Where the index has it from.
    pub links: Vec<Field>,
    /// The index's words on it.
    pub notes: Option<Field>,
}

/// The letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the words are the index's own
pub enum Grade {
    Open,
    Partial,
    Closed,
}

impl Grade {
    /// The word of the index.
    pub fn word(self) -> &'static str {
        match self {
            Grade::Open => "open",
            Grade::Partial => "partial",
            Grade::Closed => "closed",
        }
    }

    /// Whether it counts in the system's favour.
    pub fn is_favourable(self) -> bool {
        self != Grade::Closed
    }
}

/// A key that the form does not have.
#[derive(Clone, Debug, PartialEq)]
pub struct OddKey {
    /// The key, after that of the mapping that it stands in: `system.endmodel license`.
    pub key: String,
    /// The key of the form that it was read as.
    pub meant: Option<&'static str>,
    /// Its line.
    pub line: usize,
}

impl System {
    /// A parameter by its id.
    pub fn parameter(&self, id: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|p| p.id == id)
    }

    /// The letter of a parameter.
    pub fn grade(&self, id: &str) -> Grade {
        self.parameter(id).map_or(Grade::Closed, |p| p.grade)
    }
}

/// What is known while a record is read.
struct Reader<'a> {
    path: &'a Path,
    lines: Vec<&'a str>,
    odd: Vec<OddKey>,
}

/// Whether a text looks like such a record, from its keys alone.
pub fn is_one(root: &Node) -> bool {
    root.get("system").is_some() && PARAMETERS.iter().any(|id| root.get(id).is_some())
}

/// Reads a record; `path` is only what errors call it.
///
/// # Errors
/// [`Error::Malformed`] with the line, for a text that is no record of the index or only part of one.
pub fn read(path: &Path, text: &str) -> Result<System, Error> {
    let mut reader = Reader { path, lines: vec![], odd: vec![] };
    if text.len() > LONGEST {
        return reader.fail(1, format!("more than {LONGEST} bytes: give one record, not a collection"));
    }
    reader.lines = text.lines().collect();
    let document = yaml::parse(text);
    if let Some((line, what)) = &document.error {
        let next = if what.contains("stands twice") {
            "keep one of the two"
        } else {
            "the YAML cannot be read from here on; mend it"
        };
        return reader.fail(*line, format!("{}; {next}", excerpt_of(what)));
    }
    let root = &document.root;
    let Value::Map(pairs) = &root.value else {
        return reader
            .fail(root.line, "no record of the index: start with the keys `system`, `org` and the parameters");
    };
    reader.keys(root, "the record")?;
    for (key, node) in pairs {
        let known = ["system", "org"].contains(&key.as_str()) || PARAMETERS.contains(&key.as_str());
        let line = reader.line_of(key, node);
        if DROPPED.contains(&key.as_str()) {
            reader.odd.push(OddKey { key: key.clone(), meant: None, line });
        } else if !known {
            let near = nearest(key, PARAMETERS.into_iter().chain(["system", "org"]));
            let next = near.first().map_or("remove it".into(), |n| format!("did you mean `{n}`?"));
            return reader.fail(line, format!("the form has no parameter `{}`; {next}", excerpt_of(key)));
        }
    }
    let Some(node) = root.get("system") else {
        return reader.fail(1, "`system` is missing: add it, with at least `name`");
    };
    let mut system = reader.system(node)?;
    if let Some(node) = root.get("org") {
        system.org = reader.org(node)?;
    }
    for id in PARAMETERS {
        let Some(node) = root.get(id) else {
            return reader.fail(1, format!("the parameter `{id}` is missing: add it, with its `class`"));
        };
        system.parameters.push(reader.parameter(id, node)?);
    }
    system.odd = reader.odd;
    Ok(system)
}

impl Reader<'_> {
    fn fail<T>(&self, line: usize, message: impl AsRef<str>) -> Result<T, Error> {
        Err(Error::malformed(self.path, Some(line.max(1)), message.as_ref()))
    }

    /// Refuses a mapping of more keys than any record has.
    fn keys(&self, node: &Node, what: &str) -> Result<(), Error> {
        let count = node.pairs().len();
        if count > MOST_KEYS {
            return self.fail(node.line, format!("{what} has {count} keys, more than {MOST_KEYS}: remove some"));
        }
        Ok(())
    }

    /// The line of a key: nodes know where their values start, and a mapping starts below its key.
    fn line_of(&self, key: &str, node: &Node) -> usize {
        /// Lines between a key and its value, comments and blanks.
        const MOST: usize = 50;
        let is_key = |line: usize| {
            let text = line.checked_sub(1).and_then(|i| self.lines.get(i)).map_or("", |l| l.trim_start());
            text.trim_start_matches(['"', '\'']).starts_with(key)
        };
        (node.line.saturating_sub(MOST).max(1)..=node.line).rev().find(|l| is_key(*l)).unwrap_or(node.line)
    }

    /// The pairs of a mapping by the keys of the form, misspelt ones under the key that is meant.
    fn fields<'n>(
        &mut self,
        name: &str,
        node: &'n Node,
        known: &[&'static str],
    ) -> Result<Vec<(&'static str, &'n Node)>, Error> {
        let is = match &node.value {
            Value::Map(_) => None,
            Value::Seq(_) => Some("a list"),
            Value::Scalar(_) => Some("a text"),
            Value::Null => Some("nothing"),
        };
        if let Some(is) = is {
            let line = self.line_of(name, node);
            return self
                .fail(line, format!("{is} where a map belongs: write `{}` below `{name}:`", known.join("`, `")));
        }
        self.keys(node, &format!("`{name}`"))?;
        let mut out = Vec::new();
        for (key, value) in node.pairs() {
            if let Some(exact) = known.iter().find(|k| *k == key) {
                out.push((*exact, value));
                continue;
            }
            let meant = meant(key, known).filter(|m| node.get(m).is_none() && !out.iter().any(|(k, _)| k == m));
            out.extend(meant.map(|m| (m, value)));
            let line = self.line_of(key, value);
            self.odd.push(OddKey { key: excerpt_of(&format!("{name}.{key}")), meant, line });
        }
        Ok(out)
    }

    fn system(&mut self, node: &Node) -> Result<System, Error> {
        let mut out = System::default();
        let mut name = None;
        for (key, value) in self.fields("system", node, &SYSTEM)? {
            match key {
                "name" => name = self.text(key, value)?,
                "link" => out.links = self.links(key, value)?,
                "type" => out.kind = self.text(key, value)?,
                "performanceclass" => out.performance = self.text(key, value)?,
                "basemodelname" => out.base = self.text(key, value)?,
                "endmodelname" => out.end = self.text(key, value)?,
                "endmodellicense" => out.license = self.text(key, value)?,
                "releasedate" => out.released = self.text(key, value)?,
                _ => out.notes = self.text(key, value)?,
            }
        }
        match name {
            Some(name) => Ok(System { name, ..out }),
            None => self.fail(self.line_of("system", node), "`system` has no `name`: add it"),
        }
    }

    fn org(&mut self, node: &Node) -> Result<Org, Error> {
        let mut out = Org::default();
        if node.value == Value::Null {
            return Ok(out);
        }
        for (key, value) in self.fields("org", node, &ORG)? {
            match key {
                "name" => out.name = self.text(key, value)?,
                "link" => out.links = self.links(key, value)?,
                _ => out.notes = self.text(key, value)?,
            }
        }
        Ok(out)
    }

    fn parameter(&mut self, id: &'static str, node: &Node) -> Result<Parameter, Error> {
        let (mut class, mut links, mut notes) = (None, vec![], None);
        for (key, value) in self.fields(id, node, &PARAMETER)? {
            match key {
                "class" => class = Some(value),
                "link" => links = self.links(key, value)?,
                _ => notes = self.text(key, value)?,
            }
        }
        let Some(class) = class else {
            let line = self.line_of(id, node);
            return self.fail(line, format!("`{id}` has no `class`: write open, partial or closed"));
        };
        let grade = match class.text().unwrap_or_default().trim().to_lowercase().as_str() {
            "open" => Grade::Open,
            "partial" => Grade::Partial,
            "closed" => Grade::Closed,
            _ => {
                let found = class.text().map(|t| format!("`{}`", excerpt_of(t)));
                let found = found.unwrap_or_else(|| "no word".into());
                let line = self.line_of("class", class);
                return self.fail(line, format!("the class of `{id}` is {found}: write open, partial or closed"));
            }
        };
        Ok(Parameter { id, grade, line: class.line, links, notes })
    }

    /// A text; a list of texts is read as one, and nothing as none.
    fn text(&self, key: &str, node: &Node) -> Result<Option<Field>, Error> {
        let text = match &node.value {
            Value::Map(_) => {
                return self.fail(node.line, format!("a map where a text belongs: write `{key}` on one line"));
            }
            Value::Null => String::new(),
            _ => node.texts().into_iter().map(|(t, _)| t.trim()).collect::<Vec<_>>().join(", "),
        };
        Ok((!text.is_empty()).then_some(Field { text, line: node.line }))
    }

    /// A link, a list of links, or none.
    fn links(&self, key: &str, node: &Node) -> Result<Vec<Field>, Error> {
        let items: &[Node] = match &node.value {
            Value::Seq(items) => items,
            _ => std::slice::from_ref(node),
        };
        if let Some(item) = items.iter().find(|i| matches!(i.value, Value::Map(_) | Value::Seq(_))) {
            return self.fail(item.line, format!("`{key}` is neither a link nor a list of links: write one a line"));
        }
        if items.len() > MOST_LINKS {
            return self.fail(node.line, format!("more than {MOST_LINKS} links: keep those that show the most"));
        }
        let field = |item: &Node| Some(Field { text: item.text()?.trim().to_owned(), line: item.line });
        Ok(items.iter().filter_map(field).filter(|f| !f.text.is_empty()).collect())
    }
}

/// The key that a misspelt one stands for: the same letters, or one letter off a longer word.
fn meant(key: &str, known: &[&'static str]) -> Option<&'static str> {
    // No key is as long as a text.
    if key.len() > 100 {
        return None;
    }
    let letters = key.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let letters = letters.replace("licence", "license");
    let same = known.iter().find(|k| **k == letters);
    same.or_else(|| known.iter().find(|k| k.len() > 3 && distance(&letters, k, 1) <= 1)).copied()
}

#[cfg(test)]
mod tests;
