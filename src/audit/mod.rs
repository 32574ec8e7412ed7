//! The join: evidence and profiles become a report. Nothing here touches disk, network, clock or environment.

mod asking;
pub mod gate;
mod settle;

use std::borrow::Cow;

use crate::check::{self, Check, component, integrity};
use crate::digest::{Digest, Kind};
use crate::evidence::{
    Base, Component, Danger, Dataset, Evidence, FileFact, Format, LicenseClaim, Place, Record, SubjectKind, Term,
    excerpt_of,
};
use crate::finding::{Finding, French, Gain, Outcome, Text};
use crate::lists::pickle::danger;
use crate::lists::{components, judgement};
use crate::profile::{Profile, Rule};
use crate::report::{
    self, Ancestor, Clarifications, Gate, LevelText, ProfileRef, Report, ReportComponent, ReportDataset, ReportFile,
    ReportImports, Tool, View, Waivers,
};
use crate::score;

use self::asking::Asked;
use self::settle::{note, settle};

/// How much a report tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Telling {
    /// All of it.
    Whole,
    /// What is counted, and no words.
    Bare,
}

/// Judges evidence by a profile. `audited_at` is RFC 3339 in UTC, to the second.
pub fn audit(evidence: &Evidence, profile: &Profile, audited_at: &str) -> Report {
    let mut clarifications = Clarifications::default();
    let view = judge(evidence, profile, Telling::Whole, &mut clarifications);
    for said in &evidence.clarifications {
        if !profile.rules.iter().any(|r| r.id == said.rule) {
            let reason = Text::new("the profile has no such rule", "le profil n'a pas cette règle");
            clarifications.unused.push(note(said, reason));
        }
    }
    let mut report = Report {
        files: files(evidence),
        datasets: datasets(evidence),
        terms: terms(&evidence.terms),
        lineage: lineage(&evidence.bases, None),
        clarifications,
        components: components(evidence),
        ..of_view(evidence, view, audited_at)
    };
    gate::hold(&mut report, &[profile], &gate::Demands::default());
    report
}

/// The same report without its words, its components and what mending would gain, for thousands of releases: every count, outcome,
/// score and level is that of [`audit`], and its gate was not asked.
pub fn bare(evidence: &Evidence, profile: &Profile, audited_at: &str) -> Report {
    let view = judge(evidence, profile, Telling::Bare, &mut Clarifications::default());
    Report {
        files: evidence.files.iter().map(bare_file).collect(),
        datasets: evidence.datasets.iter().map(bare_dataset).collect(),
        ..of_view(evidence, view, audited_at)
    }
}

/// A file without what takes words to tell.
fn bare_file(f: &FileFact) -> ReportFile {
    ReportFile {
        path: f.path.clone(),
        bytes: f.bytes,
        sha256: f.sha256.clone(),
        digest_by: f.digest_by,
        digest_age: f.digest_age,
        before: f.before.clone(),
        published: None,
        status: f.status,
        expected_by: vec![],
        imports: None,
    }
}

/// A dataset without what takes words to tell.
fn bare_dataset(d: &Dataset) -> ReportDataset {
    let target = d.target.as_deref().map(|t| t.trim_start_matches("hub:").trim_start_matches("path:"));
    ReportDataset {
        id: target.unwrap_or(&d.name).to_owned(),
        target: d.target.clone(),
        revision: d.revision.clone(),
        license: d.license.clone(),
        expression: None,
        terms: vec![],
        access: d.access,
        stage: d.stage,
    }
}

/// What a report has of the evidence whatever it tells.
fn of_view(evidence: &Evidence, view: View, audited_at: &str) -> Report {
    let canonical = serde_json::to_vec(evidence).unwrap_or_default();
    Report {
        schema: report::SCHEMA,
        tool: Tool::this(),
        profile: view.profile,
        subject: evidence.subject.clone(),
        evidence_digest: Some(Digest::of(&canonical).tagged()),
        audited_at: audited_at.into(),
        level: view.level,
        verdict: view.verdict,
        score: view.score,
        criteria: view.criteria,
        findings: view.findings,
        files: vec![],
        datasets: vec![],
        licenses: licenses(evidence),
        terms: vec![],
        bases: evidence.bases.models.iter().map(|m| m.id.clone()).collect(),
        lineage: vec![],
        gaps: evidence.gaps.clone(),
        gate: Gate::open(),
        waivers: Waivers::default(),
        clarifications: Clarifications::default(),
        components: vec![],
        others: vec![],
    }
}

