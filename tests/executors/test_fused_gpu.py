"""Kernels for graphics processors against the loop. Without a device Triton's interpreter does: TRITON_INTERPRET=1."""

from __future__ import annotations

import os
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (the optional extra 'train')")
pytest.importorskip("triton", reason="triton is not installed (it comes with torch for CUDA)")

from torch import Tensor  # noqa: E402

from spikesight.equations import leaky  # noqa: E402
from spikesight.equations.reset import NoReset, Subtract, ToValue  # noqa: E402
from spikesight.equations.surrogate import ArcTan, Sigmoid  # noqa: E402
from spikesight.executors import fused_gpu, torch_loop, torch_op  # noqa: E402

pytestmark = pytest.mark.gpu
SHAPE = (3, 7, 19)
PARAMS = {
    "to zero": leaky.Params(tau=2e-3, drive=leaky.Charge()),
    "held": leaky.Params(tau=4e-3, rest=0.1, refractory=2e-3, drive=leaky.Resistor(2.0)),
    "subtract": leaky.Params(tau=float("inf"), reset=Subtract(), drive=leaky.Charge()),
    "none": leaky.Params(tau=2e-3, reset=NoReset(), drive=leaky.Charge()),
    "to a value": leaky.Params(tau=3e-3, rest=-0.2, reset=ToValue(-0.3), refractory=1e-3, drive=leaky.Charge()),
}


@pytest.fixture
def device() -> str:
    if torch.cuda.is_available():
        return "cuda"
    if os.environ.get("TRITON_INTERPRET") != "1":
        pytest.skip("there is no CUDA device")
    return "cpu"


def by_kernel(constants: Any, x: Tensor, state: Any, surrogate: Any, **options: Any) -> Any:
    return fused_gpu.run(constants, x, state, surrogate, **options)


def by_loop(constants: Any, x: Tensor, state: Any, surrogate: Any, **options: Any) -> Any:
    return torch_loop.run(leaky.EQUATION, constants, (x,), state, surrogate, **options)


def begun(device: str) -> list[Tensor]:
    v = torch.linspace(-0.5, 0.8, 3 * 7 * 19).view(SHAPE).to(device).requires_grad_()
    return [v, (torch.arange(19, dtype=torch.int32, device=device) % 5 - 2).expand(SHAPE)]


def drive(device: str, steps: int = 17) -> Tensor:
    noise = torch.randn(steps, *SHAPE, generator=torch.Generator().manual_seed(0))
    return (0.6 * (noise + 0.5)).to(device).requires_grad_()


def outcome(run: Any, params: leaky.Params, device: str, **options: Any) -> tuple[list[Tensor], tuple[Tensor, ...]]:
    x, state = drive(device), begun(device)
    spikes, after = run(leaky.EQUATION.constants(params, 1e-3), x, state, ArcTan(3.0), **options)
    weights = torch.linspace(0.5, 2.0, spikes.numel(), device=device).view(spikes.shape)
    loss = (weights * spikes).sum() + after[0].square().sum()
    return [spikes, *after], torch.autograd.grad(loss, (x, state[0]))


@pytest.mark.parametrize("through_reset", [True, False], ids=["through reset", "past reset"])
@pytest.mark.parametrize("name", PARAMS)
def test_it_is_the_loop(name: str, through_reset: bool, device: str) -> None:
    found, gradients = outcome(by_kernel, PARAMS[name], device, through_reset=through_reset)
    meant, expected = outcome(by_loop, PARAMS[name], device, through_reset=through_reset)
    assert 0.02 < meant[0].mean() < 0.9
    assert all(torch.equal(mine, theirs) for mine, theirs in zip(found, meant, strict=True))
    for mine, theirs in zip(gradients, expected, strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-6, atol=1e-6 * float(theirs.abs().max()))


def test_a_held_input_strides_and_gradients_of_gradients(device: str) -> None:
    known, state = leaky.EQUATION.constants(PARAMS["held"], 1e-3), begun(device)
    still = drive(device, 1).detach()[0].requires_grad_()
    strided = drive(device, 8).detach().transpose(1, 3).contiguous().transpose(1, 3).requires_grad_()
    for x, leaf in ((still.expand(8, *SHAPE), still), (strided, strided)):
        spikes, expected = (run(known, x, state, ArcTan())[0] for run in (by_kernel, by_loop))
        assert torch.equal(spikes, expected)
        found, meant = (torch.autograd.grad(s.square().sum(), leaf, create_graph=True)[0] for s in (spikes, expected))
        torch.testing.assert_close(found, meant, rtol=1e-5, atol=1e-6)
        second, theirs = (torch.autograd.grad(one.square().sum(), leaf)[0] for one in (found, meant))
        assert theirs.abs().sum() > 0
        torch.testing.assert_close(second, theirs, rtol=1e-5, atol=1e-5)


@pytest.mark.filterwarnings("ignore:invalid value")  # NumPy, of which the interpreter is made
def test_nan_and_dust(device: str) -> None:
    x = drive(device, 9).detach()
    x[3, 1], x[5, 2] = torch.nan, torch.inf
    state = [torch.full(SHAPE, 1.2e-20, device=device), torch.zeros(SHAPE, dtype=torch.int32, device=device)]
    x[:3, 0] = 0.0
    known = leaky.EQUATION.constants(PARAMS["to zero"], 1e-3)
    (spikes, after), (expected, theirs) = (run(known, x, state, ArcTan()) for run in (by_kernel, by_loop))
    assert torch.equal(spikes, expected)
    assert torch.allclose(after[0], theirs[0], rtol=0, atol=0, equal_nan=True)


def test_the_operator_takes_it_where_it_fits(device: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if device != "cuda":
        pytest.skip("there is no CUDA device")
    known, x, state = leaky.EQUATION.constants(PARAMS["held"], 1e-3), drive(device), begun(device)
    calls = []
    real = fused_gpu.run
    monkeypatch.setattr(fused_gpu, "run", lambda *given, **options: calls.append(1) or real(*given, **options))
    for surrogate, times in ((ArcTan(), 1), (Sigmoid(), 1)):
        spikes, _ = torch_op.run(leaky.EQUATION, known, (x,), state, surrogate)
        assert torch.equal(spikes, by_loop(known, x, state, surrogate)[0])
        assert len(calls) == times
