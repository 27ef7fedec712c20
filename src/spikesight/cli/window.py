"""The studio as commands use it: served once there is a run, kept until Ctrl-C."""

from __future__ import annotations

import webbrowser
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from spikesight.events.files.reading import EventFile
    from spikesight.studio.server import Studio


@dataclass
class Window:
    """`port` 0 takes a free one. What it says goes to standard error where `quiet`, so that the output stays JSON."""

    port: int
    open_browser: bool
    quiet: bool = False
    _studio: Studio | None = field(default=None, init=False)

    def show(self, *folders: Path) -> None:
        """Serve runs and tell the address.   Errors: as `studio.start`."""
        from spikesight import studio

        self._open(studio.start(folders, self.port))

    def play(self, *files: EventFile | Path) -> None:
        """Serve files of events and tell the address.   Errors: as `studio.play`."""
        from spikesight import studio

        self._open(studio.play(files, self.port))

    def _open(self, served: Studio) -> None:
        self._studio = served
        self._say(f"Studio: {self._studio.address}")
        if self.open_browser:
            webbrowser.open(self._studio.address)

    def stay(self) -> None:
        """Serve until Ctrl-C."""
        if self._studio is None:
            return
        with self._studio:
            try:
                self._say("The studio stays until Ctrl-C.")
                self._studio.wait()
            except KeyboardInterrupt:
                self._say("Studio closed.")

    def _say(self, line: str) -> None:
        click.echo(line, err=self.quiet)
