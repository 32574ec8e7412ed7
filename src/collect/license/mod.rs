//! Licenses: every place that names one, every text, and every sentence that adds a restriction.

mod described;
mod spoken;

use std::sync::LazyLock;

use regex::Regex;

use self::spoken::{badge, bound_to, component_of, license_at, spoken};
use crate::collect::{CardDoc, Declaration, Release, inside, matches, pattern, term};
use crate::digest::Kind;
use crate::evidence::{
    ArtifactKind, ClaimSource, Component, Evidence, FileFact, Format, GapKind, LicenseClaim, Place, TextForm,
    TextMatch, Topic, excerpt_of,
};
use crate::lists::licenses::Restriction;
use crate::lists::terms::Voice;
use crate::lists::{judgement, licenses, sentences, terms, texts, words};
use crate::parse::markdown::{Block, BlockKind, Cell};
use crate::parse::yaml::{Node, Value};

/// Characters of a license name that are looked at.
const LONGEST_NAME: usize = 400;

/// Finds all that says under which terms the release stands.
pub(super) fn collect(release: &mut Release<'_>, out: &mut Evidence) {
    if let Some(card) = &release.card {
        front_matter(card, out);
        card_text(release, card, out);
        gate(card, out);
    }
    manifest(release, out);
    described::described(release, out);
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
fn card_text(release: &Release<'_>, card: &CardDoc, out: &mut Evidence) {
    let own = own_words(release);
    for block in card.doc.blocks.iter().filter(|b| b.kind != BlockKind::Code) {
        for link in block.links.iter().filter(|l| l.image) {
            if let Some(name) = badge(&link.url) {
                out.licenses.push(named(Component::Weights, ClaimSource::Badge, &name, card.place(link.line)));
            }
        }
        for (line, sentence) in sentences::sentences(&block.text) {
            if let Some((name, component, added)) = bound_to(&sentence, block, &own) {
                let place = card.place(line_of(card, block, line, &name));
                match added {
                    Some(kind) => out.terms.push(term("terms-of-another-license", kind, true, place)),
                    None => out.licenses.push(named(component, ClaimSource::CardText, &name, place)),
                }
            }
            for said in spoken(&sentence, block, &own) {
                let place = card.place(line_of(card, block, line, &said.name));
                out.licenses.push(named(said.component, ClaimSource::CardText, &said.name, place));
            }
        }
    }
    for (part, name, line) in by_component(card) {
        out.licenses.push(named(part, ClaimSource::CardText, &name, card.place(line)));
    }
    for hit in terms::scan(&card.body(), Voice::Prose) {
        let place = card.place(hit.line + card.body_offset);
        push_term(out, &hit, Place { excerpt: Some(excerpt_of(&hit.sentence)), ..place });
    }
}

/// Tables that give each part of the release its license: "Weights | CC BY-NC 4.0".
fn by_component(card: &CardDoc) -> Vec<(Component, String, usize)> {
    static PART: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"^\W*(the )?((model|training|inference|source) )?(weights|model|models|checkpoints?|code|scripts?|software|data|data ?sets?|corpus|poids|modèle)\b",
        )
    });
    let mut out = Vec::new();
    for table in &card.doc.tables {
        let of = |cell: &Cell| cell.text.to_lowercase().contains("licen");
        let Some(column) = table.head.iter().position(of) else { continue };
        for (line, row) in &table.rows {
            let (Some(part), Some(cell)) = (row.first(), row.get(column)) else { continue };
            if let Some(name) = license_at(&cell.text).filter(|_| matches(&PART, &part.text)) {
                out.push((component_of(&part.text, &Block::default(), &[]), name, *line));
            }
        }
    }
    out
}

/// The words of the release's names on the hub, where it has them: a directory may be called anything.
fn own_words(release: &Release<'_>) -> Vec<String> {
    let Some(hub) = &release.hub else { return vec![] };
    let title = release.card.as_ref().and_then(|c| c.doc.title.clone()).unwrap_or_default();
    words(&hub.id).chain(words(&title)).filter(|w| w.len() >= 2).collect()
}

