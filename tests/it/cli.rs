//! The command line as a contract: commands, exit codes, formats, streams, languages and colours.

use std::io::Read as _;
use std::process::Stdio;

use serde_json::Value;

use crate::support::{Release, Run, program, run};

const CARD: &str = "---\nlicense: mit\n---\n\n# A model\n";

fn ok(run: Run) -> String {
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{}", run.stdout);
    run.stdout
}

/// Standard error of a run that could not do its work.
fn refused(run: Run) -> String {
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{}", run.stderr);
    run.stderr
}

#[test]
fn it_tells_its_version_and_its_use() {
    assert_eq!(ok(run(&["--version"])), format!("ouvert {}\n", env!("CARGO_PKG_VERSION")));
    let help = ok(run(&["--help"]));
    for word in ["audit", "init", "explain", "render", "completions", "man", "Exit codes", "--lang", "--color"] {
        assert!(help.contains(word), "{word}");
    }
    for command in ["audit", "init", "explain", "render", "completions", "man"] {
        assert!(ok(run(&[command, "--help"])).contains("Example"), "{command} shows no example");
    }
    assert_eq!(run(&[]).code, 2);
    let told = refused(run(&["audti"]));
    assert!(told.contains("audit"), "{told}");
    assert!(refused(run(&["audit", "--fromat", "json"])).contains("--format"));
}

#[test]
fn it_explains_rules_and_licenses() {
    let all = ok(run(&["explain"]));
    let profile = include_str!("../../rules/three-criteria.toml");
    let ids = profile.split("[[rule]]\nid = \"").skip(1).filter_map(|p| p.split('"').next());
    assert_eq!(ids.clone().count(), 44);
    for id in ids {
        assert!(all.contains(&format!("  {id} ")), "{id} is not listed");
        let page = ok(run(&["explain", id]));
        assert!(page.starts_with(id) && page.contains("why: ") && page.contains("to mend it: "), "{page}");
        let french = ok(run(&["explain", id, "--lang", "fr"]));
        assert!(french.contains("pourquoi : ") || french.contains("pourquoi: "), "{french}");
    }
    assert!(ok(run(&["explain", "apache-2.0"])).contains("bars no use"));
    let llama = ok(run(&["explain", "llama3.1"]));
    assert!(llama.contains("bars some uses") && llama.contains("700 million"), "{llama}");
    let told = refused(run(&["explain", "data-complet"]));
    assert!(told.contains("`data-complet`") && told.contains("did you mean `data-complete`"), "{told}");
    assert!(refused(run(&["explain", "zzzzzzzzzz"])).contains("hint: "));
}

#[test]
fn it_completes_and_documents_itself() {
    for shell in ["bash", "zsh", "fish"] {
        let script = ok(run(&["completions", shell]));
        assert!(script.contains("fail-under"), "{shell}");
    }
    let bad = refused(run(&["completions", "zhs"]));
    assert!(bad.contains("zsh"), "{bad}");
    let page = ok(run(&["man"]));
    assert!(page.starts_with(".ie") || page.starts_with(".TH"), "{page:.80}");
    assert!(page.contains(".TH ") && page.contains("OUVERT AUDIT") && page.contains("fail\\-under"));
}

#[test]
fn a_saved_report_renders_to_the_same_bytes() {
    let release = Release::tiny_open();
    for args in [&[][..], &["--verbose"], &["--lang", "fr"], &["--color", "always"]] {
        let table = ok(release.run(&[&["audit", "release", "--output", "r.json"], args].concat()));
        assert_eq!(ok(release.run(&[&["render", "r.json"], args].concat())), table, "{args:?}");
    }
    let json = std::fs::read_to_string(release.outside().join("r.json")).unwrap();
    assert_eq!(ok(release.run(&["render", "r.json", "--format", "json"])), json);
    assert_eq!(ok(release.run(&["audit", "release", "--format", "json"])), json);
    assert_eq!(
        ok(release.run(&["audit", "release", "--format", "json", "--lang", "fr"])),
        json,
        "JSON has one language"
    );
    let again = ok(release.run(&["render", "r.json", "--output", "again.json", "--output", "table=again"]));
    assert_eq!(std::fs::read_to_string(release.outside().join("again.json")).unwrap(), json);
    assert_eq!(std::fs::read_to_string(release.outside().join("again")).unwrap(), again);
}

