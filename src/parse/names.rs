//! Names as releases write them: hub ids and URLs, paths, and the spellings of one dataset. It looks nothing up.

use std::sync::LazyLock;

use regex::Regex;

use crate::evidence::is_unsafe;
use crate::lists::{pattern, words};

/// The part of a URL of the hub after its host, without query and fragment.
pub fn hub_path(url: &str) -> Option<&str> {
    let rest = ["https://huggingface.co/", "http://huggingface.co/", "https://hf.co/", "https://www.huggingface.co/"]
        .iter()
        .find_map(|host| url.strip_prefix(host))?;
    rest.split(['?', '#']).next().map(|p| p.trim_end_matches('/'))
}

/// The dataset of the hub that a URL leads to, and the commit or tag in it; the oldest have no owner.
pub fn hub_dataset(url: &str) -> Option<(String, Option<String>)> {
    const AT_REVISION: [&str; 4] = ["tree", "blob", "resolve", "raw"];
    let parts: Vec<&str> = hub_path(url)?.strip_prefix("datasets/")?.split('/').collect();
    let is_view = |at: usize| parts.get(at).is_some_and(|p| AT_REVISION.contains(p) || *p == "viewer");
    // A set may be called `raw`: the word opens a view only where more follows.
    let owned = !is_view(1) || is_view(2) || parts.len() == 2;
    let (id, rest) = parts.split_at(if owned { 2 } else { 1 }.min(parts.len()));
    let id = id.join("/");
    let revision = match rest {
        [view, revision, ..] if AT_REVISION.contains(view) => Some(*revision).filter(|r| is_pin(r) && !is_moving(r)),
        _ => None,
    };
    let revision = revision.map(str::to_owned);
    (is_hub_id(&id) || is_hub_id(&format!("-/{id}"))).then_some((id, revision))
}

/// What a URL points at, in the one spelling of datasets: `hub:ORG/NAME`, or the URL itself.
pub fn dataset_target(url: &str) -> Option<String> {
    if let Some((id, _)) = hub_dataset(url) {
        return Some(format!("hub:{id}"));
    }
    is_plain_url(url).then(|| url.to_owned())
}

/// Whether a text is a URL of the web and nothing beside it: no blank, nothing that could move a cursor or hide.
pub fn is_plain_url(text: &str) -> bool {
    let hidden = |c: char| c.is_whitespace() || is_unsafe(c);
    (text.starts_with("https://") || text.starts_with("http://")) && text.len() <= 2_000 && !text.contains(hidden)
}

/// Whether a text can be a revision or a version that is told: short, and without a blank.
fn is_pin(text: &str) -> bool {
    (1..=100).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

/// Whether a version names one state of a set: it counts, and moves with nothing.
pub fn is_version(text: &str) -> bool {
    is_pin(text) && text.bytes().any(|b| b.is_ascii_digit())
}

/// The repository of the hub that a package URL names, whether it is a dataset, and its revision:
/// `pkg:huggingface/ORG/NAME@REV` (package-url types), `pkg:huggingface/datasets/ORG/NAME`.
pub fn hub_package(purl: &str) -> Option<(String, bool, Option<String>)> {
    let rest = purl.strip_prefix("pkg:huggingface/")?.split(['?', '#']).next()?;
    let (path, revision) = rest.split_once('@').map_or((rest, None), |(p, r)| (p, Some(r.to_owned())));
    let dataset = path.strip_prefix("datasets/");
    let id = dataset.unwrap_or(path);
    is_hub_id(id).then(|| (id.to_owned(), dataset.is_some(), revision.filter(|r| is_pin(r))))
}

/// Whether a text has the form of a hub id, `ORG/NAME`.
pub fn is_hub_id(text: &str) -> bool {
    let part = |p: &str| {
        !p.is_empty() && p.len() <= 96 && p.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    text.split_once('/')
        .is_some_and(|(org, name)| part(org) && part(name) && !org.starts_with('.') && !name.starts_with('.'))
}

/// A path of a manifest or a card, made relative to the release; `None` when it would leave it.
pub fn inside(base: &str, path: &str) -> Option<String> {
    let foreign = cfg!(windows) && path.contains(['\\', ':']);
    if path.starts_with('/') || path.contains("://") || path.starts_with("mailto:") || foreign {
        return None;
    }
    let mut parts: Vec<&str> = base.split('/').filter(|p| !p.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// The commit or tag that a URL of a code host names.
pub fn revision_of(url: &str) -> Option<String> {
    static TREE: LazyLock<Option<Regex>> =
        LazyLock::new(|| pattern(r"/(?:-/)?(?:tree|blob|commit|releases/tag|tags)/([^/?#]+)"));
    let revision = TREE.as_ref()?.captures(url)?.get(1)?.as_str();
    (!is_moving(revision)).then(|| revision.to_owned())
}

/// Whether a revision is the tip of a branch, which pins nothing.
fn is_moving(revision: &str) -> bool {
    matches!(revision, "main" | "master" | "develop" | "HEAD" | "trunk")
}

/// Whether a URL leads to a repository of a code host.
pub fn is_code_host(url: &str) -> bool {
    static HOST: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"^https?://(www\.)?(github\.com|gitlab\.[\w.-]+|bitbucket\.org|codeberg\.org|git\.[\w.-]+|archive\.softwareheritage\.org)/[\w.~-]+/[\w.-]+",
        )
    });
    HOST.as_ref().is_some_and(|p| p.is_match(url))
}

/// The spellings of a name: without the owner of a hub id and without what stands in parentheses, without a version at
/// its end, and an abbreviation in parentheses. Words are lower case and joined by `-`.
pub fn spellings(name: &str) -> Vec<String> {
    static VERSION: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"[ _-]?v?\d+\.\d+$"));
    let name = if is_hub_id(name) { name.split_once('/').map_or(name, |(_, n)| n) } else { name };
    let own = name.split(['(', ':']).next().unwrap_or(name).trim();
    let bare = VERSION.as_ref().map_or(own.into(), |v| v.replace(own, ""));
    let short = name.split_once('(').and_then(|(_, r)| r.split_once(')')).map(|(s, _)| s).unwrap_or_default();
    let short = if short.len() <= 8 && short.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()) {
        short
    } else {
        ""
    };
    let mut all: Vec<String> =
        [own, bare.as_ref(), short].iter().map(|n| words(n).collect::<Vec<_>>().join("-")).collect();
    all.retain(|n| !n.is_empty());
    all.dedup();
    all
}

