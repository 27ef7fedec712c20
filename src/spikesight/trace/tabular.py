"""What makes an answer a table: columns of one length by name, also as a data frame of pandas or polars.

Neither package is needed for anything else: they are imported when asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from spikesight.base.optional import require
from spikesight.trace.frames import Columns

EXTRA = "tables"


class Tabular:
    """An answer that can be laid out as a table. What is masked is missing in a data frame; NaN stays NaN."""

    __slots__ = ()

    def columns(self) -> Columns:
        """Return the columns (rows,) by name; a column of shape (rows, k) holds a list in every row."""
        raise NotImplementedError

    def pandas(self) -> Any:
        """Return a `pandas.DataFrame`.   Errors: MissingExtra without pandas."""
        pandas = require("pandas", EXTRA)
        return pandas.DataFrame({name: _pandas_column(pandas, column) for name, column in self.columns().items()})

    def polars(self) -> Any:
        """Return a `polars.DataFrame`.   Errors: MissingExtra without polars."""
        polars = require("polars", EXTRA)
        return polars.DataFrame([_polars_column(polars, name, column) for name, column in self.columns().items()])


class Table(dict[str, np.ndarray], Tabular):
    """Columns by name: a dictionary that is also a table."""

    def columns(self) -> Columns:
        """Return the columns by name."""
        return dict(self)


def cells(axes: Mapping[str, np.ndarray], values: Mapping[str, np.ndarray]) -> Columns:
    """Return a table with a row for each cell of arrays: where it lies along every axis, and what it holds.

    Shapes: axes (A,), (B,), ...; values (A, B, ...), or (A,), (A, B) for what is the same along the axes that follow.
    Rows are in the order of the arrays, the last axis fastest.
    """
    shape = tuple(len(axis) for axis in axes.values())
    along = np.meshgrid(*axes.values(), indexing="ij")
    columns = {name: places.ravel() for name, places in zip(axes, along, strict=True)}
    for name, value in values.items():
        wider = value.reshape(value.shape + (1,) * (len(shape) - value.ndim))
        columns[name] = np.broadcast_to(wider, shape).ravel()
    return columns


def _pandas_column(pandas: Any, column: np.ndarray) -> Any:
    if np.ma.isMaskedArray(column):
        return pandas.array(column.tolist())  # a type of pandas' own that knows what is missing
    return list(column) if column.ndim > 1 else column


def _polars_column(polars: Any, name: str, column: np.ndarray) -> Any:
    known = np.ma.isMaskedArray(column) or column.dtype == object
    return polars.Series(name, column.tolist() if known else np.ascontiguousarray(column))
