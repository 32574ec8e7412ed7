//! The join: evidence and profiles become a report. Nothing here touches disk, network, clock or environment.

mod asking;
pub mod gate;
mod settle;

use std::borrow::Cow;

use crate::check::{self, Check, component, integrity};
use crate::digest::{Digest, Kind};
use crate::evidence::{
    Base, Component, Danger, Evidence, FileFact, Format, LicenseClaim, Place, Record, SubjectKind, Term, excerpt_of,
};
use crate::finding::{Finding, French, Gain, Outcome, Text};
use crate::lists::pickle::danger;
use crate::lists::{components, judgement};
use crate::profile::Profile;
use crate::report::{
    self, Ancestor, Clarifications, Gate, LevelText, ProfileRef, Report, ReportComponent, ReportDataset, ReportFile,
    ReportImports, Tool, View, Waivers,
};
use crate::score;

use self::asking::Asked;
use self::settle::{note, settle};

/// Judges evidence by a profile. `audited_at` is RFC 3339 in UTC, to the second.
pub fn audit(evidence: &Evidence, profile: &Profile, audited_at: &str) -> Report {
    let mut clarifications = Clarifications::default();
    let View { profile: by, level, verdict, score, criteria, findings, .. } =
        judge(evidence, profile, &mut clarifications);
    for said in &evidence.clarifications {
        if !profile.rules.iter().any(|r| r.id == said.rule) {
            let reason = Text::new("the profile has no such rule", "le profil n'a pas cette règle");
            clarifications.unused.push(note(said, reason));
        }
    }
    let canonical = serde_json::to_vec(evidence).unwrap_or_default();
    let mut report = Report {
        schema: report::SCHEMA,
        tool: Tool { name: env!("CARGO_PKG_NAME").into(), version: env!("CARGO_PKG_VERSION").into() },
        profile: by,
        subject: evidence.subject.clone(),
        evidence_digest: Some(Digest::of(&canonical).tagged()),
        audited_at: audited_at.into(),
        level,
        verdict,
        score,
        criteria,
        findings,
        files: files(evidence),
        datasets: datasets(evidence),
        licenses: licenses(evidence),
        terms: terms(&evidence.terms),
        bases: evidence.bases.models.iter().map(|m| m.id.clone()).collect(),
        lineage: lineage(&evidence.bases, None),
        gaps: evidence.gaps.clone(),
        gate: Gate::open(),
        waivers: Waivers::default(),
        clarifications,
        components: components(evidence),
        others: vec![],
    };
    gate::hold(&mut report, &[profile], &gate::Demands::default());
    report
}

/// The same evidence by another profile. `asked` tells whether somebody asked for it.
pub fn view(evidence: &Evidence, profile: &Profile, asked: bool) -> View {
    View { asked, ..judge(evidence, profile, &mut Clarifications::default()) }
}

/// The evidence as the rules of a profile may take it: a record's list is the whole by the rules of its catalogue alone.
fn as_read_by<'a>(profile: &Profile, evidence: &'a Evidence) -> Cow<'a, Evidence> {
    let record = evidence.record.as_ref().filter(|r| r.lists_components);
    match record.filter(|r| profile.records.as_ref() != Some(&r.catalogue)) {
        Some(record) => {
            let record = Some(Record { foreign: true, ..record.clone() });
            Cow::Owned(Evidence { record, ..evidence.clone() })
        }
        None => Cow::Borrowed(evidence),
    }
}

