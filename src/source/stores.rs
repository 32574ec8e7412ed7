//! Names of releases in object stores, and what the user's settings say of the stores. Nothing is asked of them here.

use std::fmt;

use url::Url;

/// Bytes of a key.
pub(super) const LONGEST_KEY: usize = 1024;

/// A release in an object store: `s3://BUCKET/PREFIX`, `gs://BUCKET/PREFIX`, `az://CONTAINER/PREFIX`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketId {
    /// Whose store it is.
    pub store: Store,
    /// Bucket or container.
    pub bucket: String,
    /// What its keys start with, without a slash at either end; empty for all of the bucket.
    pub prefix: String,
}

/// The stores, by the language they speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// Amazon S3 and those that speak like it.
    S3,
    /// Google Cloud Storage.
    Google,
    /// Azure Blob Storage.
    Azure,
}

/// How the name of a release in a store begins.
const SCHEMES: &[(&str, Store)] = &[("s3://", Store::S3), ("gs://", Store::Google), ("az://", Store::Azure)];

impl BucketId {
    /// Whether a text is meant to name a release in a store.
    pub fn is_meant(text: &str) -> bool {
        SCHEMES.iter().any(|(scheme, _)| text.starts_with(scheme))
    }

    pub(super) fn parse(text: &str) -> Option<BucketId> {
        let (rest, store) = SCHEMES.iter().find_map(|(scheme, store)| Some((text.strip_prefix(scheme)?, *store)))?;
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
        let sound = |b: u8| b.is_ascii_alphanumeric() || b"-_.$".contains(&b);
        let named = (1..=222).contains(&bucket.len()) && !bucket.starts_with('.') && bucket.bytes().all(sound);
        let fits = prefix.is_empty() || is_path(prefix);
        (named && fits).then(|| BucketId { store, bucket: bucket.to_owned(), prefix: prefix.to_owned() })
    }
}

impl fmt::Display for BucketId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = SCHEMES.iter().find(|(_, store)| *store == self.store).map_or("", |(scheme, _)| scheme);
        write!(f, "{scheme}{}", self.bucket)?;
        if self.prefix.is_empty() { Ok(()) } else { write!(f, "/{}", self.prefix) }
    }
}

/// Whether a text can be a path of a release: neither long nor leading out, each part with a name.
pub(super) fn is_path(text: &str) -> bool {
    let odd = |part: &str| matches!(part, "" | "." | "..");
    text.len() <= LONGEST_KEY && !text.split('/').any(odd) && !text.chars().any(|c| c.is_control() || c == '\\')
}

/// What opens a store; it is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A secret, of characters that a header can hold.
    pub fn new(text: String) -> Option<Secret> {
        (!text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic())).then_some(Secret(text))
    }

    /// A secret of several lines, such as a key in a file.
    pub fn text(text: String) -> Secret {
        Secret(text)
    }

    /// What it is.
    pub fn tell(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// What the user's settings say of object stores. Without anything that opens one, requests are not signed: a public bucket.
#[derive(Clone, Debug, Default)]
pub struct Stores {
    /// S3, and those that speak like it.
    pub s3: S3,
    /// Google's.
    pub google: Google,
    /// Azure's.
    pub azure: Azure,
}

/// S3, and those that speak like it.
#[derive(Clone, Debug, Default)]
pub struct S3 {
    /// Where it is, where it is not Amazon's.
    pub endpoint: Option<Url>,
    /// The region that its buckets lie in.
    pub region: Option<String>,
    /// The id of a key, and the key.
    pub key: Option<(String, Secret)>,
    /// What a key of a session needs beside it.
    pub session: Option<Secret>,
}

/// Google Cloud Storage.
#[derive(Clone, Debug, Default)]
pub struct Google {
    /// Where it is, where it is not Google's.
    pub endpoint: Option<Url>,
    /// The key of a service account, as the JSON that Google gives out.
    pub account: Option<Secret>,
}

/// Azure Blob Storage.
#[derive(Clone, Debug, Default)]
pub struct Azure {
    /// Where it is, where it is not Azure's.
    pub endpoint: Option<Url>,
    /// The name of the account.
    pub account: Option<String>,
    /// Its key.
    pub key: Option<Secret>,
    /// A shared access signature.
    pub signature: Option<Secret>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_buckets() {
        let told = |text: &str| BucketId::parse(text).map(|id| (id.bucket, id.prefix));
        let is = |bucket: &str, prefix: &str| Some((bucket.to_owned(), prefix.to_owned()));
        assert_eq!(told("s3://b"), is("b", ""));
        assert_eq!(told("s3://b/"), is("b", ""));
        assert_eq!(told("gs://my.bucket_1/models/tiny v1/"), is("my.bucket_1", "models/tiny v1"));
        assert_eq!(told("az://$web/é"), is("$web", "é"));
        let long = format!("s3://b/{}", "a".repeat(1025));
        for bad in [
            "s3://",
            "s3:///a",
            "s3://b//a",
            "s3://b/a//",
            "s3://b/../a",
            "s3://b/a/..",
            "s3://b/./a",
            "s3://../a",
            "s3://a@b/c",
            "s3://a:80/c",
            "s3://b/a\nb",
            "s3://b/a\\b",
            "s3://b?x/a",
            "http://b/a",
            long.as_str(),
        ] {
            assert_eq!(told(bad), None, "{bad}");
        }
        for text in ["s3://b", "gs://b/c/d", "az://c/é x"] {
            assert_eq!(BucketId::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn secrets_are_not_shown() {
        let key = Some(("id".to_owned(), Secret::new("hush".into()).unwrap()));
        let stores = Stores { s3: S3 { key, ..S3::default() }, ..Stores::default() };
        assert!(!format!("{stores:?}").contains("hush"));
        for odd in ["", "a b", "a\r\nb", "é"] {
            assert_eq!(Secret::new(odd.into()), None, "{odd:?}");
        }
    }
}
