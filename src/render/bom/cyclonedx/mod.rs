//! A report as a bill of materials in CycloneDX 1.6: the model with its card, its files, datasets and bases, how it was made as
//! far as that was found, and the verdicts as declarations. A field of which the report knows nothing is left out.

mod verdicts;

use serde_json::{Map, Value, json};

use super::{License, Target, name, text};
use crate::evidence::{Part, Place, Stage, SubjectKind, id_of};
use crate::finding::Outcome;
use crate::report::{Report, ReportComponent, ReportDataset, ReportFile};

/// Ids of later versions of the SPDX list than the one in the format's schema; an expression may hold them all the same.
const LATER: &[&str] = &[
    "BSD-2-Clause-pos-unchanged",
    "BSD-3-Clause-OpenWebUI",
    "BSD-Source-Code-no-disclaimer",
    "BSD-Source-alt-GPL",
    "BSD-ask-to-endorse",
    "Brian-Gladman-3-Clause-no-conversion",
    "Bugroff",
    "CC-BY-NC-3.0-IGO",
    "FDK-MPEG-H",
    "GFDL-1.1-invariants",
    "GFDL-1.1-no-invariants",
    "GFDL-1.2-invariants",
    "GFDL-1.2-no-invariants",
    "GFDL-1.3-invariants",
    "GFDL-1.3-no-invariants",
    "Hippocratic-3.0-core",
    "Informatica",
    "MVT-1.1",
    "atc-game",
];
/// Licenses, places and links of one thing that are written.
const MOST: usize = 19;

/// Writes the document.
///
/// # Errors
/// When a number in it is not finite, which counting excludes.
pub fn render(report: &Report) -> serde_json::Result<String> {
    let ((files, _), (sets, _)) = (super::files(report), super::sets(report));
    let components: Vec<Value> = bases(report)
        .into_iter()
        .chain(sets.iter().enumerate().map(|(at, set)| dataset(at, set, report.subject.kind)))
        .chain(files.iter().enumerate().map(|(at, f)| file(at, f)))
        .collect();
    let tool = json!({"type": "application", "name": name(&report.tool.name), "version": name(&report.tool.version)});
    let metadata = object([
        ("timestamp", super::moment(report).into()),
        ("tools", json!({"components": [tool]})),
        ("component", main(report)),
    ]);
    let document = object([
        ("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json".into()),
        ("bomFormat", "CycloneDX".into()),
        ("specVersion", "1.6".into()),
        ("serialNumber", serial_number(report).into()),
        ("version", 1.into()),
        ("metadata", metadata),
        ("components", components.into()),
        ("dependencies", dependencies(report)),
        ("formulation", formulation(report)),
        ("declarations", verdicts::declarations(report)),
        ("definitions", verdicts::definitions(report)),
    ]);
    Ok(crate::render::escaped(&serde_json::to_string_pretty(&document)?) + "\n")
}

/// An object of the fields that hold something.
fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    let holds = |value: &Value| match value {
        Value::Null => false,
        Value::Array(all) => !all.is_empty(),
        Value::Object(all) => !all.is_empty(),
        Value::String(text) => !text.is_empty(),
        _ => true,
    };
    let kept = fields.into_iter().filter(|(_, value)| holds(value));
    Value::Object(kept.map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>())
}

fn property(name: &str, value: impl Into<Value>) -> Value {
    json!({"name": name, "value": value.into()})
}

/// A UUID of version 8 (RFC 9562): the first bits of what the document is named by.
fn serial_number(report: &Report) -> String {
    let seed = super::seed(report);
    let mut hex: Vec<char> = seed.hex().chars().take(32).collect();
    for (at, digit) in [(12, '8'), (16, 'a')] {
        if let Some(place) = hex.get_mut(at) {
            *place = digit;
        }
    }
    let part = |range: std::ops::Range<usize>| hex.get(range).map(String::from_iter).unwrap_or_default();
    format!("urn:uuid:{}-{}-{}-{}-{}", part(0..8), part(8..12), part(12..16), part(16..20), part(20..32))
}

