import json
import math
import pkgutil
import shutil
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import check_output

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spikesight.base.errors import InputError, TraceError, UnknownName
from spikesight.trace.grids import Grid
from spikesight.trace.reader import Spikes, Trace
from spikesight.trace.schema import Header, Layer
from spikesight.trace.writer import TraceWriter

TICK = 0.0005


@pytest.fixture
def trace(folder, header):
    """Three stimuli: the first sealed, the second sealed later, the third in the logs."""
    writer = TraceWriter.create(folder, header)
    for stim in range(3):
        t = 1000 * stim + np.array([0, 10, 10, 999])
        writer.spikes("exc", t[[2, 1, 0, 3]], np.array([9, 1, 0, stim]), stim)
        writer.values("exc", "v", t[:2], np.array([0, 4]), np.array([-0.06, -0.05 + stim]))
        correct = [None, True, False][stim]
        writer.stimulus(
            stim=stim, t_start=1000 * stim, t_end=1000 * stim + 1000, label=stim, correct=correct, split="test"
        )
        writer.scalar(1000 * stim, "accuracy", stim / 2)
        writer.scalar(1000 * stim, "loss", math.nan)
        writer.mark(1000 * stim, "checkpoint", f"number {stim}")
        writer.weights("input_exc", 1000 * stim, stim, np.full((16, 10), 0.25 * stim))
        if stim < 2:
            writer.seal()
    with Trace.open(folder) as trace:
        yield trace
    writer.close()


def test_all_spikes_in_order_of_time_and_unit(trace):
    spikes = trace.spikes("exc")
    assert spikes.t.tolist() == [0.0, 0.005, 0.005, 0.4995, 0.5, 0.505, 0.505, 0.9995, 1.0, 1.005, 1.005, 1.4995]
    assert spikes.unit.tolist() == [0, 1, 9, 0, 0, 1, 9, 1, 0, 1, 9, 2]
    assert spikes.stim.tolist() == [0] * 4 + [1] * 4 + [2] * 4
    assert [column.dtype for column in spikes] == [np.float64, np.int32, np.int32]


def test_a_window_holds_its_start_and_not_its_end(trace):
    assert trace.spikes("exc", t=(0.005, 0.5)).t.tolist() == [0.005, 0.005, 0.4995]
    assert trace.spikes("exc", t=(0.0051, 0.4995)).t.tolist() == []
    assert trace.spikes("exc", t=(-math.inf, 0.005)).t.tolist() == [0.0]
    assert trace.spikes("exc", t=(1.4995, math.inf)).t.tolist() == [1.4995]


def test_units_and_stimuli_can_be_chosen(trace):
    assert trace.spikes("exc", units=[9, 2]).unit.tolist() == [9, 9, 9, 2]
    assert trace.spikes("exc", stim=(1, 2)).stim.tolist() == [1] * 4
    assert trace.spikes("exc", t=(0.4, 1.2), units=np.array([0]), stim=(0, 2)).t.tolist() == [0.4995, 0.5]
    assert trace.spikes("exc", units=range(10)).t.tolist() == trace.spikes("exc").t.tolist()
    assert trace.spikes("exc", units=[]).t.tolist() == []
    assert trace.spikes("exc", stim=(2, 2)).t.tolist() == []


def test_a_layer_that_was_not_recorded_has_no_spikes(trace):
    spikes = trace.spikes("input")
    assert [len(column) for column in spikes] == [0, 0, 0]
    assert [column.dtype for column in spikes] == [np.float64, np.int32, np.int32]
    assert trace.raster("input", bins=3).tolist() == [[0, 0, 0]] * 16


def test_values(trace):
    values = trace.values("exc", "v", t=(0.5, 1.01))
    assert values.t.tolist() == [0.5, 0.505, 1.0, 1.005]
    assert values.unit.tolist() == [0, 4, 0, 4]
    np.testing.assert_array_equal(values.value, np.array([-0.06, 0.95, -0.06, 1.95], np.float32))
    assert trace.values("exc", "v", units=[4]).unit.tolist() == [4, 4, 4]
    assert len(trace.values("exc", "theta").t) == 0


def test_mean_values_on_a_grid(trace):
    """Two values in bins 0, 2 and 4 of 500 ticks, one after the other in time."""
    means = trace.mean_values("exc", "v", Grid(0, 500, 6))
    np.testing.assert_allclose(means, [-0.055, np.nan, 0.445, np.nan, 0.945, np.nan], rtol=1e-6)
    assert np.isnan(trace.mean_values("exc", "theta", Grid(0, 500, 6))).all()
    with pytest.raises(UnknownName):
        trace.mean_values("ecx", "v", Grid(0, 500, 6))


