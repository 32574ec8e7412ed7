"""Makes the folder that a survey of many releases writes: python3 benches/rows.py DIR ROWS SHARDS. Rows are made up, varied, and the
same each time; a fiftieth of them failed. Prints nothing."""

import hashlib
import json
import os
import random
import sys

folder, rows, shards = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
os.makedirs(folder, exist_ok=True)
run = {
    "schema": 1,
    "tool": {"name": "ouvert", "version": "0.1.0"},
    "work": "survey",
    "list": {"digest": "sha256:" + "0" * 64, "items": rows},
    "shards": shards,
    "profile": {"id": "three-criteria", "version": "1.0.0", "digest": os.environ.get("PROFILE_DIGEST", "sha256:" + "1" * 64)},
    "settings": {"no-hash": "true", "offline": "false"},
    "started": "",
}
# The id of a run is the digest of its JSON as Rust writes it, without its start.
identity = "sha256:" + hashlib.sha256(json.dumps(run, separators=(",", ":")).encode()).hexdigest()
with open(f"{folder}/run.json", "w") as out:
    json.dump(run | {"started": "2026-01-31T12:00:00Z"}, out, indent=2)

LEVELS = ["open-source", "partly-open", "open-weights", "restricted", "undetermined"]
CRITERIA = ["data", "integrity", "license", "recipe"]
RULES = {
    "data": ["data-declared", "data-published", "data-complete", "data-licensed"],
    "integrity": ["integrity-digests"],
    "license": ["license-known", "license-unrestricted", "license-no-added-terms", "license-base-unrestricted"],
    "recipe": ["recipe-disclosed", "recipe-code", "recipe-config", "recipe-logs"],
}
LICENSES = ["Apache-2.0", "MIT", "llama3.1", "gemma", "CC-BY-NC-4.0", "OpenRAIL", "BSD-3-Clause"]
random.seed(1)
owners = [f"org-{hashlib.md5(str(i).encode()).hexdigest()[:8]}" for i in range(max(3, rows // 40))]


def digest():
    return "sha256:%064x" % random.getrandbits(256)


def row(i):
    owner = owners[int(len(owners) * random.random() ** 2)]
    # A release is open or not in all at once, more or less.
    openness = random.random() ** 2
    out = {"schema": 1, "target": f"hf:{owner}/model-{i}", "name": f"model-{i}", "organisation": owner, "kind": "model"}
    created = f"20{random.choice((22, 23, 24, 24, 25, 25, 25))}-{random.randint(1, 12):02}-{random.randint(1, 28):02}T08:00:00.000Z"
    level = min(4, int((1 - openness) * 4.2) + (random.random() < 0.1))
    out |= {"revision": "%040x" % random.getrandbits(160), "version": None, "created": created}
    out |= {"level": LEVELS[level], "level_rank": level, "score": round(100 * openness, 1)}
    not_met, unknown = [], []
    for criterion in CRITERIA:
        verdict = random.choices(["pass", "partial", "fail", "unknown"], [openness, 0.2, 1 - openness, 0.15])[0]
        bad = [r for r in RULES[criterion] if verdict in ("fail", "partial") and random.random() < 0.6]
        untold = [r for r in RULES[criterion] if verdict == "unknown" and random.random() < 0.6]
        not_met += bad
        unknown += untold
        score = round(100 * random.random(), 3)
        counts = {"met": 7 - len(bad), "not_met": len(bad), "unknown": len(untold)}
        out |= {f"{criterion}_{part}": value for part, value in ({"verdict": verdict, "score": score} | counts).items()}
    out |= {"not_met": not_met, "unknown": unknown, "licenses": [random.choice(LICENSES)], "bases": []}
    if random.random() < 0.5:
        out["bases"] = [f"hf:{random.choice(owners)}/base-{random.randint(1, 99)}"]
    datasets = random.choice((0, 0, 1, 2, 5))
    out |= {"datasets": datasets, "datasets_public": random.randint(0, datasets), "files": random.randint(3, 40)}
    out |= {"bytes": random.getrandbits(34), "files_broken": 0, "gaps": random.choice((0, 0, 1, 3))}
    out |= {"files_digest": digest(), "evidence_digest": digest(), "profile": "three-criteria@1.0.0"}
    return out | {"audited_at": "2026-01-31T12:00:00Z", "failure": None, "failure_kind": None}


digits = len(str(shards))
names = lambda what, k, end: f"{folder}/{what}-{k + 1:0{digits}}-of-{shards}.{end}"
results = [open(names("rows", k, "jsonl"), "wb", 1 << 20) for k in range(shards)]
failed = [open(names("failed", k, "jsonl"), "wb") for k in range(shards)]
sums = [hashlib.sha256() for _ in range(shards)]
counts = [[0, 0, 0] for _ in range(shards)]
for i in random.sample(range(rows), rows):
    whole = row(i)
    k = int(hashlib.sha256(whole["target"].encode()).hexdigest()[:16], 16) % shards
    if i % 50 == 0:
        kind = random.choice(("not-found", "network", "gated"))
        line = {"target": whole["target"], "failure": f"cannot audit {whole['target']}: {kind}", "kind": kind}
        failed[k].write(json.dumps(line, separators=(",", ":")).encode() + b"\n")
        counts[k][2] += 1
        continue
    line = json.dumps(whole, separators=(",", ":")).encode() + b"\n"
    results[k].write(line)
    sums[k].update(line)
    counts[k][0] += 1
    counts[k][1] += len(line)
for k in range(shards):
    results[k].close()
    failed[k].close()
    lines, size, bad = counts[k]
    done = {"schema": 1, "shard": f"{k + 1}/{shards}", "run": identity, "lines": lines, "bytes": size}
    done |= {"digest": "sha256:" + sums[k].hexdigest(), "failed": bad}
    with open(names("done", k, "json"), "w") as out:
        json.dump(done, out)
