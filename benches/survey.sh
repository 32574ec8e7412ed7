#!/usr/bin/env bash
# Surveys, each the whole process: evidence judged on one core, 10,000 small releases audited, and how time grows with the number of
# releases, of files and of bytes over three decades.
# Usage: benches/survey.sh EVIDENCE [RUNS], EVIDENCE being what `ouvert survey LIST --collect-only` wrote of real releases: theirs,
# again and again under other names, stands for many. Needs python3, GNU time, 3 GB of disk. Build first: cargo build --release
set -euo pipefail
from=$(realpath "$1")
cd "$(dirname "$0")/.."
runs=${2:-3}
. benches/common.sh /tmp

many() { # COUNT: stored evidence of so many releases
  python3 - "$from" "$dir/evidence" "$1" <<'PY'
import hashlib, json, os, sys
src, dst, n = sys.argv[1], sys.argv[2], int(sys.argv[3])
lines = open(f"{src}/evidence-1-of-1.jsonl", "rb").read().splitlines()
os.makedirs(dst, exist_ok=True)
digest, size = hashlib.sha256(), 0
with open(f"{dst}/evidence-1-of-1.jsonl", "wb", 1 << 20) as out:
    for i in range(n):
        name, rest = lines[i % len(lines)].removeprefix(b'{"target":"').split(b'"', 1)
        line = b'{"target":"%s-%d"%s\n' % (name, i, rest)
        out.write(line); digest.update(line); size += len(line)
open(f"{dst}/failed-1-of-1.jsonl", "w").close()
open(f"{dst}/run.json", "w").write(open(f"{src}/run.json").read())
done = json.load(open(f"{src}/done-1-of-1.json"))
done.update(lines=n, bytes=size, digest="sha256:" + digest.hexdigest(), failed=0)
json.dump(done, open(f"{dst}/done-1-of-1.json", "w"))
PY
}

releases() { # COUNT FILES BYTES: so many releases of a card and so many files of so many bytes each
  rm -rf "$dir/releases"
  python3 - "$dir/releases" "$1" "$2" "$3" <<'PY'
import os, sys
out, n, files, size = sys.argv[1], *map(int, sys.argv[2:])
block = os.urandom(size)
for i in range(n):
    folder = f"{out}/r{i:06}"
    os.makedirs(folder)
    kind = ["apache-2.0", "mit", "cc-by-nc-4.0", "llama3.1"][i % 4]
    open(f"{folder}/README.md", "w").write(f"---\nlicense: {kind}\ndatasets:\n- org/set-{i}\n---\n# Release {i}\n\nTrained by train.py.\n")
    open(f"{folder}/config.json", "w").write('{"model_type": "bert", "hidden_size": 64}')
    for f in range(files):
        open(f"{folder}/part-{f:06}.bin", "wb").write(block[f % 7:])
PY
}

survey() { # LABEL LIST [FLAGS...]
  local label=$1 list=$2
  shift 2
  rm -rf "$dir/out"
  run "$label" "$ouvert" survey "$list" --output "$dir/out" --offline --quiet "$@"
}

for count in 1000 10000 100000; do
  rm -rf "$dir/evidence" && many "$count"
  cat "$dir/evidence"/* >/dev/null
  for _ in $(seq "$runs"); do survey "$count releases judged from stored evidence, one core" "$dir/evidence" --jobs 1; done
done
rm -rf "$dir/evidence"
for count in 100 1000 10000; do
  releases "$count" 2 50000
  find "$dir/releases" -type f -exec cat {} + >/dev/null
  for _ in $(seq "$runs"); do survey "$count releases of 100 kB audited" "$dir/releases"; done
done
for files in 100 1000 10000; do
  releases 1 "$files" 50000
  find "$dir/releases" -type f -exec cat {} + >/dev/null
  for _ in $(seq "$runs"); do survey "1 release of $files files of 50 kB audited" "$dir/releases"; done
done
for size in 10000000 100000000 1000000000; do
  releases 2 1 "$size"
  find "$dir/releases" -type f -exec cat {} + >/dev/null
  for _ in $(seq "$runs"); do survey "2 releases of $((size / 1000000)) MB audited" "$dir/releases"; done
done
table 'survey'
