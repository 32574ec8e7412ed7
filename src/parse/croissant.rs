//! Croissant 1.0 and 1.1, a dataset described in JSON-LD: what it says, what it lacks, and its files with digests.
//! Keys and types are matched on their local name, with or without a prefix; no context is resolved.

use std::collections::HashMap;

use serde_json::Value;

use super::checksums::Line;
use crate::digest::{Checksum, Kind};

/// Nodes, files or texts of one record.
const MOST: usize = 100_000;

/// Keys that a record must have; `@context` may stand outside of the node.
const REQUIRED: &str = "@context @type conformsTo name description license url creator datePublished distribution";

/// Keys of Croissant RAI 1.0 whose texts are read.
const RAI: [&str; 15] = [
    "dataCollection",
    "dataCollectionType",
    "dataCollectionMissingData",
    "dataCollectionRawData",
    "dataImputationProtocol",
    "dataPreprocessingProtocol",
    "dataManipulationProtocol",
    "dataAnnotationProtocol",
    "dataReleaseMaintenancePlan",
    "machineAnnotationTools",
    "personalSensitiveInformation",
    "dataSocialImpact",
    "dataBiases",
    "dataLimitations",
    "dataUseCases",
];
/// Characters kept of a text that is read for its meaning, and entries of such a list.
const LONGEST: usize = 20_000;
const MOST_WORDS: usize = 100;

/// A dataset as its record describes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// Its name; empty when it has none.
    pub name: String,
    /// The version of Croissant that it says it conforms to, such as `1.0`.
    pub conforms: Option<String>,
    /// Its licenses: URLs, identifiers or names.
    pub licenses: Vec<String>,
    /// Its page.
    pub url: Option<String>,
    /// Whether it says that it changes with time.
    pub live: bool,
    /// Its file objects; file sets are left out.
    pub files: Vec<FileObject>,
    /// Required keys that are absent or empty.
    pub missing: Vec<&'static str>,
    /// `usageInfo`: texts, ids, and all texts of a policy that stands there in full.
    pub usage: Vec<String>,
    /// Its version.
    pub version: Option<String>,
    /// What it is, in words.
    pub description: Option<String>,
    /// What Croissant RAI asks about how it was made and may be used: each key, by its local name, with its text.
    pub rai: Vec<(&'static str, String)>,
    /// What it was made from, `prov:wasDerivedFrom`.
    pub sources: Vec<Origin>,
}

/// What a dataset was made from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Origin {
    /// Its name.
    pub name: Option<String>,
    /// Its address, or an id that is none.
    pub url: Option<String>,
}

/// One file of a dataset.
#[derive(Clone, Debug, PartialEq)]
pub struct FileObject {
    /// Its name, or else its id.
    pub name: String,
    /// Where it is; empty when that is not told.
    pub content_url: String,
    /// Whether it lies in another file object, an archive or a repository.
    pub contained_in: bool,
    /// Its size, when that is a plain count of bytes.
    pub bytes: Option<u64>,
    /// Its SHA-256 in lower case, when 64 hex digits stand there.
    pub sha256: Option<String>,
    /// Its MD5 in lower case, when 32 hex digits stand there.
    pub md5: Option<String>,
    /// What stands in the place of a digest and is none.
    pub odd_digest: Option<String>,
}

impl Record {
    /// Whether it holds all that Croissant asks for.
    pub fn is_whole(&self) -> bool {
        self.missing.is_empty() && self.conforms.is_some()
    }

    /// The digests of files that lie beside the record, neither at a URL nor inside another file; lines are 0, not known.
    pub fn entries(&self) -> Vec<Line> {
        let digests =
            self.files.iter().flat_map(|file| [(file, Kind::Sha256, &file.sha256), (file, Kind::Md5, &file.md5)]);
        let entry = |(file, kind, hex): (&FileObject, Kind, &Option<String>)| {
            let path = file.content_url.trim_start_matches("./");
            let is_url = path.split('/').take(1).any(|head| head.is_empty() || head.contains(':'));
            let entry = Line { line: 0, path: path.to_owned(), checksum: Checksum::new(kind, hex.as_deref()?)? };
            (!is_url && !file.contained_in).then_some(entry)
        };
        digests.filter_map(entry).collect()
    }
}

