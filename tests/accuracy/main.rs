//! How often the verdicts are right: releases rebuilt from known facts, audited on a stand-in for the hub, and each
//! verdict compared with the one that the facts call for; then sentences that restrict, and those that only look like it.
//! `cargo test --test accuracy` prints the counts.
//!
//! It fails on a pass that should be none, on a release without a report, and on any other difference unless the
//! fixture lists it as known, with its cause; a listed one that is gone must leave the list. A word after `--` keeps to
//! the releases with it in their id. `ACCURACY_SITE=FOLDER` keeps what was built, and `ACCURACY_WORDING=N` words the
//! cards in other ways, which shows what the count owes to the words: the list of known ones does not hold then.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

mod build;
mod card;
mod facts;
mod sentences;
#[allow(dead_code, unused_imports, clippy::string_slice, clippy::print_stderr)] // shared with the other tests
#[path = "../it/stub/mod.rs"]
mod stub;
#[allow(dead_code, unused_imports, clippy::string_slice, clippy::print_stderr)] // shared with the other tests
#[path = "../it/support.rs"]
mod support;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::facts::{CRITERIA, Facts, Kind, Release, Verdict};
use crate::stub::Stub;
use crate::support::{HERE, Run, program};

/// The name of the one test, as the runner of tests knows it.
const NAME: &str = "accuracy";
/// Audits at one time.
const THREADS: usize = 4;

fn main() -> ExitCode {
    let arguments = Arguments::read(std::env::args().skip(1));
    if arguments.list {
        let listed = arguments.wanted(NAME) && !arguments.ignored;
        if listed {
            println!("{NAME}: test");
        }
        if !arguments.terse {
            println!("\n{} tests, 0 benchmarks", usize::from(listed));
        }
        return ExitCode::SUCCESS;
    }
    let facts = Facts::read(&Path::new(HERE).join("tests/accuracy"));
    let whole = arguments.wanted(NAME);
    let scored = facts.release.iter().filter(|r| !r.expected.is_empty());
    let scored: Vec<&Release> = scored.filter(|r| !arguments.ignored && (whole || arguments.wanted(&r.id))).collect();
    if scored.is_empty() {
        println!("accuracy: nothing asked for");
        return ExitCode::SUCCESS;
    }
    let start = Instant::now();
    let kept = std::env::var_os("ACCURACY_SITE").map(PathBuf::from);
    let folder = tempfile::tempdir().expect("a temporary directory");
    let root = kept.as_deref().unwrap_or(folder.path());
    build::site(root, &facts);
    let stub = Stub::serve(root);
    // One server for all: none of them may believe that it asked too much.
    stub.limit(1_000_000, Duration::from_secs(3600));
    let audits = audits(&stub, &scored);
    let fine = tell(&scored, &audits);
    println!("{} releases audited in {:.1} s", scored.len(), start.elapsed().as_secs_f64());
    // Sentences are of no release: they are scanned with all of them.
    let told = scored.len() < facts.release.iter().filter(|r| !r.expected.is_empty()).count()
        || sentences::hold(&Path::new(HERE).join("tests/accuracy/sentences"));
    if fine && told { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What `cargo test` and its like pass on.
#[derive(Default)]
struct Arguments {
    list: bool,
    terse: bool,
    ignored: bool,
    exact: bool,
    filters: Vec<String>,
    skipped: Vec<String>,
}

impl Arguments {
    fn read(arguments: impl Iterator<Item = String>) -> Arguments {
        let mut out = Arguments::default();
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--list" => out.list = true,
                "--ignored" => out.ignored = true,
                "--exact" => out.exact = true,
                "--skip" => out.skipped.extend(arguments.next()),
                "--format" => out.terse = arguments.next().as_deref() == Some("terse"),
                "--format=terse" => out.terse = true,
                "--color" | "--test-threads" | "--logfile" | "-Z" | "--report-time" | "--shuffle-seed" => {
                    arguments.next();
                }
                option if option.starts_with('-') => {}
                filter => out.filters.push(filter.to_owned()),
            }
        }
        out
    }

    fn wanted(&self, name: &str) -> bool {
        let fits = |filter: &String| if self.exact { name == filter } else { name.contains(filter.as_str()) };
        (self.filters.is_empty() || self.filters.iter().any(fits)) && !self.skipped.iter().any(fits)
    }
}

/// The reports of the releases, in their order, or why there is none.
fn audits(stub: &Stub, releases: &[&Release]) -> Vec<Result<Value, String>> {
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<Option<Result<Value, String>>>> = Mutex::new(vec![None; releases.len()]);
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Some(release) = releases.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let at = releases.iter().position(|r| std::ptr::eq(*r, *release)).expect("one of them");
                    let report = audit(stub, release);
                    done.lock().unwrap()[at] = Some(report);
                }
            });
        }
    });
    done.into_inner().unwrap().into_iter().map(|report| report.expect("an audit")).collect()
}

