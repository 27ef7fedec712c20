"""How an answer travels: as JSON for people and other programs, or as a small header and raw arrays for the page.

Binary layout: uint32 little-endian length of the header, the header (JSON, padded with spaces so that it ends at a
multiple of 8), then the arrays, each padded to a multiple of 8 bytes. In the header an array stands as
`{"$array": {"dtype", "shape", "offset"}}`, its offset counted from the end of the header.
"""

from __future__ import annotations

import json
import math
import struct
from typing import Any

import numpy as np

ALIGNMENT = 8
WIRE_TYPES = ("uint8", "uint16", "uint32", "int32", "float32", "float64")


def to_json(answer: Any) -> bytes:
    """Return `answer`, a tree of dictionaries, lists, plain values and arrays, as JSON; NaN and infinity are null."""
    return json.dumps(_plain(answer), allow_nan=False, separators=(",", ":")).encode()


def to_binary(answer: Any) -> bytes:
    """Return `answer` in the binary layout. Errors: TypeError for an array of a type that JavaScript has no view of."""
    arrays: list[bytes] = []
    header = json.dumps(_referenced(answer, arrays), allow_nan=False, separators=(",", ":")).encode()
    header += b" " * (-(4 + len(header)) % ALIGNMENT)
    return b"".join([struct.pack("<I", len(header)), header, *arrays])


def _plain(node: Any) -> Any:
    if isinstance(node, dict):
        return {str(name): _plain(value) for name, value in node.items()}
    if isinstance(node, list | tuple):
        return [_plain(value) for value in node]
    if isinstance(node, np.ndarray):
        return _finite(node) if node.dtype.kind == "f" else node.tolist()
    if isinstance(node, np.generic):
        node = node.item()
    if isinstance(node, float) and not math.isfinite(node):
        return None
    return node


def _finite(array: np.ndarray) -> Any:
    if np.isfinite(array).all():
        return array.tolist()
    plain = array.astype(object)
    plain[~np.isfinite(array)] = None
    return plain.tolist()


def _referenced(node: Any, arrays: list[bytes]) -> Any:
    if isinstance(node, dict):
        return {str(name): _referenced(value, arrays) for name, value in node.items()}
    if isinstance(node, list | tuple):
        return [_referenced(value, arrays) for value in node]
    if isinstance(node, np.ndarray):
        return _reference(node, arrays)
    return _plain(node)


def _reference(array: np.ndarray, arrays: list[bytes]) -> dict[str, Any]:
    if array.dtype.name not in WIRE_TYPES:
        raise TypeError(f"arrays travel as {', '.join(WIRE_TYPES)}, got {array.dtype.name}")
    offset = sum(map(len, arrays))
    raw = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<")).tobytes()
    arrays.append(raw + b"\0" * (-len(raw) % ALIGNMENT))
    return {"$array": {"dtype": array.dtype.name, "shape": list(array.shape), "offset": offset}}
