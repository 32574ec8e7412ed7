//! Shapes of front matter that are met in real cards, each with something in it that must not get lost.

use serde_json::json;

use super::{Site, TRAINED_ON, audit, card, expect, points_at, scratch, told, whole};
use crate::hub::access;

/// A card of a model without a base, with this front matter.
fn front(text: &str) -> String {
    format!("---\n{text}\n---\n# A model\n\nIt was trained from scratch.\n")
}

#[test]
fn a_term_in_an_explicit_key_is_read_whole() {
    let text = front(
        "license: apache-2.0
extra_gated_fields:
  First name: text
  Country: country
  Job title:
    type: select
    options:
    - Student
    - Research graduate
    - Other
  geo: ip_location
  ? By sending this form you accept that you may not use the model for military purposes, and
    acknowledge that what you give will be stored
  : checkbox
extra_gated_button_content: Submit",
    );
    let audit = card(&text);
    let wanted = [("license-declared", "met"), ("license-no-added-terms", "not-met"), ("license", "partial")];
    expect(&audit, "an explicit key", &wanted);
    let quote = audit.finding("license-no-added-terms")["places"][0]["excerpt"].as_str().unwrap_or_default();
    assert!(quote.contains("military purposes, and acknowledge"), "{quote}");
    assert_eq!(audit.gap("README.md"), None, "{}", audit.gaps());
    // The same form without that line asks for contact details.
    let (before, after) = text.split_once("  ? By sending").unwrap();
    let contact = format!("{before}{}", after.split_once("  : checkbox\n").unwrap().1);
    expect(&card(&contact), "without it", &[("license-no-added-terms", "met"), ("license", "pass")]);
}

#[test]
fn a_term_in_the_middle_of_a_long_folded_prompt_is_found() {
    let filler = "The holder of the rights gives no warranty of any kind, and answers for no damage that comes of\\\n    \\ it.\\n\\n";
    let term = "You agree not to use the model for the surveillance of persons.\\n\\n\\\n    ";
    for (count, with) in [(60, true), (60, false), (0, true)] {
        let half = format!("{filler}\\\n    ").repeat(count);
        let prompt =
            format!("\"### PLEASE READ THIS FIRST\\n\\\n    {half}{}{half}Last words.\"", if with { term } else { "" });
        let text = front(&format!("license: apache-2.0\nextra_gated_prompt: {prompt}\nlanguage:\n- fr"));
        assert!(count == 0 || text.len() > 12_000, "{}", text.len());
        let audit = card(&text);
        let terms = if with { "not-met" } else { "met" };
        let verdict = if with { "partial" } else { "pass" };
        let wanted = [("license-declared", "met"), ("license-no-added-terms", terms), ("license", verdict)];
        expect(&audit, &format!("{} bytes", text.len()), &wanted);
        if with {
            let quote = audit.finding("license-no-added-terms")["places"][0]["excerpt"].as_str().unwrap_or_default();
            assert!(quote.contains("surveillance of persons"), "{quote}");
        }
    }
}

#[test]
fn keys_with_a_space_and_blocks_without_indentation_hide_no_license() {
    let text = front(
        "license: bigscience-bloom-rail-1.0
language:
- ak
- \\no
widget:
- text: A word that means winter
  example : one
  group: English
- text: |
  Q: How many are there?
  A: Let us count.
  example_title: Counting
datasets:
- acme/corpus",
    );
    let audit = card(&text);
    expect(
        &audit,
        "a broken block",
        &[("license-declared", "met"), ("license-unrestricted", "not-met"), ("license", "fail")],
    );
    points_at(&audit, "license-unrestricted", "README.md", &text, "license: ");
    told(&audit, "license-unrestricted", &["RAIL"]);
}

#[test]
fn what_follows_a_broken_block_is_not_taken_for_absent() {
    let text = front(
        "widget:\n- text: |\n  Q: How many are there?\n  A: Let us count.\n  example : one\nlicense: mit\ndatasets:\n- acme/corpus",
    );
    let audit = card(&text);
    expect(
        &audit,
        "a license behind",
        &[("license-declared", "!not-met"), ("license-unrestricted", "!not-met"), ("data-declared", "!not-met")],
    );
}

#[test]
fn norwegian_is_a_language() {
    for no in ["\\no", "no", "'no'", "\"\\\\no\""] {
        let text = front(&format!("language:\n- en\n- {no}\n- nn\nlicense: mit"));
        let audit = card(&text);
        expect(&audit, no, &[("license-declared", "met"), ("license", "pass")]);
        points_at(&audit, "license-declared", "README.md", &text, "license: ");
        assert_eq!(audit.gap(""), None, "{no}: {}", audit.gaps());
    }
}

