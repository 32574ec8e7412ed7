//! Whether a letter is borne out by what the record itself says: the license it counts, the data it speaks of, its links.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::{Case, shortened};
use crate::collect::matches;
use crate::evidence::{Flaw, FlawKind, excerpt_of};
use crate::lists::judgement::Use;
use crate::lists::licenses::{License, Standing};
use crate::lists::mentions::licenses_in;
use crate::lists::{families, pattern};
use crate::parse::eu_index::{Grade, Parameter};
use crate::parse::pages::{Page, is_address, page};

/// What notes say of data.
static DATA: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"\b(data|datasets?|corpus|corpora)\b"));

/// The part of notes after "Data:".
static AFTER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(r"\b(?:training )?(?:data|datasets?)\s*:\s*(.+?)\s*(?:[.;]\s+(?:code|weights|models?)\s*:|$)")
});

/// The two parameters on data.
const SETS: [&str; 2] = ["datasources_basemodel", "datasources_endmodel"];

pub(super) fn flaws(case: &Case<'_>) -> Vec<Flaw> {
    let mut out = Vec::new();
    if let Some(licenses) = case.favourable("licenses") {
        out.extend(restricted(case, licenses).or_else(|| unknown(case, licenses)));
        out.extend(noted(case, licenses));
        out.extend(alone(case, licenses));
        out.extend(untold(case, licenses));
    }
    for parameter in &case.system.parameters {
        out.extend(unlinked(case, parameter));
        out.extend(described(case, parameter));
    }
    out
}

/// Whether the letter can stand though the weights' license does not count: `partial` asks for two of weights, code, data.
fn stands_without_weights(case: &Case<'_>, licenses: &Parameter) -> bool {
    let data = SETS.iter().any(|id| case.favourable(id).is_some());
    licenses.grade == Grade::Partial && data && case.favourable("trainingcode").is_some()
}

/// The first kinds of use that licenses bar, in English and French.
fn barred<'l>(licenses: impl IntoIterator<Item = &'l License>) -> (String, String) {
    let kinds: BTreeSet<_> = licenses.into_iter().flat_map(|l| l.bars.iter().map(|b| b.kind)).collect();
    let texts: Vec<_> = kinds.into_iter().take(2).map(|k| k.text()).collect();
    let list = |of: Vec<String>| of.join(", ");
    (list(texts.iter().map(|t| t.en.clone()).collect()), list(texts.into_iter().map(|t| t.fr).collect()))
}

/// The flaw of a license that bars uses.
fn as_open(case: &Case<'_>, licenses: &Parameter, name: &str, line: usize, (en, fr): (String, String)) -> Flaw {
    let (letter, name) = (licenses.grade.word(), excerpt_of(name));
    case.sheet.flaw(
        FlawKind::RestrictedAsOpen,
        line,
        format!("`licenses` is `{letter}`, yet `{name}` bars uses: {en}"),
        format!("`licenses` vaut `{letter}`, mais `{name}` interdit des usages : {fr}"),
    )
}

/// A license that bars uses, counted in the letter's favour: the field's, that of the notes, or the family's own.
fn restricted(case: &Case<'_>, licenses: &Parameter) -> Option<Flaw> {
    if stands_without_weights(case, licenses) {
        return None;
    }
    let told = case.license.iter().chain(&case.stated).find(|(_, j)| j.use_ == Use::Barred);
    if let Some((field, judgement)) = told {
        let bars = barred(judgement.licenses.iter().map(AsRef::as_ref));
        return Some(as_open(case, licenses, &field.text, field.line, bars));
    }
    let (field, judgement) = case.license.as_ref()?;
    let text = shortened(&field.text);
    if judgement.use_ == Use::Unknown && !text.to_lowercase().contains(" or ") {
        // One of several asked for together is enough, whatever the others are.
        let license = licenses_in(text).into_iter().find(License::restricts)?;
        return Some(as_open(case, licenses, &license.name, field.line, barred([&license])));
    }
    let family = families::license_of(&case.end.text).filter(|_| judgement.use_ == Use::Free)?;
    let (letter, name, told) = (licenses.grade.word(), excerpt_of(&case.end.text), excerpt_of(&field.text));
    let license = &family.name;
    Some(case.sheet.flaw(
        FlawKind::RestrictedAsOpen,
        field.line,
        format!("`licenses` is `{letter}` for `{told}`, yet the family of `{name}` is known to stand under {license}"),
        format!("`licenses` vaut `{letter}` pour `{told}`, mais la famille de `{name}` est connue sous {license}"),
    ))
}

/// A license that bars uses in the notes on the weights, where the field names none that does.
fn noted(case: &Case<'_>, licenses: &Parameter) -> Option<Flaw> {
    if case.license.as_ref().is_some_and(|(_, j)| j.use_ == Use::Barred) || stands_without_weights(case, licenses) {
        return None;
    }
    let own = ["weights_endmodel", "weights_basemodel"].into_iter().take(if case.base.is_none() { 2 } else { 1 });
    let notes = own.filter_map(|id| case.system.parameter(id)?.notes.as_ref());
    let mut found = notes.filter_map(|n| licenses_in(&n.text).into_iter().find(License::restricts).map(|l| (n, l)));
    let (notes, license) = found.next()?;
    Some(as_open(case, licenses, &license.name, notes.line, barred([&license])))
}

