"""All training images on the device, each in the corner of a square canvas, and a table of their objects."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from torch import Tensor

from ...errors import InvalidInputError
from ..images import LabelledImage
from ..prompts import neighbour_offsets

LARGEST_SIDE = 512   # of a canvas; larger images are shrunk to it
_LABELS = 256        # label maps are kept in 8 bits; objects beyond are left out
_AT_ONCE = 64        # images whose objects are measured at once


@dataclass
class Canvases:
    """n images of c canvases' side, with at most m objects each; positions are x, y in pixels of the canvas, edges not centres."""

    images: Tensor        # (n, 3, c, c) uint8
    labels: Tensor        # (n, c, c) uint8
    sizes: Tensor         # (n, 2) float32, width and height of the image within its canvas
    objects: Tensor       # (n, m) uint8, an object's label, 0 where there is none
    low: Tensor           # (n, m, 2) float32, its bounds
    high: Tensor          # (n, m, 2) float32
    offsets: Tensor       # (t, 4) float32, where boxes in neighbouring slices lie, one object after the other; see `prompts`
    first_offset: Tensor  # (n, m) int64, an object's first row there
    offset_count: Tensor  # (n, m) int64
    of_volume: Tensor     # (n,) bool
    grey: Tensor          # (n,) bool

    @property
    def device(self) -> torch.device:
        return self.images.device

    @property
    def side(self) -> int:
        return self.images.shape[-1]

    @classmethod
    def of(cls, images: Sequence[LabelledImage], device: torch.device) -> "Canvases":
        """Copies images to the device; 1 MB each at 512 pixels."""
        small = [_fitted(image) for image in images]
        side = max(max(labels.shape) for _, labels in small)
        pixels = torch.zeros((len(images), 3, side, side), dtype=torch.uint8, device=device)
        maps = torch.zeros((len(images), side, side), dtype=torch.uint8, device=device)
        for i, (picture, labels) in enumerate(small):
            height, width = labels.shape
            # Copies, as what is read from files may be read-only.
            pixels[i, :, :height, :width] = torch.tensor(picture).to(device).permute(2, 0, 1)
            maps[i, :height, :width] = torch.tensor(labels).to(device)
        objects, low, high = _objects(maps)
        if not objects.any(1).all():
            first = int((~objects.any(1)).nonzero()[0])
            raise InvalidInputError(f"label map {images[first].name} must show an object labelled 1..{_LABELS - 1}, got none")
        offsets, first_offset, offset_count = _offsets(images, objects.cpu().numpy(), low.cpu().numpy(), high.cpu().numpy())
        return cls(pixels, maps, torch.tensor([labels.shape[::-1] for _, labels in small], dtype=torch.float32, device=device),
                   objects, low, high, *(torch.from_numpy(x).to(device) for x in (offsets, first_offset, offset_count)),
                   torch.tensor([image.volume is not None for image in images], device=device),
                   torch.tensor([image.pixels.shape[2] == 1 for image in images], device=device))


def _fitted(image: LabelledImage) -> tuple[np.ndarray, np.ndarray]:
    """(h, w, 1 | 3) and (h, w), both uint8."""
    pixels, labels = image.pixels, np.where(image.labels < _LABELS, image.labels, 0).astype(np.uint8)
    scale = LARGEST_SIDE / max(labels.shape)
    if scale < 1:
        size = tuple(max(1, round(side * scale)) for side in labels.shape[::-1])
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).reshape(*size[::-1], -1)
        labels = cv2.resize(labels, size, interpolation=cv2.INTER_NEAREST)
    return np.ascontiguousarray(pixels), labels


def _objects(maps: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Labels (n, m), and their bounds (n, m, 2) twice, of label maps (n, c, c)."""
    found = [_extents(maps[i:i + _AT_ONCE]) for i in range(0, len(maps), _AT_ONCE)]
    there, low, high = (torch.cat(parts) for parts in zip(*found, strict=True))                       # (n, 255[, 2])
    most = max(1, int(there.sum(1).max()))
    order = there.int().argsort(dim=1, descending=True, stable=True)[:, :most]                        # what is there first
    there = there.gather(1, order)
    low, high = (x.gather(1, order[..., None].expand(-1, -1, 2)) for x in (low, high))
    return ((order + 1) * there).to(torch.uint8), low, high


def _extents(maps: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Whether each label 1..255 is there (b, 255), and from where to where, x and y (b, 255, 2)."""
    count, side = len(maps), maps.shape[-1]
    place = torch.arange(side, device=maps.device)
    labels = maps.long().flatten(1)                                                                   # (b, c * c)
    low, high = [], []
    for along in (place.repeat(side), place.repeat_interleave(side)):                                 # of every pixel, x then y
        seen = torch.zeros((count, _LABELS * side), dtype=torch.bool, device=maps.device)
        seen.scatter_(1, labels * side + along, torch.ones_like(labels, dtype=torch.bool))
        seen = seen.unflatten(1, (_LABELS, side))[:, 1:]                                              # (b, 255, c)
        low.append(torch.where(seen, place, side).amin(2))
        high.append(torch.where(seen, place + 1, 0).amax(2))
    return high[0] > 0, torch.stack(low, -1).float(), torch.stack(high, -1).float()


def _offsets(images: Sequence[LabelledImage], objects: np.ndarray, low: np.ndarray,
             high: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    boxes = [{int(label): (*low[i, k], *(high[i, k] - 1)) for k, label in enumerate(labels) if label}
             for i, labels in enumerate(objects)]
    near = neighbour_offsets(images, boxes)
    rows: list[np.ndarray] = [np.zeros((1, 4))]  # never read, but gathered
    first, count = np.zeros(objects.shape, np.int64), np.zeros(objects.shape, np.int64)
    at = 1
    for i, k in zip(*np.nonzero(objects), strict=True):
        found = near[i].get(int(objects[i, k]))
        if found is not None:
            first[i, k], count[i, k] = at, len(found)
            rows.append(found)
            at += len(found)
    return np.concatenate(rows).astype(np.float32), first, count
