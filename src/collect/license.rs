//! Licenses: every place that names one, every text, and every sentence that adds a restriction.

use std::sync::LazyLock;

use regex::Regex;

use super::{CardDoc, Declaration, Release, inside, matches, pattern};
use crate::evidence::{
    ArtifactKind, ClaimSource, Component, Evidence, FileFact, Format, GapKind, LicenseClaim, Place, Term, TextForm,
    TextMatch, Topic, excerpt_of,
};
use crate::lists::licenses::Restriction;
use crate::lists::terms::Voice;
use crate::lists::{judgement, licenses, sentences, terms, texts};
use crate::parse::markdown::{Block, BlockKind};

/// Characters of a license name that are looked at.
const LONGEST_NAME: usize = 400;

/// Finds all that says under which terms the release stands.
pub(super) fn collect(release: &mut Release<'_>, out: &mut Evidence) {
    if let Some(card) = &release.card {
        front_matter(card, out);
        card_text(card, out);
        gate(card, out);
    }
    manifest(release, out);
    weights(release, out);
    files(release, out);
    other_texts(release, out);
    out.terms.sort_by(|a, b| (&a.place, &a.phrase).cmp(&(&b.place, &b.phrase)));
    out.terms.dedup();
}

/// A claim by a name as written.
fn named(component: Component, source: ClaimSource, written: &str, place: Place) -> LicenseClaim {
    let written: String = written.chars().take(LONGEST_NAME).collect();
    let expression = judgement::expression(&written);
    LicenseClaim { component, source, written: excerpt_of(&written), expression, text: None, place }
}

/// `license`, and beside it `license_name`, which names what `other` stands for, or contradicts it.
fn front_matter(card: &CardDoc, out: &mut Evidence) {
    let mut names = card.values("license");
    let other = names.iter().all(|(n, _)| n.eq_ignore_ascii_case("other"));
    let full = card.values("license_name");
    if other && !full.is_empty() {
        names.clear();
    }
    names.extend(full);
    // A link to a published text names the license that it leads to; any other says nothing by itself.
    names.extend(
        card.values("license_link")
            .into_iter()
            .filter(|(link, _)| link.contains("://") && licenses::find(link).is_some()),
    );
    for (name, place) in names.into_iter().filter(|(n, _)| !n.is_empty()) {
        out.licenses.push(named(Component::Weights, ClaimSource::FrontMatter, &name, place));
    }
}

/// Sentences such as "released under the Apache 2.0 license", and badges.
fn card_text(card: &CardDoc, out: &mut Evidence) {
    for block in card.doc.blocks.iter().filter(|b| b.kind != BlockKind::Code) {
        for link in block.links.iter().filter(|l| l.image) {
            if let Some(name) = badge(&link.url) {
                out.licenses.push(named(Component::Weights, ClaimSource::Badge, &name, card.place(link.line)));
            }
        }
        for (line, sentence) in sentences::sentences(&block.text) {
            if let Some((name, added)) = bound_to(&sentence) {
                let place = card.place(line_of(card, block, line, &name));
                match added {
                    Some(kind) => out.terms.push(term("terms-of-another-license", kind, true, place)),
                    None => {
                        out.licenses.push(named(component_of(&sentence, block), ClaimSource::CardText, &name, place))
                    }
                }
            }
            for (name, said) in spoken(&sentence, block) {
                let place = card.place(line_of(card, block, line, &name));
                out.licenses.push(named(component_of(said, block), ClaimSource::CardText, &name, place));
            }
        }
    }
    for hit in terms::scan(&card.body(), Voice::Prose) {
        let place = card.place(hit.line + card.body_offset);
        push_term(out, &hit, Place { excerpt: Some(excerpt_of(&hit.sentence)), ..place });
    }
}

/// The line of the card on which a name of a block stands.
fn line_of(card: &CardDoc, block: &Block, line: usize, name: &str) -> usize {
    let from = block.line + line - 1;
    let first = name.split_whitespace().next().unwrap_or(name);
    let found = card.text.lines().enumerate().skip(from - 1).take(12).find(|(_, l)| l.contains(first));
    found.map_or(from, |(i, _)| i + 1)
}

