"""Images to calibrate on: challenge cases (npz) or picture files, several modalities, each with equal weight."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from ..errors import InvalidInputError
from ..pipeline.frame import to_input

PER_MODALITY = 12
PICTURES = {".webp", ".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff"}


def calibration_inputs(folder: Path, size: int, per_modality: int = PER_MODALITY) -> Iterator[np.ndarray]:
    """Network inputs (1, 3, size, size): up to ``per_modality`` files, evenly spread over the names, of each sub-folder.

    A folder's ``index.csv`` (columns modality, name) says which pictures are images; without one a PNG beside
    another picture of the same name is taken for its label map. Of a volume the middle slice is used.
    """
    files = [file for group in _by_modality(folder) for file in _spread(group, per_modality)]
    if not files:
        raise InvalidInputError("calibration folder must hold npz cases or pictures, got none")
    for done, file in enumerate(files, start=1):
        yield to_input(_image(file), size)
        if sys.stderr.isatty() or done == len(files):
            print(f"\rcalibrating: {done}/{len(files)} images", end="\n" if done == len(files) else "", file=sys.stderr, flush=True)


def _by_modality(folder: Path) -> list[list[Path]]:
    groups: dict[Path, list[Path]] = {}
    for file in _listed(folder) if (folder / "index.csv").is_file() else _found(folder):
        groups.setdefault(file.parent, []).append(file)
    return [sorted(group) for _, group in sorted(groups.items())]


def _listed(folder: Path) -> Iterator[Path]:
    with (folder / "index.csv").open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            yield folder / row["modality"] / (row["name"] + ".webp")


def _found(folder: Path) -> Iterator[Path]:
    files = {file for file in folder.rglob("*") if file.suffix.lower() in PICTURES | {".npz"}}
    images = {file.with_suffix("") for file in files if file.suffix.lower() != ".png"}
    return (file for file in files if file.suffix.lower() != ".png" or file.with_suffix("") not in images)


def _spread(files: list[Path], count: int) -> list[Path]:
    chosen = np.linspace(0, len(files) - 1, min(count, len(files))).round().astype(int)
    return [files[i] for i in chosen]


def _image(file: Path) -> np.ndarray:
    """(H, W) or (H, W, 3) uint8, RGB."""
    if file.suffix.lower() == ".npz":
        return _slice(file)
    picture = cv2.imread(str(file), cv2.IMREAD_COLOR)
    if picture is None:
        raise InvalidInputError(f"{file.name} must be a picture, got something else")
    return cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)


def _slice(file: Path) -> np.ndarray:
    try:
        with np.load(file, allow_pickle=False) as case:
            image = case["imgs"]
            volume = image.ndim == 4 or (image.ndim == 3 and "boxes" in case and case["boxes"].shape[-1] == 6)
    except (ValueError, KeyError, OSError, EOFError) as error:
        raise InvalidInputError(f"{file.name} must be a challenge case with uint8 imgs, got something else") from error
    if volume:
        image = image[image.shape[0] // 2]
    if image.dtype != np.uint8 or image.ndim not in (2, 3) or (image.ndim == 3 and image.shape[2] != 3):
        raise InvalidInputError(f"imgs of {file.name} must be uint8 (H, W) or (H, W, 3), got {image.dtype} {image.shape}")
    return image
