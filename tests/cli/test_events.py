"""`spikesight events`: facts, pictures, other formats, the studio."""

import json
import signal
import urllib.request

import pytest

from spikesight.events import EventStream, read, write
from spikesight.events.files.bin import Bin


def record(t, x, y, on):
    return bytes((x, y)) + (on << 23 | t).to_bytes(3, "big")


@pytest.fixture
def recording(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(record(5, 1, 2, 1) + record(4, 33, 0, 0) + record(1004, 3, 3, 1))
    return path


def test_json_tells_the_facts(recording, spikesight):
    told = json.loads(spikesight("events", recording, "--json").stdout)
    assert (told["format"], told["width"], told["height"], told["count"]) == ("bin", 34, 34, 3)
    assert (told["t_first_us"], told["t_last_us"], told["backward_steps"], told["on"]) == (5, 1004, 1, 2)
    assert len(told["sha256"]) == 64
    assert told["gaps"] == [[4, 1000]]
    assert told["notes"] == told["written"] == []


def test_people_read_a_table(recording, spikesight):
    answer = spikesight("events", recording)
    assert answer.exit_code == 0
    assert "34 x 34 pixels" in answer.stdout
    assert "3, 66.7% of them ON" in answer.stdout
    assert "1,000 us from 4" in answer.stdout


def test_a_cut_off_file_is_told_and_its_events_kept(recording, spikesight):
    recording.write_bytes(recording.read_bytes()[:-2])
    answer = spikesight("events", recording, "--json")
    told = json.loads(answer.stdout)
    assert answer.exit_code == 0
    assert told["count"] == 2
    assert "at byte 10" in told["notes"][0]
    assert "note: at byte 10" in spikesight("events", recording).stderr


def test_what_is_no_recording_is_an_answer(tmp_path, spikesight):
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff\xe0" * 9)
    for path, words in ((tmp_path / "a.jpg", "no known format"), (tmp_path / "b", "not there"), (tmp_path, "a folder")):
        answer = spikesight("events", path, "--json")
        assert answer.exit_code == 1
        assert answer.stdout == ""
        assert words in answer.stderr


def test_a_format_and_a_sensor_may_be_named(recording, spikesight):
    answer = spikesight("events", recording, "--as", "bin", "--sensor", "240x180", "--json")
    assert json.loads(answer.stdout)["width"] == 240
    assert spikesight("events", recording, "--sensor", "240").exit_code == 2
    assert spikesight("events", recording, "--as", "bim").exit_code == 2
    told = spikesight("events", recording, "--as", "npz", "--sensor", "3x4")
    assert told.exit_code != 0


def test_it_is_converted_exactly(recording, spikesight, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    answer = spikesight("events", recording, "--to", "npz", "--json")
    assert answer.exit_code == 0, answer.stderr
    assert json.loads(answer.stdout)["written"] == ["a.npz"]
    assert read(tmp_path / "a.npz").events.rows.tolist() == read(recording, Bin()).events.rows.tolist()
    again = spikesight("events", recording, "--to", "npz")
    assert again.exit_code == 1
    assert "a.npz exists: say with --out" in again.stderr
    other = spikesight("events", recording, "--to", "npz", "--out", tmp_path / "b.npz")
    assert "written: " in other.stdout
    assert (tmp_path / "b.npz").is_file()
    assert spikesight("events", recording, "--out", "c.npz").exit_code == 2


def test_pictures_are_written(recording, spikesight, tmp_path):
    answer = spikesight("events", recording, "--png", tmp_path / "a.png", "--gif", tmp_path / "a.gif")
    assert answer.exit_code == 0, answer.stderr
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "a.gif").read_bytes().startswith(b"GIF89a")
    assert spikesight("events", recording, "--png", tmp_path / "a.jpg").exit_code == 2


def test_it_is_played_until_ctrl_c(start, tmp_path):
    write(tmp_path / "a.npz", EventStream([1, 2], [0, 1], [0, 1], [1, 0], 2, 2))
    with start(tmp_path, "events", "a.npz", "--play", "--json") as process:
        address = next(line for line in process.stderr if line.startswith("Studio: ")).removeprefix("Studio: ").strip()
        base, _, token = address.partition("#token=")
        root = base.partition("/events")[0].rstrip("/")
        asking = urllib.request.Request(f"{root}/api/files.json", headers={"x-spikesight-token": token})
        with urllib.request.urlopen(asking, timeout=20) as answer:
            assert json.load(answer)
        assert process.stderr.readline() == "The studio stays until Ctrl-C.\n"
        process.send_signal(signal.SIGINT)
        out, told = process.communicate(timeout=20)
    assert (process.returncode, told) == (0, "Studio closed.\n")
    assert json.loads(out)["count"] == 2
