//! What stands in other people's pipelines: the Action's steps, the GitLab job and the hooks are run as scripts against releases,
//! and their files are read by the schemas and linters of those who will read them. No service is asked.

mod action;
mod container;
mod gitlab;
mod hooks;
mod step;

use std::fs;
use std::path::Path;
use std::process::Command;

use ouvert::parse::yaml::{self, Node};

use crate::formats::consumers;
use crate::support::{HERE, Run, program};

/// A YAML file of the repository, or a text.
fn tree(text: &str) -> Node {
    let document = yaml::parse(text);
    assert!(document.error.is_none(), "{:?}", document.error);
    document.root
}

/// The text of a file of the repository.
fn file(path: &str) -> String {
    fs::read_to_string(Path::new(HERE).join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// The text at a path of keys, empty where there is none.
fn at<'n>(node: &'n Node, keys: &[&str]) -> &'n str {
    keys.iter().try_fold(node, |n, key| n.get(key)).and_then(Node::text).unwrap_or_default()
}

/// A command with nothing of this machine's environment but where programs are; `ouvert` is the one under test.
fn command(name: &str) -> Command {
    let mut command = Command::new(name);
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    for (key, value) in program().get_envs() {
        if let Some(value) = value {
            command.env(key, value);
        }
    }
    command
}

/// The fenced blocks of a language in a section of the README.
fn blocks(section: &str, language: &str) -> Vec<String> {
    let readme = file("README.md");
    let start =
        readme.find(&format!("\n## {section}\n")).unwrap_or_else(|| panic!("the README has no section {section}"));
    let text = &readme[start + 4..];
    let text = &text[..text.find("\n## ").unwrap_or(text.len())];
    let fence = format!("```{language}\n");
    text.split(&fence).skip(1).map(|rest| rest[..rest.find("```").expect("a fence that ends")].to_owned()).collect()
}

/// Runs one of the programs that `.ci/consumers` installs on files, or says that it is skipped.
pub(crate) fn judged_by(tool: &str, args: &[&str]) {
    let Some(folder) = consumers() else { return };
    let bin = folder.join("venv/bin");
    // The linters start shells and each other by name.
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    let run = Run::of(
        command(bin.join(tool).to_str().unwrap()).env("PATH", path).current_dir(HERE).args(args).output().unwrap(),
    );
    assert_eq!(run.code, 0, "{tool} {args:?}\n{}{}", run.stdout, run.stderr);
}

#[test]
fn schemas_and_linters_take_what_others_read() {
    judged_by("check-jsonschema", &["--builtin-schema", "vendor.github-actions", "action.yml"]);
    judged_by("check-jsonschema", &["--builtin-schema", "vendor.gitlab-ci", ".gitlab/ouvert.yml"]);
    judged_by("pre-commit", &["validate-manifest", ".pre-commit-hooks.yaml"]);
    judged_by("hadolint", &[".ci/Containerfile"]);
    let scripts = [".github/action/key", ".github/action/install", ".github/action/audit"];
    judged_by("shellcheck", &[&scripts[..], &[".ci/run", ".ci/consumers", ".ci/real", ".ci/container"]].concat());
    // Actions of GitHub's own are named by the tag that GitHub moves with its fixes; any other would be pinned to a commit.
    let rules = "rules:\n  unpinned-uses:\n    config:\n      policies:\n        actions/*: ref-pin\n        github/*: ref-pin\n        \"*\": hash-pin\n";
    let temp = tempfile::tempdir().unwrap();
    let config = temp.path().join("zizmor.yml");
    fs::write(&config, rules).unwrap();
    judged_by("zizmor", &["--offline", "--no-progress", "--config", config.to_str().unwrap(), "action.yml"]);
}

#[test]
fn what_the_readme_says_to_paste_is_taken_as_it_is() {
    let temp = tempfile::tempdir().unwrap();
    let saved = |name: &str, text: &str| {
        let path = temp.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let yaml = blocks("In CI", "yaml");
    let of =
        |word: &str| yaml.iter().find(|b| b.contains(word)).unwrap_or_else(|| panic!("no block has {word}")).as_str();

    let workflow = of("runs-on:");
    judged_by("check-jsonschema", &["--builtin-schema", "vendor.github-workflows", &saved("workflow.yml", workflow)]);
    let known = tree(&file("action.yml"));
    let known: Vec<&str> = known.get("inputs").unwrap().pairs().iter().map(|(key, _)| key.as_str()).collect();
    let workflow = tree(workflow);
    let (_, job) = &workflow.get("jobs").unwrap().pairs()[0];
    let steps = job.get("steps").unwrap().items();
    let ours = steps.iter().find(|s| at(s, &["uses"]).contains("/ouvert@")).expect("a step of ours");
    let given: Vec<&str> = ours.get("with").unwrap().pairs().iter().map(|(key, _)| key.as_str()).collect();
    assert!(!given.is_empty() && given.iter().all(|g| known.contains(g)), "{given:?} of {known:?}");

    let job = of("include:");
    judged_by("check-jsonschema", &["--builtin-schema", "vendor.gitlab-ci", &saved("gitlab-ci.yml", job)]);
    let known = tree(&file(".gitlab/ouvert.yml"));
    for (name, _) in tree(job).get("variables").unwrap().pairs() {
        assert!(known.get("variables").unwrap().get(name).is_some(), "{name}");
    }
    assert_eq!(at(&tree(job).get("include").unwrap().items()[0], &["file"]), ".gitlab/ouvert.yml");

    let hooks = of("repos:");
    judged_by("pre-commit", &["validate-config", &saved("pre-commit-config.yaml", hooks)]);
    let ids = tree(&file(".pre-commit-hooks.yaml"));
    let hook = tree(hooks);
    let hook = &hook.get("repos").unwrap().items()[0].get("hooks").unwrap().items()[0];
    assert!(ids.items().iter().any(|h| at(h, &["id"]) == at(hook, &["id"])));
}