/// Licenses, and beside them the words that restrict use. One alone is an id or an expression; of several each is a license.
fn licenses(all: &[License], terms: &[Place]) -> Value {
    let listed = |id: &str| !LATER.contains(&id);
    let alone = |inner: Value| json!([{"license": inner}]);
    let terms = super::terms(terms);
    match (all, &terms) {
        ([License::Listed(id)], None) if listed(id) => alone(json!({"id": id, "acknowledgement": "declared"})),
        ([License::Listed(id)], None) => json!([{"expression": id, "acknowledgement": "declared"}]),
        ([License::Expression(e)], None) => json!([{"expression": e, "acknowledgement": "declared"}]),
        _ => {
            let one = |license: &License| match license {
                License::Listed(id) if listed(id) => json!({"license": {"id": id, "acknowledgement": "declared"}}),
                License::Listed(other) => json!({"license": {"name": other, "acknowledgement": "declared"}}),
                License::Expression(other) | License::Other(other) => {
                    json!({"license": {"name": other, "acknowledgement": "declared"}})
                }
            };
            let mut out: Vec<Value> = all.iter().take(MOST).map(one).collect();
            out.extend(terms.map(|content| {
                let text = json!({"contentType": "text/plain", "content": content});
                json!({"license": {"name": "Additional terms", "acknowledgement": "declared", "text": text}})
            }));
            out.into()
        }
    }
}

fn hashes(digest: Option<&crate::digest::Digest>) -> Value {
    digest.map_or(Value::Null, |d| json!([{"alg": "SHA-256", "content": d.hex()}]))
}

/// The release itself.
fn main(report: &Report) -> Value {
    let subject = &report.subject;
    let is_model = subject.kind == SubjectKind::Model;
    let title = super::title(report);
    let version = subject.version.as_deref().or(subject.revision.as_deref()).map(name);
    let ancestors = super::bases(report).into_iter().filter(|b| b.declared).map(|b| model(&b, vec![]));
    let mut properties: Vec<Value> = super::properties(report).into_iter().map(|(n, v)| property(&n, v)).collect();
    let (sets, own) = super::sets(report);
    properties.extend(own.map(|set| property("ouvert:access", id_of(set.access))));
    let sets = (1..=sets.len()).map(|at| json!({"ref": format!("dataset-{at}")}));
    let sets: Vec<Value> = sets.filter(|_| is_model).collect();
    let card = if sets.is_empty() { Value::Null } else { json!({"modelParameters": {"datasets": sets}}) };
    let data = if is_model { Value::Null } else { json!([{"type": "dataset", "name": title}]) };
    object([
        ("type", if is_model { "machine-learning-model" } else { "data" }.into()),
        ("bom-ref", "release".into()),
        ("name", title.into()),
        ("version", version.into()),
        ("hashes", hashes(weights(report).and_then(super::digest))),
        ("licenses", licenses(&super::own_licenses(report), &report.terms)),
        ("purl", super::own_package_url(report).into()),
        ("pedigree", object([("ancestors", ancestors.collect())])),
        ("externalReferences", references(report)),
        ("modelCard", card),
        ("data", data),
        ("properties", properties.into()),
    ])
}

/// The file of the weights, where there is one alone.
fn weights(report: &Report) -> Option<&ReportFile> {
    let component = report.components.iter().find(|c| c.id == Part::FinalModelParameters)?;
    let [path] = component.links.as_slice() else { return None };
    report.files.iter().find(|f| f.path == *path)
}

/// Where the release and what made it lie outside of it.
fn references(report: &Report) -> Value {
    let mut out: Vec<Value> = Vec::new();
    let mut put = |kind: &str, address: &str, comment: &str| {
        let entry = super::web(address).map(|url| json!({"type": kind, "url": url, "comment": comment}));
        out.extend(entry.filter(|e| !out.contains(e)));
    };
    if let Some(page) = super::hub_page(report) {
        put("distribution", &page, "repository on the hub");
    }
    if let Some(remote) = &report.subject.remote {
        put("distribution", remote, "git repository that the release was cloned from");
    }
    for component in &report.components {
        let (kind, comment) = match (component.id, component.outcome) {
            (Part::TrainingCode, Outcome::Met) => ("vcs", "training code"),
            (Part::TrainingCode, Outcome::Unknown) => ("vcs", "training code, not seen"),
            (Part::TechnicalReport | Part::ResearchPaper, Outcome::Met) => ("documentation", component.name.as_str()),
            _ => continue,
        };
        for link in component.links.iter().take(MOST) {
            put(kind, link, &name(comment));
        }
    }
    for url in logs(report).filter_map(|p| p.url.as_deref()) {
        put("log", url, "training logs");
    }
    out.into()
}

