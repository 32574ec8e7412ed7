//! A report becomes bytes. A renderer sees the report alone, and never the release.

mod answer;
pub mod badge;
pub mod bom;
pub mod certificate;
pub mod diff;
pub mod files;
pub mod github;
pub mod gitlab;
pub mod html;
pub mod json;
pub mod junit;
mod list;
pub mod markdown;
mod marked;
pub mod mot;
pub mod rows;
pub mod sarif;
pub mod table;

use std::collections::BTreeMap;

use crate::evidence::{Access, DigestBy, FileStatus, Gap, Topic, is_unsafe};
use crate::finding::{Finding, Lang, Need, Outcome, Strength, Verdict, pick};
use crate::report::{Criterion, LevelText, Report, ReportFile, WaiverNote};
use crate::words::foreign;
use crate::words::gate::Gate;
use crate::words::progress::Progress;
use crate::words::screen::Screen as Word;

use answer::{Answer, answered, answered_shortly};
use bom::dataset_address;
use list::{Places, Spot, asked, is_amiss, more, told, written};
use marked::{Blocks, code, prose};

/// How to show.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// In which language.
    pub lang: Lang,
    /// Columns of the terminal; at least 40 are used.
    pub width: usize,
    /// How much.
    pub detail: Detail,
    /// Whether to colour.
    pub color: Color,
}

/// How much is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// The verdict on one line.
    Line,
    /// The verdict alone.
    Verdict,
    /// What to mend and what to ask.
    #[default]
    Normal,
    /// All that is met, every file and every dataset too.
    All,
}

/// Text without characters that could move a cursor or hide; ends of lines become spaces.
pub fn clean(text: &str) -> String {
    text.chars().map(|c| if c == '\n' || c == '\t' { ' ' } else { c }).filter(|c| !is_unsafe(*c)).collect()
}

/// Text of at most so many characters; what is cut ends in a sign of it.
pub fn shorten(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        text.to_owned()
    } else {
        text.chars().take(most.saturating_sub(1)).collect::<String>() + "…"
    }
}

/// A paragraph in lines of at most `width` columns, its first after `first` and the others after `rest`, harmless on a terminal.
/// Dates and ids are not broken at their hyphens, and a line starts with none of the signs that French sets after a space, nor with what a number counts.
pub fn wrapped(text: &str, width: usize, first: &str, rest: &str) -> Vec<String> {
    /// A letter for private use: it stands for a space at which no line ends.
    const GLUE: &str = "\u{e000}";
    let bound = [" :", " ;", " !", " ?", " »", "« ", " point"]
        .iter()
        .fold(clean(text), |text, joint| text.replace(joint, &joint.replace(' ', GLUE)));
    let options = textwrap::Options::new(width)
        .initial_indent(first)
        .subsequent_indent(rest)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    let lines = textwrap::wrap(&bound, options);
    lines.into_iter().map(|line| line.replace(GLUE, " ").trim_end().to_owned()).collect()
}

/// Whether to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Color {
    /// Plain text.
    #[default]
    Never,
    /// ANSI colours.
    Always,
}

/// JSON in which no character moves a cursor or hides: beyond ASCII such characters stand in strings alone, where an escape says
/// the same.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if is_unsafe(c) && !c.is_ascii_control() || c == '\u{7f}' {
            // All of them lie in the basic plane.
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

/// A number as a language writes it, with so many decimals.
pub fn number(x: f64, decimals: usize, lang: Lang) -> String {
    let text = format!("{x:.decimals$}");
    match lang {
        Lang::En => text,
        Lang::Fr => text.replace('.', ","),
    }
}

