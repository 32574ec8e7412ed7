//! May anyone use it for anything? Questions about the licenses named, their texts, and terms added elsewhere.

mod named;
mod terms;

use crate::check::{about_bases, restriction, some, worst};
use crate::evidence::{ArtifactKind, Component, Evidence, Gap, LicenseClaim, Place, SubjectKind, TextForm};
use crate::finding::{Answer, Outcome, Text};
use crate::lists::judgement::{self, Judgement, Use};
use crate::lists::licenses::{Restriction, Standing};

/// The questions.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // each is explained by its rule in rules/three-criteria.toml
pub enum Question {
    Declared,
    Unrestricted,
    BaseUnrestricted,
    NoAddedTerms,
    Recognised,
    Consistent,
    TextPresent,
    IdentifierValid,
    Ungated,
    DataCompatible,
    TeacherTerms,
    /// Whether it bars none of the uses of these kinds.
    FreeOf(Vec<Restriction>),
    /// Whether no gate was seen, which is less than to have seen that there is none.
    NoGate,
    /// Whether the files of every model up the chain of bases are served to anyone.
    BasesUngated,
}

/// The questions without parameters, by name.
pub const QUESTIONS: &[(&str, Question)] = &[
    ("declared", Question::Declared),
    ("unrestricted", Question::Unrestricted),
    ("base-unrestricted", Question::BaseUnrestricted),
    ("no-added-terms", Question::NoAddedTerms),
    ("recognised", Question::Recognised),
    ("consistent", Question::Consistent),
    ("text-present", Question::TextPresent),
    ("identifier-valid", Question::IdentifierValid),
    ("ungated", Question::Ungated),
    ("data-compatible", Question::DataCompatible),
    ("teacher-terms", Question::TeacherTerms),
];

pub(super) fn ask(question: &Question, e: &Evidence) -> Answer {
    match question {
        Question::Declared => named::declared(e),
        Question::Unrestricted => named::unrestricted(e),
        Question::BaseUnrestricted => {
            about_bases(e, &Text::new("the license", "la licence"), &|a, base| named::of_base(e, a, base))
        }
        Question::NoAddedTerms => terms::no_added_terms(e),
        Question::Recognised => named::recognised(e),
        Question::Consistent => named::consistent(e),
        Question::TextPresent => named::text_present(e),
        Question::IdentifierValid => named::identifier_valid(e),
        Question::Ungated => terms::ungated(e),
        Question::DataCompatible => terms::data_compatible(e),
        Question::TeacherTerms => terms::teacher_terms(e),
        Question::FreeOf(kinds) => free_of(e, kinds),
        Question::NoGate => terms::no_gate(e),
        Question::BasesUngated => {
            about_bases(e, &Text::new("the gate", "le contrôle d'accès"), &|_, base| terms::ungated(base))
        }
    }
}

/// Whether neither the license nor those of the models it derives from bar uses of some kinds. What the holder of a base gave out
/// anew, under a license that bars nothing, counts as that.
fn free_of(e: &Evidence, kinds: &[Restriction]) -> Answer {
    let whole = |e: &Evidence| terms::free_of(e, kinds, named::unrestricted(e));
    let of_bases = about_bases(e, &Text::new("the license", "la licence"), &|a, base| {
        let anew = named::of_base(e, a, base);
        if anew.outcome == Outcome::Met { anew } else { whole(base) }
    });
    worst([whole(e), of_bases])
}

/// The claims that decide on use: those for the weights or the release, for a dataset also those for data.
fn deciding(e: &Evidence) -> Vec<&LicenseClaim> {
    let counts = |c: &&LicenseClaim| {
        c.component == Component::Weights || (e.subject.kind == SubjectKind::Dataset && c.component == Component::Data)
    };
    e.licenses.iter().filter(counts).collect()
}

/// A license or policy file that is there and could not be read: whatever it says, nobody here knows.
fn unread(e: &Evidence) -> Option<&Gap> {
    let kinds = [ArtifactKind::License, ArtifactKind::Policy];
    // One that is known by its digest needs no reading.
    let known = |path: &str| e.licenses.iter().any(|c| c.text.is_some() && c.written == path);
    super::unread(e, &kinds).find(|g| !known(&g.what))
}

/// The answer for a file that could not be read.
fn unread_answer(gap: &Gap) -> Answer {
    Answer::unknown(Text::new(
        format!("{} is there and could not be read", gap.what),
        format!("{} est là et n'a pas pu être lu", gap.what),
    ))
    .at([Place::file(&gap.what)])
}

/// What a claim comes to. A text that was not accounted for word by word decides nothing.
fn judged(claim: &LicenseClaim) -> Judgement {
    let mut judgement = judgement::judge(claim.expression.as_deref().unwrap_or(&claim.written));
    let whole = claim.text.as_ref().is_none_or(|t| matches!(t.form, TextForm::Exact | TextForm::Notice));
    if !whole && judgement.use_ == Use::Free {
        judgement.use_ = Use::Unknown;
    }
    judgement
}

/// Whether a claim names a license at all ("other" and "unknown" do not).
fn names_one(claim: &LicenseClaim) -> bool {
    let judgement = judgement::judge(claim.expression.as_deref().unwrap_or_default());
    claim.expression.is_some()
        && judgement.licenses.iter().all(|l| l.standing != Standing::None)
        && claim.text.as_ref().is_none_or(|t| matches!(t.form, TextForm::Exact | TextForm::Notice))
}

