//! What the hub answers, and what its client leaves beside a download: the metadata of each file and the listing of a
//! commit. Shapes: `/api/models/ID?blobs=true`, `/tree/REV` and `/refs` of the hub's API; `<path>.metadata` of three lines
//! (commit, etag, time); `trees/<commit>.json` with `format_version` 1 (huggingface_hub, 2026).

use std::collections::BTreeMap;

use serde::Deserialize;
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
    #[derive(Deserialize)]
    struct Tree {
        format_version: u64,
        files: BTreeMap<String, Blob>,
    }
    #[derive(Deserialize)]
    struct Blob {
        blob_id: Option<String>,
        lfs_sha256: Option<String>,
    }
    let tree: Tree = serde_json::from_str(text).map_err(|e| format!("JSON, {e}"))?;
    if tree.format_version != 1 {
        return Err(format!("format_version {}", tree.format_version));
    }
    let digest = |blob: Blob| {
        let large = blob.lfs_sha256.and_then(|hex| Checksum::new(Kind::Sha256, &hex));
        large.or_else(|| Checksum::new(Kind::GitSha1, &blob.blob_id?))
    };
    Ok(tree.files.into_iter().take(MOST_FILES).filter_map(|(path, blob)| Some((path, digest(blob)?))).collect())
}

/// What the hub tells of a repository at a revision.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Info {
    /// Its name now: another than the one asked for when it was renamed.
    pub id: String,
    /// The commit.
    pub commit: Option<String>,
    /// Whether only some may see it.
    pub private: bool,
    /// Whether the hub has closed it.
    pub disabled: bool,
    /// How access is given: `auto` or `manual`; absent for an open repository.
    pub gated: Option<String>,
    /// The card's front matter as the hub read it.
    pub card: Option<Value>,
    /// Some keys of the model's `config.json`.
    pub config: Option<Value>,
    /// Tags, the author's and the hub's own.
    pub tags: Vec<String>,
    /// When it was made, RFC 3339.
    pub created: Option<String>,
    /// Its files; `None` when the answer lists none, or not all that is needed of each.
    pub files: Option<Vec<Entry>>,
}

/// A file of a listing.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Path in the repository.
    pub path: String,
    /// Bytes.
    pub bytes: u64,
    /// SHA-256 of a large file, git id of a small one.
    pub checksum: Option<Checksum>,
}

/// One file as two answers of the hub write it.
#[derive(Deserialize)]
struct Raw {
    #[serde(alias = "rfilename")]
    path: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    size: Option<u64>,
    #[serde(alias = "blobId")]
    oid: Option<String>,
    lfs: Option<Large>,
}

/// The SHA-256 of a large file: `lfs.sha256` in one answer, `lfs.oid` in the other.
#[derive(Deserialize)]
struct Large {
    #[serde(alias = "oid")]
    sha256: Option<String>,
}

impl Raw {
    fn entry(self) -> Option<Entry> {
        let large = self.lfs.and_then(|lfs| Checksum::new(Kind::Sha256, &lfs.sha256?));
        let checksum = large.or_else(|| Checksum::new(Kind::GitSha1, &self.oid?));
        Some(Entry { path: self.path?, bytes: self.size?, checksum })
    }
}

/// Reads the answer about a repository.
///
/// # Errors
/// A sentence that says why it is none.
pub fn info(body: &[u8]) -> Result<Info, String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Answer {
        id: Option<String>,
        model_id: Option<String>,
        sha: Option<String>,
        #[serde(default)]
        created_at: Value,
        #[serde(default)]
        private: Option<bool>,
        #[serde(default)]
        disabled: Option<bool>,
        #[serde(default)]
        gated: Value,
        #[serde(default)]
        card_data: Value,
        #[serde(default)]
        config: Value,
        #[serde(default)]
        tags: Value,
        siblings: Option<Vec<Raw>>,
    }
    let answer: Answer = serde_json::from_slice(body).map_err(|e| format!("JSON, {e}"))?;
    let gated = match answer.gated {
        Value::String(how) => Some(how),
        Value::Bool(true) => Some("auto".to_owned()),
        _ => None,
    };
    let object = |value: Value| Some(value).filter(Value::is_object);
    let tags = answer.tags.as_array().into_iter().flatten().filter_map(Value::as_str);
    let files: Option<Vec<Entry>> =
        answer.siblings.and_then(|all| all.into_iter().take(MOST_FILES).map(Raw::entry).collect());
    Ok(Info {
        id: answer.id.or(answer.model_id).ok_or("id")?,
        commit: answer.sha.filter(|sha| is_commit(sha)),
        private: answer.private.unwrap_or(false),
        disabled: answer.disabled.unwrap_or(false),
        gated,
        card: object(answer.card_data),
        config: object(answer.config),
        tags: tags.take(1000).map(str::to_owned).collect(),
        created: answer.created_at.as_str().filter(|t| t.parse::<jiff::Timestamp>().is_ok()).map(str::to_owned),
        // One file without size or digest: the answer is not the long one.
        files: files.filter(|all| all.iter().all(|e| e.checksum.is_some())),
    })
}

