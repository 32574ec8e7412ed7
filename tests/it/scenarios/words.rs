//! The same disagreements in words that real cards use and that no pattern had at first.

use super::{TRAINED_ON, card, expect, guilty, innocent, points_at, scratch, told, whole};
use crate::hub::{Site, audit};
use crate::support::{Audit, Release};

/// The card of a dataset with this front matter and text.
fn dataset(tag: &str, text: &str) -> (String, Audit) {
    let card = format!("---\nlicense: {tag}\n---\n# Set\n\nTexts of old books.\n\n{text}\n");
    let site = Site::empty();
    site.dataset("acme/set", &card);
    let audit = audit(&site.serve(), "hf:datasets/acme/set");
    (card, audit)
}

#[test]
fn what_is_released_is_what_the_sentence_speaks_of() {
    for text in [
        "The training code is released under CC BY-NC 4.0.",
        "The dataset is released under CC BY-NC-SA 4.0.",
        "The weights are released under the Apache 2.0 license, while the code is released under the GPL-3.0.",
        "The scripts are released under the MIT License.",
    ] {
        innocent(text);
    }
}

#[test]
fn the_license_of_another_model_is_its_own() {
    for text in [
        "Rival-8B, which we compare it with, is licensed under the Llama 3.1 Community License.",
        "Other sizes of the family, the 3B and the 72B, are licensed under the Qwen Research License.",
        "The tokenizer is that of another model, which is distributed under the Gemma Terms of Use.",
    ] {
        innocent(text);
    }
}

#[test]
fn a_limit_of_another_version_or_model_is_its_own() {
    for text in [
        "Earlier versions were limited to non-commercial use, but this one is not.",
        "Earlier versions were limited to non-commercial use; this one is not.",
        "We compared it with a model that is available for non-commercial research only.",
    ] {
        innocent(text);
    }
}

#[test]
fn a_gate_demands_terms_in_every_person() {
    for gate in [
        "extra_gated_fields:\n  Name: text\n  I agree not to use this model to harm human subjects: checkbox\n",
        "extra_gated_fields:\n  I will not use the model for military purposes: checkbox\n",
        "extra_gated_prompt: You agree to not use the model to conduct experiments that cause harm to human subjects.\n",
        "extra_gated_prompt: By asking for access you agree not to conduct experiments that harm human subjects.\n",
    ] {
        let audit = card(&scratch(gate, ""));
        expect(&audit, gate, &[("license-no-added-terms", "not-met"), ("license", "partial")]);
    }
}

#[test]
fn the_line_of_a_term_in_a_gate_is_that_of_its_words() {
    let explicit = "extra_gated_fields:\n  Name: text\n  ? By sending this you accept that you may not use the model for military\n    \
                    purposes, now or later\n  : checkbox\n";
    let block =
        "extra_gated_prompt: |\n  Please read this first.\n\n  You may not use the model for military purposes.\n";
    for (gate, words) in [(explicit, "? By sending"), (block, "You may not use")] {
        let text = scratch(gate, "");
        let audit = card(&text);
        expect(&audit, gate, &[("license-no-added-terms", "not-met"), ("license", "partial")]);
        points_at(&audit, "license-no-added-terms", "README.md", &text, words);
    }
}

#[test]
fn a_choice_that_a_form_offers_is_no_demand() {
    let gate = "extra_gated_fields:\n  What will you do with it:\n    type: select\n    options:\n    - study it, for non-commercial use\n    - \
                build a product\n";
    let audit = card(&scratch(gate, ""));
    expect(&audit, gate, &[("license-no-added-terms", "met"), ("license-ungated", "not-met"), ("license", "pass")]);
}

#[test]
fn research_alone_in_more_words() {
    for text in [
        "The weights may be used for research and educational purposes only.",
        "The weights may only be used for non-commercial, academic research purposes.",
        "It is intended and licensed for research use only.",
        "This model is strictly for research.",
    ] {
        guilty(text, text);
    }
}

#[test]
fn no_commerce_in_more_words() {
    for text in [
        "The model is not available for commercial purposes.",
        "We kindly ask you not to use this model commercially until the rights are settled.",
        "Non-commercial use is requested while the rights are being discussed.",
        "Solely for non-profit use.",
    ] {
        guilty(text, text);
    }
}

#[test]
fn fields_and_countries_that_are_barred_in_more_words() {
    // Advice or prohibition: a person must tell.
    let advice = "Do not use the model for military purposes.";
    let audit = card(&scratch("", advice));
    expect(&audit, advice, &[("license-no-added-terms", "unknown"), ("license", "unknown")]);
    guilty("Use in the European Union is not permitted.", "Use in the European Union is not permitted.");
}

