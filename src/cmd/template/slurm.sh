#!/usr/bin/env bash
# Many releases surveyed, or one huge release verified, as an array of Slurm jobs: a task a shard, then a job that puts the shards
# together and submits again those that are missing. Run it where sbatch is:
#
#   WORK=survey LIST=list.txt OUT=/scratch/survey SHARDS=64 ./ouvert.slurm.sh
#   WORK=verify LIST=/data/release OUT=/scratch/verified SHARDS=8 ./ouvert.slurm.sh
#
# The same command again goes on where it stopped. RESULT is there once everything is done.
set -euo pipefail

# What to do: survey (LIST is a list of releases) or verify (LIST is one release).
export WORK=${WORK:-survey}
export LIST=${LIST:?a list of releases, or one release}
# A folder that every node sees, and not a part of the release: what the shards write, and beside it OUT.logs.
export OUT=${OUT:?a folder for the shards}
# Tasks. A cluster bounds the highest index: `scontrol show config | grep MaxArraySize` must tell more. Minutes each, not seconds.
export SHARDS=${SHARDS:-16}
# Tasks at a time (empty for no bound), and how often a shard is submitted.
export AT_ONCE=${AT_ONCE:-}
export TRIES=${TRIES:-3}
# Of each task. The time that a partition gives by itself may be minutes.
export PARTITION=${PARTITION:-}
export TIME=${TIME:-01:00:00}
export CPUS=${CPUS:-4}
export OUVERT=${OUVERT:-ouvert}
# More flags: of each task, such as --offline, --profile ID, --signature FILE; and of what puts the shards together.
FLAGS=()
MERGE=()
# Where the answer goes: rows (.jsonl, .parquet, .html), or of one release the JSON of `ouvert verify`.
case $WORK in
  survey) export RESULT=${RESULT:-$OUT.result.jsonl} ;;
  verify) export RESULT=${RESULT:-$OUT.result.json}; MERGE=(--format json) ;;
  *) echo "WORK is survey or verify, not $WORK" >&2; exit 2 ;;
esac

SELF=${SELF:-$(realpath "$0")}
export SELF
logs=$OUT.logs
common=(--parsable --job-name="ouvert-$WORK" --time="$TIME" --export=ALL)
[ -z "$PARTITION" ] || common+=(--partition="$PARTITION")

# Submits tasks by their indices, from 0, and prints the id of the array: tasks 0,3-5
tasks() {
  sbatch "${common[@]}" --array="$1${AT_ONCE:+%$AT_ONCE}" --cpus-per-task="$CPUS" --requeue --open-mode=append \
    --output="$logs/%A-%a" "$SELF" task
}

# Submits what follows an array, however its tasks end: follow ID TRY
follow() {
  sbatch "${common[@]}" --dependency="afterany:${1%%;*}" --kill-on-invalid-dep=yes --cpus-per-task=1 \
    --output="$logs/merge-%j" "$SELF" merge "$2"
}

# The shards that are missing, as indices; all of them where none was begun.
missing() {
  local code=0
  if [ ! -e "$OUT/run.json" ]; then
    echo "0-$((SHARDS - 1))"
    return
  fi
  "$OUVERT" merge "$OUT" --missing || code=$?
  [ "$code" -le 1 ]
}

# Puts the shards together. Exit code 1 is an answer: what was found falls short.
merge() {
  local code=0
  if [ "$WORK" = survey ]; then
    "$OUVERT" merge "$OUT" --output "$RESULT" "${MERGE[@]}"
    return
  fi
  "$OUVERT" verify "$LIST" --from "$OUT" "${MERGE[@]}" >"$RESULT.part" || code=$?
  [ "$code" -gt 1 ] || mv "$RESULT.part" "$RESULT"
  return "$code"
}

submit() {
  local array
  array=$(tasks "$1")
  echo "shards $1: job $array, then job $(follow "$array" "$2")"
}

case ${1:-} in
  '')
    mkdir -p "$logs"
    left=$(missing)
    if [ -n "$left" ]; then submit "$left" 1; else merge; fi
    ;;
  task)
    echo "task ${SLURM_ARRAY_TASK_ID:-} on ${SLURMD_NODENAME:-$(hostname)}"
    exec "$OUVERT" "$WORK" "$LIST" --output "$OUT" --shard "auto/$SHARDS" --jobs "${SLURM_CPUS_PER_TASK:-1}" "${FLAGS[@]}"
    ;;
  merge)
    left=$(missing)
    if [ -z "$left" ]; then
      merge
    elif [ "$2" -lt "$TRIES" ]; then
      submit "$left" $(($2 + 1))
    else
      echo "still missing after $2 tries, see $logs: shards $left" >&2
      exit 2
    fi
    ;;
  *)
    echo "usage: WORK=survey|verify LIST=... OUT=... $0" >&2
    exit 2
    ;;
esac
