//! Published digests: every place in a release that names one, for files that are there and for files that should be.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::{Doc, LONGEST_LIST, Release, inside, missing, usage_terms};
use crate::digest::Checksum;
use crate::evidence::{ArtifactKind, Expected, FileStatus, Format, GapKind, Place, Topic};
use crate::lists::artifacts;
use crate::parse::checksums::Line;
use crate::parse::{bagit, checksums, croissant, dvc, hub, lfs};
use crate::source::Published;

/// Missing files kept; a list may name any number.
const MOST_MISSING: usize = 10_000;
/// Paths kept that would leave the release.
const MOST_STRAYS: usize = 1_000;

/// What was published, while it is being gathered.
#[derive(Default)]
struct Found {
    by_path: BTreeMap<String, Vec<Expected>>,
    /// Whether a list claims to cover the release.
    covered: bool,
    /// Paths that would leave the release, with the list that names each.
    strays: Vec<(String, String)>,
    /// Files that are there.
    here: HashSet<String>,
    /// Files named that are not there: those kept in `by_path`, and how many more.
    absent: usize,
    more: usize,
    /// The list that named the first one too many.
    too_long: Option<String>,
}

impl Found {
    /// Adds a digest of a file; `path` stands in a list of folder `folder`. A listing without digest adds the path alone.
    fn add(&mut self, folder: &str, path: &str, checksum: Option<Checksum>, place: Place) {
        match inside(folder, path) {
            None if self.strays.len() < MOST_STRAYS => self.strays.push((path.to_owned(), place.path)),
            None => {}
            Some(path) => {
                let known = self.here.contains(&path) || self.by_path.contains_key(&path);
                if !known && self.absent == MOST_MISSING {
                    self.more += 1;
                    self.too_long.get_or_insert(place.path);
                    return;
                }
                self.absent += usize::from(!known);
                let expected = self.by_path.entry(path).or_default();
                expected.extend(checksum.map(|checksum| Expected { checksum, place, span: None }));
            }
        }
    }

    /// Adds what a signature says of a file, by its path in the release.
    fn add_signed(&mut self, path: &str, signed: Expected) {
        let expected = self.by_path.get(path).map_or(0, Vec::len);
        self.add("", path, None, signed.place.clone());
        // A path that was kept has an entry; one too many has none.
        if let Some(all) = self.by_path.get_mut(path) {
            all.insert(expected, signed);
        }
    }
}

/// Takes the lines of a list in, each quoted, and tells of lines that are no checksum.
fn take(release: &mut Release<'_>, found: &mut Found, (path, text): (&str, &str), lines: Vec<Line>, odd: &[usize]) {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let rows: Vec<&str> = text.lines().collect();
    for line in lines {
        let place = Place::line(path, line.line, rows.get(line.line.saturating_sub(1)).copied().unwrap_or_default());
        found.add(folder, &line.path, Some(line.checksum), place);
    }
    if let Some(first) = odd.first() {
        release.gap(Topic::Integrity, path, GapKind::Malformed, &format!("line {first} ({})", odd.len()));
    }
}

/// Finds every published digest; a listed file that is not there is added as missing.
pub(super) fn expect(release: &mut Release<'_>, published: Vec<Published>, complete: bool) {
    let here = release.files.iter().map(|f| f.path.clone()).collect();
    let mut found = Found { covered: complete, here, ..Found::default() };
    for one in published {
        found.add("", &one.path, Some(one.checksum), Place::file(&one.by));
    }
    from_manifest(release, &mut found);
    from_lists(release, &mut found);
    from_bag(release, &mut found);
    from_records(release, &mut found);
    from_boms(release, &mut found);
    from_downloads(release, &mut found);
    from_pointers(release, &mut found);
    let mut left_out = None;
    for signed in &release.signed {
        signed.expected().for_each(|(path, expected)| found.add_signed(&path, expected));
        if signed.folder.is_empty() && signed.statement.is_some() {
            let out = release.files.iter().filter(|f| signed.leaves_out(&f.path)).map(|f| f.path.clone());
            left_out.get_or_insert_with(HashSet::new).extend(out);
        }
    }
    for (path, list) in std::mem::take(&mut found.strays) {
        release.gap(Topic::Integrity, &list, GapKind::Outside, &path);
    }
    if let Some(list) = found.too_long.take() {
        let detail = format!("{MOST_MISSING} / {}", MOST_MISSING + found.more);
        release.gap(Topic::Integrity, &list, GapKind::TooMany, &detail);
    }
    attach(release, found.by_path, found.covered, left_out.as_ref());
}

