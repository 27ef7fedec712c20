"""Layers of which no single spikes are kept: a segment holds their numbers instead, by time and by stimulus.

Rows with a `width` tell how many spikes a group of units had in the `width` ticks from `t` on; groups and widths are
those of aggregates by time. Rows of width 0 tell how many spikes a unit had during stimulus `stim`, the last at `t`.
Each of the two adds up to the number of spikes. A window of time holds the bins that begin in it, and the stimuli whose
last spike it holds.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from spikesight.trace.aggregates import activity
from spikesight.trace.frames import Columns

_FULL: Final = 32
"""Groups that may each have spikes of their own in a bin. Of more groups, few do: time is told more finely instead."""


def counted(spikes: Columns, size: int) -> Columns:
    """Return the rows of a segment of counts for `spikes` (t, unit, stim) of a layer of `size` units."""
    by_time, by_stimulus = _by_time(spikes, size), _by_stimulus(spikes, size)
    return {name: np.concatenate([by_time[name], by_stimulus[name]]) for name in by_time}


def _by_time(spikes: Columns, size: int) -> Columns:
    t, groups = spikes["t"], activity.groups_of(size)
    width = activity.width_for(int(t.min()), int(t.max()), len(t), min(groups, _FULL))
    found = activity.counted(t, spikes["unit"], size, width)
    kept = (found["width"] == width) & (found["spikes"] > 0)
    # These rows belong to no stimulus; any of the segment's own keeps what the manifest says of it true.
    stim = np.full(np.count_nonzero(kept), spikes["stim"].min(), dtype=np.int32)
    return {
        "t": found["t"][kept],
        "width": found["width"][kept],
        "unit": found["grp"][kept],
        "stim": stim,
        "spikes": found["spikes"][kept],
    }


def _by_stimulus(spikes: Columns, size: int) -> Columns:
    keys = spikes["stim"].astype(np.int64) * size + spikes["unit"]
    found, place, number = np.unique(keys, return_inverse=True, return_counts=True)
    last = np.full(len(found), spikes["t"].min(), dtype=np.int64)
    np.maximum.at(last, place, spikes["t"])
    stim, unit = np.divmod(found, size)
    widths = np.zeros(len(found), dtype=np.int64)
    return {"t": last, "width": widths, "unit": unit.astype(np.int32), "stim": stim.astype(np.int32), "spikes": number}
