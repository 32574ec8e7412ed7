//! Two reports compared, as Markdown for a comment on a pull request or the summary of a build step: whether it got worse, the
//! level, the criteria, then what changed. Whatever a release wrote stays text: see `marked`, which sets it.

use super::{SHOWN, arrow, criterion_scores, name, outcomes, scores, things};
use crate::diff::{Diff, Direction, FindingChange};
use crate::finding::Lang;
use crate::render::{Blocks, Detail, Options, code, prose, written};
use crate::words::compare::Compare as Word;
use crate::words::forge::Forge;
use crate::words::screen::Screen;

/// Findings and things of a list told at most.
const MANY: usize = 200;
/// Places told of a finding.
const PLACES: usize = 3;
/// Characters of a sentence, and of a path, an id or a title.
const LONG: usize = 1000;
const SHORT: usize = 200;

/// The comparison as Markdown.
pub fn markdown(diff: &Diff, options: Options) -> String {
    let mut page = Page { blocks: Blocks::default(), options };
    page.head(diff);
    if matches!(options.detail, Detail::Verdict | Detail::Line) {
        return page.blocks.text;
    }
    page.criteria(diff);
    for (direction, word) in
        [(Direction::Worse, Word::LessOpen), (Direction::Unclear, Word::Untold), (Direction::Better, Word::MoreOpen)]
    {
        let all: Vec<&FindingChange> = diff.findings.iter().filter(|f| f.direction == direction).collect();
        page.findings(&all, word);
    }
    page.things(diff);
    page.end(diff)
}

struct Page {
    blocks: Blocks,
    options: Options,
}

impl Page {
    fn lang(&self) -> Lang {
        self.options.lang
    }

