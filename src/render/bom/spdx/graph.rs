//! The elements of an SPDX document as they are added: ids, agents, license expressions, relationships, and the document around
//! them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::UNKNOWN;
use crate::digest::Digest;
use crate::evidence::{Place, id_of};
use crate::render::bom::{self, License, name};
use crate::render::clean;
use crate::report::{Report, ReportFile};

const CONTEXT: &str = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld";
/// The one creation that all elements share.
const CREATION: &str = "_:creation";

/// Elements as they are added, each with an id of its own.
pub(super) struct Graph {
    /// What every id starts with.
    namespace: String,
    elements: Vec<Value>,
    agents: BTreeMap<String, String>,
    licenses: BTreeMap<String, String>,
    references: Names,
    relations: usize,
}

impl Graph {
    pub(super) fn new(report: &Report) -> Graph {
        Graph {
            namespace: format!("urn:ouvert:{}", bom::seed(report).hex()),
            elements: Vec::new(),
            agents: BTreeMap::new(),
            licenses: BTreeMap::new(),
            references: Names::default(),
            relations: 0,
        }
    }

    fn id(&self, local: &str) -> String {
        format!("{}#{local}", self.namespace)
    }

    /// Adds an element of a type with the fields that hold something.
    pub(super) fn add<const N: usize>(&mut self, kind: &str, local: &str, fields: [(&str, Value); N]) -> String {
        let id = self.id(local);
        let head = [("type", kind.into()), ("spdxId", id.clone().into()), ("creationInfo", CREATION.into())];
        let holds = |value: &Value| match value {
            Value::Null => false,
            Value::Array(all) => !all.is_empty(),
            Value::String(text) => !text.is_empty(),
            _ => true,
        };
        let all = head.into_iter().chain(fields).filter(|(_, value)| holds(value));
        self.elements.push(Value::Object(all.map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>()));
        id
    }

    pub(super) fn relate(&mut self, from: &str, kind: &str, to: Vec<String>) {
        if to.is_empty() {
            return;
        }
        self.relations += 1;
        let local = format!("relation-{}", self.relations);
        let fields = [("from", from.into()), ("relationshipType", kind.into()), ("to", to.into())];
        self.add("Relationship", &local, fields);
    }

    /// The owner of a repository of the hub; whether that is a person or a group is not known.
    pub(super) fn agent(&mut self, owner: &str) -> String {
        if let Some(id) = self.agents.get(owner) {
            return id.clone();
        }
        let local = format!("agent-{}", self.agents.len() + 1);
        let comment = "account on the hub that publishes it";
        let id = self.add("Agent", &local, [("name", name(owner).into()), ("comment", comment.into())]);
        self.agents.insert(owner.to_owned(), id.clone());
        id
    }

    /// A license expression, added once.
    fn license(&mut self, expression: &str, written: &str, custom: Value) -> String {
        if let Some(id) = self.licenses.get(expression) {
            return id.clone();
        }
        let local = format!("license-{}", self.licenses.len() + 1);
        let fields = [
            ("name", if written == expression { Value::Null } else { name(written).into() }),
            ("simplelicensing_licenseExpression", expression.into()),
            ("simplelicensing_customIdToUri", custom),
        ];
        let id = self.add("simplelicensing_LicenseExpression", &local, fields);
        self.licenses.insert(expression.to_owned(), id.clone());
        id
    }

    /// What licenses come to, all of them together and with the words beside them.
    pub(super) fn licensed(&mut self, of: &str, all: &[License], terms: &[Place]) -> Option<String> {
        let mut parts: Vec<String> = all.iter().map(|l| self.references.expression(l)).collect();
        let mut written: Vec<&str> = all.iter().map(License::written).collect();
        let mut custom = Value::Null;
        if let Some(content) = bom::terms(terms) {
            let key = format!("LicenseRef-ouvert-terms-of-{of}");
            let fields = [("name", "Additional terms".into()), ("simplelicensing_licenseText", content.into())];
            let text = self.add("simplelicensing_SimpleLicensingText", &format!("terms-of-{of}"), fields);
            custom = json!([{"type": "DictionaryEntry", "key": key, "value": text}]);
            parts.push(key);
            written.push("additional terms");
        }
        let expression = match parts.as_slice() {
            [] => return None,
            [one] => one.clone(),
            many => {
                let each = many.iter().map(|p| if p.contains(' ') { format!("({p})") } else { p.clone() });
                each.collect::<Vec<_>>().join(" AND ")
            }
        };
        let written = written.join(" AND ");
        Some(self.license(&expression, &written, custom))
    }

    /// The two licenses that each model and dataset has.
    pub(super) fn license_of(&mut self, id: &str, declared: Option<String>, concluded: Option<String>) {
        let or = |found: Option<String>| vec![found.unwrap_or_else(|| UNKNOWN.to_owned())];
        self.relate(id, "hasDeclaredLicense", or(declared));
        self.relate(id, "hasConcludedLicense", or(concluded));
    }

