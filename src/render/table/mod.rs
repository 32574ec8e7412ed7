//! The report for a terminal: the verdict first, then what to mend, ordered by what it gains, each with place, quote and
//! next step. Every word that came from a release is made harmless once more, for a saved report is input too.

mod verdict;

use anstyle::{AnsiColor, Style};

use super::{
    Color, Detail, Options, access_word, by_reason, clean, digest_counts, digest_note, first_of, gain, imports,
    shorten, status_word, strength_word, topic_word, waived, waivers, wrapped,
};
use crate::evidence::{Gap, Place};
use crate::finding::{Finding, Outcome, pick};
use crate::report::{Clarifications, Report};
use crate::words::gate::Gate;
use crate::words::screen::Screen as Word;

/// Findings shown in full before the rest is counted.
const SHOWN: usize = 8;
/// Places shown of one finding.
const PLACES: usize = 3;
/// Imports of a pickle shown, of each kind.
const IMPORTS: usize = 40;

/// Shows a report.
pub fn render(report: &Report, options: Options) -> String {
    let mut screen = Screen { out: String::new(), options, width: options.width.clamp(40, 200) };
    if options.detail == Detail::Line {
        return screen.one_line(report);
    }
    screen.subject(report);
    screen.verdict(report);
    screen.beside(report);
    if options.detail != Detail::Verdict {
        screen.mend(report);
        screen.questions(report);
    }
    for view in report.others.iter().filter(|v| v.asked) {
        screen.other(&report.seen_by(view));
    }
    if options.detail != Detail::Verdict {
        screen.gaps(&report.gaps);
        screen.waivers(report);
        screen.clarifications(&report.clarifications);
        if options.detail == Detail::All {
            screen.rest(report);
        }
        screen.colophon(report);
    }
    screen.out
}

struct Screen {
    out: String,
    options: Options,
    width: usize,
}

impl Screen {
    fn paint(&self, style: Style, text: &str) -> String {
        match self.options.color {
            Color::Always => format!("{style}{text}{style:#}"),
            Color::Never => text.to_owned(),
        }
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    /// A paragraph, wrapped, its first line after `first` and the others under it.
    fn wrapped(&mut self, first: &str, rest: &str, text: &str, style: Style) {
        for line in wrapped(text, self.width, first, rest) {
            let painted = self.paint(style, &line);
            self.line(&painted);
        }
    }

    fn heading(&mut self, text: &str) {
        self.out.push('\n');
        self.wrapped("", "  ", text, Style::new().bold());
    }

    /// A colon as the language sets it.
    fn colon(&self) -> &'static str {
        Word::Colon.say(self.options.lang)
    }

    fn mend(&mut self, report: &Report) {
        let open = report.to_mend();
        if open.is_empty() {
            return;
        }
        let title = Word::MendFirst.say(self.options.lang).to_owned();
        self.heading(&title);
        let shown = if self.options.detail == Detail::All { open.len() } else { SHOWN };
        for (i, finding) in open.iter().take(shown).enumerate() {
            self.finding(report, finding, &format!("{:>2}. ", i + 1));
            let remedy = finding.remedy(self.options.lang);
            let text = Word::Do.with(self.options.lang, &[("remedy", &remedy)]);
            self.wrapped("    ", "    ", &text, AnsiColor::Cyan.on_default());
        }
        if open.len() > shown {
            let rest: Vec<&str> = open.iter().skip(shown).map(|f| f.rule.as_str()).collect();
            let values: &[(&str, &dyn std::fmt::Display)] = &[("n", &rest.len()), ("list", &rest.join(", "))];
            let text = Word::MoreListed.with(self.options.lang, values);
            self.wrapped("  ", "  ", &text, Style::new());
        }
    }

