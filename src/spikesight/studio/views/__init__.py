"""The catalogue of views: what can be asked about a run. One file each; an answer is a tree of plain values and arrays.

A view is a function `answer(run: OpenRun, query: Query) -> dict[str, Any]`. It raises `Empty` where there is nothing to
show, with the reason as its message.
"""

from typing import Final

from spikesight.base.catalogue import Catalogue

views: Final = Catalogue(
    "view",
    {
        name: f"spikesight.studio.views.{name}:answer"
        for name in ("accuracy", "classes", "raster", "receptive_fields", "stimuli", "stimulus", "summary", "unit")
    },
)

__all__ = ["views"]
