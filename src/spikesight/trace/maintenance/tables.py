"""Which table belongs to which layer or projection of a header."""

from __future__ import annotations

from spikesight.trace.schema import Header, kind_of


def belongs(table: str, header: Header) -> bool:
    """Whether `table` is of a layer or projection that `header` has, or of the whole trace."""
    owner = table.partition("/")[2]
    match kind_of(table):
        case "spikes" | "values":
            return units_of(table, header) is not None
        case "weights":
            return owner in {projection.name for projection in header.projections}
        case _:
            return True


def units_of(table: str, header: Header) -> int | None:
    """Return how many units the layer has whose spikes or values `table` holds; None for any other table."""
    kind, _, owner = table.partition("/")
    name = owner.rpartition(".")[0] if kind == "values" else owner
    sizes = {layer.name: layer.size for layer in header.layers}
    return sizes.get(name) if kind in ("spikes", "values") else None
