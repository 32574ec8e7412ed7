//! Signed manifests: found before the bytes are read, so that one read of each file serves them too, and held against what was
//! read. What a user trusts comes in with the options; without it a signature stays unverified, whatever it says.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::release::Signed;
use super::{Options, Release, Scope};
use crate::digest::Kind;
use crate::evidence::{
    ArtifactKind, Expected, FileFact, Format, Place, SignatureFact, SignedFault, SignedFaultKind, SigningMethod, Span,
    Told, Topic,
};
use crate::parse::oms::{self, Bundle, Content, Material, Resource, Statement};
use crate::signature::{Envelope, Trust};
use crate::words::signatures::Signatures as Word;

/// Signatures of one release that are looked at.
const MOST_SIGNATURES: usize = 16;
/// Faults, and paths of a list, that are kept of one signature.
const MOST_KEPT: usize = 1_000;
/// What the hub's client lays beside the files it downloads; it comes after any signature and is loaded by nothing.
const CLIENT: &str = ".cache/huggingface/";

/// Reads the signatures that lie in the release, or the one given from outside.
pub(super) fn find(release: &mut Release<'_>, options: &Options<'_>) {
    if let Some(given) = options.signature {
        release.signed.push(read(given.name.clone(), String::new(), given.inside.clone(), given.text.clone()));
        return;
    }
    if release.scope != Scope::Whole {
        return;
    }
    let of =
        |path: &str| path.ends_with("model.sig") || path.ends_with(".sigstore.json") || path.ends_with(".sigstore");
    let there = release.files.iter().filter(|f| f.bytes.is_some() && of(&f.path));
    let paths: Vec<String> = there.map(|f| f.path.clone()).take(MOST_SIGNATURES).collect();
    for path in paths {
        let Some(text) = release.text_within(&path, Topic::Integrity, oms::LONGEST) else {
            let trouble = Some(Word::SignatureUnread.text(&[]));
            release.signed.push(Signed { path: path.clone(), own: Some(path), trouble, ..Signed::default() });
            continue;
        };
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        release.signed.push(read(path.clone(), folder, Some(path), text));
    }
}

fn read(path: String, folder: String, own: Option<String>, text: String) -> Signed {
    let mut signed = Signed { path, folder, own, text, ..Signed::default() };
    if !oms::may_be_bundle(&signed.text) {
        signed.foreign = Some(Word::OtherSignature.text(&[]));
        return signed;
    }
    match oms::bundle(&signed.text) {
        Ok(bundle) => {
            match bundle.envelope.as_ref().map(oms::statement) {
                Some(Ok(Content::Model(statement))) => signed.statement = Some(statement),
                Some(Ok(Content::Other(kind))) => signed.foreign = Some(Word::OtherStatement.text(&[("type", &kind)])),
                Some(Err(why)) => signed.trouble = Some(why),
                None => signed.foreign = Some(Word::OtherSignature.text(&[])),
            }
            signed.bundle = Some(bundle);
        }
        Err(why) => signed.trouble = Some(why),
    }
    signed
}

/// Holds every signature against the files that were read, and against what the user trusts.
pub(super) fn judge(release: &Release<'_>, trust: Option<&Trust>) -> Vec<SignatureFact> {
    let nothing = Trust::default();
    release.signed.iter().map(|signed| one(release, signed, trust.unwrap_or(&nothing))).collect()
}

