"""From a challenge case to its label map: the pipeline that the Java segmenter runs, in Python, to validate and to check.

    uint8 image -> resized, min-max scaled, padded square -> embedding -> per box, mask logits -> mask -> label map

Boxes are pixel indices, both ends inclusive; the network sees them divided by the longer side of the image.
"""

import numpy as np

from . import published, steady
from .engines import Engine
from .overlap import Painter, later_on_top, smaller_on_top
from .rules import MEDFICIENTSAM, Rules, Steady
from .slices import Slice, clipped


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
    painter = Painter(image.shape[:2], smaller_on_top(boxes) if isinstance(rules, Steady) else later_on_top(boxes))
    for i, mask in enumerate(Slice(engine, image).masks(boxes)):
        painter.paint(..., mask, i)
    return painter.labels
