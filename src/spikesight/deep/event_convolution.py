"""Convolutions that look how many spikes come, and add each where it arrives while they are few.

For inference only: where a gradient is asked for, and where the layer or the device does not allow it, the dense
convolution of torch does the work. Sums are added in another order than torch's, so results agree up to rounding.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from statistics import median

import torch
from torch import Tensor, nn

from spikesight.base.errors import InputError
from spikesight.executors.event_convolution import Steps, Taps, convolve, fewer, taps

BELOW = 0.03
"""Part of the inputs that are not 0 below which events are faster, if nothing was measured: on the safe side."""

MARGIN = 0.9
"""A measured density at which both are as fast is lowered to this part of it: times vary."""

CROWDED = 0.5
"""Nobody measures whether events pay where half of the inputs or more are not 0."""

TURNS = 7


class EventConv2d(nn.Module):
    """The convolution `dense`, whose weights it shares; by events where fewer than `below` of its inputs are not 0.

    Input and output (B, C, H, W), float32 or float64.
    Errors: InputError for a density outside of 0 to 1.
    """

    def __init__(self, dense: nn.Conv2d, below: float = BELOW) -> None:
        super().__init__()
        if not 0.0 <= below <= 1.0:
            raise InputError(f"a density is 0 to 1, got below={below}")
        self.dense, self.below = dense, below
        self._taps: tuple[tuple[object, ...], Taps] | None = None

    def forward(self, x: Tensor) -> Tensor:
        """Return the convolution of x."""
        if not self.may(x) or not fewer(x.detach().numpy(), self.below):
            y: Tensor = self.dense(x)
            return y
        return self.by_events(x)

    def by_events(self, x: Tensor) -> Tensor:
        """Return the convolution of x, however many spikes there are, without a gradient."""
        maps_last = x.detach().permute(0, 2, 3, 1).contiguous().numpy()
        return torch.from_numpy(convolve(maps_last, self._current_taps(), self._steps())).permute(0, 3, 1, 2)

    def extra_repr(self) -> str:
        """Return the density."""
        return f"below={self.below:.3g}"

    def may(self, x: Tensor) -> bool:
        """Whether events could do the work: no gradient, on a processor, in one group, padded by zeros."""
        weight = self.dense.weight
        learns = torch.is_grad_enabled() and (x.requires_grad or weight.requires_grad)
        plain = self.dense.groups == 1 and self.dense.padding_mode == "zeros" and self.dense.padding != "same"
        known = x.dtype == weight.dtype and x.dtype in (torch.float32, torch.float64)
        return not learns and plain and known and x.ndim == 4 and x.device.type == "cpu" and x.numel() > 0

    def _steps(self) -> Steps:
        padding = (0, 0) if self.dense.padding == "valid" else self.dense.padding
        return Steps(*((int(two[0]), int(two[1])) for two in (self.dense.stride, padding, self.dense.dilation)))

    def _current_taps(self) -> Taps:
        """Return the weights in the order of the loop, made again only after they have changed."""
        tensors = [self.dense.weight] + ([] if self.dense.bias is None else [self.dense.bias])
        # A tensor made in inference mode counts no versions, and may change unseen: those are laid out every time.
        if any(tensor.is_inference() for tensor in tensors):
            return _taps_of(self.dense)
        seen = tuple((tensor.data_ptr(), tensor._version) for tensor in tensors)
        if self._taps is None or self._taps[0] != seen:
            self._taps = seen, _taps_of(self.dense)
        return self._taps[1]


def event_driven(net: nn.Module, x: Tensor) -> nn.Module:
    """Return a copy of `net` for inference, whose 2-D convolutions take events where that was measured to be faster.

    `x` is an example of what the network will be given: at the densities that it leads to, both ways are timed, layer
    by layer, and each layer gets the density at which they are equally fast. Convolutions of a still image, and those
    that events cannot do, stay. Times differ from run to run, so two copies may choose differently near that density.
    """
    copied = copy.deepcopy(net).eval()
    made = {}
    for dense, given in _inputs(copied, x):
        below = crossover(dense, given)
        if below > 0.0:
            made[id(dense)] = EventConv2d(dense, below)
    for name, layer in list(copied.named_modules(remove_duplicate=False)):  # what stands in two places does so again
        if id(layer) in made:
            parent, _, last = name.rpartition(".")
            setattr(copied.get_submodule(parent), last, made[id(layer)])
    return copied


def _density(x: Tensor) -> float:
    return torch.count_nonzero(x).item() / x.numel()


def _taps_of(dense: nn.Conv2d) -> Taps:
    bias = None if dense.bias is None else dense.bias.detach().numpy()
    return taps(dense.weight.detach().numpy(), bias)


def _inputs(net: nn.Module, x: Tensor) -> list[tuple[nn.Conv2d, Tensor]]:
    """Return each convolution of `net` with what reaches it."""
    found: dict[int, tuple[nn.Conv2d, Tensor]] = {}

    def see(module: nn.Conv2d, inputs: tuple[Tensor, ...]) -> None:
        found[id(module)] = module, inputs[0].detach().clone()

    hooks = [layer.register_forward_pre_hook(see) for layer in net.modules() if isinstance(layer, nn.Conv2d)]
    try:
        with torch.inference_mode():
            net(x)
    finally:
        for hook in hooks:
            hook.remove()
    return list(found.values())


def crossover(dense: nn.Conv2d, x: Tensor) -> float:
    """Return the density at which events take as long as the dense convolution; 0 where they never pay.

    `x` (B, C, H, W) is what such a layer is given. Events take a time for nothing and a share for each spike.
    """
    layer, density = EventConv2d(dense, 1.0), _density(x)
    with torch.inference_mode():
        if not layer.may(x) or not 0.0 < density < CROWDED:
            return 0.0
        none = torch.zeros_like(x)
        ways: tuple[Callable[[], Tensor], ...] = (
            lambda: dense(x),
            lambda: layer.by_events(x),
            lambda: layer.by_events(none),
        )
        turns = [[_timed(way) for way in ways] for _ in range(TURNS + 1)][1:]  # the first one compiles
    whole, some, nothing = (median(times) for times in zip(*turns, strict=True))
    for_all = max(some - nothing, 0.0) / density
    return max(0.0, min(CROWDED, MARGIN * (whole - nothing) / for_all)) if for_all else 0.0


def _timed(work: Callable[[], Tensor]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
