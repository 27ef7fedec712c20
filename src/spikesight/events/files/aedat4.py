"""AEDAT 4 of iniVation's DV, by the package `aedat`: events, frames, motion and triggers, in streams with numbers.

Packets are walked through here too: what cannot lie within the file never reaches the package, and an error names the
byte of its packet.
"""

from __future__ import annotations

import contextlib
import struct
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np

from spikesight.base.optional import require
from spikesight.events.files.format import Columns, Likeness, Reading
from spikesight.events.files.packets import STANDARD_GRAVITY
from spikesight.events.files.regroup import regrouped
from spikesight.events.files.source import Source
from spikesight.events.recording import Frame, Inertial, Triggers

MAGIC: Final = b"#!AER-DAT4.0\r\n"
_PACKET_HEAD = 8
_DESCRIPTION = 8
"""Where the table of the head says which field is the text that describes the streams."""
_RISING = (1, 3, 4, 6, 8)


@dataclass(frozen=True)
class Aedat4:
    """Events of the stream with number `stream`, as `aedat` tells them; of the first where nothing is said."""

    stream: int | None = None

    name: ClassVar[str] = "aedat4"
    title: ClassVar[str] = "AEDAT 4 of DV"
    suffixes: ClassVar[tuple[str, ...]] = (".aedat4",)

    def sniff(self, source: Source) -> Likeness:
        """Yes, where the first line says so."""
        return Likeness.YES if source.beginning.startswith(MAGIC) else Likeness.NO

    def open(self, source: Source) -> Reading:
        """Begin to read.

        Errors: EventFileError where the head is damaged or has no such stream; MissingExtra without `aedat`.
        """
        with _on_disk(source) as path:
            streams = _decoder(source, path).id_to_stream()
        known = {int(k): one for k, one in sorted(streams.items()) if one["type"] == "events"}
        chosen = min(known, default=None) if self.stream is None else self.stream
        if chosen not in known:
            raise source.damaged(len(MAGIC), f"no stream of events {chosen}: there are {list(known) or 'none'}")
        size = known[chosen]["width"], known[chosen]["height"]
        reading = _Reading(source, chosen, *(size if min(size) > 0 else (None, None)))
        if self.stream is None and len(known) > 1:
            reading.note(f"streams {list(known)[1:]} of events are not read: Aedat4(stream=...) reads one of them")
        return reading


class _Reading(Reading):
    def __init__(self, source: Source, stream: int, width: int | None, height: int | None) -> None:
        super().__init__(source, "AEDAT4", width, height)
        self._stream = stream

    def pieces(self, events: int) -> Iterator[Columns]:
        with _on_disk(self.source) as path:
            yield from regrouped(self._parts(_decoder(self.source, path)), events)

    def _parts(self, decoder: Any) -> Iterator[Columns]:
        for at in self._packets():
            try:
                packet = next(decoder)
            except StopIteration:
                return
            except BaseException as error:
                raise _answer(self.source, at, error) from error
            if "events" in packet and packet["stream_id"] == self._stream:
                yield self._events(packet["events"], at)
            elif "triggers" in packet:
                self.beside.triggers.append(_triggers(packet["triggers"]))
            elif "imus" in packet:
                self.beside.inertial.append(_inertial(packet["imus"]))
            elif "frame" in packet:
                told = packet["frame"]
                self.beside.frames.append(Frame(int(told["exposure_begin_t"]), told["pixels"]))

    def _packets(self) -> Iterator[int]:
        """The first byte of each packet that lies within the file."""
        with self.source.open() as file:
            head = file.read(len(MAGIC) + 4)
            at = len(head) + int.from_bytes(head[-4:], "little")
            end = self._table(file.read(at - len(head)))
            while at < end:
                file.seek(at)
                size = int.from_bytes(file.read(_PACKET_HEAD)[4:], "little")
                if at + _PACKET_HEAD + size > end:
                    return self.cut_off(at, f"a packet of {size} bytes, {max(0, end - at - _PACKET_HEAD)} are left")
                yield at
                at += _PACKET_HEAD + size

    def _table(self, header: bytes) -> int:
        """Where packets end: at the table of the file, the second field of the head; at its end where there is none."""
        size = self.source.size
        root = int.from_bytes(header[:4], "little")
        table = root - int.from_bytes(header[root : root + 4], "little", signed=True)
        field = int.from_bytes(header[table + 6 : table + 8], "little") if table >= 0 else 0
        position = int.from_bytes(header[root + field : root + field + 8], "little", signed=True) if field else -1
        return position if 0 < position <= size else size

    def _events(self, rows: Any, at: int) -> Columns:
        columns = Columns(
            rows["t"].astype(np.int64),
            rows["x"].astype(np.uint16),
            rows["y"].astype(np.uint16),
            rows["on"].astype(bool),
        )
        for values, size, axis in ((columns.x, self.width, "x"), (columns.y, self.height, "y")):
            if size is not None and len(values) and values.max() >= size:
                raise self.source.damaged(
                    at, f"a sensor of {self.width} x {self.height} pixels has no {axis} = {values.max()}"
                )
        return columns


