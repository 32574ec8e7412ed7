//! Records of the European Open Source AI Index: the mean and the three criteria from letters set by hand, the faults such records
//! are known for, and records that cannot be read among others.

use serde_json::Value;

use crate::support::{Release, Run};

const PARAMETERS: [&str; 12] = [
    "datasources_basemodel",
    "datasources_endmodel",
    "weights_basemodel",
    "weights_endmodel",
    "trainingcode",
    "code",
    "hardware_architecture",
    "preprint",
    "paper",
    "modelcard",
    "datasheet",
    "licenses",
];

/// A record: `o`, `p` or `c` for each parameter in order, and what differs from a plain one as `(from, to)`.
fn record(letters: &str, changes: &[(&str, &str)]) -> String {
    let mut out = "---\n# a comment\n\nsystem:\n    name: Made Up\n    link: https://example.org/made-up\n    type: text\n    performanceclass: full\n    basemodelname: Made-Up-Base\n    endmodelname: Made-Up-Chat\n    endmodellicense: Apache-2.0\n    releasedate: 2026-01\n    notes: made up\n\norg:\n    name: Nobody\n    link: https://example.org\n    notes:\n".to_owned();
    for (parameter, letter) in PARAMETERS.iter().zip(letters.chars()) {
        let class = match letter {
            'o' => "open",
            'p' => "partial",
            _ => "closed",
        };
        let link = match (letter, *parameter) {
            ('c', _) => "",
            (_, "datasources_basemodel") => "https://huggingface.co/datasets/nobody/base-corpus",
            (_, "datasources_endmodel") => "https://huggingface.co/datasets/nobody/chat-corpus",
            (_, "weights_basemodel") => "https://huggingface.co/nobody/Made-Up-Base",
            (_, "weights_endmodel") => "https://huggingface.co/nobody/Made-Up-Chat",
            (_, "trainingcode" | "code") => "https://github.com/nobody/made-up-training",
            (_, "preprint") => "https://arxiv.org/abs/2401.00001",
            (_, "paper") => "https://aclanthology.org/2024.acl-long.1/",
            _ => "https://huggingface.co/nobody/Made-Up-Chat/blob/main/README.md",
        };
        out.push_str(&format!(
            "\n{parameter}:\n    class: {class}\n    link: {link}\n    notes: \"about {parameter}\"\n"
        ));
    }
    for (from, to) in changes {
        assert!(out.contains(from), "{from}");
        out = out.replacen(from, to, 1);
    }
    out
}

/// Notes that name a license for weights, code and data.
const TOLD: (&str, &str) = ("about licenses", "Weights: Apache-2.0. Code: MIT. Data: CC-BY-4.0.");

