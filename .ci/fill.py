"""Fills the stores that `.ci/stores` starts, and writes where they are and what opens them.

Usage: fill.py RELEASE STORES.JSON S3_PORT MOTO_PORT AZURE_PORT GOOGLE_PORT
"""

import datetime
import hashlib
import json
import pathlib
import socket
import sys
import time
import urllib.parse
import urllib.request

import boto3
from azure.storage.blob import BlobServiceClient, ContainerSasPermissions, generate_container_sas
from botocore.config import Config

BUCKET = "releases"
# The account that every Azurite has.
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
CARD = b"---\nlicense: apache-2.0\n---\n# Big\n\nA model with large files.\n"
# Names that are spelled with what URLs and signatures escape.
SPELLED = ["a b+c.txt", "\u00e9~!*'().txt", "x&y=z?.txt", "per%20cent.txt", "sub/dir/f#1.txt", "@:$,;.txt", " space .txt"]
# Keys that are no path of a release.
ODD = ["../up.txt", "a/../../up.txt", "a//b.txt", "./here.txt", "back\\slash.txt", "tab\there.txt", "folder/"]


def content(seed, count):
    """Bytes that look like none before them."""
    out = b""
    while len(out) < count:
        seed = hashlib.sha256(seed).digest()
        out += seed * 64
    return out[:count]


def sums(files):
    return "".join(f"{hashlib.sha256(body).hexdigest()}  {name}\n" for name, body in files.items()).encode()


def tree(release):
    """The shipped release, by key."""
    root = pathlib.Path(release)
    files = [path for path in sorted(root.rglob("*")) if path.is_file()]
    return {f"tiny-open/{path.relative_to(root).as_posix()}": path.read_bytes() for path in files}


def common(release):
    """What every store holds, by key."""
    small = {f"spelled/{name}": b"I am " + name.encode() for name in SPELLED}
    big = {f"spelled/big {n}+.bin": content(b"%d" % n, 1_500_000) for n in range(2)}
    listed = {key.removeprefix("spelled/"): body for key, body in (small | big).items()}
    return tree(release) | small | big | {"spelled/SHA256SUMS": sums(listed), "spelled/README.md": CARD}


def wait(port):
    for _ in range(600):
        try:
            return socket.create_connection(("127.0.0.1", int(port)), 1).close()
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"nobody listens at {port}")


def client(port, key, secret):
    # No digest but those that are asked for.
    config = Config(request_checksum_calculation="when_required", s3={"addressing_style": "path"})
    return boto3.client(
        "s3", endpoint_url=f"http://127.0.0.1:{port}", aws_access_key_id=key, aws_secret_access_key=secret,
        region_name="us-east-1", config=config)


def put(s3, key, body, **more):
    s3.put_object(Bucket=BUCKET, Key=key, Body=body, **more)


def in_parts(s3, key, body):
    """An upload in parts, which gives a digest of their digests."""
    upload = s3.create_multipart_upload(Bucket=BUCKET, Key=key, ChecksumAlgorithm="SHA256")["UploadId"]
    parts = []
    for number, start in enumerate(range(0, len(body), 5 << 20), 1):
        part = s3.upload_part(Bucket=BUCKET, Key=key, UploadId=upload, PartNumber=number,
                              Body=body[start:start + (5 << 20)], ChecksumAlgorithm="SHA256")
        parts.append({"PartNumber": number, "ETag": part["ETag"], "ChecksumSHA256": part["ChecksumSHA256"]})
    s3.complete_multipart_upload(Bucket=BUCKET, Key=key, UploadId=upload, MultipartUpload={"Parts": parts})
    head = s3.head_object(Bucket=BUCKET, Key=key, ChecksumMode="ENABLED")
    assert head["ChecksumType"] == "COMPOSITE" and head["ChecksumSHA256"].endswith("-2"), head


