//! The data is under stricter terms than the model that was trained on it: said, and no verdict of its own.

use super::{TRAINED_ON, audit, expect, points_at, scratch, told, whole};
use crate::support::Audit;

/// Audits the model over its one set under another card.
fn over(card_of_set: &str) -> Audit {
    let site = whole();
    site.dataset("acme/corpus", card_of_set);
    audit(&site.serve(), "hf:acme/m")
}

#[test]
fn a_free_model_over_data_for_non_commercial_use() {
    for (license, name) in [("cc-by-nc-sa-4.0", "nc-sa"), ("cc-by-nc-4.0", "nc"), ("cc-by-nd-4.0", "nd")] {
        let audit = over(&format!("---\nlicense: {license}\n---\n# Corpus\n\nTexts of old books.\n"));
        let wanted = [
            ("license-data-compatible", "not-met"),
            ("license-unrestricted", "met"),
            ("license", "pass"),
            ("data-licensed", "not-met"),
            ("data-accessible", "met"),
            ("data", "pass"),
        ];
        expect(&audit, license, &wanted);
        told(&audit, "license-data-compatible", &["acme/corpus", name]);
        told(&audit, "data-licensed", &["acme/corpus"]);
        points_at(
            &audit,
            "license-data-compatible",
            "README.md",
            &scratch("datasets: [acme/corpus]\n", TRAINED_ON),
            "datasets:",
        );
    }
}

#[test]
fn one_strict_set_of_two_is_the_one_named() {
    let site = whole();
    let card = scratch("datasets:\n- acme/corpus\n- acme/dialogues\n", TRAINED_ON);
    site.model("acme/m", &card);
    site.dataset("acme/dialogues", "---\nlicense: cc-by-nc-sa-4.0\n---\n# Dialogues\n\nTranscripts of debates.\n");
    let audit = audit(&site.serve(), "hf:acme/m");
    expect(
        &audit,
        "two sets",
        &[("license-data-compatible", "not-met"), ("license", "pass"), ("data-licensed", "not-met")],
    );
    told(&audit, "license-data-compatible", &["acme/dialogues"]);
    points_at(&audit, "license-data-compatible", "README.md", &card, "- acme/dialogues");
    assert_eq!(audit.finding("license-data-compatible")["tally"], serde_json::json!({ "met": 1, "of": 2 }));
}

#[test]
fn the_open_part_of_a_set_does_not_free_the_whole_that_the_link_leads_to() {
    let site = whole();
    let text =
        "The model was trained on the open subset of [acme/dialogues](https://huggingface.co/datasets/acme/dialogues).";
    let card = scratch("", text);
    site.model("acme/m", &card);
    site.dataset("acme/dialogues", "---\nlicense: cc-by-nc-sa-4.0\n---\n# Dialogues\n\nTranscripts of debates.\n");
    let audit = audit(&site.serve(), "hf:acme/m");
    expect(
        &audit,
        "an open subset",
        &[("license-data-compatible", "!met"), ("license", "pass"), ("data-declared", "met")],
    );
    told(&audit, "license-data-compatible", &["acme/dialogues"]);
    points_at(&audit, "license-data-compatible", "README.md", &card, "open subset");
}

#[test]
fn a_license_per_file_leaves_the_terms_of_the_data_open() {
    let text = "---\nlicense: other\n---\n# Source code\n\nThe original license of each file applies to it.\n";
    let audit = over(text);
    let wanted =
        [("license-data-compatible", "!met"), ("data-licensed", "!met"), ("license", "pass"), ("data", "pass")];
    expect(&audit, "a license per file", &wanted);
    told(&audit, "data-licensed", &["acme/corpus"]);
}

#[test]
fn a_corpus_that_has_non_commercial_in_its_name_is_data_and_no_term_of_the_model() {
    let site = whole();
    let table = "## Training data\n\nThe model was trained on these sets.\n\n| Dataset | Language | License |\n|---|---|---|\n\
                 | [acme/corpus](https://huggingface.co/datasets/acme/corpus) | fr | CC0 |\n\
                 | SoNaR Corpus NC | nl | CC BY-NC 4.0 |\n";
    site.model("acme/m", &scratch("datasets: [acme/corpus]\n", table));
    let audit = audit(&site.serve(), "hf:acme/m");
    let wanted = [
        ("license-unrestricted", "met"),
        ("license-no-added-terms", "met"),
        ("license-consistent", "met"),
        ("license-data-compatible", "!met"),
        ("license", "pass"),
        // The text names a set that the front matter lacks, by a name that leads nowhere.
        ("data-resolvable", "not-met"),
        ("data", "partial"),
    ];
    expect(&audit, "a table", &wanted);
    told(&audit, "data-resolvable", &["SoNaR Corpus NC"]);
}
