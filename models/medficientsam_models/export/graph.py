"""A thin writer of ONNX graphs: values are names, and every method adds the nodes for one idea and returns a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 20  # the first with Gelu
MICROSOFT = "com.microsoft"

State = Mapping[str, np.ndarray]


class Graph:
    """Collects nodes and constants in order; equal constants are stored once."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[tuple, str] = {}
        self._initializers: list[onnx.TensorProto] = []
        self._inputs: list[onnx.ValueInfoProto] = []
        self._outputs: list[onnx.ValueInfoProto] = []

    def input(self, name: str, shape: Sequence[int | str]) -> str:
        self._inputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape)))
        return name

    def output(self, value: str, name: str, shape: Sequence[int | str]) -> None:
        for node in self._nodes:
            for field in (node.input, node.output):
                for i, used in enumerate(field):
                    if used == value:
                        field[i] = name
        self._outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape)))

    def constant(self, array: np.ndarray | Sequence, dtype: type = np.float32) -> str:
        array = np.ascontiguousarray(array, dtype=dtype)
        key = (array.dtype.str, array.shape, array.tobytes())
        if key not in self._constants:
            name = f"c{len(self._constants)}"
            self._constants[key] = name
            self._initializers.append(numpy_helper.from_array(array, name))
        return self._constants[key]

    def side(self, x: str) -> str:
        """The height of ``x`` (B, C, h, w), (1,) int64: a constant wherever the sides of the graph's input are."""
        return self.op("Shape", x, start=2, end=3)

    def op(self, kind: str, *inputs: str, domain: str = "", **attributes: object) -> str:
        return self.ops(kind, *inputs, outputs=1, domain=domain, **attributes)[0]

    def ops(self, kind: str, *inputs: str, outputs: int, domain: str = "", **attributes: object) -> list[str]:
        n = len(self._nodes)
        names = [f"{kind}_{n}" + (f"_{i}" if i else "") for i in range(outputs)]
        self._nodes.append(helper.make_node(kind, list(inputs), names, names[0], domain=domain, **attributes))
        return names

    def add(self, a: str, b: str) -> str:
        return self.op("Add", a, b)

    def matmul(self, a: str, b: str) -> str:
        return self.op("MatMul", a, b)

    def affine(self, x: str, factor: float, summand: float) -> str:
        return self.add(self.op("Mul", x, self.constant(factor)), self.constant(summand))

    def clip(self, x: str, low: float, high: float) -> str:
        return self.op("Clip", x, self.constant(low), self.constant(high))

    def reshape(self, x: str, *shape: int) -> str:
        return self.op("Reshape", x, self.constant(shape, np.int64))

    def transpose(self, x: str, *axes: int) -> str:
        return self.op("Transpose", x, perm=axes)

    def slice(self, x: str, axis: int, start: int, end: int) -> str:
        bounds = (self.constant([v], np.int64) for v in (start, end, axis))
        return self.op("Slice", x, *bounds)

    def linear(self, x: str, weight: np.ndarray, bias: np.ndarray | None = None) -> str:
        """x (..., in) times ``weight`` (out, in) as PyTorch stores it, plus bias."""
        y = self.matmul(x, self.constant(weight.T))
        return y if bias is None else self.add(y, self.constant(bias))

    def gemm(self, x: str, weight: np.ndarray, bias: np.ndarray) -> str:
        """``linear`` for x (rows, in). The product starts from the bias: no Add that a Gelu after it would be fused with,
        as the fused BiasGelu is slower than the two apart."""
        return self.op("Gemm", x, self.constant(weight), self.constant(bias), transB=1)

    def conv(self, x: str, weight: np.ndarray, bias: np.ndarray | None, stride: int = 1, groups: int = 1) -> str:
        """Same-padded square convolution, ``weight`` (out, in/groups, k, k)."""
        k = weight.shape[-1]
        inputs = [x, self.constant(weight)] + ([] if bias is None else [self.constant(bias)])
        return self.op(
            "Conv",
            *inputs,
            kernel_shape=[k, k],
            strides=[stride, stride],
            pads=[k // 2] * 4,
            group=groups,
        )

    def layer_norm(
        self,
        x: str,
        weight: np.ndarray,
        bias: np.ndarray,
        eps: float,
        skip: str | None = None,
        offset: np.ndarray | None = None,
    ) -> str:
        """LayerNorm over the last axis of ``x + skip + offset`` by the fused kernel, which is several times faster.

        The kernel insists on a skip. Without one we give it ``x`` again: LN(2x) with epsilon 4e is LN(x) with e.
        """
        if skip is None:
            skip, eps = x, 4 * eps
            offset = None if offset is None else 2 * offset
        inputs = [x, skip, self.constant(weight), self.constant(bias)]
        if offset is not None:
            inputs.append(self.constant(offset))
        return self.op("SkipLayerNormalization", *inputs, domain=MICROSOFT, epsilon=eps)

    def standardised(self, x: str, rows: int, eps: float) -> str:
        """Rows (N, rows, C) less their mean, over their deviation: a layer norm without weights, by the kernel for instances, which is
        the fastest there is and, unlike those for layer norms, equally fast in every version of ONNX Runtime."""
        return self.op("InstanceNormalization", x, self.constant(np.ones(rows)), self.constant(np.zeros(rows)), epsilon=eps)

    def rms_norm(self, x: str, skip: str, weight: np.ndarray, eps: float) -> str:
        """``x + skip`` (N, rows, C), each row over its root mean square, times ``weight`` (C); ``skip`` may have N = 1."""
        inputs = [x, skip, self.constant(weight)]
        return self.op("SkipSimplifiedLayerNormalization", *inputs, domain=MICROSOFT, epsilon=eps)

    def add_and_norm(self, x: str, y: str, weight: np.ndarray, bias: np.ndarray, eps: float) -> tuple[str, str]:
        """x + y, and its layer norm, in one pass."""
        inputs = [x, y, self.constant(weight), self.constant(bias)]
        outputs = self.ops("SkipLayerNormalization", *inputs, outputs=4, domain=MICROSOFT, epsilon=eps)
        node = self._nodes[-1]
        node.output[1] = node.output[2] = ""  # mean and inverse deviation, which the CPU kernel does not give
        return outputs[3], outputs[0]

    def model(self) -> onnx.ModelProto:
        graph = helper.make_graph(self._nodes, self._name, self._inputs, self._outputs, self._initializers)
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=9, producer_name="medficientsam-models")
        onnx.checker.check_model(model)
        return model


