//! The components that a release may have: `rules/components.toml`. It knows their names, not whether a release has one.

use std::path::Path;
use std::sync::LazyLock;

use globset::{GlobSet, GlobSetBuilder};
use serde::Deserialize;

use super::parse;
use crate::evidence::Part;
use crate::finding::Text;

/// The embedded table.
pub const TABLE: &str = include_str!("../../rules/components.toml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[allow(dead_code)] // checked by the parser
    schema: u32,
    #[allow(dead_code)] // for the reader of the table
    version: semver::Version,
    component: Vec<Component>,
}

/// A component that a release may have.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// Which.
    pub id: Part,
    /// Its name in the catalogue of the Model Openness Tool.
    pub name: String,
    /// What its license should be made for.
    pub kind: Kind,
    /// Its name in a sentence.
    pub title: Text,
    /// What it is.
    pub says: Text,
    /// Paths at which it lies, as globs on the whole path in lower case.
    #[serde(default)]
    globs: Vec<String>,
}

/// What a component is made of, and so what its license should be made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Kind {
    Code,
    Data,
    Document,
}

impl Kind {
    /// The word for it, which is a key of a record's licenses too.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Code => "code",
            Kind::Data => "data",
            Kind::Document => "document",
        }
    }
}

static ALL: LazyLock<Vec<Component>> = LazyLock::new(|| {
    // Embedded: the test below fails before a user could meet an empty table.
    parse::<File>(Path::new("rules/components.toml"), TABLE).map(|f| f.component).unwrap_or_default()
});

/// Every component, in the table's order.
pub fn all() -> &'static [Component] {
    &ALL
}

/// A component by its exact name in the catalogue of the Model Openness Tool.
pub fn named(name: &str) -> Option<&'static Component> {
    ALL.iter().find(|c| c.name == name)
}

/// The name of a component in a sentence.
pub fn title(part: Part) -> Text {
    ALL.iter().find(|c| c.id == part).map(|c| c.title.clone()).unwrap_or_default()
}

/// What a component is made of.
pub fn kind(part: Part) -> Kind {
    ALL.iter().find(|c| c.id == part).map_or(Kind::Document, |c| c.kind)
}

/// The globs of each component that has some.
static GLOBS: LazyLock<Vec<(Part, GlobSet)>> = LazyLock::new(|| {
    let set = |c: &Component| {
        let mut set = GlobSetBuilder::new();
        for glob in &c.globs {
            set.add(super::glob(glob)?);
        }
        Some((c.id, set.build().ok()?))
    };
    ALL.iter().filter(|c| !c.globs.is_empty()).filter_map(set).collect()
});

/// Whether a component lies at a path, by its name.
pub fn lies_at(part: Part, path: &str) -> bool {
    GLOBS.iter().any(|(id, set)| *id == part && set.is_match(path.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_holds_each_component_once() {
        parse::<File>(Path::new("rules/components.toml"), TABLE).unwrap();
        assert_eq!(all().len(), 17);
        for one in all() {
            assert_eq!(all().iter().filter(|c| c.id == one.id || c.name == one.name).count(), 1, "{}", one.name);
            assert!(named(&one.name).is_some_and(|c| c.id == one.id && title(c.id) == one.title));
        }
        assert_eq!(GLOBS.len(), all().iter().filter(|c| !c.globs.is_empty()).count());
        assert!(lies_at(Part::ModelArchitecture, "src/Modeling_x.py") && lies_at(Part::EvaluationData, "eval/a.csv"));
        assert!(!lies_at(Part::ModelArchitecture, "train.py") && !lies_at(Part::ModelCard, "README.md"));
        assert!(named("Training dataset").is_none());
        assert_eq!(all().iter().filter(|c| c.kind == Kind::Code).count(), 6);
        assert_eq!(all().iter().filter(|c| c.kind == Kind::Data).count(), 5);
    }
}
