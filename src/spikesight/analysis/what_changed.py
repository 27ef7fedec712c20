"""What changed, when, and what else changed then: accuracy fell here, and this was different before.

Accuracy, loss and the activity of every layer are searched for changes (`change_points`, `silences`). Around each,
every other series of the trace is asked whether it changed too, more than it usually does (`contrast`); probabilities
allow for all series, places and widths tried. What changed before or at the same time comes first: a candidate for the
cause. It is no proof of one: what was not recorded cannot be named, and what came first need not be why.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from spikesight.analysis.change_points import Change, change_points
from spikesight.analysis.contrast import Contrast, contrast, false_discovery
from spikesight.analysis.silences import silent_periods
from spikesight.analysis.trace_series import (
    Series,
    View,
    activities,
    operations,
    others,
    outcomes,
    rates,
    seconds,
    synapses,
)
from spikesight.analysis.what_happened import Event, Finding, Mark
from spikesight.trace.grids import Grid
from spikesight.trace.reader import Trace

REACH = 8
"""Causes are looked for within four times the window that saw an event best, at most an eighth of the trace away."""

WITHIN_REACH = 16
"""A series is averaged to about so many values within reach, so that dense ones are not better than sparse ones."""

LEAST_EFFECT = 0.5
"""Activity always drifts a little; changes by less than half its usual spread are no events. Of accuracy, all are."""


def what_changed(trace: Trace, alpha: float = 0.01, most: int = 8) -> list[Event]:
    """Return what happened in a trace, at most `most` events: where it did worse first, then what is surest.

    `alpha` is the probability of any event in a series where nothing happens, and the share of findings that may be
    false. Costs a second or two at a hundred million spikes, where the trace has its aggregates.
    Errors: as the queries of `Trace`, InputError for an `alpha` that is not between 0 and 1.
    """
    active = activities(trace)
    everything = [*outcomes(trace), *rates(trace, active), *operations(trace), *synapses(trace), *others(trace)]
    # Of a scalar "accuracy" beside the answers to single stimuli, these are kept: they come first here.
    named = {one.name: one for one in reversed(everything) if len(one.t) > 1}
    everything = [one for one in everything if named.get(one.name) is one]
    told = [one for one in everything if one.better]
    told = [one for one in told if one.name in ("accuracy", "loss")] or told
    watched = [*told, *(one for one in everything if one.name.startswith("rate of "))]
    whole = max((one.t[-1] - one.t[0] for one in everything), default=0.0)
    events = [event for one in watched for event in changes_of(one, whole, alpha)]
    events += _silences(trace, active, whole, alpha)
    return [_marked(explain(event, everything, alpha), trace) for event in distinct(events)[:most]]


def changes_of(series: Series, whole: float, alpha: float = 0.01) -> Iterator[Event]:
    """Yield the changes of a series as events, in a trace that lasts `whole` seconds; those of activity if large."""
    for change in change_points(series.value, alpha):
        if series.better or abs(change.effect) >= LEAST_EFFECT:
            yield _event(series, change, whole)


def explain(event: Event, candidates: Sequence[Series], alpha: float = 0.01) -> Event:
    """Return `event` with those `candidates` that changed within its reach, the likeliest causes first.

    Its own series is not among them, nor is another measure of the same.
    """
    asked = [one for one in candidates if one.name != event.series and one.about != event.about]
    found = [(one, seen) for one in asked if (seen := _near(one, event)) is not None]
    shares = false_discovery(np.array([seen.p for _, (_, seen) in found] + [1.0] * (len(asked) - len(found))))
    findings = [
        _finding(event, one, grouped, seen, float(q))
        for (one, (grouped, seen)), q in zip(found, shares, strict=False)
        if q <= alpha
    ]
    findings.sort(key=lambda one: (one.order == "after", -abs(one.z)))
    return replace(event, findings=tuple(findings), asked=len(asked))


def distinct(events: Iterable[Event]) -> list[Event]:
    """Return the events worth telling, in that order: of several at the same time, the first of it.

    Doing worse comes first, then what changed without doing better or worse, then doing better; among each what chance
    explains least: what is large, or lasts, or both.
    """
    rank = {-1: 0, 0: 1, 1: 2}
    ordered = sorted(events, key=lambda one: (rank[one.better], one.p, -abs(one.effect), one.t))
    kept: list[Event] = []
    for event in ordered:
        if all(abs(event.t - one.t) > event.uncertain + one.uncertain for one in kept):
            kept.append(event)
    return kept


def _event(series: Series, change: Change, whole: float) -> Event:
    interval = series.interval
    ends = np.append(series.t, series.t[-1] + interval)
    # Where two means differ by d standard deviations, some values over 1 / d^2 are needed to tell on which side one is.
    uncertain = interval * (1.0 + min(change.scale, 4.0 / change.effect**2))
    return Event(
        series=series.name,
        about=series.about,
        unit=series.unit,
        percent=series.percent,
        kind=change.kind,
        better=series.better * (1 if change.difference > 0.0 else -1),
        t=float(ends[change.start]),
        end=float(ends[change.end]),
        uncertain=uncertain,
        reach=min(4.0 * change.scale * interval, whole / REACH),
        before=change.before,
        during=change.during,
        effect=change.effect,
        p=change.p,
        comparisons=change.comparisons,
        view=_at(series.view, float(ends[change.start]), float(ends[change.end])),
    )


def _silences(
    trace: Trace, active: Mapping[str, tuple[Grid, NDArray[np.int64]]], whole: float, alpha: float
) -> Iterator[Event]:
    for name, (grid, counts) in active.items():
        layer = trace.header.layer(name)
        width, starts = grid.width * trace.header.tick, seconds(trace, grid)
        for one in silent_periods(counts, alpha):
            t, length = float(starts[one.start]), (one.end - one.start) * width
            usual = one.expected / (length * layer.size)
            yield Event(
                series=f"rate of {layer.name}",
                about=f"activity of {layer.name}",
                unit="Hz",
                percent=False,
                kind="silence",
                better=0,
                t=t,
                end=t + length,
                uncertain=width,
                reach=min(4.0 * length, whole / REACH),
                before=usual,
                during=0.0,
                effect=-math.inf,
                p=one.p,
                comparisons=one.comparisons,
                view=_at(View("raster", {"layer": layer.name}), t, t + length),
            )


def _near(series: Series, event: Event) -> tuple[Series, Contrast] | None:
    """Return the series as it was compared, and its most unusual change within reach of the event."""
    reach = max(event.reach, 2.0 * series.interval)
    group = max(1, int(reach / (series.interval * WITHIN_REACH))) if series.interval else 1
    if len(series.t) < 2 * group:
        return None
    whole = len(series.t) // group * group
    grouped = replace(series, t=series.t[:whole:group], value=series.value[:whole].reshape(-1, group).mean(axis=1))
    first, last = np.searchsorted(grouped.t, (event.t - reach, event.t + reach), side="left")
    found = contrast(grouped.value, (int(first), int(last)), WITHIN_REACH)
    return None if found is None else (grouped, found)


def _finding(event: Event, series: Series, grouped: Series, seen: Contrast, q: float) -> Finding:
    t = float(grouped.t[min(seen.at, len(grouped.t) - 1)])
    apart = seen.width * grouped.interval
    return Finding(
        series=series.name,
        unit=series.unit,
        percent=series.percent,
        t=t,
        lead=event.t - t,
        uncertain=event.uncertain + grouped.interval,
        before=seen.before,
        after=seen.after,
        z=seen.z,
        p=seen.p,
        q=q,
        comparisons=seen.comparisons,
        view=_at(series.view, t - apart, t + apart, t),
    )


def _at(view: View, t0: float, t1: float, at: float | None = None) -> View:
    return View(view.name, {**view.parameters, "t0": max(0.0, t0), "t1": t1, "at": t0 if at is None else at})


def _marked(event: Event, trace: Trace) -> Event:
    """Return `event` with the marks within its reach, the nearest first."""
    marks = trace.marks()
    near = [
        Mark(float(t), str(name), str(text), event.t - float(t))
        for t, name, text in zip(marks["t"], marks["name"], marks["text"], strict=True)
        if abs(event.t - t) <= event.reach
    ]
    return replace(event, marks=tuple(sorted(near, key=lambda one: abs(one.lead))))
