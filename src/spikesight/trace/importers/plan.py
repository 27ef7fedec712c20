"""The first look at a recording: what it holds, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np

from spikesight.base.errors import InputError
from spikesight.trace.importers.contract import Array, Piece, Population, Recording, Samples, Shown, Spikes, Weights
from spikesight.trace.importers.naming import layer_name, variable_name
from spikesight.trace.importers.places import Places, check_size, check_stimuli
from spikesight.trace.importers.ticks import Search, Tick, checked
from spikesight.trace.schema import Header, Layer, Projection

PIECE_NS: Final = 100_000_000
"""Where there are no stimuli, `stim` numbers pieces of time of 0.1 s, or ten, a hundred, ... times as much."""

MOST_PIECES: Final = 10_000


@dataclass
class Held:
    """What was seen of a layer: number of spikes and samples, first and last time in the unit of the recording."""

    places: Places
    spikes: int = 0
    samples: int = 0
    first: float = np.inf
    last: float = -np.inf

    def see(self, t: Array) -> None:
        """Take in the times (N,) of a piece."""
        if len(t):
            self.first, self.last = min(self.first, float(t.min())), max(self.last, float(t.max()))


class Join(NamedTuple):
    """What was seen of a projection: the layers it joins, its shape, and the synapses a `pre` unit has."""

    pre: str
    post: str
    shape: tuple[int, int]
    fan_out: float


@dataclass
class Plan:
    """What is to be written: the layers as the trace calls them, the tick, the stimuli."""

    recording: Recording
    tick: Tick
    layers: dict[str, Held]
    names: dict[str, str]
    joins: dict[str, Join]
    shown: list[Shown] = field(default_factory=list)
    pieces: int = 0

    def header(self, run: str, version: str) -> Header:
        """Return the header of the trace."""
        layers = tuple(Layer(self.names[name], held.places.shape) for name, held in self.layers.items())
        return Header(
            run,
            self.tick.ns,
            layers,
            tuple(self._projection(name, join) for name, join in self.joins.items()),
            simulator=self.recording.simulator,
            version=self.recording.version or version,
            time=self.recording.time,
        )

    def _projection(self, name: str, join: Join) -> Projection:
        return Projection(self.projections[name], self.names[join.pre], self.names[join.post], join.shape, join.fan_out)

    @property
    def projections(self) -> dict[str, str]:
        """Names of the projections, in the files and in the trace."""
        made: dict[str, str] = {}
        for name in self.joins:
            made[name] = layer_name(name, set(made.values()))
        return made

    @property
    def span_ns(self) -> tuple[float, float]:
        """First and last time in nanoseconds; (0, 0) where nothing has a time."""
        held = [one for one in self.layers.values() if one.first <= one.last]
        unit = self.recording.unit_ns
        if not held:
            return 0.0, 0.0
        return min(one.first for one in held) * unit, max(one.last for one in held) * unit

    def piece_ns(self) -> int:
        """Length of the pieces of time that `stim` numbers where there are no stimuli."""
        first, last = self.span_ns
        length = PIECE_NS
        while (last - first) / length > MOST_PIECES:
            length *= 10
        return length

    def facts(self) -> dict[str, Any]:
        """Return what imported.json says of all this; times in seconds."""
        return {
            "simulator": self.recording.simulator,
            "version": self.recording.version,
            "tick_ns": self.tick.ns,
            "tick_is_exact": self.tick.exact,
            "largest_rounding_seconds": self.tick.error,
            "layers": {self.names[name]: self._of_layer(name, held) for name, held in self.layers.items()},
            "facts": dict(self.recording.facts),
            "notes": list(self.recording.notes),
            "dropped": list(self.recording.dropped),
        }

    def _of_layer(self, name: str, held: Held) -> dict[str, Any]:
        seconds = self.recording.unit_ns / 1e9
        known = held.first <= held.last
        return {
            "name_in_file": name,
            "spikes": held.spikes,
            "samples": held.samples,
            "first": held.first * seconds if known else None,
            "last": held.last * seconds if known else None,
            **held.places.facts(),
        }


def plan(recording: Recording, tick_ns: int | None) -> Plan:
    """Look through `recording` and plan its trace, with a tick of `tick_ns` nanoseconds, or the one that fits best.

    Errors: InputError for what a trace cannot hold, and for a recording without any layer.
    """
    for population in recording.populations:
        if population.shape is not None:
            check_size(population.name, population.shape)
    search = Search(recording.unit_ns, tick_ns, recording.tick_ns)
    layers = {population.name: Held(Places(population)) for population in recording.populations}
    made = Plan(recording, search.found(), layers, {}, {})
    for piece in recording.pieces():
        made.pieces += 1
        _see(made, search, piece)
    made.tick = search.found()
    if not layers:
        raise InputError("the files hold no layer: no spikes, no sampled state variable, no weights")
    _name(made)
    _tell(made)
    return made


def _see(made: Plan, search: Search, piece: Piece) -> None:
    if isinstance(piece, Shown):
        search.see(np.array([piece.t_start, piece.t_end], np.float64))
        made.shown.append(piece)
    elif isinstance(piece, Weights):
        search.see(np.array([piece.t], np.float64))
        _see_weights(made, piece)
    else:
        held = made.layers.setdefault(piece.layer, Held(Places(Population(piece.layer))))
        if not len(piece.t) == len(piece.unit):
            raise InputError(f"layer '{piece.layer}': {len(piece.t)} times, but {len(piece.unit)} units")
        if isinstance(piece, Spikes) and piece.stim is not None:
            check_stimuli(piece.layer, piece.stim, len(piece.t))
        search.see(piece.t)
        held.see(checked(piece.t))
        held.places.see(piece.unit, spiked=isinstance(piece, Spikes))
        held.spikes += len(piece.t) if isinstance(piece, Spikes) else 0
        held.samples += len(piece.t) if isinstance(piece, Samples) else 0


def _see_weights(made: Plan, piece: Weights) -> None:
    for side in (piece.pre, piece.post):
        if side not in made.layers:
            raise InputError(f"weights of '{piece.projection}' join layer '{side}', which the files do not declare")
    sizes = (made.layers[piece.pre].places.size, made.layers[piece.post].places.size)
    if piece.w.shape != sizes:
        raise InputError(f"weights of '{piece.projection}' have shape {piece.w.shape}, but its layers {sizes} units")
    if piece.projection not in made.joins:
        fan_out = float(np.count_nonzero(piece.w)) / sizes[0]
        made.joins[piece.projection] = Join(piece.pre, piece.post, (sizes[0], sizes[1]), fan_out)


def _name(made: Plan) -> None:
    taken: set[str] = set()
    for name, held in made.layers.items():
        made.names[name] = layer_name(name, taken)
        taken.add(made.names[name])
        if made.names[name] != name:
            made.recording.note(f"layer '{name}' is called '{made.names[name]}': layers name folders")
        if held.places.empty:
            made.recording.note(f"layer '{name}' has no units in the files: one silent unit stands for it")


def _tell(made: Plan) -> None:
    if not made.tick.exact:
        made.recording.note(f"times were rounded to ticks of {made.tick.ns} ns, by {made.tick.error:.3g} s at most")


def variable(piece: Samples) -> str:
    """Return the name of the state variable of `piece` as a trace can hold it."""
    return variable_name(piece.variable)
