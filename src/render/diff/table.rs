//! Two reports compared, for a terminal. It sees the comparison alone.

use anstyle::{AnsiColor, Style};

use super::{SHOWN, arrow, criterion_scores, line, name, outcomes, scores, things};
use crate::diff::{Diff, Direction, FindingChange};
use crate::finding::Lang;
use crate::render::{Color, Detail, Options, clean, wrapped};
use crate::words::compare::Compare as Word;
use crate::words::screen::Screen;

/// Places shown of one finding.
const PLACES: usize = 3;

/// The comparison for a person.
pub fn table(diff: &Diff, options: Options) -> String {
    let mut page = Page { out: String::new(), options, width: options.width.clamp(40, 200), lang: options.lang };
    if matches!(options.detail, Detail::Verdict | Detail::Line) {
        return line(diff, options.lang) + "\n";
    }
    page.heads(diff);
    for (direction, word, mark, color) in [
        (Direction::Worse, Word::LessOpen, "-", AnsiColor::Red),
        (Direction::Unclear, Word::Untold, "?", AnsiColor::Cyan),
        (Direction::Better, Word::MoreOpen, "+", AnsiColor::Green),
    ] {
        let all: Vec<&FindingChange> = diff.findings.iter().filter(|f| f.direction == direction).collect();
        page.findings(&all, word, mark, color);
    }
    page.things(diff);
    page.out.push('\n');
    let same = if diff.findings.is_empty() { Word::Nothing } else { Word::Same };
    let same = same.with(page.lang, &[("n", &diff.unchanged)]);
    page.say("", "", &same, Style::new());
    page.out
}

struct Page {
    out: String,
    options: Options,
    width: usize,
    lang: Lang,
}

impl Page {
    fn paint(&self, style: Style, text: &str) -> String {
        match self.options.color {
            Color::Always => format!("{style}{text}{style:#}"),
            Color::Never => text.to_owned(),
        }
    }

    /// A paragraph, wrapped, its first line after `first` and the others after `rest`.
    fn say(&mut self, first: &str, rest: &str, text: &str, style: Style) {
        for line in wrapped(text, self.width, first, rest) {
            let painted = self.paint(style, &line);
            self.out.push_str(&painted);
            self.out.push('\n');
        }
    }

    fn heading(&mut self, text: &str) {
        self.out.push('\n');
        self.say("", "  ", text, Style::new().bold());
    }

    /// What was compared, both levels and the criteria that changed.
    fn heads(&mut self, diff: &Diff) {
        let (old, new) = (name(&diff.old), name(&diff.new));
        let values: [(&str, &dyn std::fmt::Display); 4] =
            [("old", &old), ("new", &new), ("profile", &diff.new.profile), ("then", &diff.old.profile)];
        let word = if diff.old.profile == diff.new.profile { Word::Heading } else { Word::HeadingProfiles };
        let text = word.with(self.lang, &values);
        self.say("", "  ", &text, Style::new().bold());
        self.out.push('\n');
        let level = arrow(diff.old.level(self.lang), diff.new.level(self.lang)).to_uppercase();
        let score = scores(diff, self.lang);
        let level = self.paint(color(diff.level).bold(), &level);
        self.out.push_str(&format!("  {level}   {score}\n"));
        if !diff.new_rules.is_empty() || !diff.dropped_rules.is_empty() {
            let text = Word::NotCompared.say(self.lang);
            self.say("  ", "  ", text, Style::new());
            for (rules, word) in [(&diff.new_rules, Word::NewRules), (&diff.dropped_rules, Word::DroppedRules)] {
                if !rules.is_empty() {
                    let text = word.with(self.lang, &[("list", &self.list(rules))]);
                    self.say("  ", "  ", &text, Style::new());
                }
            }
        }
        if diff.criteria.is_empty() {
            return;
        }
        self.out.push('\n');
        let title = |c: &crate::diff::CriterionChange| clean(c.now.title(self.lang));
        let wide = diff.criteria.iter().map(|c| title(c).chars().count()).max().unwrap_or(0).min(self.width / 2);
        let rows: Vec<(String, Direction)> = diff
            .criteria
            .iter()
            .map(|c| {
                let word = arrow(c.was.verdict_word(self.lang), c.now.verdict_word(self.lang));
                let score = criterion_scores(c, self.lang).map(|s| format!("   {s}")).unwrap_or_default();
                (format!("{:wide$}  {word}{score}", title(c)), c.direction)
            })
            .collect();
        for (row, direction) in rows {
            self.say("  ", "    ", &row, color(direction));
        }
    }

