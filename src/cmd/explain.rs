//! `ouvert explain [ID]`: what a rule asks, why, and how to mend it; what a license permits and bars.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use ouvert::error::Error;
use ouvert::evidence::TextForm;
use ouvert::finding::Lang;
use ouvert::lists::judgement::{self, Use};
use ouvert::lists::licenses::{self, Body, Duty, Kind, License, Standing};
use ouvert::lists::{self, texts};
use ouvert::profile::{self, Asks, Profile, Rule};
use ouvert::render::{need_word, number, wrapped};
use ouvert::words::commands::Commands as Word;
use ouvert::words::errors::{Unknown, Wanted};
use ouvert::words::screen::Screen as Shared;

use super::{Outcome, Screen, load_profile, print, printable, read_text};

/// Characters of the column of ids; a longer id stands on a line of its own.
const LONGEST_ID: usize = 36;

#[derive(Args)]
#[command(
    after_help = "Examples:\n  ouvert explain\n  ouvert explain data-complete\n  ouvert explain llama3.1\n  ouvert explain --text LICENSE"
)]
pub(super) struct Explain {
    /// A rule of the profile, or a license
    id: Option<String>,
    /// The profile whose rules are explained
    #[arg(long, value_name = "ID|FILE", default_value = "three-criteria")]
    profile: String,
    /// Identify the license text in FILE instead
    #[arg(long, value_name = "FILE", conflicts_with = "id")]
    text: Option<PathBuf>,
}

/// What is written, in one language.
struct Page {
    lang: Lang,
    bold: (&'static str, &'static str),
    width: usize,
    out: String,
}

