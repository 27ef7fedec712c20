"""What a view is: a question about a run or a file of events, and the panel that draws its answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spikesight.studio.query import Query

Answer = Callable[[Any, "Query"], dict[str, Any]]
"""What is asked about is an `OpenRun`, or an `OpenEvents`: a view is listed in the catalogue of its kind."""


class Place(Enum):
    """Where on a tab a panel stands."""

    BAR = "bar"
    """A line across the tab, above everything else."""
    LANE = "lane"
    """A strip whose horizontal axis is the window of time, under the one cursor."""
    MAIN = "main"
    """A card of the wide column."""
    SIDE = "side"
    """A card beside it."""


@dataclass(frozen=True)
class View:
    """One thing to look at: `answer` turns a question into plain values and arrays, a script draws them.

    `title` names it for people; `tabs` are the tabs of the page on which its panel stands, in `place` (none: it answers
    other programs only). `options` are parameters of its own, beyond those of `Query`. `script` is the ES module that
    exports `mount(host, page)`; None for the studio's own views, whose module is `static/views/<name>.js`. Questions
    about a run are answered one after the other; one that takes seconds sets `waits` to False, so that others need not
    wait for it.

    `answer` raises `Empty` where there is nothing to show, with the reason, and InputError for a bad question.
    """

    answer: Answer
    title: str
    tabs: tuple[str, ...] = ()
    place: Place = Place.MAIN
    options: tuple[str, ...] = ()
    script: Path | None = None
    waits: bool = True
