"""The pieces of training on geometry small enough to check by hand."""

import numpy as np
import pytest
import torch

from medficientsam_models.training import budget as budgets
from medficientsam_models.training.budget import Budget, RunningTime
from medficientsam_models.training.images import LabelledImage
from medficientsam_models.training.mixture import Batches, Mixture
from medficientsam_models.training.objectives import segmentation_loss
from medficientsam_models.training.prompts import bounds, neighbour_offsets, prompt
from medficientsam_models.training.recipe import Recipe, Stage
from medficientsam_models.training.validation import table, validate


def image(labels, *, name="2D_a", modality="CT", dataset="drawn"):
    labels = np.asarray(labels, np.uint16)
    return LabelledImage(modality, dataset, "open", name, (labels[..., None] * 80).astype(np.uint8), labels)


def rectangle(x0, y0, x1, y1, shape=(40, 50)):
    labels = np.zeros(shape, np.uint16)
    labels[y0:y1 + 1, x0:x1 + 1] = 1
    return labels


def test_bounds_are_inclusive_and_by_label():
    labels = rectangle(3, 5, 10, 6)
    labels[20, 30] = 4
    assert bounds(labels) == {1: (3, 5, 10, 6), 4: (30, 20, 30, 20)}


def test_offsets_come_from_neighbouring_slices_of_the_same_volume_and_their_union():
    slices = [image(rectangle(10, 10, 19, 29), name="3D_v_z001"), image(rectangle(11, 8, 19, 29), name="3D_v_z002"),
              image(2 * rectangle(30, 30, 31, 31), name="3D_v_z004"), image(rectangle(10, 10, 19, 29), name="3D_w_z001")]
    first, second, elsewhere, alone = neighbour_offsets(slices)
    # The neighbour starts one column (of ten) later and two rows (of twenty) earlier; the union spans both.
    np.testing.assert_allclose(first[1], [[0.1, -0.1, 0, 0], [0, -0.1, 0, 0]])
    np.testing.assert_allclose(second[1], [[-1 / 9, 2 / 22, 0, 0], [-1 / 9, 0, 0, 0]])
    assert elsewhere == {} and alone == {}


@pytest.mark.parametrize("seed", range(40))
def test_a_prompt_stays_inside_and_is_never_turned_inside_out(seed):
    rng = np.random.default_rng(seed)
    low = rng.integers(0, 60, 2)
    box = np.array([*low, *np.minimum(63, low + rng.integers(0, 30, 2))], float)
    offsets = rng.normal(0, 0.5, (3, 4)) if seed % 2 else None
    x0, y0, x1, y1 = prompt(box, offsets, volume=seed % 3 == 0, scale=(1.0, 1.0), size=64, rng=rng)
    assert 0 <= x0 < x1 <= 64 and 0 <= y0 < y1 <= 64


def test_almost_half_of_the_prompts_are_exact():
    box, rng = np.array([10.0, 12, 30, 40]), np.random.default_rng(0)
    prompts = [prompt(box, None, volume=False, scale=(2.0, 1.0), size=64, rng=rng) for _ in range(2000)]
    exact = sum(np.array_equal(p, [20, 12, 60, 40]) for p in prompts)
    assert 0.42 < exact / 2000 < 0.48


def test_modalities_share_by_weight_and_data_sets_sublinearly():
    images = [image(rectangle(1, 1, 9, 9), modality="CT", dataset="a")] * 32 + [
        image(rectangle(1, 1, 9, 9), modality="CT", dataset="rare one")] + [
        image(rectangle(1, 1, 9, 9), modality="MR", dataset="c")] * 5
    p = Mixture({"CT": 3.0, "MR": 1.0}, {"rare": 2.0}).probabilities(images)
    assert p.sum() == pytest.approx(1)
    assert p[-5:].sum() == pytest.approx(0.25)
    assert p[32] / p[:32].sum() == pytest.approx(2 / 8)  # 32 ** 0.6 = 8


def batches(**more):
    shapes = [image(rectangle(4, 6, 30, 25)), image(rectangle(20, 2, 45, 38))]
    return Batches(shapes, Mixture({}, {}), **{"size": 64, "batch": 3, "boxes_per_image": 2, "seed": 5, **more})


def test_a_batch_depends_on_its_number_seed_and_process_only():
    tensors = [vars(batch).values() for batch in (batches()[7], batches()[7])]
    assert all(a is b is None or torch.equal(a, b) for a, b in zip(*tensors, strict=True))
    for other in (batches()[8], batches(seed=6)[7], batches(rank=1)[7]):
        assert not torch.equal(batches()[7].images, other.images)


