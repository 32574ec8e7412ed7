//! Training datasets: every place that names one, made one entry a set, and what is said of the data as a whole.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::{CardDoc, Release, hub_path, inside, is_hub_id, listed, matches, pattern};
use crate::evidence::{
    Access, ArtifactKind, CodeRef, CodeTarget, Dataset, Evidence, FileFact, FileStatus, Format, GapKind, NamedIn,
    Place, Stage, SubjectKind, Topic, excerpt_of,
};
use crate::lists::terms;
use crate::parse::markdown::{Block, BlockKind, Cell, Link};
use crate::parse::names::{alike, proper_name, spellings};

/// Entries of a data configuration that are read.
const MOST_ENTRIES: usize = 10_000;

/// A set while it is being put together.
struct Draft {
    set: Dataset,
    /// Every spelling.
    names: Vec<String>,
}

/// Finds the training data.
pub(super) fn collect(release: &mut Release<'_>, out: &mut Evidence) {
    let mut drafts: Vec<Draft> = Vec::new();
    if super::kind(release) == SubjectKind::Dataset {
        itself(release, &mut drafts);
    } else {
        from_manifest(release, &mut drafts);
        if let Some(card) = &release.card {
            for (id, place) in card.values("datasets").into_iter().filter(|(id, _)| !id.is_empty()) {
                // A value of `datasets:` is a hub id; the oldest have no owner.
                let target = (is_hub_id(&id) || is_hub_id(&format!("-/{id}"))).then(|| format!("hub:{id}"));
                put(&mut drafts, &id, target, place, NamedIn::FrontMatter);
            }
            from_card(release, card, &mut drafts);
        }
        from_configs(release, &mut drafts);
        from_weights(release, &mut drafts);
    }
    spoken(release, out, !drafts.is_empty());
    processing(release, out);
    finish(release, drafts, out);
}

/// A dataset release is its own set.
fn itself(release: &Release<'_>, drafts: &mut Vec<Draft>) {
    let files: Vec<String> = release.of_kind(ArtifactKind::Data);
    let license = release.card.as_ref().and_then(|c| c.values("license").into_iter().next()).map(|(l, _)| l);
    let path = release.card.as_ref().map_or_else(|| files.first().cloned().unwrap_or_default(), |c| c.path.clone());
    let set = Dataset {
        name: "this release".into(),
        target: Some("path:.".into()),
        license,
        access: if files.is_empty() { Access::Absent } else { Access::Included },
        documented: release.card.as_ref().map(|c| Place::file(&c.path)),
        places: vec![Place::file(&path)],
        named: vec![NamedIn::Release],
        ..Dataset::default()
    };
    drafts.push(Draft { set, names: vec![".".into()] });
}

/// One set an entry of the manifest: entries are never taken for one another, and one without a reference counts too.
fn from_manifest(release: &Release<'_>, drafts: &mut Vec<Draft>) {
    let Some(doc) = &release.manifest else { return };
    for (index, entry) in doc.manifest.dataset.iter().enumerate() {
        let reference = entry.target();
        let words = reference.as_ref().map(|(t, _)| t.split_once(':').map_or(t.as_str(), |(_, w)| w).to_owned());
        let place = match (&reference, &words) {
            (Some((_, span)), Some(words)) => doc.place(span, words),
            _ => Place::file(crate::parse::manifest::NAME),
        };
        let name = words.or_else(|| entry.note.clone()).unwrap_or_else(|| format!("[[dataset]] {}", index + 1));
        let target = reference.map(|(t, _)| t);
        let set = Dataset {
            name: excerpt_of(&name),
            target: target.clone(),
            license: entry.license.as_ref().map(|l| l.0.clone()),
            stage: entry.stage,
            revision: entry.revision.clone(),
            digest: entry.digest.clone(),
            tokens: entry.tokens,
            withheld: entry.withheld.as_deref().map(excerpt_of),
            access: match entry.access {
                // What the manifest says is public was not reached.
                Some(Access::Gated | Access::OnRequest | Access::Withheld) => entry.access.unwrap_or_default(),
                _ => Access::Unresolved,
            },
            places: vec![place],
            named: vec![NamedIn::Manifest],
            ..Dataset::default()
        };
        let names = all_spellings(&name, target.as_deref());
        drafts.push(Draft { set, names });
    }
}

