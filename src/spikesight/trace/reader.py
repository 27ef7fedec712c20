"""Reading a trace: windowed queries over what was recorded, also while it is being recorded.

Windows and answers are in seconds; a window (t0, t1) holds the ticks that begin in t0 <= time < t1. Rows come in the
order of time, and of units within a tick, in whatever order they were recorded.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

import numpy as np

from spikesight.base.errors import InputError
from spikesight.trace import layout
from spikesight.trace.cells import add_to_cells, empty_cells
from spikesight.trace.classes import ClassBlocks, ClassCounts
from spikesight.trace.counts import Counts
from spikesight.trace.frames import Columns
from spikesight.trace.grids import Grid
from spikesight.trace.header import read_header
from spikesight.trace.places import place_of
from spikesight.trace.remote import Remote
from spikesight.trace.schema import columns_of, spikes_table, values_table
from spikesight.trace.snapshots import BINS, load_snapshot
from spikesight.trace.source import Source
from spikesight.trace.store import Store
from spikesight.trace.tabular import Table, Tabular
from spikesight.trace.windows import EVER, Window, rate


class _Spikes(NamedTuple):
    t: np.ndarray
    unit: np.ndarray
    stim: np.ndarray


class Spikes(_Spikes, Tabular):
    """Spikes: t (N,) float64 seconds, unit (N,) int32, stim (N,) int32."""

    __slots__ = ()

    def columns(self) -> Columns:
        """Return t, unit and stim by name."""
        return self._asdict()


class _Values(NamedTuple):
    t: np.ndarray
    unit: np.ndarray
    value: np.ndarray


class Values(_Values, Tabular):
    """Samples of a state variable: t (N,) float64 seconds, unit (N,) int32, value (N,) float32 in SI units."""

    __slots__ = ()

    def columns(self) -> Columns:
        """Return t, unit and value by name."""
        return self._asdict()


class _Series(NamedTuple):
    t: np.ndarray
    value: np.ndarray


class Series(_Series, Tabular):
    """A time series: t (N,) float64 seconds, value (N,) float64."""

    __slots__ = ()

    def columns(self) -> Columns:
        """Return t and value by name."""
        return self._asdict()


class Trace:
    """A trace on disk. Queries are answered from what the last `refresh` saw, and may come from several threads.

    Errors of every query: UnknownName for a layer or projection that the trace has not, InputError for a window that
    ends before it starts, TraceError where a file is gone or damaged.
    """

    def __init__(self, folder: Path, source: Source | None = None, near: Store | None = None) -> None:
        """Use `open`, and `on` for a `source` that is not this process; `near` is then the trace as it is seen here."""
        self.folder = folder
        self.header = read_header(folder)
        self._store: Source = source or Store(folder)
        self._counts = Counts(self.header, self._store)
        # Which bins are at hand is known here alone: a grid must not depend on where counts are asked.
        self._grids = self._counts if near is None else Counts(self.header, near)
        self._near: Source = near or self._store

    @classmethod
    def open(cls, folder: Path) -> Trace:
        """Open the trace in `folder`, which may also be the folder of its run.   Errors: TraceError for no trace."""
        folder = Path(folder)
        inner = folder / "trace"
        return cls(inner if (inner / layout.HEADER).exists() else folder)

    def on(self, place: object) -> Trace:
        """Return this trace with its questions answered at `place`, one by one with the same answers.

        `place` is the address of a Spark master, such as "spark://host:7077", "local[2]" or "local-cluster[2,1,1024]",
        or a connected backend of Ibis. Weights are read here. Close it as well.
        Errors: MissingExtra, InputError for no place, TraceError where Spark does not start.
        """
        near = Store(self.folder)
        return Trace(self.folder, Remote(near, place_of(place)), near)

    def refresh(self) -> bool:
        """Take in what was recorded since the last look; whether there was anything new.   Errors: TraceError."""
        return self._store.refresh()

    def close(self) -> None:
        """Let go of the files."""
        self._store.close()

    def __enter__(self) -> Trace:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @property
    def tables(self) -> list[str]:
        """Names of the tables that have rows: "spikes/exc", "values/exc.v", "stimuli", ..."""
        return self._store.tables()

    @property
    def extent(self) -> tuple[int, int]:
        """First and last tick seen; (0, 0) where nothing was recorded."""
        return self._store.extent() or (0, 0)

    def spikes(
        self,
        layer: str,
        t: tuple[float, float] | None = None,
        units: Sequence[int] | None = None,
        stim: tuple[int, int] | None = None,
    ) -> Spikes:
        """Return the spikes of `layer` in the window `t`, of `units`, during stimuli stim[0] <= number < stim[1]."""
        table, window = self._spikes_table(layer), self._window(t)
        if units is None and stim is None and (found := self._counts.listed(layer, window.first, window.stop)):
            order = np.lexsort((found["unit"], found["t"]))
            return Spikes(self._seconds(found["t"][order]), found["unit"][order], found["stim"][order])
        conditions, parameters = _conditions(window, units)
        shown = None if stim is None else (int(stim[0]), int(stim[1]) - 1)
        if shown is not None:
            conditions += " AND stim BETWEEN $stim_first AND $stim_last"
            parameters |= {"stim_first": shown[0], "stim_last": shown[1]}
        query = f"SELECT t, unit, stim FROM rows WHERE {conditions} ORDER BY t, unit"
        rows = self._store.query(table, query, parameters, t=window.span, stim=shown)
        return Spikes(self._seconds(rows["t"]), rows["unit"], rows["stim"])

    def raster(
        self, layer: str, t: tuple[float, float] | None = None, bins: int = 1000, rows: int | None = None
    ) -> np.ndarray:
        """Return how many spikes fall into each cell of a picture: (rows, bins) uint32, time along axis 1.

        Row r holds the units with unit * rows // size == r (default: a row per unit), and bins divide the ticks of the
        window as equally as whole ticks can be divided. The sum is the number of spikes in the window, exactly.
        """
        size = self.header.layer(layer).size
        rows = size if rows is None else _count("rows", rows)
        return self._binned(layer, self._closed_window(t), _count("bins", bins), rows)

    def rate(self, layer: str, t: tuple[float, float] | None = None, bins: int = 1000) -> np.ndarray:
        """Return the mean rate of a unit of `layer` in each bin of the window: (bins,) float64 Hz.

        Spikes are divided by the time of the ticks that belong to the bin, so bins of 2 and 3 ticks in turn draw no
        oscillation; bins finer than a tick have the rate of the tick they lie in.
        """
        window, bins = self._closed_window(t), _count("bins", bins)
        whole = min(bins, window.ticks)
        counts = self._binned(layer, window, whole, rows=1)[0]
        seconds = window.ticks_per_bin(whole) * self.header.tick
        rates = rate(counts, seconds, self.header.layer(layer).size)
        return np.asarray(rates[np.arange(bins) * whole // bins])

    def count(self, layer: str, t: tuple[float, float] | None = None) -> int:
        """Return the number of spikes of `layer` in the window `t`."""
        return self._counts.count(layer, self._window(t))

    def unit_counts(self, layer: str, t: tuple[float, float] | None = None) -> np.ndarray:
        """Return the number of spikes of every unit of `layer` in the window `t`: (units,) int64."""
        return self._counts.unit_counts(layer, self._window(t))

    def grid(self, layer: str, t: tuple[float, float] | None = None, bins: int = 1000) -> Grid:
        """Return the finest grid of at most `bins` + 1 bins over the window `t` that `raster_on` answers fast (ticks).

        Its bins start at multiples of their width. Where the window holds millions of spikes they are made of whole
        bins that were counted while the trace was written, so a bin may be up to twice as wide as asked for.
        """
        return self._grids.grid(layer, self._closed_window(t), _count("bins", bins))

    def raster_on(self, layer: str, grid: Grid, rows: int | None = None) -> np.ndarray:
        """Return how many spikes fall into each bin of `grid`, exactly: (rows, bins) uint32; rows as in `raster`.

        Fast for the grids of `grid` and the rows of `rows_for`.
        """
        return self._counts.raster_on(layer, grid, rows)

    def rows_for(self, layer: str, most: int) -> int:
        """Return the largest number of rows up to `most` for which `raster_on` is fast."""
        return self._counts.rows_for(layer, _count("most", most))

    def class_counts(self, layer: str, stim: tuple[int, int] | None = None) -> ClassCounts:
        """Return the spikes of `layer` by unit and by the class shown, during stimuli stim[0] <= number < stim[1].

        Stimuli without a label are left out.
        """
        return self._counts.class_counts(layer, stim)

    def class_counts_by_block(self, layer: str, blocks: int = 64) -> ClassBlocks:
        """Return what `class_counts` does for equal blocks of stimuli, at most `blocks`, in the order shown."""
        return self._counts.class_counts_by_block(layer, _count("blocks", blocks))

    def values(
        self,
        layer: str,
        variable: str,
        t: tuple[float, float] | None = None,
        units: Sequence[int] | None = None,
    ) -> Values:
        """Return the samples of a state variable in the window `t`, of `units`; none where it was not recorded."""
        window = self._window(t)
        conditions, parameters = _conditions(window, units)
        table = values_table(self.header.layer(layer).name, variable)
        query = f"SELECT t, unit, value FROM rows WHERE {conditions} ORDER BY t, unit"
        rows = self._store.query(table, query, parameters, t=window.span)
        return Values(self._seconds(rows["t"]), rows["unit"], rows["value"])

    def mean_values(self, layer: str, variable: str, grid: Grid) -> np.ndarray:
        """Return the mean of a state variable over the recorded units in each bin of `grid`: (bins,) float64.

        NaN where nothing was recorded.
        """
        table = values_table(self.header.layer(layer).name, variable)
        query = """SELECT (t - $first) // $width AS cell, avg(value::DOUBLE) AS mean FROM rows
                   WHERE t >= $first AND t < $stop GROUP BY cell"""
        parameters = {"first": grid.first, "stop": grid.end, "width": grid.width}
        found = self._store.query(table, query, parameters, t=(grid.first, grid.end - 1))
        means = np.full(grid.bins, np.nan)
        means[found["cell"].astype(np.int64)] = found["mean"]
        return means

    def stimuli(self, last: int | None = None) -> Table:
        """Return the stimuli, or the `last` ones, in the order shown, one array (N,) per column.

        stim, label, prediction, epoch int32, source int64 (-1 where there is none), t_start, t_end float64 seconds,
        split str, loss, latency float32 (NaN where not known), correct bool, masked where not known.
        """
        limit = "" if last is None else f"LIMIT {_count('last', last)}"
        query = f"SELECT * FROM rows ORDER BY t_start DESC, stim DESC {limit}"
        found = self._store.query("stimuli", query, last=last)
        for name in ("t_start", "t_end"):
            found[name] = self._seconds(found[name])
        for name in ("loss", "latency"):
            found[name] = np.ma.filled(found[name], np.nan)
        found["correct"] = np.ma.MaskedArray(found["correct"], mask=np.ma.getmaskarray(found["correct"]))
        return Table({column.name: found[column.name][::-1] for column in columns_of("stimuli")})

    def scalars(self, name: str) -> Series:
        """Return the time series `name`: times (N,) seconds, values (N,); empty where it was not recorded."""
        query = "SELECT t, value FROM rows WHERE name = $name ORDER BY t"
        rows = self._store.query("scalars", query, {"name": name})
        return Series(self._seconds(rows["t"]), rows["value"])

    def scalar_names(self) -> list[str]:
        """Return the names of the time series that were recorded, in the order of the alphabet."""
        return [
            str(name) for name in self._store.query("scalars", "SELECT DISTINCT name FROM rows ORDER BY name")["name"]
        ]

    def variables(self, layer: str) -> list[str]:
        """Return the state variables of `layer` that were recorded, in the order of the alphabet."""
        start = f"values/{self.header.layer(layer).name}."
        names = (table.removeprefix(start) for table in self.tables if table.startswith(start))
        return sorted(name for name in names if "." not in name)

    def marks(self) -> Table:
        """Return the marks: t (N,) seconds, name (N,) str, text (N,) str."""
        rows = self._store.query("marks", "SELECT t, name, text FROM rows ORDER BY t, name, text")
        return Table({**rows, "t": self._seconds(rows["t"])})

    def snapshots(self, projection: str) -> Table:
        """Return what is known of every weight snapshot without reading the weights.

        t (N,) seconds, stim (N,) int32, mean, std, low, high (N,) float64, histogram (N, 64) int64: counts in equal
        bins from low to high; zeros (N,) int64: weights that are exactly 0, -1 where not known; changed (N,) float64:
        the sum of absolute changes since the snapshot before, NaN where not known and for the first.
        """
        rows = self._snapshot_rows(projection)
        counts = [np.asarray(one) for one in rows["histogram"]]
        histogram = np.array(counts, dtype=np.int64).reshape(len(counts), BINS)
        kept = {name: rows[name] for name in ("stim", "mean", "std", "low", "high")}
        kept |= {"zeros": np.ma.filled(rows["zeros"], -1), "changed": np.ma.filled(rows["changed"], np.nan)}
        return Table({"t": self._seconds(rows["t"]), **kept, "histogram": histogram})

    def weights(self, projection: str, snapshot: int = -1) -> np.ndarray:
        """Return the weights of `projection` at a snapshot (negative: from the last): (n_pre, n_post) float32.

        Errors: InputError where there are fewer snapshots.
        """
        table = f"weights/{self.header.projection(projection).name}"
        files = self._near.query(table, "SELECT file FROM rows ORDER BY t, file")["file"]
        if not -len(files) <= snapshot < len(files):
            raise InputError(f"there is no snapshot {snapshot} of '{projection}': the trace has {len(files)}")
        return load_snapshot(layout.snapshot_path(self.folder, f"weights/{projection}", files[snapshot]))

    def spike_counts(self, layer: str, stim: tuple[int, int]) -> np.ndarray:
        """Return the spikes of every unit during stimuli stim[0] <= number < stim[1]: (n_stim, n_units) int64."""
        first, stop = int(stim[0]), int(stim[1])
        if stop < first:
            raise InputError(f"stimuli are given as (first, stop) with first <= stop, got {tuple(stim)}")
        return self._counts.by_stimulus(layer, first, stop)

    def _binned(self, layer: str, window: Window, bins: int, rows: int) -> np.ndarray:
        query = """SELECT (unit::BIGINT * $rows // $size) * $bins + (t - $first) * $bins // $ticks AS cell,
                          count(*) AS spikes
                   FROM rows WHERE t >= $first AND t < $stop GROUP BY cell"""
        sizes = {"rows": rows, "size": self.header.layer(layer).size, "bins": bins, "ticks": window.ticks}
        parameters = {**sizes, "first": window.first, "stop": window.stop}
        found = self._store.query(self._spikes_table(layer), query, parameters, t=window.span)
        cells = empty_cells((rows, bins), np.uint32)
        add_to_cells(cells, found["cell"], found["spikes"])
        return cells

    def _snapshot_rows(self, projection: str) -> dict[str, np.ndarray]:
        table = f"weights/{self.header.projection(projection).name}"
        return self._store.query(table, "SELECT * FROM rows ORDER BY t, file")

    def _spikes_table(self, layer: str) -> str:
        if not self.header.layer(layer).recorded.rows:
            raise InputError(
                f"of '{layer}' only counts were recorded: ask for grid and raster_on, unit_counts, spike_counts or "
                "class_counts, or record it with a probe of its spikes"
            )
        return spikes_table(layer)

    def _window(self, t: tuple[float, float] | None) -> Window:
        return Window.of(EVER if t is None else t, self.header.tick)

    def _closed_window(self, t: tuple[float, float] | None) -> Window:
        if t is None:
            first, last = self.extent
            return Window(first, last + 1)
        window = Window.of(t, self.header.tick)
        if not np.all(np.isfinite(t)) or not window.ticks:
            raise InputError(f"bins divide a window of at least one tick ({self.header.tick} s), got {tuple(t)}")
        return window

    def _seconds(self, ticks: np.ndarray) -> np.ndarray:
        # One division of whole numbers rounds once; a product with the tick in seconds would round twice.
        seconds: np.ndarray = ticks * self.header.tick_ns / 1e9
        return seconds


def _conditions(window: Window, units: Sequence[int] | None) -> tuple[str, dict[str, object]]:
    conditions, parameters = [], dict[str, object]()
    if window != Window.of(EVER, 1.0):  # looking at every time takes a fifth of asking for one unit's train
        conditions.append("t >= $t_first AND t < $t_stop")
        parameters |= {"t_first": window.first, "t_stop": window.stop}
    if units is not None:
        conditions.append("list_contains($units, unit)")
        parameters |= {"units": [int(unit) for unit in units]}
    return " AND ".join(conditions) or "true", parameters


def _count(name: str, number: int) -> int:
    if int(number) < 1:
        raise InputError(f"{name} is at least 1, got {number}")
    return int(number)
