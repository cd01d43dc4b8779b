"""Volumes by the rules `steady`, written from models/SCHEMA.md: boxes and masks are held by what the prompt already says."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from ..bundle.propagation import Profile, PropagationSettings, Shape
from .engines import Propagating, PropagatorPrompt
from .frame import frame
from .overlap import Painter, smaller_on_top
from .slices import Slice, bounds, clipped, told

REACH = 2**0.5  # height from which on a solid is not there, so that nobody is told of it


@dataclass(frozen=True)
class Found:
    """What a propagator found of one object in one slice: logits (m, m), without the shape."""

    prompt: int
    box: np.ndarray  # (6,)
    z: int
    seen: Slice
    logits: np.ndarray


def volume(engine: Propagating, images: np.ndarray, boxes: np.ndarray, settings: PropagationSettings,
           observe: Callable[[Found], None] = lambda _: None) -> np.ndarray:
    """(D, H, W) or (D, H, W, 3) uint8 and boxes (N, 6) -> labels (D, H, W); `observe` is shown what is found on the way."""
    boxes = clipped(boxes, images.shape[:3])
    prompts = Prompts(boxes, smaller_on_top(boxes))
    painter = Painter(images.shape[:3], prompts.ranks)
    up, down = zip(*(ways(i, box, settings) for i, box in enumerate(boxes)), strict=True)
    for direction, zs in ((up, range(len(images))), (down, reversed(range(len(images))))):
        for z in zs:
            here = [way for way in direction if z in way.slices]
            if here:
                seen = Slice(engine, images[z])
                for way in here:
                    painter.paint(z, way.step(engine, seen, z, prompts, observe), way.prompt)
    return painter.labels


@dataclass(frozen=True)
class Prompts:
    """What the case asks for: boxes (N, 6) inside the volume, and their ranks (N,)."""

    boxes: np.ndarray
    ranks: np.ndarray

    def others(self, i: int, z: int) -> np.ndarray:
        """The indices of those that a propagator is told of beside prompt i in slice z."""
        near = np.array([height(box, z) for box in self.boxes]) < REACH
        near[i] = False
        return np.flatnonzero(near)


@dataclass
class Way:
    """An object followed in one direction, slice by slice."""

    prompt: int
    box: np.ndarray  # (6,)
    slices: range
    settings: PropagationSettings
    _mask: np.ndarray | None = None  # believed of the slice before
    _z: int = 0                      # that slice
    _told: tuple[np.ndarray, np.ndarray] | None = field(default=None, repr=False)  # its logits; prototypes of the first slice

    def step(self, engine: Propagating, seen: Slice, z: int, prompts: Prompts, observe: Callable[[Found], None]) -> np.ndarray:
        """The mask (H, W) that is believed of the object in slice z, the next one of the way."""
        expected = told(self._expected(z), seen.height, seen.width)
        if engine.propagates:
            logits, prototypes = engine.propagate(seen.embedding, self._prompt(expected, seen, z, prompts))
            self._told = logits, self._told[1] if self._told else prototypes
            observe(Found(self.prompt, self.box, z, seen, logits))
            logits = logits + shape_term(self.settings.shape, self.box, z, seen, engine.input_size, len(logits))
        else:
            logits = engine.decode(seen.embedding, expected[None])[0]
        self._mask, self._z = _inside(seen.mask(logits), self.box), z
        return self._mask

    def _expected(self, z: int) -> np.ndarray:
        """The box (4,) of slice z in pixels, inside the prompt."""
        x_min, y_min, _, x_max, y_max, _ = self.box
        share = profile(self.settings.profile, height(self.box, z))
        rectangle = scaled(np.array([x_min - 0.5, y_min - 0.5, x_max + 0.5, y_max + 0.5]), share)
        if self._mask is not None and self._mask.any():
            found = bounds(self._mask) + np.array([-0.5, -0.5, 0.5, 0.5])
            ratio = share / profile(self.settings.profile, height(self.box, self._z))
            rectangle = self.settings.trust * scaled(found, ratio) + (1 - self.settings.trust) * rectangle
        return np.concatenate([np.maximum(rectangle[:2], [x_min, y_min]), np.minimum(rectangle[2:], [x_max, y_max])])

    def _prompt(self, expected: np.ndarray, seen: Slice, z: int, prompts: Prompts) -> PropagatorPrompt:
        others = prompts.others(self.prompt, z)
        on_top = prompts.ranks[others] > prompts.ranks[self.prompt]
        flat = told(prompts.boxes[:, [0, 1, 3, 4]], seen.height, seen.width)
        return PropagatorPrompt(
            box=expected,
            prompt_box=flat[self.prompt],
            height=height(self.box, z),
            other_boxes=flat[others],
            other_heights=np.array([height(prompts.boxes[other], z) for other in others], np.float32),
            other_ranks=np.where(on_top, 1, -1).astype(np.float32),
            before=self._told,
        )


def ways(i: int, box: np.ndarray, settings: PropagationSettings) -> tuple[Way, Way]:
    """Up and down. Both begin at the middle slice; of two middle slices the way up begins at the upper one."""
    first, last = int(box[2]), int(box[5])
    lower, upper = (first + last) // 2, (first + last + 1) // 2
    return Way(i, box, range(upper, last + 1), settings), Way(i, box, range(first, lower + 1), settings)


def height(box: np.ndarray, z: int) -> float:
    """Where slice z lies in a box (6,): 0 in the middle, 1 half a slice beyond either end, more further out."""
    return abs(z - (box[2] + box[5]) / 2) / ((box[5] - box[2]) / 2 + 0.5)


def profile(numbers: Profile, t: float) -> float:
    """The expected side at height t, as a share of the prompt's."""
    return max(numbers.smallest, numbers.height * max(0.0, 1 - t * t) ** numbers.exponent)


def scaled(rectangle: np.ndarray, factor: float) -> np.ndarray:
    """(4,) about its centre."""
    centre = (rectangle[:2] + rectangle[2:]) / 2
    half = (rectangle[2:] - rectangle[:2]) / 2 * factor
    return np.concatenate([centre - half, centre + half])


def shape_term(shape: Shape, box: np.ndarray, z: int, seen: Slice, input_size: int, side: int) -> np.ndarray:
    """What is added to logits (side, side), float32."""
    inner_height, inner_width = frame(seen.height, seen.width, input_size)
    cells = (np.arange(side) + 0.5) * input_size / side  # centres, pixels of the network's picture

    def squared(length: int, inner: int, low: float, high: float) -> np.ndarray:
        away = (cells * length / inner - 0.5 - (low + high) / 2) / ((high - low) / 2 + 0.5)
        return np.minimum(away**2, 1)

    u2 = squared(seen.width, inner_width, box[0], box[3])
    v2 = squared(seen.height, inner_height, box[1], box[4])
    return (shape.sides * (u2[None, :] + v2[:, None]) - shape.ends * height(box, z) ** 2).astype(np.float32)


def _inside(mask: np.ndarray, box: np.ndarray) -> np.ndarray:
    x_min, y_min, x_max, y_max = np.rint(box[[0, 1, 3, 4]]).astype(int)
    kept = np.zeros_like(mask)
    kept[y_min:y_max + 1, x_min:x_max + 1] = mask[y_min:y_max + 1, x_min:x_max + 1]
    return kept
