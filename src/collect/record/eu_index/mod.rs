//! A record of the European Open Source AI Index as evidence: what it declares of a model, and what is wrong with the record.
//! A letter `closed` gives no fact, and a link is no more than a link.

mod backing;
mod linking;
mod naming;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

use crate::collect::matches;
use crate::collect::record::Sheet;
use crate::error::Error;
use crate::evidence::{
    self, BaseModel, ClaimSource, CodeRef, CodeTarget, Component, Dataset, Evidence, Flaw, FlawKind, Gap, GapKind,
    Letter, LicenseClaim, NamedIn, Place, Record, Subject, SubjectKind, Topic, excerpt_of,
};
use crate::lists::judgement::{self, Judgement};
use crate::lists::licenses::{self, Standing};
use crate::lists::{frameworks, pattern, words};
use crate::parse::eu_index::{self as form, Field, Parameter, System};
use crate::parse::names::revision_of;
use crate::parse::pages::{Page, is_address, page};

/// Bytes of a license's name that are judged: joints inside of joints cost time.
const LONGEST_NAME: usize = 500;

/// The name of the catalogue.
const CATALOGUE: &str = "eu-index";

/// A record and what is asked of it again and again.
struct Case<'a> {
    sheet: Sheet<'a>,
    system: System,
    /// The base model, where it is another than the end model and has a name.
    base: Option<Field>,
    /// Whether a base is spoken of whose name is not known.
    nameless: Option<usize>,
    /// The name of the end model, or else of the system.
    end: Field,
    /// The license as written, and what it comes to.
    license: Option<(Field, Judgement)>,
    /// The license that the notes on `licenses` give the weights, where they name one.
    stated: Option<(Field, Judgement)>,
}

/// Reads a record of the index; `path` is what it is called.
///
/// # Errors
/// [`Error::Malformed`] with the line, for a text that is no record of the index or only part of one.
pub fn eu_index(path: &Path, text: &str) -> Result<Evidence, Error> {
    let case = Case::new(Sheet::new(path, text), form::read(path, text)?);
    let system = &case.system;
    let mut out = Evidence {
        schema: evidence::SCHEMA,
        subject: Subject {
            locator: excerpt_of(&path.to_string_lossy()),
            kind: SubjectKind::Model,
            name: excerpt_of(&system.name.text),
            ..Subject::default()
        },
        ..Evidence::default()
    };
    case.licenses(&mut out);
    case.bases(&mut out);
    case.datasets(&mut out);
    case.recipe(&mut out);
    let shown = system.links.first().unwrap_or(&system.name);
    out.gaps = vec![Gap::new(Topic::Artifact, &shown.text, GapKind::NotFetched, "")];
    let letter = |p: &Parameter| (p.id.to_owned(), case.letter(p));
    out.record = Some(Record {
        catalogue: CATALOGUE.into(),
        place: case.sheet.whole(),
        lists_components: false,
        foreign: false,
        letters: system.parameters.iter().map(letter).collect(),
        flaws: case.flaws(),
    });
    Ok(out)
}

