//! Signed manifests of models: OpenSSF Model Signing 1.0, and the statement of its release 0.2. A Sigstore bundle in JSON holds a
//! DSSE envelope, which holds an in-toto statement, which lists the files of a model with their digests.
//! Nothing here verifies: what a statement says is known, that it was signed is not.

use serde::Deserialize;
use serde_json::Value;

use super::names::inside;
use crate::digest::{Checksum, Digest, Kind};
use crate::signature::{Certificate, Envelope, IN_TOTO};
use crate::words::Text;
use crate::words::signatures::Signatures as Word;

/// Bytes of a bundle that are read: some 200,000 files of ordinary names.
pub const LONGEST: u64 = 64 * 1024 * 1024;
/// Resources of one statement, as many as a release may have files and more.
const MOST: usize = 400_000;

const STATEMENT: &str = "https://in-toto.io/Statement/v1";
const SIGNATURE: &str = "https://model_signing/signature/v1.0";
const DIGESTS: &str = "https://model_signing/Digests/v0.1";
/// Media types of the versions of a bundle; 0.3 has two spellings.
const BUNDLES: &[&str] = &[
    "application/vnd.dev.sigstore.bundle.v0.3+json",
    "application/vnd.dev.sigstore.bundle+json;version=0.3",
    "application/vnd.dev.sigstore.bundle+json;version=0.2",
    "application/vnd.dev.sigstore.bundle+json;version=0.1",
];

/// A bundle: how it can be verified, and what was signed.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// What it is verified by.
    pub material: Material,
    /// What was signed; absent where the bundle signs a file as such, without a statement.
    pub envelope: Option<Envelope>,
}

/// What a bundle says it is verified by.
#[derive(Clone, Debug)]
pub enum Material {
    /// A key that the verifier has; the hint is SHA-256 of it in PEM.
    Key {
        /// The hint, in hexadecimal; absent in bundles of `model_signing` before 1.1.
        hint: Option<String>,
    },
    /// A signing certificate and those that lead up to a root that the verifier has.
    Chain(Vec<Certificate>),
    /// A certificate of a day and the entries of a transparency log.
    Keyless,
}

/// What a bundle's statement is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// The files of a model.
    Model(Statement),
    /// Something else: the type of its predicate.
    Other(String),
}

/// A signed list of the files of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// What the signer calls the model.
    pub name: String,
    /// The digest that stands for the model as a whole: SHA-256 over the digests of the resources in their order. Of a statement
    /// of release 0.2, the digest of its first file, which stands for nothing but itself.
    pub subject: Digest,
    /// Whether the subject stands for the whole, and gives what the resources hash to.
    pub consistent: Option<bool>,
    /// What the resources hash to.
    pub root: Digest,
    /// Whether it is of release 0.2, whose envelopes were signed otherwise.
    pub early: bool,
    /// Whether a file may be a symbolic link.
    pub links: bool,
    /// Paths left out, with all that is below each, as the signer wrote them.
    pub ignored: Vec<String>,
    /// Whether files were cut into pieces: then an empty file has none, and is not listed.
    pub pieces: bool,
    /// The files or their pieces, in the order signed.
    pub resources: Vec<Resource>,
}

