//! X.509 certificates: a chain from a signing certificate up to a root that the user trusts, whether the certificate may
//! sign, and the names that it carries.

use std::time::Duration;

use rustls_pki_types::TrustAnchor;
use rustls_pki_types::pem::SectionKind;
use rustls_pki_types::{CertificateDer, UnixTime};
use webpki::{EndEntityCert, ExtendedKeyUsageValidator, KeyPurposeIdIter, anchor_from_trusted_cert};
use x509_cert::der::{Decode, Encode};
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAltName};
use x509_cert::spki::ObjectIdentifier;

use super::key::{PublicKey, sections};
use crate::digest::Digest;
use crate::words::Text;
use crate::words::signatures::Signatures as Word;

const CODE_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.3");
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
/// Certificates of one chain, and names of one certificate, that are looked at.
const MOST: usize = 64;

/// A certificate, parsed and kept in DER.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    parsed: x509_cert::Certificate,
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Certificate({})", self.parsed.tbs_certificate.subject)
    }
}

/// Who signed, as the certificate tells it. Its issuer vouches for it, once the chain holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signer {
    /// The names that may be expected: those of the subject alternative name, the subject as RFC 4514 writes it, and its
    /// common name where there is no alternative.
    pub names: Vec<String>,
    /// The certificate that issued it, as RFC 4514 writes its subject.
    pub issuer: String,
    /// First and last second in which the certificate is valid, in seconds since 1970.
    pub valid: (u64, u64),
}

/// The certificates of a PEM text, in order.
///
/// # Errors
/// When it holds none, or one that cannot be read.
pub fn certificates(text: &[u8]) -> Result<Vec<Certificate>, Text> {
    let all = sections(text)?.into_iter().filter(|(kind, _)| *kind == SectionKind::Certificate);
    let all: Vec<Certificate> = all.map(|(_, der)| Certificate::from_der(&der)).collect::<Result<_, _>>()?;
    if all.is_empty() { Err(Word::NoCertificate.text(&[])) } else { Ok(all) }
}

impl Certificate {
    /// Reads a certificate in DER.
    ///
    /// # Errors
    /// When it is malformed.
    pub fn from_der(der: &[u8]) -> Result<Certificate, Text> {
        let parsed = x509_cert::Certificate::from_der(der).map_err(|_| Word::CertificateMalformed.text(&[]))?;
        Ok(Certificate { der: der.to_vec(), parsed })
    }

    /// SHA-256 of the certificate in DER.
    pub fn fingerprint(&self) -> Digest {
        Digest::of(&self.der)
    }

    /// The key that it is for.
    ///
    /// # Errors
    /// When it is of a kind that is not verified here.
    pub fn key(&self) -> Result<PublicKey, Text> {
        let spki = self.parsed.tbs_certificate.subject_public_key_info.to_der();
        PublicKey::from_spki(&spki.map_err(|_| Word::CertificateMalformed.text(&[]))?)
    }

    /// The names that it carries, and who issued it.
    pub fn signer(&self) -> Signer {
        let tbs = &self.parsed.tbs_certificate;
        let mut names: Vec<String> = Vec::new();
        let alternative = tbs.get::<SubjectAltName>();
        if let Ok(Some((_, SubjectAltName(all)))) = &alternative {
            names.extend(all.iter().take(MOST).filter_map(|name| match name {
                GeneralName::Rfc822Name(text) | GeneralName::DnsName(text) => Some(text.to_string()),
                GeneralName::UniformResourceIdentifier(text) => Some(text.to_string()),
                _ => None,
            }));
        }
        let common = || {
            let parts = tbs.subject.0.iter().flat_map(|rdn| rdn.0.iter()).filter(|part| part.oid == COMMON_NAME);
            parts.filter_map(|part| std::str::from_utf8(part.value.value()).ok()).map(str::to_owned).next()
        };
        if matches!(alternative, Ok(None)) {
            names.extend(common());
        }
        let subject = tbs.subject.to_string();
        if !subject.is_empty() {
            names.push(subject);
        }
        Signer { names, issuer: tbs.issuer.to_string(), valid: self.valid() }
    }

    fn valid(&self) -> (u64, u64) {
        let validity = &self.parsed.tbs_certificate.validity;
        (validity.not_before.to_unix_duration().as_secs(), validity.not_after.to_unix_duration().as_secs())
    }

    fn is_valid_at(&self, second: u64) -> bool {
        let (first, last) = self.valid();
        (first..=last).contains(&second)
    }

