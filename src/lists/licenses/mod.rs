//! What each license permits and bars: `rules/licenses.toml` over the SPDX list, and how names are read.
//! A license that nobody read here bars nothing and permits nothing: its judgement is unknown.

mod address;
mod listed;

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::finding::Text;
use crate::lists::{nearest, parse, words};

/// The embedded table.
pub const TABLE: &str = include_str!("../../../rules/licenses.toml");

/// `rules/licenses.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[allow(dead_code)] // checked by the parser, read by nobody
    schema: u32,
    version: semver::Version,
    license: Vec<License>,
}

/// One license as it was read.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct License {
    /// Hub id, else SPDX id, else an id of our own.
    pub id: String,
    /// Its full name.
    pub name: String,
    /// Its SPDX id, where that differs from `id`.
    pub spdx: Option<String>,
    /// Other spellings seen.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What it is made for.
    pub kind: Kind,
    /// How far it was read.
    pub standing: Standing,
    /// Bodies whose definition it meets.
    #[serde(default)]
    pub approved: Vec<Body>,
    /// What it asks of those who use it.
    #[serde(default)]
    pub duties: Vec<Duty>,
    /// The uses it bars.
    #[serde(default)]
    pub bars: Vec<Bar>,
    /// Whether its terms follow the model's output into other models.
    #[serde(default, rename = "output-terms")]
    pub output_terms: bool,
    /// The id that replaces a deprecated one.
    pub successor: Option<String>,
    /// Where the terms are published.
    pub source: String,
    /// What its text grants and asks, or why that cannot be told, in a sentence of ours.
    pub reason: Option<Text>,
}

/// What a license is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Kind {
    Model,
    Software,
    Data,
    Content,
}

/// How far a license was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Its text was read: what it bars is complete.
    Reviewed,
    /// A family label with no single text.
    Family,
    /// The word names no license ("other", "unknown").
    None,
    /// Known by name, but neither approved by a body nor read here.
    Unread,
}

/// A body with a definition of open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Body {
    /// Open Source Initiative.
    Osi,
    /// Free Software Foundation.
    Fsf,
    /// Open Definition.
    Od,
}

/// What a license asks of those who use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Duty {
    Attribution,
    ShareAlike,
    Naming,
    PassOnTerms,
    Notice,
}

/// A use that a license bars.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bar {
    /// The kind of restriction.
    pub kind: Restriction,
    /// The clause.
    #[serde(rename = "where")]
    pub clause: String,
    /// In English.
    pub en: String,
    /// In French.
    pub fr: String,
}

/// The kinds of restriction on use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Restriction {
    NonCommercial,
    ResearchOnly,
    FieldOfUse,
    UserThreshold,
    RevenueThreshold,
    AcceptableUse,
    NoDerivatives,
    Competitor,
    Geography,
    Permission,
    OutputLimits,
}

impl Restriction {
    /// The kind in words.
    pub fn text(self) -> Text {
        let (en, fr) = match self {
            Restriction::NonCommercial => ("non-commercial use only", "usage non commercial seulement"),
            Restriction::ResearchOnly => ("research only", "recherche seulement"),
            Restriction::FieldOfUse => ("fields of use are barred", "des domaines d'usage sont interdits"),
            Restriction::UserThreshold => ("a limit on the number of users", "un plafond d'utilisateurs"),
            Restriction::RevenueThreshold => ("a limit on revenue", "un plafond de revenus"),
            Restriction::AcceptableUse => ("an acceptable-use policy", "une politique d'usage acceptable"),
            Restriction::NoDerivatives => ("no derivatives", "pas d'œuvres dérivées"),
            Restriction::Competitor => ("competing uses are barred", "les usages concurrents sont interdits"),
            Restriction::Geography => ("countries are left out", "des pays sont exclus"),
            Restriction::Permission => ("permission must be asked", "une autorisation est à demander"),
            Restriction::OutputLimits => ("limits on the use of output", "des limites sur l'usage des sorties"),
        };
        Text::new(en, fr)
    }
}

impl License {
    /// Whether it bars a use.
    pub fn restricts(&self) -> bool {
        !self.bars.is_empty()
    }

    /// Whether it was read, or a body read it, and it bars no use.
    pub fn is_free(&self) -> bool {
        self.standing == Standing::Reviewed && self.bars.is_empty()
    }