/// Bytes in the unit that fits, by thousands.
pub fn size(bytes: u64, lang: Lang) -> String {
    let units = [Progress::Kilo, Progress::Mega, Progress::Giga, Progress::Tera];
    if bytes == 1 {
        return Progress::Byte.with(lang, &[("n", &bytes)]);
    }
    if bytes < 1000 {
        return Progress::Bytes.with(lang, &[("n", &bytes)]);
    }
    #[allow(clippy::cast_precision_loss)] // three digits are shown
    let mut n = bytes as f64;
    let mut unit = Progress::Kilo;
    for next in units {
        unit = next;
        n /= 1000.0;
        // What would be rounded to a thousand of a unit is one of the next.
        if n < 999.5 {
            break;
        }
    }
    let decimals = match n {
        n if n < 9.995 => 2,
        n if n < 99.95 => 1,
        _ => 0,
    };
    unit.with(lang, &[("n", &number(n, decimals, lang))])
}

/// The level in words, and what is still possible above it.
pub fn level(title: &str, level: &str, verdict: &LevelText, lang: Lang) -> String {
    let title = clean(title);
    let title = if title.is_empty() { clean(level) } else { title };
    let highest = clean(verdict.highest_title.get(lang));
    // What nothing is known of is not "at least" something.
    if highest.is_empty() || level == "undetermined" {
        return title;
    }
    Word::AtLeastAtMost.with(lang, &[("level", &title), ("highest", &highest)])
}

/// How far a release has come, by what its criteria came to: what a colour tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The first criterion, which decides most, fails.
    Barred,
    /// A criterion falls short.
    Short,
    /// No criterion falls short, and one could not be told.
    Untold,
    /// Every criterion passes.
    Whole,
}

/// How far a release has come.
pub fn standing(report: &Report) -> Standing {
    let counted = || report.criteria.iter().filter(|c| !c.gate).map(|c| c.verdict);
    if counted().next() == Some(Verdict::Fail) {
        Standing::Barred
    } else if counted().any(|v| matches!(v, Verdict::Fail | Verdict::Partial)) {
        Standing::Short
    } else if counted().all(|v| v == Verdict::Pass) && counted().next().is_some() {
        Standing::Whole
    } else {
        Standing::Untold
    }
}

/// How far a release has come as its level tells it: of one that is undetermined nothing is known, whatever fell short.
fn level_standing(report: &Report) -> Standing {
    if report.level == "undetermined" { Standing::Untold } else { standing(report) }
}

/// Whether a criterion can fail: a gate of recommendations alone asks for nothing.
fn asks(report: &Report, criterion: &Criterion) -> bool {
    let mut own = report.findings.iter().filter(|f| f.criterion == criterion.id);
    !criterion.gate || own.any(|f| f.need != Need::Recommended)
}

/// A criterion's verdict, in the profile's own word where it has one. One that asks for nothing has none.
pub fn criterion_word(report: &Report, criterion: &Criterion, lang: Lang) -> String {
    if !asks(report, criterion) {
        return "–".into();
    }
    let word = clean(criterion.verdict_word(lang));
    // A saved report may hold a word of which nothing can be shown.
    if word.is_empty() { criterion.verdict.word(lang).to_owned() } else { word }
}

/// The criteria that have something to show: those of files, and those of which a question arises.
pub fn shown_criteria(report: &Report) -> impl Iterator<Item = &Criterion> {
    report.criteria.iter().filter(|c| c.files || c.total > 0)
}

/// What a criterion counts: its files or its rules.
pub fn counts(report: &Report, criterion: &Criterion, lang: Lang) -> String {
    if criterion.files { file_counts(report, lang) } else { rule_counts(criterion, lang) }
}

/// How many rules of a criterion are met.
pub fn rule_counts(c: &Criterion, lang: Lang) -> String {
    let (met, unknown) = (if c.met > 1 { Word::MetsOf } else { Word::MetOf }, c.unknown);
    let mut text = met.with(lang, &[("met", &c.met), ("total", &c.total)]);
    if unknown > 0 {
        let word = if unknown > 1 { Word::Unknowns } else { Word::OneUnknown };
        text = format!("{text}, {}", word.with(lang, &[("n", &unknown)]));
    }
    text
}

