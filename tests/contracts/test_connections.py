"""What every kind of wiring in the catalogue promises: its algebra and its events say the same."""

from dataclasses import FrozenInstanceError, fields, is_dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spikesight.base.errors import InputError
from spikesight.circuits.connections import CATALOGUE

NAMES = sorted(CATALOGUE)
PLASTIC = [name for name in NAMES if hasattr(CATALOGUE[name](), "at_pre")]
LATE = [name for name in NAMES if hasattr(CATALOGUE[name](), "deliver_late")]


def sizes(connection, n_pre, n_post):
    """The sizes, or equal ones where the wiring needs that."""
    try:
        connection.weight_shape(n_pre, n_post)
    except InputError:
        return n_pre, n_pre
    return n_pre, n_post


@st.composite
def wired(draw, names=tuple(NAMES)):
    """A connection, weights, which neurons fire, and a generator for the rest."""
    connection = CATALOGUE[draw(st.sampled_from(names))]()
    n_pre, n_post = sizes(connection, draw(st.integers(1, 6)), draw(st.integers(1, 6)))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    w = random.uniform(-1, 1, connection.weight_shape(n_pre, n_post))
    fired = np.flatnonzero(random.random(n_pre) < draw(st.sampled_from([0.0, 0.5, 1.0])))
    return connection, w, fired, n_pre, n_post, random


@pytest.mark.parametrize("name", NAMES)
def test_it_is_called_as_in_the_catalogue_and_cannot_be_changed(name):
    connection = CATALOGUE[name]()
    assert connection.name == name
    assert is_dataclass(connection)
    assert connection == CATALOGUE[name]()
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
    np.testing.assert_allclose(pair, gradient, atol=1e-13)


@settings(max_examples=150, deadline=None)
@given(wired())
def test_events_deliver_what_the_algebra_says(case):
    connection, w, fired, n_pre, n_post, random = case
    before = random.normal(size=n_post)
    pre = np.zeros(n_pre)
    pre[fired] = 1.0
    expected = before + connection.forward(w, pre)
    kept = w.copy()
    added, delivered = before.copy(), before.copy()
    connection.add(w, fired, added)
    connection.deliver(w, np.append(fired, -7), len(fired), delivered)
    np.testing.assert_allclose(added, expected, atol=1e-13)
    assert added.tobytes() == delivered.tobytes(), "NumPy and the compiled loop's text must round alike"
    np.testing.assert_array_equal(w, kept)


@pytest.mark.parametrize("name", NAMES)
def test_float32_rounds_alike_too(name):
    connection, random = CATALOGUE[name](), np.random.default_rng(0)
    w = random.uniform(0, 1, connection.weight_shape(50, 50)).astype(np.float32)
    added, delivered = np.zeros(50, np.float32), np.zeros(50, np.float32)
    for _ in range(20):
        fired = np.flatnonzero(random.random(50) < 0.3)
        connection.add(w, fired, added)
        connection.deliver(w, fired, len(fired), delivered)
    assert added.tobytes() == delivered.tobytes()
    assert added.any()


@settings(max_examples=100, deadline=None)
@given(wired(tuple(LATE)), st.integers(1, 4))
def test_late_delivery_is_delivery_at_its_time(case, longest):
    connection, w, fired, n_pre, n_post, random = case
    delay = random.integers(0, longest + 1, w.shape)
    slot = int(random.integers(0, longest + 1))
    rings = np.zeros((2, longest + 1, n_post))
    connection.add_late(w, delay.astype(np.uint8), fired, rings[0], slot)
    connection.deliver_late(w, delay.astype(np.uint8), fired, len(fired), rings[1], slot)
    assert rings[0].tobytes() == rings[1].tobytes()
    pre = np.zeros(n_pre)
    pre[fired] = 1.0
    for late in range(longest + 1):
        expected = connection.forward(np.where(delay == late, w, 0.0), pre)
        np.testing.assert_allclose(rings[0][(slot + late) % (longest + 1)], expected, atol=1e-13)


@settings(max_examples=60, deadline=None)
@given(wired(tuple(PLASTIC)))
def test_outgoing_and_incoming_are_views_of_the_synapses_of_a_neuron(case):
    connection, w, _, n_pre, n_post, _ = case
    for i in range(n_pre):
        marked = np.zeros_like(w)
        connection.outgoing(marked, i)[:] = 1.0
        np.testing.assert_array_equal(marked != 0, connection.pair(np.ones(n_post), np.eye(n_pre)[i]) != 0)
    for j in range(n_post):
        marked = np.zeros_like(w)
        connection.incoming(marked, j)[:] = 1.0
        np.testing.assert_array_equal(marked != 0, connection.pair(np.eye(n_post)[j], np.ones(n_pre)) != 0)


def add_count(w, i, j, state, now, constants):
    """A rule for the text of the loops: it marks which synapse was visited, and as whose."""
    return w + 100 * i + j + 1


@settings(max_examples=60, deadline=None)
@given(wired(tuple(PLASTIC)))
def test_a_rule_is_applied_to_the_synapses_of_who_fired_with_the_others(case):
    connection, _, fired, n_pre, n_post, random = case
    others = np.flatnonzero(random.random(n_post) < 0.5)
    names = 100 * np.arange(n_pre)[:, None] + np.arange(n_post) + 1
    seen = np.zeros(connection.weight_shape(n_pre, n_post))
    connection.at_pre(seen, fired, len(fired), others, add_count, None, 0, None)
    mask = np.zeros(seen.shape, bool)
    mask[np.ix_(fired, others)] = True
    np.testing.assert_array_equal(seen, np.where(mask, names, 0))
    seen = np.zeros_like(seen)
    connection.at_post(seen, others, len(others), fired, add_count, None, 0, None)
    np.testing.assert_array_equal(seen, np.where(mask, names, 0))


@pytest.mark.parametrize("name", NAMES)
def test_the_shape_of_the_weights_is_that_of_pair(name):
    connection = CATALOGUE[name]()
    n_pre, n_post = sizes(connection, 5, 3)
    assert connection.weight_shape(n_pre, n_post) == connection.pair(np.ones(n_post), np.ones(n_pre)).shape