fn from_manifest(release: &Release<'_>, found: &mut Found) {
    let artifacts = release.declared.iter().flat_map(|doc| doc.manifest.artifact.iter().map(move |a| (doc, a)));
    for (doc, artifact) in artifacts {
        found.covered = true;
        let checksum = artifact.sha256.clone().map(Checksum::from);
        found.add("", artifact.path.get_ref(), checksum, doc.spot(&artifact.path));
    }
}

/// SHA256SUMS and its kin, `*.sha256`, `checklist.chk`.
fn from_lists(release: &mut Release<'_>, found: &mut Found) {
    let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    let lists: Vec<(String, checksums::List)> = release
        .files
        .iter()
        .filter(|f| f.bytes.is_some())
        .filter_map(|f| Some((f.path.clone(), checksums::list_of(&name(&f.path))?)))
        .collect();
    for (path, list) in lists {
        let Some(text) = release.text_within(&path, Topic::Integrity, LONGEST_LIST) else { continue };
        let (lines, odd) = checksums::read(&text, &list);
        // The digest of one file says nothing of the others, nor a list in a folder of what is outside it.
        found.covered |= matches!(list, checksums::List::Many(_)) && !path.contains('/') && !lines.is_empty();
        take(release, found, (&path, &text), lines, &odd);
    }
}

/// The manifests of a BagIt bag: all of its payload, and its tag files.
fn from_bag(release: &mut Release<'_>, found: &mut Found) {
    let is_bag = release.has("bagit.txt")
        && release.text("bagit.txt", Topic::Integrity).is_some_and(|text| bagit::is_declaration(&text));
    if !is_bag {
        return;
    }
    let lists: Vec<String> =
        release.files.iter().filter(|f| f.bytes.is_some() && !f.path.contains('/')).map(|f| f.path.clone()).collect();
    for list in lists {
        // The digits of a name tell whether it is a manifest; the text is read once it is.
        if bagit::manifest(&list, "").is_none() {
            continue;
        }
        let Some(text) = release.text_within(&list, Topic::Integrity, LONGEST_LIST) else { continue };
        let Some((_, mut entries, odd)) = bagit::manifest(&list, &text) else { continue };
        found.covered |= !entries.is_empty();
        for entry in &mut entries {
            // Some writers leave `%` as it is.
            let raw = entry.path.replace('%', "%25");
            if !release.has(&entry.path) && release.has(&raw) {
                entry.path = raw;
            }
        }
        take(release, found, (&list, &text), entries, &odd);
    }
}

/// Croissant records and DVC locks: digests of data files. A file that one names and that is not here may lie elsewhere, so
/// it is not missing.
fn from_records(release: &mut Release<'_>, found: &mut Found) {
    let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_lowercase();
    let records: Vec<String> = release
        .files
        .iter()
        .filter(|f| f.bytes.is_some())
        .filter(|f| {
            let name = name(&f.path);
            let is_json = name.ends_with(".json") && (name.contains("croissant") || f.kind == ArtifactKind::DataCard);
            name == "dvc.lock" || name.ends_with(".dvc") || is_json
        })
        .map(|f| f.path.clone())
        .collect();
    for record in records {
        let Some(text) = release.text(&record, Topic::Data) else { continue };
        let entries = if record.to_lowercase().ends_with(".json") {
            match croissant::read(&text) {
                Ok(facts) => {
                    let entries = facts.entries();
                    let mut doc = Doc::new(record.clone(), text.clone(), facts);
                    doc.terms = usage_terms(&doc);
                    release.croissants.push(doc);
                    entries
                }
                // A data card in JSON may be of another form.
                Err(_) if !name(&record).contains("croissant") => continue,
                Err(why) => {
                    release.gap(Topic::Data, &record, GapKind::Malformed, &why);
                    continue;
                }
            }
        } else {
            let (entries, passed) = dvc::read(&text);
            for why in passed.iter().take(20) {
                release.gap(Topic::Data, &record, GapKind::Malformed, why);
            }
            entries
        };
        let folder = record.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let few = entries.len() <= 1000;
        for entry in entries {
            if !inside(&folder, &entry.path).is_some_and(|path| release.has(&path)) {
                continue;
            }
            let line = match entry.line {
                // A record of many files is not searched for each of them.
                0 if few => text.lines().position(|l| l.contains(&entry.checksum.hex)).map(|at| at + 1),
                0 => None,
                line => Some(line),
            };
            let quote = |line: usize| text.lines().nth(line - 1).unwrap_or_default();
            let place =
                line.filter(|_| few).map_or(Place::file(&record), |line| Place::line(&record, line, quote(line)));
            found.add(&folder, &entry.path, Some(entry.checksum), place);
        }
    }
}

