"""Training images with label maps, from a folder that an index describes.

    DIR/index.csv                      a row per image: modality, name, dataset, licence_as_stated, licence_class, ...
    DIR/<modality>/<name>.webp         the image, grey or RGB
    DIR/<modality>/<name>.png          its label map, same size: 0 background, 1..K separate objects
"""

import csv
import multiprocessing
import re
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from ..errors import InvalidInputError

COLUMNS = ("modality", "name", "dataset", "licence_class")
_GREY_TOLERANCE = 3  # lossy compression lets the channels of a grey image differ by this much
# Several pictures of one patient or specimen are numbered last: ..._10002_135, ..._patient071_frame01_z006.
_LAST_NUMBER = re.compile(r"(?<=\d)(?:_frame\d+)?[_-]z?\d+$")
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
    patient: str | None = None  # where the index tells

    @property
    def volume(self) -> str | None:
        match = _SLICE_NAME.fullmatch(self.name)
        return match[1] if match else None

    @property
    def subject(self) -> str:
        """What is not to be torn apart between sets: the patient where the index tells, else the name without its last number."""
        return self.patient or _LAST_NUMBER.sub("", self.name)

    @property
    def z(self) -> int:
        match = _SLICE_NAME.fullmatch(self.name)
        return int(match[2]) if match else 0


def read_images(folder: Path, workers: int = 0) -> list[LabelledImage]:
    """Reads everything that the folder's index lists into memory, in so many processes besides this one."""
    index = folder / "index.csv"
    if not index.is_file():
        raise InvalidInputError("training data must have an index.csv, got none")
    with index.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            raise InvalidInputError(f"index.csv must have the columns {', '.join(COLUMNS)}, missing {', '.join(missing)}")
        rows = list(reader)
    if workers:
        with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("fork")) as pool:
            images = list(pool.map(partial(_read_row, folder), rows, chunksize=16))
    else:
        images = [_read_row(folder, row) for row in rows]
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
                         np.ascontiguousarray(pixels), labels.astype(np.uint16), row.get("patient") or None)


def _open(path: Path, what: str) -> Image.Image:
    try:
        image = Image.open(path)
        image.load()
        return image
    except FileNotFoundError as error:
        raise InvalidInputError(f"{what} must be in its modality's folder, got no such file") from error
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise InvalidInputError(f"{what} must be an intact picture, got one that cannot be read") from error
