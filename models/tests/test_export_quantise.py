"""INT8: what is quantised, how far it drifts, and the GELU that stays in u8."""

from collections import Counter

import cv2
import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper
from test_nano import SMALL

from medficientsam_models.errors import InvalidInputError
from medficientsam_models.export.calibration import calibration_inputs
from medficientsam_models.export.graph import MICROSOFT, Graph
from medficientsam_models.export.quantise import quantise
from medficientsam_models.export.u8_gelu import Grid, fit, gelu
from medficientsam_models.export.write import rewritten
from medficientsam_models.networks.nano import Nano
from medficientsam_models.networks.variants import VARIANTS
from medficientsam_models.reference import golden


def session(model):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # more of them spin, which on a busy machine costs more than it brings
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def smooth_images(count, size, seed):
    """Low-frequency noise in [0, 1]: closer to a picture than white noise is."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        small = rng.random((size // 8, size // 8, 3), dtype=np.float32)
        yield cv2.resize(small, (size, size)).transpose(2, 0, 1)[None].copy()


def operators_run(model, tmp_path):
    """What ONNX Runtime makes of a model: the operators of the graph it executes."""
    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(tmp_path / "optimised.onnx")
    onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return Counter(node.op_type for node in onnx.load(options.optimized_model_filepath).graph.node)


def relative_error(expected, found):
    return np.linalg.norm(found - expected) / np.linalg.norm(expected)


def test_every_nano_convolution_runs_in_int8_with_little_drift(tmp_path):
    torch.manual_seed(4)
    model = Nano(SMALL).eval()
    encoder, _ = rewritten(model, "nano")
    int8 = quantise(encoder, smooth_images(4, 64, seed=5))
    run = operators_run(int8, tmp_path)
    assert run["QLinearConv"] == Counter(node.op_type for node in encoder.graph.node)["Conv"]
    assert run["Conv"] == 0
    assert run["Clip"] == 0, "the u8 range itself clips at 0 and 6"
    for image in smooth_images(2, 64, seed=6):
        (expected,), (found,) = (session(m).run(None, {"image": image}) for m in (encoder, int8))
        assert relative_error(expected, found) < 0.05


def test_l0_drifts_no_more_with_the_u8_gelu_than_with_the_exact_one(tmp_path):
    encoder, _ = rewritten(golden.deterministic_model(VARIANTS["l0"]), "l0")
    (image,) = smooth_images(1, 512, seed=7)
    (expected,) = session(encoder).run(None, {"image": image})
    drift = {}
    for exact in (True, False):
        int8 = quantise(encoder, smooth_images(2, 512, seed=8), exact_gelu=exact)
        drift[exact] = relative_error(expected, session(int8).run(None, {"image": image})[0])
    assert drift[True] < 0.12
    assert drift[False] < 1.1 * drift[True]
    run = operators_run(int8, tmp_path)
    assert run["Gelu"] == run["Conv"] == 0
    assert run["QLinearSigmoid"] == run["QLinearMul"] == 30
    assert run["QuantizeLinear"] + run["DequantizeLinear"] < 30


def test_linear_layers_of_a_transformer_run_in_int8(tmp_path):
    encoder, _ = rewritten(golden.deterministic_model(VARIANTS["litemedsam"]), "litemedsam")
    int8 = quantise(encoder, smooth_images(1, 256, seed=13))
    run = operators_run(int8, tmp_path)
    assert run["QGemm"] == Counter(node.op_type for node in encoder.graph.node)["Gemm"] == 40
    assert run["Gemm"] == run["Conv"] == 0
    (image,) = smooth_images(1, 256, seed=14)
    (expected,), (found,) = (session(m).run(None, {"image": image}) for m in (encoder, int8))
    assert relative_error(expected, found) < 0.25  # with random weights; its layer norms magnify more than L0's convolutions


@pytest.mark.parametrize("high", [1.5, 4.0, 10.0])
def test_u8_gelu_is_as_good_as_rounding(high):
    source = Grid(np.float32((high + 3) / 255), round(3 / (high + 3) * 255))
    target = Grid(np.float32((high + 0.17) / 255), round(0.17 / (high + 0.17) * 255))
    x = source.values()
    frequency = np.exp(-0.5 * np.square(x * 2 / high))
    table = fit(source, target, frequency).table(source, target)
    steps = table - target.zero_point - gelu(x) / float(target.scale)
    assert np.sqrt(np.average(np.square(steps), weights=frequency)) < 0.45  # 0.29 is rounding alone


def test_onnx_runtime_computes_the_table_we_fitted():
    source, target = Grid(np.float32(0.03), 100), Grid(np.float32(0.02), 9)
    u8 = fit(source, target, np.ones(256))
    inputs = {
        "scale": source.scale, "zero": np.uint8(source.zero_point),
        "slope": u8.slope.scale, "sigmoid": u8.sigmoid.scale, "sigmoid_zero": np.uint8(0),
        "gate": u8.gate.scale, "gate_zero": np.uint8(u8.gate.zero_point),
        "target": target.scale, "target_zero": np.uint8(target.zero_point),
    }
    nodes = [
        helper.make_node("QLinearSigmoid", ["x", "slope", "zero", "sigmoid", "sigmoid_zero"], ["s"], domain=MICROSOFT),
        helper.make_node("QLinearMul", ["x", "scale", "zero", "s", "gate", "gate_zero", "target", "target_zero"], ["y"],
                         domain=MICROSOFT),
    ]
    x, y = (helper.make_tensor_value_info(name, TensorProto.UINT8, [256]) for name in "xy")
    graph = helper.make_graph(nodes, "g", [x], [y], [numpy_helper.from_array(np.asarray(v), k) for k, v in inputs.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20), helper.make_opsetid(MICROSOFT, 1)],
                              ir_version=9)
    (found,) = session(model).run(None, {"x": np.arange(256, dtype=np.uint8)})
    assert np.abs(found.astype(int) - u8.table(source, target)).max() <= 1  # float32 against double before rounding


def test_quantising_without_images_is_refused():
    graph = Graph("g")
    image = graph.input("image", (1, 3, 8, 8))
    graph.output(graph.conv(image, np.ones((4, 3, 3, 3)), None), "image_embeddings", (1, 4, 8, 8))
    with pytest.raises(ValueError, match="at least one image"):
        quantise(graph.model(), iter(()))


def test_calibration_reads_cases_volumes_and_pictures_but_no_label_maps(tmp_path):
    rng = np.random.default_rng(9)
    slice_, volume = rng.integers(0, 255, (20, 30, 3), np.uint8), rng.integers(0, 255, (5, 20, 30), np.uint8)
    for name in ("CT", "MR", "US"):
        (tmp_path / name).mkdir()
    np.savez(tmp_path / "CT" / "2D_CT_1.npz", imgs=slice_, boxes=np.array([[1, 2, 3, 4]]))
    np.savez(tmp_path / "MR" / "3D_MR_1.npz", imgs=volume, boxes=np.array([[1, 2, 0, 3, 4, 4]]))
    cv2.imwrite(str(tmp_path / "US" / "a.webp"), slice_, [cv2.IMWRITE_WEBP_QUALITY, 101])  # lossless
    cv2.imwrite(str(tmp_path / "US" / "a.png"), np.zeros((20, 30), np.uint8))
    inputs = list(calibration_inputs(tmp_path, 64))
    assert [x.shape for x in inputs] == [(1, 3, 64, 64)] * 3
    np.testing.assert_array_equal(inputs[1][0, 0], inputs[1][0, 2])  # grey, three times
    np.testing.assert_allclose(inputs[2], inputs[0][:, ::-1], atol=1e-6)  # OpenCV wrote BGR
    assert all(x.min() >= 0 and x.max() <= 1 for x in inputs)


def test_calibration_folder_without_images_is_refused(tmp_path):
    with pytest.raises(InvalidInputError, match="npz cases or pictures, got none"):
        next(calibration_inputs(tmp_path, 64))


def test_calibration_case_of_another_kind_is_named(tmp_path):
    (tmp_path / "broken.npz").write_bytes(b"PK")
    with pytest.raises(InvalidInputError, match="broken.npz must be a challenge case"):
        next(calibration_inputs(tmp_path, 64))
