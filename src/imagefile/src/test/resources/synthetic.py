"""What the generators of the tests' files share: where files go, the random numbers, and what Python's readers read of each file."""
from __future__ import annotations

from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
FILES = HERE / "files"
RNG = np.random.default_rng(16)
expected: dict[str, np.ndarray] = {}


def blob(shape: tuple[int, ...], low: float, high: float) -> np.ndarray:
    """An off-centre ellipsoid on noise: no two axes or ends alike."""
    grids = np.meshgrid(*[np.linspace(-1, 1, n) for n in shape], indexing="ij")
    centre = (0.3, -0.2, 0.4)[: len(shape)]
    radius = (0.5, 0.4, 0.7)[: len(shape)]
    inside = sum(((g - c) / r) ** 2 for g, c, r in zip(grids, centre, radius)) < 1
    return np.where(inside, high, low) + RNG.normal(0, (high - low) / 50, shape)
