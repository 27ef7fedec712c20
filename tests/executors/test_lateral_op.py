"""The compiled layer against the plain one: spikes, state, and every gradient by name."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (the optional extra 'train')")

from spikesight.equations.surrogate import Sigmoid  # noqa: E402
from spikesight.executors.lateral_op import Neurons, lateral_loop, run  # noqa: E402

NAMES = ("current", "v", "taken", "decay", "divisor", "threshold", "taking")


def given(lateral: bool, dtype: Any, seed: int = 0, steps: int = 13) -> list[Any]:
    random = np.random.default_rng(seed)
    channels, places, items = 5, 3, 4
    taking = random.uniform(-0.3, 1.0, (channels, channels) if lateral else channels)
    values = [
        random.normal(0.8, 1.5, (steps, items, channels, places)),
        random.normal(0.0, 1.0, (items, channels, places)),
        random.normal(0.0, 0.3, (items, channels, places)),
        np.array(0.7),
        random.uniform(0.5, 2.0, channels),
        random.uniform(0.1, 0.8, channels),
        taking,
    ]
    return [torch.tensor(value, dtype=dtype, requires_grad=True) for value in values]


def outcome(function: Any, values: list[Any], through_reset: bool) -> tuple[list[Any], list[Any]]:
    current, v, taken, *constants = values
    out = function(current, v, taken, Neurons(*constants), Sigmoid(10.0), through_reset)
    weights = [torch.linspace(-1.0, 1.0, one.numel(), dtype=one.dtype).reshape(one.shape) for one in out]
    total = sum((one * weight).sum() for one, weight in zip(out, weights, strict=True))
    return [one.detach() for one in out], list(torch.autograd.grad(total, values))


@pytest.mark.parametrize("through_reset", [True, False], ids=["through", "past"])
@pytest.mark.parametrize("lateral", [True, False], ids=["lateral", "own"])
def test_spikes_state_and_gradients_are_those_of_the_loop(lateral: bool, through_reset: bool) -> None:
    values = given(lateral, torch.float64)
    (expected, slopes), (got, own) = (outcome(one, values, through_reset) for one in (lateral_loop, run))
    assert 0.1 < float(expected[0].mean()) < 0.9
    torch.testing.assert_close(got[0], expected[0], rtol=0, atol=0)
    for name, one, other in zip(("v", "taken"), got[1:], expected[1:], strict=True):
        torch.testing.assert_close(one, other, rtol=1e-12, atol=1e-12, msg=name)
    for name, one, other in zip(NAMES, own, slopes, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-9, atol=1e-9, msg=lambda text, name=name: f"{name}: {text}")


def test_single_precision() -> None:
    values = given(True, torch.float32)
    (expected, slopes), (got, own) = (outcome(one, values, True) for one in (lateral_loop, run))
    assert got[0].dtype == torch.float32
    assert (got[0] != expected[0]).float().mean() < 0.01
    for name, one, other in zip(NAMES, own, slopes, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-2, atol=1e-2, msg=lambda text, name=name: f"{name}: {text}")


def test_answers_do_not_depend_on_threads_or_on_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    values = given(True, torch.float32)
    monkeypatch.setattr("spikesight.base.spread.usable_cores", lambda: 1)
    alone = outcome(run, values, True)
    monkeypatch.setattr("spikesight.base.spread.usable_cores", lambda: 3)
    spread = outcome(run, values, True)
    for one, other in zip((*alone[0], *alone[1]), (*spread[0], *spread[1]), strict=True):
        assert torch.equal(one, other)
    current, v, taken, *constants = (value.detach() for value in values)
    part = run(current[:, 1:2], v[1:2], taken[1:2], Neurons(*constants), Sigmoid(10.0))
    assert torch.equal(part[0], alone[0][0][:, 1:2])


def test_nothing_that_is_given_changes() -> None:
    values = given(True, torch.float32)
    kept = [value.detach().clone() for value in values]
    outcome(run, values, True)
    for before, after in zip(kept, values, strict=True):
        assert torch.equal(before, after.detach())


def test_gradients_of_gradients_are_refused_and_not_none():
    current = torch.rand(3, 1, 2, 4, requires_grad=True)
    rest = torch.zeros(1, 2, 4)
    constants = Neurons(torch.tensor(0.7), torch.ones(2), torch.full((2,), 0.3), torch.ones(2))
    spikes, *_ = run(current, rest, rest, constants, Sigmoid(10.0))
    (gradient,) = torch.autograd.grad(spikes.square().sum(), current, create_graph=True)
    with pytest.raises(RuntimeError, match="once_differentiable"):
        gradient.square().sum().backward()
