"""Batches made on the device keep what batches made by the processor keep: masks move with images, boxes fit masks, values their range."""

import numpy as np
import pytest
import torch

from medficientsam_models.errors import InvalidInputError
from medficientsam_models.training.images import LabelledImage
from medficientsam_models.training.mixture import Batches, Mixture
from medficientsam_models.training.on_device import batches as on_device_batches
from medficientsam_models.training.on_device import colour, geometry, held_out, prompting, sampling
from medficientsam_models.training.on_device.batches import DeviceBatches
from medficientsam_models.training.on_device.canvases import Canvases
from medficientsam_models.training.on_device.geometry import Random
from medficientsam_models.training.prompts import bounds, neighbour_offsets, prompt

CPU = torch.device("cpu")
EVEN = Mixture({}, {})


def ellipses(seed, *, height=70, width=90, name=None, rgb=False):
    """Two ellipses of their own brightness on a dark ground: the image tells which pixel belongs to which."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width]
    labels = np.zeros((height, width), np.uint16)
    for label, centre in ((1, 0.3), (7, 0.72)):
        a, b = rng.uniform(8, 14), rng.uniform(8, 20)
        labels[((x - centre * width) / a) ** 2 + ((y - height / 2) / b) ** 2 < 1] = label
    pixels = np.select([labels == 1, labels == 7], [255, 160], 40).astype(np.uint8)[..., None]
    return LabelledImage("CT", "drawn", "open", name or f"2D_{seed}", np.repeat(pixels, 3, 2) if rgb else pixels, labels)


def made(images, *, size=96, batch=16, boxes_per_image=2, seed=1):
    canvases = Canvases.of(images, CPU)
    return DeviceBatches(canvases, torch.from_numpy(EVEN.probabilities(images)), size=size, batch=batch, boxes_per_image=boxes_per_image,
                         seed=seed)


def test_the_table_of_objects_is_that_of_bounds():
    images = [ellipses(seed, height=40 + 9 * seed, width=100 - 7 * seed) for seed in range(5)]
    canvases = Canvases.of(images, CPU)
    for i, image in enumerate(images):
        assert canvases.sizes[i].tolist() == [image.labels.shape[1], image.labels.shape[0]]
        found = {int(label): (*canvases.low[i, k].tolist(), *(canvases.high[i, k] - 1).tolist())
                 for k, label in enumerate(canvases.objects[i]) if label}
        assert found == bounds(image.labels)


def test_the_offsets_are_those_of_neighbouring_slices():
    images = [ellipses(seed, name=f"3D_v_z{seed:03}") for seed in range(4)] + [ellipses(9)]
    canvases = Canvases.of(images, CPU)
    for i, expected in enumerate(neighbour_offsets(images)):
        for k, label in enumerate(canvases.objects[i].tolist()):
            first, count = int(canvases.first_offset[i, k]), int(canvases.offset_count[i, k])
            np.testing.assert_allclose(canvases.offsets[first:first + count], expected.get(label, np.empty((0, 4))), rtol=1e-6)


def test_larger_images_are_shrunk_to_the_canvas_and_none_may_be_empty():
    large = ellipses(1, height=600, width=1030)
    canvases = Canvases.of([large], CPU)
    assert canvases.side == 512 and canvases.sizes.tolist() == [[512, 298]]
    assert set(canvases.labels.unique().tolist()) == {0, 1, 7}
    nothing = LabelledImage("CT", "drawn", "open", "2D_nothing", large.pixels, np.zeros_like(large.labels))
    with pytest.raises(InvalidInputError, match="label map 2D_nothing must show an object labelled 1..255, got none"):
        Canvases.of([nothing], CPU)


def test_masks_move_with_their_image():
    canvases = Canvases.of([ellipses(seed) for seed in range(4)], CPU)
    random = Random(3, CPU)
    samples = geometry.draw(canvases, torch.arange(4).repeat(10), 96, 2, random)
    moved = sampling.elastic(40, 96, random)
    assert moved.abs().amax((1, 2, 3)).gt(0).sum() in range(2, 20)  # some are bent, most are not
    pixels, in_frame, in_image, fine = sampling.sample(canvases, samples, moved)
    masks = sampling.coverage(fine).float().unflatten(0, (40, 2)) / 255
    labels = canvases.objects[samples.index].gather(1, samples.chosen)
    seen = 0
    for image, of_image, asked in zip(pixels, masks, labels, strict=True):
        for mask, label in zip(of_image, asked.tolist(), strict=True):
            expected = 255.0 if label == 1 else 160.0
            inside, beside = mask == 1, (torch.nn.functional.max_pool2d(mask[None, None], 5, 1, 2)[0, 0] == 0)
            seen += int(inside.sum())
            # Within a mask the object's brightness, up to the mixing at its edge; outside it never.
            assert not inside.any() or (image[:, inside] > expected - 60).float().mean() > 0.9
            assert (image[:, beside] - expected).abs().lt(1).float().mean() < 0.002
    assert seen > 20_000
    assert (pixels * ~in_frame == 0).all() and (pixels * ~in_image == 0).all() and (in_frame | ~in_image).all()


def test_an_unmoved_sample_is_the_image_and_its_labels():
    image = ellipses(2, height=96, width=96)
    canvases = Canvases.of([image], CPU)
    samples = geometry.Samples(torch.tensor([0]), torch.eye(2)[None], torch.zeros(1, 2), torch.full((1, 2), 96.0), torch.ones(1, 2),
                               torch.tensor([[0, 1]]))
    pixels, in_frame, in_image, fine = sampling.sample(canvases, samples, torch.zeros(1, 2, 96, 96))
    torch.testing.assert_close(pixels[0, 0], torch.from_numpy(image.pixels[..., 0].astype(np.float32)), atol=1e-3, rtol=0)
    assert in_frame.all() and in_image.all()
    for mask, label in zip(sampling.coverage(fine).numpy(), (1, 7), strict=True):
        assert ((mask == 255) == (image.labels == label)).all() and set(np.unique(mask)) == {0, 255}


def test_prompts_lie_on_their_masks_as_those_of_the_processor_do():
    images = [ellipses(seed, name=f"3D_v_z{seed:03}") for seed in range(4)]
    by_device = [overlap(batch) for batch in (made(images)[n] for n in range(4))]
    by_processor = [overlap(Batches(images, EVEN, size=96, batch=16, boxes_per_image=2, seed=1)[n]) for n in range(4)]
    device, processor = np.concatenate(by_device), np.concatenate(by_processor)
    assert len(device) > 60
    for share in (25, 50, 75):
        assert np.percentile(device, share) == pytest.approx(np.percentile(processor, share), abs=0.05)
    assert (device > 0.95).mean() == pytest.approx((processor > 0.95).mean(), abs=0.1)


def overlap(batch):
    """Intersection over union of each prompt and the bounds of its mask; the kinds of prompts show in how these are distributed."""
    found = []
    size = batch.masks.shape[-1]
    for mask, box, weight in zip(batch.masks.numpy(), batch.boxes.numpy() * size,
                                 torch.ones(len(batch.boxes)) if batch.weights is None else batch.weights, strict=True):
        if weight > 0:
            x0, y0, x1, y1 = bounds((mask > 60).astype(np.uint16))[1]
            width = min(x1, box[2]) - max(x0, box[0]) + 1
            height = min(y1, box[3]) - max(y0, box[1]) + 1
            union = (x1 - x0 + 1) * (y1 - y0 + 1) + (box[2] - box[0] + 1) * (box[3] - box[1] + 1)
            found.append(width * height / (union - width * height))
    return np.array(found)


def test_prompts_are_spread_as_those_of_the_processor():
    low, high = torch.tensor([[20.0, 30.0]]), torch.tensor([[60.0, 50.0]])
    near = torch.tensor([[0.1, -0.2, 0.05, 0.3]])
    many = 20_000
    device = prompting.prompt(low.repeat(many, 1), high.repeat(many, 1), torch.ones(many, 2), near.repeat(many, 1), torch.ones(many).bool(),
                              torch.zeros(many).bool(), 96, Random(1, CPU)).numpy()
    rng = np.random.default_rng(1)
    processor = np.stack([prompt(np.array([20.0, 30, 59, 49]), near.numpy(), volume=False, scale=(1, 1), size=96, rng=rng)
                          for _ in range(many)])
    np.testing.assert_allclose(device.mean(0), processor.mean(0), atol=0.06)
    np.testing.assert_allclose(device.std(0), processor.std(0), atol=0.06)
    exact = [(boxes == [20, 30, 59, 49]).all(1).mean() for boxes in (device, processor)]
    assert exact == pytest.approx([0.45, 0.45], abs=0.02)


def test_prompts_stay_in_the_square_and_upright():
    low, high = torch.zeros(500, 2), torch.full((500, 2), 96.0)
    low[::2], high[::2] = 95.2, 95.4
    boxes = prompting.prompt(low, high, torch.full((500, 2), 1.5), torch.zeros(500, 4), torch.zeros(500).bool(), torch.ones(500).bool(), 96,
                             Random(2, CPU))
    assert (boxes >= 0).all() and (boxes[:, :2] <= 95).all() and (boxes[:, 2:] <= 96).all() and (boxes[:, 2:] - boxes[:, :2] >= 0.5).all()


def test_each_image_spans_its_range_within_its_frame_and_grey_stays_grey():
    batch = made([ellipses(seed, rgb=seed % 2 == 1) for seed in range(6)], batch=64)[0]
    assert batch.images.shape == (64, 3, 96, 96) and batch.images.dtype == torch.uint8
    assert (batch.images.flatten(1).amin(1) == 0).all() and (batch.images.flatten(1).amax(1) == 255).all()
    assert batch.images.is_contiguous(memory_format=torch.channels_last)
    grey = made([ellipses(seed) for seed in range(6)])[0].images
    assert (grey == grey[:, :1]).all()


def test_nothing_but_zeros_lies_outside_the_frame():
    frame = torch.zeros(8, 1, 64, 64, dtype=torch.bool)
    frame[..., :40, :50] = True
    images = torch.rand(8, 3, 64, 64) * 255 * frame
    for seed in range(4):
        found = colour.recolour(images, frame, frame, torch.zeros(8, dtype=torch.bool), Random(seed, CPU))
        assert (found * ~frame == 0).all() and (found[..., :40, :50].flatten(1).amax(1) == 255).all()


def test_what_is_not_seen_weighs_nothing_and_a_number_is_always_the_same_batch():
    batches = made([ellipses(seed) for seed in range(6)], batch=32, boxes_per_image=3)
    first, again, other = batches[5], batches[5], batches[6]
    assert all(torch.equal(getattr(first, name), getattr(again, name)) for name in ("images", "masks", "boxes", "weights"))
    assert not torch.equal(first.images, other.images)
    assert first.masks.shape == (96, 96, 96) and first.boxes.shape == (96, 4)
    assert first.image_of_box.tolist() == [i for i in range(32) for _ in range(3)]
    assert first.weights.mean() == pytest.approx(1, abs=1e-4)
    assert (first.masks.flatten(1).float().sum(1)[first.weights > 0] > 0).all()


def test_images_are_drawn_by_their_probability(monkeypatch):
    canvases = Canvases.of([ellipses(seed) for seed in range(4)], CPU)
    batches = DeviceBatches(canvases, torch.tensor([0.0, 0.7, 0.3, 0.0]), size=32, batch=200, boxes_per_image=1, seed=1)
    seen = []

    def noting(of, index, *rest):
        seen.append(index)
        return geometry.draw(of, index, *rest)

    monkeypatch.setattr(on_device_batches, "draw", noting)
    batches[0], batches[1]
    counts = torch.cat(seen).bincount(minlength=4) / 400
    assert counts.tolist() == pytest.approx([0, 0.7, 0.3, 0], abs=0.08)


def test_what_is_kept_back_is_whole_subjects_and_always_the_same():
    images = [LabelledImage("MR", "set", "open", f"3D_MR_patient{p:03}_frame{f:02}_z{z:03}", np.zeros((4, 4, 1), np.uint8),
                            np.ones((4, 4), np.uint16)) for p in range(60) for f in (1, 2) for z in range(3)]
    rest, kept = held_out.split(images, 0.2)
    assert {image.subject for image in kept}.isdisjoint(image.subject for image in rest)
    assert 5 <= len({image.subject for image in kept}) <= 20 and len(rest) + len(kept) == 360
    assert [image.name for image in held_out.split(images, 0.2)[1]] == [image.name for image in kept]
    assert images[0].subject == "3D_MR_patient000"


def test_held_out_scores_are_dice_of_objects_by_their_boxes():
    class Painter(torch.nn.Module):
        """Answers every prompt with the whole box, as an embedding of nothing can."""

        def encode(self, image):
            self.side = image.shape[-1]
            return image

        def decode(self, _embedding, boxes, _image_of_box):
            centres = (torch.arange(self.side // 2) + 0.5) / (self.side // 2)
            across, down = ((centres > boxes[:, i, None]) & (centres < boxes[:, i + 2, None] + 1 / self.side) for i in (0, 1))
            return ((down[:, :, None] & across[:, None]).float() * 10 - 5)[:, None], boxes[:, :1]

    images = [ellipses(seed, height=96, width=96) for seed in range(3)]
    found = held_out.scores(Painter(), Canvases.of(images, CPU), ["CT", "CT", "MR"], 96, half=False)
    disc_in_box = 2 * (np.pi / 4) / (np.pi / 4 + 1)
    assert found["CT"] == pytest.approx(disc_in_box, abs=0.03) and found["mean"] == pytest.approx((found["CT"] + found["MR"]) / 2, abs=1e-3)