def test_values_that_are_not_a_number_stay_so(folder, header):
    with TraceWriter.create(folder, header) as writer, Trace.open(folder) as trace:
        writer.values("exc", "v", np.array([1, 2]), np.array([0, 1]), np.array([np.nan, 0.5]))
        writer.weights("input_exc", 1, 0, np.full((16, 10), np.nan))
        for _ in ("in the log", "sealed"):
            trace.refresh()
            value = trace.values("exc", "v").value
            assert not np.ma.isMaskedArray(value)
            np.testing.assert_array_equal(value, np.array([np.nan, 0.5], np.float32))
            np.testing.assert_array_equal(trace.snapshots("input_exc")["mean"], [np.nan])
            writer.seal()


@pytest.mark.parametrize("last", range(1, 9))
def test_the_last_stimuli_are_those_shown_last_whenever_they_were_written(folder, header, last):
    order = [5, 1, 7, 2, 0, 6, 3, 4]
    with TraceWriter.create(folder, header) as writer:
        for place, stim in enumerate(order):
            writer.stimulus(stim=stim, t_start=100 * stim, t_end=100 * stim + 100)
            if place % 3 != 1:
                writer.seal()
        with Trace.open(folder) as trace:
            assert trace.stimuli(last=last)["stim"].tolist() == list(range(8 - last, 8))


def test_stimuli(trace):
    shown = trace.stimuli()
    assert list(shown) == ["stim", "t_start", "t_end", "label", "prediction", "correct", "loss", "latency", "split",
                           "epoch", "source"]  # fmt: skip
    assert shown["stim"].tolist() == [0, 1, 2]
    assert shown["t_end"].tolist() == [0.5, 1.0, 1.5]
    assert shown["correct"].tolist() == [None, True, False]
    assert shown["correct"].mean() == 0.5
    assert shown["prediction"].tolist() == [-1, -1, -1]
    assert np.isnan(shown["loss"]).all()
    assert shown["split"].tolist() == ["test"] * 3


def test_the_last_stimuli(trace):
    assert trace.stimuli(last=2)["stim"].tolist() == [1, 2]
    assert trace.stimuli(last=1)["correct"].tolist() == [False]
    assert trace.stimuli(last=99)["stim"].tolist() == [0, 1, 2]
    with pytest.raises(InputError, match="last is at least 1"):
        trace.stimuli(last=0)


def test_scalars_and_marks(trace):
    t, value = trace.scalars("accuracy")
    assert (t.tolist(), value.tolist()) == ([0.0, 0.5, 1.0], [0.0, 0.5, 1.0])
    assert np.isnan(trace.scalars("loss")[1]).tolist() == [True] * 3
    assert [len(column) for column in trace.scalars("nothing")] == [0, 0]
    marks = trace.marks()
    assert marks["t"].tolist() == [0.0, 0.5, 1.0]
    assert marks["text"].tolist() == ["number 0", "number 1", "number 2"]


def test_snapshots_and_weights(trace):
    known = trace.snapshots("input_exc")
    assert known["t"].tolist() == [0.0, 0.5, 1.0]
    assert known["mean"].tolist() == [0.0, 0.25, 0.5]
    assert known["histogram"].shape == (3, 64)
    assert known["histogram"].sum(axis=1).tolist() == [160] * 3
    assert known["zeros"].tolist() == [160, 0, 0]
    np.testing.assert_array_equal(known["changed"], [np.nan, 40.0, 40.0])
    assert trace.weights("input_exc").tolist() == [[0.5] * 10] * 16
    assert trace.weights("input_exc", 1)[0, 0] == trace.weights("input_exc", -2)[0, 0] == 0.25
    assert trace.weights("input_exc").dtype == np.float32
    for missing in (3, -4):
        with pytest.raises(InputError, match=rf"no snapshot {missing} of 'input_exc': the trace has 3"):
            trace.weights("input_exc", missing)


def test_spike_counts_per_stimulus(trace):
    counts = trace.spike_counts("exc", (0, 5))
    assert counts.shape == (5, 10)
    assert counts[:, 0].tolist() == [2, 1, 1, 0, 0]
    assert counts.sum(axis=1).tolist() == [4, 4, 4, 0, 0]
    assert trace.spike_counts("exc", (1, 2)).tolist() == counts[1:2].tolist()
    assert trace.spike_counts("exc", (1, 1)).shape == (0, 10)
    with pytest.raises(InputError, match=r"first <= stop, got \(2, 1\)"):
        trace.spike_counts("exc", (2, 1))


