//! Whether links lead to what they stand for, as far as their addresses tell.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::{Case, SIZE, named_after, parts};
use crate::collect::matches;
use crate::evidence::{Flaw, FlawKind, excerpt_of};
use crate::lists::{frameworks, pattern};
use crate::parse::eu_index::Field;
use crate::parse::pages::{Page, page};

/// Pages of the system that are asked for its names and owners.
const MOST_PAGES: usize = 8;

/// Words of notes that tell of other sizes.
static TOLD: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"\b(smaller|larger|variants?|sizes?)\b"));

pub(super) fn flaws(case: &Case<'_>) -> Vec<Flaw> {
    let mut out = Vec::new();
    if let Some(base) = &case.base {
        let (base, end) = (&base.text, &case.end.text);
        for id in ["datasources_basemodel", "weights_basemodel"] {
            out.extend(of_the_other(
                case,
                id,
                (base, end),
                ("base model", "end model"),
                ("modèle de base", "modèle final"),
            ));
        }
        let (en, fr) = (("end model", "base model"), ("modèle final", "modèle de base"));
        out.extend(of_the_other(case, "weights_endmodel", (end, base), en, fr));
        out.extend(sizes(case, "weights_basemodel", base));
    }
    out.extend(sizes(case, "weights_endmodel", &case.end.text));
    for id in ["weights_basemodel", "weights_endmodel", "modelcard"] {
        out.extend(strangers(case, id));
    }
    for id in ["weights_basemodel", "weights_endmodel", "trainingcode", "modelcard"] {
        out.extend(no_such_thing(case, id));
    }
    for id in ["trainingcode", "code"] {
        out.extend(general(case, id));
    }
    let text = (
        "the text of a license, which does not say that it is this model's",
        "le texte d'une licence, qui ne dit pas que c'est celle de ce modèle",
    );
    out.extend(every(case, "licenses", |_, page| *page == Page::License, text));
    let preprint = (
        "preprints, where a peer-reviewed paper is asked for",
        "des prépublications, alors qu'un article évalué est demandé",
    );
    out.extend(every(case, "paper", |link, _| is_preprint(&link.text), preprint));
    out
}

/// The links of a favourable parameter, each with where it leads.
fn links<'c>(case: &'c Case<'_>, id: &str) -> Vec<(&'c Field, Page)> {
    case.favourable(id).map(|p| p.links.iter().map(|l| (l, page(&l.text))).collect()).unwrap_or_default()
}

fn elsewhere(case: &Case<'_>, line: usize, en: String, fr: String) -> Flaw {
    case.sheet.flaw(FlawKind::LinkElsewhere, line, en, fr)
}

/// Pages that are named like the other of the two models.
fn of_the_other(
    case: &Case<'_>,
    id: &str,
    (own, other): (&str, &str),
    en: (&str, &str),
    fr: (&str, &str),
) -> Vec<Flaw> {
    let mut out = Vec::new();
    for (link, page) in links(case, id) {
        let (Page::Model(to) | Page::Dataset(to)) = page else { continue };
        let Some(word) = named_after(&to, other, own) else { continue };
        let (own, to, word) = (excerpt_of(own), excerpt_of(&to), excerpt_of(&word));
        out.push(elsewhere(
            case,
            link.line,
            format!(
                "`{id}` is about the {} `{own}`, and the link leads to `{to}`, named like the {} (`{word}`)",
                en.0, en.1
            ),
            format!(
                "`{id}` porte sur le {} `{own}`, et le lien mène à `{to}`, nommé comme le {} (`{word}`)",
                fr.0, fr.1
            ),
        ));
    }
    out
}

/// Weights of another size than the model has.
fn sizes(case: &Case<'_>, id: &str, name: &str) -> Vec<Flaw> {
    let sizes = |name: &str| parts(name).into_iter().filter(|w| matches(&SIZE, w)).collect::<BTreeSet<_>>();
    let wanted = sizes(name);
    let mut out = Vec::new();
    // Notes may say that one of several stands for all.
    let notes = case.favourable(id).and_then(|p| p.notes.as_ref()).map_or("", |n| n.text.as_str());
    if matches(&TOLD, notes) {
        return out;
    }
    for (link, page) in links(case, id) {
        let Page::Model(to) = page else { continue };
        let found = sizes(&to);
        if wanted.is_empty() || found.is_empty() || !wanted.is_disjoint(&found) {
            continue;
        }
        let (name, to) = (excerpt_of(name), excerpt_of(&to));
        out.push(elsewhere(
            case,
            link.line,
            format!("`{id}` is about `{name}`, and the link leads to a model of another size, `{to}`"),
            format!("`{id}` porte sur `{name}`, et le lien mène à un modèle d'une autre taille, `{to}`"),
        ));
    }
    out
}

