//! Which components does a release have, and under which license is each? A record that lists components decides by its list;
//! a release by what was seen of it, and where that leaves a component open, by what a reviewer's dossier lists.

mod found;
mod licensed;

use crate::check::about_bases;
use crate::evidence::{Dataset, Evidence, Part, PartFact, Stage};
use crate::finding::{Answer, Outcome, Strength, Text};
use crate::lists::components;
use crate::lists::openness::Openness;

pub use self::licensed::Licensed;

/// The questions.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// Whether a component is there.
    There(Part),
    /// Whether it is there of every model up the chain of bases.
    OfBases(Part),
    /// Whether it is there under an open license.
    Open(Open),
}

/// What makes a component count.
#[derive(Clone, Debug, PartialEq)]
pub struct Open {
    /// The component.
    pub part: Part,
    /// The licenses under which it counts.
    pub under: Openness,
    /// Those that are made for such a component: another one of `under` counts too, with a remark.
    pub fitting: Option<Openness>,
}

/// A component as it was found.
#[derive(Clone, Debug)]
pub struct Component {
    /// Which.
    pub part: Part,
    /// Whether it is there.
    pub there: Answer,
    /// Its license; of one that is not there, nothing.
    pub license: Licensed,
    /// Where it is said to be: paths and addresses.
    pub links: Vec<String>,
}

pub(super) fn ask(question: &Question, e: &Evidence) -> Answer {
    match question {
        Question::There(part) => find(e, *part).there,
        Question::OfBases(part) => about_bases(e, &components::title(*part), &|_, base| find(base, *part).there),
        Question::Open(open) => is_open(e, open),
    }
}

/// A component of a release, or of the record that stands for one.
pub fn find(e: &Evidence, part: Part) -> Component {
    let listed = e.parts.iter().find(|p| p.part == part);
    if let Some(record) = e.record.as_ref().filter(|r| r.lists_components) {
        return match listed {
            Some(fact) => declared(fact),
            None => {
                let title = components::title(part);
                let says = Text::new(
                    format!("the record does not list it: {}", title.en),
                    format!("la notice ne le liste pas : {}", title.fr),
                );
                let there = if record.foreign { Answer::unknown(says) } else { Answer::not_met(says) };
                let there = there.by(Strength::Declared).at([record.place.clone()]);
                Component { part, there, license: Licensed::Nothing, links: vec![] }
            }
        };
    }
    let (there, links) = found::found(e, part);
    match listed.and_then(|fact| added(e, fact, &there)) {
        Some(component) => component,
        None => {
            let license =
                if there.outcome == Outcome::NotMet { Licensed::Nothing } else { licensed::of(e, part, &there) };
            Component { part, there, license, links }
        }
    }
}

/// What a dossier adds to what was seen: it settles what that leaves open, and lifts nothing that was seen not to be there. A
/// file of the release that it points at is there; an address, which nobody followed, may lead to it.
fn added(e: &Evidence, fact: &PartFact, there: &Answer) -> Option<Component> {
    let here = |link: &String| e.files.iter().any(|f| f.path == *link && found::is_sound(f));
    let away = |link: &String| {
        let host = link.strip_prefix("https://").or_else(|| link.strip_prefix("http://"));
        let host = host.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
        host.contains('.') && !link.contains(char::is_whitespace)
    };
    let leads = |link: &String| here(link) || away(link);
    let mut component = declared(fact);
    match there.outcome {
        Outcome::Unknown if fact.links.is_empty() || fact.links.iter().any(leads) => {}
        Outcome::NotMet if fact.links.iter().any(here) => {}
        Outcome::NotMet if fact.links.iter().any(away) => {
            let title = components::title(fact.part);
            let says = Text::new(
                format!("not seen here: {}; a dossier says where, and nobody has looked", title.en),
                format!("non vu ici : {} ; un dossier dit où, et personne n'a regardé", title.fr),
            );
            component.there = Answer::unknown(says).by(Strength::Declared).at([fact.place.clone()]);
        }
        _ => return None,
    }
    // What bars a use by what was read bars it, whatever the dossier says.
    let weights = [Part::FinalModelParameters, Part::IntermediateModelParameters, Part::Datasets];
    if weights.contains(&fact.part)
        && let seen @ (Licensed::Barred(_) | Licensed::Named(_)) = licensed::of(e, fact.part, there)
    {
        component.license = seen;
    }
    Some(component)
}

/// The sets that a model was evaluated on.
fn evaluation_sets(e: &Evidence) -> impl Iterator<Item = &Dataset> {
    e.datasets.iter().filter(|d| d.stage == Some(Stage::Evaluation))
}

/// A component that a record or a dossier lists.
fn declared(fact: &PartFact) -> Component {
    let title = components::title(fact.part);
    let there = Answer::met(Text::new(format!("listed: {}", title.en), format!("listé : {}", title.fr)));
    let license = fact.license.clone().map_or(Licensed::Nothing, Licensed::Named);
    let there = there.by(Strength::Declared).at([fact.place.clone()]);
    Component { part: fact.part, there, license, links: fact.links.clone() }
}

/// Whether a component is there under a license that counts.
fn is_open(e: &Evidence, open: &Open) -> Answer {
    let component = find(e, open.part);
    let Component { there, license, .. } = component;
    if there.outcome != Outcome::Met {
        return there;
    }
    let title = components::title(open.part);
    let says = |en: String, fr: String| Text::new(format!("{}: {en}", title.en), format!("{} : {fr}", title.fr));
    let named = match license {
        Licensed::Named(named) => named,
        Licensed::Nothing => {
            let none = says("no license reaches it".into(), "aucune licence ne le couvre".into());
            return Answer::not_met(none).by(there.strength).at(there.places);
        }
        Licensed::Barred(why) => return Answer::not_met(says(why.en, why.fr)).at(there.places),
        Licensed::Unknown(why) => return Answer::unknown(says(why.en, why.fr)).at(there.places),
    };
    // A record means what it writes, letter by letter; of a release the license was made out, and may be a choice of several.
    let by_letter = e.record.as_ref().is_some_and(|r| r.lists_components);
    let holds =
        |list: &Openness| if by_letter { list.holds(&named.written) } else { list.holds_expression(&named.written) };
    let from = named.inherited.as_deref();
    let over_en = from.map(|from| format!(", taken over from {from}")).unwrap_or_default();
    let over_fr = from.map(|from| format!(", reprise de {from}")).unwrap_or_default();
    let written = if named.written.is_empty() { "\"\"" } else { &named.written };
    let places = [named.place.clone()].into_iter().chain(there.places);
    if !holds(&open.under) {
        let comma = if from.is_some() { "," } else { "" };
        let bad = says(
            format!("{written}{over_en}{comma} is not on the list of open licenses"),
            format!("{written}{over_fr}{comma} n'est pas sur la liste des licences ouvertes"),
        );
        return Answer::not_met(bad).by(there.strength).at(places);
    }
    let kind = components::kind(open.part);
    let unfit = open.fitting.as_ref().is_some_and(|list| !holds(list));
    let (aside_en, aside_fr) = match (unfit, kind) {
        (false, _) => ("", ""),
        (_, components::Kind::Code) => ("; not a license made for code", " ; pas une licence faite pour du code"),
        (_, components::Kind::Data) => ("; not a license made for data", " ; pas une licence faite pour des données"),
        (_, components::Kind::Document) => {
            ("; not a license made for documents", " ; pas une licence faite pour des documents")
        }
    };
    let good = says(format!("{written}{over_en}{aside_en}"), format!("{written}{over_fr}{aside_fr}"));
    Answer::met(good).by(there.strength).at(places)
}
