//! `ouvert diff`: two reports or releases, for people and for machines.

use serde_json::Value;

use crate::support::{Release, Run, run_in};

/// Two releases beside each other, `old` as shipped and `new` as changed, with their reports.
fn two(change: impl Fn(&Release)) -> Release {
    let release = Release::tiny_open();
    let report = |name: &str| {
        let run = run_in(release.outside(), &["audit", "release", "--format", "json"]);
        release.beside(name, run.stdout);
    };
    report("old.json");
    change(&release);
    report("new.json");
    release
}

fn diff(release: &Release, flags: &[&str]) -> Run {
    run_in(release.outside(), &[&["diff", "old.json", "new.json"], flags].concat())
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}{}", run.stdout, run.stderr))
}

#[test]
fn nothing_changed_is_said_and_passes() {
    let release = two(|_| {});
    let run = diff(&release, &[]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(run.stdout.contains("Nothing that was asked changed"), "{}", run.stdout);
    let run = diff(&release, &["--quiet"]);
    assert_eq!(run.stdout, "no change: Open source, 95.2 of 100\n");
    let found = json(&diff(&release, &["--format", "json"]));
    assert_eq!((&found["regressed"], &found["schema"]), (&Value::Bool(false), &Value::from(1)));
    assert_eq!(found["findings"], serde_json::json!([]));
}

#[test]
fn what_got_less_open_fails_and_is_quoted() {
    let release = two(|r| {
        r.append("README.md", "\nThe model may not be used for commercial purposes.\n");
        r.refresh();
    });
    let run = diff(&release, &[]);
    assert_eq!(run.code, 1, "{}", run.stdout);
    for wanted in [
        "OPEN SOURCE → PARTLY OPEN",
        "Less open (1)\n  - No other text adds a restriction [license-no-added-terms]: met → not met",
        "The model may not be used for commercial purposes.",
        "README.md: other bytes",
    ] {
        assert!(run.stdout.contains(wanted), "{wanted}\n{}", run.stdout);
    }
    // The other way round it is an improvement.
    let run = run_in(release.outside(), &["diff", "new.json", "old.json"]);
    assert_eq!(run.code, 0);
    assert!(run.stdout.contains("More open (1)\n  + No other text"), "{}", run.stdout);
    let run = run_in(release.outside(), &["diff", "new.json", "old.json", "--lang", "fr"]);
    assert!(run.stdout.contains("Plus ouvert (1)"), "{}", run.stdout);
    assert_eq!(diff(&release, &["--quiet"]).stdout.lines().count(), 1);
}

#[test]
fn a_file_that_no_longer_holds_is_worse() {
    let release = two(|r| r.flip("model.safetensors"));
    let run = diff(&release, &["--format", "json"]);
    assert_eq!(run.code, 1);
    let found = json(&run);
    let file = &found["files"][0];
    assert_eq!(
        (&file["path"], &file["direction"], &file["now"]),
        (&Value::from("model.safetensors"), &Value::from("worse"), &Value::from("mismatched"))
    );
}

#[test]
fn targets_are_audited_and_a_report_decides_their_profile() {
    let release = two(|r| r.remove("LICENSE"));
    let run = run_in(release.outside(), &["audit", "release", "--profile", "mof", "--format", "json"]);
    release.beside("mof.json", run.stdout);
    let run = run_in(release.outside(), &["diff", "mof.json", "release", "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(json(&run)["new"]["profile"].as_str().unwrap().starts_with("mof "));
    let run = run_in(release.outside(), &["diff", "old.json", "release", "--format", "json"]);
    assert_eq!(run.code, 1, "{}", run.stdout);
    let run = run_in(release.outside(), &["diff", "old.json", "mof.json"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("different profiles, `three-criteria` and `mof`"), "{}", run.stderr);
    let run = run_in(release.outside(), &["diff", "old.json", "nowhere"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("nothing found at nowhere"), "{}", run.stderr);
}

#[test]
fn reports_by_other_rules_are_compared_in_what_they_share() {
    let release = two(|_| {});
    let mut old: Value = serde_json::from_slice(&std::fs::read(release.outside().join("old.json")).unwrap()).unwrap();
    old["findings"].as_array_mut().unwrap().remove(0);
    old["level"] = "restricted".into();
    old["verdict"]["rank"] = 3.into();
    release.beside("old.json", old.to_string());
    let run = diff(&release, &["--format", "json"]);
    let found = json(&run);
    assert_eq!((run.code, &found["level"]), (0, &Value::from("same")));
    assert_eq!(found["new_rules"].as_array().unwrap().len(), 1);
    assert!(diff(&release, &[]).stdout.contains("their levels are not compared"));
}

#[test]
fn a_hostile_report_moves_no_cursor() {
    let release = two(|_| {});
    let mut new: Value = serde_json::from_slice(&std::fs::read(release.outside().join("new.json")).unwrap()).unwrap();
    let bad = "\u{1b}[2J\u{202e}x\ny";
    new["subject"]["name"] = bad.into();
    new["findings"][0]["outcome"] = "not-met".into();
    for key in ["says", "title", "rule"] {
        new["findings"][1][key] = bad.into();
    }
    new["findings"][0]["says"] = bad.into();
    new["verdict"]["title"] = bad.into();
    new["bases"] = serde_json::json!([bad]);
    release.beside("new.json", new.to_string());
    for flags in [&[][..], &["--quiet"], &["--verbose", "--lang", "fr"]] {
        let run = diff(&release, flags);
        assert_eq!(run.code, 1, "{}", run.stderr);
        assert!(!run.stdout.contains(['\u{1b}', '\u{202e}']), "{:?}", run.stdout);
    }
    let run = diff(&release, &["--format", "json"]);
    assert!(!run.stdout.contains(['\u{1b}', '\u{202e}']));
}
