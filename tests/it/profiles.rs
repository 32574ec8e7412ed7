//! Profiles: one evidence, many frameworks. What each says of the shipped release and of a release of the corpus is frozen in
//! `tests/golden`; a user's own profile can do all that ours do, and its mistakes are shown.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{HERE, Release, run};

/// What is judged: the shipped release, and a release of the corpus as it was rebuilt from its facts and looked at.
const SUBJECTS: [(&str, &str); 2] =
    [("tiny-open", "tests/releases/tiny-open"), ("amber", "tests/evidence/LLM360--Amber.json")];

fn ids() -> Vec<String> {
    let list: Value = serde_json::from_str(&run(&["frameworks", "--format", "json"]).stdout).unwrap();
    list.as_array().unwrap().iter().map(|p| p["id"].as_str().unwrap().to_owned()).collect()
}

/// A report without the digest of the profile, which every word of a rule changes.
fn steady(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("(sha256:") {
        let end = after.find(')').unwrap_or(after.len());
        out.push_str(before);
        out.push_str("(sha256:…");
        rest = &after[end..];
    }
    out + rest
}

#[test]
fn each_profile_says_of_each_subject_what_is_frozen() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut wrong = Vec::new();
    for id in ids() {
        for (name, target) in SUBJECTS {
            let now = run(&["audit", target, "--profile", &id, "--verbose"]);
            assert_eq!(now.code, 0, "{id} {name}: {}", now.stderr);
            let path = Path::new(HERE).join("tests/golden").join(&id).join(format!("{name}.txt"));
            // The list of files is the same for every profile, and other tests hold it.
            let text = steady(&now.stdout);
            if update {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(&path, &text).unwrap();
            }
            if fs::read_to_string(&path).unwrap_or_default() != text {
                wrong.push(path.display().to_string());
            }
        }
    }
    assert!(wrong.is_empty(), "these differ now (UPDATE_GOLDEN=1 writes them anew; read the change): {wrong:#?}");
}

#[test]
fn one_evidence_goes_through_all_profiles() {
    let ids = ids();
    let mut args = vec!["audit", "tests/releases/tiny-open", "--format", "json"];
    for id in &ids {
        args.extend(["--profile", id]);
    }
    let report: Value = serde_json::from_str(&run(&args).stdout).unwrap();
    let others: Vec<&str> =
        report["others"].as_array().unwrap().iter().filter_map(|v| v["profile"]["id"].as_str()).collect();
    assert_eq!(report["profile"]["id"].as_str(), Some(ids[0].as_str()));
    assert_eq!(others, ids[1..].iter().map(String::as_str).collect::<Vec<_>>());
    for view in report["others"].as_array().unwrap() {
        assert_eq!(view["asked"], true);
        assert!(!view["findings"].as_array().unwrap().is_empty() && view["verdict"]["title"] != "", "{view}");
        // Alone it says the same.
        let alone = run(&[
            "audit",
            "tests/releases/tiny-open",
            "--format",
            "json",
            "--profile",
            view["profile"]["id"].as_str().unwrap(),
        ]);
        let alone: Value = serde_json::from_str(&alone.stdout).unwrap();
        for key in ["level", "score", "criteria", "findings"] {
            assert_eq!(alone[key], view[key], "{key} of {}", view["profile"]["id"]);
        }
    }
    let twice = run(&["audit", "tests/releases/tiny-open", "--profile", "mof", "--profile", "mof"]);
    assert!(twice.code == 2 && twice.stderr.contains("asked for twice"), "{}", twice.stderr);
}

#[test]
fn the_default_report_tells_two_other_verdicts_on_a_line_each() {
    for (lang, words) in [
        ("en", ["G7 label   Open Source AI with Open Data", "MOF class  Class III, Open Model"]),
        ("fr", ["Libellé G7  IA open source à données ouvertes", "Classe MOF  Classe III, modèle ouvert"]),
    ] {
        let shown = run(&["audit", "tests/releases/tiny-open", "--lang", lang]).stdout;
        for words in words {
            assert!(shown.contains(words), "{words}:\n{shown}");
        }
    }
    // Asked for, one of them has a section of its own instead.
    let shown = run(&["audit", "tests/releases/tiny-open", "--profile", "three-criteria", "--profile", "g7"]).stdout;
    assert!(
        shown.contains("\nG7 shared language on AI openness (g7 1.0.0)\n") && !shown.contains("  G7 label "),
        "{shown}"
    );
    assert!(shown.contains("  MOF class "), "{shown}");
}

#[test]
fn a_level_of_any_profile_can_be_required() {
    for (level, code) in [("class-iii", 0), ("class-ii", 1), ("open-source", 0)] {
        let all = ["audit", "tests/releases/tiny-open", "--quiet", "--profile", "three-criteria", "--profile", "mof"];
        assert_eq!(run(&[&all[..], &["--require", level]].concat()).code, code, "{level}");
    }
    let unknown = run(&["audit", "tests/releases/tiny-open", "--require", "class-iii"]);
    assert!(unknown.code == 2 && unknown.stderr.contains("no level is called `class-iii`"), "{}", unknown.stderr);
}

