"""How much memory a circuit will take, known before it is made; one that cannot fit is refused with the sum.

Making a circuit takes more for a moment than running it. Arrays that are given are copied, one after the other, and
looked through: a flag for each value, before that for delays in whole steps eight bytes and two flags. Then lists of
synapses are turned around, for learning: that takes half as much again as is kept of it (beyond 2^31 synapses in one
list, twice as much again), one list after the other. Zeros that wait to be replaced take no memory.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from spikesight.base.errors import NotEnoughMemory
from spikesight.base.memory import available_memory, readable_bytes
from spikesight.circuits.delays import PerSynapse
from spikesight.circuits.layout import Place, layout
from spikesight.circuits.network import Network


@dataclass(frozen=True)
class Share:
    """Bytes that one part of a network takes while it runs, and how many neurons or synapses it has."""

    name: str
    count: int
    bytes: int

    def __str__(self) -> str:
        """Return the share as people read it."""
        return f"{self.name} {readable_bytes(self.bytes)} ({self.bytes / max(self.count, 1):.3g} bytes for each)"


@dataclass(frozen=True)
class Forecast:
    """Bytes that a network takes while it runs, by part; descriptions that exist already, such as lists of synapses,
    are not counted again.
    """

    shares: tuple[Share, ...]
    passing: int
    """Bytes that it takes besides, while it is made."""

    @property
    def bytes(self) -> int:
        """The sum of the shares."""
        return sum(share.bytes for share in self.shares)

    @property
    def peak(self) -> int:
        """The most that is taken at once."""
        return self.bytes + self.passing

    def __str__(self) -> str:
        """Return the peak and the largest shares."""
        largest = ", ".join(map(str, sorted(self.shares, key=lambda share: -share.bytes)[:3]))
        return f"{readable_bytes(self.peak)}, {readable_bytes(self.passing)} of it only at first; most is in {largest}"


def forecast(network: Network) -> Forecast:
    """Return what `network` will take: state of neurons, weights, what learning and delays need, and the peak."""
    places = layout(network)
    shares, wirings = [], [0]
    for node in network.nodes:
        own = [place.bytes for name, place in places.items() if name.startswith(f"{node.name}.")]
        shares.append(Share(node.name, node.size, sum(own)))
    for p in network.projections:
        rows, post = p.rows(network.node(p.pre).size), network.node(p.post).size
        own = [place.bytes for name, place in places.items() if name.startswith(f"{p.name}.")]
        wiring = p.connection.structure_bytes(rows, post, p.rule is not None)
        wirings.append(wiring)
        shares.append(Share(p.name, p.connection.synapses(rows, post), sum(own) + wiring))
    # While arrays are checked and copied there are no wirings yet.
    passing = max(_checking(network, places) - sum(wirings), _turning(max(wirings)), 0)
    return Forecast(tuple(shares), passing)


def _checking(network: Network, places: Mapping[str, Place]) -> int:
    """Bytes that checks of what is given take besides all arrays."""
    flags = [math.prod(place.shape) for place in places.values()]
    delays = [
        math.prod(places[f"{p.name}.delay"].shape) for p in network.projections if isinstance(p.delay, PerSynapse)
    ]
    # Delays are checked while nothing is copied yet.
    return max([*flags, *(10 * count - sum(place.bytes for place in places.values()) for count in delays)], default=0)


def _turning(kept: int) -> int:
    """Bytes that pass while a list of synapses is turned around of which `kept` bytes stay."""
    return kept // 2 if kept < LONG_LIST else 2 * kept


LONG_LIST = 12 * 2**31
"""Bytes that are kept of a list whose synapses are too many for numbers of four bytes."""


def check_memory(network: Network) -> None:
    """Refuse a network that cannot fit.   Errors: NotEnoughMemory with the sum and its largest parts."""
    needed, left = forecast(network), available_memory()
    if needed.peak > left:
        raise NotEnoughMemory(
            f"this network needs {needed}; this computer has {readable_bytes(left)} left. Use fewer neurons, wire "
            "them more sparsely, or free some memory"
        )
