"""The operator against the loop: spikes bit for bit, gradients as autograd has them, and what torch does with it."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed (the optional extra 'train')")

from torch import Tensor, nn  # noqa: E402

from spikesight.base.errors import InputError  # noqa: E402
from spikesight.equations import CATALOGUE, leaky  # noqa: E402
from spikesight.equations.contract import Equation  # noqa: E402
from spikesight.equations.reset import Subtract  # noqa: E402
from spikesight.equations.surrogate import ArcTan, FastSigmoid, Sigmoid  # noqa: E402
from spikesight.executors import reused_memory, torch_loop, torch_op  # noqa: E402

SHAPE = (3, 7, 5)
LEARNERS = sorted(name for name in CATALOGUE if CATALOGUE[name].adjoint)
STRENGTHS = {"leaky": 0.5, "adaptive": 1.0, "current": 8.0}
"""Standard deviations of the input with which a tenth of the neurons fires."""

CLOSE = {torch.float32: 2e-5, torch.float64: 1e-12}
"""Both ways round the same products in another order, over twenty steps."""


def parameters(equation: Equation) -> Any:
    """Fast membranes, held for two steps after a spike, where the model has such parameters."""
    wanted = {"tau": 4e-3, "refractory": 2e-3, "drive": leaky.Charge()}
    return equation.params(**{name: value for name, value in wanted.items() if hasattr(equation.params, name)})


def begun(equation: Equation, params: Any, shape: tuple[int, ...], dtype: Any) -> list[Tensor]:
    rest = zip(equation.fields, equation.initial(params), strict=True)
    return [torch.full(shape, value, dtype=torch.int32 if equation.is_step_number(f) else dtype) for f, value in rest]


def drive(name: str, steps: int = 20, dtype: Any = torch.float32, shape: tuple[int, ...] = SHAPE) -> Tensor:
    noise = torch.randn(steps, *shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    return (STRENGTHS.get(name, 0.5) * (noise + 0.5)).to(dtype)


def outcome(run: Any, name: str, dtype: Any, **options: Any) -> tuple[Tensor, tuple[Tensor, ...], list[Tensor]]:
    """Return spikes, state after, and gradients of the input, of the state before and of learned constants."""
    equation, params = CATALOGUE[name], parameters(CATALOGUE[name])
    x = drive(name, dtype=dtype).requires_grad_()
    state = begun(equation, params, SHAPE, dtype)
    state[0] = (torch.linspace(-1, 1, state[0].numel(), dtype=dtype).view(SHAPE) * 0.5).requires_grad_()
    state[-1] = state[-1] + torch.arange(5, dtype=torch.int32) - 1
    constants, learned = list(equation.constants(params, 1e-3)), []
    for place, shape in ((0, ()), (1, (7, 1)), (-4 if name == "leaky" else 4, (5,))):
        if isinstance(constants[place], float) and constants[place] > 0:
            constants[place] = torch.full(shape, constants[place], dtype=dtype, requires_grad=True)
            learned.append(constants[place])
    spikes, after = run(equation, constants, (x,), state, ArcTan(), **options)
    weights = torch.linspace(0.5, 2.0, spikes.numel(), dtype=dtype).view(spikes.shape)
    loss = (weights * spikes).sum() + sum((one * one).sum() for one in after if one.is_floating_point())
    return spikes, after, list(torch.autograd.grad(loss, [x, state[0], *learned]))


# Each is compiled for itself: two of the four ways for each model.
@pytest.mark.parametrize(("kind", "through_reset"), [("float32", True), ("float64", False)])
@pytest.mark.parametrize("name", LEARNERS)
def test_it_is_the_loop(name: str, kind: str, through_reset: bool) -> None:
    dtype = getattr(torch, kind)
    spikes, after, found = outcome(torch_op.run, name, dtype, through_reset=through_reset)
    meant, meant_after, expected = outcome(torch_loop.run, name, dtype, through_reset=through_reset)
    assert 0.02 < spikes.mean() < 0.6
    assert torch.equal(spikes, meant)
    assert all(torch.equal(mine, theirs) for mine, theirs in zip(after, meant_after, strict=True))
    for mine, theirs in zip(found, expected, strict=True):
        assert mine.shape == theirs.shape
        torch.testing.assert_close(mine, theirs, rtol=CLOSE[dtype], atol=CLOSE[dtype] * float(theirs.abs().max()))


def leaky_run(x: Tensor, surrogate: Any = ArcTan(), **params: Any) -> Tensor:  # noqa: B008 (frozen)
    known = leaky.Params(**{"tau": 2e-3, "drive": leaky.Charge(), **params})
    state = begun(leaky.EQUATION, known, tuple(x.shape[1:]), x.dtype)
    constants = leaky.EQUATION.constants(known, 1e-3)
    return torch_op.run(leaky.EQUATION, constants, (x,), state, surrogate)[0]


def plainly(x: Tensor, surrogate: Any = ArcTan(), **params: Any) -> Tensor:  # noqa: B008 (frozen)
    known = leaky.Params(**{"tau": 2e-3, "drive": leaky.Charge(), **params})
    state = begun(leaky.EQUATION, known, tuple(x.shape[1:]), x.dtype)
    return torch_loop.run(leaky.EQUATION, leaky.EQUATION.constants(known, 1e-3), (x,), state, surrogate)[0]


@pytest.mark.parametrize("surrogate", [ArcTan(3.0), Sigmoid(), FastSigmoid()], ids=["arctan", "sigmoid", "fast"])
def test_surrogates(surrogate: Any) -> None:
    x = drive("leaky", dtype=torch.float64).requires_grad_()
    found, expected = (
        torch.autograd.grad(run(x, surrogate, reset=Subtract()).square().mul(2.0).sum(), x)[0]
        for run in (leaky_run, plainly)
    )
    torch.testing.assert_close(found, expected, rtol=1e-12, atol=1e-14)


def test_a_spike_by_hand() -> None:
    x = torch.tensor([[0.6], [0.6]], dtype=torch.float64, requires_grad=True)
    for through, expected in ((True, [0.55017, 0.71696]), (False, [0.71696, 0.71696])):
        params = leaky.Params(tau=float("inf"), drive=leaky.Charge())
        state = begun(leaky.EQUATION, params, (1,), torch.float64)
        constants = leaky.EQUATION.constants(params, 1e-3)
        spikes, _ = torch_op.run(leaky.EQUATION, constants, (x,), state, ArcTan(), through_reset=through)
        assert spikes.flatten().tolist() == [0.0, 1.0]
        (found,) = torch.autograd.grad(spikes[1].sum(), x)
        np.testing.assert_allclose(found.flatten(), expected, atol=5e-6)


@pytest.mark.parametrize("kind", ["float32", "bfloat16", "float16"])
def test_chunks_are_the_whole_bit_for_bit(kind: str) -> None:
    equation, params = CATALOGUE["leaky"], parameters(CATALOGUE["leaky"])
    constants, x = equation.constants(params, 1e-3), drive("leaky", 31, getattr(torch, kind))
    state = tuple(begun(equation, params, SHAPE, torch.float32))
    whole, last = torch_op.run(equation, constants, (x,), state, ArcTan())
    assert whole.dtype == x.dtype
    parts = []
    for chunk in x.split([1, 7, 2, 21]):
        spikes, state = torch_op.run(equation, constants, (chunk,), state, ArcTan())
        parts.append(spikes)
    assert state[0].dtype == torch.float32
    assert torch.equal(torch.cat(parts), whole)
    assert all(torch.equal(mine, theirs) for mine, theirs in zip(state, last, strict=True))


def test_layouts_change_nothing_and_are_kept() -> None:
    x = drive("leaky", shape=(2, 6, 5, 4))
    expected = leaky_run(x)
    channels_last = x.flatten(0, 1).contiguous(memory_format=torch.channels_last).unflatten(0, (20, 2))
    strided = x.repeat_interleave(2, -1)[..., ::2]
    backwards = x.permute(3, 2, 1, 4, 0).contiguous().permute(4, 2, 1, 0, 3)
    for other in (channels_last, strided, backwards):
        assert not other.is_contiguous()
        assert torch.equal(leaky_run(other), expected)
        leaf = other.detach().requires_grad_()
        (found,) = torch.autograd.grad((leaky_run(leaf) * x).sum(), leaf)
        leaf = x.clone().requires_grad_()
        torch.testing.assert_close(found, torch.autograd.grad((leaky_run(leaf) * x).sum(), leaf)[0], rtol=0, atol=0)
    assert leaky_run(channels_last).stride() == channels_last.stride()


def test_a_held_input_and_its_gradient() -> None:
    still = drive("leaky", 1)[0].clone().requires_grad_()
    held, full = still.expand(9, *SHAPE), still.expand(9, *SHAPE).clone()
    assert torch_op._once_if_held(held).shape == (1, *SHAPE)
    assert torch.equal(leaky_run(held), leaky_run(full))
    weights = torch.rand(9, *SHAPE)
    found, expected = (torch.autograd.grad((leaky_run(x) * weights).sum(), still)[0] for x in (held, full))
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-6)
    heard = still.expand(9, *SHAPE)
    heard.retain_grad()
    leaky_run(heard).sum().backward()
    assert heard.grad is not None, "a view that somebody listens to keeps its gradient"
    assert heard.grad.shape == heard.shape


def test_what_is_given_is_untouched_and_what_comes_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory that is used again holds whatever was there: here NaN."""
    real = reused_memory.Store.empty

    def poisoned(store: Any, shape: Any, dtype: Any) -> Any:
        array = real(store, shape, dtype)
        array.fill(np.nan if np.issubdtype(dtype, np.floating) else 255)
        return array

    monkeypatch.setattr(reused_memory.Store, "empty", poisoned)
    x = drive("leaky").requires_grad_()
    kept = x.detach().clone()
    spikes = leaky_run(x)
    (found,) = torch.autograd.grad(spikes.sum(), x)
    assert torch.equal(x.detach(), kept)
    assert set(spikes.unique().tolist()) == {0.0, 1.0}
    assert found.isfinite().all()


