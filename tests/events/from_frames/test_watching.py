"""Times and numbers of events against closed forms."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spikesight.base.errors import InputError
from spikesight.events.from_frames import LinLog, Log, Moves, Pixel, Stays, watch, watched
from spikesight.events.stream import joined

IDEAL = Pixel(response=Log(floor=0.0))
SECOND = 1_000_000


def film(*levels, shape=(1, 1)):
    """Frames whose logarithms are `levels`."""
    return [np.full(shape, math.exp(level)) for level in levels]


def told(events):
    return list(zip(events.t.tolist(), events.p.tolist(), strict=True))


def test_a_doubling_in_a_second_is_three_events_at_the_published_times():
    events = watch([[[0.5]], [[1.0]]], (0, SECOND), IDEAL)
    assert told(events) == [(288_539, True), (577_078, True), (865_617, True)]


def test_a_ramp_is_crossed_at_equal_times_and_a_fall_after_hysteresis():
    # Up to 0.7: ON at 0.2, 0.4, 0.6. Down again: OFF at 0.4, 0.2 and 0.0, one below the level of the last ON event.
    events = watch(film(0.0, 0.7, -0.01), (0, 700_000, 1_410_000), IDEAL)
    expected = [(200_000, True), (400_000, True), (600_000, True)]
    assert told(events) == [*expected, (1_000_000, False), (1_200_000, False), (1_400_000, False)]


def test_a_sinusoid_is_crossed_at_the_analytic_times():
    # 100 frames a period bend the sine a little: by at most (2 pi / 100)^2 / 8 of its height, 0.0005 of 0.5.
    t = np.arange(0, SECOND, 10_000)
    events = watch(film(*(0.5 * np.sin(2 * np.pi * t / SECOND))), t, IDEAL)
    rising = np.arcsin(np.array([0.2, 0.4]) / 0.5)
    falling = np.pi - np.arcsin(np.array([0.2, 0.0, -0.2, -0.4]) / 0.5)
    back = 2 * np.pi + np.arcsin(np.array([-0.2]) / 0.5)
    expected = np.concatenate([rising, falling, back]) / (2 * np.pi)
    assert events.p.tolist() == [True] * 2 + [False] * 4 + [True]
    # The slope where 0.4 is crossed is 1.9 a second, so 0.0005 is 0.27 ms; elsewhere it is steeper.
    assert np.abs(events.t / SECOND - expected).max() < 3e-4


def test_a_moving_edge_passes_every_pixel_once():
    # An edge of contrast e moves over 20 pixels at a pixel in 10 ms: each gives floor(1 / 0.2) = 4 or 5 events.
    edge = np.arange(21)[:, None]
    frames = np.exp(1.01 * np.clip(edge - np.arange(20)[None], 0.0, 1.0))[:, None, :]
    events = watch(frames, np.arange(21) * 10_000, IDEAL)
    assert events.counts.tolist() == [[5] * 20]
    assert events.p.all()
    for x in range(20):
        first, last = events.t[events.x == x][[0, -1]]
        assert first == x * 10_000 + round(10_000 * 0.2 / 1.01)
        assert last == x * 10_000 + round(10_000 * 1.0 / 1.01)


def test_brightness_as_a_whole_does_not_matter():
    random = np.random.default_rng(0)
    frames, times = random.uniform(0.1, 1.0, (5, 4, 6)), np.arange(5) * 1000
    one, other = watch(frames, times, IDEAL), watch(0.25 * frames, times, IDEAL)
    assert one.rows.tolist() == other.rows.tolist()
    bright = Pixel(response=LinLog())
    one, other = watch(frames, times, bright), watch(np.clip(0.9 * frames, 21 / 255, 1.0), times, bright)
    assert len(one) == len(other)


def test_a_scene_that_stays_gives_no_event():
    assert len(watch(np.full((3, 2, 2), 0.5), (0, 5, 9))) == 0


def test_after_an_event_a_pixel_is_silent():
    ramp, times = film(0.0, 1.01), (0, 1_010_000)
    moves = watch(ramp, times, Pixel(response=Log(0.0), refractory=Moves(0.3)))
    # Crossings every 0.2 s; the reference moves on, so that those within 0.3 s of one that was told are lost.
    assert moves.t.tolist() == [200_000, 600_000, 1_000_000]
    stays = watch(ramp, times, Pixel(response=Log(0.0), refractory=Stays(0.3)))
    # The reference stays, and the pixel catches up as soon as it may.
    assert stays.t.tolist() == [200_000, 500_000, 800_000]
    late = watch(film(0.0, 0.41, 0.41), (0, 410_000, 2 * SECOND), Pixel(response=Log(0.0), refractory=Stays(0.5)))
    assert late.t.tolist() == [200_000, 700_000]
    gone = watch(film(0.0, 0.41, 0.1), (0, 410_000, 500_000), Pixel(response=Log(0.0), refractory=Stays(0.3)))
    assert gone.t.tolist() == [200_000]


def test_leaks_are_regular_and_counted():
    still = np.full((2, 25, 40), 0.5)
    ten = watch(still, (0, 10 * SECOND), Pixel(leak=0.1))
    # A pixel tells its first leak after a whole period, so that half of them do within ten seconds on average.
    assert ten.p.all()
    assert len(ten) == pytest.approx(500, rel=0.1)
    hundred = watch(still, (0, 100 * SECOND), Pixel(leak=0.1))
    assert len(hundred) == pytest.approx(9770, rel=0.03)
    alike = watch(still, (0, 100 * SECOND), Pixel(leak=0.1, leak_spread=0.0))
    assert alike.counts.min() >= 9
    assert set(np.unique(alike.t)) <= {10 * SECOND * k for k in range(1, 11)}


def test_shot_noise_is_as_frequent_as_said_and_does_not_depend_on_frames():
    pixel = Pixel(shot=5.0)
    dark = [watch(np.zeros((n, 20, 20)), np.linspace(0, 10 * SECOND, n).astype(int), pixel) for n in (2, 11)]
    for events in dark:
        # 400 pixels, 5 a second, 10 s: 20,000, whose square root is 141.
        assert len(events) == pytest.approx(20_000, abs=4 * 141)
        assert events.p.mean() == pytest.approx(0.5, abs=4 * 0.5 / 141)
    light = watch(np.ones((2, 20, 20)), (0, 10 * SECOND), pixel)
    assert len(light) == pytest.approx(5_000, abs=4 * 71)
    assert not light.backward_steps


def test_a_slow_photoreceptor_follows_an_exponential():
    # In white light, a step of 1.0 through a low pass of 1 Hz: the logarithm is 1 - exp(-2 pi t) after it.
    pixel = Pixel(response=Log(0.0), bandwidth=1.0, white=math.e)
    t = np.arange(0, SECOND + 1, 1000)
    events = watch(film(0.0, *([1.0] * (len(t) - 1))), t, pixel)
    expected = -np.log(1.0 - np.array([0.2, 0.4, 0.6, 0.8])) / (2 * np.pi)
    # Straight lines of 1 ms between points of the curve: (2 pi / 1000)^2 / 8 of it, 0.005 ms at its slope.
    assert np.abs(events.t / SECOND - expected).max() < 3e-5
    slower = watch(film(0.0, *([1.0] * (len(t) - 1))), t, Pixel(response=Log(0.0), bandwidth=1.0, white=1e9))
    assert len(slower) < len(events)


def test_the_two_branches_meet_at_twenty():
    assert LinLog()(np.array([[20.0, 20.0 + 1e-9, 0.0, 255.0]]) / 255.0) == pytest.approx(
        np.array([[2.99573, 2.99573, 0.0, math.log(255.0)]]), abs=1e-5
    )


def test_pixels_differ_as_said():
    frames = film(0.0, 10.0, shape=(50, 50))
    events = watch(frames, (0, SECOND), Pixel(response=Log(0.0), mismatch=0.03))
    own = 10.0 / events.counts
    assert own.mean() == pytest.approx(0.2, abs=0.003)
    assert own.std() == pytest.approx(0.03, abs=0.003)
    same = watch(frames, (0, SECOND), Pixel(response=Log(0.0), mismatch=0.03))
    assert same.rows.tolist() == events.rows.tolist()
    other = watch(frames, (0, SECOND), Pixel(response=Log(0.0), mismatch=0.03), seed=1)
    assert other.rows.tolist() != events.rows.tolist()


@given(st.lists(st.integers(-40, 40), min_size=2, max_size=6), st.sampled_from([Moves(), Moves(2e-3), Stays(2e-3)]))
def test_events_are_those_of_a_plain_walk_along_the_line(heights, refractory):
    # No two of these levels differ by sums of thresholds, so that no level only just reaches one.
    levels = [0.05371931 * height + 0.00110317 * k for k, height in enumerate(heights)]
    times = [100_000 * k for k in range(len(levels))]
    pixel = Pixel(on=0.3, off=0.2, response=Log(0.0), refractory=refractory)
    events = watch(film(*levels), times, pixel)
    walked = plain(levels, times, pixel)
    assert events.p.tolist() == [p for _, p in walked]
    assert np.abs(events.t - [t for t, _ in walked]).max(initial=0.0) <= 1.0


def plain(levels, times, pixel):
    """What a pixel tells that is looked at in one place after the other: at each crossing in turn, or when it may."""
    told, reference, ready = [], levels[0], -math.inf
    silent, stays = pixel.refractory.seconds * SECOND, isinstance(pixel.refractory, Stays)
    for (t0, l0), (t1, l1) in zip(
        list(zip(times, levels, strict=True))[:-1], list(zip(times, levels, strict=True))[1:], strict=True
    ):
        now = float(t0)
        while True:
            level = l0 + (l1 - l0) * (now - t0) / (t1 - t0)
            above, below = reference + pixel.on, reference - pixel.off
            if level >= above - 1e-12 or level <= below + 1e-12:
                at = now
            elif l1 > l0 and above <= l1:
                at = t0 + (above - l0) / (l1 - l0) * (t1 - t0)
            elif l1 < l0 and below >= l1:
                at = t0 + (below - l0) / (l1 - l0) * (t1 - t0)
            else:
                break
            if stays and at < ready:
                if ready > t1:
                    break
                now = ready
                level = l0 + (l1 - l0) * (now - t0) / (t1 - t0)
                if not (level >= above or level <= below):
                    continue
                at = now
            level = l0 + (l1 - l0) * (at - t0) / (t1 - t0)
            on = level >= above - 1e-9
            reference = above if on else below
            if at >= ready:
                told.append((at, on))
                ready = at + silent
            now = at
    return told


def test_pieces_are_the_whole_and_times_stay_absolute():
    random = np.random.default_rng(0)
    frames, times = random.uniform(0.0, 1.0, (6, 3, 5)), 1_700_000_000_000_000 + np.arange(6) * 977
    pixel = Pixel.noisy()
    whole = watch(frames, times, pixel)
    pieces = list(watched(iter(frames), times, pixel))
    assert len(pieces) == 6
    assert joined(*pieces).rows.tolist() == whole.rows.tolist()
    assert times[0] < whole.t[0]
    assert whole.t[-1] <= times[-1]
    assert not whole.backward_steps


@pytest.mark.parametrize(
    ("frames", "times", "words"),
    [
        ([], [], "without a frame"),
        ([[[1.0]], [[1.0, 1.0]]], [0, 1], r"\(1, 1\) as the ones before, got \(1, 2\)"),
        ([[1.0]], [0], r"\(H, W\), got \(1,\)"),
        ([[[np.nan]]], [0], "NaN"),
        ([[[-1.0]]], [0], "0 or more"),
        ([[[1.0]], [[1.0]]], [5, 5], "number 1 is at 5 us after one at 5 us"),
        ([[[1.0]], [[1.0]]], [0, 0.04], "whole microseconds, got 0.04"),
        ([[[1.0]], [[1.0]]], [0, np.nan], "whole microseconds"),
        ([[[1.0]], [[1.0]]], [5], "time number 1 is missing"),
        ([[[1.0]]], [5, 6], "frame number 1 is missing"),
    ],
)
def test_what_is_no_film_is_refused(frames, times, words):
    with pytest.raises(InputError, match=words):
        watch(frames, times)


def test_what_is_no_pixel_is_refused():
    for wrong in ({"on": 0.0}, {"mismatch": -1.0}, {"leak": math.nan}, {"bandwidth": 0.0}, {"refractory": Moves(-1.0)}):
        with pytest.raises(InputError, match=r"pixel (is|are)"):
            Pixel(**wrong)
    with pytest.raises(InputError, match="no logarithm"):
        watch([[[0.0]]], [0], IDEAL)
    with pytest.raises(InputError, match="white of a pixel are above 0"):
        Pixel(white=0.0)


def test_grey_levels_are_seen_as_the_same_light():
    random = np.random.default_rng(3)
    light, times = random.integers(0, 2, (6, 5, 7)) * 1.0, np.arange(6) * 10_000
    one, other = watch(light, times, Pixel.noisy()), watch(255.0 * light, times, replace(Pixel.noisy(), white=255.0))
    assert len(one) > 50
    assert other.rows.tolist() == one.rows.tolist()
