//! What a Croissant record says of use: DUO codes, ODRL policies, free words. They are terms of the set that it describes, and of
//! nothing else.

use super::{Doc, term};
use crate::evidence::{Place, Term};
use crate::lists::duo::{self, Consent};
use crate::lists::judgement::{self, Use};
use crate::lists::licenses::{self, Restriction};
use crate::lists::terms::{self, Voice};
use crate::parse::croissant::Record;

/// Texts that are looked at.
const MOST: usize = 200;

/// The terms that a record adds to the license of its set. What cannot be told is a term that asks for a human eye.
pub(super) fn usage_terms(doc: &Doc<Record>) -> Vec<Term> {
    let mut out = Vec::new();
    for text in doc.facts.usage.iter().take(MOST) {
        let words = text.split_once(": ").filter(|(role, _)| ROLES.contains(role));
        match words {
            Some(("permission", _)) => {}
            Some((role, words)) => out.extend(of_policy(role, words, &doc.place("usageInfo", words))),
            None => of_words(text, &doc.place("usageInfo", text), &mut out),
        }
    }
    for (key, text) in doc.facts.rai.iter().filter(|(key, _)| ["dataUseCases", "dataLimitations"].contains(key)) {
        spoken(text, Voice::Prose, &doc.place(key, text), &mut out);
    }
    out.sort_by(|a, b| (&a.place, &a.phrase, !a.certain).cmp(&(&b.place, &b.phrase, !b.certain)));
    out.dedup_by(|a, b| (&a.place, &a.phrase) == (&b.place, &b.phrase));
    out
}

/// What `usageInfo` of a policy is told with; see `parse::croissant`.
const ROLES: [&str; 5] = ["permission", "prohibition", "obligation", "duty", "constraint"];

/// What a policy of ODRL 2.2 forbids, asks or makes use depend on.
fn of_policy(role: &str, words: &str, place: &Place) -> Option<Term> {
    let action = words.rsplit([':', '/', '#']).next().unwrap_or(words).to_lowercase();
    let (phrase, kind, certain) = match role {
        "prohibition" => {
            let known = match action.as_str() {
                "commercialize" | "commercialise" | "commercialuse" | "sell" => Some(Restriction::NonCommercial),
                "derive" | "derivativeworks" | "modify" | "transform" | "translate" => Some(Restriction::NoDerivatives),
                "distribute" | "distribution" | "share" | "sharing" | "reproduce" | "reproduction" | "present" => {
                    Some(Restriction::AcceptableUse)
                }
                "train" | "texttodata" | "textdatamining" | "textanddatamining" | "aggregate" => {
                    Some(Restriction::FieldOfUse)
                }
                _ => None,
            };
            ("odrl-prohibition", known.unwrap_or(Restriction::AcceptableUse), known.is_some())
        }
        "constraint" => ("odrl-constraint", Restriction::FieldOfUse, false),
        // To name the authors and keep the notices bars no use.
        _ if ["attribution", "attribute", "notice", "sharealike", "inform"].contains(&action.as_str()) => return None,
        _ => ("odrl-duty", Restriction::Permission, false),
    };
    Some(term(phrase, kind, certain, place.clone()))
}

/// A code, a license, an address or a sentence.
fn of_words(text: &str, place: &Place, out: &mut Vec<Term>) {
    if let Some(consent) = duo::find(text) {
        match consent {
            Consent::Free => {}
            Consent::Bars(kind) => out.push(term("duo", kind, true, place.clone())),
            Consent::Unclear => out.push(term("duo", Restriction::AcceptableUse, false, place.clone())),
        }
        return;
    }
    if licenses::find(text).is_some() {
        let judged = judgement::judge(text);
        let kind = judged.bars().next().map(|(_, bar)| bar.kind);
        if judged.use_ != Use::Free {
            let kind = kind.unwrap_or(Restriction::AcceptableUse);
            out.push(term("usage-license", kind, judged.use_ == Use::Barred, place.clone()));
        }
        return;
    }
    // A policy that stands elsewhere was not read.
    if !text.contains(char::is_whitespace) && text.contains([':', '/', '#']) {
        out.push(term("usage-reference", Restriction::AcceptableUse, false, place.clone()));
        return;
    }
    spoken(text, Voice::Terms, place, out);
}

fn spoken(text: &str, voice: Voice, place: &Place, out: &mut Vec<Term>) {
    let hits = terms::scan(text, voice);
    out.extend(hits.iter().map(|hit| term(&hit.phrase.id, hit.phrase.kind, hit.phrase.certain, place.clone())));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms_of(usage: &str) -> Vec<(String, bool)> {
        let text = format!("{{\"@type\": \"Dataset\",\n\"usageInfo\": {usage}}}");
        let facts = crate::parse::croissant::read(&text).unwrap();
        let doc = Doc::new("croissant.json".into(), text, facts);
        let found = usage_terms(&doc);
        assert!(found.iter().all(|t| t.place.path == "croissant.json"));
        found.into_iter().map(|t| (t.kind, t.certain)).collect()
    }

    #[test]
    fn codes_policies_and_words() {
        let one = |kind: &str, certain| vec![(kind.to_owned(), certain)];
        for (usage, wanted) in [
            ("\"DUO:0000046\"", one("non-commercial", true)),
            ("\"DUO:0000004\"", vec![]),
            ("{\"@id\": \"http://purl.obolibrary.org/obo/DUO_0000019\"}", one("acceptable-use", false)),
            (
                "{\"odrl:prohibition\": {\"odrl:action\": {\"@id\": \"odrl:commercialize\"}}}",
                one("non-commercial", true),
            ),
            ("{\"prohibition\": {\"action\": \"odrl:archive\"}}", one("acceptable-use", false)),
            (
                "{\"permission\": {\"action\": \"use\", \"constraint\": {\"x\": \"research\"}}}",
                one("field-of-use", false),
            ),
            ("{\"permission\": {\"duty\": {\"action\": \"odrl:attribute\"}}}", vec![]),
            ("\"https://creativecommons.org/licenses/by-nc/4.0/\"", one("non-commercial", true)),
            ("\"https://creativecommons.org/licenses/by/4.0/\"", vec![]),
            ("\"https://example.org/policy\"", one("acceptable-use", false)),
            ("\"Anyone may use it for anything.\"", vec![]),
        ] {
            assert_eq!(terms_of(usage), wanted, "{usage}");
        }
        assert!(terms_of("\"For non-commercial use only.\"").contains(&("non-commercial".into(), true)));
    }
}
