//! Releases made to earn a good answer that they do not deserve: every framework must see through them, not only the default
//! profile.

use serde_json::Value;

use crate::support::{Release, run};

/// The shipped release with what the highest class of all asks besides: evaluation data and a paper.
fn fullest() -> Release {
    let release = Release::tiny_open();
    release.write("eval/data/held-out.jsonl", "{\"text\": \"some text\"}\n".repeat(20));
    release.write("paper.md", "# A paper\n\nIt tells how the model was made, in full.\n");
    release.refresh();
    release
}

/// Files as they are written over, a profile and a rule of it.
type Row<'a> = (&'a [(&'a str, &'a str)], &'a str, &'a str);

/// Files that go, files that come, a profile and a rule of it.
type Swap<'a> = (&'a [&'a str], &'a [(&'a str, &'a str)], &'a str, &'a str);

/// The level that a profile gives.
fn level(release: &Release, profile: &str) -> String {
    release.audit(&["--profile", profile]).level().to_owned()
}

/// The outcome of a rule of a profile.
fn outcome(release: &Release, profile: &str, rule: &str) -> String {
    release.audit(&["--profile", profile]).outcome(rule).to_owned()
}

#[test]
fn the_fullest_release_earns_the_highest_of_each() {
    let release = fullest();
    for (profile, wanted) in [
        ("three-criteria", "open-source"),
        ("mof", "class-i"),
        ("osaid", "no-obstacle-found"),
        ("g7", "open-source-ai-with-open-data"),
    ] {
        assert_eq!(level(&release, profile), wanted, "{profile}");
    }
}

#[test]
fn other_bytes_than_those_published_earn_no_level_of_any_profile() {
    let release = fullest();
    release.flip("model.safetensors");
    let list: Value = serde_json::from_str(&run(&["frameworks", "--format", "json"]).stdout).unwrap();
    for profile in list.as_array().unwrap() {
        let id = profile["id"].as_str().unwrap();
        let audit = release.audit(&["--profile", id]);
        assert_eq!((audit.level(), audit.code), ("undetermined", 1), "{id}");
        assert!(audit.report["verdict"]["highest"].is_null(), "{id}: {}", audit.report["verdict"]);
    }
    // Nor of one that a user wrote, and that does not ask for digests.
    let own = "schema = 1\nid = \"own\"\nversion = \"1.0.0\"\ntitle = { en = \"T\", fr = \"T\" }\norigin = \"x\"\n\
        [[criterion]]\nid = \"c\"\ntitle = { en = \"T\", fr = \"T\" }\nquestion = { en = \"T\", fr = \"T\" }\n\
        [[level]]\nid = \"fine\"\ntitle = { en = \"T\", fr = \"T\" }\nsays = { en = \"T\", fr = \"T\" }\nall = { c = [\"pass\"] }\n\
        [[level]]\nid = \"rest\"\ntitle = { en = \"T\", fr = \"T\" }\nsays = { en = \"T\", fr = \"T\" }\n\
        [[rule]]\nid = \"r\"\ncriterion = \"c\"\nneed = \"essential\"\nweight = 1.0\ncheck = \"license.declared\"\n\
        title = { en = \"T\", fr = \"T\" }\nwhy = { en = \"T\", fr = \"T\" }\nremedy = { en = \"T\", fr = \"T\" }\n\
        ask = { en = \"T\", fr = \"T\" }\nrefs = []\n";
    release.beside("own.toml", own);
    let own = release.outside().join("own.toml");
    assert_eq!(level(&release, own.to_str().unwrap()), "rest");
    assert_eq!(level(&fullest(), own.to_str().unwrap()), "fine");
    // Where no question of a criterion arises, nothing was shown: it passes nothing.
    let no_base = own.with_file_name("no-base.toml");
    let text = std::fs::read_to_string(&own).unwrap().replace("license.declared", "license.base-unrestricted");
    std::fs::write(&no_base, text).unwrap();
    let audit = fullest().audit(&["--profile", no_base.to_str().unwrap()]);
    assert_eq!((audit.outcome("r"), audit.verdict("c"), audit.level()), ("not-applicable", "unknown", "rest"));
}

