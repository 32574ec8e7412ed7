//! What kind of page an address leads to, as far as the address itself tells. It looks nothing up.

use std::sync::LazyLock;

use regex::Regex;

use super::names::{hub_path, is_code_host, is_hub_id};
use crate::evidence::is_unsafe;
use crate::lists::pattern;

/// Bytes of an address that is taken for one.
const LONGEST: usize = 2000;

/// Where an address leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    /// A model on the hub, `ORG/NAME`.
    Model(String),
    /// A dataset on the hub, `ORG/NAME`, or the bare name of an old one.
    Dataset(String),
    /// A repository of a code host, as `github.com/OWNER/NAME`.
    Code(String),
    /// A paper, or a report as a document.
    Paper,
    /// An article of a blog or of a news page.
    Post,
    /// The text of a license, no matter of what.
    License,
    /// A page about data elsewhere.
    Data,
    /// Anything else.
    Other,
}

/// Hosts that hold papers.
static PAPERS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"^((www\.|export\.)?arxiv\.org|(www\.)?aclanthology\.org|openreview\.net|dl\.acm\.org|ieeexplore\.ieee\.org|(papers|proceedings)\.[\w.-]+|(www\.)?jmlr\.org|(www\.)?(bio|med)rxiv\.org|link\.springer\.com|(www\.)?nature\.com|(www\.)?sciencedirect\.com|(www\.)?semanticscholar\.org|(www\.)?ecva\.net|openaccess\.thecvf\.com|(www\.)?isca-archive\.org|[\w.-]*ssrn\.com|(www\.)?researchgate\.net)$",
    )
});

/// Paths of papers and reports, on any host.
static REPORTS: LazyLock<Option<Regex>> =
    LazyLock::new(|| pattern(r"\.pdf$|\.pdf\.|/(papers?|publications?)/|(tech|technical)[_-]?report"));

/// Hosts and paths of articles.
static POSTS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"^((www\.)?medium\.com|[\w.-]+\.(substack|medium|wordpress|blogspot)\.[\w.]+|([\w-]+\.)*blogs?\.[\w.-]+)/|/(blogs?|news|posts?|articles?|press)(/|$)|^https?:/*[^/]+/20\d\d/\d\d/",
    )
});

/// Pages that hold the text of a license and nothing else.
static LICENSES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"^((www\.)?(choosealicense\.com|opensource\.org|spdx\.org|creativecommons\.org|gnu\.org|apache\.org|tldrlegal\.com)/.*licen[sc]es?|huggingface\.co/datasets/choosealicense/)",
    )
});

/// Whether a text is an address of the web that may be kept whole: http or https, a host, no blank, not endless.
pub fn is_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let host = rest.and_then(|r| r.split(['/', '?', '#']).next()).unwrap_or_default();
    text.len() <= LONGEST
        && host.contains('.')
        && !host.contains('@')
        && !text.chars().any(|c| c.is_whitespace() || is_unsafe(c))
}

/// Where an address leads, by its host and path.
pub fn page(url: &str) -> Page {
    let Some((_, bare)) = url.split_once("://").filter(|_| is_address(url)) else { return Page::Other };
    let bare = bare.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let host = bare.split('/').next().unwrap_or_default();
    let has = |pattern: &LazyLock<Option<Regex>>, text: &str| pattern.as_ref().is_some_and(|p| p.is_match(text));
    if has(&LICENSES, bare) {
        return Page::License;
    }
    if let Some(path) = hub_path(url) {
        return of_hub(path);
    }
    let path = format!("{}/", bare.strip_prefix(host).unwrap_or_default());
    if has(&PAPERS, host) || has(&REPORTS, bare) || has(&REPORTS, &path) {
        return Page::Paper;
    }
    if is_code_host(url) {
        let name: Vec<&str> = bare.split('/').take(3).collect();
        let name = name.join("/");
        return Page::Code(name.strip_suffix(".git").unwrap_or(&name).trim_start_matches("www.").to_owned());
    }
    if has(&POSTS, &format!("{bare}/")) {
        return Page::Post;
    }
    if bare.split('/').skip(1).any(|p| p.eq_ignore_ascii_case("datasets") || p.eq_ignore_ascii_case("dataset")) {
        return Page::Data;
    }
    Page::Other
}

