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
