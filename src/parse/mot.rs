//! A record of the Model Openness Tool (YAML): a release, the licenses that it gives out as a whole, and a flat list of
//! components. It reads what is written; whether it is true, or counts, is for others to say.

use std::path::Path;

use super::yaml::{self, Node, Value};
use crate::error::Error;
use crate::lists::components::{self, Component};
use crate::lists::nearest;

/// Components of one record, at most: the catalogue knows seventeen.
const MOST: usize = 500;

/// Keys of a release that the tool's schema knows.
const RELEASE: &[&str] = &[
    "name",
    "version",
    "date",
    "producer",
    "type",
    "architecture",
    "treatment",
    "origin",
    "contact",
    "repository",
    "huggingface",
    "license",
    "components",
];
/// Keys of a component.
const COMPONENT: &[&str] = &["name", "description", "license", "license_path", "component_path"];
/// Whole-release licenses: for what, as keys of `release.license`.
pub const SCOPES: &[&str] = &["distribution", "code", "data", "document"];

/// A value and the line it stands on, from 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spot {
    /// The value as written.
    pub text: String,
    /// The line.
    pub line: usize,
}

/// A whole record.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Scalars of the release by their keys, those that are empty left out.
    pub fields: Vec<(&'static str, Spot)>,
    /// Licenses of the release as a whole: for what, the name, the path.
    pub licenses: Vec<(&'static str, Spot, Option<Spot>)>,
    /// The components listed, in order.
    pub components: Vec<Listed>,
    /// Keys that the tool does not know.
    pub odd: Vec<Spot>,
}

/// A component of the list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Which.
    pub component: &'static Component,
    /// The line of its name.
    pub line: usize,
    /// Its description.
    pub description: Option<Spot>,
    /// Its own license; empty text is none.
    pub license: Option<Spot>,
    /// Where the license is.
    pub license_path: Option<Spot>,
    /// Where the component is.
    pub component_path: Option<Spot>,
}

impl Record {
    /// A scalar of the release.
    pub fn field(&self, key: &str) -> Option<&Spot> {
        self.fields.iter().find(|(k, _)| *k == key).map(|(_, spot)| spot)
    }
}

/// A mistake in a record, at a line.
fn wrong(path: &Path, line: usize, message: impl AsRef<str>) -> Error {
    Error::malformed(path, Some(line), message.as_ref())
}

/// Whether a text looks like such a record, from its keys alone.
pub fn is_one(root: &Node) -> bool {
    root.get("release").is_some() || root.get("framework").is_some()
}

/// Reads a record; `path` is what errors call it.
///
/// # Errors
/// [`Error::Malformed`] with the line: broken YAML, a missing key, a list where a map belongs, a component that the catalogue
/// does not have.
pub fn read(path: &Path, text: &str) -> Result<Record, Error> {
    let document = yaml::parse(text);
    if let Some((line, message)) = document.error {
        return Err(wrong(path, line, message));
    }
    let root = &document.root;
    let release = root.get("release").ok_or_else(|| wrong(path, root.line, "the key `release` is missing"))?;
    if !matches!(release.value, Value::Map(_)) {
        return Err(wrong(path, release.line, "`release` must be a map"));
    }
    let mut record = Record::default();
    for (key, node) in release.pairs() {
        match RELEASE.iter().find(|k| *k == key) {
            None => record.odd.push(Spot { text: key.clone(), line: node.line }),
            Some(&"license" | &"components") => {}
            Some(key) => record.fields.extend(scalar(path, key, node)?.map(|spot| (*key, spot))),
        }
    }
    for key in ["name", "producer"] {
        if release.get(key).is_none() {
            return Err(wrong(path, release.line, format!("`release.{key}` is missing")));
        }
    }
    licenses(path, release, &mut record)?;
    let list = release.get("components");
    let list = list.ok_or_else(|| wrong(path, release.line, "`release.components` is missing"))?;
    let items: &[Node] = match &list.value {
        Value::Seq(items) => items,
        Value::Null => &[],
        _ => return Err(wrong(path, list.line, "`release.components` must be a list")),
    };
    if items.len() > MOST {
        return Err(wrong(path, list.line, format!("{} components; at most {MOST} are read", items.len())));
    }
    for item in items {
        let listed = listed(path, item, &mut record)?;
        record.components.push(listed);
    }
    Ok(record)
}

/// A scalar that may be empty; anything else is refused.
fn scalar(path: &Path, key: &str, node: &Node) -> Result<Option<Spot>, Error> {
    match &node.value {
        Value::Scalar(text) => {
            Ok(Some(text.as_str()).filter(|t| !t.is_empty()).map(|t| Spot { text: t.to_owned(), line: node.line }))
        }
        Value::Null => Ok(None),
        Value::Seq(_) => Err(wrong(path, node.line, format!("`{key}` must be a text, not a list"))),
        Value::Map(_) => Err(wrong(path, node.line, format!("`{key}` must be a text, not a map"))),
    }
}

