//! The base models as a tree: where each stands in the picture, and the same in words. It follows names, never a link.

use std::collections::{HashMap, HashSet};

use textwrap::core::display_width;

use super::{plain, theirs};
use crate::finding::Lang;
use crate::report::{Ancestor, Report};
use crate::words::page::Page as Word;

/// Models shown.
const MODELS: usize = 40;
/// Steps to the right that the picture makes; deeper ones stand below each other.
const DEEPEST: u32 = 8;
/// Columns of a name and of what stands under it.
const NAME: usize = 32;
const UNDER: usize = 46;

/// Measures of the picture, in its own units.
pub(super) const WIDTH: u32 = 316;
pub(super) const HEIGHT: u32 = 52;
const STEP: u32 = 30;
const PITCH: u32 = 68;
const EDGE: u32 = 2;
/// Width from which a narrow window scrolls the picture and does not shrink it.
const DEEP: u32 = 420;

/// The tree.
pub(super) struct Tree {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) deep: bool,
    pub(super) desc: String,
    pub(super) nodes: Vec<Node>,
    pub(super) rows: Vec<ModelRow>,
    pub(super) more: usize,
}

/// A box of the picture, and the line that leads to it.
pub(super) struct Node {
    pub(super) x: u32,
    pub(super) y: u32,
    pub(super) name: String,
    pub(super) under: String,
    pub(super) kind: &'static str,
    /// The path of the line from the model that names it.
    pub(super) line: Option<String>,
    pub(super) told: bool,
}

/// A model on a line.
pub(super) struct ModelRow {
    pub(super) id: String,
    pub(super) revision: Option<String>,
    pub(super) by: String,
    pub(super) licenses: String,
    pub(super) licensed: bool,
    pub(super) state: String,
}

/// The lineage, where there is one.
pub(super) fn tree(report: &Report, lang: Lang) -> Option<Tree> {
    // Older reports name the bases alone.
    let bare: Vec<Ancestor> = match report.lineage.is_empty() {
        true => report.bases.iter().take(MODELS + 1).map(|id| named(id)).collect(),
        false => vec![],
    };
    let all: &[Ancestor] = if report.lineage.is_empty() { &bare } else { &report.lineage };
    if all.is_empty() {
        return None;
    }
    let placed = placed(all);
    let release = if report.subject.name.is_empty() { &report.subject.locator } else { &report.subject.name };
    let mut nodes = vec![Node {
        x: EDGE,
        y: EDGE,
        name: cut(&theirs(release), NAME),
        under: plain(Word::ThisRelease.say(lang), lang),
        kind: "root",
        line: None,
        told: true,
    }];
    // The box that each model is drawn from: the last one above it that stands one step to the left.
    let mut at: Vec<(u32, u32)> = vec![(EDGE, EDGE)];
    for (row, (ancestor, depth)) in placed.iter().enumerate() {
        let steps = (*depth).min(DEEPEST);
        let x = EDGE + steps * STEP;
        let y = EDGE + (u32::try_from(row).unwrap_or(0) + 1) * PITCH;
        let level = usize::try_from(*depth).unwrap_or(0);
        at.truncate(level);
        let from = at.last().copied().unwrap_or((EDGE, EDGE));
        at.resize(level, from);
        at.push((x, y));
        nodes.push(node(ancestor, (x, y), from, lang));
    }
    let deepest = placed.iter().map(|(_, d)| (*d).min(DEEPEST)).max().unwrap_or(0);
    let rows: Vec<ModelRow> = placed.iter().map(|(a, _)| row(a, release, lang)).collect();
    let values: &[(&str, &dyn std::fmt::Display)] = &[("release", &theirs(release))];
    let width = 2 * EDGE + deepest * STEP + WIDTH;
    Some(Tree {
        width,
        deep: width > DEEP,
        height: 2 * EDGE + u32::try_from(placed.len()).unwrap_or(0) * PITCH + HEIGHT,
        desc: plain(&Word::LineageDesc.with(lang, values), lang),
        more: all.len().saturating_sub(placed.len()),
        nodes,
        rows,
    })
}

fn named(id: &str) -> Ancestor {
    Ancestor {
        id: id.to_owned(),
        of: None,
        revision: None,
        declared: true,
        seen: false,
        again: false,
        licenses: vec![],
        datasets: 0,
    }
}

/// The models in the order of the tree, each with how many steps it stands from the release. Every model is met once, so a chain
/// that bites its tail ends.
fn placed(all: &[Ancestor]) -> Vec<(&Ancestor, u32)> {
    let mut below: HashMap<Option<&str>, Vec<usize>> = HashMap::new();
    for (index, ancestor) in all.iter().enumerate() {
        below.entry(ancestor.of.as_deref()).or_default().push(index);
    }
    let (mut out, mut met, mut open) = (Vec::new(), HashSet::new(), HashSet::new());
    // Those that no chain from the release reaches come last, as the report has them.
    let first = below.remove(&None).unwrap_or_default();
    let starts = first.into_iter().chain(0..all.len());
    for start in starts {
        let mut stack = vec![(start, 1)];
        while let Some((index, depth)) = stack.pop() {
            if out.len() >= MODELS {
                return out;
            }
            let Some(ancestor) = all.get(index).filter(|_| met.insert(index)) else { continue };
            out.push((ancestor, depth));
            if !ancestor.again && open.insert(ancestor.id.as_str()) {
                let next = below.get(&Some(ancestor.id.as_str())).map_or(&[][..], Vec::as_slice);
                stack.extend(next.iter().rev().map(|i| (*i, depth.saturating_add(1))));
            }
        }
    }
    out
}

