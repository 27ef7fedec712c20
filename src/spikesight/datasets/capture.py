"""Captures of network traffic, pcap and pcapng: who sent how many bytes to whom, and when. Payloads are not kept.

dpkt reads the formats and the headers; it is the optional extra `traffic`.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.base.optional import require

UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, NotImplementedError, MemoryError)
"""What dpkt raises on bytes that are no packets; its own errors are beside them."""

IP6_HEADER = 40

LARGEST_BLOCK = 1 << 24
"""Bytes. No packet is so long: a length above comes from damaged bytes."""


class Session(NamedTuple):
    """Who talks to whom: protocol ("TCP", "UDP"), address and port of who sent the first packet, and of the other."""

    protocol: str
    address: str
    port: int
    to_address: str
    to_port: int


class Packets(NamedTuple):
    """Packets (n,) of TCP and UDP by time: seconds, bytes of the IP packet, places in `sessions`, and directions.

    `forward` packets go from who sent the first one that was captured. `others` counts packets that are neither.
    """

    t: NDArray[np.float64]
    size: NDArray[np.int64]
    session: NDArray[np.int64]
    forward: NDArray[np.bool_]
    sessions: tuple[Session, ...]
    others: int

    def of(self, session: int) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.bool_]]:
        """Return times since its first packet, sizes and directions of a session."""
        mine = self.session == session
        t = self.t[mine]
        return t - (t[0] if len(t) else 0.0), self.size[mine], self.forward[mine]


class CutOff(UserWarning):
    """A capture ends within a packet, or goes on with bytes that are none: what was before was read."""


class Truncated(ValueError):
    """A capture ends within a packet."""


class _WholeReads:
    """A file that does not give less than is asked for, except nothing at its end."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file

    def read(self, size: int) -> bytes:
        if not 0 <= size <= LARGEST_BLOCK:
            raise Truncated(f"a packet of {size} bytes")
        found = self.file.read(size)
        if 0 < len(found) < size:
            raise Truncated(f"it ends {size - len(found)} bytes too early")
        return found

    def seek(self, place: int) -> int:
        return self.file.seek(place)


def read_capture(path: Path) -> Packets:
    """Read a capture, pcap or pcapng, of Ethernet, Linux cooked or raw IP packets, in order of time.

    A capture that is cut off, or damaged on the way, gives what was before, and a warning (`CutOff`).
    Errors: InputError where there is no file, it is no capture, of another link, or has no packet of TCP or UDP;
    MissingExtra without dpkt.
    """
    dpkt = require("dpkt", "traffic")
    if not path.is_file():
        raise InputError(f"there is no capture {path}: name a file of the format pcap or pcapng")
    with path.open("rb") as file:
        capture = _opened(dpkt, file, path)
        links = _links(dpkt)
        if capture.datalink() not in links:
            raise InputError(f"{path} was captured from a link of type {capture.datalink()}, known are {sorted(links)}")
        read = _sorted_out(_packets(dpkt, capture, links[capture.datalink()], path))
    if not len(read.t):
        raise InputError(f"{path} has no packet of TCP or UDP ({read.others} others): there is no session in it")
    return read


def _opened(dpkt: Any, file: IO[bytes], path: Path) -> Any:
    try:
        return dpkt.pcap.UniversalReader(_WholeReads(file))
    except (*UNREADABLE, dpkt.Error) as error:
        raise InputError(f"{path} is no capture that can be read, neither pcap nor pcapng ({error})") from error


def _links(dpkt: Any) -> dict[int, Any]:
    """Return what reads a packet, by number of the link."""

    def raw(data: bytes) -> Any:
        return dpkt.ip6.IP6(data) if data[0] >> 4 == 6 else dpkt.ip.IP(data)

    known = dpkt.pcap
    return {
        known.DLT_EN10MB: lambda data: dpkt.ethernet.Ethernet(data).data,
        known.DLT_LINUX_SLL: lambda data: dpkt.sll.SLL(data).data,
        **dict.fromkeys((12, 14, 101, known.DLT_IPV4, known.DLT_IPV6), raw),
    }


def _packets(dpkt: Any, capture: Any, opened: Any, path: Path) -> Iterator[tuple[float, int, str, Any, Any] | None]:
    """Yield time, bytes, protocol, and address and port of both sides of each packet; None for other packets."""
    unreadable = (*UNREADABLE, dpkt.Error)
    packets, done = iter(capture), 0
    while True:
        try:
            t, data = next(packets)
        except StopIteration:
            return
        except unreadable as error:
            warnings.warn(f"{path} is cut off or damaged after {done} packets ({error})", CutOff, stacklevel=4)
            return
        done += 1
        try:
            yield _facts(dpkt, float(t), opened(data))
        except unreadable:
            yield None


def _facts(dpkt: Any, t: float, ip: Any) -> tuple[float, int, str, Any, Any] | None:
    names = {dpkt.tcp.TCP: "TCP", dpkt.udp.UDP: "UDP"}
    if not isinstance(ip, dpkt.ip.IP | dpkt.ip6.IP6) or type(ip.data) not in names:
        return None
    told = ip.len if isinstance(ip, dpkt.ip.IP) else ip.plen and ip.plen + IP6_HEADER
    size = told or len(ip)  # a packet that the network card has yet to cut tells 0
    return t, int(size), names[type(ip.data)], (ip.src, ip.data.sport), (ip.dst, ip.data.dport)


def _sorted_out(packets: Iterator[tuple[float, int, str, Any, Any] | None]) -> Packets:
    found = list(packets)
    kept = sorted((one for one in found if one is not None), key=lambda one: one[0])
    places: dict[Any, int] = {}
    sessions: list[Session] = []
    session, forward = np.zeros(len(kept), np.int64), np.zeros(len(kept), np.bool_)
    for row, (_, _, protocol, sender, receiver) in enumerate(kept):
        key = (protocol, frozenset((sender, receiver)))
        if key not in places:
            places[key] = len(sessions)
            sides = (str(ip_address(sender[0])), sender[1], str(ip_address(receiver[0])), receiver[1])
            sessions.append(Session(protocol, *sides))
        session[row] = places[key]
        first = sessions[places[key]]
        forward[row] = (str(ip_address(sender[0])), sender[1]) == (first.address, first.port)
    return Packets(
        np.array([one[0] for one in kept], np.float64),
        np.array([one[1] for one in kept], np.int64),
        session,
        forward,
        tuple(sessions),
        len(found) - len(kept),
    )
