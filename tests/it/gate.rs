//! The gate: what a policy asks and waives, what a baseline forgives, and which exit code that comes to.

use std::fs;

use serde_json::Value;

use crate::support::{Release, Run, run_in};

const WAIVER: &str = "[[waiver]]\nrule = \"RULE\"\nreason = \"a run of 2024, which nobody can repeat\"\nby = \"Jo <jo@example.org>\"\nuntil = 2026-06-30\n";

/// Audits the release of a folder, from the folder above it.
fn audit(release: &Release, flags: &[&str]) -> (Run, Value) {
    let run = run_in(release.outside(), &[&["audit", "release", "--format", "json"], flags].concat());
    let report = serde_json::from_str(&run.stdout).unwrap_or_default();
    (run, report)
}

/// Audits by a policy.
fn by(release: &Release, policy: &str) -> (Run, Value) {
    release.beside("policy.toml", policy);
    audit(release, &["--policy", "policy.toml"])
}

fn reasons(report: &Value) -> Vec<&str> {
    report["gate"]["reasons"].as_array().unwrap().iter().map(|r| r.as_str().unwrap()).collect()
}

fn finding<'a>(report: &'a Value, rule: &str) -> &'a Value {
    report["findings"].as_array().unwrap().iter().find(|f| f["rule"] == rule).unwrap()
}

/// The shipped release with a sentence that bars a use.
fn barred() -> Release {
    let release = Release::tiny_open();
    release.append("README.md", "\nThe model may not be used for commercial purposes.\n");
    release.refresh();
    release
}

#[test]
fn a_policy_asks_for_rules_level_and_score() {
    let release = barred();
    let (run, report) =
        by(&release, "schema = 1\n[gate]\nrules = [\"license-declared\", \"data-declared\"]\nfail-under = 50\n");
    assert_eq!((run.code, reasons(&report)), (0, vec![]), "{}", run.stderr);
    let (run, report) =
        by(&release, "[gate]\nrequire = \"open-source\"\nrules = [\"license-no-added-terms\"]\nfail-under = 99.5\n");
    assert_eq!(run.code, 1);
    let told = reasons(&report);
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told[0].contains("open-source is required"), "{told:?}");
    assert!(told[1].contains("at least 99.5 is required"), "{told:?}");
    assert!(told[2].starts_with("`license-no-added-terms` is not met"), "{told:?}");
    // A flag goes before the policy.
    release.beside("policy.toml", "[gate]\nrequire = \"open-source\"\n");
    let (run, _) = audit(&release, &["--policy", "policy.toml", "--require", "partly-open"]);
    assert_eq!(run.code, 0);
}

#[test]
fn a_waiver_silences_the_gate_and_changes_no_truth() {
    let release = barred();
    let bare = "[gate]\nrequire = \"open-source\"\nrules = [\"license-no-added-terms\"]\n";
    let (_, before) = by(&release, bare);
    let (run, report) = by(&release, &format!("{bare}{}", WAIVER.replace("RULE", "license-no-added-terms")));
    assert_eq!((run.code, reasons(&report)), (0, vec![]));
    for same in ["level", "score", "criteria", "verdict", "evidence_digest"] {
        assert_eq!(report[same], before[same], "{same}");
    }
    let found = finding(&report, "license-no-added-terms");
    assert_eq!(found["outcome"], "not-met");
    assert_eq!(
        found["waiver"],
        "a run of 2024, which nobody can repeat (waived by Jo <jo@example.org> until 2026-06-30)"
    );
    assert_eq!(report["waivers"]["used"][0]["rule"], "license-no-added-terms");
    // A waiver lifts no score.
    let (run, report) =
        by(&release, &format!("[gate]\nfail-under = 99.5\n{}", WAIVER.replace("RULE", "license-no-added-terms")));
    assert_eq!((run.code, reasons(&report).len()), (1, 1));
}

