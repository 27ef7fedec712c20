"""The classes of stimuli, as far as they are known while a trace is being written."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import numpy as np

from spikesight.trace import layout
from spikesight.trace.frames import Columns, join, unpack
from spikesight.trace.manifest import Segment
from spikesight.trace.segments import select

NO_CLASS: Final = -1
"""Of a stimulus without a label, or one that nothing is known of."""

_MOST: Final = 1 << 24


@dataclass(frozen=True)
class Labels:
    """Classes of the stimuli `first`, `first` + 1, ...: stimulus first + i has class classes[places[i]].

    `known` (N,) are the numbers, ascending, of those that have a row.
    """

    first: int
    places: np.ndarray
    classes: np.ndarray
    known: np.ndarray

    def known_in(self, span: tuple[int, int]) -> int:
        """Return how many of the stimuli span[0] to span[1] have a row."""
        return count_in(self.known, span)

    def place(self, stim: np.ndarray) -> np.ndarray:
        """Return the place in `classes` of the class of every stimulus in `stim` (N,)."""
        places: np.ndarray = self.places[stim - self.first]
        return places


def count_in(known: np.ndarray, span: tuple[int, int]) -> int:
    """Return how many of the ascending numbers `known` lie in span[0] to span[1]."""
    return int(np.searchsorted(known, span[1], "right") - np.searchsorted(known, span[0], "left"))


def newest_stimulus(folder: Path, stimuli: Sequence[Segment]) -> int:
    """Return the highest number in the `stimuli` segments and in their logs; -1 where there are none."""
    sealed = max((one.stim_last for one in stimuli if one.stim_last is not None), default=-1)
    return max(sealed, int(_logs(folder, stimuli)["stim"].max(initial=-1)))


def known_labels(
    connection: duckdb.DuckDBPyConnection, folder: Path, stimuli: Sequence[Segment], span: tuple[int, int]
) -> Labels | None:
    """Return the labels of stimuli span[0] to span[1] in the `stimuli` segments and in their logs.

    None where the span has too many stimuli to hold. Errors: TraceError where a file is gone or damaged.
    """
    first, last = span
    if last - first >= _MOST:
        return None
    files = [folder / one.file for one in stimuli if (one.stim_first or 0) <= last and (one.stim_last or 0) >= first]
    query = "SELECT stim, max(label) AS label FROM rows WHERE stim BETWEEN $first AND $last GROUP BY stim ORDER BY stim"
    tail = _logs(folder, stimuli)
    found = select(connection, "stimuli", files, tail, query, {"first": first, "last": last})
    label = np.maximum(found["label"], NO_CLASS)
    classes = np.union1d(label, [NO_CLASS])
    places = np.full(last - first + 1, np.searchsorted(classes, NO_CLASS), dtype=np.int64)
    places[found["stim"].astype(np.int64) - first] = np.searchsorted(classes, label)
    return Labels(first, places, classes, found["stim"].astype(np.int64))


def _logs(folder: Path, sealed: Sequence[Segment]) -> Columns:
    pieces, numbers = [], {one.number for one in sealed}
    for table, number, path in layout.tails(folder):
        if table == "stimuli" and number not in numbers:
            with suppress(FileNotFoundError):
                pieces.append(unpack(table, path.read_bytes())[0])
    return join("stimuli", pieces)
