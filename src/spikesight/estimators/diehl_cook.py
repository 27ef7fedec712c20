"""Unsupervised digit recognition with STDP (Diehl & Cook 2015) as a scikit-learn estimator."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Self
from zlib import crc32

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from spikesight.base.cores import usable_cores
from spikesight.base.errors import InputError
from spikesight.base.progress import SILENT, Progress
from spikesight.circuits import readout
from spikesight.circuits.engine import Engine, rest, resting, restore, start
from spikesight.circuits.network import Arrays, Network
from spikesight.circuits.plasticity.asp import Leak, leak
from spikesight.circuits.plasticity.contract import Rule
from spikesight.circuits.plasticity.diehl_cook import DiehlCookStdp
from spikesight.circuits.population import Source
from spikesight.circuits.presentation import NOTHING, Showing, Shown, Watch, show
from spikesight.circuits.pruning import pruned
from spikesight.equations import adaptive_conductance, conductance
from spikesight.equations.reset import ToValue
from spikesight.estimators.stimuli import checked_labels, checked_stimuli, one_label_each
from spikesight.executors.executor import Executor
from spikesight.executors.fused_cpu import FusedCpu
from spikesight.zoo import diehl_cook as zoo

EXCITATORY = adaptive_conductance.Params(
    tau=100e-3,
    rest=-65e-3,
    threshold=-72e-3,
    reset=ToValue(-65e-3),
    refractory=5e-3,
    reversal_e=0.0,
    reversal_i=-100e-3,
    initial_v=-105e-3,
    jump=0.05e-3,
    tau_theta=1e4,
    theta=20e-3,
)
"""Threshold -52 mV with an offset of -20 mV that theta, beginning at 20 mV, makes good: a silent neuron becomes
excitable."""

INHIBITORY = conductance.Params(
    tau=10e-3,
    rest=-60e-3,
    threshold=-40e-3,
    reset=ToValue(-45e-3),
    refractory=2e-3,
    reversal_e=0.0,
    reversal_i=-85e-3,
    initial_v=-100e-3,
)

SHOWING = Showing(hertz=0.25, hertz_more=0.125, shown=0.35, rest=0.15, enough=5)
"""Pixel / 8 * intensity Hz, intensity 2 (63.75 Hz at 255), one more where fewer than 5 spikes answered."""


STIMULI_PER_PART = 128
"""Stimuli that a thread takes at a time."""

UNANSWERED = 20
"""Stimuli in a row that nobody answered, however bright, before a user is told that their scale must be wrong."""


@dataclass(frozen=True)
class Lesson:
    """One training stimulus: its number in the life of the network, its label and what was predicted before the label
    was used.

    `label` and `prediction` index `classes_`; -1 where there is none.
    """

    index: int
    label: int
    prediction: int
    shown: Shown


class DiehlCook(ClassifierMixin, TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """A layer of `n` spiking neurons that learns by STDP, without labels; labels only name the neurons afterwards.

    Parameters: `n` neurons; `passes` over the training set; `dt` seconds; `exc`, `inh`, `rule`, `showing` the
    constants of the paper; `mean_weight` that normalisation keeps per synapse (78 / 784; None = no normalisation);
    `leak` of the weights after each stimulus, in place of normalisation, for `AdaptiveStdp`; `initial` range of the
    weights; `exc_inh`, `inh_exc` fixed weights; `max_delay` of input synapses, seconds; `prunable` whether input
    synapses can be taken away by `prune`; `assign_on` how many of the training stimuli name the neurons at the end of
    `fit` (None = all); `seed`; `executor`; `threads` for everything but learning (None = all cores).

    X is (samples, inputs), whole or floating numbers >= 0, on the scale that `showing.hertz` expects (0 to 255).
    The same stimulus gets the same spikes wherever it stands in X, so answers do not depend on the batch.

    Source: Diehl & Cook, Front. Comput. Neurosci. 9:99 (2015), constants as in the authors' code.
    """

    def __init__(
        self,
        n: int = 400,
        *,
        passes: int = 1,
        dt: float = 0.5e-3,
        exc: adaptive_conductance.Params = EXCITATORY,
        inh: conductance.Params = INHIBITORY,
        rule: Rule = DiehlCookStdp(),  # noqa: B008 (frozen)
        showing: Showing = SHOWING,
        mean_weight: float | None = 78 / 784,
        leak: Leak | None = None,
        initial: tuple[float, float] = (0.003, 0.303),
        exc_inh: float = 10.4,
        inh_exc: float = 17.0,
        max_delay: float = 10e-3,
        prunable: bool = False,
        assign_on: int | None = None,
        seed: int = 0,
        executor: Executor = FusedCpu(),  # noqa: B008 (frozen)
        threads: int | None = None,
    ) -> None:
        self.n = n
        self.passes = passes
        self.dt = dt
        self.exc = exc
        self.inh = inh
        self.rule = rule
        self.showing = showing
        self.mean_weight = mean_weight
        self.leak = leak
        self.initial = initial
        self.exc_inh = exc_inh
        self.inh_exc = inh_exc
        self.max_delay = max_delay
        self.prunable = prunable
        self.assign_on = assign_on
        self.seed = seed
        self.executor = executor
        self.threads = threads

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Learn from X without labels, `passes` times, then name each neuron by its responses to X with learning off.

        Errors: InputError on empty, negative, NaN or wrongly shaped X, or y of another length.
        """
        self.begin(X, y)
        for _ in range(self.passes):
            self.partial_fit(X, y)
        return self.name_neurons(X, y)

    def partial_fit(self, X: ArrayLike, y: ArrayLike, classes: ArrayLike | None = None) -> Self:
        """Go on learning from X, once through. Names of neurons follow the responses seen so far.

        `classes` lists all labels, needed in the first call if not all occur in y.   Errors: as `fit`.
        """
        if not hasattr(self, "engine_"):
            self.begin(X, y if classes is None else classes)
        for _ in self.lessons(X, y):
            pass
        self.assignment_ = readout.from_means(self.running_.means)
        return self

    def begin(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Make a fresh, untrained network for stimuli like X and labels like y."""
        stimuli = checked_stimuli(self, X, reset=True)
        self.classes_ = np.unique(one_label_each(y))
        self.network_ = self._describe(stimuli.shape[1])
        parameters = zoo.parameters(
            self.network_,
            self.seed,
            exc_inh=self.exc_inh,
            inh_exc=self.inh_exc,
            low=self.initial[0],
            high=self.initial[1],
        )
        self.engine_ = start(self.network_, parameters, self.executor)
        if self._normalisation is not None:
            self.engine_.normalise(*self._normalisation)
        self.running_ = readout.Running(len(self.classes_), self.n)
        self.assignment_ = self.running_.assignment
        self.lessons_seen_ = 0
        return self

    def lessons(self, X: ArrayLike, y: ArrayLike, *, first: int = 0, watch: Watch = NOTHING) -> Iterator[Lesson]:
        """Learn from X[first:], one stimulus after the other, and hand out what happened in each."""
        stimuli, labels = checked_stimuli(self, X), self._encode(X, y)
        silent = 0
        for stimulus, label in zip(stimuli[first:], labels[first:], strict=True):
            shown = show(
                self.engine_,
                stimulus,
                self.showing,
                "exc",
                (self.seed, "training", self.lessons_seen_),
                normalise=self._normalisation,
                watch=watch,
            )
            if self.leak is not None:
                leak(self.engine_, "input_exc", self.leak, (shown.end - shown.first_tick) * self.dt)
            prediction = self.running_.predict(shown.counts)
            self.running_.observe(shown.counts, int(label))
            self.lessons_seen_ += 1
            silent = silent + 1 if len(shown.tries) == self.showing.tries else 0
            if silent == UNANSWERED:
                warnings.warn(self._too_dark(stimuli), stacklevel=2)
            yield Lesson(self.lessons_seen_ - 1, int(label), prediction, shown)

    def prune(self, keep: ArrayLike) -> Self:
        """Take away for good the input synapses where `keep` (inputs, n) is False, besides those that are gone.

        Errors: InputError where the network is not `prunable`, or for another shape.
        """
        check_is_fitted(self, "engine_")
        left = pruned(self.network_, self.engine_.arrays, "input_exc", np.asarray(keep))
        for name in ("input_exc.w", "input_exc.mask"):
            self.engine_.arrays[name][...] = left[name]
        return self

    def name_neurons(self, X: ArrayLike, y: ArrayLike, report: Progress = SILENT) -> Self:
        """Give each neuron the class it answers to most among (the first `assign_on` of) X, with learning off."""
        chosen = slice(self.assign_on)
        responses = self.responses(np.asarray(X)[chosen], report)
        self.assignment_ = readout.assign(responses, self._encode(X, y)[chosen], len(self.classes_))
        return self

    def transform(self, X: ArrayLike) -> NDArray[np.int64]:
        """Return the spikes of each neuron while each stimulus is on, (samples, n); learning is off.

        Errors: as `fit`.
        """
        return self.responses(X)

    def responses(self, X: ArrayLike, report: Progress = SILENT) -> NDArray[np.int64]:
        """Do what `transform` does, telling `report` of every stimulus. Ctrl-C stops it within a moment."""
        check_is_fitted(self, "engine_")
        parts = np.split(checked := checked_stimuli(self, X), range(STIMULI_PER_PART, len(checked), STIMULI_PER_PART))
        workers = min(self.threads or usable_cores(), len(parts))
        network = self._resting_network()
        parameters = self.network_.learned(self.engine_.arrays)
        engines = [start(network, parameters, self.executor) for _ in range(workers)]
        found = []
        with ThreadPoolExecutor(workers) as pool:
            try:
                for counts in pool.map(lambda part: self._respond(engines, part), parts):
                    found.append(counts)
                    report.advance(len(counts))
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        return np.concatenate(found)

    def votes(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the mean spikes of each class's neurons, (samples, classes)."""
        return readout.votes(self.transform(X), self.assignment_, len(self.classes_))

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the class with the most votes for each sample; the lowest of them where several are equal."""
        check_is_fitted(self, "engine_")
        predicted: NDArray[Any] = self.classes_[self.votes(X).argmax(axis=1)]
        return predicted

    def strict_score(self, X: ArrayLike, y: ArrayLike, report: Progress = SILENT) -> float:
        """Return the share of samples whose class got more votes than every other: a tie counts as a mistake.

        `score` is scikit-learn's accuracy of `predict`, which takes the lower class in a tie.
        """
        ballots = readout.votes(self.responses(X, report), self.assignment_, len(self.classes_))
        return float(readout.strictly_right(ballots, self._encode(X, y)).mean())

    @property
    def weights_(self) -> NDArray[np.float32]:
        """Learned input weights, (inputs, n)."""
        return self.engine_.arrays["input_exc.w"]

    def snapshot(self) -> Arrays:
        """Return everything needed to go on exactly from here."""
        return {
            **self.engine_.arrays,
            "readout.means": self.running_.means,
            "readout.assignment": self.running_.assignment,
            "classes": np.frombuffer(json.dumps(self.classes_.tolist()).encode(), np.uint8),
            "assignment": np.asarray(self.assignment_),
            "counters": np.array([self.engine_.clock, self.engine_.origin, self.lessons_seen_, self.running_.since]),
        }

    def go_on(self, snapshot: Arrays, X: ArrayLike, y: ArrayLike) -> Self:
        """Put the network back to where `snapshot` was taken.   Errors: InputError where it is of another network."""
        self.begin(X, y)
        shapes = {name: values.shape for name, values in snapshot.items()}
        fresh = self.snapshot()
        wrong = [name for name, values in fresh.items() if shapes.get(name) != values.shape]
        if wrong or not np.array_equal(snapshot["classes"], fresh["classes"]):
            raise InputError(
                f"the snapshot is of another network or other classes: compare {', '.join(wrong) or 'classes'}"
            )
        clock, origin, self.lessons_seen_, since = (int(number) for number in snapshot["counters"])
        restore(self.engine_, snapshot, clock, origin)
        self.running_.go_on(snapshot["readout.means"], snapshot["readout.assignment"], since)
        self.assignment_ = snapshot["assignment"]
        return self

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.positive_only = True
        return tags

    @property
    def _normalisation(self) -> tuple[str, float] | None:
        """The projection and the sum that each neuron's weights are rescaled to; None where they are not."""
        return None if self.mean_weight is None else ("input_exc", float(self.mean_weight * self.n_features_in_))

    def _too_dark(self, stimuli: NDArray[Any]) -> str:
        return (
            f"{UNANSWERED} stimuli in a row were shown {self.showing.tries} times each and hardly a neuron fired. X "
            f"goes up to {stimuli.max():g}, which showing.hertz = {self.showing.hertz:g} turns into at most "
            f"{stimuli.max() * self.showing.hertz:g} Hz; about 60 Hz is usual. Scale X, or raise showing.hertz."
        )

    def _check(self) -> None:
        """Refuse parameters that make no network.   Errors: InputError naming the first bad one."""
        for name, least in (("n", 1), ("passes", 1), ("threads", 1), ("assign_on", 1), ("seed", 0)):
            value = getattr(self, name)
            if value is not None and (not isinstance(value, int | np.integer) or value < least):
                raise InputError(f"{name} is {value!r}: a whole number >= {least} is needed")
        for name in ("dt", "mean_weight"):
            value = getattr(self, name)
            if value is not None and not 0.0 < value < np.inf:
                raise InputError(f"{name} is {value}: a positive number is needed")
        if self.leak is not None and self.mean_weight is not None:
            raise InputError(
                "leak and mean_weight are both given: normalisation undoes what leaks away. Pass mean_weight=None"
            )
        if not 0.0 <= self.max_delay < np.inf:
            raise InputError(f"max_delay is {self.max_delay}: seconds >= 0 are needed")

    def _describe(self, inputs: int) -> Network:
        self._check()
        side = round(inputs**0.5)
        shape = (side, side) if side * side == inputs else (inputs,)
        delay = max(0, round(self.max_delay / self.dt) - 1)
        return zoo.network(shape, self.n, self.dt, self.exc, self.inh, self.rule, delay, self.prunable)

    def _resting_network(self) -> Network:
        """The network with learning off, whose neurons begin at rest rather than where the first training image found
        them.
        """
        frozen = self.network_.frozen()
        nodes = tuple(
            node if isinstance(node, Source) else replace(node, params=replace(node.params, initial_v=None))
            for node in frozen.nodes
        )
        return replace(frozen, nodes=nodes)

    def _respond(self, engines: list[Engine], stimuli: NDArray[Any]) -> NDArray[np.int64]:
        """Take an engine that nobody uses, show it the stimuli, each from rest, and give it back."""
        engine = engines.pop()
        state = resting(engine.network, engine.arrays)
        showing = replace(self.showing, rest=0.0)
        counts = np.zeros((len(stimuli), engine.network.node("exc").size), np.int64)
        for row, stimulus in zip(counts, stimuli, strict=True):
            rest(engine, state)
            stream = (self.seed, "response", crc32(np.ascontiguousarray(stimulus, np.float64).tobytes()))
            row[:] = show(engine, stimulus, showing, "exc", stream).counts
        engines.append(engine)
        return counts

    def _encode(self, X: ArrayLike, y: ArrayLike) -> NDArray[np.int64]:
        return checked_labels(y, len(np.asarray(X)), self.classes_)
