//! SARIF 2.1.0, shaped as code scanning on GitHub takes it: a run a profile that was asked for, a rule each question, a result
//! each finding that falls short. English, as every format for machines is.
//!
//! GitHub lists every result as an alert, so what is met is no result. What could not be told is one when it decides a verdict:
//! its kind is `open` ("not enough information to decide"), whose level SARIF makes `none`, so it is listed and fails no check,
//! and a release that nobody could look at has no clean list. What was not seen, and an unknown that moves points only, is told as
//! a notification of the run. What a waiver silences is a result with a suppression.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{Places, Spot, asked, clean, escaped, is_amiss, more, prose, shorten, told, topic_word, waived};
use crate::evidence::id_of;
use crate::finding::{Finding, Lang, Need, Outcome};
use crate::report::{Report, ReportFile};

/// The schema of what is written here.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// Runs of a file that GitHub reads.
const RUNS: usize = 20;
/// Results of a run that GitHub shows.
const RESULTS: usize = 5000;
/// Rules of a run; GitHub reads 25 000.
const RULES: usize = 5000;
/// Files that are listed; GitHub reads 10 MB once the file is packed.
const FILES: usize = 25_000;
/// Notifications of a kind, and places of a result beside the first; GitHub reads 1000 places.
const FEW: usize = 100;
/// Characters of a text; GitHub shows 1000 to 1024 of most.
const LONG: usize = 1000;
/// Ids of the two notifications.
const NOT_SEEN: &str = "not-seen";
const NOT_TOLD: &str = "not-told";

/// Writes the report, and those by other profiles that were asked for.
pub fn render(report: &Report) -> String {
    let reports = asked(report);
    // The files are those of every run; the first lists them.
    let files = std::iter::once(report.files.as_slice()).chain(std::iter::repeat(&[][..]));
    let runs: Vec<Value> = reports.iter().take(RUNS).zip(files).map(|(report, files)| run(report, files)).collect();
    let all = json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": runs });
    escaped(&format!("{all:#}\n"))
}

/// What a profile came to, and these files.
fn run(report: &Report, files: &[ReportFile]) -> Value {
    let places = Places::of(report);
    let rules = Rules::of(report);
    let told = told(report);
    let mut run = Map::new();
    run.insert("tool".into(), json!({ "driver": driver(report, &rules) }));
    run.insert("automationDetails".into(), json!({ "id": automation(report) }));
    run.insert("invocations".into(), json!([invocation(report, &rules, more(&told, RESULTS))]));
    if let Some(provenance) = provenance(report) {
        run.insert("versionControlProvenance".into(), json!([provenance]));
    }
    if !files.is_empty() {
        run.insert("artifacts".into(), artifacts(files, &places).into());
    }
    let results = told.iter().take(RESULTS).filter_map(|f| result(f, &rules, &places));
    run.insert("results".into(), results.collect());
    run.insert("columnKind".into(), json!("unicodeCodePoints"));
    run.insert("properties".into(), properties(report));
    Value::Object(run)
}

/// The rules of a run by their ids, in the report's order: a rule is listed once.
struct Rules<'a> {
    report: &'a Report,
    /// Whether a finding of them is waived.
    waived: bool,
    listed: Vec<&'a Finding>,
    index: BTreeMap<&'a str, usize>,
}

