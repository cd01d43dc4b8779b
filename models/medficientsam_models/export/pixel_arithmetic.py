"""What a decoder computes for every pixel, in fp32 or in u8, written once.

`Rows` hold the channels of all pixels, one row a pixel: values, or in u8 the levels of values low + step * level. Linear layers,
convolutions and the activations between them take and give rows. Several rows enter one product side by side, which is how
a residual sum, the layer after it and what a pixel knows of its box become a single pass over the pixels.

In u8 the weights are s8 in -63..63, per output channel, see quantise.py for why not more. No calibration is needed: what enters
has passed a ReLU6, a layer norm or a clamp, so that its range is known beforehand; the embedding's is measured as it comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np

from .graph import MICROSOFT, Graph

RELU6 = 6.0
_LEVELS = 255
_WEIGHTS = 63  # the largest level of a weight
_FAR_LARGER = 0.5
_DIGIT = 126  # levels of a weight's second digit in one of the first


@dataclass(frozen=True)
class Rows:
    """``name`` is (N, pixels, channels); ``low`` and ``step`` (channels) say what u8 levels mean, ``mean`` what values to expect."""

    name: str
    low: np.ndarray
    step: np.ndarray
    mean: np.ndarray

    @property
    def channels(self) -> int:
        return self.low.size


@dataclass(frozen=True)
class Planes:
    """Some channels of pixels, one plane a channel: float32 (N, channels, ...) that broadcasts to the grid, within low..high."""

    name: str
    channels: int
    low: float
    high: float


@dataclass(frozen=True)
class Expected:
    """Mean and deviation (channels) of values that a batch or layer norm has made: its bias and its gain."""

    mean: np.ndarray
    deviation: np.ndarray

    def activated(self) -> np.ndarray:
        """Means after ReLU6, were the values normally distributed."""
        at = np.array([NormalDist().inv_cdf((i + 0.5) / 1000) for i in range(1000)])
        return np.clip(self.mean[:, None] + self.deviation[:, None] * at, 0, RELU6).mean(1)


class Pixels:
    """In float32, equal to PyTorch up to rounding. Weights are (out, in) or (out, in / groups, k, k) as PyTorch stores them."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def rows(self, x: str, channels: int, low: float, high: float) -> Rows:
        """Rows of float32 (N, pixels, channels) that lie within low..high; in u8 what lies beyond saturates."""
        return Rows(x, np.zeros(channels), np.ones(channels), np.zeros(channels))

    def of_planes(self, planes: Sequence[Planes], shape: str, pixels: int) -> Rows:
        """Planes as rows of a grid: a tensor with its ``shape`` (N, 1, ...), to which the planes broadcast, and its ``pixels``."""
        g, parts = self.graph, [self.rows(part.name, part.channels, part.low, part.high) for part in planes]
        # Only now spread over the grid: most planes are a row, a column or a number.
        wide = [g.reshape(g.op("Expand", part.name, shape), -1, part.channels, pixels) for part in parts]
        low, step, mean = (np.concatenate([getattr(part, field) for part in parts]) for field in ("low", "step", "mean"))
        return Rows(g.transpose(g.op("Concat", *wide, axis=1), 0, 2, 1), low, step, mean)

    def clamped(self, x: str, low: float, high: float) -> str:
        """What `rows` or planes with the same ends need not do again."""
        return self.graph.clip(x, low, high)

    def number(self, x: str, low: float, high: float) -> list[Planes]:
        """A number of each box, float32 (N, 1, ...), as planes whose sum it is."""
        return [Planes(x, 1, low, high)]

    def product(self, parts: Sequence[Rows], weight: np.ndarray, bias: np.ndarray) -> str:
        """Linear layer over the channels of all parts: float32 (N, pixels, out)."""
        return self.graph.linear(self.joined(parts), weight, bias)

    def activated_product(self, parts: Sequence[Rows], weight: np.ndarray, bias: np.ndarray, expected: Expected) -> Rows:
        """The same after ReLU6, before which the values are as ``expected``."""
        return self.activated(self.product(parts, weight, bias), expected)

    def activated_conv(self, x: Rows, side: int, weight: np.ndarray, bias: np.ndarray, expected: Expected) -> Rows:
        """Same-padded square convolution and ReLU6 of side x side pixels that have passed a ReLU6 themselves."""
        g, channels = self.graph, len(weight)
        image = g.reshape(g.transpose(x.name, 0, 2, 1), -1, x.channels, side, side)
        image = g.conv(image, weight, bias, groups=x.channels // weight.shape[1])
        return self.activated(g.transpose(g.reshape(image, -1, channels, side * side), 0, 2, 1), expected)

    def activated(self, x: str, expected: Expected) -> Rows:
        """ReLU6 of float32 (N, pixels, channels)."""
        rows = self.rows(self.clamped(x, 0, RELU6), expected.mean.size, 0, RELU6)
        return replace(rows, mean=expected.activated())

    def row_major(self, x: Rows, side: int) -> Rows:
        """Sub-pixels in the order (row, column, sub-row, sub-column) of side x side pixels, row by row."""
        g = self.graph
        halves = g.transpose(g.reshape(x.name, -1, side, side, 2, 2 * x.channels), 0, 1, 3, 2, 4)
        return replace(x, name=g.reshape(halves, -1, 4 * side * side, x.channels))

    def by_box(self, x: Rows, weight: str) -> str:
        """Product of activated rows with a matrix of each box, float32 (N, channels, out)."""
        return self.graph.matmul(x.name, weight)

    def joined(self, parts: Sequence[Rows]) -> str:
        return self.graph.op("Concat", *(part.name for part in parts), axis=2) if len(parts) > 1 else parts[0].name

    def embedding(self, x: str, side: int, channels: int) -> Embedding:
        """An image's embedding, float32 (1, (2 side)^2, channels)."""
        return Embedding(self.graph, x, side, channels)


class Embedding:
    """The rows of an image's embedding in the order (row, column, sub-row, sub-column) of side x side pixels."""

    def __init__(self, graph: Graph, x: str, side: int, channels: int) -> None:
        self.graph = graph
        self.pixels = side * side
        self.channels = channels
        self.sub_pixels = graph.transpose(graph.reshape(x, 1, side, 2, side, 2 * channels), 0, 1, 3, 2, 4)

    def coarse(self, weight: np.ndarray, bias: np.ndarray) -> str:
        """Linear layer (out, 4 channels) over the four sub-pixels of each pixel: float32 (1, side^2, out)."""
        return self._linear(self.graph.reshape(self.sub_pixels, 1, self.pixels, 4 * self.channels), weight, bias)

    def fine(self, weight: np.ndarray) -> str:
        """Linear layer (out, channels) of each sub-pixel: float32 (1, 4 side^2, out)."""
        return self._linear(self.graph.reshape(self.sub_pixels, 1, 4 * self.pixels, self.channels), weight, None)

    def _linear(self, x: str, weight: np.ndarray, bias: np.ndarray | None) -> str:
        return self.graph.linear(x, weight, bias)


class EightBitPixels(Pixels):
    """Rows in u8, weights in s8, sums in 32 bits."""

    def rows(self, x: str, channels: int, low: float, high: float) -> Rows:
        g, step = self.graph, _step(low, high)
        zero_point = np.rint(-low / step)
        levels = g.op("QuantizeLinear", x, g.constant(step), g.constant(zero_point, np.uint8))
        return Rows(levels, np.full(channels, -zero_point * step), np.full(channels, step), np.zeros(channels))

    def clamped(self, x: str, low: float, high: float) -> str:
        return x

    def number(self, x: str, low: float, high: float) -> list[Planes]:
        g, step = self.graph, _step(low, high)
        coarse = g.op("Mul", g.op("Round", g.op("Mul", x, g.constant(1 / step))), g.constant(step))
        return [Planes(coarse, 1, low, high), Planes(g.op("Sub", x, coarse), 1, -step, step)]

    def product(self, parts: Sequence[Rows], weight: np.ndarray, bias: np.ndarray) -> str:
        g = self.graph
        x, levels, scale, bias = self._layer(parts, weight, bias)
        inputs = [g.constant(levels.T, np.int8), g.constant(1), g.constant(scale), g.constant(0, np.uint8)]
        inputs += [g.constant(np.zeros(scale.size), np.int8), g.constant(bias)]
        return g.op("MatMulIntegerToFloat", x, *inputs, domain=MICROSOFT)

    def activated_product(self, parts: Sequence[Rows], weight: np.ndarray, bias: np.ndarray, expected: Expected) -> Rows:
        # As a convolution of one long row: the kernel for products that give levels takes twice as long.
        g, axis = self.graph, self.graph.constant([1], np.int64)
        x, levels, scale, bias = self._layer(parts, weight, bias)
        image = self._conv(g.op("Unsqueeze", x, axis), levels[:, :, None, None], scale, bias)
        return self._activated(g.op("Squeeze", image, axis), expected)

    def activated_conv(self, x: Rows, side: int, weight: np.ndarray, bias: np.ndarray, expected: Expected) -> Rows:
        g, (out, depth) = self.graph, weight.shape[:2]
        groups = x.channels // depth
        levels, scale = _quantised(weight * (RELU6 / _LEVELS))
        lost = weight - levels * scale[:, None, None, None] * (_LEVELS / RELU6)
        bias = bias + (lost.sum((2, 3)).reshape(groups, -1, depth) @ x.mean.reshape(groups, depth, 1)).reshape(-1)
        image = self._conv(g.reshape(x.name, -1, side, side, x.channels), levels, scale, bias, groups)
        return self._activated(g.reshape(image, -1, side * side, out), expected)

    def by_box(self, x: Rows, weight: str) -> str:
        """The weights in two digits of s8, 14 bits in all."""
        g = self.graph
        largest = g.op("ReduceMax", g.op("Abs", weight), g.constant([1, 2], np.int64), keepdims=1)  # (N, 1, 1)
        unit = g.add(g.op("Mul", largest, g.constant(1 / _WEIGHTS)), g.constant(1e-12))
        levels = g.op("Div", weight, unit)
        first = g.op("Round", levels)
        second = g.op("Round", g.op("Mul", g.op("Sub", levels, first), g.constant(_DIGIT)))
        digits = g.op("Cast", g.op("Concat", first, second, axis=2), to=3)  # int8 (N, channels, 2 out)
        sums = g.op("Cast", g.op("MatMulInteger", x.name, digits), to=1)
        high, low = g.ops("Split", sums, outputs=2, axis=2, num_outputs=2)
        both = g.add(high, g.op("Mul", low, g.constant(1 / _DIGIT)))
        return g.op("Mul", both, g.op("Mul", unit, g.constant(RELU6 / _LEVELS)))

    def embedding(self, x: str, side: int, channels: int) -> Embedding:
        return _EightBitEmbedding(self.graph, x, side, channels)

    def _layer(self, parts: Sequence[Rows], weight: np.ndarray, bias: np.ndarray) -> tuple[str, np.ndarray, np.ndarray, np.ndarray]:
        """A layer over levels: those of all parts side by side, its levels (out, in), scale (out) and bias (out).

        Parts with far larger weights than the others would leave these few levels: they come twice, with half the weight each.
        """
        low, step, mean = (np.concatenate([getattr(part, field) for part in parts]) for field in ("low", "step", "mean"))
        weight_of_level = weight * step  # each channel's step moves into the weights
        owner = np.repeat(np.arange(len(parts)), [part.channels for part in parts])
        largest = np.stack([np.abs(weight_of_level[:, owner == i]).max(1) for i in range(len(parts))])
        twice = np.flatnonzero(np.median(largest / largest.max(0), axis=1) > _FAR_LARGER) if len(parts) > 1 else []
        again = np.isin(owner, twice)
        levels, scale = _quantised(weight_of_level, np.where(again, 2, 1))
        # What is lost of the weights by rounding them is not lost of the mean.
        rounded = levels * scale[:, None] / step
        bias = bias + rounded @ low + (weight - rounded) @ mean
        half = np.where(again, np.floor(levels / 2), levels)
        x = self.joined([*parts, *(parts[i] for i in twice)])
        return x, np.concatenate([half, (levels - half)[:, again]], axis=1), scale, bias

    def _conv(self, image: str, levels: np.ndarray, scale: np.ndarray, bias: np.ndarray, groups: int = 1) -> str:
        """Levels after ReLU6 of levels (N, h, w, C): saturation at the ends of 0..6 is the activation."""
        g, kernel = self.graph, levels.shape[-1]
        level, zero = g.constant(RELU6 / _LEVELS), g.constant(0, np.uint8)
        weights = [g.constant(levels, np.int8), g.constant(scale), g.constant(np.zeros(scale.size), np.int8)]
        return g.op(
            "QLinearConv", image, g.constant(1), zero, *weights, level, zero, g.constant(np.rint(bias / scale), np.int32),
            domain=MICROSOFT, channels_last=1, group=groups, kernel_shape=[kernel] * 2, pads=[kernel // 2] * 4, strides=[1, 1],
        )  # fmt: skip

    def _activated(self, x: str, expected: Expected) -> Rows:
        channels = expected.mean.size
        return Rows(x, np.zeros(channels), np.full(channels, RELU6 / _LEVELS), expected.activated())


class _EightBitEmbedding(Embedding):
    """Its range is that of its values."""

    def __init__(self, graph: Graph, x: str, side: int, channels: int) -> None:
        levels, self.step, self.zero_point = graph.ops("DynamicQuantizeLinear", x, outputs=3)
        super().__init__(graph, levels, side, channels)

    def _linear(self, x: str, weight: np.ndarray, bias: np.ndarray | None) -> str:
        g = self.graph
        levels, scale = _quantised(weight)
        none = g.constant(np.zeros(len(weight)), np.int8)
        inputs = [x, g.constant(levels.T, np.int8), self.step, g.constant(scale), self.zero_point, none]
        return g.op("MatMulIntegerToFloat", *inputs, *([] if bias is None else [g.constant(bias)]), domain=MICROSOFT)


def _step(low: float, high: float) -> float:
    """Of levels that reach either end of low..high and hold 0 as well."""
    return (high - low) / (_LEVELS if low == 0 else _LEVELS - 1)


def _quantised(weight: np.ndarray, times: np.ndarray | int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Levels, shaped as the weight (out, ...), and scale (out), where an input comes so many ``times``.

    The taps (k, k) of a kernel meet pixels that are much alike: rounding errors are passed on from tap to tap, so that their sum is small.
    """
    scale = np.maximum(np.abs(weight / times).reshape(len(weight), -1).max(1), 1e-12).astype(np.float64) / _WEIGHTS
    exact = weight / scale.reshape(-1, *[1] * (weight.ndim - 1))
    if weight.ndim == 2:
        return np.rint(exact), scale.astype(np.float32)
    sums = np.rint(np.cumsum(exact.reshape(*exact.shape[:2], -1), axis=2))
    return np.diff(sums, axis=2, prepend=0).reshape(exact.shape).clip(-_WEIGHTS, _WEIGHTS), scale.astype(np.float32)
