"""Deep STDP networks: the quick versions from one end to the other, beside their controls."""

from dataclasses import replace

import numpy as np
import pytest

from spikesight.base.errors import InputError, MissingData
from spikesight.datasets.eth80 import eth80
from spikesight.datasets.folder import data_folder
from spikesight.encoding.on_off import OnOff
from spikesight.estimators.sdnn import SDNN
from spikesight.recipes import CATALOGUE
from spikesight.recipes.contract import Order
from spikesight.recipes.linear_readout import LinearReadout
from spikesight.recipes.sdnn import Crops, Shuffled, Untrained, large_digits
from spikesight.runs.folder import Run
from spikesight.trace.reader import Trace
from spikesight.zoo.kheradpisheh import digits as stages


@pytest.mark.parametrize(
    ("name", "least"), [("sdnn-mnist", 0.9), ("sdnn-eth80", 0.85), ("sdnn-faces-motorbikes", 0.95)]
)
def test_quick_beats_its_control(name, least, tmp_path):
    folders = []
    result = CATALOGUE[name].reproduce(Order(quick=True, runs=tmp_path, started=folders.append))
    assert result.value > least
    assert result.value >= result.control
    assert (result.name, result.published) == (name, None)
    facts = Run.open(folders[0]).facts
    assert facts["status"] == "finished"
    assert facts["metrics"]["accuracy"] == result.value
    with Trace.open(folders[0]) as trace:
        assert [layer.name for layer in trace.header.layers][:4] == ["input", "conv1", "conv1_pooled", "conv2"]
        _, reached = trace.scalars("convergence of conv1")
        assert reached[-1] < 0.01


@pytest.mark.parametrize("stages", [-1, 0, 4])
def test_there_are_three_stages_at_most(stages):
    with pytest.raises(InputError, match="1 to 3"):
        replace(CATALOGUE["sdnn-faces-motorbikes"], stages=stages).task(Order(quick=True))


def test_settings_reach_the_network():
    task = replace(CATALOGUE["sdnn-mnist"], first=8, second=9, fields=2).task(Order(quick=True, seed=3))
    assert [stage.convolution.maps for stage in task.model.stages] == [8, 9]
    assert (task.model.features.fields, task.model.seed) == (2, 3)
    assert len(replace(CATALOGUE["sdnn-faces-motorbikes"], stages=1).task(Order(quick=True)).model.stages) == 1


def test_controls_are_the_network_without_what_it_learned():
    images = large_digits(3, 10).first(60, 10)
    model = SDNN(stages(4, 5, (200, 200)), encoder=OnOff(size=3, threshold=20.0)).fit(images.train)
    seen = []

    class Spy(LinearReadout):
        def __call__(self, model, images):
            seen.append(model)
            return 0.5

    assert Untrained(Spy())(model, images) == Shuffled(Spy())(model, images) == 0.5
    untrained, shuffled = seen
    assert untrained.learned_.sum() == 0
    for ours, theirs in zip(model.weights_, shuffled.weights_, strict=True):
        np.testing.assert_array_equal(np.sort(ours.reshape(len(ours), -1)), np.sort(theirs.reshape(len(theirs), -1)))
        assert not np.array_equal(ours, theirs)


def test_crops_are_of_what_fired_first_and_enough_of_it():
    images = large_digits(3, 10).first(60, 10)
    model = SDNN(stages(8, 8), encoder=OnOff(size=3, threshold=20.0), seed=2)
    seen = []

    class Spy(LinearReadout):
        def __call__(self, model, images):
            seen.append(model)
            return 0.5

    assert Crops(Spy())(model, images) == 0.5
    for stage, w in zip(model.stages, seen[0].weights_, strict=True):
        assert set(np.unique(w)) == {0.0, 1.0}
        assert (w.sum(axis=(1, 2, 3)) > stage.convolution.threshold).all()
        assert len({kernel.tobytes() for kernel in w}) > 1


def test_large_digits():
    images = large_digits(10, classes=2)
    assert images.shape == (80, 80)
    assert images.train.shape[1] == 6400
    assert set(images.train_labels) == set(images.test_labels) == {0, 1}
    first = images.train[0].reshape(80, 80)
    np.testing.assert_array_equal(first, np.kron(first[::10, ::10], np.ones((10, 10), np.uint8)))


def test_objects_of_the_test_set_were_not_learned_from():
    try:
        views = eth80(data_folder(None))
    except MissingData as error:
        pytest.skip(str(error))
    images = CATALOGUE["sdnn-eth80"].task(Order(seed=1)).images
    assert (len(images.train), len(images.test)) == (1312, 1312)
    rows = {
        row.tobytes(): (label, thing)
        for row, label, thing in zip(views.images, views.labels, views.objects, strict=True)
    }
    learned = {rows[row.tobytes()] for row in images.train}
    assert len(learned) == 32
    assert not learned & {rows[row.tobytes()] for row in images.test}
