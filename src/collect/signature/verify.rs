//! A signature against what the user trusts, and its signer against the one expected. `holds` is said only of what was verified.

use crate::evidence::{SignatureFact, Told, excerpt_of};
use crate::parse::oms::{Bundle, Material, Statement};
use crate::signature::{Certificate, Envelope, PublicKey, Trust, has_root, verify_chain};
use crate::words::signatures::Signatures as Word;

/// What is verified: the bundle, what it says, and its text.
pub(super) struct Sealed<'a> {
    pub(super) bundle: &'a Bundle,
    pub(super) statement: Option<&'a Statement>,
    pub(super) envelope: &'a Envelope,
    /// The whole text, which a keyless bundle is verified from.
    #[cfg_attr(not(feature = "keyless"), allow(dead_code))]
    pub(super) text: &'a str,
}

/// Verifies the signature by what the user trusts, and holds the signer against the one expected.
pub(super) fn verify(fact: &mut SignatureFact, sealed: &Sealed<'_>, trust: &Trust) {
    match &sealed.bundle.material {
        Material::Key { hint } => by_key(fact, sealed, hint.as_deref(), trust),
        Material::Chain(chain) => by_chain(fact, sealed, chain, trust),
        Material::Keyless => keyless(fact, sealed, trust),
    }
}

impl Sealed<'_> {
    fn by(&self, key: &PublicKey) -> bool {
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

fn by_chain(fact: &mut SignatureFact, sealed: &Sealed<'_>, chain: &[Certificate], trust: &Trust) {
    let Some((signing, between)) = chain.split_first() else { return };
    let signer = signing.signer();
    let shown: Vec<String> = signer.names.iter().map(|name| excerpt_of(name)).collect();
    let who = shown.first().cloned().unwrap_or_default();
    fact.signer = shown;
    fact.expected = Told::unknown(Word::SignerClaims.text(&[("name", &who)]));
    if trust.chain.is_empty() {
        fact.signature = Told::unknown(Word::NoCertificates.text(&[]));
        return;
    }
    if !has_root(&trust.chain) {
        fact.signature = Told::unknown(Word::NoRoot.text(&[]));
        return;
    }
    let key = match verify_chain(signing, between, &trust.chain) {
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
    let issuer = excerpt_of(&signer.issuer);
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
    let clean = |text: &str| excerpt_of(text);
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
