//! A store that lies: about keys, sizes, digests and ends, and that sends callers elsewhere. Nothing follows it, no credential goes
//! anywhere but to it, nothing is believed that was not read, and every run ends.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ouvert::digest::Digest;
use serde_json::{Value, json};

use super::shop::{Asked, Shop, Told};
use super::{audited, file, reaching, refused, run, verified};

const CARD: &str = "---\nlicense: apache-2.0\n---\n# A\n\nA model.\n";
/// Bytes of the one large object: more than is fetched whole.
const LARGE: usize = 1_200_000;
const SECRET: &str = "wJalrXUtnFEMIbPxRfiCYEXAMPLEKEY";
const SESSION: &str = "FwoGZXIvYXdzEXAMPLETOKEN";

/// The program with what opens a shop.
fn at(shop: &Shop) -> Command {
    let mut command = reaching();
    command.env("AWS_ENDPOINT_URL", shop.url()).env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
    command.env("AWS_SECRET_ACCESS_KEY", SECRET).env("AWS_SESSION_TOKEN", SESSION);
    command
}

/// A page of a listing: keys and sizes as written, and where it goes on.
fn page(objects: &[(&str, &str)], next: Option<&str>) -> Told {
    let one = |(key, size): &(&str, &str)| {
        format!("<Contents><Key>{key}</Key><Size>{size}</Size><ETag>&quot;t&quot;</ETag></Contents>")
    };
    let all: String = objects.iter().map(one).collect();
    let next = next.map(|mark| format!("<NextContinuationToken>{mark}</NextContinuationToken>"));
    let cut = next.is_some();
    let next = next.unwrap_or_default();
    Told::new(200, format!("<ListBucketResult><IsTruncated>{cut}</IsTruncated>{all}{next}</ListBucketResult>"))
}

fn large() -> Vec<u8> {
    (0..LARGE).map(|n| (n / 7 % 251) as u8).collect()
}

/// The list of digests of the release.
fn sums() -> String {
    format!("{}  large.bin\n", Digest::of(&large()))
}

/// What an honest store answers of a card, a list of digests and a large object.
fn honest(asked: &Asked) -> Told {
    if asked.is_page() {
        let (card, sums, large) = (CARD.len().to_string(), sums().len().to_string(), LARGE.to_string());
        return page(&[("m/README.md", &card), ("m/SHA256SUMS", &sums), ("m/large.bin", &large)], None);
    }
    let body = match asked {
        _ if asked.is_for("/README.md") => CARD.as_bytes().to_vec(),
        _ if asked.is_for("/SHA256SUMS") => sums().into_bytes(),
        _ if asked.is_for("/large.bin") => large(),
        _ => return Told::new(404, "<Error><Code>NoSuchKey</Code></Error>"),
    };
    ranged(asked, body).with("ETag", "\"t\"")
}

/// The part of a body that is asked for.
fn ranged(asked: &Asked, body: Vec<u8>) -> Told {
    let range = asked.header("range").and_then(|r| r.strip_prefix("bytes=")?.split_once('-'));
    let Some((from, to)) = range.and_then(|(a, b)| Some((a.parse::<usize>().ok()?, b.parse::<usize>().ok()?))) else {
        return Told::new(200, body);
    };
    let told = format!("bytes {from}-{to}/{}", body.len());
    Told::new(206, &body[from..=to]).with("Content-Range", told)
}

/// What a store recorded of a body, as S3 tells it.
fn recorded(told: Told, body: &[u8], kind: &str) -> Told {
    let hex = Digest::of(body).hex().to_owned();
    let raw: Vec<u8> = (0..32).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).expect("hex")).collect();
    told.with("x-amz-checksum-sha256", STANDARD.encode(raw)).with("x-amz-checksum-type", kind)
}

