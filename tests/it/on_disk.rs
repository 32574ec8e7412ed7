//! What lies on disk beside the card: weights in several files, archives, a git remote, data and the records about it.

use crate::support::{Audit, Release};

const CARD: &str = "---\nlicense: mit\n---\n\n# A model\n";

/// A safetensors file of F32 tensors, each of 4 bytes.
fn weights(names: &[&str]) -> Vec<u8> {
    let entries: Vec<String> = names
        .iter()
        .enumerate()
        .map(|(i, n)| format!(r#""{n}":{{"dtype":"F32","shape":[1],"data_offsets":[{},{}]}}"#, 4 * i, 4 * i + 4))
        .collect();
    let header = format!("{{{}}}", entries.join(","));
    let mut out = (header.len() as u64).to_le_bytes().to_vec();
    out.extend_from_slice(header.as_bytes());
    out.extend(std::iter::repeat_n(0, 4 * names.len()));
    out
}

fn sharded(index: &str) -> Audit {
    let release = Release::with_card(CARD);
    release.write("model-1.safetensors", weights(&["a", "b"]));
    release.write("model-2.safetensors", weights(&["c"]));
    release.write("model.safetensors.index.json", index);
    release.audit(&[])
}

#[test]
fn an_index_and_its_shards_agree() {
    let map = r#""weight_map":{"a":"model-1.safetensors","b":"model-1.safetensors","c":"model-2.safetensors"}"#;
    for total in ["12", "12.0"] {
        let audit = sharded(&format!(r#"{{"metadata":{{"total_size":{total}}},{map}}}"#));
        assert_eq!(audit.outcome("integrity-well-formed"), "met", "{}", audit.says("integrity-well-formed"));
    }
    let audit = sharded(&format!("{{{map}}}"));
    assert_eq!(audit.outcome("integrity-well-formed"), "met");
    let audit = sharded(&format!(r#"{{"metadata":{{"total_size":13}},{map}}}"#));
    assert_eq!(audit.outcome("integrity-well-formed"), "not-met");
    assert!(audit.says("integrity-well-formed").contains("13 bytes"), "{}", audit.says("integrity-well-formed"));
}

#[test]
fn an_index_that_places_a_tensor_elsewhere() {
    let moved = r#"{"weight_map":{"a":"model-1.safetensors","b":"model-2.safetensors","c":"model-2.safetensors"}}"#;
    let audit = sharded(moved);
    assert_eq!(audit.outcome("integrity-well-formed"), "not-met");
    let says = audit.says("integrity-well-formed");
    assert!(says.contains("disagree on tensors such as b (2 in all)"), "{says}");
    let absent = sharded(r#"{"weight_map":{"a":"model-1.safetensors","b":"model-1.safetensors"}}"#);
    // A shard that the index does not name is another file's business; the weights beside it are not.
    assert_eq!(absent.outcome("integrity-well-formed"), "met", "{}", absent.says("integrity-well-formed"));
    let gone = sharded(
        r#"{"metadata":{"total_size":999},"weight_map":{"a":"model-1.safetensors","b":"model-1.safetensors","d":"model-3.safetensors"}}"#,
    );
    assert_eq!(gone.status("model-3.safetensors"), Some("missing"));
    assert_eq!(gone.outcome("integrity-complete"), "not-met");
    // Sizes are not compared while a shard is missing.
    assert_eq!(gone.outcome("integrity-well-formed"), "met", "{}", gone.says("integrity-well-formed"));
}

#[test]
fn archives_are_named_and_not_unpacked() {
    let release = Release::with_card(CARD);
    release.write("code.zip", "PK\u{3}\u{4}");
    release.write("data/shard-0.tar", "x");
    release.write("data/shard-1.tar", "x");
    let audit = release.audit(&[]);
    assert!(audit.gap("code.zip") == Some("archive"), "{}", audit.gaps());
    assert!(audit.gaps().contains("an archive; it was not unpacked: 2"), "{}", audit.gaps());
}

#[test]
fn a_remote_is_told_without_its_token() {
    let release = Release::with_card(CARD);
    release.write(".git/config", "[remote \"origin\"]\n\turl = https://user:s3cret@host.example/a/b.git\n");
    let audit = release.audit(&[]);
    assert_eq!(audit.report["subject"]["remote"], "https://host.example/a/b.git");
    assert!(!audit.report.to_string().contains("s3cret"));
}

const RECORD: &str = r#"{"@context":{"@vocab":"https://schema.org/"},"@type":"sc:Dataset","conformsTo":"http://mlcommons.org/croissant/1.0",
"name":"set","description":"A set.","license":"https://creativecommons.org/licenses/by/4.0/","url":"https://example.org/set","creator":{"name":"x"},
"datePublished":"2026-01-01","distribution":[{"@type":"cr:FileObject","@id":"a","contentUrl":"a.csv"}]}"#;

/// A model with a set of its own in `data`, and this record beside it.
fn with_record(record: &str) -> Audit {
    let release = Release::with_card(
        "---\nlicense: mit\n---\n\n# A model\n\n## Training data\n\nTrained on [the set](data/a.csv).\n",
    );
    release.write("model.safetensors", weights(&["w"]));
    release.write("data/a.csv", "a,b\n1,2\n");
    release.write("data/croissant.json", record);
    release.audit(&[])
}

#[test]
fn a_croissant_record_counts_when_it_holds_what_croissant_asks() {
    let audit = with_record(RECORD);
    assert_eq!(audit.outcome("data-documented"), "met", "{}", audit.says("data-documented"));
    assert_eq!(audit.report["datasets"][0]["license"], "https://creativecommons.org/licenses/by/4.0/");
    for (key, wanted) in [
        ("\"datePublished\":\"2026-01-01\",", "datePublished"),
        ("\"conformsTo\":\"http://mlcommons.org/croissant/1.0\",", "conformsTo"),
    ] {
        let poor = with_record(&RECORD.replace(key, ""));
        assert_eq!(poor.outcome("data-documented"), "not-met", "{key}");
        assert_eq!(poor.gap("data/croissant.json"), Some("malformed"));
        assert!(poor.gaps().contains(wanted), "{}", poor.gaps());
    }
    assert_eq!(with_record("{").outcome("data-documented"), "not-met");
}

/// A dataset release with 10 bytes of data and this front matter.
fn dataset(front: &str) -> Audit {
    let release = Release::with_card(format!("---\nlicense: cc-by-4.0\n{front}\n---\n\n# A set\n"));
    release.write("data/train-0.csv", "0123456789");
    release.audit(&[])
}

#[test]
fn a_dataset_holds_the_bytes_that_its_card_counts() {
    let info = |bytes: &str| format!("dataset_info:\n- config_name: en\n  download_size: {bytes}\n  dataset_size: 40");
    assert_eq!(dataset(&info("10")).outcome("data-complete"), "met");
    assert_eq!(dataset("dataset_info:\n  download_size: 10").outcome("data-complete"), "met");
    let fewer = dataset(&info("11"));
    assert_eq!(fewer.outcome("data-complete"), "unknown");
    assert!(fewer.says("data-complete").contains("11 bytes"), "{}", fewer.says("data-complete"));
}

#[test]
fn a_dataset_has_the_files_that_its_card_names() {
    let config = |path: &str| {
        format!(
            "configs:\n- config_name: en\n  data_files:\n  - split: train\n    path: {path}\ntask_categories:\n- other"
        )
    };
    for there in ["data/train-*", "data/train-0.csv", "\"data/*.csv\"", "https://example.org/x.csv", "data"] {
        assert_eq!(dataset(&config(there)).outcome("data-complete"), "met", "{there}");
    }
    let gone = dataset(&config("data/test-*"));
    assert_eq!(gone.outcome("data-complete"), "not-met");
    assert_eq!(gone.finding("data-complete")["places"][0]["line"], 7);
}

#[test]
fn a_list_under_training_data_says_what_it_was_trained_on() {
    let with = |heading: &str, more: &str| {
        let release = Release::with_card(format!(
            "---\nlicense: mit\n---\n\n# A model\n\n## {heading}\n\n- [the set](data/a.csv)\n{more}"
        ));
        release.write("model.safetensors", weights(&["w"]));
        release.write("data/a.csv", "a,b\n1,2\n");
        release.audit(&[])
    };
    let outcome = |audit: &Audit| audit.outcome("data-complete").to_owned();
    assert_eq!(outcome(&with("Training data", "")), "met");
    assert_eq!(outcome(&with("Données d'entraînement", "")), "met");
    assert_eq!(outcome(&with("Data", "")), "unknown");
    for more in ["- other data\n", "- a mix of data from the web\n", "- private documents\n", "- d'autres données\n"] {
        let audit = with("Training data", more);
        assert_eq!(outcome(&audit), "not-met", "{more}: {}", audit.says("data-complete"));
    }
}
