//! Bills of materials: what the two formats of them have in common. Here a report's names become licenses of the SPDX list,
//! package URLs, addresses and relations; what the report does not tell is left out, never guessed.

pub mod cyclonedx;
pub mod spdx;

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use url::{Host, Url};

use super::clean;
use crate::digest::Digest;
use crate::evidence::{FileStatus, Part, Place, SubjectKind, id_of};
use crate::finding::{Finding, Lang, Outcome};
use crate::report::{Ancestor, Criterion, Report, ReportComponent, ReportDataset, ReportFile};

/// Characters kept of a name, of a text and of an address.
const LONGEST_NAME: usize = 500;
const LONGEST_TEXT: usize = 4_000;
const LONGEST_URL: usize = 2_000;

/// A name on one line, bounded.
fn name(text: &str) -> String {
    clean(text).trim().chars().take(LONGEST_NAME).collect()
}

/// A text, bounded.
fn text(text: &str) -> String {
    clean(text).trim().chars().take(LONGEST_TEXT).collect()
}

/// What the subject is called: its name, or else the end of where it lies.
fn title(report: &Report) -> String {
    let subject = &report.subject;
    let folder = subject.locator.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let all = [subject.name.as_str(), folder, subject.locator.as_str()];
    all.into_iter().map(name).find(|n| !n.is_empty()).unwrap_or_else(|| "release".into())
}