fn one(release: &Release<'_>, signed: &Signed, trust: &Trust) -> SignatureFact {
    let mut fact = SignatureFact { path: signed.path.clone(), ..SignatureFact::default() };
    fact.method = match signed.bundle.as_ref().map(|b| &b.material) {
        Some(Material::Key { .. }) => SigningMethod::Key,
        Some(Material::Chain(_)) => SigningMethod::Certificate,
        Some(Material::Keyless) => SigningMethod::Keyless,
        None => SigningMethod::Unknown,
    };
    fact.expected = Told::unknown(Word::SignerUnproven.text(&[]));
    fact.uncovered = bare_weights(release, signed);
    fact.files = Told::unknown(Word::NothingListed.text(&[]));
    if let Some(why) = &signed.foreign {
        fact.signature = Told::unknown(why.clone());
        return fact;
    }
    let statement = signed.statement.as_ref();
    match (statement, &signed.trouble) {
        (Some(statement), _) => {
            fact.subject = crate::evidence::excerpt_of(&statement.name);
            fact.subject_digest = statement.consistent.map(|_| statement.subject.tagged());
            compare(&mut fact, release, signed, statement);
        }
        (None, Some(why)) => fact.files = Told::fails(why.clone()),
        (None, None) => {}
    }
    match signed.bundle.as_ref().and_then(|b| Some((b, b.envelope.as_ref()?))) {
        // Who signed what cannot be read is told all the same.
        Some((bundle, envelope)) => {
            verify(&mut fact, &Sealed { bundle, statement, envelope, text: &signed.text }, trust);
        }
        None => fact.signature = Told::unknown(Word::NothingSealed.text(&[])),
    }
    fact
}

/// Weights that are there and that a signature does not list.
fn bare_weights(release: &Release<'_>, signed: &Signed) -> Vec<String> {
    let listed: BTreeSet<String> = signed.expected().map(|(path, _)| path).collect();
    let weights = release
        .files
        .iter()
        .filter(|f| f.bytes.is_some() && matches!(f.kind, ArtifactKind::Weights | ArtifactKind::Checkpoint));
    weights.filter(|f| !listed.contains(&f.path)).map(|f| f.path.clone()).take(MOST_KEPT).collect()
}

/// Compares the files with the list.
fn compare(fact: &mut SignatureFact, release: &Release<'_>, signed: &Signed, statement: &Statement) {
    let mut by_path: BTreeMap<String, Vec<Expected>> = BTreeMap::new();
    for (path, expected) in signed.expected() {
        by_path.entry(path).or_default().push(expected);
    }
    fact.listed = by_path.len();
    let mut faults = Vec::new();
    for (path, all) in &by_path {
        compare_file(&mut faults, release, statement, path, all);
    }
    unsigned(fact, &mut faults, release, signed, statement, &by_path);
    rename(&mut faults, release, &by_path);
    if statement.consistent == Some(false) {
        let (signed, found) = (Some(statement.subject.tagged()), Some(statement.root.tagged()));
        faults.push(SignedFault { path: String::new(), kind: SignedFaultKind::Subject, signed, found, piece: None });
    }
    faults.sort_by(|a, b| (&a.path, a.kind, a.piece).cmp(&(&b.path, b.kind, b.piece)));
    fact.files = told(&faults, fact);
    faults.truncate(MOST_KEPT);
    fact.faults = faults;
}

/// What the comparison comes to, in one sentence.
fn told(faults: &[SignedFault], fact: &SignatureFact) -> Told {
    let names = |unread: bool| {
        let mut all: Vec<&str> = faults
            .iter()
            .filter(|f| (f.kind == SignedFaultKind::Unread) == unread && f.kind != SignedFaultKind::Subject)
            .map(|f| f.path.as_str())
            .collect();
        all.dedup();
        let shown = all.iter().take(3).map(|p| crate::evidence::excerpt_of(p)).collect::<Vec<_>>().join(", ");
        (all.len(), if all.len() > 3 { format!("{shown}, …") } else { shown })
    };
    let (differ, differing) = names(false);
    let (unread, unseen) = names(true);
    if differ > 0 {
        return Told::fails(Word::FilesDiffer.text(&[("n", &differ), ("list", &differing)]));
    }
    if faults.iter().any(|f| f.kind == SignedFaultKind::Subject) {
        return Told::fails(Word::SubjectDiffers.text(&[]));
    }
    if fact.listed == 0 {
        return Told::fails(Word::NoFiles.text(&[]));
    }
    if unread > 0 {
        return Told::unknown(Word::FilesUnread.text(&[("n", &unread), ("list", &unseen)]));
    }
    match fact.ignored.len() {
        0 => Told::holds(Word::FilesHold.text(&[("n", &fact.listed)])),
        left => Told::holds(Word::FilesHoldBut.text(&[("n", &fact.listed), ("left", &left)])),
    }
}