#[test]
fn what_is_no_report_is_not_rendered() {
    let release = Release::with_card(CARD);
    for (text, words) in [
        ("", "is not a report"),
        ("{}", "its schema is not 1"),
        ("[1, 2]", "its schema is not 1"),
        ("{\"schema\": 99}", "its schema is not 1"),
        ("{\"schema\": 1}", "missing field"),
        ("# A model", "is not a report"),
    ] {
        std::fs::write(release.outside().join("r.json"), text).unwrap();
        let told = refused(release.run(&["render", "r.json"]));
        assert!(told.contains(words) && told.contains("r.json") && told.contains("hint: "), "{text}: {told}");
    }
    assert!(refused(release.run(&["render", "none.json"])).contains("nothing found at none.json"));
}

#[test]
fn saved_evidence_is_judged_like_its_release() {
    let release = Release::tiny_open();
    let first = ok(release.run(&["audit", "release", "--save-evidence", "e.json", "--format", "json"]));
    assert_eq!(ok(release.run(&["audit", "e.json", "--format", "json"])), first);
    std::fs::write(release.outside().join("e.json"), "{\"schema\": 1}").unwrap();
    assert!(refused(release.run(&["audit", "e.json"])).contains("e.json"));
}

#[test]
fn init_writes_a_manifest_that_audit_accepts() {
    let release = Release::tiny_open();
    release.remove("ouvert.toml");
    let said = ok(release.run(&["init", "release"]));
    assert!(said.contains("ouvert.toml"), "{said}");
    let audit = release.audit(&[]);
    assert_eq!(audit.code, 0, "{}", audit.shortfalls());
    for path in release.files().iter().filter(|p| *p != "ouvert.toml") {
        assert_eq!(audit.status(path), Some("verified"), "{path}");
    }
    for rule in ["license-unrestricted", "license-consistent", "integrity-digests", "integrity-complete", "recipe-code"]
    {
        assert_eq!(audit.outcome(rule), "met", "{rule}: {}", audit.says(rule));
    }
    let before = release.text("ouvert.toml");
    let told = refused(release.run(&["init", "release"]));
    assert!(told.contains("exists already") && told.contains("hint: "), "{told}");
    assert_eq!(release.text("ouvert.toml"), before);
    let shown = ok(release.run(&["init", "release", "--output", "-"]));
    assert!(shown.starts_with('#') && shown.contains("[[artifact]]"));
}

#[cfg(unix)]
#[test]
fn init_copes_with_odd_releases() {
    let release =
        Release::with_card("---\nlicense: other\nlicense_name: \"my \\\"own\\\" terms\"\n---\n# A \"model\"\n");
    release.write("a \"b\" c.txt", "x");
    release.write("back\\slash's.txt", "x");
    ok(release.run(&["init", "release"]));
    let audit = release.audit(&[]);
    assert_eq!(audit.code, 0, "{}", audit.shortfalls());
    assert_eq!(audit.status("a \"b\" c.txt"), Some("verified"));
    assert!(refused(Release::empty().run(&["init", "release"])).contains("holds no file"));
}

#[test]
fn gates_decide_the_exit_code() {
    let good = Release::tiny_open();
    for args in [&["--require", "open-source"][..], &["--require", "open-weights"], &["--fail-under", "90"]] {
        assert_eq!(good.audit(args).code, 0, "{args:?}");
    }
    let over = good.audit(&["--fail-under", "100.5"]);
    assert_eq!((over.code, &over.report["gate"]["passed"]), (1, &false.into()));
    let bare = Release::with_card(CARD);
    assert_eq!(bare.audit(&[]).code, 0);
    for args in [&["--require", "open-source"][..], &["--require", "partly-open"], &["--fail-under", "90"]] {
        let audit = bare.audit(args);
        assert_eq!((audit.code, audit.report["gate"]["reasons"].as_array().unwrap().len()), (1, 1), "{args:?}");
        let table = bare.run(&[&["audit", "release"], args].concat());
        assert_eq!(table.code, 1);
        let reason = audit.report["gate"]["reasons"][0].as_str().unwrap();
        let flat = table.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(reason), "{reason}\n{}", table.stdout);
    }
    let told = bare.refused(&["--require", "open-sauce"]);
    assert!(told.contains("did you mean `open-source`?"), "{told}");
    bare.refused(&["--fail-under", "many"]);
}

