//! `ouvert.toml`, the release's declaration (schema 1): facts that no other file of a release can carry; and the dossier, the
//! same of a reviewer's hand, where each entry names its source. It reads the text; whether it is true is for others to see.

use std::path::Path;

use schemars::JsonSchema;
use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::digest::Digest;
use crate::error::Error;
use crate::evidence::{Access, ArtifactKind, Part, Settled, Stage};
use crate::lists;
use crate::words::Text;

/// The name of the file in a release.
pub const NAME: &str = "ouvert.toml";

/// The whole file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Manifest {
    /// Shape of the file; 1.
    pub schema: Schema,
    /// The release as a whole.
    #[serde(default)]
    pub release: Release,
    /// Files and their digests.
    #[serde(default)]
    pub artifact: Vec<Artifact>,
    /// Training datasets.
    #[serde(default)]
    pub dataset: Vec<DatasetEntry>,
    /// The training data as a whole.
    #[serde(default)]
    pub data: Data,
    /// How it was trained.
    #[serde(default)]
    pub recipe: RecipeEntry,
    /// Models it derives from.
    #[serde(default)]
    pub base: Vec<BaseEntry>,
    /// Components, with the licenses that reach them; in a dossier only.
    #[serde(default)]
    pub component: Vec<ComponentEntry>,
    /// What a reviewer settled; in a dossier only.
    #[serde(default)]
    pub clarification: Vec<ClarificationEntry>,
    /// Where the entries of a dossier are from that name no source of their own.
    pub source: Option<String>,
    /// Who wrote them.
    pub by: Option<String>,
    /// When.
    pub on: Option<jiff::civil::Date>,
}

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
    pub on: Option<jiff::civil::Date>,
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
    pub on: Option<jiff::civil::Date>,
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
    pub date: Option<jiff::civil::Date>,
    pub source: Option<String>,
    pub by: Option<String>,
    pub on: Option<jiff::civil::Date>,
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
    pub on: Option<jiff::civil::Date>,
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
    pub on: Option<jiff::civil::Date>,
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
    pub on: Option<jiff::civil::Date>,
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
    pub on: Option<jiff::civil::Date>,
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
    pub on: Option<jiff::civil::Date>,
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

impl Manifest {
    /// Reads the text of a manifest.
    ///
    /// # Errors
    /// [`Error::Malformed`] with the line, a caret under the word, and the names that are allowed.
    pub fn read(path: &Path, text: &str) -> Result<Manifest, Error> {
        // What only a dossier may say is no name to offer here.
        let manifest: Manifest = lists::parse(path, text).map_err(|error| match error {
            Error::Malformed { path, line, message, shown } => {
                let bare = |text: &str| text.replace(", `source`, `by`, `on`", "").replace("`component`, ", "");
                Error::Malformed { path, line, message: Text::new(bare(&message.en), bare(&message.fr)), shown }
            }
            other => other,
        })?;
        for (name, line, entry) in entries(text) {
            let dossiers_only = match name.as_str() {
                "clarification" => Some("a release cannot clarify its own audit"),
                "component" => Some("what lies in a release is seen, not listed"),
                _ => None,
            };
            if let Some(why) = dossiers_only {
                let message = format!("{why}; a reviewer's dossier can hold `[[{name}]]`, given with --dossier");
                return Err(Error::malformed(path, Some(line), &message));
            }
            if let Some(key) = ORIGIN.iter().find(|k| entry.contains_key(**k)) {
                let message = format!("`{key}` is for the entries of a dossier; here the release speaks for itself");
                return Err(Error::malformed(path, Some(line), &message));
            }
        }
        Ok(manifest)
    }

    /// Reads the text of a dossier: every entry must name its source, or the dossier one for all.
    ///
    /// # Errors
    /// [`Error::Malformed`] as for a manifest, and for an entry without a source, or a clarification without a name and date.
    pub fn read_dossier(path: &Path, text: &str) -> Result<Manifest, Error> {
        let manifest: Manifest = lists::parse(path, text)?;
        let whole = |key: &str| match key {
            "source" => manifest.source.is_some(),
            "by" => manifest.by.is_some(),
            _ => manifest.on.is_some(),
        };
        for (name, line, entry) in entries(text) {
            let asked = if name == "clarification" { &ORIGIN[..] } else { &ORIGIN[..1] };
            if let Some(key) = asked.iter().find(|k| !whole(k) && !entry.contains_key(**k)) {
                let message = format!("this entry has no `{key}`; give it one, or the dossier one at its top");
                return Err(Error::malformed(path, Some(line), &message));
            }
        }
        Ok(manifest)
    }
}

