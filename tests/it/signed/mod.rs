//! Signed manifests: what is told of signatures that the real `model_signing` made (`tests/signed`, written by `.ci/sign.py`; made
//! anew in `OUVERT_REAL/signed` by `.ci/real`), and of those that somebody tampered with. Never is one called signed that was not.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::support::{self, HERE, Release, Run};

mod keys;

/// The folders of signatures: the one that lies in the repository, and the one made by the real signer just now.
fn folders() -> Vec<PathBuf> {
    let mut all = vec![Path::new(HERE).join("tests/signed")];
    match std::env::var_os("OUVERT_REAL") {
        Some(real) => all.push(Path::new(&real).join("signed")),
        None => support::skip("run `.ci/real DIR` and set OUVERT_REAL to DIR, for signatures made now"),
    }
    all
}

/// What verifies a signature of the folder, by its name.
fn trust(folder: &Path, signature: &str) -> Vec<String> {
    let at = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let stem = signature.trim_end_matches(".sig");
    let curve = ["p384", "p521", "ed25519"].into_iter().find(|c| stem.contains(c)).unwrap_or("p256");
    if stem.starts_with("keyless") {
        return vec!["--trust-root".into(), at(&format!("{stem}-root.json"))];
    }
    match stem {
        "chain-self" => vec!["--certificate-chain".into(), at("self.pem")],
        "chain-expired" | "chain-early-root" => {
            vec!["--certificate-chain".into(), at(&format!("{}-root.pem", stem.trim_start_matches("chain-")))]
        }
        chain if chain.starts_with("chain-") => vec!["--certificate-chain".into(), at("root.pem")],
        _ => vec!["--public-key".into(), at(&format!("{curve}.pub"))],
    }
}

/// A release with a signature of the folder beside its files as `model.sig`.
fn signed(folder: &Path, signature: &str) -> Release {
    let release = Release::empty();
    let done = std::process::Command::new("cp").arg("-a").arg(folder.join("release/.")).arg(release.path()).status();
    assert!(done.is_ok_and(|s| s.success()));
    release.write("model.sig", fs::read(folder.join(signature)).unwrap());
    release
}

/// What `verify` tells of the one signature: files, signature, signer, and the exit code.
#[derive(Debug)]
struct Told {
    all: Value,
    code: i32,
}

impl Told {
    fn of(run: &Run) -> Told {
        let all = serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}", run.stderr));
        Told { all, code: run.code }
    }

    fn one(&self) -> &Value {
        assert_eq!(self.all["signatures"].as_array().map(Vec::len), Some(1), "{:#}", self.all);
        &self.all["signatures"][0]
    }

    /// The three answers, as `files signature signer`.
    fn answers(&self) -> String {
        let of = |key: &str| self.one()[key]["verdict"].as_str().unwrap().to_owned();
        [of("files_match"), of("signature_valid"), of("signer_as_expected")].join(" ")
    }

    fn faults(&self) -> Vec<(String, String)> {
        let all = self.one()["faults"].as_array().unwrap();
        let text = |f: &Value, key: &str| f[key].as_str().unwrap().to_owned();
        all.iter().map(|f| (text(f, "path"), text(f, "kind"))).collect()
    }
}

fn verify(target: &Path, args: &[String]) -> Told {
    let mut all = vec!["verify".to_owned(), target.to_string_lossy().into_owned(), "--format=json".into()];
    all.extend_from_slice(args);
    Told::of(&support::run(&all.iter().map(String::as_str).collect::<Vec<_>>()))
}

/// What the rule says of a release.
fn outcome(target: &Path, args: &[String]) -> (String, String, i32) {
    let mut all =
        vec!["audit".to_owned(), target.to_string_lossy().into_owned(), "--format=json".into(), "--offline".into()];
    all.extend_from_slice(args);
    let run = support::run(&all.iter().map(String::as_str).collect::<Vec<_>>());
    let report = serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}", run.stderr));
    let audit = support::Audit { report, code: run.code, stderr: run.stderr };
    (audit.outcome("integrity-signed").to_owned(), audit.says("integrity-signed").to_owned(), audit.code)
}

