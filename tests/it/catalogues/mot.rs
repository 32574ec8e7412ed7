//! Records of the Model Openness Tool: class and progress by its rules, derived by hand; the flaws such records are known for;
//! records that cannot be read, alone and among others; from a release to a record and back.

use serde_json::Value;

use crate::support::{Release, Run};

/// The components that classes III, II and I count, in the catalogue's words.
const THREE: [&str; 6] = [
    "Model architecture",
    "Model parameters (Final)",
    "Evaluation results",
    "Model card",
    "Data card",
    "Technical report",
];
const TWO: [&str; 4] = ["Training code", "Inference code", "Evaluation code", "Evaluation data"];
const ONE: [&str; 4] = ["Datasets", "Data preprocessing code", "Model parameters (Intermediate)", "Research paper"];

/// A record: licenses of the whole as `(scope, name)`, then components, each with its own license where it has one.
fn record(whole: &[(&str, &str)], components: &[(&str, Option<&str>)]) -> String {
    let mut out = "framework:\n  name: 'Model Openness Framework'\n  version: '1.0'\nrelease:\n  name: made-up\n  producer: nobody\n".to_owned();
    out.push_str(if whole.is_empty() { "  license: {}\n" } else { "  license:\n" });
    for (scope, name) in whole {
        out.push_str(&format!("    {scope}:\n      name: '{name}'\n      path: ''\n"));
    }
    out.push_str("  components:\n");
    for (name, license) in components {
        out.push_str(&format!("    -\n      name: '{name}'\n"));
        if let Some(license) = license {
            out.push_str(&format!("      license: '{license}'\n"));
        }
    }
    out
}

/// All that the three classes count, none with a license of its own.
fn all() -> Vec<(&'static str, Option<&'static str>)> {
    THREE.iter().chain(&TWO).chain(&ONE).map(|name| (*name, None)).collect()
}

fn without(names: &[&str]) -> Vec<(&'static str, Option<&'static str>)> {
    all().into_iter().filter(|(name, _)| !names.contains(name)).collect()
}

fn with<'a>(name: &str, license: &'a str) -> Vec<(&'a str, Option<&'a str>)> {
    all().into_iter().map(|(n, own)| (n, if n == name { Some(license) } else { own })).collect()
}

