//! Records of the index as evidence. All names are invented, but those of families with known terms.

use super::*;
use crate::evidence::Access;
use crate::parse::eu_index::PARAMETERS;

/// A record: the names of base and end, the license, and what its letters are where they are not `closed`.
fn text(base: &str, end: &str, license: &str, letters: &[(&str, &str, &str, &str)]) -> String {
    let mut out = format!(
        "---\n# invented\nsystem:\n    name: Acme\n    link: https://huggingface.co/acme/{end}\n    basemodelname: {base}\n    endmodelname: {end}\n    endmodellicense: {license}\norg:\n    name: Acme Labs\n"
    );
    for id in PARAMETERS {
        let (class, link, notes) = letters.iter().find(|l| l.0 == id).map_or(("closed", "", ""), |l| (l.1, l.2, l.3));
        out.push_str(&format!("{id}:\n    class: {class}\n    link: {link}\n    notes: {notes}\n"));
    }
    out
}

fn evidence(text: &str) -> Evidence {
    eu_index(Path::new("records/acme one.yaml"), text).unwrap()
}

fn flaws(text: &str) -> Vec<Flaw> {
    evidence(text).record.unwrap().flaws
}

/// The kinds of flaw of a record, each with the first words of the line it stands in.
fn kinds(text: &str) -> Vec<(FlawKind, String)> {
    let told = |f: Flaw| {
        assert_ne!(f.says, f.says_fr);
        assert!(f.place.line.is_some_and(|l| text.lines().nth(l - 1).is_some()), "{f:?}");
        (f.kind, f.place.excerpt.unwrap_or_default().split(' ').take(2).collect::<Vec<_>>().join(" "))
    };
    flaws(text).into_iter().map(told).collect()
}

/// What is open in a record that nobody can find fault with.
const WHOLE: [(&str, &str, &str, &str); 6] = [
    ("datasources_basemodel", "open", "https://huggingface.co/datasets/acme/web", "CC-BY-4.0"),
    (
        "datasources_endmodel",
        "open",
        "[https://huggingface.co/datasets/acme/web, https://acme.example/datasets/two]",
        "",
    ),
    ("weights_basemodel", "open", "https://huggingface.co/acme/one-7b", ""),
    ("weights_endmodel", "open", "https://huggingface.co/acme/one-7b-chat", ""),
    ("trainingcode", "open", "https://github.com/acme/train/tree/v1", ""),
    (
        "licenses",
        "open",
        "https://huggingface.co/acme/one-7b-chat",
        "'Weights: Apache-2.0. Code: MIT. Data: CC-BY-4.0.'",
    ),
];

/// The whole record with one letter changed.
fn with<'a>(letter: (&'a str, &'a str, &'a str, &'a str)) -> Vec<(&'a str, &'a str, &'a str, &'a str)> {
    WHOLE.into_iter().filter(|l| l.0 != letter.0).chain([letter]).collect()
}

#[test]
fn a_record_is_evidence_of_what_it_declares() {
    let mut letters = WHOLE.to_vec();
    letters.push(("paper", "open", "https://aclanthology.org/2024.acl-long.1/", ""));
    letters.push(("preprint", "closed", "https://arxiv.org/abs/1", ""));
    let e = evidence(&text("One-7B", "One-7B-Chat", "Apache-2.0", &letters));
    assert_eq!((e.subject.locator.as_str(), e.subject.name.as_str()), ("records/acme one.yaml", "Acme"));
    let license = e.licenses.first().unwrap();
    assert_eq!((license.source, license.expression.as_deref()), (ClaimSource::Record, Some("Apache-2.0")));
    assert_eq!((license.place.line, e.licenses.len()), (Some(8), 1));
    // What the base model was trained on is not told of the end model.
    let sets: Vec<_> = e.datasets.iter().map(|d| (d.target.as_deref().unwrap(), d.access)).collect();
    let wanted = [("hub:acme/web", Access::Unresolved), ("https://acme.example/datasets/two", Access::Unresolved)];
    assert_eq!(sets, wanted);
    assert_eq!(e.datasets.first().unwrap().places.len(), 1);
    let base = e.bases.models.first().unwrap();
    assert_eq!((base.id.as_str(), base.declared, base.places.len()), ("acme/one-7b", true, 2));
    let code = e.recipe.code.first().unwrap();
    assert_eq!(code.target, CodeTarget::Url("https://github.com/acme/train/tree/v1".into()));
    assert_eq!((code.revision.as_deref(), code.repository.is_none()), (Some("v1"), true));
    // A closed letter gives no fact.
    let reports: Vec<_> = e.recipe.reports.iter().map(|p| p.url.as_deref().unwrap()).collect();
    assert_eq!(reports, ["https://aclanthology.org/2024.acl-long.1/"]);
    assert_eq!(e.gaps.len(), 1);
    let record = e.record.unwrap();
    assert_eq!((record.catalogue.as_str(), record.lists_components, record.flaws.len()), ("eu-index", false, 0));
    assert_eq!(record.letters.len(), 12);
    let letter = record.letters.get("licenses").unwrap();
    assert_eq!(
        (letter.grade.as_str(), letter.links.len(), letter.place.path.as_str()),
        ("open", 1, "records/acme one.yaml")
    );
    assert_eq!(record.letters.get("preprint").unwrap().grade, "closed");
}

