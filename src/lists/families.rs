//! Families of models whose terms bar uses and follow what is made from them: `rules/families.toml`.
//! It knows names alone: a model of another name may stand under such terms too.

use std::borrow::Cow;
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use super::licenses::{self, License};
use super::{parse, pattern};

/// The embedded table.
pub const TABLE: &str = include_str!("../../rules/families.toml");

/// Bytes of a name that is looked at.
const LONGEST: usize = 200;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[allow(dead_code)] // checked by the parser
    schema: u32,
    #[allow(dead_code)] // for the reader of the table
    version: Option<semver::Version>,
    family: Vec<Family>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Family {
    pattern: String,
    license: String,
    #[allow(dead_code)] // for the reader of the table
    source: String,
}

static ROWS: LazyLock<Vec<(Regex, String)>> = LazyLock::new(|| {
    // Embedded: the test below fails before a user could meet an empty table.
    let file = parse::<File>(Path::new("rules/families.toml"), TABLE).unwrap_or_default();
    file.family.into_iter().filter_map(|f| Some((pattern(&f.pattern)?, f.license))).collect()
});

/// The license under whose terms the weights of a model stand, by its name or its id on the hub; `None` when no family
/// with terms that bar uses is known by that name.
pub fn license_of(model: &str) -> Option<Cow<'static, License>> {
    let name = model.trim().rsplit('/').next().filter(|n| n.len() <= LONGEST)?.replace('_', "-");
    let (_, id) = ROWS.iter().find(|(pattern, _)| pattern.is_match(&name))?;
    licenses::find(id)
}

/// Whether two licenses are versions of one family's: their ids differ in a version alone.
pub fn are_versions(a: &License, b: &License) -> bool {
    let stem = |l: &License| l.id.chars().filter(|c| !c.is_ascii_digit() && *c != '.').collect::<String>();
    a.id != b.id && stem(a) == stem(b) && ROWS.iter().any(|(_, id)| *id == a.id || *id == b.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_parses_and_names_a_license_that_bars_uses() {
        let file: File = parse(Path::new("rules/families.toml"), TABLE).unwrap();
        assert_eq!(ROWS.len(), file.family.len());
        for family in file.family {
            let license = licenses::find(&family.license).unwrap_or_else(|| panic!("{}", family.license));
            assert!(license.restricts() && license.id == family.license, "{}", family.license);
            assert!(family.source.starts_with("https://"), "{}", family.license);
        }
    }

    #[test]
    fn names_of_members_and_others() {
        for (model, id) in [
            ("meta-llama/Llama-2-70b-hf", Some("llama2")),
            ("CodeLlama-7B", Some("llama2")),
            ("Llama-3_3-x-49B", Some("llama3.3")),
            ("Meta-Llama-3-8B", Some("llama3")),
            ("Llama-3.1-405B", Some("llama3.1")),
            ("LLaMA-13B", Some("llama1")),
            ("Llama-Acme-2-70B", Some("llama-community")),
            ("TinyLlama-1.1B", None),
            ("OpenLLaMA-7B", None),
            ("Gemma-2-2B", Some("gemma")),
            ("DeepSeek-Coder-6.7B-Base", Some("deepseek")),
            ("DeepSeek-V3-Base", Some("deepseek")),
            ("DeepSeek-V3.2", None),
            ("DeepSeek-R1-Distill-Qwen-32B", None),
            ("Falcon-180B", Some("falcon-180b-tii")),
            ("Falcon-7B", None),
            ("Falcon-H1-7B-Base", Some("tii-falcon-license-2.0")),
            ("BLOOM", Some("bigscience-bloom-rail-1.0")),
            ("StarCoder2-15B", Some("bigcode-openrail-m")),
            ("Stable Diffusion (version unknown)", Some("creativeml-openrail-m")),
            ("Stable-Diffusion-2-Base", Some("openrail++")),
            ("Stable-Diffusion-3.5-Large", Some("stability-ai-community")),
            ("Qwen1.5-110B", Some("tongyi-qianwen")),
            ("Qwen2.5-72B", Some("qwen")),
            ("Qwen2.5-3B", Some("qwen-research")),
            ("Qwen2.5-7B", None),
            ("Qwen3-32B", None),
            ("Yi-34B", None),
            ("Mixtral-8x22B-v0.1", None),
            ("Pythia-12B", None),
        ] {
            assert_eq!(license_of(model).as_ref().map(|l| l.id.as_str()), id, "{model}");
        }
        assert!(license_of(&"llama".repeat(100)).is_none());
    }

    #[test]
    fn versions_of_one_license() {
        let find = |id: &str| licenses::find(id).unwrap();
        assert!(are_versions(&find("llama3"), &find("llama3.1")));
        for (a, b) in [("llama3", "llama3"), ("llama3", "gemma"), ("GPL-2.0-only", "GPL-3.0-only")] {
            assert!(!are_versions(&find(a), &find(b)), "{a} {b}");
        }
    }
}
