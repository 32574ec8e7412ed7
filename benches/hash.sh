#!/usr/bin/env bash
# Hashing at the speed of the chip: 4 GiB in 8 files, then in one, against openssl, in turn in one run, page cache warm;
# then directories of 10^3, 10^4 and 10^5 files of 1 kB. Usage: benches/hash.sh [RUNS] [DIR]. Needs openssl, GNU time, 8.5 GB of
# disk in DIR. Build first: cargo build --release
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-5}
. benches/common.sh "${2:-/tmp}"

mkdir "$dir/eight" "$dir/one"
printf -- '---\nlicense: mit\n---\n# Bench\n' | tee "$dir/eight/README.md" >"$dir/one/README.md"
for i in 1 2 3 4 5 6 7 8; do head -c 536870912 /dev/urandom >"$dir/eight/f$i.bin"; done
cat "$dir"/eight/*.bin >"$dir/one/f.bin"
cat "$dir"/eight/*.bin "$dir/one/f.bin" >/dev/null

for _ in $(seq "$runs"); do
  run '8 x 512 MiB: ouvert audit' "$ouvert" audit --quiet "$dir/eight"
  run '8 x 512 MiB: openssl, 2 at once' sh -c "ls $dir/eight/*.bin | xargs -P2 -n1 openssl dgst -sha256"
  run '1 x 4 GiB: ouvert audit' "$ouvert" audit --quiet "$dir/one"
  run '1 x 4 GiB: openssl' openssl dgst -sha256 "$dir/one/f.bin"
done
rm -rf "$dir/eight" "$dir/one"

for count in 1000 10000 100000; do
  mkdir "$dir/many"
  printf -- '---\nlicense: mit\n---\n# Bench\n' >"$dir/many/README.md"
  head -c $((count * 1000)) /dev/urandom | (cd "$dir/many" && split -b 1000 -a 5 -d - f)
  for _ in 1 2 3; do run "$count files of 1 kB: ouvert audit" "$ouvert" audit --quiet "$dir/many"; done
  rm -rf "$dir/many"
done
table command
