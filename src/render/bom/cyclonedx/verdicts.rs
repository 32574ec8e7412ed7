//! The verdicts in CycloneDX: the criteria as requirements, a claim for each, and the findings as evidence.

use serde_json::{Value, json};

use super::{MOST, object};
use crate::evidence::{Place, id_of};
use crate::finding::{Finding, Outcome, Verdict};
use crate::render::bom::{self, name, text};
use crate::render::shown_criteria;
use crate::report::{Criterion, Report};

/// The criteria as the requirements of a standard.
pub(super) fn definitions(report: &Report) -> Value {
    let requirement = |(at, c): (usize, &Criterion)| {
        object([
            ("bom-ref", format!("criterion-{}", at + 1).into()),
            ("identifier", name(&c.id).into()),
            ("title", name(&c.title).into()),
        ])
    };
    let requirements: Vec<Value> = shown_criteria(report).enumerate().map(requirement).collect();
    let profile = &report.profile;
    let title = Some(name(&profile.title)).filter(|t| !t.is_empty()).unwrap_or_else(|| name(&profile.id));
    let standard = object([
        ("bom-ref", "profile".into()),
        ("name", title.into()),
        ("version", name(&profile.version).into()),
        ("requirements", requirements.into()),
    ]);
    json!({"standards": [standard]})
}

/// The verdicts: a claim for each criterion, with what speaks for it and against it. Of a criterion that is not known, nothing
/// is attested.
pub(super) fn declarations(report: &Report) -> Value {
    let asked: Vec<&Finding> = report.findings.iter().filter(|f| f.outcome != Outcome::NotApplicable).collect();
    let (mut claims, mut map) = (Vec::new(), Vec::new());
    for (at, criterion) in shown_criteria(report).enumerate() {
        let of = |outcome: Outcome| {
            let all = asked.iter().enumerate().filter(move |(_, f)| f.outcome == outcome);
            all.filter(|(_, f)| f.criterion == criterion.id).map(|(at, _)| format!("finding-{}", at + 1))
        };
        let (claim, counts) = (format!("claim-{}", at + 1), bom::counted(criterion));
        let title = name(if criterion.title.is_empty() { &criterion.id } else { &criterion.title });
        claims.push(object([
            ("bom-ref", claim.clone().into()),
            ("target", "release".into()),
            ("predicate", format!("{title}: {}", id_of(criterion.verdict)).into()),
            ("reasoning", counts.clone().into()),
            ("evidence", of(Outcome::Met).collect()),
            ("counterEvidence", of(Outcome::NotMet).collect()),
        ]));
        let known = criterion.verdict != Verdict::Unknown && !report.profile.scoreless;
        let score = (criterion.score / 100.0).clamp(0.0, 1.0);
        let score = if known && score.is_finite() { json!((score * 1000.0).round() / 1000.0) } else { Value::Null };
        let listed = json!([claim]);
        let (claims, counters) = match criterion.verdict {
            Verdict::Pass => (listed, Value::Null),
            Verdict::Partial | Verdict::Fail => (Value::Null, listed),
            Verdict::Unknown => (Value::Null, Value::Null),
        };
        map.push(object([
            ("requirement", format!("criterion-{}", at + 1).into()),
            ("claims", claims),
            ("counterClaims", counters),
            ("conformance", object([("score", score), ("rationale", counts.into())])),
        ]));
    }
    let evidence: Vec<Value> = asked.iter().enumerate().map(|(at, f)| evidence(at, f, report)).collect();
    let title = if report.verdict.title.is_empty() { &report.level } else { &report.verdict.title };
    let summary = text(&format!("{title}. {}", report.verdict.says));
    object([
        ("attestations", json!([object([("summary", summary.into()), ("map", map.into())])])),
        ("claims", claims.into()),
        ("evidence", evidence.into()),
    ])
}

/// A finding, with the places it was seen at.
fn evidence(at: usize, finding: &Finding, report: &Report) -> Value {
    let place = |p: &Place| {
        let line = p.line.map(|l| format!(", line {l}")).unwrap_or_default();
        let quoted = p.excerpt.as_deref().map(text).filter(|t| !t.is_empty());
        let quoted = quoted.map_or(Value::Null, |q| json!({"contentType": "text/plain", "content": q}));
        let url = p.url.as_deref().and_then(bom::web);
        object([
            ("name", format!("{}{line}", name(&p.path)).into()),
            ("contents", object([("attachment", quoted), ("url", url.into())])),
        ])
    };
    object([
        ("bom-ref", format!("finding-{}", at + 1).into()),
        ("propertyName", name(&finding.rule).into()),
        ("description", bom::said(finding).into()),
        ("data", finding.places.iter().take(MOST).map(place).collect()),
        ("created", bom::moment(report).into()),
    ])
}
