//! CycloneDX 1.5 to 1.7 in JSON: what a bill of materials says of the machine-learning model it is for.
//! It knows the format alone: neither what a license permits nor whether a file is there.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::digest::{Checksum, Kind};

/// The versions of the format that are read; models came with the first of them.
const VERSIONS: [&str; 3] = ["1.5", "1.6", "1.7"];
/// Components of one document, nested ones counted.
const MOST_COMPONENTS: usize = 100_000;
/// Entries kept of a list of one component: references, datasets, ancestors, texts.
const MOST: usize = 200;
/// Licenses kept of one component.
const MOST_LICENSES: usize = 20;
/// Characters kept of a name or an address, of a text that is read for its meaning, and of a license.
const LONGEST_NAME: usize = 1_000;
const LONGEST_TEXT: usize = 20_000;
const LONGEST_LICENSE: usize = 200_000;

/// A document, as far as a release of a model is concerned.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bom {
    /// The version of the format.
    pub spec: String,
    /// The model that it describes: `metadata.component`, or else the first model among the components.
    pub model: Option<Model>,
    /// Other models that it lists.
    pub beside: Vec<Component>,
    /// Files that it lists with digests.
    pub files: Vec<FileEntry>,
    /// Whether it tells how things were made, `formulation`.
    pub formulation: bool,
    /// Keys that hold something else than the format asks for.
    pub odd: Vec<String>,
}

/// The model and its card.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    /// The component itself.
    pub component: Component,
    /// How it learns, such as `supervised`.
    pub approach: Option<String>,
    /// What it is for.
    pub task: Option<String>,
    /// The family of its architecture.
    pub family: Option<String>,
    /// Its architecture.
    pub architecture: Option<String>,
    /// Datasets that it was trained or evaluated on.
    pub datasets: Vec<DataEntry>,
    /// Energy that was used, by activity.
    pub energy: Vec<Energy>,
    /// Results of evaluation that hold a value.
    pub metrics: usize,
    /// What it was made from, `pedigree.ancestors`, theirs included.
    pub ancestors: Vec<Component>,
    /// Its description and all that is said in `considerations`.
    pub texts: Vec<String>,
}

/// A component.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Component {
    /// Its name; empty when it has none.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// The namespace of its name.
    pub group: Option<String>,
    /// Who made or published it.
    pub holder: Option<String>,
    /// Its licenses.
    pub licenses: Vec<LicenseEntry>,
    /// Its digests, of kinds that are known here.
    pub hashes: Vec<Checksum>,
    /// Its references.
    pub references: Vec<Reference>,
    /// Its package URL.
    pub purl: Option<String>,
}

/// A license as a component names it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LicenseEntry {
    /// An SPDX expression, an SPDX id or a name; absent when none stands there.
    pub name: Option<String>,
    /// Where its text is.
    pub url: Option<String>,
    /// Its text.
    pub text: Option<String>,
}

/// A reference to something outside.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reference {
    /// Its kind, such as `vcs`.
    pub kind: String,
    /// Where it leads.
    pub url: String,
    /// The words beside it.
    pub comment: Option<String>,
}

/// A dataset as a model card or a component of type `data` names it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DataEntry {
    /// Its name, or else what refers to it.
    pub name: String,
    /// Where it is.
    pub url: Option<String>,
    /// Its package URL.
    pub purl: Option<String>,
    /// Its licenses, where a component holds it.
    pub licenses: Vec<LicenseEntry>,
    /// Its version, where a component holds it.
    pub version: Option<String>,
    /// How it is classified.
    pub classification: Option<String>,
    /// What it is, in words.
    pub description: Option<String>,
    /// Those who own, keep or steward it.
    pub governance: Vec<String>,
}

/// Energy that an activity used.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Energy {
    /// The activity, such as `training`.
    pub activity: String,
    /// Kilowatt hours.
    pub kwh: f64,
}

/// A file with its digests.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FileEntry {
    /// Its name and the places it was seen at, as written.
    pub paths: Vec<String>,
    /// Its digests.
    pub hashes: Vec<Checksum>,
}

