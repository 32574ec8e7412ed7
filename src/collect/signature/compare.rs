//! The files of a release against the list that was signed: altered, missing, renamed, added; and what the list leaves out. It
//! asks for no key: whoever signed the list, the files are those that it names or they are not.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::super::{Release, Signed};
use super::MOST_KEPT;
use crate::digest::Kind;
use crate::evidence::{Expected, FileFact, Format, SignatureFact, SignedFault, SignedFaultKind, Told, excerpt_of};
use crate::parse::oms::Statement;
use crate::words::signatures::Signatures as Word;

/// What the hub's client lays beside the files it downloads; it comes after any signature and is loaded by nothing.
const CLIENT: &str = ".cache/huggingface/";

/// Compares the files with the list.
pub(super) fn compare(fact: &mut SignatureFact, release: &Release<'_>, signed: &Signed, statement: &Statement) {
    let mut by_path: BTreeMap<String, Vec<Expected>> = BTreeMap::new();
    for (path, expected) in signed.expected() {
        by_path.entry(path).or_default().push(expected);
    }
    fact.listed = by_path.len();
    let mut faults = Vec::new();
    for (path, all) in &by_path {
        compare_file(&mut faults, release, statement, path, all);
    }
    let left = unsigned(fact, &mut faults, release, signed, statement, &by_path);
    rename(&mut faults, release, &by_path);
    if statement.consistent == Some(false) {
        let (signed, found) = (Some(statement.subject.tagged()), Some(statement.root.tagged()));
        faults.push(SignedFault { path: String::new(), kind: SignedFaultKind::Subject, signed, found, piece: None });
    }
    faults.sort_by(|a, b| (&a.path, a.kind, a.piece).cmp(&(&b.path, b.kind, b.piece)));
    fact.files = told(&faults, fact.listed, left);
    faults.truncate(MOST_KEPT);
    fact.faults = faults;
}

/// What the comparison comes to, in one sentence.
fn told(faults: &[SignedFault], listed: usize, left: usize) -> Told {
    let names = |unread: bool| {
        let mut all: Vec<&str> = faults
            .iter()
            .filter(|f| (f.kind == SignedFaultKind::Unread) == unread && f.kind != SignedFaultKind::Subject)
            .map(|f| f.path.as_str())
            .collect();
        all.dedup();
        let shown = all.iter().take(3).map(|p| excerpt_of(p)).collect::<Vec<_>>().join(", ");
        (all.len(), if all.len() > 3 { format!("{shown}, …") } else { shown })
    };
    let (differ, differing) = names(false);
    let (unread, unseen) = names(true);
    if differ > 0 {
        return Told::fails(Word::FilesDiffer.text(&[("n", &differ), ("list", &differing)]));
    }
    if faults.iter().any(|f| f.kind == SignedFaultKind::Subject) {
        return Told::fails(Word::SubjectDiffers.text(&[]));
    }
    if listed == 0 {
        return Told::fails(Word::NoFiles.text(&[]));
    }
    if unread > 0 {
        return Told::unknown(Word::FilesUnread.text(&[("n", &unread), ("list", &unseen)]));
    }
    match left {
        0 => Told::holds(Word::FilesHold.text(&[("n", &listed)])),
        left => Told::holds(Word::FilesHoldBut.text(&[("n", &listed), ("left", &left)])),
    }
}

