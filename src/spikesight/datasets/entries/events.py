"""Sets of event cameras."""

from __future__ import annotations

from typing import Final

from spikesight.datasets.entry import Entry, File

_CIFAR10_DVS: Final = (
    *("airplane", "automobile", "bird", "cat", "deer"),
    *("dog", "frog", "horse", "ship", "truck"),
)

N_MNIST: Final = Entry(
    name="n-mnist",
    title="MNIST before a moving event camera, 34 x 34",
    source="Orchard, Jayawant, Cohen, Thakor 2015",
    terms="CC BY-SA 4.0",
    splits="of its authors: Train.zip and Test.zip",
    read="spikesight.datasets.n_mnist:n_mnist",
    page="https://www.garrickorchard.com/datasets/n-mnist",
    files=tuple(
        File(f"N-MNIST/{half}.zip", parts=("events/n-mnist-810.zip", "n-mnist-810.zip", "n-mnist.zip"))
        for half in ("Train", "Test")
    ),
    counts={"train": 60_000, "test": 10_000},
    by_hand="put Train.zip and Test.zip (Mendeley Data, doi 10.17632/468j46mzdv) into the folder N-MNIST, as they are.",
)

N_CALTECH101: Final = Entry(
    name="n-caltech101",
    title="Caltech-101 before a moving event camera, up to 240 x 180",
    source="Orchard, Jayawant, Cohen, Thakor 2015",
    terms="as told on its page",
    splits="none published; name a seed: `n_caltech101().drawn(share, random)`",
    read="spikesight.datasets.n_caltech101:n_caltech101",
    page="https://www.garrickorchard.com/datasets/n-caltech101",
    counts={"all": 8709},
    files=(
        File(
            "Caltech101.zip",
            unpacked="N-Caltech101",
            also=("N-Caltech101/Caltech101", "n-caltech101", "Caltech101"),
        ),
    ),
    by_hand="put Caltech101.zip (Mendeley Data, doi 10.17632/cy6cvx3ryv) there, and `get` unpacks it.",
)

DVS_GESTURE: Final = Entry(
    name="dvs-gesture",
    title="eleven gestures before a DVS128, 29 people, three lights",
    source="Amir et al. 2017",
    terms="CC BY 4.0",
    splits="of its authors, by people: trials_to_train.txt and trials_to_test.txt",
    read="spikesight.datasets.dvs_gesture:dvs_gesture",
    page="https://research.ibm.com/interactive/dvsgesture/",
    files=(File("DvsGesture.tar.gz", unpacked="DvsGesture", also=("dvs-gesture",)),),
    by_hand="put DvsGesture.tar.gz (the page leads to a folder of IBM Box) there, and `get` unpacks it.",
)

CIFAR10_DVS: Final = Entry(
    name="cifar10-dvs",
    title="10,000 images of CIFAR-10 before a DVS128",
    source="Li, Liu, Ji, Li, Shi 2017",
    terms="CC BY 4.0",
    splits="none published; name a seed: `cifar10_dvs().drawn(share, random)`",
    read="spikesight.datasets.cifar10_dvs:cifar10_dvs",
    page="https://figshare.com/articles/dataset/CIFAR10-DVS_New/4724671",
    files=tuple(
        File(f"CIFAR10-DVS/{name}.zip", unpacked=f"CIFAR10-DVS/{name}", also=(f"cifar10-dvs/{name}",))
        for name in _CIFAR10_DVS
    ),
    counts={"all": 10_000},
    by_hand="put airplane.zip to truck.zip into the folder CIFAR10-DVS, and `get` unpacks them.",
)

MVSEC: Final = Entry(
    name="mvsec",
    title="drone, car, motorbike before two event cameras, 346 x 260, depth",
    source="Zhu, Thakur, Ozaslan, Pfrommer, Kumar, Daniilidis 2018",
    terms="as told on its page",
    splits="none published",
    read="spikesight.datasets.mvsec:mvsec",
    page="https://daniilidis-group.github.io/mvsec/download/",
    files=(File("MVSEC", also=("mvsec",)),),
    by_hand="put <name>_data.hdf5 and <name>_gt.hdf5 into MVSEC/<scene>, for as many sequences as you need.",
)

DDD17: Final = Entry(
    name="ddd17",
    title="hours of driving before a DAVIS346, with the car's controls",
    source="Binas, Neil, Liu, Delbruck 2017",
    terms="as told on its page",
    splits="none published",
    read="spikesight.datasets.ddd17:ddd17",
    page="https://docs.google.com/document/d/1HM0CSmjO8nOpUeTvmPjopcBcVCk7KXvLUuiZFS6TWSg/pub",
    files=(File("DDD17", also=("ddd17", "DDD20")),),
    by_hand="put rec<number>.hdf5 into DDD17/<run>, for as many recordings as you need.",
)

SLIDER_DEPTH: Final = Entry(
    name="slider-depth",
    title="a DAVIS240 that slides past things near and far",
    source="Mueggler, Rebecq, Gallego, Delbruck, Scaramuzza 2017",
    terms="CC BY-NC-SA 3.0",
    splits="none: one recording",
    read="spikesight.datasets.slider_depth:slider_depth",
    page="https://rpg.ifi.uzh.ch/davis_data.html",
    files=(
        File(
            "slider_depth.zip",
            ("https://rpg.ifi.uzh.ch/datasets/davis/slider_depth.zip",),
            unpacked="slider_depth",
            parts=("events/txt/slider_depth_events.txt", "slider_depth_events.txt"),
        ),
    ),
)

SCENES: Final = Entry(
    name="scenes",
    title="made up: a world before a camera, with depth, flow and labels",
    source="Spikesight",
    terms="MIT",
    splits="by seeds, for good: 0 to 39 to train, 40 to 49 to validate, 50 to 59 to test",
    read="spikesight.datasets.scenes.catalogue:SCENES",
)

MOVING_SHAPES: Final = Entry(
    name="moving-shapes",
    title="made up: small shapes that move in eight directions",
    source="Spikesight",
    terms="MIT",
    splits="none: as many as you ask for, from a seed",
    read="spikesight.datasets.moving_shapes:Motion",
)

OUTLINES: Final = Entry(
    name="outlines",
    title="made up: squares that drift in noise, with the truth of each event",
    source="Spikesight",
    terms="MIT",
    splits="none: as many as you ask for, from a seed",
    read="spikesight.datasets.outlines:Outlines",
)
