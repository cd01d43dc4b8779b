"""The nano family's decoder as a fast ONNX graph, from the same state dict as networks/nano_decoder.py.

Equal to it up to rounding where the pixels are float32. Most of a decode is thousands of pixels through small layers, so what counts is
how often they are read and written:

* What depends on the image alone is computed once, whatever the number of boxes.
* Before the first attention the pixels are the image's plus a few channels times a matrix (`PixelState`), and are never written out.
* Residual sums and the 1 x 1 convolution before them are linear and enter the layer after them, beside the features of the box.
* Sub-pixels stay beside each other until a convolution needs them as an image; the last layer and the mask never do.
"""

from __future__ import annotations

import numpy as np
import onnx

from .box_planes import Box, box_features
from .graph import Graph, State, fold
from .nano import BATCH_NORM_EPS, count
from .nano_two_way import LAYERS, NanoTwoWay, PixelState
from .pixel_arithmetic import EightBitPixels, Expected, Pixels, Rows
from .two_way import dense_positions, four_pixels

LAYER_NORM_EPS = 1e-6
_NORMALISED = 6.0  # in standard deviations: u8 rows of a layer norm saturate there


def decoder(state: State, size: int, heads: int, *, eight_bit: bool = False) -> onnx.ModelProto:
    """``image_embeddings`` (1, (size/4)^2, E) and ``boxes`` (N, 4) to ``low_res_masks`` (N, 1, size/2, size/2), ``iou`` (N, 1)."""
    writer = NanoDecoderWriter(Graph("nano-decoder"), state, size, eight_bit=eight_bit)
    writer.write(heads)
    return writer.graph.model()