/// Where logs of the training were seen.
fn logs(report: &Report) -> impl Iterator<Item = &Place> {
    super::met(report, "recipe-logs").into_iter().flat_map(|f| &f.places).take(MOST)
}

/// A model that the release derives from, with further fields.
fn model(base: &super::Base<'_>, more: Vec<(&str, Value)>) -> Value {
    let (group, own) = super::hub_parts(base.model).map_or((None, base.model), |(group, own)| (Some(group), own));
    let own = Some(name(own)).filter(|n| !n.is_empty()).unwrap_or_else(|| "model".into());
    let mut out = object([
        ("type", "machine-learning-model".into()),
        ("group", group.into()),
        ("name", own.into()),
        ("version", base.revision.map(name).into()),
        ("licenses", licenses(&base.licenses, &[])),
        ("purl", super::package_url(base.model, base.revision).into()),
    ]);
    if let Value::Object(fields) = &mut out {
        fields.extend(more.into_iter().map(|(key, value)| (key.to_owned(), value)));
    }
    out
}

fn bases(report: &Report) -> Vec<Value> {
    let one = |(at, base): (usize, &super::Base<'_>)| {
        let declared = property("ouvert:declared", if base.declared { "true" } else { "false" });
        model(base, vec![("bom-ref", format!("base-{}", at + 1).into()), ("properties", json!([declared]))])
    };
    super::bases(report).iter().enumerate().map(one).collect()
}

/// A set, with what it is for: a reader of the card asks whether the model was trained or tested on it.
fn dataset(at: usize, set: &ReportDataset, of: SubjectKind) -> Value {
    let target = Target::of(set);
    let address = target.as_ref().and_then(|t| t.address(set.revision.as_deref()));
    let path = match &target {
        Some(Target::Path(path)) => Some(super::relative(path)),
        _ => None,
    };
    let swhid = match &target {
        Some(Target::Swhid(id)) => json!([id]),
        _ => Value::Null,
    };
    let owner = match &target {
        Some(Target::Hub(id)) => super::hub_parts(id).map(|(owner, _)| owner),
        _ => None,
    };
    let use_ = match (of, set.stage) {
        (_, Some(Stage::Evaluation)) => "Data for evaluation".to_owned(),
        (SubjectKind::Dataset, _) => "Data that the dataset was made from".to_owned(),
        (SubjectKind::Model, Some(stage)) => format!("Training data ({})", id_of(stage)),
        (SubjectKind::Model, None) => "Training data".to_owned(),
    };
    let custodians = owner.map_or(Value::Null, |owner| json!({"custodians": [{"organization": {"name": owner}}]}));
    let title = Some(name(&set.id)).filter(|n| !n.is_empty()).unwrap_or_else(|| "dataset".into());
    let data = object([
        ("type", "dataset".into()),
        ("name", title.clone().into()),
        ("contents", object([("url", path.or_else(|| address.clone()).into())])),
        ("description", use_.into()),
        ("governance", custodians),
    ]);
    let mut properties = vec![property("ouvert:access", id_of(set.access))];
    properties.extend(set.stage.map(|s| property("ouvert:stage", id_of(s))));
    properties.extend(set.license.as_deref().map(|l| property("ouvert:license-as-written", name(l))));
    object([
        ("type", "data".into()),
        ("bom-ref", format!("dataset-{}", at + 1).into()),
        ("name", title.into()),
        ("version", set.revision.as_deref().map(name).into()),
        ("licenses", licenses(super::set_license(set).as_slice(), &set.terms)),
        ("swhid", swhid),
        ("externalReferences", address.map_or(Value::Null, |url| json!([{"type": "distribution", "url": url}]))),
        ("data", json!([data])),
        ("properties", properties.into()),
    ])
}

