//! Which keys of a bucket are paths of the release. Keys are what anybody who may write there chose: one that is no path is told as
//! a gap, and none is made to fit.

use crate::evidence::GapKind;
use crate::source::{LONGEST_KEY, is_path};

/// The folder of version control: its objects are not the release.
const VERSION_CONTROL: &str = ".git/";

/// Bytes of an object that can be: more than any store takes, and few enough for those of all keys to be added up.
const MOST_BYTES: u64 = 1 << 46;

/// What a key is to the release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A path of it.
    Path(String),
    /// Nothing: an empty object that stands for a folder, or one of version control.
    Nothing,
    /// No path, and why.
    Odd(GapKind),
}

/// The place of a key of so many bytes, in the release whose keys start with `prefix`.
pub(super) fn place(prefix: &str, key: &str, bytes: u64) -> Place {
    let Some(path) = key.strip_prefix(prefix) else { return Place::Odd(GapKind::Outside) };
    if bytes == 0 && (path.is_empty() || path.ends_with('/')) {
        return Place::Nothing;
    }
    if path.split('/').any(|part| part == "..") || path.starts_with('/') {
        return Place::Odd(GapKind::Outside);
    }
    if key.len() > LONGEST_KEY || !is_path(path) {
        return Place::Odd(GapKind::NoPath);
    }
    if bytes > MOST_BYTES {
        return Place::Odd(GapKind::BadAnswer);
    }
    if path.starts_with(VERSION_CONTROL) { Place::Nothing } else { Place::Path(path.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_are_paths_and_keys_that_are_none() {
        let path = |path: &str| Place::Path(path.to_owned());
        let long = format!("m/{}", "a".repeat(1024));
        for (key, bytes, wanted) in [
            ("m/README.md", 5, path("README.md")),
            ("m/a b/é.txt", 5, path("a b/é.txt")),
            ("m/.gitattributes", 5, path(".gitattributes")),
            ("m/...", 5, path("...")),
            ("m/empty", 0, path("empty")),
            ("m/", 0, Place::Nothing),
            ("m/folder/", 0, Place::Nothing),
            ("m/.git/HEAD", 5, Place::Nothing),
            ("m/folder/", 5, Place::Odd(GapKind::NoPath)),
            ("m/", 5, Place::Odd(GapKind::NoPath)),
            ("m//etc/passwd", 5, Place::Odd(GapKind::Outside)),
            ("m/../x", 5, Place::Odd(GapKind::Outside)),
            ("m/a/..", 5, Place::Odd(GapKind::Outside)),
            ("m/a//b", 5, Place::Odd(GapKind::NoPath)),
            ("m/./b", 5, Place::Odd(GapKind::NoPath)),
            ("m/a\\..\\b", 5, Place::Odd(GapKind::NoPath)),
            ("m/a\u{1b}[2J", 5, Place::Odd(GapKind::NoPath)),
            ("m/a\nb", 5, Place::Odd(GapKind::NoPath)),
            (long.as_str(), 5, Place::Odd(GapKind::NoPath)),
            ("other/README.md", 5, Place::Odd(GapKind::Outside)),
            ("m", 5, Place::Odd(GapKind::Outside)),
            ("m/huge", 1 << 46, path("huge")),
            ("m/huge", (1 << 46) + 1, Place::Odd(GapKind::BadAnswer)),
        ] {
            assert_eq!(place("m/", key, bytes), wanted, "{key:?}");
        }
        assert_eq!(place("", "README.md", 1), path("README.md"));
        assert_eq!(place("", "/README.md", 1), Place::Odd(GapKind::Outside));
    }
}
