"""Training images with label maps, from a folder that an index describes.

    DIR/index.csv                      a row per image: modality, name, dataset, licence_as_stated, licence_class, ...
    DIR/<modality>/<name>.webp         the image, grey or RGB
    DIR/<modality>/<name>.png          its label map, same size: 0 background, 1..K separate objects
"""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from ..errors import InvalidInputError

COLUMNS = ("modality", "name", "dataset", "licence_class")
_GREY_TOLERANCE = 3  # lossy compression lets the channels of a grey image differ by this much
_SLICE_NAME = re.compile(r"(3D_.*)_z(\d+)")


@dataclass(frozen=True)
class LabelledImage:
    """One training image; `volume` names the volume it is a slice of, if any."""

    modality: str
    dataset: str
    licence_class: str
    name: str
    pixels: np.ndarray  # (H, W, 1 | 3) uint8
    labels: np.ndarray  # (H, W) uint16

    @property
    def volume(self) -> str | None:
        match = _SLICE_NAME.fullmatch(self.name)
        return match[1] if match else None

    @property
    def z(self) -> int:
        match = _SLICE_NAME.fullmatch(self.name)
        return int(match[2]) if match else 0


def read_images(folder: Path) -> list[LabelledImage]:
    """Reads everything that the folder's index lists into memory."""
    index = folder / "index.csv"
    if not index.is_file():
        raise InvalidInputError("training data must have an index.csv, got none")
    with index.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            raise InvalidInputError(f"index.csv must have the columns {', '.join(COLUMNS)}, missing {', '.join(missing)}")
        images = [_read_row(folder, row) for row in reader]
    if not images:
        raise InvalidInputError("index.csv must list at least one image, got none")
    return images


def licence_counts(images: Sequence[LabelledImage]) -> Counter[str]:
    """Images per class of licence, as the index states it."""
    return Counter(image.licence_class for image in images)


def _read_row(folder: Path, row: dict[str, str]) -> LabelledImage:
    stem = folder / row["modality"] / row["name"]
    # with_suffix would cut names at their last dot
    pixels = np.asarray(_open(stem.parent / f"{stem.name}.webp", f"image {row['name']}").convert("RGB"))
    labels = np.asarray(_open(stem.parent / f"{stem.name}.png", f"label map {row['name']}"))
    if labels.ndim != 2 or labels.dtype.kind not in "uib":
        raise InvalidInputError(f"label map {row['name']} must be one channel of integers, got {labels.shape} {labels.dtype}")
    if labels.shape != pixels.shape[:2]:
        raise InvalidInputError(f"label map {row['name']} must be as large as its image {pixels.shape[:2]}, got {labels.shape}")
    if np.abs(pixels[..., :1].astype(np.int16) - pixels).max() <= _GREY_TOLERANCE:
        pixels = pixels[..., 1:2]
    return LabelledImage(row["modality"], row["dataset"], row["licence_class"], row["name"],
                         np.ascontiguousarray(pixels), labels.astype(np.uint16))


def _open(path: Path, what: str) -> Image.Image:
    try:
        image = Image.open(path)
        image.load()
        return image
    except FileNotFoundError as error:
        raise InvalidInputError(f"{what} must be in its modality's folder, got no such file") from error
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise InvalidInputError(f"{what} must be an intact picture, got one that cannot be read") from error