fn file(at: usize, file: &ReportFile) -> Value {
    let path = Some(super::clean(&file.path)).filter(|p| !p.is_empty()).unwrap_or_else(|| "file".into());
    let mut properties = vec![property("ouvert:status", id_of(file.status))];
    properties.extend(file.bytes.map(|b| property("ouvert:bytes", b.to_string())));
    object([
        ("type", "file".into()),
        ("bom-ref", format!("file-{}", at + 1).into()),
        ("name", path.into()),
        ("hashes", hashes(super::digest(file))),
        ("properties", properties.into()),
    ])
}

/// What each model was made from: the release from its bases and training data, a base from its own.
fn dependencies(report: &Report) -> Value {
    let bases = super::bases(report);
    let refs = |all: &[usize]| all.iter().map(|at| format!("base-{}", at + 1)).collect::<Vec<_>>();
    let direct: Vec<usize> = bases.iter().enumerate().filter(|(_, b)| b.direct).map(|(at, _)| at).collect();
    let mut own = refs(&direct);
    let sets = super::sets(report).0;
    let trained = sets.iter().enumerate().filter(|(_, set)| set.stage != Some(Stage::Evaluation));
    own.extend(trained.map(|(at, _)| format!("dataset-{}", at + 1)));
    let mut out = Vec::new();
    if !own.is_empty() {
        out.push(json!({"ref": "release", "dependsOn": own}));
    }
    let others = bases.iter().enumerate().filter(|(_, b)| !b.parents.is_empty());
    out.extend(others.map(|(at, b)| json!({"ref": format!("base-{}", at + 1), "dependsOn": refs(&b.parents)})));
    out.into()
}

/// The parts of the recipe that were found. Tasks and their order are not told: the report knows none.
fn formulation(report: &Report) -> Value {
    let part = |(at, c): (usize, &ReportComponent)| {
        let kind = match c.id {
            Part::TrainingCode | Part::DataPreprocessingCode | Part::EvaluationCode => "application",
            Part::SupportingLibrariesAndTools => "library",
            _ => "data",
        };
        let license = c.license.as_deref().and_then(License::of);
        let mut properties = vec![property("ouvert:known", id_of(c.strength))];
        properties.extend(paths(&c.links));
        let links = c.links.iter().take(MOST).filter_map(|l| super::web(l));
        let link = if kind == "application" { "vcs" } else { "distribution" };
        let links = links.map(|url| json!({"type": link, "url": url})).collect::<Vec<_>>();
        object([
            ("type", kind.into()),
            ("bom-ref", format!("recipe-{}", at + 1).into()),
            ("name", Some(name(&c.name)).filter(|n| !n.is_empty()).unwrap_or_else(|| id_of(c.id)).into()),
            ("description", text(&c.says).into()),
            ("licenses", licenses(license.as_slice(), &[])),
            ("externalReferences", links.into()),
            ("properties", properties.into()),
        ])
    };
    let mut components: Vec<Value> = super::recipe(report).enumerate().map(part).collect();
    let seen: Vec<String> = logs(report).filter(|p| p.url.is_none()).map(|p| p.path.clone()).collect();
    if let Some(found) = super::met(report, "recipe-logs") {
        let mut properties = vec![property("ouvert:known", id_of(found.strength))];
        properties.extend(paths(&seen));
        let links = logs(report).filter_map(|p| super::web(p.url.as_deref()?));
        let links = links.map(|url| json!({"type": "log", "url": url})).collect::<Vec<_>>();
        components.push(object([
            ("type", "data".into()),
            ("bom-ref", "recipe-logs".into()),
            ("name", "Training logs".into()),
            ("externalReferences", links.into()),
            ("properties", properties.into()),
        ]));
    }
    if components.is_empty() { Value::Null } else { json!([{"bom-ref": "recipe", "components": components}]) }
}

/// The places among links that are no addresses, as properties, each once.
fn paths(links: &[String]) -> Vec<Value> {
    let mut out: Vec<Value> = Vec::new();
    for link in links.iter().filter(|l| !l.contains("://")).take(MOST) {
        let entry = property("ouvert:seen-at", name(link));
        if !out.contains(&entry) {
            out.push(entry);
        }
    }
    out
}