#[test]
fn bases_are_those_that_differ() {
    let bases = |base: &str, end: &str, letters: &[(&str, &str, &str, &str)]| {
        let e = evidence(&text(base, end, "MIT", letters));
        (e.bases.models.iter().map(|b| b.id.clone()).collect::<Vec<_>>(), e.bases.hints.len(), e.datasets.len())
    };
    let own = ("datasources_basemodel", "open", "https://huggingface.co/datasets/acme/web", "");
    assert_eq!(bases("One 7B", "One-7B", &[own]), (vec![], 0, 1));
    assert_eq!(bases("", "One-7B", &[own]), (vec![], 0, 1));
    assert_eq!(bases("One-7B", "", &[own]), (vec![], 0, 1));
    assert_eq!(bases("unknown", "One-7B", &[own]), (vec![], 1, 0));
    assert_eq!(bases("Two-7B", "One-7B", &[own]), (vec!["Two-7B".into()], 0, 0));
    // The page of the end model is not the base's id.
    let page = ("weights_basemodel", "open", "https://huggingface.co/acme/one-7b-chat", "");
    assert_eq!(bases("One-7B", "One-7B-Chat", &[page]), (vec!["One-7B".into()], 0, 0));
    let (base, end) = (
        ("weights_basemodel", "open", "https://huggingface.co/other/two", ""),
        ("weights_endmodel", "open", "https://huggingface.co/acme/one-7b", ""),
    );
    assert_eq!(bases("", "One-7B", &[base, end]), (vec![], 1, 0));
}

#[test]
fn what_describes_data_is_no_dataset() {
    let links = "[https://arxiv.org/abs/1, https://acme.example/blog/x, https://huggingface.co/acme/one, https://github.com/huggingface/trl, not a link]";
    let e = evidence(&text("", "One", "MIT", &[("datasources_endmodel", "partial", links, "")]));
    assert_eq!((e.datasets.len(), e.data.vague.len(), e.data.said_partial.len()), (0, 3, 1));
    let e = evidence(&text(
        "",
        "One",
        "MIT",
        &[("datasources_endmodel", "closed", "https://huggingface.co/datasets/a/b", "")],
    ));
    assert_eq!((e.datasets.len(), e.data.vague.len()), (0, 0));
    // A paper is no training code either.
    let e = evidence(&text("", "One", "MIT", &[("trainingcode", "open", "https://arxiv.org/abs/1", "")]));
    assert!(e.recipe.code.is_empty());
}

#[test]
fn spellings_of_licenses() {
    use FlawKind::{LicenseProse, LicenseSpelling, LicenseUnknown};
    for (license, kind, word) in [
        ("Apache-2.0", None, ""),
        ("gemma", None, ""),
        ("Gemma Terms of Use", None, ""),
        ("", None, ""),
        ("Apache 2.0", Some(LicenseSpelling), "`Apache-2.0`"),
        ("MIT License", Some(LicenseSpelling), "`MIT`"),
        ("Apache and CC-BY-4.0", Some(LicenseProse), "`Apache-2.0 AND CC-BY-4.0`"),
        ("Various", Some(LicenseProse), "remark"),
        ("Unknown", Some(LicenseProse), "remark"),
        ("Unknown (Apache-2.0?)", Some(LicenseProse), "remark"),
        ("Purposely left ambiguous", Some(LicenseProse), "remark"),
        ("Apache-2.0 and house rules", Some(LicenseProse), "list"),
        ("Acme House License", Some(LicenseUnknown), "nobody"),
        ("CC-BY-NC", Some(LicenseUnknown), "family"),
    ] {
        let found = flaws(&text("", "One", license, &[]));
        assert_eq!(found.iter().map(|f| f.kind).collect::<Vec<_>>(), kind.into_iter().collect::<Vec<_>>(), "{license}");
        assert!(found.iter().all(|f| f.says.contains(word)), "{found:?}");
    }
}

