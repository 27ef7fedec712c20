import json

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'spikesight[train]'")

from torch import nn  # noqa: E402

from spikesight.base.errors import InputError  # noqa: E402
from spikesight.base.joules import FLOAT32, INT8, PICO  # noqa: E402
from spikesight.deep import IF, Hold, Network  # noqa: E402
from spikesight.deep.cost import cost  # noqa: E402
from spikesight.deep.neurons.parallel import PSN, SlidingPSN  # noqa: E402
from spikesight.deep.neurons.recurrent import Recurrent  # noqa: E402
from spikesight.deep.normalised import NormalisedDense  # noqa: E402
from spikesight.deep.residual import Add, SewBlock  # noqa: E402

T, B = 5, 2


def weighted(module, value):
    nn.init.constant_(module.weight, value)
    if module.bias is not None:
        nn.init.zeros_(module.bias)
    return module


def always(firing=True):
    """Every neuron fires in every step, or none ever does."""
    return Network(
        held=Hold(T, weighted(nn.Linear(3, 4), 9.0 if firing else 0.0)), if1=IF(), out=nn.Linear(4, 2, bias=False)
    )


def lines(report):
    return {line.name: line for line in report.lines}


def test_closed_forms_of_a_network_that_always_fires():
    report = cost(always(), torch.full((B, 3), 0.5))
    found = lines(report)
    first, neurons, out = found["held.0"], found["if1"], found["out"]
    assert (first.macs, first.accumulates, first.ann_macs, first.graded) == (12, 0, 12, True)
    assert first.bytes == first.ann_bytes == 4 * (12 + 3 + 4)
    assert (neurons.macs, neurons.ann_macs, neurons.rate) == (4 * T, 0, 1.0)
    assert neurons.bytes == 4 * T * (8 + 1 / 8)
    assert (out.macs, out.accumulates, out.ann_macs, out.rate) == (0, 8 * T, 8, 1.0)
    assert out.bytes == 4 * 8 * T + 4 * T / 8 + 4 * 2 * T
    assert out.ann_bytes == 4 * (8 + 4 + 2)
    picojoules = 12 * 4.6 + 4 * T * 4.6 + 8 * T * 0.9 + (first.bytes + neurons.bytes + out.bytes) * 2.5
    assert report.total("joules") / PICO == pytest.approx(picojoules)
    assert report.total("ann_joules") / PICO == pytest.approx(20 * 4.6 + (76 + 56) * 2.5)
    assert report.verdict.startswith("The artificial network wins: ")


def test_silence_costs_nothing_but_being_advanced():
    report = cost(always(firing=False), torch.full((B, 3), 0.5))
    out = lines(report)["out"]
    assert (out.accumulates, out.macs, out.rate) == (0, 0, 0.0)
    assert out.bytes == 4 * T / 8 + 4 * 2 * T


def test_a_sparse_network_needs_less():
    torch.manual_seed(0)
    net = Network(held=Hold(2, nn.Linear(50, 400)), if1=IF(threshold=5.0), fc=nn.Linear(400, 400), if2=IF())
    report = cost(net, torch.rand(B, 50))
    assert report.verdict.startswith("The spiking network needs less: ")
    assert cost(net, torch.rand(B, 50), INT8).total("joules") < report.total("joules")


def test_a_sequence_is_a_pass_of_the_artificial_network_in_every_step():
    net = Network(fc=nn.Linear(3, 4), if1=IF())
    report = cost(net, (torch.rand(T, B, 3) < 0.5).float())
    assert lines(report)["fc"].ann_macs == 12 * T
    assert report.steps == T
    assert report.items == B


def test_sums_of_residual_blocks_are_multiplied():
    block = SewBlock(Network(conv=weighted(nn.Conv2d(1, 1, 1), 9.0), if1=IF()), join=Add())
    net = Network(block=block, conv=nn.Conv2d(1, 3, 1), if2=IF())
    found = lines(cost(net, torch.ones(T, B, 1, 4, 4)))
    assert found["block.branch.conv"].accumulates == 16 * T
    assert (found["conv"].accumulates, found["conv"].macs, found["conv"].most) == (0, 48 * T, 2.0)
    assert "up to 2" in cost(net, torch.ones(T, B, 1, 4, 4)).table()


def test_recurrent_connections_count_and_what_is_not_counted_is_named():
    net = Network(fc=nn.Linear(3, 4), back=Recurrent(IF(), nn.Linear(4, 4)), odd=nn.PReLU(4), out=nn.Linear(4, 2))
    report = cost(net, torch.ones(T, B, 3))
    assert lines(report)["back.connection"].ann_macs == 16 * T
    assert report.missing == ("odd",)
    assert report.verdict.startswith("Who needs less is not known: odd are not counted in either.")


@pytest.mark.parametrize("made", [lambda: NormalisedDense(3, 4), lambda: PSN(T), lambda: SlidingPSN(2)])
def test_neurons_that_multiply_by_weights_themselves_are_not_cheap_but_unknown(made):
    report = cost(Network(neurons=made()), torch.ones(T, B, 3))
    assert report.missing == ("neurons",)
    assert "wins" not in report.verdict
    assert "needs less:" not in report.verdict


def test_looking_changes_nothing_and_batches_do_not_matter():
    torch.manual_seed(0)
    net = Network(
        held=Hold(3, nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4)), if1=IF(), flat=nn.Flatten(), out=nn.Linear(144, 2)
    )
    x = torch.rand(4, 1, 8, 8) * 3
    before = [value.clone() for value in net.state_dict().values()]
    whole = cost(net, x)
    assert net.training
    assert all(torch.equal(one, other) for one, other in zip(before, net.state_dict().values(), strict=True))
    parts = [cost(net, x[k : k + 1]).total("joules") for k in range(4)]
    assert sum(parts) / 4 == pytest.approx(whole.total("joules"), rel=1e-2)  # of weights, those reached are shared


def test_what_is_told():
    report = cost(always(), torch.full((B, 3), 0.5))
    told = json.loads(json.dumps(report.as_json()))
    assert told["total"]["picojoules"] == pytest.approx(report.total("joules") / PICO)
    assert told["assumed"]["name"] == FLOAT32.name
    assert told["verdict"] in report.table()
    assert "Horowitz" in report.table()


def test_networks_that_are_artificial():
    with pytest.raises(InputError, match="artificial network itself"):
        cost(nn.Sequential(nn.Linear(2, 2), nn.ReLU()), torch.ones(1, 2))
