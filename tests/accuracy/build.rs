//! Releases rebuilt from facts, as a folder that the stub hub serves: cards, license texts, weights, datasets,
//! repositories of code. A hash of the id chooses among wordings; no name has one of its own.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::card::Card;
use crate::facts::{Access, Dataset, Facts, Kind, Release, Repository, Settings, Weights};

/// Writes all that the facts tell of below a folder.
pub(crate) fn site(root: &Path, facts: &Facts) {
    for set in &facts.dataset {
        dataset(root, set);
    }
    for repository in &facts.repository {
        code(root, repository);
    }
    for release in &facts.release {
        let kind = if release.kind == Kind::Dataset { "datasets" } else { "models" };
        let folder = root.join(kind).join(&release.id);
        write(&folder.join("main/README.md"), Card { release, facts }.text());
        for (path, text) in &release.files {
            write(&folder.join("main").join(path), file(path, text, &release.id));
        }
        for (path, bytes) in payload(release) {
            write(&folder.join("main").join(path), bytes);
        }
        let gate = release.gate.as_ref().map_or(json!(false), |gate| gate.mode.as_str().into());
        let branches: &[&str] = if release.checkpoints { &["step-10000", "step-20000"] } else { &[] };
        write(&folder.join("meta.json"), json!({ "gated": gate, "open_card": true, "branches": branches }).to_string());
        if beside_the_code(release) {
            let path = format!("configs/{}.yaml", name_of(&release.id).to_lowercase());
            write(&root.join("code").join(&release.code[0]).join(&path), file(&path, "", &release.id));
        }
    }
}

fn write(path: &Path, bytes: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
    fs::write(path, bytes).expect("a file");
}

