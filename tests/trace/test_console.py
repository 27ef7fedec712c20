"""Statements of the person's own: what they see, and what they may not do."""

import duckdb
import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.trace import console
from spikesight.trace.header import read_header
from spikesight.trace.schema import Header, Layer, Projection, Recorded
from spikesight.trace.writer import TraceWriter


@pytest.fixture(params=["sealed", "unsealed"])
def recorded(request, tmp_path):
    """A trace of two layers, once in segments and once in logs alone."""
    folder = tmp_path / "it's a trace"
    layers = (Layer("in", (4,)), Layer("exc", (2, 3)))
    header = Header("r", 1_000_000, layers, (Projection("in_exc", "in", "exc", (4, 6), 6),))
    writer = TraceWriter.create(folder, header)
    writer.spikes("in", np.arange(10), np.arange(10) % 4, 0)
    writer.spikes("exc", np.array([3, 7]), np.array([5, 0]), 1)
    writer.values("exc", "v", np.array([3]), np.array([5]), np.array([-0.05]))
    writer.stimulus(stim=0, t_start=0, t_end=10, label=3, prediction=3, correct=True)
    writer.scalar(5, "accuracy", 0.5)
    writer.weights("in_exc", 9, 0, np.ones((4, 6)))
    if request.param == "sealed":
        writer.close()
    yield folder
    writer.close()


def rows(folder, statement):
    return console.ask(folder, statement).rows


def test_every_relation_has_its_rows(recorded):
    assert rows(recorded, "SELECT layer, count(*) FROM spikes GROUP BY layer ORDER BY layer") == [
        ["exc", 2],
        ["in", 10],
    ]
    assert rows(recorded, "SELECT seconds, unit, stim FROM spikes WHERE layer = 'exc' ORDER BY t") == [
        [0.003, 5, 1],
        [0.007, 0, 1],
    ]
    assert rows(recorded, "SELECT layer, variable, unit FROM samples") == [["exc", "v", 5]]
    assert rows(recorded, "SELECT label, correct FROM stimuli") == [[3, True]]
    assert rows(recorded, "SELECT name, value FROM scalars") == [["accuracy", 0.5]]
    assert rows(recorded, "SELECT projection, mean FROM weights") == [["in_exc", 1.0]]
    assert rows(recorded, "SELECT * FROM layers") == [["in", 4, [4]], ["exc", 6, [2, 3]]]
    assert rows(recorded, "SELECT name, pre, post FROM projections") == [["in_exc", "in", "exc"]]
    assert rows(recorded, "FROM marks") == []


def test_columns_are_named_and_typed(recorded):
    found = console.ask(recorded, "SELECT count(*) AS n, 'x' AS word FROM spikes")
    assert found.columns == (("n", "BIGINT"), ("word", "VARCHAR"))
    assert not found.cut


def test_what_is_long_is_cut(recorded):
    found = console.ask(recorded, "SELECT * FROM range(100)", most=10)
    assert (len(found.rows), found.cut) == (10, True)
    assert len(rows(recorded, "SELECT repeat('x', 100000)")[0][0]) == console.LONGEST_CELL


