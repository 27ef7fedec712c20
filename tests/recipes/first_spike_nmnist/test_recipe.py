"""The recipe: that its quick version beats its control, what it teaches, and the complete set, as it would come."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from spikesight.datasets.folder import data_folder
from spikesight.datasets.n_mnist import COMPLETE, NAMES
from spikesight.estimators.augmentation import Shifted
from spikesight.events import EventStream
from spikesight.events.files.writing import write
from spikesight.recipes.contract import Order
from spikesight.recipes.first_spike_nmnist.recipe import MOST, RECIPE, SACCADES
from spikesight.recipes.sew_resnet_nmnist.films import recordings


def recording(label: int) -> EventStream:
    """Five ON events of one pixel in the first saccade, an OFF event of another in the third: the label tells where."""
    t = [0, 10, 20, 104_998, 104_999, 300_000]
    return EventStream(t, [label] * 5 + [33], [2] * 5 + [label], [1, 1, 1, 1, 1, 0], width=34, height=34)


def packed(folder: Path, per_class: int) -> Path:
    """Write the complete set as its authors do, with few recordings."""
    for name, half in zip(COMPLETE, ("Train", "Test"), strict=True):
        (folder / name).parent.mkdir(exist_ok=True)
        with zipfile.ZipFile(folder / name, "w") as archive:
            for label in range(10):
                write(folder / "one.bin", recording(label))
                for k in range(per_class):
                    archive.write(folder / "one.bin", f"{half}/{label}/{10 * k + label:05}.bin")
    return folder


def test_the_quick_version_beats_random_hidden_weights(tmp_path: Path) -> None:
    result = RECIPE.reproduce(Order(quick=True, runs=tmp_path, stream=StringIO()))
    assert result.published is None
    assert result.control is not None
    assert result.value > 0.75
    assert result.value > result.control + 0.2


def test_settings_reach_the_model() -> None:
    model = replace(RECIPE, n=40, epochs=7, shift=2, sharpness=1.0).task(Order(quick=True)).model
    assert model.hidden == (40,)
    assert model.image_shape == (8, 12, 12)
    assert model.augmentation == Shifted(2)
    assert model.loss.sharpness == 1.0


def test_a_recording_is_counted_by_saccade_polarity_and_pixel(tmp_path: Path) -> None:
    films = recordings(packed(tmp_path, 1), SACCADES, MOST)
    assert films.train_labels.tolist() == list(range(10))
    for label, film in enumerate(films.train.reshape(10, 3, 2, 34, 34)):
        assert film[0, 1, 2, label] == MOST  # of five
        assert film[2, 0, label, 33] == 1
        assert film.sum() == MOST + 1


def test_the_same_command_trains_on_the_complete_set(tmp_path: Path) -> None:
    order = Order(data=packed(tmp_path, 3), runs=tmp_path / "runs", stream=StringIO())
    run = replace(RECIPE, n=10, epochs=2).train(order)
    facts = json.loads((run / "run.json").read_text())
    assert facts["config"]["dataset"] == "n-mnist-60"
    assert facts["config"]["training_images"] == 30


def test_the_recordings_on_this_machine() -> None:
    if not (data_folder() / NAMES[0]).is_file():
        pytest.skip("N-MNIST is not on this machine")
    task = RECIPE.task(Order())
    assert task.images.name == "n-mnist-810"
    assert task.images.train.shape == (750, 3 * 2 * 34 * 34)
    assert task.images.test.shape == (60, 3 * 2 * 34 * 34)
    assert task.images.train.max() == MOST
    assert task.model.image_shape == (6, 34, 34)
