"""A propagator moved to another encoder: what it read of the one's embeddings it reads of a linear map of the other's.

Two encoders of the family that were trained apart see much the same: of micro's embedding a matrix over small's channels explains
four fifths of the variance. So a propagator need not learn to follow objects once more, only to see them better.
"""

from collections.abc import Callable, Mapping, Sequence

import cv2
import numpy as np
import torch
from torch import Tensor

from ..errors import InvalidInputError
from .augmentation import pad
from .images import LabelledImage
from .tracks import VOLUMES, Encode

_IMAGES = 120
_RIDGE = 1e-6  # of the mean square of the channels


def linear_map(images: Sequence[LabelledImage], source: Encode, target: Encode, size: int, *, seed: int,
               report: Callable[[str], None] = print) -> Tensor:
    """The matrix (E_target, E_source) that comes closest to the target's embeddings on slices of volumes, by least squares.

    It has no constant: an embedding ends in a layer norm, so a constant is among its linear combinations.
    """
    slices = [image for image in images if image.modality in VOLUMES.modalities]
    rng = np.random.default_rng(seed)
    odds = VOLUMES.probabilities(slices)
    chosen = rng.choice(len(slices), min(_IMAGES, np.count_nonzero(odds)), replace=False, p=odds)
    squares = products = left = 0.0
    for index in chosen:
        picture = _square(slices[index].pixels, size)
        x, y = (encode(picture).reshape(-1, (size // 4) ** 2).astype(np.float64) for encode in (source, target))
        squares, products, left = squares + x @ x.T, products + y @ x.T, left + (y * y).sum()
    ridge = _RIDGE * np.trace(squares) / len(squares) * np.eye(len(squares))
    found = np.linalg.solve(squares + ridge, products.T).T
    report(f"of the other encoder's embeddings {(found * products).sum() / left:.3f} is kept (share of the squares)")
    return torch.from_numpy(found.astype(np.float32))


def adapted(state: Mapping[str, Tensor], wanted: Mapping[str, Tensor], matrix: Tensor) -> dict[str, Tensor]:
    """The weights of a propagator for embeddings that `matrix` turns into those it knows; of `wanted` what it lacks."""
    old = {key: value.float() for key, value in state.items()}
    channels = matrix.shape[0]
    new = {key: value for key, value in old.items() if key in wanted}
    new["key_proj.weight"] = torch.einsum("ocyx,ce->oeyx", old["key_proj.weight"], matrix)
    new["skip.weight"] = torch.einsum("ocyx,ce->oeyx", old["skip.weight"], matrix)
    new["look_pixel.weight"] = old["look_pixel.weight"] @ matrix
    new["look_object.weight"] = torch.einsum("lpc,ce->lpe", old["look_object.weight"].unflatten(1, (-1, channels)), matrix).flatten(1)
    return widened(new, wanted)


def widened(state: Mapping[str, Tensor], wanted: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The weights of a network for one with more channels inside, which begins as the same function: what is new is as `wanted`
    has it, and what it would feed has no effect yet."""
    new = {}
    for key, value in wanted.items():
        old = state.get(key)
        if old is None or old.shape == value.shape:
            new[key] = value if old is None else old.to(value.dtype)
            continue
        if old.ndim != value.ndim or any(o > v for o, v in zip(old.shape, value.shape, strict=True)):
            raise InvalidInputError(f"{key} must be of at most {tuple(value.shape)}, got {tuple(old.shape)}")
        grown = value.clone()
        if value.ndim > 1 and old.shape[1] < value.shape[1]:
            grown[:, old.shape[1]:] = 0
        grown[tuple(slice(side) for side in old.shape)] = old.to(value.dtype)
        new[key] = grown
    return new


def _square(pixels: np.ndarray, size: int) -> np.ndarray:
    """(H, W, C) uint8 as the encoder sees it: (3, size, size) uint8, stretched to its own range."""
    scale = size / max(pixels.shape[:2])
    height, width = (max(1, int(side * scale + 0.5)) for side in pixels.shape[:2])
    plane = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_LINEAR).reshape(height, width, -1).astype(np.float32)
    plane = ((plane - plane.min()) / max(plane.max() - plane.min(), 1e-8) * 255 + 0.5).astype(np.uint8)
    return np.stack([pad(plane[..., channel], size) for channel in (range(3) if plane.shape[2] == 3 else (0, 0, 0))])
