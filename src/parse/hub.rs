//! What the hub's client leaves beside a download: the metadata of each file and the listing of a commit.
//! Shapes: `<path>.metadata` of three lines (commit, etag, time); `trees/<commit>.json` with `format_version` 1
//! (huggingface_hub, 2026).

use std::collections::BTreeMap;

use serde_json::Value;

use crate::digest::{Checksum, Kind};

/// Files read of one listing (the hub allows 100,000 a repository).
const MOST_FILES: usize = 200_000;

/// The digest that an etag is: 64 digits are the SHA-256 of a large file, 40 the git id of a small one.
pub fn etag(text: &str) -> Option<Checksum> {
    let bare = text.trim().trim_start_matches("W/").trim_matches('"');
    Checksum::new(Kind::Sha256, bare).or_else(|| Checksum::new(Kind::GitSha1, bare))
}

/// Whether a text is a commit: 40 hexadecimal digits.
pub fn is_commit(text: &str) -> bool {
    text.len() == 40 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// The commit and the digest of a file's metadata.
pub fn metadata(text: &str) -> Option<(String, Checksum)> {
    let mut lines = text.lines();
    let (commit, etag_line) = (lines.next()?.trim(), lines.next()?);
    is_commit(commit).then_some(())?;
    Some((commit.to_owned(), etag(etag_line)?))
}

/// The digests of a commit's listing, by path.
///
/// # Errors
/// A sentence that says why it cannot be read.
pub fn tree(text: &str) -> Result<BTreeMap<String, Checksum>, String> {
    let value: Value = serde_json::from_str(text).map_err(|e| format!("JSON, {e}"))?;
    match value.get("format_version").and_then(Value::as_u64) {
        Some(1) => {}
        other => return Err(format!("format_version {}", other.map_or("?".into(), |v| v.to_string()))),
    }
    let files = value.get("files").and_then(Value::as_object).ok_or("files")?;
    let text = |entry: &Value, key: &str| entry.get(key).and_then(Value::as_str).map(str::to_owned);
    let digest = |entry: &Value| {
        let large = text(entry, "lfs_sha256").and_then(|hex| Checksum::new(Kind::Sha256, &hex));
        large.or_else(|| Checksum::new(Kind::GitSha1, &text(entry, "blob_id")?))
    };
    Ok(files.iter().take(MOST_FILES).filter_map(|(path, entry)| Some((path.clone(), digest(entry)?))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clients_own_shapes() {
        let commit = "a".repeat(40);
        let sha = "b".repeat(64);
        let (found, sum) = metadata(&format!("{commit}\n{sha}\n1700000000.5\n")).unwrap();
        assert_eq!((found, sum.kind), (commit.clone(), Kind::Sha256));
        assert_eq!(etag(&format!("W/\"{commit}\"")).unwrap().kind, Kind::GitSha1);
        for bad in ["", "main\n00\n", &format!("{commit}\nxyz\n")] {
            assert_eq!(metadata(bad), None);
        }
    }

    #[test]
    fn a_listing() {
        let (id, sha) = ("c".repeat(40), "d".repeat(64));
        let text = format!(
            r#"{{"format_version":1,"files":{{"a":{{"size":1,"blob_id":"{id}"}},"w":{{"blob_id":"{id}","lfs_sha256":"{sha}"}}}}}}"#
        );
        let tree = tree(&text).unwrap();
        assert_eq!((tree["a"].kind, tree["w"].kind), (Kind::GitSha1, Kind::Sha256));
        for bad in ["", "{}", r#"{"format_version":2,"files":{}}"#, r#"{"format_version":1}"#] {
            assert!(super::tree(bad).is_err(), "{bad}");
        }
    }
}

#[cfg(test)]
mod properties {
    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,200}") {
            let _ = super::metadata(&text);
            let _ = super::tree(&text);
            let _ = super::etag(&text);
        }
    }
}
