//! A record as a dossier in TOML: what it declares, component by component, with the license that reaches each and where from.

use std::path::Path;

use ouvert::evidence::{CodeTarget, Component, Dataset, Evidence, Place, id_of, is_unsafe};
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, Value, value};

/// Writes the dossier of a record.
pub(super) fn write(format: &str, file: &Path, evidence: &Evidence) -> String {
    let mut doc = DocumentMut::new();
    let name = file.to_string_lossy();
    doc.insert("schema", value(1));
    doc.insert("source", value(format!("record of {format}: {}", line(&name))));
    if let Some(mut key) = doc.key_mut("schema") {
        key.leaf_decor_mut().set_prefix(heading(format, &name, evidence));
    }
    doc.insert("release", Item::Table(release(evidence)));
    let mut put = |key: &str, tables: ArrayOfTables| {
        if !tables.is_empty() {
            doc.insert(key, Item::ArrayOfTables(tables));
        }
    };
    put("component", components(evidence));
    put("dataset", evidence.datasets.iter().filter_map(dataset).collect());
    put("base", evidence.bases.models.iter().map(|m| table([("id", value(line(&m.id)))])).collect());
    let recipe = recipe(evidence);
    if !recipe.is_empty() {
        doc.insert("recipe", Item::Table(recipe));
    }
    doc.to_string()
}

/// Text on one line, without characters that hide or move a cursor.
fn line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| !is_unsafe(*c)).collect()
}

fn table<const N: usize>(entries: [(&str, Item); N]) -> Table {
    let mut out = Table::new();
    for (key, item) in entries {
        out.insert(key, item);
    }
    out
}

/// What the file is, and what is wrong with the record, as comments.
fn heading(format: &str, name: &str, evidence: &Evidence) -> String {
    let mut out =
        format!("# What a record of {format} declares, read by `ouvert import`. Nothing of it was looked at.\n");
    out.push_str("# `inherited` tells which key of the record a license is taken over from; without it the license is the component's own.\n");
    for flaw in evidence.record.iter().flat_map(|r| &r.flaws) {
        let at = flaw.place.line.map(|l| format!(", line {l}")).unwrap_or_default();
        out.push_str(&format!("# {}{at}: {}\n", line(name), line(&flaw.says)));
    }
    out.push('\n');
    out
}

fn release(evidence: &Evidence) -> Table {
    let mut out = table([("name", value(line(&evidence.subject.name)))]);
    if let Some(version) = evidence.subject.version.as_deref().filter(|v| v.parse::<semver::Version>().is_ok()) {
        out.insert("version", value(line(version)));
    }
    let weights = evidence.licenses.iter().find(|c| c.component == Component::Weights);
    if let Some(expression) = weights.and_then(|c| c.expression.as_deref()) {
        out.insert("license", value(line(expression)));
    }
    if let Some(id) = &evidence.subject.hub_id {
        out.insert("homepage", value(format!("https://huggingface.co/{}", line(id))));
    }
    out
}

fn components(evidence: &Evidence) -> ArrayOfTables {
    let one = |fact: &ouvert::evidence::PartFact| {
        let id = id_of(fact.part);
        let mut out = table([("kind", value(id))]);
        if let Some(license) = &fact.license {
            out.insert("license", value(line(&license.written)));
            if let Some(from) = &license.inherited {
                out.insert("inherited", value(line(from)));
            }
        }
        if !fact.links.is_empty() {
            out.insert("links", value(fact.links.iter().map(|l| line(l)).collect::<Array>()));
        }
        out
    };
    evidence.parts.iter().map(one).collect()
}

fn dataset(set: &Dataset) -> Option<Table> {
    let target = set.target.as_deref()?;
    let (key, id) = match target.split_once(':') {
        Some(("hub", id)) => ("id", id),
        Some(("doi", id)) => ("doi", id),
        Some(("path", path)) => ("path", path),
        Some(("swh", _)) => ("swhid", target),
        _ if target.contains("://") => ("url", target),
        _ => return None,
    };
    let mut out = table([(key, value(line(id)))]);
    if let Some(license) = &set.license {
        out.insert("license", value(line(license)));
    }
    if let Some(stage) = set.stage {
        out.insert("stage", value(id_of(stage)));
    }
    Some(out)
}

fn recipe(evidence: &Evidence) -> Table {
    let urls = |places: &[Place]| places.iter().filter_map(|p| p.url.as_deref()).map(line).collect::<Vec<_>>();
    let code = evidence.recipe.code.iter().filter_map(|c| match &c.target {
        CodeTarget::Url(url) => Some(line(url)),
        _ => None,
    });
    let lists = [
        ("code", code.collect::<Vec<_>>()),
        ("report", urls(&evidence.recipe.reports)),
        ("evaluation", urls(&evidence.recipe.evaluation_code)),
    ];
    let mut out = Table::new();
    for (key, mut list) in lists {
        list.sort_unstable();
        list.dedup();
        if !list.is_empty() {
            out.insert(key, Item::Value(Value::Array(list.into_iter().collect())));
        }
    }
    out
}
