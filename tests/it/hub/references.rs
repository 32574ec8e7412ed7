//! Datasets and base models that a release points at: gated, hidden, gone, emptied, renamed, restricted.

use serde_json::json;

use super::{Site, access, audit, audited, live};
use crate::stub::Fault;
use crate::support::Audit;

/// A model of one dataset, with what its hub says of that.
fn with_set(meta: &str) -> Site {
    let site = Site::empty();
    site.model("acme/m", "---\nlicense: mit\ndatasets: [acme/set]\n---\n# M\n");
    site.dataset("acme/set", "---\nlicense: cc0-1.0\n---\n# Set\n\nTexts of old books.\n");
    site.write("datasets/acme/set/meta.json", meta);
    site
}

#[test]
fn a_gated_model_is_audited_by_what_its_hub_says() {
    let site = Site::empty();
    site.model("acme/gated", "---\nlicense: apache-2.0\n---\n# Gated\n\nNo commercial use.\n");
    site.write("models/acme/gated/main/LICENSE", "x");
    site.write("models/acme/gated/meta.json", r#"{"gated": "manual"}"#);
    let stub = site.serve();
    let audit = audit(&stub, "hf:acme/gated");
    assert_eq!(audit.outcome("license-declared"), "met", "{}", audit.shortfalls());
    assert_eq!(audit.outcome("license-ungated"), "not-met");
    assert!(audit.says("license-ungated").contains("manual"));
    assert_eq!(audit.outcome("license-no-added-terms"), "unknown", "{}", audit.says("license-no-added-terms"));
    assert_ne!(audit.verdict("license"), "pass");
    for path in ["README.md", "LICENSE"] {
        assert_eq!(audit.gap(path), Some("gated"), "{path}: {}", audit.gaps());
    }
    // Nor can it be downloaded.
    let whole = audited(&mut live(&stub), "hf:acme/gated", &["--download"]);
    assert_eq!(whole.gap("model.safetensors"), Some("gated"), "{}", whole.gaps());
    assert_ne!(whole.outcome("integrity-digests"), "met", "{}", whole.says("integrity-digests"));
    // With a token that the gate lets through, the sentence is read.
    let audit = audited(live(&stub).env("HF_TOKEN", "hf_good"), "hf:acme/gated", &[]);
    assert_eq!(audit.outcome("license-no-added-terms"), "not-met", "{}", audit.shortfalls());
    assert_eq!(audit.outcome("license-ungated"), "not-met");
    // One that it does not let through changes nothing.
    let audit = audited(live(&stub).env("HF_TOKEN", "hf_plain"), "hf:acme/gated", &[]);
    assert_eq!((audit.outcome("license-no-added-terms"), audit.gap("README.md")), ("unknown", Some("gated")));
}

#[test]
fn how_a_dataset_can_be_had() {
    // What the hub says, the token, access, resolvable, accessible, gap.
    type Row = (&'static str, &'static str, &'static str, &'static str, &'static str, Option<&'static str>);
    let rows: [Row; 8] = [
        ("{}", "", "public", "met", "met", None),
        (r#"{"gated": "auto"}"#, "", "gated", "met", "not-met", None),
        (r#"{"gated": "manual"}"#, "hf_good", "gated", "met", "not-met", None),
        (r#"{"private": true}"#, "", "hidden", "not-met", "not-met", Some("hidden")),
        (r#"{"private": true}"#, "hf_plain", "absent", "not-met", "not-met", Some("not-found")),
        (r#"{"private": true}"#, "hf_good", "private", "not-met", "not-met", None),
        (r#"{"disabled": true}"#, "", "disabled", "not-met", "not-met", Some("disabled")),
        (r#"{"disabled": true}"#, "hf_good", "disabled", "not-met", "not-met", Some("disabled")),
    ];
    for (meta, token, wanted, resolvable, accessible, gap) in rows {
        let site = with_set(meta);
        let stub = site.serve();
        let mut command = live(&stub);
        if !token.is_empty() {
            command.env("HF_TOKEN", token);
        }
        let audit = audited(&mut command, "hf:acme/m", &[]);
        let got = (access(&audit, "acme/set"), audit.outcome("data-resolvable"), audit.outcome("data-accessible"));
        assert_eq!(got, (wanted, resolvable, accessible), "{meta} {token}: {}", audit.shortfalls());
        let about_set = audit.report["gaps"].as_array().unwrap().iter().find(|g| g["what"] == "acme/set");
        assert_eq!(about_set.and_then(|g| g["kind"].as_str()), gap, "{meta} {token}: {}", audit.gaps());
    }
}

#[test]
fn a_missing_dataset_is_absent_only_to_those_who_may_know() {
    let site = Site::empty();
    site.model("acme/m", "---\nlicense: mit\ndatasets: [acme/none]\n---\n# M\n");
    let stub = site.serve();
    let anonymous = audit(&stub, "hf:acme/m");
    assert_eq!((access(&anonymous, "acme/none"), anonymous.gap("acme/none")), ("hidden", Some("hidden")));
    // Missing or private: whichever it is, nobody can follow the reference.
    assert_eq!(anonymous.outcome("data-resolvable"), "not-met", "{}", anonymous.shortfalls());
    let known = audited(live(&stub).env("HF_TOKEN", "hf_plain"), "hf:acme/m", &[]);
    assert_eq!((access(&known, "acme/none"), known.outcome("data-resolvable")), ("absent", "not-met"));
}

#[test]
fn a_repository_of_a_card_alone_holds_no_data() {
    let site = Site::empty();
    site.model("acme/m", "---\nlicense: mit\ndatasets: [acme/set]\n---\n# M\n");
    site.write("datasets/acme/set/main/README.md", "---\nlicense: cc0-1.0\n---\n# Set\n\nComing soon.\n");
    site.write("datasets/acme/set/main/.gitattributes", "*.bin filter=lfs\n");
    let stub = site.serve();
    let audit = audit(&stub, "hf:acme/m");
    assert_eq!((access(&audit, "acme/set"), audit.outcome("data-accessible")), ("empty", "not-met"));
    // A logo and a list of requirements are no data either.
    site.write("datasets/acme/set/main/logo.png", "x");
    site.write("datasets/acme/set/main/requirements.txt", "datasets\n");
    let stub = site.serve();
    let audit = super::audit(&stub, "hf:acme/m");
    assert_eq!((access(&audit, "acme/set"), audit.outcome("data-accessible")), ("reached", "unknown"));
}

#[test]
fn a_set_whose_card_could_not_be_read_may_be_a_part() {
    let site = Site::empty();
    site.model("acme/m", "---\nlicense: mit\n---\n# M\n\n## Training data\n\n- acme/set\n");
    site.dataset("acme/set", "---\nlicense: cc0-1.0\n---\n# Set\n\nTexts of old books.\n");
    let stub = site.serve();
    let whole = audit(&stub, "hf:acme/m");
    assert_eq!(whole.outcome("data-complete"), "met", "{}", whole.says("data-complete"));
    let stub = site.serve();
    stub.fault("/datasets/acme/set/resolve/", Fault::Status(403, "{}"));
    let torn = audit(&stub, "hf:acme/m");
    assert_eq!((access(&torn, "acme/set"), torn.outcome("data-complete")), ("public", "unknown"));
    assert_eq!(torn.gap("acme/set: README.md"), Some("forbidden"), "{}", torn.gaps());
}

#[test]
fn a_renamed_dataset_is_followed_and_told() {
    let site = Site::empty();
    site.model("acme/m", "---\nlicense: mit\ndatasets: [acme/old]\n---\n# M\n");
    site.write("datasets/acme/old/meta.json", r#"{"renamed": "acme/new"}"#);
    site.dataset("acme/new", "---\nlicense: cc0-1.0\n---\n# Set\n\nTexts of old books.\n");
    let stub = site.serve();
    let audit = audit(&stub, "hf:acme/m");
    assert_eq!((access(&audit, "acme/old"), audit.outcome("data-accessible")), ("public", "met"));
    assert!(audit.says("data-resolvable").contains("`acme/new`"), "{}", audit.says("data-resolvable"));
    assert_eq!(audit.outcome("data-documented"), "met", "{}", audit.shortfalls());
}

#[test]
fn a_datasets_own_card_tells_of_what_is_missing() {
    let site = with_set("{}");
    site.write(
        "datasets/acme/set/main/README.md",
        "---\nlicense: cc0-1.0\n---\n# Set\n\nOnly a sample is published.\n",
    );
    let stub = site.serve();
    let audit = audit(&stub, "hf:acme/m");
    assert_eq!(audit.outcome("data-complete"), "not-met", "{}", audit.shortfalls());
    assert!(audit.says("data-complete").contains("acme/set"), "{}", audit.says("data-complete"));
    let place = &audit.finding("data-complete")["places"][0];
    assert!(place["path"].as_str().is_some_and(|p| p.contains("acme/set")), "{place}");
}

/// A model under Apache-2.0 that was made from `org/base`, and its ancestors with their cards.
fn chain(ancestors: &[(&str, &str)]) -> Audit {
    let site = Site::empty();
    site.model("acme/m", "---\nlicense: apache-2.0\nbase_model: org/base\n---\n# M\n");
    for (id, card) in ancestors {
        site.model(id, card);
    }
    audit(&site.serve(), "hf:acme/m")
}

#[test]
fn a_freer_license_does_not_wash_a_base() {
    let audit = chain(&[("org/base", "---\nlicense: cc-by-nc-4.0\n---\n# Base\n")]);
    assert_eq!(audit.outcome("license-base-unrestricted"), "not-met", "{}", audit.shortfalls());
    assert!(audit.says("license-base-unrestricted").contains("laundering"));
    assert_eq!((audit.outcome("license-unrestricted"), audit.verdict("license")), ("met", "fail"));
}

#[test]
fn the_same_holder_may_choose_a_freer_license() {
    let site = Site::empty();
    site.model("org/new", "---\nlicense: apache-2.0\nbase_model: org/base\n---\n# New\n");
    site.model("org/base", "---\nlicense: cc-by-nc-4.0\n---\n# Base\n\nIt was trained from scratch.\n");
    let stub = site.serve();
    let audit = audit(&stub, "hf:org/new");
    let says = audit.says("license-base-unrestricted");
    assert_eq!(audit.outcome("license-base-unrestricted"), "met", "{says}");
    assert!(says.contains("org holds both"), "{says}");
}

#[test]
fn a_restricted_base_of_a_base_binds_too() {
    let base = "---\nlicense: apache-2.0\nbase_model: far/root\n---\n# Base\n";
    let audit = chain(&[("org/base", base), ("far/root", "---\nlicense: cc-by-nc-4.0\n---\n# Root\n")]);
    assert_eq!(audit.outcome("license-base-unrestricted"), "not-met", "{}", audit.shortfalls());
    assert!(audit.says("license-base-unrestricted").contains("far/root"));
    let free = chain(&[
        ("org/base", base),
        ("far/root", "---\nlicense: apache-2.0\n---\n# Root\n\nIt was trained from scratch.\n"),
    ]);
    assert_eq!(free.outcome("license-base-unrestricted"), "met", "{}", free.shortfalls());
}

#[test]
fn a_chain_that_bites_its_tail_ends() {
    let audit = chain(&[("org/base", "---\nlicense: apache-2.0\nbase_model: acme/m\n---\n# Base\n")]);
    let finding = audit.finding("license-base-unrestricted");
    assert_eq!(finding["outcome"], "unknown", "{}", audit.shortfalls());
    assert!(audit.says("license-base-unrestricted").contains("bites its tail"), "{finding}");
    // The base, and the model itself as the base of that.
    assert_eq!(finding["tally"]["of"], 2, "{finding}");
    let own = chain(&[("org/base", "---\nlicense: apache-2.0\nbase_model: org/base\n---\n# Base\n")]);
    assert_eq!(own.outcome("license-base-unrestricted"), "unknown", "{}", own.shortfalls());
}

#[test]
fn a_base_that_cannot_be_seen_leaves_it_open() {
    let audit = chain(&[]);
    assert_eq!(audit.outcome("license-base-unrestricted"), "unknown", "{}", audit.shortfalls());
    assert_eq!(audit.gap("org/base"), Some("hidden"), "{}", audit.gaps());
}

#[test]
fn the_data_of_a_base_counts() {
    let site = Site::empty();
    site.model("acme/m", "---\nlicense: apache-2.0\nbase_model: org/base\n---\n# M\n");
    site.model("org/base", "---\nlicense: apache-2.0\n---\n# Base\n\nIt was trained on a mix of web data.\n");
    let stub = site.serve();
    let without = audit(&stub, "hf:acme/m");
    assert_eq!(without.outcome("data-base-declared"), "not-met", "{}", without.shortfalls());
    assert_eq!(without.outcome("data-base-published"), "not-met");
    let named =
        "---\nlicense: apache-2.0\ndatasets: [org/set]\n---\n# Base\n\nIt was trained from scratch on `org/set`.\n";
    site.write("models/org/base/main/README.md", named);
    site.dataset("org/set", "---\nlicense: cc0-1.0\n---\n# Set\n\nTexts of old books.\n");
    site.write("datasets/org/set/meta.json", r#"{"gated": "manual"}"#);
    let gated = audit(&site.serve(), "hf:acme/m");
    assert_eq!(gated.outcome("data-base-declared"), "met", "{}", gated.shortfalls());
    assert_eq!(gated.outcome("data-base-published"), "not-met", "{}", gated.says("data-base-published"));
    site.write("datasets/org/set/meta.json", "{}");
    let open = audit(&site.serve(), "hf:acme/m");
    assert_ne!(open.outcome("data-base-published"), "not-met", "{}", open.says("data-base-published"));
    assert_eq!(open.report["bases"], json!(["org/base"]));
}

#[test]
fn a_gated_base_is_judged_by_what_its_hub_says_and_no_further() {
    for (license, outcome) in [("cc-by-nc-4.0", "not-met"), ("apache-2.0", "unknown")] {
        let site = Site::empty();
        site.model("acme/m", "---\nlicense: apache-2.0\nbase_model: org/base\n---\n# M\n");
        site.model("org/base", &format!("---\nlicense: {license}\n---\n# Base\n\nIt was trained from scratch.\n"));
        site.write("models/org/base/main/LICENSE", "No commercial use.\n");
        site.write("models/org/base/meta.json", r#"{"gated": "manual"}"#);
        let audit = audit(&site.serve(), "hf:acme/m");
        let says = audit.says("license-base-unrestricted");
        assert_eq!(audit.outcome("license-base-unrestricted"), outcome, "{license}: {says} {}", audit.gaps());
    }
}
