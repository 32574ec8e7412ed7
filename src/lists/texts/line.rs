//! Lines of a license file that are no license: whose the work is, what the license is called, where a part comes from.
//! Each is told by its whole vocabulary, so that a line that also grants or forbids something is none of them.

use crate::lists::{licenses, words};

/// Words that say what may or may not be done: a line that has one is no mere copyright line and no source note.
const SPEAKS: &str = "may must shall should will can cannot not no non nor neither never only solely exclusively except excepting \
    exception exclude excludes excluded excluding unless without provided subject use used user users uses using \
    usage permission permissions permitted permit permits prohibited prohibits forbidden forbid restricted \
    restriction restrictions restricts commercial commercially noncommercial research researchers academic \
    academia educational personal private internal military weapons nuclear surveillance government governments \
    competitors compete competing license licence licensed licensee licensees granted grants grant terms \
    conditions notice above this any agree agrees agreement consent approval approved required requires require \
    sold sell sale sales fee fees revenue profit royalty purpose purposes deploy deployed deployment train \
    training outputs output harm harmful evil interdit interdite usages utilisation sauf seulement uniquement \
    hors holder holders owner accord autorisation commerciale commerciales recherche";

/// Small words between the names of a copyright line.
const BETWEEN: &str = "and or of the by for at in et al de la le les des du von van der den di da del inc incorporated ltd llc gmbh \
    co corp corporation company its their affiliates subsidiaries contributors contributor authors author team \
    developers maintainers respective owners others see file present portions all rights reserved tous droits \
    réservés to und with from is as project university";

/// Words with which a file says where a part of the work comes from.
const SOURCES: &str = "these following code software repository library libraries component components module modules package \
    packages directory directories folder files part parts portion are was were based on upon derived taken \
    adapted copied borrowed modified forked originally included includes include contains contain contained \
    incorporates which that it below here source original copy third party parties notices dependencies \
    dependency also some several other own written work works implementation model models weights checkpoint release dataset datasets data corpus a an be found le la les ce cet cette \
    ces modèle modèles poids données jeu projet dépôt fichier fichiers";

/// Words of any license title.
const TITLE: &str = "the license licence licenses licences version v text of and a for http https www org com opensource spdx \
    identifier txt html legalcode january february march april may june july august september october november \
    december date release dated copyright full official en international unported generic file md legal code deed terms or";

/// Whether a word is one of a list.
pub(super) fn has(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|w| w == word)
}

/// Words of a copyright line at most.
const LONGEST: usize = 16;
/// Words that are neither names nor small words in a copyright line at most: handles are written in lower case.
const HANDLES: usize = 2;

/// Whether a line only says whose the work is. A line that also grants or forbids something is not one.
pub(super) fn is_copyright(line: &str) -> bool {
    let trimmed = line.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '©' && c != '(');
    let low = trimmed.to_lowercase();
    let opens = ["copyright", "©", "(c)", "all rights reserved", "tous droits réservés", "portions copyright"];
    let Some(opening) = opens.iter().find(|s| low.starts_with(**s)) else { return false };
    // Lower case may be longer or shorter than what it is made from: what follows is cut by characters.
    let rest: String = trimmed.chars().skip(opening.chars().count()).collect();
    is_names(&rest)
}

/// Whether a text is a list of names, years and small words: it tells who, and nothing else.
pub(super) fn is_names(text: &str) -> bool {
    // "[name of copyright owner]", "<copyright holders>" and "{yyyy}" are blanks to fill in, not words.
    let filled = strip_blanks(text);
    let mut count = 0;
    let mut handles = 0;
    for word in filled.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        count += 1;
        let low = word.to_lowercase();
        if has(SPEAKS, &low) || count > LONGEST {
            return false;
        }
        let named = word.chars().next().is_some_and(|c| c.is_uppercase() || c.is_numeric() || !c.is_ascii());
        if !named && !has(BETWEEN, &low) {
            handles += 1;
        }
    }
    handles <= HANDLES || filled.contains(['@', '/']) && handles <= 3 * HANDLES
}

/// A line without its blanks to fill in: what stands in `[…]`, `<…>` or `{…}` and holds nothing but words for a name or year.
/// Anything else in brackets is words like any other.
fn strip_blanks(line: &str) -> String {
    const BLANK: &str = "name names of the copyright owner owners holder holders year years yyyy yy fullname full author authors \
        organization organisation company project your here date email mail first last and or program xxxx dates publication";
    let mut out = String::new();
    let mut rest = line;
    while let Some(open) = rest.find(['[', '<', '{']) {
        let (before, from) = rest.split_at(open);
        let Some(close) = from.find([']', '>', '}']) else { break };
        let (blank, after) = from.split_at(close + 1);
        out.push_str(before);
        if !words(blank).all(|w| has(BLANK, &w)) {
            out.push_str(blank);
        }
        rest = after;
    }
    out + rest
}

