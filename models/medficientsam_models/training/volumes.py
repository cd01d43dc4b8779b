"""Whole annotated volumes, encoded slice by slice once, so that a propagator can follow their objects from end to end.

    DIR/<modality>/<name>.npz     imgs (D, H, W) uint8, gts (D, H, W) labels 1..K: the challenge's layout

Every volume is kept several times over: as it is, and turned, cut and recoloured as a whole. Volumes of one source, which is what a
name begins with (3D_MR_ACDC_patient001 is of ACDC), share a weight.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from ..errors import InvalidInputError
from ..evaluation.cases import grey_volume
from .augmentation import crop_window, flip_and_turn, frame, pad, recolour
from .images import LabelledImage
from .prompts import bounds
from .tracks import Encode, TrackBatches, relative_height, union

MODALITY_SHARES = {"CT": 1.2, "MR": 1.4, "PET": 1.0}
_GROUP_POWER = 0.6        # of a source's number of volumes: large sources count for more, but not in proportion
SLICE_SHARE = 0.15       # of all chains, made of single slices
_SLICE_STEPS = 7
_SMALLEST_SIDE = 3        # pixels of the padded square
_GROUP = re.compile(r"(?:[23]D_)?(?:[A-Za-z]+_)?([A-Za-z]+)")


@dataclass(frozen=True)
class Others:
    """The other prompts of the volume an object is in, K of them."""

    boxes: np.ndarray        # (K, 4) float32, as drawn
    heights: np.ndarray      # (D, K) float32, where the object's slices lie in them, beyond 1 where they do not
    ranks: np.ndarray        # (K,) float32, 1 for those painted over the object, the smaller ones, -1 for those painted under it
    masks: Sequence[tuple[int, np.ndarray]] = ()  # of those painted over it: the object's slice they begin in, and (D', S/2, S/2)

    @classmethod
    def none(cls, depth: int) -> "Others":
        return cls(np.zeros((0, 4), np.float32), np.zeros((depth, 0), np.float32), np.zeros(0, np.float32))

    def hidden(self, i: int) -> np.ndarray | None:
        """What others cover in the object's slice `i`, (S/2, S/2) uint8; nothing where there is nothing."""
        covered = [masks[i - first] for first, masks in self.masks if 0 <= i - first < len(masks)]
        return np.maximum.reduce(covered) if covered else None


@dataclass(frozen=True)
class ObjectInVolume:
    """An object, and the slices it is expected in, from the first that its prompt covers to the last."""

    embeddings: np.ndarray   # (D, E, S/4, S/4) float16
    masks: np.ndarray        # (D, S/2, S/2) uint8, coverage 0..255
    drawn: np.ndarray        # (4,) float32, the prompt's box as the decoder would be told: pixel indices, scaled, / S
    half: np.ndarray         # (2,) float32, half a pixel of the slices in these units, x and y
    heights: np.ndarray      # (D,) float32, 0 in the prompt's middle, -1 and 1 half a slice beyond its ends
    others: "Others"

    @property
    def holds_another(self) -> bool:
        """Whether a smaller prompt lies in this one, as far as can be seen in the plane."""
        low, high = self.drawn[:2] - self.half, self.drawn[2:] + self.half
        inside = (self.others.boxes[:, :2] >= low).all(1) & (self.others.boxes[:, 2:] <= high).all(1)
        return bool((inside & (self.others.ranks > 0)).any())

    def outwards(self, upwards: bool) -> list[int]:
        """Slices from the middle to one end, as the steady rules visit them."""
        if upwards:
            return [i for i, height in enumerate(self.heights) if height > -1e-6]
        return [i for i, height in enumerate(self.heights) if height < 1e-6][::-1]


@dataclass(frozen=True)
class Group:
    """Objects of one source and modality, drawn with a common weight."""

    name: str
    weight: float
    objects: Sequence[ObjectInVolume]


def group(path: Path) -> tuple[str, str]:
    """Modality and source of <modality>/<name>.npz."""
    source = _GROUP.match(path.stem)
    return path.parent.name, source[1] if source else ""


def group_weights(volumes: Mapping[tuple[str, str], int]) -> dict[tuple[str, str], float]:
    """What each group counts, by its number of volumes: those of a modality together as much as MODALITY_SHARES says."""
    total: Counter[str] = Counter()
    for (modality, _), count in volumes.items():
        total[modality] += count**_GROUP_POWER
    return {key: MODALITY_SHARES.get(key[0], 1.0) * count**_GROUP_POWER / total[key[0]] for key, count in volumes.items()}