/// The license of a badge such as `…/badge/license-MIT-blue.svg`.
fn badge(url: &str) -> Option<String> {
    static BADGE: LazyLock<Option<Regex>> =
        LazyLock::new(|| pattern(r"badge/licen[sc]e-([^?#]+)-[a-z0-9]+(\.svg)?([?#].*)?$"));
    let name = BADGE.as_ref()?.captures(url)?.get(1)?.as_str();
    let name = name
        .replace("--", "\u{1}")
        .replace(['_', '-'], " ")
        .replace('\u{1}', "-")
        .replace("%20", " ")
        .replace("%3A", "");
    licenses::find(&name).map(|_| name)
}

/// The licenses that a sentence says something is under, each with the clause that says it: "the code is under A, while the
/// weights are under B" says two things.
fn spoken<'a>(sentence: &'a str, block: &Block) -> Vec<(String, &'a str)> {
    static UNDER: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"\b(licen[sc]ed|released|distributed|available|published|provided|shared|open[- ]sourced|remains?|stays?|diffusée?s?|publiée?s?|distribuée?s?|reste(nt)?)( \w+){0,5} (under|sous)( the| an?| la| licence| license)*\s+",
        )
    });
    static LABEL: LazyLock<Option<Regex>> =
        LazyLock::new(|| pattern(r"^\W*(model |weights |finetuned )?licen[sc]e\W*[:=]\W*"));
    let clauses = sentences::clauses(sentence);
    let mut out = Vec::new();
    for found in UNDER.iter().flat_map(|p| p.find_iter(sentence)) {
        let clause = clauses.iter().find(|c| c.contains(&found.start())).and_then(|c| sentence.get(c.clone()));
        let name = sentence.get(found.end()..).and_then(license_at);
        out.extend(name.zip(clause));
    }
    if !out.is_empty() {
        return out;
    }
    let in_section = block.section.last().is_some_and(|s| s.contains("license") || s.contains("licence"));
    let rest = match LABEL.as_ref().and_then(|p| p.find(sentence)) {
        Some(label) => sentence.get(label.end()..),
        None => Some(sentence).filter(|s| in_section && s.split_whitespace().count() <= 6),
    };
    rest.and_then(license_at).map(|name| (name, sentence)).into_iter().collect()
}

/// The license that a sentence binds something to ("is subject to the Llama 2 license"); with its first restriction where
/// its terms come on top of others.
fn bound_to(sentence: &str) -> Option<(String, Option<Restriction>)> {
    static BOUND: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"\b(subject to|governed by|bound by|abide by|comply with|complies with|adhere to|soumise?s? (à|aux?)|régie?s? par)\b(?P<more>( additional| further| other| supplementary| autres)?)( the| its| all| following| de| la| les)*( (terms|conditions|termes))?( (of|de|du) ?(use|the|la)?)?[:\s]+",
        )
    });
    static DENIED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(r"\b(not|no longer|never|nor|n'est (pas|plus)) (\w+ )?(subject|governed|bound|soumis)")
    });
    if matches(&DENIED, sentence) {
        return None;
    }
    let found = BOUND.as_ref()?.captures(sentence)?;
    let name = license_at(sentence.get(found.get(0)?.end()..)?)?;
    let license = licenses::find(&name).filter(|l| l.restricts())?;
    let more = found.name("more").is_some_and(|m| !m.as_str().is_empty());
    Some((name, license.bars.first().filter(|_| more).map(|b| b.kind)))
}

/// The license whose name a text starts with.
fn license_at(text: &str) -> Option<String> {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = text.split_whitespace().take(9).collect();
    let names = |from: usize| {
        (from + 1..=words.len()).rev().find_map(|to| {
            let name = words.get(from..to)?.join(" ");
            let name = name.trim_matches(|c: char| !c.is_alphanumeric() && c != '+').to_owned();
            licenses::find(&name).filter(|l| l.standing != licenses::Standing::None).map(|l| (name, l.standing))
        })
    };
    let (name, standing) = names(0)?;
    if standing != licenses::Standing::Family {
        return Some(name);
    }
    // "Creative Commons NonCommercial (CC BY-NC 4.0)" names a family first, and then which of it.
    let exact = (1..words.len()).find_map(|from| names(from).filter(|(_, s)| *s == licenses::Standing::Reviewed));
    Some(exact.map_or(name, |(exact, _)| exact))
}

