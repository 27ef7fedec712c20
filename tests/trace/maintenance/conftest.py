from pathlib import Path

import pytest
from recorded_traces import record


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    """A trace of twelve stimuli in several segments."""
    return record(tmp_path / "whole", 12, seed=1)
