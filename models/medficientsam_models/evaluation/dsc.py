"""The Sørensen-Dice coefficient, the one definition of this project's Python."""

from typing import TypeVar

import numpy as np

_Masks = TypeVar("_Masks")  # NumPy arrays or PyTorch tensors of bool


def dsc(a: _Masks, b: _Masks, axes: tuple[int, ...] | None = None) -> _Masks:
    """2 |A and B| / (|A| + |B|) over `axes` (all of them: a scalar), in [0, 1]; NaN where both masks are empty.

    See Dice (1945), https://doi.org/10.2307/1932409.
    """
    with np.errstate(invalid="ignore"):  # 0 / 0 is what NaN stands for here
        return 2 * (a & b).sum(axes) / (a.sum(axes) + b.sum(axes))


def mean_dsc(truth: np.ndarray, prediction: np.ndarray) -> float:
    """The mean over the labels of `truth`, label maps of one shape; NaN if it has none."""
    scores = [dsc(truth == label, prediction == label) for label in np.unique(truth[truth > 0])]
    return float(np.mean(scores)) if scores else float("nan")