/// Reads a record: one node, a list of nodes, or a `@graph`.
///
/// # Errors
/// A sentence that says why it is no record.
pub fn read(text: &str) -> Result<Record, String> {
    let root: Value = serde_json::from_str(text).map_err(|e| format!("it is not JSON: {e}"))?;
    let nodes = nodes(&root);
    let datasets = || nodes.iter().filter(|node| is(node, "Dataset"));
    let conforming = |node: &&&Value| version(node).is_some();
    let node = datasets().find(conforming).or_else(|| datasets().next()).or_else(|| nodes.iter().find(conforming));
    let node = *node.ok_or("nothing in it is a Dataset or conforms to Croissant")?;
    if nodes.len().max(values(node, "distribution").count()) > MOST {
        return Err(format!("it has more than {MOST} nodes or files"));
    }
    let mut graph: HashMap<&str, &Value> =
        nodes.iter().filter_map(|node| Some((get(node, "@id")?.as_str()?, *node))).collect();
    let licenses = values(node, "license").map(|value| resolve(value, &mut graph)).filter_map(naming);
    let mut record = Record {
        name: first(node, "name").unwrap_or_default(),
        conforms: version(node),
        licenses: licenses.take(MOST).collect(),
        url: first(node, "url"),
        live: first(node, "isLiveDataset").is_some_and(|text| text.eq_ignore_ascii_case("true")),
        version: first(node, "version"),
        description: first(node, "description").map(|text| text.chars().take(LONGEST).collect()),
        rai: RAI.into_iter().flat_map(|key| said(node, key)).collect(),
        ..Record::default()
    };
    for value in values(node, "usageInfo") {
        texts_below(resolve(value, &mut graph), &mut record.usage);
    }
    for value in values(node, "wasDerivedFrom").take(MOST_WORDS) {
        record.sources.extend(origin(resolve(value, &mut graph)));
    }
    for value in values(node, "distribution") {
        let file = resolve(value, &mut graph);
        if is(file, "FileObject") || (get(file, "contentUrl").is_some() && !is(file, "FileSet")) {
            record.files.push(file_object(file));
        }
    }
    let context = get(&root, "@context").is_some_and(|value| !is_empty(value));
    let has = |key| values(node, key).next().is_some() || (key == "@context" && context);
    record.missing = REQUIRED.split(' ').filter(|key| !has(key)).collect();
    Ok(record)
}

/// The objects at the top, and those of a `@graph`.
fn nodes(root: &Value) -> Vec<&Value> {
    let inner = |node| get(node, "@graph").map(list).unwrap_or_default();
    list(root).iter().flat_map(|node| [node].into_iter().chain(inner(node))).filter(|node| node.is_object()).collect()
}

/// The node that an object with nothing but an `@id` stands for. Each is given once, so that many references to a
/// large node cost no more than one.
fn resolve<'a>(value: &'a Value, graph: &mut HashMap<&str, &'a Value>) -> &'a Value {
    let id = value.as_object().filter(|object| object.len() == 1).and_then(|object| object.get("@id")?.as_str());
    id.and_then(|id| graph.remove(id)).unwrap_or(value)
}

fn file_object(file: &Value) -> FileObject {
    let (sha256, odd_sha256) = digest(file, "sha256", 64);
    let size = first(file, "contentSize");
    let (md5, odd_md5) = digest(file, "md5", 32);
    FileObject {
        name: first(file, "name").or_else(|| first(file, "@id")).unwrap_or_default(),
        content_url: first(file, "contentUrl").unwrap_or_default(),
        contained_in: values(file, "containedIn").next().is_some(),
        bytes: size.and_then(|text| text.trim_end_matches("bytes").trim_end_matches(['B', ' ']).parse().ok()),
        sha256,
        md5,
        odd_digest: odd_sha256.or(odd_md5),
    }
}

/// A digest in lower case, or what stands there instead.
fn digest(file: &Value, key: &str, digits: usize) -> (Option<String>, Option<String>) {
    let written = first(file, key);
    let hex = written.clone().filter(|t| t.len() == digits && t.bytes().all(|b| b.is_ascii_hexdigit()));
    let odd = written.filter(|_| hex.is_none());
    (hex.map(|hex| hex.to_ascii_lowercase()), odd)
}

/// The version of Croissant among what a node conforms to; the later one of two.
fn version(node: &Value) -> Option<String> {
    let tail = |text: String| Some(text.split_once("mlcommons.org/croissant/")?.1.trim_matches('/').to_owned());
    let tails = values(node, "conformsTo").filter_map(text).filter_map(tail);
    tails.filter(|tail| !tail.is_empty() && tail.bytes().all(|b| b.is_ascii_digit() || b == b'.')).max()
}