def _triggers(rows: Any) -> Triggers:
    """All triggers; `source` is their kind as DV numbers it, some of them begins: of a signal, frame, exposure."""
    source = rows["source"].astype(np.int64)
    return Triggers(rows["t"].astype(np.int64), source, np.isin(source, _RISING))


def _inertial(rows: Any) -> Inertial:
    """In SI units: the file has g and degrees a second."""
    acceleration = np.stack([rows[f"accelerometer_{axis}"] for axis in "xyz"], 1).astype(np.float64)
    rotation = np.stack([rows[f"gyroscope_{axis}"] for axis in "xyz"], 1).astype(np.float64)
    return Inertial(
        rows["t"].astype(np.int64),
        acceleration * STANDARD_GRAVITY,
        np.deg2rad(rotation),
        rows["temperature"].astype(np.float64),
    )


@contextlib.contextmanager
def _on_disk(source: Source) -> Iterator[Path]:
    """The package takes a path: bytes at hand are written to a file for as long."""
    if source.path is not None:
        yield source.path
        return
    with tempfile.NamedTemporaryFile(suffix=".aedat4") as file:
        file.write(source.data)
        file.flush()
        yield Path(file.name)


def _decoder(source: Source, path: Path) -> Any:
    aedat = require("aedat", "events")
    head = source.beginning[: len(MAGIC) + 4]
    size = int.from_bytes(head[len(MAGIC) :], "little")
    if not head.startswith(MAGIC) or len(head) + size > source.size:
        raise source.damaged(len(MAGIC), f"a head of {size} bytes does not fit into a file of {source.size}")
    with source.open() as file:
        _check_description(source, file.read(len(head) + size)[len(head) :])
    try:
        return aedat.Decoder(str(path))
    except BaseException as error:
        raise _answer(source, len(MAGIC), error) from error


def _check_description(source: Source, header: bytes) -> None:
    """Check the text that describes the streams: where it is no text, the package ends the process as it complains."""
    try:
        (root,) = struct.unpack_from("<I", header)
        (back,) = struct.unpack_from("<i", header, root)
        (field,) = struct.unpack_from("<H", header, _inside(root - back, header) + _DESCRIPTION)
        (forward,) = struct.unpack_from("<I", header, root + field)
        (length,) = struct.unpack_from("<I", header, root + field + forward)
        first = root + field + forward + 4
        header[first : first + length].decode()
    except (struct.error, UnicodeDecodeError) as error:
        raise source.damaged(len(MAGIC), f"the head does not describe its streams in words ({error})") from error


def _inside(offset: int, data: bytes) -> int:
    if not 0 <= offset <= len(data):
        raise struct.error(f"offset {offset} in {len(data)} bytes")
    return offset


def _answer(source: Source, at: int, error: BaseException) -> BaseException:
    """What the package says is turned into an answer, its panics too; an interrupt stays one."""
    panic = type(error).__name__ == "PanicException"
    return source.damaged(at, str(error)) if panic or isinstance(error, Exception) else error
