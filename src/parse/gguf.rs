//! The header of a GGUF file, versions 1 to 3: `general.*` keys, and tensors checked against the file's size.
//! Format: magic, version, counts, keys with typed values, tensor infos, padding, then data. Little-endian.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, ErrorKind, Read, Take};

/// Bytes of header read at most.
const LONGEST: u64 = 1 << 30;
/// Keys and tensors a header may claim.
const MOST_KEYS: u64 = 1_000_000;
const MOST_TENSORS: u64 = 10_000_000;
/// Entries, bytes of a key, characters of a value and items of an array that are kept.
const MOST_METADATA: usize = 512;
const LONGEST_KEY: usize = 256;
const LONGEST_VALUE: usize = 4096;
const MOST_ITEMS: u64 = 256;
/// Arrays in arrays, and dimensions of a tensor.
const DEEPEST: u32 = 4;
const MOST_DIMENSIONS: u32 = 8;
/// Alignment of the data, when no key says another.
const ALIGNMENT: u64 = 32;
const LARGEST_ALIGNMENT: u64 = 1 << 20;
/// Value types that need more than their size to be read.
const U32: u32 = 4;
const STRING: u32 = 8;
const ARRAY: u32 = 9;
/// Bytes of each value type, 0 if it varies.
const VALUES: [u64; 13] = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];
/// Bytes of one block of each tensor type, 0 if it is not checked: F32, F16, Q4_0, Q4_1, -, -, Q5_0, Q5_1, Q8_0, Q8_1,
/// Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, Q8_K, eight others, I8, I16, I32, I64, F64, -, BF16.
const BLOCKS: [u64; 31] =
    [4, 2, 18, 20, 0, 0, 22, 24, 34, 36, 84, 110, 144, 176, 210, 292, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 8, 0, 2];

/// A header that holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// Version of the format.
    pub version: u32,
    /// Number of tensors.
    pub tensors: u64,
    /// Keys that start with `general.`, bounded; the items of an array of strings are lines.
    pub metadata: BTreeMap<String, String>,
}

/// Reads and checks the header of a file of `bytes` bytes.
///
/// # Errors
/// A sentence that says what does not hold.
pub fn read(reader: &mut dyn Read, bytes: u64) -> Result<Header, String> {
    let inner = BufReader::with_capacity(1 << 16, reader.take(bytes.min(LONGEST)));
    let mut source = Source { inner, at: 0, bytes, width: 8 };
    if source.fixed()? != *b"GGUF" {
        return Err("the file does not start with GGUF".into());
    }
    let version = u32::from_le_bytes(source.fixed()?);
    match version {
        1..=3 => source.width = if version == 1 { 4 } else { 8 },
        _ if matches!(version.swap_bytes(), 1..=3) => return Err("big-endian: not read".into()),
        _ => return Err(format!("version {version} is not known")),
    }
    let (tensors, keys) = (source.length()?, source.length()?);
    // A key is at least a length, a type and a byte; a tensor a length, dimensions, a type and an offset.
    let (key, tensor) = (source.width.saturating_add(5), source.width.saturating_add(16));
    let least = keys.saturating_mul(key).saturating_add(tensors.saturating_mul(tensor));
    if keys > MOST_KEYS || tensors > MOST_TENSORS || least > bytes.saturating_sub(source.at) {
        return Err(format!("{keys} keys and {tensors} tensors are too many for a header, or for {bytes} bytes"));
    }
    let (metadata, alignment) = source.metadata(keys)?;
    source.tensors(tensors, alignment)?;
    Ok(Header { version, tensors, metadata })
}

/// The file, read once from the front.
struct Source<'a> {
    inner: BufReader<Take<&'a mut dyn Read>>,
    /// Bytes read so far.
    at: u64,
    /// Bytes of the file.
    bytes: u64,
    /// Bytes of a length.
    width: u64,
}

