"""Closer looks at an image's small objects by the rules `steady`, written from models/SCHEMA.md."""

from dataclasses import dataclass

import numpy as np

SHRUNK = 1.5   # image pixels in a network pixel, above which there are windows; and how many times less a window must show
SMALL = 64     # network pixels: longer side of a box below which it gets one
SIDES = 4      # of a window, in longer sides of its box
LEAST = 32     # side of a window, image pixels
SHARED = 1.5   # how many times as large as its own a box's window may be
MOST = 16      # windows of an image
MARGIN_SHARE, MARGIN_PIXELS = 0.1, 2  # of the box's longer side; network pixels


@dataclass(frozen=True)
class Look:
    """A part of a picture, and the indices of the boxes that are decoded on it."""

    x: int
    y: int
    width: int
    height: int
    boxes: list[int]

    def shown(self, image: np.ndarray) -> np.ndarray:
        return image[self.y:self.y + self.height, self.x:self.x + self.width]

    def within(self, boxes: np.ndarray) -> np.ndarray:
        """Boxes (N, 4) as seen from the part's first row and column."""
        return boxes - np.array([self.x, self.y, self.x, self.y], np.float64)

    def placed(self, mask: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
        """A mask of the part in one of the picture (H, W)."""
        whole = np.zeros(shape, bool)
        whole[self.y:self.y + self.height, self.x:self.x + self.width] = mask
        return whole


def looks(boxes: np.ndarray, height: int, width: int, input_size: int) -> list[Look]:
    """Boxes (N, 4) inside a picture: which are decoded on all of it, if any, first, and which in which windows."""
    everything = Look(0, 0, width, height, list(range(len(boxes))))
    pixels = max(height, width) / input_size
    if pixels <= SHRUNK or MOST == 0:
        return [everything]
    own = np.maximum(SIDES * longer_sides(boxes), LEAST)
    small = [int(i) for i in np.argsort(-own, kind="stable") if longer_sides(boxes)[i] < SMALL * pixels]
    larger, found = 1, None
    while found is None:
        found = _windows(boxes, own * larger, small, height, width)
        larger *= 2
    shown = {i for look in found for i in look.boxes}
    left = [i for i in everything.boxes if i not in shown]
    return ([Look(0, 0, width, height, left)] if left else []) + found


def margins(boxes: np.ndarray, pixels: float) -> np.ndarray:
    """How far beyond its box each mask may reach, (N,), where a network pixel is so many of the image's."""
    return np.maximum(MARGIN_SHARE * longer_sides(boxes), MARGIN_PIXELS * pixels)


def longer_sides(boxes: np.ndarray) -> np.ndarray:
    return np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) + 1


def _windows(boxes: np.ndarray, sides: np.ndarray, small: list[int], height: int, width: int) -> list[Look] | None:
    """Of the boxes `small`, largest first; None if they are more than `MOST`."""
    found: list[Look] = []
    left = [i for i in small if sides[i] * SHRUNK <= max(height, width)]
    while left:
        if len(found) == MOST:
            return None
        look = _round(boxes[left[0]], int(np.ceil(sides[left[0]])), height, width)
        joining = [i for i in left if i == left[0] or (sides[i] * SHARED >= sides[left[0]] and _shows(look, boxes[i], height, width))]
        found.append(Look(look.x, look.y, look.width, look.height, sorted(joining)))
        left = [i for i in left if i not in joining]
    return found


def _round(box: np.ndarray, side: int, height: int, width: int) -> Look:
    """A square round a box, moved and cut to lie inside the picture."""
    columns, rows = min(side, width), min(side, height)
    x, y = (int(np.clip(np.floor((box[axis] + box[axis + 2] + 1) / 2 - length / 2 + 0.5), 0, whole - length))
            for axis, length, whole in ((0, columns, width), (1, rows, height)))
    return Look(x, y, columns, rows, [])


def _shows(look: Look, box: np.ndarray, height: int, width: int) -> bool:
    """Whether a box has half its longer side to spare on each side, or the picture's own end."""
    spare = longer_sides(box[None])[0] / 2
    return bool((look.x == 0 or look.x <= box[0] - spare) and (look.y == 0 or look.y <= box[1] - spare)
                and (look.x + look.width == width or box[2] + 1 + spare <= look.x + look.width)
                and (look.y + look.height == height or box[3] + 1 + spare <= look.y + look.height))
