"""The 5-byte records of N-TIDIGITS, spikes of a silicon cochlea: 16 bits of channel, a 1, and 23 bits of microseconds.

A file has no head and no polarity: a spike is an ON event of a sensor of 64 x 1 channels.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.events.files.format import Columns, Likeness, Reading
from spikesight.events.files.source import Source
from spikesight.events.stream import EventStream

RECORD = 5
LARGEST = (1 << 23) - 1
"""The latest time that a record has room for, in microseconds."""
_MARK = 0x80


@dataclass(frozen=True)
class NTidigits:
    """Files of a cochlea of `channels` channels.

    Source: Anumula et al., Feature representations for neuromorphic audio spike streams, 2018.
    """

    channels: int = 64

    name: ClassVar[str] = "n-tidigits"
    title: ClassVar[str] = "N-TIDIGITS records of 5 bytes, of a cochlea"
    suffixes: ClassVar[tuple[str, ...]] = (".bs1",)

    def sniff(self, source: Source) -> Likeness:
        """Perhaps, where the first records have the bit that is always 1 and a channel that there is."""
        head = np.frombuffer(source.beginning, np.uint8)
        records = head[: len(head) - len(head) % RECORD].reshape(-1, RECORD)
        return Likeness.PERHAPS if len(records) and self._wrong(records) is None else Likeness.NO

    def open(self, source: Source) -> Reading:
        """Begin to read."""
        return _Reading(source, self)

    def write(self, path: Path, pieces: Iterator[EventStream], width: int, height: int) -> None:
        """Write spikes.   Errors: InputError for OFF events, other sensors, times beyond 8.388607 s; OSError."""
        if height != 1 or width > self.channels:
            raise InputError(
                f"N-TIDIGITS files have {self.channels} x 1 channels, these events have {width} x {height}"
            )
        with path.open("wb") as file:
            for piece in pieces:
                file.write(_encoded(piece).tobytes())

    def _wrong(self, records: NDArray[np.uint8]) -> int | None:
        """The number of the first record that cannot be one."""
        channel = records[:, 0].astype(np.int64) << 8 | records[:, 1]
        wrong = (channel >= self.channels) | (records[:, 2] < _MARK)
        return int(wrong.argmax()) if wrong.any() else None


class _Reading(Reading):
    def __init__(self, source: Source, form: NTidigits) -> None:
        super().__init__(source, "N-TIDIGITS 40-bit", form.channels, 1)
        self._form = form

    def pieces(self, events: int) -> Iterator[Columns]:
        offset = 0
        for block in self.source.blocks(0, RECORD, events):
            records = block.reshape(-1, RECORD)
            wrong = self._form._wrong(records)
            if wrong is not None:
                raise self.source.damaged(
                    offset + RECORD * wrong,
                    f"a record is a channel below {self._form.channels}, a bit that is 1 and 23 bits of time, "
                    f"got {records[wrong].tobytes().hex(' ')}",
                )
            offset += len(block)
            yield _decoded(records)
        if offset < self.source.size:
            self.cut_off(offset, f"a record has {RECORD} bytes, and {self.source.size - offset} are left")


def _decoded(records: NDArray[np.uint8]) -> Columns:
    _, channel, high, middle, low = records.T.astype(np.int64)
    x = (records[:, 0].astype(np.uint16) << 8) | channel.astype(np.uint16)
    t = (high & 0x7F) << 16 | middle << 8 | low
    return Columns(t, x, np.zeros(len(t), np.uint16), np.ones(len(t), bool))


def _encoded(piece: EventStream) -> NDArray[np.uint8]:
    if not piece.p.all():
        raise InputError("N-TIDIGITS files have no polarity: every event is ON, but some of these are OFF")
    if len(piece) and (piece.t.min() < 0 or piece.t.max() > LARGEST):
        raise InputError(
            f"N-TIDIGITS files have room for times of 0 to {LARGEST} us, these are {piece.t.min()} to {piece.t.max()}: "
            "move them with `.later(...)`"
        )
    columns = (piece.x >> 8, piece.x & 0xFF, piece.t >> 16 | _MARK, piece.t >> 8 & 0xFF, piece.t & 0xFF)
    return np.stack([column.astype(np.uint8) for column in columns], 1)