impl Source<'_> {
    /// Reads `n` bytes and shows them piece by piece.
    fn walk(&mut self, mut n: u64, mut show: impl FnMut(&[u8])) -> Result<(), String> {
        while n > 0 {
            let part = match self.inner.fill_buf() {
                Ok([]) if self.at >= LONGEST => return Err(format!("the header is longer than {LONGEST} bytes")),
                Ok([]) => return Err(format!("the file ends at byte {}, inside its header", self.at)),
                Ok(part) => part,
                Err(e) if e.kind() == ErrorKind::Interrupted => continue,
                Err(e) => return Err(format!("the header cannot be read at byte {}: {e}", self.at)),
            };
            let part = part.get(..usize::try_from(n).unwrap_or(usize::MAX)).unwrap_or(part);
            let taken = part.len();
            show(part);
            self.inner.consume(taken);
            self.at = self.at.saturating_add(taken as u64);
            n = n.saturating_sub(taken as u64);
        }
        Ok(())
    }

    fn fixed<const N: usize>(&mut self) -> Result<[u8; N], String> {
        if let Some(out) = self.inner.buffer().first_chunk::<N>().copied() {
            self.inner.consume(N);
            self.at = self.at.saturating_add(N as u64);
            return Ok(out);
        }
        let mut out = [0; N];
        let mut places = out.iter_mut();
        self.walk(N as u64, |part| places.by_ref().zip(part).for_each(|(place, byte)| *place = *byte))?;
        Ok(out)
    }

    fn u32(&mut self) -> Result<u32, String> {
        self.fixed().map(u32::from_le_bytes)
    }

    /// A count, length or dimension.
    fn length(&mut self) -> Result<u64, String> {
        if self.width == 8 { self.fixed().map(u64::from_le_bytes) } else { self.u32().map(u64::from) }
    }

    /// The bytes that `count` things of at least `unit` bytes take, if the file has them.
    fn claim(&self, count: u64, unit: u64) -> Result<u64, String> {
        let (at, left) = (self.at, self.bytes.saturating_sub(self.at));
        let all = count.checked_mul(unit).filter(|all| *all <= left);
        all.ok_or_else(|| format!("{count} times {unit} bytes should follow byte {at}, the file has {left} more"))
    }

    /// Reads a string of which `most` bytes are kept, and returns how long it is.
    fn string(&mut self, kept: &mut Vec<u8>, most: usize) -> Result<u64, String> {
        kept.clear();
        let length = self.length()?;
        self.claim(length, 1)?;
        self.walk(length, |part| kept.extend(part.iter().take(most.saturating_sub(kept.len()))))?;
        Ok(length)
    }

    /// Text of at most the characters that are kept; one takes four bytes or less.
    fn text(&mut self) -> Result<String, String> {
        let mut kept = Vec::new();
        self.string(&mut kept, LONGEST_VALUE * 4)?;
        Ok(String::from_utf8_lossy(&kept).chars().take(LONGEST_VALUE).collect())
    }

    /// The keys that are kept, and the alignment.
    fn metadata(&mut self, keys: u64) -> Result<(BTreeMap<String, String>, u64), String> {
        let (mut metadata, mut alignment) = (BTreeMap::new(), ALIGNMENT);
        let mut key = Vec::new();
        for _ in 0..keys {
            let length = self.string(&mut key, LONGEST_KEY)?;
            let kind = self.u32()?;
            if !key.starts_with(b"general.") || length > LONGEST_KEY as u64 {
                self.skip(kind, 1, 0)?;
                continue;
            }
            let key = String::from_utf8_lossy(&key).into_owned();
            if metadata.contains_key(&key) {
                return Err(format!("key {key:?} is there twice"));
            }
            let value = self.value(kind)?;
            if key == "general.alignment" {
                alignment = value.as_deref().and_then(|n| n.parse().ok()).unwrap_or(0);
                if kind != U32 || !alignment.is_power_of_two() || alignment > LARGEST_ALIGNMENT {
                    return Err(format!("{key} is not a u32 that is a power of two and at most {LARGEST_ALIGNMENT}"));
                }
            }
            if let Some(value) = value.filter(|_| metadata.len() < MOST_METADATA) {
                metadata.insert(key, value);
            }
        }
        Ok((metadata, alignment))
    }

    /// A value as text, unless it is an array of other things than strings.
    fn value(&mut self, kind: u32) -> Result<Option<String>, String> {
        Ok(Some(match kind {
            0 => u8::from_le_bytes(self.fixed()?).to_string(),
            1 => i8::from_le_bytes(self.fixed()?).to_string(),
            2 => u16::from_le_bytes(self.fixed()?).to_string(),
            3 => i16::from_le_bytes(self.fixed()?).to_string(),
            U32 => self.u32()?.to_string(),
            5 => i32::from_le_bytes(self.fixed()?).to_string(),
            6 => f32::from_le_bytes(self.fixed()?).to_string(),
            7 => (self.fixed()? != [0u8]).to_string(),
            STRING => self.text()?,
            ARRAY => match (self.u32()?, self.length()?) {
                (STRING, count) => self.lines(count)?,
                (items, count) => return self.skip(items, count, 1).map(|()| None),
            },
            10 => u64::from_le_bytes(self.fixed()?).to_string(),
            11 => i64::from_le_bytes(self.fixed()?).to_string(),
            12 => f64::from_le_bytes(self.fixed()?).to_string(),
            _ => return self.skip(kind, 1, 0).map(|()| None),
        }))
    }

    /// The `count` items of an array of strings, a line each.
    fn lines(&mut self, count: u64) -> Result<String, String> {
        self.claim(count, self.width)?;
        let lines = (0..count.min(MOST_ITEMS)).map(|_| Ok(self.text()?.replace('\n', " ")));
        let lines = lines.collect::<Result<Vec<_>, String>>()?.join("\n");
        self.skip(STRING, count.saturating_sub(MOST_ITEMS), 1)?;
        Ok(lines.chars().take(LONGEST_VALUE).collect())
    }

    /// Drops `count` values that stand in `depth` arrays.
    fn skip(&mut self, kind: u32, count: u64, depth: u32) -> Result<(), String> {
        match kind {
            STRING => {
                self.claim(count, self.width)?;
                (0..count).try_for_each(|_| self.string(&mut Vec::new(), 0).map(|_| ()))
            }
            ARRAY if depth >= DEEPEST => Err(format!("the arrays at byte {} are nested too deeply", self.at)),
            ARRAY => {
                self.claim(count, self.width.saturating_add(4))?;
                (0..count).try_for_each(|_| {
                    let (items, count) = (self.u32()?, self.length()?);
                    self.skip(items, count, depth.saturating_add(1))
                })
            }
            _ => {
                let size = listed(&VALUES, kind);
                let size = size.ok_or_else(|| format!("value type {kind} before byte {} is not known", self.at))?;
                self.claim(count, size).and_then(|all| self.walk(all, |_| ()))
            }
        }
    }

    /// Checks each tensor, and that the one that ends last ends in the file.
    fn tensors(&mut self, tensors: u64, alignment: u64) -> Result<(), String> {
        let (mut name, mut last, mut furthest) = (Vec::new(), Vec::new(), None);
        for _ in 0..tensors {
            self.string(&mut name, LONGEST_KEY)?;
            let end = self.tensor(alignment);
            let end = end.map_err(|e| format!("tensor {:?}: {e}", String::from_utf8_lossy(&name)))?;
            if furthest < Some(end) {
                furthest = Some(end);
                std::mem::swap(&mut name, &mut last);
            }
        }
        let Some(end) = furthest else { return Ok(()) };
        let start = self.at.checked_next_multiple_of(alignment);
        let end = start.and_then(|start| start.checked_add(end)).unwrap_or(u64::MAX);
        let (last, bytes) = (String::from_utf8_lossy(&last), self.bytes);
        let fits = (end <= bytes).then_some(());
        fits.ok_or_else(|| format!("tensor {last:?}: it ends at byte {end}, the file has {bytes} bytes"))
    }

    /// Where a tensor ends in the data, or begins if its type is newer than our list.
    fn tensor(&mut self, alignment: u64) -> Result<u64, String> {
        let dimensions = self.u32()?;
        if dimensions > MOST_DIMENSIONS {
            return Err(format!("it has {dimensions} dimensions"));
        }
        let (mut row, mut elements) = (1, 1u64);
        for dimension in 0..dimensions {
            let n = self.length()?;
            row = if dimension == 0 { n } else { row };
            elements = elements.checked_mul(n).ok_or("its shape overflows")?;
        }
        let (kind, offset) = (self.u32()?, u64::from_le_bytes(self.fixed()?));
        if !offset.is_multiple_of(alignment) {
            return Err(format!("its offset {offset} is not a multiple of {alignment}"));
        }
        let Some(size) = listed(&BLOCKS, kind) else { return Ok(offset) };
        let block = match kind {
            2..=9 => 32,
            10..=15 => 256,
            _ => 1,
        };
        if !row.is_multiple_of(block) {
            return Err(format!("its rows have {row} elements, its blocks {block}"));
        }
        let size = elements.checked_div(block).and_then(|blocks| blocks.checked_mul(size));
        Ok(size.and_then(|size| offset.checked_add(size)).ok_or("its size overflows")?)
    }
}

