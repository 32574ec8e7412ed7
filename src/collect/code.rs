//! Code that a release holds or names, whatever it is for.

use super::{Release, inside};
use crate::digest::Digest;
use crate::evidence::{self, ArtifactKind, CodeRef, CodeTarget, Place, Topic};
use crate::parse::manifest::{Manifest, Many};
use crate::parse::names::revision_of;

/// The code that declarations name, then the files of a kind that they do not.
pub(super) fn code_of(release: &mut Release<'_>, named: fn(&Manifest) -> &Many, kind: ArtifactKind) -> Vec<CodeRef> {
    let mut out: Vec<CodeRef> = Vec::new();
    for doc in release.declared.clone() {
        for value in &named(&doc.manifest).0 {
            out.push(code_ref(release, value.get_ref(), doc.spot(value)));
        }
    }
    for path in release.of_kind(kind) {
        if !out.iter().any(|c| matches!(&c.target, CodeTarget::Local { path: p, .. } if *p == path)) {
            out.push(code_ref(release, &path, Place::file(&path)));
        }
    }
    out
}

/// Code as the manifest or a kind names it: a URL with its revision, or a file of the release.
pub(super) fn code_ref(release: &mut Release<'_>, target: &str, place: Place) -> CodeRef {
    if target.starts_with("https://") || target.starts_with("http://") {
        let (url, revision) = match target.rsplit_once('@') {
            Some((url, revision)) if !revision.contains('/') => (url, Some(revision.to_owned())),
            _ => (target, revision_of(target)),
        };
        return CodeRef { target: CodeTarget::Url(url.to_owned()), revision, place, said: true, repository: None };
    }
    let Some(path) = inside("", target).filter(|p| release.has(p)) else {
        return CodeRef {
            target: CodeTarget::Missing(evidence::excerpt_of(target)),
            revision: None,
            place,
            said: true,
            repository: None,
        };
    };
    let revision = release.file(&path).and_then(|f| f.sha256.as_ref()).map(Digest::tagged);
    let lines = release.text(&path, Topic::Recipe).map(|t| code_lines(&t));
    CodeRef { target: CodeTarget::Local { path, lines }, revision, place, said: true, repository: None }
}

/// Lines that are neither blank, comment nor part of a text between triple quotes.
pub(super) fn code_lines(text: &str) -> usize {
    let comment = |l: &str| ["#", "//", "--", "%"].iter().any(|c| l.starts_with(c));
    let mut inside: Option<&str> = None;
    let mut count = 0;
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty()) {
        if let Some(quotes) = inside {
            if line.contains(quotes) {
                inside = None;
            }
            continue;
        }
        match ["\"\"\"", "'''"].into_iter().find(|q| line.trim_start_matches(['r', 'u', 'b']).starts_with(q)) {
            Some(quotes) if line.matches(quotes).count() == 1 => inside = Some(quotes),
            Some(_) => {}
            None if comment(line) => {}
            None => count += 1,
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_code() {
        assert_eq!(code_lines("# c\n\n\"\"\"Doc\nmore\n\"\"\"\nimport x\n'''one'''\ny = 1\n"), 2);
        assert_eq!(code_lines("\"\"\"never closed\nx = 1\n"), 0);
    }
}
