//! Releases made to hurt: each is generated, small on disk, and must end in time with a report or a clear refusal, reading
//! nothing outside the release.

use std::time::Duration;

use ouvert::digest::Digest;

use crate::support::{Release, within};

const CARD: &str = "---\nlicense: mit\n---\n# H\n";
const SOON: Duration = Duration::from_secs(20);

#[test]
fn a_list_of_a_million_absent_files() {
    let release = Release::with_card(CARD);
    let hex = "a".repeat(64);
    let list: String = (0..700_000).map(|i| format!("{hex}  f{i}\n")).collect();
    release.write("SHA256SUMS", list);
    let audit = within(SOON, &release);
    assert_eq!(audit.code, 1);
    assert_eq!(audit.gap("SHA256SUMS"), Some("too-many"));
    assert!(audit.report["files"].as_array().unwrap().len() < 11_000);
    assert_eq!(audit.outcome("integrity-digests"), "not-met");
}

#[test]
fn lists_that_disagree_name_a_file_twice_or_lead_out() {
    let release = Release::with_card(CARD);
    let (right, wrong) = (Digest::of(CARD.as_bytes()), Digest::of(b"other"));
    release.write(
        "SHA256SUMS",
        format!("{right}  README.md\n{wrong}  README.md\n{wrong}  ../../etc/passwd\n{wrong}  /etc/passwd\n"),
    );
    let audit = within(SOON, &release);
    assert_eq!((audit.code, audit.status("README.md")), (1, Some("mismatched")));
    assert_eq!(audit.gap("SHA256SUMS"), Some("outside"));
    assert!(!audit.report.to_string().contains("root:"));
}

#[test]
fn deep_and_wide_documents() {
    let release = Release::with_card(CARD);
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    for name in [
        "adapter_config.json",
        "config.json",
        "data_config.json",
        "data/croissant.json",
        "model.safetensors.index.json",
    ] {
        release.write(name, &deep);
    }
    release.write("config/train.yaml", &deep);
    release.write("dvc.lock", format!("a: &a {}\nb: [{}]\n", "x".repeat(10_000), vec!["*a"; 40_000].join(", ")));
    release.write("big.yaml", vec![b'x'; 5_000_000]);
    let audit = within(SOON, &release);
    assert_eq!(audit.outcome("license-declared"), "met");
    assert_eq!(audit.outcome("license-base-unrestricted"), "unknown", "an adapter has a base");
    for name in ["adapter_config.json", "data_config.json", "data/croissant.json", "model.safetensors.index.json"] {
        assert_eq!(audit.gap(name), Some("malformed"), "{}", audit.gaps());
    }
}

#[test]
fn weights_that_lie() {
    let release = Release::with_card(CARD);
    let long = (1u64 << 63).to_le_bytes();
    release.write("a.safetensors", long);
    release.write("b.safetensors", [&8u64.to_le_bytes()[..], b"not json"].concat());
    release.write(
        "c.gguf",
        [&b"GGUF"[..], &3u32.to_le_bytes(), &(1u64 << 60).to_le_bytes(), &(1u64 << 60).to_le_bytes()].concat(),
    );
    release.write("d.gguf", b"GGUF");
    let audit = within(SOON, &release);
    assert_eq!(audit.outcome("integrity-well-formed"), "not-met");
    assert_eq!(audit.finding("integrity-well-formed")["tally"]["met"], 0);
    assert_eq!(audit.finding("integrity-well-formed")["tally"]["of"], 4);
}

#[test]
fn a_pointer_that_lies_and_a_listing_of_another_commit() {
    let release = Release::with_card(CARD);
    let oid = Digest::of(b"weights");
    release
        .write("model.safetensors", format!("version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize -7\n"));
    let (here, other) = ("a".repeat(40), "b".repeat(40));
    let id = "c".repeat(40);
    release.write(".cache/huggingface/download/README.md.metadata", format!("{here}\n{id}\n1.0\n"));
    let tree = format!(r#"{{"format_version":1,"files":{{"gone.bin":{{"blob_id":"{id}"}}}}}}"#);
    release.write(&format!(".cache/huggingface/trees/{other}.json"), tree);
    let audit = within(SOON, &release);
    assert_eq!(audit.gap("model.safetensors"), Some("malformed"));
    assert_eq!(audit.status("gone.bin"), None, "the listing is of another commit");
    assert_eq!((audit.status("README.md"), audit.code), (Some("mismatched"), 1));
    assert_eq!(audit.report["subject"]["revision"], here);
}

#[cfg(unix)]
#[test]
fn names_that_differ_in_case_hold_line_ends_or_escapes() {
    let release = Release::with_card(CARD);
    for name in ["model.bin", "MODEL.bin", "new\nline.txt", "esc\u{1b}[2Jape.txt", "\u{202e}txt.exe"] {
        release.write(name, name);
    }
    let audit = within(SOON, &release);
    let files = audit.report["files"].as_array().unwrap();
    assert_eq!(files.len(), 6);
    let shown = release.run(&["audit", "release", "--verbose"]);
    assert!(!shown.stdout.contains('\u{1b}') && !shown.stdout.contains('\u{202e}'));
    let verified = release.run(&["verify", "release", "--verbose"]);
    assert!(!verified.stdout.contains('\u{1b}') && !verified.stdout.contains("new\nline"), "{}", verified.stdout);
}
