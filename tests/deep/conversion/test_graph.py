"""What is understood, and what is refused by name."""

from copy import deepcopy

import pytest
import torch
from torch import Tensor, nn

from spikesight.base.errors import InputError
from spikesight.deep import Hold, Network
from spikesight.deep.conversion.graph import Sum, activations, graph_of, values


def output(graph, x):
    return values(graph, x)[graph[-1].name]


def test_folded_normalisations_change_no_output(ann, residual, images):
    for net in (ann, residual):
        graph = graph_of(net)
        torch.testing.assert_close(output(graph, images), net(images), rtol=1e-5, atol=1e-6)
        assert not any(isinstance(part.module, nn.BatchNorm1d | nn.BatchNorm2d | nn.Dropout) for part in graph)


def test_the_network_itself_is_not_changed(ann, images):
    before = deepcopy(ann.state_dict())
    ann.train()
    graph_of(ann)
    assert ann.training
    assert all(torch.equal(value, before[name]) for name, value in ann.state_dict().items())


def test_names_can_be_names_of_layers(ann, residual):
    assert activations(graph_of(ann)) == ["relu_2", "relu_7", "relu_12"]
    assert activations(graph_of(residual)) == ["relu", "relu_1", "relu_2"]


def test_maximum_pooling_goes_behind_its_rectifier(ann):
    kinds = [type(part.module).__name__ for part in graph_of(ann)]
    assert kinds == [
        "Conv2d",
        "ReLU",
        "AvgPool2d",
        "Conv2d",
        "ReLU",
        "MaxPool2d",
        "Flatten",
        "Linear",
        "ReLU",
        "Linear",
    ]


def test_branches_meet_in_a_sum(residual):
    (meeting,) = [part for part in graph_of(residual) if isinstance(part.module, Sum)]
    assert meeting.inputs == ("relu", "conv2")


def test_a_network_without_neurons_is_a_chain(seeded, images):
    chain = Network(held=Hold(1, nn.Conv2d(1, 3, 3), nn.ReLU()), flat=nn.Flatten(), out=nn.Linear(108, 2))
    graph = graph_of(chain)
    assert [part.name for part in graph] == ["held_0", "held_1", "flat", "out"]
    assert torch.equal(output(graph, images), chain(images)[0])


class Squared(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc, self.relu = nn.Linear(4, 4), nn.ReLU()

    def forward(self, x):
        return torch.sigmoid(self.relu(self.fc(x))) + 1.0


class Asking(nn.Module):
    def forward(self, x):
        return x if x.sum() > 0 else -x


def test_everything_that_cannot_be_converted_is_named_at_once():
    net = nn.Sequential(nn.Linear(4, 4), nn.GELU(), nn.LayerNorm(4), nn.ReLU(), nn.Softmax(1))
    with pytest.raises(InputError, match="3 parts") as error:
        graph_of(net)
    for says in ("gelu_1 (GELU): train with QCFS", "layernorm_2 (LayerNorm)", "softmax_4 (Softmax): take it off"):
        assert says in str(error.value)


def test_functions_and_numbers_that_cannot_be_converted_are_named():
    with pytest.raises(InputError, match="2 parts") as error:
        graph_of(Squared())
    assert "sigmoid" in str(error.value)
    assert "add" in str(error.value)


@pytest.mark.parametrize(
    ("net", "says"),
    [
        (nn.Sequential(nn.BatchNorm1d(4), nn.ReLU()), "folded only right after"),
        (nn.Sequential(nn.Linear(4, 2)), "no nn.ReLU"),
        (Asking(), "write it as nn.Sequential"),
    ],
    ids=["lonely norm", "linear", "branching"],
)
def test_other_networks_are_refused(net, says):
    with pytest.raises(InputError, match=says):
        graph_of(net)


def test_a_rectifier_in_two_places_of_a_chain_is_two_activations() -> None:
    relu = nn.ReLU()
    parts = graph_of(Network(nn.Linear(4, 4), relu, nn.Linear(4, 4), relu, nn.Linear(4, 2)))
    assert [type(part.module) for part in parts] == [nn.Linear, nn.ReLU, nn.Linear, nn.ReLU, nn.Linear]


class Flattened(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.relu, self.out = nn.ReLU(), nn.Linear(12, 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.out(torch.flatten(self.relu(x), start_dim=1))


def test_functions_may_name_their_arguments() -> None:
    assert [type(part.module) for part in graph_of(Flattened())] == [nn.ReLU, nn.Flatten, nn.Linear]


def test_chains_in_chains_are_one_chain(seeded, images):
    inner = nn.Sequential(nn.Conv2d(1, 3, 3), nn.Sequential(nn.BatchNorm2d(3), nn.ReLU()))
    chain = Network(held=Hold(1, inner), end=nn.Sequential(nn.Flatten(), nn.Linear(108, 2))).eval()
    graph = graph_of(chain)
    assert [part.name for part in graph] == ["held_0_0", "held_0_1_1", "end_0", "end_1"]
    torch.testing.assert_close(output(graph, images), chain(images)[0])


class Parts(nn.Module):
    """Two layers side by side, which `forward` joins."""

    def __init__(self, forward) -> None:
        super().__init__()
        self.one, self.other, self.relu, self.out = nn.Linear(4, 4), nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 2)
        self.gain = nn.Parameter(torch.ones(4))
        self.joined = forward

    def forward(self, x: Tensor) -> Tensor:
        return self.joined(self, x)


@pytest.mark.parametrize(
    ("joined", "says"),
    [
        (lambda net, x: net.relu(torch.cat([net.one(x), net.other(x)], 1)), r"1 parts .*cat"),
        (lambda net, x: net.out(net.relu(net.one(x) * net.gain)), r"2 parts .*gain.*mul"),
        (lambda net, x: net.relu(torch.add(net.one(x), net.other(x), alpha=2)), r"1 parts .*add"),
        (lambda net, x: net.out(torch.relu(input=net.one(x))), r"1 parts .*relu"),
        (lambda net, x: net.relu(torch.flatten(net.one(x))), r"1 parts .*flatten"),
        (lambda net, x: (net.out(net.relu(net.one(x))), x), "a network of one output"),
    ],
    ids=["list", "parameter", "alpha", "by name", "batch flattened", "two outputs"],
)
def test_what_a_trace_may_hold_beside_is_named(joined, says):
    with pytest.raises(InputError, match=says):
        graph_of(Parts(joined))


def test_what_leads_nowhere_is_left_out():
    def joined(net, x):
        y = net.out(net.relu(net.one(x)))
        net.other(x)
        return y

    assert [part.name for part in graph_of(Parts(joined))] == ["one", "relu", "out"]
