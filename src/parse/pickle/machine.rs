//! The opcodes of one pickle, read as Python's own loader reads them, protocols 0 to 5, with none of them run: what is on the
//! stack and in the memo is known only where it is a text or was one, for that is what an import is made of.
//! Opcodes: `pickletools.py` of CPython 3.13.

use std::collections::HashMap;

use super::input::{Input, Much, Stop};
use super::{Budget, Found};

/// Bytes of a text that is kept: no module or attribute is called longer.
const LONGEST_NAME: usize = 512;
/// Bytes of all texts that are kept, each counted with what it takes beside them.
const MOST_TEXT: usize = 48 * 1024 * 1024;
const BESIDE: usize = 32;
/// Entries of the memo, those of them that do not follow on the ones before, and of the stack.
const MOST_MEMO: usize = 3_000_000;
const MOST_FAR: usize = 200_000;
const MOST_STACK: usize = 3_000_000;
/// Different imports kept.
const MOST_IMPORTS: usize = 5_000;
/// The number that the first of the five pickles of an old torch file is.
const TORCH: [u8; 10] = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
const TORCH_DIGITS: &[u8] = b"119547037146038801333356";
/// What joblib puts in the place of an array, whose bytes then follow.
const WRAPPER: &str = "joblib.numpy_pickle.NumpyArrayWrapper";

/// What is known of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Value {
    /// Nothing.
    Other,
    /// It is the text of this number.
    Text(u32),
    /// It is joblib's class for arrays, or one of its objects.
    Wrapper,
}

/// The state of a loader.
pub(super) struct Machine<'f> {
    found: &'f mut Found,
    stack: Vec<Value>,
    /// How long the stack was at each mark.
    marks: Vec<usize>,
    memo: Vec<Value>,
    /// Entries of the memo that do not follow on the ones before.
    far: HashMap<u64, Value>,
    /// Whether the memo is no more what the loader's would be.
    lost: bool,
    texts: Vec<Box<str>>,
    text_bytes: usize,
    /// Whether the number of old torch files was read.
    pub(super) torch: bool,
}

