//! The report as one HTML page for a reader who has never heard of the tool: no script, nothing from elsewhere, a policy that
//! forbids both. It turns a report into the few shapes that the templates show, each bounded; the JSON report has all. Templates
//! lie beside the code, and askama escapes every value in them but the style, which is ours.

mod cards;
mod findings;
mod lineage;
mod notes;
mod others;
mod release;
mod text;
mod verdict;

use askama::Template;
use base64::Engine as _;
use sha2::{Digest as _, Sha256};

use self::cards::{CARDS, Card, Row};
use self::findings::{Finding, Group, Next, of_view as findings_of_view};
use self::lineage::Tree;
use self::notes::{Fact, GapGroup, Meaning, People};
use self::others::View;
use self::release::{DatasetRow, FileRow};
use self::text::{Link, Rich, flat, link, more, ours, plain, sentence, theirs, told};
use self::verdict::{Hero, tone};
use crate::finding::{Lang, Outcome, Verdict, pick};
use crate::report::Report;
use crate::words::forge::Forge;
use crate::words::gate::Gate;
use crate::words::page::Page as Word;
use crate::words::screen::Screen;

/// The style of the page, as it stands in it.
const STYLE: &str = include_str!("page.css");

/// Writes the page in one language.
///
/// # Errors
/// When the template cannot be written, which a text in memory excludes.
pub fn render(report: &Report, lang: Lang) -> askama::Result<String> {
    // Which findings are shown is told once: other sections point at them.
    let shown = findings::anchored(report);
    let page = Page {
        lang,
        style: STYLE,
        style_digest: base64::prelude::BASE64_STANDARD.encode(Sha256::digest(STYLE.as_bytes())),
        hero: Hero::of(report, lang),
        hand: cards::hand(report, lang),
        seals: cards::seals(report, lang),
        mend: findings::mend(report, &shown, lang),
        ask: findings::ask(report, &shown, lang),
        groups: findings::groups(report, &shown, lang),
        more_findings: super::more(&report.findings, findings::MOST),
        datasets: release::datasets(report, lang),
        more_datasets: super::more(&report.datasets, release::DATASETS),
        lineage: lineage::tree(report, lang),
        files: release::files(report, lang),
        more_files: super::more(&report.files, release::FILES),
        file_counts: plain(&super::file_counts(report, lang), lang),
        others: others::others(report, lang),
        gaps: notes::gaps(report, lang),
        people: People::of(report, lang),
        meanings: notes::meanings(lang),
        facts: notes::facts(report, lang),
    };
    page.render()
}

/// Everything on the page, in the order in which it stands there.
#[derive(Template)]
#[template(path = "page.html", config = "src/render/html/askama.toml")]
struct Page {
    lang: Lang,
    style: &'static str,
    style_digest: String,
    hero: Hero,
    hand: Vec<Card>,
    seals: Vec<Row>,
    mend: Next,
    ask: Next,
    groups: Vec<Group>,
    more_findings: usize,
    datasets: Vec<DatasetRow>,
    more_datasets: usize,
    lineage: Option<Tree>,
    files: Vec<FileRow>,
    more_files: usize,
    file_counts: String,
    others: Vec<View>,
    gaps: Vec<GapGroup>,
    people: People,
    meanings: Vec<Meaning>,
    facts: Vec<Fact>,
}

impl Page {
    fn say(&self, word: Word) -> String {
        plain(word.say(self.lang), self.lang)
    }

    /// Words that other formats say too, by both languages of them.
    fn shared(&self, (en, fr): (&str, &str)) -> String {
        plain(pick(self.lang, en, fr), self.lang)
    }

    fn counted(&self, word: Word, n: &usize) -> String {
        plain(&word.with(self.lang, &[("n", n)]), self.lang)
    }

    fn code(&self) -> &'static str {
        match self.lang {
            Lang::En => "en",
            Lang::Fr => "fr",
        }
    }

    /// The sections of the page that hold something: id, title and, where it helps, how many things.
    fn contents(&self) -> Vec<(&'static str, String, Option<usize>)> {
        let some = |here: bool, id, title: String, n: usize| here.then_some((id, title, (n > 0).then_some(n)));
        let findings: usize = self.groups.iter().map(|g| g.findings.len()).sum::<usize>() + self.more_findings;
        let datasets = self.datasets.len() + self.more_datasets;
        let files = self.files.len() + self.more_files;
        [
            some(true, "mend", self.shared(Screen::MendFirst.both()), self.mend.count()),
            some(self.ask.count() > 0, "ask", self.shared(Screen::Questions.both()), self.ask.count()),
            some(self.lineage.is_some(), "lineage", self.say(Word::Lineage), 0),
            some(datasets > 0, "datasets", self.shared(Screen::Datasets.both()), datasets),
            some(!self.others.is_empty(), "others", self.shared(Forge::OtherFrameworks.both()), self.others.len()),
            some(!self.gaps.is_empty(), "gaps", self.shared(Screen::NotSeen.both()), 0),
            some(!self.people.is_empty(), "people", self.say(Word::People), 0),
            some(findings > 0, "findings", self.say(Word::Findings), findings),
            some(files > 0, "files", self.shared(Screen::Files.both()), files),
            some(true, "reading", self.say(Word::HowToRead), 0),
            some(true, "made", self.say(Word::Made), 0),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// What a thing came to, as a color with a sign of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tone {
    Pass,
    Partial,
    Fail,
    Unknown,
    /// Neither good nor bad.
    Plain,
}

impl Tone {
    /// The class that colors it, and the name of its sign.
    fn name(self) -> &'static str {
        match self {
            Tone::Pass => "pass",
            Tone::Partial => "partial",
            Tone::Fail => "fail",
            Tone::Unknown => "unknown",
            Tone::Plain => "plain",
        }
    }
}

impl From<Verdict> for Tone {
    fn from(verdict: Verdict) -> Tone {
        match verdict {
            Verdict::Pass => Tone::Pass,
            Verdict::Partial => Tone::Partial,
            Verdict::Fail => Tone::Fail,
            Verdict::Unknown => Tone::Unknown,
        }
    }
}

impl From<Outcome> for Tone {
    fn from(outcome: Outcome) -> Tone {
        match outcome {
            Outcome::Met => Tone::Pass,
            Outcome::NotMet => Tone::Fail,
            Outcome::Unknown => Tone::Unknown,
            Outcome::NotApplicable => Tone::Plain,
        }
    }
}
