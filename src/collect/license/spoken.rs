//! Sentences and badges that name a license, and what they name it for.

use std::sync::LazyLock;

use regex::Regex;

use crate::collect::{matches, pattern};
use crate::evidence::Component;
use crate::lists::licenses::{self, Restriction, Standing};
use crate::lists::{sentences, words};
use crate::parse::markdown::Block;

/// A license that a sentence names, and for what.
#[derive(Debug)]
pub(super) struct Spoken {
    /// Its name as written.
    pub name: String,
    /// What it is for; what is another's is a third party's.
    pub component: Component,
}

/// The license of a badge such as `…/badge/license-MIT-blue.svg`.
pub(super) fn badge(url: &str) -> Option<String> {
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

/// Words for an earlier license, and for the one that took its place.
static ONCE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"\b(first|originally|initially|previously|formerly|used to be|until|d'abord|initialement|auparavant)\b")
});
static NOW: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"\b(now|since|no longer|today|currently|re-?licen[sc]ed|changed|désormais|depuis|maintenant|n'est plus)\b")
});

/// The licenses that a sentence says something is under: "the code is under A, while the weights are under B" says two
/// things. `own` are the words of the release's names: what has another name is another's.
pub(super) fn spoken(sentence: &str, block: &Block, own: &[String]) -> Vec<Spoken> {
    static UNDER: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"\b(licen[sc]ed|released|distributed|available|published|provided|shared|open[- ]sourced|remains?|stays?|diffusée?s?|publiée?s?|distribuée?s?|reste(nt)?)( \w+){0,5} (under|sous)( the| an?| la| licence| license)*\s+",
        )
    });
    // "The set is CC BY 4.0": a bare verb names a license only right after what is licensed.
    static IS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"^\W*(the|this|our|these|all|le|la|les|ce|cette)? ?(whole |entire |full )?(set|data ?set|data|corpus|model|code|release|work|weights|repository|project|library|modèle|jeu|dépôt)s? (is|are|est|sont)( all| also)?( under| sous)?( the| an?| la)?\s+",
        )
    });
    static LABEL: LazyLock<Option<Regex>> =
        LazyLock::new(|| pattern(r"^\W*(model |weights |code |data ?set |data |finetuned )?licen[sc]e\W*[:=]\W*"));
    let clauses = sentences::clauses(sentence);
    let mut out = Vec::new();
    for found in UNDER.iter().chain(IS.iter()).flat_map(|p| p.find_iter(sentence)) {
        let from = clauses.iter().find(|c| c.contains(&found.start())).map_or(0, |c| c.start);
        // What was so once, and is said to be otherwise now, decides nothing.
        let once = sentence.get(from..found.end()).is_some_and(|said| matches(&ONCE, said));
        if once && matches(&NOW, &block.text) {
            continue;
        }
        // What is named before the verb is what is licensed; "which" points further back.
        let subject = sentence.get(from..found.start()).unwrap_or_default();
        let subject = format!("{subject} {}", found.as_str());
        if let Some(name) = sentence.get(found.end()..).and_then(license_at) {
            out.push(Spoken { name, component: component_of(&subject, block, own) });
        }
    }
    if !out.is_empty() {
        return out;
    }
    let in_section = block.section.last().is_some_and(|s| s.contains("licens") || s.contains("licenc"));
    // What stands before the sign says what for ("Code license: …"); the name of the license does not.
    let (label, rest) = match LABEL.as_ref().and_then(|p| p.find(sentence)) {
        Some(label) => sentence.split_at(label.end()),
        None if in_section && sentence.split_whitespace().count() <= 6 => ("", sentence),
        None => return out,
    };
    let named = license_at(rest).map(|name| Spoken { name, component: component_of(label, block, &[]) });
    named.into_iter().collect()
}

/// The license that a sentence binds something to ("is subject to the Llama 2 license"); with its first restriction where
/// its terms come on top of others.
pub(super) fn bound_to(
    sentence: &str,
    block: &Block,
    own: &[String],
) -> Option<(String, Component, Option<Restriction>)> {
    static BOUND: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"\b(subject to|governed by|bound by|abide by|comply with|complies with|adhere to|soumise?s? (à|aux?)|régie?s? par)\b(?P<more>( additional| further| other| supplementary| autres)?)( the| its| all| following| de| la| les)*( (terms|conditions|termes))?( (of|de|du) ?(use|the|la)?)?[:\s]+",
        )
    });
    static DENIED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"\b(not|no longer|never|nor|n'est (pas|plus)) (\w+ )?(subject|governed|bound|soumis)|\b(do|does|did) not (concern|apply to|cover|affect|bind) (this|our|the) (model|release|weights|set)\b",
        )
    });
    if matches(&DENIED, sentence) {
        return None;
    }
    let found = BOUND.as_ref()?.captures(sentence)?;
    let whole = found.get(0)?;
    let name = license_at(sentence.get(whole.end()..)?)?;
    let component = component_of(sentence.get(..whole.start())?, block, own);
    let license = licenses::find(&name).filter(|l| l.restricts())?;
    let more = found.name("more").is_some_and(|m| !m.as_str().is_empty());
    Some((name, component, license.bars.first().filter(|_| more).map(|b| b.kind)))
}

