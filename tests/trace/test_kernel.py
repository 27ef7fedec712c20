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
    with pytest.raises(InputError, match="each 1 or more"):
        Kernel(*given)


def test_a_kernel_has_three_sides():
    with pytest.raises(InputError, match=r"is \(maps, rows, columns\), got \(3, 3\)"):
        kernel_of((3, 3))