/// The size of a type in a list of sizes by type.
fn listed(sizes: &[u64], kind: u32) -> Option<u64> {
    usize::try_from(kind).ok().and_then(|kind| sizes.get(kind)).copied().filter(|size| *size > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes of a file: `'text`, `#length`, `@u64`, `=byte`, `~alignment`, `+zeros`, u32.
    fn file(version: u32, rest: &str) -> Vec<u8> {
        let length = |n: u64| n.to_le_bytes()[..if version > 1 { 8 } else { 4 }].to_vec();
        let mut out = [b"GGUF".as_slice(), &version.to_le_bytes()].concat();
        for part in rest.split_whitespace() {
            let (sign, text) = part.split_at(1);
            let n = || text.parse::<u64>().unwrap();
            match sign {
                "'" => out.extend([length(text.len() as u64), text.into()].concat()),
                "#" => out.extend(length(n())),
                "@" => out.extend(n().to_le_bytes()),
                "=" => out.push(n() as u8),
                "~" => out.resize(out.len().next_multiple_of(n() as usize), 0),
                "+" => out.resize(out.len() + n() as usize, 0),
                _ => out.extend(part.parse::<u32>().unwrap().to_le_bytes()),
            }
        }
        out
    }

    fn read_all(version: u32, rest: &str) -> Result<Header, String> {
        let bytes = file(version, rest);
        read(&mut &bytes[..], bytes.len() as u64)
    }

    const SAMPLE: &str = "#2 #7 'general.license 8 'mit 'general.count 4 1 'general.list 9 8 #2 'a #3 =255 =10 =100
        'general.temp 6 1060320051 'tokens 9 8 #3 'x #0 'yz 'general.nested 9 9 #1 9 #1 5 #2 0 0 'general.file 7 =1
        'v 2 #2 #2 0 @0 'w 2 #64 #3 8 @32";

    #[test]
    fn reads_each_version_and_says_where_a_file_is_cut() {
        let kept = [("count", "1"), ("file", "true"), ("license", "mit"), ("list", "a\n\u{fffd} d"), ("temp", "0.7")];
        for version in 1..=3 {
            let (header, whole) = (file(version, SAMPLE), file(version, &format!("{SAMPLE} ~32 +236")));
            let metadata = kept.map(|(key, value)| (format!("general.{key}"), value.to_owned())).into();
            assert_eq!(read(&mut &whole[..], whole.len() as u64), Ok(Header { version, tensors: 2, metadata }));
            for cut in 0..whole.len() {
                assert!(read(&mut &whole[..cut], cut as u64).is_err(), "{cut}");
                let told = read(&mut &whole[..cut], whole.len() as u64);
                let at = format!("the file ends at byte {cut}, ");
                assert_eq!(told.is_err_and(|e| e.contains(&at)), cut < header.len(), "{cut}");
            }
        }
    }

    #[test]
    fn keeps_little() {
        let keys: String = (0..700).map(|n| format!("'general.{n} 0 =9 ")).collect();
        let (long, tags) = ("é".repeat(5000), (0..300).map(|n| format!("'{n} ")).collect::<String>());
        let rest = format!("#0 #702 'general.long 8 '{long} 'general.tags 9 8 #300 {tags} {keys}");
        let metadata = read_all(3, &rest).unwrap().metadata;
        assert_eq!(metadata["general.long"].chars().count(), LONGEST_VALUE);
        assert_eq!((metadata["general.tags"].lines().last(), metadata.len()), (Some("255"), MOST_METADATA));
    }

    #[test]
    fn refuses_what_does_not_hold() {
        for (kind, size) in (0..).zip(BLOCKS).filter(|(_, size)| *size > 0) {
            let row = if (10..16).contains(&kind) { 256 } else { 32u64.pow(u32::from((2..10).contains(&kind))) };
            assert!(read_all(3, &format!("#1 #0 'w 1 #{row} {kind} @0 ~32 +{size}")).is_ok(), "{kind}");
            assert!(read_all(3, &format!("#1 #0 'w 1 #{row} {kind} @0 ~32 +{}", size - 1)).is_err(), "{kind}");
        }
        for (good, n) in [(true, 1), (true, 64), (true, 1 << 20), (false, 0), (false, 48), (false, 1 << 21)] {
            let rest = format!("#1 #1 'general.alignment 4 {n} 'w 0 0 @{n} ~{} +{n}", n.max(1));
            assert!(read_all(2, &rest).is_err());
            assert_eq!(read_all(2, &(rest + " +4")).is_ok(), good, "{n}");
        }
        assert!(read_all(3, "#0 #1 'a 9 9 #1 9 #1 9 #1 0 #0").is_ok());
        let told = |bytes: &[u8]| read(&mut &bytes[..], 1 << 40).unwrap_err();
        assert_eq!(told(&file(3 << 24, "")), "big-endian: not read");
        assert_eq!(told(&file(4, "")), "version 4 is not known");
        assert_eq!(told(b"GGML"), "the file does not start with GGUF");
        assert!(told(&file(3, "#10000001 #0")).contains("too many"));
        assert!(told(&file(3, "#0 #1000001")).contains("too many"));
        for (bad, why) in [
            ("#0 #18446744073709551615", "18446744073709551615 keys"),
            ("#1 #0", "0 keys and 1 tensors are too many"),
            ("#0 #1 #1152921504606846976 +99", "times 1 bytes should follow byte 32, the file has 99 more"),
            ("#0 #1 'a 9 8 #1152921504606846976", "1152921504606846976 times 8 bytes"),
            ("#0 #1 'a 9 12 #4611686018427387904", "4611686018427387904 times 8 bytes"),
            ("#0 #1 'general.a 9 8 #2305843009213693952", "2305843009213693952 times 8 bytes"),
            ("#0 #1 'general.a 13 0", "value type 13"),
            ("#0 #1 'a 9 9 #1 9 #1 9 #1 9 #1 0 #0", "nested too deeply"),
            ("#0 #2 'general.a 0 =1 'general.a 0 =1", "there twice"),
            ("#0 #1 'general.alignment 10 @32", "not a u32"),
            ("#1 #0 'w 1 #4 0 @16 +99", "tensor \"w\": its offset 16 is not a multiple of 32"),
            ("#1 #0 'w 9 #1 #1 #1 #1 #1 #1 #1 #1 #1 0 @0", "9 dimensions"),
            ("#1 #0 'w 2 #18446744073709551615 #2 99 @0", "shape overflows"),
            ("#1 #0 'w 1 #18446744073709551615 0 @0", "size overflows"),
            ("#1 #0 'w 1 #2305843009213693951 24 @18446744073709551584", "size overflows"),
            ("#1 #0 'w 1 #48 8 @0 +99", "its rows have 48 elements, its blocks 32"),
            ("#1 #0 'w 1 #4 99 @64 ~32 +63", "ends at byte 128, the file has 127 bytes"),
        ] {
            let told = read_all(3, bad).unwrap_err();
            assert!(told.contains(why), "{told}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200), at in 8usize..600) {
            let _ = read(&mut &bytes[..], bytes.len() as u64);
            let mut changed = file(1 + at as u32 % 3, SAMPLE);
            changed.iter_mut().skip(at).zip(bytes.iter().take(3)).for_each(|(place, byte)| *place = *byte);
            let _ = read(&mut &changed[..], changed.len() as u64);
        }
    }
}
