"""What near-duplicates are looked for in: every image small and grey, by name."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from ..evaluation.cases import labelled
from ..training.images import read_images

LONG_SIDE = 160           # of a picture, pixels
_SLICES_PER_VOLUME = 12   # evenly from those that show an object


@dataclass(frozen=True)
class Picture:
    """An image, or a slice of a volume, as grey values."""

    name: str
    source: str         # the data set where the folder's index tells, else the case's name
    grey: np.ndarray    # (h, w) float32, max(h, w) <= LONG_SIDE, by area means


def of_training(folder: Path) -> list[Picture]:
    """The images that a training folder's index lists."""
    return [Picture(f"{image.modality}/{image.name}", image.dataset, _small(image.pixels)) for image in read_images(folder)]


def of_cases(folder: Path) -> Iterator[Picture]:
    """The annotated cases under a folder; of a volume some slices, named <case>_z<index>."""
    for case in labelled(folder):
        if not case.is_volume:
            yield Picture(case.name, case.name, _small(case.images))
            continue
        shown = np.flatnonzero(case.truth.any((1, 2)))
        some = np.unique(np.linspace(0, len(shown) - 1, min(len(shown), _SLICES_PER_VOLUME)).round().astype(int)) if len(shown) else []
        for z in shown[some]:
            yield Picture(f"{case.name}_z{z:03}", case.name, _small(case.images[z]))


def _small(pixels: np.ndarray) -> np.ndarray:
    """(H, W[, C]) uint8 -> (h, w) float32."""
    grey = pixels.reshape(*pixels.shape[:2], -1).mean(-1, dtype=np.float32)
    scale = min(1.0, LONG_SIDE / max(grey.shape))
    height, width = (max(1, round(side * scale)) for side in grey.shape)
    return resized(grey, height, width)


def resized(grey: np.ndarray, height: int, width: int) -> np.ndarray:
    """By area means where it shrinks, whatever the size it comes from; linear where it grows."""
    shrinks = height <= grey.shape[0] and width <= grey.shape[1]
    return cv2.resize(grey, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
