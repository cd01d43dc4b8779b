"""LiteMedSAM's image encoder (TinyViT) as one fast ONNX graph; pixels are rows (side * side, C) outside convolutions."""

from __future__ import annotations

import numpy as np
import onnx

from .graph import Graph, State, fold
from .windows import merge, partition, sam_neck

WINDOWS = (0, 7, 14, 7)  # of the four layers; the first only convolves
STRIDES = (2, 2, 1)  # of the downsampling after layers 0 to 2
HEAD = 32
EPS = 1e-5


def encoder(state: State, size: int = 256) -> onnx.ModelProto:
    """``image`` (1, 3, size, size) to ``image_embeddings`` as tokens (1, (size/4)^2, 256)."""
    graph = Graph("litemedsam-encoder")
    writer = _Writer(graph, state)
    x, side = graph.input("image", (1, 3, size, size)), size
    x = writer.conv(writer.conv(x, "patch_embed.seq.0", gelu=True), "patch_embed.seq.2")
    for layer, window in enumerate(WINDOWS):
        key = f"layers.{layer}."
        for block in range(writer.depth(layer)):
            name = f"{key}blocks.{block}."
            x = writer.attention_block(x, name, side, window) if window else writer.conv_block(x, name)
        if layer < 3:
            x = writer.downsample(x, f"{key}downsample.", STRIDES[layer])
            side //= STRIDES[layer]
    channels = state["image_encoder.neck.0.weight"].shape[1]
    graph.output(sam_neck(graph, state, x, side, channels), "image_embeddings", (1, side * side, 256))
    return graph.model()


class _Writer:
    """Images are (1, C, side, side) between blocks."""

    def __init__(self, graph: Graph, state: State) -> None:
        self.graph = graph
        self.state = state

    def depth(self, layer: int) -> int:
        prefix = f"image_encoder.layers.{layer}.blocks."
        return len({key[len(prefix) :].split(".")[0] for key in self.state if key.startswith(prefix)})

    def weights(self, key: str) -> tuple[np.ndarray, np.ndarray]:
        return tuple(self.state[f"image_encoder.{key}.{leaf}"] for leaf in ("weight", "bias"))

    def conv(self, x: str, key: str, stride: int = 1, gelu: bool = False) -> str:
        weight, bias = fold(self.state, f"image_encoder.{key}.c", f"image_encoder.{key}.bn", EPS)
        groups = len(weight) if weight.shape[1] == 1 else 1
        y = self.graph.conv(x, weight, bias, stride, groups)
        return self.graph.op("Gelu", y) if gelu else y

    def conv_block(self, x: str, key: str) -> str:
        y = self.conv(self.conv(x, key + "conv1", gelu=True), key + "conv2", gelu=True)
        return self.graph.op("Gelu", self.graph.add(x, self.conv(y, key + "conv3")))

    def downsample(self, x: str, key: str, stride: int) -> str:
        y = self.conv(self.conv(x, key + "conv1", gelu=True), key + "conv2", stride, gelu=True)
        return self.conv(y, key + "conv3")

    def attention_block(self, x: str, key: str, side: int, window: int) -> str:
        g = self.graph
        channels = len(self.weights(key + "attn.norm")[0])

        def image(rows: str) -> str:
            return g.transpose(g.reshape(rows, 1, side, side, channels), 0, 3, 1, 2)

        def rows(image: str) -> str:
            return g.reshape(g.transpose(image, 0, 2, 3, 1), side * side, channels)

        pixels = rows(x)
        pixels = g.add(pixels, self.attention(pixels, key + "attn.", side, window, channels))
        pixels = rows(self.conv(image(pixels), key + "local_conv"))
        hidden = g.layer_norm(pixels, *self.weights(key + "mlp.norm"), EPS)
        hidden = g.op("Gelu", g.gemm(hidden, *self.weights(key + "mlp.fc1")))
        return image(g.add(pixels, g.gemm(hidden, *self.weights(key + "mlp.fc2"))))

    def attention(self, pixels: str, key: str, side: int, window: int, channels: int) -> str:
        """Window attention. The padding comes before the norm and takes part in the softmax, as in the published network."""
        g, heads = self.graph, channels // HEAD
        x = partition(g, pixels, side, window, channels)
        count, area = (-(-side // window)) ** 2, window * window
        x = g.reshape(g.layer_norm(x, *self.weights(key + "norm"), EPS), count * area, channels)
        weight, bias = self.weights(key + "qkv")
        # Published order is q, k, v within each head; ours all q, all k, all v. The scores' scale goes into q.
        order = np.arange(3 * channels).reshape(heads, 3, HEAD).transpose(1, 0, 2).reshape(-1)
        scale = np.repeat([HEAD**-0.5, 1, 1], channels)
        qkv = g.gemm(x, weight[order] * scale[:, None], bias[order] * scale)
        qkv = g.transpose(g.reshape(qkv, count, area, 3, heads, HEAD), 2, 0, 3, 1, 4)
        q, k, v = (g.reshape(part, count, heads, area, HEAD) for part in g.ops("Split", qkv, outputs=3, axis=0, num_outputs=3))
        table = self.state[f"image_encoder.{key}attention_biases"][:, _offsets(window)]
        scores = g.add(g.matmul(q, g.transpose(k, 0, 1, 3, 2)), g.constant(table))
        out = g.transpose(g.matmul(g.op("Softmax", scores, axis=-1), v), 0, 2, 1, 3)
        out = g.gemm(g.reshape(out, count * area, channels), *self.weights(key + "proj"))
        return merge(g, out, side, window, channels)


def _offsets(window: int) -> np.ndarray:
    """(window^2, window^2): |dy| * window + |dx| of every two pixels, the place of their bias in the table."""
    y, x = np.divmod(np.arange(window * window), window)
    return abs(y[:, None] - y) * window + abs(x[:, None] - x)
