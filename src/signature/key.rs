//! Keys in PEM, as openssl writes them: public keys that verify, private keys that sign.

use std::fmt;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{self, EcdsaKeyPair, Ed25519KeyPair, KeyPair, UnparsedPublicKey, VerificationAlgorithm};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls_pki_types::pem::{self, PemObject, SectionKind};
use x509_cert::der::{Decode, Encode};
use x509_cert::spki::{ObjectIdentifier, SubjectPublicKeyInfoRef};

use crate::digest::Digest;
use crate::words::Text;
use crate::words::signatures::Signatures as Word;

/// Bytes of a file of keys or certificates that are read; the roots of an operating system fill less than half.
pub(super) const LONGEST_PEM: usize = 1024 * 1024;

const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const P521: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.35");

/// The kinds of key that verify. A curve's hash is the one of its size, as Sigstore's registry pairs them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// Ed25519 over the message itself (RFC 8032).
    Ed25519,
    /// ECDSA on P-256 with SHA-256.
    P256,
    /// ECDSA on P-384 with SHA-384.
    P384,
    /// ECDSA on P-521 with SHA-512.
    P521,
}

impl Algorithm {
    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Algorithm::Ed25519 => "Ed25519",
            Algorithm::P256 => "ECDSA P-256",
            Algorithm::P384 => "ECDSA P-384",
            Algorithm::P521 => "ECDSA P-521",
        }
    }

    fn verifier(self) -> &'static dyn VerificationAlgorithm {
        match self {
            Algorithm::Ed25519 => &signature::ED25519,
            Algorithm::P256 => &signature::ECDSA_P256_SHA256_ASN1,
            Algorithm::P384 => &signature::ECDSA_P384_SHA384_ASN1,
            Algorithm::P521 => &signature::ECDSA_P521_SHA512_ASN1,
        }
    }
}

/// A key that verifies.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    algorithm: Algorithm,
    /// The point, or the 32 bytes of Ed25519.
    bytes: Vec<u8>,
    /// The `SubjectPublicKeyInfo` in DER.
    spki: Vec<u8>,
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({} {})", self.algorithm.name(), self.fingerprint())
    }
}

impl PublicKey {
    /// Reads the first public key of a PEM text (`-----BEGIN PUBLIC KEY-----`, RFC 7468).
    ///
    /// # Errors
    /// When there is none, when the text is longer than a mebibyte, or when the key is of another kind than [`Algorithm`] lists.
    pub fn from_pem(text: &[u8]) -> Result<PublicKey, Text> {
        for (kind, der) in sections(text)? {
            match kind {
                SectionKind::PublicKey => return PublicKey::from_spki(&der),
                SectionKind::PrivateKey | SectionKind::EcPrivateKey | SectionKind::RsaPrivateKey => {
                    return Err(Word::PrivateGiven.text(&[]));
                }
                SectionKind::Certificate => return Err(Word::CertificateGiven.text(&[])),
                _ => {}
            }
        }
        Err(Word::NoPublicKey.text(&[]))
    }

    /// Reads a `SubjectPublicKeyInfo` in DER (RFC 5480, RFC 8410).
    ///
    /// # Errors
    /// When it is malformed, or of another kind than [`Algorithm`] lists.
    pub fn from_spki(der: &[u8]) -> Result<PublicKey, Text> {
        let malformed = || Word::KeyMalformed.text(&[]);
        let spki = SubjectPublicKeyInfoRef::from_der(der).map_err(|_| malformed())?;
        let curve = spki.algorithm.parameters.and_then(|p| p.decode_as::<ObjectIdentifier>().ok());
        let algorithm = match (spki.algorithm.oid, curve) {
            (ED25519, None) if spki.algorithm.parameters.is_none() => Algorithm::Ed25519,
            (EC, Some(P256)) => Algorithm::P256,
            (EC, Some(P384)) => Algorithm::P384,
            (EC, Some(P521)) => Algorithm::P521,
            _ => return Err(Word::KeyKind.text(&[])),
        };
        let bytes = spki.subject_public_key.as_bytes().ok_or_else(malformed)?.to_vec();
        // A point that is not on its curve is refused here, not at the first signature.
        signature::ParsedPublicKey::new(algorithm.verifier(), &bytes).map_err(|_| malformed())?;
        Ok(PublicKey { algorithm, bytes, spki: der.to_vec() })
    }

    /// What kind of key it is.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// SHA-256 of its `SubjectPublicKeyInfo` in DER, as `sha256:…`; `openssl pkey -pubin -outform DER | sha256sum` gives it.
    pub fn fingerprint(&self) -> String {
        Digest::of(&self.spki).tagged()
    }

    /// SHA-256 of the key in PEM, in hexadecimal: the hint that `model_signing` writes into a bundle.
    pub fn hint(&self) -> String {
        Digest::of(self.to_pem().as_bytes()).hex().to_owned()
    }

    /// The key in PEM, with lines of 64 characters and one at the end, as openssl writes it.
    pub fn to_pem(&self) -> String {
        let text = STANDARD.encode(&self.spki);
        let lines: Vec<&str> = text.as_bytes().chunks(64).filter_map(|c| std::str::from_utf8(c).ok()).collect();
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"))
    }

