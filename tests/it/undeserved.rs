//! Releases made to earn a good answer that they do not deserve: every framework must see through them, not only the default
//! profile.

use serde_json::Value;

use crate::support::{Release, run};

/// The shipped release with what the highest class of all asks besides: evaluation data and a paper.
fn fullest() -> Release {
    let release = Release::tiny_open();
    release.write("eval/data/held-out.jsonl", "{\"text\": \"some text\"}\n".repeat(20));
    release.write("paper.md", "# A paper\n\nIt tells how the model was made, in full.\n");
    release.refresh();
    release
}

/// The level that a profile gives.
fn level(release: &Release, profile: &str) -> String {
    release.audit(&["--profile", profile]).level().to_owned()
}

/// The outcome of a rule of a profile.
fn outcome(release: &Release, profile: &str, rule: &str) -> String {
    release.audit(&["--profile", profile]).outcome(rule).to_owned()
}

#[test]
fn the_fullest_release_earns_the_highest_of_each() {
    let release = fullest();
    for (profile, wanted) in [
        ("three-criteria", "open-source"),
        ("mof", "class-i"),
        ("osaid", "no-obstacle-found"),
        ("g7", "open-source-ai-with-open-data"),
    ] {
        assert_eq!(level(&release, profile), wanted, "{profile}");
    }
}

#[test]
fn other_bytes_than_those_published_earn_no_level_of_any_profile() {
    let release = fullest();
    release.flip("model.safetensors");
    let list: Value = serde_json::from_str(&run(&["frameworks", "--format", "json"]).stdout).unwrap();
    for profile in list.as_array().unwrap() {
        let id = profile["id"].as_str().unwrap();
        let audit = release.audit(&["--profile", id]);
        assert_eq!((audit.level(), audit.code), ("undetermined", 1), "{id}");
        assert!(audit.report["verdict"]["highest"].is_null(), "{id}: {}", audit.report["verdict"]);
    }
    // Nor of one that a user wrote, and that does not ask for digests.
    let own = "schema = 1\nid = \"own\"\nversion = \"1.0.0\"\ntitle = { en = \"T\", fr = \"T\" }\norigin = \"x\"\n\
        [[criterion]]\nid = \"c\"\ntitle = { en = \"T\", fr = \"T\" }\nquestion = { en = \"T\", fr = \"T\" }\n\
        [[level]]\nid = \"fine\"\ntitle = { en = \"T\", fr = \"T\" }\nsays = { en = \"T\", fr = \"T\" }\nall = { c = [\"pass\"] }\n\
        [[level]]\nid = \"rest\"\ntitle = { en = \"T\", fr = \"T\" }\nsays = { en = \"T\", fr = \"T\" }\n\
        [[rule]]\nid = \"r\"\ncriterion = \"c\"\nneed = \"essential\"\nweight = 1.0\ncheck = \"license.declared\"\n\
        title = { en = \"T\", fr = \"T\" }\nwhy = { en = \"T\", fr = \"T\" }\nremedy = { en = \"T\", fr = \"T\" }\n\
        ask = { en = \"T\", fr = \"T\" }\nrefs = []\n";
    release.beside("own.toml", own);
    let own = release.outside().join("own.toml");
    assert_eq!(level(&release, own.to_str().unwrap()), "rest");
    assert_eq!(level(&fullest(), own.to_str().unwrap()), "fine");
    // Where no question of a criterion arises, nothing was shown: it passes nothing.
    let no_base = own.with_file_name("no-base.toml");
    let text = std::fs::read_to_string(&own).unwrap().replace("license.declared", "license.base-unrestricted");
    std::fs::write(&no_base, text).unwrap();
    let audit = fullest().audit(&["--profile", no_base.to_str().unwrap()]);
    assert_eq!((audit.outcome("r"), audit.verdict("c"), audit.level()), ("not-applicable", "unknown", "rest"));
}