    /// Title, gain, reason and places of a finding.
    fn finding(&mut self, report: &Report, finding: &Finding, number: &str) {
        let title = format!("{} [{}]", finding.title(self.options.lang), finding.rule);
        self.wrapped(number, "    ", &title, Style::new().bold());
        let gain = gain(report, finding, self.options.lang);
        if !gain.is_empty() {
            self.wrapped("    ", "    ", &gain, AnsiColor::Green.on_default());
        }
        let says = finding.says(self.options.lang).to_owned();
        self.wrapped("    ", "    ", &says, Style::new());
        self.places(&finding.places);
        if let Some(waived) = waived(report, finding, self.options.lang) {
            self.wrapped("    ", "    ", &waived, AnsiColor::Yellow.on_default());
        }
    }

    /// What became of the policy's waivers.
    fn waivers(&mut self, report: &Report) {
        let lines = waivers(report, self.options.lang);
        if lines.is_empty() {
            return;
        }
        self.heading(Gate::Waivers.say(self.options.lang));
        for line in lines {
            self.wrapped("  - ", "    ", &line, Style::new());
        }
    }

    fn places(&mut self, places: &[Place]) {
        for place in places.iter().take(PLACES) {
            let line = place.line.map(|l| format!(":{l}")).unwrap_or_default();
            let quote =
                place.excerpt.as_deref().filter(|x| !x.is_empty()).map(|x| format!(": {x}")).unwrap_or_default();
            let url = place.url.as_deref().map(|u| format!("  <{u}>")).unwrap_or_default();
            let text = format!("{}{line}{quote}{url}", place.path);
            let text = shorten(&clean(&text), 2 * (self.width - 8));
            self.wrapped("      ", "        ", &text, Style::new().dimmed());
        }
        if places.len() > PLACES {
            let more = Word::MorePlaces.with(self.options.lang, &[("n", &(places.len() - PLACES))]);
            let more = format!("      {more}");
            let painted = self.paint(Style::new().dimmed(), &more);
            self.line(&painted);
        }
    }

    fn questions(&mut self, report: &Report) {
        let open = report.to_ask();
        if open.is_empty() {
            return;
        }
        let title = Word::Questions.say(self.options.lang).to_owned();
        self.heading(&title);
        let shown = if self.options.detail == Detail::All { open.len() } else { SHOWN };
        for finding in open.iter().take(shown) {
            let question = format!("{} [{}]", finding.question(self.options.lang), finding.rule);
            self.wrapped("  ? ", "    ", &question, Style::new().bold());
            let mut says = finding.says(self.options.lang).to_owned();
            let gain = gain(report, finding, self.options.lang);
            if !gain.is_empty() {
                says = format!("{says} ({gain})");
            }
            self.wrapped("    ", "    ", &says, Style::new());
            self.places(finding.places.get(..1).unwrap_or_default());
        }
        if open.len() > shown {
            let rest: Vec<&str> = open.iter().skip(shown).map(|f| f.rule.as_str()).collect();
            let values: &[(&str, &dyn std::fmt::Display)] = &[("n", &rest.len()), ("list", &rest.join(", "))];
            let text = Word::MoreListed.with(self.options.lang, values);
            self.wrapped("  ", "  ", &text, Style::new());
        }
    }

    fn gaps(&mut self, gaps: &[Gap]) {
        if gaps.is_empty() {
            return;
        }
        let title = Word::NotSeen.say(self.options.lang).to_owned();
        self.heading(&title);
        for ((topic, why), what) in by_reason(gaps, self.options.lang) {
            let shown = if self.options.detail == Detail::All { what.len() } else { 4 };
            let list = first_of(&what, shown, self.options.lang, str::to_owned);
            let colon = self.colon();
            let text = format!("{}{colon} {list}{colon} {why}", topic_word(topic, self.options.lang));
            self.wrapped("  - ", "    ", &text, Style::new());
        }
    }

