from __future__ import annotations

import ast
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]


class Source(NamedTuple):
    """A module of the package: its dotted name, its file, and its syntax tree."""

    name: str
    path: Path
    tree: ast.Module


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def sources() -> dict[str, Source]:
    """Every module of the package by its dotted name."""
    found = {}
    for path in sorted((ROOT / "src" / "spikesight").rglob("*.py")):
        parts = path.relative_to(ROOT / "src").with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = Source(name, path, ast.parse(path.read_text()))
    return found
