//! Summaries in releases made up for it: English, French, empty, hidden, hostile, and cards that are none.

use std::time::{Duration, Instant};

use ouvert::check::summary::{field, present};
use ouvert::collect::{Options, collect};
use ouvert::evidence::{Evidence, SummaryState, TrainingSummary};
use ouvert::finding::Outcome;
use ouvert::lists::summary::fields;
use ouvert::source::local::Dir;

use crate::support::Release;

const ENGLISH: &str = "\
# Acme-7B: public summary of training content

**Version of the Summary:** 1.1\n**Last update:** 2026-02-01

| Section | Answer |
|---|---|
| Link(s) to previous version(s) | none |

## 1. General information

### 1.1. Provider identification

| Provider name and contact details | Acme AI, 1 Rue de la Paix, Paris |
|---|---|
| Authorised representative name and contact details | Not applicable |

### 1.2. Model identification

- Versioned model name(s): Acme-7B v1
- Model dependencies: none

### 1.3. Modalities, overall training data size and other characteristics

| Modality | Training data size | Types of content |
|---|---|---|
| Text | 1 billion to 10 trillion tokens | web pages, books |

## 2. List of data sources

### 2.1. Publicly available datasets

Have you used publicly available datasets to train the model? ☒ Yes ☐ No

List of large publicly available datasets:

- Common Corpus
- FineWeb

### 2.2. Private non-publicly available datasets obtained from third parties

#### 2.2.1. Datasets commercially licensed by rightsholders or their representatives

Have you concluded licensing agreements (e.g. with publishers)? No.

### 2.3. Data crawled and scraped from online sources

Were crawlers used by the provider or on its behalf?

☐ Yes
☒ No

### 2.4. User data

None

### 2.5. Synthetic data

General-purpose AI model(s) used to generate synthetic data
Mixtral 8x7B

### 2.6. Other sources of data

N/A

## 3. Data processing aspects

### 3.1. Respect of reservation of rights from text and data mining exception or limitation

We honoured robots.txt.
";

const FRENCH: &str = "\
Résumé public du contenu utilisé pour l’entraînement
====================================================

Version du résumé : 1.0
Dernière mise à jour : 1er février 2026

1. Informations générales
-------------------------

1.1 Identification du fournisseur
Acme, Lyon, contact@acme.example

1.2 Identification du modèle
Noms et versions des modèles : Acme-1B

1.3 Modalités, taille globale des données d'entraînement et autres caractéristiques
Texte, moins d'un milliard de jetons. Langues : français.

2. Liste des sources de données
-------------------------------

2.1 Jeux de données accessibles au public
Le corpus Exemple, et d'autres.

2.2 Jeux de données privés obtenus auprès de tiers
Aucun

2.3 Données moissonnées et extraites de sources en ligne
Néant.

2.4 Données des utilisateurs
Sans objet

2.5 Données synthétiques
Non

2.6 Autres sources de données
à compléter

3. Aspects relatifs au traitement des données
---------------------------------------------
Respect des réserves de droits : nous suivons robots.txt.
Retrait des contenus illicites : filtrage par liste.
";

/// What is found in a release of these files.
fn release(files: &[(&str, &str)]) -> Evidence {
    let release = Release::empty();
    for (path, text) in files {
        release.write(path, text);
    }
    collect(&Dir::open(&release.path()).unwrap(), &Options::default()).unwrap()
}

/// The one summary of a release.
fn one(files: &[(&str, &str)]) -> TrainingSummary {
    let mut all = release(files).summaries;
    assert_eq!(all.len(), 1, "{all:#?}");
    all.remove(0)
}

/// The fields that are not answered.
fn lacks(summary: &TrainingSummary) -> String {
    let lacks = fields().iter().filter(|f| !summary.fields.contains_key(&f.id));
    lacks.map(|f| f.id.as_str()).collect::<Vec<_>>().join(" ")
}

fn quote<'a>(summary: &'a TrainingSummary, id: &str) -> (usize, &'a str) {
    let place = &summary.fields[id];
    (place.line.unwrap(), place.excerpt.as_deref().unwrap())
}

