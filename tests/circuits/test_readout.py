"""Which class a neuron belongs to, and how neurons vote."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from spikesight.circuits.readout import (
    UNASSIGNED,
    Running,
    assign,
    class_sizes,
    mean_responses,
    strictly_right,
    votes,
)

RESPONSES = np.array([[4, 0, 1, 0], [2, 0, 1, 0], [9, 5, 1, 0], [0, 3, 1, 0]])
LABELS = np.array([0, 0, 0, 1])


def test_a_neuron_belongs_to_the_class_it_answers_to_most_on_average():
    # Means: neuron 0 has 5 and 0; neuron 1 has 5/3 and 3 (although 5 > 3 in total); neuron 2 ties: the lower class.
    assert assign(RESPONSES, LABELS, 3).tolist() == [0, 1, 0, UNASSIGNED]


def test_a_class_that_was_never_shown_gets_nobody():
    assert 2 not in assign(RESPONSES, LABELS, 3)
    assert assign(np.zeros((0, 3)), np.zeros(0, int), 2).tolist() == [UNASSIGNED] * 3


def test_votes_are_means_over_the_neurons_of_a_class():
    ballots = votes(np.array([[3, 1, 8, 5]]), np.array([0, 0, 2, UNASSIGNED]), 3)
    # Class 0 has (3 + 1) / 2, class 1 nobody, class 2 its only neuron; the unassigned neuron says nothing.
    np.testing.assert_array_equal(ballots, [[2.0, 0.0, 8.0]])


def test_more_neurons_do_not_make_a_class_stronger():
    ballots = votes(np.array([[2, 2, 2, 3]]), np.array([0, 0, 0, 1]), 2)
    assert ballots.argmax() == 1


@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 50))
def test_equal_means_are_equal_votes_however_many_neurons_vote(one, other, spikes):
    """49 times 1 / 49 is not 1: a tie would be broken by rounding, and a mistake would count as right."""
    counts, assignment = np.full((1, one + other), spikes), np.repeat([0, 1], [one, other])
    ballots = votes(counts, assignment, 2)
    assert ballots.tolist() == [[spikes, spikes]]
    assert not strictly_right(ballots, np.array([0]))[0]
    running = Running(2, one + other)
    running.go_on(np.zeros((2, one + other)), assignment, 0)
    assert running.predict(counts[0]) == UNASSIGNED


def test_one_sample_alone_votes_as_it_does_among_others():
    random = np.random.default_rng(0)
    counts, assignment = random.integers(0, 9, (5, 30)), random.integers(-1, 4, 30)
    np.testing.assert_array_equal(votes(counts[2], assignment, 4), votes(counts, assignment, 4)[2])


def test_mean_responses_and_class_sizes_by_hand():
    means = mean_responses(RESPONSES, LABELS, 3)
    np.testing.assert_allclose(means, [[5, 5 / 3, 1, 0], [0, 3, 1, 0], [0, 0, 0, 0]])
    np.testing.assert_array_equal(class_sizes(np.array([2, UNASSIGNED, 2, 0]), 4), [1, 0, 2, 0])


def test_reading_classes_out_loads_no_compiler():
    loaded = "import sys, spikesight.circuits.readout, spikesight.analysis; print('numba' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert said.stdout == "False\n"


@pytest.mark.parametrize(
    ("ballots", "label", "right"),
    [
        ([3.0, 1.0, 2.0], 0, True),
        ([3.0, 3.0, 2.0], 0, False),
        ([3.0, 3.0, 2.0], 1, False),
        ([0.0, 0.0, 0.0], 0, False),
        ([1.0, 2.0, 0.5], 0, False),
    ],
)
def test_a_tie_is_a_mistake(ballots, label, right):
    assert strictly_right(np.array([ballots]), np.array([label])).tolist() == [right]


def test_strictness_does_not_change_the_votes():
    ballots = np.array([[3.0, 1.0]])
    strictly_right(ballots, np.array([0]))
    np.testing.assert_array_equal(ballots, [[3.0, 1.0]])


@given(
    arrays.arrays(np.int64, (12, 5), elements=st.integers(0, 20)),
    arrays.arrays(np.int64, 12, elements=st.integers(0, 3)),
    st.integers(0, 2**32 - 1),
)
def test_names_and_votes_do_not_depend_on_the_order_of_the_samples(responses, labels, seed):
    order = np.random.default_rng(seed).permutation(12)
    named = assign(responses, labels, 4)
    np.testing.assert_array_equal(assign(responses[order], labels[order], 4), named)
    np.testing.assert_allclose(votes(responses, named, 4)[order], votes(responses[order], named, 4))
    assert (named[responses.sum(axis=0) == 0] == UNASSIGNED).all()


def stationary(n=6, classes=3, samples=4000):
    """Neurons that prefer a class each, and samples of all classes."""
    random = np.random.default_rng(0)
    labels = random.integers(0, classes, samples)
    rates = np.where(np.arange(n) % classes == np.arange(classes)[:, None], 6.0, 1.0)
    return random.poisson(rates[labels]), labels


def test_running_ends_with_the_names_of_the_batch_on_stationary_data():
    responses, labels = stationary()
    running = Running(3, 6)
    for counts, label in zip(responses, labels, strict=True):
        running.observe(counts, label)
    running.predict(responses[0])
    np.testing.assert_array_equal(running.assignment, assign(responses, labels, 3))
    means = np.array([responses[labels == c].mean(axis=0) for c in range(3)])
    # An exponential window of 100: the standard error of a mean of 6 is sqrt(6 / 199) = 0.17.
    np.testing.assert_allclose(running.means, means, atol=5 * 0.17)


def test_running_predicts_before_it_learns_the_label():
    responses, labels = stationary(samples=400)
    running, shuffled = Running(3, 6), np.random.default_rng(1).permutation(labels)
    right = []
    for counts, label in zip(responses, shuffled, strict=True):
        right.append(running.predict(counts) == label)
        running.observe(counts, label)
    # Labels that say nothing cannot be predicted: chance is a third (and ties count as nothing).
    assert np.mean(right) < 1 / 3 + 4 * np.sqrt(2 / 9 / 400)


def test_running_knows_nothing_at_first_and_refreshes_every_twenty():
    running = Running(2, 2, window=10)
    assert running.predict(np.array([5, 0])) == UNASSIGNED
    for _ in range(19):
        running.observe(np.array([5, 0]), 0)
        running.observe(np.array([0, 5]), 1)
        if running.means.any() and running._since < Running.REFRESH:
            assert running.predict(np.array([5, 0])) == UNASSIGNED
    assert running.predict(np.array([5, 0])) == 0
    assert running.predict(np.array([0, 5])) == 1
    assert running.predict(np.array([5, 5])) == UNASSIGNED
    np.testing.assert_array_equal(running.assignment, [0, 1])


def test_running_forgets():
    running = Running(2, 1, window=5)
    for label in (0, 1):
        for _ in range(60):
            running.observe(np.array([4]), label)
            running.observe(np.array([0]), 1 - label)
    running.predict(np.array([1]))
    assert running.assignment.tolist() == [1]