/// Reads a document.
///
/// # Errors
/// A sentence that says why it is none that is read here.
pub fn read(text: &str) -> Result<Bom, String> {
    let root: Value = serde_json::from_str(text).map_err(|e| format!("it is not JSON: {e}"))?;
    if root.get("bomFormat").and_then(Value::as_str) != Some("CycloneDX") {
        return Err("it is not a CycloneDX document: `bomFormat` is not `CycloneDX`".into());
    }
    let spec = string(&root, "specVersion").unwrap_or_default();
    if !VERSIONS.contains(&spec.as_str()) {
        let shown: String = spec.chars().take(20).collect();
        return Err(format!("it is CycloneDX {shown:?}, and {} are read", VERSIONS.join(", ")));
    }
    let all = components(&root)?;
    let by_ref: HashMap<&str, &Value> =
        all.iter().rev().filter_map(|c| Some((c.get("bom-ref")?.as_str()?, *c))).collect();
    let mut bom = Bom { spec, formulation: !list(&root, "formulation").is_empty(), ..Bom::default() };
    let mut models = all.iter().filter(|c| is(c, "machine-learning-model"));
    if let Some(first) = models.next() {
        bom.model = Some(model(first, &by_ref, &mut bom.odd));
    }
    bom.beside = models.take(MOST).map(|c| component(c, &mut vec![])).collect();
    bom.files = all.iter().filter(|c| is(c, "file")).filter_map(|c| file(c)).collect();
    Ok(bom)
}

/// `metadata.component`, then every component, each before those that it holds.
fn components(root: &Value) -> Result<Vec<&Value>, String> {
    let mut open: Vec<&Value> = list(root, "components").iter().rev().collect();
    open.extend(root.get("metadata").and_then(|m| m.get("component")));
    let mut out = Vec::new();
    while let Some(component) = open.pop().filter(|_| out.len() <= MOST_COMPONENTS) {
        if component.is_object() {
            out.push(component);
            open.extend(list(component, "components").iter().rev());
        }
    }
    if out.len() > MOST_COMPONENTS {
        return Err(format!("it has more than {MOST_COMPONENTS} components"));
    }
    Ok(out)
}

fn model(value: &Value, by_ref: &HashMap<&str, &Value>, odd: &mut Vec<String>) -> Model {
    let mut out = Model { component: component(value, odd), ..Model::default() };
    out.ancestors = ancestors(value);
    out.texts.extend(long(value, "description"));
    let Some(card) = value.get("modelCard") else { return out };
    let parameters = card.get("modelParameters").unwrap_or(&Value::Null);
    for (key, value) in [("modelCard", card), ("modelCard.modelParameters", parameters)] {
        if !(value.is_object() || value.is_null()) {
            odd.push(key.into());
        }
    }
    out.approach = parameters.get("approach").and_then(|a| string(a, "type"));
    out.task = string(parameters, "task");
    out.family = string(parameters, "architectureFamily");
    out.architecture = string(parameters, "modelArchitecture");
    if parameters.get("datasets").is_some_and(|d| !d.is_array()) {
        odd.push("modelCard.modelParameters.datasets".into());
    }
    let mut seen = HashSet::new();
    for entry in list(parameters, "datasets").iter().take(MOST) {
        // Many references to one large component cost no more than one.
        if string(entry, "ref").is_none_or(|id| seen.insert(id)) {
            datasets(entry, by_ref, &mut out.datasets, odd);
        }
    }
    let metrics = card.get("quantitativeAnalysis").map(|q| list(q, "performanceMetrics")).unwrap_or_default();
    out.metrics = metrics.iter().filter(|m| string(m, "value").is_some() || has_number(m, "value")).count();
    let considerations = card.get("considerations").unwrap_or(&Value::Null);
    out.energy = energy(considerations);
    texts_below(considerations, &mut out.texts);
    out
}

/// The energy that was used, where it is told in kilowatt hours, the one unit of the format.
fn energy(considerations: &Value) -> Vec<Energy> {
    let list = considerations.get("environmentalConsiderations").map(|e| list(e, "energyConsumptions"));
    let one = |entry: &Value| {
        let cost = entry.get("activityEnergyCost")?;
        let kwh = cost.get("value")?.as_f64().filter(|n| *n > 0.0)?;
        let unit = string(cost, "unit").is_none_or(|u| u.eq_ignore_ascii_case("kWh"));
        unit.then_some(Energy { activity: string(entry, "activity")?, kwh })
    };
    list.unwrap_or_default().iter().take(MOST).filter_map(one).collect()
}

/// The models that one was made from, nearest first; an ancestor may have ancestors of its own.
fn ancestors(value: &Value) -> Vec<Component> {
    let mut open: Vec<&Value> = parents(value).iter().take(MOST).collect();
    let mut at = 0;
    while let Some(one) = open.get(at).copied() {
        at += 1;
        let left = MOST.saturating_sub(open.len());
        open.extend(parents(one).iter().take(left));
    }
    open.into_iter().map(|one| component(one, &mut vec![])).collect()
}