class EncodedVolumes:
    """Reads or makes the encoded copies under `out`; a second run finds them there, also what a stopped one had made."""

    def __init__(self, folder: Path, images: Sequence[LabelledImage], encode: Encode, out: Path, *, encoder: str, size: int,
                 copies: int, seed: int, report: Callable[[str], None] = print):
        """`encoder` is the hash of what `encode` runs: embeddings of another one are refused."""
        self._size, self._encode, self._out = size, encode, out
        out.mkdir(parents=True, exist_ok=True)
        self._claim(encoder)
        paths = sorted(path for path in folder.glob("*/*.npz"))
        if not paths:
            raise InvalidInputError("volumes must be a folder with <modality>/<name>.npz, got none")
        objects: dict[tuple[str, str], list[ObjectInVolume]] = {}
        volumes: Counter[tuple[str, str]] = Counter()
        for number, path in enumerate(paths):
            key = group(path)
            volumes[key] += 1
            for copy in range(copies):
                objects.setdefault(key, []).extend(self._volume(path, copy, [seed, number, copy]))
            report(f"encoded {number + 1} of {len(paths)} volumes")
        weights = group_weights(volumes)
        self.groups = [Group("/".join(key), weights[key], found)
                       for key, found in objects.items() if found]
        if images:
            made = self._slices(images, 2 * len(paths), seed, report)
            weight = sum(group.weight for group in self.groups) * SLICE_SHARE / (1 - SLICE_SHARE)
            self.groups.append(Group("single slices", weight, made))

    def _claim(self, encoder: str) -> None:
        note, made_by = self._out / "encoder.json", {"sha256": encoder, "size": self._size}
        if not note.is_file():
            note.write_text(json.dumps(made_by) + "\n")
        elif json.loads(note.read_text()) != made_by:
            raise InvalidInputError(f"embeddings must be of encoder {encoder[:12]} at {self._size} pixels, got those of another: "
                                    "name an empty folder")

    def _volume(self, path: Path, copy: int, seed: Sequence[int]) -> list[ObjectInVolume]:
        file = self._out / path.parent.name / f"{path.stem}.{copy}.npz"
        if not file.is_file():
            pixels, labels = grey_volume(path)
            rng = np.random.default_rng(seed) if copy else None
            planes = _alike(pixels, labels, rng) if rng else list(zip(pixels, labels, strict=True))
            self._write(file, planes, rng)
        return self._read(file)

    def _write(self, file: Path, planes: list[tuple[np.ndarray, np.ndarray]], rng: np.random.Generator | None) -> None:
        rows, columns = planes[0][1].shape
        size, cells = self._size, self._size // 2
        scale = size / max(rows, columns)
        height, width = frame(rows, columns, size, rng) if rng else (int(rows * scale + 0.5), int(columns * scale + 0.5))
        scales = np.array([width / columns, height / rows])
        ranges: dict[int, tuple[int, int]] = {}
        drawn: dict[int, np.ndarray] = {}
        for z, (_, labels) in enumerate(planes):
            for label, box in bounds(labels).items():
                ranges[label] = ranges.get(label, (z, z))[0], z
                drawn[label] = union(drawn.get(label), np.array(box, float))
        kept = [label for label in drawn if ((drawn[label][2:] - drawn[label][:2] + 1) * scales).min() >= _SMALLEST_SIDE]
        slices = sorted({z for label in kept for z in range(ranges[label][0], ranges[label][1] + 1)})
        state = rng.bit_generator.state if rng else None
        embeddings = []
        for z in slices:
            resized = cv2.resize(planes[z][0], (width, height), interpolation=cv2.INTER_LINEAR)
            if rng:
                rng.bit_generator.state = state
                plane = recolour(resized[None].astype(np.float32), rng)[0]
            else:
                plane = _stretched(resized)
            embeddings.append(self._encode(np.broadcast_to(pad(plane, size), (3, size, size))).astype(np.float16))
        # The grid of the logits, where the loss compares.
        inner = max(1, round(width / 2)), max(1, round(height / 2))
        masks = [pad(cv2.resize((planes[z][1] == label).astype(np.uint8) * 255, inner, interpolation=cv2.INTER_AREA
                                if scales.min() < 2 else cv2.INTER_LINEAR), cells)
                 for label in kept for z in range(ranges[label][0], ranges[label][1] + 1)]
        _save(file, np.array(embeddings), masks=np.array(masks, np.uint8), slices=np.array(slices, int),
              half=(scales / (2 * size)).astype(np.float32), ranges=np.array([ranges[label] for label in kept], int).reshape(-1, 2),
              drawn=np.array([drawn[label] * np.tile(scales, 2) / size for label in kept], np.float32).reshape(-1, 4))

    def _read(self, file: Path) -> list[ObjectInVolume]:
        with np.load(file) as saved:
            masks, slices, half, ranges, drawn = (saved[key] for key in ("masks", "slices", "half", "ranges", "drawn"))
        if not len(ranges):
            return []
        embeddings = np.load(file.with_suffix(".npy"), mmap_mode="r")
        sides = (drawn[:, 2:] - drawn[:, :2]) + 2 * half
        # The steady rules paint the smaller prompt on top; of those equally large, the later one.
        order = np.argsort(-np.round(sides.prod(1) * (ranges[:, 1] - ranges[:, 0] + 1), 9), kind="stable")
        places = np.argsort(order)
        ends = np.cumsum(ranges[:, 1] - ranges[:, 0] + 1)
        split = np.split(masks, ends[:-1])
        found = []
        for k, ((first, last), box) in enumerate(zip(ranges, drawn, strict=True)):
            depth, start = last - first + 1, int(np.searchsorted(slices, first))
            planes = np.arange(first, last + 1)
            others = np.arange(len(drawn)) != k
            aside = np.stack([relative_height(planes, *ends) for ends in ranges], axis=1)[:, others]
            over = [(int(ranges[j, 0] - first), split[j]) for j in np.flatnonzero(others & (places > places[k]))]
            found.append(ObjectInVolume(embeddings[start:start + depth], split[k], box, half,
                                        relative_height(planes, first, last).astype(np.float32),
                                        Others(drawn[others], np.abs(aside).astype(np.float32),
                                               np.sign(places[others] - places[k]).astype(np.float32), over)))
        return found

    def _slices(self, images: Sequence[LabelledImage], count: int, seed: int,
                report: Callable[[str], None]) -> list[ObjectInVolume]:
        """Single slices that move and shrink: more kinds of objects than there are volumes."""
        tracks = TrackBatches(images, self._encode, size=self._size, batch=1, seed=seed, steps=_SLICE_STEPS, real=0.0)
        made = []
        for number in range(count):
            file = self._out / "slices" / f"{number:05}.npz"
            if not file.is_file():
                batch = tracks[number]
                cells = self._size // 2
                masks = [cv2.resize(mask, (cells, cells), interpolation=cv2.INTER_AREA) for mask in batch.masks[:, 0].numpy()]
                _save(file, batch.embeddings[:, 0].half().numpy(), masks=np.array(masks), drawn=batch.drawn[0].numpy(),
                      half=batch.half[0].numpy(), heights=batch.heights[:, 0].abs().numpy())
            with np.load(file) as saved:
                made.append(ObjectInVolume(np.load(file.with_suffix(".npy"), mmap_mode="r"),
                                           *(saved[key] for key in ("masks", "drawn", "half", "heights")),
                                           Others.none(len(saved["heights"]))))
            report(f"encoded {number + 1} of {count} single slices")
        return made


