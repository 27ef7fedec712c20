"""From files of a simulator to a run: whole, or not at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file, save

from spikesight import __version__
from spikesight.base.atomic import storage, write_bytes
from spikesight.base.errors import RunError
from spikesight.base.progress import SILENT, Progress
from spikesight.base.whole_folder import whole_folder
from spikesight.runs.derived import FINAL, UNITS
from spikesight.runs.folder import Run
from spikesight.runs.plain import plain
from spikesight.runs.running import running
from spikesight.trace.header import read_header
from spikesight.trace.importers.choosing import choose, name_of
from spikesight.trace.importers.contract import Array, Importer, Settings
from spikesight.trace.importers.damaged import answers
from spikesight.trace.importers.plan import Plan, plan
from spikesight.trace.importers.ticks import as_tick_ns
from spikesight.trace.importers.writing import Writing
from spikesight.trace.schema import Header
from spikesight.trace.writer import TraceWriter

RECIPE: Final = "imported"
"""What run.json of an imported run says where others name their recipe."""

_STORY: Final = "imported.json"
_FORMAT = 1


@dataclass(frozen=True)
class Prepared:
    """Files that were looked through and understood; `write` makes the run. `pieces` is how many steps that has."""

    importer: str
    paths: tuple[Path, ...]
    plan: Plan

    @property
    def pieces(self) -> int:
        """Number of steps that `write` reports to a progress bar."""
        return self.plan.pieces

    def write(self, to: Path, name: str | None = None, progress: Progress = SILENT) -> Run:
        """Make the run `to`, called `name` or like its folder, and return it.

        It is written beside, and appears when it is complete. Errors: RunError where there is something already or
        nothing can be written, StorageFull, TraceError for files that are damaged or changed meanwhile.
        """
        to = Path(to)
        with whole_folder(to, RunError) as beside:
            run = self._write(beside, name or to.name, progress)
            with storage(to, RunError):
                for entry in list(run.folder.iterdir()):
                    entry.rename(beside / entry.name)
                run.folder.rmdir()
        return Run.open(to)

    def _write(self, beside: Path, name: str, progress: Progress) -> Run:
        files = [_file_facts(path) for path in self.paths]
        config = {"importer": self.importer, "files": files, "tick_ns": self.plan.tick.ns}
        run = Run.create(beside, RECIPE, seed=0, config=config)
        run.update(name=name, **{FINAL: "it was imported, so there is nothing to go on with"})
        with running(run), answers(self.paths):
            with TraceWriter.create(run.trace_folder, self.plan.header(name, __version__)) as writer:
                Writing(self.plan, writer).write(progress)
            self._tell(run)
        return run

    def _tell(self, run: Run) -> None:
        story = {"format": _FORMAT, "importer": self.importer, **self.plan.facts()}
        ids = {self.plan.names[name]: held.places.ids for name, held in self.plan.layers.items()}
        odd = {name: np.ascontiguousarray(one) for name, one in ids.items() if not _counts_from_zero(one)}
        with storage(run.folder, RunError):
            if odd:
                write_bytes(run.folder / UNITS, save(odd))
            write_bytes(run.folder / _STORY, json.dumps(plain("story", story), indent=1).encode() + b"\n")
        spikes = sum(held.spikes for held in self.plan.layers.values())
        run.update(dropped=story["dropped"], notes=story["notes"], metrics={"spikes": spikes})


def prepare(paths: Sequence[Path], importer: Importer | None = None, tick: float | None = None) -> Prepared:
    """Look through `paths`, files of one recording, without writing anything.

    `importer` reads them (default: the one that recognises them); `tick` is the length of a tick in seconds, and of a
    step where the files count steps (default: the coarsest that represents every time exactly).
    Errors: InputError for files that are not understood, TraceError for damaged ones, NotEnoughMemory, MissingExtra.
    """
    paths = tuple(Path(path) for path in paths)
    tick_ns = None if tick is None else as_tick_ns(tick)
    chosen, reader = choose(paths) if importer is None else (name_of(importer), importer)
    with answers(paths):
        recording = reader.read(paths, Settings(tick_ns))
        return Prepared(chosen, paths, plan(recording, tick_ns))


def bring(
    paths: Sequence[Path],
    to: Path,
    importer: Importer | None = None,
    tick: float | None = None,
    name: str | None = None,
    progress: Progress = SILENT,
) -> Run:
    """Import `paths`, files of one recording, as the run `to`: `prepare` and `Prepared.write` in one.

    Times stay absolute, units keep their numbers (`original_ids`) and layers their names; `story(run)["dropped"]`
    tells what a trace has no place for.
    """
    return prepare(paths, importer, tick).write(to, name, progress)


def story(run: Run) -> dict[str, Any]:
    """Return what is known of how `run` was imported: importer, layers, facts, notes, dropped.

    Errors: RunError where it was not imported, or that file is damaged.
    """
    path = run.folder / _STORY
    try:
        told = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise RunError(f"{run.folder} was not imported: it has no {_STORY}") from None
    except (OSError, ValueError) as error:
        raise RunError(f"{path} cannot be read ({error}): import the files again") from error
    if not isinstance(told, dict) or told.get("format") != _FORMAT:
        raise RunError(f"{path} does not tell how a run was imported: an object of format {_FORMAT} was expected")
    return told


def original_ids(run: Run) -> dict[str, Array]:
    """Return, by layer, the number (n,) int64 that each unit had in the files; 0 to n - 1 where nothing else is said.

    Errors: RunError for a damaged file, TraceError where the run has no trace.
    """
    return ids_in(run.folder, read_header(run.trace_folder))


def ids_in(folder: Path, header: Header) -> dict[str, Array]:
    """Do what `original_ids` does, for the trace with `header` of the run in `folder`."""
    path = folder / UNITS
    try:
        odd = load_file(path) if path.exists() else {}
    except (OSError, SafetensorError) as error:
        raise RunError(f"{path} is damaged ({error}): import the files again") from error
    for layer in header.layers:
        if len(odd.get(layer.name, ())) not in (0, layer.size):
            raise RunError(f"{path} numbers {len(odd[layer.name])} units of '{layer.name}', which has {layer.size}")
    return {layer.name: odd.get(layer.name, np.arange(layer.size)) for layer in header.layers}


def _counts_from_zero(ids: Array) -> bool:
    return bool(np.array_equal(ids, np.arange(len(ids))))


def _file_facts(path: Path) -> dict[str, Any]:
    with answers([path]), open(path, "rb") as file:
        return {
            "name": path.name,
            "bytes": path.stat().st_size,
            "sha256": hashlib.file_digest(file, "sha256").hexdigest(),
        }
