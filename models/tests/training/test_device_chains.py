"""Chains on a device: what is shown of a stack, what a pool knows of it, and how objects are followed through it. All here on the CPU."""

import numpy as np
import pytest
import torch

from medficientsam_models import cli
from medficientsam_models.commands.device_propagator import initial
from medficientsam_models.errors import InvalidInputError
from medficientsam_models.networks.nano import NANO, Nano
from medficientsam_models.networks.nano_config import NanoConfig, PropagatorConfig
from medficientsam_models.networks.nano_propagator import NanoPropagator
from medficientsam_models.pipeline.frame import to_input
from medficientsam_models.training.adaptation import widened
from medficientsam_models.training.device_chains import DeviceChains, StepNumber, follow
from medficientsam_models.training.device_training import stacks_of_images
from medficientsam_models.training.images import LabelledImage
from medficientsam_models.training.pool import make_pool
from medficientsam_models.training.stacks import Stack, as_it_is, read_stacks, varied
from medficientsam_models.training.volumes import EncodedVolumes
from medficientsam_models.weights import checkpoints

SIZE, DEPTH = 64, 9


def ball() -> np.ndarray:
    """A ball of nine slices, 40 x 50 pixels, and within it a smaller one."""
    z, y, x = np.mgrid[:DEPTH, :40, :50]
    distance = (x - 22) ** 2 + (y - 18) ** 2 + 6 * (z - DEPTH // 2) ** 2
    return ((distance < 110).astype(np.uint8) + (distance < 30)).astype(np.uint8)


@pytest.fixture
def stack() -> Stack:
    labels = ball()
    return Stack("3D_MR_Ball_001", "MR/Ball", torch.from_numpy((labels * 100 + 20).astype(np.uint8)), torch.from_numpy(labels))


def encode(pictures: torch.Tensor) -> torch.Tensor:
    """Brightness at stride 4, in four channels."""
    return torch.nn.functional.avg_pool2d(pictures[:, :1], 4).expand(-1, 4, -1, -1)


def pool_of(stack: Stack):
    return make_pool([stack], lambda s, _: as_it_is(s, SIZE), encode, lambda _: 1.0)


def test_without_variation_a_slice_is_what_the_pipeline_shows(stack):
    noise = torch.from_numpy(np.random.default_rng(0).integers(0, 256, (3, 37, 90)).astype(np.uint8))
    for pixels in (stack.pixels, noise):
        shown = as_it_is(Stack("", "", pixels, torch.zeros_like(pixels)), SIZE)
        for found, plane in zip(shown.slices, pixels.numpy(), strict=True):
            np.testing.assert_allclose(found.numpy(), to_input(plane, SIZE)[0, 0], atol=1e-2)  # OpenCV rounds to whole grey levels


def test_a_pool_knows_of_an_object_what_the_encoded_volumes_know(stack, tmp_path):
    path = tmp_path / "volumes/MR/3D_MR_Ball_001.npz"
    path.parent.mkdir(parents=True)
    np.savez(path, imgs=stack.pixels.numpy(), gts=stack.labels.numpy())
    (group,) = EncodedVolumes(tmp_path / "volumes", [], lambda _: np.zeros((4, 16, 16), np.float32), tmp_path / "encoded",
                              encoder="a" * 64, size=SIZE, copies=1, seed=1, report=lambda _: None).groups
    pool = pool_of(stack)
    assert len(pool.drawn) == 2
    starts = {}
    for row, other in enumerate(group.objects):  # the outer one first, in either
        np.testing.assert_allclose(pool.drawn[row], other.drawn, atol=0.6 / SIZE)
        np.testing.assert_allclose(pool.half[row], other.half, rtol=1e-5)
        np.testing.assert_allclose(pool.other_boxes[row, 0], other.others.boxes[0], atol=0.6 / SIZE)
        assert pool.other_ranks[row].tolist() == [other.others.ranks[0], *[0] * 6]
        for track in (pool.objects == row).nonzero().flatten().tolist():
            start, step, length = (int(getattr(pool, key)[track]) for key in ("starts", "steps", "lengths"))
            rows = [start + step * i for i in range(length)]
            way = other.outwards(step > 0)
            np.testing.assert_allclose(pool.heights[rows], other.heights[way], atol=1e-6)
            np.testing.assert_allclose(pool.weights[rows], np.sqrt(other.masks[way].sum((1, 2)) / other.masks.sum((1, 2)).max())
                                       .clip(0.35), atol=0.05)
            masks = pool.masks[rows].numpy().astype(float), other.masks[way].astype(float)
            assert np.abs(masks[0] - masks[1]).mean() < 6
            starts[row, step] = len(rows)
    assert starts[0, 1] == starts[0, -1] == 5
    inner_in_outer = pool.hidden[:DEPTH].float().mean((1, 2))
    assert inner_in_outer[DEPTH // 2] > 0 and inner_in_outer[0] == 0 and pool.hidden[DEPTH:].max() == 0


def test_whatever_is_varied_labels_stay_on_what_they_name(stack):
    outside = 0
    for seed in range(40):
        shown = varied(stack, SIZE, 6, np.random.default_rng(seed))
        assert shown.slices.shape == shown.labels.shape and len(shown.slices) <= 6
        assert shown.slices.min() >= 0 and shown.slices.max() <= 1
        inner, outer = shown.slices[shown.labels == 2], shown.slices[shown.labels == 1]
        if len(inner) > 50 and len(outer) > 50:
            outside += int(abs(inner.mean() - outer.mean()) < 0.1)
    assert outside <= 3  # a contrast may be lost, not the place


def test_the_same_seed_varies_alike_and_another_does_not(stack):
    first, again, other = (varied(stack, SIZE, 9, np.random.default_rng(seed)) for seed in (3, 3, 4))
    assert torch.equal(first.labels, again.labels)
    assert first.labels.shape != other.labels.shape or not torch.equal(first.labels, other.labels)


def test_a_single_image_becomes_a_solid_that_shrinks_to_both_ends():
    pixels, labels = np.zeros((60, 60, 1), np.uint8), np.zeros((60, 60), np.uint16)
    labels[20:40, 22:38] = 7
    pixels[labels > 0] = 200
    (alone,) = stacks_of_images([LabelledImage("CT", "", "", "2D_CT_x", pixels, labels)])
    shown = varied(alone, SIZE, 40, np.random.default_rng(0))
    area = (shown.labels == 1).flatten(1).sum(1).numpy()
    assert 7 <= len(area) < 15
    middle = len(area) // 2
    assert area[middle] > 1.3 * area[0] and area[middle] > 1.3 * area[-1]


class Oracle(torch.nn.Module):
    """Finds the mask in the brightness of the embedding; notes what it was told."""

    appearance_size = 3

    def __init__(self):
        super().__init__()
        self.gain = torch.nn.Parameter(torch.tensor(1.0))
        self.told = []

    def forward(self, embedding, boxes, logits, known, drawn, heights, other_boxes, other_heights, other_ranks, start, image_of_box):
        found = torch.nn.functional.interpolate(embedding[:, :1], scale_factor=2, mode="nearest") - 0.25
        self.told.append((boxes, logits, known, drawn, heights, start))
        return found * 8 * self.gain, known, heights.expand(-1, 3) + 1


def test_chains_are_told_what_they_found_and_begin_anew_at_the_end(stack):
    pool, model = pool_of(stack), Oracle()
    chains = DeviceChains(lambda _: pool, epoch=100, seed=1)
    for number in range(6):
        loss, figures = chains(model, StepNumber(number, 16, 2))
        assert torch.isfinite(loss) and set(figures) == {"dice0", "dice1", "dice2"}
    firsts = 0
    for (_, _, known, _, heights, _), (boxes, logits, known_after, drawn, heights_after, start) in zip(
            model.told, model.told[1:], strict=False):
        goes_on = known_after[:, 0] == 1
        firsts += int((~goes_on).sum())
        assert (logits[~goes_on] == 0).all() and (start[~goes_on] == 0).all()
        assert (heights_after[goes_on] > heights[goes_on]).all()
        assert (start[goes_on] >= 1).all() and (start[goes_on & (known[:, 0] == 0)] == heights[goes_on & (known[:, 0] == 0)] + 1).all()
        assert (boxes >= drawn[:, [0, 1, 0, 1]] - 1e-6).all() and (boxes <= drawn[:, [2, 3, 2, 3]] + 1e-6).all()
    assert firsts > 16


def test_errors_flow_from_a_slice_to_the_one_before_within_a_step_only(stack):
    pool = pool_of(stack)
    model = Oracle()
    chains = DeviceChains(lambda _: pool, epoch=100, seed=1)
    chains(model, StepNumber(0, 8, 2))[0].backward()
    chains(model, StepNumber(1, 8, 2))[0].backward()
    logits = [told[1] for told in model.told]
    assert not logits[0].requires_grad and logits[1].requires_grad and not logits[2].requires_grad and logits[3].requires_grad


def test_a_pool_is_made_anew_after_an_epoch_and_only_then(stack):
    made = []

    def make(epoch):
        made.append(epoch)
        return pool_of(stack)

    chains, model = DeviceChains(make, epoch=3, seed=1), Oracle()
    for number in range(7):
        chains(model, StepNumber(number, 4, 1))
    assert made == [0, 1, 2]


def test_following_scores_each_object_over_all_its_slices(stack):
    found = follow(Oracle().eval(), pool_of(stack), 3)
    assert found.shape == (2,)
    assert found[0] > 0.8 and found[1] > 0.5  # for the inner one it also finds what surrounds that
    pool = pool_of(stack)
    blind = Oracle()
    blind.gain.data.fill_(-1.0)
    assert (follow(blind, pool, 3) < 0.4).all()


def test_a_wider_network_begins_as_the_narrower_one():
    torch.manual_seed(0)
    narrow = NanoPropagator(NANO).eval()
    for parameter in narrow.parameters():
        parameter.data += 0.02 * torch.randn_like(parameter)
    config = NanoConfig(propagator=PropagatorConfig(decoder_hidden=384, looks=24, blocks=2))
    wide = NanoPropagator(config).eval()
    wide.load_state_dict(widened(narrow.state_dict(), wide.state_dict()))
    boxes, rng = torch.tensor([[0.2, 0.2, 0.6, 0.7]]), torch.randn
    told = (rng(1, 64, 16, 16), boxes, rng(1, 1, 32, 32), torch.ones(1, 1), boxes, torch.full((1, 1), 0.4),
            boxes[None] + 0.1, torch.zeros(1, 1), torch.ones(1, 1), rng(1, narrow.appearance_size))
    with torch.no_grad():
        for one, other in zip(narrow(*told), wide(*told), strict=True):
            torch.testing.assert_close(one, other, atol=1e-4, rtol=1e-4)
    with pytest.raises(InvalidInputError, match="must be of at most"):
        widened(wide.state_dict(), narrow.state_dict())


def test_the_command_trains_goes_on_and_writes_what_a_propagator_reads(stack, tmp_path, capsys):
    for folder in ("volumes", "held"):
        path = tmp_path / folder / "MR/3D_MR_Ball_001.npz"
        path.parent.mkdir(parents=True)
        np.savez(path, imgs=stack.pixels.numpy(), gts=stack.labels.numpy())
    torch.manual_seed(0)
    network = Nano(NANO)
    checkpoints.write(network, tmp_path / "network")
    command = ["train-propagator", "--variant", "nano", "--device", "cpu", "--encoder", str(tmp_path / "network"), "--init",
               str(tmp_path / "network"), "--volumes", str(tmp_path / "volumes"), "--held-out", str(tmp_path / "held"), "--size", "64",
               "--chains", "4", "--pool", "12", "--epoch", "2", "--out", str(tmp_path / "run")]
    assert cli.main([*command, "--steps", "2"]) == 0
    assert cli.main([*command, "--steps", "3"]) == 0
    printed = capsys.readouterr().out
    assert "resumed at step 2" in printed and "held_out" in printed
    trained = initial(NanoPropagator(NANO), tmp_path / "run/weights")
    assert not torch.equal(trained.mask_key[2].weight, torch.zeros_like(trained.mask_key[2].weight))


def test_what_is_missing_is_named(tmp_path, capsys):
    arguments = ["train-propagator", "--variant", "nano", "--init", str(tmp_path), "--out", str(tmp_path), "--steps", "1"]
    assert cli.main([*arguments, "--device", "cpu"]) == 2
    assert cli.main(arguments) == 2
    printed = capsys.readouterr().err
    assert "--device must come with --encoder and --volumes" in printed and "--bundle and --data must be named" in printed
    with pytest.raises(InvalidInputError, match="volumes must be a folder"):
        read_stacks(tmp_path, str)


@pytest.mark.parametrize(("arrays", "message"), [
    ({"imgs": np.zeros((3, 4, 5), np.uint8)}, "3D_a must have gts, got imgs"),
    ({"imgs": np.zeros((3, 4, 5), np.uint8), "gts": np.zeros((3, 4), np.uint8)}, r"3D_a must hold imgs and gts of the same \(D, H, W\)"),
    ({"imgs": np.zeros((3, 4, 5), np.uint8), "gts": np.full((3, 4, 5), 300)}, "3D_a: gts must be labels of at most 255, got 300 to 300"),
])
def test_a_volume_that_is_none_is_refused(tmp_path, arrays, message):
    (tmp_path / "CT").mkdir()
    np.savez(tmp_path / "CT" / "3D_a.npz", **arrays)
    with pytest.raises(InvalidInputError, match=message):
        read_stacks(tmp_path, lambda path: path.stem)
