//! What a license or an SPDX expression of licenses comes to: may anyone use it for anything? It reads names, not files.

use std::borrow::Cow;

use super::licenses::{Bar, Kind, License, find};

/// What an expression of licenses comes to.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// The licenses that decide, as found.
    pub licenses: Vec<Cow<'static, License>>,
    /// Names in it that stand for no known license.
    pub strange: Vec<String>,
    /// Whether it bars a use, bars none, or cannot be told.
    pub use_: Use,
}

/// Whether use is free.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Use {
    /// A use is barred.
    Barred,
    /// Nobody read it.
    Unknown,
    /// No use is barred.
    Free,
}

impl Judgement {
    /// Whether every license that decides is approved by a body or on the reviewed list.
    pub fn recognised(&self) -> bool {
        self.strange.is_empty() && self.licenses.iter().all(|l| !l.approved.is_empty() || is_listed(l))
    }

    /// All restrictions that decide.
    pub fn bars(&self) -> impl Iterator<Item = (&License, &Bar)> {
        self.licenses.iter().flat_map(|l| l.bars.iter().map(move |b| (l.as_ref(), b)))
    }
}

/// Whether a license without a body's approval is on our reviewed list: a public text for data, content or models that
/// the SPDX list holds, read and found to bar nothing. A vendor's own license is not.
fn is_listed(license: &License) -> bool {
    license.is_free() && spdx::license_id(license.spdx_id()).is_some() && license.kind != Kind::Software
}

/// Reads a name or an SPDX expression of ids in any case: OR takes the freest, AND the strictest, WITH adds nothing.
/// A name that stands for no known license is strange, and its use unknown.
pub fn judge(written: &str) -> Judgement {
    if let Some(license) = find(written) {
        return single(license);
    }
    if let Some(plain) = spelt_out(written) {
        return judge(&plain);
    }
    let tokens: Vec<&str> = written.split_whitespace().collect();
    let Some(at) = tokens.iter().rposition(|t| matches!(*t, "OR" | "AND")) else {
        // `WITH` narrows no permission: an exception only adds to it (SPDX 3, annex on expressions).
        if let Some((license, _)) = written.split_once(" WITH ") {
            return judge(license);
        }
        return Judgement { licenses: vec![], strange: vec![written.trim().to_owned()], use_: Use::Unknown };
    };
    match split_expression(written) {
        Some((left, Join::Or, right)) => {
            let (left, right) = (judge(left), judge(right));
            if left.use_ >= right.use_ { left } else { right }
        }
        Some((left, Join::And, right)) => {
            let (mut left, right) = (judge(left), judge(right));
            left.use_ = left.use_.min(right.use_);
            left.licenses.extend(right.licenses);
            left.strange.extend(right.strange);
            left
        }
        None => Judgement {
            licenses: vec![],
            strange: tokens.get(..at).map(|t| t.join(" ")).into_iter().collect(),
            use_: Use::Unknown,
        },
    }
}

/// The SPDX expression of a name or of several in free text ("Apache 2.0 or MIT", "mit, cc-by-4.0"), each id as SPDX
/// spells it where it has one; `None` where a part of it stands for no known license.
pub fn expression(written: &str) -> Option<String> {
    if let Some(license) = find(written) {
        return Some(license.spdx_id().to_owned());
    }
    if let Some(plain) = spelt_out(written) {
        return Some(plain);
    }
    let judged = judge(written);
    (judged.strange.is_empty() && !judged.licenses.is_empty()).then(|| written.trim().to_owned())
}

/// Several names in free text as an expression: "or" is a choice, every other joint asks for all of them. Only where each
/// part is the name of a known license.
fn spelt_out(written: &str) -> Option<String> {
    /// Names that are looked at.
    const MOST: usize = 12;
    if written.contains(" OR ") || written.contains(" AND ") || written.contains(" WITH ") || written.contains("://") {
        return None;
    }
    let low = written.to_lowercase();
    let (joint, separators): (&str, &[&str]) =
        if low.contains(" or ") { (" OR ", &[" or "]) } else { (" AND ", &[" and ", ",", ";", "/", "&", " + ", "|"]) };
    let mut parts = vec![low.as_str()];
    for separator in separators {
        parts = parts.into_iter().flat_map(|p| p.split(separator)).collect();
    }
    let parts: Vec<&str> = parts.into_iter().map(str::trim).filter(|p| !p.is_empty()).collect();
    if parts.len() < 2 || parts.len() > MOST {
        return None;
    }
    let ids = parts.into_iter().map(|p| find(p).map(|l| l.spdx_id().to_owned()));
    Some(ids.collect::<Option<Vec<_>>>()?.join(joint))
}

