//! Code, weights and data under licenses of their own: each is judged by its own, and a free one frees no other.

use super::{MIT, TRAINED_ON, apache, audit, card, expect, points_at, scratch, told, whole};
use crate::support::Release;

/// Terms on the use of weights, as a license of a maker's own.
const TERMS: &str = "ACME MODEL LICENSE AGREEMENT

Acme grants a worldwide, royalty-free license to reproduce and distribute the Model.

5. Use-based restrictions. You agree not to use the Model or Derivatives of the Model for any of the uses listed in
Attachment A.

Attachment A

You agree not to use the Model for military use in any way, or to harm minors in any way.
";

#[test]
fn free_code_beside_a_model_under_terms() {
    let text = "---\nlicense: other\nlicense_name: acme-model\nlicense_link: LICENSE-MODEL\n---\n# A model\n\n\
                It was trained from scratch.\n";
    let release = Release::with_card(text);
    release.write("LICENSE-CODE", MIT);
    release.write("LICENSE-MODEL", TERMS);
    release.write("train.py", "import torch\n".repeat(40));
    let audit = release.audit(&[]);
    let wanted = [
        ("license-unrestricted", "not-met"),
        ("license", "fail"),
        ("recipe-code", "met"),
        ("recipe-code-license", "met"),
    ];
    expect(&audit, "two files", &wanted);
    told(&audit, "license-unrestricted", &["LICENSE-MODEL"]);
    points_at(&audit, "license-unrestricted", "LICENSE-MODEL", TERMS, "5. Use-based");
    told(&audit, "recipe-code-license", &["MIT"]);
    points_at(&audit, "recipe-code-license", "LICENSE-CODE", MIT, "MIT License");
    // The code's license alone grants nothing for the weights.
    release.remove("LICENSE-MODEL");
    release.write("README.md", "# A model\n\nIt was trained from scratch.\n");
    let bare = release.audit(&[]);
    expect(
        &bare,
        "code alone",
        &[("license-declared", "not-met"), ("license-unrestricted", "not-met"), ("license", "fail")],
    );
}

#[test]
fn a_permissive_tag_beside_a_file_of_terms_for_the_model() {
    let text = "---\nlicense: mit\n---\n# A model\n\nIt was trained from scratch.\n";
    let release = Release::with_card(text);
    release.write("LICENSE-CODE", MIT);
    release.write("LICENSE-MODEL", TERMS);
    let audit = release.audit(&[]);
    let wanted = [("license-unrestricted", "not-met"), ("license-consistent", "!met"), ("license", "fail")];
    expect(&audit, "a tag for the code", &wanted);
    points_at(&audit, "license-unrestricted", "LICENSE-MODEL", TERMS, "5. Use-based");
}

#[test]
fn one_sentence_of_the_card_names_both() {
    // Sentence, license-unrestricted, what it names, verdict.
    let rows = [
        (
            "The code is licensed under the MIT License, while the model weights are licensed under the Gemma Terms of Use.",
            "not-met",
            "Gemma",
            "fail",
        ),
        (
            "The code is released under the MIT License; the weights are released under CC BY-NC 4.0.",
            "not-met",
            "Non Commercial",
            "fail",
        ),
        (
            "The model is released under the Llama 3.1 Community License, and the code under the Apache 2.0 license.",
            "not-met",
            "Llama 3.1",
            "fail",
        ),
        (
            "The weights are released under the Apache 2.0 license, while the code is available under the GPL-3.0.",
            "met",
            "Apache-2.0",
            "pass",
        ),
        (
            "The model weights are released under the MIT License, while the dataset is distributed under CC BY-NC-SA 4.0.",
            "met",
            "MIT",
            "pass",
        ),
        (
            "The code is licensed under CC BY-NC 4.0, but the weights are released under the Apache 2.0 license.",
            "met",
            "Apache-2.0",
            "pass",
        ),
    ];
    for (sentence, outcome, name, verdict) in rows {
        let text = format!("# A model\n\nIt was trained from scratch.\n\n{sentence}\n");
        let audit = card(&text);
        let wanted = [("license-declared", "met"), ("license-unrestricted", outcome), ("license", verdict)];
        expect(&audit, sentence, &wanted);
        told(&audit, "license-unrestricted", &[name]);
        points_at(&audit, "license-unrestricted", "README.md", &text, sentence);
    }
}

#[test]
fn a_sentence_on_the_code_does_not_name_the_license_of_the_model_after_it() {
    let text = "---\nlicense: other\nlicense_name: deepseek\nlicense_link: LICENSE-MODEL\n---\n# Coder\n\n\
                This code repository is licensed under the MIT License. The use of the models is subject to the model license.\n";
    let audit = card(text);
    expect(
        &audit,
        "code and model",
        &[("license-declared", "met"), ("license-unrestricted", "not-met"), ("license", "fail")],
    );
    told(&audit, "license-unrestricted", &["DeepSeek"]);
    points_at(&audit, "license-unrestricted", "README.md", text, "license_name");
}

#[test]
fn terms_on_the_code_are_no_terms_on_the_weights() {
    let release = Release::with_card(scratch("", "The training code is distributed under CC BY-NC 4.0."));
    release.write("LICENSE", apache());
    release.write("train.py", "import torch\n".repeat(40));
    let audit = release.audit(&[]);
    let wanted = [
        ("license-unrestricted", "met"),
        ("license-consistent", "met"),
        ("license", "pass"),
        ("recipe-code-license", "not-met"),
        ("recipe", "partial"),
    ];
    expect(&audit, "code under NC", &wanted);
    told(&audit, "recipe-code-license", &["CC-BY-NC-4.0"]);
}

#[test]
fn terms_on_the_data_are_no_terms_on_the_weights() {
    let site = whole();
    let sentence = "The model is released under the Apache 2.0 license, while the dataset stays under CC BY-NC-SA 4.0.";
    site.model("acme/m", &scratch("datasets: [acme/corpus]\n", &format!("{TRAINED_ON}\n\n{sentence}")));
    site.dataset("acme/corpus", "---\nlicense: cc-by-nc-sa-4.0\n---\n# Corpus\n\nTexts of old books.\n");
    let audit = audit(&site.serve(), "hf:acme/m");
    let wanted = [
        ("license-unrestricted", "met"),
        ("license-consistent", "met"),
        ("license-no-added-terms", "met"),
        ("license-data-compatible", "not-met"),
        ("license", "pass"),
    ];
    expect(&audit, "data under NC", &wanted);
}
