"""Our own small networks: geometry, batching and the limits of a configuration."""

import pytest
import torch

from medficientsam_models.networks.initialise import initialise
from medficientsam_models.networks.nano import Nano, NanoConfig

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
