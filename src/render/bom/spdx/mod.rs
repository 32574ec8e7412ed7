//! A report as SPDX 3.0.1 in JSON-LD, with the profiles for AI and datasets. Each model and each dataset has one declared and one
//! concluded license, as those profiles ask; one that is not known is `NoAssertionLicense`, the model's own word for it. All
//! else that the report does not tell is left out.

mod graph;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use self::graph::Graph;
use super::{License, Target, name, text};
use crate::evidence::{Access, Part, Stage, SubjectKind, id_of};
use crate::finding::{Finding, Outcome};
use crate::report::{Report, ReportComponent, ReportDataset};

const UNKNOWN: &str = "expandedlicensing_NoAssertionLicense";
const NONE: &str = "expandedlicensing_NoneLicense";
/// Files of one component, and places of one finding, that are related.
const MOST: usize = 50;

/// Writes the document.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn render(report: &Report) -> serde_json::Result<String> {
    let mut graph = Graph::new(report);
    let (files, _) = super::files(report);
    let release = main(&mut graph, report);
    let bases = bases(&mut graph, report, &release);
    let sets = sets(&mut graph, report);
    let own: Vec<String> = files.iter().enumerate().map(|(at, file)| graph.file(at, file)).collect();
    graph.relate(&release, "contains", own.clone());
    let index = super::index(&files);
    let pick =
        |path: &str| super::below(&index, path, MOST).into_iter().filter_map(|at| own.get(at).cloned()).collect();
    trained(&mut graph, report, &release, &sets, &pick);
    made(&mut graph, report, &release, &pick);
    verdicts(&mut graph, report, &release, &pick);
    let mut members = vec![release.clone()];
    members.extend([bases, sets, own].concat());
    let document = graph.finish(report, &release, &members);
    Ok(crate::render::escaped(&serde_json::to_string_pretty(&document)?) + "\n")
}

fn reference(kind: &str, url: &str, comment: &str) -> Value {
    json!({"type": "ExternalRef", "externalRefType": kind, "locator": [url], "comment": comment})
}

/// The release itself.
fn main(graph: &mut Graph, report: &Report) -> String {
    let subject = &report.subject;
    let (kind, purpose, types) = match subject.kind {
        SubjectKind::Model => ("ai_AIPackage", "model", Value::Null),
        SubjectKind::Dataset => ("dataset_DatasetPackage", "data", json!(["noAssertion"])),
    };
    let page = super::hub_page(report);
    let owner = super::hub_id(report).and_then(super::hub_parts).map(|(owner, _)| owner.to_owned());
    let owner = owner.map(|owner| graph.agent(&owner));
    let purl = super::own_package_url(report);
    let version = subject.version.as_deref().or(subject.revision.as_deref()).map(name);
    let properties: Vec<String> = super::properties(report).into_iter().map(|(n, v)| format!("{n} = {v}")).collect();
    let fields = [
        ("name", super::title(report).into()),
        ("comment", properties.join("\n").into()),
        ("suppliedBy", owner.into()),
        ("software_primaryPurpose", purpose.into()),
        ("software_packageVersion", version.into()),
        ("software_packageUrl", purl.into()),
        ("software_downloadLocation", page.into()),
        ("externalRef", outside(report).into()),
        ("dataset_datasetType", types),
        ("dataset_datasetAvailability", super::sets(report).1.and_then(|set| availability(set.access)).into()),
    ];
    let id = graph.add(kind, "release", fields);
    let declared = graph.licensed("release", &super::own_licenses(report), &report.terms);
    let no_license = report.findings.iter().any(|f| f.rule == "license-declared" && f.outcome == Outcome::NotMet);
    let declared = declared.or_else(|| no_license.then(|| NONE.to_owned()));
    let part = match subject.kind {
        SubjectKind::Model => Part::FinalModelParameters,
        SubjectKind::Dataset => Part::Datasets,
    };
    let settled = report.components.iter().find(|c| c.id == part).and_then(|c| License::of(c.license.as_deref()?));
    let concluded = settled.and_then(|license| graph.licensed("release", &[license], &[]));
    graph.license_of(&id, declared, concluded);
    id
}