/// The moment of the audit as both formats write it; none where the report holds no moment.
fn moment(report: &Report) -> Option<String> {
    let at: Timestamp = report.audited_at.parse().ok()?;
    Some(at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// What a document is named by: the evidence, the rules and the moment it was judged at. The same audit gives the same name.
fn seed(report: &Report) -> Digest {
    let evidence = match &report.evidence_digest {
        Some(digest) => digest.clone(),
        None => Digest::of(&serde_json::to_vec(report).unwrap_or_default()).tagged(),
    };
    let all = [evidence.as_str(), &report.profile.digest, &report.audited_at, &report.tool.version];
    Digest::of(all.join("\n").as_bytes())
}

/// An address of the web in the form of RFC 3986, without credentials; nothing of another scheme. An address of IPv6 is left out:
/// readers of the formats refuse its brackets.
fn web(address: &str) -> Option<String> {
    let mut url = Url::parse(address.trim()).ok().filter(|u| matches!(u.scheme(), "http" | "https"))?;
    if !matches!(url.host()?, Host::Domain(_) | Host::Ipv4(_)) {
        return None;
    }
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    let out = encoded(url.as_str(), b"%/?:@!$&'()*+,;=#");
    (out.len() <= LONGEST_URL).then_some(out)
}

/// A path in the release as a reference of RFC 3986.
fn relative(path: &str) -> String {
    encoded(path, b"/!$&'()*+,;=@")
}

/// Text with every byte percent-encoded that is neither a letter, a digit, one of `-._~` nor among those kept.
fn encoded(text: &str, kept: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || kept.contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Owner and name of an id of the hub.
fn hub_parts(id: &str) -> Option<(&str, &str)> {
    id.split_once('/').filter(|(owner, name)| is_hub_part(owner) && is_hub_part(name))
}

fn is_hub_part(part: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    !part.is_empty() && part.len() <= 96 && !part.starts_with('.') && part.chars().all(plain)
}

/// The id of the release on the hub, where it was looked at there.
fn hub_id(report: &Report) -> Option<&str> {
    let subject = &report.subject;
    let located = || subject.locator.strip_prefix("hf:").and_then(|id| id.split('@').next());
    let id = subject.hub_id.as_deref().or_else(located)?;
    let id = id.strip_prefix("datasets/").unwrap_or(id);
    hub_parts(id).map(|_| id)
}

/// Where the release lies on the hub.
fn hub_page(report: &Report) -> Option<String> {
    let id = hub_id(report)?;
    Some(match report.subject.kind {
        SubjectKind::Model => format!("https://huggingface.co/{id}"),
        SubjectKind::Dataset => format!("https://huggingface.co/datasets/{id}"),
    })
}

/// The package URL of a model of the hub. A version of that type is a commit; another revision is left out of it, and the type
/// knows models alone.
fn package_url(id: &str, revision: Option<&str>) -> Option<String> {
    hub_parts(id)?;
    let is_commit = |r: &&str| (7..=64).contains(&r.len()) && r.bytes().all(|b| b.is_ascii_hexdigit());
    let version = revision.filter(is_commit).map(|r| format!("@{}", r.to_ascii_lowercase())).unwrap_or_default();
    Some(format!("pkg:huggingface/{id}{version}"))
}

/// The package URL of the release.
fn own_package_url(report: &Report) -> Option<String> {
    let model = report.subject.kind == SubjectKind::Model;
    package_url(hub_id(report).filter(|_| model)?, report.subject.revision.as_deref())
}

/// A license as the formats tell them apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum License {
    /// An id of the SPDX list, spelt as there.
    Listed(&'static str),
    /// An expression of such ids.
    Expression(String),
    /// Another name.
    Other(String),
}

impl License {
    /// A license by its name or expression; nothing where the words say that it is not told.
    fn of(written: &str) -> Option<License> {
        let silent = |word: &str| ["NOASSERTION", "NONE"].iter().any(|s| word.eq_ignore_ascii_case(s));
        let written = Some(name(written)).filter(|w| !w.is_empty() && !silent(w))?;
        let mut all = ::spdx::identifiers::LICENSES.iter().map(|l| l.name);
        if let Some(id) = all.find(|id| id.eq_ignore_ascii_case(&written)) {
            return Some(License::Listed(id));
        }
        let told = !written.split(|c: char| !c.is_ascii_alphanumeric()).any(silent);
        let valid = told && ::spdx::Expression::parse(&written).is_ok();
        Some(if valid { License::Expression(written) } else { License::Other(written) })
    }
}

/// The licenses that the release names; where the report does not list them, that of its main component.
fn own_licenses(report: &Report) -> Vec<License> {
    let part = match report.subject.kind {
        SubjectKind::Model => Part::FinalModelParameters,
        SubjectKind::Dataset => Part::Datasets,
    };
    let settled = report.components.iter().filter(|c| c.id == part).filter_map(|c| c.license.as_ref());
    let settled = settled.filter(|_| report.licenses.is_empty());
    report.licenses.iter().chain(settled).filter_map(|l| License::of(l)).collect()
}

/// The sets that the release names, itself left out, and it as a set where it is one.
fn sets(report: &Report) -> (Vec<&ReportDataset>, Option<&ReportDataset>) {
    let is_own = |set: &&ReportDataset| set.target.as_deref() == Some("path:.");
    (report.datasets.iter().filter(|set| !is_own(set)).collect(), report.datasets.iter().find(is_own))
}

/// The license of a set.
fn set_license(set: &ReportDataset) -> Option<License> {
    License::of(set.expression.as_ref().or(set.license.as_ref())?)
}

/// The sentences that restrict use, one a line.
fn terms(places: &[Place]) -> Option<String> {
    let said: Vec<String> = places.iter().filter_map(|p| p.excerpt.as_deref()).map(text).collect();
    (!said.is_empty()).then(|| said.join("\n"))
}

/// The address on the web of what a set points at.
pub(super) fn dataset_address(set: &ReportDataset) -> Option<String> {
    Target::of(set)?.address(set.revision.as_deref())
}

/// What a set points at.
#[derive(Clone, Debug, PartialEq)]
enum Target {
    /// An id of the hub.
    Hub(String),
    /// An address.
    Web(String),
    /// A path in the release.
    Path(String),
    /// An id of the Software Heritage archive.
    Swhid(String),
    /// A DOI.
    Doi(String),
}

impl Target {
    fn of(set: &ReportDataset) -> Option<Target> {
        let target = set.target.as_deref().or_else(|| {
            // Earlier reports tell the id alone; one that was reached and has the form of a hub id is one.
            use crate::evidence::Access::{Gated, Public};
            matches!(set.access, Public | Gated).then_some(set.id.as_str())
        })?;
        // The oldest sets of the hub have no owner.
        let hub = target.strip_prefix("hub:").filter(|id| is_hub_part(id) || hub_parts(id).is_some());
        let hub = hub.or_else(|| hub_parts(target).map(|_| target));
        if let Some(path) = target.strip_prefix("path:") {
            Some(Target::Path(clean(path)))
        } else if let Some(id) = hub {
            Some(Target::Hub(id.to_owned()))
        } else if let Some(doi) = target.strip_prefix("doi:").filter(|d| d.starts_with("10.")) {
            Some(Target::Doi(clean(doi)))
        } else if is_swhid(target) {
            Some(Target::Swhid(target.to_owned()))
        } else {
            web(target).map(Target::Web)
        }
    }

    /// Its address on the web; a revision on the hub is part of it.
    fn address(&self, revision: Option<&str>) -> Option<String> {
        match self {
            Target::Hub(id) => {
                let at = revision.map(|r| format!("/tree/{}", encoded(&clean(r), b""))).unwrap_or_default();
                Some(format!("https://huggingface.co/datasets/{id}{at}"))
            }
            Target::Web(url) => Some(url.clone()),
            Target::Doi(doi) => web(&format!("https://doi.org/{}", encoded(doi, b"/;()"))),
            Target::Swhid(id) => Some(format!("https://archive.softwareheritage.org/{id}")),
            Target::Path(_) => None,
        }
    }
}

/// Whether a text is a core id of the Software Heritage archive.
fn is_swhid(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    let hex = |h: &&str| h.len() == 40 && h.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    matches!(parts.as_slice(), ["swh", "1", "cnt" | "dir" | "rev" | "rel" | "snp", h] if hex(h))
}

/// The models of the lineage, each once, with whether a declaration names it and the indices of those it derives from.
struct Base<'a> {
    model: &'a str,
    revision: Option<&'a str>,
    licenses: Vec<License>,
    declared: bool,
    /// Whether the release itself names it.
    direct: bool,
    parents: Vec<usize>,
}

fn bases(report: &Report) -> Vec<Base<'_>> {
    /// Models that are told.
    const MOST: usize = 1_000;
    let mut out: Vec<Base<'_>> = Vec::new();
    let mut at: HashMap<&str, usize> = HashMap::new();
    for Ancestor { id, of, revision, declared, licenses, .. } in report.lineage.iter().take(MOST) {
        let (next, of) = (out.len(), of.as_deref());
        let index = *at.entry(id.as_str()).or_insert(next);
        if index == next {
            let licenses = licenses.iter().filter_map(|l| License::of(l)).collect();
            let (model, revision) = (id.as_str(), revision.as_deref());
            out.push(Base { model, revision, licenses, declared: *declared, direct: of.is_none(), parents: vec![] });
        } else if let Some(base) = out.get_mut(index) {
            base.declared |= *declared;
            base.direct |= of.is_none();
            base.revision = base.revision.or(revision.as_deref());
        }
        let child = of.and_then(|of| at.get(of)).and_then(|child| out.get_mut(*child));
        if let Some(child) = child.filter(|c| !c.parents.contains(&index)) {
            child.parents.push(index);
        }
    }
    for id in report.bases.iter().take(MOST).filter(|id| !at.contains_key(id.as_str())) {
        let (model, licenses) = (id.as_str(), vec![]);
        out.push(Base { model, revision: None, licenses, declared: true, direct: true, parents: vec![] });
    }
    out
}

/// The files that are there, and the paths of those that a list names and that are not.
fn files(report: &Report) -> (Vec<&ReportFile>, Vec<&ReportFile>) {
    report.files.iter().partition(|f| f.status != FileStatus::Missing)
}

/// The digest of a file: the one computed, else the one published of it.
fn digest(file: &ReportFile) -> Option<&Digest> {
    file.sha256.as_ref().or(file.published.as_ref())
}

/// The components of the recipe that were found.
fn recipe(report: &Report) -> impl Iterator<Item = &ReportComponent> {
    const RECIPE: [Part; 7] = [
        Part::TrainingCode,
        Part::DataPreprocessingCode,
        Part::ModelMetadata,
        Part::SupportingLibrariesAndTools,
        Part::IntermediateModelParameters,
        Part::EvaluationCode,
        Part::EvaluationResults,
    ];
    report.components.iter().filter(|c| RECIPE.contains(&c.id) && c.outcome == Outcome::Met)
}

/// The finding of a rule, by its id, where the rule holds.
fn met<'a>(report: &'a Report, rule: &str) -> Option<&'a Finding> {
    report.findings.iter().find(|f| f.rule == rule && f.outcome == Outcome::Met)
}

