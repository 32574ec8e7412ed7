//! Who may import whom: reads the sources and names the offending pair. Cargo is silent about cycles inside a crate.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::HERE;

const GROUND: &[&str] =
    &["words", "error", "digest", "signature", "evidence", "finding", "report", "certificate", "diff", "survey"];

/// Each room, and the rooms it may import besides its own; `ground` stands for the ten of the ground.
/// Within the ground each imports those before it.
const ROOMS: &[(&str, &[&str])] = &[
    ("words", &[]),
    ("error", &["words"]),
    ("digest", &["words", "error"]),
    ("signature", &["words", "error", "digest"]),
    ("evidence", &["words", "error", "digest", "signature"]),
    ("finding", &["words", "error", "digest", "signature", "evidence"]),
    ("report", &["words", "error", "digest", "signature", "evidence", "finding"]),
    ("certificate", &["words", "error", "digest", "signature", "evidence", "finding", "report"]),
    ("diff", &["words", "error", "digest", "signature", "evidence", "finding", "report"]),
    ("survey", &["words", "error", "digest", "signature", "evidence", "finding", "report", "certificate"]),
    ("lists", &["ground"]),
    ("parse", &["ground", "lists"]),
    ("net", &["ground"]),
    ("source", &["ground", "lists", "net", "parse"]),
    ("collect", &["ground", "lists", "parse", "source"]),
    ("check", &["ground", "lists"]),
    ("profile", &["ground", "lists", "check"]),
    ("score", &["ground", "profile"]),
    ("render", &["ground"]),
    ("config", &["ground", "lists"]),
    ("audit", &["ground", "lists", "check", "profile", "score", "config"]),
    ("ledger", &["ground"]),
    ("merge", &["ground", "ledger"]),
    // The binary names the library by its name.
    ("cmd", &[]),
    ("main", &["cmd"]),
    ("lib", &[]),
];

/// Rooms whose files share helpers through their `mod.rs` only.
const NO_SIBLINGS: &[&str] = &["collect", "check", "render", "source"];

/// A source file without comments and tests.
struct File {
    path: PathBuf,
    /// `collect` for `src/collect/data.rs` and for `src/collect/mod.rs`.
    room: String,
    /// `data`, or `mod`, or the room itself for a file of its own.
    name: String,
    code: String,
}

/// A path that starts at the crate's root or at the folder above.
struct Import {
    line: usize,
    /// The first names after `crate::` or `super::`.
    parts: Vec<String>,
    from_root: bool,
}

fn sources() -> Vec<File> {
    let root = Path::new(HERE).join("src");
    let mut out = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let inside = path.strip_prefix(&root).unwrap().with_extension("");
                let parts: Vec<String> = inside.iter().map(|p| p.to_string_lossy().into_owned()).collect();
                let (room, name) = (parts[0].clone(), parts[parts.len() - 1].clone());
                let code = code_of(&fs::read_to_string(&path).unwrap());
                out.push(File { path: inside.with_extension("rs"), room, name, code });
            }
        }
    }
    out.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(out.len() > 20, "only {} sources found", out.len());
    out
}

/// The code above the tests, comments blanked, lines kept.
fn code_of(text: &str) -> String {
    let above = text.lines().take_while(|l| l.trim() != "#[cfg(test)]");
    above
        .map(|l| if l.trim_start().starts_with("//") { "" } else { l.split(" // ").next().unwrap_or(l) })
        .collect::<Vec<_>>()
        .join("\n")
}

/// The imports of a file: `use` lines, groups in braces taken apart, and paths inside expressions.
fn imports(file: &File) -> Vec<Import> {
    let mut out = Vec::new();
    for (word, root) in [("crate::", true), ("super::", false)] {
        for (at, _) in file.code.match_indices(word) {
            let before = file.code[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$') {
                continue;
            }
            // The folder above a file that stands in none, or above a room's own `mod.rs`, is the root.
            let top = file.name == "mod" && file.path.components().count() == 2;
            let from_root = root || file.room == file.name || top;
            for (offset, parts) in tree(&file.code[at + word.len()..]) {
                let line = 1 + file.code[..at + word.len() + offset].matches('\n').count();
                out.push(Import { line, parts, from_root });
            }
        }
    }
    out
}

/// The paths at the head of a text, two names deep, each with where it starts: `a::b`, `{a::b, c}`.
fn tree(text: &str) -> Vec<(usize, Vec<String>)> {
    let Some(inner) = text.strip_prefix('{') else {
        return vec![(0, names(text))];
    };
    let (mut out, mut depth, mut start) = (Vec::new(), 0usize, 0usize);
    for (at, c) in inner.char_indices() {
        let end = (c == ',' || c == '}') && depth == 0;
        if end {
            let item = &inner[start..at];
            let blank = item.len() - item.trim_start().len();
            if !item.trim().is_empty() {
                out.push((1 + start + blank, names(item.trim())));
            }
            start = at + 1;
        }
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            _ => {}
        }
    }
    out
}

/// The first two names of a path.
fn names(path: &str) -> Vec<String> {
    let end = path.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(path.len());
    path[..end].split("::").filter(|p| !p.is_empty()).take(2).map(str::to_owned).collect()
}

