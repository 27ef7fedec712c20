"""Who won a vote of units that each stand for a class."""

from __future__ import annotations

import numpy as np


def winner(vote: np.ndarray) -> int:
    """Return the class with most votes, the lower one in a tie, -1 where nobody voted."""
    vote = np.asarray(vote)
    return int(vote.argmax()) if vote.size and vote.max() > 0 else -1
