"""What a trace holds: layers, projections, and the columns of every table."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from numbers import Real
from typing import Any, Final, TypeVar

import numpy as np

from spikesight.base.errors import InputError, TraceError, UnknownName
from spikesight.trace.kernel import Kernel, kernel_of
from spikesight.trace.migration import FORMAT_VERSION, migrated

SIMULATED: Final = "simulated"
VIRTUAL: Final = "virtual"
"""Kinds of time. On a virtual time axis every (epoch, item) is a stimulus of its own."""

MOST_UNITS: Final = (1 << 31) - 1
"""Of a layer: rows have four bytes for the number of a unit."""

LONGEST_TICK: Final = 10**18
"""Nanoseconds: thirty years."""

_NAME = re.compile(r"\w[\w.+-]*")
_LONGEST: Final = 100
"""Characters of a name: folders take 255 bytes, and some are called by a layer and a variable."""
_VARIABLE = re.compile(r"\w+")


@dataclass(frozen=True)
class Recorded:
    """Which spikes of a layer were recorded: of `units` (None for all), during every `every`-th stimulus.

    Where `rows` is false, spikes were counted while they were written, by time and by stimulus, and single ones are
    not kept.
    Errors: InputError for a negative unit, or `every` that is no whole number from 1 on.
    """

    units: tuple[int, ...] | None = None
    every: int = 1
    rows: bool = True

    def __post_init__(self) -> None:
        if self.every != int(self.every) or self.every < 1:
            raise InputError(f"spikes are recorded during every 1st, 2nd, ... stimulus, got every={self.every}")
        if self.units is not None:
            object.__setattr__(self, "units", tuple(int(unit) for unit in self.units))
            if min(self.units, default=0) < 0:
                raise InputError(f"units count from 0, got {min(self.units)}")


EVERYTHING: Final = Recorded()


@dataclass(frozen=True)
class Layer:
    """A population of neurons; `shape` is how its units lie, row by row; `recorded` is what of it was recorded.

    `channels` are names for the first side of the shape, () for none: "on" and "off" are of cells that see what is
    brighter, or darker, than its surroundings.
    Errors: InputError for a name that cannot be a folder, a shape without units, recorded units it has not, or another
    number of channels.
    """

    name: str
    shape: tuple[int, ...]
    recorded: Recorded = EVERYTHING
    channels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_name("layer", self.name)
        object.__setattr__(self, "shape", tuple(int(side) for side in self.shape))
        if not self.shape or min(self.shape) < 1:
            raise InputError(f"layer '{self.name}': every side of its shape is at least 1, got {self.shape}")
        object.__setattr__(self, "channels", tuple(str(one) for one in self.channels))
        if self.channels and len(self.channels) != self.shape[0]:
            raise InputError(f"layer '{self.name}' of shape {self.shape} has not {len(self.channels)} channels")
        if self.size > MOST_UNITS:
            raise InputError(f"layer '{self.name}': at most {MOST_UNITS} units have numbers, got shape {self.shape}")
        if self.recorded.units and max(self.recorded.units) >= self.size:
            raise InputError(
                f"layer '{self.name}' has units 0 to {self.size - 1}, but unit {max(self.recorded.units)} is recorded"
            )

    @property
    def size(self) -> int:
        """Number of units."""
        return math.prod(self.shape)


@dataclass(frozen=True)
class Projection:
    """Synapses from layer `pre` to layer `post`: `shape` is (n_pre, n_post), `fan_out` the synapses a `pre` unit has.

    Where all places of the post layer share their weights there is a `kernel`, or (maps, rows, columns) for one: then
    `shape` is (its taps, maps of the post layer), and a map has a column of weights. `convolution` and `pooling` make
    such projections.
    Errors: InputError for a name that cannot be a folder, a shape of other than two sides or other than the kernel's,
    or a fan-out that is none.
    """

    name: str
    pre: str
    post: str
    shape: tuple[int, int]
    fan_out: float
    kernel: Kernel | None = None

    def __post_init__(self) -> None:
        _check_name("projection", self.name)
        object.__setattr__(self, "shape", tuple(int(side) for side in self.shape))
        object.__setattr__(self, "kernel", kernel_of(self.kernel))
        if len(self.shape) != 2 or min(self.shape) < 1:
            raise InputError(f"projection '{self.name}': the shape is (n_pre, n_post), got {self.shape}")
        if self.kernel and self.shape[0] != self.kernel.taps:
            raise InputError(
                f"projection '{self.name}': a kernel {self.kernel.shape} has {self.kernel.taps} weights into a map, "
                f"the shape says {self.shape[0]}"
            )
        if not isinstance(self.fan_out, Real) or not 0.0 <= self.fan_out < math.inf:
            raise InputError(
                f"projection '{self.name}': fan_out is a number of synapses from 0 on, got {str(self.fan_out)[:40]!r}"
            )
        object.__setattr__(self, "fan_out", float(self.fan_out))

    @classmethod
    def convolution(
        cls,
        name: str,
        pre: Layer,
        post: Layer,
        size: tuple[int, int],
        stride: tuple[int, int] = (1, 1),
        dilation: tuple[int, int] = (1, 1),
    ) -> Projection:
        """Describe a convolution between layers (maps, height, width) by kernels of `size` rows, columns.

        Taps over padding count as synapses.   Errors: InputError for layers of other shapes.
        """
        maps, out = _maps(name, pre), _maps(name, post)
        kernel = Kernel(maps, *size, stride, dilation)
        return cls(name, pre.name, post.name, (kernel.taps, out), post.size * kernel.taps / pre.size, kernel)

    @classmethod
    def pooling(cls, name: str, pre: Layer, post: Layer, size: tuple[int, int], stride: tuple[int, int]) -> Projection:
        """Describe a pooling of each map over windows of `size` rows, columns: no weights, no synapses.

        Errors: InputError for layers that are not (maps, height, width), as many maps both.
        """
        maps, out = _maps(name, pre), _maps(name, post)
        if maps != out:
            raise InputError(f"projection '{name}': pooling keeps maps, {pre.name} has {maps} and {post.name} {out}")
        kernel = Kernel(1, *size, stride, pools=True)
        return cls(name, pre.name, post.name, (kernel.taps, out), 0.0, kernel)

    def matrix(self, w: np.ndarray) -> np.ndarray:
        """Return weights as (n_pre, n_post): as they are, or kernels (maps out, maps in, rows, columns) as columns.

        Errors: InputError for another shape.
        """
        if self.kernel and w.shape == (self.shape[1], *self.kernel.shape):
            return np.moveaxis(w, 0, -1).reshape(self.shape)
        if w.shape != self.shape:
            raise InputError(f"projection '{self.name}' has weights of shape {self.shape}, got {w.shape}")
        return w


def _maps(name: str, layer: Layer) -> int:
    if len(layer.shape) != 3:
        raise InputError(f"projection '{name}': layer '{layer.name}' is (maps, height, width), got {layer.shape}")
    return layer.shape[0]


_Named = TypeVar("_Named", Layer, Projection)


@dataclass(frozen=True)
class Header:
    """The facts of a trace that never change while it is written. A tick is `tick_ns` nanoseconds.

    `classes` are the names of the classes that labels and predictions count, () where they have none. `time` is
    "simulated", or "virtual" where stimuli that were computed together lie one after the other on the time axis.
    Errors: InputError for a tick that is not a whole number of nanoseconds >= 1, for another kind of time, for names
    given twice and for projections between layers that are not listed or whose sizes differ from the shape.
    """

    run: str
    tick_ns: int
    layers: tuple[Layer, ...]
    projections: tuple[Projection, ...] = ()
    dataset: str = ""
    simulator: str = "spikesight"
    version: str = ""
    seed: int = 0
    classes: tuple[str, ...] = ()
    time: str = SIMULATED

    def __post_init__(self) -> None:
        for name in ("layers", "projections", "classes"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        if self.time not in (SIMULATED, VIRTUAL):
            raise InputError(f"the time of a trace is '{SIMULATED}' or '{VIRTUAL}', got {self.time!r}")
        if self.tick_ns != int(self.tick_ns) or not 1 <= self.tick_ns <= LONGEST_TICK:
            raise InputError(f"tick_ns is a whole number of nanoseconds from 1 to {LONGEST_TICK}, got {self.tick_ns!r}")
        _check_unique("layer", (layer.name for layer in self.layers))
        _check_unique("projection", (projection.name for projection in self.projections))
        for projection in self.projections:
            self._check_sides(projection)

    def _check_sides(self, projection: Projection) -> None:
        pre, post = self.layer(projection.pre), self.layer(projection.post)
        if projection.kernel is None:
            if (pre.size, post.size) != projection.shape:
                raise InputError(
                    f"projection '{projection.name}': shape {projection.shape}, but {pre.name} and {post.name} have "
                    f"{(pre.size, post.size)} units"
                )
            return
        maps = projection.shape[1] if projection.kernel.pools else projection.kernel.maps
        for layer, number in ((pre, maps), (post, projection.shape[1])):
            if layer.size % number or (len(layer.shape) == 3 and layer.shape[0] != number):
                raise InputError(f"projection '{projection.name}': {layer.name} {layer.shape} has not {number} maps")

    def column(self, projection: Projection, unit: int) -> int:
        """Return which column of the weights of `projection` leads to `unit` of its post layer: its own, or its map's.

        Errors: InputError where the layer has no such unit.
        """
        size = self.layer(projection.post).size
        if not 0 <= unit < size:
            raise InputError(f"{projection.post} has units 0 to {size - 1}, asked for {unit}")
        return unit * projection.shape[1] // size

    @property
    def tick(self) -> float:
        """Length of a tick in seconds."""
        return self.tick_ns / 1e9

    def layer(self, name: str) -> Layer:
        """Return the layer called `name`.   Errors: UnknownName."""
        return _find("layer", name, self.layers)

    def projection(self, name: str) -> Projection:
        """Return the projection called `name`.   Errors: UnknownName."""
        return _find("projection", name, self.projections)

    def as_json(self) -> dict[str, Any]:
        """Return what trace.json holds."""
        layers = [{**asdict(layer), "size": layer.size} for layer in self.layers]
        return {"format_version": FORMAT_VERSION, **asdict(self), "layers": layers}

    @classmethod
    def from_json(cls, facts: Mapping[str, Any]) -> Header:
        """Read what `as_json` gave, in this Spikesight or an older one.

        Errors: TraceError for a format version that is not known here, or missing facts.
        """
        facts = migrated(facts)
        try:
            layers = tuple(_layer(one) for one in facts["layers"])
            projections = tuple(Projection(**one) for one in facts["projections"])
            classes = tuple(str(name) for name in facts["classes"])
            kinds = dict.fromkeys(("run", "dataset", "simulator", "version", "time"), str)
            rest = {name: _of_kind(name, facts[name], kind) for name, kind in {**kinds, **_NUMBERS}.items()}
            return cls(layers=layers, projections=projections, classes=classes, **rest)
        except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
            raise TraceError(f"trace.json does not describe a trace: {error}") from error


_NUMBERS: Final[Mapping[str, type]] = {"tick_ns": int, "seed": int}


def _of_kind(name: str, value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise TypeError(f"{name} is {'text' if kind is str else 'a whole number'}, got {str(value)[:40]!r}")
    return value


def _layer(facts: Mapping[str, Any]) -> Layer:
    recorded = dict(facts["recorded"])
    if recorded["units"] is not None:
        recorded["units"] = tuple(recorded["units"])
    return Layer(facts["name"], tuple(facts["shape"]), Recorded(**recorded), tuple(facts.get("channels", ())))


@dataclass(frozen=True)
class Column:
    """A column of a table: its type in NumPy and in Parquet. Where `nullable`, None means "not known"."""

    name: str
    dtype: str
    sql: str
    nullable: bool = False


_T, _UNIT, _STIM = Column("t", "i8", "BIGINT"), Column("unit", "i4", "INTEGER"), Column("stim", "i4", "INTEGER")
_STATISTICS = tuple(Column(name, "f8", "DOUBLE") for name in ("mean", "std", "low", "high"))

TABLES: Final[Mapping[str, tuple[Column, ...]]] = {
    "spikes": (_T, _UNIT, _STIM),
    "counts": (_T, Column("width", "i8", "BIGINT"), _UNIT, _STIM, Column("spikes", "i8", "BIGINT")),
    "values": (_T, _UNIT, Column("value", "f4", "FLOAT")),
    "stimuli": (
        _STIM,
        Column("t_start", "i8", "BIGINT"),
        Column("t_end", "i8", "BIGINT"),
        Column("label", "i4", "INTEGER"),
        Column("prediction", "i4", "INTEGER"),
        Column("correct", "?", "BOOLEAN", nullable=True),
        Column("loss", "f4", "FLOAT", nullable=True),
        Column("latency", "f4", "FLOAT", nullable=True),
        Column("split", "O", "VARCHAR"),
        Column("epoch", "i4", "INTEGER"),
        Column("source", "i8", "BIGINT"),
    ),
    "scalars": (_T, Column("name", "O", "VARCHAR"), Column("value", "f8", "DOUBLE")),
    "marks": (_T, Column("name", "O", "VARCHAR"), Column("text", "O", "VARCHAR")),
    "weights": (
        *(_T, _STIM, Column("file", "O", "VARCHAR"), *_STATISTICS, Column("histogram", "O", "BIGINT[]")),
        Column("zeros", "i8", "BIGINT", nullable=True),
        Column("changed", "f8", "DOUBLE", nullable=True),
    ),
}
"""Columns by kind of table. A table is called by its kind, or `<kind>/<layer>`, `values/<layer>.<variable>`,
`weights/<projection>`. A layer of which no rows are kept has counts instead of spikes (`trace.counted`)."""

BULK: Final = frozenset({"spikes", "values"})
"""Kinds whose rows come as arrays; the others come one row at a time."""


def kind_of(table: str) -> str:
    """Return the kind of `table`: the first part of its name."""
    return table.partition("/")[0]


def owner_of(table: str) -> str:
    """Return the layer or projection of `table`: what follows its kind; "" where it has none."""
    return table.partition("/")[2]


def columns_of(table: str) -> tuple[Column, ...]:
    """Return the columns of `table`."""
    return TABLES[kind_of(table)]


def is_table(table: str) -> bool:
    """Whether `table` can be the name of a table of a trace (a name from a file is checked before it is a path)."""
    kind, slash, owner = table.partition("/")
    if kind in ("spikes", "counts", "values", "weights"):
        return bool(slash and len(owner) <= 2 * _LONGEST + 1 and _NAME.fullmatch(owner))
    return kind in TABLES and not slash


def spikes_table(layer: str) -> str:
    """Return the name of the table of the spikes of `layer`."""
    return f"spikes/{layer}"


def counts_table(layer: str) -> str:
    """Return the name of the table into which spikes of `layer` are counted where no rows are kept."""
    return f"counts/{layer}"


def values_table(layer: str, variable: str) -> str:
    """Return the name of the table of a state variable.   Errors: InputError for a variable that is not a word."""
    if not _VARIABLE.fullmatch(variable) or len(variable) > _LONGEST:
        raise InputError(f"a state variable is one word such as 'v', got {variable!r}")
    return f"values/{layer}.{variable}"


def _check_name(kind: str, name: str) -> None:
    if not _NAME.fullmatch(name) or len(name) > _LONGEST:
        raise InputError(
            f"a {kind} is called by up to {_LONGEST} letters, digits, '_', '.', '+' and '-' (it names a folder), "
            f"got {str(name)[:120]!r}"
        )


def _check_unique(kind: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        # Folders of macOS do not tell "Exc" from "exc".
        if name.casefold() in seen:
            raise InputError(f"two {kind}s are called '{name}' (small and capital letters count as the same)")
        seen.add(name.casefold())


def _find(kind: str, name: str, known: tuple[_Named, ...]) -> _Named:
    for one in known:
        if one.name == name:
            return one
    raise UnknownName(kind, name, (one.name for one in known))