/// How many files have each status.
pub fn file_counts(report: &Report, lang: Lang) -> String {
    let mut counts: BTreeMap<FileStatus, usize> = BTreeMap::new();
    for file in &report.files {
        *counts.entry(file.status).or_default() += 1;
    }
    let parts = counts.iter().map(|(status, n)| format!("{n} {}", status_word(*status, *n > 1, lang)));
    parts.collect::<Vec<_>>().join(", ")
}

/// The word for a file's status, of one file or of several.
pub fn status_word(status: FileStatus, several: bool, lang: Lang) -> &'static str {
    let (one, many) = match status {
        FileStatus::Verified => (Word::FileVerified, Word::FilesVerified),
        FileStatus::Mismatched => (Word::FileMismatched, Word::FilesMismatched),
        FileStatus::Corrupted => (Word::FileCorrupted, Word::FilesCorrupted),
        FileStatus::Missing => (Word::FileMissing, Word::FilesMissing),
        FileStatus::Unlisted => (Word::FileUnlisted, Word::FilesUnlisted),
        FileStatus::Unpublished => (Word::FileUnpublished, Word::FilesUnpublished),
        FileStatus::Declared => (Word::FileDeclared, Word::FilesDeclared),
    };
    if several { many.say(lang) } else { one.say(lang) }
}

/// The word for an outcome.
pub fn outcome_word(outcome: Outcome, lang: Lang) -> &'static str {
    let word = match outcome {
        Outcome::Met => Word::OutcomeMet,
        Outcome::NotMet => Word::OutcomeNotMet,
        Outcome::Unknown => Word::OutcomeUnknown,
        Outcome::NotApplicable => Word::OutcomeNotApplicable,
    };
    word.say(lang)
}

/// The word for how much a rule matters.
pub fn need_word(need: Need, lang: Lang) -> &'static str {
    let word = match need {
        Need::Essential => Word::NeedEssential,
        Need::Required => Word::NeedRequired,
        Need::Recommended => Word::NeedRecommended,
    };
    word.say(lang)
}

/// The word for how a fact is known.
pub fn strength_word(strength: Strength, lang: Lang) -> &'static str {
    let word = match strength {
        Strength::Declared => Word::Declared,
        Strength::Observed => Word::Observed,
        Strength::Resolved => Word::Resolved,
        Strength::Verified => Word::Verified,
    };
    word.say(lang)
}

/// The words for whether anyone can fetch a dataset.
pub fn access_word(access: Access, lang: Lang) -> &'static str {
    let word = match access {
        Access::Included => Word::AccessIncluded,
        Access::Hidden => Word::AccessHidden,
        Access::Absent => Word::AccessAbsent,
        Access::Public => Word::AccessPublic,
        Access::Empty => Word::AccessEmpty,
        Access::Disabled => Word::AccessDisabled,
        Access::Private => Word::AccessPrivate,
        Access::Reached => Word::AccessReached,
        Access::Gated => Word::AccessGated,
        Access::OnRequest => Word::AccessOnRequest,
        Access::Withheld => Word::AccessWithheld,
        Access::Unresolved => Word::AccessUnresolved,
    };
    word.say(lang)
}

/// The word for a topic of evidence.
pub fn topic_word(topic: Topic, lang: Lang) -> &'static str {
    let word = match topic {
        Topic::License => Word::TopicLicense,
        Topic::Data => Word::TopicData,
        Topic::Recipe => Word::TopicRecipe,
        Topic::Artifact => Word::TopicArtifact,
        Topic::Integrity => Word::TopicIntegrity,
    };
    word.say(lang)
}

/// The first of some things, each as it is to be shown, and how many more there are.
fn first_of<T: AsRef<str>>(all: &[T], most: usize, lang: Lang, show: impl Fn(&str) -> String) -> String {
    let list = all.iter().take(most).map(|one| show(one.as_ref())).collect::<Vec<_>>().join(", ");
    match more(all, most) {
        0 => list,
        n => Word::AndMore.with(lang, &[("list", &list), ("n", &n)]),
    }
}

