"""The nano family's decoder as a fast ONNX graph, from the same state dict as networks/nano_decoder.py."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import onnx

from .blocks import Blocks
from .graph import Graph, State
from .nano import BATCH_NORM_EPS, count
from .two_way import Geometry, TwoWay, dense_positions, four_pixels

LAYER_NORM_EPS = 1e-6
FEATURES = 10  # of a pixel relative to a box, see box_features


def decoder(state: State, size: int, heads: int) -> onnx.ModelProto:
    """``image_embeddings`` (1, (size/4)^2, E) and ``boxes`` (N, 4) to ``low_res_masks`` (N, 1, size/2, size/2), ``iou``."""
    graph = Graph("nano-decoder")
    embedding, boxes = inputs(graph, state, size)
    return completed(DecoderGraph(graph, state, boxes, size), embedding, boxes, heads)


def inputs(graph: Graph, state: State, size: int) -> tuple[str, str]:
    """``image_embeddings`` and ``boxes``."""
    channels = state["decoder.key_proj.weight"].shape[1]
    return graph.input("image_embeddings", (1, (size // 4) ** 2, channels)), graph.input("boxes", ("N", 4))


def completed(parts: DecoderGraph, embedding: str, boxes: str, heads: int) -> onnx.ModelProto:
    """The whole graph: the transformer between the parts."""
    g, state, side, fine = parts.graph, parts.state, parts.size // 8, parts.size // 4
    transformer = TwoWay(g, state, "decoder.", parts.geometry(heads), LAYER_NORM_EPS)
    prompt = transformer.prompt(
        boxes,
        state["decoder.pe_gauss"],
        state["decoder.box_tokens"],
        np.concatenate([state["decoder.iou_token"], state["decoder.mask_tokens"]]),
    )
    positions = dense_positions(side, state["decoder.pe_gauss"])
    tokens, pixels = transformer.run(prompt, parts.keys(embedding), None, positions)
    hyper = transformer.mlp(transformer.token(tokens, 1), "hyper.0.0", "hyper.0.2", "hyper.0.4")
    mask = parts.mask(parts.upscaled(pixels, embedding), hyper)
    parts.more_outputs(mask, embedding)
    g.output(mask, "low_res_masks", ("N", 1, 2 * fine, 2 * fine))
    iou = transformer.mlp(transformer.token(tokens, 0), "iou_head.0", "iou_head.2", "iou_head.4")
    g.output(iou, "iou", ("N", 1))
    return g.model()


@dataclass(frozen=True)
class PlacedBox:
    """Boxes by centre and half side, as the graph's tensors."""

    centre: dict[str, str]  # by axis, (N, 1) each
    half: dict[str, str]


