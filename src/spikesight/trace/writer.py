"""Recording a trace. What was appended is readable at once, from other processes too, and survives `kill -9`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

import numpy as np

from spikesight.base.atomic import storage
from spikesight.base.errors import InputError, TraceError, UnknownName
from spikesight.trace import layout
from spikesight.trace.dense import Events
from spikesight.trace.frames import pack_columns, pack_row
from spikesight.trace.header import read_header, write_header
from spikesight.trace.lock import only_writer
from spikesight.trace.manifest import write_manifest
from spikesight.trace.resume import drop_after
from spikesight.trace.schema import Header, values_table
from spikesight.trace.sealer import SEGMENT_ROWS, Sealer
from spikesight.trace.snapshots import changed, save_snapshot, statistics, zeros


class TraceWriter:
    """Appends to a trace; one writer at a time, used from one thread. Times are ticks of `header.tick_ns` nanoseconds.

    An append costs some microseconds: rows go to a log, and a thread seals logs into Parquet.
    Errors of every method: StorageFull where the disk takes no more (what was appended before stays readable),
    TraceError for other trouble, found by that thread since the last call or now, and after `close`.
    """

    def __init__(self, folder: Path, header: Header, lock: int, numbers: Mapping[str, int]) -> None:
        """Use `create` or `resume`."""
        self.folder, self.header = folder, header
        self._lock, self._open = lock, True
        self._sizes = {layer.name: layer.size for layer in header.layers}
        self._snapshots = dict(numbers)
        self._newest = {table: path for table, _, path in layout.snapshots(folder)}
        self._sealer = Sealer(folder, numbers)

    @classmethod
    def create(cls, folder: Path, header: Header) -> TraceWriter:
        """Start a trace in `folder`, which is made where it is missing.

        Errors: TraceError where the folder holds a trace already or cannot be written, StorageFull.
        """
        folder = Path(folder)
        if (folder / layout.HEADER).exists():
            raise TraceError(f"{folder} holds a trace already: resume it, or choose another folder")
        with storage(folder, TraceError):
            folder.mkdir(parents=True, exist_ok=True)
            write_manifest(folder, ())
            write_header(folder, header)
        with only_writer(folder) as lock:
            return cls(folder, header, os.dup(lock), {})

    @classmethod
    def resume(cls, folder: Path, position: int) -> TraceWriter:
        """Go on with the trace in `folder` as it was when `seal` returned `position`: what came later is dropped.

        Errors: TraceError where there is no trace, another process is writing it, or it is shorter than `position`.
        """
        with only_writer(folder) as lock:
            return cls.go_on(folder, position, lock)

    @classmethod
    def go_on(cls, folder: Path, position: int, lock: int) -> TraceWriter:
        """Do what `resume` does, for who holds the lock of `only_writer`; the writer keeps a copy until it is closed.

        Errors: TraceError where the trace is shorter than `position`, StorageFull.
        """
        folder = Path(folder)
        with storage(folder, TraceError):
            numbers = drop_after(folder, position)
        return cls(folder, read_header(folder), os.dup(lock), numbers)

    def spikes(self, layer: str, t: np.ndarray, unit: np.ndarray, stim: int | np.ndarray) -> None:
        """Append spikes of `layer`: t (N,) ticks, unit (N,) from 0 to size - 1, stim the stimulus, or one each (N,).

        Errors: UnknownName, InputError for shapes that differ or units that the layer has not.
        """
        t, unit = self._events(layer, t, unit)
        self._append_columns(f"spikes/{layer}", (t, unit, _stimuli(stim, len(t))))

    def append(self, layer: str, events: Events) -> None:
        """Append the spikes of `layer` that `trace.dense` found in arrays of any engine.   Errors: as `spikes`."""
        self.spikes(layer, *events)

    def values(self, layer: str, variable: str, t: np.ndarray, unit: np.ndarray, value: np.ndarray) -> None:
        """Append samples of a state variable (SI units): t (N,) ticks, unit (N,), value (N,).   Errors: as `spikes`."""
        t, unit = self._events(layer, t, unit)
        value = np.asarray(value, dtype=np.float32)
        if value.shape != t.shape:
            raise InputError(f"{layer}.{variable}: one value per time, got {value.shape} values for {t.shape} times")
        self._append_columns(values_table(layer, variable), (t, unit, value))

    def stimulus(
        self,
        *,
        stim: int,
        t_start: int,
        t_end: int,
        label: int = -1,
        prediction: int = -1,
        correct: bool | None = None,
        loss: float | None = None,
        latency: float | None = None,
        split: str = "train",
        epoch: int = 0,
        source: int = -1,
    ) -> None:
        """Append a stimulus shown from tick `t_start` up to, and without, `t_end`.

        `label`, `prediction` and `source` (its place in the data set) are -1 where there is none; `latency` is in
        seconds after its start.
        """
        known = None if correct is None else bool(correct)
        measured = (None if loss is None else float(loss), None if latency is None else float(latency))
        numbers = (int(stim), int(t_start), int(t_end), int(label), int(prediction))
        self._append("stimuli", 1, pack_row((*numbers, known, *measured, split, int(epoch), int(source))))

    def scalar(self, t: int, name: str, value: float) -> None:
        """Append one value of the time series `name` at tick `t`."""
        self._append("scalars", 1, pack_row((int(t), name, float(value))))

    def mark(self, t: int, name: str, text: str = "") -> None:
        """Append a mark (a checkpoint, a note) at tick `t`."""
        self._append("marks", 1, pack_row((int(t), name, text)))

    def weights(self, projection: str, t: int, stim: int, w: np.ndarray) -> None:
        """Append a snapshot of the weights w (n_pre, n_post) of `projection`, with their statistics.

        Those of a convolution may come as kernels (maps out, maps in, rows, columns).
        Errors: UnknownName, InputError for another shape.
        """
        w = self.header.projection(projection).matrix(np.asarray(w))
        table = f"weights/{projection}"
        number = self._snapshots.get(table, 0)
        self._snapshots[table] = number + 1
        name = layout.snapshot_name(number)
        self._check_open()
        save_snapshot(self.folder / table / name, w)
        with np.errstate(invalid="ignore"):  # the difference of two infinite weights
            known = (*statistics(w), zeros(w), changed(w, self._newest.get(table)))
        self._newest[table] = self.folder / table / name
        self._append(table, 1, pack_row((int(t), int(stim), name, *known)))

    def seal(self) -> int:
        """Seal everything appended so far and wait until the disk holds it.

        Return the position of the trace, to be kept with a checkpoint and given to `resume`.
        """
        self._check_open()
        return self._sealer.seal()

    def close(self) -> None:
        """Seal what is left and let go of the trace. An error that was raised before is not raised again."""
        if not self._open:
            return
        self._open = False
        try:
            if not self._sealer.reported:
                self._sealer.seal()
        finally:
            self._sealer.close()
            os.close(self._lock)

    def __enter__(self) -> TraceWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            self.close()
        except TraceError as trouble:
            if error is None:
                raise
            error.add_note(f"Closing the trace failed too: {trouble}")

    def _events(self, layer: str, t: np.ndarray, unit: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        size = self._sizes.get(layer)
        if size is None:
            raise UnknownName("layer", layer, self._sizes)
        t, unit = _whole("t", t, np.int64), _whole("unit", unit, np.int32)
        if t.ndim != 1 or t.shape != unit.shape:
            raise InputError(f"{layer}: t and unit are (N,) of one length, got {t.shape} and {unit.shape}")
        # As unsigned numbers, units below 0 are above every size: one look finds both.
        if len(unit) and unit.view(np.uint32).max() >= size:
            raise InputError(f"{layer} has units 0 to {size - 1}, got {unit.min()} to {unit.max()}")
        return t, unit

    def _append_columns(self, table: str, columns: tuple[np.ndarray, ...]) -> None:
        # Nearly always once; whole recordings become segments like others.
        for start in range(0, len(columns[0]), SEGMENT_ROWS):
            some = [np.ascontiguousarray(column[start : start + SEGMENT_ROWS]) for column in columns]
            # As they lie in memory: whoever appends waits for every copy.
            self._append(table, len(some[0]), pack_columns(len(some[0]), [one.data.cast("B") for one in some]))

    def _append(self, table: str, rows: int, frame: bytes) -> None:
        self._check_open()
        self._sealer.append(table, rows, frame)

    def _check_open(self) -> None:
        if not self._open:
            raise TraceError(f"the trace in {self.folder} is closed: nothing can be added to it")


def _stimuli(stim: int | np.ndarray, rows: int) -> np.ndarray:
    if not isinstance(stim, np.ndarray):
        if not -(1 << 31) <= int(stim) < 1 << 31:
            raise InputError(f"stimuli have numbers below 2^31, got {stim}")
        return np.full(rows, int(stim), np.int32)
    if stim.shape != (rows,):
        raise InputError(f"stim is one number, or one per spike, got {stim.shape} for {rows} spikes")
    return _whole("stim", stim, np.int32)


def _whole(name: str, numbers: np.ndarray, dtype: type[np.integer]) -> np.ndarray:
    given = np.asarray(numbers)
    if given.dtype.kind not in "iu" and given.size:
        raise InputError(f"{name} are whole numbers (times in ticks, not seconds), got {given.dtype}")
    if given.size and not np.can_cast(given.dtype, dtype):
        known = np.iinfo(dtype)
        if given.min() < known.min or given.max() > known.max:
            raise InputError(f"{name} are numbers from {known.min} to {known.max}, got {given.min()} to {given.max()}")
    return given.astype(dtype, copy=False)
