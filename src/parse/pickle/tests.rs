//! Pickles written by hand, and archives that try to hurt.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::{DeflateEncoder, ZlibEncoder};

use super::*;

fn kind(bytes: &[u8]) -> Kind {
    read(&mut Cursor::new(bytes), bytes.len() as u64, &mut Budget::default())
}

fn found(bytes: &[u8]) -> Found {
    match kind(bytes) {
        Kind::Pickle(found) => found,
        other => panic!("{other:?}"),
    }
}

/// The imports of a pickle, and how many have no name.
fn imports(bytes: &[u8]) -> (Vec<String>, usize) {
    let found = found(bytes);
    (found.imports.into_iter().collect(), found.unnamed)
}

fn one(import: &str) -> (Vec<String>, usize) {
    (vec![import.to_owned()], 0)
}

#[test]
fn every_way_to_name_an_import() {
    let short = |text: &str| [&[0x8c, text.len() as u8], text.as_bytes()].concat();
    let (os, system) = (short("os"), short("system"));
    let ways: Vec<Vec<u8>> = vec![
        b"cos\nsystem\n.".to_vec(),
        b"(S'x'\nios\nsystem\n.".to_vec(),
        [&os[..], &system, b"\x93."].concat(),
        // The memo: MEMOIZE and BINGET, BINPUT, LONG_BINPUT and LONG_BINGET, PUT and GET.
        [&os[..], b"\x940", &system, b"\x940h\x00h\x01\x93."].concat(),
        [&os[..], b"q\x070", b"h\x07", &system, b"\x93."].concat(),
        [&os[..], b"r\xff\xff\xff\xff0j\xff\xff\xff\xff", &system, b"\x93."].concat(),
        [&os[..], b"p12345\n0g12345\n", &system, b"\x93."].concat(),
        // MEMOIZE counts the entries, not the highest.
        [&b"Nr\x00\x01\x00\x000"[..], &os, b"\x940h\x01", &system, b"\x93."].concat(),
        // Texts of other kinds, escaped, from under others, from behind a mark.
        b"X\x02\x00\x00\x00os\x8d\x06\x00\x00\x00\x00\x00\x00\x00system\x93.".to_vec(),
        b"S'\\x6fs'\nV\\u0073ystem\n\x93.".to_vec(),
        b"U\x02osT\x06\x00\x00\x00system\x93.".to_vec(),
        [&os[..], b"N0", &system, b"2K\x07\x300\x93."].concat(),
        [&os[..], &system, b"(NN1\x93."].concat(),
        [&os[..], &system, b"(0\x93."].concat(),
        [&os[..], b"]", b"(K\x01K\x02e0", &system, b"\x93."].concat(),
        [&b"\x80\x04\x95\x12\x00\x00\x00\x00\x00\x00\x00"[..], &os, &system, b"\x93."].concat(),
    ];
    for way in ways {
        assert_eq!(imports(&way), one("os.system"), "{}", way.escape_ascii());
    }
    for (way, code) in [(&b"\x82\x05."[..], 5), (b"\x83\x05\x01.", 261), (b"\x84\x05\x00\x01\x00.", 65541)] {
        assert_eq!(imports(way), one(&format!("extension.no {code}")));
    }
}

#[test]
fn what_no_one_can_name_is_counted() {
    let ways: [&[u8]; 7] = [
        // Made by a call, of a list, of bytes, from an empty stack, from an empty place of the memo, of too long a text.
        b"cbuiltins\nstr\n)R\x8c\x06system\x93.",
        b"]\x8c\x06system\x93.",
        b"C\x02os\x8c\x06system\x93.",
        b"\x93.",
        b"h\x07\x8c\x06system\x93.",
        b"(\x8c\x02os(\x8c\x06system\x93.",
        b"c\xff\xfe\nsystem\n.",
    ];
    for way in ways {
        assert_eq!(found(way).unnamed, 1, "{}", way.escape_ascii());
    }
    let long = "o".repeat(600);
    assert_eq!(imports(format!("c{long}\nsystem\n.").as_bytes()), (vec![], 1));
}