    fn findings(&mut self, all: &[&FindingChange], word: Word, mark: &str, tint: AnsiColor) {
        if all.is_empty() {
            return;
        }
        self.heading(&word.with(self.lang, &[("n", &all.len())]));
        let shown = if self.options.detail == Detail::All { all.len() } else { SHOWN };
        for change in all.iter().take(shown) {
            let (colon, outcomes) = (Screen::Colon.say(self.lang), outcomes(change, self.lang));
            let title = format!("{} [{}]{colon} {outcomes}", change.title(self.lang), change.rule);
            self.say(&format!("  {mark} "), "    ", &title, tint.on_default());
            let says = change.says(self.lang).to_owned();
            self.say("    ", "    ", &says, Style::new());
            if change.direction == Direction::Worse {
                self.places(change);
            }
            let said = change.said.get(self.lang);
            if !said.is_empty() && said != says {
                let before = Word::Before.with(self.lang, &[("says", &said)]);
                self.say("    ", "      ", &before, AnsiColor::BrightBlack.on_default());
            }
            if let Some(reason) = &change.waiver {
                let waived = Word::Waived.with(self.lang, &[("reason", reason)]);
                self.say("    ", "      ", &waived, AnsiColor::Yellow.on_default());
            }
        }
        self.more(all.len(), shown);
    }

    fn places(&mut self, change: &FindingChange) {
        if change.places.is_empty() {
            return;
        }
        self.say("    ", "    ", Word::NewPlaces.say(self.lang), Style::new());
        for place in change.places.iter().take(PLACES) {
            let line = place.line.map(|l| format!(":{l}")).unwrap_or_default();
            let quote = place.excerpt.as_deref().filter(|x| !x.is_empty());
            let quote = quote.map(|x| format!(": {x}")).unwrap_or_default();
            let text: String = format!("{}{line}{quote}", place.path).chars().take(2 * self.width).collect();
            self.say("      ", "        ", &text, AnsiColor::BrightBlack.on_default());
        }
        self.more(change.places.len(), PLACES);
    }

    /// Levels by other profiles, files, datasets and base models.
    fn things(&mut self, diff: &Diff) {
        for (word, all) in things(diff, self.lang) {
            self.heading(&word.with(self.lang, &[("n", &all.len())]));
            let shown = if self.options.detail == Detail::All { all.len() } else { SHOWN };
            for thing in all.iter().take(shown) {
                let row = format!("{}{} {}", thing.what, Screen::Colon.say(self.lang), thing.told);
                self.say("  - ", "    ", &row, color(thing.direction));
            }
            self.more(all.len(), shown);
        }
    }

    fn more(&mut self, all: usize, shown: usize) {
        if all > shown {
            let more = Screen::More.with(self.lang, &[("n", &(all - shown))]);
            self.say("    ", "    ", &more, AnsiColor::BrightBlack.on_default());
        }
    }

    /// The first of many names.
    fn list(&self, names: &[String]) -> String {
        let first = names.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
        match names.len().checked_sub(SHOWN).filter(|n| *n > 0) {
            Some(n) => Screen::AndMore.with(self.lang, &[("list", &first), ("n", &n)]),
            None => first,
        }
    }
}

fn color(direction: Direction) -> Style {
    match direction {
        Direction::Worse => AnsiColor::Red.on_default(),
        Direction::Unclear => AnsiColor::Cyan.on_default(),
        Direction::Better => AnsiColor::Green.on_default(),
        Direction::Same => Style::new(),
    }
}
