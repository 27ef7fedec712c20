import json
import threading
import time

import duckdb
import numpy as np
import pytest

from spikesight.base.errors import InputError, TraceError, UnknownName
from spikesight.trace import sealer
from spikesight.trace.manifest import read_manifest
from spikesight.trace.reader import Trace
from spikesight.trace.schema import Header, Layer, Projection
from spikesight.trace.writer import TraceWriter


def test_the_layout_is_readable_without_us(folder, header):
    with TraceWriter.create(folder, header) as writer:
        writer.spikes("exc", np.array([3, 5]), np.array([1, 9]), stim=4)
        writer.values("exc", "v", np.array([3]), np.array([1]), np.array([-0.065]))
        writer.stimulus(stim=4, t_start=0, t_end=1000, label=7, prediction=2, correct=False, loss=0.5, source=12)
        writer.scalar(1000, "accuracy", 0.25)
        writer.mark(1000, "checkpoint", "first")
        writer.weights("input_exc", 1000, 4, np.full((16, 10), 0.5))
    assert json.loads((folder / "trace.json").read_text())["format_version"] == 3
    lines = [json.loads(line) for line in (folder / "manifest.jsonl").read_text().splitlines()]
    assert {line["table"]: line["rows"] for line in lines} == {
        "spikes/exc": 2, "values/exc.v": 1, "stimuli": 1, "scalars": 1, "marks": 1, "weights/input_exc": 1,
    }  # fmt: skip
    spikes = next(line for line in lines if line["table"] == "spikes/exc")
    assert spikes == {"table": "spikes/exc", "file": "spikes/exc/000000.parquet", "rows": 2, "t_first": 3, "t_last": 5,
                      "stim_first": 4, "stim_last": 4}  # fmt: skip
    assert not list((folder / "tail").rglob("*.log"))
    with duckdb.connect() as database:
        read = lambda table: database.execute(f"SELECT * FROM '{folder}/{table}/*.parquet'").fetchall()  # noqa: E731
        assert read("spikes/exc") == [(3, 1, 4), (5, 9, 4)]
        assert read("values/exc.v") == [(3, 1, pytest.approx(-0.065))]
        assert read("stimuli") == [(4, 0, 1000, 7, 2, False, 0.5, None, "train", 0, 12)]
        assert read("scalars") == [(1000, "accuracy", 0.25)]
        assert read("marks") == [(1000, "checkpoint", "first")]
        file = "000000.safetensors"
        assert read("weights/input_exc") == [(1000, 4, file, 0.5, 0.0, 0.5, 0.5, [160] + [0] * 63, 0, None)]
    assert (folder / "weights" / "input_exc" / file).exists()


def test_times_are_delta_encoded(folder, header):
    with TraceWriter.create(folder, header) as writer:
        writer.spikes("exc", np.arange(5000), np.arange(5000) % 10, stim=0)
    with duckdb.connect() as database:
        query = f"SELECT encodings, compression FROM parquet_metadata('{folder}/spikes/exc/000000.parquet')"
        rows = database.execute(query + " WHERE path_in_schema = 't'").fetchall()
    assert rows == [("DELTA_BINARY_PACKED", "ZSTD")]


