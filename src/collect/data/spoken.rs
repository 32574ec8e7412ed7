//! What the manifest and the card say of the training data as a whole: all of it, a part, a vague mix, made by a model.

use std::sync::LazyLock;

use regex::Regex;

use super::{Draft, is_data_section, speaks_of_training, stage_of};
use crate::collect::{Release, hub_path, kind, matches, pattern};
use crate::evidence::{Evidence, Place, Stage, SubjectKind, excerpt_of};
use crate::lists::{sentences, words};
use crate::parse::markdown::{Block, BlockKind};
use crate::parse::names::{is_hub_id, proper_name};

/// What the manifest and the card say of the data as a whole.
pub(super) fn spoken(release: &Release<'_>, out: &mut Evidence, drafts: &[&Draft]) {
    static PARTIAL: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"\b(only )?an? (small |random |representative |tiny |\d+([.,]\d+)? ?% )?(sample|subset|extract|excerpt|portion|fraction|part) (of|is|was|are|has)\b|\bonly a part\b|\bwithheld\b|\bheld back\b|\b(can ?not|could not|will not|not) be (shared|released|published|redistributed|made (public|available))\b|\bnot (yet )?(been )?(publicly )?(released|published|available|included|disclosed|redistributed)\b|\bn'(est|a|ont|sont) pas (encore )?(été )?(publiée?s?|diffusée?s?|rediffusée?s?|mise?s? en ligne)|\b(up)?on request\b|\b(do|does|did|have|has|had|will) not (yet )?(been )?(publish|released?|distribut|redistribut|shared?)\w*\b|\bne (publions|publie|diffusons|distribuons) pas\b|\bproprietary\b|\binternal data|\bun extrait\b|\bun échantillon\b|\bun sous-ensemble\b|\bsur demande\b",
        )
    });
    // That a part is kept back is about the data wherever it stands.
    static KEPT: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"\b(parts?|some|portion|subset|rest|remainder|most) of (the|our|this|these|its)( \w+)? (data|data ?sets?|corpora|corpus|sources|sets)\b[^.]*\b(not|cannot|never)\b|\bune partie (des données|du corpus)\b[^.]*\bne? (peut|sont|est|peuvent) pas\b",
        )
    });
    // A set may be made from a part of another one; what counts is whether the set itself is there whole.
    static PARTIAL_SET: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"\bpublic (extract|sample|subset|part|portion)\b|\bonly (a|an|the) (\w+ )?(part|sample|subset|extract|portion|fraction)\b|\bthis (\w+ )?(extract|sample|excerpt)\b|\b(is|are|holds|contains?) (only )?an? (\w+ ){0,2}(sample|extract|excerpt) of\b|\bwithheld\b|\bheld back\b|\b(can ?not|could not|will not|not) be (shared|released|published|redistributed|made (public|available))\b|\b(is|are|was|were|has|have) not (yet )?(been )?(publicly )?(released|published|available|included|disclosed|distributed|redistributed|shared|provided)\b|\bremoved\b[^.]*\b(copyright|rights|legal|licen[sc]\w*)\b|\b(a|holds?|contains?) (\w+ )?preview\b|\b(do|does|did|have|has|had|will) not (yet )?(been )?(publish|released?|distribut|redistribut|shared?)\w*\b|\bne (publions|publie|diffusons|distribuons) pas\b|\b(up)?on request\b|\bun extrait\b|\bun échantillon\b|\bsur demande\b|\bn'(est|a|ont|sont) pas (encore )?(été )?(publiée?s?|diffusée?s?|rediffusée?s?|mise?s? en ligne)",
        )
    });
    // Beside sets that are named, a summary of them ("a mix of public datasets") hides nothing; what is added to them does.
    static ADDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"\b(also|additional(ly)?|others?|as well as|plus|along with|in addition|further|proprietary|private|in-house|internal|licensed|undisclosed|ainsi que|autres?|privées?|internes?|en outre)\b",
        )
    });
    static DENIED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"\b(no|not any|without any) (other|additional|further)\b|\bnothing (else|was|is|has been)\b|\brien d'autre\b|\baucune? autre\b",
        )
    });
    static VAGUE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"\b(mix(ture)?|variety|collection|range|combination) of\b[^.]*\b(data|sources|texts?|corpora|web)\b|\b(web|internet|publicly available|public|online|proprietary|licensed|private|in-house|undisclosed|other|additional|various|autres|diverses|privées) (data|data ?sets?|sources|corpora|texts?|documents|données)\b|\bdonnées (privées|internes|diverses)\b|\bnew mix of data\b",
        )
    });
    static SAMPLES: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"\b(data|data ?sets?|corpus|corpora|samples|examples|dialogues|conversations|instructions|pairs|answers|responses|outputs?|données|exemples|réponses)\b",
        )
    });
    static ABOUT_DATA: LazyLock<Option<Regex>> =
        LazyLock::new(|| pattern(r"\b(data|datasets?|data ?sets?|corpus|corpora|données|training (set|mix))\b"));
    static REFERS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"\b(this|these|following|above|below|listed|whole|entire|full|all|same|both|ces?|cet|cette|suivants?|ensemble)\b[^;]*\b(data|data ?sets?|corpus|corpora|mix\w*|sources|collections?|données|jeux?|sets)\b|\btokens of it\b|\bin (its|their) entirety\b|\bdans (son|leur) intégralité\b",
        )
    });
    let named = !drafts.is_empty();
    let mut summaries: Vec<(Option<Stage>, Place)> = Vec::new();
    for (doc, complete) in release.declared.iter().filter_map(|d| d.manifest.data.complete.as_ref().map(|c| (d, c))) {
        let place = doc.place(&complete.span(), "complete");
        if *complete.get_ref() {
            out.data.said_complete = Some(place);
        } else {
            out.data.said_partial.push(place);
        }
    }
    let dataset = kind(release) == SubjectKind::Dataset;
    let Some(card) = &release.card else { return };
    let in_table = |line: usize| drafts.iter().any(|d| d.set.places.iter().any(|p| p.line == Some(line)));
    let rows =
        card.doc.tables.iter().filter(|t| is_headed(&t.section)).flat_map(|t| t.rows.iter().map(|(line, _)| *line));
    if let Some(line) = rows.into_iter().find(|line| in_table(*line)) {
        out.data.said_complete.get_or_insert_with(|| card.place(line));
    }
    // A cell may say it: "the complete corpus the model was trained on".
    let said = card.doc.tables.iter().flat_map(|t| &t.rows).find(|(line, row)| {
        in_table(*line) && row.iter().any(|c| speaks_of_training(&c.text) || c.text.contains("was trained on"))
    });
    if let Some((line, _)) = said {
        out.data.said_complete.get_or_insert_with(|| card.place(*line));
    }
    for table in card.doc.tables.iter().filter(|t| is_data_section(&t.section)) {
        for (line, row) in &table.rows {
            let words: Vec<&str> = row.iter().map(|c| c.text.as_str()).collect();
            if let Some(teacher) = teacher_in(&words.join(", ")) {
                out.data.synthetic.push((excerpt_of(teacher), card.place(*line)));
            }
        }
    }
    for block in card.doc.blocks.iter().filter(|b| b.kind != BlockKind::Code && b.kind != BlockKind::Heading) {
        let in_section = is_data_section(&block.section) || dataset;
        let listed = matches!(block.kind, BlockKind::Item { .. }) && is_headed(&block.section);
        let nameless = listed && names_nothing(block);
        for (line, sentence) in sentences::sentences(&block.text) {
            let place = || Place { excerpt: Some(excerpt_of(&sentence)), ..card.place(block.line + line - 1) };
            let trained = speaks_of_training(&sentence);
            let links = block.links.iter().filter(|l| !l.image && sentence.contains(l.text.trim()));
            let names_one = names_a_set(&sentence, drafts)
                || links.into_iter().any(|l| hub_path(&l.url).is_some_and(|p| p.starts_with("datasets/")));
            let about = in_section || (trained && (names_one || matches(&ABOUT_DATA, &sentence)));
            if about
                && out.data.said_complete.is_none()
                && named
                && (listed
                    || (trained && (names_one || matches(&REFERS, &sentence) || sentence.trim_end().ends_with(':'))))
            {
                out.data.said_complete = Some(place());
            }
            let partial = if dataset { &PARTIAL_SET } else { &PARTIAL };
            let kept = matches(&KEPT, &sentence) && matches(&PARTIAL, &sentence);
            if (about && matches(partial, &sentence) || kept) && !is_split(&sentence) && !matches(&DENIED, &sentence) {
                out.data.said_partial.push(place());
            }
            if about && matches(&VAGUE, &sentence) && !matches(&DENIED, &sentence) {
                if !named || nameless || (trained && matches(&ADDS, &sentence)) {
                    out.data.vague.push(place());
                } else if trained && !names_one {
                    summaries.push((stage_of(&sentence), place()));
                }
            }
            if (about || trained || matches(&SAMPLES, &sentence))
                && let Some(teacher) = teacher_in(&sentence)
            {
                out.data.synthetic.push((excerpt_of(teacher), place()));
            }
            if trained
                && (about || sentence.contains("tokens"))
                && let Some(stage) = stage_of(&sentence)
                && !out.data.stages.iter().any(|(s, _)| *s == stage)
            {
                out.data.stages.push((stage, place()));
            }
        }
    }
    // "A mix of public datasets" sums up sets that other words name; of a pretraining that no set is named for it is all
    // that is said.
    let staged = |stage: Stage| drafts.iter().any(|d| d.set.stage == Some(stage));
    let later = drafts.iter().all(|d| d.set.stage.is_some_and(|s| s != Stage::Pretraining));
    for (stage, place) in summaries {
        let hides = stage == Some(Stage::Pretraining) && !staged(Stage::Pretraining) && later;
        if hides || out.data.said_complete.is_none() {
            out.data.vague.push(place);
        }
    }
}

