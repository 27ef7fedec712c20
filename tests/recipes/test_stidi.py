"""What the recipes of STiDi-BP share."""

from spikesight.datasets.images import digits
from spikesight.estimators.augmentation import Shifted
from spikesight.recipes import stidi


def test_the_network_is_that_of_the_settings():
    model = stidi.network((6, 9), 20, 3, Shifted(2), 0.01, 16.0, 5)
    assert [getattr(layer, "maps", None) for layer in model.layers] == [6, 9, None]
    assert (model.layers[2].n, model.passes, model.augmentation, model.seed) == (20, 3, Shifted(2), 5)
    assert model.ramp.tau == model.steps == stidi.STEPS


def test_the_control_is_shown_no_more_than_its_images(monkeypatch):
    images = digits().first(200, 50)
    wide = images._replace(
        shape=(16, 16), train=images.train.reshape(-1, 8, 8).repeat(2, 1).repeat(2, 2).reshape(-1, 256),
        test=images.test.reshape(-1, 8, 8).repeat(2, 1).repeat(2, 2).reshape(-1, 256),
    )  # fmt: skip
    model = stidi.network((2, 2), 5, 50, Shifted(0), 0.01, 16.0, 0)
    monkeypatch.setattr(stidi, "CONTROL_IMAGES", 400)
    shown = []
    monkeypatch.setattr(
        type(model), "strict_score", lambda fixed, X, y: shown.append((fixed.passes, fixed.frozen)) or 0.5
    )
    assert stidi.random_convolutions(model, wide) == 0.5
    assert shown == [(2, 2)]