/// Whether one of the types of a node has this local name.
fn is(node: &Value, kind: &str) -> bool {
    values(node, "@type").any(|value| value.as_str().is_some_and(|text| local(text) == kind))
}

/// What a node says under a local name; a key without prefix goes first.
fn get<'a>(node: &'a Value, key: &str) -> Option<&'a Value> {
    let object = node.as_object()?;
    object.get(key).or_else(|| object.iter().find(|(k, _)| local(k) == key).map(|(_, value)| value))
}

/// `sc:name` and `https://schema.org/name` are `name`.
fn local(key: &str) -> &str {
    key.rsplit([':', '/', '#']).next().unwrap_or(key)
}

/// One value or many.
fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice)
}

/// The values under a local name, empty ones left out.
fn values<'a>(node: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    get(node, key).map(list).unwrap_or_default().iter().filter(|value| !is_empty(value))
}

fn is_empty(value: &Value) -> bool {
    let text = value.as_str().is_some_and(|text| text.trim().is_empty());
    let list = value.as_array().is_some_and(Vec::is_empty);
    text || list || value.is_null() || value.as_object().is_some_and(|object| object.is_empty())
}

fn first(node: &Value, key: &str) -> Option<String> {
    values(node, key).find_map(text)
}

/// The text of a value: as written, in `@value`, or an `@id`; trimmed.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Object(object) => Some(object.get("@value").or_else(|| object.get("@id"))?.as_str()?.trim().to_owned()),
        Value::Null | Value::Array(_) => None,
    }
}

/// The text that names a value. An id that only holds within the record is not as good as a name.
fn naming(value: &Value) -> Option<String> {
    let id = || first(value, "@id").filter(|id| !id.starts_with("_:") && !id.starts_with('#'));
    first(value, "url").or_else(id).or_else(|| first(value, "name")).or_else(|| text(value))
}

/// The texts under a key of Croissant RAI.
fn said(node: &Value, key: &'static str) -> impl Iterator<Item = (&'static str, String)> {
    let texts = values(node, key).filter_map(text).filter(|text| !text.is_empty());
    texts.take(MOST_WORDS).map(move |text| (key, text.chars().take(LONGEST).collect()))
}

/// What a set was made from, by an address, an id or words.
fn origin(value: &Value) -> Option<Origin> {
    let is_address = |text: &String| text.contains(':');
    // An id that only holds within the record leads nowhere.
    let is_local = |text: &String| text.starts_with("_:") || text.starts_with('#');
    let said = || text(value).filter(|t| !is_local(t));
    let id = || first(value, "@id").filter(|id| !is_local(id));
    let url = first(value, "url").or_else(id).or_else(|| said().filter(is_address));
    let name = first(value, "name").or_else(|| said().filter(|t| !is_address(t)));
    (name.is_some() || url.is_some()).then_some(Origin { name, url })
}