#[test]
fn saved_evidence_holds_the_summary() {
    let release = Release::tiny_open();
    let run = release.audit(&["--save-evidence", "before.json"]);
    release.write("docs/public_summary.md", ENGLISH);
    let audit = release.audit(&["--save-evidence", "after.json"]);
    let saved = |name: &str| std::fs::read_to_string(release.outside().join(name)).unwrap();
    assert!(!saved("before.json").contains("summaries"), "where there is none, nothing is written");
    let evidence: Evidence = serde_json::from_str(&saved("after.json")).unwrap();
    assert_eq!(lacks(&evidence.summaries[0]), "");
    assert_eq!((present(&evidence).outcome, field(&evidence, "crawled").outcome), (Outcome::Met, Outcome::Met));
    // It is no dataset, and changes nothing of what is asked of data.
    for finding in run.report["findings"].as_array().unwrap().iter().filter(|f| f["criterion"] == "data") {
        assert_eq!(&finding["outcome"], audit.outcome(finding["rule"].as_str().unwrap()), "{finding}");
    }
}

#[test]
fn an_english_summary_is_read_field_by_field() {
    for path in ["PUBLIC_SUMMARY_OF_TRAINING_CONTENT.md", "docs/notes.md"] {
        let summary = one(&[("README.md", "# Acme\n"), (path, ENGLISH)]);
        assert_eq!((summary.state, summary.template, lacks(&summary).as_str()), (SummaryState::Read, true, ""));
        assert_eq!((summary.place.path.as_str(), summary.place.line), (path, Some(1)));
        for (id, line, words) in [
            ("version", 3, "1.1"),
            ("provider", 14, "Acme AI, 1 Rue de la Paix, Paris"),
            ("model", 20, "Acme-7B v1"),
            ("modalities", 27, "1 billion to 10 trillion tokens web pages, books"),
            ("public-datasets", 37, "Common Corpus"),
            ("private-data", 44, "Have you concluded licensing agreements (e.g. with publishers)? No."),
            ("crawled", 50, "☐ Yes ☒ No"),
            ("user-data", 55, "None"),
            ("synthetic", 60, "Mixtral 8x7B"),
            ("other", 64, "N/A"),
            ("data-processing", 70, "We honoured robots.txt."),
        ] {
            assert_eq!(quote(&summary, id), (line, words), "{id}");
        }
    }
}

#[test]
fn a_french_summary_is_read_field_by_field() {
    for path in ["résumé_public_contenu.rst", "transparence.txt"] {
        let summary = one(&[("README.md", "# Acme\n"), (path, FRENCH)]);
        assert_eq!((summary.state, summary.template, lacks(&summary).as_str()), (SummaryState::Read, true, "other"));
        assert_eq!(quote(&summary, "provider"), (11, "Acme, Lyon, contact@acme.example"));
        assert_eq!(quote(&summary, "user-data").1, "Sans objet");
        assert_eq!(quote(&summary, "data-processing").1, "nous suivons robots.txt.");
    }
}

#[test]
fn a_page_and_tables_in_tags_are_read() {
    let row = "<tr><th>2.5. Synthetic data</th><td>Made with Mixtral</td></tr>\n<tr><td>2.6. Other sources of data</td><td> </td></tr>";
    let page = format!("<html><h1>Public summary of training content</h1>\n<table>{row}</table></html>");
    let summary = one(&[("x.html", &page)]);
    assert_eq!((quote(&summary, "synthetic"), summary.fields.len()), ((2, "Made with Mixtral"), 1));
    let card =
        format!("# Acme\n\n## Public summary of training content\n\n<table>\n{row}\n</table>\n\n## Other\n\nText.\n");
    let summary = one(&[("README.md", &card)]);
    assert_eq!((quote(&summary, "synthetic"), summary.fields.len()), ((6, "Made with Mixtral"), 1));
}

#[test]
fn a_section_of_the_card_is_one() {
    let body = ENGLISH.replacen("# Acme-7B: public summary of training content", "", 1);
    for heading in [
        "# Public summary of training content",
        "# Art. 53(1)(d)",
        "# Summary of the content used for training",
        "# Résumé public du contenu utilisé pour l'entraînement",
    ] {
        let card =
            format!("---\nlicense: mit\n---\n# Acme\n\nHello.\n\n{heading}\n{body}\n# Limits\n\nOther data: lots.\n");
        let summary = one(&[("README.md", &card)]);
        assert_eq!((lacks(&summary).as_str(), summary.place.line), ("", Some(8)), "{heading}");
    }
    // Numbered as the template is, under no title.
    let numbered = body.split_once("## 1. General").map(|(_, rest)| format!("# Acme\n\n## 1. General{rest}")).unwrap();
    let summary = one(&[("README.md", &numbered)]);
    assert_eq!((lacks(&summary).as_str(), summary.place.line), ("version", Some(3)));
}

