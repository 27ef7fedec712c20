import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spikesight.base.errors import InputError
from spikesight.runs.plain import plain

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@settings(deadline=None)
@given(JSON)
def test_json_is_left_as_it_is(value):
    assert plain("config", value) == value
    assert json.loads(json.dumps(plain("config", value), allow_nan=False)) == value


def test_numpy_becomes_python():
    value = plain("x", {"a": np.float32(0.5), "b": np.arange(3), "c": np.bool_(True), "d": np.array([[np.nan, 1.0]])})
    assert value == {"a": 0.5, "b": [0, 1, 2], "c": True, "d": [[None, 1.0]]}
    assert [type(value["a"]), type(value["b"][0]), type(value["c"])] == [float, int, bool]


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -np.float64("inf")])
def test_numbers_that_json_has_not(number):
    assert plain("x", number) is None


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes", 1j, np.array([1j])])
def test_other_things_are_refused_with_their_place(value):
    with pytest.raises(InputError, match=r"config\.deep\[0\]\S* goes into a JSON file, which holds no"):
        plain("config", {"deep": [value]})
