"""Whole volumes, or single images that become some, varied on a device as the stack of slices that a network is shown.

    Stack (D, H, W) -> Shown: slices (D', S, S) scaled to 0..1 each, label maps on the same grid

All slices of a stack are turned, cut, bent and recoloured alike, but for small steps from one to the next. Labels follow by the nearest
pixel. Without variation a slice lies in its square as the pipeline lays it there.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from ..errors import InvalidInputError
from ..evaluation.cases import grey_volume

_SLICED_ANEW = 0.2       # share of the volumes thick enough that are sliced along another axis
_THICK = 20              # slices from which on that is done
_SHORTEST = 5            # slices that a thinned stack keeps at least
_ALONE_DEPTHS = (7, 15)  # slices made of a single image
_SMALLEST = 4            # pixels of the shorter side of the shown picture


@dataclass(frozen=True)
class Stack:
    """A volume with its label map 0..K, or an image of depth 1, whose objects it shows in the middle of a solid."""

    name: str
    group: str           # of its modality and source
    pixels: Tensor       # (D, H, W) uint8
    labels: Tensor       # (D, H, W) uint8

    def to(self, device: torch.device) -> "Stack":
        return Stack(self.name, self.group, self.pixels.to(device), self.labels.to(device))


@dataclass(frozen=True)
class Shown:
    """What the network is shown of a stack, and what is there."""

    slices: Tensor       # (D, S, S) float32 in 0..1, 0 beyond the picture
    labels: Tensor       # (D, S, S) uint8
    pixel: tuple[float, float]  # width and height of the stack's own pixels, in pixels of the square


def read_stacks(folder: Path, group: Callable[[Path], str], *, threads: int = 8) -> list[Stack]:
    """All of `<modality>/<name>.npz` (imgs, gts) in the order of their paths."""
    paths = sorted(folder.glob("*/*.npz"))
    if not paths:
        raise InvalidInputError("volumes must be a folder with <modality>/<name>.npz, got none")

    def read(path: Path) -> Stack:
        pixels, labels = grey_volume(path)
        if labels.size and not 0 <= labels.min() <= labels.max() <= 255:
            raise InvalidInputError(f"{path.stem}: gts must be labels of at most 255, got {labels.min()} to {labels.max()}")
        return Stack(path.stem, group(path), torch.from_numpy(pixels.astype(np.uint8)), torch.from_numpy(labels.astype(np.uint8)))

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(read, paths))


def as_it_is(stack: Stack, size: int) -> Shown:
    """The pipeline's own slices."""
    depth, height, width = stack.pixels.shape
    scale = size / max(height, width)
    inner = max(1, int(height * scale + 0.5)), max(1, int(width * scale + 0.5))
    still = np.tile(np.eye(2, 3), (depth, 1, 1))
    pixels, labels = _warped(stack.pixels, stack.labels, np.arange(depth), still, inner, size, None, "zeros")
    return Shown(_scaled(pixels, inner), labels, (inner[1] / width, inner[0] / height))


