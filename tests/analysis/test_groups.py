"""Chains laid by hand, and the compiled replay against whole arrays in NumPy."""

import numpy as np
import pytest

from spikesight.analysis.groups import Search, Wires, chain, groups
from spikesight.base.errors import InputError
from spikesight.equations.izhikevich import Params

EXC, INH = Params(v_steps=2), Params(a=0.1, d=2.0, v_steps=2)
BIG = 30.0
"""One such synapse fires a neuron at rest."""


def laid(length, anchors=(1, 5, 9)):
    """Neurons 0 to 2 reach neuron 3 together, which starts a chain of `length` more neurons; one inhibitory neuron."""
    links = [(3 + k, 4 + k, 4, BIG) for k in range(length)]
    rows = [(i, 3, d, 10.0) for i, d in enumerate(anchors)] + links
    pre, post, delay, w = (np.array(column) for column in zip(*rows, strict=True))
    return Wires(pre, post, delay, w, (EXC, INH), (4 + length, 1))


SEARCH = Search(largest=10.0)


@pytest.mark.parametrize(("length", "found"), [(5, 1), (9, 1), (4, 0)])
def test_a_chain_counts_from_seven_layers(length, found):
    """Anchors are the first layer, the mother the second."""
    answer = groups(laid(length), [3], SEARCH)
    assert list(answer.triplets) == list(answer.answered) == [1]
    assert len(answer.mother) == found
    if found:
        assert (answer.mother[0], answer.spikes[0], answer.layers[0]) == (3, 4 + length, 2 + length)
        assert sorted(answer.anchors[0]) == [0, 1, 2]


def test_the_anchors_fire_so_that_they_arrive_together():
    spikes = chain(laid(3), 3, [0, 1, 2])
    first = dict(zip(spikes.unit[:3].tolist(), spikes.step[:3].tolist(), strict=True))
    assert first == {2: 0, 1: 4, 0: 8}
    assert spikes.layer.tolist() == [1, 1, 1, 2, 3, 4, 5]
    assert (np.diff(spikes.step) >= 0).all()
    mother = spikes.step[3]
    assert 9 <= mother <= 9 + SEARCH.window
    assert np.diff(spikes.step[3:]).min() >= 4


def test_a_link_is_strong_and_short():
    weak = laid(6)
    answer = chain(Wires(weak.pre, weak.post, weak.delay, np.where(weak.pre == 5, 9.4, weak.w), weak.kinds, weak.sizes),
                   3, [0, 1, 2])  # fmt: skip
    assert answer.layer.max() == 4  # nothing that weak fires a neuron by itself, so the chain breaks
    late = chain(laid(6), 3, [0, 1, 2], Search(window=2))
    assert len(late.unit) in (0, 10)


def test_a_mother_that_does_not_answer_makes_no_group():
    wires = laid(8)
    apart = Search(strong=0.2)
    weak = Wires(wires.pre, wires.post, wires.delay, np.where(wires.post == 3, 3.0, wires.w), wires.kinds, wires.sizes)
    answer = groups(weak, [3], apart)
    assert (answer.triplets[0], answer.answered[0], len(answer.mother)) == (1, 0, 0)
    assert len(chain(weak, 3, [0, 1, 2], apart).unit) == 0


def test_three_different_neurons_make_a_triplet():
    wires = laid(6)
    doubled = Wires(
        np.append(wires.pre, 0), np.append(wires.post, 3), np.append(wires.delay, 7), np.append(wires.w, 10.0),
        wires.kinds, wires.sizes,
    )  # fmt: skip
    answer = groups(doubled, [3, 4], SEARCH)
    assert list(answer.triplets) == [2, 0]
    assert list(answer.per_mother([3, 4])) == [2, 0]


def random_wires(seed, n=60, inh=12, synapses=1200):
    """A network in which much happens after three spikes."""
    random = np.random.default_rng(seed)
    pre, post = random.integers(0, n + inh, synapses), random.integers(0, n + inh, synapses)
    w = np.where(pre < n, random.choice([2.0, 10.0, 14.0], synapses), -5.0)
    return Wires(pre, post, random.integers(1, 21, synapses), w, (EXC, INH), (n, inh))


