//! What a newcomer reads: columns that stand under each other, French set as French is, words that no profile would use of itself,
//! and for each mistake one error that names the file and the next step.

use std::fs;
use std::process::Stdio;

use serde_json::Value;

use crate::support::{Release, Run, program, run};

/// A record of MOT that lists a paper alone, under a license of its own.
const RECORD: &str = "framework:\n  name: 'Model Openness Framework'\n  version: '1.0'\n  date: '2024-12-15'\nrelease:\n  name: Few\n  producer: somebody\n  license: {}\n  components:\n    -\n      name: 'Research paper'\n      license: CC-BY-4.0\n";

fn profiles() -> Vec<Value> {
    let list: Value = serde_json::from_str(&run(&["frameworks", "--format", "json"]).stdout).unwrap();
    list.as_array().unwrap().clone()
}

fn id(profile: &Value) -> &str {
    profile["id"].as_str().unwrap()
}

#[test]
fn rules_stand_in_columns_and_lines_in_the_width() {
    for profile in profiles() {
        for lang in ["en", "fr"] {
            let list = run(&["explain", "--profile", id(&profile), "--lang", lang]).stdout;
            let needs = ["essential ", "required ", "recommended ", "essentielle ", "exigée ", "conseillée "];
            let (mut rows, mut column) = (0, None);
            for line in list.lines() {
                let need = needs.iter().find_map(|n| line.split_once(n).filter(|_| line.starts_with("  ")));
                if let Some((before, after)) = need.filter(|(before, _)| before.trim().split(' ').count() == 1) {
                    let at = before.chars().count();
                    assert_eq!(*column.get_or_insert(at), at, "{line}\n{list}");
                    assert!(before.ends_with("  ") && !after.trim().is_empty(), "{line}");
                    rows += 1;
                } else if line.starts_with("    ") {
                    let title = line.chars().take_while(|c| *c == ' ').count();
                    assert_eq!(Some(title), column.map(|c| c + 13), "{line}\n{list}");
                }
            }
            assert_eq!(rows, profile["rules"].as_u64().unwrap(), "{list}");
            let one = run(&["frameworks", id(&profile), "--lang", lang]).stdout;
            let audit = run(&["audit", "tests/releases/tiny-open", "--profile", id(&profile), "--lang", lang]).stdout;
            for line in [&list, &one, &audit].into_iter().flat_map(|text| text.lines()) {
                assert!(line.chars().count() <= 80, "{line}");
            }
            // All rows of criteria begin under each other.
            let table: Vec<&str> = audit.lines().skip_while(|l| !l.contains(" 100") || l.len() < 40).collect();
            let rows = table.iter().take_while(|l| !l.is_empty());
            assert!(rows.clone().all(|l| l.starts_with("  ")), "{audit}");
        }
    }
}

#[test]
fn french_is_set_as_french_is() {
    let tight = regex::Regex::new(r"[^\s«:/?(]([:;!?])( |$)").unwrap();
    let mut pages = Vec::new();
    for profile in profiles() {
        pages.push(run(&["frameworks", id(&profile), "--lang", "fr"]).stdout);
        pages.push(run(&["explain", "--profile", id(&profile), "--lang", "fr"]).stdout);
        let report = run(&["audit", "tests/releases/tiny-open", "--profile", id(&profile), "--format", "json"]).stdout;
        let report: Value = serde_json::from_str(&report).unwrap();
        for finding in report["findings"].as_array().unwrap() {
            let rule = finding["rule"].as_str().unwrap();
            let page = run(&["explain", rule, "--profile", id(&profile), "--lang", "fr"]).stdout;
            // References are quoted as their authors write them.
            pages.push(page.split("\n  source : ").next().unwrap().to_owned());
        }
    }
    assert!(pages.len() > 150);
    let code = regex::Regex::new("`[^`]*`").unwrap();
    for page in &pages {
        for line in code.replace_all(page, "`x`").lines() {
            assert!(!tight.is_match(line), "a sign without its space: {line}\n{page}");
            let first = line.trim_start().chars().next();
            assert!(!first.is_some_and(|c| ":;!?»".contains(c)), "a line begins with a sign: {line}\n{page}");
            assert!(!line.contains('"') || line.contains("= \""), "quotes of another language: {line}\n{page}");
        }
        for english in [" the ", " of ", " and ", " with ", " which "] {
            // Titles of works keep their language.
            let own = ["Open Source AI", "Model Openness", "G7 Vision", "Shared Language", "European Open Source"];
            let line = page.lines().find(|l| l.contains(english) && !own.iter().any(|o| l.contains(o)));
            assert_eq!(line, None, "English in French: {page}");
        }
    }
}

