//! The codes of the Data Use Ontology (GA4GH, `obofoundry.org/ontology/duo`) that records of datasets write, and what each comes
//! to. A code that is not in this table leaves it open.

use super::licenses::Restriction;

/// What a code comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// It bars no use.
    Free,
    /// It bars uses.
    Bars(Restriction),
    /// It asks for something that may bar a use, or is not known.
    Unclear,
}

/// What the first code in a text comes to: `DUO:0000046`, or the end of its address, `DUO_0000046`. None where no code stands.
pub fn find(text: &str) -> Option<Consent> {
    let low = text.to_ascii_lowercase();
    let (_, rest) = low.split_once("duo:").or_else(|| low.split_once("duo_"))?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    if digits.len() != 7 {
        return None;
    }
    Some(match digits.parse::<u32>().unwrap_or_default() {
        // No restriction.
        4 => Consent::Free,
        // Research of one kind, on one disease, with one aim, or no research on methods or populations.
        6 | 7 | 11 | 12 | 15 | 16 | 44 => Consent::Bars(Restriction::FieldOfUse),
        // General research, clinical care.
        42 | 43 => Consent::Bars(Restriction::ResearchOnly),
        // Not for profit, non-commercial, or both.
        18 | 45 | 46 => Consent::Bars(Restriction::NonCommercial),
        // Collaboration, approval by a board, one user, project or institution.
        20 | 21 | 26 | 27 | 28 => Consent::Bars(Restriction::Permission),
        22 => Consent::Bars(Restriction::Geography),
        // Results to be published or given back, a moratorium, a limit in time: 19, 24, 25, 29.
        _ => Consent::Unclear,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_in_their_spellings() {
        assert_eq!(find("DUO:0000004"), Some(Consent::Free));
        for code in ["duo:0000046", "http://purl.obolibrary.org/obo/DUO_0000018"] {
            assert_eq!(find(code), Some(Consent::Bars(Restriction::NonCommercial)), "{code}");
        }
        assert_eq!(find("DUO:0009999"), Some(Consent::Unclear));
        assert_eq!((find("duo: both"), find("CC0-1.0"), find("DUO:4")), (None, None, None));
    }
}
