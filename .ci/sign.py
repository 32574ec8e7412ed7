"""Signs a small release with the real `model_signing`, in every way that it knows and a few that it does not; and makes a keyless
bundle with an authority, a log and a clock of its own, which the real verifier of `model_signing` accepts.
Usage: sign.py DIR, with the Python that has model-signing and pyOpenSSL. Nothing is sent anywhere."""

import base64, datetime, hashlib, json, os, pathlib, struct, subprocess, sys

import cryptography.x509 as x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier
from google.protobuf import json_format
from model_signing import hashing, signing, verifying
from model_signing._signing import sign_ec_key, sign_sigstore_pb
from model_signing._signing import signing as inner

root = pathlib.Path(sys.argv[1])
release = root / "release"
IN_TOTO = "application/vnd.in-toto+json"


def lay_out():
    (release / "tokenizer").mkdir(parents=True, exist_ok=True)
    (release / "README.md").write_text("---\nlicense: apache-2.0\n---\n# Signed\n\nA model of three kilobytes.\n")
    (release / "model.safetensors").write_bytes(
        struct.pack("<Q", 64) + json.dumps({"w": {"dtype": "U8", "shape": [3000], "data_offsets": [0, 3000]}}).ljust(64).encode()
        + bytes(i * 7 % 251 for i in range(3000))
    )
    (release / "config.json").write_text('{"model_type": "toy"}\n')
    (release / "notes.txt").write_text("Notes that are not signed.\n")
    (release / "empty").write_bytes(b"")
    (release / "tokenizer" / "vocab.txt").write_text("a\nb\n")


def pem(key):
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def public(key):
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def spki(key):
    return key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def key(name, curve):
    made = ec.generate_private_key(curve)
    (root / f"{name}.key").write_bytes(pem(made))
    (root / f"{name}.pub").write_bytes(public(made))
    return made


def config(kind="files", **how):
    made = hashing.Config()
    made = made.use_shard_serialization(**how) if kind == "shards" else made.use_file_serialization(**how)
    return made


def sign(out, signer, made=None, ignore=()):
    made = (made or config()).set_ignored_paths(paths=list(ignore))
    signer(signing.Config()).set_hashing_config(made).sign(release, root / out)


def payload(made=None):
    """The statement that model_signing would sign."""
    manifest = (made or config()).hash(release)
    return json_format.MessageToJson(inner.Payload(manifest).statement.pb).encode()


def bundle(body, seal, material, keyid=""):
    return {
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": material,
        "dsseEnvelope": {
            "payload": base64.b64encode(body).decode(),
            "payloadType": IN_TOTO,
            "signatures": [{"sig": base64.b64encode(seal).decode(), **({} if keyid == "absent" else {"keyid": keyid})}],
        },
    }


def write(name, value):
    (root / name).write_text(json.dumps(value))


def keys():
    for name, curve in [("p256", ec.SECP256R1()), ("p384", ec.SECP384R1()), ("p521", ec.SECP521R1()), ("other", ec.SECP256R1())]:
        key(name, curve)
    for name in ["p256", "p384", "p521"]:
        use = lambda c, name=name: c.use_elliptic_key_signer(private_key=root / f"{name}.key")
        sign(f"key-{name}.sig", use)
    use = lambda c: c.use_elliptic_key_signer(private_key=root / "p256.key")
    sign("shards.sig", use, config("shards", shard_size=1000))
    sign("one-shard.sig", use, config("shards"))
    sign("ignore.sig", use, ignore=["notes.txt"])
    sign("ignore-weights.sig", use, ignore=["model.safetensors"])
    sign("blake3.sig", use, config(hashing_algorithm="blake3"))
    sign("blake2b.sig", use, config(hashing_algorithm="blake2"))
    sign("blake2b-shards.sig", use, config("shards", hashing_algorithm="blake2", shard_size=1000))
    # Ed25519 is not model_signing's; DSSE does not care.
    made = ed25519.Ed25519PrivateKey.generate()
    (root / "ed25519.pub").write_bytes(public(made))
    body = payload()
    write("key-ed25519.sig", bundle(body, made.sign(sign_sigstore_pb.pae(body)), {"publicKey": {}}))


