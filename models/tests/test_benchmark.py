"""The convolutions that the Java benchmark takes as the machine's peak, and what other prompts cost a propagator."""

from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from test_export_quantise import operators_run

from medficientsam_models import cli
from medficientsam_models.benchmark import decode_times
from medficientsam_models.benchmark import untrained as benchmark

BUNDLES = Path(__file__).parents[1] / "bundles"


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


def test_the_shipped_propagator_is_timed_by_number_of_other_prompts(capsys):
    assert cli.main(["benchmark", "--propagator", str(BUNDLES / "micro-int8"), "--rounds", "1"]) == 0
    rows = [line.split("|")[1:4] for line in capsys.readouterr().out.splitlines()[2:]]
    assert [int(row[0]) for row in rows] == list(decode_times.COUNTS)
    assert all(float(row[1]) > 0 for row in rows)


def test_a_bundle_without_a_propagator_is_refused(capsys):
    assert cli.main(["benchmark", "--propagator", str(BUNDLES / "nano")]) == 2
    assert "bundle must hold a propagator.onnx, nano has none" in capsys.readouterr().err