def test_compact_spikes() -> None:
    equation, params = CATALOGUE["leaky"], parameters(CATALOGUE["leaky"])
    constants, state = equation.constants(params, 1e-3), begun(equation, params, SHAPE, torch.float32)
    x = drive("leaky")
    spikes, _ = torch_op.run(equation, constants, (x,), state, ArcTan(), compact=True)
    assert spikes.dtype == torch.uint8
    assert torch.equal(spikes.float(), torch_loop.run(equation, constants, (x,), state, ArcTan())[0])
    with pytest.raises(InputError, match="compact spikes carry no gradient"):
        torch_op.run(equation, constants, (x.requires_grad_(),), state, ArcTan(), compact=True)


def test_no_step_and_no_sample_are_answers() -> None:
    for empty in (torch.zeros(0, 2, 3), torch.zeros(4, 0, 3)):
        with pytest.raises(InputError, match="a step and a sample at least, got"):
            leaky_run(empty)


def test_nan_is_what_it_is_in_the_loop() -> None:
    x = drive("leaky")
    x[3, 1] = torch.nan
    x[5, 2] = torch.inf
    assert torch.equal(leaky_run(x), plainly(x))


def test_gradients_of_gradients() -> None:
    x = drive("leaky", 6, torch.float64).requires_grad_()
    for run in (leaky_run, plainly):
        (first,) = torch.autograd.grad(run(x).square().sum(), x, create_graph=True)
        (second,) = torch.autograd.grad(first.square().sum(), x)
        if run is leaky_run:
            found = second
    assert found.abs().sum() > 0
    torch.testing.assert_close(found, second, rtol=1e-10, atol=1e-12)