#[test]
fn files_are_written_beside_the_screen() {
    let release = Release::tiny_open();
    let outside = |name: &str| std::fs::read_to_string(release.outside().join(name)).unwrap();
    let screen =
        ok(release.run(&["audit", "release", "--output", "r.json", "--output", "table=t", "--color", "always"]));
    assert!(serde_json::from_str::<Value>(&outside("r.json")).is_ok());
    assert!(!outside("t").contains('\u{1b}') && screen.contains('\u{1b}'));
    let colours = regex::Regex::new("\u{1b}\\[[0-9;]*m").unwrap();
    assert_eq!(colours.replace_all(&screen, ""), outside("t"));
    let lost = release.run(&[
        "audit",
        "release",
        "--output",
        "no/such/folder/r.json",
        "--output",
        "late.json",
        "--format",
        "json",
    ]);
    assert_eq!(lost.code, 2);
    assert!(
        lost.stderr.contains("cannot write no/such/folder/r.json") && lost.stderr.contains("hint: "),
        "{}",
        lost.stderr
    );
    assert_eq!(lost.stdout, outside("r.json"));
    assert_eq!(outside("late.json"), outside("r.json"));
    let evidence = release.run(&["audit", "release", "--save-evidence", "no/such/e.json", "--format", "json"]);
    assert_eq!((evidence.code, evidence.stdout), (2, outside("r.json")));
    assert!(refused(release.run(&["audit", "release", "--output", "report.docx"])).contains("FORMAT=FILE"));
}

