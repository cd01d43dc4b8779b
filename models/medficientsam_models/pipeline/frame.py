"""How an image lies in the network's square picture, and how mask logits come back from there."""

import cv2
import numpy as np


def frame(height: int, width: int, size: int) -> tuple[int, int]:
    """Height and width of the image inside the padded square: the longer side becomes `size`."""
    scale = size / max(height, width)
    return max(1, int(height * scale + 0.5)), max(1, int(width * scale + 0.5))  # a line of 1 x 2000 still has a row


def extremes(image: np.ndarray) -> tuple[int, int]:
    """Least and greatest value, all channels together."""
    return int(image.min()), int(image.max())


def to_input(image: np.ndarray, size: int, ends: tuple[int, int] | None = None, interpolation: int = cv2.INTER_LINEAR) -> np.ndarray:
    """uint8 (H, W) or (H, W, 3) -> float32 (1, 3, size, size) in [0, 1], padded with zeros to the right and below.

    The range is that of the resized image, all channels together, or from one of the `ends` to the other; a constant image becomes zeros.
    """
    height, width = frame(*image.shape[:2], size)
    resized = cv2.resize(np.ascontiguousarray(image), (width, height), interpolation=interpolation).astype(np.float32)
    low, high = (resized.min(), resized.max()) if ends is None else map(np.float32, ends)
    scaled = (resized - low) / np.clip(high - low, np.float32(1e-8), np.float32(1e18))
    padded = np.zeros((1, 3, size, size), np.float32)
    padded[0, :, :height, :width] = scaled if scaled.ndim == 2 else scaled.transpose(2, 0, 1)
    return padded


def to_image(logits: np.ndarray, height: int, width: int, size: int) -> np.ndarray:
    """Mask logits (m, m) over the padded square -> logits (H, W) of the image; both steps bilinear, thresholds come after."""
    square = cv2.resize(logits, (size, size), interpolation=cv2.INTER_LINEAR)
    inner_height, inner_width = frame(height, width, size)
    inner = np.ascontiguousarray(square[:inner_height, :inner_width])
    return cv2.resize(inner, (width, height), interpolation=cv2.INTER_LINEAR)
