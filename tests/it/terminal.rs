//! What a terminal shows while the program works, and how wide: a pseudo-terminal of `script`, and a slow stand-in on loopback.
#![cfg(target_os = "linux")]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::hub::{Site, live};
use crate::stub::Fault;
use crate::support::{Release, Run, program, skip};

/// What a command writes on a terminal of so many columns, both streams in one, with the exit code; `None` without `script`.
fn on_terminal(command: &Command, args: &[&str], columns: usize, term: &str) -> Option<(i32, String)> {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', r"'\''"));
    let words: Vec<String> = args.iter().map(|a| quoted(a)).collect();
    let program = quoted(&command.get_program().to_string_lossy());
    let line = format!("stty cols {columns} rows 40 2>&1; exec {program} {}", words.join(" "));
    let mut script = Command::new("script");
    script.args(["-qec", &line, "/dev/null"]).stdin(Stdio::null());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => script.env(name, value),
            None => script.env_remove(name),
        };
    }
    script.env("TERM", term).current_dir(command.get_current_dir().unwrap_or(Path::new(".")));
    let Ok(output) = script.output() else {
        skip("there is no `script` to make a terminal");
        return None;
    };
    let run = Run::of(output);
    Some((run.code, run.stdout.replace("\r\n", "\n")))
}

/// The lines that were written over each other.
fn over(shown: &str) -> Vec<&str> {
    shown.split("\r\u{1b}[K").skip(1).collect()
}

#[test]
fn a_slow_host_is_named_while_it_is_asked() {
    let site = Site::whole();
    let stub = site.serve();
    stub.delay(Duration::from_millis(600));
    for (lang, begins, holds) in
        [("en", "looking up: 127.0.0.1, ", " requests, "), ("fr", "consultation : 127.0.0.1, ", " requêtes, ")]
    {
        let args = ["audit", "hf:acme/tuned", "--lang", lang];
        let Some((code, shown)) = on_terminal(&live(&stub), &args, 80, "xterm") else { return };
        assert_eq!(code, 0, "{shown}");
        let lines = over(&shown);
        assert!(lines.iter().any(|l| l.starts_with(begins) && l.contains(holds) && l.ends_with(" s")), "{shown:?}");
        // The report begins where the line was.
        assert!(lines.last().unwrap().starts_with("\u{1b}[1mTuned"), "{shown:?}");
    }
    // Where nothing can be written over, only who asks for more is told, line by line.
    let args = ["audit", "hf:acme/tuned", "--verbose"];
    let Some((_, dumb)) = on_terminal(&live(&stub), &args, 80, "dumb") else { return };
    assert!(dumb.starts_with("looking up: ") && !dumb.contains(['\u{1b}', '\r']), "{dumb:?}");
    for (args, told) in [(&args[..2], false), (&args[..], true)] {
        let piped = Run::of(live(&stub).args(args).output().unwrap());
        assert_eq!(piped.stderr.starts_with("looking up: 127.0.0.1, "), told, "{}", piped.stderr);
        assert!(!piped.stderr.contains(['\u{1b}', '\r']), "{}", piped.stderr);
    }
    let Some((_, quiet)) = on_terminal(&live(&stub), &["audit", "hf:acme/tuned", "--quiet"], 80, "xterm") else {
        return;
    };
    assert_eq!((quiet.matches('\n').count(), over(&quiet).len()), (1, 0), "{quiet:?}");
}

#[test]
fn a_host_that_asks_for_rest_is_named() {
    let site = Site::whole();
    let stub = site.serve();
    stub.fault("/api/datasets/acme/corpus", Fault::Once(Box::new(Fault::RetryAfter(429, "4"))));
    let Some((code, shown)) = on_terminal(&live(&stub), &["audit", "hf:acme/tuned"], 80, "xterm") else { return };
    assert_eq!(code, 0, "{shown}");
    let rest = |l: &&str| l.starts_with("looking up: 127.0.0.1 asks for ") && l.contains(" s of rest, ");
    assert!(over(&shown).iter().any(rest), "{shown:?}");
}