#[test]
fn waivers_that_are_past_idle_or_of_another_release_are_told() {
    let release = barred();
    let waiver = |rule: &str, more: &str, until: &str| WAIVER.replace("RULE", rule).replace("2026-06-30", until) + more;
    let policy = [
        "[gate]\nrules = [\"license-no-added-terms\"]\n".to_owned(),
        waiver("license-no-added-terms", "", "2025-12-31"),
        waiver("license-declared", "", "2026-12-31"),
        waiver("license-no-added-terms", "subject = \"acme/*\"\n", "2026-12-31"),
        waiver("license-no-added-terms", "path = \"elsewhere/**\"\n", "\"2026-12-31\""),
        waiver("mof-final-model-parameters", "", "2026-12-31"),
    ];
    let (run, report) = by(&release, &policy.concat());
    assert_eq!(run.code, 1, "{}", run.stderr);
    let waivers = &report["waivers"];
    let says = |list: &str| -> Vec<String> {
        waivers[list].as_array().into_iter().flatten().map(|w| w["says"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(says("used"), Vec::<String>::new());
    assert_eq!(says("expired"), ["its last day has passed, so it silences nothing"]);
    assert_eq!(
        says("unused"),
        [
            "nothing needs it: the rule is met or does not apply",
            "nothing of the finding lies at that path",
            "no profile of this audit has such a rule"
        ]
    );
    assert_eq!(says("elsewhere"), ["it is for another release"]);
    // On its last day a waiver is still good.
    let (run, _) = by(&release, &(policy[0].clone() + &waiver("license-no-added-terms", "", "2026-01-01")));
    assert_eq!(run.code, 0);
    // The screen tells of them too.
    let screen = run_in(release.outside(), &["audit", "release", "--policy", "policy.toml"]);
    assert!(
        screen.stdout.contains("Waivers\n  - license-no-added-terms, silenced until 2026-01-01:"),
        "{}",
        screen.stdout
    );
}

#[test]
fn bytes_that_are_not_those_published_are_waived_file_by_file_and_lift_no_level() {
    let release = Release::tiny_open();
    release.append("train.py", "\n");
    release.append("data/corpus.txt", "one more line\n");
    let digests = |path: &str| WAIVER.replace("RULE", "integrity-digests") + &format!("path = \"{path}\"\n");
    let (run, report) = by(&release, &digests("train.py"));
    assert_eq!(run.code, 1);
    assert_eq!(reasons(&report), ["data/corpus.txt: the bytes are not those published"]);
    assert_eq!(finding(&report, "integrity-digests")["waiver"], Value::Null);
    let (run, report) = by(&release, &(digests("train.py") + &digests("data/*")));
    assert_eq!((run.code, reasons(&report)), (0, vec![]));
    assert_eq!(report["level"], "undetermined");
    let (run, report) =
        by(&release, &("[gate]\nrequire = \"open-weights\"\n".to_owned() + &digests("train.py") + &digests("data/*")));
    assert_eq!(run.code, 1, "{:?}", reasons(&report));
}

#[test]
fn a_baseline_forgives_what_was_so_and_nothing_that_got_worse() {
    let release = barred();
    let (_, before) = audit(&release, &[]);
    release.beside("before.json", before.to_string());
    let with = |flags: &[&str]| audit(&release, &[&["--baseline", "before.json"], flags].concat());
    // What fell short then closes no gate now, whatever is asked.
    let (run, report) = with(&["--require", "open-source", "--fail-under", "99"]);
    assert_eq!((run.code, reasons(&report)), (0, vec![]));
    // Something met that no longer is, does.
    release.remove("LICENSE");
    release.refresh();
    let (run, report) = with(&[]);
    assert_eq!(run.code, 1);
    let told = reasons(&report);
    assert!(
        told.iter()
            .any(|r| r.starts_with("`license-text-present` got worse since the baseline, met then, not met now")),
        "{told:?}"
    );
    // A waiver silences that as well.
    let policy: String = told
        .iter()
        .filter_map(|r| r.strip_prefix('`')?.split_once('`'))
        .map(|(rule, _)| WAIVER.replace("RULE", rule))
        .collect();
    release.beside("policy.toml", policy);
    let (run, report) = with(&["--policy", "policy.toml"]);
    assert_eq!((run.code, reasons(&report)), (0, vec![]));
}

#[test]
fn what_can_no_longer_be_told_is_worse_than_what_was_met() {
    let release = Release::tiny_open();
    let (_, before) = audit(&release, &[]);
    release.beside("before.json", before.to_string());
    let (run, report) = audit(&release, &["--baseline", "before.json", "--no-hash"]);
    assert_eq!(run.code, 1);
    assert!(reasons(&report).iter().any(|r| r.contains("met then, unknown now")), "{:?}", reasons(&report));
}

#[test]
fn a_digest_that_failed_before_is_forgiven_only_for_the_same_bytes() {
    let release = Release::tiny_open();
    release.append("train.py", "\n");
    let (run, before) = audit(&release, &[]);
    assert_eq!(run.code, 1);
    release.beside("before.json", before.to_string());
    assert_eq!(audit(&release, &["--baseline", "before.json"]).0.code, 0);
    release.append("train.py", "\n");
    let (run, report) = audit(&release, &["--baseline", "before.json"]);
    assert_eq!((run.code, reasons(&report)), (1, vec!["train.py: the bytes are not those published"]));
}

#[test]
fn lines_that_move_and_new_restrictions_are_told_apart() {
    let card = "---\nlicense: apache-2.0\n---\n# Model\n\nFor research use only.\n";
    let release = Release::with_card(card);
    let (_, before) = audit(&release, &[]);
    assert_eq!(finding(&before, "license-no-added-terms")["outcome"], "not-met");
    release.beside("before.json", before.to_string());
    release.write("README.md", card.replace("# Model\n", "# Model\n\nA few words more.\n\nAnd more.\n"));
    let (run, report) = audit(&release, &["--baseline", "before.json"]);
    assert_eq!((run.code, reasons(&report)), (0, vec![]), "{}", run.stderr);
    release.append("README.md", "\nCommercial use is prohibited.\n");
    let (run, report) = audit(&release, &["--baseline", "before.json"]);
    assert_eq!(run.code, 1);
    assert!(reasons(&report).iter().any(|r| r.starts_with("`license-no-added-terms` got worse")), "{report}");
}

#[test]
fn mistakes_in_a_policy_are_shown_with_their_line() {
    let release = Release::tiny_open();
    let whole = WAIVER.replace("RULE", "recipe-seeds");
    for (policy, wanted) in [
        (
            "[gate]\nrequire = \"open-sauce\"\n".to_owned(),
            "line 2: no level is called `open-sauce`; did you mean `open-source`?",
        ),
        (
            "[gate]\nrules = [\"recipe-seed\"]\n".to_owned(),
            "line 2: no rule is called `recipe-seed`; did you mean `recipe-seeds`, `recipe-steps`?",
        ),
        ("[gate]\nfail-under = 101\n".to_owned(), "line 2: a score is a number from 0 to 100"),
        ("[gate]\nfail-under = nan\n".to_owned(), "line 2: a score is a number from 0 to 100"),
        (
            "[gate]\nfails-under = 1\n".to_owned(),
            "unknown field `fails-under`, expected one of `require`, `fail-under`, `rules`",
        ),
        ("schema = 2\n".to_owned(), "line 1: this version reads policies of schema 1"),
        (whole.replace("recipe-seeds", "recipe-sedes"), "line 2: no rule is called `recipe-sedes`"),
        (whole.replace("a run of 2024, which nobody can repeat", "  "), "line 3: a waiver needs a reason"),
        (whole.replace("by = \"Jo <jo@example.org>\"\n", ""), "missing field `by`"),
        (whole.replace("until = 2026-06-30\n", ""), "missing field `until`"),
        (whole.replace("2026-06-30", "\"next year\""), "line 5: `next year` is no day; write it as 2026-12-31"),
        (whole.replace("2026-06-30", "2026-06-30T10:00:00Z"), "is no day"),
        (whole.clone() + "subject = \"a[\"\n", "line 6: not a name or a pattern"),
        ("[gate\n".to_owned(), "line 1"),
    ] {
        let (run, _) = by(&release, &policy);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{policy}");
        assert!(run.stderr.starts_with("error: policy.toml") && run.stderr.contains(wanted), "{policy}{}", run.stderr);
        assert!(run.stderr.contains("\nhint: "), "{}", run.stderr);
    }
    assert!(run_in(release.outside(), &["audit", "release", "--policy", "none.toml"]).stderr.contains("none.toml"));
}

#[test]
fn a_baseline_that_cannot_be_compared_is_refused() {
    let release = Release::tiny_open();
    let (_, report) = audit(&release, &["--profile", "mof"]);
    release.beside("mof.json", report.to_string());
    release.beside("no.json", "{\"schema\": 7}");
    for (flags, wanted) in [
        (vec!["--baseline", "mof.json"], "the baseline is a report by the profile `mof`"),
        (vec!["--baseline", "no.json"], "no.json is not a report"),
        (vec!["--baseline", "absent.json"], "nothing found at absent.json"),
        (vec!["--baseline", "mof.json", "--profile", "mof", "release"], "several targets"),
    ] {
        let (run, _) = audit(&release, &flags);
        assert_eq!(run.code, 2, "{flags:?}");
        assert!(run.stderr.contains(wanted), "{flags:?} {}", run.stderr);
    }
}

#[test]
fn a_policy_in_the_release_itself_is_never_read() {
    let release = barred();
    for name in ["policy.toml", "ouvert-policy.toml", ".ouvert.toml"] {
        release.write(name, WAIVER.replace("RULE", "license-no-added-terms"));
    }
    let (run, report) = audit(&release, &["--require", "open-source"]);
    assert_eq!(run.code, 1);
    assert_eq!(report["waivers"]["used"], serde_json::json!([]));
    assert!(fs::metadata(release.path().join("policy.toml")).is_ok());
}