/// Where the release and what made it lie outside of it.
fn outside(report: &Report) -> Vec<Value> {
    let mut out: Vec<Value> = Vec::new();
    let mut put = |kind: &str, address: &str, comment: &str| {
        let entry = super::web(address).map(|url| reference(kind, &url, comment));
        out.extend(entry.filter(|e| !out.contains(e)));
    };
    if let Some(remote) = &report.subject.remote {
        put("vcs", remote, "git repository that the release was cloned from");
    }
    for component in report.components.iter().filter(|c| c.outcome == Outcome::Met) {
        let kind = match component.id {
            Part::TrainingCode | Part::DataPreprocessingCode | Part::EvaluationCode => "vcs",
            Part::TechnicalReport | Part::ResearchPaper => "documentation",
            _ => continue,
        };
        component.links.iter().take(MOST).for_each(|link| put(kind, link, &name(&component.name)));
    }
    out
}

/// The models that the release derives from.
fn bases(graph: &mut Graph, report: &Report, release: &str) -> Vec<String> {
    let bases = super::bases(report);
    let mut ids = Vec::new();
    for (at, base) in bases.iter().enumerate() {
        let owner = super::hub_parts(base.model).map(|(owner, _)| graph.agent(owner));
        let page = super::hub_parts(base.model).map(|_| format!("https://huggingface.co/{}", base.model));
        let doubt =
            if base.declared { Value::Null } else { "no declaration names it: a text or a configuration does".into() };
        let fields = [
            ("name", name(base.model).into()),
            ("comment", doubt),
            ("suppliedBy", owner.into()),
            ("software_primaryPurpose", "model".into()),
            ("software_packageVersion", base.revision.map(name).into()),
            ("software_packageUrl", super::package_url(base.model, base.revision).into()),
            ("software_downloadLocation", page.into()),
        ];
        let local = format!("base-{}", at + 1);
        let id = graph.add("ai_AIPackage", &local, fields);
        let declared = graph.licensed(&local, &base.licenses, &[]);
        graph.license_of(&id, declared, None);
        ids.push(id);
    }
    let of = |all: &[usize]| all.iter().filter_map(|at| ids.get(*at).cloned()).collect::<Vec<_>>();
    let direct: Vec<usize> = bases.iter().enumerate().filter(|(_, b)| b.direct).map(|(at, _)| at).collect();
    graph.relate(release, "descendantOf", of(&direct));
    for (base, id) in bases.iter().zip(&ids) {
        graph.relate(id, "descendantOf", of(&base.parents));
    }
    ids
}

fn sets(graph: &mut Graph, report: &Report) -> Vec<String> {
    let mut ids = Vec::new();
    for (at, set) in super::sets(report).0.into_iter().enumerate() {
        let target = Target::of(set);
        let local = format!("dataset-{}", at + 1);
        let id = dataset(graph, &local, set, target.as_ref());
        let license = super::set_license(set);
        let declared = graph.licensed(&local, license.as_slice(), &set.terms);
        graph.license_of(&id, declared, None);
        ids.push(id);
    }
    ids
}

fn dataset(graph: &mut Graph, local: &str, set: &ReportDataset, target: Option<&Target>) -> String {
    let owner = match target {
        Some(Target::Hub(id)) => super::hub_parts(id).map(|(owner, _)| graph.agent(owner)),
        _ => None,
    };
    let address = target.and_then(|t| t.address(set.revision.as_deref()));
    let (download, page) = if set.access == Access::Public { (address, None) } else { (None, address) };
    let identifier = match target {
        Some(Target::Swhid(id)) => {
            json!([{"type": "ExternalIdentifier", "externalIdentifierType": "swhid", "identifier": id}])
        }
        _ => Value::Null,
    };
    let stage = set.stage.map(|s| format!(", stage: {}", id_of(s))).unwrap_or_default();
    let title = Some(name(&set.id)).filter(|n| !n.is_empty()).unwrap_or_else(|| "dataset".into());
    let fields = [
        ("name", title.into()),
        ("comment", format!("access: {}{stage}", id_of(set.access)).into()),
        ("originatedBy", owner.map_or(Value::Null, |owner| json!([owner]))),
        ("software_primaryPurpose", "data".into()),
        ("software_packageVersion", set.revision.as_deref().map(name).into()),
        ("software_downloadLocation", download.into()),
        ("software_homePage", page.into()),
        ("externalIdentifier", identifier),
        ("dataset_datasetType", json!(["noAssertion"])),
        ("dataset_datasetAvailability", availability(set.access).into()),
    ];
    graph.add("dataset_DatasetPackage", local, fields)
}

