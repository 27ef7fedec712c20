"""Which table belongs to which layer or projection of a header."""

from __future__ import annotations

from spikesight.trace.schema import Header, counts_table, kind_of, spikes_table


def belongs(table: str, header: Header) -> bool:
    """Whether `table` is of a layer or projection that `header` has, or of the whole trace."""
    owner = table.partition("/")[2]
    match kind_of(table):
        case "spikes" | "counts" | "values":
            return units_of(table, header) is not None
        case "weights":
            return owner in {projection.name for projection in header.projections}
        case _:
            return True


def units_of(table: str, header: Header) -> int | None:
    """Return how many units the layer has whose spikes, counts or values `table` holds; None for any other table."""
    kind, _, owner = table.partition("/")
    name = owner.rpartition(".")[0] if kind == "values" else owner
    sizes = {layer.name: layer.size for layer in header.layers}
    return sizes.get(name) if kind in ("spikes", "counts", "values") else None


def sealed_as(table: str, header: Header) -> str:
    """Return the table of the segments that logs of `table` become: of spikes that are counted, another one."""
    kind, _, layer = table.partition("/")
    counted = {one.name for one in header.layers if not one.recorded.rows}
    return counts_table(layer) if kind == "spikes" and layer in counted else table


def logged_as(table: str) -> str:
    """Return the table of the logs that became segments of `table`."""
    kind, _, layer = table.partition("/")
    return spikes_table(layer) if kind == "counts" else table
