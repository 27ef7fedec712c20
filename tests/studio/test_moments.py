import numpy as np
import pytest

from spikesight.analysis import mean_responses, preferred_class
from spikesight.studio.moments import Stimuli, classes, stimuli
from spikesight.studio.open_run import OpenRun


@pytest.fixture
def three():
    numbers = np.arange(3)
    return Stimuli(numbers, np.array([0.0, 1.0, 3.0]), np.array([0.5, 1.5, 3.5]), numbers, numbers, numbers)


@pytest.mark.parametrize(("t", "place"), [(-1, 0), (0, 0), (0.7, 0), (1.0, 1), (2.9, 1), (3.0, 2), (99, 2)])
def test_the_stimulus_at_a_moment(three, t, place):
    assert three.at(t) == place


@pytest.mark.parametrize(
    ("t0", "t1", "places"), [(0, 4, [0, 1, 2]), (0.5, 1.0, []), (0.4, 1.01, [0, 1]), (1.5, 3.0, []), (9, 10, [])]
)
def test_stimuli_within_a_window_overlap_it(three, t0, t1, places):
    assert list(range(3))[three.within(t0, t1)] == places


def test_stimuli_are_those_that_were_written(opened, finished):
    shown = stimuli(opened)
    for column, place in (("stim", 0), ("label", 2), ("prediction", 3)):
        np.testing.assert_array_equal(getattr(shown, column), [outcome[place] for outcome in finished.outcomes])
    known = [-1 if outcome[4] is None else int(outcome[4]) for outcome in finished.outcomes]
    np.testing.assert_array_equal(shown.correct, known)
    np.testing.assert_allclose(shown.t_start, [outcome[1] * 0.0005 for outcome in finished.outcomes])


def test_classes_as_the_run_stored_them(opened, finished):
    known = classes(opened)
    np.testing.assert_array_equal(known.of_unit, finished.owner)
    assert (known.layer, known.count) == ("exc", 10)
    assert "the run has assigned" in known.source


def test_classes_before_the_run_stored_any_come_from_responses(growing):
    run = OpenRun(growing.run.folder)
    run.refresh()
    counts = np.zeros((60, growing.units))
    np.add.at(counts, tuple(growing.spikes("exc")[:, [2, 1]].T), 1)
    labels = np.array([outcome[2] for outcome in growing.outcomes])
    known = classes(run)
    np.testing.assert_array_equal(known.of_unit, preferred_class(mean_responses(counts, labels, known.count)))
    assert "newest 60 stimuli" in known.source


def test_a_checkpoint_is_older_than_the_responses_while_the_run_goes_on(growing):
    growing.run.save_weights({"assignment": np.full(growing.units, 9)})
    run = OpenRun(growing.run.folder)
    run.refresh()
    assert set(classes(run).of_unit) > {9}
    growing.run.update(status="finished")
    run = OpenRun(growing.run.folder)
    run.refresh()
    assert set(classes(run).of_unit) == {9}


def test_the_middle_of_stimuli(three):
    np.testing.assert_allclose(three.middle(np.array([0, 2])), [0.25, 3.25])


def test_the_class_of_a_unit_is_what_was_answered_when_it_was_first(convolutions, convolved):
    known = classes(convolutions)
    fired = convolved.times["conv2"].reshape(convolved.items, -1)
    fired = np.where(fired < 0, 99, fired)
    for item in range(convolved.items):
        first = np.flatnonzero(fired[item] == fired[item].min())
        if fired[item].min() < 99 and len(first) == 1:
            assert known.of_unit[first[0]] == convolved.answers[item]
    assert "when the unit was first" in known.source
    assert (known.of_unit == -1).sum() > 30  # most were never first
