import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesight.studio.query import Query
from spikesight.studio.views import intervals


@given(st.integers(1, 10**9))
def test_no_bin_is_narrower_than_a_tick_and_every_interval_has_one(longest):
    edges = intervals.tick_edges(longest)
    assert (np.diff(edges) >= 1).all()
    assert edges[0] == 0.5
    assert edges[-1] == longest + 0.5
    np.testing.assert_array_equal(edges % 1, 0.5)


def test_intervals_are_those_of_the_train(opened, finished):
    told = intervals.answer(opened, Query(unit=7, t0=20.0, t1=90.0))
    own = finished.spikes("exc")
    ticks = np.sort(own[(own[:, 1] == 7) & (own[:, 0] >= 40_000) & (own[:, 0] < 180_000), 0])
    lengths = np.diff(np.unique(ticks))
    assert told["spikes"] == len(ticks)
    assert told["counts"].sum() == len(lengths)
    assert told["mean"] == pytest.approx(lengths.mean() * 0.0005)
    assert told["cv"] == pytest.approx(lengths.std(ddof=1) / lengths.mean())
    edges = told["edges"] / 0.0005
    for count, low, high in zip(told["counts"], edges[:-1], edges[1:], strict=True):
        assert count == ((lengths > low) & (lengths < high)).sum()


def test_the_density_adds_up_to_one(opened):
    told = intervals.answer(opened, Query(unit=7))
    decades = np.diff(np.log10(told["edges"]))
    assert (told["density"] * decades).sum() == pytest.approx(1.0)


def test_bursts_have_the_intervals_they_were_made_of(pictures):
    told = intervals.answer(pictures, Query(layer="out", unit=19))
    one = np.searchsorted(told["edges"], 0.001) - 1  # four intervals of a tick in each of 80 bursts
    assert told["counts"][one] == 320


def test_too_few_spikes_have_no_interval(pictures):
    told = intervals.answer(pictures, Query(layer="out", unit=16))
    assert (told["spikes"], len(told["counts"])) == (0, 0)
    assert np.isnan([told["mean"], told["cv"], told["cv2"], told["lv"]]).all()


def test_two_spikes_in_one_tick_have_no_interval(tmp_path):
    from spikesight.runs.folder import Run
    from spikesight.studio.open_run import OpenRun
    from spikesight.trace.schema import Header, Layer
    from spikesight.trace.writer import TraceWriter

    run = Run.create(tmp_path, "two", seed=0, config={})
    with TraceWriter.create(run.trace_folder, Header("two", 1_000_000, (Layer("exc", (1,)),))) as writer:
        writer.spikes("exc", np.array([3, 3, 3, 5, 9]), np.zeros(5, np.int32), 0)
    opened = OpenRun(run.folder)
    opened.refresh()
    told = intervals.answer(opened, Query(unit=0))
    assert (told["spikes"], told["counts"].sum(), told["mean"]) == (5, 2, pytest.approx(0.003))
    assert told["lv"] == pytest.approx(3 * (2 / 6) ** 2)
