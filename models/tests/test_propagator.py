"""The decoder for volumes: what it adds to its decoder, how it is trained along tracks, and how it joins a bundle."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from medficientsam_models import cli
from medficientsam_models.bundle.manifest import Manifest
from medficientsam_models.export.nano_propagator import propagator as propagator_graph
from medficientsam_models.networks.nano import NANO, Nano
from medficientsam_models.networks.nano_config import PropagatorConfig
from medficientsam_models.networks.nano_propagator import NanoPropagator
from medficientsam_models.networks.presence import presence
from medficientsam_models.networks.prototypes import prototypes
from medficientsam_models.training.images import LabelledImage
from medficientsam_models.training.propagation import Propagation, expected, next_box, profile
from medficientsam_models.training.tracks import STEPS, TrackBatches
from medficientsam_models.weights import checkpoints

MODELS = Path(__file__).parents[1]
BOXES = torch.tensor([[0.1, 0.2, 0.6, 0.7], [0.3, 0.3, 0.5, 0.9]])


@pytest.fixture(params=[PropagatorConfig(), PropagatorConfig(looks=24, blocks=2)], ids=["as micro's", "larger"])
def propagator(request):
    torch.manual_seed(1)
    model = NanoPropagator(replace(NANO, propagator=request.param))
    decoder = Nano(NANO).decoder.state_dict()
    model.load_state_dict({**model.state_dict(), **decoder})
    return model.eval(), decoder


def prompts(seed=2):
    generator = torch.Generator().manual_seed(seed)
    return (torch.randn(1, NANO.embedding_channels, 64, 64, generator=generator),
            torch.randn(2, 1, 128, 128, generator=generator) * 3, torch.tensor([[1.0], [0.0]]),
            BOXES + torch.tensor([-0.05, -0.1, 0.1, 0.02]), torch.tensor([[0.2], [0.9]]), *other_prompts(),
            torch.randn(2, 2 * NANO.embedding_channels, generator=generator) * torch.tensor([[1.0], [0.0]]))


def other_prompts():
    """Of each box, a smaller one inside, a larger one round it, and a place left free."""
    boxes = torch.stack([BOXES * 0.9 + 0.03, BOXES + torch.tensor([-0.1, -0.1, 0.2, 0.1]), torch.zeros(2, 4)], dim=1)
    return boxes, torch.tensor([[0.1, 0.3, 0], [0.7, 1.2, 0]]), torch.tensor([[1.0, -1, 0]]).repeat(2, 1)


@torch.no_grad()
def test_it_starts_as_the_decoder_it_is_made_from(propagator):
    model, weights = propagator
    decoder = Nano(NANO).decoder.eval()
    decoder.load_state_dict(weights)
    embedding, mask, has, drawn, heights, *others = prompts()
    *found, _ = model(embedding, BOXES, mask, has, drawn, heights, *others)
    for one, wanted in zip(found, decoder(embedding, BOXES), strict=True):
        torch.testing.assert_close(one, wanted)


@torch.no_grad()
def test_a_mask_counts_only_where_there_is_one(propagator):
    model, _ = propagator
    _disturb(model)
    embedding, mask, has, drawn, heights, *others = prompts()
    before, *_ = model(embedding, BOXES, mask, has, drawn, heights, *others)
    after, *_ = model(embedding, BOXES, -mask, has, drawn, heights, *others)
    assert (before[0] - after[0]).abs().max() > 0.01
    torch.testing.assert_close(before[1], after[1])


@torch.no_grad()
def test_the_prompt_and_the_height_count(propagator):
    model, _ = propagator
    _disturb(model)
    embedding, mask, has, drawn, heights, *others = prompts()
    before, *_ = model(embedding, BOXES, mask, has, drawn, heights, *others)
    for moved in ((drawn + 0.1, heights), (drawn, heights + 0.1)):
        after, *_ = model(embedding, BOXES, mask, has, *moved, *others)
        assert ((before - after).abs().amax(dim=(1, 2, 3)) > 0.01).all()


@torch.no_grad()
def test_other_prompts_count_by_their_rank_and_only_where_there_are_any(propagator):
    model, _ = propagator
    _disturb(model)
    embedding, mask, has, drawn, heights, boxes, aside, ranks, look = prompts()

    def found(boxes, aside, ranks):
        return model(embedding, BOXES, mask, has, drawn, heights, boxes, aside, ranks, look)[0]

    before = found(boxes, aside, ranks)
    for moved in ((boxes + 0.1, aside, ranks), (boxes, aside + 0.5, ranks), (boxes, aside, -ranks)):
        assert ((before - found(*moved)).abs().amax(dim=(1, 2, 3)) > 0.001).all()
    torch.testing.assert_close(found(boxes.flip(1), aside.flip(1), ranks.flip(1)), before)  # their order does not count
    free = boxes.clone()
    free[:, 2] = 0.5
    torch.testing.assert_close(found(free, aside, ranks), before)
    torch.testing.assert_close(found(boxes[:, :2], aside[:, :2], ranks[:, :2]), before)


def test_presence_is_one_in_the_middle_and_half_on_the_ellipsoid():
    box = torch.tensor([[[16, 8, 47, 39]]]) / 64  # 32 pixels of 64, centred on (32, 24)
    def at(height, rank=1.0, channel=0):
        return presence(box, torch.tensor([[height]]), torch.tensor([[rank]]), 32, 2, 64)[0].reshape(32, 32, 2, 2, 2).transpose(
            1, 2).reshape(64, 64, 2)[..., channel]
    middle = at(0.0)
    assert middle.argmax() in (23 * 64 + 31, 23 * 64 + 32, 24 * 64 + 31, 24 * 64 + 32)
    assert middle.max() > 0.99
    assert at(1.0).max() == pytest.approx(0.5, abs=0.01)
    assert at(1.5).max() == 0
    assert middle[24, 47] == pytest.approx(0.5, abs=0.01)  # on its right edge
    assert at(0.0, rank=-1.0).max() == 0
    torch.testing.assert_close(at(0.0, rank=-1.0, channel=1), middle)


@torch.no_grad()
def test_the_start_s_prototypes_count_where_there_is_one(propagator):
    model, _ = propagator
    _disturb(model)
    *given, look = prompts()
    before, *_ = model(given[0], BOXES, *given[1:], look)
    after, *_ = model(given[0], BOXES, *given[1:], -look)
    assert (before[0] - after[0]).abs().max() > 0.01
    torch.testing.assert_close(before[1], after[1])  # zeros: none


def test_prototypes_are_the_means_over_the_object_and_over_the_rest_of_its_prompt():
    """An object of 8 x 8 cells in a prompt of 16 x 8, of 32 x 32 cells."""
    embedding, logits = torch.zeros(1, 2, 32, 32), torch.full((1, 1, 64, 64), -50.0)
    embedding[0, 0] = 7
    embedding[0, 0, 8:16, 8:16], embedding[0, 1, 8:16, 16:24] = 3, 5
    logits[0, 0, 16:32, 16:32] = 50
    box = torch.tensor([[8, 8, 24, 16]]) / 32 - torch.tensor([[0, 0, 1, 1]]) / 128  # its last pixel's index
    torch.testing.assert_close(prototypes(embedding, logits, box), torch.tensor([[3, 0, 7, 5.0]]), rtol=0.03, atol=0.03)
    nothing = prototypes(embedding, torch.full_like(logits, -50), box)
    assert nothing[0, :2].abs().max() < 1e-9


@torch.no_grad()
def test_the_graph_equals_pytorch(propagator):
    model, _ = propagator
    _disturb(model)
    state = {key: value.numpy() for key, value in model.state_dict().items()}
    session = onnxruntime.InferenceSession(propagator_graph(state, 256, NANO.decoder_heads).SerializeToString())
    embedding, mask, has, drawn, heights, *others = prompts()
    masks, iou, look = session.run(["low_res_masks", "iou", "appearance"], {
        "image_embeddings": embedding.flatten(2).transpose(1, 2).numpy(), "boxes": BOXES.numpy(), "mask_input": mask.numpy(),
        "has_mask_input": has.numpy(), "prompt_boxes": drawn.numpy(), "heights": heights.numpy(),
        **dict(zip(("other_boxes", "other_heights", "other_ranks", "start_appearance"), (x.numpy() for x in others), strict=True))})
    wanted, wanted_iou, wanted_look = model(embedding, BOXES, mask, has, drawn, heights, *others)
    np.testing.assert_allclose(masks, wanted.numpy(), atol=1e-4)
    np.testing.assert_allclose(iou, wanted_iou.numpy(), atol=1e-5)
    np.testing.assert_allclose(look, wanted_look.numpy(), atol=1e-5)


def test_boxes_along_a_track_are_those_of_the_steady_rules():
    """As SteadyBox in the Java segmenter: a prompt of 40 x 40 pixels over ten slices, in an image of 100."""
    drawn, half = torch.tensor([[20, 30, 59, 69]]) / 100, torch.full((1, 2), 0.005)
    share = profile(torch.tensor([[0.1]]))
    box = expected(drawn, half, share[0])
    assert (box[0, 2] - box[0, 0]).item() * 100 == pytest.approx(40 * 0.88 * 0.99**0.65, abs=0.01)
    filled = torch.full((1, 100, 100), -1.0)
    filled[0, 30:70, 20:60] = 1  # the whole prompt
    after = next_box(filled, drawn, half, share[0], profile(torch.tensor([[0.3]]))[0])
    ratio = ((1 - 0.09) / (1 - 0.01)) ** 0.65
    width = 0.6 * 40 * ratio + 0.4 * 40 * 0.88 * (1 - 0.09) ** 0.65
    assert (after[0, 2] - after[0, 0]).item() * 100 == pytest.approx(width, abs=1e-3)
    nothing = next_box(-torch.ones(1, 100, 100), drawn, half, share[0], share[0])
    torch.testing.assert_close(nothing, box)


def ball(depth=9, side=40):
    """Slices of a ball, a volume of the training data, and a disc that is a single image."""
    z, y, x = np.mgrid[:depth, :side, :side]
    labels = ((x - 20) ** 2 + (y - 18) ** 2 + 6 * (z - depth // 2) ** 2 < 110).astype(np.uint16)
    pixels = (labels * 120 + 60).astype(np.uint8)[..., None]
    slices = [LabelledImage("MR", "drawn", "open", f"3D_ball_z{i:03}", pixels[i], labels[i]) for i in range(depth)]
    return [*slices, LabelledImage("CT", "drawn", "open", "2D_disc", pixels[4], labels[4])]


def batches(encode=lambda image: np.full((4, 16, 16), image.mean() / 255, np.float32)):
    return TrackBatches(ball(), encode, size=64, batch=4, seed=3)


def test_tracks_lie_in_their_prompts_and_go_outwards():
    for number in range(6):
        batch = batches()[number]
        assert batch.embeddings.shape[:3] == (STEPS, 4, 4)
        assert batch.heights.abs().max() < 1
        assert (batch.heights.abs().diff(dim=0) >= 0).all()
        pixel = batch.half * 2 * 64  # of the slice, in the network's: a box counts pixels from 0, its last one has a width
        for masks, box, (width, height) in zip(batch.masks.transpose(0, 1), batch.drawn * 64, pixel.tolist(), strict=True):
            x0, y0, x1, y1 = box.tolist()
            rows, columns = np.nonzero(masks.numpy().max(axis=0) > 127)
            assert x0 - 1 <= columns.min() and columns.max() <= x1 + width + 1
            assert y0 - 1 <= rows.min() and rows.max() <= y1 + height + 1


def test_a_batch_depends_on_its_number_alone():
    first, again, other = batches()[5], batches()[5], batches()[6]
    assert torch.equal(first.masks, again.masks) and torch.equal(first.noise, again.noise)
    assert torch.equal(first.embeddings, again.embeddings)
    assert first.masks.shape != other.masks.shape or not torch.equal(first.masks, other.masks)


def test_gradients_reach_the_mask_prompt():
    config = NANO.__class__(input_size=64, embedding_channels=4, decoder_width=32, decoder_hidden=32, upscaling_widths=(16, 8))
    model = NanoPropagator(config).train()
    loss, figures = Propagation()(model, batches()[0])
    loss.backward()
    assert set(figures) == {"dice0", "dice1", "dice2"}
    assert model.mask_key[2].weight.grad.abs().max() > 0 and model.mask_up0.weight.grad.abs().max() > 0


def test_what_is_trained_joins_a_bundle_that_verifies(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("medficientsam_models.commands.train_propagator.read_images", lambda _folder: ball(side=64))

    def train(out, steps):
        return cli.main(["train-propagator", "--variant", "nano", "--bundle", str(MODELS / "bundles/nano-int8"), "--init",
                         str(MODELS / "weights/nano/weights.npz"), "--data", "unused", "--out", str(tmp_path / out), "--steps", str(steps),
                         "--workers", "0"])

    assert train("out", 2) == 0
    trained = checkpoints.read(next((tmp_path / "out/weights").glob("*.npz")))
    assert np.abs(trained["mask_key.2.weight"].numpy()).max() > 0

    bundle = Path(shutil.copytree(MODELS / "bundles/nano-int8", tmp_path / "nano-int8"))
    assert cli.main(["export-propagator", "--variant", "nano", "--checkpoint", str(tmp_path / "out/weights"), "--bundle",
                     str(bundle)]) == 0
    assert [file.name for file in Manifest.read(bundle).files] == ["encoder.onnx", "decoder.onnx", "propagator.onnx"]
    capsys.readouterr()
    assert cli.main(["verify", str(bundle), "--threads", "1"]) == 0
    assert "encoder.onnx, decoder.onnx, propagator.onnx as pinned" in capsys.readouterr().out


def test_a_bundle_of_another_variant_is_refused(tmp_path, capsys):
    bundle = Path(shutil.copytree(MODELS / "bundles/nano", tmp_path / "nano"))
    assert cli.main(["export-propagator", "--variant", "micro", "--checkpoint", "unused", "--bundle", str(bundle)]) == 2
    assert "bundle must be of variant micro with embedding (1, 9216, 64), got nano with (1, 64, 64, 64)" in capsys.readouterr().err


def _disturb(model):
    for parameter in model.parameters():
        parameter.data += torch.randn_like(parameter) * 0.05
