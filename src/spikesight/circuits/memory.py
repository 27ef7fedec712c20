"""How much memory a circuit will take, known before it is made; one that cannot fit is refused with the sum."""

from __future__ import annotations

from dataclasses import dataclass

from spikesight.base.errors import NotEnoughMemory
from spikesight.base.memory import available_memory, readable_bytes
from spikesight.circuits.layout import layout
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

    @property
    def bytes(self) -> int:
        """The sum."""
        return sum(share.bytes for share in self.shares)

    def __str__(self) -> str:
        """Return the sum and the largest shares."""
        largest = sorted(self.shares, key=lambda share: -share.bytes)[:3]
        return f"{readable_bytes(self.bytes)}, most of it in {', '.join(map(str, largest))}"


def forecast(network: Network) -> Forecast:
    """Return what `network` will take: state of neurons, weights, what learning and delays need."""
    places = layout(network)
    shares = []
    for node in network.nodes:
        own = [place.bytes for name, place in places.items() if name.startswith(f"{node.name}.")]
        shares.append(Share(node.name, node.size, sum(own)))
    for p in network.projections:
        rows, post = p.rows(network.node(p.pre).size), network.node(p.post).size
        own = [place.bytes for name, place in places.items() if name.startswith(f"{p.name}.")]
        wiring = p.connection.structure_bytes(rows, post, p.rule is not None)
        shares.append(Share(p.name, p.connection.synapses(rows, post), sum(own) + wiring))
    return Forecast(tuple(shares))


def check_memory(network: Network) -> None:
    """Refuse a network that cannot fit.   Errors: NotEnoughMemory with the sum and its largest parts."""
    needed, left = forecast(network), available_memory()
    if needed.bytes > left:
        raise NotEnoughMemory(
            f"this network needs {needed}; this computer has {readable_bytes(left)} left. Use fewer neurons, wire "
            "them more sparsely, or free some memory"
        )
