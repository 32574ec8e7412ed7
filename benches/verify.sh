#!/usr/bin/env bash
# Verifying a signed release of 4 GiB in the page cache, in turn in one run: ouvert, openssl on all cores, the real model_signing, and
# the loop of the hub's client. Whole-process figures: wall milliseconds (median) and peak memory.
# Usage: benches/verify.sh VENV [RUNS] [DIR], where VENV holds model_signing and huggingface_hub (`.ci/real` makes one).
# Needs openssl, GNU time, 4.5 GB of disk in DIR. Build first: cargo build --release
set -euo pipefail
venv=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
runs=${2:-5}
dir=$(mktemp -d "${3:-/tmp}/ouvert-bench.XXXXXX")
trap 'rm -rf "$dir"' EXIT
ouvert=$PWD/target/release/ouvert
cores=$(nproc)

run() { # label, command...
  local label=$1 start end
  shift
  start=$(date +%s%N)
  /usr/bin/time -f '%M' -o "$dir/mem" "$@" >/dev/null 2>"$dir/err" || { echo "$label failed" >&2; cat "$dir/err" >&2; exit 1; }
  end=$(date +%s%N)
  printf '%s\t%s\t%s\n' "$label" $(((end - start) / 1000000)) "$(tail -n1 "$dir/mem")" >>"$dir/figures"
}

mkdir "$dir/release"
printf -- '---\nlicense: mit\n---\n# Bench\n' >"$dir/release/README.md"
for i in 1 2 3 4 5 6 7 8; do head -c 536870912 /dev/urandom >"$dir/release/part$i.npy"; done
openssl ecparam -name prime256v1 -genkey -noout -out "$dir/key.pem"
openssl pkey -in "$dir/key.pem" -pubout -out "$dir/key.pub"
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

printf '%-40s %10s %10s\n' command 'median ms' 'peak MiB'
cut -f1 "$dir/figures" | awk '!seen[$0]++' | while read -r label; do
  middle=$(grep -F "$label	" "$dir/figures" | cut -f2 | sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }')
  peak=$(grep -F "$label	" "$dir/figures" | cut -f3 | sort -n | tail -n1)
  printf '%-40s %10d %10.1f\n' "$label" "$middle" "$(echo "$peak / 1024" | bc -l)"
done
