//! Checksum lists: SHA256SUMS in the GNU and the BSD form. Lines of other digests are passed over; a line that is
//! neither is told.

use crate::digest::Digest;

/// One line of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Line from 1.
    pub line: usize,
    /// The path as the list writes it.
    pub path: String,
    /// The digest.
    pub sha256: Digest,
}

/// Reads a list; the second value holds the numbers of lines that could not be read.
pub fn read(text: &str) -> (Vec<Line>, Vec<usize>) {
    let (mut lines, mut odd) = (Vec::new(), Vec::new());
    for (index, raw) in text.lines().enumerate() {
        let line = index + 1;
        if raw.trim().is_empty() || raw.starts_with('#') {
            continue;
        }
        match gnu(raw).or_else(|| bsd(raw)) {
            Some((hex, path)) => match hex.parse() {
                Ok(sha256) => lines.push(Line { line, path, sha256 }),
                Err(_) if is_other_digest(hex) => {}
                Err(_) => odd.push(line),
            },
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
    let name = if escaped { name.replace("\\n", "\n").replace("\\\\", "\\") } else { name.to_owned() };
    Some((hex, clean(&name)))
}

/// `SHA256 (<name>) = <hex>`.
fn bsd(raw: &str) -> Option<(&str, String)> {
    let (_, rest) = raw.split_once(" (")?;
    let (name, hex) = rest.rsplit_once(") = ")?;
    Some((hex.trim(), clean(name)))
}

/// MD5, SHA-1, SHA-512 and the like: a digest, but not one that is compared here.
fn is_other_digest(hex: &str) -> bool {
    matches!(hex.len(), 32 | 40 | 56 | 96 | 128) && hex.bytes().all(|b| b.is_ascii_hexdigit())
}

fn clean(name: &str) -> String {
    name.trim_start_matches("./").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_and_what_is_neither() {
        let hex = Digest::of(b"x").hex().to_owned();
        let text = format!(
            "# c\n{hex}  a.txt\n{hex} *./b c.txt\nSHA256 (d (1).txt) = {hex}\n\\{hex}  e\\\\f\nnonsense\nd41d8cd98f00b204e9800998ecf8427e  md5.txt\n"
        );
        let (lines, odd) = read(&text);
        let paths: Vec<_> = lines.iter().map(|l| l.path.as_str()).collect();
        assert_eq!(paths, ["a.txt", "b c.txt", "d (1).txt", "e\\f"]);
        assert_eq!(odd, [6]);
    }
}
