"""Where the golden recordings lie, and what a correct reader returns of them."""

import csv
import hashlib
import os
from pathlib import Path

import numpy as np
import pytest


def recording(name):
    """Return the bytes of a recording and the line of facts about it; skip where the recordings are not there."""
    folder = Path(os.environ.get("SPIKESIGHT_DATA", "nowhere")) / "events"
    if not (folder / name).is_file():
        pytest.skip(f"{name} is not on this machine")
    with (folder / "facts.csv").open() as table:
        (facts,) = (row for row in csv.DictReader(table) if row["file"] == name)
    return (folder / name).read_bytes(), facts


def agrees(events, facts):
    """Whether every value of every event is the expected one."""
    columns = (events.t.astype("<i8"), events.x.astype("<u2"), events.y.astype("<u2"), events.p.astype(np.uint8))
    return (
        (events.width, events.height, len(events)) == tuple(int(facts[key]) for key in ("width", "height", "n_events"))
        and (events.t[0], events.t[-1]) == (int(facts["t_first_us"]), int(facts["t_last_us"]))
        and int(events.p.sum()) == int(facts["n_on"])
        and hashlib.sha256(b"".join(c.tobytes() for c in columns)).hexdigest() == facts["sha256_t_x_y_p"]
    )


@pytest.fixture
def read_golden():
    """Read a recording with a reader: returns whether it found what is known to be in it."""
    return lambda name, read: agrees(read(recording(name)[0]), recording(name)[1])