#[test]
fn letters_that_the_license_does_not_bear_out() {
    use FlawKind::{LicenseProse, LicenseUnknown, RestrictedAsOpen, UnknownAsOpen};
    let of = |license: &str, grade: &str| {
        let letters = with(("licenses", grade, "https://acme.example/l", "'Data: CC-BY-4.0.'"));
        kinds(&text("One-7B", "One-7B-Chat", license, &letters)).into_iter().map(|(k, _)| k).collect::<Vec<_>>()
    };
    assert_eq!(of("CC-BY-NC-4.0", "open"), [RestrictedAsOpen]);
    assert_eq!(of("Acme House License", "open"), [LicenseUnknown, UnknownAsOpen]);
    assert_eq!(of("Unknown", "open"), [LicenseProse, UnknownAsOpen]);
    assert_eq!(of("", "open"), [UnknownAsOpen]);
    assert_eq!(of("Apache-2.0 and CC-BY-NC-4.0 and more", "open"), [LicenseProse, RestrictedAsOpen]);
    // Code and data are two of three.
    assert_eq!(of("CC-BY-NC-4.0", "partial"), []);
    assert_eq!(of("CC-BY-NC-4.0", "closed"), []);
    let weights = [("licenses", "partial", "https://acme.example/l", "")];
    assert_eq!(
        kinds(&text("", "One", "CC-BY-NC-4.0", &weights)),
        [(RestrictedAsOpen, "endmodellicense: CC-BY-NC-4.0".into())]
    );
    // The notes on the weights, and the family of the name itself.
    let letters =
        with(("weights_endmodel", "open", "https://huggingface.co/acme/one-7b-chat", "shared through CC-BY-NC-4.0"));
    assert_eq!(
        kinds(&text("One-7B", "One-7B-Chat", "Apache-2.0", &letters)),
        [(RestrictedAsOpen, "notes: shared".into())]
    );
    let letters =
        [("licenses", "open", "https://acme.example/l", ""), ("trainingcode", "open", "https://github.com/a/b", "")];
    assert_eq!(kinds(&text("", "MusicGen-Large", "Apache-2.0", &letters)).first().unwrap().0, RestrictedAsOpen);
}

