//! The verdict of a report: its level and criteria, those of other profiles on a line each or in a section of their own.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};

use super::{SHOWN, Screen};
use crate::evidence::FileStatus;
use crate::finding::{Lang, Need, Verdict, pick};
use crate::render::{Detail, clean};
use crate::report::{Criterion, LevelText, Report, View};

impl Screen {
    pub(super) fn subject(&mut self, report: &Report) {
        let name = clean(&report.subject.name);
        let version = report.subject.version.as_deref().map(|v| format!(" {}", clean(v))).unwrap_or_default();
        let locator = clean(&report.subject.locator);
        let bold = Style::new().bold();
        // A repository that was renamed answers to its old name too; a record tells whose it is.
        let now = report.subject.hub_id.as_deref().filter(|id| !locator.contains(*id)).map(clean);
        let word = if locator.starts_with("hf:") { self.say("now ", "maintenant ") } else { "" };
        let now = now.map(|id| format!(", {word}hf:{id}")).unwrap_or_default();
        self.wrapped("", "", &format!("{name}{version}  ({locator}{now})"), bold);
        self.out.push('\n');
    }

    /// The level, and what is still possible above it.
    fn level(&self, title: &str, level: &str, verdict: &LevelText) -> String {
        let title = clean(title);
        let title = if title.is_empty() { clean(level) } else { title };
        let highest = clean(verdict.highest_title.get(self.options.lang));
        // What nothing is known of is not "at least" something.
        if highest.is_empty() || level == "undetermined" {
            return title;
        }
        format!("{title} {} ({} {highest})", self.say("at least", "au moins"), self.say("at most", "au plus"))
    }

    /// The same evidence by a profile that was asked for.
    pub(super) fn other(&mut self, report: &Report) {
        let title = pick(self.options.lang, &report.profile.title, &report.profile.title_fr).to_owned();
        let text = format!("{} ({} {})", title, report.profile.id, report.profile.version);
        self.heading(&clean(&text));
        self.out.push('\n');
        self.verdict(report);
        if self.options.detail != Detail::Verdict {
            self.mend(report);
            self.questions(report);
        }
    }

    /// The verdicts of other profiles, a line each, with the first criterion that is not whole.
    pub(super) fn beside(&mut self, report: &Report) {
        let views: Vec<&View> = report.others.iter().filter(|v| !v.asked).collect();
        if views.is_empty() {
            return;
        }
        self.out.push('\n');
        let label = |v: &View| clean(v.profile.label.get(self.options.lang));
        let wide = views.iter().map(|v| label(v).chars().count()).max().unwrap_or(0);
        let lines: Vec<String> = views
            .iter()
            .map(|view| {
                let level = self.level(view.verdict.title(self.options.lang), &view.level, &view.verdict);
                let short = view.criteria.iter().find(|c| !c.gate && c.verdict != Verdict::Pass);
                let short = short.map(|c| {
                    let colon = self.colon();
                    format!(" ({}{colon} {})", clean(c.title(self.options.lang)), self.rule_counts(c))
                });
                format!("  {:wide$}  {level}{}", label(view), short.unwrap_or_default())
            })
            .collect();
        for line in lines {
            let indent = " ".repeat(wide + 4);
            self.wrapped("", &indent, &line, Style::new());
        }
    }

    pub(super) fn verdict(&mut self, report: &Report) {
        let title = self.level(report.verdict.title(self.options.lang), &report.level, &report.verdict);
        let title = self.paint(level_style(report), &title.to_uppercase());
        let score = self.say("of 100", "sur 100");
        let score = if report.profile.scoreless { String::new() } else { format!("   {:.1} {score}", report.score) };
        self.line(&format!("  {title}{score}"));
        let says = report.verdict.says(self.options.lang).to_owned();
        self.wrapped("  ", "  ", &says, Style::new());
        let note = report.profile.note.get(self.options.lang).to_owned();
        if !note.is_empty() {
            self.wrapped("  ", "  ", &note, AnsiColor::BrightBlack.on_default());
        }
        if !report.gate.passed {
            let text = self.say("The audit fails:", "L'audit échoue :").to_owned();
            self.wrapped("  ", "  ", &text, AnsiColor::Red.on_default().bold());
            let reasons = report.gate.reasons(self.options.lang);
            for reason in reasons.iter().take(SHOWN) {
                self.wrapped("  - ", "    ", reason, Style::new());
            }
            if reasons.len() > SHOWN {
                let more = format!("  {} {}", reasons.len() - SHOWN, self.say("more", "de plus"));
                self.line(&more);
            }
        }
        self.out.push('\n');
        self.criteria(report);
    }

