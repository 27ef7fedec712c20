"""What changes over a training without gradients is told how far the training is."""

import pytest
import torch
from torch import nn

from spikesight.base.errors import InputError
from spikesight.deep.course import Course, after_step, before_step, own_rates


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


class Quick(nn.Module, Course):
    def __init__(self):
        super().__init__()
        self.fast, self.slow = nn.Parameter(torch.zeros(2)), nn.Parameter(torch.zeros(2))

    def rates(self):
        return [(self.fast, 10.0)]


def test_a_part_names_the_parameters_with_a_rate_of_their_own():
    part = Quick()
    assert own_rates(nn.Sequential(part, nn.Linear(2, 2), part)) == {part.fast: 10.0}
    assert own_rates(nn.Linear(2, 2)) == {}
