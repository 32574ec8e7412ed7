//! Datasets that the card's text names: tables, lists, links and sentences of the sections that speak of training data.

use std::sync::LazyLock;

use regex::Regex;

use super::{Draft, is_data_section, put, speaks_of_training, stage_of};
use crate::collect::{CardDoc, Release, around, hub_path, inside, is_hub_id, matches, pattern, spans_trained_on};
use crate::evidence::{ArtifactKind, NamedIn, Place};
use crate::lists::sentences::sentences;
use crate::lists::words;
use crate::parse::configuration::parameter;
use crate::parse::markdown::{Block, BlockKind, Cell, Link};
use crate::parse::names::{hub_dataset, proper_name, spellings};

pub(super) fn from_card(release: &Release<'_>, card: &CardDoc, drafts: &mut Vec<Draft>) {
    for table in &card.doc.tables {
        let head: Vec<String> = table.head.iter().map(|c| c.text.trim().to_lowercase()).collect();
        let column = head.iter().position(|h| {
            ["dataset", "data set", "corpus", "subset", "jeu de données", "source"].iter().any(|w| h.contains(w))
        });
        let Some(column) = column.filter(|_| is_data_section(&table.section)) else { continue };
        for (line, row) in &table.rows {
            if let Some(cell) = row.get(column) {
                let before = drafts.len();
                row_sets(cell, &card.place(*line), drafts);
                let words: Vec<&str> = row.iter().map(|c| c.text.as_str()).collect();
                staged(drafts, before, &words.join(" "), &table.section);
            }
        }
    }
    keyed_rows(card, drafts);
    let prose = || card.doc.blocks.iter().filter(|b| b.kind != BlockKind::Code && b.kind != BlockKind::Heading);
    for block in prose() {
        let in_section = is_data_section(&block.section);
        let trains = in_section || speaks_of_training(&block.text);
        for link in block.links.iter().filter(|l| !l.image && trains) {
            if let Some((name, target)) = dataset_link(link) {
                let at = put(drafts, &name, Some(target), card.place(link.line), NamedIn::CardText);
                if let Some(draft) = drafts.get_mut(at) {
                    // Names of sets hold words of stages ("evol-dpo"): they are left out.
                    let names = block.links.iter().map(|l| l.text.as_str());
                    let said = names.fold(around(block, link), |said, name| said.replace(name, " "));
                    let above = || block.section.iter().skip(1).rev().find_map(|s| stage_of(s));
                    draft.set.stage = draft.set.stage.or_else(|| stage_of(&said)).or_else(above);
                }
            }
        }
        if !in_section && trains {
            for (id, line) in spans_trained_on(block) {
                put(drafts, &id, Some(format!("hub:{id}")), card.place(line), NamedIn::CardText);
            }
        }
        if in_section {
            let before = drafts.len();
            item_sets(release, card, block, drafts);
            staged(drafts, before, &block.text, &block.section);
        }
    }
    sources_of_sets(card, drafts);
    // Names in running text are the weakest word: they count where nothing better names a set.
    if drafts.is_empty() {
        for block in prose() {
            for (line, sentence) in sentences(&block.text) {
                for name in named_in_prose(&sentence, is_data_section(&block.section)) {
                    put(drafts, &name, None, card.place(block.line + line - 1), NamedIn::CardText);
                }
            }
        }
    }
}

/// Gives the sets that were just added the stage that the words around them or the headings above speak of.
fn staged(drafts: &mut [Draft], before: usize, words: &str, section: &[String]) {
    let stage = stage_of(words).or_else(|| section.iter().skip(1).rev().find_map(|s| stage_of(s)));
    for draft in drafts.iter_mut().skip(before) {
        draft.set.stage = draft.set.stage.or(stage);
    }
}