impl<'f> Machine<'f> {
    pub(super) fn new(found: &'f mut Found) -> Machine<'f> {
        Machine {
            found,
            stack: vec![],
            marks: vec![],
            memo: vec![],
            far: HashMap::new(),
            lost: false,
            texts: vec![],
            text_bytes: 0,
            torch: false,
        }
    }

    /// Reads one pickle to its end.
    pub(super) fn run(&mut self, input: &mut Input<'_>, budget: &mut Budget) -> Result<(), Stop> {
        loop {
            budget.opcodes = budget.opcodes.checked_sub(1).ok_or(Stop::Much(Much::Opcodes))?;
            let opcode = input.byte()?;
            if opcode == b'.' {
                return Ok(());
            }
            match opcode {
                0x80..=0xff => self.high(opcode, input)?,
                _ => self.low(opcode, input)?,
            }
            if self.stack.len() > MOST_STACK || self.marks.len() > MOST_STACK {
                return Err(Stop::Much(Much::Stack));
            }
        }
    }

    /// The opcodes of protocols 0 and 1, and those of bytes in protocol 3.
    fn low(&mut self, opcode: u8, input: &mut Input<'_>) -> Result<(), Stop> {
        match opcode {
            b'(' => self.marks.push(self.stack.len()),
            b'0' if self.stack.len() > self.floor() => drop(self.stack.pop()),
            b'0' | b'1' => self.down_to_mark(),
            b'2' => self.stack.push(self.top()),
            b'N' | b')' | b']' | b'}' => self.stack.push(Value::Other),
            b'F' | b'I' | b'P' => self.passed(|i| i.line(0).map(drop), input)?,
            b'L' => {
                let number = input.line(TORCH_DIGITS.len() + 1)?;
                self.torch |= number.is_some_and(|n| n.strip_suffix(b"L").unwrap_or(&n) == TORCH_DIGITS);
                self.stack.push(Value::Other);
            }
            b'K' => self.passed(|i| i.skip(1), input)?,
            b'M' => self.passed(|i| i.skip(2), input)?,
            b'J' => self.passed(|i| i.skip(4), input)?,
            b'G' => self.passed(|i| i.skip(8), input)?,
            b'Q' => self.swap(1),
            b'S' => {
                let text = input.line(4 * LONGEST_NAME)?.and_then(|line| unquoted(&line));
                self.text(text);
            }
            b'V' => {
                let text = input.line(10 * LONGEST_NAME)?.and_then(|line| unescaped(&line));
                self.text(text);
            }
            b'T' | b'B' | b'X' => {
                let n = u32::from_le_bytes(input.fixed()?);
                self.counted(u64::from(n), opcode != b'B', input)?;
            }
            b'U' | b'C' => {
                let [n] = input.fixed()?;
                self.counted(u64::from(n), opcode == b'U', input)?;
            }
            // Each takes what it adds from the stack, and leaves what it adds to.
            b'a' => self.drop(1),
            b's' => self.drop(2),
            b'e' | b'u' => self.down_to_mark(),
            b'b' => {
                self.drop(1);
                if self.top() == Value::Wrapper {
                    return Err(Stop::Arrays);
                }
            }
            b'd' | b'l' | b't' | b'o' => {
                self.down_to_mark();
                self.stack.push(Value::Other);
            }
            b'R' => self.made(),
            b'c' | b'i' => {
                let (module, name) = (named(input)?, named(input)?);
                if opcode == b'i' {
                    self.down_to_mark();
                }
                let value = self.import(module, name)?;
                self.stack.push(if opcode == b'i' { Value::Other } else { value });
            }
            b'g' => {
                let key = number(input)?;
                self.get(key);
            }
            b'h' => {
                let [key] = input.fixed()?;
                self.get(Some(key.into()));
            }
            b'j' => {
                let key = u32::from_le_bytes(input.fixed()?);
                self.get(Some(key.into()));
            }
            b'p' => {
                let key = number(input)?;
                self.put(key);
            }
            b'q' => {
                let [key] = input.fixed()?;
                self.put(Some(key.into()));
            }
            b'r' => {
                let key = u32::from_le_bytes(input.fixed()?);
                self.put(Some(key.into()));
            }
            other => return Err(Stop::Opcode(other)),
        }
        Ok(())
    }

    /// The opcodes of protocols 2, 4 and 5.
    fn high(&mut self, opcode: u8, input: &mut Input<'_>) -> Result<(), Stop> {
        match opcode {
            0x80 => {
                let [protocol] = input.fixed()?;
                self.found.protocol = self.found.protocol.max(protocol);
            }
            // NEWOBJ, NEWOBJ_EX.
            0x81 => self.made(),
            0x92 => {
                self.drop(1);
                self.made();
            }
            // EXT1, EXT2, EXT4: an import by its number in a registry of the program that loads.
            0x82 => {
                let [code] = input.fixed()?;
                self.extension(code.into())?;
            }
            0x83 => {
                let code = u16::from_le_bytes(input.fixed()?);
                self.extension(code.into())?;
            }
            0x84 => {
                let code = u32::from_le_bytes(input.fixed()?);
                self.extension(code)?;
            }
            // TUPLE1 to TUPLE3.
            0x85..=0x87 => self.swap(usize::from(opcode - 0x84)),
            // NEWTRUE, NEWFALSE, EMPTY_SET, NEXT_BUFFER.
            0x88 | 0x89 | 0x8f | 0x97 => self.stack.push(Value::Other),
            0x8a => {
                let [n] = input.fixed()?;
                let number = input.bytes(n.into(), 255)?;
                self.torch |= number.is_some_and(|n| n == TORCH);
                self.stack.push(Value::Other);
            }
            0x8b => {
                let n = u32::from_le_bytes(input.fixed()?);
                self.counted(u64::from(n), false, input)?;
            }
            0x8c => {
                let [n] = input.fixed()?;
                self.counted(n.into(), true, input)?;
            }
            // BINUNICODE8, BINBYTES8, BYTEARRAY8.
            0x8d | 0x8e | 0x96 => {
                let n = u64::from_le_bytes(input.fixed()?);
                self.counted(n, opcode == 0x8d, input)?;
            }
            // ADDITEMS, FROZENSET.
            0x90 => self.down_to_mark(),
            0x91 => {
                self.down_to_mark();
                self.stack.push(Value::Other);
            }
            0x93 => {
                let (name, module) = (self.take(), self.take());
                let (module, name) = (self.known(module), self.known(name));
                let value = self.import(module, name)?;
                self.stack.push(value);
            }
            0x94 => {
                let key = (self.memo.len() + self.far.len()) as u64;
                self.put(Some(key));
            }
            // FRAME tells how much follows; the opcodes in it are read as any other.
            0x95 => input.skip(8)?,
            // READONLY_BUFFER changes nothing that is known.
            0x98 => {}
            other => return Err(Stop::Opcode(other)),
        }
        Ok(())
    }

    /// The lowest place of the stack that an opcode may take from.
    fn floor(&self) -> usize {
        self.marks.last().copied().unwrap_or(0)
    }

    fn top(&self) -> Value {
        if self.stack.len() > self.floor() { self.stack.last().copied().unwrap_or(Value::Other) } else { Value::Other }
    }

    /// Takes the top. Where there is none the loader would fail; reading goes on, so that nothing behind stays unseen.
    fn take(&mut self) -> Value {
        if self.stack.len() > self.floor() { self.stack.pop().unwrap_or(Value::Other) } else { Value::Other }
    }

    fn drop(&mut self, n: usize) {
        for _ in 0..n {
            self.take();
        }
    }

    /// Takes everything down to the last mark, and the mark.
    fn down_to_mark(&mut self) {
        if let Some(length) = self.marks.pop() {
            self.stack.truncate(length);
        }
    }

    /// Takes `n` values and puts one that is made of them.
    fn swap(&mut self, n: usize) {
        self.drop(n);
        self.stack.push(Value::Other);
    }

    /// Takes arguments and what is called or made with them, and puts what comes of it.
    fn made(&mut self) {
        self.drop(1);
        let made = if self.take() == Value::Wrapper { Value::Wrapper } else { Value::Other };
        self.stack.push(made);
    }

    /// A value whose bytes are passed over.
    fn passed<'a>(
        &mut self,
        pass: impl FnOnce(&mut Input<'a>) -> Result<(), Stop>,
        input: &mut Input<'a>,
    ) -> Result<(), Stop> {
        pass(input)?;
        self.stack.push(Value::Other);
        Ok(())
    }

    /// A value of `n` bytes, which may be a text.
    fn counted(&mut self, n: u64, is_text: bool, input: &mut Input<'_>) -> Result<(), Stop> {
        let bytes = input.bytes(n, if is_text { LONGEST_NAME } else { 0 })?;
        let text = bytes.filter(|_| is_text).and_then(|b| String::from_utf8(b).ok());
        self.text(text);
        Ok(())
    }

    /// Puts a text; one that is not kept is a value of which nothing is known.
    fn text(&mut self, text: Option<String>) {
        let kept = text.filter(|t| t.len() <= LONGEST_NAME && self.text_bytes + t.len() + BESIDE <= MOST_TEXT);
        let value = kept.map_or(Value::Other, |text| {
            self.text_bytes += text.len() + BESIDE;
            self.texts.push(text.into_boxed_str());
            u32::try_from(self.texts.len() - 1).map_or(Value::Other, Value::Text)
        });
        self.stack.push(value);
    }

    fn known(&self, value: Value) -> Option<String> {
        match value {
            Value::Text(number) => self.texts.get(number as usize).map(|t| t.to_string()),
            _ => None,
        }
    }

    fn get(&mut self, key: Option<u64>) {
        let kept = key.filter(|_| !self.lost).and_then(|key| {
            let near = usize::try_from(key).ok().and_then(|k| self.memo.get(k));
            near.or_else(|| self.far.get(&key)).copied()
        });
        self.stack.push(kept.unwrap_or(Value::Other));
    }

    fn put(&mut self, key: Option<u64>) {
        let value = self.top();
        let room = self.memo.len() + self.far.len() < MOST_MEMO && self.far.len() < MOST_FAR;
        let Some(key) = key.filter(|_| room) else {
            self.lost = true;
            return;
        };
        let near = self.memo.len() as u64;
        match usize::try_from(key).ok().and_then(|k| self.memo.get_mut(k)) {
            Some(slot) => *slot = value,
            None if key == near => {
                self.far.remove(&key);
                self.memo.push(value);
            }
            None => drop(self.far.insert(key, value)),
        }
    }

    /// Notes an import; without a module and a name it is one that nobody can tell.
    fn import(&mut self, module: Option<String>, name: Option<String>) -> Result<Value, Stop> {
        let (Some(module), Some(name)) = (module, name) else {
            self.found.unnamed += 1;
            return Ok(Value::Other);
        };
        let import = format!("{module}.{name}");
        let value = if import == WRAPPER { Value::Wrapper } else { Value::Other };
        if !self.found.imports.contains(&import) {
            if self.found.imports.len() == MOST_IMPORTS {
                return Err(Stop::Much(Much::Imports));
            }
            self.found.imports.insert(import);
        }
        Ok(value)
    }

    fn extension(&mut self, code: u32) -> Result<(), Stop> {
        // No module's name holds a space.
        let value = self.import(Some("extension".into()), Some(format!("no {code}")))?;
        self.stack.push(value);
        Ok(())
    }
}

/// The name on a line.
fn named(input: &mut Input<'_>) -> Result<Option<String>, Stop> {
    Ok(input.line(LONGEST_NAME)?.and_then(|line| String::from_utf8(line).ok()))
}

/// The number on a line, as a key of the memo.
fn number(input: &mut Input<'_>) -> Result<Option<u64>, Stop> {
    let line = input.line(64)?.and_then(|line| String::from_utf8(line).ok());
    Ok(line.and_then(|text| text.parse().ok()))
}

/// A text in quotes with Python's escapes of bytes (`codecs.escape_decode`).
fn unquoted(line: &[u8]) -> Option<String> {
    let line = line.trim_ascii_end();
    let (first, rest) = line.split_first()?;
    let (last, inner) = rest.split_last()?;
    (first == last && matches!(first, b'"' | b'\'')).then_some(())?;
    let mut bytes = inner.iter().copied().peekable();
    let mut out = Vec::new();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        let escape = bytes.next()?;
        match escape {
            b'\\' | b'\'' | b'"' => out.push(escape),
            b'a' => out.push(7),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'v' => out.push(11),
            b'x' => {
                let digit = |b: Option<u8>| b.and_then(|b| char::from(b).to_digit(16));
                let (high, low) = (digit(bytes.next())?, digit(bytes.next())?);
                out.push(u8::try_from(16 * high + low).ok()?);
            }
            b'0'..=b'7' => {
                let mut value = u32::from(escape - b'0');
                for _ in 0..2 {
                    let Some(digit) = bytes.next_if(|b| matches!(b, b'0'..=b'7')) else { break };
                    value = 8 * value + u32::from(digit - b'0');
                }
                out.push(u8::try_from(value & 255).ok()?);
            }
            other => out.extend([b'\\', other]),
        }
    }
    String::from_utf8(out).ok()
}

