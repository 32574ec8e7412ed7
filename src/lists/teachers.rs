//! Models that make training data, and whether their terms follow what they make: `rules/teachers.toml`.

use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use super::licenses::{self, License};
use super::{parse, pattern};

/// The embedded table.
pub const TABLE: &str = include_str!("../../rules/teachers.toml");

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[allow(dead_code)] // checked by the parser
    schema: u32,
    #[allow(dead_code)] // for the reader of the table
    version: Option<semver::Version>,
    sets: Vec<String>,
    teacher: Vec<Teacher>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Teacher {
    pattern: String,
    terms: String,
}

struct Table {
    sets: Vec<String>,
    teachers: Vec<(Regex, String)>,
}

static PARSED: LazyLock<Table> = LazyLock::new(|| {
    // Embedded: the test below fails before a user could meet an empty table.
    let file = parse::<File>(Path::new("rules/teachers.toml"), TABLE).unwrap_or_default();
    let teachers = file.teacher.into_iter().filter_map(|t| Some((pattern(&t.pattern)?, t.terms))).collect();
    Table { sets: file.sets, teachers }
});

/// The license under whose terms a model's output stands; `None` when nothing here knows the model.
pub fn terms_of(model: &str) -> Option<std::borrow::Cow<'static, License>> {
    let (_, id) = PARSED.teachers.iter().find(|(pattern, _)| pattern.is_match(model.trim()))?;
    licenses::find(id)
}

/// Whether the name of a set is that of one known to be made by a model.
pub fn names_made_data(name: &str) -> bool {
    let low = name.to_lowercase();
    PARSED.sets.iter().any(|s| low.contains(s.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_parses_and_names_a_license() {
        let file: File = parse(Path::new("rules/teachers.toml"), TABLE).unwrap();
        assert_eq!(PARSED.teachers.len(), file.teacher.len());
        for teacher in file.teacher {
            assert!(licenses::find(&teacher.terms).is_some(), "{}", teacher.terms);
        }
    }

    #[test]
    fn terms_follow_some_outputs() {
        for (model, bound) in [
            ("ChatGPT", Some(true)),
            ("GPT-4o", Some(true)),
            ("text-davinci-003", Some(true)),
            ("Gemma 2", Some(true)),
            ("Llama 3.1", Some(true)),
            ("Mixtral-8x7B", Some(false)),
            ("DeepSeek-R1", Some(false)),
            ("a language model", None),
        ] {
            assert_eq!(terms_of(model).map(|l| l.output_terms), bound, "{model}");
        }
        assert!(names_made_data("tatsu-lab/alpaca") && !names_made_data("allenai/dolma"));
    }
}