/// Each signature, what is told of it, and whether `model_signing` verifies it.
const SIGNATURES: &[(&str, &str, bool)] = &[
    ("key-p256.sig", "holds holds holds", true),
    ("key-p384.sig", "holds holds holds", true),
    ("key-p521.sig", "holds holds holds", true),
    // It has no Ed25519.
    ("key-ed25519.sig", "holds holds holds", false),
    ("shards.sig", "holds holds holds", true),
    ("one-shard.sig", "holds holds holds", true),
    ("blake2b.sig", "holds holds holds", true),
    ("blake2b-shards.sig", "holds holds holds", true),
    ("blake3.sig", "holds holds holds", true),
    ("ignore.sig", "holds holds holds", true),
    ("ignore-weights.sig", "holds holds holds", true),
    ("keyid-null.sig", "holds holds holds", true),
    ("keyid-none.sig", "holds holds holds", true),
    ("keyid-absent.sig", "holds holds holds", true),
    ("early-p256.sig", "holds holds holds", true),
    ("early-p384.sig", "holds holds holds", true),
    ("wrong-subject.sig", "fails holds holds", false),
    ("outside.sig", "fails holds holds", false),
    // It lists nothing and leaves everything out: it says of no file what its bytes are.
    ("nothing.sig", "fails holds holds", true),
    ("provenance.sig", "unknown unknown unknown", false),
    ("chain-leaf.sig", "holds holds unknown", true),
    ("chain-code.sig", "holds holds unknown", true),
    ("chain-self.sig", "holds holds unknown", true),
    // Each certificate is judged in the first second of the signer's, as nothing tells when the signature was made.
    ("chain-expired.sig", "holds holds unknown", true),
    ("chain-early-root.sig", "holds fails unknown", false),
    ("chain-bare.sig", "holds fails unknown", false),
    ("chain-tls.sig", "holds fails unknown", false),
    ("chain-child.sig", "holds fails unknown", false),
    ("chain-borrowed.sig", "holds fails unknown", false),
    #[cfg(feature = "keyless")]
    ("keyless.sig", "holds holds unknown", true),
    #[cfg(feature = "keyless")]
    ("keyless-late.sig", "holds fails unknown", false),
];

#[test]
fn signatures_of_the_real_signer() {
    for folder in folders() {
        let peer: Value = serde_json::from_slice(&fs::read(folder.join("verdicts.json")).unwrap()).unwrap();
        for (name, wanted, verified) in SIGNATURES {
            let release = signed(&folder, name);
            let told = verify(&release.path(), &trust(&folder, name));
            assert_eq!(told.answers(), *wanted, "{name}: {:#}", told.one());
            let good = wanted.starts_with("holds holds");
            assert_eq!(told.code, i32::from(!good), "{name}");
            assert_eq!(peer[*name].as_str() == Some("verified"), *verified, "{name}: {}", peer[*name]);
            // The digests stand for themselves, whoever signed them.
            if good {
                assert_eq!(told.all["passed"], true);
                assert!(told.all["files"].as_array().unwrap().iter().all(|f| f["status"] != "mismatched"));
            }
        }
        let tested = SIGNATURES.len() + if cfg!(feature = "keyless") { 0 } else { 2 };
        assert_eq!(peer.as_object().unwrap().len(), tested, "every signature is looked at");
    }
}

#[test]
fn without_what_verifies_it_nothing_is_signed() {
    for folder in folders() {
        for (name, hint) in [
            ("key-p256.sig", "--public-key"),
            ("chain-leaf.sig", "--certificate-chain"),
            #[cfg(feature = "keyless")]
            ("keyless.sig", "--trust-root"),
        ] {
            let release = signed(&folder, name);
            let told = verify(&release.path(), &[]);
            assert_eq!((told.answers().as_str(), told.code), ("holds unknown unknown", 0), "{name}");
            let says = told.one()["signature_valid"]["says"].as_str().unwrap();
            assert!(says.starts_with("not verified:") && says.contains(hint), "{says}");
            let (outcome, says, _) = outcome(&release.path(), &[]);
            assert_eq!(outcome, "unknown", "{says}");
            assert!(says.contains("not verified"), "{says}");
            // What verifies another kind of signature verifies none of this one, and whoever asked must not be told that all is well.
            for other in ["key-p256.sig", "chain-leaf.sig"] {
                let args = trust(&folder, other);
                if args[0] != hint {
                    let told = verify(&release.path(), &args);
                    assert_eq!((told.answers().as_str(), told.code), ("holds unknown unknown", 1), "{name} {args:?}");
                }
            }
        }
        let release = signed(&folder, "key-p256.sig");
        release.remove("model.sig");
        let run =
            support::run(&["verify", &release.path().to_string_lossy(), &trust(&folder, "key-p256.sig").join("=")]);
        assert_eq!(run.code, 1);
        assert!(run.stdout.contains("no signature could be verified as asked"), "{}", run.stdout);
    }
}

