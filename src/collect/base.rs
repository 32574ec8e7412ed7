//! Models that the release derives from: named in the front matter, the manifest, a configuration or a sentence.

use std::sync::LazyLock;

use regex::Regex;

use super::{CardDoc, Release, hub_path, is_hub_id, listed, matches, pattern, spans_trained_on};
use crate::evidence::{BaseModel, Evidence, Format, GapKind, Place, Topic, excerpt_of};
use crate::lists::sentences;
use crate::parse::cyclonedx::Component;
use crate::parse::markdown::{Block, BlockKind};
use crate::parse::names::hub_package;

/// Words of derivation: what stands beside them is a base.
static DERIVES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"\b(fine-?tun|finetun|based on|(built|builds?) (up)?on|on top of|pre-?trained|initiali[sz]ed (from|with)|derived from|distill|quanti[sz]ed|adapter|lora|merge|continued? pre-?train|starting (from|point)|affiné|dérivé|issu du|basé sur|à partir d)",
    )
});

/// Words that tell of a base though none may be named.
static HINTS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"\b(was|were|is|are|been|we|then|further|and) (\w+ )?(instruction[- ])?fine-?tuned|\bfine-?tuned (on|with|using|for|version|variant|from)\b|\binstruct(ion)?-?tuned (version|variant)|initiali[sz]ed from (the|a|an|our) |\bdistilled (version|from)|\bquanti[sz]ed (version|from)|\blora adapter|\bmerge of\b|\bcontinued pre-?training|\bversion affinée|\baffiné (sur|à partir|depuis)",
    )
});

/// Advice to the reader, who may fine-tune it himself.
static ADVICE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"\b(can|could|may|might|should|must|to|not|never|pre-?trained and|hub|please|you|users?|peut|peuvent|pouvez) (\w+ )?(be )?(further )?(instruct\w*[- ])?fine-?tun|\bhub\b[^.]*\bfine-?tuned|\bfine-?tuned versions?\b[^.]*\b(you|hub)\b",
    )
});

static SCRATCH: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"\b(trained|train|training|entraîné\w*)( \w+){0,6} (from scratch|from random|depuis zéro|à partir de zéro)|\brandom(ly)? initiali[sz]",
    )
});

/// Finds the models that the release was made from.
pub(super) fn collect(release: &mut Release<'_>, out: &mut Evidence) {
    for doc in &release.declared {
        for base in &doc.manifest.base {
            add(out, base.id.get_ref(), doc.spot(&base.id), Says::Declared);
            if let Some(model) = out.bases.models.iter_mut().find(|m| m.id == *base.id.get_ref()) {
                model.revision.clone_from(&base.revision);
            }
        }
    }
    if let Some(card) = &release.card {
        for key in ["base_model", "finetuned_from"] {
            for (id, place) in card.values(key).into_iter().filter(|(id, _)| !id.is_empty()) {
                add(out, &id, place, Says::Declared);
            }
        }
        for block in card.doc.blocks.iter().filter(|b| b.kind != BlockKind::Code) {
            sentences(card, block, out);
        }
    }
    configurations(release, out);
    weights(release, out);
    boms(release, out);
}

/// The pedigree of a bill of materials, and models that it lists beside the release's own.
fn boms(release: &Release<'_>, out: &mut Evidence) {
    for doc in &release.boms {
        let ancestors = doc.facts.model.iter().flat_map(|m| &m.ancestors).map(|a| (a, Says::Declared));
        let beside = doc.facts.beside.iter().map(|b| (b, Says::InPassing));
        for (component, how) in ancestors.chain(beside) {
            let place = doc.place("", &component.name);
            let (id, revision) = listed_id(component);
            if id.is_empty() {
                out.bases.hints.push(Place::file(&doc.path));
                continue;
            }
            add(out, &id, place, how);
            if let Some(model) = out.bases.models.iter_mut().find(|m| m.id.eq_ignore_ascii_case(&id)) {
                model.revision = model.revision.take().or(revision);
            }
        }
    }
}

/// What a model of a bill of materials is called on the hub, and its revision there, or else its name.
fn listed_id(component: &Component) -> (String, Option<String>) {
    let package = component.purl.as_deref().and_then(hub_package).filter(|(_, dataset, _)| !dataset);
    if let Some((id, _, revision)) = package {
        return (id, revision);
    }
    if let Some(id) = component.references.iter().find_map(|r| model_id(&r.url)) {
        return (id, None);
    }
    let full = component.group.as_ref().map(|group| format!("{group}/{}", component.name));
    (full.filter(|id| is_hub_id(id)).unwrap_or_else(|| component.name.clone()), None)
}

/// `general.base_model.N.*` of GGUF weights.
fn weights(release: &Release<'_>, out: &mut Evidence) {
    for file in &release.files {
        let Some(metadata) = file.format.as_ref().and_then(Format::metadata) else { continue };
        for (key, name) in listed(metadata, "general.base_model.") {
            let place = Place { excerpt: Some(excerpt_of(&format!("{key}: {name}"))), ..Place::file(&file.path) };
            let id = model_id(&name).unwrap_or(name);
            add(out, &id, place, Says::Declared);
        }
    }
}

/// How a base is named.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    Declared,
    InPassing,
}

fn add(out: &mut Evidence, id: &str, place: Place, how: Says) {
    let id = excerpt_of(id);
    match out.bases.models.iter_mut().find(|m| m.id.eq_ignore_ascii_case(&id)) {
        Some(model) => {
            model.declared |= how == Says::Declared;
            if !model.places.contains(&place) {
                model.places.push(place);
            }
        }
        None => out.bases.models.push(BaseModel {
            id,
            revision: None,
            places: vec![place],
            declared: how == Says::Declared,
            evidence: None,
            again: false,
        }),
    }
}

