"""Packets of AEDAT 3.1: a head of 28 bytes that says what follows, then events of equal size.

Source: the AEDAT 3.1 specification of iniVation.
"""

from __future__ import annotations

import struct
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.events.files.format import Columns
from spikesight.events.recording import Frame, Inertial, Triggers

HEAD: Final = np.dtype(
    [(name, "<u2") for name in ("kind", "source")]
    + [(name, "<u4") for name in ("size", "offset", "overflow", "capacity", "number", "valid")]
)
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
        """Read the 28 bytes."""
        return cls(*np.frombuffer(data, HEAD, 1)[0].tolist())

    def problem(self) -> str | None:
        """Say why this cannot be the head of a packet; None where it can."""
        if self.kind >= KINDS:
            return f"packets of kind {self.kind:#x} are not known (compressed files are not read)"
        if self.size < 1 or self.number > self.capacity or self.valid > self.number:
            return (
                f"a packet has room for its events, got size {self.size}, capacity {self.capacity}, number "
                f"{self.number}, valid {self.valid}"
            )
        if self.kind in SIZES and self.size != SIZES[self.kind]:
            return f"events of kind {self.kind} have {SIZES[self.kind]} bytes, got {self.size}"
        if self.kind == FRAME and self.size < FRAME_HEAD:
            return f"a picture has a head of {FRAME_HEAD} bytes, got {self.size}"
        return None


def events_of(head: Head, body: bytes, only_valid: bool = False) -> Columns:
    """Read changes of brightness; those marked invalid too, unless `only_valid`."""
    data, t = _words(head, body)
    kept = data & 1 == 1 if only_valid else slice(None)
    x, y, p = data >> 17, data >> 2 & 0x7FFF, data >> 1 & 1
    return Columns(t[kept], x[kept].astype(np.uint16), y[kept].astype(np.uint16), p[kept].astype(np.bool_))


def invalid_of(head: Head, body: bytes) -> int:
    """Return how many changes are marked invalid."""
    return int(np.count_nonzero(_words(head, body)[0] & 1 == 0))


def triggers_of(head: Head, body: bytes) -> Triggers:
    """Read the edges on the inputs from outside among special events."""
    data, t = _words(head, body)
    kind = (data >> 1 & 0x7F).astype(np.int64)
    inputs = {**RISING, **FALLING}
    edge = np.isin(kind, list(inputs))
    number = np.array([inputs[one] for one in kind[edge].tolist()], np.int64)
    return Triggers(t[edge], number, np.isin(kind[edge], list(RISING)))


def resets_of(head: Head, body: bytes) -> int:
    """Return how many special events say that the camera's clock was set to 0."""
    return int(np.count_nonzero(_words(head, body)[0] >> 1 & 0x7F == RESET))


def inertial_of(head: Head, body: bytes) -> Inertial:
    """Read samples of motion in SI units: the file has g and degrees a second. Magnetic fields are left out."""
    words = np.frombuffer(body, "<u4", head.number * head.size // 4).reshape(-1, head.size // 4)
    told = words[:, 2:9].view("<f4").astype(np.float64)
    t = _times(words[:, 1], head.overflow)
    return Inertial(t, told[:, :3] * STANDARD_GRAVITY, np.deg2rad(told[:, 3:6]), told[:, 6].copy())


def frames_of(head: Head, body: bytes) -> list[Frame]:
    """Read pictures, at the begin of their exposure; those larger than their place are left out."""
    found = (_frame(body[k * head.size : (k + 1) * head.size], head.overflow) for k in range(head.number))
    return [one for one in found if one is not None]


def _frame(event: bytes, overflow: int) -> Frame | None:
    words = struct.unpack_from("<9I", event)
    width, height, colours = words[5], words[6], max(1, words[0] >> 1 & 7)
    if not width * height or width * height * colours * 2 > len(event) - FRAME_HEAD:
        return None
    pixels = np.frombuffer(event, "<u2", width * height * colours, FRAME_HEAD).astype(np.uint16)
    shape = (height, width) if colours == 1 else (height, width, colours)
    return Frame((words[3] & (1 << CLOCK) - 1) + (overflow << CLOCK), pixels.reshape(shape))


def _words(head: Head, body: bytes) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The word and the time of each event of 8 bytes."""
    words = np.frombuffer(body, "<u4", 2 * head.number).reshape(-1, 2)
    return words[:, 0], _times(words[:, 1], head.overflow)


def _times(stamp: NDArray[np.uint32], overflow: int) -> NDArray[np.int64]:
    return (stamp & np.uint32((1 << CLOCK) - 1)).astype(np.int64) + (overflow << CLOCK)