    fn colon(&self) -> &'static str {
        Screen::Colon.say(self.lang())
    }

    fn heading(&mut self, words: &str) {
        self.blocks.add(&format!("\n### {words}\n\n"));
    }

    /// How many of a list are shown.
    fn shown(&self) -> usize {
        if self.options.detail == Detail::All { MANY } else { SHOWN }
    }

    /// What was compared, whether it got worse, and what that comes to.
    fn head(&mut self, diff: &Diff) {
        let lang = self.lang();
        let names = prose(&arrow(&name(&diff.old), &name(&diff.new)), SHORT);
        let level = prose(&arrow(diff.old.level(lang), diff.new.level(lang)), SHORT);
        self.blocks.add(&format!("## {names}{} {level}\n\n", self.colon()));
        let profiles = match diff.old.profile == diff.new.profile {
            true => code(&diff.new.profile, SHORT),
            false => format!("{} → {}", code(&diff.old.profile, SHORT), code(&diff.new.profile, SHORT)),
        };
        self.blocks.add(&format!("**{level}**, {} ({profiles}).\n", scores(diff, lang)));
        if diff.regressed {
            self.blocks.add(&format!("\n**{}**\n", Word::Regressed.say(lang)));
        }
        if diff.findings.is_empty() {
            self.blocks.add(&format!("\n{}\n", Word::Nothing.with(lang, &[("n", &diff.unchanged)])));
        }
        if diff.new_rules.is_empty() && diff.dropped_rules.is_empty() {
            return;
        }
        self.blocks.add(&format!("\n{}\n\n", Word::NotCompared.say(lang)));
        for (rules, word) in [(&diff.new_rules, Word::NewRules), (&diff.dropped_rules, Word::DroppedRules)] {
            if !rules.is_empty() {
                let text = word.with(lang, &[("list", &self.list(rules))]);
                self.blocks.add(&format!("- {text}\n"));
            }
        }
    }

    /// The criteria that changed.
    fn criteria(&mut self, diff: &Diff) {
        if diff.criteria.is_empty() {
            return;
        }
        let lang = self.lang();
        let head = [Forge::Criterion, Forge::Verdict, Forge::Score].map(|w| w.say(lang)).join(" | ");
        self.blocks.add(&format!("\n| {head} |\n| --- | --- | ---: |\n"));
        for change in diff.criteria.iter().take(MANY) {
            let title = prose(change.now.title(lang), SHORT);
            let word = prose(&arrow(change.was.verdict_word(lang), change.now.verdict_word(lang)), SHORT);
            let score = criterion_scores(change, lang).unwrap_or_default();
            self.blocks.add(&format!("| {title} | {word} | {score} |\n"));
        }
    }

    fn findings(&mut self, all: &[&FindingChange], word: Word) {
        if all.is_empty() {
            return;
        }
        self.heading(&word.with(self.lang(), &[("n", &all.len())]));
        for change in all.iter().take(self.shown()) {
            let block = self.finding(change);
            self.blocks.add(&block);
        }
        self.more(all.len());
    }

    /// What should be true, the rule, both outcomes, what is said now and was said then; of what got worse also where it is seen.
    fn finding(&self, change: &FindingChange) -> String {
        let lang = self.lang();
        let title = prose(change.title(lang), LONG);
        let title = if title.is_empty() { title } else { format!("**{title}** ") };
        let says = prose(change.says(lang), LONG);
        let mut out = format!("- {title}({}, {})\n", code(&change.rule, SHORT), outcomes(change, lang));
        if !says.is_empty() {
            out.push_str(&format!("\n  {says}\n\n"));
        }
        if change.direction == Direction::Worse {
            out.push_str(&self.places(change));
        }
        let said = prose(change.said.get(lang), LONG);
        if !said.is_empty() && said != says {
            out.push_str(&format!("  - {}\n", Word::Before.with(lang, &[("says", &said)])));
        }
        if let Some(reason) = &change.waiver {
            out.push_str(&format!("  - {}\n", Word::Waived.with(lang, &[("reason", &prose(reason, LONG))])));
        }
        out
    }

    fn places(&self, change: &FindingChange) -> String {
        let mut out = String::new();
        for place in change.places.iter().take(PLACES) {
            let quote = place.excerpt.as_deref().map(|q| code(q, SHORT)).filter(|q| !q.is_empty());
            let quote = quote.map(|q| format!("{} {q}", self.colon())).unwrap_or_default();
            out.push_str(&format!("  - {}{quote}\n", code(&written(place), SHORT)));
        }
        if let Some(rest) = change.places.len().checked_sub(PLACES).filter(|n| *n > 0) {
            out.push_str(&format!("  - {}\n", Screen::MorePlaces.with(self.lang(), &[("n", &rest)])));
        }
        out
    }

    /// Levels by other profiles, files, datasets and base models.
    fn things(&mut self, diff: &Diff) {
        let lang = self.lang();
        for (word, all) in things(diff, lang) {
            self.heading(&word.with(lang, &[("n", &all.len())]));
            for thing in all.iter().take(self.shown()) {
                let told = match thing.direction {
                    Direction::Worse => format!("**{}**", prose(&thing.told, SHORT)),
                    _ => prose(&thing.told, SHORT),
                };
                self.blocks.add(&format!("- {}{} {told}\n", code(thing.what, SHORT), self.colon()));
            }
            self.more(all.len());
        }
    }

    fn more(&mut self, all: usize) {
        if let Some(rest) = all.checked_sub(self.shown()).filter(|n| *n > 0) {
            self.blocks.add(&format!("\n{}\n", Screen::More.with(self.lang(), &[("n", &rest)])));
        }
    }

    /// The first of many names.
    fn list(&self, names: &[String]) -> String {
        let first = names.iter().take(SHOWN).map(|n| code(n, SHORT)).collect::<Vec<_>>().join(", ");
        match names.len().checked_sub(SHOWN).filter(|n| *n > 0) {
            Some(n) => Screen::AndMore.with(self.lang(), &[("list", &first), ("n", &n)]),
            None => first,
        }
    }

    /// The last lines: what stayed as it was, which audits were compared.
    fn end(mut self, diff: &Diff) -> String {
        let lang = self.lang();
        if self.blocks.is_cut() {
            self.blocks.text.push_str(&format!("\n{}\n", Word::Rest.say(lang)));
        }
        let same = match diff.findings.is_empty() {
            true => String::new(),
            false => format!("{}  \n", Word::Same.with(lang, &[("n", &diff.unchanged)])),
        };
        let values: [(&str, &dyn std::fmt::Display); 2] =
            [("old", &code(&diff.old.audited_at, SHORT)), ("new", &code(&diff.new.audited_at, SHORT))];
        let audits = Word::Audits.with(lang, &values);
        let hint = prose(Screen::ExplainHint.say(lang), LONG);
        self.blocks.text.push_str(&format!("\n---\n\n{same}{audits}  \n{hint}\n"));
        self.blocks.text
    }
}
