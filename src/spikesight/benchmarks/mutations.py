"""Ways to spoil a run on disk: bytes, JSON, tables, logs and weights that no writer of ours would leave."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
from safetensors.numpy import save_file

from spikesight.trace.frames import pack_columns, pack_row
from spikesight.trace.layout import HEADER, MANIFEST, literal
from spikesight.trace.manifest import read_manifest
from spikesight.trace.schema import BULK, columns_of, kind_of

Mutation = Callable[[Path, np.random.Generator], str]
"""Spoils the run in a folder, and says how."""

MARKUP: Final = "<img src=x onerror=alert(1)>"
HOSTILE: Final[tuple[Any, ...]] = (
    *(-1, 0, 1, 2**31, 2**63, 10**30, -(10**30), 1e308, float("inf"), float("nan"), True, None),
    *("", " ", ".", "..", "../../outside", "/etc/passwd", "a/b", "a\\b", "nul\0byte", MARKUP, "'; DROP TABLE rows; --"),
    *("x" * 100_000, "\ud800", "\u202e", [], {}, [[]], [2**31, 2**31], [10**30], [0], [1] * 10_000, {"a": {"b": []}}),
)
"""Values for any place in a JSON file."""

NUMBERS: Final = (-(2**62), 2**62, 2**63 - 1, -(2**63), 2**31 - 1, -(2**31), -1, 10**9)
"""Values for columns of whole numbers; what a column cannot hold is left as it was."""


def truncated(run: Path, rng: np.random.Generator) -> str:
    """Cut a file short."""
    path = _file(run, rng)
    data = path.read_bytes()
    path.write_bytes(data[: rng.integers(0, max(len(data), 1))])
    return f"truncated {path.relative_to(run)}"


def flipped(run: Path, rng: np.random.Generator) -> str:
    """Turn up to eight bits of a file over."""
    path = _file(run, rng)
    data = bytearray(path.read_bytes())
    for place in rng.integers(0, max(len(data), 1), rng.integers(1, 9)) if data else ():
        data[place] ^= 1 << int(rng.integers(0, 8))
    path.write_bytes(data)
    return f"flipped bits of {path.relative_to(run)}"


def zeroed(run: Path, rng: np.random.Generator) -> str:
    """Set a piece of a file to zero, as a lost block of a disk reads."""
    path = _file(run, rng)
    data = bytearray(path.read_bytes())
    start, stop = sorted(rng.integers(0, len(data) + 1, 2))
    data[start:stop] = bytes(stop - start)
    path.write_bytes(data)
    return f"zeroed {stop - start} bytes of {path.relative_to(run)}"


def deleted(run: Path, rng: np.random.Generator) -> str:
    """Delete a file."""
    path = _file(run, rng)
    path.unlink()
    return f"deleted {path.relative_to(run)}"


def swapped(run: Path, rng: np.random.Generator) -> str:
    """Put the content of one file in the place of another."""
    one, other = _file(run, rng), _file(run, rng)
    shutil.copyfile(one, one.with_suffix(".swap"))
    shutil.copyfile(other, one)
    shutil.move(one.with_suffix(".swap"), other)
    return f"swapped {one.relative_to(run)} and {other.relative_to(run)}"


def hostile_json(run: Path, rng: np.random.Generator) -> str:
    """Replace a value, or a whole branch, of trace.json or run.json."""
    path = run / ("run.json" if rng.random() < 0.2 else f"trace/{HEADER}")
    facts = json.loads(path.read_text())
    where, value = _spoil(facts, rng)
    path.write_text(json.dumps(facts))
    return f"{path.name}: {where} = {str(value)[:40]!r}"


def hostile_manifest(run: Path, rng: np.random.Generator) -> str:
    """Replace a value in a line of the manifest, or a line by nonsense."""
    path = run / "trace" / MANIFEST
    lines = path.read_text().splitlines()
    place = int(rng.integers(0, len(lines)))
    facts = json.loads(lines[place])
    where, value = _spoil(facts, rng)
    lines[place] = "[" * 50_000 if rng.random() < 0.1 else json.dumps(facts)
    path.write_text("\n".join(lines) + "\n")
    return f"manifest, line {place + 1}: {where} = {str(value)[:40]!r}"


def hostile_numbers(run: Path, rng: np.random.Generator) -> str:
    """Put an extreme number into some rows of a column."""
    table, path = _segment(run, rng)
    columns = [column for column in columns_of(table) if column.sql in ("BIGINT", "INTEGER")]
    column, value = columns[int(rng.integers(0, len(columns)))], NUMBERS[int(rng.integers(0, len(NUMBERS)))]
    hit = f"coalesce(TRY_CAST({value}::HUGEINT AS {column.sql}), {column.name})"
    _rewrite(path, f"* REPLACE (CASE WHEN random() < 0.3 THEN {hit} ELSE {column.name} END AS {column.name})")
    _list_as_it_is(run, table, path)
    return f"{table}: {column.name} = {value}"


def hostile_texts(run: Path, rng: np.random.Generator) -> str:
    """Put a hostile text into a column of texts, up to a megabyte."""
    tables = [(table, path) for table, path in _segments(run) if kind_of(table) in ("marks", "scalars", "stimuli")]
    table, path = tables[int(rng.integers(0, len(tables)))]
    name = next(column.name for column in columns_of(table) if column.sql == "VARCHAR")
    text = str(rng.choice(["../../outside", MARKUP, "x" * 1_000_000, "", "\u202e\u0000"])).replace("'", "''")
    _rewrite(path, f"* REPLACE ('{text}' AS {name})")
    return f"{table}: {name} = {text[:40]!r}"


def unknown_values(run: Path, rng: np.random.Generator) -> str:
    """Make a column of a table NULL, or NaN."""
    table, path = _segment(run, rng)
    column = columns_of(table)[int(rng.integers(0, len(columns_of(table))))]
    value = "'nan'" if column.sql in ("FLOAT", "DOUBLE") and rng.random() < 0.5 else "NULL"
    _rewrite(path, f"* REPLACE (CAST({value} AS {column.sql}) AS {column.name})")
    return f"{table}: {column.name} = {value}"


def other_schema(run: Path, rng: np.random.Generator) -> str:
    """Write a segment with other columns than its table has, or of other types."""
    table, path = _segment(run, rng)
    name = columns_of(table)[0].name
    shown = str(
        rng.choice(
            [
                f"* EXCLUDE ({name})",
                f"* REPLACE (CAST({name} AS VARCHAR) AS {name})",
                f"* REPLACE ([{name}] AS {name})",
                f"* REPLACE ({{'a': {name}}} AS {name})",
                f"* REPLACE (CAST({name} AS DOUBLE) + 0.5 AS {name})",
                f"* REPLACE (CAST({name} AS HUGEINT) * 10000000000 AS {name})",
                "*, 1 AS more",
                "1 AS nothing",
            ]
        )
    )
    _rewrite(path, shown)
    return f"{table}: SELECT {shown}"


def many_rows(run: Path, rng: np.random.Generator) -> str:
    """Write a segment of very many equal rows, which takes hardly any room on the disk."""
    tables = [(table, path) for table, path in _segments(run) if kind_of(table) != "weights"]  # a file for each row
    table, path = tables[int(rng.integers(0, len(tables)))]
    rows = 2_000_000 if kind_of(table) in BULK else 300_000
    _replace(path, f"SELECT one.* FROM (SELECT * FROM {_rows_of(path)} LIMIT 1) AS one, range({rows})")
    _list_as_it_is(run, table, path)
    return f"{table}: {rows} rows"


def hostile_log(run: Path, rng: np.random.Generator) -> str:
    """Leave a log whose batches are whole, and hold nonsense."""
    table, _ = _segment(run, rng)
    path = run / "trace" / "tail" / table / "000900.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    if kind_of(table) in BULK:
        frame = pack_columns(int(rng.integers(0, 2**31)), [rng.bytes(int(rng.integers(0, 64)))])
    else:
        frame = pack_row([HOSTILE[int(rng.integers(0, len(HOSTILE)))] for _ in range(int(rng.integers(0, 14)))])
    path.write_bytes(frame * int(rng.integers(1, 4)) + rng.bytes(int(rng.integers(0, 20))))
    return f"a log of nonsense for {table}"


def hostile_weights(run: Path, rng: np.random.Generator) -> str:
    """Replace a snapshot by arrays of another shape, type or name, or by the promise of very many numbers."""
    path = _file(run, rng, "*.safetensors")
    choice = int(rng.integers(0, 5))
    if choice < 4:
        w = (np.zeros((1, 1), np.float16), np.zeros((3, 6), np.int8), np.zeros(0, np.float32), np.zeros((3, 6)))[choice]
        save_file({"w" if rng.random() < 0.8 else "v": w}, path)
    else:
        head = json.dumps({"w": {"dtype": "F32", "shape": [2**31, 2**31], "data_offsets": [0, 2**64]}}).encode()
        path.write_bytes(len(head).to_bytes(8, "little") + head)
    return f"other weights in {path.relative_to(run)}"


def outward_names(run: Path, rng: np.random.Generator) -> str:
    """Let rows name snapshots outside the folder, and lines of the manifest segments there."""
    tables = [(table, path) for table, path in _segments(run) if kind_of(table) == "weights"]
    table, path = tables[int(rng.integers(0, len(tables)))]
    name = str(rng.choice(["../../../../outside/000000.safetensors", "/etc/passwd", "..", "../000000.safetensors"]))
    _rewrite(path, f"* REPLACE ('{name}' AS file)")
    return f"{table}: file = {name}"


MUTATIONS: Final[tuple[Mutation, ...]] = (
    *(truncated, flipped, zeroed, deleted, swapped, hostile_json, hostile_json, hostile_manifest, hostile_numbers),
    *(hostile_texts, unknown_values, other_schema, many_rows, hostile_log, hostile_weights, outward_names),
)
"""All of them; what is in a header decides most, so it is spoilt twice as often."""


def _file(run: Path, rng: np.random.Generator, pattern: str = "*") -> Path:
    files = sorted(path for path in run.rglob(pattern) if path.is_file())
    return files[int(rng.integers(0, len(files)))]


def _segments(run: Path) -> list[tuple[str, Path]]:
    return [(segment.table, run / "trace" / segment.file) for segment in read_manifest(run / "trace")]


def _segment(run: Path, rng: np.random.Generator) -> tuple[str, Path]:
    segments = _segments(run)
    return segments[int(rng.integers(0, len(segments)))]


def _spoil(facts: Any, rng: np.random.Generator) -> tuple[str, Any]:
    """Replace one value somewhere in `facts` by a hostile one; return where, and by what."""
    where, inner = "", facts
    while True:
        keys = list(inner) if isinstance(inner, dict) else list(range(len(inner)))
        key = keys[int(rng.integers(0, len(keys)))]
        where += f".{key}"
        if not (isinstance(inner[key], dict | list) and inner[key] and rng.random() < 0.8):
            inner[key] = HOSTILE[int(rng.integers(0, len(HOSTILE)))]
            return where, inner[key]
        inner = inner[key]


def _rewrite(path: Path, shown: str) -> None:
    """Put what SELECT `shown` makes of the rows of a file into its place."""
    _replace(path, f"SELECT {shown} FROM {_rows_of(path)}")


def _replace(path: Path, query: str) -> None:
    target = path.with_suffix(".new")
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({query}) TO '{_quoted(str(target))}' (FORMAT parquet)")
    target.replace(path)


def _list_as_it_is(run: Path, table: str, path: Path) -> None:
    """Make the manifest say what the file holds now, so that nobody is warned."""
    names = {column.name for column in columns_of(table)}
    first, last = ("t_start", "t_end") if "t_start" in names else ("t", "t")
    stim = "min(stim), max(stim)" if "stim" in names else "NULL, NULL"
    with duckdb.connect() as connection:
        query = f"SELECT count(*), min({first}), max({last}), {stim} FROM {_rows_of(path)}"
        held = connection.execute(query).fetchall()[0]
    said = dict(zip(("rows", "t_first", "t_last", "stim_first", "stim_last"), held, strict=True))
    manifest = run / "trace" / MANIFEST
    lines = [json.loads(line) for line in manifest.read_text().splitlines()]
    file = path.relative_to(run / "trace").as_posix()
    manifest.write_text(
        "".join(json.dumps({**line, **said} if line["file"] == file else line) + "\n" for line in lines)
    )


def _rows_of(path: Path) -> str:
    return f"read_parquet('{_quoted(literal(path))}')"


def _quoted(text: str) -> str:
    return text.replace("'", "''")
