//! What somebody would need to train the model again: code, hyper-parameters, environment, seeds, steps, logs.

mod card;
mod described;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use self::card::{from_card, is_said_to_train, is_training_link};
use crate::collect::{Declaration, Release, code_of, inside, is_code_host, matches, pattern, revision_of};
use crate::evidence::{
    ArtifactKind, CodeRef, CodeTarget, EnvironmentFile, Evidence, FileStatus, Format, HardwareFact, Parameter, Place,
    Recipe, Topic,
};
use crate::lists::judgement;
use crate::parse::configuration::{flat, is_pinned, parameter};
use crate::parse::manifest::Many;
use crate::parse::markdown::BlockKind;

/// Finds the recipe.
pub(super) fn collect(release: &mut Release<'_>, out: &mut Evidence) {
    code(release, &mut out.recipe);
    configurations(release, &mut out.recipe);
    environment(release, &mut out.recipe);
    from_manifest(release, &mut out.recipe);
    by_kind(release, &mut out.recipe);
    if let Some(card) = &release.card {
        from_card(card, &mut out.recipe);
    }
    described::from_boms(release, &mut out.recipe);
    code_license(release, out);
}

fn code(release: &mut Release<'_>, recipe: &mut Recipe) {
    recipe.code = code_of(release, |m| &m.recipe.code, ArtifactKind::TrainingCode);
    let Some(card) = &release.card else { return };
    for block in card.doc.blocks.iter().filter(|b| b.kind != BlockKind::Code) {
        for link in block.links.iter().filter(|l| !l.image && is_code_host(&l.url) && is_training_link(block, l)) {
            if recipe.code.iter().any(|c| c.target == CodeTarget::Url(link.url.clone())) {
                continue;
            }
            let revision = revision_of(&link.url);
            recipe.code.push(CodeRef {
                target: CodeTarget::Url(link.url.clone()),
                revision,
                place: card.place(link.line),
                said: is_said_to_train(block, link),
                repository: None,
            });
        }
    }
}

/// "256 sequences of 2048 tokens" tells the length too.
static OF_TOKENS: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"\b(sequences|samples|examples|séquences) (of|de) \d[\d,. ]*k?( tokens| jetons)?"));

fn note(recipe: &mut Recipe, parameter: Parameter, place: &Place) {
    recipe.parameters.entry(parameter).or_insert_with(|| place.clone());
}

/// What a key and its value tell: the parameter itself, a schedule named in the value, a seed, the order of the data.
fn pair(recipe: &mut Recipe, key: &str, value: &str, place: &Place) {
    let low = key.to_lowercase();
    let is_empty = value.trim().is_empty()
        || matches!(value.trim(), "[More Information Needed]" | "null" | "None" | "TODO" | "TBD" | "-" | "?");
    if is_empty {
        return;
    }
    if let Some(parameter) = parameter(&low) {
        note(recipe, parameter, place);
    }
    let value = value.to_lowercase();
    let about_rate = ["rate", "lr", "schedul", "taux"].iter().any(|w| low.contains(w));
    let schedules = [
        "cosine",
        "linear",
        "constant",
        "warmup",
        "warm-up",
        "inverse",
        "decay",
        "cosinus",
        "linéaire",
        "décroissance",
        "échauffement",
    ];
    if about_rate && schedules.iter().any(|w| value.contains(w)) {
        note(recipe, Parameter::Schedule, place);
    }
    if about_rate && ["adam", "sgd", "adafactor", "lion", "muon"].iter().any(|w| value.contains(w)) {
        note(recipe, Parameter::Optimizer, place);
    }
    if matches(&OF_TOKENS, &value) && parameter(&low) == Some(Parameter::Batch) {
        note(recipe, Parameter::SequenceLength, place);
    }
    if low.contains("seed") || low == "graine" {
        recipe.seeds.get_or_insert_with(|| place.clone());
    }
    if low.contains("shuffle") || low.contains("data order") || low.contains("data_order") || low.contains("order of") {
        recipe.data_order.get_or_insert_with(|| place.clone());
    }
}

/// Training configurations: the manifest's, and files named as such. Never the model's own `config.json`.
fn configurations(release: &mut Release<'_>, recipe: &mut Recipe) {
    let named: Vec<String> = release
        .declared
        .iter()
        .flat_map(|m| &m.manifest.recipe.config.0)
        .filter_map(|p| inside("", p.get_ref()))
        .collect();
    let mut paths = named;
    paths.extend(release.of_kind(ArtifactKind::TrainingConfig));
    paths.sort();
    paths.dedup();
    for path in paths.into_iter().filter(|p| !p.ends_with(".bin")) {
        if !release.has(&path) {
            continue;
        }
        let Some(text) = release.text(&path, Topic::Recipe) else { continue };
        parameters_of(recipe, &path, &text, &path);
    }
}

/// The hyper-parameters of a configuration that lies in a code repository; `spot` tells where.
pub(super) fn parameters_of(recipe: &mut Recipe, path: &str, text: &str, spot: &str) {
    for (key, value, line) in flat(path, text) {
        let place = Place::line(spot, line, text.lines().nth(line.saturating_sub(1)).unwrap_or_default());
        pair(recipe, &key, &value, &place);
    }
}

/// Lock files and pinned requirements.
fn environment(release: &mut Release<'_>, recipe: &mut Recipe) {
    let mut paths: Vec<String> = release
        .declared
        .iter()
        .flat_map(|m| &m.manifest.recipe.environment.0)
        .filter_map(|p| inside("", p.get_ref()))
        .collect();
    paths.extend(release.of_kind(ArtifactKind::Environment));
    paths.sort();
    paths.dedup();
    for path in paths {
        if !release.has(&path) || path.contains("inference/") {
            continue;
        }
        let Some(text) = release.text(&path, Topic::Recipe) else { continue };
        recipe.environment.push(EnvironmentFile { place: Place::file(&path), pinned: is_pinned(&path, &text) });
    }
}

