#!/usr/bin/env bash
# A release of 10,000 files verified again and again: every file read, digests kept for the first time, files that did not change
# not read, every file read with digests kept from before.
# Usage: benches/cache.sh [RUNS] [BYTES] [FILES]; BYTES of each file, 64 kB by default. Needs GNU time. Build first: cargo build --release
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-9} bytes=${2:-65536} files=${3:-10000}
. benches/common.sh /tmp
mkdir "$dir/release"
(
  cd "$dir/release"
  head -c $((bytes * files)) /dev/urandom | split -b "$bytes" -a 5 -d - w
  for f in w*; do mv "$f" "$((10#${f#w} % 100))-$f.safetensors"; done
  sha256sum -- *.safetensors > SHA256SUMS
  # As files of yesterday: what changed within two seconds before it is hashed is read again.
  touch -d yesterday -- *
)
sleep 3
export OUVERT_CACHE="$dir/cache"

cat "$dir"/release/* > /dev/null
for _ in $(seq "$runs"); do
  rm -rf "$OUVERT_CACHE"
  run 'every file read' "$ouvert" verify "$dir/release" --quiet
  run 'every file read, digests kept' "$ouvert" verify "$dir/release" --quiet --trust-cache
  run '--trust-cache, nothing changed' "$ouvert" verify "$dir/release" --quiet --trust-cache
  run 'every file read, digests compared' "$ouvert" verify "$dir/release" --quiet
done
cat "$dir/said"
table "$files files of $bytes bytes"