fn compare_file(
    faults: &mut Vec<SignedFault>,
    release: &Release<'_>,
    statement: &Statement,
    path: &str,
    all: &[Expected],
) {
    let mut fault = |kind, signed: Option<String>, found: Option<String>, piece: Option<(u64, u64)>| {
        faults.push(SignedFault { path: path.to_owned(), kind, signed, found, piece });
    };
    let whole = all.first().filter(|e| e.span.is_none()).map(|e| e.checksum.to_string());
    let unseen = release.unseen.contains(path);
    let Some(file) = release.file(path).filter(|f| f.bytes.is_some()) else {
        let kind = if unseen { SignedFaultKind::Unread } else { SignedFaultKind::Missing };
        return fault(kind, whole, None, None);
    };
    if release.links.contains(path) && !statement.links {
        fault(SignedFaultKind::Link, None, None, None);
    }
    // A pointer stands for bytes that are not here.
    if file.format == Some(Format::Pointer) || file.sha256.is_none() {
        return fault(SignedFaultKind::Unread, whole, None, None);
    }
    let of = all.first().and_then(|e| e.span).map(|span| span.of);
    if let (Some(of), Some(bytes)) = (of, file.bytes)
        && of != bytes
    {
        return fault(SignedFaultKind::Length, Some(of.to_string()), Some(bytes.to_string()), None);
    }
    for expected in all {
        let piece = expected.span.map(|span| (span.start, span.end));
        let (signed, found) = (Some(expected.checksum.to_string()), file.found(expected).map(|c| c.to_string()));
        match file.holds(expected) {
            Some(true) => {}
            Some(false) => fault(SignedFaultKind::Digest, signed, found, piece),
            None => fault(SignedFaultKind::Unread, signed, None, piece),
        }
    }
}

/// Files that are there and that the list does not name: left out by the signer, or unsigned.
fn unsigned(
    fact: &mut SignatureFact,
    faults: &mut Vec<SignedFault>,
    release: &Release<'_>,
    signed: &Signed,
    statement: &Statement,
    listed: &BTreeMap<String, Vec<Expected>>,
) {
    let there = release.files.iter().filter(|f| f.bytes.is_some()).map(|f| (f.path.as_str(), Some(f)));
    let paths = there.chain(release.unseen.iter().map(|path| (path.as_str(), None)));
    for (path, file) in paths {
        let Some(below) = signed.below(path) else { continue };
        if listed.contains_key(path) || signed.own.as_deref() == Some(path) {
            continue;
        }
        if statement.leaves_out(below) || path.starts_with(CLIENT) {
            if fact.ignored.len() < MOST_KEPT {
                fact.ignored.push(path.to_owned());
            }
            continue;
        }
        // An empty file has no piece, so a list of pieces cannot name it.
        if statement.pieces && file.is_some_and(|f| f.bytes == Some(0)) {
            continue;
        }
        let found = file.and_then(|f| f.sha256.as_ref()).map(|d| d.tagged());
        faults.push(SignedFault {
            path: path.to_owned(),
            kind: SignedFaultKind::Unsigned,
            signed: None,
            found,
            piece: None,
        });
    }
}

/// A file that is missing and one that is unsigned, of the same bytes, are one that was renamed.
fn rename(faults: &mut Vec<SignedFault>, release: &Release<'_>, listed: &BTreeMap<String, Vec<Expected>>) {
    let sha256 = |path: &str| match listed.get(path).map(Vec::as_slice) {
        Some([Expected { checksum, span: None, .. }]) if checksum.kind == Kind::Sha256 => Some(checksum.hex.clone()),
        _ => None,
    };
    let mut new: HashMap<String, String> = HashMap::new();
    for fault in faults.iter().filter(|f| f.kind == SignedFaultKind::Unsigned) {
        let file = release.file(&fault.path).filter(|f| f.bytes > Some(0));
        if let Some(digest) = file.and_then(|f: &FileFact| f.sha256.as_ref()) {
            new.entry(digest.hex().to_owned()).or_insert_with(|| fault.path.clone());
        }
    }
    let mut moved: BTreeSet<String> = BTreeSet::new();
    for fault in faults.iter_mut().filter(|f| f.kind == SignedFaultKind::Missing) {
        let Some(path) = sha256(&fault.path).and_then(|digest| new.remove(&digest)) else { continue };
        fault.kind = SignedFaultKind::Renamed;
        fault.found = Some(path.clone());
        moved.insert(path);
    }
    faults.retain(|f| f.kind != SignedFaultKind::Unsigned || !moved.contains(&f.path));
}

