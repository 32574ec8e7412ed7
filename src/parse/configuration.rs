//! Training configurations and environments: keys and values of JSON, YAML and TOML, which hyper-parameter a key names,
//! and whether a file pins what it lists.

use std::sync::LazyLock;

use regex::Regex;

use super::yaml;
use crate::evidence::Parameter;
use crate::lists::pattern;

/// Keys of one configuration that are read.
const MOST_KEYS: usize = 2000;

/// Keys and scalar values of a configuration, with their lines. JSON is read as the YAML it nearly is, for its lines.
pub fn flat(path: &str, text: &str) -> Vec<(String, String, usize)> {
    if path.ends_with(".toml") {
        let line = |l: &str| l.split_once('=').map(|(k, v)| (k.trim().to_owned(), v.trim().to_owned()));
        return text
            .lines()
            .enumerate()
            .filter_map(|(i, l)| line(l).map(|(k, v)| (k, v, i + 1)))
            .take(MOST_KEYS)
            .collect();
    }
    let document = yaml::parse(text);
    let mut out = Vec::new();
    let mut open = vec![&document.root];
    while let Some(node) = open.pop() {
        match &node.value {
            yaml::Value::Map(pairs) => {
                for (key, value) in pairs {
                    if out.len() < MOST_KEYS {
                        if let yaml::Value::Scalar(text) = &value.value {
                            out.push((key.clone(), text.clone(), value.line));
                        } else if matches!(value.value, yaml::Value::Map(_) | yaml::Value::Seq(_)) {
                            out.push((key.clone(), "set".into(), value.line));
                        }
                    }
                    open.push(value);
                }
            }
            yaml::Value::Seq(items) => open.extend(items),
            _ => {}
        }
    }
    out.sort_by_key(|(_, _, line)| *line);
    out
}

/// The parameter that a key or a cell names.
pub fn parameter(key: &str) -> Option<Parameter> {
    static KEYS: LazyLock<Vec<(Parameter, Option<Regex>)>> = LazyLock::new(|| {
        [
            (Parameter::Schedule, r"schedul|calendrier|warm[ _-]?up|échauffement|lr[ _-]?decay|decay[ _-]?(steps|ratio|iters)"),
            (Parameter::LearningRate, r"learning[ _-]?rate|(^|[^a-z])(max_|peak_|min_)?lr([^a-z]|$)|taux d'apprentissage"),
            (Parameter::Optimizer, r"optim"),
            (Parameter::Batch, r"batch|(^|[^a-z])lots?([^a-z]|$)"),
            (Parameter::SequenceLength, r"(sequence|context|seq|block|input|window|token)[ _-]?(length|len|size|window)|(^|[^a-z])n_ctx|longueur (de |des |du )?(la )?(séquences?|contexte)|block_size|max[ _-]?(seq|length|position)|(^|[^a-z])context([^a-z]|$)"),
            (Parameter::Duration, r"(^|[^a-z])(train[ _-]?)?(steps|epochs?|iters?|iterations|updates)([^a-z]|$)|max_(steps|tokens|duration)|(train|total|num)[ _-]?(ing)?[ _-]?(steps|tokens|samples|epochs|iters)|(^|[^a-z])(tokens|episodes|pas|étapes|époques?|itérations|jetons)([^a-z]|$)"),
            (Parameter::Precision, r"precision|précision|(^|[^a-z])(bf16|fp16|fp32|float16|float32|float64|bfloat16|dtype|amp)([^a-z]|$)|training regime"),
            (Parameter::Parallelism, r"parallel|parallél|single process|world[ _-]?size|num[ _-]?(gpus|devices|nodes|processes)|(^|[^a-z])(dp|tp|pp|fsdp|zero)([^a-z]|$)"),
        ]
        .into_iter()
        .map(|(p, text)| (p, pattern(text)))
        .collect()
    });
    KEYS.iter().find(|(_, p)| p.as_ref().is_some_and(|p| p.is_match(key))).map(|(p, _)| *p)
}

