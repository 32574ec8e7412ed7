//! Markdown: read by two implementations of it, one of them GitHub's own, of which hostile words must get nothing but words.

use std::fs;
use std::process::Command;

use ouvert::render::{self, Detail, Options};
use ouvert::words::Lang;
use proptest::prelude::*;
use pulldown_cmark::{Event, Options as Extensions, Parser, Tag, TagEnd};
use serde_json::Value;

use super::{compared, consumers, golden, hostile, rendered, sarif};
use crate::support::run;

/// The blocks of a page, in order, without its words.
pub(super) fn blocks(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for event in Parser::new_ext(text, Extensions::all()) {
        match event {
            Event::Text(_) | Event::Code(_) | Event::SoftBreak => {}
            Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::HtmlBlock | Tag::FootnoteDefinition(_)) => {
                out.push(format!("markup of others: {event:?}"));
            }
            Event::End(TagEnd::Paragraph) | Event::Start(_) => out.push(format!("{event:?}")),
            Event::End(_) | Event::Rule | Event::HardBreak => out.push(format!("{event:?}")),
            other => out.push(format!("markup of others: {other:?}")),
        }
    }
    out
}

/// The words of a page, without blanks and backticks.
pub(super) fn letters(text: &str) -> String {
    let mut out = String::new();
    for event in Parser::new_ext(text, Extensions::all()) {
        if let Event::Text(words) | Event::Code(words) = event {
            out.push_str(&words);
        }
    }
    bare(&out)
}

pub(super) fn bare(text: &str) -> String {
    render::clean(text).chars().filter(|c| !c.is_whitespace() && *c != '`').collect()
}

#[test]
fn it_holds_the_verdict_and_what_to_do() {
    let text = rendered("markdown");
    golden("report.md", &text);
    let french = run(&["render", super::REPORT, "--format", "markdown", "--lang", "fr"]).stdout;
    golden("report.fr.md", &french);
    assert!(french.contains("À corriger d'abord") && french.contains("Selon d'autres référentiels"));
    // What the frozen release wrote into a name is shown, as code.
    assert!(text.contains("`acme/<script>alert(1)</script>`"));
    assert!(!blocks(&text).iter().any(|b| b.starts_with("markup of others")), "{:?}", blocks(&text));
    assert_eq!(blocks(&text).iter().filter(|b| b.starts_with("Start(Table(")).count(), 3);
}

#[test]
fn a_waiver_stands_with_its_finding_and_by_itself() {
    let text = render::markdown::render(&sarif::waived(), hostile::options(Lang::En));
    assert!(text.contains("agreed with legal (waived by Ann until 2026-12-31))"), "{text}");
    assert!(
        text.contains("### Waivers\n\n- recipe-code, silenced until 2026-12-31: agreed with legal (Ann)\n"),
        "{text}"
    );
}

#[test]
fn details_follow_the_flags() {
    let quiet = run(&["audit", "tests/cases/bare-mit.in", "--format", "markdown", "--quiet"]).stdout;
    let normal = run(&["audit", "tests/cases/bare-mit.in", "--format", "markdown"]).stdout;
    let all = run(&["audit", "tests/cases/bare-mit.in", "--format", "markdown", "--verbose"]).stdout;
    assert!(!quiet.contains("To do:") && quiet.contains("Open weights"));
    assert!(normal.contains("more (--verbose shows them)") && !all.contains("more (--verbose shows them)"));
    assert!(quiet.len() < normal.len() && normal.len() < all.len());
}

