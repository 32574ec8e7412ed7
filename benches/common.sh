# What the scripts of this folder share: a command timed as a whole process, and the table of what was measured. To be sourced, with
# bash's `set -euo pipefail`, after `cd`. Sets `ouvert`, and `dir`, a folder in $1 or /tmp that is removed at the end. Needs GNU time.
# shellcheck shell=bash
ouvert=$PWD/target/release/ouvert
[ -x "$ouvert" ] || { echo 'build first: cargo build --release' >&2; exit 1; }
dir=$(mktemp -d "${1:-/tmp}/ouvert-bench.XXXXXX")
trap 'rm -rf "$dir"' EXIT

# Times a command, its exit code 0 or 1 (a release that falls short): run LABEL COMMAND...
run() {
  local label=$1 start end code=0
  shift
  start=$(date +%s%N)
  /usr/bin/time -q -f '%M' -o "$dir/mem" "$@" >"$dir/said" 2>"$dir/err" || code=$?
  end=$(date +%s%N)
  [ "$code" -le 1 ] || { echo "$label: exit $code" >&2; cat "$dir/err" >&2; exit 1; }
  printf '%s\t%s\t%s\n' "$label" $(((end - start) / 1000)) "$(tail -n1 "$dir/mem")" >>"$dir/figures"
}

# The labels in the order in which they were first run, each with its median and its highest peak: table HEADING
table() {
  printf '%-52s %10s %10s\n' "$1" 'median ms' 'peak MiB'
  awk -F'\t' -v OFS='\t' '
    !($1 in n) { order[++labels] = $1 }
    { time[$1, ++n[$1]] = $2; if ($3 > peak[$1]) peak[$1] = $3 }
    END {
      for (l = 1; l <= labels; l++) {
        name = order[l]; count = n[name]
        for (i = 1; i <= count; i++) sorted[i] = time[name, i]
        for (i = 2; i <= count; i++) { v = sorted[i]; for (j = i - 1; j > 0 && sorted[j] > v; j--) sorted[j + 1] = sorted[j]; sorted[j + 1] = v }
        printf "%-52s %10.1f %10.1f\n", name, sorted[int((count + 1) / 2)] / 1000, peak[name] / 1024
      }
    }' "$dir/figures"
}
