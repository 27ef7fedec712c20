"""What changes over a training without gradients is told how far the training is."""

import pytest
from torch import nn

from spikesight.base.errors import InputError
from spikesight.deep.course import Course, after_step, before_step


class Ramp(nn.Module, Course):
    def __init__(self):
        super().__init__()
        self.told, self.settled = [], 0

    def at(self, share):
        self.told.append(share)

    def settle(self):
        self.settled += 1


class Idle(nn.Module, Course):
    pass


def test_every_part_is_told_wherever_it_is():
    net = nn.Sequential(nn.Linear(2, 2), nn.Sequential(Ramp(), Idle()))
    before_step(net, 0.25)
    after_step(net)
    assert net[1][0].told == [0.25]
    assert net[1][0].settled == 1


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_lies_between_0_and_1(share):
    with pytest.raises(InputError, match="between 0 and 1"):
        before_step(Ramp(), share)
