"""A run in a notebook: its trace, the values that the studio's views answer, and the same values as figures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spikesight.base.optional import require
from spikesight.studio.open_run import Empty, OpenRun
from spikesight.studio.plots import PLOTS
from spikesight.studio.query import Query
from spikesight.studio.views import VIEWS
from spikesight.trace.reader import Trace

if TYPE_CHECKING:
    from spikesight.studio.server import Studio

COMMON = ("at", "bins", "rows", "unit", "layer", "projection")


class Look:
    """A run to look into: `look.trace` for queries, `look.view(name)` for values, `look.plot.<view>()` for figures.

    Errors: RunError where the folder is not a run.
    """

    def __init__(self, folder: Path, others: Mapping[str, Look] | None = None) -> None:
        """Use `look`."""
        self._run = OpenRun(Path(folder))
        self._run.refresh()
        self._run.others = {self._run.name: self._run, **{name: one._run for name, one in (others or {}).items()}}

    @property
    def trace(self) -> Trace:
        """The trace of the run.   Errors: Empty where nothing was recorded yet."""
        return self._run.trace

    @property
    def facts(self) -> dict[str, Any]:
        """What run.json says."""
        return self._run.facts

    def refresh(self) -> None:
        """Take in what a run that is still written has recorded since."""
        self._run.refresh()

    def view(self, name: str, t: tuple[float, float] | None = None, **asked: Any) -> dict[str, Any]:
        """Return what the view `name` answers: plain values and arrays.

        `t` is the window in seconds; `at`, `unit`, `layer`, `projection`, `bins`, `rows` are as in the studio; others
        are the view's own options.
        Errors: UnknownName; InputError; Empty where there is nothing to show.
        """
        common = {key: asked[key] for key in COMMON if key in asked}
        own = {key: str(value) for key, value in asked.items() if key not in (*COMMON, "other")}
        other = asked.get("other")
        if isinstance(other, Look):
            self._run.others = {**self._run.others, other._run.name: other._run}
            other = other._run.name
        t0, t1 = t or (None, None)
        answer: dict[str, Any] = VIEWS[name].answer(self._run, Query(t0, t1, other=other, options=own, **common))
        return answer

    @property
    def plot(self) -> Plots:
        """Figures: `look.plot.raster(t=(0, 1))` draws what `look.view("raster", t=(0, 1))` returns."""
        return Plots(self)

    def show(self) -> Studio:
        """Serve the studio for this run from a background thread; `.address` opens it, `.stop()` ends it."""
        from spikesight.studio import start

        return start([self._run.folder])

    def close(self) -> None:
        """Let go of the files."""
        self._run.close()

    def __repr__(self) -> str:
        return f"<run {self._run.name}, {self._run.run.status()}>"


class Plots:
    """The figures of a run, one method per view that has one."""

    def __init__(self, look: Look) -> None:
        self._look = look

    def __dir__(self) -> list[str]:
        return sorted(PLOTS)

    def __getattr__(self, name: str) -> Any:
        if name not in PLOTS:
            raise AttributeError(f"there is no figure called '{name}'. Known: {', '.join(sorted(PLOTS))}")
        return _Plot(self._look, name)


class _Plot:
    """Draws one view."""

    def __init__(self, look: Look, name: str) -> None:
        self._look, self._name = look, name

    def __call__(self, t: tuple[float, float] | None = None, *, axes: Any = None, **asked: Any) -> Any:
        """Draw the view on `axes`, or on a new figure, and return the axes. Parameters as in `Look.view`.

        Errors: as `Look.view`; MissingExtra without matplotlib.
        """
        if axes is None:
            axes = _new_axes()
        try:
            PLOTS[self._name](axes, self._look.view(self._name, t, **asked))
        except Empty as reason:
            from spikesight.studio.plots.style import say_empty

            say_empty(axes, str(reason))
        return axes


def _new_axes() -> Any:
    plotting = require("matplotlib.pyplot", "plot")
    return plotting.subplots(figsize=(8, 3.6), layout="constrained")[1]


def look(folder: Path | str) -> Look:
    """Open the run in `folder` for a notebook.   Errors: RunError where it is not a run."""
    return Look(Path(folder))
