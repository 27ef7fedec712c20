import numpy as np
import pytest

from spikesight.analysis.earliness import answers, earliness, fires_once
from spikesight.trace.reader import Trace
from spikesight.trace.schema import SIMULATED, VIRTUAL, Header, Layer
from spikesight.trace.writer import TraceWriter


@pytest.fixture
def write(tmp_path):
    def written(time, twice=False):
        layers = (Layer("once", (3,)), Layer("often", (3,)))
        with TraceWriter.create(tmp_path / "trace", Header("r", 1_000_000, layers, time=time)) as writer:
            for stim, t, unit in ((0, [0, 9], [2, 0]), (1, [13], [1])):
                writer.spikes("once", np.array(t), np.array(unit), stim)
                writer.stimulus(stim=stim, t_start=10 * stim, t_end=10 * stim + 10)
            writer.spikes("often", np.array([1, 2]), np.array([1, 1]), 0)
        return Trace.open(tmp_path / "trace")

    return written


def test_where_nobody_spikes_twice_answers_are_times(write):
    with write(VIRTUAL) as trace:
        assert fires_once(trace, "once")
        np.testing.assert_allclose(answers(trace, "once", (0, 2)), [[0.1, 0, 1], [0, 1, 0]])


def test_earliness_is_told_within_each_stimulus():
    t, stim = np.array([2.0, 5.0, 1.0, 3.0]), np.array([7, 3, 3, 3])
    np.testing.assert_allclose(earliness(t, stim, 1.0), [1.0, 0.2, 1.0, 0.6])
    assert earliness(np.zeros(0), np.zeros(0, int), 1.0).shape == (0,)


def test_elsewhere_they_are_counts(write):
    with write(VIRTUAL) as trace:
        assert not fires_once(trace, "often")
        np.testing.assert_array_equal(answers(trace, "often", (0, 1)), [[0, 2, 0]])


def test_in_simulated_time_too(write):
    with write(SIMULATED) as trace:
        assert not fires_once(trace, "once")
        np.testing.assert_array_equal(answers(trace, "once", (0, 2)), [[1, 0, 1], [0, 1, 0]])