    /// Whether it names itself as its issuer, as roots do.
    fn is_root(&self) -> bool {
        self.parsed.tbs_certificate.issuer == self.parsed.tbs_certificate.subject
    }

    /// Whether it may sign documents, by the rule of `model_signing`: its key usage has digital signatures, or its extended
    /// one code signing.
    fn may_sign(&self) -> bool {
        let tbs = &self.parsed.tbs_certificate;
        let digital = matches!(tbs.get::<KeyUsage>(), Ok(Some((_, usage))) if usage.digital_signature());
        let code = matches!(tbs.get::<ExtendedKeyUsage>(), Ok(Some((_, usage))) if usage.0.contains(&CODE_SIGNING));
        digital || code
    }

    /// Whether it may issue certificates.
    fn may_issue(&self) -> bool {
        let tbs = &self.parsed.tbs_certificate;
        let usage = match tbs.get::<KeyUsage>() {
            Ok(Some((_, usage))) => usage.key_cert_sign(),
            Ok(None) => true,
            Err(_) => false,
        };
        usage && matches!(tbs.get::<BasicConstraints>(), Ok(Some((_, constraints))) if constraints.ca)
    }
}

/// Whether a root is among certificates: one that names itself as its issuer.
pub fn has_root(certificates: &[Certificate]) -> bool {
    certificates.iter().any(Certificate::is_root)
}

/// Extended usages are judged on the signing certificate alone, by [`Certificate::may_sign`].
struct AnyUsage;

impl ExtendedKeyUsageValidator for AnyUsage {
    fn validate(&self, _: KeyPurposeIdIter<'_, '_>) -> Result<(), webpki::Error> {
        Ok(())
    }
}

/// Verifies that a signing certificate leads up to a root among `trusted`, with the certificates of the bundle and the others
/// of `trusted` between, and gives its key. As `model_signing` judges it, each must be valid in the first second in which the
/// signing certificate is: nothing offline tells when the signature was made.
///
/// # Errors
/// When no chain holds, or the certificate may not sign.
pub fn verify_chain(
    signing: &Certificate,
    between: &[Certificate],
    trusted: &[Certificate],
) -> Result<PublicKey, Text> {
    let roots: Vec<&Certificate> = trusted.iter().filter(|c| c.is_root()).collect();
    if roots.is_empty() {
        return Err(Word::NoRoot.text(&[]));
    }
    if between.len() > MOST {
        return Err(Word::ChainLong.text(&[("n", &MOST)]));
    }
    // A certificate that the user trusts byte for byte needs nobody to vouch for it.
    if !roots.iter().any(|root| root.der == signing.der) {
        build(signing, between, trusted, &roots)?;
    }
    if !signing.may_sign() {
        return Err(Word::MayNotSign.text(&[]));
    }
    signing.key()
}

fn build(
    signing: &Certificate,
    between: &[Certificate],
    trusted: &[Certificate],
    roots: &[&Certificate],
) -> Result<(), Text> {
    let (second, _) = signing.valid();
    let refused = |e: webpki::Error| match e {
        webpki::Error::UnknownIssuer => Word::NoChain.text(&[]),
        webpki::Error::CertExpired { .. } | webpki::Error::CertNotValidYet { .. } => Word::ChainTime.text(&[]),
        webpki::Error::CaUsedAsEndEntity => Word::AuthoritySigns.text(&[]),
        other => Word::ChainBroken.text(&[("why", &other)]),
    };
    // The library takes a root for granted; its own dates and constraints are judged here.
    let sound = |c: &&&Certificate| c.may_issue() && c.is_valid_at(second);
    let ders: Vec<CertificateDer<'_>> =
        roots.iter().filter(sound).map(|c| CertificateDer::from(c.der.as_slice())).collect();
    let anchors: Vec<TrustAnchor<'_>> = ders.iter().filter_map(|der| anchor_from_trusted_cert(der).ok()).collect();
    if anchors.is_empty() {
        return Err(Word::ChainTime.text(&[]));
    }
    let others = between.iter().chain(trusted).filter(|c| !c.is_root() && c.may_issue());
    let others: Vec<CertificateDer<'_>> = others.map(|c| CertificateDer::from(c.der.as_slice())).collect();
    let der = CertificateDer::from(signing.der.as_slice());
    let leaf = EndEntityCert::try_from(&der).map_err(refused)?;
    let time = UnixTime::since_unix_epoch(Duration::from_secs(second));
    leaf.verify_for_usage(webpki::ALL_VERIFICATION_ALGS, &anchors, &others, time, AnyUsage, None, None)
        .map_err(refused)
        .map(|_| ())
}