fn parents(value: &Value) -> &[Value] {
    value.get("pedigree").map(|p| list(p, "ancestors")).unwrap_or_default()
}

/// The datasets of an entry: the set itself, or those of the component that it refers to. One that nothing stands for is
/// named all the same.
fn datasets(entry: &Value, by_ref: &HashMap<&str, &Value>, out: &mut Vec<DataEntry>, odd: &mut Vec<String>) {
    let is_set = |entry: &&Value| string(entry, "type").is_none_or(|t| t == "dataset");
    if let Some(id) = string(entry, "ref") {
        let Some(held) = by_ref.get(id.as_str()) else {
            odd.push(format!("dataset ref {id}"));
            out.push(DataEntry { name: id, ..DataEntry::default() });
            return;
        };
        let mut whole = component(held, odd);
        whole.licenses.iter_mut().for_each(|license| license.text = None);
        let link = |kinds: &[&str]| whole.references.iter().find(|r| kinds.contains(&r.kind.as_str()));
        let url = link(&["distribution"]).or_else(|| link(&["website", "vcs", "documentation"])).map(|r| r.url.clone());
        let parts = list(held, "data");
        let parts: Vec<DataEntry> = parts.iter().take(MOST).filter(is_set).filter_map(data).collect();
        let parts = if parts.is_empty() { vec![DataEntry::default()] } else { parts };
        out.extend(parts.into_iter().map(|part| DataEntry {
            name: if part.name.is_empty() { named(&whole, &id) } else { part.name },
            url: part.url.or_else(|| url.clone()),
            purl: whole.purl.clone(),
            licenses: whole.licenses.clone(),
            version: whole.version.clone(),
            description: part.description.or_else(|| long(held, "description")),
            ..part
        }));
    } else if is_set(&entry) {
        match data(entry) {
            Some(set) if !set.name.is_empty() || set.url.is_some() => out.push(set),
            _ => odd.push("modelCard.modelParameters.datasets".into()),
        }
    }
    out.truncate(MOST);
}

/// The name of a component with its namespace, or what refers to it.
fn named(component: &Component, id: &str) -> String {
    match (&component.group, component.name.as_str()) {
        (_, "") => id.to_owned(),
        (Some(group), name) => format!("{group}/{name}"),
        (None, name) => name.to_owned(),
    }
}

/// A set as `data` or a model card holds it.
fn data(value: &Value) -> Option<DataEntry> {
    let governance = value.get("governance");
    let roles = ["owners", "custodians", "stewards"].into_iter();
    let held = roles.flat_map(|role| governance.map(|g| list(g, role)).unwrap_or_default());
    let who = |v: &Value| ["organization", "contact"].into_iter().find_map(|k| string(v.get(k)?, "name"));
    value.is_object().then(|| DataEntry {
        name: string(value, "name").unwrap_or_default(),
        url: value.get("contents").and_then(|c| string(c, "url")),
        classification: string(value, "classification"),
        description: long(value, "description"),
        governance: held.filter_map(who).take(MOST).collect(),
        ..DataEntry::default()
    })
}

fn component(value: &Value, odd: &mut Vec<String>) -> Component {
    let organisation = |key: &str| value.get(key).and_then(|v| string(v, "name"));
    let holder = organisation("manufacturer").or_else(|| organisation("supplier"));
    if value.get("licenses").is_some_and(|l| !l.is_array()) {
        odd.push("licenses".into());
    }
    let licenses = list(value, "licenses").iter().take(MOST_LICENSES);
    let references = list(value, "externalReferences").iter().take(MOST);
    Component {
        name: string(value, "name").unwrap_or_default(),
        version: string(value, "version"),
        group: string(value, "group"),
        holder: holder.or_else(|| string(value, "publisher")).or_else(|| string(value, "author")),
        licenses: licenses.filter_map(|entry| license(entry, odd)).collect(),
        hashes: hashes(value),
        references: references.filter_map(reference).collect(),
        purl: string(value, "purl"),
    }
}

fn license(entry: &Value, odd: &mut Vec<String>) -> Option<LicenseEntry> {
    let inner = entry.get("license").unwrap_or(entry);
    let name = string(entry, "expression").or_else(|| string(inner, "id")).or_else(|| string(inner, "name"));
    let attached = inner.get("text");
    let content = attached.and_then(|t| t.get("content")?.as_str());
    let encoded = attached.and_then(|t| string(t, "encoding")).is_some_and(|e| e == "base64");
    let text = content.map(|c| if encoded { plain(c) } else { c.to_owned() });
    let text = text.map(|t| t.chars().take(LONGEST_LICENSE).collect());
    let found = LicenseEntry { name, url: string(inner, "url"), text };
    if found == LicenseEntry::default() {
        odd.push("licenses".into());
        return None;
    }
    Some(found)
}

