import posixpath
import re

from spikesight.studio.pages import MEDIA_TYPES, page_files
from spikesight.studio.views import VIEWS


def imported(name, content):
    """The files that a module imports, as the page calls them."""
    folder = posixpath.dirname(name)
    for place in re.findall(r"from '(\.{1,2}/[\w./-]+)'", content.decode()):
        yield posixpath.normpath(posixpath.join(folder, place))


def test_every_file_that_the_page_names_is_there():
    known = page_files()
    pages = (known["index.html"] + known["events.html"]).decode()
    named = set(re.findall(r"/static/([\w./-]+)", pages))
    for name, content in known.items():
        if name.endswith(".js"):
            named |= set(imported(name, content))
    named |= {f"views/{view}.js" for view in VIEWS if VIEWS[view].tabs or view == "accuracy"}
    assert named <= set(known)
    # A report takes one module instead of another.
    unused = set(known) - named - {"index.html", "events.html", "frozen.js"}
    assert not unused, f"nothing loads {unused}"


def test_scripts_are_ours_alone():
    for name, content in page_files().items():
        text = content.decode()
        assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
        assert "https://" not in text
        assert not re.search(r"\beval\(|new Function|innerHTML|document\.write|@import|@font-face", text), name


def test_only_files_of_the_page_are_served():
    assert all("." + name.rpartition(".")[2] in MEDIA_TYPES for name in page_files())
