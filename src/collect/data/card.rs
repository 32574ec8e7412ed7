//! Datasets that the card's text names: tables, lists, links and sentences of the sections that speak of training data.

use std::sync::LazyLock;

use regex::Regex;

use super::{Draft, is_data_section, put, speaks_of_training};
use crate::collect::{CardDoc, Release, hub_path, inside, is_hub_id, pattern};
use crate::evidence::{ArtifactKind, NamedIn, Place};
use crate::parse::markdown::{Block, BlockKind, Cell, Link};
use crate::parse::names::{proper_name, spellings};

pub(super) fn from_card(release: &Release<'_>, card: &CardDoc, drafts: &mut Vec<Draft>) {
    for table in &card.doc.tables {
        let head: Vec<String> = table.head.iter().map(|c| c.text.trim().to_lowercase()).collect();
        let column = head.iter().position(|h| {
            ["dataset", "data set", "corpus", "subset", "jeu de données", "source"].iter().any(|w| h.contains(w))
        });
        let Some(column) = column.filter(|_| is_data_section(&table.section)) else { continue };
        for (line, row) in &table.rows {
            if let Some(cell) = row.get(column) {
                row_sets(cell, &card.place(*line), drafts);
            }
        }
    }
    for block in card.doc.blocks.iter().filter(|b| b.kind != BlockKind::Code && b.kind != BlockKind::Heading) {
        let in_section = is_data_section(&block.section);
        let trains = in_section || speaks_of_training(&block.text);
        for link in block.links.iter().filter(|l| !l.image && trains) {
            if let Some((name, target)) = dataset_link(link) {
                put(drafts, &name, Some(target), card.place(link.line), NamedIn::CardText);
            }
        }
        if in_section {
            item_sets(release, card, block, drafts);
        }
    }
}

/// The sets of a table's cell: one a link, else the cell's words.
fn row_sets(cell: &Cell, place: &Place, drafts: &mut Vec<Draft>) {
    let text = cell.text.trim();
    let total = ["total", "sum", "all", ""].contains(&text.to_lowercase().trim_matches('*'));
    if total || !text.chars().any(char::is_alphabetic) {
        return;
    }
    let links: Vec<&Link> = cell.links.iter().filter(|l| !l.image && !l.text.trim().is_empty()).collect();
    if links.is_empty() {
        let target = is_hub_id(text.trim_matches('`')).then(|| format!("hub:{}", text.trim_matches('`')));
        put(drafts, text.trim_matches('`'), target, place.clone(), NamedIn::CardText);
    }
    // "AllNLI ([SNLI](…) and [MultiNLI](…))" is one name for two sets.
    let over = if links.len() > 1 { spellings(text) } else { vec![] };
    for link in links {
        let target = dataset_link(link).map_or_else(|| link.url.clone(), |(_, target)| target);
        let at = put(drafts, link.text.trim(), Some(target), place.clone(), NamedIn::CardText);
        if let Some(draft) = drafts.get_mut(at) {
            draft.names.extend(over.iter().cloned());
        }
    }
}

/// Hub ids in a list or sentence of a data section, and data files of the release that it links to.
fn item_sets(release: &Release<'_>, card: &CardDoc, block: &Block, drafts: &mut Vec<Draft>) {
    for link in block.links.iter().filter(|l| !l.image) {
        let local = inside("", link.url.split('#').next().unwrap_or_default());
        if let Some(path) = local.filter(|p| {
            release.file(p).is_some_and(|f| f.kind == ArtifactKind::Data) || (!release.has(p) && p.starts_with("data/"))
        }) {
            put(drafts, &path, Some(format!("path:{path}")), card.place(link.line), NamedIn::CardText);
        }
    }
    for (span, line) in &block.spans {
        let id = span.trim();
        let is_model = block
            .links
            .iter()
            .any(|l| l.text.contains(id) && hub_path(&l.url).is_some_and(|p| !p.starts_with("datasets/")));
        let is_file = release.has(id)
            || id
                .rsplit('.')
                .next()
                .is_some_and(|e| ["py", "json", "jsonl", "txt", "yaml", "yml", "md", "sh", "toml"].contains(&e));
        if is_hub_id(id) && !is_file && !is_model {
            put(drafts, id, Some(format!("hub:{id}")), card.place(*line), NamedIn::CardText);
        }
    }
    if let BlockKind::Item { .. } = block.kind {
        let first = block
            .text
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .trim_matches(|c: char| matches!(c, ',' | ':' | ';' | '`' | '*'));
        if is_hub_id(first) && !release.has(first) {
            put(drafts, first, Some(format!("hub:{first}")), card.place(block.line), NamedIn::CardText);
        } else if let Some(name) = proper_name(&block.text).filter(|_| block.links.is_empty()) {
            put(drafts, &name, None, card.place(block.line), NamedIn::CardText);
        } else if block.links.is_empty() && block.spans.is_empty() {
            for name in sources(&block.text) {
                put(drafts, name, None, card.place(block.line), NamedIn::CardText);
            }
        }
    }
}

/// Sources that everybody knows by name, in an item that names nothing else: named, and not with a reference.
fn sources(text: &str) -> impl Iterator<Item = &str> {
    static KNOWN: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"(?-i)\b(Common ?Crawl|Wikipedia|Wikidata|Wikisource|[Aa]r[Xx]iv|Stack ?Exchange|Stack Overflow|PubMed|Project Gutenberg|OpenSubtitles|Europarl|EUR-Lex|BookCorpus|Reddit|GitHub|Gallica|Légifrance|Semantic Scholar|HackerNews)\b",
        )
    });
    KNOWN.as_ref().into_iter().flat_map(move |known| known.find_iter(text).map(|m| m.as_str()))
}

/// The dataset that a link leads to, by its host.
fn dataset_link(link: &Link) -> Option<(String, String)> {
    if let Some(id) = hub_path(&link.url).and_then(|p| p.strip_prefix("datasets/")) {
        let id: Vec<&str> =
            id.split('/').take_while(|p| !matches!(*p, "tree" | "blob" | "resolve" | "viewer")).take(2).collect();
        return Some((id.join("/"), format!("hub:{}", id.join("/"))));
    }
    let doi = ["https://doi.org/10.5281/zenodo", "https://zenodo.org/records/", "https://zenodo.org/record/"];
    let hosts = [
        "https://www.kaggle.com/datasets/",
        "https://data.gouv.fr/",
        "https://www.data.gouv.fr/",
        "https://archive.softwareheritage.org/",
    ];
    let known = doi.iter().chain(&hosts).any(|h| link.url.starts_with(h));
    known.then(|| (link.text.clone(), link.url.clone()))
}
