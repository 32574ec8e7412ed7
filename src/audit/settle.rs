//! What a reviewer's clarifications make of an answer.

use crate::evidence::{Bound, Clarification, Place, Settled};
use crate::finding::{Answer, Outcome, Strength, Text};
use crate::report::{Clarifications, Note};

/// What a reviewer's clarification makes of an answer: it settles one that was left open, and makes one stricter; it never
/// lifts what was seen not to be so. One whose file has changed settles nothing, and says so.
pub(super) fn settle(answer: Answer, said: &Clarification, all: &mut Clarifications) -> Answer {
    let Clarification { by, on, file, .. } = said;
    let lapsed = |why: Text| {
        let says = Text::new(
            format!("{}; a clarification by {by} of {on} has lapsed: {}", answer.says.en, why.en),
            format!("{} ; une clarification de {by} du {on} est caduque : {}", answer.says.fr, why.fr),
        );
        (says, why)
    };
    let (says, why) = match said.bound {
        Bound::Same => {
            let open = answer.outcome == Outcome::Unknown;
            let stricter = answer.outcome == Outcome::Met && said.outcome == Settled::NotMet;
            if !open && !stricter {
                let reason = Text::new(
                    "the audit leaves nothing open here; a clarification does not lift what was seen",
                    "l'audit ne laisse rien d'ouvert ici ; une clarification ne lève pas ce qui a été vu",
                );
                all.unused.push(note(said, reason));
                return answer;
            }
            let reason = match said.outcome {
                Settled::Met => Text::new("settled as met", "tranché : remplie"),
                Settled::NotMet => Text::new("settled as not met", "tranché : non remplie"),
                Settled::NotApplicable => Text::new("settled as not applicable", "tranché : sans objet"),
            };
            all.used.push(note(said, reason));
            let words = &said.says;
            let says = Text::new(
                format!(
                    "{words} (settled by {by}, {on}, who read {file}, unchanged since; the audit alone: {})",
                    answer.says.en
                ),
                format!(
                    "{words} (tranché par {by}, {on}, à la lecture de {file}, inchangé depuis ; l'audit seul : {})",
                    answer.says.fr
                ),
            );
            let places = [said.place.clone(), Place::file(file)].into_iter().chain(answer.places);
            let settled = match said.outcome {
                Settled::Met => Answer::met(says),
                Settled::NotMet => Answer::not_met(says),
                Settled::NotApplicable => Answer::not_applicable(says),
            };
            return settled.by(Strength::Declared).at(places.collect::<Vec<_>>());
        }
        Bound::Changed => lapsed(Text::new(format!("{file} has changed since"), format!("{file} a changé depuis"))),
        Bound::Absent => lapsed(Text::new(format!("{file} is not there"), format!("{file} n'est pas là"))),
        Bound::Unseen => lapsed(Text::new(
            format!("whether {file} has changed since could not be seen"),
            format!("on n'a pas pu voir si {file} a changé depuis"),
        )),
    };
    all.lapsed.push(note(said, why));
    Answer { says, ..answer }
}

pub(super) fn note(said: &Clarification, reason: Text) -> Note {
    Note {
        rule: said.rule.clone(),
        file: said.file.clone(),
        by: said.by.clone(),
        on: said.on.clone(),
        source: said.source.clone(),
        says: said.says.clone(),
        reason: reason.en,
        reason_fr: reason.fr,
    }
}
