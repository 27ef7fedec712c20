"""Every data set says what people have to know before they use it."""

import subprocess
import sys
from importlib import import_module
from urllib.parse import urlsplit

import pytest

from spikesight.base.errors import MissingData, SpikesightError
from spikesight.datasets.catalogue import DATASETS
from spikesight.datasets.entry import Entry

NAMED = {
    *("mnist", "fashion-mnist", "cifar10", "eth80", "n-mnist", "n-caltech101", "dvs-gesture", "cifar10-dvs", "dsec"),
    *("mvsec", "ddd17", "shd", "ssc", "speech-commands", "fsdd", "iscx", "faces-motorbikes", "slider-depth"),
}
every = pytest.mark.parametrize("name", sorted(DATASETS))


@every
def test_an_entry_is_complete(name):
    entry = DATASETS[name]
    assert isinstance(entry, Entry)
    assert entry.name == name
    assert all((entry.title, entry.source, entry.terms, entry.splits))
    module, _, function = entry.read.partition(":")
    assert getattr(import_module(module), function) is not None
    assert entry.embedded or urlsplit(entry.page).scheme == "https"
    assert entry.embedded or entry.fetched or entry.by_hand.endswith("."), "a person needs to know what to do"


@every
def test_its_files_are_to_be_fetched_safely(name):
    entry = DATASETS[name]
    for file in (*entry.files, *(file for files in entry.sequences.values() for file in files)):
        assert not file.name.startswith("/")
        assert ".." not in file.name
        assert file.unpacked != file.name
        for url in file.urls:
            assert urlsplit(url).scheme == "https" or file.sha256 or file.md5, "who is in between could change it"
        for checksum, digits in ((file.sha256, 64), (file.md5, 32), (file.content_md5, 32)):
            assert not checksum or (len(checksum) == digits and int(checksum, 16))


@every
def test_reading_what_is_not_there_says_where_to_put_it(name, tmp_path):
    entry = DATASETS[name]
    if entry.embedded:
        assert entry.open(tmp_path) is not None
        return
    with pytest.raises(MissingData) as caught:
        entry.open(tmp_path)
    assert str(tmp_path) in str(caught.value)
    assert isinstance(caught.value, SpikesightError)


def test_all_that_was_promised_is_there():
    assert set(DATASETS) >= NAMED
    assert {name for name in DATASETS if DATASETS[name].embedded} >= {
        "digits",
        "scenes",
        "moving-shapes",
        "made-up-traffic",
    }


def test_looking_at_the_catalogue_loads_no_numpy():
    program = (
        "import sys\nfrom spikesight.datasets.catalogue import DATASETS\n"
        "print([DATASETS[name].size for name in DATASETS])\nassert 'numpy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.DEVNULL)
