"""How the cost of parallel spiking neurons grows with the length of a sequence, against leaky ones.

Both take the same current, forwards and backwards, on one core. A leaky neuron goes from step to step; a parallel one
is a product of matrices whose work grows with the square of the steps: T products and sums for each neuron and step.
How much of its time is the product is told by `matmul_share`. Ratios are of the processor's time, in turns.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from typing import TYPE_CHECKING, Any

from spikesight.base.errors import SpikesightError
from spikesight.base.optional import require
from spikesight.benchmarks.report import Curve, Report
from spikesight.benchmarks.timing import cpu_timed
from spikesight.runs.machine import machine

if TYPE_CHECKING:
    from torch import Tensor, nn

STEPS = (4, 8, 16, 32, 64)
BATCH, NEURONS, TURNS = 32, 512, 7


def measure() -> Report:
    """Measure and return the report.

    Errors: MissingExtra without torch; SpikesightError where parallel neurons with the weights of leaky ones without
    reset do not fire as they do.
    """
    torch: Any = require("torch", "train")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        check_same_spikes()
        seconds = {steps: _at(steps) for steps in STEPS}
    finally:
        torch.set_num_threads(threads)
    ratios = {f"lif_over_{kind}_t{steps}": found["lif"] / found[kind] for steps, found in seconds.items()
              for kind in ("psn", "sliding")}  # fmt: skip
    per_step = {kind: [found[kind] / steps / (BATCH * NEURONS) for steps, found in seconds.items()]
                for kind in ("lif", "psn", "sliding")}  # fmt: skip
    first, last = STEPS[0], STEPS[-1]
    return Report(
        name="psn",
        figures={
            f"{kind}_ns_per_neuron_step_t{steps}": values[k] * 1e9
            for kind, values in per_step.items()
            for k, steps in enumerate(STEPS)
        },
        ratios={
            **ratios,
            "psn_growth": seconds[last]["psn"] / seconds[first]["psn"] / (last / first),
            f"matmul_share_t{last}": seconds[last]["matmul"] / seconds[last]["psn"],
        },
        machine=machine(),
        curves={
            "forwards and backwards": Curve(
                "steps", "seconds per neuron and step", [float(steps) for steps in STEPS], per_step
            )
        },
    )


def check_same_spikes(steps: int = 16) -> None:
    """Make sure that a parallel neuron with the weights of a leaky one without reset fires as it does.

    Errors: SpikesightError where they differ anywhere but within rounding of the threshold.
    """
    import torch

    from spikesight.deep.neurons import PSN, LeakyIntegrator
    from spikesight.equations.leaky import Charge

    x = torch.randn(steps, 4, 64, generator=torch.Generator().manual_seed(0))
    ages = torch.arange(steps).unsqueeze(1) - torch.arange(steps)
    parallel = PSN(steps)
    with torch.no_grad():
        parallel.weight.copy_(torch.where(ages >= 0, torch.exp(-ages.clamp(min=0) / 2.0), torch.tensor(0.0)))
        over = LeakyIntegrator(2e-3, drive=Charge())(x) - 1.0
        other = (parallel(x) != (over >= 0).to(x)) & (over.abs() > 1e-5)
    if bool(other.any()):
        raise SpikesightError("a parallel neuron does not fire as the leaky one it stands for: please report this")


def _at(steps: int) -> dict[str, float]:
    """Return the seconds of each kind of neuron, forwards and backwards, and of the products of matrices alone."""
    import torch

    from spikesight.deep.neurons import LIF, PSN, SlidingPSN
    from spikesight.equations.reset import Subtract

    generator = torch.Generator().manual_seed(1)
    x = torch.randn(steps, BATCH, NEURONS, generator=generator).requires_grad_()
    to_spikes = torch.randn(steps, BATCH, NEURONS, generator=generator)
    w, flat = torch.randn(steps, steps, generator=generator), x.detach().flatten(1)

    def products() -> None:
        h = w @ flat
        torch.matmul(w.T, h)
        torch.matmul(h, flat.T)

    works = {
        "lif": _work(LIF(2e-3, reset=Subtract()), x, to_spikes),
        "psn": _work(PSN(steps), x, to_spikes),
        "sliding": _work(SlidingPSN(min(8, steps)), x, to_spikes),
        "matmul": products,
    }
    for work in works.values():
        work()
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(TURNS):
        for name, work in works.items():
            taken[name].append(cpu_timed(work))
    return {name: median(values) for name, values in taken.items()}


def _work(neuron: nn.Module, x: Tensor, to_spikes: Tensor) -> Callable[[], None]:
    def forwards_and_backwards() -> None:
        x.grad = None
        neuron(x).backward(to_spikes)

    return forwards_and_backwards
