//! The public summary of training content (EU AI Act, Art. 53(1)(d)): is there one, and what does it answer? A summary is a
//! narrative and no dataset: nothing here says that data is published.

use super::{card_is_torn, some, where_to_look};
use crate::evidence::{Evidence, Place, SummaryState, TrainingSummary, excerpt_of};
use crate::finding::{Answer, Text};
use crate::lists::summary::{fields, find};

/// The questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Whether there is one.
    Present,
    /// Whether it answers a field, by its id in `rules/summary.toml`.
    Field(String),
}

pub(super) fn ask(question: &Question, e: &Evidence) -> Answer {
    match question {
        Question::Present => present(e),
        Question::Field(id) => field(e, id),
    }
}

/// Whether the release has such a summary. One that answers none of its fields is none.
fn present(e: &Evidence) -> Answer {
    let read: Vec<&TrainingSummary> = of_state(e, SummaryState::Read).collect();
    if let Some(best) = read.iter().filter(|s| !s.fields.is_empty()).max_by_key(|s| s.fields.len()) {
        let (path, met, of) = (&best.place.path, best.fields.len(), fields().len());
        let (en, fr) = match best.template {
            true => ("in the sections of the Commission's template", "selon les rubriques du gabarit de la Commission"),
            false => ("not in the order of the Commission's template", "sans suivre le gabarit de la Commission"),
        };
        return Answer::met(Text::new(
            format!("{path} holds a public summary of training content, {en}: fields answered: {met} of {of}"),
            format!(
                "{path} contient un résumé public du contenu d'entraînement, {fr} : champs remplis : {met} sur {of}"
            ),
        ))
        .at(some(read.iter().map(|s| s.place.clone())));
    }
    open(e).unwrap_or_else(|| match read.first() {
        Some(empty) => Answer::not_met(Text::new(
            format!("{} is called a public summary of training content, and answers nothing", empty.place.path),
            format!("{} s'appelle résumé public du contenu d'entraînement et ne répond à rien", empty.place.path),
        ))
        .at([empty.place.clone()]),
        None => absent(e),
    })
}

/// Whether a field of the summary is answered, by its id in `rules/summary.toml`.
fn field(e: &Evidence, id: &str) -> Answer {
    let Some(field) = find(id) else {
        return Answer::unknown(Text::new(
            format!("the summary has no field `{id}`"),
            format!("le résumé n'a pas de champ `{id}`"),
        ));
    };
    let answers: Vec<&Place> = e.summaries.iter().filter_map(|s| s.fields.get(id)).collect();
    let (en, fr) = (&field.title.en, &field.title.fr);
    if let Some(first) = answers.first() {
        let quote = first.excerpt.as_deref().unwrap_or_default();
        return Answer::met(Text::new(
            format!("the summary answers the field \"{en}\": {quote}"),
            format!("le résumé remplit le champ « {fr} » : {quote}"),
        ))
        .at(some(answers.into_iter().cloned()));
    }
    open(e).unwrap_or_else(|| match of_state(e, SummaryState::Read).next() {
        Some(summary) => Answer::not_met(Text::new(
            format!("{} leaves the field \"{en}\" out, or unanswered", summary.place.path),
            format!("{} omet le champ « {fr} » ou le laisse sans réponse", summary.place.path),
        ))
        .at(some(of_state(e, SummaryState::Read).map(|s| s.place.clone()))),
        None => absent(e),
    })
}

fn of_state(e: &Evidence, state: SummaryState) -> impl Iterator<Item = &TrainingSummary> {
    e.summaries.iter().filter(move |s| s.state == state)
}

/// The answer where a summary is there or named and what it says is not known.
fn open(e: &Evidence) -> Option<Answer> {
    let states = [SummaryState::Prose, SummaryState::Unread, SummaryState::Elsewhere];
    let found = states.into_iter().find_map(|state| of_state(e, state).next())?;
    let path = &found.place.path;
    let says = match found.state {
        SummaryState::Unread => Text::new(
            format!("{path} is named as if it were the public summary of training content, and could not be read"),
            format!("{path} porte un nom de résumé public du contenu d'entraînement et n'a pu être lu"),
        ),
        SummaryState::Elsewhere => {
            let url = excerpt_of(found.place.url.as_deref().unwrap_or_default());
            Text::new(
                format!("the public summary of training content is said to be at {url}, which was not read"),
                format!("le résumé public du contenu d'entraînement serait à l'adresse {url}, qui n'a pas été lue"),
            )
        }
        SummaryState::Prose | SummaryState::Read => Text::new(
            format!("{path} says that it is the summary, and none of the template's fields could be told apart in it"),
            format!("{path} se dit le résumé, mais aucun champ du gabarit n'a pu y être distingué"),
        ),
    };
    Some(Answer::unknown(says).at([found.place.clone()]))
}