def by_arrays(wires, anchors, search):
    """The same replay with every neuron in every step, and the layers from the list of spikes afterwards."""
    n, exc = sum(wires.sizes), wires.sizes[0]
    a, d = np.where(np.arange(n) < exc, 0.02, 0.1), np.where(np.arange(n) < exc, 8.0, 2.0)
    v, u = np.full(n, -70.0), np.full(n, -14.0)
    received = np.zeros((search.longest + 30, n))
    heard = np.zeros((search.longest + 30, n), int)
    together = wires.delay[anchors].max()
    strong = (wires.w >= search.strong * search.largest) & (wires.pre < exc)
    found, latest = [], together

    def send(i, step, layer):
        for s in np.flatnonzero(wires.pre == i):
            at = step + wires.delay[s], wires.post[s]
            received[at] += wires.w[s]
            heard[at] = max(heard[at], layer if strong[s] else 0)
        found.append((step, i, layer))

    for step in range(search.longest):
        for s in anchors:
            if together - wires.delay[s] == step:
                i = wires.pre[s]
                v[i], u[i] = -65.0, u[i] + d[i]
                send(i, step, 1)
        for _ in range(2):
            v = v + 0.5 * (0.04 * v * v + 5.0 * v + 140.0 - u + received[step])
        u = u + a * (0.2 * v - u)
        for i in np.flatnonzero(v >= 30.0):
            v[i], u[i] = -65.0, u[i] + d[i]
            best = heard[max(step - search.window + 1, 0) : step + 1, i].max()
            send(i, step, best + 1 if best else 0)
            latest = max(latest, step)
        if step - latest >= search.quiet:
            break
    return sorted(found)


def test_the_compiled_replay_is_the_replay_of_whole_arrays():
    compared = longest = 0
    for seed in range(3):
        wires = random_wires(seed)
        answer = groups(wires, range(30), Search(layers=2, most=1000))
        assert (answer.triplets >= answer.answered).all()
        for k in range(0, len(answer.mother), max(len(answer.mother) // 10, 1)):
            mother, anchors = int(answer.mother[k]), answer.anchors[k]
            assert (wires.post[anchors] == mother).all()
            spikes = chain(wires, mother, anchors)
            expected = by_arrays(wires, anchors, Search())
            assert sorted(zip(spikes.step, spikes.unit, spikes.layer, strict=True)) == expected
            members = spikes.layer > 0
            assert answer.spikes[k] == members.sum()
            assert answer.layers[k] == spikes.layer.max()
            assert answer.span[k] == np.ptp(spikes.step[members])
            compared, longest = compared + 1, max(longest, answer.layers[k])
    assert compared > 20
    assert longest > 4


def test_an_outbreak_is_no_group():
    wires = laid(12)
    free = groups(wires, [3], Search(most=16))
    ended = groups(wires, [3], Search(most=15))
    assert (len(free.mother), free.outbreaks[0], free.spikes[0]) == (1, 0, 16)
    assert (len(ended.mother), ended.outbreaks[0], ended.answered[0]) == (0, 1, 1)


def test_nothing_is_left_of_a_replay():
    """Searched together or one by one, mothers have the same groups."""
    wires = random_wires(1)
    together = groups(wires, range(20), Search(layers=2))
    alone = [groups(wires, [mother], Search(layers=2)) for mother in range(20)]
    for name in ("mother", "spikes", "layers", "span", "fingerprint"):
        np.testing.assert_array_equal(getattr(together, name), np.concatenate([getattr(one, name) for one in alone]))
    assert 0 < together.distinct <= len(together.mother)


@pytest.mark.parametrize("what", ["delay", "w"])
def test_a_surrogate_exchanges_one_thing_among_the_synapses_that_excite(what):
    wires = random_wires(2)
    other = wires.shuffled(what, np.random.default_rng(0))
    exciting = wires.pre < 60
    for name in ("pre", "post", "delay", "w"):
        before, after = getattr(wires, name), getattr(other, name)
        np.testing.assert_array_equal(before[~exciting], after[~exciting])
        assert np.array_equal(before, after) == (name != what)
        np.testing.assert_array_equal(np.sort(before), np.sort(after))


def test_synapses_that_cannot_be_are_refused():
    one = np.array([0])
    with pytest.raises(InputError, match="at least one step"):
        Wires(one, one, np.array([0]), np.array([1.0]), (EXC, INH), (2, 1))
    with pytest.raises(InputError, match="neurons 0 to 2"):
        Wires(one, np.array([3]), np.array([1]), np.array([1.0]), (EXC, INH), (2, 1))
    with pytest.raises(InputError, match="same length"):
        Wires(one, one, np.array([1, 2]), np.array([1.0]), (EXC, INH), (2, 1))