/// A text in Latin-1 with Python's escapes of characters (`raw-unicode-escape`).
fn unescaped(line: &[u8]) -> Option<String> {
    let text: String = line.iter().map(|b| char::from(*b)).collect();
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let n = match after.chars().next() {
            Some('u') => 4,
            Some('U') => 8,
            _ => {
                out.push('\\');
                rest = after;
                if let Some(again) = after.strip_prefix('\\') {
                    // Of two strokes neither begins an escape.
                    out.push('\\');
                    rest = again;
                }
                continue;
            }
        };
        let digits = after.get(1..=n)?;
        digits.bytes().all(|b| b.is_ascii_hexdigit()).then_some(())?;
        out.push(u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)?);
        rest = after.get(n + 1..)?;
    }
    out.push_str(rest);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_those_of_python() {
        // Held to codecs.escape_decode and to bytes.decode("raw-unicode-escape") of Python 3.11.
        assert_eq!(unquoted(br"'\x6fs\137\n'").as_deref(), Some("os_\n"));
        assert_eq!(unquoted(br#""a\"b""#).as_deref(), Some("a\"b"));
        assert_eq!(unquoted(br"'\q\8'").as_deref(), Some(r"\q\8"));
        for bad in [&br"'a"[..], b"a", b"", b"'", br"'\x6'", br"'\'"] {
            assert_eq!(unquoted(bad), None, "{bad:?}");
        }
        assert_eq!(unescaped(br"\u006fs\U00000001").as_deref(), Some("os\u{1}"));
        assert_eq!(unescaped(b"caf\xe9 \\n").as_deref(), Some("café \\n"));
        assert_eq!(unescaped(br"\\u006f").as_deref(), Some(r"\\u006f"));
        assert_eq!((unescaped(br"\u00"), unescaped(br"\ud800")), (None, None));
    }
}
