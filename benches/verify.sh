#!/usr/bin/env bash
# Verifying a signed release of 4 GiB in the page cache, in turn in one run: ouvert, openssl on all cores, the real model_signing, and
# the loop of the hub's client; what certifying it and checking that certificate add; then, where this user may empty the page cache,
# the same bytes from the disk against `cat`.
# Usage: benches/verify.sh VENV [RUNS] [DIR], where VENV holds model_signing and huggingface_hub (`.ci/real` makes one).
# Needs openssl, GNU time, 4.5 GB of disk in DIR. Build first: cargo build --release
set -euo pipefail
venv=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
runs=${2:-5}
. benches/common.sh "${3:-/tmp}"
cores=$(nproc)

# The shipped release, which reaches the highest level, with 4 GiB of weights that its manifest lists too.
cp -r tests/releases/tiny-open "$dir/release"
chmod -R u+w "$dir/release"
for i in 1 2 3 4 5 6 7 8; do head -c 536870912 /dev/urandom >"$dir/release/part$i.npy"; done
"$ouvert" init "$dir/release" --update >/dev/null
openssl ecparam -name prime256v1 -genkey -noout -out "$dir/key.pem"
openssl pkey -in "$dir/key.pem" -pubout -out "$dir/key.pub"
"$ouvert" certify "$dir/release" --key "$dir/key.pem" --output "$dir/certificate.json" --quiet
"$venv/bin/model_signing" sign key "$dir/release" --private_key "$dir/key.pem" --signature "$dir/release/model.sig" >/dev/null
cat "$dir"/release/*.npy >/dev/null
loop='import sys; from pathlib import Path; from huggingface_hub.utils._verification import compute_file_hash
for p in sorted(Path(sys.argv[1]).glob("*.npy")): compute_file_hash(p, "sha256")'

for _ in $(seq "$runs"); do
  run 'ouvert verify, signed with a key' "$ouvert" verify "$dir/release" --public-key "$dir/key.pub" --quiet
  run "openssl dgst -sha256, $cores at once" sh -c "ls $dir/release/*.npy | xargs -P$cores -n1 openssl dgst -sha256"
  run 'model_signing verify key' "$venv/bin/model_signing" verify key "$dir/release" --public_key "$dir/key.pub" --signature "$dir/release/model.sig"
  run "the hub's client: its loop, no network" "$venv/bin/python" -c "$loop" "$dir/release"
done
for _ in $(seq "$runs"); do
  run 'ouvert verify' "$ouvert" verify "$dir/release" --quiet
  run 'ouvert audit --offline' "$ouvert" audit "$dir/release" --offline --quiet
  run 'ouvert certify --offline' "$ouvert" certify "$dir/release" --offline --key "$dir/key.pem" --output "$dir/other.json" --quiet
  run 'ouvert check-certificate' "$ouvert" check-certificate "$dir/certificate.json" "$dir/release" --public-key "$dir/key.pub" --quiet
done
if [ -w /proc/sys/vm/drop_caches ]; then
  for _ in $(seq "$runs"); do
    sync; echo 3 >/proc/sys/vm/drop_caches
    run 'cold: cat * >/dev/null' sh -c "cat $dir/release/*.npy >/dev/null"
    sync; echo 3 >/proc/sys/vm/drop_caches
    run 'cold: ouvert verify' "$ouvert" verify "$dir/release" --quiet
  done
fi
table command