    pub(super) fn file(&mut self, at: usize, file: &ReportFile) -> String {
        let bytes = file.bytes.map(|b| format!(", {b} bytes")).unwrap_or_default();
        let fields = [
            ("name", clean(&file.path).into()),
            ("comment", format!("{}{bytes}", id_of(file.status)).into()),
            ("verifiedUsing", hash(bom::digest(file))),
            ("software_fileKind", "file".into()),
        ];
        self.add("software_File", &format!("file-{}", at + 1), fields)
    }

    /// The document around the elements.
    pub(super) fn finish(mut self, report: &Report, release: &str, members: &[String]) -> Value {
        let (own, version) = (name(&report.tool.name), name(&report.tool.version));
        let own = if own.is_empty() { "ouvert".to_owned() } else { own };
        let agent = self.add("SoftwareAgent", "program", [("name", own.clone().into())]);
        let tool = self.add("Tool", "tool", [("name", format!("{own} {version}").trim().into())]);
        let fields = [
            ("software_sbomType", json!(["analyzed"])),
            ("rootElement", json!([release])),
            ("element", members.into()),
        ];
        let bom = self.add("software_Sbom", "bom", fields);
        let all: Vec<Value> = self.elements.iter().filter_map(|e| e.get("spdxId").cloned()).collect();
        let holds = |kind: &str| self.elements.iter().any(|e| e.get("type").and_then(Value::as_str) == Some(kind));
        let mut profiles = vec!["core", "software", "simpleLicensing"];
        profiles.extend(holds("ai_AIPackage").then_some("ai"));
        profiles.extend(holds("dataset_DatasetPackage").then_some("dataset"));
        let fields = [
            ("name", format!("Openness of {}", bom::title(report)).into()),
            ("profileConformance", profiles.into()),
            ("rootElement", json!([bom])),
            ("element", all.into()),
        ];
        self.add("SpdxDocument", "document", fields);
        // The format asks for a moment; of a report that holds none, this one says so.
        let created = bom::moment(report).unwrap_or_else(|| "1970-01-01T00:00:00Z".into());
        let creation = json!({"type": "CreationInfo", "@id": CREATION, "specVersion": "3.0.1", "created": created,
            "createdBy": [agent], "createdUsing": [tool]});
        let mut elements = vec![creation];
        elements.extend(self.elements.pop());
        elements.append(&mut self.elements);
        json!({"@context": CONTEXT, "@graph": elements})
    }
}

impl License {
    fn written(&self) -> &str {
        match self {
            License::Listed(id) => id,
            License::Expression(all) | License::Other(all) => all,
        }
    }
}

/// Names of licenses that the SPDX list does not have, each with an id of its own in this document.
#[derive(Default)]
struct Names {
    of: BTreeMap<String, String>,
    taken: BTreeSet<String>,
}

impl Names {
    /// A license as an expression that is valid.
    fn expression(&mut self, license: &License) -> String {
        let written = match license {
            License::Listed(id) => return (*id).to_owned(),
            License::Expression(valid) => return valid.clone(),
            License::Other(written) => written,
        };
        let spaced = written.replace('(', " ( ").replace(')', " ) ");
        let words: Vec<&str> = spaced.split_whitespace().collect();
        let joint = |w: &&str| matches!(*w, "AND" | "OR" | "WITH" | "(" | ")");
        if words.iter().any(joint) && words.len() <= 100 {
            let each = words.iter().map(|w| match License::of(w) {
                Some(License::Other(other)) if !joint(w) => self.reference(&other),
                Some(License::Listed(id)) => id.to_owned(),
                _ => (*w).to_owned(),
            });
            let whole = each.collect::<Vec<_>>().join(" ").replace("( ", "(").replace(" )", ")");
            if ::spdx::Expression::parse(&whole).is_ok() {
                return whole;
            }
        }
        self.reference(written)
    }

    fn reference(&mut self, written: &str) -> String {
        if let Some(known) = self.of.get(written) {
            return known.clone();
        }
        let plain = |c: char| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' };
        let slug: String = written.chars().map(plain).collect();
        let slug: Vec<&str> = slug.split('-').filter(|part| !part.is_empty()).collect();
        let slug: String = slug.join("-").chars().take(80).collect();
        let slug = if slug.is_empty() { "name".to_owned() } else { slug };
        let mut out = format!("LicenseRef-{slug}");
        let mut count = 1;
        while !self.taken.insert(out.clone()) {
            count += 1;
            out = format!("LicenseRef-{slug}-{count}");
        }
        self.of.insert(written.to_owned(), out.clone());
        out
    }
}

fn hash(digest: Option<&Digest>) -> Value {
    digest.map_or(Value::Null, |d| json!([{"type": "Hash", "algorithm": "sha256", "hashValue": d.hex()}]))
}
