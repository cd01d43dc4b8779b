"""MedSAM's image encoder (SAM's ViT-B) as one ONNX graph; pixels are rows (side * side, 768) throughout.

The relative position bias of query q and key k is ``q . h[dy] + q . w[dx]``. Instead of two additions over every score,
the query carries its biases for all rows and columns as further channels, and the key carries a one-hot of its own row
and column. Global attention goes head by head: one head's scores are 64 MB, all of them together 768.
"""

from __future__ import annotations

import numpy as np
import onnx

from .graph import Graph, State
from .windows import merge, partition, sam_neck

PATCH = 16
WIDTH = 768
HEADS = 12
HEAD = WIDTH // HEADS
WINDOW = 14
EPS = 1e-6


def encoder(state: State, size: int = 1024) -> onnx.ModelProto:
    """``image`` (1, 3, size, size) to ``image_embeddings`` as tokens (1, (size/16)^2, 256)."""
    g, side = Graph("medsam-encoder"), size // PATCH
    image = g.input("image", (1, 3, size, size))
    patches = g.op(
        "Conv",
        image,
        g.constant(state["image_encoder.patch_embed.proj.weight"]),
        g.constant(state["image_encoder.patch_embed.proj.bias"]),
        kernel_shape=[PATCH, PATCH],
        strides=[PATCH, PATCH],
    )
    pixels = g.reshape(g.transpose(patches, 0, 2, 3, 1), side * side, WIDTH)
    pixels = g.add(pixels, g.constant(state["image_encoder.pos_embed"].reshape(side * side, WIDTH)))
    block = 0
    while f"image_encoder.blocks.{block}.norm1.weight" in state:
        pixels = _Block(g, state, f"image_encoder.blocks.{block}.", side).write(pixels)
        block += 1
    image = g.transpose(g.reshape(pixels, 1, side, side, WIDTH), 0, 3, 1, 2)
    g.output(sam_neck(g, state, image, side, WIDTH), "image_embeddings", (1, side * side, 256))
    return g.model()


class _Block:
    def __init__(self, graph: Graph, state: State, key: str, side: int) -> None:
        self.graph = graph
        self.state = state
        self.key = key
        self.side = side

    def weights(self, key: str) -> tuple[np.ndarray, np.ndarray]:
        return tuple(self.state[f"{self.key}{key}.{leaf}"] for leaf in ("weight", "bias"))

    def write(self, pixels: str) -> str:
        g = self.graph
        x = g.layer_norm(pixels, *self.weights("norm1"), EPS)
        if (len(self.state[self.key + "attn.rel_pos_h"]) + 1) // 2 == self.side:
            attended = self.attention(x, 1, self.side)
        else:
            count = (-(-self.side // WINDOW)) ** 2
            windows = self.attention(partition(g, x, self.side, WINDOW, WIDTH), count, WINDOW)
            attended = merge(g, windows, self.side, WINDOW, WIDTH)
        pixels, x = g.add_and_norm(pixels, attended, *self.weights("norm2"), EPS)
        hidden = g.op("Gelu", g.gemm(x, *self.weights("mlp.lin1")))
        return g.add(pixels, g.gemm(hidden, *self.weights("mlp.lin2")))

    def attention(self, x: str, count: int, size: int) -> str:
        """(count * size * size, 768): each of ``count`` squares attends to itself."""
        g, n = self.graph, size * size
        weight, bias = (parameter.copy() for parameter in self.weights("attn.qkv"))
        weight[WIDTH : 2 * WIDTH] *= HEAD**-0.5  # the keys: queries are needed unscaled for the position bias
        bias[WIDTH : 2 * WIDTH] *= HEAD**-0.5
        qkv = g.gemm(g.reshape(x, count * n, WIDTH), weight, bias)
        qkv = g.transpose(g.reshape(qkv, count, n, 3, HEADS, HEAD), 2, 0, 3, 1, 4)
        q, k, v = (g.reshape(part, count * HEADS, n, HEAD) for part in g.ops("Split", qkv, outputs=3, axis=0, num_outputs=3))
        q = g.op("Concat", q, *self.position_biases(q, count, size), axis=2)
        row, column = np.divmod(np.arange(n), size)
        one_hot = np.concatenate([np.eye(size)[row], np.eye(size)[column]], 1)[None]  # (1, n, 2 size)
        shape = g.constant([count * HEADS, n, 2 * size], np.int64)
        k = g.op("Concat", k, g.op("Expand", g.constant(one_hot), shape), axis=2)
        if count == 1:
            parts = [g.ops("Split", part, outputs=HEADS, axis=0, num_outputs=HEADS) for part in (q, k, v)]
            out = g.op("Concat", *(self.softmax(*head) for head in zip(*parts, strict=True)), axis=0)
        else:
            out = self.softmax(q, k, v)
        out = g.transpose(g.reshape(out, count, HEADS, n, HEAD), 0, 2, 1, 3)
        return g.gemm(g.reshape(out, count * n, WIDTH), *self.weights("attn.proj"))

    def softmax(self, q: str, k: str, v: str) -> str:
        g = self.graph
        return g.matmul(g.op("Softmax", g.matmul(q, g.transpose(k, 0, 2, 1)), axis=-1), v)

    def position_biases(self, q: str, count: int, size: int) -> list[str]:
        """Of each query, its bias towards every key row and towards every key column: (count * heads, n, size) each."""
        g, heads = self.graph, count * HEADS
        pixels = g.reshape(q, heads, size, size, HEAD)
        index = np.arange(size)
        offsets = index[:, None] - index + size - 1
        by_row, by_column = (
            g.constant(self.state[f"{self.key}attn.rel_pos_{axis}"][offsets].transpose(0, 2, 1)) for axis in "hw"
        )  # (query position, 64, key position)
        rows = g.matmul(pixels, by_row)
        columns = g.transpose(g.matmul(g.transpose(pixels, 0, 2, 1, 3), by_column), 0, 2, 1, 3)
        return [g.reshape(part, heads, size * size, size) for part in (rows, columns)]
