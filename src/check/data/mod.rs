//! Are the training datasets published? Questions about the sets named, and about what is said of them.

mod code;
mod complete;

use super::{about_bases, card_is_torn, names, some, use_of, where_to_look, worst};
use crate::evidence::{Access, Dataset, Evidence, FileStatus, NamedIn, Stage, id_of};
use crate::finding::{Answer, Strength, Text};
use crate::lists::judgement::Use;

/// The questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // each is explained by its rule in rules/three-criteria.toml
pub enum Question {
    Declared,
    BaseDeclared,
    Resolvable,
    Accessible,
    Complete,
    BasePublished,
    Licensed,
    Documented,
    Pinned,
    Integrity,
    ProcessingCode,
}

/// The questions by name.
pub const QUESTIONS: &[(&str, Question)] = &[
    ("declared", Question::Declared),
    ("base-declared", Question::BaseDeclared),
    ("resolvable", Question::Resolvable),
    ("accessible", Question::Accessible),
    ("complete", Question::Complete),
    ("base-published", Question::BasePublished),
    ("licensed", Question::Licensed),
    ("documented", Question::Documented),
    ("pinned", Question::Pinned),
    ("integrity", Question::Integrity),
    ("processing-code", Question::ProcessingCode),
];

pub(super) fn ask(question: Question, e: &Evidence) -> Answer {
    match question {
        Question::Declared => declared(e),
        Question::BaseDeclared => {
            about_bases(e, &Text::new("the training data", "les données d'entraînement"), &|_, base| declared(base))
        }
        Question::Resolvable => resolvable(e),
        Question::Accessible => accessible(e),
        Question::Complete => complete::complete(e),
        Question::BasePublished => {
            about_bases(e, &Text::new("the training data", "les données d'entraînement"), &|_, base| published(base))
        }
        Question::Licensed => licensed(e),
        Question::Documented => documented(e),
        Question::Pinned => pinned(e),
        Question::Integrity => integrity(e),
        Question::ProcessingCode => code::processing_code(e),
    }
}

/// The worst of what is asked about the sets of a base model.
fn published(e: &Evidence) -> Answer {
    worst([declared(e), resolvable(e), accessible(e), complete::complete(e)])
}

/// What a question about each set comes to.
enum One {
    Yes,
    No,
    Unknown,
}

/// Asks the same of every set: not met when one fails, unknown when one cannot be told.
fn each(
    e: &Evidence,
    one: impl Fn(&Dataset) -> One,
    yes: (&str, &str),
    no: (&str, &str),
    unknown: (&str, &str),
) -> Answer {
    let sets = e.trained_on();
    if sets.is_empty() {
        let says = Text::new("no training dataset is named", "aucun jeu d'entraînement n'est nommé");
        let answer = if card_is_torn(e) { Answer::unknown(says) } else { Answer::not_met(says) };
        return answer.at(where_to_look(&e.card));
    }
    let of = sets.len();
    let sorted = |wanted: fn(&One) -> bool| sets.iter().copied().filter(|d| wanted(&one(d))).collect::<Vec<_>>();
    let (good, bad, blind) =
        (sorted(|o| matches!(o, One::Yes)), sorted(|o| matches!(o, One::No)), sorted(|o| matches!(o, One::Unknown)));
    let said = |sets: &[&Dataset], (en, fr): (&str, &str)| {
        let (list_en, list_fr) = names(sets.iter().map(|d| d.name.as_str()));
        let n = sets.len();
        Text::new(format!("{en}: {list_en} ({n} of {of})"), format!("{fr} : {list_fr} ({n} sur {of})"))
    };
    let places = |sets: &[&Dataset]| some(sets.iter().filter_map(|d| d.places.first().cloned()));
    let answer = if !bad.is_empty() {
        Answer::not_met(said(&bad, no)).at(places(&bad))
    } else if !blind.is_empty() {
        Answer::unknown(said(&blind, unknown)).at(places(&blind))
    } else {
        Answer::met(said(&good, yes)).at(places(&good))
    };
    answer.counting(good.len(), of)
}

