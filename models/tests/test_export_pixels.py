"""The decoder's arithmetic on pixels: float32 equals NumPy, u8 comes within its steps, and a whole u8 decoder draws the same masks."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch.nn import functional as F

from medficientsam_models.export import nano_decoder, nano_propagator
from medficientsam_models.export.graph import Graph
from medficientsam_models.export.nano import encoder
from medficientsam_models.export.pixel_arithmetic import EightBitPixels, Expected, Pixels, Planes
from medficientsam_models.networks.nano import NANO, Nano
from medficientsam_models.networks.nano_config import PropagatorConfig
from medficientsam_models.networks.nano_propagator import NanoPropagator
from medficientsam_models.pipeline.frame import to_input
from medficientsam_models.weights import checkpoints

ROOT = Path(__file__).parents[2]
WAYS = [(Pixels, 1e-5), (EightBitPixels, 0.05)]  # and how large their errors may be, in deviations of the result


def run(graph, **inputs):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # more of them spin, which on a busy machine costs more than it brings
    session = onnxruntime.InferenceSession(graph.model().SerializeToString(), options, providers=["CPUExecutionProvider"])
    return session.run(None, inputs)


def random(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def check_close(found, wanted, tolerance):
    error = found - wanted
    assert np.sqrt(np.mean(error**2)) < tolerance * wanted.std()
    assert abs(error.mean()) < 0.3 * tolerance * wanted.std()  # a bias would add up over layers


def dequantised(graph, rows):
    values = graph.op("Cast", rows.name, to=onnx.TensorProto.FLOAT)
    return graph.add(graph.op("Mul", values, graph.constant(rows.step)), graph.constant(rows.low))


@pytest.mark.parametrize(("way", "tolerance"), WAYS)
@pytest.mark.parametrize("larger", [1, 8], ids=["alike", "one-part-far-larger"])
def test_a_product_of_several_parts_is_the_linear_layer_over_all_of_them(way, tolerance, larger):
    a, b, weight, bias = random(2, 50, 24), random(2, 50, 8, seed=1), random(16, 32, seed=2), random(16, seed=3)
    weight[:, :24] *= larger
    graph = Graph("product")
    pixels = way(graph)
    parts = [pixels.rows(graph.input("a", ("N", 50, 24)), 24, -4.5, 4.5), pixels.rows(graph.input("b", ("N", 50, 8)), 8, -4, 4)]
    graph.output(pixels.product(parts, weight, bias), "y", ("N", 50, 16))
    (found,) = run(graph, a=a, b=b)
    check_close(found, np.concatenate([a, b], axis=2) @ weight.T + bias, tolerance)


@pytest.mark.parametrize(("way", "tolerance"), WAYS)
@pytest.mark.parametrize("groups", [1, 12])
def test_a_convolution_after_an_activated_product_equals_pytorch(way, tolerance, groups):
    x, weight, bias = random(2, 64, 6), random(12, 6, seed=1), random(12, seed=2)
    kernel, kernel_bias = random(12, 12 // groups, 3, 3, seed=3) / 3, random(12, seed=4)
    graph = Graph("conv")
    pixels = way(graph)
    deviation = np.sqrt((weight**2).sum(1))
    rows = pixels.activated_product([pixels.rows(graph.input("x", ("N", 64, 6)), 6, -4, 4)], weight, bias, Expected(bias, deviation))
    rows = pixels.activated_conv(rows, 8, kernel, kernel_bias, Expected(kernel_bias, np.ones(12)))
    graph.output(dequantised(graph, rows), "y", ("N", 64, 12))
    (found,) = run(graph, x=x)
    image = F.relu6(F.linear(torch.from_numpy(x), torch.from_numpy(weight), torch.from_numpy(bias))).transpose(1, 2).reshape(2, 12, 8, 8)
    wanted = F.relu6(F.conv2d(image, torch.from_numpy(kernel), torch.from_numpy(kernel_bias), padding=1, groups=groups))
    check_close(found, wanted.flatten(2).transpose(1, 2).numpy(), tolerance)


@pytest.mark.parametrize(("way", "tolerance"), WAYS)
def test_a_number_of_a_box_survives_as_planes(way, tolerance):
    """A u8 plane of a number within -3..3 would be wrong by up to 0.012."""
    graph = Graph("number")
    pixels = way(graph)
    parts = pixels.number(graph.input("x", ("N", 1, 1, 1)), -3, 3)
    shape = graph.op("Concat", graph.op("Shape", "x", start=0, end=1), graph.constant([1, 2, 2], np.int64), axis=0)
    rows = pixels.of_planes(parts, shape, 4)
    graph.output(graph.op("ReduceSum", dequantised(graph, rows), graph.constant([2], np.int64), keepdims=0), "y", ("N", 4))
    numbers = np.linspace(-3, 3, 301, dtype=np.float32)
    (found,) = run(graph, x=numbers.reshape(-1, 1, 1, 1))
    np.testing.assert_allclose(found, np.repeat(numbers[:, None], 4, axis=1), atol=1e-4)


@pytest.mark.parametrize(("way", "tolerance"), WAYS)
def test_sub_pixels_become_an_image_row_by_row(way, tolerance):
    graph = Graph("row-major")
    pixels = way(graph)
    image = np.arange(36, dtype=np.float32).reshape(6, 6) % 7
    sub_pixels = image.reshape(3, 2, 3, 2).transpose(0, 2, 1, 3).reshape(1, 36, 1)
    rows = pixels.row_major(pixels.rows(graph.input("x", ("N", 36, 1)), 1, 0, 6), 3)
    graph.output(dequantised(graph, rows), "y", ("N", 36, 1))
    np.testing.assert_allclose(run(graph, x=sub_pixels)[0].reshape(6, 6), image, atol=0.02)


@pytest.mark.parametrize(("way", "tolerance"), WAYS)
def test_a_matrix_of_each_box_is_multiplied_to_14_bits(way, tolerance):
    x, weight = np.abs(random(2, 40, 16)).clip(0, 6), random(2, 16, 4, seed=1)
    weight[1] *= 1000  # each box has its own scale
    graph = Graph("by-box")
    pixels = way(graph)
    rows = pixels.activated(graph.input("x", ("N", 40, 16)), Expected(np.zeros(16), np.ones(16)))
    graph.output(pixels.by_box(rows, graph.input("weight", ("N", 16, 4))), "y", ("N", 40, 4))
    graph.output(dequantised(graph, rows), "levels", ("N", 40, 16))
    found, levels = run(graph, x=x, weight=weight)
    for box in range(2):
        np.testing.assert_allclose(found[box], levels[box] @ weight[box], atol=2e-3 * np.abs(weight[box]).max())


@pytest.mark.parametrize(("way", "tolerance"), WAYS)
def test_the_embedding_is_read_by_pixels_and_by_their_sub_pixels(way, tolerance):
    image, coarse, fine = random(1, 64, 6), random(5, 24, seed=1), random(5, 6, seed=2)
    graph = Graph("embedding")
    rows = way(graph).embedding(graph.input("x", (1, 64, 6)), 4, 6)
    graph.output(rows.coarse(coarse, np.arange(5)), "coarse", (1, 16, 5))
    graph.output(rows.fine(fine), "fine", (1, 64, 5))
    found_coarse, found_fine = run(graph, x=image)
    four = image.reshape(4, 2, 4, 2, 6).transpose(0, 2, 1, 3, 4)
    check_close(found_coarse, four.reshape(1, 16, 24) @ coarse.T + np.arange(5), tolerance)
    check_close(found_fine, four.reshape(1, 64, 6) @ fine.T, tolerance)


def test_planes_saturate_at_their_ends():
    graph = Graph("planes")
    pixels = EightBitPixels(graph)
    rows = pixels.of_planes([Planes(graph.input("x", ("N", 1, 1, 3)), 1, -2, 2)], graph.constant([1, 1, 2, 3], np.int64), 6)
    graph.output(dequantised(graph, rows), "y", ("N", 6, 1))
    (found,) = run(graph, x=np.array([-9, 0.5, 9], np.float32).reshape(1, 1, 1, 3))
    np.testing.assert_allclose(found[0, :, 0], [-2, 0.5, 2] * 2, atol=0.02)


@pytest.fixture(scope="module")
def nano():
    model = Nano(NANO).eval()
    checkpoints.load(model, ROOT / "models/weights/nano")
    return {key: value.numpy() for key, value in model.state_dict().items()}


@pytest.fixture(scope="module")
def objects(nano):
    """Embedding and boxes (N, 4) of the samples' images and of some slices of their volume."""
    session = onnxruntime.InferenceSession(encoder(nano, 256).SerializeToString(), providers=["CPUExecutionProvider"])
    found = []
    for name in ("2D_sample_cells", "2D_sample_lesion", "3D_sample_organs"):
        with np.load(ROOT / f"src/samples/{name}.npz") as case:
            images, labels = case["imgs"], case["gts"]
        slices = [(images, labels)] if labels.ndim == 2 else [(images[z], labels[z]) for z in range(2, len(images) - 2, 3)]
        for image, label in slices:
            places = [np.nonzero(label == i) for i in np.unique(label) if i][:4]
            boxes = [[x.min(), y.min(), x.max(), y.max()] for y, x in places]
            if boxes:
                (embedding,) = session.run(None, {"image": to_input(image, 256)})
                found.append((embedding, np.array(boxes, np.float32) / max(label.shape)))
    assert sum(len(boxes) for _, boxes in found) >= 15
    return found


