//! Shapes of front matter that are met on hubs: each is read as it was written, and none passes for more than it says.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::support::{Audit, HERE, Release};

/// Audits a card with this front matter.
fn card(front: &str) -> Audit {
    let audit = Release::with_card(format!("---\n{}\n---\n\n# A model\n", front.trim_end())).audit(&[]);
    assert_eq!(audit.code, 0, "{front}\n{}", audit.stderr);
    audit
}

fn fails(front: &str) -> Audit {
    let audit = card(front);
    assert_eq!(audit.verdict("license"), "fail", "{front}\n{}", audit.shortfalls());
    assert_eq!(audit.outcome("license-unrestricted"), "not-met", "{front}");
    audit
}

#[test]
fn a_list_of_licenses_with_a_restricted_one_fails() {
    let audit = fails("license:\n- llama2\n- other");
    assert!(audit.says("license-unrestricted").contains("Llama 2"), "{}", audit.says("license-unrestricted"));
    assert_eq!(audit.finding("license-unrestricted")["places"][0]["line"], 3);
    fails("license: [apache-2.0, cc-by-nc-4.0]");
    let both = card("license:\n- mit\n- apache-2.0");
    assert_eq!(both.outcome("license-unrestricted"), "met", "{}", both.shortfalls());
}

#[test]
fn a_second_name_beside_a_permissive_one_decides() {
    let audit = fails("license: mit\nlicense_name: microsoft-research-license\nlicense_link: LICENSE");
    assert_eq!(audit.outcome("license-consistent"), "not-met", "{}", audit.says("license-consistent"));
    let strange = card("license: apache-2.0\nlicense_name: house-license-of-somebody");
    assert_ne!(strange.outcome("license-unrestricted"), "met", "{}", strange.says("license-unrestricted"));
    assert_ne!(strange.outcome("license-consistent"), "met");
}

#[test]
fn other_takes_its_name_from_the_next_key() {
    let audit = card("license: other\nlicense_name: apache-2.0");
    assert_eq!(audit.outcome("license-declared"), "met", "{}", audit.shortfalls());
    assert_eq!(audit.outcome("license-unrestricted"), "met", "{}", audit.shortfalls());
    let gemma = fails("license: other\nlicense_name: gemma\nlicense_link: https://ai.google.dev/gemma/terms");
    assert_eq!(gemma.outcome("license-declared"), "met");
}

#[test]
fn words_that_name_no_license_leave_it_open() {
    for front in
        ["license: unknown", "license: other", "license: unlicensed-thing-of-mine", "license: 1.10", "license: no"]
    {
        let audit = card(front);
        let says = audit.says("license-declared");
        assert_eq!(audit.outcome("license-declared"), "unknown", "{front}: {says}");
        assert_ne!(audit.outcome("license-unrestricted"), "met", "{front}");
        let written = front.trim_start_matches("license: ");
        assert!(says.contains(written), "{written} is not in: {says}");
    }
    for front in ["license:", "license: ~", "license: \"\"", "language: en"] {
        assert_eq!(card(front).outcome("license-declared"), "not-met", "{front}");
    }
}

const EXPLICIT_KEY: &str = "license: apache-2.0
extra_gated_fields:
  First Name: text
  Country: country
  Job title:
    type: select
    options:
    - Student
    - Other
  ? By submitting this form I accept the terms of the license and the acceptable use policy, and
    acknowledge that what I give will be stored
  : checkbox
extra_gated_button_content: Submit";

#[test]
fn an_acceptance_written_as_a_key_is_a_term() {
    let audit = card(EXPLICIT_KEY);
    assert_eq!(audit.outcome("license-declared"), "met");
    assert_ne!(audit.outcome("license-no-added-terms"), "met", "{}", audit.shortfalls());
    let line = audit.finding("license-no-added-terms")["places"][0]["line"].as_u64().unwrap();
    assert!((3..=14).contains(&line), "line {line}");
    assert_ne!(audit.outcome("license-ungated"), "met");
}

#[test]
fn a_prompt_in_folded_quotes_is_read() {
    let audit = card(
        "license: apache-2.0\nextra_gated_heading: \"Please read\"\nextra_gated_prompt: \"### Terms of access\\n\\nYou agree to the Acceptable \
         Use\n  Policy, under which you may not use the model\n  for military purposes.\\n\"",
    );
    assert_eq!(audit.outcome("license-no-added-terms"), "not-met", "{}", audit.shortfalls());
    assert_eq!(audit.verdict("license"), "partial");
}

