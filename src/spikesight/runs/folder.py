"""The folder of a run: run.json, weights.safetensors, trace/. No file in it is ever half-written."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any, Final

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from spikesight.base.atomic import storage, write_bytes
from spikesight.base.errors import RunError
from spikesight.runs.machine import is_gone, machine, process, versions
from spikesight.runs.plain import plain

FORMAT: Final = 1

_FACTS, _WEIGHTS, _TRACE = "run.json", "weights.safetensors", "trace"


class Run:
    """A run on disk.

    Errors of everything that writes: StorageFull where the disk takes no more, RunError for other refusals; what was
    there before stays.
    """

    def __init__(self, folder: Path, facts: dict[str, Any]) -> None:
        """Use `create` or `open`."""
        self.folder = folder
        self._facts = facts

    @classmethod
    def create(cls, root: Path, recipe: str, *, seed: int, config: Mapping[str, Any], name: str | None = None) -> Run:
        """Start a run of `recipe` in a new folder `<recipe>-<date>-<time>` inside `root`, which is made where missing.

        With a `name` that is the folder, and it must not be there yet.
        Errors: InputError for a `config` that is not JSON (numbers, words, lists, objects), RunError, StorageFull.
        """
        started = datetime.now().astimezone()
        settings = plain("config", config)
        folder = (
            _named_folder(Path(root), name) if name else new_folder(Path(root), f"{recipe}-{started:%Y%m%d-%H%M%S}")
        )
        facts = {
            "format": FORMAT,
            "name": folder.name,
            "recipe": recipe,
            "config": settings,
            "seed": int(seed),
            "status": "running",
            "started": started.isoformat(timespec="seconds"),
            "versions": versions(),
            "machine": machine(),
            "process": process(),
            "metrics": {},
            "progress": {},
            "error": None,
        }
        run = cls(folder, facts)
        run.update()
        return run

    @classmethod
    def open(cls, folder: Path) -> Run:
        """Open the run in `folder`.   Errors: RunError where there is none, saying what was found."""
        folder = Path(folder)
        return cls(folder, _read_facts(folder))

    @property
    def facts(self) -> dict[str, Any]:
        """What run.json holds; a copy."""
        return copy.deepcopy(self._facts)

    @property
    def trace_folder(self) -> Path:
        """The folder of the trace, there or not."""
        return self.folder / _TRACE

    def status(self) -> str:
        """Return "running", "finished", "failed" or "interrupted"; "stopped" where it says running but nobody runs it.

        A run of another host that says running is believed.
        """
        status = str(self._facts.get("status"))
        return "stopped" if status == "running" and is_gone(self._facts.get("process") or {}) else status

    def update(self, **facts: Any) -> None:
        """Set `facts` in run.json; objects (metrics, progress) gain the given entries and keep their others.

        Errors: InputError for what is not JSON, StorageFull, RunError.
        """
        merged = dict(self._facts)
        for name, value in facts.items():
            new, old = plain(name, value), merged.get(name)
            merged[name] = {**old, **new} if isinstance(new, dict) and isinstance(old, dict) else new
        merged["updated"] = datetime.now().astimezone().isoformat(timespec="milliseconds")
        with storage(self.folder, RunError):
            write_bytes(self.folder / _FACTS, json.dumps(merged, indent=1, allow_nan=False).encode() + b"\n")
        self._facts = merged

    def save_weights(self, arrays: Mapping[str, np.ndarray], **metadata: str) -> None:
        """Replace weights.safetensors by `arrays` (any shapes, numbers only) with `metadata`."""
        data = save({name: np.asarray(array, order="C") for name, array in arrays.items()}, metadata=metadata)
        with storage(self.folder, RunError):
            write_bytes(self.folder / _WEIGHTS, data)

    def load_weights(self) -> tuple[dict[str, np.ndarray], dict[str, str]]:
        """Return arrays and metadata of weights.safetensors.   Errors: RunError where it is missing or damaged."""
        path = self.folder / _WEIGHTS
        if not path.exists():
            raise RunError(f"{self.folder} has no {_WEIGHTS}: the run ended before its first checkpoint")
        try:
            with safe_open(path, framework="np") as file:
                return {name: file.get_tensor(name) for name in file.keys()}, dict(file.metadata() or {})  # noqa: SIM118
        except (OSError, SafetensorError) as error:
            raise RunError(f"{path} is damaged ({error}): copy it again, or train again") from error


def new_folder(root: Path, name: str) -> Path:
    """Make the folder `name` inside `root`, or `name`-2, -3, ... where it is taken.   Errors: RunError, StorageFull."""
    with storage(root, RunError):
        root.mkdir(parents=True, exist_ok=True)
        for attempt in count(1):
            folder = root / (name if attempt == 1 else f"{name}-{attempt}")
            try:
                folder.mkdir()
            except FileExistsError:
                continue
            return folder
    raise AssertionError("counting does not end")


def _named_folder(root: Path, name: str) -> Path:
    folder = root / name
    with storage(root, RunError):
        root.mkdir(parents=True, exist_ok=True)
        try:
            folder.mkdir()
        except FileExistsError:
            raise RunError(f"{folder} is there already: choose another folder, or delete it first") from None
    return folder


def _read_facts(folder: Path) -> dict[str, Any]:
    path = folder / _FACTS
    try:
        facts = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        raise RunError(f"{folder} is not a run: {_found(folder)}. A run is a folder with a {_FACTS}") from None
    except (OSError, ValueError) as error:
        raise RunError(f"{path} cannot be read ({error}): restore it from a copy") from error
    if not isinstance(facts, dict) or "recipe" not in facts:
        raise RunError(f"{path} does not describe a run: an object with a 'recipe' was expected")
    if facts.get("format") != FORMAT:
        raise RunError(f"{path} has format {facts.get('format')!r}, this Spikesight reads {FORMAT}")
    return facts


def _found(folder: Path) -> str:
    if not folder.exists():
        return "there is no such folder"
    if not folder.is_dir():
        return "it is a file"
    names = sorted(entry.name for entry in folder.iterdir())
    return f"it holds {', '.join(names[:5])}{', ...' if len(names) > 5 else ''}" if names else "it is empty"
