"""What a network costs for an item, beside the artificial network of the same shape: operations, memory, energy.

An estimate from counts and published figures, never a measurement. Counted from a real batch:

* An input that is 1 is a spike: each synapse that it reaches is one accumulation (AC); taps over padding reach nothing.
* An input above 1, as sums of spikes are, must be multiplied: one multiply-accumulate (MAC) for each synapse.
* Inputs that are no whole numbers (pixels, pooled means) are multiplied densely, zeros too.
* Every neuron that fires is advanced in every step: one MAC.
* The artificial network has a ReLU for each neuron, for free, and does all its synapses once for an item: once in all
  where the input is a still picture, once in every step where it is a sequence.
* Normalisation costs nothing in either: it is folded into weights.
* Memory: weights once for each time that a part is applied, but no more of them than it does operations; inputs and
  outputs once, spikes as one bit; membranes read and written in every step. Nothing else is kept near the arithmetic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from torch import Tensor, nn

from spikesight.base.errors import InputError
from spikesight.base.joules import FLOAT32, PICO, Arithmetic
from spikesight.deep.operations import SYNAPSES, Counting, Counts
from spikesight.deep.sketch import Shapes, is_still
from spikesight.deep.tapping import at_rest, firing_layers, tapped

NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d, nn.GroupNorm, nn.LayerNorm)

COLUMNS = ("part", "rate", "ACs", "MACs", "bytes", "pJ", "ANN MACs", "ANN bytes", "ANN pJ")


@dataclass(frozen=True)
class Line:
    """A part with weights, or a layer of neurons, for one item: operations, bytes moved, joules of both; and what the
    artificial network needs there. `rate` is the share of input values that are not 0, for neurons of their steps
    in which they fire; `most` the largest input, above 1 for sums of spikes; `graded` inputs are no spikes.
    """

    name: str
    macs: float
    accumulates: float
    bytes: float
    joules: float
    ann_macs: float
    ann_bytes: float
    ann_joules: float
    rate: float
    most: float
    graded: bool


@dataclass(frozen=True)
class Report:
    """What `net` costs for an item, line by line; `missing` parts have weights of a kind that is not counted."""

    lines: tuple[Line, ...]
    arithmetic: Arithmetic
    steps: int
    items: int
    missing: tuple[str, ...]

    def total(self, of: str) -> float:
        """Return the sum of a column, such as "joules" or "ann_macs"."""
        return float(sum(getattr(line, of) for line in self.lines))

    @property
    def verdict(self) -> str:
        """A sentence that says which network needs less, and why where it is the artificial one.

        Nobody does where parts are missing: what they need may be most of it.
        """
        spiking, other = self.total("joules") / PICO, self.total("ann_joules") / PICO
        sums = (
            f"{spiking:,.0f} pJ an item in {self.steps} steps, the artificial network of the same shape {other:,.0f} pJ"
        )
        if self.missing:
            said = (
                f"Who needs less is not known: {', '.join(self.missing)} are not counted in either. The rest: {sums}."
            )
        elif spiking < other:
            said = f"The spiking network needs less: {sums}, {other / spiking:.2f} times as much."
        else:
            why = max(("arithmetic", self._more("arithmetic")), ("memory", self._more("memory")), key=lambda x: x[1])[0]
            said = f"The artificial network wins: the spiking one needs {sums}. Most of the difference is {why}."
        return said

    def rows(self) -> list[tuple[str, ...]]:
        """Return the lines and their totals as words, in the order of `COLUMNS`."""
        return [*(_row(line) for line in self.lines), self._totals()]

    def table(self) -> str:
        """Return the report as text in columns, with the totals, what was assumed, and the verdict."""
        rows = [COLUMNS, *self.rows()]
        widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
        lines = [
            "  ".join(cell.ljust(width) if not column else cell.rjust(width) for column, (cell, width) in
                      enumerate(zip(row, widths, strict=True))).rstrip()
            for row in rows
        ]  # fmt: skip
        return "\n".join([*lines, "", self.verdict, f"Assumed: {self.arithmetic.name}. {self.arithmetic.source}."])

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values, energies in picojoules."""
        lines = [_plain(line) for line in self.lines]
        columns = ("macs", "accumulates", "bytes", "joules", "ann_macs", "ann_bytes", "ann_joules")
        totals = {_named(of): self.total(of) / (PICO if of.endswith("joules") else 1) for of in columns}
        return {
            "lines": lines,
            "total": totals,
            "steps": self.steps,
            "items": self.items,
            "missing": list(self.missing),
            "assumed": asdict(self.arithmetic),
            "verdict": self.verdict,
        }

    def _more(self, of: str) -> float:
        """Return by how many joules the spiking network needs more arithmetic, or memory."""
        memory = (self.total("bytes") - self.total("ann_bytes")) * self.arithmetic.byte
        return memory if of == "memory" else self.total("joules") - self.total("ann_joules") - memory

    def _totals(self) -> tuple[str, ...]:
        numbers = (self.total(of) for of in ("accumulates", "macs", "bytes"))
        ann = (self.total(of) for of in ("ann_macs", "ann_bytes"))
        joules, ann_joules = (f"{self.total(of) / PICO:,.0f}" for of in ("joules", "ann_joules"))
        return ("total", "", *(f"{n:,.0f}" for n in numbers), joules, *(f"{n:,.0f}" for n in ann), ann_joules)