fn judge(evidence: &Evidence, profile: &Profile, clarifications: &mut Clarifications) -> View {
    let evidence = as_read_by(profile, evidence);
    let evidence = evidence.as_ref();
    let mut answers: Vec<Asked> = Vec::new();
    for rule in &profile.rules {
        let mut asked = asking::ask(rule, evidence);
        for said in evidence.clarifications.iter().filter(|c| c.rule == rule.id) {
            asked = Asked { answer: settle(asked.answer, said, clarifications), ..asked };
        }
        answers.push(asked);
    }
    let mut findings = Vec::new();
    for (rule, asked) in profile.rules.iter().zip(&answers) {
        let mirror = rule.mirrors.as_ref().filter(|_| asked.answer.outcome == Outcome::NotApplicable);
        let mirror = mirror.and_then(|id| profile.rules.iter().position(|r| r.id == *id)).and_then(|i| answers.get(i));
        let Asked { answer, grade } = mirror.unwrap_or(asked).clone();
        findings.push(Finding {
            rule: rule.id.clone(),
            criterion: rule.criterion.clone(),
            need: rule.need,
            outcome: answer.outcome,
            says: answer.says.en,
            strength: answer.strength,
            tally: answer.tally,
            places: answer.places,
            title: rule.title.en.clone(),
            why: rule.why.en.clone(),
            remedy: rule.remedy.en.clone(),
            question: rule.ask.en.clone(),
            gain: Gain::default(),
            fr: French {
                title: rule.title.fr.clone(),
                says: answer.says.fr,
                why: rule.why.fr.clone(),
                remedy: rule.remedy.fr.clone(),
                question: rule.ask.fr.clone(),
            },
            refs: rule.refs.clone(),
            grade,
            waiver: None,
        });
    }
    let score::Count { criteria, mut level, mut highest, overall } = score::count(profile, &mut findings);
    if let (Some(last), true) = (profile.levels.last(), is_of_other_bytes(evidence, profile)) {
        level = last.clone();
        level.says = Text::new(
            "What was read is not what was published, so no verdict of these rules holds for the release.",
            "Ce qui a été lu n'est pas ce qui a été publié : aucun verdict de ces règles ne vaut pour la publication.",
        );
        highest = None;
    }
    View {
        profile: ProfileRef {
            id: profile.id.clone(),
            version: profile.version.to_string(),
            digest: profile.digest.tagged(),
            title: profile.title.en.clone(),
            title_fr: profile.title.fr.clone(),
            label: profile.label.clone(),
            note: profile.note.clone(),
            scoreless: !profile.score.shown,
        },
        level: level.id.clone(),
        verdict: LevelText {
            title: level.title.en,
            says: level.says.en,
            title_fr: level.title.fr,
            says_fr: level.says.fr,
            rank: profile.levels.iter().position(|l| l.id == level.id).and_then(|i| u32::try_from(i).ok()),
            highest: highest.as_ref().map(|l| l.id.clone()),
            highest_title: highest.map(|l| l.title).unwrap_or_default(),
        },
        score: overall,
        criteria,
        findings,
        asked: false,
    }
}

/// Whether a published digest fails, where the profile does not itself ask whether they hold: nothing that is said of other
/// bytes is said of the release, whatever a framework leaves out.
fn is_of_other_bytes(evidence: &Evidence, profile: &Profile) -> bool {
    let digests = Check::Integrity(integrity::Question::Digests);
    let asked = profile.rules.iter().any(|r| r.asks.names(&digests));
    !asked && check::ask(&digests, evidence).outcome == Outcome::NotMet
}

/// Every component that a release may have, as it was found.
fn components(evidence: &Evidence) -> Vec<ReportComponent> {
    let one = |c: &components::Component| {
        let found = component::find(evidence, c.id);
        let named = match found.license {
            component::Licensed::Named(named) => Some(named),
            _ => None,
        };
        ReportComponent {
            id: c.id,
            name: c.name.clone(),
            says: c.says.en.clone(),
            outcome: found.there.outcome,
            strength: found.there.strength,
            license: named.as_ref().map(|n| n.written.clone()),
            inherited: named.and_then(|n| n.inherited),
            links: found.links,
        }
    };
    components::all().iter().map(one).collect()
}