/// The spellings of a name and of what it points at.
fn all_spellings(name: &str, target: Option<&str>) -> Vec<String> {
    let mut names = spellings(name);
    if let Some(target) = target {
        let words = match target.split_once(':') {
            Some((kind, rest)) if !kind.starts_with("http") => rest,
            _ => target,
        };
        names.extend(spellings(words.trim_end_matches('/').rsplit('/').next().unwrap_or(words)));
    }
    names.sort();
    names.dedup();
    names
}

/// Whether two references may be one set's though they differ: a page and a hub id may, two hub ids, two pages or a file
/// of the release may not.
fn may_be_one(a: Option<&str>, b: Option<&str>) -> bool {
    let kind =
        |t: &str| t.split_once(':').map_or("", |(k, _)| if k.starts_with("http") { "url" } else { k }).to_owned();
    match (a, b) {
        (Some(a), Some(b)) => a == b || (kind(a) != kind(b) && kind(a) != "path" && kind(b) != "path"),
        _ => true,
    }
}

/// Adds a set, or a place to the set it already is; returns its index.
fn put(drafts: &mut Vec<Draft>, name: &str, target: Option<String>, place: Place, named: NamedIn) -> usize {
    let names = all_spellings(name, target.as_deref());
    let same = |d: &Draft| {
        let (old, new) = (d.set.target.as_deref(), target.as_deref());
        let equal = new.is_some() && old == new;
        equal || (may_be_one(old, new) && names.iter().any(|n| d.names.iter().any(|m| alike(n, m))))
    };
    let at = drafts.iter().position(same).unwrap_or_else(|| {
        let set = Dataset { name: excerpt_of(name), ..Dataset::default() };
        drafts.push(Draft { set, names: vec![] });
        drafts.len() - 1
    });
    if let Some(draft) = drafts.get_mut(at) {
        if draft.set.target.is_none() || target.as_ref().is_some_and(|t| t.starts_with("hub:")) {
            draft.set.target = target.or_else(|| draft.set.target.take());
        }
        draft.names.extend(names);
        if draft.set.places.len() < 50 {
            draft.set.places.push(place);
        }
        if !draft.set.named.contains(&named) {
            draft.set.named.push(named);
        }
    }
    at
}

/// Whether the headings above speak of training data, and not of evaluation or use.
fn is_data_section(section: &[String]) -> bool {
    static DATA: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"\b(data|datasets?|data ?sets?|corpus|corpora|données|jeux? de données)\b|\b(pre-?)?training$|\btraining (data|mix)|fine-?tuning|entraînement",
        )
    });
    static OTHER: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"\b(evaluat|benchmark|results?|usage|uses?|how to|limitations?|bias|licen[sc]e|citation|performance|évaluation)",
        )
    });
    let deepest = section.iter().rev().take(2);
    deepest.clone().any(|s| matches(&DATA, s)) && !deepest.into_iter().any(|s| matches(&OTHER, s))
}

fn from_card(release: &Release<'_>, card: &CardDoc, drafts: &mut Vec<Draft>) {
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
        }
    }
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

/// Whether a sentence says that something was trained on something.
fn speaks_of_training(text: &str) -> bool {
    static TRAINED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"\b(was|were|is|are|been|we|model|modèle)( \w+){0,3} (pre-?train|fine-?tun|train|entraîn)\w*( \w+){0,5} (on|with|using|from|sur|avec)\b|\b(use[ds]?|using) [^.]{0,80}\bto (pre-?train|fine-?tune|train)\b|\btraining (data|set|corpus) (is|was|are|were|consists?)\b|\bthat the model was trained on\b",
        )
    });
    matches(&TRAINED, text)
}

/// `data_config.json` and its like: a list or map of sets with weights.
fn from_configs(release: &mut Release<'_>, drafts: &mut Vec<Draft>) {
    let names = [
        "data_config.json",
        "dataset_config.json",
        "datasets.json",
        "data_mix.json",
        "data_mixture.json",
        "dataset_mixture.json",
    ];
    let paths: Vec<String> = release
        .files
        .iter()
        .filter(|f| f.bytes.is_some() && names.contains(&f.path.rsplit('/').next().unwrap_or_default()))
        .map(|f| f.path.clone())
        .collect();
    for path in paths {
        let Some(text) = release.text(&path, Topic::Data) else { continue };
        let value: Value = match serde_json::from_str(&text) {
            Ok(value) => value,
            Err(e) => {
                release.gap(Topic::Data, &path, GapKind::Malformed, &format!("JSON, {e}"));
                continue;
            }
        };
        for name in config_names(&value) {
            let line = text.lines().position(|l| l.contains(&name)).unwrap_or(0);
            let place = Place::line(&path, line + 1, text.lines().nth(line).unwrap_or_default());
            // "reddit/2015.jsonl.gz" and "S2ORC_titles.json.gz" are files of a set: the first part names it.
            let set = name.split('/').next().unwrap_or(&name).split('.').next().unwrap_or(&name).to_owned();
            let target = is_hub_id(&name).then(|| format!("hub:{name}"));
            put(drafts, &set, target.filter(|_| !name.contains(".json")), place, NamedIn::DataConfig);
        }
    }
}