/// `release.license`: for each scope a map of name and path.
fn licenses(path: &Path, release: &Node, record: &mut Record) -> Result<(), Error> {
    let node = release.get("license").ok_or_else(|| wrong(path, release.line, "`release.license` is missing"))?;
    match &node.value {
        Value::Map(_) | Value::Null => {}
        // What PHP writes for an empty map.
        Value::Seq(items) if items.is_empty() => {}
        _ => return Err(wrong(path, node.line, "`release.license` must be a map")),
    }
    for (key, entry) in node.pairs() {
        let Some(scope) = SCOPES.iter().find(|s| *s == key) else {
            record.odd.push(Spot { text: format!("license.{key}"), line: entry.line });
            continue;
        };
        if !matches!(entry.value, Value::Map(_) | Value::Null) {
            return Err(wrong(path, entry.line, format!("`release.license.{key}` must be a map of `name` and `path`")));
        }
        let of = |field: &str| entry.get(field).map_or(Ok(None), |n| scalar(path, field, n));
        let (name, at) = (of("name")?, of("path")?);
        record.licenses.extend(name.map(|name| (*scope, name, at)));
    }
    Ok(())
}

fn listed(path: &Path, item: &Node, record: &mut Record) -> Result<Listed, Error> {
    if !matches!(item.value, Value::Map(_)) {
        return Err(wrong(path, item.line, "each component must be a map with a `name`"));
    }
    let of = |key: &str| item.get(key).map_or(Ok(None), |node| scalar(path, key, node));
    let name = of("name")?.ok_or_else(|| wrong(path, item.line, "a component has no `name`"))?;
    let Some(component) = components::named(&name.text) else {
        let near = nearest(&name.text, components::all().iter().map(|c| c.name.as_str()));
        let shown: String = name.text.chars().take(80).collect();
        let hint = match near.first() {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                let all: Vec<&str> = components::all().iter().map(|c| c.name.as_str()).collect();
                format!("known are {}", all.join(", "))
            }
        };
        return Err(wrong(path, name.line, format!("no component is called `{shown}`; {hint}")));
    };
    for (key, node) in item.pairs().iter().filter(|(k, _)| !COMPONENT.contains(&k.as_str())) {
        record.odd.push(Spot { text: format!("components.{key}"), line: node.line });
    }
    Ok(Listed {
        component,
        line: name.line,
        description: of("description")?,
        license: of("license")?,
        license_path: of("license_path")?,
        component_path: of("component_path")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "framework:\n  name: MOF\nrelease:\n  name: one\n  producer: us\n  license:\n    distribution:\n      name: MIT\n      path: ''\n  components:\n    -\n      name: 'Model card'\n      license: unlicensed\n    -\n      name: Datasets\n      sise: 3\n";

    fn told(text: &str) -> String {
        read(Path::new("r.yml"), text).unwrap_err().to_string()
    }

    #[test]
    fn a_record_keeps_its_lines() {
        let record = read(Path::new("r.yml"), GOOD).unwrap();
        assert_eq!(record.field("name"), Some(&Spot { text: "one".into(), line: 4 }));
        assert_eq!(record.licenses.len(), 1);
        let [card, sets] = &record.components[..] else { panic!() };
        assert_eq!((card.component.name.as_str(), card.line), ("Model card", 12));
        assert_eq!(card.license.as_ref().map(|l| (l.text.as_str(), l.line)), Some(("unlicensed", 13)));
        assert_eq!((sets.license.is_none(), record.odd[0].text.as_str()), (true, "components.sise"));
    }

    #[test]
    fn mistakes_name_file_and_line() {
        for (old, new, words) in [
            ("Model card", "Model cart", "line 12: no component is called `Model cart`; did you mean `Model card`?"),
            ("Datasets", "zzz", "line 15: no component is called `zzz`; known are Model architecture"),
            ("  name: one\n", "", "`release.name` is missing"),
            ("producer: us", "producer: []", "line 5: `producer` must be a text, not a list"),
            ("components:", "component:", "`release.components` is missing"),
            ("release:", "releases:", "the key `release` is missing"),
            ("license: unlicensed", "license: {a: b}", "line 13: `license` must be a text, not a map"),
            ("    distribution:\n      name: MIT\n      path: ''\n", "    - MIT\n", "`release.license` must be a map"),
            ("name: 'Model card'", "&a name: *a", "r.yml, line 12"),
        ] {
            let text = GOOD.replacen(old, new, 1);
            let told = told(&text);
            assert!(told.starts_with("r.yml, line ") && told.contains(words), "{text}\n{told}");
        }
        let many = "    -\n      name: Datasets\n".repeat(10_000);
        assert!(told(&format!("{GOOD}{many}")).contains("10002 components; at most 500"));
        assert!(told("").contains("line 1") && told("[]").contains("`release` is missing"));
        let cyclic = "release: &r\n  name: x\n  producer: y\n  license: {}\n  components: *r\n";
        assert!(told(cyclic).contains("anchor"), "{}", told(cyclic));
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,200}", value in "[\\[\\]{}:&*a, -]{0,12}") {
            let _ = read(Path::new("r.yml"), &text);
            let _ = read(Path::new("r.yml"), &GOOD.replacen("unlicensed", &value, 1));
            let _ = read(Path::new("r.yml"), &GOOD.replacen("one", &value, 1));
        }
    }
}
