//! BagIt (RFC 8493): the declaration, the manifests of payload and tags, and the `Payload-Oxum` of `bag-info.txt`.
//! `fetch.txt` is not read.

use super::checksums::Line;
use crate::digest::{Checksum, Kind};

/// Entries kept of one manifest.
const MOST: usize = 100_000;

/// Whether a `bagit.txt` declares a bag: its version, then the encoding of its tag files.
pub fn is_declaration(text: &str) -> bool {
    let mut tags = lines(text).map(|(_, line)| line).filter(|line| !line.trim().is_empty()).map(tag);
    let (Some(Some((first, version))), Some(Some((second, encoding)))) = (tags.next(), tags.next()) else {
        return false;
    };
    let number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    first.eq_ignore_ascii_case("BagIt-Version")
        && version.split_once('.').is_some_and(|(major, minor)| number(major) && number(minor))
        && second.eq_ignore_ascii_case("Tag-File-Character-Encoding")
        && !encoding.is_empty()
}

/// The bytes and the number of payload files that a `bag-info.txt` states.
pub fn bag_info(text: &str) -> Option<(u64, u64)> {
    let (_, value) =
        lines(text).filter_map(|(_, line)| tag(line)).find(|(name, _)| name.eq_ignore_ascii_case("Payload-Oxum"))?;
    let (bytes, files) = value.split_once('.')?;
    Some((number(bytes)?, number(files)?))
}

/// Reads a manifest, whose file name tells the digest. First whether it lists tag files rather than payload, then its
/// entries, then the numbers of lines that could not be read; after 100,000 of both, the next line is the last told.
/// Nothing when the name is not that of a manifest with a digest known here.
pub fn manifest(name: &str, text: &str) -> Option<(bool, Vec<Line>, Vec<usize>)> {
    let (is_tags, kind, length) = named(name)?;
    let (mut entries, mut odd) = (Vec::new(), Vec::new());
    for (line, raw) in lines(text) {
        if raw.trim().is_empty() || raw.starts_with('#') {
            continue;
        }
        let full = entries.len() + odd.len() >= MOST;
        match entry(raw, length) {
            Some((hex, path)) if !full => entries.push(Line { line, path, checksum: Checksum { kind, hex } }),
            _ => odd.push(line),
        }
        if full {
            break;
        }
    }
    Some((is_tags, entries, odd))
}

/// Whether it is a tag manifest, its kind of digest and the number of hex digits of one.
fn named(name: &str) -> Option<(bool, Kind, usize)> {
    let name = name.to_ascii_lowercase();
    let stem = name.strip_suffix(".txt")?;
    let (is_tags, algorithm) = match stem.strip_prefix("tagmanifest-") {
        Some(algorithm) => (true, algorithm),
        None => (false, stem.strip_prefix("manifest-")?),
    };
    let (kind, length) = match algorithm {
        "md5" => (Kind::Md5, 32),
        "sha1" | "sha-1" => (Kind::Sha1, 40),
        "sha256" | "sha-256" => (Kind::Sha256, 64),
        "sha512" | "sha-512" => (Kind::Sha512, 128),
        _ => return None,
    };
    Some((is_tags, kind, length))
}

/// `<hex> <path>`; md5sum and its like may put an asterisk before the path.
fn entry(raw: &str, length: usize) -> Option<(String, String)> {
    let (hex, path) = raw.split_once([' ', '\t'])?;
    if hex.len() != length || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let path = path.trim_start_matches([' ', '\t']);
    let path = path.strip_prefix('*').unwrap_or(path).trim_start_matches("./");
    (!path.is_empty()).then(|| (hex.to_ascii_lowercase(), decode(path)))
}

/// Undoes `%0A`, `%0D` and `%25`; any other percent sign stands for itself.
fn decode(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        let code = after.get(..2).unwrap_or_default();
        let meant = match code {
            "0A" | "0a" => Some('\n'),
            "0D" | "0d" => Some('\r'),
            "25" => Some('%'),
            _ => None,
        };
        out.push(meant.unwrap_or('%'));
        rest = if meant.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    out.push_str(rest);
    out
}

