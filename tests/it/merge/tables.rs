//! The table in the programs that people have: pyarrow reads what the JSON lines say, and DuckDB, pandas and Polars answer the five
//! questions of the README alike, from the Parquet file and from the shards as they are.

use std::fs;
use std::path::Path;
use std::process::Command;

use ouvert::survey::Row;

use super::{Field, failure, row};
use crate::formats::consumers;
use crate::support::HERE;

/// Reads the folder of the survey, the Parquet file, the JSON lines, and the questions on standard input.
const READ: &str = include_str!("tables.py");

/// The questions of the README.
fn questions() -> Vec<String> {
    let text = fs::read_to_string(Path::new(HERE).join("README.md")).unwrap();
    text.split("```sql\n").skip(1).map(|part| part.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn five_questions_are_answered_alike_by_all() {
    let Some(consumers) = consumers() else { return };
    let asked = questions();
    assert_eq!(asked.len(), 5);
    let field = Field::new();
    let mut rows: Vec<Row> = (0..3000).map(row).collect();
    // What a table must keep: nothing, much, signs of every kind.
    rows[0].licenses = vec![];
    rows[1].licenses = vec!["a\"b\\c\n\u{1f980}".into(), "\u{202e}".into(), "".into()];
    rows[2].bytes = Some(1 << 62);
    (rows[3].score, rows[3].level) = (None, None);
    let failures: Vec<_> = (0..40).map(|i| failure(&format!("hf:x/gone-{i}"), "network")).collect();
    field.survey("s", 4, &rows, &failures);
    let run = field.merge(&["s", "--output", "s.parquet", "--output", "s.jsonl"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let done = Command::new(consumers.join("venv/bin/python3"))
        .current_dir(field.dir.path())
        .env("TZ", "UTC")
        .args(["-c", READ, "s", "s.parquet", "s.jsonl"])
        .arg(serde_json::to_string(&asked).unwrap())
        .output()
        .unwrap();
    let (said, wrong) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{said}{wrong}");
    assert_eq!(said.trim(), "pyarrow reads the lines; 5 questions, 6 answers each");
}
