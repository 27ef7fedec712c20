"""trace.json: the facts of a trace that never change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from spikesight.base.atomic import write_bytes
from spikesight.base.errors import TraceError
from spikesight.trace.layout import HEADER
from spikesight.trace.migration import migrated
from spikesight.trace.schema import Header


def write_header(folder: Path, header: Header) -> None:
    """Write trace.json into `folder`, whole or not at all.   Errors: as `write_bytes`."""
    write_bytes(folder / HEADER, json.dumps(header.as_json(), indent=1).encode() + b"\n")


def read_header(folder: Path) -> Header:
    """Read trace.json in `folder`.   Errors: TraceError where it is missing, torn or of another format version."""
    return Header.from_json(_read_facts(folder))


def read_format_version(folder: Path) -> int:
    """Return the format version that trace.json in `folder` is written in.   Errors: as `read_header`."""
    facts = _read_facts(folder)
    migrated(facts)
    return int(facts["format_version"])


def _read_facts(folder: Path) -> dict[str, Any]:
    path = folder / HEADER
    try:
        facts = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        raise TraceError(
            f"{folder} is not a trace: it has no {HEADER}. Give the folder of a run or its trace/"
        ) from None
    except (OSError, ValueError, RecursionError) as error:
        raise TraceError(f"{path} cannot be read: {error}. Restore it from a copy") from error
    if not isinstance(facts, dict):
        raise TraceError(f"{path} does not describe a trace: an object was expected, got {type(facts).__name__}")
    return facts