/// What an outcome is, with how it is known and the reason.
fn said(finding: &Finding) -> String {
    let outcome = super::outcome_word(finding.outcome, Lang::En);
    text(&format!("{outcome} ({}): {}", id_of(finding.strength), finding.says))
}

/// A verdict with its counts, such as "partial: 5 of 7 met, 1 not met, 1 unknown".
fn counted(criterion: &Criterion) -> String {
    let mut out = format!("{}: {} of {} met", id_of(criterion.verdict), criterion.met, criterion.total);
    for (n, word) in [(criterion.not_met, "not met"), (criterion.unknown, "unknown")] {
        if n > 0 {
            out.push_str(&format!(", {n} {word}"));
        }
    }
    out
}

/// What the report says of the release as a whole, as names and values.
fn properties(report: &Report) -> Vec<(String, String)> {
    /// Gaps and missing files that are told.
    const MOST: usize = 200;
    let mut out: Vec<(String, String)> = Vec::new();
    let mut put = |name: &str, value: &str| {
        let value = text(value);
        if !value.is_empty() {
            out.push((format!("ouvert:{name}"), value));
        }
    };
    put("level", &report.level);
    put("highest-level", report.verdict.highest.as_deref().unwrap_or_default());
    if !report.profile.scoreless {
        put("score", &super::number(report.score, 1, Lang::En));
    }
    for criterion in super::shown_criteria(report) {
        put(&format!("criterion:{}", name(&criterion.id)), &id_of(criterion.verdict));
    }
    put("profile", &format!("{} {}", report.profile.id, report.profile.version));
    put("profile-digest", &report.profile.digest);
    put("evidence-digest", report.evidence_digest.as_deref().unwrap_or_default());
    put("files-digest", report.subject.files_digest.as_deref().unwrap_or_default());
    for other in &report.others {
        put(&format!("level:{}", name(&other.profile.id)), &other.level);
    }
    put("gate", if report.gate.passed { "passed" } else { "closed" });
    for file in files(report).1.into_iter().take(MOST) {
        put("missing", &file.path);
    }
    for gap in report.gaps.iter().take(MOST) {
        put("unseen", &format!("{}: {}: {}", id_of(gap.topic), gap.what, gap.why));
    }
    out
}

