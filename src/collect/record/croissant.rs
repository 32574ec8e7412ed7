//! A Croissant record in place of a dataset: what it says is the evidence, and nothing of it was seen.

use std::path::Path;

use super::told;
use crate::collect::{Doc, Lone, Scope, topics, unresolved, usage_terms};
use crate::error::Error;
use crate::evidence::{self, Access, Dataset, Evidence, NamedIn, Subject, SubjectKind, excerpt_of};
use crate::parse;
use crate::parse::names::{dataset_target, hub_dataset, is_version};

/// The evidence of a record; `path` is only what it is called.
///
/// # Errors
/// [`Error::Malformed`] where it is no Croissant record.
pub fn croissant(path: &Path, text: &str) -> Result<Evidence, Error> {
    let facts = parse::croissant::read(text).map_err(|message| {
        let line = serde_json::from_str::<serde::de::IgnoredAny>(text).err().map(|e| e.line());
        Error::malformed(path, line, &message)
    })?;
    let file = path.file_name().map_or_else(|| path.to_string_lossy(), |n| n.to_string_lossy()).into_owned();
    let locator = path.to_string_lossy().into_owned();
    let lone = Lone::new(locator.clone());
    let mut release = lone.release(Scope::Dataset);
    let mut doc = Doc::new(file.clone(), text.to_owned(), facts);
    doc.terms = usage_terms(&doc);
    let place = doc.place("", &doc.facts.name);
    let (name, target) = (excerpt_of(&doc.facts.name), doc.facts.url.as_deref().and_then(dataset_target));
    let version = doc.facts.version.as_deref().map(excerpt_of).filter(|v| !v.is_empty());
    let by_url = doc.facts.url.as_deref().and_then(hub_dataset).and_then(|(_, revision)| revision);
    let pin = version.clone().filter(|v| is_version(v));
    let revision = by_url.or(pin).filter(|_| !doc.facts.live);
    release.croissants.push(doc);
    let mut out = Evidence { schema: evidence::SCHEMA, ..Evidence::default() };
    topics(&mut release, &mut out);
    // The set is elsewhere: it was described here, and looked at nowhere.
    for set in &mut out.datasets {
        let described = std::mem::take(set);
        *set = Dataset {
            name: name.clone(),
            target: target.clone(),
            access: Access::Unresolved,
            revision: revision.clone(),
            bytes: None,
            places: vec![place.clone()],
            named: vec![NamedIn::Croissant],
            ..described
        };
    }
    unresolved(&mut release, &mut out);
    let kind = SubjectKind::Dataset;
    let subject = Subject { locator: excerpt_of(&locator), kind, name, version, ..Subject::default() };
    Ok(told(out, "croissant", &file, subject, release.gaps))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{ClaimSource, Component};

    const RECORD: &str = r#"{"@context": {"@vocab": "https://schema.org/"}, "@type": "sc:Dataset",
"conformsTo": "http://mlcommons.org/croissant/1.1", "name": "set", "description": "A set.", "version": "1.2.0",
"license": "https://creativecommons.org/licenses/by/4.0/", "url": "https://huggingface.co/datasets/a/set",
"creator": {"name": "x"}, "datePublished": "2026-01-01", "usageInfo": "DUO:0000046",
"distribution": [{"@type": "cr:FileObject", "@id": "a", "contentUrl": "a.csv"}]}"#;

    #[test]
    fn what_it_says_is_declared() {
        let e = croissant(Path::new("x/croissant.json"), RECORD).unwrap();
        assert_eq!((e.subject.kind, e.subject.name.as_str()), (SubjectKind::Dataset, "set"));
        let [set] = e.datasets.as_slice() else { panic!("{:?}", e.datasets) };
        assert_eq!((set.target.as_deref(), set.access), (Some("hub:a/set"), Access::Unresolved));
        assert_eq!((set.revision.as_deref(), set.terms.len(), set.documented.is_some()), (Some("1.2.0"), 1, true));
        let claim = &e.licenses[0];
        assert_eq!(
            (claim.component, claim.source, claim.place.line),
            (Component::Data, ClaimSource::Croissant, Some(3))
        );
        // The set is the release here: what restricts it restricts the release.
        assert_eq!((e.terms.len(), e.terms[0].certain), (1, true));
        assert_eq!(e.record.map(|r| r.catalogue).as_deref(), Some("croissant"));
    }

    #[test]
    fn what_is_none() {
        let wrong = croissant(Path::new("a.json"), "{\n]").unwrap_err();
        assert!(matches!(wrong, Error::Malformed { line: Some(2), .. }), "{wrong:?}");
    }
}
