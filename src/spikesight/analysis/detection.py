"""How well a neuron that counts coincidences can detect repeating spatiotemporal patterns, and how well one did.

N afferents fire at a rate f. Patterns come again and again; every spike of a pattern is off by up to `jitter` either
way, uniformly. The detector is a leaky neuron with time constant tau, weights of 1 for the M afferents that fire within
a window of each pattern and of 0 for the others, no reset. Within the window it receives f N spikes a second instead of
f M.

Everything in spikes of weight 1, seconds and hertz. Source: Masquelier, Neuroscience 389 (2018) 133-140; Masquelier &
Kheradpisheh, Front. Comput. Neurosci. 12:74 (2018).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from spikesight.base.errors import InputError
from spikesight.equations.time_constants import check_positive


@dataclass(frozen=True)
class Task:
    """What is to be detected: `patterns` among `afferents` that fire at `rate` (hertz), with `jitter` (seconds)."""

    afferents: int = 10_000
    rate: float = 3.2
    patterns: int = 1
    jitter: float = 3.2e-3

    def __post_init__(self) -> None:
        if min(self.afferents, self.patterns) < 1 or not self.rate > 0.0 or not self.jitter >= 0.0:
            raise InputError(f"at least one afferent, one pattern, a rate above 0 and a jitter >= 0 are needed: {self}")


class Detection(NamedTuple):
    """What a detector sees: afferents selected, mean and sigma of its membrane, its peak, and their ratio."""

    selected: float
    mean: float
    sigma: float
    peak: float
    snr: float


class Optimum(NamedTuple):
    """The best time constant and window, in seconds, and what a detector with them sees."""

    tau: float
    window: float
    detection: Detection


def selected_afferents(task: Task, window: float) -> float:
    """Return M, how many afferents fire at least once in the windows of all patterns, on average."""
    return -task.afferents * math.expm1(-task.patterns * task.rate * window)


def noise(tau: float, rate: float, afferents: float) -> tuple[float, float]:
    """Return mean and sigma of a membrane that `afferents` Poisson processes of `rate` drive with spikes of 1.

    Source: Campbell's theorem: tau f M and sqrt(tau f M / 2).
    """
    mean = tau * rate * afferents
    return mean, math.sqrt(mean / 2.0)


def reach(tau: float, window: float, jitter: float) -> float:
    """Return v, how far towards its plateau (1) the membrane comes while the window passes.

    Without jitter the extra input is a rectangle and v = 1 - exp(-window / tau); with it, the same rectangle averaged
    over 2 jitter, a trapezium, and v is the highest value of its exponential average.
    Errors: InputError where times are not positive, or the jitter negative.
    """
    check_positive(tau=tau, window=window)
    if jitter == 0.0:
        return -math.expm1(-window / tau)
    if not jitter > 0.0:
        raise InputError(f"jitter is a time >= 0 in seconds, got {jitter}")
    spread = 2.0 * jitter
    edge = math.log(-math.expm1(-max(spread, window) / tau) + math.exp(-abs(spread - window) / tau))
    return min(1.0, window / spread) - tau / spread * edge


def detection(task: Task, tau: float, window: float) -> Detection:
    """Return what a detector with `tau` and `window` (seconds) sees.   Errors: as `reach`."""
    v = reach(tau, window, task.jitter)
    m = selected_afferents(task, window)
    mean, sigma = noise(tau, task.rate, m)
    peak = tau * task.rate * (m + v * (task.afferents - m))
    return Detection(m, mean, sigma, peak, (peak - mean) / sigma)


def optimum(task: Task) -> Optimum:
    """Return the time constant and the window with the largest signal-to-noise ratio.

    Errors: InputError without jitter: the best detector then has no memory at all (both go to 0, their ratio to 1.256,
    the signal-to-noise ratio to 0.638 sqrt(2 N)).
    """
    if task.jitter == 0.0:
        raise InputError("without jitter the best window and time constant are 0: give the patterns a jitter")
    start = np.log([3.0 * task.jitter, 3.0 * task.jitter])

    def lost(logs: NDArray[np.float64]) -> float:
        return -detection(task, *(float(value) for value in np.exp(logs))).snr

    found = minimize(lost, start, method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-10, "maxiter": 2000})
    tau, window = (float(value) for value in np.exp(found.x))
    return Optimum(tau, window, detection(task, tau, window))


def lag_without_drift(ratio: float, tau: float = 20e-3) -> float:
    """Return how long before each output spike an afferent may fire (seconds) so that its weight stays.

    Later it gains, earlier it loses. `ratio` is depression over potentiation, w_out / dA; `tau` the time constant of
    potentiation. Thus the rule chooses a window.   Errors: InputError where the ratio is not between 0 and 1.
    """
    if not 0.0 < ratio < 1.0:
        raise InputError(f"depression is a share of potentiation, above 0 and below 1, got {ratio}")
    check_positive(tau=tau)
    return -tau * math.log(ratio)


def selected_weights(w: NDArray[Any]) -> int:
    """Return how many weights are above one half.   Shapes: w (...)."""
    return int((np.asarray(w) > 0.5).sum())


def convergence(w: NDArray[Any]) -> float:
    """Return the mean distance of weights from 0 or 1, whichever is nearer: 0 once the choice is made.

    Shapes: w (...), at least one.   Units: weights of 0 to 1.
    """
    weights = np.asarray(w, np.float64)
    return float(np.abs(weights - (weights > 0.5)).mean())


class Score(NamedTuple):
    """How a detector did: for each pattern (P,), how often it was shown, how often hit, and the spikes during it.

    `outside` counts spikes during no pattern, `false_alarms` the stretches between patterns that hold any.
    """

    shown: NDArray[np.int64]
    hits: NDArray[np.int64]
    inside: NDArray[np.int64]
    outside: int
    false_alarms: int

    @property
    def hit_rate(self) -> NDArray[np.float64]:
        """Hits per showing (P,), NaN for a pattern that was never shown."""
        shown = self.shown.astype(np.float64)
        rate: NDArray[np.float64] = np.divide(self.hits, shown, out=np.full(shown.shape, math.nan), where=shown > 0.0)
        return rate


def score(times: NDArray[Any], starts: NDArray[Any], which: NDArray[Any], length: float, patterns: int = 1) -> Score:
    """Score the spikes of one neuron: a hit is one spike or more while a pattern is shown.

    Shapes: times (spikes,) in any order, starts (showings,) ascending, which (showings,): the pattern, from 0.
    Units: seconds. A pattern lasts from its start for `length`, its end not included.
    Errors: InputError where showings overlap or their pattern does not exist.
    """
    begin, shown = np.asarray(starts, np.float64), np.asarray(which, np.int64)
    if begin.shape != shown.shape or begin.ndim != 1:
        raise InputError(f"every showing has a start and a pattern, got shapes {begin.shape} and {shown.shape}")
    if (np.diff(begin) < length).any():
        raise InputError(f"showings must come one after the other, {length} s each: give their starts in order")
    if shown.size and (shown.min() < 0 or shown.max() >= patterns):
        raise InputError(f"there are {patterns} patterns, numbered from 0, got {shown.min()} to {shown.max()}")
    spikes = np.asarray(times, np.float64)
    before = np.searchsorted(begin, spikes, side="right") - 1
    within = before >= 0
    within[within] = spikes[within] < begin[before[within]] + length
    per_showing = np.bincount(before[within], minlength=begin.size)
    return Score(
        np.bincount(shown, minlength=patterns),
        np.bincount(shown, weights=per_showing > 0, minlength=patterns).astype(np.int64),
        np.bincount(shown, weights=per_showing, minlength=patterns).astype(np.int64),
        int((~within).sum()),
        int(np.unique(before[~within]).size),
    )
