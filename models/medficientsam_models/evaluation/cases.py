"""Challenge cases as files: npz with `imgs`, `boxes` and, where annotated, `gts`."""

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import InvalidInputError


@dataclass(frozen=True)
class Case:
    """`images` uint8 (H, W[, 3]) or (D, H, W[, 3]); `boxes` (N, 4) or (N, 6); `truth` labels of the image's extent."""

    name: str
    images: np.ndarray
    boxes: np.ndarray
    truth: np.ndarray

    @property
    def is_volume(self) -> bool:
        return self.boxes.shape[1] == 6

    @property
    def modality(self) -> str:
        """The second word of the challenge's file names, 2D_CT_...; the name itself where there is none."""
        words = self.name.split("_")
        return words[1] if len(words) > 1 else self.name


def labelled(folder: Path) -> Iterator[Case]:
    """Every annotated case under a folder, by name."""
    paths = sorted(folder.rglob("*.npz"), key=lambda path: path.name)
    if not paths:
        raise InvalidInputError("labelled folder must hold npz cases, got none")
    for path in paths:
        yield _case(path.stem, *arrays(path, "imgs", "boxes", "gts"))


def arrays(path: Path, *names: str) -> tuple[np.ndarray, ...]:
    """The arrays of an npz by these names; InvalidInputError if it is damaged or one is not there."""
    try:
        with np.load(path, allow_pickle=False) as file:
            found = {name: file[name] for name in names if name in file}
    except (ValueError, OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise InvalidInputError(f"{path.name} must be an intact npz of numbers, got {type(error).__name__}") from error
    for name in names:
        if name not in found:
            raise InvalidInputError(f"{path.stem} must have {name}, got {', '.join(found) or 'none of ' + ', '.join(names)}")
    return tuple(found.values())


def grey_volume(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """`imgs` (D, H, W) of an npz and its `gts`, labels on the same grid; InvalidInputError if it holds anything else."""
    pixels, labels = arrays(path, "imgs", "gts")
    if pixels.ndim != 3 or pixels.shape != labels.shape:
        raise InvalidInputError(f"{path.stem} must hold imgs and gts of the same (D, H, W), got {pixels.shape} and {labels.shape}")
    return pixels, labels


def _case(name: str, images: np.ndarray, boxes: np.ndarray, truth: np.ndarray) -> Case:
    boxes = np.atleast_2d(boxes)
    if images.dtype != np.uint8:
        raise InvalidInputError(f"{name}: imgs must be uint8, got {images.dtype}")
    if boxes.ndim != 2 or boxes.shape[1] not in (4, 6) or not len(boxes):
        raise InvalidInputError(f"{name}: boxes must be (N, 4) or (N, 6), got {boxes.shape}")
    spatial = 2 if boxes.shape[1] == 4 else 3
    if images.shape[:spatial] != truth.shape or images.shape[spatial:] not in ((), (3,)):
        raise InvalidInputError(f"{name}: gts must be as large as imgs {images.shape}, got {truth.shape}")
    return Case(name, images, boxes, truth)
