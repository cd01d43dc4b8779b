"""The nano family's encoder and decoder as fast ONNX graphs, from the same state dict as networks/nano.py.

Sizes are read off the weights, so every member of the family goes through the same code.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import onnx

from .blocks import Blocks
from .graph import Graph, State, upsample
from .two_way import Geometry, TwoWay, dense_positions, four_pixels

BATCH_NORM_EPS = 1e-5
LAYER_NORM_EPS = 1e-6
FEATURES = 10  # of a pixel relative to a box, see box_features
_NOWHERE = 1e4  # taken from the presence of an object that does not count: any value that brings it below 0


def encoder(state: State, size: int) -> onnx.ModelProto:
    """``image`` (1, 3, size, size) to ``image_embeddings`` as tokens (1, (size/4)^2, E)."""
    graph = Graph("nano-encoder")
    blocks = Blocks(graph, state, "image_encoder.", BATCH_NORM_EPS, "relu6")
    x, features = graph.input("image", (1, 3, size, size)), []
    for stage in range(5):
        x = _stage(blocks, x, stage, size)
        features.append(x)
    y = _neck(blocks, features, size)
    channels = blocks.bias("norm").size
    graph.output(blocks.normalised_rows(y, size // 4, "neck_out", "norm"), "image_embeddings", (1, (size // 4) ** 2, channels))
    return graph.model()


def _count(state: State, prefix: str) -> int:
    """How many numbered children the key ``prefix`` has."""
    return len({key[len(prefix) :].split(".")[0] for key in state if key.startswith(prefix)})


def _stage(blocks: Blocks, x: str, stage: int, size: int) -> str:
    key = f"stages.{stage}."
    if stage == 0:
        x = blocks.conv(x, key + "0", stride=2, activated=True)
    else:
        x = (blocks.fused_mb_conv if stage < 3 else blocks.mb_conv)(x, key + "0", stride=2)
    for i in range(1, _count(blocks.state, blocks.prefix + key)):
        block = f"{key}{i}"
        if blocks.prefix + block + ".qkv.weight" in blocks.state:
            y = blocks.lite_mla(x, block + ".qkv", block + ".aggreg", block + ".proj", size // 32)
        else:
            y = (blocks.res_block, blocks.fused_mb_conv, blocks.fused_mb_conv, blocks.mb_conv, blocks.mb_conv)[stage](x, block)
        x = blocks.graph.add(x, y)
    return x


def _neck(blocks: Blocks, features: list[str], size: int) -> str:
    g = blocks.graph
    x = blocks.conv(features[2], "neck_in.2")
    for i, stage in ((1, 3), (0, 4)):
        y = blocks.conv(features[stage], f"neck_in.{i}")
        x = g.add(upsample(g, y, size >> stage + 1, size // 8, cubic=False), x)
    for i in range(_count(blocks.state, blocks.prefix + "neck_mid.")):
        x = g.add(x, blocks.fused_mb_conv(x, f"neck_mid.{i}"))
    top = upsample(g, blocks.conv(x, "fine_top"), size // 8, size // 4, cubic=False)
    x = g.add(top, blocks.conv(features[1], "fine_in"))
    for i in range(_count(blocks.state, blocks.prefix + "fine_mid.")):
        x = g.add(x, blocks.fused_mb_conv(x, f"fine_mid.{i}"))
    return x


def decoder(state: State, size: int, heads: int) -> onnx.ModelProto:
    """``image_embeddings`` (1, (size/4)^2, E) and ``boxes`` (N, 4) to ``low_res_masks`` (N, 1, size/2, size/2), ``iou``."""
    return _decoder(state, size, heads, follows=False)


def propagator(state: State, size: int, heads: int) -> onnx.ModelProto:
    """The decoder with ``mask_input`` (N, 1, size/2, size/2), ``has_mask_input`` (N, 1), ``prompt_boxes`` (N, 4), ``heights`` (N, 1),
    ``other_boxes`` (N, K, 4), ``other_heights`` and ``other_ranks`` (N, K), ``start_appearance`` (N, 2 E), to the decoder's outputs
    and ``appearance`` (N, 2 E); keys without ``decoder.``"""
    return _decoder({f"decoder.{key}": value for key, value in state.items()}, size, heads, follows=True)


def _decoder(state: State, size: int, heads: int, *, follows: bool) -> onnx.ModelProto:
    side, fine = size // 8, size // 4
    g = Graph("nano-propagator" if follows else "nano-decoder")
    channels = state["decoder.key_proj.weight"].shape[1]
    embedding = g.input("image_embeddings", (1, fine * fine, channels))
    boxes = g.input("boxes", ("N", 4))
    writer = _Propagator(g, state, boxes, embedding, size) if follows else _Decoder(g, state, boxes, size)
    transformer = TwoWay(g, state, "decoder.", writer.geometry(heads), LAYER_NORM_EPS)
    prompt = transformer.prompt(
        boxes,
        state["decoder.pe_gauss"],
        state["decoder.box_tokens"],
        np.concatenate([state["decoder.iou_token"], state["decoder.mask_tokens"]]),
    )
    positions = dense_positions(side, state["decoder.pe_gauss"])
    tokens, pixels = transformer.run(prompt, writer.keys(embedding), None, positions)
    hyper = transformer.mlp(transformer.token(tokens, 1), "hyper.0.0", "hyper.0.2", "hyper.0.4")
    mask = writer.mask(writer.upscaled(pixels, embedding), hyper)
    if isinstance(writer, _Propagator):
        g.output(writer.appearance(mask, embedding), "appearance", ("N", 2 * channels))
    g.output(mask, "low_res_masks", ("N", 1, 2 * fine, 2 * fine))
    iou = transformer.mlp(transformer.token(tokens, 0), "iou_head.0", "iou_head.2", "iou_head.4")
    g.output(iou, "iou", ("N", 1))
    return g.model()


@dataclass(frozen=True)
class _Box:
    centre: dict[str, str]  # by axis, (N, 1) each
    half: dict[str, str]


class _Decoder:
    """The parts of the nano decoder around the transformer."""

    def __init__(self, graph: Graph, state: State, boxes: str, size: int) -> None:
        self.graph = graph
        self.state = state
        self.size = size
        self.blocks = Blocks(graph, state, "decoder.", BATCH_NORM_EPS, "relu6")
        self.box = self.placed(boxes)

    def placed(self, boxes: str, axis: int = 1) -> "_Box":
        """Centres and half sides of boxes, x0 y0 x1 y1 along `axis`: (N, 1) each of (N, 4), (N, K, 1) of (N, K, 4)."""
        g, pixel = self.graph, 1 / self.size
        x0, y0, x1, y1 = (g.slice(boxes, axis, i, i + 1) for i in range(4))
        # A quarter of a pixel outwards in all, and never less than three eighths wide: a box may be one pixel or one line.
        sides = (("x", x0, x1), ("y", y0, y1))
        centre = {name: self.affine(g.add(low, high), 0.5, 0.125 * pixel) for name, low, high in sides}
        half = {name: self.affine(g.op("Sub", high, low), 0.5, 0.375 * pixel) for name, low, high in sides}
        return _Box(centre, half)

    def geometry(self, heads: int) -> Geometry:
        cross, width = self.state["decoder.final_attn.q_proj.weight"].shape
        return Geometry(
            tokens=4,
            side=self.size // 8,
            width=width,
            heads=heads,
            cross=cross,
            depth=_count(self.state, "decoder.layers."),
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

    def box_features(self, box: _Box, size: int, sub: int) -> str:
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

    def image(self, rows: str, side: int, channels: int) -> str:
        """(N, side * side, C) to (N, C, side, side)."""
        return self.graph.reshape(self.graph.transpose(rows, 0, 2, 1), -1, channels, side, side)

    def rows(self, image: str, side: int, channels: int) -> str:
        """(N, C, side, side) to (N, side * side, C)."""
        return self.graph.transpose(self.graph.reshape(image, -1, channels, side * side), 0, 2, 1)


@dataclass(frozen=True)
class _Others:
    """The case's other prompts."""

    boxes: str
    heights: str
    ranks: str


