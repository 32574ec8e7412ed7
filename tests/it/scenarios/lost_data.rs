//! Data that was named and cannot be had: gone, behind a gate, a part of it held back, a link to be set, a folder of
//! somebody's machine.

use serde_json::json;

use super::{TRAINED_ON, audit, card, expect, points_at, points_into, scratch, told, whole};
use crate::hub::{Site, access, audited, live};
use crate::support::Release;

#[test]
fn a_set_that_is_gone_takes_the_verdict_of_a_release_that_passed() {
    let site = whole();
    let passed = audit(&site.serve(), "hf:acme/m");
    expect(&passed, "while it was there", &[("data-resolvable", "met"), ("data", "pass")]);
    // The same card, after the set was taken away.
    std::fs::remove_dir_all(site.path().join("datasets/acme/corpus")).unwrap();
    let stub = site.serve();
    let text = scratch("datasets: [acme/corpus]\n", TRAINED_ON);
    for (token, wanted) in [("", "hidden"), ("hf_plain", "absent")] {
        let mut command = live(&stub);
        if !token.is_empty() {
            command.env("HF_TOKEN", token);
        }
        let lost = audited(&mut command, "hf:acme/m", &[]);
        assert_eq!(access(&lost, "acme/corpus"), wanted);
        let outcomes = [
            ("data-declared", "met"),
            ("data-resolvable", "not-met"),
            ("data-accessible", "not-met"),
            ("data-complete", "!met"),
            ("data", "partial"),
        ];
        expect(&lost, wanted, &outcomes);
        told(&lost, "data-resolvable", &["acme/corpus"]);
        points_at(&lost, "data-resolvable", "README.md", &text, "datasets:");
    }
}

#[test]
fn one_lost_set_of_several_is_named_and_counted() {
    let site = whole();
    let text = scratch("datasets:\n- acme/corpus\n- acme/slim\n", TRAINED_ON);
    site.model("acme/m", &text);
    let audit = audit(&site.serve(), "hf:acme/m");
    expect(&audit, "one of two", &[("data-resolvable", "not-met"), ("data", "partial")]);
    told(&audit, "data-resolvable", &["`acme/slim`", "1 of 2"]);
    points_at(&audit, "data-resolvable", "README.md", &text, "- acme/slim");
    assert_eq!(audit.finding("data-resolvable")["tally"], json!({ "met": 1, "of": 2 }));
}

#[test]
fn a_gate_before_the_data_is_partial() {
    for how in ["auto", "manual"] {
        let site = whole();
        site.write("datasets/acme/corpus/meta.json", json!({ "gated": how }).to_string());
        let audit = audit(&site.serve(), "hf:acme/m");
        let wanted =
            [("data-declared", "met"), ("data-resolvable", "met"), ("data-accessible", "not-met"), ("data", "partial")];
        expect(&audit, how, &wanted);
        told(&audit, "data-accessible", &["acme/corpus"]);
        let text = scratch("datasets: [acme/corpus]\n", TRAINED_ON);
        points_at(&audit, "data-accessible", "README.md", &text, "datasets:");
    }
}

#[test]
fn a_part_that_the_data_card_says_is_withheld() {
    for sentence in [
        "The newspapers are withheld while the rights in them are being discussed.",
        "The transcripts of one archive cannot be redistributed.",
        "The last part is not released.",
    ] {
        let site = whole();
        let text = format!("---\nlicense: cc-by-sa-4.0\n---\n# Corpus\n\nTexts of old books.\n\n{sentence}\n");
        site.dataset("acme/corpus", &text);
        let audit = audit(&site.serve(), "hf:acme/m");
        let wanted =
            [("data-declared", "met"), ("data-resolvable", "met"), ("data-complete", "not-met"), ("data", "partial")];
        expect(&audit, sentence, &wanted);
        told(&audit, "data-complete", &["acme/corpus"]);
        points_into(&audit, "data-complete", "datasets/acme/corpus");
        assert_eq!(audit.finding("data-complete")["places"][0]["line"], 8, "{sentence}");
    }
}