/// Links to models, and ids between backticks, in sentences of derivation.
fn sentences(card: &CardDoc, block: &Block, out: &mut Evidence) {
    let from_scratch = matches(&SCRATCH, &block.text);
    if from_scratch && out.bases.from_scratch.is_none() {
        out.bases.from_scratch = Some(card.place(block.line));
    }
    for (line, sentence) in sentences::sentences(&block.text) {
        if !matches(&DERIVES, &sentence) {
            continue;
        }
        let mut named: Vec<(String, usize)> = Vec::new();
        for link in block.links.iter().filter(|l| !l.image && !l.text.is_empty() && sentence.contains(l.text.trim())) {
            named.extend(model_id(&link.url).map(|id| (id, link.line)));
        }
        // What it was trained on is data.
        let data = spans_trained_on(block);
        let is_base = |(s, _): &&(String, usize)| {
            is_hub_id(s) && !is_path(s) && sentence.contains(s.as_str()) && !data.iter().any(|(d, _)| d == s.trim())
        };
        named.extend(block.spans.iter().filter(is_base).cloned());
        for (id, line) in named {
            add(out, &id, card.place(line), Says::InPassing);
        }
        if matches(&HINTS, &sentence) && !matches(&ADVICE, &sentence) {
            out.bases.hints.push(card.place(block.line + line - 1));
        }
    }
}

/// The model that a URL of the hub leads to.
fn model_id(url: &str) -> Option<String> {
    const NOT_MODELS: &[&str] = &[
        "datasets",
        "spaces",
        "docs",
        "blog",
        "papers",
        "collections",
        "tasks",
        "learn",
        "posts",
        "api",
        "organizations",
    ];
    let mut parts = hub_path(url)?.split('/');
    let (org, name) = (parts.next()?, parts.next()?);
    let id = format!("{org}/{name}");
    (!NOT_MODELS.contains(&org) && is_hub_id(&id)).then_some(id)
}

/// `data/corpus.txt` has the form of a hub id, but is a file.
fn is_path(text: &str) -> bool {
    let extension = text.rsplit('.').next().unwrap_or_default();
    text.contains('.')
        && matches!(
            extension,
            "py" | "sh" | "json" | "jsonl" | "txt" | "md" | "yaml" | "yml" | "toml" | "csv" | "safetensors" | "bin"
        )
}

/// `adapter_config.json` names its base; `_name_or_path` of `config.json` names what the weights were loaded from.
fn configurations(release: &mut Release<'_>, out: &mut Evidence) {
    for (file, key, how) in [
        ("adapter_config.json", "base_model_name_or_path", Says::Declared),
        ("config.json", "_name_or_path", Says::InPassing),
    ] {
        if !release.has(file) {
            continue;
        }
        let Some(text) = release.text(file, Topic::Recipe) else { continue };
        let value: serde_json::Value = match serde_json::from_str(&text) {
            Ok(value) => value,
            Err(e) => {
                release.gap(Topic::Recipe, file, GapKind::Malformed, &format!("JSON, {e}"));
                if how == Says::Declared {
                    // An adapter has a base, named here and nowhere that could be read.
                    out.bases.hints.push(Place::file(file));
                }
                continue;
            }
        };
        let Some(id) = value.get(key).and_then(|v| v.as_str()).filter(|id| is_hub_id(id)) else { continue };
        let own = release.card.as_ref().and_then(|c| c.doc.title.clone()).unwrap_or_default().to_lowercase();
        let last = id.rsplit('/').next().unwrap_or(id).to_lowercase();
        let folder = release.source.subject().to_lowercase();
        // A model that was saved from itself names itself.
        if own.contains(&last) || folder.trim_end_matches('/').ends_with(&last) {
            continue;
        }
        let line = text.lines().position(|l| l.contains(key)).unwrap_or(0);
        let place = Place::line(file, line + 1, text.lines().nth(line).unwrap_or_default());
        add(out, id, place, how);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::markdown;

    fn bases(text: &str) -> Evidence {
        let card = CardDoc {
            path: "README.md".into(),
            text: text.into(),
            front: None,
            front_offset: 0,
            body_offset: 0,
            closed: true,
            doc: markdown::read(text, 0),
        };
        let mut out = Evidence::default();
        for block in &card.doc.blocks {
            sentences(&card, block, &mut out);
        }
        out
    }

    #[test]
    fn sentences_name_bases() {
        let out = bases("We used the pretrained [`a/M-1`](https://huggingface.co/a/M-1) model and fine-tuned it.\n");
        assert_eq!(out.bases.models[0].id, "a/M-1");
        assert_eq!(out.bases.models.len(), 1);
        assert!(bases("See [x](https://huggingface.co/datasets/a/b), pretrained.\n").bases.models.is_empty());
        assert!(bases("Pre-trained weights lie in `data/w.bin`.\n").bases.models.is_empty());
        assert!(bases("The model was trained from scratch.\n").bases.from_scratch.is_some());
        for told in ["This is a fine-tuned version of our earlier model.", "It was then fine-tuned on our data."] {
            assert_eq!(bases(told).bases.hints.len(), 1, "{told}");
        }
        assert!(bases("It can be fine-tuned for your task.\n").bases.hints.is_empty());
        assert!(bases("Weights are initialised with small random numbers.\n").bases.hints.is_empty());
    }
}