#[test]
fn a_verified_signature_meets_the_rule() {
    for folder in folders() {
        for name in ["key-p256.sig", "shards.sig", "chain-leaf.sig"] {
            let (outcome, says, code) = outcome(&signed(&folder, name).path(), &trust(&folder, name));
            assert_eq!((outcome.as_str(), code), ("met", 0), "{name}: {says}");
        }
        // A signature that leaves the weights out signs something else than the model.
        let release = signed(&folder, "ignore-weights.sig");
        let (outcome, says, _) = outcome(&release.path(), &trust(&folder, "ignore-weights.sig"));
        assert_eq!(outcome, "not-met");
        assert!(says.contains("leaves weights out: `model.safetensors`"), "{says}");
    }
}

/// What is done to the files of a release, and what must be told of it.
type Change = (&'static str, fn(&Release), &'static [(&'static str, &'static str)]);

const CHANGES: &[Change] = &[
    ("flip", |r| r.flip("model.safetensors"), &[("model.safetensors", "digest")]),
    ("truncate", |r| r.write("config.json", &r.bytes("config.json")[..5]), &[("config.json", "digest")]),
    ("remove", |r| r.remove("tokenizer/vocab.txt"), &[("tokenizer/vocab.txt", "missing")]),
    ("add", |r| r.write("tokenizer/code.py", "import os\n"), &[("tokenizer/code.py", "unsigned")]),
    (
        "rename",
        |r| fs::rename(r.path().join("config.json"), r.path().join("konfig.json")).unwrap(),
        &[("config.json", "renamed")],
    ),
    (
        "swap",
        |r| {
            let (a, b) = (r.bytes("config.json"), r.bytes("tokenizer/vocab.txt"));
            r.write("config.json", b);
            r.write("tokenizer/vocab.txt", a);
        },
        &[("config.json", "digest"), ("tokenizer/vocab.txt", "digest")],
    ),
];

#[test]
fn changed_files_are_named_with_both_digests() {
    for folder in folders() {
        for name in ["key-p256.sig", "blake2b.sig", "blake3.sig", "chain-leaf.sig", "early-p256.sig"] {
            for (what, change, wanted) in CHANGES {
                let release = signed(&folder, name);
                change(&release);
                let told = verify(&release.path(), &trust(&folder, name));
                let mut wanted: Vec<(String, String)> =
                    wanted.iter().map(|(path, kind)| ((*path).to_owned(), (*kind).to_owned())).collect();
                if *what == "rename" && name.starts_with("blake") {
                    // Only SHA-256 of a file that nobody lists is known.
                    wanted = vec![("config.json".into(), "missing".into()), ("konfig.json".into(), "unsigned".into())];
                }
                assert_eq!(told.faults(), wanted, "{name} {what}");
                assert_eq!((&told.answers()[..11], told.code), ("fails holds", 1), "{name} {what}");
                for fault in told.one()["faults"].as_array().unwrap().iter().filter(|f| f["kind"] == "digest") {
                    let digits = |key: &str| fault[key].as_str().unwrap().split_once(':').unwrap().1.len();
                    let wanted = if name == "blake2b.sig" { 128 } else { 64 };
                    assert_eq!((digits("signed"), digits("found")), (wanted, wanted), "{fault}");
                    assert_ne!(fault["signed"], fault["found"]);
                }
                assert_eq!(outcome(&release.path(), &trust(&folder, name)).0, "not-met", "{name} {what}");
                // The files alone tell, without any key.
                let bare = verify(&release.path(), &[]);
                assert_eq!((bare.answers().as_str(), bare.code), ("fails unknown unknown", 1), "{name} {what}");
            }
        }
    }
}

