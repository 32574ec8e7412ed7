//! Is the record of a catalogue sound? Its flaws were found when it was read; a release that is no record has none to ask about.

use super::some;
use crate::evidence::{Evidence, FlawKind};
use crate::finding::{Answer, Text};

/// The questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Whether it has no flaw of these kinds.
    FreeOf(Vec<FlawKind>),
}

pub(super) fn ask(question: &Question, e: &Evidence) -> Answer {
    let Question::FreeOf(kinds) = question;
    let Some(record) = &e.record else {
        return Answer::not_applicable(Text::new(
            "the release itself was read, not a record of it",
            "c'est la publication elle-même qui a été lue, non une notice",
        ));
    };
    let flaws: Vec<_> = record.flaws.iter().filter(|f| kinds.contains(&f.kind)).collect();
    let Some(first) = flaws.first() else {
        let none =
            Text::new("no such flaw was found in the record", "aucun défaut de ce genre n'a été trouvé dans la notice");
        return Answer::met(none).at([record.place.clone()]);
    };
    let more = flaws.len() - 1;
    let (en, fr) = match more {
        0 => (String::new(), String::new()),
        n => (format!(" (and {n} more)"), format!(" (et {n} de plus)")),
    };
    Answer::not_met(Text::new(format!("{}{en}", first.says), format!("{}{fr}", first.says_fr)))
        .at(some(flaws.iter().map(|f| f.place.clone())))
}
