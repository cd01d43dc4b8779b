"""The decoder for volumes as a fast ONNX graph, from the same state dict as networks/nano_propagator.py.

Its prompts enter where the box's features do: as more channels beside the pixels before the first attention, as more planes in the
product that upscales them, and the comparison with the object as another weight of the embedding, one for each box.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import onnx

from .box_planes import Box, PixelFeatures, box_features, grid_shape
from .graph import Graph, State
from .nano import count
from .nano_decoder import NanoDecoderWriter
from .nano_two_way import PixelState
from .pixel_arithmetic import Pixels, Planes, Rows

FEATURES = 10  # of a pixel relative to a box, see box_features
_EDGE = 5  # pixels of the embedding, see networks/prototypes.py
_NOWHERE = 1e4  # taken from the presence of an object that does not count: any value that brings it below 0
_HEIGHT = 2.0  # u8 planes of heights end there


def propagator(state: State, size: int, heads: int, *, eight_bit: bool = False) -> onnx.ModelProto:
    """The decoder with ``mask_input`` (N, 1, size/2, size/2), ``has_mask_input`` (N, 1), ``prompt_boxes`` (N, 4), ``heights`` (N, 1),
    ``other_boxes`` (N, K, 4), ``other_heights`` and ``other_ranks`` (N, K), ``start_appearance`` (N, A), to the decoder's outputs
    and ``appearance`` (N, A); keys without ``decoder.``"""
    state = {f"decoder.{key}": value for key, value in state.items()}
    writer = NanoPropagatorWriter(Graph("nano-propagator"), state, size, eight_bit=eight_bit)
    writer.write(heads)
    return writer.graph.model()


@dataclass(frozen=True)
class _Others:
    """The case's other prompts."""

    boxes: str
    heights: str
    ranks: str


