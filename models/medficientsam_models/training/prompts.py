"""Box prompts as they occur: exact, drawn by hand, projected from a volume's box, or propagated from a neighbouring slice."""

from collections.abc import Mapping, Sequence

import numpy as np

from .images import LabelledImage

_NEIGHBOURS = 2      # slices to either side whose boxes are taken over
_SAME_OBJECT = 0.4   # intersection over union below which a neighbour's box shows something else
_ODDS_2D = 1.0
_ODDS_VOLUME = 0.8   # of the dice below: slices of volumes are prompted with the other slices' boxes more often

Offsets = Mapping[int, np.ndarray]  # label -> (n, 4), each side's shift in widths and heights of the box


def bounds(labels: np.ndarray) -> dict[int, tuple[int, int, int, int]]:
    """Bounding box x_min, y_min, x_max, y_max of every label of a map, pixel indices, both ends inclusive."""
    boxes = {}
    for label in np.unique(labels[labels > 0]):
        mask = labels == label
        columns, rows = np.flatnonzero(mask.any(0)), np.flatnonzero(mask.any(1))
        boxes[int(label)] = int(columns[0]), int(rows[0]), int(columns[-1]), int(rows[-1])
    return boxes


def neighbour_offsets(images: Sequence[LabelledImage], of_images: Sequence[Mapping[int, Sequence[float]]] | None = None) -> list[Offsets]:
    """For every image that is a slice, how its objects' boxes in the neighbouring slices, and their union, differ from its own.

    `of_images`: the boxes of each image's objects, as `bounds` gives them, where they are known already.
    """
    volumes: dict[str, list[int]] = {}
    for i, image in enumerate(images):
        if image.volume:
            volumes.setdefault(image.volume, []).append(i)
    offsets: list[Offsets] = [{} for _ in images]
    for members in volumes.values():
        members.sort(key=lambda i: images[i].z)
        boxes = [of_images[i] if of_images else bounds(images[i].labels) for i in members]
        for k, i in enumerate(members):
            near = [boxes[j] for j in range(max(0, k - _NEIGHBOURS), min(len(members), k + _NEIGHBOURS + 1))
                    if j != k and images[members[j]].labels.shape == images[i].labels.shape]
            offsets[i] = {label: found for label, box in boxes[k].items()
                          if len(found := _offsets(box, [other[label] for other in near if label in other]))}
    return offsets


def prompt(box: np.ndarray, offsets: np.ndarray | None, *, volume: bool, scale: tuple[float, float], size: int,
           rng: np.random.Generator) -> np.ndarray:
    """A prompt for an object whose exact box is given in pixels of its image; (4,) in pixels of the padded square `size`."""
    extent = np.array([box[2] - box[0] + 1, box[3] - box[1] + 1] * 2)
    dice = rng.random() * (_ODDS_VOLUME if volume else _ODDS_2D)
    if dice < 0.15 and offsets is not None:
        box = box + extent * (offsets[rng.integers(len(offsets))] * rng.uniform(0.5, 1.2) + rng.normal(0, 0.02, 4))
    elif dice < 0.15:  # loose, as the projection of a volume's box is on most of its slices
        growth = rng.uniform(-0.06, 0.2, 4) if rng.random() < 0.5 else np.full(4, rng.uniform(-0.06, 0.2))
        box = box + growth * extent * [-1, -1, 1, 1]
    elif dice < 0.3:
        box = box + rng.normal(0, 0.06, 4) * extent
    elif dice < 0.55:
        box = box + rng.uniform(-0.04, 0.04, 4) * extent
    scaled = box * np.array(scale * 2)
    if dice < 0.55:
        scaled = scaled + rng.uniform(-0.5, 0.5, 4) * min(1.0, (extent[:2] * scale).min() / 10)
    scaled = np.clip(scaled, 0, size - 1)
    for axis in (0, 1):  # never turned inside out
        if scaled[axis + 2] - scaled[axis] < 0.5:
            scaled[axis] = max(0, scaled[axis] - 0.5)
            scaled[axis + 2] = scaled[axis] + 1
    return scaled


def _offsets(box: tuple[int, ...], others: list[tuple[int, ...]]) -> np.ndarray:
    if not others:
        return np.empty((0, 4))
    near = np.array([*others, box])
    union = [near[:, 0].min(), near[:, 1].min(), near[:, 2].max(), near[:, 3].max()]
    candidates = np.array([other for other in [*others, union] if _iou(box, other) > _SAME_OBJECT]).reshape(-1, 4)
    return (candidates - box) / ([box[2] - box[0] + 1, box[3] - box[1] + 1] * 2)


def _iou(a: Sequence[int], b: Sequence[int]) -> float:
    width = min(a[2], b[2]) - max(a[0], b[0]) + 1
    height = min(a[3], b[3]) - max(a[1], b[1]) + 1
    if width <= 0 or height <= 0:
        return 0.0
    area_a, area_b = ((box[2] - box[0] + 1) * (box[3] - box[1] + 1) for box in (a, b))
    return width * height / (area_a + area_b - width * height)
