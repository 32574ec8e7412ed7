//! Signatures: keys in PEM, DSSE envelopes made and verified, certificate chains, keyless bundles; and what a user trusts.
//! It knows no path, no model and no clock: what is signed comes in as bytes, and what is trusted comes in as bytes too.
//!
//! Nothing here tells "signed" by itself: a function that verifies gives `Ok` only after the cryptography held, and otherwise
//! the reason in words.

mod chain;
mod dsse;
mod key;
#[cfg(feature = "keyless")]
mod keyless;

pub use self::chain::{Certificate, Signer, certificates, has_root, verify_chain};
pub(crate) use self::dsse::decode;
pub use self::dsse::{Envelope, IN_TOTO, Seal, pae};
pub use self::key::{Algorithm, PrivateKey, PublicKey};
#[cfg(feature = "keyless")]
pub use self::keyless::{Keyless, TrustRoot};

/// What a user trusts, each from a file of theirs, and whom they expect to have signed.
#[derive(Debug, Default)]
pub struct Trust {
    /// The key that must have signed.
    pub key: Option<PublicKey>,
    /// Roots of certificate chains, with intermediates beside them.
    pub chain: Vec<Certificate>,
    /// The trust root of a Sigstore instance, for keyless bundles.
    #[cfg(feature = "keyless")]
    pub root: Option<TrustRoot>,
    /// Who is expected to have signed: a name that a certificate carries, or a key's fingerprint.
    pub identity: Option<String>,
    /// The identity provider that must have vouched for a keyless signer, as its URL.
    pub provider: Option<String>,
}
