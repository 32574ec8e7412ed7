//! Weights in pickle: what they would import, held to what Python's own loader looks up, and to scanners of pickles.
//! `tests/pickles/corpus.py` writes the files, by the standard library alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::formats::consumers;
use crate::support::{Audit, HERE, Release, run_in, skip};

/// Files changed at random.
const CHANGED: usize = 3000;

/// A release of pickles, and the imports that Python's loader looks up in each; `None` without Python.
fn corpus(changed: usize) -> Option<(Release, BTreeMap<String, BTreeSet<String>>)> {
    if Command::new("python3").arg("--version").output().is_err() {
        skip("python3 is missing");
        return None;
    }
    let release = Release::with_card("---\nlicense: mit\n---\n# Pickles\n");
    let script = Path::new(HERE).join("tests/pickles/corpus.py");
    let out = Command::new("python3").arg(script).arg(release.path()).arg(changed.to_string()).output().unwrap();
    let answer =
        serde_json::from_slice(&out.stdout).unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&out.stderr)));
    Some((release, answer))
}

/// What an audit tells of the imports of a file; nothing for a file that is no pickle.
fn told<'a>(audit: &'a Audit, path: &str) -> Option<&'a Value> {
    let files = audit.report["files"].as_array().unwrap();
    files.iter().find(|f| f["path"] == path).unwrap_or_else(|| panic!("no file {path}")).get("imports")
}

fn texts(value: &Value) -> impl Iterator<Item = String> {
    value.as_array().into_iter().flatten().map(|v| v.as_str().unwrap().to_owned())
}

fn names(imports: &Value) -> BTreeSet<String> {
    ["dangerous", "unknown", "harmless"].into_iter().flat_map(|kind| texts(&imports[kind])).collect()
}

/// A name as it is shown: signs that hide are replaced, and a long one is cut.
fn shown(name: &str) -> String {
    let seen: String =
        name.chars().map(|c| if ouvert::evidence::is_unsafe(c) { char::REPLACEMENT_CHARACTER } else { c }).collect();
    ouvert::evidence::excerpt_of(&seen)
}

#[test]
fn imports_are_those_that_python_looks_up() {
    let Some((release, answer)) = corpus(0) else { return };
    let audit = release.audit(&[]);
    assert!(answer.len() > 140, "{}", answer.len());
    for (path, wanted) in &answer {
        let imports = told(&audit, path).unwrap_or_else(|| panic!("{path} is no pickle"));
        assert_eq!(&names(imports), wanted, "{path}");
        assert_eq!(imports["total"], wanted.len(), "{path}");
        assert_eq!(imports["unnamed"], 0, "{path}");
        let whole = path != "broken.pkl";
        assert_eq!(imports["unread"].as_array().unwrap().is_empty(), whole, "{path}: {imports}");
    }
    let of = |path: &str, kind: &str| texts(&told(&audit, path).unwrap()[kind]).collect::<Vec<_>>();
    for protocol in 0..6 {
        let system = ["posix.system"];
        for path in ["system", "optimized", "several"] {
            assert_eq!(of(&format!("{path}{protocol}.pkl"), "dangerous"), system);
        }
        assert_eq!(of(&format!("deflated{protocol}.pth"), "dangerous"), system);
        assert_eq!(of(&format!("packed{protocol}.joblib"), "dangerous"), system);
        // Protocol 0 writes what a storage is as a line of text.
        let torch = ["collections.OrderedDict", "torch.FloatStorage", "torch._utils._rebuild_tensor_v2"];
        let torch: Vec<_> = torch.into_iter().filter(|name| protocol > 0 || *name != "torch.FloatStorage").collect();
        assert_eq!(of(&format!("torch{protocol}.pt"), "harmless"), torch);
        assert_eq!(of(&format!("legacy{protocol}.bin"), "harmless"), torch);
        assert_eq!(of(&format!("torch{protocol}.pt"), "unknown").len(), 0);
        for call in ["popen", "eval", "exec", "getattr", "import", "loads", "run", "open", "remove"] {
            assert_eq!(of(&format!("{call}{protocol}.pkl"), "dangerous").len(), 1, "{call}{protocol}");
        }
    }
    assert_eq!(of("dotted.pkl", "dangerous"), ["torch.os.system"]);
    let says = audit.says("integrity-safe-format");
    assert!(says.contains("`__builtin__.exec`") && says.contains("in `broken.pkl`"), "{says}");
    assert_eq!(audit.outcome("integrity-safe-format"), "not-met");
}