/// Whether two spellings are one set's: the same letters; or one is the first words of the other; or one, long enough to
/// mean something, starts the other.
pub fn alike(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let letters = |n: &str| n.replace('-', "");
    let first_words = long.strip_prefix(short).is_some_and(|rest| rest.starts_with('-'));
    let (a, b) = (letters(a), letters(b));
    let starts = |short: &str, long: &str| short.len() >= 6 && long.starts_with(short);
    a == b || first_words || starts(&a, &b) || starts(&b, &a)
}

/// The proper name that a list item starts with: up to five words before a bracket, a colon or a dash, one of them written
/// as only names are ("C4", "ROOTS", "RefinedWeb"). "Web pages" and "curated sets of code" are kinds, not names.
pub fn proper_name(item: &str) -> Option<String> {
    let name = item.split(['(', ':', '\n', '–', '—', ',', ';']).next()?.split(" - ").next()?.trim().trim_matches('*');
    let words: Vec<&str> = name.split_whitespace().collect();
    let is_name = |w: &&str| {
        let upper = w.chars().filter(|c| c.is_uppercase()).count();
        let digits = w.chars().any(|c| c.is_ascii_digit());
        w.len() >= 2 && (upper >= 2 || (upper >= 1 && digits))
    };
    let kind = |w: &&str| {
        ["tokens", "data", "datasets", "sets", "tb", "gb", "web", "pages"].contains(&w.to_lowercase().as_str())
    };
    (words.len() <= 5 && words.iter().any(is_name) && !words.iter().any(kind)).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside() {
        assert_eq!(inside("", "./a/b").as_deref(), Some("a/b"));
        assert_eq!(inside("data", "../a").as_deref(), Some("a"));
        for bad in ["../a", "/etc/passwd", "a/../../b", "https://x.example", "", "."] {
            assert_eq!(inside("", bad), None, "{bad}");
        }
    }

    #[test]
    fn hub_ids() {
        for good in ["a/b", "nreimers/MiniLM-L6-H384-uncased", "HuggingFaceFW/fineweb-edu"] {
            assert!(is_hub_id(good), "{good}");
        }
        for bad in ["a", "a/b/c", "a b/c", "./x", "a/", "/b", "../b"] {
            assert!(!is_hub_id(bad), "{bad}");
        }
        assert_eq!(hub_path("https://huggingface.co/datasets/a/b?x#y"), Some("datasets/a/b"));
        assert_eq!(hub_path("https://example.org/a/b"), None);
    }

    #[test]
    fn datasets_of_the_hub_and_elsewhere() {
        let hub = |url: &str| hub_dataset(url);
        let found = |id: &str, revision: Option<&str>| Some((id.to_owned(), revision.map(str::to_owned)));
        assert_eq!(hub("https://huggingface.co/datasets/a/b/tree/1234/x"), found("a/b", Some("1234")));
        assert_eq!(hub("https://huggingface.co/datasets/a/b/viewer/x"), found("a/b", None));
        assert_eq!(hub("https://huggingface.co/datasets/squad/tree/main"), found("squad", None));
        assert_eq!(hub("https://huggingface.co/datasets/b/raw"), found("b/raw", None));
        assert_eq!(hub("https://huggingface.co/datasets/b/raw/tree/v1"), found("b/raw", Some("v1")));
        assert_eq!(hub("https://huggingface.co/datasets/a/b/discussions/5"), found("a/b", None));
        assert_eq!(hub("https://huggingface.co/datasets/a b/c"), None);
        assert_eq!(dataset_target("https://x.example/\u{1b}[31m"), None);
        assert!(is_version("1.0.0") && !is_version("latest") && !is_version("1 or 2") && !is_version("1\u{202e}"));
        assert_eq!(hub("https://huggingface.co/a/b"), None);
        assert_eq!(dataset_target("https://hf.co/datasets/a/b").as_deref(), Some("hub:a/b"));
        assert_eq!(dataset_target("https://x.example/b").as_deref(), Some("https://x.example/b"));
        assert_eq!(dataset_target("file:///etc/passwd"), None);
        assert_eq!(hub_package("pkg:huggingface/a/b@c0ffee?x=y"), Some(("a/b".into(), false, Some("c0ffee".into()))));
        assert_eq!(hub_package("pkg:huggingface/datasets/a/b"), Some(("a/b".into(), true, None)));
        assert_eq!(hub_package("pkg:pypi/a"), None);
    }

    #[test]
    fn names_of_one_set_are_one() {
        let same = |a: &str, b: &str| spellings(a).iter().any(|x| spellings(b).iter().any(|y| alike(x, y)));
        for (a, b) in [
            ("Stack Exchange", "flax-sentence-embeddings/stackexchange_xml"),
            ("MS MARCO", "ms_marco"),
            ("GOOAQ: Open Question Answering", "gooaq"),
            ("Yahoo Answers", "yahoo_answers_topics"),
            ("PAQ", "embedding-data/PAQ_pairs"),
            ("Flickr 30k", "embedding-data/flickr30k-captions"),
            ("Simple Wikipedia", "embedding-data/simple-wiki"),
            ("Natural Questions (NQ)", "natural_questions"),
            ("Natural Questions (NQ)", "NQ-train_pairs"),
            ("COCO", "coco_captions"),
            ("SQuAD2.0", "squad_pairs"),
            ("Eli5", "eli5_question_answer"),
        ] {
            assert!(same(a, b), "{a} {b}");
        }
        assert!(alike("abc-def", "abcdefg") && alike("abcdefg", "abc-def"), "of one length with and without a dash");
        for (a, b) in [
            ("COCO", "code_search_net"),
            ("SQuAD2.0", "search_qa"),
            ("Reddit comments (2015-2018)", "s2orc"),
            ("pile", "pilferage"),
            ("wiki", "wikihow"),
        ] {
            assert!(!same(a, b), "{a} {b}");
        }
    }

    #[test]
    fn proper_names_and_kinds() {
        for (item, name) in [
            ("C4 (rebuilt by the user)", Some("C4")),
            ("ROOTS (bigscience-data/*) (a subset)", Some("ROOTS")),
            ("RefinedWeb: 600 B tokens", Some("RefinedWeb")),
            ("open web datasets (3 T tokens)", None),
            ("Web pages", None),
            ("pretraining data from Common Crawl and curated sets", None),
            ("We removed duplicates with MinHash over all documents of the corpus", None),
        ] {
            assert_eq!(proper_name(item).as_deref(), name, "{item}");
        }
    }
}