/// Pages of models whose names have nothing in common with any name in the record.
fn strangers(case: &Case<'_>, id: &str) -> Vec<Flaw> {
    let pages = case.system.links.iter().take(MOST_PAGES).map(|l| page(&l.text)).filter_map(owner);
    let names = [&case.end.text, &case.system.name.text].into_iter().chain(case.base.as_ref().map(|b| &b.text));
    let known: Vec<String> = names.cloned().chain(pages).collect();
    let mut out = Vec::new();
    for (link, page) in links(case, id) {
        let Page::Model(to) = page else { continue };
        if known.iter().any(|name| is_akin(name, &to)) {
            continue;
        }
        let (to, end) = (excerpt_of(&to), excerpt_of(&case.end.text));
        out.push(elsewhere(
            case,
            link.line,
            format!("`{id}` rests on the page of `{to}`, a name that has nothing in common with `{end}`"),
            format!("`{id}` repose sur la page de `{to}`, un nom sans rien de commun avec `{end}`"),
        ));
    }
    out
}

/// Whether two names share a word that tells something, or one holds a longer word of the other.
fn is_akin(a: &str, b: &str) -> bool {
    const COMMON: [&str; 6] = ["instruct", "chat", "base", "model", "the", "open"];
    let telling = |w: &&String| !COMMON.contains(&w.as_str()) && !matches(&SIZE, w);
    let (a, b) = (parts(a), parts(b));
    let squashed = |words: &BTreeSet<String>, name: &str| {
        words.iter().filter(telling).any(|w| w.len() >= 3 && name.contains(w.as_str()))
    };
    let whole = |words: &BTreeSet<String>| words.iter().map(String::as_str).collect::<String>();
    a.intersection(&b).any(|w| telling(&w)) || squashed(&a, &whole(&b)) || squashed(&b, &whole(&a))
}

/// Pages that can hold neither weights nor code.
fn no_such_thing(case: &Case<'_>, id: &str) -> Vec<Flaw> {
    let mut out = Vec::new();
    for (link, page) in links(case, id) {
        let (en, fr) = match page {
            Page::Dataset(_) | Page::Data => ("data", "des données"),
            // Cards of models are printed as documents too.
            Page::Paper if link.text.to_lowercase().contains("card") => continue,
            Page::Paper => ("a paper or a report", "un article ou un rapport"),
            Page::Post => ("an article", "un billet"),
            Page::License => ("the text of a license", "le texte d'une licence"),
            Page::Model(_) | Page::Code(_) | Page::Other => continue,
        };
        out.push(elsewhere(
            case,
            link.line,
            format!("`{id}` rests on this link, and it leads to {en}"),
            format!("`{id}` repose sur ce lien, et il mène à {fr}"),
        ));
    }
    out
}

/// Code that is a framework, which trains any model.
fn general(case: &Case<'_>, id: &str) -> Vec<Flaw> {
    let links = links(case, id);
    // To those who made the framework it is their own code.
    let mut owners: Vec<String> =
        case.system.links.iter().take(MOST_PAGES).map(|l| page(&l.text)).filter_map(owner).collect();
    for id in ["weights_endmodel", "weights_basemodel"] {
        owners.extend(case.addresses(id).take(MOST_PAGES).filter_map(|(url, _)| owner(page(url))));
    }
    owners.push(String::new());
    let is_general = |name: &str| owners.iter().all(|o| frameworks::is_general_to(name, o));
    let names: Vec<(&Field, String)> = links
        .into_iter()
        .map(|(link, page)| match page {
            Page::Code(name) if is_general(&name) => Some((link, name)),
            _ => None,
        })
        .collect::<Option<_>>()
        .unwrap_or_default();
    let flaw = |(link, name): (&Field, String)| {
        let name = excerpt_of(&name);
        elsewhere(
            case,
            link.line,
            format!("`{id}` rests on `{name}`, a general framework: it does not show how this model was trained"),
            format!(
                "`{id}` repose sur `{name}`, un cadriciel général : il ne montre pas comment ce modèle a été entraîné"
            ),
        )
    };
    names.into_iter().map(flaw).collect()
}

/// Who holds a page, as `OWNER/NAME`.
fn owner(page: Page) -> Option<String> {
    match page {
        Page::Model(id) => Some(id),
        Page::Code(name) => name.split_once('/').map(|(_, id)| id.to_owned()),
        _ => None,
    }
}

/// Whether an address leads to a server of papers that nobody has reviewed.
fn is_preprint(url: &str) -> bool {
    ["://arxiv.org/", "://www.arxiv.org/", "://huggingface.co/papers/"].iter().any(|host| url.contains(host))
}

/// Links of a parameter that all lead to a thing that is not asked for.
fn every(case: &Case<'_>, id: &str, is: fn(&Field, &Page) -> bool, (en, fr): (&str, &str)) -> Option<Flaw> {
    let links = links(case, id);
    let all = links.iter().all(|(link, page)| is(link, page));
    let (link, _) = links.first().filter(|_| all)?;
    Some(elsewhere(case, link.line, format!("`{id}` rests on {en}"), format!("`{id}` repose sur {fr}")))
}
