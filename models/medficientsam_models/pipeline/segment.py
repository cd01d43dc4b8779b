"""From a challenge case to its label map: the pipeline that the Java segmenter runs, in Python, to validate and to check.

    uint8 image -> resized, min-max scaled, padded square -> embedding -> per box, mask logits -> mask -> label map

Boxes are pixel indices, both ends inclusive; the network sees them divided by the longer side of the image.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .engines import Engine
from .frame import to_image, to_input

_BOXES_AT_ONCE = 4


@dataclass(frozen=True)
class Rules:
    """What differs between the ways a volume is walked through."""

    last_slice_included: bool
    whole_voxel_boxes: bool  # whether fractions of a volume's boxes are dropped


RULES: Mapping[str, Rules] = {
    "medficientsam": Rules(last_slice_included=True, whole_voxel_boxes=False),
    # As published: leaves the box's last slice empty.
    "medficientsam-original": Rules(last_slice_included=False, whole_voxel_boxes=True),
}


def segment(engine: Engine, images: np.ndarray, boxes: np.ndarray, rules: Rules = RULES["medficientsam"]) -> np.ndarray:
    """Label map uint16 of a case, box i as label i + 1; where masks overlap the later box wins.

    Boxes (N, 4) make it an image (H, W) or (H, W, 3), boxes (N, 6) a volume (D, H, W) or (D, H, W, 3).
    """
    boxes = np.atleast_2d(boxes)
    if boxes.shape[1] == 4:
        return segment_image(engine, images, boxes)
    return segment_volume(engine, images, boxes, rules)


def segment_image(engine: Engine, image: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """(H, W) or (H, W, 3) uint8 and boxes (N, 4) -> labels (H, W)."""
    height, width = image.shape[:2]
    labels = np.zeros((height, width), np.uint16)
    masks = _Slice(engine, image).masks(_clipped(boxes, width, height))
    for label, mask in enumerate(masks, start=1):
        labels[mask] = label
    return labels


def segment_volume(engine: Engine, volume: np.ndarray, boxes: np.ndarray, rules: Rules) -> np.ndarray:
    """(D, H, W) or (D, H, W, 3) uint8 and boxes (N, 6) -> labels (D, H, W).

    Each box starts on its middle slice; from there outwards the next slice's box is the bounding box of the last mask, or the
    original one where that was empty. All boxes advance together, so that a slice is encoded at most twice.
    """
    depth, height, width = volume.shape[:3]
    if rules.whole_voxel_boxes:
        boxes = np.trunc(boxes)
    labels = np.zeros((depth, height, width), np.uint16)
    flat = _clipped(boxes[:, [0, 1, 3, 4]], width, height)                            # (N, 4)
    first = np.maximum(boxes[:, 2], 0).astype(int)
    if rules.last_slice_included:
        last = np.minimum(boxes[:, 5], depth - 1).astype(int)
        middle = (first + last) // 2
    else:
        end = np.minimum(boxes[:, 5], depth).astype(int)
        middle = np.minimum((first + end) // 2, depth - 1)
        last = np.maximum(end - 1, middle)                                            # the middle slice is always segmented

    current = flat.copy()
    at_middle = flat.copy()
    for z in range(middle.min(), last.max() + 1):
        active = np.flatnonzero((middle <= z) & (z <= last))
        _advance(engine, volume[z], labels[z], current, flat, active)
        started = active[middle[active] == z]
        at_middle[started] = current[started]
    current = at_middle
    for z in range(middle.max() - 1, first.min() - 1, -1):
        active = np.flatnonzero((first <= z) & (z < middle))
        _advance(engine, volume[z], labels[z], current, flat, active)
    return labels


def _advance(engine: Engine, image: np.ndarray, labels: np.ndarray, current: np.ndarray, original: np.ndarray,
             active: np.ndarray) -> None:
    """Segments one slice of the active boxes and moves their current box to the mask's."""
    if not active.size:
        return
    for i, mask in zip(active, _Slice(engine, image).masks(current[active]), strict=True):
        np.maximum(labels, np.uint16(i + 1), out=labels, where=mask)
        current[i] = _bounds(mask) if mask.any() else original[i]


class _Slice:
    """One image, encoded once."""

    def __init__(self, engine: Engine, image: np.ndarray):
        self._engine = engine
        self._height, self._width = image.shape[:2]
        self._embedding = engine.encode(to_input(image, engine.input_size))

    def masks(self, boxes: np.ndarray) -> list[np.ndarray]:
        """Boxes (N, 4) in pixels -> N masks (H, W) bool."""
        scaled = (boxes / max(self._height, self._width)).astype(np.float32)
        return [mask
                for start in range(0, len(scaled), _BOXES_AT_ONCE)
                for logits in self._engine.decode(self._embedding, scaled[start:start + _BOXES_AT_ONCE])
                for mask in [to_image(logits, self._height, self._width, self._engine.input_size) > 0]]


def _clipped(boxes: np.ndarray, width: int, height: int) -> np.ndarray:
    return np.clip(boxes, 0, [width - 1, height - 1, width - 1, height - 1]).astype(np.float64)


def _bounds(mask: np.ndarray) -> np.ndarray:
    """First and last column and row of a mask: (4,) x_min, y_min, x_max, y_max."""
    columns, rows = np.flatnonzero(mask.any(0)), np.flatnonzero(mask.any(1))
    return np.array([columns[0], rows[0], columns[-1], rows[-1]], np.float64)
