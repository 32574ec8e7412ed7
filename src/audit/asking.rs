//! What a rule asks is asked: tests are joined, ladders of grades climbed. Between met and not met stands unknown, and it
//! decides nothing.

use crate::check;
use crate::evidence::{Evidence, Letter};
use crate::finding::{self, Answer, Outcome, Strength, Text};
use crate::profile::{Asks, Grade, Rule, Test};

/// An answer, and the grade reached where the rule has some.
#[derive(Clone)]
pub(super) struct Asked {
    pub(super) answer: Answer,
    pub(super) grade: Option<finding::Grade>,
}

/// Asks what a rule asks.
pub(super) fn ask(rule: &Rule, evidence: &Evidence) -> Asked {
    match &rule.asks {
        Asks::Test(test) => Asked { answer: ask_test(test, evidence), grade: None },
        Asks::Grades(grades) => {
            let letter = rule.letter.as_ref().and_then(|name| evidence.record.as_ref()?.letters.get(name));
            letter.and_then(|letter| by_letter(grades, letter)).unwrap_or_else(|| climb(grades, evidence))
        }
    }
}

fn ask_test(test: &Test, evidence: &Evidence) -> Answer {
    match test {
        Test::Holds(check) => check::ask(check, evidence),
        Test::Least(check, least) => {
            let answer = check::ask(check, evidence);
            match answer.outcome {
                Outcome::NotMet | Outcome::Unknown if answer.tally.met >= *least => {
                    Answer { outcome: Outcome::Met, ..answer }
                }
                _ => answer,
            }
        }
        Test::All(tests) => joined(tests, evidence, [Outcome::NotMet, Outcome::Unknown, Outcome::Met]),
        Test::Any(tests) => joined(tests, evidence, [Outcome::Met, Outcome::Unknown, Outcome::NotMet]),
    }
}

/// The answer of several tests: the first outcome of `order` that one of them has, told by all that have it. Where none of the
/// questions arises, nor does theirs.
fn joined(tests: &[Test], evidence: &Evidence, order: [Outcome; 3]) -> Answer {
    let answers: Vec<Answer> = tests.iter().map(|t| ask_test(t, evidence)).collect();
    for outcome in order {
        let mut deciding = answers.iter().filter(|a| a.outcome == outcome);
        let Some(first) = deciding.next() else { continue };
        let mut out = first.clone();
        let mut told = vec![&first.says];
        for more in deciding {
            if !told.contains(&&more.says) {
                told.push(&more.says);
                let (en, fr) = (&more.says.en, &more.says.fr);
                out.says = Text::new(format!("{}; {en}", out.says.en), format!("{} ; {fr}", out.says.fr));
            }
            out.strength = out.strength.min(more.strength);
            out.places.extend(more.places.iter().filter(|p| !first.places.contains(p)).cloned());
        }
        let counted = answers.iter().filter(|a| a.outcome != Outcome::NotApplicable).count();
        let met = answers.iter().filter(|a| a.outcome == Outcome::Met).count();
        return out.counting(met, counted);
    }
    answers.into_iter().next().unwrap_or_else(|| Answer::not_applicable(Text::default()))
}

fn grade_of(grade: &Grade) -> finding::Grade {
    finding::Grade {
        id: grade.id.clone(),
        value: grade.value,
        title: grade.title.en.clone(),
        title_fr: grade.title.fr.clone(),
    }
}

/// The outcome that a grade comes to: met at the top, else not met, with what it is worth.
fn graded(grade: &Grade, answer: Answer) -> Asked {
    let outcome = if grade.value >= 1.0 { Outcome::Met } else { Outcome::NotMet };
    Asked { answer: Answer { outcome, ..answer }, grade: Some(grade_of(grade)) }
}

/// The grade that a record gives; none where the framework knows no such letter.
fn by_letter(grades: &[Grade], letter: &Letter) -> Option<Asked> {
    let grade = grades.iter().find(|g| g.id == letter.grade)?;
    let told = letter.notes.as_ref().map(|n| format!(": {n}")).unwrap_or_default();
    let told_fr = letter.notes.as_ref().map(|n| format!(" : {n}")).unwrap_or_default();
    let says = Text::new(
        format!("the record says {}{told}", grade.title.en),
        format!("la notice dit {}{told_fr}", grade.title.fr),
    );
    let place = letter.place.clone();
    Some(graded(grade, Answer::met(says).by(Strength::Declared).at([place])))
}

/// The best grade that holds for sure. One above it that could not be told leaves the rule unknown, with what is sure.
fn climb(grades: &[Grade], evidence: &Evidence) -> Asked {
    let mut open: Option<(&Grade, Answer)> = None;
    let mut short: Option<Answer> = None;
    for grade in grades {
        let answer = grade.when.as_ref().map(|test| ask_test(test, evidence));
        match answer {
            Some(answer) if answer.outcome == Outcome::NotApplicable && short.is_none() && open.is_none() => {
                return Asked { answer, grade: None };
            }
            Some(answer) if answer.outcome == Outcome::Unknown => {
                open.get_or_insert((grade, answer));
            }
            Some(answer) if answer.outcome != Outcome::Met => {
                short.get_or_insert(answer);
            }
            reached => {
                let reached = reached.or_else(|| short.clone());
                return settled(grade, reached, short.take(), open.take());
            }
        }
    }
    // The last grade has no condition: reading the profile has seen to it.
    Asked { answer: Answer::unknown(Text::default()), grade: None }
}

/// What the grade reached comes to: `reached` is why it holds, `short` why a better one does not, `open` the best one that
/// could not be told.
fn settled(grade: &Grade, reached: Option<Answer>, short: Option<Answer>, open: Option<(&Grade, Answer)>) -> Asked {
    if let Some((better, why)) = open {
        // The last grade is no achievement: to say "at least" of it says nothing.
        let (sure_en, sure_fr) = match grade.value > 0.0 {
            true => (format!("{} at least; ", grade.title.en), format!("{} au moins ; ", grade.title.fr)),
            false => Default::default(),
        };
        let says = Text::new(
            format!("{sure_en}whether {} could not be told: {}", better.title.en, why.says.en),
            format!("{sure_fr}{} ou non, on ne peut le dire : {}", better.title.fr, why.says.fr),
        );
        let answer = Answer { says, outcome: Outcome::Unknown, ..why };
        return Asked { answer, grade: Some(grade_of(grade)) };
    }
    let reached = reached.unwrap_or_else(|| Answer::not_met(Text::default()));
    let beyond = short.filter(|s| s.says != reached.says);
    let (en, fr) = match &beyond {
        Some(why) => (format!("; no more than that: {}", why.says.en), format!(" ; pas plus : {}", why.says.fr)),
        None => Default::default(),
    };
    let says = Text::new(
        format!("{}: {}{en}", grade.title.en, reached.says.en),
        format!("{} : {}{fr}", grade.title.fr, reached.says.fr),
    );
    graded(grade, Answer { says, ..reached })
}