    fn criteria(&mut self, report: &Report) {
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        // The margin before each row takes one column, and the one after the last column is never written.
        table.set_width(u16::try_from(self.width).unwrap_or(80));
        let shown = || report.criteria.iter().filter(|c| c.files || c.total > 0);
        for criterion in shown() {
            let verdict = self.criterion_word(report, criterion);
            let count = if criterion.files { self.file_counts(report) } else { self.rule_counts(criterion) };
            let score = if criterion.gate || report.profile.scoreless {
                String::new()
            } else {
                format!("{:.1}", criterion.score)
            };
            table.add_row(vec![
                Cell::new(clean(criterion.title(self.options.lang))),
                Cell::new(verdict),
                Cell::new(score).set_alignment(CellAlignment::Right),
                Cell::new(count),
            ]);
        }
        // A row may take several lines; the verdict stands on its first.
        let mut words = shown().map(|c| (self.criterion_word(report, c), verdict_style(c.verdict))).peekable();
        let mut lines = Vec::new();
        for line in table.to_string().lines() {
            match words.next_if(|(word, _)| line.contains(word.as_str())) {
                Some((word, style)) => lines.push(format!(" {}", line.replacen(&word, &self.paint(style, &word), 1))),
                None => lines.push(format!(" {line}")),
            }
        }
        for line in lines {
            self.line(&line);
        }
    }

    /// A criterion's verdict, in the profile's own word where it has one. One that asks for nothing has none.
    fn criterion_word(&self, report: &Report, criterion: &Criterion) -> String {
        let mut own = report.findings.iter().filter(|f| f.criterion == criterion.id);
        if criterion.gate && own.all(|f| f.need == Need::Recommended) {
            return "–".into();
        }
        let word = clean(criterion.verdict_word(self.options.lang));
        // A saved report may hold a word of which nothing can be shown.
        if word.is_empty() { criterion.verdict.word(self.options.lang).to_owned() } else { word }
    }

    fn rule_counts(&self, c: &Criterion) -> String {
        let mut text = match self.options.lang {
            Lang::En => format!("{} of {} met", c.met, c.total),
            Lang::Fr => format!("{} {} sur {}", c.met, if c.met > 1 { "acquises" } else { "acquise" }, c.total),
        };
        if c.unknown > 0 {
            let _ = write!(
                text,
                ", {} {}",
                c.unknown,
                self.say("unknown", if c.unknown > 1 { "inconnues" } else { "inconnue" })
            );
        }
        text
    }

    fn file_counts(&self, report: &Report) -> String {
        let mut counts: BTreeMap<FileStatus, usize> = BTreeMap::new();
        for file in &report.files {
            *counts.entry(file.status).or_default() += 1;
        }
        let parts: Vec<String> = counts.iter().map(|(s, n)| format!("{n} {}", self.status_word(*s))).collect();
        parts.join(", ")
    }

    pub(super) fn status_word(&self, status: FileStatus) -> &'static str {
        let (en, fr) = match status {
            FileStatus::Verified => ("verified", "vérifiés"),
            FileStatus::Mismatched => ("mismatched", "altérés"),
            FileStatus::Missing => ("missing", "manquants"),
            FileStatus::Unlisted => ("unlisted", "non listés"),
            FileStatus::Unpublished => ("unpublished", "sans empreinte"),
            FileStatus::Declared => ("declared", "déclarés"),
        };
        self.say(en, fr)
    }
}

/// The colour of a level, by what the criteria came to: the first of them decides most.
fn level_style(report: &Report) -> Style {
    let counted = || report.criteria.iter().filter(|c| !c.gate).map(|c| c.verdict);
    let color = if counted().next() == Some(Verdict::Fail) {
        AnsiColor::Red
    } else if counted().any(|v| matches!(v, Verdict::Fail | Verdict::Partial)) {
        AnsiColor::Yellow
    } else if counted().any(|v| v == Verdict::Unknown) {
        AnsiColor::Cyan
    } else {
        AnsiColor::Green
    };
    color.on_default().bold()
}

fn verdict_style(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Pass => AnsiColor::Green.on_default(),
        Verdict::Partial => AnsiColor::Yellow.on_default(),
        Verdict::Fail => AnsiColor::Red.on_default(),
        Verdict::Unknown => AnsiColor::Cyan.on_default(),
    }
}