#[test]
fn odd_scalars_break_nothing() {
    let audit = card("language:\n- en\n- \\no\n- no\n- on\nlicense: mit");
    assert_eq!((audit.outcome("license-declared"), audit.gap("")), ("met", None), "{}", audit.shortfalls());
    assert_eq!(audit.finding("license-declared")["places"][0]["line"], 7);
    let quoted = card("license: mit\nlanguage:\n- \"\\no\"");
    assert_eq!(quoted.outcome("license-declared"), "met");
    for id in ["123e4567", "1.10", "no", "0x1F", "2024-01-31", "1_000"] {
        let audit = card(&format!("datasets:\n- {id}"));
        assert_eq!(audit.report["datasets"][0]["id"], *id);
    }
}

#[test]
fn a_block_that_is_not_indented_keeps_the_license_above() {
    let audit = fails(
        "license: bigscience-bloom-rail-1.0\nlanguage:\n- ak\nwidget:\n- text: a b c\n  example : a word\n  group: Portuguese\n\
         - text: |\n    1+1=2\n    2+2=\n  example_title: Addition\n- text: |\n  Q: How many balls are there?\n  A: Let's think.\n  \
         example_title: Reasoning",
    );
    assert_eq!(audit.outcome("license-declared"), "met");
    assert_eq!(audit.finding("license-declared")["places"][0]["line"], 2);
}

#[test]
fn bases_are_read_and_not_resolved() {
    for front in ["base_model: some-org/Some-7B", "base_model:\n- some-org/Some-7B", "base_model: [some-org/Some-7B]"] {
        let audit = card(&format!("license: mit\n{front}"));
        assert_eq!(audit.report["bases"], serde_json::json!(["some-org/Some-7B"]), "{front}");
        for rule in ["license-base-unrestricted", "data-base-declared", "data-base-published", "recipe-base-code"] {
            assert_eq!(audit.outcome(rule), "unknown", "{front}: {rule}");
            assert!(audit.says(rule).contains("not resolved"), "{}", audit.says(rule));
        }
        assert_eq!(audit.verdict("license"), "unknown");
    }
    let two = card("license: mit\nbase_model:\n- a/b\n- c/d\nbase_model_relation: merge");
    assert_eq!(two.report["bases"], serde_json::json!(["a/b", "c/d"]));
    let none = card("license: mit");
    assert_eq!(none.report["bases"], serde_json::json!([]));
    assert_ne!(none.outcome("license-base-unrestricted"), "not-met");
}

#[test]
fn datasets_are_read_in_every_shape() {
    for front in [
        "datasets: some-org/some-data",
        "datasets: [some-org/some-data]",
        "datasets:\n- some-org/some-data",
        "datasets:\n  - 'some-org/some-data'",
    ] {
        let audit = card(&format!("license: mit\n{front}"));
        assert_eq!(audit.report["datasets"].as_array().unwrap().len(), 1, "{front}");
        assert_eq!(audit.report["datasets"][0]["id"], "some-org/some-data", "{front}");
        assert_eq!(audit.report["datasets"][0]["access"], "unresolved");
        assert_eq!((audit.outcome("data-declared"), audit.outcome("data-accessible")), ("met", "unknown"), "{front}");
    }
}

/// Where cards of the field lie, when they were fetched: `OUVERT_CORPUS`, else beside this repository.
fn corpus() -> Option<PathBuf> {
    let folder =
        std::env::var_os("OUVERT_CORPUS").map_or_else(|| Path::new(HERE).join("../shared/corpus"), PathBuf::from);
    let cards = folder.join("cards");
    cards.is_dir().then_some(cards)
}

#[test]
fn every_card_of_the_corpus_gives_a_report() {
    let Some(folder) = corpus() else {
        // The corpus is not the project's: a clone without it has nothing to run.
        let _ = writeln!(std::io::stderr(), "skipped: no corpus of cards; name one in OUVERT_CORPUS");
        return;
    };
    let mut cards = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "yaml") {
            continue;
        }
        let front = std::fs::read_to_string(&path).unwrap();
        let audit = card(&front);
        let name = path.display();
        assert_ne!(audit.level(), "open-source", "{name}");
        assert!(!audit.stderr.contains("panicked"), "{name}: {}", audit.stderr);
        let names_license = front.lines().any(|l| l.starts_with("license:"));
        assert!(
            !names_license || audit.outcome("license-declared") != "not-met",
            "{name}: {}",
            audit.says("license-declared")
        );
        cards += 1;
    }
    assert!(cards > 0, "the corpus holds no card");
}
