import re

from spikesight.studio.pages import MEDIA_TYPES, page_files


def test_every_file_that_the_page_names_is_there():
    known = page_files()
    named = set(re.findall(r"/static/([\w.-]+)", known["index.html"].decode()))
    for name, content in known.items():
        if name.endswith(".js"):
            named |= set(re.findall(r"from '\./([\w.-]+)'", content.decode()))
    assert named <= set(known)
    unused = set(known) - named - {"index.html"}
    assert not unused, f"nothing loads {unused}"


def test_scripts_are_ours_alone():
    for name, content in page_files().items():
        text = content.decode()
        assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
        assert "https://" not in text
        assert not re.search(r"\beval\(|new Function|innerHTML|document\.write|@import|@font-face", text), name


def test_only_files_of_the_page_are_served():
    assert all("." + name.rpartition(".")[2] in MEDIA_TYPES for name in page_files())
