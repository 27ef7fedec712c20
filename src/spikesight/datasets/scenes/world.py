"""A world of bodies before a camera: what it looks like at any time, and what is true of each pixel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from spikesight.base.errors import InputError
from spikesight.base.randomness import generator
from spikesight.base.spread import spread
from spikesight.datasets.scenes.camera import Camera
from spikesight.datasets.scenes.labels import Label
from spikesight.datasets.scenes.path import STILL, Beside, Path, Steady
from spikesight.datasets.scenes.pose import Pose, Vector
from spikesight.datasets.scenes.solids import Room, Solid
from spikesight.datasets.scenes.textures import Texture

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Part:
    """A body of a thing: `place` in the thing's axes."""

    solid: Solid
    texture: Texture
    place: Steady = STILL


@dataclass(frozen=True)
class Thing:
    """What moves as one along a path, and is called one name."""

    parts: tuple[Part, ...]
    label: Label = Label.OBJECT
    path: Path = STILL


@dataclass(frozen=True)
class Light:
    """Surfaces have `ambient` + `diffuse` * max(0, cosine to the light) of their brightness; it shines along `shines`.

    With `diffuse` 0 a place on a body is equally bright however it turns.
    """

    shines: Vector = (0.4, 0.8, 0.5)
    ambient: float = 0.6
    diffuse: float = 0.4
    sky: float = 0.85


class Seen(NamedTuple):
    """What each pixel sees: `depth` (H, W) in metres along the optical axis, inf for the sky, and `surface` (H, W)."""

    depth: Array
    surface: NDArray[np.int64]


@dataclass(frozen=True)
class Scene:
    """Things before a camera that moves along `path`, from 0 to `seconds`; `seed` draws their noise.

    Times are microseconds, as those of events. The same scene gives the same bits, on any number of cores.
    Errors: InputError where nothing is to be seen, or it takes no time.
    """

    things: tuple[Thing, ...]
    camera: Camera
    path: Path = STILL
    seconds: float = 1.0
    light: Light = field(default_factory=Light)
    seed: int = 0

    def __post_init__(self) -> None:
        if not any(thing.parts for thing in self.things) or not 0.0 < self.seconds < np.inf:
            raise InputError(f"a scene has things and takes time, got {len(self.things)} for {self.seconds} s")

    @property
    def last(self) -> int:
        """The last microsecond."""
        return round(self.seconds * 1e6)

    def right(self, baseline: float) -> Scene:
        """Return the same world before a second camera, `baseline` metres to the right of the first.

        Errors: InputError where it is not to the right.
        """
        check_baseline(baseline)
        return replace(self, path=Beside(self.path, (baseline, 0.0, 0.0)))

    def sees(self, t: float) -> Seen:
        """Return what the middle of each pixel sees at `t` microseconds."""
        return self._cast(self._before(t))

    def frame(self, t: float) -> Array:
        """Return the picture (H, W) at `t` microseconds, intensities from 0 to 1."""
        return self.look(t)[1]

    def look(self, t: float) -> tuple[Seen, Array]:
        """Return what each pixel sees at `t` microseconds, and the picture (H, W)."""
        bodies = self._before(t)
        seen = self._cast(bodies)
        return seen, self._draw(bodies, seen)

    def frames(self, times: Iterable[float]) -> Iterator[Array]:
        """Draw pictures (H, W) at times in microseconds, one after the other."""
        return (self.frame(t) for t in times)

    def pose(self, t: float) -> Pose:
        """Return the pose of the camera in the world at `t` microseconds."""
        return self.path.at(t * 1e-6)

    def parts(self, t: float) -> Pose:
        """Return poses in the world of all parts at `t` microseconds: rotations (P, 3, 3), positions (P, 3)."""
        now = [p if still else thing.path.at(t * 1e-6).of(p) for p, thing, still in self._placed]
        return Pose(np.stack([pose.rotation for pose in now]), np.stack([pose.position for pose in now]))

    @cached_property
    def labels(self) -> NDArray[np.uint8]:
        """Labels by number of part, (P + 1,); the last is the sky's."""
        return np.array([thing.label for _, thing, _ in self._placed] + [Label.BACKGROUND], np.uint8)

    @cached_property
    def instances(self) -> NDArray[np.uint16]:
        """Numbers of things from 1 up by number of part, (P + 1,); the last is the sky's, 0."""
        return np.array([1 + k for k, thing in enumerate(self.things) for _ in thing.parts] + [0], np.uint16)

    @cached_property
    def _placed(self) -> list[tuple[Pose, Thing, bool]]:
        """Of each part, its pose in the world where that never changes, else in its thing."""
        placed = []
        for thing in self.things:
            still = isinstance(thing.path, Steady) and thing.path.still
            for part in thing.parts:
                pose = part.place.at(0.0)
                placed.append((thing.path.at(0.0).of(pose) if still else pose, thing, still))
        return placed

    @cached_property
    def _fixed(self) -> tuple[NDArray[np.int64], Array, Array, Array]:
        """Of all parts: kinds (P,), extents (P, 3), those within which they are seen (P, 3), textures (P, 14)."""
        every = [part for thing in self.things for part in thing.parts]
        offsets = [generator(self.seed, "place of a texture", k).uniform(0.0, 100.0, 3) for k in range(len(every))]
        textures = [
            (r.dark, r.bright, r.checks, *(1.0 / p for p in r.period), *r.share, r.rough, 1.0 / r.size, *offset)
            for r, offset in zip((part.texture.row for part in every), offsets, strict=True)
        ]
        solids = [part.solid for part in every]
        kinds = np.array([solid.kind for solid in solids], np.int64)
        extents = np.array([solid.extent for solid in solids])
        seen = np.where(kinds[:, None] == Room.kind, np.inf, extents)  # who is inside sees it everywhere
        return kinds, extents, seen, np.array(textures)

    @cached_property
    def _waves(self) -> tuple[Array, Array, Array]:
        from spikesight.datasets.scenes.shading import waves

        return waves(self.seed)

    def _before(self, t: float) -> _Bodies:
        camera, (rotation, position) = self.pose(t), self.parts(t)
        toward = rotation.transpose(0, 2, 1)
        origin = np.einsum("kij,kj->ki", toward, camera.position - position)
        own = camera.inverse()
        inner = Pose(own.rotation @ rotation, own.points(position))
        shines = np.array(self.light.shines)
        light = -(toward @ (shines / np.linalg.norm(shines)))
        return _Bodies(toward @ camera.rotation, origin, light, _windows(self.camera, inner, self._fixed[2]))

    def _cast(self, bodies: _Bodies) -> Seen:
        from spikesight.datasets.scenes.casting import cast

        (kinds, extents, *_), camera = self._fixed, self.camera
        seen = Seen(np.empty(camera.shape), np.empty(camera.shape, np.int64))
        lens = (camera.focal, *camera.middle)

        def rows(first: int, last: int) -> None:
            cast(first, last, kinds, extents, bodies.toward, bodies.origin, bodies.window, *lens, *seen)

        spread(rows, camera.height)
        return seen

    def _draw(self, bodies: _Bodies, seen: Seen) -> Array:
        from spikesight.datasets.scenes.drawing import draw, smooth

        (kinds, extents, _, textures), light, camera = self._fixed, self.light, self.camera
        picture = np.empty(camera.shape)
        shade = (light.sky, light.ambient, light.diffuse, camera.focal, *camera.middle)
        world = (kinds, extents, bodies.toward, bodies.origin, bodies.light, textures, *self._waves)

        def rows(first: int, last: int) -> None:
            draw(first, last, *world, *shade, seen.surface, picture)
            smooth(first, last, *world, *shade, seen.surface, picture)

        spread(rows, camera.height)
        return picture


