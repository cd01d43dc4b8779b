"""SAM's two-way transformer, token-major: no head and no pixel is ever moved.

Equal to the published module up to rounding. What changes is who multiplies what first:

* T tokens times h heads make T h rows, each zero outside its head's columns, so one matrix product with all pixels
  serves every head; the key and value projections are applied to these rows, not to the thousands of pixels.
* The key bias cancels in the softmax; rows of a softmax sum to one, so the value bias is added once, at the end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .graph import Graph, State


@dataclass(frozen=True)
class Geometry:
    """Sizes, and the two names in which checkpoints differ."""

    tokens: int
    side: int  # the image is side x side pixels
    width: int
    heads: int
    cross: int  # inner width of attention between tokens and pixels
    depth: int
    hidden: str  # prefix of the feed-forward layers
    final_attention: str
    final_norm: str


def positional_encoding(points: np.ndarray, gaussian: np.ndarray) -> np.ndarray:
    """Fourier features (..., 2F) of points (..., 2) in [0, 1] with a matrix (2, F), computed in double."""
    t = 2 * np.pi * ((2 * points - 1) @ gaussian.astype(np.float64))
    return np.concatenate([np.sin(t), np.cos(t)], -1)


def dense_positions(side: int, gaussian: np.ndarray) -> np.ndarray:
    """(side * side, 2F): the encoding of every pixel's centre, row by row."""
    centres = (np.arange(side) + 0.5) / side
    y, x = np.meshgrid(centres, centres, indexing="ij")
    return positional_encoding(np.stack([x, y], -1).reshape(-1, 2), gaussian)