impl<'a> Rules<'a> {
    fn of(report: &'a Report) -> Rules<'a> {
        let waived = report.findings.iter().any(|f| f.waiver.is_some());
        let mut rules = Rules { report, waived, listed: vec![], index: BTreeMap::new() };
        for finding in &report.findings {
            if rules.listed.len() < RULES && !rules.index.contains_key(finding.rule.as_str()) {
                rules.index.insert(&finding.rule, rules.listed.len());
                rules.listed.push(finding);
            }
        }
        rules
    }

    fn reference(&self, rule: &str) -> Value {
        match self.index.get(rule) {
            Some(index) => json!({ "id": id(rule), "index": index }),
            None => json!({ "id": id(rule) }),
        }
    }
}

fn driver(report: &Report, rules: &Rules) -> Value {
    let mut driver = Map::new();
    driver.insert("name".into(), json!(text(&report.tool.name)));
    driver.insert("version".into(), json!(text(&report.tool.version)));
    if semver::Version::parse(&report.tool.version).is_ok() {
        driver.insert("semanticVersion".into(), json!(report.tool.version));
    }
    driver.insert("rules".into(), rules.listed.iter().map(|f| rule(report, f)).collect());
    driver.insert(
        "notifications".into(),
        json!([
            notice(NOT_SEEN, "NotSeen", "Something that the audit could not see."),
            notice(NOT_TOLD, "NotTold", "A question that the audit could not answer."),
        ]),
    );
    Value::Object(driver)
}

fn notice(id: &str, name: &str, says: &str) -> Value {
    let text = json!({ "text": says });
    let help = json!({ "text": says, "markdown": says });
    json!({ "id": id, "name": name, "shortDescription": text, "fullDescription": text, "help": help })
}

/// What a rule asks, why, and how to mend it.
fn rule(report: &Report, finding: &Finding) -> Value {
    let mut parts =
        vec![("", &finding.why), ("Remedy: ", &finding.remedy), ("Question for a person: ", &finding.question)];
    parts.retain(|(_, words)| !clean(words).trim().is_empty());
    let plain = parts.iter().map(|(label, words)| format!("{label}{}", message(words)));
    let marked = parts.iter().map(|(label, words)| match label.trim() {
        "" => prose(words, LONG),
        label => format!("**{label}** {}", prose(words, LONG)),
    });
    // An alert has this for its title: it must read as what is asked, not as what was found.
    let need = match finding.need {
        Need::Essential => "Essential",
        Need::Required => "Required",
        Need::Recommended => "Recommended",
    };
    let asks = sentence(&format!("{need}: {}", finding.title));
    let refs: Vec<&String> = finding.refs.iter().take(FEW).collect();
    let mut help: Vec<String> = std::iter::once(asks.clone()).chain(plain).collect();
    let mut markdown: Vec<String> = std::iter::once(prose(&finding.title, LONG)).chain(marked).collect();
    if !refs.is_empty() {
        let all: Vec<String> = refs.iter().map(|r| format!("- {}", message(r))).collect();
        help.push(format!("References:\n{}", all.join("\n")));
        let all: Vec<String> = refs.iter().map(|r| format!("- {}", prose(r, LONG))).collect();
        markdown.push(format!("**References:**\n\n{}", all.join("\n")));
    }
    let mut out = Map::new();
    out.insert("id".into(), json!(id(&finding.rule)));
    let name = pascal(&finding.rule);
    if !name.is_empty() && name != finding.rule {
        out.insert("name".into(), json!(name));
    }
    out.insert("shortDescription".into(), json!({ "text": asks }));
    let why = if clean(&finding.why).trim().is_empty() { &finding.title } else { &finding.why };
    out.insert("fullDescription".into(), json!({ "text": sentence(why) }));
    out.insert("help".into(), json!({ "text": help.join("\n\n"), "markdown": markdown.join("\n\n") }));
    let is_page = |r: &&&String| url::Url::parse(r).is_ok_and(|u| matches!(u.scheme(), "http" | "https"));
    if let Some(page) = refs.iter().find(is_page).and_then(|r| url::Url::parse(r).ok()) {
        out.insert("helpUri".into(), json!(page.as_str()));
    }
    out.insert("defaultConfiguration".into(), json!({ "level": level(finding.need) }));
    let mut tags = BTreeSet::from(["openness".to_owned(), id(&report.profile.id)]);
    tags.extend([id(&finding.criterion), id_of(finding.need)]);
    out.insert("properties".into(), json!({ "tags": tags }));
    Value::Object(out)
}

fn level(need: Need) -> &'static str {
    match need {
        Need::Essential => "error",
        Need::Required => "warning",
        Need::Recommended => "note",
    }
}