def check_baseline(baseline: float) -> None:
    """Refuse a second camera that is not to the right.   Errors: InputError."""
    if not 0.0 < baseline < np.inf:
        raise InputError(f"the second of two cameras is some metres to the right of the first, got {baseline}")


class _Bodies(NamedTuple):
    """Parts as the camera meets them: its axes in theirs, itself in theirs, the light in theirs, where seen."""

    toward: Array
    origin: Array
    light: Array
    window: NDArray[np.int64]


_CORNERS = np.array([[x, y, z] for x in (-1.0, 1.0) for y in (-1.0, 1.0) for z in (-1.0, 1.0)])
_EDGES = np.array([(a, b) for a in range(8) for b in range(a) if np.abs(_CORNERS[a] - _CORNERS[b]).sum() == 2.0])


def _windows(camera: Camera, pose: Pose, extent: Array) -> NDArray[np.int64]:
    """Return first and last + 1 column and row (P, 4) that see boxes of half sizes `extent` (P, 3), or more.

    `pose` is theirs in the camera's axes. A box that comes up to the camera is cut where things begin to be seen.
    """
    window = np.tile([0, camera.width, 0, camera.height], (len(extent), 1))
    bounded = np.isfinite(extent).all(axis=1)
    corners = (_CORNERS * extent[bounded, None]) @ pose.rotation[bounded].transpose(0, 2, 1)
    corners += pose.position[bounded, None]
    ends = corners[:, _EDGES]  # (boxes, edges, 2, 3)
    deep = ends[..., 2] - 1e-3
    cut = np.clip(deep[..., 0] / np.where(deep[..., 0] == deep[..., 1], 1.0, deep[..., 0] - deep[..., 1]), 0.0, 1.0)
    crossing = ends[:, :, 0] + cut[..., None] * (ends[:, :, 1] - ends[:, :, 0])
    crossing = np.where((deep[..., 0] * deep[..., 1] < 0.0)[..., None], crossing, np.nan)
    every = np.concatenate([np.where(corners[..., 2:] >= 1e-3, corners, np.nan), crossing], axis=1)
    unseen = np.isnan(every[..., 0]).all(axis=1)
    every[unseen] = (0.0, 0.0, 1.0)
    places = camera.focal * every[..., :2] / np.maximum(every[..., 2:], 1e-3) + np.array(camera.middle)
    size = np.array([camera.width, camera.height])
    low = np.clip(np.floor(np.nanmin(places, axis=1)), 0, size)
    high = np.where(unseen[:, None], 0, np.clip(np.ceil(np.nanmax(places, axis=1)) + 1, 0, size))
    window[bounded] = np.stack([low, high], axis=2).reshape(-1, 4)
    return window