#[test]
fn changed_pieces_are_named() {
    for folder in folders() {
        for name in ["shards.sig", "blake2b-shards.sig"] {
            let args = trust(&folder, name);
            let release = signed(&folder, name);
            let mut bytes = release.bytes("model.safetensors");
            bytes[2500] ^= 1;
            release.write("model.safetensors", &bytes);
            let told = verify(&release.path(), &args);
            assert_eq!(told.faults(), [("model.safetensors".to_owned(), "digest".to_owned())]);
            assert_eq!(told.one()["faults"][0]["piece"], json!([2000, 3000]));
            let file = told.all["files"].as_array().unwrap().iter().find(|f| f["path"] == "model.safetensors").unwrap();
            assert_eq!(file["status"], "mismatched");
            bytes[2500] ^= 1;
            for length in [bytes.len() - 1, bytes.len() + 1, 3000, 1] {
                let mut other = bytes.clone();
                other.resize(length, 0);
                release.write("model.safetensors", &other);
                let told = verify(&release.path(), &args);
                assert_eq!(told.faults(), [("model.safetensors".to_owned(), "length".to_owned())], "{length}");
                assert_eq!(told.code, 1);
                let run = support::run(&["verify", &release.path().to_string_lossy()]);
                assert!(run.stdout.contains("of another length, in bytes"), "{}", run.stdout);
            }
            release.write("model.safetensors", &bytes);
            // An empty file has no piece, and is listed by none; one that was filled is there unsigned.
            release.write("empty", "now it holds something");
            assert_eq!(verify(&release.path(), &args).faults(), [("empty".to_owned(), "unsigned".to_owned())]);
        }
    }
}

/// The bundle of a release, changed.
fn tamper(release: &Release, change: impl Fn(&mut Value)) {
    let mut bundle: Value = serde_json::from_slice(&release.bytes("model.sig")).unwrap();
    let before = bundle.clone();
    change(&mut bundle);
    assert_ne!(bundle, before, "nothing was changed");
    release.write("model.sig", bundle.to_string());
}

fn flip(text: &mut Value) {
    let mut bytes = STANDARD.decode(text.as_str().unwrap()).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    *text = json!(STANDARD.encode(bytes));
}

/// The statement in the envelope, changed and put back.
fn restate(bundle: &mut Value, change: impl Fn(&mut Value)) {
    let payload = STANDARD.decode(bundle["dsseEnvelope"]["payload"].as_str().unwrap()).unwrap();
    let mut statement: Value = serde_json::from_slice(&payload).unwrap();
    change(&mut statement);
    bundle["dsseEnvelope"]["payload"] = json!(STANDARD.encode(statement.to_string()));
}

#[test]
fn a_tampered_envelope_is_never_signed() {
    type Tamper = fn(&mut Value);
    let all: &[(&str, Tamper)] = &[
        ("signature", |b| flip(&mut b["dsseEnvelope"]["signatures"][0]["sig"])),
        ("payload", |b| flip(&mut b["dsseEnvelope"]["payload"])),
        ("payload spaced", |b| restate(b, |_| {})),
        ("payload renamed", |b| restate(b, |s| s["subject"][0]["name"] = json!("another"))),
        ("payload type", |b| b["dsseEnvelope"]["payloadType"] = json!("application/vnd.in-toto+jsom")),
        ("no signature", |b| b["dsseEnvelope"]["signatures"] = json!([])),
        ("empty signature", |b| b["dsseEnvelope"]["signatures"][0]["sig"] = json!("")),
        ("not base64", |b| b["dsseEnvelope"]["signatures"][0]["sig"] = json!("%%%%")),
        ("media type", |b| b["mediaType"] = json!("application/vnd.dev.sigstore.bundle.v9+json")),
        ("no material", |b| b["verificationMaterial"] = json!({})),
        ("no envelope", |b| {
            b.as_object_mut().unwrap().remove("dsseEnvelope");
        }),
        ("listed elsewhere", |b| {
            restate(b, |s| {
                s["predicate"]["resources"][0]["name"] = json!("/etc/hostname");
            });
        }),
    ];
    for folder in folders() {
        let names = [
            "key-p256.sig",
            "chain-leaf.sig",
            "early-p256.sig",
            #[cfg(feature = "keyless")]
            "keyless.sig",
        ];
        for name in names {
            for (what, change) in all {
                if name == "early-p256.sig" && what.starts_with("listed") {
                    continue;
                }
                let release = signed(&folder, name);
                tamper(&release, change);
                let told = verify(&release.path(), &trust(&folder, name));
                let [_, signature, signer] =
                    told.answers().split(' ').map(str::to_owned).collect::<Vec<_>>().try_into().unwrap();
                assert_ne!(signature, "holds", "{name} {what}");
                assert_ne!(signer, "holds", "{name} {what}");
                assert_eq!(told.code, 1, "{name} {what}");
                let (outcome, says, code) = outcome(&release.path(), &trust(&folder, name));
                assert_eq!((outcome.as_str(), code), ("not-met", 1), "{name} {what}: {says}");
                if name != "key-p256.sig" {
                    continue;
                }
                let run = support::run(&["verify", &release.path().to_string_lossy(), "--lang", "fr"]);
                assert!(!run.stdout.contains("signature valide : oui"), "{name} {what}: {}", run.stdout);
            }
        }
    }
}