#[cfg(unix)]
#[test]
fn terms_behind_a_link_that_leads_out_may_say_anything() {
    use std::os::unix::fs::symlink;
    for (name, license, complete) in [
        ("USE_POLICY.md", "unknown", "unknown"),
        ("LICENSE-WEIGHTS.txt", "unknown", "unknown"),
        (&format!("{}-license", "a".repeat(230)), "unknown", "unknown"),
        // Nobody looks whether it is a folder.
        ("LICENSES", "unknown", "unknown"),
        ("notes.bin", "met", "unknown"),
    ] {
        let release = fullest();
        release.beside("elsewhere", "You shall not use it on Mondays.");
        symlink(release.outside().join("elsewhere"), release.path().join(name)).unwrap();
        let audit = release.audit(&[]);
        assert_eq!(audit.outcome("license-unrestricted"), license, "{name}: {}", audit.says("license-unrestricted"));
        assert_eq!(audit.outcome("integrity-complete"), complete, "{name}: {}", audit.says("integrity-complete"));
        let open = audit.level() == "open-source";
        assert_eq!(open, license == "met", "{name}: {}", audit.level());
    }
}

#[test]
fn names_without_content_are_no_components() {
    // What is written over what, the rule, and what no profile may say of it.
    let soon = "# To be published.\n\n";
    let rows: &[Row] = &[
        (&[("model.py", soon)], "mof", "mof-model-architecture"),
        (&[("model.py", "import x\nx.y()\nx.z()\n")], "mof", "mof-model-architecture"),
        (&[("model.py", "\n\n"), ("generate.py", soon)], "g7", "g7-deployment-code"),
        (&[("model.py", soon), ("generate.py", soon)], "osaid", "osaid-code-train"),
        (&[("eval/results.json", "{}")], "mof", "mof-evaluation-results"),
        (&[("evaluate.py", soon)], "mof", "mof-evaluation-code"),
        (&[("eval/data/held-out.jsonl", "\n{}\n")], "mof", "mof-evaluation-data"),
        (&[("paper.md", "# A paper\n")], "mof", "mof-research-paper"),
        (&[("paper.md", "\n"), ("REPORT.md", "\n")], "mof", "mof-technical-report"),
        (
            &[("data/README.md", "---\nlicense: cc0-1.0\n---\n# Data\n"), ("data/croissant.json", "{}")],
            "mof",
            "mof-data-card",
        ),
        (&[("README.md", "---\nlicense: apache-2.0\n---\n# A model\n")], "mof", "mof-model-card"),
        (
            &[("checkpoints/step-1000.safetensors", ""), ("checkpoints/step-2000.safetensors", "")],
            "mof",
            "mof-intermediate-model-parameters",
        ),
        (&[("model.safetensors", "")], "mof", "mof-final-model-parameters"),
        (&[("model.safetensors", "hello")], "g7", "g7-weights"),
        (&[("model.safetensors", "")], "osaid", "osaid-params"),
        (&[("model.safetensors", "")], "eu-ai-act", "aia-public-weights"),
        (&[("model.safetensors", "")], "eu-index", "index-weights-endmodel"),
    ];
    for (written, profile, rule) in rows {
        let release = fullest();
        written.iter().for_each(|(path, text)| release.write(path, text));
        release.refresh();
        assert_ne!(outcome(&release, profile, rule), "met", "{written:?} {rule}");
    }
}

