//! The tables of `ouvert.toml` and of a dossier, key by key, and the values that are checked as they are read. It knows the shape
//! of each, and not what they say together.

use schemars::JsonSchema;
use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::digest::Digest;
use crate::evidence::{Access, ArtifactKind, Part, Settled, Stage};
use crate::lists::{self, Day};

/// `[[clarification]]` of a dossier.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct ClarificationEntry {
    pub rule: toml::Spanned<String>,
    pub outcome: Settled,
    pub says: String,
    /// The file of the release in which it was read, and the SHA-256 that it had then.
    pub file: String,
    pub sha256: Digest,
    pub source: Option<String>,
    pub by: Option<String>,
    pub on: Option<Day>,
}

/// `[[component]]` of a dossier: one of `rules/components.toml` that is there, its license as written, and what that is taken
/// over from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct ComponentEntry {
    pub kind: toml::Spanned<Part>,
    pub license: Option<String>,
    pub inherited: Option<String>,
    #[serde(default)]
    pub links: Vec<String>,
    pub source: Option<String>,
    pub by: Option<String>,
    pub on: Option<Day>,
}

/// The schema number, 1.
#[derive(Clone, Copy, Debug, Default)]
pub struct Schema;

impl<'de> Deserialize<'de> for Schema {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Schema, D::Error> {
        match u32::deserialize(d)? {
            1 => Ok(Schema),
            n => Err(D::Error::custom(format!("schema {n} is not known here; this version reads schema 1"))),
        }
    }
}

/// `[release]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)] // the keys of cli.md, as they stand there
pub struct Release {
    pub name: Option<String>,
    pub version: Option<semver::Version>,
    pub license: Option<LicenseExpression>,
    pub homepage: Option<String>,
    pub contact: Option<String>,
    pub date: Option<Day>,
    pub source: Option<String>,
    pub by: Option<String>,
    pub on: Option<Day>,
}

/// `[[artifact]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct Artifact {
    pub path: toml::Spanned<String>,
    pub sha256: Option<Digest>,
    pub kind: Option<ArtifactKind>,
    pub license: Option<LicenseExpression>,
    pub source: Option<String>,
    pub by: Option<String>,
    pub on: Option<Day>,
}

/// `[[dataset]]`: one of `id`, `url`, `doi`, `swhid` or, for data inside the release, `path`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct DatasetEntry {
    pub id: Option<toml::Spanned<String>>,
    pub url: Option<toml::Spanned<String>>,
    pub doi: Option<toml::Spanned<String>>,
    pub swhid: Option<toml::Spanned<String>>,
    pub path: Option<toml::Spanned<String>>,
    pub revision: Option<String>,
    pub license: Option<LicenseExpression>,
    pub stage: Option<Stage>,
    pub access: Option<Access>,
    pub share: Option<f64>,
    pub tokens: Option<f64>,
    pub digest: Option<Digest>,
    pub note: Option<String>,
    pub withheld: Option<String>,
    pub source: Option<String>,
    pub by: Option<String>,
    pub on: Option<Day>,
}

impl DatasetEntry {
    /// The reference with its spelling's prefix, and its place in the file.
    pub fn target(&self) -> Option<(String, std::ops::Range<usize>)> {
        let kinds =
            [(&self.path, "path:"), (&self.id, "hub:"), (&self.doi, "doi:"), (&self.swhid, ""), (&self.url, "")];
        kinds.into_iter().find_map(|(v, prefix)| v.as_ref().map(|v| (format!("{prefix}{}", v.get_ref()), v.span())))
    }
}

/// `[data]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct Data {
    pub complete: Option<toml::Spanned<bool>>,
    #[serde(default)]
    pub processing_code: Many,
    pub source: Option<String>,
    pub by: Option<String>,
    pub on: Option<Day>,
}

/// `[recipe]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct RecipeEntry {
    #[serde(default)]
    pub code: Many,
    pub license: Option<LicenseExpression>,
    #[serde(default)]
    pub environment: Many,
    #[serde(default)]
    pub config: Many,
    #[serde(default)]
    pub seeds: Vec<toml::Spanned<i64>>,
    pub hardware: Option<toml::Spanned<String>>,
    pub hours: Option<toml::Spanned<f64>>,
    pub energy_kwh: Option<toml::Spanned<f64>>,
    #[serde(default)]
    pub logs: Many,
    #[serde(default)]
    pub checkpoints: Many,
    #[serde(default)]
    pub report: Many,
    #[serde(default)]
    pub evaluation: Many,
    #[serde(default)]
    pub step: Vec<Step>,
    pub source: Option<String>,
    pub by: Option<String>,
    pub on: Option<Day>,
}

/// `[[recipe.step]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct Step {
    pub run: toml::Spanned<String>,
    #[serde(default, rename = "in")]
    pub input: Vec<String>,
    #[serde(default, rename = "out")]
    pub output: Vec<String>,
    #[serde(default)]
    pub deterministic: Option<bool>,
}

/// `[[base]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[allow(missing_docs)]
pub struct BaseEntry {
    pub id: toml::Spanned<String>,
    pub revision: Option<String>,
    pub source: Option<String>,
    pub by: Option<String>,
    pub on: Option<Day>,
}

/// A license that parses: an SPDX expression of ids known to SPDX or to `rules/licenses.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct LicenseExpression(pub String);

impl<'de> Deserialize<'de> for LicenseExpression {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<LicenseExpression, D::Error> {
        let text = String::deserialize(d)?;
        match lists::licenses::spelling(&text) {
            lists::licenses::Spelling::Invalid(near) => Err(D::Error::custom(match near.first() {
                Some(id) => format!("`{text}` is not an SPDX expression; did you mean `{id}`?"),
                None => format!(
                    "`{text}` is not an SPDX expression; write `LicenseRef-NAME` for a license without an SPDX id"
                ),
            })),
            _ => Ok(LicenseExpression(text)),
        }
    }
}

/// A string or a list of strings, each with its place in the file.
#[derive(Clone, Debug, Default)]
pub struct Many(pub Vec<toml::Spanned<String>>);

impl<'de> Deserialize<'de> for Many {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Many, D::Error> {
        struct One;
        impl<'de> Visitor<'de> for One {
            type Value = Vec<toml::Spanned<String>>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a string or a list of strings")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(vec![toml::Spanned::new(0..0, text.to_owned())])
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut out = Vec::new();
                while let Some(item) = seq.next_element()? {
                    out.push(item);
                }
                Ok(out)
            }
        }
        d.deserialize_any(One).map(Many)
    }
}
