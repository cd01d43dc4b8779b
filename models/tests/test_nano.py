"""Our own small networks: geometry, batching and the limits of a configuration."""

from pathlib import Path

import numpy as np
import pytest
import torch

from medficientsam_models.networks.folding import fold_batch_norms
from medficientsam_models.networks.initialise import initialise
from medficientsam_models.networks.nano import Nano, NanoConfig
from medficientsam_models.pipeline.engines import OnnxEngine, TorchEngine
from medficientsam_models.weights import checkpoints

MODELS = Path(__file__).parents[1]
SMALL = NanoConfig(input_size=64, widths=(8, 8, 16, 16, 32), neck_width=16, embedding_channels=16, decoder_width=32,
                   decoder_hidden=32, upscaling_widths=(16, 8))
BOXES = torch.tensor([[0.1, 0.2, 0.6, 0.7], [0.3, 0.3, 0.5, 0.9], [0.5, 0.5, 0.5, 0.5]])


@pytest.fixture
def nano():
    torch.manual_seed(1)
    model = Nano(SMALL)
    initialise(model)
    return model.eval()


@torch.no_grad()
def test_embedding_and_masks_follow_the_input_size():
    for size in (64, 96):
        model = Nano(NanoConfig(**{**SMALL.__dict__, "input_size": size})).eval()
        embedding = model.encode(torch.rand(2, 3, size, size))
        masks, iou = model.decode(embedding, BOXES, torch.tensor([0, 1, 1]))
        assert embedding.shape == (2, *model.embedding_shape) == (2, 16, size // 4, size // 4)
        assert masks.shape == (3, 1, model.mask_size, model.mask_size) == (3, 1, size // 2, size // 2)
        assert iou.shape == (3, 1)


@torch.no_grad()
def test_boxes_are_decoded_independently_on_their_own_image(nano):
    embedding = nano.encode(torch.rand(2, 3, 64, 64))
    together, iou = nano.decode(embedding, BOXES, torch.tensor([0, 1, 1]))
    for i, image in enumerate((0, 1, 1)):
        alone, iou_alone = nano.decode(embedding[image:image + 1], BOXES[i:i + 1])
        torch.testing.assert_close(together[i:i + 1], alone, atol=1e-5, rtol=0)
        torch.testing.assert_close(iou[i:i + 1], iou_alone, atol=1e-5, rtol=0)


def test_a_box_of_one_point_gives_finite_masks_and_gradients(nano):
    nano.train()
    masks, iou = nano(torch.zeros(2, 3, 64, 64), BOXES[2:].repeat(2, 1), torch.tensor([0, 1]))
    (masks.sum() + iou.sum()).backward()
    assert all(torch.isfinite(p.grad).all() for p in nano.parameters() if p.grad is not None)


def test_an_input_size_that_does_not_divide_is_refused():
    with pytest.raises(ValueError, match="input_size must be a positive multiple of 32, got 250"):
        NanoConfig(input_size=250)


@torch.no_grad()
def test_folding_batch_norms_changes_nothing_but_rounding(nano):
    for module in nano.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            for values in (module.weight, module.running_var):
                values.uniform_(0.5, 1.5)
            for values in (module.bias, module.running_mean):
                values.uniform_(-0.1, 0.1)
    image = torch.rand(1, 3, 64, 64)
    masks, iou = nano(image, BOXES)
    fold_batch_norms(nano)
    assert not any(isinstance(module, torch.nn.BatchNorm2d) for module in nano.modules())
    folded, folded_iou = nano(image, BOXES)
    torch.testing.assert_close(folded, masks, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(folded_iou, iou, atol=1e-4, rtol=1e-4)


def test_trained_weights_give_the_masks_of_their_onnx_export():
    """The graphs came out of a training run made with another definition of the same network; the weights are kept in fp16, hence 1e-3."""
    model = Nano().eval()
    checkpoints.load(model, MODELS / "weights" / "nano" / "weights.npz")
    ours, theirs = TorchEngine(model), OnnxEngine(MODELS / "bundles" / "nano", 256)
    image = np.random.default_rng(8).random((1, 3, 256, 256), np.float32)
    boxes = np.array([[0.1, 0.2, 0.6, 0.7], [0.4, 0.4, 0.4, 0.4]], np.float32)
    embedding = theirs.encode(image)
    assert np.linalg.norm(ours.encode(image).numpy() - embedding) < 1e-3 * np.linalg.norm(embedding)
    masks, expected = ours.decode(torch.from_numpy(embedding), boxes), theirs.decode(embedding, boxes)
    assert np.linalg.norm(masks - expected) < 1e-3 * np.linalg.norm(expected)
    assert ((masks > 0) != (expected > 0)).mean() < 1e-4