fn declared(e: &Evidence) -> Answer {
    let sets: Vec<&Dataset> = e.datasets.iter().filter(|d| !d.only_evaluates()).collect();
    if sets.is_empty() {
        if let Some(vague) = e.data.vague.first() {
            return Answer::not_met(Text::new(
                "the training data is described, but no dataset is named",
                "les données d'entraînement sont décrites, mais aucun jeu n'est nommé",
            ))
            .at([vague.clone()]);
        }
        let says = Text::new("no training dataset is named", "aucun jeu d'entraînement n'est nommé");
        let answer = if card_is_torn(e) { Answer::unknown(says) } else { Answer::not_met(says) };
        return answer.at(where_to_look(&e.card));
    }
    // A set of which no stage is told may be the one; where every set has another stage, none is.
    let staged = sets.iter().all(|d| d.stage.is_some());
    let missing = e.data.stages.iter().find(|(stage, _)| staged && !sets.iter().any(|d| d.stage == Some(*stage)));
    // What a base model was pretrained on is asked of the base.
    let missing = missing.filter(|(stage, _)| *stage != Stage::Pretraining || e.bases.models.is_empty());
    let of = sets.len();
    if let Some((stage, place)) = missing {
        let name = id_of(stage);
        // Of a model's own pretraining, words without a name are no disclosure.
        let answer = if *stage == Stage::Pretraining { Answer::not_met } else { Answer::unknown };
        return answer(Text::new(
            format!("the card speaks of {name}, and no dataset is named for that stage"),
            format!("la fiche parle de {name}, et aucun jeu n'est nommé pour cette étape"),
        ))
        .at([place.clone()]);
    }
    let (en, fr) = names(sets.iter().map(|d| d.name.as_str()));
    let words = if of == 1 { ("set is", "jeu est nommé") } else { ("sets are", "jeux sont nommés") };
    Answer::met(Text::new(format!("{of} {} named: {en}", words.0), format!("{of} {} : {fr}", words.1)))
        .at(some(sets.iter().filter_map(|d| d.places.first().cloned())))
}

fn resolvable(e: &Evidence) -> Answer {
    let one = |d: &Dataset| match d.access {
        Access::Absent | Access::Hidden | Access::Disabled | Access::Private => One::No,
        // A name alone leads nowhere, with or without the network.
        Access::Unresolved if d.target.is_none() => One::No,
        Access::Unresolved | Access::OnRequest | Access::Withheld => One::Unknown,
        Access::Included | Access::Public | Access::Gated | Access::Empty | Access::Reached => One::Yes,
    };
    let answer = each(
        e,
        one,
        ("found", "trouvé"),
        (
            "not where the release says, or named without a reference",
            "absent de l'endroit que dit la publication, ou nommé sans référence",
        ),
        ("not resolved", "non résolu"),
    );
    let renamed = |d: &Dataset| d.renamed.as_ref().map(|now| (d.name.clone(), now.clone()));
    match e.datasets.iter().find_map(renamed) {
        Some((old, now)) => {
            let en = format!("{}; `{old}` is called `{now}` now", answer.says.en);
            let fr = format!("{} ; `{old}` s'appelle maintenant `{now}`", answer.says.fr);
            Answer { says: Text::new(en, fr), ..answer }
        }
        None => answer,
    }
}

fn accessible(e: &Evidence) -> Answer {
    let one = |d: &Dataset| match d.access {
        _ if d.withheld.is_some() => One::No,
        Access::Gated | Access::OnRequest | Access::Withheld => One::No,
        Access::Absent | Access::Hidden | Access::Empty | Access::Disabled | Access::Private => One::No,
        Access::Unresolved | Access::Reached => One::Unknown,
        Access::Included | Access::Public => One::Yes,
    };
    each(
        e,
        one,
        ("anyone can fetch", "à la disposition de tous"),
        ("not anyone can fetch", "pas à la disposition de tous"),
        (
            "not reached, so whether anyone can fetch it is not known",
            "non consulté, on ne sait donc pas si c'est à la disposition de tous",
        ),
    )
}

fn licensed(e: &Evidence) -> Answer {
    let one = |d: &Dataset| match use_of(d) {
        Some(Use::Free) => One::Yes,
        Some(Use::Barred) => One::No,
        Some(Use::Unknown) => One::Unknown,
        None if d.access == Access::Included => One::No,
        None => One::Unknown,
    };
    each(
        e,
        one,
        ("under an open license", "sous licence ouverte"),
        ("without an open license", "sans licence ouverte"),
        ("license not known", "licence inconnue"),
    )
}

fn documented(e: &Evidence) -> Answer {
    let one = |d: &Dataset| match (&d.documented, d.access) {
        (Some(_), _) => One::Yes,
        (None, Access::Included | Access::Absent) => One::No,
        (None, _) => One::Unknown,
    };
    each(
        e,
        one,
        ("with a data card or a Croissant record", "avec une fiche ou une notice Croissant"),
        ("with neither a data card nor a Croissant record", "sans fiche ni notice Croissant"),
        ("not resolved, so its card was not read", "non résolu, sa fiche n'a donc pas été lue"),
    )
}

