"""Parquet: one file per table, times in seconds, units as they were numbered where they came from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from spikesight.trace.exporters.contract import Content
from spikesight.trace.exporters.tables import write_tables


@dataclass(frozen=True)
class Parquet:
    """Writes a folder of Parquet files."""

    what: str = "a folder of Parquet files, one per table"

    def write(self, content: Content, to: Path) -> list[str]:
        """Write `spikes.<layer>.parquet` and so on into the new folder `to`."""
        return write_tables(content, to, "parquet", "FORMAT parquet, COMPRESSION zstd")


PARQUET: Final = Parquet()