def varied(stack: Stack, size: int, longest: int, rng: np.random.Generator) -> Shown:
    """Another view of it, of `longest` slices at most."""
    pixels, labels = stack.pixels, stack.labels
    alone = len(pixels) == 1
    anew = len(pixels) >= _THICK and rng.random() < _SLICED_ANEW
    if anew:
        axis = int(rng.integers(1, 3))
        pixels, labels = pixels.transpose(0, axis), labels.transpose(0, axis)
    if rng.random() < 0.5:
        pixels, labels = pixels.transpose(1, 2), labels.transpose(1, 2)
    depth, height, width = pixels.shape
    chosen = np.zeros(int(rng.integers(*_ALONE_DEPTHS)), int) if alone else _thinned(depth, longest, rng)
    # Slices are often further apart than pixels: a side that counts them is too short.
    aspect = (height / width) ** (rng.uniform(0.2, 0.7) if anew else 1.0) * np.exp(rng.normal(0, 0.1))
    long = size if rng.random() < 0.7 else int(size * rng.uniform(0.7, 1))
    inner = (long, int(long / aspect)) if aspect > 1 else (int(long * aspect), long)
    inner = max(_SMALLEST, inner[0]), max(_SMALLEST, inner[1])
    zoom = np.exp(rng.normal(0, 0.15)) if rng.random() < 0.6 else 1.0
    centre = np.zeros(2)
    if alone or rng.random() < 0.35:  # closer to what is annotated
        centre, zoom = _closer(labels, rng)
    matrices = _steps(len(chosen), alone, rng) if alone or rng.random() < 0.4 else np.tile(np.eye(2, 3), (len(chosen), 1, 1))
    turn = rng.normal(0, 0.15) if rng.random() < 0.5 else 0.0
    flip = rng.choice([-1.0, 1.0], 2)
    turned = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) * flip / zoom
    for matrix in matrices:
        matrix[:, :2] = turned @ matrix[:, :2]
        matrix[:, 2] = turned @ matrix[:, 2] + centre
    bend = rng.normal(0, rng.uniform(0, 0.04), (2, 5, 5)) if rng.random() < 0.4 else None
    shown, classes = _warped(pixels, labels, chosen, matrices, inner, size, bend, "reflection" if alone else "zeros")
    shown = _recoloured(shown, inner, rng)
    return Shown(_scaled(shown, inner), classes, (inner[1] / width * zoom, inner[0] / height * zoom))