    /// Clarifications that settled nothing: those that did are told with their findings.
    fn clarifications(&mut self, all: &Clarifications) {
        if all.lapsed.is_empty() && all.unused.is_empty() {
            return;
        }
        let title = Word::Lapsed.say(self.options.lang).to_owned();
        self.heading(&title);
        for note in all.lapsed.iter().chain(&all.unused) {
            let why = pick(self.options.lang, &note.reason, &note.reason_fr);
            let text = format!("{} ({}, {}){} {why}", note.rule, note.by, note.on, self.colon());
            self.wrapped("  - ", "    ", &text, Style::new());
        }
    }

    /// All that is met or does not apply, every file and every dataset.
    fn rest(&mut self, report: &Report) {
        for criterion in &report.criteria {
            let title = clean(criterion.title(self.options.lang));
            let settled = |f: &&Finding| {
                f.criterion == criterion.id && matches!(f.outcome, Outcome::Met | Outcome::NotApplicable)
            };
            let findings: Vec<&Finding> = report.findings.iter().filter(settled).collect();
            if findings.is_empty() {
                continue;
            }
            let heading = format!("{title}{} {}", self.colon(), Word::WhatIsMet.say(self.options.lang));
            self.heading(&heading);
            for finding in findings {
                let mark = if finding.outcome == Outcome::Met { "  + " } else { "  - " };
                self.finding(report, finding, mark);
                let how = strength_word(finding.strength, self.options.lang);
                let strength = Word::KnownBy.with(self.options.lang, &[("how", &how)]);
                if finding.outcome == Outcome::Met {
                    self.wrapped("      ", "      ", &strength, Style::new().dimmed());
                }
            }
        }
        if !report.datasets.is_empty() {
            let title = Word::Datasets.say(self.options.lang).to_owned();
            self.heading(&title);
            for set in &report.datasets {
                let license = set.license.as_deref().unwrap_or(Word::LicenseUnknown.say(self.options.lang));
                let text = format!("{}  {license}, {}", set.id, access_word(set.access, self.options.lang));
                self.wrapped("  - ", "    ", &text, Style::new());
            }
        }
        let title = Word::Files.say(self.options.lang).to_owned();
        self.heading(&title);
        for file in &report.files {
            let digest = file.sha256.as_ref().map(|d| format!("sha256:{d}")).unwrap_or_default();
            let bytes = file.bytes.map(|b| Word::Bytes.with(self.options.lang, &[("n", &b)])).unwrap_or_default();
            let parts = [file.path.as_str(), &bytes, status_word(file.status, false, self.options.lang)];
            let text = parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join("  ");
            self.wrapped("  - ", "    ", &text, Style::new());
            if !digest.is_empty() {
                self.wrapped("    ", "    ", &digest, Style::new().dimmed());
            }
            if let Some(note) = digest_note(file, self.options.lang) {
                self.wrapped("    ", "      ", &note, Style::new());
            }
            for line in imports(file, self.options.lang, IMPORTS, str::to_owned) {
                self.wrapped("    ", "      ", &line, Style::new());
            }
        }
    }

    fn colophon(&mut self, report: &Report) {
        let dim = Style::new().dimmed();
        self.out.push('\n');
        let lang = self.options.lang;
        let (tool, profile) = (&report.tool, &report.profile);
        let short = |digest: &str| digest.chars().take(19).collect::<String>() + "…";
        let mut text = Word::Colophon.with(
            lang,
            &[
                ("tool", &tool.name),
                ("version", &tool.version),
                ("profile", &profile.id),
                ("of", &profile.version),
                ("digest", &short(&profile.digest)),
                ("at", &report.audited_at),
            ],
        );
        if let Some(files) = &report.subject.files_digest {
            text = format!("{text}, {}", Word::FilesDigest.with(lang, &[("digest", &short(files))]));
        }
        if let Some(ways) = digest_counts(report, lang) {
            text = format!("{text}, {}", Word::DigestWays.with(lang, &[("ways", &ways)]));
        }
        self.wrapped("", "", &text, dim);
        let more = Word::ExplainHint.say(lang);
        self.wrapped("", "", more, dim);
    }
}