#[test]
fn an_ordinary_card_is_none() {
    let card = "\
# Acme-7B

## Training data

A mix of public datasets, crawled data and synthetic data.

| Public datasets | 60% |
|---|---|
| Synthetic data | 20% |
| Web crawl | 20% |

## Training data summary

| Source | Share |
|---|---|
| Public datasets | 60% |
| Synthetic data | 20% |
| User data | 20% |

## Training procedure

### 2.1 Hyperparameters

lr 1e-4

## Copyright

Acme. We comply with the [AI Act](https://acme.example/legal), see [Art. 53(1)(d)](https://eur-lex.europa.eu/x).
The public summary of training content [will come](https://acme.example/soon) soon.
";
    let run = "# Run\n\nModel name: x\nLast update: 2026\nLanguages: fr\nDataset size: 5\n\n## Public datasets\n\nA\n\n## Synthetic data\n\nB\n";
    let others = [
        ("README.md", card),
        ("training_summary.md", run),
        ("data/README.md", "# Data\n\nText."),
        ("AI_ACT.md", "# Compliance\n\nWe are an open-source provider under the AI Act and keep a copyright policy."),
        ("summary.json", "{}"),
        ("training_data_summary.json", "{}"),
    ];
    let found = release(&others);
    assert!(found.summaries.is_empty(), "{:#?}", found.summaries);
    assert!(!serde_json::to_string(&found).unwrap().contains("summaries"));
}

#[test]
fn empty_fields_do_not_count() {
    let template = "\
# Public Summary of Training Content

Version of the Summary:\nLast update:

1. General information

### 1.1. Provider identification

Provider name and contact details:\nAuthorised representative name and contact details:

### 1.2. Model identification

[Versioned model names]

### 1.3. Modalities, overall training data size and other characteristics

| Modality | Training data size | Types of content |
|---|---|---|
| Text | ☐ Less than 1 billion tokens ☐ More | |

### 2.1. Publicly available datasets

Have you used publicly available datasets? ☐ Yes ☐ No

| Dataset | Link |
|---|---|

**Additional comments (optional)**

### 2.2. Private data

to be completed

### 2.3. Data crawled and scraped from online sources

<!-- Please list
every crawler -->

| Crawler name | Purpose |
|---|---|

### 2.4. User data

?

### 2.5. Synthetic data: overview

...

### 2.6. Other sources of data

Please provide a narrative description.

### 3. Data processing aspects

Not disclosed

## 4. Annex

Nothing of the above.
";
    let summary = one(&[("SUMMARY_OF_TRAINING_CONTENT.md", template)]);
    assert_eq!((summary.state, summary.fields.len()), (SummaryState::Read, 0), "{:#?}", summary.fields);
    let none = one(&[("public_training_summary.md", "")]);
    assert_eq!((none.state, none.fields.len(), none.template), (SummaryState::Read, 0, false));
    let contents = "# Public summary of training content\n\n- 2.4 User data\n- 2.5 Synthetic data\n\nThis text opens the summary.\n";
    assert!(one(&[("a.md", contents)]).fields.is_empty());
}

#[test]
fn a_summary_without_its_headings_is_prose() {
    let text = "# Public summary of training content\n\nWe trained on books that we were given, and on a crawl of the web of 2024 and 2025.\n";
    assert_eq!(one(&[("x.md", text)]).state, SummaryState::Prose);
}

#[test]
fn what_cannot_be_read_is_named() {
    let found = release(&[("docs/Public-Training-Data-Summary.pdf", "%PDF"), ("paper.pdf", "%PDF")]);
    assert_eq!((found.summaries.len(), found.summaries[0].state), (1, SummaryState::Unread));
    assert_eq!(found.gaps.iter().filter(|g| g.what.contains("Summary.pdf")).count(), 1);
    let long = "x".repeat(2 * 1024 * 1024);
    let found = release(&[("public_training_summary.md", &long), ("notes.md", &long)]);
    assert_eq!((found.summaries.len(), found.summaries[0].state), (1, SummaryState::Unread));
}

#[test]
fn cards_as_makers_write_them() {
    // After the cards of two makers: a PDF beside the model, and a page that the card shows in a frame.
    let card = "# A\n\n## Legal\n\n#### EU AI Act transparency documentation\n\n- [Public Summary](https://hub.example/a/b/blob/main/A_EU_Public_Summary.pdf)\n- [Code of Practice](https://hub.example/a/b/blob/main/A_EU_Code_of_Practice.pdf)\n";
    let found =
        release(&[("README.md", card), ("A_EU_Public_Summary.pdf", "%PDF"), ("A_EU_Code_of_Practice.pdf", "%PDF")]);
    assert_eq!((found.summaries.len(), found.summaries[0].state), (1, SummaryState::Unread), "{:#?}", found.summaries);
    let elsewhere = &release(&[("README.md", card)]).summaries;
    assert_eq!((elsewhere.len(), elsewhere[0].state), (1, SummaryState::Elsewhere), "{elsewhere:#?}");
    let card = "# A\n\n## EU Summary of Public Content\n\nThe AI Act wants a public summary of training content after a [template](https://digital-strategy.ec.europa.eu/x). Ours stands below and in its [space](https://hub.example/spaces/a).\n\n<iframe src=\"https://a.example\"></iframe>\n";
    let found = release(&[("README.md", card)]);
    assert_eq!((found.summaries.len(), found.summaries[0].state), (1, SummaryState::Prose), "{:#?}", found.summaries);
    assert_eq!(field(&found, "crawled").outcome, Outcome::Unknown);
}

#[test]
fn links_lead_to_summaries() {
    for (card, wanted) in [
        ("Our [public summary of training content](https://a.example/s.pdf).", Some("https://a.example/s.pdf")),
        ("The summary that Art. 53(1)(d) asks for is [here](https://a.example/s).", Some("https://a.example/s")),
        (
            "| Public summary of training content | [PDF](https://a.example/t) |\n|-|-|\n| Summary of training content | [x](https://a.example/u) |",
            Some("https://a.example/u"),
        ),
        ("Le [résumé public du contenu d'entraînement](https://a.example/r).", Some("https://a.example/r")),
        ("The [template for the public summary of training content](https://a.example/t).", None),
        ("No public summary of training content: ask [us](https://a.example/us).", None),
        ("As Art. 53(1)(d) asks, see the [card](https://a.example/c) and the [code](https://a.example/d).", None),
        ("Our [training code](https://a.example/c) and a summary.", None),
    ] {
        let all = release(&[("README.md", &format!("# A\n\n{card}\n"))]).summaries;
        assert_eq!(all.first().and_then(|s| s.place.url.as_deref()), wanted, "{card}: {all:#?}");
        assert!(all.iter().all(|s| s.state == SummaryState::Elsewhere));
    }
    // A link to a file of the release, and to where the hub shows it.
    let card = "See the [public summary of training content](docs/a.md), also [as a public summary of training content](https://huggingface.co/a/b/blob/main/docs/a.md).\n";
    let summary = one(&[("README.md", card), ("docs/a.md", "### 2.5 Synthetic data\n\nMade with Mixtral\n")]);
    assert_eq!((summary.state, summary.fields.len()), (SummaryState::Read, 1));
}

#[test]
fn hostile_texts_end_in_time() {
    let start = Instant::now();
    for piece in [
        "# 2.1 User data\n",
        "# Public summary of training content\n",
        "# AI Act\n## 2.1 User data\n",
        "<table",
        "<!--",
        "| a |\n|-|\n",
        "- 2.5 Synthetic data:\n",
        "[public summary of training content](https://x.example) ",
        "2.5 Synthetic data: ☐ [ ] <x> ( ? \n",
        "Public summary of training content\n===\n",
        "\u{202e}\u{0}| 2.1 | \u{1b}[31m |\n",
    ] {
        let text = piece.repeat(30_000 / piece.len());
        let titled = format!("# Public summary of training content\n\n{text}");
        for path in
            ["README.md", "public_training_summary.md", "public_training_summary.rst", "public_training_summary.html"]
        {
            let found = release(&[(path, &titled), ("x.md", &text)]);
            assert!(found.summaries.len() <= 16, "{piece}");
            assert!(
                found
                    .summaries
                    .iter()
                    .flat_map(|s| s.fields.values())
                    .all(|p| p.excerpt.as_ref().is_none_or(|e| !e.contains(['\u{1b}', '\u{202e}'])))
            );
        }
    }
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}
