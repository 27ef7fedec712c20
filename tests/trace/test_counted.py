"""A layer of which only counts are kept answers as one with rows, wherever single spikes are not needed."""

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.trace.counted import counted
from spikesight.trace.manifest import read_manifest
from spikesight.trace.reader import Trace
from spikesight.trace.schema import Header, Layer, Recorded
from spikesight.trace.writer import TraceWriter

TICKS, STIMULI = 500, 40


def made_up(size, seed=0):
    random = np.random.default_rng(seed)
    for stim in range(STIMULI):
        n = int(random.integers(0, 60))
        yield stim, np.sort(random.integers(0, TICKS, n)) + TICKS * stim, random.integers(0, size, n)


def record(writer, stimuli):
    for stim, t, unit in stimuli:
        for layer in ("rows", "counts"):
            writer.spikes(layer, t, unit, stim)
        writer.stimulus(stim=stim, t_start=TICKS * stim, t_end=TICKS * (stim + 1), label=stim % 3 - (stim % 7 == 0))


def header(size):
    return Header("r", 500_000, (Layer("rows", (size,)), Layer("counts", (size,), Recorded(rows=False))))


@pytest.fixture(params=[12, 300])
def trace(request, folder):
    """Some segments, and a log that is not sealed."""
    size = request.param
    with TraceWriter.create(folder, header(size)) as writer:
        for stimuli in np.array_split(np.array(list(made_up(size)), dtype=object), 4):
            record(writer, stimuli)
            if stimuli[-1][0] < STIMULI - 1:
                writer.seal()
        with Trace.open(folder) as trace:
            yield trace


def test_everything_that_is_counted_is_equal(trace):
    assert trace.count("counts") == trace.count("rows") > 500
    np.testing.assert_array_equal(trace.unit_counts("counts"), trace.unit_counts("rows"))
    for stim in (None, (3, 31), (10, 10)):
        for mine, other in zip(trace.class_counts("counts", stim), trace.class_counts("rows", stim), strict=True):
            np.testing.assert_array_equal(mine, other)
    for mine, other in zip(
        trace.class_counts_by_block("counts", 5), trace.class_counts_by_block("rows", 5), strict=True
    ):
        np.testing.assert_array_equal(mine, other)
    np.testing.assert_array_equal(trace.spike_counts("counts", (5, 35)), trace.spike_counts("rows", (5, 35)))


@pytest.mark.parametrize("window", [None, (1.0, 8.0)])
def test_rasters_are_equal_on_the_grids_that_it_offers(trace, window):
    grid = trace.grid("counts", window, bins=10_000)
    rows = trace.rows_for("counts", 300)
    assert grid.bins > 1
    raster = trace.raster_on("counts", grid, rows)
    np.testing.assert_array_equal(raster, trace.raster_on("rows", grid, rows))
    seconds = (grid.first * trace.header.tick, grid.end * trace.header.tick)
    assert raster.sum() == trace.count("counts", seconds) == trace.count("rows", seconds)


def test_single_spikes_are_not_there_and_it_says_so(trace):
    for ask in (trace.spikes, trace.raster, trace.rate):
        with pytest.raises(InputError, match="of 'counts' only counts were recorded: ask for"):
            ask("counts")


def test_it_can_be_resumed_and_read_by_who_has_it_open(folder):
    size, stimuli = 12, list(made_up(12))
    with TraceWriter.create(folder, header(size)) as writer:
        record(writer, stimuli[:20])
        position = writer.seal()
        record(writer, stimuli[20:25])
    with Trace.open(folder) as trace, TraceWriter.resume(folder, position) as writer:
        record(writer, stimuli[20:])
        for _ in ("in the log", "sealed"):
            trace.refresh()
            assert trace.count("counts") == sum(len(t) for _, t, _ in stimuli)
            np.testing.assert_array_equal(trace.spike_counts("counts", (0, 40)), trace.spike_counts("rows", (0, 40)))
            writer.seal()
    tables = {segment.table for segment in read_manifest(folder)}
    assert tables == {"spikes/rows", "counts/counts", "stimuli"}
    files = sorted(path.name for path in (folder / "counts" / "counts").iterdir())
    assert files == ["000000.parquet", "000002.parquet"]  # a number that was dropped is not given again


def test_counts_are_much_smaller_where_units_spike_often(folder):
    random = np.random.default_rng(0)
    with TraceWriter.create(folder, header(100)) as writer:
        for stim in range(30):
            t = np.sort(random.integers(0, TICKS, 10_000)) + TICKS * stim
            unit = random.integers(0, 100, 10_000)
            writer.spikes("rows", t, unit, stim)
            writer.spikes("counts", t, unit, stim)
    sizes = {
        name: sum(path.stat().st_size for path in (folder / name).rglob("*.parquet")) for name in ("spikes", "counts")
    }
    assert sizes["counts"] < sizes["spikes"] / 2  # a third where this was written


def test_both_kinds_of_rows_add_up():
    random = np.random.default_rng(1)
    spikes = {
        "t": np.sort(random.integers(0, 5000, 700)),
        "unit": random.integers(0, 400, 700).astype(np.int32),
        "stim": random.integers(3, 9, 700).astype(np.int32),
    }
    found = counted(spikes, 400)
    by_time = found["width"] > 0
    assert found["spikes"][by_time].sum() == found["spikes"][~by_time].sum() == 700
    assert found["stim"].min() == spikes["stim"].min()
    assert found["unit"][by_time].max() < 256