/// A lock counts whole; requirements when every line has `==`; an image when its base has a digest.
pub fn is_pinned(path: &str, text: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    let lines = || text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#') && !l.starts_with('-'));
    if name.ends_with(".lock") || name.starts_with("conda-lock") {
        return !text.trim().is_empty();
    }
    if name.starts_with("requirements") {
        return lines().next().is_some()
            && lines().all(|l| l.contains("==") || l.contains("@ git+") || l.starts_with("--hash"));
    }
    if name.starts_with("dockerfile") || name.ends_with(".def") {
        let froms: Vec<&str> = lines().filter(|l| l.to_lowercase().starts_with("from")).collect();
        return !froms.is_empty() && froms.iter().all(|l| l.contains("@sha256:"));
    }
    if name.starts_with("environment") {
        let dependencies: Vec<&str> =
            text.lines().map(str::trim).filter(|l| l.starts_with("- ") && !l.ends_with(':')).collect();
        return !dependencies.is_empty()
            && dependencies
                .iter()
                .filter(|l| !l.contains("forge") && !l.contains("defaults"))
                .all(|l| l.contains('='));
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_real_configurations() {
        for (key, wanted) in [
            ("learning_rate", Parameter::LearningRate),
            ("lr", Parameter::LearningRate),
            ("lr_scheduler_type", Parameter::Schedule),
            ("warmup_steps", Parameter::Schedule),
            ("optimizer", Parameter::Optimizer),
            ("micro_batch_size", Parameter::Batch),
            ("sequence_length", Parameter::SequenceLength),
            ("block_size", Parameter::SequenceLength),
            ("max_steps", Parameter::Duration),
            ("train-iters", Parameter::Duration),
            ("num_train_epochs", Parameter::Duration),
            ("bf16", Parameter::Precision),
            ("tensor_parallel_size", Parameter::Parallelism),
            ("context length", Parameter::SequenceLength),
            ("steps", Parameter::Duration),
        ] {
            assert_eq!(parameter(key), Some(wanted), "{key}");
        }
        for key in ["vocab_size", "hidden_act", "name", "weight"] {
            assert_eq!(parameter(key), None, "{key}");
        }
    }

    #[test]
    fn pins() {
        assert!(is_pinned("uv.lock", "version = 1\n"));
        assert!(is_pinned("requirements.txt", "# c\nnumpy==1.0\n"));
        assert!(!is_pinned("requirements.txt", "numpy\ntorch==2\n"));
        assert!(!is_pinned("requirements.txt", "# none\n"));
        assert!(!is_pinned("Dockerfile", "FROM python:3\n"));
        assert!(is_pinned("Dockerfile", &format!("FROM python@sha256:{}\n", "0".repeat(64))));
    }
}

#[cfg(test)]
mod properties {
    use super::*;

    const KEYS: &str = "[a-z]{1,8}(_[a-z]{1,8}){0,2}";

    proptest::proptest! {
        #[test]
        fn pairs_keep_their_line(pairs in proptest::collection::vec((KEYS, "[a-z0-9.]{1,9}"), 1..40), toml: bool) {
            let (path, sign) = if toml { ("c.toml", " =") } else { ("c.yaml", ":") };
            let text: String = pairs.iter().map(|(key, value)| format!("{key}{sign} {value}\n")).collect();
            let wanted = pairs.into_iter().zip(1..).map(|((key, value), line)| {
                // A plain `null` is no value in YAML.
                (toml || value != "null").then_some((key, value, line))
            });
            proptest::prop_assert_eq!(flat(path, &text), wanted.flatten().collect::<Vec<_>>());
        }

        #[test]
        fn no_text_panics_and_keys_are_bounded(
            path in "(requirements|environment|Dockerfile|conda-lock|uv|x/){1,2}[.a-z]{0,9}",
            text in "\\PC{0,200}|((- |FROM |#)?[a-z=@:{}, -]{0,20}\n){0,12}"
        ) {
            let _ = (is_pinned(&path, &text), parameter(&text));
            for path in [path.as_str(), "c.toml", "c.json"] {
                let pairs = flat(path, &text);
                let last = text.split('\n').count();
                proptest::prop_assert!(pairs.iter().all(|(_, _, line)| (1..=last).contains(line)));
            }
        }

        #[test]
        fn nothing_in_no_file_is_pinned(path in "\\PC{0,40}|(requirements|environment|Dockerfile|uv)[.a-z]{0,9}") {
            proptest::prop_assert!(!is_pinned(&path, " \n"));
        }
    }

    #[test]
    fn a_long_file_stops() {
        let text = |sign: &str| (0..MOST_KEYS + 9).map(|n| format!("k{n}{sign} 1\n")).collect::<String>();
        assert_eq!((flat("a.toml", &text(" =")).len(), flat("a.yaml", &text(":")).len()), (MOST_KEYS, MOST_KEYS));
    }
}
