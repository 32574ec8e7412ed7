//! What a file is, by its path: `rules/artifacts.toml`. It opens no file.

use std::path::Path;
use std::sync::LazyLock;

use globset::{GlobSet, GlobSetBuilder};
use serde::Deserialize;

use super::parse;
use crate::evidence::ArtifactKind;

/// The embedded table.
pub const TABLE: &str = include_str!("../../rules/artifacts.toml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[allow(dead_code)] // checked by the parser
    schema: u32,
    #[allow(dead_code)] // for the reader of the table
    version: semver::Version,
    artifact: Vec<Row>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    kind: ArtifactKind,
    globs: Vec<String>,
}

struct Table {
    set: GlobSet,
    kinds: Vec<ArtifactKind>,
}

static PARSED: LazyLock<Table> = LazyLock::new(|| {
    // Embedded: the test below fails before a user could meet an empty table.
    let rows = parse::<File>(Path::new("rules/artifacts.toml"), TABLE).map(|f| f.artifact).unwrap_or_default();
    let mut builder = GlobSetBuilder::new();
    let mut kinds = Vec::new();
    for row in rows {
        for glob in row.globs {
            if let Some(glob) = super::glob(&glob) {
                builder.add(glob);
                kinds.push(row.kind);
            }
        }
    }
    Table { set: builder.build().unwrap_or_else(|_| GlobSet::empty()), kinds }
});

/// What the file at a path is; [`ArtifactKind::Other`] when no row matches.
pub fn kind_of(path: &str) -> ArtifactKind {
    let matches = PARSED.set.matches(path.to_lowercase());
    matches.iter().min().and_then(|i| PARSED.kinds.get(*i)).copied().unwrap_or_default()
}

/// Endings of program code.
const CODE: &[&str] = &[
    "py", "sh", "slurm", "sbatch", "ipynb", "rs", "c", "cc", "cpp", "cu", "h", "hpp", "jl", "go", "java", "js", "ts",
    "lua", "scala", "kt", "swift", "r", "m", "pl", "bash", "nix", "smk",
];

/// Whether the name of a file is that of program code.
pub fn is_code(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').is_some_and(|(_, ending)| CODE.contains(&ending.to_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_seen_in_releases() {
        let file: File = parse(Path::new("rules/artifacts.toml"), TABLE).unwrap();
        assert_eq!(PARSED.kinds.len(), file.artifact.iter().map(|r| r.globs.len()).sum::<usize>());
        for (path, kind) in [
            ("README.md", ArtifactKind::ModelCard),
            ("data/README.md", ArtifactKind::DataCard),
            ("LICENSE", ArtifactKind::License),
            ("LICENSE-MODEL", ArtifactKind::License),
            ("USE_POLICY.md", ArtifactKind::Policy),
            ("model.safetensors", ArtifactKind::Weights),
            ("model-00001-of-00002.safetensors", ArtifactKind::Weights),
            ("pytorch_model.bin", ArtifactKind::Weights),
            ("checkpoints/step-0500.safetensors", ArtifactKind::Checkpoint),
            ("train.py", ArtifactKind::TrainingCode),
            ("config/train.json", ArtifactKind::TrainingConfig),
            ("inference/train.py", ArtifactKind::InferenceCode),
            ("examples/train.py", ArtifactKind::InferenceCode),
            ("prepare.py", ArtifactKind::ProcessingCode),
            ("eval/results.json", ArtifactKind::EvaluationResults),
            ("logs/train.jsonl", ArtifactKind::Log),
            ("tokenizer.json", ArtifactKind::Tokenizer),
            ("config.json", ArtifactKind::Config),
            ("1_Pooling/config.json", ArtifactKind::Config),
            ("data_config.json", ArtifactKind::Data),
            ("ouvert.toml", ArtifactKind::Manifest),
            ("SHA256SUMS", ArtifactKind::Manifest),
            ("model.cdx.json", ArtifactKind::Manifest),
            ("sbom/my-mlbom.json", ArtifactKind::Manifest),
            ("data/my_croissant.json", ArtifactKind::DataCard),
            (".gitattributes", ArtifactKind::Housekeeping),
            ("uv.lock", ArtifactKind::Environment),
            ("whatever", ArtifactKind::Other),
        ] {
            assert_eq!(kind_of(path), kind, "{path}");
        }
    }
}