/// `general.dataset.N.*` of GGUF weights, and the older list `general.datasets`.
fn from_weights(release: &Release<'_>, drafts: &mut Vec<Draft>) {
    for file in &release.files {
        let Some(metadata) = file.format.as_ref().and_then(Format::metadata) else { continue };
        let older = metadata.get("general.datasets").into_iter().flat_map(|list| list.lines());
        let older = older.map(|id| ("general.datasets".to_owned(), id.trim().to_owned()));
        for (key, name) in listed(metadata, "general.dataset.").into_iter().chain(older).filter(|(_, n)| !n.is_empty())
        {
            let place = Place { excerpt: Some(excerpt_of(&format!("{key}: {name}"))), ..Place::file(&file.path) };
            let by_url = hub_path(&name).and_then(|p| p.strip_prefix("datasets/")).filter(|id| is_hub_id(id));
            let id = by_url.map(str::to_owned).or_else(|| is_hub_id(&name).then(|| name.clone()));
            let target = id.as_ref().map(|id| format!("hub:{id}"));
            let url = || name.starts_with("https://").then(|| name.clone());
            put(drafts, id.as_deref().unwrap_or(&name), target.or_else(url), place, NamedIn::Weights);
        }
    }
}

fn config_names(value: &Value) -> Vec<String> {
    let of = |v: &Value| match v {
        Value::String(s) => Some(s.clone()),
        Value::Object(o) => {
            ["name", "dataset", "path", "id"].iter().find_map(|k| o.get(*k)?.as_str().map(str::to_owned))
        }
        _ => None,
    };
    match value {
        Value::Array(items) => items.iter().take(MOST_ENTRIES).filter_map(of).collect(),
        Value::Object(map) => match map.get("datasets").or_else(|| map.get("data")) {
            Some(inner) => config_names(inner),
            None => map
                .iter()
                .filter(|(_, v)| v.is_object() || v.is_number())
                .take(MOST_ENTRIES)
                .map(|(k, _)| k.clone())
                .collect(),
        },
        _ => vec![],
    }
}