#[test]
fn a_link_that_is_to_be_determined_names_nothing() {
    for row in ["[TBD](TBD)", "[TBD]()", "TBD", "[Coming soon](#)"] {
        let text = format!(
            "This model is fully transparent: data, code and logs.\n\n## Training data\n\n- Data: {row}\n\n## Training code\n\n- {row}"
        );
        let card_text = scratch("", &text);
        let site = Site::empty();
        site.model("acme/m", &card_text);
        let audit = audit(&site.serve(), "hf:acme/m");
        let wanted = [
            ("data-declared", "not-met"),
            ("data", "fail"),
            ("recipe-disclosed", "not-met"),
            ("recipe-code", "not-met"),
            ("recipe", "fail"),
        ];
        expect(&audit, row, &wanted);
    }
}

#[test]
fn a_release_that_calls_its_data_open_and_has_none() {
    let audit = card(&scratch("", "It is truly open, data and model alike."));
    expect(&audit, "a word", &[("data-declared", "not-met"), ("data-complete", "!met"), ("data", "fail")]);
}

#[test]
fn folders_of_a_machine_lead_nowhere() {
    let release = Release::with_card(scratch("", "The mix is in `data_mix.json`."));
    let mix = "{\"datasets\": [\n  {\"path\": \"/scratch/team/tokenized/web\"},\n  {\"path\": \"/scratch/team/tokenized/code\"}\n]}\n";
    release.write("data_mix.json", mix);
    let audit = release.audit(&[]);
    let wanted = [("data-resolvable", "not-met"), ("data-accessible", "!met"), ("data", "!pass")];
    expect(&audit, "a mixture", &wanted);
    // A training configuration that reads a folder names no set at all.
    let release = Release::with_card(scratch("", "See `train.yaml` for how it was trained."));
    release.write("train.yaml", "optimizer: adamw\ndata:\n  dataset_folder: /fsx/team/tokenized\n  seed: 6\n");
    let audit = release.audit(&[]);
    let wanted = [("data-resolvable", "not-met"), ("data-accessible", "not-met"), ("data", "!pass")];
    expect(&audit, "a configuration", &wanted);
}

#[test]
fn a_prepared_set_without_a_license_is_provided_and_not_licensed() {
    let site = whole();
    site.dataset("acme/corpus", "# Prepared corpus\n\nTokenized texts of old books.\n");
    let audit = audit(&site.serve(), "hf:acme/m");
    let wanted =
        [("data-licensed", "!met"), ("license-data-compatible", "!met"), ("data-accessible", "met"), ("data", "pass")];
    expect(&audit, "without a tag", &wanted);
    told(&audit, "data-licensed", &["acme/corpus"]);
}

#[test]
fn a_record_that_its_host_took_down() {
    let site = Site::empty();
    let text = scratch("", "## Training data\n\n- [The heap](https://doi.org/10.5281/zenodo.77)");
    site.model("acme/m", &text);
    let audit = audit(&site.serve(), "hf:acme/m");
    let wanted =
        [("data-declared", "met"), ("data-resolvable", "not-met"), ("data-accessible", "not-met"), ("data", "partial")];
    expect(&audit, "a record", &wanted);
    told(&audit, "data-resolvable", &["The heap"]);
    points_at(&audit, "data-resolvable", "README.md", &text, "The heap");
}

#[test]
fn a_shell_that_waits_for_its_data() {
    let site = Site::empty();
    site.model("acme/m", &scratch("datasets: [acme/corpus]\n", TRAINED_ON));
    site.write(
        "datasets/acme/corpus/main/README.md",
        "---\nlicense: cc0-1.0\n---\n# Corpus\n\nThe files will follow.\n",
    );
    let audit = audit(&site.serve(), "hf:acme/m");
    expect(&audit, "a shell", &[("data-resolvable", "met"), ("data-accessible", "not-met"), ("data", "partial")]);
    told(&audit, "data-accessible", &["acme/corpus"]);
}
