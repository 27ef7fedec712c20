"""How two populations are wired. One file per kind."""

from spikesight.base.catalogue import Catalogue

CATALOGUE = Catalogue(
    "connection",
    {
        "all_but_self": "spikesight.circuits.connections.all_but_self:AllButSelf",
        "convolution": "spikesight.circuits.connections.convolution:Convolution",
        "dense": "spikesight.circuits.connections.dense:Dense",
        "one_to_one": "spikesight.circuits.connections.one_to_one:OneToOne",
        "sparse": "spikesight.circuits.connections.sparse:Sparse",
    },
)
