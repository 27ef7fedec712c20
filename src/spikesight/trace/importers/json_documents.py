"""JSON documents as VS2N and N2S3 keep them: spikes, potentials and synapses, one document a line, or arrays of them.

A spike is `{"T": time, "i": {"L": layer, "N": neuron}}`; a potential has a value `V` too. `timestamp` counts as `T`.
Whole numbers are microseconds and fractions seconds, as in the two versions of VS2N's schemas. Updates of synapses are
read as `json_synapses` says; other documents are told and left out. Source: VS2N wiki, "VS2N MongoDB schemas".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np

from spikesight.base.errors import InputError
from spikesight.trace.importers import text_rows
from spikesight.trace.importers.choosing import head_of
from spikesight.trace.importers.contract import SECOND, Piece, Recording, Samples, Settings, Spikes
from spikesight.trace.importers.json_synapses import SNAPSHOTS, Synapses, Update, number, update_in

_DOCUMENTS = 1 << 16
_LARGEST = 1 << 28
"""So many bytes a file may have whose documents are not one a line: it is parsed as a whole."""

_MICRO = 1e-6


@dataclass(frozen=True)
class JsonDocuments:
    """Reads spikes, potentials and weights."""

    what: str = "JSON documents of VS2N and N2S3 (spikes, potentials, synapses)"

    def sniff(self, path: Path, head: bytes) -> bool:
        """Whether the file begins like JSON, and like these documents."""
        begun = head.lstrip()
        return (
            begun[:1] in (b"{", b"[")
            and text_rows.is_text(head)
            and any(key in head for key in (b'"T"', b'"timestamp"'))
        )

    def read(self, paths: Sequence[Path], settings: Settings) -> Recording:
        """Read any number of files: one of spikes, one of potentials, ... of one simulation."""
        recording = Recording("VS2N", SECOND, lambda: iter(()))
        survey = _survey(paths)
        recording.note(
            "times are whole numbers, taken as microseconds" if survey.whole else "times are taken as seconds"
        )
        factor = _MICRO if survey.whole else 1.0
        for one in survey.synapses.values():
            recording.populations = [*recording.populations, *one.populations(survey.neurons.get(one.layer, 0))]
            recording.note(
                f"layer '{one.layer}': {one.updates} updates of synapses, kept as {SNAPSHOTS} snapshots or less"
            )
        recording.pieces = lambda: _all_pieces(paths, factor, survey, recording)
        return recording


JSON_DOCUMENTS: Final = JsonDocuments()


@dataclass
class _Survey:
    """What a first look at all documents says: whether times are whole, largest neurons, synapses by layer."""

    whole: bool = True
    neurons: dict[str, int] = field(default_factory=dict)
    synapses: dict[str, Synapses] = field(default_factory=dict)


def _survey(paths: Sequence[Path]) -> _Survey:
    survey = _Survey()
    for path in paths:
        for document in _documents(path):
            time = _time(document)
            if time is None:
                continue
            survey.whole = survey.whole and isinstance(time, int)
            if update := update_in(document):
                survey.synapses.setdefault(update.layer, Synapses(update.layer)).see(update)
            elif unit := _unit(document):
                survey.neurons[unit[0]] = max(survey.neurons.get(unit[0], 0), int(unit[1]) + 1)
    return survey


def _documents(path: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the documents of a file, whatever they are packed in."""
    head = head_of(path).lstrip()
    lines = text_rows.header(head)
    if head.startswith(b"{") and lines and _is_whole(lines[0]):
        with open(path, "rb") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield from _flat(_parsed(line, f"{path}, line {number}"))
        return
    if path.stat().st_size > _LARGEST:
        raise InputError(f"{path} is one large JSON value: save a document a line, as mongoexport does")
    yield from _flat(_parsed(path.read_bytes(), str(path)))


def _is_whole(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _parsed(text: bytes, place: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{place} is not JSON ({error}): it is damaged or cut off") from error


def _flat(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the documents in `value`: itself, its members, or the members of its collections."""
    if isinstance(value, list):
        for one in value:
            yield from _flat(one)
    elif isinstance(value, dict) and any(isinstance(one, list) for one in value.values()):
        for one in value.values():
            yield from _flat(one) if isinstance(one, list) else ()
    elif isinstance(value, dict):
        yield value


def _time(document: Mapping[str, Any]) -> int | float | None:
    return number(document.get("T", document.get("timestamp")))


def _unit(document: Mapping[str, Any]) -> tuple[str, int | float] | None:
    """Return layer and neuron; None for a document that names none."""
    place = document.get("i", document)
    if not isinstance(place, dict):
        return None
    neuron = number(place.get("N"))
    layer = place.get("L")
    return (str(layer), neuron) if isinstance(layer, str | int) and neuron is not None else None


def _all_pieces(paths: Sequence[Path], factor: float, survey: _Survey, recording: Recording) -> Iterator[Piece]:
    for path in paths:
        yield from _pieces(path, factor, recording)
    for synapses in survey.synapses.values():
        yield from synapses.snapshots(_updates(paths, factor, synapses.layer))


def _updates(paths: Sequence[Path], factor: float, layer: str) -> Iterator[tuple[float, Update]]:
    for path in paths:
        for document in _documents(path):
            time, update = _time(document), update_in(document)
            if time is not None and update is not None and update.layer == layer:
                yield float(time) * factor, update


def _pieces(path: Path, factor: float, recording: Recording) -> Iterator[Piece]:
    documents = iter(_documents(path))
    while some := list(islice(documents, _DOCUMENTS)):
        rows: dict[tuple[str, str], list[tuple[float, float, float]]] = {}
        for document in some:
            _sort_in(document, rows, path, recording)
        for (layer, kind), table in rows.items():
            t, unit, value = np.array(table, np.float64).T
            times = t if factor == 1.0 else t * factor
            yield Spikes(layer, times, unit) if not kind else Samples(layer, kind, times, unit, value)


def _sort_in(
    document: Mapping[str, Any],
    rows: dict[tuple[str, str], list[tuple[float, float, float]]],
    path: Path,
    recording: Recording,
) -> None:
    time, unit = _time(document), _unit(document)
    if time is not None and update_in(document):
        return
    if time is None or unit is None:
        recording.drop(f"{path.name}: documents with {_fields(document)}")
        return
    value = number(document.get("V"))
    if "Input" in document:
        recording.drop(f"{path.name}: labels (Input), as documents do not say when an input began")
    rows.setdefault((unit[0], "" if value is None else "v"), []).append(
        (float(time), float(unit[1]), float(value or 0.0))
    )


def _fields(names: Iterable[str]) -> str:
    return ", ".join(sorted(str(name) for name in names if name != "_id")[:8]) or "nothing"