#[test]
fn bytes_that_are_fetched_are_counted() {
    let site = Site::whole();
    let stub = site.serve();
    stub.delay(Duration::from_millis(600));
    let args = ["audit", "hf:acme/tuned", "--download", "--lang", "fr"];
    let Some((_, shown)) = on_terminal(&live(&stub), &args, 80, "xterm") else { return };
    let counted = regex::Regex::new(r"^récupération : \d sur \d fichiers, [\d,]+ \w+ sur \d+ ko(, |$)").unwrap();
    assert!(over(&shown).iter().any(|l| counted.is_match(l) && l.ends_with(", 127.0.0.1")), "{shown:?}");
}

#[test]
fn hashing_tells_files_bytes_rate_and_time_and_an_interrupt_clears_it() {
    let release = Release::with_card("# Big\n");
    // A sparse file: it takes no room, and long to hash.
    let big = std::fs::File::create(release.path().join("model.safetensors")).unwrap();
    big.set_len(2_000_000_000_000).unwrap();
    let mut command = Command::new("timeout");
    program().get_envs().for_each(|(name, value)| match value {
        Some(value) => drop(command.env(name, value)),
        None => drop(command.env_remove(name)),
    });
    command.current_dir(release.outside());
    let path = program().get_program().to_string_lossy().into_owned();
    for (columns, lang, told) in [
        (80, "en", r"^hashing: \d of 2 files, [\d.]+ .B of 2.00 TB, [\d.]+ .B/s, [\d]+ (h|min) \d+ (min|s) left$"),
        (80, "fr", r"^empreintes : \d sur 2 fichiers, [\d,]+ .o sur 2,00 To, [\d,]+ .o/s, encore "),
        (40, "en", r"^hashing: .{30}$"),
    ] {
        let args = ["--foreground", "-s", "INT", "2", &path, "audit", "release", "--lang", lang];
        let Some((code, shown)) = on_terminal(&command, &args, columns, "xterm") else { return };
        assert_eq!(code, 124, "{shown:?}");
        let told = regex::Regex::new(told).unwrap();
        assert!(over(&shown).iter().any(|l| told.is_match(l)), "{shown:?}");
        let last = if lang == "fr" { "interrompu\n" } else { "interrupted\n" };
        assert_eq!(over(&shown).last(), Some(&last), "{shown:?}");
        assert!(over(&shown).iter().all(|l| l.trim_end().chars().count() < columns), "{shown:?}");
    }
}

#[test]
fn prose_keeps_to_a_width_that_is_read_with_ease() {
    let release = Release::tiny_open();
    release.write("SHA256SUMS", "nonsense\n");
    let colours = regex::Regex::new("\u{1b}\\[[0-9;]*m").unwrap();
    for (columns, most, least) in [(60, 60, 50), (80, 80, 70), (200, 100, 90)] {
        for args in [
            &["audit", "release"][..],
            &["explain", "data-complete"],
            &["frameworks"],
            &["audit", "release", "--require", "nothing-like-it"],
        ] {
            let mut command = program();
            command.current_dir(release.outside());
            let Some((_, shown)) = on_terminal(&command, args, columns, "xterm") else { return };
            let plain = colours.replace_all(&shown, "");
            let widest = plain.lines().map(|l| l.chars().count()).max().unwrap();
            assert!(widest <= most, "{columns} {args:?}: {widest}\n{plain}");
            assert!(widest >= least || widest > 75, "{columns} {args:?}: {widest}\n{plain}");
        }
    }
    // A terminal that knows no colours gets none.
    let mut command = program();
    command.current_dir(release.outside());
    let Some((_, dumb)) = on_terminal(&command, &["audit", "release"], 80, "dumb") else { return };
    assert!(!dumb.contains('\u{1b}'), "{dumb}");
}
