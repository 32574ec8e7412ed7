//! The page of many releases: it is complete in itself, hostile words stay words, and a real browser sorts and filters fifty thousand
//! rows in it, on a telephone and on a desk, in light and in dark.

use std::fs;
use std::process::Command;

use serde_json::Value;

use ouvert::survey::Row;

use super::{Field, failure, row};
use crate::formats::consumers;

/// Opens a page and does what a reader does: sorts, filters, turns; then audits it.
const OPEN: &str = include_str!("page.js");

/// What would be more than words, if it could.
const HOSTILE: [&str; 6] = [
    "</script><script>document.title='x'</script>",
    "<!--<script>",
    "\u{2028}\u{2029}\u{202e}\u{2066}x",
    "\"onmouseover=\"document.title='x'",
    "javascript:document.title='x'",
    "{{ title }} ${1} {why} $& &lt;",
];

fn page(field: &Field, name: &str, lang: &str) -> String {
    let output = format!("{name}.html");
    let run = field.merge(&[name, "--output", &output, "--lang", lang]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    fs::read_to_string(field.at(&output)).unwrap()
}

/// Rows whose every word is hostile.
fn hostile() -> Vec<Row> {
    let words = |i: usize| HOSTILE[i % HOSTILE.len()].to_owned();
    let all = (0..60).map(|i| {
        let mut row = row(i as u64);
        row.target = format!("{} {i}", words(i));
        row.organisation = Some(words(i + 1));
        row.licenses = vec![words(i + 2)];
        row.not_met = vec![words(i + 3)];
        row.created = Some(words(i));
        if i % 7 == 0 {
            row.level = Some(words(i + 4));
        }
        row
    });
    all.collect()
}

#[test]
fn the_page_holds_all_and_asks_for_nothing() {
    let field = Field::new();
    field.survey("s", 2, &(0..300).map(row).collect::<Vec<_>>(), &[failure("hf:x/gone", "network")]);
    let text = page(&field, "s", "en");
    for wanted in ["Openness of 301 releases", "Unrestricted license", "What fails most", "By organisation", "By year"]
    {
        assert!(text.contains(wanted), "{wanted}");
    }
    assert!(text.contains("default-src 'none'; style-src 'sha256-") && text.contains("script-src 'sha256-"));
    assert!(!text.contains("unsafe-inline") && !text.contains(" style=") && !text.contains(" onclick"));
    // Without a script the best two hundred are there.
    assert_eq!(
        text.matches("<tr><th scope=\"row\" translate=\"no\" dir=\"auto\"><a href=\"https://huggingface.co/org-")
            .count(),
        200
    );
    let links: Vec<&str> = text.split("href=\"").skip(1).map(|l| l.split('"').next().unwrap()).collect();
    assert!(links.iter().all(|l| l.starts_with('#') || l.starts_with("https://huggingface.co/org-")), "{links:?}");
    let french = page(&field, "s", "fr");
    assert!(french.contains("<html lang=\"fr\">") && french.contains("Ouverture de 301 publications"));
    // Nothing of the machine or of the hour is in it.
    assert_eq!(text, page(&field, "s", "en"));
}

#[test]
fn hostile_words_stay_words() {
    let field = Field::new();
    let kinds: Vec<_> = HOSTILE.iter().map(|word| failure(&format!("gone {word}"), word)).collect();
    field.survey("s", 1, &hostile(), &kinds);
    let text = page(&field, "s", "en");
    // One for the data, one for the script.
    assert_eq!(text.matches("<script").count(), 2);
    assert_eq!(text.matches("</script").count(), 2);
    assert!(!text.contains("<!--"));
    assert!(!text.contains(|c: char| ouvert::evidence::is_unsafe(c) && c != '\n'));
    assert!(!text.contains("href=\"javascript"));
    let data = text.split("id=\"rows\">").nth(1).unwrap().split("</script>").next().unwrap();
    let data: Value = serde_json::from_str(data).unwrap();
    assert_eq!(data["rows"].as_array().unwrap().len(), 66);
}

#[test]
fn a_browser_sorts_and_filters_fifty_thousand_rows() {
    let Some(folder) = consumers() else { return };
    let field = Field::new();
    let failures: Vec<_> = (0..500).map(|i| failure(&format!("hf:x/gone-{i}"), "network")).collect();
    field.survey("many", 4, &(0..49_500).map(row).collect::<Vec<_>>(), &failures);
    field.survey("hostile", 1, &hostile(), &[failure("<b>gone</b>", "<b>x</b>")]);
    page(&field, "many", "en");
    page(&field, "hostile", "fr");
    let browser = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    let browser = browser.into_iter().find(|p| fs::exists(p).unwrap()).expect("`.ci/run` installs chromium");
    let done = Command::new("node")
        .env("NODE_PATH", folder.join("node/node_modules"))
        .env("FIND", row(49_499).target)
        .args(["-e", OPEN, browser])
        .args([field.at("many.html"), field.at("hostile.html")])
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let seen: Vec<Value> = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(seen.len(), 8);
    for one in &seen {
        let empty = serde_json::json!([]);
        assert_eq!((&one["said"], &one["faults"], &one["outside"]), (&empty, &empty, &empty), "{one}");
        assert_eq!(one["asked"].as_array().unwrap().len(), 1, "{one}");
        assert_eq!(one["wide"], one["width"], "{one}");
        assert!(one["passed"].as_u64().unwrap() > 20, "{one}");
        let dark = one["colorScheme"] == "dark";
        assert_eq!(one["paper"], if dark { "rgb(18, 22, 29)" } else { "rgb(251, 249, 244)" }, "{one}");
        let french = one["lang"] == "fr";
        assert!(one["title"].as_str().unwrap().starts_with(if french {
            "Ouverture de 61 "
        } else {
            "Openness of 50,000"
        }));
    }
    for one in seen.iter().filter(|one| one["lang"] == "en") {
        assert_eq!(one["script"]["before"], "1–200 of 50,000", "{one}");
        assert_eq!(one["script"]["second"], "201–400 of 50,000", "{one}");
        // Sorted by score, the best first; then the other way.
        assert_eq!(one["script"]["sorted"], serde_json::json!(["descending", "100.0", "ascending", "0.0"]), "{one}");
        assert_eq!(one["script"]["failed"], "1–200 of 500", "{one}");
        assert_eq!(one["script"]["found"], serde_json::json!(["1–1 of 1", [row(49_499).target]]), "{one}");
        assert_eq!(one["script"]["none"], "No release fits.", "{one}");
        assert_eq!(one["without"], 200, "{one}");
    }
}