#[test]
fn one_pickle_after_another() {
    let found_here = found(b"\x80\x02N.\x80\x04cos\nsystem\n.N.");
    assert_eq!((found_here.pickles, found_here.protocol), (3, 4));
    assert_eq!((found_here.imports.len(), found_here.unread.len()), (1, 0));
    // What follows is no pickle; one that imports before it fails is one all the same.
    assert_eq!(found(b"\x80\x02N.\x00\x00\x00").unread, ["3 bytes follow its last pickle at byte 4"]);
    let behind = found(b"\x80\x02N.cos\nsystem\n\xff");
    assert!(behind.imports.contains("os.system") && behind.unread.len() == 1, "{behind:?}");
    // An old torch file: five pickles, then tensors.
    let magic = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.";
    let torch = [&magic[..], b"\x80\x02M\xe9\x03.}.ctorch\nFloatStorage\n.].", &[0x80; 99]].concat();
    let torch = found(&torch);
    assert_eq!((torch.pickles, torch.unread.len()), (5, 0), "{torch:?}");
    assert!(torch.imports.contains("torch.FloatStorage"));
    let cut = found(magic);
    assert_eq!(cut.unread, ["it ends at byte 15, inside a pickle"]);
}

#[test]
fn what_is_no_pickle() {
    for bytes in [&b""[..], b"lmgg\x00\x00", b"\x00\x01", b"N", b"Nope, a text", b"\xff"] {
        assert_eq!(kind(bytes), Kind::Neither, "{}", bytes.escape_ascii());
    }
    for (bytes, why) in [
        (&b"\x80\x02"[..], "it ends at byte 2, inside a pickle"),
        (b"\x80\x04\x95\xff", "it ends at byte 4, inside a pickle"),
        (b"\x80\x02\x00.", "byte 2 is no opcode: 0x00"),
        (b"7z\xbc\xaf\x27\x1c\x00", "it is a 7z archive, which is not read"),
        (b"BZh9", "it is a bzip2 stream, which is not read"),
        (b"PK\x03\x04", "it is an archive without a directory"),
    ] {
        assert_eq!(found(bytes).unread, [why], "{}", bytes.escape_ascii());
    }
    let mut tar = vec![0; 512];
    tar[257..262].copy_from_slice(b"ustar");
    assert_eq!(found(&tar).unread, ["it is a tar archive, which is not read"]);
}

