"""The search for thresholds against trying all of them."""

from itertools import product

import numpy as np

from spikesight.deep.tagging import f1
from spikesight.recipes.sgl_thresh.scores import Scored, tagger
from spikesight.recipes.sgl_thresh.search import best, cuts, one_after_the_other, shared

RANDOM = np.random.default_rng(0)
KNOWN = Scored(RANDOM.random((30, 2)).astype(np.float32), RANDOM.random((30, 2)) < 0.3)


def test_the_best_is_the_best_of_all():
    thresholds = cuts(KNOWN).thresholds
    tried = max(f1(*KNOWN, pair) for pair in product(thresholds[:, 0], thresholds[:, 1]))
    assert f1(*KNOWN, best(KNOWN)) == tried


def test_coordinate_search_climbs_to_at_most_the_best():
    known = tagger(500, 10, seed=1)
    found = f1(*known, one_after_the_other(known))
    assert f1(*known, 0.5) < found <= f1(*known, best(known))
    assert f1(*known, shared(known)) <= found


def test_equal_scores_are_not_cut_apart():
    scores = np.array([[0.9], [0.4], [0.4], [0.1]], np.float32)
    known = Scored(scores, np.array([[True], [True], [False], [False]]))
    assert np.isnan(cuts(known).thresholds[2, 0])
    assert np.isfinite(best(known)).all()
    assert f1(*known, best(known)) == 0.8


def test_the_best_shared_threshold_is_the_best_of_a_grid():
    known = tagger(300, 5, seed=2)
    grid = np.linspace(0, 1, 101)[1:-1]
    assert f1(*known, shared(known)) == max(f1(*known, one) for one in grid)


def test_without_any_label_there_is_nothing_to_find():
    known = Scored(KNOWN.scores, np.zeros_like(KNOWN.labels))
    assert f1(*known, best(known)) == f1(*known, one_after_the_other(known)) == 0.0
