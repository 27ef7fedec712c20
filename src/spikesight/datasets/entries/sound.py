"""Sets of speech, as waves and as spikes of a cochlea."""

from __future__ import annotations

from typing import Final

from spikesight.datasets.entry import Entry, File


def _packed(what: str, name: str, md5: str = "") -> File:
    return File(
        f"{what}/{name}.h5.gz",
        tuple(f"https://{place}/datasets/{name}.h5.gz" for place in ("zenkelab.org", "compneuro.net")),
        md5=md5,
        unpacked=f"{what}/{name}.h5",
        also=(f"{name}.h5",),
    )


SHD: Final = Entry(
    name="shd",
    title="spoken digits, English and German, as spikes of 700 channels",
    source="Cramer, Stradmann, Schemmel, Zenke 2022",
    terms="CC BY 4.0",
    splits="of its authors: shd_train.h5 and shd_test.h5",
    read="spikesight.datasets.shd:shd",
    page="https://zenkelab.org/resources/spiking-heidelberg-datasets-shd/",
    files=(
        _packed("SHD", "shd_train", "d47c9825dee33347913e8ce0f2be08b0"),
        _packed("SHD", "shd_test", "3062a80ec0c5719404d5b02e166543b1"),
    ),
    counts={"train": 8156, "test": 2264},
)

SSC: Final = Entry(
    name="ssc",
    title="35 English words as spikes of 700 channels",
    source="Cramer, Stradmann, Schemmel, Zenke 2022",
    terms="CC BY 4.0",
    splits="of its authors: ssc_train.h5, ssc_valid.h5, ssc_test.h5",
    read="spikesight.datasets.shd:ssc",
    page="https://zenkelab.org/resources/spiking-heidelberg-datasets-shd/",
    files=(_packed("SSC", "ssc_train"), _packed("SSC", "ssc_valid"), _packed("SSC", "ssc_test")),
    counts={"train": 75_466, "validation": 9981, "test": 20_382},
)

SPEECH_COMMANDS: Final = Entry(
    name="speech-commands",
    title="35 English words, waves of a second, version 0.02",
    source="Warden 2018",
    terms="CC BY 4.0",
    splits="of its authors: validation_list.txt and testing_list.txt",
    read="spikesight.datasets.speech_commands:speech_commands",
    page="https://www.tensorflow.org/datasets/catalog/speech_commands",
    files=(
        File(
            "speech_commands_v0.02.tar.gz",
            (
                "https://storage.googleapis.com/download.tensorflow.org/data/speech_commands_v0.02.tar.gz",
                "http://download.tensorflow.org/data/speech_commands_v0.02.tar.gz",
            ),
            2_428_923_189,  # as TensorFlow Datasets states both
            sha256="af14739ee7dc311471de98f5f9d2c9191b18aedfe957f4a6ff791c709868ff58",
            unpacked="speech_commands_v0.02",
            also=("SpeechCommands/speech_commands_v0.02", "speech-commands"),
        ),
    ),
    counts={"train": 84_843, "validation": 9981, "test": 11_005},
)

FSDD: Final = Entry(
    name="fsdd",
    title="spoken digits, six speakers, waves at 8 kHz",
    source="Jackson et al. 2018",
    terms="CC BY-SA 4.0",
    splits="of its authors: recordings 0 to 4 of each speaker and digit are the test set",
    read="spikesight.datasets.audio:spoken_digits",
    page="https://github.com/Jakobovski/free-spoken-digit-dataset",
    files=(
        File(
            "fsdd-wav.zip",
            (
                "https://github.com/Jakobovski/free-spoken-digit-dataset/archive/refs/tags/v1.0.10.zip",
                "https://github.com/Jakobovski/free-spoken-digit-dataset/archive/refs/heads/master.zip",
            ),
            parts=("audio/fsdd-wav.zip",),
        ),
    ),
    counts={"train": 2700, "test": 300},
)
