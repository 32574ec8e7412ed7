#!/usr/bin/env bash
# Whole-process figures of start-up and of a small audit: wall seconds and peak memory, each run on its own line, then
# the median. Usage: benches/start.sh [RUNS] [PEER COMMAND...]; a peer is timed in turn with ours, in the same run.
# Needs GNU time (`/usr/bin/time`). Build first: cargo build --release
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-11}
shift || true
ouvert=target/release/ouvert
out=$(mktemp)
trap 'rm -f "$out"' EXIT

one() { # label, command...
  local label=$1
  shift
  local start end
  start=$(date +%s%N)
  /usr/bin/time -f '%M' -o "$out.mem" "$@" >/dev/null 2>&1 || true
  end=$(date +%s%N)
  printf '%s\t%s\t%s\n' "$label" $(((end - start) / 1000)) "$(tail -n1 "$out.mem")" >>"$out"
}

for _ in $(seq "$runs"); do
  one 'ouvert --version' "$ouvert" --version
  one 'ouvert audit tests/releases/tiny-open' "$ouvert" audit tests/releases/tiny-open
  [ $# -eq 0 ] || one "$*" "$@"
done
rm -f "$out.mem"
printf '%-45s %10s %10s\n' command 'median ms' 'peak MiB'
cut -f1 "$out" | sort -u | while read -r label; do
  middle=$(grep -F "$label	" "$out" | cut -f2 | sort -n | sed -n "$(((runs + 1) / 2))p")
  peak=$(grep -F "$label	" "$out" | cut -f3 | sort -n | tail -n1)
  printf '%-45s %10.1f %10.1f\n' "$label" "$(echo "$middle / 1000" | bc -l)" "$(echo "$peak / 1024" | bc -l)"
done
