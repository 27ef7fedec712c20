from pathlib import Path

import pytest

from spikesight.runs.folder import Run


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run.create(tmp_path / "runs", "diehl-cook-digits", seed=3, config={"n": 400})