class DecoderGraph:
    """The parts of the nano decoder around the transformer."""

    def __init__(self, graph: Graph, state: State, boxes: str, size: int) -> None:
        self.graph = graph
        self.state = state
        self.size = size
        self.blocks = Blocks(graph, state, "decoder.", BATCH_NORM_EPS, "relu6")
        self.box = self.placed(boxes)

    def placed(self, boxes: str, axis: int = 1) -> PlacedBox:
        """Centres and half sides of boxes, x0 y0 x1 y1 along `axis`: (N, 1) each of (N, 4), (N, K, 1) of (N, K, 4)."""
        g, pixel = self.graph, 1 / self.size
        x0, y0, x1, y1 = (g.slice(boxes, axis, i, i + 1) for i in range(4))
        # A quarter of a pixel outwards in all, and never less than three eighths wide: a box may be one pixel or one line.
        sides = (("x", x0, x1), ("y", y0, y1))
        centre = {name: self.affine(g.add(low, high), 0.5, 0.125 * pixel) for name, low, high in sides}
        half = {name: self.affine(g.op("Sub", high, low), 0.5, 0.375 * pixel) for name, low, high in sides}
        return PlacedBox(centre, half)

    def geometry(self, heads: int) -> Geometry:
        cross, width = self.state["decoder.final_attn.q_proj.weight"].shape
        return Geometry(
            tokens=4,
            side=self.size // 8,
            width=width,
            heads=heads,
            cross=cross,
            depth=count(self.state, "decoder.layers."),
            hidden="",
            final_attention="final_attn",
            final_norm="norm_final",
        )

    def affine(self, x: str, factor: float, summand: float) -> str:
        g = self.graph
        return g.add(g.op("Mul", x, g.constant(factor)), g.constant(summand))

    def clamp(self, x: str) -> str:
        return self.graph.op("Clip", x, self.graph.constant(-2), self.graph.constant(2))

    def linear(self, x: str, key: str) -> str:
        return self.graph.linear(x, self.state[f"decoder.{key}.weight"], self.state[f"decoder.{key}.bias"])

    def box_features(self, box: PlacedBox, size: int, sub: int) -> str:
        """What each pixel of a (size * sub)^2 grid knows of each box: (N, size * size, sub * sub, 10).

        The grid is ordered (row, column, sub-row, sub-column), as transposed convolutions produce it.
        """
        g = self.graph
        centres = g.constant(((np.arange(size * sub) + 0.5) / (size * sub))[None])
        shape = {"x": (-1, 1, size, 1, sub), "y": (-1, size, 1, sub, 1)}
        relative, squared, inside = {}, {}, {}
        for axis, layout in shape.items():
            offset = g.op("Sub", centres, box.centre[axis])  # (N, size * sub)
            relative[axis] = self.clamp(g.op("Div", offset, box.half[axis]))
            squared[axis] = g.reshape(g.op("Mul", relative[axis], relative[axis]), *layout)
            relative[axis] = g.reshape(relative[axis], *layout)
            margin = g.op("Sub", box.half[axis], g.op("Abs", offset))
            inside[axis] = g.reshape(g.op("Mul", margin, g.constant(self.size)), *layout)
        everywhere = (-1, 1, 1, 1, 1)
        sum_of_squares = g.add(g.add(squared["x"], g.constant(1e-6)), squared["y"])
        radius = self.affine(g.op("Sqrt", sum_of_squares), 1, -1)  # 0 on the inscribed ellipse
        side = g.op("Min", inside["x"], inside["y"])
        smaller = g.reshape(g.op("Min", box.half["x"], box.half["y"]), *everywhere)
        ellipse = g.op("Mul", radius, g.op("Mul", smaller, g.constant(-0.5 * self.size)))
        features = [relative["x"], relative["y"]]
        features += [self.affine(squared[axis], 1, -1) for axis in "xy"]
        features += [radius, self.clamp(self.affine(side, 0.5, 0)), self.clamp(self.affine(side, 0.06, 0)), self.clamp(ellipse)]
        for axis in "xy":
            logarithm = g.op("Log", g.op("Mul", box.half[axis], g.constant(8)))
            features.append(g.reshape(g.op("Mul", logarithm, g.constant(0.5)), *everywhere))
        return self.stacked(features, radius, size, sub)

    def stacked(self, features: list[str], full: str, size: int, sub: int) -> str:
        g = self.graph
        shape = g.op("Shape", full)
        wide = [x if x == full else g.op("Expand", x, shape) for x in features]
        rows = [g.reshape(x, -1, size * size, sub * sub, 1) for x in wide]
        return g.op("Concat", *rows, axis=3)

    def keys(self, embedding: str) -> str:
        """(N, side * side, width): the embedding at half its resolution, plus what the pixels know of the box."""
        g, side = self.graph, self.size // 8
        weight, bias = self.state["decoder.key_proj.weight"], self.state["decoder.key_proj.bias"]
        width, channels = weight.shape[:2]
        # The 2 x 2 convolution of stride 2 as a matrix product over the four pixels
        four = g.transpose(g.reshape(embedding, 1, side, 2, side, 2, channels), 0, 1, 3, 2, 4, 5)
        four = g.reshape(four, 1, side * side, 4 * channels)
        linear = weight.transpose(0, 2, 3, 1).reshape(width, -1)
        pixels = g.linear(four, linear, bias + self.state["decoder.no_mask"])
        features = g.reshape(self.box_features(self.box, side, 1), -1, side * side, FEATURES)
        hidden = g.op("Relu", self.linear(features, "box_key.0"))
        return g.add(self.linear(hidden, "box_key.2"), pixels)

    def fine_prompt(self, y: str) -> str:
        """Of (N, side * side, 4, C): what else a pixel of the fine grid is told."""
        return y

    def upscaled(self, pixels: str, embedding: str) -> str:
        """(N, (2 fine)^2, C): four sub-pixels of each pixel of the fine grid in a row, ready for the mask."""
        g, side, fine = self.graph, self.size // 8, self.size // 4
        width = self.state["decoder.no_mask"].size
        image = self.image(pixels, side, width)
        image = g.add(image, self.blocks.mb_conv(image, "mid"))
        pixels = self.rows(image, side, width)
        weight, bias = four_pixels(self.state, "decoder.up0")
        channels = bias.size
        y = g.reshape(g.linear(pixels, weight, np.tile(bias, 4)), -1, side * side, 4, channels)
        y = self.fine_prompt(g.add(y, self.linear(self.box_features(self.box, side, 2), "box_up0")))
        y = g.transpose(g.reshape(y, -1, side, side, 2, 2, channels), 0, 1, 3, 2, 4, 5)
        y = g.reshape(y, -1, fine * fine, channels)
        skip = g.linear(embedding, self.state["decoder.skip.weight"][:, :, 0, 0])
        norm = (self.state["decoder.up_norm.weight"], self.state["decoder.up_norm.bias"])
        y = self.blocks.activate(g.layer_norm(y, *norm, LAYER_NORM_EPS, skip))
        image = self.image(y, fine, channels)
        image = g.add(image, self.blocks.fused_mb_conv(image, "refine"))
        weight, bias = four_pixels(self.state, "decoder.up1")
        y = g.linear(self.rows(image, fine, channels), weight, np.tile(bias, 4))
        y = g.reshape(y, -1, fine * fine, 4, bias.size)
        y = self.blocks.activate(g.add(y, self.linear(self.box_features(self.box, fine, 2), "box_up1")))
        return g.reshape(y, -1, 4 * fine * fine, bias.size)

    def mask(self, pixels: str, hyper: str) -> str:
        g, fine = self.graph, self.size // 4
        channels = self.state["decoder.up1.bias"].size
        logits = g.matmul(pixels, g.reshape(hyper, -1, channels, 1))
        logits = g.transpose(g.reshape(logits, -1, fine, fine, 2, 2), 0, 1, 3, 2, 4)
        return g.reshape(logits, -1, 1, 2 * fine, 2 * fine)

    def more_outputs(self, mask: str, embedding: str) -> None:
        """What else the graph gives: nothing."""

    def image(self, rows: str, side: int, channels: int) -> str:
        """(N, side * side, C) to (N, C, side, side)."""
        return self.graph.reshape(self.graph.transpose(rows, 0, 2, 1), -1, channels, side, side)

    def rows(self, image: str, side: int, channels: int) -> str:
        """(N, C, side, side) to (N, side * side, C)."""
        return self.graph.transpose(self.graph.reshape(image, -1, channels, side * side), 0, 2, 1)
