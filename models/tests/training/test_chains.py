"""Training along whole volumes: how they are kept, and how chains go through them."""

import numpy as np
import pytest
import torch
from torch import nn

from medficientsam_models import cli
from medficientsam_models.errors import InvalidInputError
from medficientsam_models.networks.nano import NANO
from medficientsam_models.networks.nano_propagator import NanoPropagator
from medficientsam_models.training.chains import Chains, ChainStarts, NewChains
from medficientsam_models.training.objectives import segmentation_loss
from medficientsam_models.training.propagation import expected, inside, profile
from medficientsam_models.training.volumes import EncodedVolumes
from medficientsam_models.weights import checkpoints

SIZE = 64
DEPTH = 9


@pytest.fixture
def folder(tmp_path):
    """A ball of nine slices, 40 x 50 pixels, and within it a smaller one."""
    z, y, x = np.mgrid[:DEPTH, :40, :50]
    distance = (x - 22) ** 2 + (y - 18) ** 2 + 6 * (z - DEPTH // 2) ** 2
    labels = ((distance < 110).astype(np.uint8) + (distance < 30)).astype(np.uint8)
    path = tmp_path / "volumes/MR/3D_MR_Ball_001.npz"
    path.parent.mkdir(parents=True)
    np.savez(path, imgs=(labels * 100 + 20).astype(np.uint8), gts=labels)
    return tmp_path / "volumes"


def encoded(folder, tmp_path, *, copies=1, encoder="a" * 64, encode=lambda image: np.full((4, 16, 16), image.mean() / 255, np.float32)):
    return EncodedVolumes(folder, [], encode, tmp_path / "encoded", encoder=encoder, size=SIZE, copies=copies, seed=1,
                          report=lambda _text: None)


def test_an_object_keeps_its_box_its_slices_and_its_area(folder, tmp_path):
    (group,) = encoded(folder, tmp_path).groups
    outer, inner = group.objects
    assert group.name == "MR/Ball"
    with np.load(folder / "MR/3D_MR_Ball_001.npz") as case:
        labels = case["gts"]
    scale = SIZE / 50
    for found, label in ((outer, 1), (inner, 2)):
        rows, columns = np.nonzero((labels == label).any(0))
        box = np.array([columns.min(), rows.min(), columns.max(), rows.max()]) * scale / SIZE
        np.testing.assert_allclose(found.drawn, box, rtol=1e-2, atol=1e-3)
        depth = np.count_nonzero((labels == label).any((1, 2)))
        assert len(found.heights) == len(found.masks) == len(found.embeddings) == depth
        # Pixels of the logits' grid, half the network's.
        area = (labels == label).sum() * (scale / 2) ** 2
        assert found.masks.sum() / 255 == pytest.approx(area, rel=0.03)
    np.testing.assert_allclose(outer.heights, -outer.heights[::-1])
    assert abs(outer.heights).max() < 1


def test_objects_of_a_volume_are_told_of_one_another(folder, tmp_path):
    outer, inner = encoded(folder, tmp_path).groups[0].objects
    assert outer.others.ranks.tolist() == [1] and inner.others.ranks.tolist() == [-1]  # the smaller one is painted on top
    np.testing.assert_array_equal(outer.others.boxes[0], inner.drawn)
    np.testing.assert_array_equal(inner.others.boxes[0], outer.drawn)
    depth, width = len(outer.heights), len(inner.heights)
    first = (depth - width) // 2
    np.testing.assert_allclose(outer.others.heights[first:first + width, 0], np.abs(inner.heights))
    assert outer.others.heights[first - 1, 0] > 1
    assert outer.holds_another and not inner.holds_another
    np.testing.assert_allclose(inner.others.heights[:, 0], np.abs(outer.heights[first:first + width]))


def test_both_ways_outwards_begin_in_the_middle(folder, tmp_path):
    outer = encoded(folder, tmp_path).groups[0].objects[0]
    up, down = outer.outwards(True), outer.outwards(False)
    assert up[0] == down[0] == len(outer.heights) // 2
    assert (up[-1], down[-1]) == (len(outer.heights) - 1, 0)
    assert sorted({*up, *down}) == list(range(len(outer.heights)))


def test_what_is_encoded_once_is_read_again(folder, tmp_path):
    first = encoded(folder, tmp_path, copies=3).groups[0].objects

    def never(_image):
        raise AssertionError("encoded twice")

    again = encoded(folder, tmp_path, copies=3, encode=never).groups[0].objects
    assert len(first) == len(again) >= 4
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one.embeddings, other.embeddings)
        np.testing.assert_array_equal(one.masks, other.masks)