#[test]
fn a_base_is_a_base_in_every_shape() {
    for shape in [
        "base_model: stones/base",
        "base_model:\n- stones/base",
        "base_model: [stones/base]",
        "base_model:\n  - \"stones/base\"",
    ] {
        let site = Site::empty();
        let text = format!("---\nlicense: mit\n{shape}\n---\n# Tuned\n");
        site.model("acme/m", &text);
        site.model("stones/base", "---\nlicense: gemma\n---\n# Base\n\nIt was trained from scratch.\n");
        let audit = audit(&site.serve(), "hf:acme/m");
        assert_eq!(audit.report["bases"], json!(["stones/base"]), "{shape}");
        expect(&audit, shape, &[("license-base-unrestricted", "not-met"), ("license", "fail")]);
        points_at(&audit, "license-base-unrestricted", "README.md", &text, "stones/base");
    }
}

#[test]
fn a_set_is_a_set_in_every_shape() {
    for shape in [
        "datasets: acme/corpus\n",
        "datasets: [acme/corpus]\n",
        "datasets:\n- acme/corpus\n",
        "datasets:\n  - 'acme/corpus'\n",
    ] {
        let site = whole();
        let text = scratch(shape, TRAINED_ON);
        site.model("acme/m", &text);
        site.write("datasets/acme/corpus/meta.json", r#"{"gated": "auto"}"#);
        let audit = audit(&site.serve(), "hf:acme/m");
        assert_eq!(audit.report["datasets"].as_array().map(Vec::len), Some(1), "{shape}");
        expect(&audit, shape, &[("data-declared", "met"), ("data-accessible", "not-met"), ("data", "partial")]);
        points_at(&audit, "data-accessible", "README.md", &text, "acme/corpus");
    }
}

#[test]
fn sets_that_the_text_alone_names_are_named() {
    let site = whole();
    site.model("acme/m", &scratch("", TRAINED_ON));
    let audit = audit(&site.serve(), "hf:acme/m");
    expect(&audit, "no `datasets`", &[("data-declared", "met"), ("data-accessible", "met"), ("data", "pass")]);
}

#[test]
fn a_renamed_set_is_followed_and_its_new_name_told() {
    let site = whole();
    site.model(
        "acme/m",
        &scratch(
            "datasets: [acme/old]\n",
            "The model was trained on the dataset [acme/old](https://huggingface.co/datasets/acme/old).",
        ),
    );
    site.write("datasets/acme/old/meta.json", r#"{"renamed": "acme/corpus"}"#);
    let audit = audit(&site.serve(), "hf:acme/m");
    assert_eq!(access(&audit, "acme/old"), "public");
    expect(&audit, "renamed", &[("data-resolvable", "met"), ("data-accessible", "met"), ("data", "pass")]);
    told(&audit, "data-resolvable", &["`acme/old`", "`acme/corpus`"]);
}

#[test]
fn words_that_are_no_ids_lead_nowhere() {
    for word in ["web crawl (private)", "n/a, see the paper", "our own data", "\"to be announced\""] {
        let text = scratch(&format!("datasets:\n- acme/corpus\n- {word}\n"), TRAINED_ON);
        let site = whole();
        site.model("acme/m", &text);
        let audit = audit(&site.serve(), "hf:acme/m");
        expect(&audit, word, &[("data-resolvable", "not-met"), ("data", "partial")]);
        told(&audit, "data-resolvable", &[word.trim_matches('"')]);
        points_at(&audit, "data-resolvable", "README.md", &text, word);
    }
}

#[test]
fn other_says_nothing_without_a_name_beside_it() {
    // Front matter, license-declared, license-unrestricted.
    let rows = [
        ("license: other", "unknown", "unknown"),
        ("license: other\nlicense_link: LICENSE", "unknown", "unknown"),
        ("license: other\nlicense_name: acme-terms\nlicense_link: LICENSE", "unknown", "unknown"),
        ("license: other\nlicense_name: gemma", "met", "not-met"),
        ("license: other\nlicense_link: https://ai.google.dev/gemma/terms", "met", "not-met"),
        ("license: other\nlicense_name: apache-2.0", "met", "met"),
        ("license: unknown", "unknown", "unknown"),
        ("pipeline_tag: text-generation", "not-met", "not-met"),
    ];
    for (lines, declared, unrestricted) in rows {
        let audit = card(&front(lines));
        expect(&audit, lines, &[("license-declared", declared), ("license-unrestricted", unrestricted)]);
        assert_eq!(audit.verdict("license") == "pass", unrestricted == "met", "{lines}");
    }
}