@pytest.mark.parametrize(
    "ask",
    [
        lambda trace: trace.spikes("exq"),
        lambda trace: trace.raster("exq"),
        lambda trace: trace.rate("exq"),
        lambda trace: trace.values("exq", "v"),
        lambda trace: trace.spike_counts("exq", (0, 1)),
    ],
)
def test_an_unknown_layer_is_an_error_with_the_nearest_names(trace, ask):
    with pytest.raises(UnknownName, match=r"no layer is called 'exq'\. Did you mean exc"):
        ask(trace)


def test_an_unknown_projection(trace):
    for ask in (trace.snapshots, trace.weights):
        with pytest.raises(UnknownName, match="no projection is called 'exc_inh'"):
            ask("exc_inh")


def test_windows_and_pictures_that_cannot_be(trace):
    with pytest.raises(InputError, match="start <= end"):
        trace.spikes("exc", t=(1.0, 0.0))
    with pytest.raises(InputError, match="at least one tick"):
        trace.raster("exc", t=(0.5, 0.5))
    with pytest.raises(InputError, match="at least one tick"):
        trace.rate("exc", t=(0.0, math.inf))
    with pytest.raises(InputError, match="bins is at least 1, got 0"):
        trace.raster("exc", bins=0)
    with pytest.raises(InputError, match="rows is at least 1, got -1"):
        trace.raster("exc", rows=-1)


def test_the_run_folder_will_do(trace):
    with Trace.open(trace.folder.parent) as same:
        assert same.header == trace.header
        assert same.extent == trace.extent == (0, 2999)
        assert same.tables == ["marks", "scalars", "spikes/exc", "stimuli", "values/exc.v", "weights/input_exc"]


def test_an_empty_trace(folder, header):
    with TraceWriter.create(folder, header), Trace.open(folder) as trace:
        assert (trace.extent, trace.tables, trace.refresh()) == ((0, 0), [], False)
        assert len(trace.spikes("exc").t) == len(trace.values("exc", "v").t) == len(trace.scalars("x")[0]) == 0
        assert {name: len(column) for name, column in trace.marks().items()} == {"t": 0, "name": 0, "text": 0}
        assert len(trace.stimuli()["correct"]) == len(trace.stimuli(last=3)["stim"]) == 0
        assert len(trace.snapshots("input_exc")["t"]) == 0
        assert trace.raster("exc", bins=5, rows=2).tolist() == [[0] * 5] * 2
        assert trace.rate("exc", bins=5).tolist() == [0.0] * 5
        assert trace.spike_counts("exc", (0, 2)).tolist() == [[0] * 10] * 2
        with pytest.raises(InputError, match="the trace has 0"):
            trace.weights("input_exc")


