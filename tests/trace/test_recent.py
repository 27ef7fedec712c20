"""Rows that were just read answer what follows as the files would, and only until more is recorded."""

import numpy as np
import pytest

from spikesight.trace import recent
from spikesight.trace.reader import Trace
from spikesight.trace.schema import Header, Layer
from spikesight.trace.store import Store
from spikesight.trace.writer import TraceWriter

TICK = 1e-3


@pytest.fixture
def writer(tmp_path):
    """A trace of 4,000 spikes of fifty units in two thousand ticks; the second half is not sealed."""
    random = np.random.default_rng(0)
    with TraceWriter.create(tmp_path / "trace", Header("r", 1_000_000, (Layer("a", (50,)),))) as writer:
        for start in (0, 1000):
            t = start + np.sort(random.integers(0, 1000, 2000))
            writer.spikes("a", t, random.integers(0, 50, 2000).astype(np.int32), start // 1000)
            if not start:
                writer.seal()
        yield writer


def asked(monkeypatch):
    """Tables that are queried from now on."""
    tables, query = [], Store.query

    def told(self, table, *more, **said):
        tables.append(table)
        return query(self, table, *more, **said)

    monkeypatch.setattr(Store, "query", told)
    return tables


@pytest.mark.parametrize("window", [(0.3, 0.4), (0.95, 1.05), (1.2, 1.9), (0.5, 0.501), (1.9, 2.5)])
def test_a_window_is_read_once_and_all_answers_are_those_of_the_files(writer, monkeypatch, window):
    with Trace.open(writer.folder) as fresh, Trace.open(writer.folder) as trace:
        grid = fresh.grid("a", window, 20)
        expected = fresh.raster_on("a", grid, 10), fresh.spikes("a", window)
        tables = asked(monkeypatch)
        assert trace.count("a", window) == len(expected[1].t)
        assert tables == ["spikes/a"]
        np.testing.assert_array_equal(trace.raster_on("a", trace.grid("a", window, 20), 10), expected[0])
        found = trace.spikes("a", window)
        inner = (window[0] + 0.0005, (window[0] + window[1]) / 2)
        assert trace.count("a", inner) == np.sum((found.t >= inner[0] - 1e-9) & (found.t < inner[1] - 1e-9))
        assert tables == ["spikes/a"]
    for one, other in zip(found, expected[1], strict=True):
        np.testing.assert_array_equal(one, other)
        assert one.dtype == other.dtype


def test_what_is_recorded_later_is_seen(writer):
    with Trace.open(writer.folder) as trace:
        before = trace.count("a", (1.5, 1.6))
        writer.spikes("a", np.array([1550]), np.array([7]), 1)
        assert trace.count("a", (1.5, 1.6)) == before, "what the last look saw"
        trace.refresh()
        assert trace.count("a", (1.5, 1.6)) == before + 1
        assert trace.raster_on("a", trace.grid("a", (1.5, 1.6), 10), 1).sum() == before + 1


def test_many_rows_are_not_kept(writer, monkeypatch):
    monkeypatch.setattr(recent, "FEW", 100)
    with Trace.open(writer.folder) as trace:
        expected = len(trace.spikes("a", (0.2, 0.9)).t)
        tables = asked(monkeypatch)
        assert trace.count("a", (0.2, 0.9)) == expected > 100
        assert trace.raster_on("a", trace.grid("a", (0.2, 0.9), 7), 1).sum() == expected
    assert tables == ["spikes/a", "spikes/a"]