class NanoDecoderWriter:
    """Writes the decoder whose keys start with ``decoder.``; a propagator's has more prompts."""

    def __init__(self, graph: Graph, state: State, size: int, *, eight_bit: bool) -> None:
        self.graph = graph
        self.state = state
        self.size = size
        self.side = size // 8  # of the pixels that attend, each of 2 x 2 sub-pixels of the embedding
        self.width, self.channels = state["decoder.key_proj.weight"].shape[:2]
        self.pixels = EightBitPixels(graph) if eight_bit else Pixels(graph)
        self.image = graph.input("image_embeddings", (1, (size // 4) ** 2, self.channels))
        self.boxes = graph.input("boxes", ("N", 4))
        self.box = Box.placed(graph, self.boxes, size)
        self.embedding = self.pixels.embedding(self.image, self.side, self.channels)

    def write(self, heads: int) -> None:
        g, side = self.graph, self.side
        transformer = NanoTwoWay(g, self.state, heads, side, LAYER_NORM_EPS)
        prompt = transformer.prompt(
            self.boxes,
            self.state["decoder.pe_gauss"],
            self.state["decoder.box_tokens"],
            np.concatenate([self.state["decoder.iou_token"], self.state["decoder.mask_tokens"]]),
        )
        tokens, pixels = transformer.run(prompt, self.keys(), dense_positions(side, self.state["decoder.pe_gauss"]))
        hyper = transformer.mlp(transformer.token(tokens, 1), "hyper.0.0", "hyper.0.2", "hyper.0.4")
        mask = self.mask(self.upscaled(pixels), hyper)
        self.outputs(mask)
        g.output(mask, "low_res_masks", ("N", 1, 4 * side, 4 * side))
        iou = transformer.mlp(transformer.token(tokens, 0), "iou_head.0", "iou_head.2", "iou_head.4")
        g.output(iou, "iou", ("N", 1))

    def outputs(self, mask: str) -> None:
        """Outputs besides the mask and its IoU."""

    def layer(self, key: str) -> tuple[np.ndarray, np.ndarray]:
        return self.state[f"decoder.{key}.weight"].astype(np.float64), self.state[f"decoder.{key}.bias"].astype(np.float64)

    def conv(self, key: str) -> tuple[np.ndarray, np.ndarray]:
        """Weight and bias of a convolution with its batch norm in it."""
        return fold(self.state, f"decoder.{key}.conv", f"decoder.{key}.norm", BATCH_NORM_EPS)

    def expected(self, norm: str) -> Expected:
        """What leaves a norm."""
        return Expected(self.state[f"decoder.{norm}.bias"], np.abs(self.state[f"decoder.{norm}.weight"]))

    def keys(self) -> PixelState:
        """The embedding at half its resolution, plus what the pixels know of the box."""
        g = self.graph
        weight, bias = self.layer("key_proj")
        output, output_bias = self.layer("box_key.2")
        # The 2 x 2 convolution of stride 2 as a matrix product over the four sub-pixels
        weight = weight.transpose(0, 2, 3, 1).reshape(self.width, -1)
        image = self.embedding.coarse(weight, bias + self.state["decoder.no_mask"] + output_bias)
        features = box_features(Pixels(g), self.boxes, self.box, self.side, 1, self.size)
        hidden, hidden_bias = self.layer("box_key.0")
        hidden = g.matmul(g.constant(features.weight(hidden)), features.channels_first())
        hidden = g.op("Relu", g.add(hidden, g.constant(hidden_bias[:, None])))
        return PixelState(image, hidden, g.constant(output.T[None]))

    def upscaled(self, pixels: str) -> Rows:
        """Of the normalised pixels before the last norm's weights: (N, (2 side)^2, 4 sub-pixels x C), ready for the mask."""
        side = self.side
        gain, shift = self.layer(f"layers.{count(self.state, LAYERS) - 1}.norm4")
        x = self.pixels.rows(pixels, self.width, -_NORMALISED, _NORMALISED)
        # What the pixels are after each block is a sum of products: of x, and of what each block has made of the sum before it.
        parts, sums, shift = [x], [np.diag(gain)], shift
        for block in self.blocks():
            weight, bias = self.conv(f"{block}.inverted_conv")
            weight = weight[:, :, 0, 0]
            layer = np.concatenate([weight @ part for part in sums], axis=1), bias + weight @ shift
            hidden = self.pixels.activated_product(parts, *layer, self.expected(f"{block}.inverted_conv.norm"))
            spatial = self.conv(f"{block}.depth_conv")
            hidden = self.pixels.activated_conv(hidden, side, *spatial, self.expected(f"{block}.depth_conv.norm"))
            point, point_bias = self.conv(f"{block}.point_conv")
            parts, sums, shift = [*parts, hidden], [*sums, point[:, :, 0, 0]], shift + point_bias
        up, up_bias = (value.astype(np.float64) for value in four_pixels(self.state, "decoder.up0"))
        box_weight, box_bias = self.layer("box_up0")
        features = box_features(self.pixels, self.boxes, self.box, side, 2, self.size)
        weights = [*(up @ part for part in sums), features.weight(box_weight)]
        parts.append(features.rows(self.pixels))
        bias = np.tile(up_bias + box_bias, 4) + up @ shift
        return self._refined(self._fine(parts, weights, bias))

    def blocks(self) -> list[str]:
        """The blocks between attention and upscaling, in order."""
        return ["mid"]

    def prompted(self) -> list[tuple[Rows, np.ndarray]]:
        """What else the sub-pixels of a pixel are told: rows, and their weight (4 C, channels)."""
        return []

    def skip(self, centred: np.ndarray) -> str:
        """(N or 1, (2 side)^2, C): what the embedding itself adds to the sub-pixels, through ``centred`` layers (C, C)."""
        return self.embedding.fine(centred @ self.state["decoder.skip.weight"][:, :, 0, 0])

    def _fine(self, parts: list[Rows], weights: list[np.ndarray], bias: np.ndarray) -> Rows:
        """(N, (2 side)^2, C), an image's rows."""
        g, side, norm = self.graph, self.side, "decoder.up_norm."
        channels = self.state[norm + "weight"].size
        told = self.prompted()
        weight = np.concatenate(weights + [layer for _, layer in told], axis=1)
        # A layer norm begins by taking the mean over the channels away, which the layers before it can do.
        centred = np.eye(channels) - 1 / channels
        weight = np.einsum("ij,sjk->sik", centred, weight.reshape(4, channels, -1)).reshape(weight.shape)
        bias = (bias.reshape(4, channels) @ centred).reshape(-1)
        y = self.pixels.product(parts + [rows for rows, _ in told], weight, bias)
        y = g.rms_norm(g.reshape(y, -1, 4 * side * side, channels), self.skip(centred), self.state[norm + "weight"], LAYER_NORM_EPS)
        y = g.add(y, g.constant(self.state[norm + "bias"]))
        return self.pixels.row_major(self.pixels.activated(y, self.expected("up_norm")), side)

    def _refined(self, x: Rows) -> Rows:
        fine = 2 * self.side
        hidden = self.pixels.activated_conv(x, fine, *self.conv("refine.spatial_conv"), self.expected("refine.spatial_conv.norm"))
        # up1(x + point_conv(hidden)) in one product
        point, point_bias = self.conv("refine.point_conv")
        up, up_bias = (value.astype(np.float64) for value in four_pixels(self.state, "decoder.up1"))
        box_weight, box_bias = self.layer("box_up1")
        features = box_features(self.pixels, self.boxes, self.box, fine, 2, self.size)
        weight = np.concatenate([up, up @ point[:, :, 0, 0], features.weight(box_weight)], axis=1)
        bias = np.tile(up_bias + box_bias, 4) + up @ point_bias
        unknown = Expected(bias, np.zeros(bias.size))
        return self.pixels.activated_product([x, hidden, features.rows(self.pixels)], weight, bias, unknown)

    def mask(self, pixels: Rows, hyper: str) -> str:
        """(N, 1, 4 side, 4 side): each sub-pixel's product with ``hyper`` (N, C)."""
        g, fine = self.graph, 2 * self.side
        channels = pixels.channels // 4
        # (N, 4 C, 4): each sub-pixel has its own rows and column
        weight = g.op("Mul", g.reshape(hyper, -1, 1, channels, 1), g.constant(np.eye(4)[:, None]))
        logits = self.pixels.by_box(pixels, g.reshape(weight, -1, 4 * channels, 4))
        logits = g.transpose(g.reshape(logits, -1, fine, fine, 2, 2), 0, 1, 3, 2, 4)
        return g.reshape(logits, -1, 1, 2 * fine, 2 * fine)
