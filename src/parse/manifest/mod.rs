//! `ouvert.toml`, the release's declaration (schema 1): facts that no other file of a release can carry; and the dossier, the
//! same of a reviewer's hand, where each entry names its source. It reads the text; whether it is true is for others to see.

mod entries;

use std::path::Path;

use serde::Deserialize;

use crate::error::Error;
use crate::lists::{self, Day};
use crate::words::Text;

pub use entries::{
    Artifact, BaseEntry, ClarificationEntry, ComponentEntry, Data, DatasetEntry, LicenseExpression, Many, RecipeEntry,
    Release, Schema, Step,
};

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
    pub on: Option<Day>,
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
    fn days_are_written_as_dates_or_texts() {
        for day in ["2026-11-24", "\"2026-11-24\""] {
            let text = format!("schema = 1\n[release]\ndate = {day}\n");
            let manifest = Manifest::read(Path::new(NAME), &text).unwrap();
            assert_eq!(manifest.release.date.unwrap().0, jiff::civil::date(2026, 11, 24), "{day}");
            let entry = format!("[[dataset]]\nid = \"a/b\"\non = {day}\n");
            let text = format!("schema = 1\nsource = \"s\"\nby = \"me\"\non = {day}\n{entry}");
            let dossier = Manifest::read_dossier(Path::new("d.toml"), &text).unwrap();
            assert_eq!(dossier.on, dossier.dataset[0].on, "{day}");
            assert!(dossier.on.is_some());
        }
        for (day, words) in [
            ("2026-11-24T10:00:00Z", "is no day; write it as 2026-12-31"),
            ("10:00:00", "is no day"),
            ("\"24 November\"", "`24 November` is no day"),
            ("20261124", "a day is written as 2026-12-31"),
        ] {
            let told = message(&format!("schema = 1\n[release]\ndate = {day}\n"));
            assert!(told.contains("line 3") && told.contains(words), "{told}");
        }
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
