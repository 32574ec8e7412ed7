#!/usr/bin/env bash
# A release of 10,000 files verified again and again: every file read, digests kept for the first time, files that did not change
# not read, every file read with digests kept from before. Wall milliseconds of the whole process, median, and peak memory.
# Usage: benches/cache.sh [RUNS] [BYTES] [FILES]; BYTES of each file, 64 kB by default. Needs GNU time. Build first: cargo build --release
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-9} bytes=${2:-65536} files=${3:-10000}
ouvert=$PWD/target/release/ouvert
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
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

one() { # label, command...
  local label=$1 start end
  shift
  start=$(date +%s%N)
  /usr/bin/time -f '%M' -o "$dir/mem" "$@" > "$dir/said" || { cat "$dir/said"; exit 1; }
  end=$(date +%s%N)
  printf '%s\t%s\t%s\n' "$label" $(((end - start) / 1000)) "$(tail -n1 "$dir/mem")" >> "$dir/out"
}

cat "$dir"/release/* > /dev/null
for _ in $(seq "$runs"); do
  rm -rf "$OUVERT_CACHE"
  one '1 every file read' "$ouvert" verify "$dir/release" --quiet
  one '2 every file read, digests kept' "$ouvert" verify "$dir/release" --quiet --trust-cache
  one '3 --trust-cache, nothing changed' "$ouvert" verify "$dir/release" --quiet --trust-cache
  one '4 every file read, digests compared' "$ouvert" verify "$dir/release" --quiet
done
cat "$dir/said"
printf '%-40s %10s %10s\n' "$files files of $bytes bytes" 'median ms' 'peak MiB'
cut -f1 "$dir/out" | sort -u | while read -r label; do
  middle=$(grep -F "$label	" "$dir/out" | cut -f2 | sort -n | sed -n "$(((runs + 1) / 2))p")
  peak=$(grep -F "$label	" "$dir/out" | cut -f3 | sort -n | tail -n1)
  printf '%-40s %10.1f %10.1f\n' "$label" "$(echo "$middle / 1000" | bc -l)" "$(echo "$peak / 1024" | bc -l)"
done