def test_embeddings_of_another_encoder_are_refused(folder, tmp_path):
    encoded(folder, tmp_path)
    with pytest.raises(InvalidInputError, match="embeddings must be of encoder bbbbbbbbbbbb at 64 pixels, got those of another"):
        encoded(folder, tmp_path, encoder="b" * 64)


def test_a_copy_that_was_only_half_written_is_made_again(folder, tmp_path):
    whole = encoded(folder, tmp_path).groups[0].objects
    file = tmp_path / "encoded/MR/3D_MR_Ball_001.0.npz"
    file.rename(file.with_suffix(".partial.npz"))  # what a kill leaves
    again = encoded(folder, tmp_path).groups[0].objects
    np.testing.assert_array_equal(whole[0].masks, again[0].masks)


def test_volumes_of_one_name_in_two_modalities_are_two(folder, tmp_path):
    with np.load(folder / "MR/3D_MR_Ball_001.npz") as case:
        labels, pixels = case["gts"], case["imgs"]
    (folder / "CT").mkdir()
    np.savez(folder / "CT/3D_MR_Ball_001.npz", imgs=255 - pixels, gts=labels.astype(np.uint16) * 300)  # labels beyond a byte
    ct, mr = encoded(folder, tmp_path, copies=2).groups
    assert (ct.name, mr.name) == ("CT/Ball", "MR/Ball")
    assert np.abs(ct.objects[0].embeddings - mr.objects[0].embeddings).max() > 0.01
    assert len(ct.objects) == len(mr.objects) == 4


def test_all_slices_of_a_copy_are_varied_alike(folder, tmp_path):
    """However it was turned and cut, a ball looks the same above its middle and below."""
    found = encoded(folder, tmp_path, copies=6).groups[0].objects
    assert len({(len(one.masks), one.masks.sum()) for one in found}) > 4  # copies do differ
    for one in found:
        np.testing.assert_array_equal(one.masks, one.masks[::-1])
        np.testing.assert_array_equal(one.embeddings, one.embeddings[::-1])


def test_volumes_that_are_none_are_refused(tmp_path):
    with pytest.raises(InvalidInputError, match="volumes must be a folder with <modality>/<name>.npz, got none"):
        encoded(tmp_path, tmp_path)
    (tmp_path / "CT").mkdir()
    np.savez(tmp_path / "CT/flat.npz", imgs=np.zeros((4, 4), np.uint8), gts=np.zeros((4, 4), np.uint8))
    with pytest.raises(InvalidInputError, match=r"flat must hold imgs and gts of the same \(D, H, W\), got \(4, 4\) and \(4, 4\)"):
        encoded(tmp_path, tmp_path)


