//! SPDX 3: the golden file, ids that hold, and what the strict bindings of the model make of it.

use std::collections::HashSet;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use super::{bom, consumers, golden, rendered};
use crate::support::run;

/// Reads by the bindings that are made from the model's own shapes, which refuse unknown keys, wrong classes and words, and on
/// writing what lacks a field; then asks what the profiles for AI and datasets ask beside; then spoilt copies must be refused.
const READS: &str = r#"
import collections, copy, io, json, sys
from spdx_python_model import v3_0_1 as spdx

def read(document):
    objects = spdx.SHACLObjectSet()
    spdx.JSONLDDeserializer().read(io.BytesIO(json.dumps(document).encode()), objects)
    assert not objects.missing_ids, objects.missing_ids
    spdx.JSONLDSerializer().write(objects, io.BytesIO())
    return objects

for path in sys.argv[1:]:
    document = json.load(open(path, encoding="utf-8"))
    objects = read(document)
    licenses = collections.Counter()
    for relation in objects.foreach_type(spdx.Relationship, match_subclass=True):
        kind = relation.relationshipType.rsplit("/", 1)[1]
        if kind in ("hasDeclaredLicense", "hasConcludedLicense"):
            assert len(relation.to) == 1, relation
            licenses[relation.from_._id, kind] += 1
    packages = [*objects.foreach_type(spdx.ai_AIPackage), *objects.foreach_type(spdx.dataset_DatasetPackage)]
    assert packages, path
    for package in packages:
        assert [licenses[package._id, k] for k in ("hasDeclaredLicense", "hasConcludedLicense")] == [1, 1], package
    for kind, key, value in (("ai_AIPackage", "ai_openness", "full"), ("ai_AIPackage", "software_primaryPurpose", "fun"),
                             ("dataset_DatasetPackage", "dataset_datasetType", []), ("Relationship", "from", None),
                             ("Relationship", "to", ["urn:nobody"])):
        spoilt = copy.deepcopy(document)
        next(e for e in spoilt["@graph"] if e["type"] == kind)[key] = value
        try:
            read(spoilt)
        except (AssertionError, AttributeError, KeyError, TypeError, ValueError):
            continue
        raise SystemExit(f"{path}: {kind} with {key} = {value} is not refused")
    print(len(packages))
"#;

/// Ids are there once, and each that is referred to is there or is one of the model's own.
fn ids_hold(document: &Value) {
    let graph = document["@graph"].as_array().unwrap();
    let ids: Vec<&str> = graph.iter().filter_map(|e| e["spdxId"].as_str().or(e["@id"].as_str())).collect();
    let known: HashSet<&str> = ids.iter().copied().collect();
    assert_eq!((ids.len(), known.len()), (graph.len(), graph.len()));
    let mut all = Vec::new();
    bom::texts(document, "", &mut all);
    let keys = [
        "from",
        "to",
        "element",
        "rootElement",
        "subject",
        "creationInfo",
        "createdBy",
        "createdUsing",
        "suppliedBy",
        "originatedBy",
    ];
    let mut used = 0;
    for (_, id) in all.into_iter().filter(|(key, _)| keys.contains(key)) {
        used += 1;
        assert!(known.contains(id) || id.starts_with("expandedlicensing_No"), "{id}");
        assert!(id.len() < 120 && id.chars().all(|c| c.is_ascii_alphanumeric() || "_:#-".contains(c)), "{id}");
    }
    assert!(used > graph.len());
}

fn elements<'a>(document: &'a Value, kind: &str) -> Vec<&'a Value> {
    document["@graph"].as_array().unwrap().iter().filter(|e| e["type"] == kind).collect()
}

#[test]
fn the_frozen_report() {
    let text = rendered("spdx");
    golden("report.spdx.json", &text);
    let document: Value = serde_json::from_str(&text).unwrap();
    ids_hold(&document);
    let files: Vec<&str> = elements(&document, "software_File").iter().filter_map(|f| f["name"].as_str()).collect();
    // A file that only a list names is no element.
    assert!(files.len() == 6 && !files.contains(&"vocab.txt"), "{files:?}");
    let sets = elements(&document, "dataset_DatasetPackage");
    assert_eq!(sets[0]["dataset_datasetAvailability"], "directDownload");
    assert!(sets[2].get("dataset_datasetAvailability").is_none(), "{}", sets[2]);
    let licenses = elements(&document, "simplelicensing_LicenseExpression");
    let all: Vec<&str> = licenses.iter().filter_map(|l| l["simplelicensing_licenseExpression"].as_str()).collect();
    assert!(all.contains(&"Apache-2.0 AND LicenseRef-ouvert-terms-of-release"), "{all:?}");
    assert!(all.contains(&"LicenseRef-llama3.1") && all.contains(&"ODC-By-1.0"), "{all:?}");
}

#[test]
fn a_hostile_report() {
    let folder = TempDir::new().unwrap();
    let text = bom::render(&folder, &bom::hostile(), "spdx");
    bom::is_harmless(&text, &["locator", "software_downloadLocation", "software_homePage"]);
    let document: Value = serde_json::from_str(&text).unwrap();
    ids_hold(&document);
    for license in elements(&document, "simplelicensing_LicenseExpression") {
        let expression = license["simplelicensing_licenseExpression"].as_str().unwrap();
        assert!(::spdx::Expression::parse(expression).is_ok(), "{expression}");
        assert!(!expression.contains("ASSERTION"), "{expression}");
    }
}

#[test]
fn the_bindings_of_the_model_read_it() {
    let Some(consumers) = consumers() else { return };
    let folder = TempDir::new().unwrap();
    let put = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let files = [
        put("frozen.spdx.json", &rendered("spdx")),
        put("tiny.spdx.json", &run(&["audit", "tests/releases/tiny-open", "--format", "spdx"]).stdout),
        put("hostile.spdx.json", &bom::render(&folder, &bom::hostile(), "spdx")),
    ];
    let files: Vec<&Path> = files.iter().map(|p| p.as_path()).collect();
    let read = bom::python(&consumers, READS, &files);
    assert_eq!((read.code, read.stderr.as_str()), (0, ""));
    assert_eq!(read.stdout.lines().collect::<Vec<_>>(), ["7", "2", "16"]);
}