/// The same evidence by another profile. `asked` tells whether somebody asked for it.
pub fn view(evidence: &Evidence, profile: &Profile, asked: bool) -> View {
    View { asked, ..judge(evidence, profile, Telling::Whole, &mut Clarifications::default()) }
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

/// What the rules of a profile answer, one each in its order.
fn answers(evidence: &Evidence, profile: &Profile, clarifications: &mut Clarifications) -> Vec<Asked> {
    let mut out: Vec<Asked> = Vec::new();
    for rule in &profile.rules {
        let mut asked = asking::ask(rule, evidence);
        for said in evidence.clarifications.iter().filter(|c| c.rule == rule.id) {
            asked = Asked { answer: settle(asked.answer, said, clarifications), ..asked };
        }
        out.push(asked);
    }
    out
}

/// The answer that a rule's finding is made of: where its own question does not arise, that of the rule that it mirrors.
fn mirrored<'a>(profile: &Profile, rule: &Rule, asked: &'a Asked, answers: &'a [Asked]) -> &'a Asked {
    let mirror = rule.mirrors.as_ref().filter(|_| asked.answer.outcome == Outcome::NotApplicable);
    let mirror = mirror.and_then(|id| profile.rules.iter().position(|r| r.id == *id)).and_then(|i| answers.get(i));
    mirror.unwrap_or(asked)
}

/// The findings of rules without a word: what is counted, and by which rule.
fn unsaid(profile: &Profile, answers: &[Asked]) -> Vec<Finding> {
    let one = |(rule, asked): (&Rule, &Asked)| {
        let Asked { answer, grade } = mirrored(profile, rule, asked, answers);
        Finding {
            rule: rule.id.clone(),
            criterion: rule.criterion.clone(),
            need: rule.need,
            outcome: answer.outcome,
            says: String::new(),
            strength: answer.strength,
            tally: answer.tally,
            places: vec![],
            title: String::new(),
            why: String::new(),
            remedy: String::new(),
            question: String::new(),
            gain: Gain::default(),
            fr: French::default(),
            refs: vec![],
            grade: grade.clone(),
            waiver: None,
        }
    };
    profile.rules.iter().zip(answers).map(one).collect()
}

/// Puts the words to findings.
fn say(findings: &mut [Finding], profile: &Profile, answers: &[Asked]) {
    for ((finding, rule), asked) in findings.iter_mut().zip(&profile.rules).zip(answers) {
        let answer = mirrored(profile, rule, asked, answers).answer.clone();
        finding.says = answer.says.en;
        finding.places = answer.places;
        finding.title.clone_from(&rule.title.en);
        finding.why.clone_from(&rule.why.en);
        finding.remedy.clone_from(&rule.remedy.en);
        finding.question.clone_from(&rule.ask.en);
        finding.refs.clone_from(&rule.refs);
        finding.fr = French {
            title: rule.title.fr.clone(),
            says: answer.says.fr,
            why: rule.why.fr.clone(),
            remedy: rule.remedy.fr.clone(),
            question: rule.ask.fr.clone(),
        };
    }
}

fn judge(evidence: &Evidence, profile: &Profile, telling: Telling, clarifications: &mut Clarifications) -> View {
    let evidence = as_read_by(profile, evidence);
    let evidence = evidence.as_ref();
    let answers = answers(evidence, profile, clarifications);
    let mut findings = unsaid(profile, &answers);
    if telling == Telling::Whole {
        say(&mut findings, profile, &answers);
        score::gains(profile, &mut findings);
    }
    let score::Count { criteria, mut level, mut highest, overall } = score::count(profile, &findings);
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
        ReportFile { published: published(f), expected_by: by, imports: imports(f), ..bare_file(f) }
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
    let one = |d: &Dataset| ReportDataset {
        expression: d.license.as_deref().and_then(judgement::expression),
        terms: terms(&d.terms),
        ..bare_dataset(d)
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
