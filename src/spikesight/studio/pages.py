"""The files of the page itself: read once, served from memory, so that no request ever becomes a path on this disk."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from spikesight.studio.views import VIEWS

MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}


@cache
def page_files() -> dict[str, bytes]:
    """Return name and content of every file of the page; in a folder, `folder/name`."""
    return _below(files("spikesight.studio").joinpath("static"), "")


async def index(_: Request) -> Response:
    """Answer with the page."""
    return _file("index.html")


async def player(_: Request) -> Response:
    """Answer with the page that plays files of events."""
    return _file("events.html")


async def page_file(request: Request) -> Response:
    """Answer with one of the page's files, 404 for any other name."""
    return _file(request.path_params["name"])


async def script(request: Request) -> Response:
    """Answer with the module of a view that another package brings, 404 for any other name.   Errors: UnknownName."""
    name = request.path_params["name"]
    given = VIEWS[name].script
    if given is None:
        raise HTTPException(404, f"the view '{name}' has no module of its own here")
    return Response(given.read_bytes(), media_type=MEDIA_TYPES[".js"])


def _below(folder: Traversable, before: str) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for entry in folder.iterdir():
        if entry.is_dir():
            found |= _below(entry, f"{before}{entry.name}/")
        elif _suffix(entry.name) in MEDIA_TYPES:
            found[before + entry.name] = entry.read_bytes()
    return found


def _file(name: str) -> Response:
    if name not in page_files():
        raise HTTPException(404, f"the page has no file called '{name}'")
    return Response(page_files()[name], media_type=MEDIA_TYPES[_suffix(name)])


def _suffix(name: str) -> str:
    return "." + name.rpartition(".")[2]
