//! Audits by name, against a stand-in for the hub on loopback: what is asked for, what is learnt, and what is left open.

mod code;
mod facts;
mod faults;
mod limits;
mod references;
mod targets;

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::stub::Stub;
use crate::support::{Audit, Run, program};

/// A folder of repositories to be served.
pub(crate) struct Site {
    root: TempDir,
}

impl Site {
    pub(crate) fn empty() -> Site {
        Site { root: tempfile::tempdir().expect("a temporary directory") }
    }

    /// A model with a dataset, a base and a repository of code, all there.
    pub(crate) fn whole() -> Site {
        let site = Site::empty();
        site.model("acme/tuned", TUNED);
        site.write("models/acme/tuned/main/config.json", r#"{"model_type": "llama", "hidden_size": 8}"#);
        // The hub tells of the configuration: asking for the file would count as a download.
        let config = json!({ "model_type": "llama", "tokenizer_config": { "chat_template": "x".repeat(500) } });
        site.write("models/acme/tuned/meta.json", json!({ "config": config }).to_string());
        site.write("models/acme/tuned/main/LICENSE", apache());
        site.model("acme/base", "---\nlicense: apache-2.0\n---\n# Base\n\nIt was trained from scratch.\n");
        site.dataset("acme/corpus", "---\nlicense: cc0-1.0\n---\n# Corpus\n\nTexts of old books.\n");
        site.code("acme/train", &["train.py", "LICENSE"]);
        site.write("code/acme/train/meta.json", r#"{"license": "Apache-2.0"}"#);
        site
    }

    pub(crate) fn path(&self) -> &Path {
        self.root.path()
    }

    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.root.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }

    /// A model with its card and weights.
    pub(crate) fn model(&self, id: &str, card: &str) {
        self.write(&format!("models/{id}/main/README.md"), card);
        self.write(&format!("models/{id}/main/model.safetensors"), weights());
    }

    /// A dataset with its card and a file of data.
    pub(crate) fn dataset(&self, id: &str, card: &str) {
        self.write(&format!("datasets/{id}/main/README.md"), card);
        self.write(&format!("datasets/{id}/main/data/train.jsonl"), "{\"text\": \"a\"}\n");
    }

    /// A repository of code.
    pub(crate) fn code(&self, id: &str, files: &[&str]) {
        for file in files {
            self.write(&format!("code/{id}/{file}"), "import torch\nprint(1)\n");
        }
    }

    pub(crate) fn serve(&self) -> Stub {
        Stub::serve(self.path())
    }
}

/// A card that names a dataset, a base and a repository.
const TUNED: &str = "---
license: apache-2.0
datasets:
- acme/corpus
base_model: acme/base
---
# Tuned

It was trained with the code at [github.com/acme/train](https://github.com/acme/train).
";

pub(crate) fn apache() -> Vec<u8> {
    fs::read(Path::new(crate::support::HERE).join("LICENSE")).expect("the license of this crate")
}

/// Weights of one tensor: more bytes than are fetched of large files at first.
fn weights() -> Vec<u8> {
    const BYTES: usize = 200_000;
    let header = format!(r#"{{"w":{{"dtype":"F32","shape":[{}],"data_offsets":[0,{BYTES}]}}}}"#, BYTES / 4);
    let mut out = (header.len() as u64).to_le_bytes().to_vec();
    out.extend(header.bytes());
    out.extend([7; BYTES]);
    out
}

/// The program with a stub in place of every service.
pub(crate) fn live(stub: &Stub) -> Command {
    let mut command = program();
    for name in ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        command.env_remove(name);
    }
    command.env_remove("HF_HUB_OFFLINE").env_remove("TRANSFORMERS_OFFLINE").env("HF_ENDPOINT", stub.url());
    let others = [
        ("GITHUB_API_URL", "code-api"),
        ("GITLAB_API_URL", "gitlab-api"),
        ("ZENODO_API_URL", "zenodo-api"),
        ("DATACITE_API_URL", "datacite-api"),
        ("SWH_API_URL", "heritage-api"),
    ];
    for (name, path) in others {
        command.env(name, format!("{}/{path}", stub.url()));
    }
    command.env("OUVERT_TRUSTED_HOSTS", stub.cdn());
    command
}

/// Audits a target; the report must be there.
pub(crate) fn audited(command: &mut Command, target: &str, args: &[&str]) -> Audit {
    let run = Run::of(command.args(["audit", target, "--format", "json"]).args(args).output().expect("it runs"));
    let report = serde_json::from_str(&run.stdout)
        .unwrap_or_else(|e| panic!("{target}: no report ({e}), exit {}: {}", run.code, run.stderr));
    Audit { report, code: run.code, stderr: run.stderr }
}

pub(crate) fn audit(stub: &Stub, target: &str) -> Audit {
    let audit = audited(&mut live(stub), target, &[]);
    assert_eq!(audit.code, 0, "{}", audit.stderr);
    audit
}

/// How a dataset of the report can be had.
pub(crate) fn access<'a>(audit: &'a Audit, id: &str) -> &'a str {
    let sets = audit.report["datasets"].as_array().expect("datasets");
    let set = sets.iter().find(|d| d["id"] == id).unwrap_or_else(|| panic!("no {id} in {sets:?}"));
    set["access"].as_str().expect("an access")
}

/// A report without what must differ between two audits of one state: the time, and that the answers were kept ones.
fn lasting(audit: &Audit) -> Value {
    let mut report = audit.report.clone();
    report.as_object_mut().expect("an object").remove("audited_at");
    report
}
