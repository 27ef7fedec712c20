"""Updates of single synapses, as VS2N and N2S3 keep them, as snapshots of whole weight matrices.

An update is `{"T": time, "L": layer, "To": neuron, "C": input, "V": weight}`, or with `"index"` instead of `C`: a
number, or `{"x": ..., "y": ...}` where the input is a picture. Numbers may be wrapped as MongoDB exports them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np

from spikesight.base.errors import InputError
from spikesight.trace.importers.contract import Population, Weights

SNAPSHOTS: Final = 20
"""So many snapshots are made of the updates of a layer, equally many updates apart."""

_MOST = 1 << 26
"""Weights of a layer; 2^26 take a quarter of a gigabyte."""

_WRAPPED = ("$numberLong", "$numberInt", "$numberDouble")


class Update(NamedTuple):
    """One synapse of `layer` gets a weight: from input (row, column) to `neuron`; the row is 0 outside pictures."""

    layer: str
    neuron: int
    source: tuple[int, int]
    value: float


@dataclass
class Synapses:
    """What updates of a layer's synapses hold: how many there are, the size of its input and of itself."""

    layer: str
    updates: int = 0
    rows: int = 1
    columns: int = 1
    neurons: int = 1

    def see(self, update: Update) -> None:
        """Take in an update.   Errors: InputError for numbers that no layer has."""
        row, column = update.source
        self.updates += 1
        self.rows, self.columns = max(self.rows, row + 1), max(self.columns, column + 1)
        self.neurons = max(self.neurons, update.neuron + 1)
        if min(row, column, update.neuron) < 0 or self.rows * self.columns * self.neurons > _MOST:
            raise InputError(
                f"a synapse of layer '{self.layer}' goes from input {update.source} to neuron {update.neuron}: numbers "
                f"count from 0, and a layer with all its inputs has at most {_MOST} synapses here"
            )

    @property
    def inputs(self) -> str:
        """Name of the layer of inputs."""
        return f"{self.layer}.inputs"

    def populations(self, neurons: int) -> list[Population]:
        """Return the layer, with at least `neurons` units, and the layer of its inputs."""
        self.neurons = max(self.neurons, neurons)
        shape = (self.rows, self.columns) if self.rows > 1 else (self.columns,)
        return [Population(self.inputs, shape), Population(self.layer, (self.neurons,))]

    def snapshots(self, updates: Iterator[tuple[float, Update]]) -> Iterator[Weights]:
        """Yield the weights after every twentieth part of `updates`, (time, update); 0 before the first update."""
        w = np.zeros((self.rows * self.columns, self.neurons), np.float32)
        every = -(-self.updates // SNAPSHOTS)
        for number, (time, update) in enumerate(updates, 1):
            row, column = update.source
            w[row * self.columns + column, update.neuron] = update.value
            if number % every == 0 or number == self.updates:
                yield Weights(f"{self.inputs}-{self.layer}", self.inputs, self.layer, time, w.copy())


def update_in(document: Mapping[str, Any]) -> Update | None:
    """Return the update that a document describes; None where it describes none."""
    layer, neuron, value = document.get("L"), whole_number(document.get("To")), number(document.get("V"))
    source = _source(document.get("C", document.get("index")))
    if not isinstance(layer, str | int) or source is None or neuron is None or value is None:
        return None
    return Update(str(layer), neuron, source, float(value))


def number(value: Any) -> int | float | None:
    """Return a number, bare or as MongoDB wraps it; None for anything else."""
    if isinstance(value, dict):
        inner = next((value[name] for name in _WRAPPED if name in value), None)
        try:
            return None if inner is None else float(inner) if "$numberDouble" in value else int(inner)
        except (TypeError, ValueError):
            return None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def whole_number(value: Any) -> int | None:
    """Return a whole number as `number` does; None for anything else."""
    found = number(value)
    return None if found is None or not math.isfinite(found) or found != int(found) else int(found)


def _source(given: Any) -> tuple[int, int] | None:
    if isinstance(given, dict) and "x" in given:
        row, column = whole_number(given.get("y")), whole_number(given["x"])
    else:
        row, column = 0, whole_number(given)
    return None if row is None or column is None else (row, column)
