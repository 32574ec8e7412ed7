//! Does a file say anything? A file with the right name and nothing in it is no component of a release; what it says is for
//! others to read.

use std::io::Read;

use super::{Release, code_lines};
use crate::evidence::{ArtifactKind, FileFact, Format, Part};
use crate::lists::{artifacts, components};

/// Bytes of a file whose lines are counted: a larger one says something.
const LONGEST: u64 = 16 * 1024;
/// The same of a file on the hub, where each is a request.
const LONGEST_REMOTE: u64 = 1024;

/// Counts the lines of small files that stand for a component by their name.
pub(super) fn count(release: &mut Release<'_>) {
    let remote = release.hub.is_some();
    let longest = if remote { LONGEST_REMOTE } else { LONGEST };
    let (source, scope) = (release.source, release.scope);
    for file in release.files.iter_mut().filter(|f| is_counted(f) && scope.reads(f)) {
        let Some(bytes) = file.bytes.filter(|n| (1..=longest).contains(n)) else { continue };
        if remote {
            // The last reads are for what decides more.
            if release.left <= super::MOST_FETCHED / 2 {
                return;
            }
            release.left -= 1;
        }
        let mut text = Vec::new();
        let read = source.open(&file.path).and_then(|r| r.take(bytes).read_to_end(&mut text));
        if read.is_ok()
            && let Ok(text) = String::from_utf8(text)
            && !text.contains('\0')
        {
            file.lines = Some(lines(&file.path, &text));
        }
    }
}

fn is_counted(file: &FileFact) -> bool {
    let kinds = [
        ArtifactKind::InferenceCode,
        ArtifactKind::EvaluationCode,
        ArtifactKind::EvaluationResults,
        ArtifactKind::DataCard,
        ArtifactKind::Report,
        ArtifactKind::Log,
    ];
    let parts = [Part::ModelArchitecture, Part::EvaluationData, Part::SampleModelOutputs];
    file.format != Some(Format::Pointer)
        && (kinds.contains(&file.kind) || parts.iter().any(|part| components::lies_at(*part, &file.path)))
}

/// Lines of a file that say something, by what its ending says it is.
pub(super) fn lines(path: &str, text: &str) -> usize {
    let low = path.to_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|e| low.ends_with(e));
    if artifacts::is_code(path) {
        return code_lines(text);
    }
    if ends(&[".json"])
        && let Ok(value) = serde_json::from_str::<serde_json::Value>(text)
    {
        return if is_empty(&value) { 0 } else { text_lines(text) };
    }
    if ends(&[".csv", ".tsv"]) {
        // The first names the columns.
        return text.lines().filter(|l| !l.trim().is_empty()).count().saturating_sub(1);
    }
    if ends(&[".md", ".markdown"]) { markdown_lines(text) } else { text_lines(text) }
}

/// Lines with a letter or a digit on them.
fn text_lines(text: &str) -> usize {
    text.lines().filter(|l| l.chars().any(char::is_alphanumeric)).count()
}

/// Lines of text: neither front matter, heading nor comment.
pub(super) fn markdown_lines(text: &str) -> usize {
    let mut body = text.trim_start_matches('\u{feff}');
    if let Some(front) = body.strip_prefix("---\n").or_else(|| body.strip_prefix("---\r\n")) {
        let end = front.find("\n---").map(|at| at + "\n---".len());
        body = end.and_then(|at| front.get(at..)).unwrap_or_default();
    }
    let (mut count, mut comment, mut last) = (0, false, 0);
    for line in body.lines().map(str::trim) {
        let starts = line.starts_with("<!--");
        if comment || starts {
            comment = !line.contains("-->");
            last = 0;
            continue;
        }
        let under = !line.is_empty() && line.chars().all(|c| c == '=' || c == '-');
        let says = !line.starts_with('#') && line.chars().any(char::is_alphanumeric);
        // A line of dashes below makes a heading of the one above.
        count = if under { count - last } else { count + usize::from(says) };
        last = usize::from(says);
    }
    count
}

/// Whether a document holds nothing but brackets.
fn is_empty(value: &serde_json::Value) -> bool {
    use serde_json::Value;
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.iter().all(is_empty),
        Value::Object(map) => map.values().all(is_empty),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_say_something() {
        for (path, text, wanted) in [
            ("modeling_x.py", "# soon\n\n\"\"\"Doc.\"\"\"\n", 0),
            ("modeling_x.py", "import torch\nx = 1\n", 2),
            ("results.json", " { \"a\": {}, \"b\": [null, \"\"] } ", 0),
            ("results.json", "{\"acc\": 0}", 1),
            ("results.json", "{ torn", 1),
            ("eval/a.csv", "question,answer\n", 0),
            ("eval/a.csv", "question,answer\n1,2\n", 1),
            ("data/README.md", "---\nlicense: mit\n---\n# Data\n\n<!-- to be\nfilled in -->\n", 0),
            ("data/README.md", "Data\n====\n\nTexts of old books.\n", 1),
            ("report.txt", "\n \n---\n", 0),
        ] {
            assert_eq!(lines(path, text), wanted, "{path}: {text}");
        }
    }
}