#[test]
fn counts_agree_in_french() {
    let shown = run(&["audit", "tests/releases/tiny-open", "--profile", "g7", "--quiet", "--lang", "fr"]).stdout;
    assert!(shown.contains("1 acquise sur 1\n") && shown.contains("2 acquises sur 2\n"), "{shown}");
}

#[test]
fn what_a_criterion_becomes_is_told_in_the_profiles_own_words() {
    let release = Release::tiny_open();
    release.remove("prepare.py");
    release.refresh();
    for (profile, lang, own, never) in [
        ("osaid", "en", "becomes \"no obstacle found\"", "becomes pass"),
        ("osaid", "fr", "devient « aucun obstacle trouvé »", "conforme"),
        ("mof", "en", "becomes \"qualified\"", "becomes pass"),
        ("mof", "fr", "devient « atteinte »", "devient conforme"),
    ] {
        let shown = release.run(&["audit", "release", "--profile", profile, "--lang", lang]).stdout;
        let flat = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(own) && !flat.contains(never), "{profile} {lang}:\n{shown}");
    }
}

#[test]
fn a_profile_beside_another_has_its_title_in_both_languages() {
    let args = ["audit", "tests/releases/tiny-open", "--profile", "three-criteria", "--profile", "osaid", "--lang"];
    let shown = |lang: &str| run(&[&args[..], &[lang]].concat()).stdout;
    assert!(shown("en").contains("\nOpen Source AI Definition 1.0 (osaid 1.0.0)\n"), "{}", shown("en"));
    assert!(shown("fr").contains("\nDéfinition de l'IA open source 1.0 (osaid 1.0.0)\n"), "{}", shown("fr"));
}

#[test]
fn no_title_moves_the_cursor() {
    // A saved report is input, and so is a profile that somebody sent.
    let release = Release::tiny_open();
    let json =
        release.run(&["audit", "release", "--profile", "three-criteria", "--profile", "mof", "--format", "json"]);
    let mut report: Value = serde_json::from_str(&json.stdout).unwrap();
    report["others"][0]["profile"]["title"] = "evil\u{1b}[2J\u{1b}]0;x\u{7}".into();
    report["others"][0]["profile"]["title_fr"] = "mal\u{1b}[2J".into();
    release.beside("r.json", report.to_string());
    for lang in ["en", "fr"] {
        let shown = release.run(&["render", "r.json", "--lang", lang, "--color", "never"]);
        assert!(shown.code == 0 && !shown.stdout.contains(['\u{1b}', '\u{7}']), "{}", shown.stdout.escape_debug());
    }
    let own = "schema = 1\nid = \"own\"\nversion = \"1.0.0\"\ntitle = { en = \"t\\u001b[2J\", fr = \"t\\u001b[2J\" }\norigin = \"us\\u001b[2J\"\nextends = \"mof\"\n";
    release.beside("own.toml", own);
    for args in [["explain", "--profile", "own.toml"], ["frameworks", "own.toml", "--format=table"]] {
        let shown = release.run(&args);
        assert!(shown.code == 0 && !shown.stdout.contains('\u{1b}'), "{}", shown.stdout.escape_debug());
    }
}

