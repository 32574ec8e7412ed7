//! What a bill of materials says of the training: references to code and papers, energy, results of evaluation.

use std::sync::LazyLock;

use regex::Regex;

use crate::collect::{Release, hub_path, matches, pattern, revision_of};
use crate::evidence::{CodeRef, CodeTarget, HardwareFact, Place, Recipe};
use crate::parse::cyclonedx::Reference;
use crate::parse::names::is_plain_url;

/// References of one document that are kept.
const MOST: usize = 20;

pub(super) fn from_boms(release: &Release<'_>, recipe: &mut Recipe) {
    for doc in &release.boms {
        let Some(model) = &doc.facts.model else { continue };
        let name = model.component.name.as_str();
        let trained = |activity: &str| ["training", "fine-tuning"].contains(&activity);
        if let Some(energy) = model.energy.iter().find(|e| trained(&e.activity)) {
            recipe
                .hardware
                .entry(HardwareFact::Energy)
                .or_insert_with(|| doc.place("energyConsumptions", &energy.activity));
        }
        if model.metrics > 0 {
            recipe.evaluation_results.push(doc.place(name, "performanceMetrics"));
        }
        for link in model.component.references.iter().take(MOST) {
            reference(link, doc.place(name, &link.url), recipe);
        }
    }
}

/// A version control system is a link to code, which the words beside it may say trains the model; a page of a paper is a
/// report, whatever its kind. Documentation and a model card are neither.
fn reference(link: &Reference, place: Place, recipe: &mut Recipe) {
    static TRAINS: LazyLock<Option<Regex>> =
        LazyLock::new(|| pattern(r"\b((pre|post|re)-?)?train(ing|s|ed)?\b|fine-?tun|entraînement|apprentissage"));
    static OTHER: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(r"\b(inference|serving|demo|evaluat\w*|benchmark\w*|quanti[sz]\w*|weights?|checkpoints?|poids)\b")
    });
    let comment = link.comment.as_deref().unwrap_or_default();
    let (trains, other) = (matches(&TRAINS, comment), matches(&OTHER, comment));
    let url = link.url.strip_prefix("git+").unwrap_or(&link.url).trim_end_matches(".git");
    let place = Place { url: Some(crate::evidence::excerpt_of(url)), ..place };
    let is_web = is_plain_url(url);
    match link.kind.as_str() {
        // The repository of the weights on the hub is no code.
        "vcs" if is_web && hub_path(url).is_none() && (trains || !other) => {
            let known = recipe
                .code
                .iter()
                .any(|c| matches!(&c.target, CodeTarget::Url(u) if u.trim_end_matches(".git") == url));
            if !known {
                let target = CodeTarget::Url(url.to_owned());
                let said = trains && !other;
                recipe.code.push(CodeRef { target, revision: revision_of(url), place, said, repository: None });
            }
        }
        "log" if is_web && trains => recipe.logs.push(place),
        _ if is_web && is_paper(url) => recipe.reports.push(place),
        _ => {}
    }
}

/// Whether a URL leads to a paper, by its host.
fn is_paper(url: &str) -> bool {
    let hosts = ["arxiv.org/", "huggingface.co/papers/", "openreview.net/", "aclanthology.org/", "hal.science/"];
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest.trim_start_matches("www."));
    hosts.iter().any(|h| rest.starts_with(h))
}