/// How two halves of an expression are joined.
enum Join {
    Or,
    And,
}

/// The loosest-binding join outside parentheses (OR before AND) and its two sides, outer parentheses removed.
fn split_expression(written: &str) -> Option<(&str, Join, &str)> {
    let mut text = written.trim();
    // The depth of hostile nesting is bounded by the length of a license field, which collecting bounds.
    loop {
        for (word, join) in [(" OR ", Join::Or), (" AND ", Join::And)] {
            let mut depth = 0i32;
            for (at, c) in text.char_indices() {
                match c {
                    '(' => depth += 1,
                    ')' => depth -= 1,
                    ' ' if depth == 0 && text.get(at..).is_some_and(|t| t.starts_with(word)) => {
                        return Some((text.get(..at)?, join, text.get(at + word.len()..)?));
                    }
                    _ => {}
                }
            }
        }
        let inner = text.strip_prefix('(')?.strip_suffix(')')?;
        text = inner.trim();
    }
}

fn single(license: Cow<'static, License>) -> Judgement {
    let use_ = match (license.restricts(), license.is_free()) {
        (true, _) => Use::Barred,
        (false, true) => Use::Free,
        (false, false) => Use::Unknown,
    };
    Judgement { licenses: vec![license], strange: vec![], use_ }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn free_text_becomes_an_expression() {
        for (written, wanted) in [
            ("Apache 2.0", Some("Apache-2.0")),
            ("Apache 2.0 or MIT license", Some("Apache-2.0 OR MIT")),
            ("mit, cc by-sa 4.0", Some("MIT AND CC-BY-SA-4.0")),
            ("MIT AND (gemma OR CC0-1.0)", Some("MIT AND (gemma OR CC0-1.0)")),
            ("MIT and something", None),
            ("something", None),
        ] {
            assert_eq!(expression(written).as_deref(), wanted, "{written}");
        }
    }

    #[test]
    fn every_hub_id_of_the_issue_is_judged_as_it_should() {
        for (id, use_) in [
            ("apache-2.0", Use::Free),
            ("mit", Use::Free),
            ("cc0-1.0", Use::Free),
            ("cc-by-4.0", Use::Free),
            ("cdla-permissive-2.0", Use::Free),
            ("openmdw-1.0", Use::Free),
            ("openmdw-1.1", Use::Unknown),
            ("odc-by", Use::Free),
            ("cc-by-nc-4.0", Use::Barred),
            ("cc-by-nd-4.0", Use::Barred),
            ("cc-by-nc-sa-3.0", Use::Barred),
            ("openrail", Use::Barred),
            ("bigscience-bloom-rail-1.0", Use::Barred),
            ("llama2", Use::Barred),
            ("llama3.1", Use::Barred),
            ("llama4", Use::Barred),
            ("gemma", Use::Barred),
            ("apple-amlr", Use::Barred),
            ("other", Use::Unknown),
            ("unknown", Use::Unknown),
            ("cc", Use::Unknown),
            ("bsd", Use::Unknown),
            ("llama3.1 OR mit", Use::Free),
            ("mit AND cc-by-nc-4.0", Use::Barred),
            ("(mit OR gemma) AND other", Use::Unknown),
            ("mit AND (gemma OR cc-by-nc-4.0)", Use::Barred),
            ("GPL-2.0-only WITH Classpath-exception-2.0", Use::Free),
            ("LicenseRef-house", Use::Unknown),
            ("BUSL-1.1", Use::Barred),
            ("((((", Use::Unknown),
            ("a OR", Use::Unknown),
            ("Apache 2.0 or MIT", Use::Free),
            ("llama3.1 or mit", Use::Free),
            ("mit, cc-by-nc-4.0", Use::Barred),
            ("MIT / Apache-2.0", Use::Free),
            ("apache-2.0 and house terms", Use::Unknown),
            ("MIT or house terms", Use::Unknown),
            ("https://creativecommons.org/licenses/by-nc/4.0/", Use::Barred),
        ] {
            assert_eq!(judge(id).use_, use_, "{id}");
        }
    }
}
