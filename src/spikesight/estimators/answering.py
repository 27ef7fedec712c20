"""A trained classifier as something that answers images: what it says, when, and how many spikes that takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spikesight.analysis.variation.evaluate import Answers, answers
from spikesight.base.errors import InputError
from spikesight.circuits import readout as votes
from spikesight.estimators.diehl_cook import DiehlCook
from spikesight.trace.watched import Watched, in_steps

ITEMS_AT_ONCE = 250
"""Of what is watched: all spikes of a batch are there at once."""

Answering = Callable[[NDArray[Any]], Answers]


def answering(model: Any, readout: Any = None) -> Answering:
    """Return what asks a trained estimator about flat images; silence and ties are no answer.

    Networks of first spikes tell when they answer, in seconds; a network without classes of its own needs a `readout`
    trained on its features.
    Errors: InputError for an estimator that neither names classes nor has a readout.
    """
    if isinstance(model, DiehlCook):
        return lambda images: _of_votes(model, images)
    if readout is not None:
        return lambda images: _of_features(model, readout, images)
    if not hasattr(model, "classes_"):
        raise InputError(
            f"{type(model).__name__} has features and no classes: give a classifier trained on what it transforms"
        )
    if hasattr(model, "watch"):
        return lambda images: _joined([_of_watched(model, part) for part in _parts(images)])
    return lambda images: answers(_scores(model), images)


def _parts(images: NDArray[Any]) -> list[NDArray[Any]]:
    return np.split(images, range(ITEMS_AT_ONCE, len(images), ITEMS_AT_ONCE))


def _joined(parts: list[Answers]) -> Answers:
    return Answers(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _of_votes(model: DiehlCook, images: NDArray[Any]) -> Answers:
    """Of spike counts: the latency of an answer is not defined."""
    counts = model.responses(images)
    ballots = votes.votes(counts, model.assignment_, len(model.classes_))
    said = answers(lambda _: ballots, images)
    return said._replace(spikes=counts.sum(axis=1).astype(float))


def _of_watched(model: Any, images: NDArray[Any]) -> Answers:
    seen: Watched = model.watch(images)
    tick = model.sketch_.tick if in_steps(seen.layers) else 1.0
    return Answers(seen.answer, seen.answered * tick, _spikes(seen))


def _of_features(model: Any, readout: Any, images: NDArray[Any]) -> Answers:
    said = answers(lambda given: _scores(readout)(model.transform(given)), images)
    if not hasattr(model, "watch"):
        return said
    return said._replace(spikes=np.concatenate([_spikes(model.watch(part)) for part in _parts(images)]))


def _spikes(seen: Watched) -> NDArray[np.float64]:
    """Return the spikes of all neurons but those of the input for each item until its answer; without one, in all."""
    until = np.where(np.isnan(seen.answered), np.inf, seen.answered)
    counts = np.zeros(len(seen.answered))
    for layer in list(seen.layers.values())[1:]:
        counts += layer.count(until)
    return counts


def _scores(classifier: Any) -> Callable[[NDArray[Any]], NDArray[Any]]:
    """Return what gives scores (B, classes), whichever way the classifier has."""

    def ask(images: NDArray[Any]) -> NDArray[Any]:
        if hasattr(classifier, "decision_function"):
            found: NDArray[Any] = classifier.decision_function(images)
            return np.stack([-found, found], axis=1) if found.ndim == 1 else found
        if hasattr(classifier, "predict_proba"):
            probable: NDArray[Any] = classifier.predict_proba(images)
            return probable
        said: NDArray[Any] = classifier.predict(images)[:, None] == classifier.classes_
        return said

    return ask
