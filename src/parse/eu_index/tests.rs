//! Records of the index, whole and broken. All names are invented.

use super::*;

/// A record whose letters are all closed, after a comment.
fn record() -> String {
    let mut text = String::from(
        "---\n# a comment\n\nsystem:\n    name: Acme One\n    link: https://acme.example/one\n    type: text,code\n    performanceclass: full\n    basemodelname: Acme-1-7B\n    endmodelname: Acme-1-7B-Chat\n    endmodellicense: Apache-2.0 \n    releasedate: 2025-01\n    notes:\n\norg:\n    name: Acme\n    link: https://acme.example\n    notes:\n",
    );
    for id in PARAMETERS {
        text.push_str(&format!("\n{id}:\n    class: closed\n    link:\n    notes: none\n"));
    }
    text
}

fn parse(text: &str) -> Result<System, Error> {
    read(Path::new("acme one.yaml"), text)
}

/// The line and the message of the error that a text gives.
fn wrong(text: &str) -> (usize, String) {
    match parse(text) {
        Err(Error::Malformed { path, line, message, .. }) => {
            assert_eq!(path, Path::new("acme one.yaml"));
            (line.unwrap(), message.en)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_record_is_read_whole() {
    let text = record().replace(
        "trainingcode:\n    class: closed\n    link:\n",
        "trainingcode:\n    class: Open\n    link:\n      - https://a.example\n      -\n      - https://b.example\n",
    );
    let system = parse(&text).unwrap();
    assert_eq!((system.name.text.as_str(), system.name.line), ("Acme One", 5));
    assert_eq!(system.license, Some(Field { text: "Apache-2.0".into(), line: 11 }));
    assert_eq!(system.released.as_ref().unwrap().text, "2025-01");
    assert_eq!((system.notes.clone(), system.odd.len()), (None, 0));
    assert_eq!(system.org.links.first().unwrap().line, 17);
    assert_eq!(system.parameters.iter().map(|p| p.id).collect::<Vec<_>>(), PARAMETERS);
    assert_eq!(system.parameters.first().unwrap().line, 21);
    let code = system.parameter("trainingcode").unwrap();
    assert_eq!((code.grade, code.line), (Grade::Open, 41));
    let links: Vec<_> = code.links.iter().map(|l| (l.text.as_str(), l.line)).collect();
    assert_eq!(links, [("https://a.example", 43), ("https://b.example", 45)]);
    assert_eq!(system.grade("paper"), Grade::Closed);
    assert_eq!(system.grade("no such"), Grade::Closed);
}

#[test]
fn odd_keys_are_read_as_what_they_mean() {
    let text = record().replace("endmodellicense", "endmodel licence").replace(
        "class: closed\n    link:\n    notes: none\n\ncode",
        "class: closed\n    links:\n    notes: none\n    status: x\n\ncode",
    );
    let system = parse(&(text + "package:\n    class: open\n\napi:\n    class: what\n")).unwrap();
    assert_eq!(system.license.unwrap().text, "Apache-2.0");
    let odd: Vec<_> = system.odd.iter().map(|o| (o.key.as_str(), o.meant)).collect();
    let wanted = [
        ("package", None),
        ("api", None),
        ("system.endmodel licence", Some("endmodellicense")),
        ("trainingcode.links", Some("link")),
        ("trainingcode.status", None),
    ];
    assert_eq!(odd, wanted);
    assert_eq!(system.odd.get(2).unwrap().line, 11);
    // The key of the form wins.
    let both = record().replace("    endmodellicense", "    end_model_license: MIT\n    endmodellicense");
    let system = parse(&both).unwrap();
    assert_eq!(system.license.unwrap().text, "Apache-2.0");
    assert_eq!(system.odd.first().unwrap().meant, None);
    // `basemodelname` is no misspelling of `endmodelname`.
    let system = parse(&record().replace("    basemodelname: Acme-1-7B\n", "")).unwrap();
    assert_eq!((system.base, system.odd.len()), (None, 0));
}

#[test]
fn what_is_no_record_is_told_with_its_line() {
    let good = record();
    for (text, line, words) in [
        (String::new(), 1, "start with the keys"),
        ("- a\n- b\n".into(), 1, "start with the keys"),
        ("# only a comment\n".into(), 1, "start with the keys"),
        (good.replace("system:", "sistem:"), 4, "did you mean `system`?"),
        (good.replace("\nlicenses:", "\nlicences:"), 75, "did you mean `licenses`?"),
        (good.replace("\nlicenses:", "\nzzzzzz:"), 75, "remove it"),
        (good.replace("    name: Acme One\n", ""), 4, "has no `name`"),
        (good.replace("    name: Acme One\n", "    name:\n"), 4, "has no `name`"),
        (
            good.replace("paper:\n    class: closed\n    link:\n    notes: none\n", "paper:\n    - class: closed\n"),
            60,
            "a list",
        ),
        (
            good.replace("paper:\n    class: closed\n    link:\n    notes: none\n", "paper: open\n"),
            60,
            "a text where a map",
        ),
        (
            good.replace("paper:\n    class: closed\n    link:\n    notes: none\n", "paper:\n"),
            60,
            "nothing where a map",
        ),
        (
            good.replace("paper:\n    class: closed", "paper:\n    class: opened"),
            61,
            "`opened`: write open, partial or closed",
        ),
        (good.replace("paper:\n    class: closed", "paper:\n    class: [open]"), 61, "no word"),
        (good.replace("paper:\n    class: closed", "paper:\n    class:"), 61, "no word"),
        (good.replace("paper:\n    class: closed\n", "paper:\n"), 60, "has no `class`"),
        (
            good.replace("paper:\n    class: closed\n    link:", "paper:\n    class: closed\n    link: {a: b}"),
            62,
            "neither a link",
        ),
        (
            good.replace(
                "paper:\n    class: closed\n    link:\n    notes: none",
                "paper:\n    class: closed\n    notes: {a: b}",
            ),
            62,
            "a map where a text",
        ),
        (good.clone() + "licenses:\n    class: open\n", 80, "keep one of the two"),
        (good.replace("name: Acme One", "name: [Acme"), 6, "mend it"),
        (good.replace("name: Acme One", "name: &a [*a]"), 5, "mend it"),
        (good.replace("\nlicenses:\n    class: closed\n    link:\n    notes: none\n", ""), 1, "`licenses` is missing"),
        (good.replace("Acme One", &"x".repeat(LONGEST)), 1, "more than 1048576 bytes"),
        (
            good.clone() + &(0..10_000).map(|i| format!("p{i}: {{class: open}}\n")).collect::<String>(),
            4,
            "more than 64",
        ),
        (
            good.replace("link: https://acme.example/one", &format!("link: [{}]", "a, ".repeat(300))),
            6,
            "more than 256 links",
        ),
    ] {
        let (at, message) = wrong(&text);
        assert!(message.contains(words), "{message} / {words}");
        assert_eq!(at, line, "{message}");
    }
    let bare = "org:\n    name: a\n";
    assert!(wrong(bare).1.contains("`system` is missing"));
}

#[test]
fn hostile_text_stays_short() {
    let (_, message) = wrong(&format!("\u{1b}[2J\u{202e}{}: 1\n", "k".repeat(5000)));
    assert!(message.chars().count() < 300 && !message.contains('\u{202e}'), "{message}");
    let (_, message) = wrong(&record().replace("class: closed", &format!("class: {}", "x".repeat(5000))));
    assert!(message.chars().count() < 300, "{message}");
    assert!(parse(&record().replace("Acme One", &"é".repeat(5000))).is_ok());
}

mod properties {
    use super::*;

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,200}", value in "[\\[\\]{}\",:0-9a&*@é\n -]{0,30}", key in "[a-z :\"]{0,12}") {
            let _ = parse(&text);
            let _ = parse(&record().replace("Acme One", &value));
            let _ = parse(&record().replace("endmodellicense", &key));
            let _ = parse(&record().replace("class: closed", &format!("class: {value}")));
            let _ = parse(&format!("{text}\n{}", record()));
        }

        #[test]
        fn lines_are_of_the_text(blank in 0usize..9, note in "[a-z ]{0,20}") {
            let text = format!("{}{}", "\n".repeat(blank), record().replace("none", &format!("a{note}")));
            let system = parse(&text).unwrap();
            for parameter in &system.parameters {
                proptest::prop_assert_eq!(text.lines().nth(parameter.line - 1), Some("    class: closed"));
                let line = text.lines().nth(parameter.notes.as_ref().unwrap().line - 1).unwrap();
                proptest::prop_assert!(line.starts_with("    notes: a"));
            }
        }
    }
}
