//! What is made of a model under terms is given out under freer ones: by others, by the same holder, by way of an
//! adapter, a quantization, a merge, or text that the model wrote.

use super::{MIT, TRAINED_ON, audit, expect, points_at, points_into, scratch, told, whole};
use crate::hub::{Site, access};
use crate::support::Audit;

/// The bases that terms are laid on.
const BASES: [(&str, &str, &str); 4] = [
    ("plains/base-8b", "llama3.1", "Llama 3.1"),
    ("stones/base-7b", "gemma", "Gemma"),
    ("quills/base", "cc-by-nc-4.0", "Non Commercial"),
    ("valleys/base", "bigscience-bloom-rail-1.0", "RAIL"),
];

fn base(site: &Site, id: &str, license: &str) {
    site.model(id, &format!("---\nlicense: {license}\n---\n# Base\n\nIt was trained from scratch.\n"));
}

/// Audits `acme/m` with this card and these models beside it.
fn over(card: &str, bases: &[(&str, &str)]) -> Audit {
    let site = Site::empty();
    site.model("acme/m", card);
    for (id, license) in bases {
        base(&site, id, license);
    }
    audit(&site.serve(), "hf:acme/m")
}

#[test]
fn a_permissive_tag_over_a_base_under_terms_is_laundering() {
    for (id, license, name) in BASES {
        for own in ["mit", "apache-2.0"] {
            let card = format!("---\nlicense: {own}\nbase_model: {id}\n---\n# Distilled\n");
            let audit = over(&card, &[(id, license)]);
            let about = format!("{own} over {license}");
            let wanted =
                [("license-unrestricted", "met"), ("license-base-unrestricted", "not-met"), ("license", "fail")];
            expect(&audit, &about, &wanted);
            assert_eq!(audit.level(), "restricted", "{about}");
            told(&audit, "license-base-unrestricted", &[id, name, "laundering"]);
            points_at(&audit, "license-base-unrestricted", "README.md", &card, "base_model");
            points_into(&audit, "license-base-unrestricted", &format!("{id}: README.md"));
        }
    }
}

#[test]
fn a_derivative_that_keeps_the_terms_of_its_base_fails_and_launders_nothing() {
    let card = "---\nlicense: llama3.1\nbase_model: plains/base-8b\n---\n# Tuned\n";
    let audit = over(card, &[("plains/base-8b", "llama3.1")]);
    let wanted = [("license-unrestricted", "not-met"), ("license-base-unrestricted", "not-met"), ("license", "fail")];
    expect(&audit, "the same terms", &wanted);
    let says = audit.says("license-base-unrestricted");
    assert!(says.contains("plains/base-8b") && !says.contains("laundering"), "{says}");
}

#[test]
fn the_base_that_a_sentence_names_binds_like_one_of_the_front_matter() {
    let text = "---\nlicense: mit\n---\n# Distilled\n\nThe checkpoint was distilled into and is derived from \
                [base-8b](https://huggingface.co/plains/base-8b).\n";
    let audit = over(text, &[("plains/base-8b", "llama3.1")]);
    expect(&audit, "a sentence", &[("license-base-unrestricted", "not-met"), ("license", "fail")]);
    told(&audit, "license-base-unrestricted", &["plains/base-8b", "laundering"]);
    points_at(&audit, "license-base-unrestricted", "README.md", text, "derived from");
}

#[test]
fn the_holder_of_both_may_free_the_newer_one_and_that_is_said() {
    let site = Site::empty();
    let card = "---\nlicense: mit\nbase_model: depths/v3-base\n---\n# Reasoner\n";
    site.model("depths/reasoner", card);
    base(&site, "depths/v3-base", "deepseek");
    let audit = audit(&site.serve(), "hf:depths/reasoner");
    expect(&audit, "one holder", &[("license-base-unrestricted", "met"), ("license", "pass")]);
    told(&audit, "license-base-unrestricted", &["depths/v3-base", "depths holds both"]);
    points_at(&audit, "license-base-unrestricted", "README.md", card, "base_model");
    // Another's copy of the base under the old terms may not be freed by somebody else.
    let other = over("---\nlicense: mit\nbase_model: depths/v3-base\n---\n# Copy\n", &[("depths/v3-base", "deepseek")]);
    expect(&other, "two holders", &[("license-base-unrestricted", "not-met"), ("license", "fail")]);
}