/// The keys that tell where an entry of a dossier is from.
const ORIGIN: [&str; 3] = ["source", "by", "on"];

/// The tables of a text, each with its name, the line of its heading, and what it holds; tables inside them left out.
fn entries(text: &str) -> Vec<(String, usize, toml::Table)> {
    let whole: toml::Table = text.parse().unwrap_or_default();
    let mut out = Vec::new();
    for (name, value) in whole {
        let tables: Vec<toml::Table> = match value {
            toml::Value::Table(table) => vec![table],
            toml::Value::Array(list) => list.into_iter().filter_map(|v| v.try_into().ok()).collect(),
            // A key of the file itself has no heading.
            _ => continue,
        };
        let heading = |line: &str| {
            line.trim_start_matches(['[', ' '])
                .trim_start()
                .strip_prefix(name.as_str())
                .is_some_and(|r| r.trim_start().starts_with(']'))
                && line.trim_start().starts_with('[')
        };
        let mut lines = text.lines().enumerate().filter(|(_, l)| heading(l)).map(|(i, _)| i + 1);
        let mut last = 1;
        for table in tables {
            last = lines.next().unwrap_or(last);
            out.push((name.clone(), last, table));
        }
    }
    out
}

/// Where the entries of a dossier are from: the line of each heading, and its source. Those of its top stand at line 0.
pub fn sources(text: &str, manifest: &Manifest) -> Vec<(usize, String)> {
    let own = |entry: &toml::Table| entry.get("source").and_then(toml::Value::as_str).map(str::to_owned);
    let top = manifest.source.clone();
    let mut out: Vec<(usize, String)> = top.iter().map(|source| (0, source.clone())).collect();
    out.extend(entries(text).into_iter().filter_map(|(_, line, entry)| own(&entry).or(top.clone()).map(|s| (line, s))));
    out.sort();
    out
}

/// Where a span of a text starts, in bytes; a span that is not known is found by its words.
pub fn start_of(text: &str, span: &std::ops::Range<usize>, words: &str) -> usize {
    if span.is_empty() { text.find(&format!("\"{words}\"")).unwrap_or(0) } else { span.start }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> String {
        Manifest::read(Path::new(NAME), text).unwrap_err().to_string()
    }

    #[test]
    fn mistakes_are_shown_with_line_caret_and_names() {
        let told = message("schema = 1\n[release]\nlicence = \"MIT\"\n");
        assert!(told.contains("line 3") && told.contains("^^^^^^^") && told.contains("`license`"), "{told}");
        for (text, words) in [
            ("schema = 2\n", "schema 2"),
            ("schema = 1\n[release]\nversion = \"1.x\"\n", "line 3"),
            ("schema = 1\n[release]\nlicense = \"Apach-2.0\"\n", "did you mean `"),
            ("schema = 1\n[release]\ndate = \"2026-02-30\"\n", "line 3"),
            ("schema = 1\n[[artifact]]\npath = \"a\"\nsha256 = \"00\"\n", "64 hexadecimal digits"),
            ("schema = 1\n[[dataset]]\nstage = \"pre\"\n", "`pretraining`"),
            ("[release]\n", "missing field `schema`"),
            ("schema = 1\n[[dataset]]\nid = \"a/b\"\nsource = \"x\"\n", "is for the entries of a dossier"),
            (
                "schema = 1\n[[clarification]]\nrule = \"r\"\noutcome = \"met\"\nsays = \"s\"\nfile = \"f\"\nsha256 = \"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"\n",
                "cannot clarify its own audit",
            ),
        ] {
            let told = message(text);
            assert!(told.contains(words), "{text}\n{told}");
        }
    }

    #[test]
    fn a_dossier_names_its_sources() {
        let told = |text: &str| Manifest::read_dossier(Path::new("d.toml"), text).unwrap_err().to_string();
        let entry = "[[dataset]]\nid = \"a/b\"\n";
        let message = told(&format!("schema = 1\n\n{entry}source = \"p. 3\"\n{entry}"));
        assert!(message.contains("line 6") && message.contains("`source`"), "{message}");
        let clarification = "[[clarification]]\nrule = \"r\"\noutcome = \"met\"\nsays = \"s\"\nfile = \"f\"\nsha256 = \"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"\n";
        assert!(told(&format!("schema = 1\nsource = \"s\"\n{clarification}")).contains("`by`"));
        assert!(told(&format!("schema = 1\n{}", clarification.replace("met", "unknown"))).contains("`not-met`"));
        let text = format!(
            "schema = 1\nsource = \"s\"\nby = \"me\"\non = \"2026-11-24\"\n{clarification}{entry}source = \"https://x.example\"\n"
        );
        let manifest = Manifest::read_dossier(Path::new("d.toml"), &text).unwrap();
        assert_eq!(sources(&text, &manifest), [(0, "s".into()), (5, "s".into()), (11, "https://x.example".into())]);
    }

    #[test]
    fn strings_and_lists_are_one() {
        let text = "schema = 1\n[recipe]\ncode = \"train.py\"\nconfig = [\"a.json\", \"b.json\"]\n";
        let manifest = Manifest::read(Path::new(NAME), text).unwrap();
        assert_eq!(manifest.recipe.code.0[0].get_ref(), "train.py");
        assert_eq!(manifest.recipe.config.0.len(), 2);
        let line = |at: usize| 1 + text.bytes().take(at).filter(|b| *b == b'\n').count();
        assert_eq!(line(start_of(text, &manifest.recipe.config.0[1].span(), "b.json")), 4);
        assert_eq!(line(start_of(text, &manifest.recipe.code.0[0].span(), "train.py")), 3);
    }
}

