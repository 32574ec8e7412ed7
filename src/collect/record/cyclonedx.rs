//! A CycloneDX document in place of a release: what it says of its model is the evidence, and nothing of it was seen.

use std::path::Path;

use super::told;
use crate::collect::{Doc, Lone, Scope, topics, unresolved};
use crate::error::Error;
use crate::evidence::{self, Evidence, GapKind, Subject, SubjectKind, Topic, excerpt_of};
use crate::parse;

/// The evidence of a document; `path` is only what it is called.
///
/// # Errors
/// [`Error::Malformed`] where it is no CycloneDX document that is read here, or describes no model.
pub fn cyclonedx(path: &Path, text: &str) -> Result<Evidence, Error> {
    let malformed = |message: String| {
        let line = serde_json::from_str::<serde::de::IgnoredAny>(text).err().map(|e| e.line());
        Error::malformed(path, line, &message)
    };
    let facts = parse::cyclonedx::read(text).map_err(malformed)?;
    let Some(model) = &facts.model else {
        return Err(malformed("no component of it is of type `machine-learning-model`".into()));
    };
    let (name, version) = (excerpt_of(&model.component.name), model.component.version.as_deref().map(excerpt_of));
    let file = path.file_name().map_or_else(|| path.to_string_lossy(), |n| n.to_string_lossy()).into_owned();
    let locator = path.to_string_lossy().into_owned();
    let lone = Lone::new(locator.clone());
    let mut release = lone.release(Scope::Whole);
    for odd in facts.odd.iter().take(10) {
        release.gap(Topic::License, &file, GapKind::Malformed, &format!("CycloneDX: {odd}"));
    }
    release.boms.push(Doc::new(file.clone(), text.to_owned(), facts));
    let mut out = Evidence { schema: evidence::SCHEMA, ..Evidence::default() };
    topics(&mut release, &mut out);
    unresolved(&mut release, &mut out);
    let kind = SubjectKind::Model;
    let subject = Subject { locator: excerpt_of(&locator), kind, name, version, ..Subject::default() };
    Ok(told(out, "cyclonedx", &file, subject, release.gaps))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{ClaimSource, NamedIn};

    const BOM: &str = r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": {"component": {
"type": "machine-learning-model", "name": "m", "version": "2.0",
"licenses": [{"license": {"id": "Apache-2.0"}}],
"modelCard": {"modelParameters": {"datasets": [
 {"type": "dataset", "name": "corpus", "contents": {"url": "https://huggingface.co/datasets/a/b"}},
 {"type": "dataset", "name": "bench", "description": "evaluation only"}]}},
"pedigree": {"ancestors": [{"type": "machine-learning-model", "name": "base", "purl": "pkg:huggingface/o/base@abc"}]}}}}"#;

    #[test]
    fn what_it_says_is_declared() {
        let e = cyclonedx(Path::new("some/bom.json"), BOM).unwrap();
        assert_eq!((e.subject.name.as_str(), e.subject.version.as_deref()), ("m", Some("2.0")));
        assert_eq!(e.record.as_ref().map(|r| r.catalogue.as_str()), Some("cyclonedx"));
        let claim = &e.licenses[0];
        assert_eq!((claim.source, claim.expression.as_deref()), (ClaimSource::Bom, Some("Apache-2.0")));
        assert_eq!((claim.place.path.as_str(), claim.place.line), ("bom.json", Some(3)));
        assert_eq!(e.datasets.len(), 1);
        assert_eq!(e.datasets[0].target.as_deref(), Some("hub:a/b"));
        assert_eq!((e.datasets[0].named.as_slice(), e.datasets[0].places[0].line), (&[NamedIn::Bom][..], Some(5)));
        assert_eq!((e.bases.models[0].id.as_str(), e.bases.models[0].revision.as_deref()), ("o/base", Some("abc")));
        assert!(e.files.is_empty() && e.gaps.iter().any(|g| g.what == "a/b"));
    }

    #[test]
    fn a_set_that_goes_by_its_path_lies_in_the_release() {
        let target = |name: &str, url: &str| {
            let text =
                BOM.replace("\"corpus\"", &format!("\"{name}\"")).replace("https://huggingface.co/datasets/a/b", url);
            cyclonedx(Path::new("bom.json"), &text).unwrap().datasets[0].target.clone()
        };
        assert_eq!(target("data/corpus.txt", "data/corpus.txt").as_deref(), Some("path:data/corpus.txt"));
        assert_eq!(target("my %41/é.txt", "my%20%2541/%C3%A9.txt").as_deref(), Some("path:my %41/é.txt"));
        assert_eq!(target("a/b", "elsewhere%").as_deref(), Some("hub:a/b"));
        assert_eq!(target("../up", "../up"), None);
    }

    #[test]
    fn what_is_none_is_told_with_its_line() {
        let other = BOM.replace("machine-learning-model", "file");
        for (text, line) in [("{\n\"a\": ]", Some(2)), ("{}", None), (other.as_str(), None)] {
            match cyclonedx(Path::new("bom.json"), text) {
                Err(Error::Malformed { line: found, .. }) => assert_eq!(found, line, "{text}"),
                other => panic!("{other:?}"),
            }
        }
    }
}
