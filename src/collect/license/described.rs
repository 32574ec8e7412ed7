//! Licenses as bills of materials and Croissant records name them: one more place each, for agreement or disagreement to show.

use super::named;
use crate::collect::{Doc, Release, kind, term};
use crate::evidence::{
    ClaimSource, Component, Evidence, LicenseClaim, Place, SubjectKind, TextForm, TextMatch, excerpt_of,
};
use crate::lists::judgement::{self, Use};
use crate::lists::terms::{self, Voice};
use crate::lists::{licenses, texts};
use crate::parse::croissant::Record;
use crate::parse::cyclonedx::{Bom, Component as Listed, LicenseEntry};

/// Licenses of one record that are looked at.
const MOST: usize = 20;
/// Sentences of one document that restrict use.
const MOST_TERMS: usize = 200;
/// Texts of licenses of one document that are identified.
const MOST_TEXTS: usize = 5;

pub(super) fn described(release: &Release<'_>, out: &mut Evidence) {
    match kind(release) {
        SubjectKind::Model => release.boms.iter().for_each(|doc| bom(doc, out)),
        SubjectKind::Dataset => release.croissants.iter().for_each(|doc| croissant(doc, out)),
    }
}

/// What a document says of the model's license, and the sentences of its card that restrict use.
fn bom(doc: &Doc<Bom>, out: &mut Evidence) {
    let Some(model) = &doc.facts.model else { return };
    let component = &model.component;
    let mut read = 0;
    for entry in &component.licenses {
        read += usize::from(entry.text.is_some());
        license(doc, component, entry, read <= MOST_TEXTS, out);
    }
    for link in component.references.iter().filter(|r| r.kind == "license" && licenses::find(&r.url).is_some()) {
        let place = doc.place(&component.name, &link.url);
        out.licenses.push(named(Component::Weights, ClaimSource::Bom, &link.url, place));
    }
    let mut told = 0;
    for text in &model.texts {
        if told >= MOST_TERMS {
            break;
        }
        let hits = terms::scan(text, Voice::Prose);
        let Some(place) = (!hits.is_empty()).then(|| doc.place("", text)) else { continue };
        for hit in hits.into_iter().take(MOST_TERMS) {
            told += 1;
            let place = Place { excerpt: Some(excerpt_of(&hit.sentence)), ..place.clone() };
            out.terms.push(term(&hit.phrase.id, hit.phrase.kind, hit.phrase.certain, place));
        }
    }
}

/// A name, beside it an address that names what it leads to, and the text where it is attached.
fn license(doc: &Doc<Bom>, component: &Listed, entry: &LicenseEntry, read: bool, out: &mut Evidence) {
    let claim =
        |written: &str| named(Component::Weights, ClaimSource::Bom, written, doc.place(&component.name, written));
    out.licenses.extend(entry.name.as_deref().map(claim));
    // An address that nobody knows says nothing beside a name; alone it is all that is said.
    let alone = entry.name.is_none() && entry.text.is_none();
    out.licenses.extend(entry.url.as_deref().filter(|url| alone || licenses::find(url).is_some()).map(claim));
    let Some(text) = &entry.text else { return };
    let what = entry.name.as_deref().unwrap_or("licenses");
    let place = doc.place(&component.name, what);
    let found = read.then(|| texts::identify(text));
    if !found.as_ref().is_some_and(|f| f.how.form == TextForm::Exact) {
        for hit in terms::scan(text, Voice::Terms) {
            out.terms.push(term(&hit.phrase.id, hit.phrase.kind, hit.phrase.certain, place.clone()));
        }
    }
    let nothing = TextMatch { form: TextForm::Unknown, confidence: 0.0, residue: None };
    let (expression, how) = found.map_or((None, nothing), |f| (f.id, f.how));
    out.licenses.push(LicenseClaim {
        component: Component::Weights,
        source: ClaimSource::Bom,
        written: doc.path.clone(),
        expression,
        text: Some(how),
        place,
    });
}

/// What a record says of the license of a release that is the set. One that lacks what Croissant asks for frees nothing.
fn croissant(doc: &Doc<Record>, out: &mut Evidence) {
    let record = &doc.facts;
    let counts = |l: &&String| record.is_whole() || judgement::judge(l).use_ == Use::Barred;
    for license in record.licenses.iter().filter(counts).take(MOST) {
        let place = doc.place("license", license);
        out.licenses.push(named(Component::Data, ClaimSource::Croissant, license, place));
    }
    out.terms.extend(doc.terms.iter().cloned());
}