/// What the manifest and the card say of the data as a whole.
fn spoken(release: &Release<'_>, out: &mut Evidence, named: bool) {
    static PARTIAL: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"\b(only )?an? (small |random |representative )?(sample|subset|extract|excerpt|portion|fraction|part) (of|is|was|are|has)\b|\bonly a part\b|\bwithheld\b|\bheld back\b|\b(can ?not|could not|will not|not) be (shared|released|published|redistributed|made (public|available))\b|\bnot (yet )?(publicly )?(released|published|available|included|disclosed)\b|\bon request\b|\bproprietary\b|\binternal data|\bun extrait\b|\bun échantillon\b|\bun sous-ensemble\b|\bsur demande\b",
        )
    });
    static VAGUE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"\b(mix(ture)?|variety|collection|range|combination) of\b[^.]*\b(data|sources|texts?|corpora|web)\b|\b(web|internet|publicly available|public|online|proprietary|licensed) (data|sources|text|documents)\b|\bnew mix of data\b",
        )
    });
    static SYNTHETIC: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"\b(generated|produced|written|created|made|synthesi[sz]ed|distilled|sampled|générée?s?|produite?s?)\b[^.]{0,40}\b(?:by|with|using|from|par|avec)\b[^.]{0,20}?\b(GPT[-\w.]*|ChatGPT|Gemma[- \d.]*|Llama[- \d.]*|Claude|Gemini|Mistral\w*|Mixtral|Qwen[-\d.]*|DeepSeek[-\w]*|text-davinci[-\w]*|a language model|an LLM|LLMs?)\b",
        )
    });
    static ABOUT_DATA: LazyLock<Option<Regex>> =
        LazyLock::new(|| pattern(r"\b(data|datasets?|data ?sets?|corpus|corpora|données|training (set|mix))\b"));
    static STAGES: LazyLock<[(Stage, Option<Regex>); 2]> = LazyLock::new(|| {
        [
            (
                Stage::Preference,
                pattern(r"\b(DPO|RLHF|PPO|GRPO|preference (data|tuning|optimi[sz]ation)|direct preference)\b"),
            ),
            (
                Stage::FineTuning,
                pattern(r"\b(SFT|supervised fine-?tun\w+|instruction[- ](fine-?)?tun\w+|instruct-tuned|chat model)\b"),
            ),
        ]
    });
    if let Some(doc) = &release.manifest
        && let Some(complete) = &doc.manifest.data.complete
    {
        let place = doc.place(&complete.span(), "complete");
        if *complete.get_ref() {
            out.data.said_complete = Some(place);
        } else {
            out.data.said_partial.push(place);
        }
    }
    let dataset = super::kind(release) == SubjectKind::Dataset;
    let Some(card) = &release.card else { return };
    for block in card.doc.blocks.iter().filter(|b| b.kind != BlockKind::Code && b.kind != BlockKind::Heading) {
        let in_section = is_data_section(&block.section) || dataset;
        for (line, sentence) in terms::sentences(&block.text) {
            let place = || Place { excerpt: Some(excerpt_of(&sentence)), ..card.place(block.line + line - 1) };
            let about = in_section || (matches(&ABOUT_DATA, &sentence) && speaks_of_training(&sentence));
            if about && out.data.said_complete.is_none() && named && speaks_of_training(&sentence) {
                out.data.said_complete = Some(place());
            }
            if about && matches(&PARTIAL, &sentence) && !is_split(&sentence) {
                out.data.said_partial.push(place());
            }
            if about && matches(&VAGUE, &sentence) && (!named || speaks_of_training(&sentence)) {
                out.data.vague.push(place());
            }
            if let Some(teacher) = SYNTHETIC.as_ref().and_then(|p| p.captures(&sentence)).and_then(|c| c.get(2)) {
                out.data.synthetic.push((excerpt_of(teacher.as_str()), place()));
            }
            for (stage, pattern) in STAGES.iter() {
                let known = out.data.stages.iter().any(|(s, _)| s == stage);
                if !known && matches_one(pattern.as_ref(), &sentence) && speaks_of_training(&sentence) {
                    out.data.stages.push((*stage, place()));
                }
            }
        }
    }
}

fn matches_one(pattern: Option<&Regex>, text: &str) -> bool {
    pattern.is_some_and(|p| p.is_match(text))
}

/// A part that is held out for evaluation is no part withheld.
fn is_split(sentence: &str) -> bool {
    let low = sentence.to_lowercase();
    ["held-out", "held out", "validation", "test set", "for evaluation"].iter().any(|w| low.contains(w))
}

/// Code that made the data, in the release, behind a link, or named by the manifest.
fn processing(release: &mut Release<'_>, out: &mut Evidence) {
    let named = release.manifest.as_ref().map(|m| m.manifest.data.processing_code.clone()).unwrap_or_default();
    out.data.processing = super::code_of(release, &named, ArtifactKind::ProcessingCode);
    static PROCESSING: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"\b(pre-?process|process|filter|dedup|clean|prepar|tokeni[sz])\w*( \w+){0,4} (code|scripts?|pipeline|repositor)|\b(code|scripts?|pipeline)( \w+){0,4} (to|for|that) (pre-?process|process|filter|dedup|clean|prepar|tokeni[sz])",
        )
    });
    let Some(card) = &release.card else { return };
    for block in card.doc.blocks.iter().filter(|b| b.kind != BlockKind::Code && matches(&PROCESSING, &b.text)) {
        for link in block.links.iter().filter(|l| super::is_code_host(&l.url)) {
            out.data.processing.push(CodeRef {
                target: CodeTarget::Url(link.url.clone()),
                revision: super::revision_of(&link.url),
                place: card.place(link.line),
            });
        }
    }
}