    /// Whether it asks that derivatives keep its terms.
    pub fn share_alike(&self) -> bool {
        self.duties.contains(&Duty::ShareAlike)
    }

    /// The id to write in an SPDX expression.
    pub fn spdx_id(&self) -> &str {
        self.spdx.as_deref().unwrap_or(&self.id)
    }
}

/// The table, indexed by every spelling.
struct Index {
    version: semver::Version,
    rows: Vec<License>,
    by_key: HashMap<String, usize>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    // A table that does not parse is found by the test below, not by a user: it is embedded.
    let file: File = parse(Path::new("rules/licenses.toml"), TABLE).unwrap_or_else(|_| File {
        schema: 1,
        version: semver::Version::new(0, 0, 0),
        license: Vec::new(),
    });
    let mut by_key = HashMap::new();
    for (row, license) in file.license.iter().enumerate() {
        let names = [&license.id, &license.name].into_iter().chain(license.spdx.as_ref()).chain(&license.aliases);
        for name in names {
            by_key.entry(key(name)).or_insert(row);
        }
    }
    Index { version: file.version, rows: file.license, by_key }
});

/// Semantic version of the embedded table.
pub fn version() -> &'static semver::Version {
    &INDEX.version
}

/// All rows of the table.
pub fn all() -> &'static [License] {
    &INDEX.rows
}

/// One spelling for a license name: the words, without those that tell nothing ("the", "license", "version").
fn key(name: &str) -> String {
    let name = name.replace('+', " plus ");
    let mut out = String::new();
    for word in words(&name) {
        let word = match word.as_str() {
            "the" | "license" | "licence" | "licensed" | "version" | "v" | "agreement" | "under" | "a" => continue,
            // "v2.0" and "2.0" are one; the dot is gone already.
            w if w.len() > 1 && w.starts_with('v') && w.bytes().skip(1).all(|b| b.is_ascii_digit()) => {
                w.trim_start_matches('v').to_owned()
            }
            w => w.to_owned(),
        };
        if !out.is_empty() {
            out.push('-');
        }
        out.push_str(&word);
    }
    out
}

/// The license that a name stands for: a hub id, an SPDX id in any case, a spelling seen in the wild, or the address of
/// its text.
/// `None` when nothing here knows the name.
pub fn find(name: &str) -> Option<Cow<'static, License>> {
    let name = name.trim();
    if let Some(id) = address::license(name) {
        return find(&id);
    }
    let key = key(name);
    if key.is_empty() {
        return None;
    }
    if let Some(row) = INDEX.by_key.get(&key) {
        return INDEX.rows.get(*row).map(Cow::Borrowed);
    }
    listed::id(name, &key).map(|id| Cow::Owned(listed::license(id)))
}

/// Whether a name is a valid identifier as written: an SPDX expression, or a hub id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// It is valid as it stands.
    Valid,
    /// It is valid, but an id in it has a successor.
    Deprecated(String),
    /// It is not valid; these ids are meant, or near.
    Invalid(Vec<String>),
}

/// Checks how a license is spelt.
pub fn spelling(written: &str) -> Spelling {
    let written = written.trim();
    if INDEX.rows.iter().any(|l| l.id == written && l.standing != Standing::None) {
        return Spelling::Valid;
    }
    let tokens = written.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')'));
    let old = tokens
        .filter_map(spdx::license_id)
        .find_map(|id| listed::license(id).successor.map(|new| format!("{} is now {new}", id.name)));
    if let Some(old) = old {
        return Spelling::Deprecated(old);
    }
    match spdx::Expression::parse(written) {
        Ok(_) => Spelling::Valid,
        Err(_) => match find(written) {
            Some(license) if license.standing == Standing::None => Spelling::Invalid(vec![]),
            Some(license) => Spelling::Invalid(vec![license.spdx_id().to_owned()]),
            None => Spelling::Invalid(nearest(written, ids())),
        },
    }
}

