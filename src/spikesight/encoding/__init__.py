"""From numbers to spikes and back: pure functions, and frozen dataclasses around them."""

from spikesight.base.catalogue import Catalogue

CATALOGUE = Catalogue(
    "encoder",
    {
        "bernoulli": "spikesight.encoding.rate:Bernoulli",
        "poisson": "spikesight.encoding.rate:Poisson",
    },
)