impl Explain {
    pub(super) fn run(&self, screen: &Screen) -> Outcome {
        let bold = if screen.colors(std::io::stdout().is_terminal()) { ("\u{1b}[1m", "\u{1b}[0m") } else { ("", "") };
        let mut page = Page { lang: screen.language(), bold, width: screen.width(), out: String::new() };
        if let Some(path) = &self.text {
            page.identified(&read_text(path, Wanted::License)?);
            print(&page.out)?;
            return Ok(ExitCode::SUCCESS);
        }
        let profile = load_profile(&self.profile)?;
        match &self.id {
            None => page.all(&profile),
            Some(id) => self.one(id, profile, &mut page)?,
        }
        print(&page.out)?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Explain {
    /// A rule of the profile or of another that ships, a license, or an expression of licenses.
    fn one(&self, id: &str, profile: Profile, page: &mut Page) -> Result<(), Error> {
        let mut near = lists::nearest(id, profile.rules.iter().map(|r| r.id.as_str()));
        let others = profile::ids().map(profile::built_in);
        for profile in std::iter::once(Ok(profile)).chain(others) {
            let profile = profile?;
            if let Some(rule) = profile.rules.iter().find(|r| r.id == id) {
                page.rule(rule, &profile);
                return Ok(());
            }
        }
        if let Some(license) = licenses::find(id) {
            page.license(&license);
        } else if judgement::expression(id).is_some() {
            page.expression(id);
        } else {
            near.extend(lists::nearest(id, licenses::ids()));
            return Err(Error::UnknownId { what: Unknown::RuleOrLicense, id: id.into(), near });
        }
        Ok(())
    }
}

impl Page {
    fn say(&self, word: Word) -> &'static str {
        word.say(self.lang)
    }

    /// A number with as many decimals as it has, as the language writes it.
    fn plain(&self, n: f64) -> String {
        let text = n.to_string();
        if self.lang == Lang::Fr { text.replace('.', ",") } else { text }
    }

    /// A label and what it stands for, with a colon as the language sets it.
    fn labelled(&self, label: &str, text: &str) -> String {
        Word::Labelled.with(self.lang, &[("label", &label), ("text", &text)])
    }

    fn heading(&mut self, text: &str) {
        for line in wrapped(text, self.width, "", "  ") {
            self.out.push_str(&format!("{}{line}{}\n", self.bold.0, self.bold.1));
        }
    }

    fn paragraph(&mut self, label: &str, text: &str) {
        let first = if label.is_empty() { "  ".to_owned() } else { format!("  {}", self.labelled(label, "")) };
        self.indented(&first, "  ", text);
    }

    fn indented(&mut self, first: &str, rest: &str, text: &str) {
        for line in wrapped(text, self.width, first, rest) {
            self.out.push_str(&line);
            self.out.push('\n');
        }
    }

    fn all(&mut self, profile: &Profile) {
        let intro = self.labelled(&format!("{} {}", profile.id, profile.version), profile.title.get(self.lang));
        self.heading(&intro);
        self.paragraph("", profile.origin.get(self.lang));
        let ids = profile.rules.iter().map(|r| r.id.chars().count());
        let wide = ids.max().unwrap_or(0).min(LONGEST_ID);
        for criterion in &profile.criteria {
            self.out.push('\n');
            let (title, question) = (criterion.title.get(self.lang), criterion.question.get(self.lang));
            let heading = self.labelled(title, question);
            self.heading(&heading);
            for rule in profile.rules.iter().filter(|r| r.criterion == criterion.id) {
                let mut id = printable(&rule.id);
                if id.chars().count() > wide {
                    self.out.push_str(&format!("  {id}\n"));
                    id.clear();
                }
                let first = format!("  {id:<wide$}  {:<12} ", need_word(rule.need, self.lang));
                let rest = " ".repeat(first.chars().count());
                self.indented(&first, &rest, rule.title.get(self.lang));
            }
        }
    }

    fn rule(&mut self, rule: &Rule, profile: &Profile) {
        let title = self.labelled(&rule.id, rule.title.get(self.lang));
        self.heading(&title);
        let criterion = profile
            .criteria
            .iter()
            .find(|c| c.id == rule.criterion)
            .map_or(rule.criterion.as_str(), |c| c.title.get(self.lang));
        let weight = self.plain(rule.weight);
        let kind = format!(
            "{}, {criterion}, {}, {}",
            Word::Profile.with(self.lang, &[("id", &profile.id)]),
            need_word(rule.need, self.lang),
            Word::Weight.with(self.lang, &[("n", &weight)])
        );
        self.paragraph("", &kind);
        if let Asks::Grades(grades) = &rule.asks {
            let all: Vec<String> =
                grades.iter().map(|g| format!("{} = {}", g.title.get(self.lang), self.plain(g.value))).collect();
            self.paragraph(self.say(Word::Grades), &all.join(", "));
        }
        let points = [(&rule.instead, self.say(Word::Instead)), (&rule.mirrors, self.say(Word::Mirrors))];
        for (other, label) in points {
            if let Some(other) = other {
                self.paragraph(label, other);
            }
        }
        self.out.push('\n');
        let parts =
            [(self.say(Word::Why), &rule.why), (self.say(Word::Mend), &rule.remedy), (self.say(Word::Ask), &rule.ask)];
        for (label, text) in parts {
            self.paragraph(label, text.get(self.lang));
            self.out.push('\n');
        }
        self.paragraph(self.say(Word::From), &rule.refs.join("; "));
    }

    /// What several licenses come to together, and each of them.
    fn expression(&mut self, written: &str) {
        let judged = judgement::judge(written);
        self.heading(&judgement::expression(written).unwrap_or_default());
        let says = match judged.use_ {
            Use::Free => self.say(Word::TogetherFree),
            Use::Barred => self.say(Word::TogetherBarred),
            Use::Unknown => self.say(Word::TogetherUnknown),
        };
        self.paragraph("", says);
        for license in &judged.licenses {
            self.out.push('\n');
            self.license(license);
        }
    }

    fn license(&mut self, license: &License) {
        let title = self.labelled(&license.id, &license.name);
        self.heading(&title);
        if license.spdx_id() != license.id {
            self.paragraph("SPDX", license.spdx_id());
        }
        let kind = match license.kind {
            Kind::Model => self.say(Word::ForModels),
            Kind::Software => self.say(Word::ForSoftware),
            Kind::Data => self.say(Word::ForData),
            Kind::Content => self.say(Word::ForContent),
        };
        self.paragraph(self.say(Word::MadeFor), kind);
        let verdict = match (license.standing, license.restricts()) {
            (Standing::None, _) => Word::NoLicense,
            (_, true) => Word::BarsSome,
            (Standing::Reviewed, false) => Word::BarsNone,
            (Standing::Family, false) => Word::Family,
            (Standing::Unread, false) if license.reason.is_some() => Word::Unclear,
            (Standing::Unread, false) => Word::Unread,
        };
        self.paragraph("", self.say(verdict));
        if let Some(reason) = &license.reason {
            self.paragraph(self.say(Word::AsRead), reason.get(self.lang));
        }
        for bar in &license.bars {
            let text = if self.lang == Lang::Fr { &bar.fr } else { &bar.en };
            let row = self.labelled(bar.kind.text().get(self.lang), &format!("{text} ({})", bar.clause));
            self.indented("    - ", "      ", &row);
        }
        if !license.duties.is_empty() {
            let duty = |d: &Duty| match d {
                Duty::Attribution => self.say(Word::Attribution),
                Duty::ShareAlike => self.say(Word::ShareAlike),
                Duty::Naming => self.say(Word::Naming),
                Duty::PassOnTerms => self.say(Word::PassOn),
                Duty::Notice => self.say(Word::Notice),
            };
            let list: Vec<&str> = license.duties.iter().map(duty).collect();
            self.paragraph(self.say(Word::AsksFor), &list.join(", "));
        }
        if license.output_terms {
            let text = self.say(Word::OutputTerms);
            self.paragraph("", text);
        }
        let body = |b: &Body| match b {
            Body::Osi => "OSI",
            Body::Fsf => "FSF",
            Body::Od => "Open Definition",
        };
        if let Some(successor) = &license.successor {
            self.paragraph(self.say(Word::Deprecated), successor);
        }
        let by: Vec<&str> = license.approved.iter().map(body).collect();
        let by = if by.is_empty() { self.say(Word::ApprovedByNone).to_owned() } else { by.join(", ") };
        self.paragraph(self.say(Word::ApprovedBy), &by);
        self.paragraph(self.say(Word::Source), &license.source);
    }

    fn identified(&mut self, text: &str) {
        let found = texts::identify(text);
        let id = found.id.as_deref().unwrap_or("-");
        let says = match found.how.form {
            TextForm::Exact => self.say(Word::TextExact),
            TextForm::Notice => self.say(Word::TextNotice),
            TextForm::Changed => self.say(Word::TextChanged),
            TextForm::Unknown => self.say(Word::TextUnknown),
        };
        self.heading(id);
        self.paragraph("", says);
        if let Some(residue) = &found.how.residue {
            let excerpt = ouvert::evidence::excerpt_of(residue);
            let (open, close) = (Shared::OpenQuote.say(self.lang), Shared::CloseQuote.say(self.lang));
            let quoted = format!("{open}{excerpt}{close}");
            self.paragraph(self.say(Word::WordsBeside), &quoted);
        }
        self.paragraph(self.say(Word::Confidence), &number(f64::from(found.how.confidence), 3, self.lang));
        self.paragraph(self.say(Word::Row), &texts::row(text, id, "text"));
    }
}
