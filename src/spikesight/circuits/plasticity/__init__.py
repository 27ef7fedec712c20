"""Learning rules of synapses, one per file."""

from spikesight.base.catalogue import Catalogue

CATALOGUE = Catalogue(
    "plasticity rule",
    {
        "diehl_cook": "spikesight.circuits.plasticity.diehl_cook:DiehlCookStdp",
        "pair": "spikesight.circuits.plasticity.pair:PairStdp",
        "recency": "spikesight.circuits.plasticity.recency:RecencyStdp",
    },
)