#[test]
fn arrays_of_numpy() {
    let npy = |header: &str, data: &[u8]| {
        [b"\x93NUMPY\x01\x00", &(header.len() as u16).to_le_bytes()[..], header.as_bytes(), data].concat()
    };
    let numbers = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n", &[0; 8]);
    let objects = npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n", b"cos\nsystem\n.");
    assert_eq!(kind(&numbers), Kind::Arrays);
    assert_eq!(imports(&objects), one("os.system"));
    assert_eq!(kind(&zip(&[("a.npy", &numbers, true), ("b.npy", &numbers, false)])), Kind::Arrays);
    assert_eq!(imports(&zip(&[("a.npy", &numbers, true), ("b.npy", &objects, true)])), one("os.system"));
    assert_eq!(found(b"\x93NUMPY\x09\x00").unread, ["its header of an array cannot be read"]);
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut out = DeflateEncoder::new(Vec::new(), Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

/// A zip archive; a member is deflated where it is said to be.
fn zip(members: &[(&str, &[u8], bool)]) -> Vec<u8> {
    let packed = |bytes: &[u8], deflate: bool| if deflate { deflated(bytes) } else { bytes.to_vec() };
    let all: Vec<_> = members.iter().map(|(name, bytes, d)| (*name, packed(bytes, *d), bytes.len(), *d)).collect();
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, packed, bytes, deflate) in &all {
        let mut common = vec![20, 0, 0, 0, if *deflate { 8 } else { 0 }, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        common.extend((packed.len() as u32).to_le_bytes());
        common.extend((*bytes as u32).to_le_bytes());
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend((out.len() as u32).to_le_bytes());
        directory.extend(name.as_bytes());
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(name.as_bytes());
        out.extend(packed);
    }
    let start = out.len() as u32;
    out.extend(&directory);
    out.extend(b"PK\x05\x06\x00\x00\x00\x00");
    out.extend((all.len() as u16).to_le_bytes());
    out.extend((all.len() as u16).to_le_bytes());
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}

const BAD: &[u8] = b"\x80\x02cos\nsystem\n(S'true'\ntR.";

#[test]
fn archives_of_torch() {
    for deflate in [false, true] {
        let file =
            zip(&[("m/data.pkl", BAD, deflate), ("m/data/0", &[0x80; 50], deflate), ("m/version", b"3\n", false)]);
        let found = found(&file);
        assert_eq!((found.pickles, found.imports.len(), found.unread.len()), (1, 1, 0), "{found:?}");
    }
    assert_eq!(kind(&zip(&[("config.json", b"{}", false)])), Kind::Neither);
    let inner = zip(&[("data.pkl", BAD, false)]);
    let nested = zip(&[("m/data.pkl", b"\x80\x02N.", false), ("m/more.zip", &inner, false)]);
    assert_eq!(found(&nested).unread, ["in m/more.zip: an archive in the archive is not entered"]);
    // A stored archive inside, under the name of a pickle, is no pickle.
    assert!(found(&zip(&[("m/data.pkl", &inner, false)])).unread[0].starts_with("in m/data.pkl: byte "));
}

#[test]
fn archives_that_contradict_themselves() {
    let good = zip(&[("a/data.pkl", BAD, false), ("b/data.pkl", b"\x80\x02N.", false)]);
    let at = |bytes: &[u8], what: &[u8], n: usize| {
        let all: Vec<usize> = (0..bytes.len()).filter(|i| bytes[*i..].starts_with(what)).collect();
        all[n]
    };
    let changed = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = good.clone();
        change(&mut bytes);
        found(&bytes).unread
    };
    let local = changed(&|b| b[30] = b'x');
    assert_eq!(local, ["in a/data.pkl: its local header is not that of the directory"]);
    let directory = at(&good, b"PK\x01\x02", 0);
    let twice = changed(&|b| {
        let second = at(b, b"PK\x01\x02", 1);
        b[second + 46] = b'a';
    });
    assert_eq!(twice[0], "two members are called \"a/data.pkl\"");
    let overlap = changed(&|b| {
        let second = at(b, b"PK\x01\x02", 1);
        b[second + 42..second + 46].copy_from_slice(&[9, 0, 0, 0]);
    });
    assert_eq!(overlap[0], "the member \"a/data.pkl\" overlaps what follows it");
    let encrypted = changed(&|b| b[directory + 8] = 1);
    assert_eq!(encrypted, ["in a/data.pkl: it is encrypted"]);
    let method = changed(&|b| b[directory + 10] = 14);
    assert_eq!(method, ["in a/data.pkl: its compression method 14 is not read"]);
    let sizes = changed(&|b| b[directory + 24] = 9);
    assert_eq!(sizes, ["in a/data.pkl: it is stored and has two sizes"]);
    let shifted = changed(&|b| {
        let end = at(b, b"PK\x05\x06", 0);
        b[end + 16] -= 1;
    });
    assert_eq!(shifted, ["its directory does not stand where it says"]);
    let fewer = changed(&|b| {
        let end = at(b, b"PK\x05\x06", 0);
        (b[end + 8], b[end + 10]) = (1, 1);
    });
    assert_eq!(fewer[0], "its directory holds more than it counts");
    let split = changed(&|b| {
        let end = at(b, b"PK\x05\x06", 0);
        b[end + 4] = 1;
    });
    assert_eq!(split, ["it is one part of a split archive"]);
    // Only the archive that ends with the file counts, and none of these hides the import of the first member for good.
    assert!(found(&[&good[..], b"x"].concat()).unread[0].contains("without a directory"));
}

#[test]
fn bombs_are_bounded() {
    let much = |found: Found, words: &str| {
        assert!(found.unread.iter().any(|w| w.contains(words)), "{words}: {found:?}");
        found
    };
    // A list made and dropped, again and again; a stack that only grows; marks on marks.
    let idle = b"]0".repeat(30_000_000);
    much(found(&[b"\x80\x02", &idle[..]].concat()), "too many opcodes");
    much(found(&[b"\x80\x02", &b"N".repeat(4_000_000)[..]].concat()), "too much on its stack");
    much(found(&[b"\x80\x02", &b"(".repeat(4_000_000)[..]].concat()), "too much on its stack");
    much(found(&[b"\x80\x02N", &b"2".repeat(4_000_000)[..]].concat()), "too much on its stack");
    much(found(&[b"\x80\x02S", &b"x".repeat(20_000_000)[..]].concat()), "too long a line");
    // More imports than are kept, the worst of them last: it is said that not all were read.
    let many: String = (0..6000).map(|i| format!("cm{i}\nf\n0")).collect();
    much(found(format!("{many}cos\nsystem\n.").as_bytes()), "too many imports");
    // A memo of everything: what is taken from it later has no name.
    let mut memo = b"\x80\x04".to_vec();
    memo.extend(b"\x8c\x01a\x940".repeat(3_100_000));
    memo.extend(b"h\x00h\x01\x93.");
    assert_eq!(found(&memo).unnamed, 1);
    let mut far = b"\x80\x04\x8c\x01a".to_vec();
    (0..300_000u32).for_each(|i| far.extend([&b"r"[..], &(i * 2 + 1).to_le_bytes()].concat()));
    far.extend(b"h\x01h\x03\x93.");
    assert_eq!(found(&far).unnamed, 1);
    // Deflated: what unpacks to more than is read.
    let zeros = [b"\x80\x04\x8e", &(1u64 << 40).to_le_bytes()[..], &vec![0; 300_000_000]].concat();
    let bomb = zip(&[("m/data.pkl", &zeros, true)]);
    assert!(bomb.len() < 4_000_000);
    much(found(&bomb), "too much is packed in it");
    let mut stream = ZlibEncoder::new(Vec::new(), Compression::fast());
    stream.write_all(&zeros).unwrap();
    much(found(&stream.finish().unwrap()), "too much is packed in it");
}

#[test]
fn absurd_lengths_are_ends() {
    for claim in [
        &b"\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\xff"[..],
        b"\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\x7f",
        b"\x80\x05\x96\x00\x00\x00\x00\x00\x00\x00\x80",
        b"\x80\x02\x8b\xff\xff\xff\xff",
        b"\x80\x02T\xff\xff\xff\xff",
        b"\x80\x02X\xff\xff\xff\xff",
    ] {
        assert!(found(claim).unread[0].starts_with("it ends at byte "), "{}", claim.escape_ascii());
    }
}

#[test]
fn a_release_has_one_budget() {
    let file = [b"\x80\x02", &b"]0".repeat(1000)[..], b"N."].concat();
    let mut budget = Budget { opcodes: 5000, inflated: 0 };
    let mut again = || read(&mut Cursor::new(&file), file.len() as u64, &mut budget);
    let whole = |kind: Kind| matches!(kind, Kind::Pickle(f) if f.unread.is_empty());
    assert_eq!([whole(again()), whole(again()), whole(again()), whole(again())], [true, true, false, false]);
    assert_eq!(budget.opcodes, 0);
}

#[test]
fn every_cut_is_said_and_keeps_what_was_seen() {
    let whole = [BAD, b"\x80\x04\x8c\x03sys\x94\x8c\x04exit\x93)R."].concat();
    for cut in 0..whole.len() {
        let (head, tail) = (&whole[..cut], cut > 0 && cut != BAD.len());
        let Kind::Pickle(found) = kind(head) else {
            assert!(cut <= 1, "{cut}");
            continue;
        };
        assert_eq!(found.imports.contains("os.system"), cut >= 2 + 11, "{cut}");
        assert_eq!(found.unread.is_empty(), !tail, "{cut}: {found:?}");
    }
    let file = zip(&[("m/data.pkl", BAD, true), ("m/data/0", &[7; 30], false)]);
    for cut in 1..file.len() {
        // Without its first four bytes it is no archive, without its last no whole one.
        match kind(&file[..cut]) {
            Kind::Pickle(found) => assert!(!found.unread.is_empty(), "{cut}"),
            other => assert!(cut < 4, "{cut}: {other:?}"),
        }
    }
}

/// A small generator of numbers: the same ones in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (n as u64).max(1)).unwrap()
    }
}

