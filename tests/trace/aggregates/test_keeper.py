"""Aggregates are kept while a trace is written, and none of their trouble is trouble of the recording."""

import errno
import os

import numpy as np
import pytest

from spikesight.base.errors import StorageFull
from spikesight.trace.aggregates import build, keeper
from spikesight.trace.aggregates.files import FOLDER, Aggregate, listed
from spikesight.trace.aggregates.rebuild import rebuild_aggregates
from spikesight.trace.manifest import read_manifest
from spikesight.trace.reader import Trace
from spikesight.trace.schema import Header, Layer
from spikesight.trace.writer import TraceWriter


def header():
    return Header("r", 500_000, (Layer("exc", (4,)),))


def record(writer, stims):
    for stim in stims:
        t = np.arange(300) + 300 * stim
        writer.spikes("exc", t, t % 4, stim)
        writer.stimulus(stim=stim, t_start=300 * stim, t_end=300 * stim + 300, label=stim % 2)
        writer.seal()


def ranks(folder, kind):
    files = listed(folder, "spikes/exc", [one for one in read_manifest(folder) if one.table == "spikes/exc"])
    return [sum(one.rank == rank for one in files if one.kind == kind) for rank in range(3)]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "trace"


def test_files_are_merged_by_threes_here(folder):
    with TraceWriter.create(folder, header()) as writer:
        record(writer, range(9))
        assert ranks(folder, "time") == [9, 3, 1]
    assert ranks(folder, "classes") == [9, 3, 1]
    assert not [path for path in (folder / FOLDER).rglob("*") if path.is_file() and Aggregate.at(path) is None]


def test_small_segments_are_counted_together(folder):
    with TraceWriter.create(folder, header()) as writer:
        for stim in range(30):
            writer.spikes("exc", np.arange(20) + 300 * stim, np.zeros(20, int), stim)
            writer.seal()
    sizes = [one.rows for one in listed(folder, "spikes/exc", read_manifest(folder)) if one.kind == "time"]
    assert sorted(sizes) == [200, 200, 200, 600]


def test_going_on_goes_on_counting(folder):
    with TraceWriter.create(folder, header()) as writer:
        record(writer, range(4))
        position = writer.seal()
        record(writer, range(4, 7))
    with TraceWriter.resume(folder, position) as writer:
        assert ranks(folder, "time") == [4, 1, 0]
        record(writer, range(4, 9))
    assert ranks(folder, "time") == ranks(folder, "classes") == [9, 3, 1]
    with Trace.open(folder) as trace:
        assert trace.class_counts("exc").spikes.tolist() == [[375] * 4, [300] * 4]


def test_they_can_be_counted_again(folder):
    with TraceWriter.create(folder, header()) as writer:
        record(writer, range(9))
    names = sorted(path.name for path in (folder / FOLDER / "exc").iterdir())
    for path in (folder / FOLDER / "exc").iterdir():
        path.unlink()
    (folder / FOLDER / "exc" / "time-of-day.parquet").write_bytes(b"left over")
    rebuild_aggregates(folder)
    assert sorted(path.name for path in (folder / FOLDER / "exc").iterdir()) == names


def test_a_full_disk_stops_counting_and_not_recording(folder, monkeypatch):
    def full(*_arguments):
        raise StorageFull(os.strerror(errno.ENOSPC))

    monkeypatch.setattr(build, "write", full)
    with TraceWriter.create(folder, header()) as writer:
        record(writer, range(9))
    assert not (folder / FOLDER).exists()
    with Trace.open(folder) as trace:
        assert trace.count("exc") == trace.unit_counts("exc").sum() == 2700


def test_a_segment_that_is_gone_stops_counting_and_not_recording(folder):
    with TraceWriter.create(folder, header()) as writer:
        writer.spikes("exc", np.arange(100), np.zeros(100, int), 0)  # too few to be counted at once
        writer.seal()
        (folder / "spikes" / "exc" / "000000.parquet").unlink()
        record(writer, range(1, 4))
    assert len(read_manifest(folder)) == 7
    with Trace.open(folder) as trace:
        assert trace.count("exc", (0.15, 1.0)) == 900


def test_rows_wait_for_the_labels_of_their_stimuli_but_not_for_ever(folder):
    with TraceWriter.create(folder, header()) as writer:
        for stim in range(keeper.PATIENCE + 2):
            writer.spikes("exc", np.arange(300) + 300 * stim, np.zeros(300, int), stim)
            writer.seal()
            assert (ranks(folder, "classes")[0] > 0) == (stim + 1 > keeper.PATIENCE - 1)