/// The license whose name a text starts with.
pub(super) fn license_at(text: &str) -> Option<String> {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = text.split_whitespace().take(9).collect();
    let names = |from: usize| {
        (from + 1..=words.len()).rev().find_map(|to| {
            let name = words.get(from..to)?.join(" ");
            let name = name.trim_matches(|c: char| !c.is_alphanumeric() && c != '+').to_owned();
            licenses::find(&name).filter(|l| l.standing != Standing::None).map(|l| (name, l.standing))
        })
    };
    let (name, standing) = names(0)?;
    if standing != Standing::Family {
        return Some(name);
    }
    // "Creative Commons NonCommercial (CC BY-NC 4.0)" names a family first, and then which of it.
    let exact = (1..words.len()).find_map(|from| names(from).filter(|(_, s)| *s == Standing::Reviewed));
    Some(exact.map_or(name, |(exact, _)| exact))
}

/// Which part the words before a license speak of.
pub(super) fn component_of(subject: &str, block: &Block, own: &[String]) -> Component {
    static OTHERS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"\b(other|another|others|earlier|previous|older|larger|smaller|base|original|underlying|teacher) (models?|sizes?|versions?|variants?|releases?)\b|\bcompared?\b|\bunlike\b|\btokenizer\b|\bautres? (modèles?|tailles?|versions?)\b",
        )
    });
    static PARTS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"\b(?P<code>((model|training|inference|evaluation|source)('s)? )?(code|codebase|scripts?|software))\b|\b(?P<data>((training|evaluation|tuning|model) )?(data|data ?sets?|corpus|corpora|données|annotations))\b|\b(?P<weights>models?|weights|checkpoints?|modèles?|poids|releases?|parameters)\b",
        )
    });
    if matches(&OTHERS, subject) || names_another(subject, own) {
        return Component::ThirdParty;
    }
    let found: Vec<_> = PARTS.iter().flat_map(|p| p.captures_iter(subject)).collect();
    // "The code and the model weights" is both: what holds for the weights counts.
    let weights = found.iter().any(|c| c.name("weights").is_some());
    let joined = subject.contains(" and ") || subject.contains(" et ") || subject.contains(',');
    match found.first() {
        Some(first) if first.name("weights").is_some() || (weights && joined) => Component::Weights,
        Some(first) if first.name("data").is_some() => Component::Data,
        Some(_) => Component::Code,
        // Under a heading on the data, a license without a subject is that of some set.
        None if block.section.iter().skip(1).any(|s| words(s).any(|w| w.starts_with("data"))) => Component::ThirdParty,
        None => Component::Weights,
    }
}

/// Whether a subject starts with the name of another model: one with a digit or two capitals in a word, and no word of the
/// release's own names.
fn names_another(subject: &str, own: &[String]) -> bool {
    if own.is_empty() {
        return false;
    }
    let is_name = |w: &&str| {
        let digit = w.chars().any(|c| c.is_ascii_digit());
        let capitals = w.chars().filter(|c| c.is_uppercase()).count();
        w.starts_with(char::is_uppercase) && w.len() >= 3 && (digit || capitals >= 2)
    };
    let first =
        subject.split_whitespace().map(|w| w.trim_matches(|c: char| !c.is_alphanumeric())).find(|w| !w.is_empty());
    first
        .filter(is_name)
        .is_some_and(|name| !words(name).any(|w| own.iter().any(|o| o.contains(&w) || w.contains(o.as_str()))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(sentence: &str) -> Option<String> {
        let found = spoken(sentence, &Block::default(), &[]).into_iter().next()?;
        licenses::find(&found.name).map(|l| l.spdx_id().to_owned())
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
        let found = spoken(sentence, &Block::default(), &[]);
        let said: Vec<_> = found.iter().map(|f| (f.name.as_str(), f.component)).collect();
        assert_eq!(said, [("Apache-2.0 license", Component::Code), ("Gemma", Component::Weights)]);
    }

    #[test]
    fn what_a_license_is_for() {
        let own = vec!["acme".to_owned(), "tiny".to_owned()];
        for (sentence, wanted) in [
            ("The training code is released under CC BY-NC 4.0.", Component::Code),
            ("The dataset is released under CC BY-NC-SA 4.0.", Component::Data),
            ("The code and the weights are released under Apache 2.0.", Component::Weights),
            ("The model code is released under MIT.", Component::Code),
            ("Tiny-7B is released under MIT.", Component::Weights),
            ("Rival-8B, which we compare it with, is licensed under MIT.", Component::ThirdParty),
            ("Rival-8B is licensed under MIT.", Component::ThirdParty),
            ("Other sizes of the family are licensed under MIT.", Component::ThirdParty),
            ("Released under the MIT license.", Component::Weights),
        ] {
            let found = spoken(sentence, &Block::default(), &own);
            assert_eq!(found.first().map(|f| f.component), Some(wanted), "{sentence}");
        }
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
            let found = bound_to(sentence, &Block::default(), &[]);
            assert_eq!(found.map(|(_, _, added)| added), wanted, "{sentence}");
        }
    }

    #[test]
    fn badges_name_a_license() {
        assert_eq!(badge("https://img.shields.io/badge/license-MIT-blue.svg").as_deref(), Some("MIT"));
        assert_eq!(badge("https://img.shields.io/badge/License-Apache_2.0-green").as_deref(), Some("Apache 2.0"));
        assert_eq!(badge("https://img.shields.io/badge/build-passing-green"), None);
    }
}
