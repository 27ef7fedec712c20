"""What the pages say is so: their code runs, their commands exist, their links lead somewhere."""

import re
import shlex
from itertools import pairwise

import click
import pytest
from PIL import Image
from reading import REFERENCE, ROOT, blocks, pages, run, script

from spikesight.cli.groups import CatalogueGroup
from spikesight.cli.main import COMMANDS
from spikesight.recipes import CATALOGUE as RECIPES
from spikesight.recipes.settings import settings_of

WRITTEN = [page for page in pages() if REFERENCE not in page.parents]
WITH_PYTHON = [page for page in WRITTEN if any(block.language == "python" for block in blocks(page))]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
LINK = re.compile(r"\]\(([^)\s]+)\)")
PICTURE = re.compile(r"!\[([^]]*)\]\(([^)\s]+)\)")


def name(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("page", WITH_PYTHON, ids=name)
def test_the_python_of_a_page_runs(page, tmp_path):
    file = tmp_path / page.with_suffix(".py").name.replace("-", "_")
    file.write_text(script(page))
    done = run(file, tmp_path)
    assert done.returncode == 0, f"{name(page)}:\n{done.stderr}"


@pytest.mark.parametrize("example", EXAMPLES, ids=name)
def test_an_example_runs(example, tmp_path):
    done = run(example, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize("page", WRITTEN, ids=name)
def test_commands_and_options_on_a_page_exist(page):
    for words in commands_on(page):
        if words and not words[0].startswith("-"):
            known = {option for parameter in asked_for(words).params for option in parameter.opts} | {"--help"}
            asked = {word.partition("=")[0] for word in words if word.startswith("--")}
            assert asked <= known, f"{name(page)}: spikesight {' '.join(words)}"


@pytest.mark.parametrize("page", WRITTEN, ids=name)
def test_recipes_on_a_page_have_the_settings_it_names(page):
    for words in commands_on(page):
        if words and words[0] in {"train", "reproduce", "sweep"} and not words[1].startswith("-"):
            given = [word for option, word in pairwise(words) if option in {"--set", "--over"}]
            known = settings_of(RECIPES[words[1]])
            assert {word.partition("=")[0] for word in given} <= set(known), f"{name(page)}: {' '.join(words)}"


def asked_for(words):
    """Return the command that `words` ask for, at the bottom of the groups they name."""
    command, *words = COMMANDS[words[0]], *words[1:]
    while isinstance(command, CatalogueGroup):
        command, *words = command.catalogue[words[0]], *words[1:]
    return command


def commands_on(page):
    """Yield the words behind `spikesight` in every line of shell on a page."""
    for block in blocks(page):
        for line in block.lines if block.language == "sh" else ():
            words = shlex.split(line, comments=True)
            if words and words[0].endswith("spikesight"):
                yield words[1:]


@pytest.mark.parametrize("page", pages(), ids=name)
def test_links_lead_somewhere(page):
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    for target in LINK.findall(text):
        if target.startswith("http"):
            continue
        path, _, anchor = target.partition("#")
        to = (page.parent / path).resolve() if path else page
        assert to.exists(), f"{name(page)} links to {target}"
        assert not anchor or anchor in anchors(to), f"{name(page)} links to {target}"


@pytest.mark.parametrize("page", [page for page in WRITTEN if PICTURE.search(page.read_text())], ids=name)
def test_pictures_have_words_and_are_small(page):
    for words, path in PICTURE.findall(page.read_text()):
        picture = (page.parent / path).resolve()
        assert len(words) > 40, f"{name(page)}: say what {path} shows, for those who cannot see it"
        assert picture.stat().st_size < 250_000
        with Image.open(picture) as opened:
            assert opened.size == (1200, 750)


def test_the_first_pages_show_the_studio():
    for page in (ROOT / "README.md", ROOT / "docs" / "tutorial" / "first-network.md"):
        assert [path.rpartition("/")[2] for _, path in PICTURE.findall(page.read_text())] == ["studio.png"]


def anchors(page):
    """Return what a heading of a page is called in a link."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def test_every_command_is_shown_somewhere_a_reader_will_look():
    shown = {words[0] for page in WRITTEN for words in commands_on(page) if words}
    assert set(COMMANDS) - {"demo"} <= shown  # `make demo` is how the demo is started


def test_a_wrong_option_on_a_page_would_be_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("```sh\nspikesight train x --nonsense  # comment\n```\n")
    assert list(commands_on(page)) == [["train", "x", "--nonsense"]]
    known = {option for parameter in COMMANDS["train"].params for option in parameter.opts}
    assert "--nonsense" not in known
    assert isinstance(COMMANDS["train"], click.Command)


def test_a_page_is_run_with_its_own_line_numbers(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# Title\n\n```python\na = 1\n```\n\n```text\nno\n```\n\n```python\nraise SystemExit(a)\n```\n")
    assert script(page).splitlines()[3] == "a = 1"
    assert script(page).splitlines()[11] == "raise SystemExit(a)"
    file = tmp_path / "page.py"
    file.write_text(script(page))
    assert run(file, tmp_path).returncode == 1
