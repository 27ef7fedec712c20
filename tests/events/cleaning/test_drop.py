from fractions import Fraction

import numpy as np
import pytest
from streams_to_clean import busy, in_order, rows, same

from spikesight.base.errors import InputError
from spikesight.events.cleaning import DropArea, DropShare, DropTime, EveryNth
from spikesight.events.cleaning.drop import kept


@pytest.mark.parametrize("share", [0.0, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 1.0])
@pytest.mark.parametrize("count", [10, 99, 1000])
def test_so_many_stay_rounded_down(share, count):
    out = DropShare(share)(busy(count))
    assert len(out) == int(count * (1 - Fraction(str(share))))
    assert not out.backward_steps


def test_another_seed_drops_others():
    events = busy(1000)
    assert not same(DropShare(0.5, seed=1)(events), DropShare(0.5, seed=2)(events))
    each = [np.isin(np.arange(1000), _numbers(DropShare(0.5, seed=k), 1000)) for k in range(50)]
    assert np.abs(np.mean(each) - 0.5) < 0.001
    assert np.abs(np.mean(each, axis=0) - 0.5).max() < 0.3, "none is preferred"


def _numbers(drop, count):
    return drop(in_order([(k, 0, 0, True) for k in range(count)])).t


def test_every_third():
    assert EveryNth(3)(in_order([(k, 0, 0, True) for k in range(8)])).t.tolist() == [0, 3, 6]


def test_a_stretch_of_time_is_gone():
    for seed in range(5):
        out = DropTime(0.25, seed)(in_order([(k, 0, 0, True) for k in range(100, 200)]))
        gone = sorted(set(range(100, 200)) - set(out.t.tolist()))
        assert len(gone) == 25
        assert gone[-1] - gone[0] == 24


def test_a_window_is_empty():
    everywhere = in_order([(0, x, y, True) for x in range(7) for y in range(5)])
    out = DropArea(0.5, seed=3)(everywhere)
    gone = set(rows(everywhere)) - set(rows(out))
    assert len(gone) == 4 * 2
    assert len({row[1] for row in gone}) == 4
    assert len({row[2] for row in gone}) == 2


def test_what_is_no_share_is_refused():
    with pytest.raises(InputError, match="between 0 and 1"):
        DropShare(1.5)
    with pytest.raises(InputError, match="0 events or more"):
        kept(busy(10), -1, 0)
