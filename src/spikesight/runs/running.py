"""How a run ends is written down, whichever way it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from spikesight.base.errors import SpikesightError
from spikesight.runs.folder import Run
from spikesight.runs.machine import process


@contextmanager
def running(run: Run) -> Iterator[Run]:
    """Mark `run` as running in this process, and at the end as finished, interrupted (Ctrl-C) or failed.

    Errors: what the body raises, with a note where even that could not be written down.
    """
    run.update(status="running", process=process(), error=None)
    try:
        yield run
    except Exception as error:
        _write_down(run, error, "failed")
        raise
    except BaseException as error:
        _write_down(run, error, "interrupted")
        raise
    run.update(status="finished")


def _write_down(run: Run, error: BaseException, status: str) -> None:
    message = " ".join(str(error).split()) or type(error).__name__
    try:
        run.update(status=status, error=None if status == "interrupted" else message)
    except SpikesightError as trouble:
        error.add_note(f"The run could not be marked as {status}: {trouble}")