def _save(file: Path, embeddings: np.ndarray, **arrays: np.ndarray) -> None:
    """The embeddings beside the rest, which comes last and at once: where it is, both are whole."""
    file.parent.mkdir(exist_ok=True)
    np.save(file.with_suffix(".npy"), embeddings)
    partial = file.with_suffix(".partial.npz")
    np.savez(partial, **arrays)
    partial.replace(file)


def _alike(pixels: np.ndarray, labels: np.ndarray, rng: np.random.Generator) -> list[tuple[np.ndarray, np.ndarray]]:
    """All slices turned and cut in the same way."""
    state = rng.bit_generator.state
    turned = []
    for plane, classes in zip(pixels, labels, strict=True):
        rng.bit_generator.state = state
        turned.append(flip_and_turn(plane[..., None], classes.astype(np.uint16), rng))
    shown = max(turned, key=lambda pair: np.count_nonzero(pair[1]))
    window = crop_window(shown[1], rng)
    return [(np.ascontiguousarray(plane[..., 0][window]), np.ascontiguousarray(classes[window])) for plane, classes in turned]


def _stretched(plane: np.ndarray) -> np.ndarray:
    """The pipeline's scaling to the slice's own range."""
    x = plane.astype(np.float32)
    return ((x - x.min()) / max(x.max() - x.min(), 1e-8) * 255 + 0.5).astype(np.uint8)
