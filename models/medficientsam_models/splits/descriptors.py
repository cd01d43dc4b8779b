"""A picture as vectors that can be compared by the thousand: area means of itself, its windows and its orientations."""

from collections.abc import Iterable, Iterator

import cv2
import numpy as np

from .pictures import resized

GRID = 16                                  # area means per side of a descriptor
WINDOW_SIDES = (1.0, 0.8, 0.64, 0.51, 0.41)  # of a picture's shorter side
_STEP = 1 / 8                              # of a window's side, from one window to the next
_NOISE = 1.0                               # grey levels of 255 below which nothing is to be seen
_FINE = 3.0                                # standard deviation, in pixels, of what counts as background


def _blur(width: float) -> np.ndarray:
    """A Gaussian blur of GRID values, reflected at the ends, as a matrix."""
    return cv2.GaussianBlur(np.eye(GRID, dtype=np.float32), (1, 0), sigmaX=width, sigmaY=width,
                            borderType=cv2.BORDER_REFLECT)


_BLUR, _WIDE_BLUR = _blur(_FINE), _blur(2 * _FINE)


def orientations(grey: np.ndarray) -> Iterator[np.ndarray]:
    """The eight ways to lay a picture: quarter turns, then those of its mirror image."""
    for picture in (grey, grey[:, ::-1]):
        for turns in range(4):
            yield np.ascontiguousarray(np.rot90(picture, turns))


def detail(grey: np.ndarray) -> np.ndarray:
    """What differs from the surroundings, evened out: outlines that all pictures of a kind share must not outweigh the rest."""
    fine = grey - cv2.GaussianBlur(grey, (0, 0), _FINE, borderType=cv2.BORDER_REFLECT)
    spread = np.sqrt(cv2.GaussianBlur(fine * fine, (0, 0), 2 * _FINE, borderType=cv2.BORDER_REFLECT))
    return fine / (spread + _NOISE)


def vectors(pictures: Iterable[np.ndarray]) -> np.ndarray:
    """(n, GRID * GRID) float32, each of length one; zeros of a flat picture."""
    means = np.stack([resized(picture, GRID, GRID) for picture in pictures])                        # (n, GRID, GRID)
    fine = means - _BLUR @ means @ _BLUR.T
    flat = (fine / (np.sqrt(_WIDE_BLUR @ (fine * fine) @ _WIDE_BLUR.T) + _NOISE)).reshape(len(means), -1)
    flat -= flat.mean(1, keepdims=True)
    length = np.linalg.norm(flat, axis=1, keepdims=True)
    return np.where(length > 1e-3, flat / np.maximum(length, 1e-3), 0).astype(np.float32)


def centre(grey: np.ndarray) -> np.ndarray:
    """The largest square in the middle."""
    height, width = grey.shape
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return grey[top:top + side, left:left + side]


def windows(grey: np.ndarray) -> Iterator[np.ndarray]:
    """Squares of several sizes all over a picture, so that each square of these sizes nearly lies on one."""
    height, width = grey.shape
    for share in WINDOW_SIDES:
        side = max(GRID, round(share * min(height, width)))
        if side > min(height, width):
            continue
        for top in _places(height - side, side):
            for left in _places(width - side, side):
                yield grey[top:top + side, left:left + side]


def _places(room: int, side: int) -> np.ndarray:
    return np.linspace(0, room, int(np.ceil(room / (side * _STEP))) + 1).round().astype(int)
