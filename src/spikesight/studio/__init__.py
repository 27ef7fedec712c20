"""The web studio: a page on this machine that looks inside runs, also while they are written, and plays event files.

Importing this package is cheap; the web server is loaded when something is served.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spikesight.events.files.reading import EventFile
    from spikesight.studio.server import Studio

__all__ = ["play", "serve", "start"]


def start(folders: Sequence[Path], port: int = 0) -> Studio:
    """Serve `folders`, one run each, from a background thread, and return at once.

    `port` 0 takes a free one. The address, with its token, is `.address`; `.stop()` ends it.
    Errors: InputError where no folder is given; RunError where one is not a run; StudioError where the port is taken.
    """
    from spikesight.studio import server

    return server.start(folders, port)


def play(files: Sequence[EventFile | Path | str], port: int = 0) -> Studio:
    """Serve files of event cameras, to be played, from a background thread, and return at once.

    Files are read in the background, in order of time, into files without names in the folder for temporary files: 13
    bytes an event, given back at the end. `port` and the returned studio are as those of `start`.
    Errors: InputError where no file is given, or one is of no known format; StudioError where the port is taken.
    """
    from spikesight.studio import server

    return server.play(files, port)


def serve(folders: Sequence[Path], *, port: int = 0, announce: Callable[[str], None] = print) -> None:
    """Serve `folders`, tell the address through `announce`, and stay until Ctrl-C.

    Errors: as `start`.
    """
    from spikesight.studio import server

    server.serve(folders, port=port, announce=announce)