def test_threads_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from spikesight.executors import torch_kernels

    x = drive("leaky", 40, shape=(2, 3000)).requires_grad_()
    answers = []
    for threads in (1, 2, 5):
        monkeypatch.setattr(torch, "get_num_threads", lambda threads=threads: threads)
        monkeypatch.setattr("spikesight.base.spread.usable_cores", lambda threads=threads: threads)
        monkeypatch.setattr(torch_kernels, "FEW", 0)
        spikes = leaky_run(x)
        answers.append((spikes, torch.autograd.grad((spikes * x).sum(), x)[0]))
    assert all(torch.equal(one, answers[0][0]) and torch.equal(g, answers[0][1]) for one, g in answers)


class Layer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.dense = nn.Linear(5, 6)
        self.decay = nn.Parameter(torch.full((6,), 0.6))
        self.known = leaky.EQUATION.constants(leaky.Params(drive=leaky.Charge()), 1e-3)

    def forward(self, x: Tensor) -> Tensor:
        current = self.dense(x)
        known = [self.decay, *self.known[1:]]
        state = [current.new_zeros(current.shape[1:]), torch.zeros(current.shape[1:], dtype=torch.int32)]
        return torch_op.run(leaky.EQUATION, known, (current,), state, ArcTan())[0]


@pytest.fixture
def layer() -> Layer:
    torch.manual_seed(0)
    return Layer()


