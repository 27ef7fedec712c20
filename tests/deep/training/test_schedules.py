import math

import pytest

from spikesight.base.errors import InputError
from spikesight.deep.training.schedules import Constant, Cosine, Falls, OneCycle


def test_shares_are_what_they_say():
    assert Constant().share(0.7) == 1.0
    assert [Cosine().share(done) for done in (0.0, 0.5, 1.0)] == pytest.approx([1.0, 0.5, 0.0])
    assert Cosine(last=0.2).share(1.0) == pytest.approx(0.2)
    assert [Cosine(0.2).share(done) for done in (0.0, 0.1, 0.2, 0.6)] == pytest.approx([0.0, 0.5, 1.0, 0.5])
    assert [Falls((0.5, 0.75), 0.1).share(done) for done in (0.4, 0.5, 0.8)] == pytest.approx([1.0, 0.1, 0.01])
    cycle = [OneCycle(0.3, 0.04, 0.01).share(done) for done in (0.0, 0.15, 0.3, 0.65, 1.0)]
    assert cycle == pytest.approx([0.04, 0.52, 1.0, 0.505, 0.01])
    assert OneCycle().share(0.9) == pytest.approx(0.5 * (1 + math.cos(math.pi * 0.6 / 0.7)))


@pytest.mark.parametrize("make", [lambda: Cosine(1.0), lambda: OneCycle(-0.1)], ids=["warm-up", "rise"])
def test_shares_lie_within(make):
    with pytest.raises(InputError, match="share of the training"):
        make()
