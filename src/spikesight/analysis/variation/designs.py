"""Which kinds vary together: all, one at a time, or all but one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from spikesight.analysis.variation.kinds import Kind


class Condition(NamedTuple):
    """What varies: the name of the design, what is told apart in it, and the kinds."""

    design: str
    variation: str
    kinds: tuple[Kind, ...]


Design = Callable[[Sequence[Kind]], list[Condition]]
"""Makes conditions of kinds."""


def one(kinds: Sequence[Kind]) -> list[Condition]:
    """Each kind by itself: how difficult is it?"""
    return [Condition("one", kind.name, (kind,)) for kind in kinds]


def together(kinds: Sequence[Kind]) -> list[Condition]:
    """All kinds at once."""
    return [Condition("all", "all", tuple(kinds))]


def all_but_one(kinds: Sequence[Kind]) -> list[Condition]:
    """All but each kind in turn: how much does it help to keep that one fixed?"""
    return [
        Condition("all but one", f"all but {left.name}", tuple(kind for kind in kinds if kind != left))
        for left in kinds
        if len(kinds) > 1
    ]


DESIGNS: Final[dict[str, Design]] = {"one": one, "all": together, "all-but-one": all_but_one}