class TwoWay:
    """Writes the transformer whose state-dict keys start with ``prefix``."""

    def __init__(self, graph: Graph, state: State, prefix: str, geometry: Geometry, eps: float) -> None:
        self.graph = graph
        self.state = state
        self.prefix = prefix
        self.geometry = geometry
        self.eps = eps
        # (heads, cross): which columns belong to which head
        self.own = graph.constant(np.kron(np.eye(geometry.heads), np.ones(geometry.cross // geometry.heads)))

    def prompt(self, boxes: str, gaussian: np.ndarray, corners: np.ndarray, learned: np.ndarray) -> str:
        """(N, T, width): the ``learned`` tokens, then the encoded corners plus what kind of ``corners`` they are."""
        g = self.graph
        points = g.reshape(boxes, -1, 2, 2)
        # 2 pi (2c - 1) G, with the factors moved into the matrix
        double = gaussian.astype(np.float64)
        angle = g.linear(points, 4 * np.pi * double.T, -2 * np.pi * double.sum(0))
        encoded = g.op("Concat", g.op("Sin", angle), g.op("Cos", angle), axis=2)
        encoded = g.add(encoded, g.constant(corners))
        count = g.op("Concat", g.op("Shape", boxes, start=0, end=1), g.constant([1, 1], np.int64), axis=0)
        return g.op("Concat", g.op("Expand", g.constant(learned[None]), count), encoded, axis=1)

    def run(self, prompt: str, pixels: str, offset: np.ndarray | None, positions: np.ndarray) -> tuple[str, str]:
        """Tokens (N, T, width) and pixels (N or 1, side * side, width) through all layers and the final attention.

        ``offset`` (width) is a constant that belongs to the pixels but was left out of them: one addition saved.
        """
        g, queries = self.graph, prompt
        placed = g.add(pixels, g.constant((positions if offset is None else positions + offset)[None]))
        for i in range(self.geometry.depth):
            key = f"layers.{i}."
            queries = self.among_tokens(i, queries, prompt)
            attended = self.tokens_to_image(
                g.add(queries, prompt), placed, pixels, offset, key + "cross_attn_token_to_image"
            )
            queries = self.norm(attended, key + "norm2", queries)
            hidden = key + self.geometry.hidden
            queries = self.norm(self.mlp(queries, hidden + "lin1", hidden + "lin2"), key + "norm3", queries)
            attended, bias = self.image_to_tokens(
                placed, g.add(queries, prompt), queries, key + "cross_attn_image_to_token"
            )
            pixels = self.norm(attended, key + "norm4", pixels, bias if offset is None else bias + offset)
            placed, offset = g.add(pixels, g.constant(positions[None])), None
        attended = self.tokens_to_image(g.add(queries, prompt), placed, pixels, None, self.geometry.final_attention)
        return self.norm(attended, self.geometry.final_norm, queries), pixels

    def token(self, tokens: str, i: int) -> str:
        """(N, width): one of the tokens."""
        return self.graph.reshape(self.graph.slice(tokens, 1, i, i + 1), -1, self.geometry.width)

    def weights(self, key: str) -> tuple[np.ndarray, np.ndarray]:
        return self.state[f"{self.prefix}{key}.weight"], self.state[f"{self.prefix}{key}.bias"]

    def linear(self, x: str, key: str) -> str:
        return self.graph.linear(x, *self.weights(key))

    def norm(self, x: str, key: str, skip: str | None = None, offset: np.ndarray | None = None) -> str:
        return self.graph.layer_norm(x, *self.weights(key), self.eps, skip, offset)

    def mlp(self, x: str, *layers: str) -> str:
        for layer in layers[:-1]:
            x = self.graph.op("Relu", self.linear(x, layer))
        return self.linear(x, layers[-1])

    def among_tokens(self, layer: int, queries: str, prompt: str) -> str:
        """A layer's attention of the tokens to themselves, and its norm."""
        key = f"layers.{layer}."
        if layer == 0:  # the first layer replaces the tokens and sees no positions
            return self.norm(self.self_attention(queries, queries, key + "self_attn"), key + "norm1")
        attended = self.self_attention(self.graph.add(queries, prompt), queries, key + "self_attn")
        return self.norm(attended, key + "norm1", queries)

    def self_attention(self, q: str, v: str, key: str) -> str:
        """Ordinary attention among the few tokens; keys are made from what queries are made from."""
        g, geometry = self.graph, self.geometry
        width = geometry.width // geometry.heads
        query, query_bias = self.weights(key + ".q_proj")
        scale = width**-0.5
        q_heads = g.linear(q, query * scale, query_bias * scale)
        k_heads = g.linear(q, self.weights(key + ".k_proj")[0])
        v_heads = self.linear(v, key + ".v_proj")

        def split(x: str, *axes: int) -> str:
            return g.transpose(g.reshape(x, -1, geometry.tokens, geometry.heads, width), *axes)

        attention = g.op("Softmax", g.matmul(split(q_heads, 0, 2, 1, 3), split(k_heads, 0, 2, 3, 1)), axis=-1)
        out = g.transpose(g.matmul(attention, split(v_heads, 0, 2, 1, 3)), 0, 2, 1, 3)
        return self.linear(g.reshape(out, -1, geometry.tokens, geometry.width), key + ".out_proj")

    def rows(self, x: str) -> str:
        """(N, T, cross) to (N, T, heads, cross), each row keeping its own head's columns."""
        geometry = self.geometry
        return self.graph.op("Mul", self.graph.reshape(x, -1, geometry.tokens, 1, geometry.cross), self.own)

    def tokens_to_image(self, q: str, placed: str, pixels: str, offset: np.ndarray | None, key: str) -> str:
        """Every token looks at all pixels: ``placed`` are the keys, ``pixels`` (and the constant ``offset``) the values."""
        g, geometry = self.graph, self.geometry
        scale = (geometry.cross // geometry.heads) ** -0.5
        query, query_bias = self.weights(key + ".q_proj")
        q = self.rows(g.linear(q, query * scale, query_bias * scale))
        q = g.reshape(q, -1, geometry.tokens * geometry.heads, geometry.cross)
        q = g.matmul(q, g.constant(self.weights(key + ".k_proj")[0]))
        attention = g.op("Softmax", g.matmul(q, g.transpose(placed, 0, 2, 1)), axis=-1)  # (N, T heads, pixels)
        value, value_bias = self.weights(key + ".v_proj")
        if offset is not None:
            value_bias = value_bias + value @ offset
        context = g.linear(g.matmul(attention, pixels), value)  # (N, T heads, cross)
        context = g.reshape(context, -1, geometry.tokens, geometry.heads, geometry.cross)
        context = g.op("ReduceSum", g.op("Mul", context, self.own), g.constant([2], np.int64), keepdims=0)
        return self.linear(g.add(context, g.constant(value_bias)), key + ".out_proj")

    def image_to_tokens(self, placed: str, k: str, v: str, key: str) -> tuple[str, np.ndarray]:
        """Every pixel looks at the tokens: (N, pixels, width), and the bias (width) still to be added."""
        g, geometry = self.graph, self.geometry
        scale = (geometry.cross // geometry.heads) ** -0.5
        query, query_bias = self.weights(key + ".q_proj")
        out, out_bias = self.weights(key + ".out_proj")
        count = geometry.heads * geometry.tokens

        def by_head(x: str) -> str:  # head-major, so that the scores of one head are neighbours
            return g.reshape(g.transpose(self.rows(x), 0, 2, 1, 3), -1, count, geometry.cross)

        # k (Wq x + bq) = (k Wq) x + k bq
        key_weight, key_bias = self.weights(key + ".k_proj")
        k = by_head(g.linear(k, key_weight * scale, key_bias * scale))
        folded = g.transpose(g.matmul(k, g.constant(np.column_stack([query, query_bias]))), 0, 2, 1)
        width = geometry.width  # folded: (N, width + 1, T heads)
        scores = g.add(g.matmul(placed, g.slice(folded, 1, 0, width)), g.slice(folded, 1, width, width + 1))
        pixels = geometry.side**2
        grouped = g.reshape(scores, -1, pixels, geometry.heads, geometry.tokens)
        attention = g.reshape(g.op("Softmax", grouped, axis=-1), -1, pixels, count)
        v = g.matmul(by_head(self.linear(v, key + ".v_proj")), g.constant(out.T))
        return g.matmul(attention, v), out_bias


def four_pixels(state: State, key: str) -> tuple[np.ndarray, np.ndarray]:
    """A transposed 2 x 2 convolution of stride 2 as a linear weight (4 out, in), and its bias (out)."""
    weight = state[key + ".weight"]  # (in, out, 2, 2)
    return weight.transpose(2, 3, 1, 0).reshape(-1, weight.shape[0]), state[key + ".bias"]
