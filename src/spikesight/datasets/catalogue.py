"""The data sets that Spikesight reads, by name. Looking at them loads neither data nor NumPy."""

from __future__ import annotations

from typing import Final

from spikesight.base.catalogue import Catalogue

DATASETS: Final = Catalogue(
    "data set",
    {
        "mnist": "spikesight.datasets.entries.images:MNIST",
        "fashion-mnist": "spikesight.datasets.entries.images:FASHION_MNIST",
        "cifar10": "spikesight.datasets.entries.images:CIFAR10",
        "cifar10-jpeg-6k": "spikesight.datasets.entries.images:CIFAR10_SMALL",
        "eth80": "spikesight.datasets.entries.images:ETH80",
        "faces-motorbikes": "spikesight.datasets.entries.images:FACES_MOTORBIKES",
        "n-mnist": "spikesight.datasets.entries.events:N_MNIST",
        "n-caltech101": "spikesight.datasets.entries.events:N_CALTECH101",
        "dvs-gesture": "spikesight.datasets.entries.events:DVS_GESTURE",
        "cifar10-dvs": "spikesight.datasets.entries.events:CIFAR10_DVS",
        "dsec": "spikesight.datasets.entries.dsec:DSEC",
        "mvsec": "spikesight.datasets.entries.events:MVSEC",
        "ddd17": "spikesight.datasets.entries.events:DDD17",
        "slider-depth": "spikesight.datasets.entries.events:SLIDER_DEPTH",
        "shd": "spikesight.datasets.entries.sound:SHD",
        "ssc": "spikesight.datasets.entries.sound:SSC",
        "speech-commands": "spikesight.datasets.entries.sound:SPEECH_COMMANDS",
        "fsdd": "spikesight.datasets.entries.sound:FSDD",
        "iscx": "spikesight.datasets.entries.traffic:ISCX",
        "digits": "spikesight.datasets.entries.images:DIGITS",
        "photographs": "spikesight.datasets.entries.images:PHOTOGRAPHS",
        "scenes": "spikesight.datasets.entries.events:SCENES",
        "moving-shapes": "spikesight.datasets.entries.events:MOVING_SHAPES",
        "outlines": "spikesight.datasets.entries.events:OUTLINES",
        "made-up-traffic": "spikesight.datasets.entries.traffic:MADE_UP",
    },
)
"""Those of others first, by kind; then those that need no file."""