/// The model that a sentence says wrote text.
pub(super) fn teacher_in(sentence: &str) -> Option<&str> {
    const TEACHER: &str = r"(GPT[-\w.]*|ChatGPT|Gemma[- \d.]*|Llama[- \d.]*|Claude|Gemini|Mistral\w*|Mixtral[-\w]*|Qwen[-\d.]*|DeepSeek[-\w]*|Command[- ]R\+?|text-davinci[-\w]*|a language model|an LLM|LLMs?)";
    /// Stems of those names: most sentences hold none, and need no pattern.
    const STEMS: [&str; 13] = [
        "gpt",
        "gemma",
        "llama",
        "claude",
        "gemini",
        "mistral",
        "mixtral",
        "qwen",
        "deepseek",
        "command",
        "davinci",
        "language model",
        "llm",
    ];
    let low = sentence.to_lowercase();
    if !STEMS.iter().any(|stem| low.contains(stem)) {
        return None;
    }
    static SAYS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
        let verbs = "generated|produced|written|created|made|synthesi[sz]ed|distilled|sampled|générée?s?|produite?s?|rédigée?s?";
        [
            format!(r"\b({verbs})\b[^.]{{0,40}}\b(?:by|with|using|from|par|avec)\b[^.]{{0,20}}?\b{TEACHER}\b"),
            format!(r"\b(outputs?|responses|answers|generations?|completions|dialogues|conversations|réponses|sorties) (?:of|from|by|de|du)( the)? {TEACHER}\b"),
            format!(r"\b(){TEACHER} (?:outputs?|responses|answers|generations?|conversations|dialogues)\b"),
            format!(r"\b(){TEACHER}[- ](?:generated|written|made|produced|distilled)\b"),
            format!(r"\b(){TEACHER} (?:wrote|generated|produced|answered|a (?:écrit|produit|rédigé))\b"),
        ]
        .iter()
        .filter_map(|p| pattern(p))
        .collect()
    });
    static NONE: LazyLock<Option<Regex>> =
        LazyLock::new(|| pattern(r"\b(no|not|none|never|without|nor|aucune?|ni|sans|jamais|pas)\b"));
    let found = SAYS.iter().find_map(|p| p.captures(sentence))?;
    if found.get(0).and_then(|m| sentence.get(..m.start())).is_some_and(|before| matches(&NONE, before)) {
        return None;
    }
    found.iter().skip(1).flatten().last().map(|m| m.as_str().trim_end_matches(['-', ' ', '.']))
}