def shapes():
    """What other writers of bundles leave out, or write otherwise; and statements that are signed well and do not hold."""
    made = serialization.load_pem_private_key((root / "p256.key").read_bytes(), None)
    seal = lambda body: made.sign(sign_sigstore_pb.pae(body), ec.ECDSA(hashes.SHA256()))
    body = payload()
    for name, keyid in [("null", None), ("none", "None"), ("absent", "absent")]:
        write(f"keyid-{name}.sig", bundle(body, seal(body), {"publicKey": {"hint": ""}}, keyid))
    value = json.loads(body)
    value["subject"][0]["digest"]["sha256"] = "0" * 64
    wrong = json.dumps(value).encode()
    write("wrong-subject.sig", bundle(wrong, seal(wrong), {"publicKey": {}}))
    value = json.loads(body)
    value["predicate"]["resources"][0]["name"] = "../README.md"
    wrong = json.dumps(value).encode()
    write("outside.sig", bundle(wrong, seal(wrong), {"publicKey": {}}))
    value = json.loads(body)
    value["predicate"]["resources"] = []
    value["predicate"]["serialization"]["ignore_paths"] = ["."]
    value["subject"][0]["digest"]["sha256"] = hashlib.sha256(b"").hexdigest()
    nothing = json.dumps(value).encode()
    write("nothing.sig", bundle(nothing, seal(nothing), {"publicKey": {}}))
    other = json.dumps({**json.loads(body), "predicateType": "https://slsa.dev/provenance/v1"}).encode()
    write("provenance.sig", bundle(other, seal(other), {"publicKey": {}}))
    # Release 0.2: files are subjects, and what is signed is Python's way to write bytes.
    value = json.loads(body)
    files = [{"name": r["name"], "digest": {"sha256": r["digest"]}} for r in value["predicate"]["resources"]]
    early = {"_type": value["_type"], "subject": files, "predicateType": "https://model_signing/Digests/v0.1", "predicate": {"unused": "it's"}}
    early = json.dumps(early).encode()
    for name, hash in [("p256", hashes.SHA256()), ("p384", hashes.SHA384())]:
        made = serialization.load_pem_private_key((root / f"{name}.key").read_bytes(), None)
        write(f"early-{name}.sig", bundle(early, made.sign(sign_sigstore_pb.pae_compat(early), ec.ECDSA(hash)), {"publicKey": {}}))


def openssl(*args):
    subprocess.run(["openssl", *args], check=True, capture_output=True, cwd=root)


