//! The report as Markdown, for the summary of a build step, a comment on a pull request or a page of a project: the verdict, the
//! criteria, what to mend first and what to ask. Whatever a report says stays text: see `marked`, which sets it.

use super::{
    Blocks, Detail, Options, asked, by_reason, code, counts, criterion_word, first_of, gain, level, need_word, number,
    prose, rule_counts, shown_criteria, status_word, topic_word, waived, waivers, written,
};
use crate::evidence::{FileStatus, Place};
use crate::finding::{Finding, Lang, pick};
use crate::report::Report;
use crate::words::forge::Forge as Own;
use crate::words::gate::Gate;
use crate::words::screen::Screen as Word;

/// Findings told in full before the rest is counted.
const SHOWN: usize = 8;
/// Findings, files and gaps told at most.
const MANY: usize = 200;
/// Places told of a finding.
const PLACES: usize = 3;
/// Characters of a sentence, and of a path, an id or a title.
const LONG: usize = 1000;
const SHORT: usize = 200;

/// Writes the report, and those by other profiles that were asked for.
pub fn render(report: &Report, options: Options) -> String {
    let mut page = Page { blocks: Blocks::default(), options };
    let reports = asked(report);
    let full = matches!(options.detail, Detail::Normal | Detail::All);
    for (i, one) in reports.iter().enumerate() {
        let head = if i == 0 { page.subject(one) } else { page.framework(one) };
        page.verdict(one, &head);
        if i == 0 {
            page.beside(report);
        }
        if full {
            page.mend(one);
            page.questions(one);
        }
    }
    if full {
        page.files(report);
        page.gaps(report);
        page.waivers(report);
    }
    page.end(report)
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
        Word::Colon.say(self.lang())
    }

    fn heading(&mut self, words: &str) {
        self.blocks.add(&format!("\n### {words}\n\n"));
    }

    /// The name of the release.
    fn subject(&self, report: &Report) -> String {
        let subject = &report.subject;
        let version = subject.version.as_deref().map(|v| format!(" {v}")).unwrap_or_default();
        let name = prose(&format!("{}{version}", subject.name), SHORT);
        if name.is_empty() { code(&subject.locator, SHORT) } else { name }
    }

    /// The name of the framework.
    fn framework(&self, report: &Report) -> String {
        let title = prose(pick(self.lang(), &report.profile.title, &report.profile.title_fr), SHORT);
        if title.is_empty() { code(&report.profile.id, SHORT) } else { title }
    }

    /// Level, score, what they mean, why the gate is closed, and the criteria.
    fn verdict(&mut self, report: &Report, head: &str) {
        let lang = self.lang();
        let profile = &report.profile;
        let title = level(report.verdict.title(lang), &report.level, &report.verdict, lang);
        let title = prose(&title, SHORT);
        let between = if self.blocks.text.is_empty() { "" } else { "\n" };
        self.blocks.add(&format!("{between}## {head}{} {title}\n\n", self.colon()));
        let score = match profile.scoreless {
            true => String::new(),
            false => format!(", {} {}", number(report.score, 1, lang), Word::OfHundred.say(lang)),
        };
        let ids = code(&format!("{} {}", profile.id, profile.version), SHORT);
        self.blocks.add(&format!("**{title}**{score} ({ids}). {}\n", prose(report.verdict.says(lang), LONG)));
        let note = prose(profile.note.get(lang), LONG);
        if !note.is_empty() {
            self.blocks.add(&format!("\n{note}\n"));
        }
        if !report.gate.passed {
            self.blocks.add(&format!("\n**{}**\n\n", Word::AuditFails.say(lang)));
            let reasons = report.gate.reasons(lang);
            for reason in reasons.iter().take(SHOWN) {
                self.blocks.add(&format!("- {}\n", prose(reason, LONG)));
            }
            if reasons.len() > SHOWN {
                self.blocks.add(&format!("- {}\n", Word::More.with(lang, &[("n", &(reasons.len() - SHOWN))])));
            }
        }
        self.criteria(report);
    }

    fn criteria(&mut self, report: &Report) {
        let lang = self.lang();
        let mut head = vec![Own::Criterion.say(lang), Own::Verdict.say(lang)];
        let mut rule = vec!["---", "---"];
        if !report.profile.scoreless {
            head.push(Own::Score.say(lang));
            rule.push("---:");
        }
        head.push(Own::Counts.say(lang));
        rule.push("---");
        self.blocks.add(&format!("\n| {} |\n| {} |\n", head.join(" | "), rule.join(" | ")));
        for criterion in shown_criteria(report).take(MANY) {
            let word = prose(&criterion_word(report, criterion, lang), SHORT);
            let mut cells = vec![prose(criterion.title(lang), SHORT), word];
            if !report.profile.scoreless {
                cells.push(if criterion.gate { String::new() } else { number(criterion.score, 1, lang) });
            }
            cells.push(counts(report, criterion, lang));
            self.blocks.add(&format!("| {} |\n", cells.join(" | ")));
        }
    }

    /// The verdicts of profiles that nobody asked for, a line each.
    fn beside(&mut self, report: &Report) {
        let lang = self.lang();
        let views: Vec<_> = report.others.iter().filter(|v| !v.asked).take(MANY).collect();
        if views.is_empty() {
            return;
        }
        self.heading(Own::OtherFrameworks.say(lang));
        for view in views {
            let level = prose(&level(view.verdict.title(lang), &view.level, &view.verdict, lang), SHORT);
            let short = view.criteria.iter().find(|c| !c.gate && c.verdict != crate::finding::Verdict::Pass);
            let short =
                short.map(|c| format!(" ({}{} {})", prose(c.title(lang), SHORT), self.colon(), rule_counts(c, lang)));
            let name = prose(view.profile.label.get(lang), SHORT);
            let name = if name.is_empty() { code(&view.profile.id, SHORT) } else { name };
            self.blocks.add(&format!("- {name}{} **{level}**{}\n", self.colon(), short.unwrap_or_default()));
        }
    }

    fn mend(&mut self, report: &Report) {
        let open = report.to_mend();
        if !open.is_empty() {
            self.heading(Word::MendFirst.say(self.lang()));
            self.told(&open, |page, finding| {
                let remedy = prose(finding.remedy(page.lang()), LONG);
                let remedy = format!("   - {} {remedy}\n", Own::Remedy.say(page.lang()));
                let head = page.head(report, finding, finding.title(page.lang()));
                format!("1. {head}\n{}{remedy}", page.places(&finding.places, PLACES))
            });
        }
    }

    fn questions(&mut self, report: &Report) {
        let open = report.to_ask();
        if !open.is_empty() {
            self.heading(Word::Questions.say(self.lang()));
            self.told(&open, |page, finding| {
                let head = page.head(report, finding, finding.question(page.lang()));
                let places = page.places(&finding.places, 1);
                let between = if places.is_empty() { "" } else { "\n" };
                format!("1. {head}{between}{places}")
            });
        }
    }

    /// The first findings in full, the others by their rules.
    fn told(&mut self, open: &[&Finding], one: impl Fn(&Page, &Finding) -> String) {
        let shown = if self.options.detail == Detail::All { MANY } else { SHOWN };
        for finding in open.iter().take(shown) {
            let block = one(self, finding);
            self.blocks.add(&block);
        }
        let rest: Vec<String> = open.iter().skip(shown).map(|f| code(&f.rule, SHORT)).collect();
        if !rest.is_empty() {
            let list = rest.iter().take(MANY).cloned().collect::<Vec<_>>().join(", ");
            let text = Word::MoreListed.with(self.lang(), &[("n", &rest.len()), ("list", &list)]);
            self.blocks.add(&format!("\n{text}\n"));
        }
    }

    /// What should be true or is asked, the rule, what it gains, and what was found.
    fn head(&self, report: &Report, finding: &Finding, words: &str) -> String {
        let lang = self.lang();
        let words = prose(words, LONG);
        let words = if words.is_empty() { prose(finding.title(lang), LONG) } else { words };
        let title = if words.is_empty() { String::new() } else { format!("**{words}** ") };
        let mut facts = vec![need_word(finding.need, lang).to_owned(), gain(report, finding, lang)];
        facts.extend(waived(report, finding, lang));
        facts.retain(|f| !f.is_empty());
        let (rule, facts) = (code(&finding.rule, SHORT), prose(&facts.join(", "), LONG));
        format!("{title}({rule}, {facts})\n\n   {}\n", prose(finding.says(lang), LONG))
    }

    fn places(&self, places: &[Place], most: usize) -> String {
        let mut out = String::new();
        for place in places.iter().take(most) {
            let quote = place.excerpt.as_deref().map(|q| code(q, SHORT)).filter(|q| !q.is_empty());
            let quote = quote.map(|q| format!("{} {q}", self.colon())).unwrap_or_default();
            out.push_str(&format!("   - {}{quote}\n", code(&written(place), SHORT)));
        }
        if places.len() > most && most > 1 {
            let more = Word::MorePlaces.with(self.lang(), &[("n", &(places.len() - most))]);
            out.push_str(&format!("   - {more}\n"));
        }
        out
    }

    /// The files whose bytes are not those published, or that are not there.
    fn files(&mut self, report: &Report) {
        let lang = self.lang();
        let amiss = |s: FileStatus| matches!(s, FileStatus::Mismatched | FileStatus::Corrupted | FileStatus::Missing);
        let files: Vec<_> = report.files.iter().filter(|f| amiss(f.status)).collect();
        if files.is_empty() {
            return;
        }
        self.heading(Own::FilesAmiss.say(lang));
        let head = [Own::File, Own::State, Own::PublishedBy, Own::Found].map(|w| w.say(lang)).join(" | ");
        self.blocks.add(&format!("| {head} |\n| --- | --- | --- | --- |\n"));
        for file in files.iter().take(MANY) {
            let by: Vec<String> = file.expected_by.iter().take(PLACES).map(|p| code(p, SHORT)).collect();
            let found = file.sha256.as_ref().map(|d| code(d.hex(), SHORT)).unwrap_or_default();
            let status = status_word(file.status, false, lang);
            self.blocks.add(&format!("| {} | {status} | {} | {found} |\n", code(&file.path, LONG), by.join(", ")));
        }
        if files.len() > MANY {
            self.blocks.add(&format!("\n{}\n", Word::More.with(lang, &[("n", &(files.len() - MANY))])));
        }
    }

    fn gaps(&mut self, report: &Report) {
        let lang = self.lang();
        if report.gaps.is_empty() {
            return;
        }
        self.heading(Word::NotSeen.say(lang));
        let shown = if self.options.detail == Detail::All { MANY } else { 4 };
        for ((topic, why), what) in by_reason(&report.gaps, lang).into_iter().take(MANY) {
            let list = first_of(&what, shown, lang, |w| code(w, SHORT));
            let colon = self.colon();
            self.blocks.add(&format!("- {}{colon} {list}{colon} {}\n", topic_word(topic, lang), prose(why, LONG)));
        }
    }

    /// What became of each waiver.
    fn waivers(&mut self, report: &Report) {
        let lines = waivers(report, self.lang());
        if !lines.is_empty() {
            self.heading(Gate::Waivers.say(self.lang()));
        }
        for line in lines.iter().take(MANY) {
            self.blocks.add(&format!("- {}\n", prose(line, LONG)));
        }
    }

    /// The last lines: who judged, by what, when.
    fn end(mut self, report: &Report) -> String {
        let lang = self.lang();
        if self.blocks.is_cut() {
            self.blocks.text.push_str(&format!("\n{}\n", Own::Rest.say(lang)));
        }
        let (tool, profile) = (&report.tool, &report.profile);
        let brief = |digest: &str| format!("{}…", digest.chars().take(19).collect::<String>());
        let mut text = Word::Colophon.with(
            lang,
            &[
                ("tool", &tool.name),
                ("version", &tool.version),
                ("profile", &profile.id),
                ("of", &profile.version),
                ("digest", &brief(&profile.digest)),
                ("at", &format!("`{}`", report.audited_at)),
            ],
        );
        if let Some(files) = &report.subject.files_digest {
            text = format!("{text}, {}", Word::FilesDigest.with(lang, &[("digest", &brief(files))]));
        }
        self.blocks.text.push_str(&format!(
            "\n---\n\n{}  \n{}\n",
            prose(&text, LONG),
            prose(Word::ExplainHint.say(lang), LONG)
        ));
        self.blocks.text
    }
}
