import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'spikesight[train]'")

from torch import nn  # noqa: E402

from spikesight.deep import IF, LIF, Hold, Network  # noqa: E402
from spikesight.deep.residual import Add, SewBlock  # noqa: E402
from spikesight.deep.sketch import sketch, weights  # noqa: E402
from spikesight.trace.recording import header  # noqa: E402


def convolutional():
    return Network(
        held=Hold(3, nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4)),
        if1=IF(dt=0.5e-3),
        pool1=nn.MaxPool2d(2),
        conv2=nn.Conv2d(4, 6, 3, padding=1),
        pool2=nn.AvgPool2d(2),
        if2=IF(dt=0.5e-3),
        flat=nn.Flatten(),
        fc=nn.Linear(24, 10),
    )


def test_a_chain_is_known_as_a_whole():
    plan = sketch(convolutional(), torch.rand(5, 1, 8, 8))
    assert [(layer.name, layer.shape) for layer in plan.layers] == [
        ("input", (1, 8, 8)), ("if1", (4, 8, 8)), ("if2", (6, 2, 2)), ("fc", (10,)),
    ]  # fmt: skip
    assert (plan.steps, plan.tick) == (3, 0.5e-3)
    first, second, last = plan.projections
    assert (first.name, first.pre, first.post, first.shape) == ("held.0", "input", "if1", (9, 4))
    assert first.fan_out == 4 * 9
    assert (second.pre, second.post, second.shape) == ("if1", "if2", (36, 6))
    assert (second.kernel.stride, second.kernel.dilation) == ((4, 4), (2, 2))
    assert second.fan_out == 6 * 9  # a spike reaches, through its pooled unit, each map by each tap
    assert (last.pre, last.post, last.shape, last.kernel) == ("if2", "fc", (24, 10), None)
    header(plan, "r", "d", 0, "")


def test_weights_lie_as_the_plan_says():
    net = convolutional()
    plan = sketch(net, torch.rand(2, 1, 8, 8))
    found = weights(net, plan)
    for projection in plan.projections:
        assert projection.matrix(found[projection.name]).shape == projection.shape
    np.testing.assert_array_equal(found["fc"], net.fc.weight.detach().numpy().T)


def test_what_was_never_certain_is_not_said():
    branch = Network(conv=nn.Conv2d(3, 3, 3, padding=1), lif=LIF())
    net = Network(
        conv0=nn.Conv2d(2, 3, 1), lif0=LIF(), block=SewBlock(branch, join=Add()), conv1=nn.Conv2d(3, 4, 1), lif1=LIF()
    )
    plan = sketch(net, torch.rand(6, 2, 2, 5, 5))
    assert [layer.name for layer in plan.layers] == ["input", "lif0", "block.branch.lif", "lif1"]
    assert [(one.name, one.pre, one.post) for one in plan.projections] == [("conv0", "input", "lif0")]
    header(plan, "r", "d", 0, "")


def test_parts_in_between_that_are_not_understood_break_the_chain():
    two = Network(fc1=nn.Linear(4, 5), fc2=nn.Linear(5, 6), lif=LIF(), fc3=nn.Linear(6, 2))
    assert [one.name for one in sketch(two, torch.rand(3, 2, 4)).projections] == ["fc3"]
    curved = Network(fc1=nn.Linear(4, 5), bend=nn.GELU(), lif=LIF())
    assert sketch(curved, torch.rand(3, 2, 4)).projections == ()
    grouped = Network(conv=nn.Conv2d(4, 4, 3, groups=4), lif=LIF())
    assert sketch(grouped, torch.rand(3, 2, 4, 5, 5)).projections == ()


def test_networks_without_neurons_have_ends():
    plan = sketch(Network(held=Hold(1, nn.Linear(4, 5)), relu=nn.ReLU(), out=nn.Linear(5, 2)), torch.rand(3, 4))
    assert [(layer.name, layer.shape) for layer in plan.layers] == [("input", (4,)), ("out", (2,))]


class Mean(nn.Module):
    """A network of anyone's, whose answer has no time."""

    def __init__(self):
        super().__init__()
        self.fc, self.lif = nn.Linear(4, 3), LIF()

    def forward(self, x):
        return self.lif(self.fc(x)).mean(0)


def test_own_modules_have_layers():
    plan = sketch(Mean(), torch.rand(7, 2, 4))
    assert [(layer.name, layer.shape) for layer in plan.layers] == [("input", (4,)), ("lif", (3,))]
    assert plan.steps == 7


def test_sketching_changes_nothing():
    net = convolutional()
    before = {name: value.clone() for name, value in net.state_dict().items()}
    net.held.eval()
    state = torch.get_rng_state()
    sketch(net, torch.rand(2, 1, 8, 8, generator=torch.Generator()))
    assert torch.equal(state, torch.get_rng_state())
    assert (net.training, net.held.training) == (True, False)
    for name, value in net.state_dict().items():
        assert torch.equal(value, before[name])
