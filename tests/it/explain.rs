//! `ouvert explain`: every rule of every profile and every license is explained whole, in both languages.

use std::collections::BTreeSet;

use ouvert::lists::licenses;
use ouvert::profile::{self, Asks, Profile, Rule};
use ouvert::render::need_word;
use ouvert::words::Lang;

use crate::support::run;

/// A page without its breaks of lines.
fn page(args: &[&str], lang: Lang) -> String {
    let lang = if lang == Lang::Fr { "fr" } else { "en" };
    let run = run(&[&["explain"], args, &["--lang", lang]].concat());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{args:?}");
    joined(&run.stdout)
}

fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn bare(text: &str) -> String {
    text.split_whitespace().collect()
}

/// What a page of a rule must hold, with what each part of it is.
fn parts(rule: &Rule, profile: &Profile, lang: Lang) -> Vec<(&'static str, String)> {
    let criterion = profile.criteria.iter().find(|c| c.id == rule.criterion).expect("its criterion");
    let labels = match lang {
        Lang::En => ["why:", "to mend it:", "to ask:", "from:", "weight"],
        Lang::Fr => ["pourquoi :", "pour y remédier :", "à demander :", "source :", "poids"],
    };
    let said = |text: &ouvert::words::Text| joined(text.get(lang));
    let weight = rule.weight.to_string();
    let weight = if lang == Lang::Fr { weight.replace('.', ",") } else { weight };
    let mut all = vec![
        ("title", said(&rule.title)),
        ("criterion", said(&criterion.title)),
        ("need", need_word(rule.need, lang).to_owned()),
        ("weight", format!("{} {weight}", labels[4])),
        ("why", format!("{} {}", labels[0], said(&rule.why))),
        ("how to mend it", format!("{} {}", labels[1], said(&rule.remedy))),
        ("question", format!("{} {}", labels[2], said(&rule.ask))),
        ("references", format!("{} {}", labels[3], joined(&rule.refs.join("; ")))),
    ];
    if let Asks::Grades(grades) = &rule.asks {
        all.extend(grades.iter().map(|g| ("grade", said(&g.title))));
    }
    all
}

#[test]
fn every_rule_is_explained_whole() {
    let mut rules = 0;
    for id in profile::ids() {
        let profile = profile::built_in(id).unwrap();
        for rule in &profile.rules {
            rules += 1;
            assert!(!rule.refs.is_empty(), "{id}: {}: from nowhere", rule.id);
            for text in [&rule.title, &rule.why, &rule.remedy, &rule.ask] {
                assert!(!text.en.trim().is_empty() && !text.fr.trim().is_empty(), "{id}: {}: {text:?}", rule.id);
                assert_ne!(text.en, text.fr, "{id}: {}", rule.id);
            }
            for lang in [Lang::En, Lang::Fr] {
                let shown = page(&[&rule.id, "--profile", id], lang);
                for (part, wanted) in parts(rule, &profile, lang) {
                    assert!(shown.contains(&wanted), "{id}: {}: no {part}: {wanted}\n{shown}", rule.id);
                }
            }
        }
    }
    assert!(rules > 150, "{rules}");
}

#[test]
fn every_license_is_explained_in_both_languages() {
    let ids: Vec<&str> = licenses::ids().collect::<BTreeSet<_>>().into_iter().collect();
    assert!(ids.len() > 700, "{}", ids.len());
    // All licenses of an expression are explained on its page: so few runs look at each.
    for some in ids.chunks(40) {
        for (lang, labels) in [
            (Lang::En, ["made for:", "approved by:", "source:"]),
            (Lang::Fr, ["faite pour :", "approuvée par :", "source :"]),
        ] {
            let shown = page(&[&some.join(" AND ")], lang);
            for id in some {
                let license = licenses::find(id).unwrap_or_else(|| panic!("{id} is not found"));
                let colon = if lang == Lang::Fr { " :" } else { ":" };
                let head = joined(&format!("{}{colon} {}", license.id, license.name));
                let (_, own) = shown.split_once(&head).unwrap_or_else(|| panic!("no {head}\n{shown}"));
                // The source of each is its last line.
                let at = own.find(labels[2]).unwrap_or_else(|| panic!("{id}: no source\n{own}"));
                let (own, source) = own.split_at(at);
                // A long address is cut at the width.
                let whole = bare(source).contains(&bare(&license.source)) && !license.source.is_empty();
                assert!(whole, "{id}: {source}");
                for label in &labels[..2] {
                    assert!(own.contains(label), "{id}: no {label}\n{own}");
                }
                let barred = license.bars.iter().map(|b| joined(b.kind.text().get(lang)));
                let missing: Vec<String> = barred.filter(|kind| !own.contains(kind)).collect();
                assert!(missing.is_empty(), "{id}: {missing:?}\n{own}");
            }
        }
    }
}