/// How a set is given, where the profile has a word for what was seen.
fn availability(access: Access) -> Option<&'static str> {
    match access {
        Access::Included | Access::Public => Some("directDownload"),
        // A form is filled in or an account is asked for; which terms are accepted with it was not seen.
        Access::Gated => Some("registration"),
        _ => None,
    }
}

/// What the model was trained and tested on, and the files of sets that are in the release.
fn trained(graph: &mut Graph, report: &Report, release: &str, sets: &[String], pick: &dyn Fn(&str) -> Vec<String>) {
    let (mut trained, mut tested) = (Vec::new(), Vec::new());
    for (set, id) in super::sets(report).0.into_iter().zip(sets) {
        if let Some(Target::Path(path)) = Target::of(set) {
            graph.relate(id, "contains", pick(&path));
        }
        if set.stage == Some(Stage::Evaluation) { tested.push(id.clone()) } else { trained.push(id.clone()) }
    }
    match report.subject.kind {
        SubjectKind::Model => graph.relate(release, "trainedOn", trained),
        SubjectKind::Dataset => graph.relate(release, "descendantOf", trained),
    }
    graph.relate(release, "testedOn", tested);
}

/// The files that document, made or tested the model.
fn made(graph: &mut Graph, report: &Report, release: &str, pick: &dyn Fn(&str) -> Vec<String>) {
    let files = |c: &ReportComponent| {
        let all: BTreeSet<String> = c.links.iter().take(MOST).flat_map(|link| pick(link)).collect();
        all.into_iter().collect::<Vec<_>>()
    };
    for component in report.components.iter().filter(|c| c.outcome == Outcome::Met) {
        match component.id {
            Part::ModelCard | Part::TechnicalReport | Part::ResearchPaper => {
                graph.relate(release, "hasDocumentation", files(component));
            }
            Part::TrainingCode => {
                files(component).iter().for_each(|f| graph.relate(f, "generates", vec![release.into()]))
            }
            Part::ModelMetadata => {
                files(component).iter().for_each(|f| graph.relate(f, "configures", vec![release.into()]))
            }
            Part::EvaluationCode => graph.relate(release, "hasTest", files(component)),
            Part::SupportingLibrariesAndTools => graph.relate(release, "hasDependencyManifest", files(component)),
            _ => {}
        }
    }
}

/// The verdicts and findings as words about the release, each finding with the files that it was seen in.
fn verdicts(graph: &mut Graph, report: &Report, release: &str, pick: &dyn Fn(&str) -> Vec<String>) {
    let title = if report.verdict.title.is_empty() { &report.level } else { &report.verdict.title };
    let level = text(&format!("{title}. {}", report.verdict.says));
    let note = |graph: &mut Graph, local: String, words: String| {
        let fields = [("annotationType", "review".into()), ("subject", release.into()), ("statement", words.into())];
        graph.add("Annotation", &local, fields)
    };
    note(graph, "level".into(), level);
    for (at, criterion) in crate::render::shown_criteria(report).enumerate() {
        let title = name(if criterion.title.is_empty() { &criterion.id } else { &criterion.title });
        note(graph, format!("criterion-{}", at + 1), format!("{title}: {}", super::counted(criterion)));
    }
    let asked = report.findings.iter().filter(|f| f.outcome != Outcome::NotApplicable);
    for (at, finding) in asked.enumerate() {
        let words = format!("{}: {}", name(&finding.rule), super::said(finding));
        let id = note(graph, format!("finding-{}", at + 1), words);
        let seen: BTreeSet<String> = places(finding).flat_map(|path| pick(&path)).collect();
        graph.relate(&id, "hasEvidence", seen.into_iter().collect());
    }
}

fn places(finding: &Finding) -> impl Iterator<Item = String> + '_ {
    finding.places.iter().take(MOST).map(|p| p.path.clone()).filter(|p| !p.is_empty())
}
