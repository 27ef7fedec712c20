"""Sets of network traffic."""

from __future__ import annotations

from typing import Final

from spikesight.datasets.entry import Entry, File

ISCX: Final = Entry(
    name="iscx",
    title="first bytes of sessions of ISCX VPN-nonVPN 2016, 28 x 28",
    source="Draper-Gil et al. 2016; choice of bytes Wang et al. 2017",
    terms="none stated; DeepTraffic, MPL-2.0",
    splits="as published with DeepTraffic; 27 test images also occur in training",
    read="spikesight.datasets.session_bytes:session_bytes",
    page="https://github.com/echowei/DeepTraffic",
    files=(
        File(
            "iscx-vpn2016-sessionl7-12class.npz",
            also=("traffic/iscx-vpn2016-sessionl7-12class.npz",),
        ),
    ),
    by_hand=(
        "make iscx-vpn2016-sessionl7-12class.npz of its IDX files 12class/SessionL7: x_train (n, 28, 28), y_train, "
        "x_test, y_test, classes. The captures themselves: https://www.unb.ca/cic/datasets/vpn.html."
    ),
)

MADE_UP: Final = Entry(
    name="made-up-traffic",
    title="made up: sessions of 14 classes by laws of sizes and intervals",
    source="Spikesight",
    terms="MIT",
    splits="none: as many as you ask for, from a seed",
    read="spikesight.datasets.made_up_traffic:MadeUpTraffic",
)