#[test]
fn no_view_says_more_than_was_seen() {
    // An open definition that certifies nobody, and labels that nobody awards: the words stand in every language.
    let denied = ["osi certifies nobody", "l'osi ne certifie personne", "nobody awards", "personne ne décerne"];
    for profile in ids().iter().filter(|id| *id != "three-criteria") {
        for (_, target) in SUBJECTS {
            for lang in ["en", "fr"] {
                let shown =
                    run(&["audit", target, "--profile", profile, "--lang", lang, "--verbose"]).stdout.to_lowercase();
                let flat = shown.split_whitespace().collect::<Vec<_>>().join(" ");
                let said = denied.iter().fold(flat.clone(), |text, words| text.replace(words, ""));
                // MOT's classes have a gate beside them, and gates speak as those of all profiles do.
                let gates = profile.starts_with("mo") && lang == "fr";
                for never in ["conform", "compli", "certif", "award", "décern"] {
                    assert!(
                        (gates && never == "conform") || !said.contains(never),
                        "{profile} {target} says {never}:\n{shown}"
                    );
                }
                let own = match (profile.as_str(), lang) {
                    ("osaid", "en") => denied[0],
                    ("osaid", _) => denied[1],
                    ("g7", "en") => denied[2],
                    ("g7", _) => denied[3],
                    _ => continue,
                };
                assert!(flat.contains(own), "{profile} {lang} leaves out: {own}\n{shown}");
            }
        }
    }
    // Of nothing, no profile says anything good.
    let bare = Release::with_card("# A model\n\nNothing is said here.\n");
    for id in ids() {
        let report = bare.audit(&["--profile", &id]).report;
        let level = report["level"].as_str().unwrap();
        let bad = ["restricted", "unclassified", "not-met", "no-label", "some-closed", "not-exempt", "undetermined"];
        assert!(bad.contains(&level), "{id} says {level} of an empty card");
    }
}

/// A profile of a user's own: grades, a mean of all rules, a stand-in, and words of its own.
const OWN: &str = r#"
schema = 1
id = "house-rules"
version = "2.1.0"
title = { en = "House rules", fr = "Règles maison" }
origin = "our legal department"
score = { overall = "rules", decimals = 3 }
words = { pass = { en = "fine", fr = "bien" } }
list.ours = { bodies = ["osi"], ids = ["CC0-1.0"] }

[[criterion]]
id = "first"
title = { en = "First", fr = "Premier" }
question = { en = "?", fr = "?" }

[[criterion]]
id = "second"
includes = ["first"]
after = ["first"]
title = { en = "Second", fr = "Second" }
question = { en = "?", fr = "?" }

[[rule]]
id = "report"
criterion = "first"
need = "essential"
weight = 1.0
instead = "paper"
check = { ask = "component.open", component = "technical-report", under = "ours" }
title = { en = "A report", fr = "Un rapport" }
why = { en = "w", fr = "w" }
remedy = { en = "r", fr = "r" }
ask = { en = "a", fr = "a" }
refs = ["us"]

[[rule]]
id = "sets"
criterion = "first"
need = "essential"
weight = 1.0
grades = [
  { id = "all", value = 1.0, title = { en = "all", fr = "tout" }, when = { all = ["data.accessible", "data.complete", "data.licensed"] } },
  { id = "most", value = 0.75, title = { en = "most", fr = "presque" }, when = { any = ["data.pinned", { ask = "data.accessible", at-least = 1 }] } },
  { id = "none", value = 0.0, title = { en = "none", fr = "rien" } },
]
title = { en = "The sets", fr = "Les jeux" }
why = { en = "w", fr = "w" }
remedy = { en = "r", fr = "r" }
ask = { en = "a", fr = "a" }
refs = ["us"]

[[rule]]
id = "paper"
criterion = "second"
need = "essential"
weight = 2.0
check = { ask = "component.there", component = "research-paper" }
title = { en = "A paper", fr = "Un article" }
why = { en = "w", fr = "w" }
remedy = { en = "r", fr = "r" }
ask = { en = "a", fr = "a" }
refs = ["us"]

[[level]]
id = "good"
title = { en = "Good", fr = "Bien" }
says = { en = "s", fr = "s" }
all = { first = ["pass"] }

[[level]]
id = "other"
title = { en = "Other", fr = "Autre" }
says = { en = "s", fr = "s" }
"#;

