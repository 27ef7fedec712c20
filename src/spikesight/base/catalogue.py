"""A catalogue: names and the place of what they stand for, imported only when asked for.

Every seam of the house has one: a dictionary of name to ``"module:object"``. Third parties join by an entry point of
the catalogue's group, so that ``pip install`` of their package is all it takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.metadata import entry_points
from typing import Any

from spikesight.base.errors import UnknownName
from spikesight.base.optional import imported


class Catalogue(Mapping[str, Any]):
    """Names of one kind of thing; `catalogue[name]` imports and returns it.

    Errors: UnknownName, with the nearest known names, where `name` is not listed; MissingExtra where what it stands for
    needs a package that is not installed.
    """

    def __init__(self, kind: str, places: Mapping[str, str]) -> None:
        self.kind = kind
        self._places = dict(places)

    def _all(self) -> dict[str, str]:
        group = "spikesight." + self.kind.replace(" ", "_")
        return {**{point.name: point.value for point in entry_points(group=group)}, **self._places}

    def __getitem__(self, name: str) -> Any:
        # Names of the house come first, and are found without looking at every package that is installed.
        places = self._places if name in self._places else self._all()
        if name not in places:
            raise UnknownName(self.kind, name, places)
        module, _, attribute = places[name].partition(":")
        return getattr(imported(module), attribute)

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())
