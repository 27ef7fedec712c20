from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (the optional extra 'train')")

from torch import nn  # noqa: E402

from spikesight.base.errors import InputError  # noqa: E402
from spikesight.benchmarks.lif import fresh_memory, peak_bytes  # noqa: E402
from spikesight.deep import LIF, Hold, Network  # noqa: E402
from spikesight.deep.chunks import run_in_chunks  # noqa: E402
from spikesight.deep.memory import forecast  # noqa: E402

TOLERANCE = 0.3
"""What a forecast may be off: convolutions use scratch memory, and the system counts pages."""


def counted(net: nn.Module, x: torch.Tensor) -> int:
    """Bytes of a training step, as the system counts them."""

    def step() -> None:
        with fresh_memory():
            torch.autograd.grad(net(x).sum(), list(net.parameters()))

    step()
    return peak_bytes(step)


def conv_net() -> Network:
    torch.manual_seed(0)
    first, second = nn.Conv2d(2, 16, 3, padding=1), nn.Conv2d(16, 16, 3, padding=1)
    return Network(first, LIF(), second, LIF(), nn.Flatten(), nn.Linear(16 * 32 * 32, 10))


def test_a_dense_layer_by_hand() -> None:
    net, x = Network(nn.Linear(50, 100), LIF()), torch.zeros(8, 4, 50)
    found = net.memory(x)
    activation, state = 8 * 4 * 100 * 4, 2 * 4 * 100 * 4
    # The current (its own input to the neuron) and the spikes; and the state before and after.
    assert 2 * activation <= found.kept <= 2 * activation + 3 * state + 64
    assert found.training > found.kept
    assert found.forward <= found.training


def test_it_is_what_the_system_counts() -> None:
    net, x = conv_net(), torch.rand(16, 34, 2, 32, 32)  # tensors so large that none stays with the allocator
    peak = counted(net, x)
    if not peak:
        pytest.skip("the system does not say how much memory a process took at most")
    assert net.memory(x).training == pytest.approx(peak, rel=TOLERANCE)


def test_nothing_changes_and_nothing_is_computed() -> None:
    net = Network(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), LIF(), nn.Dropout(0.5)).train()
    before = {name: value.clone() for name, value in net.state_dict().items()}
    random = torch.get_rng_state()
    huge = torch.empty(1, device="cpu").expand(1000, 64, 1, 512, 512)
    assert net.memory(huge).training > 100e9
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
    assert torch.equal(torch.get_rng_state(), random)
    assert all(one.grad is None for one in net.parameters())


def test_chunks_and_holding_take_less() -> None:
    net = Network(nn.Linear(50, 200), LIF(), nn.Linear(200, 10))
    x = torch.zeros(200, 8, 50)
    assert net.memory(x, chunk=10).training < 0.4 * net.memory(x).training
    conv = nn.Conv2d(1, 8, 3)
    held, still = Network(Hold(16, conv), LIF()), torch.zeros(4, 1, 28, 28)
    repeated = Network(conv, LIF())
    assert held.memory(still).training < 0.8 * repeated.memory(still.expand(16, *still.shape)).training


def test_it_says_whether_it_fits() -> None:
    found = forecast(nn.Linear(4, 4), torch.zeros(3, 4))
    assert found.fits
    assert not found._replace(training=1 << 60).fits
    assert "to learn" in str(found)


def chunked(steps: int | None) -> tuple[torch.Tensor, ...]:
    torch.manual_seed(0)
    net = Network(nn.Linear(6, 20), LIF(tau=5e-3), nn.Linear(20, 3), LIF())
    x = (3 * torch.randn(23, 4, 6)).requires_grad_()
    y, state = net.run(x, chunk=steps)
    weights = torch.linspace(0, 1, y.numel()).view(y.shape)
    loss = (y * weights).sum() + state["1"].v.square().sum()
    return (y, state["1"].v, *torch.autograd.grad(loss, [x, *net.parameters()]))


def test_chunks_are_the_whole_forwards_and_backwards() -> None:
    whole = chunked(None)
    for steps in (1, 5, 23, 100):
        y, v, *gradients = chunked(steps)
        assert torch.equal(y, whole[0])
        assert torch.equal(v, whole[1])
        for found, expected in zip(gradients, whole[2:], strict=True):
            torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-5)


def test_truncated() -> None:
    net = Network(LIF(tau=1.0))
    x = torch.full((4, 1, 1), 0.1, requires_grad=True)
    for onward, reached in ((True, True), (False, False)):
        y, _ = run_in_chunks(net, x, 2, onward=onward)
        (found,) = torch.autograd.grad(y[-1].sum() + 0 * x.sum(), x)
        assert bool(found[0].abs() > 0) is reached


@pytest.mark.parametrize("kind", ["bfloat16", "float16"])
def test_chunks_of_half_precision_are_the_whole(kind: str) -> None:
    torch.manual_seed(0)
    net, x = Network(LIF(tau=3e-3)), (0.6 * torch.randn(40, 3, 5) + 0.3).to(getattr(torch, kind))
    whole, after = net.run(x)
    parts, last = net.run(x, chunk=7)
    assert torch.equal(parts, whole)
    assert torch.equal(last["0"].v, after["0"].v)
    assert last["0"].v.dtype == torch.float32


def test_what_cannot_be_taken_in_chunks() -> None:
    x = torch.zeros(4, 2, 3)
    with pytest.raises(InputError, match="a chunk has a step at least, got 0"):
        Network(LIF()).run(x, chunk=0)
    with pytest.raises(InputError, match="'norm' normalises over all steps at once while it trains"):
        Network(norm=nn.BatchNorm1d(3), lif=LIF()).run(x, chunk=2)
    Network(norm=nn.BatchNorm1d(3), lif=LIF()).eval().run(x, chunk=2)
    with pytest.raises(InputError, match="holds still images"):
        Network(Hold(4, nn.Identity()), LIF()).run(x[0], chunk=2)