#[cfg(test)]
mod properties {
    use super::*;

    proptest::proptest! {
        #[test]
        fn no_path_leads_out(base in "([a-c.]{1,3}/){0,3}[a-c]?", path in "([a-c.]{0,3}/){0,6}[a-c.]{0,3}|\\PC{0,60}") {
            let base = inside("", &base).unwrap_or_default();
            if let Some(found) = inside(&base, &path) {
                proptest::prop_assert!(!found.starts_with('/') && !found.is_empty(), "{found}");
                proptest::prop_assert!(found.split('/').all(|part| !["", ".", ".."].contains(&part)), "{found}");
                proptest::prop_assert_eq!(inside("", &found), Some(found));
            }
        }

        #[test]
        fn ids_are_found_in_urls(org in "[A-Za-z0-9_-][A-Za-z0-9_.-]{0,95}", name in "[A-Za-z0-9_-][A-Za-z0-9_.-]{0,95}") {
            let id = format!("{org}/{name}");
            proptest::prop_assert!(is_hub_id(&id));
            let url = format!("https://huggingface.co/{id}/?a#b");
            proptest::prop_assert_eq!(hub_path(&url), Some(id.as_str()));
            for bad in [id.replace('/', ""), format!("{id}/{name}"), format!("{id} "), format!("../{name}")] {
                proptest::prop_assert!(!is_hub_id(&bad), "{bad}");
            }
        }

        #[test]
        fn no_text_panics_and_likeness_has_no_order(a in "\\PC{0,80}|[a-z0-9 (:._/-]{0,40}", b in "[a-cA-Z -]{0,12}") {
            let _ = (hub_path(&a), hub_dataset(&a), hub_package(&a));
            if let Some(name) = proper_name(&a) {
                proptest::prop_assert!(a.contains(&name));
            }
            for x in spellings(&a).iter().chain(&spellings(&b)) {
                proptest::prop_assert!(alike(x, x));
                for y in spellings(&b).iter() {
                    proptest::prop_assert_eq!(alike(x, y), alike(y, x), "{} {}", x, y);
                }
            }
        }
    }
}