def binned(spikes: Spikes, first: int, stop: int, bins: int, rows: int, size: int) -> np.ndarray:
    """The picture of a raster, from its definition."""
    picture = np.zeros((rows, bins), dtype=int)
    for t, unit in zip(np.rint(spikes.t / TICK).astype(int), spikes.unit, strict=True):
        picture[unit * rows // size, (t - first) * bins // (stop - first)] += 1
    return picture


@settings(deadline=None, max_examples=40)
@given(
    spikes=st.lists(st.tuples(st.integers(0, 300), st.integers(0, 12)), max_size=60),
    sealed=st.integers(0, 60),
    first=st.integers(-20, 250),
    ticks=st.integers(1, 300),
    bins=st.integers(1, 400),
    rows=st.integers(1, 30),
)
def test_rasters_and_rates_count_every_spike_once(spikes, sealed, first, ticks, bins, rows):
    folder = Path(tempfile.mkdtemp())
    with TraceWriter.create(folder, Header("r", 500_000, (Layer("exc", (13,)),))) as writer:
        for part in (spikes[:sealed], spikes[sealed:]):
            writer.spikes("exc", np.array([t for t, _ in part]), np.array([unit for _, unit in part]), 0)
            if part is spikes[:sealed]:
                writer.seal()
        window = (first * TICK, (first + ticks) * TICK)
        with Trace.open(folder) as trace:
            inside = trace.spikes("exc", window)
            assert len(inside.t) == sum(first <= t < first + ticks for t, _ in spikes)
            raster = trace.raster("exc", window, bins, rows)
            assert (raster.dtype, raster.shape) == (np.uint32, (rows, bins))
            assert raster.tolist() == binned(inside, first, first + ticks, bins, rows, 13).tolist()
            assert trace.raster("exc", bins=bins, rows=rows).sum() == len(spikes)
            if bins <= ticks:
                rate = trace.rate("exc", window, bins)
                seconds = np.diff([math.ceil(place * ticks / bins) for place in range(bins + 1)]) * TICK
                np.testing.assert_allclose(rate * seconds * 13, raster.sum(axis=0), atol=1e-9)
    shutil.rmtree(folder)


@pytest.mark.parametrize("bins", [1, 7, 300, 400, 1000, 1333, 5000])
def test_a_steady_rate_is_drawn_steady(folder, bins):
    # Bins that do not divide the ticks hold 2 and 3 ticks in turn: counts oscillate, the rate must not.
    with TraceWriter.create(folder, Header("r", 500_000, (Layer("exc", (4,)),))) as writer:
        t = np.arange(1000)
        writer.spikes("exc", t, t % 4, 0)
    with Trace.open(folder) as trace:
        np.testing.assert_allclose(trace.rate("exc", bins=bins), 500.0)  # one spike a tick, 2000 ticks/s, 4 units


def test_a_bin_finer_than_a_tick_has_the_rate_of_its_tick(folder):
    with TraceWriter.create(folder, Header("r", 500_000, (Layer("exc", (1,)),))) as writer:
        writer.spikes("exc", np.array([1]), np.array([0]), 0)
    with Trace.open(folder) as trace:
        assert trace.rate("exc", (0.0, 3 * TICK), bins=6).tolist() == pytest.approx([0, 0, 2000, 2000, 0, 0])


def test_a_log_sealed_between_two_looks_is_neither_missed_nor_read_twice(folder, header, monkeypatch):
    with TraceWriter.create(folder, header) as writer, Trace.open(folder) as trace:
        for place, look in enumerate(("layout.tails", "read_manifest")):
            writer.spikes("exc", np.array([2 * place]), np.array([0]), 0)
            trace.refresh()
            writer.spikes("exc", np.array([2 * place + 1]), np.array([0]), 0)
            with monkeypatch.context() as patched:
                _seal_during(patched, f"spikesight.trace.store.{look}", writer)
                trace.refresh()
            assert np.rint(trace.spikes("exc").t / TICK).tolist() == list(range(2 * place + 2))


def _seal_during(patched, name, writer):
    module, _, attribute = name.rpartition(".")
    owner = pkgutil.resolve_name(module)
    look = getattr(owner, attribute)

    def sealing(folder):
        listed = list(look(folder)) if attribute == "tails" else None
        writer.seal()
        return look(folder) if listed is None else listed

    patched.setattr(owner, attribute, sealing)


def test_a_log_that_outlived_its_sealing_is_not_read(folder, header):
    with TraceWriter.create(folder, header) as writer:
        writer.spikes("exc", np.array([1, 2]), np.array([0, 1]), 0)
        log = folder / "tail" / "spikes" / "exc" / "000000.log"
        rows = log.read_bytes()
        writer.seal()
        log.write_bytes(rows)  # as after a crash between the line in the manifest and the deletion
        writer.spikes("exc", np.array([3]), np.array([2]), 0)
        with Trace.open(folder) as trace:
            assert trace.spikes("exc").unit.tolist() == [0, 1, 2]


def test_a_growing_trace_is_never_short_of_a_row_nor_double(folder, header, monkeypatch):
    monkeypatch.setattr("spikesight.trace.sealer.SEGMENT_ROWS", 500)
    with TraceWriter.create(folder, header) as writer, Trace.open(folder) as trace, ThreadPoolExecutor(1) as other:
        enough, told = threading.Event(), 0

        def record():
            nonlocal told
            while not enough.is_set():
                writer.spikes("exc", np.arange(50 * told, 50 * told + 50), np.arange(50) % 10, told)
                told += 1

        recording = other.submit(record)
        try:
            for _ in range(40):
                acknowledged = 50 * told
                trace.refresh()
                t = np.rint(trace.spikes("exc").t / TICK)
                np.testing.assert_array_equal(t, np.arange(len(t)))
                assert len(t) >= acknowledged
        finally:
            enough.set()
        recording.result()
        trace.refresh()
        assert len(trace.spikes("exc").t) == 50 * told


def test_a_reader_in_another_process_sees_the_log(folder, header):
    look = "import sys; from spikesight.trace.reader import Trace; print(len(Trace.open(sys.argv[1]).spikes('exc').t))"
    with TraceWriter.create(folder, header) as writer:
        for told in (1, 2):
            writer.spikes("exc", np.array([told]), np.array([0]), 0)
            assert check_output([sys.executable, "-c", look, str(folder)], text=True).strip() == str(told)


def test_refresh_says_whether_there_is_news(folder, header):
    with TraceWriter.create(folder, header) as writer, Trace.open(folder) as trace:
        assert not trace.refresh()
        writer.mark(1, "a")
        assert len(trace.marks()["t"]) == 0
        assert trace.refresh()
        assert len(trace.marks()["t"]) == 1
        assert not trace.refresh()
        writer.seal()
        assert trace.refresh()
        assert len(trace.marks()["t"]) == 1


def test_many_threads_get_the_same_answers(folder, header):
    with TraceWriter.create(folder, header) as writer:
        rng = np.random.default_rng(0)
        writer.spikes("exc", np.sort(rng.integers(0, 10_000, 20_000)), rng.integers(0, 10, 20_000), 0)
        writer.seal()
        writer.spikes("exc", np.arange(10_000, 10_500), np.arange(500) % 10, 1)
        with Trace.open(folder) as trace, ThreadPoolExecutor(8) as pool:
            expected = trace.raster("exc", bins=100)
            answers = pool.map(lambda _: trace.raster("exc", bins=100), range(64))
            assert all(np.array_equal(answer, expected) for answer in answers)
            assert expected.sum() == 20_500


def test_a_whole_run_is_drawn_at_once(folder):
    # 0.06 s on the machine this was written on; the bound is what a person would still call at once.
    with TraceWriter.create(folder, Header("r", 500_000, (Layer("exc", (400,)),))) as writer:
        rng = np.random.default_rng(0)
        for stim in range(20):
            t = np.sort(rng.integers(0, 100_000, 100_000)) + 100_000 * stim
            writer.spikes("exc", t, rng.integers(0, 400, 100_000), stim)
    with Trace.open(folder) as trace:
        costs = []
        for _ in range(3):
            start = time.perf_counter()
            raster = trace.raster("exc", bins=1200)
            costs.append(time.perf_counter() - start)
    assert raster.sum() == 2_000_000
    assert min(costs) < 1.0


def test_what_is_no_trace(tmp_path, header):
    with pytest.raises(TraceError, match=r"is not a trace: it has no trace\.json"):
        Trace.open(tmp_path)
    with pytest.raises(TraceError, match="is not a trace"):
        Trace.open(tmp_path / "missing")
    path = tmp_path / "trace.json"
    for torn in ('{"format_version": 1, "ru', "", "[1]"):
        path.write_text(torn)
        with pytest.raises(TraceError, match=r"trace.json"):
            Trace.open(tmp_path)
    path.write_text(json.dumps({**header.as_json(), "format_version": 99}))
    with pytest.raises(TraceError, match="format version 99"):
        Trace.open(tmp_path)


def test_a_truncated_segment_is_an_error(folder, header):
    with TraceWriter.create(folder, header) as writer:
        writer.spikes("exc", np.arange(100), np.arange(100) % 10, 0)
        writer.mark(1, "a")
    path = folder / "spikes" / "exc" / "000000.parquet"
    path.write_bytes(path.read_bytes()[:-20])
    with Trace.open(folder) as trace:
        with pytest.raises(TraceError, match=r"cannot be read.*restore the file"):
            trace.spikes("exc")
        assert trace.marks()["name"].tolist() == ["a"]


def test_segments_outside_the_window_are_not_opened(folder, header):
    with TraceWriter.create(folder, header) as writer:
        for stim in range(3):
            writer.spikes("exc", np.array([1000 * stim]), np.array([stim]), stim)
            writer.seal()
    (folder / "spikes" / "exc" / "000001.parquet").write_bytes(b"not Parquet")
    with Trace.open(folder) as trace:
        assert trace.spikes("exc", t=(0.0, 0.5)).unit.tolist() == [0]
        assert trace.spikes("exc", stim=(2, 3)).unit.tolist() == [2]
        assert trace.spike_counts("exc", (2, 3)).sum() == 1
        assert trace.raster("exc", (1.0, 1.5), bins=2).sum() == 1
        with pytest.raises(TraceError):
            trace.spikes("exc")


def test_the_package_is_light():
    code = (
        "import sys, spikesight.trace, spikesight.trace.schema, spikesight.trace.probe; print('duckdb' in sys.modules)"
    )
    assert check_output([sys.executable, "-c", code], text=True).strip() == "False"
