import dataclasses
import json

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.trace.kernel import Kernel, kernel_of


def test_what_a_kernel_may_be_given_as():
    kernel = Kernel(2, 5, 3, stride=[1, 2])
    assert (kernel.shape, kernel.taps, kernel.stride) == ((2, 5, 3), 30, (1, 2))
    assert kernel_of((2, 5, 3)) == Kernel(2, 5, 3)
    assert kernel_of({"maps": 2, "rows": 5, "columns": 3, "stride": [1, 2]}) == kernel
    assert kernel_of(None) is None


@pytest.mark.parametrize("given", [(0, 1, 1), (1, 1, 1, (1,)), (1, 1, 1, (1, 0)), (1, 1.5, 1)])
def test_what_is_no_kernel(given):
    with pytest.raises(InputError, match="whole numbers of 1 or more"):
        Kernel(*given)


def test_a_kernel_has_three_sides():
    with pytest.raises(InputError, match=r"is \(maps, rows, columns\), got \(3, 3\)"):
        kernel_of((3, 3))


@pytest.mark.parametrize(
    "wrong",
    [
        {"rows": 3.0},
        {"rows": "3"},
        {"maps": float("nan")},
        {"stride": 1},
        {"stride": (1, 1, 1), "dilation": (1,)},
        {"dilation": None},
    ],
)
def test_what_is_no_whole_number_or_pair_is_refused(wrong):
    with pytest.raises(InputError, match=r"whole numbers of 1 or more, got"):
        Kernel(**{"maps": 2, "rows": 3, "columns": 3, **wrong})


def test_numbers_of_numpy_become_plain():
    kernel = Kernel(np.int64(2), np.int32(3), 3, stride=np.array([1, 2]))
    assert kernel == Kernel(2, 3, 3, (1, 2))
    json.dumps(dataclasses.asdict(kernel))
