"""What is in a trace, told from its lists and the sizes of its files: no row that is sealed is read."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from spikesight.trace import layout
from spikesight.trace.aggregates.files import FOLDER as AGGREGATES
from spikesight.trace.frames import rows_of
from spikesight.trace.header import read_format_version
from spikesight.trace.lock import is_being_written, writing_process
from spikesight.trace.maintenance.findings import LOST
from spikesight.trace.maintenance.opened import Opened, opened
from spikesight.trace.schema import Layer, counts_table, kind_of, spikes_table

_PARTS: Final = {AGGREGATES: "aggregates", layout.TAIL: "logs", LOST: "lost"}


@dataclass(frozen=True)
class LayerInfo:
    """A layer: its shape, how many spikes of it were recorded, and of these, how many are not sealed."""

    name: str
    shape: tuple[int, ...]
    spikes: int
    unsealed: int


@dataclass(frozen=True)
class ProjectionInfo:
    """A projection: its shape (n_pre, n_post), and how many snapshots of its weights there are."""

    name: str
    shape: tuple[int, int]
    snapshots: int


@dataclass(frozen=True)
class Info:
    """What a trace holds. Times are in seconds, sizes in bytes.

    `rows` counts those of every table, `bytes` those of the files by what they hold (rows by kind of table, snapshots,
    aggregates, logs). `writer` is the process that writes it, None where nobody does or its number is not known here.
    """

    folder: str
    run: str
    format_version: int
    simulator: str
    version: str
    dataset: str
    seed: int
    tick: float
    time: str
    extent: tuple[float, float]
    layers: tuple[LayerInfo, ...]
    projections: tuple[ProjectionInfo, ...]
    rows: dict[str, int]
    segments: int
    unsealed: int
    bytes: dict[str, int]
    being_written: bool
    writer: int | None

    @property
    def spikes(self) -> int:
        """Number of spikes of all layers."""
        return sum(layer.spikes for layer in self.layers)

    @property
    def bytes_per_spike(self) -> dict[str, float]:
        """Bytes that a sealed spike takes: its row, and its share of the aggregates. Empty where none is sealed."""
        sealed = self.spikes - sum(layer.unsealed for layer in self.layers)
        parts = {
            "rows": self.bytes.get("spikes", 0) + self.bytes.get("counts", 0),
            "aggregates": self.bytes.get("aggregates", 0),
        }
        return {name: size / sealed for name, size in parts.items()} if sealed else {}

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {**asdict(self), "spikes": self.spikes, "bytes_per_spike": self.bytes_per_spike}


def info(folder: Path) -> Info:
    """Return what is in the trace in `folder`, which may be that of its run.   Errors: TraceError for no trace."""
    with opened(folder) as trace:
        header = trace.header
        rows = trace.rows()
        unsealed = {table: rows_of(columns) for table, columns in trace.tails().items()}
        first, last = trace.store.extent() or (0, -1)
        layers = [(layer, spikes_table(layer.name)) for layer in header.layers]
        return Info(
            folder=str(trace.folder),
            run=header.run,
            format_version=read_format_version(trace.folder),
            simulator=header.simulator,
            version=header.version,
            dataset=header.dataset,
            seed=header.seed,
            tick=header.tick,
            time=header.time,
            extent=(first * header.tick_ns / 1e9, (last + 1) * header.tick_ns / 1e9),
            layers=tuple(
                LayerInfo(one.name, one.shape, rows.get(at, 0) + _counted(trace, one), unsealed.get(at, 0))
                for one, at in layers
            ),
            projections=tuple(
                ProjectionInfo(one.name, one.shape, rows.get(f"weights/{one.name}", 0)) for one in header.projections
            ),
            rows=dict(sorted(rows.items())),
            segments=len(trace.segments),
            unsealed=sum(unsealed.values()),
            bytes=_bytes(trace),
            being_written=is_being_written(trace.folder),
            writer=writing_process(trace.folder),
        )


def _counted(trace: Opened, layer: Layer) -> int:
    """Return the number of sealed spikes of a layer of which only counts are kept; 0 for any other."""
    if layer.recorded.rows:
        return 0
    query = "SELECT coalesce(sum(spikes), 0)::BIGINT AS spikes FROM rows WHERE width = 0"
    return int(trace.store.query(counts_table(layer.name), query)["spikes"][0])


def _bytes(trace: Opened) -> dict[str, int]:
    sizes: Counter[str] = Counter()
    for path in trace.folder.rglob("*"):
        if path.is_file():
            sizes[_part(path.relative_to(trace.folder))] += path.stat().st_size
    return dict(sorted(sizes.items()))


def _part(path: Path) -> str:
    top = path.parts[0]
    if top in _PARTS:
        return _PARTS[top]
    if path.suffix == ".safetensors":
        return "snapshots"
    return kind_of(path.parent.as_posix()) if len(path.parts) > 1 else "lists"
