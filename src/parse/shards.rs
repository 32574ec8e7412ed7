//! The index of weights in several files, `*.index.json`: which tensor lies in which file, and their size all together.
//! It is read without building a tree of it, for an index of 64 MB would take many times that.

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

/// An index as written.
#[derive(Debug, Default, PartialEq)]
pub struct Index {
    /// `metadata.total_size`, in bytes.
    pub total_size: Option<u64>,
    /// The tensors of each file.
    pub shards: BTreeMap<String, HashSet<String>>,
}

#[derive(Deserialize)]
struct Raw {
    #[serde(default)]
    metadata: Option<Metadata>,
    weight_map: Places,
}

#[derive(Default, Deserialize)]
struct Metadata {
    #[serde(default)]
    total_size: Option<serde_json::Number>,
}

/// `weight_map`, turned round.
struct Places(BTreeMap<String, HashSet<String>>);

impl<'de> Deserialize<'de> for Places {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Places, D::Error> {
        struct Map;
        impl<'de> Visitor<'de> for Map {
            type Value = BTreeMap<String, HashSet<String>>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the file of each tensor")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut out: BTreeMap<String, HashSet<String>> = BTreeMap::new();
                while let Some((tensor, shard)) = map.next_entry::<String, String>()? {
                    out.entry(shard).or_default().insert(tensor);
                }
                Ok(out)
            }
        }
        d.deserialize_map(Map).map(Places)
    }
}

/// Reads an index.
///
/// # Errors
/// A sentence that says why it is none.
pub fn read(text: &str) -> Result<Index, String> {
    let raw: Raw = serde_json::from_str(text).map_err(|e| e.to_string())?;
    let size = raw.metadata.and_then(|m| m.total_size);
    // Some writers give the size as a float.
    let total_size = size.and_then(|n| n.as_u64().or_else(|| whole(n.as_f64()?)));
    Ok(Index { total_size, shards: raw.weight_map.0 })
}

fn whole(size: f64) -> Option<u64> {
    // A float holds whole numbers exactly up to 2^53.
    ((0.0..=9_007_199_254_740_992.0).contains(&size) && size.fract() == 0.0).then_some(size as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_is_turned_round() {
        let text = r#"{"metadata":{"total_size":12.0,"x":[1]},"weight_map":{"a":"1","b":"1","c":"2"},"more":{}}"#;
        let index = read(text).unwrap();
        assert_eq!((index.total_size, index.shards.len(), index.shards["1"].len()), (Some(12), 2, 2));
        assert_eq!(read(r#"{"metadata":null,"weight_map":{}}"#).unwrap(), Index::default());
        for bad in ["", "{}", r#"{"weight_map":[]}"#, r#"{"weight_map":{"a":1}}"#] {
            assert!(read(bad).is_err(), "{bad}");
        }
        assert_eq!(whole(1e300).or(whole(-1.0)).or(whole(0.5)).or(whole(f64::NAN)), None);
    }
}

#[cfg(test)]
mod properties {
    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,200}") {
            let _ = super::read(&text);
        }
    }
}