/// A file or a piece of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// The file, below the folder that was signed.
    pub path: String,
    /// First byte of the piece and first behind it; absent for a whole file.
    pub piece: Option<(u64, u64)>,
    /// The digest.
    pub checksum: Checksum,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireBundle {
    media_type: String,
    verification_material: WireMaterial,
    dsse_envelope: Option<Value>,
    message_signature: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireMaterial {
    public_key: Option<WireKey>,
    x509_certificate_chain: Option<WireChain>,
    certificate: Option<Value>,
    #[serde(default)]
    tlog_entries: Vec<Value>,
}

#[derive(Deserialize)]
struct WireKey {
    #[serde(default)]
    hint: Option<String>,
}

#[derive(Deserialize)]
struct WireChain {
    certificates: Vec<WireCertificate>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireCertificate {
    raw_bytes: String,
}

#[derive(Deserialize)]
struct WireStatement {
    #[serde(rename = "_type")]
    kind: String,
    subject: Vec<WireSubject>,
    #[serde(rename = "predicateType")]
    predicate_type: String,
    #[serde(default)]
    predicate: Value,
}

#[derive(Deserialize)]
struct WireSubject {
    #[serde(default)]
    name: String,
    digest: std::collections::BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct WirePredicate {
    serialization: WireSerialization,
    resources: Vec<WireResource>,
}

#[derive(Deserialize)]
struct WireSerialization {
    method: String,
    hash_type: String,
    /// A protocol buffer's number: 1000000000.0.
    shard_size: Option<f64>,
    #[serde(default)]
    allow_symlinks: bool,
    #[serde(default)]
    ignore_paths: Vec<String>,
}

#[derive(Deserialize)]
struct WireResource {
    name: String,
    digest: String,
    algorithm: String,
}

fn broken(why: &dyn std::fmt::Display) -> Text {
    Word::BundleBroken.text(&[("why", &why)])
}

/// Whether a text starts as a bundle may: files of the same names are also of other kinds.
pub fn may_be_bundle(text: &str) -> bool {
    text.trim_start().starts_with('{')
}

/// Reads a bundle.
///
/// # Errors
/// When it is no Sigstore bundle of a version known here, or is malformed.
pub fn bundle(text: &str) -> Result<Bundle, Text> {
    let wire: WireBundle = serde_json::from_str(text).map_err(|e| broken(&e))?;
    if !BUNDLES.contains(&wire.media_type.as_str()) {
        return Err(Word::BundleVersion.text(&[("type", &crate::evidence::excerpt_of(&wire.media_type))]));
    }
    let material = match wire.verification_material {
        WireMaterial { public_key: Some(key), x509_certificate_chain: None, certificate: None, .. } => {
            Material::Key { hint: key.hint.filter(|hint| !hint.is_empty()) }
        }
        WireMaterial { public_key: None, x509_certificate_chain: None, certificate: Some(_), .. } => Material::Keyless,
        WireMaterial { public_key: None, x509_certificate_chain: Some(chain), certificate: None, tlog_entries } => {
            // Before version 0.3 a keyless certificate stood in a chain, with the entries of the log beside it.
            if tlog_entries.is_empty() { Material::Chain(certificates(&chain)?) } else { Material::Keyless }
        }
        _ => return Err(Word::BundleMaterial.text(&[])),
    };
    let envelope = match (wire.dsse_envelope, wire.message_signature) {
        (Some(envelope), None) => Some(Envelope::from_value(envelope)?),
        (None, Some(_)) => None,
        _ => return Err(Word::BundleContent.text(&[])),
    };
    Ok(Bundle { material, envelope })
}

fn certificates(chain: &WireChain) -> Result<Vec<Certificate>, Text> {
    /// Certificates of one chain.
    const LONGEST_CHAIN: usize = 64;
    if chain.certificates.is_empty() || chain.certificates.len() > LONGEST_CHAIN {
        return Err(Word::ChainLong.text(&[("n", &LONGEST_CHAIN)]));
    }
    let der = |c: &WireCertificate| {
        crate::signature::decode(&c.raw_bytes).ok_or_else(|| Word::NotBase64.text(&[("what", &"rawBytes")]))
    };
    chain.certificates.iter().map(|c| Certificate::from_der(&der(c)?)).collect()
}

/// Reads the statement of an envelope.
///
/// # Errors
/// When it is malformed, names a path outside the model, or lists one twice.
pub fn statement(envelope: &Envelope) -> Result<Content, Text> {
    if envelope.payload_type != IN_TOTO {
        return Err(Word::PayloadType.text(&[("type", &crate::evidence::excerpt_of(&envelope.payload_type))]));
    }
    let wire: WireStatement = serde_json::from_slice(&envelope.payload).map_err(|e| broken(&e))?;
    if wire.kind != STATEMENT {
        return Err(Word::StatementType.text(&[("type", &crate::evidence::excerpt_of(&wire.kind))]));
    }
    let statement = match wire.predicate_type.as_str() {
        SIGNATURE => current(wire)?,
        DIGESTS => early(&wire)?,
        other => return Ok(Content::Other(crate::evidence::excerpt_of(other))),
    };
    if statement.resources.len() > MOST {
        return Err(Word::ManyResources.text(&[("n", &MOST)]));
    }
    sound(&statement.resources)?;
    Ok(Content::Model(statement))
}

/// A statement of the specification 1.0.
fn current(wire: WireStatement) -> Result<Statement, Text> {
    let [subject] = wire.subject.as_slice() else {
        return Err(Word::OneSubject.text(&[("n", &wire.subject.len())]));
    };
    let predicate: WirePredicate = serde_json::from_value(wire.predicate).map_err(|e| broken(&e))?;
    let how = &predicate.serialization;
    let kind = kind_of(&how.hash_type)?;
    let cut = match how.method.as_str() {
        "files" => None,
        "shards" => Some(how.shard_size.and_then(whole).ok_or_else(|| Word::ShardSize.text(&[]))?),
        other => return Err(Word::Method.text(&[("name", &crate::evidence::excerpt_of(other))])),
    };
    let read = |r: &WireResource| resource(r, kind, cut);
    let resources: Vec<Resource> = predicate.resources.iter().map(read).collect::<Result<_, _>>()?;
    let subject_digest = sha256_of(subject)?;
    let root = root_of(&predicate.resources)?;
    Ok(Statement {
        name: subject.name.clone(),
        consistent: Some(root == subject_digest),
        subject: subject_digest,
        root,
        early: false,
        links: how.allow_symlinks,
        ignored: how.ignore_paths.clone(),
        pieces: cut.is_some(),
        resources,
    })
}

/// A statement of release 0.2: the files are its subjects, and nothing stands for the whole.
fn early(wire: &WireStatement) -> Result<Statement, Text> {
    let file = |s: &WireSubject| {
        let checksum = Checksum::from(sha256_of(s)?);
        Ok(Resource { path: path_of(&s.name)?, piece: None, checksum })
    };
    let resources: Vec<Resource> = wire.subject.iter().map(file).collect::<Result<_, Text>>()?;
    let first = wire.subject.first().ok_or_else(|| Word::OneSubject.text(&[("n", &0)]))?;
    let subject = sha256_of(first)?;
    Ok(Statement {
        name: String::new(),
        consistent: None,
        root: subject.clone(),
        subject,
        early: true,
        links: false,
        ignored: vec![],
        pieces: false,
        resources,
    })
}

fn kind_of(name: &str) -> Result<Kind, Text> {
    Ok(match name {
        "sha256" => Kind::Sha256,
        "blake2b" => Kind::Blake2b,
        "blake3" => Kind::Blake3,
        other => return Err(Word::HashKind.text(&[("name", &crate::evidence::excerpt_of(other))])),
    })
}

/// A count of bytes that JSON writes as any number.
fn whole(number: f64) -> Option<u64> {
    /// Up to here a double holds every whole number.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let fits = (1.0..=EXACT).contains(&number) && number.fract() == 0.0;
    // Checked above: neither sign nor fraction is lost.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fits.then_some(number as u64)
}

fn sha256_of(subject: &WireSubject) -> Result<Digest, Text> {
    let hex = subject.digest.get("sha256").ok_or_else(|| Word::NoSha256.text(&[]))?;
    Checksum::new(Kind::Sha256, hex).and_then(|c| c.hex.parse().ok()).ok_or_else(|| Word::NoSha256.text(&[]))
}

/// A path of a statement: below the folder that was signed, in its one spelling.
fn path_of(name: &str) -> Result<String, Text> {
    let outside = || Word::NameOutside.text(&[("name", &crate::evidence::excerpt_of(name))]);
    let steps_up = name.split('/').any(|part| part == "..");
    if steps_up || name.contains('\0') { None } else { inside("", name) }.ok_or_else(outside)
}

fn resource(wire: &WireResource, kind: Kind, cut: Option<u64>) -> Result<Resource, Text> {
    let odd = || Word::ResourceOdd.text(&[("name", &crate::evidence::excerpt_of(&wire.name))]);
    let checksum = Checksum::new(kind, &wire.digest).ok_or_else(odd)?;
    let Some(size) = cut else {
        if wire.algorithm != kind.name() {
            return Err(odd());
        }
        return Ok(Resource { path: path_of(&wire.name)?, piece: None, checksum });
    };
    if wire.algorithm != kind.name() && wire.algorithm != format!("{}-sharded-{size}", kind.name()) {
        return Err(odd());
    }
    // A colon may stand in the name of a file: the last two part.
    let mut parts = wire.name.rsplitn(3, ':');
    let (Some(end), Some(start), Some(path)) = (parts.next(), parts.next(), parts.next()) else { return Err(odd()) };
    let (start, end): (u64, u64) = (start.parse().map_err(|_| odd())?, end.parse().map_err(|_| odd())?);
    if end <= start || end - start > size {
        return Err(odd());
    }
    Ok(Resource { path: path_of(path)?, piece: Some((start, end)), checksum })
}

/// SHA-256 over the raw bytes of the digests, in the order signed.
fn root_of(resources: &[WireResource]) -> Result<Digest, Text> {
    let mut all = Vec::new();
    for resource in resources {
        let odd = || Word::ResourceOdd.text(&[("name", &crate::evidence::excerpt_of(&resource.name))]);
        let digits: Option<Vec<u8>> =
            resource.digest.bytes().map(|b| Some(char::from(b).to_digit(16)? as u8)).collect();
        let digits = digits.filter(|d| d.len() % 2 == 0).ok_or_else(odd)?;
        all.extend(digits.chunks_exact(2).filter_map(|pair| match pair {
            [high, low] => Some(high << 4 | low),
            _ => None,
        }));
    }
    Ok(Digest::of(&all))
}

/// Whether each file is listed once, and the pieces of each follow one another from its first byte.
fn sound(resources: &[Resource]) -> Result<(), Text> {
    let mut sorted: Vec<(&str, Option<(u64, u64)>)> = resources.iter().map(|r| (r.path.as_str(), r.piece)).collect();
    sorted.sort_unstable();
    let mut before: Option<(&str, Option<(u64, u64)>)> = None;
    for (path, piece) in sorted {
        let last = before.filter(|(other, _)| *other == path).map(|(_, piece)| piece);
        let fits = match (last, piece) {
            (None, None) => true,
            (None, Some((start, _))) => start == 0,
            (Some(Some((_, end))), Some((start, _))) => start == end,
            (Some(_), _) => false,
        };
        if !fits {
            return Err(Word::ResourceTwice.text(&[("name", &crate::evidence::excerpt_of(path))]));
        }
        before = Some((path, piece));
    }
    Ok(())
}

impl Statement {
    /// Whether a path, below the folder that was signed, is left out: by the signer, or as what git keeps beside a model.
    pub fn leaves_out(&self, path: &str) -> bool {
        const GIT: &[&str] = &[".git", ".gitignore", ".gitattributes", ".github"];
        let below =
            |folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        GIT.iter().any(|folder| below(folder))
            || self.ignored.iter().any(|written| match inside("", written) {
                Some(folder) => below(&folder),
                // The folder itself: all that is in it.
                None => matches!(written.trim_end_matches('/'), "" | ".") && !written.starts_with('/'),
            })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const HEX: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn envelope(statement: &Value) -> Envelope {
        Envelope { payload_type: IN_TOTO.into(), payload: statement.to_string().into_bytes(), seals: vec![] }
    }

    /// A statement that lists these in pieces of ten bytes, or as files where there is no size.
    fn listing(names: &[&str], size: &Value) -> Result<Content, Text> {
        let pieces = !size.is_null();
        let algorithm = if pieces { "sha256-sharded-10" } else { "sha256" };
        let one = |name: &&str| json!({"name": name, "digest": HEX, "algorithm": algorithm});
        let resources: Vec<Value> = names.iter().map(one).collect();
        let method = if pieces { "shards" } else { "files" };
        statement(&envelope(&json!({
            "_type": STATEMENT, "subject": [{"name": "m", "digest": {"sha256": HEX}}], "predicateType": SIGNATURE,
            "predicate": {
                "serialization": {"method": method, "hash_type": "sha256", "shard_size": size, "ignore_paths": ["a/b/", "./c"]},
                "resources": resources,
            },
        })))
    }

    fn read(names: &[&str], size: &Value) -> Statement {
        match listing(names, size) {
            Ok(Content::Model(statement)) => statement,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn files_and_pieces() {
        let files = read(&["a", "b/c", "./d//e"], &Value::Null);
        assert_eq!(files.resources.iter().map(|r| r.path.as_str()).collect::<Vec<_>>(), ["a", "b/c", "d/e"]);
        assert_eq!((files.consistent, files.pieces), (Some(false), false));
        // Protocol buffers write every number with a fraction; a colon may stand in a name.
        let cut = read(&["a:1:b:0:10", "a:1:b:10:14"], &json!(10.0));
        assert_eq!(
            cut.resources.iter().map(|r| (r.path.as_str(), r.piece)).collect::<Vec<_>>(),
            [("a:1:b", Some((0, 10))), ("a:1:b", Some((10, 14)))]
        );
    }

    #[test]
    fn what_is_listed_is_below_and_listed_once() {
        for names in [&["../a"][..], &["/a"], &["a/../b"], &["a", "a"], &["a", "./a"], &[""], &["."], &["a\0b"]] {
            assert!(listing(names, &Value::Null).is_err(), "{names:?}");
        }
        let ten = json!(10);
        for names in [
            &["a:0:11"][..],
            &["a:0:0"],
            &["a:5:3"],
            &["a:1:5"],
            &["a:0:5", "a:6:9"],
            &["a:0:5", "a:4:9"],
            &["a:0:5", "a:0:5"],
            &["a:-1:5"],
            &["a:0:18446744073709551616"],
            &["a"],
            &["a:5"],
            &["../a:0:5"],
        ] {
            assert!(listing(names, &ten).is_err(), "{names:?}");
        }
        for size in [json!(0), json!(-1), json!(0.5), json!(1e300), json!("10"), json!([])] {
            assert!(listing(&["a:0:5"], &size).is_err(), "{size}");
        }
    }

    #[test]
    fn what_is_left_out() {
        let statement = read(&["a"], &Value::Null);
        for path in ["a/b", "a/b/c", "c", "c/d", ".git/config", ".gitattributes", ".github/w"] {
            assert!(statement.leaves_out(path), "{path}");
        }
        for path in ["a", "a/bc", "cc", "a/.gitattributes", ".gitx"] {
            assert!(!statement.leaves_out(path), "{path}");
        }
        let of = |ignored: &str| Statement { ignored: vec![ignored.into()], ..statement.clone() }.leaves_out("x/y");
        assert_eq!(
            ["", ".", "./", "x", "x/y", "/x", "../x", "/", "y"].map(of),
            [true, true, true, true, true, false, false, false, false]
        );
    }
}

#[cfg(test)]
mod properties {
    use super::*;

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,200}", keys in "[{}\\[\\]:,\"a-zA-Z0-9]{0,200}") {
            let _ = (bundle(&text), bundle(&keys));
            for payload in [text, keys] {
                let envelope = Envelope { payload_type: IN_TOTO.into(), payload: payload.into_bytes(), seals: vec![] };
                let _ = statement(&envelope);
            }
        }
    }
}