/// Which part a sentence speaks of: data and code are named, all else is the release.
fn component_of(sentence: &str, block: &Block) -> Component {
    let low = sentence.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| low.contains(w));
    let about_model = has(&["model", "weights", "checkpoint", "modèle", "poids", "release"]);
    if about_model {
        Component::Weights
    } else if has(&["dataset", "data set", "corpus", "corpora", "données", "the data", " data "]) {
        Component::Data
    } else if has(&["code", "script", "software"]) {
        Component::Code
    } else if block.section.iter().any(|s| s.contains("data")) {
        Component::ThirdParty
    } else {
        Component::Weights
    }
}

/// Gate prompts and fields often hold terms that no license field shows.
fn gate(card: &CardDoc, out: &mut Evidence) {
    let keys = [
        "extra_gated_prompt",
        "extra_gated_heading",
        "extra_gated_description",
        "extra_gated_button_content",
        "extra_gated_fields",
    ];
    for node in keys.iter().flat_map(|k| card.nodes(k)) {
        out.gate.push(card.place(node.line + card.front_offset));
        for (text, line) in node.all_texts() {
            for hit in terms::scan(text, Voice::Terms) {
                let place = card.place(line + card.front_offset);
                push_term(out, &hit, Place { excerpt: Some(excerpt_of(&hit.sentence)), ..place });
            }
        }
    }
    if let Some(node) =
        card.key("extra_gated_eu_disallowed").filter(|n| n.text().is_some_and(|t| t.eq_ignore_ascii_case("true")))
    {
        let place = card.place(node.line + card.front_offset);
        out.terms.push(term("gate-eu-disallowed", Restriction::Geography, true, place));
    }
}

fn push_term(out: &mut Evidence, hit: &terms::Hit, place: Place) {
    out.terms.push(term(&hit.phrase.id, hit.phrase.kind, hit.phrase.certain, place));
}

fn term(phrase: &str, kind: Restriction, certain: bool, place: Place) -> Term {
    let kind = serde_json::to_value(kind).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
    Term { phrase: phrase.to_owned(), kind, certain, place }
}

fn manifest(release: &Release<'_>, out: &mut Evidence) {
    release.declared.iter().for_each(|doc| declaration(release, doc, out));
}

fn declaration(release: &Release<'_>, doc: &Declaration, out: &mut Evidence) {
    let m = &doc.manifest;
    let mut claim = |component, license: &crate::parse::manifest::LicenseExpression, place| {
        out.licenses.push(named(component, ClaimSource::Manifest, &license.0, place));
    };
    if let Some(license) = &m.release.license {
        claim(Component::Weights, license, doc.place(&(0..0), &license.0));
    }
    for artifact in &m.artifact {
        if let (Some(license), Some(path)) = (&artifact.license, inside("", artifact.path.get_ref())) {
            let component = match release.file(&path).map(|f| f.kind) {
                Some(ArtifactKind::Weights | ArtifactKind::Checkpoint) => Component::Weights,
                Some(
                    ArtifactKind::TrainingCode
                    | ArtifactKind::ProcessingCode
                    | ArtifactKind::EvaluationCode
                    | ArtifactKind::InferenceCode,
                ) => Component::Code,
                Some(ArtifactKind::Data | ArtifactKind::DataCard) => Component::Data,
                _ => Component::ThirdParty,
            };
            claim(component, license, doc.spot(&artifact.path));
        }
    }
}

/// `license` in the metadata of weights; "other" is read with the name beside it.
fn weights(release: &Release<'_>, out: &mut Evidence) {
    for file in &release.files {
        let Some(metadata) = file.format.as_ref().and_then(Format::metadata) else { continue };
        let value = |key: &str| metadata.get(key).map(|v| v.trim()).filter(|v| !v.is_empty());
        let keys = ["license", "general.license", "modelspec.license"];
        let Some((key, name)) = keys.iter().find_map(|k| value(k).map(|v| (*k, v))) else { continue };
        let beside = value("general.license.name").filter(|_| name.eq_ignore_ascii_case("other"));
        let (key, name) = beside.map_or((key, name), |name| ("general.license.name", name));
        let excerpt = Some(excerpt_of(&format!("{key}: {name}")));
        let place = Place { excerpt, ..Place::file(&file.path) };
        out.licenses.push(named(Component::Weights, ClaimSource::WeightsMetadata, name, place));
    }
}

