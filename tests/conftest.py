"""What all tests share: the same random numbers of torch, whichever tests ran before in the process."""

from __future__ import annotations

import sys

import pytest


@pytest.fixture(autouse=True)
def seeded() -> None:
    """Begin each test at the same random numbers; where torch is not imported yet, it begins at its own seed."""
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.manual_seed(0)
