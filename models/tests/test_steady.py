"""The rules `steady` on cases small enough to check by hand; models/SCHEMA.md defines them."""

from pathlib import Path

import numpy as np
import pytest

from medficientsam_models.bundle.manifest import Manifest
from medficientsam_models.bundle.propagation import Profile, PropagationSettings, Shape
from medficientsam_models.pipeline.engines import OnnxEngine
from medficientsam_models.pipeline.overlap import Painter, later_on_top, smaller_on_top
from medficientsam_models.pipeline.rules import Steady, rules_of
from medficientsam_models.pipeline.segment import segment
from medficientsam_models.pipeline.slices import Slice
from medficientsam_models.pipeline.steady import height, profile, shape_term

MICRO = Path(__file__).parents[1] / "bundles" / "micro-int8"
GOLDEN = Path(__file__).parents[2] / "src/segmenter/src/test/resources/org/medficientsam/segmenter/steady"
SIZE = 32
NONE = Shape(0, 0)
SETTINGS = PropagationSettings(Profile(0.8, 0.5, 0.1), 0.6, NONE)


class Recorder:
    """Finds in every slice the square of half the box's side in the middle of it, and keeps what it was told."""

    input_size = SIZE
    propagates = True

    def __init__(self):
        self.told = []  # (z, prompt), z from the image's grey value

    def encode(self, image):
        return image[0, 0]

    def decode(self, embedding, boxes):
        y, x = np.mgrid[:SIZE, :SIZE]
        x0, y0, x1, y1 = (boxes * SIZE).T[:, :, None, None]
        near = np.maximum(abs(x - (x0 + x1) / 2) / np.maximum(x1 - x0, 1e-3), abs(y - (y0 + y1) / 2) / np.maximum(y1 - y0, 1e-3))
        return np.where(near <= 0.25, 1, -1).astype(np.float32)

    def propagate(self, embedding, prompt):
        self.told.append(prompt)
        return self.decode(embedding, prompt.box[None])[0], np.full(4, len(self.told), np.float32)


def volume(depth):
    return np.random.default_rng(1).integers(0, 256, (depth, SIZE, SIZE), dtype=np.uint8)


def test_heights_and_profile():
    box = np.array([0, 0, 2, 9, 9, 6.0])
    assert [height(box, z) for z in (2, 4, 6, 7)] == [0.8, 0, 0.8, 1.2]
    assert height(np.array([0, 0, 3, 9, 9, 3.0]), 3) == 0
    assert profile(SETTINGS.profile, 0) == 0.8
    assert profile(SETTINGS.profile, 0.6) == pytest.approx(0.64)
    assert profile(SETTINGS.profile, 0.999) == profile(SETTINGS.profile, 1.2) == 0.1