class Watched(nn.Module):
    """Finds the left half of every box, and notes what it was asked."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(()))
        self.asked = []
        self.appearance_size = 8

    def forward(self, embedding, boxes, mask_input, has_mask_input, prompt_boxes, heights, other_boxes, other_heights, other_ranks,
                start_prototypes):
        self.asked.append((boxes, mask_input, has_mask_input, prompt_boxes, heights, other_boxes, other_heights, other_ranks,
                           start_prototypes))
        columns = (torch.arange(SIZE // 2) + 0.5) / (SIZE // 2)
        middle = (boxes[:, 0] + boxes[:, 2]) / 2
        found = ((columns > boxes[:, :1]) & (columns < middle[:, None])).float() * 8 - 4
        logits = self.scale * found[:, None, None].expand(-1, 1, SIZE // 2, -1)
        return logits, torch.zeros(len(boxes), 1), torch.full((len(boxes), 8), float(len(self.asked)))


def test_a_chain_is_told_what_was_found_one_slice_before(folder, tmp_path):
    outer = encoded(folder, tmp_path).groups[0].objects[0]
    model, chains = Watched(), Chains(4)
    steps = len(outer.outwards(True))
    chains(model, NewChains(((outer, True, 1),)))
    for _ in range(steps - 1):
        chains(model, NewChains(()))
    assert [asked[2].item() for asked in model.asked] == [0] + [1] * (steps - 1)
    heights = [asked[4].item() for asked in model.asked]
    assert heights == pytest.approx([abs(outer.heights[i]) for i in outer.outwards(True)])
    for before, after in zip(model.asked, model.asked[1:], strict=False):
        found, *_ = Watched()(None, *before)
        torch.testing.assert_close(after[1], found)
        assert after[0][0, 2] < after[3][0, 2]  # it follows the half that was found
    drawn = model.asked[0][3]
    box = inside(expected(drawn, torch.from_numpy(outer.half)[None], profile(model.asked[0][4][:, 0])), drawn)
    assert (model.asked[0][0] - box).abs().max() < 0.15


def test_a_chain_keeps_its_start_s_prototypes_and_some_are_not_told_of_others(folder, tmp_path):
    outer = encoded(folder, tmp_path).groups[0].objects[0]
    model, chains = Watched(), Chains(20)
    chains(model, NewChains(tuple((outer, True, seed) for seed in range(20))))
    for _ in outer.outwards(True)[1:]:
        chains(model, NewChains(()))
    looks = [asked[8] for asked in model.asked]
    assert looks[0].abs().max() == 0
    assert all((look == 1).all() for look in looks[1:])  # of the first answer, not of later ones
    ranks = model.asked[0][7][:, 0].tolist()
    assert set(ranks) == {0, 1}
    assert 3 <= ranks.count(0) <= 10
    assert all(asked[7][:, 0].tolist() == ranks for asked in model.asked)


def test_no_more_chains_are_under_way_than_asked_for(folder, tmp_path):
    outer = encoded(folder, tmp_path).groups[0].objects[0]
    model, chains = Watched(), Chains(2)
    loss, figures = chains(model, NewChains(tuple((outer, True, seed) for seed in range(5))))
    assert len(model.asked[0][0]) == 2
    loss.backward()
    assert model.scale.grad.abs() > 0
    assert 0 < figures["dice0"] < 1


def test_starts_depend_on_their_number_alone(folder, tmp_path):
    groups = encoded(folder, tmp_path).groups
    def seeds(number, seed=1):
        return [start[1:] for start in ChainStarts(groups, seed=seed)[number].chains]
    assert seeds(3) == seeds(3)
    assert seeds(3) != seeds(4)
    assert seeds(3) != seeds(3, seed=2)


def test_gradients_reach_the_prompt(folder, tmp_path):
    config = NANO.__class__(input_size=SIZE, embedding_channels=4, decoder_width=32, decoder_hidden=32, upscaling_widths=(16, 8))
    model = NanoPropagator(config).train()
    groups = encoded(folder, tmp_path).groups
    chains = Chains(3)
    chains(model, ChainStarts(groups, seed=1)[0])
    loss, _ = chains(model, ChainStarts(groups, seed=1)[1])
    loss.backward()
    assert model.other_key[2].weight.grad.abs().max() > 0 and model.other_up0.weight.grad.abs().max() > 0
    assert model.look_key.weight.grad.abs().max() > 0 and model.look_up0.weight.grad.abs().max() > 0
    assert model.prompt_key[2].weight.grad.abs().max() > 0 and model.prompt_up0.weight.grad.abs().max() > 0


def test_the_command_trains_on_volumes(folder, tmp_path, monkeypatch):
    from test_propagator import MODELS, ball
    monkeypatch.setattr("medficientsam_models.commands.train_propagator.read_images", lambda _folder: ball(side=64))
    assert cli.main(["train-propagator", "--variant", "nano", "--bundle", str(MODELS / "bundles/nano-int8"), "--init",
                     str(MODELS / "weights/nano/weights.npz"), "--data", "unused", "--volumes", str(folder), "--copies", "1", "--out",
                     str(tmp_path / "out"), "--steps", "2"]) == 0
    trained = checkpoints.read(next((tmp_path / "out/weights").glob("*.npz")))
    assert np.abs(trained["prompt_key.2.weight"].numpy()).max() > 0
    assert np.abs(trained["mask_key.2.weight"].numpy()).max() > 0


def test_what_a_smaller_object_hides_of_a_larger_one_does_not_count(folder, tmp_path):
    """The outer ball is found solid, though the inner one is no part of its mask."""
    outer, inner = encoded(folder, tmp_path).groups[0].objects
    middle = len(outer.heights) // 2
    np.testing.assert_array_equal(outer.others.hidden(middle), inner.masks[len(inner.heights) // 2])
    assert outer.others.hidden(0) is None
    assert inner.others.hidden(0) is None
    solid = torch.from_numpy(np.maximum(outer.masks[middle], outer.others.hidden(middle)))[None, None].float() / 255 * 40 - 20
    masks, counted = torch.from_numpy(outer.masks[middle])[None], 1 - torch.from_numpy(outer.others.hidden(middle))[None] / 255
    boxes, iou = torch.from_numpy(outer.drawn)[None], torch.ones(1, 1)
    _, strict = segmentation_loss(solid, iou, masks, boxes)
    _, lenient = segmentation_loss(solid, iou, masks, boxes, None, counted)
    assert strict["dice"] < 0.9
    assert lenient["dice"] > 0.99
    assert lenient["cross_entropy"] < 0.3 * strict["cross_entropy"]
