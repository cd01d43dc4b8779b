"""Tracks: an object in three slices of a volume, from its box's middle outwards, as the propagator will meet them.

Real volumes give real neighbours. There are few, so single slices become tracks too: the slice is moved and shrunk step by step.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from .augmentation import crop_window, flip_and_turn, frame, pad, recolour
from .images import LabelledImage
from .mixture import Mixture
from .prompts import bounds

Encode = Callable[[np.ndarray], np.ndarray]

STEPS = 3
_OBJECTS = 2             # of a track
_REAL = 0.6              # share of tracks from volumes
_SMALLEST_SIDE = 3       # pixels of the padded square
_MODALITIES = {"CT": 1.2, "MR": 1.2, "PET": 1.0}
VOLUMES = Mixture(_MODALITIES, {"IBSI": 0.7, "DeepLesion": 0.0})  # of its lesions only slabs are known, not where they end
SLICES = Mixture({**_MODALITIES, "US": 0.3, "XRay": 0.2, "Microscopy": 0.1, "Endoscopy": 0.1, "Fundus": 0.2, "Dermoscopy": 0.05,
                  "Mammography": 0.05, "OCT": 0.1}, {"CHASE": 0.3})


@dataclass
class TrackBatch:
    """B tracks of some slices each, and N objects on them."""

    embeddings: Tensor       # (STEPS, B, E, S/4, S/4) float32
    masks: Tensor            # (STEPS, N, S, S) uint8, coverage 0..255
    drawn: Tensor            # (N, 4) float32, the prompt's box as the decoder would be told: pixel indices, scaled, / S
    half: Tensor             # (N, 2) float32, half a pixel of the track's own slices in these units, x and y
    heights: Tensor          # (STEPS, N) float32, where the slice lies between the prompt's middle 0 and its ends -1, 1
    track_of_object: Tensor  # (N,) int64
    noise: Tensor            # (STEPS, N, 4) float32, to be added to each box, in widths and heights of it

    @property
    def image_count(self) -> int:
        return self.embeddings.shape[0] * self.embeddings.shape[1]

    @property
    def box_count(self) -> int:
        return self.heights.numel()

    def to(self, device: torch.device) -> "TrackBatch":
        return TrackBatch(*(getattr(self, field.name).to(device, non_blocking=True) for field in fields(self)))


class TrackBatches(Dataset):
    """The batches of a run by number, always the same for the same number.

    `encode` makes an embedding (E, S/4, S/4) of a slice (3, S, S) uint8: the loader's processes do it beside the training.
    """

    def __init__(self, images: Sequence[LabelledImage], encode: Encode, *, size: int, batch: int, seed: int, rank: int = 0,
                 steps: int = STEPS, real: float = _REAL):
        volumes: dict[str, list[LabelledImage]] = defaultdict(list)
        for image in images:
            if image.volume:
                volumes[image.volume].append(image)
        self._volumes = {name: sorted(members, key=lambda image: image.z) for name, members in volumes.items()
                         if len(members) > 1 and len({image.labels.shape for image in members}) == 1}
        self._members = [image for members in self._volumes.values() for image in members]
        self._single = [image for image in images if image.modality in SLICES.modalities]
        self._volume_odds = np.cumsum(VOLUMES.probabilities(self._members))
        self._single_odds = np.cumsum(SLICES.probabilities(self._single))
        self._encode = encode
        self._size, self._batch, self._seed, self._rank = size, batch, seed, rank
        self._steps, self._real = steps, real

    def __getitem__(self, number: int) -> TrackBatch:
        rng = np.random.default_rng([self._seed, self._rank, self._size, number])
        tracks = [self._draw(rng) for _ in range(self._batch)]
        counts = [len(track.drawn) for track in tracks]
        return TrackBatch(
            torch.from_numpy(np.stack([[self._encode(image) for image in track.images] for track in tracks], axis=1)),
            torch.from_numpy(np.concatenate([track.masks for track in tracks], axis=1)),
            torch.from_numpy(np.concatenate([track.drawn for track in tracks])),
            torch.from_numpy(np.repeat([track.half for track in tracks], counts, axis=0)),
            torch.from_numpy(np.concatenate([track.heights for track in tracks], axis=1)),
            torch.from_numpy(np.repeat(np.arange(len(tracks)), counts)),
            torch.from_numpy(_noise(self._steps, sum(counts), rng)))

    def _draw(self, rng: np.random.Generator) -> "_Track":
        for _ in range(1000):
            real = rng.random() < self._real
            pool, odds = (self._members, self._volume_odds) if real else (self._single, self._single_odds)
            image = pool[min(int(np.searchsorted(odds, rng.random())), len(pool) - 1)]
            track = self._from_volume(image, rng) if real else self._from_slice(image, rng)
            if track:
                return track
        raise ValueError("training images must show objects of at least 3 pixels, got none in 1000 draws")

    def _from_volume(self, chosen: LabelledImage, rng: np.random.Generator) -> "_Track | None":
        members = self._volumes[chosen.volume or ""]
        label = int(rng.choice(np.unique(chosen.labels[chosen.labels > 0]))) if chosen.labels.any() else 0
        ranges = _ranges(members)
        if label not in ranges:
            return None
        below, above = ranges[label]
        centre = (below + above) / 2
        order = sorted((i for i, image in enumerate(members) if below <= image.z <= above),
                       key=lambda i: abs(members[i].z - centre))
        start = order[0]
        step = 1 if rng.random() < 0.5 else -1
        if rng.random() < 0.3 and len(order) > 3:  # what comes further out: a track that starts where the object is smaller
            start = start + step
        chain = [start + step * k for k in range(self._steps)]
        chain = [i for i in chain if 0 <= i < len(members) and below <= members[i].z <= above]
        if not chain:
            return None
        chain += [chain[-1]] * (self._steps - len(chain))
        state = rng.bit_generator.state
        turned = []
        for image in members:  # all alike
            rng.bit_generator.state = state
            turned.append(flip_and_turn(image.pixels, image.labels, rng))
        window = crop_window(turned[chain[0]][1], rng)
        slices = [(pixels[window], labels[window]) for pixels, labels in turned]
        drawn: dict[int, np.ndarray] = {}
        for _, labels in slices:
            for found, box in bounds(labels).items():
                drawn[found] = union(drawn.get(found), np.array(box, float))
        heights = {found: [relative_height(members[i].z, *ranges[found]) for i in chain] for found in drawn if found in ranges}
        return self._track([slices[i] for i in chain], drawn, heights, label, rng)

    def _from_slice(self, image: LabelledImage, rng: np.random.Generator) -> "_Track | None":
        pixels, labels = flip_and_turn(image.pixels, image.labels, rng)
        window = crop_window(labels, rng)
        pixels, labels = np.ascontiguousarray(pixels[window]), np.ascontiguousarray(labels[window])
        found = bounds(labels)
        if not found:
            return None
        label = int(rng.choice(list(found)))
        box = np.array(found[label], float)
        centre, extent = (box[:2] + box[2:]) / 2, box[2:] - box[:2] + 1
        heights = np.sort(np.concatenate([[rng.uniform(0, 0.2)], rng.uniform(0.1, 0.9, self._steps - 1)]))
        share = (1 - heights**2) ** rng.uniform(0.1, 0.9)
        walk = np.cumsum(rng.normal(0, 0.05, (self._steps, 2)) * extent, axis=0)
        turn = np.cumsum(rng.normal(0, 0.06, self._steps))
        stretch = np.exp(np.cumsum(rng.normal(0, 0.03, (self._steps, 2)), axis=0))
        slices = [(pixels, labels)]
        for k in range(1, self._steps):
            matrix = _affine(centre, share[k] / share[0] * stretch[k], turn[k], walk[k])
            height, width = labels.shape
            slices.append((cv2.warpAffine(pixels, matrix, (width, height), flags=cv2.INTER_LINEAR,
                                          borderMode=cv2.BORDER_REFLECT_101).reshape(height, width, -1),
                           cv2.warpAffine(labels, matrix, (width, height), flags=cv2.INTER_NEAREST)))
        drawn: dict[int, np.ndarray] = {}
        for _, moved in slices:
            for other, edges in bounds(moved).items():
                drawn[other] = union(drawn.get(other), np.array(edges, float))
        for edges in drawn.values():
            if rng.random() < 0.8:
                size = np.tile(edges[2:] - edges[:2] + 1, 2)
                edges += rng.uniform(0, 0.15, 4) * size * [-1, -1, 1, 1]
        sign = 1 if rng.random() < 0.5 else -1
        return self._track(slices, drawn, {other: list(sign * heights) for other in drawn}, label, rng)

    def _track(self, slices: Sequence[tuple[np.ndarray, np.ndarray]], drawn: dict[int, np.ndarray],
               heights: dict[int, list[float]], wanted: int, rng: np.random.Generator) -> "_Track | None":
        size = self._size
        rows, columns = slices[0][1].shape
        height, width = frame(rows, columns, size, rng)
        scale = np.array([width / columns, height / rows])
        others = [label for label in drawn if label != wanted]
        rng.shuffle(others)
        masks, boxes, places = [], [], []
        for label in [wanted, *others]:
            if label not in drawn or label not in heights:
                continue
            if not all((labels == label).any() for _, labels in slices):
                continue
            edges = np.clip(drawn[label], 0, [columns - 1, rows - 1] * 2)
            if ((edges[2:] - edges[:2] + 1) * scale).min() < _SMALLEST_SIDE:
                continue
            masks.append([pad(cv2.resize((labels == label).astype(np.uint8) * 255, (width, height),
                                         interpolation=cv2.INTER_AREA if scale.min() < 1 else cv2.INTER_LINEAR), size)
                          for _, labels in slices])
            boxes.append(edges * np.tile(scale, 2) / size)
            places.append(heights[label])
            if len(masks) == _OBJECTS:
                break
        if not masks:
            return None
        state = rng.bit_generator.state
        images = []
        for pixels, _ in slices:
            rng.bit_generator.state = state
            resized = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_LINEAR).reshape(height, width, -1)
            coloured = recolour(resized.transpose(2, 0, 1).astype(np.float32), rng)
            images.append(np.stack([pad(channel, size) for channel in np.broadcast_to(coloured, (3, height, width))]))
        return _Track(np.stack(images), np.array(masks).transpose(1, 0, 2, 3), np.array(boxes, np.float32),
                      (scale / (2 * size)).astype(np.float32), np.array(places, np.float32).T)


@dataclass
class _Track:
    images: np.ndarray   # (STEPS, 3, S, S)
    masks: np.ndarray    # (STEPS, n, S, S)
    drawn: np.ndarray    # (n, 4)
    half: np.ndarray     # (2,)
    heights: np.ndarray  # (STEPS, n)


def _noise(steps: int, objects: int, rng: np.random.Generator) -> np.ndarray:
    noise = rng.normal(0, 0.03, (steps, objects, 4))
    noise *= rng.random((1, objects, 1)) < 0.5
    return noise.astype(np.float32)


def _ranges(members: Sequence[LabelledImage]) -> dict[int, tuple[float, float]]:
    """First and last slice of every label that is seen in two slices at least.

    Of long volumes the data has only some slices, the middles of equal parts: an object goes on for half a part to either side.
    """
    ranges: dict[int, tuple[int, int]] = {}
    for image in members:
        for label in np.unique(image.labels[image.labels > 0]):
            low, _ = ranges.get(int(label), (image.z, image.z))
            ranges[int(label)] = low, image.z
    gap = float(np.median(np.diff([image.z for image in members])))
    more = (gap - 1) / 2
    return {label: (low - more, high + more) for label, (low, high) in ranges.items() if low < high}


def relative_height(z: np.ndarray | int, below: float, above: float) -> np.ndarray | float:
    """Where slices lie between the first and the last of an object: 0 in the middle, -1 and 1 half a slice beyond either end."""
    return (z - (below + above) / 2) / ((above - below) / 2 + 0.5)


def union(box: np.ndarray | None, other: np.ndarray) -> np.ndarray:
    """The box (4,) round both; the other alone where there is none yet."""
    if box is None:
        return other
    return np.concatenate([np.minimum(box[:2], other[:2]), np.maximum(box[2:], other[2:])])


def _affine(centre: np.ndarray, scale: np.ndarray, turn: float, shift: np.ndarray) -> np.ndarray:
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) * scale
    return np.concatenate([matrix, (centre + shift - matrix @ centre)[:, None]], axis=1)
