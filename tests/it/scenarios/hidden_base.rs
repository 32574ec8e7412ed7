//! Open tuning data over a base whose own data nobody knows: what was disclosed hides what was not.

use super::{audit, expect, points_at, points_into, told};
use crate::hub::{Site, audited, live};
use crate::support::Audit;

const TUNED: &str = "---
license: apache-2.0
datasets: [acme/dialogues]
base_model: winds/base-7b
---
# Dialogues 7B

The model was fine-tuned on the corpus [acme/dialogues](https://huggingface.co/datasets/acme/dialogues), which is public.
";

/// A site with the tuned model, its public set, and a base with this card.
fn over(base: &str) -> Site {
    let site = Site::empty();
    site.model("acme/dialogues-7b", TUNED);
    site.dataset("acme/dialogues", "---\nlicense: cc0-1.0\n---\n# Dialogues\n\nTranscripts of debates.\n");
    site.model("winds/base-7b", base);
    site
}

fn tuned(site: &Site) -> Audit {
    audit(&site.serve(), "hf:acme/dialogues-7b")
}

#[test]
fn an_open_corpus_for_tuning_does_not_open_a_base_of_vague_data() {
    for words in [
        "It was trained from scratch on a mix of publicly available web data.",
        "It was trained from scratch on data from the open web.",
        "It was trained from scratch. The data is not disclosed.",
        "It was trained from scratch.",
    ] {
        let audit = tuned(&over(&format!("---\nlicense: apache-2.0\n---\n# Base\n\n{words}\n")));
        let wanted = [
            ("data-declared", "met"),
            ("data-resolvable", "met"),
            ("data-accessible", "met"),
            ("data-base-declared", "not-met"),
            ("data-base-published", "not-met"),
            ("data", "fail"),
            ("license", "pass"),
        ];
        expect(&audit, words, &wanted);
        told(&audit, "data-base-declared", &["winds/base-7b"]);
        points_at(&audit, "data-base-declared", "README.md", TUNED, "base_model");
        points_into(&audit, "data-base-declared", "winds/base-7b: README.md");
    }
}

#[test]
fn the_recipe_of_the_base_is_asked_for_as_well() {
    let site = over("---\nlicense: apache-2.0\n---\n# Base\n\nIt was trained from scratch.\n");
    site.code("acme/train", &["train.py", "LICENSE"]);
    site.write("code/acme/train/meta.json", r#"{"license": "MIT"}"#);
    let text = format!("{TUNED}\nThe training code is at https://github.com/acme/train.\n");
    site.model("acme/dialogues-7b", &text);
    let audit = tuned(&site);
    let wanted =
        [("recipe-disclosed", "met"), ("recipe-code", "met"), ("recipe-base-code", "not-met"), ("recipe", "partial")];
    expect(&audit, "code of the tuning alone", &wanted);
    told(&audit, "recipe-base-code", &["winds/base-7b"]);
}

#[test]
fn closed_at_both_levels() {
    let site = over("---\nlicense: mit\n---\n# Base\n\nIt was trained from scratch.\n");
    let text = "---\nlicense: mit\nbase_model: winds/base-7b\n---\n# Distilled\n\nIt was fine-tuned on 800 k samples that our larger model wrote.\n";
    site.model("acme/dialogues-7b", text);
    let audit = tuned(&site);
    let wanted =
        [("data-declared", "not-met"), ("data-base-declared", "not-met"), ("data", "fail"), ("license", "pass")];
    expect(&audit, "both", &wanted);
}

#[test]
fn a_base_on_request_leaves_the_data_open() {
    let site = over(
        "---\nlicense: apache-2.0\n---\n# Base\n\nIt was trained from scratch on [the corpus](https://huggingface.co/datasets/winds/set).\n",
    );
    site.write("models/winds/base-7b/meta.json", r#"{"private": true}"#);
    let stub = site.serve();
    let hidden = audit(&stub, "hf:acme/dialogues-7b");
    let wanted = [("data-base-declared", "unknown"), ("data", "unknown"), ("license", "unknown")];
    expect(&hidden, "a private base", &wanted);
    told(&hidden, "data-base-declared", &["winds/base-7b"]);
    assert_eq!(hidden.gap("winds/base-7b"), Some("hidden"), "{}", hidden.gaps());
    assert_eq!(hidden.level(), "undetermined");
    // Those whom the holder lets in see what it was trained on.
    let seen = audited(live(&stub).env("HF_TOKEN", "hf_good"), "hf:acme/dialogues-7b", &[]);
    expect(&seen, "with a token", &[("data-base-declared", "met")]);
}

#[test]
fn a_base_two_steps_up_is_not_hidden_by_an_open_one_between() {
    let site = over(
        "---\nlicense: apache-2.0\nbase_model: far/root\ndatasets: [acme/dialogues]\n---\n# Base\n\n\
         It was trained on [acme/dialogues](https://huggingface.co/datasets/acme/dialogues).\n",
    );
    site.model(
        "far/root",
        "---\nlicense: apache-2.0\n---\n# Root\n\nIt was trained from scratch on a mix of web data.\n",
    );
    let audit = tuned(&site);
    expect(&audit, "two steps", &[("data-declared", "met"), ("data-base-declared", "not-met"), ("data", "fail")]);
    told(&audit, "data-base-declared", &["far/root"]);
    assert_eq!(audit.finding("data-base-declared")["tally"], serde_json::json!({ "met": 1, "of": 2 }));
}

#[test]
fn a_base_that_names_its_public_sets_hides_nothing() {
    let site = over(
        "---\nlicense: apache-2.0\ndatasets: [winds/set]\n---\n# Base\n\nIt was trained from scratch. The model was trained on the dataset `winds/set`.\n",
    );
    site.dataset("winds/set", "---\nlicense: cc0-1.0\n---\n# Set\n\nTexts of old books.\n");
    let audit = tuned(&site);
    let wanted = [("data-base-declared", "met"), ("data-base-published", "met"), ("data", "pass")];
    expect(&audit, "an open base", &wanted);
}
