//! What the card says of the training: links to code, parameters in tables, lists and sentences, hardware, steps, reports.

use std::sync::LazyLock;

use regex::Regex;

use super::{note, pair};
use crate::collect::{CardDoc, around, matches, pattern};
use crate::evidence::{HardwareFact, Parameter, Place, Recipe};
use crate::parse::configuration::{flat, parameter};
use crate::parse::markdown::{Block, BlockKind, Link, Table};

/// Whether a link to a code host may be to training code: the words around it or the heading above say so, or only that it
/// is the repository.
pub(super) fn is_training_link(block: &Block, link: &Link) -> bool {
    static REPOSITORY: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"\brepositor(y|ies)\W|\b((pre|post)-?)?(train|fine-?tun)\w*\b[^.]*\b(frameworks?|library|using|with)\b",
        )
    });
    static OTHER: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(r"\b(inference|evaluat\w*|harness|benchmark|demo|quanti[sz]|filter\w*|dedup\w*|preprocess\w*)\b")
    });
    let text = around(block, link);
    let heading =
        block.section.last().is_some_and(|s| s.contains("train") || s.contains("code") || s.contains("reproduc"));
    is_said_to_train(block, link) || ((matches(&REPOSITORY, &text) || heading) && !matches(&OTHER, &text))
}

/// Whether the words around a link say that it leads to what trains the model. Code that measures what was trained does not.
pub(super) fn is_said_to_train(block: &Block, link: &Link) -> bool {
    static TRAINS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"\b((pre|post|re)-?)?(training|train|fine-?tun(e|ing)|apprentissage|entraînement|SFT|DPO|RLHF|GRPO|PPO)\b[^.]*\b(codes?|scripts?|repositor\w*|repo|recipes?|codebase|sources?|launch)\b|\b(codes?|scripts?|repositor\w*|repo|recipes?|codebase|sources?)\b[^.]*\b((pre|post|re)-?)?(training|train|trained|pre-?trained|fine-?tun\w*|reproduc\w*|apprentissage|entraînement|SFT|DPO|RLHF)\b|\btrained (with|using|by) (the |our |a )?\W*$",
        )
    });
    static OTHER: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"\b(evaluat\w*|harness|benchmark|demo|quanti[sz]\w*|inference|filter\w*|dedup\w*|preprocess\w*|processing|curat\w*)( \w+)? (codes?|scripts?|repositor\w*|repo|tools?|pipeline|harness)\b",
        )
    });
    // "Training and inference code" is both.
    static BOTH: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"\b(training|fine-?tuning)((,| and| or|/| &) ?[\w-]+){1,4} (codes?|scripts?|recipes?)\b|(,| and|/| &) ?(pre-?|fine-?)?(training|tuning) (codes?|scripts?|recipes?)\b",
        )
    });
    static CODE: LazyLock<Option<Regex>> =
        LazyLock::new(|| pattern(r"\b(codes?|scripts?|repo|repositor\w*|codebase|recipes?)\b"));
    let text = around(block, link);
    let trains = |s: &str| s.contains("train") || s.contains("apprentissage") || s.contains("entraîn");
    // A paragraph may open with a heading of its own: "**Training.** Code: …".
    let label = block.text.split(['.', ':']).next().unwrap_or_default().to_lowercase();
    let heading = block.section.last().is_some_and(|s| trains(s)) || (label.len() < 30 && trains(&label));
    let trains = matches(&TRAINS, &text) || (heading && matches(&CODE, &text));
    trains && (matches(&BOTH, &text) || !matches(&OTHER, &text))
}

/// Whether the headings above speak of training.
fn is_training_section(section: &[String]) -> bool {
    section.iter().rev().take(3).any(|s| {
        ["train", "hyper", "fine-tun", "finetun", "procedure", "entraînement", "apprentissage", "optimi"]
            .iter()
            .any(|w| s.contains(w))
    }) && !section.last().is_some_and(|s| s.contains("inference") || s.contains("usage"))
}

pub(super) fn from_card(card: &CardDoc, recipe: &mut Recipe) {
    for table in &card.doc.tables {
        let head = table.head.iter().map(|c| c.text.to_lowercase()).collect::<Vec<_>>().join(" ");
        let is_parameters = is_training_section(&table.section) || head.contains("param") || head.contains("setting");
        if !is_parameters || head.contains("dataset") {
            continue;
        }
        for (line, row) in &table.rows {
            if let (Some(key), Some(value)) = (row.first(), row.get(1)) {
                pair(recipe, &key.text, &value.text, &card.place(*line));
            }
        }
        // Parameters across the head, one model a row.
        let across = head_parameters(table);
        if across.len() >= 3
            && let Some((line, row)) = table.rows.first()
        {
            for (column, name) in across {
                if let Some(value) = row.get(column) {
                    pair(recipe, name, &value.text, &card.place(*line));
                }
            }
        }
        if let [first, second, ..] = table.head.as_slice() {
            pair(recipe, &first.text, &second.text, &card.place(table.rows.first().map_or(1, |(l, _)| *l)));
        }
    }
    let mut announced = false;
    for block in &card.doc.blocks {
        announced = announces_settings(block) || (announced && matches!(block.kind, BlockKind::Item { .. }));
        match block.kind {
            BlockKind::Code => {
                commands(card, block, recipe);
                settings(card, block, announced, recipe);
            }
            BlockKind::Heading => {}
            _ => prose(card, block, announced, recipe),
        }
    }
    if card.key("co2_eq_emissions").is_some() {
        for (_, place) in card.values("co2_eq_emissions").into_iter().take(1) {
            recipe.hardware.entry(HardwareFact::Energy).or_insert(place);
        }
        let line = card.key("co2_eq_emissions").map_or(1, |n| n.line) + card.front_offset;
        recipe.hardware.entry(HardwareFact::Energy).or_insert_with(|| card.place(line));
    }
    if let Some(node) = card.key("model-index") {
        recipe.evaluation_results.push(card.place(node.line + card.front_offset));
    }
    for (tag, place) in card.values("tags") {
        if tag.starts_with("arxiv:") {
            recipe.reports.push(Place {
                url: Some(format!("https://arxiv.org/abs/{}", tag.trim_start_matches("arxiv:"))),
                ..place
            });
        }
    }
}

