//! The header of a safetensors file: lengths, offsets and `__metadata__`, checked against the file's size.
//! Format: u64 little-endian N, N bytes of JSON, then data that tiles the rest without a hole.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

/// Bytes of header read at most (the hub's client caps at 25 MB, the reference crate at 100 MB).
const LONGEST: u64 = 25_000_000;
/// Entries and characters kept of `__metadata__`.
const MOST_METADATA: usize = 256;
const LONGEST_VALUE: usize = 4096;

/// A header that holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// Number of tensors.
    pub tensors: usize,
    /// Bytes of the tensors, all together.
    pub data_bytes: u64,
    /// `__metadata__`, bounded.
    pub metadata: BTreeMap<String, String>,
}

/// Reads and checks the header of a file of `bytes` bytes; `each` is told the name of every tensor.
///
/// # Errors
/// A sentence that says what does not hold.
pub fn read(reader: &mut dyn Read, bytes: u64, each: &mut dyn FnMut(&str)) -> Result<Header, String> {
    let mut length = [0u8; 8];
    reader.read_exact(&mut length).map_err(|_| format!("too short for a header, in bytes: {bytes}"))?;
    let length = u64::from_le_bytes(length);
    if length > bytes.saturating_sub(8) {
        return Err(format!("the header says it is {length} bytes long, the file has {bytes}"));
    }
    if length > LONGEST {
        return Err(format!("the header is {length} bytes long; no more than {LONGEST} are read"));
    }
    let mut header = Vec::new();
    reader.take(length).read_to_end(&mut header).map_err(|e| format!("the header cannot be read: {e}"))?;
    if header.first() != Some(&b'{') {
        return Err("the header does not start with {".into());
    }
    // Tensors are checked one by one as they are read: a tree of the whole header would take many times its size.
    let mut state = State { each, spans: vec![], metadata: BTreeMap::new(), fault: None };
    let mut json = serde_json::Deserializer::from_slice(&header);
    let read = json.deserialize_map(&mut state).and_then(|()| json.end());
    if let Some(fault) = state.fault {
        return Err(fault);
    }
    read.map_err(|e| match e.classify() {
        serde_json::error::Category::Data => format!("the header is not one of tensors: {e}"),
        _ => format!("the header is not JSON: {e}"),
    })?;
    let data_bytes = bytes - 8 - length;
    tiles(&mut state.spans, data_bytes)?;
    Ok(Header { tensors: state.spans.len(), data_bytes, metadata: state.metadata })
}

/// What has been read of a header.
struct State<'a> {
    each: &'a mut dyn FnMut(&str),
    spans: Vec<(u64, u64)>,
    metadata: BTreeMap<String, String>,
    fault: Option<String>,
}

impl<'de> Visitor<'de> for &mut State<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of tensors")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            if name == "__metadata__" {
                self.metadata = map.next_value::<Metadata>()?.0;
                continue;
            }
            match tensor(&name, &map.next_value::<Tensor>()?) {
                Ok(span) => self.spans.push(span),
                Err(fault) => {
                    self.fault = Some(fault);
                    return Err(A::Error::custom("a tensor does not hold"));
                }
            }
            (self.each)(&name);
        }
        Ok(())
    }
}

/// `__metadata__`: texts by name, more than the limit passed over.
struct Metadata(BTreeMap<String, String>);

impl<'de> Deserialize<'de> for Metadata {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Metadata, D::Error> {
        struct Texts;
        impl<'de> Visitor<'de> for Texts {
            type Value = BTreeMap<String, String>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of strings as __metadata__")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut out = BTreeMap::new();
                while let Some((key, value)) = map.next_entry::<String, String>()? {
                    if out.len() < MOST_METADATA {
                        out.insert(key, value.chars().take(LONGEST_VALUE).collect());
                    }
                }
                Ok(out)
            }
        }
        d.deserialize_map(Texts).map(Metadata)
    }
}

/// One entry of a header.
#[derive(Deserialize)]
struct Tensor {
    #[serde(default)]
    dtype: String,
    shape: Elements,
    data_offsets: (u64, u64),
}

/// A shape, multiplied out; `None` when that overflows.
struct Elements(Option<u64>);

impl<'de> Deserialize<'de> for Elements {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Elements, D::Error> {
        struct Product;
        impl<'de> Visitor<'de> for Product {
            type Value = Option<u64>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of sizes as shape")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut product = Some(1u64);
                while let Some(size) = seq.next_element::<u64>()? {
                    product = product.and_then(|p| p.checked_mul(size));
                }
                Ok(product)
            }
        }
        d.deserialize_seq(Product).map(Elements)
    }
}

