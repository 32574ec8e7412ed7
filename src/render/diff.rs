//! Two reports compared, for a terminal and as JSON. It sees the comparison alone.

use anstyle::{AnsiColor, Style};

use super::{Color, Detail, Options, access_word, clean, escaped, number, outcome_word, status_word, wrapped};
use crate::diff::{Diff, Direction, FileChange, FindingChange, Side};
use crate::finding::Lang;
use crate::words::compare::Compare as Word;
use crate::words::screen::Screen;

/// Entries of a list that are shown before the rest is counted.
const SHOWN: usize = 12;
/// Places shown of one finding.
const PLACES: usize = 3;

/// The comparison as indented JSON with a final line end.
///
/// # Errors
/// When a number in it is not finite, which counting excludes.
pub fn json(diff: &Diff) -> serde_json::Result<String> {
    Ok(escaped(&serde_json::to_string_pretty(diff)?) + "\n")
}

/// The comparison for a person.
pub fn table(diff: &Diff, options: Options) -> String {
    let mut page = Page { out: String::new(), options, width: options.width.clamp(40, 200), lang: options.lang };
    if matches!(options.detail, Detail::Verdict | Detail::Line) {
        page.one_line(diff);
        return page.out;
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

    /// All that a script or a glance needs, on one line.
    fn one_line(&mut self, diff: &Diff) {
        let count = |d: Direction| diff.findings.iter().filter(|f| f.direction == d).count();
        let (was, now) = (clean(diff.old.level(self.lang)), clean(diff.new.level(self.lang)));
        let (worse, unclear, better) = (count(Direction::Worse), count(Direction::Unclear), count(Direction::Better));
        let text = if worse + unclear + better == 0 && was == now {
            let score = number(diff.new.score, 1, self.lang);
            Word::NoLine.with(self.lang, &[("level", &now), ("score", &score)])
        } else {
            let values: [(&str, &dyn std::fmt::Display); 5] =
                [("worse", &worse), ("better", &better), ("unclear", &unclear), ("was", &was), ("now", &now)];
            Word::Line.with(self.lang, &values)
        };
        self.out.push_str(&clean(&text));
        self.out.push('\n');
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
        let (was, now) = (clean(diff.old.level(self.lang)), clean(diff.new.level(self.lang)));
        let level = if was == now { now.to_uppercase() } else { format!("{was} → {now}").to_uppercase() };
        let numbers = (number(diff.old.score, 1, self.lang), number(diff.new.score, 1, self.lang));
        let score = if numbers.0 == numbers.1 {
            format!("{} {}", numbers.1, Screen::OfHundred.say(self.lang))
        } else {
            Word::Score.with(self.lang, &[("was", &numbers.0), ("now", &numbers.1)])
        };
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
                let (was, now) = (clean(c.was.verdict_word(self.lang)), clean(c.now.verdict_word(self.lang)));
                let word = if was == now { now } else { format!("{was} → {now}") };
                let score = (number(c.was.score, 1, self.lang), number(c.now.score, 1, self.lang));
                let score = if c.now.gate { String::new() } else { format!("   {} → {}", score.0, score.1) };
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
            let (was, now) = (outcome_word(change.was, self.lang), outcome_word(change.now, self.lang));
            let outcomes = if was == now { now.to_owned() } else { format!("{was} → {now}") };
            let colon = Screen::Colon.say(self.lang);
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
        let (came, went) = (Word::Came.say(self.lang), Word::Went.say(self.lang));
        let others: Vec<(String, Direction)> = diff
            .others
            .iter()
            .map(|o| (format!("{}{} {} → {}", o.profile, Screen::Colon.say(self.lang), o.was, o.now), o.direction))
            .collect();
        self.rows(Word::Others, &others);
        let mut files: Vec<&FileChange> = diff.files.iter().collect();
        files.sort_by_key(|f| f.direction);
        let files: Vec<(String, Direction)> = files
            .into_iter()
            .map(|f| {
                let word = |s| status_word(s, false, self.lang);
                let told = match (f.was, f.now) {
                    (None, Some(now)) => format!("{came} ({})", word(now)),
                    (Some(_), None) => went.to_owned(),
                    (Some(was), Some(now)) if was != now => format!("{} → {}", word(was), word(now)),
                    _ => Word::OtherBytes.say(self.lang).to_owned(),
                };
                (format!("{}{} {told}", f.path, Screen::Colon.say(self.lang)), f.direction)
            })
            .collect();
        self.rows(Word::FilesChanged, &files);
        let sets: Vec<(String, Direction)> = diff
            .datasets
            .iter()
            .map(|d| {
                let word = |a| access_word(a, self.lang);
                let told = match (d.was, d.now) {
                    (None, Some(now)) => format!("{came} ({})", word(now)),
                    (Some(was), Some(now)) => format!("{} → {}", word(was), word(now)),
                    _ => went.to_owned(),
                };
                (format!("{}{} {told}", d.id, Screen::Colon.say(self.lang)), Direction::Same)
            })
            .collect();
        self.rows(Word::DatasetsChanged, &sets);
        let new =
            diff.new_bases.iter().map(|id| (format!("{id}{} {came}", Screen::Colon.say(self.lang)), Direction::Same));
        let old = diff
            .dropped_bases
            .iter()
            .map(|id| (format!("{id}{} {went}", Screen::Colon.say(self.lang)), Direction::Same));
        let bases: Vec<(String, Direction)> = new.chain(old).collect();
        self.rows(Word::BasesChanged, &bases);
    }

    fn rows(&mut self, word: Word, all: &[(String, Direction)]) {
        if all.is_empty() {
            return;
        }
        self.heading(&word.with(self.lang, &[("n", &all.len())]));
        let shown = if self.options.detail == Detail::All { all.len() } else { SHOWN };
        for (row, direction) in all.iter().take(shown) {
            self.say("  - ", "    ", row, color(*direction));
        }
        self.more(all.len(), shown);
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

/// A release's name with its version or commit.
fn name(side: &Side) -> String {
    let revision = side.revision.as_ref().map(|r| r.chars().take(12).collect::<String>());
    let which = side.version.clone().or(revision).map(|v| format!(" {v}")).unwrap_or_default();
    clean(&format!("{}{which}", side.name))
}

fn color(direction: Direction) -> Style {
    match direction {
        Direction::Worse => AnsiColor::Red.on_default(),
        Direction::Unclear => AnsiColor::Cyan.on_default(),
        Direction::Better => AnsiColor::Green.on_default(),
        Direction::Same => Style::new(),
    }
}
