//! The header of a safetensors file: lengths, offsets and `__metadata__`, checked against the file's size.
//! Format: u64 little-endian N, N bytes of JSON, then data that tiles the rest without a hole.

use std::collections::BTreeMap;
use std::io::Read;

use serde_json::Value;

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
    /// `__metadata__`, bounded.
    pub metadata: BTreeMap<String, String>,
}

/// Reads and checks the header of a file of `bytes` bytes.
///
/// # Errors
/// A sentence that says what does not hold.
pub fn read(reader: &mut dyn Read, bytes: u64) -> Result<Header, String> {
    let mut length = [0u8; 8];
    reader.read_exact(&mut length).map_err(|_| format!("{bytes} bytes are too few for a header"))?;
    let length = u64::from_le_bytes(length);
    if length > LONGEST || length > bytes.saturating_sub(8) {
        return Err(format!("the header says it is {length} bytes long, the file has {bytes}"));
    }
    let mut header = Vec::new();
    reader.take(length).read_to_end(&mut header).map_err(|e| format!("the header cannot be read: {e}"))?;
    if header.first() != Some(&b'{') {
        return Err("the header does not start with {".into());
    }
    let value: Value = serde_json::from_slice(&header).map_err(|e| format!("the header is not JSON: {e}"))?;
    let Value::Object(entries) = value else { return Err("the header is not a JSON object".into()) };
    let mut metadata = BTreeMap::new();
    let mut spans = Vec::new();
    for (name, entry) in &entries {
        if name == "__metadata__" {
            let map = entry.as_object().ok_or("__metadata__ is not an object")?;
            for (key, value) in map.iter().take(MOST_METADATA) {
                let value = value.as_str().ok_or("a value of __metadata__ is not a string")?;
                metadata.insert(key.clone(), value.chars().take(LONGEST_VALUE).collect());
            }
            continue;
        }
        spans.push(tensor(name, entry)?);
    }
    tiles(&mut spans, bytes - 8 - length)?;
    Ok(Header { tensors: spans.len(), metadata })
}

/// The span of one tensor, its size checked against dtype and shape.
fn tensor(name: &str, entry: &Value) -> Result<(u64, u64), String> {
    let offsets = entry.get("data_offsets").and_then(Value::as_array).map(Vec::as_slice);
    let Some([begin, end]) = offsets else { return Err(format!("tensor {name:?} has no data_offsets")) };
    let (Some(begin), Some(end)) = (begin.as_u64(), end.as_u64()) else {
        return Err(format!("the offsets of tensor {name:?} are not numbers"));
    };
    let dtype = entry.get("dtype").and_then(Value::as_str).unwrap_or_default();
    let shape = entry.get("shape").and_then(Value::as_array).ok_or_else(|| format!("tensor {name:?} has no shape"))?;
    let mut elements = 1u64;
    for dimension in shape {
        let n = dimension.as_u64().ok_or_else(|| format!("the shape of tensor {name:?} is not numbers"))?;
        elements = elements.checked_mul(n).ok_or_else(|| format!("the shape of tensor {name:?} overflows"))?;
    }
    if let Some(bits) = bits_of(dtype) {
        let wanted = elements.checked_mul(bits).map(|b| b / 8);
        if end.checked_sub(begin) != wanted {
            return Err(format!(
                "tensor {name:?} takes {} bytes, its shape needs another size",
                end.saturating_sub(begin)
            ));
        }
    } else if end < begin {
        return Err(format!("tensor {name:?} ends before it begins"));
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
        read(&mut &bytes[..], bytes.len() as u64)
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
            ("[]", 0),
            ("{", 0),
        ];
        let bytes = file(good, 16);
        let header = read_all(&bytes).unwrap();
        assert_eq!((header.tensors, header.metadata["license"].as_str()), (1, "mit"));
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
            let _ = super::read(&mut &bytes[..], bytes.len() as u64);
        }
    }
}
