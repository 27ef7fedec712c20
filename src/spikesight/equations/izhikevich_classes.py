"""The published classes of Izhikevich's neuron: seven of the cortex (2003), and the twenty panels of 2004.

A panel comes with its stimulus. Of the panels, the parameters and stimuli are those of the author's program for the
figure, whose printed table has misprints.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.equations.presets import Preset


class Window(NamedTuple):
    """From `start` to `end` (ms), both excluded unless `closed`, `value` is added, and `slope` per ms since `start`."""

    start: float
    end: float
    value: float
    slope: float = 0.0
    closed: bool = False


@dataclass(frozen=True)
class Stimulus:
    """A current (mV/ms) over time: a base, and windows in which something is added."""

    windows: tuple[Window, ...]
    base: float = 0.0

    def __call__(self, seconds: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the current at these times (seconds), to the nearest nanosecond."""
        t = np.round(np.asarray(seconds, np.float64) * 1e3, 6)
        current = np.full(t.shape, self.base)
        for start, end, value, slope, closed in self.windows:
            inside = (t >= start) & (t <= end) if closed else (t > start) & (t < end)
            current += np.where(inside, value + slope * (t - start), 0.0)
        return current


FOREVER = float("inf")


def step(value: float, start: float) -> Stimulus:
    """Return a current that begins after `start` (ms) and stays."""
    return Stimulus((Window(start, FOREVER, value),))


def pulses(value: float, milliseconds: float, *starts: float, base: float = 0.0) -> Stimulus:
    """Return pulses of `value` that last `milliseconds`."""
    return Stimulus(tuple(Window(start, start + milliseconds, value) for start in starts), base)


ACCOMMODATION = Stimulus((Window(0.0, 200.0, 0.0, slope=1 / 25), Window(300.0, 312.5, 0.0, slope=4 / 12.5)))
VARIABILITY = Stimulus((Window(10.0, 15.0, 1.0), Window(70.0, 75.0, -6.0), Window(80.0, 85.0, 1.0)))
INHIBITION = Stimulus((Window(50.0, 250.0, -5.0, closed=True),), base=80.0)

CLASS_1: Mapping[str, float] = {"linear": 4.1, "constant": 108.0}
"""The variant of the membrane equation for class 1 excitability and integration."""

CORTEX: Mapping[str, tuple[str, tuple[float, float, float, float]]] = {
    "RS": ("regular spiking, cortical excitatory", (0.02, 0.2, -65.0, 8.0)),
    "IB": ("intrinsically bursting, cortical excitatory", (0.02, 0.2, -55.0, 4.0)),
    "CH": ("chattering, cortical excitatory", (0.02, 0.2, -50.0, 2.0)),
    "FS": ("fast spiking, cortical inhibitory", (0.1, 0.2, -65.0, 2.0)),
    "LTS": ("low-threshold spiking, cortical inhibitory", (0.02, 0.25, -65.0, 2.0)),
    "RZ": ("resonator", (0.1, 0.26, -65.0, 2.0)),
    "TC": ("thalamo-cortical", (0.02, 0.25, -65.0, 0.05)),
}
"""a, b, c, d of the classes of 2003."""


class Panel(NamedTuple):
    """A panel of 2004: a, b, c, d; where v begins (mV); step and end (ms); stimulus; what departs from the usual."""

    what: str
    numbers: tuple[float, float, float, float]
    v: float
    dt: float
    end: float
    current: Stimulus
    more: Mapping[str, float] = {}


PANELS: Mapping[str, Panel] = {
    "A": Panel("tonic spiking", (0.02, 0.2, -65, 6), -70, 0.25, 100, step(14.0, 10.0)),
    "B": Panel("phasic spiking", (0.02, 0.25, -65, 6), -64, 0.25, 200, step(0.5, 20.0)),
    "C": Panel("tonic bursting", (0.02, 0.2, -50, 2), -70, 0.25, 220, step(15.0, 22.0)),
    "D": Panel("phasic bursting", (0.02, 0.25, -55, 0.05), -64, 0.2, 200, step(0.6, 20.0)),
    "E": Panel("mixed mode", (0.02, 0.2, -55, 4), -70, 0.25, 160, step(10.0, 16.0)),
    "F": Panel("spike frequency adaptation", (0.01, 0.2, -65, 8), -70, 0.25, 85, step(30.0, 8.5)),
    "G": Panel(
        "class 1 excitable", (0.02, -0.1, -55, 6), -60, 0.25, 300,
        Stimulus((Window(30.0, FOREVER, 0.0, slope=0.075),)), CLASS_1,
    ),
    "H": Panel(
        "class 2 excitable", (0.2, 0.26, -65, 0), -64, 0.25, 300,
        Stimulus((Window(30.0, FOREVER, 0.0, slope=0.015),), base=-0.5),
    ),
    "I": Panel("spike latency", (0.02, 0.2, -65, 6), -70, 0.2, 100, pulses(7.04, 3.0, 10.0)),
    "J": Panel("subthreshold oscillations", (0.05, 0.26, -60, 0), -62, 0.25, 200, pulses(2.0, 5.0, 20.0)),
    "K": Panel("resonator", (0.1, 0.26, -60, -1), -62, 0.25, 400, pulses(0.65, 4.0, 40.0, 60.0, 280.0, 320.0)),
    "L": Panel(
        "integrator", (0.02, -0.1, -55, 6), -60, 0.25, 100,
        pulses(9.0, 2.0, 100 / 11, 100 / 11 + 5, 70.0, 80.0), CLASS_1,
    ),
    "M": Panel("rebound spike", (0.03, 0.25, -60, 4), -64, 0.2, 200, pulses(-15.0, 5.0, 20.0)),
    "N": Panel("rebound burst", (0.03, 0.25, -52, 0), -64, 0.2, 200, pulses(-15.0, 5.0, 20.0)),
    "O": Panel("threshold variability", (0.03, 0.25, -60, 4), -64, 0.25, 100, VARIABILITY),
    "P": Panel("bistability", (0.1, 0.26, -60, 0), -61, 0.25, 300, pulses(1.0, 5.0, 37.5, 216.0, base=0.24)),
    "Q": Panel("depolarising after-potential", (1.0, 0.2, -60, -21), -70, 0.1, 50, pulses(20.0, 2.0, 9.0)),
    "R": Panel(
        "accommodation", (0.02, 1.0, -55, 4), -65, 0.5, 400, ACCOMMODATION,
        {"recovery_from": -65.0, "recovery_leak": 0.0, "initial_u": -16.0},
    ),
    "S": Panel("inhibition-induced spiking", (-0.02, -1.0, -60, 8), -63.8, 0.5, 350, INHIBITION),
    "T": Panel("inhibition-induced bursting", (-0.026, -1.0, -45, -2), -63.8, 0.5, 350, INHIBITION),
}  # fmt: skip


def presets(params: Callable[..., Any]) -> dict[str, Preset]:
    """Return all classes by name; `params` makes parameters of the equation."""
    found = {name: Preset(what, params(*numbers, initial_v=-65.0)) for name, (what, numbers) in CORTEX.items()}
    for name, panel in PANELS.items():
        chosen = params(*map(float, panel.numbers), initial_v=float(panel.v), **panel.more)
        found[name] = Preset(panel.what, chosen, panel.dt * 1e-3, panel.end * 1e-3, panel.current)
    return found
