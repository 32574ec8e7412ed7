//! What a rule found: outcomes, answers and findings, in both languages. It knows no check and no weight's meaning.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::evidence::{Place, id_of};
pub use crate::words::{Lang, Text, pick};

/// The four answers to a question about a release. Positive: met is good for every rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It is so, and was seen.
    Met,
    /// It is not so, and that was seen.
    NotMet,
    /// It could not be told.
    Unknown,
    /// The question does not arise.
    NotApplicable,
}

/// How a fact is known, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Strength {
    /// Somebody says so.
    Declared,
    /// The file or field is there.
    Observed,
    /// The thing pointed at was reached just now.
    Resolved,
    /// Bytes were hashed, a signature or a re-run checked.
    Verified,
}

/// How much a rule matters to its criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// Not met: the criterion fails.
    Essential,
    /// Not met: the criterion is partial.
    Required,
    /// Moves points only.
    Recommended,
}

/// How many of how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tally {
    /// Those for which it holds.
    pub met: u32,
    /// All that were asked about, at least 1.
    pub of: u32,
}

impl Tally {
    /// The share that is met, 0 to 1; an empty tally has none.
    pub fn share(self) -> f64 {
        if self.of == 0 { 0.0 } else { f64::from(self.met.min(self.of)) / f64::from(self.of) }
    }
}

/// A check's reply.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The outcome, strict: 6 of 7 is not met.
    pub outcome: Outcome,
    /// One sentence with the reason.
    pub says: Text,
    /// How the facts behind it are known.
    pub strength: Strength,
    /// Partial credit.
    pub tally: Tally,
    /// Where it was seen; for an absence, where one would look.
    pub places: Vec<Place>,
}

impl Answer {
    /// Met, by something that is there.
    pub fn met(says: Text) -> Answer {
        Answer {
            outcome: Outcome::Met,
            says,
            strength: Strength::Observed,
            tally: Tally { met: 1, of: 1 },
            places: vec![],
        }
    }

    /// Not met, and that was seen.
    pub fn not_met(says: Text) -> Answer {
        Answer { outcome: Outcome::NotMet, tally: Tally { met: 0, of: 1 }, ..Answer::met(says) }
    }

    /// It could not be told.
    pub fn unknown(says: Text) -> Answer {
        Answer {
            outcome: Outcome::Unknown,
            strength: Strength::Declared,
            tally: Tally { met: 0, of: 1 },
            ..Answer::met(says)
        }
    }

    /// The question does not arise.
    pub fn not_applicable(says: Text) -> Answer {
        Answer { outcome: Outcome::NotApplicable, tally: Tally { met: 0, of: 0 }, ..Answer::met(says) }
    }

    /// The same, seen at these places.
    pub fn at(mut self, places: impl IntoIterator<Item = Place>) -> Answer {
        self.places.extend(places);
        self
    }

    /// The same, known this way.
    pub fn by(mut self, strength: Strength) -> Answer {
        self.strength = strength;
        self
    }

    /// The same, with counts.
    pub fn counting(mut self, met: usize, of: usize) -> Answer {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        self.tally = Tally { met: clamp(met), of: clamp(of) };
        self
    }
}

/// A rule that met an answer. Its strings are English; [`French`] holds the same in French.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// Id of the rule.
    pub rule: String,
    /// Id of the criterion.
    pub criterion: String,
    /// How much the rule matters.
    pub need: Need,
    /// The answer.
    pub outcome: Outcome,
    /// One sentence with the reason.
    pub says: String,
    /// How the facts behind it are known.
    pub strength: Strength,
    /// Counts behind the answer.
    pub tally: Tally,
    /// Where it was seen.
    pub places: Vec<Place>,
    /// What should be true.
    pub title: String,
    /// Why it matters.
    #[serde(default)]
    pub why: String,
    /// How to mend it.
    pub remedy: String,
    /// The question that only a person can answer.
    #[serde(default)]
    pub question: String,
    /// Points of the criterion that the rule is worth, and what mending it gains.
    #[serde(default)]
    pub gain: Gain,
    /// The same sentences in French.
    #[serde(default)]
    pub fr: French,
    /// Where the rule comes from: clauses, formats, studies, threads.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refs: Vec<String>,
    /// The grade reached, of a rule that has several; of one that is unknown, the grade that is sure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<Grade>,
    /// The waiver that silences the gate for this finding, if any.
    pub waiver: Option<String>,
}

