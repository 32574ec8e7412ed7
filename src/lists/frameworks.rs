//! General training frameworks: `rules/frameworks.toml`. A link to one tells with what a model was trained, not how.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use serde::Deserialize;

use super::parse;

/// The embedded table.
pub const TABLE: &str = include_str!("../../rules/frameworks.toml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[allow(dead_code)] // checked by the parser
    schema: u32,
    #[allow(dead_code)] // for the reader of the table
    version: semver::Version,
    repositories: BTreeSet<String>,
}

static NAMES: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    // Embedded: the test below fails before a user could meet an empty table.
    let names = parse::<File>(Path::new("rules/frameworks.toml"), TABLE).map(|f| f.repositories).unwrap_or_default();
    names.into_iter().map(|n| n.to_lowercase()).collect()
});

/// Whether a repository, named `github.com/OWNER/NAME`, is a general framework.
pub fn is_general(name: &str) -> bool {
    NAMES.contains(&name.to_lowercase())
}

/// Whether a repository is a general framework to a model that `id` (`OWNER/NAME`) of the hub holds: to those who made both
/// it is their own code.
pub fn is_general_to(name: &str, id: &str) -> bool {
    let owner = |name: &str, at: usize| name.split('/').nth(at).map(str::to_lowercase).filter(|o| !o.is_empty());
    // "facebook" on the hub is "facebookresearch" where the code is.
    let alike = |a: &str, b: &str| {
        let rest = b.strip_prefix(a).map(|r| r.trim_start_matches('-'));
        rest.is_some_and(|r| matches!(r, "" | "research" | "ai" | "lab" | "labs"))
    };
    let same = owner(id, 0).zip(owner(name, 1)).is_some_and(|(a, b)| alike(&a, &b) || alike(&b, &a));
    is_general(name) && !same
}

/// Whether a repository is a general framework or is named as one: a copy of it under another owner.
pub fn is_copy(name: &str) -> bool {
    let last = |n: &str| n.rsplit('/').next().unwrap_or_default().to_lowercase();
    is_general(name) || NAMES.iter().any(|n| last(n) == last(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_parses_and_holds_names_of_repositories() {
        parse::<File>(Path::new("rules/frameworks.toml"), TABLE).unwrap();
        assert!(NAMES.len() > 30);
        assert!(NAMES.iter().all(|n| n.split('/').count() == 3), "{NAMES:?}");
        assert!(is_general("github.com/NVIDIA/Megatron-LM") && !is_general("github.com/a/b"));
        assert!(
            is_general_to("github.com/NVIDIA/Megatron-LM", "acme/m")
                && is_general_to("github.com/NVIDIA/Megatron-LM", "")
        );
        assert!(!is_general_to("github.com/NVIDIA/Megatron-LM", "nvidia/m"));
        assert!(!is_general_to("github.com/facebookresearch/fairseq", "facebook/m"));
        assert!(is_general_to("github.com/huggingface/trl", "HuggingFaceH4/m"));
        assert!(is_copy("github.com/another/Megatron-LM") && !is_general("github.com/another/Megatron-LM"));
    }
}
