//! What holds for every format: it silences no exit code, and a report goes to every file asked for.

use std::fs;

use crate::support::{Release, run};

/// The names of the formats, from the program's own words.
fn formats() -> Vec<String> {
    let message = run(&["audit", "--format", "none"]).stderr;
    let list = message.split("known values: ").nth(1).and_then(|l| l.lines().next()).expect("a list of formats");
    list.split(',').map(|f| f.trim().trim_matches('`').to_owned()).collect()
}

#[test]
fn no_format_silences_a_failing_release() {
    let all = formats();
    for known in ["table", "json", "sarif", "junit", "markdown", "github", "gitlab", "badge", "badge-json"] {
        assert!(all.iter().any(|f| f == known), "{known} is not among {all:?}");
    }
    for format in all {
        for (args, wanted) in [
            (vec!["audit", "tests/cases/tampered.in"], 1),
            (vec!["audit", "tests/cases/bare-mit.in", "--require", "open-source"], 1),
            (vec!["audit", "tests/cases/bare-mit.in"], 0),
        ] {
            let run = run(&[&args[..], &["--format", &format]].concat());
            assert_eq!(run.code, wanted, "{format} {args:?}: {}", run.stderr);
            assert!(!run.stdout.is_empty(), "{format}");
        }
    }
}

#[test]
fn every_file_asked_for_is_written_though_one_fails() {
    let release = Release::with_card("---\nlicense: mit\n---\n# T\n");
    let names =
        ["r.sarif", "r.xml", "r.md", "r.svg", "r.json", "r.txt", "gitlab=q.json", "github=a.txt", "badge-json=b.json"];
    let mut args = vec!["audit", "release", "--output", "no-such-folder/r.sarif"];
    for name in names {
        args.extend(["--output", name]);
    }
    let run = release.run(&args);
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(run.stderr.contains("no-such-folder/r.sarif"), "{}", run.stderr);
    assert!(run.stdout.contains("OPEN WEIGHTS"), "the screen still shows the table: {}", run.stdout);
    for (name, starts) in [
        ("r.sarif", "{\n  \"$schema\""),
        ("r.xml", "<?xml"),
        ("r.md", "## T"),
        ("r.svg", "<svg"),
        ("q.json", "[\n  {\n    \"description\""),
        ("a.txt", "::error"),
        ("b.json", "{\n  \"schemaVersion\": 1"),
    ] {
        let text = fs::read_to_string(release.outside().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(text.starts_with(starts), "{name}: {text}");
    }
}

#[test]
fn a_format_of_one_report_is_refused_for_several() {
    let run = run(&["audit", "tests/cases/bare-mit.in", "tests/cases/tampered.in", "--format", "sarif"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("holds one report"), "{}", run.stderr);
}