#[test]
fn no_import_is_missed_in_files_changed_at_random() {
    let Some((release, answer)) = corpus(CHANGED) else { return };
    let audit = release.audit(&[]);
    let changed: Vec<_> = answer.iter().filter(|(path, _)| path.starts_with('x')).collect();
    assert_eq!(changed.len(), CHANGED);
    let mut found = 0;
    for (path, wanted) in changed {
        let wanted: BTreeSet<String> = wanted.iter().map(|name| shown(name)).collect();
        let imports = told(&audit, path);
        let names = imports.map(names).unwrap_or_default();
        found += names.len();
        assert!(wanted.is_subset(&names), "{path}: {wanted:?} {names:?}\n{}", release.bytes(path).escape_ascii());
    }
    assert!(found > CHANGED, "{found}");
}

/// picklescan and fickling from PyPI, each told as JSON: the imports by file.
const SCANNERS: &str = r#"
import io, json, os, sys, zipfile, zlib
from fickling.fickle import StackedPickle
from picklescan.scanner import scan_file_path
folder, answer = sys.argv[1], {}
for name in sorted(os.listdir(folder)):
    path = os.path.join(folder, name)
    if not name.endswith((".pkl", ".pt", ".pth", ".bin")): continue
    scan = scan_file_path(path)
    one = {"picklescan": sorted({g.module + "." + g.name for g in scan.globals}), "issues": scan.issues_count}
    if name.endswith(".pkl"):
        try:
            stack = StackedPickle.load(open(path, "rb"))
            found = set()
            for pickled in stack:
                for node in pickled.properties.imports:
                    found |= {(node.module or "") + "." + alias.name for alias in node.names}
            one["fickling"] = sorted(found)
        except Exception as error: one["error"] = repr(error)
    answer[name] = one
json.dump(answer, sys.stdout)
"#;

#[test]
fn scanners_of_pickles_see_no_more() {
    let Some(folder) = consumers() else { return };
    let Some((release, _)) = corpus(0) else { return };
    let audit = release.audit(&[]);
    let python = folder.join("venv/bin/python3");
    let out = Command::new(python).args(["-c", SCANNERS]).arg(release.path()).output().unwrap();
    let answer: BTreeMap<String, Value> =
        serde_json::from_slice(&out.stdout).unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&out.stderr)));
    let (mut scanned, mut read) = (0, 0);
    for (path, seen) in &answer {
        let imports = told(&audit, path).unwrap();
        let ours = names(imports);
        // What it cannot name it calls unknown: of `marks.pkl` the module, which stands behind marks.
        let by: BTreeSet<String> = texts(&seen["picklescan"]).filter(|n| !n.starts_with("unknown.")).collect();
        assert!(by.is_subset(&ours), "picklescan, {path}: {by:?} {ours:?}");
        scanned += by.len();
        // What it calls an issue is dangerous here too, but for the class of `uuid` that holds a number and does nothing.
        let issue = seen["issues"].as_u64().unwrap() > 0 && !path.starts_with("times");
        assert!(!issue || !imports["dangerous"].as_array().unwrap().is_empty(), "picklescan, {path}: {imports}");
        let by: BTreeSet<String> = texts(&seen["fickling"]).collect();
        // It tells the builtins of old protocols by their new name, and leaves some out.
        let new: BTreeSet<String> = ours.iter().map(|n| n.replace("__builtin__.", "builtins.")).collect();
        let missed: Vec<_> = by.iter().filter(|n| !ours.contains(*n) && !new.contains(*n)).collect();
        assert!(missed.is_empty(), "fickling, {path}: {missed:?} {ours:?}");
        read += by.len();
    }
    assert!(scanned > 150 && read > 100, "{scanned} {read}");
}

