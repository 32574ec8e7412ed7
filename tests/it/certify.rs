//! Certificates: written only for what was read and reached, verified by openssl too, and good for no other files, key or profile.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::support::{Release, Run, run, skip};

/// Runs openssl; nothing where there is none.
fn openssl(folder: &Path, args: &[&str]) -> Option<Run> {
    match Command::new("openssl").args(args).current_dir(folder).output() {
        Ok(output) => Some(Run::of(output)),
        Err(_) => {
            skip("there is no openssl");
            None
        }
    }
}

/// A release with keys of openssl's beside it.
struct Bench {
    release: Release,
}

/// Ways in which openssl makes a private key.
const KEYS: &[(&str, &[&str])] = &[
    ("ed25519", &["genpkey", "-algorithm", "ed25519"]),
    ("p256", &["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]),
    ("sec1", &["ecparam", "-name", "prime256v1", "-genkey", "-noout"]),
    ("parameters", &["ecparam", "-name", "prime256v1", "-genkey"]),
];

impl Bench {
    fn new() -> Option<Bench> {
        let bench = Bench { release: Release::tiny_open() };
        for (name, args) in KEYS {
            let file = format!("{name}.pem");
            let made = openssl(bench.folder(), &[args, &["-out", &file][..]].concat())?;
            assert_eq!(made.code, 0, "{}", made.stderr);
            let public = format!("{name}.pub");
            assert_eq!(openssl(bench.folder(), &["pkey", "-in", &file, "-pubout", "-out", &public])?.code, 0);
        }
        Some(bench)
    }

    fn folder(&self) -> &Path {
        self.release.outside()
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    fn certify(&self, key: &str, args: &[&str]) -> Run {
        let key = format!("{key}.pem");
        self.release.run(&[&["certify", "release", "--offline", "--key", &key], args].concat())
    }

    fn check(&self, certificate: &str, key: &str, args: &[&str]) -> (Value, i32) {
        let key = format!("{key}.pub");
        let all =
            [&["check-certificate", certificate, "release", "--public-key", &key, "--format", "json"], args].concat();
        let run = self.release.run(&all);
        (serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}", run.stderr)), run.code)
    }

    /// The three answers, as `signature files profile`, and the exit code.
    fn answers(&self, certificate: &str, key: &str) -> (String, i32) {
        let (told, code) = self.check(certificate, key, &[]);
        assert_eq!(told["valid"], code == 0);
        (answers(&told), code)
    }

    fn envelope(&self, name: &str) -> Value {
        serde_json::from_str(&fs::read_to_string(self.at(name)).unwrap()).unwrap()
    }
}

fn answers(told: &Value) -> String {
    ["signature_valid", "files_match", "profile_as_named"]
        .map(|key| told[key]["verdict"].as_str().unwrap().to_owned())
        .join(" ")
}

fn payload(envelope: &Value) -> Vec<u8> {
    STANDARD.decode(envelope["payload"].as_str().unwrap()).unwrap()
}

#[test]
fn what_is_certified_holds_and_openssl_agrees() {
    let Some(bench) = Bench::new() else { return };
    for (name, _) in KEYS {
        let run = bench.certify(name, &["--output", "c.json"]);
        assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{name}: {}", run.stderr);
        assert!(run.stderr.contains("certified: open-source"), "{}", run.stderr);
        assert_eq!(bench.answers("c.json", name), ("holds holds holds".to_owned(), 0), "{name}");
        let envelope = bench.envelope("c.json");
        let body = payload(&envelope);
        // The text that DSSE signs, put together here.
        let kind = envelope["payloadType"].as_str().unwrap();
        let mut signed = format!("DSSEv1 {} {kind} {} ", kind.len(), body.len()).into_bytes();
        signed.extend(&body);
        fs::write(bench.at("signed"), signed).unwrap();
        fs::write(bench.at("sig"), STANDARD.decode(envelope["signatures"][0]["sig"].as_str().unwrap()).unwrap())
            .unwrap();
        let public = format!("{name}.pub");
        let args: &[&str] = match *name {
            "ed25519" => {
                &["pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", &public, "-in", "signed", "-sigfile", "sig"]
            }
            _ => &["dgst", "-sha256", "-verify", &public, "-signature", "sig", "signed"],
        };
        let verified = openssl(bench.folder(), args).unwrap();
        assert_eq!(verified.code, 0, "{name}: {}{}", verified.stdout, verified.stderr);
    }
}

#[test]
fn the_statement_says_all_that_was_judged() {
    let Some(bench) = Bench::new() else { return };
    let run = bench.certify("ed25519", &["--quiet"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let statement: Value = serde_json::from_slice(&payload(&serde_json::from_str(&run.stdout).unwrap())).unwrap();
    let report = bench.release.audit(&["--offline"]).report;
    assert_eq!(statement["_type"], "https://in-toto.io/Statement/v1");
    assert_eq!(statement["predicateType"], "urn:ouvert:certificate:v1");
    let files = report["files"].as_array().unwrap();
    let subjects: Vec<(&Value, &Value)> =
        statement["subject"].as_array().unwrap().iter().map(|s| (&s["name"], &s["digest"]["sha256"])).collect();
    assert_eq!(subjects, files.iter().map(|f| (&f["path"], &f["sha256"])).collect::<Vec<_>>());
    let said = &statement["predicate"];
    assert_eq!(
        (&said["level"], &said["required"], &said["score"]),
        (&report["level"], &json!("open-source"), &report["score"])
    );
    assert_eq!(
        said["profile"],
        json!({ "id": report["profile"]["id"], "version": report["profile"]["version"], "digest": report["profile"]["digest"] })
    );
    assert_eq!((&said["evidenceDigest"], &said["auditedAt"]), (&report["evidence_digest"], &report["audited_at"]));
    assert_eq!(said["tool"], report["tool"]);
    assert_eq!(said["criteria"].as_array().unwrap().len(), report["criteria"].as_array().unwrap().len());
    // Where the release lies on this machine is nobody's business.
    assert!(
        !String::from_utf8(payload(&serde_json::from_str(&run.stdout).unwrap()))
            .unwrap()
            .contains(bench.folder().to_str().unwrap())
    );
}

#[test]
fn nothing_is_certified_that_falls_short() {
    let Some(bench) = Bench::new() else { return };
    let none = |says: &str, args: &[&str]| {
        let run = bench.certify("p256", args);
        assert_eq!((run.code, run.stdout.as_str()), (1, ""), "{}", run.stderr);
        assert!(run.stderr.contains("not certified") && run.stderr.contains(says), "{}", run.stderr);
    };
    bench.release.append("README.md", "\n");
    none("README.md: the bytes are not those published", &["--output", "c.json"]);
    assert!(!bench.at("c.json").exists());
    bench.release.append("README.md", "You may not use it commercially.\n");
    bench.release.refresh();
    none("open-source is required", &[]);
    // A lower level may be asked for.
    let run = bench.certify("p256", &["--require", "partly-open", "--output", "c.json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let (told, code) = bench.check("c.json", "p256", &[]);
    assert_eq!(
        (code, &told["certificate"]["level"], &told["certificate"]["required"]),
        (0, &json!("partly-open"), &json!("partly-open"))
    );
    fs::remove_file(bench.release.path().join("model.safetensors")).unwrap();
    none("model.safetensors", &["--require", "restricted"]);
}

#[test]
fn what_changed_since_is_named() {
    let Some(bench) = Bench::new() else { return };
    assert_eq!(bench.certify("p256", &["--output", "c.json"]).code, 0);
    let holds = |kinds: &[(&str, &str)]| {
        let (told, code) = bench.check("c.json", "p256", &[]);
        assert_eq!((answers(&told).as_str(), code), ("holds fails holds", 1), "{told:#}");
        let changes = told["changes"].as_array().unwrap();
        let found: Vec<(&str, &str)> =
            changes.iter().map(|c| (c["path"].as_str().unwrap(), c["kind"].as_str().unwrap())).collect();
        assert_eq!(found, kinds);
    };
    let weights = bench.release.bytes("model.safetensors");
    bench.release.flip("model.safetensors");
    holds(&[("model.safetensors", "changed")]);
    bench.release.remove("model.safetensors");
    holds(&[("model.safetensors", "missing")]);
    bench.release.write("other.safetensors", &weights);
    holds(&[("model.safetensors", "renamed")]);
    bench.release.write("model.safetensors", &weights);
    holds(&[("other.safetensors", "new")]);
    bench.release.remove("other.safetensors");
    // What comes later by its nature is no change.
    bench.release.write("model.sig", "{}");
    assert_eq!(bench.answers("c.json", "p256"), ("holds holds holds".to_owned(), 0));
    let run = bench.release.run(&["check-certificate", "c.json", "release", "--public-key", "p256.pub"]);
    assert!(run.stdout.ends_with("The certificate holds.\n"), "{}", run.stdout);
}

#[cfg(unix)]
#[test]
fn what_could_not_be_seen_is_covered_by_no_certificate() {
    let Some(bench) = Bench::new() else { return };
    assert_eq!(bench.certify("p256", &["--output", "c.json"]).code, 0);
    // A link that leads out is followed by no reader here, and by any loader.
    let link = bench.release.path().join("extra.bin");
    std::os::unix::fs::symlink("/etc/hostname", &link).unwrap();
    let (told, code) = bench.check("c.json", "p256", &[]);
    assert_eq!((answers(&told).as_str(), code), ("holds unknown holds", 1), "{told:#}");
    assert_eq!((&told["changes"][0]["path"], &told["changes"][0]["kind"]), (&json!("extra.bin"), &json!("unread")));
    let refused = bench.certify("p256", &[]);
    assert_eq!((refused.code, refused.stdout.as_str()), (2, ""), "{}", refused.stderr);
    assert!(refused.stderr.contains("extra.bin was not read"), "{}", refused.stderr);
}

#[test]
fn a_certificate_in_the_release_is_no_file_of_it() {
    let Some(bench) = Bench::new() else { return };
    for _ in 0..2 {
        assert_eq!(bench.certify("p256", &["--output", "release/certificate.json"]).code, 0);
        assert_eq!(bench.answers("release/certificate.json", "p256"), ("holds holds holds".to_owned(), 0));
    }
}

#[test]
fn another_key_profile_or_envelope_is_not_believed() {
    let Some(bench) = Bench::new() else { return };
    assert_eq!(bench.certify("p256", &["--output", "c.json"]).code, 0);
    for key in ["ed25519", "sec1"] {
        assert_eq!(bench.answers("c.json", key), ("fails unknown unknown".to_owned(), 1));
    }
    let good = bench.envelope("c.json");
    let tampered = |name: &str, change: &dyn Fn(&mut Value)| {
        let mut envelope = good.clone();
        change(&mut envelope);
        fs::write(bench.at("t.json"), envelope.to_string()).unwrap();
        let (told, code) = bench.check("t.json", "p256", &[]);
        assert_eq!((answers(&told).as_str(), code), ("fails unknown unknown", 1), "{name}");
        assert!(told["certificate"].is_null(), "{name}");
    };
    let body = String::from_utf8(payload(&good)).unwrap();
    let swap = |from: &str, to: &str| {
        assert!(body.contains(from), "{from}");
        json!(STANDARD.encode(body.replacen(from, to, 1)))
    };
    tampered("level", &|e| e["payload"] = swap("\"level\":\"open-source\"", "\"level\":\"open-weights\""));
    tampered("a blank", &|e| e["payload"] = swap("{", "{ "));
    tampered("type", &|e| e["payloadType"] = json!("application/json"));
    tampered("signature", &|e| {
        let mut bytes = STANDARD.decode(e["signatures"][0]["sig"].as_str().unwrap()).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        e["signatures"][0]["sig"] = json!(STANDARD.encode(bytes));
    });
    tampered("no bytes", &|e| e["signatures"][0]["sig"] = json!(""));
    for broken in ["", "{}", "[]", "{\"payload\":1}", &good.to_string().replace("signatures", "seals")] {
        fs::write(bench.at("t.json"), broken).unwrap();
        let run = bench.release.run(&["check-certificate", "t.json", "release", "--public-key", "p256.pub"]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{broken}");
        assert!(run.stderr.contains("t.json"), "{}", run.stderr);
    }
    // By rules that are not those named.
    let house = fs::read_to_string(Path::new(crate::support::HERE).join("rules/three-criteria.toml")).unwrap();
    fs::write(bench.at("house.toml"), house.replace("weight = 3.0", "weight = 2.0")).unwrap();
    let (told, code) = bench.check("c.json", "p256", &["--profile", "house.toml"]);
    assert_eq!((answers(&told).as_str(), code), ("holds holds fails", 1));
    assert_eq!(bench.certify("p256", &["--profile", "house.toml", "--output", "h.json"]).code, 0);
    assert_eq!(bench.answers("h.json", "p256"), ("holds holds fails".to_owned(), 1));
    assert_eq!(bench.check("h.json", "p256", &["--profile", "house.toml"]).1, 0);
}

#[test]
fn a_statement_of_another_kind_is_no_certificate() {
    let Some(bench) = Bench::new() else { return };
    let seal = |statement: &str| {
        // A stranger's statement, signed by the very key: openssl signs what DSSE asks for.
        let kind = "application/vnd.in-toto+json";
        fs::write(bench.at("signed"), format!("DSSEv1 {} {kind} {} {statement}", kind.len(), statement.len())).unwrap();
        let made = openssl(bench.folder(), &["dgst", "-sha256", "-sign", "p256.pem", "-out", "sig", "signed"]).unwrap();
        assert_eq!(made.code, 0, "{}", made.stderr);
        let sig = STANDARD.encode(fs::read(bench.at("sig")).unwrap());
        let envelope =
            json!({ "payloadType": kind, "payload": STANDARD.encode(statement), "signatures": [{ "sig": sig }] });
        fs::write(bench.at("s.json"), envelope.to_string()).unwrap();
        bench.check("s.json", "p256", &[])
    };
    assert_eq!(bench.certify("p256", &["--output", "c.json"]).code, 0);
    let real = String::from_utf8(payload(&bench.envelope("c.json"))).unwrap();
    assert_eq!(seal(&real).1, 0, "what openssl signs is taken");
    let mut twice: Value = serde_json::from_str(&real).unwrap();
    let first = twice["subject"][0].clone();
    twice["subject"].as_array_mut().unwrap().push(first);
    let mut bare: Value = serde_json::from_str(&real).unwrap();
    bare["subject"][0]["digest"] = json!({ "sha1": "da39a3ee5e6b4b0d3255bfef95601890afd80709" });
    let mut none: Value = serde_json::from_str(&real).unwrap();
    none["subject"] = json!([]);
    for (name, statement) in [
        ("no JSON", "x".to_owned()),
        ("provenance", real.replace("urn:ouvert:certificate:v1", "https://slsa.dev/provenance/v1")),
        (
            "no predicate",
            "{\"_type\":\"https://in-toto.io/Statement/v1\",\"predicateType\":\"urn:ouvert:certificate:v1\"}"
                .to_owned(),
        ),
        ("a file twice", twice.to_string()),
        ("no SHA-256", bare.to_string()),
        ("no files", none.to_string()),
    ] {
        let (told, code) = seal(&statement);
        assert_eq!(code, 1, "{name}: {told:#}");
        assert!(answers(&told) != "holds holds holds" && told["valid"] == false, "{name}");
    }
}

#[test]
fn keys_that_cannot_sign_or_verify_are_named_with_the_next_step() {
    let Some(bench) = Bench::new() else { return };
    let pass = ["pkey", "-in", "p256.pem", "-aes256", "-passout", "pass:x", "-out", "locked.pem"];
    assert_eq!(openssl(bench.folder(), &pass).unwrap().code, 0);
    let rsa = ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", "rsa.pem"];
    assert_eq!(openssl(bench.folder(), &rsa).unwrap().code, 0);
    fs::copy(bench.at("p256.pub"), bench.at("public.pem")).unwrap();
    fs::write(bench.at("empty.pem"), "").unwrap();
    for (key, says) in [
        ("locked", "encrypted"),
        ("rsa", "Ed25519 or ECDSA P-256"),
        ("public", "no private key"),
        ("empty", "no private key"),
        ("absent", "absent.pem"),
    ] {
        let run = bench.certify(key, &[]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{key}");
        assert!(run.stderr.contains(says) && run.stderr.contains(&format!("{key}.pem")), "{}", run.stderr);
    }
    assert_eq!(bench.certify("p256", &["--output", "c.json"]).code, 0);
    let private = bench.release.run(&["check-certificate", "c.json", "release", "--public-key", "p256.pem"]);
    assert_eq!(private.code, 2);
    assert!(private.stderr.contains("-pubout"), "{}", private.stderr);
    let bare = run(&["check-certificate", "c.json"]);
    assert!(bare.code == 2 && bare.stderr.contains("--public-key"), "{}", bare.stderr);
    let level = bench.certify("p256", &["--require", "open-sauce"]);
    assert!(level.code == 2 && level.stderr.contains("open-source"), "{}", level.stderr);
}
