"""EfficientViT's building blocks as ONNX, shared by EfficientViT-SAM and the nano family."""

from __future__ import annotations

import numpy as np

from .graph import Graph, State, fold

HEAD = 32  # width of a linear-attention head


class Blocks:
    """Writes blocks of the encoder whose state-dict keys start with ``prefix``; batch norms are folded on the way."""

    def __init__(self, graph: Graph, state: State, prefix: str, eps: float, activation: str) -> None:
        self.graph = graph
        self.state = state
        self.prefix = prefix
        self.eps = eps
        self.activation = activation

    def weight(self, key: str) -> np.ndarray:
        return self.state[f"{self.prefix}{key}.weight"]

    def bias(self, key: str) -> np.ndarray:
        return self.state[f"{self.prefix}{key}.bias"]

    def activate(self, x: str) -> str:
        if self.activation == "gelu_tanh":
            return self.graph.op("Gelu", x, approximate="tanh")
        return self.graph.op("Clip", x, self.graph.constant(0), self.graph.constant(6))

    def conv(self, x: str, key: str, stride: int = 1, depthwise: bool = False, activated: bool = False) -> str:
        """One ConvLayer: convolution, batch norm if the checkpoint has one, activation."""
        norm = f"{self.prefix}{key}.norm"
        present = norm + ".weight" in self.state
        weight, bias = fold(self.state, f"{self.prefix}{key}.conv", norm if present else None, self.eps)
        y = self.graph.conv(x, weight, bias, stride, groups=weight.shape[0] if depthwise else 1)
        return self.activate(y) if activated else y

    def res_block(self, x: str, key: str) -> str:
        y = self.conv(x, key + ".conv1", activated=True)
        return self.conv(y, key + ".conv2")

    def fused_mb_conv(self, x: str, key: str, stride: int = 1) -> str:
        y = self.conv(x, key + ".spatial_conv", stride, activated=True)
        return self.conv(y, key + ".point_conv")

    def mb_conv(self, x: str, key: str, stride: int = 1) -> str:
        y = self.conv(x, key + ".inverted_conv", activated=True)
        y = self.conv(y, key + ".depth_conv", stride, depthwise=True, activated=True)
        return self.conv(y, key + ".point_conv")

    def lite_mla(self, x: str, qkv: str, aggregate: str, proj: str, size: int | None) -> str:
        """ReLU linear attention over size x size positions, or as many as there are: heads on qkv, then as many on its 5 x 5 aggregate."""
        g = self.graph
        pointwise = g.conv(x, self.weight(qkv), None)
        depthwise, grouped = self.weight(aggregate + ".0"), self.weight(aggregate + ".1")
        wide = len(depthwise)
        scale = g.conv(pointwise, depthwise, None, groups=wide)
        scale = g.conv(scale, grouped, None, groups=wide // grouped.shape[1])
        both = g.op("Concat", pointwise, scale, axis=1)
        heads = g.reshape(both, 2 * wide // (3 * HEAD), 3 * HEAD, size * size if size else -1)
        q, k, v = (g.slice(heads, 1, i * HEAD, (i + 1) * HEAD) for i in range(3))  # (heads, 32, positions)
        q, keys = g.op("Relu", q), g.transpose(g.op("Relu", k), 0, 2, 1)
        numerator = g.matmul(g.matmul(v, keys), q)
        total = g.op("ReduceSum", keys, g.constant([1], np.int64), keepdims=1)  # (heads, 1, 32)
        denominator = g.add(g.matmul(total, q), g.constant(1e-15))
        out = g.op("Div", numerator, denominator)
        if size is None:
            shape = g.op("Concat", g.constant([1, 2 * wide // 3], np.int64), g.op("Shape", x, start=2), axis=0)
            return self.conv(g.op("Reshape", out, shape), proj)
        return self.conv(g.reshape(out, 1, 2 * wide // 3, size, size), proj)

    def normalised_rows(self, x: str, side: int | None, projection: str, norm: str) -> str:
        """The last 1 x 1 convolution and the channel-wise layer norm, row by row: (1, side * side, C), any side if None."""
        g, weight = self.graph, self.weight(projection)[:, :, 0, 0]
        rows = g.reshape(g.transpose(x, 0, 2, 3, 1), 1, side * side if side else -1, weight.shape[1])
        rows = g.linear(rows, weight)
        return g.layer_norm(rows, self.weight(norm), self.bias(norm), 1e-6, offset=self.bias(projection))