def test_autocast_to_half_precision(layer: Layer) -> None:
    x = 3 * torch.randn(8, 4, 5)
    with torch.autocast("cpu", torch.bfloat16):
        spikes = layer(x)
        spikes.float().sum().backward()
    assert spikes.dtype == torch.bfloat16
    assert 0 < spikes.float().mean() < 1
    assert layer.decay.grad is not None
    assert layer.decay.grad.abs().sum() > 0


def test_copies(layer: Layer) -> None:
    x = torch.randn(8, 4, 5)
    assert torch.equal(copy.deepcopy(layer)(x), layer(x))


def test_vmap() -> None:
    x = drive("leaky", 6, shape=(4, 3, 5))
    mapped = torch.vmap(leaky_run, in_dims=1, out_dims=1)(x)
    one_by_one = torch.stack([leaky_run(x[:, k]) for k in range(4)], 1)
    assert torch.equal(mapped, one_by_one)


def test_vmap_over_constants() -> None:
    equation, x = leaky.EQUATION, drive("leaky", 6, shape=(3, 5))
    known = list(equation.constants(leaky.Params(drive=leaky.Charge()), 1e-3))
    state = begun(equation, leaky.Params(), (3, 5), torch.float32)

    def spikes(decay: Tensor) -> Tensor:
        return torch_op.run(equation, [decay, *known[1:]], (x,), state, ArcTan())[0]

    decays = torch.rand(4, 5)
    assert torch.equal(torch.vmap(spikes)(decays), torch.stack([spikes(one) for one in decays]))


@pytest.mark.filterwarnings("ignore")
def test_compiled_as_one_graph(layer: Layer) -> None:
    x = 3 * torch.randn(8, 4, 5)
    compiled = torch.compile(layer, fullgraph=True, backend="aot_eager")
    assert torch.equal(compiled(x), layer(x))
    compiled(x).sum().backward()
    found = [one.grad.clone() for one in layer.parameters()]
    layer.zero_grad()
    layer(x).sum().backward()
    for mine, plain in zip(found, layer.parameters(), strict=True):
        torch.testing.assert_close(mine, plain.grad, rtol=1e-5, atol=1e-6)


@pytest.mark.filterwarnings("ignore")
def test_exported_with_a_batch_of_any_size(layer: Layer) -> None:
    x = 3 * torch.randn(8, 4, 5)
    batch = torch.export.Dim("batch", min=1, max=64)
    program = torch.export.export(layer, (x,), dynamic_shapes={"x": {1: batch}})
    for size in (2, 9):
        x = 3 * torch.randn(8, size, 5)
        assert torch.equal(program.module()(x), layer(x))


def test_checked_by_torch() -> None:
    equation = leaky.EQUATION
    known = list(equation.constants(leaky.Params(drive=leaky.Charge()), 1e-3))
    arguments = (
        "leaky", "spikesight.equations.surrogate:ArcTan", list(ArcTan().constants),
        [drive("leaky", 4).requires_grad_()], begun(equation, leaky.Params(), SHAPE, torch.float32),
        [torch.full((5,), 0.5, requires_grad=True)], [0], [float(one) for one in known], 4, True, False,
    )  # fmt: skip
    torch.library.opcheck(torch.ops.spikesight.neurons, arguments)
