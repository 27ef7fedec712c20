import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.encoding.spike_list import from_dense
from spikesight.zoo.attention_neuron import AttentionNeuron, published_threshold


def flicker(steps, lines, active, begin=0, end=None, every=4):
    dense = np.zeros((steps, lines), np.int64)
    dense[begin:end:every, active] = 1
    return dense


def test_published_numbers():
    assert published_threshold() == pytest.approx(108.064, abs=5e-4)
    assert AttentionNeuron().reset == pytest.approx(-0.0973, abs=5e-5)


def test_the_potential_of_a_single_spike():
    neuron = AttentionNeuron(threshold=100.0, delays=2, spacing=3)
    v = neuron.watch(from_dense(flicker(6, 1, [0], end=1)), 1).v
    decay = np.exp(-0.5)
    left = neuron.depression
    assert left.given(from_dense(flicker(6, 1, [0], end=1)), 1) == [1.0]
    assert v == pytest.approx([1, decay, decay**2, decay**3 + 1, (decay**3 + 1) * decay, (decay**3 + 1) * decay**2])


def test_delayed_lines_are_those_of_a_plain_simulation():
    """The slow way: a depression per line and delay."""
    neuron = AttentionNeuron(threshold=10.0, delays=3, spacing=2)
    dense = (np.random.default_rng(0).random((60, 5)) < 0.6).astype(np.int64)
    late = np.concatenate([np.pad(dense, ((2 * k, 0), (0, 0)))[:60] for k in range(3)], axis=1)
    p, last, v = np.ones(15), np.full(15, -1), 0.0
    expected = []
    for k in range(60):
        now = np.flatnonzero(late[k])
        p[now] = np.where(last[now] < 0, 1.0, 1 - (1 - p[now]) * np.exp(-(k - last[now]) / 400))
        v = v * np.exp(-0.5) + p[now].sum()
        p[now] *= 1 - neuron.depression.fraction
        last[now] = k
        if v >= 10.0:
            v += neuron.reset * 10.0
        expected.append(v)
    watched = neuron.watch(from_dense(dense), 5)
    assert watched.v == pytest.approx(expected, rel=1e-12)
    assert len(watched.fired) > 3


def test_habit_silences_and_novelty_wakes():
    """A picture that stays drives the neuron at first only; another one drives it again."""
    lines, first, second = 100, np.arange(50), np.arange(50, 100)
    dense = flicker(1200, lines, first, end=600) + flicker(1200, lines, second, begin=600)
    fired = AttentionNeuron(threshold=400.0).watch(from_dense(dense), lines).fired
    assert fired.min() < 50
    assert not ((fired > 250) & (fired < 600)).any()
    assert ((fired >= 600) & (fired < 850)).any()
    assert not (fired > 850).any()
    constant = AttentionNeuron(threshold=400.0).watch(from_dense(flicker(1200, lines, first)), lines).fired
    assert constant.max() < 250


def test_an_additive_reset_lets_it_burst():
    dense = np.zeros((3, 300), np.int64)
    dense[0] = 1
    assert AttentionNeuron(delays=1).watch(from_dense(dense), 300).fired.tolist() == [0, 1]
    with pytest.raises(InputError, match="a delay or more"):
        AttentionNeuron(delays=0)
