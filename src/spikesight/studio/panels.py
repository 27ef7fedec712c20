"""What the page shows where: the tabs, and on each the panels of the views that name it."""

from __future__ import annotations

from typing import Any

from spikesight.studio.view import View
from spikesight.studio.views import TABS, VIEWS


def panels() -> dict[str, Any]:
    """Return the tabs in order, `{name, title}`, and every view: `{name, title, tabs, place, script, options}`."""
    views = {name: VIEWS[name] for name in VIEWS}
    named = [tab for view in views.values() for tab in view.tabs]
    titles = {**TABS, **{tab: tab.replace("-", " ").capitalize() for tab in named if tab not in TABS}}
    return {
        "tabs": [{"name": name, "title": title} for name, title in titles.items() if name in named],
        "views": [_told(name, view) for name, view in views.items()],
    }


def _told(name: str, view: View) -> dict[str, Any]:
    return {
        "name": name,
        "title": view.title,
        "tabs": list(view.tabs),
        "place": view.place.value,
        "options": list(view.options),
        "script": f"/static/views/{name}.js" if view.script is None else f"/views/{name}.js",
    }