impl<'a> Case<'a> {
    fn new(sheet: Sheet<'a>, system: System) -> Case<'a> {
        let end = system.end.clone().filter(|f| !is_no_name(&f.text));
        // A record without an end model is about its base model.
        let other = |base: &Field| end.as_ref().is_some_and(|e| !is_same(&base.text, &e.text));
        let base = system.base.clone().filter(other);
        let nameless = system.base.as_ref().filter(|f| is_no_name(&f.text) && end.is_some()).map(|f| f.line);
        let license = system.license.clone().map(|field| judged(&field));
        let stated = system.parameter("licenses").and_then(|p| p.notes.as_ref()).and_then(naming::stated);
        Case {
            base: base.filter(|f| !is_no_name(&f.text)),
            nameless,
            end: end.or_else(|| system.base.clone()).unwrap_or_else(|| system.name.clone()),
            license,
            stated: stated.map(|field| judged(&field)),
            sheet,
            system,
        }
    }

    fn letter(&self, parameter: &Parameter) -> Letter {
        Letter {
            grade: parameter.grade.word().into(),
            links: parameter.links.iter().map(|l| excerpt_of(&l.text)).collect(),
            notes: parameter.notes.as_ref().map(|n| excerpt_of(&n.text)),
            place: self.sheet.place(parameter.line),
        }
    }

    /// A parameter whose letter is open or partial.
    fn favourable(&self, id: &str) -> Option<&Parameter> {
        self.system.parameter(id).filter(|p| p.grade.is_favourable())
    }

    /// The addresses of a parameter whose letter is open or partial, each with its place.
    fn addresses(&self, id: &str) -> impl Iterator<Item = (&str, Place)> {
        let links = self.favourable(id).into_iter().flat_map(|p| &p.links).filter(|l| is_address(&l.text));
        links.map(|l| (l.text.as_str(), Place { url: Some(l.text.clone()), ..self.sheet.place(l.line) }))
    }

    /// The license field, and what the notes give the weights where that is another; the stricter one first, for some
    /// readers take no more than one.
    fn licenses(&self, out: &mut Evidence) {
        let mut told: Vec<_> = self.license.iter().chain(self.stated.iter().filter(|_| self.differs())).collect();
        told.sort_by_key(|(_, judgement)| judgement.use_);
        out.licenses = told
            .into_iter()
            .map(|(field, _)| LicenseClaim {
                component: Component::Weights,
                source: ClaimSource::Record,
                written: excerpt_of(&field.text),
                expression: judgement::expression(shortened(&field.text)),
                text: None,
                place: self.sheet.place(field.line),
            })
            .collect();
    }

    /// Whether the notes name another license than the field does.
    fn differs(&self) -> bool {
        let ids = |j: &Judgement| j.licenses.iter().map(|l| l.spdx_id().to_owned()).collect::<BTreeSet<_>>();
        match (&self.license, &self.stated) {
            (Some((a, own)), Some((b, stated))) => !is_same(&a.text, &b.text) && ids(own) != ids(stated),
            (None, stated) => stated.is_some(),
            (Some(_), None) => false,
        }
    }

    fn bases(&self, out: &mut Evidence) {
        out.bases.hints.extend(self.nameless.map(|line| self.sheet.place(line)));
        let models = |id| {
            self.addresses(id).filter_map(|(url, place)| match page(url) {
                Page::Model(id) => Some((id, place)),
                _ => None,
            })
        };
        let Some(base) = &self.base else {
            // Other weights under the base than under the end are a base that the record does not name.
            let ends: Vec<String> = models("weights_endmodel").map(|(id, _)| id.to_lowercase()).collect();
            let other =
                models("weights_basemodel").find(|(id, _)| !ends.is_empty() && !ends.contains(&id.to_lowercase()));
            out.bases.hints.extend(other.map(|(_, place)| place));
            return;
        };
        let link = models("weights_basemodel").find(|(id, _)| named_after(id, &self.end.text, &base.text).is_none());
        let (id, place) = link.unzip();
        out.bases.models.push(BaseModel {
            id: excerpt_of(id.as_deref().unwrap_or(&base.text)),
            revision: None,
            places: [self.sheet.place(base.line)].into_iter().chain(place).collect(),
            declared: true,
            evidence: None,
            again: false,
        });
    }

    /// The sets that the end model was trained on. A page that only speaks of data names none.
    fn datasets(&self, out: &mut Evidence) {
        let base = if self.base.is_none() && self.nameless.is_none() { Some("datasources_basemodel") } else { None };
        for id in base.into_iter().chain(["datasources_endmodel"]) {
            if let Some(partial) = self.favourable(id).filter(|p| p.grade == form::Grade::Partial) {
                out.data.said_partial.push(self.sheet.place(partial.line));
            }
            for (url, place) in self.addresses(id) {
                let target = match page(url) {
                    Page::Dataset(id) => format!("hub:{id}"),
                    Page::Code(name) if frameworks::is_general(&name) => continue,
                    Page::Code(_) | Page::Data | Page::Other => url.to_owned(),
                    Page::Model(_) | Page::Paper | Page::Post | Page::License => {
                        out.data.vague.push(place);
                        continue;
                    }
                };
                match out.datasets.iter_mut().find(|d| d.target.as_ref() == Some(&target)) {
                    Some(set) => set.places.push(place),
                    None => out.datasets.push(Dataset {
                        name: excerpt_of(target.strip_prefix("hub:").unwrap_or(url)),
                        target: Some(target),
                        places: vec![place],
                        named: vec![NamedIn::Record],
                        ..Dataset::default()
                    }),
                }
            }
        }
    }

    fn recipe(&self, out: &mut Evidence) {
        for (url, place) in self.addresses("trainingcode") {
            if matches!(page(url), Page::Paper | Page::Post | Page::License | Page::Dataset(_) | Page::Data) {
                continue;
            }
            let target = CodeTarget::Url(url.to_owned());
            out.recipe.code.push(CodeRef { target, revision: revision_of(url), place, said: true, repository: None });
        }
        let reports = ["preprint", "paper"].into_iter().flat_map(|id| self.addresses(id));
        out.recipe.reports = reports.map(|(_, place)| place).collect();
    }

    /// Everything that is wrong with the record, by line, each kind once a line.
    fn flaws(&self) -> Vec<Flaw> {
        let mut all: Vec<Flaw> = self.system.odd.iter().map(|odd| self.odd(odd)).collect();
        all.extend(naming::flaws(self));
        all.extend(backing::flaws(self));
        all.extend(linking::flaws(self));
        let mut seen = BTreeSet::new();
        all.retain(|f| seen.insert((f.kind, f.place.line)));
        all.sort_by_key(|f| (f.place.line, f.kind));
        all
    }

    fn odd(&self, odd: &form::OddKey) -> Flaw {
        let key = &odd.key;
        let (en, fr) = match odd.meant {
            Some("endmodellicense") => (
                format!("`{key}` is meant for `endmodellicense`: who goes by the form finds no license in the record"),
                format!("`{key}` est mis pour `endmodellicense` : qui suit le formulaire ne trouve aucune licence"),
            ),
            Some(meant) => (
                format!("`{key}` is meant for `{meant}`, and was read as that"),
                format!("`{key}` est mis pour `{meant}`, et a été lu comme tel"),
            ),
            None => (
                format!("the form has no key `{key}`: it was left out"),
                format!("le formulaire n'a pas de clé `{key}` : elle a été laissée de côté"),
            ),
        };
        self.sheet.flaw(FlawKind::OddKey, odd.line, en, fr)
    }
}

/// A license field and what it comes to.
fn judged(field: &Field) -> (Field, Judgement) {
    let written = shortened(&field.text);
    let judgement = judgement::judge(judgement::expression(written).as_deref().unwrap_or(written));
    (field.clone(), judgement)
}

/// The head of a text that is judged as a license's name.
fn shortened(text: &str) -> &str {
    let end = text.char_indices().map(|(at, _)| at).find(|at| *at > LONGEST_NAME);
    end.and_then(|at| text.get(..at)).unwrap_or(text)
}

/// Whether a text stands where a name belongs and says that there is none: "unknown", "undisclosed".
fn is_no_name(text: &str) -> bool {
    licenses::find(text).is_some_and(|l| l.standing == Standing::None)
}

/// A word of a name that tells a size: 7b, 8x22b, 350m, xxl.
static SIZE: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"^(\d+(\.\d+)?[bm]|\d+x\d+(\.\d+)?b|small|medium|large|xl|xxl)$"));

