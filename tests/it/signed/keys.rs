//! Keys and envelopes against the real `openssl`: what one signs the other verifies, and what was altered neither does.

use std::fs;
use std::path::Path;
use std::process::Command;

use ouvert::signature::{Envelope, IN_TOTO, PrivateKey, PublicKey, Trust, pae};

use crate::support;

/// Runs openssl in a folder; `None` where there is none.
fn openssl(folder: &Path, args: &[&str]) -> Option<bool> {
    let done = Command::new("openssl").current_dir(folder).args(args).output().ok()?;
    Some(done.status.success())
}

/// A folder, where openssl is at hand.
fn folder() -> Option<tempfile::TempDir> {
    let folder = tempfile::tempdir().unwrap();
    if openssl(folder.path(), &["version"]).is_none() {
        support::skip("no openssl to sign and verify with");
        return None;
    }
    Some(folder)
}

/// Private keys as openssl makes them, by name.
const KEYS: &[(&str, &[&str])] = &[
    ("ed25519", &["genpkey", "-algorithm", "ed25519", "-out", "ed25519.key"]),
    ("pkcs8", &["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "pkcs8.key"]),
    // With the parameters of the curve before it, as openssl writes it unasked.
    ("sec1", &["ecparam", "-genkey", "-name", "prime256v1", "-out", "sec1.key"]),
];

fn made(folder: &Path, name: &str, args: &[&str]) -> (Vec<u8>, Vec<u8>) {
    assert_eq!(openssl(folder, args), Some(true), "{args:?}");
    let (key, public) = (format!("{name}.key"), format!("{name}.pub"));
    assert_eq!(openssl(folder, &["pkey", "-in", &key, "-pubout", "-out", &public]), Some(true));
    (fs::read(folder.join(key)).unwrap(), fs::read(folder.join(public)).unwrap())
}

#[test]
fn what_is_signed_here_openssl_verifies() {
    let Some(folder) = folder() else { return };
    let folder = folder.path();
    for (name, args) in KEYS {
        let (private, public) = made(folder, name, args);
        let key = PrivateKey::from_pem(&private).unwrap();
        assert_eq!(key.public(), &PublicKey::from_pem(&public).unwrap(), "{name}");
        assert_eq!(key.public().to_pem().as_bytes(), public, "{name}");
        let envelope = Envelope::sign(IN_TOTO, b"{\"_type\":\"x\"}".to_vec(), &key).unwrap();
        let again = Envelope::from_json(envelope.to_json().as_bytes()).unwrap();
        assert_eq!(again, envelope);
        again.verify(key.public()).unwrap();
        fs::write(folder.join("message"), pae(&again.payload_type, &again.payload)).unwrap();
        fs::write(folder.join("signature"), &again.seals[0].bytes).unwrap();
        let public = format!("{name}.pub");
        let check = |message: &str| {
            let raw: &[&str] = if *name == "ed25519" { &["-rawin"] } else { &["-rawin", "-digest", "sha256"] };
            let args = ["pkeyutl", "-verify", "-pubin", "-inkey", &public, "-in", message, "-sigfile", "signature"];
            openssl(folder, &[&args[..], raw].concat())
        };
        assert_eq!(check("message"), Some(true), "{name}");
        fs::write(folder.join("other"), pae(&again.payload_type, b"{\"_type\":\"y\"}")).unwrap();
        assert_eq!(check("other"), Some(false), "{name}");
    }
}

#[test]
fn what_openssl_signs_is_verified_here() {
    let Some(folder) = folder() else { return };
    let folder = folder.path();
    let more: &[(&str, &[&str], &str)] = &[
        ("p384", &["ecparam", "-genkey", "-name", "secp384r1", "-noout", "-out", "p384.key"], "sha384"),
        ("p521", &["ecparam", "-genkey", "-name", "secp521r1", "-noout", "-out", "p521.key"], "sha512"),
    ];
    let all = KEYS.iter().map(|(name, args)| (*name, *args, "sha256")).chain(more.iter().copied());
    fs::write(folder.join("message"), "some bytes").unwrap();
    for (name, args, digest) in all {
        let (_, public) = made(folder, name, args);
        let key = PublicKey::from_pem(&public).unwrap();
        let private = format!("{name}.key");
        let raw: &[&str] = if name == "ed25519" { &["-rawin"] } else { &["-rawin", "-digest", digest] };
        let args = ["pkeyutl", "-sign", "-inkey", &private, "-in", "message", "-out", "signature"];
        assert_eq!(openssl(folder, &[&args[..], raw].concat()), Some(true), "{name}");
        let signature = fs::read(folder.join("signature")).unwrap();
        key.verify(b"some bytes", &signature).unwrap();
        assert!(key.verify(b"some bytez", &signature).is_err(), "{name}");
        for at in 0..signature.len() {
            let mut other = signature.clone();
            other[at] ^= 4;
            assert!(key.verify(b"some bytes", &other).is_err(), "{name} {at}");
        }
        // SHA-256 of the key in DER, as openssl and sha256sum give it.
        assert_eq!(
            openssl(folder, &["pkey", "-in", &private, "-pubout", "-outform", "DER", "-out", "der"]),
            Some(true)
        );
        let der = fs::read(folder.join("der")).unwrap();
        assert_eq!(key.fingerprint(), ouvert::digest::Digest::of(&der).tagged());
    }
}

#[test]
fn keys_of_other_kinds_are_named() {
    let Some(folder) = folder() else { return };
    let folder = folder.path();
    let others: &[(&str, &[&str], &str)] = &[
        ("rsa", &["genrsa", "-traditional", "-out", "rsa.key", "2048"], "signing takes"),
        ("rsa8", &["genpkey", "-algorithm", "RSA", "-out", "rsa8.key"], "signing takes"),
        ("k1", &["ecparam", "-genkey", "-name", "secp256k1", "-noout", "-out", "k1.key"], "signing takes"),
        ("p384", &["ecparam", "-genkey", "-name", "secp384r1", "-noout", "-out", "p384.key"], "signing takes"),
        (
            "locked",
            &["genpkey", "-algorithm", "ed25519", "-aes256", "-pass", "pass:x", "-out", "locked.key"],
            "encrypted",
        ),
    ];
    for (name, args, says) in others {
        assert_eq!(openssl(folder, args), Some(true), "{name}");
        let private = fs::read(folder.join(format!("{name}.key"))).unwrap();
        let why = PrivateKey::from_pem(&private).unwrap_err();
        assert!(why.en.contains(says), "{name}: {why:?}");
        assert!(PublicKey::from_pem(&private).is_err(), "{name}");
        if matches!(*name, "rsa" | "rsa8" | "k1") {
            let (_, public) = made(folder, name, args);
            assert!(PublicKey::from_pem(&public).unwrap_err().en.contains("of this kind"), "{name}");
        }
    }
    for bad in ["", "-----BEGIN PUBLIC KEY-----\n", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"] {
        assert!(PublicKey::from_pem(bad.as_bytes()).is_err(), "{bad}");
        assert!(PrivateKey::from_pem(bad.as_bytes()).is_err(), "{bad}");
    }
    assert!(PublicKey::from_pem(&vec![b'-'; 2 * 1024 * 1024]).is_err());
}

#[test]
fn a_key_is_not_shown() {
    let Some(folder) = folder() else { return };
    let (name, args) = KEYS[1];
    let (private, _) = made(folder.path(), name, args);
    let key = PrivateKey::from_pem(&private).unwrap();
    let shown = format!("{key:?} {:?}", Trust::default());
    let secret = String::from_utf8(private).unwrap();
    assert!(secret.lines().all(|line| !shown.contains(line)), "{shown}");
}
