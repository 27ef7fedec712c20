"""Made-up sessions of network traffic: 14 classes by laws of packet sizes and intervals, to try things without data.

Four kinds of use (video, voice, files, chat) without a tunnel, through a VPN and through Tor, and browsing without and
through Tor. What a capture draws once for all of its sessions (frame sizes, rates, codecs, habits) differs as much
between captures as between many classes: who has seen a capture knows more of its sessions than can be known of others.
Nothing here is measured: these laws are only like what is told of such traffic.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator

Random = np.random.Generator
ACK = 52
"""Bytes of a packet that says no more than that others have come."""


class Flow(NamedTuple):
    """Packets (n,) of a session by time: seconds since it began, bytes, whether from who began it."""

    t: NDArray[np.float64]
    size: NDArray[np.int64]
    forward: NDArray[np.bool_]


class Habits(NamedTuple):
    """What a capture draws once: largest packet, pace, period, chattiness, overhead, each for whoever needs it."""

    largest: int
    pace: float
    period: float
    small: int
    overhead: int


def habits(random: Random) -> Habits:
    """Draw what all sessions of a capture share."""
    return Habits(
        int(random.choice([1280, 1380, 1420, 1460, 1500])),
        float(random.uniform(0.6, 1.6)),
        float(random.uniform(0.6, 1.8)),
        int(random.integers(60, 220)),
        int(random.integers(30, 90)),
    )


def _video(random: Random, seconds: float, own: Habits) -> list[Flow]:
    begins = np.arange(random.uniform(0, 1), seconds, 4.0 * own.period)
    begins = begins + random.normal(0.0, 0.2, len(begins))
    counts = np.maximum(random.lognormal(np.log(60.0 * own.pace), 0.35, len(begins)), 4).astype(int)
    return [_download(random, t, count, 250.0 * own.pace, own, 450) for t, count in zip(begins, counts, strict=True)]


def _voice(random: Random, seconds: float, own: Habits) -> list[Flow]:
    parts = []
    interval = 0.02 if own.period < 1.2 else 0.03
    for forward in (True, False):
        t = np.arange(random.uniform(0, interval), seconds, interval)
        edges = np.cumsum(random.exponential(2.5, 2 * int(seconds) + 10))
        speaks = np.searchsorted(edges, t) % 2 == forward
        t = t[speaks | (random.random(len(t)) < 0.15)]
        size = own.small + random.integers(-6, 7, len(t)) + np.where(random.random(len(t)) < 0.05, 40, 0)
        parts.append(Flow(t + random.exponential(0.002, len(t)), size, np.full(len(t), forward)))
    return parts


def _files(random: Random, seconds: float, own: Habits) -> list[Flow]:
    parts, t, way = [], random.uniform(0, 2), random.random() < 0.3
    while t < seconds:
        count = int(random.integers(200, 900))
        part = _download(random, t, count, 45.0 * own.pace, own, 120)
        parts.append(part._replace(forward=~part.forward) if way else part)
        t = part.t.max() + random.exponential(0.7)
    return parts


def _chat(random: Random, seconds: float, own: Habits) -> list[Flow]:
    begins = np.cumsum(random.exponential(2.2 * own.period, int(seconds)))
    begins = np.concatenate([begins, np.arange(random.uniform(0, 5), seconds, 9.0 * own.period)])
    forward = random.random(len(begins)) < 0.5
    size = np.clip(random.lognormal(np.log(own.small + 60.0), 0.6, len(begins)), 60, own.largest).astype(np.int64)
    answer = Flow(begins + random.uniform(0.02, 0.2, len(begins)), np.full(len(begins), ACK), ~forward)
    return [Flow(begins, size, forward), answer]


def _browsing(random: Random, seconds: float, own: Habits) -> list[Flow]:
    parts, t = [], random.uniform(0, 2)
    while t < seconds:
        for _ in range(int(random.integers(3, 14))):
            count = max(int(random.lognormal(np.log(9.0), 0.9)), 1)
            parts.append(_download(random, t, min(count, 150), 180.0 * own.pace, own, int(random.integers(300, 900))))
            t += random.exponential(0.25)
        t += random.exponential(6.0 * own.period) + 1.0
    return parts


def _download(random: Random, t: float, count: int, rate: float, own: Habits, asked: int) -> Flow:
    """Return a request, `count` packets that come in answer at `rate` per second, and an ACK for every other one."""
    times = t + 0.05 + np.cumsum(random.exponential(1.0 / rate, count))
    size = np.full(count, own.largest)
    size[-1] = random.integers(60, own.largest)
    acks = times[::2] + 0.001
    return Flow(
        np.concatenate([[t], times, acks]),
        np.concatenate([[asked + random.integers(-60, 60)], size, np.full(len(acks), ACK)]),
        np.concatenate([[True], np.full(count, False), np.full(len(acks), True)]),
    )


def _plain(random: Random, flow: Flow, own: Habits) -> Flow:
    return flow


def _vpn(random: Random, flow: Flow, own: Habits) -> Flow:
    """Add the overhead of a tunnel to each packet; what becomes too large goes in two."""
    size = (flow.size + own.overhead + 15) // 16 * 16
    over = size > 1500
    rest = np.where(over, np.maximum(size - 1500 + own.overhead, 60), 0)
    return Flow(
        np.concatenate([flow.t, flow.t[over] + 1e-4]),
        np.concatenate([np.minimum(size, 1500), rest[over]]),
        np.concatenate([flow.forward, flow.forward[over]]),
    )


def _tor(random: Random, flow: Flow, own: Habits) -> Flow:
    """Carry everything in cells of one size, later by what the way of three hops takes; padding comes on top."""
    one, two = 534 + own.overhead, 1048 + own.overhead
    size = np.where(flow.size < 100, ACK, np.where(flow.size < 700, one, np.minimum(two, 1500)))
    late = 0.15 * own.period + random.gamma(2.0, 0.04, len(flow.t))
    padding = np.cumsum(random.exponential(5.0, int(flow.t.max() / 5.0) + 2))
    padding = padding[padding < flow.t.max()]
    return Flow(
        np.concatenate([flow.t + late, padding]),
        np.concatenate([size, np.full(len(padding), one)]),
        np.concatenate([flow.forward, random.random(len(padding)) < 0.5]),
    )


Use = Callable[[Random, float, Habits], list[Flow]]
Way = Callable[[Random, Flow, Habits], Flow]

USES: dict[str, Use] = {"video": _video, "voice": _voice, "files": _files, "chat": _chat, "browsing": _browsing}
WAYS: dict[str, Way] = {"plain": _plain, "vpn": _vpn, "tor": _tor}
CLASSES = tuple(f"{use}-{way}" for use in USES for way in WAYS if (use, way) != ("browsing", "vpn"))


@dataclass(frozen=True)
class MadeUpTraffic:
    """`captures` of each class, those through Tor half as many, 3 at least, of `sessions` each, of `seconds` each.

    Errors: InputError for fewer than 3 captures, a session, or 60 seconds.
    """

    captures: int = 10
    sessions: int = 2
    seconds: float = 120.0

    def __post_init__(self) -> None:
        if self.captures < 3 or self.sessions < 1 or not self.seconds >= 60.0:
            raise InputError(f"3 captures or more of a session or more of a minute or more are needed, got {self}")

    def captures_of(self, name: str) -> int:
        """Return how many captures there are of a class."""
        return max(self.captures // 2, 3) if name.endswith("tor") else self.captures

    def session(self, seed: int, name: str, capture: int, session: int) -> Flow:
        """Return a session of the class `name`, the same whatever else was drawn.

        Errors: InputError for a class that there is not.
        """
        if name not in CLASSES:
            raise InputError(f"there is no class {name}, known are {', '.join(CLASSES)}")
        place = (CLASSES.index(name), capture)
        own = habits(generator(seed, "capture", *place))
        random = generator(seed, "session", *place, session)
        use, _, way = name.partition("-")
        parts = USES[use](random, self.seconds, own)
        flow = Flow(*(np.concatenate(fields) for fields in zip(*parts, strict=True)))
        flow = WAYS[way](random, flow, own)
        order = np.argsort(flow.t, kind="stable")
        order = order[(flow.t[order] >= 0.0) & (flow.t[order] <= self.seconds)]
        return Flow(flow.t[order], flow.size[order].astype(np.int64), flow.forward[order])
