//! Is the code published that made the training data?

use crate::check::where_to_look;
use crate::evidence::{ArtifactKind, CodeRef, CodeTarget, Evidence, Place};
use crate::finding::{Answer, Strength, Text};
use crate::lists::frameworks;

pub(super) fn processing_code(e: &Evidence) -> Answer {
    let place = |c: &CodeRef| c.place.clone();
    let local = e.data.processing.iter().find(|c| matches!(c.target, CodeTarget::Local { lines: Some(1..), .. }));
    if let Some(code) = local {
        let CodeTarget::Local { path, .. } = &code.target else { return missing_code(e) };
        return Answer::met(Text::new(
            format!("{path} is the data processing code"),
            format!("{path} est le code de traitement des données"),
        ))
        .at([place(code)]);
    }
    let missing = e.data.processing.iter().find(|c| matches!(c.target, CodeTarget::Missing(_)));
    if let Some(code) = missing {
        return Answer::not_met(Text::new(
            "the data processing code named is not there",
            "le code de traitement des données nommé n'est pas là",
        ))
        .at([place(code)]);
    }
    let seen = |c: &&CodeRef| {
        c.repository.as_ref().filter(|r| r.listed).is_some_and(|r| {
            !r.of_kind(ArtifactKind::ProcessingCode).is_empty()
                || (r.code_files > 0 && !frameworks::is_general(&r.name))
        })
    };
    if let Some(code) = e.data.processing.iter().find(seen) {
        let name = code.repository.as_ref().map(|r| r.name.clone()).unwrap_or_default();
        return Answer::met(Text::new(
            format!("{name} holds the data processing code"),
            format!("{name} contient le code de traitement des données"),
        ))
        .by(Strength::Resolved)
        .at([place(code)]);
    }
    let blind = |c: &&CodeRef| {
        matches!(c.target, CodeTarget::Url(_)) && !c.repository.as_ref().is_some_and(|r| r.listed || r.absent)
    };
    if let Some(code) = e.data.processing.iter().find(blind) {
        return Answer::unknown(Text::new(
            "not resolved: the link to the data processing code was not followed",
            "non résolu : le lien vers le code de traitement des données n'a pas été suivi",
        ))
        .at([place(code)]);
    }
    missing_code(e)
}

fn missing_code(e: &Evidence) -> Answer {
    let places: Vec<Place> = where_to_look(&e.card);
    Answer::not_met(Text::new(
        "no code that made the training data was found",
        "aucun code ayant produit les données d'entraînement n'a été trouvé",
    ))
    .at(places)
}