fn result(finding: &Finding, rules: &Rules, places: &Places) -> Option<Value> {
    let index = rules.index.get(finding.rule.as_str())?;
    let first = places.first(finding);
    let elsewhere = places.elsewhere(finding);
    let mut says = sentence(&finding.says);
    if let Some(place) = elsewhere.first().filter(|_| first.place.is_none()) {
        says = format!("{says} Seen in {}.", message(place));
    }
    let (kind, level) = if is_amiss(finding) { ("fail", level(finding.need)) } else { ("open", "none") };
    let print = finding.fingerprint(first.place);
    let mut out = Map::new();
    out.insert("ruleId".into(), json!(id(&finding.rule)));
    out.insert("ruleIndex".into(), json!(index));
    out.insert("kind".into(), json!(kind));
    out.insert("level".into(), json!(level));
    out.insert("message".into(), json!({ "text": says }));
    out.insert("locations".into(), json!([location(&first)]));
    let mut seen = BTreeSet::from([location(&first).to_string()]);
    let others: Vec<Value> =
        places.spots(finding).iter().map(location).filter(|l| seen.insert(l.to_string())).collect();
    if !others.is_empty() {
        out.insert("relatedLocations".into(), others.into_iter().take(FEW).collect());
    }
    // GitHub knows an alert again by the first name, others by any.
    out.insert("partialFingerprints".into(), json!({ "primaryLocationLineHash": print, "ouvertFinding/v1": print }));
    // SARIF asks that all results of a run have them, or none.
    if rules.waived {
        let because =
            |reason: String| json!({ "kind": "external", "status": "accepted", "justification": text(&reason) });
        let reason = waived(rules.report, finding, Lang::En);
        out.insert("suppressions".into(), reason.into_iter().map(because).collect());
    }
    let mut more = json!({
        "need": id_of(finding.need),
        "outcome": id_of(finding.outcome),
        "strength": id_of(finding.strength),
        "met": finding.tally.met,
        "of": finding.tally.of,
    });
    if let (false, Some(more)) = (elsewhere.is_empty(), more.as_object_mut()) {
        more.insert("elsewhere".into(), elsewhere.iter().take(FEW).map(|p| text(p)).collect());
    }
    out.insert("properties".into(), more);
    Some(Value::Object(out))
}

fn location(spot: &Spot) -> Value {
    let mut region = json!({ "startLine": spot.line });
    let quote = spot.place.and_then(|p| p.excerpt.as_deref()).map(text).filter(|q| !q.is_empty());
    if let (Some(quote), Some(region)) = (quote, region.as_object_mut()) {
        region.insert("snippet".into(), json!({ "text": quote }));
    }
    json!({ "physicalLocation": { "artifactLocation": { "uri": uri(&spot.path) }, "region": region } })
}

/// How the audit ran, and what it did not see.
fn invocation(report: &Report, rules: &Rules, unlisted: usize) -> Value {
    let mut notes: Vec<Value> = Vec::new();
    let note = |id: &str, level: &str, words: &str| json!({ "descriptor": { "id": id }, "level": level, "message": { "text": words } });
    for gap in report.gaps.iter().take(FEW) {
        let topic = topic_word(gap.topic, Lang::En);
        notes.push(note(NOT_SEEN, "warning", &sentence(&format!("{topic}: {}: {}", gap.what, gap.why))));
    }
    let untold: Vec<&Finding> = report.to_ask().into_iter().filter(|f| f.need == Need::Recommended).collect();
    for finding in untold.iter().take(FEW) {
        let mut one = note(NOT_TOLD, "note", &sentence(&finding.says));
        if let Some(one) = one.as_object_mut() {
            one.insert("associatedRule".into(), rules.reference(&finding.rule));
        }
        notes.push(one);
    }
    for (id, n, what) in [
        (NOT_SEEN, more(&report.gaps, FEW), "things that were not seen"),
        (NOT_TOLD, more(&untold, FEW), "questions that were not answered"),
        (NOT_TOLD, unlisted, "results"),
        (NOT_SEEN, more(&report.files, FILES), "files"),
    ] {
        if n > 0 {
            notes.push(note(id, "note", &format!("{n} more {what} are not listed here.")));
        }
    }
    let mut out = Map::new();
    out.insert("executionSuccessful".into(), json!(true));
    if report.audited_at.ends_with('Z') && report.audited_at.parse::<jiff::Timestamp>().is_ok() {
        out.insert("endTimeUtc".into(), json!(report.audited_at));
    }
    out.insert("toolExecutionNotifications".into(), notes.into());
    Value::Object(out)
}

