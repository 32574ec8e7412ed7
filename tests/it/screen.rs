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
    let shown = run(&["audit", "tests/releases/tiny-open", "--profile", "g7", "--lang", "fr"]).stdout;
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
    let shown = release.run(&["audit", "m.yml"]).stdout;
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

#[test]
fn quiet_is_one_line() {
    let good = Release::tiny_open();
    let line = |release: &Release, args: &[&str]| {
        let told = release.run(&[args, &["--quiet"]].concat());
        assert_eq!((told.stdout.matches('\n').count(), told.stderr.as_str()), (1, ""), "{args:?}: {}", told.stdout);
        (told.code, told.stdout.trim_end().to_owned())
    };
    let told = line(&good, &["audit", "release"]);
    assert_eq!(told, (0, "tiny-open 1.0.0: open-source, 95.2 of 100 (license pass, data pass, recipe pass)".into()));
    let french = "tiny-open 1.0.0 : open-source, 95,2 sur 100 (license conforme, data conforme, recipe conforme)";
    assert_eq!(line(&good, &["audit", "release", "--lang", "fr"]), (0, french.into()));
    let several = line(&good, &["audit", "release", "--profile", "mof", "--profile", "osaid"]);
    assert!(several.1.contains(": class-iii, ") && several.1.ends_with("; osaid no-obstacle-found"), "{}", several.1);
    // What fails is said, and a colour changes no word.
    let (code, told) = line(&good, &["audit", "release", "--fail-under", "99.5", "--lang", "fr"]);
    assert!(code == 1 && told.ends_with(" ; échec : la note est de 95,2, il faut au moins 99,5"), "{told}");
    let colours = regex::Regex::new("\u{1b}\\[[0-9;]*m").unwrap();
    let (_, painted) = line(&good, &["audit", "release", "--fail-under", "99.5", "--lang", "fr", "--color", "always"]);
    assert!(painted != told && colours.replace_all(&painted, "") == told, "{painted}");
    // A target that is broken, whatever its name holds, is one line too; of several each has one.
    let torn = Release::with_card("---\nlicense: mit\n---\n# A\n\u{1b}[2J\u{2028}model\n");
    torn.write("SHA256SUMS", format!("{}  README.md\n{0}  LICENSE\n", "0".repeat(64)));
    let (code, told) = line(&torn, &["audit", "release"]);
    assert!(code == 1 && told.contains("integrity fail") && told.contains("; fails: LICENSE: "), "{told}");
    assert!(told.ends_with(" (and 1 more)"), "{told}");
    let both = torn.run(&["audit", "release", "release", "--quiet"]);
    assert_eq!((both.code, both.stdout), (1, format!("{told}\n{told}\n")));
    assert_eq!(line(&torn, &["verify", "release"]), (1, "release: 1 mismatched, 1 missing, 1 unpublished".into()));
    assert_eq!(
        line(&good, &["verify", "release", "--lang", "fr"]),
        (0, "release : 1 sans empreinte, 22 vérifiés".into())
    );
}