/// Where a path of the hub leads.
fn of_hub(path: &str) -> Page {
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        _ if path.to_lowercase().ends_with(".pdf") => Page::Paper,
        ["datasets", name] if is_hub_id(&format!("-/{name}")) => Page::Dataset((*name).to_owned()),
        ["datasets", org, name, ..] if is_hub_id(&format!("{org}/{name}")) => Page::Dataset(format!("{org}/{name}")),
        ["papers", ..] => Page::Paper,
        ["blog", ..] | ["posts", ..] => Page::Post,
        [
            "spaces" | "docs" | "collections" | "tasks" | "learn" | "api" | "organizations" | "datasets" | "models",
            ..,
        ] => Page::Other,
        [org, name, ..] if is_hub_id(&format!("{org}/{name}")) => Page::Model(format!("{org}/{name}")),
        _ => Page::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_told_by_their_address() {
        let model = |id: &str| Page::Model(id.into());
        let set = |id: &str| Page::Dataset(id.into());
        let code = |id: &str| Page::Code(id.into());
        for (url, wanted) in [
            ("https://huggingface.co/acme/one/tree/main#x", model("acme/one")),
            ("https://huggingface.co/datasets/acme/set?a", set("acme/set")),
            ("https://huggingface.co/datasets/squad", set("squad")),
            ("https://huggingface.co/papers/2401.1", Page::Paper),
            ("https://huggingface.co/blog/acme/x", Page::Post),
            ("https://huggingface.co/collections/acme/x", Page::Other),
            ("https://huggingface.co/acme/one/resolve/main/report.pdf", Page::Paper),
            ("https://huggingface.co/datasets/choosealicense/licenses/blob/main/x.md", Page::License),
            ("https://opensource.org/licenses/MIT", Page::License),
            ("https://github.com/acme/train.git", code("github.com/acme/train")),
            ("https://github.com/acme/one#data", code("github.com/acme/one")),
            ("https://github.com/acme/one/blob/main/tech_report.pdf", Page::Paper),
            ("https://arxiv.org/abs/2401.00001", Page::Paper),
            ("https://cdn.acme.example/pdf/card.pdf", Page::Paper),
            ("https://acme.example/research/publications/one/", Page::Paper),
            ("https://proceedings.neurips.cc/paper/1", Page::Paper),
            ("https://acme.example/blog/one", Page::Post),
            ("https://blogs.acme.example/one", Page::Post),
            ("https://acme.example/datasets/one/", Page::Data),
            ("https://acme.example/data", Page::Other),
            ("https://acme.example/paperclip", Page::Other),
            ("ftp://arxiv.org/abs/1", Page::Other),
            ("nothing", Page::Other),
        ] {
            assert_eq!(page(url), wanted, "{url}");
        }
    }

    #[test]
    fn addresses() {
        assert!(is_address("https://a.example/x y".split(' ').next().unwrap()));
        for bad in
            ["", "https://", "https://localhost", "ftp://a.b", "https://a.b/x y", "https://u@a.b/", "see https://a.b"]
        {
            assert!(!is_address(bad), "{bad}");
        }
        assert!(!is_address(&format!("https://a.b/{}", "x".repeat(2000))));
        assert!(!is_address("https://a.b/\u{202e}"));
    }
}

#[cfg(test)]
mod properties {
    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,100}|https?://[a-z./?#é-]{0,60}|https://huggingface\\.co/[a-z./?#é-]{0,40}") {
            let _ = super::page(&text);
        }
    }
}
