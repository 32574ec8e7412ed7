//! What is known of releases, read from the TOML files beside this one: facts in our words, and the verdicts that they
//! call for by the rules of the tool. Fields that nobody knows are refused.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::Path;

use serde::Deserialize;

/// The criteria that are compared, as the report names them.
pub(crate) const CRITERIA: [&str; 3] = ["license", "data", "recipe"];

/// How an audit answers a criterion.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Verdict {
    Pass,
    Partial,
    Fail,
    Unknown,
}

impl Verdict {
    pub(crate) const ALL: [Verdict; 4] = [Verdict::Pass, Verdict::Partial, Verdict::Fail, Verdict::Unknown];
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(["pass", "partial", "fail", "unknown"][*self as usize])
    }
}

/// All that the files tell.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Facts {
    pub(crate) release: Vec<Release>,
    pub(crate) dataset: Vec<Dataset>,
    pub(crate) repository: Vec<Repository>,
}

/// A release of a model or of a dataset. Without `expected` it is only there for others to build on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Release {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) kind: Kind,
    /// Where the facts were found, and when.
    pub(crate) source: String,
    /// Language of the card.
    #[serde(default)]
    pub(crate) language: Language,
    /// What it is, after "NAME is".
    pub(crate) about: Option<String>,
    /// The value of `license` in the front matter; of several, a list.
    #[serde(default)]
    pub(crate) license: Tag,
    pub(crate) license_name: Option<String>,
    pub(crate) license_link: Option<String>,
    /// The license as the text of the card names it; where this is silent, the text may name that of the front matter.
    pub(crate) license_said: Option<String>,
    /// What the card says of the license beside its name, a sentence each.
    #[serde(default)]
    pub(crate) terms: Vec<String>,
    /// What the card says of the uses it is made for, a sentence each.
    #[serde(default)]
    pub(crate) uses: Vec<String>,
    /// What else it says.
    #[serde(default)]
    pub(crate) says: Vec<String>,
    pub(crate) gate: Option<Gate>,
    /// Training data; of a dataset, what it was made from.
    #[serde(default)]
    pub(crate) data: Vec<Data>,
    /// Training data as the card describes it, without a name for any of it.
    pub(crate) described: Option<String>,
    /// Further training data that is described without a name.
    pub(crate) rest: Option<String>,
    /// Whether the card says that nothing else was read.
    #[serde(default)]
    pub(crate) whole: bool,
    #[serde(default)]
    pub(crate) base: Vec<String>,
    /// Whether only the text names the base.
    #[serde(default)]
    pub(crate) base_in_text: bool,
    /// Repositories that the card calls its training code.
    #[serde(default)]
    pub(crate) code: Vec<String>,
    /// Repositories that it links without saying what they hold.
    #[serde(default)]
    pub(crate) links: Vec<String>,
    /// Repositories of the code that prepared the data.
    #[serde(default)]
    pub(crate) processing: Vec<String>,
    /// Frameworks that the card says it was trained with.
    #[serde(default)]
    pub(crate) frameworks: Vec<String>,
    pub(crate) settings: Option<Settings>,
    #[serde(default)]
    pub(crate) logs: bool,
    #[serde(default)]
    pub(crate) checkpoints: bool,
    #[serde(default)]
    pub(crate) weights: Weights,
    /// Files of the release: `spdx:ID` for the text of a license, nothing for what a file of that name would hold.
    #[serde(default)]
    pub(crate) files: BTreeMap<String, String>,
    /// Files that the card says are part of the release.
    #[serde(default)]
    pub(crate) claims: Vec<String>,
    /// Verdicts; a criterion that the facts do not settle is left out.
    #[serde(default)]
    pub(crate) expected: BTreeMap<String, Verdict>,
    #[serde(default)]
    pub(crate) because: BTreeMap<String, String>,
    /// Criteria on which the tool is known to differ, each with the cause.
    #[serde(default)]
    pub(crate) known: BTreeMap<String, String>,
}

#[derive(Clone, Copy, Default, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    #[default]
    Model,
    Dataset,
}

#[derive(Clone, Copy, Default, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Language {
    #[default]
    En,
    Fr,
}

#[derive(Default, Deserialize)]
#[serde(untagged)]
pub(crate) enum Tag {
    #[default]
    None,
    One(String),
    Many(Vec<String>),
}

/// How hyper-parameters are published.
#[derive(Clone, Copy, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Settings {
    /// All, in the card or as a file beside the code: which of them, the builder chooses.
    Published,
    /// All, in the card.
    Card,
    /// The steps and the precision only.
    Some,
}

