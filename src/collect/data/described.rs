//! Datasets as bills of materials and Croissant records describe them: declared, beside what the card and the manifest name.

use std::sync::LazyLock;

use regex::Regex;

use super::{Draft, put, teacher_in};
use crate::collect::{Doc, Release, inside, is_hub_id, matches, pattern, with_license};
use crate::digest::Kind;
use crate::evidence::{Dataset, NamedIn, Place, excerpt_of};
use crate::lists::judgement::{self, Use};
use crate::lists::sentences;
use crate::parse::croissant::{FileObject, Record};
use crate::parse::cyclonedx::{DataEntry, Model};
use crate::parse::names::{dataset_target, hub_dataset, hub_package, is_version};

/// Records of one release that are looked at.
const MOST: usize = 64;
/// Files of one record that are looked for.
const MOST_FILES: usize = 10_000;
/// Licenses of one set, and sets that one was made from.
const MOST_LICENSES: usize = 5;
const MOST_NAMED: usize = 20;
/// Models that are told to have written one set.
const MOST_TEACHERS: usize = 50;

/// Datasets of the model card of a bill of materials. One that its own words say is for evaluation is no training data.
pub(super) fn from_boms(release: &Release<'_>, drafts: &mut Vec<Draft>) {
    let cards = release.boms.iter().filter_map(|doc| Some((doc, doc.facts.model.as_ref()?)));
    for (doc, Model { datasets, .. }) in cards {
        for entry in datasets.iter().filter(|entry| !evaluates(entry)) {
            let (target, revision) = target_of(release, doc.folder(), entry);
            let id = target.as_deref().and_then(|t| t.strip_prefix("hub:"));
            let name = if entry.name.is_empty() { id.or(entry.url.as_deref()) } else { Some(entry.name.as_str()) };
            let Some(name) = name else { continue };
            let seen = [Some(entry.name.as_str()), entry.url.as_deref()].into_iter().flatten().find(|w| !w.is_empty());
            let place = doc.place("modelParameters", seen.unwrap_or(name));
            let at = put(drafts, id.unwrap_or(name), target.clone(), place, NamedIn::Bom);
            let Some(draft) = drafts.get_mut(at) else { continue };
            if id.is_some() {
                draft.names.extend(super::all_spellings(&entry.name, None));
            }
            let set = &mut draft.set;
            let licenses = entry.licenses.iter().filter_map(|l| l.name.as_deref().or(l.url.as_deref()));
            with_licenses(set, licenses);
            let version = entry.version.clone().filter(|v| is_version(v));
            set.revision = set.revision.take().or(revision).or(version);
            let said = entry.description.as_deref().unwrap_or_default();
            taught(&mut set.synthetic, said, || doc.place("modelParameters", said));
        }
    }
}

/// Whether the words beside a set say that it is for evaluation, and not that it is for training.
fn evaluates(entry: &DataEntry) -> bool {
    static EVALUATES: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(r"\b(evaluat\w*|benchmark\w*|test(ing)?[- ](set|data\w*|split)|held[- ]out|validation)\b")
    });
    static TRAINS: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"train|tun(ing|ed)|entraîn|apprentissage"));
    let said = [&entry.description, &entry.classification].into_iter().flatten();
    let said = said.map(String::as_str).chain([entry.name.as_str()]).collect::<Vec<_>>().join(" | ");
    matches(&EVALUATES, &said) && !matches(&TRAINS, &said)
}

/// What a set of a bill of materials points at, and the revision in it.
fn target_of(release: &Release<'_>, folder: &str, entry: &DataEntry) -> (Option<String>, Option<String>) {
    let package = entry.purl.as_deref().and_then(hub_package).filter(|(_, dataset, _)| *dataset);
    let by_url = entry.url.as_deref().and_then(hub_dataset);
    if let Some((id, revision)) = by_url.or_else(|| package.map(|(id, _, revision)| (id, revision))) {
        return (Some(format!("hub:{id}")), revision);
    }
    let local = |url: &str| {
        let places = [folder, ""].into_iter().filter_map(|folder| inside(folder, url));
        places.into_iter().find(|p| release.has(p) || has_folder(release, p)).map(|p| format!("path:{p}"))
    };
    let url = entry.url.as_deref().and_then(|url| dataset_target(url).or_else(|| local(url)));
    // A set that goes by the path that it refers to lies in the release, whatever else such a path may look like.
    let path = || {
        let path = entry.url.as_deref().map(decoded).filter(|path| *path == entry.name)?;
        local(&path).or_else(|| inside("", &path).map(|p| format!("path:{p}")))
    };
    (url.or_else(path).or_else(|| is_hub_id(&entry.name).then(|| format!("hub:{}", entry.name))), None)
}

