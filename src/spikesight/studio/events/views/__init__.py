"""The catalogue of questions about files of events, one file each, with `VIEW` as the views of runs have it.

The page that plays them is `static/events.html`. Times in questions and answers are whole microseconds since the first
event; `facts` tells when that was.
"""

from typing import Final

from spikesight.base.catalogue import Catalogue

EVENT_VIEWS: Final = Catalogue(
    "event view",
    {
        name: f"spikesight.studio.events.views.{name}:VIEW"
        for name in ("facts", "rate", "dots", "counted", "decayed", "picture", "motion")
    },
)

__all__ = ["EVENT_VIEWS"]