#[test]
fn each_mistake_has_one_error_and_a_next_step_that_fits() {
    let release = Release::tiny_open();
    for (name, text) in [
        ("mot.yml", RECORD),
        ("index.yaml", "system:\n  name: A\norg:\n  name: B\nlicenses:\n  class: open\n"),
        ("no.yml", "a: 1\n"),
        ("no.json", "{\"a\": 1}"),
        ("broken.json", "[1,\n2"),
        ("empty.yml", ""),
        ("empty.json", " \n"),
    ] {
        release.beside(name, text);
    }
    release.beside("bytes.json", [0xff, 0xfe, 0x00]);
    let saved = release.run(&["audit", "release", "--format", "json"]).stdout;
    release.beside("report.json", saved);
    fs::create_dir(release.outside().join("folder")).unwrap();
    for (args, error, hint) in [
        (&["audit", "release", "--profile", "xyz"][..], "no profile is called `xyz`", "`ouvert frameworks` lists"),
        (&["audit", "release", "--profile", "none.toml"], "nothing found at none.toml", "`ouvert frameworks` lists"),
        (&["frameworks", "xyz"], "no profile is called `xyz`", "`ouvert frameworks` lists"),
        (&["audit", "release", "--require", "class-i"], "no level is called `class-i`", "`ouvert frameworks ID`"),
        (&["audit", "release", "--dossier", "none.toml"], "nothing found at none.toml", "a dossier"),
        (&["audit", "release", "--fail-under", "nan"], "a score is a number", ""),
        (&["audit", "release", "--fail-under", "inf"], "a score is a number", ""),
        (&["audit", "release", "--profile", "osaid", "--fail-under", "1"], "`osaid` gives no score", "--help"),
        (&["audit", "no.yml"], "no.yml, line 1: this is no record", "ouvert import --help"),
        (&["audit", "empty.yml"], "empty.yml: the file is empty", "ouvert import --help"),
        (&["audit", "no.json"], "no.json: this is neither saved evidence nor a record", "--save-evidence"),
        (&["audit", "broken.json"], "broken.json, line 2: it is not JSON", "--save-evidence"),
        (&["audit", "empty.json"], "empty.json: the file is empty", "--save-evidence"),
        (&["audit", "bytes.json"], "cannot read bytes.json", "give a text file"),
        (&["audit", "report.json"], "report.json: this is a report", "--save-evidence"),
        (&["render", "none.json"], "nothing found at none.json", "a report"),
        (&["import", "mot", "none.yml"], "nothing found at none.yml", "a record of a catalogue"),
        (&["import", "mot", "folder"], "cannot read folder", "FOLDER/*"),
        (&["import", "mot", "empty.yml"], "empty.yml: the file is empty", "ouvert import --help"),
        (
            &["import", "mot", "index.yaml"],
            "index.yaml, line 1: it is no record of `mot`",
            "`ouvert import eu-index FILE`",
        ),
        (
            &["import", "eu-index", "mot.yml"],
            "mot.yml, line 1: it is no record of `eu-index`",
            "`ouvert import mot FILE`",
        ),
        (
            &["import", "cyclonedx", "mot.yml"],
            "mot.yml, line 1: it is no record of `cyclonedx`",
            "`ouvert import mot FILE`",
        ),
        (&["import", "mot", "mot.yml", "index.yaml"], "several records need `--output FOLDER`", "`--help`"),
    ] {
        let told = release.run(args);
        assert_eq!((told.code, told.stdout.as_str()), (2, ""), "{args:?}: {}", told.stderr);
        assert!(told.stderr.contains(error) && told.stderr.contains(hint), "{args:?}:\n{}", told.stderr);
        assert_eq!(told.stderr.matches("error: ").count(), 1, "{args:?}:\n{}", told.stderr);
        assert!(hint.is_empty() || told.stderr.matches("hint: ").count() == 1, "{args:?}:\n{}", told.stderr);
    }
}