#[test]
fn what_others_wrote_or_what_is_elsewhere_is_no_component() {
    let lines = "x = 1\n".repeat(40);
    // What goes, what comes, the rule.
    let rows: &[Swap] = &[
        (&["model.py"], &[("third_party/lib/modeling_x.py", &lines)], "mof", "mof-model-architecture"),
        (&["model.py"], &[("tests/models/test_x.py", &lines)], "mof", "mof-model-architecture"),
        (&["model.py", "generate.py"], &[("docs/index.html", "<p>Hello</p>\n")], "g7", "g7-deployment-code"),
        (&["model.py", "generate.py"], &[("examples/run.py", &lines)], "osaid", "osaid-code-train"),
        (&["eval/data/held-out.jsonl"], &[("data/test_loader.py", &lines)], "mof", "mof-evaluation-data"),
        (
            &["checkpoints/step-1000.safetensors", "checkpoints/step-2000.safetensors"],
            &[("checkpoints/README.md", "None.\n")],
            "mof",
            "mof-intermediate-model-parameters",
        ),
        (
            &["model.safetensors"],
            &[("model.safetensors.index.json", "{\"weight_map\": {\"a\": \"model-00001-of-00001.safetensors\"}}")],
            "g7",
            "g7-weights",
        ),
        (
            &["model.safetensors"],
            &[(
                "model.safetensors",
                "version https://git-lfs.github.com/spec/v1\noid sha256:c2fc16ea35cdf6ea01ddb0e6361e5990199b96c936a92ba061d59cd9cfc707fd\nsize 45256\n",
            )],
            "mof",
            "mof-final-model-parameters",
        ),
    ];
    for (gone, come, profile, rule) in rows {
        let release = fullest();
        gone.iter().for_each(|path| release.remove(path));
        come.iter().for_each(|(path, text)| release.write(path, text));
        release.refresh();
        assert_ne!(outcome(&release, profile, rule), "met", "{come:?} {rule}");
    }
}

#[test]
fn data_that_is_kept_back_is_no_component() {
    let evaluated_on =
        |more: &str| format!("[[dataset]]\nid = \"acme/set\"\nstage = \"evaluation\"\n{more}\n\n[data]\n");
    for (from, to, rule, wanted) in [
        ("[data]\n", evaluated_on("withheld = \"all of it\""), "mof-evaluation-data", "not-met"),
        ("[data]\n", evaluated_on("license = \"CC0-1.0\"\naccess = \"gated\""), "mof-evaluation-data", "not-met"),
        ("[data]\n", evaluated_on("license = \"CC-BY-NC-4.0\""), "mof-evaluation-data", "unknown"),
        ("complete = true", "complete = false".into(), "mof-datasets", "not-met"),
    ] {
        let release = fullest();
        release.edit("ouvert.toml", from, &to);
        assert_eq!(outcome(&release, "mof", rule), wanted, "{to}");
    }
}

#[test]
fn a_base_that_nobody_looked_up_leaves_weights_and_data_open() {
    let release = fullest();
    release.edit("README.md", "license: apache-2.0\n", "license: apache-2.0\nbase_model: acme/base\n");
    release.edit("README.md", "- **Trained:** from scratch\n", "");
    release.refresh();
    let audit = release.audit(&["--profile", "mof"]);
    for rule in ["mof-final-model-parameters", "mof-datasets", "mof-training-code"] {
        assert_eq!(audit.outcome(rule), "unknown", "{rule}: {}", audit.says(rule));
    }
    assert_eq!(audit.level(), "undetermined");
}

#[test]
fn a_paper_that_may_stand_for_a_report_leaves_the_class_open() {
    let release = Release::tiny_open();
    release.edit("README.md", "[REPORT.md](REPORT.md)", "[paper](https://arxiv.org/abs/2101.00001)");
    release.edit("ouvert.toml", "report = \"REPORT.md\"\n", "");
    release.remove("REPORT.md");
    release.refresh();
    let audit = release.audit(&["--profile", "mof"]);
    assert_eq!((audit.outcome("mof-technical-report"), audit.outcome("mof-research-paper")), ("not-met", "unknown"));
    assert_eq!((audit.verdict("class-iii"), audit.level()), ("unknown", "undetermined"));
}

