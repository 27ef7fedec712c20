"""Reading classes out of neurons that never saw a label: each neuron gets the class it answers to most, then neurons
vote.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

UNASSIGNED = -1


def assign(responses: NDArray[Any], labels: NDArray[Any], classes: int) -> NDArray[np.int64]:
    """Return the class of each neuron: the one with the highest mean response; `UNASSIGNED` where it never answered.

    Shapes: responses (N, n) spike counts, labels (N,) from 0.   Ties go to the lower class.   Source: Diehl & Cook
    2015, section 2.6.
    """
    return from_means(mean_responses(responses, labels, classes))


def mean_responses(responses: NDArray[Any], labels: NDArray[Any], classes: int) -> NDArray[np.float64]:
    """Return the mean response of each neuron to the samples of each class, (classes, n); 0 for a class without any.

    Shapes: responses (N, n), labels (N,) from 0.
    """
    totals = np.zeros((classes, responses.shape[1]))
    np.add.at(totals, labels, responses)
    shown = np.bincount(labels, minlength=classes)[:, None]
    return np.divide(totals, shown, out=np.zeros_like(totals), where=shown > 0)


def from_means(means: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the class of each neuron from mean responses (classes, n)."""
    return np.where(means.max(axis=0) > 0.0, means.argmax(axis=0), UNASSIGNED)


def class_sizes(assignment: NDArray[Any], classes: int) -> NDArray[np.int64]:
    """Return how many neurons belong to each class.   Shapes: assignment (n,) -> (classes,)."""
    return np.bincount(assignment[assignment != UNASSIGNED], minlength=classes)


def votes(responses: NDArray[Any], assignment: NDArray[Any], classes: int) -> NDArray[np.float64]:
    """Return the mean response of each class's neurons, (N, classes); 0 for a class that has none.

    Shapes: responses (N, n) spike counts, assignment (n,); one sample alone is (n,) -> (classes,). The spikes of a
    class are summed, which is exact, before they are divided, so that equal means are equal numbers.
    Source: Diehl & Cook 2015, section 2.6.
    """
    return _Electorate(assignment, classes).votes(responses)


class _Electorate:
    """Neurons that belong to classes, ready to vote."""

    def __init__(self, assignment: NDArray[Any], classes: int) -> None:
        self._members = (assignment[:, None] == np.arange(classes)).astype(np.float64)
        self._sizes = np.maximum(class_sizes(assignment, classes), 1)

    def votes(self, responses: NDArray[Any]) -> NDArray[np.float64]:
        ballots: NDArray[np.float64] = responses @ self._members / self._sizes
        return ballots


def strictly_right(ballots: NDArray[np.float64], labels: NDArray[Any]) -> NDArray[np.bool_]:
    """Whether the right class got more votes than every other: a tie is a mistake.

    Shapes: ballots (N, classes), labels (N,) from 0.
    """
    rows = np.arange(len(labels))
    others = ballots.copy()
    others[rows, labels] = -np.inf
    right: NDArray[np.bool_] = ballots[rows, labels] > others.max(axis=1)
    return right


class Running:
    """A readout that follows learning: mean responses over about the last `window` stimuli of each class.

    It predicts each stimulus before it sees its label, so its accuracy is honest at every moment of a training run.
    """

    REFRESH = 20
    """Stimuli between two looks at which class each neuron belongs to."""

    def __init__(self, classes: int, n: int, window: int = 100) -> None:
        self.means = np.zeros((classes, n))
        self.window = window
        self.assignment = np.full(n, UNASSIGNED)
        self._electorate = _Electorate(self.assignment, classes)
        self._since = self.REFRESH

    def predict(self, counts: NDArray[Any]) -> int:
        """Return the class with the most votes, or `UNASSIGNED` where none is ahead of all others."""
        if self._since >= self.REFRESH:
            self._refresh()
        ballots = self._electorate.votes(counts)
        best = int(ballots.argmax())
        return best if np.count_nonzero(ballots == ballots[best]) == 1 else UNASSIGNED

    def observe(self, counts: NDArray[Any], label: int) -> None:
        """Take in the response to a stimulus of class `label`."""
        self.means[label] += (counts - self.means[label]) / self.window
        self._since += 1

    @property
    def since(self) -> int:
        """Stimuli since the last look at which class each neuron belongs to."""
        return self._since

    def go_on(self, means: NDArray[Any], assignment: NDArray[Any], since: int) -> None:
        """Put the readout back to where another one was."""
        self.means[...] = means
        self._elect(assignment)
        self._since = since

    def _refresh(self) -> None:
        self._elect(from_means(self.means))
        self._since = 0

    def _elect(self, assignment: NDArray[Any]) -> None:
        self.assignment = assignment
        self._electorate = _Electorate(assignment, len(self.means))