fn audit(stub: &Stub, release: &Release) -> Result<Value, String> {
    let target = if release.kind == Kind::Dataset { "hf:datasets/" } else { "hf:" };
    let mut command = program();
    for name in ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        command.env_remove(name);
    }
    command.env_remove("HF_HUB_OFFLINE").env_remove("TRANSFORMERS_OFFLINE").env("HF_ENDPOINT", stub.url());
    let others = [
        ("GITHUB_API_URL", "code-api"),
        ("GITLAB_API_URL", "gitlab-api"),
        ("ZENODO_API_URL", "zenodo-api"),
        ("DATACITE_API_URL", "datacite-api"),
        ("SWH_API_URL", "heritage-api"),
    ];
    for (name, path) in others {
        command.env(name, format!("{}/{path}", stub.url()));
    }
    command.env("OUVERT_TRUSTED_HOSTS", stub.cdn());
    command.args(["audit", &format!("{target}{}", release.id), "--format", "json"]);
    let run = Run::of(command.output().expect("the program runs"));
    serde_json::from_str(&run.stdout).map_err(|e| format!("exit {}, {e}: {}", run.code, run.stderr.trim()))
}

/// A verdict of a report.
fn verdict(report: &Value, criterion: &str) -> Verdict {
    let one = report["criteria"].as_array().into_iter().flatten().find(|c| c["id"] == criterion);
    let verdict = one.map(|c| c["verdict"].clone()).unwrap_or_default();
    serde_json::from_value(verdict).unwrap_or_else(|e| panic!("{criterion}: {e}"))
}

/// The findings that decided a verdict.
fn findings(report: &Value, criterion: &str) -> String {
    let start = format!("{criterion}-");
    let all = report["findings"].as_array().into_iter().flatten();
    let short = all.filter(|f| {
        f["rule"].as_str().is_some_and(|r| r.starts_with(&start))
            && f["need"] != "recommended"
            && (f["outcome"] == "not-met" || f["outcome"] == "unknown")
    });
    let words = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let told: Vec<String> =
        short.map(|f| format!("{} {}: {}", words(&f["rule"]), words(&f["outcome"]), words(&f["says"]))).collect();
    if told.is_empty() { "every rule is met".to_owned() } else { told.join("; ") }
}

/// Prints the count, the tables and the differences; tells whether all is as it should be.
fn tell(releases: &[&Release], audits: &[Result<Value, String>]) -> bool {
    let (mut right, mut all, mut false_passes) = (0, 0, 0);
    let mut table = [[[0usize; 4]; 4]; 3];
    let (mut told, mut wrong) = (Vec::new(), Vec::new());
    for (release, audit) in releases.iter().zip(audits) {
        let id = &release.id;
        let report = match audit {
            Ok(report) => report,
            Err(why) => {
                wrong.push(format!("{id}: no report: {why}"));
                continue;
            }
        };
        for (index, criterion) in CRITERIA.into_iter().enumerate() {
            let Some(expected) = release.expected.get(criterion).copied() else { continue };
            let got = verdict(report, criterion);
            all += 1;
            table[index][expected as usize][got as usize] += 1;
            let known = release.known.get(criterion);
            let line = |cause: &str| format!("{id}: {criterion}: expected {expected}, got {got}: {cause}");
            if got == expected {
                right += 1;
                if known.is_some() {
                    wrong.push(format!("{id}: {criterion}: listed as known to differ, and does not: {expected}"));
                }
            } else if got == Verdict::Pass {
                false_passes += 1;
                wrong.push(line(&format!("FALSE PASS; it should not be one because {}", release.because[criterion])));
            } else if let Some(cause) = known {
                told.push(line(cause));
            } else {
                wrong.push(line(&format!("not listed as known; {}", findings(report, criterion))));
            }
        }
    }
    let percent = 100.0 * f64::from(right) / f64::from(all.max(1));
    println!(
        "\naccuracy: {} releases, {right} of {all} criteria right ({percent:.1} %), {false_passes} false passes",
        releases.len()
    );
    for (index, criterion) in CRITERIA.into_iter().enumerate() {
        println!("\n{:<20}{}", criterion, Verdict::ALL.map(|got| format!("{got:>9}")).concat());
        for expected in Verdict::ALL {
            let row = table[index][expected as usize].map(|count| format!("{count:>9}")).concat();
            println!("  expected {expected:<9}{row}");
        }
    }
    for (title, lines) in [("Known to differ", &told), ("Wrong", &wrong)] {
        if !lines.is_empty() {
            println!("\n{title} ({}):\n  {}", lines.len(), lines.join("\n  "));
        }
    }
    println!();
    wrong.is_empty()
}