class _Propagator(_Decoder):
    """The decoder's parts with the mask of the neighbouring slice and the whole prompt, see networks/nano_propagator.py."""

    def __init__(self, graph: Graph, state: State, boxes: str, embedding: str, size: int) -> None:
        super().__init__(graph, state, boxes, size)
        g, side = graph, size // 8
        mask = g.input("mask_input", ("N", 1, 4 * side, 4 * side))
        has = g.input("has_mask_input", ("N", 1))
        mask = g.op("Mul", g.op("Tanh", g.op("Mul", mask, g.constant(0.5))), g.reshape(has, -1, 1, 1, 1))
        patches = g.transpose(g.reshape(mask, -1, side, 4, side, 4), 0, 1, 3, 2, 4)
        self.patches = g.reshape(patches, -1, side * side, 16)
        quarters = g.transpose(g.reshape(mask, -1, side, 2, 2, side, 2, 2), 0, 1, 4, 2, 5, 3, 6)
        self.quarters = g.reshape(quarters, -1, side * side, 4, 4)
        self.known = g.reshape(has, -1, 1, 1)
        self.prompt = self.placed(g.input("prompt_boxes", ("N", 4)))
        height = g.input("heights", ("N", 1))
        self.where = g.reshape(g.op("Concat", height, g.op("Mul", height, height), axis=1), -1, 1, 1, 2)
        self.others = _Others(*(g.input(f"other_{name}", ("N", "K", *axes)) for name, axes in
                                (("boxes", (4,)), ("heights", ()), ("ranks", ()))))
        looks, seen = state["decoder.look_object.weight"].shape
        seen_by_object = g.linear(g.input("start_appearance", ("N", seen)), state["decoder.look_object.weight"])
        alike = g.op("Mul", g.linear(embedding, state["decoder.look_pixel.weight"]), g.reshape(seen_by_object, -1, 1, looks))
        alike = g.transpose(g.reshape(alike, -1, side, 2, side, 2, looks), 0, 1, 3, 2, 4, 5)
        self.alike = g.reshape(alike, -1, side * side, 4, looks)

    def keys(self, embedding: str) -> str:
        g = self.graph
        mask = self.hidden(self.mask_linear(self.patches, self.known, "mask_key.0"), "mask_key.2")
        prompt = self.hidden(self.prompt_linear(1, "prompt_key.0"), "prompt_key.2")
        prompt = g.reshape(prompt, -1, (self.size // 8) ** 2, self.state["decoder.no_mask"].size)
        others = g.reshape(self.presence(1), -1, (self.size // 8) ** 2, 2)
        others = self.hidden(self.linear(others, "other_key.0"), "other_key.2")
        alike = g.op("ReduceMean", self.alike, g.constant([2], np.int64), keepdims=0)
        alike = g.linear(alike, self.state["decoder.look_key.weight"])
        return g.add(super().keys(embedding), g.add(g.add(mask, prompt), g.add(others, alike)))

    def fine_prompt(self, y: str) -> str:
        g, known = self.graph, self.graph.reshape(self.known, -1, 1, 1, 1)
        mask = self.mask_linear(self.quarters, known, "mask_up0")
        others = g.linear(self.presence(2), self.state["decoder.other_up0.weight"])
        alike = g.linear(self.alike, self.state["decoder.look_up0.weight"])
        return g.add(y, g.add(g.add(mask, self.prompt_linear(2, "prompt_up0")), g.add(others, alike)))

    def appearance(self, mask: str, embedding: str) -> str:
        """Mean embeddings of the object and of what is beside it in its prompt: (N, 2 E), see networks/appearance.py."""
        g, fine = self.graph, self.size // 4
        inside = g.op("AveragePool", g.op("Sigmoid", mask), kernel_shape=[2, 2], strides=[2, 2])
        inside = g.reshape(inside, -1, 1, fine, fine)
        beside = g.op("Sub", g.constant(1), inside)
        centres = g.constant(((np.arange(fine) + 0.5) / fine)[None])
        for axis, layout in (("x", (-1, 1, 1, fine)), ("y", (-1, 1, fine, 1))):
            margin = g.op("Sub", self.prompt.half[axis], g.op("Abs", g.op("Sub", centres, self.prompt.centre[axis])))
            covered = g.op("Clip", self.affine(margin, fine, 0.5), g.constant(0), g.constant(1))
            beside = g.op("Mul", beside, g.reshape(covered, *layout))
        weights = g.reshape(g.op("Concat", inside, beside, axis=1), -1, 2, fine * fine)
        total = self.affine(g.op("ReduceSum", weights, g.constant([2], np.int64), keepdims=1), 1, 1e-3)
        channels = self.state["decoder.look_pixel.weight"].shape[1]
        return g.reshape(g.op("Div", g.matmul(weights, embedding), total), -1, 2 * channels)

    def presence(self, sub: int) -> str:
        """Of smaller and of larger others in each pixel: (N, side * side, sub * sub, 2), see networks/presence.py."""
        g, side = self.graph, self.size // 8
        centres = g.constant((np.arange(side * sub) + 0.5) / (side * sub))
        box = self.placed(self.others.boxes, 2)
        squared = {}
        for axis in "xy":
            relative = g.op("Div", g.op("Sub", centres, box.centre[axis]), box.half[axis])  # (N, K, side * sub)
            squared[axis] = self.affine(g.op("Mul", relative, relative), -0.5, 0)
        height = g.op("Unsqueeze", self.others.heights, g.constant([2], np.int64))
        rank = g.op("Unsqueeze", self.others.ranks, g.constant([2], np.int64))
        rows = g.op("Unsqueeze", squared["y"], g.constant([3], np.int64))
        columns = g.op("Sub", self.affine(squared["x"], 1, 1), self.affine(g.op("Mul", height, height), 0.5, 0))
        found = []
        for sign in (1, -1):
            # Others of the wrong rank are sent away per column (N K side values): per pixel (N K side^2) it would take most of the time.
            of_rank = g.add(columns, self.affine(g.op("Relu", g.op("Mul", rank, g.constant(sign))), _NOWHERE, -_NOWHERE))
            near = g.add(g.op("Unsqueeze", of_rank, g.constant([2], np.int64)), rows)  # (N, K, side * sub, side * sub)
            most = g.op("Clip", g.op("ReduceMax", near, g.constant([1], np.int64), keepdims=0), g.constant(0), g.constant(1))
            most = g.transpose(g.reshape(most, -1, side, sub, side, sub), 0, 1, 3, 2, 4)
            found.append(g.reshape(most, -1, side * side, sub * sub, 1))
        return g.op("Concat", *found, axis=3)

    def hidden(self, x: str, key: str) -> str:
        return self.graph.linear(self.graph.op("Relu", x), self.state[f"decoder.{key}.weight"])

    def prompt_linear(self, sub: int, key: str) -> str:
        """A layer over what a pixel knows of the prompt's box and the slice's height in it: (N, side * side, sub * sub, C)."""
        g = self.graph
        weight, bias = self.state[f"decoder.{key}.weight"], self.state.get(f"decoder.{key}.bias")
        features = g.linear(self.box_features(self.prompt, self.size // 8, sub), weight[:, :FEATURES], bias)
        return g.add(features, g.linear(self.where, weight[:, FEATURES:]))

    def mask_linear(self, mask: str, known: str, key: str) -> str:
        """A layer over the mask's values and, last, whether there is one: the same for all pixels."""
        g = self.graph
        weight, bias = self.state[f"decoder.{key}.weight"], self.state.get(f"decoder.{key}.bias")
        return g.add(g.linear(mask, weight[:, :-1], bias), g.op("Mul", known, g.constant(weight[:, -1])))
