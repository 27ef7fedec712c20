"""What every kind of wiring in the catalogue promises: its algebra and its events say the same."""

from dataclasses import FrozenInstanceError, fields, is_dataclass

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from wirings import NAMES, PLASTIC, example

from spikesight.circuits import delays
from spikesight.circuits.connections import CATALOGUE
from spikesight.circuits.connections.convolution import Convolution


@st.composite
def wired(draw, names=tuple(NAMES)):
    """A connection, weights, which rows fire, and a generator for the rest."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    sizes = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    connection, n_pre, n_post = example(draw(st.sampled_from(names)), *sizes, random)
    w = random.uniform(-1, 1, connection.weight_shape(n_pre, n_post))
    fired = np.flatnonzero(random.random(n_pre) < draw(st.sampled_from([0.0, 0.5, 1.0])))
    return connection, w, fired, n_pre, n_post, random


def visits(connection, loop, n_pre, n_post, units, others=()):
    """Run a loop and list what it visits: (synapse, row, neuron)."""
    seen = []
    structure = connection.structure(n_pre, n_post, True)
    loop(structure, np.append(units, -7), len(units), others, lambda *got: seen.append(got), None, 0, None)
    return [(int(s), int(i), int(j)) for s, i, j, *_ in seen]


@pytest.mark.parametrize("name", NAMES)
def test_it_is_called_as_in_the_catalogue_and_cannot_be_changed(name):
    connection, *_ = example(name, 3, 4, np.random.default_rng(0))
    assert connection.name == name
    assert is_dataclass(connection)
    assert isinstance(connection, CATALOGUE[name])
    for attribute in ("name", *(field.name for field in fields(connection))):
        with pytest.raises(FrozenInstanceError):
            setattr(connection, attribute, None)


@settings(max_examples=150, deadline=None)
@given(wired())
def test_pair_is_the_weight_gradient_of_post_times_forward(case):
    connection, w, _, n_pre, n_post, random = case
    pre, post = random.normal(size=n_pre), random.normal(size=n_post)
    gradient = np.empty_like(w)
    for index in np.ndindex(w.shape):
        # Linear in w, so a central difference of any width is exact.
        ends = []
        for sign in (1, -1):
            moved = w.copy()
            moved[index] += sign
            ends.append(post @ connection.forward(moved, pre))
        gradient[index] = (ends[0] - ends[1]) / 2
    pair = connection.pair(post, pre)
    assert pair.shape == w.shape
    np.testing.assert_allclose(pair, gradient, atol=1e-12)


@settings(max_examples=150, deadline=None)
@given(wired())
def test_visits_deliver_what_the_algebra_says(case):
    connection, w, fired, n_pre, n_post, random = case
    before = random.normal(size=n_post)
    pre = np.zeros(n_pre)
    pre[fired] = 1.0
    received = before.copy()
    for s, _, j in visits(connection, connection.each, n_pre, n_post, fired):
        received[j] += w.reshape(-1)[s]
    np.testing.assert_allclose(received, before + connection.forward(w, pre), atol=1e-13)


@settings(max_examples=50, deadline=None)
@given(wired(tuple(name for name in NAMES if hasattr(CATALOGUE[name], "deliver"))))
def test_a_shorter_delivery_delivers_the_same(case):
    connection, w, fired, n_pre, n_post, random = case
    before = random.normal(size=n_post)
    pre = np.zeros(n_pre)
    pre[fired] = 1.0
    received = before.copy()
    connection.deliver(w, connection.structure(n_pre, n_post, False), np.append(fired, -7), len(fired), received)
    np.testing.assert_allclose(received, before + connection.forward(w, pre), atol=1e-13)


@settings(max_examples=100, deadline=None)
@given(wired())
def test_the_synapses_of_a_row_are_those_that_are_visited(case):
    connection, _, _, n_pre, n_post, _ = case
    structure = connection.structure(n_pre, n_post, False)
    numbers = np.arange(np.prod(connection.weight_shape(n_pre, n_post)))
    total = 0
    for i in range(n_pre):
        found = visits(connection, connection.each, n_pre, n_post, np.array([i]))
        s, others = connection.outgoing(structure, i)
        expected = zip(numbers[s], np.arange(n_post)[others], strict=True)
        assert [(synapse, j) for synapse, _, j in found] == list(expected)
        assert {row for _, row, _ in found} <= {i}
        total += len(found)
        assert not connection.simple or len({j for _, _, j in found}) == len(found)
    assert connection.synapses(n_pre, n_post) == total


@settings(max_examples=100, deadline=None)
@given(
    rows=st.integers(1, 6),
    columns=st.integers(1, 6),
    kernel=st.tuples(st.integers(1, 5), st.integers(1, 5)),
    stride=st.integers(1, 3),
    padding=st.integers(0, 6),
)
def test_synapses_of_a_convolution_are_counted_without_looking_at_them(rows, columns, kernel, stride, padding):
    assume(kernel[0] <= rows + 2 * padding and kernel[1] <= columns + 2 * padding)
    connection = Convolution((2, rows, columns), 3, kernel, stride, padding)
    sizes = 2 * rows * columns, int(np.prod(connection.out))
    assert connection.synapses(*sizes) == connection.pair(np.ones(sizes[1]), np.ones(sizes[0])).sum()


def test_synapses_of_a_large_convolution_are_counted_at_once():
    """A million million pixels: whoever visited them would not come back."""
    side = 1_000_000
    connection = Convolution((1, side, side), 2, (5, 3), padding=1)
    # A kernel of 5 rows loses a row of cells at either end, twice; one of 3 columns one at either end.
    assert connection.synapses(side**2, 2 * (side - 2) * side) == 2 * (5 * (side - 2) - 2) * (3 * side - 2)


@settings(max_examples=100, deadline=None)
@given(wired(tuple(PLASTIC)))
def test_what_reaches_a_neuron_is_what_leaves_the_others(case):
    connection, _, _, n_pre, n_post, _random = case
    structure = connection.structure(n_pre, n_post, True)
    everything = visits(connection, connection.each, n_pre, n_post, np.arange(n_pre))
    numbers = np.arange(np.prod(connection.weight_shape(n_pre, n_post)))
    for j in range(n_post):
        found = visits(connection, connection.at_post, n_pre, n_post, np.array([j]), np.arange(n_pre))
        assert sorted(found) == sorted(visit for visit in everything if visit[2] == j)
        s, others = connection.incoming(structure, j)
        assert [(synapse, i) for synapse, i, _ in found] == list(zip(numbers[s], np.arange(n_pre)[others], strict=True))


@settings(max_examples=100, deadline=None)
@given(wired(tuple(PLASTIC)))
def test_nobody_who_matters_is_left_out(case):
    connection, _, fired, n_pre, n_post, random = case
    everything = visits(connection, connection.each, n_pre, n_post, np.arange(n_pre))
    behind = np.flatnonzero(random.random(n_post) < 0.5)
    for loop, units, others, matters in (
        (connection.at_pre, fired, behind, lambda i, j: i in fired and j in behind),
        (connection.at_post, behind, fired, lambda i, j: i in fired and j in behind),
    ):
        found = visits(connection, loop, n_pre, n_post, units, others)
        assert len(found) == len(set(found)) or not connection.simple
        assert {visit for visit in everything if matters(*visit[1:])} <= set(found) <= set(everything)


@pytest.mark.parametrize("kind", [delays.PerSynapse(4), delays.Interpolated(3.5)])
@settings(max_examples=60, deadline=None)
@given(case=wired())
def test_late_delivery_is_delivery_at_its_time(kind, case):
    connection, w, fired, n_pre, n_post, random = case
    whole = isinstance(kind, delays.PerSynapse)
    delay = random.integers(0, 5, w.shape) if whole else random.uniform(0, 3.5, w.shape)
    slot = int(random.integers(0, kind.ring))
    ring = np.zeros((kind.ring, n_post))
    arrays = w.reshape(-1), delay.reshape(-1), ring
    structure = connection.structure(n_pre, n_post, False)
    connection.each(structure, fired, len(fired), fired, kind.put, arrays, slot, 0)
    pre = np.zeros(n_pre)
    pre[fired] = 1.0
    for late in range(kind.ring):
        share = np.clip(1 - np.abs(delay - late), 0, None)
        expected = connection.forward(w * share, pre)
        np.testing.assert_allclose(ring[(slot + late) % kind.ring], expected, atol=1e-13)


@pytest.mark.parametrize("name", NAMES)
def test_memory_of_the_structure_is_told_before(name):
    connection, n_pre, n_post = example(name, 5, 6, np.random.default_rng(1))
    own = [array for array in vars(connection).values() if isinstance(array, np.ndarray)]
    for plastic in (False, True):
        made = connection.structure(n_pre, n_post, plastic)
        new = [a for a in made if isinstance(a, np.ndarray) and not any(np.shares_memory(a, b) for b in own)]
        assert sum(array.nbytes for array in new) == connection.structure_bytes(n_pre, n_post, plastic)