/// The columns of a table whose heads name parameters.
fn head_parameters(table: &Table) -> Vec<(usize, &str)> {
    let named = table.head.iter().enumerate().filter(|(_, cell)| parameter(&cell.text.to_lowercase()).is_some());
    named.map(|(column, cell)| (column, cell.text.as_str())).collect()
}

/// Whether a paragraph announces the settings of the training, which follow as a list.
fn announces_settings(block: &Block) -> bool {
    static SETTINGS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"\bhyper-?param\w*\b.*:\s*$|\b(training|fine-?tuning) (settings|configuration|parameters|arguments)\b.*:\s*$|\bhyper-?paramètres\b.*:\s*$",
        )
    });
    block.kind == BlockKind::Paragraph && matches(&SETTINGS, &block.text)
}

/// The key and value of an item such as "**Batch size:** 224" or "lr = 5e-4".
fn key_value(text: &str) -> Option<(&str, &str)> {
    const LONGEST_KEY: usize = 40;
    let at = text.find([':', '='])?;
    let (key, value) = text.split_at(at);
    let value = value.trim_start_matches([':', '=', '*', ' ']);
    (key.len() <= LONGEST_KEY && !value.is_empty()).then(|| (key.trim_matches(['*', ' ', '`']), value))
}

/// Sentences that state a parameter with its value, hardware, a seed, a report.
fn prose(card: &CardDoc, block: &Block, announced: bool, recipe: &mut Recipe) {
    static SAID: LazyLock<Vec<(Parameter, Option<Regex>)>> = LazyLock::new(|| {
        [
            (Parameter::Optimizer, r"\b(adam\w?|adamw|sgd|lion|adafactor|muon|shampoo|lamb|rmsprop)\b"),
            (Parameter::LearningRate, r"(learning[ _-]?rate|\blr\b)[^.;]{0,40}\d|\d[\d.e-]*\W{0,3}(learning[ _-]?rate|\blr\b)|\d+e-\d+"),
            (Parameter::Schedule, r"warm[ -]?up|cosine (decay|schedule|annealing|learning|lr|scheduler)|linear (decay|schedule)|constant (learning|schedule)|lr_scheduler"),
            (Parameter::Batch, r"batch[ _-]?size[^.;]{0,30}\d"),
            (Parameter::SequenceLength, r"(sequence|context)[ _-]?(length|window|size)[^.;]{0,40}\d"),
            (Parameter::Duration, r"\d[\d,.]*\s?[kmbt]?\s(steps|epochs?|iterations|tokens|updates|billion tokens|trillion tokens)|(steps|epochs?|iterations)\W{1,3}\d"),
            (Parameter::Precision, r"\b(bf16|fp16|fp32|float32|float64|bfloat16|half[ -]precision|mixed[ -]precision|double precision)\b"),
            (Parameter::Parallelism, r"\b(data|tensor|pipeline|model) parallel|\bfsdp\b|\bdeepspeed\b|\bsingle process\b|\bzero-?[123]\b"),
        ]
        .into_iter()
        .map(|(p, text)| (p, pattern(text)))
        .collect()
    });
    static SEED: LazyLock<Option<Regex>> =
        LazyLock::new(|| pattern(r"\b(random )?seeds?\b\W*(is|are|of|was|=|:)?\W*\d+|\bgraine\b[^.]{0,12}\d+"));
    static ORDER: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"\b(data (order|ordering|loader state)|order of the (data|examples|documents|batches)|read in (file )?order|shuffl\w+ (with|by|once|using)|same order)\b",
        )
    });
    static HARDWARE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"\b(a100s?|a10g?|a40|a6000|h100s?|h200s?|h800s?|gh200|b200s?|v100s?|p100s?|t4s?|l4s?|l40s?|mi\d{3}x?s?|tpus?|gpus?|rtx ?\d{4}|gaudi ?\d?|trainium|xeon|epyc|cpus?)\b",
        )
    });
    static HOURS: LazyLock<Option<Regex>> =
        LazyLock::new(|| pattern(r"\d[\d,.]*\s?(gpu[- ]?)?(hours|days|weeks|minutes|seconds|h)\b"));
    static ENERGY: LazyLock<Option<Regex>> =
        LazyLock::new(|| pattern(r"\d[\d,.]*\s?(k|m|g)wh\b|\d[\d,.]*\s?(kg|t|tons?|tonnes|g) ?(of )?co2"));
    let in_training = announced || is_training_section(&block.section);
    let trains = in_training
        || block.section.iter().any(|s| {
            ["environment", "hardware", "compute", "speed", "infrastructure", "reproduc"].iter().any(|w| s.contains(w))
        });
    let at = |needle: &str| {
        let lines = card.text.lines().enumerate().skip(block.line - 1).take(40);
        let found = lines.into_iter().find(|(_, l)| l.contains(needle)).map_or(block.line, |(i, _)| i + 1);
        card.place(found)
    };
    let word = |p: &LazyLock<Option<Regex>>| {
        p.as_ref().and_then(|p| p.find(&block.text)).map(|m| m.as_str().lines().next().unwrap_or_default().to_owned())
    };
    if in_training {
        if let (BlockKind::Item { .. }, Some((key, value))) = (block.kind, key_value(&block.text)) {
            pair(recipe, key, value, &at(key.split_whitespace().next().unwrap_or_default()));
        }
        for (parameter, pattern) in SAID.iter() {
            if let Some(found) = pattern.as_ref().and_then(|p| p.find(&block.text)) {
                note(recipe, *parameter, &at(found.as_str().lines().next().unwrap_or_default()));
            }
        }
        if let (Some(seed), None) = (word(&SEED), &recipe.seeds) {
            recipe.seeds = Some(at(&seed));
        }
        if let (Some(order), None) = (word(&ORDER), &recipe.data_order) {
            recipe.data_order = Some(at(&order));
        }
    }
    if trains {
        for (fact, pattern) in
            [(HardwareFact::Hardware, &HARDWARE), (HardwareFact::Duration, &HOURS), (HardwareFact::Energy, &ENERGY)]
        {
            if let Some(found) = word(pattern) {
                recipe.hardware.entry(fact).or_insert_with(|| at(&found));
            }
        }
    }
    links(card, block, recipe);
    if let BlockKind::Item { numbered: true } = block.kind
        && block.section.last().is_some_and(|s| s.contains("reproduc"))
        && !block.spans.is_empty()
    {
        let (count, place) = recipe.steps.take().unwrap_or_else(|| (0, card.place(block.line)));
        recipe.steps = Some((count + 1, place));
    }
}

