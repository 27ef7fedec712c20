"""What checking finds: nothing in a sound trace, and each kind of damage where it is."""

from pathlib import Path

import duckdb
import numpy as np
import pytest
from damaged_traces import DAMAGE, EXC
from recorded_traces import header, record

from spikesight.trace.aggregates import keeper
from spikesight.trace.maintenance.check import check, steps
from spikesight.trace.manifest import read_manifest
from spikesight.trace.writer import TraceWriter


@pytest.fixture
def counted(tmp_path, monkeypatch) -> Path:
    """A trace that is large enough, as things are set here, to have aggregates."""
    monkeypatch.setattr(keeper, "RUN_ROWS", 40)
    monkeypatch.setattr(keeper, "LEAST_ROWS", 1)
    return record(tmp_path / "counted", 12, seed=1)


def told(folder, *, deep=False):
    return [(finding.where, finding.what) for finding in check(folder, deep=deep)]


@pytest.mark.parametrize("deep", [False, True])
def test_a_sound_trace_has_no_findings_nor_has_one_in_a_run(whole, counted, tmp_path, deep):
    assert told(whole, deep=deep) == []
    assert any((counted / "aggregates").rglob("*.parquet"))
    assert told(counted, deep=deep) == []
    (tmp_path / "run").mkdir()
    whole.rename(tmp_path / "run" / "trace")
    assert told(tmp_path / "run", deep=deep) == []


def test_a_trace_that_is_being_written_has_none_either(tmp_path):
    with TraceWriter.create(tmp_path / "live", header()) as writer:
        writer.spikes("exc", np.array([3]), np.array([1]), 0)
        assert told(tmp_path / "live", deep=True) == []


@pytest.mark.parametrize("kind", DAMAGE)
def test_each_kind_of_damage_is_found_where_it_is(whole, kind):
    damage, where, what = DAMAGE[kind]
    damage(whole)
    found = told(whole)
    assert any(where in (None, place) and what in words for place, words in found), found
    assert all(finding.todo for finding in check(whole))


def test_only_reading_everything_finds_what_lies_inside(whole):
    path = whole / EXC
    data = bytearray(path.read_bytes())
    data[8:24] = bytes(16)  # behind the first four bytes: rows, not what the end says of them
    path.write_bytes(data)
    assert told(whole) == []
    assert [where for where, _ in told(whole, deep=True)] == [EXC]


def test_stimuli_have_an_order(tmp_path):
    with TraceWriter.create(tmp_path / "trace", header()) as writer:
        for stim, start, end in ((0, 0, 50), (1, 60, 50), (1, 70, 80), (2, 30, 90)):
            writer.stimulus(stim=stim, t_start=start, t_end=end)
    assert [what for _, what in told(tmp_path / "trace")] == [
        "numbers are given twice: 1",
        "stimuli end before they start: 1",
        "stimuli start before the one with the number before: 2",
    ]


def test_counts_that_do_not_fit_or_are_damaged_are_found(counted):
    first, *_ = sorted((counted / "aggregates" / "exc").iterdir())
    name = first.name
    first.rename(first.with_name(name.replace("-000000-", "-000099-", 1)))
    assert [what for _, what in told(counted)] == ["it counts other rows than those that are listed, and is not used"]
    first.with_name(name.replace("-000000-", "-000099-", 1)).rename(first)
    first.write_bytes(first.read_bytes()[::-1])
    assert told(counted) == []
    assert [what for _, what in told(counted, deep=True)] == ["it is damaged (its checksum says so), and is not used"]


def test_progress_is_told_of_every_segment(whole):
    done = []

    class Told:
        def advance(self, steps, **facts):
            done.append(steps)

    check(whole, progress=Told())
    assert sum(done) == steps(whole) == len(read_manifest(whole))


def test_a_table_of_snapshots_of_an_older_format_is_sound(whole):
    for path in (whole / "weights" / "input_exc").glob("*.parquet"):
        duckdb.sql(f"COPY (SELECT * EXCLUDE (zeros, changed) FROM '{path}') TO '{path}.old' (FORMAT parquet)")
        Path(f"{path}.old").replace(path)
    assert told(whole) == told(whole, deep=True) == []