class NanoPropagatorWriter(NanoDecoderWriter):
    """The decoder with the mask of the neighbouring slice, the whole prompt, the other prompts, and what the object looked like."""

    def __init__(self, graph: Graph, state: State, size: int, *, eight_bit: bool) -> None:
        super().__init__(graph, state, size, eight_bit=eight_bit)
        g, side = graph, self.side
        mask = g.input("mask_input", ("N", 1, 4 * side, 4 * side))
        self.known = g.reshape(g.input("has_mask_input", ("N", 1)), -1, 1, 1, 1)
        mask = g.op("Mul", g.op("Tanh", g.op("Mul", mask, g.constant(0.5))), self.known)
        patches = g.transpose(g.reshape(mask, -1, side, 4, side, 4), 0, 2, 4, 1, 3)
        self.patches = g.reshape(patches, -1, 16, side, side)  # a plane for each place in a pixel's 4 x 4 of the mask
        self.prompt_boxes = g.input("prompt_boxes", ("N", 4))
        self.prompt = Box.placed(g, self.prompt_boxes, size)
        self.height = g.reshape(g.input("heights", ("N", 1)), -1, 1, 1, 1)
        self.squared_height = g.op("Mul", self.height, self.height)
        self.others = _Others(*(g.input(f"other_{name}", ("N", "K", *axes)) for name, axes in
                                (("boxes", (4,)), ("heights", ()), ("ranks", ()))))  # fmt: skip
        looks, self.told = state["decoder.look_object.weight"].shape
        seen_in_object = g.linear(g.input("start_appearance", ("N", self.told)), state["decoder.look_object.weight"])
        self.seen = g.reshape(seen_in_object, -1, looks, 1)

    def weight(self, key: str) -> np.ndarray:
        return self.state[f"decoder.{key}.weight"].astype(np.float64)

    def keys(self) -> PixelState:
        g, count = self.graph, self.side**2
        pixels = super().keys()
        weight, bias = self.layer("mask_key.0")
        mask = g.matmul(g.constant(weight[:, :-1]), g.reshape(self.patches, -1, 16, count))
        known = g.op("Mul", g.reshape(self.known, -1, 1, 1), g.constant(weight[:, -1:]))
        mask = g.op("Relu", g.add(mask, g.add(known, g.constant(bias[:, None]))))
        weight, bias = self.layer("prompt_key.0")
        features = self.drawn(Pixels(g), 1)
        prompt = g.matmul(g.constant(features.weight(weight[:, :FEATURES])), features.channels_first())
        where = g.op("Concat", self.height, self.squared_height, axis=1)
        where = g.matmul(g.constant(weight[:, FEATURES:]), g.reshape(where, -1, 2, 1))
        prompt = g.op("Relu", g.add(prompt, g.add(where, g.constant(bias[:, None]))))
        weight, bias = self.layer("other_key.0")
        others = g.matmul(g.constant(weight), g.reshape(self.presence(1), -1, 2, count))
        others = g.op("Relu", g.add(others, g.constant(bias[:, None])))
        # Looks of the four sub-pixels, averaged; what of them the object has, weighs them.
        look = self.weight("look_pixel")
        alike = self.embedding.coarse(np.tile(look / 4, 4), np.zeros(len(look)))
        batch = g.op("Shape", self.boxes, start=0, end=1)
        alike = g.op("Expand", g.transpose(alike, 0, 2, 1), g.op("Concat", batch, g.constant([1, 1], np.int64), axis=0))
        matrix = np.concatenate([self.weight(f"{name}_key.2").T for name in ("mask", "prompt", "other")])
        matrix = g.op("Concat", pixels.matrix, g.constant(matrix[None]), axis=1)
        matrix = g.op("Expand", matrix, g.op("Concat", batch, g.constant([1, 1], np.int64), axis=0))
        compared = g.op("Mul", self.seen, g.constant(self.weight("look_key").T[None]))
        matrix = g.op("Concat", matrix, compared, axis=1)
        return PixelState(pixels.base, g.op("Concat", pixels.extra, mask, prompt, others, alike, axis=1), matrix)

    def blocks(self) -> list[str]:
        return [*super().blocks(), *(f"more.{i}" for i in range(count(self.state, "decoder.more.")))]

    def prompted(self) -> list[tuple[Rows, np.ndarray]]:
        g, pixels, side = self.graph, self.pixels, self.side
        features = self.drawn(pixels, 2)
        numbers = [
            pixels.number(self.known, 0, 1),
            pixels.number(self.height, -_HEIGHT, _HEIGHT),
            pixels.number(self.squared_height, 0, _HEIGHT**2),
        ]
        planes = [Planes(self.patches, 16, -1, 1), Planes(self.presence(2), 8, 0, 1), *(part for parts in numbers for part in parts)]
        mask, prompt, other = (self.weight(f"{name}_up0") for name in ("mask", "prompt", "other"))
        columns = []
        for row, column in np.ndindex(4, 4):  # each value of the mask belongs to the sub-pixel it lies in
            where = np.eye(4)[row // 2 * 2 + column // 2]
            columns.append(np.outer(where, mask[:, row % 2 * 2 + column % 2]))
        columns += [np.outer(where, other[:, i]) for i in range(2) for where in np.eye(4)]
        for parts, layer in zip(numbers, (mask[:, -1], prompt[:, FEATURES], prompt[:, FEATURES + 1]), strict=True):
            columns += [np.outer(np.ones(4), layer)] * len(parts)
        rows = pixels.of_planes(planes, grid_shape(g, self.boxes, side), side**2)
        weight = np.stack([column.reshape(-1) for column in columns], axis=1)
        return [(features.rows(pixels), features.weight(prompt[:, :FEATURES])), (rows, weight)]

    def skip(self, centred: np.ndarray) -> str:
        """The comparison with the object is linear in the embedding too, by weights that the object gives."""
        g, side = self.graph, self.side
        rows = g.transpose(g.reshape(self.image, 1, side, 2, side, 2 * self.channels), 0, 1, 3, 2, 4)
        rows = g.reshape(rows, 1, 4 * side * side, self.channels)
        compared = g.op("Mul", self.seen, g.constant((centred @ self.weight("look_up0")).T[None]))
        compared = g.matmul(g.constant(self.weight("look_pixel").T), compared)  # (N, E, C)
        return g.matmul(rows, g.add(compared, g.constant((centred @ self.weight("skip")[:, :, 0, 0]).T)))

    def outputs(self, mask: str) -> None:
        """``appearance``: mean embeddings of the object, of what is beside it in its prompt and, if asked for, of its edge.

        See networks/prototypes.py.
        """
        g, fine = self.graph, 2 * self.side
        inside = g.op("AveragePool", g.op("Sigmoid", mask), kernel_shape=[2, 2], strides=[2, 2])
        inside = g.reshape(inside, -1, 1, fine, fine)
        beside = g.op("Sub", g.constant(1), inside)
        centres = g.constant(((np.arange(fine) + 0.5) / fine)[None])
        for axis, layout in (("x", (-1, 1, 1, fine)), ("y", (-1, 1, fine, 1))):
            margin = g.op("Sub", self.prompt.half[axis], g.op("Abs", g.op("Sub", centres, self.prompt.centre[axis])))
            covered = g.clip(g.affine(margin, fine, 0.5), 0, 1)
            beside = g.op("Mul", beside, g.reshape(covered, *layout))
        parts = [inside, beside]
        if self.told > 2 * self.channels:
            window = {"kernel_shape": [_EDGE, _EDGE], "pads": [_EDGE // 2] * 4, "strides": [1, 1]}
            parts.append(g.add(inside, g.op("MaxPool", g.op("Neg", inside), **window)))
            parts.append(g.op("Sub", g.op("MaxPool", inside, **window), inside))
        weights = g.reshape(g.op("Concat", *parts, axis=1), -1, len(parts), fine * fine)
        total = g.affine(g.op("ReduceSum", weights, g.constant([2], np.int64), keepdims=1), 1, 1e-3)
        means = g.reshape(g.op("Div", g.matmul(weights, self.image), total), -1, self.told)
        g.output(means, "appearance", ("N", self.told))

    def drawn(self, pixels: Pixels, sub: int) -> PixelFeatures:
        """What a pixel knows of the prompt's box."""
        return box_features(pixels, self.prompt_boxes, self.prompt, self.side, sub, self.size)

    def presence(self, sub: int) -> str:
        """Of smaller and of larger others in each pixel: (N, 2 * sub * sub, side, side), see networks/presence.py."""
        g, side = self.graph, self.side
        centres = g.constant((np.arange(side * sub) + 0.5) / (side * sub))
        box = Box.placed(g, self.others.boxes, self.size, 2)
        squared = {}
        for axis in "xy":
            relative = g.op("Div", g.op("Sub", centres, box.centre[axis]), box.half[axis])  # (N, K, side * sub)
            squared[axis] = g.affine(g.op("Mul", relative, relative), -0.5, 0)
        height = g.op("Unsqueeze", self.others.heights, g.constant([2], np.int64))
        rank = g.op("Unsqueeze", self.others.ranks, g.constant([2], np.int64))
        rows = g.op("Unsqueeze", squared["y"], g.constant([3], np.int64))
        columns = g.op("Sub", g.affine(squared["x"], 1, 1), g.affine(g.op("Mul", height, height), 0.5, 0))
        found = []
        for sign in (1, -1):
            # Others of the wrong rank are sent away per column (N K side values): per pixel (N K side^2) it would take most of the time.
            of_rank = g.add(columns, g.affine(g.op("Relu", g.op("Mul", rank, g.constant(sign))), _NOWHERE, -_NOWHERE))
            near = g.add(g.op("Unsqueeze", of_rank, g.constant([2], np.int64)), rows)  # (N, K, side * sub, side * sub)
            most = g.clip(g.op("ReduceMax", near, g.constant([1], np.int64), keepdims=0), 0, 1)
            most = g.transpose(g.reshape(most, -1, side, sub, side, sub), 0, 2, 4, 1, 3)
            found.append(g.reshape(most, -1, sub * sub, side, side))
        return g.op("Concat", *found, axis=1)
