"""A package imports only from lower floors, or from its own one without a circle."""

from __future__ import annotations

import ast
import graphlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

FLOORS = {
    name: floor
    for floor, names in enumerate(
        (
            "base",
            "equations events runs trace",
            "executors encoding datasets",
            "circuits first_spike deep",
            "analysis compression explain interchange",
            "zoo studio estimators",
            "recipes benchmarks",
            "cli __main__",
        )
    )
    for name in names.split()
}

PUT_OFF = {
    ("spikesight.circuits.engine", "spikesight.circuits.fused_engine"): "`start` is the door to both engines",
    ("spikesight.circuits.engine", "spikesight.circuits.reference_engine"): "`start` is the door to both engines",
}
"""Imports inside a function that close a circle all the same, and why they may."""

PLACE = re.compile(r"(spikesight(?:\.\w+)+):\w+")


def imported(name: str, sources: Mapping[str, Any], *, when_running: bool = False) -> Iterator[tuple[str, int]]:
    """Yield the modules of ours that module `name` imports, and on which line; those for types alone only if asked."""
    tree = sources[name].tree
    skipped: set[ast.AST] = set()
    if when_running:
        for node in ast.walk(tree):
            if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
                skipped.update(inner for statement in node.body for inner in ast.walk(statement))
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}, line {node.lineno}: write the whole name of what is imported"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                target = whole if whole in sources else node.module or ""
                if target.startswith("spikesight"):
                    yield target, node.lineno
        elif isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names if alias.name.startswith("spikesight"))


def catalogued(name: str, sources: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Yield the modules that module `name` names in its catalogues, ``"module:object"``: imports put off."""
    for node in ast.walk(sources[name].tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and (found := PLACE.fullmatch(node.value)):
            yield found[1], node.lineno


def package(name: str) -> str:
    """Return the package of ours that a module belongs to; the door itself belongs to none."""
    return name.split(".")[1] if "." in name else ""


def test_every_package_has_a_floor(sources: Mapping[str, Any]) -> None:
    homeless = {package(name) for name in sources} - set(FLOORS) - {""}
    assert not homeless, f"on which floor do {sorted(homeless)} live? Say it in FLOORS and in the docs"


def test_nobody_imports_from_above(sources: Mapping[str, Any]) -> None:
    wrong = []
    for name in sources:
        mine = FLOORS.get(package(name), -1)  # the package itself imports nothing of the house
        for target, line in (*imported(name, sources), *catalogued(name, sources)):
            assert target in sources, f"{name}, line {line}: there is no module {target}"
            if package(target) != package(name) and FLOORS.get(package(target), -1) > mine:
                wrong.append(f"{name}, line {line}, imports {target} from above")
    assert not wrong, "\n".join(wrong)


def test_packages_do_not_import_each_other_in_a_circle(sources: Mapping[str, Any]) -> None:
    graph: dict[str, set[str]] = {}
    for name in sources:
        targets = {package(target) for target, _ in (*imported(name, sources), *catalogued(name, sources))}
        graph.setdefault(package(name), set()).update(targets - {package(name)})
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        pytest.fail(f"packages import each other in a circle: {' <- '.join(error.args[1])}")


def test_modules_do_not_import_each_other_in_a_circle(sources: Mapping[str, Any]) -> None:
    graph = {
        name: {target for target, _ in imported(name, sources, when_running=True) if (name, target) not in PUT_OFF}
        for name in sources
    }
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        pytest.fail(f"modules import each other in a circle: {' <- '.join(error.args[1])}")


def test_base_knows_no_other_package(sources: Mapping[str, Any]) -> None:
    for name in sources:
        if package(name) == "base":
            assert {package(target) for target, _ in imported(name, sources)} <= {"base"}