/// Lines from 1, which LF, CR or both may end; a byte order mark is passed over.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = text.split('\n').flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r'));
    lines.enumerate().map(|(index, line)| (index + 1, line))
}

/// `<label>: <value>`; a line that starts with a space goes on with the value before it and is no tag.
fn tag(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once(':')?;
    (!name.starts_with([' ', '\t'])).then(|| (name.trim_end(), value.trim()))
}

fn number(text: &str) -> Option<u64> {
    if text.bytes().all(|b| b.is_ascii_digit()) { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MD5: &str = "d644a230f3ef20b00879aaceb61790af";

    #[test]
    fn declarations() {
        assert!(is_declaration("BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n"));
        assert!(is_declaration("BagIt-Version: 1.0\r\nTag-File-Character-Encoding: UTF-8\r\n"));
        for text in ["", "BagIt-Version: 1.0", "BagIt-Version: x\nTag-File-Character-Encoding: UTF-8\n", "a\nb\n"] {
            assert!(!is_declaration(text), "{text:?}");
        }
    }

    #[test]
    fn payload_oxum() {
        let text = "Source-Organization: A:\n  Payload-Oxum: 9.9\nPayload-Oxum: 3017.4\nBagging-Date: 2026-11-24\n";
        assert_eq!(bag_info(text), Some((3017, 4)));
        assert_eq!(bag_info("payload-oxum:0.0\r"), Some((0, 0)));
        for text in
            ["", "Payload-Oxum: 1", "Payload-Oxum: +1.2", "Payload-Oxum: 1.", "Payload-Oxum: 99999999999999999999.1"]
        {
            assert_eq!(bag_info(text), None, "{text:?}");
        }
    }

    #[test]
    fn manifests_and_what_is_odd() {
        let upper = MD5.to_uppercase();
        let text = format!(
            "{MD5}  data/a b.txt\r\n{upper}\t*./data/c\r{MD5} data/%0Ad%25%0D%20é%\n\n\
             # c\n{MD5}\nzz data/x\n{MD5}0 data/y\n"
        );
        let (is_tags, entries, odd) = manifest("manifest-md5.txt", &text).unwrap();
        let paths: Vec<_> = entries.iter().map(|e| (e.line, e.path.as_str())).collect();
        assert_eq!(paths, [(1, "data/a b.txt"), (2, "data/c"), (3, "data/\nd%\r%20é%")]);
        assert!(!is_tags && entries.iter().all(|e| e.checksum.kind == Kind::Md5 && e.checksum.hex == MD5));
        assert_eq!(odd, [6, 7, 8]);
    }

    #[test]
    fn names_tell_the_digest() {
        let of = |name, digits| {
            manifest(name, &format!("{} bagit.txt", "a".repeat(digits))).map(|m| (m.0, m.1[0].checksum.kind))
        };
        assert_eq!(of("tagmanifest-md5.txt", 32), Some((true, Kind::Md5)));
        assert_eq!(of("manifest-sha1.txt", 40), Some((false, Kind::Sha1)));
        assert_eq!(of("manifest-SHA256.txt", 64), Some((false, Kind::Sha256)));
        assert_eq!(of("tagmanifest-sha512.txt", 128), Some((true, Kind::Sha512)));
        for name in ["manifest.txt", "manifest-.txt", "manifest-sha224.txt", "manifest-md5", "x-manifest-md5.txt", ""] {
            assert_eq!(of(name, 32), None, "{name}");
        }
    }

    #[test]
    fn a_list_without_end_stops() {
        let (_, entries, odd) = manifest("manifest-md5.txt", &format!("{MD5} a\n").repeat(MOST + 10)).unwrap();
        assert_eq!((entries.len(), odd), (MOST, vec![MOST + 1]));
    }
}

#[cfg(test)]
mod properties {
    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,200}|[0-9a-f%*. \r\n\tADé:/-]{0,200}|a{32} [%025ADé\r\n]{0,20}") {
            let _ = super::manifest("manifest-md5.txt", &text);
            let _ = super::manifest(&text, "");
            let _ = super::bag_info(&text);
            let _ = super::bag_info(&format!("Payload-Oxum:{text}"));
            let _ = super::is_declaration(&text);
        }
    }
}
