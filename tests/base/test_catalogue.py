import sys
from importlib.metadata import EntryPoint, EntryPoints

import pytest

from spikesight.base import catalogue as module
from spikesight.base.catalogue import Catalogue
from spikesight.base.errors import MissingExtra, UnknownName


@pytest.fixture
def encoders():
    return Catalogue("some encoder", {"root": "math:sqrt", "steps": "itertools:chain"})


def test_a_name_is_what_its_place_says(encoders):
    assert encoders["root"](9.0) == 3.0
    assert list(encoders) == ["root", "steps"]
    assert len(encoders) == 2
    assert "root" in encoders


def test_nothing_is_imported_before_it_is_asked_for(tmp_path, monkeypatch):
    (tmp_path / "imported_when_asked.py").write_text("thing = 5\n")
    monkeypatch.syspath_prepend(tmp_path)
    found = Catalogue("thing", {"five": "imported_when_asked:thing"})
    assert list(found) == ["five"]
    assert "imported_when_asked" not in sys.modules
    assert found["five"] == 5


def test_a_name_of_the_house_is_found_without_looking_for_others(encoders, monkeypatch):
    monkeypatch.setattr(module, "entry_points", lambda group: pytest.fail("looked at every installed package"))
    assert encoders["root"](9.0) == 3.0


def test_asking_whether_a_name_is_there_is_no_error(encoders):
    assert "rot" not in encoders
    assert encoders.get("rot") is None


def test_an_unknown_name_offers_the_nearest(encoders):
    with pytest.raises(UnknownName, match=r"no some encoder is called 'rot'\. Did you mean root"):
        encoders["rot"]


def test_others_join_by_entry_point_but_do_not_replace(encoders, monkeypatch):
    asked = []

    def entry_points(group):
        asked.append(group)
        return EntryPoints([EntryPoint("theirs", "math:floor", group), EntryPoint("root", "math:ceil", group)])

    monkeypatch.setattr(module, "entry_points", entry_points)
    assert encoders["theirs"](2.5) == 2
    assert encoders["root"](9.0) == 3.0
    assert set(encoders) == {"theirs", "root", "steps"}
    assert set(asked) == {"spikesight.some_encoder"}


@pytest.mark.parametrize(
    ("text", "wrong", "said"),
    [
        ("import dpkt", MissingExtra, r'dpkt is not installed\. Type: pip install "spikesight\[traffic\]"'),
        ("import nobody_wrote_this", ModuleNotFoundError, "nobody_wrote_this"),
    ],
    ids=["extra", "other"],
)
def test_what_is_missing_is_said_with_what_to_type(tmp_path, monkeypatch, text, wrong, said):
    (tmp_path / "builds_on_more.py").write_text(text + "\nthing = 5\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "builds_on_more", raising=False)
    monkeypatch.delitem(sys.modules, "dpkt", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Without("dpkt"), *sys.meta_path])
    with pytest.raises(wrong, match=said):
        Catalogue("thing", {"five": "builds_on_more:thing"})["five"]


class Without:
    """Finds that a package is not there."""

    def __init__(self, package):
        self.package = package

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == self.package:
            raise ModuleNotFoundError(f"No module named '{name}'", name=name)
