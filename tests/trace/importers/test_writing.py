import numpy as np
import pytest

from spikesight.base.progress import SILENT
from spikesight.trace.importers import writing
from spikesight.trace.importers.contract import MS, Recording, Shown, Spikes
from spikesight.trace.importers.plan import plan
from spikesight.trace.reader import Trace
from spikesight.trace.writer import TraceWriter


def written(folder, pieces, **options):
    made = plan(Recording("made-up", MS, lambda: iter(pieces), **options), None)
    with TraceWriter.create(folder, made.header("run", "1")) as writer:
        writing.Writing(made, writer).write(SILENT)
    return Trace.open(folder)


def test_pieces_in_any_order_give_the_same_trace(tmp_path, monkeypatch):
    rng = np.random.default_rng(0)
    t, unit = rng.integers(0, 5000, 3000).astype(float), rng.integers(0, 40, 3000)
    expected = sorted(zip(t.tolist(), unit.tolist(), strict=True))
    for rows in (10, 1000, 100_000):
        monkeypatch.setattr(writing, "ROWS", rows)
        pieces = [Spikes("a", t[k : k + 77], unit[k : k + 77]) for k in range(0, 3000, 77)]
        with written(tmp_path / str(rows), pieces) as trace:
            found = trace.spikes("a")
            assert list(zip(np.rint(found.t * 1000).tolist(), found.unit.tolist(), strict=True)) == expected
            assert np.array_equal(found.stim, np.rint(found.t * 1000).astype(int) // 100)  # pieces of 0.1 s


def test_spikes_belong_to_the_stimulus_that_began_last(tmp_path):
    shown = [Shown(8, 20.0, 30.0), Shown(7, 5.0, 15.0)]
    times = np.array([0.0, 5.0, 19.0, 20.0, 99.0])
    with written(tmp_path / "a", [*shown, Spikes("a", times, np.zeros(5, int))]) as trace:
        assert trace.spikes("a").stim.tolist() == [7, 7, 7, 8, 8]
        assert trace.stimuli()["stim"].tolist() == [7, 8]


def test_times_before_zero(tmp_path):
    with written(tmp_path / "a", [Spikes("a", np.array([-250.0, 0.0, 150.0]), np.zeros(3, int))]) as trace:
        found = trace.spikes("a")
        assert found.t.tolist() == [-0.25, 0.0, 0.15]
        assert found.stim.min() >= 0
        assert found.stim.tolist() == [0, 2, 4]
        assert trace.raster("a", bins=7).sum() == 3


@pytest.mark.parametrize("size", [1, 5])
def test_weights_are_kept(tmp_path, size):
    from spikesight.trace.importers.contract import Population, Weights

    w = np.arange(float(size)).reshape(1, size)
    known = [Population("a", (1,)), Population("b", (size,))]
    with written(tmp_path / "a", [Weights("w", "a", "b", 3.0, w)], populations=known) as trace:
        assert trace.weights("w").tolist() == w.tolist()
        assert trace.snapshots("w")["t"].tolist() == [3e-3]