/// A grade between met and not met.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Grade {
    /// Its id.
    pub id: String,
    /// What it is worth, 0 to 1.
    pub value: f64,
    /// Its name.
    pub title: String,
    /// Its name in French.
    #[serde(default)]
    pub title_fr: String,
}

impl Grade {
    /// Its name in one language.
    pub fn title(&self, lang: Lang) -> &str {
        pick(lang, &self.title, &self.title_fr)
    }
}

/// What mending a finding would gain.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Gain {
    /// Points of the overall score, 0 to 100; 0 for a rule of a gate.
    pub overall: f64,
    /// Points of the criterion's score, 0 to 100.
    pub criterion: f64,
    /// The criterion's verdict if this rule alone were met, when that differs from today's.
    pub verdict: Option<Verdict>,
    /// The profile's own word for that verdict, where it has one.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub word: Text,
}

/// The French half of a finding.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)] // the fields are those of Finding
pub struct French {
    pub title: String,
    pub says: String,
    #[serde(default)]
    pub why: String,
    pub remedy: String,
    pub question: String,
}

impl Finding {
    /// The share of its points that are sure, 0 to 1: that of the grade reached, else that of the tally; an unknown has none.
    pub fn share(&self) -> f64 {
        match (self.outcome, &self.grade) {
            (Outcome::Met, _) => 1.0,
            (_, Some(grade)) => grade.value,
            (Outcome::NotMet, None) => self.tally.share(),
            (Outcome::Unknown | Outcome::NotApplicable, None) => 0.0,
        }
    }

    /// What should be true.
    pub fn title(&self, lang: Lang) -> &str {
        pick(lang, &self.title, &self.fr.title)
    }

    /// The reason.
    pub fn says(&self, lang: Lang) -> &str {
        pick(lang, &self.says, &self.fr.says)
    }

    /// Why it matters.
    pub fn why(&self, lang: Lang) -> &str {
        pick(lang, &self.why, &self.fr.why)
    }

    /// A name for this finding at one of its places that stays the same from run to run: of the rule and of what was seen, not of
    /// the line it stands on, the wording of the finding or the time. 64 hex digits.
    pub fn fingerprint(&self, place: Option<&Place>) -> String {
        let (path, url) = place.map_or(("", ""), |p| (&p.path, p.url.as_deref().unwrap_or_default()));
        let words = place.and_then(|p| p.excerpt.as_deref()).unwrap_or_default();
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let outcome = id_of(self.outcome);
        // No part holds the separator: it is a control character, which no place holds.
        let all = [&self.rule, outcome.as_str(), path, url, &words].join("\u{1f}");
        Digest::of(all.as_bytes()).to_string()
    }

    /// The next step.
    pub fn remedy(&self, lang: Lang) -> &str {
        pick(lang, &self.remedy, &self.fr.remedy)
    }

    /// The question for a person.
    pub fn question(&self, lang: Lang) -> &str {
        pick(lang, &self.question, &self.fr.question)
    }
}

/// A criterion's verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Every essential and required rule is met or does not apply.
    Pass,
    /// A required rule is not met.
    Partial,
    /// An essential rule is not met.
    Fail,
    /// An essential rule, or with nothing unmet a required one, is unknown.
    Unknown,
}

impl Verdict {
    /// The word for it, where a profile has none of its own.
    pub fn word(self, lang: Lang) -> &'static str {
        let (en, fr) = match self {
            Verdict::Pass => ("pass", "conforme"),
            Verdict::Partial => ("partial", "partiel"),
            Verdict::Fail => ("fail", "échec"),
            Verdict::Unknown => ("unknown", "inconnu"),
        };
        pick(lang, en, fr)
    }
}