def fill_s3(port, release):
    s3 = client(port, "test", "test")
    s3.create_bucket(Bucket=BUCKET)
    for key, body in common(release).items():
        put(s3, key, body, ChecksumAlgorithm="SHA256")
    big = {"single.bin": content(b"single", 300_000), "none.bin": content(b"none", 300_000),
           "parts.bin": content(b"parts", (5 << 20) + 300_000)}
    for folder in ["big", "flipped", "missing"]:
        put(s3, f"{folder}/README.md", CARD)
        put(s3, f"{folder}/SHA256SUMS", sums(big))
        put(s3, f"{folder}/none.bin", big["none.bin"])
        in_parts(s3, f"{folder}/parts.bin", big["parts.bin"])
    flipped = bytearray(big["single.bin"])
    flipped[150_000] ^= 1
    put(s3, "big/single.bin", big["single.bin"], ChecksumAlgorithm="SHA256")
    put(s3, "flipped/single.bin", bytes(flipped), ChecksumAlgorithm="SHA256")
    put(s3, "many/README.md", CARD)
    for number in range(1100):
        put(s3, f"many/data/{number:04}.txt", b"%d\n" % number)
    put(s3, "odd/README.md", CARD)
    put(s3, "odd/marker/", b"")
    for name in ODD:
        put(s3, f"odd/{name}", b"odd\n")
    return {"endpoint": f"http://127.0.0.1:{port}", "id": "test", "secret": "test"}


def fill_moto(port, release):
    iam = boto3.client("iam", endpoint_url=f"http://127.0.0.1:{port}", aws_access_key_id="none",
                       aws_secret_access_key="none", region_name="us-east-1")
    iam.create_user(UserName="reader")
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    policy = iam.create_policy(PolicyName="all", PolicyDocument=json.dumps(document))["Policy"]["Arn"]
    iam.attach_user_policy(UserName="reader", PolicyArn=policy)
    s3 = client(port, key["AccessKeyId"], key["SecretAccessKey"])
    s3.create_bucket(Bucket=BUCKET)
    for name, body in common(release).items():
        put(s3, name, body, ChecksumAlgorithm="SHA256")
    return {"endpoint": f"http://127.0.0.1:{port}", "id": key["AccessKeyId"], "secret": key["SecretAccessKey"]}


def fill_azure(port, release):
    endpoint = f"http://127.0.0.1:{port}/{ACCOUNT}"
    service = BlobServiceClient(endpoint, credential={"account_name": ACCOUNT, "account_key": KEY},
                                api_version="2023-11-03")
    service.create_container(BUCKET)
    for name, body in common(release).items():
        service.get_blob_client(BUCKET, name).upload_blob(body)
    until = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)
    sas = generate_container_sas(ACCOUNT, BUCKET, account_key=KEY, expiry=until,
                                 permission=ContainerSasPermissions(read=True, list=True))
    return {"endpoint": endpoint, "account": ACCOUNT, "key": KEY, "sas": sas}


def fill_google(port, release):
    endpoint = f"http://127.0.0.1:{port}"

    def post(path, body, kind):
        headers = {"content-type": kind}
        urllib.request.urlopen(urllib.request.Request(endpoint + path, body, headers, method="POST")).read()

    post("/storage/v1/b?project=tests", json.dumps({"name": BUCKET}).encode(), "application/json")
    for name, body in common(release).items():
        path = f"/upload/storage/v1/b/{BUCKET}/o?uploadType=media&name={urllib.parse.quote(name, safe='')}"
        post(path, body, "application/octet-stream")
    return {"endpoint": endpoint}


def main(release, out, *ports):
    for port in ports:
        wait(port)
    fillers = {"s3": fill_s3, "moto": fill_moto, "az": fill_azure, "gs": fill_google}
    stores = {name: fill(port, release) for (name, fill), port in zip(fillers.items(), ports)}
    pathlib.Path(out).write_text(json.dumps(stores, indent=1))


main(*sys.argv[1:])
