import numpy as np
import pytest
from PIL import Image

from spikesight.analysis.variation.designs import one
from spikesight.analysis.variation.evaluate import Answers, Images, evaluate
from spikesight.analysis.variation.kinds import KINDS, named
from spikesight.analysis.variation.plot import save_curves
from spikesight.analysis.variation.summary import summarise

pytest.importorskip("matplotlib")


@pytest.mark.parametrize("timed", [False, True])
def test_curves_are_drawn(timed, tmp_path):
    def model(images):
        latency = np.full(len(images), 3e-3 if timed else np.nan)
        return Answers(np.zeros(len(images), np.int64), latency, np.full(len(images), np.nan))

    given = Images(np.zeros((6, 64), np.uint8), np.arange(6) % 2, (8, 8), 2)
    table = evaluate(model, given, one(named(KINDS)), levels=2)
    save_curves(summarise(table, 2), 2, tmp_path / "curves.png")
    with Image.open(tmp_path / "curves.png") as picture:
        assert picture.size == (1200, 750)
