"""What activity would cost in energy: an estimate from counts and published figures, never a measurement.

Every figure is an assumption that can be replaced; each says where it is from. Figures of different chips are not
comparable with each other: their technology, word length and what they include differ.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spikesight.analysis.recorded.operations import synops
from spikesight.base.errors import InputError
from spikesight.base.joules import FLOAT32, HOROWITZ, PICO
from spikesight.trace.frames import Columns
from spikesight.trace.reader import Trace
from spikesight.trace.tabular import Tabular, cells

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Assumptions:
    """Joules per operation, and where the figures are from.

    `synaptic` is one synapse reached by one spike (an accumulation, or an event of a neuromorphic chip), `multiply` one
    multiply-accumulate of a dense network, `update` one neuron advanced by one step (0: left out). Memory that an
    operation reads is included only where the source says so.
    Errors: InputError for energies below 0.
    """

    name: str
    synaptic: float
    multiply: float
    update: float
    source: str

    def __post_init__(self) -> None:
        if not min(self.synaptic, self.multiply, self.update) >= 0.0:
            raise InputError(f"energies are joules per operation, not below 0, got {self}")


CMOS_45NM = Assumptions(
    "45 nm CMOS, 32-bit float", FLOAT32.accumulate, FLOAT32.multiply_accumulate, 0.0,
    f"{HOROWITZ}: addition 0.9 pJ, multiplication 3.7 pJ; arithmetic only, no memory, and approximate",
)  # fmt: skip
LOIHI = Assumptions(
    "Loihi", 23.6 * PICO, FLOAT32.multiply_accumulate, 81.0 * PICO,
    "Davies et al., IEEE Micro 38 (2018) 82-99, table 2, as commonly cited: synaptic operation 23.6 pJ at least, "
    "update of an active neuron 81 pJ, from simulations of the circuit, not measured; dense network as in 45 nm "
    "CMOS, another technology",
)  # fmt: skip
TRUENORTH = Assumptions(
    "TrueNorth", 26.0 * PICO, FLOAT32.multiply_accumulate, 0.0,
    "Merolla et al., Science 345 (2014) 668-673, as commonly cited: 26 pJ per synaptic event, power of the whole chip "
    "over its synaptic events in one network; dense network as in 45 nm CMOS, another technology",
)  # fmt: skip
ASSUMPTIONS = (CMOS_45NM, LOIHI, TRUENORTH)
"""Figures as papers cite them, the plainest first; look them up before you quote what follows from them."""


@dataclass(frozen=True, eq=False)
class Energy(Tabular):
    """Energy of L `layers` in bins between `edges` (B + 1,) seconds, under `assumptions`; all in joules.

    synaptic (L, B): of the synapses that the spikes of each layer reach. updates (L, B): of advancing the neurons of
    each layer. operations (L, B): the synaptic operations. stimuli, correct (B,) int64: that ended in each bin.
    dense: of one multiply-accumulate per synapse for each stimulus, what a network without time and spikes would need;
    NaN without stimuli. `missing` layers have projections, but their spikes were not, or not all, recorded: they are
    not in any sum here but `dense`.
    """

    assumptions: Assumptions
    layers: tuple[str, ...]
    edges: Numbers
    operations: Numbers
    synaptic: Numbers
    updates: Numbers
    stimuli: NDArray[np.int64]
    correct: NDArray[np.int64]
    dense: float
    missing: tuple[str, ...]

    @property
    def total(self) -> float:
        """Everything in the window."""
        return float(self.synaptic.sum() + self.updates.sum())

    @property
    def per_stimulus(self) -> float:
        """`total` over the stimuli in the window; NaN without any."""
        return self.total / n if (n := int(self.stimuli.sum())) else float("nan")

    @property
    def per_correct(self) -> float:
        """`total` over the right answers in the window; NaN without any."""
        return self.total / n if (n := int(self.correct.sum())) else float("nan")

    @property
    def of_dense(self) -> float:
        """`total` in parts of `dense`: below 1 where spikes save energy, under these assumptions."""
        return self.total / self.dense if self.dense else float("nan")

    def columns(self) -> Columns:
        """Return a row per layer and bin."""
        axes = {"layer": np.array(self.layers, dtype=object), "bin": np.arange(len(self.edges) - 1)}
        t_start, t_end = (np.broadcast_to(ends, self.synaptic.shape) for ends in (self.edges[:-1], self.edges[1:]))
        values = {"t_start": t_start, "t_end": t_end, "operations": self.operations}
        return cells(axes, values | {"synaptic": self.synaptic, "updates": self.updates})


def energy(
    trace: Trace, assumptions: Assumptions = CMOS_45NM, t: tuple[float, float] | None = None, bins: int = 200
) -> Energy:
    """Return the energy of each layer over the window `t`, in about `bins` bins: those of `synops`.

    Every neuron is counted as updated at every tick that the trace has; a chip that updates active ones only spends
    less, and ticks that are finer than the steps of the simulation, as imported traces have, count far too much.
    Bins reach beyond the window by less than one at each end.
    Errors: as `synops`.
    """
    counted = synops(trace, t, bins)
    sizes = np.array([trace.header.layer(name).size for name in counted.layers], np.float64)
    ticks = np.diff(counted.edges) / trace.header.tick
    shown = trace.stimuli()
    ended = np.searchsorted(counted.edges, shown["t_end"], side="left") - 1
    inside = (ended >= 0) & (ended < len(ticks))
    stimuli = np.bincount(ended[inside], minlength=len(ticks))
    synapses = sum(one.fan_out * trace.header.layer(one.pre).size for one in trace.header.projections)
    return Energy(
        assumptions,
        counted.layers,
        counted.edges,
        counted.operations,
        counted.operations * assumptions.synaptic,
        sizes[:, None] * ticks * assumptions.update,
        stimuli,
        counted.correct,
        float(synapses * stimuli.sum() * assumptions.multiply) if stimuli.any() else float("nan"),
        counted.missing,
    )
