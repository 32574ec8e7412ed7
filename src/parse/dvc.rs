//! DVC's records of data: `dvc.lock` of schema 2.0 and `*.dvc`. What cannot be compared with a file's MD5 is passed
//! over and told: folders, and text hashed before DVC 3.0, when line ends were changed first.

use super::checksums::Line;
use super::yaml::{self, Node, Value};
use crate::digest::{Checksum, Kind};

/// Characters of a path: a longer one is passed over.
const LONGEST_PATH: usize = 4096;
/// Characters of a path that a sentence repeats.
const LONGEST_QUOTE: usize = 200;
/// Entries kept; the bound on nodes of YAML is lower still.
const MOST: usize = 100_000;

/// Endings of files that DVC before 3.0 never took for text: their first 512 bytes hold a NUL or are mostly no text.
const BINARY: &[&str] = &[
    "7z",
    "arrow",
    "bin",
    "bz2",
    "ckpt",
    "flac",
    "gguf",
    "gz",
    "h5",
    "hdf5",
    "jpeg",
    "jpg",
    "npy",
    "npz",
    "parquet",
    "png",
    "pt",
    "pth",
    "safetensors",
    "tar",
    "tgz",
    "wav",
    "whl",
    "xz",
    "zip",
    "zst",
];

/// What has been read so far.
#[derive(Default)]
struct Reading {
    entries: Vec<Line>,
    passed: Vec<String>,
}

/// Reads a `dvc.lock` or a `*.dvc`; the second value tells what was passed over. Paths are as written, after the `wdir`
/// of a `*.dvc`. A stage of `dvc.lock` may have a `wdir` too, which only `dvc.yaml` tells.
pub fn read(text: &str) -> (Vec<Line>, Vec<String>) {
    let document = yaml::parse(text);
    let root = &document.root;
    let mut reading = Reading::default();
    if let Some((line, message)) = &document.error {
        reading.passed.push(format!("line {line}: {message}"));
    }
    if let Some(stages) = root.get("stages") {
        match root.get("schema").and_then(Node::text) {
            None | Some("2.0") => {
                for (_, stage) in stages.pairs() {
                    reading.list(stage.get("deps"), "");
                    reading.list(stage.get("outs"), "");
                }
            }
            Some(other) => reading.passed.push(format!("the schema is {}, not 2.0", quote(other))),
        }
    } else if let Some(outs) = root.get("outs") {
        let folder = root.get("wdir").and_then(Node::text).unwrap_or_default();
        reading.list(Some(outs), folder);
    } else {
        reading.passed.push("it has neither `stages` nor `outs`".into());
    }
    (reading.entries, reading.passed)
}

impl Reading {
    fn list(&mut self, list: Option<&Node>, folder: &str) {
        let Some(Value::Seq(items)) = list.map(|n| &n.value) else { return };
        for item in items {
            if self.entries.len() + self.passed.len() >= MOST {
                return;
            }
            if let Err(message) = self.item(item, folder) {
                self.passed.push(format!("line {}: {message}", item.line));
            }
        }
    }

    /// One of `deps` or `outs`: a file, a folder, or a folder whose files are listed.
    fn item(&mut self, item: &Node, folder: &str) -> Result<(), String> {
        let path = item.get("path").and_then(Node::text).ok_or("an entry has no path")?;
        let path = join(folder, path)?;
        let hash = item.get("hash").and_then(Node::text);
        let Some(Value::Seq(files)) = item.get("files").map(|n| &n.value) else {
            let hex = md5(item, &path, hash)?;
            self.entries.push(Line { line: item.line, path, checksum: Checksum { kind: Kind::Md5, hex } });
            return Ok(());
        };
        for file in files {
            if self.entries.len() + self.passed.len() >= MOST {
                break;
            }
            match listed(file, &path, hash) {
                Ok(entry) => self.entries.push(entry),
                Err(message) => self.passed.push(format!("line {}: {message}", file.line)),
            }
        }
        Ok(())
    }
}

/// One of the files that an entry lists below its own path.
fn listed(file: &Node, folder: &str, hash: Option<&str>) -> Result<Line, String> {
    let name = file.get("relpath").and_then(Node::text);
    let path = join(folder, name.ok_or_else(|| format!("a file of {} has no relpath", quote(folder)))?)?;
    let hex = md5(file, &path, hash)?;
    Ok(Line { line: file.line, path, checksum: Checksum { kind: Kind::Md5, hex } })
}

/// The MD5 of an entry, when it is that of the file's bytes.
fn md5(item: &Node, path: &str, hash: Option<&str>) -> Result<String, String> {
    let shown = quote(path);
    let Some(hex) = item.get("md5").and_then(Node::text) else { return Err(format!("{shown} has no MD5")) };
    if hex.ends_with(".dir") {
        return Err(format!("{shown} is a folder: its MD5 is that of a list which DVC keeps elsewhere"));
    }
    if hex.len() != 32 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(format!("the MD5 of {shown} is not 32 hex digits"));
    }
    match hash {
        Some("md5") => {}
        Some(other) => return Err(format!("{shown} is hashed by {}, which is not compared", quote(other))),
        None if is_binary(path) => {}
        None => {
            return Err(format!(
                "{shown} is from DVC before 3.0, which changed the line ends of text before hashing: not compared"
            ));
        }
    }
    Ok(hex.to_ascii_lowercase())
}