#[test]
fn a_pickle_in_every_place_where_it_is_told() {
    let release = Release::tiny_open();
    let bad = b"\x80\x02cos\nsystem\n(S'true'\ntR.";
    release.write("pytorch_model.bin", bad);
    release.refresh();
    let audit = release.audit(&[]);
    let says = "loading runs what can do harm: `os.system` in `pytorch_model.bin`";
    assert_eq!((audit.outcome("integrity-safe-format"), audit.says("integrity-safe-format")), ("not-met", says));
    let table = run_in(release.outside(), &["audit", "release", "--verbose"]).stdout;
    assert!(table.contains("    imports that can do harm: os.system"), "{table}");
    let french = run_in(release.outside(), &["audit", "release", "--verbose", "--lang", "fr"]).stdout;
    assert!(french.contains("    imports qui peuvent nuire : os.system"), "{french}");
    let page = run_in(release.outside(), &["audit", "release", "--format", "html"]).stdout;
    assert!(page.contains("imports that can do harm: os.system"));
    // Saved evidence tells the same.
    release.audit(&["--save-evidence", "evidence.json"]);
    let again = run_in(release.outside(), &["audit", "evidence.json", "--format", "json"]).stdout;
    assert!(again.contains("\"os.system\"") && again.contains(says), "{again}");
}

#[test]
fn how_grave_a_pickle_is() {
    let card = "---\nlicense: mit\n---\n# A\n";
    let says = |files: &[(&str, &[u8])]| {
        let release = Release::with_card(card);
        files.iter().for_each(|(path, bytes)| release.write(path, bytes));
        let audit = release.audit(&[]);
        (audit.outcome("integrity-safe-format").to_owned(), audit.says("integrity-safe-format").to_owned())
    };
    let harmless: &[u8] = b"\x80\x02ccollections\nOrderedDict\n)R.";
    for (files, wanted) in [
        (vec![("a.bin", harmless)], "a pickle can run code when loaded; the imports of `a.bin` only make tensors"),
        (
            vec![("a.bin", b"\x80\x02cmy.own\nNet\n)R.")],
            "loading runs code that is not known here: `my.own.Net` in `a.bin`",
        ),
        (vec![("a.bin", b"\x80\x04]\x8c\x01x\x93.")], "imports whose names are made up, in `a.bin`"),
        (vec![("a.bin", b"\x80\x02ccollections\nOrderedDict\n)R")], "not all of `a.bin` was read: it ends at byte 29"),
        // The worst is told, and what lies beside the weights counts where it does harm.
        (
            vec![("a.bin", harmless), ("b.pt", b"cm\nf\n."), ("data/c.pkl", b"cos\nsystem\n.")],
            "`os.system` in `data/c.pkl`",
        ),
    ] {
        let (outcome, found) = says(&files);
        assert_eq!(outcome, "not-met", "{found}");
        assert!(found.contains(wanted), "{wanted}: {found}");
    }
    // No pickle: it is not said to run code, nor to be safe.
    let (outcome, found) = says(&[("model.bin", b"lmgg\x01\x00\x00\x00")]);
    assert_eq!((outcome.as_str(), found.contains("not known: `model.bin`")), ("unknown", true), "{found}");
    let npy = b"\x93NUMPY\x01\x00\x10\x00{'descr': '<f4'}\x00\x00\x00\x00";
    assert_eq!(says(&[("weights.npy", npy)]).0, "met");
    // Data of other programs beside weights is left alone.
    assert_eq!(says(&[("data/c.pkl", harmless)]).0, "not-applicable");
}
