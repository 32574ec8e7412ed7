//! The join: evidence and a profile become a report. Nothing here touches disk, network, clock or environment.

use crate::check;
use crate::digest::Digest;
use crate::evidence::{Bound, Clarification, Evidence, FileStatus, Place, Settled};
use crate::finding::{Answer, Finding, French, Gain, Outcome, Strength, Text};
use crate::profile::{Profile, Rule};
use crate::report::{
    self, Clarifications, Gate, LevelText, Note, ProfileRef, Report, ReportDataset, ReportFile, Tool, Waivers,
};
use crate::score;

/// Judges evidence by a profile. `audited_at` is RFC 3339 in UTC, to the second.
pub fn audit(evidence: &Evidence, profile: &Profile, audited_at: &str) -> Report {
    let mut clarifications = Clarifications::default();
    let findings = profile.rules.iter().map(|rule| finding(rule, evidence, &mut clarifications));
    let mut findings: Vec<Finding> = findings.collect();
    for said in &evidence.clarifications {
        if !profile.rules.iter().any(|r| r.id == said.rule) {
            let reason = Text::new("the profile has no such rule", "le profil n'a pas cette règle");
            clarifications.unused.push(note(said, reason));
        }
    }
    let (criteria, level, score) = score::count(profile, &mut findings);
    let canonical = serde_json::to_vec(evidence).unwrap_or_default();
    Report {
        schema: report::SCHEMA,
        tool: Tool { name: env!("CARGO_PKG_NAME").into(), version: env!("CARGO_PKG_VERSION").into() },
        profile: ProfileRef {
            id: profile.id.clone(),
            version: profile.version.to_string(),
            digest: profile.digest.tagged(),
            title: profile.title.en.clone(),
        },
        subject: evidence.subject.clone(),
        evidence_digest: Some(Digest::of(&canonical).tagged()),
        audited_at: audited_at.into(),
        level: level.id,
        verdict: LevelText {
            title: level.title.en,
            says: level.says.en,
            title_fr: level.title.fr,
            says_fr: level.says.fr,
        },
        score,
        criteria,
        findings,
        files: files(evidence),
        datasets: datasets(evidence),
        bases: evidence.bases.models.iter().map(|m| m.id.clone()).collect(),
        gaps: evidence.gaps.clone(),
        gate: gate(evidence),
        waivers: Waivers::default(),
        clarifications,
    }
}

fn finding(rule: &Rule, evidence: &Evidence, clarifications: &mut Clarifications) -> Finding {
    let said = evidence.clarifications.iter().filter(|c| c.rule == rule.id);
    let answer = said.fold(check::ask(rule.check, evidence), |answer, said| settle(answer, said, clarifications));
    Finding {
        rule: rule.id.clone(),
        criterion: rule.criterion.clone(),
        need: rule.need,
        outcome: answer.outcome,
        says: answer.says.en,
        strength: answer.strength,
        tally: answer.tally,
        places: answer.places,
        title: rule.title.en.clone(),
        remedy: rule.remedy.en.clone(),
        question: rule.ask.en.clone(),
        gain: Gain::default(),
        fr: French {
            title: rule.title.fr.clone(),
            says: answer.says.fr,
            remedy: rule.remedy.fr.clone(),
            question: rule.ask.fr.clone(),
        },
        waiver: None,
    }
}

/// What a reviewer's clarification makes of an answer: it settles one that was left open, and makes one stricter; it never
/// lifts what was seen not to be so. One whose file has changed settles nothing, and says so.
fn settle(answer: Answer, said: &Clarification, all: &mut Clarifications) -> Answer {
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

fn note(said: &Clarification, reason: Text) -> Note {
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

fn files(evidence: &Evidence) -> Vec<ReportFile> {
    let file = |f: &crate::evidence::FileFact| {
        let mut by: Vec<String> = f.expected.iter().map(|e| e.place.path.clone()).collect();
        by.dedup();
        ReportFile { path: f.path.clone(), bytes: f.bytes, sha256: f.sha256.clone(), status: f.status, expected_by: by }
    };
    evidence.files.iter().map(file).collect()
}

fn datasets(evidence: &Evidence) -> Vec<ReportDataset> {
    let id = |d: &crate::evidence::Dataset| {
        d.target
            .as_deref()
            .map_or(d.name.as_str(), |t| t.trim_start_matches("hub:").trim_start_matches("path:"))
            .to_owned()
    };
    let one = |d: &crate::evidence::Dataset| ReportDataset {
        id: id(d),
        license: d.license.clone(),
        access: d.access,
        stage: d.stage,
    };
    evidence.datasets.iter().map(one).collect()
}

/// Without a policy, a release passes when every published digest holds and every listed file is there.
fn gate(evidence: &Evidence) -> Gate {
    let mut gate = Gate::open();
    for file in &evidence.files {
        let path = &file.path;
        match file.status {
            FileStatus::Mismatched => gate.close(Text::new(
                format!("{path}: the bytes are not those published"),
                format!("{path} : les octets ne sont pas ceux publiés"),
            )),
            FileStatus::Missing => {
                gate.close(Text::new(format!("{path}: listed, but missing"), format!("{path} : listé, mais absent")))
            }
            _ => {}
        }
    }
    gate
}
