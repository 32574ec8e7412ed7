//! How the license field is written, and whether it is the license of this model: its version, its parent, its notes.

use std::sync::LazyLock;

use regex::Regex;

use super::{Case, named_after, shortened};
use crate::collect::matches;
use crate::evidence::{Flaw, FlawKind, excerpt_of};
use crate::lists::judgement::{self, Judgement, Use};
use crate::lists::licenses::{self, Spelling, Standing};
use crate::lists::{families, mentions, pattern};
use crate::parse::eu_index::Field;
use crate::parse::pages::{Page, page};

/// What stands after "Weights:" in the notes.
static AFTER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"\b(?:weights|models?)\s*:\s*(.+?)\s*(?:[.;]\s+(?:code|data|datasets?|training code|weights|models?)\s*:|\.?\s*$)",
    )
});

/// How notes come to a license's name: "Model released under", "weights as".
static BEFORE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"^(?:the )?(?:models?|(?:model )?weights|(?:code and (?:model )?weights)|(?:weights and code))\b(?: \w+){0,3} (?:under|as|through|with) (?:the )?",
    )
});

/// Words of remarks: no license is called so.
static REMARK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"\?|\b(unknown|unclear|undisclosed|not|no|none|n/?a|tbd|ambiguous|various|varies|multiple|several|mixed|depends|different|see|custom|bespoke|other|partly|partially|except|maybe|probably|per)\b|^(non-?commercial|research|proprietary|commercial|open|free|permissive|restricted)( use)?( only)?( licen[sc]e)?$",
    )
});

/// Joints between several names.
static JOINT: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r" and | or | with |[,;/&+|(]"));

/// The license that notes on `licenses` give the weights: after "Weights:", or at their start.
pub(super) fn stated(notes: &Field) -> Option<Field> {
    let text = shortened(&notes.text);
    let after = AFTER.as_ref()?.captures(text).and_then(|c| c.get(1)).map(|m| m.as_str());
    let name = after.map(str::to_owned).or_else(|| {
        // Notes that speak of data or code first give the weights nothing.
        let head = text.split([',', ';', '(']).next()?.split(". ").next()?.trim().trim_end_matches('.');
        Some(BEFORE.as_ref()?.replace(head, "").into_owned())
    })?;
    let name = name.split(" (").next().unwrap_or_default().trim().trim_end_matches(" only");
    let judgement = judgement::judge(&judgement::expression(name)?);
    // "Custom license" names none.
    (mentions::is_like(name) && names_some(&judgement)).then(|| Field { text: name.to_owned(), line: notes.line })
}

pub(super) fn flaws(case: &Case<'_>) -> Vec<Flaw> {
    let mut out = Vec::new();
    out.extend(written(case));
    out.extend(conflict(case));
    out.extend(stale(case));
    out.extend(parent(case));
    out
}

/// How the license field is spelt.
fn written(case: &Case<'_>) -> Option<Flaw> {
    let (field, judgement) = case.license.as_ref()?;
    let text = shortened(&field.text);
    let told = excerpt_of(text);
    let flaw = |kind, en, fr| Some(case.sheet.flaw(kind, field.line, en, fr));
    let near = match licenses::spelling(text) {
        Spelling::Valid => return None,
        Spelling::Deprecated(what) => {
            return flaw(
                FlawKind::LicenseSpelling,
                format!("`{told}` holds a deprecated id: {what}"),
                format!("`{told}` contient un identifiant périmé : {what}"),
            );
        }
        Spelling::Invalid(near) => near,
    };
    if let Some(license) = licenses::find(text).filter(|l| l.standing != Standing::None) {
        let id = license.spdx_id();
        return match (license.standing, spdx::license_id(id)) {
            (Standing::Family, _) => flaw(
                FlawKind::LicenseUnknown,
                format!("`{told}` is a family of licenses, not one: name its version"),
                format!("`{told}` est une famille de licences, pas une licence : nommez la version"),
            ),
            (_, Some(_)) => flaw(
                FlawKind::LicenseSpelling,
                format!("`{told}` is `{id}` on the SPDX list"),
                format!("`{told}` s'écrit `{id}` dans la liste SPDX"),
            ),
            // The name of a license that SPDX has no id for.
            (_, None) => None,
        };
    }
    if let Some(expression) = judgement::expression(text).filter(|_| names_some(judgement)) {
        return flaw(
            FlawKind::LicenseProse,
            format!("`{told}` is a list in words: as an expression it would be `{expression}`"),
            format!("`{told}` est une énumération en toutes lettres : l'expression serait `{expression}`"),
        );
    }
    if licenses::find(text).is_some()
        || matches(&REMARK, text)
        || matches(&JOINT, text)
        || text.split_whitespace().count() > 9
    {
        return flaw(
            FlawKind::LicenseProse,
            format!("`{told}` is a remark or a list, not the name of one license"),
            format!("`{told}` est une remarque ou une énumération, pas le nom d'une licence"),
        );
    }
    let (hint_en, hint_fr) = match near.first() {
        Some(id) => (format!("; did you mean `{id}`?"), format!(" ; vouliez-vous dire `{id}` ?")),
        None => Default::default(),
    };
    flaw(
        FlawKind::LicenseUnknown,
        format!("nobody here knows a license called `{told}`{hint_en}"),
        format!("personne ici ne connaît de licence appelée `{told}`{hint_fr}"),
    )
}

