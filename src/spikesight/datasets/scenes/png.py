"""Colour pictures of 16 bits as PNG, in which DSEC keeps optical flow; Pillow knows them with 8 bits only."""

from __future__ import annotations

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError


def png(colours: NDArray[np.uint16]) -> bytes:
    """Return the file of a picture (H, W, 3).   Errors: InputError for another shape or type.

    Source: PNG specification, third edition; every row unfiltered.
    """
    if colours.dtype != np.uint16 or colours.ndim != 3 or colours.shape[2] != 3 or not colours.size:
        raise InputError(f"a picture in colours of 16 bits is (H, W, 3) of uint16, got {colours.dtype} {colours.shape}")
    height, width, _ = colours.shape
    rows = colours.astype(">u2").view(np.uint8).reshape(height, 6 * width)
    unfiltered = np.hstack([np.zeros((height, 1), np.uint8), rows])
    head = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(unfiltered.tobytes(), 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
