//! Public summaries of training content: documents whose name or title says so, a section of the card, links of the card.
//! An ordinary section on training data is none: the words must speak of the summary, or the template's sections be there.

mod fields;

use self::fields::{Found, fields};
use crate::collect::{Release, Scope, around, inside};
use crate::evidence::{
    ArtifactKind, Evidence, FileFact, FileStatus, GapKind, Place, SummaryState, Topic, TrainingSummary,
};
use crate::lists::summary::{Names, Sure, denies, is_of_law, name_says, names, title_says};
use crate::parse::markdown::{Block, BlockKind, Link};
use crate::parse::outline::{Entry, Form, Part, read};

/// Summaries kept of a release.
const MOST: usize = 16;
/// Documents opened for the sake of their title, at hand and where each is a request.
const MOST_TITLES: (usize, usize) = (32, 8);
/// Bytes of a document that is opened for its title, and of one that is named as a summary.
const LONGEST: (u64, u64) = (256 * 1024, 1024 * 1024);
/// Formats that hold documents and that are not read here.
const UNREAD: &[&str] = &[".pdf", ".docx", ".doc", ".odt", ".rtf", ".xlsx", ".ods"];
/// Sections of the template by number and title that make a document the summary, whatever it is called.
const FEWEST_NUMBERED: usize = 4;
/// Titles of the template that make a document the summary where its name or title leaves it open, and the fields of which one
/// is among what it names: no other account of data has them.
const FEWEST_OPEN: usize = 3;
const TELLING: &[&str] = &["provider", "data-processing"];
/// Titles of the template's fields from which on a summary follows it.
const FEWEST_TITLES: usize = 7;
/// Characters of text outside of any field that make a summary prose; less is a remark.
const FEWEST_PROSE: usize = 80;
/// Links looked at in a paragraph, and bytes of one.
const MOST_LINKS: usize = 32;
const LONGEST_PARAGRAPH: usize = 64 * 1024;
/// Bytes of a URL that is kept.
const LONGEST_URL: usize = 2_000;
/// Entries at the head of a document among which its title is looked for.
const MOST_HEADS: usize = 5;

pub(super) fn collect(release: &mut Release<'_>, out: &mut Evidence) {
    if release.scope != Scope::Whole {
        return;
    }
    let (mut linked, elsewhere) = links(release);
    let mut all: Vec<TrainingSummary> = Vec::new();
    for (path, sure) in candidates(release) {
        let said = linked.contains(&path);
        linked.retain(|l| *l != path);
        all.extend(document(release, &path, if said { Some(Sure::Yes) } else { sure }));
    }
    for path in linked {
        all.extend(document(release, &path, Some(Sure::Yes)));
    }
    all.extend(in_card(release));
    // A link to where the hub or a code host shows a file of the release leads nowhere else.
    let is_read = |url: &str| {
        let url = url.split(['?', '#']).next().unwrap_or_default();
        all.iter().any(|s| url.ends_with(&format!("/{}", s.place.path)))
    };
    let elsewhere: Vec<Place> = elsewhere.into_iter().filter(|p| !p.url.as_deref().is_some_and(is_read)).collect();
    all.extend(elsewhere.into_iter().map(|place| summary(place, SummaryState::Elsewhere, Found::default())));
    all.truncate(MOST);
    out.summaries = all;
}

/// A summary with what was found in it.
fn summary(place: Place, state: SummaryState, found: Found) -> TrainingSummary {
    TrainingSummary { place, state, template: found.titles.len() >= FEWEST_TITLES, fields: found.fields }
}

/// A summary that was read, unless what it was taken for rests on more than is there.
fn accepted(place: Place, sure: Option<Sure>, found: Found) -> Option<TrainingSummary> {
    let is_one = match sure {
        Some(Sure::Yes) => true,
        Some(Sure::Maybe) => found.titles.len() >= FEWEST_OPEN && TELLING.iter().any(|id| found.named.contains(id)),
        None => false,
    };
    if !is_one && found.numbered.len() < FEWEST_NUMBERED {
        return None;
    }
    let prose = found.named.is_empty() && found.prose >= FEWEST_PROSE;
    Some(summary(place, if prose { SummaryState::Prose } else { SummaryState::Read }, found))
}