/// Sets that a sentence on training names by words alone: "the Foo corpus", "(called Foo)", a list of three names or more.
fn named_in_prose(sentence: &str, in_section: bool) -> Vec<String> {
    static BESIDE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"(?-i)\b((?:[A-Z][\w.+-]*[ -]){0,3}[A-Z][\w.+-]*) (?i:data ?sets?|corpus|corpora|text collection)\b|(?i:data ?set|corpus)s? \(?(?i:called|named|known as|dubbed|appelé|nommé) \W{0,2}([A-Z][\w.+-]*)",
        )
    });
    static LIST: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"\b(?:trained|tuned|training|sets|entraîné\w*|appris\w*|consists?|composed) (?:[\w-]+ ){0,5}?(?:on|of|sur)\b(?: the)? (?P<list>[^:;()]+)",
        )
    });
    if !(speaks_of_training(sentence) || in_section) {
        return vec![];
    }
    let mut out = Vec::new();
    for found in BESIDE.iter().flat_map(|p| p.captures_iter(sentence)) {
        let name = found.get(1).or_else(|| found.get(2)).map_or("", |m| m.as_str());
        // "English Corpus" and "The dataset" name a kind.
        if !is_common(name) {
            out.push(name.to_owned());
        }
    }
    let list = LIST.as_ref().and_then(|p| p.captures(sentence)).and_then(|c| c.name("list"));
    let parts =
        list.map_or("", |l| l.as_str()).split(", ").flat_map(|p| p.split(" and ")).flat_map(|p| p.split(" et "));
    let names: Vec<&str> = parts
        .map(|p| p.trim().trim_start_matches("and ").trim_end_matches(['.', ',']))
        .filter(|p| !p.is_empty())
        .collect();
    let is_name = |n: &&str| n.split_whitespace().count() <= 4 && n.starts_with(char::is_uppercase) && !is_common(n);
    if names.len() >= 3 && names.iter().filter(|n| is_name(n)).count() * 4 >= names.len() * 3 {
        out.extend(names.into_iter().filter(|n| is_name(n)).map(str::to_owned));
    } else if !matches(&MACHINES, sentence) {
        // "OASST2" and "Bactrian-X" are written as only names are.
        out.extend(names.into_iter().filter(|n| is_name(n)).filter_map(proper_name));
    }
    out
}

/// Words of machines: what a model was trained on may be one.
static MACHINES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"\b(supercomputers?|clusters?|gpus?|tpus?|nodes?|accelerators?|hardware|cloud|calculateur)\b|\b[AHV]100\b")
});

/// Whether words that start with a capital are no name of a set: languages, machines, makers, tools, words that open a
/// sentence.
fn is_common(name: &str) -> bool {
    static COMMON: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"^(the|this|these|our|an?|its|all|each|pretraining|pre-training|training|fine-?tuning|instruction|large|full|final|public|open|le|la|les|ce|un|une|web|english|french|german|spanish|italian|portuguese|dutch|polish|russian|chinese|japanese|korean|arabic|hindi|turkish|swedish|norwegian|danish|finnish|greek|czech|hungarian|romanian|ukrainian|catalan|basque|galician|european|multilingual|indic|vietnamese|thai|indonesian|hebrew|persian|latin|python|java\w*|rust|c\+\+|go|tpus?|gpus?|nvidia|amd|intel|google|aws|azure|slurm|pytorch|tensorflow|jax|deepspeed|megatron\w*|nemo|adamw?|sgd|bf16|fp16|[ahvb]\d{2,3}0?s?|mi\d+x?|section|table|figure|appendix)\b.*$|\b(gpus?|tpus?|cores?|nodes?|accelerators?|supercomputer|cluster|cloud|tokens)\b",
        )
    });
    name.len() < 2 || COMMON.as_ref().is_some_and(|p| p.is_match(name))
}

/// Rows such as "Training data | [set](…)": the first cell says what the others are.
fn keyed_rows(card: &CardDoc, drafts: &mut Vec<Draft>) {
    static KEY: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"^\W*((pre-?|fine-?)?(training|tuning) )?(data|data ?sets?|corpus|corpora|données( d.entraînement)?)\W*$",
        )
    });
    for (line, row) in card.doc.tables.iter().flat_map(|t| &t.rows) {
        let Some((key, values)) = row.split_first().filter(|(key, _)| matches(&KEY, &key.text)) else { continue };
        for link in values.iter().flat_map(|v| &v.links).filter(|l| !l.image) {
            if let Some((name, target)) = dataset_link(link) {
                let at = put(drafts, &name, Some(target), card.place(*line), NamedIn::CardText);
                if let Some(draft) = drafts.get_mut(at) {
                    draft.set.stage = draft.set.stage.or_else(|| stage_of(&key.text));
                }
            }
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
        } else if let Some(name) = lone_name(block) {
            put(drafts, &name, None, card.place(block.line), NamedIn::CardText);
        } else if block.links.is_empty() && block.spans.is_empty() {
            for name in sources(&block.text) {
                put(drafts, name, None, card.place(block.line), NamedIn::CardText);
            }
        }
    }
}

