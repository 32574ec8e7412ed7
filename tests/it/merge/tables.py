import glob
import json
import sys

import duckdb
import pandas
import polars
import pyarrow.parquet

folder, parquet, lines, asked = sys.argv[1], sys.argv[2], sys.argv[3], json.loads(sys.argv[4])

# Every value of the Parquet file is that of the JSON lines, nulls as nulls.
rows = [json.loads(line) for line in open(lines, encoding="utf-8")]
table = pyarrow.parquet.read_table(parquet)
read = table.to_pylist()
assert len(read) == len(rows) > 3000, (len(read), len(rows))
for row, seen in zip(rows, read):
    assert set(row) <= set(table.column_names)
    assert seen == {name: row.get(name) for name in table.column_names}, (row, seen)
heads = ["schema", "target", "name", "organisation", "kind", "revision", "version", "created", "level", "level_rank", "score"]
assert table.column_names[:11] == heads, table.column_names
assert table.column_names[11:16] == [f"license_{part}" for part in ("verdict", "score", "met", "not_met", "unknown")]
assert [name.removesuffix("_verdict") for name in table.column_names if name.endswith("_verdict")] == ["license", "data", "recipe", "integrity"]
assert table.schema.metadata[b"ouvert.profile"] == b"three-criteria@1.0.0", table.schema.metadata
assert str(table.schema.field("not_met").type) in ("list<element: string>", "list<element: string not null>"), table.schema.field("not_met")



def of_pandas(frame):
    """The five answers by pandas."""
    good = frame[frame["failure"].isna()]
    shares = good.groupby("level", dropna=False).size()
    shares = [(None if pandas.isna(k) else k, n, round(100 * n / len(good), 1)) for k, n in shares.items()]
    whole = int(((good["datasets"] > 0) & (good["datasets_public"] == good["datasets"])).sum())
    lacks = good[good["license_verdict"] == "pass"]["not_met"].explode().dropna().value_counts()
    dated = good[good["created"].notna()]
    spread = dated.assign(year=dated["created"].astype(str).str[:4].astype(int)).groupby(["year", "level"], dropna=False).size()
    owners = good[good["level"] == "open-source"]["organisation"].value_counts()
    return [
        shares,
        [(whole, len(good), round(100 * whole / len(good), 1))],
        list(lacks.items()),
        [(y, None if pandas.isna(k) else k, n) for (y, k), n in spread.items()],
        list(owners.items()),
    ]


def of_polars(frame):
    """The five answers by Polars."""
    c = polars.col
    good = frame.filter(c("failure").is_null())
    shares = good.group_by("level").len().with_columns(percent=(100 * c("len") / len(good)).round(1))
    whole = len(good.filter((c("datasets") > 0) & (c("datasets_public") == c("datasets"))))
    lacks = good.filter(c("license_verdict") == "pass").explode("not_met").filter(c("not_met").is_not_null())
    dated = good.filter(c("created").is_not_null()).with_columns(year=c("created").cast(polars.String).str.slice(0, 4).cast(int))
    return [
        shares.rows(),
        [(whole, len(good), round(100 * whole / len(good), 1))],
        lacks.group_by("not_met").len().rows(),
        dated.group_by("year", "level").len().rows(),
        good.filter(c("level") == "open-source").group_by("organisation").len().rows(),
    ]


def best(answers):
    """The order and the bound that the questions ask for, and numbers without their kind."""
    plain = lambda row: tuple(float(v) if isinstance(v, (int, float)) else v for v in row)
    text = lambda v: (v is None, "" if v is None else str(v))
    by = [
        lambda r: (-r[1], text(r[0])),
        lambda r: r,
        lambda r: (-r[1], text(r[0])),
        lambda r: (r[0], text(r[1])),
        lambda r: (-r[1], text(r[0])),
    ]
    cut = [None, None, 10, None, 10]
    return [sorted((plain(r) for r in a), key=k)[:n] for a, k, n in zip(answers, by, cut)]


shards = sorted(glob.glob(f"{folder}/rows-*.jsonl"))
assert len(shards) == 4
as_they_are = f"read_json('{folder}/rows-*.jsonl')"
answers = {
    "DuckDB, Parquet": [duckdb.sql(q.replace("survey.parquet", parquet)).fetchall() for q in asked],
    "DuckDB, shards": [duckdb.sql(q.replace("'survey.parquet'", as_they_are)).fetchall() for q in asked],
    "pandas, Parquet": of_pandas(pandas.read_parquet(parquet)),
    "pandas, shards": of_pandas(pandas.concat([pandas.read_json(s, lines=True, convert_dates=False) for s in shards])),
    "Polars, Parquet": of_polars(polars.read_parquet(parquet)),
    "Polars, shards": of_polars(polars.read_ndjson(shards)),
}
first = best(answers["DuckDB, Parquet"])
# DuckDB's own order is that of the question.
for one, other in zip(answers["DuckDB, Parquet"], first):
    assert [tuple(float(v) if isinstance(v, (int, float)) else v for v in row) for row in one] == other, (one, other)
for who, given in answers.items():
    for n, (one, other) in enumerate(zip(first, best(given))):
        assert one == other and len(one) > 0, f"{who}, question {n + 1}:\n{one}\n{other}"
print(f"pyarrow reads the lines; {len(first)} questions, {len(answers)} answers each")
