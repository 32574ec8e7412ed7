//! Disagreements seen in real releases, one module a kind, made again under invented names: what each rule concerned
//! answers, what the criterion comes to, and that the answer names what disagrees, and where.

mod components;
mod derivatives;
mod front_matter;
mod gates;
mod hidden_base;
mod hollow_recipe;
mod lost_data;
mod metadata_and_text;
mod stricter_data;
mod traps;
mod words;

use crate::hub::{Site, apache, audit};
use crate::support::{Audit, Release};

/// Asks for outcomes of rules and verdicts of criteria; `!met` stands for anything else than `met`.
pub(crate) fn expect(audit: &Audit, about: &str, wanted: &[(&str, &str)]) {
    let got = |what: &str| match what {
        "license" | "data" | "recipe" => audit.verdict(what).to_owned(),
        rule => audit.outcome(rule).to_owned(),
    };
    let holds = |what: &str, wanted: &str| match wanted.strip_prefix('!') {
        Some(other) => got(what) != other,
        None => got(what) == wanted,
    };
    let wrong = wanted.iter().filter(|(what, wanted)| !holds(what, wanted));
    let wrong: String =
        wrong.map(|(what, wanted)| format!("  {what}: {wanted} expected, {} found\n", got(what))).collect();
    assert!(wrong.is_empty(), "{about}\n{wrong}what fell short:\n{}", audit.shortfalls());
}

/// Asks that the sentence of a rule holds these words, letters of either case.
pub(crate) fn told(audit: &Audit, rule: &str, words: &[&str]) {
    let says = audit.says(rule).to_lowercase();
    for word in words {
        assert!(says.contains(&word.to_lowercase()), "{rule} does not say `{word}`: {}", audit.says(rule));
    }
}

/// Asks that a rule points at the line of a text on which these words first stand.
pub(crate) fn points_at(audit: &Audit, rule: &str, path: &str, text: &str, words: &str) {
    let line =
        text.lines().position(|line| line.contains(words)).map(|at| at + 1).expect("the words stand in the text");
    let places = audit.finding(rule)["places"].as_array().expect("places");
    let found = places.iter().any(|place| place["path"] == path && place["line"] == line);
    assert!(found, "{rule} does not point at {path}:{line} ({words}): {places:?}");
}

/// Asks that a rule points at a file of these words, of the release or of what it refers to.
pub(crate) fn points_into(audit: &Audit, rule: &str, words: &str) {
    let places = audit.finding(rule)["places"].as_array().expect("places");
    let found = places.iter().any(|place| place["path"].as_str().is_some_and(|path| path.contains(words)));
    assert!(found, "{rule} does not point into {words}: {places:?}");
}

/// Audits a folder that holds a card and nothing else.
pub(crate) fn card(text: &str) -> Audit {
    Release::with_card(text).audit(&[])
}

/// A card under Apache-2.0 of a model without a base, with more front matter and more text.
pub(crate) fn scratch(front: &str, text: &str) -> String {
    format!("---\nlicense: apache-2.0\n{front}---\n# A model\n\nIt was trained from scratch.\n\n{text}\n")
}

/// The license known to every host by its first line.
pub(crate) const MIT: &str = "MIT License

Copyright (c) 2026 Acme

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the \"Software\"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
";

/// A model from scratch whose one set is there for everyone: its license and its data pass, until something is changed.
pub(crate) fn whole() -> Site {
    let site = Site::empty();
    site.model("acme/m", &scratch("datasets: [acme/corpus]\n", TRAINED_ON));
    site.dataset("acme/corpus", "---\nlicense: cc0-1.0\n---\n# Corpus\n\nTexts of old books.\n");
    site
}

/// What says that a set was all there was.
pub(crate) const TRAINED_ON: &str =
    "The model was trained on [acme/corpus](https://huggingface.co/datasets/acme/corpus).";

/// The license passes with this text beside Apache-2.0.
fn innocent(text: &str) {
    let audit = card(&scratch("", text));
    let wanted = [
        ("license-unrestricted", "met"),
        ("license-no-added-terms", "met"),
        ("license-consistent", "met"),
        ("license", "pass"),
    ];
    expect(&audit, text, &wanted);
}

/// The text adds a restriction to Apache-2.0, in the line that holds these words.
fn guilty(text: &str, words: &str) {
    let whole = scratch("", text);
    let audit = card(&whole);
    expect(&audit, text, &[("license-no-added-terms", "not-met"), ("license", "partial")]);
    points_at(&audit, "license-no-added-terms", "README.md", &whole, words);
}

#[test]
fn without_a_disagreement_license_and_data_pass() {
    let site = whole();
    site.write("models/acme/m/main/LICENSE", apache());
    let audit = audit(&site.serve(), "hf:acme/m");
    let wanted = [
        ("license", "pass"),
        ("license-consistent", "met"),
        ("license-data-compatible", "met"),
        ("license-teacher-terms", "met"),
        ("data", "pass"),
        ("data-complete", "met"),
    ];
    expect(&audit, "nothing was changed", &wanted);
    let local = card(&scratch("", ""));
    expect(&local, "a folder", &[("license", "pass"), ("data", "fail"), ("recipe", "fail")]);
}