#[test]
fn bytes_changed_at_random_do_not_panic() {
    let numpy = b"\x93NUMPY\x01\x00\x10\x00{'descr': '|O' }\n\x80\x04cos\nsystem\n.";
    let seeds = [
        [BAD, b"\x80\x04\x95\x09\x00\x00\x00\x00\x00\x00\x00\x8c\x03sys\x94\x8c\x04exit\x93)R."].concat(),
        zip(&[("m/data.pkl", BAD, true), ("m/data/0", &[7; 30], false), ("m/b.npy", numpy, true)]),
        numpy.to_vec(),
        b"(dp0\nS'a'\np1\n(lp2\nI1\naF2.5\naVx\nasg1\nccollections\nOrderedDict\n(tRp3\nb.".to_vec(),
    ];
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for round in 0..40_000 {
        let mut bytes = seeds[round % seeds.len()].clone();
        for _ in 0..=numbers.below(6) {
            let at = numbers.below(bytes.len());
            match numbers.below(4) {
                0 => bytes[at] = u8::try_from(numbers.below(256)).unwrap(),
                1 => bytes[at] ^= 1 << numbers.below(8),
                2 => bytes.truncate(at.max(1)),
                _ => {
                    let part = bytes[at..(at + numbers.below(40)).min(bytes.len())].to_vec();
                    let to = numbers.below(bytes.len());
                    bytes.splice(to..to, part);
                }
            }
        }
        let budget = &mut Budget { opcodes: 100_000, inflated: 100_000 };
        if let Kind::Pickle(found) = read(&mut Cursor::new(&bytes), bytes.len() as u64, budget) {
            assert!(found.imports.len() <= 5_000 && found.unread.len() <= MOST_UNREAD);
        }
    }
}
