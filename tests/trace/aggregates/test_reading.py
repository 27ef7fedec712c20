"""Every answer from aggregates equals the one that is counted from all spikes, whatever happened to the files."""

import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spikesight.trace import counts
from spikesight.trace.aggregates import reading
from spikesight.trace.aggregates.files import FOLDER
from spikesight.trace.grids import Grid
from spikesight.trace.reader import Trace
from spikesight.trace.schema import Header, Layer
from spikesight.trace.windows import Window
from spikesight.trace.writer import TraceWriter

TICK = 0.0005
TICKS = 700
"""Length of a stimulus."""


@dataclass
class Truth:
    """All spikes (N,), and the label of every stimulus that has a row."""

    size: int
    t: np.ndarray
    unit: np.ndarray
    stim: np.ndarray
    labels: dict[int, int]

    def class_of(self, stims):
        return np.array([self.labels.get(int(stim), -1) for stim in stims], dtype=int)

    def upto(self, stim):
        kept = self.stim < stim
        labels = {number: label for number, label in self.labels.items() if number < stim}
        return Truth(self.size, self.t[kept], self.unit[kept], self.stim[kept], labels)


def made_up(seed, size, stimuli):
    random = np.random.default_rng(seed)
    number = random.integers(0, 90, stimuli) * random.integers(0, 2, stimuli)  # every other one is silent
    stim = np.repeat(np.arange(stimuli), number)
    t = np.concatenate([np.sort(random.integers(0, TICKS, n)) + TICKS * k for k, n in enumerate(number)]).astype(int)
    unit = (size * random.random(len(t)) ** 2).astype(int)
    labels = {k: int(random.integers(-1, 4)) for k in range(stimuli) if random.random() < 0.95}
    return Truth(size, t, unit, stim, labels)


def record(writer, truth, stimuli):
    for stim in stimuli:
        these = truth.stim == stim
        writer.spikes("exc", truth.t[these], truth.unit[these], stim)
        if stim in truth.labels:
            writer.stimulus(stim=stim, t_start=TICKS * stim, t_end=TICKS * (stim + 1), label=truth.labels[stim])


def header(size):
    return Header("r", 500_000, (Layer("exc", (size,)),))


@contextmanager
def new_folder():
    place = Path(tempfile.mkdtemp())
    try:
        yield place / "trace"
    finally:
        shutil.rmtree(place)


def damage(folder, random):
    """Delete a third of the aggregates, and hurt another third."""
    for path in sorted((folder / FOLDER).rglob("*.parquet")):
        fate, data = random.integers(0, 6), path.read_bytes()
        if fate < 2:
            path.unlink()
        elif fate == 2:
            path.write_bytes(data[: len(data) // 2])
        elif fate == 3:
            place = int(random.integers(0, len(data)))
            path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])


def check(trace, truth, random):
    """Ask everything in whole and random windows, and compare with `truth`."""
    length = TICKS * (int(truth.stim.max(initial=0)) + 1)
    for _ in range(3):
        first, stop = sorted(random.integers(-50, length + 50, 2).tolist())
        check_window(trace, truth, (first, stop + 1), int(random.integers(1, 60)), random)
    check_window(trace, truth, None, 20, random)
    stops = 1 + max(truth.labels, default=0)
    for stim in (None, tuple(sorted(random.integers(0, stops + 1, 2).tolist())), (0, stops)):
        check_classes(trace, truth, stim)
    check_blocks(trace, truth, int(random.integers(1, 12)))


