//! A reviewer's dossier: facts with their sources, and clarifications bound to the bytes that they were read in.

use ouvert::digest::Digest;

use crate::support::{Audit, Release};

/// A card whose license nobody here knows, and a set that is named and nothing more.
const CARD: &str =
    "---\nlicense: other\nlicense_name: house-license\n---\n\n# A model\n\nIt was trained on the Foo Corpus.\n";

/// A dossier that settles one rule by what stands in a file.
fn clarification(rule: &str, outcome: &str, file: &str, digest: &str) -> String {
    format!(
        "schema = 1\nsource = \"https://example.org/review\"\nby = \"R. Reviewer\"\non = \"2026-11-20\"\n\n[[clarification]]\nrule = \"{rule}\"\noutcome = \"{outcome}\"\nsays = \"the house license permits any use\"\nfile = \"{file}\"\nsha256 = \"{digest}\"\n"
    )
}

fn audit_with(release: &Release, dossier: &str) -> Audit {
    release.beside("dossier.toml", dossier);
    release.audit(&["--dossier", "dossier.toml"])
}

/// The notes of the report about clarifications that came to this.
fn notes<'a>(audit: &'a Audit, what: &str) -> Vec<&'a str> {
    let list = audit.report["clarifications"][what].as_array().expect("a list");
    list.iter().filter_map(|n| n["rule"].as_str()).collect()
}

#[test]
fn a_clarification_settles_what_was_left_open() {
    let release = Release::with_card(CARD);
    assert_eq!(release.audit(&[]).outcome("license-unrestricted"), "unknown");
    let read = Digest::of(CARD.as_bytes());
    let audit = audit_with(&release, &clarification("license-unrestricted", "met", "README.md", read.hex()));
    let finding = audit.finding("license-unrestricted");
    assert_eq!((finding["outcome"].as_str(), finding["strength"].as_str()), (Some("met"), Some("declared")));
    let says = audit.says("license-unrestricted");
    for words in ["the house license permits any use", "R. Reviewer", "2026-11-20", "README.md", "the audit alone"] {
        assert!(says.contains(words), "{says}");
    }
    assert_eq!(finding["places"][0]["path"], "dossier.toml");
    assert_eq!(
        (&finding["places"][0]["line"], finding["places"][0]["url"].as_str()),
        (&7.into(), Some("https://example.org/review"))
    );
    assert_eq!(notes(&audit, "used"), ["license-unrestricted"]);
}

#[test]
fn it_lapses_with_the_file_and_says_so() {
    let release = Release::with_card(CARD);
    let read = Digest::of(CARD.as_bytes());
    let dossier = clarification("license-unrestricted", "met", "README.md", read.hex());
    release.write("README.md", format!("{CARD}\nOne more word.\n"));
    for args in [&[][..], &["--no-hash"]] {
        release.beside("dossier.toml", &dossier);
        let audit = release.audit(&[&["--dossier", "dossier.toml"], args].concat());
        assert_eq!(audit.outcome("license-unrestricted"), "unknown");
        let says = audit.says("license-unrestricted");
        assert!(says.contains("has lapsed: README.md has changed since"), "{says}");
        assert_eq!(notes(&audit, "lapsed"), ["license-unrestricted"]);
    }
    let audit = audit_with(&release, &dossier.replace("README.md", "NOTES.md"));
    assert!(audit.says("license-unrestricted").contains("NOTES.md is not there"));
    let audit = audit_with(&release, &dossier.replace("README.md", "../dossier.toml"));
    assert_eq!(audit.outcome("license-unrestricted"), "unknown");
}

#[test]
fn it_lifts_nothing_that_was_seen_and_may_be_stricter() {
    let release = Release::with_card("---\nlicense: cc-by-nc-4.0\n---\n\n# A model\n");
    let read = Digest::of(b"---\nlicense: cc-by-nc-4.0\n---\n\n# A model\n");
    let audit = audit_with(&release, &clarification("license-unrestricted", "met", "README.md", read.hex()));
    assert_eq!(audit.outcome("license-unrestricted"), "not-met");
    assert_eq!(notes(&audit, "unused"), ["license-unrestricted"]);
    let audit = audit_with(&release, &clarification("license-declared", "not-met", "README.md", read.hex()));
    assert_eq!(audit.outcome("license-declared"), "not-met");
    assert_eq!(notes(&audit, "used"), ["license-declared"]);
    let audit = audit_with(&release, &clarification("no-such-rule", "met", "README.md", read.hex()));
    assert_eq!(notes(&audit, "unused"), ["no-such-rule"]);
}

#[test]
fn facts_of_a_dossier_count_as_declared_with_their_source() {
    let release = Release::with_card("# A model\n");
    let dossier = "schema = 1\n\n[release]\nlicense = \"Apache-2.0\"\nsource = \"https://example.org/license\"\nby = \"R\"\non = \"2026-11-20\"\n\n[[dataset]]\nid = \"some-org/some-set\"\nwithheld = \"the newspapers\"\nsource = \"section 2 of the report\"\nby = \"R\"\non = \"2026-11-20\"\n\n[[base]]\nid = \"some-org/some-model\"\nsource = \"the authors, by mail\"\n";
    let audit = audit_with(&release, dossier);
    assert_eq!(audit.outcome("license-declared"), "met", "{}", audit.shortfalls());
    let place = &audit.finding("license-declared")["places"][0];
    assert_eq!((place["path"].as_str(), place["line"].as_u64()), (Some("dossier.toml"), Some(4)));
    assert_eq!(place["url"], "https://example.org/license");
    assert_eq!(audit.outcome("data-complete"), "not-met");
    assert_eq!(audit.report["bases"][0], "some-org/some-model");
}

#[test]
fn a_dossier_without_sources_and_a_release_that_clarifies_itself_are_refused() {
    let release = Release::with_card(CARD);
    release.beside("dossier.toml", "schema = 1\n[[dataset]]\nid = \"a/b\"\n");
    let told = release.refused(&["--dossier", "dossier.toml"]);
    assert!(told.contains("dossier.toml") && told.contains("line 2") && told.contains("`source`"), "{told}");
    release.write("ouvert.toml", clarification("license-unrestricted", "met", "README.md", Digest::of(b"").hex()));
    let told = release.refused(&[]);
    assert!(told.contains("ouvert.toml") && told.contains("cannot clarify its own audit"), "{told}");
}
