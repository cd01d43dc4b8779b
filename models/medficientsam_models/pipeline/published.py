"""Volumes as the published programs segment them: from the middle slice of a box outwards, the next box round the last mask."""

import numpy as np

from .engines import Engine
from .overlap import Painter, later_on_top
from .rules import Published
from .slices import Slice, clipped


def volume(engine: Engine, images: np.ndarray, boxes: np.ndarray, rules: Published) -> np.ndarray:
    """(D, H, W) or (D, H, W, 3) uint8 and boxes (N, 6) -> labels (D, H, W).

    Each box starts on its middle slice; from there outwards the next slice's box is made of the last mask, or is the original one
    where that was empty. All boxes advance together, so that a slice is encoded at most twice.
    """
    depth = len(images)
    if rules.whole_voxel_boxes:
        boxes = np.trunc(boxes)
    painter = Painter(images.shape[:3], later_on_top(boxes))
    drawn = rules.prompting.prompts(clipped(boxes[:, [0, 1, 3, 4]], images.shape[1:3]), *images.shape[1:3], engine.input_size)  # (N, 4)
    first = np.maximum(boxes[:, 2], 0).astype(int)
    if rules.last_slice_included:
        last = np.minimum(boxes[:, 5], depth - 1).astype(int)
        middle = (first + last) // 2
    else:
        end = np.minimum(boxes[:, 5], depth).astype(int)
        middle = np.minimum((first + end) // 2, depth - 1)
        last = np.maximum(end - 1, middle)                                            # the middle slice is always segmented

    current = drawn.copy()

    def advance(z: int, active: np.ndarray) -> None:
        """Segments one slice of the active boxes and lets their current box follow the mask."""
        if active.size:
            seen = Slice(engine, images[z], interpolation=rules.interpolation)
            for i, mask in zip(active, seen.decoded(current[active]), strict=True):
                painter.paint(z, mask, i)
                following = rules.prompting.following(mask, i + 1, engine.input_size)
                current[i] = drawn[i] if following is None else following

    at_middle = drawn.copy()
    for z in range(middle.min(), last.max() + 1):
        active = np.flatnonzero((middle <= z) & (z <= last))
        advance(z, active)
        started = active[middle[active] == z]
        at_middle[started] = current[started]
    current[:] = at_middle
    for z in range(middle.max() - 1, first.min() - 1, -1):
        advance(z, np.flatnonzero((first <= z) & (z < middle)))
    return painter.labels
