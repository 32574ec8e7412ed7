//! The shards of a survey joined: any number of them gives what one would, byte for byte; what does not fit is refused by name; and
//! the table opens in the programs that people have.

mod page;
mod refused;
mod tables;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ouvert::certificate::Rules;
use ouvert::ledger::Ledger;
use ouvert::profile;
use ouvert::report::Tool;
use ouvert::survey::{Cell, Failure, List, Row, Run, SCHEMA, Shard, Work};
use tempfile::TempDir;

use crate::support::{self, program};

/// Numbers that are the same each time and look like none.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn one_of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }
}

const LEVELS: [&str; 5] = ["open-source", "partly-open", "open-weights", "restricted", "undetermined"];

/// A run of so many releases in so many shards, by the profile that ships.
fn survey_of(items: u64, shards: u32) -> Run {
    let judged = profile::built_in("three-criteria").unwrap();
    let profile = Rules { id: judged.id.clone(), version: judged.version.to_string(), digest: judged.digest.tagged() };
    Run {
        schema: SCHEMA,
        tool: Tool { name: "ouvert".into(), version: env!("CARGO_PKG_VERSION").into() },
        work: Work::Survey,
        list: List { digest: format!("sha256:{}", "0".repeat(64)), items },
        shards,
        profile: Some(profile),
        settings: BTreeMap::from([("offline".into(), "true".into())]),
        started: "2026-01-31T12:00:00Z".into(),
    }
}

/// A made-up row.
fn row(i: u64) -> Row {
    let mut dice = Dice(i + 1);
    let owner = format!("org-{}", dice.below(40) * dice.below(3));
    let level = dice.below(5);
    let mut criteria = BTreeMap::new();
    for id in ["license", "data", "recipe", "integrity"] {
        let not_met = dice.below(3);
        criteria
            .insert(format!("{id}_verdict"), Cell::Word(dice.one_of(&["pass", "partial", "fail", "unknown"]).into()));
        criteria.insert(format!("{id}_score"), Cell::Score(dice.below(1001) as f64 / 10.0));
        criteria.insert(format!("{id}_met"), Cell::Count(7 - not_met));
        criteria.insert(format!("{id}_not_met"), Cell::Count(not_met));
        criteria.insert(format!("{id}_unknown"), Cell::Count(dice.below(2)));
    }
    let rules = ["data-declared", "recipe-code", "license-no-added-terms", "recipe-logs"];
    let (datasets, year, day) = (dice.below(4), 2022 + dice.below(4), 1 + dice.below(28));
    Row {
        schema: SCHEMA,
        target: format!("hf:{owner}/model-{i}"),
        name: Some(format!("model-{i}")),
        organisation: Some(owner),
        kind: Some(ouvert::evidence::SubjectKind::Model),
        created: (dice.below(10) > 0).then(|| format!("{year}-06-{day:02}T23:30:00.000Z")),
        level: Some(LEVELS[usize::try_from(level).unwrap()].into()),
        level_rank: Some(u32::try_from(level).unwrap()),
        score: Some(dice.below(1001) as f64 / 10.0),
        criteria,
        not_met: rules.iter().take(usize::try_from(dice.below(5)).unwrap()).map(|r| (*r).into()).collect(),
        licenses: vec![dice.one_of(&["Apache-2.0", "MIT", "llama3.1"]).into()],
        datasets: Some(datasets),
        datasets_public: Some(dice.below(datasets + 1)),
        files: Some(dice.below(30)),
        bytes: Some(dice.below(1 << 30) * 64),
        profile: Some("three-criteria@1.0.0".into()),
        audited_at: Some("2026-01-31T12:00:00Z".into()),
        ..Row::default()
    }
}

/// A folder of surveys.
struct Field {
    dir: TempDir,
}

