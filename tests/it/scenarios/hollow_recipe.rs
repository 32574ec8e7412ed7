//! Recipes that are announced and hollow: a repository without code, code without a license, a framework, an empty
//! link, a file under another name, steps still to be written.

use super::{apache, audit, expect, points_at, scratch, told};
use crate::hub::Site;
use crate::support::{Audit, Release};

const CODE: &str = "https://github.com/acme/train";

/// The card of a model whose training code is said to be at a link.
fn linking(link: &str) -> String {
    scratch("", &format!("The training code is at [the repository]({link})."))
}

/// Audits a model whose card links to a repository of these files.
fn over(files: &[&str], meta: &str) -> Audit {
    let site = Site::empty();
    site.model("acme/m", &linking(CODE));
    site.code("acme/train", files);
    site.write("code/acme/train/meta.json", meta);
    audit(&site.serve(), "hf:acme/m")
}

#[test]
fn a_repository_without_code_is_no_recipe() {
    let rows: [(&str, &[&str]); 6] = [
        ("a paper", &["README.md", "paper.pdf", "LICENSE"]),
        ("a card of data", &["README.md", "LICENSE", ".gitignore"]),
        ("a title", &["README.md", "LICENSE"]),
        ("a list of corpora", &["README.md", "CORPORA.md", "corpora.csv"]),
        ("pictures", &["README.md", "figures/benchmark.png", "figures/loss.svg"]),
        ("a title alone", &["README.md"]),
    ];
    for (about, files) in rows {
        let audit = over(files, r#"{"license": "MIT"}"#);
        let wanted = [
            ("recipe-disclosed", "not-met"),
            ("recipe-code", "not-met"),
            ("recipe-code-license", "not-met"),
            ("recipe-configuration", "not-met"),
            ("recipe", "fail"),
        ];
        expect(&audit, about, &wanted);
        told(&audit, "recipe-code", &[CODE, "no code"]);
        points_at(&audit, "recipe-code", "README.md", &linking(CODE), CODE);
        assert_eq!(audit.finding("recipe-code")["strength"], "resolved", "{about}");
    }
}

#[test]
fn code_about_something_else_trains_nothing() {
    let rows: [(&str, &[&str]); 3] = [
        ("inference", &["README.md", "inference.py", "inference/kernel.py", "LICENSE"]),
        ("evaluation", &["README.md", "evaluate.py", "eval/harness.py", "LICENSE"]),
        ("launch scripts", &["README.md", "launch.sh", "configs/run.yaml", "LICENSE"]),
    ];
    for (about, files) in rows {
        let audit = over(files, r#"{"license": "Apache-2.0"}"#);
        expect(&audit, about, &[("recipe-code", "not-met"), ("recipe", "!pass")]);
        told(&audit, "recipe-code", &[CODE]);
        points_at(&audit, "recipe-code", "README.md", &linking(CODE), CODE);
    }
}

#[test]
fn a_general_framework_is_nobodys_own_recipe() {
    let framework = "https://github.com/NVIDIA/Megatron-LM";
    let site = Site::empty();
    site.code("NVIDIA/Megatron-LM", &["pretrain_gpt.py", "megatron/training/training.py", "LICENSE"]);
    site.model("acme/m", &linking(framework));
    let audit = audit(&site.serve(), "hf:acme/m");
    expect(&audit, "a framework", &[("recipe-disclosed", "not-met"), ("recipe-code", "not-met"), ("recipe", "fail")]);
    told(&audit, "recipe-code", &[framework, "general framework"]);
}

#[test]
fn code_without_a_license_may_be_read_and_not_used() {
    let bare = over(&["README.md", "train.py", "tokenizer/train_tokenizer.py"], "{}");
    let wanted = [
        ("recipe-disclosed", "met"),
        ("recipe-code", "met"),
        ("recipe-code-license", "not-met"),
        ("recipe", "partial"),
    ];
    expect(&bare, "no license file", &wanted);
    told(&bare, "recipe-code-license", &["no license"]);
    points_at(&bare, "recipe-code-license", "README.md", &linking(CODE), CODE);
    let licensed = over(&["README.md", "train.py", "LICENSE"], r#"{"license": "Apache-2.0"}"#);
    expect(&licensed, "with one", &[("recipe-code", "met"), ("recipe-code-license", "met")]);
    // A license for the text of the README is none for code.
    let of_text = over(&["README.md", "train.py", "LICENSE"], r#"{"license": "CC-BY-4.0"}"#);
    expect(&of_text, "a license for texts", &[("recipe-code", "met"), ("recipe-code-license", "not-met")]);
    told(&of_text, "recipe-code-license", &["CC-BY-4.0"]);
}

#[test]
fn an_empty_link_leads_to_no_code() {
    for link in ["[training code]()", "[training code](#)", "[training code](TBD)", "Training code: TBD"] {
        let site = Site::empty();
        site.model(
            "acme/m",
            &scratch("", &format!("## Resources\n\n- {link}\n- [weights](https://huggingface.co/acme/m)")),
        );
        let audit = audit(&site.serve(), "hf:acme/m");
        expect(&audit, link, &[("recipe-disclosed", "not-met"), ("recipe-code", "not-met"), ("recipe", "fail")]);
    }
}

#[test]
fn a_file_under_another_name_than_the_card_links_is_missing() {
    let text = scratch("", "The weights are under the Apache 2.0 license, see [the license](LICENSE.txt).");
    let site = Site::empty();
    site.model("acme/m", &text);
    site.write("models/acme/m/main/LICENSE", apache());
    let release = Release::with_card(&text);
    release.write("LICENSE", apache());
    for audit in [audit(&site.serve(), "hf:acme/m"), release.audit(&[])] {
        // The text of the license is there all the same.
        expect(
            &audit,
            "LICENSE",
            &[("recipe-claimed-files", "not-met"), ("license-text-present", "met"), ("license", "pass")],
        );
        told(&audit, "recipe-claimed-files", &["LICENSE.txt"]);
        points_at(&audit, "recipe-claimed-files", "README.md", &text, "LICENSE.txt");
    }
}

#[test]
fn a_script_that_the_card_promises_is_missing() {
    let text = scratch(
        "",
        "Everything to train it again is in this repository: run `scripts/pretrain.py`, then `scripts/anneal.sh`.",
    );
    let release = Release::with_card(&text);
    release.write("scripts/anneal.sh", "echo annealing\n");
    let audit = release.audit(&[]);
    let wanted = [("recipe-claimed-files", "not-met"), ("recipe-code", "not-met"), ("recipe", "fail")];
    expect(&audit, "a promise", &wanted);
    told(&audit, "recipe-claimed-files", &["scripts/pretrain.py"]);
    assert!(!audit.says("recipe-claimed-files").contains("anneal.sh"), "{}", audit.says("recipe-claimed-files"));
    points_at(&audit, "recipe-claimed-files", "README.md", &text, "scripts/pretrain.py");
}

#[test]
fn steps_that_are_still_to_be_written_are_none() {
    for word in ["TODO", "TBD", "Coming soon."] {
        let steps = ["Pretraining", "Context extension", "Annealing", "Instruction tuning"]
            .map(|step| format!("### {step}\n\n{word}\n"))
            .join("\n");
        let site = Site::empty();
        site.model(
            "acme/m",
            &scratch(
                "",
                &format!("The training code is at [the repository]({CODE}).\n\n## How to train it again\n\n{steps}"),
            ),
        );
        site.code("acme/train", &["README.md", "pretrain.py", "anneal.py", "LICENSE"]);
        site.write("code/acme/train/meta.json", r#"{"license": "GPL-3.0"}"#);
        let audit = audit(&site.serve(), "hf:acme/m");
        // The scripts are there: what nobody wrote is in which order they run.
        let wanted = [("recipe-code", "met"), ("recipe-code-license", "met"), ("recipe-steps", "!met")];
        expect(&audit, word, &wanted);
        // Where the scripts lie beside the card, nothing is left to look at.
        let release = Release::with_card(scratch("", &format!("## How to train it again\n\n{steps}")));
        release.write("pretrain.py", "import torch\n".repeat(40));
        let here = release.audit(&[]);
        expect(&here, word, &[("recipe-code", "met"), ("recipe-steps", "not-met")]);
    }
}

#[test]
fn a_claim_of_completeness_is_no_recipe() {
    let text =
        "This is a complete release under an openness framework: weights, data, code and logs are all published.";
    let audit = Release::with_card(scratch("", text)).audit(&[]);
    let wanted = [
        ("recipe-disclosed", "not-met"),
        ("recipe-code", "not-met"),
        ("recipe-logs", "not-met"),
        ("recipe", "fail"),
        ("data-declared", "not-met"),
        ("data", "fail"),
    ];
    expect(&audit, "a claim", &wanted);
}