@pytest.mark.parametrize(("z_min", "z_max", "order"), [(1, 5, [3, 4, 5, 3, 2, 1]), (1, 4, [3, 4, 2, 1]), (2, 2, [2, 2])])
def test_both_ways_begin_at_the_middle_without_a_neighbour(z_min, z_max, order):
    engine = Recorder()
    labels = segment(engine, volume(7), np.array([[4, 4, z_min, 27, 27, z_max]]), Steady(SETTINGS))
    heights = [height(np.array([4, 4, z_min, 27, 27, z_max]), z) for z in order]
    assert [prompt.height for prompt in engine.told] == pytest.approx(heights)
    assert np.flatnonzero(labels.any((1, 2))).tolist() == sorted(set(order))
    starts = [i for i, prompt in enumerate(engine.told) if prompt.before is None]
    assert starts == [0, z_max - (z_min + z_max + 1) // 2 + 1]
    for start, end in zip(starts, [*starts[1:], len(order)], strict=True):
        assert all((prompt.before[1] == start + 1).all() for prompt in engine.told[start + 1:end]), "the first slice's prototypes"


def test_a_box_is_mixed_from_the_mask_before_and_the_profile():
    engine = Recorder()
    segment(engine, volume(5), np.array([[4, 4, 0, 27, 27, 4]]), Steady(SETTINGS))
    middle, above = engine.told[0].box * SIZE, engine.told[1].box * SIZE
    assert middle == pytest.approx([15.5 - 9.6, 15.5 - 9.6, 15.5 + 9.6, 15.5 + 9.6], abs=1e-4)  # 0.8 of 24 pixels
    found = [11 - 0.5, 20 + 0.5]                                                               # |x - 15.5| <= 4.8
    ratio = (1 - 0.4**2)**0.5
    low = 0.6 * (15.5 - (found[1] - found[0]) / 2 * ratio) + 0.4 * (15.5 - 9.6 * ratio)
    assert above == pytest.approx([low, low, 31 - low, 31 - low], abs=1e-4)


def test_a_mask_outside_the_prompt_is_not_believed_and_a_box_stays_inside():
    class Everywhere(Recorder):
        def propagate(self, embedding, prompt):
            self.told.append(prompt)
            return np.ones((SIZE, SIZE), np.float32), np.zeros(4, np.float32)

    engine, box = Everywhere(), np.array([[4.5, 5.5, 0, 20, 21, 2]])
    labels = segment(engine, volume(3), box, Steady(PropagationSettings(Profile(2, 0.5, 0.1), 1, NONE)))
    assert [axis.tolist() for axis in (np.flatnonzero(labels[1].any(0))[[0, -1]], np.flatnonzero(labels[1].any(1))[[0, -1]])] == [
        [4, 20], [6, 21]]  # halves to the even number
    assert engine.told[0].box * SIZE == pytest.approx(box[0, [0, 1, 3, 4]]), "twice the prompt's side, clipped to it"
    assert all((prompt.box >= prompt.prompt_box)[:2].all() and (prompt.box <= prompt.prompt_box)[2:].all() for prompt in engine.told)


def test_others_are_told_by_height_and_rank():
    boxes = np.array([[2, 2, 0, 29, 29, 8], [8, 8, 2, 20, 20, 6], [4, 4, 0, 9, 9, 0.0]])
    engine = Recorder()
    segment(engine, volume(9), boxes, Steady(SETTINGS))
    in_middle = [prompt for prompt in engine.told if prompt.height == 0]
    large = next(prompt for prompt in in_middle if prompt.prompt_box[0] == np.float32(2 / SIZE))
    small = next(prompt for prompt in in_middle if prompt.prompt_box[0] == np.float32(8 / SIZE))
    assert large.other_ranks.tolist() == [1] and small.other_ranks.tolist() == [-1]  # the third ends far below slice 4
    np.testing.assert_allclose(large.other_boxes * SIZE, boxes[[1]][:, [0, 1, 3, 4]])
    assert large.other_heights.tolist() == [0]
    # Slice 1, where all three are near: the second's height is 3 / 2.5, the third's 1 / 0.5, which is beyond the square root of 2.
    first = next(prompt for prompt in engine.told if prompt.prompt_box[0] == np.float32(2 / SIZE) and prompt.height == 3 / 4.5)
    assert first.other_heights == pytest.approx([1.2])


def test_the_shape_is_added_by_the_place_in_the_prompt():
    seen = Slice(Recorder(), np.zeros((SIZE, SIZE), np.uint8))
    box = np.array([8, 4, 0, 23, 27, 4.0])
    term = shape_term(Shape(0.5, 2), box, 4, seen, SIZE, SIZE)
    u2, v2 = ((12 - 15.5) / 8)**2, ((20 - 15.5) / 12)**2
    assert term[20, 12] == pytest.approx(0.5 * (u2 + v2) - 2 * 0.8**2)
    assert term[0, 0] == pytest.approx(0.5 * 2 - 2 * 0.8**2), "beyond the prompt it stays as on its side"
    half = shape_term(Shape(0.5, 2), box, 2, seen, SIZE, SIZE // 2)  # cells of two pixels
    assert half[10, 6] == pytest.approx(0.5 * (((12.5 - 15.5) / 8)**2 + ((20.5 - 15.5) / 12)**2))


def test_the_next_slice_is_told_the_logits_without_the_shape():
    engine = Recorder()
    settings = PropagationSettings(SETTINGS.profile, SETTINGS.trust, Shape(0, 5))
    labels = segment(engine, volume(5), np.array([[4, 4, 0, 27, 27, 4]]), Steady(settings))
    assert labels[2].any() and not labels[4].any(), "5 t^2 is more than any logit at the ends"
    assert set(np.unique(engine.told[2].before[0])) == {-1, 1}
    expected = profile(settings.profile, 0.8) * 12
    assert engine.told[2].box * SIZE != pytest.approx([15.5 - expected] * 2 + [15.5 + expected] * 2), "slice 3 was not empty"


def test_without_a_propagator_the_decoder_decodes_and_nothing_is_added():
    engine = Recorder()
    engine.propagates = False
    plain, shaped = (segment(engine, volume(5), np.array([[4, 4, 0, 27, 27, 4]]),
                             Steady(PropagationSettings(SETTINGS.profile, SETTINGS.trust, shape))) for shape in (NONE, Shape(0, 9)))
    assert not engine.told and plain.any() and np.array_equal(plain, shaped)


def test_the_smaller_box_is_on_top_and_of_equal_ones_the_later():
    boxes = np.array([[0, 0, 3, 3], [0, 0, 9, 9], [1, 1, 4, 4], [0, 0, 0, 0]])
    assert smaller_on_top(boxes).tolist() == [2, 1, 3, 4] and later_on_top(boxes).tolist() == [1, 2, 3, 4]
    flat, deep = np.array([[0, 0, 0, 9, 9, 0.0]]), np.array([[0, 0, 0, 4, 4, 9.0]])
    assert smaller_on_top(np.concatenate([flat, deep])).tolist() == [2, 1], "100 voxels lie on top of 250"
    painter = Painter((1, 4), np.array([2, 1]))
    painter.paint(0, np.array([1, 1, 0, 0], bool), 0)
    painter.paint(0, np.array([0, 1, 1, 0], bool), 1)
    assert painter.labels.tolist() == [[1, 1, 2, 0]]


@pytest.mark.parametrize("name", ["one", "nested", "many", "cut", "rgb"])
def test_the_golden_volumes_of_the_java_segmenter_are_what_this_pipeline_makes(name):
    """Within the bound of SteadyGoldenTest, as this may be another processor than they were made on."""
    manifest = Manifest.read(MICRO)
    with np.load(GOLDEN / f"{name}.npz") as arrays:
        images, boxes, expected = arrays["imgs"], arrays["boxes"], arrays["segs"]
    labels = segment(OnnxEngine(MICRO, manifest.input_size), images, boxes, rules_of(manifest))
    for label in range(1, len(boxes) + 1):
        voxels = np.count_nonzero(expected == label)
        assert np.count_nonzero((labels == label) != (expected == label)) <= max(1, round(0.001 * voxels))
