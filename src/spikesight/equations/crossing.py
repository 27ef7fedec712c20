"""Spikes of models that have no reset: the membrane rises through a level.

Such a model remembers where its membrane was after the last step (`before`), so that a kick by a synapse between two
steps counts as rising too.
"""

from __future__ import annotations

from spikesight.equations.contract import shared


@shared
def rise(before, v, where, level, never):
    """Return how far v is over the level, `never` (negative) where it was there already."""
    return where(before < level, v - level, never)