#[test]
fn it_fits_a_comment_of_any_forge() {
    let mut report = hostile::frozen();
    let finding = report["findings"][2].clone();
    report["findings"] = (0..5000).map(|_| finding.clone()).collect();
    report["gate"]["reasons"] = (0..5000).map(|i| format!("{i} *reasons*")).collect();
    report["files"] = (0..5000).map(|_| report["files"][5].clone()).collect();
    report["subject"]["name"] = "[".repeat(1_000_000).into();
    let report = serde_json::from_value(report).unwrap();
    let text = render::markdown::render(&report, Options { detail: Detail::All, ..hostile::options(Lang::En) });
    assert!(text.chars().count() < 65_536 && text.len() < 1 << 20, "{}", text.len());
    assert!(text.contains("Not all of it fits here") && text.contains("ouvert 0.1.0"));
    assert!(!blocks(&text).iter().any(|b| b.starts_with("markup of others")));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn hostile_words_stay_words(words in hostile::words()) {
        let wanted = blocks(&render::markdown::render(&hostile::report("x"), hostile::options(Lang::En)));
        let text = render::markdown::render(&hostile::report(&words), hostile::options(Lang::En));
        prop_assert!(!hostile::is_unclean(&text));
        prop_assert_eq!(blocks(&text), wanted);
        prop_assert!(letters(&text).contains(&bare(&words)), "{:?} is lost", words);
    }
}

/// Tells of each page which elements GitHub's own implementation and another make of it, and what is left for a forge to link.
const READ: &str = r"
import json, re, sys
from html.parser import HTMLParser
import cmarkgfm
from cmarkgfm.cmark import Options
from markdown_it import MarkdownIt
other = MarkdownIt('commonmark').enable(['table', 'strikethrough'])
class Reader(HTMLParser):
    def __init__(self):
        super().__init__(); self.tags = set(); self.code = 0; self.text = []
    def handle_starttag(self, tag, attrs):
        self.tags.add(' '.join([tag] + [name for name, _ in attrs if name not in ('align', 'style', 'start')]))
        if tag == 'code': self.code += 1; self.text.append(' ')
    def handle_endtag(self, tag):
        if tag == 'code': self.code -= 1
        self.text.append(' ')
    def handle_comment(self, data): self.tags.add('comment')
    def handle_decl(self, data): self.tags.add('declaration')
    def handle_pi(self, data): self.tags.add('instruction')
    def handle_data(self, data):
        if not self.code: self.text.append(data)
linked = re.compile(r'@\w|://|www\.|(?:^|[\s(])[#!~%&^]\w|\bgh-\d|:[a-z0-9_+-]+:(?!\d)|\$', re.I)
out = []
for page in json.load(open(sys.argv[1])):
    for html in (cmarkgfm.github_flavored_markdown_to_html(page, Options.CMARK_OPT_UNSAFE), other.render(page)):
        reader = Reader(); reader.feed(html); reader.close()
        out.append({'tags': sorted(reader.tags), 'linked': [m.group() for m in linked.finditer(''.join(reader.text))]})
json.dump(out, sys.stdout)
";

#[test]
fn the_markdown_of_forges_makes_words_of_it() {
    let Some(folder) = consumers() else { return };
    let dir = tempfile::tempdir().unwrap();
    let read = |pages: &[String]| -> Vec<Value> {
        let path = dir.path().join("pages.json");
        fs::write(&path, serde_json::to_string(pages).unwrap()).unwrap();
        let out = Command::new(folder.join("venv/bin/python3")).args(["-c", READ]).arg(&path).output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        serde_json::from_slice(&out.stdout).unwrap()
    };
    let mut pages = vec![rendered("markdown")];
    for lang in [Lang::En, Lang::Fr] {
        pages.extend(hostile::several().iter().map(|r| render::markdown::render(r, hostile::options(lang))));
    }
    pages.extend(compared::several());
    let allowed =
        ["h2", "h3", "p", "strong", "code", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "hr", "br"];
    for (i, page) in read(&pages).iter().enumerate() {
        let tags: Vec<&str> = page["tags"].as_array().unwrap().iter().map(|t| t.as_str().unwrap()).collect();
        assert!(tags.iter().all(|t| allowed.contains(t)), "page {}: {tags:?}\n{}", i / 2, pages[i / 2]);
        assert_eq!(page["linked"], serde_json::json!([]), "page {}\n{}", i / 2, pages[i / 2]);
    }
    // The same readers do see what is not escaped.
    let raw = read(&["# x\n\n<b>y</b> http://e.example @me <!-- z -->".to_owned()]);
    assert!(
        raw.iter()
            .all(|page| !page["linked"].as_array().unwrap().is_empty() && page["tags"].to_string().contains("\"b\""))
    );
}