#[test]
fn a_profile_of_ones_own_has_grades_means_and_stand_ins() {
    let release = Release::tiny_open();
    release.beside("own.toml", OWN);
    let audit = release.audit(&["--profile", "own.toml"]);
    assert_eq!((audit.level(), audit.verdict("first"), audit.verdict("second")), ("good", "pass", "fail"));
    // first: report 1 and sets 1 of 2; second: 2 of 4 more with the paper missing. All rules: (2 + 2) of (2 + 4).
    assert_eq!(audit.report["score"].as_f64(), Some(66.667));
    assert_eq!(audit.finding("sets")["grade"]["id"], "all");
    assert_eq!(audit.report["criteria"][0]["word"]["en"], "fine");
    // A set without its license is most of it; the tally of the criterion moves by a quarter of a point.
    release.edit("ouvert.toml", "license = \"CC0-1.0\"\n", "");
    release.remove("data/LICENSE");
    release.remove("data/croissant.json");
    release.edit("README.md", "CC0", "no license");
    release.refresh();
    let audit = release.audit(&["--profile", "own.toml"]);
    let sets = audit.finding("sets");
    assert_eq!((sets["grade"]["id"].as_str(), sets["outcome"].as_str()), (Some("most"), Some("not-met")), "{sets}");
    assert_eq!((audit.level(), audit.verdict("first")), ("other", "partial"));
    assert_eq!(audit.report["criteria"][0]["score"].as_f64(), Some(87.5));
    assert_eq!(audit.report["criteria"][1]["score"].as_f64(), Some(0.0), "it comes after one that is not whole");
    let told = release.run(&["audit", "release", "--profile", "own.toml", "--lang", "fr"]).stdout;
    assert!(told.contains("presque : "), "{told}");
}

#[test]
fn mistakes_in_the_new_parts_of_a_profile_are_shown() {
    let release = Release::tiny_open();
    for (from, to, words) in [
        ("under = \"ours\"", "under = \"theirs\"", "no list is called `theirs`; write it as `[list.theirs]`"),
        ("component = \"technical-report\"", "component = \"tehcnical-report\"", "unknown variant `tehcnical-report`"),
        (
            "component = \"research-paper\"",
            "component = \"research-paper\", under = \"ours\"",
            "takes no such parameter",
        ),
        ("ask = \"component.there\", ", "", "one of `ask`, `all` and `any`"),
        (", component = \"research-paper\"", "", "needs `component`"),
        ("instead = \"paper\"", "instead = \"papers\"", "points at `papers`, which is no other rule here"),
        ("includes = [\"first\"]", "includes = [\"third\"]", "includes `third`"),
        ("after = [\"first\"]", "after = [\"second\"]", "does not stand before it"),
        ("value = 0.75", "value = 1.0", "must be worth less than the one above it"),
        ("value = 0.75", "value = 7.5", "must be worth 0 to 1"),
        ("id = \"most\"", "id = \"all\"", "the grade `all` stands twice"),
        ("  { id = \"none\", value = 0.0, title = { en = \"none\", fr = \"rien\" } },\n", "", "down to one worth 0"),
        ("any = [\"data.pinned\"", "any = [\"data.pined\"", "did you mean `data.pinned`?"),
        ("bodies = [\"osi\"]", "bodies = [\"iso\"]", "unknown variant `iso`"),
        ("decimals = 3", "decimals = 30", "at most 9 decimals"),
        ("schema = 1", "schema = 1\nextends = \"mofs\"", "no profile is called `mofs`"),
    ] {
        release.beside("own.toml", OWN.replacen(from, to, 1));
        let told = release.refused(&["--profile", "own.toml"]);
        assert!(told.contains(words), "{to}: {told}");
    }
    // One that extends ours changes only what it names.
    let own = "schema = 1\nid = \"stricter\"\nversion = \"1.0.0\"\ntitle = { en = \"s\", fr = \"s\" }\norigin = \"us\"\nextends = \"mof\"\n[list.for-weights]\nids = [\"OpenMDW-1.0\"]\n";
    release.beside("own.toml", own);
    let audit = release.audit(&["--profile", "own.toml"]);
    assert_eq!((audit.level(), audit.outcome("mof-final-model-parameters")), ("unclassified", "not-met"));
    assert_eq!(audit.outcome("mof-training-code"), "met");
}

#[test]
fn frameworks_are_listed_with_what_they_ask() {
    let table = run(&["frameworks"]).stdout;
    for id in ids() {
        let one = run(&["frameworks", &id]).stdout;
        // Of one, all its levels; of all, each without them.
        assert!(
            table.contains(&format!("\n{}", one.lines().next().unwrap())) || table.starts_with(&one[..20]),
            "{one}"
        );
        assert!(one.matches("\n  level ").count() >= 3 && !table.contains("\n  level "), "{id}: {one}");
        let french = run(&["frameworks", &id, "--lang", "fr"]).stdout;
        assert!(french.contains("  demande") && french.contains("  données"), "{french}");
    }
    let markdown = run(&["frameworks", "--format", "markdown"]).stdout;
    let readme = fs::read_to_string(Path::new(HERE).join("README.md")).unwrap();
    assert!(readme.contains(&markdown), "the table of the README is out of date; it should be:\n{markdown}");
    assert!(run(&["explain", "mof-datasets"]).stdout.contains("profile mof"));
}