#[test]
fn no_dossier_is_written_over_another() {
    let release = Release::empty();
    fs::create_dir(release.outside().join("a")).unwrap();
    release.beside("a/m.yml", RECORD);
    release.beside("m.yml", RECORD.replace("Few", "Other"));
    let both = release.run(&["import", "mot", "m.yml", "a/m.yml", "--output", "out"]);
    assert!(both.code == 2 && both.stderr.contains("a record before it has its dossier in out"), "{}", both.stderr);
    let kept = fs::read_to_string(release.outside().join("out/m.toml")).unwrap();
    assert!(kept.contains("name = \"Other\""), "{kept}");
    // A folder that is there takes one as it takes several.
    let one = release.run(&["import", "mot", "a/m.yml", "--output", "a"]);
    assert_eq!(one.code, 0, "{}", one.stderr);
    assert!(release.outside().join("a/m.toml").is_file());
}

#[test]
fn who_stops_reading_opens_no_gate() {
    let release = Release::tiny_open();
    release.beside("m.yml", RECORD);
    for args in [
        &["audit", "m.yml", "release", "m.yml", "--format", "json", "--require", "open-source"][..],
        &["audit", "m.yml", "--format", "json", "--require", "open-source"],
    ] {
        let mut child = program()
            .current_dir(release.outside())
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let told = Run::of(child.wait_with_output().unwrap());
        assert_eq!((told.code, told.stderr.as_str()), (1, ""), "{args:?}");
    }
}

#[test]
fn what_a_record_does_not_list_is_unknown_to_rules_that_are_not_its_catalogues() {
    let release = Release::empty();
    release.beside("m.yml", RECORD);
    for (profile, level) in [
        ("mof", "unclassified"),
        ("mot-2024-06", "unclassified"),
        ("g7", "undetermined"),
        ("osaid", "undetermined"),
        ("eu-index", "undetermined"),
        ("eu-ai-act", "undetermined"),
    ] {
        let told = release.run(&["audit", "m.yml", "--profile", profile, "--format", "json"]);
        let report: Value = serde_json::from_str(&told.stdout).unwrap();
        assert_eq!(report["level"], level, "{profile}");
    }
    // Of a catalogue's rule sets the one of today stands beside ours.
    let shown = release.run(&["audit", "m.yml", "--quiet"]).stdout;
    assert_eq!(shown.matches("MOF class").count(), 1, "{shown}");
}

#[test]
fn a_record_written_from_hostile_names_is_yaml() {
    let release = Release::tiny_open();
    let saved = release.run(&["audit", "release", "--save-evidence", "e.json"]);
    assert_eq!(saved.code, 0, "{}", saved.stderr);
    let mut evidence: Value =
        serde_json::from_str(&fs::read_to_string(release.outside().join("e.json")).unwrap()).unwrap();
    let name = "a\": [x]\n- b: \u{7f}\u{85}\u{2028}\u{feff}\u{1b}[2J # \\ 'q' é";
    evidence["subject"]["name"] = name.into();
    evidence["subject"]["version"] = "no: yes\u{9b}".into();
    release.beside("e.json", evidence.to_string());
    let record = release.run(&["audit", "e.json", "--format", "mot"]).stdout;
    let odd = |c: char| (c.is_control() && c != '\n') || "\u{2028}\u{2029}\u{feff}".contains(c);
    assert!(!record.contains(odd), "{}", record.escape_debug());
    release.beside("back.yml", &record);
    let back = release.run(&["audit", "back.yml", "--profile", "mof", "--format", "json"]);
    let back: Value = serde_json::from_str(&back.stdout).unwrap();
    assert_eq!(back["subject"]["name"], "a\": [x] - b: [2J # \\ 'q' é");
    assert_eq!((&back["subject"]["version"], &back["level"]), (&"no: yes".into(), &"class-iii".into()));
    assert!(record.contains("# the day of the audit") && record.contains("producer: \"\" # fill in"), "{record}");
}
