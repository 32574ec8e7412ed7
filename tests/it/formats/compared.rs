//! A comparison as Markdown: golden files, what a reader of Markdown makes of hostile words in it, and its length.

use std::fs;

use ouvert::diff;
use ouvert::evidence::{Access, FileStatus};
use ouvert::finding::Outcome;
use ouvert::render::{self, Detail, Options};
use ouvert::report::Report;
use ouvert::words::Lang;
use proptest::prelude::*;

use super::markdown::{bare, blocks, letters};
use super::{golden, hostile};
use crate::support::run;

/// A report after a change of everything that a comparison tells; what the release wrote anew starts with these words.
fn changed(old: &Report, words: &str) -> Report {
    let mut new = old.clone();
    let set = |finding: &mut ouvert::finding::Finding, outcome: Outcome| {
        finding.outcome = outcome;
        finding.says = format!("{words}it is otherwise now");
        finding.fr.says = format!("{words}c'est autrement maintenant");
    };
    for (index, outcome) in
        [(0, Outcome::NotMet), (5, Outcome::Unknown), (3, Outcome::Met), (13, Outcome::Unknown), (30, Outcome::Met)]
    {
        set(&mut new.findings[index], outcome);
    }
    new.findings[5].waiver = Some(format!("{words}known and wanted"));
    let mut place = new.findings[3].places[0].clone();
    place.line = Some(99);
    place.excerpt = Some(format!("{words}Research use only."));
    // What is still not met is seen in more places than are told.
    new.findings[28].places.extend((0..5).map(|i| ouvert::evidence::Place { line: Some(100 + i), ..place.clone() }));
    new.subject.version = Some(format!("{words}2.0"));
    (new.level, new.verdict.rank, new.score) = ("undetermined".into(), Some(4), 31.5);
    (new.verdict.title, new.verdict.title_fr) = (format!("{words}Undetermined"), format!("{words}Indéterminé"));
    (new.criteria[0].verdict, new.criteria[0].score) = (ouvert::finding::Verdict::Partial, 66.0);
    (new.others[1].level, new.others[1].verdict.rank) = (format!("{words}open"), Some(0));
    new.files[4].status = FileStatus::Mismatched;
    new.files[6].path = format!("{words}vocabulary.txt");
    new.datasets[0].access = Access::Gated;
    new.datasets[1].id = format!("{words}acme/set");
    new.bases[1] = format!("{words}acme/base");
    new.audited_at = format!("{words}2026-02-01T00:00:00Z");
    new
}

fn frozen() -> Report {
    serde_json::from_value(hostile::frozen()).unwrap()
}

/// The comparison of the frozen report, after some words, with what became of it.
fn page(words: &str, options: Options) -> String {
    let old = hostile::report(words);
    render::diff::markdown(&diff::compare(&old, &changed(&old, words)), options)
}

/// Such pages for readers that take long to start.
pub(super) fn several() -> Vec<String> {
    let all = |words: &[&str]| page(&words.join(" "), hostile::options(Lang::En));
    hostile::WORDS.chunks(8).map(all).collect()
}

#[test]
fn it_tells_what_changed_in_both_languages() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("old.json"), hostile::frozen().to_string()).unwrap();
    fs::write(path("new.json"), serde_json::to_string(&changed(&frozen(), "")).unwrap()).unwrap();
    let told = |flags: &[&str]| {
        let run = run(&[&["diff", &path("old.json"), &path("new.json"), "--format", "markdown"], flags].concat());
        assert_eq!((run.code, run.stderr.as_str()), (1, ""));
        run.stdout
    };
    let text = told(&[]);
    golden("diff.md", &text);
    golden("diff.fr.md", &told(&["--lang", "fr"]));
    assert!(!blocks(&text).iter().any(|b| b.starts_with("markup of others")), "{:?}", blocks(&text));
    assert_eq!(blocks(&text).iter().filter(|b| b.starts_with("Start(Table(")).count(), 1);
    let quiet = told(&["--quiet"]);
    assert!(text.starts_with(&quiet) && quiet.contains("something got worse"), "{quiet}");
    assert!(text.contains("more places: 2"), "{text}");
}

#[test]
fn nothing_changed_is_no_failure() {
    let text = render::diff::markdown(&diff::compare(&frozen(), &frozen()), hostile::options(Lang::En));
    assert!(text.contains("\nNothing that was asked changed. ") && !text.contains("###"), "{text}");
    assert!(!text.contains("got worse"), "{text}");
}

#[test]
fn reports_by_other_rules_say_so() {
    let (mut old, mut new) = (frozen(), frozen());
    old.findings.remove(0);
    new.findings.remove(1);
    new.profile.version = "2.0.0".into();
    let text = render::diff::markdown(&diff::compare(&old, &new), hostile::options(Lang::En));
    for wanted in [
        "(`three-criteria 1.0.0` → `three-criteria 2.0.0`)",
        "their levels are not compared",
        "- asked only now: `license-declared`\n- asked only then: `license-unrestricted`\n",
    ] {
        assert!(text.contains(wanted), "{wanted}\n{text}");
    }
}

#[test]
fn it_fits_a_comment_of_any_forge() {
    let old = frozen();
    let mut new = changed(&old, &"[x](http://e.example) ".repeat(20_000));
    new.files.extend((0..5000).map(|i| {
        let file = old.files[0].clone();
        ouvert::report::ReportFile { path: format!("{i}{}", "|".repeat(300)), ..file }
    }));
    let found = diff::compare(&old, &new);
    let text = render::diff::markdown(&found, Options { detail: Detail::All, ..hostile::options(Lang::En) });
    assert!(text.chars().count() < 65_536, "{}", text.chars().count());
    assert!(text.contains("Not all of it fits here") && text.contains("ouvert explain"), "{text}");
    assert!(!blocks(&text).iter().any(|b| b.starts_with("markup of others")));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn hostile_words_stay_words(words in hostile::words()) {
        let wanted = blocks(&page("x", hostile::options(Lang::En)));
        let text = page(&words, hostile::options(Lang::En));
        prop_assert!(!hostile::is_unclean(&text));
        prop_assert_eq!(blocks(&text), wanted);
        prop_assert!(letters(&text).contains(&bare(&words)), "{:?} is lost", words);
    }
}
