//! Checksum lists: SHA256SUMS and its kin, in the GNU and the BSD form, and the file of one digest (`x.bin.sha256`).
//! The kind is told by the form, by the list's name or by the number of digits; a line that is no checksum is told.

use crate::digest::{Checksum, Kind};

/// Entries read of one list.
const MOST: usize = 1_000_000;

/// One line of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Line from 1.
    pub line: usize,
    /// The path as the list writes it, from the list's own folder.
    pub path: String,
    /// The digest.
    pub checksum: Checksum,
}

/// What a file name says of a checksum list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum List {
    /// A list of many files, of this kind where the name tells it.
    Many(Option<Kind>),
    /// The digest of one file, whose name this is.
    One(Kind, String),
}

/// What the name of a file says: `None` for one that is no checksum list.
pub fn list_of(name: &str) -> Option<List> {
    let low = name.to_lowercase();
    let kinds = [
        ("sha256", Kind::Sha256),
        ("sha512", Kind::Sha512),
        ("sha1", Kind::Sha1),
        ("md5", Kind::Md5),
        ("b3", Kind::Blake3),
        ("blake3", Kind::Blake3),
    ];
    for (word, kind) in kinds {
        let list = [
            format!("{word}sums"),
            format!("{word}sums.txt"),
            format!("{word}sum.txt"),
            format!("{word}sum"),
            format!("{word}.txt"),
        ];
        if list.contains(&low) {
            return Some(List::Many(Some(kind)));
        }
        let extension = format!(".{word}");
        if low.ends_with(&extension) && low.len() > extension.len() {
            let stem = name.get(..name.len() - extension.len())?.to_owned();
            return Some(List::One(kind, stem));
        }
    }
    // Llama's lists are of MD5 (`md5sum` form); "checksums.txt" tells by its digits.
    match low.as_str() {
        "checklist.chk" | "tokenizer_checklist.chk" => Some(List::Many(Some(Kind::Md5))),
        "checksums.txt" | "checksums" | "checksum.txt" => Some(List::Many(None)),
        _ => None,
    }
}

/// Reads a list; the second value holds the numbers of lines that could not be read.
pub fn read(text: &str, list: &List) -> (Vec<Line>, Vec<usize>) {
    let (mut lines, mut odd) = (Vec::new(), Vec::new());
    let kind = match list {
        List::Many(kind) => *kind,
        List::One(kind, _) => Some(*kind),
    };
    let typed = |hex: &str| match kind {
        Some(kind) => Checksum::new(kind, hex).or_else(|| Checksum::guess(hex)),
        None => Checksum::guess(hex),
    };
    for (index, raw) in text.lines().enumerate().take(MOST) {
        let line = index + 1;
        if raw.trim().is_empty() || raw.starts_with('#') {
            continue;
        }
        let bare = match list {
            List::One(_, stem) => typed(raw.trim()).map(|c| (c, stem.clone())),
            List::Many(_) => None,
        };
        let found = bare.or_else(|| gnu(raw).and_then(|(hex, path)| Some((typed(hex)?, path)))).or_else(|| bsd(raw));
        match found {
            Some((checksum, path)) => lines.push(Line { line, path, checksum }),
            None => odd.push(line),
        }
    }
    (lines, odd)
}

/// `<hex>  <name>` or `<hex> *<name>`; a leading backslash means escapes in the name.
fn gnu(raw: &str) -> Option<(&str, String)> {
    let (escaped, rest) = raw.strip_prefix('\\').map_or((false, raw), |rest| (true, rest));
    let (hex, name) = rest.split_once(' ')?;
    if hex.len() < 32 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let name = name.strip_prefix([' ', '*']).unwrap_or(name);
    Some((hex, if escaped { clean(&unescape(name)) } else { clean(name) }))
}

/// Undoes `\n`, `\r` and `\\`; any other backslash stands for itself.
fn unescape(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut rest = name;
    while let Some((before, after)) = rest.split_once('\\') {
        let meant = after.chars().next().and_then(|c| match c {
            'n' => Some('\n'),
            'r' => Some('\r'),
            '\\' => Some('\\'),
            _ => None,
        });
        out.extend([before, meant.map_or("\\", |_| "")]);
        out.extend(meant);
        rest = if meant.is_some() { after.get(1..).unwrap_or_default() } else { after };
    }
    out.push_str(rest);
    out
}

/// `SHA256 (<name>) = <hex>`: the form names its kind; escapes as in the other form.
fn bsd(raw: &str) -> Option<(Checksum, String)> {
    let (escaped, raw) = raw.strip_prefix('\\').map_or((false, raw), |rest| (true, rest));
    let (word, rest) = raw.split_once(" (")?;
    let (name, hex) = rest.rsplit_once(") = ")?;
    let kind = match word.trim() {
        "SHA256" | "SHA2-256" => Kind::Sha256,
        "SHA512" | "SHA2-512" => Kind::Sha512,
        "SHA1" => Kind::Sha1,
        "MD5" => Kind::Md5,
        "BLAKE3" => Kind::Blake3,
        _ => return None,
    };
    Some((Checksum::new(kind, hex.trim())?, if escaped { clean(&unescape(name)) } else { clean(name) }))
}

