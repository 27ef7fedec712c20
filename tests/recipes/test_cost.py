from types import SimpleNamespace

import pytest

pytest.importorskip("torch", reason="torch is not installed: pip install 'spikesight[train]'")

from spikesight.base.errors import InputError
from spikesight.base.joules import INT8
from spikesight.datasets.images import digits
from spikesight.estimators.deep_classifier import DeepClassifier
from spikesight.estimators.mostafa import Mostafa
from spikesight.estimators.preparation import Pixels
from spikesight.recipes import cost as module
from spikesight.recipes.cost import cost_of_run
from spikesight.zoo.fashion_csnn import FashionCsnn

RUN = SimpleNamespace(facts={"recipe": "made-up"})


@pytest.fixture
def learned(monkeypatch):
    images = digits()
    model = DeepClassifier(FashionCsnn((4, 8), steps=3), Pixels((1, 8, 8))).begin(images.train, images.train_labels)
    monkeypatch.setattr(module, "opened", lambda folder, data: (RUN, model, images))
    return model


def test_the_cost_of_an_image(learned, tmp_path):
    report = cost_of_run(tmp_path, images=7)
    assert (report.items, report.steps) == (7, 3)
    assert report.total("ann_macs") == 9 * 4 * 64 + 9 * 4 * 8 * 16 + 8 * 4 * 10
    assert cost_of_run(tmp_path, images=7) == report
    assert cost_of_run(tmp_path, images=7, arithmetic=INT8).total("ann_joules") < report.total("ann_joules")


def test_what_has_no_cost_here(learned, tmp_path, monkeypatch):
    with pytest.raises(InputError, match="at least one image"):
        cost_of_run(tmp_path, images=0)
    monkeypatch.setattr(module, "opened", lambda folder, data: (RUN, Mostafa(), digits()))
    with pytest.raises(InputError, match="trains no deep network"):
        cost_of_run(tmp_path)