/// The text of base64 (RFC 4648); what is none of its digits is passed over.
fn plain(encoded: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut out, mut bits, mut held) = (Vec::new(), 0u32, 0u32);
    for digit in encoded.bytes().filter_map(|b| DIGITS.iter().position(|d| *d == b)) {
        bits = (bits << 6) | digit as u32;
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn reference(entry: &Value) -> Option<Reference> {
    Some(Reference {
        kind: string(entry, "type").unwrap_or_default(),
        url: string(entry, "url")?,
        comment: string(entry, "comment"),
    })
}

/// A file that has digests.
fn file(value: &Value) -> Option<FileEntry> {
    let seen = value.get("evidence").map(|e| list(e, "occurrences")).unwrap_or_default();
    let paths = string(value, "name").into_iter().chain(seen.iter().filter_map(|o| string(o, "location")));
    let out = FileEntry { paths: paths.take(10).collect(), hashes: hashes(value) };
    (!out.hashes.is_empty()).then_some(out)
}

fn hashes(value: &Value) -> Vec<Checksum> {
    let one = |entry: &Value| {
        let kind = match string(entry, "alg")?.as_str() {
            "SHA-256" => Kind::Sha256,
            "SHA-512" => Kind::Sha512,
            "SHA-1" => Kind::Sha1,
            "MD5" => Kind::Md5,
            "BLAKE3" => Kind::Blake3,
            _ => return None,
        };
        Checksum::new(kind, &string(entry, "content")?)
    };
    list(value, "hashes").iter().take(MOST).filter_map(one).collect()
}

/// Every text below a value, in order, bounded.
fn texts_below(value: &Value, out: &mut Vec<String>) {
    let mut open = vec![value];
    while let Some(value) = open.pop().filter(|_| out.len() < MOST) {
        match value {
            Value::String(text) if !text.trim().is_empty() => {
                out.push(text.trim().chars().take(LONGEST_TEXT).collect())
            }
            Value::Array(items) => open.extend(items.iter().rev()),
            Value::Object(object) => open.extend(object.values().rev()),
            _ => {}
        }
    }
}

fn is(component: &Value, kind: &str) -> bool {
    component.get("type").and_then(Value::as_str) == Some(kind)
}

/// The items of a list; none where no list stands.
fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// A name or an address that is not blank, trimmed and bounded.
fn string(value: &Value, key: &str) -> Option<String> {
    bounded(value, key, LONGEST_NAME)
}

/// A text that is read for its meaning.
fn long(value: &Value, key: &str) -> Option<String> {
    bounded(value, key, LONGEST_TEXT)
}

fn bounded(value: &Value, key: &str, most: usize) -> Option<String> {
    let text = value.get(key)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.chars().take(most).collect())
}

