"""Learning rules of synapses, one per file."""

from spikesight.base.catalogue import Catalogue

CATALOGUE = Catalogue(
    "plasticity rule",
    {
        "adaptive": "spikesight.circuits.plasticity.asp:AdaptiveStdp",
        "delay": "spikesight.circuits.plasticity.delay_learning:DelayStdp",
        "diehl_cook": "spikesight.circuits.plasticity.diehl_cook:DiehlCookStdp",
        "global_depression": "spikesight.circuits.plasticity.global_depression:GlobalDepression",
        "inhibitory": "spikesight.circuits.plasticity.inhibitory:InhibitoryStdp",
        "nearest": "spikesight.circuits.plasticity.nearest:NearestStdp",
        "nearest_triplet": "spikesight.circuits.plasticity.triplet:NearestTripletStdp",
        "pair": "spikesight.circuits.plasticity.pair:PairStdp",
        "polychronous": "spikesight.circuits.plasticity.polychronous:PolychronousStdp",
        "power": "spikesight.circuits.plasticity.power:PowerStdp",
        "recency": "spikesight.circuits.plasticity.recency:RecencyStdp",
        "reward": "spikesight.circuits.plasticity.reward:RewardStdp",
        "soft_global_depression": "spikesight.circuits.plasticity.global_depression:SoftGlobalDepression",
        "triplet": "spikesight.circuits.plasticity.triplet:TripletStdp",
    },
)