fn pinned(e: &Evidence) -> Answer {
    let one = |d: &Dataset| {
        let own = d.revision.is_some() || d.digest.is_some() || d.named.contains(&NamedIn::Release);
        if own || d.target.as_deref().is_some_and(|t| t.starts_with("swh:")) { One::Yes } else { One::No }
    };
    each(
        e,
        one,
        ("pinned", "figé"),
        ("named with neither a revision nor a digest", "nommé sans révision ni empreinte"),
        ("perhaps pinned", "peut-être figé"),
    )
}

fn integrity(e: &Evidence) -> Answer {
    let one = |d: &Dataset| match (d.digest_status, d.access) {
        (Some(FileStatus::Verified), _) => One::Yes,
        (Some(FileStatus::Mismatched | FileStatus::Corrupted | FileStatus::Missing), _) => One::No,
        (Some(FileStatus::Declared), _) => One::Unknown,
        (_, Access::Included | Access::Absent) => One::No,
        _ => One::Unknown,
    };
    let answer = each(
        e,
        one,
        ("hashed, and the digest holds", "haché, et l'empreinte est bonne"),
        ("without a published digest, or with one that does not hold", "sans empreinte publiée, ou avec une fausse"),
        ("not fetched, so no bytes were at hand", "non récupéré, aucun octet n'était donc à portée"),
    );
    if answer.outcome == crate::finding::Outcome::Met { answer.by(Strength::Verified) } else { answer }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Place;
    use crate::finding::{Outcome, Tally};

    fn set(name: &str, access: Access, named: &[NamedIn]) -> Dataset {
        Dataset {
            name: name.into(),
            access,
            named: named.to_vec(),
            places: vec![Place::file("README.md")],
            ..Dataset::default()
        }
    }

    #[test]
    fn one_bad_set_decides_and_the_tally_counts() {
        let e = Evidence {
            datasets: vec![
                set("a", Access::Included, &[]),
                set("b", Access::Gated, &[]),
                Dataset { target: Some("hub:o/c".into()), ..set("c", Access::Unresolved, &[]) },
            ],
            ..Evidence::default()
        };
        let answer = ask(Question::Accessible, &e);
        assert_eq!((answer.outcome, answer.tally), (Outcome::NotMet, Tally { met: 1, of: 3 }));
        assert!(answer.says.en.contains("`b`"));
        assert_eq!(ask(Question::Resolvable, &e).outcome, Outcome::Unknown);
        // A name alone leads nowhere.
        let bare = Evidence { datasets: vec![set("c", Access::Unresolved, &[])], ..Evidence::default() };
        assert_eq!(ask(Question::Resolvable, &bare).outcome, Outcome::NotMet);
    }

    #[test]
    fn a_bare_list_is_unknown_and_a_stray_set_is_not_met() {
        let mut e =
            Evidence { datasets: vec![set("a", Access::Included, &[NamedIn::FrontMatter])], ..Evidence::default() };
        assert_eq!(ask(Question::Complete, &e).outcome, Outcome::Unknown);
        e.data.said_complete = Some(Place::file("README.md"));
        assert_eq!(ask(Question::Complete, &e).outcome, Outcome::Met);
        e.datasets.push(set("b", Access::Included, &[NamedIn::CardText]));
        assert_eq!(ask(Question::Complete, &e).outcome, Outcome::NotMet);
    }

    #[test]
    fn a_record_alone_is_no_word_that_it_is_all() {
        for (named, wanted) in [
            (&[NamedIn::Croissant, NamedIn::Bom][..], Outcome::Unknown),
            (&[NamedIn::Bom, NamedIn::FrontMatter], Outcome::Met),
        ] {
            let mut e = Evidence { datasets: vec![set("a", Access::Public, named)], ..Evidence::default() };
            e.data.said_complete = Some(Place::file("README.md"));
            assert_eq!(ask(Question::Complete, &e).outcome, wanted, "{named:?}");
        }
    }

    #[test]
    fn more_tokens_than_bytes_is_a_part() {
        let mut e =
            Evidence { datasets: vec![set("a", Access::Included, &[NamedIn::Manifest])], ..Evidence::default() };
        e.data.said_complete = Some(Place::file("ouvert.toml"));
        for (tokens, wanted) in [(1000.0, Outcome::Met), (3e12, Outcome::NotMet)] {
            (e.datasets[0].tokens, e.datasets[0].bytes) = (Some(tokens), Some(900));
            assert_eq!(ask(Question::Complete, &e).outcome, wanted, "{tokens}");
        }
    }

    #[test]
    fn vague_words_name_nothing() {
        let mut e = Evidence::default();
        e.data.vague.push(Place::file("README.md"));
        assert_eq!(ask(Question::Declared, &e).outcome, Outcome::NotMet);
    }
}
