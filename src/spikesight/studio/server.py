"""The web server: a Starlette application on the loopback address, in a thread of its own."""

from __future__ import annotations

import asyncio
import socket
import sys
import threading
import traceback
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from spikesight.base.errors import InputError, SpikesightError, UnknownName
from spikesight.events.files.reading import EventFile
from spikesight.studio.access import Access, Gate, new_token
from spikesight.studio.events.open_events import OpenEvents
from spikesight.studio.open_run import OpenRun
from spikesight.studio.pages import index, page_file, player, script
from spikesight.studio.panels import panels
from spikesight.studio.query import Query, parse
from spikesight.studio.shown import Empty, Shown
from spikesight.studio.view import View
from spikesight.studio.wire import to_binary, to_json

LOOPBACK = "127.0.0.1"
MOST_AT_ONCE = 200
"""Connections; a page has a dozen. More are told to come back later (503)."""
SECONDS_TO_START = 10.0
FORMATS: dict[str, tuple[Callable[[Any], bytes], str]] = {
    "json": (to_json, "application/json"),
    "bin": (to_binary, "application/octet-stream"),
}
CLIENT_LEFT = 499


class StudioError(SpikesightError):
    """The studio cannot be served: the port is taken, or the server did not come up."""


def application(things: Mapping[str, Shown], gate: Gate) -> Starlette:
    """Return the application that shows `things`, runs and files of events, by name, to whom `gate` lets in."""
    runs = {name: thing for name, thing in things.items() if isinstance(thing, OpenRun)}
    files = [name for name in things if name not in runs]
    for run in runs.values():
        run.others = runs

    async def list_runs(_: Request) -> Response:
        return JSONResponse({"runs": [{"name": name, "recipe": run.facts.get("recipe")} for name, run in runs.items()]})

    async def list_files(_: Request) -> Response:
        return JSONResponse({"files": [{"name": name} for name in files]})

    async def list_views(_: Request) -> Response:
        return JSONResponse(panels())

    async def view(request: Request) -> Response:
        return await _answer(request, _named(things, request.path_params["name"]), runs)

    return Starlette(
        routes=[
            Route("/", index),
            Route("/events", player),
            Route("/static/{name:path}", page_file),
            Route("/views/{name}.js", script),
            Route("/api/runs.json", list_runs),
            Route("/api/files.json", list_files),
            Route("/api/views.json", list_views),
            Route("/api/{name}/{view}.{format}", view),
        ],
        middleware=[Middleware(Access, gate=gate)],
        exception_handlers={
            UnknownName: _not_found,
            InputError: _bad_request,
            SpikesightError: _failed,
            HTTPException: _http,
            Exception: _mistake,
        },
    )


def _named(things: Mapping[str, Shown], name: str) -> Shown:
    if name not in things:
        raise UnknownName("run", name, things)
    return things[name]


async def _answer(request: Request, thing: Shown, runs: Mapping[str, OpenRun]) -> Response:
    """Answer one view of one thing. Requests that the page gave up while they waited for their turn are dropped."""
    view = thing.views[request.path_params["view"]]
    if request.path_params["format"] not in FORMATS:
        raise UnknownName("format", request.path_params["format"], FORMATS)
    encode, media_type = FORMATS[request.path_params["format"]]
    query = parse(dict(request.query_params), view.options)
    asked = [thing] if query.other is None else [thing, _named(runs, query.other)]
    async with _turns(asked if view.waits else []):
        if await request.is_disconnected():
            return Response(status_code=CLIENT_LEFT)
        content = await run_in_threadpool(_encoded, view, encode, asked, query)
    return Response(content, media_type=media_type)


@asynccontextmanager
async def _turns(things: Sequence[Shown]) -> AsyncIterator[None]:
    """Wait for the turn of each of `things`, always in one order, so that two questions never wait for each other."""
    async with AsyncExitStack() as held:
        for thing in sorted(set(things), key=id):
            await held.enter_async_context(thing.turn)
        yield


def _encoded(view: View, encode: Callable[[Any], bytes], things: Sequence[Shown], query: Query) -> bytes:
    if view.waits:
        for thing in things:
            thing.refresh()
    try:
        answer = view.answer(things[0], query)
    except Empty as reason:
        answer = {"empty": str(reason)}
    return encode({"revision": things[0].revision, **answer})


async def _not_found(_: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, 404)


