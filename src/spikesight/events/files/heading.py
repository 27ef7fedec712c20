"""The lines of text with which many event files begin."""

from __future__ import annotations

from typing import NamedTuple

from spikesight.events.files.source import Source

LONGEST = 1 << 20
"""Bytes of a heading, at most; jAER writes all its settings there, some hundred thousand."""
_NO_TEXT = bytes({*range(32), 127} - set(b"\t\r\n\f\v"))


class Heading(NamedTuple):
    """Lines of text, without the mark that each begins with, and their `size`: the first byte behind them."""

    lines: tuple[str, ...]
    size: int

    def named(self, key: str) -> str | None:
        """Return what follows the word `key` in the first line that begins with it, in whatever case; None without."""
        for line in self.lines:
            first, _, rest = line.partition(" ")
            if first.rstrip(":").lower() == key.lower():
                return rest.strip()
        return None


def heading(source: Source, mark: bytes, end: str = "") -> Heading:
    """Read the lines that begin with `mark`, up to a line `end`, in whatever case, where there is one.

    Data may happen to begin with the mark too: a line with control characters is data, and so is one without an end.
    Errors: EventFileError where the file ends within a line that is text to its last byte, or lines have more bytes
    than `LONGEST`.
    """
    with source.open() as file:
        text = file.read(LONGEST)
    lines, size = list[str](), 0
    while text.startswith(mark, size):
        newline = text.find(b"\n", size)
        line = text[size:newline]
        if newline < 0 and _is_text(text[size:]):
            if len(text) == LONGEST:
                raise source.damaged(LONGEST, f"a heading has {LONGEST} bytes at most")
            raise source.damaged(len(text), "the file is cut off within a line of its heading")
        if newline < 0 or len(line.translate(None, _NO_TEXT)) < len(line):
            break
        size = newline + 1
        lines.append(line[len(mark) :].decode("utf-8", "replace").strip())
        if end and lines[-1].lower() == end.lower():
            break
    return Heading(tuple(lines), size)


def _is_text(line: bytes) -> bool:
    return line.isascii() and len(line.translate(None, _NO_TEXT)) == len(line)