#[test]
fn a_relicence_by_the_holder_lifts_nothing_that_a_third_party_laid_on_the_root() {
    let site = Site::empty();
    site.model("depths/small", "---\nlicense: mit\nbase_model: depths/middle\n---\n# Small\n");
    site.model("depths/middle", "---\nlicense: deepseek\nbase_model: plains/base-8b\n---\n# Middle\n");
    base(&site, "plains/base-8b", "llama3.1");
    let audit = audit(&site.serve(), "hf:depths/small");
    expect(&audit, "a chain", &[("license-base-unrestricted", "not-met"), ("license", "fail")]);
    told(&audit, "license-base-unrestricted", &["plains/base-8b", "laundering"]);
}

#[test]
fn an_adapter_stands_on_the_base_that_its_configuration_names() {
    let site = Site::empty();
    site.model("acme/lora", "---\nlicense: apache-2.0\nlibrary_name: peft\n---\n# Adapter\n");
    let config = "{\n  \"peft_type\": \"LORA\",\n  \"base_model_name_or_path\": \"stones/base-7b\"\n}\n";
    site.write("models/acme/lora/main/adapter_config.json", config);
    base(&site, "stones/base-7b", "gemma");
    let audit = audit(&site.serve(), "hf:acme/lora");
    expect(&audit, "an adapter", &[("license-base-unrestricted", "not-met"), ("license", "fail")]);
    told(&audit, "license-base-unrestricted", &["stones/base-7b", "Gemma", "laundering"]);
    points_at(&audit, "license-base-unrestricted", "adapter_config.json", config, "base_model_name_or_path");
}

/// A GGUF file without tensors, with these texts as its metadata.
fn gguf(metadata: &[(&str, &str)]) -> Vec<u8> {
    let count = |n: usize| (n as u64).to_le_bytes();
    let mut out = b"GGUF\x03\0\0\0".to_vec();
    out.extend(count(0));
    out.extend(count(metadata.len()));
    for (key, value) in metadata {
        out.extend(count(key.len()));
        out.extend(key.bytes());
        // A text.
        out.extend(8u32.to_le_bytes());
        out.extend(count(value.len()));
        out.extend(value.bytes());
    }
    out
}

#[test]
fn a_quantization_tells_its_base_in_the_weights() {
    let site = Site::empty();
    site.write("models/acme/m-gguf/main/README.md", "---\nlicense: mit\n---\n# Quantized\n");
    let url = "https://huggingface.co/plains/base-8b";
    let weights = gguf(&[("general.license", "mit"), ("general.base_model.0.repo_url", url)]);
    site.write("models/acme/m-gguf/main/m.Q4_K_M.gguf", weights);
    base(&site, "plains/base-8b", "llama3.1");
    let audit = audit(&site.serve(), "hf:acme/m-gguf");
    expect(&audit, "GGUF", &[("license-base-unrestricted", "not-met"), ("license", "fail")]);
    told(&audit, "license-base-unrestricted", &["plains/base-8b", "laundering"]);
    points_into(&audit, "license-base-unrestricted", "m.Q4_K_M.gguf");
}

