//! Readers of the file formats that releases use: bytes or text in, facts out. They open nothing and judge nothing,
//! and each is bounded, for its input is hostile.

pub mod bagit;
pub mod bucket;
pub mod checksums;
pub mod configuration;
pub mod croissant;
pub mod cyclonedx;
pub mod dvc;
pub mod eu_index;
pub mod gguf;
pub mod hub;
pub mod hub_stats;
pub mod lfs;
pub mod manifest;
pub mod markdown;
pub mod mot;
pub mod names;
pub mod oms;
pub mod outline;
pub mod pages;
pub mod pickle;
pub mod safetensors;
pub mod shards;
pub mod yaml;
pub mod zip;

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

/// The line, from 1, on which a value stands as a text of JSON, and its words: the first behind those of `near`, or else the
/// first of all. Readers of JSON keep no lines.
pub fn line_in_json<'a>(text: &'a str, near: &str, value: &str) -> Option<(usize, &'a str)> {
    /// Bytes of a line that are shown whole; of a longer one, the part from the value on is.
    const SHOWN: usize = 400;
    let quoted = |words: &str| serde_json::to_string(words).unwrap_or_default();
    let from = if near.is_empty() { None } else { text.find(&quoted(near)) }.unwrap_or(0);
    let value = quoted(value);
    let behind = text.get(from..).and_then(|rest| rest.find(&value)).map(|at| from + at);
    let at = behind.or_else(|| if from > 0 { text.find(&value) } else { None })?;
    let before = text.get(..at)?;
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let line = text.get(start..)?.lines().next()?;
    let words = if line.len() > SHOWN { text.get(at..)?.lines().next()? } else { line };
    Some((before.matches('\n').count() + 1, words))
}

#[cfg(test)]
mod tests {
    #[test]
    fn lines_of_values() {
        let text = "{\"a\": \"x\",\n\"b\":\n \"x\", \"c\": \"\\u00e9\"}";
        assert_eq!(super::line_in_json(text, "", "x"), Some((1, "{\"a\": \"x\",")));
        assert_eq!(super::line_in_json(text, "b", "x").map(|(line, _)| line), Some(3));
        assert_eq!(super::line_in_json(text, "c", "x").map(|(line, _)| line), Some(1));
        assert_eq!(super::line_in_json(text, "", "é"), None);
        let long = format!("{}\"x\": 1\n", " ".repeat(500));
        assert_eq!(super::line_in_json(&long, "", "x"), Some((1, "\"x\": 1")));
    }

    #[test]
    fn marks_line_ends_and_latin_1() {
        assert_eq!(super::decode(b"\xef\xbb\xbfa\r\nb\rc"), ("a\nb\nc".into(), true));
        assert_eq!(super::decode(b"caf\xe9"), ("café".into(), false));
    }
}
