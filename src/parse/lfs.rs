//! Git LFS pointers: the text that stands for a file whose bytes were not fetched.
//! Format: under 1024 bytes, `key value` lines, first the version, then among others `oid sha256:<64 hex>` and `size`.

use crate::digest::Digest;

/// Bytes that a pointer has less than.
pub const LONGEST: u64 = 1024;

/// What a pointer says of its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pointer {
    /// SHA-256 of the file.
    pub oid: Digest,
    /// Bytes of the file.
    pub bytes: u64,
}

/// Whether a text starts as a pointer does.
pub fn is_pointer(text: &[u8]) -> bool {
    text.starts_with(b"version https://git-lfs.github.com/spec/")
        || text.starts_with(b"version https://hawser.github.com/spec/")
}

/// Reads a pointer; `None` when its oid or size is missing or malformed.
pub fn read(text: &str) -> Option<Pointer> {
    let value = |key: &str| text.lines().find_map(|l| l.strip_prefix(key)?.strip_prefix(' ').map(str::trim));
    let oid = value("oid")?.strip_prefix("sha256:")?.parse().ok()?;
    Some(Pointer { oid, bytes: value("size")?.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_and_what_is_none() {
        let oid = Digest::of(b"x");
        let text = format!("version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize 12\n");
        assert!(is_pointer(text.as_bytes()));
        assert_eq!(read(&text), Some(Pointer { oid, bytes: 12 }));
        for bad in
            ["", "version https://git-lfs.github.com/spec/v1\n", "oid sha256:00\nsize 1\n", "size -1\noid sha256:\n"]
        {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}

#[cfg(test)]
mod properties {
    use super::*;

    proptest::proptest! {
        #[test]
        fn what_is_written_reads_back(seed in "\\PC{0,20}", bytes: u64, more in "(\n[a-z]{2,9} [a-z0-9:]{0,30}){0,3}") {
            let pointer = Pointer { oid: Digest::of(seed.as_bytes()), bytes };
            let text = format!(
                "version https://git-lfs.github.com/spec/v1{}\noid sha256:{}\nsize {bytes}\n",
                more.replace("\noid", "").replace("\nsize", ""),
                pointer.oid
            );
            proptest::prop_assert!(is_pointer(text.as_bytes()));
            proptest::prop_assert_eq!(read(&text), Some(pointer));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,200}|((oid|size|version)? ?(sha256:)?[0-9a-f]{0,65}\n){0,5}") {
            let _ = is_pointer(text.as_bytes());
            if let Some(pointer) = read(&text) {
                proptest::prop_assert!(text.to_ascii_lowercase().contains(pointer.oid.hex()));
            }
        }
    }
}