impl Field {
    fn new() -> Field {
        Field { dir: tempfile::tempdir().unwrap() }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    /// Writes a survey of rows and failures, every shard in an order of its own.
    fn survey(&self, folder: &str, shards: u32, rows: &[Row], failures: &[Failure]) {
        let run = survey_of((rows.len() + failures.len()) as u64, shards);
        for k in 1..=shards {
            self.shard(folder, &run, k, rows, failures);
        }
    }

    /// Writes the shard of a run.
    fn shard(&self, folder: &str, run: &Run, k: u32, rows: &[Row], failures: &[Failure]) {
        let shard = Shard::new(k, run.shards).unwrap();
        let ledger = Ledger::open(&self.at(folder), run, shard).unwrap();
        let mut own: Vec<&Row> = rows.iter().filter(|r| shard.holds(&r.target)).collect();
        let mut dice = Dice(u64::from(k * run.shards));
        own.sort_by_cached_key(|_| dice.below(1 << 30));
        own.iter().for_each(|row| ledger.add(row).unwrap());
        failures.iter().filter(|f| shard.holds(&f.target)).for_each(|f| ledger.fail(f).unwrap());
        ledger.finish().unwrap();
    }

    fn merge(&self, args: &[&str]) -> support::Run {
        let output = program().current_dir(self.dir.path()).arg("merge").args(args).output().unwrap();
        support::Run::of(output)
    }

    /// A merge that must be refused; what it says.
    fn refused(&self, args: &[&str]) -> String {
        let run = self.merge(args);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{}", run.stderr);
        run.stderr
    }
}

fn failure(target: &str, kind: &str) -> Failure {
    Failure { target: target.into(), failure: format!("cannot audit {target}"), kind: kind.into() }
}

fn bytes(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

#[test]
fn any_number_of_shards_gives_the_same_bytes() {
    let field = Field::new();
    let rows: Vec<Row> = (0..190).map(row).collect();
    let failures: Vec<Failure> = (0..10).map(|i| failure(&format!("hf:org-x/gone-{i}"), "not-found")).collect();
    let ends = ["jsonl", "parquet", "html"];
    for n in [1, 3, 8] {
        field.survey(&format!("s{n}"), n, &rows, &failures);
        let outputs = ends.map(|end| format!("--output=s{n}.{end}"));
        let args: Vec<&str> =
            std::iter::once(format!("s{n}").leak() as &str).chain(outputs.iter().map(|o| o.as_str())).collect();
        let run = field.merge(&args);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""));
        assert!(run.stdout.starts_with("200 releases: 190 audited, 10 not\n"), "{}", run.stdout);
    }
    for end in ends {
        let one = bytes(&field.at(&format!("s1.{end}")));
        assert!(one.len() > 10_000);
        for n in [3, 8] {
            assert!(bytes(&field.at(&format!("s{n}.{end}"))) == one, "{n} shards give another {end}");
        }
    }
    // Every line is one that a shard wrote, or a failure; they are sorted.
    let text = String::from_utf8(bytes(&field.at("s3.jsonl"))).unwrap();
    let read: Vec<Row> = text.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let mut wanted: Vec<Row> = rows.into_iter().chain(failures.into_iter().map(Row::from)).collect();
    wanted.sort_by(|a, b| a.target.cmp(&b.target));
    assert!(read == wanted);
    let written = String::from_utf8(bytes(&field.at("s1/rows-1-of-1.jsonl"))).unwrap();
    assert!(written.lines().all(|line| text.contains(line)));
}

#[test]
fn a_survey_of_releases_merges_to_what_one_process_gives() {
    let field = Field::new();
    for i in 0..12 {
        let folder = field.at(&format!("releases/r{i}"));
        fs::create_dir_all(&folder).unwrap();
        let license = ["apache-2.0", "mit", "cc-by-nc-4.0"][i % 3];
        fs::write(folder.join("README.md"), format!("---\nlicense: {license}\n---\n# Release {i}\n")).unwrap();
    }
    fs::write(
        field.at("list.txt"),
        (0..12).map(|i| format!("releases/r{i}\n")).collect::<String>() + "releases/gone\n",
    )
    .unwrap();
    let survey = |args: &[&str]| {
        let run = program().current_dir(field.dir.path()).arg("survey").args(args).output().unwrap();
        assert_eq!(run.status.code(), Some(i32::from(run.stderr.windows(6).any(|w| w == b"failed"))), "{run:?}");
    };
    survey(&["list.txt", "--output", "one", "--offline"]);
    for k in ["2/3", "3/3", "1/3"] {
        survey(&["list.txt", "--output", &format!("three-{}", &k[..1]), "--offline", "--shard", k]);
    }
    let one = field.merge(&["one", "--output", "one.jsonl", "--output", "one.parquet"]);
    let three = field.merge(&["three-1", "three-2", "three-3", "--output", "3.jsonl", "--output", "3.parquet"]);
    assert_eq!((one.code, &one.stdout), (0, &three.stdout), "{}{}", one.stderr, three.stderr);
    assert!(one.stdout.starts_with("13 releases: 12 audited, 1 not\n"), "{}", one.stdout);
    for end in ["jsonl", "parquet"] {
        assert!(bytes(&field.at(&format!("one.{end}"))) == bytes(&field.at(&format!("3.{end}"))), "{end}");
    }
}

#[test]
fn the_screen_counts_levels_criteria_and_failures() {
    let field = Field::new();
    let (mut a, mut b) = (row(1), row(2));
    a.level = Some("open-source".into());
    b.level = Some("restricted".into());
    field.survey("s", 1, &[a, b], &[failure("gone", "not-found"), failure("x", "network"), failure("y", "network")]);
    let run = field.merge(&["s"]);
    let lines: Vec<String> = run.stdout.lines().map(|l| l.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    for wanted in ["Open source 1 50.0%", "Undetermined 0 0.0%", "Criterion pass partial fail unknown", "network 2"] {
        assert!(lines.iter().any(|l| l == wanted), "{wanted}: {}", run.stdout);
    }
    let french = field.merge(&["s", "--lang", "fr"]).stdout;
    assert!(french.starts_with("5 publications : 2 auditées, 3 non\n"), "{french}");
    assert_eq!(field.merge(&["s", "--quiet"]).stdout, "");
    // A profile of somebody's own, which is not given: ids stand for names, and nothing is coloured as good.
    let mut run = survey_of(1, 1);
    run.profile.as_mut().unwrap().digest = "sha256:1".into();
    field.shard("own", &run, 1, &[row(1)], &[]);
    let run = field.merge(&["own", "--output", "own.html"]);
    assert!(run.stderr.starts_with("the profile three-criteria@1.0.0 is not at hand"), "{}", run.stderr);
    let page = String::from_utf8(bytes(&field.at("own.html"))).unwrap();
    let levels = page.split("<section id=\"levels\"").nth(1).unwrap().split("</section>").next().unwrap();
    assert!(levels.contains("class=\"c6\"") && !levels.contains("class=\"c0\""), "{levels}");
}