def test_a_spike_costs_little(folder):
    # Poisson spikes at 10 Hz of 400 units in ticks of 0.5 ms. What a spike tells: its unit, log2(400) = 8.6 bits less
    # the order within a tick, and about 1.4 + log2(0.5) bits of time at 2 spikes a tick. That is over 1 byte; two are
    # the aim, where (int64, int32, int32) would be sixteen.
    ticks = 50_000
    t, unit = np.nonzero(np.random.default_rng(0).random((ticks, 400)) < 10 * 0.0005)
    with TraceWriter.create(folder, Header("r", 500_000, (Layer("e", (400,)),))) as writer:
        for stim, part in enumerate(np.array_split(np.arange(len(t)), ticks // 1000)):
            writer.spikes("e", t[part], unit[part], stim)
    size = sum(file.stat().st_size for file in (folder / "spikes").rglob("*") if file.is_file())
    assert len(t) > 90_000
    assert size / len(t) < 2.0


def test_appends_are_cheap(folder, header):
    # Some 5 microseconds of this thread's processor where this was written, whatever else the machine does; ten times
    # that would show in a simulation.
    t, unit = np.sort(np.random.default_rng(0).integers(0, 1000, 20)), np.arange(20) % 10
    with TraceWriter.create(folder, header) as writer:
        costs = []
        for _ in range(5):
            start = time.thread_time()
            for stim in range(500):
                writer.spikes("exc", t, unit, stim)
                writer.stimulus(stim=stim, t_start=0, t_end=1000, label=3, correct=True)
                writer.scalar(0, "accuracy", 0.5)
            costs.append((time.thread_time() - start) / 1500)
    assert min(costs) < 50e-6


def test_old_rows_are_sealed_without_being_asked(folder, header, monkeypatch):
    monkeypatch.setattr(sealer, "SEAL_AFTER", 0.0)
    monkeypatch.setattr(sealer, "LOOK_EVERY", 0.01)
    with TraceWriter.create(folder, header) as writer:
        writer.mark(1, "note")
        deadline = time.monotonic() + 10
        while not read_manifest(folder) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert [segment.table for segment in read_manifest(folder)] == ["marks"]


def test_many_rows_are_sealed_without_being_asked(folder, header, monkeypatch):
    monkeypatch.setattr(sealer, "SEGMENT_ROWS", 100)
    with TraceWriter.create(folder, header) as writer:
        for place in range(50):
            writer.spikes("exc", np.arange(20) + 20 * place, np.zeros(20, int), place)
    segments = read_manifest(folder)
    assert len(segments) >= 4
    assert max(segment.rows for segment in segments) <= 200 + 20
    with Trace.open(folder) as trace:
        assert np.array_equal(trace.spikes("exc").t, np.arange(1000) / 2000)


def test_a_whole_recording_in_one_call_becomes_segments_like_others(folder, header):
    rows = 5 * sealer.SEGMENT_ROWS + 7
    t, unit, stim = np.arange(rows), np.arange(rows) % 10, np.arange(rows) // 1000
    with TraceWriter.create(folder, header) as writer:
        writer.spikes("exc", t, unit, stim)
        writer.values("exc", "v", t, unit, t)
    segments = read_manifest(folder)
    # A log is taken with what is in it: up to twice as many rows as it is taken at.
    assert max(segment.rows for segment in segments) <= 2 * sealer.SEGMENT_ROWS
    with Trace.open(folder) as trace:
        found, values = trace.spikes("exc"), trace.values("exc", "v")
        assert all(map(np.array_equal, (found.t, found.unit, found.stim), (t / 2000, unit, stim)))
        assert np.array_equal(values.value, t.astype(np.float32))


def test_appending_waits_for_sealing(folder, header, monkeypatch):
    monkeypatch.setattr(sealer, "SEGMENT_ROWS", 100)
    go_on, write_segment = threading.Event(), sealer.write_segment

    def slow(*arguments):
        go_on.wait(30)
        return write_segment(*arguments)

    monkeypatch.setattr(sealer, "write_segment", slow)
    writer = TraceWriter.create(folder, header)

    def append():
        for place in range(100):
            writer.spikes("exc", np.arange(20) + 20 * place, np.zeros(20, int), place)

    appending = threading.Thread(target=append)
    appending.start()
    appending.join(0.5)
    assert appending.is_alive()
    with Trace.open(folder) as trace:
        # One log is being sealed, and one is full twice over.
        assert 200 <= len(trace.spikes("exc").t) <= 200 + 220 + 20
    go_on.set()
    appending.join(30)
    writer.close()
    with Trace.open(folder) as trace:
        assert len(trace.spikes("exc").t) == 2000


def test_seal_returns_the_number_of_segments(folder, header):
    with TraceWriter.create(folder, header) as writer:
        assert writer.seal() == 0
        writer.mark(1, "a")
        writer.scalar(1, "x", 2.0)
        assert writer.seal() == 2
        assert writer.seal() == 2
        writer.mark(2, "b")
        assert writer.seal() == 3


def test_no_spikes_make_no_rows(folder, header):
    with TraceWriter.create(folder, header) as writer:
        writer.spikes("exc", np.array([], int), np.array([], int), 0)
        writer.spikes("exc", np.array([]), np.array([]), 1)
        assert writer.seal() == 0


@pytest.mark.parametrize(
    ("layer", "t", "unit", "kind", "message"),
    [
        ("exq", [1], [1], UnknownName, "Did you mean exc"),
        ("exc", [1, 2], [1], InputError, r"got \(2,\) and \(1,\)"),
        ("exc", [[1]], [[1]], InputError, "one length"),
        ("exc", [1, 2], [0, 10], InputError, "exc has units 0 to 9, got 0 to 10"),
        ("exc", [1, 2], [-1, 3], InputError, "got -1 to 3"),
        ("exc", [0.5], [1], InputError, "ticks, not seconds"),
    ],
)
def test_spikes_that_cannot_be(folder, header, layer, t, unit, kind, message):
    with TraceWriter.create(folder, header) as writer:
        with pytest.raises(kind, match=message):
            writer.spikes(layer, np.array(t), np.array(unit), 0)
        assert writer.seal() == 0


@pytest.mark.parametrize("stim", [2**31, -(2**31) - 1, np.int64(2**40)])
def test_stimuli_that_cannot_be(folder, header, stim):
    with TraceWriter.create(folder, header) as writer, pytest.raises(InputError, match="below 2\\^31"):
        writer.spikes("exc", np.array([1]), np.array([1]), stim)


def test_values_that_cannot_be(folder, header):
    with TraceWriter.create(folder, header) as writer:
        with pytest.raises(InputError, match=r"got \(1,\) values for \(2,\) times"):
            writer.values("exc", "v", np.array([1, 2]), np.array([0, 1]), np.array([0.5]))
        with pytest.raises(InputError, match="one word"):
            writer.values("exc", "../v", np.array([1]), np.array([0]), np.array([0.5]))
        with pytest.raises(UnknownName):
            writer.values("exq", "v", np.array([1]), np.array([0]), np.array([0.5]))


def test_weights_that_cannot_be(folder, header):
    with TraceWriter.create(folder, header) as writer:
        with pytest.raises(InputError, match=r"weights of shape \(16, 10\), got \(10, 16\)"):
            writer.weights("input_exc", 0, 0, np.zeros((10, 16)))
        with pytest.raises(UnknownName, match="no projection"):
            writer.weights("exc_exc", 0, 0, np.zeros((16, 10)))
    assert not (folder / "weights").exists()


def test_the_caller_keeps_its_arrays(folder, header):
    t, unit = np.array([1, 2]), np.array([3, 4])
    with TraceWriter.create(folder, header) as writer:
        writer.spikes("exc", t, unit, 0)
        t[:], unit[:] = 99, 9
        writer.seal()
    with Trace.open(folder) as trace:
        assert trace.spikes("exc").unit.tolist() == [3, 4]
        assert trace.extent == (1, 2)


def test_a_folder_with_a_trace_is_not_overwritten(folder, header):
    with TraceWriter.create(folder, header) as writer:
        writer.mark(1, "a")
    with pytest.raises(TraceError, match="holds a trace already"):
        TraceWriter.create(folder, header)
    with Trace.open(folder) as trace:
        assert trace.marks()["name"].tolist() == ["a"]


def test_a_folder_that_cannot_be_made(tmp_path, header):
    (tmp_path / "file").write_text("")
    with pytest.raises(TraceError, match="file/trace"):
        TraceWriter.create(tmp_path / "file" / "trace", header)


def test_one_writer_at_a_time(folder, header):
    with TraceWriter.create(folder, header) as writer:
        writer.mark(1, "a")
        with pytest.raises(TraceError, match="still being written by another process"):
            TraceWriter.resume(folder, 0)
        writer.mark(2, "b")
    with Trace.open(folder) as trace:
        assert trace.marks()["name"].tolist() == ["a", "b"]


def test_after_close_nothing_is_added(folder, header):
    writer = TraceWriter.create(folder, header)
    writer.close()
    writer.close()
    for attempt in (
        lambda: writer.mark(1, "a"),
        writer.seal,
        lambda: writer.weights("input_exc", 0, 0, np.ones((16, 10))),
    ):
        with pytest.raises(TraceError, match="is closed"):
            attempt()
    assert not (folder / "weights").exists()


def test_an_error_in_the_body_still_seals_what_was_recorded(folder, header):
    def interrupted():
        with TraceWriter.create(folder, header) as writer:
            writer.mark(1, "a")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [segment.table for segment in read_manifest(folder)] == ["marks"]


def test_kernels_of_a_convolution_are_recorded(tmp_path):
    layers = (Layer("input", (2, 4, 4)), Layer("conv", (3, 2, 2)))
    conv = Projection.convolution("input_conv", *layers, (3, 3))
    w = np.random.default_rng(0).random((3, 2, 3, 3)).astype(np.float32)
    with TraceWriter.create(tmp_path / "trace", Header("r", 1, layers, (conv,))) as writer:
        writer.weights("input_conv", 0, -1, w)
        with pytest.raises(InputError, match="weights of shape"):
            writer.weights("input_conv", 1, -1, w[:2])
    with Trace.open(tmp_path / "trace") as trace:
        assert trace.header.projection("input_conv") == conv
        np.testing.assert_allclose(trace.weights("input_conv"), w.reshape(3, 18).T, rtol=1e-3)  # kept as float16