@pytest.mark.parametrize(
    "statement",
    [
        "COPY (SELECT 1) TO '{folder}/stolen.csv'", "SELECT 1; SELECT 2", "ATTACH '{folder}/x.db'", "INSTALL httpfs",
        "", "DROP VIEW spikes", "CREATE TABLE x AS SELECT 1", "SET memory_limit = '10GB'",
        "EXPORT DATABASE '{folder}/x'", "PRAGMA database_list", "CALL pragma_version()", "DELETE FROM spikes",
        "EXPLAIN ANALYZE SELECT 1",
    ],
)  # fmt: skip
def test_only_a_single_select_is_run(recorded, statement):
    before = sorted(recorded.rglob("*"))
    with pytest.raises(InputError, match=r"one SELECT|SQL"):
        console.ask(recorded, statement.format(folder=str(recorded).replace("'", "''")))
    assert sorted(recorded.rglob("*")) == before


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_text('/etc/passwd')", "SELECT * FROM '/etc/passwd'", "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM read_parquet('{folder}/../outside.parquet')", "SELECT * FROM read_csv('http://127.0.0.1:1/x')",
    ],
)  # fmt: skip
def test_no_file_outside_the_trace_is_read(recorded, statement):
    (recorded.parent / "outside.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError, match="SQL"):
        console.ask(recorded, statement.format(folder=str(recorded).replace("'", "''")))


def trace(folder, *layers, spikes=0):
    with TraceWriter.create(folder, Header("r", 1_000_000, layers)) as writer:
        for layer in layers:
            writer.spikes(layer.name, np.arange(spikes), np.zeros(spikes, int), 0)
    return folder


class Hostile:
    """A number of synapses that is none."""

    def __init__(self, stolen):
        self.stolen = stolen

    def __repr__(self):
        return f"0.0); COPY (SELECT 42) TO '{self.stolen}'; SELECT (1"


def test_what_a_hostile_header_brings_into_the_views_is_locked_in(recorded, monkeypatch, tmp_path):
    # Headers are checked when they are read; if one were not, it must find the database locked.
    header = read_header(recorded)
    object.__setattr__(header.projections[0], "fan_out", Hostile(tmp_path / "stolen.csv"))
    monkeypatch.setattr(console, "read_header", lambda folder: header)
    with pytest.raises(InputError, match="disabled by configuration"):
        console.ask(recorded, "SELECT 1")
    assert not (tmp_path / "stolen.csv").exists()


@pytest.mark.parametrize("name", ["run [1]", "run *", "run ?", "run [[]1]", "it's [2]"])
def test_a_folder_whose_name_looks_like_a_pattern_is_itself(tmp_path, name):
    trace(tmp_path / "run 1", Layer("exc", (3,)), spikes=5)
    trace(tmp_path / name, Layer("exc", (3,)), spikes=2)
    assert rows(tmp_path / name, "SELECT count(*) FROM spikes") == [[2]]


def test_of_layers_without_single_spikes_there_are_counts(tmp_path):
    layers = (Layer("in", (3,)), Layer("exc", (3,), Recorded(rows=False)))
    folder = trace(tmp_path / "trace", *layers, spikes=4)
    assert rows(folder, "SELECT layer, sum(spikes) FROM counts WHERE width = 0 GROUP BY layer") == [["exc", 4]]
    assert rows(folder, "SELECT layer, count(*) FROM spikes GROUP BY layer") == [["in", 4]]


def test_a_trace_without_layers_has_marks(tmp_path):
    with TraceWriter.create(tmp_path / "trace", Header("r", 1_000_000, ())) as writer:
        writer.mark(3, "note")
    assert rows(tmp_path / "trace", "SELECT name FROM marks") == [["note"]]
    assert rows(tmp_path / "trace", "SELECT * FROM layers, projections") == []


def test_snapshots_of_the_first_format_lack_what_was_counted_later(recorded):
    for path in recorded.glob("weights/*/*.parquet"):
        older = path.with_suffix(".old")
        duckdb.sql(f"SELECT * EXCLUDE (zeros, changed) FROM read_parquet($${path}$$)").write_parquet(str(older))
        older.replace(path)
        assert rows(recorded, "SELECT mean, zeros, changed FROM weights") == [[1.0, None, None]]


def test_what_takes_too_long_is_stopped(recorded, monkeypatch):
    monkeypatch.setattr(console, "SECONDS", 0.2)
    with pytest.raises(InputError, match="took longer"):
        console.ask(recorded, "SELECT sum(a.range * b.range) FROM range(10000000) a, range(1000000) b")


def test_a_typing_error_is_told(recorded):
    with pytest.raises(InputError, match="spikez"):
        console.ask(recorded, "SELECT * FROM spikez")