    /// Verifies a signature of a message: ECDSA's in ASN.1 DER, Ed25519's in its 64 bytes.
    ///
    /// # Errors
    /// When the message was not signed so with this key.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), Text> {
        self.verify_with(self.algorithm.verifier(), message, signature)
    }

    /// Verifies an ECDSA signature over SHA-256 whatever the curve: releases of `model_signing` before 1.0 wrote such.
    pub(super) fn verify_by_sha256(&self, message: &[u8], signature: &[u8]) -> Result<(), Text> {
        let verifier: &dyn VerificationAlgorithm = match self.algorithm {
            Algorithm::P384 => &signature::ECDSA_P384_SHA256_ASN1,
            Algorithm::P521 => &signature::ECDSA_P521_SHA256_ASN1,
            Algorithm::P256 | Algorithm::Ed25519 => self.algorithm.verifier(),
        };
        self.verify_with(verifier, message, signature)
    }

    fn verify_with(
        &self,
        by: &'static dyn VerificationAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), Text> {
        UnparsedPublicKey::new(by, &self.bytes).verify(message, signature).map_err(|_| Word::NotByKey.text(&[]))
    }
}

/// A key that signs: Ed25519 or ECDSA P-256.
pub struct PrivateKey {
    pair: Pair,
    public: PublicKey,
}

enum Pair {
    Ed25519(Ed25519KeyPair),
    P256(EcdsaKeyPair),
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PrivateKey of {:?}", self.public)
    }
}

impl PrivateKey {
    /// Reads the first private key of a PEM text: PKCS#8 (`openssl genpkey`) or SEC1 (`openssl ecparam -genkey`).
    ///
    /// # Errors
    /// When there is none, when it is encrypted, or when it is of another kind than Ed25519 and P-256.
    pub fn from_pem(text: &[u8]) -> Result<PrivateKey, Text> {
        let encrypted: [&[u8]; 2] = [b"ENCRYPTED PRIVATE KEY", b"Proc-Type: 4,ENCRYPTED"];
        if encrypted.iter().any(|mark| text.windows(mark.len()).any(|w| w == *mark)) {
            return Err(Word::KeyEncrypted.text(&[]));
        }
        for (kind, der) in sections(text)? {
            match kind {
                SectionKind::PrivateKey => return PrivateKey::from_pkcs8(&der),
                SectionKind::EcPrivateKey => {
                    let pair = EcdsaKeyPair::from_private_key_der(&signature::ECDSA_P256_SHA256_ASN1_SIGNING, &der);
                    return PrivateKey::of_p256(pair.map_err(|_| Word::SigningKind.text(&[]))?);
                }
                SectionKind::RsaPrivateKey => return Err(Word::SigningKind.text(&[])),
                _ => {}
            }
        }
        Err(Word::NoPrivateKey.text(&[]))
    }

    fn from_pkcs8(der: &[u8]) -> Result<PrivateKey, Text> {
        if let Ok(pair) = EcdsaKeyPair::from_pkcs8(&signature::ECDSA_P256_SHA256_ASN1_SIGNING, der) {
            return PrivateKey::of_p256(pair);
        }
        let pair = Ed25519KeyPair::from_pkcs8(der).map_err(|_| Word::SigningKind.text(&[]))?;
        let public = spki(Algorithm::Ed25519, pair.public_key().as_ref())?;
        Ok(PrivateKey { pair: Pair::Ed25519(pair), public })
    }

    fn of_p256(pair: EcdsaKeyPair) -> Result<PrivateKey, Text> {
        let public = spki(Algorithm::P256, pair.public_key().as_ref())?;
        Ok(PrivateKey { pair: Pair::P256(pair), public })
    }

    /// The key that verifies what this one signs.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// Signs a message: ECDSA in ASN.1 DER, Ed25519 in its 64 bytes.
    ///
    /// # Errors
    /// When the system has no random bytes to give.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Text> {
        match &self.pair {
            Pair::Ed25519(pair) => Ok(pair.sign(message).as_ref().to_vec()),
            Pair::P256(pair) => match pair.sign(&SystemRandom::new(), message) {
                Ok(signature) => Ok(signature.as_ref().to_vec()),
                Err(_) => Err(Word::NoRandom.text(&[])),
            },
        }
    }
}

/// A public key from its bytes.
fn spki(algorithm: Algorithm, bytes: &[u8]) -> Result<PublicKey, Text> {
    use x509_cert::der::asn1::{AnyRef, BitStringRef};
    use x509_cert::spki::AlgorithmIdentifierRef;
    let malformed = |_| Word::KeyMalformed.text(&[]);
    let (oid, parameters) = match algorithm {
        Algorithm::Ed25519 => (ED25519, None),
        Algorithm::P256 => (EC, Some(P256)),
        Algorithm::P384 => (EC, Some(P384)),
        Algorithm::P521 => (EC, Some(P521)),
    };
    let parameters = parameters.as_ref().map(AnyRef::from);
    let subject_public_key = BitStringRef::from_bytes(bytes).map_err(malformed)?;
    let info = SubjectPublicKeyInfoRef { algorithm: AlgorithmIdentifierRef { oid, parameters }, subject_public_key };
    PublicKey::from_spki(&info.to_der().map_err(malformed)?)
}

/// The sections of a PEM text that are known, in order.
pub(super) fn sections(text: &[u8]) -> Result<Vec<(SectionKind, Vec<u8>)>, Text> {
    if text.len() > LONGEST_PEM {
        return Err(Word::PemLong.text(&[("n", &LONGEST_PEM)]));
    }
    let all: Result<Vec<_>, pem::Error> = <(SectionKind, Vec<u8>)>::pem_slice_iter(text).collect();
    all.map_err(|_| Word::PemMalformed.text(&[]))
}