/// Links to papers and to logs.
fn links(card: &CardDoc, block: &Block, recipe: &mut Recipe) {
    let section = block.section.last().map(String::as_str).unwrap_or_default();
    for link in block.links.iter().filter(|l| !l.image) {
        let low = link.text.to_lowercase();
        let named = ["paper", "report", "article", "preprint"].iter().any(|w| low.contains(w) || section.contains(w))
            || section.contains("citation")
            || section.contains("source");
        let hosted = ["arxiv.org/", "huggingface.co/papers/", "openreview.net/", "aclanthology.org/", "hal.science/"]
            .iter()
            .any(|h| link.url.contains(h));
        let place = || Place { url: Some(link.url.clone()), ..card.place(link.line) };
        if named && (hosted || link.url.ends_with(".pdf")) {
            recipe.reports.push(place());
        }
        if link.url.contains("wandb.ai/") || link.url.contains("tensorboard.dev/") || link.url.contains("comet.com/") {
            recipe.logs.push(place());
        }
    }
}

/// Settings of the training written down as a block of YAML, JSON or TOML.
fn settings(card: &CardDoc, block: &Block, announced: bool, recipe: &mut Recipe) {
    /// Keys that make a block one of settings, and not of something else.
    const FEWEST: usize = 3;
    if !(announced || is_training_section(&block.section)) {
        return;
    }
    let path = if block.text.contains(" = ") && !block.text.contains(": ") { "settings.toml" } else { "settings.yaml" };
    let pairs = flat(path, &block.text);
    if pairs.iter().filter(|(key, ..)| parameter(&key.to_lowercase()).is_some()).count() >= FEWEST {
        for (key, value, line) in pairs {
            pair(recipe, &key, &value, &card.place(block.line + line));
        }
    }
}

/// Commands in a section on how to reproduce.
fn commands(card: &CardDoc, block: &Block, recipe: &mut Recipe) {
    let section = block.section.last().map(String::as_str).unwrap_or_default();
    let about =
        ["reproduc", "how to train", "retrain", "train it again", "reproduire"].iter().any(|w| section.contains(w));
    let unwritten =
        |l: &str| matches!(l.trim_matches(['.', ':', '<', '>', '[', ']']).to_lowercase().as_str(), "todo" | "tbd" | "");
    let count = block.text.lines().map(str::trim).filter(|l| !unwritten(l) && !l.starts_with('#')).count();
    if about && count > 0 && recipe.steps.is_none() {
        recipe.steps = Some((count, card.place(block.line)));
    }
}
