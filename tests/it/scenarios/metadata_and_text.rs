//! Front matter says one thing, and the text of the card, a badge, a gate or the license file another.

use super::{apache, audit, card, expect, points_at, scratch, told};
use crate::hub::Site;
use crate::support::{Audit, Release};

/// Audits a dataset of the hub by its card.
fn dataset(text: &str) -> Audit {
    let site = Site::empty();
    site.dataset("acme/instructions", text);
    let audit = audit(&site.serve(), "hf:datasets/acme/instructions");
    assert_eq!(audit.report["subject"]["kind"], "dataset");
    audit
}

#[test]
fn the_tag_of_a_data_card_and_its_text_name_two_licenses() {
    // Tag, text, license-unrestricted, verdict.
    let rows = [
        ("odc-by", "The set is released under the Apache 2.0 license.", "Apache-2.0", "met", "partial"),
        ("apache-2.0", "License: ODC-By.", "ODC-By", "met", "partial"),
        ("cc-by-4.0", "The set is licensed under CC BY-NC 4.0.", "CC-BY-NC-4.0", "not-met", "fail"),
        ("odc-by", "The data is released under the CC BY NC 4.0 license.", "CC-BY-NC-4.0", "not-met", "fail"),
    ];
    for (tag, sentence, named, unrestricted, verdict) in rows {
        let text = format!("---\nlicense: {tag}\n---\n# Instructions\n\nFifty thousand of them.\n\n{sentence}\n");
        let audit = dataset(&text);
        let wanted = [("license-consistent", "not-met"), ("license-unrestricted", unrestricted), ("license", verdict)];
        expect(&audit, sentence, &wanted);
        told(&audit, "license-consistent", &[named]);
        points_at(&audit, "license-consistent", "README.md", &text, sentence);
        points_at(&audit, "license-consistent", "README.md", &text, "license: ");
    }
}

#[test]
fn a_free_tag_does_not_hide_terms_in_the_text_of_a_data_card() {
    for sentence in [
        "It may be used for non-commercial purposes only.",
        "The set is licensed for research use only.",
        "Commercial use is not permitted.",
    ] {
        let text = format!("---\nlicense: cc-by-4.0\n---\n# Instructions\n\nFifty thousand of them.\n\n{sentence}\n");
        let audit = dataset(&text);
        let wanted = [("license-unrestricted", "met"), ("license-no-added-terms", "not-met"), ("license", "partial")];
        expect(&audit, sentence, &wanted);
        points_at(&audit, "license-no-added-terms", "README.md", &text, sentence);
    }
}

#[test]
fn a_badge_and_the_license_file_name_two_licenses() {
    let text = "# A model\n\n[![License](https://img.shields.io/badge/License-MIT-yellow.svg)](LICENSE)\n\n\
                It was trained from scratch.\n";
    let release = Release::with_card(text);
    release.write("LICENSE", apache());
    let audit = release.audit(&[]);
    let wanted = [
        ("license-declared", "met"),
        ("license-unrestricted", "met"),
        ("license-consistent", "not-met"),
        ("license", "partial"),
    ];
    expect(&audit, "a badge", &wanted);
    told(&audit, "license-consistent", &["MIT", "Apache-2.0"]);
    points_at(&audit, "license-consistent", "README.md", text, "img.shields.io");
    points_at(&audit, "license-consistent", "LICENSE", &release.text("LICENSE"), "Apache License");
    // With the badge of the license that the file holds, nothing disagrees.
    release.edit("README.md", "License-MIT-yellow", "License-Apache_2.0-blue");
    expect(&release.audit(&[]), "the right badge", &[("license-consistent", "met"), ("license", "pass")]);
}

#[test]
fn an_unknown_license_behind_a_gate_that_names_a_custom_one_is_not_free_for_being_called_permissive() {
    let text = "---
license: unknown
extra_gated_heading: \"Acknowledge the Acme 180B license\"
extra_gated_prompt: \"You agree to the terms of the Acme 180B TII License and its acceptable use policy.\"
---
# Acme 180B

It was trained from scratch.

It comes under a permissive license that allows commercial use.

You may not use the model to offer it as a hosted service without written permission.
";
    let audit = card(text);
    let wanted = [
        ("license-declared", "!met"),
        ("license-unrestricted", "!met"),
        ("license-no-added-terms", "not-met"),
        ("license-ungated", "not-met"),
        ("license", "fail"),
    ];
    expect(&audit, "unknown", &wanted);
    points_at(&audit, "license-no-added-terms", "README.md", text, "acceptable use policy");
    told(&audit, "license-declared", &["unknown"]);
}

