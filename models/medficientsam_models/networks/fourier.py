"""SAM's positional encoding by random Fourier features."""

import math

import torch
from torch import Tensor


def fourier_features(points: Tensor, gaussian: Tensor) -> Tensor:
    """Encodes points (..., 2) as x, y in [0, 1] with the fixed matrix (2, F) as (..., 2F): sines, then cosines."""
    angles = 2 * math.pi * ((2 * points - 1) @ gaussian)
    return torch.cat([angles.sin(), angles.cos()], dim=-1)


def pixel_centres(size: int, like: Tensor) -> Tensor:
    """Centres of `size` pixels along one axis, as fractions of the axis: (size,)."""
    return (torch.arange(size, dtype=like.dtype, device=like.device) + 0.5) / size


def pixel_grid(size: int, like: Tensor) -> Tensor:
    """The x, y of all pixel centres of a square image, row-major: (size * size, 2)."""
    centres = pixel_centres(size, like)
    y, x = torch.meshgrid(centres, centres, indexing="ij")
    return torch.stack([x, y], dim=-1).reshape(-1, 2)