/// What is verified: the bundle, what it says, and its text.
struct Sealed<'a> {
    bundle: &'a Bundle,
    statement: Option<&'a Statement>,
    envelope: &'a Envelope,
    text: &'a str,
}

/// Verifies the signature by what the user trusts, and holds the signer against the one expected.
fn verify(fact: &mut SignatureFact, sealed: &Sealed<'_>, trust: &Trust) {
    match &sealed.bundle.material {
        Material::Key { hint } => by_key(fact, sealed, hint.as_deref(), trust),
        Material::Chain(chain) => by_chain(fact, sealed, chain, trust),
        Material::Keyless => keyless(fact, sealed, trust),
    }
}

impl Sealed<'_> {
    fn by(&self, key: &crate::signature::PublicKey) -> bool {
        let early = self.statement.is_some_and(|s| s.early);
        self.envelope.verify(key).is_ok() || (early && self.envelope.verify_early(key).is_ok())
    }
}

fn by_key(fact: &mut SignatureFact, sealed: &Sealed<'_>, hint: Option<&str>, trust: &Trust) {
    let Some(key) = &trust.key else {
        fact.signature = Told::unknown(Word::NoKey.text(&[]));
        return;
    };
    if hint.is_some_and(|hint| !hint.eq_ignore_ascii_case(&key.hint())) || !sealed.by(key) {
        fact.signature = Told::fails(Word::NotThisKey.text(&[("key", &key.fingerprint())]));
        return;
    }
    fact.signer = vec![key.fingerprint()];
    fact.signature = Told::holds(Word::ByKey.text(&[("kind", &key.algorithm().name()), ("key", &key.fingerprint())]));
    // Whoever gives the key says whom they expect: its holder. A name would have to be vouched for, and nobody does.
    fact.expected = match trust.identity.as_deref() {
        None => Told::holds(Word::KeyIsGiven.text(&[])),
        Some(name) if name.eq_ignore_ascii_case(&key.fingerprint()) => Told::holds(Word::KeyIsGiven.text(&[])),
        Some(name) if name.starts_with("sha256:") => Told::fails(Word::AnotherSigner.text(&[("name", &name)])),
        Some(name) => Told::unknown(Word::KeyHasNoName.text(&[("name", &name)])),
    };
}

fn by_chain(fact: &mut SignatureFact, sealed: &Sealed<'_>, chain: &[crate::signature::Certificate], trust: &Trust) {
    let Some((signing, between)) = chain.split_first() else { return };
    let signer = signing.signer();
    let shown: Vec<String> = signer.names.iter().map(|name| crate::evidence::excerpt_of(name)).collect();
    let who = shown.first().cloned().unwrap_or_default();
    fact.signer = shown;
    fact.expected = Told::unknown(Word::SignerClaims.text(&[("name", &who)]));
    if trust.chain.is_empty() {
        fact.signature = Told::unknown(Word::NoCertificates.text(&[]));
        return;
    }
    if !crate::signature::has_root(&trust.chain) {
        fact.signature = Told::unknown(Word::NoRoot.text(&[]));
        return;
    }
    let key = match crate::signature::verify_chain(signing, between, &trust.chain) {
        Ok(key) => key,
        Err(why) => {
            fact.signature = Told::fails(why);
            return;
        }
    };
    if !sealed.by(&key) {
        fact.signature = Told::fails(Word::NotThisCertificate.text(&[]));
        return;
    }
    let issuer = crate::evidence::excerpt_of(&signer.issuer);
    fact.signature = Told::holds(Word::ByCertificate.text(&[
        ("kind", &key.algorithm().name()),
        ("name", &who),
        ("issuer", &issuer),
    ]));
    fact.expected = match trust.identity.as_deref() {
        None => Told::unknown(Word::NobodyExpected.text(&[("name", &who)])),
        Some(name) if signer.names.iter().any(|n| n == name) => Told::holds(Word::SignerIs.text(&[("name", &name)])),
        Some(name) => Told::fails(Word::SignerIsNot.text(&[("name", &name), ("found", &who)])),
    };
}