/// The words of a model's name, its owner left out.
fn parts(name: &str) -> BTreeSet<String> {
    static DECIMAL: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"(\d)_(\d)"));
    let name = name.rsplit('/').next().unwrap_or(name).to_lowercase();
    let name = DECIMAL.as_ref().map_or(name.clone(), |d| d.replace_all(&name, "$1.$2").into_owned());
    let words = name.split(|c: char| !c.is_alphanumeric() && c != '.').map(|w| w.trim_matches('.').to_owned());
    words.filter(|w| !w.is_empty()).take(50).collect()
}

/// The word by which a page on the hub is named like the model `like`, and not like `unlike`.
fn named_after(id: &str, like: &str, unlike: &str) -> Option<String> {
    let (page, like, unlike) = (parts(id), parts(like), parts(unlike));
    let other = unlike.difference(&like).any(|w| page.contains(w));
    // A size tells of the family, and the longest word tells most.
    let own = like.difference(&unlike).filter(|w| page.contains(*w) && !matches(&SIZE, w));
    own.max_by_key(|w| (w.len(), *w)).filter(|_| !other).cloned()
}

/// Whether two names have the same letters.
fn is_same(a: &str, b: &str) -> bool {
    words(a).collect::<String>() == words(b).collect::<String>()
}

#[cfg(test)]
mod tests;