/// The one word with a capital that an item of a list of training data starts with, before a note: "Zyda (a source)". Words
/// for kinds of text are no names.
fn lone_name(block: &Block) -> Option<String> {
    const KINDS: &str = "web books code news math maths mathematics wiki wikis conversations dialogue dialogues dialogs \
        translation translations instructions instruction papers patents forums subtitles encyclopedia encyclopedias \
        encyclopaedias dictionaries synthetic scientific science legal law medical finance financial government literature \
        poetry speech audio images captions questions reviews blogs social licensed proprietary internal public various other \
        others miscellaneous texts documents articles crawl crawls parallel monolingual multilingual curated filtered \
        academic educational education textbooks stories websites transcripts reasoning safety chat general data dataset \
        datasets corpus total about around approximately none unknown undisclosed training pretraining livres articles \
        presse journaux divers autres";
    if !block.links.is_empty() || !block.spans.is_empty() {
        return None;
    }
    let (name, rest) =
        block.text.trim().split_at(block.text.trim().find([' ', '(', ':', ',']).unwrap_or(block.text.trim().len()));
    let rest = rest.trim_start();
    let noted = rest.is_empty() || rest.starts_with('(');
    let low = name.to_lowercase();
    let is_name = name.len() >= 4 && name.starts_with(char::is_uppercase) && name.chars().all(char::is_alphanumeric);
    (noted
        && is_name
        && parameter(&low).is_none()
        && !KINDS.split_ascii_whitespace().any(|k| k == low)
        && !is_common(name))
    .then(|| name.to_owned())
}

/// Marks the sets that a published set was made from: "A was prepared from B", "- B (a source of A)". They need not be had
/// themselves where the set made from them is named.
fn sources_of_sets(card: &CardDoc, drafts: &mut [Draft]) {
    static FROM: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"\b(prepared|derived|built|compiled|filtered|extracted|sampled|processed|tokenized|produced|tirée?s?|extraite?s?) (from|à partir d|de)\b|\((the |its )?sources?\b|\bsources? (of|for) the\b",
        )
    });
    let mut marked: Vec<(usize, Place)> = Vec::new();
    for block in card.doc.blocks.iter().filter(|b| b.kind != BlockKind::Code && b.kind != BlockKind::Heading) {
        for (line, sentence) in sentences(&block.text) {
            let Some(found) = FROM.as_ref().and_then(|p| p.find(&sentence)) else { continue };
            let note = found.as_str().contains('(') || found.as_str().contains("source");
            // Before a note stands the source itself; after the verb stand the sources.
            let part = if note { sentence.get(..found.start()) } else { sentence.get(found.end()..) };
            let text = format!("-{}-", words(part.unwrap_or_default()).collect::<Vec<_>>().join("-"));
            let named = |d: &Draft| d.names.iter().any(|n| n.len() >= 3 && text.contains(&format!("-{n}-")));
            let place = card.place(block.line + line - 1);
            marked.extend(drafts.iter().enumerate().filter(|(_, d)| named(d)).map(|(i, _)| (i, place.clone())));
        }
    }
    for (index, place) in marked {
        if let Some(draft) = drafts.get_mut(index) {
            draft.set.source_of.get_or_insert(place);
        }
    }
}

/// Sources that everybody knows by name, in an item that names nothing else: named, and not with a reference.
fn sources(text: &str) -> impl Iterator<Item = &str> {
    static KNOWN: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"\b(Common ?Crawl|Wikipedia|Wikidata|Wikisource|ArXiv|Stack ?Exchange|Stack Overflow|PubMed|Project Gutenberg|OpenSubtitles|Europarl|EUR-Lex|BookCorpus|Reddit|GitHub|Gallica|Légifrance|Semantic Scholar|HackerNews)\b",
        )
    });
    KNOWN.as_ref().into_iter().flat_map(move |known| known.find_iter(text).map(|m| m.as_str()))
}

/// The dataset that a link leads to, by its host.
fn dataset_link(link: &Link) -> Option<(String, String)> {
    if let Some((id, _)) = hub_dataset(&link.url) {
        let target = format!("hub:{id}");
        return Some((id, target));
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
