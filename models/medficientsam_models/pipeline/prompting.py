"""How the published programs tell the network a box, and which box follows from a mask: as the decoder takes them, over the longer side."""

from typing import Protocol

import cv2
import numpy as np

from .frame import frame
from .slices import bounds, told


class Prompting(Protocol):
    """One program's way."""

    def prompts(self, boxes: np.ndarray, height: int, width: int, size: int) -> np.ndarray:
        """Boxes (N, 4) in pixels of an image -> float32 (N, 4); `size` is the network's."""

    def following(self, mask: np.ndarray, label: int, size: int) -> np.ndarray | None:
        """A mask (H, W) of the object of that label -> box (4,) for the next slice; None where nothing is left of it."""


class Exact:
    """Boxes as they are, the mask's own bounds: MedficientSAM."""

    def prompts(self, boxes: np.ndarray, height: int, width: int, size: int) -> np.ndarray:
        return told(boxes, height, width)

    def following(self, mask: np.ndarray, label: int, size: int) -> np.ndarray | None:
        return told(bounds(mask), *mask.shape) if mask.any() else None


class WholePixels:
    """Boxes cut to whole pixels of the network's picture, of which they name the centres: LiteMedSAM.

    The next box is taken in that picture and grown there, from the mask drawn with its label as grey value and averaged down: a
    thin part of a low label rounds away where that of a high label stays.
    """

    GROWN = 3  # pixels of the network's picture

    def prompts(self, boxes: np.ndarray, height: int, width: int, size: int) -> np.ndarray:
        return self._centres((np.asarray(boxes, np.float64) * (size / max(height, width))).astype(int), size)

    def following(self, mask: np.ndarray, label: int, size: int) -> np.ndarray | None:
        height, width = frame(*mask.shape, size)
        drawn = mask.astype(np.uint8) * np.uint8(min(label, 255))
        small = cv2.resize(drawn, (width, height), interpolation=cv2.INTER_AREA)
        if not small.any():
            return None
        x0, y0, x1, y1 = bounds(small > 0).astype(int)
        # The program lets a box end at `size`, one beyond the last pixel.
        return self._centres(np.array([max(0, x0 - self.GROWN), max(0, y0 - self.GROWN),
                                       min(size, x1 + self.GROWN), min(size, y1 + self.GROWN)]), size)

    @staticmethod
    def _centres(pixels: np.ndarray, size: int) -> np.ndarray:
        return (pixels.astype(np.float32) + np.float32(0.5)) / np.float32(size)
