from spikesight.base import memory


def test_memory_left_is_less_than_the_machine_has():
    assert 10_000_000 < memory.available_memory() < 1 << 50


def test_a_container_may_allow_less(tmp_path, monkeypatch):
    (tmp_path / "memory.max").write_text("3000000\n")
    (tmp_path / "memory.current").write_text("1000000\n")
    monkeypatch.setattr(memory, "_LIMIT", tmp_path)
    assert memory.available_memory() == 2_000_000
    (tmp_path / "memory.current").write_text("4000000\n")
    assert memory.available_memory() == 0
    (tmp_path / "memory.max").write_text("max\n")
    assert memory.available_memory() > 10_000_000


def test_files_that_the_system_keeps_for_later_are_no_memory_taken(tmp_path, monkeypatch):
    (tmp_path / "memory.max").write_text("3000000\n")
    (tmp_path / "memory.current").write_text("2500000\n")
    (tmp_path / "memory.stat").write_text("anon 500000\nfile 2000000\nactive_file 900000\ninactive_file 1100000\n")
    monkeypatch.setattr(memory, "_LIMIT", tmp_path)
    assert memory.available_memory() == 2_500_000


def test_other_systems_tell_what_they_have(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "_LINUX", tmp_path / "missing")
    monkeypatch.setattr(memory, "_LIMIT", tmp_path / "missing")
    assert memory.available_memory() > 10_000_000


def test_bytes_as_people_read_them():
    assert [memory.readable_bytes(n) for n in (12, 1600, 2.5e9, 3e15)] == ["12 bytes", "1.6 kB", "2.5 GB", "3e+03 TB"]