#[test]
fn an_honest_store_is_read_and_asked_for_nothing_but_what_is_read() {
    let shop = Shop::open(honest);
    let (answer, code) = verified(&mut at(&shop), "s3://b/m");
    assert_eq!((code, &file(&answer, "large.bin")["status"]), (0, &"verified".into()), "{answer}");
    let seen = shop.seen();
    assert!(seen.len() <= 9 && seen.iter().all(|r| ["GET", "HEAD"].contains(&r.method.as_str())), "{seen:?}");
    for request in &seen {
        let signed = request.header("authorization").expect("signed");
        assert!(signed.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/") && !signed.contains(SECRET), "{signed}");
        assert_eq!(request.header("x-amz-security-token"), Some(SESSION));
        // An object is read as it was listed, or not.
        assert!(
            request.method == "HEAD" || request.is_page() || request.header("if-match") == Some("\"t\""),
            "{request:?}"
        );
    }
    let large = seen.iter().filter(|r| r.is_for("/large.bin") && r.method == "GET");
    assert_eq!(large.filter(|r| r.header("range").is_none()).count(), 1, "{seen:?}");

    // Without credentials nothing is signed.
    let shop = Shop::open(honest);
    let mut nobody = reaching();
    verified(nobody.env("AWS_ENDPOINT_URL", shop.url()), "s3://b/m");
    assert!(shop.seen().iter().all(|r| r.header("authorization").is_none()));
}

#[test]
fn offline_nothing_is_sent() {
    let shop = Shop::open(honest);
    for args in
        [["audit", "s3://b/m", "--offline"], ["verify", "s3://b/m", "--offline"], ["certify", "s3://b/m", "--offline"]]
    {
        let key: &[&str] = if args[0] == "certify" { &["--key", "tests/signed/none.pem"] } else { &[] };
        let said = refused(&mut at(&shop), &[&args[..], key].concat());
        assert!(args[0] == "certify" || said.contains("without the network"), "{said}");
    }
    let said = refused(at(&shop).env("HF_HUB_OFFLINE", "1"), &["audit", "s3://b/m"]);
    assert!(said.contains("leave `--offline` out"), "{said}");
    assert!(shop.seen().is_empty());
}

#[test]
fn redirects_are_not_followed_and_no_credential_goes_elsewhere() {
    let elsewhere = Arc::new(Shop::open(honest));
    for status in [301, 302, 303, 307, 308] {
        let away = elsewhere.url().to_owned();
        let shop = Shop::open(move |_| Told::new(status, "").with("Location", format!("{away}/b/")));
        let said = refused(&mut at(&shop), &["audit", "s3://b/m"]);
        assert!(said.contains("a link that is not followed"), "{status}: {said}");
        let away = elsewhere.url().to_owned();
        let shop = Shop::open(move |asked| match asked.is_for("/large.bin") {
            true => Told::new(status, "").with("Location", format!("{away}/b/m/large.bin")),
            false => honest(asked),
        });
        let (answer, _) = verified(&mut at(&shop), "s3://b/m");
        assert_ne!(file(&answer, "large.bin")["status"], "verified", "{status}: {answer}");
    }
    assert!(elsewhere.seen().is_empty(), "{:?}", elsewhere.seen());
}

#[test]
fn a_bucket_of_another_region_is_told_with_it() {
    const MALFORMED: &str = "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-1</Region></Error>";
    let answers: [fn() -> Told; 2] = [
        || Told::new(301, "<Error><Code>PermanentRedirect</Code></Error>").with("x-amz-bucket-region", "eu-west-1"),
        || Told::new(400, MALFORMED),
    ];
    for answer in answers {
        let shop = Shop::open(move |_| answer());
        let said = refused(&mut at(&shop), &["audit", "s3://b/m"]);
        assert!(said.contains("another region: eu-west-1") && said.contains("set AWS_REGION"), "{said}");
    }
    let shop = Shop::open(honest);
    verified(at(&shop).env("AWS_REGION", "eu-west-1"), "s3://b/m");
    assert!(shop.seen().iter().all(|r| r.header("authorization").is_some_and(|a| a.contains("/eu-west-1/s3/"))));
}

#[test]
fn refusals_are_told_and_their_words_are_not_repeated() {
    let body = format!("<Error><Code>AccessDenied</Code><Message>\u{1b}[2J{SECRET} {SESSION}</Message></Error>");
    let shop = Shop::open(move |_| Told::new(403, body.clone()));
    let said = refused(&mut at(&shop), &["audit", "s3://b/m"]);
    assert!(
        said.contains("the store refuses access: AccessDenied") && said.contains("set AWS_ACCESS_KEY_ID"),
        "{said}"
    );
    assert!(!said.contains(SECRET) && !said.contains(SESSION) && !said.contains('\u{1b}'), "{said}");
    let shop = Shop::open(|_| Told::new(404, "<Error><Code>NoSuchBucket</Code></Error>"));
    assert!(refused(&mut at(&shop), &["audit", "s3://b/m"]).contains("no such bucket"));
}

#[test]
fn listings_without_end_and_of_another_kind_have_no_report() {
    type Nth = Box<dyn Fn(usize) -> Told + Send + Sync>;
    let rows: Vec<(&str, Nth)> = vec![
        ("has no end", Box::new(|_| page(&[("m/README.md", "5")], Some("again")))),
        ("has no end", Box::new(|n| page(&[], Some(&format!("mark {n}"))))),
        (
            "does not tell where",
            Box::new(|_| Told::new(200, "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>")),
        ),
        ("not the answer of such a service", Box::new(|_| Told::new(200, "<html>Sign in</html>"))),
        ("not the answer of such a service", Box::new(|_| Told::new(200, "{}"))),
        ("not the answer of such a service", Box::new(|_| page(&[("m/a", "-1")], None))),
        ("not the answer of such a service", Box::new(|_| page(&[("m/a", "18446744073709551616")], None))),
        ("nested too deep", Box::new(|_| Told::new(200, "<ListBucketResult>".to_owned() + &"<a>".repeat(1_000_000)))),
        ("too long", Box::new(|_| Told::new(200, vec![b' '; 17 * 1024 * 1024]))),
        ("too long", Box::new(|_| Told::new(200, "<ListBucketResult>").of_length(1 << 50))),
        ("broke off", Box::new(|_| Told::new(200, "<ListBucketResult>").of_length(5000))),
        (
            "more than 200000 files",
            Box::new(|n| {
                let keys: Vec<String> = (0..9000).map(|i| format!("m/{n}-{i}")).collect();
                page(&keys.iter().map(|k| (k.as_str(), "1")).collect::<Vec<_>>(), Some(&format!("mark {n}")))
            }),
        ),
    ];
    for (words, answer) in rows {
        let count = AtomicUsize::new(0);
        let shop = Shop::open(move |_| answer(count.fetch_add(1, Ordering::Relaxed)));
        let said = refused(&mut at(&shop), &["audit", "s3://b/m"]);
        assert!(said.contains(words), "{words}: {said}");
        assert!(shop.seen().len() <= 30, "{words}: {} requests", shop.seen().len());
    }
}

#[test]
fn keys_that_lead_out_or_stand_twice_are_told() {
    let shop = Shop::open(|asked| match asked.is_page() {
        true => page(
            &[
                ("m/README.md", "42"),
                ("m/README.md", "7"),
                ("m/../../etc/passwd", "5"),
                ("/etc/passwd", "5"),
                ("other/x", "5"),
                ("m/a&#1;b", "5"),
                ("m/d&#0;b", "5"),
                ("m/b&lol;c", "5"),
            ],
            None,
        ),
        false => honest(asked),
    });
    let audit = audited(&mut at(&shop), "s3://b/m", &[]);
    assert_eq!(audit.report["files"].as_array().unwrap().len(), 1, "{}", audit.report["files"]);
    for (key, kind) in
        [("README.md", "no-path"), ("../../etc/passwd", "outside"), ("/etc/passwd", "outside"), ("other/x", "outside")]
    {
        assert_eq!(audit.gap(key), Some(kind), "{key}: {}", audit.gaps());
    }
    assert_eq!(audit.report["gaps"].to_string().matches("no-path").count(), 4, "{}", audit.gaps());
    assert!(shop.seen().iter().all(|r| r.is_page() || r.is_for("/b/m/README.md")), "{:?}", shop.seen());
}

#[test]
fn bytes_that_are_not_those_listed_are_never_verified() {
    type Lie = fn(&Asked) -> Told;
    let rows: [(&str, Lie); 8] = [
        ("unreachable", |_| Told::new(200, &large()[..1000]).of_length(LARGE as u64)),
        ("changed", |_| Told::new(200, &large()[..1000])),
        ("changed", |_| Told::new(200, [large(), large()].concat())),
        ("changed", |_| Told::new(412, "<Error><Code>PreconditionFailed</Code></Error>")),
        ("not-found", |_| Told::new(404, "<Error><Code>NoSuchKey</Code></Error>")),
        ("forbidden", |_| Told::new(403, "<Error><Code>AccessDenied</Code></Error>")),
        ("bad-answer", |_| Told::new(418, "")),
        ("changed", |_| Told::new(416, "")),
    ];
    for (kind, answer) in rows {
        let shop = Shop::open(move |asked| if asked.is_for("/large.bin") { answer(asked) } else { honest(asked) });
        let audit = audited(&mut at(&shop), "s3://b/m", &["--download"]);
        let all = audit.report["gaps"].as_array().unwrap();
        assert!(all.iter().any(|g| g["what"] == "large.bin" && g["kind"] == kind), "{kind}: {}", audit.gaps());
        assert_eq!(audit.status("large.bin"), Some("declared"), "{kind}");
        assert_ne!(audit.outcome("integrity-digests"), "met", "{kind}");
    }
    // The same length, other bytes.
    let shop = Shop::open(|asked| match asked.is_for("/large.bin") {
        true => ranged(asked, large().into_iter().rev().collect()),
        false => honest(asked),
    });
    assert_eq!(verified(&mut at(&shop), "s3://b/m").1, 1);
}

#[test]
fn sizes_beyond_all_bounds_cost_nothing() {
    let shop = Shop::open(|asked| match asked.is_page() {
        true => page(
            &[
                ("m/README.md", "70368744177664"),
                ("m/a.safetensors", "70368744177664"),
                ("m/b.bin", "9223372036854775807"),
                ("m/c.bin", "18446744073709551615"),
            ],
            None,
        ),
        false => Told::new(200, CARD),
    });
    let audit = audited(&mut at(&shop), "s3://b/m", &[]);
    for (path, kind) in
        [("README.md", "too-big"), ("a.safetensors", "changed"), ("b.bin", "bad-answer"), ("c.bin", "bad-answer")]
    {
        assert_eq!(audit.gap(path), Some(kind), "{}", audit.gaps());
    }
    assert!(shop.seen().len() < 20, "{}", shop.seen().len());
}

#[test]
fn a_part_of_another_place_or_object_is_not_taken() {
    let header = || {
        let json = br#"{"w":{"dtype":"U8","shape":[1199900],"data_offsets":[0,1199900]}}"#;
        let mut body = [&(json.len() as u64).to_le_bytes()[..], json].concat();
        body.resize(8 + json.len() + 1_199_900, 0);
        body
    };
    let length = header().len().to_string();
    let listing = move |asked: &Asked| {
        asked.is_page().then(|| page(&[("m/README.md", "42"), ("m/w.safetensors", &length)], None))
    };
    type Part = fn(&Asked, Vec<u8>) -> Told;
    let rows: [(bool, Part); 4] = [
        (true, ranged),
        (false, |_, body| Told::new(206, &body[..65_536]).with("Content-Range", "bytes 1-65536/1199971")),
        (false, |_, body| Told::new(206, &body[..65_536]).with("Content-Range", "bytes 0-65535/7")),
        (false, |_, body| Told::new(206, &body[..65_536])),
    ];
    for (sound, answer) in rows {
        let listing = listing.clone();
        let shop = Shop::open(move |asked| match listing(asked) {
            Some(page) => page,
            None if asked.is_for("/w.safetensors") => answer(asked, header()),
            None => honest(asked),
        });
        let audit = audited(&mut at(&shop), "s3://b/m", &["--no-hash"]);
        assert_eq!(audit.outcome("integrity-safe-format") == "met", sound, "{}", audit.says("integrity-safe-format"));
        assert_eq!(audit.gap("w.safetensors"), (!sound).then_some("changed"), "{}", audit.gaps());
        assert!(
            shop.seen().iter().all(|r| !r.is_for(".safetensors") || r.header("range").is_some()),
            "{:?}",
            shop.seen()
        );
    }
}

#[test]
fn a_recorded_digest_is_held_against_the_bytes() {
    let shop = |answer: fn(Told) -> Told| {
        Shop::open(move |asked| match asked.method == "HEAD" && asked.is_for("/large.bin") {
            true => answer(Told::new(200, "").of_length(LARGE as u64).with("ETag", "\"t\"")),
            false => honest(asked),
        })
    };
    let by = |shop: &Shop| file(&audited(&mut at(shop), "s3://b/m", &[]).report, "large.bin")["digest_by"].clone();
    let truth = shop(|told| recorded(told, &large(), "FULL_OBJECT"));
    assert_eq!(by(&truth), "recorded");
    let head = truth.seen().into_iter().find(|r| r.method == "HEAD").expect("a HEAD");
    assert_eq!(head.header("x-amz-checksum-mode"), Some("ENABLED"));
    assert!(head.header("authorization").is_some_and(|a| a.contains("x-amz-checksum-mode")), "{head:?}");

    // What is of parts, of another object or of no length is no digest of the file.
    assert_eq!(by(&shop(|told| recorded(told, b"parts", "COMPOSITE"))), "recomputed");
    assert_eq!(
        by(&shop(|told| told.with("x-amz-checksum-sha256", "AAAA").with("x-amz-checksum-type", "FULL_OBJECT"))),
        "recomputed"
    );
    assert_eq!(
        by(&shop(|_| recorded(Told::new(200, "").of_length(LARGE as u64).with("ETag", "\"u\""), b"x", "FULL_OBJECT"))),
        "recomputed"
    );
    assert_eq!(
        by(&shop(|_| recorded(Told::new(200, "").of_length(7).with("ETag", "\"t\""), b"x", "FULL_OBJECT"))),
        "recomputed"
    );
    assert_eq!(by(&shop(|_| Told::new(403, ""))), "recomputed");

    // A record that is not of the bytes is told by both digests as soon as they are read.
    let lie = shop(|told| recorded(told, b"other", "FULL_OBJECT"));
    let audit = audited(&mut at(&lie), "s3://b/m", &["--download"]);
    assert_eq!((audit.code, audit.status("large.bin")), (1, Some("mismatched")));
    let says = audit.says("integrity-digests");
    let (record, bytes) = (Digest::of(b"other").hex()[..12].to_owned(), Digest::of(&large()).hex()[..12].to_owned());
    assert!(says.contains(&record) && says.contains(&bytes) && says.contains("record of the store"), "{says}");
    let screen = run(&mut at(&lie), &["verify", "s3://b/m"]);
    assert_eq!(screen.code, 1);
    assert!(
        screen.stdout.contains(Digest::of(b"other").hex()) && screen.stdout.contains(Digest::of(&large()).hex()),
        "{}",
        screen.stdout
    );
    // Taken at its word, it is held against what is published.
    assert_eq!(audited(&mut at(&lie), "s3://b/m", &[]).status("large.bin"), Some("mismatched"));
}

/// A signed list that names the large object, by whomever.
fn signature() -> String {
    let made = std::fs::read_to_string("tests/signed/key-p256.sig").expect("a bundle");
    let mut bundle: Value = serde_json::from_str(&made).expect("JSON");
    let payload = STANDARD.decode(bundle["dsseEnvelope"]["payload"].as_str().expect("a payload")).expect("base64");
    let mut statement: Value = serde_json::from_slice(&payload).expect("JSON");
    let digest = Digest::of(&large()).hex().to_owned();
    statement["predicate"]["resources"] = json!([{ "name": "large.bin", "algorithm": "sha256", "digest": digest }]);
    bundle["dsseEnvelope"]["payload"] = json!(STANDARD.encode(statement.to_string()));
    bundle.to_string()
}

#[test]
fn a_signature_is_held_against_bytes_that_were_read() {
    for (signed, by) in [(false, "recorded"), (true, "recomputed")] {
        let shop = Shop::open(move |asked| match asked.method.as_str() {
            "HEAD" => {
                recorded(Told::new(200, "").of_length(LARGE as u64).with("ETag", "\"t\""), &large(), "FULL_OBJECT")
            }
            _ if asked.is_page() => {
                let (bundle, large) = (signature().len().to_string(), LARGE.to_string());
                let name = if signed { "m/model.sig" } else { "m/other.sig.txt" };
                page(&[("m/README.md", "42"), ("m/large.bin", &large), (name, &bundle)], None)
            }
            _ if asked.is_for("/model.sig") || asked.is_for("/other.sig.txt") => Told::new(200, signature()),
            _ => honest(asked),
        });
        let audit = audited(&mut at(&shop), "s3://b/m", &[]);
        assert_eq!(file(&audit.report, "large.bin")["digest_by"], by, "{}", audit.report["files"]);
    }
}

#[test]
fn an_address_in_the_clear_must_be_of_this_machine() {
    for (name, target) in [
        ("AWS_ENDPOINT_URL", "s3://b/m"),
        ("STORAGE_EMULATOR_HOST", "gs://b/m"),
        ("AZURE_STORAGE_ENDPOINT", "az://b/m"),
    ] {
        let said = refused(reaching().env(name, "http://192.0.2.1:9"), &["audit", target]);
        assert!(said.contains("not encrypted") && said.contains(name), "{said}");
    }
    for (name, value, target) in [
        ("AWS_SESSION_TOKEN", "a\tb", "s3://b/m"),
        ("AWS_REGION", "eu west", "s3://b/m"),
        ("AWS_ENDPOINT_URL", "ftp://127.0.0.1", "s3://b/m"),
        ("AZURE_STORAGE_ACCOUNT_KEY", "not base64", "az://b/m"),
        ("GOOGLE_APPLICATION_CREDENTIALS", "tests/none.json", "gs://b/m"),
        ("GOOGLE_APPLICATION_CREDENTIALS", "Cargo.toml", "gs://b/m"),
    ] {
        let mut command = reaching();
        command.env("AZURE_STORAGE_ACCOUNT_NAME", "account").env(name, value);
        let said = refused(&mut command, &["audit", target]);
        assert!(!said.contains("not base64") || name.starts_with("AWS_E"), "{said}");
    }
    assert!(refused(&mut reaching(), &["audit", "az://b/m"]).contains("AZURE_STORAGE_ACCOUNT_NAME"));
    // What opens a store is not looked at for a release that lies in none.
    let mut command = reaching();
    command.env("AWS_ENDPOINT_URL", "nonsense").env("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere");
    assert_eq!(run(&mut command, &["verify", "tests/releases/tiny-open"]).code, 0);
}
