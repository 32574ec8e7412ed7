//! Readers of the file formats that releases use: bytes or text in, facts out. They open nothing and judge nothing,
//! and each is bounded, for its input is hostile.

pub mod bagit;
pub mod checksums;
pub mod configuration;
pub mod croissant;
pub mod dvc;
pub mod eu_index;
pub mod gguf;
pub mod hub;
pub mod lfs;
pub mod manifest;
pub mod markdown;
pub mod mot;
pub mod names;
pub mod outline;
pub mod pages;
pub mod safetensors;
pub mod shards;
pub mod yaml;

/// Text of a file, and whether it was UTF-8: other bytes are read as Latin-1, in which every byte is a character.
/// A byte order mark is dropped and line ends become `\n`.
pub fn decode(bytes: &[u8]) -> (String, bool) {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let (text, utf8) = match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), true),
        Err(_) => (bytes.iter().map(|b| char::from(*b)).collect(), false),
    };
    (text.replace("\r\n", "\n").replace('\r', "\n"), utf8)
}

#[cfg(test)]
mod tests {
    #[test]
    fn marks_line_ends_and_latin_1() {
        assert_eq!(super::decode(b"\xef\xbb\xbfa\r\nb\rc"), ("a\nb\nc".into(), true));
        assert_eq!(super::decode(b"caf\xe9"), ("café".into(), false));
    }
}