/// The answer where no summary was found.
fn absent(e: &Evidence) -> Answer {
    if e.record.is_some() {
        return Answer::unknown(Text::new(
            "a catalogue's record was read in place of the release; it tells of no such summary",
            "une notice de catalogue a été lue à la place de la publication ; elle ne parle pas d'un tel résumé",
        ));
    }
    if card_is_torn(e) {
        return Answer::unknown(Text::new(
            "a part of the card could not be read; it may hold or name a public summary of training content",
            "une partie de la fiche n'a pu être lue ; elle contient ou nomme peut-être un résumé public du contenu d'entraînement",
        ))
        .at(where_to_look(&e.card));
    }
    Answer::not_met(Text::new(
        "no public summary of training content was found",
        "aucun résumé public du contenu d'entraînement n'a été trouvé",
    ))
    .at(where_to_look(&e.card))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::evidence::{Card, FrontMatter, Record};
    use crate::finding::Outcome;

    fn with(state: SummaryState, answered: &[&str]) -> Evidence {
        let place = || Place::line("S.md", 3, "Common Corpus");
        let fields: BTreeMap<String, Place> = answered.iter().map(|id| ((*id).to_owned(), place())).collect();
        let place = Place { url: Some("https://x.example/\u{1b}[31ms".into()), ..Place::file("S.md") };
        let summaries = vec![TrainingSummary { place, state, template: true, fields }];
        Evidence { summaries, ..Evidence::default() }
    }

    #[test]
    fn what_is_there_decides() {
        let e = with(SummaryState::Read, &["crawled"]);
        assert_eq!(present(&e).outcome, Outcome::Met);
        let answer = field(&e, "crawled");
        assert_eq!((answer.outcome, answer.places[0].line), (Outcome::Met, Some(3)));
        assert!(answer.says.en.contains("Common Corpus") && answer.says.fr.contains("Common Corpus"));
        assert_eq!(field(&e, "synthetic").outcome, Outcome::NotMet);
        assert_eq!(field(&e, "crawl").outcome, Outcome::Unknown);
        let empty = with(SummaryState::Read, &[]);
        assert_eq!((present(&empty).outcome, field(&empty, "other").outcome), (Outcome::NotMet, Outcome::NotMet));
    }

    #[test]
    fn what_was_not_read_is_not_known() {
        for state in [SummaryState::Prose, SummaryState::Elsewhere, SummaryState::Unread] {
            let e = with(state, &[]);
            for answer in [present(&e), field(&e, "crawled")] {
                assert_eq!(answer.outcome, Outcome::Unknown, "{state:?}");
                assert!(!answer.says.en.contains('\u{1b}') && !answer.places.is_empty(), "{answer:?}");
            }
        }
        // What a second summary says, nobody here knows.
        let mut both = with(SummaryState::Read, &["crawled"]);
        both.summaries.extend(with(SummaryState::Elsewhere, &[]).summaries);
        assert_eq!(present(&both).outcome, Outcome::Met);
        assert_eq!((field(&both, "crawled").outcome, field(&both, "other").outcome), (Outcome::Met, Outcome::Unknown));
    }

    #[test]
    fn absence_is_told_where_all_was_read() {
        assert_eq!(present(&Evidence::default()).outcome, Outcome::NotMet);
        assert_eq!(field(&Evidence::default(), "model").outcome, Outcome::NotMet);
        let front = FrontMatter::Broken { place: Place::file("README.md"), message: "breaks".into() };
        let torn = Evidence { card: Card { front, ..Card::default() }, ..Evidence::default() };
        let record = Evidence { record: Some(Record::default()), ..Evidence::default() };
        for e in [torn, record] {
            assert_eq!((present(&e).outcome, field(&e, "model").outcome), (Outcome::Unknown, Outcome::Unknown));
        }
    }
}
