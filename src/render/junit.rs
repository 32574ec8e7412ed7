//! JUnit XML: a suite each criterion, a case each rule, for whatever shows the tests of a build. English.
//!
//! What is not met is a failure, what could not be told an error: it could not be checked. What does not apply is skipped, and so is
//! what a waiver silences, with its reason.

use quick_junit::{NonSuccessKind, Property, Report as Tests, SerializeError, TestCase, TestCaseStatus, TestSuite};

use super::{asked, clean, criterion_word, shorten, waived, written};
use crate::evidence::id_of;
use crate::finding::{Finding, Lang, Outcome};
use crate::report::Report;

/// Places told of a finding.
const PLACES: usize = 20;
/// Characters of a text.
const LONG: usize = 4000;

/// Writes the report, and those by other profiles that were asked for.
///
/// # Errors
/// When the writer of XML fails, which it does on no text.
pub fn render(report: &Report) -> Result<String, SerializeError> {
    let mut tests = Tests::new(text(&format!("{} {}", report.tool.name, report.subject.locator)));
    for report in asked(report) {
        tests.add_test_suites(suites(&report));
    }
    tests.to_string()
}

/// The suites of one profile: its criteria, then what no criterion has taken.
fn suites(report: &Report) -> Vec<TestSuite> {
    let mut out = Vec::new();
    for criterion in &report.criteria {
        let findings = report.findings.iter().filter(|f| f.criterion == criterion.id);
        let word = criterion_word(report, criterion, Lang::En);
        out.push(suite(report, &criterion.id, criterion.title(Lang::En), &word, findings));
    }
    let known = |f: &&Finding| report.criteria.iter().any(|c| c.id == f.criterion);
    let mut rest = report.findings.iter().filter(|f| !known(f)).peekable();
    if rest.peek().is_some() {
        out.push(suite(report, "other", "Other", "", rest));
    }
    out
}

fn suite<'a>(
    report: &Report,
    id: &str,
    title: &str,
    verdict: &str,
    findings: impl Iterator<Item = &'a Finding>,
) -> TestSuite {
    let profile = &report.profile;
    let mut suite = TestSuite::new(text(&format!("{}: {title}", profile.id)));
    let facts = [
        ("profile", format!("{} {} {}", profile.id, profile.version, profile.digest)),
        ("subject", report.subject.locator.clone()),
        ("files-digest", report.subject.files_digest.clone().unwrap_or_default()),
        ("audited-at", report.audited_at.clone()),
        ("level", report.level.clone()),
        ("verdict", verdict.to_owned()),
    ];
    let facts = facts.iter().filter(|(_, value)| !value.is_empty());
    suite.add_properties(facts.map(|(name, value)| Property::new(*name, text(value))));
    let class = text(&format!("{}.{id}", profile.id));
    for finding in findings {
        let mut case = TestCase::new(text(&finding.rule), status(report, finding));
        case.set_classname(class.as_str());
        suite.add_test_case(case);
    }
    suite
}

fn status(report: &Report, finding: &Finding) -> TestCaseStatus {
    let (mut status, kind) = match (finding.outcome, &finding.waiver) {
        (Outcome::Met, _) => return TestCaseStatus::success(),
        (Outcome::NotApplicable, _) => (TestCaseStatus::skipped(), "not-applicable".to_owned()),
        (_, Some(_)) => (TestCaseStatus::skipped(), "waived".to_owned()),
        (Outcome::NotMet, None) => (TestCaseStatus::non_success(NonSuccessKind::Failure), id_of(finding.need)),
        (Outcome::Unknown, None) => (TestCaseStatus::non_success(NonSuccessKind::Error), id_of(finding.need)),
    };
    let waiver = waived(report, finding, Lang::En).map(|reason| format!("{reason}: "));
    status.set_message(text(&format!("{}{}", waiver.unwrap_or_default(), finding.says)));
    status.set_type(kind);
    status.set_description(told(finding));
    status
}

/// What should be true, what was found and where, and the next step, a line each.
fn told(finding: &Finding) -> String {
    let mut lines = vec![text(&finding.title), text(&finding.says)];
    for place in finding.places.iter().take(PLACES) {
        let quote = place.excerpt.as_deref().filter(|q| !q.is_empty()).map(|q| format!(": {q}"));
        lines.push(text(&format!("at {}{}", written(place), quote.unwrap_or_default())));
    }
    if finding.places.len() > PLACES {
        lines.push(format!("more places: {}", finding.places.len() - PLACES));
    }
    let next = match finding.outcome {
        Outcome::NotMet => ("do", &finding.remedy),
        _ => ("question", &finding.question),
    };
    if finding.outcome != Outcome::NotApplicable && !next.1.is_empty() {
        lines.push(text(&format!("{}: {}", next.0, next.1)));
    }
    lines.join("\n")
}

/// Text that XML may hold, bounded; never empty.
fn text(words: &str) -> String {
    let words: String = clean(words).chars().filter(|c| !matches!(c, '\u{fffe}' | '\u{ffff}')).collect();
    let words = words.trim();
    if words.is_empty() { "–".into() } else { shorten(words, LONG) }
}
