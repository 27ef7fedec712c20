"""Snapshots of weights, as several views need them: the one at the cursor, a few through the run, what changed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.trace.schema import Projection

NEVER = 1e12
MOST_SNAPSHOTS = 64
"""So many snapshots through the run are read to see how weights moved; of more, some evenly apart."""


@dataclass(frozen=True)
class History:
    """The weights that come in at every post unit, at K snapshots.

    t (K,) seconds; mean, std, low, high, zeros, change (K, n_post) float32: zeros is the share of weights that are
    exactly zero, change the mean absolute change since the snapshot before, NaN at the first.
    """

    t: np.ndarray
    mean: np.ndarray
    std: np.ndarray
    low: np.ndarray
    high: np.ndarray
    zeros: np.ndarray
    change: np.ndarray


def recorded(run: OpenRun, query: Query) -> tuple[Projection, dict[str, np.ndarray]]:
    """Return the projection that `query` asks for, and what is known of its snapshots without reading any weights.

    Errors: UnknownName; Empty where its weights were not recorded.
    """
    projection = run.asked_projection(query)
    if projection.kernel and projection.kernel.pools:
        raise Empty(f"{projection.name} has no weights: it takes the earliest spike of each map of {projection.pre}.")
    if f"weights/{projection.name}" not in run.trace.tables:
        probe = f'Probe("{projection.name}.w", every=250)'
        how = run.advice(f"A probe such as {probe} records them.")
        raise Empty(f"No weights of {projection.name} were recorded.{how}")
    return projection, run.trace.snapshots(projection.name)


def weights(run: OpenRun, projection: Projection, snapshot: int) -> np.ndarray:
    """Return the weights of `projection` at a snapshot, (n_pre, n_post) float32.

    Errors: Empty where the file holds weights of another shape; TraceError where it is gone or damaged.
    """
    w = run.trace.weights(projection.name, snapshot)
    if w.shape != projection.shape:
        raise Empty(
            f"Snapshot {snapshot} of {projection.name} holds weights of shape {w.shape}, not {projection.shape}."
        )
    return w


def at_cursor(run: OpenRun, t: np.ndarray, query: Query) -> tuple[int, list[float]]:
    """Return the newest of the snapshots taken at `t` (K,) by the cursor, before the first the first, and its stretch.

    The stretch is (seconds from, to) in which it is the newest.
    """
    place = max(0, int(np.searchsorted(t, run.moment(query), side="right")) - 1)
    start = float(t[place]) if place else -NEVER
    return place, [start, float(t[place + 1]) if place + 1 < len(t) else NEVER]


def spread(count: int, most: int) -> np.ndarray:
    """Return at most `most` of the places 0 to `count` - 1, evenly apart, the first and the last among them."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(np.int64))


def picture_shape(text: str, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the shape that `text` such as "28x28" gives to the inputs of a field; `shape` itself for ''.

    Errors: Empty where `text` is no such shape, or has another number of units than `shape`.
    """
    if not text:
        return shape
    sides = text.lower().replace("×", "x").split("x")
    if not 2 <= len(sides) <= 3 or not all(side.strip().isdecimal() and len(side) < 8 for side in sides):
        raise Empty(f"A shape is written as height x width, such as 28x28; got '{text[:40]}'.")
    asked = tuple(int(side) for side in sides)
    if np.prod(asked, dtype=np.int64) != np.prod(shape, dtype=np.int64):
        units, points = (int(np.prod(sides, dtype=np.int64)) for sides in (shape, asked))
        raise Empty(f"The input has {units} units, a picture of {text[:40]} has {points} points.")
    return asked


def field_shape(run: OpenRun, projection: Projection, text: str) -> tuple[int, ...]:
    """Return how the weights into a unit lie: as the inputs, or as `text` says; those into a map as its kernel.

    Errors: as `picture_shape`.
    """
    return projection.kernel.shape if projection.kernel else picture_shape(text, run.layer(projection.pre).shape)


def shades(values: np.ndarray, top: float | None = None) -> tuple[np.ndarray, float, bool]:
    """Return `values` as uint8 steps, the value of full strength (given, or found), and whether they have a sign.

    Without negative values step 255 is `top` and 0 nothing; with them step 128 is nothing, 255 is `top`, 1 is -`top`.
    What is not a number is nothing.
    """
    values = np.nan_to_num(values, posinf=np.inf, neginf=-np.inf)
    signed = bool((values < 0).any())
    top = top or brightest(values)
    scaled = np.clip(values / top, -1.0, 1.0)
    steps = np.rint(128.0 + 127.0 * scaled) if signed else np.rint(255.0 * scaled)
    return steps.astype(np.uint8), top, signed


def brightest(values: np.ndarray) -> float:
    """Return what full strength stands for: all but the strongest half per cent lie below it."""
    sizes = np.abs(values[np.isfinite(values)])
    if not sizes.size:
        return 1.0
    return float(np.quantile(sizes, 0.995)) or float(sizes.max()) or 1.0


def history(run: OpenRun, projection: Projection) -> History:
    """Return how the weights of `projection` moved through the run."""
    return run.remembered(("history", projection.name), lambda: _history(run, projection))


def _history(run: OpenRun, projection: Projection) -> History:
    t = np.asarray(run.trace.snapshots(projection.name)["t"])
    places = spread(len(t), MOST_SNAPSHOTS)
    rows: dict[str, list[np.ndarray]] = {name: [] for name in ("mean", "std", "low", "high", "zeros", "change")}
    before: np.ndarray | None = None
    for place in places:
        w = weights(run, projection, int(place))
        rows["mean"].append(w.mean(axis=0))
        rows["std"].append(w.std(axis=0))
        rows["low"].append(w.min(axis=0))
        rows["high"].append(w.max(axis=0))
        rows["zeros"].append((w == 0).mean(axis=0))
        rows["change"].append(np.full(w.shape[1], np.nan) if before is None else np.abs(w - before).mean(axis=0))
        before = w
    return History(t[places], **{name: np.array(row, dtype=np.float32) for name, row in rows.items()})
