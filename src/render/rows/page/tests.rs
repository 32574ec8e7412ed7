//! Links, and counts as languages write them.

use super::*;

#[test]
fn only_names_of_the_hub_lead_somewhere() {
    assert_eq!(link("hf:a/b-1.x@v1").as_deref(), Some("https://huggingface.co/a/b-1.x"));
    assert_eq!(link("hf:datasets/a/b").as_deref(), Some("https://huggingface.co/datasets/a/b"));
    for no in ["a/b", "hf:a", "hf:a/b/c", "hf:../b", "hf:a/..", "hf:a/b?x", "hf:a/b\"", "hf:a/ b", "hf:a/é", "hf:/b"] {
        assert_eq!(link(no), None, "{no}");
    }
}

#[test]
fn counts_are_grouped_as_a_language_does() {
    let all: Vec<String> = [0, 999, 1000, 1_234_567].iter().map(|n| grouped(*n, Lang::En)).collect();
    assert_eq!(all, ["0", "999", "1,000", "1,234,567"]);
    assert_eq!(grouped(1000, Lang::Fr), "1\u{202f}000");
}

#[test]
fn a_level_without_a_known_order_has_no_colour_of_its_own() {
    let named = |ids: &[&str]| ids.iter().map(|id| Named::bare(id)).collect::<Vec<_>>();
    let tones = |levels: &[&str], ranked: usize| -> Vec<usize> {
        let tally = Tally { levels: named(levels), ranked, ..Tally::default() };
        (0..=levels.len()).map(|at| tone(at, &tally)).collect()
    };
    let levels = ["open-source", "partly-open", "open-weights", "restricted", "undetermined"];
    assert_eq!(tones(&levels, 5), [0, 1, 3, 5, 6, 6]);
    assert_eq!(tones(&["restricted", "open-source"], 0), [6, 6, 6]);
    assert_eq!(tones(&["yes", "no", "else"], 2), [0, 5, 6, 6]);
}