/// Reads one page of a listing; folders are left out.
///
/// # Errors
/// A sentence that says why it is none.
pub fn page(body: &[u8]) -> Result<Vec<Entry>, String> {
    let all: Vec<Raw> = serde_json::from_slice(body).map_err(|e| format!("JSON, {e}"))?;
    let files = all.into_iter().filter(|e| e.kind.as_deref() != Some("directory"));
    files.take(MOST_FILES).map(|e| e.entry().ok_or_else(|| "a file without path or size".to_owned())).collect()
}

/// The ids of a page of repositories.
///
/// # Errors
/// A sentence that says why it is none.
pub fn found(body: &[u8]) -> Result<Vec<String>, String> {
    #[derive(Deserialize)]
    struct Repository {
        id: String,
    }
    let all: Vec<Repository> = serde_json::from_slice(body).map_err(|e| format!("JSON, {e}"))?;
    Ok(all.into_iter().map(|r| r.id).collect())
}

/// The names of branches and tags, `main` left out.
pub fn refs(body: &[u8]) -> Vec<String> {
    let value: Value = serde_json::from_slice(body).unwrap_or_default();
    let list = |key: &str| value.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let name = |value: &Value| value.get("name").and_then(Value::as_str).map(str::to_owned);
    let all = list("branches").iter().chain(&list("tags")).filter_map(name).collect::<Vec<_>>();
    all.into_iter().filter(|n| n != "main" && n.len() < 200).take(10_000).collect()
}

/// The address of the next page, from a `Link` header.
pub fn next_page(link: &str) -> Option<&str> {
    let part = link.split(',').find(|part| part.contains("rel=\"next\""))?;
    part.trim().strip_prefix('<')?.split('>').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_about_a_repository() {
        let sha = "d".repeat(64);
        let id = "c".repeat(40);
        let text = format!(
            r#"{{"id":"a/b","sha":"{id}","gated":"manual","cardData":{{"license":"mit"}},"tags":["license:mit",1],
            "siblings":[{{"rfilename":"README.md","size":3,"blobId":"{id}"}},{{"rfilename":"w","size":9,"blobId":"{id}","lfs":{{"sha256":"{sha}"}}}}]}}"#
        );
        let found = info(text.as_bytes()).unwrap();
        let files = found.files.unwrap();
        assert_eq!((found.gated.as_deref(), found.private, files.len()), (Some("manual"), false, 2));
        assert_eq!(files[1].checksum.as_ref().unwrap().hex, sha);
        let short = info(br#"{"id":"a/b","gated":false,"siblings":[{"rfilename":"README.md"}]}"#).unwrap();
        assert_eq!((short.files, short.gated), (None, None));
        for bad in ["", "<html>", "[]", "{}", r#"{"id":1}"#] {
            assert!(info(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn pages_of_a_listing() {
        let sha = "d".repeat(64);
        let text = format!(
            r#"[{{"type":"directory","path":"a","size":0,"oid":"x"}},{{"type":"file","path":"a/w","size":9,"oid":"x","lfs":{{"oid":"{sha}"}}}}]"#
        );
        let files = page(text.as_bytes()).unwrap();
        assert_eq!((files.len(), files[0].checksum.as_ref().unwrap().hex.as_str()), (1, sha.as_str()));
        assert!(page(b"{}").is_err() && page(br#"[{"path":"a"}]"#).is_err());
        let link = r#"<https://hub.example/x?cursor=1>; rel="next", <https://hub.example/y>; rel="prev""#;
        assert_eq!(next_page(link), Some("https://hub.example/x?cursor=1"));
        assert_eq!(next_page("<a>; rel=\"prev\""), None);
        let names = refs(br#"{"branches":[{"name":"main"},{"name":"step1000"}],"tags":[{"name":"v1"}]}"#);
        assert_eq!(names, ["step1000", "v1"]);
    }

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
            let _ = (super::info(text.as_bytes()), super::page(text.as_bytes()), super::refs(text.as_bytes()));
            let _ = super::next_page(&text);
        }
    }
}
