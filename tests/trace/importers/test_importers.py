import subprocess
import sys

import pytest

from spikesight.trace import exporters, importers

PACKAGES = pytest.mark.parametrize("package", [importers, exporters], ids=["importers", "exporters"])


@PACKAGES
def test_the_names_of_the_package_are_there(package):
    assert all(getattr(package, name) is not None for name in package.__all__)
    with pytest.raises(AttributeError, match="no attribute 'brink'"):
        package.brink  # noqa: B018


@PACKAGES
def test_a_catalogue_alone_loads_nothing_heavy(package):
    code = f"import sys; from {package.__name__} import CATALOGUE; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert package.__name__ in loaded
    assert not {"numpy", "duckdb", "h5py"} & set(loaded)
