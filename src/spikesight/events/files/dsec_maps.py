"""What lies beside the events of DSEC: rectification maps, pictures of disparity and of flow, times of labels.

Pictures hold 16-bit numbers; those of flow have three of them per pixel, which Pillow does not read.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.atomic import write_bytes
from spikesight.base.errors import InputError
from spikesight.base.optional import require
from spikesight.events.files.hdf5 import Hdf5
from spikesight.events.files.source import Source
from spikesight.events.stream import EventStream

MAP = "rectify_map"
PER_PIXEL = 256.0
"""Steps of a pixel in a picture of disparity."""
FLOW_PER_PIXEL, FLOW_ZERO = 128.0, 1 << 15
LARGEST = 1 << 24
"""Pixels of a picture that is read."""


class Rectified(NamedTuple):
    """Where events lie in the rectified picture: `x` and `y` (N,), pixels and parts of them."""

    x: NDArray[np.float32]
    y: NDArray[np.float32]


def rectify_map(where: Path | str | bytes) -> NDArray[np.float32]:
    """Read a `rectify_map.h5`: (height, width, 2), the rectified x and y of each pixel.   Errors: EventFileError."""
    source = Source.of(where)
    with Hdf5(source) as file:
        table = file.table(MAP, 3, "f")
        if table.shape[2] != 2:
            raise source.damaged(table.offset, f"{MAP} is (height, width, 2), got {table.shape}")
        return table.all().astype(np.float32)


def rectified(events: EventStream, maps: NDArray[np.float32]) -> Rectified:
    """Return where the events lie in the rectified picture; some lie outside of it.

    Errors: InputError where the map (height, width, 2) is of another sensor.
    """
    if maps.shape != (events.height, events.width, 2):
        raise InputError(f"a map of this sensor has shape ({events.height}, {events.width}, 2), got {maps.shape}")
    x, y = maps[events.y, events.x].T
    return Rectified(x.astype(np.float32), y.astype(np.float32))


def disparity(where: Path | str | bytes) -> NDArray[np.float32]:
    """Read a picture of disparity: (height, width) pixels, NaN where none is known (0 in the file).

    Errors: EventFileError where it is no picture of one 16-bit number per pixel.
    """
    numbers = _numbers(Source.of(where), 1)[..., 0]
    return np.where(numbers == 0, np.float32(np.nan), numbers.astype(np.float32) / np.float32(PER_PIXEL))


def write_disparity(path: Path | str, pixels: NDArray[Any]) -> None:
    """Write disparity (height, width) in pixels, to the nearest 1/256; NaN is not known, and so is less than 1/512.

    Errors: InputError where it is below 0 or above 255.998; OSError.
    """
    known = np.isfinite(pixels)
    numbers = np.rint(np.where(known, pixels, 0.0) * PER_PIXEL)
    _write(Path(path), numbers[..., None], "disparity is 0 to 255.998 pixels")


class Flow(NamedTuple):
    """How pixels move: `u` and `v` (height, width) in pixels to the right and down, and where that is `valid`."""

    u: NDArray[np.float32]
    v: NDArray[np.float32]
    valid: NDArray[np.bool_]


def flow(where: Path | str | bytes) -> Flow:
    """Read a picture of flow.   Errors: EventFileError where it is no picture of three 16-bit numbers per pixel."""
    numbers = _numbers(Source.of(where), 3)
    u, v = ((numbers[..., k].astype(np.float32) - FLOW_ZERO) / np.float32(FLOW_PER_PIXEL) for k in (0, 1))
    return Flow(u, v, numbers[..., 2] != 0)


def write_flow(path: Path | str, moved: Flow) -> None:
    """Write flow, to the nearest 1/128 of a pixel; 0 where it is not valid.

    Errors: InputError where valid flow is beyond 255.99 pixels, or NaN; OSError.
    """
    parts = [np.where(moved.valid, part, 0.0) * FLOW_PER_PIXEL + FLOW_ZERO for part in (moved.u, moved.v)]
    numbers = np.stack([*parts, moved.valid.astype(np.float64)], -1)
    _write(Path(path), np.rint(numbers), "valid flow is -256 to 255.99 pixels")


def label_times(where: Path | str | bytes, t_offset: int = 0) -> NDArray[np.int64]:
    """Read the times of pictures of labels, a line each: (N,) absolute microseconds, less `t_offset`.

    Errors: EventFileError where a line is no whole number.
    """
    source, offset, times = Source.of(where), 0, []
    with source.open() as file:
        for line in file:
            if not line.strip().isdigit() or len(line) > 20:
                raise source.damaged(offset, f"a line is a time in microseconds, got {line[:40]!r}")
            times.append(int(line) - t_offset)
            offset += len(line)
    return np.array(times, np.int64)


def _numbers(source: Source, channels: int) -> NDArray[np.uint16]:
    """The 16-bit numbers of a PNG picture, (height, width, channels)."""
    png = require("png", "events")
    with source.open() as file:
        try:
            width, height, rows, facts = png.Reader(file=file).read()
            if facts["planes"] != channels or facts["bitdepth"] != 16 or width * height > LARGEST:
                kind = f"{facts['planes']} of {facts['bitdepth']} bits per pixel, {width} x {height}"
                raise source.damaged(0, f"expected a picture with {channels} of 16 bits per pixel, got {kind}")
            pixels = np.array([np.frombuffer(row, np.uint16) for row in rows])
            return pixels.reshape(height, width, channels)
        except InputError:
            raise
        except Exception as error:  # zlib, struct, and its own errors, by what is damaged
            raise source.damaged(0, f"this is no sound PNG picture: {error}") from error


def _write(path: Path, numbers: NDArray[np.float64], expected: str) -> None:
    png = require("png", "events")
    if not ((numbers >= 0) & (numbers < 1 << 16)).all():
        raise InputError(f"{expected}, and others are here")
    height, width, channels = numbers.shape
    writer = png.Writer(width, height, greyscale=channels == 1, bitdepth=16)
    file = io.BytesIO()
    writer.write(file, numbers.astype(np.uint16).reshape(height, -1))
    write_bytes(path, file.getvalue())
