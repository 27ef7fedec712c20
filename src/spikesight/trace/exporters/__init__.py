"""Traces for other tools: Parquet, CSV, NWB, and blocks of Neo.

`send` writes files; `neo_block` gives a `neo.Block`. Times are seconds, and units have the numbers they had where they
came from. One file per kind; `contract` says what an exporter is.
"""

from spikesight.trace.exporters.neo_blocks import neo_block
from spikesight.trace.exporters.sending import CATALOGUE, named, send

__all__ = ["CATALOGUE", "named", "neo_block", "send"]
