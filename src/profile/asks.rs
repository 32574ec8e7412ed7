//! What a rule asks, as a profile writes it: one check, several of which all or any must hold, or a ladder of grades.
//! Parameters are typed and few; there is no language of expressions.

use std::collections::BTreeMap;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::check::component::{self, Open};
use crate::check::{Check, license, record, summary};
use crate::evidence::{FlawKind, Part};
use crate::finding::Text;
use crate::lists::licenses::{Body, Restriction};
use crate::lists::openness::Openness;

/// Tests inside tests.
const DEEPEST: usize = 4;

/// What a rule asks.
#[derive(Clone, Debug)]
pub enum Asks {
    /// A test, met or not.
    Test(Test),
    /// The best of several grades that holds.
    Grades(Vec<Grade>),
}

/// A test of the evidence.
#[derive(Clone, Debug)]
pub enum Test {
    /// The check holds.
    Holds(Check),
    /// The check holds at least for so many of those it counts.
    Least(Check, u32),
    /// All of them hold.
    All(Vec<Test>),
    /// One of them holds.
    Any(Vec<Test>),
}

impl Asks {
    /// Whether a check is among what it asks.
    pub fn names(&self, check: &Check) -> bool {
        match self {
            Asks::Test(test) => test.names(check),
            Asks::Grades(grades) => grades.iter().filter_map(|g| g.when.as_ref()).any(|test| test.names(check)),
        }
    }
}

impl Test {
    fn names(&self, check: &Check) -> bool {
        match self {
            Test::Holds(own) | Test::Least(own, _) => own == check,
            Test::All(tests) | Test::Any(tests) => tests.iter().any(|test| test.names(check)),
        }
    }
}

/// A rung of a ladder of grades.
#[derive(Clone, Debug)]
pub struct Grade {
    /// Its id, which is also the letter that a record of the framework gives.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// What it is worth, 0 to 1.
    pub value: f64,
    /// When it is reached; the last has no condition.
    pub when: Option<Test>,
}

/// Licenses that count as open, as a profile writes them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListEntry {
    #[serde(default)]
    bodies: Vec<Body>,
    #[serde(default)]
    ids: Vec<String>,
    /// Lists of the same profile that it takes in.
    #[serde(default)]
    lists: Vec<String>,
    #[serde(default)]
    unlicensed: bool,
}

/// A test as written: the name of a check, or a table.
#[derive(Clone, Debug)]
pub(super) struct TestEntry(Box<TestTable>);

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct TestTable {
    ask: Option<String>,
    component: Option<Part>,
    under: Option<String>,
    fitting: Option<String>,
    kinds: Option<Vec<Restriction>>,
    flaws: Option<Vec<FlawKind>>,
    field: Option<String>,
    at_least: Option<u32>,
    all: Option<Vec<TestEntry>>,
    any: Option<Vec<TestEntry>>,
}

impl<'de> Deserialize<'de> for TestEntry {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<TestEntry, D::Error> {
        struct Entry;
        impl<'de> Visitor<'de> for Entry {
            type Value = TestEntry;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("the name of a check, or a table with `ask`, `all` or `any`")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<TestEntry, E> {
                Ok(TestEntry(Box::new(TestTable { ask: Some(text.to_owned()), ..TestTable::default() })))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<TestEntry, A::Error> {
                TestTable::deserialize(MapAccessDeserializer::new(map)).map(|table| TestEntry(Box::new(table)))
            }
        }
        d.deserialize_any(Entry)
    }
}

/// A grade as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GradeEntry {
    id: String,
    title: Text,
    value: f64,
    when: Option<TestEntry>,
}

/// The lists of a profile, each with those it takes in.
pub(super) fn lists(written: &BTreeMap<String, ListEntry>) -> Result<BTreeMap<String, Openness>, String> {
    let mut out = BTreeMap::new();
    for (name, entry) in written {
        let mut list = Openness { bodies: entry.bodies.clone(), ids: entry.ids.clone(), unlicensed: entry.unlicensed };
        for other in &entry.lists {
            let Some(found) = written.get(other).filter(|o| o.lists.is_empty()) else {
                return Err(format!("the list `{name}` takes in `{other}`, which is no list of ids and bodies here"));
            };
            list.bodies.extend(&found.bodies);
            list.ids.extend(found.ids.iter().cloned());
            list.unlicensed |= found.unlicensed;
        }
        out.insert(name.clone(), list);
    }
    Ok(out)
}

impl TestEntry {
    /// The test that it stands for.
    pub(super) fn resolve(&self, lists: &BTreeMap<String, Openness>) -> Result<Test, String> {
        self.below(lists, 0)
    }

