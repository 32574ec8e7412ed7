//! Short files that name a license and hold none: "Apache-2.0", "This model is released under the MIT License."

use std::sync::LazyLock;

use regex::Regex;

use super::{Identified, line};
use crate::evidence::{TextForm, TextMatch};
use crate::lists::licenses::{self, Standing};
use crate::lists::{pattern, words};

/// Words of a stub at most.
const LONGEST: usize = 60;

/// The license that a stub names. Every word must belong to the name, the sentence around it, or a pointer to the text.
pub(super) fn identify(text: &str) -> Option<Identified> {
    static POINTER: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"(^|[.!]\s+)((please )?(see|read|refer to|find|voir)|a copy of|the full)\b([\s:]+(the|its|our|this|le|la|les|file|full|complete|accompanying|attached|for|more|and|of|in|at|on|is|can be found|available|below|here|repository|root|folder|pour|plus|de|licen[sc]e(\.\w+)?|copying|details?|text|information|informations|texte|détails))*\s*[.!:]?\s*$|((please )?(see|visit|read|voir|at|to|on)\b:? )?<?https?://[^\s<>]+>?",
        )
    });
    static SAYS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"^\s*(?P<subject>[^.;:!?]{0,80}?)\b(is|are|est|sont) (licensed|released|distributed|published|available|made available|provided|publiée?s?|distribuée?s?|diffusée?s?) (under|sous)( the terms of)?( the| an?| la| les| licence)?\s+(?P<name>.+)$",
        )
    });
    if words(text).take(LONGEST + 1).count() > LONGEST {
        return None;
    }
    let kept: Vec<&str> = text.lines().filter(|l| !line::is_copyright(l) && !line::is_title(l, [])).collect();
    let flat = kept.join(" ").replace(['#', '*', '`', '_'], " ");
    let mut said = flat.split_whitespace().collect::<Vec<_>>().join(" ");
    for _ in 0..3 {
        let shorter = POINTER.as_ref()?.replace_all(&said, "").trim().to_owned();
        if shorter == said {
            break;
        }
        said = shorter;
    }
    let said = said.trim_matches(|c: char| c.is_whitespace() || c == '.' || c == ',');
    let name = match SAYS.as_ref()?.captures(said) {
        Some(found) => {
            let subject = found.name("subject").map_or("", |m| m.as_str());
            if !line::is_source_note(subject) {
                return None;
            }
            found.name("name")?.as_str()
        }
        None => {
            let low = said.to_lowercase();
            let label = ["license:", "licence:", "spdx-license-identifier:", "licence :"];
            let at = label.iter().find(|l| low.starts_with(**l)).map_or(0, |l| l.len());
            said.get(at..)?
        }
    };
    let license = licenses::find(name).filter(|l| l.standing != Standing::None)?;
    let how = TextMatch { form: TextForm::Notice, confidence: 1.0, residue: None };
    Some(Identified { id: Some(license.spdx_id().to_owned()), how })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stubs_name_one_license_and_nothing_else() {
        for (text, id) in [
            ("Apache-2.0", "Apache-2.0"),
            ("# License\n\nThis model is released under the MIT License.\n", "MIT"),
            (
                "The weights are licensed under CC BY-NC 4.0. See https://creativecommons.org/licenses/by-nc/4.0/",
                "CC-BY-NC-4.0",
            ),
            ("Copyright 2024 Foo\nSPDX-License-Identifier: Apache-2.0", "Apache-2.0"),
            ("Le modèle est publié sous licence Apache 2.0.", "Apache-2.0"),
            ("This dataset is distributed under the CC BY 4.0 license. See the LICENSE file for details.", "CC-BY-4.0"),
        ] {
            assert_eq!(identify(text).and_then(|f| f.id).as_deref(), Some(id), "{text}");
        }
        for text in [
            "Research use of this model is licensed under the MIT License.",
            "This model is released under the MIT License for research.",
            "This model is released under the MIT License. You may not sell it.",
            "Apache-2.0 with additional restrictions",
            "Released under the MIT License. See, you may not sell it without a license.",
            "Released under the MIT License. Read: commercial use needs another license",
            "MIT, except for the weights",
            "other",
            "See https://example.org",
        ] {
            assert_eq!(identify(text), None, "{text}");
        }
    }
}
