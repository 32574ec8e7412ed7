//! Lists of licenses that count as open, as a profile writes them: by the bodies that approve, and by id.

use super::licenses::Body;

/// Licenses that count as open to a framework.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Openness {
    /// Bodies whose approval counts, as the SPDX list tells it: OSI, FSF.
    pub bodies: Vec<Body>,
    /// Ids that count besides.
    pub ids: Vec<String>,
    /// Whether the explicit word that there is no license counts too.
    pub unlicensed: bool,
}

impl Openness {
    /// Whether a name is on the list, letter by letter: a name that is spelt otherwise is not.
    pub fn holds(&self, written: &str) -> bool {
        if written == "unlicensed" {
            return self.unlicensed;
        }
        let flagged = spdx::license_id(written).filter(|id| id.name == written).is_some_and(|id| {
            self.bodies.iter().any(|body| match body {
                Body::Osi => id.is_osi_approved(),
                Body::Fsf => id.is_fsf_free_libre(),
                // The SPDX list has no such flag.
                Body::Od => false,
            })
        });
        flagged || self.ids.iter().any(|id| id == written)
    }

    /// Whether an SPDX expression comes to licenses of the list: one side of an OR is enough, AND asks for both, WITH only adds.
    pub fn holds_expression(&self, written: &str) -> bool {
        let text = written.trim();
        if self.holds(text) {
            return true;
        }
        let Ok(parsed) = spdx::Expression::parse_mode(text, spdx::ParseMode::LAX) else { return false };
        parsed.evaluate(|req| match &req.license {
            spdx::LicenseItem::Spdx { id, .. } => self.holds(id.name),
            other => self.holds(&other.to_string()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_held_letter_by_letter() {
        let list = Openness { bodies: vec![Body::Osi, Body::Fsf], ids: vec!["CC-BY-3.0".into()], unlicensed: false };
        for (written, wanted) in [
            ("Apache-2.0", true),
            ("CC-BY-4.0", true),
            ("CC-BY-3.0", true),
            ("apache-2.0", false),
            ("Apache 2.0", false),
            ("CC-BY-2.0", false),
            ("unlicensed", false),
            ("Unlicense", true),
            ("", false),
            ("MIT OR Apache-2.0", false),
        ] {
            assert_eq!(list.holds(written), wanted, "{written}");
        }
        assert!(Openness { unlicensed: true, ..list }.holds("unlicensed"));
    }

    #[test]
    fn an_expression_is_held_by_its_parts() {
        let list = Openness { bodies: vec![Body::Osi], ids: vec![], unlicensed: false };
        for (written, wanted) in [
            ("MIT OR CC-BY-NC-4.0", true),
            ("MIT AND CC-BY-NC-4.0", false),
            ("MIT AND Apache-2.0", true),
            ("GPL-2.0-only WITH Classpath-exception-2.0", true),
            ("LicenseRef-house", false),
            ("((((", false),
            ("", false),
        ] {
            assert_eq!(list.holds_expression(written), wanted, "{written}");
        }
    }
}