/// A time that has passed, in its largest unit.
fn age(seconds: u64, lang: Lang) -> String {
    let (n, word) = match seconds {
        0..60 => (seconds, Word::Seconds),
        60..3600 => (seconds / 60, Word::Minutes),
        3600..172_800 => (seconds / 3600, Word::Hours),
        _ => (seconds / 86_400, Word::Days),
    };
    word.with(lang, &[("n", &n)])
}

/// How a digest was had, with its age where it was computed before.
fn digest_word(by: DigestBy, seconds: Option<u64>, lang: Lang) -> String {
    match by {
        DigestBy::Recomputed => Word::Recomputed.say(lang).to_owned(),
        DigestBy::Recorded => Word::Recorded.say(lang).to_owned(),
        DigestBy::Cached => Word::Cached.with(lang, &[("age", &age(seconds.unwrap_or(0), lang))]),
    }
}

/// How the digest of a file was had, unless its bytes were read now and are not in doubt.
fn digest_note(file: &ReportFile, lang: Lang) -> Option<String> {
    if let Some(before) = &file.before {
        let ago = age(file.digest_age.unwrap_or(0), lang);
        return Some(Word::Before.with(lang, &[("digest", before), ("age", &ago)]));
    }
    let by = file.digest_by.filter(|by| *by != DigestBy::Recomputed)?;
    Some(digest_word(by, file.digest_age, lang))
}

/// How many digests were had in which way, where not all were computed now.
fn digest_counts(report: &Report, lang: Lang) -> Option<String> {
    digest_ways(report.files.iter().filter_map(|f| Some((f.digest_by?, f.digest_age))), lang)
}

/// How many of some digests were had in which way, and the age of the oldest; nothing where all were computed now.
fn digest_ways(all: impl Iterator<Item = (DigestBy, Option<u64>)>, lang: Lang) -> Option<String> {
    let mut ways: BTreeMap<DigestBy, (usize, u64)> = BTreeMap::new();
    for (by, seconds) in all {
        let (n, oldest) = ways.entry(by).or_default();
        (*n, *oldest) = (*n + 1, (*oldest).max(seconds.unwrap_or(0)));
    }
    let told = |(by, (n, oldest)): (&DigestBy, &(usize, u64))| match by {
        DigestBy::Recomputed => Word::CountRecomputed.with(lang, &[("n", n)]),
        DigestBy::Recorded => Word::CountRecorded.with(lang, &[("n", n)]),
        DigestBy::Cached => Word::CountCached.with(lang, &[("n", n), ("age", &age(*oldest, lang))]),
    };
    let all_now = ways.keys().all(|by| *by == DigestBy::Recomputed);
    (!all_now).then(|| ways.iter().map(told).collect::<Vec<_>>().join(", "))
}

/// What a pickle imports, a line each kind, at most `most` names on one.
fn imports(file: &ReportFile, lang: Lang, most: usize, show: impl Fn(&str) -> String) -> Vec<String> {
    let Some(found) = &file.imports else { return vec![] };
    let kinds = [
        (Word::ImportsDangerous, &found.dangerous),
        (Word::ImportsUnknown, &found.unknown),
        (Word::ImportsHarmless, &found.harmless),
    ];
    let mut out: Vec<String> = kinds
        .into_iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(word, names)| word.with(lang, &[("list", &first_of(names, most, lang, &show))]))
        .collect();
    if found.unnamed > 0 {
        out.push(Word::ImportsUnnamed.with(lang, &[("n", &found.unnamed)]));
    }
    let unread = found.unread.iter().map(|why| foreign::told(why));
    out.extend(unread.map(|why| Word::ImportsUnread.with(lang, &[("why", &why.get(lang))])));
    out
}

