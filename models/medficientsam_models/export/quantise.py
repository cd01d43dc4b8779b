"""Static INT8 for the encoders: which tensors, with which ranges. ONNX Runtime's quantiser inserts the nodes.

Weights are s8 in -64..63, symmetric, per output channel: processors with AVX2 but without VNNI add pairs of products with u8 in
16 bits, which larger weights overflow. Biases are s32; activations are u8 per tensor, with ranges from calibration images.
Convolutions, the linear layers of transformers (written as Gemm), GELU and the residual sums of
convolutional blocks are quantised. Attention itself, the neck's sum of upsampled features, the last 1 x 1 projection
and layer norms stay fp32. The pixels of a nano decoder are quantised without calibration, see pixel_arithmetic.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import onnx
import onnxruntime as ort
from onnxruntime.quantization import QuantType
from onnxruntime.quantization.calibrate import CalibrationMethod, TensorData, TensorsData
from onnxruntime.quantization.qdq_quantizer import QDQQuantizer

from .u8_gelu import replace_gelus

PERCENTILE = 99.99
SAMPLES = 8192  # values of one tensor kept from one image
GELU_FLOOR = -3.0  # below it GELU is within 0.004 of zero: levels spent there are lost

Samples = Mapping[str, np.ndarray]


def quantise(model: onnx.ModelProto, images: Iterable[np.ndarray], exact_gelu: bool = False) -> onnx.ModelProto:
    """The INT8 form of a rewritten encoder, calibrated on network inputs (1, 3, S, S).

    ``exact_gelu`` keeps GELU itself in fp32 between u8 tensors: slower, for comparison.
    """
    nodes = _quantised_nodes(model)
    samples = sample(model, _activations(nodes), images)
    quantised = _with_qdq(model, [node.name for node in nodes], _ranges(model, samples))
    if not exact_gelu:
        replace_gelus(quantised, samples)
    onnx.checker.check_model(quantised)
    return quantised


def sample(model: onnx.ModelProto, tensors: list[str], images: Iterable[np.ndarray]) -> Samples:
    """An even sample of each tensor's values from each image, pooled over the images."""
    probe = onnx.ModelProto()
    probe.CopyFrom(model)
    image_name = model.graph.input[0].name
    inner = [name for name in tensors if name != image_name]
    probe.graph.output.extend(onnx.helper.make_empty_tensor_value_info(name) for name in inner)
    options = ort.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    session = ort.InferenceSession(probe.SerializeToString(), options, providers=["CPUExecutionProvider"])
    kept: dict[str, list[np.ndarray]] = {name: [] for name in tensors}
    for image in images:
        values = dict(zip(inner, session.run(inner, {image_name: image}), strict=True))
        values[image_name] = image
        for name in tensors:
            flat = values[name].reshape(-1)
            step = max(1, flat.size // SAMPLES) | 1  # odd: no aliasing with rows of even length
            kept[name].append(flat[::step].copy())
    if not kept[image_name]:
        raise ValueError("calibration needs at least one image, got none")
    return {name: np.concatenate(parts) for name, parts in kept.items()}


def _quantised_nodes(model: onnx.ModelProto) -> list[onnx.NodeProto]:
    """Every convolution and Gemm, clipping that follows one, and every residual sum but the last, which feeds fp32 only."""
    producers = {output: node for node in model.graph.node for output in node.output}
    consumers: dict[str, list[onnx.NodeProto]] = {}
    for node in model.graph.node:
        for name in node.input:
            consumers.setdefault(name, []).append(node)

    def kind(name: str) -> str:
        return producers[name].op_type if name in producers else ""

    chosen = []
    for node in model.graph.node:
        if node.op_type in ("Conv", "Gemm") or (node.op_type == "Clip" and kind(node.input[0]) == "Conv"):
            chosen.append(node)
        elif node.op_type == "Add":
            residual = {kind(name) for name in node.input} <= {"Conv", "Add", "Clip"}
            onward = {consumer.op_type for consumer in consumers.get(node.output[0], [])}
            if residual and "Conv" in onward:
                chosen.append(node)
    return chosen


def _activations(nodes: list[onnx.NodeProto]) -> list[str]:
    names: dict[str, None] = {}
    for node in nodes:
        inputs = node.input if node.op_type == "Add" else node.input[:1]
        names.update(dict.fromkeys([*inputs, *node.output]))
    return list(names)


def _ranges(model: onnx.ModelProto, samples: Samples) -> dict[str, tuple[float, float]]:
    """The central 99.98 % of each tensor: extremes are rare, and one scale for all of them would waste the 256 levels."""
    before_gelu = {node.input[0] for node in model.graph.node if node.op_type == "Gelu"}
    ranges = {}
    for name, values in samples.items():
        low, high = np.percentile(values, [100 - PERCENTILE, PERCENTILE])
        ranges[name] = (max(low, GELU_FLOOR) if name in before_gelu else low, high)
    return ranges


def _with_qdq(model: onnx.ModelProto, nodes: list[str], ranges: Mapping[str, tuple[float, float]]) -> onnx.ModelProto:
    tensors = {
        name: TensorData(lowest=np.float32(min(low, 0)), highest=np.float32(max(high, 0)))
        for name, (low, high) in ranges.items()
    }
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    # Behind operators that are not ONNX's own, type inference stops and the quantiser would silently skip a tensor.
    typed = {value.name for value in (*copy.graph.input, *copy.graph.output)}
    copy.graph.value_info.extend(
        onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in ranges if name not in typed
    )
    quantizer = QDQQuantizer(
        copy,
        per_channel=True,
        reduce_range=True,
        weight_qType=QuantType.QInt8,
        activation_qType=QuantType.QUInt8,
        tensors_range=TensorsData(CalibrationMethod.MinMax, tensors),
        nodes_to_quantize=nodes,
        nodes_to_exclude=[],
        op_types_to_quantize=["Conv", "Gemm", "Add", "Clip"],
        extra_options={},
    )
    quantizer.quantize_model()
    quantizer.model.topological_sort()
    return quantizer.model.model
