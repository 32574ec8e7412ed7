//! The records of two public catalogues, where they are at hand (`OUVERT_CORPUS` names the folder that holds `mot` and
//! `osai-index`): class and mean of each, next to what the catalogues' own rules give.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{run, skip};

fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("OUVERT_CORPUS").map(PathBuf::from).filter(|f| f.join("mot/classes.csv").exists());
    if folder.is_none() {
        skip("set OUVERT_CORPUS to a folder with the records of the catalogues");
    }
    folder
}

fn records(folder: &Path, ending: &str) -> Vec<String> {
    let all = folder.read_dir().unwrap().map(|e| e.unwrap().path().to_string_lossy().into_owned());
    let mut all: Vec<String> = all.filter(|p| p.ends_with(ending)).collect();
    all.sort();
    all
}

/// Reports of all records, in one run.
fn judged(files: &[String], profile: &str) -> Vec<Value> {
    let mut args = vec!["audit", "--profile", profile, "--format", "json"];
    args.extend(files.iter().map(String::as_str));
    let run = run(&args);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    run.stdout.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

#[test]
fn every_mot_record_gets_the_class_that_the_tool_gives() {
    let Some(corpus) = corpus() else { return };
    let list = std::fs::read_to_string(corpus.join("mot/classes.csv")).unwrap();
    let classes: BTreeMap<&str, &str> = list.lines().skip(1).filter_map(|l| l.rsplit_once(',')).collect();
    let files = records(&corpus.join("mot/models"), ".yml");
    let reports = judged(&files, "mof");
    assert_eq!((files.len(), reports.len()), (classes.len(), classes.len()));
    for (file, report) in files.iter().zip(&reports) {
        let name = Path::new(file).file_name().unwrap().to_string_lossy().into_owned();
        let level = match classes[name.as_str()] {
            "1" => "class-i",
            "2" => "class-ii",
            "3" => "class-iii",
            _ => "unclassified",
        };
        assert_eq!(report["level"], level, "{name}");
    }
}

/// The mean of the letters of a record, read line by line: a parameter stands at the left edge, its class below it.
fn mean(text: &str) -> f64 {
    let classes = text.lines().filter_map(|l| l.trim().strip_prefix("class:")).map(str::trim);
    let values: Vec<f64> = classes
        .map(|c| match c {
            "open" => 1.0,
            "partial" => 0.5,
            "closed" => 0.0,
            other => panic!("a class {other}"),
        })
        .collect();
    assert_eq!(values.len(), 12);
    values.iter().sum::<f64>() / 12.0 * 100.0
}

#[test]
fn every_index_record_gets_the_mean_of_its_letters_and_a_high_one_hides_no_failing_criterion() {
    let Some(corpus) = corpus() else { return };
    let files = records(&corpus.join("osai-index/systems"), ".yaml");
    let reports = judged(&files, "eu-index");
    assert_eq!((files.len(), reports.len()), (129, 129));
    let mut high = 0;
    let mut failing: BTreeMap<&str, usize> = BTreeMap::new();
    let mut hidden = Vec::new();
    for (file, report) in files.iter().zip(&reports) {
        let score = report["score"].as_f64().unwrap();
        assert!((score - mean(&std::fs::read_to_string(file).unwrap())).abs() < 1e-6, "{file}: {score}");
        if score < 50.0 {
            continue;
        }
        high += 1;
        let criteria = report["criteria"].as_array().unwrap();
        let fail: Vec<&str> = ["license", "data", "recipe"]
            .into_iter()
            .filter(|id| criteria.iter().any(|c| c["id"] == *id && c["verdict"] == "fail"))
            .collect();
        for id in &fail {
            *failing.entry(id).or_default() += 1;
        }
        if !fail.is_empty() {
            hidden.push(format!("{} {score:.1} {}", report["subject"]["name"], fail.join(" ")));
            assert_eq!(report["level"], "some-closed", "{file}");
        }
    }
    // Counted from the letters by another program: an essential one (data, weights, licenses, training code) that is closed.
    assert_eq!((high, hidden.len()), (69, 48), "{hidden:#?}");
    assert_eq!(failing, BTreeMap::from([("data", 32), ("license", 23), ("recipe", 10)]), "{hidden:#?}");
}