/// Whether all that was found in a text is licenses.
fn names_some(judgement: &Judgement) -> bool {
    judgement.strange.is_empty() && judgement.licenses.iter().all(|l| l.standing != Standing::None)
}

/// The field and the notes name different licenses.
fn conflict(case: &Case<'_>) -> Option<Flaw> {
    let ((field, _), (stated, _)) = (case.license.as_ref()?, case.stated.as_ref()?);
    case.differs().then(|| {
        let (own, stated_as) = (excerpt_of(&field.text), excerpt_of(&stated.text));
        case.sheet.flaw(
            FlawKind::LicenseConflict,
            stated.line,
            format!("the license field says `{own}`, the notes on `licenses` say `{stated_as}`: the stricter one counts"),
            format!("le champ de licence dit `{own}`, les notes sur `licenses` disent `{stated_as}` : la plus stricte compte"),
        )
    })
}

/// The names under which the parent's family may be known: its own, and that of the page with its weights.
fn parents(case: &Case<'_>) -> Vec<String> {
    let Some(base) = &case.base else { return vec![] };
    let links = case.addresses("weights_basemodel").filter_map(|(url, _)| match page(url) {
        // A page of the end model is no parent.
        Page::Model(id) if named_after(&id, &case.end.text, &base.text).is_none() => Some(id),
        _ => None,
    });
    [base.text.clone()].into_iter().chain(links).collect()
}

/// The license is that of another version of the family than the model is.
fn stale(case: &Case<'_>) -> Option<Flaw> {
    let (field, judgement) = case.license.as_ref()?;
    let mut names = parents(case);
    names.extend([case.end.text.clone(), case.system.name.text.clone()]);
    let of = |name: &String| {
        families::license_of(name).filter(|l| l.standing != Standing::Family).map(|l| (name.clone(), l))
    };
    let families: Vec<_> = names.iter().filter_map(of).collect();
    let own = judgement.licenses.iter().find(|l| families.iter().any(|(_, f)| families::are_versions(l, f)))?;
    if families.iter().any(|(_, f)| f.id == own.id) {
        return None;
    }
    let (name, right) = families.iter().find(|(_, f)| families::are_versions(own, f))?;
    let (name, own, right) = (excerpt_of(name), &own.name, &right.name);
    Some(case.sheet.flaw(
        FlawKind::StaleLicense,
        field.line,
        format!("`{name}` stands under {right}, not under {own}, which is that of another version"),
        format!("`{name}` est sous {right}, pas sous {own}, qui est celle d'une autre version"),
    ))
}

/// The owner of a model on the hub.
fn owners(case: &Case<'_>, id: &str) -> Vec<String> {
    let owner = |url: &str| match page(url) {
        Page::Model(id) => id.split_once('/').map(|(owner, _)| owner.to_lowercase()),
        _ => None,
    };
    case.addresses(id).filter_map(|(url, _)| owner(url)).collect()
}

/// A free license over a parent whose terms follow its weights. Those who hold both may give the newer one out freely.
fn parent(case: &Case<'_>) -> Option<Flaw> {
    let (field, judgement) = case.license.as_ref()?;
    let letter = case.favourable("licenses")?;
    if judgement.use_ != Use::Free || !letter.grade.is_favourable() {
        return None;
    }
    let (theirs, own) = (owners(case, "weights_basemodel"), owners(case, "weights_endmodel"));
    let one_holder = theirs.iter().any(|o| own.contains(o));
    let named = parents(case).into_iter().find_map(|name| families::license_of(&name).map(|l| (name, l)));
    let (name, license) = named.filter(|_| !one_holder)?;
    let (name, license, told) = (excerpt_of(&name), &license.name, excerpt_of(&field.text));
    Some(case.sheet.flaw(
        FlawKind::ParentLicense,
        field.line,
        format!("the parent `{name}` stands under {license}, whose terms follow its weights; `{told}` leaves them out"),
        format!("le parent `{name}` est sous {license}, dont les conditions suivent ses poids ; `{told}` les passe sous silence"),
    ))
}