#[test]
fn weights_alone_and_data_untold() {
    use FlawKind::{DataLicenseUntold, WeightsAlone};
    for (grade, told) in [("open", true), ("partial", true), ("closed", false)] {
        let found = kinds(&text("", "One", "Apache-2.0", &[("licenses", grade, "https://acme.example/l", "")]));
        assert_eq!(found.iter().any(|(k, _)| *k == WeightsAlone), told, "{grade}");
    }
    let data = ("datasources_endmodel", "partial", "https://huggingface.co/datasets/a/b", "listed");
    for (notes, told) in [
        ("Apache-2.0, an OSI-approved license.", true),
        ("'Weights: MIT. Code: MIT. Data: not specified.'", true),
        ("code and models under Apache 2, datasets complicated", true),
        ("'Models under Apache 2.0, but the data itself is variably licensed'", true),
        ("'Weights: MIT. Data: ODC-BY, house terms.'", false),
        ("weights and dataset (x) all under apache-2.0", false),
    ] {
        let found = kinds(&text("", "One", "MIT", &[data, ("licenses", "open", "https://acme.example/l", notes)]));
        assert_eq!(found.iter().any(|(k, _)| *k == DataLicenseUntold), told, "{notes}");
    }
    let told = ("datasources_endmodel", "partial", "https://huggingface.co/datasets/a/b", "under ODC-BY");
    let found = kinds(&text("", "One", "MIT", &[told, ("licenses", "open", "https://acme.example/l", "MIT")]));
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn parents_versions_and_notes() {
    use FlawKind::{LicenseConflict, ParentLicense, StaleLicense};
    let of = |base: &str, license: &str, page: &str, notes: &str, grade: &str| {
        let letters = [
            ("datasources_endmodel", "open", "https://huggingface.co/datasets/a/b", "CC-BY-4.0"),
            ("trainingcode", "open", "https://github.com/acme/b", ""),
            ("weights_basemodel", "partial", page, ""),
            ("weights_endmodel", "open", "https://huggingface.co/acme/one-7b-chat", ""),
            ("licenses", grade, "https://acme.example/l", notes),
        ];
        let kinds = kinds(&text(base, "One-7B-Chat", license, &letters));
        kinds
            .into_iter()
            .map(|(k, _)| k)
            .filter(|k| [LicenseConflict, ParentLicense, StaleLicense].contains(k))
            .collect::<Vec<_>>()
    };
    let page = "https://huggingface.co/other/base-7b";
    assert_eq!(of("Llama-2-7B", "Apache-2.0", page, "", "open"), [ParentLicense]);
    assert_eq!(of("DeepSeek-Coder-7B", "MIT License", page, "", "partial"), [ParentLicense]);
    assert_eq!(of("Some-7B", "MIT", "https://huggingface.co/meta-llama/CodeLlama-7b-hf", "", "open"), [ParentLicense]);
    assert_eq!(of("Llama-2-7B", "Apache-2.0", page, "", "closed"), []);
    assert_eq!(of("Mixtral-8x7B", "Apache-2.0", page, "", "open"), []);
    assert_eq!(of("Llama-2-7B", "Llama 2 Community License Agreement", page, "", "open"), []);
    // Who holds both may free the newer.
    assert_eq!(of("DeepSeek-Coder-7B", "MIT", "https://huggingface.co/acme/deepseek-coder-7b", "", "open"), []);
    assert_eq!(of("Llama-3.1-7B", "Meta Llama 3 Community License", page, "", "closed"), [StaleLicense]);
    assert_eq!(of("Llama-3-7B", "Meta Llama 3 Community License", page, "", "closed"), []);
    assert_eq!(of("Llama-Acme-7B", "Llama 3.3 Community License Agreement", page, "", "closed"), []);
    for (notes, told) in [
        ("'Weights: Gemma Terms of Use. Code: MIT.'", false),
        ("'Weights: gemma license. Code: MIT.'", true),
        ("CC-BY-NC-4.0", true),
        ("'Model released under CC-BY-4.0, an open license.'", true),
        ("weights as cc-by-nc-4.0", true),
        ("'Apache 2.0, an OSI-approved license.'", false),
        ("custom license", false),
        ("License not specified.", false),
        ("'Code licensed under MIT license, and so on.'", false),
        ("Research only", false),
    ] {
        assert_eq!(of("Two-7B", "Apache-2.0", page, notes, "open") == [LicenseConflict], told, "{notes}");
    }
    let e = evidence(&text("", "One", "MIT", &[("licenses", "open", "https://a.example", "CC-BY-NC-4.0")]));
    let claims: Vec<_> = e.licenses.iter().map(|c| c.expression.as_deref().unwrap()).collect();
    assert_eq!(claims, ["CC-BY-NC-4.0", "MIT"]);
}

#[test]
fn links_that_lead_elsewhere() {
    use FlawKind::{DescriptionAsData, LinkElsewhere, MisplacedLink, MissingLink};
    let hub = "https://huggingface.co/";
    for (id, link, notes, kind) in [
        ("datasources_basemodel", "huggingface.co/datasets/acme/web", "CC-BY-4.0", Some(MisplacedLink)),
        ("datasources_basemodel", "", "CC-BY-4.0", Some(MissingLink)),
        (
            "datasources_basemodel",
            "[https://arxiv.org/abs/1, https://acme.example/blog/x]",
            "CC-BY-4.0",
            Some(DescriptionAsData),
        ),
        ("datasources_basemodel", "[https://arxiv.org/abs/1, https://acme.example/datasets/x]", "CC-BY-4.0", None),
        ("datasources_basemodel", &format!("{hub}acme/One-7B-Chat-data"), "CC-BY-4.0", Some(LinkElsewhere)),
        ("weights_basemodel", &format!("{hub}acme/one-7b-chat/tree/main"), "", Some(LinkElsewhere)),
        ("weights_basemodel", &format!("{hub}acme/one-3b"), "", Some(LinkElsewhere)),
        ("weights_basemodel", &format!("{hub}acme/one-3b"), "a smaller variant", None),
        ("weights_basemodel", &format!("{hub}acme/one"), "", None),
        ("weights_endmodel", &format!("{hub}datasets/acme/one-7b-chat"), "", Some(LinkElsewhere)),
        ("weights_endmodel", &format!("{hub}rival/other-2"), "", Some(LinkElsewhere)),
        ("weights_endmodel", "https://github.com/acme/weights", "", None),
        ("modelcard", &format!("{hub}rival/other-2"), "", Some(LinkElsewhere)),
        ("modelcard", "https://arxiv.org/abs/1", "", Some(LinkElsewhere)),
        ("modelcard", "https://acme.example/one_model_card.pdf", "", None),
        ("trainingcode", "https://github.com/axolotl-ai-cloud/axolotl", "", Some(LinkElsewhere)),
        ("trainingcode", "[https://github.com/axolotl-ai-cloud/axolotl, https://github.com/acme/own]", "", None),
        ("trainingcode", "https://arxiv.org/abs/1", "", Some(LinkElsewhere)),
        ("paper", "https://arxiv.org/abs/1", "", Some(LinkElsewhere)),
        ("paper", "https://aclanthology.org/1/", "", None),
        ("licenses", "https://opensource.org/licenses/MIT", "'Data: CC-BY-4.0'", Some(LinkElsewhere)),
    ] {
        let record = text("One-7B", "One-7B-Chat", "Apache-2.0", &with((id, "open", link, notes)));
        let found: Vec<_> = flaws(&record).into_iter().map(|f| f.kind).collect();
        assert_eq!(found, kind.into_iter().collect::<Vec<_>>(), "{id} {link}");
    }
    // One page that holds both, and pages that are exchanged.
    let letters = |link: &'static str| with(("weights_basemodel", "open", link, ""));
    assert!(
        flaws(&text("One-7B-Dev", "One-7B-Chat", "Apache-2.0", &letters("https://huggingface.co/acme/one-7b")))
            .is_empty()
    );
    let exchanged = with(("weights_endmodel", "open", "https://huggingface.co/acme/one-7b-dev", ""));
    assert_eq!(
        flaws(&text("One-7B-Dev", "One-7B-Chat", "Apache-2.0", &exchanged)).first().unwrap().kind,
        LinkElsewhere
    );
    // To those who made a framework it is their own code.
    let own = text("", "Fair-1", "MIT", &[("trainingcode", "open", "https://github.com/facebookresearch/fairseq", "")]);
    let own = own.replace("huggingface.co/acme", "huggingface.co/facebook");
    assert!(flaws(&own).is_empty());
}

#[test]
fn odd_keys_are_flaws_and_what_they_hold_is_read() {
    let record =
        text("", "One", "MIT", &[]).replace("endmodellicense", "endmodel license") + "package:\n    class: open\n";
    let e = evidence(&record);
    assert_eq!(e.licenses.first().unwrap().expression.as_deref(), Some("MIT"));
    let record = e.record.unwrap();
    assert_eq!(record.letters.len(), 12);
    let told: Vec<_> = record.flaws.iter().map(|f| (f.kind, f.place.line)).collect();
    assert_eq!(told, [(FlawKind::OddKey, Some(8)), (FlawKind::OddKey, Some(59))]);
    assert!(record.flaws.first().unwrap().says.contains("finds no license"));
}

#[test]
fn hostile_text_stays_short_and_safe() {
    let long = "x".repeat(20_000);
    for word in [
        long.as_str(),
        "\"\\e[2J\\u202e gpl\"",
        "'((((((((((((((((((((((((((((((((((((((((((((((((('",
        &"MIT and ".repeat(3000),
    ] {
        let letters = [
            ("weights_endmodel", "open", word, word),
            ("licenses", "open", word, word),
            ("datasources_endmodel", "open", word, word),
        ];
        let e = evidence(&text(word, word, word, &letters));
        let json = serde_json::to_string(&e).unwrap();
        assert!(!json.contains('\u{202e}') && !json.contains("\\u001b"), "{json}");
        for flaw in e.record.unwrap().flaws {
            assert!(flaw.says.chars().count() < 1000, "{}", flaw.says);
        }
    }
    assert!(eu_index(Path::new("x.yaml"), "").is_err());
}

#[test]
fn a_flaw_stands_once_a_place() {
    let links = "[https://huggingface.co/datasets/a/b, https://huggingface.co/datasets/a/c]";
    let found = kinds(&text("", "One", "MIT", &[("weights_endmodel", "open", links, "")]));
    assert_eq!(found.len(), 1);
}

mod properties {
    use super::*;

    proptest::proptest! {
        #[test]
        fn no_text_panics(a in "\\PC{0,60}", b in "[A-Za-z0-9 ().,;:/+-]{0,60}", url in "https?://[a-z./?#é0-9-]{0,40}") {
            let quoted = serde_json::to_string(&a).unwrap();
            let word = serde_json::to_string(&b).unwrap();
            let mut letters = Vec::new();
            for id in PARAMETERS {
                letters.push((id, "open", url.as_str(), word.as_str()));
            }
            for (x, y, z) in [(&quoted, &word, &word), (&word, &quoted, &quoted)] {
                let _ = eu_index(Path::new("x.yaml"), &text(x, y, z, &letters));
            }
            let _ = eu_index(Path::new("x.yaml"), &a);
        }
    }
}