#[test]
fn another_key_and_another_root() {
    for folder in folders() {
        let at = |name: &str| folder.join(name).to_string_lossy().into_owned();
        let release = signed(&folder, "key-p256.sig");
        for other in ["other.pub", "p384.pub", "ed25519.pub"] {
            let told = verify(&release.path(), &["--public-key".into(), at(other)]);
            assert_eq!((told.answers().as_str(), told.code), ("holds fails unknown", 1), "{other}");
        }
        // A hint is signed by nobody; one that names another key is believed by nobody either.
        tamper(&release, |b| b["verificationMaterial"]["publicKey"]["hint"] = json!("0".repeat(64)));
        assert_eq!(verify(&release.path(), &trust(&folder, "key-p256.sig")).answers(), "holds fails unknown");
        let release = signed(&folder, "chain-leaf.sig");
        for (roots, answer) in [
            (vec!["elsewhere.pem"], "holds fails unknown"),
            // Whoever trusts the signer's own certificate, or an intermediate, names no root.
            (vec!["leaf.pem"], "holds unknown unknown"),
            (vec!["middle.pem"], "holds unknown unknown"),
            (vec!["elsewhere.pem", "root.pem"], "holds holds unknown"),
        ] {
            let args: Vec<String> = roots.iter().flat_map(|r| ["--certificate-chain".to_owned(), at(r)]).collect();
            let told = verify(&release.path(), &args);
            assert_eq!(
                (told.answers().as_str(), told.code),
                (answer, i32::from(!answer.contains("holds holds"))),
                "{roots:?}"
            );
        }
        // The intermediate may come from the user where the bundle has it not.
        tamper(&release, |b| {
            let all = b["verificationMaterial"]["x509CertificateChain"]["certificates"].as_array_mut().unwrap();
            all.truncate(1);
        });
        let root = trust(&folder, "chain-leaf.sig");
        assert_eq!(verify(&release.path(), &root).answers(), "holds fails unknown");
        let both = [root, vec!["--certificate-chain".into(), at("middle.pem")]].concat();
        assert_eq!(verify(&release.path(), &both).answers(), "holds holds unknown");
    }
}

