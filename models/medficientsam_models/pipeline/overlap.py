"""Which label a pixel gets where masks overlap."""

from types import EllipsisType

import numpy as np


def later_on_top(boxes: np.ndarray) -> np.ndarray:
    """Ranks (N,) from 1 of boxes (N, 4) or (N, 6): the published programs let later boxes overwrite earlier ones."""
    return np.arange(1, len(boxes) + 1)


def smaller_on_top(boxes: np.ndarray) -> np.ndarray:
    """Ranks (N,) from 1: the smaller the box the higher, of two equally large ones the later."""
    axes = boxes.shape[1] // 2
    sizes = np.prod(boxes[:, axes:] - boxes[:, :axes] + 1, axis=1)
    ranks = np.empty(len(boxes), int)
    ranks[np.lexsort((np.arange(len(boxes)), -sizes))] = np.arange(1, len(boxes) + 1)
    return ranks


class Painter:
    """A label map of `shape` that masks are painted into in any order."""

    def __init__(self, shape: tuple[int, ...], ranks: np.ndarray):
        self.labels = np.zeros(shape, np.uint16)
        self._ranks = np.concatenate([[0], ranks])  # by label

    def paint(self, z: int | EllipsisType, mask: np.ndarray, i: int) -> None:
        """The mask (H, W) of box i, in slice z or, of an image, in all of it."""
        here = self.labels[z]
        here[mask & (self._ranks[here] < self._ranks[i + 1])] = i + 1
