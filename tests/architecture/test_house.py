"""House rules that a machine can check."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from spikesight.base.errors import MissingExtra
from spikesight.equations import CATALOGUE as EQUATIONS

LINES = 400
UNSAFE = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "shelve", "marshal", "joblib"}
"""What can run code that a file brings."""

RUNS_TEXT = {
    "spikesight.equations.own": "exec",  # of two functions made of the argument names of a function of the user's own
}
"""Modules that run text all the same: it is made of names that Python has accepted as names, never of data."""

BEYOND_ONE_FILE = {
    "analysis/variation/test_reference_tables.py": "two tables that were measured elsewhere: images, kinds, filters",
    "circuits/test_engines_agree.py": "both engines: every kind of wiring, delay, learning and competition together",
    "cli/test_whole_commands.py": "commands in processes of their own",
    "deep/golden/test_presets_golden.py": "presets against spikes that other libraries gave",
    "deep/neurons/test_gradients.py": "every neuron's gradients, without autograd",
    "deep/test_onnx.py": "whole networks, exported and run by another library",
    "oracles/test_brian2.py": "neurons, plasticity and a network against another simulator, where it is installed",
    "recipes/test_diehl_cook_recipes.py": "the recipes of one paper and what they share",
    "studio/test_browser.py": "the page in a real browser",
    "studio/test_browser_maps.py": "the tab of maps in a real browser",
    "studio/test_browser_neurons.py": "the tab of neurons in a real browser",
    "studio/test_browser_synapses.py": "the tab of synapses in a real browser",
    "studio/test_browser_input.py": "the tab Input in a real browser",
    "studio/test_browser_overview.py": "the tab Overview in a real browser",
    "studio/test_browser_raster.py": "the tab Raster in a real browser",
    "studio/test_browser_third_party.py": "a view of another package, installed and looked at in a real browser",
    "studio/test_browser_answers.py": "Classes, Compare, What changed?, Cost and SQL in a real browser",
    "studio/test_browser_export.py": "pictures, data and reports as a real browser makes them",
    "studio/events/test_browser.py": "the page that plays files of events in a real browser",
    "studio/events/test_browser_beside.py": "frames, motion, triggers and progress on that page",
    "studio/events/test_serving.py": "files of events on the studio's address, alone and beside runs",
    "trace/test_crash.py": "a killed process: writer, log and reader together",
    "trace/importers/test_golden.py": "files of every simulator: all importers, whole and damaged files",
    "trace/test_storage_full.py": "a full disk: writer, sealer and reader together",
}
"""Tests of what several files do together, and what that is."""


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    return ((ast.unparse(node.func), node) for node in ast.walk(tree) if isinstance(node, ast.Call))


def modules_imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def unsafe(tree: ast.AST) -> Iterator[str]:
    """Yield what in a module could run code that came with data."""
    yield from (name for name in modules_imported(tree) if UNSAFE & set(name.split(".")))
    for function, call in calls(tree):
        last = function.rpartition(".")[2]
        options = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
        if function in ("eval", "exec", "builtins.eval", "builtins.exec", "__import__"):
            yield function
        if last in ("read_pickle", "to_pickle") or options.get("allow_pickle", "False") != "False":
            yield ast.unparse(call)
        if function == "torch.load" and options.get("weights_only") != "True":
            yield ast.unparse(call)


def test_no_pickle_is_ever_loaded_and_no_text_is_run(sources: Mapping[str, Any]) -> None:
    found = {name: list(unsafe(source.tree)) for name, source in sources.items()}
    assert {name: what for name, what in found.items() if what} == {name: [how] for name, how in RUNS_TEXT.items()}


@pytest.mark.parametrize(
    "text",
    [
        "import pickle", "from joblib import load", "import a.b, marshal as m", "from sklearn.externals import joblib",
        "np.load(path, allow_pickle=True)", "np.load(path, allow_pickle=flag)", "pd.read_pickle(path)", "eval(text)",
        "torch.load(path)", "def f():\n    exec(text)",
    ],
)  # fmt: skip
def test_the_search_finds_what_it_looks_for(text: str) -> None:
    assert list(unsafe(ast.parse(text)))


@pytest.mark.parametrize("text", ["spec.loader.exec_module(m)", "np.load(path)", "np.load(p, allow_pickle=False)"])
def test_the_search_leaves_the_rest_alone(text: str) -> None:
    assert not list(unsafe(ast.parse(text)))


def undocumented(name: str, node: ast.AST) -> Iterator[str]:
    """Yield the public modules, classes, functions and methods from `node` down that have no docstring."""
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        if not (ast.get_docstring(node) or "").strip():
            yield name
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for inner in node.body:
                inner_name = getattr(inner, "name", "_")
                if not inner_name.startswith("_"):
                    yield from undocumented(f"{name}.{inner_name}", inner)


def test_everything_public_says_what_it_is(sources: Mapping[str, Any]) -> None:
    missing = [what for name, source in sources.items() for what in undocumented(name, source.tree)]
    assert not missing


def written(folder: Path) -> list[Path]:
    """Files of code that people read and write."""
    return [path for path in folder.rglob("*") if path.suffix in (".py", ".js", ".css")]


def test_files_are_small(root: Path) -> None:
    long = {str(path.relative_to(root)): len(path.read_text().splitlines()) for path in written(root / "src")}
    assert not {path: lines for path, lines in long.items() if lines > LINES}


def test_every_file_has_a_name_that_says_something(root: Path) -> None:
    files = [path for folder in ("src", "tests", "docs", "examples") for path in written(root / folder)]
    assert not [path for path in files if path.stem.strip("_") in ("utils", "util", "helpers", "misc", "common")]


def test_tests_mirror_the_source(root: Path) -> None:
    tests, source = root / "tests", root / "src" / "spikesight"
    astray = []
    for path in tests.rglob("test_*.py"):
        place = path.relative_to(tests)
        if place.parts[0] in ("contracts", "architecture", "docs", "examples") or str(place) in BEYOND_ONE_FILE:
            continue
        tested = source / place.parent / path.stem.removeprefix("test_")
        of_the_folder = source / place.parent / "__init__.py" if tested.name == place.parent.name else tested
        if not (tested.with_suffix(".py").exists() or tested.is_dir() or of_the_folder.exists()):
            astray.append(str(place))
    assert not astray, "these tests belong to no file of the source: move them, or say why in BEYOND_ONE_FILE"


def catalogues(sources: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the module and the name of each catalogue of the package."""
    for name, source in sources.items():
        for node in source.tree.body:
            if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call):
                target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                if ast.unparse(node.value.func) == "Catalogue":
                    yield name, ast.unparse(target)


def test_every_entry_of_every_catalogue_is_there(sources: Mapping[str, Any]) -> None:
    found = list(catalogues(sources))
    assert ("spikesight.equations", "CATALOGUE") in found
    for module, attribute in found:
        catalogue = getattr(importlib.import_module(module), attribute)
        assert len(catalogue) > 0, f"{module}.{attribute} is empty"
        for name in catalogue:
            try:
                assert catalogue[name] is not None
            except MissingExtra:  # it is there; what it needs is not installed here
                continue


def test_every_equation_is_in_its_catalogue(sources: Mapping[str, Any]) -> None:
    defined = {
        name
        for name, source in sources.items()
        for node in source.tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and ast.unparse(node).startswith("EQUATION")
    }
    assert {EQUATIONS[name].advance.__module__ for name in EQUATIONS} >= defined
    assert len(defined) >= 5
