//! Addresses under which license texts are published, read as the license's id. No address is asked.

use std::sync::LazyLock;

use regex::Regex;

use super::INDEX;
use crate::lists::pattern;

/// The id of the license that is published at an address; `None` for another text and another address.
pub(super) fn license(address: &str) -> Option<String> {
    let path = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))?;
    let path = path.trim_start_matches("www.").split(['?', '#']).next()?.trim_end_matches('/').to_lowercase();
    published(&path).or_else(|| {
        let source = |url: &str| {
            url.trim_start_matches("https://").trim_start_matches("www.").trim_end_matches('/').to_lowercase()
        };
        let mut rows = INDEX.rows.iter().filter(|l| source(&l.source) == path);
        // A page that several licenses share names none of them.
        rows.next().filter(|_| rows.next().is_none()).map(|l| l.id.clone())
    })
}

/// Publishers whose addresses hold the id.
fn published(path: &str) -> Option<String> {
    static FORMS: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
        [
            (r"^creativecommons\.org/licenses/([a-z-]+)/(\d\.\d)(?:/(?:legalcode|deed).*)?$", "cc-$1-$2"),
            (r"^creativecommons\.org/publicdomain/zero/1\.0(?:/.*)?$", "CC0-1.0"),
            (r"^creativecommons\.org/publicdomain/mark/1\.0(?:/.*)?$", "CC-PDM-1.0"),
            (r"^apache\.org/licenses/license-(\d\.\d)(?:\.txt|\.html)?$", "Apache-$1"),
            (r"^opensource\.org/licen[sc]es?/(?:license:)?([a-z0-9.-]+?)(?:\.php|\.html)?$", "$1"),
            (r"^spdx\.org/licenses/([a-z0-9.+-]+?)(?:\.html|\.json|\.txt)?$", "$1"),
            (r"^choosealicense\.com/licenses/([a-z0-9.-]+)$", "$1"),
            (r"^gnu\.org/licenses/(?:old-licenses/)?((?:a|l)?gpl-\d\.\d)(?:\.[a-z]+)*$", "$1"),
            (r"^mozilla\.org/(?:en-us/)?mpl/(\d\.\d)$", "MPL-$1"),
            (r"^opendatacommons\.org/licenses/(pddl|odbl|by)(?:/.*)?$", "odc-$1"),
            (r"^cdla\.(?:dev|io)/(permissive|sharing)-(\d)-0(?:/.*)?$", "cdla-$1-$2.0"),
        ]
        .into_iter()
        .filter_map(|(from, to)| pattern(from).map(|from| (from, to)))
        .collect()
    });
    let (form, to) = FORMS.iter().find(|(form, _)| form.is_match(path))?;
    let id = form.replace(path, *to).into_owned();
    let id = match id.as_str() {
        "odc-pddl" => "pddl".to_owned(),
        "odc-odbl" => "odbl".to_owned(),
        _ => id,
    };
    // The id is looked up as a name: an address that holds none is no license.
    (!id.contains("://")).then_some(id)
}

#[cfg(test)]
mod tests {
    use crate::lists::licenses::find;

    #[test]
    fn published_texts_are_known_by_their_address() {
        for (address, id) in [
            ("https://www.apache.org/licenses/LICENSE-2.0", Some("Apache-2.0")),
            ("http://www.apache.org/licenses/LICENSE-2.0.txt", Some("Apache-2.0")),
            ("https://opensource.org/licenses/MIT", Some("MIT")),
            ("https://opensource.org/license/bsd-3-clause/", Some("BSD-3-Clause")),
            ("https://creativecommons.org/licenses/by-nc/4.0/", Some("CC-BY-NC-4.0")),
            ("https://creativecommons.org/licenses/by-sa/3.0/legalcode", Some("CC-BY-SA-3.0")),
            ("https://creativecommons.org/publicdomain/zero/1.0/", Some("CC0-1.0")),
            ("https://spdx.org/licenses/Zlib.html", Some("Zlib")),
            ("https://www.gnu.org/licenses/gpl-3.0.en.html", Some("GPL-3.0-only")),
            ("https://choosealicense.com/licenses/agpl-3.0/", Some("AGPL-3.0-only")),
            ("https://opendatacommons.org/licenses/by/1-0/", Some("ODC-By-1.0")),
            ("https://cdla.dev/permissive-2-0/", Some("CDLA-Permissive-2.0")),
            ("https://example.org/licenses/MIT", None),
            ("https://huggingface.co/docs/hub/repositories-licenses", None),
            ("https://opensource.org/licenses/no-such", None),
            ("https://opensource.org/licenses/https://opensource.org/licenses/MIT", None),
        ] {
            assert_eq!(find(address).map(|l| l.spdx_id().to_owned()).as_deref(), id, "{address}");
        }
    }
}
