"""The benchmark of convolutions by events measures both ways and that they agree."""

from __future__ import annotations

import os

import torch

from spikesight.base.cores import LIMIT
from spikesight.benchmarks.event_convolution import DENSITIES, measure


def test_it_measures_every_density_and_leaves_threads_as_they_were() -> None:
    before = torch.get_num_threads(), os.environ.get(LIMIT)
    report = measure(side=16, turns=2)
    assert (torch.get_num_threads(), os.environ.get(LIMIT)) == before
    assert set(report.ratios) >= {"events_vs_dense_at_1_percent", "worst_chosen_over_dense"}
    assert all(value > 0.0 for value in report.ratios.values())
    assert 0.0 <= report.figures["crossover_density"] <= 0.5
    curve = report.curves["seconds per image"]
    assert curve.x == list(DENSITIES)
    assert {name: len(values) for name, values in curve.y.items()} == dict.fromkeys(
        ("dense", "events", "chosen"), len(DENSITIES)
    )
