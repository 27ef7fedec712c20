import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'spikesight[train]'")

from torch import nn  # noqa: E402

from spikesight.deep.operations import Counting, reach  # noqa: E402
from spikesight.deep.tapping import tapped  # noqa: E402


def counted(module, x):
    counting = Counting()
    with tapped({"part": module}, counting.listen), torch.no_grad():
        module(x)
    return counting.parts["part"]


def by_hand(module, x):
    """Count the synapses that each 1 of x reaches: it changes so many outputs of a module with weights of 1."""
    copy = type(module)(
        module.in_channels, module.out_channels, module.kernel_size, module.stride, module.padding, module.dilation,
        module.groups, bias=False,
    )  # fmt: skip
    nn.init.ones_(copy.weight)
    return int(copy(x).sum())


@pytest.mark.parametrize("options", [{}, {"stride": 2}, {"padding": 1}, {"padding": 2, "dilation": 2, "stride": 3}])
@pytest.mark.parametrize("groups", [1, 2])
@pytest.mark.parametrize("kind", [nn.Conv1d, nn.Conv2d, nn.Conv3d], ids=["1d", "2d", "3d"])
def test_every_synapse_that_a_spike_reaches_is_an_operation(kind, groups, options):
    dimensions = {nn.Conv1d: 1, nn.Conv2d: 2, nn.Conv3d: 3}[kind]
    module = kind(4, 6, 3, groups=groups, **options)
    x = (torch.rand(2, 4, *(8, 7, 9)[:dimensions]) < 0.3).float()
    found = counted(module, x)
    assert found.accumulate == by_hand(module, x)
    assert found.multiply == 0
    y = module(x)
    assert found.dense == y.numel() * 4 // groups * 3**dimensions
    assert (found.applied, found.given, found.made) == (2, x.numel(), y.numel())


def test_taps_over_padding_lead_nowhere():
    places = reach(nn.Conv2d(1, 2, 3, padding=1), torch.zeros(1, 1, 4, 4))
    assert places.tolist() == [[8, 12, 12, 8], [12, 18, 18, 12], [12, 18, 18, 12], [8, 12, 12, 8]]
    assert reach(nn.Linear(3, 7), torch.zeros(1, 3)).item() == 7


def test_a_linear_layer():
    found = counted(nn.Linear(3, 7), torch.tensor([[1.0, 0.0, 1.0], [0.0, 0.0, 0.0]]))
    assert (found.accumulate, found.multiply, found.dense, found.applied) == (14, 0, 42, 2)
    assert (found.active, found.most, found.graded, found.synapses) == (2, 1.0, False, 21)


def test_sums_of_spikes_and_graded_values_are_multiplied():
    several = counted(nn.Linear(3, 7), torch.tensor([[1.0, 0.0, 3.0]]))
    assert (several.accumulate, several.multiply, several.most, several.graded) == (7, 7, 3.0, False)
    for values in ([0.5, 0.0, 0.0], [-1.0, 0.0, 0.0]):
        graded = counted(nn.Linear(3, 7), torch.tensor([values]))
        assert (graded.accumulate, graded.multiply, graded.graded) == (0, 21, True)
