"""The handful of numbers of a stretch of stimuli, against a trace of which they are known."""

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.recipes.effects import comparable, effects
from spikesight.trace.reader import Trace
from spikesight.trace.schema import Header, Layer, Projection
from spikesight.trace.writer import TraceWriter

SHOWN, REST = 0.1, 0.05
TRY = 150
"""Ticks of a millisecond."""


@pytest.fixture(scope="module")
def trace(tmp_path_factory):
    """Eight stimuli for two neurons; stimulus 5 is shown twice. The weights grow by 0.25 per stimulus, two are 0."""
    layers = Layer("input", (2,)), Layer("exc", (2,))
    header = Header("known", 1_000_000, layers, (Projection("input_exc", "input", "exc", (2, 2), 2.0),))
    folder = tmp_path_factory.mktemp("known")
    with TraceWriter.create(folder, header) as writer:
        t = 0
        for stim in range(8):
            # A spike in the first slice of 50 ms; of stimuli from 4 on also one in the second, and one at rest.
            times = np.array([t + 10, t + 60, t + 110][: 1 if stim < 4 else 3])
            writer.spikes("exc", times, np.zeros(len(times), np.int32), stim)
            writer.values("exc", "v", np.array([t, t]), np.array([0, 1]), np.array([-0.06, -0.05 - stim / 1000]))
            writer.values("exc", "theta", np.array([t]), np.array([0]), np.array([stim / 1000]))
            end = t + TRY * (2 if stim == 5 else 1)
            right = None if stim == 1 else stim % 2 == 0
            writer.stimulus(stim=stim, t_start=t, t_end=end, label=0, prediction=0, correct=right)
            w = 0.25 * stim
            writer.weights("input_exc", end, stim, np.array([[w, 0.0], [w + 1.0, 0.0]]))
            t = end
    with Trace.open(folder) as opened:
        yield opened


def test_before(trace):
    found = effects(trace, 0, 4, SHOWN, REST)
    assert found.accuracy == 2 / 4, "no answer is no right answer"
    assert found.spikes == 1.0
    assert found.silent == 0.5
    assert found.change == pytest.approx(0.125)
    assert found.potential == pytest.approx((-0.06 - 0.0515) / 2)
    assert found.threshold == pytest.approx(1.5e-3)
    assert found.gone == 0.5
    assert (found.mean_left, found.spread_left) == (pytest.approx(1.25), pytest.approx(0.5))


def test_a_second_showing_counts_as_time_and_not_as_a_stimulus(trace):
    """Five showings of four stimuli: ten slices, of which the two of the second showing are empty."""
    found = effects(trace, 4, 8, SHOWN, REST)
    assert found.spikes == 3.0
    assert found.silent == pytest.approx(2 / 10)


@pytest.mark.parametrize(
    ("first", "stop", "says"),
    [(4, 9, "the trace has 8"), (3, 3, "the trace has 8"), (-1, 3, "the trace has 8"), (0, 1, "1 snapshots")],
)
def test_what_was_not_recorded(trace, first, stop, says):
    with pytest.raises(InputError, match=says):
        effects(trace, first, stop, SHOWN, REST)


def test_as_many_before_as_after():
    assert comparable(500, 300, 100) == comparable(200, 300, 100) + 100 == 300
    with pytest.raises(InputError, match="150 images before and 900 images after are too few"):
        comparable(150, 900, 100)