/// Weights or data, and what stands beside them.
fn payload(release: &Release) -> Vec<(&'static str, Vec<u8>)> {
    if release.kind == Kind::Dataset {
        return vec![("data/train-00000.parquet", parquet())];
    }
    let header = r#"{"w":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}"#;
    let tensors = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &[1; 16]].concat();
    let weights = match release.weights {
        Weights::Safetensors => ("model.safetensors", tensors),
        Weights::Bin => ("pytorch_model.bin", vec![2; 64]),
        Weights::Pt => ("model.pt", vec![3; 64]),
    };
    vec![weights, ("config.json", br#"{"hidden_size": 4, "model_type": "llama"}"#.to_vec())]
}

fn parquet() -> Vec<u8> {
    [&b"PAR1"[..], &[0; 64], b"PAR1"].concat()
}

fn dataset(root: &Path, set: &Dataset) {
    if set.access == Access::Gone {
        return;
    }
    let folder = root.join("datasets").join(&set.id);
    let license = set.license.as_ref().map(|id| format!("license: {id}\n")).unwrap_or_default();
    let extract = [
        "This repository holds a public extract of the corpus; the whole is not published.",
        "Only a part of the corpus is published here.",
    ];
    let extract = if set.access == Access::Extract { choose(&set.id, "extract", &extract) } else { "" };
    let says = set.says.join(" ");
    let text = format!("---\n{license}pretty_name: {0}\n---\n\n# {0}\n\n{extract}\n\n{says}\n", name_of(&set.id));
    write(&folder.join("main/README.md"), text);
    if set.access != Access::Empty {
        write(&folder.join("main/data/train-00000.parquet"), parquet());
    }
    let gate = if set.access == Access::Gated { json!("auto") } else { json!(false) };
    let disabled = set.access == Access::Disabled;
    write(&folder.join("meta.json"), json!({ "gated": gate, "open_card": true, "disabled": disabled }).to_string());
}

fn code(root: &Path, repository: &Repository) {
    let folder = root.join("code").join(&repository.id);
    for path in &repository.files {
        write(&folder.join(path), file(path, "", &repository.id));
    }
    if let Some(text) = &repository.license_text {
        write(&folder.join("LICENSE"), text);
    }
    let other = repository.license.as_deref() == Some("other");
    let license = repository.license.as_deref().filter(|_| !other);
    write(&folder.join("meta.json"), json!({ "license": license, "other": other }).to_string());
}

/// A number that stays with a name: 64-bit FNV-1a.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// A number that changes all wordings: `ACCURACY_WORDING=7` asks for others than those that count.
static WORDING: LazyLock<String> = LazyLock::new(|| std::env::var("ACCURACY_WORDING").unwrap_or_default());

/// One of some wordings, the same each time for an id and a purpose.
pub(crate) fn choose<T: Copy>(id: &str, purpose: &str, wordings: &[T]) -> T {
    // The last letters reach few bits of the hash: a further round spreads them.
    let hash = hash(&format!("{id} {purpose}{}", *WORDING));
    let spread = (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    wordings[(spread >> 32) as usize % wordings.len()]
}

pub(crate) fn name_of(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

/// Whether the settings lie as a file beside the training code.
pub(crate) fn beside_the_code(release: &Release) -> bool {
    release.settings == Some(Settings::Published)
        && !release.code.is_empty()
        && choose(&release.id, "settings", &[true, false])
}

/// A program that trains.
const TRAINS: &str = "\
import torch


def train(model, batches, lr, steps):
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr)
    for step, batch in zip(range(steps), batches):
        loss = model(**batch).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
    return model
";

/// A program that does not.
const COUNTS: &str = "\
import sys


def run(path):
    with open(path) as lines:
        return sum(1 for line in lines if line)


print(run(sys.argv[1]))
";

/// A script that starts a program.
const LAUNCHES: &str = "set -e\nexport OMP_NUM_THREADS=8\nsrun torchrun --nproc_per_node 8 $@\n";

/// The text of a file: given, that of a license, or what its name promises.
fn file(path: &str, text: &str, id: &str) -> String {
    if let Some(license) = text.strip_prefix("spdx:") {
        return spdx::license_id(license).unwrap_or_else(|| panic!("no license {license}")).text().to_owned();
    }
    if !text.is_empty() {
        return text.to_owned();
    }
    let name = name_of(path).to_lowercase();
    let ending = name.rsplit('.').next().unwrap_or_default();
    let trains = ["train", "tune", "sft", "dpo", "ppo", "main"].iter().any(|word| name.contains(word));
    match ending {
        "py" if trains => TRAINS.to_owned(),
        "py" => COUNTS.to_owned(),
        "sh" | "sbatch" | "slurm" => LAUNCHES.to_owned(),
        "yaml" | "yml" => {
            let key = |name: &str| name.to_lowercase().replace([' ', '-'], "_");
            let rows = settings(id).map(|(name, _, value)| format!("  {}: {value}\n", key(name)));
            format!("model:\n  hidden_size: 4096\ntraining:\n{}", rows.concat())
        }
        "json" | "gin" => {
            let rows = settings(id).map(|(key, _, value)| (key.to_lowercase().replace([' ', '-'], "_"), value.into()));
            Value::Object(rows.into_iter().collect()).to_string()
        }
        "txt" => "torch==2.3.0\ntransformers==4.41.0\n".to_owned(),
        _ => format!("{}\n", name_of(id)),
    }
}

/// Hyper-parameters that fit an id: English and French name, value.
pub(crate) fn settings(id: &str) -> [(&'static str, &'static str, &'static str); 8] {
    [
        ("Optimizer", "Optimiseur", choose(id, "optimizer", &["AdamW", "Adam", "AdamW (fused)"])),
        ("Learning rate", "Taux d'apprentissage", choose(id, "rate", &["3e-4", "2.0e-5", "0.00012"])),
        ("Schedule", "Calendrier du taux d'apprentissage", choose(id, "schedule", &["cosine", "linear", "cosine"])),
        ("Batch size", "Taille de lot", choose(id, "batch", &["1024", "256", "512"])),
        ("Sequence length", "Longueur de séquence", choose(id, "length", &["2048", "4096", "8192"])),
        ("Training steps", "Nombre de pas", choose(id, "steps", &["143000", "20000", "480000"])),
        ("Precision", "Précision", choose(id, "precision", &["bf16", "fp16", "bfloat16"])),
        ("Parallelism", "Parallélisme", choose(id, "parallelism", &["FSDP", "data parallel", "tensor parallel 4"])),
    ]
}
