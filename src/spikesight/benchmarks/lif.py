"""How fast leaky neurons are, forwards and with their gradients: 33 million neuron steps, 16 or 500 steps long.

The baseline is the same neuron as a loop over time in torch, the floor what memory must move: an input read and spikes
written forwards, and backwards input and gradient read and a gradient written, at the rate of this machine's copying.
All take turns in one run, and no spike may differ from the loop's. `ratios` without a suffix are with the allocator
that torch has, so that memory is fresh; `reused` is with memory that is used again, as it is by default.
Other libraries are measured where they are installed.
"""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import torch
from torch import Tensor

from spikesight.base.errors import SpikesightError
from spikesight.benchmarks.other_libraries import installed
from spikesight.benchmarks.plain_lif import plain_lif
from spikesight.benchmarks.report import Report
from spikesight.benchmarks.timing import resident, timed
from spikesight.deep.neurons.leaky import LIF
from spikesight.executors import torch_op
from spikesight.executors.reused_memory import STORE
from spikesight.runs.machine import machine

SIZES = {"t16": (16, 64, 32768), "t500": (500, 16, 4096)}
"""Steps, batch, neurons."""
TURNS = 5
ARRAYS_FORWARD, ARRAYS_TRAIN = 2, 5
"""How often a number per neuron step goes through memory at the least."""


class Work(NamedTuple):
    """A current, a gradient of the spikes, and what they are handed to."""

    x: Tensor
    g: Tensor
    layer: LIF

    def forward(self, compact: bool = False) -> Tensor:
        """Return the spikes, without a gradient."""
        with torch.no_grad():
            state, constants = self.layer.begun(self.x, None), self.layer.constants(self.x)
            equation, surrogate = self.layer.equation, self.layer.surrogate
            return torch_op.run(equation, constants, (self.x,), state, surrogate, compact=compact)[0]

    def plain(self) -> Tensor:
        """Return the loop's spikes, without a gradient."""
        with torch.no_grad():
            return plain_lif(self.x, self.decay)

    def train(self, layer: Callable[[Tensor], Tensor]) -> Tensor:
        """Return the gradient of the current."""
        x = self.x.detach().requires_grad_()
        return torch.autograd.grad(layer(x), x, self.g)[0]

    @property
    def decay(self) -> float:
        """What is left of a membrane after a step."""
        return float(self.layer.constants(self.x)[0])


@contextmanager
def fresh_memory() -> Iterator[None]:
    """Take memory as torch does while this lasts, and forget what was kept."""
    before = STORE.most_idle
    STORE.most_idle = 0
    STORE.release()
    try:
        yield
    finally:
        STORE.most_idle = before


def work(size: tuple[int, int, int]) -> Work:
    """Return neurons of which about a fifth fires in a step."""
    random = torch.Generator().manual_seed(0)
    x = torch.rand(size, generator=random)
    return Work(x, torch.rand(size, generator=random), LIF())


def measure() -> Report:
    """Measure and return the report.   Errors: SpikesightError where a spike differs from the loop's."""
    figures: dict[str, float] = {}
    ratios: dict[str, float] = {}
    for name, size in SIZES.items():
        job = work(size)
        _check(job)
        times = _times(job)
        figures |= {f"{what}_{name}_ms": 1e3 * median(found) for what, found in times.items()}
        ratios |= _ratios(name, times)
        if name == "t16":
            figures |= _memory(job)
            peers = _peers(job)
            figures |= {f"train_{name}_{what}_ms": 1e3 * median(found) for what, found in peers.items()}
            ratios |= {f"train_{name}_vs_{what}": _against(found, times["train"]) for what, found in peers.items()}
    return Report("lif", figures, ratios, machine())


