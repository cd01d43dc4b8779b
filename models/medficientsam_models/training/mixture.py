"""What a batch is made of: images drawn by modality and data set, varied, and prompted."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from .augmentation import crop, flip_and_turn, frame, pad, recolour
from .images import LabelledImage
from .prompts import bounds, neighbour_offsets, prompt

_SMALLEST_SIDE = 2       # pixels of the padded square; smaller objects are not asked for
_SMALLEST_AREA = 6


@dataclass(frozen=True)
class Mixture:
    """How often each image is drawn. Modalities share by weight; within one, a data set of n images by boost * n ** 0.6."""

    modalities: Mapping[str, float]
    boosts: Mapping[str, float]  # by the beginning of the data set's name

    def probabilities(self, images: Sequence[LabelledImage]) -> np.ndarray:
        """One per image, summing to one."""
        counts = Counter((image.modality, image.dataset) for image in images)
        weights = {key: self._boost(key[1]) * count**0.6 for key, count in counts.items()}
        totals: dict[str, float] = {}
        for (modality, _), weight in weights.items():
            totals[modality] = totals.get(modality, 0.0) + weight
        raw = np.array([self.modalities.get(image.modality, 1.0) / totals[image.modality]
                        * weights[image.modality, image.dataset] / counts[image.modality, image.dataset] for image in images])
        return raw / raw.sum()

    def _boost(self, dataset: str) -> float:
        return next((boost for beginning, boost in self.boosts.items() if dataset.startswith(beginning)), 1.0)


@dataclass
class Batch:
    """B images and N boxes on them."""

    images: Tensor        # (B, 3, S, S) uint8
    masks: Tensor         # (N, S, S) uint8, how much of each pixel the object covers, 0..255
    boxes: Tensor         # (N, 4) float32, box / S
    image_of_box: Tensor  # (N,) int64
    weights: Tensor | None = None  # (N,) float32 of mean 1, where boxes do not count alike

    @property
    def image_count(self) -> int:
        return len(self.images)

    @property
    def box_count(self) -> int:
        return len(self.boxes)

    def to(self, device: torch.device) -> "Batch":
        moved = Batch(*(tensor if tensor is None else tensor.to(device, non_blocking=True)
                        for tensor in (self.images, self.masks, self.boxes, self.image_of_box, self.weights)))
        moved.images = moved.images.contiguous(memory_format=torch.channels_last)
        return moved


class Batches(Dataset):
    """The batches of a run by number. Number n is always the same batch, whichever process makes it: a run can be resumed."""

    def __init__(self, images: Sequence[LabelledImage], mixture: Mixture, *, size: int, batch: int, boxes_per_image: int,
                 seed: int, rank: int = 0):
        self._images = images
        self._offsets = neighbour_offsets(images)
        self._cumulative = np.cumsum(mixture.probabilities(images))
        self._size, self._batch, self._boxes_per_image = size, batch, boxes_per_image
        self._seed, self._rank = seed, rank

    def __getitem__(self, number: int) -> Batch:
        rng = np.random.default_rng([self._seed, self._rank, self._size, number])
        samples = [self._draw(rng) for _ in range(self._batch)]
        images, masks, boxes = zip(*samples, strict=True)
        return Batch(torch.from_numpy(np.stack(images)), torch.from_numpy(np.concatenate(masks)),
                     torch.from_numpy(np.concatenate(boxes)),
                     torch.tensor([i for i, of_image in enumerate(boxes) for _ in of_image]))

    def _draw(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        for _ in range(1000):
            i = min(int(np.searchsorted(self._cumulative, rng.random())), len(self._images) - 1)
            sample = self._vary(i, rng)
            if sample:
                return sample
        raise ValueError(f"training images must show objects of at least {_SMALLEST_SIDE} pixels, got none in 1000 draws")

    def _vary(self, i: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
        """An image (3, S, S), the masks (n, S, S) of some of its objects and their prompts (n, 4); None if no object is left."""
        image, size = self._images[i], self._size
        pixels, labels = crop(*flip_and_turn(image.pixels, image.labels, rng), rng)
        height, width = frame(*labels.shape, size, rng)
        scale = width / labels.shape[1], height / labels.shape[0]
        found = bounds(labels)
        order = list(found)
        rng.shuffle(order)
        masks, boxes = [], []
        for label in order:
            box = found[label]
            if min((box[2] - box[0] + 1) * scale[0], (box[3] - box[1] + 1) * scale[1]) < _SMALLEST_SIDE:
                continue
            # Coverage, not nearest neighbours: the pipeline's mask is cut at half, between pixels.
            cover = cv2.resize((labels == label).astype(np.uint8) * 255, (width, height),
                               interpolation=cv2.INTER_AREA if min(scale) < 1 else cv2.INTER_LINEAR)
            if cover.sum() < _SMALLEST_AREA * 255:
                continue
            masks.append(pad(cover, size))
            boxes.append(prompt(np.array(box, float), self._offsets[i].get(label), volume=image.volume is not None,
                                scale=scale, size=size, rng=rng) / size)
            if len(masks) == self._boxes_per_image:
                break
        if not masks:
            return None
        resized = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_LINEAR).reshape(height, width, -1)
        coloured = recolour(resized.transpose(2, 0, 1).astype(np.float32), rng)
        rgb = np.broadcast_to(coloured, (3, height, width))
        return np.stack([pad(channel, size) for channel in rgb]), np.stack(masks), np.array(boxes, np.float32)


def share(batch: int, processes: int) -> int:
    """Images of a batch that each process makes."""
    return math.ceil(batch / processes)