#[test]
fn open_source_asks_for_the_terms_of_code_and_data_too() {
    let release = fullest();
    release.edit(
        "ouvert.toml",
        "code = \"train.py\"\nlicense = \"Apache-2.0\"",
        "code = \"train.py\"\nlicense = \"CC-BY-NC-4.0\"",
    );
    for (profile, rule) in [
        ("g7", "g7-training-code"),
        ("osaid", "osaid-code-data"),
        ("osaid", "osaid-code-train"),
        ("mof", "mof-data-preprocessing-code"),
        ("mof", "mof-evaluation-code"),
    ] {
        assert_eq!(outcome(&release, profile, rule), "not-met", "{rule}");
    }
    assert_eq!(level(&release, "g7"), "open-weights-ai");
    // A license for documents is none for code.
    release.edit("ouvert.toml", "license = \"CC-BY-NC-4.0\"", "license = \"CC-BY-4.0\"");
    assert_eq!(outcome(&release, "osaid", "osaid-code-data"), "not-met");
    // Data that bars a use is there, and no open data.
    let release = fullest();
    release.edit("ouvert.toml", "license = \"CC0-1.0\"\nstage", "license = \"CC-BY-NC-4.0\"\nstage");
    assert_eq!(level(&release, "g7"), "open-source-ai");
}

#[test]
fn a_gate_before_the_weights_leaves_the_definition_open() {
    let release = fullest();
    release.edit("README.md", "license: apache-2.0\n", "license: apache-2.0\nextra_gated_fields:\n  Name: text\n");
    release.refresh();
    let audit = release.audit(&["--profile", "osaid"]);
    assert_eq!((audit.outcome("osaid-params"), audit.level()), ("unknown", "undetermined"));
}

#[test]
fn a_dossier_alone_makes_no_release_open() {
    let kinds = [
        "model-architecture",
        "final-model-parameters",
        "evaluation-results",
        "model-card",
        "data-card",
        "technical-report",
    ];
    let bare =
        |license: &str| Release::with_card(format!("---\nlicense: {license}\n---\n# A model\n\nFrom scratch.\n"));
    let level = |release: &Release, links: &str| {
        let entry = |kind| format!("[[component]]\nkind = \"{kind}\"\nlicense = \"MIT\"\nlinks = [{links}]\n");
        let all: String = kinds.iter().map(entry).collect();
        release.beside("dossier.toml", format!("schema = 1\nsource = \"a reviewer\"\n{all}"));
        let dossier = release.outside().join("dossier.toml");
        let audit = release.audit(&["--profile", "mof", "--dossier", dossier.to_str().unwrap()]);
        audit.level().to_owned()
    };
    for (links, wanted) in [
        ("\"https://example.org/nowhere\"", "undetermined"),
        ("\"it is on our site\"", "unclassified"),
        ("\"\"", "unclassified"),
        ("\"weights/model.safetensors\"", "unclassified"),
        ("", "unclassified"),
    ] {
        assert_eq!(level(&bare("mit"), links), wanted, "{links}");
    }
    // What was read bars a use, whatever the dossier says the license is.
    let release = bare("cc-by-nc-4.0");
    release.write("model.bin", "weights");
    assert_eq!(level(&release, "\"https://example.org/elsewhere\""), "unclassified");
}

#[test]
fn a_set_that_only_served_evaluation_is_no_training_data() {
    let release = fullest();
    release.edit("ouvert.toml", "stage = \"pretraining\"", "stage = \"evaluation\"");
    let card = release.text("README.md");
    let (start, end) = (card.find("### Training Data").unwrap(), card.find("### Training Procedure").unwrap());
    release.write("README.md", format!("{}{}", &card[..start], &card[end..]));
    release.refresh();
    let audit = release.audit(&[]);
    assert_eq!((audit.outcome("data-declared"), audit.verdict("data")), ("not-met", "fail"));
    assert_eq!(level(&release, "g7"), "open-weights-ai");
    assert_eq!(outcome(&release, "mof", "mof-datasets"), "not-met");
}

#[test]
fn what_the_card_of_a_set_asks_binds_its_use() {
    let release = fullest();
    release.append("data/README.md", "\nThe corpus may only be used for non-commercial research purposes.\n");
    release.refresh();
    for (profile, rule) in [("three-criteria", "data-licensed"), ("mof", "mof-datasets"), ("g7", "g7-data")] {
        let audit = release.audit(&["--profile", profile]);
        assert_eq!(audit.outcome(rule), "not-met", "{rule}: {}", audit.says(rule));
    }
    assert_eq!(level(&release, "g7"), "open-source-ai");
}
