"""The generated pages are what the source says now."""

import importlib.util
import sys

import pytest
from reading import ROOT

from spikesight.cli.main import COMMANDS
from spikesight.recipes import CATALOGUE as RECIPES
from spikesight.recipes.contract import claims


@pytest.fixture(scope="module")
def generate():
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["generate"] = module
    spec.loader.exec_module(module)
    return module


def test_generated_pages_are_up_to_date(generate):
    stale = [str(path.relative_to(ROOT)) for path, text in generate.pages().items() if path.read_text() != text]
    assert not stale, f"out of date: {', '.join(stale)}. Run: make reference"


def test_no_page_is_left_over(generate):
    assert {path for path in (ROOT / "docs" / "reference").iterdir() if path.suffix == ".md"} <= set(generate.pages())


def test_every_package_has_a_page(generate):
    folders = {path.parent.name for path in generate.SOURCE.glob("*/__init__.py")}
    assert set(generate.PACKAGES) == folders - {"cli"}


def test_every_command_has_its_help_page(generate):
    page = generate.commands_page()
    commands = dict(generate.all_commands("spikesight", COMMANDS))
    assert {"spikesight train", "spikesight trace", "spikesight trace info"} <= set(commands)
    for name, command in commands.items():
        assert f"## {name}\n" in page
        assert f"Usage: {name} " in page
        for parameter in command.params:
            assert all(option in page for option in parameter.opts if option.startswith("--"))


def test_the_reference_tells_signature_and_docstring_and_leaves_out_what_is_private(generate, tmp_path):
    (tmp_path / "__init__.py").write_text('"""A package."""')
    (tmp_path / "part.py").write_text(
        '"""A part."""\n'
        'def f(a: int, *, b: float = 1.0) -> str:\n    """Tell a * b < `c * d`."""\n'
        'def _hidden() -> None:\n    """Secret."""\n'
        'class C:\n    """A thing."""\n    x: int = 3\n    _y: int = 4\n'
        '    def m(self) -> int:\n        """A method."""\n'
    )
    generate.SOURCE = tmp_path.parent
    page = generate.package_page(tmp_path.name)
    assert "def f(a: int, *, b: float=1.0) -> str" in page
    assert "Tell a \\* b &lt; `c * d`." in page
    assert "class C\n    x: int = 3\n" in page
    assert "A method." in page
    assert "Secret" not in page
    assert "_y" not in page


def test_the_table_of_claims_has_every_recipe_and_a_dash_for_what_is_not_known(generate):
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in generate.claims_table().splitlines()[2:]]
    assert [row[0].strip("`") for row in rows] == sorted(RECIPES)
    assert all(len(row) == 8 for row in rows)
    known = {claim.name: claim for claim in claims()}
    assert all((row[3] == "-") == (known[row[0].strip("`")].published is None) for row in rows)
    assert any(row[3] == "-" for row in rows)
