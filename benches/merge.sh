#!/usr/bin/env bash
# Measures `ouvert merge`: a million rows in 8 shards into Parquet and JSON Lines, fifty thousand into the page; beside it DuckDB,
# which reads the same rows, sorts them and writes Parquet. Usage: benches/merge.sh VENV [RUNS] [DIR]; VENV holds duckdb (`.ci/consumers`
# makes one). Build with --release first; needs 2 GB.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=$(cd "${1:?usage: benches/merge.sh VENV [RUNS] [DIR]}" && pwd)
runs=${2:-3}
set -- "${3:-/tmp}"
# shellcheck source=benches/common.sh
source benches/common.sh

rows() { "$venv/bin/python3" benches/rows.py "$dir/$1" "$2" 8; }
PROFILE_DIGEST=$("$ouvert" frameworks --format json | "$venv/bin/python3" -c '
import json, sys
print(next(p["digest"] for p in json.load(sys.stdin) if p["id"] == "three-criteria"))')
export PROFILE_DIGEST
rows million 1000000
rows page 50000

duckdb=("$venv/bin/python3" -c '
import sys, duckdb
duckdb.sql(f"COPY (SELECT * FROM read_json({sys.argv[1]!r}) ORDER BY target) TO {sys.argv[2]!r} (FORMAT parquet, COMPRESSION zstd)")')

for _ in $(seq "$runs"); do
  run "1,000,000 rows to Parquet: ouvert" "$ouvert" merge "$dir/million" --quiet --output "$dir/ours.parquet"
  run "1,000,000 rows to Parquet: DuckDB" "${duckdb[@]}" "$dir/million/rows-*.jsonl" "$dir/theirs.parquet"
  run "1,000,000 rows to JSON Lines: ouvert" "$ouvert" merge "$dir/million" --quiet --output "$dir/ours.jsonl"
  run "1,000,000 rows counted: ouvert" "$ouvert" merge "$dir/million"
  run "50,000 rows to the page: ouvert" "$ouvert" merge "$dir/page" --quiet --output "$dir/ours.html"
done
table "median of $runs"
du -m "$dir/million" "$dir/ours.parquet" "$dir/theirs.parquet" "$dir/ours.html" | sed "s|$dir/||"