/// License files by their whole text; policy files by their sentences.
fn files(release: &mut Release<'_>, out: &mut Evidence) {
    for path in release.of_kind(ArtifactKind::License) {
        let Some(text) = release.text(&path, Topic::License) else { continue };
        if text.trim().is_empty() {
            release.gap(Topic::License, &path, GapKind::Empty, "");
            continue;
        }
        let found = texts::identify(&text);
        let first = text.lines().position(|l| !l.trim().is_empty()).unwrap_or(0);
        let line = text.lines().nth(first).unwrap_or_default();
        if found.how.form != TextForm::Exact {
            for hit in terms::scan(&text, Voice::Terms) {
                push_term(out, &hit, Place::line(&path, hit.line, &hit.sentence));
            }
        }
        out.licenses.push(LicenseClaim {
            component: component_of_file(&path),
            source: if found.how.form == TextForm::Notice { ClaimSource::Notice } else { ClaimSource::LicenseText },
            written: path.clone(),
            expression: found.id,
            text: Some(TextMatch { residue: found.how.residue, ..found.how }),
            place: Place::line(&path, first + 1, line),
        });
    }
    for path in release.of_kind(ArtifactKind::Policy) {
        let Some(text) = release.text(&path, Topic::License) else { continue };
        let hits = terms::scan(&text, Voice::Terms);
        if hits.is_empty() {
            let line = text.lines().find(|l| !l.trim().is_empty()).unwrap_or_default();
            out.terms.push(term("policy-file", Restriction::AcceptableUse, false, Place::line(&path, 1, line)));
        }
        for hit in hits {
            push_term(out, &hit, Place::line(&path, hit.line, &hit.sentence));
        }
    }
}

/// Other cards, reports and documents of the release: a restriction may stand in any of them. One in a folder may be about
/// something else, and asks for a human eye.
fn other_texts(release: &mut Release<'_>, out: &mut Evidence) {
    /// Documents in folders that are read, and how deep.
    const MOST: usize = 50;
    const DEEPEST: usize = 3;
    let kinds = [ArtifactKind::ModelCard, ArtifactKind::DataCard, ArtifactKind::Report, ArtifactKind::Other];
    let card = release.card.as_ref().map(|c| c.path.clone());
    let far = release.hub.is_some();
    let is_text = |f: &&FileFact| {
        let extension = f.path.rsplit('.').next().unwrap_or_default().to_lowercase();
        let text = kinds.contains(&f.kind) && ["md", "rst", "txt", "readme"].contains(&extension.as_str());
        f.bytes.is_some() && text && card.as_ref() != Some(&f.path)
    };
    // Each file of the hub is a request: of those in folders, only what its name says is about use.
    let is_wanted = |f: &&FileFact| {
        let depth = f.path.matches('/').count();
        depth == 0 || depth <= DEEPEST && !matches(&ELSEWHERE, &f.path) && (!far || matches(&ON_USE, &f.path))
    };
    let mut paths: Vec<String> =
        release.files.iter().filter(is_text).filter(is_wanted).map(|f| f.path.clone()).collect();
    paths.sort_by_key(|p| p.matches('/').count());
    for path in paths.into_iter().take(MOST) {
        let Some(text) = release.text(&path, Topic::License) else { continue };
        let deep = path.contains('/');
        for hit in terms::scan(&text, Voice::Prose) {
            let place = Place::line(&path, hit.line, &hit.sentence);
            out.terms.push(term(&hit.phrase.id, hit.phrase.kind, hit.phrase.certain && !deep, place));
        }
        for (line, sentence) in sentences::sentences(&text).into_iter().filter(|_| !deep) {
            let about_weights =
                ["model", "weights", "modèle", "poids"].iter().any(|w| sentence.to_lowercase().contains(w));
            for (name, _) in spoken(&sentence, &Block::default()).into_iter().filter(|_| about_weights) {
                let place = Place::line(&path, line, &sentence);
                out.licenses.push(named(Component::Weights, ClaimSource::CardText, &name, place));
            }
        }
    }
}