#[cfg(not(feature = "keyless"))]
fn keyless(fact: &mut SignatureFact, _: &Sealed<'_>, _: &Trust) {
    fact.signature = Told::unknown(Word::KeylessLeftOut.text(&[]));
}

#[cfg(feature = "keyless")]
fn keyless(fact: &mut SignatureFact, sealed: &Sealed<'_>, trust: &Trust) {
    let Some(root) = &trust.root else {
        fact.signature = Told::unknown(Word::NoTrustRoot.text(&[]));
        return;
    };
    // A keyless signature is verified as one of what its statement is about.
    let Some(statement) = sealed.statement else {
        fact.signature = Told::unknown(Word::NothingSealed.text(&[]));
        return;
    };
    let found = match root.verify(sealed.text, &sealed.envelope.payload, &statement.subject) {
        Ok(found) => found,
        Err(why) => {
            fact.signature = Told::fails(why);
            return;
        }
    };
    let clean = |text: &str| crate::evidence::excerpt_of(text);
    let (who, provider) = (clean(&found.identity), clean(&found.provider));
    fact.signer = vec![who.clone(), provider.clone()];
    fact.signature = Told::holds(Word::ByKeyless.text(&[("name", &who), ("provider", &provider)]));
    fact.expected = match (trust.identity.as_deref(), trust.provider.as_deref()) {
        (None, None) => Told::unknown(Word::NobodyExpected.text(&[("name", &who)])),
        (Some(name), _) if name != found.identity => {
            Told::fails(Word::SignerIsNot.text(&[("name", &name), ("found", &who)]))
        }
        (_, Some(url)) if url != found.provider => {
            Told::fails(Word::ProviderIsNot.text(&[("name", &url), ("found", &provider)]))
        }
        // The same name at another provider is somebody else.
        (Some(name), None) => Told::unknown(Word::ProviderWanted.text(&[("name", &name), ("found", &provider)])),
        (None, Some(_)) => Told::unknown(Word::NobodyExpected.text(&[("name", &who)])),
        (Some(name), Some(_)) => Told::holds(Word::SignerIs.text(&[("name", &name)])),
    };
}

impl Signed {
    /// What the list says of each file, by its path in the release.
    pub(super) fn expected(&self) -> impl Iterator<Item = (String, Expected)> {
        let resources = self.statement.iter().flat_map(|s| s.resources.iter());
        let mut of: HashMap<&str, u64> = HashMap::new();
        for resource in resources.clone() {
            if let Some((_, end)) = resource.piece {
                let last = of.entry(resource.path.as_str()).or_default();
                *last = end.max(*last);
            }
        }
        resources.map(move |r: &Resource| {
            let span =
                r.piece.map(|(start, end)| Span { start, end, of: of.get(r.path.as_str()).copied().unwrap_or(end) });
            let path = if self.folder.is_empty() { r.path.clone() } else { format!("{}/{}", self.folder, r.path) };
            (path, Expected { checksum: r.checksum.clone(), place: Place::file(&self.path), span })
        })
    }

    /// A path of the release below the folder that was signed.
    pub(super) fn below<'p>(&self, path: &'p str) -> Option<&'p str> {
        match self.folder.as_str() {
            "" => Some(path),
            folder => path.strip_prefix(folder)?.strip_prefix('/'),
        }
    }

    /// Whether the signer left a file out, or it is the signature itself.
    pub(super) fn leaves_out(&self, path: &str) -> bool {
        self.own.as_deref() == Some(path)
            || match (self.below(path), &self.statement) {
                (Some(below), Some(statement)) => statement.leaves_out(below),
                _ => true,
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::Verdict;

    #[test]
    fn an_empty_list_holds_nothing() {
        let fact = SignatureFact::default();
        assert_eq!(told(&[], &fact).verdict, Verdict::Fails);
        let fact = SignatureFact { listed: 1, ..SignatureFact::default() };
        assert_eq!(told(&[], &fact).verdict, Verdict::Holds);
    }
}
