"""The convolutions that the Java benchmark takes as the machine's peak."""

from collections import Counter

import numpy as np
import onnx
import onnxruntime
from test_export_quantise import operators_run

from medficientsam_models import benchmark


def test_peaks_are_nothing_but_convolutions_of_the_stated_work(tmp_path):
    assert list(benchmark.write_peaks(tmp_path)) == ["peak-fp32.onnx", "peak-int8.onnx"]
    fp32, int8 = (onnx.load(tmp_path / name) for name in ("peak-fp32.onnx", "peak-int8.onnx"))
    weights = [np.prod(tensor.dims) for tensor in fp32.graph.initializer if len(tensor.dims) == 4]
    assert sum(weights) * benchmark.SIDE**2 == benchmark.PEAK_MACS
    assert Counter(node.op_type for node in fp32.graph.node) == {"Conv": benchmark.DEPTH}
    assert operators_run(int8, tmp_path)["QLinearConv"] == benchmark.DEPTH
    image = np.random.default_rng(1).random((1, benchmark.CHANNELS, benchmark.SIDE, benchmark.SIDE), dtype=np.float32)
    expected, found = (
        onnxruntime.InferenceSession(tmp_path / name, providers=["CPUExecutionProvider"]).run(None, {"image": image})[0]
        for name in ("peak-fp32.onnx", "peak-int8.onnx")
    )
    assert np.linalg.norm(found - expected) < 0.05 * np.linalg.norm(expected)