fn has_number(value: &Value, key: &str) -> bool {
    value.get(key).is_some_and(Value::is_number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(components: &Value) -> Bom {
        read(&json!({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": components}).to_string()).unwrap()
    }

    #[test]
    fn a_model_and_all_that_its_card_says() {
        let card = json!({"modelParameters": {"approach": {"type": "supervised"}, "task": "text-generation",
              "architectureFamily": "transformer", "modelArchitecture": "X", "datasets": [
                {"type": "dataset", "name": "a", "contents": {"url": "https://a.example"}, "classification": "public",
                 "description": "d", "governance": {"owners": [{"organization": {"name": "Org"}}]}},
                {"type": "configuration", "name": "no set"}, {"ref": "d"}, {"ref": "gone"}]},
            "quantitativeAnalysis": {"performanceMetrics": [{"type": "f1", "value": "0.9"}, {"type": "f1"}]},
            "considerations": {"useCases": ["chat"], "environmentalConsiderations": {"energyConsumptions": [
                {"activity": "training", "activityEnergyCost": {"value": 12.5, "unit": "kWh"}},
                {"activity": "training", "activityEnergyCost": {"value": "12", "unit": "kWh"}}]}}});
        let base = json!({"type": "machine-learning-model", "name": "b", "pedigree": {"ancestors": [{"name": "c"}]}});
        let model = json!({"type": "machine-learning-model", "name": "m", "version": "2", "group": "g",
            "manufacturer": {"name": "M"}, "purl": "pkg:huggingface/g/m", "licenses": [{"license": {"id": "MIT"}},
            {"expression": "MIT OR Apache-2.0"}, {"license": {"name": "x", "text": {"content": "aGnDqQ==",
            "encoding": "base64"}}}], "hashes": [{"alg": "SHA-256", "content": "ab".repeat(32)}, {"alg": "MD5"}],
            "externalReferences": [{"type": "vcs", "url": "https://v", "comment": "c"}], "modelCard": card,
            "pedigree": {"ancestors": [base]}});
        let set = json!({"type": "data", "bom-ref": "d", "name": "n", "version": "1", "licenses": [{"license": {"id": "CC0-1.0"}}],
            "externalReferences": [{"type": "website", "url": "https://w"}, {"type": "distribution", "url": "https://d"}],
            "data": [{"type": "dataset", "contents": {}}, {"type": "other"}]});
        let bom = of(&json!([{"type": "application", "components": [model]}, set]));
        let model = bom.model.unwrap();
        let component = &model.component;
        assert_eq!((component.name.as_str(), component.version.as_deref()), ("m", Some("2")));
        assert_eq!((component.holder.as_deref(), component.hashes.len()), (Some("M"), 1));
        let names: Vec<_> = component.licenses.iter().filter_map(|l| l.name.as_deref()).collect();
        assert_eq!(names, ["MIT", "MIT OR Apache-2.0", "x"]);
        assert_eq!(component.licenses[2].text.as_deref(), Some("hié"));
        assert_eq!((model.metrics, model.energy.len(), model.energy[0].kwh), (1, 1, 12.5));
        let sets: Vec<_> = model.datasets.iter().map(|d| (d.name.as_str(), d.url.as_deref())).collect();
        assert_eq!(sets, [("a", Some("https://a.example")), ("n", Some("https://d")), ("gone", None)]);
        assert_eq!(model.datasets[0].governance, ["Org"]);
        assert_eq!(model.datasets[1].licenses[0].name.as_deref(), Some("CC0-1.0"));
        assert_eq!(model.ancestors.iter().map(|a| a.name.as_str()).collect::<Vec<_>>(), ["b", "c"]);
        assert_eq!(bom.odd, ["dataset ref gone"]);
        assert!(model.texts.contains(&"chat".to_owned()));
    }

    #[test]
    fn the_model_of_the_metadata_goes_first_and_files_are_listed() {
        let hash = json!([{"alg": "SHA-256", "content": "AB".repeat(32)}]);
        let text = json!({"bomFormat": "CycloneDX", "specVersion": "1.7", "formulation": [{}],
            "metadata": {"component": {"type": "machine-learning-model", "name": "own", "components": [
                {"type": "file", "name": "w.bin", "hashes": hash, "evidence": {"occurrences": [{"location": "a/w.bin"}]}},
                {"type": "file", "name": "no digest"}]}},
            "components": [{"type": "machine-learning-model", "name": "other"}]});
        let bom = read(&text.to_string()).unwrap();
        assert_eq!(bom.model.unwrap().component.name, "own");
        assert_eq!((bom.beside[0].name.as_str(), bom.formulation), ("other", true));
        assert_eq!((bom.files.len(), &bom.files[0].paths), (1, &vec!["w.bin".to_owned(), "a/w.bin".to_owned()]));
    }

    #[test]
    fn what_is_no_document() {
        let deep = format!("{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":{}", "[".repeat(5000));
        for odd in [
            "",
            "[]",
            "{}",
            "1",
            "{\"bomFormat\":\"SPDX\"}",
            "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.4\"}",
            &deep,
        ] {
            assert!(read(odd).is_err(), "{}", odd.chars().take(60).collect::<String>());
        }
        let odd = of(&json!([{"type": "machine-learning-model", "name": 3, "licenses": "MIT", "modelCard": [],
            "hashes": {}, "externalReferences": 1, "pedigree": "x"}]));
        assert_eq!(odd.odd, ["licenses", "modelCard"]);
        assert!(of(&json!({"a": 1})).model.is_none());
        let many: Vec<Value> = (0..MOST_COMPONENTS + 1).map(|_| json!({})).collect();
        let text = json!({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": many}).to_string();
        assert!(read(&text).unwrap_err().contains("components"));
    }
}

#[cfg(test)]
mod properties {
    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,200}", value in "[\\[\\]{}\",:0-9a@é ]{0,9}", key in "[a-zA-Z]{0,9}") {
            let _ = super::read(&text);
            let inner = format!("{{\"type\":\"machine-learning-model\",\"{key}\":{value},\"licenses\":[{value}],\"modelCard\":{{\"modelParameters\":{{\"datasets\":[{value}]}}}}}}");
            let _ = super::read(&format!("{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":[{inner}]}}"));
        }
    }
}
