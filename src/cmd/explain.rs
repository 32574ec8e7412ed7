//! `ouvert explain [ID]`: what a rule asks, why, and how to mend it; what a license permits and bars.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use ouvert::error::Error;
use ouvert::evidence::TextForm;
use ouvert::finding::{Lang, Need, Text};
use ouvert::lists::judgement::{self, Use};
use ouvert::lists::licenses::{self, Body, Duty, Kind, License, Standing};
use ouvert::lists::{self, texts};
use ouvert::profile::{self, Asks, Profile, Rule};
use ouvert::render::wrapped;

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
            page.identified(&read_text(path, "the text of a license")?);
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
            return Err(Error::UnknownId { what: "rule or license", id: id.into(), near });
        }
        Ok(())
    }
}

impl Page {
    fn say(&self, en: &'static str, fr: &'static str) -> &'static str {
        if self.lang == Lang::Fr { fr } else { en }
    }

    /// A colon as the language sets it.
    fn colon(&self) -> &'static str {
        self.say(":", " :")
    }

    fn heading(&mut self, text: &str) {
        for line in wrapped(text, self.width, "", "  ") {
            self.out.push_str(&format!("{}{line}{}\n", self.bold.0, self.bold.1));
        }
    }

    fn paragraph(&mut self, label: &str, text: &str) {
        let first = if label.is_empty() { "  ".to_owned() } else { format!("  {label}{} ", self.colon()) };
        self.indented(&first, "  ", text);
    }

    fn indented(&mut self, first: &str, rest: &str, text: &str) {
        for line in wrapped(text, self.width, first, rest) {
            self.out.push_str(&line);
            self.out.push('\n');
        }
    }

    fn need(&self, need: Need) -> &'static str {
        match need {
            Need::Essential => self.say("essential", "essentielle"),
            Need::Required => self.say("required", "exigée"),
            Need::Recommended => self.say("recommended", "conseillée"),
        }
    }

    fn all(&mut self, profile: &Profile) {
        let intro = format!("{} {}{} {}", profile.id, profile.version, self.colon(), profile.title.get(self.lang));
        self.heading(&intro);
        self.paragraph("", profile.origin.get(self.lang));
        let ids = profile.rules.iter().map(|r| r.id.chars().count());
        let wide = ids.max().unwrap_or(0).min(LONGEST_ID);
        for criterion in &profile.criteria {
            self.out.push('\n');
            let (title, question) = (criterion.title.get(self.lang), criterion.question.get(self.lang));
            self.heading(&format!("{title}{} {question}", self.colon()));
            for rule in profile.rules.iter().filter(|r| r.criterion == criterion.id) {
                let mut id = printable(&rule.id);
                if id.chars().count() > wide {
                    self.out.push_str(&format!("  {id}\n"));
                    id.clear();
                }
                let first = format!("  {id:<wide$}  {:<12} ", self.need(rule.need));
                let rest = " ".repeat(first.chars().count());
                self.indented(&first, &rest, rule.title.get(self.lang));
            }
        }
    }

    fn rule(&mut self, rule: &Rule, profile: &Profile) {
        let title = format!("{}{} {}", rule.id, self.colon(), rule.title.get(self.lang));
        self.heading(&title);
        let criterion = profile
            .criteria
            .iter()
            .find(|c| c.id == rule.criterion)
            .map_or(rule.criterion.as_str(), |c| c.title.get(self.lang));
        let kind = format!(
            "{} {}, {criterion}, {}, {} {}",
            self.say("profile", "profil"),
            profile.id,
            self.need(rule.need),
            self.say("weight", "poids"),
            rule.weight
        );
        self.paragraph("", &kind);
        if let Asks::Grades(grades) = &rule.asks {
            let all: Vec<String> = grades.iter().map(|g| format!("{} = {}", g.title.get(self.lang), g.value)).collect();
            self.paragraph(self.say("grades", "degrés"), &all.join(", "));
        }
        let points = [
            (&rule.instead, self.say("may be met in its place", "peut être remplie à sa place")),
            (
                &rule.mirrors,
                self.say("taken over when the question does not arise", "reprise quand la question est sans objet"),
            ),
        ];
        for (other, label) in points {
            if let Some(other) = other {
                self.paragraph(label, other);
            }
        }
        self.out.push('\n');
        let parts = [
            (self.say("why", "pourquoi"), &rule.why),
            (self.say("to mend it", "pour y remédier"), &rule.remedy),
            (self.say("to ask", "à demander"), &rule.ask),
        ];
        for (label, text) in parts {
            self.paragraph(label, text.get(self.lang));
            self.out.push('\n');
        }
        self.paragraph(self.say("from", "source"), &rule.refs.join("; "));
    }

    /// What several licenses come to together, and each of them.
    fn expression(&mut self, written: &str) {
        let judged = judgement::judge(written);
        self.heading(&judgement::expression(written).unwrap_or_default());
        let says = match judged.use_ {
            Use::Free => self.say(
                "together they bar no use: OR takes the freest, AND the strictest",
                "ensemble elles n'interdisent aucun usage : OR retient la plus libre, AND la plus stricte",
            ),
            Use::Barred => self.say(
                "together they bar some uses: OR takes the freest, AND the strictest",
                "ensemble elles interdisent des usages : OR retient la plus libre, AND la plus stricte",
            ),
            Use::Unknown => {
                self.say("what they come to together is not known", "ce à quoi elles reviennent ensemble est inconnu")
            }
        };
        self.paragraph("", says);
        for license in &judged.licenses {
            self.out.push('\n');
            self.license(license);
        }
    }

    fn license(&mut self, license: &License) {
        let title = format!("{}{} {}", license.id, self.colon(), license.name);
        self.heading(&title);
        if license.spdx_id() != license.id {
            self.paragraph("SPDX", license.spdx_id());
        }
        let kind = match license.kind {
            Kind::Model => self.say("models", "des modèles"),
            Kind::Software => self.say("software", "des logiciels"),
            Kind::Data => self.say("data", "des données"),
            Kind::Content => {
                self.say("content: texts, media, fonts, designs", "des contenus : textes, médias, polices, plans")
            }
        };
        self.paragraph(self.say("made for", "faite pour"), kind);
        let verdict = match (license.standing, license.restricts()) {
            (Standing::None, _) => Text::new(
                "names no license: what it permits is not known",
                "ne nomme aucune licence : ce qui est permis est inconnu",
            ),
            (_, true) => Text::new("bars some uses:", "interdit certains usages :"),
            (Standing::Reviewed, false) => Text::new("bars no use", "n'interdit aucun usage"),
            (Standing::Family, false) => Text::new(
                "a family of licenses: which one decides",
                "une famille de licences : laquelle, c'est ce qui décide",
            ),
            (Standing::Unread, false) if license.reason.is_some() => {
                Text::new("what it bars is not known", "son texte ne dit pas clairement ce qu'elle interdit")
            }
            (Standing::Unread, false) => Text::new(
                "known by name, but nobody has read it here: what it bars is not known",
                "connue de nom, mais personne ne l'a lue ici : ce qu'elle interdit est inconnu",
            ),
        };
        self.paragraph("", verdict.get(self.lang));
        if let Some(reason) = &license.reason {
            self.paragraph(self.say("as read", "à la lecture"), reason.get(self.lang));
        }
        for bar in &license.bars {
            let text = if self.lang == Lang::Fr { &bar.fr } else { &bar.en };
            let row = format!("{}{} {text} ({})", bar.kind.text().get(self.lang), self.colon(), bar.clause);
            self.indented("    - ", "      ", &row);
        }
        if !license.duties.is_empty() {
            let duty = |d: &Duty| match d {
                Duty::Attribution => self.say("attribution", "attribution"),
                Duty::ShareAlike => self.say("share alike", "partage à l'identique"),
                Duty::Naming => self.say("a name to carry", "un nom à porter"),
                Duty::PassOnTerms => self.say("pass the terms on", "transmettre les conditions"),
                Duty::Notice => self.say("keep notices", "conserver les mentions"),
            };
            let list: Vec<&str> = license.duties.iter().map(duty).collect();
            self.paragraph(self.say("asks for", "demande"), &list.join(", "));
        }
        if license.output_terms {
            let text = self.say(
                "its terms follow the model's output into models trained on it",
                "ses conditions suivent les sorties du modèle dans les modèles qui en apprennent",
            );
            self.paragraph("", text);
        }
        let body = |b: &Body| match b {
            Body::Osi => "OSI",
            Body::Fsf => "FSF",
            Body::Od => "Open Definition",
        };
        if let Some(successor) = &license.successor {
            self.paragraph(self.say("deprecated, now called", "périmée, s'appelle maintenant"), successor);
        }
        let by: Vec<&str> = license.approved.iter().map(body).collect();
        let by = if by.is_empty() {
            self.say("none of OSI, FSF, Open Definition", "ni OSI, ni FSF, ni Open Definition").to_owned()
        } else {
            by.join(", ")
        };
        self.paragraph(self.say("approved by", "approuvée par"), &by);
        self.paragraph(self.say("source", "source"), &license.source);
    }

    fn identified(&mut self, text: &str) {
        let found = texts::identify(text);
        let id = found.id.as_deref().unwrap_or("-");
        let says = match found.how.form {
            TextForm::Exact => self.say(
                "the license's text, every word accounted for",
                "le texte de la licence, chaque mot étant vérifié",
            ),
            TextForm::Notice => self.say(
                "a notice that points at the license, not its text",
                "une notice qui renvoie à la licence, pas son texte",
            ),
            TextForm::Changed => {
                self.say("near this license, but not word for word", "proche de cette licence, mais pas mot pour mot")
            }
            TextForm::Unknown => self.say("no license known here", "aucune licence connue ici"),
        };
        self.heading(id);
        self.paragraph("", says);
        if let Some(residue) = &found.how.residue {
            let excerpt = ouvert::evidence::excerpt_of(residue);
            let quoted = format!("{}{excerpt}{}", self.say("\"", "« "), self.say("\"", " »"));
            self.paragraph(self.say("words it has beside it", "mots qu'il a en plus"), &quoted);
        }
        self.paragraph(self.say("confidence", "confiance"), &format!("{:.3}", found.how.confidence));
        self.paragraph(
            self.say("row of rules/fingerprints.tsv", "ligne de rules/fingerprints.tsv"),
            &texts::row(text, id, "text"),
        );
    }
}