/// The repository that the release was cloned from.
fn provenance(report: &Report) -> Option<Value> {
    let remote = url::Url::parse(report.subject.remote.as_deref()?).ok()?;
    if !matches!(remote.scheme(), "http" | "https") {
        return None;
    }
    let mut out = Map::new();
    out.insert("repositoryUri".into(), json!(remote.as_str()));
    if let Some(revision) = &report.subject.revision {
        out.insert("revisionId".into(), json!(text(revision)));
    }
    Some(Value::Object(out))
}

/// A name for runs of the same kind: GitHub holds the alerts of each apart, and closes those that the next run no longer has.
fn automation(report: &Report) -> String {
    let folder = clean(&report.subject.locator);
    let parts = ["ouvert", &id(&report.profile.id), &folder].join("/");
    parts.split('/').filter(|p| !p.is_empty() && *p != ".").map(|p| format!("{}/", shorten(p, 100))).collect()
}

fn artifacts(files: &[ReportFile], places: &Places) -> Vec<Value> {
    let mut seen = BTreeSet::new();
    let one = |file: &ReportFile| {
        let uri = uri(&places.seen_from_here(&file.path)?);
        // What is listed and missing is no file; a path that stands twice is one file.
        if file.bytes.is_none() || !seen.insert(uri.clone()) {
            return None;
        }
        let mut out = json!({ "location": { "uri": uri } });
        let fields = out.as_object_mut()?;
        if let Some(bytes) = file.bytes.filter(|b| i64::try_from(*b).is_ok()) {
            fields.insert("length".into(), json!(bytes));
        }
        if let Some(digest) = &file.sha256 {
            fields.insert("hashes".into(), json!({ "sha-256": digest.hex() }));
        }
        fields.insert("properties".into(), json!({ "status": id_of(file.status) }));
        Some(out)
    };
    files.iter().take(FILES).filter_map(one).collect()
}

/// What the run came to.
fn properties(report: &Report) -> Value {
    json!({
        "subject": text(&report.subject.locator),
        "filesDigest": report.subject.files_digest.as_deref().map(text),
        "profile": format!("{} {}", text(&report.profile.id), text(&report.profile.version)),
        "profileDigest": text(&report.profile.digest),
        "level": text(&report.level),
        "score": if report.profile.scoreless { Value::Null } else { json!(report.score) },
        "gatePassed": report.gate.passed,
        "gateReasons": report.gate.reasons.iter().take(FEW).map(|r| text(r)).collect::<Vec<_>>(),
        "unknown": report.findings.iter().filter(|f| f.outcome == Outcome::Unknown).count(),
    })
}

/// Text as it is, bounded and harmless.
fn text(words: &str) -> String {
    shorten(clean(words).trim(), LONG)
}

/// Text of a message: there brackets before a parenthesis are a link, and braces a placeholder unless they are doubled.
fn message(words: &str) -> String {
    text(words).replace("](", "] (").replace('{', "{{").replace('}', "}}")
}

/// A message that ends as a sentence does.
fn sentence(words: &str) -> String {
    let words = message(words);
    let words = if words.is_empty() { "–".into() } else { words };
    if words.ends_with(['.', '!', '?', '…', ':']) { words } else { words + "." }
}

/// An id that is never empty.
fn id(words: &str) -> String {
    let words = shorten(&text(words), 255);
    if words.is_empty() { "unnamed".into() } else { words }
}

/// `license-declared` as `LicenseDeclared`.
fn pascal(id: &str) -> String {
    let part =
        |part: &str| part.chars().take(1).flat_map(char::to_uppercase).chain(part.chars().skip(1)).collect::<String>();
    shorten(&id.split(|c: char| !c.is_alphanumeric()).map(part).collect::<String>(), 255)
}

/// A relative path as a URI reference. A colon is escaped too: before the first slash it would end a scheme.
fn uri(path: &str) -> String {
    let kept = |b: u8| b.is_ascii_alphanumeric() || b"-._~/".contains(&b);
    path.bytes().map(|b| if kept(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_relative_references() {
        assert_eq!(uri("a b/c:d%é.txt"), "a%20b/c%3Ad%25%C3%A9.txt");
    }

    #[test]
    fn messages_hold_no_link_and_no_placeholder() {
        assert_eq!(sentence("see [x](http://y) {0}"), "see [x] (http://y) {{0}}.");
        assert_eq!(pascal("license-declared"), "LicenseDeclared");
    }
}
