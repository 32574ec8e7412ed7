//! Signed manifests: found before the bytes are read, so that one read of each file serves them too, and held against what was
//! read. What a user trusts comes in with the options; without it a signature stays unverified, whatever it says.

mod compare;
mod verify;

use std::collections::{BTreeSet, HashMap};

use super::{Options, Release, Scope, Signed};
use crate::evidence::{ArtifactKind, Expected, Place, SignatureFact, SigningMethod, Span, Told, Topic, excerpt_of};
use crate::parse::oms::{self, Content, Material, Resource};
use crate::signature::Trust;
use crate::words::signatures::Signatures as Word;

/// Signatures of one release that are looked at.
const MOST_SIGNATURES: usize = 16;
/// Faults, and paths of a list, that are kept of one signature.
const MOST_KEPT: usize = SignatureFact::MOST;

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
    let mut paths: Vec<String> = there.map(|f| f.path.clone()).collect();
    // The signature of the whole goes before those of folders.
    paths.sort_by_key(|path| (path.matches('/').count(), path.clone()));
    paths.truncate(MOST_SIGNATURES);
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
            fact.subject = excerpt_of(&statement.name);
            fact.subject_digest = statement.consistent.map(|_| statement.subject.tagged());
            compare::compare(&mut fact, release, signed, statement);
        }
        (None, Some(why)) => fact.files = Told::fails(why.clone()),
        (None, None) => {}
    }
    match signed.bundle.as_ref().and_then(|b| Some((b, b.envelope.as_ref()?))) {
        // Who signed what cannot be read is told all the same.
        Some((bundle, envelope)) => {
            verify::verify(&mut fact, &verify::Sealed { bundle, statement, envelope, text: &signed.text }, trust);
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
