"""Stimuli and the classes of units: what several views need."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spikesight.analysis import earliness, mean_responses, preferred_class
from spikesight.base.errors import RunError
from spikesight.studio.open_run import Empty, OpenRun

STIMULI_FOR_CLASSES = 2000
"""So many of the newest stimuli are looked at where the run has not stored which class its units stand for."""


@dataclass(frozen=True)
class Stimuli:
    """All stimuli so far, in order. Times in seconds; label and prediction -1 for none; correct 1, 0, -1 unknown."""

    stim: np.ndarray
    t_start: np.ndarray
    t_end: np.ndarray
    label: np.ndarray
    prediction: np.ndarray
    correct: np.ndarray

    def __len__(self) -> int:
        return len(self.stim)

    def at(self, seconds: float) -> int:
        """Return the place of the stimulus shown at `seconds`; the last one before where none was."""
        return max(0, int(np.searchsorted(self.t_start, seconds, side="right")) - 1)

    def middle(self, places: np.ndarray) -> np.ndarray:
        """Return the middles of the stimuli at `places`: moments at which they are surely at the cursor."""
        middles: np.ndarray = (self.t_start[places] + self.t_end[places]) / 2
        return middles

    def within(self, t0: float, t1: float) -> slice:
        """Return the places of the stimuli that overlap t0 <= t < t1."""
        first = int(np.searchsorted(self.t_end, t0, side="right"))
        return slice(first, max(first, int(np.searchsorted(self.t_start, t1, side="left"))))


@dataclass(frozen=True)
class Classes:
    """Which class every unit of `layer` stands for (units,), -1 for none, and how that is known."""

    layer: str
    of_unit: np.ndarray
    count: int
    source: str


def stimuli(run: OpenRun) -> Stimuli:
    """Return the stimuli of the run. Errors: Empty where none was recorded."""
    return run.remembered("stimuli", lambda: _stimuli(run))


def _stimuli(run: OpenRun) -> Stimuli:
    table = run.trace.stimuli()
    if not len(table["stim"]):
        going_on = run.run.status() == "running"
        raise Empty("No stimulus has been shown yet." if going_on else "No stimulus was recorded in this run.")
    order = np.argsort(table["t_start"], kind="stable")
    return Stimuli(
        stim=table["stim"][order],
        t_start=table["t_start"][order],
        t_end=table["t_end"][order],
        label=table["label"][order],
        prediction=table["prediction"][order],
        correct=_known(table["correct"])[order],
    )


def _known(correct: np.ndarray) -> np.ndarray:
    """Return yes, no and unknown as int32 1, 0 and -1."""
    return np.ma.filled(np.ma.asarray(correct).astype(np.int32), -1)


def fires_once(run: OpenRun, layer: str) -> bool:
    """Return whether units of `layer` spike once a stimulus at most (`analysis.earliness`)."""
    return run.remembered(("fires once", layer), lambda: earliness.fires_once(run.trace, layer))


def answers(run: OpenRun, layer: str, stim: tuple[int, int]) -> np.ndarray:
    """Return how often, or where `fires_once` how early, units spiked during some stimuli: (stimuli, units)."""
    return earliness.answers(run.trace, layer, stim, fires_once(run, layer))


def number_of_classes(run: OpenRun) -> int:
    """Return how many classes there are: one more than the highest label shown."""
    return int(stimuli(run).label.max()) + 1


def class_name(run: OpenRun, index: int) -> str:
    """Return what the run calls the class `index`: its number where it gives no names."""
    names = run.trace.header.classes
    return names[index] if index < len(names) else str(index)


def classes(run: OpenRun) -> Classes:
    """Return which class every readout unit stands for: as the run has stored it, else from its newest responses.

    Where units spike once at most, by what was answered when a unit was the first. While the run goes on, what it
    stored is as old as its last checkpoint. Errors: Empty where none of it is possible.
    """
    return run.remembered("classes", lambda: _stored_classes(run) or _deciding_classes(run) or _computed_classes(run))


def _stored_classes(run: OpenRun) -> Classes | None:
    if run.run.status() == "running":
        return None
    try:
        of_unit = run.run.load_weights()[0]["assignment"]
    except (RunError, OSError, KeyError):
        return None
    layer = run.readout()
    if of_unit.shape != (layer.size,) or of_unit.max() < 0:
        return None
    count = max(number_of_classes(run), int(of_unit.max()) + 1)
    return Classes(layer.name, of_unit.astype(np.int32), count, "Classes as the run has assigned them.")


def _deciding_classes(run: OpenRun) -> Classes | None:
    """The answer that was given most often when a unit was the first of the readout, alone; None without answers."""
    layer, shown = run.readout(), stimuli(run)
    if not fires_once(run, layer.name) or shown.prediction.max() < 0:
        return None
    last = int(shown.stim[-1])
    first = max(int(shown.stim[0]), last + 1 - STIMULI_FOR_CLASSES)
    early = answers(run, layer.name, (first, last + 1))
    answered = np.full(len(early), -1)
    recent = shown.stim >= first
    answered[shown.stim[recent] - first] = shown.prediction[recent]
    leads = early.max(axis=1, keepdims=True)
    alone = ((early == leads) & (leads > 0)).sum(axis=1) == 1
    decided = np.flatnonzero(alone & (answered >= 0))
    count = max(number_of_classes(run), int(answered.max()) + 1)
    times = np.zeros((layer.size, count))
    np.add.at(times, (early[decided].argmax(axis=1), answered[decided]), 1)
    of_unit = np.where(times.any(axis=1), times.argmax(axis=1), -1).astype(np.int32)
    source = f"What was answered when the unit was first, over the newest {len(early)} stimuli."
    return Classes(layer.name, of_unit, count, source)


def _computed_classes(run: OpenRun) -> Classes:
    count = number_of_classes(run)
    if count == 0:
        raise Empty("The stimuli have no labels, so no neuron can stand for a class.")
    layer, shown = run.readout(), stimuli(run)
    last = int(shown.stim[-1])
    first = max(int(shown.stim[0]), last + 1 - STIMULI_FOR_CLASSES)
    counts = run.trace.spike_counts(layer.name, (first, last + 1))
    labels = np.full(len(counts), -1)
    recent = shown.stim >= first
    labels[shown.stim[recent] - first] = shown.label[recent]
    of_unit = preferred_class(mean_responses(counts, labels, count)).astype(np.int32)
    source = f"Preferred class over the newest {len(counts)} stimuli."
    return Classes(layer.name, of_unit, count, source)
