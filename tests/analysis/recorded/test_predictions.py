import numpy as np
import pytest

from spikesight.analysis.recorded import confusion
from spikesight.base.errors import InputError, UnknownName


def by_hand(stimuli):
    counts = np.zeros((5, 6), dtype=int)
    for one in stimuli:
        if one["label"] >= 0:
            counts[one["label"], one["prediction"]] += 1  # the last column for -1
    known = [one["correct"] for one in stimuli if one["correct"] is not None]
    return counts, len(known), np.mean(known) if known else np.nan


@pytest.mark.parametrize("blocks", [1, 2, 5, 48])
def test_blocks_are_as_counted_by_hand(trace, truth, blocks):
    found = confusion(trace, blocks)
    assert found.counts.shape == (blocks, 5, 6)
    assert found.classes.tolist() == [0, 1, 2, 3, 4]
    place = np.arange(48) * blocks // 48
    for block in range(blocks):
        some = [truth.stimuli[stim] for stim in np.flatnonzero(place == block)]
        counts, known, accuracy = by_hand(some)
        np.testing.assert_array_equal(found.counts[block], counts)
        assert found.stimuli[block] == known
        assert found.accuracy[block] == pytest.approx(accuracy, nan_ok=True)
        assert found.t_start[block] == pytest.approx(some[0]["t_start"] * 0.0005)
        assert found.t_end[block] == pytest.approx(some[-1]["t_end"] * 0.0005)


def test_blocks_are_never_empty(trace):
    assert confusion(trace, 1000).counts.shape[0] == 48


def test_a_split(trace, truth):
    found = confusion(trace, split="test")
    np.testing.assert_array_equal(found.counts[0], by_hand(truth.stimuli[40:])[0])
    assert found.t_start.tolist() == [4.0]


def test_the_diagonal_is_what_was_right(trace, truth):
    found = confusion(trace)
    right = sum(bool(one["correct"]) for one in truth.stimuli)
    assert np.trace(found.counts[0][:, :5]) == right == round(found.accuracy[0] * found.stimuli[0])


def test_a_table_has_a_row_per_cell(trace):
    found = confusion(trace, 3)
    table = found.columns()
    assert len(table["count"]) == 3 * 5 * 6
    where = (table["block"] == 1) & (table["class"] == 2) & (table["prediction"] == -1)
    assert table["count"][where] == found.counts[1, 2, 5]
    assert table["t_end"][where] == found.t_end[1]


def test_an_empty_trace(empty):
    found = confusion(empty, 4)
    assert found.counts.shape == (0, 0, 1)
    assert found.accuracy.shape == (0,)


def test_what_cannot_be_asked(trace):
    with pytest.raises(InputError, match="blocks is at least 1"):
        confusion(trace, 0)
    with pytest.raises(UnknownName, match=r"no split is called 'tset'\. Did you mean test"):
        confusion(trace, split="tset")
