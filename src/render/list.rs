//! What the formats that list findings share: which are told, in which order, and at which file of the release each stands. It
//! knows no format.

use std::collections::BTreeSet;

use super::clean;
use crate::evidence::Place;
use crate::finding::{Finding, Need, Outcome};
use crate::report::Report;

/// The findings that a list of shortcomings tells, most important first: what is not met, and of what could not be told that
/// which decides a verdict. Without the latter a release that nobody could look at would have a clean list.
pub(super) fn told(report: &Report) -> Vec<&Finding> {
    let mut all = report.to_mend();
    all.extend(report.to_ask().into_iter().filter(|f| f.need != Need::Recommended));
    all.sort_by_key(|f| (f.waiver.is_some(), f.need, f.outcome));
    all
}

/// The report and, as reports of their own, those by other profiles that were asked for.
pub(super) fn asked(report: &Report) -> Vec<Report> {
    let own = Report { others: vec![], ..report.clone() };
    let others = report.others.iter().filter(|v| v.asked).map(|v| own.seen_by(v));
    std::iter::once(own.clone()).chain(others).collect()
}

/// Where a finding stands.
pub(super) struct Spot<'a> {
    /// Path of a file, from where the audit was run.
    pub(super) path: String,
    /// Line, from 1; an absent thing stands on the first.
    pub(super) line: usize,
    /// The place of the finding that this is; an absent thing has none.
    pub(super) place: Option<&'a Place>,
}

/// The files of a release as seen from where the audit was run: a forge shows them from the root of its checkout.
pub(super) struct Places<'a> {
    folder: String,
    files: BTreeSet<&'a str>,
}

impl<'a> Places<'a> {
    pub(super) fn of(report: &'a Report) -> Places<'a> {
        let files = report.files.iter().map(|f| f.path.as_str()).filter(|p| is_inside(p)).collect();
        Places { folder: folder(&report.subject.locator), files }
    }

    /// A path of the release, from where the audit was run; nothing for one that leads out of it.
    pub(super) fn seen_from_here(&self, path: &str) -> Option<String> {
        is_inside(path).then(|| format!("{}{}", self.folder, clean(path)))
    }

    /// Where a place is that lies in the release; one in another repository has no file here.
    pub(super) fn spot(&self, place: &'a Place) -> Option<Spot<'a>> {
        let path = self.files.contains(place.path.as_str()).then(|| self.seen_from_here(&place.path))??;
        Some(Spot { path, line: line(place), place: Some(place) })
    }

    /// The places of a finding that lie in the release.
    pub(super) fn spots(&self, finding: &'a Finding) -> Vec<Spot<'a>> {
        finding.places.iter().filter_map(|p| self.spot(p)).collect()
    }

    /// The places of a finding that lie elsewhere, as text.
    pub(super) fn elsewhere(&self, finding: &'a Finding) -> Vec<String> {
        finding.places.iter().filter(|p| self.spot(p).is_none()).map(written).collect()
    }

    /// Where a finding stands: at its first place in the release, else where a reader would look for what is absent.
    pub(super) fn first(&self, finding: &'a Finding) -> Spot<'a> {
        let place = finding.places.iter().find_map(|p| self.spot(p));
        let readme = || Spot { path: format!("{}README.md", self.folder), line: 1, place: None };
        place.unwrap_or_else(readme)
    }
}

/// A place in a line of text: its path, its line, its URL.
pub(super) fn written(place: &Place) -> String {
    let line = place.line.map(|l| format!(":{l}")).unwrap_or_default();
    let url = place.url.as_deref().map(|u| format!(" <{}>", clean(u))).unwrap_or_default();
    format!("{}{line}{url}", clean(&place.path))
}

fn line(place: &Place) -> usize {
    // Beyond this no reader counts lines: the formats hold signed 32-bit numbers.
    place.line.unwrap_or(1).clamp(1, i32::MAX as usize)
}

/// Whether a path leads to a file below the folder that it starts from, as it is shown: without what hides.
fn is_inside(path: &str) -> bool {
    // What is dropped as unsafe may be all that keeps a part from being `..`.
    clean(path).split(['/', '\\']).all(|part| !matches!(part.trim(), "" | "." | ".."))
}

/// The folder of a release that was audited as a folder below the current one, with a final slash; empty for any other.
fn folder(locator: &str) -> String {
    let path = clean(locator).replace('\\', "/");
    let path = path.trim_start_matches("./").trim_end_matches('/');
    let is_folder = !path.contains(':') && !path.ends_with('…') && is_inside(path);
    if is_folder { format!("{path}/") } else { String::new() }
}

/// How many a list leaves out beyond its limit.
pub(super) fn more<T>(all: &[T], most: usize) -> usize {
    all.len().saturating_sub(most)
}

/// Whether a finding says that something is amiss, and not only that it could not be told.
pub(super) fn is_amiss(finding: &Finding) -> bool {
    finding.outcome == Outcome::NotMet
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_below_the_current_folder_is_named_by_it() {
        for (locator, wanted) in [
            (".", ""),
            ("./", ""),
            ("merry", "merry/"),
            ("./models/merry/", "models/merry/"),
            ("/tmp/merry", ""),
            ("../merry", ""),
            ("hf:acme/merry", ""),
            ("", ""),
        ] {
            assert_eq!(folder(locator), wanted, "{locator}");
        }
    }

    #[test]
    fn paths_that_lead_out_are_no_files() {
        for path in [
            "",
            "/etc/passwd",
            "../x",
            "a/../../x",
            "a//b",
            "./x",
            "..\\x",
            "\u{202e}",
            ".\u{200b}./x",
            "\u{feff}/x",
            " /x",
        ] {
            assert!(!is_inside(path), "{path}");
        }
        assert!(is_inside("a/b.txt"));
    }
}
