//! The report for a terminal: the verdict first, then what to mend, ordered by what it gains, each with place, quote and
//! next step. Every word that came from a release is made harmless once more, for a saved report is input too.

mod verdict;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::{Color, Detail, Options, clean, wrapped};
use crate::evidence::{Access, Gap, Place, Topic};
use crate::finding::{Finding, Lang, Need, Outcome, Strength, pick};
use crate::report::{Clarifications, Report};

/// Findings shown in full before the rest is counted.
const SHOWN: usize = 8;
/// Places shown of one finding.
const PLACES: usize = 3;

/// Shows a report.
pub fn render(report: &Report, options: Options) -> String {
    let mut screen = Screen { out: String::new(), options, width: options.width.clamp(40, 200) };
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
    fn say<'a>(&self, en: &'a str, fr: &'a str) -> &'a str {
        if self.options.lang == Lang::Fr { fr } else { en }
    }

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
        if self.options.lang == Lang::Fr { " :" } else { ":" }
    }

    fn mend(&mut self, report: &Report) {
        let gate = |f: &Finding| report.criteria.iter().any(|c| c.id == f.criterion && c.gate);
        let mut open: Vec<&Finding> = report.findings.iter().filter(|f| f.outcome == Outcome::NotMet).collect();
        if open.is_empty() {
            return;
        }
        open.sort_by(|a, b| {
            let alarm = |f: &Finding| gate(f) && f.need == Need::Essential;
            let gain = |f: &Finding| if f.gain.overall > 0.0 { f.gain.overall } else { f.gain.criterion / 1000.0 };
            alarm(b).cmp(&alarm(a)).then(gain(b).total_cmp(&gain(a)))
        });
        let title = self.say("What to mend first", "À corriger d'abord").to_owned();
        self.heading(&title);
        let shown = if self.options.detail == Detail::All { open.len() } else { SHOWN };
        for (i, finding) in open.iter().take(shown).enumerate() {
            self.finding(report, finding, &format!("{:>2}. ", i + 1));
            let action = self.say("do: ", "faire : ").to_owned();
            let remedy = finding.remedy(self.options.lang).to_owned();
            self.wrapped(&format!("    {action}"), "    ", &remedy, AnsiColor::Cyan.on_default());
        }
        if open.len() > shown {
            let rest: Vec<&str> = open.iter().skip(shown).map(|f| f.rule.as_str()).collect();
            let text = format!(
                "{} {}{} {}",
                rest.len(),
                self.say("more (--verbose shows them)", "de plus (--verbose les montre)"),
                self.colon(),
                rest.join(", ")
            );
            self.wrapped("    ", "    ", &text, Style::new());
        }
    }

    /// Title, gain, reason and places of a finding.
    fn finding(&mut self, report: &Report, finding: &Finding, number: &str) {
        let title = format!("{} [{}]", finding.title(self.options.lang), finding.rule);
        self.wrapped(number, "    ", &title, Style::new().bold());
        let gain = self.gain(report, finding);
        if !gain.is_empty() {
            self.wrapped("    ", "    ", &gain, AnsiColor::Green.on_default());
        }
        let says = finding.says(self.options.lang).to_owned();
        self.wrapped("    ", "    ", &says, Style::new());
        self.places(&finding.places);
    }

    fn gain(&self, report: &Report, finding: &Finding) -> String {
        let mut parts = Vec::new();
        if finding.gain.overall > 0.0 && !report.profile.scoreless {
            let points = self.say(
                if finding.gain.overall == 1.0 { "point" } else { "points" },
                if finding.gain.overall < 2.0 { "point" } else { "points" },
            );
            parts.push(format!("+{:.1} {points}", finding.gain.overall));
        }
        if let Some(verdict) = finding.gain.verdict {
            let criterion = report.criteria.iter().find(|c| c.id == finding.criterion);
            let title = criterion.map_or(finding.criterion.as_str(), |c| c.title(self.options.lang));
            // A profile with words of its own means them: no criterion of its becomes what it calls none.
            let own = clean(finding.gain.word.get(self.options.lang));
            let word = match own.is_empty() || criterion.is_some_and(|c| c.gate) {
                true => verdict.word(self.options.lang).to_owned(),
                false => format!("{}{own}{}", self.say("\"", "« "), self.say("\"", " »")),
            };
            parts.push(format!("{} {} {word}", clean(title), self.say("becomes", "devient")));
        }
        parts.join(", ")
    }

    fn places(&mut self, places: &[Place]) {
        for place in places.iter().take(PLACES) {
            let line = place.line.map(|l| format!(":{l}")).unwrap_or_default();
            let quote =
                place.excerpt.as_deref().filter(|x| !x.is_empty()).map(|x| format!(": {x}")).unwrap_or_default();
            let url = place.url.as_deref().map(|u| format!("  <{u}>")).unwrap_or_default();
            let text = format!("{}{line}{quote}{url}", place.path);
            let text = shorten(&clean(&text), 2 * (self.width - 8));
            self.wrapped("      ", "        ", &text, AnsiColor::BrightBlack.on_default());
        }
        if places.len() > PLACES {
            let more = format!("      {} {}", places.len() - PLACES, self.say("more places", "autres endroits"));
            let painted = self.paint(AnsiColor::BrightBlack.on_default(), &more);
            self.line(&painted);
        }
    }

    fn questions(&mut self, report: &Report) {
        let mut open: Vec<&Finding> = report.findings.iter().filter(|f| f.outcome == Outcome::Unknown).collect();
        if open.is_empty() {
            return;
        }
        open.sort_by(|a, b| b.gain.overall.total_cmp(&a.gain.overall));
        let title = self
            .say("Questions only a person can answer", "Questions auxquelles seule une personne peut répondre")
            .to_owned();
        self.heading(&title);
        let shown = if self.options.detail == Detail::All { open.len() } else { SHOWN };
        for finding in open.iter().take(shown) {
            let question = format!("{} [{}]", finding.question(self.options.lang), finding.rule);
            self.wrapped("  ? ", "    ", &question, Style::new().bold());
            let mut says = finding.says(self.options.lang).to_owned();
            let gain = self.gain(report, finding);
            if !gain.is_empty() {
                says = format!("{says} ({gain})");
            }
            self.wrapped("    ", "    ", &says, Style::new());
            self.places(finding.places.get(..1).unwrap_or_default());
        }
        if open.len() > shown {
            let rest: Vec<&str> = open.iter().skip(shown).map(|f| f.rule.as_str()).collect();
            let text = format!(
                "{} {}{} {}",
                rest.len(),
                self.say("more (--verbose shows them)", "de plus (--verbose les montre)"),
                self.colon(),
                rest.join(", ")
            );
            self.wrapped("    ", "    ", &text, Style::new());
        }
    }

    fn gaps(&mut self, gaps: &[Gap]) {
        if gaps.is_empty() {
            return;
        }
        let title = self.say("What could not be seen", "Ce qui n'a pas pu être vu").to_owned();
        self.heading(&title);
        let mut by: BTreeMap<(Topic, &str), Vec<&str>> = BTreeMap::new();
        for gap in gaps {
            by.entry((gap.topic, pick(self.options.lang, &gap.why, &gap.why_fr))).or_default().push(&gap.what);
        }
        for ((topic, why), what) in by {
            let shown = if self.options.detail == Detail::All { what.len() } else { 4 };
            let mut list = what.iter().take(shown).copied().collect::<Vec<_>>().join(", ");
            if what.len() > shown {
                let _ = write!(list, " {} {}", self.say("and", "et"), what.len() - shown);
                list.push_str(self.say(" more", " de plus"));
            }
            let colon = self.colon();
            let text = format!("{}{colon} {list}{colon} {why}", self.topic(topic));
            self.wrapped("  - ", "    ", &text, Style::new());
        }
    }

    /// Clarifications that settled nothing: those that did are told with their findings.
    fn clarifications(&mut self, all: &Clarifications) {
        if all.lapsed.is_empty() && all.unused.is_empty() {
            return;
        }
        let title = self.say("Clarifications that settle nothing", "Clarifications sans effet").to_owned();
        self.heading(&title);
        for note in all.lapsed.iter().chain(&all.unused) {
            let why = pick(self.options.lang, &note.reason, &note.reason_fr);
            let text = format!("{} ({}, {}){} {why}", note.rule, note.by, note.on, self.colon());
            self.wrapped("  - ", "    ", &text, Style::new());
        }
    }

    fn topic(&self, topic: Topic) -> &'static str {
        let (en, fr) = match topic {
            Topic::License => ("license", "licence"),
            Topic::Data => ("data", "données"),
            Topic::Recipe => ("recipe", "recette"),
            Topic::Artifact => ("artifact", "fichier"),
            Topic::Integrity => ("integrity", "intégrité"),
        };
        self.say(en, fr)
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
            let heading = format!("{title}{} {}", self.colon(), self.say("what is met", "ce qui est acquis"));
            self.heading(&heading);
            for finding in findings {
                let mark = if finding.outcome == Outcome::Met { "  + " } else { "  - " };
                self.finding(report, finding, mark);
                let strength = self.strength(finding.strength);
                if finding.outcome == Outcome::Met {
                    self.wrapped("      ", "      ", strength, AnsiColor::BrightBlack.on_default());
                }
            }
        }
        if !report.datasets.is_empty() {
            let title = self.say("Training datasets", "Jeux d'entraînement").to_owned();
            self.heading(&title);
            for set in &report.datasets {
                let license = set.license.as_deref().unwrap_or(self.say("license not known", "licence inconnue"));
                let text = format!("{}  {license}, {}", set.id, self.access(set.access));
                self.wrapped("  - ", "    ", &text, Style::new());
            }
        }
        let title = self.say("Files", "Fichiers").to_owned();
        self.heading(&title);
        for file in &report.files {
            let digest = file.sha256.as_ref().map(|d| format!("sha256:{d}")).unwrap_or_default();
            let bytes = file.bytes.map(|b| format!("{b} {}", self.say("bytes", "octets"))).unwrap_or_default();
            let text = format!("{}  {bytes}  {}", file.path, self.status_word(file.status));
            self.wrapped("  - ", "    ", &text, Style::new());
            if !digest.is_empty() {
                self.wrapped("    ", "    ", &digest, AnsiColor::BrightBlack.on_default());
            }
        }
    }

    fn strength(&self, strength: Strength) -> &'static str {
        let (en, fr) = match strength {
            Strength::Declared => ("known by: declaration", "connu par : déclaration"),
            Strength::Observed => ("known by: observation", "connu par : observation"),
            Strength::Resolved => ("known by: resolution", "connu par : résolution"),
            Strength::Verified => ("known by: verification", "connu par : vérification"),
        };
        self.say(en, fr)
    }

    fn access(&self, access: Access) -> &'static str {
        let (en, fr) = match access {
            Access::Included => ("in the release", "dans la publication"),
            Access::Hidden => ("missing or private", "absent ou privé"),
            Access::Absent => ("not where the release says", "pas là où la publication le dit"),
            Access::Public => ("public", "public"),
            Access::Empty => ("there, and empty", "là, et vide"),
            Access::Disabled => ("closed by the hub", "fermé par le hub"),
            Access::Private => ("private", "privé"),
            Access::Reached => ("a page, data not seen", "une page, données non vues"),
            Access::Gated => ("gated", "sous contrôle d'accès"),
            Access::OnRequest => ("on request", "sur demande"),
            Access::Withheld => ("withheld", "non publié"),
            Access::Unresolved => ("not resolved", "non résolu"),
        };
        self.say(en, fr)
    }

    fn colophon(&mut self, report: &Report) {
        let dim = AnsiColor::BrightBlack.on_default();
        self.out.push('\n');
        let profile = &report.profile;
        let digest: String = profile.digest.chars().take(19).collect();
        let mut text = format!(
            "{} {}, {} {} {} ({digest}…), {}",
            report.tool.name,
            report.tool.version,
            self.say("profile", "profil"),
            profile.id,
            profile.version,
            report.audited_at,
        );
        if let Some(files) = &report.subject.files_digest {
            let files: String = files.chars().take(19).collect();
            let _ = write!(text, ", {} {files}…", self.say("files", "fichiers"));
        }
        self.wrapped("", "", &text, dim);
        let more = self.say(
            "`ouvert explain RULE` tells why a rule asks what it asks, and how to mend it.",
            "`ouvert explain RÈGLE` dit pourquoi une règle demande cela, et comment y répondre.",
        );
        self.wrapped("", "", more, dim);
    }
}

fn shorten(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        text.to_owned()
    } else {
        text.chars().take(most.saturating_sub(1)).collect::<String>() + "…"
    }
}
