"""What checking finds, and what can be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LOST: Final = "lost"
"""The folder inside a trace that repairing moves to what it cannot use."""

COPY: Final = "restore it from a copy"
REPAIR: Final = "`spikesight trace repair` mends this"
GO_ON: Final = f"{COPY}, or let `spikesight trace repair` go on without it"


@dataclass(frozen=True)
class Finding:
    """Something that is wrong: `where` in the folder of the trace, `what` it is, and what `todo` about it."""

    where: str
    what: str
    todo: str
