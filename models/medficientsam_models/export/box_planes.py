"""What each pixel knows of a box (networks/box_features.py), as planes that are rows, columns or numbers wherever they can be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .graph import Graph
from .pixel_arithmetic import Pixels, Planes, Rows

_CLAMP = 2.0
_LOGARITHMS = (-3.5, 1.0)  # of half sides from 0.4 pixels in 2048 to the whole image, halved


@dataclass(frozen=True)
class Box:
    """Centres and half sides by axis, (N, 1) each, or (N, K, 1) for K boxes."""

    centre: dict[str, str]
    half: dict[str, str]

    @classmethod
    def placed(cls, graph: Graph, boxes: str, input_size: int, axis: int = 1) -> Box:
        """Of boxes (N, 4) or (N, K, 4) with x0 y0 x1 y1 along ``axis``."""
        pixel = 1 / input_size
        x0, y0, x1, y1 = (graph.slice(boxes, axis, i, i + 1) for i in range(4))
        # A quarter of a pixel outwards in all, and never less than three eighths wide: a box may be one pixel or one line.
        sides = (("x", x0, x1), ("y", y0, y1))
        centre = {name: graph.affine(graph.add(low, high), 0.5, 0.125 * pixel) for name, low, high in sides}
        half = {name: graph.affine(graph.op("Sub", high, low), 0.5, 0.375 * pixel) for name, low, high in sides}
        return cls(centre, half)


@dataclass(frozen=True)
class PixelFeatures:
    """Planes over a grid of size x size pixels of sub x sub sub-pixels, and which of a layer's inputs and outputs each belongs to."""

    graph: Graph
    shape: str  # (N, 1, size, size), a tensor
    size: int
    planes: list[Planes]
    feature: list[int]  # of each channel
    sub_pixels: list[np.ndarray]  # (sub * sub) of each channel: 1 for the sub-pixels that it tells something

    def rows(self, pixels: Pixels) -> Rows:
        """(N, size * size, channels)"""
        return pixels.of_planes(self.planes, self.shape, self.size**2)

    def channels_first(self) -> str:
        """float32 (N, channels, size * size)"""
        wide = [self.graph.reshape(self.graph.op("Expand", part.name, self.shape), -1, part.channels, self.size**2) for part in self.planes]
        return self.graph.op("Concat", *wide, axis=1)

    def weight(self, weight: np.ndarray) -> np.ndarray:
        """A layer (out, features) that every sub-pixel goes through, as (sub * sub * out, channels)."""
        columns = [np.outer(where, weight[:, i]).reshape(-1) for i, where in zip(self.feature, self.sub_pixels, strict=True)]
        return np.stack(columns, axis=1)


def grid_shape(graph: Graph, boxes: str, size: int) -> str:
    """(N, 1, size, size) as a tensor."""
    return graph.op("Concat", graph.op("Shape", boxes, start=0, end=1), graph.constant([1, size, size], np.int64), axis=0)


def box_features(pixels: Pixels, boxes: str, box: Box, size: int, sub: int, input_size: int) -> PixelFeatures:
    g = pixels.graph
    centres = (np.arange(size * sub) + 0.5) / (size * sub)
    line = {"x": (1, sub, 1, size), "y": (1, sub, size, 1)}  # of a feature that depends on one axis only
    crossed = {"x": (-1, 1, sub, 1, size), "y": (-1, sub, 1, size, 1)}
    relative, squared, inside = {}, {}, {}
    for axis in "xy":
        grid = g.constant(centres.reshape(size, sub).T.reshape(line[axis]))
        half = g.reshape(box.half[axis], -1, 1, 1, 1)
        offset = g.op("Sub", grid, g.reshape(box.centre[axis], -1, 1, 1, 1))
        relative[axis] = g.clip(g.op("Div", offset, half), -_CLAMP, _CLAMP)
        squared[axis] = g.op("Mul", relative[axis], relative[axis])
        margin = g.op("Mul", g.op("Sub", half, g.op("Abs", offset)), g.constant(input_size))
        inside[axis] = g.reshape(margin, *crossed[axis])
    squares = [g.reshape(squared[axis], *crossed[axis]) for axis in "xy"]
    radius = g.affine(g.op("Sqrt", g.add(g.add(squares[0], g.constant(1e-6)), squares[1])), 1, -1)  # 0 on the inscribed ellipse
    side = g.op("Min", inside["x"], inside["y"])
    smaller = g.op("Mul", g.op("Min", box.half["x"], box.half["y"]), g.constant(-0.5 * input_size))
    ellipse = g.op("Mul", radius, g.reshape(smaller, -1, 1, 1, 1, 1))
    planes, feature, sub_pixels = [], [], []

    def add(parts: list[Planes], index: int, where: list[np.ndarray]) -> None:
        for part in parts:
            planes.append(part)
            feature.extend([index] * part.channels)
            sub_pixels.extend(where)

    one = np.eye(sub)
    of_axis = {"x": [np.tile(one[i], sub) for i in range(sub)], "y": [np.repeat(one[i], sub) for i in range(sub)]}
    for i, axis in enumerate("xy"):
        add([Planes(relative[axis], sub, -_CLAMP, _CLAMP)], i, of_axis[axis])
        add([Planes(g.op("Sub", squared[axis], g.constant(1)), sub, -1, _CLAMP**2 - 1)], 2 + i, of_axis[axis])
        logarithm = g.op("Mul", g.op("Log", g.op("Mul", box.half[axis], g.constant(8))), g.constant(0.5))
        add(pixels.number(g.reshape(logarithm, -1, 1, 1, 1), *_LOGARITHMS), 8 + i, [np.ones(sub * sub)])
    add([Planes(g.reshape(radius, -1, sub * sub, size, size), sub * sub, -1, 2)], 4, list(np.eye(sub * sub)))
    for index, x, factor in ((5, side, 0.5), (6, side, 0.06), (7, ellipse, None)):
        scaled = x if factor is None else g.op("Mul", x, g.constant(factor))
        scaled = pixels.clamped(g.reshape(scaled, -1, sub * sub, size, size), -_CLAMP, _CLAMP)
        add([Planes(scaled, sub * sub, -_CLAMP, _CLAMP)], index, list(np.eye(sub * sub)))
    return PixelFeatures(g, grid_shape(g, boxes, size), size, planes, feature, sub_pixels)