#[test]
fn a_quantization_under_its_roots_terms_contradicts_the_release_between_them() {
    let site = Site::empty();
    let card = "---\nlicense: llama3.1\nbase_model: acme/distilled\nbase_model_relation: quantized\n---\n# Quantized\n";
    site.model("copies/distilled-q4", card);
    site.model("acme/distilled", "---\nlicense: mit\nbase_model: plains/base-8b\n---\n# Distilled\n");
    base(&site, "plains/base-8b", "llama3.1");
    let stub = site.serve();
    let copy = audit(&stub, "hf:copies/distilled-q4");
    let wanted = [("license-unrestricted", "not-met"), ("license-base-unrestricted", "not-met"), ("license", "fail")];
    expect(&copy, "the copy", &wanted);
    points_at(&copy, "license-unrestricted", "README.md", card, "llama3.1");
    told(&copy, "license-base-unrestricted", &["plains/base-8b"]);
    // The release in the middle calls itself free, and is not.
    let middle = audit(&stub, "hf:acme/distilled");
    let wanted = [("license-unrestricted", "met"), ("license-base-unrestricted", "not-met"), ("license", "fail")];
    expect(&middle, "the middle", &wanted);
}

#[test]
fn one_restricted_parent_of_a_merge_is_enough() {
    let card =
        "---\nlicense: apache-2.0\nbase_model:\n- acme/free\n- stones/base-7b\nbase_model_relation: merge\n---\n# M\n";
    let audit = over(card, &[("acme/free", "apache-2.0"), ("stones/base-7b", "gemma")]);
    expect(&audit, "a merge", &[("license-base-unrestricted", "not-met"), ("license", "fail")]);
    assert_eq!(audit.finding("license-base-unrestricted")["tally"], serde_json::json!({ "met": 1, "of": 2 }));
    told(&audit, "license-base-unrestricted", &["stones/base-7b"]);
    points_at(&audit, "license-base-unrestricted", "README.md", card, "- stones/base-7b");
}

#[test]
fn training_text_by_a_model_whose_terms_follow_makes_the_license_partial() {
    for (sentence, name) in [
        ("195 k of the instructions were generated by Gemma 2 27B.", "Gemma"),
        ("The answers were written by GPT-4.", "GPT-4"),
        ("Half of the dialogues were produced with Llama 3.1 70B.", "Llama"),
    ] {
        let site = whole();
        let card = scratch("datasets: [acme/corpus]\n", &format!("{TRAINED_ON}\n\n{sentence}"));
        site.model("acme/m", &card);
        let own = audit(&site.serve(), "hf:acme/m");
        expect(&own, sentence, &[("license-teacher-terms", "not-met"), ("license", "partial")]);
        told(&own, "license-teacher-terms", &[name]);
        points_at(&own, "license-teacher-terms", "README.md", &card, sentence);
        // So does the card of the set, where the model's own is silent.
        let site = whole();
        site.dataset("acme/corpus", &format!("---\nlicense: apache-2.0\n---\n# Corpus\n\n{sentence}\n"));
        let theirs = audit(&site.serve(), "hf:acme/m");
        expect(&theirs, sentence, &[("license-teacher-terms", "not-met"), ("license", "partial")]);
        points_into(&theirs, "license-teacher-terms", "acme/corpus");
    }
}

#[test]
fn the_name_of_a_made_set_leaves_its_terms_open() {
    let site = whole();
    site.dataset("acme/alpaca-fr", "---\nlicense: apache-2.0\n---\n# Set\n\nTranslated instructions.\n");
    site.model("acme/m", &scratch("datasets: [acme/alpaca-fr]\n", ""));
    let audit = audit(&site.serve(), "hf:acme/m");
    assert_eq!(access(&audit, "acme/alpaca-fr"), "public");
    expect(&audit, "a name", &[("license-teacher-terms", "unknown"), ("license", "unknown")]);
    told(&audit, "license-teacher-terms", &["acme/alpaca-fr"]);
}

#[test]
fn the_text_of_the_license_beside_the_weights_does_not_free_the_base_either() {
    let site = Site::empty();
    site.model("acme/m", "---\nlicense: mit\nbase_model: plains/base-8b\n---\n# Distilled\n");
    site.write("models/acme/m/main/LICENSE", MIT);
    base(&site, "plains/base-8b", "llama3.1");
    let audit = audit(&site.serve(), "hf:acme/m");
    let wanted = [
        ("license-text-present", "met"),
        ("license-consistent", "met"),
        ("license-base-unrestricted", "not-met"),
        ("license", "fail"),
    ];
    expect(&audit, "with its text", &wanted);
}
