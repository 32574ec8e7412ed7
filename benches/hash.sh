#!/usr/bin/env bash
# Hashing at the speed of the chip: 4 GiB in 8 files, then in one, against openssl, in turn in one run, page cache warm;
# then directories of 10^3, 10^4 and 10^5 files of 1 kB. Whole-process figures: wall seconds (median) and peak memory.
# Usage: benches/hash.sh [RUNS] [DIR]. Needs openssl, GNU time, 8.5 GB of disk in DIR. Build first: cargo build --release
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-5}
dir=$(mktemp -d "${2:-/tmp}/ouvert-bench.XXXXXX")
trap 'rm -rf "$dir"' EXIT
ouvert=$PWD/target/release/ouvert

run() { # label, command...
  local label=$1 start end
  shift
  start=$(date +%s%N)
  /usr/bin/time -f '%M' -o "$dir/mem" "$@" >/dev/null
  end=$(date +%s%N)
  printf '%s\t%s\t%s\n' "$label" $(((end - start) / 1000000)) "$(tail -n1 "$dir/mem")" >>"$dir/figures"
}

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
  run "$count files of 1 kB: ouvert audit" "$ouvert" audit --quiet "$dir/many"
  run "$count files of 1 kB: ouvert audit" "$ouvert" audit --quiet "$dir/many"
  run "$count files of 1 kB: ouvert audit" "$ouvert" audit --quiet "$dir/many"
  rm -rf "$dir/many"
done

printf '%-36s %10s %10s\n' command 'median ms' 'peak MiB'
cut -f1 "$dir/figures" | awk '!seen[$0]++' | while read -r label; do
  middle=$(grep -F "$label	" "$dir/figures" | cut -f2 | sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }')
  peak=$(grep -F "$label	" "$dir/figures" | cut -f3 | sort -n | tail -n1)
  printf '%-36s %10d %10.1f\n' "$label" "$middle" "$(echo "$peak / 1024" | bc -l)"
done