fn node(ancestor: &Ancestor, (x, y): (u32, u32), (from_x, from_y): (u32, u32), lang: Lang) -> Node {
    let (elbow, middle) = (from_x + STEP / 2, y + HEIGHT / 2);
    // Deeper than the picture is wide, a model stands straight below the one that names it.
    let line = match x > from_x {
        true => format!("M{elbow} {} V{} q0 8 8 8 H{x}", from_y + HEIGHT, middle - 8),
        false => format!("M{elbow} {} V{y}", from_y + HEIGHT),
    };
    Node {
        x,
        y,
        name: cut(&theirs(&ancestor.id), NAME),
        under: cut(&format!("{} · {}", licenses(ancestor, lang), state(ancestor, lang)), UNDER),
        kind: if ancestor.again {
            "again"
        } else if ancestor.seen {
            "seen"
        } else {
            "unseen"
        },
        line: Some(line),
        told: ancestor.declared,
    }
}

fn row(ancestor: &Ancestor, release: &str, lang: Lang) -> ModelRow {
    let mut states = vec![state(ancestor, lang)];
    if !ancestor.declared {
        states.push(plain(Word::InText.say(lang), lang));
    }
    if ancestor.seen {
        let word = match ancestor.datasets {
            0 => Word::NoSets,
            1 => Word::OneSet,
            _ => Word::Sets,
        };
        states.push(plain(&word.with(lang, &[("n", &ancestor.datasets)]), lang));
    }
    ModelRow {
        id: theirs(&ancestor.id),
        revision: ancestor.revision.as_deref().map(theirs),
        by: theirs(ancestor.of.as_deref().unwrap_or(release)),
        licenses: licenses(ancestor, lang),
        licensed: !ancestor.licenses.is_empty(),
        state: states.join(", "),
    }
}

fn licenses(ancestor: &Ancestor, lang: Lang) -> String {
    if ancestor.licenses.is_empty() {
        return plain(Word::NoLicenseNamed.say(lang), lang);
    }
    theirs(&ancestor.licenses.iter().take(6).map(String::as_str).collect::<Vec<_>>().join(", "))
}

fn state(ancestor: &Ancestor, lang: Lang) -> String {
    let word = match (ancestor.again, ancestor.seen) {
        (true, _) => Word::Again,
        (_, true) => Word::Looked,
        (_, false) => Word::NotLooked,
    };
    plain(word.say(lang), lang)
}

/// A text in at most so many columns, its middle left out: the start tells whose it is, the end which.
fn cut(text: &str, most: usize) -> String {
    if display_width(text) <= most {
        return text.to_owned();
    }
    let half = (most - 1) / 2;
    let within = |chars: &mut dyn Iterator<Item = char>| {
        let mut columns = 0;
        let fits = |c: &char| {
            columns += display_width(c.encode_utf8(&mut [0; 4]));
            columns <= half
        };
        chars.take_while(fits).collect::<String>()
    };
    let (head, tail) = (within(&mut text.chars()), within(&mut text.chars().rev()));
    format!("{head}…{}", tail.chars().rev().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(pairs: &[(&str, Option<&str>)]) -> Vec<Ancestor> {
        pairs.iter().map(|(id, of)| Ancestor { of: of.map(str::to_owned), ..named(id) }).collect()
    }

    #[test]
    fn every_model_stands_below_the_one_that_names_it() {
        let all = chain(&[("a", None), ("b", Some("a")), ("c", None), ("d", Some("b"))]);
        let order: Vec<_> = placed(&all).iter().map(|(a, d)| (a.id.as_str(), *d)).collect();
        assert_eq!(order, [("a", 1), ("b", 2), ("d", 3), ("c", 1)]);
    }

    #[test]
    fn a_chain_that_bites_its_tail_ends_and_hides_nobody() {
        let all = chain(&[("a", Some("b")), ("b", Some("a")), ("c", Some("nobody")), ("c", Some("c"))]);
        assert_eq!(placed(&all).len(), 4);
        let many: Vec<Ancestor> = (0..10_000).map(|i| named(&i.to_string())).collect();
        assert_eq!(placed(&many).len(), MODELS);
    }

    #[test]
    fn names_are_cut_in_the_middle() {
        assert_eq!(cut("short", 9), "short");
        assert_eq!(cut("organization/model-7B", 9), "orga…l-7B");
        assert!(display_width(&cut(&"模".repeat(50), 9)) <= 9);
    }
}