/// Where each file of the release stands in a list of them.
fn index<'a>(files: &[&'a ReportFile]) -> BTreeMap<&'a str, usize> {
    files.iter().enumerate().map(|(at, f)| (f.path.as_str(), at)).collect()
}

/// The files at a path of the release: itself, or those below it. More than `most` are none: a folder says it shorter.
fn below(index: &BTreeMap<&str, usize>, path: &str, most: usize) -> Vec<usize> {
    let path = path.trim_start_matches("./").trim_end_matches('/');
    if let Some(at) = index.get(path) {
        return vec![*at];
    }
    let folder = format!("{path}/");
    let inside = index.range(folder.as_str()..).take_while(|(p, _)| p.starts_with(&folder));
    let all: Vec<usize> = inside.take(most + 1).map(|(_, at)| *at).collect();
    if all.len() > most { vec![] } else { all }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_web_alone_and_without_credentials() {
        for (written, wanted) in [
            ("https://a.example/x y|z?q=[1]", Some("https://a.example/x%20y%7Cz?q=%5B1%5D")),
            ("HTTP://User:pass@Ex.example", Some("http://ex.example/")),
            ("https://exämple.example/é", Some("https://xn--exmple-cua.example/%C3%A9")),
            ("http://[::1]/a", None),
            ("javascript:alert(1)", None),
            ("file:///etc/passwd", None),
            ("//a.example", None),
            ("", None),
        ] {
            assert_eq!(web(written).as_deref(), wanted, "{written}");
        }
        assert_eq!(web(&format!("https://a.example/{}", "x".repeat(LONGEST_URL))), None);
        assert_eq!(relative("data/my set:1/é.txt"), "data/my%20set%3A1/%C3%A9.txt");
    }

    #[test]
    fn package_urls_of_models() {
        let url = |id, revision| package_url(id, revision);
        assert_eq!(url("Acme/Merry-7B", None).as_deref(), Some("pkg:huggingface/Acme/Merry-7B"));
        assert_eq!(url("a/b", Some("ABCDEF0")).as_deref(), Some("pkg:huggingface/a/b@abcdef0"));
        // A tag is no commit: the type would read it in lower case.
        assert_eq!(url("a/b", Some("V1.0")).as_deref(), Some("pkg:huggingface/a/b"));
        for odd in ["gpt2", "../x", "a/b/c", "a/b?c", "a/é", "/b"] {
            assert_eq!(url(odd, None), None, "{odd}");
        }
    }

    #[test]
    fn licenses_are_told_apart() {
        let other = |name: &str| Some(License::Other(name.into()));
        for (written, wanted) in [
            ("apache-2.0", Some(License::Listed("Apache-2.0"))),
            ("GPL-3.0-only", Some(License::Listed("GPL-3.0-only"))),
            ("MIT OR Apache-2.0", Some(License::Expression("MIT OR Apache-2.0".into()))),
            ("LicenseRef-x", Some(License::Expression("LicenseRef-x".into()))),
            ("llama3.1", other("llama3.1")),
            ("MIT OR llama3.1", other("MIT OR llama3.1")),
            ("MIT AND NOASSERTION", other("MIT AND NOASSERTION")),
            ("noassertion", None),
            (" \u{202e}", None),
        ] {
            assert_eq!(License::of(written), wanted, "{written}");
        }
    }

    #[test]
    fn files_at_a_path() {
        let paths = ["a", "a/b", "a/c", "a-d", "b/x"];
        let index: BTreeMap<&str, usize> = paths.into_iter().zip(0..).collect();
        assert_eq!(below(&index, "a", 9), [0]);
        assert_eq!(below(&index, "./b/", 9), [4]);
        assert_eq!(below(&index, "a-", 9), [0; 0]);
        let index: BTreeMap<&str, usize> = ["a/b", "a/c"].into_iter().zip(0..).collect();
        assert_eq!((below(&index, "a", 2), below(&index, "a", 1)), (vec![0, 1], vec![]));
    }
}
