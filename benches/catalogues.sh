#!/usr/bin/env bash
# Whole-process figures of judging two catalogues' records, one process each.
# Usage: benches/catalogues.sh CORPUS [RUNS], where CORPUS holds mot/models/*.yml and osai-index/systems/*.yaml.
# Needs GNU time (`/usr/bin/time`). Build first: cargo build --release
set -euo pipefail
corpus=$(realpath "$1")
runs=${2:-11}
cd "$(dirname "$0")/.."
. benches/common.sh /tmp

for _ in $(seq "$runs"); do
  run 'mot, --profile mof' "$ouvert" audit "$corpus"/mot/models/*.yml --profile mof --format json
  run 'osai-index, --profile eu-index' "$ouvert" audit "$corpus"/osai-index/systems/*.yaml --profile eu-index --format json
  run 'mot, import --check' "$ouvert" import mot "$corpus"/mot/models/*.yml --check
  run 'osai-index, import --check' "$ouvert" import eu-index "$corpus"/osai-index/systems/*.yaml --check
done
table command
