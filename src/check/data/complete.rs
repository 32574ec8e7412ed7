//! Are the sets named all that the model was trained on?

use crate::check::{counted, names, some, where_to_look};
use crate::evidence::{Access, Dataset, Evidence, NamedIn, SubjectKind};
use crate::finding::{Answer, Strength, Text};

/// Sets that the card's text or a data configuration names and the front matter does not, where both name some. A set
/// that the text names by a reference of its own (hub id, DOI, SWHID) is named as well as one of the front matter.
fn unlisted(e: &Evidence) -> Vec<&Dataset> {
    let in_front = |d: &&Dataset| d.named.contains(&NamedIn::FrontMatter);
    let in_text = |d: &&Dataset| d.named.contains(&NamedIn::CardText) || d.named.contains(&NamedIn::DataConfig);
    if e.datasets.iter().filter(in_front).count() == 0 {
        return vec![];
    }
    let kinds = ["hub:", "doi:", "swh:", "path:"];
    let refers = |d: &&Dataset| d.target.as_deref().is_some_and(|t| kinds.iter().any(|p| t.starts_with(p)));
    let stray = |d: &&Dataset| !in_front(d) && !refers(d) && !d.named.contains(&NamedIn::Manifest);
    e.datasets.iter().filter(|d| d.source_of.is_none()).filter(in_text).filter(stray).collect()
}

