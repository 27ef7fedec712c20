"""Spikes by the class of the stimulus that was shown, and in blocks of stimuli."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from spikesight.base.errors import InputError
from spikesight.trace.schema import Header
from spikesight.trace.source import Source


class ClassCounts(NamedTuple):
    """Spikes by class: classes (C,) int64 ascending, shown (C,) int64 stimuli of each, spikes (C, units) int64."""

    classes: np.ndarray
    shown: np.ndarray
    spikes: np.ndarray


class ClassBlocks(NamedTuple):
    """Spikes by class in K blocks of stimuli: t_start, t_end (K,) seconds, shown (K, C), spikes (K, C, units) int64.

    Column c stands for class `classes[c]`.
    """

    t_start: np.ndarray
    t_end: np.ndarray
    shown: np.ndarray
    spikes: np.ndarray
    classes: np.ndarray


class Shown(NamedTuple):
    """The stimuli of a trace in the order of their numbers, each once: all (N,); times in ticks, label -1 for none."""

    stim: np.ndarray
    label: np.ndarray
    t_start: np.ndarray
    t_end: np.ndarray


def shown(source: Source) -> Shown:
    """Return the stimuli that `source` has."""
    query = """SELECT stim, max(label) AS label, min(t_start) AS t_start, max(t_end) AS t_end FROM rows
               GROUP BY stim ORDER BY stim"""
    found = source.query("stimuli", query)
    return Shown(*(found[name].astype(np.int64) for name in Shown._fields))


def known_classes(header: Header, stimuli: Shown) -> np.ndarray:
    """Return the classes of a trace, ascending (C,) int64: those that have names, and those that were shown."""
    return np.union1d(np.arange(len(header.classes)), stimuli.label[stimuli.label >= 0]).astype(np.int64)


def times_shown(stimuli: Shown, classes: np.ndarray, every: int, first: int, stop: int) -> np.ndarray:
    """Return how many stimuli of each of `classes` there are with first <= number < stop, counting every `every`-th."""
    chosen = (stimuli.stim >= first) & (stimuli.stim < stop) & (stimuli.stim % every == 0)
    times: np.ndarray = (stimuli.label[chosen][:, None] == classes[None, :]).sum(axis=0, dtype=np.int64)
    return times


def stimulus_window(stim: tuple[int, int] | None, stimuli: Shown) -> tuple[int, int]:
    """Return `stim` as (first, stop) within the stimuli that there are.   Errors: InputError for first > stop."""
    ends = (int(stimuli.stim[0]), int(stimuli.stim[-1]) + 1) if len(stimuli.stim) else (0, 0)
    if stim is None:
        return ends
    if stim[1] < stim[0]:
        raise InputError(f"stimuli are given as (first, stop) with first <= stop, got {tuple(stim)}")
    first = min(max(int(stim[0]), ends[0]), ends[1])
    return first, max(first, min(int(stim[1]), ends[1]))
