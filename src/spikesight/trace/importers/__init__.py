"""Traces of other simulators become runs: files are recognised, read piece by piece, and written as a trace.

`bring` does all of it; `prepare` only looks. Times stay absolute, units keep their numbers, layers their names, and
what a trace has no place for is told. One file per simulator; `contract` says what an importer is.
"""

from spikesight.trace.importers.bringing import Prepared, bring, original_ids, prepare, story
from spikesight.trace.importers.choosing import CATALOGUE

__all__ = ["CATALOGUE", "Prepared", "bring", "original_ids", "prepare", "story"]