def chains():
    """Certificates as openssl makes them: a root, an intermediate, signers of several kinds."""
    leaf = "keyUsage=critical,digitalSignature\nsubjectAltName=email:signer@example.org,URI:https://example.org/signer\n"
    kinds = {
        "leaf": leaf,
        "code": "extendedKeyUsage=codeSigning\nsubjectAltName=email:signer@example.org\n",
        "bare": "subjectAltName=email:signer@example.org\n",
        "tls": "keyUsage=critical,keyEncipherment\nextendedKeyUsage=serverAuth\nsubjectAltName=DNS:example.org\n",
    }
    authority = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n"
    for name in ["root", "middle", "elsewhere", "self", *kinds]:
        openssl("ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", f"{name}.key")
    for name in ["root", "elsewhere"]:
        openssl("req", "-x509", "-new", "-key", f"{name}.key", "-subj", f"/O=Test/CN=Root {name}", "-days", "36500", "-out", f"{name}.pem",
                "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    openssl("req", "-x509", "-new", "-key", "self.key", "-subj", "/O=Test/CN=self@example.org", "-days", "36500", "-out", "self.pem",
            "-addext", "keyUsage=critical,digitalSignature", "-addext", "subjectAltName=email:self@example.org")

    def issue(name, by, extensions):
        (root / f"{name}.ext").write_text(extensions)
        openssl("req", "-new", "-key", f"{name}.key", "-subj", f"/O=Test/CN=The {name}", "-out", f"{name}.csr")
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{by}.pem", "-CAkey", f"{by}.key", "-CAcreateserial", "-days", "36500",
                "-extfile", f"{name}.ext", "-out", f"{name}.pem")

    issue("middle", "root", authority)
    for name, extensions in kinds.items():
        issue(name, "middle", extensions)
    for name in [*kinds, "self"]:
        chain = [root / "self.pem"] if name == "self" else [root / "middle.pem", root / "root.pem"]
        use = lambda c: c.use_certificate_signer(
            private_key=root / f"{name}.key", signing_certificate=root / f"{name}.pem", certificate_chain=chain)
        sign(f"chain-{name}.sig", use)
    # Somebody else's certificate beside a signature by their own key.
    made = json.loads((root / "chain-leaf.sig").read_text())
    made["dsseEnvelope"] = json.loads((root / "key-p256.sig").read_text())["dsseEnvelope"]
    write("chain-borrowed.sig", made)
    # A signer whose certificate an ordinary signer issued.
    openssl("ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", "child.key")
    issue("child", "leaf", leaf)
    use = lambda c: c.use_certificate_signer(private_key=root / "child.key", signing_certificate=root / "child.pem",
                                             certificate_chain=[root / "leaf.pem", root / "middle.pem", root / "root.pem"])
    sign("chain-child.sig", use)


NOW = datetime.datetime(2026, 1, 31, 12, tzinfo=datetime.timezone.utc)
P256 = ec.ECDSA(hashes.SHA256())


def dated():
    """A signer whose certificate has run out, and one whose root was not valid yet when the certificate was issued."""
    day = lambda n: NOW + datetime.timedelta(days=n)
    for name, root_days, leaf_days in [("expired", (-900, 9000), (-800, -700)), ("early-root", (-700, 9000), (-800, 9000))]:
        top, mine = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        title = lambda text: x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{text} {name}")])
        usage = lambda sign, issue: x509.KeyUsage(sign, False, False, False, False, issue, issue, False, False)
        base = lambda subject, key, days: (
            x509.CertificateBuilder().subject_name(title(subject)).issuer_name(title("Root")).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(day(days[0])).not_valid_after(day(days[1])))
        above = (base("Root", top, root_days).add_extension(x509.BasicConstraints(True, None), True)
                 .add_extension(usage(False, True), True).sign(top, hashes.SHA256()))
        leaf = base("Signer", mine, leaf_days).add_extension(usage(True, False), True).sign(top, hashes.SHA256())
        (root / f"{name}.key").write_bytes(pem(mine))
        (root / f"{name}-leaf.pem").write_bytes(leaf.public_bytes(serialization.Encoding.PEM))
        (root / f"{name}-root.pem").write_bytes(above.public_bytes(serialization.Encoding.PEM))
        use = lambda c: c.use_certificate_signer(private_key=root / f"{name}.key", signing_certificate=root / f"{name}-leaf.pem",
                                                 certificate_chain=[root / f"{name}-root.pem"])
        sign(f"chain-{name}.sig", use)


def extension(builder, oid, der):
    return builder.add_extension(x509.UnrecognizedExtension(ObjectIdentifier(oid), der), critical=False)