def check_window(trace, truth, ticks, bins, random):
    window = None if ticks is None else (ticks[0] * TICK, ticks[1] * TICK)
    inside = np.ones(len(truth.t), bool) if ticks is None else (truth.t >= ticks[0]) & (truth.t < ticks[1])
    assert trace.count("exc", window) == inside.sum()
    expected = np.bincount(truth.unit[inside], minlength=truth.size)
    np.testing.assert_array_equal(trace.unit_counts("exc", window), expected)
    grid = trace.grid("exc", window, bins)
    assert grid.bins <= bins + 1
    assert ticks is None or (grid.first <= ticks[0] and grid.end >= ticks[1])
    assert grid.first % grid.width == 0
    for rows in (1, trace.rows_for("exc", 64), int(random.integers(1, 2 * truth.size)), None):
        check_raster(trace, truth, grid, rows)
    check_raster(trace, truth, Grid(grid.first + 7, 16 * int(random.integers(1, 9)), bins), 1)


def check_raster(trace, truth, grid, rows):
    raster = trace.raster_on("exc", grid, rows)
    rows = truth.size if rows is None else rows
    expected = np.zeros((rows, grid.bins), int)
    inside = (truth.t >= grid.first) & (truth.t < grid.end)
    np.add.at(expected, (truth.unit[inside] * rows // truth.size, grid.bin_of(truth.t[inside])), 1)
    assert raster.dtype == np.uint32
    np.testing.assert_array_equal(raster, expected)


def by_class(truth, classes, first, stop):
    shown = np.array([label for stim, label in truth.labels.items() if first <= stim < stop])
    inside = (truth.stim >= first) & (truth.stim < stop)
    label, unit = truth.class_of(truth.stim[inside]), truth.unit[inside]
    spikes = [np.bincount(unit[label == one], minlength=truth.size) for one in classes]
    return [int((shown == one).sum()) for one in classes], np.array(spikes).reshape(len(classes), truth.size)


def check_classes(trace, truth, stim):
    found = trace.class_counts("exc", stim)
    assert found.classes.tolist() == sorted({label for label in truth.labels.values() if label >= 0})
    shown, spikes = by_class(truth, found.classes, *(stim or (0, 10**9)))
    assert found.shown.tolist() == shown
    np.testing.assert_array_equal(found.spikes, spikes)


def check_blocks(trace, truth, blocks):
    found = trace.class_counts_by_block("exc", blocks)
    assert len(found.shown) <= blocks or len(truth.t) > counts.MANY
    for t_start, t_end, *here in zip(found.t_start, found.t_end, found.shown, found.spikes, strict=True):
        shown, spikes = by_class(truth, found.classes, round(t_start / TICK / TICKS), round(t_end / TICK / TICKS))
        assert here[0].tolist() == shown
        np.testing.assert_array_equal(here[1], spikes)
    assert found.shown.sum() == sum(label >= 0 for label in truth.labels.values())


@settings(deadline=None, max_examples=25)
@given(
    seed=st.integers(0, 2**32 - 1),
    size=st.sampled_from([1, 7, 255, 256, 257, 900]),
    stimuli=st.integers(1, 150),
    ending=st.sampled_from(["closed", "in the logs", "resumed", "resumed late"]),
    damaged=st.booleans(),
)
def test_answers_are_those_of_the_rows(seed, size, stimuli, ending, damaged):
    truth, random = made_up(seed, size, stimuli), np.random.default_rng(seed + 1)
    with new_folder() as folder:
        writer = TraceWriter.create(folder, header(size))
        half = stimuli // 2
        record(writer, truth, range(half))
        position = writer.seal()
        record(writer, truth, range(half, stimuli))
        if ending in ("closed", "resumed"):
            writer.close()
        if ending == "resumed late":
            writer.seal()
            writer.close()
        if ending.startswith("resumed"):
            with TraceWriter.resume(folder, position) as again:
                record(again, truth.upto(stimuli - 1), range(half, stimuli - 1))
            truth = truth.upto(max(half, stimuli - 1))
        if damaged:
            damage(folder, random)
        with Trace.open(folder) as trace:
            check(trace, truth, random)
        writer.close()


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    truth, folder = made_up(3, 8, 400), tmp_path_factory.mktemp("recorded") / "trace"
    with TraceWriter.create(folder, header(8)) as writer:
        for first in range(0, 400, 16):
            record(writer, truth, range(first, first + 16))
            writer.seal()
    return truth, folder


def test_most_segments_are_answered_by_few_files(recorded):
    truth, folder = recorded
    with Trace.open(folder) as trace:
        aggregates, grid = reading.Aggregates(trace._store), trace.grid("exc", bins=20)
        segments = trace._store.segments("spikes/exc")
        assert len(segments) >= 9
        assert aggregates.by_time("spikes/exc", 8, grid, 8).numbers == {one.number for one in segments}
        stimuli = np.array(sorted(truth.labels))
        whole = aggregates.by_class("spikes/exc", stimuli, 0, 400, 400)
        assert whole.numbers == {one.number for one in segments}
        assert aggregates.by_unit("spikes/exc", Window(0, 10**9)).numbers == whole.numbers
        ranks = {one.rank for one in aggregates._listed("spikes/exc")}
        assert ranks == {0, 1, 2}


def test_sums_of_aggregates_are_the_numbers_of_rows(recorded):
    _, folder = recorded
    with Trace.open(folder) as trace:
        listed = reading.Aggregates(trace._store)._listed("spikes/exc")
        assert len(listed) > 10
        for one in listed:
            with trace._store.cursor() as cursor:
                query = f"SELECT sum(spikes) FROM '{one.path}'"
                if one.kind == "time":
                    sums = cursor.execute(query + " GROUP BY width").fetchall()
                    assert sums == [(one.rows,)] * 2
                else:
                    assert cursor.execute(query).fetchall() == [(one.rows,)]


def test_a_file_that_goes_away_while_it_is_asked_costs_only_time(recorded, monkeypatch):
    truth, folder = recorded
    with Trace.open(folder) as trace:
        grid = trace.grid("exc", bins=20)
        expected = trace.raster_on("exc", grid, 1)
        monkeypatch.setattr(reading, "literal", lambda path: f"{path}.gone")
        np.testing.assert_array_equal(trace.raster_on("exc", grid, 1), expected)
        assert expected.sum() == len(truth.t)


def test_a_file_with_the_content_of_another_is_not_believed(recorded):
    truth, folder = recorded
    paths = sorted((folder / FOLDER / "exc").glob("*.parquet"))
    contents = {path: path.read_bytes() for path in paths}
    for kind in ("time", "classes"):
        of_kind = [path for path in paths if path.name.startswith(kind)]
        for path, other in zip(of_kind, of_kind[1:] + of_kind[:1], strict=True):
            path.write_bytes(contents[other])
    with Trace.open(folder) as trace:
        check_raster(trace, truth, trace.grid("exc", bins=20), 1)
        check_classes(trace, truth, None)
        np.testing.assert_array_equal(trace.unit_counts("exc"), np.bincount(truth.unit, minlength=8))
    for path, content in contents.items():
        path.write_bytes(content)


def test_files_that_know_less_than_the_stimuli_do_not_answer(tmp_path):
    # All spikes first and then all stimuli, as an importer may write them: what was counted meanwhile knows no class.
    truth, folder = made_up(5, 20, 120), tmp_path / "trace"
    with TraceWriter.create(folder, header(20)) as writer:
        for first in range(0, 120, 8):
            record(writer, Truth(20, truth.t, truth.unit, truth.stim, {}), range(first, first + 8))
            writer.seal()
        assert list((folder / FOLDER / "exc").glob("classes-*"))
        for stim, label in truth.labels.items():
            writer.stimulus(stim=stim, t_start=TICKS * stim, t_end=TICKS * (stim + 1), label=label)
        with Trace.open(folder) as trace:
            check_classes(trace, truth, None)
    with Trace.open(folder) as trace:
        check_classes(trace, truth, None)
        stimuli, segments = np.array(sorted(truth.labels)), trace._store.segments("spikes/exc")
        known = reading.Aggregates(trace._store).by_class("spikes/exc", stimuli, 0, 120, 120)
        assert known.numbers == {one.number for one in segments}
