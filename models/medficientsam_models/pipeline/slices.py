"""One slice: encoded once, any number of boxes decoded on it."""

import cv2
import numpy as np

from .engines import Engine
from .frame import to_image, to_input

_BOXES_AT_ONCE = 4


class Slice:
    """An image (H, W) or (H, W, 3), or a slice of a volume, as an engine sees it."""

    def __init__(self, engine: Engine, image: np.ndarray, extremes: tuple[int, int] | None = None,
                 interpolation: int = cv2.INTER_LINEAR):
        """`extremes` are the values that become 0 and 1, if not those of the image itself."""
        self._engine = engine
        self.height, self.width = image.shape[:2]
        self.embedding = engine.encode(to_input(image, engine.input_size, extremes, interpolation))

    def masks(self, boxes: np.ndarray) -> list[np.ndarray]:
        """Boxes (N, 4) in pixels -> N masks (H, W) bool."""
        return self.decoded(told(boxes, self.height, self.width))

    def decoded(self, prompts: np.ndarray) -> list[np.ndarray]:
        """Boxes float32 (N, 4) as the network takes them -> N masks (H, W) bool."""
        return [self.mask(logits)
                for start in range(0, len(prompts), _BOXES_AT_ONCE)
                for logits in self._engine.decode(self.embedding, prompts[start:start + _BOXES_AT_ONCE])]

    def mask(self, logits: np.ndarray) -> np.ndarray:
        """Logits (m, m) over the padded square -> mask (H, W) bool."""
        return to_image(logits, self.height, self.width, self._engine.input_size) > 0


def told(boxes: np.ndarray, height: int, width: int) -> np.ndarray:
    """Boxes (..., 4) in pixels as the network is told them: float32, divided by the longer side."""
    return np.asarray(boxes).astype(np.float32) / np.float32(max(height, width))


def clipped(boxes: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Boxes (N, 4) inside (H, W), or (N, 6) inside (D, H, W), as float64."""
    highest = np.array(shape[::-1]) - 1  # x, y[, z]
    return np.clip(boxes, 0, np.tile(highest, 2)).astype(np.float64)


def bounds(mask: np.ndarray) -> np.ndarray:
    """First and last column and row of a mask that is not empty: (4,) x_min, y_min, x_max, y_max."""
    columns, rows = np.flatnonzero(mask.any(0)), np.flatnonzero(mask.any(1))
    return np.array([columns[0], rows[0], columns[-1], rows[-1]], np.float64)