/// A path below a folder; no path when it is a URL, absolute or too long.
fn join(folder: &str, path: &str) -> Result<String, String> {
    let outside = |p: &str| p.starts_with(['/', '\\']) || p.contains("://") || p.get(1..2) == Some(":");
    if path.is_empty() {
        return Err("an entry has no path".into());
    }
    if outside(path) || outside(folder) {
        return Err(format!("{} is not a path within the release", quote(path)));
    }
    if folder.len() + path.len() >= LONGEST_PATH {
        return Err(format!("the path {} is too long", quote(path)));
    }
    let folder = folder.trim_end_matches('/');
    Ok(if folder.is_empty() || folder == "." { path.to_owned() } else { format!("{folder}/{path}") })
}

fn is_binary(path: &str) -> bool {
    let ending = path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending);
    ending.is_some_and(|ending| BINARY.iter().any(|b| ending.eq_ignore_ascii_case(b)))
}

fn quote(text: &str) -> String {
    format!("{:?}", text.chars().take(LONGEST_QUOTE).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "d644a230f3ef20b00879aaceb61790af";

    fn short(text: &str) -> (Vec<(usize, String)>, Vec<String>) {
        let (entries, passed) = read(text);
        assert!(entries.iter().all(|e| e.checksum.kind == Kind::Md5 && e.checksum.hex == HEX));
        (entries.into_iter().map(|e| (e.line, e.path)).collect(), passed)
    }

    #[test]
    fn a_lock_of_schema_2() {
        let text = format!(
            "schema: '2.0'\nstages:\n  prep:\n    cmd: x\n    deps:\n    - path: data/a.txt\n      hash: md5\n      \
             md5: {HEX}\n      size: 5\n    params:\n      params.yaml:\n        seed: 1\n    outs:\n    - path: d\n\
             \x20     hash: md5\n      md5: {HEX}.dir\n      nfiles: 1\n    - path: s3://b/k\n      etag: x\n  \
             b:\n    outs:\n    - {{path: ../o.txt, hash: md5, md5: {}}}\n",
            HEX.to_uppercase()
        );
        let (entries, passed) = short(&text);
        assert_eq!(entries, [(6, "data/a.txt".into()), (22, "../o.txt".into())]);
        assert_eq!(passed.len(), 2);
        assert!(passed[0].starts_with("line 14: \"d\" is a folder"), "{passed:?}");
        assert!(passed[1].contains("not a path within"), "{passed:?}");
        assert_eq!(short("schema: '3.0'\nstages: {}\n").1, ["the schema is \"3.0\", not 2.0"]);
    }

    #[test]
    fn a_record_and_its_wdir() {
        let text = format!("wdir: ..\nouts:\n- md5: {HEX}\n  size: 5\n  hash: md5\n  path: a.txt\n");
        assert_eq!(short(&text), (vec![(3, "../a.txt".into())], vec![]));
        let text =
            format!("outs:\n- path: d\n  hash: md5\n  files:\n  - relpath: z\n  - md5: {HEX}\n    relpath: x/y.txt\n");
        assert_eq!(short(&text), (vec![(6, "d/x/y.txt".into())], vec!["line 5: \"d/z\" has no MD5".into()]));
    }

    #[test]
    fn before_3_0_only_binary_files_count() {
        let text = format!("outs:\n- md5: {HEX}\n  path: a.csv\n- md5: {HEX}\n  path: w.SafeTensors\n");
        let (entries, passed) = short(&text);
        assert_eq!(entries, [(4, "w.SafeTensors".into())]);
        assert!(passed[0].contains("before 3.0") && passed.len() == 1);
        let other = format!("outs:\n- {{md5: {HEX}, path: a.bin, hash: blake3}}\n");
        assert!(short(&other).1[0].contains("hashed by \"blake3\""));
    }

    #[test]
    fn what_is_no_record_or_is_broken() {
        assert_eq!(short("a: 1\n").1, ["it has neither `stages` nor `outs`"]);
        assert_eq!(short("").1.len(), 1);
        let (entries, passed) = short(&format!("outs:\n- {{path: a, hash: md5, md5: {HEX}}}\n- [\n"));
        assert_eq!((entries.len(), passed.is_empty()), (1, false));
        let odd =
            "outs:\n- path: a\n- md5: x\n- path: b\n  hash: md5\n  md5: 12\n- path: /etc/x\n  md5: 1\n- path: ''\n";
        assert_eq!((short(odd).0.len(), short(odd).1.len()), (0, 5));
    }
}

#[cfg(test)]
mod properties {
    proptest::proptest! {
        #[test]
        fn no_text_panics(
            text in "\\PC{0,200}",
            list in "([ -]{0,6}(path|md5|hash|files|relpath|x): ?[\\[{}\"é:/a]{0,4}\n){0,12}"
        ) {
            for text in [&text, &format!("outs:\n{list}"), &format!("stages:\n  a:\n    outs:\n{list}")] {
                let (entries, _) = super::read(text);
                proptest::prop_assert!(entries.iter().all(|e| e.checksum.hex.len() == 32));
            }
        }
    }
}
