//! What the user trusts, and whom they expect to have signed: the flags of `verify` and `audit`, and the files they name.

use std::path::{Path, PathBuf};

use clap::Args;
use ouvert::collect::GivenSignature;
use ouvert::error::Error;
use ouvert::evidence::{SignatureFact, Verdict};
use ouvert::parse::oms;
use ouvert::signature::{PublicKey, Trust, certificates};
use ouvert::words::Text;
use ouvert::words::errors::{Errors as Word, Wanted};
use ouvert::words::signatures::Signatures as Said;

use super::{missing, read_text};

/// Flags about signatures.
#[derive(Args, Debug, Default)]
pub(super) struct TrustArgs {
    /// Verify a signature made with a key: the public key in PEM
    #[arg(long, value_name = "FILE")]
    public_key: Option<PathBuf>,
    /// Verify a signature made with a certificate: the root to trust, and intermediates, in PEM (repeatable)
    #[arg(long, value_name = "FILE")]
    certificate_chain: Vec<PathBuf>,
    /// Verify a keyless signature: the trust root of the Sigstore instance (trusted_root.json)
    #[arg(long, value_name = "FILE")]
    trust_root: Option<PathBuf>,
    /// Who must have signed: a name of the certificate (address, URI, subject), or a key's fingerprint (sha256:HEX)
    #[arg(long, value_name = "NAME")]
    identity: Option<String>,
    /// Who must have vouched for a keyless signer: the URL of the identity provider
    #[arg(long, value_name = "URL")]
    identity_provider: Option<String>,
    /// The signature to look at, in place of those in the release
    #[arg(long, value_name = "FILE")]
    signature: Option<PathBuf>,
}

/// What the flags came to.
#[derive(Debug)]
pub(super) struct Trusted {
    pub(super) trust: Trust,
    pub(super) signature: Option<GivenSignature>,
    /// Whether the user asked for a signature to be verified.
    asked: bool,
}

impl TrustArgs {
    /// Reads the files that the flags name; `target` tells whether the signature lies in the release.
    pub(super) fn read(&self, target: &Path) -> Result<Trusted, Error> {
        let mut trust =
            Trust { identity: self.identity.clone(), provider: self.identity_provider.clone(), ..Trust::default() };
        if let Some(path) = &self.public_key {
            let key = PublicKey::from_pem(read_text(path, Wanted::Key)?.as_bytes());
            trust.key = Some(key.map_err(|why| malformed(path, why))?);
        }
        for path in &self.certificate_chain {
            let chain = certificates(read_text(path, Wanted::Certificates)?.as_bytes());
            trust.chain.extend(chain.map_err(|why| malformed(path, why))?);
        }
        if let Some(path) = &self.trust_root {
            root(&mut trust, path, &read_text(path, Wanted::TrustRoot)?)?;
        }
        let asked = trust.key.is_some()
            || !trust.chain.is_empty()
            || self.trust_root.is_some()
            || self.identity.is_some()
            || self.identity_provider.is_some();
        let signature = self.signature.as_ref().map(|path| given(path, target)).transpose()?;
        Ok(Trusted { trust, signature, asked })
    }
}

#[cfg(feature = "keyless")]
fn root(trust: &mut Trust, path: &Path, text: &str) -> Result<(), Error> {
    let root = ouvert::signature::TrustRoot::from_json(text);
    trust.root = Some(root.map_err(|why| malformed(path, why))?);
    Ok(())
}

#[cfg(not(feature = "keyless"))]
fn root(_: &mut Trust, _: &Path, _: &str) -> Result<(), Error> {
    Err(Error::Usage(Said::KeylessLeftOut.text(&[])))
}

pub(super) fn malformed(path: &Path, message: Text) -> Error {
    Error::Malformed { path: path.into(), line: None, message, shown: None }
}

/// The signature that `--signature` names.
fn given(path: &Path, target: &Path) -> Result<GivenSignature, Error> {
    let wrong = |e| missing(path, Wanted::Signature, e);
    if std::fs::metadata(path).map_err(wrong)?.len() > oms::LONGEST {
        return Err(malformed(path, Said::SignatureLong.text(&[("n", &oms::LONGEST)])));
    }
    let text = read_text(path, Wanted::Signature)?;
    let inside = inside(path, target);
    Ok(GivenSignature { name: path.to_string_lossy().into_owned(), text, inside })
}

/// The path of a file in a release, where it lies in one. The file need not be there yet, its folder must.
pub(super) fn inside(path: &Path, target: &Path) -> Option<String> {
    let here = |folder: &Path| if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_owned() };
    let file = std::fs::canonicalize(path)
        .or_else(|_| {
            Ok::<_, std::io::Error>(
                std::fs::canonicalize(here(path.parent().unwrap_or(path)))?.join(path.file_name().unwrap_or_default()),
            )
        })
        .ok()?;
    let target = std::fs::canonicalize(target).ok()?;
    let below = file.strip_prefix(target).ok()?.to_str()?;
    Some(if cfg!(windows) { below.replace('\\', "/") } else { below.to_owned() })
}

impl Trusted {
    /// Where nobody is trusted and nothing is asked.
    pub(super) fn nobody() -> Trusted {
        Trusted { trust: Trust::default(), signature: None, asked: false }
    }

    /// Whether the user asked for a signature to be verified.
    pub(super) fn is_asked(&self) -> bool {
        self.asked || self.signature.is_some()
    }

    /// Why signatures keep a run from passing; nothing when none is broken, and one is verified where that was asked.
    pub(super) fn falls_short(&self, signatures: &[SignatureFact]) -> Option<Text> {
        for (fails, word) in [
            (|s: &SignatureFact| s.signature.verdict == Verdict::Fails, Word::SignatureInvalid),
            (|s: &SignatureFact| s.files.verdict == Verdict::Fails, Word::FilesNotSigned),
            (|s: &SignatureFact| s.expected.verdict == Verdict::Fails, Word::SignerElse),
        ] as [(fn(&SignatureFact) -> bool, Word); 3]
        {
            if let Some(broken) = signatures.iter().find(|s| fails(s)) {
                return Some(word.text(&[("path", &broken.path)]));
            }
        }
        let named = self.trust.identity.is_some() || self.trust.provider.is_some();
        let good = |s: &&SignatureFact| s.is_good() && (!named || s.expected.verdict == Verdict::Holds);
        (self.asked && !signatures.iter().any(|s| good(&s))).then(|| Word::SignatureWanted.text(&[]))
    }
}
