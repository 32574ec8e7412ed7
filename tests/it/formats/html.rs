//! The page, read as a browser reads it: whatever a release says, no script, nothing from elsewhere and no link but to the web; every
//! reference within the page is answered, and its policy names the very style that it holds.

use std::collections::{BTreeMap, BTreeSet};

use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use ouvert::render;
use ouvert::words::Lang;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{REPORT, golden, hostile, rendered};
use crate::support::run;

/// An element: its name, its attributes and the text right in it.
struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
    text: String,
}

/// The page as a browser builds it, in order. A page that a browser has to mend is refused.
fn read(page: &str) -> Vec<Element> {
    let dom = parse_document(RcDom::default(), ParseOpts::default()).one(page);
    assert!(dom.errors.borrow().is_empty(), "{:?}", dom.errors.borrow());
    let mut out = Vec::new();
    walk(&dom.document, &mut out);
    assert!(out.len() > 100, "only {} elements", out.len());
    out
}

/// A node that is let go takes its children along, so that all are looked at where they hang.
fn walk(node: &Handle, out: &mut Vec<Element>) {
    if let NodeData::Element { name, attrs, .. } = &node.data {
        let attributes = attrs.borrow().iter().map(|a| (a.name.local.to_string(), a.value.to_string())).collect();
        out.push(Element { name: name.local.to_string(), attributes, text: text(node) });
    }
    node.children.borrow().iter().for_each(|child| walk(child, out));
}

fn text(node: &Handle) -> String {
    let children = node.children.borrow();
    let words = children.iter().filter_map(|child| match &child.data {
        NodeData::Text { contents } => Some(contents.borrow().to_string()),
        _ => None,
    });
    words.collect()
}

/// What is wrong with a page, whatever its report says.
fn fault(page: &str) -> Option<String> {
    let elements = read(page);
    let ids: Vec<&String> = elements.iter().filter_map(|e| e.attributes.get("id")).collect();
    let known: BTreeSet<&str> = ids.iter().map(|id| id.as_str()).collect();
    if known.len() < ids.len() {
        return Some("two elements have one id".into());
    }
    let answered = |id: &str| known.contains(id);
    for e in &elements {
        if matches!(e.name.as_str(), "script" | "iframe" | "object" | "embed" | "img" | "form" | "base" | "link") {
            return Some(format!("an element {}", e.name));
        }
        for (name, value) in &e.attributes {
            let fine = match name.as_str() {
                "href" => match value.strip_prefix('#') {
                    Some(id) => answered(id),
                    None => e.name == "a" && (value.starts_with("http://") || value.starts_with("https://")),
                },
                "aria-labelledby" => value.split(' ').all(answered),
                "src" | "srcset" | "style" | "action" | "background" | "poster" => false,
                _ => !name.starts_with("on"),
            };
            if !fine {
                return Some(format!("{} has {name}={value}", e.name));
            }
        }
    }
    None
}

/// Names of elements with the names of their attributes.
fn shape(page: &str) -> BTreeSet<String> {
    let of = |e: Element| format!("{} {:?}", e.name, e.attributes.keys().collect::<Vec<_>>());
    read(page).into_iter().map(of).collect()
}

fn report(change: impl Fn(&mut Value)) -> ouvert::report::Report {
    let mut report = hostile::frozen();
    change(&mut report);
    serde_json::from_value(report).unwrap()
}

fn page(change: impl Fn(&mut Value)) -> String {
    render::html::render(&report(change), Lang::En).unwrap()
}

#[test]
fn pages_are_golden_in_both_languages() {
    let english = rendered("html");
    golden("report.html", &english);
    let french = run(&["render", REPORT, "--format", "html", "--lang", "fr"]).stdout;
    golden("report.fr.html", &french);
    for (page, lang) in [(english, "en"), (french, "fr")] {
        assert_eq!(fault(&page), None);
        assert!(page.contains(&format!("<html lang=\"{lang}\">")));
        assert!(page.len() < 300_000, "{}", page.len());
    }
}

#[test]
fn the_policy_names_the_style_that_the_page_holds() {
    let elements = read(&rendered("html"));
    let style: Vec<&Element> = elements.iter().filter(|e| e.name == "style").collect();
    let policy =
        elements.iter().find(|e| e.attributes.get("http-equiv").is_some_and(|v| v == "Content-Security-Policy"));
    let digest = {
        use base64::Engine as _;
        use sha2::Digest as _;
        base64::prelude::BASE64_STANDARD.encode(sha2::Sha256::digest(style[0].text.as_bytes()))
    };
    let policy = &policy.unwrap().attributes["content"];
    assert_eq!(style.len(), 1);
    assert!(policy.starts_with("default-src 'none'; "), "{policy}");
    assert!(policy.contains(&format!("style-src 'sha256-{digest}'")), "{policy}");
    assert!(!style[0].text.contains("url(") && !style[0].text.contains("@import"));
}

#[test]
fn every_shortcoming_is_on_the_page_with_its_quote() {
    let text = page(|_| {});
    for finding in report(|_| {}).findings.iter().filter(|f| f.outcome == ouvert::finding::Outcome::NotMet) {
        assert!(text.contains(&format!("id=\"rule-{}\"", finding.rule)), "{}", finding.rule);
    }
    // What a release wrote stands there as text.
    assert!(text.contains("acme/&#60;script&#62;alert(1)&#60;/script&#62;"));
}

#[test]
fn what_is_not_known_is_drawn_as_not_known() {
    let drawn = |verdict: &str| {
        let page = page(|r| r["criteria"][0]["verdict"] = json!(verdict));
        read(&page)
            .into_iter()
            .filter(|e| e.name == "svg")
            .find_map(|e| e.attributes["class"].strip_prefix("drawing ").map(str::to_owned))
    };
    for verdict in ["pass", "partial", "fail", "unknown"] {
        assert_eq!(drawn(verdict).as_deref(), Some(verdict));
    }
    let undetermined = page(|r| r["level"] = json!("undetermined"));
    assert!(undetermined.contains("<div class=\"level unknown\">"));
}

#[test]
fn a_report_of_any_size_gives_a_page_that_opens() {
    let huge = page(|r| {
        for list in ["findings", "files", "datasets", "lineage", "gaps"] {
            let one = r[list][0].clone();
            r[list] = (0..5_000).map(|_| one.clone()).collect();
        }
        r["subject"]["name"] = json!("x".repeat(1_000_000));
    });
    assert!(huge.len() < 1_500_000, "{}", huge.len());
    assert_eq!(fault(&huge), None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn hostile_words_stay_words(words in hostile::words()) {
        let report = hostile::report(&words);
        let calm = shape(&rendered("html"));
        for lang in [Lang::En, Lang::Fr] {
            let page = render::html::render(&report, lang).unwrap();
            prop_assert_eq!(fault(&page), None);
            // An address makes a link of a name, and the lack of one a name of a link.
            let new: Vec<_> = shape(&page).difference(&calm).filter(|s| !s.starts_with("span ") && !s.starts_with("a ")).cloned().collect();
            prop_assert!(new.is_empty(), "{:?}", new);
        }
    }
}
