//! Cards written from facts, in a few varied wordings.

use std::fmt::Write as _;

use serde_json::json;

use crate::build::{beside_the_code, choose, name_of, settings};
use crate::facts::{Data, Facts, Kind, Language, Release, Settings, Tag};

/// Names as a sentence lists them.
fn join(names: &[String], and: &str) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} {and} {last}", first.join(", ")),
    }
}

/// A sentence with a capital letter at its start.
fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A card while it is written.
pub(crate) struct Card<'a> {
    pub(crate) release: &'a Release,
    pub(crate) facts: &'a Facts,
}

impl Card<'_> {
    fn choose(&self, purpose: &str, english: &[&'static str], french: &[&'static str]) -> &'static str {
        choose(&self.release.id, purpose, if self.french() { french } else { english })
    }

    fn french(&self) -> bool {
        self.release.language == Language::Fr
    }

    fn name(&self) -> &str {
        name_of(&self.release.id)
    }

    pub(crate) fn text(&self) -> String {
        let license = self.license();
        let (first, last) =
            if choose(&self.release.id, "order", &[true, false]) { (license, vec![]) } else { (vec![], license) };
        let parts = [self.about(), first, self.uses(), self.data(), self.training(), last];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        format!("---\n{}---\n\n# {}\n\n{}\n", self.front(), self.name(), parts.join("\n\n"))
    }

    fn front(&self) -> String {
        let (release, mut out) = (self.release, String::new());
        let mut list = |key: &str, values: &[&str]| {
            if !values.is_empty() {
                let _ = writeln!(out, "{key}:\n- {}", values.join("\n- "));
            }
        };
        list("language", &[if self.french() { "fr" } else { "en" }]);
        let sets = release.data.iter().filter(|d| !d.more().is_some_and(|m| m.text_only)).filter_map(Data::id);
        if release.kind == Kind::Model {
            list("datasets", &sets.collect::<Vec<_>>());
        }
        if !release.base_in_text {
            list("base_model", &release.base.iter().map(String::as_str).collect::<Vec<_>>());
        }
        match &release.license {
            Tag::None => {}
            Tag::One(id) => out += &format!("license: {id}\n"),
            Tag::Many(ids) => out += &format!("license:\n- {}\n", ids.join("\n- ")),
        }
        for (key, value) in [("license_name", &release.license_name), ("license_link", &release.license_link)] {
            if let Some(value) = value {
                let _ = writeln!(out, "{key}: {value}");
            }
        }
        if let Some(gate) = &release.gate {
            // A JSON string is a YAML one.
            if let Some(prompt) = &gate.prompt {
                let _ = writeln!(out, "extra_gated_prompt: {}", json!(prompt));
            }
            if !gate.fields.is_empty() || !gate.boxes.is_empty() {
                out += "extra_gated_fields:\n";
            }
            for (labels, kind) in [(&gate.fields, "text"), (&gate.boxes, "checkbox")] {
                for label in labels {
                    let _ = writeln!(out, "  {}: {kind}", json!(label));
                }
            }
        }
        out
    }

    fn about(&self) -> Vec<String> {
        let (release, name) = (self.release, self.name());
        let kind = match (release.kind, self.french()) {
            (Kind::Model, false) => "a language model",
            (Kind::Model, true) => "un modèle de langue",
            (Kind::Dataset, false) => "a dataset of text",
            (Kind::Dataset, true) => "un jeu de données textuelles",
        };
        let mut out = vec![format!(
            "{name} {} {}.",
            if self.french() { "est" } else { "is" },
            release.about.as_deref().unwrap_or(kind)
        )];
        if !release.base.is_empty() {
            let bases: Vec<String> =
                release.base.iter().map(|b| format!("[{}](https://huggingface.co/{b})", name_of(b))).collect();
            let english = [
                "It was fine-tuned from BASE.",
                "**Finetuned from model:** BASE",
                "It builds on BASE, which was tuned further.",
            ];
            let french = ["Il a été affiné à partir de BASE.", "**Modèle de base :** BASE"];
            out.push(self.choose("base", &english, &french).replace("BASE", &join(&bases, "&")));
        }
        for repository in &release.links {
            let english = ["Repository: URL", "More in our [GitHub repository](URL).", "**Code:** [REPO](URL)"];
            let line = self.choose("repository", &english, &["Dépôt : URL"]);
            out.push(line.replace("URL", &format!("https://github.com/{repository}")).replace("REPO", repository));
        }
        out.extend(release.says.iter().cloned());
        out
    }

    fn license(&self) -> Vec<String> {
        let release = self.release;
        let tagged = match &release.license {
            Tag::One(id) => spdx::identifiers::LICENSES.iter().find(|l| l.name.eq_ignore_ascii_case(id)),
            _ => None,
        };
        let mut out = Vec::new();
        let english =
            ["NAME is released under the LICENSE license.", "- **License:** LICENSE", "License: LICENSE", "BADGE", ""];
        let french = ["NAME est publié sous licence LICENSE.", "**Licence :** LICENSE"];
        let said = release.license_said.as_deref();
        // A license that only the text names is not left to a badge.
        let english = if said.is_some() { &english[..3] } else { &english[..] };
        if let Some(license) = said.or(tagged.map(|l| choose(&release.id, "spelling", &[l.full_name, l.name]))) {
            let id = tagged.map_or(license, |l| l.name);
            let shield = id.replace('-', "--").replace(' ', "_");
            let badge = format!(
                "[![License](https://img.shields.io/badge/License-{shield}-blue.svg)](https://spdx.org/licenses/{id}.html)"
            );
            let line = self.choose("license", english, &french).replace("NAME", self.name());
            let line = if line == "BADGE" { badge } else { line.replace("LICENSE", license) };
            // Most licenses have the word in their names.
            out.push(line.replace("License license", "License").replace("license license", "license"));
        }
        out.retain(|line| !line.is_empty());
        out.extend(release.terms.iter().cloned());
        if !out.is_empty() {
            out.insert(0, if self.french() { "## Licence" } else { "## License" }.to_owned());
        }
        out
    }

    fn uses(&self) -> Vec<String> {
        if self.release.uses.is_empty() {
            return vec![];
        }
        let heading = self.choose("uses", &["## Intended use", "## Uses and limitations"], &["## Usages"]);
        vec![heading.to_owned(), self.release.uses.join(" ")]
    }

    /// A set of the hub as the card writes it: a link, or the id itself.
    fn link(&self, id: &str) -> String {
        let hub = id.contains('/') && !id.contains(' ');
        match choose(&self.release.id, "links", &[true, true, false]) {
            true if hub => format!("[{}](https://huggingface.co/datasets/{id})", name_of(id)),
            _ if hub => format!("`{id}`"),
            _ => id.to_owned(),
        }
    }

    fn named(&self, data: &Data) -> String {
        let words = data.more().and_then(|m| m.words.clone());
        words.unwrap_or_else(|| self.link(data.id().unwrap_or_default()))
    }

    fn data(&self) -> Vec<String> {
        let (release, name) = (self.release, self.name());
        if release.data.is_empty() && release.described.is_none() {
            return vec![];
        }
        let (is_set, and) = (release.kind == Kind::Dataset, if self.french() { "et" } else { "and" });
        let heading = match (is_set, self.french()) {
            (true, false) => "## Source data",
            (true, true) => "## Sources",
            (false, true) => "## Données d'entraînement",
            (false, false) => {
                self.choose("heading", &["## Training data", "## Training Data", "### Training dataset"], &[])
            }
        };
        let mut out = vec![heading.to_owned()];
        let noted = |d: &Data| d.more().and_then(|m| m.note.as_ref()).map(|n| format!(" ({n})")).unwrap_or_default();
        let names: Vec<String> = release.data.iter().map(|d| self.named(d) + &noted(d)).collect();
        let all = join(&names, and);
        let form = choose(&release.id, "data", &[0, 1, 2, 3]);
        let row = |d: &Data| {
            let set = d.id().and_then(|id| self.facts.dataset.iter().find(|s| s.id == id));
            let license = set.and_then(|s| s.license.as_deref()).unwrap_or("-");
            format!("\n| {} | {license} | {} |", self.named(d), noted(d).trim_matches([' ', '(', ')']))
        };
        match form {
            _ if names.is_empty() => {}
            _ if is_set && form < 2 => out.push(match self.french() {
                true => format!("{name} a été constitué à partir de {all}."),
                false => format!("{name} was built from {all}."),
            }),
            0 => {
                let english =
                    ["NAME was trained on ALL.", "We trained NAME on ALL.", "The training data consists of ALL."];
                let french = ["NAME a été entraîné sur ALL.", "Le jeu d'entraînement comprend ALL."];
                out.push(self.choose("trained", &english, &french).replace("NAME", name).replace("ALL", &all));
            }
            1 => {
                let lead = self.choose(
                    "lead",
                    &["The model was trained on these datasets:", "Datasets used for training:"],
                    &["Le modèle a été entraîné sur les jeux suivants :"],
                );
                let head = if self.french() { "| Jeu | Licence | Remarque |" } else { "| Dataset | License | Note |" };
                out.push(lead.to_owned());
                out.push(format!("{head}\n|---|---|---|{}", release.data.iter().map(row).collect::<String>()));
            }
            form => {
                if form == 3 && !is_set {
                    let english = ["The following data was used to train the model:", "The model was trained on:"];
                    out.push(self.choose("list", &english, &["Le modèle a été entraîné sur :"]).to_owned());
                }
                out.push(format!("- {}", names.join("\n- ")));
            }
        }
        if let Some(described) = &release.described {
            out.push(match self.french() {
                true => format!("{name} a été entraîné sur {described}."),
                false => self
                    .choose("described", &["NAME was trained on WHAT.", "The model was pretrained on WHAT."], &[])
                    .replace("NAME", name)
                    .replace("WHAT", described),
            });
        }
        if let Some(rest) = &release.rest {
            let line = self.choose(
                "rest",
                &["Besides, it was trained on WHAT.", "The training mix also holds WHAT."],
                &["S'y ajoutent WHAT."],
            );
            out.push(line.replace("WHAT", rest));
        }
        for data in &release.data {
            let Some(more) = data.more() else { continue };
            let set = self.named(data);
            if !more.made_from.is_empty() {
                let from: Vec<String> = more.made_from.iter().map(|id| self.link(id)).collect();
                let line = self.choose(
                    "made",
                    &["SET was prepared from FROM.", "The sources of SET are FROM."],
                    &["SET a été préparé à partir de FROM."],
                );
                out.push(capital(&line.replace("SET", &set).replace("FROM", &join(&from, and))));
            }
            if more.withheld {
                let english = ["We do not publish SET.", "We have not released SET.", "SET cannot be redistributed."];
                let french = ["Nous ne publions pas SET.", "Non publié : SET."];
                out.push(capital(&self.choose("withheld", &english, &french).replace("SET", &set)));
            }
        }
        if release.whole {
            let english = ["Nothing else was read in training.", "This is all the data that the model was trained on."];
            out.push(self.choose("whole", &english, &["Rien d'autre n'a été lu à l'entraînement."]).to_owned());
        }
        out
    }

    fn training(&self) -> Vec<String> {
        let release = self.release;
        let mut out = Vec::new();
        let url = |repository: &String| format!("https://github.com/{repository}");
        let mut tell = |repositories: &[String], purpose: &str, english: &[&'static str], french: &[&'static str]| {
            for repository in repositories {
                let line = self.choose(purpose, english, french).replace("URL", &url(repository));
                out.push(line.replace("REPO", repository));
            }
        };
        let english = [
            "Training code: URL",
            "It was trained with the code at [REPO](URL).",
            "- **Training repository:** URL",
            "The scripts that trained it are published: [REPO](URL)",
        ];
        let of_set = [
            "The code that made the dataset: URL",
            "It was made with the scripts of [REPO](URL).",
            "Data preparation code: [REPO](URL)",
            "The scripts that processed and filtered the data are at URL",
        ];
        let english = if release.kind == Kind::Dataset { &of_set[..] } else { &english[..] };
        tell(
            &release.code,
            "code",
            english,
            &["Code d'entraînement : URL", "Il a été entraîné avec le code de [REPO](URL)."],
        );
        tell(
            &release.processing,
            "processing",
            &["The data was prepared with the scripts at URL", "Data preparation code: [REPO](URL)"],
            &["Préparation des données : URL"],
        );
        tell(
            &release.frameworks,
            "framework",
            &["Training used the [REPO](URL) library.", "It was trained with [REPO](URL)."],
            &["L'entraînement s'appuie sur [REPO](URL)."],
        );
        let rows =
            settings(&release.id).map(|(english, french, value)| (if self.french() { french } else { english }, value));
        match release.settings {
            None => {}
            Some(Settings::Some) => out.push(format!("{}: {}, {}: {}.", rows[5].0, rows[5].1, rows[6].0, rows[6].1)),
            Some(_) if beside_the_code(release) => out.push(
                self.choose(
                    "file",
                    &[
                        "The hyper-parameters are in the configuration files of that repository.",
                        "All settings are under `configs` there.",
                    ],
                    &["Les hyperparamètres sont dans les fichiers de configuration du dépôt."],
                )
                .to_owned(),
            ),
            Some(_) => {
                let list = |form: fn(&str, &str) -> String| rows.map(|(key, value)| form(key, value)).join("\n");
                let heading = if self.french() { "### Hyperparamètres" } else { "### Training hyperparameters" };
                let head = if self.french() { "| Hyperparamètre | Valeur |" } else { "| Hyperparameter | Value |" };
                out.push(heading.to_owned());
                out.push(match choose(&release.id, "form", &[0, 1, 2]) {
                    0 => format!("{head}\n|---|---|\n{}", list(|key, value| format!("| {key} | {value} |"))),
                    1 if !self.french() => {
                        list(|key, value| format!("- {}: {value}", key.to_lowercase().replace(' ', "_")))
                    }
                    _ => list(|key, value| format!("- **{key}:** {value}")),
                });
            }
        }
        for path in &release.claims {
            let line = self.choose(
                "claims",
                &[
                    "The full training script is `PATH`, in this repository.",
                    "`PATH` is part of this release and holds the complete settings.",
                ],
                &["`PATH`, dans ce dépôt, contient tous les réglages."],
            );
            out.push(line.replace("PATH", path));
        }
        if release.logs {
            out.push(
                self.choose(
                    "logs",
                    &[
                        "Training logs: https://wandb.ai/ORG/NAME",
                        "The [loss curves](https://wandb.ai/ORG/NAME) of the run are public.",
                    ],
                    &["Journaux d'entraînement : https://wandb.ai/ORG/NAME"],
                )
                .replace("ORG", release.id.split('/').next().unwrap_or_default())
                .replace("NAME", self.name()),
            );
        }
        if release.checkpoints {
            out.push(
                self.choose(
                    "checkpoints",
                    &[
                        "Intermediate checkpoints are branches of this repository.",
                        "Each branch of this repository is a checkpoint of the run.",
                    ],
                    &["Les points de contrôle sont les branches de ce dépôt."],
                )
                .to_owned(),
            );
        }
        if !out.is_empty() {
            let heading = if release.kind == Kind::Dataset {
                "## Creation"
            } else {
                self.choose("training", &["## Training procedure", "## Training"], &["## Entraînement"])
            };
            out.insert(0, heading.to_owned());
        }
        out
    }
}
