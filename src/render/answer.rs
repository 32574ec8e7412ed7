//! An answer to a question about a signature: yes, no or unknown, with its reason; in JSON, on a line, in a word.

use anstyle::AnsiColor;
use serde::Serialize;

use super::{Color, Options, clean};
use crate::evidence::{Told, Verdict};
use crate::finding::Lang;
use crate::words::commands::Commands as Word;

/// An answer in JSON.
#[derive(Debug, Serialize)]
pub(super) struct Answer<'a> {
    verdict: Verdict,
    says: &'a str,
}

impl<'a> Answer<'a> {
    pub(super) fn of(told: &'a Told) -> Answer<'a> {
        Answer { verdict: told.verdict, says: &told.says.en }
    }
}

/// A question and its answer with the reason, on one line.
pub(super) fn answered(label: Word, told: &Told, options: Options) -> String {
    let lang = options.lang;
    let (word, color) = word(told);
    let answer = match options.color {
        Color::Always => {
            let style = color.on_default().bold();
            format!("{style}{}{style:#}", word.say(lang))
        }
        Color::Never => word.say(lang).to_owned(),
    };
    Word::Answered.with(lang, &[("label", &label.say(lang)), ("answer", &answer), ("why", &clean(told.says.get(lang)))])
}

/// A question and its answer in two words.
pub(super) fn answered_shortly(label: Word, told: &Told, lang: Lang) -> String {
    format!("{} {}", label.say(lang), word(told).0.say(lang))
}

fn word(told: &Told) -> (Word, AnsiColor) {
    match told.verdict {
        Verdict::Holds => (Word::Yes, AnsiColor::Green),
        Verdict::Fails => (Word::No, AnsiColor::Red),
        Verdict::Unknown => (Word::NotKnown, AnsiColor::Yellow),
    }
}