fn judged(folder: &Release, text: &str) -> Value {
    folder.beside("made up.yaml", text);
    let run = folder.run(&["audit", "made up.yaml", "--profile", "eu-index", "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn the_mean_and_the_three_criteria_come_from_the_letters() {
    let folder = Release::empty();
    // license: weights of base and end, licenses; data: sources of base and end; recipe: training code.
    for (letters, mean, level, verdicts) in [
        ("oooooooooooo", 100.0, "all-open", ["pass", "pass", "pass"]),
        ("cccccccccccc", 0.0, "some-closed", ["fail", "fail", "fail"]),
        ("pppppppppppp", 50.0, "none-closed", ["partial", "partial", "partial"]),
        // 9 and two halves of 12, and nothing of the data is there.
        ("ccoooooooopo", 950.0 / 12.0, "some-closed", ["pass", "fail", "pass"]),
        // Documents alone move points only.
        ("ooooocccccco", 600.0 / 12.0, "all-open", ["pass", "pass", "pass"]),
        ("oooocoooooop", 1050.0 / 12.0, "some-closed", ["partial", "pass", "fail"]),
        ("opoooooooooc", 1050.0 / 12.0, "some-closed", ["fail", "partial", "pass"]),
    ] {
        let report = judged(&folder, &record(letters, &[]));
        assert!((report["score"].as_f64().unwrap() - mean).abs() < 1e-6, "{letters}: {}", report["score"]);
        assert_eq!(report["level"], level, "{letters}");
        let found: Vec<&str> =
            report["criteria"].as_array().unwrap().iter().take(3).map(|c| c["verdict"].as_str().unwrap()).collect();
        assert_eq!(found, verdicts, "{letters}");
    }
    // The letters are the catalogue's word; our own rules take no letter for a thing that was seen.
    folder.beside("made up.yaml", record("oooooooooooo", &[TOLD]));
    let run = folder.run(&["audit", "made up.yaml", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["level"], "undetermined");
    // What the catalogue's own rules give stands beside.
    let others = report["others"].as_array().unwrap();
    let own = others.iter().find(|v| v["profile"]["id"] == "eu-index").unwrap();
    assert_eq!((own["level"].as_str(), own["asked"].as_bool()), (Some("all-open"), Some(false)));
}

fn check(folder: &Release, text: &str) -> Run {
    folder.beside("made up.yaml", text);
    folder.run(&["import", "eu-index", "made up.yaml", "--check"])
}

/// Letters, changes of the plain record, the kind of fault, and words of the line that it is told at.
type Row<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str, &'a str);

#[test]
fn faults_are_told_with_their_lines() {
    let folder = Release::empty();
    let clean = check(&folder, &record("oooooooooooo", &[TOLD]));
    assert_eq!((clean.code, clean.stderr.lines().count()), (0, 1), "{}", clean.stderr);
    assert!(clean.stderr.starts_with("Made Up: All three criteria open, 100.0; "), "{}", clean.stderr);
    let rows: &[Row<'_>] = &[
        (
            "oooooooooooo",
            &[TOLD, ("Apache-2.0\n    releasedate", "CC-BY-NC-SA-4.0\n    releasedate")],
            "restricted-as-open",
            "endmodellicense",
        ),
        (
            "oooooooooooo",
            &[TOLD, ("Apache-2.0\n    releasedate", "Unknown\n    releasedate")],
            "unknown-as-open",
            "endmodellicense",
        ),
        ("ccoocoooooco", &[], "weights-alone", ""),
        ("oooooooooooo", &[("about licenses", "Apache-2.0 for all of the weights.")], "data-license-untold", ""),
        (
            "oooooooooooo",
            &[TOLD, ("nobody/Made-Up-Base\n", "nobody/Made-Up-Chat\n")],
            "link-elsewhere",
            "nobody/Made-Up-Chat",
        ),
        (
            "oooooooooooo",
            &[TOLD, ("github.com/nobody/made-up-training", "github.com/NVIDIA/Megatron-LM")],
            "link-elsewhere",
            "Megatron-LM",
        ),
        (
            "oooooooooooo",
            &[TOLD, ("https://huggingface.co/datasets/nobody/base-corpus", "https://arxiv.org/abs/2401.00001")],
            "description-as-data",
            "arxiv.org",
        ),
        (
            "oooooooooooo",
            &[
                TOLD,
                ("basemodelname: Made-Up-Base", "basemodelname: Llama-2-7B"),
                ("nobody/Made-Up-Base\n", "meta-llama/Llama-2-7b-hf\n"),
            ],
            "parent-license",
            "",
        ),
        (
            "oooooooooooo",
            &[
                TOLD,
                (
                    "Made-Up-Chat\n    endmodellicense: Apache-2.0",
                    "Llama 3.1 Chat\n    endmodellicense: Llama 3 Community License Agreement",
                ),
            ],
            "stale-license",
            "endmodellicense",
        ),
        (
            "oooooooooooo",
            &[TOLD, ("endmodellicense: Apache-2.0", "endmodellicense: Apache 2.0")],
            "license-spelling",
            "endmodellicense",
        ),
        (
            "oooooooooooo",
            &[TOLD, ("endmodellicense: Apache-2.0", "endmodel license: Apache-2.0")],
            "odd-key",
            "endmodel license",
        ),
        (
            "oooooooooooo",
            &[TOLD, ("    link: https://huggingface.co/nobody/Made-Up-Chat\n", "    link:\n")],
            "missing-link",
            "",
        ),
        (
            "oooooooooooo",
            &[TOLD, ("link: https://huggingface.co/nobody/Made-Up-Chat\n", "link: on request\n")],
            "misplaced-link",
            "on request",
        ),
    ];
    for (letters, changes, kind, quoted) in rows {
        let text = record(letters, changes);
        let told = check(&folder, &text).stderr;
        let line =
            told.lines().find(|l| l.contains(&format!(": {kind}: "))).unwrap_or_else(|| panic!("{kind}: {told}"));
        let at: usize =
            line.strip_prefix("made up.yaml:").and_then(|l| l.split(':').next()).and_then(|n| n.parse().ok()).unwrap();
        assert!(text.lines().nth(at - 1).unwrap().contains(quoted), "{line}\n{}", text.lines().nth(at - 1).unwrap());
        // The same are findings of the profile.
        let report = judged(&folder, &text);
        let findings = report["findings"].as_array().unwrap();
        let told = |f: &&Value| f["criterion"] == "record" || f["criterion"] == "letters";
        let record = findings.iter().filter(told).filter(|f| f["outcome"] == "not-met");
        assert!(record.count() > 0, "{kind}");
        // Letters that the record's own words do not allow earn no good level.
        if ["restricted-as-open", "unknown-as-open", "parent-license"].contains(kind) {
            assert_eq!(report["level"], "contradicted", "{kind}");
        }
    }
}

#[test]
fn a_record_becomes_a_dossier_and_bad_ones_do_not_stop_the_others() {
    let folder = Release::with_card("---\nlicense: apache-2.0\n---\n# Made up\n");
    let good = record("oooooooooooo", &[TOLD]);
    folder.beside("a.yaml", &good);
    let run = folder.run(&["import", "eu-index", "a.yaml", "--output", "d.toml"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let dossier = std::fs::read_to_string(folder.outside().join("d.toml")).unwrap();
    for words in [
        "license = \"Apache-2.0\"",
        "id = \"nobody/chat-corpus\"",
        "id = \"nobody/Made-Up-Base\"",
        "github.com/nobody/made-up-training",
    ] {
        assert!(dossier.contains(words), "{words}:\n{dossier}");
    }
    let audit = folder.audit(&["--dossier", "d.toml"]);
    let sets: Vec<&str> =
        audit.report["datasets"].as_array().unwrap().iter().map(|d| d["id"].as_str().unwrap()).collect();
    assert_eq!(sets, ["nobody/chat-corpus"]);
    let (before, after) = (good.split("\npaper:").next().unwrap(), good.split("\nmodelcard:").nth(1).unwrap());
    let without_paper = format!("{before}\nmodelcard:{after}");
    let many: String = (0..10_000).map(|n| format!("p{n}:\n    class: open\n")).collect();
    let bad: [(&str, String, &str); 7] = [
        ("unknown.yaml", good.replacen("hardware_architecture", "hardware_architekture", 1), "hardware_architecture"),
        ("missing.yaml", without_paper, "paper"),
        ("list.yaml", format!("{before}\npaper:\n    - open\n\nmodelcard:{after}"), "paper"),
        ("letter.yaml", good.replacen("class: open", "class: ajar", 1), "ajar"),
        ("many.yaml", format!("{good}{many}"), "line "),
        ("cyclic.yaml", "system: &s\n  name: x\n  again: *s\nlicenses:\n  class: open\n".into(), "anchor"),
        ("torn.yaml", "system:\n  name: 'x\n".into(), "line "),
    ];
    let mut names = vec!["a.yaml"];
    for (name, text, _) in &bad {
        folder.beside(name, text);
        names.push(name);
    }
    folder.beside("z.yaml", &good);
    names.push("z.yaml");
    for args in [
        [&["audit"], &names[..], &["--profile", "eu-index", "--format", "json"]].concat(),
        [&["import", "eu-index", "--check"], &names[..]].concat(),
    ] {
        let run = folder.run(&args);
        assert_eq!(run.code, 2);
        for (name, _, words) in &bad {
            let error = run.stderr.lines().find(|l| l.starts_with(&format!("error: {name}")));
            let error = error.unwrap_or_else(|| panic!("{name}: {}", run.stderr));
            assert!(error.contains(", line ") && error.contains(words), "{error}");
        }
        let read = run.stdout.lines().count() + run.stderr.lines().filter(|l| l.starts_with("Made Up: ")).count();
        assert_eq!(read, 2, "{}", run.stderr);
    }
}
