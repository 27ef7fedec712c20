import numpy as np
import pytest

from spikesight.base.errors import TraceError
from spikesight.trace.manifest import read_manifest
from spikesight.trace.reader import Trace
from spikesight.trace.writer import TraceWriter


def record(writer, stims):
    for stim in stims:
        t = np.arange(1000 * stim, 1000 * stim + 1000, 100)
        writer.spikes("exc", t, np.arange(10), stim)
        writer.stimulus(stim=stim, t_start=1000 * stim, t_end=1000 * stim + 1000, label=stim % 3)
        writer.scalar(1000 * stim, "accuracy", stim / 100)
        writer.weights("input_exc", 1000 * stim, stim, np.full((16, 10), float(stim)))


def contents(folder):
    with Trace.open(folder) as trace:
        spikes, accuracy = trace.spikes("exc"), trace.scalars("accuracy")
        snapshots = [trace.weights("input_exc", place) for place in range(len(trace.snapshots("input_exc")["t"]))]
        stimuli = [column.tolist() for name, column in trace.stimuli().items() if name in ("stim", "t_start", "label")]
        return [column.tolist() for column in (*spikes, *accuracy)], stimuli, [w[0, 0] for w in snapshots]


@pytest.mark.parametrize("sealed_again", [False, True])
def test_a_resumed_trace_holds_what_an_uninterrupted_one_holds(tmp_path, header, sealed_again):
    with TraceWriter.create(tmp_path / "whole", header) as writer:
        record(writer, range(8))
    with TraceWriter.create(tmp_path / "resumed", header) as writer:
        record(writer, range(5))
        position = writer.seal()
        record(writer, range(5, 7))
        if sealed_again:
            writer.seal()
            record(writer, range(7, 8))
    with TraceWriter.resume(tmp_path / "resumed", position) as writer:
        assert writer.header == header
        record(writer, range(5, 8))
    assert contents(tmp_path / "resumed") == contents(tmp_path / "whole")


def test_everything_after_the_position_is_deleted(folder, header):
    with TraceWriter.create(folder, header) as writer:
        record(writer, range(3))
        position = writer.seal()
        record(writer, range(3, 5))
        writer.seal()
        writer.values("exc", "v", np.array([1]), np.array([1]), np.array([0.5]))
    before = {path for path in folder.rglob("*") if path.is_file()}
    (folder / "spikes" / "exc" / "000077.parquet").write_bytes(b"left by a crash before its line was written")
    (folder / "tail" / "marks").mkdir()
    (folder / "tail" / "marks" / "000000.log").write_bytes(b"rows that were not sealed")
    TraceWriter.resume(folder, position).close()
    after = {path for path in folder.rglob("*") if path.is_file()}
    assert len(read_manifest(folder)) == position == 4
    assert {str(path.relative_to(folder)) for path in after} == {
        "trace.json", "manifest.jsonl", "spikes/exc/000000.parquet", "stimuli/000000.parquet",
        "scalars/000000.parquet", "weights/input_exc/000000.parquet", "weights/input_exc/000000.safetensors",
        "weights/input_exc/000001.safetensors", "weights/input_exc/000002.safetensors",
    }  # fmt: skip
    assert after < before


def test_the_first_change_of_weights_is_from_the_last_snapshot_kept(folder, header):
    with TraceWriter.create(folder, header) as writer:
        record(writer, range(3))
        position = writer.seal()
        record(writer, range(3, 5))
    with TraceWriter.resume(folder, position) as writer:
        record(writer, range(6, 7))
    with Trace.open(folder) as trace:
        np.testing.assert_array_equal(trace.snapshots("input_exc")["changed"], [np.nan, 160.0, 160.0, 640.0])


def test_from_the_beginning(folder, header):
    with TraceWriter.create(folder, header) as writer:
        record(writer, range(2))
    with TraceWriter.resume(folder, 0) as writer:
        record(writer, range(1))
    assert contents(folder)[2] == [0.0]


def test_numbers_are_not_given_again(folder, header):
    with TraceWriter.create(folder, header) as writer:
        record(writer, range(2))
        position = writer.seal()
        record(writer, range(2, 4))
    with TraceWriter.resume(folder, position) as writer:
        record(writer, range(2, 3))
    files = sorted(segment.file for segment in read_manifest(folder) if segment.table == "spikes/exc")
    assert files == ["spikes/exc/000000.parquet", "spikes/exc/000002.parquet"]
    assert sorted(path.name for path in (folder / "weights" / "input_exc").glob("*.safetensors")) == [
        "000000.safetensors", "000001.safetensors", "000004.safetensors",
    ]  # fmt: skip


def test_a_reader_that_is_open_sees_the_resumed_trace(folder, header):
    with TraceWriter.create(folder, header) as writer, Trace.open(folder) as trace:
        record(writer, range(2))
        position = writer.seal()
        record(writer, range(2, 5))
        trace.refresh()
        assert len(trace.spikes("exc").t) == 50
        writer.close()
        with TraceWriter.resume(folder, position) as resumed:
            assert trace.refresh()
            assert len(trace.spikes("exc").t) == 20
            resumed.spikes("exc", np.array([123_456]), np.array([3]), 99)
            assert trace.refresh()
            assert trace.spikes("exc").stim[-1] == 99
            assert len(trace.spikes("exc").t) == 21


def test_a_segment_dropped_while_it_is_read_is_an_error_that_says_so(folder, header):
    with TraceWriter.create(folder, header) as writer:
        record(writer, range(2))
    with Trace.open(folder) as trace:
        TraceWriter.resume(folder, 0).close()
        with pytest.raises(TraceError, match="refresh the trace"):
            trace.spikes("exc")
        trace.refresh()
        assert len(trace.spikes("exc").t) == 0


@pytest.mark.parametrize("position", [5, -1])
def test_a_position_that_the_trace_has_not(folder, header, position):
    with TraceWriter.create(folder, header) as writer:
        record(writer, range(2))
    with pytest.raises(TraceError, match=rf"has 4 sealed segments, but is to be resumed after {position}"):
        TraceWriter.resume(folder, position)
    with TraceWriter.resume(folder, 4) as writer:  # the failed attempt let go of the trace, and changed nothing
        record(writer, range(2, 3))
    assert contents(folder)[2] == [0.0, 1.0, 2.0]


def test_no_trace_to_resume(tmp_path):
    with pytest.raises(TraceError, match=r"no trace.json"):
        TraceWriter.resume(tmp_path, 0)
