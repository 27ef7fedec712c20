import numpy as np
import pytest

from spikesight.analysis.recorded import receptive_fields, snapshot_at
from spikesight.base.errors import InputError, UnknownName


@pytest.mark.parametrize(("t", "snapshot"), [(None, 3), (-1.0, 0), (0.0, 0), (1.19, 0), (1.2, 1), (3.0, 2), (99.0, 3)])
def test_the_snapshot_that_holds_at_a_moment(trace, truth, t, snapshot):
    found = receptive_fields(trace, "input_exc", t=t)
    assert found.snapshot == snapshot
    assert found.t == truth.weights_at[snapshot] * 0.0005
    expected = truth.weights[snapshot].T.reshape(12, 2, 4, 4).sum(axis=1)  # two channels
    np.testing.assert_allclose(found.fields, expected, rtol=1e-3)  # kept in float16
    assert snapshot_at(trace, "input_exc", t) == (snapshot, found.t)


def test_units_can_be_chosen(trace):
    some = receptive_fields(trace, "input_exc", units=[5, 1])
    assert some.unit.tolist() == [5, 1]
    np.testing.assert_array_equal(some.fields, receptive_fields(trace, "input_exc").fields[[5, 1]])


def test_a_table_has_a_row_per_place(trace):
    found = receptive_fields(trace, "input_exc", units=[5, 1])
    table = found.columns()
    where = (table["unit"] == 1) & (table["y"] == 2) & (table["x"] == 3)
    assert table["weight"][where] == found.fields[1, 2, 3]


def test_what_cannot_be_asked(trace):
    with pytest.raises(UnknownName, match="Did you mean input_exc"):
        receptive_fields(trace, "input_ex")
    with pytest.raises(
        InputError, match=r'no weights of .exc_unseen. were recorded: record with Probe\("exc_unseen.w"'
    ):
        receptive_fields(trace, "exc_unseen")
    with pytest.raises(InputError, match="not a picture"):
        receptive_fields(trace, "exc_some")
    with pytest.raises(InputError, match="exc has units 0 to 11"):
        receptive_fields(trace, "input_exc", units=[12])
