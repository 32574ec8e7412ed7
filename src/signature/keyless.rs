//! Keyless bundles (Sigstore): the certificate of a day, the log that took the signature in, and the trust root, a file of the
//! user's, that vouches for both. Nothing is fetched.

use sigstore_verify::trust_root::TrustedRoot;
use sigstore_verify::types::{Bundle, Sha256Hash, SignatureContent};
use sigstore_verify::{VerificationPolicy, Verifier};

use crate::digest::Digest;
use crate::words::Text;
use crate::words::signatures::Signatures as Word;

/// The authorities and logs of one Sigstore instance.
pub struct TrustRoot(Verifier);

impl std::fmt::Debug for TrustRoot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TrustRoot")
    }
}

/// Who signed without a key of their own, as the certificate tells it and its authority vouches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keyless {
    /// The name: an address, or the URI of a workflow.
    pub identity: String,
    /// The identity provider that vouched for the name, as its URL.
    pub provider: String,
    /// When the log took the signature in, or an authority stamped it, in seconds since 1970.
    pub at: Option<i64>,
}

impl TrustRoot {
    /// Reads a trust root: `trusted_root.json` of a Sigstore instance, or a client's trust configuration that holds one.
    ///
    /// # Errors
    /// When it is none, or names a key or certificate that cannot be read.
    pub fn from_json(text: &str) -> Result<TrustRoot, Text> {
        let broken = |why: &dyn std::fmt::Display| Word::TrustRootBroken.text(&[("why", &why)]);
        let value: serde_json::Value = serde_json::from_str(text).map_err(|e| broken(&e))?;
        let inner = value.get("trustedRoot").unwrap_or(&value);
        let root = TrustedRoot::from_json(&inner.to_string()).map_err(|e| broken(&e))?;
        Verifier::new(&root).map(TrustRoot).map_err(|e| broken(&e))
    }

    /// Verifies a bundle with this payload, which is about what has this digest: chain, signed certificate timestamp, inclusion in
    /// the log, time, signature. Who may sign is not judged.
    ///
    /// # Errors
    /// When any of them does not hold.
    pub fn verify(&self, bundle: &str, payload: &[u8], subject: &Digest) -> Result<Keyless, Text> {
        let refused = |why: &dyn std::fmt::Display| Word::KeylessRefused.text(&[("why", &why)]);
        let bundle = Bundle::from_json(&with_key_ids(bundle)).map_err(|e| refused(&e))?;
        // Two readers of one JSON text could see two payloads: the one that is verified must be the one that was read.
        match &bundle.content {
            SignatureContent::DsseEnvelope(envelope) if envelope.payload.as_bytes() == payload => {}
            _ => return Err(refused(&"payload")),
        }
        let subject = Sha256Hash::from_hex(subject.hex()).map_err(|e| refused(&e))?;
        let found = self.0.verify(subject, &bundle, &VerificationPolicy::any_identity()).map_err(|e| refused(&e))?;
        // The policy asks for all three; a later version of the library that relaxed one must not pass for it.
        if !(found.certificate_verified() && found.sct_verified() && found.tlog_verified()) {
            return Err(refused(&"chain, timestamp or log"));
        }
        let identity = found.identity().map(|name| name.as_str().to_owned()).unwrap_or_default();
        let provider = found.issuer().unwrap_or_default().to_owned();
        Ok(Keyless { identity, provider, at: found.verified_timestamps().iter().map(|t| t.as_second()).min() })
    }
}

/// The bundle with no `keyid` that is null: some writers leave it so, the library asks for a text, and nothing depends on it.
fn with_key_ids(bundle: &str) -> String {
    let Ok(mut value) = serde_json::from_str::<serde_json::Value>(bundle) else { return bundle.to_owned() };
    let seals = value.pointer_mut("/dsseEnvelope/signatures").and_then(|s| s.as_array_mut());
    let mut changed = false;
    for seal in seals.into_iter().flatten().filter_map(|s| s.as_object_mut()) {
        if seal.get("keyid").is_some_and(serde_json::Value::is_null) {
            changed = true;
            seal.remove("keyid");
        }
    }
    if changed { value.to_string() } else { bundle.to_owned() }
}