def cost(net: nn.Module, x: Tensor, arithmetic: Arithmetic = FLOAT32) -> Report:
    """Return what `net` costs for an item, the mean over the batch x, shown in eval mode; nothing in it changes.

    Errors: InputError where nothing fires, or layers were compiled.
    """
    firing = firing_layers(net)
    if not firing:
        raise InputError(f"{type(net).__name__} has no layer of spiking neurons: it is an artificial network itself")
    weighted = {name or type(one).__name__: one for name, one in net.named_modules() if isinstance(one, SYNAPSES)}
    # What neurons are made of, as a recurrent connection is, is counted too, so parts may lie inside of firing layers.
    counting = Counting()
    with at_rest(net), tapped({**firing, **weighted}, counting.listen):
        net(x)
    passes = 1 if is_still(net, x, Shapes(steps=counting.steps, items=counting.items)) else counting.steps
    lines = [_part(one, counting, passes, arithmetic) for one in counting.parts.values()]
    neurons = [_neurons(name, counting, arithmetic) for name in counting.updates]
    return Report(tuple(lines + neurons), arithmetic, counting.steps, counting.items, _missing(net, firing, weighted))


def _part(one: Counts, counting: Counting, passes: int, arithmetic: Arithmetic) -> Line:
    items, width = counting.items, arithmetic.width
    macs, adds = one.multiply / items, one.accumulate / items
    applied = one.applied / items
    weights = min(one.synapses * applied, macs + adds)
    bits = width if one.graded or one.most > 1 else 1 / 8
    moved = weights * width + one.given / items * bits + one.made / items * width
    each = one.dense / one.applied
    ann = each * passes
    sizes = (one.given + one.made) / one.applied
    ann_moved = passes * (min(one.synapses, each) + sizes) * width
    return Line(
        name=one.name,
        macs=macs,
        accumulates=adds,
        bytes=moved,
        joules=macs * arithmetic.multiply_accumulate + adds * arithmetic.accumulate + moved * arithmetic.byte,
        ann_macs=ann,
        ann_bytes=ann_moved,
        ann_joules=ann * arithmetic.multiply_accumulate + ann_moved * arithmetic.byte,
        rate=one.active / one.given if one.given else 0.0,
        most=one.most,
        graded=one.graded,
    )


def _neurons(name: str, counting: Counting, arithmetic: Arithmetic) -> Line:
    updates = counting.updates[name]
    macs = updates / counting.items
    moved = macs * (2 * arithmetic.width + 1 / 8)
    joules = macs * arithmetic.multiply_accumulate + moved * arithmetic.byte
    return Line(name, macs, 0.0, moved, joules, 0.0, 0.0, 0.0, counting.fired[name] / updates, 1.0, False)


def _missing(net: nn.Module, firing: Mapping[str, nn.Module], weighted: Mapping[str, nn.Module]) -> tuple[str, ...]:
    """Return the parts with parameters of their own that are none of those counted.

    So are neurons that multiply by weights themselves, of which only the update of each neuron is counted.
    """
    inside = tuple(f"{name}." for name in firing)
    multiplying = {name for name, one in firing.items() if isinstance(getattr(one, "weight", None), nn.Parameter)}
    counted = {*firing, *weighted} - multiplying
    return tuple(
        name
        for name, module in ((name or type(one).__name__, one) for name, one in net.named_modules())
        if any(True for _ in module.parameters(recurse=False))
        and name not in counted
        and not isinstance(module, NORMS)
        and not name.startswith(inside)
    )


def _row(line: Line) -> tuple[str, ...]:
    rate = "graded" if line.graded else f"{line.rate:.1%}"
    if line.most > 1 and not line.graded:
        rate += f" up to {line.most:.0f}"
    numbers = (f"{n:,.0f}" for n in (line.accumulates, line.macs, line.bytes, line.joules / PICO))
    return (line.name, rate, *numbers, *(f"{n:,.0f}" for n in (line.ann_macs, line.ann_bytes, line.ann_joules / PICO)))


def _plain(line: Line) -> dict[str, Any]:
    return {_named(of): value / PICO if of.endswith("joules") else value for of, value in asdict(line).items()}


def _named(of: str) -> str:
    return of.replace("joules", "picojoules")
