#!/usr/bin/env bash
# Whole-process figures of start-up and of a small audit. Usage: benches/start.sh [RUNS] [PEER COMMAND...]; a peer is timed in turn
# with ours, in the same run. Needs GNU time (`/usr/bin/time`). Build first: cargo build --release
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-11}
peer=("${@:2}")
. benches/common.sh /tmp

for _ in $(seq "$runs"); do
  run 'ouvert --version' "$ouvert" --version
  run 'ouvert audit tests/releases/tiny-open' "$ouvert" audit tests/releases/tiny-open
  [ ${#peer[@]} -eq 0 ] || run "${peer[*]}" "${peer[@]}"
done
table command