def _check(job: Work) -> None:
    plain = job.plain()
    for spikes in (job.forward(), job.forward(compact=True)):
        if not torch.equal(spikes.to(plain.dtype), plain):
            raise SpikesightError("the compiled neurons fired other spikes than the loop: please report this")
    mine, theirs = job.train(job.layer), job.train(lambda x: plain_lif(x, job.decay))
    if not torch.allclose(mine, theirs, rtol=1e-4, atol=1e-5):
        raise SpikesightError("the compiled neurons gave other gradients than the loop: please report this")


def _times(job: Work) -> dict[str, list[float]]:
    """Return the seconds of each way, one for each turn; ways take turns."""
    target = torch.empty_like(job.x)
    fresh: dict[str, Callable[[], Any]] = {
        "loop": job.plain,
        "forward": job.forward,
        "forward_uint8": lambda: job.forward(compact=True),
        "train_loop": lambda: job.train(lambda x: plain_lif(x, job.decay)),
        "train": lambda: job.train(job.layer),
    }
    reused: dict[str, Callable[[], Any]] = {
        "copy": lambda: target.copy_(job.x),
        "forward_reused": job.forward,
        "train_reused": lambda: job.train(job.layer),
    }
    times: dict[str, list[float]] = {name: [] for name in (*fresh, *reused)}
    for _ in range(TURNS):
        with fresh_memory():
            for name, way in fresh.items():
                times[name].append(timed(way))
        for name, way in reused.items():
            way()
            times[name].append(timed(way))
    return times


def _ratios(name: str, times: dict[str, list[float]]) -> dict[str, float]:
    floor = {"forward": ARRAYS_FORWARD / 2, "train": ARRAYS_TRAIN / 2}
    copies = {way: [arrays * one for one in times["copy"]] for way, arrays in floor.items()}
    return {
        f"forward_{name}_vs_loop": _against(times["loop"], times["forward"]),
        f"forward_{name}_uint8_vs_loop": _against(times["loop"], times["forward_uint8"]),
        f"forward_{name}_reused_vs_loop": _against(times["loop"], times["forward_reused"]),
        f"train_{name}_vs_loop": _against(times["train_loop"], times["train"]),
        f"train_{name}_reused_vs_loop": _against(times["train_loop"], times["train_reused"]),
        f"over_floor_forward_{name}": _against(times["forward_reused"], copies["forward"]),
        f"over_floor_train_{name}": _against(times["train_reused"], copies["train"]),
    }


def _against(slow: list[float], quick: list[float]) -> float:
    return median(one / other for one, other in zip(slow, quick, strict=True))


def _peers(job: Work) -> dict[str, list[float]]:
    found = {}
    for name, layer in installed().items():
        with fresh_memory():
            job.train(layer)
            found[name] = [timed(lambda: job.train(layer)) for _ in range(TURNS)]  # noqa: B023 (called at once)
    return found


def _memory(job: Work) -> dict[str, float]:
    """Return bytes per neuron step of a training step: at its peak, and beyond spikes and gradient, which must be."""
    must = 2 * job.x.element_size()
    ways: dict[str, Callable[[Tensor], Tensor]] = {"": job.layer, "_loop": lambda x: plain_lif(x, job.decay)}
    ways |= {f"_{name}": layer for name, layer in installed().items()}
    found = {}
    for name, layer in ways.items():
        with fresh_memory():
            peak = peak_bytes(lambda: job.train(layer)) / job.x.numel()  # noqa: B023 (called at once)
        found[f"peak_bytes_per_neuron_step{name}"] = peak
        found[f"extra_bytes_per_neuron_step{name}"] = max(0.0, peak - must)
    return found


def peak_bytes(job: Callable[[], Any]) -> int:
    """Return how many bytes more than before the process held at the peak of a job; 0 where the system does not say."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0
    gc.collect()
    # Memory that the C library keeps for later would hide what a job takes.
    getattr(ctypes.CDLL(None), "malloc_trim", int)(0)
    Path("/proc/self/clear_refs").write_text("5")
    before = resident()
    job()
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
    return max(0, int(lines["VmHWM"].split()[0]) * 1024 - before)
