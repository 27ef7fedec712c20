"""Speed claims that anyone can check: each compares with a baseline in the same run and prints the ratio."""

from spikesight.base.catalogue import Catalogue

CATALOGUE = Catalogue(
    "benchmark",
    {
        "coba": "spikesight.benchmarks.coba:measure",
        "diehl-cook": "spikesight.benchmarks.diehl_cook:measure",
        "polychronous": "spikesight.benchmarks.polychronous:measure",
        "own-model": "spikesight.benchmarks.own_model:measure",
        "psn": "spikesight.benchmarks.psn:measure",
        "representations": "spikesight.benchmarks.representations:measure",
        "s4nn": "spikesight.benchmarks.s4nn:measure",
        "scaling": "spikesight.benchmarks.scaling:measure",
        "sdnn": "spikesight.benchmarks.sdnn:measure",
        "trace": "spikesight.benchmarks.trace:measure",
        "zoom": "spikesight.benchmarks.zoom:measure",
        "trace-large": "spikesight.benchmarks.trace:measure_large",
        "hostile": "spikesight.benchmarks.hostile:measure",
        "kill": "spikesight.benchmarks.kill:measure",
        "fuzz": "spikesight.benchmarks.fuzz:measure",
        "event-cleaning": "spikesight.benchmarks.event_cleaning:measure",
        "event-convolution": "spikesight.benchmarks.event_convolution:measure",
        "event-fuzz": "spikesight.benchmarks.event_fuzz:measure",
        "event-player": "spikesight.benchmarks.event_player:measure",
        "events": "spikesight.benchmarks.events:measure",
        "lif": "spikesight.benchmarks.lif:measure",
        "deep-step": "spikesight.benchmarks.deep_step:measure",
    },
)

CURVED = Catalogue(
    "benchmark with curves",
    {
        "event-convolution": "spikesight.benchmarks.event_convolution:measure",
        "psn": "spikesight.benchmarks.psn:measure",
        "scaling": "spikesight.benchmarks.scaling:measure",
        "sdnn": "spikesight.benchmarks.sdnn:measure",
    },
)
"""Those of them that measure curves, which can be drawn."""