/// Every id that may be written: those of the table and those of the SPDX list.
pub fn ids() -> impl Iterator<Item = &'static str> {
    INDEX.rows.iter().map(|l| l.id.as_str()).chain(spdx::identifiers::LICENSES.iter().map(|l| l.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_parses_and_every_spelling_is_unique() {
        let file: File = parse(Path::new("rules/licenses.toml"), TABLE).unwrap();
        let mut seen: HashMap<String, String> = HashMap::new();
        for license in &file.license {
            for name in std::iter::once(&license.id).chain(&license.aliases) {
                if let Some(other) = seen.insert(key(name), license.id.clone()) {
                    assert_eq!(other, license.id, "`{name}` is spelt like a name of {other}");
                }
            }
            assert!(license.reason.is_some() || license.restricts(), "{} has no reason", license.id);
            if let Some(spdx) = &license.spdx {
                assert!(spdx::license_id(spdx).is_some(), "{spdx} is not on the SPDX list");
            }
        }
    }

    #[test]
    fn wild_spellings_find_their_license() {
        for (name, id) in [
            ("apache-2.0", "Apache-2.0"),
            ("Apache 2.0", "Apache-2.0"),
            ("apache license 2.0", "Apache-2.0"),
            ("Apache License, Version 2.0", "Apache-2.0"),
            ("MIT license", "MIT"),
            ("CC BY-SA 4.0", "CC-BY-SA-4.0"),
            ("CC-BY-NC-4.0", "CC-BY-NC-4.0"),
            ("gpl-3.0", "GPL-3.0-only"),
            ("openmdw-1.0", "OpenMDW-1.0"),
        ] {
            let found = find(name).unwrap_or_else(|| panic!("{name}"));
            assert_eq!(found.spdx_id(), id, "{name}");
        }
        assert!(find("no such license").is_none());
        assert!(find("").is_none());
        assert_eq!(find("lgpl-lr").unwrap().spdx_id(), "LGPLLR");
    }

    #[test]
    fn every_id_of_the_hub_has_a_row_and_is_a_valid_spelling() {
        // The hub's documentation lists these 83 ids (hub-docs, August 2026).
        let ids = "apache-2.0 mit openrail bigscience-openrail-m creativeml-openrail-m bigscience-bloom-rail-1.0
             bigcode-openrail-m afl-3.0 artistic-2.0 bsl-1.0 bsd bsd-2-clause bsd-3-clause
             bsd-3-clause-clear c-uda cc cc0-1.0 cc-by-2.0 cc-by-2.5 cc-by-3.0 cc-by-4.0 cc-by-sa-3.0
             cc-by-sa-4.0 cc-by-nc-2.0 cc-by-nc-3.0 cc-by-nc-4.0 cc-by-nd-4.0 cc-by-nc-nd-3.0
             cc-by-nc-nd-4.0 cc-by-nc-sa-2.0 cc-by-nc-sa-3.0 cc-by-nc-sa-4.0 cdla-sharing-1.0
             cdla-permissive-1.0 cdla-permissive-2.0 wtfpl ecl-2.0 epl-1.0 epl-2.0 etalab-2.0 eupl-1.1
             eupl-1.2 agpl-3.0 gfdl gpl gpl-2.0 gpl-3.0 lgpl lgpl-2.1 lgpl-3.0 isc h-research intel-research
             lppl-1.3c ms-pl apple-ascl apple-amlr mpl-2.0 odc-by odbl openmdw-1.0 openmdw-1.1 openrail++
             osl-3.0 postgresql ofl-1.1 ncsa unlicense zlib pddl lgpl-lr deepfloyd-if-license
             fair-noncommercial-research-license llama2 llama3 llama3.1 llama3.2 llama3.3 llama4
             grok2-community gemma unknown other";
        assert_eq!(ids.split_whitespace().count(), 83);
        for id in ids.split_whitespace() {
            assert!(all().iter().any(|l| l.id == id), "{id} has no row");
            let names_one = !["unknown", "other"].contains(&id);
            assert_eq!(spelling(id) == Spelling::Valid, names_one, "{id}");
        }
    }

    #[test]
    fn spelling_suggests() {
        assert_eq!(spelling("apache-2.0"), Spelling::Valid);
        assert_eq!(spelling("Apache-2.0 OR MIT"), Spelling::Valid);
        assert_eq!(spelling("Apache 2.0"), Spelling::Invalid(vec!["Apache-2.0".into()]));
        assert!(matches!(spelling("apachee-2.0"), Spelling::Invalid(near) if near.contains(&"apache-2.0".to_owned())));
        assert!(matches!(spelling("GPL-3.0"), Spelling::Deprecated(_)));
    }
}