def keyless(name="keyless", identity="signer@example.org", provider="https://accounts.example.org", inside=True):
    """A bundle and the trust root that vouches for it: authority, certificate with a timestamp of a log, entry of another log."""
    ca, ct, rekor, mine = (ec.generate_private_key(ec.SECP256R1()) for _ in range(4))
    title = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "sigstore.test"), x509.NameAttribute(NameOID.COMMON_NAME, "sigstore")])
    usage = lambda sign, issue: x509.KeyUsage(sign, False, False, False, False, issue, issue, False, False)
    top = (x509.CertificateBuilder().subject_name(title).issuer_name(title).public_key(ca.public_key()).serial_number(7)
           .not_valid_before(NOW - datetime.timedelta(days=400)).not_valid_after(NOW + datetime.timedelta(days=4000))
           .add_extension(x509.BasicConstraints(True, None), True).add_extension(usage(False, True), True)
           .add_extension(x509.SubjectKeyIdentifier.from_public_key(ca.public_key()), False).sign(ca, hashes.SHA256()))
    start = NOW if inside else NOW - datetime.timedelta(days=2)
    leaf = (x509.CertificateBuilder().subject_name(x509.Name([])).issuer_name(title).public_key(mine.public_key()).serial_number(11)
            .not_valid_before(start).not_valid_after(start + datetime.timedelta(minutes=10))
            .add_extension(usage(True, False), True).add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(mine.public_key()), False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca.public_key()), False)
            .add_extension(x509.SubjectAlternativeName([x509.RFC822Name(identity)]), True))
    leaf = extension(leaf, "1.3.6.1.4.1.57264.1.1", provider.encode())
    leaf = extension(leaf, "1.3.6.1.4.1.57264.1.8", b"\x0c" + bytes([len(provider)]) + provider.encode())
    draft = leaf.sign(ca, hashes.SHA256()).tbs_certificate_bytes
    at = int(start.timestamp() * 1000)
    signed = (struct.pack(">BBQH", 0, 0, at, 1) + hashlib.sha256(spki(ca)).digest() + len(draft).to_bytes(3, "big") + draft + b"\0\0")
    seal = ct.sign(signed, P256)
    stamp = b"\0" + hashlib.sha256(spki(ct)).digest() + struct.pack(">QHBBH", at, 0, 4, 3, len(seal)) + seal
    listed = struct.pack(">HH", len(stamp) + 2, len(stamp)) + stamp
    leaf = extension(leaf, "1.3.6.1.4.1.11129.2.4.2", b"\x04" + (bytes([len(listed)]) if len(listed) < 128 else bytes([0x81, len(listed)])) + listed)
    leaf = leaf.sign(ca, hashes.SHA256())

    body = payload()
    seal = mine.sign(sign_sigstore_pb.pae(body), P256)
    made = bundle(body, seal, {})
    leaf_pem = leaf.public_bytes(serialization.Encoding.PEM)
    entry = {"apiVersion": "0.0.1", "kind": "dsse", "spec": {
        "envelopeHash": {"algorithm": "sha256", "value": hashlib.sha256(json.dumps(made["dsseEnvelope"]).encode()).hexdigest()},
        "payloadHash": {"algorithm": "sha256", "value": hashlib.sha256(body).hexdigest()},
        "signatures": [{"signature": base64.b64encode(seal).decode(), "verifier": base64.b64encode(leaf_pem).decode()}]}}
    entry = json.dumps(entry, separators=(",", ":"), sort_keys=True).encode()
    log_id = hashlib.sha256(spki(rekor)).digest()
    seconds = int(NOW.timestamp()) + 60
    tree = hashlib.sha256(b"\0" + entry).digest()
    note = f"rekor.test - 1\n1\n{base64.b64encode(tree).decode()}\n"
    note += f"\n— rekor.test {base64.b64encode(log_id[:4] + rekor.sign(note.encode(), P256)).decode()}\n"
    promise = {"body": base64.b64encode(entry).decode(), "integratedTime": seconds, "logID": log_id.hex(), "logIndex": 0}
    promise = rekor.sign(json.dumps(promise, separators=(",", ":"), sort_keys=True).encode(), P256)
    b64 = lambda data: base64.b64encode(data).decode()
    made["verificationMaterial"] = {
        "certificate": {"rawBytes": b64(leaf.public_bytes(serialization.Encoding.DER))},
        "tlogEntries": [{
            "logIndex": "0", "logId": {"keyId": b64(log_id)}, "kindVersion": {"kind": "dsse", "version": "0.0.1"},
            "integratedTime": str(seconds), "inclusionPromise": {"signedEntryTimestamp": b64(promise)},
            "inclusionProof": {"logIndex": "0", "rootHash": b64(tree), "treeSize": "1", "hashes": [], "checkpoint": {"envelope": note}},
            "canonicalizedBody": b64(entry)}],
        "timestampVerificationData": {"rfc3161Timestamps": []},
    }
    write(f"{name}.sig", made)
    since = {"start": "2025-01-01T00:00:00Z"}
    log = lambda key, url: {
        "baseUrl": url, "hashAlgorithm": "SHA2_256", "logId": {"keyId": b64(hashlib.sha256(spki(key)).digest())},
        "publicKey": {"rawBytes": b64(spki(key)), "keyDetails": "PKIX_ECDSA_P256_SHA_256", "validFor": since}}
    trusted = {
        "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
        "tlogs": [log(rekor, "https://rekor.test")],
        "certificateAuthorities": [{
            "subject": {"organization": "sigstore.test", "commonName": "sigstore"}, "uri": "https://fulcio.test",
            "certChain": {"certificates": [{"rawBytes": b64(top.public_bytes(serialization.Encoding.DER))}]}, "validFor": since}],
        "ctlogs": [log(ct, "https://ct.test")], "timestampAuthorities": [],
    }
    write(f"{name}-root.json", trusted)
    service = lambda url: [{"url": url, "majorApiVersion": 1, "validFor": since, "operator": "test"}]
    write(f"{name}-config.json", {
        "mediaType": "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json", "trustedRoot": trusted,
        "signingConfig": {
            "mediaType": "application/vnd.dev.sigstore.signingconfig.v0.2+json", "caUrls": service("https://fulcio.test"),
            "oidcUrls": service("https://accounts.example.org"), "rekorTlogUrls": service("https://rekor.test"), "tsaUrls": [],
            "rekorTlogConfig": {"selector": "ANY"}, "tsaConfig": {"selector": "ANY"}}})