#[test]
fn paths_are_taken_apart() {
    let code = "use crate::a::b;\nuse crate::{\n  c,\n  d::{e, f},\n};\nfn g() { crate::h::i(); }\n".to_owned();
    let file = File { path: "x/y.rs".into(), room: "x".into(), name: "y".into(), code };
    let seen: Vec<_> = imports(&file).iter().map(|i| (i.line, i.parts.join("::"))).collect();
    let wanted = [(1, "a::b"), (3, "c"), (4, "d"), (6, "h::i")];
    assert_eq!(seen, wanted.map(|(l, p)| (l, p.to_owned())));
}

#[test]
fn nobody_imports_what_they_may_not() {
    let files = sources();
    let mut wrong = String::new();
    for file in &files {
        let Some((_, may)) = ROOMS.iter().find(|(room, _)| *room == file.room) else {
            panic!("{}: the room `{}` has no row in ROOMS", file.path.display(), file.room);
        };
        for import in imports(file).iter().filter(|i| i.from_root) {
            let Some(to) = import.parts.first() else { continue };
            let ground = may.contains(&"ground") && GROUND.contains(&to.as_str());
            let is_room = ROOMS.iter().any(|(room, _)| room == to);
            let own = *to == file.room || (!is_room && file.room == "main");
            if !(own || ground || may.contains(&to.as_str())) {
                let _ = writeln!(
                    wrong,
                    "src/{}:{}: `{}` may not import `{to}`",
                    file.path.display(),
                    import.line,
                    file.room
                );
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn siblings_do_not_import_siblings() {
    let files = sources();
    let mut wrong = String::new();
    for file in files.iter().filter(|f| NO_SIBLINGS.contains(&f.room.as_str()) && f.name != "mod") {
        let is_sibling = |name: &str| {
            files.iter().any(|f| f.room == file.room && f.name == name && name != file.name && name != "mod")
        };
        for import in imports(file) {
            let name = match (import.from_root, import.parts.as_slice()) {
                (false, [name, ..]) => name,
                (true, [room, name]) if *room == file.room => name,
                _ => continue,
            };
            if is_sibling(name) {
                let _ = writeln!(
                    wrong,
                    "src/{}:{}: `{}` imports its sibling `{name}`",
                    file.path.display(),
                    import.line,
                    file.name
                );
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// Lines outside of some rooms that hold one of these words.
fn uses(words: &[&str], but: &[&str]) -> String {
    let mut wrong = String::new();
    for file in sources().iter().filter(|f| !but.contains(&f.room.as_str())) {
        for (index, line) in file.code.lines().enumerate() {
            for word in words.iter().filter(|w| holds(line, w)) {
                let _ = writeln!(wrong, "src/{}:{}: `{}` uses `{word}`", file.path.display(), index + 1, file.room);
            }
        }
    }
    wrong
}

/// Whether a line holds a word that no letter stands before.
fn holds(line: &str, word: &str) -> bool {
    line.match_indices(word)
        .any(|(at, _)| !line[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_'))
}

#[test]
fn only_sources_and_digests_read_files() {
    // The net keeps answers in the user's cache folder, a run its ledger, which a merge reads; they read no release.
    let wrong = uses(
        &["std::fs", "fs::", "File::open", "File::create", "OpenOptions", "WalkDir"],
        &["source", "digest", "cmd", "net", "ledger", "merge"],
    );
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn only_commands_print_and_look_at_clock_and_environment() {
    let printing = ["println!", "print!", "eprintln!", "eprint!", "dbg!", "stdout()", "stderr()", "stdin()"];
    let looking = [
        "std::env",
        "env::var",
        "env::args",
        "SystemTime",
        "Instant::now",
        "Timestamp::now",
        "Zoned::now",
        "process::exit",
    ];
    let wrong = uses(&[&printing[..], &looking[..]].concat(), &["cmd", "net"]);
    assert!(wrong.is_empty(), "\n{wrong}");
    // How long a host asked to be left alone is measured where requests are sent; what time it is, is nobody's business.
    let looking: Vec<&str> = looking.iter().copied().filter(|w| *w != "Instant::now").collect();
    let wrong = uses(&[&printing[..], &looking[..]].concat(), &["cmd"]);
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn the_map_names_every_room_in_its_order() {
    let text = fs::read_to_string(Path::new(HERE).join("src/lib.rs")).unwrap();
    let rooms: Vec<&str> = text.lines().filter_map(|l| l.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    // A row of the map: a wing or none, the room, what it holds.
    let row = regex::Regex::new(r"(?m)^//! \|[a-z ]*\| \[`([a-z]+)`\] \| [^|]{10,} \|$").unwrap();
    let map: Vec<&str> = row.captures_iter(&text).map(|c| c.get(1).unwrap().as_str()).collect();
    let mut sorted = map.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, rooms);
    // Nobody stands before a room that it imports.
    let place = |room: &str| map.iter().position(|r| *r == room);
    for (room, may) in ROOMS {
        let Some(at) = place(room) else { continue };
        for imported in may.iter().flat_map(|m| if *m == "ground" { GROUND.to_vec() } else { vec![*m] }) {
            // The tables are read by the left wing too, and stand with those who judge by them.
            assert!(imported == "lists" || place(imported).is_some_and(|p| p < at), "{room} stands before {imported}");
        }
    }
}

#[test]
fn every_file_says_what_it_is() {
    for folder in ["src", "tests/it"] {
        let mut folders = vec![Path::new(HERE).join(folder)];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|e| e == "rs") {
                    assert!(
                        fs::read_to_string(&path).unwrap().starts_with("//! "),
                        "{} does not open with `//!`",
                        path.display()
                    );
                }
            }
        }
    }
}
