"""Where the golden recordings lie, and what a correct reader returns of them."""

import csv
import hashlib
import os
from pathlib import Path

import numpy as np
import pytest

FOLDER = Path(os.environ.get("SPIKESIGHT_DATA", "nowhere")) / "events"


def golden():
    """Return the lines of facts about the recordings; none where they are not on this machine."""
    if not (FOLDER / "facts.csv").is_file():
        return []
    with (FOLDER / "facts.csv").open() as table:
        return list(csv.DictReader(table))


def pytest_generate_tests(metafunc):
    """Give a test that takes `facts` each golden recording."""
    if "facts" in metafunc.fixturenames:
        found = golden() or [pytest.param({}, marks=pytest.mark.skip(reason="the golden recordings are not here"))]
        metafunc.parametrize("facts", found, ids=lambda facts: facts.get("file", "none"))


@pytest.fixture
def path(facts):
    """The golden recording that `facts` are about."""
    return FOLDER / facts["file"]


@pytest.fixture
def agrees():
    """Return a function that says whether every value of every event is the expected one."""
    return _agrees


def _agrees(events, facts):
    columns = (events.t.astype("<i8"), events.x.astype("<u2"), events.y.astype("<u2"), events.p.astype(np.uint8))
    return (
        (events.width, events.height, len(events)) == tuple(int(facts[key]) for key in ("width", "height", "n_events"))
        and (events.t[0], events.t[-1]) == (int(facts["t_first_us"]), int(facts["t_last_us"]))
        and events.backward_steps == int(facts["n_backward_steps"])
        and int(events.p.sum()) == int(facts["n_on"])
        and hashlib.sha256(b"".join(c.tobytes() for c in columns)).hexdigest() == facts["sha256_t_x_y_p"]
    )
