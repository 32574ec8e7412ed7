//! A record of the Model Openness Tool as evidence: its components, each with the license that reaches it, and the flaws that
//! such records are known for.

use std::path::Path;

use super::Sheet;
use crate::error::Error;
use crate::evidence::{
    self, ClaimSource, CodeRef, CodeTarget, Component, Dataset, Evidence, Flaw, FlawKind, LicenseClaim, NamedIn, Part,
    PartFact, PartLicense, Place, Record, Subject, SubjectKind, excerpt_of,
};
use crate::lists::judgement;
use crate::lists::licenses::{self, Standing};
use crate::parse::mot::{self, Listed, Spot};
use crate::parse::names::{hub_path, is_code_host, is_hub_id};

/// Evidence of what a record says.
///
/// # Errors
/// [`Error::Malformed`] with the line.
pub(super) fn evidence(path: &Path, text: &str) -> Result<Evidence, Error> {
    let record = mot::read(path, text)?;
    let sheet = Sheet::new(path, text);
    let field = |key: &str| record.field(key).map(|s| excerpt_of(&s.text));
    let mut out = Evidence { schema: evidence::SCHEMA, ..Evidence::default() };
    out.subject = Subject {
        locator: excerpt_of(&sheet.path),
        kind: SubjectKind::Model,
        // A record without a name goes by its file's.
        name: field("name")
            .unwrap_or_else(|| path.file_stem().map(|s| excerpt_of(&s.to_string_lossy())).unwrap_or_default()),
        version: field("version"),
        hub_id: record.field("huggingface").and_then(|s| hub_path(&s.text)).filter(|p| is_hub_id(p)).map(excerpt_of),
        remote: field("repository").filter(|url| is_code_host(url)),
        ..Subject::default()
    };
    for listed in &record.components {
        let fact = part(&sheet, &record, listed);
        // The tool keeps the later of two.
        out.parts.retain(|p| p.part != fact.part);
        facts(&sheet, listed, &fact, &mut out);
        out.parts.push(fact);
    }
    out.record = Some(Record {
        catalogue: "mot".into(),
        place: Place::file(&sheet.path),
        lists_components: true,
        flaws: flaws(&sheet, &record),
        ..Record::default()
    });
    Ok(out)
}

/// A component with the license that reaches it: its own, else that of its kind, else the distribution's.
fn part(sheet: &Sheet<'_>, record: &mot::Record, listed: &Listed) -> PartFact {
    let own = listed.license.as_ref().map(|l| (l, None));
    let scope = |wanted: &str| record.licenses.iter().find(|(scope, ..)| *scope == wanted);
    let whole = [listed.component.kind.word(), "distribution"].into_iter().find_map(scope);
    let whole = whole.map(|(scope, name, _)| (name, Some(format!("release.license.{scope}"))));
    let license = own.or(whole).map(|(spot, inherited)| PartLicense {
        // Compared letter by letter: it is kept as it is written, and only bounded.
        written: spot.text.chars().take(Place::EXCERPT).map(visible).collect(),
        inherited,
        place: sheet.place(spot.line),
    });
    let links = listed.component_path.iter().map(|s| excerpt_of(&s.text)).collect();
    PartFact { part: listed.component.id, license, links, place: sheet.place(listed.line) }
}

/// A character, or the mark for one that could hide: what is compared letter by letter must not lose any.
fn visible(c: char) -> char {
    if evidence::is_unsafe(c) { char::REPLACEMENT_CHARACTER } else { c }
}

/// What a component tells beside its being there: facts that the checks of a release read.
fn facts(sheet: &Sheet<'_>, listed: &Listed, fact: &PartFact, out: &mut Evidence) {
    let url = listed.component_path.as_ref().map(|s| &s.text).filter(|t| t.starts_with("http")).map(|t| excerpt_of(t));
    let place = Place { url: url.clone(), ..fact.place.clone() };
    let expression = fact.license.as_ref().and_then(|l| judgement::expression(&l.written));
    let claim = |component: Component, license: &PartLicense| LicenseClaim {
        component,
        source: ClaimSource::Manifest,
        written: license.written.clone(),
        expression: expression.clone(),
        text: None,
        place: license.place.clone(),
    };
    // The word says that there is none.
    let license = fact.license.as_ref().filter(|l| l.written != "unlicensed");
    match fact.part {
        Part::FinalModelParameters => out.licenses.extend(license.map(|l| claim(Component::Weights, l))),
        Part::TrainingCode => {
            out.licenses.extend(license.map(|l| claim(Component::Code, l)));
            if let Some(url) = url.filter(|u| is_code_host(u)) {
                let target = CodeTarget::Url(url);
                out.recipe.code.push(CodeRef { target, revision: None, place, said: true, repository: None });
            }
        }
        Part::Datasets => match url {
            Some(url) => {
                let hub = hub_path(&url).and_then(|p| p.strip_prefix("datasets/")).filter(|id| is_hub_id(id));
                out.datasets.push(Dataset {
                    name: hub.unwrap_or(&url).to_owned(),
                    target: Some(hub.map_or(url.clone(), |id| format!("hub:{id}"))),
                    license: license.and(expression.clone()),
                    places: vec![place],
                    named: vec![NamedIn::Manifest],
                    ..Dataset::default()
                });
            }
            None => out.data.vague.push(sheet.place(listed.line)),
        },
        Part::TechnicalReport | Part::ResearchPaper => out.recipe.reports.push(place),
        Part::EvaluationResults => out.recipe.evaluation_results.push(place),
        Part::EvaluationCode => out.recipe.evaluation_code.push(place),
        Part::IntermediateModelParameters => out.recipe.checkpoints.push(place),
        _ => {}
    }
}

