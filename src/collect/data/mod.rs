//! Training datasets: every place that names one, made one entry a set, and what is said of the data as a whole.

mod card;
mod counts;
mod described;
mod held;
mod spoken;

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use self::described::{describe, local_files};
use self::spoken::teacher_in;
use crate::collect::{
    Release, code_of, hub_path, is_code_host, is_hub_id, kind, listed, matches, pattern, revision_of,
};
use crate::evidence::{
    Access, ArtifactKind, CodeRef, CodeTarget, Dataset, Evidence, Format, GapKind, NamedIn, Place, Stage, SubjectKind,
    Topic, excerpt_of,
};
use crate::parse::markdown::BlockKind;
use crate::parse::names::{alike, spellings};

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
    if kind(release) == SubjectKind::Dataset {
        drafts.push(held::itself(release, out));
    } else {
        from_manifest(release, &mut drafts);
        if let Some(card) = &release.card {
            for (id, place) in card.values("datasets").into_iter().filter(|(id, _)| !id.is_empty()) {
                // A value of `datasets:` is a hub id; the oldest have no owner.
                let target = (is_hub_id(&id) || is_hub_id(&format!("-/{id}"))).then(|| format!("hub:{id}"));
                put(&mut drafts, &id, target, place, NamedIn::FrontMatter);
            }
            card::from_card(release, card, &mut drafts);
        }
        from_configs(release, &mut drafts);
        from_weights(release, &mut drafts);
        described::from_boms(release, &mut drafts);
        described::from_croissants(release, &mut drafts);
    }
    counts::counts(release, out);
    // What the card says of "this data" is not said of a set that it does not name.
    let named: Vec<&Draft> = drafts.iter().filter(|d| !d.set.is_recorded_only()).collect();
    spoken::spoken(release, out, &named);
    processing(release, out);
    finish(release, drafts, out);
}

/// One set an entry of the manifest: entries are never taken for one another, and one without a reference counts too.
fn from_manifest(release: &Release<'_>, drafts: &mut Vec<Draft>) {
    let entries =
        release.declared.iter().flat_map(|doc| doc.manifest.dataset.iter().enumerate().map(move |e| (doc, e)));
    for (doc, (index, entry)) in entries {
        let reference = entry.target();
        let words = reference.as_ref().map(|(t, _)| t.split_once(':').map_or(t.as_str(), |(_, w)| w).to_owned());
        let place = match (&reference, &words) {
            (Some((_, span)), Some(words)) => doc.place(span, words),
            _ => doc.whole(),
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
        // A reviewer may know more of a set that the maintainers name.
        let known = drafts.iter_mut().find(|d| doc.is_dossier() && d.set.target.is_some() && d.set.target == target);
        match known {
            Some(draft) => also(&mut draft.set, set),
            None => drafts.push(Draft { names: all_spellings(&name, target.as_deref()), set }),
        }
    }
}

/// Adds what another declaration says of the same set; what was said first stays.
fn also(set: &mut Dataset, more: Dataset) {
    set.license = set.license.take().or(more.license);
    set.stage = set.stage.or(more.stage);
    set.revision = set.revision.take().or(more.revision);
    set.digest = set.digest.take().or(more.digest);
    set.tokens = set.tokens.or(more.tokens);
    set.withheld = set.withheld.take().or(more.withheld);
    if set.access == Access::Unresolved {
        set.access = more.access;
    }
    set.places.extend(more.places);
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
            let first = name.split('/').next().unwrap_or(&name).split('.').next().unwrap_or(&name);
            // A path of somebody's machine is named whole: it leads nowhere.
            let set = if first.is_empty() { name.clone() } else { first.to_owned() };
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

/// Code that made the data, in the release, behind a link, or named by the manifest.
fn processing(release: &mut Release<'_>, out: &mut Evidence) {
    out.data.processing = code_of(release, |m| &m.data.processing_code, ArtifactKind::ProcessingCode);
    static PROCESSING: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"\b(pre-?process|process|filter|dedup|clean|prepar|tokeni[sz]|curat)\w*( \w+){0,4} (code|scripts?|pipeline|repositor|tools?|toolkit)|\b(code|scripts?|pipeline|tools?|toolkit)( \w+){0,4} (to|for|that|which) (pre-?process|process|filter|dedup|clean|prepar|tokeni[sz]|curat|creat|generat|build|built|crawl|made|produced|wrote)|\b(made|built|produced|created|prepared|generated) (with|by|using) (the |our |its )?(code|scripts?|pipeline|tools?|toolkit)",
        )
    });
    let Some(card) = &release.card else { return };
    for block in card.doc.blocks.iter().filter(|b| b.kind != BlockKind::Code && matches(&PROCESSING, &b.text)) {
        for link in block.links.iter().filter(|l| is_code_host(&l.url)) {
            out.data.processing.push(CodeRef {
                target: CodeTarget::Url(link.url.clone()),
                revision: revision_of(&link.url),
                place: card.place(link.line),
                said: true,
                repository: None,
            });
        }
    }
}