/// Whether a sentence names a set that is known by then.
fn names_a_set(sentence: &str, drafts: &[&Draft]) -> bool {
    let text = format!("-{}-", words(sentence).collect::<Vec<_>>().join("-"));
    drafts.iter().flat_map(|d| &d.names).any(|n| n.len() >= 3 && text.contains(&format!("-{n}-")))
}

/// Whether a heading says "training data": what is listed under it is what the model was trained on.
fn is_headed(section: &[String]) -> bool {
    static HEADING: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"^\W*(pre-?|instruction |fine-?)?(training|tuning) (data|data ?sets?|corpus|corpora)\W*$|^\W*données d.entraînement\W*$",
        )
    });
    section.last().is_some_and(|s| matches(&HEADING, s))
}

/// Whether an item of a list names no set: what it speaks of is described, not named.
fn names_nothing(block: &Block) -> bool {
    let first = block.text.split_whitespace().next().unwrap_or_default().trim_matches([',', ':', ';', '`', '*']);
    block.links.is_empty() && block.spans.is_empty() && !is_hub_id(first) && proper_name(&block.text).is_none()
}

/// A part that is held out for evaluation is no part withheld, nor one of a set that is compared.
fn is_split(sentence: &str) -> bool {
    let low = sentence.to_lowercase();
    ["held-out", "held out", "validation", "test set", "for evaluation", " than ", "unlike ", "compared "]
        .iter()
        .any(|w| low.contains(w))
}