/// Files that a bill of materials lists with digests. One that is not here may lie elsewhere, so it is not missing.
fn from_boms(release: &Release<'_>, found: &mut Found) {
    /// Files of one document whose digests are quoted with their line.
    const QUOTED: usize = 200;
    for doc in &release.boms {
        for (index, file) in doc.facts.files.iter().enumerate() {
            // A document in a folder of its own tells paths from the root.
            let here = |path: &String| {
                let places = [doc.folder(), ""].into_iter().filter_map(|folder| inside(folder, path));
                places.into_iter().find(|p| release.has(p) && *p != doc.path)
            };
            let Some(path) = file.paths.iter().find_map(here) else { continue };
            for checksum in &file.hashes {
                let place = if index < QUOTED { doc.place("", &checksum.hex) } else { Place::file(&doc.path) };
                found.add("", &path, Some(checksum.clone()), place);
            }
        }
    }
}

/// What the hub's client keeps beside a `--local-dir` download: metadata of each file, and the listing of its commit.
fn from_downloads(release: &mut Release<'_>, found: &mut Found) {
    const DOWNLOADS: &str = ".cache/huggingface/download/";
    const TREES: &str = ".cache/huggingface/trees/";
    let of = |start: &str, end: &str, release: &Release<'_>| -> Vec<String> {
        let kept =
            release.files.iter().filter(|f| f.bytes.is_some() && f.path.starts_with(start) && f.path.ends_with(end));
        kept.map(|f| f.path.clone()).collect()
    };
    let mut commits: BTreeSet<String> = BTreeSet::new();
    for path in of(DOWNLOADS, ".metadata", release) {
        let Some(text) = release.text(&path, Topic::Integrity) else { continue };
        let Some((commit, checksum)) = hub::metadata(&text) else {
            release.gap(Topic::Integrity, &path, GapKind::Malformed, "");
            continue;
        };
        let file = path.trim_start_matches(DOWNLOADS).trim_end_matches(".metadata");
        let place = Place::line(&path, 2, text.lines().nth(1).unwrap_or_default());
        found.add("", file, Some(checksum), place);
        commits.insert(commit);
    }
    let mut seen = commits.iter();
    let (Some(commit), None) = (seen.next(), seen.next()) else {
        // Files of several commits: no listing is that of the release.
        return;
    };
    release.revision = Some(commit.clone());
    let path = format!("{TREES}{commit}.json");
    if !release.has(&path) {
        return;
    }
    let Some(text) = release.text(&path, Topic::Integrity) else { return };
    match hub::tree(&text) {
        Ok(tree) => {
            found.covered = true;
            for (file, checksum) in tree {
                found.add("", &file, Some(checksum), Place::file(&path));
            }
        }
        Err(why) => release.gap(Topic::Integrity, &path, GapKind::Malformed, &why),
    }
}

/// Git LFS pointers: the digest of the file that was not fetched.
fn from_pointers(release: &mut Release<'_>, found: &mut Found) {
    let paths: Vec<String> =
        release.files.iter().filter(|f| f.format == Some(Format::Pointer)).map(|f| f.path.clone()).collect();
    for path in paths {
        let Some(text) = release.text(&path, Topic::Integrity) else { continue };
        match lfs::read(&text) {
            Some(pointer) => {
                let line = text.lines().position(|l| l.starts_with("oid")).unwrap_or(0);
                let place = Place::line(&path, line + 1, text.lines().nth(line).unwrap_or_default());
                found.add("", &path, Some(pointer.oid.into()), place);
            }
            None => release.gap(Topic::Integrity, &path, GapKind::Malformed, "Git LFS"),
        }
    }
}

/// Lays what was found beside the files. `covered` tells that a list claims to name all of them; of a signature, which does too,
/// those that it leaves out are given.
fn attach(
    release: &mut Release<'_>,
    mut found: BTreeMap<String, Vec<Expected>>,
    covered: bool,
    left_out: Option<&HashSet<String>>,
) {
    let covers = |path: &str| covered || left_out.is_some_and(|out| !out.contains(path));
    for file in &mut release.files {
        match found.remove(&file.path) {
            Some(expected) => {
                file.status = if expected.is_empty() { FileStatus::Unpublished } else { FileStatus::Declared };
                file.expected = expected;
            }
            None if covers(&file.path) && !matches!(file.kind, ArtifactKind::Manifest | ArtifactKind::Housekeeping) => {
                file.status = FileStatus::Unlisted;
            }
            None => {}
        }
    }
    for (path, expected) in found {
        let kind = artifacts::kind_of(&path);
        release.files.push(missing(path, kind, expected));
    }
    release.files.sort_by(|a, b| a.path.cmp(&b.path));
}
