//! What a gate demands, against the license beside it: terms count, contact details do not.

use super::{Site, audit, card, expect, points_at, told};
use crate::hub::{audited, live};

/// A card with a gate in its front matter.
fn gated(license: &str, gate: &str) -> String {
    format!("---\nlicense: {license}\n{gate}---\n# A model\n\nIt was trained from scratch.\n")
}

#[test]
fn a_gate_that_demands_terms_adds_them_to_a_free_license() {
    // License, gate, the words that demand.
    let rows = [
        (
            "mit",
            "extra_gated_prompt: You agree not to use this model to conduct experiments that harm human subjects.\n",
            "harm human subjects",
        ),
        (
            "mit",
            "extra_gated_fields:\n  Name: text\n  You agree not to use this model to harm human subjects: checkbox\n",
            "harm human subjects",
        ),
        (
            "apache-2.0",
            "extra_gated_prompt: |\n  The weights may only be used for non-commercial academic research.\n",
            "academic research",
        ),
        (
            "apache-2.0",
            "extra_gated_fields:\n  Email: text\n  I will use it for non-commercial purposes only: checkbox\n",
            "non-commercial purposes",
        ),
        (
            "apache-2.0",
            "extra_gated_prompt: \"By asking for access you agree to the acceptable use policy.\"\n",
            "acceptable use policy",
        ),
        ("mit", "extra_gated_description: Commercial use requires a separate license.\n", "separate license"),
    ];
    for (license, gate, words) in rows {
        let text = gated(license, gate);
        let audit = card(&text);
        let wanted = [
            ("license-unrestricted", "met"),
            ("license-no-added-terms", "not-met"),
            ("license-ungated", "not-met"),
            ("license", "partial"),
        ];
        expect(&audit, gate, &wanted);
        points_at(&audit, "license-no-added-terms", "README.md", &text, words);
    }
}

#[test]
fn a_gate_that_asks_who_you_are_leaves_the_license_at_pass() {
    for gate in [
        "extra_gated_prompt: The data collected will help us to know our users, and we may write to you about our paid services.\n\
         extra_gated_fields:\n  Company or university: text\n  Website: text\n",
        "extra_gated_fields:\n  First name: text\n  Birth date: date_picker\n  Country: country\n  Job title:\n    type: select\n    \
         options:\n    - Student\n    - Research\n    - AI researcher\n    - Other\n",
        "extra_gated_heading: Tell us who you are\nextra_gated_button_content: Send\nextra_gated_fields:\n  Email: text\n  Affiliation: text\n",
        "extra_gated_fields:\n  I agree to be contacted by email: checkbox\n  Name: text\n",
    ] {
        for license in ["mit", "apache-2.0"] {
            let audit = card(&gated(license, gate));
            let wanted = [
                ("license-unrestricted", "met"),
                ("license-no-added-terms", "met"),
                ("license-ungated", "not-met"),
                ("license", "pass"),
            ];
            expect(&audit, gate, &wanted);
        }
    }
}

#[test]
fn a_gate_that_repeats_the_terms_of_its_license_agrees_with_it() {
    let text = gated(
        "other\nlicense_name: mrl-0.1",
        "extra_gated_fields:\n  I will use it for non-commercial purposes only: checkbox\n",
    );
    let audit = card(&text);
    let wanted = [("license-unrestricted", "not-met"), ("license-consistent", "met"), ("license", "fail")];
    expect(&audit, "a research license", &wanted);
    points_at(&audit, "license-unrestricted", "README.md", &text, "license_name");
    points_at(&audit, "license-no-added-terms", "README.md", &text, "non-commercial");
}

#[test]
fn who_is_let_through_reads_a_card_that_its_gate_contradicts() {
    let site = Site::empty();
    let text = gated("mit", "extra_gated_prompt: You agree not to use the model to harm human subjects.\n");
    site.model("acme/video", &text);
    site.write("models/acme/video/meta.json", r#"{"gated": "auto"}"#);
    let stub = site.serve();
    // The hub tells everybody of the gate's words, and not where they stand in the card.
    let outside = audit(&stub, "hf:acme/video");
    // Whether the unread card names a base is not known.
    expect(
        &outside,
        "outside",
        &[("license-no-added-terms", "not-met"), ("license-ungated", "not-met"), ("license", "unknown")],
    );
    let inside = audited(live(&stub).env("HF_TOKEN", "hf_good"), "hf:acme/video", &[]);
    expect(
        &inside,
        "inside",
        &[("license-no-added-terms", "not-met"), ("license-ungated", "not-met"), ("license", "partial")],
    );
    points_at(&inside, "license-no-added-terms", "README.md", &text, "harm human subjects");
    // A gate that asks for nothing but an account.
    site.model("acme/video", &gated("mit", ""));
    let stub = site.serve();
    let open = audited(live(&stub).env("HF_TOKEN", "hf_good"), "hf:acme/video", &[]);
    let wanted = [("license-no-added-terms", "met"), ("license-ungated", "not-met"), ("license", "pass")];
    expect(&open, "an account", &wanted);
    told(&open, "license-ungated", &["auto"]);
}

#[test]
fn a_country_that_is_kept_out_by_a_key_alone() {
    let text = gated("apache-2.0", "extra_gated_eu_disallowed: true\n");
    let audit = card(&text);
    expect(&audit, "a key", &[("license-no-added-terms", "not-met"), ("license", "partial")]);
    points_at(&audit, "license-no-added-terms", "README.md", &text, "extra_gated_eu_disallowed");
}
