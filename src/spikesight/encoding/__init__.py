"""From numbers to spikes and back: pure functions, and frozen dataclasses around them."""

from spikesight.base.catalogue import Catalogue

CATALOGUE = Catalogue(
    "encoder",
    {
        "equal-count": "spikesight.encoding.rank:EqualCount",
        "equal-count-dropping": "spikesight.encoding.rank:DroppingEqualCount",
        "grey-steps": "spikesight.encoding.latency:GreySteps",
        "inverse-latency": "spikesight.encoding.latency:Inverse",
        "linear-latency": "spikesight.encoding.latency:Linear",
        "linear-steps": "spikesight.encoding.latency:LinearSteps",
        "logarithmic-latency": "spikesight.encoding.latency:Logarithmic",
        "rank-order": "spikesight.encoding.rank:RankOrder",
        "bernoulli": "spikesight.encoding.rate:Bernoulli",
        "poisson": "spikesight.encoding.rate:Poisson",
    },
)