#[test]
fn a_permissive_tag_beside_the_name_of_a_research_license_fails() {
    let text = "---\nlicense: mit\nlicense_name: microsoft-research-license\nlicense_link: LICENSE\n---\n# A copy\n";
    let audit = card(text);
    let wanted = [("license-unrestricted", "not-met"), ("license-consistent", "not-met"), ("license", "fail")];
    expect(&audit, "a second name", &wanted);
    told(&audit, "license-unrestricted", &["Microsoft Research"]);
    points_at(&audit, "license-unrestricted", "README.md", text, "license_name");
    told(&audit, "license-consistent", &["MIT", "microsoft-research-license"]);
    for words in ["license: mit", "license_name"] {
        points_at(&audit, "license-consistent", "README.md", text, words);
    }
}

#[test]
fn a_copy_that_kept_the_old_name_disagrees_with_the_new_text_beside_it() {
    let text = "---\nlicense: other\nlicense_name: microsoft-research-license\n---\n# A quantized copy\n";
    let release = Release::with_card(text);
    release.write("LICENSE", super::MIT);
    let audit = release.audit(&[]);
    // Which of the two holds cannot be told from here: the strictest decides, and the disagreement is said.
    let wanted = [("license-unrestricted", "not-met"), ("license-consistent", "not-met"), ("license", "fail")];
    expect(&audit, "an old name", &wanted);
    told(&audit, "license-consistent", &["MIT", "microsoft-research-license"]);
    points_at(&audit, "license-consistent", "LICENSE", super::MIT, "MIT License");
    points_at(&audit, "license-unrestricted", "README.md", text, "license_name");
}

#[test]
fn a_list_of_licenses_is_as_strict_as_its_strictest() {
    for front in ["license: [llama2, other]", "license:\n- other\n- llama2", "license:\n  - 'llama2'\n  - 'other'"] {
        let text = format!("---\n{front}\n---\n# A model\n\nIt was trained from scratch.\n");
        let audit = card(&text);
        expect(&audit, front, &[("license-declared", "met"), ("license-unrestricted", "not-met"), ("license", "fail")]);
        told(&audit, "license-unrestricted", &["Llama 2"]);
        points_at(&audit, "license-unrestricted", "README.md", &text, "llama2");
    }
    // Two free ones bar nothing, but the two do not agree on one.
    let two = card("---\nlicense: [mit, apache-2.0]\n---\n# A model\n\nIt was trained from scratch.\n");
    expect(&two, "two free ones", &[("license-unrestricted", "met")]);
}

#[test]
fn a_request_that_one_revision_makes_and_the_next_drops_gives_two_verdicts() {
    let (asked, dropped) = ("8024b81000000000000000000000000000000001", "42fe62f000000000000000000000000000000002");
    let plain = "The weights are released under the Apache 2.0 license.";
    let request = "The weights are released under the Apache 2.0 license. While the rights in one sub-corpus are being\n\
                   discussed, we kindly ask users to keep to non-commercial use.";
    let site = Site::empty();
    let texts = [(asked, scratch("", request)), (dropped, scratch("", plain))];
    for (revision, text) in &texts {
        site.write(&format!("models/acme/lucid/{revision}/README.md"), text);
    }
    let stub = site.serve();
    let [early, late] = [asked, dropped].map(|revision| audit(&stub, &format!("hf:acme/lucid@{revision}")));
    let free = [("license-declared", "met"), ("license-unrestricted", "met"), ("license-consistent", "met")];
    for (audit, revision) in [(&early, asked), (&late, dropped)] {
        assert_eq!(audit.report["subject"]["revision"], revision);
        assert_eq!(audit.report["subject"]["hub_id"], "acme/lucid");
        expect(audit, revision, &free);
    }
    expect(&early, "asked", &[("license-no-added-terms", "not-met"), ("license", "partial")]);
    told(&early, "license-no-added-terms", &["non-commercial"]);
    points_at(&early, "license-no-added-terms", "README.md", &texts[0].1, "While the rights");
    expect(&late, "dropped", &[("license-no-added-terms", "met"), ("license", "pass")]);
}

#[test]
fn a_sentence_on_the_family_does_not_free_the_size_that_it_leaves_out() {
    let sentence = "All our open-weight models, except the 3B and the 72B, are licensed under Apache 2.0.";
    let text = format!("---\nlicense: other\nlicense_name: qwen-research\n---\n# Acme 3B\n\n{sentence}\n");
    let audit = card(&text);
    expect(&audit, "the 3B", &[("license-unrestricted", "not-met"), ("license", "fail")]);
    points_at(&audit, "license-unrestricted", "README.md", &text, "license_name");
}