/// The documents that may be a summary: those named as one, then a few more whose title may say so.
fn candidates(release: &Release<'_>) -> Vec<(String, Option<Sure>)> {
    let card = release.card.as_ref().map(|c| c.path.as_str());
    let is_document = |f: &&FileFact| {
        let low = f.path.to_ascii_lowercase();
        let read = Form::of(&f.path).is_some() || UNREAD.iter().any(|end| low.ends_with(end));
        read && f.status != FileStatus::Missing
            && f.bytes.is_some()
            && f.kind != ArtifactKind::Housekeeping
            && card != Some(f.path.as_str())
    };
    let (mut named, mut others): (Vec<_>, Vec<_>) =
        release.files.iter().filter(is_document).map(|f| (f, name_says(&f.path))).partition(|(_, sure)| sure.is_some());
    let documents = [
        ArtifactKind::Other,
        ArtifactKind::Report,
        ArtifactKind::DataCard,
        ArtifactKind::ModelCard,
        ArtifactKind::Policy,
        // All that lies in a folder of documents or examples.
        ArtifactKind::InferenceCode,
    ];
    others.retain(|(f, _)| {
        Form::of(&f.path).is_some() && documents.contains(&f.kind) && f.bytes.is_some_and(|b| b <= LONGEST.0)
    });
    named.sort_by_key(|(f, sure)| (std::cmp::Reverse(*sure), &f.path));
    others.sort_by_key(|(f, _)| (f.path.matches('/').count(), &f.path));
    let most = if release.hub.is_some() { MOST_TITLES.1 } else { MOST_TITLES.0 };
    let all = named.into_iter().take(MOST).chain(others.into_iter().take(most));
    all.map(|(f, sure)| (f.path.clone(), sure)).collect()
}

/// A document of the release, where it is a summary.
fn document(release: &mut Release<'_>, path: &str, named: Option<Sure>) -> Option<TrainingSummary> {
    let unread = || Some(summary(Place::file(path), SummaryState::Unread, Found::default()));
    let Some(form) = Form::of(path) else {
        release.gap(Topic::Data, path, GapKind::Unreadable, path.rsplit('.').next().unwrap_or_default());
        return unread();
    };
    let gaps = release.gaps.len();
    let text = release.text_within(path, Topic::Data, LONGEST.1);
    if named.is_none() {
        // Nobody said that this text matters: what hinders its reading is no gap.
        release.gaps.truncate(gaps);
    }
    let Some(text) = text else { return named.and_then(|_| unread()) };
    let entries = read(form, &text, 0);
    let titles =
        || entries.iter().take(MOST_HEADS).enumerate().filter_map(|(at, e)| Some((e.line, title_of(e, at == 0)?)));
    let said = titles().filter_map(|(_, text)| title_says(text)).max();
    let place = match titles().max_by_key(|(line, text)| (title_says(text), std::cmp::Reverse(*line))) {
        Some((line, text)) => Place::line(path, line, text),
        None => Place::file(path),
    };
    accepted(place, named.max(said), fields(path, entries.iter()))
}

/// What a document may be called by: a heading, or the line that it starts with.
fn title_of(entry: &Entry, first: bool) -> Option<&str> {
    match &entry.part {
        Part::Heading(_, text) => Some(text),
        Part::Text(text) if first => text.lines().next(),
        _ => None,
    }
}

