//! Licenses of the SPDX list that `rules/licenses.toml` has no row for, as they were read: `rules/spdx.tsv`.
//! Every id of the list is in one of the two, which a test holds.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{Body, Duty, Kind, License, Standing, key};
use crate::finding::Text;

/// The embedded table.
const TABLE: &str = include_str!("../../../rules/spdx.tsv");

/// A row: what a license is made for, how far it was read, what it asks, who lists it, and why.
struct Row {
    kind: Kind,
    standing: Standing,
    duties: Vec<Duty>,
    open_definition: bool,
    reason: Text,
}

static ROWS: LazyLock<HashMap<&'static str, Row>> = LazyLock::new(|| TABLE.lines().filter_map(row).collect());

/// A row of the table; `None` for a comment, or a row that the test below would find.
fn row(line: &'static str) -> Option<(&'static str, Row)> {
    let cells: Vec<&str> = line.split('\t').collect();
    let [id, kind, standing, duties, approved, en, fr] = *cells.as_slice() else { return None };
    let word = |w: &str| serde_json::Value::String(w.to_owned());
    let duties = duties.split(',').filter(|d| *d != "-").map(|d| serde_json::from_value(word(d)).ok());
    let row = Row {
        kind: serde_json::from_value(word(kind)).ok()?,
        standing: serde_json::from_value(word(standing)).ok()?,
        duties: duties.collect::<Option<_>>()?,
        open_definition: approved == "od",
        reason: Text::new(en, fr),
    };
    Some((id, row))
}

/// The SPDX license of a name: its id whatever the case, or the same words as its id or full name.
pub(super) fn id(name: &str, key: &str) -> Option<spdx::LicenseId> {
    spdx_id(name).or_else(|| spdx_by_key(key))
}

/// An SPDX id, whatever its case.
fn spdx_id(name: &str) -> Option<spdx::LicenseId> {
    spdx::license_id(name).or_else(|| {
        let row = spdx::identifiers::LICENSES.iter().find(|l| l.name.eq_ignore_ascii_case(name))?;
        spdx::license_id(row.name)
    })
}

/// An SPDX license whose id or full name has the same words.
fn spdx_by_key(wanted: &str) -> Option<spdx::LicenseId> {
    static NAMES: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
        let mut names = HashMap::new();
        for license in spdx::identifiers::LICENSES {
            names.entry(key(license.name)).or_insert(license.name);
            names.entry(key(license.full_name)).or_insert(license.name);
        }
        names
    });
    NAMES.get(wanted).and_then(|id| spdx::license_id(id))
}

/// A license as the list and the table know it. One that OSI or FSF approved bars no use (OSD 5 and 6, freedom 0), whoever
/// read it.
pub(super) fn license(id: spdx::LicenseId) -> License {
    let row = ROWS.get(id.name);
    let mut approved = Vec::new();
    if id.is_osi_approved() {
        approved.push(Body::Osi);
    }
    if id.is_fsf_free_libre() {
        approved.push(Body::Fsf);
    }
    let standing = if approved.is_empty() { row.map_or(Standing::Unread, |r| r.standing) } else { Standing::Reviewed };
    if row.is_some_and(|r| r.open_definition) {
        approved.push(Body::Od);
    }
    let plain = id.name.trim_end_matches("-only").trim_end_matches("-or-later");
    License {
        id: id.name.to_owned(),
        name: id.full_name.to_owned(),
        spdx: None,
        aliases: Vec::new(),
        kind: row.map_or(Kind::Software, |r| r.kind),
        standing,
        approved,
        duties: row.map(|r| r.duties.clone()).unwrap_or_default(),
        bars: Vec::new(),
        output_terms: false,
        successor: (id.is_deprecated() && spdx::license_id(&format!("{plain}-only")).is_some())
            .then(|| format!("{plain}-only")),
        source: format!("https://spdx.org/licenses/{}.html", id.name),
        reason: row.map(|r| r.reason.clone()),
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::lists::licenses;

    #[test]
    fn every_row_parses_and_every_id_of_the_list_is_judged_once() {
        let rows: Vec<&str> = TABLE.lines().filter(|l| !l.starts_with('#')).collect();
        for line in &rows {
            let (id, row) = row(line).unwrap_or_else(|| panic!("{line}"));
            assert!(spdx::license_id(id).is_some(), "{id} is not on the SPDX list");
            assert!(!row.reason.en.is_empty() && !row.reason.fr.is_empty(), "{id}");
        }
        assert_eq!(rows.len(), ROWS.len());
        for license in spdx::identifiers::LICENSES {
            let listed = ROWS.contains_key(license.name);
            let own = matches!(licenses::find(license.name), Some(Cow::Borrowed(_)));
            assert!(listed != own, "{}: listed {listed}, own row {own}", license.name);
        }
    }

    #[test]
    fn what_a_body_approves_bars_nothing() {
        for license in spdx::identifiers::LICENSES {
            let id = spdx::license_id(license.name).unwrap();
            if id.is_osi_approved() || id.is_fsf_free_libre() {
                assert!(licenses::find(license.name).unwrap().is_free(), "{}", license.name);
            }
        }
    }
}