#[test]
fn a_data_card_names_its_license_without_a_verb_of_licensing() {
    for (text, words) in [
        ("The set is CC BY NC 4.0 (allowing only non-commercial use).", "CC BY NC"),
        ("## Licensing Information\n\nCC BY-NC 4.0", "CC BY-NC"),
    ] {
        let (whole, audit) = dataset("cc-by-4.0", text);
        let wanted = [("license-unrestricted", "not-met"), ("license-consistent", "not-met"), ("license", "fail")];
        expect(&audit, text, &wanted);
        points_at(&audit, "license-consistent", "README.md", &whole, words);
    }
}

#[test]
fn the_strictest_word_of_a_data_card_is_what_a_model_is_held_to() {
    let site = whole();
    site.dataset("acme/corpus", "---\nlicense: cc-by-4.0\n---\n# Corpus\n\nOld books.\n\nLicense: CC BY-NC 4.0.\n");
    let audit = audit(&site.serve(), "hf:acme/m");
    let wanted = [("license-data-compatible", "not-met"), ("data-licensed", "not-met"), ("license", "pass")];
    expect(&audit, "a tag freer than the text", &wanted);
}

#[test]
fn a_set_in_backticks_in_a_sentence_on_training_is_named() {
    for text in ["The model was trained on `acme/corpus`.", "It was pretrained on the 9 M words of `acme/corpus`."] {
        let site = whole();
        site.model("acme/m", &scratch("", text));
        let audit = audit(&site.serve(), "hf:acme/m");
        expect(&audit, text, &[("data-declared", "met"), ("data-resolvable", "met"), ("data-accessible", "met")]);
    }
}

#[test]
fn a_sentence_that_names_the_set_says_that_this_was_it() {
    let site = whole();
    site.dataset("acme/books", "---\nlicense: cc0-1.0\n---\n# Books\n\nTexts of old books.\n");
    site.model("acme/m", &scratch("datasets: [acme/books]\n", &TRAINED_ON.replace("acme/corpus", "acme/books")));
    let audit = audit(&site.serve(), "hf:acme/m");
    expect(&audit, "no word `data`", &[("data-complete", "met"), ("data", "pass")]);
}

#[test]
fn a_part_that_is_held_back_in_more_words() {
    for text in [
        "The full set is available upon request.",
        "The part on newspapers is not distributed, for reasons of rights.",
        "The newspapers were removed from the published version for reasons of copyright.",
        "This repository holds a preview of the corpus.",
    ] {
        let (whole, audit) = dataset("cc-by-4.0", text);
        expect(&audit, text, &[("data-complete", "not-met"), ("data", "!pass")]);
        points_at(&audit, "data-complete", "README.md", &whole, text);
    }
}

#[test]
fn the_card_of_a_model_says_that_a_part_of_its_data_is_held_back() {
    for text in [
        "A part of the data cannot be shared for reasons of copyright.",
        "Some of the corpora are not publicly available.",
    ] {
        let site = whole();
        site.model("acme/m", &scratch("datasets: [acme/corpus]\n", &format!("{TRAINED_ON}\n\n{text}")));
        let audit = audit(&site.serve(), "hf:acme/m");
        expect(&audit, text, &[("data-complete", "not-met"), ("data", "partial")]);
    }
}

#[test]
fn text_by_a_model_whose_terms_follow_in_more_words() {
    for (text, name) in [
        ("It was fine-tuned on outputs of GPT-4.", "GPT-4"),
        ("The corpus holds ChatGPT-generated dialogues.", "ChatGPT"),
        ("Gemma 2 wrote 195 k of the samples.", "Gemma"),
    ] {
        let site = whole();
        site.model("acme/m", &scratch("datasets: [acme/corpus]\n", &format!("{TRAINED_ON}\n\n{text}")));
        let audit = audit(&site.serve(), "hf:acme/m");
        expect(&audit, text, &[("license-teacher-terms", "not-met"), ("license", "partial")]);
        told(&audit, "license-teacher-terms", &[name]);
    }
}

#[test]
fn a_folder_of_a_machine_is_named_where_it_leads_nowhere() {
    let release = Release::with_card(scratch("", TRAINED_ON));
    let mix = "{\"datasets\": [\n  {\"path\": \"/scratch/team/web\"},\n  {\"path\": \"/scratch/team/code\"}\n]}\n";
    release.write("data_mix.json", mix);
    let audit = release.audit(&[]);
    expect(&audit, "a mixture", &[("data-resolvable", "not-met"), ("data", "!pass")]);
    told(&audit, "data-resolvable", &["scratch/team/web", "scratch/team/code"]);
    points_at(&audit, "data-resolvable", "data_mix.json", mix, "/scratch/team/code");
}

#[test]
fn a_block_that_says_todo_is_no_command() {
    let release = Release::with_card(scratch("", "## How to reproduce it\n\n```\nTODO\n```"));
    release.write("train.py", "import torch\n".repeat(40));
    let audit = release.audit(&[]);
    expect(&audit, "TODO", &[("recipe-code", "met"), ("recipe-steps", "not-met")]);
}