def _thinned(depth: int, longest: int, rng: np.random.Generator) -> np.ndarray:
    """Every k-th slice: as many as are allowed at most, at times fewer."""
    least = max(1, int(np.ceil(depth / longest)))
    most = max(least, min(2 * least + 1, depth // _SHORTEST))
    step = int(rng.integers(least, most + 1)) if rng.random() < 0.4 else least
    return np.arange(int(rng.integers(0, step)), depth, step)[:longest]


def _closer(labels: Tensor, rng: np.random.Generator) -> tuple[np.ndarray, float]:
    """Centre (x, y) in -1..1 and zoom of a cut that holds all that is annotated."""
    columns, rows = labels.amax((0, 1)), labels.amax((0, 2))
    ends = [line.nonzero().flatten().cpu().numpy() for line in (columns, rows)]
    if not all(len(end) for end in ends):
        return np.zeros(2), 1.0
    low = np.array([end[0] / len(line) for end, line in zip(ends, (columns, rows), strict=True)]) * 2 - 1
    high = np.array([(end[-1] + 1) / len(line) for end, line in zip(ends, (columns, rows), strict=True)]) * 2 - 1
    widest = max((high - low).max(), 0.05)
    zoom = max(1.0, min(2 / (widest * rng.uniform(1.2, 2.2)), 4.0))
    slack = np.maximum(0, 1 / zoom - (high - low) / 2)
    return (low + high) / 2 + rng.uniform(-1, 1, 2) * slack * 0.7, zoom


def _steps(depth: int, solid: bool, rng: np.random.Generator) -> np.ndarray:
    """How every slice is moved against the first, (D, 2, 3); of a `solid` they shrink from the middle to the ends as well."""
    width = 0.02 if solid else 0.006
    walk = np.cumsum(rng.normal(0, width, (depth, 2)), axis=0)
    walk -= walk[depth // 2]
    turn = np.cumsum(rng.normal(0, 0.05 if solid else 0.01, depth))
    turn -= turn[depth // 2]
    size = np.exp(np.cumsum(rng.normal(0, 0.03 if solid else 0.005, (depth, 2)), axis=0))
    size /= size[depth // 2]
    if solid:
        height = (np.arange(depth) - (depth - 1) / 2) / (depth / 2)
        size *= ((1 - height**2) ** rng.uniform(0.1, 0.9))[:, None]
    cos, sin = np.cos(turn), np.sin(turn)
    turned = np.stack([np.stack([cos, -sin], -1), np.stack([sin, cos], -1)], -2) / size[:, None, :]
    return np.concatenate([turned, walk[:, :, None]], axis=2)


def _warped(pixels: Tensor, labels: Tensor, chosen: np.ndarray, matrices: np.ndarray, inner: tuple[int, int], size: int,
            bend: np.ndarray | None, beyond: str) -> tuple[Tensor, Tensor]:
    """Slices (D, S, S) float32 0..255 and labels (D, S, S): what lies at a place of the picture, -1..1, is taken from matrix (2, 3)
    times that place of the source."""
    device = pixels.device
    index = torch.from_numpy(chosen).to(device)
    height, width = inner
    y = (torch.arange(size, device=device) + 0.5) / height * 2 - 1
    x = (torch.arange(size, device=device) + 0.5) / width * 2 - 1
    grid = torch.stack(torch.broadcast_tensors(x[None, :], y[:, None]), dim=-1)                        # (S, S, 2)
    if bend is not None:
        offsets = F.interpolate(torch.from_numpy(bend).float().to(device)[None], (size, size), mode="bicubic", align_corners=True)
        grid = grid + offsets[0].permute(1, 2, 0)
    matrix = torch.from_numpy(matrices).float().to(device)
    places = torch.einsum("yxc,dkc->dyxk", grid, matrix[:, :, :2]) + matrix[:, None, None, :, 2]
    picture = ((y <= 1)[:, None] & (x <= 1)[None, :]).float()
    source = pixels.index_select(0, index)[:, None].float()
    edge = "border" if beyond == "zeros" and bend is None and _still(matrices) else beyond
    shown = F.grid_sample(source, places, mode="bilinear", padding_mode=edge, align_corners=False)[:, 0]
    classes = labels.index_select(0, index)[:, None].float()
    classes = F.grid_sample(classes, places, mode="nearest", padding_mode="zeros", align_corners=False)[:, 0]
    return shown * picture, (classes * picture).to(torch.uint8)


def _still(matrices: np.ndarray) -> bool:
    return bool((matrices == np.eye(2, 3)).all())


def _recoloured(x: Tensor, inner: tuple[int, int], rng: np.random.Generator) -> Tensor:
    """Another contrast and noise, in 0..255 still; what lies beyond the picture is taken care of afterwards."""
    device = x.device
    x = x / 255
    if rng.random() < 0.04:
        x = 1 - x
    if rng.random() < 0.6:
        low, high = rng.uniform(-0.05, 0.15), rng.uniform(0.8, 1.05)
        x = ((x - low) / (high - low)).clamp(0, 1) ** np.exp(rng.normal(0, 0.25))
    if rng.random() < 0.2:
        coarse = torch.from_numpy(rng.normal(0, 0.25, (1, 1, 3, 3))).float().to(device)
        x = x * F.interpolate(coarse, x.shape[-2:], mode="bicubic", align_corners=True)[0].exp()
    if rng.random() < 0.2:
        factor = rng.uniform(0.35, 0.8)
        small = F.interpolate(x[:, None], scale_factor=factor, mode="bilinear", antialias=True)
        x = F.interpolate(small, x.shape[-2:], mode="bilinear")[:, 0]
    if rng.random() < 0.35:
        x = x + torch.randn(x.shape, device=device) * rng.uniform(0.01, 0.08)
    return x * 255


def _scaled(x: Tensor, inner: tuple[int, int]) -> Tensor:
    """Every slice to its own range, as the pipeline does; 0 beyond the picture."""
    height, width = inner
    inside = x[:, :height, :width]
    low, high = inside.amin((1, 2), keepdim=True), inside.amax((1, 2), keepdim=True)
    out = torch.zeros_like(x)
    out[:, :height, :width] = (inside - low) / (high - low).clamp(min=1e-8)
    return out