fn compare_file(
    faults: &mut Vec<SignedFault>,
    release: &Release<'_>,
    statement: &Statement,
    path: &str,
    all: &[Expected],
) {
    let mut fault = |kind, signed: Option<String>, found: Option<String>, piece: Option<(u64, u64)>| {
        faults.push(SignedFault { path: path.to_owned(), kind, signed, found, piece });
    };
    let whole = all.first().filter(|e| e.span.is_none()).map(|e| e.checksum.to_string());
    let unseen = release.unseen.contains(path);
    let Some(file) = release.file(path).filter(|f| f.bytes.is_some()) else {
        let kind = if unseen { SignedFaultKind::Unread } else { SignedFaultKind::Missing };
        return fault(kind, whole, None, None);
    };
    if release.links.contains(path) && !statement.links {
        fault(SignedFaultKind::Link, None, None, None);
    }
    // A pointer stands for bytes that are not here.
    if file.format == Some(Format::Pointer) || file.sha256.is_none() {
        return fault(SignedFaultKind::Unread, whole, None, None);
    }
    let of = all.first().and_then(|e| e.span).map(|span| span.of);
    if let (Some(of), Some(bytes)) = (of, file.bytes)
        && of != bytes
    {
        return fault(SignedFaultKind::Length, Some(of.to_string()), Some(bytes.to_string()), None);
    }
    for expected in all {
        let piece = expected.span.map(|span| (span.start, span.end));
        let (signed, found) = (Some(expected.checksum.to_string()), file.found(expected).map(|c| c.to_string()));
        match file.holds(expected) {
            Some(true) => {}
            Some(false) => fault(SignedFaultKind::Digest, signed, found, piece),
            None => fault(SignedFaultKind::Unread, signed, None, piece),
        }
    }
}

/// Files that are there and that the list does not name: left out by the signer, of which the number is given, or unsigned.
fn unsigned(
    fact: &mut SignatureFact,
    faults: &mut Vec<SignedFault>,
    release: &Release<'_>,
    signed: &Signed,
    statement: &Statement,
    listed: &BTreeMap<String, Vec<Expected>>,
) -> usize {
    let mut left = 0;
    let there = release.files.iter().filter(|f| f.bytes.is_some()).map(|f| (f.path.as_str(), Some(f)));
    let paths = there.chain(release.unseen.iter().map(|path| (path.as_str(), None)));
    for (path, file) in paths {
        let Some(below) = signed.below(path) else { continue };
        if listed.contains_key(path) || signed.own.as_deref() == Some(path) {
            continue;
        }
        if statement.leaves_out(below) || path.starts_with(CLIENT) {
            left += 1;
            if fact.ignored.len() < MOST_KEPT {
                fact.ignored.push(path.to_owned());
            }
            continue;
        }
        // An empty file has no piece, so a list of pieces cannot name it.
        if statement.pieces && file.is_some_and(|f| f.bytes == Some(0)) {
            continue;
        }
        let found = file.and_then(|f| f.sha256.as_ref()).map(|d| d.tagged());
        faults.push(SignedFault {
            path: path.to_owned(),
            kind: SignedFaultKind::Unsigned,
            signed: None,
            found,
            piece: None,
        });
    }
    left
}

/// A file that is missing and one that is unsigned, of the same bytes, are one that was renamed.
fn rename(faults: &mut Vec<SignedFault>, release: &Release<'_>, listed: &BTreeMap<String, Vec<Expected>>) {
    let sha256 = |path: &str| match listed.get(path).map(Vec::as_slice) {
        Some([Expected { checksum, span: None, .. }]) if checksum.kind == Kind::Sha256 => Some(checksum.hex.clone()),
        _ => None,
    };
    let mut new: HashMap<String, String> = HashMap::new();
    for fault in faults.iter().filter(|f| f.kind == SignedFaultKind::Unsigned) {
        let file = release.file(&fault.path).filter(|f| f.bytes > Some(0));
        if let Some(digest) = file.and_then(|f: &FileFact| f.sha256.as_ref()) {
            new.entry(digest.hex().to_owned()).or_insert_with(|| fault.path.clone());
        }
    }
    let mut moved: BTreeSet<String> = BTreeSet::new();
    for fault in faults.iter_mut().filter(|f| f.kind == SignedFaultKind::Missing) {
        let Some(path) = sha256(&fault.path).and_then(|digest| new.remove(&digest)) else { continue };
        fault.kind = SignedFaultKind::Renamed;
        fault.found = Some(path.clone());
        moved.insert(path);
    }
    faults.retain(|f| f.kind != SignedFaultKind::Unsigned || !moved.contains(&f.path));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Verdict;

    #[test]
    fn an_empty_list_holds_nothing() {
        assert_eq!(told(&[], 0, 5).verdict, Verdict::Fails);
        assert_eq!(told(&[], 1, 5).verdict, Verdict::Holds);
    }
}