/// Looks for the sets that lie inside the release, and says of the others that they were not resolved.
fn finish(release: &mut Release<'_>, drafts: Vec<Draft>, out: &mut Evidence) {
    for mut draft in drafts {
        let set = &mut draft.set;
        if let Some(path) = set.target.as_deref().and_then(|t| t.strip_prefix("path:")).map(str::to_owned) {
            if path != "." {
                local(release, &path, set);
            }
        } else if set.access == Access::Unresolved {
            let what =
                set.target.as_deref().map_or(set.name.as_str(), |t| t.strip_prefix("hub:").unwrap_or(t)).to_owned();
            release.gap(Topic::Data, &what, GapKind::NotResolved, "");
        }
        set.places.sort();
        set.places.dedup();
        out.datasets.push(draft.set);
    }
}

/// A set inside the release: is it there, whole by its digest, and documented?
fn local(release: &mut Release<'_>, path: &str, set: &mut Dataset) {
    let Some(path) = inside("", path) else {
        set.access = Access::Absent;
        release.gap(Topic::Data, path, GapKind::Outside, "");
        return;
    };
    let folder = format!("{path}/");
    let files: Vec<_> = release
        .files
        .iter()
        .filter(|f| f.status != FileStatus::Missing && (f.path == path || f.path.starts_with(&folder)))
        .collect();
    let is_data = |f: &FileFact| f.kind == ArtifactKind::Data && f.format != Some(Format::Pointer) && f.bytes > Some(0);
    set.bytes = Some(files.iter().filter(|f| is_data(f)).filter_map(|f| f.bytes).sum());
    let held_back = matches!(set.access, Access::Gated | Access::OnRequest | Access::Withheld);
    let pointers = files.iter().any(|f| f.format == Some(Format::Pointer));
    if !held_back {
        set.access = match files.iter().any(|f| is_data(f)) {
            true if !pointers => Access::Included,
            // Git LFS pointers: the data is published, and was not fetched.
            _ if pointers => Access::Unresolved,
            _ => Access::Absent,
        };
    }
    let only = files.iter().find(|f| f.path == path);
    if let (Some(digest), Some(file)) = (&set.digest, only) {
        set.digest_status = Some(match &file.sha256 {
            None => FileStatus::Declared,
            Some(found) if found == digest => FileStatus::Verified,
            Some(_) => FileStatus::Mismatched,
        });
    } else if !files.is_empty() {
        set.digest_status = files.iter().map(|f| f.status).max_by_key(|s| *s as u8 == FileStatus::Mismatched as u8);
        if files.iter().all(|f| f.status == FileStatus::Verified) {
            set.digest_status = Some(FileStatus::Verified);
        }
    }
    let home = path.rsplit_once('/').map_or("", |(h, _)| h);
    let beside = |f: &str| f.rsplit_once('/').map_or("", |(h, _)| h) == home || f.starts_with(&folder);
    set.documented = release.of_kind(ArtifactKind::DataCard).into_iter().find(|f| beside(f)).map(|f| Place::file(&f));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_no_other_set() {
        assert!(may_be_one(Some("hub:a/x"), Some("https://x.example")));
        assert!(may_be_one(None, Some("path:data/x")));
        assert!(!may_be_one(Some("hub:a/x"), Some("hub:b/x")));
        assert!(!may_be_one(Some("path:data/x"), Some("path:data/x-2")));
        assert!(!may_be_one(Some("path:data/x"), Some("hub:a/x")));
        let mut drafts = Vec::new();
        for path in ["path:data/train.txt", "path:data/train-2.txt", "path:data/train.txt"] {
            put(&mut drafts, path, Some(path.into()), Place::file("README.md"), NamedIn::CardText);
        }
        assert_eq!(drafts.len(), 2);
    }

    #[test]
    fn sections_of_data_and_not() {
        let path = |s: &[&str]| s.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
        assert!(is_data_section(&path(&["training procedure", "training data"])));
        assert!(is_data_section(&path(&["données d'entraînement"])));
        assert!(!is_data_section(&path(&["evaluation", "data"])));
        assert!(!is_data_section(&path(&["usage"])));
    }

    #[test]
    fn sentences_that_say_what_it_was_trained_on() {
        for yes in [
            "The model was trained on X.",
            "We use the concatenation from multiple datasets to fine-tune our model.",
            "Le modèle a été entraîné sur ce corpus.",
            "This is the whole of the data that the model was trained on.",
        ] {
            assert!(speaks_of_training(yes), "{yes}");
        }
        assert!(!speaks_of_training("The dataset is described below."));
    }
}
