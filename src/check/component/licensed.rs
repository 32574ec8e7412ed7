//! Under which license a component of a release is: its own where it has one, else that of the release it lies in. What lies
//! elsewhere is under a license that was not looked up.

use super::evaluation_sets;
use crate::check::{Asked, asked, restriction};
use crate::evidence::{Component, Dataset, Evidence, LicenseClaim, Part, PartLicense, Place};
use crate::finding::{Answer, Outcome, Text};
use crate::lists::components::{self, Kind};
use crate::lists::judgement;

/// The license of a component.
#[derive(Clone, Debug, PartialEq)]
pub enum Licensed {
    /// It is named.
    Named(PartLicense),
    /// None reaches it.
    Nothing,
    /// It could not be told, for this reason.
    Unknown(Text),
    /// A license is named, and something else bars what it permits.
    Barred(Text),
}

/// The license of a component that was found.
pub(super) fn of(e: &Evidence, part: Part, there: &Answer) -> Licensed {
    match part {
        Part::Datasets => of_sets(e.trained_on()),
        Part::EvaluationData if evaluation_sets(e).next().is_some() => of_sets(evaluation_sets(e)),
        Part::FinalModelParameters | Part::IntermediateModelParameters => of_weights(e),
        // The check of the training code's license knows where the code lies.
        Part::TrainingCode => of_training_code(e),
        _ if elsewhere(there) => Licensed::Unknown(Text::new(
            "it lies elsewhere, under a license that was not looked up",
            "il est ailleurs, sous une licence qui n'a pas été consultée",
        )),
        // The recipe's license is that of all its code.
        Part::DataPreprocessingCode | Part::EvaluationCode => match (own(e, Kind::Code), of_training_code(e)) {
            (None, Licensed::Named(named)) if named.inherited.is_none() && named.place.url.is_none() => {
                Licensed::Named(named)
            }
            (own, _) => own.unwrap_or_else(|| inherited(e)),
        },
        _ => own(e, components::kind(part)).unwrap_or_else(|| inherited(e)),
    }
}

/// Whether what was found lies behind an address only.
fn elsewhere(there: &Answer) -> bool {
    !there.places.is_empty() && there.places.iter().all(|p| p.url.is_some() || p.path.contains(": "))
}

/// A license that the release names for its code or its data apart from the rest.
fn own(e: &Evidence, kind: Kind) -> Option<Licensed> {
    let component = match kind {
        Kind::Code => Component::Code,
        Kind::Data => Component::Data,
        Kind::Document => return None,
    };
    one(e.licenses.iter().filter(|c| c.component == component))
}

/// The license that claims come to, where each is known and all agree.
fn one<'a>(claims: impl Iterator<Item = &'a LicenseClaim>) -> Option<Licensed> {
    let mut found: Option<(&str, &Place)> = None;
    for claim in claims {
        let Some(expression) = claim.expression.as_deref() else {
            return Some(Licensed::Unknown(Text::new(
                format!("`{}` is no license known here", claim.written),
                format!("`{}` n'est pas une licence connue ici", claim.written),
            )));
        };
        match found {
            Some((other, _)) if other != expression => {
                return Some(Licensed::Unknown(Text::new(
                    format!("places disagree: {other}, {expression}"),
                    format!("des endroits se contredisent : {other}, {expression}"),
                )));
            }
            Some(_) => {}
            None => found = Some((expression, &claim.place)),
        }
    }
    let (written, place) = found?;
    Some(Licensed::Named(PartLicense { written: written.to_owned(), inherited: None, place: place.clone() }))
}

/// The release's license, as one that a component takes over.
fn inherited(e: &Evidence) -> Licensed {
    match of_release(e) {
        Licensed::Named(named) => {
            Licensed::Named(PartLicense { inherited: Some("the license of the release".into()), ..named })
        }
        other => other,
    }
}

/// The license of the weights: what the terms of a base model bar, none of its own permits.
fn of_weights(e: &Evidence) -> Licensed {
    let answer = asked(Asked::BaseUnrestricted, e);
    match (of_release(e), answer.outcome) {
        (Licensed::Named(_) | Licensed::Unknown(_), Outcome::NotMet) => Licensed::Barred(answer.says),
        (Licensed::Named(_), Outcome::Unknown) => Licensed::Unknown(answer.says),
        (own, _) => own,
    }
}

/// The license of the release as a whole. What is added to it elsewhere counts as much as its name.
fn of_release(e: &Evidence) -> Licensed {
    for question in [Asked::Unrestricted, Asked::AddedTerms] {
        let answer = asked(question, e);
        match answer.outcome {
            Outcome::NotMet if e.licenses.is_empty() => return Licensed::Nothing,
            Outcome::NotMet => return Licensed::Barred(answer.says),
            Outcome::Unknown => return Licensed::Unknown(answer.says),
            Outcome::Met | Outcome::NotApplicable => {}
        }
    }
    one(e.licenses.iter().filter(|c| c.component == Component::Weights)).unwrap_or(Licensed::Nothing)
}

/// The license of the training code.
fn of_training_code(e: &Evidence) -> Licensed {
    let mut ids: Vec<&str> = e.recipe.code_licenses.iter().map(|(id, _)| id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    match (ids.as_slice(), e.recipe.code_licenses.first()) {
        ([_], Some((id, place))) => {
            let from = place.url.is_none()
                && e.licenses.iter().any(|c| c.component == Component::Weights && c.place == *place);
            let inherited = from.then(|| "the license of the release".to_owned());
            Licensed::Named(PartLicense { written: id.clone(), inherited, place: place.clone() })
        }
        ([_, ..], _) => Licensed::Unknown(Text::new(
            format!("several licenses are named: {}", ids.join(", ")),
            format!("plusieurs licences sont nommées : {}", ids.join(", ")),
        )),
        _ => {
            let answer = asked(Asked::CodeLicense, e);
            if answer.outcome == Outcome::Unknown { Licensed::Unknown(answer.says) } else { Licensed::Nothing }
        }
    }
}

/// The licenses of sets, all of them. What a record or a card adds to one counts as much as its name.
fn of_sets<'a>(sets: impl IntoIterator<Item = &'a Dataset>) -> Licensed {
    let mut written: Vec<String> = Vec::new();
    let mut place = None;
    for set in sets {
        if let Some(term) = set.terms.iter().max_by_key(|t| t.certain) {
            let kind = restriction(&term.kind);
            let says = Text::new(
                format!("a text beside `{}` restricts its use: {}", set.name, kind.en),
                format!("un texte à côté de `{}` en restreint l'usage : {}", set.name, kind.fr),
            );
            return if term.certain { Licensed::Barred(says) } else { Licensed::Unknown(says) };
        }
        let Some(license) = set.license.as_deref().and_then(judgement::expression) else {
            return Licensed::Unknown(Text::new(
                format!("the license of `{}` is not known", set.name),
                format!("la licence de `{}` est inconnue", set.name),
            ));
        };
        place = place.or(set.places.first());
        if !written.contains(&license) {
            written.push(license);
        }
    }
    let joined = |all: &[String]| match all {
        [one] => one.clone(),
        many => many
            .iter()
            .map(|l| if l.contains(' ') { format!("({l})") } else { l.clone() })
            .collect::<Vec<_>>()
            .join(" AND "),
    };
    match place {
        Some(place) if !written.is_empty() => {
            Licensed::Named(PartLicense { written: joined(&written), inherited: None, place: place.clone() })
        }
        _ => Licensed::Nothing,
    }
}