/// Looks for the sets that lie inside the release.
fn finish(release: &mut Release<'_>, drafts: Vec<Draft>, out: &mut Evidence) {
    for mut draft in drafts {
        let set = &mut draft.set;
        let path = set.target.as_deref().and_then(|t| t.strip_prefix("path:")).filter(|p| *p != ".");
        if let Some(path) = path.map(str::to_owned) {
            held::local(release, &path, set);
        }
        set.places.sort();
        set.places.dedup();
        out.datasets.push(draft.set);
    }
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
    static APART: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"\b(hardware|software|compute|infrastructure|architecture|hyper-?param|optimi|environment|precision|speed|matériel|logiciel|calcul)|^\W*(model|modèle)\W*$",
        )
    });
    if section.last().is_some_and(|s| matches(&APART, s)) {
        return false;
    }
    // Under a heading that says "training", what the one above it says does not matter: levels are often sloppy.
    if section.last().is_some_and(|s| s.contains("train") && matches(&DATA, s) && !matches(&OTHER, s)) {
        return true;
    }
    let deepest = section.iter().rev().take(2);
    deepest.clone().any(|s| matches(&DATA, s)) && !deepest.into_iter().any(|s| matches(&OTHER, s))
}

/// The one stage of training that words speak of; `None` for none and for several.
fn stage_of(text: &str) -> Option<Stage> {
    static STAGES: LazyLock<[(Stage, Option<Regex>); 3]> = LazyLock::new(|| {
        [
            (Stage::Pretraining, pattern(r"\b(pre-?train(ing|ed)?|pré-?entraîn\w*)\b|\b(trillion|billion) tokens\b")),
            (
                Stage::Preference,
                pattern(
                    r"\b(DPO|RLHF|RLVR|PPO|GRPO|KTO|preference (data|tuning|optimi[sz]ation|pairs)|direct preference|reward model)\b",
                ),
            ),
            (
                Stage::FineTuning,
                pattern(
                    r"\b(SFT|(supervised )?fine-?tun\w+|instruction[- ](fine-?)?tun\w+|instruct-tuned|chat[- ]tun\w+|post-?train\w*|affinage)\b",
                ),
            ),
        ]
    });
    let mut found = STAGES.iter().filter(|(_, p)| p.as_ref().is_some_and(|p| p.is_match(text))).map(|(s, _)| *s);
    found.next().filter(|_| found.next().is_none())
}

/// Whether a sentence says that something was trained on something.
fn speaks_of_training(text: &str) -> bool {
    static TRAINED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"\b(was|were|is|are|been|we|model|modèle)( \w+){0,3} (pre-?train|fine-?tun|train|entraîn|appri)\w*( [\w.,'/+-]+){0,6} (on|with|using|utilizing|from|sur|avec|à partir de)\b|\b(data|data ?sets?|corpora|données|jeux) (used|utilisée?s) (for|to|in|pour) |\b(use[ds]?|using|utilizing) [^.]{0,80}\b(to|for) (pre-?train|fine-?tune|train|fine-?tuning|pre-?training|training)\b|\b(pre-?)?training (data|set|data ?set|corpus|mix\w*) (is|was|are|were|consists?|contains?|comprises?|includes?|covers?)\b|\bthat the model was trained on\b|(^|[^\w\s]\s*|\b(models?|version|variant|transformer|encoder|parameters?)\W+(further |then |first |also |later )?)(pre-?|post-?|fine-?)?(trained|tuned)( [\w,.-]+){0,6} (on|with|using|from)\b|\bunderwent (\w+ )?(pre-?|fine-?)?(training|tuning)( \w+){0,3} (on|with|using|utilizing|from)\b|\b(has|have) seen\b[^;]{0,40}\btokens of\b|\btraining data to train\b|\b(pre-?training|tuning) on\b|\ble jeu d'(apprentissage|entraînement) (compte|comprend|contient|est)\b",
        )
    });
    matches(&TRAINED, text)
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
        assert!(is_data_section(&path(&["uses", "training"])));
        assert!(!is_data_section(&path(&["training", "software & hardware"])));
    }

    #[test]
    fn sentences_that_say_what_it_was_trained_on() {
        for yes in [
            "The model was trained on X.",
            "We use the concatenation from multiple datasets to fine-tune our model.",
            "Le modèle a été entraîné sur ce corpus.",
            "This is the whole of the data that the model was trained on.",
            "the model has seen 1.001T tokens of it and no other text.",
            "DeciLM 6B underwent training utilizing a subset of the SlimPajamas dataset.",
            "with 2.8B parameters, trained for 600B tokens on the SlimPajama dataset.",
            "Model trained on the TinyStories Dataset.",
            "Our pre-training dataset contains RefinedWeb.",
            "The model developers used the following dataset for training the model:",
            "Data: finetuned on xP3, the whole mixture",
        ] {
            assert!(speaks_of_training(yes), "{yes}");
        }
        assert!(!speaks_of_training("The dataset is described below."));
    }
}
