#!/usr/bin/env bash
# Whole-process figures of judging two catalogues' records, one process each: wall milliseconds and peak memory, the median of RUNS.
# Usage: benches/catalogues.sh CORPUS [RUNS], where CORPUS holds mot/models/*.yml and osai-index/systems/*.yaml.
# Needs GNU time (`/usr/bin/time`). Build first: cargo build --release
set -euo pipefail
corpus=$(realpath "$1")
runs=${2:-11}
cd "$(dirname "$0")/.."
ouvert=$PWD/target/release/ouvert
out=$(mktemp)
trap 'rm -f "$out" "$out.mem"' EXIT

one() { # label, command...
  local label=$1 start end
  shift
  start=$(date +%s%N)
  /usr/bin/time -f '%M' -o "$out.mem" "$@" >/dev/null 2>&1 || true
  end=$(date +%s%N)
  printf '%s\t%s\t%s\n' "$label" $(((end - start) / 1000)) "$(tail -n1 "$out.mem")" >>"$out"
}

for _ in $(seq "$runs"); do
  one 'mot, --profile mof' "$ouvert" audit "$corpus"/mot/models/*.yml --profile mof --format json
  one 'osai-index, --profile eu-index' "$ouvert" audit "$corpus"/osai-index/systems/*.yaml --profile eu-index --format json
  one 'mot, import --check' "$ouvert" import mot "$corpus"/mot/models/*.yml --check
  one 'osai-index, import --check' "$ouvert" import eu-index "$corpus"/osai-index/systems/*.yaml --check
done
printf '%-35s %10s %10s\n' command 'median ms' 'peak MiB'
cut -f1 "$out" | sort -u | while read -r label; do
  middle=$(grep -F "$label	" "$out" | cut -f2 | sort -n | sed -n "$(((runs + 1) / 2))p")
  peak=$(grep -F "$label	" "$out" | cut -f3 | sort -n | tail -n1)
  printf '%-35s %10.1f %10.1f\n' "$label" "$(echo "$middle / 1000" | bc -l)" "$(echo "$peak / 1024" | bc -l)"
done
