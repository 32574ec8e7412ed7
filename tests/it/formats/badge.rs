//! The badge: read as XML and as the JSON that shields.io documents. What is not known whole is never green.

use ouvert::render;
use ouvert::words::Lang;
use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Value, json};

use super::{golden, hostile, rendered};

const GREEN: &str = "2e7d32";

/// An element: its name, and its attributes with their values.
type Element = (String, Vec<(String, String)>);

/// The elements of a picture, and its text.
fn read(svg: &str) -> (Vec<Element>, String) {
    let mut reader = Reader::from_str(svg);
    let (mut elements, mut text) = (Vec::new(), String::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(e) | Event::Empty(e) => {
                let name = String::from_utf8(e.name().as_ref().to_vec()).unwrap();
                let attributes = e.attributes().map(|a| {
                    let a = a.unwrap();
                    let value =
                        quick_xml::escape::unescape(std::str::from_utf8(&a.value).unwrap()).unwrap().into_owned();
                    (String::from_utf8(a.key.as_ref().to_vec()).unwrap(), value)
                });
                elements.push((name, attributes.collect()));
            }
            Event::Text(t) => text.push_str(std::str::from_utf8(&t).unwrap()),
            Event::GeneralRef(r) => text.push_str(&format!("&{};", std::str::from_utf8(&r).unwrap())),
            Event::End(_) => text.push('\n'),
            Event::Eof => return (elements, text),
            other => panic!("{other:?}"),
        }
    }
}

/// What is wrong with a badge as a picture.
fn fault(svg: &str) -> Option<String> {
    let (elements, _) = read(svg);
    let names: Vec<&str> = elements.iter().map(|(name, _)| name.as_str()).collect();
    if names != ["svg", "title", "clipPath", "rect", "g", "rect", "rect", "g", "text", "text"] {
        return Some(format!("other elements: {names:?}"));
    }
    let (_, root) = elements.first()?;
    let label = root.iter().find(|(name, _)| name == "aria-label")?;
    let image = root.iter().any(|(name, value)| name == "role" && value == "img");
    if !image || label.1.is_empty() || hostile::is_unclean(svg) {
        return Some(format!("{root:?}"));
    }
    let width: f64 = root.iter().find(|(name, _)| name == "width")?.1.parse().ok()?;
    let elsewhere = svg.replace("http://www.w3.org/2000/svg", "").contains("href");
    (!(40.0..1500.0).contains(&width) || elsewhere).then(|| format!("{width} wide, elsewhere: {elsewhere}"))
}

#[test]
fn the_picture_says_its_words() {
    let svg = rendered("badge");
    golden("report.svg", &svg);
    assert_eq!(fault(&svg), None);
    let (elements, text) = read(&svg);
    assert!(elements[0].1.contains(&("aria-label".into(), "openness: Restricted".into())));
    assert!(text.contains("openness: Restricted\n"));
    let french = render::badge::svg(&hostile::report(""), Lang::Fr);
    assert!(french.contains("<title>ouverture : Usage restreint</title>"), "{french}");
}

#[test]
fn shields_can_draw_it() {
    let text = rendered("badge-json");
    golden("report.badge.json", &text);
    let badge: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        badge,
        json!({ "schemaVersion": 1, "label": "openness", "message": "Restricted", "color": "c62828", "isError": true })
    );
}

/// The colour of the frozen report after a change.
fn color(change: impl Fn(&mut Value)) -> String {
    let mut report = hostile::frozen();
    report["gate"] = json!({ "passed": true, "reasons": [] });
    for criterion in report["criteria"].as_array_mut().unwrap() {
        criterion["verdict"] = json!("pass");
    }
    report["level"] = json!("open-source");
    change(&mut report);
    let badge: Value =
        serde_json::from_str(&render::badge::endpoint(&serde_json::from_value(report).unwrap(), Lang::En)).unwrap();
    badge["color"].as_str().unwrap().to_owned()
}

#[test]
fn only_what_is_known_whole_is_green() {
    assert_eq!(color(|_| {}), GREEN);
    type Change = fn(&mut Value);
    let changes: [(&str, Change); 8] = [
        ("undetermined", |r| r["level"] = json!("undetermined")),
        ("maybe higher", |r| r["verdict"]["highest"] = json!("open")),
        ("unknown", |r| r["criteria"][1]["verdict"] = json!("unknown")),
        ("partial", |r| r["criteria"][1]["verdict"] = json!("partial")),
        ("failing", |r| r["criteria"][0]["verdict"] = json!("fail")),
        ("other bytes", |r| r["criteria"][3]["verdict"] = json!("fail")),
        ("gate", |r| r["gate"]["passed"] = json!(false)),
        ("no criteria", |r| r["criteria"] = json!([])),
    ];
    for (what, change) in changes {
        assert_ne!(color(change), GREEN, "{what}");
    }
}

#[test]
fn white_is_readable_on_every_colour() {
    let light = |hex: &str| {
        let part = |i: usize| {
            let c = f64::from(u8::from_str_radix(&hex[i..i + 2], 16).unwrap()) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(0) + 0.7152 * part(2) + 0.0722 * part(4)
    };
    let all =
        [color(|_| {}), color(|r| r["level"] = json!("undetermined")), color(|r| r["gate"]["passed"] = json!(false))];
    let short = color(|r| r["criteria"][1]["verdict"] = json!("partial"));
    for hex in all.iter().chain([&short, &"444444".to_owned()]) {
        assert!(1.05 / (light(hex) + 0.05) >= 4.5, "{hex}");
    }
}

#[test]
fn another_framework_is_named() {
    let mut report = hostile::report("");
    let view = report.others.iter().find(|v| v.profile.id == "mof").unwrap().clone();
    report = report.seen_by(&view);
    let badge: Value = serde_json::from_str(&render::badge::endpoint(&report, Lang::En)).unwrap();
    assert_eq!((badge["label"].as_str(), badge["message"].as_str()), (Some("MOF class"), Some("Undetermined")));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn hostile_words_stay_words(words in hostile::words()) {
        let report = hostile::report(&words);
        prop_assert_eq!(fault(&render::badge::svg(&report, Lang::En)), None);
        let badge: Value = serde_json::from_str(&render::badge::endpoint(&report, Lang::En)).unwrap();
        prop_assert!(!badge["message"].as_str().unwrap().is_empty() && !badge["label"].as_str().unwrap().is_empty());
    }

    #[test]
    fn words_of_nothing_leave_a_message(words in "[\\x00-\\x20\\u{200b}\\u{202e}]{1,9}") {
        let mut report = hostile::report("");
        report.verdict.title.clone_from(&words);
        report.level = words;
        let badge: Value = serde_json::from_str(&render::badge::endpoint(&report, Lang::En)).unwrap();
        prop_assert_eq!(badge["message"].as_str(), Some("unknown"));
    }
}