    fn below(&self, lists: &BTreeMap<String, Openness>, depth: usize) -> Result<Test, String> {
        let table = &*self.0;
        if depth > DEEPEST {
            return Err(format!("tests are nested more than {DEEPEST} deep"));
        }
        let each = |tests: &[TestEntry]| match tests {
            [] => Err("`all` and `any` need at least one test".to_owned()),
            some => some.iter().map(|t| t.below(lists, depth + 1)).collect::<Result<Vec<_>, _>>(),
        };
        match (&table.ask, &table.all, &table.any) {
            (Some(_), None, None) if table.at_least == Some(0) => {
                Err("`at-least` asks for one at least: none is always there".into())
            }
            (Some(name), None, None) => {
                let check = table.check(name, lists)?;
                Ok(table.at_least.map_or(Test::Holds(check.clone()), |n| Test::Least(check, n)))
            }
            (None, Some(tests), None) if table.is_bare() => Ok(Test::All(each(tests)?)),
            (None, None, Some(tests)) if table.is_bare() => Ok(Test::Any(each(tests)?)),
            _ => Err("a test has one of `ask`, `all` and `any`, and parameters only beside `ask`".into()),
        }
    }
}

impl TestTable {
    /// Whether it has no parameter.
    fn is_bare(&self) -> bool {
        self.component.is_none()
            && self.under.is_none()
            && self.fitting.is_none()
            && self.kinds.is_none()
            && self.flaws.is_none()
            && self.field.is_none()
            && self.at_least.is_none()
    }

    /// The check of a name, with its parameters; one that it does not take is refused.
    fn check(&self, name: &str, lists: &BTreeMap<String, Openness>) -> Result<Check, String> {
        let list = |name: &String| {
            let found = lists.get(name).cloned();
            found.ok_or_else(|| format!("no list is called `{name}`; write it as `[list.{name}]`"))
        };
        let need = |what: &str| format!("the check `{name}` needs `{what}`");
        let mut left = TestTable { ask: None, at_least: None, ..self.clone() };
        let check = match name {
            "component.there" | "component.of-bases" | "component.open" => {
                let part = left.component.take().ok_or_else(|| need("component"))?;
                Check::Component(match name {
                    "component.there" => component::Question::There(part),
                    "component.of-bases" => component::Question::OfBases(part),
                    _ => {
                        let under = list(&left.under.take().ok_or_else(|| need("under"))?)?;
                        let fitting = left.fitting.take().map(|name| list(&name)).transpose()?;
                        component::Question::Open(Open { part, under, fitting })
                    }
                })
            }
            "license.free-of" => {
                let kinds = left.kinds.take().ok_or_else(|| need("kinds"))?;
                Check::License(license::Question::FreeOf(kinds))
            }
            "license.no-gate" => Check::License(license::Question::NoGate),
            "license.bases-ungated" => Check::License(license::Question::BasesUngated),
            "record.free-of" => {
                let flaws = left.flaws.take().ok_or_else(|| need("flaws"))?;
                Check::Record(record::Question::FreeOf(flaws))
            }
            "summary.present" => Check::Summary(summary::Question::Present),
            "summary.field" => {
                let field = left.field.take().ok_or_else(|| need("field"))?;
                let known = crate::lists::summary::fields().iter().map(|f| f.id.as_str());
                if !known.clone().any(|id| id == field) {
                    let known: Vec<&str> = known.collect();
                    return Err(format!("no field is called `{field}`; known are {}", known.join(", ")));
                }
                Check::Summary(summary::Question::Field(field))
            }
            "person" => Check::Person,
            plain => plain.parse()?,
        };
        if left.is_bare() { Ok(check) } else { Err(format!("the check `{name}` takes no such parameter")) }
    }
}

/// The grades of a rule, best first.
pub(super) fn grades(written: &[GradeEntry], lists: &BTreeMap<String, Openness>) -> Result<Vec<Grade>, String> {
    let mut out: Vec<Grade> = Vec::new();
    for entry in written {
        if !(0.0..=1.0).contains(&entry.value) {
            return Err(format!("the grade `{}` must be worth 0 to 1", entry.id));
        }
        if out.last().is_some_and(|above| above.value <= entry.value) {
            return Err(format!("the grade `{}` must be worth less than the one above it", entry.id));
        }
        if out.iter().any(|g| g.id == entry.id) {
            return Err(format!("the grade `{}` stands twice", entry.id));
        }
        let when = entry.when.as_ref().map(|t| t.resolve(lists)).transpose()?;
        out.push(Grade { id: entry.id.clone(), title: entry.title.clone(), value: entry.value, when });
    }
    let ends_open = out.last().is_some_and(|last| last.when.is_none() && last.value == 0.0);
    let only_last = out.iter().rev().skip(1).all(|g| g.when.is_some());
    if out.len() < 2 || !ends_open || !only_last || out.first().is_none_or(|g| g.value < 1.0) {
        return Err("grades go from one worth 1 down to one worth 0, which alone has no `when`".into());
    }
    Ok(out)
}
