import threading

import numpy as np
import pytest

from spikesight.base.cores import LIMIT
from spikesight.base.spread import spread


@pytest.mark.parametrize("cores", ["1", "2"])
@pytest.mark.parametrize("items", [0, 1, 2, 7])
def test_every_item_is_done_once(monkeypatch, cores, items):
    monkeypatch.setenv(LIMIT, cores)
    done, threads = np.zeros(items, int), set()

    def work(first, last):
        done[first:last] += 1
        threads.add(threading.get_ident())

    spread(work, items)
    np.testing.assert_array_equal(done, 1)
    assert (threading.get_ident() in threads) == (cores == "1" or items < 2)


def test_errors_come_out():
    def work(first, last):
        raise ArithmeticError("no")

    with pytest.raises(ArithmeticError, match="no"):
        spread(work, 4)