/// The line of the card on which a name of a block stands.
fn line_of(card: &CardDoc, block: &Block, line: usize, name: &str) -> usize {
    let from = block.line + line - 1;
    let first = name.split_whitespace().next().unwrap_or(name);
    let found = card.text.lines().enumerate().skip(from - 1).take(12).find(|(_, l)| l.contains(first));
    found.map_or(from, |(i, _)| i + 1)
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
    let mut hits: Vec<(terms::Hit, usize)> = Vec::new();
    for node in keys.iter().flat_map(|k| card.nodes(k)) {
        out.gate.push(card.place(node.line + card.front_offset));
        for (text, line) in demands(node) {
            for hit in terms::scan(text, Voice::Terms) {
                let line = line_of_words(card, node.line + card.front_offset, &hit.sentence)
                    .unwrap_or(line + card.front_offset);
                hits.push((hit, line));
            }
        }
    }
    // A policy that is shown and terms that are to be accepted, in one gate: the policy is to be accepted.
    let shown = |h: &terms::Hit| h.phrase.kind == Restriction::AcceptableUse;
    let accepted =
        hits.iter().any(|(h, _)| h.phrase.kind == Restriction::Permission && h.phrase.id.starts_with("accept"));
    for (hit, line) in hits {
        let place = Place { excerpt: Some(excerpt_of(&hit.sentence)), ..card.place(line) };
        let certain = hit.phrase.certain || (accepted && shown(&hit));
        out.terms.push(term(&hit.phrase.id, hit.phrase.kind, certain, place));
    }
    if let Some(node) =
        card.key("extra_gated_eu_disallowed").filter(|n| n.text().is_some_and(|t| t.eq_ignore_ascii_case("true")))
    {
        let place = card.place(node.line + card.front_offset);
        out.terms.push(term("gate-eu-disallowed", Restriction::Geography, true, place));
    }
}

/// What a gate says: its texts and the names of its fields. An answer that a form offers is no demand.
fn demands(node: &Node) -> Vec<(&str, usize)> {
    let mut out = Vec::new();
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        match &node.value {
            Value::Map(pairs) => {
                for (key, value) in pairs {
                    out.push((key.as_str(), value.line));
                    if key != "options" {
                        open.push(value);
                    }
                }
            }
            _ => {
                out.extend(node.text().map(|text| (text, node.line)));
                if let Value::Seq(items) = &node.value {
                    open.extend(items);
                }
            }
        }
    }
    out.sort_by_key(|(_, line)| *line);
    out
}

/// The line of the card, from one on, on which the first words of a sentence stand: keys and folded texts keep no lines.
fn line_of_words(card: &CardDoc, from: usize, sentence: &str) -> Option<usize> {
    /// Lines that are looked at.
    const MOST: usize = 600;
    let first: Vec<&str> = sentence.split_whitespace().take(3).collect();
    let first = first.join(" ");
    let lines = card.text.lines().enumerate().skip(from.saturating_sub(1)).take(MOST);
    lines.into_iter().find(|(_, l)| l.contains(&first)).map(|(i, _)| i + 1)
}

fn push_term(out: &mut Evidence, hit: &terms::Hit, place: Place) {
    out.terms.push(term(&hit.phrase.id, hit.phrase.kind, hit.phrase.certain, place));
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
        let Some(text) = release.text(&path, Topic::License) else {
            // The bytes are behind a gate; what a published digest says of them is known all the same.
            if let Some(id) = release.file(&path).and_then(by_digest) {
                out.licenses.push(LicenseClaim {
                    component: component_of_file(&path),
                    source: ClaimSource::LicenseText,
                    written: path.clone(),
                    expression: Some(id.to_owned()),
                    text: Some(TextMatch { form: TextForm::Exact, confidence: 1.0, residue: None }),
                    place: Place::file(&path),
                });
            }
            continue;
        };
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
    let own = own_words(release);
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
            let said = spoken(&sentence, &Block::default(), &own).into_iter();
            for said in said.filter(|s| about_weights && s.component == Component::Weights) {
                let place = Place::line(&path, line, &sentence);
                out.licenses.push(named(Component::Weights, ClaimSource::CardText, &said.name, place));
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

/// The license of a file that cannot be read, by the git object id that its host publishes.
fn by_digest(file: &FileFact) -> Option<&'static str> {
    let ids = file.expected.iter().filter(|e| e.checksum.kind == Kind::GitSha1);
    ids.into_iter().find_map(|e| texts::by_blob(&e.checksum.hex))
}

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

    #[test]
    fn files_are_for_a_part() {
        assert_eq!(component_of_file("LICENSE"), Component::Weights);
        assert_eq!(component_of_file("LICENSE-CODE"), Component::Code);
        assert_eq!(component_of_file("LICENSE-MODEL"), Component::Weights);
        assert_eq!(component_of_file("data/LICENSE"), Component::Data);
        assert_eq!(component_of_file("vendor/x/LICENSE"), Component::ThirdParty);
    }
}