/// What could not be seen, by its topic and the reason.
fn by_reason(gaps: &[Gap], lang: Lang) -> BTreeMap<(Topic, &str), Vec<&str>> {
    let mut by: BTreeMap<(Topic, &str), Vec<&str>> = BTreeMap::new();
    for gap in gaps {
        by.entry((gap.topic, pick(lang, &gap.why, &gap.why_fr))).or_default().push(&gap.what);
    }
    by
}

/// What mending a finding gains, such as "+4.2 points, Published training data becomes pass"; nothing where it gains nothing.
pub fn gain(report: &Report, finding: &Finding, lang: Lang) -> String {
    let mut parts = Vec::new();
    let points = finding.gain.overall;
    if points > 0.0 && !report.profile.scoreless {
        let one = match lang {
            Lang::En => points == 1.0,
            Lang::Fr => points < 2.0,
        };
        let word = if one { Word::Point } else { Word::Points };
        parts.push(word.with(lang, &[("n", &number(points, 1, lang))]));
    }
    if let Some(verdict) = finding.gain.verdict {
        let criterion = report.criteria.iter().find(|c| c.id == finding.criterion);
        let title = clean(criterion.map_or(finding.criterion.as_str(), |c| c.title(lang)));
        // A profile with words of its own means them: no criterion of its becomes what it calls none.
        let own = clean(finding.gain.word.get(lang));
        let word = match own.is_empty() || criterion.is_some_and(|c| c.gate) {
            true => verdict.word(lang).to_owned(),
            false => format!("{}{own}{}", Word::OpenQuote.say(lang), Word::CloseQuote.say(lang)),
        };
        parts.push(Word::Becomes.with(lang, &[("criterion", &title), ("word", &word)]));
    }
    parts.join(", ")
}

/// What became of each waiver, in a line each: those that silence something, those past their day, those that nothing needs. Of
/// waivers for other releases nothing is told.
pub fn waivers(report: &Report, lang: Lang) -> Vec<String> {
    let line = |word: Gate, w: &WaiverNote| {
        let path = w.path.as_ref().map(|p| format!(" ({p})")).unwrap_or_default();
        let says = pick(lang, &w.says, &w.says_fr);
        let values: [(&str, &dyn std::fmt::Display); 6] = [
            ("rule", &w.rule),
            ("path", &path),
            ("until", &w.until),
            ("reason", &w.reason),
            ("by", &w.by),
            ("says", &says),
        ];
        clean(&word.with(lang, &values))
    };
    let all = &report.waivers;
    let used = all.used.iter().map(|w| line(Gate::Silenced, w));
    used.chain(all.expired.iter().chain(&all.unused).map(|w| line(Gate::Idle, w))).collect()
}

/// The waiver that silences the gate for a finding, in words.
pub fn waived(report: &Report, finding: &Finding, lang: Lang) -> Option<String> {
    let silenced = finding.waiver.as_ref()?;
    let note = report.waivers.used.iter().find(|w| w.rule == finding.rule);
    let said = note.map(|w| Gate::WaivedBy.with(lang, &[("reason", &w.reason), ("by", &w.by), ("until", &w.until)]));
    Some(clean(&said.unwrap_or_else(|| silenced.clone())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_the_unit_that_fits() {
        for (bytes, en, fr) in [
            (0, "0 bytes", "0 octets"),
            (1, "1 byte", "1 octet"),
            (999, "999 bytes", "999 octets"),
            (1_234, "1.23 kB", "1,23 ko"),
            (999_600, "1.00 MB", "1,00 Mo"),
            (45_678_000, "45.7 MB", "45,7 Mo"),
            (123_456_000_000, "123 GB", "123 Go"),
            (5_000_000_000_000, "5.00 TB", "5,00 To"),
            (u64::MAX, "18446744 TB", "18446744 To"),
        ] {
            assert_eq!((size(bytes, Lang::En).as_str(), size(bytes, Lang::Fr).as_str()), (en, fr));
        }
    }
}
