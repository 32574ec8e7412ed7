//! The shipped release: it reaches the highest level, trains again to the same bytes, and loses the level with each
//! essential thing that is taken away.

use std::fs;
use std::process::Command;

use crate::support::{Audit, Release, skip};

#[test]
fn it_is_open_source_and_every_listed_file_verified() {
    let release = Release::tiny_open();
    let audit = release.audit(&[]);
    assert_eq!((audit.code, audit.level()), (0, "open-source"), "{}", audit.shortfalls());
    assert_eq!(audit.report["gate"]["passed"], true);
    assert_eq!(audit.report["gaps"], serde_json::json!([]));
    for path in release.files().iter().filter(|p| *p != "ouvert.toml") {
        assert_eq!(audit.status(path), Some("verified"), "{path}");
    }
    for finding in audit.report["findings"].as_array().unwrap() {
        let met = finding["outcome"] == "met" || finding["outcome"] == "not-applicable";
        assert!(met || finding["need"] == "recommended", "{finding}");
    }
    assert_eq!(audit.stderr, "");
}

#[test]
fn it_trains_again_to_the_same_bytes() {
    if Command::new("python3").arg("--version").output().is_err() {
        skip("python3 is missing");
        return;
    }
    let release = Release::tiny_open();
    let output = release.outside().join("again");
    fs::create_dir(&output).unwrap();
    let steps: [(&str, &[&str]); 3] = [
        ("prepare.py", &["tokenizer.json"]),
        (
            "train.py",
            &[
                "model.safetensors",
                "checkpoints/step-1000.safetensors",
                "checkpoints/step-2000.safetensors",
                "logs/train.jsonl",
            ],
        ),
        ("evaluate.py", &["eval/results.json"]),
    ];
    for (script, made) in steps {
        let run = Command::new("python3")
            .arg("-I")
            .arg(release.path().join(script))
            .arg("--output")
            .arg(&output)
            .output()
            .unwrap();
        assert!(run.status.success(), "{script}: {}", String::from_utf8_lossy(&run.stderr));
        for path in made {
            assert!(fs::read(output.join(path)).unwrap() == release.bytes(path), "{script} made another {path}");
        }
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let release = Release::tiny_open();
    for format in ["json", "table"] {
        let run = |jobs: &[&str]| {
            release.run(&[&["audit", "release", "--format", format, "--verbose"], jobs].concat()).stdout
        };
        let first = run(&[]);
        assert!(first.len() > 1000);
        for jobs in [&[][..], &["--jobs", "1"], &["--jobs", "4"]] {
            assert!(run(jobs) == first, "{format} {jobs:?}");
        }
    }
}

/// A release with one thing taken away, and what must come of it.
struct Loss {
    name: &'static str,
    change: fn(&Release),
    /// The criterion that suffers, and its verdict.
    verdict: (&'static str, &'static str),
    /// The rule that notices, and its outcome.
    rule: (&'static str, &'static str),
}

fn loss(
    name: &'static str,
    verdict: (&'static str, &'static str),
    rule: (&'static str, &'static str),
    change: fn(&Release),
) -> Loss {
    Loss { name, change, verdict, rule }
}

fn altered(loss: &Loss) -> Audit {
    let release = Release::tiny_open();
    (loss.change)(&release);
    release.audit(&[])
}

/// Removes what the card says of the data: its section, and the words that name the corpus elsewhere.
fn forget_data(r: &Release) {
    let card = r.text("README.md");
    let (before, rest) = card.split_once("### Training Data").unwrap();
    let (_, after) = rest.split_once("### Training Procedure").unwrap();
    r.write("README.md", format!("{before}### Training Procedure{after}"));
}

/// Removes the words that all of the training data is there.
fn forget_complete(r: &Release) {
    r.edit("README.md", " This file is the whole of the data that the model was trained on.", "");
    r.edit("README.md", " all of its training data is here, and", "");
}

fn drop_dataset(r: &Release) {
    let text = r.text("ouvert.toml");
    let (before, rest) = text.split_once("[[dataset]]").unwrap();
    let (_, after) = rest.split_once("[data]").unwrap();
    r.write("ouvert.toml", format!("{before}[data]{after}"));
}

/// Removes every word that names a license for the weights.
fn forget_license(r: &Release) {
    r.edit("README.md", "license: apache-2.0\n", "");
    r.edit("README.md", "- **License:** Apache-2.0\n", "");
    let card = r.text("README.md");
    r.write("README.md", card.split_once("## License").unwrap().0);
    r.edit("REPORT.md", " License: Apache-2.0.", "");
    r.edit("ouvert.toml", "version = \"1.0.0\"\nlicense = \"Apache-2.0\"\n", "version = \"1.0.0\"\n");
    r.edit("pyproject.toml", "license = \"Apache-2.0\"\n", "");
    r.remove("LICENSE");
    for path in r.files().iter().filter(|p| p.ends_with(".safetensors")) {
        let mut bytes = r.bytes(path);
        let at = bytes.windows(9).position(|w| w == b"\"license\"").unwrap();
        bytes[at..at + 9].copy_from_slice(b"\"unnamed\"");
        r.write(path, bytes);
    }
    r.refresh();
}

fn forget_settings(r: &Release) {
    let card = r.text("README.md");
    let (before, rest) = card.split_once("#### Training Hyperparameters").unwrap();
    let (_, after) = rest.split_once("#### Environment").unwrap();
    r.write("README.md", format!("{before}#### Environment{after}"));
    r.edit("ouvert.toml", "config = [\"config/train.json\"]\n", "");
    r.remove("config/train.json");
    r.refresh();
}

/// Things missing or damaged, with the digests as they were published.
fn damages() -> Vec<Loss> {
    let missing = ("integrity-complete", "not-met");
    let fail = ("integrity", "fail");
    let changed = ("integrity-digests", "not-met");
    vec![
        loss("no README.md", fail, missing, |r| r.remove("README.md")),
        loss("no data/corpus.txt", ("data", "partial"), ("data-accessible", "not-met"), |r| {
            r.remove("data/corpus.txt")
        }),
        loss("no train.py", ("recipe", "partial"), ("recipe-code", "not-met"), |r| r.remove("train.py")),
        loss("no model.safetensors", fail, missing, |r| r.remove("model.safetensors")),
        loss("no LICENSE", fail, missing, |r| r.remove("LICENSE")),
        loss("a bit of model.safetensors flipped", fail, changed, |r| r.flip("model.safetensors")),
        loss("a bit of data/corpus.txt flipped", fail, changed, |r| r.flip("data/corpus.txt")),
        loss("a bit of train.py flipped", fail, changed, |r| r.flip("train.py")),
    ]
}

fn licenses() -> Vec<Loss> {
    let (fail, partial) = (("license", "fail"), ("license", "partial"));
    vec![
        loss("no license named", fail, ("license-declared", "not-met"), forget_license),
        loss("cc-by-nc-4.0 in the front matter", fail, ("license-unrestricted", "not-met"), |r| {
            r.edit("README.md", "license: apache-2.0", "license: cc-by-nc-4.0");
            r.refresh();
        }),
        loss("a sentence added to LICENSE", fail, ("license-unrestricted", "not-met"), |r| {
            r.append("LICENSE", "\nYou may not use the Work for commercial purposes.\n");
            r.refresh();
        }),
        loss("research only, says README.md", partial, ("license-no-added-terms", "not-met"), |r| {
            r.append("README.md", "\n\nThis model may only be used for research.\n");
            r.refresh();
        }),
        loss("terms in a folder", partial, ("license-no-added-terms", "not-met"), |r| {
            r.write("docs/TERMS.md", "You may only use the model for research.\n");
            r.refresh();
        }),
        loss("in French", partial, ("license-no-added-terms", "not-met"), |r| {
            r.append("README.md", "\n\nCe modèle ne peut être utilisé à des fins commerciales.\n");
            r.refresh();
        }),
        loss("another license in the report", fail, ("license-unrestricted", "not-met"), |r| {
            r.append("REPORT.md", "\nThe weights are licensed under CC-BY-NC-4.0.\n");
            r.refresh();
        }),
        loss("a use policy", partial, ("license-no-added-terms", "not-met"), |r| {
            r.write(
                "USE_POLICY.md",
                "# Acceptable Use Policy\n\nYou may not use the model for surveillance or for military purposes.\n",
            );
            r.refresh();
        }),
        loss("a use policy of few words", ("license", "unknown"), ("license-no-added-terms", "unknown"), |r| {
            r.write("USE_POLICY.md", "# Policy\n\nSee our site.\n");
            r.refresh();
        }),
        loss("another license in LICENSE", partial, ("license-consistent", "not-met"), |r| {
            r.write("LICENSE", r.bytes("data/LICENSE"));
            r.refresh();
        }),
        loss("a base of unknown license", ("license", "unknown"), ("license-base-unrestricted", "unknown"), |r| {
            r.edit("ouvert.toml", "[recipe]\n", "[[base]]\nid = \"some-org/some-model\"\n\n[recipe]\n");
        }),
        loss("a base of restricted license", ("license", "unknown"), ("license-base-unrestricted", "unknown"), |r| {
            r.edit("README.md", "pipeline_tag:", "base_model: meta-llama/Llama-3.1-8B\npipeline_tag:");
            r.refresh();
        }),
    ]
}

fn data() -> Vec<Loss> {
    let partial = ("data", "partial");
    let accessible = ("data-accessible", "not-met");
    vec![
        loss("corpus gone, digests refreshed", partial, accessible, |r| {
            r.remove("data/corpus.txt");
            r.refresh();
        }),
        loss("a pointer in place of the corpus", ("data", "unknown"), ("data-accessible", "unknown"), |r| {
            let oid = "oid sha256:0b8c52ef3c02096c5e47678f3dd8e701565e194f346c21a4f7ce4d2da959a926\nsize 17349\n";
            r.write("data/corpus.txt", format!("version https://git-lfs.github.com/spec/v1\n{oid}"));
        }),
        loss("an empty corpus", partial, accessible, |r| {
            r.write("data/corpus.txt", "");
            r.refresh();
        }),
        loss("complete = false", partial, ("data-complete", "not-met"), |r| {
            r.edit("ouvert.toml", "complete = true", "complete = false")
        }),
        loss("no word that the data is complete", ("data", "unknown"), ("data-complete", "unknown"), |r| {
            r.edit("ouvert.toml", "complete = true\n", "");
            forget_complete(r);
            r.refresh();
        }),
        loss("no ouvert.toml, and no such word", ("data", "unknown"), ("data-complete", "unknown"), |r| {
            r.remove("ouvert.toml");
            forget_complete(r);
            r.refresh();
        }),
        loss("no dataset named", ("data", "fail"), ("data-declared", "not-met"), |r| {
            drop_dataset(r);
            forget_data(r);
            r.edit("data/croissant.json", ": all of the training data of tiny-open", "");
            r.refresh();
        }),
        loss("a dataset that a record alone names", ("data", "unknown"), ("data-complete", "unknown"), |r| {
            drop_dataset(r);
            forget_data(r);
            r.refresh();
        }),
        loss("gated", partial, accessible, |r| r.edit("ouvert.toml", "access = \"public\"", "access = \"gated\"")),
        loss("on request", partial, accessible, |r| {
            r.edit("ouvert.toml", "access = \"public\"", "access = \"on-request\"")
        }),
        loss("withheld", partial, ("data-complete", "not-met"), |r| {
            r.edit(
                "ouvert.toml",
                "tokens = 17129",
                "tokens = 17129\nwithheld = \"three letters, by their author's wish\"",
            );
        }),
        loss("another set, not reached", ("data", "unknown"), ("data-resolvable", "unknown"), |r| {
            r.edit("README.md", "pipeline_tag:", "datasets:\n- some-org/some-data\npipeline_tag:");
            r.refresh();
        }),
    ]
}

fn recipes() -> Vec<Loss> {
    let partial = ("recipe", "partial");
    vec![
        loss("an empty train.py", partial, ("recipe-code", "not-met"), |r| {
            r.write("train.py", "");
            r.refresh();
        }),
        loss("a train.py of comments", partial, ("recipe-code", "not-met"), |r| {
            r.write(
                "train.py",
                "# SPDX-License-Identifier: Apache-2.0\n\"\"\"Train.\n\nOne day\nthere will be\ncode here.\n\"\"\"\n",
            );
            r.refresh();
        }),
        loss("train.py gone, digests refreshed", partial, ("recipe-code", "not-met"), |r| {
            r.remove("train.py");
            r.refresh();
        }),
        loss("neither code nor settings", ("recipe", "fail"), ("recipe-disclosed", "not-met"), |r| {
            r.write("train.py", "");
            forget_settings(r);
        }),
        loss("no settings", partial, ("recipe-configuration", "not-met"), forget_settings),
        loss("a file that the card names and that is gone", partial, ("recipe-claimed-files", "not-met"), |r| {
            r.remove("evaluate.py");
            r.refresh();
        }),
        loss("code under a restricted license", partial, ("recipe-code-license", "not-met"), |r| {
            r.edit(
                "ouvert.toml",
                "code = \"train.py\"\nlicense = \"Apache-2.0\"",
                "code = \"train.py\"\nlicense = \"CC-BY-NC-4.0\"",
            );
        }),
    ]
}

fn judge(losses: Vec<Loss>) {
    let mut wrong = String::new();
    for loss in losses {
        let audit = altered(&loss);
        let found = (audit.verdict(loss.verdict.0), audit.outcome(loss.rule.0));
        if audit.level() == "open-source" || found != (loss.verdict.1, loss.rule.1) {
            let (criterion, rule) = (loss.verdict.0, loss.rule.0);
            wrong += &format!(
                "\n{}: level {}, {criterion} {} (wanted {}), {rule} {} (wanted {})\n{}\n",
                loss.name,
                audit.level(),
                found.0,
                loss.verdict.1,
                found.1,
                loss.rule.1,
                audit.shortfalls()
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn damage_takes_the_level() {
    for loss in damages() {
        let audit = altered(&loss);
        assert_eq!((audit.code, &audit.report["gate"]["passed"]), (1, &false.into()), "{}", loss.name);
    }
    judge(damages());
}

#[test]
fn a_lost_license_takes_the_level() {
    judge(licenses());
}

#[test]
fn lost_data_takes_the_level() {
    judge(data());
}

#[test]
fn a_lost_recipe_takes_the_level() {
    judge(recipes());
}

#[test]
fn refreshing_alone_changes_nothing() {
    let release = Release::tiny_open();
    release.refresh();
    let audit = release.audit(&[]);
    assert_eq!((audit.code, audit.level()), (0, "open-source"), "{}", audit.shortfalls());
    assert_eq!(audit.status("SHA256SUMS"), Some("verified"));
}