/// Whether a line only names one of these licenses: its words are those of an id, a name, or of any title, and its
/// version is the license's.
pub(super) fn is_title<'a>(line: &str, ids: impl IntoIterator<Item = &'a str>) -> bool {
    let mut own: Vec<String> = Vec::new();
    let mut names = String::new();
    for id in ids {
        let name = licenses::find(id).map(|l| format!("{} {} {}", l.id, l.name, l.spdx_id()));
        let name = name.unwrap_or_else(|| id.to_owned()).to_lowercase();
        own.extend(words(&name));
        names.push_str(&name);
        names.push(' ');
    }
    // "NonCommercial" and "non commercial" are one name.
    let pairs: Vec<String> = own.windows(2).map(<[String]>::concat).collect();
    own.extend(pairs);
    let year = |w: &str| w.len() == 4 && (w.starts_with("19") || w.starts_with("20"));
    let mut count = 0;
    let known = words(line).all(|w| {
        count += 1;
        let number = w.bytes().all(|b| b.is_ascii_digit());
        count <= 20 && (own.contains(&w) || has(TITLE, &w) || (number && (year(&w) || w.len() <= 2)))
    });
    known && versions(line).all(|v| names.contains(&v))
}

/// What is written as a version in a line: "2.0", "3.1".
fn versions(line: &str) -> impl Iterator<Item = String> + '_ {
    line.split(|c: char| !(c.is_ascii_digit() || c == '.'))
        .map(|v| v.trim_matches('.'))
        .filter(|v| v.contains('.'))
        .map(str::to_owned)
}

/// Whether a line only says where a part of the work comes from or that a text follows: paths, names, and words of
/// origin. It names no license and restricts nothing.
pub(super) fn is_source_note(line: &str) -> bool {
    let low = line.to_lowercase();
    let follows = ["licensed", "released", "distributed", "available"].iter().fold(low, |text, verb| {
        let text = text.replace(&format!("{verb} under the following license"), "");
        text.replace(&format!("{verb} under the following terms"), "")
    });
    let chunks = line.split_whitespace().filter(|c| follows.contains(&c.to_lowercase()));
    let mut count = 0;
    for chunk in chunks {
        let bare = chunk.trim_matches(|c: char| !c.is_alphanumeric());
        let is_path = bare.contains(['/', '_']) || bare.contains('.') && !bare.ends_with('.');
        if bare.is_empty() || is_path {
            continue;
        }
        for word in bare.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
            count += 1;
            let low = word.to_lowercase();
            let plain = has(BETWEEN, &low) || has(SOURCES, &low) || low == "this";
            let name = word.chars().next().is_some_and(|c| c.is_uppercase() || c.is_numeric());
            if !(plain || name && !has(SPEAKS, &low)) || count > 40 {
                return false;
            }
        }
    }
    // A name in capitals may be a license's; then the line says more than where a part is from.
    !names_a_license(&follows)
}

/// Whether some words of a line are the name of a license.
fn names_a_license(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    (0..words.len()).any(|from| {
        (1..=6).any(|n| {
            words.get(from..from + n).is_some_and(|w| {
                let name = w.join(" ");
                let name = name.trim_matches(|c: char| !c.is_alphanumeric());
                name.len() > 2 && licenses::find(name).is_some()
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copyright_lines_and_what_only_starts_like_one() {
        for line in [
            "Copyright (c) 2024 The authors",
            "Copyright 2018- The Hugging Face team. All rights reserved.",
            "Copyright [yyyy] [name of copyright owner]",
            "Copyright (C) 2007 Free Software Foundation, Inc. <https://fsf.org/>",
            "© 2023 Université de Lorraine et LINAGORA",
            "Copyright (c) 2023 lucidrains",
            "All rights reserved.",
            "   Copyright 2022 van der Berg, J. and co <me@example.org>",
        ] {
            assert!(is_copyright(line), "{line}");
        }
        for line in [
            "Copyright notice: this must be kept.",
            "Copyright 2024 X. You may only use this for research.",
            "Copyright 2024 X. Companies larger than ten people are barred from it entirely.",
            "Copyright 2024 X. MILITARY ORGANISATIONS EXCLUDED.",
            "Copyright [yyyy] [name of copyright. Members of the club are welcome to it, nobody else is. owner]",
            "Copyright (c) <year> <copyright. You may not sell it. holders>",
            "(c) 2024, not for sale",
            "The copyright holder",
        ] {
            assert!(!is_copyright(line), "{line}");
        }
    }

    #[test]
    fn titles_name_their_license_and_its_version() {
        for (line, id) in [
            ("The MIT License (MIT)", "MIT"),
            ("Apache License", "Apache-2.0"),
            ("Version 2.0, January 2004", "Apache-2.0"),
            ("http://www.apache.org/licenses/", "Apache-2.0"),
            ("Attribution-NonCommercial 4.0 International", "CC-BY-NC-4.0"),
            ("SPDX-License-Identifier: MIT", "MIT"),
        ] {
            assert!(is_title(line, [id]), "{line}");
        }
        for (line, id) in [
            ("Non-commercial MIT License", "MIT"),
            ("OpenMDW License Agreement, version 1.1", "OpenMDW-1.0"),
            ("MIT License for research", "MIT"),
            ("Attribution-NonCommercial 4.0 International", "CC-BY-4.0"),
        ] {
            assert!(!is_title(line, [id]), "{line}");
        }
    }

    #[test]
    fn notes_of_origin_and_what_says_more() {
        for line in [
            "This file is based on code from https://github.com/example/project",
            "Portions of this software are derived from Foo Bar:",
            "The files in src/vendor/ are licensed under the following license:",
            "-----------",
        ] {
            assert!(is_source_note(line), "{line}");
        }
        for line in [
            "This file is licensed under the Llama 2 Community License",
            "The files in weights/ are for research",
            "Parts of this software are not to be sold",
            "The model is available to members",
            "This software is under CC-BY-NC-4.0",
        ] {
            assert!(!is_source_note(line), "{line}");
        }
    }
}
