"""The pipeline on cases small enough to check by hand, and its resampling against PyTorch's."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from medficientsam_models.pipeline.frame import frame, to_image, to_input
from medficientsam_models.pipeline.rules import PUBLISHED
from medficientsam_models.pipeline.segment import segment

SIZE = 16
INCLUSIVE, ORIGINAL = PUBLISHED["medficientsam"], PUBLISHED["medficientsam-original"]


class BrightInBox:
    """Segments what is bright inside the box grown by one pixel, so that masks can move from slice to slice."""

    input_size = SIZE

    def __init__(self):
        self.encoded = 0

    def encode(self, image):
        self.encoded += 1
        return image[0, 0]

    def decode(self, embedding, boxes):
        y, x = np.mgrid[:SIZE, :SIZE]
        x0, y0, x1, y1 = (boxes * SIZE).round()[:, :, None, None].transpose(1, 0, 2, 3)
        inside = (x0 - 1 <= x) & (x <= x1 + 1) & (y0 - 1 <= y) & (y <= y1 + 1)
        return np.where(inside & (embedding > 0.5), 1, -1).astype(np.float32)


@pytest.fixture
def engine():
    return BrightInBox()


def square(volume, z, x, y=4, side=3):
    volume[z, y:y + side, x:x + side] = 255


@pytest.mark.parametrize(("shape", "size", "expected"), [
    ((425, 640), 512, (340, 512)), ((512, 512), 512, (512, 512)), ((3, 40), 256, (19, 256)), ((640, 427), 512, (512, 342)),
])
def test_the_longer_side_fills_the_square(shape, size, expected):
    assert frame(*shape, size) == expected


def test_input_is_scaled_by_the_range_of_all_channels_and_padded_after():
    rng = np.random.default_rng(3)
    image = rng.integers(40, 200, (30, 60, 3), dtype=np.uint8)
    found = to_input(image, 48)
    tensor = torch.from_numpy(image).permute(2, 0, 1)[None].float()
    resized = F.interpolate(tensor, (24, 48), mode="bilinear", align_corners=False).round()
    expected = (resized - resized.min()) / (resized.max() - resized.min())
    assert found.shape == (1, 3, 48, 48) and found.dtype == np.float32
    np.testing.assert_allclose(found[:, :, :24], expected, atol=2 / 100)  # one grey value of about a hundred, twice
    assert found[:, :, :24].min() == 0 and found[:, :, :24].max() == 1
    assert not found[:, :, 24:].any()


def test_a_grey_image_fills_three_channels_and_a_constant_one_becomes_zeros():
    grey = np.random.default_rng(4).integers(0, 256, (20, 20), dtype=np.uint8)
    assert np.array_equal(to_input(grey, 32), to_input(np.stack([grey] * 3, axis=-1), 32))
    assert not to_input(np.full((20, 20), 77, np.uint8), 32).any()


@pytest.mark.parametrize("shape", [(340, 512), (100, 63), (700, 900)])
def test_logits_reach_the_image_as_in_pytorch(shape):
    logits = np.random.default_rng(5).normal(size=(64, 64)).astype(np.float32)
    square = F.interpolate(torch.from_numpy(logits)[None, None], (256, 256), mode="bilinear", align_corners=False)
    height, width = frame(*shape, 256)
    expected = F.interpolate(square[..., :height, :width], shape, mode="bilinear", align_corners=False)[0, 0]
    np.testing.assert_allclose(to_image(logits, *shape, 256), expected, atol=1e-4)  # coordinates in float32


def test_later_boxes_overwrite_earlier_ones(engine):
    image = np.zeros((SIZE, SIZE), np.uint8)
    square(image[None], 0, x=4, side=6)
    labels = segment(engine, image, np.array([[4, 4, 9, 9], [6, 6, 7, 7]]))
    expected = np.zeros((SIZE, SIZE), np.uint16)
    expected[4:10, 4:10] = 1
    expected[5:9, 5:9] = 2
    assert labels.dtype == np.uint16 and np.array_equal(labels, expected)
    assert engine.encoded == 1


def test_a_box_beyond_the_border_is_clipped_to_it(engine):
    image = np.random.default_rng(6).integers(0, 256, (SIZE, SIZE), dtype=np.uint8)
    outside, inside = np.array([[-5, 2, 99, 20]]), np.array([[0, 2, 15, 15]])
    assert np.array_equal(segment(engine, image, outside), segment(engine, image, inside))


def test_the_box_follows_the_mask_outwards_from_the_middle_slice(engine):
    volume = np.zeros((7, SIZE, SIZE), np.uint8)
    for z in range(7):
        square(volume, z, x=2 + z)
    labels = segment(engine, volume, np.array([[5, 4, 0, 7, 6, 6]]))
    assert np.array_equal(labels, volume // 255)  # without following, slices 0 and 6 would lose a column


def test_an_empty_mask_falls_back_to_the_original_box(engine):
    volume = np.zeros((5, SIZE, SIZE), np.uint8)
    square(volume, 2, x=5)
    square(volume, 3, x=6)
    square(volume, 4, x=12)  # out of reach: empty
    labels = segment(engine, np.concatenate([volume, volume[2:3]]), np.array([[5, 4, 2, 7, 6, 5]]))
    assert not labels[4].any()
    assert np.array_equal(labels[5], volume[2] // 255)


@pytest.mark.parametrize(("rules", "slices"), [(INCLUSIVE, [1, 2, 3]), (ORIGINAL, [1, 2])])
def test_the_last_slice_is_included_or_left_empty_by_the_rules(engine, rules, slices):
    volume = np.zeros((6, SIZE, SIZE), np.uint8)
    volume[:, 4:7, 4:7] = 255
    labels = segment(engine, volume, np.array([[4, 4, 1, 6, 6, 3]]), rules)
    assert np.flatnonzero(labels.any((1, 2))).tolist() == slices


@pytest.mark.parametrize(("rules", "first_column"), [(INCLUSIVE, 6), (ORIGINAL, 5)])
def test_fractions_of_a_volumes_box_count_or_not_by_the_rules(engine, rules, first_column):
    volume = np.full((1, SIZE, SIZE), 0, np.uint8)
    volume[0, 4:8, 2:10] = 255
    labels = segment(engine, volume, np.array([[6.7, 4, 0, 8, 7, 0]]), rules)
    assert np.flatnonzero(labels[0].any(0))[0] == first_column


@pytest.mark.parametrize("rules", [INCLUSIVE, ORIGINAL])
@pytest.mark.parametrize("z", [0, 3, 5])
def test_a_box_of_one_slice_is_segmented(engine, rules, z):
    volume = np.zeros((6, SIZE, SIZE), np.uint8)
    volume[:, 4:7, 4:7] = 255
    labels = segment(engine, volume, np.array([[4, 4, z, 6, 6, z]]), rules)
    assert np.flatnonzero(labels.any((1, 2))).tolist() == [z]


def test_many_boxes_give_what_each_gives_alone_and_encode_a_slice_at_most_twice(engine):
    rng = np.random.default_rng(7)
    volume = np.where(rng.random((9, SIZE, SIZE)) > 0.4, 255, 0).astype(np.uint8)
    boxes = np.array([[1, 1, 0, 6, 6, 8], [5, 5, 2, 12, 12, 7], [8, 1, 4, 14, 6, 4], [3, 3, 0, 9, 9, 3]])
    labels = segment(engine, volume, boxes)
    assert engine.encoded <= 2 * len(volume)
    alone = [segment(engine, volume, box[None]) * np.uint16(i) for i, box in enumerate(boxes, start=1)]
    assert np.array_equal(labels, np.max(alone, axis=0))