#[derive(Clone, Copy, Default, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Weights {
    #[default]
    Safetensors,
    Bin,
    Pt,
}

/// The form before the files.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Gate {
    /// `auto` or `manual`.
    pub(crate) mode: String,
    pub(crate) prompt: Option<String>,
    #[serde(default)]
    pub(crate) fields: Vec<String>,
    #[serde(default)]
    pub(crate) boxes: Vec<String>,
}

/// A set that a card names: by its id on the hub, or in words.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Data {
    Id(String),
    More(Named),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Named {
    pub(crate) id: Option<String>,
    pub(crate) words: Option<String>,
    /// What the card says of it in passing.
    pub(crate) note: Option<String>,
    /// Whether the card says that it is not published.
    #[serde(default)]
    pub(crate) withheld: bool,
    /// Whether the front matter leaves it out.
    #[serde(default)]
    pub(crate) text_only: bool,
    /// What it was made from, by id or in words.
    #[serde(default)]
    pub(crate) made_from: Vec<String>,
}

/// A dataset of the hub.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Dataset {
    pub(crate) id: String,
    pub(crate) license: Option<String>,
    #[serde(default)]
    pub(crate) access: Access,
    /// What its card says.
    #[serde(default)]
    pub(crate) says: Vec<String>,
}

#[derive(Clone, Copy, Default, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Access {
    #[default]
    Public,
    Gated,
    /// An extract is public, and its card says so.
    Extract,
    /// A card without data.
    Empty,
    Disabled,
    Gone,
}

/// A repository of a code host.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Repository {
    pub(crate) id: String,
    /// An SPDX id, or `other`; none where the repository has no license.
    pub(crate) license: Option<String>,
    /// What its license file says, where it is no license of the SPDX list.
    pub(crate) license_text: Option<String>,
    #[serde(default)]
    pub(crate) files: Vec<String>,
}

impl Facts {
    /// Reads the TOML files of a folder.
    pub(crate) fn read(folder: &Path) -> Facts {
        let mut all = Facts::default();
        let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths.iter().filter(|p| p.extension().is_some_and(|e| e == "toml")) {
            let text = fs::read_to_string(path).unwrap();
            let facts: Facts = toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            all.release.extend(facts.release);
            all.dataset.extend(facts.dataset);
            all.repository.extend(facts.repository);
        }
        all.hold_together();
        all
    }

    /// Refuses facts that name what no file tells of, twins, and verdicts without a reason.
    fn hold_together(&self) {
        let sets = self.dataset.iter().map(|d| &d.id);
        let sets = sets.chain(self.release.iter().filter(|r| r.kind == Kind::Dataset).map(|r| &r.id));
        let sets = unique("dataset", sets);
        let models = unique("model", self.release.iter().filter(|r| r.kind == Kind::Model).map(|r| &r.id));
        let code = unique("repository", self.repository.iter().map(|r| &r.id));
        for release in &self.release {
            let id = &release.id;
            for set in release.data.iter().filter_map(Data::id) {
                assert!(sets.contains(set), "{id}: no dataset {set}");
            }
            for base in &release.base {
                assert!(models.contains(base.as_str()), "{id}: no model {base}");
            }
            for repository in
                [&release.code, &release.links, &release.processing, &release.frameworks].into_iter().flatten()
            {
                assert!(code.contains(repository.as_str()), "{id}: no repository {repository}");
            }
            for key in release.expected.keys().chain(release.because.keys()) {
                assert!(CRITERIA.contains(&key.as_str()), "{id}: no criterion {key}");
            }
            for key in release.expected.keys() {
                assert!(release.because.contains_key(key), "{id}: no reason for {key}");
            }
            for key in release.known.keys() {
                assert!(release.expected.contains_key(key), "{id}: {key} is not compared");
            }
            assert!(!release.source.is_empty(), "{id}: no source");
        }
    }
}

fn unique<'a>(what: &str, ids: impl Iterator<Item = &'a String>) -> BTreeSet<&'a str> {
    let mut out = BTreeSet::new();
    for id in ids {
        assert!(out.insert(id.as_str()), "the {what} {id} is told of twice");
    }
    out
}

impl Data {
    /// The id on the hub.
    pub(crate) fn id(&self) -> Option<&str> {
        match self {
            Data::Id(id) => Some(id),
            Data::More(named) => named.id.as_deref(),
        }
    }

    /// What there is to say beside the id.
    pub(crate) fn more(&self) -> Option<&Named> {
        match self {
            Data::Id(_) => None,
            Data::More(named) => Some(named),
        }
    }
}
