"""What the page shows where."""

import subprocess
import sys

from spikesight.studio.panels import panels
from spikesight.studio.views import TABS, VIEWS


def test_every_view_stands_on_tabs_that_are_listed():
    told = panels()
    assert [view["name"] for view in told["views"]] == list(VIEWS)
    listed = {tab["name"]: tab["title"] for tab in told["tabs"]}
    assert {tab for view in told["views"] for tab in view["tabs"]} == set(listed)
    assert all(listed[name] == title for name, title in TABS.items() if name in listed)


def test_the_first_page_waits_for_nothing_that_takes_long_to_load():
    heavy = ("scipy.stats", "scipy.special", "scipy.signal", "scipy.optimize", "numba", "torch", "matplotlib", "pandas")
    code = (
        "import sys; from spikesight.studio.panels import panels; panels(); "
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
