"""A circuit in a folder: circuit.json tells the network, arrays.safetensors holds weights and wiring. No pickle.

Neuron models, wirings and rules are named as in their catalogues, so that those of other packages come back too where
the package is installed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from spikesight.base.atomic import storage, write_bytes
from spikesight.base.catalogue import Catalogue
from spikesight.base.errors import InputError
from spikesight.circuits.competition import Winners
from spikesight.circuits.connections import CATALOGUE as CONNECTIONS
from spikesight.circuits.delays import Delay
from spikesight.circuits.drive import Drive
from spikesight.circuits.network import Arrays, Network
from spikesight.circuits.plasticity import CATALOGUE as RULES
from spikesight.circuits.population import Population, Source
from spikesight.circuits.projection import Projection
from spikesight.equations import CATALOGUE as EQUATIONS
from spikesight.interchange.words import from_words, in_words, rebuilt

FORMAT: Final = 1
_DESCRIPTION, _ARRAYS = "circuit.json", "arrays.safetensors"
_TYPES: Final[dict[str, Any]] = {"float32": np.float32, "float64": np.float64}


def save_circuit(folder: Path, network: Network, parameters: Arrays) -> None:
    """Write a network and its parameters (weights, delays, masks, thresholds) into `folder`, made where missing.

    The description is written last: a folder that has one is whole.
    Errors: InputError for a part that is in no catalogue, StorageFull.
    """
    arrays: Arrays = {}
    words = describe(network, arrays)
    arrays |= {f"parameters.{name}": np.ascontiguousarray(values) for name, values in parameters.items()}
    with storage(folder, InputError):
        folder.mkdir(parents=True, exist_ok=True)
        write_bytes(folder / _ARRAYS, save(arrays))
        write_bytes(folder / _DESCRIPTION, json.dumps(words, indent=1, allow_nan=False).encode())


def load_circuit(folder: Path) -> tuple[Network, Arrays]:
    """Read what `save_circuit` wrote.   Errors: InputError for a folder that is missing, truncated or not a circuit."""
    try:
        words = json.loads((folder / _DESCRIPTION).read_text())
        arrays = load((folder / _ARRAYS).read_bytes())
    except (OSError, ValueError, SafetensorError) as error:
        raise InputError(f"{folder} holds no circuit that can be read: {error}") from error
    if not isinstance(words, dict) or words.get("format") != FORMAT:
        raise InputError(f"{folder / _DESCRIPTION} is no circuit of format {FORMAT}")
    begin = "parameters."
    parameters = {name.removeprefix(begin): values for name, values in arrays.items() if name.startswith(begin)}
    return rebuild(words, arrays), parameters


def describe(network: Network, arrays: Arrays) -> dict[str, Any]:
    """Return the network as plain JSON; arrays of its wiring are put into `arrays`.   Errors: see `save_circuit`."""
    return {
        "format": FORMAT,
        "dt": float(network.dt),
        "dtype": np.dtype(network.dtype).name,
        "nodes": [_node(node, arrays) for node in network.nodes],
        "projections": [_projection(projection, arrays) for projection in network.projections],
        "drives": [in_words(drive, drive.name, arrays) for drive in network.drives],
    }


def rebuild(words: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Network:
    """Return the network that `describe` told.   Errors: InputError or UnknownName where the words make no network."""
    try:
        return Network(
            float(words["dt"]),
            tuple(_rebuilt_node(node, arrays) for node in words["nodes"]),
            tuple(_rebuilt_projection(projection, arrays) for projection in words["projections"]),
            _TYPES[words["dtype"]],
            tuple(rebuilt(Drive, drive, "drive", arrays) for drive in words["drives"]),
        )
    except (KeyError, TypeError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"the description of the circuit lacks or garbles {error}") from error


def _node(node: Source | Population, arrays: Arrays) -> dict[str, Any]:
    told: dict[str, Any] = {"name": node.name, "shape": [int(n) for n in node.shape]}
    if isinstance(node, Population):
        if node.equation.name not in EQUATIONS or EQUATIONS[node.equation.name] != node.equation:
            raise InputError(f"population '{node.name}': the model '{node.equation.name}' is in no catalogue")
        told["model"] = node.equation.name
        told["params"] = in_words(node.params, f"{node.name}.params", arrays)
        told["competition"] = in_words(node.competition, f"{node.name}.competition", arrays)
    return told


def _rebuilt_node(words: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Source | Population:
    name, shape = words["name"], tuple(words["shape"])
    if "model" not in words:
        return Source(name, shape)
    equation = EQUATIONS[words["model"]]
    params = rebuilt(equation.params, words["params"], f"{name}.params", arrays)
    competition = from_words(words["competition"], Winners | None, f"{name}.competition", arrays)
    return Population(name, shape, equation, params, competition)


def _projection(p: Projection, arrays: Arrays) -> dict[str, Any]:
    return {
        **{field: getattr(p, field) for field in ("name", "pre", "post", "into", "masked")},
        "connection": _of_catalogue(CONNECTIONS, p.connection, f"{p.name}.connection", arrays),
        "rule": None if p.rule is None else _of_catalogue(RULES, p.rule, f"{p.name}.rule", arrays),
        "delay": in_words(p.delay, f"{p.name}.delay", arrays),
    }


def _rebuilt_projection(words: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Projection:
    name = words["name"]
    connection = _rebuilt_of_catalogue(CONNECTIONS, words["connection"], f"{name}.connection", arrays)
    rule = words["rule"] and _rebuilt_of_catalogue(RULES, words["rule"], f"{name}.rule", arrays)
    delay = from_words(words["delay"], Delay | None, f"{name}.delay", arrays)
    pre, post, into = words["pre"], words["post"], words["into"]
    return Projection(name, pre, post, into, connection, rule, delay, bool(words["masked"]))


def _of_catalogue(catalogue: Catalogue, thing: Any, where: str, arrays: Arrays) -> dict[str, Any]:
    for name in catalogue:
        if catalogue[name] is type(thing):
            return {**in_words(thing, where, arrays), "kind": name}
    raise InputError(f"{where}: {type(thing).__name__} is in no catalogue of {catalogue.kind}s")


def _rebuilt_of_catalogue(
    catalogue: Catalogue, words: Mapping[str, Any], where: str, arrays: Mapping[str, NDArray[Any]]
) -> Any:
    return rebuilt(catalogue[words["kind"]], words, where, arrays)
