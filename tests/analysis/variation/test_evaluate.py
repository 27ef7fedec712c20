import csv

import numpy as np
import pytest

from spikesight.analysis.variation.designs import one, together
from spikesight.analysis.variation.evaluate import Answers, Images, evaluate, looks, read
from spikesight.analysis.variation.kinds import Position, Rotation
from spikesight.analysis.variation.summary import summarise
from spikesight.base.errors import InputError

KINDS = Position(4.0), Rotation()


def bars(items=60):
    """Return lying bars (class 0) and standing ones (class 1) in the middle of 16 x 16 pixels."""
    images = np.zeros((items, 16, 16), np.uint8)
    images[::2, 7:9, 4:12] = 200
    images[1::2, 4:12, 7:9] = 200
    return Images(images.reshape(items, -1), np.arange(items) % 2, (16, 16), 2)


def by_extent(images):
    """Scores that no shift changes: how far the ink reaches along each axis."""
    there = images.reshape(-1, 16, 16) > 20
    return np.stack([there.any(axis=1).sum(axis=1), there.any(axis=2).sum(axis=1)], axis=1)


def by_place(images):
    """Scores from the places of the training images alone."""
    lying, standing = bars(2).images.astype(float)
    return images.astype(float) @ np.stack([lying, standing], axis=1)


class Counted:
    def __init__(self):
        self.steps = 0

    def advance(self, steps, **facts):
        self.steps += steps


def test_rows_are_tidy_and_paired():
    given, report = bars(), Counted()
    conditions = one(KINDS) + together(KINDS)
    table = evaluate(by_place, given, conditions, name="m", levels=2, seeds=2, report=report)
    assert len(table) == 3 * 3 * 2 * 60
    assert report.steps == looks(conditions, 2, 2) == 13
    part = table.where(variation="position", level=1, seed=1)
    np.testing.assert_array_equal(part.image, np.arange(60))
    np.testing.assert_array_equal(part.label, given.labels)
    at_rest = [table.where(variation=name, level=0, seed=0).prediction for name in ("position", "rotation", "all")]
    np.testing.assert_array_equal(at_rest[0], at_rest[1])
    np.testing.assert_array_equal(at_rest[0], at_rest[2])


def test_what_is_invariant_to_position_stays_and_what_is_not_falls():
    given = bars()
    for model, stays in ((by_extent, True), (by_place, False)):
        found = summarise(evaluate(model, given, one(KINDS)), 2)
        lines = {(line.variation, line.level): line for line in found.lines}
        assert lines["position", 0].accuracy == lines["position", 0].invariance == 1.0
        fallen = lines["position", 3]
        assert (fallen.accuracy == 1.0) == stays
        assert fallen.low <= fallen.accuracy <= fallen.high
        assert fallen.drop == 1.0 - fallen.accuracy
        assert fallen.invariance == pytest.approx(2 * fallen.accuracy - 1)
        assert lines["rotation", 3].accuracy < 1.0


def test_the_same_seed_gives_the_same_table():
    first, again = (evaluate(by_place, bars(), one(KINDS)) for _ in range(2))
    np.testing.assert_array_equal(first.prediction, again.prediction)
    np.testing.assert_array_equal(first.ink, again.ink)


def test_equal_scores_are_no_answer():
    table = evaluate(lambda images: np.ones((len(images), 2)), bars(), one(KINDS), levels=1)
    assert (table.prediction == -1).all()
    assert not table.right.any()
    assert summarise(table, 2).lines[0].unanswered == 1.0


def test_a_classifier_by_chance_has_no_invariance():
    rng = np.random.default_rng(0)
    found = summarise(evaluate(lambda images: rng.random((len(images), 2)), bars(400), one(KINDS)), 2)
    for line in found.lines:
        assert abs(line.accuracy - 0.5) < 0.1
        assert np.isnan(line.invariance)
    assert all(np.isnan(half.level) or half.level > 0 for half in found.halves)


def test_latency_and_spikes_are_carried():
    def model(images):
        ink = (images > 0).sum(axis=1).astype(float)
        return Answers(np.zeros(len(images), np.int64), np.where(ink > 0, 100 - ink, np.nan), ink)

    line = summarise(evaluate(model, bars(), one(KINDS)), 2).lines[0]
    assert (line.latency, line.spikes) == (84.0, 16.0)


def test_a_table_is_written_as_csv(tmp_path):
    table = evaluate(by_place, bars(4), one(KINDS), levels=1)
    table.write(tmp_path / "t.csv")
    rows = list(csv.DictReader((tmp_path / "t.csv").read_text().splitlines()))
    assert len(rows) == len(table)
    assert (rows[-1]["variation"], rows[-1]["level"]) == ("rotation", "1")
    again = read(tmp_path / "t.csv")
    for name in ("model", "variation", "level", "prediction", "ink", "latency"):
        np.testing.assert_array_equal(getattr(again, name), getattr(table, name))
    (tmp_path / "other.csv").write_text("model,level\na,1\n")
    with pytest.raises(InputError, match="no column 'design'"):
        read(tmp_path / "other.csv")
    (tmp_path / "other.csv").write_text((tmp_path / "t.csv").read_text().replace("rotation,1", "rotation,one"))
    with pytest.raises(InputError, match="no table of answers"):
        read(tmp_path / "other.csv")
    (tmp_path / "other.csv").write_text((tmp_path / "t.csv").read_text() + "a,one,rotation,1\n")
    with pytest.raises(InputError, match="no table of answers"):
        read(tmp_path / "other.csv")
    (tmp_path / "other.csv").write_text("")
    with pytest.raises(InputError, match="no column 'model'"):
        read(tmp_path / "other.csv")
    (tmp_path / "other.csv").write_bytes(b"\x8e\xff")
    with pytest.raises(InputError, match="no table of answers"):
        read(tmp_path / "other.csv")
    with pytest.raises(InputError, match="cannot read"):
        read(tmp_path / "none.csv")
    with pytest.raises(InputError, match="cannot write"):
        table.write(tmp_path / "nowhere" / "t.csv")


def test_tables_of_models_are_joined():
    both = evaluate(by_place, bars(4), one(KINDS), name="a") + evaluate(by_extent, bars(4), one(KINDS), name="b")
    assert {line.model for line in summarise(both, 2).lines} == {"a", "b"}


def test_what_is_not_known_is_none_in_json():
    told = summarise(evaluate(by_place, bars(), one(KINDS[:1]), levels=1), 2).as_json()
    assert told["lines"][0]["latency"] is None
    assert told["lines"][1]["level"] == 1


def test_models_that_answer_something_else_are_refused():
    with pytest.raises(InputError, match="asked about 60 images and answered for 1"):
        evaluate(lambda images: np.ones((1, 2)), bars(), one(KINDS))
    with pytest.raises(InputError, match="shape"):
        evaluate(lambda images: np.ones(len(images)), bars(), one(KINDS))
    with pytest.raises(InputError, match="labels"):
        evaluate(by_place, bars()._replace(labels=np.zeros(3, np.int64)), one(KINDS))
    with pytest.raises(InputError, match="16 x 17"):
        evaluate(by_place, bars()._replace(shape=(16, 17)), one(KINDS))
    with pytest.raises(InputError, match="one condition at least"):
        evaluate(by_place, bars(), [])
