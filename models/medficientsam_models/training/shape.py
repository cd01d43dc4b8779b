"""The shape of a bundle's propagator, fitted to what it finds in annotated volumes: the last step of its training.

    volumes -> the propagator's logits, without a shape -> sides and ends that bring them closest to the truth

A propagator finds too much in some places of its prompt and too little in others, always the same ones; `sides` and `ends` say how
much. The measure is that of the training: cross-entropy and Dice, each slice of each object counting the same.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import cv2
import numpy as np
import torch
from torch import Tensor

from ..bundle.propagation import PropagationSettings, Shape
from ..errors import InvalidInputError
from ..evaluation.cases import Case
from ..pipeline import steady
from ..pipeline.engines import Propagating
from ..pipeline.frame import frame
from ..pipeline.overlap import smaller_on_top
from ..pipeline.slices import clipped

_MOST = 10.0      # SCHEMA.md's range ends there
_DIGITS = 2
_STEPS = 60       # L-BFGS takes about a dozen


@dataclass(frozen=True)
class Finds:
    """Pixels of the logits' grid inside prompts, P in all, of N slices of objects."""

    logits: Tensor   # (P,)
    sides: Tensor    # (P,) u^2 + v^2
    ends: Tensor     # (P,) t^2
    truth: Tensor    # (P,) coverage 0..1
    slices: Tensor   # (P,) number of the slice, 0..N-1

    @property
    def count(self) -> int:
        """N."""
        return int(self.slices[-1]) + 1


@dataclass(frozen=True)
class Fit:
    """What was chosen, and the mean loss over the slices with the numbers given."""

    shape: Shape
    loss_without: float
    loss: float
    slices: int


def fit(finds: Finds) -> Fit:
    """The shape of least loss, rounded to two digits."""
    theta = torch.full((2,), -3.0, dtype=torch.float64, requires_grad=True)  # both at 0.5
    optimiser = torch.optim.LBFGS([theta], max_iter=_STEPS, line_search_fn="strong_wolfe", tolerance_change=1e-7)

    def closure() -> Tensor:
        optimiser.zero_grad()
        sides, ends = _MOST * torch.sigmoid(theta)  # inside the range, whatever theta is
        value = loss(finds, sides, ends)
        value.backward()
        return value

    optimiser.step(closure)
    sides, ends = (round(float(x), _DIGITS) for x in _MOST * torch.sigmoid(theta.detach()))
    with torch.no_grad():
        zero = torch.zeros(())
        return Fit(Shape(sides, ends), loss(finds, zero, zero).item(), loss(finds, torch.tensor(sides), torch.tensor(ends)).item(),
                   finds.count)


def loss(finds: Finds, sides: Tensor, ends: Tensor) -> Tensor:
    """Cross-entropy, mean over a slice's pixels, plus one minus Dice: the mean over the slices."""
    logits = finds.logits + sides * finds.sides - ends * finds.ends
    p = logits.sigmoid()
    entropy = torch.nn.functional.binary_cross_entropy_with_logits(logits, finds.truth.to(logits.dtype), reduction="none")

    def per_slice(values: Tensor) -> Tensor:
        return torch.zeros(finds.count, dtype=logits.dtype).index_add(0, finds.slices, values.to(logits.dtype))

    pixels = per_slice(torch.ones_like(logits))
    dice = (2 * per_slice(p * finds.truth) + 1) / (per_slice(p) + per_slice(finds.truth) + 1)
    return (per_slice(entropy) / pixels + 1 - dice).mean()


def collect(engine: Propagating, settings: PropagationSettings, cases: Iterable[Case],
            progress: Callable[[str], None] = lambda _: None) -> Finds:
    """Runs the bundle over annotated volumes, without a shape; images are left out.

    Of an object only its prompt counts, and there only what no smaller object of the case covers.
    """
    parts: list[tuple[np.ndarray, ...]] = []
    volumes = 0
    for case in cases:
        if not case.is_volume:
            continue
        boxes = clipped(case.boxes, case.images.shape[:3])
        above = smaller_on_top(boxes)

        def observe(found: steady.Found, case: Case = case, above: np.ndarray = above) -> None:
            part = _part(found, case.truth[found.z], above, engine.input_size)
            if part is not None:
                parts.append(part)

        steady.volume(engine, case.images, case.boxes, replace(settings, shape=Shape(0, 0)), observe)
        volumes += 1
        progress(f"{volumes}: {case.name}, {len(parts)} slices of objects")
    if not parts:
        raise InvalidInputError(f"volumes must hold annotated objects, got {volumes} volumes without one")
    slices = np.concatenate([np.full(len(part[0]), i) for i, part in enumerate(parts)])
    return Finds(*(torch.from_numpy(np.concatenate(values)) for values in zip(*parts, strict=True)), torch.from_numpy(slices))


def _part(found: steady.Found, truth: np.ndarray, ranks: np.ndarray, size: int) -> tuple[np.ndarray, ...] | None:
    """Logits, u^2 + v^2, t^2 and truth of what counts in one slice; None if nothing does."""
    side = len(found.logits)

    def basis(shape: Shape) -> np.ndarray:
        return steady.shape_term(shape, found.box, found.z, found.seen, size, side)

    covered = np.isin(truth, np.flatnonzero(ranks > ranks[found.prompt]) + 1)
    prompt = np.zeros(truth.shape, np.float32)
    x_min, y_min, x_max, y_max = np.rint(found.box[[0, 1, 3, 4]]).astype(int)
    prompt[y_min:y_max + 1, x_min:x_max + 1] = 1
    counts = _on_grid(np.where(covered, 0, prompt), size, side) > 0.5
    if not counts.any():
        return None
    values = found.logits, basis(Shape(1, 0)), -basis(Shape(0, 1)), _on_grid(truth == found.prompt + 1, size, side)
    return tuple(array[counts] for array in values)


def _on_grid(mask: np.ndarray, size: int, side: int) -> np.ndarray:
    """A mask (H, W) of the slice as coverage (side, side) of the logits' cells."""
    height, width = frame(*mask.shape, size)
    padded = np.zeros((size, size), np.float32)
    padded[:height, :width] = cv2.resize(mask.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA)
    return cv2.resize(padded, (side, side), interpolation=cv2.INTER_AREA)