/// Every text below a value, types left out; what a policy permits, forbids, asks or makes it depend on is told before it.
fn texts_below(value: &Value, out: &mut Vec<String>) {
    let mut open = vec![("", value)];
    while let Some((role, value)) = open.pop() {
        match value {
            _ if out.len() >= MOST => return,
            Value::Array(items) => open.extend(items.iter().rev().map(|item| (role, item))),
            Value::Object(object) => {
                let inner =
                    object.iter().filter(|(key, _)| !["@type", "@context", "@language"].contains(&key.as_str()));
                open.extend(inner.rev().map(|(key, value)| match local(key) {
                    name @ ("permission" | "prohibition" | "obligation" | "duty") => (name, value),
                    "constraint" | "refinement" => ("constraint", value),
                    _ => (role, value),
                }));
            }
            _ => out.extend(
                text(value).filter(|t| !t.is_empty()).map(|t| if role.is_empty() { t } else { format!("{role}: {t}") }),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_plain_record() {
        let hex = "AB".repeat(32);
        let file = json!({"@type": "cr:FileObject", "@id": "x", "contentUrl": "./a b.txt", "contentSize": "17 B",
            "sha256": hex, "md5": "https://example.org/80"});
        let inner = json!({"contentUrl": "c", "containedIn": {"@id": "x"}, "contentSize": "1 KB", "cr:md5": hex});
        let record = json!({"@context": {"a": 1}, "@type": "sc:Dataset", "dct:conformsTo":
            ["http://mlcommons.org/croissant/RAI/1.0", {"@id": "https://mlcommons.org/croissant/1.1/"}],
            "name": "n", "sc:license": ["mit", {"url": "u"}, {"@id": "_:b", "name": "CC0"}, {"@id": "https://x"}],
            "url": "https://h", "isLiveDataset": true, "creator": [], "description": " ",
            "distribution": [file, inner, {"@type": "cr:FileSet", "contentUrl": "*"}]});
        let record = read(&record.to_string()).unwrap();
        assert_eq!((record.name.as_str(), record.conforms.as_deref(), record.live), ("n", Some("1.1"), true));
        assert_eq!(record.licenses, ["mit", "u", "CC0", "https://x"]);
        assert_eq!(record.missing, ["description", "creator", "datePublished"]);
        let [first, second] = &record.files[..] else { panic!("{:?}", record.files) };
        assert_eq!((first.name.as_str(), first.bytes, second.bytes), ("x", Some(17), None));
        assert_eq!(first.odd_digest.as_deref(), Some("https://example.org/80"));
        assert_eq!((second.md5.is_some(), second.odd_digest.as_ref()), (false, Some(&hex)));
        let checksum = Checksum::new(Kind::Sha256, &hex).unwrap();
        let entry = Line { line: 0, path: "a b.txt".into(), checksum };
        assert_eq!(record.entries(), [entry]);
    }

    #[test]
    fn a_graph_its_references_and_a_policy() {
        let policy = json!({"@type": "odrl:Offer", "odrl:prohibition": [{"odrl:action": {"@id": "odrl:sell"}}]});
        let record = json!({"@context": "x", "@graph": [
            {"@id": "f", "@type": "http://mlcommons.org/croissant/FileObject", "https://schema.org/contentUrl": "f"},
            {"@id": "./", "@type": ["Dataset", "x"], "license": {"@id": "l"}, "distribution": {"@id": "f"},
             "usageInfo": ["text", {"@id": "duo:0000046"}, policy]},
            {"@id": "l", "@type": "CreativeWork", "name": {"@value": "MIT"}, "url": "https://mit"}]});
        let record = read(&record.to_string()).unwrap();
        assert_eq!((record.files[0].content_url.as_str(), record.licenses[0].as_str()), ("f", "https://mit"));
        assert_eq!(record.usage, ["text", "duo:0000046", "prohibition: odrl:sell"]);
        assert!(!record.missing.contains(&"@context") && record.missing.contains(&"conformsTo"));
    }

    #[test]
    fn how_it_was_made_and_from_what() {
        let record = json!({"@type": "Dataset", "version": 2, "rai:dataCollection": ["By hand.", ""],
            "rai:dataUseCases": {"@value": "Teaching."}, "prov:wasDerivedFrom": [{"@id": "https://a"}, "the old set",
            {"name": "B", "url": "https://b"}, {"@id": "_:c"}, {"@id": "g"}], "usageInfo": {"odrl:permission":
            {"odrl:action": "use", "odrl:constraint": {"odrl:rightOperand": "research"}}}});
        let record = read(&json!({"@graph": [record, {"@id": "g", "name": "G"}]}).to_string()).unwrap();
        assert_eq!(record.version.as_deref(), Some("2"));
        assert_eq!(record.rai, [("dataCollection", "By hand.".into()), ("dataUseCases", "Teaching.".into())]);
        let sources: Vec<_> = record.sources.iter().map(|s| (s.name.as_deref(), s.url.as_deref())).collect();
        let wanted = [
            (None, Some("https://a")),
            (Some("the old set"), None),
            (Some("B"), Some("https://b")),
            (Some("G"), Some("g")),
        ];
        assert_eq!(sources, wanted);
        assert_eq!(record.usage, ["permission: use", "constraint: research"]);
    }

    #[test]
    fn what_is_no_record() {
        let odd = ["", "[]", "{}", "1", "{\"@type\": \"Person\"}", &"[".repeat(5000)];
        assert!(odd.iter().all(|text| read(text).is_err()));
    }
}

#[cfg(test)]
mod properties {
    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,200}", value in "[\\[\\]{}\",:0-9a@é ]{0,9}", url in "[./:\\PC]{0,9}") {
            let _ = super::read(&text);
            let file = format!("[{value}, {{\"@id\": {value}, \"contentUrl\": \"{url}\", \"md5\": \"{text}\"}}]");
            let record = format!("{{\"@type\": \"Dataset\", \"usageInfo\": {file}, \"distribution\": {file}}}");
            let _ = super::read(&record).map(|record| record.entries());
        }
    }
}