def fold(state: State, conv: str, norm: str | None, eps: float) -> tuple[np.ndarray, np.ndarray | None]:
    """Weight and bias of convolution ``conv`` with the batch norm ``norm`` folded in, computed in double."""
    weight = state[conv + ".weight"].astype(np.float64)
    bias = state.get(conv + ".bias")
    if norm is None:
        return weight, bias
    scale = state[norm + ".weight"] / np.sqrt(state[norm + ".running_var"].astype(np.float64) + eps)
    shift = state[norm + ".bias"] - state[norm + ".running_mean"] * scale
    if bias is not None:
        shift = shift + bias * scale
    return weight * scale[:, None, None, None], shift


def interpolation(size: int, target: int, cubic: bool) -> np.ndarray:
    """The (target, size) matrix of PyTorch's bicubic (a = -0.75) or bilinear upsampling, half-pixel, edges clamped."""
    a = -0.75
    matrix = np.zeros((target, size))
    for i in range(target):
        centre = (i + 0.5) * size / target - 0.5
        base = int(np.floor(centre))
        for tap in range(base - 1, base + 3):
            d = abs(centre - tap)
            if not cubic:
                w = max(0.0, 1 - d)
            elif d <= 1:
                w = (a + 2) * d**3 - (a + 3) * d**2 + 1
            else:
                w = a * (d**3 - 5 * d**2 + 8 * d - 4) if d < 2 else 0.0
            matrix[i, min(max(tap, 0), size - 1)] += w
    return matrix


def upsample(graph: Graph, x: str, size: int, target: int, cubic: bool) -> str:
    """(1, C, size, size) to (1, C, target, target) as two matrix products; unlike Resize these use every thread."""
    matrix = interpolation(size, target, cubic)
    return graph.matmul(graph.constant(matrix), graph.matmul(x, graph.constant(matrix.T)))


def upsample_any(graph: Graph, x: str, factor: int) -> str:
    """``upsample`` (bilinear) of (1, C, size, size) where size is not known yet: the matrix is made from the shape."""
    def positions(end: str) -> str:
        limits = (graph.op("Squeeze", value) for value in (graph.constant([0], np.int64), end, graph.constant([1], np.int64)))
        return graph.op("Cast", graph.op("Range", *limits), to=TensorProto.FLOAT)

    side = graph.side(x)
    source = positions(side)
    target = positions(graph.op("Mul", side, graph.constant([factor], np.int64)))
    centre = graph.op("Sub", graph.op("Div", target, graph.constant(factor)), graph.constant(0.5 - 0.5 / factor))
    last = graph.op("Cast", graph.op("Squeeze", graph.op("Sub", side, graph.constant([1], np.int64))), to=TensorProto.FLOAT)
    centre = graph.op("Unsqueeze", graph.op("Clip", centre, graph.constant(0), last), graph.constant([0], np.int64))
    distance = graph.op("Abs", graph.op("Sub", graph.op("Unsqueeze", source, graph.constant([1], np.int64)), centre))
    matrix = graph.op("Relu", graph.op("Sub", graph.constant(1), distance))  # (size, target)
    return graph.matmul(graph.transpose(matrix, 1, 0), graph.matmul(x, matrix))