/// A reference with its percent-encoded bytes (RFC 3986) as what they stand for.
fn decoded(reference: &str) -> String {
    let mut out = Vec::with_capacity(reference.len());
    let mut rest = reference.as_bytes();
    while let [first, after @ ..] = rest {
        let digits = after.first_chunk::<2>().filter(|d| *first == b'%' && d.iter().all(u8::is_ascii_hexdigit));
        let digits = digits.and_then(|d| std::str::from_utf8(d).ok());
        match digits.and_then(|d| u8::from_str_radix(d, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                out.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn has_folder(release: &Release<'_>, path: &str) -> bool {
    let start = format!("{path}/");
    release.files.iter().any(|f| f.path.starts_with(&start) && f.bytes.is_some())
}

/// Folders whose records describe no training data of the release.
static ELSEWHERE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"(^|/)(\.[^/]*|vendor|third[-_]?party|node_modules|tests?|eval\w*|benchmarks?|results|examples?)/")
});

/// Datasets that Croissant records describe: each is a set, unless it is one that is named already.
pub(super) fn from_croissants(release: &Release<'_>, drafts: &mut Vec<Draft>) {
    for doc in release.croissants.iter().filter(|d| !matches(&ELSEWHERE, &d.path)).take(MOST) {
        let record = &doc.facts;
        let (here, all) = local_files(release, doc);
        let said = if record.name.is_empty() { record.url.as_deref().unwrap_or("name") } else { &record.name };
        let place = doc.place("", said);
        if let Some(draft) = drafts.iter_mut().find(|d| covers(d.set.target.as_deref(), &here)) {
            seen(draft, place);
            pin(&mut draft.set, record);
            origins(doc, drafts);
            continue;
        }
        // Data that lies in the release may be for anything; one at an address is pointed at for a reason.
        let inside = all && !here.is_empty();
        if inside && !speaks_of_it(record) {
            continue;
        }
        let target = match inside {
            true => Some(format!("path:{}", common(&here))),
            false => record.url.as_deref().and_then(dataset_target),
        };
        let id = target.as_deref().and_then(|t| t.strip_prefix("hub:"));
        let name = if record.name.is_empty() { id.or(target.as_deref()) } else { Some(record.name.as_str()) };
        let Some(name) = name else { continue };
        let at = put(drafts, id.unwrap_or(name), target.clone(), place, NamedIn::Croissant);
        if let Some(draft) = drafts.get_mut(at) {
            if id.is_some() {
                draft.names.extend(super::all_spellings(&record.name, None));
            }
            pin(&mut draft.set, record);
            // A set of the release is described when its files are looked at.
            if !draft.set.target.as_deref().is_some_and(|t| t.starts_with("path:")) {
                describe(&mut draft.set, doc);
            }
        }
        origins(doc, drafts);
    }
}

/// The files of a record that are in the release, and whether every file that should lie beside the record is. A file at a URL
/// is one of the release when one of its name lies beside the record and no digest says otherwise.
pub(super) fn local_files(release: &Release<'_>, doc: &Doc<Record>) -> (Vec<String>, bool) {
    let (mut here, mut all) = (Vec::new(), true);
    let files = doc.facts.files.iter().filter(|f| !f.contained_in && !f.content_url.is_empty());
    for file in files.take(MOST_FILES) {
        let is_url = file.content_url.contains("://");
        let last = file.content_url.split(['?', '#']).next().and_then(|u| u.rsplit('/').next()).unwrap_or_default();
        let path = inside(doc.folder(), if is_url { last } else { &file.content_url });
        match path.filter(|p| release.has(p) && *p != doc.path && !(is_url && differs(release, p, file))) {
            Some(path) => here.push(path),
            None => all &= is_url,
        }
    }
    (here, all)
}

/// Whether the bytes of a file are not those that a record publishes.
fn differs(release: &Release<'_>, path: &str, file: &FileObject) -> bool {
    let published = file.sha256.as_deref().and_then(|hex| crate::digest::Checksum::new(Kind::Sha256, hex));
    published.and_then(|p| release.file(path)?.gives(&p)) == Some(false)
}

/// Whether a set of the release holds one of these files.
fn covers(target: Option<&str>, files: &[String]) -> bool {
    let Some(path) = target.and_then(|t| t.strip_prefix("path:")).and_then(|p| inside("", p)) else { return false };
    let folder = format!("{path}/");
    files.iter().any(|f| *f == path || f.starts_with(&folder))
}

/// The folder that holds all of these files, or the first of them where that is the release itself.
fn common(files: &[String]) -> String {
    let (Some(first), many) = (files.first(), files.len() > 1) else { return String::new() };
    if !many {
        return first.clone();
    }
    let mut folder = first.rsplit_once('/').map_or("", |(folder, _)| folder);
    while !folder.is_empty() && !files.iter().all(|f| f.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')))
    {
        folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
    }
    if folder.is_empty() { first.clone() } else { folder.to_owned() }
}

/// Whether a record says that its set is for training.
fn speaks_of_it(record: &Record) -> bool {
    static TRAINS: LazyLock<Option<Regex>> =
        LazyLock::new(|| pattern(r"\b(pre-?|post-?)?train(ing|ed)?\b|fine-?tun|entraîn|apprentissage"));
    let texts = record.description.iter().chain(record.rai.iter().map(|(_, text)| text));
    texts.chain([&record.name]).any(|text| matches(&TRAINS, text))
}

fn seen(draft: &mut Draft, place: Place) {
    if !draft.set.named.contains(&NamedIn::Croissant) {
        draft.set.named.push(NamedIn::Croissant);
    }
    draft.set.places.push(place);
}

/// The revision in the address of a record, or else its version, unless the set changes with time.
fn pin(set: &mut Dataset, record: &Record) {
    let by_url = record.url.as_deref().and_then(hub_dataset).and_then(|(_, revision)| revision);
    let version = record.version.clone().filter(|v| is_version(v));
    set.revision = set.revision.take().or_else(|| by_url.or(version).filter(|_| !record.live));
}

/// Adds what a record says of its set: documentation and license where it is whole, and terms of use in any case.
pub(super) fn describe(set: &mut Dataset, doc: &Doc<Record>) {
    let record = &doc.facts;
    let whole = record.is_whole();
    let counts = |l: &&String| whole || judgement::judge(l).use_ == Use::Barred;
    with_licenses(set, record.licenses.iter().filter(counts).map(String::as_str));
    for term in &doc.terms {
        if !set.terms.contains(term) {
            set.terms.push(term.clone());
        }
    }
    if whole && set.documented.is_none() {
        // How it was made is told better than that it is.
        let said = record.rai.first().map(|(_, text)| doc.place("", text));
        set.documented = Some(said.unwrap_or_else(|| Place::file(&doc.path)));
    }
    let teachers = doc.teachers.get_or_init(|| {
        let mut found = Vec::new();
        let texts = record.description.iter().map(|text| ("description", text));
        for (key, text) in texts.chain(record.rai.iter().map(|(key, text)| (*key, text))) {
            taught(&mut found, text, || doc.place(key, text));
        }
        found
    });
    for teacher in teachers {
        if !set.synthetic.contains(teacher) {
            set.synthetic.push(teacher.clone());
        }
    }
}

/// Adds licenses of one record; more than are read leave the use unknown.
fn with_licenses<'a>(set: &mut Dataset, mut licenses: impl Iterator<Item = &'a str>) {
    licenses.by_ref().take(MOST_LICENSES).for_each(|license| with_license(set, license));
    if licenses.next().is_some() {
        with_license(set, "other licenses");
    }
}

/// Adds the models that a text says wrote a set.
fn taught(found: &mut Vec<(String, Place)>, text: &str, place: impl Fn() -> Place) {
    if found.len() >= MOST_TEACHERS {
        return;
    }
    let mut at = None;
    for (_, sentence) in sentences::sentences(text) {
        let Some(teacher) = teacher_in(&sentence).map(excerpt_of) else { continue };
        // A model is told once, so that one named often hides no other.
        if found.len() < MOST_TEACHERS && !found.iter().any(|(known, _)| *known == teacher) {
            let place = at.get_or_insert_with(&place).clone();
            found.push((teacher, Place { excerpt: Some(excerpt_of(&sentence)), ..place }));
        }
    }
}

/// What the set of a record was made from. One that is named as training data itself stays so.
fn origins(doc: &Doc<Record>, drafts: &mut Vec<Draft>) {
    for origin in doc.facts.sources.iter().take(MOST_NAMED) {
        let target = origin.url.as_deref().and_then(dataset_target);
        let id = target.as_deref().and_then(|t| t.strip_prefix("hub:"));
        let Some(name) = id.or(origin.name.as_deref()).or(origin.url.as_deref()) else { continue };
        let place = doc.place("", origin.url.as_deref().or(origin.name.as_deref()).unwrap_or(name));
        let before = drafts.len();
        let at = put(drafts, name, target.clone(), place.clone(), NamedIn::Croissant);
        if let Some(draft) = drafts.get_mut(at).filter(|_| at >= before) {
            draft.set.source_of = Some(place);
        }
    }
}