async def _bad_request(_: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, 400)


async def _failed(_: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, 500)


async def _mistake(request: Request, error: Exception) -> Response:
    """A mistake of ours: told where it can be reported from, and to the page."""
    told = "".join(traceback.format_exception(error))
    print(f"The studio made a mistake at {request.url.path}. Please report this:\n{told}", file=sys.stderr)
    return JSONResponse({"error": f"the studio made a mistake: {type(error).__name__}: {error}"}, 500)


async def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse({"error": error.detail}, error.status_code, error.headers)


def _all_named(things: Iterable[Shown]) -> dict[str, Shown]:
    named: dict[str, Shown] = {}
    for thing in things:
        name, copies = thing.name, 2
        while name in named:
            name, copies = f"{thing.name}-{copies}", copies + 1
        named[name] = thing
    return named


class Studio:
    """A studio that is being served. `address` has the token; `stop()` ends it, as does leaving a `with` block."""

    def __init__(self, things: Iterable[Shown], port: int, page: str = "") -> None:
        """Show `things`, the first of them on the `page` of its kind."""
        self._things = _all_named(things)
        self._socket = _listen(port)
        self.port: int = self._socket.getsockname()[1]
        self.gate = Gate(self.port, new_token())
        self.address = f"http://{LOOPBACK}:{self.port}/{page}#token={self.gate.token}"
        app = application(self._things, self.gate)
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                log_level="critical",  # what goes wrong is said once, by `_mistake`
                access_log=False,
                server_header=False,
                lifespan="off",
                ws="none",
                limit_concurrency=MOST_AT_ONCE,
                timeout_graceful_shutdown=1,
            )
        )
        self._thread = threading.Thread(target=self._serve, name="spikesight-studio", daemon=True)

    def _serve(self) -> None:
        asyncio.run(self._server.serve(sockets=[self._socket]))

    def __enter__(self) -> Studio:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Begin to serve; returns when the address answers. Errors: StudioError where the server does not come up."""
        self._thread.start()
        # Views are imported while the person opens the address, so that the first page need not wait for it.
        threading.Thread(target=panels, name="spikesight-views", daemon=True).start()
        waiting = threading.Event()
        for _ in range(int(SECONDS_TO_START / 0.01)):
            if self._server.started:
                return
            waiting.wait(0.01)
        self.stop()
        raise StudioError(f"the web server on port {self.port} did not come up within {SECONDS_TO_START:.0f} s")

    def stop(self) -> None:
        """End serving and free the port; a second call does nothing."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join()
        self._socket.close()
        for thing in self._things.values():
            thing.close()

    def wait(self) -> None:
        """Stay until the server has ended."""
        while self._thread.is_alive():
            self._thread.join(timeout=0.5)


def start(folders: Sequence[Path], port: int = 0) -> Studio:
    """Serve `folders` from a background thread; see `spikesight.studio.start`."""
    if not folders:
        raise InputError("the studio shows runs: give it at least one run folder")
    return _started((OpenRun(Path(folder)) for folder in folders), port)


def play(files: Sequence[EventFile | Path | str], port: int = 0) -> Studio:
    """Serve files of events from a background thread; see `spikesight.studio.play`."""
    if not files:
        raise InputError("the studio plays files of events: give it at least one")
    return _started((OpenEvents(file) for file in files), port, page="events")


def _started(things: Iterable[Shown], port: int, page: str = "") -> Studio:
    """Serve `things`; those that were opened before one could not be, or before the port was refused, are closed."""
    opened: list[Shown] = []
    try:
        opened.extend(things)
        studio = Studio(opened, port, page)
    except BaseException:
        for one in opened:
            one.close()
        raise
    studio.start()
    return studio


def serve(folders: Sequence[Path], *, port: int = 0, announce: Callable[[str], None] = print) -> None:
    """Serve `folders` until Ctrl-C; see `spikesight.studio.serve`."""
    with start(folders, port) as studio:
        try:
            announce(f"Studio: {studio.address}")
            announce("It stays until Ctrl-C.")
            studio.wait()
        except KeyboardInterrupt:
            announce("Studio closed.")


def _listen(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((LOOPBACK, port))
    except (OSError, OverflowError) as error:
        listening.close()
        raise StudioError(
            f"port {port} of this machine cannot be used ({error}). Leave it out to get a free one"
        ) from error
    return listening
