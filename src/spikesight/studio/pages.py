"""The files of the page itself: read once, served from memory, so that no request ever becomes a path on this disk."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}


@cache
def page_files() -> dict[str, bytes]:
    """Return name and content of every file of the page."""
    static = files("spikesight.studio").joinpath("static")
    return {file.name: file.read_bytes() for file in static.iterdir() if _suffix(file.name) in MEDIA_TYPES}


async def index(_: Request) -> Response:
    """Answer with the page."""
    return _file("index.html")


async def page_file(request: Request) -> Response:
    """Answer with one of the page's files, 404 for any other name."""
    return _file(request.path_params["name"])


def _file(name: str) -> Response:
    if name not in page_files():
        raise HTTPException(404, f"the page has no file called '{name}'")
    return Response(page_files()[name], media_type=MEDIA_TYPES[_suffix(name)])


def _suffix(name: str) -> str:
    return "." + name.rpartition(".")[2]