/// A license that nobody knows, counted in the letter's favour.
fn unknown(case: &Case<'_>, licenses: &Parameter) -> Option<Flaw> {
    let letter = licenses.grade.word();
    let (line, en, fr) = match &case.license {
        _ if stands_without_weights(case, licenses) => return None,
        None => {
            (licenses.line, "the record names no license".to_owned(), "la notice ne nomme aucune licence".to_owned())
        }
        Some((_, judgement)) if judgement.use_ != Use::Unknown => return None,
        Some((field, judgement)) => {
            let told = excerpt_of(&field.text);
            let names =
                judgement.licenses.iter().any(|l| l.standing != Standing::None) || !judgement.strange.is_empty();
            match names {
                true => (
                    field.line,
                    format!("nobody here knows what `{told}` allows"),
                    format!("personne ici ne sait ce que permet `{told}`"),
                ),
                false => (
                    field.line,
                    format!("`{told}` stands for no license"),
                    format!("`{told}` ne désigne aucune licence"),
                ),
            }
        }
    };
    Some(case.sheet.flaw(
        FlawKind::UnknownAsOpen,
        line,
        format!("`licenses` is `{letter}`, yet {en}"),
        format!("`licenses` vaut `{letter}`, mais {fr}"),
    ))
}

/// Neither code nor data is there to license.
fn alone(case: &Case<'_>, licenses: &Parameter) -> Option<Flaw> {
    let others = SETS.into_iter().chain(["trainingcode"]);
    let free = case.license.as_ref().is_some_and(|(_, j)| j.use_ == Use::Free);
    // A partial letter over a license that does not count is told as that.
    if others.into_iter().any(|id| case.favourable(id).is_some()) || (licenses.grade == Grade::Partial && !free) {
        return None;
    }
    let letter = licenses.grade.word();
    let (en, fr) = match licenses.grade {
        Grade::Open => ("asks for all three", "ce qui demande les trois"),
        _ => ("asks for two of the three", "ce qui en demande deux sur trois"),
    };
    Some(case.sheet.flaw(
        FlawKind::WeightsAlone,
        licenses.line,
        format!("training code and data are closed, so the weights alone are licensed; `licenses` is `{letter}`, which {en}"),
        format!("code d'entraînement et données sont fermés : seuls les poids ont une licence ; `licenses` vaut `{letter}`, {fr}"),
    ))
}

/// Data is there, and no words on it name a license.
fn untold(case: &Case<'_>, licenses: &Parameter) -> Option<Flaw> {
    let sets: Vec<&Parameter> = SETS.iter().filter_map(|id| case.favourable(id)).collect();
    let first = sets.first()?;
    let notes = |p: &Parameter| p.notes.as_ref().map(|n| n.text.clone()).unwrap_or_default();
    let said = sets.iter().any(|p| !licenses_in(&notes(p)).is_empty());
    if said || names_license_of_data(&notes(licenses)) {
        return None;
    }
    let (letter, grade, id) = (licenses.grade.word(), first.grade.word(), first.id);
    Some(case.sheet.flaw(
        FlawKind::DataLicenseUntold,
        licenses.notes.as_ref().map_or(licenses.line, |n| n.line),
        format!("`licenses` is `{letter}` and `{id}` is `{grade}`, yet no note names a license of the data"),
        format!(
            "`licenses` vaut `{letter}` et `{id}` vaut `{grade}`, mais aucune note ne nomme la licence des données"
        ),
    ))
}

/// Whether notes on licenses name one for data: after "Data:", or in the same clause.
fn names_license_of_data(notes: &str) -> bool {
    let notes: String = notes.chars().take(4000).collect();
    if let Some(after) = AFTER.as_ref().and_then(|p| p.captures(&notes)).and_then(|c| c.get(1)) {
        return !licenses_in(after.as_str()).is_empty();
    }
    let clauses = notes.split([',', ';']).flat_map(|c| c.split(". ")).flat_map(|c| c.split(" but "));
    clauses.into_iter().any(|c| matches(&DATA, c) && !licenses_in(c).is_empty())
}

/// A favourable letter without a link, and links that are none.
fn unlinked(case: &Case<'_>, parameter: &Parameter) -> Vec<Flaw> {
    let id = parameter.id;
    if parameter.grade.is_favourable() && parameter.links.is_empty() {
        let letter = parameter.grade.word();
        return vec![case.sheet.flaw(
            FlawKind::MissingLink,
            parameter.line,
            format!("`{id}` is `{letter}`, and no link shows why"),
            format!("`{id}` vaut `{letter}`, et aucun lien ne montre pourquoi"),
        )];
    }
    let odd = parameter.links.iter().filter(|l| !is_address(&l.text));
    odd.map(|link| {
        let told = excerpt_of(shortened(&link.text));
        case.sheet.flaw(
            FlawKind::MisplacedLink,
            link.line,
            format!("`{told}` stands as a link of `{id}` and is no address of the web"),
            format!("`{told}` est donné comme lien de `{id}` et n'est pas une adresse du web"),
        )
    })
    .collect()
}

/// Papers and reports alone, where the data is said to be open.
fn described(case: &Case<'_>, parameter: &Parameter) -> Option<Flaw> {
    let speaks = |url: &str| matches!(page(url), Page::Paper | Page::Post | Page::License);
    let only = !parameter.links.is_empty() && parameter.links.iter().all(|l| speaks(&l.text));
    let counts = SETS.contains(&parameter.id) && parameter.grade == Grade::Open && only;
    let (id, link) = (parameter.id, parameter.links.first().filter(|_| counts)?);
    Some(case.sheet.flaw(
        FlawKind::DescriptionAsData,
        link.line,
        format!("`{id}` is `open`, and its links lead to papers, reports or articles alone: they describe data"),
        format!(
            "`{id}` vaut `open`, et ses liens ne mènent qu'à des articles ou des rapports : ils décrivent des données"
        ),
    ))
}
