"""Packets of AEDAT 3.1: a head of 28 bytes that says what follows, then events of equal size.

Source: the AEDAT 3.1 specification of iniVation.
"""

from __future__ import annotations

import struct
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.events.files.format import Columns
from spikesight.events.recording import Frame, Inertial, Triggers

HEAD: Final = struct.Struct("<2H6I")
SPECIAL, POLARITY, FRAME, IMU6, IMU9 = range(5)
SIZES: Final = {SPECIAL: 8, POLARITY: 8, IMU6: 36, IMU9: 48}
"""Bytes of an event of each kind; those of frames are as large as the picture."""
FRAME_HEAD: Final = 36
KINDS: Final = 256
"""Kinds of packets are small numbers; the specification names a dozen."""
CLOCK: Final = 31
"""Bits of a time; what goes beyond is counted in the head."""
STANDARD_GRAVITY: Final = 9.80665
RISING: Final = {2: 0, 6: 1, 9: 2, 12: 3}
"""Special events that are rising edges, and the number of their input; 3 is the camera's own generator."""
FALLING: Final = {3: 0, 7: 1, 10: 2, 13: 3}
RESET: Final = 1


class Head(NamedTuple):
    """What a packet says of itself; see the specification."""

    kind: int
    source: int
    size: int
    offset: int
    overflow: int
    capacity: int
    number: int
    valid: int

    @classmethod
    def of(cls, data: bytes) -> Head:
        """Return the head in the first 28 bytes.   Errors: InputError where it cannot be one."""
        head = cls(*HEAD.unpack_from(data))
        if head.kind >= KINDS:
            raise InputError(f"packets of kind {head.kind:#x} are not known (compressed files are not read)")
        if head.size < 1 or head.number > head.capacity or head.valid > head.number:
            raise InputError(
                f"a packet has room for its events, got size {head.size}, capacity {head.capacity}, number "
                f"{head.number}, valid {head.valid}"
            )
        if head.kind in SIZES and head.size != SIZES[head.kind]:
            raise InputError(f"events of kind {head.kind} have {SIZES[head.kind]} bytes, got {head.size}")
        if head.kind == FRAME and head.size < FRAME_HEAD:
            raise InputError(f"a picture has a head of {FRAME_HEAD} bytes, got {head.size}")
        return head


def polarity(body: bytes, overflow: int, only_valid: bool) -> Columns:
    """Return the changes of brightness in 8-byte events; those marked invalid too, unless `only_valid`."""
    data, stamp = np.frombuffer(body, "<u4").reshape(-1, 2).T
    if only_valid:
        data, stamp = data[data & 1 == 1], stamp[data & 1 == 1]
    x, y = (data >> 17).astype(np.uint16), (data >> 2 & 0x7FFF).astype(np.uint16)
    return Columns(_times(stamp, overflow), x, y, (data >> 1 & 1).astype(np.bool_))


def special(body: bytes, overflow: int) -> tuple[Triggers, int]:
    """Return the edges on the inputs from outside, and how often the camera's clock was set to 0."""
    data, stamp = np.frombuffer(body, "<u4").reshape(-1, 2).T
    kind = (data >> 1 & 0x7F).astype(np.int64)
    inputs = {**RISING, **FALLING}
    edge = np.isin(kind, list(inputs))
    number = np.array([inputs[one] for one in kind[edge].tolist()], np.int64)
    rising = np.isin(kind[edge], list(RISING))
    return Triggers(_times(stamp[edge], overflow), number, rising), int(np.count_nonzero(kind == RESET))


def inertial(body: bytes, size: int, overflow: int) -> Inertial:
    """Return samples of the motion sensor in SI units: the file has g and degrees per second."""
    words = np.frombuffer(body, "<u4").reshape(-1, size // 4)
    told = words[:, 2:9].view("<f4").astype(np.float64)
    return Inertial(
        _times(words[:, 1], overflow), told[:, :3] * STANDARD_GRAVITY, np.deg2rad(told[:, 3:6]), told[:, 6].copy()
    )


def frame(body: bytes, overflow: int) -> Frame:
    """Return the picture of one frame event.   Errors: InputError where it is larger than the event."""
    words = struct.unpack_from("<9I", body)
    width, height, colours = words[5], words[6], max(1, words[0] >> 1 & 7)
    if not width * height or width * height * colours * 2 > len(body) - FRAME_HEAD:
        raise InputError(f"a picture of {width} x {height} x {colours} does not fit into {len(body)} bytes")
    pixels = np.frombuffer(body, "<u2", width * height * colours, FRAME_HEAD)
    shape = (height, width) if colours == 1 else (height, width, colours)
    return Frame((words[3] & (1 << CLOCK) - 1) + (overflow << CLOCK), pixels.reshape(shape).copy())


def _times(stamp: NDArray[np.uint32], overflow: int) -> NDArray[np.int64]:
    return (stamp & np.uint32((1 << CLOCK) - 1)).astype(np.int64) + (overflow << CLOCK)
