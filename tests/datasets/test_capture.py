"""Captures written by dpkt's own writers, whole and damaged, and the one among the data at hand."""

from __future__ import annotations

import os
import socket
import warnings
from pathlib import Path

import numpy as np
import pytest

from spikesight.base.errors import InputError
from spikesight.datasets.capture import CutOff, Session, read_capture

dpkt = pytest.importorskip("dpkt", reason="dpkt is not installed (the optional extra 'traffic')")

HERE, THERE = ("10.0.0.1", 4000), ("10.0.0.2", 443)


def ip_packet(sender=HERE, receiver=THERE, payload=b"x" * 60, six=False):
    part = dpkt.udp.UDP(sport=sender[1], dport=receiver[1], data=payload, ulen=8 + len(payload))
    if six:
        ends = [socket.inet_pton(socket.AF_INET6, f"fe80::{one[0][-1]}") for one in (sender, receiver)]
        return dpkt.ip6.IP6(src=ends[0], dst=ends[1], nxt=17, plen=len(part), data=part, v=6)
    ends = [socket.inet_aton(one[0]) for one in (sender, receiver)]
    packet = dpkt.ip.IP(src=ends[0], dst=ends[1], p=17, data=part)
    packet.len = len(packet)
    return packet


def frame(packet):
    kind = 0x86DD if isinstance(packet, dpkt.ip6.IP6) else 0x0800
    return bytes(dpkt.ethernet.Ethernet(src=b"a" * 6, dst=b"b" * 6, type=kind, data=packet))


def written(path, frames, writer=None, **more):
    with path.open("wb") as file:
        out = (writer or dpkt.pcap.Writer)(file, **more)
        for t, data in frames:
            out.writepkt(data, ts=t)
    return path


@pytest.fixture
def frames():
    talk = [(0.5, ip_packet()), (0.25, ip_packet(payload=b"y" * 100)), (1.0, ip_packet(THERE, HERE, b"z" * 1000))]
    other = dpkt.ethernet.Ethernet(src=b"a" * 6, dst=b"b" * 6, type=0x0806, data=b"\0" * 28)
    return [*((t, frame(packet)) for t, packet in talk), (1.5, bytes(other)), (2.0, frame(ip_packet(("10.0.0.3", 9))))]


@pytest.mark.parametrize("kind", ["pcap", "nanoseconds", "pcapng"])
def test_packets_sizes_and_directions(tmp_path, frames, kind):
    more = {"nano": True} if kind == "nanoseconds" else {}
    writer = dpkt.pcapng.Writer if kind == "pcapng" else dpkt.pcap.Writer
    read = read_capture(written(tmp_path / "a.pcap", frames, writer, **more))
    assert read.t.tolist() == [0.25, 0.5, 1.0, 2.0]
    assert read.size.tolist() == [128, 88, 1028, 88]
    assert read.session.tolist() == [0, 0, 0, 1]
    assert read.forward.tolist() == [True, True, False, True]
    assert read.sessions[0] == Session("UDP", "10.0.0.1", 4000, "10.0.0.2", 443)
    assert read.others == 1
    t, size, forward = read.of(0)
    assert t.tolist() == [0.0, 0.25, 0.75]
    assert size.tolist() == [128, 88, 1028]
    assert not forward[-1]


def test_packets_that_the_network_card_has_yet_to_cut_are_as_long_as_they_are(tmp_path):
    four, six = ip_packet(payload=b"x" * 3000), ip_packet(payload=b"x" * 3000, six=True)
    four.len = six.plen = 0
    read = read_capture(written(tmp_path / "large.pcap", [(0.0, frame(four)), (1.0, frame(six))]))
    assert read.size.tolist() == [3028, 3048]