/// Folders of others' work, and of what is no document of the release.
static ELSEWHERE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"(^|/)(\.|vendor|third[-_]?party|node_modules|licenses|tests?|logs?|data|datasets?|corpus|outputs?|samples?)(/|$)",
    )
});

/// Names of documents that speak of use.
static ON_USE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"(?i)(terms|conditions|policy|policies|legal|agreement|restrict|acceptable|usage|guideline|readme|card)[^/]*$",
    )
});

/// What a license file is for, by its name and folder.
fn component_of_file(path: &str) -> Component {
    static CODE: LazyLock<Option<Regex>> =
        LazyLock::new(|| pattern(r"(^|/)licen[sc]e[-_.](source[-_])?code|(^|/)(src|code|scripts)/"));
    static DATA: LazyLock<Option<Regex>> =
        LazyLock::new(|| pattern(r"(^|/)licen[sc]e[-_.]data|(^|/)(data|datasets?|corpus)/"));
    if matches(&CODE, path) {
        Component::Code
    } else if matches(&DATA, path) {
        Component::Data
    } else if path.contains('/') || path.to_lowercase().starts_with("notice") {
        Component::ThirdParty
    } else {
        Component::Weights
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(sentence: &str) -> Option<String> {
        let (name, _) = spoken(sentence, &Block::default()).into_iter().next()?;
        licenses::find(&name).map(|l| l.spdx_id().to_owned())
    }

    #[test]
    fn sentences_that_name_a_license() {
        for (sentence, id) in [
            ("The release is distributed under apache-2.0.", Some("Apache-2.0")),
            ("This model is released under the MIT License.", Some("MIT")),
            ("License: Apache 2.0", Some("Apache-2.0")),
            ("**License:** CC BY-NC 4.0", Some("CC-BY-NC-4.0")),
            ("Le modèle est publié sous licence Apache 2.0.", Some("Apache-2.0")),
            ("Released under terms of its own.", None),
            ("It runs under Linux.", None),
            ("Available under the Creative Commons NonCommercial (CC BY-NC 4.0).", Some("CC-BY-NC-4.0")),
        ] {
            assert_eq!(says(sentence).as_deref(), id, "{sentence}");
        }
    }

    #[test]
    fn two_licenses_of_one_sentence_are_for_their_parts() {
        let sentence = "The code is open-sourced under the Apache-2.0 license, while the model weights are released under Gemma terms.";
        let found: Vec<_> = spoken(sentence, &Block::default())
            .into_iter()
            .map(|(name, said)| (name, component_of(said, &Block::default())))
            .collect();
        assert_eq!(found.first().map(|(n, c)| (n.as_str(), *c)), Some(("Apache-2.0 license", Component::Code)));
        assert!(found.get(1).is_none_or(|(_, c)| *c == Component::Weights), "{found:?}");
    }

    #[test]
    fn sentences_that_bind_to_a_license() {
        for (sentence, wanted) in [
            ("This model is subject to the Llama 2 Community License.", Some(None)),
            ("Use is governed by the Gemma Terms of Use.", Some(None)),
            (
                "Its outputs were made by others and are subject to additional terms: Gemma Terms of Use.",
                Some(Some(Restriction::AcceptableUse)),
            ),
            ("It is no longer subject to the Llama 2 Community License.", None),
            ("It is subject to the Apache 2.0 license.", None),
            ("It is subject to change.", None),
        ] {
            assert_eq!(bound_to(sentence).map(|(_, added)| added), wanted, "{sentence}");
        }
    }

    #[test]
    fn badges_name_a_license() {
        assert_eq!(badge("https://img.shields.io/badge/license-MIT-blue.svg").as_deref(), Some("MIT"));
        assert_eq!(badge("https://img.shields.io/badge/License-Apache_2.0-green").as_deref(), Some("Apache 2.0"));
        assert_eq!(badge("https://img.shields.io/badge/build-passing-green"), None);
    }

    #[test]
    fn files_are_for_a_part() {
        assert_eq!(component_of_file("LICENSE"), Component::Weights);
        assert_eq!(component_of_file("LICENSE-CODE"), Component::Code);
        assert_eq!(component_of_file("LICENSE-MODEL"), Component::Weights);
        assert_eq!(component_of_file("data/LICENSE"), Component::Data);
        assert_eq!(component_of_file("vendor/x/LICENSE"), Component::ThirdParty);
    }
}
