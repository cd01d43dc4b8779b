"""The nano decoder's two-way transformer: as `TwoWay`, with pixels that are not written out before their first norm.

Scores are laid out tokens first, (N, heads * tokens, pixels), for either direction: products with the pixels then need no transpose,
and the softmax over four tokens runs along the pixels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .graph import Graph, State
from .nano import count
from .two_way import Geometry, TwoWay

TOKENS = 4
LAYERS = "decoder.layers."
_LOWEST_SCORE = -60.0  # its exponential is 1e-26


@dataclass(frozen=True)
class PixelState:
    """Pixels that are ``base + extra^T matrix``: (N or 1, pixels, width), (N, k, pixels), (N or 1, k, width)."""

    base: str
    extra: str = ""
    matrix: str = ""


def geometry(state: State, heads: int, side: int) -> Geometry:
    cross, width = state["decoder.final_attn.q_proj.weight"].shape
    return Geometry(
        tokens=TOKENS,
        side=side,
        width=width,
        heads=heads,
        cross=cross,
        depth=count(state, LAYERS),
        hidden="",
        final_attention="final_attn",
        final_norm="norm_final",
    )


class NanoTwoWay(TwoWay):
    """Writes the transformer whose keys start with ``decoder.``."""

    def __init__(self, graph: Graph, state: State, heads: int, side: int, eps: float) -> None:
        super().__init__(graph, state, "decoder.", geometry(state, heads, side), eps)

    def run(self, prompt: str, pixels: PixelState, positions: np.ndarray) -> tuple[str, str]:
        """Tokens (N, 4, width), and pixels (N, pixels, width) of mean 0 and variance 1: the last norm's weights are still to come."""
        g, width, queries = self.graph, self.geometry.width, prompt
        places = g.constant(positions)  # stored once: what is made of constants alone ONNX Runtime computes when it loads the graph
        placed, left_out = g.add(pixels.base, places), np.zeros(width)
        for i in range(self.geometry.depth):
            key = f"layers.{i}."
            queries = self.among_tokens(i, queries, prompt)
            cross = key + "cross_attn_token_to_image"
            scores = self.scores(self.token_rows(g.add(queries, prompt), cross), placed, pixels)
            context = self.context(scores, pixels, left_out)
            queries = self.norm(self.attended(context, cross), key + "norm2", queries)
            queries = self.norm(self.mlp(queries, key + "lin1", key + "lin2"), key + "norm3", queries)
            cross = key + "cross_attn_image_to_token"
            update = self.tokens_for_pixels(placed, pixels, g.add(queries, prompt), queries, cross, left_out)
            normalised = g.standardised(g.add(pixels.base, update), self.geometry.side**2, self.eps)
            gain, shift = (value.astype(np.float64) for value in self.weights(key + "norm4"))
            if i + 1 < self.geometry.depth:
                pixels, left_out = PixelState(g.op("Mul", normalised, g.constant(gain))), shift
                placed = g.add(pixels.base, g.add(places, g.constant(shift)))
        # The last norm's gain moves to the queries; its shift cancels in a softmax over the pixels.
        cross = self.geometry.final_attention
        rows = self.token_rows(g.add(queries, prompt), cross)
        scores = self.scores(g.op("Mul", rows, g.constant(gain)), normalised, PixelState(normalised))
        scores = g.add(scores, g.matmul(rows, g.transpose(places, 1, 0)))
        context = self.context(scores, PixelState(normalised), np.zeros(width))
        context = g.add(g.op("Mul", context, g.constant(gain)), g.constant(shift))
        return self.norm(self.attended(context, cross), self.geometry.final_norm, queries), normalised

    def token_rows(self, q: str, key: str) -> str:
        """(N, tokens * heads, width): what each head of each token looks for in the pixels, scaled."""
        g, geometry = self.graph, self.geometry
        scale = (geometry.cross // geometry.heads) ** -0.5
        query, query_bias = self.weights(key + ".q_proj")
        q = self.rows(g.linear(q, query * scale, query_bias * scale))
        q = g.reshape(q, -1, geometry.tokens * geometry.heads, geometry.cross)
        return g.matmul(q, g.constant(self.weights(key + ".k_proj")[0]))

    def scores(self, rows: str, placed: str, pixels: PixelState) -> str:
        """(N, rows, pixels): products of rows (N, rows, width) with the pixels in their places."""
        g = self.graph
        scores = g.matmul(rows, g.transpose(placed, 0, 2, 1))
        if pixels.extra:
            scores = g.add(scores, g.matmul(g.matmul(rows, g.transpose(pixels.matrix, 0, 2, 1)), pixels.extra))
        return scores

    def context(self, scores: str, pixels: PixelState, left_out: np.ndarray) -> str:
        """(N, rows, width): means of the pixels by the softmax of the scores, and the constant that was left out of them."""
        g, attention = self.graph, self.graph.op("Softmax", self.below_largest(scores, 2), axis=-1)
        context = g.matmul(attention, pixels.base)
        if pixels.extra:
            context = g.add(context, g.matmul(g.matmul(attention, g.transpose(pixels.extra, 0, 2, 1)), pixels.matrix))
        return g.add(context, g.constant(left_out)) if left_out.any() else context

    def below_largest(self, scores: str, axis: int) -> str:
        """Scores less the largest along ``axis``, and not so low that products with their exponentials would be denormal, which
        take a processor a hundred times as long."""
        g = self.graph
        largest = g.op("ReduceMax", scores, g.constant([axis], np.int64), keepdims=1)
        return g.op("Max", g.op("Sub", scores, largest), g.constant(_LOWEST_SCORE))

    def attended(self, context: str, key: str) -> str:
        """(N, tokens, width) of what the heads have found."""
        g, geometry = self.graph, self.geometry
        value, value_bias = self.weights(key + ".v_proj")
        context = g.reshape(g.linear(context, value), -1, geometry.tokens, geometry.heads, geometry.cross)
        context = g.op("ReduceSum", g.op("Mul", context, self.own), g.constant([2], np.int64), keepdims=0)
        return self.linear(g.add(context, g.constant(value_bias)), key + ".out_proj")

    def tokens_for_pixels(self, placed: str, pixels: PixelState, k: str, v: str, key: str, left_out: np.ndarray) -> str:
        """(N, pixels, width): what every pixel finds in the tokens, what is not written out of the pixels, what was left out of them."""
        g, geometry = self.graph, self.geometry
        scale = (geometry.cross // geometry.heads) ** -0.5
        query, query_bias = self.weights(key + ".q_proj")
        out, out_bias = self.weights(key + ".out_proj")
        count = geometry.heads * geometry.tokens

        def by_head(x: str) -> str:
            return g.reshape(g.transpose(self.rows(x), 0, 2, 1, 3), -1, count, geometry.cross)

        key_weight, key_bias = self.weights(key + ".k_proj")
        k = by_head(g.linear(k, key_weight * scale, key_bias * scale))
        # k (Wq x + bq) = (k Wq) x + k bq
        scores = self.scores(g.matmul(k, g.constant(query)), placed, pixels)
        scores = g.add(scores, g.matmul(k, g.constant(query_bias[:, None])))
        scores = g.reshape(scores, -1, geometry.heads, geometry.tokens, geometry.side**2)
        shares = g.op("Exp", self.below_largest(scores, 2))
        shares = g.op("Div", shares, g.op("ReduceSum", shares, g.constant([2], np.int64), keepdims=1))
        shares = g.reshape(shares, -1, count, geometry.side**2)
        # A head's shares sum to one, so that a constant can be added to its values.
        values = g.linear(by_head(self.linear(v, key + ".v_proj")), out, (out_bias + left_out) / geometry.heads)
        if pixels.extra:
            count_of_boxes = g.op("Concat", g.op("Shape", values, start=0, end=1), g.constant([1, 1], np.int64), axis=0)
            shares = g.op("Concat", pixels.extra, shares, axis=1)
            values = g.op("Concat", g.op("Expand", pixels.matrix, count_of_boxes), values, axis=1)
        return g.matmul(g.transpose(shares, 0, 2, 1), values)