#[test]
fn mistakes_are_told_in_french() {
    let release = Release::tiny_open();
    let bad = "schema = 1\n\t[release]\n\tlicence = \"MIT\"\n";
    release.write("ouvert.toml", bad);
    for (name, text) in [
        ("no.yml", "a: 1\n"),
        ("half.json", "[1,\n2"),
        ("mot.yml", "release:\n  name: a\n"),
        ("index.yaml", "system:\n  name: a\nlicenses:\n  class: ajar\n"),
        ("own.toml", "schema = 1\nid = \"own\"\nversion = \"1.x\"\n"),
        (
            "score.toml",
            "schema = 1\nid = \"o\"\nversion = \"1.0.0\"\ntitle = { en = \"a\", fr = \"b\" }\norigin = \"o\"\nextends = \"mof\"\nscore = { decimals = 12 }\n",
        ),
        ("dossier.toml", "schema = 1\n[[dataset]]\nid = \"a/b\"\n"),
    ] {
        release.beside(name, text);
    }
    let english = regex::Regex::new(r"(?i)\b(the|is|are|of|with|and|not|expected|found|write|give)\b").unwrap();
    let quoted = regex::Regex::new("`[^`]*`").unwrap();
    for (args, words) in [
        (&["audit", "release"][..], "ligne 3 : champ inconnu `licence` ; attendu : l'un de `name`"),
        (&["audit", "nowhere"], "il n'y a rien à nowhere"),
        (&["audit", "no.yml"], "no.yml, ligne 1 : ce n'est pas une fiche"),
        (&["audit", "half.json"], "half.json, ligne 2 : ce n'est pas du JSON : le texte s'arrête dans une liste"),
        (&["import", "mot", "mot.yml"], "mot.yml, ligne 2 : `release.producer` manque"),
        (&["import", "mot", "index.yaml"], "ce n'est pas une fiche de `mot` : la clé `release` manque"),
        (&["import", "eu-index", "index.yaml"], "index.yaml, ligne 1 : le paramètre"),
        (&["render", "half.json"], "half.json n'est pas un rapport : le texte s'arrête"),
        (&["audit", "release", "--profile", "own.toml"], "own.toml, ligne 3 : caractère inattendu 'x'"),
        (&["frameworks", "score.toml", "--format=table"], "les notes sont arrondies à 9 décimales au plus"),
        (&["audit", "release", "--dossier", "dossier.toml"], "cette entrée n'a pas de `source`"),
        (&["audit", "release", "--profile", "xyz"], "aucun profil ne s'appelle `xyz`"),
        (&["audit", "release", "--require", "xyz"], "aucun niveau ne s'appelle `xyz`"),
        (&["explain", "zzzzzzzz"], "aucune règle ni licence ne s'appelle `zzzzzzzz`"),
        (&["audit", "release", "--fail-under", "nan"], "`--fail-under <NOTE>` : une note est un nombre de 0 à 100"),
        (&["audit", "release", "--jobs", "x"], "`--jobs <N>` : ce n'est pas un nombre entier"),
        (&["audit", "release", "--output", "r.docx"], "écrivez FORMAT=FICHIER ("),
        (&["audit", "release", "--fromat", "json"], "vouliez-vous dire `--format` ?"),
        (&["audit", "release", "--format", "jsn"], "`jsn` n'est pas une valeur de `--format <FORMAT>`"),
        (&["audit", "release", "--quiet", "--verbose"], "`--quiet` ne va pas avec `--verbose`"),
        (&["audti"], "vouliez-vous dire `audit` ?"),
        (&["import"], "il manque : `<FORMAT>`, `<FICHIER>...`"),
        (&[], "quelle commande ? il y a `audit`"),
        (&["audit", "release", "--save-evidence", "a", "release"], "il y a plusieurs cibles"),
        (&["init", "release"], "release/ouvert.toml existe déjà"),
    ] {
        let told = release.run(&[args, &["--lang", "fr"]].concat());
        assert_eq!((told.code, told.stdout.as_str()), (2, ""), "{args:?}: {}", told.stderr);
        assert!(told.stderr.contains(words), "{args:?}:\n{}", told.stderr);
        assert_eq!(told.stderr.matches("erreur : ").count(), 1, "{args:?}:\n{}", told.stderr);
        assert_eq!(told.stderr.matches("conseil : ").count(), 1, "{args:?}:\n{}", told.stderr);
        let prose = quoted.replace_all(&told.stderr, "`x`");
        let own = prose.lines().filter(|l| l.starts_with("erreur") || l.starts_with("conseil"));
        let left: Vec<&str> = own.filter(|l| english.is_match(l)).collect();
        assert!(left.is_empty(), "{args:?}: {left:?}");
    }
    // The language is found in the environment too, and where the mistake stands before the flag.
    let mut command = program();
    let told = Run::of(command.args(["audit", "--fromat"]).env("LANG", "fr_FR.UTF-8").output().unwrap());
    assert!(told.stderr.starts_with("erreur : il n'y a pas d'argument `--fromat` ici\n"), "{}", told.stderr);
}

#[test]
fn a_caret_stands_under_its_word() {
    let release = Release::tiny_open();
    for before in ["", "\t", "\t\t", "\u{200b}", "é", "日本", "e\u{301}"] {
        let line = format!("name = \"{before}\"\nlicence = 1\n").replace("\"\nlicence", "\", x.licence");
        release.write(
            "ouvert.toml",
            format!("schema = 1\nrelease = {{ {} }}\n", line.replace("x.licence", "licence").trim_end()),
        );
        for lang in ["en", "fr"] {
            let told = release.run(&["audit", "release", "--lang", lang]).stderr;
            let rows: Vec<&str> = told.lines().collect();
            let at = rows.iter().position(|r| r.contains("^^^^^^^")).unwrap_or_else(|| panic!("{before:?}: {told}"));
            let column = |text: &str| textwrap::core::display_width(text);
            let word = column(rows[at - 1].split("licence").next().unwrap());
            assert_eq!(column(rows[at].split('^').next().unwrap()), word, "{before:?}\n{told}");
        }
    }
}

#[test]
fn help_is_shown_in_the_language_asked_for() {
    for (lang, usage, about) in [
        ("en", "Usage: ouvert", "Show the verdict on one line"),
        ("fr", "Utilisation : ouvert", "Montrer le verdict sur une ligne"),
    ] {
        let top = run(&["--help", "--lang", lang]);
        let audit = run(&["audit", "-h", "--lang", lang]);
        assert_eq!((top.code, audit.code), (0, 0));
        assert!(
            top.stdout.contains(usage) && audit.stdout.contains(usage) && audit.stdout.contains(about),
            "{}",
            audit.stdout
        );
        // The whole help is there without a command, and that is a mistake.
        let none = Run::of(program().env("OUVERT_LANG", lang).output().unwrap());
        assert!(none.code == 2 && none.stderr.contains(usage), "{}", none.stderr);
    }
}
