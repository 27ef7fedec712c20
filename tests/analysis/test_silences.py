"""A silence is what is longer than usual; pauses between stimuli are usual."""

import numpy as np
import pytest

from spikesight.analysis.silences import runs, silent_periods
from spikesight.base.errors import InputError


def test_runs_by_hand():
    start, end = runs(np.array([True, True, False, True, False]))
    assert start.tolist() == [0, 3]
    assert end.tolist() == [2, 4]
    assert not runs(np.zeros(3, bool))[0].size


@pytest.mark.parametrize("mean", [0.2, 1.0, 30.0])
def test_independent_spikes_have_none(mean):
    found = [silent_periods(np.random.default_rng(seed).poisson(mean, 2000), alpha=0.05) for seed in range(200)]
    assert sum(map(bool, found)) <= 20  # alpha allows ten; twenty have a probability of 0.3 %


@pytest.mark.parametrize("mean", [0.5, 3.0, 30.0])
def test_a_planted_silence_is_found_to_the_bin(mean):
    counts = np.random.default_rng(0).poisson(mean, 5000)
    counts[2000:2060] = 0
    counts[[1999, 2060]] = 1
    (silence,) = silent_periods(counts)
    assert (silence.start, silence.end, silence.comparisons) == (2000, 2060, 5000)
    assert silence.expected == pytest.approx(60 * mean, rel=0.1)
    assert silence.p < 0.01


def test_several_silences():
    counts = np.random.default_rng(0).poisson(20, 5000)
    for start in (100, 2000, 4700):
        counts[start : start + 200] = 0
    assert [one.start for one in silent_periods(counts)] == [100, 2000, 4700]


def test_pauses_are_usual_and_a_missing_stimulus_is_not():
    counts = np.tile(np.repeat([10, 0], [7, 3]), 300)
    assert silent_periods(counts) == []
    counts[500:600] = 0
    (silence,) = silent_periods(counts)
    assert (silence.start, silence.end) == (497, 600)


def test_a_layer_that_never_spikes_has_none():
    assert silent_periods(np.zeros(100)) == []
    assert silent_periods(np.zeros(0)) == []


def test_what_are_no_counts_is_refused():
    with pytest.raises(InputError, match=r"in a row and not below 0, got shape \(2, 2\)"):
        silent_periods(np.zeros((2, 2)))
    with pytest.raises(InputError, match="not below 0"):
        silent_periods(np.array([1.0, -1.0]))


def test_what_happens_often_is_usual():
    counts = np.random.default_rng(0).poisson(20, 20_000).reshape(-1, 200)
    counts[::3, :50] = 0
    assert silent_periods(counts.ravel()) == []