fn clean(name: &str) -> String {
    name.trim_start_matches("./").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Digest;

    #[test]
    fn both_forms_and_what_is_neither() {
        let hex = Digest::of(b"x").hex().to_owned();
        let text = format!(
            "# c\n{hex}  a.txt\n{hex} *./b c.txt\nSHA256 (d (1).txt) = {hex}\n\\{hex}  e\\\\f\nnonsense\nd41d8cd98f00b204e9800998ecf8427e  md5.txt\nMD5 (g) = {hex}\n"
        );
        let (lines, odd) = read(&text, &List::Many(Some(Kind::Sha256)));
        let paths: Vec<_> = lines.iter().map(|l| (l.path.as_str(), l.checksum.kind)).collect();
        let sha = |path| (path, Kind::Sha256);
        assert_eq!(paths, [sha("a.txt"), sha("b c.txt"), sha("d (1).txt"), sha("e\\f"), ("md5.txt", Kind::Md5)]);
        assert_eq!(odd, [6, 8]);
    }

    #[test]
    fn escapes_of_coreutils() {
        // `sha256sum` and `sha256sum --tag` of coreutils 9.1, on names with a line end and a backslash before an n.
        let hex = Digest::of(b"").hex().to_owned();
        let text = format!("\\{hex}  a\\nb\n\\{hex}  a\\\\nb\n\\SHA256 (a\\nb\\rc) = {hex}\nSHA256 (a\\nb) = {hex}\n");
        let (lines, odd) = read(&text, &List::Many(None));
        let paths: Vec<_> = lines.iter().map(|l| l.path.as_str()).collect();
        assert_eq!((paths, odd), (vec!["a\nb", "a\\nb", "a\nb\rc", "a\\nb"], vec![]));
    }

    #[test]
    fn names_of_lists() {
        for (name, list) in [
            ("SHA256SUMS", Some(List::Many(Some(Kind::Sha256)))),
            ("sha256sums.txt", Some(List::Many(Some(Kind::Sha256)))),
            ("MD5SUMS", Some(List::Many(Some(Kind::Md5)))),
            ("B3SUMS", Some(List::Many(Some(Kind::Blake3)))),
            ("checklist.chk", Some(List::Many(Some(Kind::Md5)))),
            ("model.bin.sha256", Some(List::One(Kind::Sha256, "model.bin".into()))),
            ("checksums.txt", Some(List::Many(None))),
            (".sha256", None),
            ("model.safetensors", None),
        ] {
            assert_eq!(list_of(name), list, "{name}");
        }
    }

    #[test]
    fn a_file_of_one_digest() {
        let hex = Digest::of(b"x").hex().to_owned();
        let one = List::One(Kind::Sha256, "model.bin".into());
        for text in [hex.clone(), format!("{hex}\n"), format!("{hex}  model.bin\n")] {
            let (lines, odd) = read(&text, &one);
            assert_eq!((lines.len(), lines[0].path.as_str(), odd.len()), (1, "model.bin", 0), "{text}");
        }
    }
}

#[cfg(test)]
mod properties {
    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,200}|([0-9a-f ()=*\\\\\nSHA256.]{0,200})", name in "\\PC{0,20}") {
            let _ = super::read(&text, &super::List::Many(None));
            if let Some(list) = super::list_of(&name) {
                let _ = super::read(&text, &list);
            }
        }

        #[test]
        fn what_is_written_reads_back(names in proptest::collection::vec("[\\\\nr\n\r ()=*a.]{0,12}|\\PC{1,20}", 0..9), tag: bool) {
            let hex = crate::digest::Digest::of(b"x").hex().to_owned();
            // A list does not hold an empty name, and one that starts with `./` is another spelling.
            let names: Vec<String> = names.into_iter().map(|n| format!("a{n}")).collect();
            let line = |name: &String| {
                let escaped = name.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r");
                let mark = if escaped == *name { "" } else { "\\" };
                if tag { format!("{mark}SHA256 ({escaped}) = {hex}\n") } else { format!("{mark}{hex}  {escaped}\n") }
            };
            let text: String = names.iter().map(line).collect();
            let (lines, odd) = super::read(&text, &super::List::Many(None));
            proptest::prop_assert!(odd.is_empty(), "{odd:?}");
            proptest::prop_assert_eq!(lines.into_iter().map(|l| l.path).collect::<Vec<_>>(), names);
        }
    }
}
