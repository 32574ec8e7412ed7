//! Annotations, read as a runner of GitHub reads a step's output: line by line, from its documented rules.

use std::collections::BTreeMap;

use ouvert::render;
use ouvert::words::Lang;
use proptest::prelude::*;

use super::{golden, hostile, rendered, sarif};

/// A command as a runner takes it.
#[derive(Debug)]
struct Command {
    name: String,
    properties: BTreeMap<String, String>,
    text: String,
}

/// The command on a line, if there is one: it begins with `::` after blanks, and ends at the next `::`.
fn command(line: &str) -> Option<Command> {
    let form = regex::Regex::new(r"^\s*::([a-z-]+)(?: (.*?))?::(.*)$").unwrap();
    let found = form.captures(line)?;
    let plain = |text: &str| {
        let text = text.replace("%3A", ":").replace("%2C", ",");
        text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
    };
    let properties = found.get(2).map_or("", |m| m.as_str()).split(',').filter(|p| !p.is_empty());
    let properties =
        properties.map(|p| p.split_once('=').unwrap_or_else(|| panic!("{p:?} is no property of {line:?}")));
    let properties = properties.map(|(name, value)| (name.to_owned(), plain(value))).collect();
    Some(Command { name: found[1].to_owned(), properties, text: plain(&found[3]) })
}

/// The commands of a text, all of whose lines must be annotations, no more of each than a step shows.
fn annotations(text: &str) -> Vec<Command> {
    let all: Vec<Command> = text.lines().map(|l| command(l).unwrap_or_else(|| panic!("no command: {l:?}"))).collect();
    for level in ["error", "warning", "notice"] {
        assert!(all.iter().filter(|c| c.name == level).count() <= 10, "{level}");
    }
    for one in &all {
        assert!(["error", "warning", "notice"].contains(&one.name.as_str()), "{}", one.name);
        assert!(one.properties.keys().all(|k| ["file", "line", "title"].contains(&k.as_str())), "{:?}", one.properties);
        assert!(one.properties.get("line").is_none_or(|l| l.parse::<u32>().is_ok_and(|l| l > 0)));
        assert!(one.properties.get("file").is_none_or(|f| !f.starts_with('/') && !f.split('/').any(|p| p == "..")));
        assert!(!one.text.is_empty() && !one.text.contains('\n') && !one.text.contains('\r'));
    }
    all
}

#[test]
fn the_worst_comes_first_and_what_is_cut_is_counted() {
    let text = rendered("github");
    golden("report.github.txt", &text);
    let all = annotations(&text);
    assert_eq!(all[0].properties["title"], "The audit fails");
    assert_eq!((all[1].properties["file"].as_str(), all[1].properties["line"].as_str()), ("merry/README.md", "4"));
    let rank = |c: &Command| ["error", "warning", "notice"].iter().position(|l| *l == c.name);
    assert!(all.iter().map(rank).is_sorted());
    let report = hostile::frozen();
    let asked = report["others"].as_array().unwrap().iter().filter(|v| v["asked"] == true).map(|v| &v["findings"]);
    let findings = std::iter::once(&report["findings"]).chain(asked).flat_map(|f| f.as_array().unwrap());
    let told = findings
        .filter(|f| f["outcome"] == "not-met" || f["outcome"] == "unknown" && f["need"] != "recommended")
        .count();
    // The gate, what was cut and the verdict are no findings.
    let shown = all.len() - 3;
    let [cut, verdict] = &all[all.len() - 2..] else { panic!() };
    let numbers = regex::Regex::new(r"\d+").unwrap();
    let hidden: usize = numbers.find_iter(&cut.text).map(|n| n.as_str().parse::<usize>().unwrap()).sum();
    assert!(hidden > 0);
    assert_eq!(shown + hidden, told);
    assert_eq!(verdict.properties["title"], "Verdict: Merry & Sons");
    assert!(verdict.text.starts_with("three-criteria 1.0.0: Restricted, 33.7 of 100; osaid"));
}

#[test]
fn an_unknown_is_milder_and_a_waiver_milder_still() {
    let mut report = hostile::frozen();
    report["others"] = serde_json::json!([]);
    for finding in report["findings"].as_array_mut().unwrap() {
        finding["outcome"] = serde_json::json!("unknown");
    }
    report["gate"] = serde_json::json!({ "passed": true, "reasons": [] });
    let text = render::github::render(&serde_json::from_value(report).unwrap(), Lang::En);
    let all = annotations(&text);
    assert!(all.iter().any(|c| c.name == "warning") && !all.iter().any(|c| c.name == "error"));
    let mut waived = sarif::waived();
    waived.findings.retain(|f| f.rule == "recipe-code");
    let all = annotations(&render::github::render(&waived, Lang::En));
    let one = all.iter().find(|c| c.properties["title"].contains("recipe-code")).unwrap();
    assert!(
        one.name == "notice" && one.text.starts_with("agreed with legal (waived by Ann until 2026-12-31) – "),
        "{one:?}"
    );
}

#[test]
fn french_is_french() {
    let text = render::github::render(&hostile::report(""), Lang::Fr);
    assert!(text.contains("title=L'audit échoue::") && text.contains("avertissements"), "{text}");
    annotations(&text);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn hostile_words_stay_words(words in hostile::words()) {
        let benign = annotations(&render::github::render(&hostile::report("x"), Lang::En));
        let text = render::github::render(&hostile::report(&words), Lang::En);
        prop_assert!(!hostile::is_unclean(&text));
        let all = annotations(&text);
        let names = |all: &[Command]| all.iter().map(|c| c.name.clone()).collect::<Vec<_>>();
        prop_assert_eq!(names(&all), names(&benign));
        // The first finding's words arrive as they were written, what hides left out.
        let wanted = render::clean(&words);
        prop_assert!(all[1].text.contains(wanted.trim()), "{:?}", all[1]);
    }
}
