"""Everything that can be asked about a run, asked once: of its trace, of those who look after it, of every view."""

from __future__ import annotations

import os
import resource
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from spikesight.base.errors import SpikesightError
from spikesight.runs.folder import Run
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.query import Query
from spikesight.studio.views import VIEWS
from spikesight.studio.wire import to_json
from spikesight.trace import console
from spikesight.trace.maintenance.check import check
from spikesight.trace.maintenance.cut import cut
from spikesight.trace.maintenance.info import info
from spikesight.trace.maintenance.repair import repair
from spikesight.trace.reader import Trace

FORBIDDEN: Final = 12345.0
"""What is in files outside the run: an answer that has it has left the folder."""

STATEMENT: Final = "SELECT (SELECT count(*) FROM spikes), (SELECT count(*) FROM weights), * FROM projections"
"""For the console; every question to it makes a view of each table."""

_ALL_IN_ONE: Final = "report"
"""The view that asks all the others."""

Question = tuple[str, Callable[[], Any]]


class Escaped(Exception):
    """An answer came from outside the folder of the run."""


def ask_all(run: Path, memory: int, told: Path, views: bool) -> None:
    """Ask everything about `run`, with `memory` more bytes than the process has now, and write what came to `told`.

    Without `views` those of the studio are left out.
    A line for each question: its name, and "answered", "refused", or the end of a traceback. What the process itself
    prints goes to a file beside `told`.
    """
    said = os.open(told.with_suffix(".said"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(said, 1)
    os.dup2(said, 2)
    limit = _size() + memory
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    with told.open("w", buffering=1) as lines:
        for name, question in questions(run, views):
            print(f"{name}\t{_outcome(question)}", file=lines)


def questions(run: Path, views: bool) -> Iterator[Question]:
    """Yield the name of every question about `run`, those of the studio's `views` too, and how it is asked."""
    yield "run.json", lambda: Run.open(run).status()
    yield "weights.safetensors", lambda: Run.open(run).load_weights()
    yield from _of_trace(run)
    yield "SQL", lambda: console.ask(run / "trace", STATEMENT)
    if views:
        yield from _of_views(run)
    yield "info", lambda: info(run).as_json()
    yield "check", lambda: check(run)
    yield "check --deep", lambda: check(run, deep=True)
    yield "cut", lambda: cut(run, run / "cut", "cut", t=(0.0, 0.1))
    yield "repair", lambda: repair(run)
    yield "check after repair", lambda: check(run, deep=True)


def _of_trace(run: Path) -> Iterator[Question]:
    with ExitStack() as held:
        try:
            trace = held.enter_context(Trace.open(run))
        except Exception as error:  # which is told as the outcome of this question
            yield "open", _raising(error)
            return
        yield "open", lambda: trace.tables
        for layer in [layer.name for layer in trace.header.layers][:4]:
            yield from _of_layer(trace, layer)
        for projection in [projection.name for projection in trace.header.projections][:4]:
            yield f"snapshots {projection}", partial(trace.snapshots, projection)
            for snapshot in (0, -1):
                yield f"weights {projection}", partial(_weights, trace, projection, snapshot)
        yield "stimuli", trace.stimuli
        yield "last stimuli", lambda: trace.stimuli(last=3)
        yield "marks", trace.marks
        yield "scalars", lambda: [trace.scalars(name) for name in trace.scalar_names()[:20]]


def _of_layer(trace: Trace, layer: str) -> Iterator[Question]:
    windows: Sequence[tuple[float, float] | None] = (None, (0.0, 0.05), (-1e9, 1e9))
    for window in windows:
        at = f"{layer} in {window}"
        yield f"spikes of {at}", partial(trace.spikes, layer, window)
        yield f"count of {at}", partial(trace.count, layer, window)
        yield f"unit_counts of {at}", partial(trace.unit_counts, layer, window)
        yield f"rate of {at}", partial(trace.rate, layer, window, 100)
        yield f"raster of {at}", partial(trace.raster, layer, window, 100, 16)
        yield f"raster_on of {at}", partial(_raster_on, trace, layer, window)
    yield f"raster of all units of {layer}", lambda: trace.raster(layer)
    yield f"spikes of a unit of {layer}", lambda: trace.spikes(layer, units=[0])
    yield f"spikes of a stimulus of {layer}", lambda: trace.spikes(layer, stim=(1, 3))
    yield f"spike_counts of {layer}", lambda: trace.spike_counts(layer, (0, 4))
    yield f"class_counts of {layer}", lambda: trace.class_counts(layer)
    yield f"class_counts_by_block of {layer}", lambda: trace.class_counts_by_block(layer, 8)
    yield f"values of {layer}", lambda: [trace.values(layer, name) for name in trace.variables(layer)[:4]]


def _of_views(run: Path) -> Iterator[Question]:
    try:
        opened = OpenRun(run)
    except Exception as error:  # as above
        yield "studio", _raising(error)
        return
    opened.others = {opened.name: opened}
    for name in sorted(set(VIEWS) - {_ALL_IN_ONE}):
        yield f"view {name}", partial(_viewed, opened, name)
    opened.close()


def _viewed(run: OpenRun, name: str) -> None:
    run.refresh()
    try:
        to_json(VIEWS[name].answer(run, Query()))
    except Empty:
        return


def _raising(error: Exception) -> Callable[[], Any]:
    def ask() -> Any:
        raise error

    return ask


def _raster_on(trace: Trace, layer: str, window: tuple[float, float] | None) -> None:
    trace.raster_on(layer, trace.grid(layer, window, 100), 16)


def _weights(trace: Trace, projection: str, snapshot: int) -> None:
    if np.any(trace.weights(projection, snapshot) == FORBIDDEN):
        raise Escaped("weights that lie outside the folder of the run")


def _outcome(question: Callable[[], Any]) -> str:
    try:
        question()
    except SpikesightError:
        return "refused"
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        words = " ".join(str(error).split())[:200]
        return f"{type(error).__name__}: {words} ({Path(last.filename).name}, line {last.lineno})"
    return "answered"


def _size() -> int:
    """Return how many bytes of addresses this process has."""
    pages = Path("/proc/self/statm").read_text().split()[0]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
