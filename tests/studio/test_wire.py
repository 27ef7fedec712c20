import json
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesight.studio.wire import WIRE_TYPES, to_binary, to_json


def decoded(content):
    """The page's decoder, in Python."""
    (length,) = struct.unpack_from("<I", content)
    header, payload = json.loads(content[4 : 4 + length]), content[4 + length :]

    def revive(node):
        if isinstance(node, list):
            return [revive(value) for value in node]
        if not isinstance(node, dict):
            return node
        if "$array" not in node:
            return {name: revive(value) for name, value in node.items()}
        told = node["$array"]
        assert (4 + length + told["offset"]) % 8 == 0, "typed arrays of JavaScript need aligned offsets"
        size = int(np.prod(told["shape"]))
        return np.frombuffer(payload, told["dtype"], size, told["offset"]).reshape(told["shape"])

    return revive(header)


@given(st.lists(st.tuples(st.sampled_from(WIRE_TYPES), st.integers(0, 5), st.integers(0, 5)), max_size=6), st.text())
def test_arrays_come_back_as_they_were(shapes, text):
    arrays = [np.arange(rows * columns).reshape(rows, columns).astype(dtype) for dtype, rows, columns in shapes]
    back = decoded(to_binary({"text": text, "nested": {"arrays": arrays}}))
    assert back["text"] == text
    for given_array, came in zip(arrays, back["nested"]["arrays"], strict=True):
        assert came.dtype == given_array.dtype
        np.testing.assert_array_equal(came, given_array)


def test_int64_is_refused_because_javascript_would_lose_digits():
    with pytest.raises(TypeError, match="int64"):
        to_binary({"t": np.zeros(3, np.int64)})


def test_json_of_arrays_and_of_what_json_has_no_word_for():
    answer = {"a": np.array([1.5, np.nan, np.inf]), "b": np.float64("nan"), "c": np.int32(3), "d": (1, None), 5: "e"}
    assert json.loads(to_json(answer)) == {"a": [1.5, None, None], "b": None, "c": 3, "d": [1, None], "5": "e"}
