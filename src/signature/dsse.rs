//! DSSE envelopes (Dead Simple Signing Envelope, protocol 1.0.2): a payload, its type, and signatures over both together.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use super::key::{PrivateKey, PublicKey};
use crate::words::Text;
use crate::words::signatures::Signatures as Word;

/// The type of a payload that is an in-toto statement in JSON.
pub const IN_TOTO: &str = "application/vnd.in-toto+json";

/// Signatures read of one envelope.
const MOST_SEALS: usize = 16;

/// A payload with its signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// What kind of document the payload is.
    pub payload_type: String,
    /// The document, byte for byte as it was signed.
    pub payload: Vec<u8>,
    /// Its signatures, one at least.
    pub seals: Vec<Seal>,
}

/// One signature of an envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// What the signer calls the key; nothing is decided by it.
    pub key_id: Option<String>,
    /// The signature.
    pub bytes: Vec<u8>,
}

/// The envelope in JSON. Fields that are not known are passed over, as the protocol asks.
#[derive(Serialize, Deserialize)]
struct Wire {
    #[serde(rename = "payloadType")]
    payload_type: String,
    payload: String,
    signatures: Vec<WireSeal>,
}

#[derive(Serialize, Deserialize)]
struct WireSeal {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    keyid: Option<String>,
    sig: String,
}

/// What is signed in place of the payload alone (pre-authentication encoding): both lengths, the type, the payload.
pub fn pae(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len());
    [head.as_bytes(), payload].concat()
}

/// What `model_signing` before 1.0 signed: the payload as Python writes bytes, in a text that begins with other letters.
fn pae_of_python(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let quote = if payload.contains(&b'\'') && !payload.contains(&b'"') { b'"' } else { b'\'' };
    let mut out = format!("DSSEV1 {} {payload_type} {} b", payload_type.len(), payload.len()).into_bytes();
    out.push(quote);
    for byte in payload {
        match *byte {
            b'\\' => out.extend(b"\\\\"),
            b'\t' => out.extend(b"\\t"),
            b'\n' => out.extend(b"\\n"),
            b'\r' => out.extend(b"\\r"),
            b if b == quote => out.extend([b'\\', b]),
            b if (0x20..0x7f).contains(&b) => out.push(b),
            b => out.extend(format!("\\x{b:02x}").as_bytes()),
        }
    }
    out.push(quote);
    out
}

/// Base64 in either alphabet, with its padding or without: the protocol lets a reader accept all four.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    [&STANDARD, &URL_SAFE, &STANDARD_NO_PAD, &URL_SAFE_NO_PAD].iter().find_map(|engine| engine.decode(text).ok())
}

impl Envelope {
    /// Reads an envelope from JSON; how long the text may be is its reader's to say.
    ///
    /// # Errors
    /// When it is no envelope, or has no signature or more than sixteen.
    pub fn from_json(text: &[u8]) -> Result<Envelope, Text> {
        let wire = serde_json::from_slice(text).map_err(|e| Word::NotAnEnvelope.text(&[("why", &e)]))?;
        Envelope::of_wire(wire)
    }

    /// Reads an envelope from a value of JSON.
    ///
    /// # Errors
    /// As [`Envelope::from_json`].
    pub fn from_value(value: serde_json::Value) -> Result<Envelope, Text> {
        let wire = serde_json::from_value(value).map_err(|e| Word::NotAnEnvelope.text(&[("why", &e)]))?;
        Envelope::of_wire(wire)
    }

    fn of_wire(wire: Wire) -> Result<Envelope, Text> {
        if wire.signatures.is_empty() || wire.signatures.len() > MOST_SEALS {
            return Err(Word::SealCount.text(&[("n", &wire.signatures.len())]));
        }
        let payload = decode(&wire.payload).ok_or_else(|| Word::NotBase64.text(&[("what", &"payload")]))?;
        let seal = |s: WireSeal| {
            let bytes = decode(&s.sig).ok_or_else(|| Word::NotBase64.text(&[("what", &"sig")]))?;
            Ok(Seal { key_id: s.keyid, bytes })
        };
        let seals: Result<Vec<Seal>, Text> = wire.signatures.into_iter().map(seal).collect();
        Ok(Envelope { payload_type: wire.payload_type, payload, seals: seals? })
    }

    /// Signs a payload.
    ///
    /// # Errors
    /// As [`PrivateKey::sign`].
    pub fn sign(payload_type: &str, payload: Vec<u8>, key: &PrivateKey) -> Result<Envelope, Text> {
        let bytes = key.sign(&pae(payload_type, &payload))?;
        let seal = Seal { key_id: Some(key.public().fingerprint()), bytes };
        Ok(Envelope { payload_type: payload_type.to_owned(), payload, seals: vec![seal] })
    }

    /// The envelope as JSON on one line.
    pub fn to_json(&self) -> String {
        let seal = |s: &Seal| WireSeal { keyid: s.key_id.clone(), sig: STANDARD.encode(&s.bytes) };
        let wire = Wire {
            payload_type: self.payload_type.clone(),
            payload: STANDARD.encode(&self.payload),
            signatures: self.seals.iter().map(seal).collect(),
        };
        // Three strings and a list of strings: there is nothing that JSON cannot hold.
        serde_json::to_string(&wire).unwrap_or_default()
    }

    /// Verifies that one of the signatures is this key's, over payload and type.
    ///
    /// # Errors
    /// When none is.
    pub fn verify(&self, key: &PublicKey) -> Result<(), Text> {
        self.any(|seal| key.verify(&pae(&self.payload_type, &self.payload), &seal.bytes))
    }

    /// Verifies a signature as `model_signing` before 1.0 made it; each of its payloads has one such text, so it binds the
    /// payload as firmly. Wanted for statements of that time alone.
    ///
    /// # Errors
    /// When none of the signatures is this key's.
    pub fn verify_early(&self, key: &PublicKey) -> Result<(), Text> {
        let message = pae_of_python(&self.payload_type, &self.payload);
        self.any(|seal| key.verify(&message, &seal.bytes).or_else(|_| key.verify_by_sha256(&message, &seal.bytes)))
    }

    fn any(&self, holds: impl Fn(&Seal) -> Result<(), Text>) -> Result<(), Text> {
        if self.seals.iter().any(|seal| holds(seal).is_ok()) { Ok(()) } else { Err(Word::NotByKey.text(&[])) }
    }
}