#[test]
fn piped_tables_are_plain_and_80_columns_wide() {
    let long = "word ".repeat(60);
    let wide = Release::with_card(format!(
        "---\nlicense: {long}\ndatasets:\n- {0}/{0}\n---\n# {long}\n\n日本語{1}\n",
        "d".repeat(90),
        "語".repeat(60)
    ));
    wide.write(&format!("{}.safetensors", "w".repeat(120)), "x");
    let mut wrong = Vec::new();
    for release in [Release::tiny_open(), wide] {
        for args in [&[][..], &["--verbose"]] {
            for lang in ["en", "fr"] {
                let table = ok(release.run(&[&["audit", "release", "--lang", lang], args].concat()));
                assert!(!table.contains('\u{1b}') && table.ends_with('\n'));
                let bad = |line: &&str| line.chars().count() > 80 || line.ends_with(' ');
                wrong
                    .extend(table.lines().filter(bad).map(|l| format!("{lang} {args:?}, {}: {l}|", l.chars().count())));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn languages_and_colours_follow_flags_and_environment() {
    let release = Release::tiny_open();
    let shown = |vars: &[(&str, &str)], args: &[&str]| {
        let mut command = program();
        command.current_dir(release.outside()).args(["audit", "release"]).args(args).envs(vars.iter().copied());
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    let (english, french) = (shown(&[], &["--lang", "en"]), shown(&[], &["--lang", "fr"]));
    assert_ne!(english, french);
    assert_eq!(shown(&[], &[]), english);
    for vars in [[("LANG", "fr_FR.UTF-8")], [("OUVERT_LANG", "fr")], [("LC_ALL", "fr_CA")], [("LC_MESSAGES", "fr")]] {
        assert_eq!(shown(&vars, &[]), french, "{vars:?}");
    }
    assert_eq!(shown(&[("LANG", "fr_FR.UTF-8"), ("OUVERT_LANG", "en")], &[]), english);
    assert_eq!(shown(&[("LANG", "C"), ("COLUMNS", "200")], &[]), english);
    let coloured = shown(&[], &["--color", "always"]);
    assert!(coloured.contains("\u{1b}["));
    assert_eq!(shown(&[("NO_COLOR", "1")], &["--color", "always"]), coloured, "a flag wins over the environment");
    assert_eq!(shown(&[("CLICOLOR_FORCE", "1")], &[]), coloured);
    for vars in [&[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")][..], &[("CLICOLOR_FORCE", "0")]] {
        assert_eq!(shown(vars, &[]), english, "{vars:?}");
    }
    assert_eq!(shown(&[("CLICOLOR_FORCE", "1")], &["--color", "never"]), english);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let release = Release::tiny_open();
    for format in ["table", "json"] {
        let mut command = program();
        command.current_dir(release.outside()).args(["audit", "release", "--verbose", "--format", format]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        assert_eq!((child.wait().unwrap().code(), stderr.as_str()), (Some(0), ""), "{format}");
    }
}

#[test]
fn reports_hold_to_their_schema() {
    let text = ok(run(&["render", "--schema"]));
    let schema: Value = serde_json::from_str(&text).unwrap();
    assert!(schema["properties"]["findings"].is_object(), "the schema says nothing: {text:.200}");
    let validator = jsonschema::validator_for(&schema).unwrap();
    let torn = Release::with_card("---\nlicense: [mit\n---\n# A model\n");
    for release in [Release::tiny_open(), torn] {
        for args in [&[][..], &["--no-hash"], &["--require", "open-source"]] {
            let report = release.audit(args).report;
            let errors: Vec<String> =
                validator.iter_errors(&report).map(|e| format!("{}: {e}", e.instance_path())).collect();
            assert!(errors.is_empty(), "{errors:#?}");
        }
    }
    assert!(!validator.is_valid(&serde_json::json!({"schema": 1})));
    assert!(!validator.is_valid(&serde_json::json!([])));
}

#[test]
fn unchecked_digests_stay_declared() {
    let audit = Release::tiny_open().audit(&["--no-hash"]);
    assert_eq!((audit.code, audit.status("model.safetensors")), (0, Some("declared")));
    assert_eq!(audit.outcome("integrity-digests"), "unknown");
    assert_eq!(audit.report["subject"]["files_digest"], Value::Null);
    assert_eq!(audit.report["audited_at"], "2026-01-01T00:00:00Z");
}

#[test]
fn verify_tells_each_file_and_decides_the_exit_code() {
    let release = Release::tiny_open();
    let whole = release.run(&["verify", "release"]);
    assert_eq!((whole.code, whole.stdout.as_str()), (0, "without a published digest: 1\nverified: 22\n"));
    assert_eq!(release.run(&["verify", "release", "--strict"]).code, 0);
    release.write("extra.bin", "x");
    assert_eq!(release.run(&["verify", "release"]).code, 0);
    assert_eq!(release.run(&["verify", "release", "--strict"]).code, 1);
    release.remove("extra.bin");
    release.append("train.py", "# changed\n");
    release.remove("LICENSE");
    let broken = release.run(&["verify", "release", "--lang", "fr"]);
    assert_eq!(broken.code, 1);
    for word in ["altérés : 1", "train.py", "ne tient pas : ouvert.toml:", "trouvé :", "manquants : 1", "LICENSE"] {
        assert!(broken.stdout.contains(word), "{word}: {}", broken.stdout);
    }
    let bare = Release::with_card("# Bare\n").run(&["verify", "release"]);
    assert_eq!(bare.code, 0);
    assert!(bare.stdout.contains("nothing was verified"), "{}", bare.stdout);
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_with_a_clear_line_and_130() {
    let release = Release::with_card("# Big\n");
    // A sparse file: it takes no room, and seconds to hash.
    let big = std::fs::File::create(release.path().join("model.safetensors")).unwrap();
    big.set_len(200_000_000_000).unwrap();
    let mut command = program();
    command.current_dir(release.outside()).args(["audit", "release"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(500));
    let told = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(told.is_ok_and(|s| s.success()));
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "interrupted\n");
    assert!(output.stdout.is_empty());
}

#[test]
fn init_update_refreshes_digests_and_keeps_what_people_wrote() {
    let release = Release::tiny_open();
    let before = release.text("ouvert.toml");
    let same = release.run(&["init", "release", "--update"]);
    assert_eq!((same.code, release.text("ouvert.toml") == before), (0, true), "{}{}", same.stdout, same.stderr);
    let commented = before.replacen("[release]", "# a word of ours\n[release]", 1);
    release.write("ouvert.toml", &commented);
    release.remove("SHA256SUMS");
    release.append("train.py", "# changed\n");
    release.append("data/corpus.txt", "more\n");
    release.remove("data/croissant.json");
    release.write("notes.txt", "new");
    let told = release.run(&["init", "release", "--update"]);
    assert_eq!(told.code, 0, "{}", told.stderr);
    assert!(told.stdout.contains("digests refreshed: 4, files added: 1"), "{}", told.stdout);
    assert!(
        told.stdout.contains("left as it is: data/croissant.json") && told.stdout.contains("left as it is: SHA256SUMS")
    );
    let after = release.text("ouvert.toml");
    assert!(after.contains("# a word of ours\n[release]") && after.contains("path = \"notes.txt\""), "{after}");
    assert_eq!(after.lines().count(), commented.lines().count() + 5, "nothing else moved");
    let found = release.run(&["verify", "release"]);
    assert!(found.stdout.starts_with("missing: 2\n"), "{}", found.stdout);
}