fn files(evidence: &Evidence) -> Vec<ReportFile> {
    let file = |f: &FileFact| {
        let mut by: Vec<String> = f.expected.iter().map(|e| e.place.path.clone()).collect();
        by.dedup();
        ReportFile {
            path: f.path.clone(),
            bytes: f.bytes,
            sha256: f.sha256.clone(),
            digest_by: f.digest_by,
            digest_age: f.digest_age,
            before: f.before.clone(),
            published: published(f),
            status: f.status,
            expected_by: by,
            imports: imports(f),
        }
    };
    evidence.files.iter().map(file).collect()
}

/// What a pickle imports, by what comes of it.
fn imports(file: &FileFact) -> Option<ReportImports> {
    let Some(Format::Pickled(imports)) = &file.format else { return None };
    let of = |wanted: Danger| {
        let all = imports.names.iter().filter(|name| danger(name) == wanted);
        all.map(|name| excerpt_of(name)).collect()
    };
    Some(ReportImports {
        dangerous: of(Danger::Dangerous),
        unknown: of(Danger::Unknown),
        harmless: of(Danger::Harmless),
        total: imports.total,
        unnamed: imports.unnamed,
        unread: imports.unread.clone(),
    })
}

/// The SHA-256 that is published of a file whose bytes were not hashed, where all who publish one agree.
fn published(file: &FileFact) -> Option<Digest> {
    let mut all = file.expected.iter().map(|e| &e.checksum).filter(|c| c.kind == Kind::Sha256);
    let first = all.next().filter(|_| file.sha256.is_none())?;
    all.all(|other| other == first).then(|| first.hex.parse().ok())?
}

/// Words that are shown at most.
const TERMS: usize = 50;

/// Where words restrict use, those that surely do first.
fn terms(found: &[Term]) -> Vec<Place> {
    let (sure, doubtful): (Vec<&Term>, Vec<&Term>) = found.iter().partition(|t| t.certain);
    sure.into_iter().chain(doubtful).map(|t| t.place.clone()).take(TERMS).collect()
}

/// The licenses of the weights or of the release as a whole; of a dataset, also of its data.
fn licenses(evidence: &Evidence) -> Vec<String> {
    let is_data = evidence.subject.kind == SubjectKind::Dataset;
    let own = |c: &Component| *c == Component::Weights || is_data && *c == Component::Data;
    named(evidence.licenses.iter().filter(|c| own(&c.component)))
}

/// What claims name, each once.
fn named<'a>(claims: impl Iterator<Item = &'a LicenseClaim>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for claim in claims {
        let named = claim.expression.as_ref().unwrap_or(&claim.written);
        if !out.contains(named) {
            out.push(named.clone());
        }
    }
    out
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
        target: d.target.clone(),
        revision: d.revision.clone(),
        license: d.license.clone(),
        expression: d.license.as_deref().and_then(judgement::expression),
        terms: terms(&d.terms),
        access: d.access,
        stage: d.stage,
    };
    evidence.datasets.iter().map(one).collect()
}

/// Ancestors that are shown at most: a chain is followed no farther than collecting did, but each link may name many.
const ANCESTORS: usize = 500;

/// The models that a release derives from, each followed by those that it derives from in turn.
fn lineage(bases: &Base, of: Option<&str>) -> Vec<Ancestor> {
    let mut out = Vec::new();
    for model in &bases.models {
        let seen = model.evidence.as_deref();
        let claims = seen.iter().flat_map(|e| &e.licenses).filter(|c| c.component == Component::Weights);
        out.push(Ancestor {
            id: model.id.clone(),
            of: of.map(str::to_owned),
            revision: model.revision.clone(),
            declared: model.declared,
            seen: seen.is_some(),
            again: model.again,
            licenses: named(claims),
            datasets: seen.map_or(0, |e| u32::try_from(e.trained_on().len()).unwrap_or(u32::MAX)),
        });
        out.extend(seen.iter().flat_map(|e| lineage(&e.bases, Some(&model.id))));
    }
    out.truncate(ANCESTORS);
    out
}
