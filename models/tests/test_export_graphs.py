"""The rewritten and the plain graphs, run by ONNX Runtime, against the original code's outputs and against PyTorch."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from test_nano import BOXES, SMALL

from medficientsam_models.export import plain
from medficientsam_models.export.graph import interpolation
from medficientsam_models.export.write import rewritten
from medficientsam_models.networks.nano import Nano
from medficientsam_models.networks.variants import VARIANTS
from medficientsam_models.reference import golden
from medficientsam_models.weights import deterministic

GOLDEN = Path(__file__).parent / "golden"
TOLERANCE = 1e-4  # float32 sums in another order; both graphs differ by about 1e-5


def run(model, **inputs):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # more of them spin, which on a busy machine costs more than it brings
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return session.run(None, inputs)


def graphs(model, variant, form):
    return rewritten(model, variant) if form == "rewritten" else (plain.encoder(model), plain.decoder(model))


def as_image(embedding):
    """Tokens (1, 4096, C) or (1, C, 64, 64) as the latter."""
    return embedding if embedding.ndim == 4 else embedding.reshape(64, 64, -1).transpose(2, 0, 1)[None]


@pytest.mark.parametrize("form", ["rewritten", "plain"])
@pytest.mark.parametrize("variant", ["l0", "l1", "litemedsam"])
def test_graphs_reproduce_the_reference_outputs(variant, form):
    model = golden.deterministic_model(VARIANTS[variant])
    image = deterministic.image(model.input_size).transpose(2, 0, 1)[None].astype(np.float32) / np.float32(255)
    encoder, decoder = graphs(model, variant, form)
    with np.load(GOLDEN / f"golden_{variant}.npz") as expected:
        (embedding,) = run(encoder, image=image)
        np.testing.assert_allclose(as_image(embedding)[:, ::8, ::4, ::4], expected["embedding_sub"], rtol=0, atol=TOLERANCE)
        masks, iou = run(decoder, image_embeddings=embedding, boxes=expected["boxes_norm"].astype(np.float32))
        np.testing.assert_allclose(masks[..., ::4, ::4], expected["cpp_low_res_sub"], rtol=0, atol=TOLERANCE)
        np.testing.assert_allclose(iou, expected["cpp_iou4"][:, :1], rtol=0, atol=TOLERANCE)


def test_boxes_decoded_together_or_alone_give_the_same_masks():
    model = golden.deterministic_model(VARIANTS["l0"])
    _, decoder = rewritten(model, "l0")
    embedding = np.random.default_rng(1).standard_normal((1, 4096, 256)).astype(np.float32)
    boxes = BOXES.numpy()
    together, _ = run(decoder, image_embeddings=embedding, boxes=boxes)
    alone = [run(decoder, image_embeddings=embedding, boxes=box[None])[0] for box in boxes]
    np.testing.assert_allclose(together, np.concatenate(alone), rtol=0, atol=TOLERANCE)


@torch.no_grad()
def test_medsam_layers_equal_pytorch():
    """One windowed and one global block; the whole encoder takes half a minute."""
    model = VARIANTS["medsam"].build_on_meta()
    model.image_encoder.blocks = model.image_encoder.blocks[1:3]
    model.to_empty(device="cpu")
    deterministic.fill(model)
    image = np.random.default_rng(2).random((1, 3, 1024, 1024), dtype=np.float32)
    expected = model.encode(torch.from_numpy(image))
    (tokens,) = run(rewritten(model, "medsam")[0], image=image)
    np.testing.assert_allclose(as_image(tokens), expected.numpy(), rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("form", ["rewritten", "plain"])
@torch.no_grad()
def test_nano_equals_pytorch_for_points_lines_and_boxes(form):
    torch.manual_seed(3)
    model = Nano(SMALL).eval()
    for parameter in model.parameters():  # initialised residual branches are zero, which would hide them
        parameter.add_(0.1 * torch.randn_like(parameter))
    boxes = torch.cat([BOXES, torch.tensor([[0.2, 0.3, 0.2, 0.8], [0.0, 0.0, 1.0, 1.0]])])
    image = torch.rand(1, 3, SMALL.input_size, SMALL.input_size)
    masks, iou = model(image, boxes)
    encoder, decoder = graphs(model, "nano", form)
    (embedding,) = run(encoder, image=image.numpy())
    found_masks, found_iou = run(decoder, image_embeddings=embedding, boxes=boxes.numpy())
    np.testing.assert_allclose(found_masks, masks.numpy(), rtol=1e-4, atol=TOLERANCE)
    np.testing.assert_allclose(found_iou, iou.numpy(), rtol=1e-4, atol=TOLERANCE)


@pytest.mark.parametrize(("mode", "cubic"), [("bicubic", True), ("bilinear", False)])
@pytest.mark.parametrize(("size", "target"), [(16, 64), (32, 64), (5, 20), (7, 7)])
def test_interpolation_matrix_is_pytorchs(mode, cubic, size, target):
    x = torch.eye(size, dtype=torch.float64)[None, None]
    expected = torch.nn.functional.interpolate(x, size=(target, target), mode=mode, align_corners=False)
    matrix = interpolation(size, target, cubic)
    np.testing.assert_allclose(matrix @ np.eye(size) @ matrix.T, expected[0, 0].numpy(), atol=1e-12)