/// The sections of the card that are a summary: those called so, else one that is numbered as the template is.
fn in_card(release: &Release<'_>) -> Vec<TrainingSummary> {
    let Some(card) = &release.card else { return vec![] };
    let form = Form::of(&card.path).unwrap_or(Form::Markdown);
    let entries = read(form, &card.body(), card.body_offset);
    let mut out = Vec::new();
    for by_title in [true, false] {
        let mut rest = entries.as_slice();
        while let (Some((first, tail)), true) = (rest.split_first(), out.len() < MOST) {
            rest = tail;
            let Part::Heading(level, text) = &first.part else { continue };
            let sure = if by_title { title_says(text) } else { None };
            if sure.is_none() && (by_title || !starts_template(text)) {
                continue;
            }
            let length = tail.iter().take_while(|e| !ends_section(e, *level)).count();
            let (section, behind) = tail.split_at_checked(length).unwrap_or((tail, &[]));
            // A section without a title of its own starts with its first field.
            let whole = sure.is_none().then_some(first).into_iter().chain(section);
            let place = Place::line(&card.path, first.line, text);
            let found = accepted(place, sure, fields(&card.path, whole));
            // What is numbered as the template is reaches far, and is looked through once.
            if found.is_some() || !by_title {
                rest = behind;
            }
            out.extend(found);
        }
        if !out.is_empty() {
            break;
        }
    }
    out
}

/// Whether a heading is one of the template's with its number.
fn starts_template(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit() || c.is_alphabetic())
        && text.contains(|c: char| c.is_ascii_digit())
        && matches!(names(text), Some(Names::Field { numbered: true, .. } | Names::Section))
}

/// Whether an entry ends a section of a level: a heading as high, unless it is one of the template's with its number.
fn ends_section(entry: &Entry, level: u8) -> bool {
    matches!(&entry.part, Part::Heading(own, text) if *own <= level && !starts_template(text))
}

/// The links of the card that lead to a summary: paths in the release, and places elsewhere.
fn links(release: &Release<'_>) -> (Vec<String>, Vec<Place>) {
    let (mut paths, mut places): (Vec<String>, Vec<Place>) = (vec![], vec![]);
    let Some(card) = &release.card else { return (paths, places) };
    let mut keep = |link: &Link| {
        let url = link.url.trim();
        if url.starts_with("https://") || url.starts_with("http://") {
            let known = places.iter().any(|p| p.url.as_deref() == Some(url));
            if url.len() <= LONGEST_URL && !is_of_law(url) && !known && places.len() < MOST {
                places.push(Place { url: Some(url.to_owned()), ..card.place(link.line) });
            }
        } else if let Some(path) = inside("", url.split(['#', '?']).next().unwrap_or_default()) {
            let there = release.file(&path).is_some_and(|f| f.bytes.is_some()) && path != card.path;
            if there && !paths.contains(&path) && paths.len() < MOST {
                paths.push(path);
            }
        }
    };
    let blocks = card.doc.blocks.iter().filter(|b| !matches!(b.kind, BlockKind::Code));
    let speaks = |b: &&Block| !b.links.is_empty() && b.text.len() <= LONGEST_PARAGRAPH && title_says(&b.text).is_some();
    for block in blocks.filter(speaks) {
        let alone = block.links.iter().filter(|l| !l.image).count() == 1;
        // "Art. 53" ends no sentence.
        let text = Block { text: block.text.replace("rt. 53", "rt 53"), ..Block::default() };
        for link in block.links.iter().filter(|l| !l.image).take(MOST_LINKS) {
            if leads_there(link, &around(&text, link), alone) {
                keep(link);
            }
        }
    }
    for (_, row) in card.doc.tables.iter().flat_map(|t| &t.rows) {
        let alone = row.iter().map(|c| c.links.len()).sum::<usize>() == 1;
        let said = row.iter().map(|c| c.text.as_str()).collect::<Vec<_>>().join(" ");
        for link in row.iter().flat_map(|c| &c.links).filter(|l| !l.image).take(MOST_LINKS) {
            if leads_there(link, &said, alone) {
                keep(link);
            }
        }
    }
    (paths, places)
}

/// Whether the words of a link say that it leads to a summary, or those around it, where it is the only link or is called by no
/// name of its own.
fn leads_there(link: &Link, around: &str, alone: bool) -> bool {
    let text = link.text.trim().to_lowercase();
    let says = title_says(&text).is_some_and(|sure| sure == Sure::Yes || text.contains("summar"));
    let nameless = ["here", "ici", "link", "lien", "this page", "cette page", "pdf"].contains(&text.as_str())
        || text.starts_with("http")
        || text.is_empty();
    (says || ((alone || nameless) && title_says(around) == Some(Sure::Yes))) && !denies(around, &text)
}
