"""Tables of numbers in text files, some rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from spikesight.base.errors import InputError
from spikesight.trace.importers.contract import Array

BYTES: Final = 1 << 23
"""So much text is parsed at a time."""

_LONGEST: Final = 1 << 16


def blocks(path: Path, skip: int = 0) -> Iterator[list[str]]:
    """Yield the lines that are neither empty nor comments (#), without the first `skip` of the file, some at a time.

    Errors: InputError for bytes that are not text, and for lines longer than text files of numbers have.
    """
    with open(path, "rb") as file:
        for _ in range(skip):
            file.readline(_LONGEST)
        while lines := file.readlines(BYTES):
            yield [line for line in map(_text, lines) if line and not line.startswith("#")]


def rows(path: Path, columns: tuple[int, ...], delimiter: str | None = None, skip: int = 0) -> Iterator[Array]:
    """Yield the table as arrays (N, columns) float64, where the number of columns is one of `columns`.

    Errors: InputError for a line that does not hold that many numbers.
    """
    width = 0
    for lines in blocks(path, skip):
        if not lines:
            continue
        try:
            table = np.loadtxt(lines, dtype=np.float64, delimiter=delimiter, ndmin=2, comments=None)
        except ValueError as error:
            raise InputError(f"{path} holds a line that is not a row of numbers ({error}): it is damaged") from error
        width = width or table.shape[1]
        if table.shape[1] != width or width not in columns:
            expected = " or ".join(map(str, columns))
            raise InputError(f"{path} has rows of {table.shape[1]} numbers, expected {expected}")
        yield table


def header(head: bytes) -> list[str]:
    """Return the lines of the beginning of a file as text, the last one only if it is complete."""
    text = head.decode("utf-8", errors="replace")
    lines = text.splitlines()
    return lines if text.endswith("\n") or len(head) < _LONGEST // 16 else lines[:-1]


def is_text(head: bytes) -> bool:
    """Whether a file that begins with `head` is text."""
    return b"\x00" not in head and not any(byte < 9 for byte in head)


def first_row(head: bytes, delimiter: str | None = None) -> list[str]:
    """Return the words of the first line that is neither empty nor a comment; [] where there is none."""
    lines = (line.strip() for line in header(head))
    line = next((line for line in lines if line and not line.startswith("#")), "")
    return [word.strip() for word in line.split(delimiter)] if line else []


def are_numbers(words: list[str]) -> bool:
    """Whether all of `words` are numbers; False for none."""
    try:
        return bool([float(word) for word in words])
    except ValueError:
        return False


def _text(line: bytes) -> str:
    if len(line) > _LONGEST:
        raise InputError(f"a line of {len(line)} characters: expected a table of numbers, one row a line")
    try:
        return line.decode("ascii").strip()
    except UnicodeDecodeError as error:
        raise InputError(f"a line holds bytes that are not text ({error.reason}): the file is damaged") from error