def test_masks_lie_in_their_prompts():
    for number in range(20):
        batch = batches()[number]
        assert batch.images.shape == (3, 3, 64, 64) and batch.masks.shape == (len(batch.boxes), 64, 64)
        assert batch.image_of_box.tolist() == sorted(batch.image_of_box.tolist())
        for mask, box in zip(batch.masks.numpy() > 127, batch.boxes.numpy() * 64, strict=True):
            x0, y0, x1, y1 = bounds(mask.astype(np.uint16))[1]
            intersection = (min(x1 + 1, box[2] + 1) - max(x0, box[0])) * (min(y1 + 1, box[3] + 1) - max(y0, box[1]))
            assert intersection > 0.5 * (x1 + 1 - x0) * (y1 + 1 - y0)


def test_a_perfect_answer_costs_nothing_and_a_wrong_one_much():
    masks = torch.zeros(2, 64, 64, dtype=torch.uint8)
    masks[:, 16:48, 16:48] = 255
    boxes = torch.tensor([[0.25, 0.25, 0.75, 0.75]]).repeat(2, 1)
    logits = torch.nn.functional.avg_pool2d(masks[:, None].float(), 2) / 255 * 80 - 40
    loss, figures = segmentation_loss(logits, torch.ones(2, 1), masks, boxes)
    assert loss.item() < 0.1 and figures["dice"] > 0.99
    loss, figures = segmentation_loss(-logits, torch.ones(2, 1), masks, boxes)
    assert loss.item() > 10 and figures["dice"] == 0


def test_the_rate_warms_up_and_falls_to_a_hundredth():
    recipe = Recipe((Stage(0.0, 256, 8), Stage(0.5, 384, 4, frozen_norms=True)), peak_rate=1.0, warm_up=0.1)
    assert [recipe.rate(p) for p in (0, 0.05, 0.1, 0.55, 1)] == pytest.approx([0, 0.5, 1, 0.505, 0.01])
    assert [recipe.stages_at(p)[0].size for p in (0, 0.49, 0.5, 1)] == [256, 256, 384, 384]


def test_on_the_clock_every_second_counts(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(budgets.time, "monotonic", lambda: clock[0])
    time = RunningTime(whole=True)
    time.restart()
    for duration in (1, 600, 1):
        clock[0] += duration
        time.lap()
    clock[0] += 30
    time.restart()
    assert time.seconds == 632


def test_time_for_which_a_run_was_stopped_does_not_count(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(budgets.time, "monotonic", lambda: clock[0])
    time = RunningTime()
    time.restart()
    for duration in (1, 1, 1, 600, 1):
        clock[0] += duration
        time.lap()
    assert time.seconds == 8  # the long one counts as four usual ones
    assert Budget(minutes=1).progress(0, time.seconds) == pytest.approx(8 / 60)
    assert Budget(steps=10).progress(5, 0) == 0.5


class BoxPainter:
    """Answers every prompt with the whole box."""

    input_size = 64

    def encode(self, _image):
        return None

    def decode(self, _embedding, boxes):
        centres = (np.arange(32) + 0.5) / 32
        columns, rows = ([(centres > box[i]) & (centres < box[i + 2] + 1 / 64) for box in boxes] for i in (0, 1))
        return np.array([np.where(y[:, None] & x, 5.0, -5.0) for x, y in zip(columns, rows, strict=True)], np.float32)


def test_validation_scores_images_middle_slices_and_volumes(tmp_path):
    (tmp_path / "MR").mkdir()
    labels = np.zeros((64, 64), np.uint16)
    labels[8:24, 8:24] = 1
    labels[32:48, 8:24] = np.tri(16, dtype=np.uint16) * 2
    boxes = np.array([[8, 8, 23, 23], [8, 32, 23, 47]])
    np.savez(tmp_path / "MR" / "2D_x.npz", imgs=labels.astype(np.uint8), gts=labels, boxes=boxes)
    volume = np.stack([labels == 1] * 3).astype(np.uint16)
    volume[0] = 0
    np.savez(tmp_path / "MR" / "3D_y.npz", imgs=volume.astype(np.uint8), gts=volume, boxes=[[8, 8, 1, 23, 23, 2]], spacing=[1, 1, 1])
    scores = table(validate(BoxPainter(), tmp_path, volumes=True))
    triangle = 2 * 136 / (136 + 256)
    assert scores["2D"] == {"dsc": {"MR": pytest.approx((1 + triangle) / 2, abs=1e-4),
                                    "mean": pytest.approx((1 + triangle) / 2, abs=1e-4)}, "cases": {"MR": 1}}
    assert scores["3D middle slices"]["dsc"]["mean"] == 1 and scores["3D"]["dsc"]["mean"] == 1