#[test]
fn the_signer_is_held_against_the_one_expected() {
    for folder in folders() {
        let ask = |signature: &str, more: &[&str]| {
            let release = signed(&folder, signature);
            let args = [trust(&folder, signature), more.iter().map(|s| (*s).to_owned()).collect()].concat();
            let told = verify(&release.path(), &args);
            assert!(told.answers().starts_with("holds holds"), "{:#}", told.one());
            (told.answers().rsplit_once(' ').unwrap().1.to_owned(), told.code)
        };
        let chain = |name: &str| ask("chain-leaf.sig", &["--identity", name]);
        let (yes, no, open) = (("holds".to_owned(), 0), ("fails".to_owned(), 1), ("unknown".to_owned(), 1));
        assert_eq!(chain("signer@example.org"), yes);
        assert_eq!(chain("https://example.org/signer"), yes);
        assert_eq!(chain("CN=The leaf,O=Test"), yes);
        for other in ["Signer@example.org", "signer@example.org.evil", "The leaf", "", "example.org"] {
            assert_eq!(chain(other), no, "{other:?}");
        }
        let release = signed(&folder, "chain-leaf.sig");
        let wrong = [trust(&folder, "chain-leaf.sig"), vec!["--identity=nobody".into()]].concat();
        let (outcome, says, code) = outcome(&release.path(), &wrong);
        assert_eq!((outcome.as_str(), code), ("not-met", 1));
        assert!(says.contains("expected nobody, it is signer@example.org"), "{says}");
        // A key has no name; its fingerprint may be named.
        assert_eq!(ask("key-p256.sig", &["--identity", "signer@example.org"]), open);
        assert_eq!(ask("key-p256.sig", &["--identity", &format!("sha256:{}", "0".repeat(64))]), no);
        let told = verify(&signed(&folder, "key-p256.sig").path(), &trust(&folder, "key-p256.sig"));
        let own = told.one()["signer"][0].as_str().unwrap().to_owned();
        assert_eq!(ask("key-p256.sig", &["--identity", &own]), yes);
        if cfg!(feature = "keyless") {
            let (name, url) = ("signer@example.org", "https://accounts.example.org");
            let by = |name: &str, url: &str| ask("keyless.sig", &["--identity", name, "--identity-provider", url]);
            assert_eq!(by(name, url), yes);
            assert_eq!(by("other@example.org", url), no);
            assert_eq!(by(name, "https://accounts.example.net"), no);
            // The same name at another provider is somebody else.
            assert_eq!(ask("keyless.sig", &["--identity", name]), open);
        }
    }
}

#[cfg(feature = "keyless")]
#[test]
fn a_keyless_bundle_of_the_public_log() {
    use ouvert::digest::Digest;
    use ouvert::signature::TrustRoot;
    // The bundle of a conda package in sigstore-verify 0.15.1, and the trust root of the public instance in sigstore 4.5.1 (PyPI),
    // both Apache-2.0: neither was made here.
    let read = |name: &str| fs::read_to_string(Path::new(HERE).join("tests/signed/public").join(name)).unwrap();
    let (bundle, root) = (read("attestation.sigstore.json"), TrustRoot::from_json(&read("trusted_root.json")).unwrap());
    let value: Value = serde_json::from_str(&bundle).unwrap();
    let payload = STANDARD.decode(value["dsseEnvelope"]["payload"].as_str().unwrap()).unwrap();
    let subject: Digest = "54303491a8418fbed24344b513546182c29b43bf282ceb433af65e2299f9271f".parse().unwrap();
    let found = root.verify(&bundle, &payload, &subject).unwrap();
    assert_eq!(found.provider, "https://token.actions.githubusercontent.com");
    assert!(found.identity.ends_with("@refs/heads/main"), "{found:?}");
    assert!(found.at.is_some());
    assert!(root.verify(&bundle, &payload, &Digest::of(b"another")).is_err());
    assert!(root.verify(&bundle, b"another", &subject).is_err());
    let mut other = value.clone();
    flip(&mut other["dsseEnvelope"]["signatures"][0]["sig"]);
    assert!(root.verify(&other.to_string(), &payload, &subject).is_err());
    let mut other = value;
    other["verificationMaterial"]["tlogEntries"] = json!([]);
    assert!(root.verify(&other.to_string(), &payload, &subject).is_err());
    // The root of another instance vouches for none of it.
    let own = fs::read_to_string(Path::new(HERE).join("tests/signed/keyless-root.json")).unwrap();
    assert!(TrustRoot::from_json(&own).unwrap().verify(&bundle, &payload, &subject).is_err());
    for bad in ["", "{}", "[]", "{\"trustedRoot\":3}"] {
        let refused = TrustRoot::from_json(bad).map(|root| root.verify(&bundle, &payload, &subject));
        assert!(!matches!(refused, Ok(Ok(_))), "{bad}");
    }
}

