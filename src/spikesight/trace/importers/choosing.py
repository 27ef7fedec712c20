"""Which importer reads a file: the one that recognises it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from spikesight.base.catalogue import Catalogue
from spikesight.base.errors import InputError
from spikesight.base.optional import require
from spikesight.trace.importers.damaged import answers

if TYPE_CHECKING:
    from spikesight.trace.importers.contract import Importer

CATALOGUE: Final = Catalogue(
    "trace importer",
    {
        "pynn": "spikesight.trace.importers.pynn:PYNN",
        "nest": "spikesight.trace.importers.nest:NEST",
        "sonata": "spikesight.trace.importers.sonata:SONATA",
        "carlsim": "spikesight.trace.importers.carlsim:CARLSIM",
        "nwb": "spikesight.trace.importers.nwb:NWB",
        "nix": "spikesight.trace.importers.nix:NIX",
        "brian2": "spikesight.trace.importers.brian2:BRIAN2",
        "nengo": "spikesight.trace.importers.nengo:NENGO",
        "tensors": "spikesight.trace.importers.tensors:TENSORS",
        "json-documents": "spikesight.trace.importers.json_documents:JSON_DOCUMENTS",
        "loihi": "spikesight.trace.importers.loihi:LOIHI",
        "lava": "spikesight.trace.importers.lava:LAVA",
        "arrays": "spikesight.trace.importers.arrays:ARRAYS",
    },
)
"""Importers by name, in the order in which they are asked whether they know a file."""

HDF5 = b"\x89HDF\r\n\x1a\n"
_HEAD = 4096
_NAMES = {HDF5: "an HDF5 file", b"PK\x03\x04": "a zip or npz file", b"\x80": "perhaps a pickle, which is never read"}


def choose(paths: Sequence[Path]) -> tuple[str, Importer]:
    """Return the importer that recognises all of `paths`, and its name.

    Errors: InputError where none does, or where the files are of several kinds; MissingExtra for HDF5 without h5py.
    """
    if not paths:
        raise InputError("no file was given: name the files of one recording")
    found = [_one(path) for path in paths]
    kinds = sorted({name for name, _ in found})
    if len(kinds) > 1:
        raise InputError(f"the files are of several kinds ({', '.join(kinds)}): import one recording at a time")
    return found[0]


def name_of(importer: Importer) -> str:
    """Return the name of `importer` in the catalogue; that of its class where it is not listed."""
    return next((name for name in CATALOGUE if CATALOGUE[name] is importer), type(importer).__name__)


def head_of(path: Path) -> bytes:
    """Return the first bytes of a file.   Errors: InputError where it cannot be read."""
    with answers([path]), open(path, "rb") as file:
        return file.read(_HEAD)


def _one(path: Path) -> tuple[str, Importer]:
    head = head_of(path)
    if head.startswith(HDF5):
        require("h5py", "simulators")
    for name in CATALOGUE:
        importer: Importer = CATALOGUE[name]
        if _knows(importer, path, head):
            return name, importer
    told = next((what for start, what in _NAMES.items() if head.startswith(start)), f"it begins with {head[:24]!r}")
    known = "; ".join(f"{name}: {CATALOGUE[name].what}" for name in CATALOGUE)
    raise InputError(f"no importer recognises {path} ({told if head else 'it is empty'}). Known are {known}")


def _knows(importer: Importer, path: Path, head: bytes) -> bool:
    try:
        with answers([path]):
            return importer.sniff(path, head)
    except Exception:  # a damaged file is not recognised, or is refused by who recognises it
        return False
