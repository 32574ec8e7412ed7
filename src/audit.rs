//! The join: evidence and a profile become a report. Nothing here touches disk, network, clock or environment.

use crate::check;
use crate::digest::Digest;
use crate::evidence::{Evidence, FileStatus};
use crate::finding::{Finding, French, Gain, Text};
use crate::profile::{Profile, Rule};
use crate::report::{self, Gate, LevelText, ProfileRef, Report, ReportDataset, ReportFile, Tool, Waivers};
use crate::score;

/// Judges evidence by a profile. `audited_at` is RFC 3339 in UTC, to the second.
pub fn audit(evidence: &Evidence, profile: &Profile, audited_at: &str) -> Report {
    let mut findings: Vec<Finding> = profile.rules.iter().map(|rule| finding(rule, evidence)).collect();
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
    }
}

fn finding(rule: &Rule, evidence: &Evidence) -> Finding {
    let answer = check::ask(rule.check, evidence);
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
