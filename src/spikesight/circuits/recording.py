"""Recording what a circuit does into a trace: what to keep is a list of probes; the circuit does not know it is
watched.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.circuits.engine import Fired
from spikesight.circuits.network import Arrays, Network
from spikesight.circuits.presentation import NOTHING, Samples, Watch
from spikesight.trace.probe import Probe
from spikesight.trace.schema import EVERYTHING, Header, Layer, Projection, Recorded
from spikesight.trace.writer import TraceWriter

_SPIKES = ("spikes", "counts")
"""What of a node is recorded as spikes; counts are kept only as numbers, as the header of the trace says."""


def header(
    network: Network,
    run: str,
    dataset: str,
    seed: int,
    version: str,
    probes: Sequence[Probe] = (),
    classes: Sequence[str] = (),
) -> Header:
    """Describe a network for a trace: its layers, and the projections that have a weight per pair of neurons.

    `probes` are those of the recorder, so that the trace says which spikes it holds; `classes` are the names of the
    classes shown.
    """
    layers = tuple(Layer(node.name, node.shape, _recorded(node.name, probes)) for node in network.nodes)
    projections = []
    for p in network.projections:
        pre, post = network.node(p.pre).size, network.node(p.post).size
        if p.connection.weight_shape(p.rows(pre), post) == (pre, post):
            projections.append(Projection(p.name, p.pre, p.post, (pre, post), float(post)))
    tick = round(network.dt * 1e9)
    return Header(
        run, tick, layers, tuple(projections), dataset, "spikesight", version, seed, tuple(str(one) for one in classes)
    )


def _recorded(node: str, probes: Sequence[Probe]) -> Recorded:
    """What `probes` keep of the spikes of `node`; all of them where they do not name it."""
    for probe in probes:
        if probe.owner == node and probe.what in _SPIKES:
            return Recorded(probe.units, probe.every, rows=probe.what == "spikes")
    return EVERYTHING


class Happened(Protocol):
    """What a circuit did in a stretch of time: a presentation, a piece of a free run. Steps count from `first_tick`."""

    @property
    def first_tick(self) -> int:
        """The engine's clock at the beginning."""

    @property
    def end(self) -> int:
        """The engine's clock at the end."""

    def spikes(self, node: str) -> Fired:
        """Spikes of a source or of a population."""

    def samples(self, name: str) -> Samples:
        """A state variable that was watched."""


class Recorder:
    """Writes what `probes` ask for of each presentation.

    Errors: UnknownName where a probe names what the network does not have, InputError where it names units that are
    not there or weights that are not one per pair, StorageFull where the disk takes no more.
    """

    def __init__(self, writer: TraceWriter, network: Network, probes: Sequence[Probe]) -> None:
        counted = [f"{node.name}.counts" for node in network.nodes]
        for probe in probes:
            probe.check([*network.probeable, *counted])
            _check_units(network, probe)
        self.writer, self.network = writer, network
        self._spikes = [probe for probe in probes if probe.what in _SPIKES]
        self._weights = [probe for probe in probes if probe.what == "w"]
        self._values = [probe for probe in probes if probe.what not in (*_SPIKES, "w")]
        self._newest: dict[str, int] = {}
        recorded = {projection.name for projection in writer.header.projections}
        for probe in self._weights:
            if probe.owner not in recorded:
                raise InputError(f"'{probe.target}' cannot be recorded: its weights are not one per pair of neurons")

    @property
    def watch(self) -> Watch:
        """What must be looked at while a stimulus is shown."""
        if not self._values:
            return NOTHING
        return Watch(tuple(p.target for p in self._values), math.gcd(*(p.every for p in self._values)))

    def weights(self, arrays: Arrays, tick: int, stim: int) -> None:
        """Record the weights of probed projections as they are now, unless `record` just did."""
        for probe in self._weights:
            if self._newest.get(probe.target) != stim:
                self._record_weights(probe, arrays, tick, stim)

    def weights_due(self, stim: int) -> bool:
        """Whether `record` of presentation `stim` looks at the weights, so that it must come before the next one."""
        return any((stim + 1) % probe.every == 0 for probe in self._weights)

    def record(self, shown: Happened, arrays: Arrays, stim: int) -> None:
        """Record presentation number `stim` (from 0); weights after every `every` presentations."""
        self.record_all([(shown, stim)], arrays)

    def record_all(self, pieces: Sequence[tuple[Happened, int]], arrays: Arrays) -> None:
        """Record presentations and their numbers, one after the other, as `record` does: each layer in one go.

        `arrays` are as the last one left them, so weights may be due after that one only (`weights_due`).
        """
        for probe in self._spikes:
            self._record_spikes(probe, [(shown, stim) for shown, stim in pieces if stim % probe.every == 0])
        for shown, stim in pieces:
            for probe in self._values:
                self._record_values(probe, shown)
            for probe in self._weights:
                if (stim + 1) % probe.every == 0:
                    self._record_weights(probe, arrays, shown.end, stim)

    def _record_spikes(self, probe: Probe, pieces: Sequence[tuple[Happened, int]]) -> None:
        if not pieces:
            return
        fired = [shown.spikes(probe.owner) for shown, _ in pieces]
        keep = [_among(one.unit, probe.units) for one in fired]
        ticks = [shown.first_tick + one.step[some] for (shown, _), one, some in zip(pieces, fired, keep, strict=True)]
        units = [one.unit[some] for one, some in zip(fired, keep, strict=True)]
        stim = np.repeat(np.array([number for _, number in pieces]), [len(some) for some in units])
        self.writer.spikes(probe.owner, np.concatenate(ticks), np.concatenate(units), stim)

    def _record_weights(self, probe: Probe, arrays: Arrays, tick: int, stim: int) -> None:
        self.writer.weights(probe.owner, tick, stim, arrays[probe.target])
        self._newest[probe.target] = stim

    def _record_values(self, probe: Probe, shown: Happened) -> None:
        samples = shown.samples(probe.target)
        due = samples.step % probe.every == 0
        units = np.arange(samples.value.shape[1]) if probe.units is None else np.asarray(probe.units)
        ticks = np.repeat(shown.first_tick + samples.step[due], len(units))
        values = samples.value[np.ix_(due, units)].reshape(-1)
        self.writer.values(probe.owner, probe.what, ticks, np.tile(units, int(due.sum())), values)


def _check_units(network: Network, probe: Probe) -> None:
    if probe.units is not None and probe.what == "w":
        raise InputError(f"probe '{probe.target}' names units, but weights are recorded whole: leave them out")
    if probe.units:
        size = network.node(probe.owner).size
        if max(probe.units) >= size:
            raise InputError(
                f"'{probe.owner}' has units 0 to {size - 1}, probe '{probe.target}' names {max(probe.units)}"
            )


def _among(fired: NDArray[np.int32], units: tuple[int, ...] | None) -> NDArray[np.bool_] | slice:
    return slice(None) if units is None else np.isin(fired, units)
