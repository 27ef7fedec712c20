import numpy as np
import pytest

from spikesight.analysis.recorded import selectivity, selectivity_drift
from spikesight.base.errors import InputError, UnknownName


def responses_by_hand(truth, layer, stims, units, every=1):
    """Mean spikes per stimulus (5 classes, units), counted one by one."""
    means = np.full((5, units), np.nan)
    for label in range(5):
        shown = [one["stim"] for one in truth.stimuli if one["label"] == label and one["stim"] in stims]
        shown = [stim for stim in shown if stim % every == 0]
        for unit in range(units):
            spikes = truth.spikes[layer]
            if shown:
                means[label, unit] = np.sum(np.isin(spikes[:, 2], shown) & (spikes[:, 1] == unit)) / len(shown)
    return means


def index_by_hand(responses):
    known = responses[~np.isnan(responses)]
    best, others = known.max(), np.delete(known, known.argmax())
    return (best - others.mean()) / (best + others.mean()) if best > 0 else np.nan


def test_responses_preferences_and_indices(trace, truth):
    found = selectivity(trace, "exc")
    expected = responses_by_hand(truth, "exc", range(48), 12)
    assert found.classes.tolist() == [0, 1, 2, 3, 4]
    assert found.shown.tolist() == [*np.bincount(truth.column("label")[truth.column("label") >= 0]), 0]
    np.testing.assert_allclose(found.responses, expected, rtol=1e-12)
    for unit in range(12):
        column = expected[:, unit]
        assert found.preferred[unit] == (-1 if unit == 3 else np.nanargmax(column))
        assert found.index[unit] == pytest.approx(index_by_hand(column), nan_ok=True)


def test_a_window_of_stimuli(trace, truth):
    found = selectivity(trace, "exc", stim=(10, 30))
    np.testing.assert_allclose(found.responses, responses_by_hand(truth, "exc", range(10, 30), 12), rtol=1e-12)


def test_sampled_stimuli_and_units(trace, truth):
    seldom = selectivity(trace, "seldom")
    np.testing.assert_allclose(seldom.responses, responses_by_hand(truth, "seldom", range(48), 6, every=3), rtol=1e-12)
    some = selectivity(trace, "some")
    assert np.flatnonzero(~np.isnan(some.index)).tolist() == [1, 4]
    assert some.preferred[[0, 2, 3, 5]].tolist() == [-1] * 4


def test_drift_by_blocks(trace, truth):
    found = selectivity_drift(trace, "exc", blocks=4)
    assert found.responses.shape == (4, 5, 12)
    for block in range(4):
        stims = range(12 * block, 12 * block + 12)
        expected = responses_by_hand(truth, "exc", stims, 12)
        np.testing.assert_allclose(found.responses[block], expected, rtol=1e-12)
        for unit in set(range(12)) - {3}:
            assert found.preferred[block, unit] == np.nanargmax(expected[:, unit])
            assert found.index[block, unit] == pytest.approx(index_by_hand(expected[:, unit]))
    np.testing.assert_allclose(found.t_start, [0.0, 1.2, 2.4, 3.6])
    np.testing.assert_allclose(found.t_end, [1.2, 2.4, 3.6, 4.8])


def test_the_change_of_preference_is_seen_where_it_happened(trace):
    found = selectivity_drift(trace, "exc", blocks=2)
    assert np.isnan(found.changed[0])
    moved = [a != b for a, b in zip(*found.preferred, strict=True) if a >= 0 and b >= 0]
    assert found.changed[1] == np.mean(moved)
    assert found.changed[1] > 0.8  # all eleven were made to move


def test_tables(trace):
    table = selectivity(trace, "exc").columns()
    assert len(table["response"]) == 5 * 12
    where = (table["unit"] == 7) & (table["class"] == 2)
    assert table["response"][where] == selectivity(trace, "exc").responses[2, 7]
    drift = selectivity_drift(trace, "exc", blocks=3)
    assert drift.columns()["index"].reshape(3, 12).tolist()[1][5] == drift.index[1, 5]


def test_an_empty_trace(empty):
    assert selectivity(empty, "exc").preferred.tolist() == [-1] * 12
    assert selectivity_drift(empty, "exc").index.shape == (0, 12)


def test_what_cannot_be_asked(trace):
    with pytest.raises(UnknownName):
        selectivity(trace, "exd")
    with pytest.raises(InputError, match="blocks is at least 1"):
        selectivity_drift(trace, "exc", blocks=0)
    with pytest.raises(InputError, match="first <= stop"):
        selectivity(trace, "exc", stim=(4, 2))