def agreement(a, b):
    """Mean intersection over union of two stacks of masks."""
    both, either = ((a > 0) & (b > 0)).sum((1, 2, 3)), ((a > 0) | (b > 0)).sum((1, 2, 3))
    return (both / np.maximum(either, 1)).tolist()


def test_a_decoder_in_u8_draws_the_masks_of_the_float_one(nano, objects):
    sessions = [
        onnxruntime.InferenceSession(
            nano_decoder.decoder(nano, 256, 4, eight_bit=way).SerializeToString(), providers=["CPUExecutionProvider"]
        )
        for way in (False, True)
    ]
    shares = []
    for embedding, boxes in objects:
        (exact, iou), (levels, levels_iou) = (s.run(None, {"image_embeddings": embedding, "boxes": boxes}) for s in sessions)
        shares += agreement(exact, levels)
        np.testing.assert_allclose(levels_iou, iou, atol=0.03)
        alone = np.concatenate([sessions[1].run(None, {"image_embeddings": embedding, "boxes": box[None]})[0] for box in boxes])
        assert np.mean(agreement(levels, alone)) > 0.999
    assert np.mean(shares) >= 0.99


@pytest.mark.parametrize("more", [PropagatorConfig(), PropagatorConfig(looks=24, blocks=2)])
def test_a_propagator_in_u8_draws_the_masks_of_the_float_one(nano, objects, more):
    """With weights that nobody trained for its further prompts and blocks, but that count."""
    torch.manual_seed(1)
    model = NanoPropagator(replace(NANO, propagator=more)).eval()
    decoder = {key[len("decoder.") :]: torch.from_numpy(value) for key, value in nano.items() if key.startswith("decoder.")}
    model.load_state_dict({**model.state_dict(), **decoder})
    with torch.no_grad():
        for name in ("mask_key.2", "mask_up0", "prompt_key.2", "prompt_up0", "other_key.2", "other_up0", "look_key", "look_up0"):
            model.get_submodule(name).weight.add_(0.03 * torch.randn_like(model.get_submodule(name).weight))
        for block in model.more:
            block.point_conv.norm.weight.fill_(0.3)
    state = {key: value.numpy() for key, value in model.state_dict().items()}
    rng, shares = np.random.default_rng(2), []
    sessions = [
        onnxruntime.InferenceSession(
            nano_propagator.propagator(state, 256, 4, eight_bit=way).SerializeToString(), providers=["CPUExecutionProvider"]
        )
        for way in (False, True)
    ]
    for embedding, boxes in objects:
        n = len(boxes)
        prompts = {
            "mask_input": (4 * rng.standard_normal((n, 1, 16, 16))).repeat(8, 2).repeat(8, 3),
            "has_mask_input": np.ones((n, 1)), "prompt_boxes": boxes + np.array([-0.02, -0.02, 0.02, 0.02]), "heights": rng.random((n, 1)),
            "other_boxes": rng.permutation(boxes)[:, None], "other_heights": rng.random((n, 1)), "other_ranks": np.ones((n, 1)),
            "start_appearance": rng.standard_normal((n, 128)),
        }  # fmt: skip
        inputs = {"image_embeddings": embedding, "boxes": boxes, **{key: value.astype(np.float32) for key, value in prompts.items()}}
        exact, levels = (dict(zip(("appearance", "low_res_masks", "iou"), s.run(None, inputs), strict=True)) for s in sessions)
        shares += agreement(exact["low_res_masks"], levels["low_res_masks"])
        np.testing.assert_allclose(levels["appearance"], exact["appearance"], atol=0.15)
    assert np.mean(shares) >= 0.985