fn judged(folder: &Release, text: &str, profile: &str) -> Value {
    folder.beside("made-up.yml", text);
    let run = folder.run(&["audit", "made-up.yml", "--profile", profile, "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    serde_json::from_str(&run.stdout).unwrap()
}

fn progress(report: &Value) -> Vec<f64> {
    let of = |id: &str| {
        let all = report["criteria"].as_array().unwrap();
        all.iter().find(|c| c["id"] == id).unwrap()["score"].as_f64().unwrap()
    };
    ["class-iii", "class-ii", "class-i"].map(of).to_vec()
}

#[test]
fn class_and_progress_as_derived_by_hand() {
    let folder = Release::empty();
    let mit: &[(&str, &str)] = &[("distribution", "MIT")];
    let rows: Vec<(&str, String, &str, [f64; 3])> = vec![
        ("everything", record(mit, &all()), "class-i", [100.0, 100.0, 100.0]),
        // 6 of 6; 10 of 10; the paper counts once: 12 of 13.
        (
            "the paper stands in for the report",
            record(mit, &without(&["Technical report", "Model parameters (Intermediate)"])),
            "class-ii",
            [100.0, 100.0, 1200.0 / 13.0],
        ),
        (
            "the paper for the report, all else there",
            record(mit, &without(&["Technical report"])),
            "class-i",
            [100.0; 3],
        ),
        // With both, nothing is stood in for: 13 of 14.
        (
            "no preprocessing code",
            record(mit, &without(&["Data preprocessing code"])),
            "class-ii",
            [100.0, 100.0, 1300.0 / 14.0],
        ),
        // 5 of 6, and so nothing above it counts, open as it is.
        ("a gate below", record(mit, &without(&["Data card"])), "unclassified", [500.0 / 6.0, 0.0, 0.0]),
        ("a gate in the middle", record(mit, &without(&["Evaluation data"])), "class-iii", [100.0, 90.0, 0.0]),
        ("nothing", record(&[], &[]), "unclassified", [0.0; 3]),
        // `unlicensed` blocks what would be taken over.
        ("unlicensed", record(mit, &with("Model card", "unlicensed")), "unclassified", [500.0 / 6.0, 0.0, 0.0]),
        ("an empty license is none of its own", record(mit, &with("Model card", "")), "class-i", [100.0; 3]),
        (
            "a license that is not open",
            record(mit, &with("Datasets", "CC-BY-NC-4.0")),
            "class-ii",
            [100.0, 100.0, 1300.0 / 14.0],
        ),
        ("letter by letter", record(&[("distribution", "mit")], &all()), "unclassified", [0.0; 3]),
        ("no expressions", record(&[("distribution", "MIT OR Apache-2.0")], &all()), "unclassified", [0.0; 3]),
        // Code, data and documents each have a license of their kind: 3 data and 1 code of the 14 are not reached by these two.
        (
            "the kind before the whole",
            record(&[("distribution", "house"), ("code", "MIT"), ("document", "CC-BY-4.0")], &all()),
            "unclassified",
            [500.0 / 6.0, 0.0, 0.0],
        ),
        (
            "each kind its own",
            record(&[("code", "MIT"), ("data", "CDLA-Permissive-2.0"), ("document", "CC-BY-4.0")], &all()),
            "class-i",
            [100.0; 3],
        ),
        ("open data ids", record(&[("distribution", "ODC-By-1.0")], &all()), "class-i", [100.0; 3]),
        // The tool's own copy of the SPDX list decides, neither a later one nor an earlier.
        ("a deprecated id", record(&[("distribution", "GPL-2.0+")], &all()), "class-i", [100.0; 3]),
        ("an id that was flagged later", record(&[("distribution", "CDDL-1.1")], &all()), "unclassified", [0.0; 3]),
    ];
    for (name, text, level, wanted) in rows {
        let report = judged(&folder, &text, "mof");
        assert_eq!(report["level"], level, "{name}");
        let found = progress(&report);
        for (found, wanted) in found.iter().zip(wanted) {
            assert!((found - wanted).abs() < 1e-6, "{name}: {found} is not {wanted}");
        }
        let mean = wanted.iter().sum::<f64>() / 3.0;
        assert!((report["score"].as_f64().unwrap() - mean).abs() < 1e-6, "{name}");
    }
}

#[test]
fn a_license_of_another_kind_passes_with_a_remark_and_inheritance_is_visible() {
    let folder = Release::empty();
    let report = judged(&folder, &record(&[("distribution", "MIT")], &all()), "mof");
    let says = |rule: &str| {
        let all = report["findings"].as_array().unwrap();
        all.iter().find(|f| f["rule"] == rule).unwrap()["says"].as_str().unwrap().to_owned()
    };
    let weights = says("mof-final-model-parameters");
    assert!(weights.contains("taken over from release.license.distribution"), "{weights}");
    assert!(weights.contains("not a license made for data"), "{weights}");
    assert!(!says("mof-training-code").contains("not a license"), "{}", says("mof-training-code"));
    let components = report["components"].as_array().unwrap();
    let card = components.iter().find(|c| c["id"] == "model-card").unwrap();
    assert_eq!((&card["license"], &card["inherited"]), (&"MIT".into(), &"release.license.distribution".into()));
}

#[test]
fn the_rules_moved_three_times() {
    let folder = Release::empty();
    let whole: &[(&str, &str)] = &[("code", "MIT"), ("data", "CDLA-Permissive-2.0"), ("document", "CC-BY-4.0")];
    let rows: &[(&str, String, [&str; 3])] = &[
        ("all of its kind", record(whole, &all()), ["class-i", "class-i", "class-i"]),
        ("unlicensed datasets", record(whole, &with("Datasets", "unlicensed")), ["class-i", "class-ii", "class-ii"]),
        (
            "an unlicensed card",
            record(whole, &with("Model card", "unlicensed")),
            ["class-i", "unclassified", "unclassified"],
        ),
        (
            "weights under a license for code",
            record(whole, &with("Model parameters (Final)", "MIT")),
            ["class-iii-conditional", "class-i", "class-i"],
        ),
        (
            "documents under a license for code",
            record(whole, &with("Model card", "MIT")),
            ["unclassified", "class-i", "class-i"],
        ),
        (
            "all under one license for code",
            record(&[("distribution", "MIT")], &all()),
            ["unclassified", "class-iii", "class-i"],
        ),
    ];
    for (name, text, levels) in rows {
        for (profile, level) in ["mot-2024-06", "mot-2024-10", "mof"].iter().zip(levels) {
            assert_eq!(judged(&folder, text, profile)["level"], *level, "{name}, {profile}");
        }
    }
}

fn import(folder: &Release, text: &str, more: &[&str]) -> Run {
    folder.beside("made-up.yml", text);
    folder.run(&[&["import", "mot", "made-up.yml"], more].concat())
}

#[test]
fn flaws_are_told_with_their_lines() {
    let folder = Release::empty();
    let whole: &[(&str, &str)] = &[("distribution", "MIT")];
    for (license, kind, words) in [
        ("Apache 2.0", "license-spelling", "Apache-2.0"),
        ("BSD-3", "license-spelling", "BSD-3-Clause"),
        ("Component not included", "license-prose", "leave it out"),
        ("a mix of sets under \"mit\", “bsd” and others", "license-prose", "words stand"),
        ("Undisclosed", "license-unknown", "names no license"),
        ("Our Own License", "license-unknown", "no license known here"),
        ("https://example.org/terms.html", "misplaced-link", "a link stands"),
    ] {
        let text = record(whole, &[("Datasets", Some(license))]);
        let run = import(&folder, &text, &["--check"]);
        let line = 1 + text.lines().position(|l| l.contains(license)).unwrap();
        let told = run.stderr.lines().find(|l| l.contains(kind)).unwrap_or_else(|| panic!("{license}: {}", run.stderr));
        assert!(told.starts_with(&format!("made-up.yml:{line}: ")) && told.contains(words), "{license}: {told}");
        assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{license}");
        assert_eq!(import(&folder, &text, &["--check", "--strict"]).code, 1, "{license}");
    }
    for clean in ["MIT", "CC-BY-NC-4.0", "unlicensed", "Llama 3 Community License"] {
        let run = import(&folder, &record(whole, &[("Datasets", Some(clean))]), &["--check", "--strict"]);
        assert_eq!((run.code, run.stderr.lines().count()), (0, 1), "{clean}: {}", run.stderr);
    }
    let twice = record(whole, &[("Datasets", None), ("Datasets", Some("MIT"))]);
    assert!(import(&folder, &twice, &["--check"]).stderr.contains("duplicate-name: Datasets is listed twice"));
    let odd = record(whole, &[])
        .replace("  producer: nobody\n", "  producer: nobody\n  huggingface: 'a page'\n  homepage: x\n");
    let told = import(&folder, &odd, &["--check"]).stderr;
    assert!(told.contains("made-up.yml:7: misplaced-link") && told.contains("made-up.yml:8: odd-key"), "{told}");
    let french = folder.run(&["import", "mot", "made-up.yml", "--check", "--lang", "fr"]).stderr;
    assert!(french.contains("l'outil ne connaît pas de clé `homepage`"), "{french}");
}

#[test]
fn a_record_becomes_a_dossier_that_says_where_to_look() {
    let release = Release::with_card("---\nlicense: mit\n---\n# Made up\n\nA model.\n");
    release.write("model.safetensors", "x");
    let card = |report: &Value| {
        let all = report["components"].as_array().unwrap();
        all.iter().find(|c| c["id"] == "evaluation-data").unwrap()["outcome"].as_str().unwrap().to_owned()
    };
    assert_eq!(card(&release.audit(&[]).report), "not-met");
    let text = record(&[("distribution", "MIT")], &[("Evaluation data", Some("CC0-1.0")), ("Datasets", None)]);
    let text =
        text.replacen("license: 'CC0-1.0'", "license: 'CC0-1.0'\n      component_path: 'https://example.org/eval'", 1);
    let run = import(&release, &text, &["--output", "dossier.toml"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let dossier = std::fs::read_to_string(release.outside().join("dossier.toml")).unwrap();
    for words in [
        "inherited = \"release.license.distribution\"",
        "kind = \"evaluation-data\"",
        "source = \"record of mot: made-up.yml\"",
    ] {
        assert!(dossier.contains(words), "{words}:\n{dossier}");
    }
    let audit = release.audit(&["--dossier", "dossier.toml"]);
    // An address that nobody followed leaves open what was seen not to be here.
    assert_eq!(card(&audit.report), "unknown");
    // Listed without a place to look, and the release itself shows none: nothing is lifted.
    let sets = audit.report["components"].as_array().unwrap().iter().find(|c| c["id"] == "datasets").unwrap();
    assert_eq!(sets["outcome"], "not-met");
    // The release cannot say so of itself.
    release.write("ouvert.toml", "schema = 1\n[[component]]\nkind = \"datasets\"\n");
    assert!(release.refused(&[]).contains("a reviewer's dossier can hold `[[component]]`"));
}

#[test]
fn what_cannot_be_read_is_told_and_the_others_go_on() {
    let folder = Release::empty();
    let good = record(&[("distribution", "MIT")], &all());
    let many: Vec<(&str, Option<&str>)> = vec![("Datasets", None); 10_000];
    let bad: [(&str, String, &str); 6] = [
        ("unknown.yml", good.replacen("Datasets", "Training dataset", 1), "no component is called `Training dataset`"),
        ("missing.yml", good.replacen("  producer: nobody\n", "", 1), "`release.producer` is missing"),
        (
            "list.yml",
            good.replacen(
                "  license:\n    distribution:\n      name: 'MIT'\n      path: ''\n",
                "  license: [MIT]\n",
                1,
            ),
            "`release.license` must be a map",
        ),
        ("many.yml", record(&[], &many), "10000 components; at most 500 are read"),
        ("cyclic.yml", "release: &all\n  name: x\n  components: *all\n".into(), "anchor"),
        ("torn.yml", "release:\n  name: 'x\n".into(), "line "),
    ];
    folder.beside("first.yml", &good);
    folder.beside("last.yml", &good);
    let mut names = vec!["first.yml"];
    for (name, text, _) in &bad {
        folder.beside(name, text);
        names.push(name);
    }
    names.push("last.yml");
    let all = [&["audit"], &names[..], &["--profile", "mof", "--format", "json"]].concat();
    let run = folder.run(&all);
    assert_eq!(run.code, 2);
    let read: Vec<String> = run
        .stdout
        .lines()
        .map(|l| serde_json::from_str::<Value>(l).unwrap()["subject"]["locator"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(read, ["first.yml", "last.yml"]);
    let check = |told: &str| {
        for (name, _, words) in &bad {
            let error = told
                .lines()
                .find(|l| l.starts_with(&format!("error: {name}, line ")))
                .unwrap_or_else(|| panic!("{name}: {told}"));
            assert!(error.contains(words), "{error}");
        }
    };
    check(&run.stderr);
    let run = folder.run(&[&["import", "mot"], &names[..], &["--output", "dossiers"]].concat());
    assert_eq!(run.code, 2);
    check(&run.stderr);
    let mut written: Vec<_> = folder
        .outside()
        .join("dossiers")
        .read_dir()
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    written.sort();
    assert_eq!(written, ["first.toml", "last.toml"]);
    assert!(run.stderr.contains("last.yml: duplicate-name: `made-up` is the name in first.yml too"), "{}", run.stderr);
    // Alone, each is an error.
    for (name, ..) in &bad {
        let run = folder.run(&["audit", name, "--format", "json"]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{name}: {}", run.stderr);
    }
    folder.beside("other.yml", "a: b\n");
    assert_eq!(folder.run(&["audit", "other.yml"]).code, 2);
}

#[test]
fn hostile_words_move_no_cursor_and_end_up_quoted() {
    let folder = Release::empty();
    let text = record(&[], &[("Datasets", Some("x\u{1b}[2J\u{202e}y"))]).replace("made-up", "a\" # \u{1b}[31mb");
    folder.beside("made-up.yml", &text);
    let run = folder.run(&["import", "mot", "made-up.yml"]);
    for out in [&run.stdout, &run.stderr] {
        assert!(!out.contains('\u{1b}') && !out.contains('\u{202e}'), "{out:?}");
    }
    assert!(run.stdout.parse::<toml_edit::DocumentMut>().is_ok(), "{}", run.stdout);
    let shown = folder.run(&["audit", "made-up.yml", "--profile", "mof"]);
    assert!(!shown.stdout.contains('\u{1b}'), "{:?}", shown.stdout);
}

#[test]
fn a_release_becomes_a_record_that_gets_the_same_class() {
    let release = Release::tiny_open();
    let own = release.audit(&["--profile", "mof"]);
    let run = release.run(&["audit", "release", "--output", "tiny.yml", "--quiet"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let run = release.run(&["audit", "tiny.yml", "--profile", "mof", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}", run.stderr));
    assert_eq!(report["level"].as_str(), Some(own.level()));
    assert_eq!(progress(&report), progress(&own.report));
    let run = release.run(&["import", "mot", "tiny.yml", "--check", "--strict"]);
    assert_eq!((run.code, run.stderr.lines().count()), (0, 1), "{}", run.stderr);
    // What has no license that was seen does not take one over.
    let release = Release::with_card("# Made up\n\nA model.\n\n[Paper](https://arxiv.org/abs/2401.00001)\n");
    release.write("model.safetensors", "x");
    let record = release.run(&["audit", "release", "--format", "mot"]).stdout;
    assert!(record.contains("license: {}\n") && record.contains("license: unlicensed #"), "{record}");
}
