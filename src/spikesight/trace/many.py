"""Many traces, such as the runs of a sweep: one question, an answer for each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import TypeVar

import numpy as np

from spikesight.base.errors import InputError, TraceError, UnknownName
from spikesight.trace import layout
from spikesight.trace.places import Place, place_of
from spikesight.trace.reader import Trace
from spikesight.trace.remote import Remote
from spikesight.trace.segments import connect
from spikesight.trace.store import Store
from spikesight.trace.tabular import Table, Tabular
from spikesight.trace.together import Asker, Together

Answer = TypeVar("Answer")


class Traces:
    """Traces by name. A question is a function of a trace: `traces.ask(lambda trace: trace.rate("exc"))`.

    On a place, what all traces ask goes out as one query, so a question should ask of every trace the same.
    """

    def __init__(self, folders: dict[str, Path], place: Place | None = None) -> None:
        """Use `open`, and `on` for a place."""
        self.folders = folders
        self._place = place
        self._traces: dict[str, Trace] = {}
        self._remotes: dict[str, Remote] = {}
        self._database = connect()
        for name, folder in folders.items():
            store = Store(folder, self._database)
            if place is None:
                self._traces[name] = Trace(folder, store)
            else:
                remote = self._remotes[name] = Remote(store, place)
                self._traces[name] = Trace(folder, remote, store)

    @classmethod
    def open(cls, where: Path | Iterable[Path]) -> Traces:
        """Open the runs or traces in the folder `where`, or all those of a list; they are called by their folders.

        Errors: InputError where there is none, TraceError where one cannot be read.
        """
        given = [where] if isinstance(where, str | Path) else list(where)
        folders = [folder for one in given for folder in _found(Path(one))]
        if not folders:
            places = ", ".join(map(str, given)) or "an empty list"
            raise InputError(f"there is no run in {places}: give a folder that has some")
        return cls(_named(folders))

    def on(self, place: object) -> Traces:
        """Return these traces with their questions answered at `place`: see `Trace.on`. Close them as well."""
        return Traces(self.folders, place_of(place))

    def ask(self, question: Callable[[Trace], Answer]) -> dict[str, Answer]:
        """Return the answer of every trace by its name.

        Errors: what `question` raises for the first trace that it fails for, with the name of that trace in a note.
        """
        if self._place is None:
            return {name: _asked(name, trace, question) for name, trace in self._traces.items()}
        together = Together(self._place, len(self._remotes))

        def asked(number: int, name: str) -> Answer:
            try:
                remote = self._remotes[name]
                trace = Trace(self.folders[name], Asker(remote, together, number), remote.near)
                return _asked(name, trace, question)
            finally:
                together.leave()

        with ThreadPoolExecutor(max_workers=len(self._remotes)) as threads:
            answers = {name: threads.submit(asked, number, name) for number, name in enumerate(self._remotes)}
        return {name: answer.result() for name, answer in answers.items()}

    def table(self, question: Callable[[Trace], Tabular]) -> Table:
        """Return the answers to a question whose answer is a table as one table, with the column `run` first."""
        answers = {name: answer.columns() for name, answer in self.ask(question).items()}
        lengths = [len(next(iter(columns.values()))) for columns in answers.values()]
        joined: dict[str, np.ndarray] = {"run": np.repeat(np.array(list(answers), dtype=object), lengths)}
        for name in next(iter(answers.values())):
            columns = [columns[name] for columns in answers.values()]
            masked = any(np.ma.isMaskedArray(column) for column in columns)
            joined[name] = (np.ma if masked else np).concatenate(columns)
        return Table(joined)

    def refresh(self) -> bool:
        """Take in what was recorded since the last look; whether there was anything new.   Errors: TraceError."""
        return sum(trace.refresh() for trace in self._traces.values()) > 0

    def close(self) -> None:
        """Let go of the files, and of the views at a place."""
        for trace in self._traces.values():
            trace.close()
        self._database.close()

    def __enter__(self) -> Traces:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        return len(self.folders)

    def __iter__(self) -> Iterator[str]:
        return iter(self.folders)

    def __getitem__(self, name: str) -> Trace:
        """Return the trace called `name`, to be asked alone.   Errors: UnknownName."""
        if name not in self._traces:
            raise UnknownName("run", name, self._traces)
        return self._traces[name]


def _asked(name: str, trace: Trace, question: Callable[[Trace], Answer]) -> Answer:
    try:
        return question(trace)
    except Exception as error:
        error.add_note(f"This was the answer of run '{name}'.")
        raise


def _found(folder: Path) -> list[Path]:
    """Return the trace in `folder`, or all traces one folder further in."""
    own = _trace_in(folder)
    if own is not None:
        return [own]
    if not folder.is_dir():
        raise TraceError(f"{folder} is no folder: give runs, or a folder of runs")
    return [found for inner in sorted(folder.iterdir()) if (found := _trace_in(inner)) is not None]


def _trace_in(folder: Path) -> Path | None:
    for place in (folder / "trace", folder):
        if (place / layout.HEADER).is_file():
            return place
    return None


def _named(traces: list[Path]) -> dict[str, Path]:
    """Call every trace by the folder of its run, from where the paths part."""
    runs = [(trace.parent if trace.name == "trace" else trace).absolute() for trace in dict.fromkeys(traces)]
    shared = os.path.commonpath([run.parent for run in runs])
    return {run.relative_to(shared).as_posix(): trace for run, trace in zip(runs, dict.fromkeys(traces), strict=True)}