#[cfg(test)]
mod properties {
    use super::*;

    /// A string as TOML writes it; a string of JSON is one, but for DEL.
    fn quoted(text: &str) -> String {
        serde_json::to_string(text).unwrap().replace('\u{7f}', "\\u007f")
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_reads_back(
            paths in proptest::collection::vec("\\PC{0,30}|[\"\\\\\n\t\r\u{0}\u{7f}a]{0,9}", 0..6),
            name in proptest::option::of("\\PC{0,30}"),
            complete in proptest::option::of(proptest::bool::ANY),
            seeds in proptest::collection::vec(proptest::num::i64::ANY, 0..4)
        ) {
            let mut text = String::from("schema = 1\n[release]\n");
            text.extend(name.iter().map(|name| format!("name = {}\n", quoted(name))));
            text.push_str("[data]\n");
            text.extend(complete.iter().map(|complete| format!("complete = {complete}\n")));
            text.push_str(&format!("[recipe]\nseeds = {seeds:?}\n"));
            let mut lines = Vec::new();
            for path in &paths {
                lines.push(text.split('\n').count() + 1);
                text.push_str(&format!("[[artifact]]\npath = {}\n", quoted(path)));
            }
            let manifest = Manifest::read(Path::new(NAME), &text).unwrap();
            proptest::prop_assert_eq!(manifest.release.name, name);
            proptest::prop_assert_eq!(manifest.data.complete.map(toml::Spanned::into_inner), complete);
            let read: Vec<i64> = manifest.recipe.seeds.into_iter().map(toml::Spanned::into_inner).collect();
            proptest::prop_assert_eq!(read, seeds);
            let line = |at: usize| 1 + text.get(..at).unwrap_or_default().matches('\n').count();
            let place = |a: &Artifact| (a.path.get_ref().clone(), line(start_of(&text, &a.path.span(), "")));
            let found: Vec<_> = manifest.artifact.iter().map(place).collect();
            proptest::prop_assert_eq!(found, paths.into_iter().zip(lines).collect::<Vec<_>>());
        }

        #[test]
        fn a_value_that_does_not_fit_is_told_with_its_line(
            before in "(# \\PC{0,20}\n){0,5}",
            value in "[a-z]{1,9}|\"\\PC{0,9}|\\[1|2026-13-01",
            key in "license|version|date|sha256"
        ) {
            let text = format!("schema = 1\n{before}[release]\n{key} = {value}\n");
            match Manifest::read(Path::new(NAME), &text) {
                Err(Error::Malformed { line: Some(line), .. }) => {
                    proptest::prop_assert!((1..=text.split('\n').count()).contains(&line), "{line}");
                }
                other => proptest::prop_assert!(false, "{other:?}"),
            }
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,200}|((schema|\\[release\\]|path|[a-c.]{1,3})? ?[=1\"\\[\\]{}', -]{0,9}\n){0,9}") {
            let _ = Manifest::read(Path::new(NAME), &text);
            let _ = start_of(&text, &(text.len()..usize::MAX), &text);
        }
    }
}