#[test]
fn a_signature_elsewhere_and_a_release_below() {
    let folder = &folders()[0];
    let key = trust(folder, "key-p256.sig");
    // Outside of the release.
    let release = signed(folder, "key-p256.sig");
    let away = release.outside().join("away.sig");
    fs::rename(release.path().join("model.sig"), &away).unwrap();
    let given = [key.clone(), vec!["--signature".into(), away.to_string_lossy().into_owned()]].concat();
    let told = verify(&release.path(), &given);
    assert_eq!((told.answers().as_str(), told.code), ("holds holds holds", 0));
    assert_eq!(outcome(&release.path(), &given).0, "met");
    // In it, under a name that is not looked for.
    release.write("signature.json", fs::read(&away).unwrap());
    let inside = release.path().join("signature.json").to_string_lossy().into_owned();
    let given = [key.clone(), vec!["--signature".into(), inside]].concat();
    let told = verify(&release.path(), &given);
    assert_eq!((told.answers().as_str(), told.code), ("holds holds holds", 0), "{:#}", told.one());
    // The signature of a folder speaks of that folder.
    let whole = Release::with_card("# Two models\n");
    fs::rename(release.path(), whole.path().join("a")).unwrap();
    fs::remove_file(whole.path().join("a/signature.json")).unwrap();
    fs::copy(&away, whole.path().join("a/model.sig")).unwrap();
    let told = verify(&whole.path(), &key);
    assert_eq!((told.answers().as_str(), told.code), ("holds holds holds", 0), "{:#}", told.one());
    assert_eq!(outcome(&whole.path(), &key).0, "met");
    whole.write("b/model.safetensors", whole.bytes("a/model.safetensors"));
    let (outcome, says, _) = outcome(&whole.path(), &key);
    assert_eq!(outcome, "not-met");
    assert!(says.contains("b/model.safetensors"), "{says}");
}

#[test]
fn what_lies_beside_a_model_and_is_not_of_it() {
    let folder = &folders()[0];
    let key = trust(folder, "key-p256.sig");
    let release = signed(folder, "key-p256.sig");
    for path in [".gitattributes", ".gitignore", ".github/w.yml", ".cache/huggingface/.gitignore"] {
        release.write(path, "x");
    }
    let told = verify(&release.path(), &key);
    assert_eq!((told.answers().as_str(), told.code), ("holds holds holds", 0), "{:#}", told.one());
    assert_eq!(told.one()["ignored"].as_array().unwrap().len(), 4);
    // Deeper, or only so called, they are files like any other.
    for path in ["tokenizer/.gitattributes", ".gitattributes.py", ".githubx/w.yml"] {
        release.write(path, "x");
        assert_eq!(verify(&release.path(), &key).faults(), [(path.to_owned(), "unsigned".to_owned())]);
        release.remove(path);
    }
}

#[cfg(unix)]
#[test]
fn links_are_not_what_was_signed() {
    use std::os::unix::fs::symlink;
    let folder = &folders()[0];
    let key = trust(folder, "key-p256.sig");
    let release = signed(folder, "key-p256.sig");
    // A link within the release to the same bytes, which are signed too.
    fs::rename(release.path().join("config.json"), release.path().join("tokenizer/config.json")).unwrap();
    symlink("tokenizer/config.json", release.path().join("config.json")).unwrap();
    let faults = verify(&release.path(), &key).faults();
    let wanted = [("config.json", "link"), ("tokenizer/config.json", "unsigned")];
    assert_eq!(faults, wanted.map(|(path, kind)| (path.to_owned(), kind.to_owned())));
    // One that leads out is not followed, so nothing is known of what it leads to.
    let release = signed(folder, "key-p256.sig");
    fs::rename(release.path().join("model.safetensors"), release.outside().join("weights")).unwrap();
    symlink(release.outside().join("weights"), release.path().join("model.safetensors")).unwrap();
    let told = verify(&release.path(), &key);
    assert_eq!(told.faults(), [("model.safetensors".to_owned(), "unread".to_owned())]);
    assert_eq!((told.answers().as_str(), told.code), ("unknown holds holds", 1));
    assert_eq!(outcome(&release.path(), &key).0, "unknown");
    // One that was not signed, wherever it leads.
    let release = signed(folder, "key-p256.sig");
    symlink("/etc/hostname", release.path().join("more.txt")).unwrap();
    symlink("nowhere", release.path().join("less.txt")).unwrap();
    let wanted = [("less.txt", "unsigned"), ("more.txt", "unsigned")];
    assert_eq!(verify(&release.path(), &key).faults(), wanted.map(|(path, kind)| (path.to_owned(), kind.to_owned())));
}