fn from_manifest(release: &Release<'_>, recipe: &mut Recipe) {
    release.declared.iter().for_each(|doc| declared(release, doc, recipe));
}

fn declared(release: &Release<'_>, doc: &Declaration, recipe: &mut Recipe) {
    let entry = &doc.manifest.recipe;
    if !entry.seeds.is_empty() {
        recipe.seeds = recipe.seeds.take().or_else(|| entry.seeds.first().map(|s| doc.place(&s.span(), "seeds")));
    }
    if let Some(step) = entry.step.first() {
        recipe.steps = Some((entry.step.len(), doc.spot(&step.run)));
    }
    let mut hardware = |fact, place: Option<Place>| place.map(|p| recipe.hardware.insert(fact, p));
    hardware(HardwareFact::Hardware, entry.hardware.as_ref().map(|v| doc.place(&v.span(), "hardware")));
    hardware(HardwareFact::Duration, entry.hours.as_ref().map(|v| doc.place(&v.span(), "hours")));
    hardware(HardwareFact::Energy, entry.energy_kwh.as_ref().map(|v| doc.place(&v.span(), "energy-kwh")));
    let there = |many: &Many, list: &mut Vec<Place>| {
        for value in &many.0 {
            let url = value.get_ref().starts_with("http");
            let present = inside("", value.get_ref()).is_some_and(|p| says_something(release, &p));
            if url || present {
                let place = doc.spot(value);
                list.push(Place { url: url.then(|| value.get_ref().clone()), ..place });
            }
        }
    };
    there(&entry.logs, &mut recipe.logs);
    there(&entry.checkpoints, &mut recipe.checkpoints);
    there(&entry.report, &mut recipe.reports);
    for value in &entry.evaluation.0 {
        if let Some(path) = inside("", value.get_ref()).filter(|p| says_something(release, p)) {
            let code = path.ends_with(".py") || path.ends_with(".sh");
            let list = if code { &mut recipe.evaluation_code } else { &mut recipe.evaluation_results };
            list.push(doc.spot(value));
        }
    }
}

/// Whether a file is there with something in it; what lies beside checkpoints is none.
fn says_something(release: &Release<'_>, path: &str) -> bool {
    let beside = [".md", ".txt", ".json", ".yaml", ".yml", ".py", ".sh", ".gitkeep"];
    release.file(path).is_some_and(|f| {
        let states = [ArtifactKind::Checkpoint, ArtifactKind::OptimizerState].contains(&f.kind);
        let is_text = states && beside.iter().any(|ending| path.to_lowercase().ends_with(ending));
        let is_broken = states && matches!(f.format, Some(Format::Broken { .. }));
        f.status != FileStatus::Missing && !f.is_hollow() && !is_text && !is_broken
    })
}

fn by_kind(release: &Release<'_>, recipe: &mut Recipe) {
    let mut add = |kind, list: fn(&mut Recipe) -> &mut Vec<Place>| {
        for path in release.of_kind(kind) {
            let list = list(recipe);
            if list.len() < 20 && says_something(release, &path) {
                list.push(Place::file(&path));
            }
        }
    };
    add(ArtifactKind::Log, |r| &mut r.logs);
    add(ArtifactKind::Checkpoint, |r| &mut r.checkpoints);
    add(ArtifactKind::OptimizerState, |r| &mut r.checkpoints);
    add(ArtifactKind::EvaluationCode, |r| &mut r.evaluation_code);
    add(ArtifactKind::EvaluationResults, |r| &mut r.evaluation_results);
    add(ArtifactKind::Report, |r| &mut r.reports);
}

/// The license of the training code: the manifest's, a code license in the release, else the license of a release
/// that holds its code.
fn code_license(release: &Release<'_>, out: &mut Evidence) {
    use crate::evidence::Component;
    let mut found: BTreeMap<String, Place> = BTreeMap::new();
    for (doc, license) in release.declared.iter().filter_map(|d| d.manifest.recipe.license.as_ref().map(|l| (d, l))) {
        found.insert(license.0.clone(), doc.place(&(0..0), &license.0));
    }
    let claims = |component: Component| out.licenses.iter().filter(move |c| c.component == component);
    for claim in claims(Component::Code) {
        found.extend(claim.expression.clone().map(|e| (e, claim.place.clone())));
    }
    let local = out.recipe.code.iter().any(|c| matches!(c.target, CodeTarget::Local { .. }));
    if found.is_empty() && local {
        // A bill of materials tells the license of the model, not of what lies beside it.
        for claim in claims(Component::Weights).filter(|c| !c.source.is_record()) {
            found.extend(
                claim
                    .expression
                    .clone()
                    .filter(|e| judgement::judge(e).strange.is_empty())
                    .map(|e| (e, claim.place.clone())),
            );
        }
    }
    out.recipe.code_licenses = found.into_iter().collect();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revisions() {
        assert_eq!(revision_of("https://github.com/a/b/tree/v1.0").as_deref(), Some("v1.0"));
        assert_eq!(revision_of("https://github.com/a/b/tree/main"), None);
        assert_eq!(revision_of("https://github.com/a/b"), None);
        assert!(is_code_host("https://github.com/a/b"));
        assert!(!is_code_host("https://github.com/a"));
    }
}