def test_ip6_cooked_and_raw_links(tmp_path):
    six = read_capture(written(tmp_path / "six.pcap", [(0.0, frame(ip_packet(six=True)))]))
    assert six.size.tolist() == [108]
    assert six.sessions[0].address == "fe80::1"
    raw = [(0.0, bytes(ip_packet())), (1.0, bytes(ip_packet(six=True)))]
    assert read_capture(written(tmp_path / "raw.pcap", raw, linktype=101)).size.tolist() == [88, 108]
    cooked = [(0.0, b"\0\0\0\1\0\6" + b"a" * 8 + b"\x08\x00" + bytes(ip_packet()))]
    assert read_capture(written(tmp_path / "sll.pcap", cooked, linktype=113)).size.tolist() == [88]
    with pytest.raises(InputError, match="link of type 147"):
        read_capture(written(tmp_path / "user.pcap", raw, linktype=147))


def test_a_packet_that_was_not_captured_whole_has_its_size_all_the_same(tmp_path):
    short = frame(ip_packet(payload=b"x" * 1000))[:64]
    assert read_capture(written(tmp_path / "a.pcap", [(0.0, short)])).size.tolist() == [1028]


@pytest.mark.parametrize("lost", [1, 60, 105])
def test_a_capture_that_is_cut_off_keeps_what_was_before(tmp_path, frames, lost):
    whole = written(tmp_path / "a.pcap", frames)
    cut = tmp_path / "cut.pcap"
    cut.write_bytes(whole.read_bytes()[:-lost])
    with pytest.warns(CutOff, match="after 4 packets"):
        read = read_capture(cut)
    assert read.t.tolist() == [0.25, 0.5, 1.0]


def test_rubbish_after_packets(tmp_path, frames):
    whole = written(tmp_path / "a.pcap", frames)
    bad = tmp_path / "bad.pcap"
    bad.write_bytes(whole.read_bytes() + b"\xff" * 1000)
    with pytest.warns(CutOff, match="after 5 packets"):
        assert len(read_capture(bad).t) == 4


@pytest.mark.parametrize("data", [b"", b"\0", b"no capture at all, but a text", b"\xd4\xc3\xb2\xa1", b"\n\r\r\n\0\0"])
def test_what_is_no_capture(tmp_path, data):
    path = tmp_path / "a.pcap"
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"a\.pcap"):
        read_capture(path)
    with pytest.raises(InputError, match="no capture"):
        read_capture(tmp_path / "absent.pcap")


def test_a_capture_without_packets_or_with_others_alone(tmp_path, frames):
    for some in ([], frames[3:4]):
        with pytest.raises(InputError, match="no packet of TCP or UDP"):
            read_capture(written(tmp_path / "a.pcap", some))


@pytest.mark.parametrize("kind", ["pcap", "pcapng"])
def test_changed_bytes_give_packets_or_an_answer(tmp_path, frames, kind):
    writer = dpkt.pcapng.Writer if kind == "pcapng" else dpkt.pcap.Writer
    whole = np.frombuffer(written(tmp_path / "a.pcap", frames, writer).read_bytes(), np.uint8)
    random, bad = np.random.default_rng(0), tmp_path / "bad.pcap"
    for _ in range(150):
        changed = whole.copy()
        changed[random.integers(0, len(whole), 4)] = random.integers(0, 256, 4)
        bad.write_bytes(changed.tobytes()[: random.integers(1, len(whole) + 1)])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", CutOff)
            try:
                read = read_capture(bad)
            except InputError:
                continue
        assert len(read.t) == len(read.size) == len(read.forward)


def test_the_capture_at_hand():
    path = Path(os.environ.get("SPIKESIGHT_DATA", "")) / "traffic" / "ustc-tfc2016-facetime-1000pkt.pcap"
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    read = read_capture(path)
    assert len(read.t) == 1000
    assert read.others == 0
    assert read.size.sum() + (14 + 4) * 1000 == 405_522, "frames have a header and a check sum beside the IP packet"
    assert (read.t[0], read.t[-1]) == (188027.032158, 188027.032734)