#[test]
fn what_is_no_signed_manifest() {
    let folder = &folders()[0];
    let key = trust(folder, "key-p256.sig");
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let many = format!(
        "{{\"mediaType\":\"application/vnd.dev.sigstore.bundle.v0.3+json\",\"verificationMaterial\":{{\"publicKey\":{{}}}},\"dsseEnvelope\":{deep}}}"
    );
    for (text, answer) in [
        ("", "unknown unknown unknown"),
        ("-----BEGIN PGP SIGNATURE-----\n", "unknown unknown unknown"),
        ("{", "fails unknown unknown"),
        ("{}", "fails unknown unknown"),
        ("{\"mediaType\":\"application/vnd.dev.sigstore.bundle.v0.3+json\"}", "fails unknown unknown"),
        (many.as_str(), "fails unknown unknown"),
    ] {
        let release = signed(folder, "key-p256.sig");
        release.write("model.sig", text);
        let told = verify(&release.path(), &key);
        assert_eq!((told.answers().as_str(), told.code), (answer, 1), "{text:.40}");
        assert_ne!(outcome(&release.path(), &key).0, "met");
    }
    let release = signed(folder, "key-p256.sig");
    release.write("model.sig", [0xff, 0xfe, 0x00, 0x80]);
    assert_eq!(verify(&release.path(), &key).code, 1);
}

#[test]
fn names_of_a_bundle_move_no_cursor() {
    let folder = &folders()[0];
    let release = signed(folder, "key-p256.sig");
    tamper(&release, |b| {
        restate(b, |s| {
            s["subject"][0]["name"] = json!("\u{1b}[31mred\u{202e}");
            s["predicate"]["resources"][0]["name"] = json!("\u{1b}]0;title\u{7}");
            s["predicate"]["resources"][0]["digest"] = json!("0".repeat(64));
        });
    });
    for args in [&["--verbose"][..], &[], &["--quiet"], &["--format", "json"]] {
        let target = release.path().to_string_lossy().into_owned();
        let run = support::run(&[&["verify", &target], args].concat());
        assert_eq!(run.code, 1);
        assert!(!run.stdout.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{:?}", run.stdout);
    }
}

#[test]
fn files_that_hold_no_key() {
    let folder = &folders()[0];
    let release = signed(folder, "key-p256.sig");
    let target = release.path().to_string_lossy().into_owned();
    let at = |name: &str| folder.join(name).to_string_lossy().into_owned();
    for (flag, file, says) in [
        ("--public-key", at("leaf.pem"), "this is a certificate"),
        ("--public-key", at("key-p256.sig"), "there is no public key in it"),
        ("--public-key", at("nowhere.pub"), "a public key"),
        ("--certificate-chain", at("p256.pub"), "there is no certificate in it"),
        ("--signature", at("nowhere.sig"), "a signature"),
        #[cfg(feature = "keyless")]
        ("--trust-root", at("verdicts.json"), "no trust root of Sigstore"),
    ] {
        let run = support::run(&["verify", &target, flag, &file]);
        assert_eq!(run.code, 2, "{flag} {file}: {}", run.stdout);
        assert!(run.stderr.contains(says), "{flag} {file}: {}", run.stderr);
        let run = support::run(&["audit", &target, "--offline", flag, &file]);
        assert_eq!(run.code, 2, "{flag} {file}");
    }
    // Saved evidence has no bytes to hold a signature against.
    let saved = release.outside().join("evidence.json").to_string_lossy().into_owned();
    support::run(&["audit", &target, "--offline", "--save-evidence", &saved]);
    let run = support::run(&["audit", &saved, "--public-key", &at("p256.pub")]);
    assert_eq!(run.code, 2, "{}", run.stdout);
    assert_eq!(support::run(&["audit", &saved]).code, 0);
}