fn flaws(sheet: &Sheet<'_>, record: &mot::Record) -> Vec<Flaw> {
    let mut out = Vec::new();
    let flaw = |kind, line, says: String, says_fr: String| sheet.flaw(kind, line, says, says_fr);
    for (at, listed) in record.components.iter().enumerate() {
        let name = &listed.component.name;
        if record.components.iter().take(at).any(|l| l.component.id == listed.component.id) {
            out.push(flaw(
                FlawKind::DuplicateName,
                listed.line,
                format!("{name} is listed twice; the tool keeps the last"),
                format!("{name} est listé deux fois ; l'outil garde le dernier"),
            ));
        }
        if let Some(license) = &listed.license {
            out.extend(license_flaw(sheet, license));
        }
        for (key, spot) in [("license_path", &listed.license_path), ("component_path", &listed.component_path)] {
            out.extend(spot.as_ref().and_then(|s| path_flaw(sheet, key, s)));
        }
    }
    for (_, name, path) in &record.licenses {
        out.extend(license_flaw(sheet, name));
        out.extend(path.as_ref().and_then(|s| path_flaw(sheet, "path", s)));
    }
    for (key, host) in [("huggingface", "huggingface.co/"), ("repository", "")] {
        let Some(spot) = record.field(key) else { continue };
        let is_url = spot.text.starts_with("https://") || spot.text.starts_with("http://");
        let foreign = key == "repository" && hub_path(&spot.text).is_some();
        if !is_url || !spot.text.contains(host) || foreign {
            let shown = excerpt_of(&spot.text);
            out.push(flaw(
                FlawKind::MisplacedLink,
                spot.line,
                format!("`{key}` holds `{shown}`, which is no address of that kind"),
                format!("`{key}` contient `{shown}`, qui n'est pas une adresse de ce genre"),
            ));
        }
    }
    for odd in &record.odd {
        let key = excerpt_of(&odd.text);
        out.push(flaw(
            FlawKind::OddKey,
            odd.line,
            format!("the tool knows no key `{key}`"),
            format!("l'outil ne connaît pas de clé `{key}`"),
        ));
    }
    out
}

/// What is wrong with the words in a license field, where something is. A license that is merely not open is no flaw.
fn license_flaw(sheet: &Sheet<'_>, spot: &Spot) -> Option<Flaw> {
    let written = spot.text.as_str();
    if written == "unlicensed" || spdx::license_id(written).is_some_and(|id| id.name == written) {
        return None;
    }
    let shown = excerpt_of(written);
    let flaw = |kind, says: String, says_fr: String| Some(sheet.flaw(kind, spot.line, says, says_fr));
    let known = judgement::expression(written);
    let is_id = |id: &str| spdx::license_id(id).is_some_and(|found| found.name == id);
    if let Some(id) = known.as_deref().filter(|id| is_id(id)) {
        return flaw(
            FlawKind::LicenseSpelling,
            format!("`{shown}` is {id}; the tool compares letter by letter and reads it as not open"),
            format!("`{shown}` est {id} ; l'outil compare lettre à lettre et la lit comme non ouverte"),
        );
    }
    if written.contains("://") {
        return flaw(
            FlawKind::MisplacedLink,
            format!("a link stands where the id of a license belongs: `{shown}`"),
            format!("un lien tient la place d'un identifiant de licence : `{shown}`"),
        );
    }
    let low = written.to_lowercase();
    if low.contains("component") || low.contains("not includ") {
        return flaw(
            FlawKind::LicenseProse,
            format!("`{shown}` stands in the license field, so the component counts as present; leave it out"),
            format!("`{shown}` est dans le champ de la licence, le composant compte donc comme présent ; l'ôter"),
        );
    }
    match licenses::find(written) {
        Some(license) if license.standing == Standing::None => flaw(
            FlawKind::LicenseUnknown,
            format!("`{shown}` names no license; write the id, or `unlicensed`"),
            format!("`{shown}` ne nomme aucune licence ; écrire l'identifiant, ou `unlicensed`"),
        ),
        // A license known here that SPDX has no id for.
        Some(_) => None,
        None if written.contains([',', ';', '"', '“']) || written.split_whitespace().count() > 8 => flaw(
            FlawKind::LicenseProse,
            format!("words stand where the id of a license belongs: `{shown}`"),
            format!("des mots tiennent la place d'un identifiant de licence : `{shown}`"),
        ),
        None if known.is_some() => None,
        None => flaw(
            FlawKind::LicenseUnknown,
            format!("`{shown}` is no license known here"),
            format!("`{shown}` n'est pas une licence connue ici"),
        ),
    }
}

/// What is wrong with the words in a field for a path or an address.
fn path_flaw(sheet: &Sheet<'_>, key: &str, spot: &Spot) -> Option<Flaw> {
    let text = spot.text.trim();
    let shown = excerpt_of(text);
    let is_license = licenses::find(text).is_some() && !text.contains("://");
    let is_path = text.contains("://") || (text.contains(['/', '.']) && !text.contains(' '));
    let flaw = |says: String, says_fr: String| Some(sheet.flaw(FlawKind::MisplacedLink, spot.line, says, says_fr));
    if is_license || !is_path {
        return flaw(
            format!("`{key}` holds `{shown}`, which is neither a path nor an address"),
            format!("`{key}` contient `{shown}`, qui n'est ni un chemin ni une adresse"),
        );
    }
    let paper = text.contains("arxiv.org/abs/") || text.contains("arxiv.org/pdf/");
    if key != "component_path" && paper {
        return flaw(
            format!("`{key}` leads to a paper, not to a license: `{shown}`"),
            format!("`{key}` mène à un article, non à une licence : `{shown}`"),
        );
    }
    None
}
