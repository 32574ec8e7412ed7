//! What comes of the imports of a pickle: `rules/pickle.toml`. It reads no pickle.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::LazyLock;

use serde::Deserialize;

use super::parse;
use crate::evidence::Danger;

/// The embedded table.
pub const TABLE: &str = include_str!("../../rules/pickle.toml");

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[allow(dead_code)] // checked by the parser
    schema: u32,
    #[allow(dead_code)] // for the reader of the table
    version: Option<semver::Version>,
    harmless: Vec<Harmless>,
    dangerous: Vec<Dangerous>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Harmless {
    module: String,
    names: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Dangerous {
    module: String,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    within: bool,
}

#[derive(Default)]
struct Table {
    harmless: HashSet<String>,
    /// Paths that are dangerous with all below them, and whether they are in the middle of an import too.
    dangerous: HashMap<String, bool>,
}

static TABLES: LazyLock<Table> = LazyLock::new(|| {
    // Embedded: the test below fails before a user could meet an empty table, in which nothing is harmless.
    let file = parse::<File>(Path::new("rules/pickle.toml"), TABLE).unwrap_or_default();
    let mut out = Table::default();
    for row in file.harmless {
        out.harmless.extend(row.names.iter().map(|name| format!("{}.{name}", row.module)));
    }
    for row in file.dangerous {
        if row.names.is_empty() {
            out.dangerous.insert(row.module, row.within);
        } else {
            out.dangerous.extend(row.names.iter().map(|name| (format!("{}.{name}", row.module), row.within)));
        }
    }
    out
});

/// Parts of an import that are looked at.
const MOST_PARTS: usize = 32;

/// What comes of an import, `module.name`.
pub fn danger(import: &str) -> Danger {
    // No module of anybody's is as deep: such a path is made to lead somewhere.
    let deep = import.split('.').nth(MOST_PARTS).is_some();
    let reaches =
        deep || import.split('.').skip(1).any(|part| part.len() > 4 && part.starts_with("__") && part.ends_with("__"));
    if reaches {
        return Danger::Dangerous;
    }
    if TABLES.harmless.contains(import) {
        return Danger::Harmless;
    }
    // Every path that starts at a dot and ends at one, the first of them at the import's own start and end.
    let starts = std::iter::once(0).chain(import.match_indices('.').map(|(at, _)| at + 1));
    for start in starts {
        let path = import.get(start..).unwrap_or_default();
        let ends = path.match_indices('.').map(|(at, _)| at).chain([path.len()]);
        for end in ends {
            let known = path.get(..end).and_then(|part| TABLES.dangerous.get(part));
            if known.is_some_and(|within| start == 0 || *within) {
                return Danger::Dangerous;
            }
        }
    }
    Danger::Unknown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_and_what_comes_of_them() {
        let file: File = parse(Path::new("rules/pickle.toml"), TABLE).unwrap();
        assert_eq!(TABLES.harmless.len(), file.harmless.iter().map(|r| r.names.len()).sum::<usize>());
        assert_eq!(TABLES.dangerous.len(), file.dangerous.iter().map(|r| r.names.len().max(1)).sum::<usize>());
        for (import, wanted) in [
            ("collections.OrderedDict", Danger::Harmless),
            ("torch._utils._rebuild_tensor_v2", Danger::Harmless),
            ("torch.FloatStorage", Danger::Harmless),
            ("numpy.core.multiarray._reconstruct", Danger::Harmless),
            ("os.system", Danger::Dangerous),
            ("posix.system", Danger::Dangerous),
            ("nt.system", Danger::Dangerous),
            ("os.path.join", Danger::Dangerous),
            ("__builtin__.eval", Danger::Dangerous),
            ("builtins.getattr", Danger::Dangerous),
            ("torch.hub.load", Danger::Dangerous),
            ("torch.storage._load_from_bytes", Danger::Dangerous),
            // Through a module that has imported it, or through an object.
            ("torch.os.system", Danger::Dangerous),
            ("numpy.ctypeslib.os.popen", Danger::Dangerous),
            ("collections.OrderedDict.__init__.__globals__", Danger::Dangerous),
            ("collections.abc.sys.modules", Danger::Dangerous),
            // What only looks like one.
            ("mymodel.code.Layer", Danger::Unknown),
            ("ospath.join", Danger::Unknown),
            ("__main__.Net", Danger::Unknown),
            ("__torch__.net.Net", Danger::Unknown),
            ("collections.OrderedDict.fromkeys", Danger::Unknown),
            ("collections", Danger::Unknown),
            ("collections.ordereddict", Danger::Unknown),
            ("extension.no 7", Danger::Unknown),
            ("", Danger::Unknown),
        ] {
            assert_eq!(danger(import), wanted, "{import}");
        }
    }
}
