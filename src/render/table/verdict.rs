//! The verdict of a report: its level and criteria, those of other profiles on a line each or in a section of their own.

use anstyle::{AnsiColor, Style};
use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets};

use super::{SHOWN, Screen};
use crate::finding::{Lang, Verdict, pick};
use crate::render::{
    Detail, Standing, clean, counts, criterion_word, level, number, rule_counts, shorten, shown_criteria, standing,
};
use crate::report::{Report, View};
use crate::words::screen::Screen as Word;

/// Characters of a reason that are shown on a line of its own.
const LONGEST_REASON: usize = 100;

impl Screen {
    /// The verdict on one line, its ids those that `--require` and the JSON know. A gate that passes goes without saying.
    pub(super) fn one_line(&self, report: &Report) -> String {
        let lang = self.options.lang;
        let name = match clean(&report.subject.name) {
            name if name.trim().is_empty() => clean(&report.subject.locator),
            name => name,
        };
        let version = report.subject.version.as_deref().map(|v| format!(" {}", clean(v))).unwrap_or_default();
        let mut verdict =
            vec![self.paint(level_style(report), &level_id(&report.level, report.verdict.highest.as_deref(), lang))];
        if !report.profile.scoreless {
            verdict.push(format!("{} {}", number(report.score, 1, lang), Word::OfHundred.say(lang)));
        }
        let said = shown_criteria(report).filter(|c| !c.gate || c.verdict != Verdict::Pass).map(|c| {
            let word = criterion_word(report, c, lang);
            format!("{} {}", clean(&c.id), self.paint(verdict_style(c.verdict), &word))
        });
        let criteria = said.collect::<Vec<_>>().join(", ");
        let mut text = verdict.join(", ");
        if !criteria.is_empty() {
            text = format!("{text} ({criteria})");
        }
        for view in report.others.iter().filter(|v| v.asked) {
            let level = level_id(&view.level, view.verdict.highest.as_deref(), lang);
            text = format!("{text}{} {} {level}", Word::Semicolon.say(lang), clean(&view.profile.id));
        }
        if !report.gate.passed {
            let all = report.gate.reasons(lang);
            let first = all.first().map(|r| shorten(&clean(r), LONGEST_REASON)).unwrap_or_default();
            let reason = match all.len() {
                0 | 1 => first,
                n => Word::AndReasons.with(lang, &[("reason", &first), ("n", &(n - 1))]),
            };
            let fails = Word::FailsBecause.with(lang, &[("reason", &reason)]);
            let fails = self.paint(AnsiColor::Red.on_default(), &fails);
            text = format!("{text}{} {fails}", Word::Semicolon.say(lang));
        }
        format!("{name}{version}{} {}\n", self.colon(), text.trim_end())
    }

    pub(super) fn subject(&mut self, report: &Report) {
        let name = clean(&report.subject.name);
        let version = report.subject.version.as_deref().map(|v| format!(" {}", clean(v))).unwrap_or_default();
        let locator = clean(&report.subject.locator);
        let bold = Style::new().bold();
        // A repository that was renamed answers to its old name too; a record tells whose it is.
        let now = report.subject.hub_id.as_deref().filter(|id| !locator.contains(*id)).map(clean);
        let now = now.map(|id| format!("hf:{id}")).map(|id| match locator.starts_with("hf:") {
            true => format!(", {}", Word::Now.with(self.options.lang, &[("id", &id)])),
            false => format!(", {id}"),
        });
        let now = now.unwrap_or_default();
        self.wrapped("", "", &format!("{name}{version}  ({locator}{now})"), bold);
        self.out.push('\n');
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
                let level = level(view.verdict.title(self.options.lang), &view.level, &view.verdict, self.options.lang);
                let short = view.criteria.iter().find(|c| !c.gate && c.verdict != Verdict::Pass);
                let short = short.map(|c| {
                    let colon = self.colon();
                    format!(" ({}{colon} {})", clean(c.title(self.options.lang)), rule_counts(c, self.options.lang))
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
        let title = level(report.verdict.title(self.options.lang), &report.level, &report.verdict, self.options.lang);
        let title = self.paint(level_style(report), &title.to_uppercase());
        let lang = self.options.lang;
        let score = match report.profile.scoreless {
            true => String::new(),
            false => format!("   {} {}", number(report.score, 1, lang), Word::OfHundred.say(lang)),
        };
        self.line(&format!("  {title}{score}"));
        let says = report.verdict.says(self.options.lang).to_owned();
        self.wrapped("  ", "  ", &says, Style::new());
        let note = report.profile.note.get(self.options.lang).to_owned();
        if !note.is_empty() {
            self.wrapped("  ", "  ", &note, Style::new().dimmed());
        }
        if !report.gate.passed {
            let text = Word::AuditFails.say(lang);
            self.wrapped("  ", "  ", text, AnsiColor::Red.on_default().bold());
            let reasons = report.gate.reasons(self.options.lang);
            for reason in reasons.iter().take(SHOWN) {
                self.wrapped("  - ", "    ", reason, Style::new());
            }
            if reasons.len() > SHOWN {
                let more = Word::More.with(lang, &[("n", &(reasons.len() - SHOWN))]);
                self.line(&format!("  {more}"));
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
        let shown = || shown_criteria(report);
        for criterion in shown() {
            let verdict = criterion_word(report, criterion, self.options.lang);
            let count = counts(report, criterion, self.options.lang);
            let score = if criterion.gate || report.profile.scoreless {
                String::new()
            } else {
                number(criterion.score, 1, self.options.lang)
            };
            table.add_row(vec![
                Cell::new(clean(criterion.title(self.options.lang))),
                Cell::new(verdict),
                Cell::new(score).set_alignment(CellAlignment::Right),
                Cell::new(count),
            ]);
        }
        // A row may take several lines; the verdict stands on its first.
        let mut words =
            shown().map(|c| (criterion_word(report, c, self.options.lang), verdict_style(c.verdict))).peekable();
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
}

/// A level by its id, and the highest that is still possible.
fn level_id(level: &str, highest: Option<&str>, lang: Lang) -> String {
    let level = clean(level);
    match highest.map(clean) {
        Some(highest) if level != "undetermined" => {
            Word::AtLeastAtMost.with(lang, &[("level", &level), ("highest", &highest)])
        }
        _ => level,
    }
}

/// The colour of a level.
fn level_style(report: &Report) -> Style {
    let color = match standing(report) {
        Standing::Barred => AnsiColor::Red,
        Standing::Short => AnsiColor::Yellow,
        Standing::Untold => AnsiColor::Cyan,
        Standing::Whole => AnsiColor::Green,
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
