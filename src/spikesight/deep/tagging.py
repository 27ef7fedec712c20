"""Decision thresholds of a tagger: one for each tag, learned by gradient descent on the F1 score itself.

A tagger gives each of N items a score for each of C tags, and a tag is decided where its score reaches the tag's
threshold. The F1 score of such decisions has a derivative of zero almost everywhere; here the decision is a spike, and
backwards it has the derivative of a surrogate, at the distance of the score from the threshold. Distances are those of
log-odds, so that the thresholds of rare tags, near 0, feel as much as those near one half: an increasing function of
scores and thresholds changes no decision.
Source: Pellegrini & Masquelier, ICASSP 2021 (arXiv 2103.00833).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from spikesight.base.errors import InputError
from spikesight.base.progress import SILENT, Progress
from spikesight.equations.surrogate import Sigmoid, Surrogate, slope

FARTHEST = 16.0
"""Scores are told apart up to these log-odds, 1e-7 from 0 and 1: as far as float32 tells them apart near 1."""


class Decide(torch.autograd.Function):
    """1 where a score (N, C) reaches its threshold (C,), else 0; backwards the surrogate at their difference."""

    @staticmethod
    def forward(ctx: Any, scores: Tensor, thresholds: Tensor, surrogate: Surrogate) -> Tensor:
        """Return the decisions (N, C), 0 and 1."""
        ctx.save_for_backward(scores, thresholds)
        ctx.surrogate = surrogate
        return (scores >= thresholds).to(scores.dtype)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, Tensor, None]:
        """Return the gradients of scores, where they are asked for, and of thresholds."""
        scores, thresholds = ctx.saved_tensors
        to_scores = gradients[0] * slope(ctx.surrogate, scores - thresholds, torch)
        return to_scores if ctx.needs_input_grad[0] else None, -to_scores.sum(0), None


class F1(Protocol):
    """An F1 score: `of(decisions, labels)`, both (N, C), differentiable in decisions of any real value."""

    def of(self, decisions: Tensor, labels: Tensor) -> Tensor:
        """Return the score, one number from 0 to 1."""


@dataclass(frozen=True)
class Micro:
    """Hits and misses of all tags counted together, 2 TP / (2 TP + FP + FN): frequent tags weigh more."""

    def of(self, decisions: Tensor, labels: Tensor) -> Tensor:
        """See `F1`. Without any decision and any label it is 0."""
        return (
            2.0 * torch.vdot(decisions.flatten(), labels.flatten()) / (decisions.sum() + labels.sum()).clamp(min=1e-9)
        )


@dataclass(frozen=True)
class Macro:
    """The mean of the F1 score of each tag; tags that no item has are left out, theirs is undefined."""

    def of(self, decisions: Tensor, labels: Tensor) -> Tensor:
        """See `F1`. Without any label it is 0."""
        known = labels.sum(0) > 0
        total = (decisions.sum(0) + labels.sum(0))[known]
        each = 2.0 * (decisions * labels).sum(0)[known] / total
        return each.sum() / known.sum().clamp(min=1)


def f1(scores: ArrayLike, labels: ArrayLike, thresholds: ArrayLike, kind: F1 = Micro()) -> float:
    """Return the F1 score of the decisions `scores >= thresholds`: (N, C), (N, C) of 0 and 1, and (C,) or a number.

    Errors: InputError on other shapes, numbers that are not finite, labels other than 0 and 1.
    """
    p, y = _checked(scores, labels)
    theta = np.asarray(thresholds, np.float64)
    if theta.shape not in ((), p.shape[1:]) or not np.isfinite(theta).all():
        raise InputError(f"thresholds are {p.shape[1]} finite numbers, one for each tag, or one for all; got {theta}")
    decided = torch.from_numpy((p >= theta).astype(np.float64))
    return float(kind.of(decided, torch.from_numpy(y.astype(np.float64))))


def as_often_as_labelled(scores: ArrayLike, labels: ArrayLike) -> NDArray[np.float64]:
    """Return thresholds (C,) with which each tag is decided as often as it is labelled: where learning may begin.

    A start at one half leaves tags whose scores are all small without gradient. A tag that no item has gets 1.
    Errors: as `f1`.
    """
    p, y = _checked(scores, labels)
    falling = -np.sort(-p, axis=0)
    often = y.sum(0)
    at = falling[np.maximum(often - 1, 0), np.arange(p.shape[1])].astype(np.float64)
    below = falling[np.minimum(often, len(p) - 1), np.arange(p.shape[1])].astype(np.float64)
    middle: NDArray[np.float64] = np.where(often > 0, (at + below) / 2.0, 1.0)
    return middle


class Learned(NamedTuple):
    """Thresholds (C,), the F1 score they reach on what they were learned from, and the score before each step."""

    thresholds: NDArray[np.float64]
    f1: float
    curve: NDArray[np.float64]


@dataclass(frozen=True)
class Descent:
    """How thresholds are learned: `steps` of Adam, all items at once, at `rate` in log-odds, which falls evenly to 0.

    The surrogate is a sigmoid's derivative whose slope, per unit of log-odds, grows evenly on a logarithmic scale from
    `slope` to `last_slope`: first a threshold feels scores far away, in the end those next to it.
    """

    steps: int = 100
    rate: float = 0.1
    slope: float = 4.0
    last_slope: float = 40.0

    def __post_init__(self) -> None:
        if self.steps < 1 or not min(self.rate, self.slope, self.last_slope) > 0:
            raise InputError(f"steps, rate and slopes are numbers above 0, got {self}")

    def surrogate(self, done: float) -> Sigmoid:
        """Return the surrogate after the share `done` of all steps."""
        return Sigmoid(self.slope * (self.last_slope / self.slope) ** done)


def learn_thresholds(
    scores: ArrayLike,
    labels: ArrayLike,
    start: ArrayLike = 0.5,
    *,
    kind: F1 = Micro(),
    descent: Descent = Descent(),
    report: Progress = SILENT,
) -> Learned:
    """Learn a threshold for each tag from scores (N, C) in 0..1 and labels (N, C), beginning at `start`, (C,) or one.

    Thresholds stay within 0..1; the best of all steps are returned. Learn from items that neither the tagger nor the
    test has seen.   Errors: InputError on scores outside of 0..1, and as `f1`.
    """
    p, y = _checked(scores, labels)
    if p.min() < 0.0 or p.max() > 1.0:
        raise InputError(f"scores are from 0 to 1, got {p.min():g} to {p.max():g}: take a sigmoid of logits")
    begun = np.broadcast_to(np.asarray(start, np.float64), p.shape[1:])
    if not ((begun >= 0.0) & (begun <= 1.0)).all():
        raise InputError("thresholds begin between 0 and 1")
    given, wanted = _log_odds(p), torch.from_numpy(y.astype(np.float32))
    theta = _log_odds(begun).requires_grad_()
    adam = torch.optim.Adam([theta], lr=descent.rate)
    fall = torch.optim.lr_scheduler.LinearLR(adam, 1.0, 0.0, descent.steps)
    best, curve = (-1.0, theta.detach().clone()), []
    for k in range(descent.steps + 1):
        decided = Decide.apply(given, theta, descent.surrogate(k / descent.steps))  # type: ignore[no-untyped-call]
        score = kind.of(decided, wanted)
        curve.append(float(score.detach()))
        if curve[-1] > best[0]:
            best = curve[-1], theta.detach().clone()
        if k < descent.steps:
            adam.zero_grad()
            (-score).backward()  # type: ignore[no-untyped-call]
            adam.step()
            fall.step()
            with torch.no_grad():
                theta.clamp_(-FARTHEST, FARTHEST)
            report.advance(1, f1=curve[-1])
    thresholds = torch.sigmoid(best[1].double()).numpy()
    return Learned(thresholds, f1(p, y, thresholds, kind), np.array(curve))


def _log_odds(values: NDArray[Any]) -> Tensor:
    """Return log(p / (1 - p)) as float32, cut to `FARTHEST` on both sides."""
    odds = torch.logit(torch.from_numpy(values.astype(np.float64)), torch.finfo(torch.float64).tiny)
    return odds.clamp(-FARTHEST, FARTHEST).float()


def _checked(scores: ArrayLike, labels: ArrayLike) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    p, y = np.asarray(scores, np.float32), np.asarray(labels)
    if p.ndim != 2 or p.shape != y.shape or not p.size:
        raise InputError(f"scores and labels are both (items, tags), got {p.shape} and {y.shape}")
    if not np.isfinite(p).all():
        raise InputError("scores have NaN or infinite values: leave out the items that have no score")
    if not ((y == 0) | (y == 1)).all():
        raise InputError("labels are 0 or 1 for each item and tag")
    return p, y.astype(np.bool_)