fn places<'a>(claims: impl IntoIterator<Item = &'a LicenseClaim>) -> Vec<Place> {
    some(claims.into_iter().map(|c| c.place.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{ClaimSource, Term, TextMatch};
    use crate::lists::licenses;

    fn claim(source: ClaimSource, written: &str, expression: Option<&str>) -> LicenseClaim {
        LicenseClaim {
            component: Component::Weights,
            source,
            written: written.into(),
            expression: expression.map(Into::into),
            text: None,
            place: Place::file("README.md"),
        }
    }

    fn with(claims: Vec<LicenseClaim>) -> Evidence {
        Evidence { licenses: claims, ..Evidence::default() }
    }

    fn outcome(q: &Question, e: &Evidence) -> Outcome {
        ask(q, e).outcome
    }

    #[test]
    fn use_is_the_strictest_of_all_places() {
        let front = |id: &str| {
            claim(ClaimSource::FrontMatter, id, licenses::find(id).map(|l| l.spdx_id().to_owned()).as_deref())
        };
        for (ids, wanted) in [
            (vec!["apache-2.0"], Outcome::Met),
            (vec!["apache-2.0", "cc-by-nc-4.0"], Outcome::NotMet),
            (vec!["mit", "microsoft-research-license"], Outcome::NotMet),
            (vec!["llama2", "other"], Outcome::NotMet),
            (vec!["other"], Outcome::Unknown),
            (vec!["mit", "house-license"], Outcome::Unknown),
            (vec![], Outcome::NotMet),
        ] {
            let e = with(ids.iter().map(|i| front(i)).collect());
            assert_eq!(outcome(&Question::Unrestricted, &e), wanted, "{ids:?}");
        }
    }

    #[test]
    fn a_changed_text_never_passes() {
        let mut text = claim(ClaimSource::LicenseText, "LICENSE", Some("Apache-2.0"));
        text.text = Some(TextMatch { form: TextForm::Changed, confidence: 0.995, residue: None });
        let mut e = with(vec![claim(ClaimSource::FrontMatter, "apache-2.0", Some("Apache-2.0")), text]);
        assert_eq!(outcome(&Question::Unrestricted, &e), Outcome::Unknown);
        assert_eq!(outcome(&Question::TextPresent, &e), Outcome::NotMet);
        assert_eq!(outcome(&Question::Consistent, &e), Outcome::Unknown);
        e.terms.push(Term {
            phrase: "x".into(),
            kind: "non-commercial".into(),
            certain: true,
            place: Place::file("LICENSE"),
        });
        assert_eq!(outcome(&Question::Unrestricted, &e), Outcome::NotMet);
        assert_eq!(outcome(&Question::NoAddedTerms, &e), Outcome::NotMet);
    }

    #[test]
    fn a_text_in_the_reuse_folder_is_the_text_of_the_license_named() {
        let text = |path: &str, id: &str| LicenseClaim {
            component: Component::ThirdParty,
            text: Some(TextMatch { form: TextForm::Exact, confidence: 1.0, residue: None }),
            ..claim(ClaimSource::LicenseText, path, Some(id))
        };
        let front = claim(ClaimSource::FrontMatter, "mit", Some("MIT"));
        for (path, id, wanted) in [
            ("LICENSES/MIT.txt", "MIT", Outcome::Met),
            ("LICENSES/Apache-2.0.txt", "Apache-2.0", Outcome::NotMet),
            ("vendor/LICENSE", "MIT", Outcome::NotMet),
        ] {
            assert_eq!(outcome(&Question::TextPresent, &with(vec![front.clone(), text(path, id)])), wanted, "{path}");
        }
    }

    #[test]
    fn gnu_spellings_are_one() {
        let e = with(vec![
            claim(ClaimSource::FrontMatter, "gpl-3.0", Some("GPL-3.0-only")),
            claim(ClaimSource::Manifest, "GPL-3.0-or-later", Some("GPL-3.0-or-later")),
        ]);
        assert_eq!(outcome(&Question::Consistent, &e), Outcome::Met);
    }

    #[test]
    fn a_gate_before_a_base_is_a_gate() {
        use crate::evidence::{BaseModel, HubFact};
        for (how, wanted) in [(None, Outcome::Met), (Some("auto"), Outcome::NotMet)] {
            let hub = HubFact { gated: how.map(Into::into), ..HubFact::default() };
            let base = Evidence { hub: Some(hub), ..Evidence::default() };
            let model = BaseModel {
                id: "acme/base".into(),
                revision: None,
                places: vec![Place::file("README.md")],
                declared: true,
                evidence: Some(Box::new(base)),
                again: false,
            };
            let mut e = Evidence::default();
            e.bases.models.push(model);
            assert_eq!(outcome(&Question::BasesUngated, &e), wanted, "{how:?}");
        }
        // No gate that was seen is less than no gate, and a record sees nothing.
        assert_eq!(outcome(&Question::NoGate, &Evidence::default()), Outcome::Met);
        let record = Evidence { record: Some(crate::evidence::Record::default()), ..Evidence::default() };
        assert_eq!(outcome(&Question::NoGate, &record), Outcome::Unknown);
    }

    #[test]
    fn a_vendor_license_that_bars_nothing_is_not_recognised() {
        let e = with(vec![claim(ClaimSource::FrontMatter, "apple-ascl", Some("apple-ascl"))]);
        assert_eq!(outcome(&Question::Recognised, &e), Outcome::NotMet);
        for id in ["CDLA-Permissive-2.0", "OpenMDW-1.0", "CC-BY-4.0", "etalab-2.0", "MIT"] {
            let e = with(vec![claim(ClaimSource::FrontMatter, id, Some(id))]);
            assert_eq!(outcome(&Question::Recognised, &e), Outcome::Met, "{id}");
        }
    }
}