HASHED = {
    "shards.sig": lambda: config("shards", shard_size=1000),
    "one-shard.sig": lambda: config("shards"),
    "blake2b.sig": lambda: config(hashing_algorithm="blake2"),
    "blake2b-shards.sig": lambda: config("shards", hashing_algorithm="blake2", shard_size=1000),
}


def peers():
    """What model_signing itself says of each, for the tests to compare with."""
    verdicts = {}

    def ask(name, configure):
        try:
            configure(verifying.Config()).verify(release, root / name)
            verdicts[name] = "verified"
        except Exception as e:
            verdicts[name] = f"{type(e).__name__}: {e}"[:200]

    for file in sorted(root.glob("*.sig")):
        name = file.name
        curve = next((c for c in ["p384", "p521"] if c in name), "p256")
        if name.startswith("chain-"):
            own = {"chain-self.sig": "self.pem", "chain-expired.sig": "expired-root.pem", "chain-early-root.sig": "early-root-root.pem"}
            trusted = own.get(name, "root.pem")
            ask(name, lambda c: c.use_certificate_verifier(certificate_chain=[root / trusted]))
        elif name.startswith("keyless"):
            ask(name, lambda c: c.use_sigstore_verifier(identity="signer@example.org", oidc_issuer="https://accounts.example.org",
                                                        trust_config=root / name.replace(".sig", "-config.json")))
        elif name in HASHED:
            # Its own reader takes the size of cut files for a fraction and knows BLAKE2b by another name: both are given.
            how = HASHED[name]()
            ask(name, lambda c: c.use_elliptic_key_verifier(public_key=root / "p256.pub").set_hashing_config(how))
        else:
            ask(name, lambda c: c.use_elliptic_key_verifier(public_key=root / f"{curve}.pub"))
    (root / "verdicts.json").write_text(json.dumps(verdicts, indent=1, sort_keys=True) + "\n")


lay_out()
keys()
shapes()
chains()
dated()
keyless()
keyless("keyless-late", inside=False)
peers()
# Nothing is to be signed with them again.
for left in [*root.glob("*.key"), *root.glob("*.ext"), *root.glob("*.csr"), *root.glob("*.srl")]:
    os.remove(left)