/// The span of one tensor, its size checked against dtype and shape.
fn tensor(name: &str, tensor: &Tensor) -> Result<(u64, u64), String> {
    let (begin, end) = tensor.data_offsets;
    let elements = tensor.shape.0.ok_or_else(|| format!("the shape of tensor {name:?} overflows"))?;
    let taken = end.checked_sub(begin).ok_or_else(|| format!("tensor {name:?} ends before it begins"))?;
    let needed = bits_of(&tensor.dtype).map(|bits| elements.checked_mul(bits).map(|b| b / 8));
    if needed.is_some_and(|needed| needed != Some(taken)) {
        return Err(format!("tensor {name:?} takes {taken} bytes, its shape needs another size"));
    }
    Ok((begin, end))
}

/// Bits of one element; a dtype that is newer than this list is not checked.
fn bits_of(dtype: &str) -> Option<u64> {
    Some(match dtype {
        "F4" => 4,
        "BOOL" | "U8" | "I8" | "F8_E5M2" | "F8_E4M3" | "F8_E8M0" => 8,
        "U16" | "I16" | "F16" | "BF16" => 16,
        "U32" | "I32" | "F32" => 32,
        "U64" | "I64" | "F64" | "C64" => 64,
        _ => return None,
    })
}

/// Whether the spans cover `bytes` without gap or overlap.
fn tiles(spans: &mut [(u64, u64)], bytes: u64) -> Result<(), String> {
    spans.sort_unstable();
    let mut at = 0;
    for (begin, end) in spans.iter() {
        if *begin != at {
            return Err(format!("data has a hole or an overlap at byte {at}"));
        }
        at = *end;
    }
    if at == bytes { Ok(()) } else { Err(format!("the header describes {at} bytes of data, the file has {bytes}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn file(header: &str, data: usize) -> Vec<u8> {
        let mut out = (header.len() as u64).to_le_bytes().to_vec();
        out.extend_from_slice(header.as_bytes());
        out.extend(std::iter::repeat_n(0, data));
        out
    }

    fn read_all(bytes: &[u8]) -> Result<Header, String> {
        read(&mut &bytes[..], bytes.len() as u64, &mut |_| {})
    }

    #[test]
    fn agrees_with_the_reference_reader() {
        let good = r#"{"__metadata__":{"license":"mit"},"w":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}"#;
        let bad = [
            (r#"{"w":{"dtype":"F32","shape":[2,2],"data_offsets":[0,12]}}"#, 12),
            (r#"{"w":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}"#, 12),
            (r#"{"w":{"dtype":"F32","shape":[4],"data_offsets":[4,20]}}"#, 20),
            (r#"{"w":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}"#, 20),
            (r#"{"w":{"dtype":"F32","shape":[18446744073709551615,2],"data_offsets":[0,16]}}"#, 16),
            (r#"{"w":{"dtype":"F32","shape":[4]}}"#, 16),
            (r#"{"w":{"dtype":"F32","shape":4,"data_offsets":[0,16]}}"#, 16),
            (r#"{"w":{"dtype":"F32","shape":[4],"data_offsets":[0,16,16]}}"#, 16),
            (r#"{"__metadata__":{"a":1}}"#, 0),
            ("[]", 0),
            ("{", 0),
        ];
        let bytes = file(good, 16);
        let header = read_all(&bytes).unwrap();
        assert_eq!((header.tensors, header.data_bytes, header.metadata["license"].as_str()), (1, 16, "mit"));
        let mut names = vec![];
        read(&mut &bytes[..], bytes.len() as u64, &mut |name| names.push(name.to_owned())).unwrap();
        assert_eq!(names, ["w"]);
        assert!(safetensors::SafeTensors::deserialize(&bytes).is_ok());
        for (header, data) in bad {
            let bytes = file(header, data);
            assert!(read_all(&bytes).is_err(), "{header}");
            assert!(safetensors::SafeTensors::deserialize(&bytes).is_err(), "{header}");
        }
        assert!(read_all(&[]).is_err());
        assert!(read_all(&u64::MAX.to_le_bytes()).is_err());
    }
}

#[cfg(test)]
mod properties {
    proptest::proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = super::read(&mut &bytes[..], bytes.len() as u64, &mut |_| {});
        }
    }
}
