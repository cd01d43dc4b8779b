"""From a challenge case to its label map: the pipeline that the Java segmenter runs, in Python, to validate and to check.

    uint8 image -> resized, min-max scaled, padded square -> embedding -> per box, mask logits -> mask -> label map

Boxes are pixel indices, both ends inclusive; the network sees them divided by the longer side of the image.
"""

import numpy as np

from . import published, steady
from .engines import Engine
from .frame import extremes
from .overlap import Painter, later_on_top, smaller_on_top
from .rules import MEDFICIENTSAM, Rules, Steady
from .slices import Slice, clipped
from .windows import looks, margins


def segment(engine: Engine, images: np.ndarray, boxes: np.ndarray, rules: Rules = MEDFICIENTSAM) -> np.ndarray:
    """Label map uint16 of a case, box i as label i + 1.

    Boxes (N, 4) make it an image (H, W) or (H, W, 3), boxes (N, 6) a volume (D, H, W) or (D, H, W, 3). The rules `steady` need
    an engine that is `Propagating` for volumes.
    """
    boxes = np.atleast_2d(boxes)
    if boxes.shape[1] == 4:
        return segment_image(engine, images, boxes, rules)
    return steady.volume(engine, images, boxes, rules.settings) if isinstance(rules, Steady) else published.volume(
        engine, images, boxes, rules)


def segment_image(engine: Engine, image: np.ndarray, boxes: np.ndarray, rules: Rules = MEDFICIENTSAM) -> np.ndarray:
    """(H, W) or (H, W, 3) uint8 and boxes (N, 4) -> labels (H, W)."""
    boxes = clipped(boxes, image.shape[:2])
    if isinstance(rules, Steady):
        return _steady_image(engine, image, boxes)
    painter = Painter(image.shape[:2], later_on_top(boxes))
    prompts = rules.prompting.prompts(boxes, *image.shape[:2], engine.input_size)
    for i, mask in enumerate(Slice(engine, image, interpolation=rules.interpolation).decoded(prompts)):
        painter.paint(..., mask, i)
    return painter.labels


def _steady_image(engine: Engine, image: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    painter = Painter(image.shape[:2], smaller_on_top(boxes))
    for look in looks(boxes, *image.shape[:2], engine.input_size):
        part = look.shown(image)
        seen = Slice(engine, part, None if part.shape == image.shape else extremes(image))
        spare = margins(boxes, max(part.shape[:2]) / engine.input_size)
        for i, mask in zip(look.boxes, seen.masks(look.within(boxes[look.boxes])), strict=True):
            painter.paint(..., _kept(look.placed(mask, image.shape[:2]), boxes[i], spare[i]), i)
    return painter.labels


def _kept(mask: np.ndarray, box: np.ndarray, margin: float) -> np.ndarray:
    """A mask where it lies within a box (4,) and a margin."""
    low, high = np.maximum(np.ceil(box[:2] - margin), 0).astype(int), np.floor(box[2:] + margin).astype(int) + 1
    kept = np.zeros_like(mask)
    kept[low[1]:high[1], low[0]:high[0]] = mask[low[1]:high[1], low[0]:high[0]]
    return kept