pub(super) fn complete(e: &Evidence) -> Answer {
    let sets = e.trained_on();
    let withheld: Vec<&Dataset> =
        sets.iter().copied().filter(|d| d.withheld.is_some() || d.access == Access::Withheld).collect();
    if let Some(set) = withheld.first() {
        return Answer::not_met(Text::new(
            format!("a part of `{}` is withheld", set.name),
            format!("une partie de `{}` n'est pas publiée", set.name),
        ))
        .counting(sets.len() - withheld.len(), sets.len())
        .at(some(withheld.iter().filter_map(|d| d.places.first().cloned())));
    }
    let parts: Vec<&Dataset> = sets.iter().copied().filter(|d| !d.said_partial.is_empty()).collect();
    if let Some(set) = parts.first() {
        return Answer::not_met(Text::new(
            format!("the card of `{}` says that a part of it is not there", set.name),
            format!("la fiche de `{}` dit qu'une partie n'en est pas là", set.name),
        ))
        .by(Strength::Resolved)
        .counting(sets.len() - parts.len(), sets.len())
        .at(some(parts.iter().flat_map(|d| d.said_partial.iter().cloned())));
    }
    if !e.data.unfound.is_empty() {
        return Answer::not_met(Text::new(
            "the front matter names data files that are not there",
            "l'en-tête nomme des fichiers de données qui ne sont pas là",
        ))
        .at(some(e.data.unfound.iter().cloned()));
    }
    if !e.data.said_partial.is_empty() {
        return Answer::not_met(Text::new(
            "the release says that a part of the training data is not published",
            "la publication dit qu'une partie des données d'entraînement n'est pas publiée",
        ))
        .by(Strength::Declared)
        .at(some(e.data.said_partial.iter().cloned()));
    }
    // Compressed text holds about a token a byte; four would be more than any format gives.
    let short =
        |d: &&Dataset| d.access == Access::Included && d.tokens.zip(d.bytes).is_some_and(|(t, b)| t > 4.0 * b as f64);
    if let Some(set) = sets.iter().copied().find(short) {
        let (tokens, bytes) = (set.tokens.unwrap_or(0.0), set.bytes.unwrap_or(0));
        return Answer::not_met(Text::new(
            format!("`{}` is said to hold {tokens} tokens; the {bytes} bytes here cannot", set.name),
            format!("`{}` contiendrait {tokens} jetons ; les {bytes} octets présents ne le peuvent pas", set.name),
        ))
        .at(some(set.places.iter().cloned()));
    }
    if let Some(count) = &e.data.counts {
        let (sum, total) = (count.sum, count.total);
        return Answer::unknown(Text::new(
            format!("the counts of the sets come to {sum}, and {total} is given as the whole"),
            format!("les quantités des jeux font {sum} en tout, et {total} est donné comme total"),
        ))
        .by(Strength::Declared)
        .at([count.place.clone()]);
    }
    if let Some(vague) = e.data.vague.first().filter(|_| !sets.is_empty()) {
        return Answer::not_met(Text::new(
            "beside the sets named, training data is described that no name is given to",
            "à côté des jeux nommés, des données d'entraînement sont décrites sans être nommées",
        ))
        .by(Strength::Declared)
        .at([vague.clone()]);
    }
    let stray = unlisted(e);
    if !stray.is_empty() {
        let (en, fr) = names(stray.iter().map(|d| d.name.as_str()));
        return Answer::not_met(Text::new(
            format!("the text names sets that the front matter lacks: {en}"),
            format!("le texte nomme des jeux absents de l'en-tête : {fr}"),
        ))
        .counting(sets.len() - stray.len(), sets.len())
        .at(some(stray.iter().filter_map(|d| d.places.first().cloned())));
    }
    if sets.is_empty() {
        return Answer::unknown(Text::new("no training dataset is named", "aucun jeu d'entraînement n'est nommé"))
            .at(where_to_look(&e.card));
    }
    let fewer = |d: &&Dataset| {
        matches!(d.access, Access::Included | Access::Public)
            && d.bytes.zip(d.said_bytes).is_some_and(|(b, said)| b < said)
    };
    if let Some(set) = sets.iter().copied().find(fewer) {
        let (said, found) = (set.said_bytes.unwrap_or(0), set.bytes.unwrap_or(0));
        return Answer::unknown(Text::new(
            format!("the card counts {said} bytes of data, and {found} are here"),
            format!("la fiche compte {said} octets de données, et {found} sont là"),
        ))
        .at(some(set.places.iter().cloned()));
    }
    if sets.iter().all(|d| d.is_recorded_only()) {
        return Answer::unknown(Text::new(
            "only a record names the sets: no word of the release says that they are all of the data",
            "seule une notice nomme les jeux : rien dans la publication ne dit qu'ils sont toutes les données",
        ))
        .at(some(sets.iter().filter_map(|d| d.places.first().cloned())));
    }
    let Some(word) = &e.data.said_complete else {
        if e.subject.kind == SubjectKind::Dataset {
            return Answer::met(Text::new(
                "the release is the dataset, and nothing says that a part is missing",
                "la publication est le jeu lui-même, et rien ne dit qu'une partie manque",
            ))
            .by(Strength::Declared)
            .at(where_to_look(&e.card));
        }
        return Answer::unknown(Text::new(
            "nothing says that the sets named are what the model was trained on",
            "rien ne dit que les jeux nommés sont ceux sur lesquels le modèle a été entraîné",
        ))
        .at(some(sets.iter().copied().filter_map(|d| d.places.first().cloned())));
    };
    // A card that could not be read may say that a part is not there.
    let torn = |d: &Dataset| {
        let card = format!("{}: ", d.id());
        e.gaps.iter().any(|g| g.kind.hides() && g.what.starts_with(&card))
    };
    let unread: Vec<&Dataset> =
        sets.iter().copied().filter(|d| !matches!(d.access, Access::Included | Access::Public) || torn(d)).collect();
    if !unread.is_empty() {
        let n = unread.len();
        return Answer::unknown(Text::new(
            counted(
                n,
                "not resolved: one set was not looked at, so whether it is whole is not known",
                "not resolved: # sets were not looked at, so whether they are whole is not known",
            ),
            counted(
                n,
                "non résolu : un jeu n'a pas été consulté, on ne sait donc pas s'il est entier",
                "non résolu : # jeux n'ont pas été consultés, on ne sait donc pas s'ils sont entiers",
            ),
        ))
        .counting(sets.len() - n, sets.len())
        .at([word.clone()]);
    }
    Answer::met(Text::new(
        "the release says that this is what it was trained on, and nothing says otherwise",
        "la publication dit que c'est bien ce sur quoi il a été entraîné, et rien ne dit le contraire",
    ))
    .by(Strength::Declared)
    .at([word.clone()])
}
